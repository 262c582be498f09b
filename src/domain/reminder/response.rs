//! Reminders of the executive response: what was sent is to be answered two months later.
//!
//! The same stages as for a deadline, and the same mail: whoever manages the plan and its scrutiny officers find it in their
//! day's digest, as a section of its own.

use chrono::NaiveDate;

use super::{
    Candidate, Ledger, Line, Rule, due_now,
    gather::Today,
    looks_until, next_occurrence, reason, stage_by,
    to::{Recipient, deputy, is_reachable, managers, stands_in_words},
};
use crate::domain::{
    calendar::Calendar,
    id::{PersonId, PlanId},
    plan::Record,
    post::Person,
    response::Awaited,
};

/// Why a mail is sent about a response: unique for ever, like [`super::Cause`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    /// Who is mailed.
    pub person: PersonId,
    /// About which plan.
    pub plan: PlanId,
    /// At which stage.
    pub rule: Rule,
    /// About what was sent on which day: another day starts anew.
    pub sent_on: NaiveDate,
    /// 1, or for overdue mails 1 to 5.
    pub occurrence: i32,
}

impl Cause {
    /// The unique key under which it is recorded.
    pub fn key(&self) -> String {
        let Self { person, plan, rule, sent_on, occurrence } = self;
        format!("person {person} plan {plan} response {} sent {sent_on} no {occurrence}", rule.code())
    }

    fn subject(&self) -> Subject {
        (self.person, self.plan, self.sent_on, self.rule)
    }
}

/// About what somebody is mailed, whatever the occurrence.
pub(super) type Subject = (PersonId, PlanId, NaiveDate, Rule);

impl Ledger {
    /// Adds one cause that was sent on an office day.
    pub fn record_response(&mut self, cause: &Cause, day: NaiveDate) {
        self.responses.entry(cause.subject()).or_default().push((day, cause.occurrence));
    }
}

/// One line of a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Why it is there.
    pub cause: Cause,
    /// What it is called: "Executive response".
    pub label: String,
    /// What is awaited.
    pub response: Awaited,
    /// "overdue by 68 days", "due in 14 days", "due today".
    pub reason: String,
}

/// A scrutiny officer: of one plan, or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// Who.
    pub person: Person,
    /// Of which plan; none: of all.
    pub plan: Option<PlanId>,
}

/// Who looks after a plan: whoever manages it, and its scrutiny officers, each with the post for which they do. Where an officer
/// is away, their deputy does, if they have named one.
pub fn recipients<'a>(record: &'a Record, officers: &'a [Officer], day: NaiveDate) -> Vec<Recipient<'a>> {
    let mut people = managers(record, day);
    let here = officers.iter().filter(|o| o.plan.is_none_or(|plan| plan == record.plan.id));
    for officer in here.map(|o| &o.person).filter(|person| is_reachable(record, person)) {
        let (person, instead_of) = match deputy(record, officer, day) {
            Some((deputy, away)) => (deputy, Some(stands_in_words(&officer.name, away))),
            None if record.preferences.away(officer.id, day).is_some() => continue,
            None => (officer, None),
        };
        if people.iter().all(|known| known.person.id != person.id) {
            let stands_in = instead_of.is_some();
            people.push(Recipient { person, post: None, instead_of, stands_in, put_off: None });
        }
    }
    people
}

/// What could be in somebody's mail on a day.
pub(super) fn candidates<'a>(
    record: &'a Record,
    officers: &'a [Officer],
    ledger: &Ledger,
    today: &Today<'_>,
) -> Vec<Candidate<'a>> {
    let mut candidates = Vec::new();
    let (policy, day) = (&record.policy, today.day);
    for awaited in record.responses_awaited(day) {
        for Recipient { person, post, .. } in recipients(record, officers, day) {
            let until = looks_until(today.preferences, person.id, day, today.calendar);
            let rule = stage_by(policy, awaited.due_on, day, until, today.calendar);
            let Some(rule) = rule else { continue };
            let subject = (person.id, record.plan.id, awaited.sent_on, rule);
            let sent = ledger.responses.get(&subject).map_or(&[] as &[_], Vec::as_slice);
            let (due, why_not) = due_now(policy, rule, sent, day);
            let cause = Cause {
                person: person.id,
                plan: record.plan.id,
                rule,
                sent_on: awaited.sent_on,
                occurrence: next_occurrence(sent),
            };
            let item = Item {
                cause,
                label: record.words.say("{Executive} response"),
                response: awaited,
                reason: reason(rule, awaited.due_on, day, today.calendar),
            };
            candidates.push(Candidate {
                plan: &record.plan.title,
                person,
                post,
                line: Line::Response(item),
                due,
                listed: rule == Rule::Overdue && sent.len() < policy.overdue_mails as usize,
                why_not,
            });
        }
    }
    candidates
}

/// What a cause is about, where it still holds on a day: the re-check before a message is first sent.
pub fn still_awaited(
    records: &[Record],
    officers: &[Officer],
    cause: &Cause,
    day: NaiveDate,
    calendar: &Calendar,
) -> Option<Awaited> {
    let record = records.iter().find(|r| r.plan.id == cause.plan)?;
    let awaited = record.responses_awaited(day).into_iter().find(|a| a.sent_on == cause.sent_on)?;
    let to_them = recipients(record, officers, day).iter().any(|to| to.person.id == cause.person);
    let until = looks_until(&record.preferences, cause.person, day, calendar);
    // The stage of the day itself too, as for a deadline.
    let holds = [until, day]
        .into_iter()
        .any(|until| stage_by(&record.policy, awaited.due_on, day, until, calendar) == Some(cause.rule));
    (to_them && holds).then_some(awaited)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::{HoldingId, PostId},
        post::{Holding, Post},
        preference::{Frequency, Preference, Preferences},
        reminder::{Digest, Facts, Mail, play, schedule},
        sample::{day, person, recommendation, record},
    };

    /// A plan with a manager that was sent on a Thursday: the response is due on Wednesday 31 January 2018.
    fn sent() -> Record {
        let mut sent = record([]);
        sent.plan.sent_on = Some(day("2017-11-30"));
        sent.recommendations = vec![recommendation(1, None, None)];
        sent.recommendations[0].sent_on = Some(day("2017-12-01"));
        sent.plan.manager = PostId(1);
        sent.posts = vec![Post {
            id: PostId(1),
            name: "Manager".to_owned(),
            body: None,
            holdings: vec![Holding {
                id: HoldingId(1),
                person: person(1, "Manager"),
                from: day("2017-01-01"),
                to: None,
                acting: false,
            }],
        }]
        .into();
        sent
    }

    fn officers() -> Vec<Officer> {
        vec![
            Officer { person: person(2, "Officer"), plan: None },
            Officer { person: person(3, "Officer elsewhere"), plan: Some(PlanId(99)) },
        ]
    }

    fn facts<'a>(
        records: &'a [Record],
        officers: &'a [Officer],
        held: &'a (Calendar, Preferences),
    ) -> Facts<'a> {
        Facts { records, officers, notices: &[], preferences: &held.1, calendar: &held.0 }
    }

    fn held() -> (Calendar, Preferences) {
        (Calendar::england(), Preferences::default())
    }

    fn digests(
        records: &[Record],
        officers: &[Officer],
        ledger: &mut Ledger,
        from: &str,
        to: &str,
    ) -> Vec<(NaiveDate, Digest)> {
        let held = held();
        let mails = play(&facts(records, officers, &held), ledger, day(from), day(to), day(from).pred_opt());
        let digest = |(day, mail)| match mail {
            Mail::Digest(digest) => Some((day, digest)),
            Mail::Escalation(_) => None,
        };
        mails.into_iter().filter_map(digest).collect()
    }

    fn said(mails: &[(NaiveDate, Digest)], who: i64) -> Vec<String> {
        let theirs = mails.iter().filter(|(_, d)| d.person.id == PersonId(who));
        theirs
            .map(|(day, d)| {
                format!("{day} {}", d.responses.iter().map(|i| &*i.reason).collect::<Vec<_>>().join("; "))
            })
            .collect()
    }

    #[test]
    fn manager_and_scrutiny_officer_are_reminded_in_time_and_five_times_after_it() {
        let mails = digests(&[sent()], &officers(), &mut Ledger::default(), "2017-12-01", "2018-12-31");
        let expected = [
            "2018-01-18 due in 14 days",
            "2018-01-29 due in 3 working days",
            "2018-02-01 due today",
            "2018-02-02 overdue by 1 day",
            "2018-02-09 overdue by 8 days",
            "2018-02-16 overdue by 15 days",
            "2018-02-23 overdue by 22 days",
            "2018-03-02 overdue by 29 days",
        ];
        assert_eq!(said(&mails, 1), expected);
        assert_eq!(said(&mails, 2), expected);
        assert_eq!(said(&mails, 3), [""; 0], "the officer of another plan");
        assert!(mails.iter().all(|(_, digest)| digest.items.is_empty()));
    }

    #[test]
    fn whoever_is_both_gets_one_line_of_one_mail() {
        let both = [Officer { person: person(1, "Manager"), plan: None }];
        let (records, held) = ([sent()], held());
        let facts = facts(&records, &both, &held);
        let schedule = schedule(&facts, &Ledger::default(), day("2018-01-18"), Some(day("2018-01-17")));
        assert_eq!(schedule.digests.len(), 1);
        assert_eq!(schedule.digests[0].responses.len(), 1);
        assert_eq!(schedule.digests[0].posts, ["Manager"]);
    }

    #[test]
    fn another_day_of_sending_begins_anew_and_the_plan_agreed_ends_it() {
        let mut ledger = Ledger::default();
        let from_to = |record: &Record, ledger: &mut Ledger, from: &str, to: &str| {
            said(&digests(std::slice::from_ref(record), &[], ledger, from, to), 1)
        };
        let mut moved = sent();
        assert_eq!(from_to(&moved, &mut ledger, "2018-01-18", "2018-01-25").len(), 1);
        moved.recommendations[0].sent_on = Some(day("2017-12-08"));
        assert_eq!(from_to(&moved, &mut ledger, "2018-01-25", "2018-01-31"), ["2018-01-25 due in 14 days"]);
        moved.plan.agreed_on = Some(day("2018-02-05"));
        assert_eq!(from_to(&moved, &mut ledger, "2018-02-01", "2018-12-31"), [""; 0]);
    }

    #[test]
    fn a_cause_holds_as_long_as_its_stage_lasts_and_its_reader_is_asked() {
        let cause = Cause {
            person: PersonId(2),
            plan: PlanId(1),
            rule: Rule::Today,
            sent_on: day("2017-12-01"),
            occurrence: 1,
        };
        let holds = |record: &Record, officers: &[Officer], on: &str| {
            still_awaited(std::slice::from_ref(record), officers, &cause, day(on), &Calendar::england())
                .is_some()
        };
        assert!(holds(&sent(), &officers(), "2018-02-01"));
        assert!(!holds(&sent(), &officers(), "2018-02-02"), "the next stage");
        assert!(!holds(&sent(), &[], "2018-02-01"), "no scrutiny officer any more");
        let weekly = Preference { frequency: Frequency::Weekly, ..Preference::default() };
        let mut chosen = sent();
        chosen.preferences =
            Preferences { of: [(PersonId(2), weekly)].into(), ..Preferences::default() }.into();
        assert!(holds(&chosen, &officers(), "2018-01-29"), "one mail for all of the week");
        let second = Cause { rule: Rule::Second, ..cause.clone() };
        let calendar = Calendar::england();
        let held =
            |on: &str| still_awaited(&[chosen.clone()], &officers(), &second, day(on), &calendar).is_some();
        assert!(held("2018-01-29"), "queued for the day itself, before that was chosen");
        assert!(!held("2018-02-01"));
        let mut answered = sent();
        answered.plan.agreed_on = Some(day("2018-02-01"));
        assert!(!holds(&answered, &officers(), "2018-02-01"));
    }
}
