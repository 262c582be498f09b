//! The outbox against a mail server that misbehaves, and against a sender that is killed in mid-send.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use scrutiny_tracker::{
    clock::Clock,
    command::{Cx, demonstration, outbox, outbox::Step, reminder},
    domain::message::{MessageKind, MessageState},
    mail::{
        settings::{SmtpSettings, Timeouts, TlsMode},
        smtp::Smtp,
        transport::{Session, Transport},
    },
    store::{self, Store, outbox::Message},
    worker::Worker,
};
use sea_orm::{ConnectionTrait, Database};
use tokio::sync::watch;

use crate::{
    smtp_server::{Act, SmtpServer, Stage},
    support::{EDUCATION_LEAD, MANAGER, Site, each_database},
};

/// A transport to a test server, in clear text on loopback, with short time-outs.
pub(crate) fn smtp(server: &SmtpServer) -> Transport {
    smtp_at(&server.address().to_string())
}

fn smtp_at(address: &str) -> Transport {
    let (_, port) = address.rsplit_once(':').unwrap();
    Transport::Smtp(Box::new(Smtp::new(settings_at(port.parse().unwrap())).unwrap()))
}

/// What it takes to speak to a test server on loopback.
pub(crate) fn settings_at(port: u16) -> SmtpSettings {
    let [connect, command, data, idle] = [5, 5, 2, 5].map(Duration::from_secs);
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        tls: TlsMode::None,
        allow_clear_text: false,
        user: None,
        password: None,
        hello_name: Some("tracker.internal".to_owned()),
        extra_ca: None,
        timeouts: Timeouts { connect, command, data, idle },
    }
}

/// Gives two of the seed's people addresses that can be mailed, and queues the day's two mails.
pub(crate) async fn queue_two(site: &Site) {
    let db = Database::connect(&site.url).await.unwrap();
    for (email, reachable) in
        [(EDUCATION_LEAD, "education@tracker.internal"), (MANAGER, "manager@tracker.internal")]
    {
        let sql = format!("UPDATE person SET email = '{reachable}' WHERE email = '{email}'");
        db.execute_unprepared(&sql).await.unwrap();
    }
    assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 2);
}

pub(crate) async fn send_all(cx: &Cx, transport: &Transport) -> Step {
    let mut session = Session::default();
    loop {
        match outbox::send_next(cx, transport, &mut session, MessageKind::ALL).await.unwrap() {
            Step::Done => {}
            last => return last,
        }
    }
}

async fn messages(site: &Site) -> Vec<Message> {
    let mut all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 10).await.unwrap();
    all.reverse();
    all
}

fn later(site: &Site, by: TimeDelta) {
    site.cx.clock.move_machine_to(site.cx.clock.machine_now() + by);
}

#[tokio::test]
async fn a_message_refused_for_now_goes_out_later_with_the_same_bytes() {
    each_database(async |site| {
        queue_two(&site).await;
        let server = SmtpServer::start().await;
        server.script([Act::reply(Stage::Rcpt, "451 4.2.0 later")]);
        send_all(&site.cx, &smtp(&server)).await;
        let [first, second] = &messages(&site).await[..] else { panic!("two messages") };
        assert_eq!((first.state, second.state), (MessageState::Queued, MessageState::Handed));
        assert!(first.note.as_ref().unwrap().contains("451"), "{:?}", first.note);
        let kept = first.mime.clone().unwrap();

        send_all(&site.cx, &smtp(&server)).await;
        assert_eq!(server.received().len(), 1, "not before its time");
        later(&site, TimeDelta::minutes(1));
        send_all(&site.cx, &smtp(&server)).await;
        let received = server.received();
        assert_eq!(received.len(), 2);
        assert_eq!(String::from_utf8(received[1].bytes.clone()).unwrap().trim_end(), kept.trim_end());
        assert!(messages(&site).await.iter().all(|m| m.state == MessageState::Handed));
    })
    .await;
}

#[tokio::test]
async fn a_message_refused_for_good_ends_alone_in_a_list_that_people_see() {
    let site = Site::appendix_b().await;
    queue_two(&site).await;
    let server = SmtpServer::start().await;
    server.script([Act::reply(Stage::Rcpt, "550 5.1.1 no such person")]);
    send_all(&site.cx, &smtp(&server)).await;
    let [first, second] = &messages(&site).await[..] else { panic!("two messages") };
    assert_eq!((first.state, second.state), (MessageState::Failed, MessageState::Handed));
    assert!(first.note.as_ref().unwrap().contains("550"));
}

#[tokio::test]
async fn a_server_that_does_not_take_us_stops_the_queue_and_loses_nothing() {
    let site = Site::appendix_b().await;
    queue_two(&site).await;
    let server = SmtpServer::start().await;
    server.script([Act::reply(Stage::Mail, "550 5.7.1 sender refused")]);
    assert_eq!(send_all(&site.cx, &smtp(&server)).await, Step::Stopped);
    let all = messages(&site).await;
    assert!(all.iter().all(|m| m.state == MessageState::Queued && m.attempts == 0), "{all:?}");
    later(&site, TimeDelta::hours(1));
    send_all(&site.cx, &smtp(&server)).await;
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_line_lost_after_the_final_dot_is_tried_once_more_with_the_same_message_id() {
    let site = Site::appendix_b().await;
    queue_two(&site).await;
    let server = SmtpServer::start().await;
    server.script([Act::close(Stage::Dot)]);
    send_all(&site.cx, &smtp(&server)).await;
    assert!(messages(&site).await[0].uncertain);
    later(&site, TimeDelta::hours(1));
    server.script([Act::close(Stage::Dot)]);
    send_all(&site.cx, &smtp(&server)).await;
    let first = &messages(&site).await[0];
    assert_eq!(first.state, MessageState::Failed, "twice without an answer is enough");
    let ids: Vec<_> =
        server.received().iter().filter(|r| r.message_id.contains(&first.message_id)).cloned().collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0].bytes, ids[1].bytes);
    later(&site, TimeDelta::days(1));
    send_all(&site.cx, &smtp(&server)).await;
    assert_eq!(server.received().len(), 3, "never a third time");
}

#[tokio::test]
async fn a_message_that_cannot_be_made_waits_and_does_not_stand_in_the_way() {
    each_database(async |site| {
        queue_two(&site).await;
        let server = SmtpServer::start().await;
        let db = Database::connect(&site.url).await.unwrap();
        // A row that this version does not understand.
        db.execute_unprepared("UPDATE plan SET kind = 'unheard-of'").await.unwrap();
        assert_eq!(send_all(&site.cx, &smtp(&server)).await, Step::Idle);
        for message in messages(&site).await {
            assert_eq!((message.state, message.attempts), (MessageState::Queued, 1));
            assert!(message.note.unwrap().contains("can’t be made"));
            assert!(!message.uncertain, "nothing was ever sent");
        }
        db.execute_unprepared("UPDATE plan SET kind = 'scrutiny_review'").await.unwrap();
        later(&site, TimeDelta::minutes(1));
        send_all(&site.cx, &smtp(&server)).await;
        assert_eq!(server.received().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_test_mail_that_is_not_taken_says_why_and_does_not_go_out_later() {
    let site = Site::appendix_b().await;
    let server = SmtpServer::start().await;
    server.script([Act::reply(Stage::Mail, "550 5.7.1 sender refused")]);
    let transport = smtp(&server);
    let test = |to| outbox::send_test(&site.cx, &transport, to);
    let error = test("somebody@tracker.internal").await.unwrap_err();
    assert!(error.to_string().contains("sender refused"), "{error}");
    later(&site, TimeDelta::hours(1));
    assert_eq!(send_all(&site.cx, &smtp(&server)).await, Step::Idle);
    assert!(server.received().is_empty());
    assert!(test("somebody@tracker.internal").await.unwrap().contains("queued"));
    assert_eq!(server.received().len(), 1);
    assert!(test("somebody@example.org").await.unwrap_err().to_string().contains("example address"));
}

/// Where the killed sender finds its database and its server.
const CHILD: &str = "SCRUTINY_TEST_KILLED_SENDER";

/// Not a test: the sender that [`killed_in_mid_send_nothing_is_lost`] starts as a process of its own, and kills.
#[tokio::test]
#[ignore = "run by another test"]
async fn killed_sender() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let [url, address, at] = told.split(' ').collect::<Vec<_>>()[..] else { panic!("{told}") };
    let store = Store::open(url).await.unwrap();
    let at: DateTime<Utc> = at.parse().unwrap();
    let clock = Clock::fixed(demonstration::nine_on(demonstration::FIRST_DAY), at);
    let cx = Cx { store, clock, ..Site::empty().await.cx.clone() };
    let mut worker = Worker::new(cx, smtp_at(address), Duration::ZERO, watch::channel(false).1);
    worker.tick().await.unwrap();
}

fn start_sender(site: &Site, server: &SmtpServer, at: DateTime<Utc>) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "outbox::killed_sender"])
        .env(CHILD, format!("{} {} {}", site.url, server.address(), at.to_rfc3339()))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

// On threads of its own: waiting for the other process must not keep the mail server from answering it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_mid_send_nothing_is_lost_and_only_the_one_in_flight_goes_again() {
    each_database(async |site| {
        queue_two(&site).await;
        let server = SmtpServer::start().await;
        // The first is taken; the second is taken too, but its sender never learns it.
        server.script([Act::accept(), Act::slow(Stage::Dot, Duration::from_secs(60))]);
        let now = site.cx.clock.machine_now();
        let mut sender = start_sender(&site, &server, now);
        server.wait_for(2).await;
        sender.kill().unwrap();
        sender.wait().unwrap();
        let states: Vec<_> = messages(&site).await.iter().map(|m| m.state).collect();
        assert_eq!(states, [MessageState::Handed, MessageState::Sending]);

        // At once, nobody else takes it: the lease still holds.
        assert!(start_sender(&site, &server, now).wait().unwrap().success());
        assert_eq!(server.received().len(), 2);
        // When the lease has run out, the restarted sender tries the one in flight once more.
        assert!(start_sender(&site, &server, now + TimeDelta::hours(1)).wait().unwrap().success());
        let received = server.received();
        assert_eq!(received.len(), 3);
        assert_eq!(received[1].message_id, received[2].message_id);
        assert_eq!(received[1].bytes, received[2].bytes);
        assert_ne!(received[0].message_id, received[1].message_id);
        let all = messages(&site).await;
        assert!(all.iter().all(|m| m.state == MessageState::Handed), "{all:?}");
        assert!(all[1].uncertain, "the log says so");
    })
    .await;
}
