//! Queueing the day's mails, once per day whatever runs; what they say is written when they are sent, by `write`.

use std::sync::Arc;

use chrono::{Days, NaiveDate};

use super::{CommandError, Cx, Now};
use crate::{
    domain::{
        access::Actor,
        calendar::Calendar,
        id::{PersonId, PlanId},
        message::MessageKind,
        plan::Record,
        post::Person,
        preference::Preferences,
        reminder::{
            self, Cause, Digest, Facts, Ledger, Mail, NoMail, Schedule,
            escalation::Escalation,
            is_weekly,
            notice::{Notice, heirs, overtaken},
            response::Officer,
        },
    },
    mail::{message::List, thread},
    secret,
    store::{self, Source, StoreError, Tx, notice::NewNotice, outbox::NewMessage, record::Depth},
};

pub(super) mod write;

pub(super) use write::{Rendered, Unwritten, asking, last_update_words, mailbox};

/// The setting that says for which office day reminders were queued last.
pub(super) const LAST_RUN: &str = "reminders.last-run";
/// The setting that says for which office day somebody outside was last told that reminders were looked for.
const LAST_PING: &str = "reminders.last-ping";
/// The setting that says up to which notice somebody was told on the day itself: "2018-02-05 000000000012".
const URGENT: &str = "reminders.urgent";

/// Queues what is due today, unless that was done already, and says how many messages were queued. A digest that was queued for
/// an earlier day and could not be tried (the mail server was out of reach) is weighed again with it; word of what stays overdue
/// goes late, so that a copy is not lost while what it is a copy of went out.
///
/// What is urgent and happens later on the day goes to those who have had no digest yet.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses; then nothing is queued, and the next run does it.
pub async fn queue_today(cx: &Cx) -> Result<usize, CommandError> {
    let now = cx.now();
    let last_run = last_run(cx).await?;
    let is_first = last_run.is_none_or(|last| last < now.today);
    let urgent = store::notice::newest_urgent(&cx.store).await?;
    if !is_first && urgent.is_none() {
        return Ok(0);
    }
    let tx = cx.store.begin().await?;
    // Of several processes one is told yes; the unique keys of messages and causes stand behind it.
    let is_first = store::setting::raise(&tx, LAST_RUN, &now.today.to_string()).await?;
    let is_urgent = match urgent {
        Some(id) => store::setting::raise(&tx, URGENT, &format!("{} {id:012}", now.today)).await?,
        None => false,
    };
    if !is_first && !is_urgent {
        return Ok(0);
    }
    store::outbox::take_back_before(&tx, now.today).await?;
    let calendar = cx.calendar();
    let before = if is_first { last_run } else { Some(now.today) };
    let mut ledger = store::outbox::digests(&tx, now.today).await?;
    let is_weekly = is_weekly(&ledger, now.today, before, &calendar);
    let records = store::due::on(&tx, now.today, is_weekly).await?;
    let loaded = Loaded::around(&tx, records, now).await?;
    store::outbox::complete(&tx, &mut ledger, &loaded.records, now.today).await?;
    let mut schedule = reminder::schedule(&loaded.facts(&calendar), &ledger, now.today, before);
    if !is_first {
        schedule.escalations.clear();
        schedule.digests.retain(|digest| digest.notices.iter().any(|notice| notice.kind.is_urgent()));
    }
    let mut queued = 0;
    for digest in &schedule.digests {
        queued += usize::from(queue_digest(cx, &tx, digest, now).await?);
    }
    for escalation in &schedule.escalations {
        queued += usize::from(queue_escalation(cx, &tx, escalation, now).await?);
    }
    tx.commit().await?;
    tracing::info!(day = %now.today, queued, "reminders queued");
    Ok(queued)
}

async fn queue_digest(cx: &Cx, tx: &Tx, digest: &Digest, now: Now) -> Result<bool, CommandError> {
    let causes: Vec<Cause> =
        digest.items.iter().chain(&digest.escalated).map(|item| item.cause.clone()).collect();
    let key = store::outbox::digest_key(digest.person.id, now.today);
    let Some(message) = queue(cx, tx, MessageKind::Reminder, &key, &digest.person, &causes, now).await?
    else {
        return Ok(false);
    };
    let responses: Vec<_> = digest.responses.iter().map(|item| item.cause.clone()).collect();
    store::outbox::response::add(tx, message, &responses, now.today).await?;
    let due = digest.rounds.iter().map(|due| &due.cause);
    let rounds: Vec<_> = due.chain(digest.progress.iter().map(|progress| &progress.cause)).cloned().collect();
    store::outbox::round::add(tx, message, &rounds, now.today).await?;
    store::notice::put_into(tx, message, digest.notices.iter().map(|notice| notice.id)).await?;
    Ok(true)
}

async fn queue_escalation(cx: &Cx, tx: &Tx, escalation: &Escalation, now: Now) -> Result<bool, CommandError> {
    let causes: Vec<Cause> = escalation.items.iter().map(|item| item.cause.clone()).collect();
    let Some(first) = causes.first() else { return Ok(false) };
    // With the day: one that did not reach its reader comes again.
    let key = format!("escalation {} day {}", first.key(), now.today);
    let queued = queue(cx, tx, MessageKind::Escalation, &key, &escalation.to, &causes, now).await?;
    Ok(queued.is_some())
}

async fn queue(
    cx: &Cx,
    tx: &Tx,
    kind: MessageKind,
    unique_key: &str,
    to: &Person,
    causes: &[Cause],
    now: Now,
) -> Result<Option<i64>, CommandError> {
    let message_id = message_id(cx)?;
    let new = NewMessage {
        unique_key,
        kind,
        office_day: now.today,
        person: Some(to.id),
        link: None,
        to_name: &to.name,
        to_address: &to.email,
        message_id: &message_id,
        rendered: None,
    };
    Ok(store::outbox::queue(tx, &new, causes, now.at).await?)
}

/// What the mails of a day follow from, as it was loaded.
#[derive(Clone, Debug)]
struct Loaded {
    /// The plans, or what of them could bring a mail.
    records: Vec<Record>,
    officers: Vec<Officer>,
    notices: Vec<Notice>,
    preferences: Arc<Preferences>,
}

impl Loaded {
    /// What there is besides some records, as it stands.
    async fn beside(from: &impl Source, records: Vec<Record>) -> Result<Self, StoreError> {
        let preferences = records.first().map(|record| Arc::clone(&record.preferences)).unwrap_or_default();
        let officers = store::person::scrutiny_officers(from).await?;
        let mut notices = store::notice::waiting(from).await?;
        notices.retain(|notice| records.iter().any(|record| record.plan.id == notice.plan));
        Ok(Self { records, officers, notices, preferences })
    }

    /// The same, with notices that no longer hold settled, and handed on where somebody else is to be told by now.
    async fn around(tx: &Tx, records: Vec<Record>, now: Now) -> Result<Self, StoreError> {
        let mut loaded = Self::beside(tx, records).await?;
        let mut is_changed = false;
        for notice in &loaded.notices {
            let Some(record) = loaded.records.iter().find(|r| r.plan.id == notice.plan) else { continue };
            if let Some(why) = overtaken(record, notice, now.today) {
                store::notice::settle(tx, notice.id, why).await?;
                is_changed = true;
            } else if let Some(heirs) = heirs(record, notice, now.today) {
                for heir in heirs {
                    let new = NewNotice {
                        about: notice.about,
                        person: heir.id,
                        action: notice.action,
                        plan: notice.plan,
                        sentence: &notice.sentence,
                        lines: &notice.lines,
                        on: notice.on,
                    };
                    store::notice::insert(tx, &new).await?;
                }
                store::notice::settle(tx, notice.id, "others are told instead").await?;
                is_changed = true;
            }
        }
        if is_changed {
            loaded = Self::beside(tx, loaded.records).await?;
        }
        Ok(loaded)
    }

    /// As the rules ask for them.
    fn facts<'a>(&'a self, calendar: &'a Calendar) -> Facts<'a> {
        Facts {
            records: &self.records,
            officers: &self.officers,
            notices: &self.notices,
            preferences: &self.preferences,
            calendar,
        }
    }
}

/// The office day for which reminders were queued last.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn last_run(cx: &Cx) -> Result<Option<NaiveDate>, CommandError> {
    let stored = store::setting::get(&cx.store, LAST_RUN).await?;
    Ok(stored.and_then(|day| day.parse().ok()))
}

/// Today, if its reminders have been looked for and nobody outside has been told so yet.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn ping_due(cx: &Cx) -> Result<Option<NaiveDate>, CommandError> {
    let today = cx.now().today;
    let day = today.to_string();
    let stored = store::setting::several(&cx.store, &[LAST_RUN, LAST_PING]).await?;
    let run = stored.get(LAST_RUN) == Some(&day);
    let told = stored.get(LAST_PING).is_some_and(|last| *last >= day);
    Ok((run && !told).then_some(today))
}

/// Notes that somebody outside was told.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn pinged(cx: &Cx, day: NaiveDate) -> Result<(), CommandError> {
    let tx = cx.store.begin().await?;
    store::setting::raise(&tx, LAST_PING, &day.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// Reminders are worked out from everything.
pub(super) fn worker() -> Actor {
    Actor::program("Reminders")
}

/// A Message-ID that no other message has, without angle brackets, in the sender's domain.
pub(super) fn message_id(cx: &Cx) -> Result<String, CommandError> {
    let token = secret::token().map_err(|e| StoreError::File(std::io::Error::other(e)))?;
    Ok(format!("{}@{}", token.get(..32).unwrap_or(&token), mail_domain(cx)))
}

/// The sender's domain: that of all identifiers in mail.
fn mail_domain(cx: &Cx) -> &str {
    cx.sender.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

/// The threads of a person's mail about plans, as `References` has them.
pub(super) fn threads(cx: &Cx, plans: &[PlanId], person: PersonId) -> Vec<String> {
    plans.iter().map(|plan| thread::root(*plan, person, mail_domain(cx))).collect()
}

/// The list under which everything is sent that is about plans.
pub(super) fn list(cx: &Cx) -> List {
    thread::list(&cx.installation().council, cx.links.host())
}

/// What is ahead, as if nobody wrote anything: for pages and the command line.
#[derive(Clone, Debug)]
pub struct Ahead {
    loaded: Loaded,
    ledger: Ledger,
    last_run: Option<NaiveDate>,
    calendar: Calendar,
}

impl Ahead {
    /// From everything that some records hold and what was sent.
    ///
    /// # Errors
    /// [`CommandError::Store`] if the database does not answer.
    pub async fn of(cx: &Cx, records: Vec<Record>) -> Result<Self, CommandError> {
        let today = cx.now().today;
        let loaded = Loaded::beside(&cx.store, records).await?;
        let ledger = store::outbox::ledger(&cx.store, &loaded.records, today).await?;
        let last_run = last_run(cx).await?;
        Ok(Self { loaded, ledger, last_run, calendar: cx.calendar() })
    }

    /// From everything that there is.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub async fn of_all(cx: &Cx) -> Result<Self, CommandError> {
        let records = store::record::all(&cx.store, &worker(), Depth::Everything).await?;
        Self::of(cx, records).await
    }

    /// Why somebody is mailed about nothing, or not about everything, on a day: what they would be asked for, and what they lead
    /// and others are asked about.
    pub fn why_not(&self, person: &Person, day: NaiveDate) -> Vec<NoMail> {
        let mut none = self.on(day).none;
        none.retain(|n| n.person == Some(person.id));
        let records = self.records().iter();
        none.extend(records.flat_map(|r| reminder::passed_over(r, person, day, &self.calendar)));
        none
    }

    /// The records.
    pub fn records(&self) -> &[Record] {
        &self.loaded.records
    }

    /// What the worker would send on a day, if it sent nothing before.
    pub fn on(&self, day: NaiveDate) -> Schedule {
        reminder::schedule(&self.loaded.facts(&self.calendar), &self.ledger, day, self.before(day))
    }

    /// What it would send on the days from one to another, both included. A day whose mails are queued brings no more: what comes
    /// up later on it waits for the next.
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> Vec<(NaiveDate, Mail)> {
        let facts = self.loaded.facts(&self.calendar);
        let next = self.last_run.and_then(|last| last.succ_opt());
        let from = next.map_or(from, |next| next.max(from));
        reminder::play(&facts, &mut self.ledger.clone(), from, to, self.before(from))
    }

    /// The run before a day: the last one, as far as it lies before it.
    fn before(&self, day: NaiveDate) -> Option<NaiveDate> {
        match self.last_run {
            Some(last) if last >= day => day.checked_sub_days(Days::new(1)),
            last => last,
        }
    }
}
