//! What the digests say of an open round: to leads, that their updates are due soon; to whoever looks after the plan, every
//! week, how the round stands.
//!
//! That a round has opened is a mail of its own, because a person pressed it: see [`crate::domain::asking`]. A mail that
//! asked for the updates within the same days takes the place of the reminder.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Facts, Ledger,
    gather::{Candidate, Line, Today},
    response,
    to::Recipient,
    week,
};
use crate::domain::{
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
    /// Who is awaited, by post or name, with how many.
    pub missing: Vec<(String, usize)>,
    /// "updates due in 6 working days", "updates were due on 7 February 2018"; none: no day is set.
    pub due: Option<String>,
}

/// How an open round stands on a day in some of its plans, given the records of all.
pub fn stand(
    records: &[Record],
    of: &[&Record],
    round: &Round,
    day: NaiveDate,
    calendar: &Calendar,
) -> RoundStanding {
    let is_of = |record: &Record| of.iter().any(|one| one.plan.id == record.plan.id);
    let mut standing = RoundStanding {
        name: round.label.clone(),
        received: 0,
        expected: 0,
        missing: Vec::new(),
        due: round.updates_due_on.map(|due| due_words(due, day, calendar)),
    };
    for record in of {
        // What says that an action is complete is in as well, though nothing more is expected of it.
        for action in &record.actions {
            match answer(record, action, round, day) {
                Answer::Gap => standing.expected += 1,
                Answer::NotAsked => {}
                _ => {
                    standing.expected += 1;
                    standing.received += 1;
                }
            }
        }
    }
    let mut add = |who: &str, n: usize| match standing.missing.iter_mut().find(|(known, _)| known == who) {
        Some((_, known)) => *known += n,
        None => standing.missing.push((who.to_owned(), n)),
    };
    let asking = asking::asking(records, round, day);
    for Asked { person, posts, actions } in &asking.people {
        match (posts.as_slice(), actions.iter().filter(|wanted| is_of(wanted.record)).count()) {
            (_, 0) => {}
            ([], wanted) => add(&person.name, wanted),
            (posts, wanted) => add(&text::list(posts), wanted),
        }
    }
    let nobody = asking.nobody.iter().filter(|unasked| is_of(unasked.record));
    nobody.for_each(|unasked| add(unasked.action.lead_wording.trim(), 1));
    standing
}

fn due_words(due: NaiveDate, day: NaiveDate, calendar: &Calendar) -> String {
    match calendar.working_days_between(day, due) {
        _ if due < day => format!("updates were due on {}", text::day(due)),
        0 => "updates due today".to_owned(),
        days => format!("updates due in {}", text::plural(days, "working day", "working days")),
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

/// The stage that somebody's mail about an open round has reached: the furthest of those of the plans in which updates are
/// awaited of them, as it is one mail for all.
fn stage_of(
    asked: &Asked<'_>,
    due: NaiveDate,
    day: NaiveDate,
    calendar: &Calendar,
) -> Option<(Rule, NaiveDate)> {
    let stages = asked.actions.iter().filter_map(|wanted| stage(&wanted.record.policy, due, day, calendar));
    stages.min_by_key(|(rule, from)| (*rule != Rule::Second, *from))
}

/// The open rounds of some plans on a day, each once, with its plans.
fn open_rounds(records: &[Record], day: NaiveDate) -> Vec<(Vec<&Record>, &Round)> {
    let mut rounds: BTreeMap<RoundId, (Vec<&Record>, &Round)> = BTreeMap::new();
    for record in records.iter().filter(|record| record.is_monitored(day)) {
        for round in record.rounds.iter().filter(|round| round.state_at(day) == RoundState::Open) {
            rounds.entry(round.id).or_insert((Vec::new(), round)).0.push(record);
        }
    }
    rounds.into_values().collect()
}

/// Who is told every week how a round stands, each once, and in which of its plans: those that they look after, where the plan
/// wants it.
fn told<'a>(
    of_round: &[&'a Record],
    officers: &'a [response::Officer],
    day: NaiveDate,
) -> Vec<(Recipient<'a>, Vec<&'a Record>)> {
    let mut told: Vec<(Recipient<'a>, Vec<&'a Record>)> = Vec::new();
    for record in of_round.iter().filter(|record| record.policy.monday_mail) {
        for to in response::recipients(record, officers, day) {
            match told.iter_mut().find(|(known, _)| known.person.id == to.person.id) {
                Some((_, records)) => records.push(record),
                None => told.push((to, vec![record])),
            }
        }
    }
    told
}

pub(super) fn candidates<'a>(facts: &Facts<'a>, ledger: &Ledger, today: &Today<'_>) -> Vec<Candidate<'a>> {
    let mut candidates = Vec::new();
    for (of_round, round) in open_rounds(facts.records, today.day) {
        due_soon(facts, round, ledger, today, &mut candidates);
        if today.is_weekly {
            progress(facts, &of_round, round, ledger, today, &mut candidates);
        }
    }
    candidates
}

fn due_soon<'a>(
    facts: &Facts<'a>,
    round: &'a Round,
    ledger: &Ledger,
    today: &Today<'_>,
    candidates: &mut Vec<Candidate<'a>>,
) {
    let Some(due_on) = round.updates_due_on else { return };
    for asked in asking::asking(facts.records, round, today.day).people {
        let Some((rule, from)) = stage_of(&asked, due_on, today.day, today.calendar) else { continue };
        let Asked { person, posts, actions } = asked;
        let cause = Cause { person: person.id, round: round.id, rule, occurrence: day_number(due_on) };
        let labels: Vec<String> = actions
            .iter()
            .filter(|wanted| facts.preferences.snooze(person.id, wanted.action.id, today.day).is_none())
            .map(|wanted| wanted.action.label.clone())
            .collect();
        let why_not = if labels.is_empty() {
            "all that is awaited is put off".to_owned()
        } else if ledger.has_round(&cause) {
            "already reminded of the round".to_owned()
        } else if ledger.was_asked_since(person.id, round.id, from) {
            "asked for the round’s updates within these days".to_owned()
        } else {
            String::new()
        };
        candidates.push(Candidate {
            plan: actions.first().map_or("", |wanted| &wanted.record.plan.title),
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
    of_round: &[&'a Record],
    round: &'a Round,
    ledger: &Ledger,
    today: &Today<'_>,
    candidates: &mut Vec<Candidate<'a>>,
) {
    for (to, records) in told(of_round, facts.officers, today.day) {
        let standing = stand(facts.records, &records, round, today.day, today.calendar);
        let cause = Cause {
            person: to.person.id,
            round: round.id,
            rule: Rule::Progress,
            occurrence: week(today.day),
        };
        let due = !ledger.has_round(&cause);
        candidates.push(Candidate {
            plan: records.first().map_or("", |record| &record.plan.title),
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
    /// Updates are awaited of this person.
    Due(&'a Round, Box<Asked<'a>>),
    /// How the round stands in these of its plans.
    Progress(&'a Round, Vec<&'a Record>),
}

impl<'a> Holds<'a> {
    /// The first of the plans.
    pub fn record(&self) -> Option<&'a Record> {
        match self {
            Self::Due(_, asked) => asked.actions.first().map(|wanted| wanted.record),
            Self::Progress(_, records) => records.first().copied(),
        }
    }
}

/// Whether a cause still holds on a day: the re-check before a message is first sent.
pub fn still_holds<'a>(
    records: &'a [Record],
    officers: &'a [response::Officer],
    cause: &Cause,
    day: NaiveDate,
    calendar: &Calendar,
) -> Option<Holds<'a>> {
    let (of_round, round) =
        open_rounds(records, day).into_iter().find(|(_, round)| round.id == cause.round)?;
    if cause.rule == Rule::Progress {
        let mut told = told(&of_round, officers, day).into_iter();
        let (_, records) = told.find(|(to, _)| to.person.id == cause.person)?;
        return (cause.occurrence == week(day)).then_some(Holds::Progress(round, records));
    }
    let due_on = round.updates_due_on.filter(|due| day_number(*due) == cause.occurrence)?;
    let asked = asking::asking(records, round, day).people;
    let asked = asked.into_iter().find(|asked| asked.person.id == cause.person)?;
    let (rule, _) = stage_of(&asked, due_on, day, calendar)?;
    (rule == cause.rule).then(|| Holds::Due(round, Box::new(asked)))
}
