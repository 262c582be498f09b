//! The settings in words: each section in a line or two, closure days as they were read, and codes for people.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    domain::{
        closure::working_days,
        installation::{Compliance, Enforcement, Installation, Section, UpdatesByLink},
        named_days::NamedDays,
        text::{self, initial_capital, plural},
    },
    web::view::{
        kit::{day, warning_text},
        table::{Column, Row, Table, Width},
    },
};

/// How many closures or terms a summary names; the rest are counted.
const NAMED: usize = 3;

/// A section in a line or two.
pub(super) fn summary(set: &Installation, section: Section) -> Markup {
    match section {
        Section::Words => {
            let words = &set.words;
            html! {
                @if set.council.is_empty() { "No name yet" } @else { (set.council) }
                br;
                (text::list(&[initial_capital(&words.executive), words.panel.clone(), words.democratic_services.clone()]))
            }
        }
        Section::Time => html! { (set.zone) },
        Section::Closures => last(&set.closures, "None besides weekends and bank holidays"),
        Section::Terms => last(&set.terms, "None: nobody’s mail is held back in school holidays"),
        Section::Sessions => html! {
            "After " (minutes(set.sessions.idle_minutes)) " without a page, and after "
            (plural(set.sessions.absolute_days, "day", "days")) " in any case"
        },
        Section::Retention => html! {
            "Leavers’ names " (plural(set.retention.leavers_months, "month", "months"))
            ", mail log " (plural(set.retention.mail_log_months, "month", "months"))
            ", known browsers " (plural(set.retention.sign_in_days, "day", "days"))
        },
        Section::UpdatesByLink => html! { (set.updates_by_link.words()) },
        Section::Privacy => contact(set.privacy.contact.is_some()),
        Section::Accessibility => html! {
            (contact(set.accessibility.contact.is_some())) ". " (set.accessibility.compliance.words())
        },
    }
}

/// The last of some days, one a line.
fn last(days: &[NamedDays], none: &str) -> Markup {
    html! {
        @if days.is_empty() { (none) }
        @for one in days.iter().rev().take(NAMED).rev() { (one.line()) br; }
        @if let Some(more @ 1..) = days.len().checked_sub(NAMED) { "and " (more) " before that" }
    }
}

fn contact(is_there: bool) -> Markup {
    html! { @if is_there { "Says whom to ask" } @else { strong { "Whom to ask is not filled in" } } }
}

/// "12 hours", "90 minutes".
pub(in crate::web) fn minutes(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (hours @ 1.., 0) => plural(hours, "hour", "hours"),
        _ => plural(minutes, "minute", "minutes"),
    }
}

/// How the closure days that are saved were read.
pub(super) fn closures(set: &Installation) -> Markup {
    as_read(&set.closures, "Working days lost", |closure| html! { (working_days(closure)) })
}

/// How the term dates that are saved were read, and whether they have run out.
pub(super) fn terms(set: &Installation, today: NaiveDate) -> Markup {
    let calendar = set.calendar();
    // The first day of a term on which somebody who chose term time only is mailed.
    let mailed = |term: &NamedDays| {
        html! {
            @match term.days().find(|day| calendar.mails_schools_on(*day)) {
                Some(on) => (day(on)),
                None => "No day: it has one school day",
            }
        }
    };
    html! {
        @if let Some(last) = set.terms.last() {
            @if last.span.latest < today && !calendar.knows_terms_on(today) {
                (warning_text("These dates have run out. Until new ones are entered, nobody’s mail is held back."))
            }
        }
        (as_read(&set.terms, "Mail from", mailed))
    }
}

fn as_read(all: &[NamedDays], last: &str, cell: impl Fn(&NamedDays) -> Markup) -> Markup {
    let row = |one: &NamedDays| {
        let name = one.name.as_deref().unwrap_or("–");
        Row::new([html! { (one.span.to_string()) }, html! { (name) }, cell(one)])
    };
    html! {
        @if !all.is_empty() {
            (Table::new("As they are saved now", [
                Column::new("Days"),
                Column::new("Name"),
                Column::new(last).width(Width::Number),
            ]).row_head(0).rows(all.iter().map(row)))
        }
    }
}

/// What a form's field holds, for people.
pub(super) fn value(field: &str, value: &str) -> String {
    match field {
        "compliance" => Compliance::from_code(value).map(|c| c.words().to_owned()),
        "enforcement" => Enforcement::from_code(value).map(|e| e.body().to_owned()),
        "updates_by_link" => UpdatesByLink::from_code(value).map(|c| c.words().to_owned()),
        "executive" | "panel" if value == "own" => Some("Another word".to_owned()),
        _ => None,
    }
    .unwrap_or_else(|| value.to_owned())
}
