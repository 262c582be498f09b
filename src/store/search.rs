//! Finding words in what a plan holds: recommendations, actions with their leads, updates.
//!
//! Owns the three statements. Never decides who may read what: the caller says of which plans everything may be found,
//! and which rounds are published.

use entity::{action, action_update, recommendation};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, Query},
};

use super::{Source, StoreError};
use crate::domain::{
    id::{ActionId, PlanId, RecommendationId, RoundId, UpdateId},
    update::ReviewState,
};

/// Of what unpublished updates are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Plans in which anything is found.
    pub plans: Vec<PlanId>,
    /// Those of them whose updates are all found.
    pub open: Vec<PlanId>,
    /// Those of them in which that includes what a manager still looks at or has returned.
    pub unaccepted: Vec<PlanId>,
    /// Rounds whose updates are found in every one of the plans.
    pub published: Vec<RoundId>,
}

/// A row in which the words stand. Its texts are in the order in which they are shown, with the name of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The plan.
    pub plan: PlanId,
    /// What kind of row, and which.
    pub place: Place,
    /// Its texts, by name.
    pub texts: Vec<(&'static str, String)>,
}

/// The row that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A recommendation.
    Recommendation(RecommendationId),
    /// An action.
    Action(ActionId),
    /// An update on an action, with its round.
    Update(ActionId, UpdateId, Option<RoundId>),
}

/// Matches any one character.
const ANY: char = '_';

/// The pattern for a text that holds `words`, in small letters. Quotes and dashes are written in several ways, and what
/// lies beyond ASCII has capitals that not every database knows: such a character matches any, and the page, which
/// looks at every row again, keeps only true finds.
fn pattern(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in words.chars() {
        match c {
            '%' | '_' | '\\' => pattern.extend(['\\', c]),
            '\'' | '"' | '-' | ' ' => pattern.push(ANY),
            c if c.is_ascii() => pattern.push(c.to_ascii_lowercase()),
            _ => pattern.push(ANY),
        }
    }
    pattern.push('%');
    pattern
}

/// Whether one of the columns holds the words, in capitals or not.
pub(super) fn holds<C: ColumnTrait>(columns: impl IntoIterator<Item = C>, words: &str) -> Condition {
    let pattern = pattern(words);
    columns.into_iter().fold(Condition::any(), |any, column| {
        any.add(
            Expr::expr(Func::lower(Expr::col(column.as_column_ref())))
                .like(LikeExpr::new(&pattern).escape('\\')),
        )
    })
}

/// The rows that hold the words, at most `limit` of each kind: recommendations, then actions, then updates.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn find(
    from: &impl Source,
    words: &str,
    scope: &Scope,
    limit: u64,
) -> Result<Vec<Found>, StoreError> {
    let mut found = recommendations(from, words, scope, limit).await?;
    found.extend(actions(from, words, scope, limit).await?);
    found.extend(updates(from, words, scope, limit).await?);
    Ok(found)
}

fn texts<const N: usize>(named: [(&'static str, Option<String>); N]) -> Vec<(&'static str, String)> {
    named.into_iter().filter_map(|(name, text)| text.map(|t| (name, t))).collect()
}

async fn recommendations(
    from: &impl Source,
    words: &str,
    scope: &Scope,
    limit: u64,
) -> Result<Vec<Found>, StoreError> {
    use recommendation::Column::{FullReference, PrintedReference, ResponseText, Text};
    let rows = recommendation::Entity::find()
        .filter(recommendation::Column::PlanId.is_in(scope.plans.iter().map(|plan| plan.0)))
        .filter(holds([FullReference, PrintedReference, Text, ResponseText], words))
        .order_by_asc(recommendation::Column::PlanId)
        .order_by_asc(recommendation::Column::Position)
        .limit(limit)
        .all(from.on())
        .await?;
    let found = rows.into_iter().map(|r| Found {
        plan: PlanId(r.plan_id),
        place: Place::Recommendation(RecommendationId(r.id)),
        texts: texts([
            ("Reference", r.full_reference),
            ("Printed reference", r.printed_reference),
            ("Recommendation", Some(r.text)),
            ("{Executive} response", r.response_text),
        ]),
    });
    Ok(found.collect())
}

async fn actions(
    from: &impl Source,
    words: &str,
    scope: &Scope,
    limit: u64,
) -> Result<Vec<Found>, StoreError> {
    use action::Column::{LeadWording, ResourceWording, ShortTitle, Text};
    let rows = action::Entity::find()
        .filter(action::Column::PlanId.is_in(scope.plans.iter().map(|plan| plan.0)))
        .filter(holds([ShortTitle, Text, LeadWording, ResourceWording], words))
        .order_by_asc(action::Column::PlanId)
        .order_by_asc(action::Column::Position)
        .limit(limit)
        .all(from.on())
        .await?;
    let found = rows.into_iter().map(|r| Found {
        plan: PlanId(r.plan_id),
        place: Place::Action(ActionId(r.id)),
        texts: texts([
            ("Short title", r.short_title),
            ("Action", Some(r.text)),
            ("Lead", Some(r.lead_wording)),
            ("Resource required", Some(r.resource_wording)),
        ]),
    });
    Ok(found.collect())
}

async fn updates(
    from: &impl Source,
    words: &str,
    scope: &Scope,
    limit: u64,
) -> Result<Vec<Found>, StoreError> {
    use action_update::Column::{
        Narrative, NextSteps, Outcome, PutRight, ReleasedOn, RoundId as Round, SupersedesId,
    };
    let published: Vec<i64> = scope.published.iter().map(|r| r.0).collect();
    let open: Vec<i64> = scope.open.iter().map(|p| p.0).collect();
    // A correction counts for those who may read it.
    let open_actions = Query::select()
        .column(action::Column::Id)
        .from(action::Entity)
        .and_where(action::Column::PlanId.is_in(open.iter().copied()))
        .to_owned();
    let unaccepted_actions = Query::select()
        .column(action::Column::Id)
        .from(action::Entity)
        .and_where(action::Column::PlanId.is_in(scope.unaccepted.iter().map(|plan| plan.0)))
        .to_owned();
    let accepted = || {
        let code = ReviewState::Accepted.code();
        Condition::any()
            .add(action_update::Column::Review.is_null())
            .add(action_update::Column::Review.eq(code))
    };
    let corrected = Query::select()
        .column(SupersedesId)
        .from(action_update::Entity)
        .and_where(SupersedesId.is_not_null())
        .cond_where(
            Condition::any()
                .add(Round.is_in(published.iter().copied()))
                .add(ReleasedOn.is_not_null())
                .add(action_update::Column::ActionId.in_subquery(open_actions)),
        )
        .cond_where(
            accepted().add(
                action_update::Column::Review
                    .eq(ReviewState::Submitted.code())
                    .and(action_update::Column::ActionId.in_subquery(unaccepted_actions)),
            ),
        )
        .to_owned();
    let rows = action_update::Entity::find()
        .join(JoinType::InnerJoin, action_update::Relation::Action.def())
        .select_also(action::Entity)
        .filter(action::Column::PlanId.is_in(scope.plans.iter().map(|plan| plan.0)))
        .filter(holds([Narrative, NextSteps, PutRight, Outcome], words))
        .filter(
            Condition::any()
                .add(action::Column::PlanId.is_in(open))
                .add(Round.is_in(published))
                .add(ReleasedOn.is_not_null()),
        )
        .filter(accepted().add(action::Column::PlanId.is_in(scope.unaccepted.iter().map(|plan| plan.0))))
        .filter(action_update::Column::Id.not_in_subquery(corrected))
        .order_by_asc(action::Column::PlanId)
        .order_by_asc(action::Column::Position)
        .order_by_desc(action_update::Column::Id)
        .limit(limit)
        .all(from.on())
        .await?;
    let found = rows.into_iter().filter_map(|(r, of)| {
        Some(Found {
            plan: PlanId(of?.plan_id),
            place: Place::Update(ActionId(r.action_id), UpdateId(r.id), r.round_id.map(RoundId)),
            texts: texts([
                ("Update", Some(r.narrative)),
                ("Next steps", r.next_steps),
                ("What will put it right", r.put_right),
                ("Outcome", r.outcome),
            ]),
        })
    });
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn signs_of_the_pattern_itself_are_taken_as_they_are_written() {
        assert_eq!(pattern("50% of_all\\"), r"%50\%_of\_all\\%");
    }

    #[test]
    fn quotes_dashes_and_capitals_match_however_they_are_written() {
        assert_eq!(pattern("Governor's"), pattern("governor’S"));
        assert_eq!(pattern("post-16"), pattern("Post–16"));
        assert_eq!(pattern("É"), pattern("é"));
    }
}
