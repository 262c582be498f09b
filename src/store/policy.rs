//! Saves and loads the policies that plans have of their own. A plan without a row has the default.

use entity::mail_policy::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter,
};

use super::{Source, StoreError, Tx, action::Saved};
use crate::domain::{
    id::{PlanId, PostId},
    policy::{Escalation, Policy},
};

/// The number of a plan's saved policy; 0: none was saved.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn version(from: &impl Source, plan: PlanId) -> Result<i32, StoreError> {
    let row = Entity::find().filter(Column::PlanId.eq(plan.0)).one(from.on()).await?;
    Ok(row.map_or(0, |row| row.version))
}

/// Saves a plan's policy, if the version is still the one that the editor saw.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn save(tx: &Tx, plan: PlanId, version: i32, policy: &Policy) -> Result<Saved, StoreError> {
    let row = Entity::find().filter(Column::PlanId.eq(plan.0)).one(tx.on()).await?;
    if row.as_ref().map_or(0, |row| row.version) != version {
        return Ok(Saved::Stale);
    }
    let number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let escalation = policy.escalation.clone().unwrap_or_default();
    let new = ActiveModel {
        id: row.as_ref().map_or(NotSet, |row| Set(row.id)),
        plan_id: Set(plan.0),
        first_days: Set(policy.first_days.map(number)),
        second_working_days: Set(policy.second_working_days.map(number)),
        on_the_day: Set(policy.on_the_day),
        overdue_every_days: Set(number(policy.overdue_every_days)),
        overdue_mails: Set(number(policy.overdue_mails)),
        quiet_days: Set(number(policy.quiet_days)),
        round_first_working_days: Set(policy.round_first_working_days.map(number)),
        round_second_working_days: Set(policy.round_second_working_days.map(number)),
        monday_mail: Set(policy.monday_mail),
        escalates: Set(policy.escalation.is_some()),
        listed_working_days: Set(number(escalation.listed_working_days)),
        mailed_working_days: Set(number(escalation.mailed_working_days)),
        director_post_id: Set(escalation.director.map(|post| post.0)),
        version: Set(version + 1),
    };
    if row.is_some() {
        new.update(tx.on()).await?
    } else {
        new.insert(tx.on()).await?
    };
    Ok(Saved::Yes)
}

/// A row as the domain sees it.
///
/// # Errors
/// [`StoreError`] if a figure is below 0.
pub(super) fn policy(row: &Model) -> Result<Policy, StoreError> {
    let figure = |n: i32| {
        let wrong = |_| StoreError::Row { table: "mail_policy", id: row.id, what: format!("the figure {n}") };
        u32::try_from(n).map_err(wrong)
    };
    let may = |n: Option<i32>| n.map(figure).transpose();
    let escalation = Escalation {
        listed_working_days: figure(row.listed_working_days)?,
        mailed_working_days: figure(row.mailed_working_days)?,
        director: row.director_post_id.map(PostId),
    };
    Ok(Policy {
        first_days: may(row.first_days)?,
        second_working_days: may(row.second_working_days)?,
        on_the_day: row.on_the_day,
        overdue_every_days: figure(row.overdue_every_days)?,
        overdue_mails: figure(row.overdue_mails)?,
        quiet_days: figure(row.quiet_days)?,
        round_first_working_days: may(row.round_first_working_days)?,
        round_second_working_days: may(row.round_second_working_days)?,
        monday_mail: row.monday_mail,
        escalation: row.escalates.then_some(escalation),
    })
}
