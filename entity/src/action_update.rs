//! An update: dated narrative on one action. Never changed once its round is closed; a correction is a new row.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "action_update")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub action_id: i64,
    /// None: between rounds.
    pub round_id: Option<i64>,
    /// Paragraphs separated by blank lines.
    pub narrative: String,
    /// A code of `Rating`.
    pub reported: String,
    pub next_steps: Option<String>,
    /// A code of `Promise`: what became of the last next steps.
    pub promise: Option<String>,
    pub put_right: Option<String>,
    pub outcome: Option<String>,
    pub outcome_not_known: bool,
    /// The day that the text speaks of.
    pub speaks_of: Option<Date>,
    /// The office day; none: unknown, and it stays so.
    pub written_on: Option<Date>,
    pub recorded_at: DateTimeUtc,
    pub author_id: Option<i64>,
    pub entered_for: Option<String>,
    /// A code of `ReceivedBy`.
    pub received_by: Option<String>,
    pub received_on: Option<Date>,
    pub supersedes_id: Option<i64>,
    /// At most one per action.
    pub is_latest: bool,
    /// Unique: a form sent twice makes one update.
    pub form_token: Option<String>,
    /// With a completion: the work goes on as business as usual.
    pub continuing: bool,
    /// A code of `ReviewState`; none: nobody has to look first.
    pub review: Option<String>,
    /// Why it was returned.
    pub review_comment: Option<String>,
    pub reviewed_on: Option<Date>,
    /// The paragraph of Schedule 12A under which it is not for publication.
    pub exempt_paragraph: Option<i32>,
    pub cleared_by: Option<String>,
    pub cleared_on: Option<Date>,
    /// The office day on which the addendum was published that it stands in.
    pub released_on: Option<Date>,
    pub reviewed_by_id: Option<i64>,
    /// Written by the round's link that came by mail, without signing in.
    pub by_email_link: bool,
    #[sea_orm(belongs_to, from = "action_id", to = "id")]
    pub action: BelongsTo<super::action::Entity>,
    #[sea_orm(belongs_to, from = "author_id", to = "id")]
    pub author: BelongsTo<Option<super::person::Entity>>,
    #[sea_orm(has_many)]
    pub evidence: HasMany<super::evidence::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
