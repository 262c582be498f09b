//! Looking at an update before it counts as accepted: a manager accepts it, or returns it with a comment.
//!
//! What an update reports of its action (that it is complete, or not any more) holds from the day on which it is accepted.
//! One that is returned does not count, and whoever wrote it is told in their next digest.

use super::{Reported, follow_completion};
use crate::{
    command::{CommandError, Cx, Event, Now, notice, record as record_event},
    domain::{
        access::{Actor, Permission, may_on},
        action::{Action, State, StateChange},
        id::{ActionId, UpdateId},
        plan::Record,
        post::Person,
        reminder::{notice::About, recipients, to::is_reachable},
        text,
        update::{ReviewState, Update},
    },
    store::{self, Tx, action::Saved, record::Depth, update::review::Reviewed},
};

/// Why most updates of a plan can't be looked at.
const NOBODY_HAS_TO: &str = "Nobody has to look at this update first";

/// The form's field beside which a refusal stands.
pub const FIELD: &str = "decision";

/// Accepts an update that waits: it counts like any other from now on.
///
/// # Errors
/// [`CommandError::Refused`] in words where it does not wait any more.
pub async fn accept(cx: &Cx, actor: &Actor, id: UpdateId) -> Result<ActionId, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record = waiting(&tx, actor, id, now).await?;
    let (action, update) = find(&record, id)?;
    if update.review.is_none() {
        return Err(CommandError::refused(FIELD, NOBODY_HAS_TO));
    }
    save(&tx, actor, id, ReviewState::Accepted, None, now).await?;
    // A later word that is accepted already says more of where the action stands.
    let is_overtaken = action
        .updates_at(now.today)
        .any(|u| action.place(u) > action.place(update) && !u.awaits_review() && u.reported.is_recorded());
    if !is_overtaken {
        let reported = Reported {
            update: id,
            rating: update.reported,
            continuing: update.continuing,
            takes_back: update.supersedes,
        };
        follow_completion(&tx, action, &reported, now.today, now).await?;
    }
    let event = Event {
        plan: Some(record.plan.id),
        action: Some(action.id),
        kind: "update.accepted",
        summary: format!("Update on {} accepted", action.label),
        detail: serde_json::json!({ "update": id.0 }),
    };
    record_event(&tx, now, actor, event).await?;
    let action = action.id;
    tx.commit().await?;
    Ok(action)
}

/// What became of a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedTo {
    /// The action.
    pub action: ActionId,
    /// The names of those who are mailed; none: nobody can be reached.
    pub mailed: Vec<String>,
}

/// Returns an update that waits, or one that came by a round's link, with a comment: it does not count any more, and whoever wrote it is asked again.
///
/// # Errors
/// [`CommandError::Refused`] in words where it does not wait any more.
pub async fn give_back(
    cx: &Cx,
    actor: &Actor,
    id: UpdateId,
    comment: &str,
) -> Result<ReturnedTo, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let record = waiting(&tx, actor, id, now).await?;
    let (action, update) = find(&record, id)?;
    save(&tx, actor, id, ReviewState::Returned, Some(comment), now).await?;
    // What it corrected counts again.
    let mut without = action.clone();
    without.updates.retain(|u| u.id != id);
    let latest = without.latest_at(now.today).map(|u| u.id);
    store::update::review::make_latest(&tx, action.id, latest).await?;
    if update.review.is_none() {
        undo_completion(&tx, action, id, now).await?;
    }
    let event = Event {
        plan: Some(record.plan.id),
        action: Some(action.id),
        kind: "update.returned",
        summary: format!("Update on {} returned with a comment", action.label),
        detail: serde_json::json!({ "update": id.0 }),
    };
    record_event(&tx, now, actor, event).await?;
    let mailed = tell(&tx, actor, &record, action, update, now).await?;
    let action = action.id;
    tx.commit().await?;
    Ok(ReturnedTo { action, mailed })
}

/// Takes back what an update has made of its action that counted until it was returned: where it stands is as before.
async fn undo_completion(tx: &Tx, action: &Action, id: UpdateId, now: Now) -> Result<(), CommandError> {
    let Some(made) = action.change_at(now.today).filter(|c| c.update == Some(id) && c.agreed.is_none())
    else {
        return Ok(());
    };
    let before = action.states.iter().take_while(|change| *change != made).last();
    let change = StateChange {
        id: None,
        state: before.map_or(State::Open, |change| change.state),
        into: None,
        from: now.today,
        reason: Some("the update that said otherwise was returned".to_owned()),
        agreed: None,
        update: before.and_then(|change| change.update),
    };
    Ok(store::action::change_state(tx, action.id, &change, now.at).await?)
}

/// The record of an update that a manager may look at and that still waits.
async fn waiting(tx: &Tx, actor: &Actor, id: UpdateId, now: Now) -> Result<Record, CommandError> {
    let action = store::update::action_of(tx, id).await?.ok_or(CommandError::NotFound)?;
    let record = store::record::of_action(tx, actor, action, Depth::Everything)
        .await?
        .ok_or(CommandError::NotFound)?;
    let (action, update) = find(&record, id)?;
    may_on(actor, Permission::LookAtUpdates, &record.plan, action)?;
    match why_not(&record, action, update, now.today) {
        Some(why) => Err(CommandError::refused(FIELD, why)),
        None => Ok(record),
    }
}

/// Why an update can't be looked at; none: it can. One that came by a round's link counts at once where the plan wants nobody to
/// look first, and can still be returned until its round closes.
pub fn why_not(
    record: &Record,
    action: &Action,
    update: &Update,
    today: chrono::NaiveDate,
) -> Option<String> {
    let done = |word: &str, on: Option<chrono::NaiveDate>| {
        let on = on.map_or(String::new(), |on| format!(" on {}", text::day(on)));
        Some(format!("This update was {word} already{on}"))
    };
    let is_corrected = || action.updates_at(today).all(|u| u.id != update.id);
    let corrected = || Some("This update has been corrected since: look at the correction".to_owned());
    match &update.review {
        None if !update.by_email_link => Some(NOBODY_HAS_TO.to_owned()),
        None if update.round.and_then(|id| record.round(id)).is_none_or(|r| r.state.is_closed()) => {
            Some("Its round is closed: it can’t be returned any more".to_owned())
        }
        None => {
            if is_corrected() {
                corrected()
            } else {
                None
            }
        }
        Some(review) => match review.state {
            ReviewState::Accepted => done("accepted", review.on),
            ReviewState::Returned => done("returned", review.on),
            ReviewState::Submitted if is_corrected() => corrected(),
            ReviewState::Submitted => None,
        },
    }
}

fn find(record: &Record, id: UpdateId) -> Result<(&Action, &Update), CommandError> {
    record
        .actions
        .iter()
        .find_map(|a| Some((a, a.updates.iter().find(|u| u.id == id)?)))
        .ok_or(CommandError::NotFound)
}

async fn save(
    tx: &Tx,
    actor: &Actor,
    id: UpdateId,
    state: ReviewState,
    comment: Option<&str>,
    now: Now,
) -> Result<(), CommandError> {
    let reviewed = Reviewed { state, comment, on: now.today, by: actor.person };
    match store::update::review::save(tx, id, &reviewed).await? {
        Saved::Yes => Ok(()),
        Saved::Stale => Err(CommandError::Stale),
    }
}

/// Notes it for whoever wrote it; where they can't be reached, for whoever would be asked for it now. Whoever returned it
/// knows of it.
async fn tell(
    tx: &Tx,
    actor: &Actor,
    record: &Record,
    action: &Action,
    update: &Update,
    now: Now,
) -> Result<Vec<String>, CommandError> {
    let author = match update.author {
        Some(author) => store::person::by_id(tx, author).await?.map(|account| account.person),
        None => None,
    };
    let people: Vec<Person> = match author.filter(|person| is_reachable(record, person)) {
        Some(author) => vec![author],
        None => recipients(record, action, now.today).people.iter().map(|to| to.person.clone()).collect(),
    };
    let round = update.round.and_then(|id| record.round(id));
    let of_round = round.map_or(String::new(), |round| format!(" for {}", round.label));
    let due = round.and_then(|round| round.updates_due_on).filter(|due| *due >= now.today);
    let by = due.map_or(String::new(), |due| format!(" by {}", text::weekday_day(due)));
    // Its reader may not be its author: not “your update”.
    let sentence = format!(
        "The update{of_round} was returned with a comment. Until it is sent again it does not count as received: read the comment, change the text, which is still there, and send it again{by}."
    );
    let mut told = Vec::new();
    for person in people.iter().filter(|p| Some(p.id) != actor.person) {
        let about = About::Returned(update.id);
        if notice::note(tx, about, (record, action), person, (&sentence, &[]), now).await? {
            told.push(person.name.clone());
        }
    }
    Ok(told)
}
