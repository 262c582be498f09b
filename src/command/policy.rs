//! A plan's own policy for mail: saved by its managers, and noted in its history sentence by sentence.

use super::{CommandError, Cx, Event, changes, record};
use crate::{
    domain::{
        access::{Actor, Permission, may_in},
        id::PlanId,
        policy::Policy,
        text,
    },
    store::{self, action::Saved, record::Depth},
};

/// Saves a plan's policy. Nothing happens where it is what holds already.
///
/// # Errors
/// [`CommandError::Refused`] where a figure is not allowed or the director's post is not there; [`CommandError::Stale`] where
/// somebody else saved in between.
pub async fn save(
    cx: &Cx,
    actor: &Actor,
    plan: PlanId,
    version: i32,
    policy: &Policy,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let before =
        store::record::by_id(&tx, actor, plan, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    may_in(actor, Permission::EditPlans, &before.plan)?;
    if let Some((field, message)) = policy.problems().into_iter().next() {
        return Err(CommandError::refused(field, text::initial_capital(&message)));
    }
    let director = policy.escalation.as_ref().and_then(|e| e.director);
    if director.is_some_and(|post| before.post(post).is_none()) {
        return Err(CommandError::refused("director", "There is no such post any more: choose another"));
    }
    if store::policy::version(&tx, plan).await? != version {
        return Err(CommandError::Stale);
    }
    if before.policy == *policy {
        return Ok(());
    }
    if store::policy::save(&tx, plan, version, policy).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let was = before.policy_words();
    let mut after = before.clone();
    after.policy = policy.clone();
    let is = after.policy_words();
    let pairs = was.iter().zip(is).map(|((heading, was), (_, is))| (heading.as_str(), was.clone(), is));
    let detail = changes(pairs);
    let changed: Vec<String> =
        detail.as_object().into_iter().flatten().map(|(heading, _)| format!("“{heading}”")).collect();
    let event = Event {
        plan: Some(plan),
        action: None,
        kind: "plan.mail-policy-changed",
        summary: format!("Reminders changed: {}", text::list(&changed)),
        detail,
    };
    record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}
