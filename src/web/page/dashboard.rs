//! A plan's dashboard: how things stand at the end of a day, in a sentence, in counts that lead to what they count, and
//! round by round.
//!
//! Owns the page and the choice of the day. What is counted is in [`crate::domain::dashboard`]; the parts of the page are
//! beside this file, and `dashboard/present.rs` is the same to be read from two metres. A reader who may not read unpublished updates gets figures in which there are none.

use std::collections::HashSet;

use axum::extract::{RawQuery, State};
use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    domain::{
        access,
        dashboard::{Dashboard, Past, RecordedLater},
        id::{ActionId, UpdateId},
        plan::Record,
        rating::{Disagreement, KeyEntry, RagKey, Rating},
        round::{Round, RoundState},
        text,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, one_day},
        guard::Me,
        sheet::Sheet,
        view::{
            button::{Kind, hidden, submit},
            form::{FieldError, Inputs, Width},
            kit::{Link, details, empty, notice},
            rating::suggested_key,
        },
    },
};

mod apart;
mod change;
mod counts;
mod dates;
mod group;
mod present;
mod recommendation;
mod strip;
mod table;

/// The name of the day in the address, here and on the plan's page.
pub(super) const AS_AT: &str = "as-at";
/// The name of the round from which changes are counted.
const SINCE: &str = "since";
/// What the address says, with or without a value, for the view that is read from two metres.
const PRESENT: &str = "present";

pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let store = &app.cx.store;
    let record =
        store::record::by_slug(store, &actor, &slug, Depth::Everything).await?.ok_or(WebError::NotFound)?;
    let evidence = store::update::evidenced(store, record.plan.id).await?;
    let today = app.cx.clock.today();
    let (record, reads_all) = access::readable(&actor, record, today);
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let (day, errors) = match chosen_day(&query, today) {
        Ok(day) => (day, Vec::new()),
        Err(error) => (today, vec![error]),
    };
    let board = Dashboard::at(&record, day, |r| reads_all || r.state_at(today) == RoundState::Published);
    let later = match day < today {
        true => store::audit::decided_after(store, &[record.plan.id], day).await?,
        false => Vec::new(),
    };
    let later: Vec<Option<ActionId>> = later.into_iter().map(|(_, action)| action).collect();
    let wanted = query.raw(SINCE).parse().ok();
    let chosen = board.earlier_rounds().find(|r| Some(r.id.0) == wanted);
    let page = Page {
        record: &record,
        board: &board,
        past: &board.past(),
        later: board.recorded_later(&later),
        key: whole_key(&record.plan.key),
        evidenced: evidenced(&record, &evidence),
        today,
        reads_all,
        since: chosen.or(board.earlier_rounds().next_back()),
        chosen: chosen.is_some(),
        typed: query.raw(AS_AT),
        errors: &errors,
    };
    let title = &record.plan.title;
    if query.ticked(PRESENT) && errors.is_empty() {
        let back = page.here(None);
        return Ok(Sheet::new(["Dashboard, to be read from afar", title], page.presented())
            .back(back, "Back to the dashboard")
            .presented());
    }
    Ok(Sheet::new(["Dashboard", title], page.content())
        .crumbs([(path::PLANS.to_owned(), "Plans"), (path::plan(&slug), title)])
        .rejected(!errors.is_empty()))
}

/// The day that the address asks for; today where it asks for none.
pub(super) fn chosen_day(query: &Fields, today: NaiveDate) -> Result<NaiveDate, FieldError> {
    let typed = query.raw(AS_AT).trim();
    if typed.is_empty() {
        return Ok(today);
    }
    let day = one_day(typed).map_err(|message| FieldError::new(AS_AT, message))?;
    if day > today {
        let today = text::day(today);
        let words = format!("Enter a day up to today, {today}: what the record will say later is not known");
        return Err(FieldError::new(AS_AT, words));
    }
    Ok(day)
}

/// What counts from the day on which it was decided, and could not be read on that day.
fn recorded_later(later: &RecordedLater<'_, '_>) -> Markup {
    html! {
        @if !later.is_empty() {
            (notice("Recorded later", html! {
                "What was decided counts here from the day of the decision. Decided by the day you chose and recorded after \
                 it: "
                (table::which(&later.actions, None))
                @if later.recommendations > 0 {
                    @if !later.actions.is_empty() { ", and " }
                    (text::plural(later.recommendations, "decision", "decisions")) " on recommendations"
                }
                ". The papers of a round say what was known when they were made."
            }))
        }
    }
}

/// An entry for every kind of rating: the key's own in its order, then what it leaves out, then "not recorded".
fn whole_key(key: &RagKey) -> Vec<KeyEntry> {
    let mut entries: Vec<KeyEntry> = key.entries().cloned().collect();
    let left_out = Rating::ALL.iter().filter(|r| r.is_recorded() && key.entries().all(|e| e.rating != **r));
    entries.extend(left_out.map(|r| key.entry(*r)));
    entries.push(key.entry(Rating::NotRecorded));
    entries
}

/// The actions with evidence, of their own or of an update that the record holds.
pub(super) fn evidenced(record: &Record, evidence: &[(ActionId, Option<UpdateId>)]) -> HashSet<ActionId> {
    let seen: HashSet<UpdateId> = record.actions.iter().flat_map(|a| &a.updates).map(|u| u.id).collect();
    let is_seen = |(_, update): &&(ActionId, Option<UpdateId>)| update.is_none_or(|u| seen.contains(&u));
    evidence.iter().filter(is_seen).map(|(action, _)| *action).collect()
}

/// Everything that the page shows.
struct Page<'a> {
    record: &'a Record,
    board: &'a Dashboard<'a>,
    past: &'a Past<'a, 'a>,
    later: RecordedLater<'a, 'a>,
    key: Vec<KeyEntry>,
    /// The actions for which evidence is recorded that this reader may see.
    evidenced: HashSet<ActionId>,
    today: NaiveDate,
    reads_all: bool,
    /// The earlier round from which changes are counted.
    since: Option<&'a Round>,
    /// Whether the address names it.
    chosen: bool,
    typed: &'a str,
    errors: &'a [FieldError],
}

impl Page<'_> {
    fn content(&self) -> Markup {
        let plan = &self.record.plan;
        let inputs = Inputs::new(self.errors);
        html! {
            (inputs.summary())
            h1 { span class="caption" { (plan.title) } " Dashboard" }
            p class="lead-sentence" { (self.board.sentence()) }
            (self.basis())
            (self.choose_day(inputs))
            @if self.board.total() == 0 {
                (empty(
                    "There is nothing to count",
                    "This plan had no actions on that day.",
                    Some(Link::new(&path::plan(&plan.slug), "Go to the plan")),
                ))
            } @else {
                p class="no-print" { a href=(self.here(Some(PRESENT))) { "Show it large, to be read from two metres" } }
                (self.look_first())
                (self.counts())
                (details("What the suggestions mean", suggested_key(&self.record.words)))
                h2 { "Where the rating and the facts disagree" }
                (self.disagreements())
                h2 id="changed" { "What has changed" }
                (self.changes())
                h2 { "Ratings by round" }
                (self.heat(true))
                (self.travel())
                h2 { "Deadlines, first agreed and now" }
                (self.dates())
                h2 { "Recommendations" }
                (self.recommendations())
                h2 { "By lead" }
                (self.by_lead())
                h2 { "By theme" }
                (self.by_theme())
                h2 { "Complete, merged and closed" }
                (self.apart())
                p {
                    @if let Some(panel) = plan.panel_id {
                        a href=(path::panel_dashboard(panel)) {
                            "All plans of the " (plan.panel.as_deref().unwrap_or_default())
                        }
                        ", "
                    }
                    a href=(path::PLANS) { "all plans with their counts" }
                }
            }
        }
    }

    /// What the figures rest on, as far as a reader has to know.
    fn basis(&self) -> Markup {
        let agreed = self.record.plan.agreed_on.filter(|agreed| *agreed > self.board.day);
        html! {
            @if let Some(agreed) = agreed {
                (notice("Before the plan was agreed", html! {
                    "The plan was agreed on " (text::day(agreed)) ", after the day you chose."
                }))
            }
            (recorded_later(&self.later))
            p class="soft small" {
                @if !self.reads_all { "Counted from what is published. " }
                @if self.board.has_undated_updates() {
                    "Updates whose day of writing is not recorded count from their round’s date; a round that names "
                    "only a month counts from the last day of that month."
                }
            }
        }
    }

    fn choose_day(&self, inputs: Inputs<'_>) -> Markup {
        let here = path::dashboard(&self.record.plan.slug);
        html! {
            form class="beside" method="get" action=(here) novalidate {
                (inputs.text(AS_AT, "As at the end of", self.typed)
                    .hint("Any day up to today, for example 7 December 2017. Left empty: today")
                    .width(Width::W20))
                @if let Some(since) = self.since.filter(|_| self.chosen) { (hidden(SINCE, &since.id.to_string())) }
                div class="button-group" {
                    (submit("Show that day", Kind::Secondary))
                    @if self.board.day != self.today { a href=(here) { "Show today" } }
                }
            }
        }
    }

    /// The plan's page with a filter, as at the same day.
    fn plan_link(&self, filter: &str) -> String {
        let plan = path::plan(&self.record.plan.slug);
        match self.as_at() {
            Some(day) => format!("{plan}?{filter}&{AS_AT}={day}"),
            None => format!("{plan}?{filter}"),
        }
    }

    /// This page again, as at the same day and since the same round; with one word more in its address, or without.
    fn here(&self, word: Option<&str>) -> String {
        let day = self.as_at().map(|day| format!("{AS_AT}={day}"));
        let since = self.since.filter(|_| self.chosen).map(|round| format!("{SINCE}={}", round.id));
        let query: Vec<String> = word.map(str::to_owned).into_iter().chain(day).chain(since).collect();
        let here = path::dashboard(&self.record.plan.slug);
        if query.is_empty() { here } else { format!("{here}?{}", query.join("&")) }
    }

    /// The day for an address, where it is not today.
    fn as_at(&self) -> Option<NaiveDate> {
        Some(self.board.day).filter(|day| *day != self.today)
    }

    fn entry(&self, rating: Rating) -> &KeyEntry {
        // `key` has every kind, so the first is never taken for another.
        self.key.iter().find(|e| e.rating == rating).unwrap_or(&self.key[0])
    }

    fn disagreements(&self) -> Markup {
        let worse = self.board.disagreeing(Disagreement::FactsWorse);
        let worried = self.board.disagreeing(Disagreement::LeadMoreWorried);
        html! {
            @if worse.is_empty() && worried.is_empty() {
                p { "Nowhere. Where no rating is recorded there is a gap, not a disagreement." }
            }
            @if !worse.is_empty() {
                (self.disagreement_table("The facts are worse than what is reported", &worse))
            }
            @if !worried.is_empty() {
                (self.disagreement_table("The lead is more worried than the facts", &worried))
            }
        }
    }
}
