//! Panels and their meetings, and the three dates before a meeting.
//!
//! Leads are given only the first of the three to meet; the other two are between the scrutiny officer and Democratic
//! Services, and say from when the panel reads.

use chrono::NaiveDate;

use super::{
    calendar::Calendar,
    id::{MeetingId, PanelId},
    plan::Record,
    text,
};

/// Working days before a meeting by which updates are due.
pub const UPDATES_DUE_BEFORE: usize = 15;
/// Working days before a meeting by which its papers are with Democratic Services.
pub const PAPERS_DUE_BEFORE: usize = 8;
/// Clear working days for which an agenda is out: neither the day on which it is published nor the meeting's counts.
pub const AGENDA_CLEAR_DAYS: usize = 5;

/// A panel, committee or commission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// Identifier.
    pub id: PanelId,
    /// Number of the saved state, for two people who edit at once.
    pub version: i32,
    /// Its name.
    pub name: String,
    /// Who took over from it.
    pub successor: Option<PanelId>,
    /// The first day on which it is not there any more.
    pub ended_on: Option<NaiveDate>,
}

impl Panel {
    /// Whether this is its name, in whatever capitals and with whatever white space.
    pub fn is_called(&self, name: &str) -> bool {
        text::fold(&self.name).to_lowercase() == text::fold(name).to_lowercase()
    }
}

/// A meeting of a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Identifier.
    pub id: MeetingId,
    /// Number of the saved state, for two people who edit at once.
    pub version: i32,
    /// The panel that meets.
    pub panel: PanelId,
    /// Its name.
    pub panel_name: String,
    /// The day.
    pub held_on: NaiveDate,
    /// The dates before it.
    pub dates: Dates,
}

/// The dates before a meeting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// Leads' updates are due by the end of this day.
    pub updates_due_on: Option<NaiveDate>,
    /// The papers are with Democratic Services by the end of this day.
    pub papers_due_on: Option<NaiveDate>,
    /// The agenda is published, and the panel reads the papers, from this day.
    pub agenda_on: Option<NaiveDate>,
}

impl Dates {
    /// The dates that the calendar proposes for a meeting.
    pub fn proposed(calendar: &Calendar, held_on: NaiveDate) -> Self {
        Self {
            updates_due_on: Some(calendar.subtract_working_days(held_on, UPDATES_DUE_BEFORE)),
            papers_due_on: Some(calendar.subtract_working_days(held_on, PAPERS_DUE_BEFORE)),
            agenda_on: Some(calendar.clear_working_days_before(held_on, AGENDA_CLEAR_DAYS)),
        }
    }

    /// These dates; for those that are not given, others.
    pub fn or(self, other: Self) -> Self {
        Self {
            updates_due_on: self.updates_due_on.or(other.updates_due_on),
            papers_due_on: self.papers_due_on.or(other.papers_due_on),
            agenda_on: self.agenda_on.or(other.agenda_on),
        }
    }

    /// Whether the dates stand in the order in which they have to be kept: updates, papers, agenda, meeting.
    ///
    /// # Errors
    /// The form's field of the first that comes too late, and why in words.
    pub fn check(self, held_on: NaiveDate) -> Result<(), (&'static str, String)> {
        let all = [
            ("updates_due_on", "Updates can’t be due", self.updates_due_on),
            ("papers_due_on", "The papers can’t be due", self.papers_due_on),
            ("agenda_on", "The agenda can’t be published", self.agenda_on),
        ];
        let next = [("the papers are due", self.papers_due_on), ("the agenda is published", self.agenda_on)];
        for (n, (field, cannot, on)) in all.into_iter().enumerate() {
            let Some(on) = on else { continue };
            if on > held_on {
                return Err((field, format!("{cannot} after the meeting, on {}", text::day(held_on))));
            }
            let before =
                next.iter().skip(n).find_map(|(what, day)| Some((what, (*day)?)).filter(|(_, d)| on > *d));
            if let Some((what, day)) = before {
                return Err((field, format!("{cannot} after {what}, on {}", text::day(day))));
            }
        }
        Ok(())
    }
}

/// The next meeting that a plan is reported to, the day itself included: of the panel that watches it, or one for which it has
/// a round. None of a plan that is not monitored any more.
pub fn next_for<'a>(meetings: &'a [Meeting], record: &Record, day: NaiveDate) -> Option<&'a Meeting> {
    let has_round = |m: &Meeting| {
        record.rounds.iter().any(|round| round.meeting.as_ref().is_some_and(|of| of.id == m.id))
    };
    meetings
        .iter()
        .filter(|m| m.held_on >= day && record.is_monitored(day))
        .filter(|m| record.plan.panel_id == Some(m.panel) || has_round(m))
        .min_by_key(|m| (m.held_on, m.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(iso: &str) -> NaiveDate {
        iso.parse().unwrap()
    }

    #[test]
    fn the_dates_before_a_meeting_are_counted_in_working_days() {
        let dates = Dates::proposed(&Calendar::england(), day("2018-02-19"));
        assert_eq!(
            dates,
            Dates {
                updates_due_on: Some(day("2018-01-29")),
                papers_due_on: Some(day("2018-02-07")),
                agenda_on: Some(day("2018-02-09")),
            }
        );
    }

    #[test]
    fn dates_before_a_meeting_stand_in_the_order_in_which_they_have_to_be_kept() {
        let dates = Dates::proposed(&Calendar::england(), day("2018-02-19"));
        let with = |field: &str, on: &str| {
            let mut dates = dates;
            match field {
                "updates_due_on" => dates.updates_due_on = Some(day(on)),
                "papers_due_on" => dates.papers_due_on = Some(day(on)),
                _ => dates.agenda_on = Some(day(on)),
            }
            dates.check(day("2018-02-19"))
        };
        for (field, on) in [
            ("updates_due_on", "2018-02-07"),
            ("papers_due_on", "2018-02-09"),
            ("papers_due_on", "2018-01-29"),
            ("agenda_on", "2018-02-19"),
        ] {
            assert_eq!(with(field, on), Ok(()), "{field} {on}: two on one day are no fault");
        }
        for (field, on, wrong, says) in [
            (
                "updates_due_on",
                "2018-02-08",
                "updates_due_on",
                "Updates can’t be due after the papers are due, on 7 February 2018",
            ),
            (
                "papers_due_on",
                "2018-02-10",
                "papers_due_on",
                "The papers can’t be due after the agenda is published, on 9 February 2018",
            ),
            (
                "papers_due_on",
                "2018-01-28",
                "updates_due_on",
                "Updates can’t be due after the papers are due, on 28 January 2018",
            ),
            (
                "agenda_on",
                "2018-02-20",
                "agenda_on",
                "The agenda can’t be published after the meeting, on 19 February 2018",
            ),
        ] {
            assert_eq!(with(field, on), Err((wrong, says.to_owned())), "{field} {on}");
        }
        let gap = Dates { papers_due_on: None, updates_due_on: Some(day("2018-02-10")), ..dates };
        assert_eq!(gap.check(day("2018-02-19")).map_err(|(field, _)| field), Err("updates_due_on"));
        assert_eq!(Dates::default().check(day("2018-02-19")), Ok(()));
        let some = Dates { papers_due_on: Some(day("2018-02-08")), ..Dates::default() };
        assert_eq!(some.or(dates), Dates { papers_due_on: Some(day("2018-02-08")), ..dates });
    }
}
