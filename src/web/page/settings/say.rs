//! The settings in words: each section in a line or two, closure days as they were read, and codes for people.

use maud::{Markup, html};

use crate::{
    domain::{
        closure::Closure,
        installation::{Compliance, Enforcement, Installation, Section, UpdatesByLink},
        text::{self, initial_capital, plural},
    },
    web::view::table::{Column, Row, Table, Width},
};

/// How many closures a summary names; the rest are counted.
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
        Section::Closures => html! {
            @if set.closures.is_empty() { "None besides weekends and bank holidays" }
            @for closure in set.closures.iter().rev().take(NAMED).rev() { (closure.line()) br; }
            @if let Some(more @ 1..) = set.closures.len().checked_sub(NAMED) { "and " (more) " before that" }
        },
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
    let row = |closure: &Closure| {
        Row::new([
            html! { (closure.span.to_string()) },
            html! { (closure.name.as_deref().unwrap_or("–")) },
            html! { (closure.working_days()) },
        ])
    };
    html! {
        @if !set.closures.is_empty() {
            (Table::new("As they are saved now", [
                Column::new("Days"),
                Column::new("Name"),
                Column::new("Working days lost").width(Width::Number),
            ]).row_head(0).rows(set.closures.iter().map(row)))
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
