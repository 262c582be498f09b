//! When a plan's leads are reminded, where the plan has figures of its own.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mail_policy")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub plan_id: i64,
    pub first_days: Option<i32>,
    pub second_working_days: Option<i32>,
    pub on_the_day: bool,
    pub overdue_every_days: i32,
    pub overdue_mails: i32,
    pub quiet_days: i32,
    pub round_first_working_days: Option<i32>,
    pub round_second_working_days: Option<i32>,
    pub monday_mail: bool,
    pub escalates: bool,
    pub listed_working_days: i32,
    pub mailed_working_days: i32,
    pub director_post_id: Option<i64>,
    pub version: i32,
    #[sea_orm(belongs_to, from = "plan_id", to = "id")]
    pub plan: BelongsTo<super::plan::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
