//! The start of a plan: its recommendations are sent to the executive, whose response is due two months later.
//!
//! A recommendation that was sent on a day of its own has that day; any other has its plan's. It awaits a response until it
//! has one, or until the plan is agreed: whoever agrees a plan has answered what had been sent by then.

use chrono::{Months, NaiveDate};

use super::{action::Recommendation, plan::Record, text::plural};

/// Months after which the response to what was sent is due.
const DUE_AFTER: Months = Months::new(2);

/// By when the response to what was sent on a day is due.
pub fn due_on(sent_on: NaiveDate) -> Option<NaiveDate> {
    sent_on.checked_add_months(DUE_AFTER)
}

/// What was sent on one day and awaits a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// When it was sent.
    pub sent_on: NaiveDate,
    /// By the end of this day the response is due.
    pub due_on: NaiveDate,
    /// How many recommendations have none; 0: the plan was sent before it had any.
    pub recommendations: usize,
}

impl Awaited {
    /// "due in 14 days", "due today", "overdue by 3 days".
    pub fn standing(&self, day: NaiveDate) -> String {
        match (self.due_on - day).num_days() {
            0 => "due today".to_owned(),
            left if left > 0 => format!("in {}", plural(left, "day", "days")),
            left => format!("overdue by {}", plural(-left, "day", "days")),
        }
    }

    /// Whether the day has passed.
    pub fn is_overdue(&self, day: NaiveDate) -> bool {
        self.due_on < day
    }
}

impl Recommendation {
    /// Whether the executive had answered it by the end of a day.
    pub fn is_answered(&self, day: NaiveDate) -> bool {
        self.response.is_some() && self.response_on.is_none_or(|on| on <= day)
    }
}

impl Record {
    /// The day on which a recommendation was sent and since when it awaits a response, as it stood at the end of a day.
    fn unanswered_since(&self, one: &Recommendation, day: NaiveDate) -> Option<NaiveDate> {
        let sent_on = one.sent_on.or(self.plan.sent_on).filter(|on| *on <= day && self.is_monitored(day))?;
        let agreed = self.plan.agreed_on.is_some_and(|on| sent_on <= on && on <= day);
        (!agreed && !one.is_answered(day)).then_some(sent_on)
    }

    /// By when a recommendation is to be answered; none: it is answered, or was not sent.
    pub fn response_due_on(&self, one: &Recommendation, day: NaiveDate) -> Option<NaiveDate> {
        due_on(self.unanswered_since(one, day)?)
    }

    /// What awaits a response at the end of a day, by when it was sent. Nothing once monitoring has ended.
    pub fn responses_awaited(&self, day: NaiveDate) -> Vec<Awaited> {
        if !self.is_monitored(day) {
            return Vec::new();
        }
        let mut sent: Vec<(NaiveDate, usize)> = Vec::new();
        let since = self.recommendations.iter().filter_map(|one| self.unanswered_since(one, day));
        for on in since {
            match sent.iter_mut().find(|(day, _)| *day == on) {
                Some((_, count)) => *count += 1,
                None => sent.push((on, 1)),
            }
        }
        // Sent before anybody had typed in what was sent.
        if self.recommendations.is_empty() && self.plan.agreed_on.is_none_or(|on| day < on) {
            sent.extend(self.plan.sent_on.filter(|on| *on <= day).map(|on| (on, 0)));
        }
        sent.sort_unstable();
        sent.into_iter()
            .filter_map(|(sent_on, recommendations)| {
                Some(Awaited { sent_on, due_on: due_on(sent_on)?, recommendations })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        action::Response,
        sample::{day, recommendation, record},
    };

    /// A plan that was sent on 7 December 2017, with three recommendations.
    fn sent() -> Record {
        let mut sent = record([]);
        sent.plan.sent_on = Some(day("2017-12-07"));
        sent.recommendations = (1..=3).map(|id| recommendation(id, None, None)).collect();
        sent
    }

    fn awaited(record: &Record, on: &str) -> Vec<(String, String, usize)> {
        let said = |a: Awaited| (a.sent_on.to_string(), a.due_on.to_string(), a.recommendations);
        record.responses_awaited(day(on)).into_iter().map(said).collect()
    }

    fn one(sent: &str, due: &str, count: usize) -> (String, String, usize) {
        (sent.to_owned(), due.to_owned(), count)
    }

    #[test]
    fn the_response_is_due_two_months_after_the_plan_was_sent() {
        assert_eq!(awaited(&sent(), "2017-12-06"), []);
        assert_eq!(awaited(&sent(), "2017-12-07"), [one("2017-12-07", "2018-02-07", 3)]);
        let mut at_new_year = sent();
        at_new_year.plan.sent_on = Some(day("2017-12-31"));
        assert_eq!(
            awaited(&at_new_year, "2018-01-01"),
            [one("2017-12-31", "2018-02-28", 3)],
            "February is short"
        );
    }

    #[test]
    fn it_is_awaited_until_every_recommendation_is_answered() {
        let mut some = sent();
        some.recommendations[0] = recommendation(1, Some(Response::Accepted), Some("2018-01-10"));
        assert_eq!(awaited(&some, "2018-01-09"), [one("2017-12-07", "2018-02-07", 3)], "as at a day before");
        assert_eq!(awaited(&some, "2018-01-10"), [one("2017-12-07", "2018-02-07", 2)]);
        for (place, id) in [(1, 2), (2, 3)] {
            some.recommendations[place] = recommendation(id, Some(Response::Rejected), None);
        }
        assert_eq!(awaited(&some, "2018-01-10"), []);
    }

    #[test]
    fn it_is_awaited_until_the_plan_is_agreed_and_anew_for_what_is_sent_later() {
        let mut agreed = sent();
        agreed.plan.agreed_on = Some(day("2018-01-20"));
        assert_eq!(awaited(&agreed, "2018-01-19").len(), 1);
        assert_eq!(awaited(&agreed, "2018-01-20"), []);
        agreed.recommendations[2].sent_on = Some(day("2018-03-01"));
        assert_eq!(awaited(&agreed, "2018-03-01"), [one("2018-03-01", "2018-05-01", 1)]);
    }

    #[test]
    fn a_recommendation_keeps_a_day_of_its_own() {
        let mut two_days = sent();
        two_days.recommendations[1].sent_on = Some(day("2017-11-01"));
        assert_eq!(
            awaited(&two_days, "2017-12-07"),
            [one("2017-11-01", "2018-01-01", 1), one("2017-12-07", "2018-02-07", 2)]
        );
        let due =
            |place: usize| two_days.response_due_on(&two_days.recommendations[place], day("2017-12-07"));
        assert_eq!((due(0), due(1)), (Some(day("2018-02-07")), Some(day("2018-01-01"))));
    }

    #[test]
    fn a_plan_without_recommendations_awaits_one_all_the_same_and_one_that_has_ended_none() {
        let mut empty = sent();
        empty.recommendations.clear();
        assert_eq!(awaited(&empty, "2018-03-01"), [one("2017-12-07", "2018-02-07", 0)]);
        empty.plan.agreed_on = Some(day("2018-02-01"));
        assert_eq!(awaited(&empty, "2018-03-01"), []);
        let mut ended = sent();
        ended.plan.monitoring_ended_on = Some(day("2018-01-15"));
        assert_eq!((awaited(&ended, "2018-01-14").len(), awaited(&ended, "2018-01-15").len()), (1, 0));
    }

    #[test]
    fn how_long_it_has_is_said_in_days() {
        let it = Awaited { sent_on: day("2017-12-07"), due_on: day("2018-02-07"), recommendations: 3 };
        for (on, words) in [
            ("2018-01-24", "in 14 days"),
            ("2018-02-06", "in 1 day"),
            ("2018-02-07", "due today"),
            ("2018-02-08", "overdue by 1 day"),
        ] {
            assert_eq!(it.standing(day(on)), words);
        }
        assert!(!it.is_overdue(day("2018-02-07")) && it.is_overdue(day("2018-02-08")));
    }
}
