//! One message on its way: what the mail server said of it, and what that means for it and beyond it.

use chrono::TimeDelta;

use super::pause;
use crate::{
    command::{CommandError, Cx, Now, link::event, notice},
    domain::{
        access::Actor,
        calendar::Calendar,
        message::{Hindrance, MessageKind},
    },
    mail::transport::{Accepted, Failure, Session, Transport},
    store::{
        self, Tx,
        action::Saved,
        outbox::{
            Message,
            moving::Handed,
            sending::{self, Outcome},
        },
    },
};

/// How long to wait after each try, in minutes; then every six hours.
const BACK_OFF: [i64; 4] = [1, 5, 30, 120];
/// How long after it was first refused for now a message is given up. A day on which it can't go anyway does not count.
const GIVE_UP: TimeDelta = TimeDelta::hours(48);

/// What the log says of a message whose end is not recorded.
pub(super) const LEASE_RAN_OUT: &str = "the lease ran out during sending: another sender has it";

/// A message that is ours to send until its lease runs out.
pub(super) struct Claimed {
    pub(super) message: Message,
    pub(super) claimant: String,
    pub(super) mime: String,
    /// The bytes must not stay: they hold a token.
    pub(super) forget: bool,
    /// Nothing went out before: this one tries whether it does again.
    pub(super) tries: bool,
}

/// A message that was tried, and what came of it.
pub(super) struct Attempt {
    claimed: Claimed,
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

/// How long to wait after so many tries.
fn wait_after(attempts: i32) -> TimeDelta {
    let before = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX);
    TimeDelta::minutes(BACK_OFF.get(before).copied().unwrap_or(360))
}

/// What becomes of a message that can't be made: it is tried again, and after a few tries a person has to look at it.
pub(super) fn aside(message: &Message, error: &str, now: Now) -> Outcome {
    let note = format!("It can’t be made: {error}");
    let tries = usize::try_from(message.attempts).unwrap_or(usize::MAX);
    if tries >= BACK_OFF.len() {
        return Outcome::Failed(note);
    }
    Outcome::Again { at: now.at + wait_after(message.attempts + 1), note, uncertain: false }
}

/// For how long a message has been refused for now.
fn refused_for(message: &Message, now: Now, calendar: &Calendar) -> TimeDelta {
    let since = message.first_refused_at.map_or_else(TimeDelta::zero, |first| now.at - first);
    if !MessageKind::OFFICE_HOURS.contains(&message.kind) {
        return since;
    }
    let days = usize::try_from(since.num_days()).unwrap_or_default() + 1;
    let closed = now.today.iter_days().rev().take(days).filter(|day| !calendar.is_working_day(*day)).count();
    since - TimeDelta::days(i64::try_from(closed).unwrap_or(i64::MAX))
}

impl Claimed {
    pub(super) async fn send(self, cx: &Cx, transport: &Transport, session: &mut Session) -> Attempt {
        let to = &self.message.to_address;
        let result = transport.deliver(session, &cx.sender.address, to, self.mime.as_bytes()).await;
        let (outcome, trouble) = outcome(cx, &self.message, result);
        Attempt { claimed: self, outcome, trouble }
    }
}

fn outcome(cx: &Cx, message: &Message, result: Result<Accepted, Failure>) -> (Outcome, Option<Trouble>) {
    let now = cx.now();
    let again =
        |note, uncertain| Outcome::Again { at: now.at + wait_after(message.attempts), note, uncertain };
    let too_old = || refused_for(message, now, &cx.calendar()) > GIVE_UP;
    match result {
        Ok(accepted) => (Outcome::Handed(accepted.reply), None),
        Err(Failure::Permanent(why)) => (Outcome::Failed(why), None),
        Err(Failure::Recipient(why)) => (Outcome::Failed(why.clone()), Some(Trouble::Refused(why))),
        Err(Failure::Transient(why)) if too_old() => (Outcome::Failed(why), None),
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

/// Records how the tried messages ended, and takes them out.
pub(super) async fn record(cx: &Cx, tried: &mut Vec<Attempt>) -> Result<(), CommandError> {
    let tx = cx.store.begin().await?;
    record_in(cx, &tx, tried).await?;
    tx.commit().await?;
    tried.clear();
    Ok(())
}

/// The same within a transaction: they are still there should it come to nothing.
pub(super) async fn record_in(cx: &Cx, tx: &Tx, tried: &[Attempt]) -> Result<(), CommandError> {
    let now = cx.now();
    for attempt in tried {
        attempt.record(tx, now).await?;
    }
    Ok(())
}

impl Attempt {
    /// No mail goes out for now.
    pub(super) fn stops(&self) -> bool {
        matches!(self.trouble, Some(Trouble::Hindered(..)))
    }

    /// The message waits as before: it never came to the server.
    pub(super) fn is_held(&self) -> bool {
        matches!(self.outcome, Outcome::Held { .. })
    }

    /// The server was not reached over this line.
    pub(super) fn is_not_reached(&self) -> bool {
        matches!(self.trouble, Some(Trouble::Hindered(Hindrance::Unreachable, _)))
    }

    /// It is reached over others: that is no reason to stop.
    pub(super) fn is_only_this_line(&mut self) {
        self.trouble = None;
    }

    /// The server took it, and that says nothing beyond the one message.
    pub(super) fn says_no_more(&self) -> Option<Handed<'_>> {
        let Claimed { message, claimant, forget, tries, .. } = &self.claimed;
        match &self.outcome {
            Outcome::Handed(reply) if !forget && !tries && message.kind != MessageKind::Account => {
                Some(Handed { message, claimant, reply })
            }
            _ => None,
        }
    }

    /// Records how it ended, and what that says beyond this one message.
    async fn record(&self, tx: &Tx, now: Now) -> Result<(), CommandError> {
        let Claimed { message, claimant, forget, tries, .. } = &self.claimed;
        if sending::finish(tx, message, claimant, &self.outcome, *forget, now.at).await? == Saved::Stale {
            tracing::warn!(message = message.id, "{LEASE_RAN_OUT}");
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
            // It has answered about a message, so it takes us.
            _ if *tries => pause::end(tx).await?,
            _ => {}
        }
        if matches!(self.outcome, Outcome::Failed(_)) && !message.uncertain && !message.kind.is_own() {
            // It has reached nobody, so what it was sent for does not count as sent.
            store::outbox::about::keep_plans(tx, message.id).await?;
            store::outbox::take_back_causes(tx, &[message.id]).await?;
        }
        if let Some(Trouble::Refused(why)) = &self.trouble {
            refuse(tx, message, why, now).await?;
        }
        if let (Outcome::Handed(_), MessageKind::Account, Some(person)) =
            (&self.outcome, message.kind, message.person)
        {
            let _ = store::person::accept_address(tx, person, &message.to_address).await?;
        }
        Ok(())
    }
}

/// Marks the address of a message that the mail server refuses: nothing but account mail goes there until it is put right.
async fn refuse(tx: &Tx, message: &Message, why: &str, now: Now) -> Result<(), CommandError> {
    let Some(person) = message.person else { return Ok(()) };
    if store::person::refuse_address(tx, person, &message.to_address, now.today, why).await? == Saved::Yes {
        let summary = format!("The mail server refused the address of {}", message.to_name);
        event(tx, now, &Actor::program("Mail"), person, "person.address-refused", summary).await?;
        notice::refused(tx, person, now).await?;
    }
    Ok(())
}
