//! The worker: lets the day's reminders be queued and sends what is queued, at the pace that a council's relay takes. Once
//! a day it lets what nobody needs any more be taken out.
//!
//! It decides nothing but *when*: a tick may run as often as it likes, on as many machines as it likes, and the rest is up
//! to [`crate::command`]. The loop and the tests call the same tick.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use tokio::sync::watch;

pub mod ping;

use ping::Ping;

use crate::{
    command::{
        CommandError, Cx, health, installation,
        outbox::{Step, account_mail_waits, send_all, send_next},
        reminder::queue_today,
        retention::keep_house,
    },
    domain::{
        calendar::{self, Calendar},
        message::MessageKind,
    },
    mail::transport::{Session, Transport},
};

/// How long the worker rests between two ticks.
const REST: Duration = Duration::from_secs(30);
/// How often a resting worker looks whether there is something that must not wait, which another process has queued.
const LOOK: Duration = Duration::from_secs(5);
/// How often a worker says that it is at work, in seconds.
const BEAT_SECONDS: i64 = 60;

/// Sends mail for one installation.
pub struct Worker {
    cx: Cx,
    transport: Transport,
    session: Session,
    pace: Duration,
    stop: watch::Receiver<bool>,
    ping: Option<Ping>,
    /// When it last said that it is at work, in machine time.
    beaten: Option<DateTime<Utc>>,
}

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Messages queued.
    pub queued: usize,
    /// Messages dealt with: handed over, or found not to be sent.
    pub dealt_with: usize,
    /// The mail server was out of reach, or did not take us.
    pub stopped: bool,
    /// The address outside was asked, and answered.
    pub pinged: bool,
}

impl Worker {
    /// A worker that rests `pace` after every message (zero: it does not) and ends when `stop` says true: a message in
    /// hand is finished first.
    pub fn new(cx: Cx, transport: Transport, pace: Duration, stop: watch::Receiver<bool>) -> Self {
        Self { cx, transport, session: Session::default(), pace, stop, ping: None, beaten: None }
    }

    /// The same, which asks an address outside once the day's reminders were looked for.
    pub fn with_ping(self, ping: Option<Ping>) -> Self {
        Self { ping, ..self }
    }

    fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Rests, but wakes up when told to stop.
    async fn rest(&mut self, time: Duration) {
        tokio::select! {
            // Where nobody is left who could say stop, the rest just takes its time.
            Ok(()) = self.stop.changed() => {}
            () = tokio::time::sleep(time) => {}
        }
    }

    /// Rests between two ticks, but gets up for an account mail: somebody sits and waits for it.
    async fn doze(&mut self, time: Duration) {
        let mut left = time;
        while !self.is_stopped() && !left.is_zero() {
            let slice = left.min(LOOK);
            tokio::select! {
                Ok(()) = self.stop.changed() => return,
                () = self.cx.bell.rung() => return,
                () = tokio::time::sleep(slice) => {}
            }
            left -= slice;
            match account_mail_waits(&self.cx).await {
                Ok(true) => return,
                Ok(false) => {}
                // The next tick meets the same and says so.
                Err(error) => tracing::debug!(error = %error, "could not look for account mail"),
            }
        }
    }

    /// Keeps house once a day, queues what is due today, if the office is open, and sends what is queued.
    ///
    /// # Errors
    /// [`CommandError`] if the database does not answer: the next tick does the rest.
    pub async fn tick(&mut self) -> Result<Ticked, CommandError> {
        installation::refresh(&self.cx).await?;
        let mut ticked = Ticked::default();
        self.beat().await;
        match keep_house(&self.cx).await {
            // Once a day.
            Ok(Some(_)) => {
                if let Some(until) = calendar::runs_out(self.cx.clock.today()) {
                    tracing::warn!(%until, "{}", health::holiday_words(until));
                }
            }
            Ok(None) => {}
            // Mail goes out all the same; the next tick tries again.
            Err(error) => tracing::error!(error = %error, "the house could not be kept"),
        }
        if is_open(&self.cx.calendar(), self.cx.clock.office_now()) {
            ticked.queued = queue_today(&self.cx).await?;
        }
        let last = if self.pace.is_zero() {
            self.send_at_once(&mut ticked).await
        } else {
            self.send_paced(&mut ticked).await
        };
        self.session.close().await;
        ticked.stopped = last? == Step::Stopped;
        // Where the mail server does not take us, whoever watches from outside had better hear nothing.
        if let Some(ping) = self.ping.as_ref().filter(|_| !ticked.stopped && !self.is_stopped()) {
            ticked.pinged = ping.ask_once_a_day(&self.cx).await?;
        }
        Ok(ticked)
    }

    async fn send_at_once(&mut self, ticked: &mut Ticked) -> Result<Step, CommandError> {
        let (cx, stop) = (&self.cx, &self.stop);
        let kinds = || if *stop.borrow() { Vec::new() } else { kinds_now(cx) };
        let (dealt_with, last) = send_all(cx, &self.transport, &mut self.session, kinds).await?;
        ticked.dealt_with = dealt_with;
        Ok(last)
    }

    async fn send_paced(&mut self, ticked: &mut Ticked) -> Result<Step, CommandError> {
        while !self.is_stopped() {
            match send_next(&self.cx, &self.transport, &mut self.session, &kinds_now(&self.cx)).await? {
                Step::Done => {
                    ticked.dealt_with += 1;
                    self.beat().await;
                }
                last => return Ok(last),
            }
            self.rest(self.pace).await;
        }
        Ok(Step::Idle)
    }

    /// Says from time to time that it is at work. That this can't be said stands in no mail's way.
    async fn beat(&mut self) {
        let now = self.cx.clock.machine_now();
        if self.beaten.is_some_and(|at| now - at < TimeDelta::seconds(BEAT_SECONDS)) {
            return;
        }
        match health::beat(&self.cx).await {
            Ok(()) => self.beaten = Some(now),
            Err(error) => tracing::warn!(error = %error, "the worker could not say that it is at work"),
        }
    }

    /// Ticks until told to stop.
    pub async fn run(mut self) {
        while !self.is_stopped() {
            if let Err(error) = self.tick().await {
                tracing::error!(error = %error, "the worker could not do its work; it tries again");
            }
            self.doze(REST).await;
        }
    }
}

/// What may go out at this hour.
fn kinds_now(cx: &Cx) -> Vec<MessageKind> {
    let mut kinds = vec![MessageKind::Test, MessageKind::Account];
    if is_open(&cx.calendar(), cx.clock.office_now()) {
        kinds.extend(MessageKind::OFFICE_HOURS);
    }
    kinds
}

/// Whether reminders may go out: 8am to 4pm on a working day.
pub fn is_open(calendar: &Calendar, at: NaiveDateTime) -> bool {
    let hours = calendar::opens_at()..calendar::closes_at();
    calendar.is_working_day(at.date()) && hours.contains(&at.time())
}
