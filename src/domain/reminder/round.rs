//! What the digests say of an open round: to leads, that their updates are due soon; to whoever looks after the plan, every
//! week, how the round stands.
//!
//! That a round has opened is a mail of its own, because a person pressed it: see [`crate::domain::asking`]. A mail that
//! asked for the updates within the same days takes the place of the reminder.

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::{NaiveDate, Weekday};

use super::{
    Facts, Ledger,
    gather::{Candidate, Line, Today},
    lead_words, looks_until, recipients, response,
    to::Recipient,
    week,
};
use crate::domain::{
    action::Action,
    asking::{self, Asked},
    calendar::Calendar,
    code::coded,
    dashboard::{Answer, answer},
    id::{PersonId, RoundId},
    plan::Record,
    policy::Policy,
    round::{Round, RoundState},
    text,
};

coded! {
    /// Why a digest speaks of a round.
    pub enum Rule {
        /// Updates are due in some working days: 5, unless the plan has another policy.
        First = "first",
        /// The same the second time: 1.
        Second = "second",
        /// How it stands, once a week.
        Progress = "progress",
    }
}

/// Why a mail speaks of a round: unique for ever, like [`super::Cause`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    /// Who is mailed.
    pub person: PersonId,
    /// About which round.
    pub round: RoundId,
    /// Why.
    pub rule: Rule,
    /// For updates the day by which they are due, as a number of days; for the weekly word the week: another day starts anew.
    pub occurrence: i32,
}

impl Cause {
    /// The unique key under which it is recorded.
    pub fn key(&self) -> String {
        let Self { person, round, rule, occurrence } = self;
        format!("person {person} round {round} {} no {occurrence}", rule.code())
    }

    fn subject(&self) -> Subject {
        (self.person, self.round, self.rule)
    }
}

/// About what somebody is mailed, whatever the occurrence.
pub(super) type Subject = (PersonId, RoundId, Rule);

impl Ledger {
    /// Adds one cause that was sent on an office day.
    pub fn record_round(&mut self, cause: &Cause, day: NaiveDate) {
        self.rounds.entry(cause.subject()).or_default().push((day, cause.occurrence));
    }

    fn has_round(&self, cause: &Cause) -> bool {
        self.rounds.get(&cause.subject()).is_some_and(|sent| sent.iter().any(|(_, n)| *n == cause.occurrence))
    }

    fn was_asked_since(&self, person: PersonId, round: RoundId, day: NaiveDate) -> bool {
        self.asked.get(&(person, round)).is_some_and(|days| days.iter().any(|asked| *asked >= day))
    }
}

/// Updates of one person that are due soon for a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Why it is there.
    pub cause: Cause,
    /// What the round is called.
    pub name: String,
    /// By the end of which day they are due.
    pub due_on: NaiveDate,
    /// The labels of the actions.
    pub labels: Vec<String>,
}

impl Due {
    /// What it is: "Updates for March 2018".
    pub fn label(&self) -> String {
        format!("Updates for {}", self.name)
    }
}

/// How an open round stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Why it is there.
    pub cause: Cause,
    /// How it stands.
    pub standing: RoundStanding,
}

impl Progress {
    /// What it is: "How March 2018 stands".
    pub fn label(&self) -> String {
        format!("How {} stands", self.standing.name)
    }
}

/// How an open round stands on a day: "14 of 22 in; awaited from ...; updates due in 6 working days".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundStanding {
    /// What the round is called.
    pub name: String,
    /// Updates that are in.
    pub received: usize,
    /// Those that are in or awaited.
    pub expected: usize,
    /// Who is awaited, by post or name, with how many; whoever leads jointly together, so that the sums agree.
    pub missing: Vec<(String, usize)>,
    /// "updates due in 6 working days, by Wednesday 7 February 2018"; none: no day is set.
    pub due: Option<String>,
}

/// How an open round stands on a day, in some of its plans.
pub fn stand(records: &[&Record], round: &Round, day: NaiveDate, calendar: &Calendar) -> RoundStanding {
    let mut standing = RoundStanding {
        name: round.label.clone(),
        received: 0,
        expected: 0,
        missing: Vec::new(),
        due: round.updates_due_on.map(|due| due_words(due, day, calendar)),
    };
    let mut missing: BTreeMap<String, usize> = BTreeMap::new();
    for record in records {
        // What says that an action is complete is in as well, though nothing more is expected of it.
        for action in &record.actions {
            match answer(record, action, round, day) {
                Answer::Gap => {
                    standing.expected += 1;
                    *missing.entry(awaited_from(record, action, day)).or_default() += 1;
                }
                Answer::NotAsked => {}
                _ => {
                    standing.expected += 1;
                    standing.received += 1;
                }
            }
        }
    }
    standing.missing = missing.into_iter().collect();
    standing
}

/// Of whom an update is awaited: "LSCB Manager"; where several lead jointly, of them together, as one is enough.
fn awaited_from(record: &Record, action: &Action, day: NaiveDate) -> String {
    let to = recipients(record, action, day);
    let mut names: Vec<&str> = to.people.iter().map(|to| to.post.unwrap_or(&to.person.name)).collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [] => lead_words(action),
        [one] => (*one).to_owned(),
        several => format!("{} jointly", text::list(several)),
    }
}

fn due_words(due: NaiveDate, day: NaiveDate, calendar: &Calendar) -> String {
    let on = text::weekday_day(due);
    match calendar.working_days_between(day, due) {
        _ if due < day => format!("updates were due by {on}"),
        0 => format!("updates due today, {on}"),
        days => format!("updates due in {}, by {on}", text::plural(days, "working day", "working days")),
    }
}

/// The stage that an open round has reached, with the day on which it began; none: too early, or over.
fn stage(policy: &Policy, due: NaiveDate, day: NaiveDate, calendar: &Calendar) -> Option<(Rule, NaiveDate)> {
    let aim = calendar.last_working_day_on_or_before(due);
    let begins = |days: Option<u32>| Some(calendar.subtract_working_days(aim, days? as usize));
    let second = begins(policy.round_second_working_days).map(|from| (Rule::Second, from));
    let first = begins(policy.round_first_working_days).map(|from| (Rule::First, from));
    if day > due { None } else { second.into_iter().chain(first).find(|(_, from)| *from <= day) }
}

/// The stage that a round will have reached by the end of a reader's week, as far as that lies before the updates are due.
fn stage_by(
    policy: &Policy,
    due: NaiveDate,
    (day, until): (NaiveDate, NaiveDate),
    calendar: &Calendar,
) -> Option<(Rule, NaiveDate)> {
    let on = if day > due { day } else { until.min(due) };
    match stage(policy, due, on, calendar)? {
        // The mail of the next week comes before the updates are due, and says it.
        (Rule::Second, from) if from > day && due > until => {
            stage(policy, due, from.pred_opt()?.max(day), calendar)
        }
        reached => Some(reached),
    }
}

/// The stage for somebody: in each plan by its own policy; who is asked in several is reminded of all of theirs at once, by the
/// plan that is furthest.
fn stage_for(
    asked: &Asked<'_>,
    due: NaiveDate,
    days: (NaiveDate, NaiveDate),
    calendar: &Calendar,
) -> Option<(Rule, NaiveDate)> {
    let stages = asked.actions.iter().filter_map(|w| stage_by(&w.record.policy, due, days, calendar));
    stages.max_by_key(|(rule, from)| (*rule, Reverse(*from)))
}

/// The open rounds on a day, each with those of its plans that are monitored.
fn open_rounds(records: &[Record], day: NaiveDate) -> Vec<(&Round, Vec<&Record>)> {
    let mut rounds: BTreeMap<RoundId, (&Round, Vec<&Record>)> = BTreeMap::new();
    for record in records.iter().filter(|record| record.is_monitored(day)) {
        for round in record.rounds.iter().filter(|round| round.state_at(day) == RoundState::Open) {
            rounds.entry(round.id).or_insert((round, Vec::new())).1.push(record);
        }
    }
    rounds.into_values().collect()
}

/// Who is told how a round stands, each with those of its plans that they look after: they hear of no other.
fn told<'a>(
    records: &[&'a Record],
    officers: &'a [response::Officer],
    day: NaiveDate,
) -> BTreeMap<PersonId, (Recipient<'a>, Vec<&'a Record>)> {
    let mut told: BTreeMap<PersonId, (Recipient<'a>, Vec<&'a Record>)> = BTreeMap::new();
    for record in records.iter().copied().filter(|record| record.policy.monday_mail) {
        for to in response::recipients(record, officers, day) {
            told.entry(to.person.id).or_insert((to, Vec::new())).1.push(record);
        }
    }
    told
}

pub(super) fn candidates<'a>(facts: &Facts<'a>, ledger: &Ledger, today: &Today<'_>) -> Vec<Candidate<'a>> {
    let mut candidates = Vec::new();
    for (round, records) in open_rounds(facts.records, today.day) {
        due_soon(&records, round, ledger, today, &mut candidates);
        if today.is_weekly {
            progress(facts, &records, round, ledger, today, &mut candidates);
        }
    }
    candidates
}

fn due_soon<'a>(
    records: &[&'a Record],
    round: &Round,
    ledger: &Ledger,
    today: &Today<'_>,
    candidates: &mut Vec<Candidate<'a>>,
) {
    let Some(due_on) = round.updates_due_on.filter(|due| today.day <= *due) else { return };
    // Nobody’s mail looks further than to the end of the week.
    let furthest = today.day.week(Weekday::Mon).last_day().min(due_on);
    if records.iter().all(|record| stage(&record.policy, due_on, furthest, today.calendar).is_none()) {
        return;
    }
    for mut asked in asking::asking(records.iter().copied(), round, today.day).people {
        let until = looks_until(today.preferences, asked.person.id, today.day, today.calendar);
        let stage = stage_for(&asked, due_on, (today.day, until), today.calendar);
        let Some((rule, from)) = stage else { continue };
        let Some(plan) = asked.actions.first().map(|wanted| &wanted.record.plan.title) else { continue };
        asked.actions.retain(|wanted| wanted.put_off.is_none());
        let Asked { person, posts, actions } = asked;
        let cause = Cause { person: person.id, round: round.id, rule, occurrence: day_number(due_on) };
        let labels: Vec<String> = actions.iter().map(|wanted| wanted.action.label.clone()).collect();
        let why_not = if labels.is_empty() {
            "all that is awaited is put off".to_owned()
        } else if ledger.has_round(&cause) {
            "already reminded of the round".to_owned()
        } else if ledger.was_asked_since(person.id, round.id, from.min(today.day)) {
            "asked for the round’s updates within these days".to_owned()
        } else {
            String::new()
        };
        candidates.push(Candidate {
            plan,
            person,
            post: posts.first().copied(),
            line: Line::Due(Due { cause, name: round.label.clone(), due_on, labels }),
            due: why_not.is_empty(),
            listed: false,
            why_not,
        });
    }
}

fn progress<'a>(
    facts: &Facts<'a>,
    records: &[&'a Record],
    round: &Round,
    ledger: &Ledger,
    today: &Today<'_>,
    candidates: &mut Vec<Candidate<'a>>,
) {
    for (to, plans) in told(records, facts.officers, today.day).into_values() {
        let Some(first) = plans.first() else { continue };
        let cause = Cause {
            person: to.person.id,
            round: round.id,
            rule: Rule::Progress,
            occurrence: week(today.day),
        };
        let due = !ledger.has_round(&cause);
        let standing = stand(&plans, round, today.day, today.calendar);
        // Of a round that asks for nothing there is nothing to tell.
        if standing.expected == 0 {
            continue;
        }
        candidates.push(Candidate {
            plan: &first.plan.title,
            person: to.person,
            post: to.post,
            line: Line::Progress(Progress { cause, standing }),
            due,
            listed: false,
            why_not: "told this week".to_owned(),
        });
    }
}

fn day_number(day: NaiveDate) -> i32 {
    chrono::Datelike::num_days_from_ce(&day)
}

/// What a cause about a round still means on a day, for the message that carries it.
pub enum Holds<'a> {
    /// Updates are awaited of this person, who has not put them off.
    Due(&'a Round, Box<Asked<'a>>),
    /// How the round stands in these plans.
    Progress(&'a Round, Vec<&'a Record>),
}

/// Whether a cause still holds on a day: the re-check before a message is first sent.
pub fn still_holds<'a>(
    records: &'a [Record],
    officers: &'a [response::Officer],
    cause: &Cause,
    day: NaiveDate,
    calendar: &Calendar,
) -> Option<Holds<'a>> {
    let (round, records) =
        open_rounds(records, day).into_iter().find(|(round, _)| round.id == cause.round)?;
    if cause.rule == Rule::Progress {
        let (_, plans) = told(&records, officers, day).remove(&cause.person)?;
        let tells = cause.occurrence == week(day) && stand(&plans, round, day, calendar).expected > 0;
        return tells.then_some(Holds::Progress(round, plans));
    }
    let due_on = round.updates_due_on.filter(|due| day_number(*due) == cause.occurrence)?;
    let asked = asking::asking(records, round, day).people;
    let mut asked = asked.into_iter().find(|asked| asked.person.id == cause.person)?;
    let preferences = asked.actions.first().map(|wanted| &wanted.record.preferences)?;
    // The stage of the day itself too, as for a deadline.
    let holds = [looks_until(preferences, cause.person, day, calendar), day]
        .into_iter()
        .filter_map(|until| stage_for(&asked, due_on, (day, until), calendar))
        .any(|(rule, _)| rule == cause.rule);
    asked.actions.retain(|wanted| wanted.put_off.is_none());
    (holds && !asked.actions.is_empty()).then(|| Holds::Due(round, Box::new(asked)))
}

#[cfg(test)]
mod tests;
