//! The papers of a round: frozen when it is closed, settled when it is published, and drawn up anew for whoever reads them
//! before. A round that was closed without any gets them when it is published or first read.
//!
//! # What may still change, and until when
//!
//! What a pack says is settled at closure. Which of its texts are not for publication may be marked until the round is
//! published; so the marks are read from the record until then, and put into what is kept at publication. From there on
//! nothing is read but what is kept.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{CommandError, Cx, Event, Now};
use crate::{
    domain::{
        access::{Actor, Permission, may_in},
        action::Action,
        id::{PlanId, RoundId, UpdateId},
        paper,
        plan::Record,
        round::{Round, RoundState},
    },
    papers::{Pack, addendum, draw_up, freeze, pack::Edition, published_addendum},
    secret,
    store::{self, StoreError, Tx, audit, pack::Frozen, record::Depth},
};

/// Freezes the pack of a round that has just been closed, for each of its plans. The history gets its digest.
pub(super) async fn freeze_within(
    tx: &Tx,
    actor: &Actor,
    round: &Round,
    plans: &[PlanId],
    now: Now,
) -> Result<(), StoreError> {
    for plan in plans {
        let Some(record) = whole(tx, *plan).await? else { continue };
        let pack = freeze(record, round, &tx.installation().council, now.today);
        let summary = format!("Papers for {} frozen", round.label);
        keep(tx, actor, (round, *plan), pack, ("pack.frozen", summary, now.today), now).await?;
    }
    Ok(())
}

/// Draws up the pack of a closed round as at the day on which it was closed and keeps it, for each of its plans that has none:
/// it was closed before packs were kept, or comes from a seed.
pub(super) async fn keep_within(
    tx: &Tx,
    actor: &Actor,
    round: &Round,
    plans: &[PlanId],
    now: Now,
) -> Result<(), StoreError> {
    for plan in plans {
        if store::pack::of(tx, round.id, *plan).await?.is_some() {
            continue;
        }
        let Some(record) = whole(tx, *plan).await? else { continue };
        let pack = draw_up(record, round, &tx.installation().council, now.today);
        let summary = format!("Papers for {} drawn up", round.label);
        keep(tx, actor, (round, *plan), pack, ("pack.drawn_up", summary, round.frozen_on()), now).await?;
    }
    Ok(())
}

/// Keeps what was drawn up: none where the round is not the plan's.
async fn keep(
    tx: &Tx,
    actor: &Actor,
    (round, plan): (&Round, PlanId),
    pack: Option<Pack>,
    (kind, summary, frozen_on): (&str, String, NaiveDate),
    now: Now,
) -> Result<(), StoreError> {
    let Some(pack) = pack else { return Ok(()) };
    let body = stored(&pack)?;
    let record_check = note(tx, actor, (plan, kind, summary), &body, now).await?;
    store::pack::insert(tx, round.id, plan, &Frozen { body, record_check, frozen_on }, now.at).await
}

/// Settles what of the frozen packs of a round is not for publication, as it is published. One that is not there yet is drawn
/// up.
pub(super) async fn settle_within(
    tx: &Tx,
    actor: &Actor,
    round: &Round,
    plans: &[PlanId],
    now: Now,
) -> Result<(), StoreError> {
    keep_within(tx, actor, round, plans, now).await?;
    for plan in plans {
        let Some(frozen) = store::pack::of(tx, round.id, *plan).await? else { continue };
        let Some(record) = whole(tx, *plan).await? else { continue };
        let mut pack = read_back(&frozen)?;
        if !pack.remark(&marks(&record)) {
            continue;
        }
        let body = stored(&pack)?;
        let summary = format!("Papers for {}: what is not for publication settled", round.label);
        let record_check = note(tx, actor, (*plan, "pack.settled", summary), &body, now).await?;
        store::pack::replace(tx, round.id, *plan, &Frozen { body, record_check, ..frozen }).await?;
    }
    Ok(())
}

/// The pack of a round for a plan as it stands: what is kept once the round is closed, before that drawn up now from the whole
/// record. A closed round without one gets its pack here, so that from its first reader on nothing changes it. It holds
/// everything; which edition somebody reads is for whoever shows it: see [`editions`].
///
/// None: the round is not this plan's, or not opened yet.
///
/// # Errors
/// [`StoreError`] if the database does not answer, or what is kept is not understood.
pub async fn read(cx: &Cx, record: &Record, round: &Round) -> Result<Option<Pack>, StoreError> {
    let plan = record.plan.id;
    if !round.state.is_closed() {
        let head = audit::head(&cx.store).await?;
        let drawn = draw_up(record.clone(), round, &cx.installation().council, cx.clock.today());
        return Ok(drawn.map(|pack| Pack { record_check: head.map(|head| head.short()), ..pack }));
    }
    let mut kept = store::pack::of(&cx.store, round.id, plan).await?;
    if kept.is_none() {
        let tx = cx.store.begin().await?;
        keep_within(&tx, &Actor::program("Papers"), round, &[plan], cx.now()).await?;
        kept = store::pack::of(&tx, round.id, plan).await?;
        tx.commit().await?;
    }
    let Some(frozen) = kept else { return Ok(None) };
    let mut pack = read_back(&frozen)?;
    if round.state != RoundState::Published {
        pack.remark(&marks(record));
    }
    Ok(Some(pack))
}

/// The addendum to a closed round's pack: as it stands for whoever may read what is not published, else as it was published
/// last. None: there is none.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn read_addendum(
    cx: &Cx,
    record: &Record,
    round: &Round,
    reads_unpublished: bool,
) -> Result<Option<Pack>, StoreError> {
    let (record, council) = (record.clone(), &cx.installation().council);
    let drawn = match reads_unpublished {
        true => addendum(record, round, council, cx.clock.today()),
        false => published_addendum(record, round, council),
    };
    let Some(drawn) = drawn else { return Ok(None) };
    let record_check = audit::head(&cx.store).await?.map(|head| head.short());
    Ok(Some(Pack { record_check, ..drawn }))
}

/// Publishes the addendum to a round's papers for a plan with those late updates that the officer was shown; says how many it
/// adds. One that came since needs another publication.
///
/// # Errors
/// [`CommandError::Stale`] where the round is not published, or none of them is there to be published any more.
pub async fn publish_addendum(
    cx: &Cx,
    actor: &Actor,
    round: RoundId,
    plan: PlanId,
    shown: &[UpdateId],
) -> Result<usize, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record =
        store::record::by_id(&tx, actor, plan, Depth::Everything).await?.ok_or(CommandError::NotFound)?;
    let round = record.round(round).ok_or(CommandError::NotFound)?;
    may_in(actor, Permission::RunRounds, &record.plan)?;
    let late = paper::unreleased(&record, round, now.today);
    let released: Vec<UpdateId> =
        late.iter().map(|(_, update)| update.id).filter(|id| shown.contains(id)).collect();
    if released.is_empty() {
        return Err(CommandError::Stale);
    }
    store::update::review::release(&tx, &released, now.today).await?;
    let event = Event {
        plan: Some(plan),
        action: None,
        kind: "addendum.published",
        summary: format!("Addendum to the papers for {} published", round.label),
        detail: serde_json::json!({ "updates": released.iter().map(|id| id.0).collect::<Vec<_>>() }),
    };
    super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(released.len())
}

/// The editions of a paper that somebody may read: none, the public one, or both.
pub fn editions(paper: &Pack, reads_it: bool, reads_exempt: bool) -> Vec<Edition> {
    let exempt = reads_it && reads_exempt && paper.has_exempt();
    [(Edition::Public, reads_it), (Edition::NotForPublication, exempt)]
        .into_iter()
        .filter_map(|(edition, may)| may.then_some(edition))
        .collect()
}

/// A plan with everything, whoever asks: what goes into a pack is settled by the pack.
async fn whole(tx: &Tx, plan: PlanId) -> Result<Option<Record>, StoreError> {
    store::record::by_id(tx, &Actor::program("Papers"), plan, Depth::Everything).await
}

/// Writes a body's digest into the history, and says the record check that covers it.
async fn note(
    tx: &Tx,
    actor: &Actor,
    (plan, kind, summary): (PlanId, &str, String),
    body: &str,
    now: Now,
) -> Result<String, StoreError> {
    let detail = serde_json::json!({ "SHA-256": secret::fingerprint(body) });
    super::record(tx, now, actor, Event { plan: Some(plan), action: None, kind, summary, detail }).await?;
    Ok(audit::head(tx).await?.map(|head| head.short()).unwrap_or_default())
}

fn marks(record: &Record) -> BTreeMap<i64, Option<i32>> {
    let of =
        |action: &Action| -> Vec<_> { action.updates.iter().map(|u| (u.id.0, action.exempt(u))).collect() };
    record.actions.iter().flat_map(of).collect()
}

fn stored(pack: &Pack) -> Result<String, StoreError> {
    pack.stored().map_err(|error| StoreError::File(error.into()))
}

fn read_back(frozen: &Frozen) -> Result<Pack, StoreError> {
    Pack::read(&frozen.body, &frozen.record_check).map_err(|error| StoreError::File(error.into()))
}
