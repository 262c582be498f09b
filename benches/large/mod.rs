//! A plan as large as they come, written straight into the tables: a thousand actions in twelve rounds through the commands
//! would take longer than everything that is measured.
//!
//! Each row is one of Appendix B's with other days, so that texts are as long as real ones and a new column needs nothing
//! here.
#![allow(dead_code, reason = "what one measurement does not need, another does")]

use chrono::{Days, Months, NaiveDate};
use entity::{
    action, action_update, assignment, deadline_revision, evidence, plan, recommendation, round, round_plan,
    state_change,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Database, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};

pub(crate) mod due;
pub(crate) mod leads;

/// How many actions it has.
pub(crate) const ACTIONS: usize = 1_000;
/// How many rounds.
pub(crate) const ROUNDS: usize = 12;
/// Its name in addresses.
pub(crate) const SLUG: &str = "large";

/// The identifiers of its rows begin here, above all others.
const FIRST: i64 = 1_000_000;

/// Writes the plan beside Appendix B.
pub(crate) async fn write(url: &str) {
    let db = &Database::connect(url).await.expect("opens");
    let seed = Seed::read(db).await;
    let plan = plan::Model {
        id: FIRST,
        slug: SLUG.to_owned(),
        title: "A large plan".to_owned(),
        ..seed.plan.clone()
    };
    put::<plan::Entity, _>(db, vec![plan]).await;
    put::<round::Entity, _>(db, (0..ROUNDS).map(|n| round(&seed.round, n)).collect()).await;
    let of_plan = |n: usize| round_plan::Model { id: id(n), round_id: id(n), plan_id: FIRST };
    put::<round_plan::Entity, _>(db, (0..ROUNDS).map(of_plan).collect()).await;
    let recommendations = (0..=ACTIONS * 7 / 10).map(|n| recommendation::Model {
        id: id(n),
        plan_id: FIRST,
        position: place(n),
        printed_reference: None,
        full_reference: Some(format!("R{n}")),
        ..turn(&seed.recommendations, n).clone()
    });
    put::<recommendation::Entity, _>(db, recommendations.collect()).await;
    let mut rows = Rows::default();
    for n in 0..ACTIONS {
        rows.add(&seed, n);
    }
    put::<action::Entity, _>(db, rows.actions).await;
    put::<assignment::Entity, _>(db, rows.assignments).await;
    put::<deadline_revision::Entity, _>(db, rows.revisions).await;
    put::<action_update::Entity, _>(db, rows.updates).await;
    put::<state_change::Entity, _>(db, rows.states).await;
    put::<evidence::Entity, _>(db, rows.evidence).await;
}

/// Appendix B's rows, to be copied.
struct Seed {
    plan: plan::Model,
    round: round::Model,
    recommendations: Vec<recommendation::Model>,
    actions: Vec<action::Model>,
    assignment: assignment::Model,
    original: deadline_revision::Model,
    asked: deadline_revision::Model,
    updates: Vec<action_update::Model>,
    complete: state_change::Model,
    merged: state_change::Model,
    evidence: evidence::Model,
}

impl Seed {
    async fn read(db: &DatabaseConnection) -> Self {
        let state = async |code: &str| {
            let found =
                state_change::Entity::find().filter(state_change::Column::State.eq(code)).one(db).await;
            found.expect("reads").expect("Appendix B has one")
        };
        let revision = async |number: i32| {
            let of = deadline_revision::Column::Number.eq(number);
            let found = deadline_revision::Entity::find().filter(of).one(db).await;
            found.expect("reads").expect("Appendix B has one")
        };
        let led = assignment::Entity::find().filter(assignment::Column::PostId.is_not_null());
        Self {
            plan: plan::Entity::find().one(db).await.expect("reads").expect("a plan"),
            round: round::Entity::find()
                .order_by_asc(round::Column::Id)
                .one(db)
                .await
                .expect("reads")
                .expect("a round"),
            recommendations: recommendation::Entity::find().all(db).await.expect("reads"),
            actions: action::Entity::find().all(db).await.expect("reads"),
            assignment: led.one(db).await.expect("reads").expect("a lead"),
            original: revision(0).await,
            asked: revision(1).await,
            updates: action_update::Entity::find().all(db).await.expect("reads"),
            complete: state("complete").await,
            merged: state("merged").await,
            evidence: evidence::Entity::find().one(db).await.expect("reads").expect("evidence"),
        }
    }
}

#[derive(Default)]
struct Rows {
    actions: Vec<action::Model>,
    assignments: Vec<assignment::Model>,
    revisions: Vec<deadline_revision::Model>,
    updates: Vec<action_update::Model>,
    states: Vec<state_change::Model>,
    evidence: Vec<evidence::Model>,
}

impl Rows {
    /// One action with everything that happened to it. Of twenty, eight are complete and one is merged; of five, one has
    /// another date and one asks for one; of seven rounds, one has no update.
    fn add(&mut self, seed: &Seed, n: usize) {
        let (is_complete, is_merged) = (n % 20 < 8, n % 20 == 19);
        let theme = ["Training", "Publicity", "Schools"][n % 3];
        self.actions.push(action::Model {
            id: id(n),
            plan_id: FIRST,
            recommendation_id: Some(id(n * 7 / 10)),
            position: place(n),
            state: if is_complete {
                "complete"
            } else if is_merged {
                "merged"
            } else {
                "open"
            }
            .to_owned(),
            merged_into_id: is_merged.then(|| id(n - 1)),
            themes: serde_json::json!([theme]),
            ..turn(&seed.actions, n).clone()
        });
        self.assignments.push(assignment::Model {
            id: id(n),
            action_id: id(n),
            position: 0,
            ..seed.assignment.clone()
        });
        let due = month(10 + n % 30);
        self.revisions.push(revision(&seed.original, self.revisions.len(), n, due));
        if n % 5 < 2 {
            let moved = revision(&seed.asked, self.revisions.len(), n, due + Months::new(5));
            let granted = n.is_multiple_of(5);
            self.revisions.push(deadline_revision::Model {
                known_from: month(8),
                decision: granted.then(|| "granted".to_owned()),
                decided_on: granted.then(|| month(9)),
                decider: granted.then(|| "panel".to_owned()),
                decided_by: granted.then(|| "the panel".to_owned()),
                ..moved
            });
        }
        for round in (0..ROUNDS).filter(|round| !(n + round).is_multiple_of(7)) {
            let template = turn(&seed.updates, n * ROUNDS + round);
            let reported = ["on_track", "not_recorded", "at_risk", "off_track"][(n / 3 + round / 4) % 4];
            self.updates.push(action_update::Model {
                id: id(self.updates.len()),
                action_id: id(n),
                round_id: Some(id(round)),
                reported: reported.to_owned(),
                next_steps: round.is_multiple_of(2).then(|| "Meet the head teachers.".to_owned()),
                promise: (round % 2 == 1).then(|| "yes".to_owned()),
                written_on: None,
                supersedes_id: None,
                is_latest: round + 1 == ROUNDS,
                ..template.clone()
            });
        }
        let change = match (is_complete, is_merged) {
            (true, _) => Some(&seed.complete),
            (_, true) => Some(&seed.merged),
            _ => None,
        };
        self.states.extend(change.map(|change| state_change::Model {
            id: id(n),
            action_id: id(n),
            merged_into_id: is_merged.then(|| id(n - 1)),
            from_day: month(3 * (n % ROUNDS)),
            update_id: None,
            ..change.clone()
        }));
        if n.is_multiple_of(20) {
            self.evidence.push(evidence::Model {
                id: id(n),
                action_id: id(n),
                update_id: None,
                ..seed.evidence.clone()
            });
        }
    }
}

fn round(template: &round::Model, n: usize) -> round::Model {
    let day = month(3 * n);
    round::Model {
        id: id(n),
        label: format!("Round {}", n + 1),
        earliest: day,
        latest: day,
        ..template.clone()
    }
}

fn revision(
    template: &deadline_revision::Model,
    place: usize,
    of: usize,
    due: NaiveDate,
) -> deadline_revision::Model {
    deadline_revision::Model {
        id: id(place),
        action_id: id(of),
        earliest: due.checked_sub_days(Days::new(27)),
        latest: Some(due),
        ..template.clone()
    }
}

/// The seventh day of a month, counted from March 2015: the twelfth quarter is that of 7 December 2017.
fn month(n: usize) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2015, 3, 7).expect("a day");
    first + Months::new(u32::try_from(n).expect("a few"))
}

fn id(n: usize) -> i64 {
    FIRST + i64::try_from(n).expect("a few")
}

fn place(n: usize) -> i32 {
    i32::try_from(n).expect("a few")
}

fn turn<T>(of: &[T], n: usize) -> &T {
    &of[n % of.len()]
}

async fn put<E, A>(db: &DatabaseConnection, rows: Vec<E::Model>)
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
{
    let mut rows = rows.into_iter().map(|row| row.into_active_model().reset_all()).peekable();
    while rows.peek().is_some() {
        // A statement takes only so many values.
        E::insert_many(rows.by_ref().take(500).collect::<Vec<A>>())
            .exec_without_returning(db)
            .await
            .expect("written");
    }
}
