//! How fast the day's digests go out, beside what the same connections take at most: 500 leads with 10,000 actions that are
//! due, into postfix's `smtp-sink`.
//!
//! `cargo bench --bench sending` prints the rate of our sender, each message claimed before and recorded after it, and that of
//! bare lettre, without delay, with the same bytes over as many connections, taken in turns in the same run: over one, where
//! each message waits for the disk, over ten, and over twenty, as the program does where no pace is kept. It fails where ours
//! over twenty is less than half. Queueing and writing the digests are printed beside, and are no part of either. On SQLite, or
//! on the empty PostgreSQL database that `SCRUTINY_BENCH_DATABASE` names. A number after `--` is that of the leads.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a measurement may stop, and prints its result")]

use std::{
    env,
    net::{SocketAddr, TcpListener},
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use entity::outbox as row;
use futures_util::future::join_all;
use lettre::{
    address::Envelope,
    transport::smtp::{client::AsyncSmtpConnection, extension::ClientId},
};
use scrutiny_tracker::{
    command::{Cx, outbox, outbox::Step, reminder},
    domain::message::{MessageKind, MessageState},
    mail::{
        settings::{SmtpSettings, Timeouts, TlsMode},
        smtp::Smtp,
        transport::{Session, Transport},
    },
    store::{self, outbox::Message},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, sea_query::Expr};
use tokio::net::TcpStream;

mod installation;
mod large;

const LEADS: usize = 500;
const EACH: usize = 20;
/// Over how many connections; the last is what the program does unless it is told otherwise.
const LINES: [usize; 3] = [1, 10, 20];
/// How often either side sends all of them.
const TIMES: usize = 5;
/// What ours must be of bare lettre's.
const AT_LEAST: f64 = 0.5;
/// Where Debian puts it, which is in no user's PATH.
const SINKS: [&str; 2] = ["smtp-sink", "/usr/sbin/smtp-sink"];

#[tokio::main]
async fn main() -> ExitCode {
    let leads = env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(LEADS);
    let Some(sink) = Sink::start() else {
        println!("postfix’s smtp-sink is not here: install postfix");
        return ExitCode::FAILURE;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let url = env::var("SCRUTINY_BENCH_DATABASE")
        .unwrap_or_else(|_| format!("sqlite://{}/bench.sqlite", folder.path().display()));
    let cx = installation::new(&url).await;
    large::leads::write(&url, leads, EACH, cx.clock.today()).await;

    let begun = Instant::now();
    reminder::queue_today(&cx).await.expect("the digests are queued");
    println!("{} actions due, queued in {:.1} s", leads * EACH, begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    while outbox::write_next(&cx, &[MessageKind::Reminder], 50).await.expect("they are written") > 0 {}
    let messages = written(&cx).await;
    let bytes: usize = messages.iter().filter_map(|m| m.mime.as_ref()).map(String::len).sum();
    println!(
        "{} digests of {} kB written in {:.1} s",
        messages.len(),
        bytes / messages.len() / 1024,
        begun.elapsed().as_secs_f64()
    );

    let mut ratio = 0.0;
    for lines in LINES {
        ratio = measure(&cx, &url, &sink, &messages, lines).await;
    }
    println!("at least {AT_LEAST} of bare lettre is wanted over {} connections", LINES[LINES.len() - 1]);
    if ratio < AT_LEAST { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Sends all of them in turns, and gives what our rate is of bare lettre's.
async fn measure(cx: &Cx, url: &str, sink: &Sink, messages: &[Message], lines: usize) -> f64 {
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        bare.push(send_bare(sink.address, messages, lines).await);
        ours.push(send_ours(cx, sink.address, messages.len(), lines).await);
        again(cx, url).await;
    }
    let rate = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        f64::from(u32::try_from(messages.len()).expect("a few")) / times[TIMES / 2].as_secs_f64()
    };
    let (bare, ours) = (rate(&mut bare), rate(&mut ours));
    println!(
        "over {lines:>2} connections: bare lettre {bare:>6.0} messages a second, our sender {ours:>6.0} ({}, claimed and \
         recorded): {:.2} of it",
        cx.store.kind(),
        ours / bare
    );
    ours / bare
}

/// What was written, Appendix B's own aside: its people have example addresses.
async fn written(cx: &Cx) -> Vec<Message> {
    let all =
        store::outbox::list(&cx.store, &store::outbox::Readable::All, 0, 100_000).await.expect("the outbox");
    all.into_iter().filter(|m| m.to_address.ends_with("@tracker.internal")).collect()
}

async fn send_ours(cx: &Cx, to: SocketAddr, expected: usize, lines: usize) -> Duration {
    let settings = SmtpSettings {
        host: to.ip().to_string(),
        port: to.port(),
        tls: TlsMode::None,
        allow_clear_text: false,
        user: None,
        password: None,
        hello_name: Some("tracker.internal".to_owned()),
        extra_ca: None,
        timeouts: Timeouts::default(),
    };
    let transport = Transport::Smtp(Box::new(Smtp::new(settings).expect("settings that work")));
    let mut lines: Vec<Session> = std::iter::repeat_with(Session::default).take(lines).collect();
    let begun = Instant::now();
    let kinds = || MessageKind::ALL.to_vec();
    let (_, last) = outbox::send_all(cx, &transport, &mut lines, kinds).await.expect("they are sent");
    for line in &mut lines {
        line.close().await;
    }
    let took = begun.elapsed();
    let handed = store::outbox::count(&cx.store, MessageState::Handed).await.expect("the outbox");
    assert_eq!((last, usize::try_from(handed).expect("a few")), (Step::Idle, expected));
    took
}

async fn send_bare(to: SocketAddr, messages: &[Message], lines: usize) -> Duration {
    let begun = Instant::now();
    let shares = messages.chunks(messages.len().div_ceil(lines));
    join_all(shares.map(|share| send_share(to, share))).await;
    begun.elapsed()
}

async fn send_share(to: SocketAddr, messages: &[Message]) {
    let from: lettre::Address = "tracker@tracker.internal".parse().expect("an address");
    let tcp = TcpStream::connect(to).await.expect("the sink takes it");
    tcp.set_nodelay(true).expect("no delay");
    let hello = ClientId::Domain("tracker.internal".to_owned());
    let mut connection =
        AsyncSmtpConnection::connect_with_transport(Box::new(tcp), &hello).await.expect("greeted");
    for message in messages {
        let to = message.to_address.parse().expect("an address");
        let envelope = Envelope::new(Some(from.clone()), vec![to]).expect("an envelope");
        let mime = message.mime.as_deref().expect("written").as_bytes();
        connection.send(&envelope, mime).await.expect("taken");
    }
    connection.quit().await.expect("leaves");
}

/// Puts all that was sent back into the queue, as it was before.
async fn again(cx: &Cx, url: &str) {
    let db = sea_orm::Database::connect(url).await.expect("opens");
    row::Entity::update_many()
        .col_expr(row::Column::State, Expr::value("queued"))
        .col_expr(row::Column::Attempts, Expr::value(0))
        .col_expr(row::Column::PreparedAt, Expr::value(cx.clock.machine_now()))
        .filter(row::Column::State.eq("handed"))
        .exec(&db)
        .await
        .expect("put back");
    if db.get_database_backend() == DbBackend::Postgres {
        // What the times before left behind is no part of sending a message once.
        db.execute_unprepared("VACUUM ANALYZE outbox").await.expect("swept");
    }
}

/// postfix's server that throws away what it takes. It goes with this.
struct Sink {
    child: Child,
    address: SocketAddr,
}

impl Sink {
    fn start() -> Option<Self> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = free.expect("a free port");
        // As root it wants to be told whom to become, and as anybody else it must not be.
        let ways = SINKS.iter().flat_map(|program| [(program, &[][..]), (program, &["-u", "nobody"][..])]);
        ways.into_iter().find_map(|(program, user)| {
            let mut command = Command::new(program);
            command.args(user).args([&address.to_string(), "100"]).stderr(Stdio::null());
            let mut sink = Self { child: command.spawn().ok()?, address };
            sink.listens().then_some(sink)
        })
    }

    /// Waits until it takes connections; false: it has ended.
    fn listens(&mut self) -> bool {
        while self.child.try_wait().expect("a child").is_none() {
            if std::net::TcpStream::connect(self.address).is_ok() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
