//! What people choose about their mail: how often, days away, what is put off for a week.
//!
//! Changes choices; what a choice does to a day's mail is [`super::reminder`]'s.
//!
//! # Why events about choices are of no plan
//! Everyone who sees a plan reads its history, and that somebody is ill or has put an action off is not everyone's to know. So
//! these events are written without plan and action: whoever looks after the installation reads them. The reason for putting
//! something off stands in none; the action's page has it for those who write on the action or manage it.

use chrono::NaiveDate;

use super::{CommandError, Cx, Event, Now, account::me, changes, record};
use crate::{
    domain::{
        access::{Actor, Permission, may, may_on},
        action::State,
        id::{ActionId, PersonId},
        post::{Holding, Person, Post, Term},
        preference::{Away, Frequency, LONGEST_REASON, Preference, Preferences, Snooze, StandIn, deputies},
        standing, text,
    },
    store::{self, Tx, action::Saved, record::Depth},
};

mod unsubscribe;

pub use unsubscribe::{look_up, unsubscribe, unsubscribe_url};

/// Saves how often one is mailed, and whether in term time only.
///
/// # Errors
/// [`CommandError::Stale`] where it was changed in the meantime: in another window, or by the link in an email.
pub async fn choose(
    cx: &Cx,
    actor: &Actor,
    version: i32,
    frequency: Frequency,
    term_time_only: bool,
) -> Result<(), CommandError> {
    let person = me(actor)?;
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let before = of(&store::preference::all(&tx).await?, person);
    let after = Preference { frequency, term_time_only, ..before.clone() };
    if store::preference::version(&tx, person).await? != version {
        return Err(CommandError::Stale);
    }
    if after == before {
        return Ok(());
    }
    save(&tx, now, actor, person, version, (&before, &after), "").await?;
    tx.commit().await?;
    Ok(())
}

/// Somebody's choices; the default where they have made none.
fn of(all: &Preferences, person: PersonId) -> Preference {
    all.of.get(&person).cloned().unwrap_or_default()
}

/// Saves how often, and notes it: from one to the other, and by what way.
async fn save(
    tx: &Tx,
    now: Now,
    actor: &Actor,
    person: PersonId,
    version: i32,
    (before, after): (&Preference, &Preference),
    way: &str,
) -> Result<(), CommandError> {
    if store::preference::save(tx, person, version, after).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let term = |p: &Preference| if p.term_time_only { "yes" } else { "no" }.to_owned();
    let mut detail = changes([
        ("Emails", before.frequency.words().to_owned(), after.frequency.words().to_owned()),
        ("Term time only", term(before), term(after)),
    ]);
    detail["person"] = person.0.into();
    let name = store::person::by_id(tx, person).await?.ok_or(CommandError::NotFound)?.person.name;
    let summary = format!("What {name} chose about emails changed{way}");
    note(tx, now, actor, "preference.changed", summary, detail).await
}

async fn note(
    tx: &Tx,
    now: Now,
    actor: &Actor,
    kind: &str,
    summary: String,
    detail: serde_json::Value,
) -> Result<(), CommandError> {
    record(tx, now, actor, Event { plan: None, action: None, kind, summary, detail }).await?;
    Ok(())
}

/// Whether one's own days away are changed, or somebody else's by who may; and whose.
async fn whose(tx: &Tx, actor: &Actor, person: PersonId) -> Result<String, CommandError> {
    if actor.person != Some(person) {
        may(actor, Permission::NoteAbsences)?;
    }
    let account = store::person::by_id(tx, person).await?.filter(|account| account.person.active);
    Ok(account.ok_or(CommandError::NotFound)?.person.name)
}

/// Says that one is away, or, by who may, that somebody else is.
///
/// # Errors
/// [`CommandError::Refused`] where the days are the wrong way round, have passed or are entered already, or where the deputy
/// is not among those who can be named.
pub async fn add_away(cx: &Cx, actor: &Actor, person: PersonId, away: &Away) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let name = whose(&tx, actor, person).await?;
    let others = of(&store::preference::all(&tx).await?, person).away;
    if let Some((field, message)) = Away::problem(&others, away.from, away.until, now.today) {
        return Err(CommandError::refused(field, message));
    }
    if let StandIn::Deputy(deputy) = &away.stand_in {
        let records = store::record::all(&tx, actor, Depth::Current).await?;
        if !deputies(&records, person, now.today).iter().any(|known| known.id == deputy.id) {
            return Err(CommandError::refused("deputy", "Choose somebody from the list"));
        }
    }
    store::preference::add_away(&tx, person, away).await?;
    if let StandIn::Deputy(deputy) = &away.stand_in {
        cover(&tx, actor, person, deputy, away, now).await?;
    }
    let summary = format!(
        "{name} is away from {} to {}; mail goes to {}",
        text::day(away.from),
        text::day(away.until),
        away.stand_in.words(),
    );
    note(&tx, now, actor, "away.added", summary, serde_json::json!({ "person": person.0 })).await?;
    tx.commit().await?;
    Ok(())
}

/// The days away on which somebody holds a post. What has passed of a holding that goes on is among them.
fn held_while_away(post: &Post, person: PersonId, away: &Away) -> Vec<(NaiveDate, NaiveDate)> {
    let theirs = post.holdings.iter().filter(|h| !h.acting && h.person.id == person);
    let days = theirs.map(|h| (h.from.max(away.from), h.to.map_or(away.until, |to| to.min(away.until))));
    days.filter(|(from, until)| from <= until).collect()
}

/// Lets a deputy cover the posts of somebody who is away, on the days on which they hold them, so that they can write what
/// they are asked for. A post that somebody covers already is left as it is.
async fn cover(
    tx: &Tx,
    actor: &Actor,
    person: PersonId,
    deputy: &Person,
    away: &Away,
    now: Now,
) -> Result<(), CommandError> {
    for post in store::record::posts(tx).await? {
        for (from, until) in held_while_away(&post, person, away) {
            let term = Term { person: deputy, from, to: Some(until), acting: true };
            if until < now.today || post.check(term, None).is_err() {
                continue;
            }
            store::post::hold(tx, post.id, deputy.id, from, Some(until), true).await?;
            let summary = format!(
                "{} covers {} from {} to {}",
                deputy.name,
                post.name,
                text::day(from),
                text::day(until)
            );
            let detail = serde_json::json!({ "post": post.id.0, "person": deputy.id.0 });
            note(tx, now, actor, "post.covered", summary, detail).await?;
        }
    }
    Ok(())
}

/// Ends the cover that a deputy was given for these days.
async fn end_cover(
    tx: &Tx,
    person: PersonId,
    deputy: &Person,
    away: &Away,
    now: Now,
) -> Result<(), CommandError> {
    for post in store::record::posts(tx).await? {
        let given = held_while_away(&post, person, away);
        let given = |h: &&Holding| {
            let days = |(from, until)| (h.from, h.to) == (from, Some(until));
            h.acting && h.person.id == deputy.id && given.iter().copied().any(days)
        };
        for held in post.holdings.iter().filter(given) {
            match now.today.pred_opt().filter(|yesterday| held.from <= *yesterday) {
                Some(yesterday) if held.to.is_some_and(|to| to <= yesterday) => {}
                Some(yesterday) => store::post::set_days(tx, held.id, held.from, Some(yesterday)).await?,
                None => store::post::remove(tx, held.id).await?,
            }
        }
    }
    Ok(())
}

/// Removes the days away that begin on a day. Of days that have begun, those that have passed stay: mail went to another.
/// Nothing happens where there are none.
///
/// # Errors
/// [`CommandError::Denied`] where they are somebody else's and not theirs to change.
pub async fn remove_away(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    from: NaiveDate,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let name = whose(&tx, actor, person).await?;
    let theirs = of(&store::preference::all(&tx).await?, person).away;
    let Some(away) = theirs.iter().find(|away| away.from == from && now.today <= away.until) else {
        return Ok(());
    };
    if let StandIn::Deputy(deputy) = &away.stand_in {
        end_cover(&tx, person, deputy, away, now).await?;
    }
    let summary = match now.today.pred_opt().filter(|yesterday| from <= *yesterday) {
        Some(yesterday) => {
            store::preference::shorten_away(&tx, person, from, yesterday).await?;
            format!("{name} is back before {}", text::day(away.until))
        }
        None => {
            store::preference::remove_away(&tx, person, from).await?;
            format!("{name} is not away from {} to {}", text::day(from), text::day(away.until))
        }
    };
    note(&tx, now, actor, "away.removed", summary, serde_json::json!({ "person": person.0 })).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts off the reminders that one gets about an action, for a week with the reason. Nothing happens where they are already.
///
/// # Errors
/// [`CommandError::Denied`] for whoever does not answer for the action; [`CommandError::Refused`] without a reason, or where
/// there are no reminders to put off.
pub async fn snooze(cx: &Cx, actor: &Actor, action: ActionId, reason: &str) -> Result<Snooze, CommandError> {
    let person = me(actor)?;
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record =
        store::record::of_action(&tx, actor, action, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    let about = record.action(action).ok_or(CommandError::NotFound)?;
    may_on(actor, Permission::PutOffReminders, &record.plan, about)?;
    if let Some(holds) = record.preferences.snooze(person, action, now.today) {
        return Ok(holds.clone());
    }
    if !record.is_monitored(now.today) || standing::stand_one(&record, about, now.today).state != State::Open
    {
        return Err(CommandError::refused("reason", "Nobody is reminded of this action any more"));
    }
    match reason.trim().chars().count() {
        0 => return Err(CommandError::refused("reason", "Say why")),
        LONGEST_REASON.. => {
            return Err(CommandError::refused("reason", format!("Use at most {LONGEST_REASON} characters")));
        }
        _ => {}
    }
    let snooze = Snooze::of(person, action, now.today, reason.trim());
    store::preference::add_snooze(&tx, &snooze, now.today).await?;
    let summary =
        format!("{} put off reminders about {} until {}", actor.name, about.label, text::day(snooze.until));
    let detail = serde_json::json!({ "person": person.0, "action": action.0 });
    note(&tx, now, actor, "snooze.added", summary, detail).await?;
    tx.commit().await?;
    Ok(snooze)
}

/// Is reminded again of an action that one has put off. Nothing happens where one has not.
///
/// # Errors
/// [`CommandError::NotFound`] where there is no such action.
pub async fn end_snooze(cx: &Cx, actor: &Actor, action: ActionId) -> Result<(), CommandError> {
    let person = me(actor)?;
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record =
        store::record::of_action(&tx, actor, action, Depth::Current).await?.ok_or(CommandError::NotFound)?;
    if record.preferences.snooze(person, action, now.today).is_none() {
        return Ok(());
    }
    store::preference::end_snooze(&tx, person, action, now.today).await?;
    let summary = format!("{} is reminded of {} again", actor.name, record.label(action));
    let detail = serde_json::json!({ "person": person.0, "action": action.0 });
    note(&tx, now, actor, "snooze.ended", summary, detail).await?;
    tx.commit().await?;
    Ok(())
}
