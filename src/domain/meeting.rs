//! Panels and their meetings, and the three dates before a meeting.
//!
//! Leads are given only the first of the three to meet; the other two are between the scrutiny officer and Democratic
//! Services, and say from when the panel reads.

use chrono::NaiveDate;

use super::{
    calendar::Calendar,
    id::{MeetingId, PanelId},
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
}
