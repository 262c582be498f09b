//! The filter above a plan's table, and the way to older rounds.

use maud::{Markup, html};

use super::{
    lens::{Lens, Show, Sort},
    line::{LATEST_ROUNDS, Line},
};
use crate::{
    domain::{
        action::{Action, State},
        plan::Record,
        post::Lead,
        rating::{Rating, Suggested},
        text::plural,
    },
    link::path,
    web::view::{
        button::hidden,
        form::{Choice, FieldError, Inputs, filter_panel},
    },
};

/// The filter, with how much it lets through.
pub(super) fn filter(record: &Record, lens: &Lens, shown: &[Line<'_>], errors: &[FieldError]) -> Markup {
    let f = Inputs::new(errors);
    let (lead, themes) = (lens.lead_code(), themes(record));
    let key = &record.plan.key;
    let any = |words: &'static str| std::iter::once(Choice::new("", words));
    let reported = Rating::ALL.iter().filter(|r| {
        let used = record.actions.iter().any(|a| a.updates.iter().any(|u| u.reported == **r));
        used || !r.is_recorded() || key.entries().any(|e| e.rating == **r)
    });
    let rated = Rating::ALL
        .iter()
        .filter(|r| record.actions.iter().any(|a| a.panel_ratings.iter().any(|p| p.rating == **r)));
    let fields = html! {
        (f.select("lead", "Lead", &lead, any("Everyone").chain(leads(record))))
        (f.select("rating", "Reported rating", lens.rating.map_or("", Rating::code),
            any("Any").chain(reported.map(|r| Choice::new(r.code(), key.word(*r))))))
        (f.select("suggested", "What the facts say", lens.suggested.map_or("", Suggested::code),
            any("Anything").chain(Suggested::ALL.iter().map(|s| Choice::new(s.code(), s.words())))))
        @if record.actions.iter().any(|a| !a.panel_ratings.is_empty()) {
            (f.select("panel", record.words.say("The {panel’s} rating"), lens.panel.map_or("", Rating::code),
                any("Any").chain(rated.map(|r| Choice::new(r.code(), key.word(*r))))))
        }
        (f.select("state", "State", lens.state.map_or("", State::code),
            any("Any").chain(State::ALL.iter().map(|s| Choice::new(s.code(), s.words())))))
        @if !themes.is_empty() {
            (f.select("theme", "Theme", &lens.theme,
                any("Any").chain(themes.iter().map(|theme| Choice::new(*theme, theme)))))
        }
        (f.select("show", "Show", lens.show.map_or("", Show::code),
            any("All actions").chain(Show::ALL.into_iter().map(|s| Choice::new(s.code(), s.words())))))
        (f.text("q", "Words in the text", &lens.words))
        (f.text("as-at", "As at a day", &lens.as_at))
        (f.checkbox("overdue", "Overdue", lens.overdue))
        (f.checkbox("no-update", "No update received", lens.no_update))
        // What the form does not ask must not be lost when it is sent.
        @if lens.sort != Sort::Table { (hidden("sort", lens.sort.code())) }
        @if lens.all_rounds { (hidden("rounds", "all")) }
    };
    let clear = path::plan(&record.plan.slug);
    let can_clear = lens.is_filtered() || !lens.as_at.is_empty();
    let open = can_clear || !errors.is_empty();
    filter_panel(&clear, &showing(record, shown), open, fields, can_clear.then_some(&*clear))
}

/// "5 of 22 actions shown", and recommendations that have none.
pub(super) fn showing(record: &Record, shown: &[Line<'_>]) -> String {
    let actions = shown.iter().filter(|l| l.standing.is_some()).count();
    let all = plural(record.actions.len(), "action", "actions");
    let alone = match shown.len() - actions {
        0 => String::new(),
        n => format!(", and {} without one", plural(n, "recommendation", "recommendations")),
    };
    format!("{actions} of {all} shown{alone}")
}

fn leads(record: &Record) -> Vec<Choice<'static>> {
    let leads_here = |id| {
        let is = |lead: &Lead| matches!(lead, Lead::Post { post, .. } if *post == id);
        record.actions.iter().any(|a| a.leads.iter().any(is))
    };
    let has_none = |a: &Action| !a.leads.iter().any(|l| matches!(l, Lead::Post { .. }));
    let posts = record.posts.iter().filter(|p| leads_here(p.id));
    let mut choices: Vec<Choice<'static>> = posts.map(|p| Choice::new(p.id.to_string(), &p.name)).collect();
    if record.actions.iter().any(has_none) {
        choices.push(Choice::new("none", "No post (N/A, a body outside)"));
    }
    choices
}

fn themes(record: &Record) -> Vec<&str> {
    let mut themes: Vec<&str> = record.actions.iter().flat_map(|a| &a.themes).map(String::as_str).collect();
    themes.sort_unstable_by_key(|t| t.to_lowercase());
    themes.dedup_by_key(|t| t.to_lowercase());
    themes
}

/// What is shown, as files.
pub(super) fn files(slug: &str, lens: &Lens) -> Markup {
    let query = lens.query();
    let files = [("CSV", path::EXPORT_CSV), ("Excel", path::EXPORT_XLSX), ("JSON", path::EXPORT_JSON)];
    html! {
        nav class="no-print" aria-label="Export" {
            ul class="sort" {
                li { "Export what is shown here as" }
                @for (words, file) in files {
                    li { a href={ (path::plan(slug)) (file) (query) } { (words) } }
                }
            }
        }
    }
}

/// The way to older rounds, and back.
pub(super) fn rounds(record: &Record, lens: &Lens, rounds: usize) -> Markup {
    let slug = &record.plan.slug;
    html! {
        @if rounds > LATEST_ROUNDS {
            p class="no-print" {
                @if lens.all_rounds {
                    a href=(lens.with(|l| l.all_rounds = false).address(slug)) { "Show the latest two rounds only" }
                } @else {
                    a href=(lens.with(|l| l.all_rounds = true).address(slug)) { "Show all " (rounds) " rounds" }
                }
            }
        }
    }
}
