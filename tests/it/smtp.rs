//! The SMTP transport against a server that misbehaves: what arrives, and what each kind of trouble is called.

use std::mem::discriminant;
use std::time::{Duration, Instant};

use chrono::DateTime;
use scrutiny_tracker::domain::message::Hindrance;
use scrutiny_tracker::mail::message::{Mailbox, Outgoing, build};
use scrutiny_tracker::mail::settings::{SmtpSettings, Timeouts, TlsMode};
use scrutiny_tracker::mail::smtp::Smtp;
use scrutiny_tracker::mail::transport::{Accepted, Failure, Session, Transport};

use crate::smtp_server::{Act, Offer, SmtpServer, Stage};

mod security;

const FROM: &str = "tracker@council.example";
const TO: &str = "map@council.example";

fn settings(server: &SmtpServer) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: server.address().port(),
        tls: TlsMode::None,
        allow_clear_text: false,
        user: None,
        password: None,
        hello_name: Some("tracker.council.example".to_owned()),
        extra_ca: None,
        timeouts: Timeouts::default(),
    }
}

fn impatient(server: &SmtpServer) -> SmtpSettings {
    // Long enough for a busy machine to answer in, short enough to wait for in a test.
    let [connect, command, data] = [5, 1, 2].map(Duration::from_secs);
    SmtpSettings { timeouts: Timeouts { connect, command, data, ..Timeouts::default() }, ..settings(server) }
}

fn transport(settings: SmtpSettings) -> Transport {
    Transport::Smtp(Box::new(Smtp::new(settings).unwrap()))
}

fn message(number: usize) -> Vec<u8> {
    let mailbox = |name: &str, address: &str| Mailbox { name: name.to_owned(), address: address.to_owned() };
    build(&Outgoing {
        from: mailbox("Scrutiny Tracker", FROM),
        to: mailbox("MAP Coordinator 👍\nBcc: x@y.example", TO),
        reply_to: Vec::new(),
        subject: format!("{number} overdue – Digital safeguarding"),
        plain: format!(".\n..\n.{number}\n\n. end\nÜber\n."),
        html: format!("<p>\n.\n{number}\n</p>"),
        message_id: message_id(number),
        date: DateTime::UNIX_EPOCH,
        references: vec![],
        list: None,
        unsubscribe: None,
        copied: Vec::new(),
    })
    .unwrap()
}

fn message_id(number: usize) -> String {
    format!("<outbox-{number}@council.example>")
}

async fn send(transport: &Transport, session: &mut Session, number: usize) -> Result<Accepted, Failure> {
    transport.deliver(session, FROM, TO, &message(number)).await
}

/// The outcome of one message sent to a server that does this, by somebody impatient: the same whether the server takes several
/// commands at once or not.
async fn outcome_of(acts: impl IntoIterator<Item = Act>) -> Result<Accepted, Failure> {
    let acts: Vec<Act> = acts.into_iter().collect();
    let outcome = outcome_where(Offer::OneByOne, acts.clone()).await;
    let together = outcome_where(Offer::Clear, acts).await;
    // It waits longer for what is said together, and says so.
    assert_eq!(outcome.as_ref().map_err(discriminant), together.as_ref().map_err(discriminant));
    outcome
}

async fn outcome_where(offer: Offer, acts: Vec<Act>) -> Result<Accepted, Failure> {
    let server = SmtpServer::offering(offer).await;
    server.script(acts);
    send(&transport(impatient(&server)), &mut Session::default(), 1).await
}

#[tokio::test]
async fn fifty_messages_arrive_over_one_connection_byte_for_byte() {
    let server = SmtpServer::start().await;
    let (transport, mut session) = (transport(settings(&server)), Session::default());
    for number in 0..50 {
        let accepted = send(&transport, &mut session, number).await.unwrap();
        assert_eq!(accepted.reply, "250 2.0.0 queued as 42");
    }
    session.close().await;
    let received = server.wait_for(50).await;
    assert_eq!(received.len(), 50);
    for (number, received) in received.iter().enumerate() {
        assert_eq!(received.bytes, message(number));
        assert_eq!(received.message_id, message_id(number));
        assert_eq!((received.from.as_str(), received.to.as_slice()), (FROM, &[TO.to_owned()][..]));
    }
    assert_eq!(server.connections(), 1);
    assert_eq!(server.commands()[0], "EHLO tracker.council.example");
    assert_eq!(server.commands().last().unwrap(), "QUIT");
}

#[tokio::test]
async fn a_connection_is_given_up_after_a_hundred_messages() {
    let server = SmtpServer::start().await;
    let transport = transport(settings(&server));
    // In a task of its own, as the worker does it.
    let worker = tokio::spawn(async move {
        let mut session = Session::default();
        for number in 0..101 {
            send(&transport, &mut session, number).await.unwrap();
        }
    });
    worker.await.unwrap();
    assert_eq!((server.received().len(), server.connections()), (101, 2));
}

#[tokio::test]
async fn a_line_that_stood_unused_for_too_long_is_closed_and_opened_anew() {
    let server = SmtpServer::start().await;
    let timeouts = Timeouts { idle: Duration::ZERO, ..Timeouts::default() };
    let (transport, mut session) =
        (transport(SmtpSettings { timeouts, ..settings(&server) }), Session::default());
    for number in 0..2 {
        send(&transport, &mut session, number).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(server.connections(), 2);
    assert_eq!(server.commands().iter().filter(|command| *command == "QUIT").count(), 1);
}

#[tokio::test]
async fn a_4xx_is_transient_wherever_it_comes() {
    for stage in [Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Dot] {
        let outcome = outcome_of([Act::reply(stage, "451-4.3.0 not\r\n451 4.3.0 now")]).await;
        assert_eq!(outcome, Err(Failure::Transient("451 4.3.0 not now".to_owned())), "{stage:?}");
    }
}

#[tokio::test]
async fn a_5xx_says_whether_the_address_or_the_text_is_refused() {
    let no_such_user = || "550 5.1.1 no such user".to_owned();
    let outcome = outcome_of([Act::reply(Stage::Rcpt, &no_such_user())]).await;
    assert_eq!(outcome, Err(Failure::Recipient(no_such_user())));
    for stage in [Stage::Data, Stage::Dot] {
        let outcome = outcome_of([Act::reply(stage, &no_such_user())]).await;
        assert_eq!(outcome, Err(Failure::Permanent(no_such_user())), "{stage:?}");
    }
    // What the server will not do for anybody says nothing about the address.
    let denied = "554 5.7.1 relay access denied";
    assert_eq!(
        outcome_of([Act::reply(Stage::Rcpt, denied)]).await,
        Err(Failure::Permanent(denied.to_owned()))
    );
}

#[tokio::test]
async fn a_5xx_about_ourselves_is_for_a_person_to_solve() {
    let stages = [
        (Stage::Greeting, Hindrance::Settings),
        (Stage::Hello, Hindrance::Settings),
        (Stage::Mail, Hindrance::Sender),
    ];
    for (stage, hindrance) in stages {
        let unknown = "550 5.7.1 we do not know you";
        let outcome = outcome_of([Act::reply(stage, unknown)]).await;
        assert_eq!(outcome, Err(Failure::Hindered(hindrance, unknown.to_owned())), "{stage:?}");
    }
    let outcome = outcome_of([Act::reply(Stage::Rcpt, "530 5.7.0 sign in first")]).await;
    assert_eq!(outcome, Err(Failure::Hindered(Hindrance::Password, "530 5.7.0 sign in first".to_owned())));
}

#[tokio::test]
async fn a_lost_connection_before_the_text_is_complete_is_transient() {
    for stage in [Stage::Mail, Stage::Rcpt, Stage::Data] {
        for act in [Act::close(stage), Act::hang(stage), Act::reply(stage, "hm?")] {
            let outcome = outcome_of([act.clone()]).await;
            assert!(matches!(outcome, Err(Failure::Transient(_))), "{act:?}: {outcome:?}");
        }
    }
    // Without a 354 nobody waits for a text.
    let outcome = outcome_of([Act::reply(Stage::Data, "250 fine")]).await;
    assert!(matches!(outcome, Err(Failure::Transient(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_lost_connection_after_the_final_dot_is_uncertain_and_never_tried_again_by_itself() {
    for act in [
        Act::close(Stage::Dot),
        Act::hang(Stage::Dot),
        Act::reply(Stage::Dot, "hm?"),
        Act::reply(Stage::Dot, "354 and then?"),
    ] {
        let server = SmtpServer::start().await;
        server.script([Act::accept(), act.clone()]);
        let (transport, mut session) = (transport(impatient(&server)), Session::default());
        // The first makes the second one's line a kept line.
        send(&transport, &mut session, 6).await.unwrap();
        let outcome = send(&transport, &mut session, 7).await;
        assert!(matches!(outcome, Err(Failure::Uncertain(_))), "{act:?}: {outcome:?}");
        assert_eq!(server.received().len(), 2);
        // The server had it all along, so the next try is a duplicate, told by its Message-ID.
        send(&transport, &mut session, 7).await.unwrap();
        let ids = server.received().into_iter().map(|message| message.message_id);
        assert!(ids.eq([message_id(6), message_id(7), message_id(7)]));
    }
}

#[tokio::test]
async fn a_text_that_the_server_does_not_read_to_its_end_is_not_uncertain() {
    // More than the buffers of both ends can hold, so that the final dot cannot have been sent.
    let huge = [b"x".repeat(998), b"\r\n".to_vec()].concat().repeat(30_000);
    for act in [Act::hang(Stage::Text), Act::close(Stage::Text)] {
        let server = SmtpServer::start().await;
        server.script([act.clone()]);
        let transport = transport(impatient(&server));
        let outcome = transport.deliver(&mut Session::default(), FROM, TO, &huge).await;
        assert!(matches!(outcome, Err(Failure::Transient(_))), "{act:?}: {outcome:?}");
        assert!(server.received().is_empty());
    }
}

#[tokio::test]
async fn no_server_is_unreachable_and_not_the_messages_fault() {
    let server = SmtpServer::start().await;
    let settings = impatient(&server);
    drop(server);
    // The port is free again as soon as the server's task has ended.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let outcome = send(&transport(settings), &mut Session::default(), 1).await;
    assert!(matches!(outcome, Err(Failure::Hindered(Hindrance::Unreachable, _))), "{outcome:?}");

    for act in [
        Act::reply(Stage::Greeting, "421 4.3.2 closing down"),
        Act::hang(Stage::Greeting),
        Act::close(Stage::Hello),
    ] {
        let outcome = outcome_of([act.clone()]).await;
        assert!(matches!(outcome, Err(Failure::Hindered(Hindrance::Unreachable, _))), "{act:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_slow_server_is_waited_for() {
    let wait = Duration::from_millis(100);
    let acts = [Stage::Greeting, Stage::Mail, Stage::Dot].map(|stage| Act::slow(stage, wait));
    assert!(outcome_of(acts).await.is_ok());
}

#[tokio::test]
async fn one_refused_message_does_not_disturb_the_next() {
    for offer in [Offer::Clear, Offer::OneByOne] {
        let server = SmtpServer::offering(offer).await;
        server.script([Act::accept(), Act::reply(Stage::Rcpt, "550 no"), Act::reply(Stage::Dot, "554 no")]);
        let (transport, mut session) = (transport(settings(&server)), Session::default());
        assert!(send(&transport, &mut session, 1).await.is_ok());
        assert!(send(&transport, &mut session, 2).await.is_err());
        assert!(send(&transport, &mut session, 3).await.is_err());
        assert!(send(&transport, &mut session, 4).await.is_ok());
        let ids: Vec<_> = server.received().into_iter().map(|received| received.message_id).collect();
        assert_eq!(ids, [message_id(1), message_id(4)]);
        assert_eq!(server.commands().iter().filter(|command| *command == "RSET").count(), 2);
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn a_server_that_asks_for_the_text_after_refusing_gets_none_and_the_next_message_goes_over_another_line()
 {
    let refused = "550 5.1.1 no such user".to_owned();
    for (stage, failure) in [
        (Stage::Mail, Failure::Hindered(Hindrance::Sender, refused.clone())),
        (Stage::Rcpt, Failure::Recipient(refused.clone())),
    ] {
        let server = SmtpServer::start().await;
        server.script([Act::reply(stage, &refused), Act::reply(Stage::Data, "354 go on")]);
        let (transport, mut session) = (transport(impatient(&server)), Session::default());
        assert_eq!(send(&transport, &mut session, 1).await, Err(failure));
        send(&transport, &mut session, 2).await.unwrap();
        let received = server.received();
        assert_eq!((received.len(), received[0].message_id.clone()), (1, message_id(2)));
        assert_eq!(server.connections(), 2);
    }
}

#[tokio::test]
async fn a_server_that_leaves_after_refusing_has_refused() {
    // What was still to be answered never is.
    let refused = "550 5.1.1 no such user";
    for acts in [
        [Act::reply(Stage::Rcpt, refused), Act::close(Stage::Data)],
        [Act::reply(Stage::Rcpt, refused), Act::hang(Stage::Data)],
    ] {
        let server = SmtpServer::start().await;
        server.script(acts.clone());
        let (transport, mut session) = (transport(impatient(&server)), Session::default());
        let outcome = send(&transport, &mut session, 1).await;
        assert_eq!(outcome, Err(Failure::Recipient(refused.to_owned())), "{acts:?}");
        // Its answers would be taken for those to the next message.
        assert!(!session.is_open());
        send(&transport, &mut session, 2).await.unwrap();
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn a_line_that_went_stale_between_two_messages_is_opened_anew() {
    for act in [Act::close(Stage::Mail), Act::hang(Stage::Mail), Act::reply(Stage::Mail, "421 too many")] {
        let server = SmtpServer::start().await;
        server.script([Act::accept(), act]);
        let (transport, mut session) = (transport(impatient(&server)), Session::default());
        send(&transport, &mut session, 1).await.unwrap();
        send(&transport, &mut session, 2).await.unwrap();
        assert_eq!((server.received().len(), server.connections()), (2, 2));
    }
}

#[tokio::test]
async fn an_address_that_is_none_never_reaches_the_server() {
    let server = SmtpServer::start().await;
    let (transport, mut session) = (transport(settings(&server)), Session::default());
    let evil = "map@council.example>\r\nRCPT TO:<all@council.example";
    let outcome = transport.deliver(&mut session, FROM, evil, &message(1)).await;
    assert!(matches!(outcome, Err(Failure::Recipient(_))), "{outcome:?}");
    let outcome = transport.deliver(&mut session, "", TO, &message(1)).await;
    assert!(matches!(outcome, Err(Failure::Hindered(Hindrance::Sender, _))), "{outcome:?}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn the_demonstration_accepts_everything_and_sends_nothing() {
    let outcome = send(&Transport::Kept, &mut Session::default(), 1).await;
    assert_eq!(outcome.unwrap().reply, "kept on this machine, not sent");
}

/// Prints how many messages a second go over one connection, with lettre's own connection beside ours.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures; asserts nothing about time"]
async fn measure_messages_per_second_with_and_without_delay() {
    use lettre::address::Envelope;
    use lettre::transport::smtp::client::AsyncSmtpConnection;
    use lettre::transport::smtp::extension::ClientId;

    let server = SmtpServer::start().await;
    let envelope = Envelope::new(Some(FROM.parse().unwrap()), vec![TO.parse().unwrap()]).unwrap();
    let hello = ClientId::Domain("tracker.council.example".to_owned());
    let text = message(1);

    let mut delayed =
        AsyncSmtpConnection::connect_tokio1(server.address(), None, &hello, None, None).await.unwrap();
    let started = Instant::now();
    for _ in 0..50 {
        delayed.send(&envelope, &text).await.unwrap();
    }
    let with_delay = 50.0 / started.elapsed().as_secs_f64();

    let (transport, mut session) = (transport(settings(&server)), Session::default());
    let started = Instant::now();
    for _ in 0..2_000 {
        transport.deliver(&mut session, FROM, TO, &text).await.unwrap();
    }
    let without = 2_000.0 / started.elapsed().as_secs_f64();
    eprintln!(
        "lettre's connection {with_delay:.0}/s, ours {without:.0}/s, ratio {:.0}",
        without / with_delay
    );
}

#[tokio::test]
async fn a_server_that_will_not_be_greeted_twice_is_told_one_thing_at_a_time() {
    let server = SmtpServer::start().await;
    let hello = "250-sink.test\r\n250 PIPELINING";
    server.script([Act::reply(Stage::Hello, hello), Act::reply(Stage::Hello, "503 5.5.1 already greeted")]);
    let (transport, mut session) = (transport(impatient(&server)), Session::default());
    send(&transport, &mut session, 1).await.unwrap();
    assert_eq!((server.received().len(), server.connections()), (1, 1));
}
