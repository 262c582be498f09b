//! Sending what is queued: each message written, asked once more, claimed, handed over, recorded.
//!
//! What is queued without its text is written ([`write_next`]) when its turn has come, some messages at a time where no pace is
//! kept, and the bytes are kept: every retry is identical and has the same Message-ID. Then one statement, or a transaction where
//! more is to be asked, records how the messages ended that were tried, and claims one for each line to the mail server that is
//! free (`taking`). A sender that is killed can repeat one a line and lose none: none goes out over a line before the end
//! of the one before it is kept, on the disk and not only in the memory of the machine. Over several lines the disk is waited for
//! once for several messages. Nothing is locked while the mail server is spoken to.
//!
//! The bytes of an account mail hold a token that opens an account, those of a mail about a round may hold one with which updates
//! are written (see [`super::round_link`]). They are taken out as soon as the message is done with,
//! and while it waits the token works for as long as its link does. In the demonstration nothing is secret and the viewer has
//! to show them: what stays here keeps its bytes.

use futures_util::{FutureExt as _, StreamExt as _, stream::FuturesUnordered};

use super::{CommandError, Cx};
use crate::{
    domain::message::MessageKind,
    mail::transport::{Session, Transport},
};

mod attempt;
mod checking;
mod pause;
mod taking;
mod test_mail;
mod writing;

pub use pause::{account_mail_waits, try_now};
pub use test_mail::send_test;
pub(super) use writing::bytes;
pub use writing::write_next;

use attempt::{Attempt, record};
use taking::{Taking, Wanted};

/// How many are written in one transaction where they go out at once. Where a pace is kept, each is when its turn has come:
/// what is known by then is in it.
const WRITTEN_AT_ONCE: u64 = 50;

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
    let wanted = Wanted { kinds, most: 1, begins: true };
    let mut queue = Taking::new(cx, transport, 1);
    let mut taken = Box::pin(queue.take(wanted, &mut Vec::new())).await?;
    let Some(claimed) = taken.claimed.pop() else {
        return Ok(match taken.dealt_with {
            0 if taken.paused => Step::Stopped,
            0 => Step::Idle,
            _ => Step::Done,
        });
    };
    let attempt = claimed.send(cx, transport, session).await;
    let step = if attempt.stops() { Step::Stopped } else { Step::Done };
    record(cx, &mut vec![attempt]).await?;
    Ok(step)
}

/// Deals with all messages that are due, without a rest, over some lines to the mail server at once, as long as `kinds` names
/// any that may go out. Gives how many were dealt with, and how it ended.
///
/// A line over which the server is not reached is left alone while others are open: it may take no more than those.
///
/// # Errors
/// As [`send_next`].
pub async fn send_all(
    cx: &Cx,
    transport: &Transport,
    lines: &mut [Session],
    kinds: impl Fn() -> Vec<MessageKind>,
) -> Result<(usize, Step), CommandError> {
    let mut free: Vec<&mut Session> = lines.iter_mut().collect();
    let mut sending = FuturesUnordered::new();
    let mut ended: Vec<(Attempt, &mut Session)> = Vec::new();
    let mut tried: Vec<Attempt> = Vec::new();
    let mut queue = Taking::new(cx, transport, WRITTEN_AT_ONCE);
    let (mut dealt_with, mut begins, mut stopped) = (0, true, false);
    loop {
        let kinds = if stopped { Vec::new() } else { kinds() };
        let wanted = Wanted { kinds: &kinds, most: free.len(), begins };
        let recorded = !tried.is_empty();
        let taken = {
            // What is on its way meanwhile goes on.
            let mut taking = Box::pin(queue.take(wanted, &mut tried));
            loop {
                tokio::select! {
                    taken = &mut taking => break taken,
                    Some(one) = sending.next() => ended.push(one),
                }
            }
        };
        let taken = match taken {
            Ok(taken) => taken,
            Err(error) => {
                // How it ended what is on its way had better be known, should the database answer again.
                ended.extend(sending.collect::<Vec<_>>().await);
                tried.extend(ended.into_iter().map(|(attempt, _)| attempt));
                record(cx, &mut tried).await?;
                return Err(error);
            }
        };
        dealt_with += taken.dealt_with;
        let none = taken.claimed.is_empty();
        for claimed in taken.claimed {
            let Some(line) = free.pop() else { break };
            sending.push(async move { (claimed.send(cx, transport, line).await, line) });
        }
        if ended.is_empty() && !free.is_empty() && taken.more && (recorded || !none) {
            // No line waits for what another meets while there is something to be sent.
            continue;
        }
        if sending.is_empty() && ended.is_empty() && none {
            match taken.dealt_with {
                // What was queued meanwhile is not known yet.
                0 if recorded => continue,
                0 if stopped || taken.paused => return Ok((dealt_with, Step::Stopped)),
                0 => return Ok((dealt_with, Step::Idle)),
                _ => continue,
            }
        }
        // Whatever has ended by then is recorded together.
        if ended.is_empty() {
            ended.extend(sending.next().await);
        }
        while let Some(Some(one)) = sending.next().now_or_never() {
            ended.push(one);
        }
        for (mut attempt, line) in ended.drain(..) {
            let others = !sending.is_empty() || free.iter().any(|line| line.is_open());
            if attempt.is_not_reached() {
                if others {
                    attempt.is_only_this_line();
                }
            } else {
                free.push(line);
            }
            stopped |= attempt.stops();
            dealt_with += usize::from(!attempt.is_held());
            begins = false;
            tried.push(attempt);
        }
    }
}
