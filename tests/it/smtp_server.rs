//! A mail server for tests, on loopback: keeps what it is given and misbehaves as it is told.
//!
//! It knows just enough SMTP for [`scrutiny_tracker::mail`]; it never sends anything on.
//!
//! ```ignore
//! let server = SmtpServer::start().await;
//! server.script([Act::reply(Stage::Rcpt, "451 4.2.0 later"), Act::close(Stage::Dot)]);
//! // ... send to server.address() ...
//! assert_eq!(server.wait_for(1).await[0].message_id, "<outbox-1@council.example>");
//! ```

use std::collections::VecDeque;
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

/// Where in the dialogue something may be done. `Text` is when the message was asked for and nothing of it is read yet,
/// `Dot` when all of it has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Greeting,
    Hello,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Text,
    Dot,
}

/// One piece of misbehaviour, done once, when the dialogue gets to its stage and everything scripted before it has
/// been done. Whatever is done at [`Stage::Dot`], except a negative reply, the message has been taken and kept: that is
/// the case that makes a retry a duplicate.
#[derive(Debug, Clone)]
pub(crate) struct Act(Stage, Doing);

#[derive(Debug, Clone)]
enum Doing {
    Reply(String),
    Hang,
    Close,
    Slow(Duration),
    After(usize),
    Meanwhile(Happens),
}

/// Something else than an answer.
#[derive(Clone)]
struct Happens(Arc<dyn Fn() + Send + Sync>);

impl fmt::Debug for Happens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("something else")
    }
}

impl Act {
    /// Answers with these words instead of the usual ones. May hold several lines, divided by CRLF.
    pub(crate) fn reply(at: Stage, words: &str) -> Self {
        Self(at, Doing::Reply(words.to_owned()))
    }
    /// Never answers again on this connection.
    pub(crate) fn hang(at: Stage) -> Self {
        Self(at, Doing::Hang)
    }
    /// Closes the connection instead of answering.
    pub(crate) fn close(at: Stage) -> Self {
        Self(at, Doing::Close)
    }
    /// Answers as usual, but later.
    pub(crate) fn slow(at: Stage, wait: Duration) -> Self {
        Self(at, Doing::Slow(wait))
    }
    /// Answers as usual, once so many messages were taken.
    pub(crate) fn after(at: Stage, messages: usize) -> Self {
        Self(at, Doing::After(messages))
    }
    /// Answers as usual, once something else has happened.
    pub(crate) fn meanwhile(at: Stage, happens: impl Fn() + Send + Sync + 'static) -> Self {
        Self(at, Doing::Meanwhile(Happens(Arc::new(happens))))
    }
    /// Takes one message as usual: to let the next act meet a later message.
    pub(crate) fn accept() -> Self {
        Self::slow(Stage::Dot, Duration::ZERO)
    }
}

/// A message that the server has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    /// With its angle brackets; empty when the message has none.
    pub(crate) message_id: String,
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    /// As it was before dots were doubled for the way.
    pub(crate) bytes: Vec<u8>,
}

/// What the server offers to those who connect.
#[derive(Clone, Default)]
pub(crate) enum Offer {
    /// Neither TLS nor passwords; takes several commands at once.
    #[default]
    Clear,
    /// The same, one command at a time.
    OneByOne,
    /// Takes any password, in clear text.
    Auth,
    /// STARTTLS, then takes any password.
    StartTls(TlsAcceptor),
    /// TLS from the first byte, then takes any password.
    Tls(TlsAcceptor),
}

#[derive(Default)]
struct State {
    script: VecDeque<Act>,
    received: Vec<Received>,
    taken_at: Vec<Instant>,
    commands: Vec<String>,
    connections: usize,
}

/// The running server; stops when dropped.
pub(crate) struct SmtpServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl SmtpServer {
    /// On a free port of 127.0.0.1, taking everything.
    pub(crate) async fn start() -> Self {
        Self::offering(Offer::Clear).await
    }

    pub(crate) async fn offering(offer: Offer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::<Mutex<State>>::default();
        let shared = state.clone();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((tcp, _)) = listener.accept().await {
                lock(&shared).connections += 1;
                connections.spawn(serve(tcp, offer.clone(), shared.clone()));
            }
        });
        Self { address, state, task }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds to what is still to be done.
    pub(crate) fn script(&self, acts: impl IntoIterator<Item = Act>) {
        lock(&self.state).script.extend(acts);
    }

    /// Everything taken so far, in order.
    pub(crate) fn received(&self) -> Vec<Received> {
        lock(&self.state).received.clone()
    }

    /// When each of them was taken, before the answer to it.
    pub(crate) fn taken_at(&self) -> Vec<Instant> {
        lock(&self.state).taken_at.clone()
    }

    /// Waits until at least so many messages were taken; gives up after 30 seconds.
    pub(crate) async fn wait_for(&self, messages: usize) -> Vec<Received> {
        for _ in 0..3_000 {
            if self.received().len() >= messages {
                return self.received();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} messages instead of {messages}", self.received().len());
    }

    /// Every command line of every connection, in order, messages left out.
    pub(crate) fn commands(&self) -> Vec<String> {
        lock(&self.state).commands.clone()
    }

    /// How often somebody connected.
    pub(crate) fn connections(&self) -> usize {
        lock(&self.state).connections
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap()
}

async fn serve(tcp: TcpStream, offer: Offer, state: Arc<Mutex<State>>) {
    tcp.set_nodelay(true).unwrap();
    match offer {
        Offer::Tls(acceptor) => {
            if let Ok(stream) = acceptor.accept(tcp).await {
                Dialogue::new(stream, &state, "250-AUTH PLAIN LOGIN\r\n250 PIPELINING").run(true).await;
            }
        }
        Offer::StartTls(acceptor) => {
            let plain = Dialogue::new(tcp, &state, "250 STARTTLS").run(true).await;
            let Some(tcp) = plain else { return };
            if let Ok(stream) = acceptor.accept(tcp).await {
                Dialogue::new(stream, &state, "250-AUTH PLAIN LOGIN\r\n250 PIPELINING").run(false).await;
            }
        }
        Offer::Auth => {
            Dialogue::new(tcp, &state, "250 AUTH PLAIN LOGIN").run(true).await;
        }
        Offer::Clear => {
            Dialogue::new(tcp, &state, "250-PIPELINING\r\n250 SIZE 35882577").run(true).await;
        }
        Offer::OneByOne => {
            Dialogue::new(tcp, &state, "250 SIZE 35882577").run(true).await;
        }
    }
}

struct Dialogue<'a, S> {
    line: BufReader<S>,
    state: &'a Mutex<State>,
    last_of_hello: &'static str,
    message: Received,
    /// Whose message it is was said and taken.
    begun: bool,
}

/// The client left, or an act closed the line.
struct Over;

/// The answer to a text that nobody is to have.
const NOBODY: &str = "554 5.5.1 no valid recipients";

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Dialogue<'a, S> {
    fn new(stream: S, state: &'a Mutex<State>, last_of_hello: &'static str) -> Self {
        let message = Received { message_id: String::new(), from: String::new(), to: vec![], bytes: vec![] };
        Self { line: BufReader::new(stream), state, last_of_hello, message, begun: false }
    }

    /// Gives the stream back when TLS is to begin on it.
    async fn run(mut self, greet: bool) -> Option<S> {
        if greet {
            self.answer(Stage::Greeting, "220 sink.test ready").await.ok()?;
        }
        loop {
            let command = self.read_line().await.ok()?;
            lock(self.state).commands.push(command.clone());
            let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let done = match verb.as_str() {
                "EHLO" => {
                    self.answer(Stage::Hello, &format!("250-sink.test\r\n{}", self.last_of_hello)).await
                }
                "STARTTLS" => match self.answer(Stage::StartTls, "220 go ahead").await.ok()? {
                    true => return Some(self.line.into_inner()),
                    false => Ok(false),
                },
                "AUTH" => self.answer(Stage::Auth, "235 welcome").await,
                "MAIL" => {
                    self.message.to.clear();
                    self.begun = self.answer(Stage::Mail, "250 fine").await.ok()?;
                    self.message.from = bare_address(&command);
                    Ok(true)
                }
                "RCPT" if !self.begun => self.say("503 5.5.1 from whom?").await.map(|()| false),
                "RCPT" => {
                    let taken = self.answer(Stage::Rcpt, "250 fine").await.ok()?;
                    if taken {
                        self.message.to.push(bare_address(&command));
                    }
                    Ok(taken)
                }
                "DATA" => self.take_message().await,
                "QUIT" => self.say("221 bye").await.and(Err(Over)),
                _ => self.say("250 fine").await.map(|()| true),
            };
            done.ok()?;
        }
    }

    async fn take_message(&mut self) -> Result<bool, Over> {
        let usual = if self.message.to.is_empty() { NOBODY } else { "354 go on" };
        let said = self.answer_with(Stage::Data, usual).await?;
        if said.starts_with(['4', '5']) {
            return Ok(false);
        }
        self.answer(Stage::Text, "").await?;
        self.message.bytes.clear();
        loop {
            let mut line = Vec::new();
            let read = self.line.read_until(b'\n', &mut line).await;
            if !read.is_ok_and(|length| length > 0) {
                return Err(Over);
            }
            if line == b".\r\n" {
                break;
            }
            self.message.bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        let text = String::from_utf8_lossy(&self.message.bytes);
        let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: "));
        self.message.message_id = id.unwrap_or_default().to_owned();
        self.answer(Stage::Dot, "250 2.0.0 queued as 42").await
    }

    /// Does what the script has for this stage, or says the usual. `false` when the answer was a refusal.
    async fn answer(&mut self, at: Stage, usual: &str) -> Result<bool, Over> {
        Ok(!self.answer_with(at, usual).await?.starts_with(['4', '5']))
    }

    /// The same; gives what was said.
    async fn answer_with(&mut self, at: Stage, usual: &str) -> Result<String, Over> {
        let doing = self.due(at);
        let refused = matches!(&doing, Some(Doing::Reply(words)) if words.starts_with(['4', '5']));
        if at == Stage::Dot && !refused {
            let mut state = lock(self.state);
            state.received.push(self.message.clone());
            state.taken_at.push(Instant::now());
        }
        match doing {
            None => self.say(usual).await?,
            Some(Doing::Reply(words)) => {
                self.say(&words).await?;
                return Ok(words);
            }
            Some(Doing::Slow(wait)) => {
                tokio::time::sleep(wait).await;
                self.say(usual).await?;
            }
            Some(Doing::After(messages)) => {
                while lock(self.state).received.len() < messages {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                self.say(usual).await?;
            }
            Some(Doing::Meanwhile(Happens(happens))) => {
                happens();
                self.say(usual).await?;
            }
            Some(Doing::Hang) => std::future::pending().await,
            Some(Doing::Close) => return Err(Over),
        }
        Ok(usual.to_owned())
    }

    fn due(&self, at: Stage) -> Option<Doing> {
        let script = &mut lock(self.state).script;
        let Act(_, doing) = script.pop_front_if(|Act(stage, _)| *stage == at)?;
        Some(doing)
    }

    async fn say(&mut self, words: &str) -> Result<(), Over> {
        if words.is_empty() {
            return Ok(());
        }
        self.line.write_all(format!("{words}\r\n").as_bytes()).await.map_err(|_| Over)?;
        self.line.flush().await.map_err(|_| Over)
    }

    async fn read_line(&mut self) -> Result<String, Over> {
        let mut line = String::new();
        match self.line.read_line(&mut line).await {
            Ok(length) if length > 0 => Ok(line.trim_end().to_owned()),
            _ => Err(Over),
        }
    }
}

fn bare_address(command: &str) -> String {
    let inner = command.split(['<', '>']).nth(1);
    inner.unwrap_or_default().to_owned()
}
