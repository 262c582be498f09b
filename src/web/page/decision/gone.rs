//! What was settled between opening the page and sending it: what became of each thing, and what was typed about it.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::form;
use crate::{
    domain::{
        action::State,
        agenda::{self, Put, agreement_words},
        decision::Outcome,
        plan::Record,
        text,
    },
    store::decision::Sitting,
    web::{
        form::Fields,
        view::kit::{notice, paragraphs},
    },
};

/// What has changed since the page was opened, in words; none: nothing that it was about.
pub(super) fn since(sitting: &Sitting, fields: &Fields, today: NaiveDate) -> Option<Markup> {
    let waiting: Vec<String> = sitting.put(today).into_iter().map(|(_, put)| put.key()).collect();
    let gone: Vec<&str> = fields.all("item").filter(|item| !waiting.iter().any(|key| key == item)).collect();
    let seen = sitting.resolutions.last().map(|r| r.id.to_string()).unwrap_or_default();
    if gone.is_empty() && fields.raw("seen") == seen {
        return None;
    }
    Some(notice(
        "This has changed while you were writing",
        html! {
            p { "Nothing of this page has been recorded. Everything else that you typed is still below: look through it, and go on." }
            @if gone.is_empty() {
                p { "More was recorded of this meeting in the meantime: it stands at the end of this page." }
            } @else {
                ul { @for key in gone { li { (became(sitting, key, fields, today)) } } }
            }
        },
    ))
}

fn became(sitting: &Sitting, key: &str, fields: &Fields, today: NaiveDate) -> Markup {
    let Some((record, put)) = find(sitting, key) else {
        return html! { "Something that was put to the meeting is not there any more." };
    };
    let label = put.action().map_or(String::new(), |action| format!("{}: ", record.label(action)));
    let outcome = Outcome::from_code(fields.raw(&form::outcome(put)));
    let reason = fields.raw(&form::reason(put));
    html! {
        strong { (label) (agenda::words(record, put, today)) } ": " (how(record, put, today)) "."
        @if let Some(outcome) = outcome { " You had chosen “" (outcome.words()) "”." }
        @if !reason.trim().is_empty() { " Your reason was:" (paragraphs(reason)) }
    }
}

/// "granted by the Scrutiny Panel on 19 February 2018", "it is open again".
fn how(record: &Record, put: Put, today: NaiveDate) -> String {
    if let Some(decided) = record.decided.iter().rfind(|d| put.is_in(d)) {
        let (panel, on) = (&decided.resolution.panel, text::day(decided.resolution.on));
        return format!("{} by {panel} on {on}, recorded meanwhile", decided.outcome.words().to_lowercase());
    }
    match put {
        Put::Extension(action, revision) => {
            let action = record.action(action);
            let asked = action.and_then(|a| a.revisions.iter().find(|r| r.id == revision));
            match (asked.and_then(|r| r.decision.as_ref()), action.map(|a| a.state_at(today))) {
                (Some(decision), _) => {
                    format!("{} by {} on {}", decision.outcome.code(), decision.by, text::day(decision.on))
                }
                (None, Some(state)) => format!("the action is now: {}", state.words().to_lowercase()),
                (None, None) => "it is not there any more".to_owned(),
            }
        }
        Put::Completion(action, change) | Put::Merge(action, change) => {
            let Some(action) = record.action(action) else { return "it is not there any more".to_owned() };
            let change = action.states.iter().find(|s| s.id == Some(change));
            match change.and_then(|c| agreement_words(record, c)) {
                Some(agreed) => agreed,
                None => format!("the action is now: {}", action.state_at(today).words().to_lowercase()),
            }
        }
        Put::Variation(..) => "it is not put to the meeting any more".to_owned(),
    }
}

/// What a key stands for, wherever it stands now.
fn find<'a>(sitting: &'a Sitting, key: &str) -> Option<(&'a Record, Put)> {
    sitting.records.iter().find_map(|record| {
        let of_actions = record.actions.iter().flat_map(|action| {
            let changes = action.states.iter().filter_map(|s| match s.state {
                State::Merged => Some(Put::Merge(action.id, s.id?)),
                state if state.is_complete() => Some(Put::Completion(action.id, s.id?)),
                _ => None,
            });
            changes.chain(action.revisions.iter().map(|r| Put::Extension(action.id, r.id)))
        });
        let of_recommendations = record
            .recommendations
            .iter()
            .flat_map(|r| r.variations.iter().filter_map(|v| Some(Put::Variation(r.id, v.id?))));
        of_actions.chain(of_recommendations).find(|put| put.key() == key).map(|put| (record, put))
    })
}
