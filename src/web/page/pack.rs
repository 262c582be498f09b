//! The papers of a round: the pack and its addendum, as a page and as files, and where the round's page leads to them.
//!
//! Owns who reads which edition, and the form that chooses columns and format (`pack/wanted.rs`). A draft is read by those
//! who may read what is not published; once the round is published, by everyone who may know of the plan. The addendum is
//! read by the others once a scrutiny officer has published it (`pack/publication.rs`). Who reads texts that are not for
//! publication is [`access::reads_exempt`]'s. What a pack says is [`crate::papers`]'s.

use axum::{
    extract::{RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    command::pack,
    domain::{
        access::{self, Actor, Permission, Role, may},
        id::RoundId,
        paper,
        plan::Record,
        round::{Round, RoundState},
        update::Update,
    },
    link::path,
    papers::{
        self, Pack,
        pack::{Edition, Kind},
        word::{Shape, word},
    },
    store::{self, StoreError, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        sheet::Sheet,
        view::{
            form::{FieldError, Inputs},
            kit::{Link, empty},
            pack as view,
        },
    },
};

mod publication;
mod wanted;

pub(in crate::web) use publication::{new as new_publication, publish};
use wanted::{Format, Wanted};

/// A plan's round as one reader comes to it.
struct Reading {
    record: Record,
    round: Round,
    /// What stands in the address after the round.
    slug: String,
    format: Option<Format>,
    /// Whether they read what is not published.
    unpublished: bool,
    /// Whether the papers are theirs to read at all.
    reads_it: bool,
    /// Whether texts that are not for publication are too.
    reads_exempt: bool,
}

impl Reading {
    async fn of(app: &App, actor: &Actor, id: i64, file: &str) -> Result<Self, WebError> {
        let (slug, format) = Format::in_address(file);
        let record = store::record::by_slug(&app.cx.store, actor, slug, Depth::Everything)
            .await?
            .ok_or(WebError::NotFound)?;
        let round = record.round(RoundId(id)).cloned().ok_or(WebError::NotFound)?;
        let unpublished = access::reads_unpublished(actor, &record);
        Ok(Self {
            reads_it: unpublished || round.state_at(app.cx.clock.today()) == RoundState::Published,
            reads_exempt: access::reads_exempt(actor, &record),
            unpublished,
            slug: slug.to_owned(),
            record,
            round,
            format,
        })
    }

    fn editions(&self, paper: &Pack) -> Vec<Edition> {
        pack::editions(paper, self.reads_it, self.reads_exempt)
    }

    fn address(&self, kind: Kind) -> String {
        match kind {
            Kind::Pack => path::pack(self.round.id, &self.slug),
            Kind::Addendum => path::addendum(self.round.id, &self.slug),
        }
    }

    fn sheet<T: Into<String>>(&self, actor: &Actor, title: T, content: Markup) -> Sheet {
        let sheet = Sheet::new([title.into(), self.record.plan.title.clone()], content).wide();
        // The public comes from the plan: rounds are pages of those who are signed in.
        if may(actor, Permission::ReadPlans).is_ok() && !actor.is(Role::Public) {
            sheet.crumbs([
                (path::ROUNDS.to_owned(), "Rounds".to_owned()),
                (path::round(self.round.id), self.round.label.clone()),
            ])
        } else {
            sheet.crumbs([(path::plan(&self.slug), self.record.plan.title.clone())])
        }
    }
}

pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    Path((id, file)): Path<(i64, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let reading = Reading::of(&app, &actor, id, &file).await?;
    // Before anything is drawn up for somebody who may not read it.
    if !reading.reads_it {
        return Err(WebError::NotFound);
    }
    let paper = pack::read(&app.cx, &reading.record, &reading.round).await?.ok_or(WebError::NotFound)?;
    let (record, round) = (&reading.record, &reading.round);
    let is_in_addendum = |update: &Update| {
        update.released_on.is_some()
            && paper::late_for(record, update).is_some_and(|late| late.id == round.id)
    };
    let way = html! {
        @if record.actions.iter().flat_map(|action| &action.updates).any(is_in_addendum) {
            p class="no-print" {
                a href=(path::addendum(round.id, &reading.slug)) { "Addendum: received after the papers closed" }
            }
        }
    };
    answer(&reading, &actor, paper, &query.unwrap_or_default(), &way)
}

pub(in crate::web) async fn addendum(
    State(app): State<App>,
    Me(actor): Me,
    Path((id, file)): Path<(i64, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let reading = Reading::of(&app, &actor, id, &file).await?;
    if !reading.reads_it || !reading.round.state.is_closed() {
        return Err(WebError::NotFound);
    }
    match pack::read_addendum(&app.cx, &reading.record, &reading.round, reading.unpublished).await? {
        Some(paper) => {
            let today = app.cx.clock.today();
            let way = publication::way(&reading.record, &reading.round, &actor, today);
            let way = html! { @if let Some(way) = way { p class="no-print" { (way) } } };
            answer(&reading, &actor, paper, &query.unwrap_or_default(), &way)
        }
        None if !reading.unpublished => {
            let title = format!("Addendum to the papers for {}", reading.round.label);
            let content = html! {
                h1 { span class="caption" { (reading.record.plan.title) } " " (title) }
                (empty(
                    "No addendum is published",
                    "What is received after the papers closed can be read here once the scrutiny officer publishes it.",
                    Some(Link::new(&reading.address(Kind::Pack), "Read the papers")),
                ))
            };
            Ok(reading.sheet(&actor, title.clone(), content).into_response())
        }
        None => {
            let title = format!("Addendum to the papers for {}", reading.round.label);
            let content = html! {
                h1 { span class="caption" { (reading.record.plan.title) } " " (title) }
                (empty(
                    "Nothing was received late",
                    "No update was written between the day on which the papers closed and the day of the meeting.",
                    Some(Link::new(&reading.address(Kind::Pack), "Read the papers")),
                ))
            };
            Ok(reading.sheet(&actor, title.clone(), content).into_response())
        }
    }
}

/// The paper in the format that is asked for; `way`: what can be done with it, above the page.
fn answer(
    reading: &Reading,
    actor: &Actor,
    paper: Pack,
    query: &str,
    way: &Markup,
) -> Result<Response, WebError> {
    let editions = reading.editions(&paper);
    let (wanted, errors) = Wanted::read(query, reading.format, paper.rounds()).ok_or(WebError::NotFound)?;
    if !editions.contains(&wanted.edition) {
        return Err(WebError::NotFound);
    }
    if errors.is_empty()
        && let Some(format) = wanted.format
    {
        let name = file_name(reading, &paper, &wanted, format);
        let paper = wanted.of(paper);
        let bytes = match format {
            Format::Word => word(&paper, &Shape::Whole).map_err(StoreError::File)?,
            Format::Table => word(&paper, &Shape::TableAlone { letter: wanted.letter.clone() })
                .map_err(StoreError::File)?,
            Format::Excel => papers::excel::excel(&paper)
                .map_err(|error| StoreError::File(std::io::Error::other(error)))?,
        };
        let headers = [
            (header::CONTENT_TYPE, format.content_type().to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        ];
        return Ok((headers, bytes).into_response());
    }
    let address = reading.address(paper.kind);
    let rounds = paper.rounds();
    let kind = paper.kind;
    let title = match kind {
        Kind::Pack => format!("Papers for {}", reading.round.label),
        Kind::Addendum => format!("Addendum to the papers for {}", reading.round.label),
    };
    let content = html! {
        (Inputs::new(&errors).summary())
        (way)
        (wanted::panel(&address, &wanted, &editions, (kind, rounds), &errors))
        (view::pack(&wanted.of(paper)))
    };
    Ok(reading.sheet(actor, title, content).rejected(!errors.is_empty()).into_response())
}

/// "appendix-b-7-dec-2017.docx": letters and digits alone, whatever the round is called.
fn file_name(reading: &Reading, paper: &Pack, wanted: &Wanted, format: Format) -> String {
    let kind = match paper.kind {
        Kind::Pack => "",
        Kind::Addendum => "-addendum",
    };
    let exempt = if wanted.edition == Edition::NotForPublication { "-not-for-publication" } else { "" };
    let label: String = paper
        .round
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    format!("{}-{label}{kind}{exempt}.{}", reading.slug, format.ending())
}

/// The papers on the round's page: for each plan its pack in every format, and the addendum once there can be one.
pub(super) fn section<'a>(
    plans: impl IntoIterator<Item = (&'a Record, bool)>,
    round: &Round,
    actor: &Actor,
    today: NaiveDate,
) -> Markup {
    let state = round.state_at(today);
    let read = plans.into_iter().filter(|(_, unpublished)| *unpublished || state == RoundState::Published);
    let read: Vec<_> = read.collect();
    html! {
        h2 id="papers" { "Papers" }
        @if state == RoundState::Planned {
            p { "The papers can be drawn up once this round is open." }
        } @else if read.is_empty() {
            p { "You can read the papers when this round is published." }
        } @else {
            p {
                @match state {
                    RoundState::Planned | RoundState::Open => {
                        "Until this round is closed they are a draft, marked on every page."
                    }
                    RoundState::Closed => "They are as they were when this round was closed.",
                    RoundState::Published => "What is written later does not change them.",
                }
            }
            @for (record, _) in read { (links(record, round, actor, today)) }
        }
    }
}

fn links(record: &Record, round: &Round, actor: &Actor, today: NaiveDate) -> Markup {
    let plan = &record.plan;
    let address = path::pack(round.id, &plan.slug);
    let exempt = record.actions.iter().flat_map(|action| &action.updates).any(|u| u.exempt.is_some());
    let reads_exempt = access::reads_exempt(actor, record);
    // Rounds of before this record were closed on no day that is known: nothing can be late for them.
    let late = round.state.is_closed() && round.closed_on.is_some();
    let about = || html! { span class="visually-hidden" { " of " (plan.title) } };
    html! {
        ul class="in-line" {
            li { strong { (plan.title) } }
            li { a href=(address) { "Papers" (about()) } }
            @for (ending, words) in [("docx", "Word"), ("xlsx", "Excel")] {
                li { a href={ (address) "." (ending) } { (words) (about()) } }
            }
            @if exempt && reads_exempt {
                li { a href={ (address) "?edition=" (wanted::NOT_FOR_PUBLICATION) } { "Not for publication" (about()) } }
            }
            @if late { li { a href=(path::addendum(round.id, &plan.slug)) { "Addendum" (about()) } } }
            @if let Some(way) = publication::way(record, round, actor, today) { li { (way) } }
        }
    }
}

/// Errors that belong to one field of the form.
type Errors = Vec<FieldError>;
