//! The worker and its outbox against real SMTP servers: Postfix's `smtp-sink`, and aiosmtpd with trouble as it is told.
//!
//! What is asserted is what people would see: where each message stands, and what the server took. Time is the site's clock; the
//! time-outs alone are real, and short. Where the programs are not there, each test says so and ends, unless
//! `SCRUTINY_TEST_SMTP=required`.

use std::{
    collections::BTreeMap,
    fs::{self, Permissions},
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use chrono::{Days, TimeDelta};
use scrutiny_tracker::{
    domain::message::MessageState,
    mail::{
        settings::{Password, SmtpSettings, Timeouts, TlsMode},
        smtp::Smtp,
        transport::Transport,
    },
    store::{
        self,
        outbox::{Message, Readable},
    },
    worker::{Ticked, Worker},
};
use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;
use tokio::{net::TcpStream, sync::watch};

use crate::{
    outbox::{queue_two, settings_at},
    support::{Site, day, each_database},
};

/// A server in a process of its own, which ends with it.
struct Server {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Says that a test is skipped for want of a program, or ends it.
fn skipped(what: &str) {
    let required = std::env::var("SCRUTINY_TEST_SMTP").is_ok_and(|value| value == "required");
    assert!(!required, "{what} is not here");
    eprintln!("SKIPPED: {what} is not here");
}

/// Postfix's sink, which keeps each message in a file of its own.
async fn sink() -> Option<Server> {
    let Some(program) =
        ["/usr/sbin/smtp-sink", "/usr/libexec/postfix/smtp-sink"].into_iter().find(|p| Path::new(p).exists())
    else {
        skipped("smtp-sink (Debian’s package postfix)");
        return None;
    };
    let folder = TempDir::new().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new(program);
    // Whoever starts it as root has to say as whom it is to run.
    if fs::metadata(folder.path()).unwrap().uid() == 0 {
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        command.args(["-u", "nobody"]);
    }
    let child = command
        .current_dir(folder.path())
        .args(["-d", "mail.", &format!("127.0.0.1:{port}"), "100"])
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server { child, port, folder };
    for _ in 0..500 {
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return Some(server);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("smtp-sink does not listen");
}

/// aiosmtpd, which makes this kind of trouble from the start.
fn trouble(kind: &str) -> Option<Server> {
    let has_it = |python: &&str| {
        let found = Command::new(python).args(["-c", "import aiosmtpd.smtp"]).stderr(Stdio::null()).status();
        found.is_ok_and(|status| status.success())
    };
    let Some(python) = ["python3", "/usr/bin/python3"].into_iter().find(has_it) else {
        skipped("aiosmtpd (Debian’s package python3-aiosmtpd)");
        return None;
    };
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("busy"), "").unwrap();
    let mut child = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp/trouble.py"))
        .arg(kind)
        .arg(folder.path())
        .args([tls_file("localhost.pem"), tls_file("localhost.key")])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let server = Server { child, port: line.trim().parse().unwrap_or_default(), folder };
    assert_ne!(server.port, 0, "aiosmtpd did not start");
    Some(server)
}

fn tls_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls").join(name)
}

impl Server {
    /// From now on it takes everything.
    fn calms_down(&self) {
        fs::remove_file(self.folder.path().join("busy")).unwrap();
    }

    /// The Message-IDs that it has taken, without brackets, with how often.
    fn taken(&self) -> BTreeMap<String, usize> {
        let mut taken = BTreeMap::new();
        let text = fs::read_to_string(self.folder.path().join("taken")).unwrap_or_default();
        for line in text.lines() {
            let id = line.split(' ').next().unwrap_or_default().trim_matches(['<', '>']);
            *taken.entry(id.to_owned()).or_default() += 1;
        }
        taken
    }

    /// The same, of the sink.
    fn kept(&self) -> BTreeMap<String, usize> {
        let mut kept = BTreeMap::new();
        for file in fs::read_dir(self.folder.path()).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: <")).unwrap_or_default();
            *kept.entry(id.trim_end_matches('>').to_owned()).or_default() += 1;
        }
        kept
    }

    fn settings(&self) -> SmtpSettings {
        let settings = settings_at(self.port);
        let timeouts = Timeouts { command: Duration::from_secs(2), ..settings.timeouts };
        SmtpSettings { timeouts, ..settings }
    }
}

/// Lets the worker run once.
async fn tick(site: &Site, settings: SmtpSettings) -> Ticked {
    let transport = Transport::Smtp(Box::new(Smtp::new(settings).unwrap()));
    let mut worker = Worker::new(site.cx.clone(), transport, Duration::ZERO, watch::channel(false).1);
    worker.tick().await.unwrap()
}

fn later(site: &Site, minutes: i64) {
    site.cx.clock.move_machine_to(site.cx.clock.machine_now() + TimeDelta::minutes(minutes));
}

async fn messages(site: &Site) -> Vec<Message> {
    store::outbox::list(&site.cx.store, &Readable::All, 0, 1_000).await.unwrap()
}

/// That every message was handed over, and the server took each so often.
async fn assert_taken(site: &Site, taken: &BTreeMap<String, usize>, times: usize) {
    let all = messages(site).await;
    assert!(!all.is_empty() && all.iter().all(|m| m.state == MessageState::Handed), "{all:?}");
    let expected: BTreeMap<String, usize> = all.into_iter().map(|m| (m.message_id, times)).collect();
    assert_eq!(*taken, expected);
}

/// That nothing has been handed over or given up: all of it waits.
async fn assert_all_wait(site: &Site) {
    let all = messages(site).await;
    assert!(!all.is_empty() && all.iter().all(|m| m.state == MessageState::Queued), "{all:?}");
}

#[tokio::test]
async fn months_of_reminders_are_taken_by_postfix_each_once() {
    each_database(async |site| {
        let Some(server) = sink().await else { return };
        let db = Database::connect(&site.url).await.unwrap();
        let reachable = "UPDATE person SET email = REPLACE(email, '@example.org', '@tracker.internal')";
        db.execute_unprepared(reachable).await.unwrap();
        let mut on = day("2017-12-07");
        while on <= day("2018-03-01") {
            site.go_to(on);
            let ticked = tick(&site, server.settings()).await;
            assert!(!ticked.stopped);
            on = on + Days::new(1);
        }
        assert!(messages(&site).await.len() >= 20);
        assert_taken(&site, &server.kept(), 1).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_for_the_first_hour_is_taken_after_it_once() {
    each_database(async |site| {
        let Some(server) = trouble("later") else { return };
        queue_two(&site).await;
        // At once, then after 1, 5 and 30 minutes.
        for minutes in [0, 1, 5, 30] {
            later(&site, minutes);
            tick(&site, server.settings()).await;
            assert_all_wait(&site).await;
        }
        assert!(messages(&site).await.iter().all(|m| m.note.as_ref().unwrap().contains("451")));
        server.calms_down();
        later(&site, 30);
        tick(&site, server.settings()).await;
        assert!(server.taken().is_empty(), "it waits for two hours after the fourth try");
        later(&site, 90);
        tick(&site, server.settings()).await;
        assert_taken(&site, &server.taken(), 1).await;
    })
    .await;
}

#[tokio::test]
async fn a_recipient_whom_the_server_does_not_know_holds_nobody_else_up() {
    let site = Site::appendix_b().await;
    let Some(server) = trouble("refuse") else { return };
    queue_two(&site).await;
    for _ in 0..3 {
        tick(&site, server.settings()).await;
        later(&site, 600);
    }
    let all = messages(&site).await;
    let (refused, taken): (Vec<_>, Vec<_>) = all.iter().partition(|m| m.to_address.starts_with("education"));
    assert!(
        refused.iter().all(|m| m.state == MessageState::Failed && m.note.as_ref().unwrap().contains("550"))
    );
    assert!(taken.iter().all(|m| m.state == MessageState::Handed));
    assert_eq!((refused.len(), taken.len()), (1, 1));
    assert_eq!(server.taken(), BTreeMap::from([(taken[0].message_id.clone(), 1)]));
}

#[tokio::test]
async fn a_server_that_closes_down_in_mid_batch_gets_the_rest_later() {
    let site = Site::appendix_b().await;
    let Some(server) = trouble("shut") else { return };
    queue_two(&site).await;
    tick(&site, server.settings()).await;
    assert!(server.taken().values().all(|times| *times == 1));
    server.calms_down();
    later(&site, 60);
    tick(&site, server.settings()).await;
    assert_taken(&site, &server.taken(), 1).await;
}

#[tokio::test]
async fn a_wrong_password_stops_the_queue_and_loses_nothing() {
    let site = Site::appendix_b().await;
    let Some(server) = trouble("password") else { return };
    let password = Some(Password::from("open sesame".to_owned()));
    let settings = SmtpSettings { user: Some("tracker".to_owned()), password, ..server.settings() };
    queue_two(&site).await;
    assert!(tick(&site, settings.clone()).await.stopped);
    assert_all_wait(&site).await;
    assert!(server.taken().is_empty());
    server.calms_down();
    later(&site, 60);
    assert!(!tick(&site, settings).await.stopped);
    assert_taken(&site, &server.taken(), 1).await;
}

#[tokio::test]
async fn a_server_that_answers_one_byte_a_second_is_left_and_asked_again() {
    let site = Site::appendix_b().await;
    let Some(server) = trouble("slow") else { return };
    queue_two(&site).await;
    assert!(tick(&site, server.settings()).await.stopped);
    assert_all_wait(&site).await;
    server.calms_down();
    later(&site, 60);
    tick(&site, server.settings()).await;
    assert_taken(&site, &server.taken(), 1).await;
}

#[tokio::test]
async fn no_answer_after_the_final_dot_means_once_more_with_the_same_message_id() {
    let site = Site::appendix_b().await;
    let Some(server) = trouble("hang") else { return };
    queue_two(&site).await;
    tick(&site, server.settings()).await;
    assert_all_wait(&site).await;
    assert!(messages(&site).await.iter().all(|m| m.uncertain));
    server.calms_down();
    later(&site, 60);
    tick(&site, server.settings()).await;
    assert_taken(&site, &server.taken(), 2).await;
    later(&site, 600);
    tick(&site, server.settings()).await;
    assert_taken(&site, &server.taken(), 2).await;
}

#[tokio::test]
async fn a_connection_that_is_cut_inside_the_text_has_handed_nothing_over() {
    let site = Site::appendix_b().await;
    let Some(server) = trouble("cut") else { return };
    queue_two(&site).await;
    tick(&site, server.settings()).await;
    assert!(server.taken().is_empty());
    server.calms_down();
    later(&site, 60);
    tick(&site, server.settings()).await;
    let taken = server.taken();
    assert_taken(&site, &taken, 1).await;
}

#[tokio::test]
async fn tls_under_a_private_authority_works_where_the_authority_is_named_and_else_not_at_all() {
    let site = Site::appendix_b().await;
    let Some(server) = trouble("starttls") else { return };
    let named = SmtpSettings {
        host: "localhost".to_owned(),
        tls: TlsMode::Starttls,
        extra_ca: Some(tls_file("localhost.pem")),
        ..server.settings()
    };
    queue_two(&site).await;
    assert!(tick(&site, SmtpSettings { extra_ca: None, ..named.clone() }).await.stopped);
    assert_all_wait(&site).await;
    assert!(server.taken().is_empty());
    later(&site, 60);
    tick(&site, named).await;
    assert_taken(&site, &server.taken(), 1).await;
}
