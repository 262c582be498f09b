//! One public function per thing that a person can do.
//!
//! Every command has the same shape: begin a transaction, load what it is about, ask the access table, apply the rule,
//! save, write the history, queue what has to be mailed, commit. A command that returns an error has changed nothing.
//! Only this floor begins a transaction that writes.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    clock::Clock,
    domain::{
        access::{Actor, Denied},
        calendar::Calendar,
        id::{ActionId, PlanId},
        installation::Installation,
        words::Words,
    },
    link::Links,
    mail::{bell::Bell, message::Mailbox},
    store::{Store, StoreError, Tx, audit},
};

pub mod account;
pub mod action;
pub mod again;
mod asking;
pub mod deadline;
pub mod decision;
pub mod demonstration;
pub mod email;
pub mod feed;
pub mod health;
pub mod installation;
pub mod kept_form;
mod letter;
pub mod link;
pub mod meeting;
mod notice;
pub mod outbox;
pub mod pack;
pub mod person;
pub mod plan;
pub mod policy;
pub mod post;
pub mod preference;
pub mod privacy;
pub mod question;
pub mod reminder;
pub mod retention;
pub mod round;
pub mod round_link;
pub mod second_factor;
pub mod seed;
pub mod session;
pub mod single_sign_on;
pub mod throttle;
pub mod update;

/// What every command needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Cx {
    /// The database.
    pub store: Store,
    /// Both times.
    pub clock: Clock,
    /// Addresses of pages, for mail.
    pub links: Links,
    /// Whom mail comes from.
    pub sender: Mailbox,
    /// Wakes the worker of this process for mail that must not wait.
    pub bell: Bell,
}

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// There is no such thing, or it is not this person's to know of.
    #[error("not found")]
    NotFound,
    /// Not allowed, and who may.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A rule speaks against it: the field, and why in words for beside it.
    #[error("{message}")]
    Refused {
        /// The form's field.
        field: &'static str,
        /// Why, in plain words.
        message: String,
    },
    /// Somebody else saved in between. The page shows both texts and lets the person choose.
    #[error("somebody else has saved this in the meantime")]
    Stale,
    /// Too much was tried: nothing is checked for so long.
    #[error("too many tries")]
    Wait {
        /// Until when.
        until: DateTime<Utc>,
        /// That is in so many seconds.
        seconds: u64,
    },
    /// So many passwords are being checked that this one’s turn did not come.
    #[error("too many passwords at once")]
    Busy,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CommandError {
    /// A rule that speaks against it.
    pub fn refused(field: &'static str, message: impl Into<String>) -> Self {
        Self::Refused { field, message: message.into() }
    }
}

/// The moment at which a command runs: office day and machine instant, each asked once.
#[derive(Clone, Copy, Debug)]
struct Now {
    today: NaiveDate,
    at: DateTime<Utc>,
}

impl Cx {
    /// The installation's settings, as last read or saved: no statement.
    pub fn installation(&self) -> Arc<Installation> {
        self.store.installation()
    }

    /// The words in which sentences are said here.
    pub fn words(&self) -> Words {
        self.installation().words.clone()
    }

    /// The council's working days: England's, without its closure days.
    pub fn calendar(&self) -> Calendar {
        self.installation().calendar()
    }

    fn now(&self) -> Now {
        Now { today: self.clock.today(), at: self.clock.machine_now() }
    }
}

/// What is written into the history.
struct Event<'a> {
    plan: Option<PlanId>,
    action: Option<ActionId>,
    /// A code: the noun, a full stop, and what happened to it: "update.added".
    kind: &'a str,
    /// Plain words, without anything that is not yet published: pages show it to everyone who sees the plan.
    summary: String,
    /// What changed, by field: see [`changes`]. An event about a person has their number under `person`: by that it is
    /// found when they leave, and erased.
    detail: serde_json::Value,
}

async fn record(tx: &Tx, now: Now, actor: &Actor, event: Event<'_>) -> Result<(), StoreError> {
    audit::insert(
        tx,
        &audit::NewEvent {
            at: now.at,
            office_day: now.today,
            actor: actor.person,
            actor_name: actor.name.clone(),
            plan: event.plan,
            action: event.action,
            kind: event.kind.to_owned(),
            summary: event.summary,
            detail: event.detail,
        },
    )
    .await
}

/// The fields whose words differ, as the history keeps them.
fn changes<'a>(fields: impl IntoIterator<Item = (&'a str, String, String)>) -> serde_json::Value {
    fields
        .into_iter()
        .filter(|(_, from, to)| from != to)
        .map(|(field, from, to)| (field.to_owned(), serde_json::json!({ "from": from, "to": to })))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
