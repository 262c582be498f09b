//! Where each action of a plan stands at the end of a day: its state, its deadline, and what the facts suggest.
//!
//! This is *as at*: what the record said at the end of that day. Nothing here looks at the day on which something was
//! typed in; see [`super::update::counts_from`] for rows that have no day of their own.

use chrono::{Days, NaiveDate};

use super::{
    action::{Action, Decider, Response, Revision, State, StateChange},
    agenda, deadline,
    decision::PanelRating,
    id::ActionId,
    merge,
    paper::{self, Column},
    plan::Record,
    rating::{self, Disagreement, Rating, Suggested, Suggestion},
    round::Round,
    text::{self, plural},
    update::Update,
};

#[cfg(test)]
mod tests;

/// Days before a deadline within which silence is a reason to worry, and days for which an update counts as recent.
pub const WATCH_DAYS: u64 = 28;

/// One action at the end of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The action.
    pub action: &'a Action,
    /// Its state.
    pub state: State,
    /// The change that gave it that state.
    pub change: Option<&'a StateChange>,
    /// The action whose fate it shares: the end of its chain of merges, or itself.
    pub fate: ActionId,
    /// The deadline in force.
    pub deadline: Option<&'a Revision>,
    /// A later or other date that is asked for and not decided.
    pub asked: Option<&'a Revision>,
    /// The latest update.
    pub latest: Option<&'a Update>,
    /// The rating that the latest update reports.
    pub reported: Rating,
    /// What the facts say.
    pub suggestion: Suggestion,
    /// What the panel concluded, where it gave a rating of its own.
    pub panel: Option<&'a PanelRating>,
    /// Whether the deadline in force has passed, whatever became of the action.
    pub passed: bool,
    /// Days overdue: past the deadline, and neither complete, nor merged, nor no further action.
    pub overdue_days: Option<i64>,
    /// The same by the deadline first agreed.
    pub overdue_on_original_days: Option<i64>,
    /// "5 months later than first agreed".
    pub slippage: Option<String>,
}

impl Standing<'_> {
    /// How the reported rating and the facts part.
    pub fn disagreement(&self) -> Option<Disagreement> {
        rating::disagreement(self.reported, self.suggestion.rating)
    }

    /// Whether it is said to be complete, and its lead does not know yet what difference it made.
    pub fn outcome_is_not_known(&self) -> bool {
        let not_known = |u: &Update| u.outcome_not_known && u.outcome.is_none();
        self.state.is_complete() && self.latest.is_some_and(not_known)
    }

    /// Whether updates are expected of it: open, and not of a rejected or noted recommendation.
    pub fn expects_updates(&self) -> bool {
        self.state == State::Open && self.suggestion.rating != Suggested::NotRated
    }
}

/// Where every action stands at the end of a day, in the order of the table; without actions added later.
pub fn stand(record: &Record, day: NaiveDate) -> Vec<Standing<'_>> {
    let there = |action: &&Action| action.added_on.is_none_or(|added| added <= day);
    record.actions.iter().filter(there).map(|action| stand_one(record, action, day)).collect()
}

/// Where one action stands at the end of a day.
pub fn stand_one<'a>(record: &'a Record, action: &'a Action, day: NaiveDate) -> Standing<'a> {
    let change = action.change_at(day);
    let state = change.map_or(State::Open, |c| c.state);
    let deadline = action.deadline_at(day);
    let overdue = |revision: Option<&Revision>| deadline::overdue_days(revision?.latest()?, day);
    let passed = overdue(deadline);
    let latest = action.latest_at(day);
    let is_open = state == State::Open;
    Standing {
        action,
        state,
        change,
        fate: fate_of(record, action, day),
        deadline,
        asked: action.asked_at(day),
        latest,
        reported: latest.map_or(Rating::NotRecorded, |u| u.reported),
        suggestion: suggest(record, action, day),
        panel: action.panel_rating_at(day),
        passed: passed.is_some(),
        overdue_days: passed.filter(|_| is_open),
        overdue_on_original_days: overdue(action.original()).filter(|_| is_open),
        slippage: slippage(action, deadline),
    }
}

/// The action whose fate it shares. Most are not merged, and then nothing is looked up.
fn fate_of(record: &Record, action: &Action, day: NaiveDate) -> ActionId {
    match action.merged_into_at(day) {
        Some(_) => merge::fate(record, action.id, day),
        None => action.id,
    }
}

/// Whether updates are expected of an action at the end of a day: as [`Standing::expects_updates`], for less.
pub fn expects_updates(record: &Record, action: &Action, day: NaiveDate) -> bool {
    action.state_at(day) == State::Open && unrated_response(record, action, day).is_none()
}

fn slippage(action: &Action, current: Option<&Revision>) -> Option<String> {
    deadline::slippage(action.original()?.span?, current?.span?)
}

/// The suggested rating: the first rule that fits, with the rule in words.
pub fn suggest(record: &Record, action: &Action, day: NaiveDate) -> Suggestion {
    let is = |rating, reason: String| Suggestion { rating, reason };

    // 0. Not rated.
    if action.state_at(day) == State::NoFurtherAction {
        return is(Suggested::NotRated, "closed with no further action".to_owned());
    }
    if let Some(response) = unrated_response(record, action, day) {
        let words = response.words().to_lowercase();
        return is(Suggested::NotRated, format!("the recommendation was {words}"));
    }
    // 1. Merged: its target's fate.
    let fate = fate_of(record, action, day);
    if fate != action.id {
        let Some(target) = record.action(fate) else {
            return is(Suggested::NoDate, "merged into an action that is not in this plan".to_owned());
        };
        let theirs = suggest(record, target, day);
        let reason = format!("merged into {}, which is {}", target.label, fate_words(theirs.rating));
        return is(theirs.rating, reason);
    }
    // 2. Complete.
    if let Some(change) = action.change_at(day).filter(|c| c.state.is_complete()) {
        return is(Suggested::Complete, complete_reason(record, change, day));
    }
    let deadline = action.deadline_at(day);
    let latest_day = deadline.and_then(Revision::latest);
    // 3. Past the deadline in force.
    if let Some(days) = latest_day.and_then(|latest| deadline::overdue_days(latest, day)) {
        let days = plural(days, "day", "days");
        let completion = completion_words(record, action, day);
        return is(Suggested::OffTrack, format!("deadline passed {days} ago, {completion}"));
    }
    // 4. The date is moving.
    if let Some(reason) = moving_date(record, action, latest_day, day) {
        return is(Suggested::AtRisk, reason);
    }
    // 5. Due soon, and nothing said lately.
    if let Some(latest) = latest_day
        && (latest - day).num_days() <= WATCH_DAYS as i64
        && !has_recent_update(record, action, day)
    {
        let left = days_to_go(latest, day);
        let silence = match record.open_round_at(day) {
            Some(round) => format!("no update in the open round ({})", round.label),
            None => format!("no update in the last {WATCH_DAYS} days"),
        };
        return is(Suggested::AtRisk, format!("{left}, {silence}"));
    }
    // 6. Two rounds without a word.
    if let Some([earlier, later]) = silent_rounds(record, action, day) {
        return is(Suggested::AtRisk, format!("no update in the last two rounds ({earlier}, {later})"));
    }
    // 7. and 8.
    match latest_day {
        None => is(Suggested::NoDate, no_date_reason(deadline)),
        Some(latest) => is(Suggested::NothingAgainst, days_to_go(latest, day)),
    }
}

/// The response that takes an action's recommendation out of the ratings, if it had been given by then.
fn unrated_response(record: &Record, action: &Action, day: NaiveDate) -> Option<Response> {
    let recommendation = record.recommendation(action.recommendation?)?;
    recommendation
        .response
        .filter(|r| r.is_unrated() && recommendation.response_on.is_none_or(|on| on <= day))
}

fn fate_words(rating: Suggested) -> &'static str {
    match rating {
        Suggested::OffTrack => "off track",
        Suggested::AtRisk => "at risk",
        Suggested::NoDate => "without a date to judge by",
        Suggested::NothingAgainst => "open with nothing against it",
        Suggested::Complete => "complete",
        Suggested::NotRated => "not rated",
    }
}

fn complete_reason(record: &Record, change: &StateChange, day: NaiveDate) -> String {
    let going_on = match change.state {
        State::CompleteContinuing => ", continues as business as usual",
        _ => "",
    };
    match change.agreed.as_ref().filter(|a| a.on <= day) {
        Some(agreed) => {
            let minute = agenda::minute_words(record, change);
            format!("agreed complete by {} on {}{minute}{going_on}", agreed.by, text::day(agreed.on))
        }
        None if record.plan.panel_confirms_completion => {
            format!("reported complete, not yet agreed{going_on}")
        }
        None => format!("reported complete{going_on}"),
    }
}

/// What there is of a completion where the action is open.
fn completion_words(record: &Record, action: &Action, day: NaiveDate) -> &'static str {
    let said = action.latest_at(day).filter(|update| update.reported == Rating::Complete);
    if said.is_some_and(Update::awaits_review) {
        "completion not yet accepted"
    } else if agenda::refused_completion(record, action, day).is_some() {
        "completion not agreed"
    } else {
        "no completion stated"
    }
}

fn moving_date(
    record: &Record,
    action: &Action,
    current: Option<NaiveDate>,
    day: NaiveDate,
) -> Option<String> {
    if let Some(asked) = action.asked_at(day) {
        // A wording without a date asks to be let off the date: no less a reason to look than a later day.
        let is_later = match (current, asked.latest()) {
            (Some(current), Some(wanted)) => wanted > current,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if is_later {
            return Some(format!("{} asked for, not decided", asked.wording));
        }
    }
    let granted: Vec<_> = action.granted_at(day).collect();
    if granted.len() > 1 {
        return Some(format!("the deadline was moved {} times", granted.len()));
    }
    let moved_by_officer = |r: &&Revision| r.decision.as_ref().is_some_and(|d| d.decider == Decider::Officer);
    if record.plan.panel_grants_dates && granted.iter().any(moved_by_officer) {
        return Some(record.words.say("the deadline was moved without the {panel’s} agreement"));
    }
    None
}

fn has_recent_update(record: &Record, action: &Action, day: NaiveDate) -> bool {
    match record.open_round_at(day) {
        Some(open) => has_update_in(action, open, day),
        None => {
            let since = day.checked_sub_days(Days::new(WATCH_DAYS)).unwrap_or(NaiveDate::MIN);
            action.updates_at(day).any(|u| action.place(u).0 >= since)
        }
    }
}

fn has_update_in(action: &Action, round: &Round, day: NaiveDate) -> bool {
    paper::written_in(action, Column::Round(round), day).is_some()
}

/// The labels of the last two closed rounds, if the action was there for both and said nothing in either.
fn silent_rounds<'a>(record: &'a Record, action: &Action, day: NaiveDate) -> Option<[&'a str; 2]> {
    let mut closed = record
        .closed_rounds_at(day)
        .filter(|r| action.added_on.is_none_or(|added| added <= r.counts_from()))
        .rev();
    let (later, earlier) = (closed.next()?, closed.next()?);
    let said_since = action.updates_at(day).any(|u| {
        let first = action.began_as(u);
        first.round.is_none() && first.known_from > earlier.counts_from()
    });
    let said = said_since || [earlier, later].iter().any(|round| has_update_in(action, round, day));
    (!said).then_some([&earlier.label, &later.label])
}

fn no_date_reason(deadline: Option<&Revision>) -> String {
    match deadline.map(|d| d.wording.trim()).filter(|w| !w.is_empty()) {
        Some(wording) => format!("“{wording}” is no date"),
        None => "no deadline is given".to_owned(),
    }
}

/// "55 days to go", "due today".
pub fn days_to_go(latest: NaiveDate, day: NaiveDate) -> String {
    match (latest - day).num_days() {
        0 => "due today".to_owned(),
        days => format!("{} to go", plural(days, "day", "days")),
    }
}
