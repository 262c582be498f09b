//! Sending what is queued, one message at a time: written, asked once more, claimed, handed over, recorded.
//!
//! What is queued without its text is written some messages at a time (`writing`), shortly before their turn, and the bytes
//! are kept: every retry is identical and has the same Message-ID. Then one transaction records how the last message ended
//! and claims the next (`take`), so that a sender that is killed can repeat one and lose none. Nothing is locked while the
//! mail server is spoken to.
//!
//! The bytes of an account mail hold a token that opens an account, those of a mail about a round may hold one with which updates
//! are written (see [`super::round_link`]). They are taken out as soon as the message is done with,
//! and while it waits the token works for as long as its link does. In the demonstration nothing is secret and the viewer has
//! to show them: what stays here keeps its bytes.

use chrono::TimeDelta;

use super::{CommandError, Cx, Now, link::event, notice};
use crate::{
    domain::{
        access::Actor,
        message::{Hindrance, MessageKind, MessageState, holds_round_link},
    },
    mail::transport::{Accepted, Failure, Session, Transport},
    secret,
    store::{
        self, StoreError, Tx,
        action::Saved,
        outbox::{
            Message,
            sending::{self, Outcome, Turn},
        },
    },
};

mod checking;
mod pause;
mod test_mail;
mod writing;

pub use pause::{account_mail_waits, try_now};
pub use test_mail::send_test;
pub(super) use writing::bytes;
pub use writing::write_next;

use checking::{Checked, check};

/// How long a claim holds: longer than every time-out of a delivery together.
const LEASE: TimeDelta = TimeDelta::minutes(15);
/// How long to wait after each try, in minutes; then every six hours.
const BACK_OFF: [i64; 4] = [1, 5, 30, 120];
/// How long after it was first refused for now a message is given up.
const GIVE_UP: TimeDelta = TimeDelta::hours(48);
/// A message over which its sender stopped so often is given up: it may be why.
const MOST_STOPS: i32 = 5;

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
    let claimed = match take(cx, transport, kinds, None).await? {
        Taken::Claimed(claimed) => claimed,
        Taken::Step(step) => return Ok(step),
    };
    let sent = claimed.send(cx, transport, session).await;
    let tx = cx.store.begin().await?;
    sent.record(cx, &tx).await?;
    tx.commit().await?;
    Ok(sent.step())
}

/// Deals with all messages that are due, one after the other without a rest, as long as `kinds` names any that may go out.
/// Gives how many were dealt with, and how it ended.
///
/// # Errors
/// As [`send_next`].
pub async fn send_all(
    cx: &Cx,
    transport: &Transport,
    session: &mut Session,
    kinds: impl Fn() -> Vec<MessageKind>,
) -> Result<(usize, Step), CommandError> {
    let mut dealt_with = 0;
    let mut last = None;
    loop {
        match take(cx, transport, &kinds(), last.take()).await? {
            Taken::Step(Step::Done) => dealt_with += 1,
            Taken::Step(step) => return Ok((dealt_with, step)),
            Taken::Claimed(claimed) => {
                let sent = claimed.send(cx, transport, session).await;
                if sent.step() == Step::Stopped {
                    let tx = cx.store.begin().await?;
                    sent.record(cx, &tx).await?;
                    tx.commit().await?;
                    return Ok((dealt_with, Step::Stopped));
                }
                dealt_with += 1;
                last = Some(sent);
            }
        }
    }
}

/// What the next turn brought.
enum Taken {
    /// A message to be sent.
    Claimed(Box<Claimed>),
    /// None, or one that was dealt with.
    Step(Step),
}

/// A message that is ours to send until its lease runs out.
struct Claimed {
    message: Message,
    claimant: String,
    mime: String,
    /// The bytes must not stay: they hold a token.
    forget: bool,
    /// Nothing went out before: this one tries whether it does again.
    tries: bool,
}

/// A message that was tried, and what came of it.
struct Sent {
    claimed: Box<Claimed>,
    outcome: Outcome,
    trouble: Option<Trouble>,
}

/// What a failure says beyond the one message.
enum Trouble {
    /// No mail goes out.
    Hindered(Hindrance, String),
    /// The address takes none.
    Refused(String),
}

/// Records how the last message ended, and claims the next.
async fn take(
    cx: &Cx,
    transport: &Transport,
    all: &[MessageKind],
    mut last: Option<Sent>,
) -> Result<Taken, CommandError> {
    let stays_here = matches!(transport, Transport::Kept);
    // The mail server has just answered, and nothing was left behind: that is asked when it begins.
    let begins = last.is_none();
    loop {
        let now = cx.now();
        let tx = cx.store.begin().await?;
        if let Some(last) = &last {
            last.record(cx, &tx).await?;
        }
        let (kinds, paused) = if begins { pause::gate(&tx, all, now).await? } else { (all.to_vec(), None) };
        let Some((mut message, to)) = next(&tx, &kinds, begins, now).await? else {
            tx.commit().await?;
            return Ok(Taken::Step(if kinds.len() < all.len() { Step::Stopped } else { Step::Idle }));
        };
        let has_token =
            message.kind == MessageKind::Account || message.mime.as_deref().is_some_and(holds_round_link);
        let forget = has_token && !stays_here;
        let checked = if sending::has_to_be_written(&message, now.at) {
            Ok(Checked::Write)
        } else if message.state == MessageState::Sending && message.attempts >= MOST_STOPS {
            let why = "Its sender stopped over it again and again: the server may have it more than once, or not at all";
            sending::conclude(&tx, &message, &Outcome::Failed(why.to_owned()), forget, now.at).await?;
            tx.commit().await?;
            return Ok(Taken::Step(Step::Done));
        } else {
            check(&tx, &mut message, to, stays_here, now).await
        };
        match checked {
            Ok(Checked::Send(mime)) => {
                if message.state == MessageState::Sending {
                    tracing::warn!(
                        message = message.id,
                        "a sender stopped in mid-send: the same message goes once more"
                    );
                }
                let claimant = secret::token().map_err(|e| StoreError::File(std::io::Error::other(e)))?;
                sending::claim(&tx, &mut message, &claimant, now.at + LEASE).await?;
                if let Some(pause) = &paused {
                    pause::tried(&tx, pause, now).await?;
                }
                tx.commit().await?;
                let tries = paused.is_some();
                return Ok(Taken::Claimed(Box::new(Claimed { message, claimant, mime, forget, tries })));
            }
            Ok(Checked::Not(why)) => {
                tracing::info!(message = message.id, "not sent: {why}");
                sending::conclude(&tx, &message, &Outcome::NotSent(why), forget, now.at).await?;
                tx.commit().await?;
                return Ok(Taken::Step(Step::Done));
            }
            Ok(Checked::Write) => {
                if message.state == MessageState::Sending {
                    // Without bytes it was never sent.
                    sending::let_go(&tx, message.id).await?;
                }
                tx.commit().await?;
                last = None;
                write_next(cx, &kinds).await?;
            }
            Err(error) => {
                // What was written in this transaction may be half of something.
                drop(tx);
                tracing::error!(message = message.id, error = %error, "a message can’t be made");
                let tx = cx.store.begin().await?;
                if let Some(last) = &last {
                    last.record(cx, &tx).await?;
                }
                let outcome = aside(&message, &error.to_string(), now);
                sending::conclude(&tx, &message, &outcome, forget, now.at).await?;
                tx.commit().await?;
                return Ok(Taken::Step(Step::Done));
            }
        }
    }
}

/// The message whose turn it is.
async fn next(tx: &Tx, kinds: &[MessageKind], begins: bool, now: Now) -> Result<Option<Turn>, StoreError> {
    if begins && let Some(left) = sending::left_behind(tx, kinds, now.at).await? {
        return Ok(Some(left));
    }
    match sending::next(tx, kinds, now.at).await? {
        None if !begins => sending::left_behind(tx, kinds, now.at).await,
        turn => Ok(turn),
    }
}

/// Puts a message aside that can't be made, so that it does not stand in the way of the others; after a few tries a person
/// has to look at it.
fn aside(message: &Message, error: &str, now: Now) -> Outcome {
    let note = format!("It can’t be made: {error}");
    let tries = usize::try_from(message.attempts).unwrap_or(usize::MAX);
    if tries >= BACK_OFF.len() {
        return Outcome::Failed(note);
    }
    Outcome::Again { at: now.at + wait_after(message.attempts + 1), note, uncertain: false }
}

/// How long to wait after so many tries.
fn wait_after(attempts: i32) -> TimeDelta {
    let before = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX);
    TimeDelta::minutes(BACK_OFF.get(before).copied().unwrap_or(360))
}

impl Claimed {
    async fn send(self: Box<Self>, cx: &Cx, transport: &Transport, session: &mut Session) -> Sent {
        let to = &self.message.to_address;
        let result = transport.deliver(session, &cx.sender.address, to, self.mime.as_bytes()).await;
        let (outcome, trouble) = outcome(&self.message, result, cx.now());
        Sent { claimed: self, outcome, trouble }
    }
}

fn outcome(message: &Message, result: Result<Accepted, Failure>, now: Now) -> (Outcome, Option<Trouble>) {
    let again =
        |note, uncertain| Outcome::Again { at: now.at + wait_after(message.attempts), note, uncertain };
    let too_old = message.first_refused_at.is_some_and(|first| now.at - first > GIVE_UP);
    match result {
        Ok(accepted) => (Outcome::Handed(accepted.reply), None),
        Err(Failure::Permanent(why)) => (Outcome::Failed(why), None),
        Err(Failure::Recipient(why)) => (Outcome::Failed(why.clone()), Some(Trouble::Refused(why))),
        Err(Failure::Transient(why)) if too_old => (Outcome::Failed(why), None),
        Err(Failure::Transient(why)) => (again(why, false), None),
        Err(Failure::Uncertain(why)) if message.uncertain => {
            let twice = "Tried twice without an answer: the server may have it twice, once or not at all.";
            (Outcome::Failed(format!("{twice} {why}")), None)
        }
        Err(Failure::Uncertain(why)) => (again(why, true), None),
        Err(Failure::Hindered(by, why)) => {
            let anew = message.attempts == 1 && !message.uncertain && message.kind.is_written_late();
            (Outcome::Held { note: why.clone(), anew }, Some(Trouble::Hindered(by, why)))
        }
    }
}

impl Sent {
    fn step(&self) -> Step {
        match self.trouble {
            Some(Trouble::Hindered(..)) => Step::Stopped,
            _ => Step::Done,
        }
    }

    /// Records how it ended, and what that says beyond this one message.
    async fn record(&self, cx: &Cx, tx: &Tx) -> Result<(), CommandError> {
        let (now, Claimed { message, claimant, forget, tries, .. }) = (cx.now(), &*self.claimed);
        if sending::finish(tx, message, claimant, &self.outcome, *forget, now.at).await? == Saved::Stale {
            tracing::warn!(message = message.id, "the lease ran out during sending: another sender has it");
        }
        match &self.outcome {
            Outcome::Handed(_) => tracing::info!(message = message.id, "handed to the mail server"),
            Outcome::NotSent(_) | Outcome::Held { .. } => {}
            Outcome::Again { uncertain, .. } => {
                tracing::warn!(
                    message = message.id,
                    attempts = message.attempts,
                    uncertain,
                    "to be tried again"
                );
            }
            Outcome::Failed(_) => tracing::error!(message = message.id, "given up: see the mail log"),
        }
        match &self.trouble {
            Some(Trouble::Hindered(by, why)) => pause::begin(tx, *by, why, now).await?,
            Some(Trouble::Refused(why)) => refuse(tx, message, why, now).await?,
            // It has answered about a message, so it takes us.
            None if *tries => pause::end(tx).await?,
            None => {}
        }
        if let (Outcome::Handed(_), MessageKind::Account, Some(person)) =
            (&self.outcome, message.kind, message.person)
        {
            let _ = store::person::accept_address(tx, person, &message.to_address).await?;
        }
        Ok(())
    }
}

/// Marks the address of a message that the mail server refuses: nothing but account mail goes there until it is put right, and
/// what the message was sent for does not count as sent.
async fn refuse(tx: &Tx, message: &Message, why: &str, now: Now) -> Result<(), CommandError> {
    let Some(person) = message.person else { return Ok(()) };
    store::outbox::about::keep_plans(tx, message.id).await?;
    store::outbox::take_back_causes(tx, &[message.id]).await?;
    if store::person::refuse_address(tx, person, &message.to_address, now.today, why).await? == Saved::Yes {
        let summary = format!("The mail server refused the address of {}", message.to_name);
        event(tx, now, &Actor::program("Mail"), person, "person.address-refused", summary).await?;
        notice::refused(tx, person, now).await?;
    }
    Ok(())
}
