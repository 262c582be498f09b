//! What drawing up a pack costs for each cell of its table: Appendix B's 22 actions and 2 rounds, and 1,000 with 12.
//!
//! Prints microseconds a cell, and how many times more the large plan's take: `cargo bench --bench papers`. It fails where
//! that is more than three times. What is measured is the drawing alone, which reads no database; how many statements a pack
//! takes is held by `tests/it/pack.rs`.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a measurement may stop, and prints its result")]

use std::time::Instant;

use chrono::{Days, NaiveDate};
use scrutiny_tracker::{
    clock::Clock,
    command::{self, Cx, demonstration},
    domain::{
        access::Actor,
        deadline::Span,
        id::{ActionId, RecommendationId, RoundId, UpdateId},
        plan::Record,
        round::Round,
    },
    link::Links,
    mail::{bell::Bell, message::Mailbox},
    papers::{Pack, draw_up},
    seed,
    store::{self, Store, record::Depth},
};

const TIMES: usize = 20;
/// How many times Appendix B's 22 actions make 1,000.
const COPIES: i64 = 46;
const ROUNDS: i64 = 12;
const MOST: f64 = 3.0;

#[tokio::main]
async fn main() {
    let small = appendix_b().await;
    let large = grown(&small);
    let (one, many) = (measure(&small), measure(&large));
    println!("22 actions, 2 rounds       {one:8.2} µs a cell");
    println!("{} actions, {} rounds   {many:8.2} µs a cell", large.actions.len(), large.rounds.len());
    println!("times as much              {:8.2}", many / one);
    assert!(many <= one * MOST, "a cell of a large plan’s pack takes more than {MOST} times as long");
}

async fn appendix_b() -> Record {
    let folder = tempfile::tempdir().expect("a folder");
    let store =
        Store::open(&format!("sqlite://{}/bench.sqlite", folder.path().display())).await.expect("opens");
    store.migrate().await.expect("migrates");
    let cx = Cx {
        store,
        clock: Clock::standing(demonstration::nine_on(demonstration::FIRST_DAY)),
        links: Links::under("http://tracker.internal"),
        sender: Mailbox { name: String::new(), address: String::new() },
        bell: Bell::default(),
    };
    command::seed::load(&cx, &seed::appendix_b().expect("the seed is read")).await.expect("it loads");
    store::record::by_slug(&cx.store, &Actor::program("Bench"), "appendix-b", Depth::Everything)
        .await
        .expect("reads")
        .expect("the plan")
}

/// Appendix B so many times over, with rounds before its own in which every action has what it had in the last.
fn grown(small: &Record) -> Record {
    let mut large = small.clone();
    large.recommendations.clear();
    large.actions.clear();
    let last = small.rounds.last().expect("a round").clone();
    let first: NaiveDate = last.span.latest - Days::new(400);
    for number in 0..ROUNDS - 2 {
        let span = Span::day(first + Days::new(u64::try_from(number).expect("small") * 20));
        large.rounds.push(Round {
            id: RoundId(1_000 + number),
            label: format!("Round {number}"),
            span,
            ..last.clone()
        });
    }
    large.rounds.sort_by_key(|round| round.span.latest);
    for copy in 0..COPIES {
        let by = copy * 1_000;
        large.recommendations.extend(small.recommendations.iter().cloned().map(|mut one| {
            one.id = RecommendationId(one.id.0 + by);
            one.position += i32::try_from(by).expect("small");
            one
        }));
        large.actions.extend(small.actions.iter().cloned().map(|mut one| {
            one.id = ActionId(one.id.0 + by);
            one.position += i32::try_from(by).expect("small");
            one.recommendation = one.recommendation.map(|id| RecommendationId(id.0 + by));
            for change in &mut one.states {
                change.into = change.into.map(|into| ActionId(into.0 + by));
            }
            let said = one.updates.last().expect("an update").clone();
            let added = large.rounds.iter().filter(|round| round.id.0 >= 1_000).map(|round| {
                let mut update = said.clone();
                update.id = UpdateId(1_000_000 + round.id.0);
                (update.round, update.known_from) = (Some(round.id), round.span.latest);
                update
            });
            one.updates.splice(0..0, added);
            one
        }));
    }
    large
}

/// The median, in microseconds a cell.
fn measure(record: &Record) -> f64 {
    let round = record.rounds.last().expect("a round");
    let draw = |record| -> Pack { draw_up(record, round, "", round.counts_from()).expect("a pack") };
    let table = draw(record.clone()).table.expect("a table");
    let cells = table.rows.len() * table.heads.len();
    let mut times: Vec<f64> = (0..TIMES)
        .map(|_| {
            let record = record.clone();
            let begin = Instant::now();
            let drawn = std::hint::black_box(draw(record));
            let took = begin.elapsed();
            drop(drawn);
            took.as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[TIMES / 2] / f64::from(u32::try_from(cells).expect("not so many"))
}
