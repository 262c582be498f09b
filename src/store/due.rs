//! What could bring a mail on a day, or belongs to messages whose turn to be worded has come: records with as little in them as
//! the reminders need, so that a day's work grows with what is due and not with what there is.
//!
//! It looks with a wide net: whether something is due is decided by [`crate::domain::reminder`].

use chrono::{Days, NaiveDate};
use entity::{
    action, deadline_revision, meeting, notice, outbox_cause, outbox_response_cause, outbox_round_cause,
    plan, recommendation, round, round_plan,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement},
};

use super::{Source, StoreError, record};
use crate::domain::{
    action::State,
    plan::Record,
    policy::{DAYS, WORKING_DAYS},
    round::RoundState,
};

/// Days by which bank holidays, weekends and closures can move a reminder ahead of its figure.
const SLACK: u32 = 30;

/// The records of what could bring a mail on a day: open actions with a deadline near or past, actions that somebody is to be
/// told of, plans with an open round (if its updates are due soon, or for a weekly mail), plans whose response is awaited. Labels
/// are missing: who is mailed depends on none.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn on(from: &impl Source, day: NaiveDate, is_weekly: bool) -> Result<Vec<Record>, StoreError> {
    let ahead = |days: u32| day.checked_add_days(Days::new((days + SLACK).into())).unwrap_or(NaiveDate::MAX);
    let whole = in_round((!is_weekly).then(|| ahead(WORKING_DAYS.end() * 2)));
    let mut records =
        record::whole(from, Condition::any().add(in_query(whole)).add(awaits_response())).await?;
    let near = action::Column::Id.in_subquery(
        Query::select()
            .column(deadline_revision::Column::ActionId)
            .from(deadline_revision::Entity)
            .and_where(deadline_revision::Column::Latest.lte(ahead(*DAYS.end())))
            .to_owned(),
    );
    let near = near.and(action::Column::State.eq(State::Open.code()));
    let told = action::Column::Id.in_subquery(
        Query::select()
            .column(notice::Column::ActionId)
            .from(notice::Entity)
            .and_where(notice::Column::OutboxId.is_null())
            .and_where(notice::Column::Settled.is_null())
            .and_where(notice::Column::ActionId.is_not_null())
            .to_owned(),
    );
    let loaded: Vec<i64> = records.iter().map(|record| record.plan.id.0).collect();
    let which = Condition::any().add(near).add(told);
    let which = Condition::all().add(which).add(action::Column::PlanId.is_not_in(loaded));
    records.extend(record::of_some(from, which, false).await?);
    Ok(records)
}

/// The records of what some messages are about.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn of_messages(from: &impl Source, messages: &[i64]) -> Result<Vec<Record>, StoreError> {
    let ids = || messages.iter().copied();
    let rounds = outbox_round_cause::Entity::find()
        .select_only()
        .column(outbox_round_cause::Column::RoundId)
        .filter(outbox_round_cause::Column::OutboxId.is_in(ids()))
        .into_query();
    let of_rounds = Query::select()
        .column(round_plan::Column::PlanId)
        .from(round_plan::Entity)
        .and_where(round_plan::Column::RoundId.in_subquery(rounds))
        .to_owned();
    let of_responses = outbox_response_cause::Entity::find()
        .select_only()
        .column(outbox_response_cause::Column::PlanId)
        .filter(outbox_response_cause::Column::OutboxId.is_in(ids()))
        .into_query();
    let whole = Condition::any().add(in_query(of_rounds)).add(in_query(of_responses));
    let mut records = record::whole(from, whole).await?;
    let of_causes = outbox_cause::Entity::find()
        .select_only()
        .column(outbox_cause::Column::ActionId)
        .filter(outbox_cause::Column::OutboxId.is_in(ids()))
        .into_query();
    let of_notices = notice::Entity::find()
        .select_only()
        .column(notice::Column::ActionId)
        .filter(notice::Column::OutboxId.is_in(ids()))
        .filter(notice::Column::ActionId.is_not_null())
        .into_query();
    let loaded: Vec<i64> = records.iter().map(|record| record.plan.id.0).collect();
    let about = action::Column::Id.in_subquery(of_causes).or(action::Column::Id.in_subquery(of_notices));
    let which = Condition::all().add(about).add(action::Column::PlanId.is_not_in(loaded));
    records.extend(record::of_some(from, which, true).await?);
    Ok(records)
}

fn in_query(plans: SelectStatement) -> Expr {
    plan::Column::Id.in_subquery(plans)
}

/// The plans with an open round; with a day: those whose updates are due by then.
fn in_round(until: Option<NaiveDate>) -> SelectStatement {
    let mut open = Query::select()
        .column(round::Column::Id)
        .from(round::Entity)
        .and_where(round::Column::State.eq(RoundState::Open.code()))
        .to_owned();
    if let Some(until) = until {
        let meetings = Query::select()
            .column(meeting::Column::Id)
            .from(meeting::Entity)
            .and_where(meeting::Column::UpdatesDueOn.lte(until))
            .to_owned();
        let due = round::Column::UpdatesDueOn.lte(until).or(round::Column::MeetingId.in_subquery(meetings));
        open.and_where(due);
    }
    Query::select()
        .column(round_plan::Column::PlanId)
        .from(round_plan::Entity)
        .and_where(round_plan::Column::RoundId.in_subquery(open))
        .to_owned()
}

/// The plans of which something was sent that nobody has answered.
fn awaits_response() -> Expr {
    let plan_id = || Expr::col((Alias::new("plan"), plan::Column::Id));
    let unanswered = Query::select()
        .column(recommendation::Column::PlanId)
        .from(recommendation::Entity)
        .and_where(recommendation::Column::Response.is_null())
        .and_where(recommendation::Column::SentOn.is_not_null())
        .to_owned();
    let bare = Query::select()
        .column(recommendation::Column::PlanId)
        .from(recommendation::Entity)
        .and_where(recommendation::Column::Response.is_null())
        .to_owned();
    let sent = plan::Column::SentOn.is_not_null();
    let open = plan::Column::AgreedOn.is_null().or(plan_id().in_subquery(bare));
    plan_id().in_subquery(unanswered).or(sent.and(open))
}
