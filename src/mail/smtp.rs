//! The SMTP dialogue: one line to the mail server, many messages over it, and what every answer means.
//!
//! It never retries a message (only a line that had gone stale, before anything of the message was said), never sends
//! a password over a line that others can read, and logs neither addresses nor texts.
//!
//! # Why the steps are taken one by one
//! A retry is safe exactly until the final dot may have reached the server. lettre's `send` does not tell where it
//! failed; its single steps do, and `message_iter` asks for one more piece just before it writes the dot, which is
//! the moment from which a lost line means [`Failure::Uncertain`].
//!
//! # Why some of them are said together
//! Sender, recipient and the wish to send a text each wait for an answer, and most of a message's time is such waiting. A
//! server that offers it (RFC 2920) is told all three at once: two waits a message instead of four.

use std::error::Error as _;
use std::iter;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};
use tokio::time::{Instant, timeout};

use super::message::{address, one_line};
use super::settings::{Password, SettingsError, SmtpSettings};
use super::transport::{Accepted, Failure};
use super::wire::{self, Tls};
use crate::domain::message::Hindrance;

/// Many servers close a line after 100 messages on their own, and not all say so politely.
const MOST_MESSAGES_PER_LINE: u32 = 100;
/// How much of a server's answer is kept.
const LONGEST_ANSWER: usize = 300;

/// A mail server that messages can be handed to.
pub struct Smtp {
    settings: SmtpSettings,
    tls: Option<Tls>,
    hello: ClientId,
}

/// An open line. Whoever takes it out of its place and does not put it back has closed it.
pub(super) struct Line {
    connection: AsyncSmtpConnection,
    /// The server takes several commands at once.
    pipelines: bool,
    /// What was said over it was answered, and what is said next is understood as such.
    in_step: bool,
    accepted: u32,
    last_used: Instant,
}

impl Smtp {
    /// Reads certificates from disk; does not connect.
    ///
    /// # Errors
    /// When the settings cannot work whatever the server says.
    pub fn new(settings: SmtpSettings) -> Result<Self, SettingsError> {
        settings.check_credentials()?;
        let (tls, hello) = (settings.tls()?, settings.hello()?);
        Ok(Self { settings, tls, hello })
    }

    pub(super) async fn deliver(
        &self,
        kept: &mut Option<Line>,
        from: &str,
        to: &str,
        message: &[u8],
    ) -> Result<Accepted, Failure> {
        let from = address(from).ok_or_else(|| {
            Failure::Hindered(Hindrance::Sender, "the sender's address is not valid".to_owned())
        })?;
        let to = address(to).ok_or_else(|| Failure::Recipient("not a valid address".to_owned()))?;

        let reused = match kept.take() {
            Some(line) if line.last_used.elapsed() > self.settings.timeouts.idle => {
                line.close().await;
                None
            }
            line => line,
        };
        if let Some(mut line) = reused {
            let outcome = self.converse(&mut line, &from, &to, message).await;
            if !outcome.as_ref().is_err_and(Trouble::line_was_stale) {
                return self.settle(kept, line, outcome).await;
            }
        }
        let mut line = self.open().await?;
        let outcome = self.converse(&mut line, &from, &to, message).await;
        self.settle(kept, line, outcome).await
    }

    async fn open(&self) -> Result<Line, Failure> {
        let limit = self.settings.timeouts.command;
        let stream = wire::open(&self.settings, self.tls.as_ref(), &self.hello).await?;
        let greeted = AsyncSmtpConnection::connect_with_transport(stream, &self.hello);
        let mut connection = step(Step::Hello, limit, greeted).await.map_err(Trouble::judge)?;
        // lettre keeps of the offer only what it uses itself. A server that will not be greeted twice is told one thing at a time.
        let offer = step(Step::Hello, limit, connection.command(Ehlo::new(self.hello.clone()))).await;
        let pipelines = match offer {
            Ok(offer) => offer.message().any(|word| word.eq_ignore_ascii_case("PIPELINING")),
            Err(trouble) if trouble.line_is_gone() => return Err(trouble.judge()),
            Err(_) => false,
        };
        if let (Some(user), Some(Password(password))) = (&self.settings.user, &self.settings.password) {
            if connection.server_info().get_auth_mechanism(DEFAULT_MECHANISMS).is_none() {
                let why = "the mail server takes no password (it offers neither PLAIN nor LOGIN)";
                return Err(Failure::Hindered(Hindrance::Password, why.to_owned()));
            }
            let credentials = Credentials::new(user.clone(), password.clone());
            let signed_in = connection.auth(DEFAULT_MECHANISMS, &credentials);
            step(Step::Auth, limit, signed_in).await.map_err(Trouble::judge)?;
        }
        Ok(Line { connection, pipelines, in_step: true, accepted: 0, last_used: Instant::now() })
    }

    async fn converse(
        &self,
        line: &mut Line,
        from: &Address,
        to: &Address,
        message: &[u8],
    ) -> Result<Accepted, Trouble> {
        let go_on = self.announce(line, from, to).await?;
        if !is_go_on(&go_on) {
            return Err(Trouble::lost(Step::Data, "the mail server did not ask for the text"));
        }

        // lettre ends the text's last line itself.
        let text = message.strip_suffix(b"\r\n").unwrap_or(message);
        let dot_is_next = AtomicBool::new(false);
        let and_then_the_dot = iter::from_fn(|| {
            dot_is_next.store(true, Ordering::Relaxed);
            None
        });
        let pieces = iter::once(text).chain(and_then_the_dot);
        let sent = line.connection.message_iter(pieces);
        let answer = step(Step::Dot, self.settings.timeouts.data, sent).await.map_err(|trouble| {
            let reached = dot_is_next.load(Ordering::Relaxed);
            if reached { trouble } else { Trouble { at: Step::Text, ..trouble } }
        })?;
        if answer.code().severity != Severity::PositiveCompletion {
            return Err(Trouble::lost(Step::Dot, "the mail server's answer makes no sense"));
        }
        Ok(Accepted { reply: words(&answer) })
    }

    /// Says from whom and to whom, and that the text is to follow: the answer to that.
    async fn announce(&self, line: &mut Line, from: &Address, to: &Address) -> Result<Response, Trouble> {
        let limit = self.settings.timeouts.command;
        let connection = &mut line.connection;
        let mail = Mail::new(Some(from.clone()), vec![]);
        let rcpt = Rcpt::new(to.clone(), vec![]);
        if !line.pipelines {
            step(Step::Mail, limit, connection.command(mail)).await?;
            step(Step::Rcpt, limit, connection.command(rcpt)).await?;
            return step(Step::Data, limit, connection.command(Data)).await;
        }
        line.in_step = false;
        // The server may keep its answers back until it has them all.
        let together = connection.command(format!("{mail}{rcpt}{Data}"));
        let mail = step(Step::Mail, 3 * limit, together).await;
        if mail.as_ref().is_err_and(Trouble::line_is_gone) {
            return mail;
        }
        let rcpt = step(Step::Rcpt, limit, connection.read_response()).await;
        if rcpt.as_ref().is_err_and(Trouble::line_is_gone) {
            return mail.and(rcpt);
        }
        let data = step(Step::Data, limit, connection.read_response()).await;
        let taken = mail.and(rcpt);
        // A server that asks for a text all the same would take whatever is said next for it.
        line.in_step = match &data {
            Ok(_) => taken.is_ok(),
            Err(trouble) => !trouble.line_is_gone(),
        };
        taken.and(data)
    }

    /// Puts the line back for the next message if it is still good for one.
    async fn settle(
        &self,
        kept: &mut Option<Line>,
        mut line: Line,
        outcome: Result<Accepted, Trouble>,
    ) -> Result<Accepted, Failure> {
        let good = match &outcome {
            Ok(_) => true,
            Err(trouble) if trouble.line_is_gone() || !line.in_step => false,
            Err(_) => {
                let reset = line.connection.command(Rset);
                step(Step::Mail, self.settings.timeouts.command, reset).await.is_ok()
            }
        };
        line.accepted += u32::from(outcome.is_ok());
        line.last_used = Instant::now();
        if good && line.accepted < MOST_MESSAGES_PER_LINE {
            *kept = Some(line);
        } else if good {
            line.close().await;
        }
        outcome.map_err(Trouble::judge)
    }
}

impl Line {
    pub(super) async fn close(mut self) {
        // A courtesy, and no reason to wait long.
        let _ = timeout(Duration::from_secs(1), self.connection.quit()).await;
    }
}

/// Where in the dialogue something happened. `Text` is before the final dot was begun, `Dot` from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Hello,
    Auth,
    Mail,
    Rcpt,
    Data,
    Text,
    Dot,
}

#[derive(Debug)]
struct Trouble {
    at: Step,
    /// The server's negative answer; `None` when there was no (sensible) answer at all.
    code: Option<u16>,
    words: String,
}

impl Trouble {
    fn lost(at: Step, words: &str) -> Self {
        Self { at, code: None, words: words.to_owned() }
    }

    /// 421 is the server's way to say that it closes the line.
    fn line_is_gone(&self) -> bool {
        matches!(self.code, None | Some(421))
    }

    /// The server had closed a line that was kept: nothing of the message has been said yet.
    fn line_was_stale(&self) -> bool {
        self.at == Step::Mail && self.line_is_gone()
    }

    fn judge(self) -> Failure {
        match (self.at, self.code) {
            (Step::Dot, None) => Failure::Uncertain(self.words),
            (Step::Hello | Step::Auth, None | Some(..500)) => {
                Failure::Hindered(Hindrance::Unreachable, self.words)
            }
            (_, None | Some(..500)) => Failure::Transient(self.words),
            // Before a recipient was named, a refusal for good is meant for us and would meet every message; and so
            // are the answers about passwords and TLS at any later step.
            (_, Some(538)) => Failure::Hindered(Hindrance::Tls, self.words),
            (Step::Auth, _) | (_, Some(530 | 534 | 535)) => {
                Failure::Hindered(Hindrance::Password, self.words)
            }
            (Step::Hello, _) => Failure::Hindered(Hindrance::Settings, self.words),
            (Step::Mail, _) => Failure::Hindered(Hindrance::Sender, self.words),
            // "Relaying denied" and its like are the server's policy, not the address's fault: one wrong setting there must
            // not mark everybody's.
            (Step::Rcpt, _) if !self.is_policy() => Failure::Recipient(self.words),
            _ => Failure::Permanent(self.words),
        }
    }

    /// Whether the server names its own policy as the reason (RFC 3463, class 5.7).
    fn is_policy(&self) -> bool {
        self.words.split_whitespace().nth(1).is_some_and(|code| code.starts_with("5.7."))
    }
}

async fn step<T>(
    at: Step,
    limit: Duration,
    work: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, Trouble> {
    let Ok(outcome) = timeout(limit, work).await else {
        return Err(Trouble::lost(
            at,
            &format!("no answer from the mail server within {} s", limit.as_secs()),
        ));
    };
    outcome.map_err(|error| {
        let code = error.status().map(u16::from);
        let said = match (code, error.source()) {
            (Some(code), Some(text)) => format!("{code} {text}"),
            _ => error.to_string(),
        };
        Trouble { at, code, words: one_line(&said, LONGEST_ANSWER) }
    })
}

/// Whether the server asks for the text.
fn is_go_on(answer: &Response) -> bool {
    answer.code().severity == Severity::PositiveIntermediate
}

fn words(answer: &Response) -> String {
    let text: Vec<_> = answer.message().collect();
    one_line(&format!("{} {}", answer.code(), text.join(" ")), LONGEST_ANSWER)
}
