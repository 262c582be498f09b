//! A plan: what its title page would say, its RAG key, and what it lets people do.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Its name in addresses; unique.
    pub slug: String,
    pub title: String,
    /// A code of `PlanKind`.
    pub kind: String,
    pub origin_report: Option<String>,
    pub origin_on: Option<Date>,
    pub agreed_by: Option<String>,
    pub agreed_on: Option<Date>,
    pub director: Option<String>,
    pub executive_member: Option<String>,
    pub panel_grants_dates: bool,
    pub panel_confirms_completion: bool,
    pub live_to_panel: bool,
    /// Whether anyone may read its published rounds without signing in.
    pub public: bool,
    /// A code of `YearBasis`.
    pub years: String,
    /// `{"entries": [{"rating", "word", "colour", "meaning"}], "note"}`.
    pub rag_key: Json,
    pub source: Option<String>,
    pub monitoring_ended_on: Option<Date>,
    pub monitoring_ended_by: Option<String>,
    pub monitoring_note: Option<String>,
    pub version: i32,
    pub manager_post_id: i64,
    pub sent_on: Option<Date>,
    pub panel_id: Option<i64>,
    pub manager_looks_first: bool,
    #[sea_orm(has_many, via = "round_plan")]
    pub rounds: HasMany<super::round::Entity>,
    #[sea_orm(has_many)]
    pub actions: HasMany<super::action::Entity>,
    #[sea_orm(has_many)]
    pub recommendations: HasMany<super::recommendation::Entity>,
    #[sea_orm(has_many)]
    pub mail_policies: HasMany<super::mail_policy::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
