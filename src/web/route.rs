//! Every route, in one enum: a page without a stated permission does not compile.
//!
//! To add a page: a variant here, its path, its access, its handlers, and its file under `page/`.

use axum::routing::{MethodRouter, get, post};

use super::{App, asset, page};
use crate::domain::access::Permission;

/// Who may open a route at all. What depends on the thing itself (one's own action) is asked where that is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, signed in or not.
    Everyone,
    /// Anyone, but only in the demonstration: elsewhere it is not there.
    Demonstration,
    /// Anyone signed in.
    SignedIn,
    /// Those who may read plans, and anyone at all where the plan is public: the loader decides which plan that is.
    Reading,
    /// Those who have a permission that is not about one action.
    Holding(Permission),
    /// Those who have a permission on the action in question: anyone signed in comes in, the handler asks.
    OnAction(Permission),
}

/// Every route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::EnumIter)]
#[allow(missing_docs, reason = "each is named like its page, and its path says the rest")]
pub enum Route {
    Home,
    Asset,
    HealthLive,
    HealthReady,
    SignIn,
    SignOut,
    Welcome,
    Demonstration,
    DemonstrationSignIn,
    DemonstrationNextDay,
    DemonstrationNextWeek,
    DemonstrationStartAgain,
    DemonstrationMail,
    DemonstrationMessage,
    DemonstrationMessageHtml,
    DemonstrationMessageSource,
    MyActions,
    Plans,
    NewPlan,
    Plan,
    EditPlan,
    PlanKey,
    PlanDashboard,
    PlanHistory,
    PlanExport,
    EndMonitoring,
    NewRecommendation,
    EditRecommendation,
    NewVariation,
    NewAction,
    Action,
    EditAction,
    NewUpdate,
    CorrectUpdate,
    NewDeadline,
    DecideDeadline,
    MergeAction,
    CloseAction,
    ReopenAction,
    Rounds,
    NewRound,
    Round,
    EditRound,
    OpenRound,
    CloseRound,
    PublishRound,
    People,
    NewPerson,
    Person,
    PersonLink,
    PersonData,
    Pseudonymisation,
    OwnData,
    Posts,
    NewPost,
    Post,
    HandOver,
    ReassignPost,
    NewHolding,
    EditHolding,
    WithdrawHolding,
    Reminders,
    Search,
    History,
    HistoryFile,
    Settings,
    SettingsMail,
    SettingsSection,
    Privacy,
    Accessibility,
    WhoMay,
}

impl Route {
    /// Routes whose posts may come from anywhere, because something in their address authorises them: one-click
    /// unsubscribing, once there is any. Whatever else acts, acts only for a form of our own pages.
    pub const FROM_ANYWHERE: &[Self] = &[];

    /// Its path, in axum's form.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::Asset => "/assets/{name}",
            Self::HealthLive => "/health/live",
            Self::HealthReady => "/health/ready",
            Self::SignIn => "/sign-in",
            Self::SignOut => "/sign-out",
            Self::Welcome => "/welcome/{token}",
            Self::Demonstration => "/demonstration",
            Self::DemonstrationSignIn => "/demonstration/sign-in",
            Self::DemonstrationNextDay => "/demonstration/next-day",
            Self::DemonstrationNextWeek => "/demonstration/next-week",
            Self::DemonstrationStartAgain => "/demonstration/start-again",
            Self::DemonstrationMail => "/demonstration/mail",
            Self::DemonstrationMessage => "/demonstration/mail/{id}",
            Self::DemonstrationMessageHtml => "/demonstration/mail/{id}/html",
            Self::DemonstrationMessageSource => "/demonstration/mail/{id}/source",
            Self::MyActions => "/my-actions",
            Self::Plans => "/plans",
            Self::NewPlan => "/plans/new",
            Self::Plan => "/plans/{slug}",
            Self::EditPlan => "/plans/{slug}/edit",
            Self::PlanKey => "/plans/{slug}/key",
            Self::PlanDashboard => "/plans/{slug}/dashboard",
            Self::PlanHistory => "/plans/{slug}/history",
            Self::PlanExport => "/plans/{slug}/export.csv",
            Self::EndMonitoring => "/plans/{slug}/end-of-monitoring",
            Self::NewRecommendation => "/plans/{slug}/recommendations/new",
            Self::EditRecommendation => "/recommendations/{id}/edit",
            Self::NewVariation => "/recommendations/{id}/variations/new",
            Self::NewAction => "/plans/{slug}/actions/new",
            Self::Action => "/actions/{id}",
            Self::EditAction => "/actions/{id}/edit",
            Self::NewUpdate => "/actions/{id}/updates/new",
            Self::CorrectUpdate => "/updates/{id}/correction",
            Self::NewDeadline => "/actions/{id}/deadlines/new",
            Self::DecideDeadline => "/deadlines/{id}/decision",
            Self::MergeAction => "/actions/{id}/merge",
            Self::CloseAction => "/actions/{id}/closure",
            Self::ReopenAction => "/actions/{id}/reopening",
            Self::Rounds => "/rounds",
            Self::NewRound => "/rounds/new",
            Self::Round => "/rounds/{id}",
            Self::EditRound => "/rounds/{id}/edit",
            Self::OpenRound => "/rounds/{id}/opening",
            Self::CloseRound => "/rounds/{id}/closure",
            Self::PublishRound => "/rounds/{id}/publication",
            Self::People => "/people",
            Self::NewPerson => "/people/new",
            Self::Person => "/people/{id}",
            Self::PersonLink => "/people/{id}/one-time-link",
            Self::PersonData => "/people/{id}/data",
            Self::Pseudonymisation => "/people/{id}/pseudonymisation",
            Self::OwnData => "/account/data",
            Self::Posts => "/posts",
            Self::NewPost => "/posts/new",
            Self::Post => "/posts/{id}",
            Self::HandOver => "/posts/{id}/handover",
            Self::ReassignPost => "/posts/{id}/reassignment",
            Self::NewHolding => "/posts/{id}/holdings/new",
            Self::EditHolding => "/holdings/{id}/edit",
            Self::WithdrawHolding => "/holdings/{id}/withdrawal",
            Self::Reminders => "/reminders",
            Self::Search => "/search",
            Self::History => "/history",
            Self::HistoryFile => "/history.csv",
            Self::Settings => "/settings",
            Self::SettingsMail => "/settings/mail",
            Self::SettingsSection => "/settings/{section}",
            Self::Privacy => "/privacy",
            Self::Accessibility => "/accessibility",
            Self::WhoMay => "/who-may-do-what",
        }
    }

    /// Who may open it.
    pub const fn access(self) -> Access {
        use Permission::{
            AskForDate, CloseAction, DecideDate, EditPlans, EditRecommendations, ExportHistory, ManagePeople,
            ManagePosts, ManageSettings, ReadHistory, ReadMail, ReadPlans, RunRounds, WriteUpdate,
        };
        match self {
            Self::Home
            | Self::Asset
            | Self::HealthLive
            | Self::HealthReady
            | Self::SignIn
            | Self::Welcome
            | Self::Privacy
            | Self::Accessibility => Access::Everyone,
            Self::Demonstration
            | Self::DemonstrationSignIn
            | Self::DemonstrationNextDay
            | Self::DemonstrationNextWeek
            | Self::DemonstrationStartAgain
            | Self::DemonstrationMail
            | Self::DemonstrationMessage
            | Self::DemonstrationMessageHtml
            | Self::DemonstrationMessageSource => Access::Demonstration,
            Self::SignOut | Self::MyActions | Self::WhoMay | Self::OwnData => Access::SignedIn,
            Self::Plans
            | Self::Plan
            | Self::PlanKey
            | Self::PlanDashboard
            | Self::PlanExport
            | Self::Action => Access::Reading,
            Self::Rounds | Self::Round | Self::Search => Access::Holding(ReadPlans),
            Self::PlanHistory | Self::History => Access::Holding(ReadHistory),
            Self::NewPlan
            | Self::EditPlan
            | Self::EndMonitoring
            | Self::NewAction
            | Self::EditAction
            | Self::ReassignPost => Access::Holding(EditPlans),
            Self::NewRecommendation | Self::EditRecommendation | Self::NewVariation => {
                Access::Holding(EditRecommendations)
            }
            Self::NewUpdate | Self::CorrectUpdate | Self::MergeAction => Access::OnAction(WriteUpdate),
            Self::NewDeadline => Access::OnAction(AskForDate),
            Self::DecideDeadline => Access::Holding(DecideDate),
            Self::CloseAction | Self::ReopenAction => Access::Holding(CloseAction),
            Self::NewRound | Self::EditRound | Self::OpenRound | Self::CloseRound | Self::PublishRound => {
                Access::Holding(RunRounds)
            }
            Self::People
            | Self::NewPerson
            | Self::Person
            | Self::PersonLink
            | Self::PersonData
            | Self::Pseudonymisation => Access::Holding(ManagePeople),
            Self::Posts
            | Self::NewPost
            | Self::Post
            | Self::HandOver
            | Self::NewHolding
            | Self::EditHolding
            | Self::WithdrawHolding => Access::Holding(ManagePosts),
            Self::Reminders => Access::Holding(ReadMail),
            Self::HistoryFile => Access::Holding(ExportHistory),
            Self::Settings | Self::SettingsMail | Self::SettingsSection => Access::Holding(ManageSettings),
        }
    }

    /// Its handlers. A form posts to its own address.
    pub(super) fn handlers(self) -> MethodRouter<App> {
        use page::{
            access, accessibility, action, action_form, dashboard, deadline, demonstration, export, history,
            mail, my_actions, person, personal_data, plan, plan_form, post as post_page, privacy,
            pseudonymisation, recommendation, reminders, round, search, session, settings, state, status,
            update,
        };
        match self {
            Self::Home => get(session::home),
            Self::Asset => get(asset::show),
            Self::HealthLive => get(status::live),
            Self::HealthReady => get(status::ready),
            Self::SignIn => get(session::new).post(session::create),
            Self::SignOut => post(session::end),
            Self::Welcome => get(session::welcome).post(session::set_password),
            Self::Demonstration => get(demonstration::choose),
            Self::DemonstrationSignIn => post(demonstration::sign_in),
            Self::DemonstrationNextDay => post(demonstration::next_day),
            Self::DemonstrationNextWeek => post(demonstration::next_week),
            Self::DemonstrationStartAgain => post(demonstration::start_again),
            Self::DemonstrationMail => get(mail::list),
            Self::DemonstrationMessage => get(mail::show),
            Self::DemonstrationMessageHtml => get(mail::html),
            Self::DemonstrationMessageSource => get(mail::source),
            Self::MyActions => get(my_actions::list),
            Self::Plans => get(plan::list),
            Self::NewPlan => get(plan_form::new).post(plan_form::create),
            Self::Plan => get(plan::show),
            Self::EditPlan => get(plan_form::edit).post(plan_form::update),
            Self::PlanKey => get(plan::key),
            Self::PlanDashboard => get(dashboard::show),
            Self::PlanHistory => get(history::of_plan),
            Self::PlanExport => get(export::csv),
            Self::EndMonitoring => get(plan_form::new_end).post(plan_form::end),
            Self::NewRecommendation => get(recommendation::new).post(recommendation::create),
            Self::EditRecommendation => get(recommendation::edit).post(recommendation::update),
            Self::NewVariation => get(recommendation::new_variation).post(recommendation::vary),
            Self::NewAction => get(action_form::new).post(action_form::create),
            Self::Action => get(action::show),
            Self::EditAction => get(action_form::edit).post(action_form::update),
            Self::NewUpdate => get(update::new).post(update::create),
            Self::CorrectUpdate => get(update::new_correction).post(update::correct),
            Self::NewDeadline => get(deadline::new).post(deadline::create),
            Self::DecideDeadline => get(deadline::new_decision).post(deadline::decide),
            Self::MergeAction => get(state::new_merge).post(state::merge),
            Self::CloseAction => get(state::new_closure).post(state::close),
            Self::ReopenAction => get(state::new_reopening).post(state::reopen),
            Self::Rounds => get(round::list),
            Self::NewRound => get(round::new).post(round::create),
            Self::Round => get(round::show),
            Self::EditRound => get(round::edit).post(round::update),
            Self::OpenRound => get(round::new_opening).post(round::open),
            Self::CloseRound => get(round::new_closure).post(round::close),
            Self::PublishRound => get(round::new_publication).post(round::publish),
            Self::People => get(person::list),
            Self::NewPerson => get(person::new).post(person::create),
            Self::Person => get(person::edit).post(person::update),
            Self::PersonLink => get(person::new_link).post(person::create_link),
            Self::PersonData => get(personal_data::new).post(personal_data::create),
            Self::Pseudonymisation => get(pseudonymisation::new).post(pseudonymisation::create),
            Self::OwnData => get(personal_data::own),
            Self::Posts => get(post_page::list),
            Self::NewPost => get(post_page::new).post(post_page::create),
            Self::Post => get(post_page::edit).post(post_page::update),
            Self::HandOver => get(post_page::new_handover).post(post_page::hand_over),
            Self::ReassignPost => get(post_page::new_reassignment).post(post_page::reassign),
            Self::NewHolding => get(post_page::new_holding).post(post_page::create_holding),
            Self::EditHolding => get(post_page::edit_holding).post(post_page::update_holding),
            Self::WithdrawHolding => get(post_page::new_withdrawal).post(post_page::withdraw_holding),
            Self::Reminders => get(reminders::show),
            Self::Search => get(search::show),
            Self::History => get(history::all),
            Self::HistoryFile => get(history::csv),
            Self::Settings => get(settings::list),
            Self::SettingsMail => get(settings::mail).post(settings::send_mail),
            Self::SettingsSection => get(settings::edit).post(settings::update),
            Self::Privacy => get(privacy::show),
            Self::Accessibility => get(accessibility::show),
            Self::WhoMay => get(access::show),
        }
    }
}
