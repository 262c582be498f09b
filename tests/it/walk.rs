//! Every route × every kind of person × GET and POST: who gets in, who is sent to sign in, who is told who may.
//!
//! What a page shows is tested where the page is; this holds that no page forgot to ask. A new route does not compile here
//! until it has an address ([`Things::address`]), and fails until it answers as its [`Access`] says.

use axum::{body::Body, http::Method, http::Request};
use scrutiny_tracker::{
    command::{
        decision::{self, Decisions, Rated},
        feed, installation, kept_form,
        link::{self, By},
        meeting::panel,
        person,
        question::{self, Drafted},
        round,
        session::Client,
    },
    demonstration,
    domain::{
        access::{Actor, Grant, Permission, Role},
        deadline::Span,
        id::{ActionId, MeetingId, PersonId, QuestionId, ResolutionId, RoundId},
        installation::{Change, UpdatesByLink},
        meeting::Dates,
        rating::Rating,
        round::{RoundDraft, RoundState},
    },
    store::{self, backup, outbox},
    web::route::{Access, Route},
};
use strum::IntoEnumIterator;

use crate::support::{
    ADMINISTRATOR, APPENDIX_B, Browser, EDUCATION_LEAD, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page,
    SCRUTINY_OFFICER, Site, day,
};

/// The kinds of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Visitor {
    Nobody,
    /// Leads the action in question, and nothing more.
    LeadOfIt,
    /// Leads other actions.
    OtherLead,
    Manager,
    ScrutinyOfficer,
    Administrator,
    PanelMember,
}

use Visitor::{Administrator, LeadOfIt, Manager, Nobody, OtherLead, PanelMember, ScrutinyOfficer};

const VISITORS: [Visitor; 7] =
    [Nobody, LeadOfIt, OtherLead, Manager, ScrutinyOfficer, Administrator, PanelMember];

impl Visitor {
    async fn comes_to(self, site: &Site) -> Browser {
        match self {
            Nobody => site.browser(),
            LeadOfIt => site.sign_in_as(EDUCATION_LEAD).await,
            OtherLead => site.sign_in_as(MAP_COORDINATOR).await,
            Manager => site.sign_in_as(MANAGER).await,
            ScrutinyOfficer => site.sign_in_as(SCRUTINY_OFFICER).await,
            Administrator => site.sign_in_as(ADMINISTRATOR).await,
            PanelMember => site.sign_in_as(PANEL_MEMBER).await,
        }
    }
}

/// product.md’s table, for Appendix B: agreed, not public, not live to the panel, and its dates are the panel’s to grant.
fn who_may(permission: Permission) -> &'static [Visitor] {
    match permission {
        Permission::ReadPlans => &[LeadOfIt, OtherLead, Manager, ScrutinyOfficer, PanelMember],
        Permission::ReadHistory => {
            &[LeadOfIt, OtherLead, Manager, ScrutinyOfficer, Administrator, PanelMember]
        }
        Permission::ReadUnpublished => &[LeadOfIt, OtherLead, Manager, ScrutinyOfficer],
        Permission::WriteUpdate | Permission::AskForDate => &[LeadOfIt, Manager],
        Permission::PutOffReminders => &[LeadOfIt],
        Permission::EditPlans | Permission::EnterForOthers => &[Manager],
        Permission::DecideDate | Permission::EditRecommendations | Permission::RunRounds => {
            &[ScrutinyOfficer]
        }
        Permission::CloseAction | Permission::MarkExempt | Permission::NoteCalls => {
            &[Manager, ScrutinyOfficer]
        }
        Permission::DraftQuestion => &[PanelMember],
        Permission::ResolveQuestion => &[ScrutinyOfficer, PanelMember],
        Permission::AnswerQuestion => &[LeadOfIt, Manager],
        Permission::PassOnQuestion | Permission::RecordDecisions => &[ScrutinyOfficer],
        Permission::LookAtUpdates => &[Manager],
        Permission::ReadMail
        | Permission::ManagePosts
        | Permission::InviteLeads
        | Permission::NoteAbsences => &[Manager, Administrator],
        Permission::ManagePeople | Permission::ManageSettings | Permission::ExportHistory => &[Administrator],
    }
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    SignIn,
    Forbidden,
    /// To them it is not there.
    NotThere,
    In,
}

fn fate(route: Route, visitor: Visitor) -> Fate {
    match (route.access(), visitor) {
        (Access::Everyone | Access::Demonstration, _) => Fate::In,
        (_, Nobody) => Fate::SignIn,
        (Access::SignedIn, _) => Fate::In,
        (Access::Reading, _) => {
            if who_may(Permission::ReadPlans).contains(&visitor) {
                Fate::In
            } else {
                Fate::Forbidden
            }
        }
        // An administrator sees no plan, and so nothing of one.
        (Access::OnAction(_), Administrator) => Fate::NotThere,
        _ if (route, visitor) == (Route::PlanHistory, Administrator) => Fate::NotThere,
        (Access::Holding(permission) | Access::OnAction(permission), _) => {
            if who_may(permission).contains(&visitor) { Fate::In } else { Fate::Forbidden }
        }
    }
}

/// One thing of each kind, in a state in which its pages have something to do.
struct Things {
    asset: String,
    welcome: String,
    feed: String,
    /// The token of the link with which a lead writes for the open round, and whose it is.
    round_link: String,
    linked: PersonId,
    unsubscribe: String,
    sign_in: String,
    new_password: String,
    old_email: String,
    new_email: String,
    deactivated: PersonId,
    message: i64,
    action: i64,
    complete: i64,
    update: i64,
    recommendation: i64,
    asked: i64,
    planned: RoundId,
    open: RoundId,
    closed: RoundId,
    published: RoundId,
    panel: i64,
    /// One that another took over from.
    succeeded: i64,
    person: PersonId,
    post: i64,
    holding: i64,
    /// Drafted by the panel member, and not passed on.
    drafted: QuestionId,
    /// Passed on and answered.
    answered: QuestionId,
    meeting: MeetingId,
    resolution: ResolutionId,
}

impl Things {
    async fn of(site: &Site) -> Self {
        demonstration::worker(&site.cx).tick().await.unwrap();
        let messages = outbox::list(&site.cx.store, &outbox::Readable::All, 0, 1).await.unwrap();
        let officer = site.actor(SCRUTINY_OFFICER).await;
        let administrator = site.actor(ADMINISTRATOR).await;
        let on = Change::UpdatesByLink(UpdatesByLink::On);
        installation::save(&site.cx, &administrator, 0, &on).await.unwrap();
        let person = site.person(MAP_COORDINATOR).await;
        let aiii = site.whole_action("Aiii").await;
        let record = site.record().await;
        let round_on = async |on: &str, until: RoundState| {
            let draft = RoundDraft {
                label: on.to_owned(),
                span: Span::day(day(on)),
                updates_due_on: None,
                meeting_on: None,
                meeting_of: None,
            };
            let id = round::create(&site.cx, &officer, &draft, &[record.plan.id]).await.unwrap();
            if until >= RoundState::Open {
                round::open(&site.cx, &officer, id, &[]).await.unwrap();
            }
            if until >= RoundState::Closed {
                round::close(&site.cx, &officer, id, true).await.unwrap();
            }
            id
        };
        let (panels, _) = store::meeting::all(&site.cx.store).await.unwrap();
        let succeeded = panel::create(&site.cx, &officer, "The one before").await.unwrap();
        panel::succeed(&site.cx, &officer, succeeded, panels[0].id, site.today(), false).await.unwrap();
        let left = person::PersonDraft {
            name: "Somebody who left".to_owned(),
            email: "left@example.org".to_owned(),
            grants: vec![Grant::everywhere(Role::Lead)],
        };
        let deactivated = person::create(&site.cx, &administrator, &left).await.unwrap();
        person::deactivate(&site.cx, &administrator, deactivated).await.unwrap();
        let member = site.actor(PANEL_MEMBER).await;
        let ask = async || match question::draft(&site.cx, &member, aiii.id, "Why?", None).await.unwrap() {
            Drafted::New(id) | Drafted::Before(id) => id,
        };
        let (drafted, answered) = (ask().await, ask().await);
        question::pass_on(&site.cx, &officer, answered, 1).await.unwrap();
        let lead = site.actor(EDUCATION_LEAD).await;
        question::answer(&site.cx, &lead, answered, 2, "Because.").await.unwrap();
        let (meeting, resolution) = decided(site, &officer, aiii.id).await;
        let (lead, d) = (site.actor(EDUCATION_LEAD).await, site.action("D").await);
        let asked = scrutiny_tracker::command::deadline::ask(&site.cx, &lead, d, "June 2018", "It is late")
            .await
            .unwrap();
        link::ask_to_sign_in(&site.cx, MAP_COORDINATOR, "", &Client::default()).await.unwrap();
        link::ask_for_password(&site.cx, MAP_COORDINATOR, &Client::default()).await.unwrap();
        site.ask_for_address(person, "map@example.org").await;
        let mut things = Self {
            round_link: String::new(),
            linked: site.person(EDUCATION_LEAD).await,
            asset: site.browser().get("/sign-in").await.attributes("link[rel=stylesheet]", "href").concat(),
            welcome: link::invite(&site.cx, &administrator, person, By::Hand).await.unwrap(),
            feed: feed::make(&site.cx, &site.actor(MAP_COORDINATOR).await, None).await.unwrap(),
            unsubscribe: site.unsubscribe(MAP_COORDINATOR).await,
            sign_in: site.token_mailed(MAP_COORDINATOR, "/sign-in/link/").await,
            new_password: site.token_mailed(MAP_COORDINATOR, "/forgotten-password/").await,
            old_email: site.token_mailed(MAP_COORDINATOR, "/account/email/old/").await,
            new_email: site.token_mailed("map@example.org", "/account/email/new/").await,
            deactivated,
            message: messages.first().expect("a mail of the first day").id,
            action: aiii.id.0,
            complete: site.action("Ai").await.0,
            update: aiii.updates.last().unwrap().id.0,
            recommendation: aiii.recommendation.unwrap().0,
            asked: asked.0,
            closed: round_on("2018-01-10", RoundState::Closed).await,
            open: round_on("2018-02-19", RoundState::Open).await,
            planned: round_on("2018-06-04", RoundState::Planned).await,
            published: record.rounds[1].id,
            panel: panels[0].id.0,
            succeeded: succeeded.0,
            person,
            post: record.posts[0].id.0,
            holding: record.posts[0].holdings[0].id.0,
            drafted,
            answered,
            meeting,
            resolution,
        };
        // What opening the round has queued.
        demonstration::worker(&site.cx).tick().await.unwrap();
        things.round_link = site.token_mailed(EDUCATION_LEAD, "/u/").await;
        things
    }

    /// Where a route leads, with something that is there.
    fn address(&self, route: Route) -> String {
        let round = |id: RoundId| id.0.to_string();
        let with = |id: &str| {
            let (before, rest) = route.path().split_once('{').expect("a path with a parameter");
            format!("{before}{id}{}", rest.split_once('}').expect("its end").1)
        };
        match route {
            Route::Home
            | Route::HealthLive
            | Route::HealthReady
            | Route::SignIn
            | Route::SignInCode
            | Route::SingleSignOn
            | Route::SingleSignOnReturn
            | Route::SignOut
            | Route::Account
            | Route::AccountPassword
            | Route::ConfirmAccount
            | Route::EndSession
            | Route::AccountMail
            | Route::OwnMail
            | Route::Absences
            | Route::RemoveAbsence
            | Route::Feeds
            | Route::RevokeFeed
            | Route::SecondFactor
            | Route::EndSecondFactor
            | Route::RecoveryCodes
            | Route::AskSignInLink
            | Route::ForgottenPassword
            | Route::AccountEmail
            | Route::KeptForm
            | Route::Demonstration
            | Route::DemonstrationSignIn
            | Route::DemonstrationNextDay
            | Route::DemonstrationNextWeek
            | Route::DemonstrationStartAgain
            | Route::DemonstrationMail
            | Route::MailSamples
            | Route::MyActions
            | Route::MyUpdates
            | Route::OwnData
            | Route::Plans
            | Route::NewPlan
            | Route::Rounds
            | Route::Meetings
            | Route::NewMeeting
            | Route::Panels
            | Route::NewPanel
            | Route::Questions
            | Route::People
            | Route::NewPerson
            | Route::Posts
            | Route::NewPost
            | Route::Reminders
            | Route::Search
            | Route::WhoMay
            | Route::Settings
            | Route::SettingsMail
            | Route::TryMail
            | Route::Privacy
            | Route::Accessibility
            | Route::History
            | Route::HistoryFile => route.path().to_owned(),
            Route::SettingsSection => with("words"),
            Route::NewRound => format!("{}?plan={APPENDIX_B}", route.path()),
            Route::Asset => self.asset.clone(),
            Route::Welcome => with(&self.welcome),
            Route::Calendar => with(&format!("{}.ics", self.feed)),
            Route::RoundLink => with(&self.round_link),
            Route::RoundLinkAction => with(&self.round_link).replace("{id}", &self.action.to_string()),
            Route::TakeBackLink => with(&round(self.open)).replace("{person}", &self.linked.to_string()),
            Route::Unsubscribe => self.unsubscribe.clone(),
            Route::SignInByLink => with(&self.sign_in),
            Route::NewPassword => with(&self.new_password),
            Route::OldEmail => with(&self.old_email),
            Route::NewEmail => with(&self.new_email),
            Route::MailSample => with("digest"),
            Route::SendAgain
            | Route::DemonstrationMessage
            | Route::DemonstrationMessageHtml
            | Route::DemonstrationMessageSource => with(&self.message.to_string()),
            Route::Plan
            | Route::EditPlan
            | Route::PlanKey
            | Route::PlanDashboard
            | Route::PlanHistory
            | Route::PlanExport
            | Route::PlanExportExcel
            | Route::PlanExportJson
            | Route::EndMonitoring
            | Route::PlanReminders
            | Route::EditPlanReminders
            | Route::NewRecommendation
            | Route::NewAction => with(APPENDIX_B),
            Route::PanelDashboard => with(&self.panel.to_string()),
            Route::EditRecommendation | Route::NewVariation => with(&self.recommendation.to_string()),
            Route::Action
            | Route::EditAction
            | Route::NewUpdate
            | Route::NewQuestion
            | Route::UpdateDraft
            | Route::NewDeadline
            | Route::MergeAction
            | Route::SnoozeAction
            | Route::EndSnooze
            | Route::CloseAction => with(&self.action.to_string()),
            Route::ReopenAction => with(&self.complete.to_string()),
            Route::CorrectUpdate | Route::ReviewUpdate | Route::UpdateExemption => {
                with(&self.update.to_string())
            }
            Route::DecideDeadline | Route::WithdrawDeadline => with(&self.asked.to_string()),
            Route::EditQuestion | Route::WithdrawQuestion | Route::PassOnQuestion => {
                with(&self.drafted.to_string())
            }
            Route::Question | Route::AnswerQuestion | Route::ResolveQuestion => {
                with(&self.answered.to_string())
            }
            Route::Decisions => with(&self.meeting.to_string()),
            Route::Minute => with(&self.resolution.to_string()),
            Route::Round => with(&round(self.published)),
            Route::RoundPack | Route::RoundAddendum | Route::PublishAddendum => {
                with(&round(self.published)).replace("{file}", APPENDIX_B)
            }
            Route::EditRound | Route::OpenRound | Route::RemoveRound => with(&round(self.planned)),
            Route::CloseRound | Route::EnterUpdates => with(&round(self.open)),
            Route::PublishRound => with(&round(self.closed)),
            Route::RemindRound | Route::AskedByPhone => with(&round(self.open)),
            Route::Meeting | Route::RemoveMeeting => with(&self.meeting.to_string()),
            Route::Panel | Route::PanelSuccession => with(&self.panel.to_string()),
            Route::PanelTakingBack => with(&self.succeeded.to_string()),
            Route::Person
            | Route::EditPerson
            | Route::InvitePerson
            | Route::RevokeInvitation
            | Route::PersonLink
            | Route::SignOutPerson
            | Route::DeactivatePerson
            | Route::PersonMail
            | Route::PersonAbsences
            | Route::RemovePersonAbsence
            | Route::PersonData
            | Route::ResetSecondFactor
            | Route::TryAddress
            | Route::Pseudonymisation => with(&self.person.to_string()),
            Route::ReactivatePerson => with(&self.deactivated.to_string()),
            Route::Post | Route::HandOver | Route::ReassignPost | Route::NewHolding => {
                with(&self.post.to_string())
            }
            Route::EditHolding | Route::WithdrawHolding => with(&self.holding.to_string()),
        }
    }

    /// What a form without anything in it could not do without.
    fn fields(&self, route: Route) -> Vec<(String, String)> {
        match route {
            Route::DemonstrationSignIn => vec![("person".to_owned(), self.person.to_string())],
            _ => Vec::new(),
        }
    }
}

/// A meeting of the panel at which it rated an action.
async fn decided(site: &Site, officer: &Actor, action: ActionId) -> (MeetingId, ResolutionId) {
    let panel = site.record().await.plan.panel_id.unwrap();
    let tx = site.cx.store.begin().await.unwrap();
    let meeting = store::meeting::meeting_on(&tx, panel, site.today(), Dates::default()).await.unwrap();
    tx.commit().await.unwrap();
    let rated = Rated { action, rating: Rating::AtRisk, reason: "Because.".to_owned() };
    let decisions = Decisions { text: "Resolved.".to_owned(), ratings: vec![rated], ..Decisions::default() };
    decision::record(&site.cx, officer, meeting, &decisions).await.unwrap();
    (meeting, store::decision::of_meeting(&site.cx.store, meeting).await.unwrap()[0].id)
}

/// The routes that only show.
fn only_shows(route: Route) -> bool {
    matches!(
        route,
        Route::Home
            | Route::Asset
            | Route::HealthLive
            | Route::HealthReady
            | Route::SingleSignOn
            | Route::SingleSignOnReturn
            | Route::Demonstration
            | Route::DemonstrationMail
            | Route::DemonstrationMessage
            | Route::DemonstrationMessageHtml
            | Route::DemonstrationMessageSource
            | Route::MailSamples
            | Route::MailSample
            | Route::Account
            | Route::Calendar
            | Route::RoundLink
            | Route::MyActions
            | Route::MyUpdates
            | Route::OwnData
            | Route::Plans
            | Route::Plan
            | Route::PlanKey
            | Route::PlanDashboard
            | Route::PanelDashboard
            | Route::PlanHistory
            | Route::PlanExport
            | Route::PlanExportExcel
            | Route::PlanExportJson
            | Route::PlanReminders
            | Route::Action
            | Route::Rounds
            | Route::Questions
            | Route::Question
            | Route::Round
            | Route::Meetings
            | Route::Panels
            | Route::RoundPack
            | Route::RoundAddendum
            | Route::People
            | Route::Person
            | Route::Posts
            | Route::Reminders
            | Route::OwnMail
            | Route::PersonMail
            | Route::Search
            | Route::History
            | Route::Settings
            | Route::Privacy
            | Route::Accessibility
            | Route::HistoryFile
            | Route::WhoMay
    )
}

/// The routes that are only a button.
fn only_does(route: Route) -> bool {
    matches!(
        route,
        Route::SignOut
            | Route::EndSession
            | Route::InvitePerson
            | Route::RevokeInvitation
            | Route::SignOutPerson
            | Route::TryAddress
            | Route::TryMail
            | Route::KeptForm
            | Route::UpdateDraft
            | Route::RemoveAbsence
            | Route::RemovePersonAbsence
            | Route::EndSnooze
            | Route::DemonstrationSignIn
            | Route::DemonstrationNextDay
            | Route::DemonstrationNextWeek
            | Route::DemonstrationStartAgain
    )
}

/// The routes that may send on somebody who has nothing to do there.
fn may_send_on(route: Route) -> bool {
    matches!(
        route,
        Route::Home
            | Route::SignIn
            | Route::SingleSignOn
            | Route::SingleSignOnReturn
            | Route::SignInCode
            | Route::ConfirmAccount
            | Route::EndSecondFactor
            | Route::RecoveryCodes
            | Route::MyUpdates
            | Route::RevokeFeed
    )
}

fn is_sent_to_sign_in(page: &Page) -> bool {
    page.location()
        .is_some_and(|to| to.starts_with("/demonstration?next=") || to.starts_with("/sign-in?next="))
}

/// Whether a page says no, and who may.
fn is_forbidden(page: &Page) -> bool {
    page.status == 403 && page.main().contains("Only a")
}

/// A page that has more on it than its heading.
fn is_written(page: &Page) -> bool {
    let rest = page.elements("main").next().map(|m| m.html()).unwrap_or_default();
    !page.is_html() || rest.is_empty() || page.main() != page.h1()
}

/// product.md’s table once more, by route and not by permission: a route that asks for the wrong permission is still wrong.
#[test]
fn every_route_asks_for_what_the_product_says() {
    for route in Route::iter() {
        let asks = match route.access() {
            Access::Everyone => "everyone",
            Access::Demonstration => "the demonstration",
            Access::SignedIn => "signed in",
            Access::Reading => "readers and the public",
            Access::Holding(permission) | Access::OnAction(permission) => match who_may(permission) {
                [LeadOfIt, OtherLead, Manager, ScrutinyOfficer, PanelMember] => "readers",
                [LeadOfIt, OtherLead, Manager, ScrutinyOfficer, Administrator, PanelMember] => {
                    "everyone here"
                }
                [LeadOfIt, Manager] => "its leads",
                [LeadOfIt] => "its leads alone",
                [Manager] => "managers",
                [PanelMember] => "panel members",
                [ScrutinyOfficer, PanelMember] => "who asked, and scrutiny officers",
                [ScrutinyOfficer] => "scrutiny officers",
                [Manager, ScrutinyOfficer] => "managers and scrutiny officers",
                [Manager, Administrator] => "managers and administrators",
                [Administrator] => "administrators",
                other => panic!("{other:?}"),
            },
        };
        let path = route.path();
        let says = match route {
            Route::Home
            | Route::Asset
            | Route::SignIn
            | Route::SingleSignOn
            | Route::SingleSignOnReturn
            | Route::SignInCode
            | Route::SignOut
            | Route::Welcome => "everyone",
            Route::Privacy | Route::Accessibility => "everyone",
            Route::AskSignInLink | Route::SignInByLink => "everyone",
            Route::ForgottenPassword | Route::NewPassword => "everyone",
            Route::OldEmail | Route::NewEmail | Route::Calendar | Route::Unsubscribe => "everyone",
            Route::RoundLink | Route::RoundLinkAction => "everyone",
            Route::People | Route::NewPerson | Route::Person => "managers and administrators",
            Route::InvitePerson | Route::RevokeInvitation | Route::TryAddress => {
                "managers and administrators"
            }
            Route::PersonMail | Route::PersonAbsences | Route::RemovePersonAbsence => {
                "managers and administrators"
            }
            Route::SnoozeAction | Route::EndSnooze => "its leads alone",
            Route::PlanReminders => "readers",
            Route::EditPlanReminders => "managers",
            _ if path.starts_with("/health/") => "everyone",
            _ if path.starts_with("/demonstration") => "the demonstration",
            _ if path.starts_with("/account") => "signed in",
            Route::KeptForm | Route::MyActions | Route::MyUpdates | Route::WhoMay => "signed in",
            Route::NewUpdate | Route::UpdateDraft | Route::CorrectUpdate => "its leads",
            Route::NewDeadline | Route::WithdrawDeadline | Route::MergeAction => "its leads",
            Route::Round | Route::Rounds | Route::Search => "readers",
            Route::Question | Route::Questions => "readers",
            Route::NewQuestion | Route::EditQuestion | Route::WithdrawQuestion => "panel members",
            Route::PassOnQuestion | Route::Decisions | Route::Minute => "scrutiny officers",
            Route::AnswerQuestion => "its leads",
            Route::ResolveQuestion => "who asked, and scrutiny officers",
            Route::History | Route::PlanHistory => "everyone here",
            Route::Plans | Route::Plan | Route::PlanKey | Route::PlanDashboard => "readers and the public",
            Route::PlanExport | Route::PlanExportExcel | Route::PlanExportJson => "readers and the public",
            Route::Action | Route::RoundPack | Route::RoundAddendum => "readers and the public",
            Route::PanelDashboard => "readers and the public",
            Route::NewPlan | Route::EditPlan | Route::EndMonitoring => "managers",
            Route::NewAction | Route::EditAction | Route::ReassignPost => "managers",
            Route::EnterUpdates | Route::ReviewUpdate => "managers",
            Route::UpdateExemption => "managers and scrutiny officers",
            Route::NewRecommendation | Route::EditRecommendation | Route::NewVariation => "scrutiny officers",
            Route::DecideDeadline => "scrutiny officers",
            Route::NewRound
            | Route::EditRound
            | Route::OpenRound
            | Route::CloseRound
            | Route::PublishRound
            | Route::PublishAddendum
            | Route::RemoveRound
            | Route::RemindRound => "scrutiny officers",
            _ if path.starts_with("/meetings") || path.starts_with("/panels") => "scrutiny officers",
            Route::AskedByPhone | Route::TakeBackLink => "managers and scrutiny officers",
            Route::CloseAction | Route::ReopenAction => "managers and scrutiny officers",
            Route::Posts
            | Route::NewPost
            | Route::Post
            | Route::HandOver
            | Route::Reminders
            | Route::SendAgain => "managers and administrators",
            Route::NewHolding | Route::EditHolding | Route::WithdrawHolding => "managers and administrators",
            // Everything else is people, their access, and the installation.
            _ => "administrators",
        };
        assert_eq!(asks, says, "{route:?}");
    }
}

async fn everything(site: &Site) -> String {
    let mut all = Vec::new();
    backup::write(&site.cx.store, &mut all).await.unwrap();
    String::from_utf8(all).unwrap()
}

/// Collects what is wrong, so that one run says everything.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn unless(&mut self, right: bool, what: impl FnOnce() -> String) {
        if !right {
            self.0.push(what());
        }
    }

    fn none(self) {
        assert!(self.0.is_empty(), "{} wrong:\n- {}", self.0.len(), self.0.join("\n- "));
    }
}

#[tokio::test]
async fn every_page_is_seen_by_those_who_may_and_by_nobody_else() {
    let site = Site::appendix_b().await;
    let things = Things::of(&site).await;
    let mut wrong = Wrong::default();
    for visitor in VISITORS {
        let browser = visitor.comes_to(&site).await;
        for route in Route::iter() {
            let page = browser.send(Method::GET, &things.address(route), &[]).await;
            let what =
                || format!("{visitor:?} sees {route:?} ({}): {} {:?}", page.path, page.status, page.main());
            let right = match fate(route, visitor) {
                Fate::SignIn => is_sent_to_sign_in(&page),
                // A button about one action asks who may where that is loaded, and that is when it is pressed.
                Fate::Forbidden | Fate::NotThere
                    if only_does(route) && matches!(route.access(), Access::OnAction(_)) =>
                {
                    page.status == 405
                }
                Fate::Forbidden => is_forbidden(&page),
                Fate::NotThere => page.status == 404,
                Fate::In if only_does(route) => page.status == 405,
                Fate::In if may_send_on(route) && page.status == 303 => !is_sent_to_sign_in(&page),
                Fate::In => page.status == 200 && is_written(&page),
            };
            wrong.unless(right, what);
        }
    }
    wrong.none();
}

#[tokio::test]
async fn nobody_changes_anything_who_may_not() {
    let site = Site::appendix_b().await;
    let things = Things::of(&site).await;
    let mut browsers = Vec::new();
    for visitor in VISITORS {
        browsers.push((visitor, visitor.comes_to(&site).await));
    }
    // Coming in is noted: what was before is what was then.
    let before = everything(&site).await;
    let mut wrong = Wrong::default();
    for (visitor, browser) in browsers {
        for route in Route::iter() {
            let fate = fate(route, visitor);
            if fate == Fate::In {
                continue;
            }
            let page = browser.send(Method::POST, &things.address(route), &things.fields(route)).await;
            let right = match fate {
                Fate::SignIn => is_sent_to_sign_in(&page),
                Fate::NotThere => matches!(page.status, 404 | 405),
                Fate::Forbidden | Fate::In => is_forbidden(&page),
            };
            wrong.unless(right, || {
                format!("{visitor:?} sends {route:?} ({}): {} {:?}", page.path, page.status, page.main())
            });
        }
    }
    wrong.unless(everything(&site).await == before, || "something was changed".to_owned());
    wrong.none();
}

#[tokio::test]
async fn those_who_may_are_answered_whatever_they_send() {
    let ready = Site::appendix_b().await;
    let things = Things::of(&ready).await;
    let mut wrong = Wrong::default();
    for route in Route::iter() {
        for visitor in VISITORS {
            if fate(route, visitor) != Fate::In {
                continue;
            }
            // Each on a site of its own: some of these do something.
            let site = ready.copy().await;
            let browser = visitor.comes_to(&site).await;
            let page = browser.send(Method::POST, &things.address(route), &things.fields(route)).await;
            let right = match page.status {
                405 => only_shows(route),
                200 => {
                    matches!(
                        route,
                        Route::PersonLink
                            | Route::PersonData
                            | Route::OldEmail
                            | Route::NewEmail
                            | Route::Unsubscribe
                    )
                }
                303 => !is_sent_to_sign_in(&page),
                409 | 422 => page.is_html() && is_written(&page),
                _ => false,
            };
            let what =
                || format!("{visitor:?} sends {route:?} ({}): {} {:?}", page.path, page.status, page.main());
            wrong.unless(right && (page.status == 405) == only_shows(route), what);
            if only_shows(route) {
                break;
            }
        }
    }
    wrong.none();
}

#[tokio::test]
async fn what_is_not_there_is_not_found_by_anyone_who_may_look() {
    let site = Site::appendix_b().await;
    let [lead, manager, officer, administrator, member] = [
        site.sign_in_as(EDUCATION_LEAD).await,
        site.sign_in_as(MANAGER).await,
        site.sign_in_as(SCRUTINY_OFFICER).await,
        site.sign_in_as(ADMINISTRATOR).await,
        site.sign_in_as(PANEL_MEMBER).await,
    ];
    let mut wrong = Wrong::default();
    for route in Route::iter().filter(|r| r.path().contains('{')) {
        let (before, rest) = route.path().split_once('{').unwrap();
        let after = rest.split_once('}').unwrap().1;
        // Somebody who may open such a page at all.
        let browser = match [
            (Manager, &manager),
            (ScrutinyOfficer, &officer),
            (Administrator, &administrator),
            (PanelMember, &member),
            (LeadOfIt, &lead),
        ]
        .into_iter()
        .find(|(visitor, _)| fate(route, *visitor) == Fate::In)
        {
            Some((_, browser)) => browser,
            None => panic!("nobody may open {route:?}"),
        };
        for unknown in ["999999", "99999999999999999999999", "-1", "x", "%00", "%E2%80%99"] {
            let path = format!("{before}{unknown}{after}");
            for method in [Method::GET, Method::POST] {
                if method == Method::POST && only_shows(route) || method == Method::GET && only_does(route) {
                    continue;
                }
                let page = browser.send(method.clone(), &path, &[]).await;
                let right = page.status == 404 && !page.h1().is_empty();
                wrong.unless(right, || format!("{method} {path}: {} {:?}", page.status, page.main()));
            }
        }
    }
    wrong.none();
}

#[tokio::test]
async fn no_door_of_the_demonstration_is_there_in_a_real_installation() {
    let site = Site::appendix_b().await;
    let things = Things::of(&site).await;
    let site = site.real();
    let mut browsers = Vec::new();
    for visitor in VISITORS {
        browsers.push((visitor, visitor.comes_to(&site).await));
    }
    let before = everything(&site).await;
    let mut wrong = Wrong::default();
    for (visitor, browser) in browsers {
        for route in Route::iter() {
            for method in [Method::GET, Method::POST] {
                let demonstrates = route.access() == Access::Demonstration;
                if !demonstrates && (method == Method::POST || fate(route, visitor) != Fate::SignIn) {
                    continue;
                }
                let page = browser.send(method.clone(), &things.address(route), &things.fields(route)).await;
                let right = if demonstrates {
                    page.status == 404
                } else {
                    page.location().is_some_and(|to| to.starts_with("/sign-in?next="))
                };
                wrong.unless(right, || format!("{visitor:?} {method} {route:?}: {}", page.status));
            }
        }
    }
    wrong.unless(everything(&site).await == before, || "something was changed".to_owned());
    wrong.none();
}

#[tokio::test]
async fn form_that_another_site_sends_is_refused_everywhere() {
    let site = Site::appendix_b().await;
    let things = Things::of(&site).await;
    let browser = site.sign_in_as(MANAGER).await;
    let before = everything(&site).await;
    let mut wrong = Wrong::default();
    for route in Route::iter() {
        let path = things.address(route);
        let request = Request::post(&path)
            .header("host", "tracker.example.org")
            .header("origin", "https://elsewhere.example.org")
            .header("sec-fetch-site", "cross-site")
            .header("cookie", format!("session={}", browser.cookie("session").unwrap()))
            .header("content-type", "application/x-www-form-urlencoded");
        let page = browser.exchange(&path, request.body(Body::from("narrative=x")).unwrap()).await;
        // Mail providers press this one, and hear that they sent nothing it knows; what it does, tests/it/unsubscribe.rs holds.
        let right = if route == Route::Unsubscribe { 422 } else { 403 };
        wrong.unless(page.status == right, || format!("{route:?}: {}", page.status));
    }
    wrong.unless(everything(&site).await == before, || "something was changed".to_owned());
    wrong.none();
}

/// A form that waits for somebody who was signed out is shown to them with what they typed, and does nothing by itself.
#[tokio::test]
async fn a_kept_form_is_shown_and_not_sent() {
    let site = Site::appendix_b().await;
    let things = Things::of(&site).await;
    // Signing in is noted beside the person: that is no change of a form's.
    for visitor in VISITORS {
        visitor.comes_to(&site).await;
    }
    let before = everything(&site).await;
    let mut wrong = Wrong::default();
    let kept = "k".repeat(64);
    let mut forms = 0;
    for route in Route::iter() {
        let visitor = VISITORS.into_iter().find(|v| *v != Nobody && fate(route, *v) == Fate::In);
        let address = things.address(route);
        let path = address.split('?').next().unwrap_or_default().to_owned();
        let (Some(visitor), false) = (visitor, only_shows(route)) else { continue };
        if matches!(route.access(), Access::Everyone | Access::Demonstration) {
            continue;
        }
        let browser = visitor.comes_to(&site).await;
        let session = browser.cookie("session").unwrap();
        let first = browser.send(Method::GET, &path, &[]).await;
        let texts = first.attributes("main form[method=post][novalidate] textarea", "name");
        let fields = if first.count("main form[method=post][novalidate]") == 1 {
            let form = first.form("main form[method=post][novalidate]");
            texts.iter().fold(form, |form, name| form.set(name, "typed by hand")).fields()
        } else {
            vec![("sure".to_owned(), "yes".to_owned())]
        };
        kept_form::keep(&site.cx, &session, Some(&kept), &path, fields).await.unwrap();
        browser.set_cookie("kept-form", &kept);
        let page = browser.send(Method::GET, &path, &[]).await;
        wrong.unless(matches!(page.status, 200 | 303), || {
            format!("{route:?}: {} {:?}", page.status, page.main())
        });
        let typed = page
            .elements("main form[method=post][novalidate] textarea")
            .filter(|t| t.text().collect::<String>() == "typed by hand");
        wrong.unless(typed.count() >= texts.len(), || {
            format!("{route:?} has lost what was typed: {} {:?}", page.status, page.main())
        });
        forms += usize::from(!texts.is_empty());
    }
    assert!(forms > 8, "only {forms} forms were tried");
    wrong.unless(everything(&site).await == before, || "something was changed".to_owned());
    wrong.none();
}
