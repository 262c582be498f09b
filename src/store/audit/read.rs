//! Reads the history: all of it, one plan's, one person's; as much of it as a reader may and wants to see.

use chrono::{DateTime, NaiveDate, Utc};
use entity::audit_event;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde_json::Value;

use crate::{
    domain::id::{ActionId, PersonId, PlanId, RoundId},
    store::{Source, StoreError, search},
};

/// One change, as it is recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number in the whole history, from 1.
    pub number: i64,
    /// The instant.
    pub at: DateTime<Utc>,
    /// The office day.
    pub office_day: NaiveDate,
    /// Who, if a person.
    pub actor: Option<PersonId>,
    /// Their name then; none: it was erased.
    pub actor_name: Option<String>,
    /// Whom it is about, if a person.
    pub person: Option<PersonId>,
    /// The plan it touches.
    pub plan: Option<PlanId>,
    /// The action it touches.
    pub action: Option<ActionId>,
    /// What kind of change: "update.added".
    pub kind: String,
    /// What happened.
    pub content: Content,
    /// The chain's link; empty: this event was not written by the program.
    pub link: String,
}

/// What an event says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// It is there.
    Kept {
        /// What happened, in plain words.
        summary: String,
        /// What changed: see [`super::NewEvent::detail`].
        detail: Value,
    },
    /// It was erased, then.
    Erased(DateTime<Utc>),
}

impl Event {
    /// Who did it, for pages.
    pub fn who(&self) -> &str {
        self.actor_name.as_deref().unwrap_or("Somebody who has left")
    }

    /// What happened, in plain words; none: it was erased.
    pub fn summary(&self) -> Option<&str> {
        match &self.content {
            Content::Kept { summary, .. } => Some(summary),
            Content::Erased(_) => None,
        }
    }

    /// What changed; null where it was erased.
    pub fn detail(&self) -> &Value {
        match &self.content {
            Content::Kept { detail, .. } => detail,
            Content::Erased(_) => &Value::Null,
        }
    }
}

/// Whose history is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The whole installation.
    All,
    /// One plan.
    Plan(PlanId),
    /// One action.
    Action(ActionId),
    /// What one person did, and what was done about them.
    Person(PersonId),
}

/// A page of the history, newest first: up to `limit` events after skipping `offset`.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn list(from: &impl Source, of: Of, offset: u64, limit: u64) -> Result<Vec<Event>, StoreError> {
    let rows =
        of_whom(of).order_by_desc(audit_event::Column::Id).offset(offset).limit(limit).all(from.on()).await?;
    Ok(rows.into_iter().map(event).collect())
}

/// What a reader may see of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The plans of which events are shown.
    pub plans: Vec<PlanId>,
    /// Those of them of which events about updates are shown: they tell that there is one before it is published.
    pub updates_of: Vec<PlanId>,
    /// Events about posts.
    pub posts: bool,
    /// Events about panels and meetings.
    pub meetings: bool,
    /// Events about people, and everything else that belongs to no plan.
    pub people: bool,
}

/// What a reader wants to see of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The first office day.
    pub from: Option<NaiveDate>,
    /// The last office day.
    pub to: Option<NaiveDate>,
    /// Words in the name of who did it.
    pub who: Option<String>,
}

/// A page of what a reader may and wants to see of the history, newest first, and how many events there are in all.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn shown(
    from: &impl Source,
    of: Of,
    shown: &Shown,
    wanted: &Wanted,
    offset: u64,
    limit: u64,
) -> Result<(Vec<Event>, u64), StoreError> {
    use audit_event::Column;
    let within = |plans: &[PlanId]| Column::PlanId.is_in(plans.iter().map(|p| p.0));
    let mut may_see = Condition::any()
        .add(Condition::all().add(within(&shown.plans)).add(Column::Kind.not_like("update.%")))
        .add(within(&shown.updates_of));
    let unplanned = || Condition::all().add(Column::PlanId.is_null());
    if shown.posts {
        may_see = may_see.add(unplanned().add(Column::Kind.like("post.%")));
    }
    let about_meetings =
        || Condition::any().add(Column::Kind.like("panel.%")).add(Column::Kind.like("meeting.%"));
    if shown.meetings {
        may_see = may_see.add(unplanned().add(about_meetings()));
    }
    if shown.people {
        may_see = may_see.add(unplanned().add(Column::Kind.not_like("post.%")));
    }
    let mut select = of_whom(of).filter(may_see);
    if let Some(day) = wanted.from {
        select = select.filter(Column::OfficeDay.gte(day));
    }
    if let Some(day) = wanted.to {
        select = select.filter(Column::OfficeDay.lte(day));
    }
    if let Some(who) = &wanted.who {
        select = select.filter(search::holds([Column::ActorName], who));
    }
    let count = select.clone().count(from.on()).await?;
    let rows = select.order_by_desc(Column::Id).offset(offset).limit(limit).all(from.on()).await?;
    Ok((rows.into_iter().map(event).collect(), count))
}

/// What in the history says that something was decided: on a date, on what was put to a panel, its ratings and conclusions.
const DECISIONS: [&str; 5] =
    ["deadline.granted", "deadline.refused", "decision.recorded", "decision.rated", "decision.concluded"];

/// The decisions on some plans that were recorded after an office day: the plan of each, and its action if it has one.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn decided_after(
    from: &impl Source,
    plans: &[PlanId],
    day: NaiveDate,
) -> Result<Vec<(PlanId, Option<ActionId>)>, StoreError> {
    let rows: Vec<(i64, Option<i64>)> = audit_event::Entity::find()
        .select_only()
        .column(audit_event::Column::PlanId)
        .column(audit_event::Column::ActionId)
        .filter(audit_event::Column::PlanId.is_in(plans.iter().map(|p| p.0)))
        .filter(audit_event::Column::Kind.is_in(DECISIONS))
        .filter(audit_event::Column::OfficeDay.gt(day))
        .into_tuple()
        .all(from.on())
        .await?;
    Ok(rows.into_iter().map(|(plan, action)| (PlanId(plan), action.map(ActionId))).collect())
}

/// The first events after one, oldest first: how the whole history is read piece by piece.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn after(from: &impl Source, number: i64, limit: u64) -> Result<Vec<Event>, StoreError> {
    let rows = audit_event::Entity::find()
        .filter(audit_event::Column::Id.gt(number))
        .order_by_asc(audit_event::Column::Id)
        .limit(limit)
        .all(from.on())
        .await?;
    Ok(rows.into_iter().map(event).collect())
}

fn of_whom(of: Of) -> Select<audit_event::Entity> {
    let select = audit_event::Entity::find();
    match of {
        Of::All => select,
        Of::Plan(id) => select.filter(audit_event::Column::PlanId.eq(id.0)),
        Of::Action(id) => select.filter(audit_event::Column::ActionId.eq(id.0)),
        Of::Person(id) => select.filter(
            Condition::any()
                .add(audit_event::Column::ActorId.eq(id.0))
                .add(audit_event::Column::PersonId.eq(id.0)),
        ),
    }
}

fn event(row: audit_event::Model) -> Event {
    Event {
        number: row.id,
        at: row.at,
        office_day: row.office_day,
        actor: row.actor_id.map(PersonId),
        actor_name: Some(row.actor_name).filter(|_| row.name_erased_at.is_none()),
        person: row.person_id.map(PersonId),
        plan: row.plan_id.map(PlanId),
        action: row.action_id.map(ActionId),
        kind: row.kind,
        content: match row.content_erased_at {
            Some(at) => Content::Erased(at),
            None => Content::Kept { summary: row.summary, detail: row.detail },
        },
        link: row.link.unwrap_or_default(),
    }
}

/// The last event of a kind about a round, in the history of one of its plans; none: there is none, or it is from before
/// events about rounds held their number.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn last_about_round(
    from: &impl Source,
    plan: PlanId,
    kind: &str,
    round: RoundId,
) -> Result<Option<Event>, StoreError> {
    let rows = of_whom(Of::Plan(plan))
        .filter(audit_event::Column::Kind.eq(kind))
        .order_by_desc(audit_event::Column::Id)
        .all(from.on())
        .await?;
    let about = |event: &Event| event.detail().get("round").and_then(Value::as_i64) == Some(round.0);
    Ok(rows.into_iter().map(event).find(about))
}

/// The events of a kind that were recorded at some instants.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn recorded_at(
    from: &impl Source,
    kind: &str,
    instants: &[DateTime<Utc>],
) -> Result<Vec<Event>, StoreError> {
    let rows = audit_event::Entity::find()
        .filter(audit_event::Column::Kind.eq(kind))
        .filter(audit_event::Column::At.is_in(instants.iter().copied()))
        .all(from.on())
        .await?;
    Ok(rows.into_iter().map(event).collect())
}
