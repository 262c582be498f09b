//! Saves plans and recommendations.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{plan, recommendation, variation};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::NotSet,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{Source, StoreError, Tx, action::Saved, meeting, record};
use crate::domain::deadline::YearBasis;
use crate::domain::{
    action::{RecommendationDraft, Variation},
    id::{PlanId, PostId, RecommendationId, RoundId},
    plan::{Plan, PlanDraft},
};

/// Adds a plan.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where the slug is taken.
pub async fn insert(tx: &Tx, draft: &PlanDraft) -> Result<PlanId, StoreError> {
    let row = plan::ActiveModel {
        id: NotSet,
        monitoring_ended_on: Set(None),
        monitoring_ended_by: Set(None),
        monitoring_note: Set(None),
        version: Set(1),
        ..columns(tx, draft).await?
    }
    .insert(tx.on())
    .await?;
    Ok(PlanId(row.id))
}

/// Changes a plan from what its editor saw, if its version is still the same.
///
/// A plan whose panel was succeeded shows the successor's name, and stays with the panel that it was given to as long as
/// that name is not changed: so a succession that is taken back takes it back too.
///
/// # Errors
/// As [`insert`].
pub async fn save(tx: &Tx, before: &Plan, version: i32, draft: &PlanDraft) -> Result<Saved, StoreError> {
    let id = before.id;
    let mut columns = columns(tx, draft).await?;
    if draft.panel == before.panel {
        columns.panel_id = NotSet;
    }
    let done = plan::Entity::update_many()
        .set(plan::ActiveModel { version: Set(version + 1), ..columns })
        .filter(plan::Column::Id.eq(id.0))
        .filter(plan::Column::Version.eq(version))
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

async fn columns(tx: &Tx, draft: &PlanDraft) -> Result<plan::ActiveModel, StoreError> {
    let panel = match &draft.panel {
        Some(name) => Some(meeting::panel_named(tx, name).await?),
        None => None,
    };
    let years = match draft.years {
        YearBasis::Calendar => "calendar",
        YearBasis::Financial => "financial",
    };
    Ok(plan::ActiveModel {
        slug: Set(draft.slug.clone()),
        title: Set(draft.title.clone()),
        kind: Set(draft.kind.code().to_owned()),
        sent_on: Set(draft.sent_on),
        origin_report: Set(draft.origin_report.clone()),
        origin_on: Set(draft.origin_on),
        agreed_by: Set(draft.agreed_by.clone()),
        agreed_on: Set(draft.agreed_on),
        director: Set(draft.director.clone()),
        executive_member: Set(draft.executive_member.clone()),
        panel_grants_dates: Set(draft.panel_grants_dates),
        panel_confirms_completion: Set(draft.panel_confirms_completion),
        live_to_panel: Set(draft.live_to_panel),
        manager_looks_first: Set(draft.manager_looks_first),
        public: Set(draft.public),
        years: Set(years.to_owned()),
        rag_key: Set(record::stored_key(&draft.key)),
        source: Set(draft.source.clone()),
        manager_post_id: Set(draft.manager.0),
        panel_id: Set(panel.map(|id| id.0)),
        ..Default::default()
    })
}

/// Makes another post manage a plan.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn set_manager(tx: &Tx, id: PlanId, post: PostId) -> Result<(), StoreError> {
    plan::Entity::update_many()
        .set(plan::ActiveModel { manager_post_id: Set(post.0), ..Default::default() })
        .col_expr(plan::Column::Version, Expr::col(plan::Column::Version).add(1))
        .filter(plan::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Records that monitoring ended: on which day, at which meeting, and what stays open with whom; none: it goes on.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn end_monitoring(
    tx: &Tx,
    id: PlanId,
    ended: Option<(NaiveDate, &str, &str)>,
) -> Result<(), StoreError> {
    plan::Entity::update_many()
        .set(plan::ActiveModel {
            monitoring_ended_on: Set(ended.map(|(on, ..)| on)),
            monitoring_ended_by: Set(ended.map(|(_, by, _)| by.to_owned())),
            monitoring_note: Set(ended.map(|(.., note)| note.to_owned())),
            ..Default::default()
        })
        .col_expr(plan::Column::Version, Expr::col(plan::Column::Version).add(1))
        .filter(plan::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// How many plans there are.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn count(from: &impl Source) -> Result<u64, StoreError> {
    Ok(plan::Entity::find().count(from.on()).await?)
}

/// Every plan's title.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn titles(from: &impl Source) -> Result<HashMap<PlanId, String>, StoreError> {
    let rows: Vec<(i64, String)> = plan::Entity::find()
        .select_only()
        .columns([plan::Column::Id, plan::Column::Title])
        .into_tuple()
        .all(from.on())
        .await?;
    Ok(rows.into_iter().map(|(id, title)| (PlanId(id), title)).collect())
}

/// Adds a recommendation at the end of its plan.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where the reference is taken.
pub async fn insert_recommendation(
    tx: &Tx,
    plan: PlanId,
    draft: &RecommendationDraft,
) -> Result<RecommendationId, StoreError> {
    let last = recommendation::Entity::find()
        .select_only()
        .column_as(recommendation::Column::Position.max(), "position")
        .filter(recommendation::Column::PlanId.eq(plan.0))
        .into_tuple::<Option<i32>>()
        .one(tx.on())
        .await?;
    let row = recommendation::ActiveModel {
        id: NotSet,
        plan_id: Set(plan.0),
        position: Set(last.flatten().unwrap_or(0) + 1),
        version: Set(1),
        ..recommendation_columns(draft)
    }
    .insert(tx.on())
    .await?;
    Ok(RecommendationId(row.id))
}

/// Changes a recommendation, if its version is still the one that the editor saw.
///
/// # Errors
/// As [`insert_recommendation`].
pub async fn save_recommendation(
    tx: &Tx,
    id: RecommendationId,
    version: i32,
    draft: &RecommendationDraft,
) -> Result<Saved, StoreError> {
    let done = recommendation::Entity::update_many()
        .set(recommendation::ActiveModel { version: Set(version + 1), ..recommendation_columns(draft) })
        .filter(recommendation::Column::Id.eq(id.0))
        .filter(recommendation::Column::Version.eq(version))
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

fn recommendation_columns(draft: &RecommendationDraft) -> recommendation::ActiveModel {
    recommendation::ActiveModel {
        printed_reference: Set(draft.printed.clone()),
        full_reference: Set(draft.reference.clone()),
        text: Set(draft.text.clone()),
        response: Set(draft.response.map(|r| r.code().to_owned())),
        response_text: Set(draft.response_text.clone()),
        response_on: Set(draft.response_on),
        sent_on: Set(draft.sent_on),
        ..Default::default()
    }
}

/// The plan that a recommendation belongs to.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn of_recommendation(
    from: &impl Source,
    id: RecommendationId,
) -> Result<Option<PlanId>, StoreError> {
    let row = recommendation::Entity::find_by_id(id.0).one(from.on()).await?;
    Ok(row.map(|r| PlanId(r.plan_id)))
}

/// Records a variation of a recommendation's words.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert_variation(
    tx: &Tx,
    id: RecommendationId,
    round: Option<RoundId>,
    new: &Variation,
    recorded_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    variation::ActiveModel {
        id: NotSet,
        recommendation_id: Set(id.0),
        round_id: Set(round.map(|r| r.0)),
        was: Set(new.was.clone()),
        becomes: Set(new.now.clone()),
        agreed_by: Set(new.agreed_by.clone()),
        agreed_on: Set(new.agreed_on),
        known_from: Set(new.known_from),
        recorded_at: Set(recorded_at),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}
