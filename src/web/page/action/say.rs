//! How an action's rating, date, text and evidence are said, wherever one action is shown.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    domain::{
        action::{Action, Recommendation, Revision, State},
        agenda::Varied,
        decision::Resolution,
        plan::{Plan, Record},
        progress::progress,
        rating::Rating,
        round::Round,
        standing::{self, Standing},
        text::{self, plural},
        update::{Evidence, Update},
    },
    link::path,
    web::view::{
        kit,
        rating::{flag, rating_tag},
    },
};

/// A reported rating in the plan's own word.
pub(in crate::web) fn rating(plan: &Plan, rating: Rating) -> Markup {
    rating_tag(&plan.key.entry(rating))
}

/// How near the date is: "Overdue by 68 days" as a flag, "55 days to go" in plain words; nothing without a date, or where
/// the action waits for none any more.
pub(in crate::web) fn due(standing: &Standing<'_>, today: NaiveDate) -> Markup {
    let latest = standing.deadline.and_then(Revision::latest).filter(|_| standing.state == State::Open);
    html! {
        @if let Some(days) = standing.overdue_days {
            (flag(format!("Overdue by {}", plural(days, "day", "days"))))
        } @else if let Some(latest) = latest {
            (text::initial_capital(&standing::days_to_go(latest, today)))
        }
    }
}

/// The state in words: "Complete", "Merged into Aiii".
pub(in crate::web) fn state(record: &Record, standing: &Standing<'_>) -> String {
    match standing.change.and_then(|c| c.into) {
        Some(into) => format!("Merged into {}", record.label(into)),
        None => standing.state.words().to_owned(),
    }
}

/// A text in its paragraphs, the first led by what it is: "Reason: ...". Nothing where there is no text.
pub(in crate::web) fn part(what: &str, words: Option<&str>) -> Markup {
    let words = words.unwrap_or_default();
    html! {
        @if !words.trim().is_empty() {
            div class="prose" {
                @for (n, paragraph) in text::paragraphs(words).enumerate() {
                    p { @if n == 0 { strong { (what) ":" } " " } (paragraph) }
                }
            }
            (unknown(words))
        }
    }
}

/// What somebody wrote, in its paragraphs, with what it does not know pointed out.
pub(in crate::web) fn prose(words: &str) -> Markup {
    html! { (kit::paragraphs(words)) (unknown(words)) }
}

fn unknown(words: &str) -> Markup {
    let unknown = text::unknown_facts(words);
    html! {
        @if unknown > 0 {
            p { (flag(format!("{} in this text (“??”)", plural(unknown, "unknown fact", "unknown facts")))) }
        }
    }
}

/// An action as a link: its label, then its title.
pub(in crate::web) fn action_link(action: &Action) -> Markup {
    html! { a href=(path::action(action.id)) { strong { (action.label) } " " (action.title()) } }
}

/// What the panel concluded on a recommendation; without a conclusion how many of its actions are complete, which is never
/// "met". Nothing where there is none, or where the recommendation was not taken up.
pub(in crate::web) fn conclusion(record: &Record, one: &Recommendation, day: NaiveDate) -> Markup {
    let concluded = one.conclusion_at(day);
    html! {
        @if let Some(concluded) = concluded {
            p {
                strong { (record.words.say("Conclusion of the {panel}: ")) (concluded.verdict.words()) }
                ", " (kit::day(concluded.from))
                @if let Some(resolution) = &concluded.resolution { ", " (minute(resolution)) }
            }
            (part("Reason", concluded.reason.as_deref()))
        } @else if let Some(progress) = progress(record, one, day) { p class="soft" { (progress.words()) } }
    }
}

/// "minute 17/43", "minute awaited".
pub(in crate::web) fn minute(resolution: &Resolution) -> String {
    resolution
        .minute
        .as_ref()
        .map_or_else(|| "minute awaited".to_owned(), |minute| format!("minute {minute}"))
}

/// What the panel said to a variation, where it was put to it.
pub(in crate::web) fn said_to_variation(varied: Varied<'_>) -> Markup {
    html! {
        @if let Some(said) = varied.said {
            p {
                strong { (said.outcome.words()) } " by " (said.resolution.panel) " on " (kit::day(said.resolution.on))
                ", " (minute(&said.resolution))
                @if varied.is_refused() { ": the old wording stands again" }
            }
            (part("Reason", said.reason.as_deref()))
        }
    }
}

/// The column that an update stands in: "7 Dec 2017", or "between rounds".
pub(in crate::web) fn round_words(record: &Record, update: &Update) -> String {
    let label = |round: &Round| round.label.clone();
    update.round.and_then(|id| record.round(id)).map_or_else(|| "between rounds".to_owned(), label)
}

/// A piece of evidence with its figures. Only a web address becomes a link.
pub(in crate::web) fn evidence(piece: &Evidence) -> Markup {
    let address = piece.address.as_deref().unwrap_or_default();
    html! {
        p {
            @if is_web_address(address) { a href=(address) rel="noreferrer" { (piece.title) } }
            @else {
                (piece.title)
                @if !address.is_empty() { ", " (address) }
            }
            @if let Some(day) = piece.dated { ", " (kit::day(day)) }
        }
        @if let Some(note) = &piece.note { (kit::paragraphs(note)) }
        @if !piece.figures.is_empty() {
            ul {
                @for (label, value) in &piece.figures { li { (label) ": " strong { (value) } } }
            }
        }
    }
}

/// Whether an address can be followed. Anything else ("javascript:", a shelf mark) stays words.
pub(in crate::web) fn is_web_address(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme))
}

/// The way to what a plan's ratings mean: on every page that shows one.
pub(in crate::web::page) fn key_link(plan: &Plan) -> Markup {
    html! {
        p class="small" {
            a href=(path::key(&plan.slug)) {
                "What the ratings mean in this plan" span class="visually-hidden" { ": " (plan.title) }
            }
        }
    }
}
