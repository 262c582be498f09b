//! Entering many updates at once: all that came by email, by phone or in a meeting, on one page with one button.
//!
//! All or nothing: as long as a rule speaks against one of them, none is saved, and everybody learns which.

use super::{Came, Placed, add_within, check_rating, review_of, round_of};
use crate::{
    command::{CommandError, Cx, Now},
    domain::{
        access::{Actor, Permission, may_on},
        action::Action,
        id::{ActionId, RoundId, UpdateId},
        plan::Record,
        round::{Round, RoundState},
        update::UpdateDraft,
    },
    store::{self, Tx, record::Depth, update::SavedBefore},
};

/// One update to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The action.
    pub action: ActionId,
    /// What is entered.
    pub draft: UpdateDraft,
    /// The last update that stood above the box; none: there was none.
    pub seen: Option<UpdateId>,
}

/// What a rule says against one of them: for beside its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Against {
    /// The action.
    pub action: ActionId,
    /// The field of its row.
    pub field: &'static str,
    /// Why, in plain words.
    pub message: String,
}

/// What became of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// All of it is saved.
    All {
        /// New updates.
        added: usize,
        /// Those that the same page had made before.
        before: usize,
        /// The round's papers are closed: the new ones are not in them.
        closed: bool,
    },
    /// None of it is saved.
    Nothing(Vec<Against>),
}

/// Why nobody is awaited for a round: not before it is opened, and not once the panel has read it. None: somebody may be.
pub fn why_not(round: &Round) -> Option<String> {
    let label = &round.label;
    match round.state {
        RoundState::Planned => Some(format!("{label} is not open: nobody is asked for it yet")),
        RoundState::Open | RoundState::Closed => None,
        RoundState::Published => Some(format!(
            "{label} has been published: nothing can be entered for it any more. Nothing was saved. Copy what you need from here to the action’s own page"
        )),
    }
}

/// Enters updates on actions of a round's plans, in one transaction. What anybody has saved for later stays.
///
/// # Errors
/// [`CommandError::NotFound`] where the round or an action is not the actor's to know of; [`CommandError::Refused`] where
/// nobody is awaited for it; what the rules say against single entries is in [`Entered::Nothing`].
pub async fn add_many(
    cx: &Cx,
    actor: &Actor,
    round: RoundId,
    entries: &[Entry],
) -> Result<Entered, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let row = store::round::by_id(&tx, round).await?.ok_or(CommandError::NotFound)?;
    if let Some(why) = why_not(&row.round) {
        return Err(CommandError::refused("", why));
    }
    let mut records = store::record::all(&tx, actor, Depth::Current).await?;
    records.retain(|record| row.plans.contains(&record.plan.id));
    let tokens: Vec<&str> = entries.iter().filter_map(|e| e.draft.form_token.as_deref()).collect();
    let saved = store::update::by_form_tokens(&tx, &tokens).await?;
    let (mut against, mut fresh, mut before) = (Vec::new(), Vec::new(), 0);
    for entry in entries {
        let (record, action) = find(&records, entry.action)?;
        may_on(actor, Permission::EnterForOthers, &record.plan, action)?;
        let made = entry.draft.form_token.as_ref().and_then(|token| saved.get(token));
        match weigh(record, action, entry, made.map(|saved| saved.compared(&entry.draft)), now) {
            Ok(Weighed::Before) => before += 1,
            Ok(Weighed::Fresh) => fresh.push((record, action, entry)),
            Err(CommandError::Refused { field, message }) => {
                against.push(Against { action: entry.action, field, message });
            }
            Err(other) => return Err(other),
        }
    }
    if !against.is_empty() {
        return Ok(Entered::Nothing(against));
    }
    for (record, action, entry) in &fresh {
        enter(&tx, actor, record, action, &entry.draft, now).await?;
    }
    let added = fresh.len();
    tx.commit().await?;
    Ok(Entered::All { added, before, closed: row.round.state.is_closed() })
}

enum Weighed {
    Fresh,
    Before,
}

/// Whether an entry can be saved, or was.
fn weigh(
    record: &Record,
    action: &Action,
    entry: &Entry,
    before: Option<SavedBefore>,
    now: Now,
) -> Result<Weighed, CommandError> {
    if let Some(before) = before {
        return if before.same { Ok(Weighed::Before) } else { Err(super::said_otherwise()) };
    }
    check_rating(record, action, &entry.draft)?;
    let latest = action.latest_at(now.today);
    if latest.map(|u| u.id) != entry.seen {
        let who = latest.and_then(|u| u.author_name.as_deref()).unwrap_or("Somebody");
        return Err(CommandError::refused(
            "narrative",
            format!(
                "{who} has written an update on {} in the meantime: it stands above now. Empty this row, or save again to add this one too",
                action.label
            ),
        ));
    }
    Ok(Weighed::Fresh)
}

async fn enter(
    tx: &Tx,
    actor: &Actor,
    record: &Record,
    action: &Action,
    draft: &UpdateDraft,
    now: Now,
) -> Result<(), CommandError> {
    let placed = Placed {
        round: round_of(record, action, draft, now)?,
        written_on: Some(now.today),
        known_from: now.today,
        review: review_of(actor, record, action),
        came: Came::SignedIn,
    };
    add_within(tx, actor, record, action, draft, &placed, now).await?;
    Ok(())
}

fn find(records: &[Record], id: ActionId) -> Result<(&Record, &Action), CommandError> {
    records.iter().find_map(|r| Some((r, r.action(id)?))).ok_or(CommandError::NotFound)
}
