//! Updates that are begun and not sent: saved for later, one for each person and action, and nobody else reads them.
//!
//! Nothing of it goes into the history: there is nothing that anybody has said.

use crate::{
    command::{CommandError, Cx},
    domain::{
        access::{Actor, Permission, may_on},
        id::{ActionId, PersonId},
    },
    store::{
        self, Tx,
        record::Depth,
        update::draft::{self, Draft},
    },
};

/// How large one may be: several fields full of text.
pub const LARGEST: usize = 512 * 1024;

/// Saves what somebody has got to on an action, in place of what they had saved of it before.
///
/// # Errors
/// [`CommandError::Refused`] where it is too much.
pub async fn save(
    cx: &Cx,
    actor: &Actor,
    action: ActionId,
    fields: Vec<(String, String)>,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let person = theirs(&tx, actor, action).await?;
    let size: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > LARGEST {
        return Err(CommandError::refused("narrative", "That is too much to be saved for later: shorten it"));
    }
    draft::save(&tx, action, person, &Draft { fields, saved_at: now.at }).await?;
    tx.commit().await?;
    Ok(())
}

/// Throws away what somebody had saved for later of an action. Says whether there was anything.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn discard(cx: &Cx, actor: &Actor, action: ActionId) -> Result<bool, CommandError> {
    let tx = cx.store.begin().await?;
    let person = theirs(&tx, actor, action).await?;
    let there_was = draft::delete(&tx, &[action], person).await?;
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
