//! Who holds and who covers a post, from when to when: handing over, cover, and changing what was entered or planned.
//!
//! On one day a post has one holder and one cover at most: [`Post::check`] says what speaks against it. What has begun is
//! never taken out of the record; its days can be corrected, and the history keeps what was there before.

use chrono::NaiveDate;

use super::{find, may_change};
use crate::{
    command::{CommandError, Cx, Event, Now, changes, notice, record},
    domain::{
        access::Actor,
        id::{HoldingId, PersonId, PostId},
        post::{Clash, Holding, Person, Post, Term},
        text,
    },
    store::{self, Tx},
};

impl From<Clash> for CommandError {
    fn from(clash: Clash) -> Self {
        Self::refused(clash.field, clash.message)
    }
}

/// Hands a post over: whoever holds it does so until the day before, the new holder from `from` on. Without a new holder
/// it is vacant from then on. What was held before that day stays as it was; what was planned for later gives way, and comes
/// back, so that the page can say so. A new holder also ends cover; where there is none, cover goes on.
///
/// # Errors
/// [`CommandError::Refused`] where the new holder is deactivated or holds it already, or where somebody began to hold it
/// on `from` or later and by today.
pub async fn hand_over(
    cx: &Cx,
    actor: &Actor,
    id: PostId,
    to: Option<PersonId>,
    from: NaiveDate,
) -> Result<Vec<Holding>, CommandError> {
    let tx = cx.store.begin().await?;
    let now = cx.now();
    let gave_way = hand_over_within(&tx, actor, id, to, from, now).await?;
    if let Some(person) = to {
        notice::took_over(&tx, actor, id, &active(&tx, person).await?, from, now).await?;
    }
    tx.commit().await?;
    Ok(gave_way)
}

/// The same within a transaction.
pub(in crate::command) async fn hand_over_within(
    tx: &Tx,
    actor: &Actor,
    id: PostId,
    to: Option<PersonId>,
    from: NaiveDate,
    now: Now,
) -> Result<Vec<Holding>, CommandError> {
    let post = find(tx, id).await?;
    may_change(tx, actor, id).await?;
    let last_day = from.pred_opt().ok_or_else(|| CommandError::refused("from", "Enter a real date"))?;
    let holder = match to {
        Some(person) => Some(active(tx, person).await?),
        None => None,
    };
    let holds = |h: &&Holding| h.covers(from) && !h.acting;
    if let (Some(holder), Some(held)) = (&holder, post.holdings.iter().find(holds))
        && held.person.id == holder.id
    {
        let message = format!("{} holds {} on that day already", holder.name, post.name);
        return Err(CommandError::refused("person", message));
    }
    if holder.is_none() && !post.holdings.iter().any(|h| !h.acting && h.to.is_none_or(|to| from <= to)) {
        let message = format!("{} is vacant on that day already", post.name);
        return Err(CommandError::refused("person", message));
    }
    // What is only planned gives way. What has begun is what happened.
    let later = |h: &&Holding| !h.acting && from <= h.from;
    if let Some(held) = post.holdings.iter().filter(later).find(|h| h.from <= now.today) {
        let message = format!(
            "{} has held {} since {}: enter a day after that, or correct the days under “Who held it”",
            held.person.name,
            post.name,
            text::day(held.from)
        );
        return Err(CommandError::refused("from", message));
    }
    // Cover that began later than that day stood beside somebody. It stays, unless it would be for themselves.
    let since = |h: &&Holding| h.acting && from <= h.from && h.from <= now.today;
    if let Some(held) = post.holdings.iter().filter(since).find(|h| Some(h.person.id) == to) {
        let message = format!(
            "{} covers {} {}, and nobody can cover for themselves: change that cover first",
            held.person.name,
            post.name,
            held.days()
        );
        return Err(CommandError::refused("from", message));
    }
    let mut gave_way = Vec::new();
    let ends = |h: &&Holding| {
        let own_kind = !h.acting || (holder.is_some() && (h.from < from || now.today < h.from));
        own_kind && h.to.is_none_or(|to| from <= to)
    };
    for held in post.holdings.iter().filter(ends) {
        if from <= held.from && now.today < held.from {
            store::post::remove(tx, held.id).await?;
            gave_way.push(held.clone());
        } else {
            store::post::set_days(tx, held.id, held.from, Some(last_day)).await?;
        }
    }
    if let Some(holder) = &holder {
        store::post::hold(tx, id, holder.id, from, None, false).await?;
    }
    let to_words = holder.as_ref().map_or("nobody (vacant)", |h| h.name.as_str());
    let mut detail = serde_json::json!({ "post": id.0, "person": to.map(|p| p.0) });
    if !gave_way.is_empty() {
        let planned: Vec<String> = gave_way.iter().map(Holding::days).collect();
        detail["Planned before"] = serde_json::json!({ "from": planned.join("; "), "to": "" });
    }
    let event = Event {
        plan: None,
        action: None,
        kind: "post.handed-over",
        summary: format!("{} handed over to {to_words} from {}", post.name, text::day(from)),
        detail,
    };
    record(tx, now, actor, event).await?;
    Ok(gave_way)
}

/// Enters that somebody covers a post for some days, or that they held it on days when nobody did.
///
/// # Errors
/// [`CommandError::Refused`] where the person is deactivated, or the days meet those of somebody else.
pub async fn add(
    cx: &Cx,
    actor: &Actor,
    id: PostId,
    person: PersonId,
    days: (NaiveDate, Option<NaiveDate>),
    acting: bool,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let post = find(&tx, id).await?;
    may_change(&tx, actor, id).await?;
    let (from, to) = days;
    let person = active(&tx, person).await?;
    post.check(Term { person: &person, from, to, acting }, None)?;
    store::post::hold(&tx, id, person.id, from, to, acting).await?;
    if to.is_none_or(|to| now.today <= to) {
        notice::took_over(&tx, actor, id, &person, from, now).await?;
    }
    let does = if acting { "covers" } else { "holds" };
    let event = Event {
        plan: None,
        action: None,
        kind: if acting { "post.covered" } else { "post.held" },
        summary: format!("{} {does} {} {}", person.name, post.name, days_words(from, to)),
        detail: serde_json::json!({ "post": id.0, "person": person.id.0 }),
    };
    record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes the days of a holding. Where somebody else held the post until the day before, they hold it until the day before
/// still: the handover moves, and no gap opens. Whoever takes over on another day than they were to is told of that one.
///
/// # Errors
/// [`CommandError::Stale`] where its days are no longer those that the editor saw; [`CommandError::Refused`] where the new
/// ones meet those of somebody else.
pub async fn change_days(
    cx: &Cx,
    actor: &Actor,
    id: HoldingId,
    seen: (NaiveDate, Option<NaiveDate>),
    days: (NaiveDate, Option<NaiveDate>),
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let (mut post, held) = of_holding(&tx, id).await?;
    may_change(&tx, actor, post.id).await?;
    if (held.from, held.to) != seen {
        return Err(CommandError::Stale);
    }
    let (from, to) = days;
    if let (Some(before), Some(last_day)) = (before(&post, &held).cloned(), from.pred_opt())
        && from != held.from
    {
        if last_day < before.from {
            let message = format!(
                "{} has held {} since {}: enter a day after that",
                before.person.name,
                post.name,
                text::day(before.from)
            );
            return Err(CommandError::refused("from", message));
        }
        store::post::set_days(&tx, before.id, before.from, Some(last_day)).await?;
        post.holdings.retain(|h| h.id != before.id);
        post.holdings.push(Holding { to: Some(last_day), ..before });
    }
    post.check(Term { person: &held.person, from, to, acting: held.acting }, Some(id))?;
    store::post::set_days(&tx, id, from, to).await?;
    if from != held.from && now.today <= from.max(held.from) {
        notice::no_longer_from(&tx, post.id, held.person.id, held.from).await?;
        if to.is_none_or(|to| now.today <= to) {
            notice::took_over(&tx, actor, post.id, &held.person, from, now).await?;
        }
    }
    let event = Event {
        plan: None,
        action: None,
        kind: "post.days-changed",
        summary: format!("{}: days of {} changed", post.name, held.name()),
        detail: with_ids(changes([("Days", held.days(), days_words(from, to))]), &post, &held),
    };
    record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes back what is planned, or was entered for today. Whoever held the post until the day before goes on, if
/// `goes_on`; else it is vacant from then on.
///
/// # Errors
/// [`CommandError::Refused`] where it has begun: then it is in the record, and can be given a last day.
pub async fn withdraw(cx: &Cx, actor: &Actor, id: HoldingId, goes_on: bool) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let (post, held) = of_holding(&tx, id).await?;
    may_change(&tx, actor, post.id).await?;
    if held.from < now.today {
        let message = format!(
            "{} has held {} since {}, and stays in the record: change the days instead",
            held.person.name,
            post.name,
            text::day(held.from)
        );
        return Err(CommandError::refused("", message));
    }
    store::post::remove(&tx, id).await?;
    let before = before(&post, &held).filter(|_| goes_on);
    if let Some(before) = before {
        store::post::set_days(&tx, before.id, before.from, held.to).await?;
    }
    let then = if before.is_some() { "; whoever held it before goes on" } else { "" };
    let event = Event {
        plan: None,
        action: None,
        kind: "post.withdrawn",
        summary: format!("{}: {} {} withdrawn{then}", post.name, held.name(), held.days()),
        detail: with_ids(serde_json::json!({}), &post, &held),
    };
    record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends everything that a person holds or covers, so that `from` is the first day without them, and says which posts those
/// were: for deactivating, within the caller's transaction. The caller has asked whether the actor may. A holding that was
/// only planned goes; one that began on `from` or later keeps the day on which it began, since that is what happened.
pub(in crate::command) async fn vacate_all_within(
    tx: &Tx,
    actor: &Actor,
    person: PersonId,
    from: NaiveDate,
    now: Now,
) -> Result<Vec<PostId>, CommandError> {
    let last_day = from.pred_opt().ok_or_else(|| CommandError::refused("from", "Enter a real date"))?;
    let mut left = Vec::new();
    for post in store::record::posts(tx).await? {
        let goes_on = |h: &&Holding| h.person.id == person && h.to.is_none_or(|to| to > last_day);
        let theirs: Vec<&Holding> = post.holdings.iter().filter(goes_on).collect();
        if theirs.is_empty() {
            continue;
        }
        for held in theirs {
            if held.from > now.today && held.from >= from {
                store::post::remove(tx, held.id).await?;
            } else {
                store::post::set_days(tx, held.id, held.from, Some(last_day.max(held.from))).await?;
            }
        }
        left.push(post.id);
        let event = Event {
            plan: None,
            action: None,
            kind: "post.left",
            summary: format!("{} left by its holder: without them from {}", post.name, text::day(from)),
            detail: serde_json::json!({ "post": post.id.0, "person": person.0 }),
        };
        record(tx, now, actor, event).await?;
    }
    Ok(left)
}

/// Whoever held the post until the day before a holding of the same kind began: the handover's other side.
pub fn before<'a>(post: &'a Post, held: &Holding) -> Option<&'a Holding> {
    let last_day = held.from.pred_opt()?;
    post.holdings.iter().find(|h| !held.acting && !h.acting && h.id != held.id && h.to == Some(last_day))
}

async fn of_holding(tx: &Tx, id: HoldingId) -> Result<(Post, Holding), CommandError> {
    let posts = store::record::posts(tx).await?;
    let found = posts.into_iter().find_map(|p| p.holding(id).cloned().map(|h| (p, h)));
    found.ok_or(CommandError::NotFound)
}

async fn active(tx: &Tx, person: PersonId) -> Result<Person, CommandError> {
    let account = store::person::by_id(tx, person).await?.filter(|a| a.person.active);
    let account =
        account.ok_or_else(|| CommandError::refused("person", "Choose somebody with an active account"))?;
    Ok(account.person)
}

/// "from 1 March 2018 to 31 March 2018".
pub fn days_words(from: NaiveDate, to: Option<NaiveDate>) -> String {
    match to {
        Some(to) if to == from => format!("on {}", text::day(to)),
        Some(to) => format!("from {} to {}", text::day(from), text::day(to)),
        None => format!("from {}", text::day(from)),
    }
}

fn with_ids(mut detail: serde_json::Value, post: &Post, held: &Holding) -> serde_json::Value {
    detail["post"] = post.id.0.into();
    detail["person"] = held.person.id.0.into();
    detail
}
