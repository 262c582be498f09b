//! Sending what is queued, one message at a time: claim, re-check, render, hand over, record.
//!
//! The bytes are rendered once, in the transaction that claims the message, and kept: every retry is identical and has the
//! same Message-ID. Nothing is locked while the mail server is spoken to.
//!
//! The bytes of an account mail hold a token that opens an account. They are taken out as soon as the message is done with,
//! and while it waits the token works for as long as its link does. In the demonstration nothing is secret and the viewer has
//! to show them: what stays here keeps its bytes.

use chrono::TimeDelta;

use super::{
    CommandError, Cx, Now, asking,
    reminder::{self, Rendered, Unwritten},
};
use crate::{
    domain::{
        id::PersonId,
        message::{MessageKind, MessageState},
    },
    mail::{
        message::{Mailbox, Outgoing, build, readdressed, reserved_example_domain},
        test_mail,
        transport::{Failure, Session, Transport},
    },
    secret,
    store::{
        self, StoreError, Tx,
        action::Saved,
        outbox::{Message, NewMessage, Outcome},
        person::Account,
    },
};

/// How long a claim holds: longer than every time-out of a delivery together.
const LEASE: TimeDelta = TimeDelta::minutes(15);
/// How long to wait after each try, in minutes; then every six hours.
const BACK_OFF: [i64; 4] = [1, 5, 30, 120];
/// Hours after which a message that is refused for now is given up.
const GIVE_UP_HOURS: i64 = 48;

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing is due.
    Idle,
    /// One message was dealt with.
    Done,
    /// The server is out of reach or does not take us: the rest waits.
    Stopped,
}

/// Deals with the next message that is due, of some kinds.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer; a message in hand is then tried again after its lease.
pub async fn send_next(
    cx: &Cx,
    transport: &Transport,
    session: &mut Session,
    kinds: &[MessageKind],
) -> Result<Step, CommandError> {
    let now = cx.now();
    let claimant = secret::token().map_err(|e| StoreError::File(std::io::Error::other(e)))?;
    let tx = cx.store.begin().await?;
    let Some(mut message) = store::outbox::claim(&tx, kinds, &claimant, now.at, now.at + LEASE).await? else {
        tx.commit().await?;
        return Ok(Step::Idle);
    };
    if message.uncertain {
        tracing::warn!(message = message.id, "a sender stopped in mid-send: the same message goes once more");
    }
    tx.commit().await?;
    let stays_here = matches!(transport, Transport::Kept);
    let forget = message.kind == MessageKind::Account && !stays_here;
    let ready = match make_ready(cx, &claimant, &mut message, stays_here, now).await {
        Ok(ready) => ready,
        Err(error) => return set_aside(cx, &claimant, &message, &error, forget, now).await,
    };
    let Ok(mime) = ready else { return Ok(Step::Done) };

    let result = transport.deliver(session, &cx.sender.address, &message.to_address, mime.as_bytes()).await;
    let (outcome, step) = outcome(&message, result, cx.now());
    let tx = cx.store.begin().await?;
    if store::outbox::finish(&tx, message.id, &claimant, &outcome, forget, cx.now().at).await? == Saved::Stale
    {
        tracing::warn!(message = message.id, "the lease ran out during sending: another sender has it");
    }
    tx.commit().await?;
    match &outcome {
        Outcome::Handed(_) => tracing::info!(message = message.id, "handed to the mail server"),
        Outcome::NotSent(_) => {}
        Outcome::Again { uncertain, .. } => {
            tracing::warn!(message = message.id, attempts = message.attempts, uncertain, "to be tried again");
        }
        Outcome::Failed(_) => tracing::error!(message = message.id, "given up: see the mail log"),
    }
    Ok(step)
}

/// Prepares a claimed message in a transaction of its own. `Err` within: it is not to be sent, which is recorded.
async fn make_ready(
    cx: &Cx,
    claimant: &str,
    message: &mut Message,
    stays_here: bool,
    now: Now,
) -> Result<Result<String, String>, CommandError> {
    let tx = cx.store.begin().await?;
    let ready = prepare(cx, &tx, message, stays_here, now).await?;
    if let Err(why) = &ready {
        let (outcome, forget) =
            (Outcome::NotSent(why.clone()), message.kind == MessageKind::Account && !stays_here);
        let _ = store::outbox::finish(&tx, message.id, claimant, &outcome, forget, now.at).await?;
        tracing::info!(message = message.id, "not sent: {why}");
    }
    tx.commit().await?;
    Ok(ready)
}

/// Puts a message aside that can't be made, so that it does not stand in the way of the others; after a few tries a person
/// has to look at it.
async fn set_aside(
    cx: &Cx,
    claimant: &str,
    message: &Message,
    error: &CommandError,
    forget: bool,
    now: Now,
) -> Result<Step, CommandError> {
    tracing::error!(message = message.id, error = %error, "a message can’t be made");
    let note = format!("It can’t be made: {error}");
    let tries = usize::try_from(message.attempts).unwrap_or(usize::MAX);
    let outcome = if tries > BACK_OFF.len() {
        Outcome::Failed(note)
    } else {
        let at = now.at + TimeDelta::minutes(wait_after(message));
        Outcome::Again { at, note, uncertain: false, counts: true }
    };
    let tx = cx.store.begin().await?;
    let _ = store::outbox::finish(&tx, message.id, claimant, &outcome, forget, now.at).await?;
    tx.commit().await?;
    Ok(Step::Done)
}

/// The message's bytes: as kept, or rendered now. `Err`: it is not to be sent, and why.
async fn prepare(
    cx: &Cx,
    tx: &Tx,
    message: &mut Message,
    stays_here: bool,
    now: Now,
) -> Result<Result<String, String>, CommandError> {
    if !matches!(message.kind, MessageKind::Account | MessageKind::Test)
        && let Some(person) = message.person
        && let Some(Account { person, .. }) = store::person::by_id(tx, person).await?
        && person.email != message.to_address
    {
        // For an address that they have left: it goes where they are. What can be written from the facts of today is.
        let mime = match &message.mime {
            Some(kept) if !message.kind.is_written_from_facts() => {
                let to = Mailbox { name: person.name.clone(), address: person.email.clone() };
                match readdressed(kept, &to) {
                    Ok(mime) => Some(mime),
                    Err(why) => return Ok(Err(why.to_string())),
                }
            }
            _ => None,
        };
        store::outbox::readdress(tx, message.id, &person.name, &person.email, mime.as_deref()).await?;
        (message.to_name, message.to_address, message.mime) = (person.name, person.email, mime);
    }
    let mime = match (&message.mime, message.person) {
        (Some(kept), _) => match settled(tx, message, now).await? {
            None => kept.clone(),
            Some(why) => return Ok(Err(why.to_owned())),
        },
        (None, _) if message.kind == MessageKind::Account => {
            return Ok(Err("not sent: what it said is gone; it can be asked for again".to_owned()));
        }
        (None, Some(person)) => {
            let rendered = match render(cx, tx, message, person, now).await? {
                Ok(rendered) => rendered,
                Err(why) => return Ok(Err(why)),
            };
            let outgoing = Outgoing {
                from: cx.sender.clone(),
                to: Mailbox { name: message.to_name.clone(), address: message.to_address.clone() },
                reply_to: rendered.reply_to,
                subject: rendered.subject,
                plain: rendered.plain,
                html: rendered.html,
                message_id: format!("<{}>", message.message_id),
                date: cx.clock.date_of_mail(),
                references: reminder::thread(cx, rendered.plan, person),
                list: Some(reminder::list(cx)),
                unsubscribe: None,
                copied: Vec::new(),
            };
            match bytes(&outgoing) {
                Ok(mime) => {
                    store::outbox::keep_rendered(tx, message.id, &outgoing.subject, &mime).await?;
                    mime
                }
                Err(why) => return Ok(Err(why)),
            }
        }
        (None, None) => return Ok(Err("there is nothing to render it from".to_owned())),
    };
    if !stays_here && reserved_example_domain(&message.to_address) {
        return Ok(Err("not sent: example address".to_owned()));
    }
    Ok(Ok(mime))
}

/// Renders a message that was queued without its text, from the facts of today. `Err`: there is nothing to send, and why.
async fn render(
    cx: &Cx,
    tx: &Tx,
    message: &Message,
    person: PersonId,
    now: Now,
) -> Result<Result<Rendered, String>, CommandError> {
    match message.kind {
        MessageKind::Round => asking::render(cx, tx, message.id, person, now).await,
        _ => {
            let unwritten = Unwritten { id: message.id, kind: message.kind, person };
            let mut written = reminder::write::all(cx, tx, &[unwritten], now.today).await?;
            Ok(written.pop().unwrap_or_else(|| Err("there is nothing to render it from".to_owned())))
        }
    }
}

/// Why a message that is already written must not go out any more, if so.
async fn settled(tx: &Tx, message: &Message, now: Now) -> Result<Option<&'static str>, StoreError> {
    if let Some(person) = message.person
        && store::person::by_id(tx, person).await?.is_none_or(|a| !a.person.active)
    {
        return Ok(Some("not sent: this account is deactivated"));
    }
    if let Some(link) = message.link
        && !store::link::is_live(tx, link, now.at).await?
    {
        return Ok(Some("not sent: its link has expired, was used, or was made void"));
    }
    Ok(None)
}

/// Whether an account mail waits that is due: what a worker in another process looks for between its rounds.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn account_mail_waits(cx: &Cx) -> Result<bool, CommandError> {
    Ok(store::outbox::is_due(&cx.store, MessageKind::Account, cx.now().at).await?)
}

/// A message's bytes as text: they are ASCII. `Err`: why it can't be made.
pub(super) fn bytes(outgoing: &Outgoing) -> Result<String, String> {
    let bytes = build(outgoing).map_err(|e| e.to_string())?;
    String::from_utf8(bytes).map_err(|e| e.to_string())
}

/// Minutes to wait after this try.
fn wait_after(message: &Message) -> i64 {
    let tries = usize::try_from(message.attempts.max(1) - 1).unwrap_or(usize::MAX);
    BACK_OFF.get(tries).copied().unwrap_or(360)
}

fn outcome(
    message: &Message,
    result: Result<crate::mail::transport::Accepted, Failure>,
    now: Now,
) -> (Outcome, Step) {
    let again = |note: String, uncertain, counts| Outcome::Again {
        at: now.at + TimeDelta::minutes(wait_after(message)),
        note,
        uncertain,
        counts,
    };
    let too_old = now.at - message.created_at > TimeDelta::hours(GIVE_UP_HOURS);
    match result {
        Ok(accepted) => (Outcome::Handed(accepted.reply), Step::Done),
        Err(Failure::Permanent(why)) => (Outcome::Failed(why), Step::Done),
        Err(Failure::Transient(why)) if too_old => (Outcome::Failed(why), Step::Done),
        Err(Failure::Transient(why)) => (again(why, false, true), Step::Done),
        Err(Failure::Uncertain(why)) if message.uncertain => (
            Outcome::Failed(format!(
                "Tried twice without an answer: the server may have it twice, once or not at all. {why}"
            )),
            Step::Done,
        ),
        Err(Failure::Uncertain(why)) => (again(why, true, true), Step::Done),
        Err(Failure::Unreachable(why) | Failure::Configuration(why)) => {
            (again(why, false, false), Step::Stopped)
        }
    }
}

/// Sends a test mail at once, and says what the server answered.
///
/// # Errors
/// [`CommandError::Refused`] in words where it can't be sent.
pub async fn send_test(cx: &Cx, transport: &Transport, to: &str) -> Result<String, CommandError> {
    let refuse = |why: String| CommandError::refused("address", why);
    if reserved_example_domain(to) && !matches!(transport, Transport::Kept) {
        return Err(refuse(format!("{to} is an example address: nothing can be sent there")));
    }
    let now = cx.now();
    let message_id = reminder::message_id(cx)?;
    let here = cx.links.full("/");
    let outgoing = Outgoing {
        from: cx.sender.clone(),
        to: Mailbox { name: String::new(), address: to.to_owned() },
        reply_to: None,
        subject: test_mail::SUBJECT.to_owned(),
        html: test_mail::html(&here),
        plain: test_mail::plain(&here),
        message_id: format!("<{message_id}>"),
        date: cx.clock.date_of_mail(),
        references: Vec::new(),
        list: None,
        unsubscribe: None,
        copied: Vec::new(),
    };
    let mime = bytes(&outgoing).map_err(refuse)?;
    let tx = cx.store.begin().await?;
    let key = format!("test {message_id}");
    let new = NewMessage {
        unique_key: &key,
        kind: MessageKind::Test,
        office_day: now.today,
        person: None,
        link: None,
        to_name: "",
        to_address: to,
        message_id: &message_id,
        rendered: Some((&outgoing.subject, &mime)),
    };
    let id = store::outbox::queue(&tx, &new, &[], now.at).await?.ok_or(CommandError::Stale)?;
    tx.commit().await?;
    let mut session = Session::default();
    loop {
        let step = send_next(cx, transport, &mut session, &[MessageKind::Test]).await?;
        let message = store::outbox::by_id(&cx.store, id).await?.ok_or(CommandError::NotFound)?;
        let note = message.note.unwrap_or_default();
        match message.state {
            MessageState::Handed => {
                session.close().await;
                return Ok(note);
            }
            MessageState::Sending if step == Step::Idle => {
                session.close().await;
                return Err(refuse("The worker is sending it just now: look at the mail log".to_owned()));
            }
            MessageState::Sending => {}
            _ if step == Step::Done && note.is_empty() => {}
            _ => {
                session.close().await;
                // Whoever asked has the answer: it must not block the next test, nor go out by surprise later.
                let tx = cx.store.begin().await?;
                store::outbox::withdraw_tests(&tx, "a test mail that was not taken").await?;
                tx.commit().await?;
                // Without a note it was not its turn: the server did not take one that has waited longer.
                let waits = || "a test mail that has waited longer was not taken either".to_owned();
                return Err(refuse(if note.is_empty() { waits() } else { note }));
            }
        }
    }
}
