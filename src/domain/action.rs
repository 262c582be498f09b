//! Actions and recommendations: the words, the states an action goes through, and its deadlines.

use chrono::NaiveDate;

use super::{
    code::coded,
    deadline::Span,
    decision::{Conclusion, PanelRating},
    id::{ActionId, PersonId, PostId, RecommendationId, RevisionId, StateChangeId, UpdateId, VariationId},
    post::Lead,
    question::Question,
    text,
    update::Update,
};

coded! {
    /// The executive response to a recommendation.
    pub enum Response {
        /// Accepted.
        Accepted = "accepted",
        /// Accepted in part.
        PartiallyAccepted = "partially_accepted",
        /// Accepted in principle.
        InPrinciple = "in_principle",
        /// Rejected: it stays in the table with its reason, unrated.
        Rejected = "rejected",
        /// Noted: the same.
        Noted = "noted",
    }
}

impl Response {
    /// The words on pages and papers.
    pub fn words(self) -> &'static str {
        match self {
            Self::Accepted => "Accepted",
            Self::PartiallyAccepted => "Partially accepted",
            Self::InPrinciple => "Accepted in principle",
            Self::Rejected => "Rejected",
            Self::Noted => "Noted",
        }
    }

    /// Whether actions under it are not rated.
    pub fn is_unrated(self) -> bool {
        matches!(self, Self::Rejected | Self::Noted)
    }
}

/// A recommendation whose words were changed: the old wording stays beside the new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variation {
    /// Identifier; none: not saved yet.
    pub id: Option<VariationId>,
    /// What it was, in the words that changed.
    pub was: String,
    /// What it is now.
    pub now: String,
    /// Who agreed.
    pub agreed_by: String,
    /// When, if known.
    pub agreed_on: Option<NaiveDate>,
    /// The day from which it counts.
    pub known_from: NaiveDate,
}

/// The panel's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// Identifier.
    pub id: RecommendationId,
    /// Number of the saved state, for two people who edit at once.
    pub version: i32,
    /// Place in the table.
    pub position: i32,
    /// As printed: "Aiii", "ii".
    pub printed: Option<String>,
    /// In full: "Aiii", "I-ii".
    pub reference: Option<String>,
    /// The words.
    pub text: String,
    /// The executive response.
    pub response: Option<Response>,
    /// Its reasons.
    pub response_text: Option<String>,
    /// The day of the response.
    pub response_on: Option<NaiveDate>,
    /// The day on which the recommendation was sent to the executive.
    pub sent_on: Option<NaiveDate>,
    /// Changes of the wording, oldest first.
    pub variations: Vec<Variation>,
    /// What the panel concluded, oldest first.
    pub conclusions: Vec<Conclusion>,
}

impl Recommendation {
    /// What the panel had concluded by the end of a day.
    pub fn conclusion_at(&self, day: NaiveDate) -> Option<&Conclusion> {
        self.conclusions.iter().rfind(|c| c.from <= day)
    }
}

coded! {
    /// What an action is. "Overdue", "awaiting update" and the like are worked out, never stored.
    pub enum State {
        /// Work to do.
        Open = "open",
        /// Reported complete.
        Complete = "complete",
        /// Reported complete, and going on as business as usual.
        CompleteContinuing = "complete_continuing",
        /// The work goes on in another action.
        Merged = "merged",
        /// Closed without being done.
        NoFurtherAction = "no_further_action",
    }
}

impl State {
    /// The words on pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Complete => "Complete",
            Self::CompleteContinuing => "Complete, continues as business as usual",
            Self::Merged => "Merged",
            Self::NoFurtherAction => "No further action",
        }
    }

    /// Complete, in either way.
    pub fn is_complete(self) -> bool {
        matches!(self, Self::Complete | Self::CompleteContinuing)
    }
}

/// Who agreed to something, where, and on what day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The body or post.
    pub by: String,
    /// The day of it.
    pub on: NaiveDate,
    /// The minute reference.
    pub minute: Option<String>,
}

/// One change of an action's state, with the day from which it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// Identifier; none: not saved yet.
    pub id: Option<StateChangeId>,
    /// The new state.
    pub state: State,
    /// The action in which the work goes on, when merged.
    pub into: Option<ActionId>,
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// Why.
    pub reason: Option<String>,
    /// The panel's or another body's agreement ("agreed complete").
    pub agreed: Option<Agreement>,
    /// The update that said so.
    pub update: Option<UpdateId>,
}

coded! {
    /// Whose word a decision on a date was.
    pub enum Decider {
        /// The panel.
        Panel = "panel",
        /// An officer.
        Officer = "officer",
    }
}

coded! {
    /// What became of a later date that somebody asked for.
    pub enum DateOutcome {
        /// It is the deadline.
        Granted = "granted",
        /// It is not.
        Refused = "refused",
        /// Taken back by those who asked, before anybody decided.
        Withdrawn = "withdrawn",
    }
}

/// What was decided on a later date that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What became of it. Its code is its word.
    pub outcome: DateOutcome,
    /// The day from which it holds.
    pub on: NaiveDate,
    /// Whose word it was.
    pub decider: Decider,
    /// Who, in words.
    pub by: String,
    /// Why, or the minute.
    pub reason: Option<String>,
}

/// One deadline of an action: the original (number 0) or a revision that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Identifier; reminders count per revision, so that a granted one starts anew.
    pub id: RevisionId,
    /// 0 for the original, then 1, 2, ...
    pub number: i32,
    /// As written.
    pub wording: String,
    /// The days it can mean; none: no date.
    pub span: Option<Span>,
    /// How it was read, in words.
    pub how: String,
    /// Why it was asked for.
    pub reason: Option<String>,
    /// Who asked, in words.
    pub asked_by: Option<String>,
    /// The day on which it was asked for, if recorded.
    pub asked_on: Option<NaiveDate>,
    /// The day from which it counts as asked for.
    pub known_from: NaiveDate,
    /// What was decided; none: not yet (the original needs no decision).
    pub decision: Option<Decision>,
}

impl Revision {
    /// Whether this is the deadline first agreed.
    pub fn is_original(&self) -> bool {
        self.number == 0
    }

    /// The decision, if it was taken by the end of a day.
    pub fn decided_at(&self, day: NaiveDate) -> Option<&Decision> {
        self.decision.as_ref().filter(|d| d.on <= day)
    }

    /// The last day that it can mean.
    pub fn latest(&self) -> Option<NaiveDate> {
        self.span.map(|s| s.latest)
    }
}

coded! {
    /// What kind of resource an action needs.
    pub enum ResourceKind {
        /// None.
        None = "none",
        /// Within the existing budget.
        ExistingBudget = "existing_budget",
        /// Money is to be found.
        FundingSought = "funding_sought",
    }
}

impl ResourceKind {
    /// The words on pages.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::ExistingBudget => "Existing budget",
            Self::FundingSought => "Funding sought",
        }
    }
}

/// The officers' words, with everything that happened to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Identifier.
    pub id: ActionId,
    /// Number of the saved state, for two people who edit at once.
    pub version: i32,
    /// The recommendation it answers, if any.
    pub recommendation: Option<RecommendationId>,
    /// Place in the table, over the whole plan.
    pub position: i32,
    /// What it is called: "Aiii", or "Action 1" where nothing is printed.
    pub label: String,
    /// A title of its own.
    pub short_title: Option<String>,
    /// The words.
    pub text: String,
    /// The lead as written.
    pub lead_wording: String,
    /// The leads, in the order written; none: "N/A" or blank.
    pub leads: Vec<Lead>,
    /// People who write for the leads.
    pub contributors: Vec<PersonId>,
    /// The resource required, as written.
    pub resource: String,
    /// Its kind.
    pub resource_kind: Option<ResourceKind>,
    /// Its amount in pence.
    pub resource_pence: Option<i64>,
    /// Themes, in the order written.
    pub themes: Vec<String>,
    /// The office day on which it was added here; none: with the plan.
    pub added_on: Option<NaiveDate>,
    /// Changes of state, in the order in which they hold. Empty: open.
    pub states: Vec<StateChange>,
    /// The original deadline and its revisions, by number.
    pub revisions: Vec<Revision>,
    /// Updates, oldest first; corrections stand beside what they correct until [`Action::updates_at`] reads them.
    pub updates: Vec<Update>,
    /// Questions from the panel, oldest first.
    pub questions: Vec<Question>,
    /// The panel's own ratings, oldest first.
    pub panel_ratings: Vec<PanelRating>,
}

impl Action {
    /// The short title: its own, else the first 60 characters of the text.
    pub fn title(&self) -> String {
        match &self.short_title {
            Some(title) => title.clone(),
            None => text::short_title(&self.text),
        }
    }

    /// Whether a post leads it, alone or jointly.
    pub fn is_led_by(&self, post: PostId) -> bool {
        self.leads.iter().any(|lead| matches!(lead, Lead::Post { post: p, .. } if *p == post))
    }

    /// Whether somebody who holds some posts answers for it: one of these leads it, or they lead it in person, or contribute.
    pub fn is_answered_for_by(&self, person: PersonId, holds: impl Fn(PostId) -> bool) -> bool {
        self.contributors.contains(&person)
            || self.leads.iter().any(|lead| match lead {
                Lead::Post { post, .. } => holds(*post),
                Lead::Person(lead) => lead.id == person,
                Lead::OutsideBody(_) => false,
            })
    }

    /// The change of state that holds at the end of a day; none: open from the start.
    pub fn change_at(&self, day: NaiveDate) -> Option<&StateChange> {
        self.states.iter().rfind(|s| s.from <= day)
    }

    /// The state at the end of a day.
    pub fn state_at(&self, day: NaiveDate) -> State {
        self.change_at(day).map_or(State::Open, |s| s.state)
    }

    /// The action in which the work goes on, at the end of a day.
    pub fn merged_into_at(&self, day: NaiveDate) -> Option<ActionId> {
        self.change_at(day).filter(|s| s.state == State::Merged).and_then(|s| s.into)
    }

    /// The deadline first agreed.
    pub fn original(&self) -> Option<&Revision> {
        self.revisions.iter().find(|r| r.is_original())
    }

    /// The deadline in force at the end of a day: the last one granted, else the original.
    /// A date that is asked for changes nothing until it is granted.
    pub fn deadline_at(&self, day: NaiveDate) -> Option<&Revision> {
        self.granted_at(day).last().or_else(|| self.original())
    }

    /// The revisions granted by the end of a day, in the order in which they were granted.
    pub fn granted_at(&self, day: NaiveDate) -> impl Iterator<Item = &Revision> {
        let mut granted: Vec<_> = self
            .revisions
            .iter()
            .filter(|r| r.decided_at(day).is_some_and(|d| d.outcome == DateOutcome::Granted))
            .collect();
        granted.sort_by_key(|r| (r.decision.as_ref().map(|d| d.on), r.number));
        granted.into_iter()
    }

    /// The revision that is asked for and not decided at the end of a day (the latest, if there are several).
    pub fn asked_at(&self, day: NaiveDate) -> Option<&Revision> {
        self.revisions
            .iter()
            .rfind(|r| !r.is_original() && r.known_from <= day && r.decided_at(day).is_none())
    }

    /// The panel's own rating, as it was at the end of a day.
    pub fn panel_rating_at(&self, day: NaiveDate) -> Option<&PanelRating> {
        self.panel_ratings.iter().rfind(|r| r.from <= day)
    }

    /// What was said by the end of a day, oldest first, without what has been corrected by then, and without what was given
    /// back to whoever wrote it. A correction stands in
    /// the place of what it corrects: putting an older update right does not make it the latest word.
    pub fn updates_at(&self, day: NaiveDate) -> impl DoubleEndedIterator<Item = &Update> {
        let known = || self.updates.iter().filter(|u| u.known_from <= day && !u.is_returned());
        let corrected: Vec<_> = known().filter_map(|u| u.supersedes).collect();
        let mut said: Vec<_> = known().filter(|u| !corrected.contains(&u.id)).collect();
        // They are kept in this order but for corrections; to see that costs less than to sort.
        if !said.is_sorted_by_key(|u| self.place(u)) {
            said.sort_by_key(|u| self.place(u));
        }
        said.into_iter()
    }

    /// The latest of what was said by the end of a day.
    pub fn latest_at(&self, day: NaiveDate) -> Option<&Update> {
        self.updates_at(day).next_back()
    }

    /// The update that was returned with a comment, where nothing has been written since: a new one, or a correction of one.
    pub fn returned(&self, corrects: Option<UpdateId>) -> Option<&Update> {
        let same_kind = self.updates.iter().filter(|u| match corrects {
            Some(_) => u.supersedes == corrects,
            None => u.supersedes.is_none(),
        });
        same_kind.max_by_key(|u| u.id).filter(|u| u.is_returned())
    }

    /// The update with which a chain of corrections began; itself where it corrects nothing.
    pub fn began_as<'a>(&'a self, update: &'a Update) -> &'a Update {
        let mut first = update;
        // A correction is always the later row, so this ends whatever the rows hold.
        while let Some(older) =
            first.supersedes.and_then(|id| self.updates.iter().find(|u| u.id == id && u.id < first.id))
        {
            first = older;
        }
        first
    }

    /// An update and all that it corrects or that corrects it, oldest first.
    pub fn chain<'a>(&'a self, update: &Update) -> impl Iterator<Item = &'a Update> {
        let first = self.began_as(update).id;
        self.updates.iter().filter(move |u| self.began_as(u).id == first)
    }

    /// The paragraph under which an update is not for publication: marked itself, or with what is published along with it
    /// and says the same in other words.
    pub fn exempt(&self, update: &Update) -> Option<i32> {
        let along = |u: &&Update| u.round == update.round && u.released_on == update.released_on;
        update.exempt.or_else(|| self.chain(update).filter(along).find_map(|u| u.exempt))
    }

    /// Where an update stands among the others: its own day, and for a correction that of what it corrects in the end.
    pub fn place(&self, update: &Update) -> (NaiveDate, UpdateId) {
        let first = self.began_as(update);
        (first.known_from, first.id)
    }
}

/// An action as somebody wrote it, with all its fields checked. Its deadline is apart: see [`Revision`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionDraft {
    /// The recommendation it answers.
    pub recommendation: Option<RecommendationId>,
    /// A title of its own.
    pub short_title: Option<String>,
    /// The words.
    pub text: String,
    /// The lead as written.
    pub lead_wording: String,
    /// The leads.
    pub leads: Vec<Lead>,
    /// People who write for them.
    pub contributors: Vec<PersonId>,
    /// The resource required, as written.
    pub resource: String,
    /// Its kind.
    pub resource_kind: Option<ResourceKind>,
    /// Its amount in pence.
    pub resource_pence: Option<i64>,
    /// Themes.
    pub themes: Vec<String>,
}

/// A recommendation as somebody wrote it, with all its fields checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecommendationDraft {
    /// As printed.
    pub printed: Option<String>,
    /// In full.
    pub reference: Option<String>,
    /// The words.
    pub text: String,
    /// The executive response.
    pub response: Option<Response>,
    /// Its reasons.
    pub response_text: Option<String>,
    /// Its day.
    pub response_on: Option<NaiveDate>,
    /// The day on which it was sent to the executive.
    pub sent_on: Option<NaiveDate>,
}
