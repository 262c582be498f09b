//! The outbox against a mail server that misbehaves, and against a sender that is killed in mid-send.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use scrutiny_tracker::{
    clock::Clock,
    command::{CommandError, Cx, demonstration, link, outbox, outbox::Step, reminder},
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
    support::{ADMINISTRATOR, EDUCATION_LEAD, MANAGER, Site, cx, day, each_database},
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

pub(crate) fn later(site: &Site, by: TimeDelta) {
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
async fn a_digest_that_is_still_tried_on_another_day_goes_instead_of_that_days_own() {
    each_database(async |site| {
        queue_two(&site).await;
        let server = SmtpServer::start().await;
        server
            .script([Act::reply(Stage::Rcpt, "451 4.2.0 later"), Act::reply(Stage::Rcpt, "451 4.2.0 later")]);
        send_all(&site.cx, &smtp(&server)).await;
        // Seven days after the last mail, what is overdue would be due again.
        site.go_to(day("2017-12-14"));
        assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 0);
        later(&site, TimeDelta::minutes(1));
        send_all(&site.cx, &smtp(&server)).await;
        assert_eq!(server.received().len(), 2);
        assert!(messages(&site).await.iter().all(|m| m.office_day == day("2017-12-14")));
        site.go_to(day("2017-12-15"));
        assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 2);
        send_all(&site.cx, &smtp(&server)).await;
        assert_eq!(server.received().len(), 4);
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
    let refused = |error: CommandError| match error {
        CommandError::Refused { field, message } => (field, message),
        error => panic!("{error}"),
    };
    let (field, message) = refused(test("somebody@tracker.internal").await.unwrap_err());
    let ours = "The mail server does not take mail from our address: ";
    assert!(message.starts_with(ours) && message.contains("sender refused"), "{message}");
    assert_eq!(field, "", "the address to which it goes has nothing to do with it");
    later(&site, TimeDelta::hours(1));
    assert_eq!(send_all(&site.cx, &smtp(&server)).await, Step::Idle);
    assert!(server.received().is_empty());
    assert!(test("somebody@tracker.internal").await.unwrap().contains("queued"));
    assert_eq!(server.received().len(), 1);
    assert!(test("somebody@example.org").await.unwrap_err().to_string().contains("example address"));
    server.script([Act::reply(Stage::Rcpt, "550 5.1.1 no such person")]);
    let (field, message) = refused(test("gone@tracker.internal").await.unwrap_err());
    assert_eq!(field, "address");
    assert!(message.starts_with("The mail server refused a mail to gone@tracker.internal: 550"), "{message}");
}

/// What an administrator reads on a page, and its status.
async fn administrators(site: &Site, path: &str) -> String {
    site.sign_in_as(ADMINISTRATOR).await.get(path).await.main()
}

#[tokio::test]
async fn a_wrong_password_pauses_the_queue_says_so_to_administrators_and_lets_it_go_on_once_it_is_right() {
    each_database(async |site| {
        queue_two(&site).await;
        let server = SmtpServer::start().await;
        let refused = |stage| Act::reply(stage, "535 5.7.8 wrong password");
        server.script([refused(Stage::Mail)]);
        assert_eq!(send_all(&site.cx, &smtp(&server)).await, Step::Stopped);
        for path in ["/reminders", "/settings", "/settings/mail"] {
            let page = administrators(&site, path).await;
            assert!(page.contains("does not take our user name and password"), "{path}: {page}");
            assert!(
                page.contains("535 5.7.8 wrong password") && page.contains("SCRUTINY_SMTP_PASSWORD"),
                "{path}"
            );
        }
        let managers = site.sign_in_as("manager@tracker.internal").await.get("/reminders").await.main();
        assert!(managers.contains("No mail has gone out since"), "{managers}");
        assert!(
            !managers.contains("SCRUTINY_SMTP_PASSWORD") && !managers.contains("Try now"),
            "not for them to do"
        );

        // It is not asked all the time, and then with one message.
        let asked = server.commands().len();
        later(&site, TimeDelta::minutes(4));
        assert_eq!(send_all(&site.cx, &smtp(&server)).await, Step::Stopped);
        assert_eq!(server.commands().len(), asked);
        later(&site, TimeDelta::minutes(1));
        server.script([refused(Stage::Mail)]);
        assert_eq!(send_all(&site.cx, &smtp(&server)).await, Step::Stopped);
        assert_eq!(server.commands().iter().filter(|c| c.starts_with("MAIL")).count(), 2);

        // Somebody has put it right, and does not want to wait.
        let page = site.sign_in_as(ADMINISTRATOR).await.get("/settings/mail").await;
        page.form("Try now").submit().await;
        assert_eq!(send_all(&site.cx, &smtp(&server)).await, Step::Idle);
        assert_eq!(server.received().len(), 2);
        assert!(messages(&site).await.iter().all(|m| m.state == MessageState::Handed && m.attempts == 1));
        for path in ["/reminders", "/settings", "/settings/mail"] {
            assert!(!administrators(&site, path).await.contains("No mail has gone out"), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_message_that_waited_behind_a_pause_is_written_anew_and_gets_its_own_48_hours() {
    let site = Site::appendix_b().await;
    queue_two(&site).await;
    let server = SmtpServer::start().await;
    server.script([Act::reply(Stage::Mail, "550 5.7.1 sender refused")]);
    send_all(&site.cx, &smtp(&server)).await;
    assert!(messages(&site).await[0].mime.is_none(), "it was never handed to a server");
    later(&site, TimeDelta::days(5));
    server.script([Act::reply(Stage::Rcpt, "451 later"), Act::accept()]);
    send_all(&site.cx, &smtp(&server)).await;
    let [first, second] = &messages(&site).await[..] else { panic!("two messages") };
    assert_eq!((first.state, second.state), (MessageState::Queued, MessageState::Handed));
    later(&site, TimeDelta::minutes(1));
    send_all(&site.cx, &smtp(&server)).await;
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_message_that_is_refused_for_now_is_given_up_48_hours_after_the_first_time() {
    let site = Site::appendix_b().await;
    queue_two(&site).await;
    let server = SmtpServer::start().await;
    let mut tries = Vec::new();
    let begun = site.cx.clock.machine_now();
    for minute in 0..3_600 {
        let before = server.commands().len();
        server.script([Act::reply(Stage::Rcpt, "451 later")]);
        send_all(&site.cx, &smtp(&server)).await;
        if server.commands().len() > before {
            tries.push(minute);
        }
        if messages(&site).await[0].state == MessageState::Failed {
            break;
        }
        site.cx.clock.move_machine_to(begun + TimeDelta::minutes(minute + 1));
    }
    assert_eq!(tries[..6], [0, 1, 6, 36, 156, 516], "1, 5 and 30 minutes, 2 hours, then every 6");
    assert_eq!(tries.last().unwrap() / 60, 50, "the first try after 48 hours is the last");
}

#[tokio::test]
async fn a_refused_address_gets_nothing_but_account_mail_and_its_causes_come_again_once_it_is_right() {
    each_database(async |site| {
        queue_two(&site).await;
        let server = SmtpServer::start().await;
        server.script([Act::reply(Stage::Rcpt, "550 5.1.1 no such person")]);
        send_all(&site.cx, &smtp(&server)).await;
        let lead =
            store::person::by_email(&site.cx.store, "education@tracker.internal").await.unwrap().unwrap();
        assert_eq!(lead.refused.unwrap().said, "550 5.1.1 no such person");
        let failed = &messages(&site).await[0];
        assert!(
            store::outbox::causes(&site.cx.store, failed.id).await.unwrap().is_empty(),
            "nothing was sent"
        );

        // The manager of the plan is told, and has the button.
        let manager = site.sign_in_as("manager@tracker.internal").await;
        let page = manager.get("/reminders").await.main();
        assert!(page.contains("refuses 1 address") && page.contains("550 5.1.1 no such person"), "{page}");
        let path = format!("/people/{}", lead.person.id);
        let page = manager.get(&path).await;
        assert!(
            page.main().contains("refused this address on 7 December 2017: 550 5.1.1"),
            "{}",
            page.main()
        );

        // As long as it stands, what is due is not sent there; mail about the account is.
        site.go_to(day("2017-12-08"));
        reminder::queue_today(&site.cx).await.unwrap();
        send_all(&site.cx, &smtp(&server)).await;
        let to: Vec<_> = server.received().iter().flat_map(|mail| mail.to.clone()).collect();
        assert_eq!(
            to, ["manager@tracker.internal"; 2],
            "the day before, and word of what the lead is not reached for"
        );
        let (subject, text) = site.mailed("manager@tracker.internal").await.remove(0);
        assert!(subject.contains("1 address refused"), "{subject}");
        assert!(
            text.contains("The mail server refuses the address of somebody who answers for this"),
            "{text}"
        );

        page.form("The address is right: try again").submit().await;
        assert!(!manager.get(&path).await.main().contains("refused"));
        site.go_to(day("2017-12-11"));
        reminder::queue_today(&site.cx).await.unwrap();
        send_all(&site.cx, &smtp(&server)).await;
        let last = server.received().pop().unwrap();
        assert_eq!(last.to, ["education@tracker.internal"]);
        assert!(String::from_utf8_lossy(&last.bytes).contains("Aiii"), "what it was about is due still");
    })
    .await;
}

#[tokio::test]
async fn that_an_address_is_refused_is_told_though_others_can_be_asked_and_of_the_manager_the_administrator_is()
 {
    each_database(async |site| {
        // Each of the lead's actions has a second lead.
        let db = Database::connect(&site.url).await.unwrap();
        let second = "INSERT INTO assignment (action_id, capacity, position, post_id) \
            SELECT a.action_id, a.capacity, 9, o.id FROM assignment a \
            JOIN post p ON p.id = a.post_id AND p.name = 'Education Safeguarding Lead' \
            JOIN post o ON o.name = 'LSCB Manager'";
        db.execute_unprepared(second).await.unwrap();
        let reachable = "UPDATE person SET email = REPLACE(email, '@example.org', '@tracker.internal')";
        db.execute_unprepared(reachable).await.unwrap();
        let at = |email: &str| email.replace("@example.org", "@tracker.internal");
        let server = SmtpServer::start().await;
        let work = async |on: &str, refused: Option<&str>| {
            site.go_to(day(on));
            reminder::queue_today(&site.cx).await.unwrap();
            let waiting = messages(&site).await.into_iter().filter(|m| m.state == MessageState::Queued);
            server.script(waiting.map(
                |m| match refused.is_some_and(|refused| at(refused) == m.to_address) {
                    true => Act::reply(Stage::Rcpt, "550 5.1.1 no such person"),
                    false => Act::accept(),
                },
            ));
            send_all(&site.cx, &smtp(&server)).await;
        };
        work("2017-12-07", Some(EDUCATION_LEAD)).await;
        work("2017-12-08", None).await;
        let (subject, text) = site.mailed(&at(MANAGER)).await.remove(0);
        assert!(subject.contains("1 address refused"), "{subject}");
        assert!(
            text.contains("The mail server refuses the address of somebody who answers for this"),
            "{text}"
        );
        work("2017-12-15", Some(MANAGER)).await;
        let manager = store::person::by_email(&site.cx.store, &at(MANAGER)).await.unwrap().unwrap();
        assert!(manager.refused.is_some(), "{:?}", messages(&site).await.last());
        work("2017-12-18", None).await;
        let (subject, text) = site.mailed(&at(ADMINISTRATOR)).await.remove(0);
        assert!(subject.contains("1 address refused"), "{subject}");
        assert!(text.contains("The mail server refuses the address of"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn another_address_is_not_the_one_that_was_refused_and_an_account_mail_that_is_taken_shows_that_it_works()
 {
    let site = Site::appendix_b().await;
    let refused = async || {
        let all = store::person::refused(&site.cx.store).await.unwrap();
        all.into_iter().map(|a| a.person.email).collect::<Vec<_>>()
    };
    let lead = site.person(EDUCATION_LEAD).await;
    let refuse = async |address: &str| {
        let tx = site.cx.store.begin().await.unwrap();
        let _ = store::person::refuse_address(&tx, lead, address, site.today(), "550 no").await.unwrap();
        tx.commit().await.unwrap();
    };
    refuse("somebody-else@example.org").await;
    assert!(refused().await.is_empty(), "not theirs any more");
    refuse(EDUCATION_LEAD).await;
    assert_eq!(refused().await, [EDUCATION_LEAD]);
    let tx = site.cx.store.begin().await.unwrap();
    store::person::set_email(&tx, lead, "new@tracker.internal").await.unwrap();
    tx.commit().await.unwrap();
    assert!(refused().await.is_empty());
    refuse("new@tracker.internal").await;
    assert_eq!(refused().await.len(), 1);
    let server = SmtpServer::start().await;
    let administrator = site.actor(ADMINISTRATOR).await;
    link::invite(&site.cx, &administrator, lead, link::By::Mail).await.unwrap();
    send_all(&site.cx, &smtp(&server)).await;
    assert_eq!(server.received().len(), 1);
    assert!(refused().await.is_empty());
}

#[tokio::test]
async fn a_message_that_is_never_taken_or_can_never_be_made_ends_alone_and_the_others_go() {
    each_database(async |site| {
        queue_two(&site).await;
        let server = SmtpServer::start().await;
        // One that can't be made: what it was queued for is not understood any more.
        let db = Database::connect(&site.url).await.unwrap();
        db.execute_unprepared(
            "UPDATE outbox_cause SET rule = 'unheard-of' WHERE outbox_id = (SELECT min(id) FROM outbox)",
        )
        .await
        .unwrap();
        send_all(&site.cx, &smtp(&server)).await;
        let states: Vec<_> = messages(&site).await.iter().map(|m| m.state).collect();
        assert_eq!(states, [MessageState::Queued, MessageState::Handed]);
        for _ in 0..6 {
            later(&site, TimeDelta::hours(6));
            send_all(&site.cx, &smtp(&server)).await;
        }
        let first = &messages(&site).await[0];
        assert_eq!((first.state, first.attempts), (MessageState::Failed, 4));
        assert_eq!(server.received().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_written_and_not_yet_sent_is_written_anew_when_the_facts_may_have_changed() {
    each_database(async |site| {
        queue_two(&site).await;
        let server = SmtpServer::start().await;
        // Both are written; one goes out.
        let (transport, mut session) = (smtp(&server), Session::default());
        assert_eq!(outbox::write_next(&site.cx, MessageKind::ALL, 50).await.unwrap(), 2);
        let step = outbox::send_next(&site.cx, &transport, &mut session, MessageKind::ALL).await.unwrap();
        assert_eq!(step, Step::Done);
        let second = &messages(&site).await[1];
        assert!(second.mime.is_some() && second.prepared_at.is_some());
        let named = "UPDATE action SET text = 'Another text. ' || text";
        Database::connect(&site.url).await.unwrap().execute_unprepared(named).await.unwrap();
        later(&site, TimeDelta::minutes(5));
        send_all(&site.cx, &transport).await;
        let received = server.received();
        assert_eq!(received.len(), 2);
        assert!(
            String::from_utf8_lossy(&received[1].bytes).contains("Another text."),
            "from the facts of now"
        );
    })
    .await;
}

/// Where the killed sender finds its database and its server.
const CHILD: &str = "SCRUTINY_TEST_KILLED_SENDER";

/// Not a test: the sender that [`killed_in_mid_send_nothing_is_lost`] starts as a process of its own, and kills.
#[tokio::test]
#[ignore = "run by another test"]
async fn killed_sender() {
    let Ok(told) = std::env::var(CHILD) else { return };
    let [url, address, at, lines] = told.split(' ').collect::<Vec<_>>()[..] else { panic!("{told}") };
    let store = Store::open(url).await.unwrap();
    let at: DateTime<Utc> = at.parse().unwrap();
    let clock = Clock::fixed(demonstration::nine_on(demonstration::FIRST_DAY), at);
    let cx = Cx { clock, ..cx(store) };
    let worker = Worker::new(cx, smtp_at(address), Duration::ZERO, watch::channel(false).1);
    worker.over(lines.parse().unwrap()).tick().await.unwrap();
}

/// Starts that sender as it is at a moment of machine time, over so many lines.
pub(crate) fn start_sender(
    site: &Site,
    server: &SmtpServer,
    at: DateTime<Utc>,
    lines: usize,
) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "outbox::killed_sender"])
        .env(CHILD, format!("{} {} {} {lines}", site.url, server.address(), at.to_rfc3339()))
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
        let mut sender = start_sender(&site, &server, now, 1);
        server.wait_for(2).await;
        sender.kill().unwrap();
        sender.wait().unwrap();
        let states: Vec<_> = messages(&site).await.iter().map(|m| m.state).collect();
        assert_eq!(states, [MessageState::Handed, MessageState::Sending]);

        // At once, nobody else takes it: the lease still holds.
        assert!(start_sender(&site, &server, now, 1).wait().unwrap().success());
        assert_eq!(server.received().len(), 2);
        // When the lease has run out, the restarted sender tries the one in flight once more.
        assert!(start_sender(&site, &server, now + TimeDelta::hours(1), 1).wait().unwrap().success());
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
