//! Who hears of an action that stays overdue: the manager, first in the weekly digest, then by a mail of its own with a copy to
//! the lead; where the manager leads it, the accountable director, in their weekly digest. Never a councillor.
//!
//! What quiets the overdue mail quiets this too. That the lead has put it off does not.

use chrono::NaiveDate;

use super::{
    Cause, Item, Ledger, Overdue, Rule,
    gather::{Candidate, Line, Today},
    reason,
    to::{Recipient, Recipients, holders, managers},
    week,
};
use crate::domain::{
    action::Action,
    calendar::Calendar,
    id::{PersonId, PlanId},
    plan::Record,
    post::Person,
};

/// Word to one reader of what is left overdue in a plan: to a manager, of everything; or to a lead, who gets a copy of what is
/// theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// The plan.
    pub plan: PlanId,
    /// Its reader.
    pub to: Person,
    /// The leads of these items, each once, who get a copy.
    pub copied: Vec<Person>,
    /// What is overdue, in the order of the plan.
    pub items: Vec<Item>,
}

impl Escalation {
    /// Whether its reader is a lead.
    pub fn is_copy(&self) -> bool {
        self.copied.iter().any(|lead| lead.id == self.to.id)
    }
}

/// Who hears of an overdue action in their weekly digest, each with the post for which they do: the manager; where a manager
/// leads it, the accountable director.
fn listed_for<'a>(
    record: &'a Record,
    leads: &Recipients<'_>,
    day: NaiveDate,
) -> Vec<(&'a Person, Option<&'a str>)> {
    let managers = managers(record, day);
    let is_lead = |person: &Person| leads.nobody.is_none() && leads.include(person.id);
    // Whoever stands in for a lead does not lead it, unless for whoever manages.
    let leads_it = |manager: &Recipient<'_>| {
        leads.nobody.is_none()
            && leads.people.iter().any(|lead| {
                lead.person.id == manager.person.id && (!lead.stands_in || lead.post == manager.post)
            })
    };
    if !managers.iter().any(leads_it) {
        return managers.into_iter().map(|to| (to.person, to.post)).collect();
    }
    let director = record.policy.escalation.as_ref().and_then(|e| record.post(e.director?));
    let people =
        director.into_iter().flat_map(|post| holders(record, post, day).map(move |p| (p, Some(&*post.name))));
    people.filter(|(person, _)| !is_lead(person)).collect()
}

/// Why nobody hears of what a manager leads and leaves overdue, where others hear of the rest; none: the accountable director
/// does.
pub fn why_no_director(record: &Record, day: NaiveDate) -> Option<String> {
    let escalation = record.policy.escalation.as_ref()?;
    let Some(director) = escalation.director.and_then(|post| record.post(post)) else {
        return Some("no accountable director’s post is chosen".to_owned());
    };
    let holders: Vec<&Person> = holders(record, director, day).collect();
    if holders.is_empty() {
        return Some(format!("nobody who can be mailed holds {}", director.name));
    }
    let managers = managers(record, day);
    let manages = |holder: &Person| managers.iter().any(|manager| manager.person.id == holder.id);
    holders
        .into_iter()
        .all(manages)
        .then(|| format!("whoever holds {} manages this plan as well", director.name))
}

/// Whether it has been overdue for so many working days.
fn has_waited(days: u32, latest: NaiveDate, day: NaiveDate, calendar: &Calendar) -> bool {
    calendar.working_days_between(latest, day) >= days as usize
}

fn item(overdue: &Overdue<'_>, person: PersonId, rule: Rule, occurrence: i32, today: &Today<'_>) -> Item {
    let Overdue { record, action, revision, latest } = *overdue;
    Item {
        cause: Cause { person, action: action.id, rule, revision, occurrence },
        plan: record.plan.id,
        label: action.label.clone(),
        latest,
        reason: reason(rule, latest, today.day, today.calendar),
        instead_of: None,
    }
}

/// The lines of an overdue action in others' weekly digests.
pub(super) fn candidates<'a>(
    overdue: &Overdue<'a>,
    leads: &Recipients<'_>,
    ledger: &Ledger,
    today: &Today<'_>,
) -> Vec<Candidate<'a>> {
    let Overdue { record, action, revision, latest } = *overdue;
    let Some(escalation) = record.policy.escalation.as_ref().filter(|_| today.is_weekly) else {
        return Vec::new();
    };
    if !has_waited(escalation.listed_working_days, latest, today.day, today.calendar) {
        return Vec::new();
    }
    let this_week = week(today.day);
    let line = |(person, post): (&'a Person, Option<&'a str>)| {
        let sent = ledger.of(person.id, action.id, revision, Rule::Listed);
        Candidate {
            plan: &record.plan.title,
            person,
            post,
            line: Line::Escalated(item(overdue, person.id, Rule::Listed, this_week, today)),
            due: sent.iter().all(|(_, n)| *n != this_week),
            listed: false,
            why_not: "told this week".to_owned(),
        }
    };
    listed_for(record, leads, today.day).into_iter().map(line).collect()
}

/// Adds an overdue action to the mails that go to managers: to each who was not told of it yet, with a copy to each of its leads
/// who had none. A reader gets one mail about a plan on a day, whoever leads what is in it.
pub(super) fn mails(
    overdue: &Overdue<'_>,
    leads: &Recipients<'_>,
    ledger: &Ledger,
    today: &Today<'_>,
    mails: &mut Vec<Escalation>,
) {
    let Overdue { record, action, revision, latest } = *overdue;
    let Some(escalation) = &record.policy.escalation else { return };
    let waited = has_waited(escalation.mailed_working_days, latest, today.day, today.calendar);
    // Where no lead can be asked, the manager is already.
    if !waited || !today.calendar.is_working_day(today.day) || leads.nobody.is_some() {
        return;
    }
    let managers = managers(record, today.day);
    if managers.iter().any(|manager| leads.include(manager.person.id)) {
        return;
    }
    let untold = |reader: &&Recipient<'_>| {
        ledger.of(reader.person.id, action.id, revision, Rule::Escalated).is_empty()
    };
    let told: Vec<&Recipient<'_>> = managers.iter().filter(untold).collect();
    // A copy goes with what it is a copy of: whoever leads it or stands in later gets none of an old one.
    if told.is_empty() {
        return;
    }
    for reader in told.into_iter().chain(leads.people.iter().filter(untold)) {
        let person = reader.person;
        let item = Item {
            instead_of: reader.instead_of.clone(),
            ..item(overdue, person.id, Rule::Escalated, 1, today)
        };
        let same = |mail: &Escalation| mail.plan == record.plan.id && mail.to.id == person.id;
        let at = mails.iter().position(same).unwrap_or_else(|| {
            let (plan, to) = (record.plan.id, person.clone());
            mails.push(Escalation { plan, to, copied: Vec::new(), items: Vec::new() });
            mails.len() - 1
        });
        let Some(mail) = mails.get_mut(at) else { continue };
        mail.items.push(item);
        for lead in leads.people.iter().map(|lead| lead.person) {
            if mail.copied.iter().all(|known| known.id != lead.id) {
                mail.copied.push(lead.clone());
            }
        }
    }
}

/// Whether the manager or the director is still to hear of an action that is overdue.
pub(super) fn still_holds(
    record: &Record,
    action: &Action,
    cause: &Cause,
    latest: NaiveDate,
    day: NaiveDate,
    calendar: &Calendar,
) -> bool {
    let Some(escalation) = &record.policy.escalation else { return false };
    let leads = super::to::recipients(record, action, day);
    match cause.rule {
        Rule::Listed => {
            cause.occurrence == week(day)
                && has_waited(escalation.listed_working_days, latest, day, calendar)
                && listed_for(record, &leads, day).iter().any(|(person, _)| person.id == cause.person)
        }
        _ => {
            let managers = managers(record, day);
            let is_lead = |person: PersonId| leads.nobody.is_none() && leads.include(person);
            // The manager, or a lead who gets the copy; none where the manager leads it by now.
            has_waited(escalation.mailed_working_days, latest, day, calendar)
                && !managers.iter().any(|to| is_lead(to.person.id))
                && (is_lead(cause.person) || managers.iter().any(|to| to.person.id == cause.person))
        }
    }
}
