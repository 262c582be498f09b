//! The pause of the whole queue while no mail goes out at all: when it is tried again, and when it ends.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    command::{CommandError, Cx, Event, Now, record},
    domain::{
        access::{Actor, Permission, may},
        message::{Hindrance, MessageKind},
    },
    store::{
        self, StoreError, Tx,
        outbox::pause::{Pause, get, lift, set},
    },
};

/// How long after a try the next is made, with one message.
const TRY_EVERY: TimeDelta = TimeDelta::minutes(5);
/// The same where somebody sits and waits for an account mail.
const TRY_EVERY_FOR_ACCOUNTS: TimeDelta = TimeDelta::minutes(1);

/// The kinds that may be tried now. A test always may: it is how one finds out.
fn allowed(pause: &Pause, now: DateTime<Utc>, kind: MessageKind) -> bool {
    let since = pause.tried_at.map(|at| now - at);
    match kind {
        MessageKind::Test => true,
        MessageKind::Account => since.is_none_or(|since| since >= TRY_EVERY_FOR_ACCOUNTS),
        _ => since.is_none_or(|since| since >= TRY_EVERY),
    }
}

/// What the pause leaves of some kinds, and whether there is one.
pub(super) async fn gate(
    tx: &Tx,
    kinds: &[MessageKind],
    now: Now,
) -> Result<(Vec<MessageKind>, Option<Pause>), StoreError> {
    let pause = get(tx).await?;
    let open = |kind: &MessageKind| pause.as_ref().is_none_or(|pause| allowed(pause, now.at, *kind));
    Ok((kinds.iter().copied().filter(open).collect(), pause))
}

/// Notes that it is being tried, so that no other worker does.
pub(super) async fn tried(tx: &Tx, pause: &Pause, now: Now) -> Result<(), StoreError> {
    set(tx, &Pause { tried_at: Some(now.at), ..pause.clone() }).await
}

/// Begins the pause, or notes that it goes on.
pub(super) async fn begin(tx: &Tx, by: Hindrance, why: &str, now: Now) -> Result<(), StoreError> {
    let before = get(tx).await?;
    if before.as_ref().map(|pause| pause.by) != Some(by) {
        tracing::error!(hindrance = by.code(), "no mail goes out: see the settings’ page on mail");
    }
    let since = before.map_or(now.at, |pause| pause.since);
    set(tx, &Pause { since, by, why: why.to_owned(), tried_at: Some(now.at) }).await
}

/// Ends it: the mail server has taken a message.
pub(super) async fn end(tx: &Tx) -> Result<(), StoreError> {
    if lift(tx).await? {
        tracing::info!("mail goes out again");
    }
    Ok(())
}

/// Whether a resting worker has something to do at once: an account mail that waits and may go.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn account_mail_waits(cx: &Cx) -> Result<bool, CommandError> {
    let now = cx.now().at;
    let pause = get(&cx.store).await?;
    let may_go = pause.is_none_or(|pause| allowed(&pause, now, MessageKind::Account));
    Ok(may_go && store::outbox::is_due(&cx.store, MessageKind::Account, now).await?)
}

/// Has the mail server tried now, and not only when its time comes. Nothing happens where there is no pause.
///
/// # Errors
/// [`CommandError::Denied`] with who may.
pub async fn try_now(cx: &Cx, actor: &Actor) -> Result<(), CommandError> {
    may(actor, Permission::ManageSettings)?;
    let tx = cx.store.begin().await?;
    let Some(pause) = get(&tx).await? else { return Ok(()) };
    set(&tx, &Pause { tried_at: None, ..pause }).await?;
    let event = Event {
        plan: None,
        action: None,
        kind: "mail.tried",
        summary: "Asked for the mail server to be tried again".to_owned(),
        detail: serde_json::json!({}),
    };
    record(&tx, cx.now(), actor, event).await?;
    tx.commit().await?;
    cx.bell.ring();
    Ok(())
}
