//! What people are told in their next digest: a question from the panel, an update that was returned, an action that is new to
//! them, what the panel decided.
//!
//! A notice is written when its cause happens, in words that may stand in a mailbox: never the question, the comment or a
//! reason. It goes out once. Before it does it is asked again whether it still holds, and to whom.

use chrono::NaiveDate;

use super::{
    gather::{Candidate, Line},
    to::{answers_for, is_reachable, manages, recipients},
};
use crate::domain::{
    code::coded,
    id::{ActionId, NoticeId, PersonId, PlanId, QuestionId, ResolutionId, RevisionId, UpdateId},
    plan::Record,
    post::Person,
    question::QuestionState,
    text,
};

coded! {
    /// What somebody is told of; in the order in which a mail says it.
    pub enum Kind {
        /// The panel asks a question.
        Question = "question",
        /// The manager has returned an update.
        Returned = "returned",
        /// An action is theirs from now on.
        Assigned = "assigned",
        /// The panel has decided something.
        Decision = "decision",
        /// A date that was asked for is decided, without a meeting.
        Date = "date",
        /// The mail server refuses the address of somebody who answers for an action.
        Refused = "refused",
    }
}

impl Kind {
    /// Whether it goes on the day on which it happens, where that day's digest has not gone yet: somebody waits for an answer.
    /// The others wait for the next morning, when what happened on one day goes together.
    pub fn is_urgent(self) -> bool {
        matches!(self, Self::Question | Self::Returned)
    }
}

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// A question that was passed on.
    Question(QuestionId),
    /// An update that was returned.
    Returned(UpdateId),
    /// Being its lead, from a day.
    Assigned(NaiveDate),
    /// What a panel resolved at a meeting.
    Decision(ResolutionId),
    /// The decision on a date that was asked for.
    Date(RevisionId),
    /// That an address was refused, on a day.
    Refused(NaiveDate),
}

impl About {
    /// Its kind.
    pub fn kind(self) -> Kind {
        match self {
            Self::Question(_) => Kind::Question,
            Self::Returned(_) => Kind::Returned,
            Self::Assigned(_) => Kind::Assigned,
            Self::Decision(_) => Kind::Decision,
            Self::Date(_) => Kind::Date,
            Self::Refused(_) => Kind::Refused,
        }
    }

    /// The unique key of telling somebody of it, on one action.
    pub fn key(self, action: ActionId, person: PersonId) -> String {
        let what = match self {
            Self::Question(id) => format!("question {id}"),
            Self::Returned(id) => format!("returned update {id}"),
            Self::Assigned(from) => format!("assigned from {from}"),
            Self::Decision(id) => format!("decision {id}"),
            Self::Date(id) => format!("decided date {id}"),
            Self::Refused(on) => format!("address refused on {on}"),
        };
        format!("{what} action {action} person {person}")
    }
}

/// Something that somebody is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Identifier.
    pub id: NoticeId,
    /// Of what kind.
    pub kind: Kind,
    /// About what.
    pub about: About,
    /// Whom.
    pub person: Person,
    /// On which action.
    pub action: ActionId,
    /// Of which plan.
    pub plan: PlanId,
    /// Whose doing it is and what is wanted, as one sentence: "The Community Safety and Leisure Scrutiny Panel asks a question.
    /// Please answer by Monday 29 January 2018.".
    pub sentence: String,
    /// What there is to say besides, a line each: "March 2018 agreed: it is the deadline now".
    pub lines: Vec<String>,
    /// When it happened.
    pub on: NaiveDate,
}

impl Notice {
    /// What it is, in few words: "Question from the panel".
    pub fn label(&self) -> String {
        match self.kind {
            Kind::Question => "Question from the panel".to_owned(),
            Kind::Returned => "Returned update".to_owned(),
            Kind::Assigned => "New action".to_owned(),
            Kind::Decision => "Decision of the panel".to_owned(),
            Kind::Date => "Decision on a date".to_owned(),
            Kind::Refused => "Address refused".to_owned(),
        }
    }

    /// What is theirs from a later day is said on that day.
    fn is_early(&self, day: NaiveDate) -> bool {
        matches!(self.about, About::Assigned(from) if day < from)
    }
}

pub(super) fn candidate<'a>(notice: &'a Notice, records: &'a [Record], day: NaiveDate) -> Candidate<'a> {
    let record = records.iter().find(|r| r.plan.id == notice.plan);
    let action = record.and_then(|record| record.action(notice.action));
    let why_not = record.and_then(|record| waits(record, notice, day));
    let due = why_not.is_none();
    Candidate {
        plan: record.map_or("", |record| &record.plan.title),
        person: &notice.person,
        post: None,
        line: Line::Notice(notice.clone(), action.map_or_else(String::new, |action| action.label.clone())),
        due,
        listed: due,
        why_not: why_not.unwrap_or_default(),
    }
}

/// Why somebody is not told of something on a day, in words; none: they can be.
fn waits(record: &Record, notice: &Notice, day: NaiveDate) -> Option<String> {
    if notice.is_early(day) {
        return Some("theirs from a later day".to_owned());
    }
    if !is_reachable(record, &notice.person) {
        return Some("no address in use".to_owned());
    }
    if heirs(record, notice, day).is_some() {
        return Some("others are told instead".to_owned());
    }
    let away = record.preferences.away(notice.person.id, day)?;
    Some(format!("away until {}: told on the first working day after", text::day(away.until)))
}

/// Why a notice is not to be given any more on a day, if so. What was decided stays true.
pub fn overtaken(record: &Record, notice: &Notice, day: NaiveDate) -> Option<&'static str> {
    if !record.is_monitored(day) {
        return Some("monitoring of the plan has ended");
    }
    let action = record.action(notice.action)?;
    let gone = match notice.about {
        About::Question(id) => {
            let question = action.questions.iter().find(|q| q.id == id);
            question.is_some_and(|q| q.state != QuestionState::PassedOn)
        }
        About::Returned(id) => {
            let update = action.updates.iter().find(|u| u.id == id);
            update.is_some_and(|u| action.returned(u.supersedes).map(|r| r.id) != Some(u.id))
        }
        // Of whoever is away it is still theirs, whoever is asked meanwhile.
        About::Assigned(_) => {
            let is_away = record.preferences.away(notice.person.id, day).is_some();
            let is_theirs = is_away && answers_for(record, action, notice.person.id, day);
            !notice.is_early(day) && !is_theirs && !recipients(record, action, day).include(notice.person.id)
        }
        About::Decision(_) | About::Date(_) => false,
        About::Refused(_) => !record
            .preferences
            .refused()
            .any(|person| answers_for(record, action, person, day) || manages(record, person, day)),
    };
    gone.then_some(match notice.kind {
        Kind::Question => "the question has been answered",
        Kind::Returned => "the update was sent again",
        Kind::Assigned => "the action is somebody else’s by now",
        Kind::Decision | Kind::Date => "",
        Kind::Refused => "the address has been put right, or the action is somebody else’s by now",
    })
}

/// Who is to be told instead of whom it was written for, because the action is asked of others by now; none: them.
pub fn heirs<'a>(record: &'a Record, notice: &Notice, day: NaiveDate) -> Option<Vec<&'a Person>> {
    let action = record.action(notice.action)?;
    let to = recipients(record, action, day);
    let is_away = record.preferences.away(notice.person.id, day).is_some();
    let stays = match notice.kind {
        // For whoever manages the plan.
        Kind::Refused => true,
        // It is not news to whoever manages the plan.
        Kind::Assigned => !is_away || to.nobody.is_some() || notice.is_early(day),
        // Whoever wrote it may be a contributor.
        Kind::Returned => is_reachable(record, &notice.person) && !is_away,
        Kind::Question | Kind::Decision | Kind::Date => false,
    };
    let stays = stays || to.include(notice.person.id) || to.people.is_empty();
    (!stays).then(|| to.people.iter().map(|r| r.person).collect())
}
