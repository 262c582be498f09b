//! Marking an update as not for publication under a paragraph of Schedule 12A, and lifting the mark.
//!
//! It can be done until the update is published: after that the public has read it, or has read that it may not. What it corrects
//! and what corrects it says the same in other words, so all of them that are not published yet are marked together.

use chrono::NaiveDate;

use crate::{
    command::{CommandError, Cx, Event, record as record_event},
    domain::{
        access::{Actor, Permission, may_on},
        action::Action,
        exempt::PARAGRAPHS,
        id::{ActionId, UpdateId},
        plan::Record,
        text,
        update::Update,
    },
    store::{self, record::Depth},
};

/// The form's field beside which a refusal stands.
pub const FIELD: &str = "paragraph";

/// Marks an update with its corrections, or lifts their mark. `seen` is what the person was shown that it is now. Says whether that changed anything.
///
/// # Errors
/// [`CommandError::Refused`] in words where it is published, where there is no such paragraph, or where somebody else
/// has changed the mark in the meantime.
pub async fn mark(
    cx: &Cx,
    actor: &Actor,
    id: UpdateId,
    seen: Option<i32>,
    paragraph: Option<i32>,
) -> Result<(ActionId, bool), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let action = store::update::action_of(&tx, id).await?.ok_or(CommandError::NotFound)?;
    let record = store::record::of_action(&tx, actor, action, Depth::Everything)
        .await?
        .ok_or(CommandError::NotFound)?;
    let action = record.action(action).ok_or(CommandError::NotFound)?;
    let update = action.updates.iter().find(|u| u.id == id).ok_or(CommandError::NotFound)?;
    may_on(actor, Permission::MarkExempt, &record.plan, action)?;
    let (_, open) = published(&record, action, update, now.today);
    if update.exempt == paragraph && open.iter().all(|row| row.exempt == paragraph) {
        return Ok((action.id, false));
    }
    if let Some(why) = why_not(&record, update, now.today) {
        return Err(CommandError::refused(FIELD, why));
    }
    if paragraph.is_some_and(|p| PARAGRAPHS.iter().all(|(number, _)| *number != p)) {
        return Err(CommandError::refused(FIELD, "Choose one of the paragraphs"));
    }
    if update.exempt != seen {
        let words = match update.exempt {
            Some(p) => {
                format!("Somebody else has marked it under paragraph {p} in the meantime: choose again")
            }
            None => "Somebody else has lifted the mark in the meantime: choose again".to_owned(),
        };
        return Err(CommandError::refused(FIELD, words));
    }
    let rows: Vec<UpdateId> = open.iter().map(|row| row.id).collect();
    store::update::review::mark_exempt(&tx, &rows, paragraph).await?;
    let event = Event {
        plan: Some(record.plan.id),
        action: Some(action.id),
        kind: "update.exempt",
        summary: match paragraph {
            Some(p) => format!("Update on {} marked as not for publication (paragraph {p})", action.label),
            None => format!("Update on {} is for publication again", action.label),
        },
        detail: serde_json::json!({ "update": id.0, "paragraph": paragraph, "updates": rows.iter().map(|row| row.0).collect::<Vec<_>>() }),
    };
    record_event(&tx, now, actor, event).await?;
    let action = action.id;
    tx.commit().await?;
    Ok((action, true))
}

/// Why an update's mark can't be changed any more; none: it can.
pub fn why_not(record: &Record, update: &Update, today: NaiveDate) -> Option<String> {
    if !record.is_published(update, today) {
        return None;
    }
    let of = match (update.released_on, update.round.and_then(|id| record.round(id))) {
        (None, Some(round)) => format!("The round {} is published", round.label),
        (Some(on), _) => format!("The addendum in which it stands was published on {}", text::day(on)),
        (None, None) => "It is published".to_owned(),
    };
    Some(format!("{of}, and what the public reads of it can’t be changed any more"))
}

/// An update with all that it corrects and that corrects it: those that are published, which stay as they were read, and those
/// that are not.
pub fn published<'a>(
    record: &Record,
    action: &'a Action,
    update: &Update,
    today: NaiveDate,
) -> (Vec<&'a Update>, Vec<&'a Update>) {
    action.chain(update).partition(|row| record.is_published(row, today))
}
