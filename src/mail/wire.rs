//! The line to the mail server: TCP without delay, TLS begun as the settings say, never less than they say.
//!
//! It knows no message and no recipient; the dialogue over the line is [`super::smtp`]'s.
//!
//! # Why STARTTLS is spoken here
//! lettre's own upgrade keeps what it had read ahead in clear text and takes it for the server's answers after TLS has
//! begun, so that somebody on the way can slip answers in (RFC 3207 section 6 forbids it). It also builds its own TLS
//! settings. Here both ways of TLS share one, and a line on which anything was said too early is refused.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use lettre::transport::smtp::client::AsyncTokioStream;
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::message::one_line;
use super::settings::SmtpSettings;
use super::transport::Failure;
use crate::domain::message::Hindrance;

/// No honest reply is longer.
const LONGEST_LINE: usize = 1_000;
const MOST_LINES: usize = 100;

/// How a line becomes TLS, and whom the other end must prove to be.
pub(super) struct Tls {
    pub(super) connector: TlsConnector,
    pub(super) name: ServerName<'static>,
    /// STARTTLS, as against TLS from the first byte.
    pub(super) begins_in_clear_text: bool,
}

/// A line over which lettre can hold the SMTP dialogue, beginning with the server's greeting. Without `tls` it is
/// refused where the settings forbid clear text.
pub(super) async fn open(
    settings: &SmtpSettings,
    tls: Option<&Tls>,
    hello: &ClientId,
) -> Result<Box<dyn AsyncTokioStream>, Failure> {
    let tcp = connect(settings, tls.is_none()).await?;
    let Some(Tls { connector, name, begins_in_clear_text }) = tls else {
        return Ok(Box::new(tcp));
    };
    let secured = async {
        let (tcp, greeting) =
            if *begins_in_clear_text { ask_for_tls(tcp, hello).await? } else { (tcp, Vec::new()) };
        let stream = connector.connect(name.clone(), tcp).await.map_err(in_handshake)?;
        Ok(Box::new(Encrypted { greeting, stream }) as Box<dyn AsyncTokioStream>)
    };
    within(settings.timeouts.command, secured).await
}

/// Tries the host's addresses in turn: a broken IPv6 route must not use up the time of the address that works.
async fn connect(settings: &SmtpSettings, in_clear: bool) -> Result<TcpStream, Failure> {
    let host = (settings.host.as_str(), settings.port);
    let limit = settings.timeouts.connect;
    let found = async { lookup_host(host).await.map_err(unreachable) };
    let mut last =
        Failure::Hindered(Hindrance::Unreachable, "the mail server's name has no address".to_owned());
    for address in within(limit, found).await? {
        if in_clear && !address.ip().is_loopback() {
            settings.may_go_in_clear()?;
        }
        let attempt = async {
            let tcp = TcpStream::connect(address).await.map_err(unreachable)?;
            // Without this the final dot, a write of its own, waits some 40 ms for the acknowledgement of the text.
            tcp.set_nodelay(true).map_err(unreachable)?;
            Ok(tcp)
        };
        match within(limit, attempt).await {
            Ok(tcp) => return Ok(tcp),
            Err(failure) => last = failure,
        }
    }
    Err(last)
}

/// Greeting, EHLO, STARTTLS in clear text. Gives back the greeting, which lettre will want to see first.
async fn ask_for_tls(tcp: TcpStream, hello: &ClientId) -> Result<(TcpStream, Vec<u8>), Failure> {
    let mut line = BufReader::new(tcp);
    let greeting = reply(&mut line).await?;
    let offer = command(&mut line, &format!("EHLO {hello}\r\n")).await?;
    if !offer
        .lines()
        .any(|offered| offered.get(4..).is_some_and(|word| word.eq_ignore_ascii_case("STARTTLS")))
    {
        return Err(Failure::Hindered(Hindrance::Tls, "the mail server does not offer STARTTLS".to_owned()));
    }
    command(&mut line, "STARTTLS\r\n").await?;
    if !line.buffer().is_empty() {
        return Err(Failure::Hindered(Hindrance::Tls, "something was said before TLS had begun".to_owned()));
    }
    Ok((line.into_inner(), greeting.into_bytes()))
}

async fn command(line: &mut BufReader<TcpStream>, words: &str) -> Result<String, Failure> {
    line.write_all(words.as_bytes()).await.map_err(unreachable)?;
    reply(line).await
}

/// One positive reply, all its lines. A refusal this early is nothing about a message: 5xx is for a person to solve.
async fn reply(line: &mut BufReader<TcpStream>) -> Result<String, Failure> {
    let mut whole = String::new();
    for _ in 0..MOST_LINES {
        let start = whole.len();
        line.take(LONGEST_LINE as u64).read_line(&mut whole).await.map_err(unreachable)?;
        let said = &whole[start..];
        match (said.as_bytes().first(), said.as_bytes().get(3)) {
            (Some(b'2'), Some(b'-')) if said.ends_with('\n') => {}
            (Some(b'2'), Some(_)) if said.ends_with('\n') => return Ok(whole),
            (Some(b'4'), Some(_)) => {
                return Err(Failure::Hindered(Hindrance::Unreachable, one_line(said, LONGEST_LINE)));
            }
            (Some(b'5'), Some(_)) => {
                return Err(Failure::Hindered(Hindrance::Settings, one_line(said, LONGEST_LINE)));
            }
            _ => break,
        }
    }
    Err(Failure::Hindered(
        Hindrance::Unreachable,
        "the mail server closed the line or did not speak SMTP".to_owned(),
    ))
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let late = |_| {
        Failure::Hindered(
            Hindrance::Unreachable,
            format!("no answer from the mail server within {} s", limit.as_secs()),
        )
    };
    timeout(limit, work).await.map_err(late)?
}

fn unreachable(error: io::Error) -> Failure {
    Failure::Hindered(Hindrance::Unreachable, error.to_string())
}

/// A certificate or protocol that does not fit will not fit next time; a line that broke may hold next time.
fn in_handshake(error: io::Error) -> Failure {
    let by_tls = error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
    if by_tls { Failure::Hindered(Hindrance::Tls, format!("TLS: {error}")) } else { unreachable(error) }
}

/// TLS over TCP; what was greeted in clear text before STARTTLS is read again first.
#[derive(Debug)]
struct Encrypted {
    greeting: Vec<u8>,
    stream: TlsStream<TcpStream>,
}

impl AsyncTokioStream for Encrypted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.greeting.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        let fits = self.greeting.len().min(buf.remaining());
        buf.put_slice(&self.greeting[..fits]);
        self.greeting.drain(..fits);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
