//! One transaction: how the messages ended that were tried, and the claims of the next.

use std::collections::VecDeque;

use chrono::TimeDelta;

use super::{
    attempt::{Attempt, Claimed, aside, record_in},
    checking::{Checked, check},
    pause,
    writing::write_next,
};
use crate::{
    command::{CommandError, Cx, Now},
    domain::message::{MessageKind, MessageState, holds_round_link},
    mail::transport::Transport,
    secret,
    store::{
        StoreError, Tx,
        outbox::{
            Message,
            sending::{self, Outcome, Turn},
        },
    },
};

/// How long a claim holds: longer than every time-out of a delivery together.
const LEASE: TimeDelta = TimeDelta::minutes(15);
/// A message over which its sender stopped so often is given up: it may be why.
const MOST_STOPS: i32 = 5;
/// Of how many messages it is read at once that they are next. Each is asked again when its turn has come.
const AHEAD: usize = 100;

/// What is to be taken.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The kinds that may go out.
    pub(super) kinds: &'a [MessageKind],
    /// How many at most.
    pub(super) most: usize,
    /// How many are written at once where the next has to be.
    pub(super) written_at_once: u64,
    /// The mail server has not yet answered: whether there is a pause is asked.
    pub(super) begins: bool,
}

/// What the next turn brought.
#[derive(Default)]
pub(super) struct Taken {
    /// Messages to be sent.
    pub(super) claimed: Vec<Claimed>,
    /// How many were dealt with without being sent.
    pub(super) dealt_with: usize,
    /// A pause keeps some kinds back.
    pub(super) paused: bool,
}

/// Records how the tried messages ended, and claims the next. What is recorded is taken out of `tried`.
pub(super) async fn take(
    cx: &Cx,
    transport: &Transport,
    wanted: Wanted<'_>,
    upcoming: &mut VecDeque<i64>,
    tried: &mut Vec<Attempt>,
) -> Result<Taken, CommandError> {
    let stays_here = matches!(transport, Transport::Kept);
    loop {
        let now = cx.now();
        let tx = cx.store.begin().await?;
        record_in(cx, &tx, tried).await?;
        let (kinds, pause) = match wanted.begins {
            true => pause::gate(&tx, wanted.kinds, now).await?,
            false => (wanted.kinds.to_vec(), None),
        };
        // Where nothing went out before, one message tries whether it does again.
        let most = if pause.is_some() { wanted.most.min(1) } else { wanted.most };
        let mut turns = next(&tx, &kinds, most, upcoming, now).await?;
        let mut unwritten = turns.iter().position(|(message, _)| sending::has_to_be_written(message, now.at));
        if unwritten == Some(0)
            && let Some((message, _)) = turns.first().filter(|(m, _)| m.state == MessageState::Sending)
        {
            // Without bytes it was never sent.
            sending::let_go(&tx, message.id).await?;
        }
        // Those before the first that has to be written can go at once.
        if let Some(unwritten) = unwritten {
            turns.truncate(unwritten);
            upcoming.clear();
        }
        let mut taken = Taken { paused: kinds.len() < wanted.kinds.len(), ..Taken::default() };
        let mut ready = Vec::new();
        for (mut message, to) in turns {
            let forget = !stays_here && has_token(&message);
            if message.state == MessageState::Sending && message.attempts >= MOST_STOPS {
                let why = "Its sender stopped over it again and again: the server may have it more than once, or not at all";
                sending::conclude(&tx, &message, &Outcome::Failed(why.to_owned()), forget, now.at).await?;
                taken.dealt_with += 1;
                continue;
            }
            match check(&tx, &mut message, to, stays_here, now).await {
                Ok(Checked::Send(mime)) => {
                    if message.state == MessageState::Sending {
                        tracing::warn!(
                            message = message.id,
                            "a sender stopped in mid-send: the same message goes once more"
                        );
                    }
                    ready.push((message, mime, forget));
                }
                Ok(Checked::Write) => {
                    // Without bytes it was never sent.
                    sending::let_go(&tx, message.id).await?;
                    unwritten = Some(0);
                }
                Ok(Checked::Not(why)) => {
                    tracing::info!(message = message.id, "not sent: {why}");
                    sending::conclude(&tx, &message, &Outcome::NotSent(why), forget, now.at).await?;
                    taken.dealt_with += 1;
                }
                Err(error) => {
                    // What was written in this transaction may be half of something.
                    drop(tx);
                    put_aside(cx, &message, &error, forget, tried).await?;
                    return Ok(Taken { dealt_with: 1, ..Taken::default() });
                }
            }
        }
        let claimant = secret::token().map_err(|e| StoreError::File(std::io::Error::other(e)))?;
        sending::claim(&tx, ready.iter_mut().map(|(message, ..)| message), &claimant, now.at + LEASE).await?;
        let tries = pause.is_some();
        if let Some(pause) = pause.filter(|_| !ready.is_empty()) {
            pause::tried(&tx, &pause, now).await?;
        }
        tx.commit().await?;
        tried.clear();
        if unwritten.is_some() && ready.is_empty() && taken.dealt_with == 0 {
            write_next(cx, &kinds, wanted.written_at_once).await?;
            continue;
        }
        taken.claimed = ready
            .into_iter()
            .map(|(message, mime, forget)| Claimed {
                message,
                claimant: claimant.clone(),
                mime,
                forget,
                tries,
            })
            .collect();
        return Ok(taken);
    }
}

/// Whether a message's bytes must not stay once it is done with: they hold a token.
fn has_token(message: &Message) -> bool {
    message.kind == MessageKind::Account || message.mime.as_deref().is_some_and(holds_round_link)
}

/// The messages whose turn it is.
async fn next(
    tx: &Tx,
    kinds: &[MessageKind],
    most: usize,
    upcoming: &mut VecDeque<i64>,
    now: Now,
) -> Result<Vec<Turn>, StoreError> {
    if most == 0 || kinds.is_empty() {
        return Ok(Vec::new());
    }
    loop {
        if upcoming.is_empty() {
            upcoming.extend(sending::upcoming(tx, kinds, AHEAD, now.at).await?);
        }
        let ids: Vec<i64> = upcoming.drain(..most.min(upcoming.len())).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let turns = sending::turns(tx, &ids, kinds, now.at).await?;
        // None: somebody else had them.
        if !turns.is_empty() {
            return Ok(turns);
        }
    }
}

/// Puts a message aside that can't be made, so that it does not stand in the way of the others.
async fn put_aside(
    cx: &Cx,
    message: &Message,
    error: &CommandError,
    forget: bool,
    tried: &mut Vec<Attempt>,
) -> Result<(), CommandError> {
    tracing::error!(message = message.id, error = %error, "a message can’t be made");
    let now = cx.now();
    let tx = cx.store.begin().await?;
    record_in(cx, &tx, tried).await?;
    sending::conclude(&tx, message, &aside(message, &error.to_string(), now), forget, now.at).await?;
    tx.commit().await?;
    tried.clear();
    Ok(())
}
