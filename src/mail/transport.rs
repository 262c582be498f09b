//! Where a finished message goes, and what can be said about it afterwards.
//!
//! It never retries, never waits for the next try and never decides what becomes of an outbox row: the caller does,
//! from [`Failure`]. "Accepted" means handed to the mail server; nobody here can tell whether it was read.

use super::smtp::{Line, Smtp};
use crate::domain::message::{Hindrance, KEPT};

/// The way out of this machine, or none.
pub enum Transport {
    /// To a mail server.
    Smtp(Box<Smtp>),
    /// Nowhere: the outbox row keeps the bytes, and that is all. For the demonstration and for tests.
    Kept,
}

/// What is kept between two deliveries: the line to the server, so that many messages share one. Each line has its own;
/// start with `Session::default()`, end with [`Session::close`].
#[derive(Default)]
pub struct Session(pub(super) Option<Line>);

/// The message is the server's now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What the server answered, one line: often the number that its own log knows the message by.
    pub reply: String,
}

/// Why a message was not accepted. The text is the server's answer or ours, one line, and may hold the recipient's
/// address: for the outbox and the mail log, not for the program's own log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Not this message, not now (a 4xx, or the line was lost before the text was complete): try it again later.
    #[error("not taken for now: {0}")]
    Transient(String),
    /// This recipient was refused for good (a 5xx to RCPT): nothing will ever arrive there until somebody changes something.
    #[error("the address is refused: {0}")]
    Recipient(String),
    /// This message was refused for good (a 5xx to its text, or for a reason of the server's own): a person has to look at it.
    #[error("refused: {0}")]
    Permanent(String),
    /// Nothing goes out, whatever the message. It says nothing about this one, and the next would fare no better.
    #[error("nothing goes out: {1}")]
    Hindered(Hindrance, String),
    /// The line was lost after the text was complete and before the answer: the server may have it or not.
    #[error("no answer after the message was handed over: {0}")]
    Uncertain(String),
}

impl Transport {
    /// Hands over one message. `from` and `to` are the envelope's bare addresses, `message` what
    /// [`super::message::build`] made. Takes at most a few time-outs of the settings; dropping the future
    /// half-way loses the line but nothing else.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn deliver(
        &self,
        session: &mut Session,
        from: &str,
        to: &str,
        message: &[u8],
    ) -> Result<Accepted, Failure> {
        match self {
            Self::Smtp(smtp) => smtp.deliver(&mut session.0, from, to, message).await,
            Self::Kept => Ok(Accepted { reply: KEPT.to_owned() }),
        }
    }
}

impl Session {
    /// Whether there is a line to the server.
    pub fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Takes leave of the server, if there is a line to one. Never fails: there is nothing left to lose.
    pub async fn close(&mut self) {
        if let Some(line) = self.0.take() {
            line.close().await;
        }
    }
}
