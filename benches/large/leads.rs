//! Many leads with actions that are due, beside Appendix B: for what is sent to them.

use chrono::{Days, NaiveDate};
use entity::{action, assignment, deadline_revision, holding, person, plan, post};
use sea_orm::{Database, DatabaseConnection};

use super::{Seed, id, place, put, turn};

/// How many actions a plan of theirs has.
const PLAN: usize = 100;

/// Writes `leads` people, each with a post of their own that leads `each` actions. All were due on the day before `today`.
pub(crate) async fn write(url: &str, leads: usize, each: usize, today: NaiveDate) {
    let db = &Database::connect(url).await.expect("opens");
    let seed = Seed::read(db).await;
    let actions = leads * each;
    people(db, &seed, leads).await;
    let plans = (0..actions.div_ceil(PLAN)).map(|n| plan::Model {
        id: id(n),
        slug: format!("plan-{n}"),
        title: format!("Plan {n}"),
        ..seed.plan.clone()
    });
    put::<plan::Entity, _>(db, plans.collect()).await;
    let rows = (0..actions).map(|n| action::Model {
        id: id(n),
        plan_id: id(n / PLAN),
        recommendation_id: None,
        position: place(n % PLAN),
        state: "open".to_owned(),
        state_from: None,
        merged_into_id: None,
        ..turn(&seed.actions, n).clone()
    });
    put::<action::Entity, _>(db, rows.collect()).await;
    // A lead's actions stand in several plans.
    let assignments = (0..actions).map(|n| assignment::Model {
        id: id(n),
        action_id: id(n),
        position: 0,
        post_id: Some(id(n % leads)),
        ..seed.assignment.clone()
    });
    put::<assignment::Entity, _>(db, assignments.collect()).await;
    let due = today.checked_sub_days(Days::new(1));
    let revisions = (0..actions).map(|n| deadline_revision::Model {
        id: id(n),
        action_id: id(n),
        earliest: due,
        latest: due,
        ..seed.original.clone()
    });
    put::<deadline_revision::Entity, _>(db, revisions.collect()).await;
}

/// Writes `leads` people, each with a post of their own.
pub(super) async fn people(db: &DatabaseConnection, seed: &Seed, leads: usize) {
    let people = (0..leads).map(|n| person::Model {
        id: id(n),
        name: format!("Lead {n}"),
        email: format!("lead-{n}@tracker.internal"),
        active: true,
        password_hash: None,
        second_factor_secret: None,
        second_factor_since: None,
        second_factor_step: None,
        last_signed_in_at: None,
        deactivated_at: None,
        pseudonymised_at: None,
        address_refused_on: None,
        address_refused_note: None,
        version: 1,
        created_at: seed.original.recorded_at,
    });
    put::<person::Entity, _>(db, people.collect()).await;
    let posts =
        (0..leads).map(|n| post::Model { id: id(n), name: format!("Post {n}"), body: None, version: 1 });
    put::<post::Entity, _>(db, posts.collect()).await;
    let holdings = (0..leads).map(|n| holding::Model {
        id: id(n),
        post_id: id(n),
        person_id: id(n),
        from_day: seed.original.known_from,
        to_day: None,
        acting: false,
    });
    put::<holding::Entity, _>(db, holdings.collect()).await;
}
