//! What the panel says on one action: its questions with their answers, what it decided, its own ratings, its conclusions.

use maud::{Markup, html};

use super::{ActionPage, Happened, Kind};
use crate::{
    domain::{
        agenda,
        decision::{Decided, Kind as Put},
        question::{Question, QuestionState},
        text,
    },
    link::path,
    web::{
        page::{
            action::say,
            question::{answered_by, asked_by},
        },
        view::{
            kit,
            rating::{flag, grey_words, panel_rating_tag},
        },
    },
};

impl ActionPage<'_> {
    pub(super) fn panels_word(&self) -> Vec<Happened> {
        let mut all: Vec<Happened> =
            self.action.questions.iter().flat_map(|q| [self.asked(q), self.answered(q)]).flatten().collect();
        let decided = self.record.decided.iter().filter(|d| d.action == Some(self.action.id));
        all.extend(decided.zip(0..).map(|(decided, n)| self.resolved(decided, n)));
        all.extend(self.ratings());
        all.extend(self.conclusions());
        all
    }

    /// A question from the day on which it was passed on; before that it stands here only for those who see the draft.
    fn asked(&self, question: &Question) -> Option<Happened> {
        let words = &self.record.words;
        let (day, heading) = match question.state {
            QuestionState::Withdrawn => return None,
            QuestionState::Draft | QuestionState::Returned => {
                (question.drafted_on, words.say("Question drafted for the {panel}"))
            }
            _ => {
                (question.passed_on_on.unwrap_or(question.drafted_on), words.say("Question from the {panel}"))
            }
        };
        Some(Happened {
            order: (day, Kind::Question, question.id.0),
            heading,
            id: Some(format!("question-{}", question.id)),
            who: Some(format!("asked by {}", asked_by(self.record, question, &self.names))),
            when: kit::day(day),
            tags: state(question),
            body: html! {
                (say::prose(&question.text))
                @if !question.state.is_passed_on() {
                    p class="soft small" { "Only the member who drafted it and the scrutiny officers see this." }
                }
                @if self.reader_is_signed_in() {
                    p class="no-print" {
                        a href=(path::question(question.id)) {
                            "Open the question" span class="visually-hidden" { ": " (text::short_title(&question.text)) }
                        }
                    }
                }
            },
        })
    }

    fn answered(&self, question: &Question) -> Option<Happened> {
        let (answer, on) = (question.answer.as_ref()?, question.answered_on?);
        Some(Happened {
            order: (on, Kind::Answer, question.id.0),
            heading: self.record.words.say("Answer to a question from the {panel}"),
            id: None,
            who: None,
            when: answered_by(self.record, self.action, question, &self.names),
            tags: Markup::default(),
            body: html! {
                p class="soft small" { "To: " a href={ "#question-" (question.id) } { (text::short_title(&question.text)) } }
                (say::prose(answer))
            },
        })
    }

    fn resolved(&self, decided: &Decided, n: i64) -> Happened {
        let asked = self.action.revisions.iter().find(|r| Some(r.id) == decided.revision);
        let what = match (decided.kind, asked) {
            (Put::Extension, Some(asked)) => asked.wording.clone(),
            (kind, _) => kind.word().to_owned(),
        };
        let resolution = &decided.resolution;
        let outcome = decided.outcome.words().to_lowercase();
        Happened {
            order: (resolution.on, Kind::Panel, n),
            heading: format!("{what}: {outcome} {}", self.record.words.say("by the {panel}")),
            id: None,
            who: Some(format!("{}, {}", resolution.panel, say::minute(resolution))),
            when: kit::day(resolution.on),
            tags: Markup::default(),
            body: html! {
                (say::part("Reason", decided.reason.as_deref()))
                @if !decided.outcome.is_final() { p { "It is put to the next meeting again." } }
            },
        }
    }

    fn ratings(&self) -> impl Iterator<Item = Happened> {
        let key = &self.record.plan.key;
        self.action.panel_ratings.iter().zip(0..).map(move |(rated, n)| Happened {
            order: (rated.from, Kind::Panel, 1_000 + n),
            heading: self.record.words.say("The {panel’s} own rating"),
            id: None,
            who: rated.resolution.as_ref().map(|r| format!("{}, {}", r.panel, say::minute(r))),
            when: kit::day(rated.from),
            tags: panel_rating_tag(&key.entry(rated.rating), &self.record.words),
            body: say::part("Reason", Some(&rated.reason)),
        })
    }

    fn conclusions(&self) -> Vec<Happened> {
        let recommendation = self.action.recommendation.and_then(|id| self.record.recommendation(id));
        let Some(recommendation) = recommendation else { return Vec::new() };
        let name = agenda::name(self.record, recommendation.id);
        let concluded = recommendation.conclusions.iter().zip(0..);
        concluded
            .map(|(concluded, n)| Happened {
                order: (concluded.from, Kind::Panel, 2_000 + n),
                heading: format!(
                    "Conclusion on recommendation {name}: {}",
                    concluded.verdict.words().to_lowercase()
                ),
                id: None,
                who: concluded.resolution.as_ref().map(|r| format!("{}, {}", r.panel, say::minute(r))),
                when: kit::day(concluded.from),
                tags: Markup::default(),
                body: say::part("Reason", concluded.reason.as_deref()),
            })
            .collect()
    }

    /// Whether the reader can open more than what the public reads.
    fn reader_is_signed_in(&self) -> bool {
        self.actor.person.is_some()
    }
}

/// Where a question stands; what waits for somebody is a flag.
fn state(question: &Question) -> Markup {
    match question.state {
        QuestionState::PassedOn => flag(question.state.words()),
        state => grey_words(state.words()),
    }
}
