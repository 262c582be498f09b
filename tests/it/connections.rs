//! The connection floor, over real sockets on loopback: whoever neither asks nor reads is let go, and nobody else is.
//!
//! Limits are short here, and waits for what must happen are long: a slow machine makes no test fail.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use axum::{
    Router,
    routing::{get, post},
};
use scrutiny_tracker::{
    clock::Clock,
    command::{
        Cx,
        session::{self, Client},
    },
    connection::{self, Limits},
    domain::account::Way,
    web::{self, App, Front, Mode},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::support::{HOST, MANAGER, Site};

/// What must happen happens within this time.
const PATIENCE: Duration = Duration::from_secs(30);
/// The limit that a test looks at.
const SOON: Duration = Duration::from_millis(300);
/// The limits that it does not.
const LATE: Duration = Duration::from_secs(600);

const LIMITS: Limits = Limits { connections: 768, head: LATE, answer: LATE, drain: LATE };

/// A server on a port of its own.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Server {
    async fn start(router: Router, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(connection::serve(listener, router, limits, async {
            let _ = stopped.await;
        }));
        Self { address, stop, serving }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Opens a connection and says something.
    async fn say(&self, words: &str) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(words.as_bytes()).await.unwrap();
        stream
    }

    /// Asks for a page on a connection of its own.
    async fn ask(&self, path: &str) -> String {
        ask(self.connect().await, path, "").await
    }

    /// Says stop, and waits for the end.
    async fn stop(self) {
        self.stop.send(()).unwrap();
        timeout(PATIENCE, self.serving).await.expect("it stops").unwrap();
    }
}

/// Asks for a page, and nothing more after it.
async fn ask(mut stream: TcpStream, path: &str, cookie: &str) -> String {
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {HOST}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    all(&mut stream).await
}

/// Everything until the other end closes.
async fn all(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // A connection that is cut can be reset: what came before counts.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut said)).await.expect("the connection is closed");
    String::from_utf8_lossy(&said).into_owned()
}

fn hello() -> Router {
    Router::new().route("/", get(async || "hello"))
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let server = Server::start(hello(), Limits { head: SOON, ..LIMITS }).await;
    assert_eq!(all(&mut server.connect().await).await, "");
}

#[tokio::test]
async fn a_half_sent_head_is_closed_even_if_it_goes_on_dripping() {
    let server = Server::start(hello(), Limits { head: SOON, ..LIMITS }).await;
    assert_eq!(all(&mut server.say("GET / HTTP/1.1\r\nhost: x\r\nx-more: ").await).await, "");

    let mut dripping = server.say("GET / HTTP/1.1\r\nhost: x\r\nx-more: ").await;
    let closed = async {
        while dripping.write_all(b"x").await.is_ok() {
            sleep(SOON / 10).await;
        }
    };
    timeout(PATIENCE, closed).await.expect("the connection is closed");
}

#[tokio::test]
async fn a_connection_that_has_asked_may_ask_again_and_is_closed_when_it_rests() {
    let server = Server::start(hello(), Limits { head: SOON, ..LIMITS }).await;
    let mut stream = server.connect().await;
    let mut buffer = [0; 1024];
    for _ in 0..3 {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let read = timeout(PATIENCE, stream.read(&mut buffer)).await.expect("an answer").unwrap();
        assert!(buffer[..read].ends_with(b"hello"));
    }
    assert_eq!(all(&mut stream).await, "");
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = Server::start(hello(), LIMITS).await;
    for head in [
        format!("x-long: {}\r\n", "x".repeat(40 * 1024)),
        (0..200).map(|n| format!("x-{n}: x\r\n")).collect(),
    ] {
        let said = all(&mut server.say(&format!("GET / HTTP/1.1\r\nhost: x\r\n{head}\r\n")).await).await;
        assert!(said.starts_with("HTTP/1.1 431 "), "{said}");
    }
    assert!(server.ask("/").await.ends_with("hello"));
}

#[tokio::test]
async fn a_body_that_drips_in_has_to_be_there_in_time() {
    let site = Site::appendix_b().await;
    let front = Front { patience: SOON, ..Front::default() };
    let app = App::new(site.cx.clone(), Mode::Real { secure: false });
    let server = Server::start(web::router_behind(app, front), LIMITS).await;
    let mut stream = server
        .say(&format!(
            "POST /sign-in HTTP/1.1\r\nhost: {HOST}\r\norigin: http://{HOST}\r\ncontent-length: 1000000\r\n\r\n"
        ))
        .await;
    let (mut reading, mut writing) = stream.split();
    let drip = async {
        while writing.write_all(b"e").await.is_ok() {
            sleep(SOON / 10).await;
        }
    };
    let answer = async {
        let mut said = Vec::new();
        let _ = reading.read_to_end(&mut said).await;
        String::from_utf8_lossy(&said).into_owned()
    };
    let answer = timeout(PATIENCE, async { tokio::join!(answer, drip).0 }).await.expect("it ends");
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
}

/// More than any buffer between two programs takes.
const LARGE: usize = 32 * 1024 * 1024;

fn large() -> Router {
    Router::new().route("/", get(async || vec![b'x'; LARGE]))
}

#[tokio::test]
async fn a_client_that_does_not_read_is_let_go() {
    let server = Server::start(large(), Limits { answer: SOON, ..LIMITS }).await;
    let mut stream = server.say("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    sleep(SOON * 3).await;
    let said = all(&mut stream).await;
    assert!(said.len() < LARGE, "it was cut");
}

#[tokio::test]
async fn a_client_that_reads_a_little_now_and_then_is_let_go() {
    let server = Server::start(large(), Limits { answer: SOON, ..LIMITS }).await;
    let mut stream = server.say("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut bytes = 0;
    let mut buffer = vec![0; 64 * 1024];
    let cut = async {
        while let Ok(read) = stream.read(&mut buffer).await
            && read > 0
        {
            bytes += read;
            sleep(SOON / 10).await;
        }
    };
    timeout(PATIENCE, cut).await.expect("the connection is closed");
    assert!(bytes < LARGE, "it was cut");
}

#[tokio::test]
async fn a_slow_reader_gets_all_of_its_answer() {
    // The next request’s head is not waited for while the answer to this one is still on its way.
    let server = Server::start(large(), Limits { head: SOON, ..LIMITS }).await;
    let mut stream = server.say("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    sleep(SOON * 3).await;
    let said = all(&mut stream).await;
    assert!(said.len() > LARGE, "{} bytes came", said.len());
}

#[tokio::test]
async fn silent_and_half_sent_connections_do_not_hold_a_shutdown() {
    let server = Server::start(hello(), Limits { drain: SOON, ..LIMITS }).await;
    let silent = server.connect().await;
    let half = server.say("GET / HTTP/1.1\r\nhost").await;
    let resting = server.say("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(server.ask("/").await.ends_with("hello"));
    server.stop().await;
    drop((silent, half, resting));
}

/// A page that is made when somebody lets it.
fn held() -> (Router, Arc<Notify>, Arc<Notify>) {
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (telling, waiting) = (begun.clone(), go.clone());
    let handler = async move || {
        telling.notify_one();
        waiting.notified().await;
        "made"
    };
    (Router::new().route("/", post(handler)), begun, go)
}

const POST: &str = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n";

#[tokio::test]
async fn a_request_that_is_under_way_is_finished_and_no_other_is_begun() {
    let (router, begun, go) = held();
    let Server { address, stop, serving } = Server::start(router, LIMITS).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(POST.as_bytes()).await.unwrap();
    begun.notified().await;
    stop.send(()).unwrap();
    // The door is closed before the last request is done.
    let closed = async { while TcpStream::connect(address).await.is_ok() {} };
    timeout(PATIENCE, closed).await.expect("nobody is let in any more");
    assert!(!serving.is_finished());
    go.notify_one();
    let said = all(&mut stream).await;
    assert!(said.starts_with("HTTP/1.1 200 ") && said.ends_with("made"), "{said}");
    timeout(PATIENCE, serving).await.expect("it stops").unwrap();
}

#[tokio::test]
async fn a_request_that_does_not_finish_is_cut_in_the_end() {
    let (router, begun, _go) = held();
    let server = Server::start(router, Limits { drain: SOON, ..LIMITS }).await;
    let mut stream = server.say(POST).await;
    begun.notified().await;
    server.stop().await;
    assert_eq!(all(&mut stream).await, "");
}

#[tokio::test]
async fn who_comes_when_all_places_are_taken_waits_for_one() {
    let server = Server::start(hello(), Limits { connections: 2, ..LIMITS }).await;
    let (one, other) = (server.connect().await, server.connect().await);
    // Both have been taken in when the third asks: places go in the order of coming.
    let asking = server.ask("/");
    tokio::pin!(asking);
    assert!(timeout(SOON, &mut asking).await.is_err(), "there is no place");
    drop(one);
    assert!(timeout(PATIENCE, asking).await.expect("there is one now").ends_with("hello"));
    drop(other);
}

#[tokio::test]
async fn silent_connections_that_take_all_places_give_them_back() {
    let server = Server::start(hello(), Limits { connections: 8, head: SOON, ..LIMITS }).await;
    let mut silent = Vec::new();
    for _ in 0..30 {
        silent.push(server.connect().await);
    }
    assert!(server.ask("/").await.ends_with("hello"));
}

/// The program itself, as `serve`, with at most so many files open.
struct Program {
    child: Child,
    address: String,
}

impl Program {
    fn serve(site: &Site, files: usize) -> Self {
        let program = env!("CARGO_BIN_EXE_scrutiny-tracker");
        let mut child = Command::new("sh")
            .args(["-c", "ulimit -n \"$1\"; exec \"$2\" --database \"$3\" serve --without-worker", "sh"])
            .args([&files.to_string(), program, &site.url])
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs([
                ("SCRUTINY_BASE_URL", "http://tracker.example.org"),
                ("SCRUTINY_COUNCIL", "A council"),
                ("SCRUTINY_MAIL_FROM", "tracker@example.org"),
                ("SCRUTINY_SMTP_HOST", "127.0.0.1"),
                ("SCRUTINY_LISTEN", "127.0.0.1:0"),
                ("SCRUTINY_LOG_FORMAT", "json"),
            ])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (found, address) = mpsc::channel();
        // All that it says is read, for as long as it runs: a program that nobody listens to may stop.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let parsed: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
                match parsed["fields"]["address"].as_str() {
                    Some(address) => _ = found.send(address.to_owned()),
                    None => eprintln!("serve: {line}"),
                }
            }
        });
        let address = address.recv_timeout(PATIENCE).expect("serve says where it is");
        Self { child, address }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).await.unwrap()
    }

    async fn ask(&self, path: &str) -> String {
        ask(self.connect().await, path, "").await
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_program_stops_on_sigterm_although_connections_are_open() {
    let site = Site::empty().await;
    let mut program = Program::serve(&site, 1024);
    assert!(program.ask("/sign-in").await.starts_with("HTTP/1.1 200 "));
    let silent = program.connect().await;
    let status = Command::new("kill").args(["-TERM", &program.child.id().to_string()]).status().unwrap();
    assert!(status.success());
    let ended = async {
        loop {
            if let Some(status) = program.child.try_wait().unwrap() {
                return status;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let status = timeout(PATIENCE, ended).await.expect("it ends");
    assert!(status.success(), "{status}");
    drop(silent);
}

#[cfg(unix)]
#[tokio::test]
async fn having_too_many_files_open_does_not_end_the_program() {
    let site = Site::empty().await;
    let mut program = Program::serve(&site, 64);
    let mut crowd = Vec::new();
    for _ in 0..100 {
        crowd.push(program.connect().await);
    }
    sleep(SOON).await;
    drop(crowd);
    assert!(program.ask("/health/ready").await.starts_with("HTTP/1.1 200 "));
    assert!(program.child.try_wait().unwrap().is_none(), "it still runs");
}

/// The middle one of the times that the plan’s page takes, each on a connection of its own.
async fn page_time(program: &Program, cookie: &str) -> Duration {
    let mut times = Vec::new();
    for _ in 0..15 {
        let start = Instant::now();
        let said = ask(program.connect().await, "/plans/appendix-b", cookie).await;
        times.push(start.elapsed());
        assert!(said.starts_with("HTTP/1.1 200 "), "{}", said.lines().next().unwrap_or_default());
    }
    times.sort_unstable();
    times[times.len() / 2]
}

/// A ratio of one run, with room for a busy machine: it fails if pages wait for the others, not if they are slow.
#[tokio::test]
async fn pages_stay_as_fast_beside_500_half_open_connections() {
    let site = Site::appendix_b().await;
    let cx = Cx { clock: Clock::real(chrono_tz::Europe::London), ..site.cx.clone() };
    let manager = site.person(MANAGER).await;
    let token = session::start(&cx, manager, Way::Demonstration, &Client::default()).await.unwrap();
    let cookie = format!("session={token}");
    let program = Program::serve(&site, 1024);
    page_time(&program, &cookie).await;
    let alone = page_time(&program, &cookie).await;
    let mut half_open = Vec::new();
    for n in 0..500 {
        let mut stream = program.connect().await;
        if n % 2 == 0 {
            stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-").await.unwrap();
        }
        half_open.push(stream);
    }
    let beside = page_time(&program, &cookie).await;
    eprintln!("a page alone: {alone:?}; beside 500 half-open connections: {beside:?}");
    assert!(beside < alone * 3 + Duration::from_millis(50), "alone {alone:?}, beside them {beside:?}");
    // And in the end they are closed.
    for stream in &mut half_open {
        assert_eq!(all(stream).await, "");
    }
}
