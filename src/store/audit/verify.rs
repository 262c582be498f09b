//! Whether the history is as it was written: walks the chain from the first event to the head, and names the first place
//! where it does not hold. Changes nothing.

use entity::{audit_event, audit_head};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::{HEAD, chain};
use crate::store::{Store, StoreError};

/// How many events are in memory at once.
const PAGE: u64 = 1000;

/// What a walk along the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every event is as it was written, or erased.
    Whole(Whole),
    /// The first place where something is wrong.
    Broken(Broken),
}

/// A history that holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// How many events there are.
    pub events: i64,
    /// Of how many the actor's name is erased.
    pub names_erased: u64,
    /// Of how many the text is erased.
    pub contents_erased: u64,
    /// The last link, in 64 hexadecimal digits; empty: there are no events.
    pub head: String,
    /// The event after which the head was the one that was asked for; none: it never was, or none was asked for.
    pub noted: Option<i64>,
}

/// What is wrong, in words; events by their number in the history's file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An event that should stand there does not.
    #[error("event {0} is missing")]
    Missing(i64),
    /// An event that the program did not write.
    #[error("event {0} was put in: this program did not write it")]
    PutIn(i64),
    /// The text of an event is another.
    #[error("event {0} was changed: what it says is not what was recorded")]
    Content(i64),
    /// The name of who did it is another.
    #[error("event {0} was changed: the name of who did it is not the one that was recorded")]
    Name(i64),
    /// Another part of an event is another. An event before it that was changed and given a new link looks the same.
    #[error(
        "event {0} was changed: its time, its kind, or whom or what it is about; or the one before it, and its link"
    )]
    Facts(i64),
    /// An event stands in another's place.
    #[error("event {now} is the one that was recorded as number {was}: the order was changed")]
    Moved {
        /// Where it stands.
        now: i64,
        /// Where it stood.
        was: i64,
    },
    /// An event does not follow from the one before it.
    #[error(
        "event {0} does not follow from the one before it: one of the two was changed, or one between them was taken out"
    )]
    Unlinked(i64),
    /// The head counts more events than there are.
    #[error("the end is missing: {told} events were recorded and {there} are there")]
    End {
        /// How many the head counts.
        told: i64,
        /// How many are there.
        there: i64,
    },
    /// The head is not the last event's link.
    #[error("the head does not belong to event {0}, the last one: one of the two was changed")]
    Head(i64),
    /// There are events, and no head.
    #[error("the head of the history was taken out, and with it what says how many events there are")]
    NoHead,
}

/// Walks the whole chain, a page at a time, as it was at one moment. `noted` is the beginning of a head that somebody noted
/// down, in small hexadecimal letters without spaces: [`Whole::noted`] says whether it is still in the chain.
///
/// # Errors
/// [`StoreError`] if the database does not answer. That something is wrong with the history is no error.
pub async fn verify(store: &Store, noted: Option<&str>) -> Result<Verdict, StoreError> {
    let snapshot = store.snapshot().await?;
    let verdict = walk(&snapshot, noted).await;
    snapshot.rollback().await?;
    verdict
}

async fn walk(on: &DatabaseTransaction, noted: Option<&str>) -> Result<Verdict, StoreError> {
    let mut whole = Whole { head: chain::BEFORE_THE_FIRST.to_owned(), ..Whole::default() };
    // The link of the event before the last one that was looked at.
    let mut before_last = String::new();
    let mut after = i64::MIN;
    loop {
        let page = audit_event::Entity::find()
            .filter(audit_event::Column::Id.gt(after))
            .order_by_asc(audit_event::Column::Id)
            .limit(PAGE)
            .all(on)
            .await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for event in page {
            let Some(link) = event.link.as_deref().filter(|_| event.id > whole.events) else {
                return Ok(Verdict::Broken(Broken::PutIn(event.id)));
            };
            if event.id > whole.events + 1 {
                return Ok(Verdict::Broken(Broken::Missing(whole.events + 1)));
            }
            if link != chain::link(&whole.head, event.id, &event) {
                return Ok(Verdict::Broken(why(on, &before_last, &event, link).await?));
            }
            if let Err(broken) = texts(&event) {
                return Ok(Verdict::Broken(broken));
            }
            if noted.is_some_and(|noted| link.starts_with(noted)) {
                whole.noted = Some(event.id);
            }
            whole.events = event.id;
            whole.names_erased += u64::from(event.name_erased_at.is_some());
            whole.contents_erased += u64::from(event.content_erased_at.is_some());
            before_last = std::mem::replace(&mut whole.head, link.to_owned());
        }
    }
    let head = audit_head::Entity::find_by_id(HEAD).one(on).await?;
    Ok(match head {
        None if whole.events == 0 => Verdict::Whole(whole),
        None => Verdict::Broken(Broken::NoHead),
        Some(head) if head.events > whole.events => {
            Verdict::Broken(Broken::End { told: head.events, there: whole.events })
        }
        Some(head) if head.events < whole.events => Verdict::Broken(Broken::PutIn(head.events + 1)),
        Some(head) if head.link != whole.head => Verdict::Broken(Broken::Head(whole.events)),
        Some(_) => Verdict::Whole(whole),
    })
}

/// Whether name and text fit their digests, or are erased and nothing stands in their place.
fn texts(event: &audit_event::Model) -> Result<(), Broken> {
    let name = match (&event.name_salt, event.name_erased_at) {
        (Some(salt), None) => {
            event.name_digest.as_ref() == Some(&chain::name_digest(salt, &event.actor_name))
        }
        (None, Some(_)) => event.actor_name.is_empty(),
        _ => false,
    };
    let content = match (&event.content_salt, event.content_erased_at) {
        (Some(salt), None) => {
            let digest = chain::content_digest(salt, &event.summary, &event.detail);
            event.content_digest.as_ref() == Some(&digest)
        }
        (None, Some(_)) => event.summary.is_empty() && event.detail == json!({}),
        _ => false,
    };
    if !content {
        return Err(Broken::Content(event.id));
    }
    if name { Ok(()) } else { Err(Broken::Name(event.id)) }
}

/// Why an event's link is not the one that follows from the event before it, as far as that can be told.
async fn why(
    on: &DatabaseTransaction,
    before_last: &str,
    event: &audit_event::Model,
    link: &str,
) -> Result<Broken, StoreError> {
    let number = event.id;
    // It would fit if the event before it were not there.
    if number > 1 && link == chain::link(before_last, number - 1, event) {
        return Ok(Broken::PutIn(number - 1));
    }
    if let Some(was) = place(on, event, link).await? {
        return Ok(Broken::Moved { now: number, was });
    }
    // If what comes next still follows from it, nothing was taken out here and nothing put in.
    let next = audit_event::Entity::find_by_id(number + 1).one(on).await?;
    let follows = match next {
        Some(next) => next.link == Some(chain::link(link, number + 1, &next)),
        None => {
            audit_head::Entity::find_by_id(HEAD).filter(audit_head::Column::Link.eq(link)).count(on).await?
                > 0
        }
    };
    Ok(if follows { Broken::Facts(number) } else { Broken::Unlinked(number) })
}

/// The number under which an event fits: it stood behind one of the others.
async fn place(
    on: &DatabaseTransaction,
    event: &audit_event::Model,
    link: &str,
) -> Result<Option<i64>, StoreError> {
    let mut after = i64::MIN;
    loop {
        let page: Vec<(i64, Option<String>)> = audit_event::Entity::find()
            .select_only()
            .columns([audit_event::Column::Id, audit_event::Column::Link])
            .filter(audit_event::Column::Id.gt(after))
            .order_by_asc(audit_event::Column::Id)
            .limit(PAGE)
            .into_tuple()
            .all(on)
            .await?;
        let Some((last, _)) = page.last() else { return Ok(None) };
        after = *last;
        for (id, previous) in page {
            let Some(previous) = previous else { continue };
            // The one before it stands where it always stood, or took its place.
            for number in [id + 1, id] {
                if number != event.id && link == chain::link(&previous, number, event) {
                    return Ok(Some(number));
                }
            }
        }
    }
}
