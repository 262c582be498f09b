//! The worker at a pace: one message after the other with rests between, and none once the office has closed.

use std::{num::NonZeroUsize, time::Duration};

use scrutiny_tracker::{domain::message::MessageState, store, worker::Worker};
use tokio::sync::watch;

use crate::{
    outbox::smtp,
    outbox_lines::queue_digests,
    smtp_server::{Act, SmtpServer, Stage},
    support::{Site, day, each_database},
};

const DIGESTS: usize = 3;

fn paced(site: &Site, server: &SmtpServer, pace: Duration) -> Worker {
    let worker = Worker::new(site.cx.clone(), smtp(server), pace, watch::channel(false).1);
    // Where there is a pace to keep, only one of the lines is used.
    worker.over(NonZeroUsize::new(4).unwrap())
}

/// How many messages wait, untried.
async fn waiting(site: &Site) -> usize {
    let all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 1_000).await.unwrap();
    all.iter().filter(|m| m.state == MessageState::Queued && m.attempts == 0).count()
}

#[tokio::test]
async fn at_a_pace_messages_go_one_after_the_other_over_one_line_with_a_rest_after_each() {
    each_database(async |site| {
        const PACE: Duration = Duration::from_millis(50);
        queue_digests(&site, DIGESTS).await;
        let server = SmtpServer::start().await;
        let ticked = Box::pin(paced(&site, &server, PACE).tick()).await.unwrap();
        assert_eq!((ticked.dealt_with, ticked.stopped), (DIGESTS, false));
        assert_eq!((server.received().len(), server.connections()), (DIGESTS, 1));
        // The next is not begun before the answer to the one before it and the rest.
        for pair in server.taken_at().windows(2) {
            assert!(pair[1] - pair[0] >= PACE, "{:?}", pair[1] - pair[0]);
        }
    })
    .await;
}

#[tokio::test]
async fn what_still_waits_when_the_office_closes_goes_on_the_next_working_day() {
    each_database(async |site| {
        queue_digests(&site, DIGESTS).await;
        let server = SmtpServer::start().await;
        let clock = site.cx.clock.clone();
        let closes = site.today().and_hms_opt(16, 0, 0).unwrap();
        site.cx.clock.move_office_to(site.today().and_hms_opt(15, 59, 59).unwrap());
        server.script([Act::meanwhile(Stage::Dot, move || clock.move_office_to(closes))]);
        let mut worker = paced(&site, &server, Duration::from_millis(1));
        let ticked = Box::pin(worker.tick()).await.unwrap();
        assert_eq!((ticked.dealt_with, ticked.stopped), (1, false));
        assert_eq!((server.received().len(), waiting(&site).await), (1, DIGESTS - 1));
        // Nor later in the evening.
        assert_eq!(Box::pin(worker.tick()).await.unwrap().dealt_with, 0);
        site.go_to(day("2017-12-08"));
        Box::pin(worker.tick()).await.unwrap();
        let mut to: Vec<_> = server.received().into_iter().flat_map(|mail| mail.to).collect();
        to.sort();
        to.dedup();
        assert_eq!((to.len(), waiting(&site).await), (DIGESTS, 0));
    })
    .await;
}
