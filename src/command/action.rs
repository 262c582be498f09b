//! Actions: making and changing them, merging, closing with no further action, opening again.

use chrono::NaiveDate;

use super::{CommandError, Cx, Event, Now, changes, deadline, notice};
use crate::{
    domain::{
        access::{Actor, Permission, may_in, may_on},
        action::{Action, ActionDraft, Agreement, ResourceKind, State, StateChange},
        id::{ActionId, PersonId, PlanId, RecommendationId},
        merge,
        plan::Record,
        post::Lead,
        reminder::recipients,
        text,
    },
    store::{
        self, Tx,
        action::{NewRevision, Saved},
        record::Depth,
    },
};

/// Adds an action with its original deadline to a plan.
///
/// # Errors
/// [`CommandError::Refused`] where the deadline is no real day, or the recommendation is not of this plan.
pub async fn create(
    cx: &Cx,
    actor: &Actor,
    plan: PlanId,
    draft: &ActionDraft,
    by_when: &str,
) -> Result<ActionId, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record =
        store::record::by_id(&tx, actor, plan, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    may_in(actor, Permission::EditPlans, &record.plan)?;
    let id = create_within(&tx, actor, &record, draft, by_when, Some(now.today), now).await?;
    notice::assigned(&tx, actor, id, &[], now).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction; without a day it came with the plan.
pub(super) async fn create_within(
    tx: &Tx,
    actor: &Actor,
    record: &Record,
    draft: &ActionDraft,
    by_when: &str,
    added_on: Option<NaiveDate>,
    now: Now,
) -> Result<ActionId, CommandError> {
    check_recommendation(record, draft)?;
    let reading = deadline::read(record, "by_when", by_when)?;
    let id = store::action::insert(tx, record.plan.id, draft, added_on).await?;
    let original = NewRevision {
        number: 0,
        wording: by_when.trim(),
        reading: &reading,
        reason: None,
        asked_by: None,
        asked_by_id: None,
        asked_in: None,
        asked_on: None,
        known_from: added_on.or(record.plan.agreed_on).unwrap_or(now.today),
    };
    store::action::insert_revision(tx, id, &original, now.at).await?;
    super::record(
        tx,
        now,
        actor,
        Event {
            plan: Some(record.plan.id),
            action: Some(id),
            kind: "action.created",
            summary: format!("Action added: {}", text::short_title(&draft.text)),
            detail: serde_json::json!({ "by_when": by_when, "lead": draft.lead_wording }),
        },
    )
    .await?;
    Ok(id)
}

fn check_recommendation(record: &Record, draft: &ActionDraft) -> Result<(), CommandError> {
    match draft.recommendation {
        Some(id) if record.recommendation(id).is_none() => {
            Err(CommandError::refused("recommendation", "Choose a recommendation of this plan"))
        }
        _ => Ok(()),
    }
}

/// Changes an action's words and leads. `by_when` changes the wording of the original deadline where that had no date;
/// otherwise a different date has to be asked for, so that the original is never lost.
///
/// # Errors
/// [`CommandError::Stale`] where somebody else saved in between; [`CommandError::Refused`] as for [`create`].
pub async fn edit(
    cx: &Cx,
    actor: &Actor,
    action: ActionId,
    version: i32,
    draft: &ActionDraft,
    by_when: &str,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record =
        store::record::of_action(&tx, actor, action, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let action = record.action(action).ok_or(CommandError::NotFound)?;
    may_in(actor, Permission::EditPlans, &record.plan)?;
    check_recommendation(&record, draft)?;
    if store::action::save(&tx, action.id, version, draft).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let was = action.original().map_or("", |r| r.wording.as_str());
    if text::fold(by_when) != text::fold(was) {
        correct_original(&tx, &record, action, by_when).await?;
    }
    let people = store::person::all(&tx).await?;
    let recommendation = |id: Option<RecommendationId>| {
        let one = id.and_then(|id| record.recommendation(id));
        one.map(|r| r.reference.clone().unwrap_or_else(|| text::short_title(&r.text))).unwrap_or_default()
    };
    let names = |ids: &[PersonId]| {
        let of = ids.iter().filter_map(|id| people.iter().find(|a| a.person.id == *id));
        of.map(|a| a.person.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let kind = |kind: Option<ResourceKind>| kind.map_or("", |k| k.words()).to_owned();
    let pounds =
        |pence: Option<i64>| pence.map(|p| format!("£{}.{:02}", p / 100, p % 100)).unwrap_or_default();
    super::record(
        &tx,
        now,
        actor,
        Event {
            plan: Some(record.plan.id),
            action: Some(action.id),
            kind: "action.edited",
            summary: format!("{} edited", action.label),
            detail: changes([
                (
                    "Short title",
                    action.short_title.clone().unwrap_or_default(),
                    draft.short_title.clone().unwrap_or_default(),
                ),
                ("Action", action.text.clone(), draft.text.clone()),
                ("By when", was.to_owned(), by_when.trim().to_owned()),
                (
                    "Recommendation",
                    recommendation(action.recommendation),
                    recommendation(draft.recommendation),
                ),
                ("Lead", action.lead_wording.clone(), draft.lead_wording.clone()),
                ("Who is asked", leads(&record, &action.leads), leads(&record, &draft.leads)),
                ("Contributors", names(&action.contributors), names(&draft.contributors)),
                ("Resource required", action.resource.clone(), draft.resource.clone()),
                ("Kind of resource", kind(action.resource_kind), kind(draft.resource_kind)),
                ("Amount", pounds(action.resource_pence), pounds(draft.resource_pence)),
                ("Themes", action.themes.join(", "), draft.themes.join(", ")),
            ]),
        },
    )
    .await?;
    let before = recipients(&record, action, now.today);
    let before: Vec<PersonId> = before.people.iter().map(|to| to.person.id).collect();
    notice::assigned(&tx, actor, action.id, &before, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The leads by name, as far as they are posts, people or bodies.
fn leads(record: &Record, leads: &[Lead]) -> String {
    let name = |lead: &Lead| match lead {
        Lead::Post { post, .. } => record.post(*post).map(|p| p.name.clone()).unwrap_or_default(),
        Lead::Person(person) => person.name.clone(),
        Lead::OutsideBody(body) => body.clone(),
    };
    leads.iter().map(name).collect::<Vec<_>>().join(", ")
}

async fn correct_original(
    tx: &Tx,
    record: &Record,
    action: &Action,
    by_when: &str,
) -> Result<(), CommandError> {
    let Some(original) = action.original() else {
        return Err(CommandError::NotFound);
    };
    if original.span.is_some() || action.revisions.len() > 1 {
        return Err(CommandError::refused(
            "by_when",
            "The date first agreed is never overwritten. Use “Change the deadline” on the action’s page",
        ));
    }
    let reading = deadline::read(record, "by_when", by_when)?;
    Ok(store::action::correct_original(tx, original.id, by_when.trim(), &reading).await?)
}

/// Merges an action into another: the work goes on there. Nothing is deleted, and it shares the other's fate from now on.
///
/// # Errors
/// [`CommandError::Refused`] in words where that would go in a circle, the other can't carry the work on, or the action is
/// closed with no further action.
pub async fn merge(
    cx: &Cx,
    actor: &Actor,
    action: ActionId,
    into: ActionId,
    reason: &str,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record =
        store::record::of_action(&tx, actor, action, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let action = record.action(action).ok_or(CommandError::NotFound)?;
    may_on(actor, Permission::WriteUpdate, &record.plan, action)?;
    if action.state_at(now.today) == State::NoFurtherAction {
        // Whoever may open it again is asked first: somebody agreed to its being closed.
        let message =
            format!("{} is closed with no further action: it has to be opened again first", action.label);
        return Err(CommandError::refused("into", message));
    }
    merge_within(&tx, actor, &record, action, into, reason, now.today, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The same within a transaction, from a day on: for a plan that is read in too.
#[allow(clippy::too_many_arguments, reason = "the parts of one merge, named at both calls")]
pub(super) async fn merge_within(
    tx: &Tx,
    actor: &Actor,
    record: &Record,
    action: &Action,
    into: ActionId,
    reason: &str,
    from: NaiveDate,
    now: Now,
) -> Result<(), CommandError> {
    merge::check(record, action.id, into, from).map_err(|e| CommandError::refused("into", e.to_string()))?;
    let change = StateChange {
        id: None,
        state: State::Merged,
        into: Some(into),
        from,
        reason: Some(reason.to_owned()),
        agreed: None,
        update: None,
    };
    let summary = format!("{} merged into {}", action.label, record.label(into));
    set_state(tx, actor, record, action, &change, "action.merged", summary, now).await
}

/// Closes an action without its being done: with who agreed, and when.
///
/// # Errors
/// [`CommandError::Refused`] where it is closed already, or the day of the agreement lies ahead.
pub async fn close(
    cx: &Cx,
    actor: &Actor,
    action: ActionId,
    reason: &str,
    agreed: Agreement,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record =
        store::record::of_action(&tx, actor, action, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let action = record.action(action).ok_or(CommandError::NotFound)?;
    may_on(actor, Permission::CloseAction, &record.plan, action)?;
    if action.state_at(now.today) == State::NoFurtherAction {
        return Err(CommandError::refused("reason", format!("{} is closed already", action.label)));
    }
    if agreed.on > now.today {
        return Err(CommandError::refused("agreed_on", "The day of the agreement can’t lie in the future"));
    }
    let summary = format!("{} closed with no further action, agreed by {}", action.label, agreed.by);
    let change = StateChange {
        id: None,
        state: State::NoFurtherAction,
        into: None,
        from: now.today,
        reason: Some(reason.to_owned()),
        agreed: Some(agreed),
        update: None,
    };
    set_state(&tx, actor, &record, action, &change, "action.closed", summary, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Opens an action again that was complete, merged, or closed.
///
/// # Errors
/// [`CommandError::Refused`] where it is open.
pub async fn reopen(cx: &Cx, actor: &Actor, action: ActionId, reason: &str) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record =
        store::record::of_action(&tx, actor, action, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let action = record.action(action).ok_or(CommandError::NotFound)?;
    may_on(actor, Permission::CloseAction, &record.plan, action)?;
    let was = action.state_at(now.today);
    if was == State::Open {
        return Err(CommandError::refused("reason", format!("{} is open", action.label)));
    }
    let change = StateChange {
        id: None,
        state: State::Open,
        into: None,
        from: now.today,
        reason: Some(reason.to_owned()),
        agreed: None,
        update: None,
    };
    // Without what it was: a completion that is not published yet would be given away.
    let summary = format!("{} opened again", action.label);
    set_state(&tx, actor, &record, action, &change, "action.reopened", summary, now).await?;
    tx.commit().await?;
    Ok(())
}

#[allow(
    clippy::too_many_arguments,
    reason = "one place for what merging, closing and opening have in common"
)]
async fn set_state(
    tx: &Tx,
    actor: &Actor,
    record: &Record,
    action: &Action,
    change: &StateChange,
    kind: &str,
    summary: String,
    now: Now,
) -> Result<(), CommandError> {
    store::action::change_state(tx, action.id, change, now.at).await?;
    super::record(
        tx,
        now,
        actor,
        Event {
            plan: Some(record.plan.id),
            action: Some(action.id),
            kind,
            summary,
            detail: serde_json::json!({ "reason": change.reason }),
        },
    )
    .await?;
    Ok(())
}
