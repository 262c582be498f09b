//! A plan as JSON: living data for other programs.
//!
//! The names of the fields are a promise: they are added to and never changed or taken away without a new
//! `format`. Days are `2017-12-07`; what is not known is `null`. Identifiers are those of the addresses of pages and survive a
//! backup. Codes (`kind`, `state`, `rating` and the like) are the stored ones, not the words of pages. There are no email
//! addresses in it, and neither the history of changes nor evidence: a backup holds those.
//!
//! It is as at the end of a day: what was recorded as known by then, and where each action stood.

use std::io;

use chrono::NaiveDate;
use serde::Serialize;

use super::Options;
use crate::domain::{
    action::{self, Agreement, Decision},
    agenda,
    deadline::YearBasis,
    plan::Record,
    post, question,
    standing::stand_one,
    update::{self, ReviewState},
};

/// The number of the format.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Export<'a> {
    /// [`FORMAT`].
    format: u32,
    /// The day at whose end this stood so.
    as_at: NaiveDate,
    plan: Plan<'a>,
    key: Key<'a>,
    /// Oldest first.
    rounds: Vec<Round<'a>>,
    /// In the order of the table.
    recommendations: Vec<Recommendation<'a>>,
    /// In the order of the table.
    actions: Vec<Action<'a>>,
    /// What the panel said to what was put to it, oldest first.
    resolutions: Vec<Resolution<'a>>,
}

#[derive(Serialize)]
struct Resolution<'a> {
    id: i64,
    panel: &'a str,
    on: NaiveDate,
    /// Null: awaited.
    minute: Option<&'a str>,
    decided: Vec<Put<'a>>,
}

/// One thing that was put to the panel.
#[derive(Serialize)]
struct Put<'a> {
    /// "completion", "extension", "merge" or "variation".
    kind: &'a str,
    /// "agreed", "not_agreed", "deferred" or "noted".
    outcome: &'a str,
    reason: Option<&'a str>,
    action: Option<i64>,
    recommendation: Option<i64>,
    /// The identifier of the deadline that was asked for.
    deadline: Option<i64>,
}

/// What the panel concluded of a recommendation.
#[derive(Serialize)]
struct Conclusion<'a> {
    conclusion: &'a str,
    reason: Option<&'a str>,
    from: NaiveDate,
    resolution: Option<i64>,
}

/// The panel's own rating of an action.
#[derive(Serialize)]
struct PanelRating<'a> {
    rating: &'a str,
    reason: &'a str,
    from: NaiveDate,
    resolution: Option<i64>,
}

/// A question that was passed on to the lead.
#[derive(Serialize)]
struct Question<'a> {
    id: i64,
    text: &'a str,
    /// "passed_on", "answered" or "resolved".
    state: &'a str,
    passed_on_on: Option<NaiveDate>,
    answer: Option<&'a str>,
    answered_on: Option<NaiveDate>,
    resolved_on: Option<NaiveDate>,
}

#[derive(Serialize)]
struct Plan<'a> {
    slug: &'a str,
    title: &'a str,
    kind: &'a str,
    panel: Option<&'a str>,
    origin_report: Option<&'a str>,
    origin_on: Option<NaiveDate>,
    /// When it was sent to the executive.
    sent_on: Option<NaiveDate>,
    agreed_by: Option<&'a str>,
    agreed_on: Option<NaiveDate>,
    director: Option<&'a str>,
    executive_member: Option<&'a str>,
    /// The post that owns the plan.
    manager: Option<&'a str>,
    panel_grants_dates: bool,
    panel_confirms_completion: bool,
    live_to_panel: bool,
    public: bool,
    /// What "Q3" and "2025-26" mean: "financial" or "calendar".
    years: &'a str,
    source: Option<&'a str>,
    monitoring_ended_on: Option<NaiveDate>,
    monitoring_ended_by: Option<&'a str>,
    monitoring_note: Option<&'a str>,
}

#[derive(Serialize)]
struct Key<'a> {
    entries: Vec<KeyEntry>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct KeyEntry {
    rating: &'static str,
    word: String,
    colour: &'static str,
    meaning: String,
}

#[derive(Serialize)]
struct Round<'a> {
    id: i64,
    label: &'a str,
    /// The days that its date can mean.
    earliest: NaiveDate,
    latest: NaiveDate,
    state: &'a str,
    opened_on: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
    published_on: Option<NaiveDate>,
    updates_due_on: Option<NaiveDate>,
    meeting_on: Option<NaiveDate>,
}

#[derive(Serialize)]
struct Recommendation<'a> {
    id: i64,
    /// As printed: "ii".
    printed: Option<&'a str>,
    /// In full: "I-ii".
    reference: Option<&'a str>,
    text: &'a str,
    response: Option<&'a str>,
    response_text: Option<&'a str>,
    response_on: Option<NaiveDate>,
    sent_on: Option<NaiveDate>,
    /// Changes of the wording, oldest first.
    variations: Vec<Variation<'a>>,
    /// Oldest first.
    conclusions: Vec<Conclusion<'a>>,
}

#[derive(Serialize)]
struct Variation<'a> {
    was: &'a str,
    now: &'a str,
    agreed_by: &'a str,
    agreed_on: Option<NaiveDate>,
    known_from: NaiveDate,
    /// What the panel said to it by then: "agreed", "not_agreed" (the old wording stands), "deferred", "noted".
    panel_said: Option<&'static str>,
    panel_said_on: Option<NaiveDate>,
}

#[derive(Serialize)]
struct Action<'a> {
    id: i64,
    /// What it is called: "Aiii", "Action 1".
    label: &'a str,
    short_title: Option<&'a str>,
    text: &'a str,
    recommendation: Option<i64>,
    lead: &'a str,
    leads: Vec<Lead<'a>>,
    /// The identifiers of people who write for the leads.
    contributors: Vec<i64>,
    resource: &'a str,
    resource_kind: Option<&'a str>,
    resource_pence: Option<i64>,
    themes: &'a [String],
    added_on: Option<NaiveDate>,
    /// Where it stood at the end of the day.
    standing: Standing<'a>,
    /// The original, numbered 0, and the revisions that were asked for.
    deadlines: Vec<Deadline<'a>>,
    /// Changes of state, in the order in which they hold. None: open.
    states: Vec<State<'a>>,
    /// Oldest first; what was corrected is in it too.
    updates: Vec<Update<'a>>,
    /// Oldest first.
    panel_ratings: Vec<PanelRating<'a>>,
    /// Those that were passed on, oldest first.
    questions: Vec<Question<'a>>,
}

#[derive(Serialize)]
struct Lead<'a> {
    /// "post", "person" or "outside_body".
    kind: &'a str,
    name: &'a str,
    /// The person whom the plan names beside the post.
    named: Option<&'a str>,
}

#[derive(Serialize)]
struct Standing<'a> {
    state: &'a str,
    merged_into: Option<i64>,
    /// The number of the deadline in force.
    deadline: Option<i32>,
    reported: &'a str,
    suggested: &'a str,
    suggested_because: String,
    overdue_days: Option<i64>,
    slippage: Option<String>,
}

#[derive(Serialize)]
struct Deadline<'a> {
    id: i64,
    number: i32,
    wording: &'a str,
    /// The days that it can mean; null: no date.
    earliest: Option<NaiveDate>,
    latest: Option<NaiveDate>,
    how_read: &'a str,
    reason: Option<&'a str>,
    asked_by: Option<&'a str>,
    asked_on: Option<NaiveDate>,
    known_from: NaiveDate,
    decision: Option<Decided<'a>>,
}

#[derive(Serialize)]
struct Decided<'a> {
    granted: bool,
    /// Taken back by those who asked; left out where it was not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    withdrawn: bool,
    on: NaiveDate,
    /// "panel" or "officer".
    decider: &'a str,
    by: &'a str,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct State<'a> {
    state: &'a str,
    merged_into: Option<i64>,
    from: NaiveDate,
    reason: Option<&'a str>,
    agreed: Option<Agreed<'a>>,
    /// The update that said so.
    update: Option<i64>,
}

#[derive(Serialize)]
struct Agreed<'a> {
    by: &'a str,
    on: NaiveDate,
    minute: Option<&'a str>,
}

#[derive(Serialize)]
struct Update<'a> {
    id: i64,
    /// Null: written between rounds.
    round: Option<i64>,
    /// Paragraphs separated by blank lines.
    narrative: &'a str,
    reported: &'a str,
    next_steps: Option<&'a str>,
    promise: Option<&'a str>,
    put_right: Option<&'a str>,
    outcome: Option<&'a str>,
    outcome_not_known: bool,
    speaks_of: Option<NaiveDate>,
    /// Null: not known.
    written_on: Option<NaiveDate>,
    known_from: NaiveDate,
    author: Option<&'a str>,
    entered_for: Option<&'a str>,
    by_email_link: bool,
    /// The update that this one corrects.
    supersedes: Option<i64>,
    /// With a completion: the work goes on as business as usual.
    continuing: bool,
    /// "submitted", "returned" or "accepted"; null: no manager looks at updates first.
    review: Option<&'a str>,
    reviewed_on: Option<NaiveDate>,
    /// Why it was returned.
    review_comment: Option<&'a str>,
    /// The paragraph of Schedule 12A under which it is not for publication.
    exempt_paragraph: Option<i32>,
    cleared_by: Option<&'a str>,
    cleared_on: Option<NaiveDate>,
}

/// Everything that is recorded about a plan, without whom to mail.
///
/// # Errors
/// None that can happen in memory; the JSON writer's signature has one.
pub fn json(record: &Record, options: &Options, today: NaiveDate) -> io::Result<String> {
    let day = options.as_at.unwrap_or(today);
    let export = Export {
        format: FORMAT,
        as_at: day,
        plan: plan(record, day),
        key: key(record),
        rounds: record.rounds.iter().map(|r| round(r, day)).collect(),
        recommendations: record.recommendations.iter().map(|r| recommendation(record, r, day)).collect(),
        actions: record
            .actions
            .iter()
            .filter(|a| a.added_on.is_none_or(|added| added <= day))
            .map(|a| action(record, a, day))
            .collect(),
        resolutions: resolutions(record, day),
    };
    let mut text = serde_json::to_string_pretty(&export)?;
    text.push('\n');
    Ok(text)
}

fn plan(record: &Record, day: NaiveDate) -> Plan<'_> {
    let plan = &record.plan;
    Plan {
        slug: &plan.slug,
        title: &plan.title,
        kind: plan.kind.code(),
        panel: plan.panel.as_deref(),
        origin_report: plan.origin_report.as_deref(),
        origin_on: plan.origin_on,
        sent_on: plan.sent_on.filter(|on| *on <= day),
        agreed_by: plan.agreed_by.as_deref(),
        agreed_on: plan.agreed_on,
        director: plan.director.as_deref(),
        executive_member: plan.executive_member.as_deref(),
        manager: record.post(plan.manager).map(|p| &*p.name),
        panel_grants_dates: plan.panel_grants_dates,
        panel_confirms_completion: plan.panel_confirms_completion,
        live_to_panel: plan.live_to_panel,
        public: plan.public,
        years: match plan.years {
            YearBasis::Financial => "financial",
            YearBasis::Calendar => "calendar",
        },
        source: plan.source.as_deref(),
        monitoring_ended_on: plan.monitoring_ended_on,
        monitoring_ended_by: plan.monitoring_ended_by.as_deref(),
        monitoring_note: plan.monitoring_note.as_deref(),
    }
}

fn resolutions(record: &Record, day: NaiveDate) -> Vec<Resolution<'_>> {
    let mut all: Vec<Resolution<'_>> = Vec::new();
    for one in record.decided.iter().filter(|d| d.resolution.on <= day) {
        let put = Put {
            kind: one.kind.code(),
            outcome: one.outcome.code(),
            reason: one.reason.as_deref(),
            action: one.action.map(|id| id.0),
            recommendation: one.recommendation.map(|id| id.0),
            deadline: one.revision.map(|id| id.0),
        };
        let of = &one.resolution;
        match all.last_mut().filter(|last| last.id == of.id.0) {
            Some(last) => last.decided.push(put),
            None => all.push(Resolution {
                id: of.id.0,
                panel: &of.panel,
                on: of.on,
                minute: of.minute.as_deref(),
                decided: vec![put],
            }),
        }
    }
    all
}

fn question(one: &question::Question, day: NaiveDate) -> Option<Question<'_>> {
    let state = one.state_at(day).filter(|state| state.is_passed_on())?;
    let (answered_on, answer) = one.answer_at(day).unzip();
    Some(Question {
        id: one.id.0,
        text: &one.text,
        state: state.code(),
        passed_on_on: one.passed_on_on,
        answer,
        answered_on,
        resolved_on: one.resolved_on.filter(|on| *on <= day),
    })
}

fn key(record: &Record) -> Key<'_> {
    let entries = record.plan.key.entries().cloned();
    Key {
        entries: entries
            .map(|e| KeyEntry {
                rating: e.rating.code(),
                word: e.word,
                colour: e.colour.code(),
                meaning: e.meaning,
            })
            .collect(),
        note: record.plan.key.note.as_deref(),
    }
}

fn round(round: &crate::domain::round::Round, day: NaiveDate) -> Round<'_> {
    let by_then = |on: Option<NaiveDate>| on.filter(|on| *on <= day);
    Round {
        id: round.id.0,
        label: &round.label,
        earliest: round.span.earliest,
        latest: round.span.latest,
        state: round.state_at(day).code(),
        opened_on: by_then(round.opened_on),
        closed_on: by_then(round.closed_on),
        published_on: by_then(round.published_on),
        updates_due_on: round.updates_due_on,
        meeting_on: round.meeting_on,
    }
}

fn recommendation<'a>(
    record: &'a Record,
    one: &'a action::Recommendation,
    day: NaiveDate,
) -> Recommendation<'a> {
    let answered = one.response_on.is_none_or(|on| on <= day);
    Recommendation {
        id: one.id.0,
        printed: one.printed.as_deref(),
        reference: one.reference.as_deref(),
        text: &one.text,
        response: one.response.filter(|_| answered).map(|r| r.code()),
        response_text: one.response_text.as_deref().filter(|_| answered),
        response_on: one.response_on.filter(|_| answered),
        sent_on: one.sent_on.filter(|on| *on <= day),
        variations: agenda::variations(record, one, day)
            .map(|varied| Variation {
                was: &varied.variation.was,
                now: &varied.variation.now,
                agreed_by: &varied.variation.agreed_by,
                agreed_on: varied.variation.agreed_on,
                known_from: varied.variation.known_from,
                panel_said: varied.said.map(|said| said.outcome.code()),
                panel_said_on: varied.said.map(|said| said.resolution.on),
            })
            .collect(),
        conclusions: one
            .conclusions
            .iter()
            .filter(|c| c.from <= day)
            .map(|c| Conclusion {
                conclusion: c.verdict.code(),
                reason: c.reason.as_deref(),
                from: c.from,
                resolution: c.resolution.as_ref().map(|r| r.id.0),
            })
            .collect(),
    }
}

fn action<'a>(record: &'a Record, one: &'a action::Action, day: NaiveDate) -> Action<'a> {
    let standing = stand_one(record, one, day);
    Action {
        id: one.id.0,
        label: &one.label,
        short_title: one.short_title.as_deref(),
        text: &one.text,
        recommendation: one.recommendation.map(|id| id.0),
        lead: &one.lead_wording,
        leads: one.leads.iter().map(|l| lead(record, l)).collect(),
        contributors: one.contributors.iter().map(|p| p.0).collect(),
        resource: &one.resource,
        resource_kind: one.resource_kind.map(|k| k.code()),
        resource_pence: one.resource_pence,
        themes: &one.themes,
        added_on: one.added_on,
        standing: Standing {
            state: standing.state.code(),
            merged_into: one.merged_into_at(day).map(|id| id.0),
            deadline: standing.deadline.map(|d| d.number),
            reported: standing.reported.code(),
            suggested: standing.suggestion.rating.code(),
            suggested_because: standing.suggestion.reason,
            overdue_days: standing.overdue_days,
            slippage: standing.slippage,
        },
        deadlines: one
            .revisions
            .iter()
            .filter(|r| r.is_original() || r.known_from <= day)
            .map(|r| deadline(r, day))
            .collect(),
        states: one.states.iter().filter(|s| s.from <= day).map(state).collect(),
        updates: one.updates.iter().filter(|u| u.known_from <= day).map(|u| written(u, day)).collect(),
        panel_ratings: one
            .panel_ratings
            .iter()
            .filter(|r| r.from <= day)
            .map(|r| PanelRating {
                rating: r.rating.code(),
                reason: &r.reason,
                from: r.from,
                resolution: r.resolution.as_ref().map(|r| r.id.0),
            })
            .collect(),
        questions: one.questions.iter().filter_map(|q| question(q, day)).collect(),
    }
}

fn lead<'a>(record: &'a Record, lead: &'a post::Lead) -> Lead<'a> {
    match lead {
        post::Lead::Post { post, named } => {
            Lead { kind: "post", name: record.post(*post).map_or("", |p| &*p.name), named: named.as_deref() }
        }
        post::Lead::Person(person) => Lead { kind: "person", name: &person.name, named: None },
        post::Lead::OutsideBody(name) => Lead { kind: "outside_body", name, named: None },
    }
}

fn deadline(one: &action::Revision, day: NaiveDate) -> Deadline<'_> {
    Deadline {
        id: one.id.0,
        number: one.number,
        wording: &one.wording,
        earliest: one.span.map(|s| s.earliest),
        latest: one.span.map(|s| s.latest),
        how_read: &one.how,
        reason: one.reason.as_deref(),
        asked_by: one.asked_by.as_deref(),
        asked_on: one.asked_on,
        known_from: one.known_from,
        decision: one.decided_at(day).map(decided),
    }
}

fn decided(decision: &Decision) -> Decided<'_> {
    Decided {
        granted: decision.outcome == action::DateOutcome::Granted,
        withdrawn: decision.outcome == action::DateOutcome::Withdrawn,
        on: decision.on,
        decider: decision.decider.code(),
        by: &decision.by,
        reason: decision.reason.as_deref(),
    }
}

fn state(change: &action::StateChange) -> State<'_> {
    State {
        state: change.state.code(),
        merged_into: change.into.map(|id| id.0),
        from: change.from,
        reason: change.reason.as_deref(),
        agreed: change.agreed.as_ref().map(agreed),
        update: change.update.map(|id| id.0),
    }
}

fn agreed(agreement: &Agreement) -> Agreed<'_> {
    Agreed { by: &agreement.by, on: agreement.on, minute: agreement.minute.as_deref() }
}

fn written(one: &update::Update, day: NaiveDate) -> Update<'_> {
    // Until the day on which somebody looked at it, it waited.
    let reviewed = one.review.as_ref().filter(|r| r.on.is_none_or(|on| on <= day));
    Update {
        id: one.id.0,
        round: one.round.map(|id| id.0),
        narrative: &one.narrative,
        reported: one.reported.code(),
        next_steps: one.next_steps.as_deref(),
        promise: one.promise.map(|p| p.code()),
        put_right: one.put_right.as_deref(),
        outcome: one.outcome.as_deref(),
        outcome_not_known: one.outcome_not_known,
        speaks_of: one.speaks_of,
        written_on: one.written_on,
        known_from: one.known_from,
        author: one.author_name.as_deref(),
        entered_for: one.entered_for.as_deref(),
        by_email_link: one.by_email_link,
        supersedes: one.supersedes.map(|id| id.0),
        continuing: one.continuing,
        review: one.review.as_ref().map(|_| reviewed.map_or(ReviewState::Submitted, |r| r.state).code()),
        reviewed_on: reviewed.and_then(|r| r.on),
        review_comment: reviewed.and_then(|r| r.comment.as_deref()),
        exempt_paragraph: one.exempt,
        cleared_by: one.cleared.as_ref().map(|c| c.by.as_str()),
        cleared_on: one.cleared.as_ref().and_then(|c| c.on),
    }
}
