//! Saves updates and their evidence, and reads evidence for the timeline.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{action, action_update, evidence, evidence_figure};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::{Source, StoreError, Tx};
use crate::domain::{
    id::{ActionId, PersonId, PlanId, RoundId, UpdateId},
    update::{Evidence, ReviewState, UpdateDraft},
};

pub mod draft;
pub mod review;

/// When and by whom an update is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The round that it belongs to.
    pub round: Option<RoundId>,
    /// The office day on which it was written; none: unknown.
    pub written_on: Option<NaiveDate>,
    /// The instant at which it is saved.
    pub at: DateTime<Utc>,
    /// Who writes or enters it.
    pub author: Option<PersonId>,
    /// Whether it came by the round's link, without signing in.
    pub by_email_link: bool,
    /// Where it stands with the manager: submitted, or accepted by its author; none: nobody has to look first.
    pub review: Option<ReviewState>,
    /// The office day, on which it is accepted if it is.
    pub today: NaiveDate,
    /// The paragraph of Schedule 12A under which it is not for publication.
    pub exempt: Option<i32>,
}

/// Adds an update with its evidence, and makes it the action's latest, unless it corrects an older one.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where the same form was saved before.
pub async fn insert(
    tx: &Tx,
    action: ActionId,
    draft: &UpdateDraft,
    recorded: &Recorded,
) -> Result<UpdateId, StoreError> {
    // A correction of an older update stands in its place: the latest stays the latest.
    let is_latest = match draft.supersedes {
        Some(id) => {
            action_update::Entity::find_by_id(id.0).one(tx.on()).await?.is_none_or(|older| older.is_latest)
        }
        None => true,
    };
    if is_latest {
        action_update::Entity::update_many()
            .set(action_update::ActiveModel { is_latest: Set(false), ..Default::default() })
            .filter(action_update::Column::ActionId.eq(action.0))
            .filter(action_update::Column::IsLatest.eq(true))
            .exec(tx.on())
            .await?;
    }
    let entered = draft.entered_for.as_ref();
    let accepted = recorded.review == Some(ReviewState::Accepted);
    let row = action_update::ActiveModel {
        id: NotSet,
        action_id: Set(action.0),
        round_id: Set(recorded.round.map(|r| r.0)),
        narrative: Set(draft.narrative.clone()),
        reported: Set(draft.reported.code().to_owned()),
        next_steps: Set(draft.next_steps.clone()),
        promise: Set(draft.promise.map(|p| p.code().to_owned())),
        put_right: Set(draft.put_right.clone()),
        outcome: Set(draft.outcome.clone()),
        outcome_not_known: Set(draft.outcome_not_known),
        speaks_of: Set(draft.speaks_of),
        written_on: Set(recorded.written_on),
        recorded_at: Set(recorded.at),
        author_id: Set(recorded.author.map(|p| p.0)),
        entered_for: Set(entered.map(|e| e.words())),
        received_by: Set(entered.map(|e| e.received_by.code().to_owned())),
        received_on: Set(entered.map(|e| e.received_on)),
        supersedes_id: Set(draft.supersedes.map(|u| u.0)),
        is_latest: Set(is_latest),
        form_token: Set(draft.form_token.clone()),
        continuing: Set(draft.continuing),
        review: Set(recorded.review.map(|r| r.code().to_owned())),
        review_comment: Set(None),
        reviewed_on: Set(accepted.then_some(recorded.today)),
        reviewed_by_id: Set(recorded.author.filter(|_| accepted).map(|p| p.0)),
        by_email_link: Set(recorded.by_email_link),
        exempt_paragraph: Set(recorded.exempt),
        released_on: Set(None),
        cleared_by: Set(draft.cleared.as_ref().map(|c| c.by.clone())),
        cleared_on: Set(draft.cleared.as_ref().and_then(|c| c.on)),
    }
    .insert(tx.on())
    .await?;
    let id = UpdateId(row.id);
    for piece in &draft.evidence {
        insert_evidence(tx, action, Some(id), piece).await?;
    }
    Ok(id)
}

/// Adds a piece of evidence to an action or to one of its updates.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn insert_evidence(
    tx: &Tx,
    action: ActionId,
    update: Option<UpdateId>,
    piece: &Evidence,
) -> Result<(), StoreError> {
    let row = evidence::ActiveModel {
        id: NotSet,
        action_id: Set(action.0),
        update_id: Set(update.map(|u| u.0)),
        title: Set(piece.title.clone()),
        address: Set(piece.address.clone()),
        note: Set(piece.note.clone()),
        dated: Set(piece.dated),
    }
    .insert(tx.on())
    .await?;
    for (position, (label, value)) in (1..).zip(&piece.figures) {
        evidence_figure::ActiveModel {
            id: NotSet,
            evidence_id: Set(row.id),
            position: Set(position),
            label: Set(label.clone()),
            value: Set(value.clone()),
        }
        .insert(tx.on())
        .await?;
    }
    Ok(())
}

/// The action that an update belongs to.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn action_of(from: &impl Source, id: UpdateId) -> Result<Option<ActionId>, StoreError> {
    let row = action_update::Entity::find_by_id(id.0).one(from.on()).await?;
    Ok(row.map(|r| ActionId(r.action_id)))
}

/// An update that a form made before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedBefore {
    /// The update.
    pub update: UpdateId,
    /// Its text.
    pub narrative: String,
    /// Whether the form now says the same in every answer.
    pub same: bool,
}

/// The update that a form made, if it was saved before, compared with what the form says now.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn by_form_token(
    from: &impl Source,
    token: &str,
    draft: &UpdateDraft,
) -> Result<Option<SavedBefore>, StoreError> {
    Ok(by_form_tokens(from, &[token]).await?.remove(token).map(|saved| saved.compared(draft)))
}

/// An update that a form made, to be compared with what the form says now.
#[derive(Clone, Debug)]
pub struct Saved(action_update::Model);

impl Saved {
    /// Whether a form says the same.
    pub fn compared(&self, draft: &UpdateDraft) -> SavedBefore {
        let row = &self.0;
        SavedBefore {
            update: UpdateId(row.id),
            same: row.narrative == draft.narrative
                && row.reported == draft.reported.code()
                && row.next_steps == draft.next_steps
                && row.promise.as_deref() == draft.promise.map(|p| p.code())
                && row.put_right == draft.put_right
                && row.outcome == draft.outcome
                && row.outcome_not_known == draft.outcome_not_known
                && row.speaks_of == draft.speaks_of
                && row.supersedes_id == draft.supersedes.map(|u| u.0),
            narrative: row.narrative.clone(),
        }
    }
}

/// The updates that forms made, by the token of the form.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn by_form_tokens(
    from: &impl Source,
    tokens: &[&str],
) -> Result<HashMap<String, Saved>, StoreError> {
    let rows = action_update::Entity::find()
        .filter(action_update::Column::FormToken.is_in(tokens.iter().copied()))
        .all(from.on())
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.form_token.clone()?, Saved(row)))).collect())
}

/// What a person has written from a day on, newest first: each update with its action.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn written_since(
    from: &impl Source,
    author: PersonId,
    since: NaiveDate,
) -> Result<Vec<(UpdateId, ActionId)>, StoreError> {
    let rows: Vec<(i64, i64)> = action_update::Entity::find()
        .select_only()
        .column(action_update::Column::Id)
        .column(action_update::Column::ActionId)
        .filter(action_update::Column::AuthorId.eq(author.0))
        .filter(action_update::Column::WrittenOn.gte(since))
        .order_by_desc(action_update::Column::Id)
        .into_tuple()
        .all(from.on())
        .await?;
    Ok(rows.into_iter().map(|(update, action)| (UpdateId(update), ActionId(action))).collect())
}

/// An action's evidence: by update, under none what belongs to the action itself.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn evidence(
    from: &impl Source,
    action: ActionId,
) -> Result<HashMap<Option<UpdateId>, Vec<Evidence>>, StoreError> {
    let rows = evidence::Entity::find()
        .filter(evidence::Column::ActionId.eq(action.0))
        .order_by_asc(evidence::Column::Id)
        .find_with_related(evidence_figure::Entity)
        .all(from.on())
        .await?;
    let mut by_update: HashMap<Option<UpdateId>, Vec<Evidence>> = HashMap::new();
    for (row, mut figures) in rows {
        figures.sort_by_key(|f| f.position);
        by_update.entry(row.update_id.map(UpdateId)).or_default().push(Evidence {
            title: row.title,
            address: row.address,
            note: row.note,
            dated: row.dated,
            figures: figures.into_iter().map(|f| (f.label, f.value)).collect(),
        });
    }
    Ok(by_update)
}

/// The actions of a plan that have evidence, each with the update it belongs to (none: to the action itself).
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn evidenced(
    from: &impl Source,
    plan: PlanId,
) -> Result<Vec<(ActionId, Option<UpdateId>)>, StoreError> {
    let of_plan = sea_orm::sea_query::Query::select()
        .column(action::Column::Id)
        .from(action::Entity)
        .and_where(action::Column::PlanId.eq(plan.0))
        .to_owned();
    let rows: Vec<(i64, Option<i64>)> = evidence::Entity::find()
        .select_only()
        .column(evidence::Column::ActionId)
        .column(evidence::Column::UpdateId)
        .filter(evidence::Column::ActionId.in_subquery(of_plan))
        .into_tuple()
        .all(from.on())
        .await?;
    Ok(rows.into_iter().map(|(action, update)| (ActionId(action), update.map(UpdateId))).collect())
}

/// Moves updates written between rounds into a round that has been opened.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn carry_into(tx: &Tx, updates: &[UpdateId], round: RoundId) -> Result<(), StoreError> {
    action_update::Entity::update_many()
        .set(action_update::ActiveModel { round_id: Set(Some(round.0)), ..Default::default() })
        .filter(action_update::Column::Id.is_in(updates.iter().map(|u| u.0)))
        .filter(action_update::Column::RoundId.is_null())
        .exec(tx.on())
        .await?;
    Ok(())
}
