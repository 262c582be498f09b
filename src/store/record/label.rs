//! What actions are called: the reference of their recommendation, with a number where that has several; "Action 1" where
//! nothing is printed. The numbers count all of a plan's actions, also where only some are loaded.

use std::collections::{BTreeMap, HashMap};

use entity::{action, recommendation};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{ExprTrait, Query},
};

use crate::{
    domain::{
        action::{Action, Recommendation},
        id::{ActionId, RecommendationId},
    },
    store::{Source, StoreError},
};

/// Recommendations and actions by plan.
type ByPlan<T> = HashMap<i64, Vec<T>>;

/// The labels of all actions of some plans, which are loaded whole.
pub(super) fn of_whole(
    recommendations: &ByPlan<Recommendation>,
    actions: &ByPlan<Action>,
) -> HashMap<ActionId, String> {
    let references = references(recommendations);
    let all = actions.iter().flat_map(|(plan, all)| all.iter().map(|a| (*plan, a.id, a.recommendation)));
    labels(all, &references)
}

/// The labels of some actions, counted among those beside them: one statement.
pub(super) async fn of_some(
    from: &impl Source,
    recommendations: &ByPlan<Recommendation>,
    actions: &ByPlan<Action>,
) -> Result<HashMap<ActionId, String>, StoreError> {
    let references = references(recommendations);
    let is_named = |a: &Action| a.recommendation.is_some_and(|id| references.contains_key(&id));
    let unnamed = actions.iter().filter(|(_, all)| !all.iter().all(is_named)).map(|(plan, _)| *plan);
    let bare = Query::select()
        .column(recommendation::Column::Id)
        .from(recommendation::Entity)
        .and_where(recommendation::Column::FullReference.is_null())
        .to_owned();
    let bare =
        action::Column::RecommendationId.is_null().or(action::Column::RecommendationId.in_subquery(bare));
    let beside = Condition::any()
        .add(action::Column::RecommendationId.is_in(references.keys().map(|id| id.0)))
        .add(action::Column::PlanId.is_in(unnamed).and(bare));
    let rows: Vec<(i64, i64, Option<i64>)> = action::Entity::find()
        .select_only()
        .columns([action::Column::PlanId, action::Column::Id, action::Column::RecommendationId])
        .filter(beside)
        .order_by_asc(action::Column::PlanId)
        .order_by_asc(action::Column::Position)
        .order_by_asc(action::Column::Id)
        .into_tuple()
        .all(from.on())
        .await?;
    let rows = rows.into_iter().map(|(plan, id, of)| (plan, ActionId(id), of.map(RecommendationId)));
    Ok(labels(rows, &references))
}

fn references(recommendations: &ByPlan<Recommendation>) -> HashMap<RecommendationId, &str> {
    let all = recommendations.values().flatten();
    all.filter_map(|r| Some((r.id, r.reference.as_deref()?))).collect()
}

/// `actions`: plan, action and its recommendation, in the order of the table.
fn labels(
    actions: impl Iterator<Item = (i64, ActionId, Option<RecommendationId>)>,
    references: &HashMap<RecommendationId, &str>,
) -> HashMap<ActionId, String> {
    let mut of: BTreeMap<RecommendationId, Vec<ActionId>> = BTreeMap::new();
    let mut unnamed: BTreeMap<i64, usize> = BTreeMap::new();
    let mut labels = HashMap::new();
    for (plan, id, recommendation) in actions {
        match recommendation.filter(|id| references.contains_key(id)) {
            Some(recommendation) => of.entry(recommendation).or_default().push(id),
            None => {
                let number = unnamed.entry(plan).or_default();
                *number += 1;
                labels.insert(id, format!("Action {number}"));
            }
        }
    }
    for (recommendation, actions) in of {
        let reference = references.get(&recommendation).copied().unwrap_or_default();
        for (number, id) in (1..).zip(&actions) {
            let label = match actions.len() {
                1 => reference.to_owned(),
                _ => format!("{reference} action {number}"),
            };
            labels.insert(*id, label);
        }
    }
    labels
}
