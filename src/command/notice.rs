//! Puts a notice from the panel into the outbox, written out, in the transaction of its cause.
//!
//! What it says is [`crate::mail::notice`]'s; that it waits for office hours is the worker's.

use chrono::NaiveDate;

use super::{
    CommandError, Cx, Now,
    outbox::bytes,
    reminder::{list, message_id, thread},
};
use crate::{
    domain::{id::PlanId, message::MessageKind, plan::Record, post::Person},
    mail::{
        message::{Mailbox, Outgoing},
        notice::{self, Notice},
    },
    store::{
        self, Tx,
        outbox::{NewMessage, about::Subject},
    },
};

/// Who answers for a plan on a day: the words for a mail, and the mailbox that answers go to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manager {
    words: Option<String>,
    mailbox: Option<Mailbox>,
}

impl Manager {
    pub(super) fn of(record: &Record, today: NaiveDate) -> Self {
        let Some(post) = record.post(record.plan.manager) else { return Self::default() };
        let Some(person) = post.reachable(today).next() else { return Self::default() };
        let words = if person.name == post.name {
            format!("the {}", post.name)
        } else {
            format!("{}, {},", person.name, post.name)
        };
        let mailbox = Mailbox { name: person.name.clone(), address: person.email.clone() };
        Self { words: Some(words), mailbox: Some(mailbox) }
    }

    /// As a mail to somebody names them; none in a mail to themselves.
    pub(super) fn named_to(&self, reader: &Person) -> Option<String> {
        let is_reader = self.mailbox.as_ref().is_some_and(|m| m.address == reader.email);
        self.words.clone().filter(|_| !is_reader)
    }
}

/// "the Community Safety and Leisure Scrutiny Panel", as a sentence says it; "the panel" where it has no name.
pub(super) fn panel_words(record: &Record) -> String {
    match &record.plan.panel {
        Some(panel) => with_article(panel),
        None => record.words.say("the {panel}"),
    }
}

/// A body's name with its article.
pub(super) fn with_article(name: &str) -> String {
    if name.to_lowercase().starts_with("the ") { name.to_owned() } else { format!("the {name}") }
}

/// What a notice is about, and the plans that it has to do with.
pub(super) type Of<'a> = (Subject, &'a [PlanId]);

/// Queues a notice to one person. False: there was one under its key, or no mail can go to their address.
pub(super) async fn queue(
    cx: &Cx,
    tx: &Tx,
    (subject, plans): Of<'_>,
    to: &Person,
    notice: &Notice,
    manager: &Manager,
    now: Now,
) -> Result<bool, CommandError> {
    let (kind, key) = match subject {
        Subject::Question(id) => (MessageKind::Question, format!("question {id} person {}", to.id)),
        Subject::Decisions(id) => (MessageKind::Decision, format!("decision {id} person {}", to.id)),
        Subject::Returned(id) => (MessageKind::Returned, format!("returned update {id} person {}", to.id)),
    };
    let message_id = message_id(cx)?;
    let outgoing = Outgoing {
        from: cx.sender.clone(),
        to: Mailbox { name: to.name.clone(), address: to.email.clone() },
        reply_to: manager.mailbox.clone().filter(|m| m.address != to.email),
        subject: notice::subject(notice),
        plain: notice::plain(notice),
        html: notice::html(notice),
        message_id: format!("<{message_id}>"),
        date: cx.clock.date_of_mail(),
        references: thread(cx, plans.first().copied(), to.id),
        list: Some(list(cx)),
        unsubscribe: None,
        copied: Vec::new(),
    };
    let mime = match bytes(&outgoing) {
        Ok(mime) => mime,
        Err(why) => {
            tracing::warn!(person = to.id.0, "a notice can’t be made: {why}");
            return Ok(false);
        }
    };
    let new = NewMessage {
        unique_key: &key,
        kind,
        office_day: now.today,
        person: Some(to.id),
        link: None,
        to_name: &to.name,
        to_address: &to.email,
        message_id: &message_id,
        rendered: Some((&outgoing.subject, &mime)),
    };
    let Some(message) = store::outbox::queue(tx, &new, &[], now.at).await? else { return Ok(false) };
    store::outbox::about::note(tx, message, subject, plans).await?;
    Ok(true)
}

/// Why somebody is mailed about an action: the post for which they are, or that it names them.
pub(super) fn because(post: Option<&str>) -> String {
    match post {
        Some(post) => format!("you hold the post {post}"),
        None => "the action names you as its lead".to_owned(),
    }
}
