//! What has been recorded of a meeting so far: its resolutions, item by item, each with its minute reference.

use maud::{Markup, html};

use crate::{
    domain::{
        agenda,
        decision::{Decided, Kind, Resolution},
        id::ResolutionId,
        plan::Record,
    },
    link::path,
    store::decision::{Resolved, Sitting},
    web::{
        page::action::say,
        view::{
            kit::{inset, paragraphs},
            rating::panel_rating_tag,
        },
    },
};

pub(super) fn render(sitting: &Sitting) -> Markup {
    html! {
        @if !sitting.resolutions.is_empty() {
            h2 id="recorded" { "Recorded of this meeting" }
            @for (n, resolution) in (1..).zip(&sitting.resolutions) { (one(sitting, n, resolution)) }
        }
    }
}

fn one(sitting: &Sitting, n: usize, resolution: &Resolved) -> Markup {
    html! {
        h3 { "Resolution " (n) }
        (inset(paragraphs(&resolution.text)))
        p {
            (minute_words(resolution.minute.as_deref())) ". "
            a class="no-print" href=(path::minute(resolution.id)) {
                @if resolution.minute.is_some() { "Change the minute reference" } @else { "Add the minute reference" }
                span class="visually-hidden" { " of resolution " (n) }
            }
        }
        ul { @for record in &sitting.records { (of_plan(record, resolution.id)) } }
    }
}

/// "Minute 17/43", "Minute awaited".
pub(super) fn minute_words(minute: Option<&str>) -> String {
    minute.map_or_else(|| "Minute awaited".to_owned(), |minute| format!("Minute {minute}"))
}

fn of_plan(record: &Record, id: ResolutionId) -> Markup {
    let in_it = |resolution: &Option<Resolution>| resolution.as_ref().is_some_and(|r| r.id == id);
    html! {
        @for decided in record.decided.iter().filter(|d| d.resolution.id == id) {
            li {
                (what(record, decided)) ": " strong { (decided.outcome.words()) }
                @if let Some(reason) = &decided.reason { (paragraphs(reason)) }
            }
        }
        @for action in &record.actions {
            @for rated in action.panel_ratings.iter().filter(|r| in_it(&r.resolution)) {
                li {
                    (say::action_link(action)) ": "
                    (panel_rating_tag(&record.plan.key.entry(rated.rating), &record.words))
                    (paragraphs(&rated.reason))
                }
            }
        }
        @for recommendation in &record.recommendations {
            @for concluded in recommendation.conclusions.iter().filter(|c| in_it(&c.resolution)) {
                li {
                    "Recommendation " (agenda::name(record, recommendation.id)) ": "
                    strong { (concluded.verdict.words()) }
                    @if let Some(reason) = &concluded.reason { (paragraphs(reason)) }
                }
            }
        }
    }
}

/// What was put, as a link where it is about an action: "Aiii Schools take up the training, completion".
fn what(record: &Record, decided: &Decided) -> Markup {
    let action = decided.action.and_then(|id| record.action(id));
    let asked = action.and_then(|a| a.revisions.iter().find(|r| Some(r.id) == decided.revision));
    html! {
        @if let Some(action) = action { (say::action_link(action)) ", " }
        @match (decided.kind, asked, decided.recommendation) {
            (Kind::Extension, Some(asked), _) => { (asked.wording) },
            (Kind::Variation, _, Some(id)) => { "Variation of recommendation " (agenda::name(record, id)) },
            (kind, ..) => { (kind.word().to_lowercase()) },
        }
    }
}
