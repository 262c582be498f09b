//! Updates that are begun and not sent: saved for later, one for each person and action, and nobody else reads them.
//!
//! Nothing of it goes into the history: there is nothing that anybody has said.

use crate::{
    command::{CommandError, Cx},
    domain::{
        access::{Actor, Permission, may_on},
        id::{ActionId, DraftId, PersonId},
    },
    store::{self, Tx, record::Depth, update::draft},
};

/// How large one may be: several fields full of text.
pub const LARGEST: usize = 512 * 1024;

/// Saves what somebody has got to on an action, in place of what they had saved of it before and were shown (`seen`).
///
/// # Errors
/// [`CommandError::Refused`] where it is too much; [`CommandError::Stale`] where they have saved something else since, on
/// another device or in another window: that stays.
pub async fn save(
    cx: &Cx,
    actor: &Actor,
    action: ActionId,
    seen: Option<DraftId>,
    fields: Vec<(String, String)>,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let person = theirs(&tx, actor, action).await?;
    let size: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > LARGEST {
        return Err(CommandError::refused("narrative", "That is too much to be saved for later: shorten it"));
    }
    match draft::of(&tx, action, person).await? {
        // Pressed twice.
        Some(other) if other.fields == fields => return Ok(()),
        Some(other) if seen != Some(other.id) => return Err(CommandError::Stale),
        _ => draft::save(&tx, action, person, &fields, now.at).await?,
    }
    tx.commit().await?;
    Ok(())
}

/// Throws away what somebody had saved for later of an action, as they were shown it. Says whether it was still there.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn discard(
    cx: &Cx,
    actor: &Actor,
    action: ActionId,
    seen: Option<DraftId>,
) -> Result<bool, CommandError> {
    let tx = cx.store.begin().await?;
    let person = theirs(&tx, actor, action).await?;
    let there_was = match seen {
        Some(seen) => draft::delete(&tx, seen, action, person).await?,
        None => false,
    };
    tx.commit().await?;
    Ok(there_was)
}

/// Who they are, if they may write on the action at all.
async fn theirs(tx: &Tx, actor: &Actor, action: ActionId) -> Result<PersonId, CommandError> {
    let record =
        store::record::of_action(tx, actor, action, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let action = record.action(action).ok_or(CommandError::NotFound)?;
    may_on(actor, Permission::WriteUpdate, &record.plan, action)?;
    actor.person.ok_or(CommandError::NotFound)
}
