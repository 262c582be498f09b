//! The worker: lets the day's reminders be queued and sends what is queued, at the pace that a council's relay takes. Once
//! a day it lets what nobody needs any more be taken out.
//!
//! It decides nothing but *when*: a tick may run as often as it likes, on as many machines as it likes, and the rest is up
//! to [`crate::command`]. The loop and the tests call the same tick.

use std::time::Duration;

use chrono::{NaiveDateTime, NaiveTime};
use tokio::sync::watch;

use crate::{
    command::{
        CommandError, Cx, installation,
        outbox::{Step, account_mail_waits, send_all, send_next},
        reminder::queue_today,
        retention::keep_house,
    },
    domain::{calendar::Calendar, message::MessageKind},
    mail::transport::{Session, Transport},
};

/// How long the worker rests between two ticks.
const REST: Duration = Duration::from_secs(30);
/// How often a resting worker looks whether there is something that must not wait, which another process has queued.
const LOOK: Duration = Duration::from_secs(5);

/// Sends mail for one installation.
pub struct Worker {
    cx: Cx,
    transport: Transport,
    session: Session,
    pace: Duration,
    stop: watch::Receiver<bool>,
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
}

impl Worker {
    /// A worker that rests `pace` after every message (zero: it does not) and ends when `stop` says true: a message in
    /// hand is finished first.
    pub fn new(cx: Cx, transport: Transport, pace: Duration, stop: watch::Receiver<bool>) -> Self {
        Self { cx, transport, session: Session::default(), pace, stop }
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
        if let Err(error) = keep_house(&self.cx).await {
            // Mail goes out all the same; the next tick tries again.
            tracing::error!(error = %error, "the house could not be kept");
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
                Step::Done => ticked.dealt_with += 1,
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
    let hour = |h| NaiveTime::from_hms_opt(h, 0, 0).unwrap_or(NaiveTime::MIN);
    calendar.is_working_day(at.date()) && (hour(8)..hour(16)).contains(&at.time())
}
