//! Questions from the panel: drafted by a member, passed on by the scrutiny officer, answered by the lead, resolved.

use chrono::NaiveDate;

use super::{
    access::{Actor, Denied, Permission, may_in},
    action::Action,
    code::coded,
    id::{ActionId, PersonId, QuestionId},
    plan::{Plan, Record},
    post::{Lead, Post},
};

coded! {
    /// Where a question stands.
    pub enum QuestionState {
        /// Drafted by a member; the scrutiny officer has not passed it on.
        Draft = "draft",
        /// Given back to the member, with a comment.
        Returned = "returned",
        /// Withdrawn by the member before it was passed on.
        Withdrawn = "withdrawn",
        /// With the lead.
        PassedOn = "passed_on",
        /// Answered.
        Answered = "answered",
        /// Answered, and settled.
        Resolved = "resolved",
    }
}

impl QuestionState {
    /// The words on pages and in the papers.
    pub fn words(self) -> &'static str {
        match self {
            Self::Draft => "Draft, not yet passed on",
            Self::Returned => "Returned to the member",
            Self::Withdrawn => "Withdrawn",
            Self::PassedOn => "Awaiting an answer",
            Self::Answered => "Answered",
            Self::Resolved => "Resolved",
        }
    }

    /// Whether everyone who may read the plan may read it.
    pub fn is_passed_on(self) -> bool {
        matches!(self, Self::PassedOn | Self::Answered | Self::Resolved)
    }
}

/// A question on one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Identifier.
    pub id: QuestionId,
    /// Number of the saved state, for two people who edit at once.
    pub version: i32,
    /// The action.
    pub action: ActionId,
    /// The words.
    pub text: String,
    /// Where it stands.
    pub state: QuestionState,
    /// The member who drafted it.
    pub drafted_by: Option<PersonId>,
    /// When.
    pub drafted_on: NaiveDate,
    /// Why it was returned to the member.
    pub comment: Option<String>,
    /// When it was passed on.
    pub passed_on_on: Option<NaiveDate>,
    /// The answer.
    pub answer: Option<String>,
    /// Who wrote the answer as it is now.
    pub answered_by: Option<PersonId>,
    /// When it was first answered.
    pub answered_on: Option<NaiveDate>,
    /// When the answer was last changed.
    pub answer_changed_on: Option<NaiveDate>,
    /// When it was settled.
    pub resolved_on: Option<NaiveDate>,
}

impl Question {
    /// Whether somebody is the member who drafted it.
    pub fn is_by(&self, actor: &Actor) -> bool {
        actor.person.is_some() && self.drafted_by == actor.person
    }

    /// The day from which it stands where it stands.
    pub fn since(&self) -> NaiveDate {
        let since = match self.state {
            QuestionState::Draft | QuestionState::Returned | QuestionState::Withdrawn => None,
            QuestionState::PassedOn => self.passed_on_on,
            QuestionState::Answered => self.answered_on,
            QuestionState::Resolved => self.resolved_on,
        };
        since.unwrap_or(self.drafted_on)
    }

    /// Where it stood at the end of a day; none: it was not there.
    pub fn state_at(&self, day: NaiveDate) -> Option<QuestionState> {
        let by_then = |on: Option<NaiveDate>| on.is_some_and(|on| on <= day);
        match self.state {
            draft if !draft.is_passed_on() => (self.drafted_on <= day).then_some(draft),
            _ if by_then(self.resolved_on) => Some(QuestionState::Resolved),
            _ if by_then(self.answered_on) => Some(QuestionState::Answered),
            _ if by_then(self.passed_on_on) => Some(QuestionState::PassedOn),
            _ => None,
        }
    }

    /// As it was at the end of a day; none: it had not been passed on. An answer that was changed later counts as not given: what
    /// it said on the day is in the history alone.
    pub fn as_at(self, day: NaiveDate) -> Option<Self> {
        let state = self.state_at(day).filter(|state| state.is_passed_on())?;
        let is_answered = self.answer_at(day).is_some();
        let state = if is_answered { state } else { QuestionState::PassedOn };
        Some(Self {
            state,
            answer: self.answer.filter(|_| is_answered),
            answered_by: self.answered_by.filter(|_| is_answered),
            answered_on: self.answered_on.filter(|_| is_answered),
            resolved_on: self.resolved_on.filter(|_| state == QuestionState::Resolved),
            ..self
        })
    }

    /// The answer as it was at the end of a day, with the day on which it was first given.
    pub fn answer_at(&self, day: NaiveDate) -> Option<(NaiveDate, &str)> {
        let answered_on = self.answered_on.filter(|on| *on <= day)?;
        let answer = self.answer.as_deref()?;
        self.answer_changed_on.is_none_or(|changed| changed <= day).then_some((answered_on, answer))
    }

    /// Whether it awaited an answer at the end of a day.
    pub fn awaits_answer_at(&self, day: NaiveDate) -> bool {
        self.state_at(day) == Some(QuestionState::PassedOn)
    }

    /// Whether somebody may resolve it: a scrutiny officer of the plan, or the member who asked.
    ///
    /// # Errors
    /// [`Denied`] with who may.
    pub fn may_be_resolved_by(&self, actor: &Actor, plan: &Plan) -> Result<(), Denied> {
        if self.is_by(actor) || may_in(actor, Permission::PassOnQuestion, plan).is_ok() {
            return Ok(());
        }
        Err(Denied::but("Only a scrutiny officer or the member who asked"))
    }

    /// As what somebody answered: "MAP Coordinator", "Risk and Resilience Manager, for the lead". None: there is no answer, or
    /// whoever reads learns no names.
    pub fn answered_as(&self, record: &Record, action: &Action) -> Option<String> {
        let (by, on) = (self.answered_by?, self.answer_changed_on.or(self.answered_on)?);
        let held = |post: &&Post| post.holdings.iter().any(|h| h.person.id == by && h.covers(on));
        let led = action.leads.iter().find_map(|lead| match lead {
            Lead::Post { post, .. } => record.post(*post).filter(held).map(|post| Some(post.name.clone())),
            Lead::Person(person) if person.id == by => Some(None),
            Lead::Person(_) | Lead::OutsideBody(_) => None,
        });
        if let Some(post) = led {
            return Some(post.unwrap_or_else(|| "the lead".to_owned()));
        }
        if action.contributors.contains(&by) {
            return Some("for the lead".to_owned());
        }
        let manager = record.post(record.plan.manager).filter(held);
        Some(manager.map_or_else(|| "for the lead".to_owned(), |post| format!("{}, for the lead", post.name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::{HoldingId, PostId},
        post::{Holding, Person},
        sample::{action, day, record},
    };

    fn post(id: i64, name: &str, person: i64, from: &str, to: Option<&str>) -> Post {
        let person = Person {
            id: PersonId(person),
            name: "Jo".to_owned(),
            email: "jo@example.org".to_owned(),
            active: true,
        };
        let held = Holding { id: HoldingId(id), person, from: day(from), to: to.map(day), acting: false };
        Post { id: PostId(id), name: name.to_owned(), body: None, holdings: vec![held] }
    }

    fn answered(by: i64, on: &str) -> Question {
        Question {
            id: QuestionId(1),
            version: 1,
            action: ActionId(1),
            text: "Why?".to_owned(),
            state: QuestionState::Answered,
            drafted_by: Some(PersonId(9)),
            drafted_on: day("2018-01-10"),
            comment: None,
            passed_on_on: Some(day("2018-01-11")),
            answer: Some("Because.".to_owned()),
            answered_by: Some(PersonId(by)),
            answered_on: Some(day(on)),
            answer_changed_on: None,
            resolved_on: None,
        }
    }

    #[test]
    fn an_answer_says_as_what_it_was_given_on_its_day() {
        let lead = Lead::Post { post: PostId(2), named: None };
        let asked = Action { leads: vec![lead], contributors: vec![PersonId(4)], ..action(1, None) };
        let mut record = record([asked]);
        record.posts = vec![
            post(1, "Manager", 1, "2017-01-01", None),
            post(2, "Coordinator", 2, "2017-01-01", Some("2018-01-20")),
        ]
        .into();
        for (by, on, expected) in [
            (2, "2018-01-20", "Coordinator"),
            (2, "2018-02-20", "for the lead"),
            (1, "2018-01-20", "Manager, for the lead"),
            (4, "2018-01-20", "for the lead"),
        ] {
            let said = answered(by, on).answered_as(&record, &record.actions[0]);
            assert_eq!(said.as_deref(), Some(expected), "{by} on {on}");
        }
        // Whoever changed the answer wrote it on the day of the change.
        let changed = Question { answer_changed_on: Some(day("2018-02-20")), ..answered(2, "2018-01-20") };
        assert_eq!(changed.answered_as(&record, &record.actions[0]).as_deref(), Some("for the lead"));
        let nobody = Question { answered_by: None, ..answered(2, "2018-01-20") };
        assert_eq!(nobody.answered_as(&record, &record.actions[0]), None);
    }

    #[test]
    fn an_answer_that_was_changed_later_was_another_on_the_day() {
        let changed = Question { answer_changed_on: Some(day("2018-02-20")), ..answered(2, "2018-01-20") };
        let then = changed.clone().as_at(day("2018-02-19")).unwrap();
        assert_eq!((then.state, then.answer), (QuestionState::PassedOn, None));
        let now = changed.as_at(day("2018-02-20")).unwrap();
        assert_eq!((now.state, now.answer.as_deref()), (QuestionState::Answered, Some("Because.")));
    }

    #[test]
    fn a_question_stands_where_it_stands_since_the_day_of_its_last_step() {
        let question = answered(2, "2018-01-20");
        assert_eq!(question.since(), day("2018-01-20"));
        let at = |on| question.state_at(day(on));
        assert_eq!(at("2018-01-10"), None, "nobody but its member knew of it");
        assert_eq!(at("2018-01-11"), Some(QuestionState::PassedOn));
        assert_eq!(at("2018-01-20"), Some(QuestionState::Answered));
        assert_eq!(
            Question { state: QuestionState::PassedOn, ..question.clone() }.since(),
            day("2018-01-11")
        );
        assert_eq!(Question { state: QuestionState::Returned, ..question }.since(), day("2018-01-10"));
    }
}
