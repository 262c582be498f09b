//! Which reminders are due on a day: by the plan's policy, to whom, and why not.
//!
//! Pure: the facts ([`Facts`]) and what was sent before (the [`Ledger`]) go in, the day's mails come out. Whether a mail goes
//! out is decided here and nowhere else; the outbox only carries what this file asks for.
//!
//! - Here: the stages of a deadline, and what an action asks for on a day.
//! - [`to`]: whom it asks. `gather`: what becomes of it in one person's mail, by what they have chosen.
//! - [`response`], [`round`], [`escalation`], [`notice`]: what else a mail can be about.
//!
//! # The default policy
//!
//! Before a deadline: 14 days before, 3 working days before, and on the day. A day that is no working day moves to the next
//! one; the deadline itself to the last working day on or before it. After it: on the first working day, then on
//! the first working day at least 7 days after the last mail that listed it, five mails in all. Every other mail to a person
//! lists what of theirs is overdue too, and that counts. A plan can have another: see [`Policy`].
//!
//! # Why a stage and not a list of dates
//!
//! On every day an action has reached exactly one stage ([`Rule`]). Only that stage can be due, and it is due until it
//! has been sent. So a worker that slept for a month catches up with one line per action, a reminder before a deadline
//! that has passed is dropped because its stage is over, and a re-run finds everything sent. What somebody's choices hold
//! back (a weekly mail, three mails a week, school holidays) is caught up in the same way, by the next mail that may go. A
//! weekly mail asks for the stage that will be reached by the end of its week: nobody hears of it in between.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{
    action::{Action, State},
    calendar::Calendar,
    code::coded,
    id::{ActionId, PersonId, PlanId, RevisionId, RoundId},
    plan::Record,
    policy::Policy,
    post::{Lead, Person},
    preference::{Frequency, Preferences},
    standing::{self, Standing},
    text::{self, plural},
};

pub use gather::chosen_against;
use gather::{Candidate, Line, Today};
use to::Recipient;
pub use to::recipients;

#[cfg(test)]
mod choice_tests;
pub mod escalation;
mod gather;
pub mod notice;
pub mod response;
pub mod round;
#[cfg(test)]
mod tests;
pub mod to;

coded! {
    /// The stages of a deadline, as far as mail goes.
    pub enum Rule {
        /// Some days before: 14, unless the plan has another policy.
        First = "first",
        /// Some working days before: 3.
        Second = "second",
        /// On the day.
        Today = "today",
        /// After it.
        Overdue = "overdue",
        /// So long after it that it stands in the manager’s weekly mail; the occurrence is the week.
        Listed = "listed",
        /// So long after it that the manager gets a mail of its own, and the lead a copy.
        Escalated = "escalated",
    }
}

/// Why a mail is sent: unique for ever. Two mails never carry the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    /// Who is mailed.
    pub person: PersonId,
    /// About which action.
    pub action: ActionId,
    /// At which stage.
    pub rule: Rule,
    /// Of which deadline: a granted revision starts anew.
    pub revision: RevisionId,
    /// 1; for overdue mails counted; for weekly ones the week ([`week`]).
    pub occurrence: i32,
}

impl Cause {
    /// The unique key under which it is recorded.
    pub fn key(&self) -> String {
        let Self { person, action, rule, revision, occurrence } = self;
        format!("person {person} action {action} {} deadline {revision} no {occurrence}", rule.code())
    }
}

/// About what somebody is mailed, whatever the occurrence.
type Subject = (PersonId, ActionId, RevisionId, Rule);

/// What has been sent (or is queued): causes with their days.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Day and occurrence of each.
    sent: BTreeMap<Subject, Vec<(NaiveDate, i32)>>,
    /// The same of mails about responses.
    responses: BTreeMap<response::Subject, Vec<(NaiveDate, i32)>>,
    /// The same of what the digests said of rounds.
    rounds: BTreeMap<round::Subject, Vec<(NaiveDate, i32)>>,
    /// The days on which somebody was mailed about a round because a person pressed it.
    asked: BTreeMap<(PersonId, RoundId), Vec<NaiveDate>>,
    /// The days on which somebody had a digest.
    digests: BTreeMap<PersonId, BTreeSet<NaiveDate>>,
    /// The days on which somebody's digest did not go out.
    missed: BTreeMap<PersonId, BTreeSet<NaiveDate>>,
}

impl Ledger {
    /// Adds one cause that was sent on an office day.
    pub fn record(&mut self, cause: &Cause, day: NaiveDate) {
        let key = (cause.person, cause.action, cause.revision, cause.rule);
        self.sent.entry(key).or_default().push((day, cause.occurrence));
    }

    /// Adds that somebody had a digest on an office day.
    pub fn record_digest(&mut self, person: PersonId, day: NaiveDate) {
        self.digests.entry(person).or_default().insert(day);
    }

    /// Adds that somebody's digest of an office day did not go out, or that one of an earlier day went instead: what comes once a
    /// week comes on a later day.
    pub fn record_missed(&mut self, person: PersonId, day: NaiveDate) {
        self.missed.entry(person).or_default().insert(day);
    }

    /// Adds that somebody was mailed about a round on an office day because a person pressed it.
    pub fn record_asked(&mut self, person: PersonId, round: RoundId, day: NaiveDate) {
        self.asked.entry((person, round)).or_default().push(day);
    }

    /// Adds a digest with all that is in it.
    fn record_all(&mut self, digest: &Digest, day: NaiveDate) {
        self.record_digest(digest.person.id, day);
        digest.items.iter().chain(&digest.escalated).for_each(|item| self.record(&item.cause, day));
        digest.responses.iter().for_each(|item| self.record_response(&item.cause, day));
        digest.rounds.iter().for_each(|due| self.record_round(&due.cause, day));
        digest.progress.iter().for_each(|progress| self.record_round(&progress.cause, day));
    }

    fn of(
        &self,
        person: PersonId,
        action: ActionId,
        revision: RevisionId,
        rule: Rule,
    ) -> &[(NaiveDate, i32)] {
        self.sent.get(&(person, action, revision, rule)).map_or(&[], Vec::as_slice)
    }
}

/// One line of a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Why it is there.
    pub cause: Cause,
    /// The plan.
    pub plan: PlanId,
    /// The action's label.
    pub label: String,
    /// The last day of the deadline in force.
    pub latest: NaiveDate,
    /// "overdue by 68 days", "due in 14 days", "due today".
    pub reason: String,
    /// Set where they are asked instead of the lead: see [`to::Recipient::instead_of`].
    pub instead_of: Option<String>,
}

/// One mail to one person on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// To whom.
    pub person: Person,
    /// The posts for which they get it, by name.
    pub posts: Vec<String>,
    /// Overdue first, the longest first; then by date.
    pub items: Vec<Item>,
    /// What they are told: questions, returned updates, new actions, decisions; the oldest first.
    pub notices: Vec<notice::Notice>,
    /// The rounds for which their updates are due soon.
    pub rounds: Vec<round::Due>,
    /// The executive responses that are awaited, in the same order as the actions.
    pub responses: Vec<response::Item>,
    /// How the open rounds stand that they look after.
    pub progress: Vec<round::Progress>,
    /// What others leave overdue, the longest first.
    pub escalated: Vec<Item>,
}

/// An action about which somebody gets no mail on the day, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoMail {
    /// The person, or the lead as the plan words it where it is nobody's.
    pub who: String,
    /// The same person; none: it is nobody's.
    pub person: Option<PersonId>,
    /// The plan's title.
    pub plan: String,
    /// The action's label, or that it is about a response.
    pub label: String,
    /// Why, in words.
    pub why: String,
}

/// What a day brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// The mails, by name of the person.
    pub digests: Vec<Digest>,
    /// Word to managers of what stays overdue, and its copies to the leads.
    pub escalations: Vec<escalation::Escalation>,
    /// What is not sent, and why.
    pub none: Vec<NoMail>,
}

/// The stage that a deadline has reached on a day; none: too early, or the policy has no mail for it.
pub fn stage(policy: &Policy, latest: NaiveDate, day: NaiveDate, calendar: &Calendar) -> Option<Rule> {
    if day > latest {
        return Some(Rule::Overdue);
    }
    let [first, second, on_the_day] = policy.days_before(latest, calendar);
    let stages = [(Rule::Today, on_the_day), (Rule::Second, second), (Rule::First, first)];
    stages.into_iter().find(|(_, from)| from.is_some_and(|from| day >= from)).map(|(rule, _)| rule)
}

/// The stage that a deadline will have reached by a day, as far as that lies before it; what is over is over today.
fn stage_by(
    policy: &Policy,
    latest: NaiveDate,
    day: NaiveDate,
    until: NaiveDate,
    calendar: &Calendar,
) -> Option<Rule> {
    let on = if day > latest { day } else { until.min(latest) };
    stage(policy, latest, on, calendar)
}

/// The day up to which somebody's mail of a day looks: who gets one a week is asked for all that falls due in it.
fn looks_until(
    preferences: &Preferences,
    person: PersonId,
    day: NaiveDate,
    calendar: &Calendar,
) -> NaiveDate {
    match preferences.frequency(person) {
        Frequency::Weekly => {
            calendar.last_working_day_on_or_before(day.week(Weekday::Mon).last_day()).max(day)
        }
        Frequency::Normal | Frequency::Off => day,
    }
}

/// The number of a week, counted from a Monday long ago: what is sent once a week carries it.
pub fn week(day: NaiveDate) -> i32 {
    // 1 January of the year 1 was a Monday.
    (day.num_days_from_ce() - 1).div_euclid(7)
}

/// Whether what comes once a week comes on a day for anybody, given what was sent, and the day for which mails were worked out
/// last before.
pub fn is_weekly(ledger: &Ledger, day: NaiveDate, last_run: Option<NaiveDate>, calendar: &Calendar) -> bool {
    let none = BTreeSet::new();
    ledger.missed.values().chain([&none]).any(|missed| {
        [false, true].into_iter().any(|in_term| is_weekly_but(missed, in_term, day, last_run, calendar))
    })
}

/// Whether a day is the first working day of its week, or that is caught up on it. Left out are days on which somebody's mail
/// could not go, and school holidays and first school days for those who want mail in term time only.
fn is_weekly_but(
    missed: &BTreeSet<NaiveDate>,
    in_term: bool,
    day: NaiveDate,
    last_run: Option<NaiveDate>,
    calendar: &Calendar,
) -> bool {
    let counts = |day: &NaiveDate| {
        calendar.is_working_day(*day)
            && !missed.contains(day)
            && (!in_term || calendar.mails_schools_on(*day))
    };
    let first = day.week(Weekday::Mon).first_day().iter_days().take(7).find(counts);
    first.is_some_and(|first| first <= day && last_run.is_none_or(|last| last < first))
}

/// Why an overdue action brings no mail for now, if so.
fn quiet(record: &Record, standing: &Standing<'_>, latest: NaiveDate, day: NaiveDate) -> Option<String> {
    if let Some(asked) = standing.asked
        && asked.latest().is_none_or(|wanted| wanted > latest)
    {
        return Some(format!("{} asked for, not decided", asked.wording));
    }
    let written = standing.action.updates_at(day).filter_map(|u| u.written_on).max()?;
    let until = written.checked_add_days(Days::new(record.policy.quiet_days.into()))?;
    let round_opened =
        record.rounds.iter().any(|r| r.opened_on.is_some_and(|opened| written < opened && opened <= day));
    (written > latest && day <= until && !round_opened)
        .then(|| format!("updated on {}: quiet until {}", text::day(written), text::day(until)))
}

/// What an action asks for on a day, before anything is known of what was sent.
#[derive(Clone)]
enum Asks {
    Nothing(String),
    /// Its first reminder is of that day.
    Later {
        begins: NaiveDate,
        latest: NaiveDate,
    },
    Mail {
        rule: Rule,
        revision: RevisionId,
        latest: NaiveDate,
    },
}

/// `until` is as [`looks_until`] has it.
fn asks(record: &Record, action: &Action, day: NaiveDate, until: NaiveDate, calendar: &Calendar) -> Asks {
    let nothing = |why: &str| Asks::Nothing(why.to_owned());
    if record.plan.monitoring_ended_on.is_some_and(|ended| ended <= day) {
        return nothing("monitoring has ended");
    }
    let standing = standing::stand_one(record, action, day);
    match standing.state {
        State::Open => {}
        State::Merged => {
            return Asks::Nothing(format!("merged into {}", record.label(standing.fate)));
        }
        State::Complete | State::CompleteContinuing => return nothing("complete"),
        State::NoFurtherAction => return nothing("no further action"),
    }
    if !standing.expects_updates() {
        return Asks::Nothing(standing.suggestion.reason);
    }
    let Some((revision, latest)) = standing.deadline.and_then(|r| Some((r.id, r.latest()?))) else {
        return nothing("no date that could come near");
    };
    let Some(rule) = stage_by(&record.policy, latest, day, until, calendar) else {
        let begins = record.policy.days_before(latest, calendar).into_iter().flatten().min();
        return match begins.filter(|begins| *begins > day) {
            Some(begins) => Asks::Later { begins, latest },
            None => Asks::Nothing(format!(
                "{}; the plan’s policy has no reminder before it",
                standing::days_to_go(latest, day)
            )),
        };
    };
    if rule == Rule::Overdue
        && let Some(why) = quiet(record, &standing, latest, day)
    {
        return Asks::Nothing(format!("overdue, but {why}"));
    }
    Asks::Mail { rule, revision, latest }
}

impl Asks {
    /// What is to be mailed of which deadline, with its last day; else why nothing is. `mailed_on` says on which day somebody is
    /// mailed of what begins on one; none: never.
    fn mail(
        self,
        day: NaiveDate,
        mailed_on: impl Fn(NaiveDate) -> Option<NaiveDate>,
    ) -> Result<(Rule, RevisionId, NaiveDate), String> {
        match self {
            Self::Mail { rule, revision, latest } => Ok((rule, revision, latest)),
            Self::Nothing(why) => Err(why),
            Self::Later { begins, latest } => {
                let first = mailed_on(begins).map_or_else(
                    || gather::OFF.to_owned(),
                    |first| format!("first reminder on {}", text::day(first)),
                );
                Err(format!("{}; {first}", standing::days_to_go(latest, day)))
            }
        }
    }
}

/// Whether a cause that was queued earlier still holds on a day: the re-check before a message is first sent.
pub fn still_holds(records: &[Record], cause: &Cause, day: NaiveDate, calendar: &Calendar) -> bool {
    let Some((record, action)) =
        records.iter().find_map(|r| r.action(cause.action).map(|action| (r, action)))
    else {
        return false;
    };
    let until = looks_until(&record.preferences, cause.person, day, calendar);
    let Asks::Mail { rule, revision, latest } = asks(record, action, day, until, calendar) else {
        return false;
    };
    if revision != cause.revision {
        return false;
    }
    match cause.rule {
        Rule::Listed | Rule::Escalated => {
            rule == Rule::Overdue && escalation::still_holds(record, action, cause, latest, day, calendar)
        }
        of_deadline => {
            // Who has chosen one mail a week since it was queued for this day is not asked about it again in the week.
            let reached = [Some(rule), stage(&record.policy, latest, day, calendar)];
            reached.contains(&Some(of_deadline)) && recipients(record, action, day).include(cause.person)
        }
    }
}

/// The cause under which an overdue action is listed in another mail to a person on a day: a mail that lists it counts as one
/// of the overdue mails. None: it is not overdue, is quiet, or has had its mails.
pub fn listed_overdue(
    record: &Record,
    action: &Action,
    person: PersonId,
    ledger: &Ledger,
    calendar: &Calendar,
    day: NaiveDate,
) -> Option<Cause> {
    let Asks::Mail { rule: rule @ Rule::Overdue, revision, .. } = asks(record, action, day, day, calendar)
    else {
        return None;
    };
    let sent = ledger.of(person, action.id, revision, rule);
    let occurrence = next_occurrence(sent);
    (sent.len() < record.policy.overdue_mails as usize).then_some(Cause {
        person,
        action: action.id,
        rule,
        revision,
        occurrence,
    })
}

/// After the highest, not after the number: one that was withdrawn leaves a gap.
fn next_occurrence(sent: &[(NaiveDate, i32)]) -> i32 {
    sent.iter().map(|(_, n)| *n).max().unwrap_or(0).saturating_add(1)
}

/// What the mails of a day follow from.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The live plans, or at least what of them could bring a mail.
    pub records: &'a [Record],
    /// The scrutiny officers.
    pub officers: &'a [response::Officer],
    /// What people are to be told.
    pub notices: &'a [notice::Notice],
    /// What everybody has chosen.
    pub preferences: &'a Preferences,
    /// The council's working days.
    pub calendar: &'a Calendar,
}

/// What is due on a day, given what was sent, and the day for which that was worked out last before (on which weekly mails
/// depend: one that was missed on its day goes on the next).
///
/// On a day that is no working day nothing is due, and the schedule says so.
pub fn schedule(facts: &Facts<'_>, ledger: &Ledger, day: NaiveDate, last_run: Option<NaiveDate>) -> Schedule {
    let mut schedule = Schedule::default();
    let today = Today::of(facts, ledger, day, last_run);
    let mut by_person = ByPerson::new();
    for record in facts.records {
        for action in &record.actions {
            let to = recipients(record, action, day);
            let asked_today = asks(record, action, day, day, facts.calendar);
            if to.people.is_empty() {
                let why = match asked_today.mail(day, Some) {
                    Err(why) => why,
                    Ok(_) => format!("{}, and the plan has no manager to ask", to.nobody.unwrap_or_default()),
                };
                schedule.none.push(no_mail(record, action, None, why));
                continue;
            }
            if let Asks::Mail { rule: Rule::Overdue, revision, latest } = asked_today {
                let overdue = Overdue { record, action, revision, latest };
                escalation::candidates(&overdue, &to, ledger, &today)
                    .into_iter()
                    .for_each(|c| add(&mut by_person, c));
                escalation::mails(&overdue, &to, ledger, &today, &mut schedule.escalations);
            }
            for Recipient { person, post, instead_of, put_off, .. } in to.people {
                let until = looks_until(facts.preferences, person.id, day, facts.calendar);
                let asks = if until == day {
                    asked_today.clone()
                } else {
                    asks(record, action, day, until, facts.calendar)
                };
                let asked = asks.mail(day, |begins| today.mailed_on(person.id, begins));
                let (rule, revision, latest) = match asked {
                    Ok(mail) => mail,
                    Err(why) => {
                        schedule.none.push(no_mail(record, action, Some(person), why));
                        continue;
                    }
                };
                let sent = ledger.of(person.id, action.id, revision, rule);
                let (due, why_not) = due_now(&record.policy, rule, sent, day);
                let goes_on = rule == Rule::Overdue && sent.len() < record.policy.overdue_mails as usize;
                let (due, why_not) = match put_off {
                    Some(snooze) => {
                        (false, format!("put off until {}: {}", text::day(snooze.until), snooze.reason))
                    }
                    // Every week is every week, also where a bank holiday makes it six days.
                    None => (due || (goes_on && today.is_only_mail_since(person.id, sent)), why_not),
                };
                // What is overdue and has not had its mails is listed with whatever else is due.
                let listed = rule == Rule::Overdue
                    && put_off.is_none()
                    && sent.len() < record.policy.overdue_mails as usize;
                let occurrence = next_occurrence(sent);
                let candidate = Candidate {
                    plan: &record.plan.title,
                    person,
                    post,
                    line: Line::Action(Item {
                        cause: Cause { person: person.id, action: action.id, rule, revision, occurrence },
                        plan: record.plan.id,
                        label: action.label.clone(),
                        latest,
                        reason: reason(rule, latest, day, facts.calendar),
                        instead_of,
                    }),
                    listed,
                    due,
                    why_not,
                };
                add(&mut by_person, candidate);
            }
        }
        response::candidates(record, facts.officers, ledger, &today)
            .into_iter()
            .for_each(|c| add(&mut by_person, c));
    }
    round::candidates(facts, ledger, &today).into_iter().for_each(|c| add(&mut by_person, c));
    facts
        .notices
        .iter()
        .map(|notice| notice::candidate(notice, facts.records, day))
        .for_each(|c| add(&mut by_person, c));
    for candidates in by_person.into_values() {
        gather::gather(candidates, &today, &mut schedule);
    }
    schedule.digests.sort_by(|a, b| (&a.person.name, a.person.id).cmp(&(&b.person.name, b.person.id)));
    schedule
}

type ByPerson<'a> = BTreeMap<PersonId, Vec<Candidate<'a>>>;

fn add<'a>(by_person: &mut ByPerson<'a>, candidate: Candidate<'a>) {
    by_person.entry(candidate.person.id).or_default().push(candidate);
}

/// An overdue action, with what makes it so.
struct Overdue<'a> {
    record: &'a Record,
    action: &'a Action,
    revision: RevisionId,
    latest: NaiveDate,
}

fn due_now(policy: &Policy, rule: Rule, sent: &[(NaiveDate, i32)], day: NaiveDate) -> (bool, String) {
    let last = sent.iter().map(|(day, _)| day).max();
    if rule == Rule::Overdue && sent.len() >= policy.overdue_mails as usize {
        let why = match policy.overdue_mails {
            0 => "overdue: the plan’s policy has no mail after the deadline".to_owned(),
            mails => format!("overdue: {} sent, now on the manager’s list", plural(mails, "mail", "mails")),
        };
        return (false, why);
    }
    match (rule, last) {
        (_, None) => (true, String::new()),
        (Rule::Overdue, Some(last)) => (
            (day - *last).num_days() >= policy.overdue_every_days.into(),
            format!("overdue: last mailed on {}", text::day(*last)),
        ),
        (_, Some(last)) => (false, format!("already reminded on {}", text::day(*last))),
    }
}

/// Why it is in the mail, in words: "overdue by 68 days", "due in 14 days".
pub fn reason(rule: Rule, latest: NaiveDate, day: NaiveDate, calendar: &Calendar) -> String {
    let left = (latest - day).num_days();
    match rule {
        Rule::Overdue | Rule::Listed | Rule::Escalated => {
            format!("overdue by {}", plural(-left, "day", "days"))
        }
        Rule::Today if left == 0 => "due today".to_owned(),
        // The last stage is told of days before it in a weekly mail.
        Rule::Second | Rule::Today => {
            let aim = calendar.last_working_day_on_or_before(latest);
            match calendar.working_days_between(day, aim) {
                0 => format!("due by {}: today is the last working day before it", text::weekday_day(latest)),
                days => format!("due in {}", plural(days, "working day", "working days")),
            }
        }
        Rule::First => format!("due in {}", plural(left, "day", "days")),
    }
}

fn no_mail(record: &Record, action: &Action, to: Option<&Person>, why: String) -> NoMail {
    NoMail {
        who: to.map_or_else(|| lead_words(action), |person| person.name.clone()),
        person: to.map(|person| person.id),
        plan: record.plan.title.clone(),
        label: action.label.clone(),
        why,
    }
}

/// The actions that somebody leads and about which others are asked on a day, because they are away or can't be mailed; each
/// with who is asked and why, or why nobody is.
pub fn passed_over(record: &Record, person: &Person, day: NaiveDate, calendar: &Calendar) -> Vec<NoMail> {
    let leads = |lead: &Lead| match lead {
        Lead::Post { post, .. } => {
            record.post(*post).is_some_and(|post| post.holders(day).any(|holder| holder.id == person.id))
        }
        Lead::Person(lead) => lead.id == person.id,
        Lead::OutsideBody(_) => false,
    };
    let passed_over = |action: &Action| {
        let to = recipients(record, action, day);
        if !action.leads.iter().any(leads) || to.include(person.id) {
            return None;
        }
        let asked: Vec<&str> = to.people.iter().map(|to| to.person.name.as_str()).collect();
        let asks = asks(record, action, day, day, calendar).mail(day, Some);
        let why = match (asks, to.nobody.as_deref()) {
            (Err(why), _) => why,
            (Ok(_), Some(nobody)) if asked.is_empty() => {
                format!("{nobody}, and the plan has no manager to ask")
            }
            (Ok(_), Some(nobody)) => format!("{nobody}: {} is asked instead", text::list(&asked)),
            (Ok(_), None) => format!("{} is asked instead", text::list(&asked)),
        };
        Some(no_mail(record, action, Some(person), why))
    };
    record.actions.iter().filter_map(passed_over).collect()
}

fn lead_words(action: &Action) -> String {
    match action.lead_wording.trim() {
        "" => "No lead named".to_owned(),
        wording => wording.to_owned(),
    }
}

/// One mail of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mail {
    /// Somebody's digest.
    Digest(Digest),
    /// Word of what stays overdue, to a manager, or the lead's copy of it.
    Escalation(escalation::Escalation),
}

/// Plays the days from one to another (both included) as if nobody wrote anything, and adds what would be sent to the ledger.
/// `last_run` is the day for which the reminders were worked out before the first of them. What people are to be told goes on
/// the first of the days on which it can.
pub fn play(
    facts: &Facts<'_>,
    ledger: &mut Ledger,
    from: NaiveDate,
    to: NaiveDate,
    last_run: Option<NaiveDate>,
) -> Vec<(NaiveDate, Mail)> {
    let mut mails = Vec::new();
    let mut last_run = last_run;
    let mut notices = facts.notices.to_vec();
    for day in from.iter_days().take_while(|d| *d <= to) {
        let facts = Facts { notices: &notices, ..*facts };
        let Schedule { digests, escalations, .. } = schedule(&facts, ledger, day, last_run);
        if facts.calendar.is_working_day(day) {
            last_run = Some(day);
        }
        let told: BTreeSet<_> = digests.iter().flat_map(|d| &d.notices).map(|n| n.id).collect();
        for escalation in escalations {
            escalation.items.iter().for_each(|item| ledger.record(&item.cause, day));
            mails.push((day, Mail::Escalation(escalation)));
        }
        for digest in digests {
            ledger.record_all(&digest, day);
            mails.push((day, Mail::Digest(digest)));
        }
        notices.retain(|notice| !told.contains(&notice.id));
    }
    mails
}

impl Mail {
    /// Whether somebody gets it.
    pub fn is_to(&self, person: PersonId) -> bool {
        self.person().id == person
    }

    /// The person.
    pub fn person(&self) -> &Person {
        match self {
            Self::Digest(digest) => &digest.person,
            Self::Escalation(escalation) => &escalation.to,
        }
    }

    /// The names of the posts for which somebody is mailed; their own name where it is no post.
    pub fn addressed_as(&self) -> String {
        match self {
            Self::Digest(digest) if !digest.posts.is_empty() => text::list(&digest.posts),
            Self::Digest(digest) => digest.person.name.clone(),
            Self::Escalation(escalation) if escalation.is_copy() => format!("{}, a copy", escalation.to.name),
            Self::Escalation(escalation) => {
                let copied: Vec<&str> = escalation.copied.iter().map(|p| p.name.as_str()).collect();
                format!("{}, copied to {}", escalation.to.name, text::list(&copied))
            }
        }
    }

    /// What it is about, line by line: "Aiii overdue by 68 days".
    pub fn lines(&self) -> Vec<String> {
        let item = |i: &Item| format!("{} {}", i.label, i.reason);
        let digest = match self {
            Self::Digest(digest) => digest,
            Self::Escalation(escalation) => return escalation.items.iter().map(item).collect(),
        };
        let mut lines: Vec<String> = digest.items.iter().map(item).collect();
        lines.extend(digest.notices.iter().map(|n| n.label()));
        lines.extend(digest.rounds.iter().map(|due| {
            format!("{} due by {}: {}", due.label(), text::day(due.due_on), due.labels.join(", "))
        }));
        lines.extend(digest.responses.iter().map(|i| format!("{} {}", i.label, i.reason)));
        lines.extend(
            digest
                .progress
                .iter()
                .map(|p| format!("{}: {} of {} in", p.label(), p.standing.received, p.standing.expected)),
        );
        lines.extend(digest.escalated.iter().map(|i| format!("{} (for information)", item(i))));
        lines
    }
}
