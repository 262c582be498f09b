//! Who changed what, and when. Append-only, and chained: see `store::audit::chain` for what the links say.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    /// The event's number: 1, 2, 3, without gaps; the head gives it, not the database.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub at: DateTimeUtc,
    pub office_day: Date,
    pub actor_id: Option<i64>,
    /// Empty once it is erased.
    pub actor_name: String,
    pub plan_id: Option<i64>,
    pub action_id: Option<i64>,
    /// A code of the command floor’s `Event`.
    pub kind: String,
    /// In plain words; empty once it is erased.
    pub summary: String,
    /// Before and after, by field; `{}` once it is erased.
    pub detail: Json,
    /// Whom it is about.
    pub person_id: Option<i64>,
    /// Random, hashed with the actor's name so that nobody guesses an erased name from its digest; erased with it.
    pub name_salt: Option<String>,
    pub name_digest: Option<String>,
    pub name_erased_at: Option<DateTimeUtc>,
    /// The same for summary and detail.
    pub content_salt: Option<String>,
    pub content_digest: Option<String>,
    pub content_erased_at: Option<DateTimeUtc>,
    /// The chain's link; none: this event was not written by the program.
    pub link: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
