//! An installation with Appendix B in it, on the demonstration's first day at nine, whose machine's clock goes on.

use scrutiny_tracker::{
    clock::Clock,
    command::{Cx, demonstration, seed},
    link::Links,
    mail::{bell::Bell, message::Mailbox},
    seed::appendix_b,
    store::Store,
};

/// Migrates the database, and loads the seed.
pub(crate) async fn new(url: &str) -> Cx {
    let store = Store::open(url).await.expect("opens");
    store.migrate().await.expect("migrates");
    store.take_installation(demonstration::installation());
    let cx = Cx {
        store,
        clock: Clock::fixed(
            demonstration::nine_on(demonstration::FIRST_DAY),
            "2026-03-02T10:30:00Z".parse().expect("a moment"),
        ),
        links: Links::under("http://tracker.internal"),
        sender: Mailbox { name: "Scrutiny Tracker".into(), address: "tracker@tracker.internal".into() },
        bell: Bell::default(),
    };
    seed::load(&cx, &appendix_b().expect("the seed")).await.expect("loads");
    cx
}
