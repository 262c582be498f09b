//! Whether reminders run: what `/health/ready` and administrators are told, and the ping to an address outside.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{NaiveDate, TimeDelta};
use scrutiny_tracker::{
    command::health,
    domain::calendar,
    mail::transport::Transport,
    worker::{
        Worker,
        ping::{Address, Ping},
    },
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::watch,
    task::JoinHandle,
};

use crate::{
    outbox::smtp,
    smtp_server::{Act, SmtpServer, Stage},
    support::{ADMINISTRATOR, MANAGER, Site, day, each_database},
};

fn worker(site: &Site) -> Worker {
    Worker::new(site.cx.clone(), Transport::Kept, Duration::ZERO, watch::channel(false).1)
}

async fn tick(site: &Site) {
    worker(site).tick().await.unwrap();
}

fn at(site: &Site, office: &str) {
    site.cx.clock.move_office_to(office.parse().unwrap());
}

fn later(site: &Site, minutes: i64) {
    site.cx.clock.move_machine_to(site.cx.clock.machine_now() + TimeDelta::minutes(minutes));
}

async fn ready(site: &Site) -> (u16, Value) {
    let page = site.browser().get("/health/ready").await;
    (page.status, serde_json::from_str(&page.body()).unwrap())
}

fn whole(worker: &str, reminders: &str) -> Value {
    json!({ "database": "ok", "migrations": "ok", "worker": worker, "reminders": reminders })
}

#[tokio::test]
async fn a_missing_run_is_said_after_an_hour_and_fails_after_a_working_day() {
    each_database(async |site| {
        let site = site.real();
        health::expect(&site.cx).await.unwrap();
        at(&site, "2017-12-07T09:00:00");
        tick(&site).await;
        assert_eq!(ready(&site).await, (200, whole("ok", "ok")));
        at(&site, "2017-12-08T08:30:00");
        assert_eq!(ready(&site).await, (200, whole("ok", "ok")), "the worker may be at it");
        at(&site, "2017-12-08T09:00:00");
        let since = "no reminder run since Thursday 7 December 2017";
        assert_eq!(ready(&site).await, (200, whole("ok", since)));
        at(&site, "2017-12-11T07:59:00");
        assert_eq!(ready(&site).await, (200, whole("ok", since)), "over the weekend");
        at(&site, "2017-12-11T08:00:00");
        later(&site, 16);
        let silent = "the worker has not been heard from for 16 minutes";
        assert_eq!(ready(&site).await, (503, whole(silent, since)));
        // The next run catches up, and all is well.
        tick(&site).await;
        assert_eq!(ready(&site).await, (200, whole("ok", "ok")));
    })
    .await;
}

#[tokio::test]
async fn a_new_installation_has_a_working_day_to_begin() {
    let site = Site::appendix_b().await.real();
    at(&site, "2017-12-08T17:00:00");
    health::expect(&site.cx).await.unwrap();
    let never = "the worker has never been heard from";
    assert_eq!(ready(&site).await, (200, whole(never, "ok")));
    at(&site, "2017-12-12T08:00:00");
    // A second start does not begin it anew.
    health::expect(&site.cx).await.unwrap();
    assert_eq!(ready(&site).await, (503, whole(never, "no reminder run yet")));
}

#[tokio::test]
async fn administrators_read_where_they_begin_that_no_reminders_run() {
    let site = Site::appendix_b().await.real();
    tick(&site).await;
    let administrator = site.sign_in_as(ADMINISTRATOR).await;
    for page in ["/people", "/settings", "/reminders"] {
        assert!(!administrator.get(page).await.main().contains("No reminder run"), "{page}");
    }
    at(&site, "2017-12-11T09:00:00");
    later(&site, 200);
    let words =
        "No reminder run since Thursday 7 December 2017, and the worker has not been heard from for 3 hours";
    for page in ["/people", "/settings", "/reminders"] {
        let page = administrator.get(page).await;
        assert!(page.main().contains(words), "{}", page.main());
    }
    // A manager sees it with the reminders, and not where they invite people: it is not theirs to mend.
    let manager = site.sign_in_as(MANAGER).await;
    assert!(manager.get("/reminders").await.main().contains(words));
    assert!(!manager.get("/people").await.main().contains(words));
}

#[tokio::test]
async fn that_bank_holidays_run_out_is_said_90_days_before() {
    let site = Site::appendix_b().await.real();
    let until = calendar::known_until();
    let before = |days: i64| (until - TimeDelta::days(days)).and_hms_opt(9, 0, 0).unwrap();
    site.cx.clock.move_office_to(before(91));
    tick(&site).await;
    let administrator = site.sign_in_as(ADMINISTRATOR).await;
    let words = "Bank holidays are known up to 31 December";
    assert!(!administrator.get("/settings").await.main().contains(words));
    site.cx.clock.move_office_to(before(90));
    for page in ["/people", "/settings", "/reminders"] {
        assert!(administrator.get(page).await.main().contains(words), "{page}");
    }
    // It is no reason to call the program broken.
    tick(&site).await;
    assert_eq!(ready(&site).await.0, 200);
}

/// A web server on loopback that answers with these statuses, then with 200, and notes what it was asked.
struct Watcher {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Watcher {
    async fn answering<const N: usize>(statuses: [u16; N]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, mut statuses) = (Arc::<Mutex<Vec<String>>>::default(), statuses.into_iter());
        let noted = asked.clone();
        let task = tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let mut request = vec![0; 4096];
                let length = line.read(&mut request).await.unwrap_or_default();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                noted.lock().unwrap().push(request.lines().next().unwrap_or_default().to_owned());
                let status = statuses.next().unwrap_or(200);
                let answer =
                    format!("HTTP/1.1 {status} Word\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                let _ = line.write_all(answer.as_bytes()).await;
            }
        });
        Self { address, asked, task }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn ping(&self) -> Option<Ping> {
        let address = Address::read(&format!("http://{}/ping/s3cret", self.address)).unwrap();
        Some(Ping::new(address).unwrap())
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn go_to_nine(site: &Site, on: NaiveDate) {
    site.go_to(on);
}

#[tokio::test]
async fn the_ping_goes_once_after_the_reminders_of_each_working_day() {
    each_database(async |site| {
        let watcher = Watcher::answering([]).await;
        let mut worker = worker(&site).with_ping(watcher.ping());
        at(&site, "2017-12-07T07:59:00");
        assert!(!worker.tick().await.unwrap().pinged, "the office is not open, nothing was looked for");
        go_to_nine(&site, day("2017-12-07"));
        assert!(worker.tick().await.unwrap().pinged);
        assert!(!worker.tick().await.unwrap().pinged);
        at(&site, "2017-12-07T23:00:00");
        worker.tick().await.unwrap();
        for weekend in ["2017-12-09", "2017-12-10"] {
            go_to_nine(&site, day(weekend));
            worker.tick().await.unwrap();
        }
        assert_eq!(watcher.asked(), ["GET /ping/s3cret HTTP/1.1"]);
        go_to_nine(&site, day("2017-12-11"));
        worker.tick().await.unwrap();
        // Another worker does not ask again.
        Worker::new(site.cx.clone(), Transport::Kept, Duration::ZERO, watch::channel(false).1)
            .with_ping(watcher.ping())
            .tick()
            .await
            .unwrap();
        assert_eq!(watcher.asked().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_ping_that_is_not_answered_stands_in_no_mails_way_and_is_tried_at_the_next_tick() {
    let site = Site::appendix_b().await;
    let watcher = Watcher::answering([500, 404]).await;
    let mut worker = worker(&site).with_ping(watcher.ping());
    let first = worker.tick().await.unwrap();
    assert!(first.queued > 0 && first.dealt_with >= first.queued && !first.pinged, "{first:?}");
    assert!(!worker.tick().await.unwrap().pinged);
    // Also when the office has closed: the day's reminders were looked for.
    at(&site, "2017-12-07T16:30:00");
    assert!(worker.tick().await.unwrap().pinged);
    assert_eq!(watcher.asked().len(), 3);

    // Nobody there at all.
    let nobody = watcher.ping();
    drop(watcher);
    site.go_to(day("2017-12-08"));
    let mut worker = worker.with_ping(nobody);
    assert!(!worker.tick().await.unwrap().pinged);
}

#[tokio::test]
async fn there_is_no_ping_while_the_mail_server_does_not_take_us() {
    let site = Site::appendix_b().await;
    let watcher = Watcher::answering([]).await;
    let server = SmtpServer::start().await;
    server.script([Act::reply(Stage::Mail, "550 5.7.1 sender refused")]);
    crate::outbox::queue_two(&site).await;
    let stop = watch::channel(false).1;
    let mut worker =
        Worker::new(site.cx.clone(), smtp(&server), Duration::ZERO, stop).with_ping(watcher.ping());
    let ticked = worker.tick().await.unwrap();
    assert!(ticked.stopped && !ticked.pinged);
    assert!(watcher.asked().is_empty());
    later(&site, 60);
    assert!(worker.tick().await.unwrap().pinged);
}
