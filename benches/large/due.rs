//! Many actions of which few are due, beside Appendix B and the leads of [`super::leads`]: for what is worked out of them.

use chrono::{Days, NaiveDate};
use entity::{action, action_update, assignment, deadline_revision, plan, recommendation, state_change};
use sea_orm::{ColumnTrait, Database, EntityTrait, QueryFilter, sea_query::Expr};

use super::{Seed, id, leads, place, put, turn};

/// How many actions a plan has.
const PLAN: usize = 200;

/// Writes actions until there are `all`, `had` of which are there, so that `due` of all of them, spread evenly over the plans,
/// were due on the day before `today`. Half of the others are complete, the rest have time until years later.
pub(crate) async fn write(url: &str, had: usize, all: usize, due: usize, of_leads: usize, today: NaiveDate) {
    let db = &Database::connect(url).await.expect("opens");
    let seed = Seed::read(db).await;
    if had == 0 {
        leads::people(db, &seed, of_leads).await;
    }
    let every = all / due;
    let (yesterday, later) = (today - Days::new(1), today + Days::new(2_000));
    // Those that are there and due are fewer of the whole.
    let no_more: Vec<i64> = (0..had).step_by((had / due).max(1)).filter(|n| n % every != 0).map(id).collect();
    for some in no_more.chunks(500) {
        deadline_revision::Entity::update_many()
            .col_expr(deadline_revision::Column::Earliest, Expr::value(later))
            .col_expr(deadline_revision::Column::Latest, Expr::value(later))
            .filter(deadline_revision::Column::ActionId.is_in(some.iter().copied()))
            .exec(db)
            .await
            .expect("put off");
    }
    let plans = (had / PLAN..all / PLAN).map(|n| plan::Model {
        id: id(n),
        slug: format!("plan-{n}"),
        title: format!("Plan {n}"),
        ..seed.plan.clone()
    });
    put::<plan::Entity, _>(db, plans.collect()).await;
    let recommendations = (had..all).map(|n| recommendation::Model {
        id: id(n),
        plan_id: id(n / PLAN),
        position: place(n % PLAN),
        printed_reference: None,
        full_reference: (!n.is_multiple_of(2)).then(|| format!("R{n}")),
        ..turn(&seed.recommendations, n).clone()
    });
    put::<recommendation::Entity, _>(db, recommendations.collect()).await;
    // What is due in the smaller whole has an odd place in the larger one.
    let is_complete = |n: usize| !n.is_multiple_of(10) && n % 20 < 10;
    let actions = (had..all).map(|n| action::Model {
        id: id(n),
        plan_id: id(n / PLAN),
        recommendation_id: Some(id(n)),
        position: place(n % PLAN),
        state: if is_complete(n) { "complete" } else { "open" }.to_owned(),
        merged_into_id: None,
        ..turn(&seed.actions, n).clone()
    });
    put::<action::Entity, _>(db, actions.collect()).await;
    let assignments = (had..all).map(|n| assignment::Model {
        id: id(n),
        action_id: id(n),
        position: 0,
        post_id: Some(id(n / every % of_leads)),
        ..seed.assignment.clone()
    });
    put::<assignment::Entity, _>(db, assignments.collect()).await;
    let revisions = (had..all).map(|n| {
        let day = if is_complete(n) || n.is_multiple_of(every) { yesterday } else { later };
        deadline_revision::Model {
            id: id(n),
            action_id: id(n),
            earliest: Some(day),
            latest: Some(day),
            ..seed.original.clone()
        }
    });
    put::<deadline_revision::Entity, _>(db, revisions.collect()).await;
    // An older one and the latest, in turns.
    let updates = (2 * had..2 * all).map(|n| action_update::Model {
        id: id(n),
        action_id: id(n / 2),
        round_id: None,
        written_on: Some(today - Days::new(if n.is_multiple_of(2) { 160 } else { 60 })),
        supersedes_id: None,
        is_latest: !n.is_multiple_of(2),
        ..turn(&seed.updates, n).clone()
    });
    put::<action_update::Entity, _>(db, updates.collect()).await;
    let changes = (had..all).filter(|n| is_complete(*n)).map(|n| state_change::Model {
        id: id(n),
        action_id: id(n),
        from_day: today - Days::new(60),
        update_id: Some(id(2 * n + 1)),
        ..seed.complete.clone()
    });
    put::<state_change::Entity, _>(db, changes.collect()).await;
}
