//! The second factor: setting it up, signing in with it, recovery codes, switching it off, and an administrator's reset.
//!
//! A code is taken once: the step of the last one is kept, and moved on by a conditional update. Tries are counted before
//! they are looked at. Never says whether it was the password or the person that was unknown: by now the password was right.

use super::{
    CommandError, Cx, Event, Now,
    account::{Confirmed, me, try_once},
    letter::{self, To},
    session::{Client, broken, start_within},
    throttle,
};
use crate::{
    domain::{
        access::{Actor, Permission, may},
        account::second_factor_required,
        id::PersonId,
    },
    link::path,
    mail::account::{About, SecondFactorNews},
    secret::second_factor,
    store::{self, Tx, person::Account, session::Signed},
};

/// What an authenticator app needs to know.
#[derive(Clone, PartialEq, Eq)]
pub struct SetUp {
    /// The secret in Base32, for typing it in.
    pub secret: String,
    /// The address for the QR code.
    pub address: String,
}

impl std::fmt::Debug for SetUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SetUp")
    }
}

/// What came of a code at signing in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Signed in, with the token of a new session.
    In {
        /// Its token.
        token: String,
        /// How many recovery codes are left, where one was used.
        codes_left: Option<u64>,
    },
    /// Wrong, and how often it can still be tried.
    Wrong(i32),
    /// Wrong too often, or too late: the password is asked for again.
    Ended,
}

/// The secret to be set up in this session: the same however often it is asked for. What the person has already goes on
/// holding until a code shows that the new one works.
///
/// # Errors
/// [`CommandError::NotFound`] for the program itself, which has no account.
pub async fn set_up(cx: &Cx, actor: &Actor, confirmed: Confirmed) -> Result<SetUp, CommandError> {
    let person = store::person::by_id(&cx.store, me(actor)?).await?.ok_or(CommandError::NotFound)?.person;
    let secret = match store::session::secret_in_setup(&cx.store, confirmed.session()).await? {
        Some(secret) => secret,
        None => begin(cx, confirmed).await?,
    };
    let installation = cx.installation();
    let issuer = match installation.council.as_str() {
        "" => "Scrutiny Tracker".to_owned(),
        council => format!("Scrutiny Tracker ({council})"),
    };
    let address = second_factor::address(&secret, &issuer, &person.email).map_err(broken)?;
    Ok(SetUp { secret, address })
}

async fn begin(cx: &Cx, confirmed: Confirmed) -> Result<String, CommandError> {
    let tx = cx.store.begin().await?;
    // Two pages opened at once show the same.
    if let Some(secret) = store::session::secret_in_setup(&tx, confirmed.session()).await? {
        return Ok(secret);
    }
    let secret = second_factor::new_secret().map_err(broken)?;
    store::session::keep_secret(&tx, confirmed.session(), Some(&secret)).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Switches on what was set up in this session, if the code is its own, and gives the recovery codes, which are kept nowhere.
///
/// # Errors
/// [`CommandError::Refused`] where the code is wrong; [`CommandError::Stale`] where nothing is being set up.
pub async fn switch_on(
    cx: &Cx,
    actor: &Actor,
    confirmed: Confirmed,
    code: &str,
) -> Result<Vec<String>, CommandError> {
    let person = me(actor)?;
    let now = cx.now();
    let in_setup = store::session::secret_in_setup(&cx.store, confirmed.session()).await?;
    let secret = in_setup.ok_or(CommandError::Stale)?;
    let step = second_factor::matching_step(&secret, code, now.at, None).map_err(broken)?;
    let step = step.ok_or_else(|| {
        CommandError::refused(
            "code",
            "This is not the code that the app shows now. Enter its 6 digits; if it goes on, check that the time on \
             your phone is right",
        )
    })?;
    let (codes, hashes) = new_codes().await?;
    let tx = cx.store.begin().await?;
    if store::session::secret_in_setup(&tx, confirmed.session()).await?.as_ref() != Some(&secret) {
        return Err(CommandError::Stale);
    }
    store::session::keep_secret(&tx, confirmed.session(), None).await?;
    let had_one = store::second_factor::of(&tx, person).await?.is_some();
    store::second_factor::set(&tx, person, &secret, step, now.at).await?;
    store::second_factor::replace_codes(&tx, person, &hashes).await?;
    let summary = if had_one { "changed their second factor" } else { "set up a second factor" };
    let event = event("person.second-factor-on", person, format!("{} {summary}", actor.name));
    super::record(&tx, now, actor, event).await?;
    let news = if had_one { SecondFactorNews::Changed } else { SecondFactorNews::SetUp };
    tell(cx, &tx, person, news, now).await?;
    tx.commit().await?;
    cx.bell.ring();
    Ok(codes)
}

/// Gives new recovery codes in place of all that there were.
///
/// # Errors
/// [`CommandError::Stale`] where there is no second factor.
pub async fn renew_codes(cx: &Cx, actor: &Actor, _confirmed: Confirmed) -> Result<Vec<String>, CommandError> {
    let person = me(actor)?;
    let now = cx.now();
    let (codes, hashes) = new_codes().await?;
    let tx = cx.store.begin().await?;
    if store::second_factor::of(&tx, person).await?.is_none() {
        return Err(CommandError::Stale);
    }
    store::second_factor::replace_codes(&tx, person, &hashes).await?;
    let event =
        event("person.recovery-codes-made", person, format!("{} made new recovery codes", actor.name));
    super::record(&tx, now, actor, event).await?;
    tell(cx, &tx, person, SecondFactorNews::CodesMade, now).await?;
    tx.commit().await?;
    cx.bell.ring();
    Ok(codes)
}

async fn new_codes() -> Result<(Vec<String>, Vec<String>), CommandError> {
    let codes = second_factor::new_recovery_codes().map_err(broken)?;
    let hashes = second_factor::hash_recovery_codes(&codes).await.map_err(broken)?;
    Ok((codes, hashes))
}

/// Switches one's second factor off.
///
/// # Errors
/// [`CommandError::Refused`] where one's roles require it.
pub async fn switch_off(cx: &Cx, actor: &Actor, _confirmed: Confirmed) -> Result<(), CommandError> {
    let person = me(actor)?;
    if second_factor_required(&actor.grants) {
        return Err(CommandError::refused(
            "",
            "Your role here needs a second factor: it can’t be switched off",
        ));
    }
    let now = cx.now();
    let tx = cx.store.begin().await?;
    store::second_factor::clear(&tx, person).await?;
    let event =
        event("person.second-factor-off", person, format!("{} switched their second factor off", actor.name));
    super::record(&tx, now, actor, event).await?;
    tell(cx, &tx, person, SecondFactorNews::SwitchedOff, now).await?;
    tx.commit().await?;
    cx.bell.ring();
    Ok(())
}

/// Takes somebody's second factor away, who has lost phone and recovery codes, and ends their sessions. They sign in with
/// their password, and set a new one up.
///
/// # Errors
/// [`CommandError::NotFound`] where there is no such person; [`CommandError::Refused`] for one's own.
pub async fn reset(cx: &Cx, actor: &Actor, person: PersonId) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let account = store::person::by_id(&tx, person).await?.ok_or(CommandError::NotFound)?;
    may(actor, Permission::ManagePeople)?;
    if actor.person == Some(person) {
        return Err(CommandError::refused(
            "",
            "You can’t reset your own second factor: change it on your account’s page",
        ));
    }
    if account.second_factor_since.is_none() {
        return Err(CommandError::refused("", format!("{} has no second factor", account.person.name)));
    }
    store::second_factor::clear(&tx, person).await?;
    store::session::end_all(&tx, person).await?;
    let summary = format!("Second factor of {} reset", account.person.name);
    super::record(&tx, now, actor, event("person.second-factor-reset", person, summary)).await?;
    tell(cx, &tx, person, SecondFactorNews::Reset { by: &actor.name }, now).await?;
    tx.commit().await?;
    cx.bell.ring();
    Ok(())
}

/// Signs in with a code, or a recovery code, after the password. The session that awaited it ends; a new one begins.
///
/// # Errors
/// [`CommandError::Wait`] where too many codes were tried, in whatever session.
pub async fn sign_in(cx: &Cx, waiting: &Signed, typed: &str, client: &Client) -> Result<Entry, CommandError> {
    let (session, person) = (&waiting.session, me(&waiting.actor)?);
    // Recovery codes are too long to be guessed: whoever knows the password alone can't keep the owner out.
    let attempt = match second_factor::typed_code(typed) {
        Some(_) => Some(throttle::code(cx, person, client).await?),
        None => None,
    };
    let Some(tries_left) = try_once(cx, session.id).await? else { return Ok(Entry::Ended) };
    let now = cx.now();
    let right = match store::second_factor::of(&cx.store, person).await? {
        Some(factor) => which(cx, person, factor, typed).await?,
        None => None,
    };
    let tx = cx.store.begin().await?;
    let taken = match &right {
        Some(Code::OfApp { secret, step }) => {
            store::second_factor::take_step(&tx, person, secret, *step).await?
        }
        Some(Code::Recovery(row)) => store::second_factor::use_code(&tx, *row, now.at).await?,
        None => false,
    };
    if !taken {
        // An early return would roll back; what ends here has to be written.
        if tries_left == 0 {
            store::session::end_by_id(&tx, session.id).await?;
        }
        tx.commit().await?;
        match attempt {
            Some(attempt) => attempt.was_wrong(Some(person)),
            None => tracing::warn!(person = person.0, reason = "wrong recovery code", "not let in"),
        }
        return Ok(if tries_left == 0 { Entry::Ended } else { Entry::Wrong(tries_left) });
    }
    // Not there any more: it was used by a second press, or ended by an administrator, in between.
    if !store::session::end_by_id(&tx, session.id).await? {
        return Ok(Entry::Ended);
    }
    let token = start_within(&tx, now, person, session.way, client, false).await?;
    let mut codes_left = None;
    if matches!(right, Some(Code::Recovery(_))) {
        let left = store::second_factor::codes_left(&tx, person).await?;
        codes_left = Some(left);
        let summary = format!("{} signed in with a recovery code", waiting.actor.name);
        let event = event("person.recovery-code-used", person, summary);
        super::record(&tx, now, &waiting.actor, event).await?;
        tell(cx, &tx, person, SecondFactorNews::CodeUsed { left }, now).await?;
    }
    tx.commit().await?;
    cx.bell.ring();
    if let Some(attempt) = attempt {
        attempt.was_right(cx).await?;
    }
    Ok(Entry::In { token, codes_left })
}

/// Tells a person what has happened to their second factor. The caller rings the bell.
async fn tell(
    cx: &Cx,
    tx: &Tx,
    person: PersonId,
    what: SecondFactorNews<'_>,
    now: Now,
) -> Result<(), CommandError> {
    let Some(Account { person, .. }) = store::person::by_id(tx, person).await?.filter(|a| a.person.active)
    else {
        return Ok(());
    };
    let to = To { person: person.id, name: &person.name, address: &person.email };
    let about = About::SecondFactor { what, forgotten: &cx.links.full(path::FORGOTTEN_PASSWORD) };
    letter::tell(cx, tx, to, about, now).await
}

/// A code that is right.
enum Code {
    OfApp { secret: String, step: i64 },
    Recovery(i64),
}

/// What somebody typed, if it is right: a code of their app, or one of their recovery codes.
async fn which(
    cx: &Cx,
    person: PersonId,
    factor: store::second_factor::SecondFactor,
    typed: &str,
) -> Result<Option<Code>, CommandError> {
    if second_factor::typed_code(typed).is_some() {
        let at = cx.now().at;
        let step = second_factor::matching_step(&factor.secret, typed, at, factor.step).map_err(broken)?;
        return Ok(step.map(|step| Code::OfApp { secret: factor.secret, step }));
    }
    let hashed = store::second_factor::codes(&cx.store, person).await?;
    Ok(second_factor::find_recovery_code(typed, hashed).await.map_err(broken)?.map(Code::Recovery))
}

fn event(kind: &'static str, person: PersonId, summary: String) -> Event<'static> {
    Event { plan: None, action: None, kind, summary, detail: serde_json::json!({ "person": person.0 }) }
}
