//! The connection floor: takes connections in, and lets none stay that neither asks nor reads.
//!
//! axum's own `serve` waits for ever for a client that says nothing, and such a client holds a shutdown too. Here every
//! wait has its limit ([`Limits`]). How long an answer may take to be made is the router's affair ([`crate::web::Front`]).

use std::{
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{Sleep, sleep, timeout},
};
use tower::ServiceExt as _;

/// The longest head of a request, in bytes: cookies of a council's other sites come along.
const HEAD_BYTES: usize = 32 * 1024;
/// What a connection may hold in memory each way, in bytes.
const BUFFER_BYTES: usize = 64 * 1024;
/// The rest after the system could not give us a connection: it has too many files open.
const REST: Duration = Duration::from_millis(500);

/// How long a connection may keep us waiting, and how many there may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most connections at once. Those that come after wait until one ends: silent ones do, soon.
    pub connections: usize,
    /// How long the head of a request may take, from the first moment on; also how long a connection may rest between two.
    pub head: Duration,
    /// How long a client may take to read what is ready for it.
    pub answer: Duration,
    /// How long requests that are under way may go on after the signal to stop.
    pub drain: Duration,
}

impl Default for Limits {
    /// As `serve` has them. The number stays below the 1,024 files that systems commonly let a program open.
    fn default() -> Self {
        Self {
            connections: 768,
            head: Duration::from_secs(10),
            answer: Duration::from_secs(120),
            drain: Duration::from_secs(20),
        }
    }
}

/// Serves until `stop` is done; then takes no more connections, and lets requests that are under way finish.
///
/// Each request carries its peer's address as axum's [`ConnectInfo`].
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let (tell, told) = watch::channel(false);
    let mut stop = pin!(stop);
    let mut open = JoinSet::new();
    let mut crowded = false;
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = open.join_next() => crowded &= open.len() * 2 > limits.connections,
            taken = listener.accept(), if open.len() < limits.connections => match taken {
                Ok((stream, peer)) => {
                    open.spawn(attend(stream, peer, router.clone(), limits, told.clone()));
                    if open.len() == limits.connections && !crowded {
                        // Said once for each crowd, not for each of its members.
                        crowded = true;
                        tracing::warn!(connections = open.len(), "no more connections are taken until one ends");
                    }
                }
                Err(error) if is_the_clients(&error) => {}
                Err(error) => {
                    tracing::error!(error = %error, "a connection can’t be taken");
                    sleep(REST).await;
                }
            },
        }
    }
    // From here on nobody waits in a queue that is never served.
    drop(listener);
    tell.send_replace(true);
    let drained = timeout(limits.drain, async { while open.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        tracing::warn!(connections = open.len(), "connections were cut: they took too long to finish");
        open.shutdown().await;
    }
}

/// Whether the client was gone before it was let in: no fault of ours.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Serves one connection.
async fn attend(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    mut told: watch::Receiver<bool>,
) {
    // Without it a page's last bytes can wait for the client's word that the first ones came.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(HEAD_BYTES)
        .max_buf_size(BUFFER_BYTES);
    let patient = Patient { stream, limit: limits.answer, waited: None };
    let mut connection = pin!(http.serve_connection(TokioIo::new(patient), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = async { let _ = told.wait_for(|stop| *stop).await; } => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = %error, "a connection ended early");
    }
}

/// A socket that gives up on a client that does not read: hyper has a limit for the head of a request only.
///
/// The time runs from the first byte that could not be written until all that is ready has been, so that reading one byte
/// now and then does not help.
struct Patient {
    stream: TcpStream,
    limit: Duration,
    waited: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    /// What could not be written now is waited for, within the limit.
    fn or_wait(
        &mut self,
        written: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            return written;
        }
        let limit = self.limit;
        ready!(self.waited.get_or_insert_with(|| Box::pin(sleep(limit))).as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read")))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.or_wait(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.or_wait(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper asks for it when it has nothing left to write.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.waited = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
