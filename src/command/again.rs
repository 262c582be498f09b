//! Sending a mail of the log once more, because somebody pressed: the same text as a message of its own, with a Message-ID of
//! its own, to where the person is now.
//!
//! Never an account mail, never what has lost its point, and never twice for the same press.

use super::{
    CommandError, Cx, Event, Now, record,
    reminder::{message_id, worker},
};
use crate::{
    domain::{
        access::{Actor, Permission, may, may_in},
        action::State,
        id::PlanId,
        message::{MessageKind, MessageState},
        reminder::{Rule, notice::overtaken, recipients},
        round::RoundState,
        text,
    },
    mail::message::{Mailbox, sent_again},
    store::{
        self, Source,
        outbox::{Message, NewMessage, Readable, log},
        record::Depth,
        round_mail::For,
    },
};

/// What the history says of a message that went again.
pub const SENT_AGAIN: &str = "mail.sent-again";

/// A message that can go again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// As it was sent.
    pub message: Message,
    /// To whom it goes now.
    pub to: Mailbox,
    /// How often it was sent again before.
    pub times: u64,
}

/// Whether a message can go again; else why not, in a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It can.
    Yes(Offer),
    /// It can't.
    No(Message, String),
}

/// Whether there is anything to send again in such a message: a kind that is about plans, done with, with its text.
pub fn is_repeatable(message: &Message) -> bool {
    MessageKind::OFFICE_HOURS.contains(&message.kind)
        && !matches!(message.state, MessageState::Queued | MessageState::Sending)
        && message.mime.is_some()
}

/// Which messages somebody may read of: of the plans whose mail is theirs to read; those who look after people, all.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
async fn readable(from: &impl Source, actor: &Actor) -> Result<Readable, CommandError> {
    if may(actor, Permission::ManagePeople).is_ok() {
        return Ok(Readable::All);
    }
    let records = store::record::all(from, actor, Depth::Current).await?;
    let theirs = records.iter().filter(|r| may_in(actor, Permission::ReadMail, &r.plan).is_ok());
    Ok(Readable::OfPlans(theirs.map(|r| r.plan.id).collect()))
}

/// Whether a message can go again.
///
/// # Errors
/// [`CommandError::NotFound`] where it is not theirs to know of; [`CommandError::Store`] if the database does not answer.
pub async fn offer(cx: &Cx, actor: &Actor, id: i64) -> Result<Answer, CommandError> {
    weigh(&cx.store, actor, id, cx.now()).await
}

/// Queues a message once more; `time` is how often it had gone again when the page was shown. The name of whom it goes to;
/// none: the same press, or somebody else, was faster, and it goes once.
///
/// # Errors
/// [`CommandError::Refused`] where it can't go again; [`CommandError::NotFound`] where it is not theirs to know of.
pub async fn send(cx: &Cx, actor: &Actor, id: i64, time: u64) -> Result<Option<String>, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let offer = match weigh(&tx, actor, id, now).await? {
        Answer::Yes(offer) => offer,
        Answer::No(_, why) => return Err(CommandError::refused("", why)),
    };
    // Numbered one after the other, so that a page that was made earlier has its number taken.
    if time != offer.times {
        return Ok(None);
    }
    let message = offer.message;
    let message_id = message_id(cx)?;
    let kept = message.mime.as_deref().unwrap_or_default();
    let mime = sent_again(kept, &offer.to, &format!("<{message_id}>"), cx.clock.date_of_mail())
        .map_err(|why| CommandError::refused("", format!("It can’t be made: {why}")))?;
    let key = log::again_key(id, time);
    let subject = message.subject.clone().unwrap_or_default();
    let new = NewMessage {
        unique_key: &key,
        kind: message.kind,
        office_day: now.today,
        person: message.person,
        link: None,
        to_name: &offer.to.name,
        to_address: &offer.to.address,
        message_id: &message_id,
        rendered: Some((&subject, &mime)),
    };
    let queued = match store::outbox::queue(&tx, &new, &[], now.at).await {
        Ok(Some(queued)) => queued,
        Ok(None) => return Ok(None),
        Err(error) if error.is_duplicate() => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let known: Vec<PlanId> = store::plan::titles(&tx).await?.into_keys().collect();
    let plans = store::outbox::plans(&tx, id, &known).await?;
    log::note_again(&tx, queued, id).await?;
    if let Some(what) = store::round_mail::of_message(&tx, id).await? {
        store::round_mail::note(&tx, queued, For { again: true, ..what }).await?;
    }
    let words = format!("Sent again by {} on {}", actor.name, text::day(now.today));
    log::add_to_note(&tx, &message, &words).await?;
    let event = Event {
        plan: plans.first().copied().filter(|_| plans.len() == 1),
        action: None,
        kind: SENT_AGAIN,
        summary: format!("{} to {} sent again", message.kind.words(), offer.to.name),
        detail: serde_json::json!({ "person": message.person.map(|p| p.0), "message": id, "as": queued }),
    };
    record(&tx, now, actor, event).await?;
    tx.commit().await?;
    cx.bell.ring();
    Ok(Some(offer.to.name))
}

async fn weigh(from: &impl Source, actor: &Actor, id: i64, now: Now) -> Result<Answer, CommandError> {
    let which = readable(from, actor).await?;
    let message = log::one(from, &which, id).await?.ok_or(CommandError::NotFound)?;
    let no = |message, why: &str| Ok(Answer::No(message, why.to_owned()));
    if !MessageKind::OFFICE_HOURS.contains(&message.kind) {
        return no(
            message,
            "A mail about an account, or a test, is not sent again: a new one can be asked for",
        );
    }
    if matches!(message.state, MessageState::Queued | MessageState::Sending) {
        return no(message, "It is still on its way");
    }
    if message.mime.is_none() {
        let why = match message.subject {
            Some(_) => "Its text is not kept any more",
            None => "It was never written: there was nothing to say when its turn came",
        };
        return no(message, why);
    }
    let account = match message.person {
        Some(person) => store::person::by_id(from, person).await?,
        None => None,
    };
    let Some(person) = account.map(|account| account.person).filter(|p| p.active && !p.email.is_empty())
    else {
        return no(message, "The account of whom it went to is deactivated");
    };
    if let Some(why) = pointless(from, &message, now).await? {
        return Ok(Answer::No(message, why));
    }
    let to = Mailbox { name: person.name, address: person.email };
    let times = log::times_again(from, id).await?;
    Ok(Answer::Yes(Offer { message, to, times }))
}

/// Why what a message asks for is not wanted any more, if so: of what it told about actions nothing is theirs to know or do.
async fn pointless(from: &impl Source, message: &Message, now: Now) -> Result<Option<String>, CommandError> {
    if let Some(what) = store::round_mail::of_message(from, message.id).await? {
        let round = store::round::by_id(from, what.round).await?;
        let open = round.is_some_and(|row| row.round.state == RoundState::Open);
        return Ok((!open).then(|| "The round is closed: nobody is asked for it any more".to_owned()));
    }
    let ids = [message.id];
    let causes = store::outbox::causes(from, message.id).await?;
    let notices = store::notice::of_messages(from, &ids).await?;
    let of_plans = !store::outbox::response::causes(from, &ids).await?.is_empty()
        || !store::outbox::round::causes(from, &ids).await?.is_empty();
    if of_plans || causes.is_empty() && notices.is_empty() {
        return Ok(None);
    }
    let records = store::record::all(from, &worker(), Depth::Current).await?;
    let find = |action| {
        let monitored = records.iter().filter(|record| record.is_monitored(now.today));
        monitored.filter_map(|record| Some((record, record.action(action)?))).next()
    };
    let awaited = causes.iter().any(|cause| {
        find(cause.action).is_some_and(|(record, action)| {
            let people = recipients(record, action, now.today).people;
            // What was escalated went to those who look after the plan.
            let theirs = matches!(cause.rule, Rule::Listed | Rule::Escalated)
                || people.iter().any(|to| to.person.id == cause.person);
            action.state_at(now.today) == State::Open && theirs
        })
    });
    let told = notices.iter().any(|(_, notice)| {
        find(notice.action).is_some_and(|(record, _)| overtaken(record, notice, now.today).is_none())
    });
    Ok((!awaited && !told).then(|| {
        "Nothing in it is theirs to do any more: each action is complete, closed, merged, or somebody else’s"
            .to_owned()
    }))
}
