//! A sender that is killed again and again: nothing is lost, and what is sent twice has the same Message-ID.
//!
//! `cargo test --test it kills:: -- --ignored --nocapture` kills it a hundred times over 500 digests, on SQLite and on
//! PostgreSQL, over one line to the mail server and over eight, and prints what came of it. Not among the other tests: it takes minutes.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    time::Duration,
};

use scrutiny_tracker::{
    command::{outbox, reminder},
    domain::message::{MessageKind, MessageState},
    store::{self, outbox::Message},
};
use sea_orm::{ConnectionTrait, Database};

use crate::{
    outbox::start_sender,
    smtp_server::{Act, Received, SmtpServer, Stage},
    support::{Site, each_database},
};

#[path = "../../benches/large/mod.rs"]
pub(crate) mod large;

const KILLS: usize = 100;
/// Once over one line to the mail server, and once over several.
const LINES: [usize; 2] = [1, 8];
const DIGESTS: usize = 500;
/// The mail server takes its time for each, so that many kills meet a message on its way.
const ANSWERS_AFTER: Duration = Duration::from_millis(10);

// On threads of its own: waiting for the other process must not keep the mail server from answering it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it takes minutes"]
async fn a_sender_that_is_killed_a_hundred_times_loses_nothing_and_repeats_at_most_one_a_line_each_time() {
    for lines in LINES {
        each_database(async |site| {
            large::leads::write(&site.url, DIGESTS, 1, site.today()).await;
            reminder::queue_today(&site.cx).await.unwrap();
            while outbox::write_next(&site.cx, &[MessageKind::Reminder], 50).await.unwrap() > 0 {}
            let server = SmtpServer::start().await;
            server.script((0..10 * DIGESTS).map(|_| Act::slow(Stage::Dot, ANSWERS_AFTER)));
            for _ in 0..KILLS {
                kill_at_random(&site, &server, lines).await;
            }
            while messages(&site).await.iter().any(|m| m.state == MessageState::Queued) {
                let mut last = start_sender(&site, &server, site.cx.clock.machine_now(), lines);
                assert!(last.wait().unwrap().success());
            }
            judge(site.cx.store.kind(), lines, &messages(&site).await, &server.received());
        })
        .await;
    }
}

/// Starts a sender and kills it with -9: while it starts, between two messages or in the middle of one. Then its lease runs out.
async fn kill_at_random(site: &Site, server: &SmtpServer, lines: usize) {
    let before = server.received().len();
    let mut sender = start_sender(site, server, site.cx.clock.machine_now(), lines);
    let messages = before + usize::try_from(random(9)).unwrap();
    for _ in 0..500 {
        if server.received().len() >= messages {
            break;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokio::time::sleep(Duration::from_micros(random(15_000))).await;
    sender.kill().unwrap();
    sender.wait().unwrap();
    let db = Database::connect(&site.url).await.unwrap();
    let run_out = "UPDATE outbox SET lease_until = next_attempt_at WHERE state = 'sending'";
    db.execute_unprepared(run_out).await.unwrap();
    db.close().await.unwrap();
}

fn judge(on: &str, lines: usize, messages: &[Message], received: &[Received]) {
    let mut taken: HashMap<&str, Vec<&Received>> = HashMap::new();
    for one in received {
        taken.entry(one.message_id.trim_matches(['<', '>'])).or_default().push(one);
    }
    let lost: Vec<i64> =
        messages.iter().filter(|m| !taken.contains_key(m.message_id.as_str())).map(|m| m.id).collect();
    let repeats = received.len() - taken.len();
    let strange = taken.keys().filter(|id| messages.iter().all(|m| m.message_id != **id)).count();
    let unequal = taken.values().filter(|all| all.iter().any(|one| one.bytes != all[0].bytes)).count();
    let unsaid = messages
        .iter()
        .filter(|m| taken.get(m.message_id.as_str()).is_some_and(|all| all.len() > 1) && !m.uncertain)
        .count();
    eprintln!(
        "{on}: {} digests, {KILLS} kills over {lines} connections: lost {}, repeated {repeats}, with another Message-ID \
         {strange}, with other bytes {unequal}, of which the log does not say so {unsaid}",
        messages.len(),
        lost.len(),
    );
    assert_eq!(messages.len(), DIGESTS);
    assert!(lost.is_empty(), "{lost:?}");
    assert!(repeats <= KILLS * lines, "{repeats}");
    assert_eq!((strange, unequal, unsaid), (0, 0, 0));
}

/// The leads' digests: Appendix B's people have example addresses.
pub(crate) async fn messages(site: &Site) -> Vec<Message> {
    let all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 10_000).await.unwrap();
    all.into_iter().filter(|m| m.to_address.ends_with("@tracker.internal")).collect()
}

fn random(below: u64) -> u64 {
    RandomState::new().build_hasher().finish() % below
}
