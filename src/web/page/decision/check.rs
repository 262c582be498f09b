//! The page before it is recorded: says in words all that will happen, and carries what was typed unseen.

use maud::{Markup, html};

use super::sheet;
use crate::{
    command::decision::{Decisions, Said, readers},
    domain::{
        agenda::{self, consequence},
        decision::Outcome,
        text,
    },
    link::path,
    store::decision::Sitting,
    web::{
        App,
        form::Fields,
        sheet::Sheet,
        view::{
            button::hidden,
            form::post,
            kit::{inset, paragraphs, warning_text},
        },
    },
};

pub(super) fn page(app: &App, sitting: &Sitting, fields: &Fields, decisions: &Decisions) -> Sheet {
    let today = app.cx.clock.today();
    let meeting = &sitting.meeting;
    let (agreed, others): (Vec<&Said>, Vec<&Said>) =
        decisions.said.iter().partition(|said| said.outcome == Outcome::Agreed);
    let told = readers(sitting, decisions, today);
    let list = |heading: &str, said: &[&Said]| {
        html! {
            @if !said.is_empty() {
                h2 { (heading) }
                ul { @for said in said { li { (sentence(sitting, said, today)) } } }
            }
        }
    };
    let content = html! {
        h1 {
            span class="caption" { (meeting.panel_name) ", " (text::day(meeting.held_on)) " " }
            "Check the decisions"
        }
        p { "Nothing is recorded yet. This is what will happen, from " (text::day(meeting.held_on)) "." }
        (list("Not agreed, deferred or noted", &others))
        (list("Agreed", &agreed))
        (own(sitting, decisions, app))
        h2 { "Resolution" }
        (inset(paragraphs(&decisions.text)))
        p {
            @match &decisions.minute {
                Some(minute) => { "Minute " (minute) "." },
                None => { "Without a minute reference: it says “minute awaited” until you add one." },
            }
        }
        (left(sitting, fields, today))
        h2 { "Who is told" }
        @if told.is_empty() { p { "Nobody is mailed." } }
        @else { p { "One email each, with what was decided on their actions: " (text::list(&told)) "." } }
        (warning_text("This can’t be undone here. Opening an action again, or another meeting’s decision, can change what follows from it."))
        (post(&path::decisions(meeting.id), html! {
            @for (name, value) in fields.pairs().filter(|(name, _)| *name != "step") { (hidden(name, value)) }
            div class="button-group" {
                button class="button" type="submit" name="step" value="save" { "Record these decisions" }
                button class="button button-secondary" type="submit" name="step" value="change" { "Go back and change" }
            }
        }))
    };
    sheet(sitting, "Check the decisions", content)
}

/// "Aiii Schools take up the training: completion not agreed: it is open again. Reason: ..."
fn sentence(sitting: &Sitting, said: &Said, today: chrono::NaiveDate) -> Markup {
    let record = sitting.of(said.put);
    let action = said.put.action().and_then(|id| record?.action(id));
    html! {
        @if let Some(action) = action { strong { (action.label) } " " (action.title()) ": " }
        @if let Some(record) = record { (consequence(record, said.put, said.outcome, today)) "." }
        @if let Some(reason) = &said.reason { (paragraphs(reason)) }
    }
}

/// The panel's own ratings and conclusions.
fn own(sitting: &Sitting, decisions: &Decisions, app: &App) -> Markup {
    html! {
        @if !decisions.ratings.is_empty() {
            h2 { (app.cx.words().say("The {panel’s} own ratings")) }
            ul {
                @for rated in &decisions.ratings {
                    @if let Some((record, action)) = sitting.action(rated.action) {
                        li {
                            strong { (action.label) } " " (action.title()) ": " (record.plan.key.word(rated.rating))
                            (paragraphs(&rated.reason))
                        }
                    }
                }
            }
        }
        @if !decisions.conclusions.is_empty() {
            h2 { "Conclusions on recommendations" }
            ul {
                @for concluded in &decisions.conclusions {
                    @if let Some(record) = sitting.of_recommendation(concluded.recommendation) {
                        li {
                            strong { "Recommendation " (agenda::name(record, concluded.recommendation)) } ": "
                            (concluded.verdict.words())
                            @if let Some(reason) = &concluded.reason { (paragraphs(reason)) }
                        }
                    }
                }
            }
        }
    }
}

/// What has been put since the form was opened: nobody has seen it, so nothing is decided on it.
fn left(sitting: &Sitting, fields: &Fields, today: chrono::NaiveDate) -> Markup {
    let unseen: Vec<String> = sitting
        .put(today)
        .into_iter()
        .filter(|(_, put)| fields.all("item").all(|item| item != put.key()))
        .map(|(record, put)| match put.action() {
            Some(action) => format!("{}: {}", record.label(action), agenda::words(record, put, today)),
            None => agenda::words(record, put, today),
        })
        .collect();
    html! {
        @if !unseen.is_empty() {
            h2 { "Not decided here" }
            p { "This has been put since you opened the page. It stays as it is, and stands on the page when you open it again." }
            ul { @for words in unseen { li { (words) } } }
        }
    }
}
