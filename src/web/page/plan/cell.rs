//! The cells of the plan's table: what stands in each, in words.

use maud::{Markup, html};

use super::{line::Cell, table::Sight};
use crate::{
    domain::{
        action::{Recommendation, Response, State},
        agenda::{self, Varied},
        exempt,
        id::ActionId,
        paper::late_for,
        plan::Record,
        post::Lead,
        question::{Question, QuestionState},
        rating::{Disagreement, Rating, Suggested},
        standing::Standing,
        text::{self, plural},
        update::Update,
    },
    link::path,
    web::{
        page::{action::say, update::review},
        view::{
            kit::paragraphs,
            rating::{flag, grey_words, panel_rating_tag, rating_tag, suggestion},
        },
    },
};

pub(super) fn recommendation(sight: Sight<'_>, one: &Recommendation) -> Markup {
    html! {
        @if let Some(printed) = &one.printed { p { strong { (printed) ")" } } }
        (paragraphs(&one.text))
        @for varied in agenda::variations(sight.record, one, sight.day) { (variation(sight, varied)) }
        (response(one, sight))
        (say::conclusion(sight.record, one, sight.day))
        @if sight.reader.edits_recommendations {
            p class="no-print" {
                a href=(path::edit_recommendation(one.id)) {
                    "Edit" span class="visually-hidden" { " recommendation " (name(one)) }
                }
            }
        }
    }
}

fn variation(sight: Sight<'_>, varied: Varied<'_>) -> Markup {
    let of = varied.variation;
    html! {
        div class="aside" {
            p {
                strong { @if varied.is_refused() { (sight.record.words.say("Variation put to the {panel}")) } @else { "Varied" } }
                ", agreed by " (of.agreed_by)
                @if let Some(on) = of.agreed_on { " on " (text::day(on)) }
            }
            p { span class="soft" { "Was: " } (of.was) }
            p { span class="soft" { @if varied.is_refused() { "It would have been: " } @else { "Now: " } } (of.now) }
            (say::said_to_variation(varied))
        }
    }
}

fn response(one: &Recommendation, sight: Sight<'_>) -> Markup {
    let (record, words, day) = (sight.record, &sight.record.words, sight.day);
    let given = one.response.filter(|_| one.response_on.is_none_or(|on| on <= day));
    html! {
        @if let Some(response) = given {
            p { strong { (words.say("{Executive} response: ")) (response.words().to_lowercase()) }
                @if let Some(on) = one.response_on { ", " (text::day(on)) } }
            @if let Some(reasons) = &one.response_text { (paragraphs(reasons)) }
        } @else if let Some(due) = record.response_due_on(one, day) {
            p class="soft" { (words.say("{Executive} response due by ")) (text::day(due)) }
        }
    }
}

pub(super) fn no_action(sight: Sight<'_>, alone: Option<&Recommendation>) -> Markup {
    let Some(alone) = alone else { return Markup::default() };
    if alone.response.is_some_and(Response::is_unrated) {
        return grey_words("No action: not rated");
    }
    let new = path::new_action(&sight.record.plan.slug);
    html! {
        p { (grey_words("No action yet")) }
        @if sight.reader.edits {
            p class="no-print" {
                a href={ (new) "?recommendation=" (alone.id) } {
                    "Add an action" span class="visually-hidden" { " to " (name(alone)) }
                }
            }
        }
    }
}

/// What a recommendation is called.
fn name(one: &Recommendation) -> String {
    one.reference.clone().unwrap_or_else(|| text::short_title(&one.text))
}

pub(super) fn action(sight: Sight<'_>, standing: &Standing<'_>) -> Markup {
    let action = standing.action;
    html! {
        p {
            a href=(path::action(action.id)) {
                strong { (action.label) }
                @match &action.short_title {
                    Some(title) => { ": " (title) }
                    None => span class="visually-hidden" { ": " (text::short_title(&action.text)) },
                }
            }
        }
        (paragraphs(&action.text))
        @if !action.themes.is_empty() {
            p class="soft" { "Themes: " (action.themes.join(", ")) }
        }
        (facts(sight, standing))
    }
}

/// What became of the action, and what the facts say where that is more than what is reported.
fn facts(sight: Sight<'_>, standing: &Standing<'_>) -> Markup {
    let says = &standing.suggestion;
    let in_words = text::initial_capital(&says.reason);
    let agrees = says.rating == Suggested::Complete && standing.reported == Rating::Complete;
    html! {
        @if let Some(own) = standing.panel {
            p { (panel_rating_tag(&sight.record.plan.key.entry(own.rating), &sight.record.words)) }
        }
        @if let Some(words) = questions(sight, standing) { p { (grey_words(words)) } }
        @match standing.state {
            State::Merged => p { (merged(sight.record, standing.change.and_then(|c| c.into))) },
            State::NoFurtherAction => p { (no_further_action(standing)) },
            State::Complete | State::CompleteContinuing if says.rating == Suggested::Complete => {
                p class="soft" { (in_words) }
            }
            State::Open | State::Complete | State::CompleteContinuing => {}
        }
        @if says.rating == Suggested::NotRated {
            @if standing.state != State::NoFurtherAction { p { (grey_words(format!("Not rated: {}", says.reason))) } }
        } @else if !(agrees || standing.state.is_complete()) {
            (suggestion(says.rating, &in_words))
        }
        @match standing.disagreement() {
            Some(Disagreement::FactsWorse) => p { (flag("The rating and the facts disagree")) },
            Some(Disagreement::LeadMoreWorried) => p { (flag("The lead is more worried than the facts")) },
            None => {}
        }
    }
}

/// "1 question from the panel awaiting an answer"; none: no question that the reader may read is open.
fn questions(sight: Sight<'_>, standing: &Standing<'_>) -> Option<String> {
    let at = |state| move |q: &&Question| q.state_at(sight.day) == Some(state);
    let count = |state| standing.action.questions.iter().filter(at(state)).count();
    let (waiting, answered) = (count(QuestionState::PassedOn), count(QuestionState::Answered));
    let (what, n) = match (waiting, answered) {
        (0, 0) => return None,
        (0, n) => ("answered", n),
        (n, _) => ("awaiting an answer", n),
    };
    let words = &sight.record.words;
    let (one, many) = (words.say("question from the {panel}"), words.say("questions from the {panel}"));
    Some(format!("{} {what}", plural(n, &one, &many)))
}

fn merged(record: &Record, into: Option<ActionId>) -> Markup {
    match into {
        Some(into) => {
            grey_words(html! { "Merged into " a href=(path::action(into)) { (record.label(into)) } })
        }
        None => grey_words("Merged"),
    }
}

fn no_further_action(standing: &Standing<'_>) -> Markup {
    let agreed = standing.change.and_then(|c| c.agreed.as_ref());
    grey_words(match agreed {
        Some(agreed) => format!("No further action, agreed by {} on {}", agreed.by, text::day(agreed.on)),
        None => "No further action".to_owned(),
    })
}

pub(super) fn by_when(standing: &Standing<'_>) -> Markup {
    let original = standing.action.original();
    let first = original.filter(|o| standing.deadline.is_some_and(|now| now.id != o.id));
    html! {
        @match standing.deadline.filter(|d| !d.wording.is_empty()) {
            Some(deadline) => {
                p { (deadline.wording) }
                @if deadline.how.starts_with("year assumed") { p class="soft" { (text::initial_capital(&deadline.how)) } }
            }
            None => p { (grey_words("No date given")) },
        }
        @if let Some(days) = standing.overdue_days {
            p { (flag(format!("Overdue by {}", plural(days, "day", "days")))) }
        }
        @if let Some(first) = first { p class="soft" { "First agreed: " (first.wording) } }
        @if let Some(slippage) = &standing.slippage { p class="soft" { (text::initial_capital(slippage)) } }
        @if let Some(asked) = standing.asked { p { (asked.wording) " asked for" } }
    }
}

pub(super) fn lead(sight: Sight<'_>, standing: &Standing<'_>) -> Markup {
    let wording = standing.action.lead_wording.trim();
    html! {
        @if wording.is_empty() { p { (grey_words("No lead named")) } } @else { p { (wording) } }
        @if sight.reader.sees_holders {
            @for words in holders(sight, standing) { p class="soft" { (words) } }
        }
    }
}

/// Who holds the posts on the day, where that says more than the post's own name does.
fn holders(sight: Sight<'_>, standing: &Standing<'_>) -> Vec<String> {
    let joint = standing.action.leads.len() > 1;
    let posts = standing.action.leads.iter().filter_map(|lead| match lead {
        Lead::Post { post, .. } => sight.record.post(*post),
        Lead::Person(_) | Lead::OutsideBody(_) => None,
    });
    posts
        .filter_map(|post| {
            let names: Vec<String> = post.holder_names(sight.day).collect();
            let who = match names.as_slice() {
                [] => "vacant".to_owned(),
                [only] if only.eq_ignore_ascii_case(&post.name) => return None,
                names => text::list(names),
            };
            Some(if joint { format!("{}: {who}", post.name) } else { text::initial_capital(&who) })
        })
        .collect()
}

pub(super) fn resource(standing: &Standing<'_>) -> Markup {
    let action = standing.action;
    html! {
        @if action.resource.is_empty() {
            @if let Some(kind) = action.resource_kind { p { (kind.words()) } }
        } @else { p { (action.resource) } }
        @if let Some(pence) = action.resource_pence { p { (pounds(pence)) } }
    }
}

/// `£1,200`, `£1,200.50`.
fn pounds(pence: i64) -> String {
    let (whole, rest) = (pence / 100, pence % 100);
    let digits = whole.to_string();
    let mut words = String::from("£");
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    if rest > 0 {
        words.push_str(&format!(".{rest:02}"));
    }
    words
}

pub(super) fn update(sight: Sight<'_>, standing: &Standing<'_>, cell: Cell<'_>) -> Markup {
    match cell {
        Cell::Update(update, others) => written(sight, standing, update, others),
        Cell::Gap(words) => html! { p { (flag(words)) } },
        Cell::Settled(State::Merged, into) => html! { p { (merged(sight.record, into)) } },
        Cell::Settled(State::NoFurtherAction, _) => html! { p { (grey_words("No further action")) } },
        Cell::Settled(_, _) => html! { p { (grey_words("Complete before this round")) } },
        Cell::NotYet => html! { p { (grey_words("Not yet in the plan")) } },
        Cell::Blank => Markup::default(),
    }
}

fn written(sight: Sight<'_>, standing: &Standing<'_>, update: &Update, others: usize) -> Markup {
    let late = late_for(sight.record, update).is_some();
    html! {
        p { (rating_tag(&sight.record.plan.key.entry(update.reported))) }
        @if let Some(words) = review::state_words(update) { p { (grey_words(words)) } }
        @if let Some(paragraph) = update.exempt { p { (grey_words(exempt::tag(paragraph))) } }
        (paragraphs(&update.narrative))
        @for (name, words) in [("Next", &update.next_steps), ("To put it right", &update.put_right)] {
            @if let Some(words) = words { p { strong { (name) ": " } (words) } }
        }
        @if late { p class="soft" { "Received after the papers closed" } }
        @if others > 0 {
            p {
                a href=(path::action(standing.action.id)) {
                    (plural(others, "earlier update", "earlier updates"))
                    span class="visually-hidden" { " of " (standing.action.label) " in this round" }
                }
            }
        }
    }
}
