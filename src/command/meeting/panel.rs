//! Panels: making and renaming them, and saying who took over from whom.
//!
//! A plan that is still monitored passes over to the successor by itself, and one whose monitoring has ended stays where it
//! was: see [`crate::store::record`]. So taking a succession back is no more than forgetting it, as long as nothing has
//! happened since.

use chrono::NaiveDate;

use super::super::{CommandError, Cx, Event, Now, changes};
use crate::{
    domain::{
        access::{Actor, Denied, Permission, may, may_in},
        id::PanelId,
        meeting::{Meeting, Panel},
        plan::Record,
        text,
    },
    store::{self, Tx, action::Saved, record::Depth},
};

/// Makes a panel.
///
/// # Errors
/// [`CommandError::Refused`] where the name is taken.
pub async fn create(cx: &Cx, actor: &Actor, name: &str) -> Result<PanelId, CommandError> {
    let tx = cx.store.begin().await?;
    let id = create_within(cx, &tx, actor, name, cx.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same within a transaction.
pub(in crate::command) async fn create_within(
    cx: &Cx,
    tx: &Tx,
    actor: &Actor,
    name: &str,
    now: Now,
) -> Result<PanelId, CommandError> {
    may(actor, Permission::RunRounds)?;
    let (panels, _) = store::meeting::all(tx).await?;
    is_free(cx, &panels, name, None)?;
    let id = store::meeting::panel_named(tx, name).await?;
    let event = Event {
        plan: None,
        action: None,
        kind: "panel.made",
        summary: format!("{}: {name}", cx.words().say("{Panel} added")),
        detail: serde_json::json!({ "panel": id.0 }),
    };
    super::super::record(tx, now, actor, event).await?;
    Ok(id)
}

/// Gives a panel another name.
///
/// # Errors
/// [`CommandError::Stale`] where somebody else saved in between; [`CommandError::Refused`] where the name is taken.
pub async fn rename(
    cx: &Cx,
    actor: &Actor,
    id: PanelId,
    version: i32,
    name: &str,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    may_change(&tx, actor, id, now).await?;
    let (panels, _) = store::meeting::all(&tx).await?;
    let before = find(&panels, id)?;
    is_free(cx, &panels, name, Some(id))?;
    if store::meeting::rename_panel(&tx, id, version, name).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let event = Event {
        plan: None,
        action: None,
        kind: "panel.renamed",
        summary: format!("{} is now called {name}", before.name),
        detail: changes([("Name", before.name.clone(), name.to_owned())]),
    };
    super::super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Records that a panel is succeeded by another from a day on: its plans that are still monitored pass over.
///
/// # Errors
/// [`CommandError::Refused`] where it has a successor already, where the other is itself gone or would be succeeded in a
/// circle, where the day is still to come, and where the panel has meetings on or after it that have been held or have a
/// closed round, or others, unless `with_meetings`: then these pass over too.
pub async fn succeed(
    cx: &Cx,
    actor: &Actor,
    id: PanelId,
    successor: PanelId,
    on: NaiveDate,
    with_meetings: bool,
) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    may_change(&tx, actor, id, now).await?;
    let (panels, meetings) = store::meeting::all(&tx).await?;
    let (old, new) = (find(&panels, id)?, find(&panels, successor)?);
    let refuse = |field, message: String| Err(CommandError::refused(field, message));
    if let Some(next) = old.successor.and_then(|next| panels.iter().find(|p| p.id == next)) {
        return refuse("successor", format!("{} has been succeeded by {} already", old.name, next.name));
    }
    if old.id == new.id {
        return refuse("successor", format!("{} can’t succeed itself: choose another", old.name));
    }
    if leads_to(&panels, new, old.id) {
        let message =
            format!("{} was itself succeeded by {}: that would go round in a circle", new.name, old.name);
        return refuse("successor", message);
    }
    if let Some(ended) = new.ended_on {
        let message = format!("{} ended on {}: choose one that still meets", new.name, text::day(ended));
        return refuse("successor", message);
    }
    if on > now.today {
        return refuse("from", "Plans pass over at once: enter today or an earlier day".to_owned());
    }
    let theirs: Vec<&Meeting> = meetings.iter().filter(|m| m.panel == id && m.held_on >= on).collect();
    let days = |of: &[&Meeting]| {
        let days: Vec<String> = of.iter().map(|m| text::day(m.held_on)).collect();
        format!("{} on {}", if of.len() == 1 { "a meeting" } else { "meetings" }, text::list(&days))
    };
    let mut stay = Vec::new();
    for meeting in &theirs {
        let rounds = store::round::of_meeting(&tx, meeting.id).await?;
        let is_closed = rounds.iter().any(|row| row.round.state.is_closed());
        if meeting.held_on < now.today || is_closed || store::decision::any_of(&tx, meeting.id).await? {
            stay.push(*meeting);
        }
    }
    if !stay.is_empty() {
        let until = stay.iter().map(|m| m.held_on).max().filter(|last| *last >= now.today);
        let when = until.map_or_else(
            || "enter a later day".to_owned(),
            |last| format!("another can take over from the day after {}", text::day(last)),
        );
        let message = format!(
            "{} has {} that can’t pass over, held already or with closed papers: {when}",
            old.name,
            days(&stay)
        );
        return refuse("from", message);
    }
    if !theirs.is_empty() && !with_meetings {
        let message =
            format!("{} has {} to come: tick the box if they pass over too", old.name, days(&theirs));
        return refuse("with_meetings", message);
    }
    for meeting in theirs {
        if meetings.iter().any(|m| m.panel == new.id && m.held_on == meeting.held_on) {
            let message =
                format!("Both meet on {}: change one of these meetings first", text::day(meeting.held_on));
            return refuse("with_meetings", message);
        }
        super::pass_over(&tx, actor, meeting, new, now).await?;
    }
    if store::meeting::succeed(&tx, id, old.version, Some((successor, on))).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let event = Event {
        plan: None,
        action: None,
        kind: "panel.succeeded",
        summary: format!("{} is succeeded by {} from {}", old.name, new.name, text::day(on)),
        detail: serde_json::json!({ "panel": id.0, "successor": successor.0 }),
    };
    super::super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a succession back: the plans are the old panel's again.
///
/// # Errors
/// [`CommandError::Refused`] where something has been planned or decided for one of these plans at a meeting of the
/// successor since; [`CommandError::Stale`] where there is no succession to take back.
pub async fn take_back(cx: &Cx, actor: &Actor, id: PanelId) -> Result<(), CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    may_change(&tx, actor, id, now).await?;
    let (panels, _) = store::meeting::all(&tx).await?;
    let old = find(&panels, id)?;
    let Some(new) = old.successor.and_then(|next| panels.iter().find(|p| p.id == next)) else {
        return Err(CommandError::Stale);
    };
    if let Some(message) = hangs_on(&tx, old).await? {
        return Err(CommandError::refused("", message));
    }
    if store::meeting::succeed(&tx, id, old.version, None).await? == Saved::Stale {
        return Err(CommandError::Stale);
    }
    let event = Event {
        plan: None,
        action: None,
        kind: "panel.succession_taken_back",
        summary: format!("Taken back: {} is not succeeded by {}", old.name, new.name),
        detail: serde_json::json!({ "panel": id.0, "successor": new.id.0 }),
    };
    super::super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    Ok(())
}

/// The plans that a panel watches, or watched before they passed over, whoever asks.
async fn plans_of(tx: &Tx, id: PanelId) -> Result<Vec<Record>, CommandError> {
    let mut records = store::record::all(tx, &Actor::program("Panels"), Depth::Current).await?;
    records.retain(|record| record.plan.panels.iter().any(|panel| panel.id == id));
    Ok(records)
}

/// Whether somebody may change what is said of a panel: they run rounds in every plan of it that is still monitored.
async fn may_change(tx: &Tx, actor: &Actor, id: PanelId, now: Now) -> Result<(), CommandError> {
    may(actor, Permission::RunRounds)?;
    let theirs = |record: &Record| may_in(actor, Permission::RunRounds, &record.plan).is_ok();
    let plans = plans_of(tx, id).await?;
    if plans.iter().all(|record| !record.is_monitored(now.today) || theirs(record)) {
        return Ok(());
    }
    Err(Denied::but("Only a scrutiny officer of every plan that this {panel} watches").into())
}

/// What has happened since a succession that hangs on it, in words; none: it can be taken back.
async fn hangs_on(tx: &Tx, old: &Panel) -> Result<Option<String>, CommandError> {
    for record in plans_of(tx, old.id).await? {
        let since = |on: NaiveDate| old.ended_on.is_none_or(|ended| on >= ended);
        let round = record
            .rounds
            .iter()
            .find(|round| round.meeting.as_ref().is_some_and(|m| m.panel != old.id && since(m.held_on)));
        let title = &record.plan.title;
        if let Some(round) = round {
            return Ok(Some(format!(
                "{title} has the round {} for a meeting held since: the succession can’t be taken back any more",
                round.label
            )));
        }
        if let Some(decided) = record.decided.iter().find(|d| since(d.resolution.on)) {
            return Ok(Some(format!(
                "Something was decided on {title} on {}: the succession can’t be taken back any more",
                text::day(decided.resolution.on)
            )));
        }
    }
    Ok(None)
}

/// Whether a panel was succeeded, over however many others, by one.
fn leads_to(panels: &[Panel], from: &Panel, to: PanelId) -> bool {
    let mut next = from.successor;
    // At most as many steps as there are panels.
    for _ in panels {
        match next {
            Some(id) if id == to => return true,
            Some(id) => next = panels.iter().find(|p| p.id == id).and_then(|p| p.successor),
            None => return false,
        }
    }
    false
}

fn find(panels: &[Panel], id: PanelId) -> Result<&Panel, CommandError> {
    panels.iter().find(|panel| panel.id == id).ok_or(CommandError::NotFound)
}

/// Whether no other panel has this name, in whatever capitals: people would take the two for one.
fn is_free(cx: &Cx, panels: &[Panel], name: &str, but: Option<PanelId>) -> Result<(), CommandError> {
    if panels.iter().any(|panel| Some(panel.id) != but && panel.is_called(name)) {
        let message = cx.words().say("There is {a panel} with this name already");
        return Err(CommandError::refused("name", message));
    }
    Ok(())
}
