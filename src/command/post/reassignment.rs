//! Moving everything that a post answers for to another: its open actions, and the plans that it manages.
//!
//! What is complete, merged or closed stays where it was done, and updates stay their authors'.

use super::find;
use crate::{
    command::{CommandError, Cx, Event, changes, notice, record},
    domain::{
        access::{Actor, Permission, may, may_in},
        id::{ActionId, PlanId, PostId},
        plan::Record,
        post::{Lead, Post},
        reminder::recipients,
        text,
    },
    store::{self, record::Depth},
};

/// What a post answers for now, as somebody was shown it: only that is moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Its open actions, by plan and in the order of the table.
    pub actions: Vec<ActionId>,
    /// The plans that it manages.
    pub plans: Vec<PlanId>,
}

impl Seen {
    /// What a post answers for on a day, in all plans that are still monitored.
    pub fn of(records: &[Record], post: PostId, today: chrono::NaiveDate) -> Self {
        let live = || records.iter().filter(|r| r.is_monitored(today));
        Self {
            actions: live().flat_map(|r| r.open_actions_of(post, today)).map(|a| a.id).collect(),
            plans: live().filter(|r| r.plan.manager == post).map(|r| r.plan.id).collect(),
        }
    }

    /// The part of it that somebody may move: what is in the plans that are theirs to edit.
    pub fn movable_by(actor: &Actor, records: &[Record], post: PostId, today: chrono::NaiveDate) -> Self {
        let theirs = |r: &&Record| may_in(actor, Permission::EditPlans, &r.plan).is_ok();
        let records: Vec<Record> = records.iter().filter(theirs).cloned().collect();
        Self::of(&records, post, today)
    }

    /// Whether there is nothing to move.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty() && self.plans.is_empty()
    }
}

/// Moves everything that one post answers for to another, all or nothing, in the plans that the mover may edit.
///
/// # Errors
/// [`CommandError::Refused`] where the posts are the same or there is nothing to move; [`CommandError::Stale`] where it is
/// no longer what the mover was shown.
pub async fn reassign(
    cx: &Cx,
    actor: &Actor,
    from: PostId,
    to: PostId,
    seen: &Seen,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let (old, new) = (find(&tx, from).await?, find(&tx, to).await?);
    may(actor, Permission::EditPlans)?;
    if from == to {
        return Err(CommandError::refused("to", "Choose another post"));
    }
    let records = store::record::all(&tx, actor, Depth::Current).await?;
    let moved = Seen::movable_by(actor, &records, from, now.today);
    if moved.is_empty() {
        return Err(CommandError::refused("to", format!("{} has nothing to move", old.name)));
    }
    if moved != *seen {
        return Err(CommandError::Stale);
    }
    for plan in &records {
        for action in plan.actions.iter().filter(|a| moved.actions.contains(&a.id)) {
            let wording = wording(&action.lead_wording, &action.leads, &old, &new);
            store::action::move_lead(&tx, action.id, from, to, &wording).await?;
            let before = recipients(plan, action, now.today);
            let before: Vec<_> = before.people.iter().map(|to| to.person.id).collect();
            notice::assigned(&tx, actor, action.id, &before, now).await?;
            let event = Event {
                plan: Some(plan.plan.id),
                action: Some(action.id),
                kind: "action.reassigned",
                summary: format!("{} moved from {} to {}", action.label, old.name, new.name),
                detail: changes([("Lead", action.lead_wording.clone(), wording)]),
            };
            record(&tx, now, actor, event).await?;
        }
        if moved.plans.contains(&plan.plan.id) {
            store::plan::set_manager(&tx, plan.plan.id, to).await?;
            let event = Event {
                plan: Some(plan.plan.id),
                action: None,
                kind: "plan.reassigned",
                summary: format!("Plan moved from {} to {}", old.name, new.name),
                detail: changes([("Manager", old.name.clone(), new.name.clone())]),
            };
            record(&tx, now, actor, event).await?;
        }
    }
    let event = Event {
        plan: None,
        action: None,
        kind: "post.reassigned",
        summary: format!(
            "Everything of {} moved to {}: {}, {}",
            old.name,
            new.name,
            text::plural(moved.actions.len(), "action", "actions"),
            text::plural(moved.plans.len(), "plan", "plans")
        ),
        detail: serde_json::json!({ "post": from.0, "to post": to.0 }),
    };
    record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}

/// The lead as the plan says it, once the post is another: a wording of its own stays where it does not name the old post.
fn wording(written: &str, leads: &[Lead], old: &Post, new: &Post) -> String {
    if leads.len() == 1 || written.trim().is_empty() {
        new.name.clone()
    } else {
        written.replace(&old.name, &new.name)
    }
}
