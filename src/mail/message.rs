//! One email as bytes: headers, a plain part and an HTML part that say the same, ready for any mail server.
//!
//! It never decides what a message says or whom it is for, never asks the time, and never sends.
//!
//! # Why the headers are put together here
//! lettre's own builder parses the `From` and `Date` that it has just written, and when it cannot read them back it
//! refuses or puts today's date in their place; it also panics on a line break in a display name. Its encoders are
//! sound, so we use those, on text that has been made one line first.
//!
//! # Why always quoted-printable
//! It leaves English readable, keeps every line under 77 bytes whatever somebody pasted, and can never contain `=_`,
//! so that a boundary beginning with it cannot occur in a part. Nothing is drawn by chance: the same [`Outgoing`]
//! gives the same bytes, today and after a crash.

use chrono::{DateTime, Utc};
use lettre::Address;
use lettre::message::header::{
    Cc, ContentTransferEncoding, ContentType, From, HeaderName, HeaderValue, Headers, MIME_VERSION_1_0,
    MessageId, References, ReplyTo, Subject, To,
};
use lettre::message::{Mailboxes, MultiPart, SinglePart};

/// The most characters of a subject or a name; what is longer is cut and ends in `…`. Keeps every header line within
/// the 998 bytes that mail servers take, and is more than any reader shows.
pub const LONGEST_HEADER_TEXT: usize = 250;

const DATE: HeaderName = HeaderName::new_from_ascii_str("Date");
const LIST_ID: HeaderName = HeaderName::new_from_ascii_str("List-Id");
const LIST_UNSUBSCRIBE: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe");
const LIST_UNSUBSCRIBE_POST: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe-Post");
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");
const SUPPRESS: HeaderName = HeaderName::new_from_ascii_str("X-Auto-Response-Suppress");

/// A name and an email address, as they stand in `From`, `To` and `Reply-To`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// What people see; may be empty. Line breaks become spaces.
    pub name: String,
    /// `local@domain`, ASCII, without quotes or white space.
    pub address: String,
}

/// Everything that one message is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The installation's own mailbox.
    pub from: Mailbox,
    /// The one person written to.
    pub to: Mailbox,
    /// Those who are to know of it, shown to everybody who gets it. Each still has to be handed a message of their own.
    pub copied: Vec<Mailbox>,
    /// Where an answer goes, to one or several, when that is not `from`.
    pub reply_to: Vec<Mailbox>,
    /// In words; line breaks become spaces, at most [`LONGEST_HEADER_TEXT`] characters are kept.
    pub subject: String,
    /// The plain text. Any line endings.
    pub plain: String,
    /// The same as a whole HTML document. Any line endings.
    pub html: String,
    /// `<unique@domain>`, angle brackets included, from the outbox row: the same at every attempt.
    pub message_id: String,
    /// The `Date` header. Given, because the demonstration's day is not the machine's.
    pub date: DateTime<Utc>,
    /// Message-IDs of earlier messages of the same thread, oldest first, angle brackets included.
    pub references: Vec<String>,
    /// What a mail program may file it under.
    pub list: Option<List>,
    /// The https address that a mail program posts to when its reader wants no more of these (RFC 8058). It names the reader
    /// and must not ask who they are.
    pub unsubscribe: Option<String>,
}

/// What a mail program may file a message under (RFC 2919).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// What people see; may be empty. Line breaks become spaces.
    pub name: String,
    /// An identifier like `reminders.tracker.example.org`, no brackets.
    pub id: String,
}

/// Why a message cannot be built. Names the header, never the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// The address in this header cannot be written to.
    #[error("the address in {0} is not one that mail can be sent to")]
    Address(&'static str),
    /// The identifier in this header has the wrong shape.
    #[error("the identifier in {0} has the wrong shape")]
    Identifier(&'static str),
}

/// The message as it goes over the wire: ASCII only, CRLF line endings, `multipart/alternative`, plain part first.
///
/// # Errors
/// When an address or an identifier is not usable. No text makes it fail.
pub fn build(outgoing: &Outgoing) -> Result<Vec<u8>, MessageError> {
    let mut headers = Headers::new();
    headers.insert_raw(HeaderValue::new(DATE, date(outgoing.date)));
    headers.set(From::from(mailboxes("From", &outgoing.from)?));
    headers.set(To::from(mailboxes("To", &outgoing.to)?));
    if !outgoing.copied.is_empty() {
        let copied: Result<Vec<_>, _> = outgoing.copied.iter().map(|m| mailbox("Cc", m)).collect();
        headers.set(Cc::from(Mailboxes::from_iter(copied?)));
    }
    if !outgoing.reply_to.is_empty() {
        let answers: Result<Vec<_>, _> = outgoing.reply_to.iter().map(|m| mailbox("Reply-To", m)).collect();
        headers.set(ReplyTo::from(Mailboxes::from_iter(answers?)));
    }
    headers.set(Subject::from(subject(&outgoing.subject)));
    headers.set(MessageId::from(identifier("Message-ID", &outgoing.message_id)?));
    if !outgoing.references.is_empty() {
        let known = outgoing.references.iter();
        let checked: Result<Vec<_>, _> = known.map(|id| identifier("References", id)).collect();
        headers.set(References::from(checked?.join(" ")));
    }
    if let Some(list) = &outgoing.list {
        headers.insert_raw(list_id(list)?);
    }
    if let Some(address) = &outgoing.unsubscribe {
        let bracketed = identifier("List-Unsubscribe", &format!("<{address}>"))?;
        if !address.starts_with("https://") {
            return Err(MessageError::Identifier("List-Unsubscribe"));
        }
        headers.insert_raw(HeaderValue::new(LIST_UNSUBSCRIBE, bracketed));
        headers.insert_raw(HeaderValue::new(LIST_UNSUBSCRIBE_POST, "List-Unsubscribe=One-Click".to_owned()));
    }
    // RFC 3834 and Exchange's own word for the same: no "out of office" in answer to a reminder.
    headers.insert_raw(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()));
    headers.insert_raw(HeaderValue::new(SUPPRESS, "All".to_owned()));
    headers.set(MIME_VERSION_1_0);

    let body = MultiPart::alternative()
        .boundary(boundary(&outgoing.message_id))
        .singlepart(part(ContentType::TEXT_PLAIN, &outgoing.plain))
        .singlepart(part(ContentType::TEXT_HTML, &outgoing.html));
    let mut message = headers.to_string().into_bytes();
    message.extend(body.formatted());
    Ok(message)
}

/// The same message to another mailbox.
///
/// # Errors
/// When the address is not usable.
pub fn readdressed(message: &str, to: &Mailbox) -> Result<String, MessageError> {
    let mut headers = Headers::new();
    headers.set(To::from(mailboxes("To", to)?));
    Ok(with_headers(message, &["To"], &headers))
}

/// The same text as a message of its own: to a mailbox, with a Message-ID in angle brackets, at a time.
///
/// # Errors
/// When the address or the identifier is not usable.
pub fn sent_again(
    message: &str,
    to: &Mailbox,
    message_id: &str,
    at: DateTime<Utc>,
) -> Result<String, MessageError> {
    let mut headers = Headers::new();
    headers.insert_raw(HeaderValue::new(DATE, date(at)));
    headers.set(To::from(mailboxes("To", to)?));
    headers.set(MessageId::from(identifier("Message-ID", message_id)?));
    Ok(with_headers(message, &["Date", "To", "Message-ID"], &headers))
}

/// The message with these of its headers replaced: they come first.
fn with_headers(message: &str, names: &[&str], headers: &Headers) -> String {
    let (head, body) = message.split_once("\r\n\r\n").unwrap_or((message, ""));
    let mut lines = headers.to_string();
    let mut replaced = false;
    for line in head.split("\r\n") {
        // A line that begins with white space belongs to the header before it.
        if !line.starts_with([' ', '\t']) {
            replaced = line.split_once(':').is_some_and(|(name, _)| names.contains(&name));
        }
        if !replaced {
            lines.push_str(line);
            lines.push_str("\r\n");
        }
    }
    format!("{lines}\r\n{body}")
}

/// Whether mail to this address can only go astray: the names that RFC 2606 and RFC 6761 keep for examples and tests
/// (`example.com`, `.net` and `.org` with all below them; everything under `.example`, `.invalid`, `.test`,
/// `.localhost`). `serve` never sends to one.
pub fn reserved_example_domain(address: &str) -> bool {
    let Some((_, domain)) = address.trim().rsplit_once('@') else {
        return false;
    };
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    let mut labels = domain.rsplit('.');
    match labels.next() {
        Some("example" | "invalid" | "test" | "localhost") => true,
        Some("com" | "net" | "org") => labels.next() == Some("example"),
        _ => false,
    }
}

/// An address that is safe in a header and in an SMTP command: ASCII, no quotes, nothing that is not printed.
pub(super) fn address(text: &str) -> Option<Address> {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>".contains(&byte));
    if plain { text.parse().ok() } else { None }
}

/// Any text on one line: white space and control characters become single spaces, and past `longest` characters it is
/// cut and ends in `…`.
pub(super) fn one_line(text: &str, longest: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let mut line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(longest) {
        line.truncate(end);
        line.pop();
        line.push('…');
    }
    line
}

fn mailboxes(header: &'static str, of: &Mailbox) -> Result<Mailboxes, MessageError> {
    Ok(mailbox(header, of)?.into())
}

fn mailbox(header: &'static str, of: &Mailbox) -> Result<lettre::message::Mailbox, MessageError> {
    let address = address(&of.address).ok_or(MessageError::Address(header))?;
    let name = one_line(&of.name, LONGEST_HEADER_TEXT);
    Ok(lettre::message::Mailbox::new(Some(name).filter(|name| !name.is_empty()), address))
}

/// `"Reminders, A council" <reminders.tracker.example.org>`. A name in other letters than ASCII is written as before an address, so that is what is
/// asked to write it, and the address is cut off again.
fn list_id(list: &List) -> Result<HeaderValue, MessageError> {
    let id = identifier("List-Id", &format!("<{}>", list.id))?;
    let name = one_line(&list.name, LONGEST_HEADER_TEXT);
    let encoded = if name.is_ascii() {
        let name = name.replace('\\', "\\\\").replace('"', "\\\"").replace("=?", "= ?");
        if name.is_empty() { id.clone() } else { format!("\"{name}\" {id}") }
    } else {
        let mut named = Headers::new();
        named.set(To::from(mailboxes("List-Id", &Mailbox { name, address: "a@b".to_owned() })?));
        let named = named.to_string();
        let name = named.strip_prefix("To: ").and_then(|rest| rest.trim_end().strip_suffix("<a@b>"));
        format!("{}{id}", name.unwrap_or_default())
    };
    Ok(HeaderValue::dangerous_new_pre_encoded(LIST_ID, id, encoded))
}

/// ASCII goes out as it is, and there a typed `=?` would be read as the start of an encoded word.
fn subject(text: &str) -> String {
    one_line(text, LONGEST_HEADER_TEXT).replace("=?", "= ?")
}

fn identifier(header: &'static str, text: &str) -> Result<String, MessageError> {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let usable = inner.is_some_and(|inner| {
        (1..=LONGEST_HEADER_TEXT).contains(&inner.len())
            && inner.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte))
    });
    if usable { Ok(text.to_owned()) } else { Err(MessageError::Identifier(header)) }
}

fn date(moment: DateTime<Utc>) -> String {
    moment.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// Must not exceed 70 characters, and must be letters and digits after `=_` (see the top of this file).
fn boundary(message_id: &str) -> String {
    let id = message_id.chars().filter(char::is_ascii_alphanumeric).take(60);
    "=_".chars().chain(id).collect()
}

fn part(kind: ContentType, text: &str) -> SinglePart {
    // A lone carriage return would otherwise travel as a character of its own.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    SinglePart::builder().header(kind).header(ContentTransferEncoding::QuotedPrintable).body(text)
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
