//! The mail log: what a reader may see of it, what of that they look for, and what became of each mail.
//!
//! What is looked for lives in the address, and goes with the links to other pages.

use maud::{Markup, html};

use crate::{
    command::again::is_repeatable,
    domain::{
        message::MessageState,
        text::{self, plural},
    },
    link::path,
    store::{
        self,
        outbox::{
            Message, Readable,
            log::{Wanted, count, sent_again},
        },
    },
    web::{
        App,
        error::WebError,
        form::{Fields, LINE, Reader},
        page::mail::{self, Again, LogPage, PAGE},
        route::Route,
        view::{
            form::{Choice, FieldError, Inputs, Width, filter_panel},
            kit::{Link, day, empty, warning_text},
            table::{Column, Row, Sorted, Table},
        },
    },
};

/// The fields of the form, as they stand in the address.
const FIELDS: [&str; 5] = ["who", "subject", "state", "from", "to"];

/// The log as it is shown.
pub(super) struct Log {
    typed: Fields,
    wanted: Wanted,
    pub(super) errors: Vec<FieldError>,
    page: LogPage,
    count: u64,
    /// Those that somebody has to look at; none while something is looked for.
    failed: Vec<Message>,
    demonstration: bool,
}

impl Log {
    /// What of the log an address asks for.
    pub(super) async fn read(app: &App, which: &Readable, typed: Fields) -> Result<Self, WebError> {
        let store = &app.cx.store;
        let (wanted, errors) = match wanted(&typed) {
            Ok(wanted) => (wanted, Vec::new()),
            Err(errors) => (Wanted::default(), errors),
        };
        let mut page = mail::log_page(store, which, &wanted, &typed).await?;
        let count = count(store, which, &wanted).await?;
        let mut failed = store::outbox::in_state(store, which, MessageState::Failed, PAGE).await?;
        // What went to an address that somebody no longer has is dealt with, and so is what was sent again.
        let people = if failed.is_empty() { Vec::new() } else { store::person::all(store).await? };
        let address = |id| people.iter().find(|a| Some(a.person.id) == id).map(|a| a.person.email.as_str());
        let again = sent_again(store, &failed.iter().map(|m| m.id).collect::<Vec<_>>()).await?;
        failed.retain(|m| {
            address(m.person).is_none_or(|address| address == m.to_address) && !again.contains(&m.id)
        });
        // They need not be on the page.
        page.again.extend(mail::sent_again(store, &failed).await?);
        Ok(Self { typed, wanted, errors, page, count, failed, demonstration: app.is_demonstration() })
    }

    /// That mails could not be sent, for the top of the page.
    pub(super) fn warning(&self) -> Markup {
        if self.failed.is_empty() {
            return Markup::default();
        }
        warning_text(format!(
            "{} could not be sent. Look at the reason in the log below, and put it right: an address, or the mail server.",
            plural(self.failed.len(), "mail", "mails"),
        ))
    }

    fn is_used(&self) -> bool {
        FIELDS.iter().any(|name| !self.typed.raw(name).trim().is_empty())
    }

    /// The form, those that somebody has to look at, and the rest, the newest first.
    pub(super) fn view(&self) -> Markup {
        let columns = [
            Column::new("What"),
            Column::new("To"),
            Column::new("For the day").sorted(Sorted::Descending),
            Column::new("What became of it"),
        ];
        // While something is looked for, all that is found stands in one list; else these stand first and once.
        let first = if self.is_used() { &[][..] } else { &self.failed };
        let rest = self.page.messages.iter().filter(|m| first.iter().all(|failed| failed.id != m.id));
        let rows: Vec<_> = rest.map(|m| self.row(m)).collect();
        let here = Route::Reminders.path();
        html! {
            (self.filter(here))
            @if !first.is_empty() {
                h3 { "Somebody has to look at these" }
                (Table::new("Mails that could not be sent", columns).caption_hidden().row_head(0)
                    .rows(first.iter().map(|m| self.row(m))))
                h3 { "All others" }
            }
            @if rows.is_empty() && self.is_used() {
                (empty("No mail like that", "No mail in the log is like what was asked for.", Some(Link::new(here, "Show all mails"))))
            } @else if rows.is_empty() {
                (empty("No mail yet", "When a mail is queued, it stands here, with what became of it.", None))
            } @else {
                (Table::new("Mails, the newest first", columns).caption_hidden().row_head(0).rows(rows))
            }
            (self.page.pages(here, &self.typed.query(&FIELDS)))
        }
    }

    fn filter(&self, here: &str) -> Markup {
        let f = Inputs::new(&self.errors);
        let typed = |name| self.typed.raw(name);
        let states = MessageState::ALL.iter().map(|state| Choice::new(state.code(), state.words()));
        let fields = html! {
            (f.text("who", "To", typed("who")).hint("A name or an address, or part of it").width(Width::W20))
            (f.text("subject", "Subject", typed("subject")).hint("Words of it").width(Width::W20))
            (f.select("state", "What became of it", typed("state"), [Choice::new("", "Anything")].into_iter().chain(states)))
            (f.text("from", "From", typed("from")).hint("A day, for example 7 December 2017"))
            (f.text("to", "To the day", typed("to")).hint("The last day to show"))
        };
        filter_panel(here, &self.showing(), self.is_used(), fields, self.is_used().then_some(here))
    }

    /// "3 mails: to “smith”, from 1 May 2018".
    fn showing(&self) -> String {
        let Wanted { who, subject, state, from, to, .. } = &self.wanted;
        let parts: Vec<String> = [
            who.as_ref().map(|who| format!("to “{who}”")),
            subject.as_ref().map(|words| format!("about “{words}”")),
            state.map(|state| state.words().to_lowercase()),
            from.map(|day| format!("from {}", text::day(day))),
            to.map(|day| format!("up to {}", text::day(day))),
        ]
        .into_iter()
        .flatten()
        .collect();
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        let mails = plural(count, "mail", "mails");
        if parts.is_empty() { mails } else { format!("{mails}: {}", parts.join(", ")) }
    }

    fn row(&self, message: &Message) -> Row<'static> {
        Row::new([
            what(message, &self.page.again, self.demonstration),
            html! {
                @match message.person {
                    Some(person) => (Link::new(&path::person_mail(person), mail::to_words(message))),
                    None => (mail::to_words(message)),
                }
                @if message.state == MessageState::Failed { p class="soft" { (message.to_address) } }
            },
            day(message.office_day),
            html! {
                (mail::state_words(message, self.demonstration))
                (repeat(message))
            },
        ])
    }
}

/// What a mail is called, in the demonstration with the way to its text; and that it is an earlier one again, where it is.
pub(super) fn what(message: &Message, again: &Again, demonstration: bool) -> Markup {
    let what = called(message);
    let href = path::demonstration_message(message.id);
    html! {
        @if demonstration { (Link::new(&href, what)) } @else { (what) }
        (mail::once_more(message, again))
    }
}

fn called(message: &Message) -> &str {
    message.subject.as_deref().unwrap_or(message.kind.words())
}

/// The way to sending a mail again, where that can be done.
pub(super) fn repeat(message: &Message) -> Markup {
    if !is_repeatable(message) {
        return Markup::default();
    }
    html! {
        p class="soft" {
            a href=(path::send_again(message.id)) {
                "Send again"
                span class="visually-hidden" { ": " (called(message)) ", to " (mail::to_words(message)) }
            }
        }
    }
}

fn wanted(typed: &Fields) -> Result<Wanted, Vec<FieldError>> {
    let mut reader = Reader::new(typed);
    let who = reader.optional("who", LINE);
    let subject = reader.optional("subject", LINE);
    let state = reader.choice("state", MessageState::from_code);
    let (from, to) = (reader.day("from"), reader.day("to"));
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        reader.wrong("to", format!("Enter {} or a later day", text::day(from)));
    }
    reader.finish(Wanted { person: None, who, subject, state, from, to })
}
