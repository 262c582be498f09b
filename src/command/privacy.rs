//! A person's own data: taking it out as a file, and taking out who they were once they have left.
//!
//! Never deletes a person: what they wrote, decided and held is the council's record, and stays under the name of their post.

use serde_json::{Value, json};

use super::{CommandError, Cx, Event, Now, post::vacate_all_within, record};
use crate::{
    domain::{
        access::{Actor, Permission, Role, may},
        id::PersonId,
        post::Post,
        words::Words,
    },
    store::{self, Tx, person::Account},
};

/// What the file says about itself.
const WHAT_IT_IS: &str = "Everything that Scrutiny Tracker holds about one person. Times are in UTC. Left out: hashes and \
                          keys (a password, a session's or link's token, an authenticator's secret), from which nobody can read anything, \
                          and what is about other people. Backups made earlier hold the same as it was then.";

/// Everything that is held about oneself.
///
/// # Errors
/// [`CommandError::NotFound`] for the program itself.
pub async fn own_data(cx: &Cx, actor: &Actor) -> Result<Value, CommandError> {
    let id = actor.person.ok_or(CommandError::NotFound)?;
    data(cx, id).await
}

/// Everything that is held about a person, for answering a request by them. The history says that it was taken out.
///
/// # Errors
/// [`CommandError::NotFound`] where there is no such person.
pub async fn data_of(cx: &Cx, actor: &Actor, id: PersonId) -> Result<Value, CommandError> {
    may(actor, Permission::ManagePeople)?;
    let data = data(cx, id).await?;
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let account = find(&tx, id).await?;
    let summary = format!("Data held about {} taken out as a file", account.person.name);
    record(&tx, now, actor, event("person.data-taken-out", summary, id)).await?;
    tx.commit().await?;
    Ok(data)
}

async fn data(cx: &Cx, id: PersonId) -> Result<Value, CommandError> {
    let held = store::privacy::about(&cx.store, id).await?.ok_or(CommandError::NotFound)?;
    Ok(json!({
        "what this is": WHAT_IT_IS,
        "from": &cx.installation().council,
        "taken out": cx.now().at,
        "data": held,
    }))
}

/// Takes out who a person was, at once: for somebody who has left and asks for it before the time set for everyone.
///
/// # Errors
/// [`CommandError::Refused`] where their account is still in use.
pub async fn pseudonymise(cx: &Cx, actor: &Actor, id: PersonId) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let account = find(&tx, id).await?;
    may(actor, Permission::ManagePeople)?;
    if account.person.active {
        let message = format!("{} can still sign in: deactivate the account first", account.person.name);
        return Err(CommandError::refused("", message));
    }
    pseudonymise_within(&tx, actor, &account, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The same within a transaction, and without asking who may. Nothing happens where it was done already.
pub(super) async fn pseudonymise_within(
    tx: &Tx,
    actor: &Actor,
    account: &Account,
    now: Now,
) -> Result<(), CommandError> {
    let id = account.person.id;
    if store::person::pseudonymised_at(tx, id).await?.is_some() {
        return Ok(());
    }
    // Somebody who was deactivated long ago may still stand as holder: nobody holds a post without an account in use.
    vacate_all_within(tx, actor, id, now.today, now).await?;
    let called = called(account, &store::record::posts(tx).await?, &tx.installation().words);
    store::privacy::erase::pseudonymise(tx, id, &called, now.at).await?;
    let summary = format!("Name and address taken out of an account that was left: now “{called}”");
    record(tx, now, actor, event("person.pseudonymised", summary, id)).await?;
    Ok(())
}

/// What a leaver is called: by the post that they held last, else by what they were here and their number.
pub fn called(account: &Account, posts: &[Post], words: &Words) -> String {
    let id = account.person.id;
    let held = posts.iter().flat_map(|p| p.holdings.iter().map(move |h| (p, h)));
    let last = held.filter(|(_, h)| h.person.id == id).max_by_key(|(_, h)| (!h.acting, h.from, h.id));
    match last {
        Some((post, h)) if h.acting => format!("Former cover of {}", post.name),
        Some((post, _)) => format!("Former holder of {}", post.name),
        None if account.grants.iter().any(|g| g.role == Role::PanelMember) => {
            format!("Former {} {id}", Role::PanelMember.word(words).to_lowercase())
        }
        None => format!("Former officer {id}"),
    }
}

async fn find(tx: &Tx, id: PersonId) -> Result<Account, CommandError> {
    store::person::by_id(tx, id).await?.ok_or(CommandError::NotFound)
}

fn event<'a>(kind: &'a str, summary: String, id: PersonId) -> Event<'a> {
    Event { plan: None, action: None, kind, summary, detail: json!({ "person": id.0 }) }
}
