//! Addresses of pages, said once: routes, views and mails take them from here.

use crate::domain::{
    id::{
        ActionId, HoldingId, MeetingId, PanelId, PersonId, PlanId, PostId, QuestionId, RecommendationId,
        ResolutionId, RevisionId, RoundId, UpdateId,
    },
    installation::Section,
    message::ROUND_LINK,
};

/// The base under which people reach this installation; mails need it, pages use paths alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    base: String,
}

impl Links {
    /// Links under a base address such as `https://tracker.example.gov.uk` (a closing slash does not matter).
    pub fn under(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned() }
    }

    /// The full address of a path.
    pub fn full(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The host name of the base, for Message-IDs.
    pub fn host(&self) -> &str {
        let after = self.base.split_once("://").map_or(self.base.as_str(), |(_, rest)| rest);
        after.split(['/', ':']).next().unwrap_or(after)
    }
}

/// The paths of pages.
pub mod path {
    use super::{
        ActionId, HoldingId, MeetingId, PanelId, PersonId, PlanId, PostId, QuestionId, ROUND_LINK,
        RecommendationId, ResolutionId, RevisionId, RoundId, Section, UpdateId,
    };

    /// My actions.
    pub const MY_ACTIONS: &str = "/my-actions";
    /// All plans.
    pub const PLANS: &str = "/plans";
    /// When who is mailed, and why not.
    pub const REMINDERS: &str = "/reminders";
    /// Signing in.
    pub const SIGN_IN: &str = "/sign-in";

    /// One's own account.
    pub const ACCOUNT: &str = "/account";
    /// One's own password.
    pub const PASSWORD: &str = "/account/password";
    /// One's own second factor.
    pub const SECOND_FACTOR: &str = "/account/second-factor";
    /// New recovery codes.
    pub const RECOVERY_CODES: &str = "/account/recovery-codes";

    /// Signing in, and then going on to a path.
    pub fn sign_in(next: &str) -> String {
        format!("{SIGN_IN}?{}", wanted(next))
    }
    /// A sample of a kind of mail, for the demonstration.
    pub fn mail_sample(name: &str) -> String {
        format!("/demonstration/mails/{name}")
    }
    /// Sending a mail of the log once more.
    pub fn send_again(message: i64) -> String {
        format!("/reminders/{message}/again")
    }
    /// Confirming that it is oneself, and then going on to a path.
    pub fn confirm_account(next: &str) -> String {
        format!("/account/confirm?{}", wanted(next))
    }
    fn wanted(next: &str) -> String {
        form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish()
    }
    /// Asking for a link to sign in.
    pub const SIGN_IN_LINK: &str = "/sign-in/link";
    /// Asking for a new password.
    pub const FORGOTTEN_PASSWORD: &str = "/forgotten-password";
    /// Changing one's own address.
    pub const ACCOUNT_EMAIL: &str = "/account/email";

    /// One's own calendar feeds.
    pub const FEEDS: &str = "/account/calendar-feeds";
    /// Revoking one of them.
    pub const REVOKE_FEED: &str = "/account/calendar-feeds/revocation";
    /// The question before that.
    pub fn revoke_feed(id: i64) -> String {
        format!("{REVOKE_FEED}?feed={id}")
    }
    /// Writing one's updates for a round without signing in.
    pub fn round_link(token: &str) -> String {
        format!("{ROUND_LINK}{token}")
    }
    /// The same, on one action.
    pub fn round_link_action(token: &str, id: ActionId) -> String {
        format!("{ROUND_LINK}{token}/{id}")
    }
    /// Taking somebody's link for a round back.
    pub fn take_back_link(round: RoundId, person: PersonId) -> String {
        format!("/rounds/{round}/links/{person}/taking-back")
    }
    /// A calendar feed, for programs.
    pub fn calendar(token: &str) -> String {
        format!("/calendar/{token}.ics")
    }

    /// A plan.
    pub fn plan(slug: &str) -> String {
        format!("/plans/{slug}")
    }
    /// What is shown of a plan as CSV: comes after its path, and before what its address asks for.
    pub const EXPORT_CSV: &str = "/export.csv";
    /// The same for Excel.
    pub const EXPORT_XLSX: &str = "/export.xlsx";
    /// The same as JSON.
    pub const EXPORT_JSON: &str = "/export.json";
    /// A plan's dashboard.
    pub fn dashboard(slug: &str) -> String {
        format!("/plans/{slug}/dashboard")
    }
    /// The dashboard of all plans that a panel watches.
    pub fn panel_dashboard(id: PanelId) -> String {
        format!("/panels/{id}/dashboard")
    }
    /// A plan's RAG key.
    pub fn key(slug: &str) -> String {
        format!("/plans/{slug}/key")
    }
    /// A plan's history.
    pub fn plan_history(slug: &str) -> String {
        format!("/plans/{slug}/history")
    }
    /// Editing a plan.
    pub fn edit_plan(slug: &str) -> String {
        format!("/plans/{slug}/edit")
    }
    /// A new recommendation in a plan.
    pub fn new_recommendation(slug: &str) -> String {
        format!("/plans/{slug}/recommendations/new")
    }
    /// A new action in a plan.
    pub fn new_action(slug: &str) -> String {
        format!("/plans/{slug}/actions/new")
    }
    /// A new round for a plan.
    pub fn new_round(slug: &str) -> String {
        format!("/rounds/new?plan={slug}")
    }
    /// Editing a recommendation.
    pub fn edit_recommendation(id: RecommendationId) -> String {
        format!("/recommendations/{id}/edit")
    }
    /// A variation of a recommendation.
    pub fn new_variation(id: RecommendationId) -> String {
        format!("/recommendations/{id}/variations/new")
    }
    /// An action.
    pub fn action(id: ActionId) -> String {
        format!("/actions/{id}")
    }
    /// Editing an action.
    pub fn edit_action(id: ActionId) -> String {
        format!("/actions/{id}/edit")
    }
    /// A new update on an action.
    pub fn new_update(id: ActionId) -> String {
        format!("/actions/{id}/updates/new")
    }
    /// Correcting an update.
    pub fn correct_update(id: UpdateId) -> String {
        format!("/updates/{id}/correction")
    }
    /// What somebody has begun to write on an action.
    pub fn update_draft(id: ActionId) -> String {
        format!("/actions/{id}/updates/draft")
    }
    /// Looking at an update before it counts as accepted.
    pub fn review_update(id: UpdateId) -> String {
        format!("/updates/{id}/review")
    }
    /// Whether an update is for publication.
    pub fn update_exemption(id: UpdateId) -> String {
        format!("/updates/{id}/exemption")
    }
    /// Entering the updates of a round, many at once.
    pub fn enter_updates(id: RoundId) -> String {
        format!("/rounds/{id}/updates")
    }
    /// Asking for another deadline.
    pub fn new_deadline(id: ActionId) -> String {
        format!("/actions/{id}/deadlines/new")
    }
    /// Deciding on a deadline that was asked for.
    pub fn decide_deadline(id: RevisionId) -> String {
        format!("/deadlines/{id}/decision")
    }
    /// Taking back a deadline that was asked for.
    pub fn withdraw_deadline(id: RevisionId) -> String {
        format!("/deadlines/{id}/withdrawal")
    }
    /// Merging an action.
    pub fn merge(id: ActionId) -> String {
        format!("/actions/{id}/merge")
    }
    /// Closing an action with no further action.
    pub fn close_action(id: ActionId) -> String {
        format!("/actions/{id}/closure")
    }
    /// Opening an action again.
    pub fn reopen_action(id: ActionId) -> String {
        format!("/actions/{id}/reopening")
    }
    /// Questions from the panel.
    pub const QUESTIONS: &str = "/questions";
    /// A new question on an action.
    pub fn new_question(id: ActionId) -> String {
        format!("/actions/{id}/questions/new")
    }
    /// A question from the panel.
    pub fn question(id: QuestionId) -> String {
        format!("/questions/{id}")
    }
    /// How a plan's leads are reminded, in words.
    pub fn plan_reminders(slug: &str) -> String {
        format!("/plans/{slug}/reminders")
    }
    /// Changing that.
    pub fn edit_plan_reminders(slug: &str) -> String {
        format!("/plans/{slug}/reminders/edit")
    }
    /// What one has chosen about one's emails.
    pub const ACCOUNT_MAIL: &str = "/account/mail";
    /// What was sent to oneself, and what comes next.
    pub const OWN_MAIL: &str = "/account/mail/log";
    /// The same of somebody else.
    pub fn person_mail(id: PersonId) -> String {
        format!("/people/{id}/mail")
    }
    /// Saying when one is away.
    pub const ABSENCES: &str = "/account/mail/absences";
    /// Removing days away.
    pub const REMOVE_ABSENCE: &str = "/account/mail/absences/removal";
    /// When somebody is away.
    pub fn person_absences(id: PersonId) -> String {
        format!("/people/{id}/absences")
    }
    /// Removing such days.
    pub fn remove_person_absence(id: PersonId) -> String {
        format!("/people/{id}/absences/removal")
    }
    /// Putting off the reminders about an action.
    pub fn snooze(id: ActionId) -> String {
        format!("/actions/{id}/snooze")
    }
    /// Being reminded of it again.
    pub fn end_snooze(id: ActionId) -> String {
        format!("/actions/{id}/snooze/end")
    }
    /// The page, and for mail programs the button, that ask for one email a week.
    pub fn unsubscribe(token: &str) -> String {
        format!("/unsubscribe/{token}")
    }
    /// Changing a question that has not been passed on.
    pub fn edit_question(id: QuestionId) -> String {
        format!("/questions/{id}/edit")
    }
    /// Withdrawing it.
    pub fn withdraw_question(id: QuestionId) -> String {
        format!("/questions/{id}/withdrawal")
    }
    /// Passing a question on, or returning it.
    pub fn pass_on_question(id: QuestionId) -> String {
        format!("/questions/{id}/passing-on")
    }
    /// Answering a question.
    pub fn answer_question(id: QuestionId) -> String {
        format!("/questions/{id}/answer")
    }
    /// Resolving a question.
    pub fn resolve_question(id: QuestionId) -> String {
        format!("/questions/{id}/resolution")
    }
    /// What a panel decided at a meeting.
    pub fn decisions(id: MeetingId) -> String {
        format!("/meetings/{id}/decisions")
    }
    /// The minute reference of a resolution.
    pub fn minute(id: ResolutionId) -> String {
        format!("/resolutions/{id}/minute")
    }
    /// A round.
    pub fn round(id: RoundId) -> String {
        format!("/rounds/{id}")
    }
    /// All rounds.
    pub const ROUNDS: &str = "/rounds";
    /// Changing a round's label and dates.
    pub fn edit_round(id: RoundId) -> String {
        format!("/rounds/{id}/edit")
    }
    /// Opening a round.
    pub fn open_round(id: RoundId) -> String {
        format!("/rounds/{id}/opening")
    }
    /// Closing a round.
    pub fn close_round(id: RoundId) -> String {
        format!("/rounds/{id}/closure")
    }
    /// Publishing a round.
    pub fn publish_round(id: RoundId) -> String {
        format!("/rounds/{id}/publication")
    }
    /// Taking a planned round out.
    pub fn remove_round(id: RoundId) -> String {
        format!("/rounds/{id}/removal")
    }
    /// Reminding those who are awaited for a round.
    pub fn remind_round(id: RoundId) -> String {
        format!("/rounds/{id}/reminder")
    }
    /// Noting who was asked by phone for a round.
    pub fn asked_by_phone_of(id: RoundId) -> String {
        format!("/rounds/{id}/asked-by-phone")
    }
    /// The same, about one lead of a plan.
    pub fn asked_by_phone(id: RoundId, plan: PlanId, lead: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("plan", &plan.to_string()).append_pair("lead", lead);
        format!("/rounds/{id}/asked-by-phone?{}", query.finish())
    }
    /// All meetings.
    pub const MEETINGS: &str = "/meetings";
    /// A meeting.
    pub fn meeting(id: MeetingId) -> String {
        format!("/meetings/{id}")
    }
    /// Taking a meeting out.
    pub fn remove_meeting(id: MeetingId) -> String {
        format!("/meetings/{id}/removal")
    }
    /// A new round for a meeting.
    pub fn new_round_for(id: MeetingId) -> String {
        format!("/rounds/new?meeting={id}")
    }
    /// All panels.
    pub const PANELS: &str = "/panels";
    /// A panel.
    pub fn panel(id: PanelId) -> String {
        format!("/panels/{id}")
    }
    /// Saying who takes over from a panel.
    pub fn panel_succession(id: PanelId) -> String {
        format!("/panels/{id}/succession")
    }
    /// Taking that back.
    pub fn panel_taking_back(id: PanelId) -> String {
        format!("/panels/{id}/succession/taking-back")
    }
    /// The papers of a round for a plan: a page, or a file with ".docx" or ".xlsx" after it.
    pub fn pack(id: RoundId, slug: &str) -> String {
        format!("/rounds/{id}/pack/{slug}")
    }
    /// What was received after the papers closed; as [`pack`].
    pub fn addendum(id: RoundId, slug: &str) -> String {
        format!("/rounds/{id}/addendum/{slug}")
    }
    /// Publishing it.
    pub fn publish_addendum(id: RoundId, slug: &str) -> String {
        format!("/rounds/{id}/addendum/{slug}/publication")
    }
    /// The history of everything.
    pub const HISTORY: &str = "/history";
    /// The history of everything as a file.
    pub const HISTORY_FILE: &str = "/history.csv";
    /// The permission table.
    pub const WHO_MAY: &str = "/who-may-do-what";
    /// Searching.
    pub const SEARCH: &str = "/search";
    /// A person.
    pub fn person(id: PersonId) -> String {
        format!("/people/{id}")
    }
    /// A new one-time link for a person.
    pub fn person_link(id: PersonId) -> String {
        format!("/people/{id}/one-time-link")
    }
    /// Changing a person.
    pub fn edit_person(id: PersonId) -> String {
        format!("/people/{id}/edit")
    }
    /// Inviting a person, again.
    pub fn invitation(id: PersonId) -> String {
        format!("/people/{id}/invitation")
    }
    /// Taking their invitation back.
    pub fn revoke_invitation(id: PersonId) -> String {
        format!("/people/{id}/invitation/revocation")
    }
    /// Sending to an address again that the mail server refused.
    pub fn try_address(id: PersonId) -> String {
        format!("/people/{id}/address/new-try")
    }
    /// Signing a person out everywhere.
    pub fn sign_out_person(id: PersonId) -> String {
        format!("/people/{id}/sign-out")
    }
    /// Deactivating an account.
    pub fn deactivation(id: PersonId) -> String {
        format!("/people/{id}/deactivation")
    }
    /// Making an account active again.
    pub fn reactivation(id: PersonId) -> String {
        format!("/people/{id}/reactivation")
    }
    /// The page that a link to sign in opens.
    pub fn sign_in_by_link(token: &str) -> String {
        format!("/sign-in/link/{token}")
    }
    /// The page that a link to set a new password opens.
    pub fn new_password(token: &str) -> String {
        format!("/forgotten-password/{token}")
    }
    /// The page on which the old address says yes or no.
    pub fn old_email(token: &str) -> String {
        format!("/account/email/old/{token}")
    }
    /// The page on which the new address says yes.
    pub fn new_email(token: &str) -> String {
        format!("/account/email/new/{token}")
    }
    /// The page that an invitation opens.
    /// What is held about oneself, as a file.
    pub const OWN_DATA: &str = "/account/data";
    /// What is held about a person, as a file.
    pub fn person_data(id: PersonId) -> String {
        format!("/people/{id}/data")
    }
    /// Taking out who a person was.
    pub fn pseudonymisation(id: PersonId) -> String {
        format!("/people/{id}/pseudonymisation")
    }
    /// Taking a person's second factor away.
    pub fn reset_second_factor(id: PersonId) -> String {
        format!("/people/{id}/second-factor/reset")
    }
    /// The page that a one-time link opens.
    pub fn welcome(token: &str) -> String {
        format!("/welcome/{token}")
    }
    /// A mail of the demonstration.
    pub fn demonstration_message(id: i64) -> String {
        format!("/demonstration/mail/{id}")
    }
    /// Its HTML alone, for the frame.
    pub fn demonstration_message_html(id: i64) -> String {
        format!("/demonstration/mail/{id}/html")
    }
    /// Its bytes.
    pub fn demonstration_message_source(id: i64) -> String {
        format!("/demonstration/mail/{id}/source")
    }
    /// A section of the installation's settings.
    pub fn settings(section: Section) -> String {
        format!("/settings/{}", section.code())
    }
    /// A post.
    pub fn post(id: PostId) -> String {
        format!("/posts/{id}")
    }
    /// Handing a post over.
    pub fn hand_over(id: PostId) -> String {
        format!("/posts/{id}/handover")
    }
    /// Cover for a post, or days missing from its record.
    pub fn new_holding(id: PostId) -> String {
        format!("/posts/{id}/holdings/new")
    }
    /// Moving everything of a post to another.
    pub fn reassign(id: PostId) -> String {
        format!("/posts/{id}/reassignment")
    }
    /// Changing the days of a holding.
    pub fn edit_holding(id: HoldingId) -> String {
        format!("/holdings/{id}/edit")
    }
    /// Withdrawing a holding that has not begun.
    pub fn withdraw_holding(id: HoldingId) -> String {
        format!("/holdings/{id}/withdrawal")
    }
}
