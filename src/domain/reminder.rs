//! Which reminders are due on a day: the default policy, to whom, and why not.
//!
//! Pure: the facts ([`Record`]s) and what was sent before (the [`Ledger`]) go in, the day's digests come out. Whether a
//! mail goes out is decided here and nowhere else; the outbox only carries what this file asks for.
//!
//! # The policy
//!
//! Before a deadline: 14 days before, 3 working days before, and on the day. They aim at the last working day on or
//! before the deadline; a day that is no working day moves to the next one. After it: on the first working day, then on
//! the first working day at least [`OVERDUE_EVERY_DAYS`] days after the last mail that listed it, [`OVERDUE_MAILS`] mails
//! in all. Every other mail to a person lists what of theirs is overdue too, and that counts.
//!
//! The executive response to what was sent follows the same policy, to whoever manages the plan and its scrutiny officers: see
//! [`response`].
//!
//! # Why a stage and not a list of dates
//!
//! On every day an action has reached exactly one stage ([`Rule`]). Only that stage can be due, and it is due until it
//! has been sent. So a worker that slept for a month catches up with one line per action, a reminder before a deadline
//! that has passed is dropped because its stage is over, and a re-run finds everything sent.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{
    action::{Action, State},
    calendar::Calendar,
    code::coded,
    id::{ActionId, PersonId, PlanId, RevisionId},
    plan::Record,
    post::{Lead, Person},
    standing::{self, Standing},
    text::{self, plural},
};

pub mod response;
#[cfg(test)]
mod tests;

/// Days before the deadline of the first reminder.
pub const FIRST_REMINDER_DAYS: u64 = 14;
/// Working days before the deadline of the second.
pub const SECOND_REMINDER_WORKING_DAYS: usize = 3;
/// Days between overdue mails, at least.
pub const OVERDUE_EVERY_DAYS: i64 = 7;
/// Overdue mails in all, per person, action and deadline.
pub const OVERDUE_MAILS: usize = 5;
/// Days for which an update written after the deadline quiets the overdue mail (the last included).
pub const QUIET_DAYS: u64 = 28;

coded! {
    /// The stages of a deadline, as far as mail goes.
    pub enum Rule {
        /// 14 days before.
        FourteenDays = "fourteen_days",
        /// 3 working days before.
        ThreeWorkingDays = "three_working_days",
        /// On the day.
        Today = "today",
        /// After it.
        Overdue = "overdue",
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
    /// 1, or for overdue mails 1 to 5.
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
}

impl Ledger {
    /// Adds one cause that was sent on an office day.
    pub fn record(&mut self, cause: &Cause, day: NaiveDate) {
        let key = (cause.person, cause.action, cause.revision, cause.rule);
        self.sent.entry(key).or_default().push((day, cause.occurrence));
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
    /// Set where the manager is asked because the lead can't be: "nobody holds LSCB Manager".
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
    /// The executive responses that are awaited, in the same order.
    pub responses: Vec<response::Item>,
}

/// An action about which somebody gets no mail on the day, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoMail {
    /// The person, or the lead as the plan words it where it is nobody's.
    pub who: String,
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
    /// What is not sent, and why.
    pub none: Vec<NoMail>,
}

/// Whom an action's mail goes to on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipients<'a> {
    /// The people, each with the post for which they are asked.
    pub people: Vec<(&'a Person, Option<&'a str>)>,
    /// Set where these are the plan's managers because no lead can be reached.
    pub instead_of: Option<String>,
}

/// Whoever leads the action on that day; where nobody can be reached, whoever manages the plan, with the reason.
pub fn recipients<'a>(record: &'a Record, action: &'a Action, day: NaiveDate) -> Recipients<'a> {
    let mut people: Vec<(&Person, Option<&str>)> = Vec::new();
    let mut add = |person: &'a Person, post: Option<&'a str>| {
        if !people.iter().any(|(p, _)| p.id == person.id) {
            people.push((person, post));
        }
    };
    for lead in &action.leads {
        match lead {
            Lead::Post { post, .. } => {
                if let Some(post) = record.post(*post) {
                    post.reachable(day).for_each(|person| add(person, Some(&post.name)));
                }
            }
            Lead::Person(person) if person.active && !person.email.is_empty() => add(person, None),
            Lead::Person(_) | Lead::OutsideBody(_) => {}
        }
    }
    if !people.is_empty() {
        return Recipients { people, instead_of: None };
    }
    let manager = record.post(record.plan.manager);
    Recipients {
        people: manager
            .into_iter()
            .flat_map(|post| post.reachable(day).map(|person| (person, Some(post.name.as_str()))))
            .collect(),
        instead_of: Some(why_unreachable(record, action, day)),
    }
}

fn why_unreachable(record: &Record, action: &Action, day: NaiveDate) -> String {
    let words: Vec<String> = action
        .leads
        .iter()
        .map(|lead| match lead {
            Lead::Post { post, .. } => match record.post(*post) {
                Some(post) if post.holders(day).next().is_none() => format!("nobody holds {}", post.name),
                Some(post) => format!("{} has no address in use", post.name),
                None => "the lead’s post is not known".to_owned(),
            },
            Lead::Person(person) => format!("{} has no address in use", person.name),
            Lead::OutsideBody(body) => format!("{body} has no account"),
        })
        .collect();
    match (words.is_empty(), action.lead_wording.trim()) {
        (false, _) => words.join("; "),
        (true, "") => "no lead is named".to_owned(),
        (true, wording) => format!("the lead is “{wording}”"),
    }
}

/// The stage that a deadline has reached on a working day; none: too early.
pub fn stage(latest: NaiveDate, day: NaiveDate, calendar: &Calendar) -> Option<Rule> {
    if day > latest {
        return Some(Rule::Overdue);
    }
    let aim = calendar.last_working_day_on_or_before(latest);
    if day >= aim {
        Some(Rule::Today)
    } else if day >= calendar.subtract_working_days(aim, SECOND_REMINDER_WORKING_DAYS) {
        Some(Rule::ThreeWorkingDays)
    } else if day >= first_reminder(aim, calendar) {
        Some(Rule::FourteenDays)
    } else {
        None
    }
}

fn first_reminder(aim: NaiveDate, calendar: &Calendar) -> NaiveDate {
    let day = aim.checked_sub_days(Days::new(FIRST_REMINDER_DAYS)).unwrap_or(aim);
    calendar.next_working_day_on_or_after(day)
}

/// Why an overdue action brings no mail for now, if so.
fn quiet(record: &Record, standing: &Standing<'_>, latest: NaiveDate, day: NaiveDate) -> Option<String> {
    if let Some(asked) = standing.asked
        && asked.latest().is_none_or(|wanted| wanted > latest)
    {
        return Some(format!("{} asked for, not decided", asked.wording));
    }
    let written = standing.action.updates_at(day).filter_map(|u| u.written_on).max()?;
    let until = written.checked_add_days(Days::new(QUIET_DAYS))?;
    let round_opened =
        record.rounds.iter().any(|r| r.opened_on.is_some_and(|opened| written < opened && opened <= day));
    (written > latest && day <= until && !round_opened)
        .then(|| format!("updated on {}: quiet until {}", text::day(written), text::day(until)))
}

/// What an action asks for on a day, before anything is known of what was sent.
enum Asks {
    Nothing(String),
    Mail { rule: Rule, revision: RevisionId, latest: NaiveDate },
}

fn asks(record: &Record, action: &Action, day: NaiveDate, calendar: &Calendar) -> Asks {
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
    let Some(rule) = stage(latest, day, calendar) else {
        let first = first_reminder(calendar.last_working_day_on_or_before(latest), calendar);
        return Asks::Nothing(format!(
            "{}; first reminder on {}",
            standing::days_to_go(latest, day),
            text::day(first)
        ));
    };
    if rule == Rule::Overdue
        && let Some(why) = quiet(record, &standing, latest, day)
    {
        return Asks::Nothing(format!("overdue, but {why}"));
    }
    Asks::Mail { rule, revision, latest }
}

/// Whether a cause that was queued earlier still holds on a day: the re-check before a message is first sent.
pub fn still_holds(records: &[Record], cause: &Cause, day: NaiveDate, calendar: &Calendar) -> bool {
    let Some((record, action)) =
        records.iter().find_map(|r| r.action(cause.action).map(|action| (r, action)))
    else {
        return false;
    };
    let to_them = recipients(record, action, day).people.iter().any(|(p, _)| p.id == cause.person);
    let same = match asks(record, action, day, calendar) {
        Asks::Mail { rule, revision, .. } => rule == cause.rule && revision == cause.revision,
        Asks::Nothing(_) => false,
    };
    to_them && same
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
    let Asks::Mail { rule: rule @ Rule::Overdue, revision, .. } = asks(record, action, day, calendar) else {
        return None;
    };
    let sent = ledger.of(person, action.id, revision, rule);
    let occurrence = next_occurrence(sent);
    (sent.len() < OVERDUE_MAILS).then_some(Cause { person, action: action.id, rule, revision, occurrence })
}

/// After the highest, not after the number: one that was withdrawn leaves a gap.
fn next_occurrence(sent: &[(NaiveDate, i32)]) -> i32 {
    sent.iter().map(|(_, n)| *n).max().unwrap_or(0).saturating_add(1)
}

/// One line that could be in a person's mail on the day.
enum Line {
    Action(Item),
    Response(response::Item),
}

impl Line {
    fn rule(&self) -> Rule {
        match self {
            Self::Action(item) => item.cause.rule,
            Self::Response(item) => item.cause.rule,
        }
    }

    fn label(&self) -> &str {
        match self {
            Self::Action(item) => &item.label,
            Self::Response(item) => &item.label,
        }
    }
}

/// A line with what decides on it.
struct Candidate<'a> {
    record: &'a Record,
    person: &'a Person,
    post: Option<&'a str>,
    line: Line,
    sent: usize,
    due: bool,
    why_not: String,
}

/// What is due on a day, given what was sent.
///
/// `records` are the live plans, `officers` the scrutiny officers. On a day that is no working day nothing is due, and the
/// schedule says so.
pub fn schedule(
    records: &[Record],
    officers: &[response::Officer],
    ledger: &Ledger,
    calendar: &Calendar,
    day: NaiveDate,
) -> Schedule {
    let mut schedule = Schedule::default();
    let working = calendar.is_working_day(day);
    let mut by_person: BTreeMap<PersonId, Vec<Candidate<'_>>> = BTreeMap::new();
    for record in records {
        for action in &record.actions {
            match asks(record, action, day, calendar) {
                Asks::Nothing(why) => schedule.none.extend(nobody_asked(record, action, day, &why)),
                Asks::Mail { rule, revision, latest } => {
                    let to = recipients(record, action, day);
                    if to.people.is_empty() {
                        let why = format!(
                            "{}, and the plan has no manager to ask",
                            to.instead_of.unwrap_or_default()
                        );
                        schedule.none.push(no_mail(record, &action.label, lead_words(action), why));
                        continue;
                    }
                    for (person, post) in to.people {
                        let sent = ledger.of(person.id, action.id, revision, rule);
                        let (due, why_not) = due_now(rule, sent, day);
                        let occurrence = next_occurrence(sent);
                        let item = Item {
                            cause: Cause { person: person.id, action: action.id, rule, revision, occurrence },
                            plan: record.plan.id,
                            label: action.label.clone(),
                            latest,
                            reason: reason(rule, latest, day, calendar),
                            instead_of: to.instead_of.clone(),
                        };
                        by_person.entry(person.id).or_default().push(Candidate {
                            record,
                            person,
                            post,
                            line: Line::Action(item),
                            sent: sent.len(),
                            due,
                            why_not,
                        });
                    }
                }
            }
        }
    }
    for record in records {
        for candidate in response::candidates(record, officers, ledger, calendar, day) {
            by_person.entry(candidate.person.id).or_default().push(candidate);
        }
    }
    for candidates in by_person.into_values() {
        collect(candidates, working, &mut schedule);
    }
    schedule.digests.sort_by(|a, b| (&a.person.name, a.person.id).cmp(&(&b.person.name, b.person.id)));
    schedule
}

/// Turns what could be in a person's mail into a mail, or into reasons why there is none.
fn collect(candidates: Vec<Candidate<'_>>, working: bool, schedule: &mut Schedule) {
    let any_due = working && candidates.iter().any(|c| c.due);
    let mut digest: Option<Digest> = None;
    for Candidate { record, person, post, line, sent, due, why_not } in candidates {
        // What is overdue and has not had its mails is listed with whatever else is due.
        let listed = line.rule() == Rule::Overdue && sent < OVERDUE_MAILS;
        if !(any_due && (due || listed)) {
            let why = if working || !due { why_not } else { "not a working day".to_owned() };
            schedule.none.push(no_mail(record, line.label(), person.name.clone(), why));
            continue;
        }
        let digest = digest.get_or_insert_with(|| Digest {
            person: person.clone(),
            posts: Vec::new(),
            items: Vec::new(),
            responses: Vec::new(),
        });
        if let Some(post) = post
            && !digest.posts.iter().any(|p| p == post)
        {
            digest.posts.push(post.to_owned());
        }
        match line {
            Line::Action(item) => digest.items.push(item),
            Line::Response(item) => digest.responses.push(item),
        }
    }
    if let Some(mut digest) = digest {
        digest.items.sort_by_key(|i| (i.cause.rule != Rule::Overdue, i.latest));
        digest.responses.sort_by_key(|i| (i.cause.rule != Rule::Overdue, i.response.due_on));
        schedule.digests.push(digest);
    }
}

fn due_now(rule: Rule, sent: &[(NaiveDate, i32)], day: NaiveDate) -> (bool, String) {
    match (rule, sent.iter().map(|(day, _)| day).max()) {
        (_, None) => (true, String::new()),
        (Rule::Overdue, Some(_)) if sent.len() >= OVERDUE_MAILS => {
            (false, format!("overdue: {OVERDUE_MAILS} mails sent, now on the manager’s list"))
        }
        (Rule::Overdue, Some(last)) => (
            (day - *last).num_days() >= OVERDUE_EVERY_DAYS,
            format!("overdue: last mailed on {}", text::day(*last)),
        ),
        (_, Some(last)) => (false, format!("already reminded on {}", text::day(*last))),
    }
}

/// Why it is in the mail, in words: "overdue by 68 days", "due in 14 days".
pub fn reason(rule: Rule, latest: NaiveDate, day: NaiveDate, calendar: &Calendar) -> String {
    let left = (latest - day).num_days();
    match rule {
        Rule::Overdue => format!("overdue by {}", plural(-left, "day", "days")),
        Rule::Today if left == 0 => "due today".to_owned(),
        Rule::Today => {
            format!("due by {}: today is the last working day before it", text::weekday_day(latest))
        }
        Rule::ThreeWorkingDays => {
            let aim = calendar.last_working_day_on_or_before(latest);
            let days = calendar.working_days_between(day, aim);
            format!("due in {}", plural(days, "working day", "working days"))
        }
        Rule::FourteenDays => format!("due in {}", plural(left, "day", "days")),
    }
}

fn nobody_asked<'a>(
    record: &'a Record,
    action: &'a Action,
    day: NaiveDate,
    why: &'a str,
) -> impl Iterator<Item = NoMail> + use<'a> {
    let people = recipients(record, action, day).people;
    let fallback = people.is_empty().then(|| lead_words(action));
    let names = people.into_iter().map(|(p, _)| p.name.clone()).chain(fallback);
    names.map(move |who| no_mail(record, &action.label, who, why.to_owned()))
}

fn no_mail(record: &Record, label: &str, who: String, why: String) -> NoMail {
    NoMail { who, plan: record.plan.title.clone(), label: label.to_owned(), why }
}

fn lead_words(action: &Action) -> String {
    match action.lead_wording.trim() {
        "" => "No lead named".to_owned(),
        wording => wording.to_owned(),
    }
}

/// Plays the days from one to another (both included) as if nobody wrote anything, and adds what would be sent to the ledger.
pub fn play(
    records: &[Record],
    officers: &[response::Officer],
    ledger: &mut Ledger,
    calendar: &Calendar,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<(NaiveDate, Digest)> {
    let mut mails = Vec::new();
    for day in from.iter_days().take_while(|d| *d <= to) {
        for digest in schedule(records, officers, ledger, calendar, day).digests {
            for item in &digest.items {
                ledger.record(&item.cause, day);
            }
            for item in &digest.responses {
                ledger.record_response(&item.cause, day);
            }
            mails.push((day, digest));
        }
    }
    mails
}

/// The names of the posts for which somebody is mailed; their own name where it is no post.
pub fn addressed_as(digest: &Digest) -> String {
    if digest.posts.is_empty() { digest.person.name.clone() } else { text::list(&digest.posts) }
}
