//! Calendar feeds: made, revoked, and opened by a program that knows the secret address.
//!
//! A feed can do nothing but read, and only what its person may read on the day: it has no rights of its own.

use chrono::TimeDelta;

use super::{CommandError, Cx, Event, account::me, record};
use crate::{
    domain::{
        access::{Actor, Permission, may},
        id::PlanId,
    },
    secret,
    store::{self, StoreError, record::Depth},
};

/// How exactly it is noted when a program last asked, in hours: programs that ask every minute must not write every minute.
const NOTED_EVERY: TimeDelta = TimeDelta::hours(1);

/// A feed that was opened: with whose rights, and of what.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The person, as they are today.
    pub actor: Actor,
    /// The one plan that it is about; none: their own actions.
    pub plan: Option<PlanId>,
}

/// Makes a feed of one's own actions, or of a plan that one may read, and gives its token, which is kept nowhere. One that
/// there was of the same stops working.
///
/// # Errors
/// [`CommandError::NotFound`] where the plan is not theirs to know of.
pub async fn make(cx: &Cx, actor: &Actor, plan: Option<PlanId>) -> Result<String, CommandError> {
    let person = me(actor)?;
    let now = cx.now();
    let token = secret::token().map_err(|e| StoreError::File(std::io::Error::other(e)))?;
    let tx = cx.store.begin().await?;
    let about = match plan {
        Some(plan) => {
            let found = store::record::by_id(&tx, actor, plan, Depth::Current).await?;
            found.ok_or(CommandError::NotFound)?.plan.title
        }
        None => "their own actions".to_owned(),
    };
    if plan.is_none() && !has_own(actor) {
        return Err(CommandError::NotFound);
    }
    store::feed::replace(&tx, person, plan, &secret::fingerprint(&token), now.at).await?;
    let event = Event {
        plan: None,
        action: None,
        kind: "feed.made",
        summary: format!("{} made a calendar feed of {about}", actor.name),
        detail: serde_json::json!({ "person": person.0 }),
    };
    record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(token)
}

/// Whether somebody can have actions of their own: they read plans, or hold a post.
pub fn has_own(actor: &Actor) -> bool {
    may(actor, Permission::ReadPlans).is_ok() || !actor.posts.is_empty()
}

/// Revokes one of one's own feeds: its address stops working at once.
///
/// # Errors
/// [`CommandError::NotFound`] where there is no such feed, or it is somebody else's.
pub async fn revoke(cx: &Cx, actor: &Actor, id: i64) -> Result<(), CommandError> {
    let person = me(actor)?;
    let now = cx.now();
    let tx = cx.store.begin().await?;
    if !store::feed::remove(&tx, person, id).await? {
        return Err(CommandError::NotFound);
    }
    let event = Event {
        plan: None,
        action: None,
        kind: "feed.revoked",
        summary: format!("{} revoked a calendar feed", actor.name),
        detail: serde_json::json!({ "person": person.0 }),
    };
    record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Opens a feed by its token, and notes that it was asked for.
///
/// # Errors
/// [`CommandError::NotFound`] where there is no such feed, or its person is not here any more. Which, nobody is told.
pub async fn open(cx: &Cx, token: &str) -> Result<Opened, CommandError> {
    let now = cx.now();
    let feed = store::feed::by_hash(&cx.store, &secret::fingerprint(token)).await?;
    let feed = feed.ok_or(CommandError::NotFound)?;
    let actor = store::person::actor(&cx.store, feed.person, now.today).await?;
    let actor = actor.ok_or(CommandError::NotFound)?;
    if feed.plan.is_none() && !has_own(&actor) {
        return Err(CommandError::NotFound);
    }
    if feed.last_fetched_at.is_none_or(|last| now.at - last >= NOTED_EVERY) {
        let tx = cx.store.begin().await?;
        store::feed::fetched(&tx, feed.id, now.at).await?;
        tx.commit().await?;
    }
    Ok(Opened { actor, plan: feed.plan })
}
