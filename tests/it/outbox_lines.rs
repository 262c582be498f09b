//! The outbox over several lines to the mail server at once: what one line meets is no other's trouble.

use std::{iter, time::Duration};

use chrono::TimeDelta;
use scrutiny_tracker::{
    command::{outbox, outbox::Step, reminder},
    domain::message::{MessageKind, MessageState},
    mail::{
        smtp::Smtp,
        transport::{Session, Transport},
    },
    store::{
        self,
        outbox::{
            moving::{self, Handed, MovedOn},
            sending::{Outcome, conclude},
            turn::{self, Turn},
        },
    },
};
use sea_orm::{ConnectionTrait, Database};

use crate::{
    kills::{large, messages},
    outbox::{later, settings_at, smtp},
    smtp_server::{Act, SmtpServer, Stage},
    support::{Site, each_database},
};

const LINES: usize = 4;
const DIGESTS: usize = 20;
/// The answer to each message takes a little, so that the lines are in use together.
const ANSWERS_AFTER: Duration = Duration::from_millis(5);

/// Sends what is queued over several lines: how many were dealt with, and how it ended.
async fn send(site: &Site, server: &SmtpServer) -> (usize, Step) {
    let mut lines: Vec<Session> = iter::repeat_with(Session::default).take(LINES).collect();
    let kinds = || MessageKind::ALL.to_vec();
    outbox::send_all(&site.cx, &smtp(server), &mut lines, kinds).await.unwrap()
}

async fn queue(site: &Site) {
    queue_digests(site, DIGESTS).await;
}

/// Queues so many digests, each to somebody else.
pub(crate) async fn queue_digests(site: &Site, digests: usize) {
    large::leads::write(&site.url, digests, 1, site.today()).await;
    reminder::queue_today(&site.cx).await.unwrap();
    // Appendix B's people have example addresses: theirs are out of the way.
    let db = Database::connect(&site.url).await.unwrap();
    let not_sent = MessageState::NotSent.code();
    let sql = format!("UPDATE outbox SET state = '{not_sent}' WHERE to_address LIKE '%@example.org'");
    db.execute_unprepared(&sql).await.unwrap();
    db.close().await.unwrap();
}

/// Each was taken once, and is known to be.
async fn all_went_once(site: &Site, server: &SmtpServer) {
    let mut sent: Vec<String> = messages(site).await.iter().map(|m| format!("<{}>", m.message_id)).collect();
    let mut taken: Vec<String> = server.received().into_iter().map(|one| one.message_id).collect();
    sent.sort();
    taken.sort();
    assert_eq!((sent.len(), &sent), (DIGESTS, &taken));
    assert!(messages(site).await.iter().all(|m| m.state == MessageState::Handed && m.attempts == 1));
}

#[tokio::test]
async fn over_several_lines_each_message_goes_once() {
    each_database(async |site| {
        queue(&site).await;
        let server = SmtpServer::start().await;
        server.script((0..DIGESTS).map(|_| Act::slow(Stage::Dot, ANSWERS_AFTER)));
        let (dealt_with, last) = send(&site, &server).await;
        assert_eq!((dealt_with, last), (DIGESTS, Step::Idle));
        assert_eq!(server.connections(), LINES);
        all_went_once(&site, &server).await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_takes_no_more_lines_gets_all_over_those_that_it_takes() {
    each_database(async |site| {
        queue(&site).await;
        let server = SmtpServer::start().await;
        let full = || Act::reply(Stage::Greeting, "421 4.7.0 too many connections");
        server.script([full(), full()]);
        assert_eq!(send(&site, &server).await.1, Step::Idle);
        assert_eq!(server.connections(), LINES);
        all_went_once(&site, &server).await;
        assert!(store::outbox::pause::get(&site.cx.store).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_server_that_takes_no_line_at_all_pauses_the_queue() {
    each_database(async |site| {
        queue(&site).await;
        let server = SmtpServer::start().await;
        server.script((0..LINES).map(|_| Act::reply(Stage::Greeting, "421 4.3.2 closing")));
        assert_eq!(send(&site, &server).await.1, Step::Stopped);
        assert_eq!(server.connections(), LINES, "once over each");
        assert!(store::outbox::pause::get(&site.cx.store).await.unwrap().is_some());
        assert!(messages(&site).await.iter().all(|m| m.state == MessageState::Queued && m.attempts == 0));

        // While it lasts, it is tried with one message.
        assert_eq!(send(&site, &server).await.1, Step::Stopped);
        assert_eq!(server.connections(), LINES);
        later(&site, TimeDelta::minutes(5));
        server.script([Act::reply(Stage::Greeting, "421 4.3.2 closing")]);
        assert_eq!(send(&site, &server).await.1, Step::Stopped);
        assert_eq!(server.connections(), LINES + 1);
        later(&site, TimeDelta::minutes(5));
        assert_eq!(send(&site, &server).await.1, Step::Idle);
        all_went_once(&site, &server).await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_on_one_line_stops_all_and_what_is_on_its_way_is_recorded() {
    each_database(async |site| {
        queue(&site).await;
        let server = SmtpServer::start().await;
        server.script([Act::reply(Stage::Mail, "535 5.7.8 wrong password")]);
        server.script((0..DIGESTS).map(|_| Act::slow(Stage::Dot, ANSWERS_AFTER)));
        assert_eq!(send(&site, &server).await.1, Step::Stopped);
        let handed = messages(&site).await.iter().filter(|m| m.state == MessageState::Handed).count();
        assert_eq!(handed, server.received().len());
        assert!(handed < LINES, "{handed}");
        assert!(messages(&site).await.iter().all(|m| m.state != MessageState::Sending));
        later(&site, TimeDelta::minutes(5));
        assert_eq!(send(&site, &server).await.1, Step::Idle);
        all_went_once(&site, &server).await;
    })
    .await;
}

#[tokio::test]
async fn one_that_is_refused_or_lost_holds_up_none_of_the_others() {
    each_database(async |site| {
        queue(&site).await;
        let server = SmtpServer::start().await;
        server.script([Act::reply(Stage::Rcpt, "550 5.1.1 nobody here"), Act::close(Stage::Text)]);
        assert_eq!(send(&site, &server).await.1, Step::Idle);
        let count = async |state| messages(&site).await.iter().filter(|m| m.state == state).count();
        assert_eq!(count(MessageState::Handed).await, DIGESTS - 2);
        assert_eq!((count(MessageState::Failed).await, count(MessageState::Queued).await), (1, 1));
        assert_eq!(server.received().len(), DIGESTS - 2);
    })
    .await;
}

/// Digests that are written and read, and none of which has moved.
async fn read(site: &Site, digests: usize) -> Vec<Turn> {
    queue_digests(site, digests).await;
    while outbox::write_next(&site.cx, &[MessageKind::Reminder], 50).await.unwrap() > 0 {}
    let now = site.cx.clock.machine_now();
    turn::next(&site.cx.store, &[MessageKind::Reminder], digests, &[], now).await.unwrap()
}

/// Moves messages on as one of two senders.
async fn move_on(site: &Site, by: &str, handed: &[&Turn], next: &[Turn]) -> MovedOn {
    let now = site.cx.clock.machine_now();
    let lease = now + TimeDelta::minutes(15);
    let handed: Vec<_> = handed
        .iter()
        .map(|turn| Handed { message: &turn.message, claimant: by, reply: "250 it’s taken" })
        .collect();
    let next: Vec<_> = next.iter().map(|turn| &turn.message).collect();
    let mut moved_on = moving::move_on(&site.cx.store, &handed, &next, by, now, lease).await.unwrap();
    moved_on.claimed.sort_unstable();
    moved_on
}

#[tokio::test]
async fn what_has_changed_since_it_was_read_does_not_move() {
    each_database(async |site| {
        let turns = read(&site, 9).await;
        let db = Database::connect(&site.url).await.unwrap();
        let message = |at: usize| turns[at].message.id;
        let person = |at: usize| turns[at].message.person.unwrap().0;
        for sql in [
            format!("UPDATE person SET active = FALSE WHERE id = {}", person(0)),
            format!("UPDATE person SET email = 'elsewhere@tracker.internal' WHERE id = {}", person(1)),
            format!("UPDATE person SET address_refused_on = '2026-03-02' WHERE id = {}", person(2)),
            format!("UPDATE outbox SET to_address = 'elsewhere@tracker.internal' WHERE id = {}", message(3)),
            format!("UPDATE outbox SET prepared_at = '2017-01-01 00:00:00+00:00' WHERE id = {}", message(4)),
            format!("UPDATE outbox SET prepared_at = NULL WHERE id = {}", message(5)),
            format!("UPDATE outbox SET state = 'not_sent' WHERE id = {}", message(6)),
        ] {
            assert_eq!(db.execute_unprepared(&sql).await.unwrap().rows_affected(), 1, "{sql}");
        }
        db.close().await.unwrap();
        assert_eq!(move_on(&site, "other", &[], &turns[7..8]).await.claimed, [message(7)]);

        let moved_on = move_on(&site, "ours", &[], &turns).await;
        assert_eq!((moved_on.handed, moved_on.claimed), (vec![], vec![message(8)]));
        let now = store::outbox::by_id(&site.cx.store, message(8)).await.unwrap().unwrap();
        assert_eq!((now.state, now.attempts, now.prepared_at), (MessageState::Sending, 1, None));
        assert_eq!(now.mime, turns[8].message.mime);
    })
    .await;
}

#[tokio::test]
async fn some_are_recorded_and_others_claimed_in_one_step_and_only_by_whom_they_belong_to() {
    each_database(async |site| {
        let turns = read(&site, 5).await;
        let (ours, theirs) = (&turns[..2], &turns[2..3]);
        assert_eq!(move_on(&site, "ours", &[], ours).await.claimed.len(), 2);
        assert_eq!(move_on(&site, "other", &[], theirs).await.claimed.len(), 1);
        // One that is on its way does not come to its end because it is read as one of the next.
        let moved_on = move_on(&site, "ours", &[&turns[0], &turns[2]], &turns[1..4]).await;
        assert_eq!(
            (moved_on.handed, moved_on.claimed),
            (vec![turns[0].message.id], vec![turns[3].message.id])
        );
        let mut stand = Vec::new();
        for turn in &turns {
            let message = store::outbox::by_id(&site.cx.store, turn.message.id).await.unwrap().unwrap();
            stand.push((message.state, message.attempts, message.note));
        }
        let sending = (MessageState::Sending, 1, None);
        let handed = (MessageState::Handed, 1, Some("250 it’s taken".to_owned()));
        let queued = (MessageState::Queued, 0, None);
        assert_eq!(stand, [handed, sending.clone(), sending.clone(), sending, queued]);
    })
    .await;
}

#[tokio::test]
async fn a_step_takes_its_turn_among_the_transactions_that_write() {
    each_database(async |site| {
        let turns = read(&site, 4).await;
        let now = site.cx.clock.machine_now();
        let tx = site.cx.store.begin().await.unwrap();
        let (waiting, all) = (site.clone(), turns.clone());
        let step = tokio::spawn(async move { move_on(&waiting, "ours", &[], &all).await });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!step.is_finished());
        // What is written meanwhile about a message, and about nobody but its reader.
        let outcome = Outcome::NotSent("not sent: it is complete".to_owned());
        conclude(&tx, &turns[0].message, &outcome, false, now).await.unwrap();
        let person = |at: usize| turns[at].message.person.unwrap();
        store::person::set_deactivated(&tx, person(1), Some(now)).await.unwrap();
        store::person::set_email(&tx, person(2), "elsewhere@tracker.internal").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(step.await.unwrap().claimed, [turns[3].message.id]);
    })
    .await;
}

#[tokio::test]
async fn more_than_is_read_ahead_goes_out_once_each_whatever_stands_between() {
    const MANY: usize = 150;
    each_database(async |site| {
        let turns = read(&site, MANY).await;
        let db = Database::connect(&site.url).await.unwrap();
        for (at, turn) in turns.iter().enumerate() {
            let (message, person) = (turn.message.id, turn.message.person.unwrap().0);
            let sql = match at % 30 {
                7 => format!("UPDATE person SET email = 'moved-{at}@tracker.internal' WHERE id = {person}"),
                13 => format!(
                    "UPDATE outbox SET prepared_at = '2017-01-01 00:00:00+00:00' WHERE id = {message}"
                ),
                21 => format!("UPDATE person SET active = FALSE WHERE id = {person}"),
                _ => continue,
            };
            db.execute_unprepared(&sql).await.unwrap();
        }
        db.close().await.unwrap();
        let server = SmtpServer::start().await;
        assert_eq!(send(&site, &server).await, (MANY, Step::Idle));
        let all = messages(&site).await;
        let count = |state| all.iter().filter(|m| m.state == state && m.person.is_some()).count();
        assert_eq!(count(MessageState::Handed), MANY - MANY / 30);
        let mut taken: Vec<_> = server.received().into_iter().map(|one| one.message_id).collect();
        let times = taken.len();
        taken.sort();
        taken.dedup();
        assert_eq!((times, taken.len()), (MANY - MANY / 30, MANY - MANY / 30));
        let moved = server.received().into_iter().filter(|one| one.to[0].starts_with("moved-")).count();
        assert_eq!(moved, MANY / 30);
    })
    .await;
}

#[tokio::test]
async fn what_holds_up_one_line_holds_up_no_other() {
    const MANY: usize = 130;
    each_database(async |site| {
        read(&site, MANY).await;
        let server = SmtpServer::start().await;
        // The first is answered once all the others were taken.
        server.script([Act::after(Stage::Dot, MANY)]);
        let mut settings = settings_at(server.address().port());
        settings.timeouts.data = Duration::from_secs(60);
        let transport = Transport::Smtp(Box::new(Smtp::new(settings).unwrap()));
        let mut lines: Vec<Session> = iter::repeat_with(Session::default).take(2).collect();
        let kinds = || MessageKind::ALL.to_vec();
        let sent = outbox::send_all(&site.cx, &transport, &mut lines, kinds).await.unwrap();
        assert_eq!(sent, (MANY, Step::Idle));
        assert_eq!(store::outbox::count(&site.cx.store, MessageState::Handed).await.unwrap(), MANY as u64);
    })
    .await;
}
