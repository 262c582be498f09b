//! Records for the tests of the rules: the least that a rule needs, to be changed with struct update syntax.
//!
//! Nothing here is Appendix B; whatever looks like it is made up for one case.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{
    action::{
        Action, Agreement, DateOutcome, Decider, Decision, Recommendation, Response, Revision, State,
        StateChange,
    },
    deadline::{Span, YearBasis},
    id::{ActionId, HoldingId, PersonId, PlanId, PostId, RecommendationId, RevisionId, RoundId, UpdateId},
    plan::{Plan, PlanKind, Record},
    policy::Policy,
    post::{Holding, Person, Post},
    rating::{RagKey, Rating},
    round::{Round, RoundState},
    update::Update,
    words::Words,
};

pub(crate) fn day(iso: &str) -> NaiveDate {
    iso.parse().unwrap()
}

/// Somebody who can be mailed.
pub(crate) fn person(id: i64, name: &str) -> Person {
    let email = format!("person-{id}@tracker.internal");
    Person { id: PersonId(id), name: name.to_owned(), email, active: true }
}

/// A post that one person of its name holds from the beginning.
pub(crate) fn post(id: i64, name: &str) -> Post {
    let holding = Holding {
        id: HoldingId(id),
        person: person(id, name),
        from: day("2017-01-01"),
        to: None,
        acting: false,
    };
    Post { id: PostId(id), name: name.to_owned(), body: None, holdings: vec![holding] }
}

/// A plan in which the panel grants dates and confirms completions.
pub(crate) fn plan() -> Plan {
    Plan {
        id: PlanId(1),
        version: 1,
        slug: "plan".to_owned(),
        title: "Plan".to_owned(),
        kind: PlanKind::ScrutinyReview,
        panel: None,
        panel_id: None,
        panels: Vec::new(),
        origin_report: None,
        origin_on: None,
        agreed_by: None,
        agreed_on: None,
        sent_on: None,
        director: None,
        executive_member: None,
        manager: PostId(1),
        panel_grants_dates: true,
        panel_confirms_completion: true,
        live_to_panel: false,
        manager_looks_first: false,
        public: false,
        years: YearBasis::Financial,
        key: RagKey::standard(),
        source: None,
        monitoring_ended_on: None,
        monitoring_ended_by: None,
        monitoring_note: None,
    }
}

pub(crate) fn record(actions: impl IntoIterator<Item = Action>) -> Record {
    Record {
        plan: plan(),
        rounds: Vec::new(),
        recommendations: Vec::new(),
        actions: actions.into_iter().collect(),
        posts: Arc::default(),
        policy: Policy::default(),
        preferences: Arc::default(),
        decided: Vec::new(),
        words: Words::default(),
    }
}

/// An open action "A1" with a deadline that is one day, or that has no date (as "TBC").
pub(crate) fn action(id: i64, by_when: Option<&str>) -> Action {
    let original = Revision { number: 0, decision: None, ..revision(id * 100, by_when, "2017-01-01") };
    Action {
        id: ActionId(id),
        version: 1,
        recommendation: None,
        position: i32::try_from(id).unwrap(),
        label: format!("A{id}"),
        short_title: None,
        text: format!("Action number {id}"),
        lead_wording: "N/A".to_owned(),
        leads: Vec::new(),
        contributors: Vec::new(),
        resource: String::new(),
        resource_kind: None,
        resource_pence: None,
        themes: Vec::new(),
        added_on: None,
        states: Vec::new(),
        revisions: vec![original],
        updates: Vec::new(),
        questions: Vec::new(),
        panel_ratings: Vec::new(),
    }
}

/// A date that was asked for on a day, and is not decided.
pub(crate) fn revision(id: i64, by_when: Option<&str>, known_from: &str) -> Revision {
    Revision {
        id: RevisionId(id),
        number: 1,
        wording: by_when.unwrap_or("TBC").to_owned(),
        span: by_when.map(|iso| Span::day(day(iso))),
        how: String::new(),
        reason: None,
        asked_by: None,
        asked_on: None,
        known_from: day(known_from),
        decision: None,
    }
}

pub(super) fn decided(revision: Revision, granted: bool, on: &str, decider: Decider) -> Revision {
    let outcome = if granted { DateOutcome::Granted } else { DateOutcome::Refused };
    let decision = Decision { outcome, on: day(on), decider, by: String::new(), reason: None };
    Revision { decision: Some(decision), ..revision }
}

pub(crate) fn with_revisions(action: Action, revisions: impl IntoIterator<Item = Revision>) -> Action {
    let mut action = action;
    action.revisions.extend(revisions.into_iter().zip(1..).map(|(r, number)| Revision { number, ..r }));
    action
}

pub(crate) fn change(state: State, from: &str) -> StateChange {
    StateChange { id: None, state, into: None, from: day(from), reason: None, agreed: None, update: None }
}

pub(crate) fn agreed(change: StateChange, by: &str, on: &str) -> StateChange {
    StateChange { agreed: Some(Agreement { by: by.to_owned(), on: day(on), minute: None }), ..change }
}

pub(super) fn merged(action: Action, into: i64, from: &str) -> Action {
    let merge = StateChange { into: Some(ActionId(into)), ..change(State::Merged, from) };
    Action { states: vec![merge], ..action }
}

/// An update that counts from a day, on which it was written.
pub(crate) fn update(id: i64, round: Option<i64>, on: &str, reported: Rating) -> Update {
    Update {
        id: UpdateId(id),
        action: ActionId(0),
        round: round.map(RoundId),
        narrative: "Something was done.".to_owned(),
        reported,
        next_steps: None,
        promise: None,
        put_right: None,
        outcome: None,
        outcome_not_known: false,
        speaks_of: None,
        written_on: Some(day(on)),
        known_from: day(on),
        author: None,
        author_name: None,
        entered_for: None,
        by_email_link: false,
        supersedes: None,
        continuing: false,
        review: None,
        exempt: None,
        released_on: None,
        cleared: None,
    }
}

/// A round for one day, on which everything that its state needs was done.
pub(crate) fn round(id: i64, label: &str, on: &str, state: RoundState) -> Round {
    let reached = |at: RoundState| (state >= at).then(|| day(on));
    Round {
        id: RoundId(id),
        version: 1,
        label: label.to_owned(),
        span: Span::day(day(on)),
        state,
        opened_on: reached(RoundState::Open),
        closed_on: reached(RoundState::Closed),
        published_on: reached(RoundState::Published),
        updates_due_on: None,
        meeting_on: None,
        meeting: None,
    }
}

pub(super) fn recommendation(id: i64, response: Option<Response>, on: Option<&str>) -> Recommendation {
    Recommendation {
        id: RecommendationId(id),
        version: 1,
        position: 1,
        printed: None,
        reference: None,
        text: "That something be done.".to_owned(),
        response,
        response_text: None,
        response_on: on.map(day),
        sent_on: None,
        variations: Vec::new(),
        conclusions: Vec::new(),
    }
}
