//! All plans that a panel watches, on one page: how they stand together at the end of a day, and each for itself.
//!
//! Owns the page; what is added up is in [`crate::domain::dashboard`]. Plans pass over to a panel from those that it
//! succeeds; where monitoring has ended, a plan stays with the panel that watched it, and is told apart. A reader who may
//! not read unpublished updates gets figures in which there are none.

use axum::extract::{RawQuery, State};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::dashboard::{AS_AT, chosen_day};
use crate::{
    domain::{
        access::{self, Role},
        dashboard::{Dashboard, RecordedLater, Several},
        id::{ActionId, PanelId, PlanId},
        meeting::{self, Meeting, Panel},
        plan::Record,
        rating::Suggested,
        round::RoundState,
        text,
        words::Words,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        sheet::Sheet,
        view::{
            button::{Kind, submit},
            count::{Count, counts},
            form::{FieldError, Inputs, Width},
            kit::{Link, details, empty, notice},
            rating::suggested_key,
            table::{self, Column, Row, Table},
        },
    },
};

pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let (store, today) = (&app.cx.store, app.cx.clock.today());
    let found = store::record::of_panel(store, &actor, PanelId(id), Depth::Everything).await?;
    let (panel, meetings, records) = found.ok_or(WebError::NotFound)?;
    if records.is_empty() && actor.is(Role::Public) {
        return Err(WebError::NotFound);
    }
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let (day, errors) = match chosen_day(&query, today) {
        Ok(day) => (day, Vec::new()),
        Err(error) => (today, vec![error]),
    };
    let records: Vec<(Record, bool)> =
        records.into_iter().map(|record| access::readable(&actor, record, today)).collect();
    let plans: Vec<PlanId> = records.iter().map(|(record, _)| record.plan.id).collect();
    let later = match day < today {
        true => store::audit::decided_after(store, &plans, day).await?,
        false => Vec::new(),
    };
    let watched = || records.iter().filter(|(record, _)| record.is_monitored(day));
    let page = Page {
        panel: &panel,
        meetings: &meetings,
        records: watched().map(|(record, _)| record).collect(),
        ended: records.iter().map(|(record, _)| record).filter(|r| !r.is_monitored(day)).collect(),
        all: Several { day, plans: watched().map(|plan| board(plan, day, today)).collect() },
        later: &later,
        today,
        reads_all: records.iter().all(|(_, reads_all)| *reads_all),
        words: &app.cx.words(),
        typed: query.raw(AS_AT),
        errors: &errors,
    };
    Ok(Sheet::new(["Dashboard", &panel.name], page.content())
        .wide()
        .crumbs([(path::PLANS, "Plans")])
        .rejected(!errors.is_empty()))
}

fn board((record, reads_all): &(Record, bool), day: NaiveDate, today: NaiveDate) -> Dashboard<'_> {
    Dashboard::at(record, day, |r| *reads_all || r.state_at(today) == RoundState::Published)
}

/// Everything that the page shows.
struct Page<'a> {
    panel: &'a Panel,
    meetings: &'a [Meeting],
    /// The plans that are watched, as in `all`.
    records: Vec<&'a Record>,
    /// Those of which monitoring has ended.
    ended: Vec<&'a Record>,
    all: Several<'a>,
    /// Decisions that were recorded after the day.
    later: &'a [(PlanId, Option<ActionId>)],
    today: NaiveDate,
    reads_all: bool,
    words: &'a Words,
    typed: &'a str,
    errors: &'a [FieldError],
}

impl Page<'_> {
    fn content(&self) -> Markup {
        let inputs = Inputs::new(self.errors);
        html! {
            (inputs.summary())
            h1 { span class="caption" { (self.panel.name) } " All plans" }
            p class="lead-sentence" { (self.all.sentence()) }
            (self.basis())
            (self.choose_day(inputs))
            @if self.records.is_empty() {
                (empty(
                    "There is nothing to count",
                    self.words.say("The {panel} watched no plan on that day that you may read."),
                    Some(Link::new(path::PLANS, "All plans")),
                ))
            } @else {
                (self.counts())
                (self.plans())
                (details("What the suggestions mean", suggested_key(self.words)))
                p class="small" { "What a reported rating means differs from plan to plan: each plan’s dashboard links its RAG key." }
            }
            (self.ended())
        }
    }

    fn basis(&self) -> Markup {
        let next = self.meetings.iter().map(|m| m.held_on).find(|on| *on >= self.all.day);
        html! {
            @if let Some(on) = self.panel.ended_on.filter(|on| *on <= self.all.day) {
                (notice(&self.words.say("This {panel} has ended"), html! {
                    "It ended on " (text::day(on)) "."
                    @if let Some(next) = self.panel.successor {
                        " Its open plans passed over: "
                        (Link::new(&path::panel_dashboard(next), "see where they stand now")) "."
                    }
                }))
            }
            p {
                @match next {
                    Some(on) => { "Next meeting: " strong { (text::day(on)) } "." }
                    None => { "No meeting is planned." }
                }
            }
            @if self.all.day != self.today {
                p class="soft small" { (self.words.say("These are the plans that the {panel} watches now, as they stood on that day.")) }
            }
            @if !self.reads_all { p class="soft small" { "Counted from what is published." } }
        }
    }

    fn choose_day(&self, inputs: Inputs<'_>) -> Markup {
        let here = path::panel_dashboard(self.panel.id);
        html! {
            form class="beside" method="get" action=(here) novalidate {
                (inputs.text(AS_AT, "As at the end of", self.typed)
                    .hint("Any day up to today, for example 7 December 2017. Left empty: today")
                    .width(Width::W20))
                div class="button-group" {
                    (submit("Show that day", Kind::Secondary))
                    @if self.all.day != self.today { a href=(here) { "Show today" } }
                }
            }
        }
    }

    fn counts(&self) -> Markup {
        let total = self.all.total();
        let suggested = Suggested::ALL
            .iter()
            .map(|one| (self.all.suggested(*one), one))
            .filter(|(n, one)| *n > 0 || !matches!(one, Suggested::NoDate | Suggested::NotRated))
            .map(|(n, one)| (n, one.counted(n, total)));
        let suggested: Vec<(usize, String)> = suggested.collect();
        let beside: Vec<(usize, String)> = [
            (self.all.overdue(), "overdue"),
            (self.all.overdue_on_original(), "overdue on the date first agreed"),
            (self.all.without_update(), "without an update in the latest round"),
        ]
        .map(|(n, words)| (n, format!("{n} of {total} {words}")))
        .into();
        let drawn =
            |lines: &[(usize, String)]| counts(lines.iter().map(|(n, words)| Count::new(words, *n, total)));
        html! {
            h2 { "What the facts suggest, in all plans together" }
            (drawn(&suggested))
            h2 { "Where to look first" }
            (drawn(&beside))
        }
    }

    /// Each plan with its sentence, its counts and its next meeting; the sums at the end.
    fn plans(&self) -> Markup {
        let heads = [
            "Actions",
            "Complete",
            "Off track",
            "At risk",
            "No date",
            "Nothing against",
            "Overdue",
            "No update",
        ];
        let columns = std::iter::once(Column::new("Plan"))
            .chain(heads.map(|head| Column::new(head).width(table::Width::Number)))
            .chain([Column::new("Next meeting")]);
        let rows =
            std::iter::zip(&self.records, &self.all.plans).map(|(record, board)| self.row(record, board));
        let sums = [
            self.all.total(),
            self.all.suggested(Suggested::Complete),
            self.all.suggested(Suggested::OffTrack),
            self.all.suggested(Suggested::AtRisk),
            self.all.suggested(Suggested::NoDate),
            self.all.suggested(Suggested::NothingAgainst),
            self.all.overdue(),
            self.all.without_update(),
        ];
        let sum = std::iter::once(html! { strong { "All plans" } })
            .chain(sums.map(|n| html! { strong { (n) } }))
            .chain([Markup::default()]);
        html! {
            h2 { "Plan by plan" }
            (Table::new("Each plan, as the facts suggest, and the sums", columns)
                .caption_hidden()
                .row_head(0)
                .rows(rows.chain([Row::new(sum)])))
        }
    }

    fn row(&self, record: &Record, board: &Dashboard<'_>) -> Row<'static> {
        let plan = &record.plan;
        let as_at =
            if self.all.day == self.today { String::new() } else { format!("{AS_AT}={}", self.all.day) };
        let linked = |n: usize, filter: &str, words: &str| {
            let query: Vec<&str> = [filter, &as_at].into_iter().filter(|part| !part.is_empty()).collect();
            let href = format!("{}?{}", path::plan(&plan.slug), query.join("&"));
            html! {
                @if n == 0 { "0" } @else {
                    a href=(href) { (n) span class="visually-hidden" { " " (words) " in " (plan.title) } }
                }
            }
        };
        let suggested = |one: Suggested| {
            linked(
                board.suggested(one).len(),
                &format!("suggested={}", one.code()),
                &one.words().to_lowercase(),
            )
        };
        let dashboard = match as_at.is_empty() {
            true => path::dashboard(&plan.slug),
            false => format!("{}?{as_at}", path::dashboard(&plan.slug)),
        };
        let since = board.earlier_rounds().next_back().map(|round| board.changes_since(round));
        let meeting = meeting::next_for(self.meetings, record, self.all.day).map(|m| m.held_on);
        let of_rounds = record.rounds.iter().filter_map(|r| r.meeting_on).filter(|on| *on >= self.all.day);
        let meeting = meeting.into_iter().chain(of_rounds).min();
        let later: Vec<Option<ActionId>> =
            self.later.iter().filter(|(of, _)| *of == plan.id).map(|(_, action)| *action).collect();
        Row::new([
            html! {
                p { a href=(dashboard) { strong { (plan.title) } } }
                p { (board.sentence()) }
                @if let Some(changes) = since {
                    p class="soft" { "Since " (changes.since.label) ": " (changes.travel_words()) "." }
                }
                (recorded_later(&board.recorded_later(&later)))
            },
            html! { (board.total()) },
            suggested(Suggested::Complete),
            suggested(Suggested::OffTrack),
            suggested(Suggested::AtRisk),
            suggested(Suggested::NoDate),
            suggested(Suggested::NothingAgainst),
            linked(board.having(|s| s.overdue_days.is_some()).len(), "overdue=yes", "overdue"),
            linked(board.without_update().len(), "no-update=yes", "without an update in the latest round"),
            html! { @match meeting { Some(on) => (text::day(on)), None => span class="grey-words" { "None planned" } } },
        ])
    }

    fn ended(&self) -> Markup {
        html! {
            @if !self.ended.is_empty() {
                h2 { "Monitoring has ended" }
                p { "These are not counted above." }
                ul {
                    @for record in &self.ended {
                        li {
                            (Link::new(&path::dashboard(&record.plan.slug), &record.plan.title))
                            @if let Some(on) = record.plan.monitoring_ended_on { ", ended on " (text::day(on)) }
                        }
                    }
                }
            }
        }
    }
}

fn recorded_later(later: &RecordedLater<'_, '_>) -> Markup {
    html! {
        @if !later.is_empty() {
            p class="soft small" { "Some of this was decided by that day and recorded later: its own dashboard says what." }
        }
    }
}
