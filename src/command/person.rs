//! People: adding, changing, deactivating. Nobody is deleted: what they wrote stays theirs.

use super::{CommandError, Cx, Event, Now, changes};
use crate::{
    domain::{
        access::{Actor, Grant, Permission, Role, may},
        id::PersonId,
    },
    store::{self, StoreError, Tx, action::Saved},
};

/// A person as somebody entered them, with all fields checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonDraft {
    /// Name as shown.
    pub name: String,
    /// Address.
    pub email: String,
    /// What they may do here.
    pub grants: Vec<Grant>,
    /// Whether they get mail and can sign in.
    pub active: bool,
}

/// Adds a person.
///
/// # Errors
/// [`CommandError::Refused`] where the address is in use.
pub async fn create(cx: &Cx, actor: &Actor, draft: &PersonDraft) -> Result<PersonId, CommandError> {
    let tx = cx.store.begin().await?;
    let id = create_within(&tx, actor, draft, cx.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction.
pub(super) async fn create_within(
    tx: &Tx,
    actor: &Actor,
    draft: &PersonDraft,
    now: Now,
) -> Result<PersonId, CommandError> {
    may(actor, Permission::ManagePeople)?;
    let id = store::person::insert(tx, &draft.name, &draft.email, &draft.grants, now.at)
        .await
        .map_err(address_in_use)?;
    let event = Event {
        plan: None,
        action: None,
        kind: "person.created",
        summary: format!("{} added ({})", draft.name, role_words(tx, &draft.grants)),
        detail: serde_json::json!({ "person": id.0 }),
    };
    super::record(tx, now, actor, event).await?;
    Ok(id)
}

/// Changes a person. Deactivating ends their sessions at once; their posts show as vacant.
///
/// # Errors
/// [`CommandError::Stale`] where somebody else saved in between; [`CommandError::Refused`] where the address is in use, or
/// where administrators would lock themselves out.
pub async fn edit(
    cx: &Cx,
    actor: &Actor,
    id: PersonId,
    version: i32,
    draft: &PersonDraft,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let before = store::person::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    may(actor, Permission::ManagePeople)?;
    if actor.person == Some(id)
        && !(draft.active && draft.grants.contains(&Grant::everywhere(Role::Administrator)))
    {
        return Err(CommandError::refused(
            "roles",
            "You can’t take your own access away: ask another administrator to do it",
        ));
    }
    let saved = store::person::save(&tx, id, version, &draft.name, &draft.email, draft.active, &draft.grants)
        .await
        .map_err(address_in_use)?;
    if saved == Saved::Stale {
        return Err(CommandError::Stale);
    }
    if !draft.active {
        store::session::end_all(&tx, id).await?;
    }
    let state = |active: bool| if active { "active" } else { "deactivated" }.to_owned();
    let mut detail = changes([
        ("Name", before.person.name.clone(), draft.name.clone()),
        ("Email address", before.person.email.clone(), draft.email.to_lowercase()),
        ("Roles", role_words(&tx, &before.grants), role_words(&tx, &draft.grants)),
        ("State", state(before.person.active), state(draft.active)),
    ]);
    detail["person"] = id.0.into();
    let event = Event {
        plan: None,
        action: None,
        kind: "person.edited",
        summary: format!("{} edited", draft.name),
        detail,
    };
    super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}

fn role_words(tx: &Tx, grants: &[Grant]) -> String {
    let words = |grant: &Grant| {
        let word = grant.role.word(&tx.installation().words).to_lowercase();
        grant.plan.map_or(word.clone(), |plan| format!("{word} of plan {plan}"))
    };
    grants.iter().map(words).collect::<Vec<_>>().join(", ")
}

fn address_in_use(error: StoreError) -> CommandError {
    if error.is_duplicate() {
        CommandError::refused("email", "Somebody here has this address already")
    } else {
        error.into()
    }
}
