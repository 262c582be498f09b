//! The worker: lets the day's reminders be queued and sends what is queued, at the pace that a council's relay takes. Once
//! a day it lets what nobody needs any more be taken out.
//!
//! It decides nothing but *when*: a tick may run as often as it likes, on as many machines as it likes, and the rest is up
//! to [`crate::command`]. The loop and the tests call the same tick.

use std::{convert::Infallible, iter, num::NonZeroUsize, time::Duration};

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
/// How often a worker says that it is at work.
const BEAT: TimeDelta = TimeDelta::seconds(60);

/// Sends mail for one installation.
pub struct Worker {
    cx: Cx,
    transport: Transport,
    /// One after the other at a pace, all at once without one.
    lines: Vec<Session>,
    pace: Duration,
    stop: watch::Receiver<bool>,
    ping: Option<Ping>,
    heart: Heart,
}

/// Says from time to time that the worker is at work. That this can't be said stands in no mail's way.
#[derive(Default)]
struct Heart {
    /// When it last was said, in machine time.
    beaten: Option<DateTime<Utc>>,
}

impl Heart {
    async fn beat(&mut self, cx: &Cx) {
        let now = cx.clock.machine_now();
        if self.beaten.is_some_and(|at| now - at < BEAT) {
            return;
        }
        match health::beat(cx).await {
            Ok(()) => self.beaten = Some(now),
            Err(error) => tracing::warn!(error = %error, "the worker could not say that it is at work"),
        }
    }

    /// Beats for as long as something takes that is awaited beside it.
    async fn go_on_beating(&mut self, cx: &Cx) -> Infallible {
        loop {
            self.beat(cx).await;
            tokio::time::sleep(REST).await;
        }
    }
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
        let lines = vec![Session::default()];
        Self { cx, transport, lines, pace, stop, ping: None, heart: Heart::default() }
    }

    /// The same, which sends over so many lines to the mail server at once where it has no pace to keep.
    pub fn over(self, lines: NonZeroUsize) -> Self {
        Self { lines: iter::repeat_with(Session::default).take(lines.get()).collect(), ..self }
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
        self.heart.beat(&self.cx).await;
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
        // What is queued already goes out whether or not more can be queued.
        let queued = if is_open(&self.cx.calendar(), self.cx.clock.office_now()) {
            queue_today(&self.cx).await
        } else {
            Ok(0)
        };
        let last = if self.pace.is_zero() {
            self.send_at_once(&mut ticked).await
        } else {
            self.send_paced(&mut ticked).await
        };
        for line in &mut self.lines {
            line.close().await;
        }
        ticked.stopped = last? == Step::Stopped;
        ticked.queued = queued?;
        // Where the mail server does not take us, whoever watches from outside had better hear nothing.
        if let Some(ping) = self.ping.as_ref().filter(|_| !ticked.stopped && !self.is_stopped()) {
            ticked.pinged = ping.ask_once_a_day(&self.cx).await?;
        }
        Ok(ticked)
    }

    async fn send_at_once(&mut self, ticked: &mut Ticked) -> Result<Step, CommandError> {
        let Self { cx, transport, lines, stop, heart, .. } = self;
        let kinds = || if *stop.borrow() { Vec::new() } else { kinds_now(cx) };
        let (dealt_with, last) = tokio::select! {
            sent = Box::pin(send_all(cx, transport, lines, kinds)) => sent?,
            never = heart.go_on_beating(cx) => match never {},
        };
        ticked.dealt_with = dealt_with;
        Ok(last)
    }

    async fn send_paced(&mut self, ticked: &mut Ticked) -> Result<Step, CommandError> {
        while !self.is_stopped()
            && let Some(line) = self.lines.first_mut()
        {
            match send_next(&self.cx, &self.transport, line, &kinds_now(&self.cx)).await? {
                Step::Done => {
                    ticked.dealt_with += 1;
                    self.heart.beat(&self.cx).await;
                }
                last => return Ok(last),
            }
            self.rest(self.pace).await;
        }
        Ok(Step::Idle)
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
