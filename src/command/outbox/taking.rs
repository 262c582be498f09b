//! What is next: how the messages ended that were tried is recorded, and the next are claimed, together.

use std::collections::VecDeque;

use chrono::TimeDelta;
use tokio::task::JoinHandle;

use super::{
    attempt::{Attempt, Claimed, LEASE_RAN_OUT, aside, record_in},
    checking::{Checked, check, goes_as_it_is, has_token},
    pause,
    writing::write_next,
};
use crate::{
    command::{CommandError, Cx, Now},
    domain::message::{MessageKind, MessageState},
    mail::transport::Transport,
    secret,
    store::{
        StoreError, Tx,
        outbox::{
            Message,
            moving::move_on,
            sending::{self, Outcome},
            turn::{self, Turn},
        },
    },
};

/// How long a claim holds: longer than every time-out of a delivery together.
const LEASE: TimeDelta = TimeDelta::minutes(15);
/// A message over which its sender stopped so often is given up: it may be why.
const MOST_STOPS: i32 = 5;

/// How many messages are read at once, ahead of their turn.
const AHEAD: usize = 100;

/// What is to be taken.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The kinds that may go out.
    pub(super) kinds: &'a [MessageKind],
    /// How many at most.
    pub(super) most: usize,
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
    /// There may be more.
    pub(super) more: bool,
}

/// One sender's way through the queue.
pub(super) struct Taking<'a> {
    cx: &'a Cx,
    /// Nothing leaves this machine.
    stays_here: bool,
    /// How many are written at once.
    at_once: u64,
    /// What was read that is next. Each is asked again when its turn has come.
    ahead: VecDeque<Turn>,
    /// What comes after that, while it is read.
    reading: Option<JoinHandle<Result<Vec<Turn>, StoreError>>>,
    /// The last reading brought nothing.
    exhausted: bool,
}

impl Wanted<'_> {
    fn takes(&self) -> bool {
        self.most > 0 && !self.kinds.is_empty()
    }
}

impl<'a> Taking<'a> {
    pub(super) fn new(cx: &'a Cx, transport: &Transport, at_once: u64) -> Self {
        let stays_here = matches!(transport, Transport::Kept);
        Self { cx, stays_here, at_once, ahead: VecDeque::new(), reading: None, exhausted: false }
    }

    /// Records how the tried messages ended, and claims the next. What is recorded is taken out of `tried`.
    pub(super) async fn take(
        &mut self,
        wanted: Wanted<'_>,
        tried: &mut Vec<Attempt>,
    ) -> Result<Taken, CommandError> {
        // Another for each time: what one claim brought says nothing of the next.
        let claimant = secret::token().map_err(|e| StoreError::File(std::io::Error::other(e)))?;
        let mut taken = loop {
            // One by one, each is read when its turn has come.
            if self.at_once > 1 && !wanted.begins && wanted.takes() {
                self.refill(wanted.kinds, tried.is_empty()).await?;
            }
            if let Some(taken) = self.move_on(wanted, &claimant, tried).await? {
                break taken;
            }
            if let Some(taken) = Box::pin(self.look_closer(wanted, &claimant, tried)).await? {
                break taken;
            }
        };
        taken.more = !self.exhausted;
        if self.at_once > 1 && taken.more && !taken.claimed.is_empty() && self.ahead.len() <= AHEAD / 2 {
            // While they are on their way.
            self.read_ahead(wanted.kinds);
        }
        Ok(taken)
    }

    /// The same in one statement, as long as nothing more than that is to be done; none: it is.
    async fn move_on(
        &mut self,
        wanted: Wanted<'_>,
        claimant: &str,
        tried: &mut Vec<Attempt>,
    ) -> Result<Option<Taken>, CommandError> {
        let now = self.cx.now();
        let Some(handed) = tried.iter().map(Attempt::says_no_more).collect::<Option<Vec<_>>>() else {
            return Ok(None);
        };
        let mut next = Vec::new();
        while next.len() < wanted.most
            && let Some(Turn { mut message, .. }) = self.ahead.pop_front_if(|turn| {
                wanted.kinds.contains(&turn.message.kind) && goes_as_it_is(turn, self.stays_here, now)
            })
        {
            if let Some(mime) = message.mime.take() {
                next.push((message, mime));
            }
        }
        let needs_a_look = wanted.takes() && (wanted.begins || handed.is_empty() || !self.ahead.is_empty());
        if next.is_empty() && (handed.is_empty() || needs_a_look) {
            return Ok(None);
        }
        let messages: Vec<&Message> = next.iter().map(|(message, _)| message).collect();
        let moved_on = move_on(&self.cx.store, &handed, &messages, claimant, now.at, now.at + LEASE).await?;
        for id in &moved_on.handed {
            tracing::info!(message = id, "handed to the mail server");
        }
        for one in handed.iter().filter(|one| !moved_on.handed.contains(&one.message.id)) {
            tracing::warn!(message = one.message.id, "{LEASE_RAN_OUT}");
        }
        tried.clear();
        if !next.is_empty() && moved_on.claimed.is_empty() {
            // Somebody else had them.
            return Ok(None);
        }
        next.retain(|(message, _)| moved_on.claimed.contains(&message.id));
        let claimed = next.into_iter().map(|(mut message, mime)| {
            message.state = MessageState::Sending;
            message.attempts += 1;
            Claimed { message, claimant: claimant.to_owned(), mime, forget: false, tries: false }
        });
        Ok(Some(Taken { claimed: claimed.collect(), ..Taken::default() }))
    }

    /// Takes what was read ahead once there is nothing left. `waits`: also for what is still read.
    async fn refill(&mut self, kinds: &[MessageKind], waits: bool) -> Result<(), StoreError> {
        if !self.ahead.is_empty() || self.exhausted && !waits {
            return Ok(());
        }
        self.read_ahead(kinds);
        if let Some(reading) = self.reading.take_if(|reading| waits || reading.is_finished()) {
            self.ahead = reading.await.map_err(|e| StoreError::File(std::io::Error::other(e)))??.into();
            self.exhausted = self.ahead.is_empty();
        }
        Ok(())
    }

    /// Begins to read what comes after what was read, while messages are on their way.
    fn read_ahead(&mut self, kinds: &[MessageKind]) {
        if self.reading.is_some() {
            return;
        }
        let (store, kinds, now) = (self.cx.store.clone(), kinds.to_vec(), self.cx.now());
        let in_hand: Vec<i64> = self.ahead.iter().map(|turn| turn.message.id).collect();
        self.reading =
            Some(tokio::spawn(async move { turn::next(&store, &kinds, AHEAD, &in_hand, now.at).await }));
    }

    /// The same in a transaction, whatever there is to be done; none: what is next had to be written.
    async fn look_closer(
        &mut self,
        wanted: Wanted<'_>,
        claimant: &str,
        tried: &mut Vec<Attempt>,
    ) -> Result<Option<Taken>, CommandError> {
        let cx = self.cx;
        let now = cx.now();
        let tx = cx.store.begin().await?;
        record_in(cx, &tx, tried).await?;
        let (kinds, pause) = match wanted.begins {
            true => pause::gate(&tx, wanted.kinds, now).await?,
            false => (wanted.kinds.to_vec(), None),
        };
        // Where nothing went out before, one message tries whether it does again.
        let most = if pause.is_some() { wanted.most.min(1) } else { wanted.most };
        let mut turns = self.turns(&tx, &kinds, most, now).await?;
        let has_to_be_written = |turn: &Turn| sending::has_to_be_written(&turn.message, now.at);
        let mut unwritten = turns.iter().position(has_to_be_written);
        if unwritten == Some(0)
            && let Some(turn) = turns.first().filter(|turn| turn.message.state == MessageState::Sending)
        {
            // Without bytes it was never sent.
            sending::let_go(&tx, turn.message.id).await?;
        }
        // Those before the first that has to be written can go at once.
        if let Some(unwritten) = unwritten {
            turns.truncate(unwritten);
            self.ahead.clear();
            self.reading = None;
        }
        let mut taken = Taken { paused: kinds.len() < wanted.kinds.len(), ..Taken::default() };
        let mut ready = Vec::new();
        for Turn { mut message, to, .. } in turns {
            let forget = !self.stays_here && has_token(&message);
            if message.state == MessageState::Sending && message.attempts >= MOST_STOPS {
                let why = "Its sender stopped over it again and again: the server may have it more than once, or not at all";
                sending::conclude(&tx, &message, &Outcome::Failed(why.to_owned()), forget, now.at).await?;
                taken.dealt_with += 1;
                continue;
            }
            match check(&tx, &mut message, to, self.stays_here, now).await {
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
                    return Ok(Some(Taken { dealt_with: 1, ..Taken::default() }));
                }
            }
        }
        let claims = ready.iter_mut().map(|(message, ..)| message);
        sending::claim(&tx, claims, claimant, now.at + LEASE).await?;
        let tries = pause.is_some();
        if let Some(pause) = pause.filter(|_| !ready.is_empty()) {
            pause::tried(&tx, &pause, now).await?;
        }
        tx.commit().await?;
        tried.clear();
        if unwritten.is_some() && ready.is_empty() && taken.dealt_with == 0 {
            Box::pin(write_next(cx, &kinds, self.at_once)).await?;
            return Ok(None);
        }
        let claimed = ready.into_iter().map(|(message, mime, forget)| Claimed {
            message,
            claimant: claimant.to_owned(),
            mime,
            forget,
            tries,
        });
        taken.claimed = claimed.collect();
        Ok(Some(taken))
    }

    /// The messages whose turn it is, as they are in this transaction.
    async fn turns(
        &mut self,
        tx: &Tx,
        kinds: &[MessageKind],
        most: usize,
        now: Now,
    ) -> Result<Vec<Turn>, StoreError> {
        if most == 0 || kinds.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<i64> =
            self.ahead.drain(..most.min(self.ahead.len())).map(|turn| turn.message.id).collect();
        let turns = turn::read(tx, &ids, kinds, now.at).await?;
        if !turns.is_empty() {
            return Ok(turns);
        }
        // None were read ahead, or somebody else had them.
        let turns = turn::next(tx, kinds, most, &[], now.at).await?;
        self.exhausted = turns.is_empty();
        Ok(turns)
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
