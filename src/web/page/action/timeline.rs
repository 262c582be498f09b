//! Everything that happened to one action, newest first: updates, dates asked for and decided, states, variations, edits.
//!
//! Never holds an update back by itself: the record that it is given holds only what its reader may see.

use std::collections::HashMap;

use chrono::NaiveDate;
use maud::{Markup, html};

use super::{ActionPage, say};
use crate::{
    command::update::{exempt as command_exempt, review as command_review},
    domain::{
        access::Permission,
        action::{Revision, State, StateChange},
        agenda::{self, Varied, agreement_words},
        exempt,
        id::UpdateId,
        paper,
        plan::Record,
        round::{Round, RoundState},
        update::{Evidence, Update},
    },
    link::path,
    store::audit::Event,
    web::{
        page::update::review,
        view::{
            kit::{self, details, empty},
            rating::grey_words,
            table::{Column, Row, Table, Width},
            timeline::{Entry, timeline},
        },
    },
};

mod panel;

/// Evidence by update; under none what belongs to the action itself.
pub(super) type EvidenceByUpdate = HashMap<Option<UpdateId>, Vec<Evidence>>;

/// What comes first among things of one day, as far as anybody knows: a promise, then what became of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Added,
    Update,
    Question,
    Answer,
    Variation,
    Asked,
    Decided,
    Panel,
    State,
    Edited,
}

/// One thing that happened.
struct Happened {
    order: (NaiveDate, Kind, i64),
    heading: String,
    id: Option<String>,
    who: Option<String>,
    when: Markup,
    tags: Markup,
    body: Markup,
}

impl ActionPage<'_> {
    pub(super) fn timeline(&self) -> Markup {
        let action = self.action;
        let mut all: Vec<Happened> = action.updates.iter().map(|u| self.update(u)).collect();
        all.extend(self.gaps());
        all.extend(action.revisions.iter().flat_map(|r| [Some(asked(r)), self.decided(r)]).flatten());
        all.extend(self.panels_word());
        all.extend(action.states.iter().zip(0..).map(|(change, n)| self.state_change(change, n)));
        let recommendation = action.recommendation.and_then(|id| self.record.recommendation(id));
        all.extend(
            recommendation
                .iter()
                .flat_map(|r| agenda::variations(self.record, r, self.today))
                .zip(0..)
                .map(|(v, n)| self.varied(v, n)),
        );
        all.extend(
            self.events.iter().zip((0..).map(|n: i64| -n)).filter_map(|(e, n)| edited(self.record, e, n)),
        );
        all.sort_by_key(|h| std::cmp::Reverse(h.order));
        if all.is_empty() {
            return empty("Nothing has happened yet", "Updates, dates and changes will stand here.", None);
        }
        timeline(all.iter().map(|h| Entry {
            heading: &h.heading,
            id: h.id.as_deref(),
            who: h.who.as_deref(),
            when: h.when.clone(),
            tags: h.tags.clone(),
            body: h.body.clone(),
        }))
    }

    /// The closed rounds in which nothing was said, as far as the reader can tell: an empty cell is "no update".
    fn gaps(&self) -> impl Iterator<Item = Happened> {
        let read = |round: &&Round| match round.state_at(self.today) {
            RoundState::Published => true,
            state => state.is_closed() && self.reads_all,
        };
        let action = self.action;
        self.record.rounds.iter().filter(read).filter_map(move |round| {
            let day = round.counts_from();
            let was_there = action.added_on.is_none_or(|added| added <= day);
            let said = paper::written_in(action, paper::Column::Round(round), self.today).is_some();
            (was_there && !said && action.state_at(day) == State::Open).then(|| Happened {
                order: (day, Kind::Update, 0),
                heading: format!("{} for {}", round.gap_words(self.today), round.label),
                id: None,
                who: None,
                when: html! { "Round of " (round.span) },
                tags: Markup::default(),
                body: Markup::default(),
            })
        })
    }

    fn update(&self, update: &Update) -> Happened {
        // A correction that was returned stands beside it, and corrects nothing.
        let corrected_by =
            self.action.updates.iter().find(|u| u.supersedes == Some(update.id) && !u.is_returned());
        let round = say::round_words(self.record, update);
        let late_for = paper::late_for(self.record, update);
        Happened {
            order: (update.known_from, Kind::Update, update.id.0),
            heading: match (update.round, late_for) {
                (Some(_), _) => format!("Update for {round}"),
                (None, Some(late)) => format!("Update for {}", late.label),
                (None, None) => format!("Update {round}"),
            },
            id: Some(format!("update-{}", update.id)),
            who: who(update),
            when: html! {
                @match update.written_on {
                    Some(day) => { "Written on " (kit::day(day)) },
                    None => { "Day not recorded" },
                }
                @if let Some(day) = update.speaks_of { ", speaks of " (kit::day(day)) }
            },
            tags: html! {
                (say::rating(&self.record.plan, update.reported))
                @if corrected_by.is_some() { " " (grey_words("Corrected")) }
                @if let Some(round) = late_for {
                    " " (grey_words(format!("Received after the papers closed for {}", round.label)))
                }
                @if let Some(words) = review::state_words(update).filter(|_| corrected_by.is_none()) { " " (grey_words(words)) }
                @if let Some(paragraph) = update.exempt { " " (grey_words(exempt::tag(paragraph))) }
            },
            body: html! {
                @if let Some(newer) = corrected_by {
                    p { "This has been corrected. " a href={ "#update-" (newer.id) } { "See the correction" } }
                }
                @if let Some(older) = update.supersedes.filter(|id| self.shows(*id)) {
                    p { "This corrects " a href={ "#update-" (older) } { "an earlier update" } "." }
                }
                (self.update_body(update))
                @if let Some(comment) = update.review.as_ref().and_then(|r| r.comment.as_deref()) {
                    (kit::inset(say::part("The manager’s comment", Some(comment))))
                }
                (self.doors(update, &round, corrected_by.is_none()))
            },
        }
    }

    /// What the reader can do with an update.
    fn doors(&self, update: &Update, round: &str, is_last_word: bool) -> Markup {
        let mut doors: Vec<(String, &str)> = Vec::new();
        let can_look = command_review::why_not(self.record, self.action, update, self.today).is_none();
        if is_last_word && can_look && self.may(Permission::LookAtUpdates) {
            let words = if update.awaits_review() { "Look at this" } else { "Return this" };
            doors.push((path::review_update(update.id), words));
        }
        if is_last_word && !update.is_returned() && self.may(Permission::WriteUpdate) {
            doors.push((path::correct_update(update.id), "Correct this"));
        }
        let can_mark = command_exempt::why_not(self.record, update, self.today).is_none();
        let mark = (can_mark && self.may(Permission::MarkExempt)).then_some(match update.exempt {
            Some(_) => "Change or lift “not for publication”",
            None => "Mark as not for publication",
        });
        html! {
            @if !doors.is_empty() || mark.is_some() {
                p class="in-line no-print" {
                    @for (href, label) in doors {
                        a href=(href) { (label) span class="visually-hidden" { " update, " (round) } }
                    }
                    @if let Some(label) = mark {
                        a href=(path::update_exemption(update.id)) {
                            (label) span class="visually-hidden" { ": update, " (round) }
                        }
                    }
                }
            }
        }
    }

    /// Whether an update is among those that the reader may see.
    fn shows(&self, id: UpdateId) -> bool {
        self.action.updates.iter().any(|u| u.id == id)
    }

    fn update_body(&self, update: &Update) -> Markup {
        let evidence = self.evidence.get(&Some(update.id));
        html! {
            @if let Some(promise) = update.promise {
                p { strong { "Did what was said last time happen?" } " " (promise.word()) }
            }
            (say::prose(&update.narrative))
            (say::part("What will put it right, and by when", update.put_right.as_deref()))
            @if update.outcome_not_known {
                p { strong { "What difference it has made:" } " not known yet" }
            }
            (say::part("What difference it has made, or how we will know", update.outcome.as_deref()))
            (say::part("Next steps", update.next_steps.as_deref()))
            @if let Some(pieces) = evidence {
                h4 { "Evidence" }
                @for piece in pieces { (say::evidence(piece)) }
            }
            @if let Some(cleared) = &update.cleared {
                p {
                    strong { "Cleared by:" } " " (cleared.by)
                    @if let Some(on) = cleared.on { ", " (kit::day(on)) }
                }
            }
        }
    }

    fn state_change(&self, change: &StateChange, n: i64) -> Happened {
        let into = change.into.and_then(|id| self.record.action(id));
        let heading = match change.state {
            State::Open => "Opened again".to_owned(),
            State::Merged => {
                format!("Merged into {}", into.map_or("another action", |a| a.label.as_str()))
            }
            State::NoFurtherAction => "Closed with no further action".to_owned(),
            complete => complete.words().to_owned(),
        };
        Happened {
            order: (change.from, Kind::State, n),
            heading,
            id: None,
            who: agreement_words(self.record, change),
            when: html! { "From " (kit::day(change.from)) },
            tags: Markup::default(),
            body: html! {
                @if let Some(into) = into { p { "The work goes on in " (say::action_link(into)) "." } }
                @if let Some(update) = change.update.filter(|id| self.shows(*id)) {
                    p { "Reported in " a href={ "#update-" (update) } { "an update" } "." }
                }
                (say::part("Reason", change.reason.as_deref()))
            },
        }
    }

    /// What was decided on a date by anybody but a resolution, which has an entry of its own.
    fn decided(&self, revision: &Revision) -> Option<Happened> {
        let decision = revision.decision.as_ref()?;
        let resolved =
            self.record.decided.iter().any(|d| d.revision == Some(revision.id) && d.outcome.is_final());
        if resolved {
            return None;
        }
        Some(Happened {
            order: (decision.on, Kind::Decided, revision.id.0),
            heading: format!("{} {}", revision.wording, decision.outcome.code()),
            id: None,
            who: Some(decision.by.clone()),
            when: kit::day(decision.on),
            tags: Markup::default(),
            body: say::part("Reason", decision.reason.as_deref()),
        })
    }

    fn varied(&self, varied: Varied<'_>, n: i64) -> Happened {
        let variation = varied.variation;
        Happened {
            order: (variation.known_from, Kind::Variation, n),
            heading: "Recommendation varied".to_owned(),
            id: None,
            who: Some(format!("agreed by {}", variation.agreed_by)),
            when: match variation.agreed_on {
                Some(on) => kit::day(on),
                None => html! { "Day not recorded" },
            },
            tags: Markup::default(),
            body: html! {
                (say::part("It was", Some(&variation.was)))
                (say::part("It is now", Some(&variation.now)))
                (say::said_to_variation(varied))
            },
        }
    }
}

fn who(update: &Update) -> Option<String> {
    match (update.author_words(), &update.entered_for) {
        (Some(author), Some(whom)) => Some(format!("entered by {author} {whom}")),
        (None, Some(whom)) => Some(format!("entered {whom}")),
        (author, None) => author,
    }
}

fn asked(revision: &Revision) -> Happened {
    let original = revision.is_original();
    Happened {
        order: (revision.known_from, if original { Kind::Added } else { Kind::Asked }, revision.id.0),
        heading: match (original, revision.wording.trim()) {
            (true, "") => "First deadline: no date".to_owned(),
            (true, wording) => format!("First deadline: {wording}"),
            (false, wording) => format!("{wording} asked for"),
        },
        id: Some(format!("deadline-{}", revision.id)),
        who: revision.asked_by.clone(),
        when: match (original, revision.asked_on) {
            (true, _) => html! { "From " (kit::day(revision.known_from)) },
            (false, Some(on)) => kit::day(on),
            (false, None) => html! { "Day not recorded" },
        },
        tags: Markup::default(),
        body: html! {
            p class="soft small" { "Read as: " (revision.how) }
            (say::part("Reason", revision.reason.as_deref()))
            @if !original && revision.decision.is_none() { p { "Not decided: the deadline stays as it is." } }
        },
    }
}

/// What only the history knows: making and editing. Updates, dates and states stand in the record itself, and from
/// there only as far as the reader may see them.
fn edited(record: &Record, event: &Event, n: i64) -> Option<Happened> {
    let (kind, heading) = match event.kind.as_str() {
        "action.created" => (Kind::Added, "Action added to this record".to_owned()),
        "action.edited" => (Kind::Edited, "Action edited".to_owned()),
        kind if ["update.", "deadline.", "action.", "question.", "decision."]
            .iter()
            .any(|own| kind.starts_with(own)) =>
        {
            return None;
        }
        _ => (Kind::Edited, event.summary()?.to_owned()),
    };
    Some(Happened {
        order: (event.office_day, kind, n),
        heading,
        id: None,
        // What was read in with its plan was nobody's to add: the plan says where it comes from.
        who: match (kind, event.actor, &record.plan.source) {
            (Kind::Added, None, Some(source)) => Some(format!("From {source}")),
            _ => Some(event.who().to_owned()),
        },
        when: kit::day(event.office_day),
        tags: Markup::default(),
        body: if event.kind == "action.edited" { changes(event.detail()) } else { Markup::default() },
    })
}

fn changes(detail: &serde_json::Value) -> Markup {
    let words = |change: &serde_json::Value, end: &str| {
        change.get(end).and_then(|v| v.as_str()).unwrap_or_default().to_owned()
    };
    let rows: Vec<Row<'_>> = detail
        .as_object()
        .into_iter()
        .flatten()
        .map(|(field, change)| {
            Row::new([
                html! { (field) },
                kit::paragraphs(&words(change, "from")),
                kit::paragraphs(&words(change, "to")),
            ])
        })
        .collect();
    if rows.is_empty() {
        return Markup::default();
    }
    let columns = [
        Column::new("What"),
        Column::new("It was").width(Width::Prose),
        Column::new("It is now").width(Width::Prose),
    ];
    details(
        "What changed",
        html! { (Table::new("What changed", columns).caption_hidden().row_head(0).rows(rows)) },
    )
}
