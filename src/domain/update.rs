//! Updates: dated narrative on one action, append-only once its round is closed.

use chrono::NaiveDate;

use super::{
    code::coded,
    id::{ActionId, DraftId, PersonId, RoundId, UpdateId},
    rating::Rating,
    round::Round,
};

coded! {
    /// "Last time you said: ... Did that happen?"
    pub enum Promise {
        /// It happened.
        Kept = "yes",
        /// Some of it.
        Partly = "partly",
        /// It did not.
        NotKept = "no",
    }
}

impl Promise {
    /// The word on the form and in the papers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "Yes",
            Self::Partly => "Partly",
            Self::NotKept => "No",
        }
    }
}

coded! {
    /// How an update reached whoever entered it for somebody else.
    pub enum ReceivedBy {
        /// By email.
        Email = "email",
        /// By phone.
        Phone = "phone",
        /// In a meeting.
        Meeting = "meeting",
    }
}

impl ReceivedBy {
    /// "by email", "by phone", "in a meeting".
    pub fn words(self) -> &'static str {
        match self {
            Self::Email => "by email",
            Self::Phone => "by phone",
            Self::Meeting => "in a meeting",
        }
    }
}

coded! {
    /// Where an update stands that a manager looks at first.
    pub enum ReviewState {
        /// Nobody has looked at it yet.
        Submitted = "submitted",
        /// Given back with a comment: it does not count.
        Returned = "returned",
        /// Looked at, and passed.
        Accepted = "accepted",
    }
}

/// What a manager said who looked at an update first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Where it stands.
    pub state: ReviewState,
    /// Why it was returned.
    pub comment: Option<String>,
    /// When it was returned or accepted.
    pub on: Option<NaiveDate>,
}

/// The three dates of an update are the round's, the day written and the day it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Identifier; a later one is the later row.
    pub id: UpdateId,
    /// The action.
    pub action: ActionId,
    /// The round it belongs to; none: written between rounds.
    pub round: Option<RoundId>,
    /// Paragraphs separated by blank lines.
    pub narrative: String,
    /// What the lead reports.
    pub reported: Rating,
    /// What is promised next.
    pub next_steps: Option<String>,
    /// What became of the next steps promised last time.
    pub promise: Option<Promise>,
    /// What puts it right, and by when (asked for with at risk and off track).
    pub put_right: Option<String>,
    /// What difference it made (asked for with complete).
    pub outcome: Option<String>,
    /// "Not known yet", given as the answer.
    pub outcome_not_known: bool,
    /// The day the text speaks of, where it says one.
    pub speaks_of: Option<NaiveDate>,
    /// The office day on which it was written; unknown for imported and seeded rows, and then it stays so.
    pub written_on: Option<NaiveDate>,
    /// The day from which it counts: the day written, else its round's.
    pub known_from: NaiveDate,
    /// Who wrote or entered it.
    pub author: Option<PersonId>,
    /// The name shown for the author.
    pub author_name: Option<String>,
    /// "for the MAP Coordinator, received by email on 4 December 2017".
    pub entered_for: Option<String>,
    /// Written by the round's link that came by mail, without signing in.
    pub by_email_link: bool,
    /// The row that this one corrects.
    pub supersedes: Option<UpdateId>,
    /// With a completion: the work goes on as business as usual.
    pub continuing: bool,
    /// Where it stands with the manager; none: nobody had to look first.
    pub review: Option<Review>,
    /// The paragraph of Schedule 12A under which it is not for publication.
    pub exempt: Option<i32>,
    /// The day on which the addendum was published that it stands in.
    pub released_on: Option<NaiveDate>,
    /// The post that cleared it, and when.
    pub cleared: Option<Cleared>,
}

/// Who cleared an update before it was sent, e.g. a head of service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleared {
    /// The post.
    pub by: String,
    /// When.
    pub on: Option<NaiveDate>,
}

impl Update {
    /// Who wrote it, and whether they were signed in: "Jane Smith", "Jane Smith, by email link". None: that is not known, or not
    /// for the reader.
    pub fn author_words(&self) -> Option<String> {
        let name = self.author_name.as_ref()?;
        Some(if self.by_email_link { format!("{name}, by email link") } else { name.clone() })
    }

    /// Whether it was given back to whoever wrote it, and so does not count.
    pub fn is_returned(&self) -> bool {
        self.review.as_ref().is_some_and(|r| r.state == ReviewState::Returned)
    }

    /// Whether a manager still has to look at it.
    pub fn awaits_review(&self) -> bool {
        self.review.as_ref().is_some_and(|r| r.state == ReviewState::Submitted)
    }

    /// Whether it counts in full: nobody had to look at it first, or it was accepted.
    pub fn is_accepted(&self) -> bool {
        self.review.as_ref().is_none_or(|r| r.state == ReviewState::Accepted)
    }

    /// Whether it can stand in the papers of a round that is closed at the end of a day: it was accepted by then. One that
    /// was accepted later is late for them.
    pub fn is_in_papers_at(&self, closed_on: NaiveDate) -> bool {
        match &self.review {
            None => true,
            Some(review) => {
                review.state == ReviewState::Accepted
                    && review.on.is_none_or(|accepted| accepted <= closed_on)
            }
        }
    }

    /// Whether it says all that a draft says: the same text and rating, and nothing left out that the draft adds. What a
    /// row of an update does not hold (evidence, that the work continues) is not looked at.
    pub fn says_all_of(&self, draft: &UpdateDraft) -> bool {
        fn holds<T: PartialEq>(mine: &Option<T>, new: &Option<T>) -> bool {
            new.is_none() || mine == new
        }
        self.narrative == draft.narrative
            && self.reported == draft.reported
            && self.supersedes == draft.supersedes
            && self.entered_for == draft.entered_for.as_ref().map(EnteredFor::words)
            && holds(&self.next_steps, &draft.next_steps)
            && holds(&self.promise, &draft.promise)
            && holds(&self.put_right, &draft.put_right)
            && holds(&self.outcome, &draft.outcome)
            && holds(&self.speaks_of, &draft.speaks_of)
            && holds(&self.cleared, &draft.cleared)
    }
}

/// The day from which a row counts: its own, else its round's, else a day that somebody knew for certain.
pub fn counts_from(written_on: Option<NaiveDate>, round: Option<&Round>, otherwise: NaiveDate) -> NaiveDate {
    written_on.or_else(|| round.map(Round::counts_from)).unwrap_or(otherwise)
}

/// A piece of evidence, with figures in the order given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// What it is: "Overview of Digital Resilience and Safeguarding Conference".
    pub title: String,
    /// Where it can be read.
    pub address: Option<String>,
    /// What it shows.
    pub note: Option<String>,
    /// Its day.
    pub dated: Option<NaiveDate>,
    /// Figures in it, each a label and a value: "delegates", "78".
    pub figures: Vec<(String, String)>,
}

/// An update as somebody wrote it, with all its fields checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateDraft {
    /// The text.
    pub narrative: String,
    /// The rating reported.
    pub reported: Rating,
    /// With a completion: the work goes on as business as usual.
    pub continuing: bool,
    /// What is promised next.
    pub next_steps: Option<String>,
    /// What became of the last promise.
    pub promise: Option<Promise>,
    /// What puts it right, and by when.
    pub put_right: Option<String>,
    /// What difference it made.
    pub outcome: Option<String>,
    /// "Not known yet".
    pub outcome_not_known: bool,
    /// The day that the text speaks of.
    pub speaks_of: Option<NaiveDate>,
    /// What it can show for itself.
    pub evidence: Vec<Evidence>,
    /// Set where somebody enters it for somebody else.
    pub entered_for: Option<EnteredFor>,
    /// Who cleared it.
    pub cleared: Option<Cleared>,
    /// The row that this one corrects.
    pub supersedes: Option<UpdateId>,
    /// A random text made with the form: the same form sent twice makes one update.
    pub form_token: Option<String>,
    /// What was saved for later and stood in the form: it is gone once this is sent.
    pub finishes: Option<DraftId>,
}

impl UpdateDraft {
    /// A draft with a text and nothing else.
    pub fn of(narrative: &str) -> Self {
        Self {
            narrative: narrative.to_owned(),
            reported: Rating::NotRecorded,
            continuing: false,
            next_steps: None,
            promise: None,
            put_right: None,
            outcome: None,
            outcome_not_known: false,
            speaks_of: None,
            evidence: Vec::new(),
            entered_for: None,
            cleared: None,
            supersedes: None,
            form_token: None,
            finishes: None,
        }
    }
}

/// For whom an update is entered, and how it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnteredFor {
    /// The post or person.
    pub whom: String,
    /// How it came.
    pub received_by: ReceivedBy,
    /// When it came.
    pub received_on: NaiveDate,
}

impl EnteredFor {
    /// "for the MAP Coordinator, received by email on 4 December 2017".
    pub fn words(&self) -> String {
        let on = super::text::day(self.received_on);
        format!("for {}, received {} on {on}", self.whom, self.received_by.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        action::Action,
        rating::Rating,
        sample::{action, day, record, round, update},
    };

    fn reviewed(update: Update, state: ReviewState, on: Option<&str>) -> Update {
        Update { review: Some(Review { state, comment: None, on: on.map(day) }), ..update }
    }

    #[test]
    fn what_is_accepted_after_the_papers_closed_is_not_in_them() {
        let plain = || update(1, Some(1), "2018-01-20", Rating::OnTrack);
        let closed = day("2018-01-29");
        for (one, is_in) in [
            (plain(), true),
            (reviewed(plain(), ReviewState::Submitted, None), false),
            (reviewed(plain(), ReviewState::Returned, Some("2018-01-22")), false),
            (reviewed(plain(), ReviewState::Accepted, Some("2018-01-29")), true),
            (reviewed(plain(), ReviewState::Accepted, Some("2018-01-30")), false),
        ] {
            assert_eq!(one.is_in_papers_at(closed), is_in, "{:?}", one.review);
        }
    }

    #[test]
    fn what_is_returned_does_not_count_and_what_it_corrected_does_again() {
        let first = update(1, Some(1), "2018-01-20", Rating::OnTrack);
        let correction =
            Update { supersedes: Some(UpdateId(1)), ..update(2, Some(1), "2018-01-21", Rating::AtRisk) };
        let on = day("2018-01-22");
        let said = |updates: Vec<Update>| -> Vec<i64> {
            let action = Action { updates, ..action(1, None) };
            action.updates_at(on).map(|u| u.id.0).collect()
        };
        let submitted = reviewed(correction.clone(), ReviewState::Submitted, None);
        let returned = reviewed(correction, ReviewState::Returned, Some("2018-01-22"));
        assert_eq!(said(vec![first.clone(), submitted]), [2], "what waits counts as received");
        assert_eq!(said(vec![first.clone(), returned.clone()]), [1]);
        let action = Action { updates: vec![first, returned], ..action(1, None) };
        assert_eq!(action.returned(Some(UpdateId(1))).map(|u| u.id.0), Some(2));
        assert_eq!(action.returned(None), None);
    }

    #[test]
    fn a_published_round_does_not_show_what_nobody_has_accepted() {
        use crate::domain::round::RoundState;
        let waits =
            reviewed(update(1, Some(1), "2018-01-20", Rating::Complete), ReviewState::Submitted, None);
        let passed = update(2, Some(1), "2018-01-20", Rating::OnTrack);
        let mut record = record([Action { updates: vec![waits, passed], ..action(1, None) }]);
        record.rounds = vec![round(1, "19 Feb 2018", "2018-02-19", RoundState::Published)];
        let published = record.published_at(day("2018-03-01"));
        let shown: Vec<i64> = published.actions.iter().flat_map(|a| &a.updates).map(|u| u.id.0).collect();
        assert_eq!(shown, [2]);
    }

    #[test]
    fn the_public_reads_why_in_place_of_what_is_not_for_publication() {
        let secret = Update {
            exempt: Some(3),
            next_steps: Some("Pay them.".to_owned()),
            ..update(1, Some(1), "2018-01-20", Rating::AtRisk)
        };
        let record = record([Action { updates: vec![secret], ..action(1, None) }]).without_exempt();
        let read = &record.actions[0].updates[0];
        assert_eq!(
            read.narrative,
            "Not for publication: exempt information under paragraph 3 of Schedule 12A to the Local Government Act 1972"
        );
        assert_eq!(
            (read.next_steps.as_deref(), read.reported),
            (Some("Not for publication"), Rating::AtRisk)
        );
    }

    #[test]
    fn what_is_not_for_publication_is_not_in_other_words_either_but_what_was_published_before_stays() {
        use crate::domain::exempt::{NOT_FOR_PUBLICATION, instead};
        let first = Update {
            outcome: Some("Safer.".to_owned()),
            ..update(1, Some(1), "2018-01-20", Rating::Complete)
        };
        let correction = |round| Update {
            supersedes: Some(UpdateId(1)),
            exempt: Some(3),
            next_steps: Some("Pay them.".to_owned()),
            promise: Some(Promise::Kept),
            outcome_not_known: true,
            ..update(2, round, "2018-01-21", Rating::Complete)
        };
        let read = |round| {
            let updates = vec![first.clone(), correction(round)];
            record([Action { updates, ..action(1, None) }]).without_exempt().actions.remove(0).updates
        };
        let along = read(Some(1));
        assert!(along.iter().all(|u| u.narrative == instead(3) && u.exempt == Some(3)), "{along:?}");
        // What was answered at all is still said, so that nothing is counted wrong.
        assert_eq!(along[0].outcome.as_deref(), Some(NOT_FOR_PUBLICATION));
        assert_eq!(along[1].next_steps.as_deref(), Some(NOT_FOR_PUBLICATION));
        assert_eq!((along[1].promise, along[1].outcome_not_known), (Some(Promise::Kept), true));
        let later = read(Some(2));
        assert_eq!((later[0].exempt, later[1].exempt), (None, Some(3)));
    }

    #[test]
    fn what_was_accepted_late_is_published_with_the_addendum_or_with_the_next_round() {
        use crate::domain::round::RoundState::{Closed, Published};
        let late = reviewed(
            update(1, Some(1), "2018-01-20", Rating::OnTrack),
            ReviewState::Accepted,
            Some("2018-02-20"),
        );
        let released = Update { released_on: Some(day("2018-02-22")), ..late.clone() };
        let between =
            Update { released_on: Some(day("2018-02-22")), ..update(2, None, "2018-02-20", Rating::OnTrack) };
        let mut record = record([]);
        let first =
            Round { opened_on: Some(day("2018-01-02")), ..round(1, "19 Feb 2018", "2018-02-19", Published) };
        record.rounds = vec![first, round(2, "June 2018", "2018-06-04", Closed)];
        let on = |record: &crate::domain::plan::Record, update: &Update, iso: &str| {
            record.is_published(update, day(iso))
        };
        assert!(!on(&record, &late, "2018-06-30"));
        assert!(!on(&record, &released, "2018-02-21") && on(&record, &released, "2018-02-22"));
        assert!(!on(&record, &between, "2018-02-21") && on(&record, &between, "2018-02-22"));
        record.rounds[1].state = Published;
        record.rounds[1].published_on = Some(day("2018-06-04"));
        assert!(!on(&record, &late, "2018-06-03") && on(&record, &late, "2018-06-04"));
    }
}
