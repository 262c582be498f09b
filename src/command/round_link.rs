//! Writing updates by the link in a round's mail, without signing in.
//!
//! A link is one person's for one round, and can do one thing: write and correct that person's updates on the actions for which
//! they are asked in it. It begins no session. What it reaches is [`crate::domain::round_link`]'s to say, each time anew.
//!
//! # Why every mail has a link of its own
//! The bytes of a mail are made once and kept for every try, so its token has to be known only while they are made: it is random,
//! and the database keeps its hash. Had a person one link for a round, the next mail could not say it again, unless a key lay
//! somewhere from which all of them could be worked out. So a second mail brings a second link, and the first goes on working. They
//! are taken back together, for good. Tokens are too long to be guessed, so tries are not counted.
//!
//! The bytes of such a mail are taken out of the outbox as soon as it is done with, and never stand in a backup: see
//! [`crate::domain::message::holds_round_link`].

use chrono::NaiveDate;

use super::{
    CommandError, Cx, Event, Now, record,
    session::broken,
    update::{self, Added},
};
use crate::{
    domain::{
        access::{Actor, Permission, may_in},
        action::Action,
        asking::may_be_asked,
        id::{ActionId, PersonId, RoundId},
        plan::Record,
        round::{Round, RoundState},
        round_link::{own, reaches},
        update::{Update, UpdateDraft},
    },
    link::path,
    secret,
    store::{
        self, Source, Tx,
        record::Depth,
        round_link::{RoundLink, Which},
    },
};

/// A link that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Whose it is, as they are today.
    pub person: Actor,
    /// Its round.
    pub round: Round,
    /// The round's plans, whole: what of them is shown is for [`own`] to say.
    pub records: Vec<Record>,
}

/// A new link, for a mail.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// Its address, in full.
    pub(super) address: String,
    person: Actor,
}

impl Link {
    /// Where its person writes on one action. None: the link does not reach it.
    pub(super) fn on(&self, record: &Record, action: &Action, day: NaiveDate) -> Option<String> {
        reaches(record, action, &self.person, day).then(|| format!("{}/{}", self.address, action.id))
    }
}

/// A new link for somebody's mail about a round. None: updates without signing in are not switched on, the round is not open, or
/// their account is not in use.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub(super) async fn for_mail(
    cx: &Cx,
    tx: &Tx,
    round: RoundId,
    person: PersonId,
    now: Now,
) -> Result<Option<Link>, CommandError> {
    if !cx.installation().updates_by_link.is_on() {
        return Ok(None);
    }
    let is_open = store::round::by_id(tx, round).await?.is_some_and(|r| r.round.state == RoundState::Open);
    let Some(actor) = store::person::actor(tx, person, now.today).await?.filter(|_| is_open) else {
        return Ok(None);
    };
    let token = secret::token().map_err(broken)?;
    let link = RoundLink { person, round };
    store::round_link::insert(tx, link, &secret::fingerprint(&token), now.at).await?;
    Ok(Some(Link { address: cx.links.full(&path::round_link(&token)), person: actor }))
}

/// Opens a link. Changes nothing, whoever opens it and however often: mail scanners do.
///
/// # Errors
/// [`CommandError::NotFound`] where it does not work (any more). Why, nobody is told.
pub async fn open(cx: &Cx, token: &str) -> Result<Opened, CommandError> {
    opened(cx, &cx.store, token, cx.now()).await
}

async fn opened(cx: &Cx, from: &impl Source, token: &str, now: Now) -> Result<Opened, CommandError> {
    if !cx.installation().updates_by_link.is_on() {
        return Err(CommandError::NotFound);
    }
    let link = store::round_link::by_hash(from, &secret::fingerprint(token)).await?;
    let link = link.ok_or(CommandError::NotFound)?;
    let row = store::round::by_id(from, link.round).await?.ok_or(CommandError::NotFound)?;
    let person = store::person::actor(from, link.person, now.today).await?;
    let (Some(person), RoundState::Open) = (person, row.round.state) else {
        tracing::info!(
            person = link.person.0,
            round = link.round.0,
            "a link of a round was opened that has ended"
        );
        return Err(CommandError::NotFound);
    };
    let mut records = store::record::all(from, &Actor::program("Round link"), Depth::Everything).await?;
    records.retain(|record| row.plans.contains(&record.plan.id));
    Ok(Opened { person, round: row.round, records })
}

/// Adds an update on an action by a link, or corrects what was written by it. As in [`update::add`], but for the person of the link
/// and with no other right than this, whatever else they may do when they are signed in.
///
/// # Errors
/// [`CommandError::NotFound`] where the link does not work, or not for this action; else as [`update::add`].
pub async fn write(
    cx: &Cx,
    token: &str,
    action: ActionId,
    draft: &UpdateDraft,
) -> Result<Added, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let Opened { person, round, records } = opened(cx, &tx, token, now).await?;
    let asked = own(&records, &round, &person, now.today).into_iter().find(|own| own.action.id == action);
    let asked = asked.ok_or(CommandError::NotFound)?;
    let writer = Actor { grants: Vec::new(), ..person };
    // What somebody else wrote is not theirs to correct by a link, nor what was corrected in the meantime.
    let corrects = |u: Option<&Update>| u.map(|u| u.id) == draft.supersedes;
    if !corrects(asked.sent) {
        // Unless it is the other half of a double click.
        let before = update::saved_before(&tx, draft).await?;
        return before.and_then(Result::ok).ok_or(CommandError::Stale);
    }
    update::add_to(cx, tx, &writer, asked.record, asked.action, draft, None, update::Came::ByLink, now).await
}

/// Takes a person's links for a round back: what lies in their mailbox works no more. The next mail brings a new one.
///
/// # Errors
/// [`CommandError::NotFound`] where they have none there, or the actor has to do with no plan of the round.
pub async fn take_back(cx: &Cx, actor: &Actor, round: RoundId, person: PersonId) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, round).await?.ok_or(CommandError::NotFound)?;
    let mut records = store::record::all(&tx, actor, Depth::Current).await?;
    records.retain(|record| row.plans.contains(&record.plan.id));
    let first = records.first().ok_or(CommandError::NotFound)?;
    let helps = |record: &Record| may_in(actor, Permission::NoteCalls, &record.plan);
    if !records.iter().any(|record| helps(record).is_ok()) {
        helps(first)?;
    }
    // Who helps in some of its plans has nothing to do with who answers for others.
    let asked = records.iter().find(|record| helps(record).is_ok() && may_be_asked(record).contains(&person));
    let asked = asked.ok_or(CommandError::NotFound)?;
    if store::round_link::revoke(&tx, Which::One(RoundLink { person, round }), now.at).await? == 0 {
        return Err(CommandError::NotFound);
    }
    let name = store::person::by_id(&tx, person).await?.map_or(String::new(), |a| a.person.name);
    let event = Event {
        plan: Some(asked.plan.id),
        action: None,
        // Like an update, it is not for everyone who sees the plan.
        kind: "update.link-taken-back",
        summary: format!("Link of {name} for {} taken back", row.round.label),
        detail: serde_json::json!({ "person": person.0, "round": round.0 }),
    };
    record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}
