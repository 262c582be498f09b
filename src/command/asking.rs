//! The mails of a round: queued when it is opened or somebody presses *Send a reminder*, and rendered from the facts when
//! they go out.
//!
//! A mail is queued under a key of round and person, for reminders of the day too: so nobody is asked twice, whoever presses
//! and however often. Whom the day’s digest has reminded is not reminded again. Its day is the one on which it goes out: what is
//! pressed in the evening is asked for in the morning. What has arrived before it goes out is left out of it; where nothing is
//! left, it does not go out.

use chrono::NaiveDate;

use super::{
    CommandError, Cx, Now,
    reminder::{self, Rendered, message_id},
    round_link::{self, Link},
};
use crate::{
    domain::{
        access::Actor,
        asking::{self, Asked, Asking, Wanted},
        id::PersonId,
        message::MessageKind,
        plan::Record,
        reminder::{Cause, listed_overdue, still_holds},
        round::{Round, RoundState},
        standing, text,
    },
    link::path,
    mail::round::{self, Item, OfPlan, RoundMail},
    store::{self, Tx, outbox::NewMessage, record::Depth, round_mail::For},
};

/// Whom a press has mailed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailed {
    /// Those for whom a mail was queued, by name.
    pub now: Vec<String>,
    /// Those who were mailed about the round on that day before, by name.
    pub before: Vec<String>,
    /// The labels of the actions for which nobody can be asked.
    pub nobody: Vec<String>,
}

/// Mails go to everyone who answers for an action, whoever presses.
fn worker() -> Actor {
    Actor::program("Rounds")
}

/// Queues one mail to each person of whom updates are awaited: `again` for a reminder. Whoever commits rings the bell.
pub(super) async fn queue(
    cx: &Cx,
    tx: &Tx,
    round: &Round,
    records: &[Record],
    again: bool,
    now: Now,
) -> Result<Mailed, CommandError> {
    let calendar = cx.calendar();
    let goes_on = calendar.goes_out_on(cx.clock.office_now());
    let Asking { people, nobody } = asking::asking(records, round, goes_on);
    let ledger = store::outbox::ledger(tx, records, now.today).await?;
    let asked_today = store::round_mail::asked_since(tx, round.id, now.today).await?;
    let mut mailed =
        Mailed { nobody: nobody.iter().map(|u| u.action.label.clone()).collect(), ..Mailed::default() };
    for Asked { person, actions, .. } in &people {
        if asked_today.contains(&person.id) {
            mailed.before.push(person.name.clone());
            continue;
        }
        let key = match again {
            false => format!("round {} person {} opened", round.id, person.id),
            true => format!("round {} person {} reminder {goes_on}", round.id, person.id),
        };
        // What of theirs is overdue is listed with the rest, and counts as one of the overdue mails.
        let causes: Vec<Cause> = actions
            .iter()
            .filter_map(|w| listed_overdue(w.record, w.action, person.id, &ledger, &calendar, goes_on))
            .collect();
        let message_id = message_id(cx)?;
        let new = NewMessage {
            unique_key: &key,
            kind: MessageKind::Round,
            office_day: goes_on,
            person: Some(person.id),
            link: None,
            to_name: &person.name,
            to_address: &person.email,
            message_id: &message_id,
            rendered: None,
        };
        match store::outbox::queue(tx, &new, &causes, now.at).await? {
            Some(message) => {
                store::round_mail::note(tx, message, For { round: round.id, again }).await?;
                mailed.now.push(person.name.clone());
            }
            None => mailed.before.push(person.name.clone()),
        }
    }
    Ok(mailed)
}

/// The records of a round's plans, as whoever sends its mail reads them.
pub(super) async fn records(
    tx: &Tx,
    plans: &[crate::domain::id::PlanId],
) -> Result<Vec<Record>, CommandError> {
    let mut records = store::record::all(tx, &worker(), Depth::Current).await?;
    records.retain(|record| plans.contains(&record.plan.id));
    Ok(records)
}

/// Renders a queued mail of a round from today's facts. `Err`: there is nothing to send, and why.
pub(super) async fn render(
    cx: &Cx,
    tx: &Tx,
    message: i64,
    person: PersonId,
    now: Now,
) -> Result<Result<Rendered, String>, CommandError> {
    let Some(what) = store::round_mail::of_message(tx, message).await? else {
        return Ok(Err("there is nothing to render it from".to_owned()));
    };
    let row = store::round::by_id(tx, what.round).await?.ok_or(CommandError::NotFound)?;
    let records = records(tx, &row.plans).await?;
    let calendar = cx.calendar();
    let asking = asking::asking(&records, &row.round, now.today);
    let asked = asking.people.iter().find(|asked| asked.person.id == person);
    let open = row.round.state == RoundState::Open;
    for cause in store::outbox::causes(tx, message).await? {
        let listed = asked.is_some_and(|a| a.actions.iter().any(|w| w.action.id == cause.action));
        if !open || !listed || !still_holds(&records, &cause, now.today, &calendar) {
            store::outbox::withdraw(tx, &cause).await?;
        }
    }
    if !open {
        return Ok(Err("nothing to ask for: the round is closed".to_owned()));
    }
    let nothing =
        || "nothing left to ask for: what was awaited has arrived, or somebody else is asked".to_owned();
    let Some(asked) = asked else {
        // Where they led what is awaited, somebody else does by now, who may not have been asked yet.
        let others = Box::pin(queue(cx, tx, &row.round, &records, false, now)).await?.now;
        return Ok(Err(match others.is_empty() {
            true => nothing(),
            false => format!("somebody else is asked for it by now: {}", others.join(", ")),
        }));
    };
    let link = round_link::for_mail(cx, tx, row.round.id, person, now).await?;
    Ok(written(cx, &row.round, asked, link.as_ref(), what.again, now).ok_or_else(nothing))
}

fn written(
    cx: &Cx,
    round: &Round,
    asked: &Asked<'_>,
    link: Option<&Link>,
    again: bool,
    now: Now,
) -> Option<Rendered> {
    let first = asked.actions.first()?.record;
    let mut plans: Vec<OfPlan> = Vec::new();
    for wanted in &asked.actions {
        let item = item(cx, wanted, asked.person.id, link, now.today);
        let title = &wanted.record.plan.title;
        match plans.last_mut().filter(|plan| plan.title == *title) {
            Some(plan) => plan.items.push(item),
            None => plans.push(OfPlan { title: title.clone(), items: vec![item] }),
        }
    }
    for plan in &mut plans {
        plan.items.sort_by_key(|item| item.overdue.is_none());
    }
    let any_by_link = plans.iter().flat_map(|plan| &plan.items).any(|item| item.by_link);
    let asks = reminder::asking(first, now.today);
    let mail = RoundMail {
        council: cx.installation().council.clone(),
        round: round.label.clone(),
        again,
        due: round.updates_due_on,
        today: now.today,
        asked_by: asks.words,
        own_list: asks.person.is_some_and(|manager| manager.id == asked.person.id),
        panel: for_whom(round, first),
        because: asking::because(asked),
        plans,
        my_actions: cx.links.full(path::MY_ACTIONS),
        choices: cx.links.full(path::ACCOUNT_MAIL),
        by_link: link.filter(|_| any_by_link).map(|link| link.address.clone()),
    };
    Some(Rendered {
        subject: round::subject(&mail),
        plain: round::plain(&mail),
        html: round::html(&mail),
        reply_to: asks.person.map(reminder::mailbox).into_iter().collect(),
        plans: vec![first.plan.id],
        copied: Vec::new(),
    })
}

/// What a mail says of an action to somebody who is asked for it, with the form, or their own link where there is one.
pub(super) fn item(
    cx: &Cx,
    Wanted { record, action, instead_of, .. }: &Wanted<'_>,
    person: PersonId,
    link: Option<&Link>,
    today: NaiveDate,
) -> Item {
    let standing = standing::stand_one(record, action, today);
    let by_link = link.and_then(|link| link.on(record, action, today));
    Item {
        label: action.label.clone(),
        title: action.title(),
        overdue: standing
            .overdue_days
            .map(|days| format!("overdue by {}", text::plural(days, "day", "days"))),
        by_when: standing.deadline.map(|d| d.wording.clone()).filter(|words| !words.trim().is_empty()),
        asked: standing.asked.map(|a| format!("{}, not decided", a.wording)),
        rating: record.plan.key.word(standing.reported),
        last_update: reminder::last_update_words(record, &standing),
        by_link: by_link.is_some(),
        link: by_link.unwrap_or_else(|| cx.links.full(&path::new_update(action.id))),
        jointly: asking::jointly(record, action, person, today),
        instead_of: instead_of.clone(),
    }
}

/// "the Community Safety and Leisure Scrutiny Panel on 19 February 2018".
pub(super) fn for_whom(round: &Round, first: &Record) -> Option<String> {
    let meets = round.meeting.as_ref().map(|meeting| meeting.panel_name.as_str());
    let panel = meets.or(first.plan.panel.as_deref())?;
    let on = round.meeting_on.map_or(String::new(), |on| format!(" on {}", text::day(on)));
    Some(format!("the {panel}{on}"))
}
