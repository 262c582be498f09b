//! What is put to a panel at a meeting: completions, later dates, merges and variations that it has not settled.
//!
//! Worked out from the record, never stored: what the panel defers or notes is put to the next meeting again, and what an
//! officer, another window or a later update has settled is gone from here.

use chrono::NaiveDate;

use super::{
    action::{Action, Recommendation, State, StateChange, Variation},
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
    let panels_own =
        |agreed_by: &str| record.plan.panels.iter().any(|panel| is_agreed_by(agreed_by, &panel.name));
    recommendation
        .variations
        .iter()
        .filter(|v| v.known_from <= held_on && !panels_own(&v.agreed_by))
        .filter_map(|v| Some(Put::Variation(recommendation.id, v.id?)))
        .collect()
}

/// Whether it is a panel that agreed, in the words of whoever wrote it down: its whole name comes first, in whatever capitals,
/// and nothing makes it the name of another. "Executive, on advice of the Scrutiny Panel" is not the panel.
fn is_agreed_by(agreed_by: &str, panel: &str) -> bool {
    let (agreed_by, panel) = (text::fold(agreed_by).to_lowercase(), text::fold(panel).to_lowercase());
    let without_article = |name| str::strip_prefix(name, "the ").unwrap_or(name).to_owned();
    let Some(rest) = without_article(&agreed_by).strip_prefix(&without_article(&panel)).map(str::to_owned)
    else {
        return false;
    };
    let goes_on = ["on ", "at ", "in ", "minute", "and "];
    let next = rest.trim_start();
    match next.chars().next() {
        None | Some(',' | ';' | ':' | '.' | '(' | '–' | '-') => !rest.starts_with('-'),
        Some(_) => rest.starts_with(' ') && goes_on.iter().any(|words| next.starts_with(words)),
    }
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
        Put::Completion(action, _) => {
            let state = record.action(action).map(|a| a.state_at(today));
            let agreed = match state {
                Some(State::CompleteContinuing) => {
                    "it is agreed complete, and continues as business as usual"
                }
                _ => "it is agreed complete",
            };
            ("Completion".to_owned(), agreed.to_owned(), "it is open again".to_owned())
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

/// The refusal of an action's completion that stands at the end of a day: the panel did not agree to it, and nobody has said
/// since that the action is complete.
pub fn refused_completion<'a>(record: &'a Record, action: &Action, day: NaiveDate) -> Option<&'a Decided> {
    let said = record
        .decided
        .iter()
        .rfind(|d| d.action == Some(action.id) && d.kind == Kind::Completion && d.resolution.on <= day);
    said.filter(|d| d.outcome == Outcome::NotAgreed && !action.state_at(day).is_complete())
}

/// What the panel said to a date that was asked for, by the end of a day.
pub fn said_to_date(record: &Record, revision: RevisionId, day: NaiveDate) -> Option<&Decided> {
    record.decided.iter().rfind(|d| d.revision == Some(revision) && d.resolution.on <= day)
}

/// What the panel said to a variation, by the end of a day.
fn said_to_variation(record: &Record, variation: Option<VariationId>, day: NaiveDate) -> Option<&Decided> {
    let variation = variation?;
    record.decided.iter().rfind(|d| d.variation == Some(variation) && d.resolution.on <= day)
}

/// A variation of a recommendation, and what the panel last said to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Varied<'a> {
    /// The variation.
    pub variation: &'a Variation,
    /// What the panel said to it; none: nothing.
    pub said: Option<&'a Decided>,
}

impl Varied<'_> {
    /// Whether the panel did not agree to it: the old wording stands.
    pub fn is_refused(&self) -> bool {
        self.said.is_some_and(|said| said.outcome == Outcome::NotAgreed)
    }

    /// "Not agreed by the Scrutiny Panel on 19 February 2018, minute awaited: the old wording stands"; none: it said nothing.
    pub fn said_words(&self) -> Option<String> {
        let said = self.said?;
        let resolution = &said.resolution;
        let stands = if self.is_refused() { ": the old wording stands" } else { "" };
        let on = text::day(resolution.on);
        let (minute, panel) = (resolution.minute_words(), &resolution.panel);
        Some(format!("{} by {panel} on {on}, {minute}{stands}", said.outcome.words()))
    }
}

/// The variations of a recommendation by the end of a day, oldest first, each with what the panel said to it.
pub fn variations<'a>(
    record: &'a Record,
    one: &'a Recommendation,
    day: NaiveDate,
) -> impl DoubleEndedIterator<Item = Varied<'a>> {
    let known = one.variations.iter().filter(move |variation| variation.known_from <= day);
    known.map(move |variation| Varied { variation, said: said_to_variation(record, variation.id, day) })
}

/// The wording of a recommendation that stands at the end of a day: that of the last variation that was not refused, else its
/// own.
pub fn wording<'a>(record: &'a Record, one: &'a Recommendation, day: NaiveDate) -> &'a str {
    let last = variations(record, one, day).rfind(|varied| !varied.is_refused());
    last.map_or(&one.text, |varied| &varied.variation.now)
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
mod tests;
