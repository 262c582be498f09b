//! Links by mail: made, sent, and used once. To come in for the first time, to sign in, and to set a password.
//!
//! The database never holds a token, and nothing here says whether an address belongs to somebody: what is asked for by a
//! stranger is answered before it is looked up ([`ask_to_sign_in`], [`ask_for_password`] have nothing to give back).
//!
//! # Why asking again makes no link void
//! Anybody can ask for anybody. Were the link before void each time, whoever kept asking would lock the other out.

use chrono::Timelike;

use super::{
    CommandError, Cx, Event, Now,
    letter::{self, Only, To},
    session::{self, Client, broken, check_password},
    throttle,
};
use crate::{
    domain::{
        access::{Actor, Denied, Grant, Permission, Role, may},
        account::{LIVE_LINKS, Purpose, Way, managers_invite, signs_in_by_link},
        id::PersonId,
    },
    link::path,
    mail::account::About,
    secret,
    store::{
        self, Tx,
        action::Saved,
        link::{Link, NewLink},
        person::Account,
    },
};

/// Makes a link and gives its row and its token, which is kept nowhere.
pub(super) async fn make(
    tx: &Tx,
    person: PersonId,
    purpose: Purpose,
    email: Option<&str>,
    now: Now,
) -> Result<(i64, String), CommandError> {
    let token = secret::token().map_err(broken)?;
    let new = NewLink { purpose, person, token_hash: &secret::fingerprint(&token), email };
    Ok((store::link::insert(tx, &new, now.at).await?, token))
}

/// A link that holds, with the account that it belongs to.
pub(super) async fn holder(
    from: &impl store::Source,
    token: &str,
    purpose: Purpose,
    now: Now,
) -> Result<(Link, Account), CommandError> {
    let link = store::link::by_token(from, &secret::fingerprint(token), purpose, now.at).await?;
    let Some(link) = link else {
        tracing::warn!(purpose = purpose.code(), "a link that does not hold was opened");
        return Err(CommandError::NotFound);
    };
    match store::person::by_id(from, link.person).await?.filter(|a| a.person.active) {
        Some(account) => Ok((link, account)),
        None => {
            tracing::warn!(person = link.person.0, "a link of a deactivated account was opened");
            Err(CommandError::NotFound)
        }
    }
}

/// Uses a link up, or fails where somebody was first.
pub(super) async fn use_up(tx: &Tx, link: &Link, now: Now) -> Result<(), CommandError> {
    match store::link::use_up(tx, link.id, now.at).await? {
        Saved::Yes => Ok(()),
        Saved::Stale => {
            tracing::warn!(person = link.person.0, "a link was used twice");
            Err(CommandError::NotFound)
        }
    }
}

/// A person as the actor of what they do through a link, before they are signed in.
pub(super) fn themselves(account: &Account) -> Actor {
    Actor {
        person: Some(account.person.id),
        name: account.person.name.clone(),
        grants: account.grants.clone(),
        posts: Vec::new(),
    }
}

/// What somebody may let others be whom they invite: an administrator anything; a manager what [`managers_invite`] says, in
/// the plans that they manage.
pub fn grants_to_give(actor: &Actor) -> Vec<Grant> {
    if may(actor, Permission::ManagePeople).is_ok() {
        return Role::GRANTED.iter().copied().map(Grant::everywhere).collect();
    }
    if may(actor, Permission::InviteLeads).is_err() {
        return Vec::new();
    }
    let managed = actor.grants.iter().filter(|grant| grant.role == Role::Manager).map(|grant| grant.plan);
    let roles = || Role::GRANTED.iter().copied().filter(|role| managers_invite(*role));
    managed.flat_map(|plan| roles().map(move |role| Grant { role, plan })).collect()
}

/// Whether somebody may invite a person who is this.
///
/// # Errors
/// [`Denied`] with who may.
pub fn may_invite(actor: &Actor, grants: &[Grant]) -> Result<(), Denied> {
    may(actor, Permission::InviteLeads)?;
    let given = grants_to_give(actor);
    let covers = |wide: &Grant, grant: &Grant| {
        wide.role == grant.role && (wide.plan.is_none() || wide.plan == grant.plan)
    };
    if grants.iter().all(|grant| given.iter().any(|wide| covers(wide, grant))) {
        return Ok(());
    }
    may(actor, Permission::ManagePeople)
}

/// How an invitation reaches the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By mail.
    Mail,
    /// Whoever asks hands it over themselves: mail may not work on the first day.
    Hand,
}

/// Invites a person, or invites them again: the invitation before becomes void. Gives the token of the link.
///
/// # Errors
/// [`CommandError::NotFound`] where there is no such person or their account is deactivated.
pub async fn invite(cx: &Cx, actor: &Actor, person: PersonId, by: By) -> Result<String, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let account = store::person::by_id(&tx, person).await?.ok_or(CommandError::NotFound)?;
    let token = invite_within(cx, &tx, actor, &account, by, now).await?;
    tx.commit().await?;
    if by == By::Mail {
        cx.bell.ring();
    }
    Ok(token)
}

/// The same within a transaction.
pub(super) async fn invite_within(
    cx: &Cx,
    tx: &Tx,
    actor: &Actor,
    account: &Account,
    by: By,
    now: Now,
) -> Result<String, CommandError> {
    may_invite(actor, &account.grants)?;
    let person = &account.person;
    if by == By::Hand {
        // What is shown opens the account to whoever sees it: not to a manager.
        may(actor, Permission::ManagePeople)?;
    }
    if actor.person == Some(person.id) {
        // One's own password is changed where one shows first that it is oneself.
        return Err(Denied::but("Only another administrator").into());
    }
    if !person.active {
        return Err(CommandError::NotFound);
    }
    store::link::revoke(tx, person.id, &[Purpose::Invitation], now.at).await?;
    // One that is mailed shows whose the address is; one that is handed over does not.
    let email = (by == By::Mail).then_some(person.email.as_str());
    let (link, token) = make(tx, person.id, Purpose::Invitation, email, now).await?;
    let (kind, summary) = match by {
        By::Mail => {
            let to = To { person: person.id, name: &person.name, address: &person.email };
            let about = About::Invitation {
                by: &actor.name,
                link: &cx.links.full(&path::welcome(&token)),
                holds_for: Purpose::Invitation.holds_for_words(),
                password_optional: signs_in_by_link(&account.roles()),
            };
            letter::queue(cx, tx, to, about, Only::With(link), now).await?;
            ("person.invited", format!("{} invited by email", person.name))
        }
        By::Hand => ("person.link-made", format!("One-time link made for {}", person.name)),
    };
    event(tx, now, actor, person.id, kind, summary).await?;
    Ok(token)
}

/// Takes a person's invitation back. Nothing happens where none is out.
///
/// # Errors
/// [`CommandError::NotFound`] where there is no such person.
pub async fn revoke_invitation(cx: &Cx, actor: &Actor, person: PersonId) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let account = store::person::by_id(&tx, person).await?.ok_or(CommandError::NotFound)?;
    may_invite(actor, &account.grants)?;
    if store::link::revoke(&tx, person, &[Purpose::Invitation], now.at).await? > 0 {
        let summary = format!("Invitation of {} revoked", account.person.name);
        event(&tx, now, actor, person, "person.invitation-revoked", summary).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Sends a link to sign in, if the address belongs to somebody who can sign in that way; to somebody who can't, how they do.
/// `then` is what the link's address ends with: a query that says where they wanted to go, or nothing.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn ask_to_sign_in(cx: &Cx, email: &str, then: &str, client: &Client) -> Result<(), CommandError> {
    ask(cx, email, Purpose::SignIn, then, client).await
}

/// Sends a link to set a new password, if the address belongs to somebody.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn ask_for_password(cx: &Cx, email: &str, client: &Client) -> Result<(), CommandError> {
    ask(cx, email, Purpose::Password, "", client).await
}

async fn ask(
    cx: &Cx,
    email: &str,
    purpose: Purpose,
    then: &str,
    client: &Client,
) -> Result<(), CommandError> {
    let now = cx.now();
    // Looked up before anything is locked: whoever asks for strangers must not make others wait.
    let account = store::person::by_email(&cx.store, email).await?;
    let person = account.as_ref().map(|account| account.person.id);
    match throttle::mail(cx, email, person, purpose, client).await {
        Ok(true) => {}
        // It logs what it holds back, and the answer has been given.
        Ok(false) | Err(CommandError::Wait { .. }) => return Ok(()),
        Err(error) => return Err(error),
    }
    let Some(account) = account else {
        tracing::warn!(purpose = purpose.code(), "a link was asked for an address that nobody here has");
        return Ok(());
    };
    let person = account.person.id;
    if !account.person.active {
        tracing::warn!(
            purpose = purpose.code(),
            person = person.0,
            "a link was asked for a deactivated account"
        );
        return Ok(());
    }
    if is_taken_back(&cx.store, &account).await? {
        tracing::warn!(
            purpose = purpose.code(),
            person = person.0,
            "a link was asked for an account whose invitation was taken back"
        );
        return Ok(());
    }
    let to = To { person, name: &account.person.name, address: &account.person.email };
    let tx = cx.store.begin().await?;
    let queued = if purpose == Purpose::SignIn && !signs_in_by_link(&account.roles()) {
        // Without a link there is nothing to count, so once an hour is enough.
        let key = format!("account how person {person} {} {}", now.at.date_naive(), now.at.hour());
        let about = About::SignInWithPassword {
            sign_in: &cx.links.full(path::SIGN_IN),
            forgotten: &cx.links.full(path::FORGOTTEN_PASSWORD),
        };
        letter::queue(cx, &tx, to, about, Only::Once(&key), now).await?
    } else if store::link::count_live(&tx, person, purpose, now.at).await? < LIVE_LINKS {
        let (link, token) = make(&tx, person, purpose, None, now).await?;
        let holds_for = purpose.holds_for_words();
        let link_to = |path: String| cx.links.full(&path) + then;
        let about = match purpose {
            Purpose::Password => About::NewPassword { link: &link_to(path::new_password(&token)), holds_for },
            _ => About::SignIn { link: &link_to(path::sign_in_by_link(&token)), holds_for },
        };
        letter::queue(cx, &tx, to, about, Only::With(link), now).await?
    } else {
        tracing::warn!(purpose = purpose.code(), person = person.0, "no further link: enough of them hold");
        false
    };
    tx.commit().await?;
    if queued {
        cx.bell.ring();
    }
    Ok(())
}

/// Whether the last that was heard of an account is that its invitation was revoked: it may have gone to a wrong address, and
/// whoever reads mail there must not help themselves to another link.
async fn is_taken_back(from: &impl store::Source, account: &Account) -> Result<bool, CommandError> {
    if account.has_password || account.last_signed_in_at.is_some() {
        return Ok(false);
    }
    let newest = store::link::invitation(from, account.person.id).await?;
    Ok(newest.is_some_and(|invitation| invitation.revoked_at.is_some()))
}

/// Whom a link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Their name.
    pub name: String,
    /// They can go on without a password.
    pub password_optional: bool,
    /// It came by mail, and was not handed over.
    pub mailed: bool,
}

/// Whom a link is for; none: used, expired, void, or never made.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn link_holder(cx: &Cx, token: &str, purpose: Purpose) -> Result<Option<Holder>, CommandError> {
    match holder(&cx.store, token, purpose, cx.now()).await {
        Ok((_, account)) if purpose == Purpose::SignIn && !signs_in_by_link(&account.roles()) => Ok(None),
        Ok((link, account)) => Ok(Some(Holder {
            mailed: purpose != Purpose::Invitation || link.email.is_some(),
            password_optional: purpose == Purpose::Invitation
                && !account.has_password
                && signs_in_by_link(&account.roles()),
            name: account.person.name,
        })),
        Err(CommandError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Signs in through a link by mail, or through an invitation without setting a password, and gives the session's token.
///
/// # Errors
/// [`CommandError::NotFound`] where the link does not hold, or the person can't sign in that way (any more).
pub async fn sign_in(
    cx: &Cx,
    token: &str,
    purpose: Purpose,
    client: &Client,
) -> Result<String, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let (link, account) = holder(&tx, token, purpose, now).await?;
    let by_invitation = purpose == Purpose::Invitation && !account.has_password;
    if !(signs_in_by_link(&account.roles()) && (purpose == Purpose::SignIn || by_invitation)) {
        tracing::warn!(person = link.person.0, "signing in by link is not for this account");
        return Err(CommandError::NotFound);
    }
    use_up(&tx, &link, now).await?;
    come_in(&tx, account.person.id, now).await?;
    let token = session::begin(&tx, now, link.person, Way::EmailLink, client).await?;
    tx.commit().await?;
    Ok(token)
}

/// Sets the password through an invitation or a forgotten-password link, ends the person's other sessions, and signs them in.
///
/// # Errors
/// [`CommandError::NotFound`] where the link does not hold; [`CommandError::Refused`] where the password is not good enough.
pub async fn set_password(
    cx: &Cx,
    token: &str,
    purpose: Purpose,
    password: &str,
    client: &Client,
) -> Result<String, CommandError> {
    let now = cx.now();
    // Before the slow part: who has no link learns nothing about passwords here.
    let (link, _) = holder(&cx.store, token, purpose, now).await?;
    check_password(cx, link.person, password).await?;
    let hash = secret::hash_password(password.to_owned()).await.map_err(broken)?;
    let tx = cx.store.begin().await?;
    let (link, account) = holder(&tx, token, purpose, now).await?;
    use_up(&tx, &link, now).await?;
    let person = &account.person;
    store::person::set_password(&tx, person.id, &hash).await?;
    store::session::end_all(&tx, person.id).await?;
    // Whoever sets a new password may do so because somebody else is in: what that one has begun is void.
    store::link::revoke(&tx, person.id, Purpose::ALL, now.at).await?;
    let actor = themselves(&account);
    event(&tx, now, &actor, person.id, "person.password-set", format!("{} set a password", actor.name))
        .await?;
    if account.has_password {
        password_changed(cx, &tx, &account, now).await?;
    }
    let token = session::begin(&tx, now, link.person, Way::SetPassword, client).await?;
    tx.commit().await?;
    cx.bell.ring();
    Ok(token)
}

/// Who has come in needs neither an invitation nor a link to sign in: those that are out become void.
pub(super) async fn come_in(tx: &Tx, person: PersonId, now: Now) -> Result<(), CommandError> {
    store::link::revoke(tx, person, &[Purpose::Invitation, Purpose::SignIn], now.at).await?;
    Ok(())
}

/// Tells a person that their password was changed. The caller rings the bell.
pub(super) async fn password_changed(
    cx: &Cx,
    tx: &Tx,
    account: &Account,
    now: Now,
) -> Result<(), CommandError> {
    let person = &account.person;
    let to = To { person: person.id, name: &person.name, address: &person.email };
    let about = About::PasswordChanged { forgotten: &cx.links.full(path::FORGOTTEN_PASSWORD) };
    letter::queue(cx, tx, to, about, Only::Always, now).await?;
    Ok(())
}

/// Writes into the history what happened to an account.
pub(super) async fn event(
    tx: &Tx,
    now: Now,
    actor: &Actor,
    person: PersonId,
    kind: &str,
    summary: String,
) -> Result<(), CommandError> {
    let detail = serde_json::json!({ "person": person.0 });
    let event = Event { plan: None, action: None, kind, summary, detail };
    Ok(super::record(tx, now, actor, event).await?)
}
