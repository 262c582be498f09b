//! The form: one resolution text for all, a row for everything that was put, pre-set to agreed, and, one press away, the
//! panel's own ratings and its conclusions.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    domain::{
        action::{Action, Recommendation, Response},
        agenda::{self, Put},
        decision::{self, Outcome, Verdict},
        id::{ActionId, RecommendationId},
        plan::Record,
        progress::progress,
        standing,
        text::plural,
    },
    link::path,
    store::decision::Sitting,
    web::{
        form::{Fields, LONG_TEXT},
        page::action::say,
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::{day, paragraphs},
            rating::{grey_words, panel_rating_tag, suggested_tag},
        },
    },
};

/// The longest reason, in characters.
pub(super) const REASON: usize = 4_000;

/// The kinds in the order of the page, with their headings.
const KINDS: [(decision::Kind, &str); 4] = [
    (decision::Kind::Completion, "Completions"),
    (decision::Kind::Extension, "Later dates"),
    (decision::Kind::Merge, "Merges"),
    (decision::Kind::Variation, "Variations"),
];

pub(super) fn outcome(put: Put) -> String {
    format!("outcome-{}", put.key())
}

pub(super) fn reason(put: Put) -> String {
    format!("reason-{}", put.key())
}

pub(super) fn rating(id: ActionId) -> String {
    format!("rating-{id}")
}

pub(super) fn rating_reason(id: ActionId) -> String {
    format!("rating-reason-{id}")
}

pub(super) fn conclusion(id: RecommendationId) -> String {
    format!("conclusion-{id}")
}

pub(super) fn conclusion_reason(id: RecommendationId) -> String {
    format!("conclusion-reason-{id}")
}

/// The recommendations on which a panel can conclude: not those that were rejected or noted.
pub(super) fn concludable(record: &Record) -> impl Iterator<Item = &Recommendation> {
    record.recommendations.iter().filter(|r| !r.response.is_some_and(Response::is_unrated))
}

/// What the form is drawn from.
#[derive(Clone, Copy)]
struct Form<'a> {
    fields: &'a Fields,
    errors: &'a [FieldError],
    today: NaiveDate,
}

pub(super) fn render(
    sitting: &Sitting,
    fields: &Fields,
    token: &str,
    errors: &[FieldError],
    today: NaiveDate,
) -> Markup {
    let form = Form { fields, errors, today };
    let f = Inputs::new(errors);
    let put = sitting.put(today);
    let seen = sitting.resolutions.last().map(|r| r.id.to_string()).unwrap_or_default();
    post(
        &path::decisions(sitting.meeting.id),
        html! {
            (hidden("form_token", token))
            (hidden("seen", &seen))
            @for (_, put) in &put { (hidden("item", &put.key())) }
            @if put.is_empty() {
                p { "Nothing waits for a decision of this meeting: no completion, later date, merge or variation." }
            } @else {
                p {
                    (plural(put.len(), "thing was", "things were")) " put to this meeting. Each is set to “Agreed”: change the \
                     exceptions. Where something is not agreed, say why. Nothing is recorded before you have checked it on the next page."
                }
                p { "“Noted” is not agreed: what is noted or deferred stays as it is, and is put to the next meeting again." }
            }
            @if sitting.records.len() > 1 {
                ul class="in-line no-print" {
                    @for record in &sitting.records {
                        li { a href={ "#plan-" (record.plan.id) } { (record.plan.title) } }
                    }
                }
            }
            (f.textarea("text", "Resolution", fields.raw("text"))
                .hint("As the minutes will say it; one text for all of it")
                .rows(4)
                .limit(LONG_TEXT))
            (f.text("minute", "Minute reference", fields.raw("minute"))
                .hint("It may follow: until then it says “minute awaited”")
                .width(Width::W20)
                .optional())
            @for record in &sitting.records {
                @let of_plan: Vec<Put> =
                    put.iter().filter(|(of, _)| of.plan.id == record.plan.id).map(|(_, put)| *put).collect();
                (form.plan(record, &of_plan))
            }
            (button_group([submit("Continue", Kind::Primary)]))
        },
    )
}

impl Form<'_> {
    fn f(&self) -> Inputs<'_> {
        Inputs::new(self.errors)
    }

    fn plan(&self, record: &Record, put: &[Put]) -> Markup {
        html! {
            h2 id={ "plan-" (record.plan.id) } { (record.plan.title) }
            (say::key_link(&record.plan))
            @if put.is_empty() { p class="soft" { "Nothing of this plan waits for a decision." } }
            @for (kind, heading) in KINDS {
                @if put.iter().any(|p| p.kind() == kind) {
                    h3 { (heading) }
                    @for put in put.iter().filter(|p| p.kind() == kind) { (self.row(record, *put)) }
                }
            }
            (self.ratings(record))
            (self.conclusions(record))
        }
    }

    /// One thing that was put: what it is beside what was decided on it.
    fn row(&self, record: &Record, put: Put) -> Markup {
        let (outcome_name, reason_name) = (outcome(put), reason(put));
        let chosen = match self.fields.raw(&outcome_name) {
            "" => Outcome::Agreed.code(),
            chosen => chosen,
        };
        let choices = Outcome::ALL.iter().map(|o| Choice::new(o.code(), o.words()));
        let what = match put.action() {
            Some(action) => format!("{}: {}", record.label(action), agenda::words(record, put, self.today)),
            None => agenda::words(record, put, self.today),
        };
        let of = |label: &str| html! { (label) span class="visually-hidden" { ", " (what) } };
        html! {
            fieldset class="put" {
                legend { (what) }
                div { (self.about(record, put)) }
                div {
                    (self.f().select(&outcome_name, of("Outcome"), chosen, choices).width(Width::W20))
                    (self.f().textarea(&reason_name, of("Reason"), self.fields.raw(&reason_name)).rows(2).optional())
                }
            }
        }
    }

    fn about(&self, record: &Record, put: Put) -> Markup {
        match put {
            Put::Completion(action, change) | Put::Merge(action, change) => {
                let action = record.action(action);
                let change = action.and_then(|a| a.states.iter().find(|s| s.id == Some(change)));
                html! {
                    @if let (Some(action), Some(change)) = (action, change) {
                        p { (say::action_link(action)) }
                        p {
                            (say::rating(&record.plan, standing::stand_one(record, action, self.today).reported)) " "
                            (change.state.words()) ", from " (day(change.from))
                        }
                        (say::part("Reason", change.reason.as_deref()))
                    }
                }
            }
            Put::Extension(action, revision) => {
                let action = record.action(action);
                let asked = action.and_then(|a| a.revisions.iter().find(|r| r.id == revision));
                html! {
                    @if let (Some(action), Some(asked)) = (action, asked) {
                        p { (say::action_link(action)) }
                        p {
                            "Asked for"
                            @if let Some(by) = &asked.asked_by { " by " (by) }
                            @if let Some(on) = asked.asked_on { " on " (day(on)) }
                        }
                        (say::part("Reason", asked.reason.as_deref()))
                    }
                }
            }
            Put::Variation(id, variation) => {
                let one = record.recommendation(id);
                let varied = one.and_then(|r| r.variations.iter().find(|v| v.id == Some(variation)));
                html! {
                    @if let Some(varied) = varied {
                        p { span class="soft" { "Was: " } (varied.was) }
                        p { span class="soft" { "Now: " } (varied.now) }
                        p { "Agreed by " (varied.agreed_by)
                            @if let Some(on) = varied.agreed_on { " on " (day(on)) } }
                    }
                }
            }
        }
    }

    /// The panel's own ratings, one press away unless something of them was typed.
    fn ratings(&self, record: &Record) -> Markup {
        let typed = |a: &Action| {
            [rating(a.id), rating_reason(a.id)].iter().any(|name| !self.fields.raw(name).trim().is_empty())
        };
        html! {
            details open[record.actions.iter().any(typed)] {
                summary { (record.words.say("The {panel’s} own ratings")) span class="visually-hidden" { " in " (record.plan.title) } }
                div class="details-body" {
                    p { "Only where it gives one. It stands beside what is reported and what the facts say; none replaces another." }
                    @for action in &record.actions { (self.rated(record, action)) }
                }
            }
        }
    }

    fn rated(&self, record: &Record, action: &Action) -> Markup {
        let (name, reason_name) = (rating(action.id), rating_reason(action.id));
        let standing = standing::stand_one(record, action, self.today);
        let key = &record.plan.key;
        let choices = std::iter::once(Choice::new("", "No rating of its own"))
            .chain(key.entries().map(|e| Choice::new(e.rating.code(), &e.word)));
        let of = |label: &str| html! { (label) span class="visually-hidden" { " for " (action.label) } };
        html! {
            fieldset class="put" {
                legend { (action.label) ": " (action.title()) }
                div {
                    p { (say::rating(&record.plan, standing.reported)) " " (suggested_tag(standing.suggestion.rating)) }
                    @if let Some(own) = standing.panel {
                        p { (panel_rating_tag(&key.entry(own.rating), &record.words)) " since " (day(own.from)) }
                    }
                }
                div {
                    (self.f().select(&name, of("Rating"), self.fields.raw(&name), choices).width(Width::W20))
                    (self.f().textarea(&reason_name, of("Reason"), self.fields.raw(&reason_name)).rows(2).optional())
                }
            }
        }
    }

    fn conclusions(&self, record: &Record) -> Markup {
        let typed = |r: &Recommendation| {
            let names = [conclusion(r.id), conclusion_reason(r.id)];
            names.iter().any(|name| !self.fields.raw(name).trim().is_empty())
        };
        if concludable(record).next().is_none() {
            return Markup::default();
        }
        html! {
            details open[concludable(record).any(typed)] {
                summary { "Conclusions on recommendations" span class="visually-hidden" { " in " (record.plan.title) } }
                div class="details-body" {
                    p { "That its actions are complete makes no recommendation met: only a conclusion does." }
                    @for one in concludable(record) { (self.concluded(record, one)) }
                }
            }
        }
    }

    fn concluded(&self, record: &Record, one: &Recommendation) -> Markup {
        let (name, reason_name) = (conclusion(one.id), conclusion_reason(one.id));
        let called = agenda::name(record, one.id);
        let choices = std::iter::once(Choice::new("", "No conclusion"))
            .chain(Verdict::ALL.iter().map(|v| Choice::new(v.code(), v.words())));
        let of =
            |label: &str| html! { (label) span class="visually-hidden" { " for recommendation " (called) } };
        html! {
            fieldset class="put" {
                legend { "Recommendation " (called) }
                div {
                    (paragraphs(&one.text))
                    @match one.conclusion_at(self.today) {
                        Some(now) => { p { strong { "Conclusion: " (now.verdict.words()) } ", since " (day(now.from)) } },
                        None => {
                            @if let Some(progress) = progress(record, one, self.today) {
                                p { (grey_words(progress.words())) }
                            }
                        },
                    }
                }
                div {
                    (self.f().select(&name, of("Conclusion"), self.fields.raw(&name), choices).width(Width::W20))
                    (self.f().textarea(&reason_name, of("Reason"), self.fields.raw(&reason_name)).rows(2).optional())
                }
            }
        }
    }
}
