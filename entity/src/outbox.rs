//! A message: queued with its cause, prepared when its turn is near, and then kept as it was sent.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub unique_key: String,
    /// A code of the mail floor’s `Kind`.
    pub kind: String,
    /// A code of the mail floor’s `State`.
    pub state: String,
    pub office_day: Date,
    pub person_id: Option<i64>,
    /// The one-time link whose token stands in its bytes, if any; the row of the link may be gone.
    pub link_id: Option<i64>,
    pub to_name: String,
    pub to_address: String,
    /// Without angle brackets; stable over retries.
    pub message_id: String,
    pub subject: Option<String>,
    /// Why it was not sent, or what the server said.
    pub note: Option<String>,
    pub attempts: i32,
    /// A crash left it unknown whether the server took it.
    pub uncertain: bool,
    /// Since when its bytes wait that were never handed to a server; none: it has none, or was tried.
    pub prepared_at: Option<DateTimeUtc>,
    /// When the server first refused it for now.
    pub first_refused_at: Option<DateTimeUtc>,
    pub next_attempt_at: DateTimeUtc,
    /// Who is sending it.
    pub claim: Option<String>,
    pub lease_until: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub handed_at: Option<DateTimeUtc>,
    /// The message that it is again, where somebody pressed *Send again*.
    pub again_of: Option<i64>,
    #[sea_orm(belongs_to, from = "person_id", to = "id")]
    pub person: BelongsTo<Option<super::person::Entity>>,
    /// Its bytes; none until it is prepared, and none any more once an account mail is done with.
    #[sea_orm(has_one)]
    pub text: HasOne<super::outbox_text::Entity>,
    #[sea_orm(has_many)]
    pub causes: HasMany<super::outbox_cause::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
