//! What people are to be told in their next digest: noted with its cause, put into one message, or settled before.

use chrono::NaiveDate;
use entity::{notice, person};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};

use super::{Source, StoreError, Tx, code, record::person_of};
use crate::domain::{
    id::{ActionId, NoticeId, PersonId, PlanId, QuestionId, ResolutionId, RevisionId, UpdateId},
    reminder::notice::{About, Kind, Notice},
};

/// Something to be noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice<'a> {
    /// About what.
    pub about: About,
    /// Whom.
    pub person: PersonId,
    /// On which action.
    pub action: ActionId,
    /// Of which plan.
    pub plan: PlanId,
    /// What it says.
    pub sentence: &'a str,
    /// What it says besides, a line each.
    pub lines: &'a [String],
    /// The office day.
    pub on: NaiveDate,
}

/// Notes it. False: it was noted before.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert(tx: &Tx, new: &NewNotice<'_>) -> Result<bool, StoreError> {
    let (mut update, mut question, mut resolution, mut revision, mut from) = (None, None, None, None, None);
    match new.about {
        About::Returned(id) => update = Some(id.0),
        About::Question(id) => question = Some(id.0),
        About::Decision(id) => resolution = Some(id.0),
        About::Date(id) => revision = Some(id.0),
        About::Assigned(day) | About::Refused(day) => from = Some(day),
    }
    let row = notice::ActiveModel {
        id: NotSet,
        unique_key: Set(new.about.key(new.action, new.person)),
        kind: Set(new.about.kind().code().to_owned()),
        person_id: Set(new.person.0),
        plan_id: Set(new.plan.0),
        action_id: Set(Some(new.action.0)),
        update_id: Set(update),
        question_id: Set(question),
        resolution_id: Set(resolution),
        revision_id: Set(revision),
        from_day: Set(from),
        sentence: Set(new.sentence.to_owned()),
        lines: Set(new.lines.join("\n")),
        noted_on: Set(new.on),
        outbox_id: Set(None),
        settled: Set(None),
    };
    let done = notice::Entity::insert(row)
        .on_conflict(OnConflict::column(notice::Column::UniqueKey).do_nothing().to_owned())
        .exec_without_returning(tx.on())
        .await?;
    Ok(done == 1)
}

fn waits() -> Condition {
    Condition::all()
        .add(notice::Column::OutboxId.is_null())
        .add(notice::Column::Settled.is_null())
        .add(notice::Column::ActionId.is_not_null())
}

/// Those that are in no message yet, oldest first.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn waiting(from: &impl Source) -> Result<Vec<Notice>, StoreError> {
    find(from, waits()).await
}

/// The newest of those that are in no message yet and should go on their day; none: there is none.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn newest_urgent(from: &impl Source) -> Result<Option<i64>, StoreError> {
    let urgent = Kind::ALL.iter().filter(|kind| kind.is_urgent()).map(|kind| kind.code());
    Ok(notice::Entity::find()
        .select_only()
        .column(notice::Column::Id)
        .filter(waits())
        .filter(notice::Column::Kind.is_in(urgent))
        .order_by_desc(notice::Column::Id)
        .into_tuple()
        .one(from.on())
        .await?)
}

/// Those that stand in some messages, each with its message.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn of_messages(from: &impl Source, messages: &[i64]) -> Result<Vec<(i64, Notice)>, StoreError> {
    let which = Condition::all()
        .add(notice::Column::OutboxId.is_in(messages.iter().copied()))
        .add(notice::Column::ActionId.is_not_null());
    let rows = notice::Entity::find()
        .filter(which)
        .find_also_related(person::Entity)
        .order_by_asc(notice::Column::Id)
        .all(from.on())
        .await?;
    rows.into_iter()
        .filter_map(|(row, by)| {
            let message = row.outbox_id?;
            notice_of(row, by).map(|notice| Some((message, notice?))).transpose()
        })
        .collect()
}

async fn find(from: &impl Source, which: Condition) -> Result<Vec<Notice>, StoreError> {
    let rows = notice::Entity::find()
        .filter(which)
        .find_also_related(person::Entity)
        .order_by_asc(notice::Column::Id)
        .all(from.on())
        .await?;
    rows.into_iter().filter_map(|(row, by)| notice_of(row, by).transpose()).collect()
}

fn notice_of(row: notice::Model, by: Option<person::Model>) -> Result<Option<Notice>, StoreError> {
    let kind = code(Kind::from_code(&row.kind), "notice", row.id, &row.kind)?;
    let about = match kind {
        Kind::Question => row.question_id.map(|id| About::Question(QuestionId(id))),
        Kind::Returned => row.update_id.map(|id| About::Returned(UpdateId(id))),
        Kind::Decision => row.resolution_id.map(|id| About::Decision(ResolutionId(id))),
        Kind::Date => row.revision_id.map(|id| About::Date(RevisionId(id))),
        Kind::Assigned => row.from_day.map(About::Assigned),
        Kind::Refused => row.from_day.map(About::Refused),
    };
    let (Some(about), Some(by), Some(action)) = (about, by, row.action_id) else { return Ok(None) };
    Ok(Some(Notice {
        id: NoticeId(row.id),
        kind,
        about,
        person: person_of(by),
        action: ActionId(action),
        plan: PlanId(row.plan_id),
        sentence: row.sentence,
        lines: row.lines.lines().map(str::to_owned).collect(),
        on: row.noted_on,
    }))
}

/// Puts some into a message.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn put_into(
    tx: &Tx,
    message: i64,
    notices: impl IntoIterator<Item = NoticeId>,
) -> Result<(), StoreError> {
    let ids: Vec<i64> = notices.into_iter().map(|id| id.0).collect();
    if ids.is_empty() {
        return Ok(());
    }
    notice::Entity::update_many()
        .set(notice::ActiveModel { outbox_id: Set(Some(message)), ..Default::default() })
        .filter(notice::Column::Id.is_in(ids))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Takes all out of some messages again: they go into a later one.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn take_out(tx: &Tx, messages: &[i64]) -> Result<(), StoreError> {
    notice::Entity::update_many()
        .set(notice::ActiveModel { outbox_id: Set(None), ..Default::default() })
        .filter(notice::Column::OutboxId.is_in(messages.iter().copied()))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Takes one out of its message again: it waits for a later one.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn let_wait(tx: &Tx, id: NoticeId) -> Result<(), StoreError> {
    notice::Entity::update_many()
        .set(notice::ActiveModel { outbox_id: Set(None), ..Default::default() })
        .filter(notice::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Settles one that is not to be said any more, with the reason.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn settle(tx: &Tx, id: NoticeId, why: &str) -> Result<(), StoreError> {
    notice::Entity::update_many()
        .set(notice::ActiveModel {
            outbox_id: Set(None),
            settled: Set(Some(why.to_owned())),
            ..Default::default()
        })
        .filter(notice::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Deletes that actions are somebody's from a day, as far as it waits.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn take_back_assigned(
    tx: &Tx,
    person: PersonId,
    from: NaiveDate,
    actions: &[ActionId],
) -> Result<(), StoreError> {
    notice::Entity::delete_many()
        .filter(waits())
        .filter(notice::Column::Kind.eq(Kind::Assigned.code()))
        .filter(notice::Column::PersonId.eq(person.0))
        .filter(notice::Column::FromDay.eq(from))
        .filter(notice::Column::ActionId.is_in(actions.iter().map(|action| action.0)))
        .exec(tx.on())
        .await?;
    Ok(())
}
