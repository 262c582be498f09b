//! Posts: making and renaming them, and handing them over from a day on.

use chrono::NaiveDate;

use super::{CommandError, Cx, Event, Now, changes};
use crate::{
    domain::{
        access::{Actor, Permission, may},
        id::{PersonId, PostId},
        post::Post,
        text,
    },
    store::{self, StoreError, Tx, action::Saved},
};

/// Makes a post.
///
/// # Errors
/// [`CommandError::Refused`] where the name is taken.
pub async fn create(cx: &Cx, actor: &Actor, name: &str, body: Option<&str>) -> Result<PostId, CommandError> {
    let tx = cx.store.begin().await?;
    let id = create_within(&tx, actor, name, body, cx.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction.
pub(super) async fn create_within(
    tx: &Tx,
    actor: &Actor,
    name: &str,
    body: Option<&str>,
    now: Now,
) -> Result<PostId, CommandError> {
    may(actor, Permission::ManagePosts)?;
    let id = store::post::insert(tx, name, body).await.map_err(name_taken)?;
    let event = Event {
        plan: None,
        action: None,
        kind: "post.created",
        summary: format!("Post made: {name}"),
        detail: serde_json::json!({ "post": id.0 }),
    };
    super::record(tx, now, actor, event).await?;
    Ok(id)
}

/// Changes a post's name and body.
///
/// # Errors
/// [`CommandError::Stale`] where somebody else saved in between; [`CommandError::Refused`] where the name is taken.
pub async fn edit(
    cx: &Cx,
    actor: &Actor,
    id: PostId,
    version: i32,
    name: &str,
    body: Option<&str>,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let before = find(&tx, id).await?;
    may(actor, Permission::ManagePosts)?;
    if store::post::save(&tx, id, version, name, body).await.map_err(name_taken)? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let event = Event {
        plan: None,
        action: None,
        kind: "post.edited",
        summary: format!("Post edited: {name}"),
        detail: changes([
            ("Name", before.name, name.to_owned()),
            ("Body", before.body.unwrap_or_default(), body.unwrap_or_default().to_owned()),
        ]),
    };
    super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Hands a post over: whoever holds it does so until the day before, the new holder from `from` on. Without a new holder
/// it is vacant from then on. What was held before that day stays as it was.
///
/// # Errors
/// [`CommandError::Refused`] where the new holder is deactivated or holds it already, or where somebody began to hold it
/// after `from` and by today.
pub async fn hand_over(
    cx: &Cx,
    actor: &Actor,
    id: PostId,
    to: Option<PersonId>,
    from: NaiveDate,
    acting: bool,
) -> Result<(), CommandError> {
    let tx = cx.store.begin().await?;
    hand_over_within(&tx, actor, id, to, from, acting, cx.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// The same within a transaction.
pub(super) async fn hand_over_within(
    tx: &Tx,
    actor: &Actor,
    id: PostId,
    to: Option<PersonId>,
    from: NaiveDate,
    acting: bool,
    now: Now,
) -> Result<(), CommandError> {
    let post = find(tx, id).await?;
    may(actor, Permission::ManagePosts)?;
    let last_day = from.pred_opt().ok_or_else(|| CommandError::refused("from", "Enter a real date"))?;
    let holder = match to {
        Some(person) => {
            let account = store::person::by_id(tx, person).await?.filter(|a| a.person.active);
            let account = account
                .ok_or_else(|| CommandError::refused("person", "Choose somebody with an active account"))?;
            if post.holders(from).any(|h| h.id == person) {
                let message = format!("{} holds {} on that day already", account.person.name, post.name);
                return Err(CommandError::refused("person", message));
            }
            Some(account.person)
        }
        None => None,
    };
    // A holding that is only planned gives way. One that has begun is what happened: it is never taken out of the record.
    if let Some(held) = post.holdings.iter().find(|h| from < h.from && h.from <= now.today) {
        let message = format!(
            "{} has held {} since {}: enter a day after that",
            held.person.name,
            post.name,
            text::day(held.from)
        );
        return Err(CommandError::refused("from", message));
    }
    store::post::end_holdings(tx, id, last_day).await?;
    if let Some(holder) = &holder {
        store::post::hold(tx, id, holder.id, from, acting).await?;
    }
    let to_words = holder.as_ref().map_or("nobody (vacant)", |h| h.name.as_str());
    let event = Event {
        plan: None,
        action: None,
        kind: "post.handed-over",
        summary: format!("{} handed over to {to_words} from {}", post.name, text::day(from)),
        detail: serde_json::json!({ "post": id.0, "person": to.map(|p| p.0), "acting": acting }),
    };
    super::record(tx, now, actor, event).await?;
    Ok(())
}

async fn find(tx: &Tx, id: PostId) -> Result<Post, CommandError> {
    store::record::posts(tx).await?.into_iter().find(|p| p.id == id).ok_or(CommandError::NotFound)
}

fn name_taken(error: StoreError) -> CommandError {
    if error.is_duplicate() {
        CommandError::refused("name", "There is a post with this name already")
    } else {
        error.into()
    }
}
