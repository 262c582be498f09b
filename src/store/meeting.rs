//! Panels and their meetings: reads and saves both.

use chrono::NaiveDate;
use entity::{meeting, panel};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter,
    QueryOrder,
};

use super::{Source, StoreError, Tx, action::Saved};
use crate::domain::{
    id::{MeetingId, PanelId},
    meeting::{Dates, Meeting, Panel},
};

/// Every panel by name, and every meeting by day: one statement.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn all(from: &impl Source) -> Result<(Vec<Panel>, Vec<Meeting>), StoreError> {
    let rows = panel::Entity::find()
        .order_by_asc(panel::Column::Name)
        .order_by_asc(panel::Column::Id)
        .find_with_related(meeting::Entity)
        .all(from.on())
        .await?;
    let (mut panels, mut meetings) = (Vec::with_capacity(rows.len()), Vec::new());
    for (row, held) in rows {
        meetings.extend(held.into_iter().map(|m| Meeting {
            id: MeetingId(m.id),
            version: m.version,
            panel: PanelId(m.panel_id),
            panel_name: row.name.clone(),
            held_on: m.held_on,
            dates: Dates {
                updates_due_on: m.updates_due_on,
                papers_due_on: m.papers_due_on,
                agenda_on: m.agenda_on,
            },
        }));
        panels.push(Panel {
            id: PanelId(row.id),
            version: row.version,
            name: row.name,
            successor: row.successor_id.map(PanelId),
            ended_on: row.ended_on,
        });
    }
    meetings.sort_by_key(|m| (m.held_on, m.id));
    Ok((panels, meetings))
}

/// The panel with a name; made, where there is none.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn panel_named(tx: &Tx, name: &str) -> Result<PanelId, StoreError> {
    if let Some(row) = panel::Entity::find().filter(panel::Column::Name.eq(name)).one(tx.on()).await? {
        return Ok(PanelId(row.id));
    }
    let row = panel::ActiveModel {
        id: NotSet,
        name: Set(name.to_owned()),
        ended_on: Set(None),
        successor_id: Set(None),
        version: Set(1),
    }
    .insert(tx.on())
    .await?;
    Ok(PanelId(row.id))
}

/// The meeting of a panel on a day; made with these dates, where there is none.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn meeting_on(
    tx: &Tx,
    panel: PanelId,
    held_on: NaiveDate,
    dates: Dates,
) -> Result<MeetingId, StoreError> {
    let there = meeting::Entity::find()
        .filter(meeting::Column::PanelId.eq(panel.0))
        .filter(meeting::Column::HeldOn.eq(held_on))
        .one(tx.on())
        .await?;
    if let Some(row) = there {
        return Ok(MeetingId(row.id));
    }
    let row = meeting::ActiveModel {
        id: NotSet,
        panel_id: Set(panel.0),
        held_on: Set(held_on),
        updates_due_on: Set(dates.updates_due_on),
        papers_due_on: Set(dates.papers_due_on),
        agenda_on: Set(dates.agenda_on),
        version: Set(1),
    }
    .insert(tx.on())
    .await?;
    Ok(MeetingId(row.id))
}

/// Records a meeting.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where the panel meets on that day already.
pub async fn insert(
    tx: &Tx,
    panel: PanelId,
    held_on: NaiveDate,
    dates: Dates,
) -> Result<MeetingId, StoreError> {
    let row = meeting::ActiveModel { id: NotSet, version: Set(1), ..columns(panel, held_on, dates) };
    Ok(MeetingId(row.insert(tx.on()).await?.id))
}

/// Changes a meeting, if its version is still the one that the editor saw.
///
/// # Errors
/// As [`insert`].
pub async fn save(
    tx: &Tx,
    id: MeetingId,
    version: i32,
    panel: PanelId,
    held_on: NaiveDate,
    dates: Dates,
) -> Result<Saved, StoreError> {
    let done = meeting::Entity::update_many()
        .set(meeting::ActiveModel { version: Set(version + 1), ..columns(panel, held_on, dates) })
        .filter(meeting::Column::Id.eq(id.0))
        .filter(meeting::Column::Version.eq(version))
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

/// Takes a meeting out.
///
/// # Errors
/// [`StoreError`] if the database refuses, as it does where something hangs on it.
pub async fn remove(tx: &Tx, id: MeetingId) -> Result<(), StoreError> {
    meeting::Entity::delete_by_id(id.0).exec(tx.on()).await?;
    Ok(())
}

fn columns(panel: PanelId, held_on: NaiveDate, dates: Dates) -> meeting::ActiveModel {
    meeting::ActiveModel {
        panel_id: Set(panel.0),
        held_on: Set(held_on),
        updates_due_on: Set(dates.updates_due_on),
        papers_due_on: Set(dates.papers_due_on),
        agenda_on: Set(dates.agenda_on),
        ..Default::default()
    }
}

/// Gives a panel another name, if its version is still the one that the editor saw.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where the name is taken.
pub async fn rename_panel(tx: &Tx, id: PanelId, version: i32, name: &str) -> Result<Saved, StoreError> {
    change_panel(
        tx,
        id,
        version,
        panel::ActiveModel { name: Set(name.to_owned()), version: Set(version + 1), ..Default::default() },
    )
    .await
}

/// Says who took over from a panel and from which day, or that nobody did.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn succeed(
    tx: &Tx,
    id: PanelId,
    version: i32,
    by: Option<(PanelId, NaiveDate)>,
) -> Result<Saved, StoreError> {
    let row = panel::ActiveModel {
        successor_id: Set(by.map(|(successor, _)| successor.0)),
        ended_on: Set(by.map(|(_, on)| on)),
        version: Set(version + 1),
        ..Default::default()
    };
    change_panel(tx, id, version, row).await
}

async fn change_panel(
    tx: &Tx,
    id: PanelId,
    version: i32,
    row: panel::ActiveModel,
) -> Result<Saved, StoreError> {
    let done = panel::Entity::update_many()
        .set(row)
        .filter(panel::Column::Id.eq(id.0))
        .filter(panel::Column::Version.eq(version))
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}
