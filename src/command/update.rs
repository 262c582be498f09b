//! Writing updates: the lead's word on an action, and what follows from it.
//!
//! One at a time is here; entering many at once is [`many`], saving one for later [`draft`], looking at one before it counts
//! as accepted [`review`], and keeping one from the public [`exempt`].

use chrono::NaiveDate;

use super::{
    CommandError, Cx, Event, Now,
    deadline::{self, Asked},
};
use crate::{
    domain::{
        access::{Actor, Permission, may_on},
        action::{Action, State, StateChange},
        id::{ActionId, RoundId, UpdateId},
        plan::Record,
        rating::Rating,
        round::RoundState,
        text,
        update::{ReviewState, UpdateDraft},
    },
    store::{self, Source, StoreError, Tx, record::Depth, update::Recorded},
};

pub mod draft;
pub mod exempt;
pub mod many;
pub mod review;

/// A later or other date, asked for along with an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedDate {
    /// As written.
    pub wording: String,
    /// Why.
    pub reason: String,
}

/// What became of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// A new update.
    New(UpdateId),
    /// The same form with the same text was saved before: a double click, or the back button.
    Before(UpdateId),
}

/// Adds an update to an action. It belongs to the open round, if there is one.
///
/// A reported completion makes the action complete from today; any other recorded rating on an action that is only
/// *reported* complete opens it again. Where a manager looks first, that waits until the update is accepted.
///
/// What the person had saved for later is gone with it where it stood in their form; anything else that they saved stays.
///
/// # Errors
/// [`CommandError::Refused`] where the update corrects one that can't be corrected, or where the form was saved before
/// with another text (nothing typed is lost: the page shows both).
pub async fn add(
    cx: &Cx,
    actor: &Actor,
    action: ActionId,
    draft: &UpdateDraft,
    asked: Option<&AskedDate>,
) -> Result<Added, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record = store::record::of_action(&tx, actor, action, Depth::Everything)
        .await?
        .ok_or(CommandError::NotFound)?;
    let action = record.action(action).ok_or(CommandError::NotFound)?;
    may_on(actor, Permission::WriteUpdate, &record.plan, action)?;
    add_to(cx, tx, actor, &record, action, draft, asked, Came::SignedIn, now).await
}

/// How somebody came who writes an update themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// They are signed in.
    SignedIn,
    /// By the round's link, which came by mail.
    ByLink,
}

/// The same, where it is known that they may write on this action.
#[allow(clippy::too_many_arguments, reason = "the parts of one write, each from another place")]
pub(super) async fn add_to(
    cx: &Cx,
    tx: Tx,
    actor: &Actor,
    record: &Record,
    action: &Action,
    draft: &UpdateDraft,
    asked: Option<&AskedDate>,
    came: Came,
    now: Now,
) -> Result<Added, CommandError> {
    if let Some(before) = saved_before(&tx, draft).await? {
        return before;
    }
    if asked.is_none()
        && let Some(before) = said_just_now(&tx, actor, action, draft, now).await?
    {
        return Ok(Added::Before(before));
    }
    if draft.entered_for.is_some() {
        may_on(actor, Permission::EnterForOthers, &record.plan, action)?;
    }
    check_rating(record, action, draft)?;
    let round = round_of(record, action, draft, now)?;
    let review = review_of(actor, record, action);
    let placed = Placed { round, written_on: Some(now.today), known_from: now.today, review, came };
    let id = match add_within(&tx, actor, record, action, draft, &placed, now).await {
        // The other half of a double click was saved while this one was on its way.
        Err(CommandError::Store(error)) if error.is_duplicate() => {
            drop(tx);
            return saved_before(&cx.store, draft).await?.unwrap_or(Err(error.into()));
        }
        added => added?,
    };
    if let Some(asked) = asked {
        may_on(actor, Permission::AskForDate, &record.plan, action)?;
        let asked = Asked::now(actor, record, &asked.wording, &asked.reason, now);
        deadline::ask_within(&tx, actor, record, action, &asked, now).await?;
    }
    if let (Some(person), Some(finished)) = (actor.person, draft.finishes) {
        store::update::draft::delete(&tx, finished, action.id, person).await?;
    }
    tx.commit().await?;
    Ok(Added::New(id))
}

/// What to answer where the same form was saved before; none: it was not.
pub(super) async fn saved_before(
    from: &impl Source,
    draft: &UpdateDraft,
) -> Result<Option<Result<Added, CommandError>>, StoreError> {
    let Some(token) = &draft.form_token else { return Ok(None) };
    let before = store::update::by_form_token(from, token, draft).await?;
    Ok(before.map(|before| {
        if before.same {
            return Ok(Added::Before(before.update));
        }
        Err(said_otherwise())
    }))
}

fn said_otherwise() -> CommandError {
    CommandError::refused(
        "narrative",
        "This form was saved before, with other answers. That update is kept: save again to add this one too",
    )
}

/// A rating has to be one of the plan's key. A correction may keep what it corrects.
fn check_rating(record: &Record, action: &Action, draft: &UpdateDraft) -> Result<(), CommandError> {
    let corrected = draft.supersedes.and_then(|id| action.updates.iter().find(|u| u.id == id));
    if corrected.is_some_and(|u| u.reported == draft.reported) || record.plan.key.takes(draft.reported) {
        return Ok(());
    }
    Err(CommandError::refused("reported", record.plan.key.refusal(draft.reported)))
}

/// Where a new update stands with the manager; none: the plan wants nobody to look first. What a manager writes or enters is
/// accepted at once.
fn review_of(actor: &Actor, record: &Record, action: &Action) -> Option<ReviewState> {
    let looks = may_on(actor, Permission::LookAtUpdates, &record.plan, action).is_ok();
    record.plan.manager_looks_first.then_some(if looks {
        ReviewState::Accepted
    } else {
        ReviewState::Submitted
    })
}

/// The action's last update, where the same person wrote it today and it says all of this one.
///
/// # Why
/// On the way back a browser fetches the form anew, with a new token, and fills in what was typed before: only the words
/// tell that it is the same update.
async fn said_just_now(
    from: &impl Source,
    actor: &Actor,
    action: &Action,
    draft: &UpdateDraft,
    now: Now,
) -> Result<Option<UpdateId>, StoreError> {
    // What was returned can be sent again word for word.
    let last = action.updates.iter().max_by_key(|u| u.id).filter(|u| !u.is_returned());
    let Some(last) = last else { return Ok(None) };
    let same_day = last.written_on == Some(now.today) && last.author == actor.person;
    let continues = action.state_at(now.today) == State::CompleteContinuing;
    if !same_day || !last.says_all_of(draft) || (draft.continuing && !continues) {
        return Ok(None);
    }
    let shown = store::update::evidence(from, action.id).await?.remove(&Some(last.id)).unwrap_or_default();
    Ok(draft.evidence.iter().all(|piece| shown.contains(piece)).then_some(last.id))
}

/// Where an update stands in time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) round: Option<RoundId>,
    /// None: not known, and it stays so.
    pub(super) written_on: Option<NaiveDate>,
    /// The day from which it counts: the day written, else its round's.
    pub(super) known_from: NaiveDate,
    /// Where it stands with the manager; none: nobody has to look first.
    pub(super) review: Option<ReviewState>,
    pub(super) came: Came,
}

/// The same within a transaction, for a plan that is read in too.
pub(super) async fn add_within(
    tx: &Tx,
    actor: &Actor,
    record: &Record,
    action: &Action,
    draft: &UpdateDraft,
    placed: &Placed,
    now: Now,
) -> Result<UpdateId, CommandError> {
    let Placed { round, written_on, known_from, review, came } = *placed;
    // What is not for publication does not become so by being put right.
    let corrected = draft.supersedes.and_then(|id| action.updates.iter().find(|u| u.id == id));
    let recorded = Recorded {
        round,
        written_on,
        at: now.at,
        author: actor.person,
        by_email_link: came == Came::ByLink,
        review,
        today: now.today,
        exempt: corrected.and_then(|u| action.exempt(u)),
    };
    let id = store::update::insert(tx, action.id, draft, &recorded).await?;
    // Putting an older update right says nothing about where the action stands now.
    let is_older =
        draft.supersedes.is_some() && action.latest_at(known_from).map(|u| u.id) != draft.supersedes;
    if review != Some(ReviewState::Submitted) && !is_older {
        let reported = Reported {
            update: id,
            rating: draft.reported,
            continuing: draft.continuing,
            takes_back: draft.supersedes,
        };
        follow_completion(tx, action, &reported, known_from, now).await?;
    }
    super::record(
        tx,
        now,
        actor,
        Event {
            plan: Some(record.plan.id),
            action: Some(action.id),
            kind: if draft.supersedes.is_some() { "update.corrected" } else { "update.added" },
            summary: summary(record, action, draft, round, came),
            detail: serde_json::json!({ "update": id.0 }),
        },
    )
    .await?;
    Ok(id)
}

/// The round that an update belongs to: the open one; a correction stays with what it corrects.
fn round_of(
    record: &Record,
    action: &Action,
    draft: &UpdateDraft,
    now: Now,
) -> Result<Option<RoundId>, CommandError> {
    let open = record.rounds.iter().rfind(|r| r.state == RoundState::Open).map(|r| r.id);
    let Some(corrected) = draft.supersedes else {
        return Ok(open);
    };
    let Some(corrected) = action.updates.iter().find(|u| u.id == corrected) else {
        return Err(CommandError::NotFound);
    };
    if action.updates_at(now.today).all(|u| u.id != corrected.id) {
        return Err(CommandError::refused(
            "narrative",
            "That update has been corrected already: correct the newer one",
        ));
    }
    let is_frozen = corrected.round.and_then(|id| record.round(id)).is_some_and(|r| r.state.is_closed());
    Ok(if is_frozen { open } else { corrected.round })
}

/// What an update says of where its action stands.
struct Reported {
    update: UpdateId,
    rating: Rating,
    continuing: bool,
    /// The update that it corrects: what that one said is taken back.
    takes_back: Option<UpdateId>,
}

/// Brings the action's state in line with what the update reports, from a day on.
async fn follow_completion(
    tx: &Tx,
    action: &Action,
    reported: &Reported,
    from: NaiveDate,
    now: Now,
) -> Result<(), CommandError> {
    let current = action.change_at(from);
    let state = current.map_or(State::Open, |c| c.state);
    let is_agreed = current.is_some_and(|c| c.agreed.is_some());
    let takes_back =
        reported.takes_back.is_some() && current.is_some_and(|c| c.update == reported.takes_back);
    let (next, reason) = match (state, reported.rating) {
        (State::Open | State::Complete | State::CompleteContinuing, Rating::Complete) => {
            let next = if reported.continuing { State::CompleteContinuing } else { State::Complete };
            // What has been agreed is not said again: the new row would be without the agreement.
            if next == state || is_agreed {
                return Ok(());
            }
            (next, None)
        }
        (State::Complete | State::CompleteContinuing, _) if takes_back && !is_agreed => {
            (State::Open, Some("the update that reported it complete was corrected".to_owned()))
        }
        (State::Complete | State::CompleteContinuing, rating) if rating.is_recorded() && !is_agreed => {
            (State::Open, Some("a later update reports that it is not complete".to_owned()))
        }
        _ => return Ok(()),
    };
    let change = StateChange {
        id: None,
        state: next,
        into: None,
        from,
        reason,
        agreed: None,
        update: Some(reported.update),
    };
    Ok(store::action::change_state(tx, action.id, &change, now.at).await?)
}

/// In words, without the text and the rating: those may not be published yet.
fn summary(
    record: &Record,
    action: &Action,
    draft: &UpdateDraft,
    round: Option<RoundId>,
    came: Came,
) -> String {
    let what = if draft.supersedes.is_some() { "Update corrected" } else { "Update added" };
    let round = round.and_then(|id| record.round(id)).map_or(String::new(), |r| format!(" for {}", r.label));
    let entered = draft.entered_for.as_ref().map_or(String::new(), |e| format!(", entered {}", e.words()));
    let link = if came == Came::ByLink { ", by email link" } else { "" };
    format!(
        "{what} on {}{round}{entered}{link} ({})",
        action.label,
        text::plural(draft.narrative.split_whitespace().count(), "word", "words")
    )
}
