//! Plans: all of them, one as living data, and what its ratings mean.
//!
//! `lens` is what the address asks for, `line` the table as data, `table`, `cell` and `head` how it is shown, `export` the same
//! as a file. Never decides who may read what: it asks [`access`] and shows the record that is left.

use std::collections::HashSet;

use axum::extract::{RawQuery, State};
use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    domain::{
        access::{self, Actor, Grant, Permission, Role, may, may_in},
        dashboard::Dashboard,
        id::ActionId,
        meeting::{self, Meeting},
        plan::Record,
        text,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        sheet::Sheet,
        view::{
            form::{FieldError, Inputs},
            kit::{Link, empty, notice},
            rating::{key_table, suggested_key},
        },
    },
};

mod cell;
pub(in crate::web) mod export;
mod filter;
mod head;
mod lens;
mod line;
mod list;
mod panel;
mod table;

use super::dashboard::evidenced;
use lens::{Lens, Show};

/// Those who are told who holds a post: others have to do with the post.
const OFFICERS: [Role; 4] = [Role::Manager, Role::ScrutinyOfficer, Role::Lead, Role::Contributor];

/// What this reader sees and may do on a plan's page.
#[derive(Clone, Copy, Debug)]
struct Reader {
    /// Who holds the posts now.
    sees_holders: bool,
    /// The plan and its actions.
    edits: bool,
    /// Its recommendations.
    edits_recommendations: bool,
    /// Rounds.
    runs_rounds: bool,
    /// What the panel decides.
    records_decisions: bool,
    /// Who changed what.
    reads_history: bool,
}

impl Reader {
    fn of(actor: &Actor, record: &Record) -> Self {
        Self {
            sees_holders: OFFICERS.iter().any(|role| actor.is_in(*role, record.plan.id)),
            edits: may_in(actor, Permission::EditPlans, &record.plan).is_ok(),
            edits_recommendations: may_in(actor, Permission::EditRecommendations, &record.plan).is_ok(),
            runs_rounds: may_in(actor, Permission::RunRounds, &record.plan).is_ok(),
            records_decisions: may_in(actor, Permission::RecordDecisions, &record.plan).is_ok(),
            reads_history: may(actor, Permission::ReadHistory).is_ok(),
        }
    }
}

/// A plan's record for somebody who may do something to it: 404 where it is not theirs to know of, 403 where it is not
/// theirs to do.
pub(super) async fn record_for(
    app: &App,
    actor: &Actor,
    slug: &str,
    permission: Permission,
    depth: Depth,
) -> Result<Record, WebError> {
    let record =
        store::record::by_slug(&app.cx.store, actor, slug, depth).await?.ok_or(WebError::NotFound)?;
    may_in(actor, permission, &record.plan)?;
    Ok(record)
}

/// How much has to be loaded for the current state: somebody who reads only what is published may be shown an update
/// that is no longer the latest.
fn current_depth(actor: &Actor) -> Depth {
    let reads_all = |role| actor.grants.contains(&Grant::everywhere(role));
    if reads_all(Role::Manager) || reads_all(Role::ScrutinyOfficer) {
        Depth::Current
    } else {
        Depth::Everything
    }
}

pub(in crate::web) async fn list(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    let today = app.cx.clock.today();
    let records: Vec<Record> = store::record::all(&app.cx.store, &actor, current_depth(&actor))
        .await?
        .into_iter()
        .map(|record| access::readable(&actor, record, today).0)
        .collect();
    if records.is_empty() && actor.is(Role::Public) {
        return Err(WebError::NotFound);
    }
    let edits = may(&actor, Permission::EditPlans).is_ok();
    let (_, meetings) = store::meeting::all(&app.cx.store).await?;
    Ok(Sheet::new(["Plans"], list::page(&records, &meetings, today, edits, &app.cx.words())).wide())
}

/// A plan as it is opened for somebody.
struct Opened {
    record: Record,
    reader: Reader,
    /// The actions with evidence that they may see; empty where the lens does not ask for it.
    evidenced: HashSet<ActionId>,
}

/// A plan as somebody may read it, with as much of its past as a lens asks for; and what they may do to it.
async fn open(app: &App, actor: &Actor, slug: &str, lens: &Lens) -> Result<Opened, WebError> {
    let asks_for_evidence = lens.show == Some(Show::Unproven);
    let depth = match lens.all_rounds || !lens.as_at.is_empty() || asks_for_evidence {
        true => Depth::Everything,
        false => current_depth(actor),
    };
    let record =
        store::record::by_slug(&app.cx.store, actor, slug, depth).await?.ok_or(WebError::NotFound)?;
    let reader = Reader::of(actor, &record);
    let record = access::readable(actor, record, app.cx.clock.today()).0;
    let evidenced = match asks_for_evidence {
        true => evidenced(&record, &store::update::evidenced(&app.cx.store, record.plan.id).await?),
        false => HashSet::new(),
    };
    Ok(Opened { record, reader, evidenced })
}

pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let today = app.cx.clock.today();
    let lens = Lens::read(&query.unwrap_or_default());
    let opened = open(&app, &actor, &slug, &lens).await?;
    let record = &opened.record;
    let mut errors = Vec::new();
    let as_at = lens.day(today).unwrap_or_else(|message| {
        errors.push(FieldError::new("as-at", message));
        None
    });
    let mut title = vec![record.plan.title.clone()];
    if let Some(day) = as_at {
        title.insert(0, format!("As at {}", text::day(day)));
    }
    let (_, meetings) = store::meeting::all(&app.cx.store).await?;
    // Of an earlier day nobody can say which meeting was known then.
    let next = meeting::next_for(&meetings, record, today).filter(|_| as_at.is_none());
    let content = page(&opened, &lens, (as_at, next), today, &errors);
    Ok(Sheet::new(title, content).wide().crumbs([(path::PLANS, "Plans")]).rejected(!errors.is_empty()))
}

fn page(
    Opened { record, reader, evidenced }: &Opened,
    lens: &Lens,
    (as_at, next): (Option<NaiveDate>, Option<&Meeting>),
    today: NaiveDate,
    errors: &[FieldError],
) -> Markup {
    let day = as_at.unwrap_or(today);
    let board = Dashboard::at(record, day, |_| true);
    let columns = line::columns(&board, record, lens.all_rounds);
    let shown = line::seen_through(lens, &board, evidenced, line::lines(&board, record, &columns));
    let sight = table::Sight { record, reader, columns: &columns, day };
    let slug = &record.plan.slug;
    html! {
        (Inputs::new(errors).summary())
        (head::head(record, reader, &board, lens, as_at, next))
        @if record.recommendations.is_empty() && record.actions.is_empty() {
            (empty(
                "This plan is still empty",
                record.words.say("Add the {panel’s} recommendations first, then the actions that answer them."),
                reader.edits_recommendations.then_some(Link::new(&path::new_recommendation(slug), "Add the first recommendation")),
            ))
        } @else {
            (panel::filter(record, lens, &shown, errors))
            (panel::rounds(record, lens, board.rounds.len()))
            (table::order(record, lens))
            p class="print-only" { "As things stood on " (text::day(day)) ". " (panel::showing(record, &shown)) "." }
            @if shown.is_empty() {
                (empty("Nothing matches this filter", "Choose less, or show everything again.",
                    Some(Link::new(&path::plan(slug), "Clear filter"))))
            } @else { (table::table(sight, lens, &shown)) }
            @if errors.is_empty() { (panel::files(slug, lens)) }
            @if as_at.is_some() {
                p class="soft small" {
                    "As at a day: updates without a day of their own count from the date of their round, a round of a \
                     month from its last day."
                }
            }
            p class="no-print" { a href=(path::key(slug)) { "What the ratings mean" } }
            // On paper a link leads nowhere.
            div class="print-only" {
                (key_table(record.plan.key.entries(), record.plan.key.note.as_deref()))
                (suggested_key(&record.words))
            }
        }
    }
}

pub(in crate::web) async fn key(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
) -> Result<Sheet, WebError> {
    let record = store::record::by_slug(&app.cx.store, &actor, &slug, Depth::Current)
        .await?
        .ok_or(WebError::NotFound)?;
    let plan = &record.plan;
    let content = html! {
        h1 { span class="caption" { (plan.title) } "What the ratings mean" }
        h2 { "What people report" }
        p { "A rating is what the lead says of an action. Its words are this plan’s own: other plans can mean something else by the same colour." }
        (key_table(plan.key.entries(), plan.key.note.as_deref()))
        p { "Where nobody gave a rating it says “" (plan.key.word(crate::domain::rating::Rating::NotRecorded)) "”. No rating is ever filled in for a person." }
        h2 { "What the facts say" }
        p { "Dates, decisions and updates on record suggest a rating of their own, always with the reason. It is drawn as an outline, stands beside what was reported, and never replaces it. It is never green: only a person can say that something is on track." }
        (suggested_key(&record.words))
        @if plan.live_to_panel {
            (notice(
                &record.words.say("Live to the {panel}"),
                record.words.say("The {panel} reads updates of this plan as soon as they are written."),
            ))
        }
    };
    let crumbs = [(path::PLANS.to_owned(), "Plans".to_owned()), (path::plan(&plan.slug), plan.title.clone())];
    Ok(Sheet::new(["RAG key", &plan.title], content).crumbs(crumbs))
}
