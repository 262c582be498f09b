//! The panel's word in a record: what it resolved item by item, its ratings, its conclusions, its questions.

use std::collections::HashMap;

use entity::{action, conclusion, decided, panel_rating, question, recommendation, resolution};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
    sea_query::{Expr, Query, SelectStatement},
};

use crate::{
    domain::{
        decision::{Conclusion, Decided, Kind, Outcome, PanelRating, Resolution, Verdict},
        id::{
            ActionId, MeetingId, PersonId, QuestionId, RecommendationId, ResolutionId, RevisionId,
            StateChangeId, VariationId,
        },
        meeting::Meeting,
        question::{Question, QuestionState},
        rating::Rating,
    },
    store::{Source, StoreError, code},
};

/// What the panels said, by action and recommendation, oldest first.
#[derive(Debug, Default)]
pub(super) struct Word {
    pub(super) decided: Vec<Decided>,
    pub(super) ratings: HashMap<i64, Vec<PanelRating>>,
    pub(super) conclusions: HashMap<i64, Vec<Conclusion>>,
    pub(super) questions: HashMap<i64, Vec<Question>>,
}

/// The panels' word on some plans: five statements, whatever they hold.
pub(super) async fn word(
    from: &impl Source,
    plans: &[i64],
    meetings: &[Meeting],
) -> Result<Word, StoreError> {
    let mut word = Word::default();
    let resolutions = resolutions(from, plans, meetings).await?;
    let rows = decided::Entity::find()
        .filter(decided_on(plans))
        .order_by_asc(decided::Column::ResolutionId)
        .order_by_asc(decided::Column::Position)
        .order_by_asc(decided::Column::Id)
        .all(from.on())
        .await?;
    for row in rows {
        let Some(resolution) = resolutions.get(&row.resolution_id) else { continue };
        word.decided.push(Decided {
            resolution: resolution.clone(),
            kind: code(Kind::from_code(&row.kind), "decided", row.id, &row.kind)?,
            outcome: code(Outcome::from_code(&row.outcome), "decided", row.id, &row.outcome)?,
            reason: row.reason,
            action: row.action_id.map(ActionId),
            recommendation: row.recommendation_id.map(RecommendationId),
            revision: row.revision_id.map(RevisionId),
            state_change: row.state_change_id.map(StateChangeId),
            variation: row.variation_id.map(VariationId),
        });
    }
    word.decided.sort_by_key(|d| (d.resolution.on, d.resolution.id));

    let in_plans = || action::Column::PlanId.is_in(plans.iter().copied());
    let rows = panel_rating::Entity::find()
        .join(JoinType::InnerJoin, panel_rating::Relation::Action.def())
        .filter(in_plans())
        .order_by_asc(panel_rating::Column::FromDay)
        .order_by_asc(panel_rating::Column::Id)
        .all(from.on())
        .await?;
    for row in rows {
        word.ratings.entry(row.action_id).or_default().push(PanelRating {
            rating: code(Rating::from_code(&row.rating), "panel_rating", row.id, &row.rating)?,
            reason: row.reason,
            from: row.from_day,
            resolution: row.resolution_id.and_then(|id| resolutions.get(&id).cloned()),
        });
    }
    let rows = conclusion::Entity::find()
        .join(JoinType::InnerJoin, conclusion::Relation::Recommendation.def())
        .filter(recommendation::Column::PlanId.is_in(plans.iter().copied()))
        .order_by_asc(conclusion::Column::FromDay)
        .order_by_asc(conclusion::Column::Id)
        .all(from.on())
        .await?;
    for row in rows {
        word.conclusions.entry(row.recommendation_id).or_default().push(Conclusion {
            verdict: code(Verdict::from_code(&row.conclusion), "conclusion", row.id, &row.conclusion)?,
            reason: row.reason,
            from: row.from_day,
            resolution: row.resolution_id.and_then(|id| resolutions.get(&id).cloned()),
        });
    }
    word.questions = questions(from, in_plans()).await?.questions;
    Ok(word)
}

/// The questions on some actions alone: one statement.
pub(super) async fn questions(from: &impl Source, actions: Expr) -> Result<Word, StoreError> {
    let mut word = Word::default();
    let rows = question::Entity::find()
        .join(JoinType::InnerJoin, question::Relation::Action.def())
        .filter(actions)
        .order_by_asc(question::Column::Id)
        .all(from.on())
        .await?;
    for row in rows {
        word.questions.entry(row.action_id).or_default().push(question_of(row)?);
    }
    Ok(word)
}

/// Everything about the actions and recommendations of some plans.
fn decided_on(plans: &[i64]) -> Condition {
    Condition::any()
        .add(decided::Column::ActionId.in_subquery(actions_of(plans)))
        .add(decided::Column::RecommendationId.in_subquery(recommendations_of(plans)))
}

fn actions_of(plans: &[i64]) -> SelectStatement {
    let in_plans = action::Column::PlanId.is_in(plans.iter().copied());
    Query::select().column(action::Column::Id).from(action::Entity).and_where(in_plans).to_owned()
}

fn recommendations_of(plans: &[i64]) -> SelectStatement {
    let in_plans = recommendation::Column::PlanId.is_in(plans.iter().copied());
    Query::select()
        .column(recommendation::Column::Id)
        .from(recommendation::Entity)
        .and_where(in_plans)
        .to_owned()
}

/// The resolutions that say anything about some plans.
async fn resolutions(
    from: &impl Source,
    plans: &[i64],
    meetings: &[Meeting],
) -> Result<HashMap<i64, Resolution>, StoreError> {
    let meetings: HashMap<i64, &Meeting> = meetings.iter().map(|m| (m.id.0, m)).collect();
    let decided = Query::select()
        .column(decided::Column::ResolutionId)
        .from(decided::Entity)
        .cond_where(decided_on(plans))
        .to_owned();
    let rated = Query::select()
        .column(panel_rating::Column::ResolutionId)
        .from(panel_rating::Entity)
        .and_where(panel_rating::Column::ActionId.in_subquery(actions_of(plans)))
        .to_owned();
    let concluded = Query::select()
        .column(conclusion::Column::ResolutionId)
        .from(conclusion::Entity)
        .and_where(conclusion::Column::RecommendationId.in_subquery(recommendations_of(plans)))
        .to_owned();
    let naming_them = [decided, rated, concluded].map(|which| resolution::Column::Id.in_subquery(which));
    let rows = resolution::Entity::find()
        .filter(naming_them.into_iter().fold(Condition::any(), Condition::add))
        .all(from.on())
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let meeting = meetings.get(&row.meeting_id)?;
            let resolution = Resolution {
                id: ResolutionId(row.id),
                meeting: MeetingId(row.meeting_id),
                panel: meeting.panel_name.clone(),
                on: row.decided_on,
                minute: row.minute,
            };
            Some((row.id, resolution))
        })
        .collect())
}

fn question_of(row: question::Model) -> Result<Question, StoreError> {
    Ok(Question {
        id: QuestionId(row.id),
        version: row.version,
        action: ActionId(row.action_id),
        state: code(QuestionState::from_code(&row.state), "question", row.id, &row.state)?,
        text: row.text,
        drafted_by: row.drafted_by_id.map(PersonId),
        drafted_on: row.drafted_on,
        comment: row.comment,
        passed_on_on: row.passed_on_on,
        answer: row.answer,
        answered_by: row.answered_by_id.map(PersonId),
        answered_on: row.answered_on,
        answer_changed_on: row.answer_changed_on,
        resolved_on: row.resolved_on,
    })
}
