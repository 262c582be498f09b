//! What people wait for, measured in process on SQLite: the plan page, the dashboard, saving an update.
//!
//! Prints medians, and what they grow by from Appendix B's 22 actions to 200: `cargo bench`. Ratios of one run mean
//! something on any machine; the milliseconds only on the one that printed them.
//!
//! What is shown of every action in every round must not cost more the more of it there is: a plan of 1,000 actions and
//! twelve rounds may take at most three times as many microseconds per cell as Appendix B, or the measurement fails.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a measurement may stop, and prints its result")]

use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use chrono::{DateTime, NaiveDate, Utc};
use scrutiny_tracker::{
    clock::Clock,
    command::{
        self, Cx, demonstration,
        session::{self, Client},
        update,
    },
    domain::{
        access::Actor,
        account::Way,
        action::ActionDraft,
        id::{ActionId, PlanId},
        post::Lead,
        update::UpdateDraft,
    },
    link::Links,
    mail::{bell::Bell, message::Mailbox},
    store::{self, Store, record::Depth},
    web::{self, App, Mode},
};
use tower::ServiceExt as _;

mod large;

const HOST: &str = "tracker.internal";
const TIMES: usize = 40;
const LARGE: usize = 200;
/// A page of the large plan takes its time.
const TIMES_LARGE: usize = 8;
/// What a cell of the large plan may cost, in those of Appendix B.
const AT_MOST: f64 = 3.0;
/// The pages that show a cell for every action in every round: what they are called, and what follows the plan's address.
const BY_CELL: [(&str, &str); 1] = [("dashboard", "/dashboard")];

#[tokio::main]
async fn main() -> ExitCode {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/bench.sqlite", folder.path().display());
    let store = Store::open(&url).await.expect("opens");
    store.migrate().await.expect("migrates");
    let machine = DateTime::<Utc>::from_timestamp(1_512_637_200, 0).expect("an instant");
    let cx = Cx {
        store,
        clock: Clock::fixed(demonstration::nine_on(demonstration::FIRST_DAY), machine),
        links: Links::under(&format!("http://{HOST}")),
        sender: Mailbox { name: String::new(), address: "tracker@tracker.internal".to_owned() },
        bell: Bell::default(),
    };
    demonstration::begin(&cx).await.expect("the seed loads");
    let manager = store::person::by_email(&cx.store, "risk-and-resilience-manager@example.org")
        .await
        .expect("reads")
        .expect("the seed’s manager");
    let cookie = format!(
        "session={}",
        session::start(&cx, manager.person.id, Way::Demonstration, &Client::default())
            .await
            .expect("signs in")
    );
    let site = web::router(App::new(cx.clone(), Mode::Real { secure: false }));
    let actor = store::person::actor(&cx.store, manager.person.id, cx.clock.today())
        .await
        .expect("reads")
        .expect("active");
    let record = store::record::by_slug(&cx.store, &Actor::program("Bench"), "appendix-b", Depth::Current)
        .await
        .expect("reads")
        .expect("the plan");
    let first = record.actions.first().expect("an action").id;

    large::write(&url).await;
    let holds = by_cell(&site, &cookie).await;

    let small = measure(&cx, &site, &cookie, &actor, first).await;
    grow(&cx, &actor, record.plan.id, record.actions.len()).await;
    let large = measure(&cx, &site, &cookie, &actor, first).await;

    println!("{:<16}{:>14}{:>14}{:>8}", "median of 40", "22 actions", "200 actions", "ratio");
    for ((name, few), (_, many)) in small.iter().zip(&large) {
        let ratio = many.as_secs_f64() / few.as_secs_f64();
        println!("{name:<16}{:>11.1} ms{:>11.1} ms{ratio:>8.1}", ms(*few), ms(*many));
    }
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures what a cell costs, small and large, and says whether the one keeps to the other.
async fn by_cell(site: &Router, cookie: &str) -> bool {
    let (few, many) = (22 * 2, large::ACTIONS * large::ROUNDS);
    println!("{:<16}{:>14}{:>14}{:>8}", "per cell", "22 × 2", "1,000 × 12", "ratio");
    let mut holds = true;
    for (name, after) in BY_CELL {
        let small = page(site, cookie, &format!("/plans/appendix-b{after}"), TIMES).await;
        let large = page(site, cookie, &format!("/plans/{}{after}", large::SLUG), TIMES_LARGE).await;
        let each = |time: Duration, cells: usize| time.as_secs_f64() * 1e6 / cells as f64;
        let ratio = each(large, many) / each(small, few);
        println!("{name:<16}{:>11.1} µs{:>11.1} µs{ratio:>8.2}", each(small, few), each(large, many));
        println!("{:<16}{:>11.1} ms{:>11.1} ms", "  the whole page", ms(small), ms(large));
        if ratio > AT_MOST {
            eprintln!(
                "FAILED: a cell of the {name} costs {ratio:.2} times as much, and at most {AT_MOST} is allowed"
            );
            holds = false;
        }
    }
    println!();
    holds
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

async fn measure(
    cx: &Cx,
    site: &Router,
    cookie: &str,
    actor: &Actor,
    action: ActionId,
) -> [(&'static str, Duration); 3] {
    [
        ("plan page", page(site, cookie, "/plans/appendix-b", TIMES).await),
        ("dashboard", page(site, cookie, "/plans/appendix-b/dashboard", TIMES).await),
        ("save an update", save(cx, actor, action).await),
    ]
}

async fn page(site: &Router, cookie: &str, path: &str, times_asked: usize) -> Duration {
    let mut times = Vec::with_capacity(times_asked);
    for _ in 0..times_asked {
        let request = Request::get(path)
            .header(header::HOST, HOST)
            .header(header::COOKIE, cookie)
            .body(Body::empty())
            .expect("a request");
        let start = Instant::now();
        let response = site.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        to_bytes(response.into_body(), usize::MAX).await.expect("the page");
        times.push(start.elapsed());
    }
    median(times)
}

async fn save(cx: &Cx, actor: &Actor, action: ActionId) -> Duration {
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let draft = UpdateDraft::of("Work has gone on since the last round.");
        let start = Instant::now();
        update::add(cx, actor, action, &draft, None).await.expect("saved");
        times.push(start.elapsed());
    }
    median(times)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Adds actions, each with two updates as long as Appendix B's longest, until there are [`LARGE`].
async fn grow(cx: &Cx, actor: &Actor, plan: PlanId, have: usize) {
    let posts = store::record::posts(&cx.store).await.expect("reads");
    let narrative =
        "Schools, academies and colleges have been offered training, and most have taken it up. ".repeat(8);
    let due = NaiveDate::from_ymd_opt(2018, 3, 31).expect("a day");
    for n in have..LARGE {
        let lead = posts.get(n % posts.len()).map(|post| Lead::Post { post: post.id, named: None });
        let draft = ActionDraft {
            recommendation: None,
            short_title: Some(format!("Action {n}")),
            text: narrative.clone(),
            lead_wording: "Lead".to_owned(),
            leads: lead.into_iter().collect(),
            contributors: Vec::new(),
            resource: "Managed within existing budget".to_owned(),
            resource_kind: None,
            resource_pence: None,
            themes: vec!["Training".to_owned()],
        };
        let by_when = scrutiny_tracker::domain::text::day(due);
        let id = command::action::create(cx, actor, plan, &draft, &by_when).await.expect("added");
        for _ in 0..2 {
            update::add(cx, actor, id, &UpdateDraft::of(&narrative), None).await.expect("saved");
        }
    }
}
