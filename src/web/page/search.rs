//! Search over references, texts and leads of every plan.
//!
//! Owns the page. The store finds rows, this file looks at them again as the reader may read them, names them and marks the
//! words.

use axum::extract::{RawQuery, State};
use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    domain::{
        access::{self, Actor},
        action::Action,
        plan::Record,
        round::RoundState,
        text::plural,
    },
    link::path,
    store::{
        self,
        record::Depth,
        search::{Found, Place, Scope},
    },
    web::{
        App,
        error::WebError,
        form::Fields,
        guard::Me,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, submit},
            form::{FieldError, Inputs},
            kit::empty,
        },
    },
};

mod excerpt;
use excerpt::{Excerpt, excerpt, is};

/// The most that is shown.
const MOST: usize = 100;
/// The longest that somebody can search for, in characters.
const LONGEST: usize = 200;

pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let typed = query.raw("q");
    let words = crate::domain::text::fold(&typed.replace('\0', ""));
    if words.is_empty() {
        return Ok(Sheet::new(["Search"], page(typed, &[], None)));
    }
    if words.chars().count() > LONGEST {
        let error = FieldError::new("q", format!("Search for at most {LONGEST} characters"));
        return Ok(Sheet::new(["Search"], page(typed, &[error], None)).rejected(true));
    }
    let today = app.cx.clock.today();
    let records = store::record::all(&app.cx.store, &actor, Depth::Everything).await?;
    let scope = scope(&records, &actor, today);
    let records: Vec<Record> =
        records.into_iter().map(|record| access::readable(&actor, record, today).0).collect();
    // One more than is shown, so that it is known whether there is more.
    let found = store::search::find(&app.cx.store, &words, &scope, MOST as u64 + 1).await?;
    let mut plans: Vec<(&Record, Vec<Hit>)> =
        records.iter().map(|record| (record, hits(record, &found, &words))).collect();
    plans.retain(|(_, hits)| !hits.is_empty());
    let results = Results { words: &words, plans };
    Ok(Sheet::new([format!("Search: {words}")], page(typed, &[], Some(&results))))
}

/// What this person may find of updates.
fn scope(records: &[Record], actor: &Actor, today: NaiveDate) -> Scope {
    let reads_all = |r: &&Record| access::reads_unpublished(actor, r);
    let reads_unaccepted = |r: &&Record| access::reads_unaccepted(actor, r);
    Scope {
        plans: records.iter().map(|r| r.plan.id).collect(),
        open: records.iter().filter(reads_all).map(|r| r.plan.id).collect(),
        unaccepted: records.iter().filter(reads_unaccepted).map(|r| r.plan.id).collect(),
        published: records
            .iter()
            .flat_map(|r| &r.rounds)
            .filter(|round| round.state_at(today) == RoundState::Published)
            .map(|round| round.id)
            .collect(),
    }
}

/// What was looked for, and what was found of it in each plan.
struct Results<'a> {
    words: &'a str,
    plans: Vec<(&'a Record, Vec<Hit>)>,
}

/// One find, ready to be shown.
struct Hit {
    /// Whether it is a reference that says exactly the words.
    exact: bool,
    /// For the order: the place in the table, then what is found there.
    order: (i32, u8),
    href: String,
    name: String,
    place: String,
    excerpt: Excerpt,
}

/// The finds in one plan, in the order of its table.
fn hits(record: &Record, found: &[Found], words: &str) -> Vec<Hit> {
    let in_plan = found.iter().filter(|f| f.plan == record.plan.id);
    let mut hits: Vec<Hit> = in_plan.filter_map(|f| hit(record, f, words)).collect();
    // Actions without a reference are named by their place, which no row holds.
    hits.extend(record.actions.iter().filter(|a| a.recommendation.is_none()).filter_map(|action| {
        let excerpt = excerpt(&action.label, words)?;
        Some(of_action(action, 0, is(&action.label, words), "Name".to_owned(), excerpt))
    }));
    // An action whose reference is exactly what was typed comes first, with all that is found in it.
    let exact: Vec<String> = hits.iter().filter(|hit| hit.exact).map(|hit| hit.name.clone()).collect();
    hits.sort_by_key(|hit| (!exact.contains(&hit.name), hit.order));
    hits
}

fn hit(record: &Record, found: &Found, words: &str) -> Option<Hit> {
    // The lead as the reader may read it: in public without people's names.
    let lead = match found.place {
        Place::Action(id) => Some(&record.action(id)?.lead_wording),
        _ => None,
    };
    let (name, text, excerpt) = found.texts.iter().find_map(|(name, text)| {
        let text = lead.filter(|_| *name == "Lead").unwrap_or(text);
        Some((*name, text, excerpt(text, words)?))
    })?;
    let exact = name.ends_with("eference") && is(text, words);
    let name = record.words.say(name);
    match found.place {
        Place::Action(id) => Some(of_action(record.action(id)?, 1, exact, name, excerpt)),
        Place::Update(id, update, round) => {
            let update = record.action(id)?.updates.iter().find(|u| u.id == update)?;
            let read = [
                Some(&update.narrative),
                update.next_steps.as_ref(),
                update.put_right.as_ref(),
                update.outcome.as_ref(),
            ];
            if !read.contains(&Some(text)) {
                return None;
            }
            let round = match round.and_then(|id| record.round(id)) {
                Some(round) => format!("{name} for {}", round.label),
                None => format!("{name}, written between rounds"),
            };
            Some(of_action(record.action(id)?, 2, exact, round, excerpt))
        }
        Place::Recommendation(id) => {
            let recommendation = record.recommendation(id)?;
            let its_action = record.actions.iter().find(|a| a.recommendation == Some(id));
            if let Some(action) = its_action {
                return Some(of_action(action, 0, exact, name, excerpt));
            }
            let reference = recommendation.reference.as_deref().unwrap_or("Recommendation");
            Some(Hit {
                exact,
                order: (i32::MAX, 0),
                href: path::plan(&record.plan.slug),
                name: format!("{reference} (no action yet)"),
                place: name,
                excerpt,
            })
        }
    }
}

fn of_action(action: &Action, kind: u8, exact: bool, place: String, excerpt: Excerpt) -> Hit {
    Hit {
        exact,
        order: (action.position, kind),
        href: path::action(action.id),
        name: format!("{}: {}", action.label, action.title()),
        place,
        excerpt,
    }
}

fn page(typed: &str, errors: &[FieldError], results: Option<&Results<'_>>) -> Markup {
    let inputs = Inputs::new(errors);
    html! {
        (inputs.summary())
        h1 { "Search" }
        form method="get" action=(path::SEARCH) role="search" novalidate {
            (inputs.text("q", "Search for", typed)
                .hint("A reference, words from a recommendation, an action or an update, or a lead"))
            (button_group([submit("Search", Kind::Primary)]))
        }
        @if let Some(results) = results { (results_view(results)) }
    }
}

fn results_view(Results { words, plans }: &Results<'_>) -> Markup {
    let found: usize = plans.iter().map(|(_, hits)| hits.len()).sum();
    if found == 0 {
        return empty(
            &format!("Nothing found for “{words}”"),
            "Try a shorter word, or a reference as it is printed. Capitals make no difference.",
            None,
        );
    }
    let mut left = MOST;
    let shown = plans.iter().filter_map(|(record, hits)| {
        let take = hits.len().min(left);
        left -= take;
        (take > 0).then(|| (*record, &hits[..take]))
    });
    html! {
        p {
            @if found > MOST { "The first " (MOST) " places that hold “" (words) "”. Search for more of the words to see fewer." }
            @else { (plural(found, "place holds", "places hold")) " “" (words) "”." }
        }
        @for (record, hits) in shown {
            h2 { a href=(path::plan(&record.plan.slug)) { (record.plan.title) } }
            ul {
                // What is found in one action stands under its name once.
                @for of_one in hits.chunk_by(|a, b| a.name == b.name) {
                    li {
                        @if let Some(first) = of_one.first() { a href=(first.href) { (first.name) } }
                        @for Hit { place, excerpt, .. } in of_one {
                            p { span class="soft" { (place) ": " } (excerpt.before) mark { (excerpt.found) } (excerpt.after) }
                        }
                    }
                }
            }
        }
    }
}
