//! One deadline of an action: the original (number 0), or a revision that was asked for.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "deadline_revision")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub action_id: i64,
    pub number: i32,
    pub wording: String,
    pub earliest: Option<Date>,
    /// None: no date.
    pub latest: Option<Date>,
    pub how_read: String,
    pub reason: Option<String>,
    pub asked_by: Option<String>,
    pub asked_by_id: Option<i64>,
    pub asked_in_round_id: Option<i64>,
    pub asked_on: Option<Date>,
    /// The day from which it counts as asked for.
    pub known_from: Date,
    /// "granted", "refused"; none: not decided.
    pub decision: Option<String>,
    pub decided_on: Option<Date>,
    /// A code of `Decider`.
    pub decider: Option<String>,
    pub decided_by: Option<String>,
    pub decision_reason: Option<String>,
    pub recorded_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "action_id", to = "id")]
    pub action: BelongsTo<super::action::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
