//! People: adding, changing, deactivating. Nobody is deleted: what they wrote stays theirs.

use super::{
    CommandError, Cx, Event, Now, changes,
    letter::{self, To},
    link::{self, By, event, may_invite},
    post::vacate_all_within,
};
use crate::{
    domain::{
        access::{Actor, Grant, Permission, may},
        account::Purpose,
        id::PersonId,
    },
    mail::account::About,
    store::{self, StoreError, Tx, action::Saved, person::Account, round_link::Which},
};

/// Every link that could open an account or change its address.
const EVERY_LINK: &[Purpose] = Purpose::ALL;

/// A person as somebody entered them, with all fields checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonDraft {
    /// Name as shown.
    pub name: String,
    /// Address.
    pub email: String,
    /// What they may do here.
    pub grants: Vec<Grant>,
}

/// Adds a person without inviting them.
///
/// # Errors
/// [`CommandError::Refused`] where the address is in use.
pub async fn create(cx: &Cx, actor: &Actor, draft: &PersonDraft) -> Result<PersonId, CommandError> {
    let tx = cx.store.begin().await?;
    let id = create_within(&tx, actor, draft, cx.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// Adds a person and invites them by mail.
///
/// # Errors
/// [`CommandError::Refused`] where the address is in use, or none that mail can be sent to.
pub async fn add_and_invite(cx: &Cx, actor: &Actor, draft: &PersonDraft) -> Result<PersonId, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let id = create_within(&tx, actor, draft, now).await?;
    let account = store::person::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    link::invite_within(cx, &tx, actor, &account, By::Mail, now).await?;
    tx.commit().await?;
    cx.bell.ring();
    Ok(id)
}

/// The first within a transaction.
pub(super) async fn create_within(
    tx: &Tx,
    actor: &Actor,
    draft: &PersonDraft,
    now: Now,
) -> Result<PersonId, CommandError> {
    may_invite(actor, &draft.grants)?;
    let id = store::person::insert(tx, &draft.name, &draft.email, &draft.grants, now.at)
        .await
        .map_err(address_in_use)?;
    let summary = format!("{} added ({})", draft.name, role_words(tx, &draft.grants).await?);
    event(tx, now, actor, id, "person.created", summary).await?;
    Ok(id)
}

/// Changes a person. Another address makes every link void that went to the old one, ends their sessions, and the old one is
/// told.
///
/// # Errors
/// [`CommandError::Stale`] where somebody else saved in between; [`CommandError::Refused`] where the address is in use, or
/// where nobody would be left who looks after people.
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
    if manages_people(id, &before.grants) && !manages_people(id, &draft.grants) {
        keep_access(&tx, actor, &before, "roles").await?;
    }
    let (old, new) = (before.person.email.as_str(), draft.email.to_lowercase());
    if actor.person == Some(id) && old != new {
        let words = "Change your own address on your account’s page: both addresses have to say yes";
        return Err(CommandError::refused("email", words));
    }
    let saved = store::person::save(&tx, id, version, &draft.name, &draft.email, &draft.grants)
        .await
        .map_err(address_in_use)?;
    if saved == Saved::Stale {
        return Err(CommandError::Stale);
    }
    if old != new {
        store::link::revoke(&tx, id, EVERY_LINK, now.at).await?;
        store::round_link::revoke(&tx, Which::Of(id), now.at).await?;
        // The earlier one may have been somebody else's.
        store::session::end_all(&tx, id).await?;
        if before.person.active {
            let to = To { person: id, name: &draft.name, address: old };
            let about = About::AddressChanged { new: &new, by: Some(&actor.name) };
            letter::tell(cx, &tx, to, about, now).await?;
        }
    }
    let mut detail = changes([
        ("Name", before.person.name.clone(), draft.name.clone()),
        ("Email address", old.to_owned(), new.clone()),
        ("Roles", role_words(&tx, &before.grants).await?, role_words(&tx, &draft.grants).await?),
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
    cx.bell.ring();
    Ok(())
}

/// Deactivates an account from today on: its sessions end, its links are void, its calendar feeds stop, mail to it stops, the posts that the person
/// holds are vacant. Nothing that they wrote changes. Nothing happens where it is deactivated already.
///
/// # Errors
/// [`CommandError::Refused`] where it is one's own, or where nobody would be left who looks after people.
pub async fn deactivate(cx: &Cx, actor: &Actor, id: PersonId) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let account = store::person::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    may(actor, Permission::ManagePeople)?;
    if !account.person.active {
        return Ok(());
    }
    keep_access(&tx, actor, &account, "").await?;
    store::person::set_deactivated(&tx, id, Some(now.at)).await?;
    store::session::end_all(&tx, id).await?;
    store::link::revoke(&tx, id, EVERY_LINK, now.at).await?;
    store::round_link::revoke(&tx, Which::Of(id), now.at).await?;
    store::feed::remove_all(&tx, id).await?;
    let name = &account.person.name;
    event(&tx, now, actor, id, "person.deactivated", format!("{name} deactivated")).await?;
    vacate_all_within(&tx, actor, id, now.today, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes an account active again. Posts do not come back by themselves. Nothing happens where it is active already.
///
/// # Errors
/// [`CommandError::Refused`] where it can't be known any more whose it is.
pub async fn reactivate(cx: &Cx, actor: &Actor, id: PersonId) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let account = store::person::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    may(actor, Permission::ManagePeople)?;
    if account.person.active {
        return Ok(());
    }
    if store::person::pseudonymised_at(&tx, id).await?.is_some() {
        return Err(CommandError::refused(
            "",
            "Their name and address have been taken out: add them as a new person",
        ));
    }
    store::person::set_deactivated(&tx, id, None).await?;
    store::session::end_all(&tx, id).await?;
    let summary = format!("{} active again", account.person.name);
    event(&tx, now, actor, id, "person.reactivated", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends every session of a person and revokes their calendar feeds: a lost tablet, a shared computer.
///
/// # Errors
/// [`CommandError::NotFound`] where there is no such person.
pub async fn sign_out_everywhere(cx: &Cx, actor: &Actor, id: PersonId) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let account = store::person::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?;
    may(actor, Permission::ManagePeople)?;
    store::session::end_all(&tx, id).await?;
    store::feed::remove_all(&tx, id).await?;
    let summary = format!("{} signed out everywhere", account.person.name);
    event(&tx, now, actor, id, "person.signed-out", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Says that an address is right that the mail server refused: mail goes there again. Nothing happens where it was not refused.
///
/// # Errors
/// [`CommandError::NotFound`] where there is no such person.
pub async fn try_address(cx: &Cx, actor: &Actor, id: PersonId) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let person = store::person::by_id(&tx, id).await?.ok_or(CommandError::NotFound)?.person;
    may(actor, Permission::InviteLeads)?;
    if store::person::accept_address(&tx, id, &person.email).await? == Saved::Stale {
        return Ok(());
    }
    let summary = format!("Mail goes to the address of {} again", person.name);
    event(&tx, now, actor, id, "person.address-tried", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether somebody with these roles looks after people and their accounts.
fn manages_people(person: PersonId, grants: &[Grant]) -> bool {
    let actor =
        Actor { person: Some(person), name: String::new(), grants: grants.to_vec(), posts: Vec::new() };
    may(&actor, Permission::ManagePeople).is_ok()
}

/// Sees to it that somebody is left who looks after people, and that nobody locks themselves out.
async fn keep_access(
    tx: &Tx,
    actor: &Actor,
    leaving: &Account,
    field: &'static str,
) -> Result<(), CommandError> {
    let id = leaving.person.id;
    if actor.person == Some(id) {
        let words = "You can’t take your own access away: ask somebody else who looks after people to do it";
        return Err(CommandError::refused(field, words));
    }
    let others = store::person::all(tx).await?;
    let others = others.iter().filter(|a| a.person.id != id && a.person.active);
    if manages_people(id, &leaving.grants)
        && !others.into_iter().any(|a| manages_people(a.person.id, &a.grants))
    {
        let words = format!(
            "{} is the last who can look after people: give that to somebody else first",
            leaving.person.name
        );
        return Err(CommandError::refused(field, words));
    }
    Ok(())
}

async fn role_words(tx: &Tx, grants: &[Grant]) -> Result<String, StoreError> {
    let plans = store::plan::titles(tx).await?;
    let words = grants.iter().map(|grant| grant.words(&tx.installation().words, &plans));
    Ok(words.collect::<Vec<_>>().join(", "))
}

fn address_in_use(error: StoreError) -> CommandError {
    if error.is_duplicate() {
        CommandError::refused("email", "Somebody here has this address already")
    } else {
        error.into()
    }
}
