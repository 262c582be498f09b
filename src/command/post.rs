//! Posts: making and renaming them. Who holds them is [`holding`]'s, what they answer for [`reassignment`]'s.
//!
//! A post is never deleted: what it led stays its own.

use super::{CommandError, Cx, Event, Now, changes};
use crate::{
    domain::{
        access::{Actor, Denied, Permission, Role, may},
        id::PostId,
        post::Post,
    },
    store::{self, Source, Tx, action::Saved},
};

pub mod holding;
pub mod reassignment;

pub(super) use holding::vacate_all_within;

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
    is_free(&store::record::posts(tx).await?, name, None)?;
    let id = store::post::insert(tx, name, body).await?;
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
    let posts = store::record::posts(&tx).await?;
    let before = posts.iter().find(|post| post.id == id).cloned().ok_or(CommandError::NotFound)?;
    may_change(&tx, actor, id).await?;
    is_free(&posts, name, Some(id))?;
    if store::post::save(&tx, id, version, name, body).await? == Saved::Stale {
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

/// Whether somebody may change a post and who holds it. Whoever holds one sees the plans in which it answers for something
/// and writes there, so a manager of some plans only hands over posts that answer for something in those alone.
///
/// # Errors
/// [`CommandError::Denied`] with who may.
pub async fn may_change(from: &impl Source, actor: &Actor, id: PostId) -> Result<(), CommandError> {
    may(actor, Permission::ManagePosts)?;
    if may(actor, Permission::ManagePeople).is_ok() {
        return Ok(());
    }
    let plans = store::post::answers_in(from, id).await?;
    if plans.into_iter().all(|plan| actor.is_in(Role::Manager, plan)) {
        return Ok(());
    }
    Err(Denied::but(
        "Only an administrator, or a manager of every plan in which this post answers for something",
    )
    .into())
}

async fn find(tx: &Tx, id: PostId) -> Result<Post, CommandError> {
    store::record::posts(tx).await?.into_iter().find(|p| p.id == id).ok_or(CommandError::NotFound)
}

/// Whether no other post has this name, in whatever capitals: people would take the two for one.
fn is_free(posts: &[Post], name: &str, but: Option<PostId>) -> Result<(), CommandError> {
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if posts.iter().any(|post| Some(post.id) != but && plain(&post.name) == plain(name)) {
        return Err(CommandError::refused("name", "There is a post with this name already"));
    }
    Ok(())
}
