//! What is put to a panel at a meeting: completions, later dates, merges and variations that it has not settled.
//!
//! Worked out from the record, never stored: what the panel defers or notes is put to the next meeting again, and what an
//! officer, another window or a later update has settled is gone from here.

use chrono::NaiveDate;

use super::{
    action::{Action, Recommendation, State, StateChange},
    decision::{Decided, Kind, Outcome},
    id::{ActionId, MeetingId, RecommendationId, RevisionId, StateChangeId, VariationId},
    plan::Record,
    text,
};

/// One thing that is put to a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Put {
    /// That an action is complete.
    Completion(ActionId, StateChangeId),
    /// Another date.
    Extension(ActionId, RevisionId),
    /// That the work of an action goes on in another.
    Merge(ActionId, StateChangeId),
    /// Other words of a recommendation.
    Variation(RecommendationId, VariationId),
}

impl Put {
    /// What kind of thing it is.
    pub fn kind(self) -> Kind {
        match self {
            Self::Completion(..) => Kind::Completion,
            Self::Extension(..) => Kind::Extension,
            Self::Merge(..) => Kind::Merge,
            Self::Variation(..) => Kind::Variation,
        }
    }

    /// Its name in forms, the same for as long as it waits: "completion-12".
    pub fn key(self) -> String {
        let id = match self {
            Self::Completion(_, change) | Self::Merge(_, change) => change.0,
            Self::Extension(_, revision) => revision.0,
            Self::Variation(_, variation) => variation.0,
        };
        format!("{}-{id}", self.kind().code())
    }

    /// The action; none: it is about a recommendation.
    pub fn action(self) -> Option<ActionId> {
        match self {
            Self::Completion(action, _) | Self::Extension(action, _) | Self::Merge(action, _) => Some(action),
            Self::Variation(..) => None,
        }
    }

    /// Whether this is what was decided there.
    pub fn is_in(self, decided: &Decided) -> bool {
        match self {
            Self::Completion(_, change) | Self::Merge(_, change) => decided.state_change == Some(change),
            Self::Extension(_, revision) => decided.revision == Some(revision),
            Self::Variation(_, variation) => decided.variation == Some(variation),
        }
    }
}

/// What a plan puts to a meeting, as the record stands on a day, in the order of the table.
///
/// Only what was there on the day of the meeting, is still as it was put, has not been settled, and has not been dealt with
/// at this meeting before.
pub fn put_to(record: &Record, meeting: MeetingId, held_on: NaiveDate, today: NaiveDate) -> Vec<Put> {
    if record.plan.monitoring_ended_on.is_some_and(|ended| ended < held_on) {
        return Vec::new();
    }
    let of_actions = record.actions.iter().flat_map(|action| of_action(record, action, held_on, today));
    let of_recommendations =
        record.recommendations.iter().flat_map(|r| of_recommendation(record, r, held_on));
    let dealt_with = |put: &Put| {
        record
            .decided
            .iter()
            .any(|d| put.is_in(d) && (d.outcome.is_final() || d.resolution.meeting == meeting))
    };
    of_actions.chain(of_recommendations).filter(|put| !dealt_with(put)).collect()
}

fn of_action(record: &Record, action: &Action, held_on: NaiveDate, today: NaiveDate) -> Vec<Put> {
    let mut put = Vec::new();
    let change = action.change_at(today);
    if let Some(change) = change.filter(|c| c.agreed.is_none() && c.from <= held_on)
        && let Some(id) = change.id
    {
        if change.state.is_complete() && record.plan.panel_confirms_completion {
            put.push(Put::Completion(action.id, id));
        } else if change.state == State::Merged {
            put.push(Put::Merge(action.id, id));
        }
    }
    if record.plan.panel_grants_dates && action.state_at(today) == State::Open {
        let asked = action
            .revisions
            .iter()
            .filter(|r| !r.is_original() && r.decision.is_none() && r.known_from <= held_on);
        put.extend(asked.map(|r| Put::Extension(action.id, r.id)));
    }
    put
}

fn of_recommendation(record: &Record, recommendation: &Recommendation, held_on: NaiveDate) -> Vec<Put> {
    // What the panel itself agreed to is not put to it again.
    let panels_own = |agreed_by: &str| {
        record.plan.panel.as_deref().is_some_and(|panel| text::fold(agreed_by).contains(&text::fold(panel)))
    };
    recommendation
        .variations
        .iter()
        .filter(|v| v.known_from <= held_on && !panels_own(&v.agreed_by))
        .filter_map(|v| Some(Put::Variation(recommendation.id, v.id?)))
        .collect()
}

/// What was put, in words: "Completion", "March 2018 instead of Jan 2018", "Merge into Aiii", "Variation of recommendation F".
pub fn words(record: &Record, put: Put, today: NaiveDate) -> String {
    match put {
        Put::Completion(action, _) => {
            let state = record.action(action).map(|a| a.state_at(today));
            match state {
                Some(State::CompleteContinuing) => "Completion, continues as business as usual".to_owned(),
                _ => "Completion".to_owned(),
            }
        }
        Put::Extension(action, revision) => {
            format!("{} instead of {}", asked(record, action, revision), deadline(record, action, today))
        }
        Put::Merge(action, change) => format!("Merge into {}", target(record, action, change)),
        Put::Variation(id, _) => format!("Variation of recommendation {}", name(record, id)),
    }
}

/// What follows when the panel says something to it, in a sentence without anybody's reasons: it stands in mails too.
pub fn consequence(record: &Record, put: Put, outcome: Outcome, today: NaiveDate) -> String {
    let (what, agreed, not) = match put {
        Put::Completion(..) => {
            ("Completion".to_owned(), "it is complete for good".to_owned(), "it is open again".to_owned())
        }
        Put::Extension(action, revision) => (
            asked(record, action, revision),
            "it is the deadline now".to_owned(),
            format!("the deadline stays {}", deadline(record, action, today)),
        ),
        Put::Merge(action, change) => (
            format!("Merge into {}", target(record, action, change)),
            "the work goes on there".to_owned(),
            "it is open again".to_owned(),
        ),
        Put::Variation(id, _) => (
            format!("Variation of recommendation {}", name(record, id)),
            "the new wording stands".to_owned(),
            "the old wording stands again".to_owned(),
        ),
    };
    match outcome {
        Outcome::Agreed => format!("{what} agreed: {agreed}"),
        Outcome::NotAgreed => format!("{what} not agreed: {not}"),
        Outcome::Deferred => format!("{what} deferred: it is put to the next meeting again"),
        Outcome::Noted => {
            format!("{what} noted, which is not agreed: it is put to the next meeting again")
        }
    }
}

fn asked(record: &Record, action: ActionId, revision: RevisionId) -> String {
    let asked = record.action(action).and_then(|a| a.revisions.iter().find(|r| r.id == revision));
    asked.map_or_else(|| "Another date".to_owned(), |r| r.wording.clone())
}

fn deadline(record: &Record, action: ActionId, today: NaiveDate) -> String {
    let current = record.action(action).and_then(|a| a.deadline_at(today)).map(|r| r.wording.trim());
    current.filter(|w| !w.is_empty()).map_or_else(|| "without a date".to_owned(), str::to_owned)
}

fn target(record: &Record, action: ActionId, change: StateChangeId) -> String {
    let change = record.action(action).and_then(|a| a.states.iter().find(|s| s.id == Some(change)));
    change.and_then(|c| c.into).map_or_else(|| "another action".to_owned(), |into| record.label(into))
}

/// What a recommendation is called.
pub fn name(record: &Record, id: RecommendationId) -> String {
    let one = record.recommendation(id);
    one.map_or_else(String::new, |r| r.reference.clone().unwrap_or_else(|| text::short_title(&r.text)))
}

/// What the panel said to a date that was asked for, by the end of a day.
pub fn said_to_date(record: &Record, revision: RevisionId, day: NaiveDate) -> Option<&Decided> {
    record.decided.iter().rfind(|d| d.revision == Some(revision) && d.resolution.on <= day)
}

/// What the panel said to a variation, by the end of a day.
pub fn said_to_variation(
    record: &Record,
    variation: Option<VariationId>,
    day: NaiveDate,
) -> Option<&Decided> {
    let variation = variation?;
    record.decided.iter().rfind(|d| d.variation == Some(variation) && d.resolution.on <= day)
}

/// "agreed by the Scrutiny Panel on 19 February 2018, minute awaited"; none: nobody has agreed.
pub fn agreement_words(record: &Record, change: &StateChange) -> Option<String> {
    let agreed = change.agreed.as_ref()?;
    let minute = minute_words(record, change);
    Some(format!("agreed by {} on {}{minute}", agreed.by, text::day(agreed.on)))
}

/// ", minute 17/43"; ", minute awaited" where a resolution agreed to it; nothing where whoever agreed gave none.
pub fn minute_words(record: &Record, change: &StateChange) -> String {
    let resolved = || record.decided.iter().any(|d| change.id.is_some() && d.state_change == change.id);
    match change.agreed.as_ref().map(|agreed| &agreed.minute) {
        Some(Some(minute)) => format!(", minute {minute}"),
        Some(None) if resolved() => ", minute awaited".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        action::Variation,
        decision::Resolution,
        id::ResolutionId,
        sample::{action, agreed, change, day, recommendation, record, revision, with_revisions},
    };

    const MEETING: &str = "2018-02-19";

    fn numbered(id: i64, change: StateChange) -> StateChange {
        StateChange { id: Some(StateChangeId(id)), ..change }
    }

    /// 1 is complete, 2 asks for March, 3 is merged into 2; recommendation 1 was varied.
    fn plan() -> Record {
        let complete =
            Action { states: vec![numbered(11, change(State::Complete, "2018-01-10"))], ..action(1, None) };
        let asks =
            with_revisions(action(2, Some("2018-01-31")), [revision(22, Some("2018-03-31"), "2018-01-12")]);
        let merge = StateChange { into: Some(ActionId(2)), ..change(State::Merged, "2018-01-15") };
        let merged = Action { states: vec![numbered(33, merge)], ..action(3, None) };
        let varied = Recommendation {
            variations: vec![Variation {
                id: Some(VariationId(44)),
                was: "twice a year".to_owned(),
                now: "once a year".to_owned(),
                agreed_by: "The chair".to_owned(),
                agreed_on: None,
                known_from: day("2018-01-20"),
            }],
            ..recommendation(1, None, None)
        };
        Record { recommendations: vec![varied], ..record([complete, asks, merged]) }
    }

    fn decided(put: Put, outcome: Outcome, meeting: i64, on: &str) -> Decided {
        Decided {
            resolution: Resolution {
                id: ResolutionId(meeting),
                meeting: MeetingId(meeting),
                panel: "Panel".to_owned(),
                on: day(on),
                minute: None,
            },
            kind: put.kind(),
            outcome,
            reason: None,
            action: put.action(),
            recommendation: None,
            revision: match put {
                Put::Extension(_, id) => Some(id),
                _ => None,
            },
            state_change: match put {
                Put::Completion(_, id) | Put::Merge(_, id) => Some(id),
                _ => None,
            },
            variation: match put {
                Put::Variation(_, id) => Some(id),
                _ => None,
            },
        }
    }

    fn keys(record: &Record, meeting: i64, held_on: &str) -> Vec<String> {
        put_to(record, MeetingId(meeting), day(held_on), day("2018-02-20"))
            .into_iter()
            .map(Put::key)
            .collect()
    }

    const ALL: [&str; 4] = ["completion-11", "extension-22", "merge-33", "variation-44"];

    #[test]
    fn completions_dates_merges_and_variations_are_put_to_a_meeting() {
        assert_eq!(keys(&plan(), 1, MEETING), ALL);
    }

    #[test]
    fn what_came_after_the_meeting_was_not_put_to_it() {
        assert_eq!(keys(&plan(), 1, "2018-01-12"), ["completion-11", "extension-22"]);
    }

    #[test]
    fn a_plan_that_leaves_completions_and_dates_to_officers_puts_only_merges_and_variations() {
        let mut record = plan();
        record.plan.panel_confirms_completion = false;
        record.plan.panel_grants_dates = false;
        assert_eq!(keys(&record, 1, MEETING), ["merge-33", "variation-44"]);
    }

    #[test]
    fn what_is_settled_is_gone_and_what_is_noted_or_deferred_comes_back_at_the_next_meeting() {
        for outcome in [Outcome::Agreed, Outcome::NotAgreed, Outcome::Deferred, Outcome::Noted] {
            let mut record = plan();
            let all = put_to(&record, MeetingId(1), day(MEETING), day("2018-02-20"));
            record.decided = all.into_iter().map(|put| decided(put, outcome, 1, MEETING)).collect();
            assert_eq!(keys(&record, 1, MEETING), [""; 0], "{outcome:?}: dealt with at this meeting");
            let again = if outcome.is_final() { Vec::new() } else { ALL.to_vec() };
            assert_eq!(keys(&record, 2, "2018-06-04"), again, "{outcome:?}");
        }
    }

    #[test]
    fn what_somebody_else_agreed_or_undid_is_not_put() {
        let mut record = plan();
        let done = record.actions[0].states.pop().unwrap();
        record.actions[0].states.push(agreed(done, "Panel", "2018-02-01"));
        record.actions[2].states.push(change(State::Open, "2018-02-01"));
        record.actions[1].states.push(change(State::NoFurtherAction, "2018-02-01"));
        record.recommendations[0].variations[0].agreed_by = "The Scrutiny Panel, minute 4".to_owned();
        record.plan.panel = Some("Scrutiny Panel".to_owned());
        assert_eq!(keys(&record, 1, MEETING), [""; 0]);
    }

    #[test]
    fn a_plan_whose_monitoring_had_ended_puts_nothing() {
        let mut record = plan();
        record.plan.monitoring_ended_on = Some(day("2018-02-18"));
        assert_eq!(keys(&record, 1, MEETING), [""; 0]);
        record.plan.monitoring_ended_on = Some(day(MEETING));
        assert_eq!(keys(&record, 1, MEETING), ALL, "ended at this meeting");
    }

    #[test]
    fn noted_is_not_agreed_in_words_either() {
        let record = plan();
        let all = put_to(&record, MeetingId(1), day(MEETING), day("2018-02-20"));
        let said = |n: usize, outcome| consequence(&record, all[n], outcome, day("2018-02-20"));
        for (n, outcome, expected) in [
            (0, Outcome::Agreed, "Completion agreed: it is complete for good"),
            (0, Outcome::NotAgreed, "Completion not agreed: it is open again"),
            (0, Outcome::Noted, "Completion noted, which is not agreed: it is put to the next meeting again"),
            (1, Outcome::Agreed, "2018-03-31 agreed: it is the deadline now"),
            (1, Outcome::NotAgreed, "2018-03-31 not agreed: the deadline stays 2018-01-31"),
            (2, Outcome::Deferred, "Merge into A2 deferred: it is put to the next meeting again"),
            (
                3,
                Outcome::NotAgreed,
                "Variation of recommendation That something be done. not agreed: the old wording stands again",
            ),
        ] {
            assert_eq!(said(n, outcome), expected);
        }
    }

    #[test]
    fn an_agreement_from_a_resolution_awaits_its_minute_and_another_does_not() {
        let mut record = plan();
        let put = Put::Completion(ActionId(1), StateChangeId(11));
        record.decided = vec![decided(put, Outcome::Agreed, 1, MEETING)];
        let mut done = agreed(record.actions[0].states[0].clone(), "Panel", MEETING);
        assert_eq!(agreement_words(&record, &record.actions[0].states[0]), None);
        let words = |done: &StateChange| agreement_words(&record, done).unwrap();
        assert_eq!(words(&done), "agreed by Panel on 19 February 2018, minute awaited");
        assert_eq!(words(&StateChange { id: None, ..done.clone() }), "agreed by Panel on 19 February 2018");
        done.agreed.as_mut().unwrap().minute = Some("17/43".to_owned());
        assert_eq!(words(&done), "agreed by Panel on 19 February 2018, minute 17/43");
    }

    #[test]
    fn what_the_panel_said_holds_from_the_day_of_the_meeting() {
        let mut record = plan();
        let put = Put::Variation(RecommendationId(1), VariationId(44));
        record.decided = vec![decided(put, Outcome::NotAgreed, 1, MEETING)];
        let said = |on| said_to_variation(&record, Some(VariationId(44)), day(on)).map(|d| d.outcome);
        assert_eq!((said("2018-02-18"), said(MEETING)), (None, Some(Outcome::NotAgreed)));
    }
}
