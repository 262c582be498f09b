//! The top of a plan's page: what it is, where it stands in a sentence, and the ways on.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{
    Reader,
    lens::{Lens, Show},
};
use crate::{
    domain::{
        dashboard::Dashboard,
        meeting::Meeting,
        plan::{Plan, Record},
        response::Awaited,
        round::RoundState,
        text,
        words::Words,
    },
    link::path,
    web::view::{
        button::{Kind, button_group, link_button},
        kit::{Fact, Link, day, details, notice, paragraphs, summary_list},
        rating::flag,
    },
};

/// Everything above the filter.
pub(super) fn head(
    record: &Record,
    reader: &Reader,
    board: &Dashboard<'_>,
    lens: &Lens,
    as_at: Option<NaiveDate>,
    next: Option<&Meeting>,
) -> Markup {
    let plan = &record.plan;
    html! {
        h1 {
            span class="caption" { (plan.kind.words()) " action plan" }
            (plan.title)
            @if let Some(day) = as_at { ", as at " (text::day(day)) }
        }
        @if let Some(sentence) = origin(plan) { p class="soft" { (sentence) } }
        @if let Some(meeting) = next {
            p class="soft" {
                "Next meeting " (day(meeting.held_on))
                @if Some(&meeting.panel_name) != plan.panel.as_ref() { " of the " (meeting.panel_name) }
                "."
            }
        }
        @for awaited in record.responses_awaited(board.day) { (response(&record.words, &awaited, board.day)) }
        @if let Some(on) = plan.monitoring_ended_on {
            (notice("Monitoring has ended", html! {
                p {
                    "It ended on " (day(on))
                    @if let Some(by) = &plan.monitoring_ended_by { ", agreed by " (by) }
                    ". No more mail goes out about this plan, and no round asks for it; its pages stay."
                }
                @if let Some(note) = &plan.monitoring_note { p { strong { "What stays open, and who keeps it" } } (paragraphs(note)) }
            }))
        }
        p class="lead-sentence" { (board.sentence()) }
        (attention(plan, board, lens))
        (details("About this plan", facts(record, reader)))
        (ways(record, reader, board.day))
    }
}

/// "Sent to the executive on 7 December 2017, response due 7 February 2018 (in 14 days)."
pub(super) fn response(words: &Words, awaited: &Awaited, on: NaiveDate) -> Markup {
    html! {
        p {
            (words.say("Sent to the {executive} on")) " " (day(awaited.sent_on)) ", response due " (day(awaited.due_on))
            @if awaited.is_overdue(on) { ": " (flag(awaited.standing(on))) } @else { " (" (awaited.standing(on)) ")" }
            @if awaited.recommendations > 0 {
                ", " (text::plural(awaited.recommendations, "recommendation", "recommendations")) " without one"
            }
        }
    }
}

/// "Made by the Community Safety and Leisure Scrutiny Panel, agreed by the Executive on 5 September 2017."
fn origin(plan: &Plan) -> Option<String> {
    let panel = plan.panel.as_ref().map(|panel| format!("For the {panel}"));
    let agreed = match (&plan.agreed_by, plan.agreed_on) {
        (Some(by), Some(on)) => Some(format!("agreed by the {by} on {}", text::day(on))),
        (Some(by), None) => Some(format!("agreed by the {by}")),
        (None, Some(on)) => Some(format!("agreed on {}", text::day(on))),
        (None, None) => None,
    };
    match (panel, agreed) {
        (Some(panel), Some(agreed)) => Some(format!("{panel}, {agreed}.")),
        (Some(one), None) => Some(format!("{one}.")),
        (None, Some(one)) => Some(format!("{}.", text::initial_capital(&one))),
        (None, None) => None,
    }
}

/// What to look at first, each with its list.
fn attention(plan: &Plan, board: &Dashboard<'_>, lens: &Lens) -> Markup {
    // Each is a list of its own: only the day is kept.
    let only = |change: fn(&mut Lens)| {
        Lens { as_at: lens.as_at.clone(), ..Lens::default() }.with(change).address(&plan.slug)
    };
    let disagree = board.having(|s| s.disagreement().is_some()).len();
    let silent = match board.still_awaits_updates() {
        true => "awaiting an update in the latest round",
        false => "without an update in the latest round",
    };
    let counts = [
        (board.having(|s| s.overdue_days.is_some()).len(), "overdue", only(|l| l.overdue = true)),
        (board.without_update().len(), silent, only(|l| l.no_update = true)),
        (
            board.having(|s| s.asked.is_some()).len(),
            "with a later date asked for",
            only(|l| l.show = Some(Show::Asked)),
        ),
        (disagree, "where the rating and the facts disagree", only(|l| l.show = Some(Show::Disagree))),
        (
            board.having(|s| s.action.questions.iter().any(|q| q.awaits_answer_at(board.day))).len(),
            "with a question awaiting an answer",
            only(|l| l.show = Some(Show::Question)),
        ),
    ];
    html! {
        @if counts.iter().any(|(n, ..)| *n > 0) {
            ul class="in-line" {
                @for (n, words, href) in counts.iter().filter(|(n, ..)| *n > 0) {
                    li { a href=(href) { (n) " " (words) } }
                }
            }
        }
    }
}

fn facts(record: &Record, reader: &Reader) -> Markup {
    let plan = &record.plan;
    let say = |sentence| record.words.say(sentence);
    let (panel, member) = (say("{Panel}"), say("{Executive} member"));
    let sent = say("Sent to the {executive} on");
    let report = plan.origin_report.as_ref().map(|report| match plan.origin_on {
        Some(on) => format!("{report} ({})", text::day(on)),
        None => report.clone(),
    });
    let agreed_on = plan.agreed_on.map(text::day);
    let yes_no = |yes: bool, said: &str, not: &str| Some(if yes { said } else { not }.to_owned());
    let facts = [
        ("Kind", Some(plan.kind.words().to_owned())),
        (panel.as_str(), plan.panel.clone()),
        ("Report", report),
        (&sent, plan.sent_on.map(text::day)),
        ("Agreed by", plan.agreed_by.clone()),
        ("Agreed on", agreed_on),
        ("Accountable director", plan.director.clone()),
        (&member, plan.executive_member.clone()),
        ("Manager", record.post(plan.manager).map(|p| p.name.clone())),
        (
            "Later dates",
            yes_no(plan.panel_grants_dates, &say("The {panel} grants them"), "Officers may grant them"),
        ),
        (
            "Completion",
            yes_no(plan.panel_confirms_completion, &say("Agreed by the {panel}"), "As reported by the lead"),
        ),
        (
            "Updates",
            yes_no(
                plan.live_to_panel,
                &say("The {panel} reads them at once"),
                &say("The {panel} reads them when their round is published"),
            ),
        ),
        ("Source", plan.source.clone()),
        ("RAG key", plan.key.note.clone()),
    ];
    let facts = facts.iter().map(|(name, words)| {
        Fact::new(
            name,
            html! {
                @match words { Some(words) => (words), None => span class="grey-words" { "Not recorded" } }
            },
        )
    });
    html! {
        (summary_list(facts))
        @if reader.edits {
            p {
                a href={ (path::plan(&plan.slug)) "/end-of-monitoring" } {
                    @if plan.monitoring_ended_on.is_none() { "End the monitoring of this plan" }
                    @else { "Take back that monitoring ended" }
                }
            }
        }
    }
}

fn ways(record: &Record, reader: &Reader, day: NaiveDate) -> Markup {
    let plan = &record.plan;
    // The last meeting that has been held: what it decided can be recorded from its day.
    let meetings = record.rounds.iter().filter_map(|r| r.meeting.as_ref()).filter(|m| m.held_on <= day);
    let held = meetings.max_by_key(|m| m.held_on).filter(|_| reader.records_decisions);
    let decisions =
        held.map(|m| (path::decisions(m.id), format!("Record decisions of {}", text::day(m.held_on))));
    let slug = &plan.slug;
    let published = record.rounds.iter().rfind(|r| r.state_at(day) == RoundState::Published);
    let papers = published.map(|round| (path::pack(round.id, slug), format!("Papers for {}", round.label)));
    let next = record.rounds.iter().rfind(|r| !r.state.is_closed());
    let round =
        next.map(|r| (path::round(r.id), format!("Round {}, {}", r.label, r.state.word().to_lowercase())));
    let mut items = Vec::new();
    let buttons = [
        (reader.edits_recommendations, path::new_recommendation(slug), "Add recommendation"),
        (reader.edits, path::new_action(slug), "Add action"),
        (reader.edits, path::edit_plan(slug), "Edit plan"),
        (reader.runs_rounds && next.is_none(), path::new_round(slug), "Plan a round"),
    ];
    let links = [
        (true, path::dashboard(slug), "Dashboard"),
        (true, path::key(slug), "RAG key"),
        (reader.reads_history, path::plan_history(slug), "History"),
        (reader.reads_history, path::plan_reminders(slug), "Reminders"),
    ];
    let offered = |of: &(bool, String, &'static str)| of.0;
    for (_, href, label) in buttons.iter().filter(|of| offered(of)) {
        items.push(link_button(Link::new(href, label), Kind::Secondary));
    }
    if let Some((href, label)) = &decisions {
        items.push(link_button(Link::new(href, label), Kind::Secondary));
    }
    items.extend(
        links.iter().filter(|of| offered(of)).map(|(_, href, label)| html! { (Link::new(href, label)) }),
    );
    items.extend(round.iter().map(|(href, label)| html! { (Link::new(href, label)) }));
    items.extend(papers.iter().map(|(href, label)| html! { (Link::new(href, label)) }));
    button_group(items)
}
