//! What was sent for a round, and who was asked by phone: for those who run rounds or manage a plan.

use maud::{Markup, html};

use crate::{
    domain::{
        id::PlanId,
        message::MessageState,
        text::{self, plural},
    },
    store::{phone::Call, round_mail::Sent},
    web::view::{
        kit::day,
        table::{Column, Row, Table},
    },
};

/// The mails of a round, each press a row: when, what, to how many, and what became of them.
pub(super) fn mails(mails: &[Sent]) -> Markup {
    let presses: Vec<&[Sent]> = mails.chunk_by(|a, b| (a.on, a.again) == (b.on, b.again)).collect();
    let rows = presses.iter().filter_map(|press| {
        let first = press.first()?;
        let names: Vec<&str> = press.iter().map(|sent| sent.name.as_str()).collect();
        Some(Row::new([
            day(first.on),
            html! { @if first.again { "Reminder" } @else { "Asked for updates" } },
            html! { (plural(press.len(), "person", "people")) p class="soft" { (text::list(&names)) } },
            html! { (became(press)) },
        ]))
    });
    let columns = ["When", "What", "To", "What became of it"].map(Column::new);
    html! {
        h2 { "Emails of this round" }
        @if presses.is_empty() {
            p { "Nobody has been mailed about this round." }
        } @else {
            (Table::new("Emails of this round, oldest first", columns).caption_hidden().row_head(0).rows(rows))
        }
    }
}

/// "3 handed to the mail server, 1 waiting to be sent".
fn became(press: &[Sent]) -> String {
    let count = |states: &[MessageState]| press.iter().filter(|sent| states.contains(&sent.state)).count();
    let parts: Vec<String> = [
        (count(&[MessageState::Handed]), "handed to the mail server"),
        (count(&[MessageState::Queued, MessageState::Sending]), "waiting to be sent"),
        (
            count(&[MessageState::NotSent]),
            "not sent: nothing was left to ask for, or the address is not in use",
        ),
        (count(&[MessageState::Failed]), "could not be sent: see the log of mails"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, words)| format!("{n} {words}"))
    .collect();
    parts.join("; ")
}

/// A call to somebody who is no lead of the plan under that name any more.
pub(super) fn other_call(call: &Call) -> Markup {
    html! {
        p {
            (call.whom) " was asked by phone on " (day(call.on))
            @if let Some(note) = &call.note { ": " (note) }
            @if let Some(by) = &call.by { span class="soft" { " (noted by " (by) ")" } }
        }
    }
}

/// The calls to a lead about a plan, and where another can be noted.
pub(super) fn calls(calls: &[Call], plan: PlanId, whom: &str, note: Option<&str>) -> Markup {
    let theirs: Vec<&Call> = calls.iter().filter(|call| call.plan == plan && call.whom == whom).collect();
    html! {
        @for call in &theirs {
            p {
                "Asked on " (day(call.on))
                @if let Some(note) = &call.note { ": " (note) }
                @if let Some(by) = &call.by { span class="soft" { " (noted by " (by) ")" } }
            }
        }
        @if let Some(href) = note {
            p class="no-print" {
                a href=(href) { "Note a call" span class="visually-hidden" { " to " (whom) } }
            }
        } @else if theirs.is_empty() { "–" }
    }
}
