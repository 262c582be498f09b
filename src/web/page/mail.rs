//! The demonstration's mail viewer: every message that would have gone out, as its reader would see it.
//!
//! A mail's HTML is shown in a sandboxed frame from an address of its own, whose policy lets its inline style through and
//! nothing else. No other page has that.

use std::{collections::BTreeMap, slice};

use axum::{
    extract::{RawQuery, State},
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use serde_json::Value;

use crate::{
    command::again::SENT_AGAIN,
    domain::{
        message::{KEPT, MessageState},
        text,
    },
    link::{Links, path},
    mail::reading::{self, Letter},
    store::{
        self, Store,
        audit::Event,
        outbox::{Message, Readable, log::Wanted},
    },
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        route::Route,
        sheet::Sheet,
        view::{
            kit::{Fact, Link, day, empty, notice, pagination, plain_text, sandbox, summary_list},
            table::{Column, Row, Sorted, Table},
        },
    },
};

pub(in crate::web) mod sample;

/// Messages on a page of the list.
pub(super) const PAGE: u64 = 50;
/// A message gets its subject and text only when it goes out.
const NO_SUBJECT: &str = "Not written yet";
/// What a mail's HTML may do: bring its own style, and be framed by our own page.
const CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'";
/// The headers that a reader cares for, in the order shown.
const HEADERS: [&str; 6] = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID"];

pub(in crate::web) async fn list(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    Ok(list_sheet(&log_page(&app.cx.store, &Readable::All, &Wanted::default(), &query).await?))
}

/// A page of messages, the newest first.
pub(super) struct LogPage {
    pub(super) messages: Vec<Message>,
    pub(super) again: Again,
    number: u64,
    more: bool,
}

/// The page that an address asks for (`?page=2`).
pub(super) async fn log_page(
    store: &Store,
    which: &Readable,
    wanted: &Wanted,
    query: &Fields,
) -> Result<LogPage, WebError> {
    let number = query.raw("page").parse::<u64>().unwrap_or(1).clamp(1, 10_000);
    // One more than is shown tells whether there is another page.
    let mut messages = store::outbox::log::find(store, which, wanted, (number - 1) * PAGE, PAGE + 1).await?;
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = messages.len() > shown;
    messages.truncate(shown);
    let again = sent_again(store, &messages).await?;
    Ok(LogPage { messages, again, number, more })
}

/// Who sent an earlier mail again and when, in words, by the message that it became.
pub(super) type Again = BTreeMap<i64, String>;

/// Which of some messages are earlier mails that somebody sent again.
pub(super) async fn sent_again(store: &Store, messages: &[Message]) -> Result<Again, WebError> {
    let again: Vec<&Message> = messages.iter().filter(|m| m.again_of.is_some()).collect();
    if again.is_empty() {
        return Ok(Again::new());
    }
    // The event was recorded as the message was queued.
    let queued_at: Vec<_> = again.iter().map(|message| message.created_at).collect();
    let events = store::audit::recorded_at(store, SENT_AGAIN, &queued_at).await?;
    let words = |message: &Message| {
        let about = |event: &&Event| event.detail().get("as").and_then(Value::as_i64) == Some(message.id);
        let by = events.iter().find(about).map(|e| format!(" by {} on {}", e.who(), text::day(e.office_day)));
        format!("An earlier mail, sent again{}", by.unwrap_or_default())
    };
    Ok(again.into_iter().map(|message| (message.id, words(message))).collect())
}

impl LogPage {
    /// The way to the pages before and after, under what the list's address asks for ("state=failed&"); nothing where there is
    /// only one.
    pub(super) fn pages(&self, list: &str, asked: &str) -> Markup {
        let to = |number: u64| format!("{list}?{asked}page={number}");
        let previous = (self.number > 1).then(|| to(self.number - 1));
        let next = self.more.then(|| to(self.number + 1));
        if previous.is_none() && next.is_none() {
            return Markup::default();
        }
        pagination(&format!("Page {}", self.number), previous.as_deref(), next.as_deref())
    }
}

pub(in crate::web) async fn show(State(app): State<App>, Path(id): Path<i64>) -> Result<Sheet, WebError> {
    let message = find(&app, id).await?;
    let letter = message.mime.as_deref().and_then(|mime| reading::read(mime.as_bytes()));
    let again = sent_again(&app.cx.store, slice::from_ref(&message)).await?;
    Ok(message_sheet(&message, &again, letter.as_ref(), &app.cx.links))
}

pub(in crate::web) async fn html(State(app): State<App>, Path(id): Path<i64>) -> Result<Response, WebError> {
    let mime = find(&app, id).await?.mime.ok_or(WebError::NotFound)?;
    let letter = reading::read(mime.as_bytes()).ok_or(WebError::NotFound)?;
    Ok(framed(letter.html).into_response())
}

/// A mail's HTML, for a frame.
fn framed(html: String) -> impl IntoResponse {
    let policy = (HeaderName::from_static("content-security-policy"), CSP);
    let kind = (header::CONTENT_TYPE, "text/html; charset=utf-8");
    ([policy, kind], html)
}

pub(in crate::web) async fn source(
    State(app): State<App>,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let mime = find(&app, id).await?.mime.ok_or(WebError::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], mime).into_response())
}

async fn find(app: &App, id: i64) -> Result<Message, WebError> {
    store::outbox::by_id(&app.cx.store, id).await?.ok_or(WebError::NotFound)
}

/// Where a message stands. The demonstration has no mail server, so its words differ.
pub(super) fn state_words(message: &Message, demonstration: bool) -> String {
    let mut words = match message.state {
        MessageState::Handed if demonstration => "Kept: no email leaves this machine".to_owned(),
        state => state.words().to_owned(),
    };
    if message.uncertain {
        words.push_str(". Sending it was cut off once: it may have arrived twice");
    }
    if message.attempts > 1 {
        words.push_str(&format!(". Tried {} times", message.attempts));
    }
    // "Not sent: example address" says it all, and so does that it is kept.
    let note = message.note.as_deref().map(|note| note.trim_start_matches("not sent: "));
    let note = note.map(|note| note.trim_start_matches(KEPT).trim_start_matches(". "));
    if let Some(note) = note.filter(|n| !n.is_empty()) {
        words.push_str(&format!(". {}", text::initial_capital(note)));
    }
    words
}

/// That a message is an earlier one again, where it is.
pub(super) fn once_more(message: &Message, again: &Again) -> Markup {
    html! { @if let Some(words) = again.get(&message.id) { p class="soft" { (words) } } }
}

pub(super) fn to_words(message: &Message) -> &str {
    if message.to_name.is_empty() { &message.to_address } else { &message.to_name }
}

fn list_sheet(page: &LogPage) -> Sheet {
    let rows = page.messages.iter().map(|message| {
        let href = path::demonstration_message(message.id);
        let subject = message.subject.as_deref().unwrap_or(NO_SUBJECT);
        Row::new([
            html! { (Link::new(&href, subject)) (once_more(message, &page.again)) },
            html! { (to_words(message)) },
            day(message.office_day),
            html! { (state_words(message, true)) },
        ])
    });
    let columns = [
        Column::new("Subject"),
        Column::new("To"),
        Column::new("Date").sorted(Sorted::Descending),
        Column::new("State"),
    ];
    let content = html! {
        h1 { "Mail that went out" }
        p { "What the people in this demonstration would have in their inboxes, the newest first. Every mail is kept here, and none leaves this machine." }
        @if page.messages.is_empty() {
            (empty("No mail yet", "Reminders go out on working days at 9 in the morning. Press “Next day” above, and look again.", None))
        } @else {
            (Table::new("Mail, the newest first", columns).caption_hidden().row_head(0).rows(rows))
        }
        (page.pages(Route::DemonstrationMail.path(), ""))
        p class="soft" { (Link::new(Route::MailSamples.path(), "A sample of every kind of mail")) }
    };
    Sheet::new(["Mail that went out"], content).wide()
}

fn message_sheet(message: &Message, again: &Again, letter: Option<&Letter>, links: &Links) -> Sheet {
    let subject = message.subject.as_deref().unwrap_or(NO_SUBJECT);
    let headers = letter.into_iter().flat_map(|letter| {
        HEADERS.into_iter().filter_map(|name| Some(Fact::new(name, letter.header(name)?)))
    });
    let facts = [
        Fact::new("State", html! { (state_words(message, true)) (once_more(message, again)) }),
        Fact::new("For the day", day(message.office_day)),
    ];
    let content = html! {
        h1 { span class="caption" { "Mail to " (to_words(message)) } " " (subject) }
        (summary_list(facts.into_iter().chain(headers)))
        @match letter {
            None => (notice("There is nothing to read yet", "A mail is written when it goes out, from the facts of that day.")),
            Some(letter) => {
                h2 { "As HTML" }
                p { "Links do nothing in this frame: use those in the plain text below." }
                (sandbox("The mail as HTML", &path::demonstration_message_html(message.id)))
                h2 { "As plain text" }
                (plain_text(linked(&letter.plain, links)))
                p { (Link::new(&path::demonstration_message_source(message.id), "The whole message, as it is sent")) }
            }
        }
    };
    let list = Route::DemonstrationMail.path();
    Sheet::new([subject, "Mail that went out"], content).crumbs([(list, "Mail that went out")])
}

/// A mail's text with the addresses of this installation as links, so that one can follow them as its reader would.
fn linked(plain: &str, links: &Links) -> Markup {
    let base = links.full("");
    html! {
        @for word in plain.split_inclusive(char::is_whitespace) {
            @let address = word.trim_end();
            @match address.strip_prefix(base.as_str()) {
                Some(path) if path.starts_with('/') => {
                    a href=(path) { (address) }
                    (word.get(address.len()..).unwrap_or_default())
                }
                _ => (word),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_installation_become_links() {
        let links = Links::under("http://127.0.0.1:3000");
        let text = "See http://127.0.0.1:3000/actions/3\nnot http://127.0.0.1:3000.evil.example/x <b>";
        assert_eq!(
            linked(text, &links).into_string(),
            "See <a href=\"/actions/3\">http://127.0.0.1:3000/actions/3</a>\n\
             not http://127.0.0.1:3000.evil.example/x &lt;b&gt;"
        );
    }
}
