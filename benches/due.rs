//! What working out a day's mails costs by what there is: 10,000 actions with 1,000 that are due, and 100,000 with as many.
//!
//! `cargo bench --bench due` prints how long queueing the day's digests takes on both, in one run, and how many times more the
//! second; it fails where that is more than twice. On SQLite, or on the empty PostgreSQL database that
//! `SCRUTINY_BENCH_DATABASE` names.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a measurement may stop, and prints its result")]

use std::{
    env,
    process::ExitCode,
    time::{Duration, Instant},
};

use entity::{outbox, outbox_cause, outbox_response_cause, outbox_round_cause, setting};
use scrutiny_tracker::command::{Cx, reminder};
use sea_orm::{ConnectionTrait as _, Database, EntityTrait};

mod installation;
mod large;

const FEW: usize = 10_000;
const MANY: usize = 100_000;
const DUE: usize = 1_000;
const LEADS: usize = 500;
/// How often either is measured.
const TIMES: usize = 7;
/// What the many may cost, in times of the few.
const AT_MOST: f64 = 2.0;

#[tokio::main]
async fn main() -> ExitCode {
    let folder = tempfile::tempdir().expect("a folder");
    let url = env::var("SCRUTINY_BENCH_DATABASE")
        .unwrap_or_else(|_| format!("sqlite://{}/bench.sqlite", folder.path().display()));
    let cx = installation::new(&url).await;
    println!("{DUE} of {LEADS} leads are due, on {}; the median of {TIMES}", cx.store.kind());
    let few = measure(&cx, &url, 0, FEW).await;
    let many = measure(&cx, &url, FEW, MANY).await;
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    println!("{ratio:.2} times as long; at most {AT_MOST} is allowed");
    if ratio > AT_MOST { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Adds actions to the `had` until there are `all`, and queues the day's digests again and again.
async fn measure(cx: &Cx, url: &str, had: usize, all: usize) -> Duration {
    large::due::write(url, had, all, DUE, LEADS, cx.clock.today()).await;
    let db = Database::connect(url).await.expect("opens");
    // What PostgreSQL does by itself after a while.
    if !url.starts_with("sqlite") {
        db.execute_unprepared("ANALYZE").await.expect("counted");
    }
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        outbox_cause::Entity::delete_many().exec(&db).await.expect("taken back");
        outbox_response_cause::Entity::delete_many().exec(&db).await.expect("taken back");
        outbox_round_cause::Entity::delete_many().exec(&db).await.expect("taken back");
        outbox::Entity::delete_many().exec(&db).await.expect("taken back");
        setting::Entity::delete_by_id("reminders.last-run").exec(&db).await.expect("taken back");
        let begun = Instant::now();
        let queued = reminder::queue_today(cx).await.expect("queued");
        times.push(begun.elapsed());
        assert!(queued >= LEADS, "{queued} are queued");
    }
    times.sort_unstable();
    let median = times[TIMES / 2];
    println!("{all:>8} actions: {:>8.0} ms", median.as_secs_f64() * 1e3);
    median
}
