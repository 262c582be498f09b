//! A calendar as text that calendar programs read (iCalendar, RFC 5545).
//!
//! Owns names, identifiers and addresses of entries. What stands in a calendar is [`crate::domain::feed`]'s.
//!
//! # Why an entry's identifier comes from the database
//!
//! Programs that follow a feed know an entry again by its UID. So it is made of the number of what it is about, and a date
//! that is granted later moves the same entry, with a higher SEQUENCE, instead of leaving the old one behind.

use chrono::{DateTime, Duration, NaiveTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike, Property};

use crate::{
    domain::feed::{About, Entry},
    link::{Links, path},
};

/// How often programs are asked to look again.
const REFRESH: Duration = Duration::hours(12);

/// Whose calendar it is: one's own leads to the pages on which one writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A person's own.
    Person,
    /// A plan's.
    Plan,
}

/// A calendar of whole days: lines of at most 75 bytes that end in CR LF. `now` is when it was asked for.
pub fn text(name: &str, of: Of, entries: &[Entry], links: &Links, now: DateTime<Utc>) -> String {
    let mut calendar = Calendar::new();
    calendar.name(&one_line(name)).ttl(&REFRESH).append_property(Property::new("METHOD", "PUBLISH"));
    for entry in entries {
        calendar.push(event(entry, of, links, now));
    }
    calendar.to_string()
}

fn event(entry: &Entry, of: Of, links: &Links, now: DateTime<Utc>) -> Event {
    let (id, place) = place(&entry.about, of);
    let mut event = Event::new();
    event
        .uid(&format!("{id}@{}", links.host()))
        .timestamp(now)
        // The whole day: a DTEND of the same day would be none at all.
        .starts(entry.on)
        .summary(&one_line(&entry.summary))
        .url(&links.full(&place))
        .sequence(entry.sequence)
        // It says that something is due, not that somebody is busy.
        .append_property(Property::new("TRANSP", "TRANSPARENT"));
    if let Some(since) = entry.since {
        event.last_modified(since.and_time(NaiveTime::MIN).and_utc());
    }
    event.done()
}

/// What an entry is known by, and the page that it leads to.
fn place(about: &About, of: Of) -> (String, String) {
    match about {
        About::Deadline(action) => (format!("deadline-of-action-{action}"), path::action(*action)),
        About::UpdatesDue(round) => (
            format!("updates-due-for-round-{round}"),
            if of == Of::Person { path::MY_ACTIONS.to_owned() } else { path::round(*round) },
        ),
        About::PapersDue(meeting) => (format!("papers-due-for-meeting-{meeting}"), path::ROUNDS.to_owned()),
        About::Agenda(meeting) => (format!("agenda-of-meeting-{meeting}"), path::ROUNDS.to_owned()),
        About::Meeting(meeting) => (format!("meeting-{meeting}"), path::ROUNDS.to_owned()),
        About::MeetingOfRound(round) => (format!("meeting-of-round-{round}"), path::round(*round)),
        About::Response(plan, slug, sent) => {
            (format!("response-to-plan-{plan}-sent-{sent}"), path::plan(slug))
        }
    }
}

/// A summary is one line, whatever somebody pasted into a title.
fn one_line(text: &str) -> String {
    crate::domain::text::fold(text)
}

#[cfg(test)]
mod tests {
    use calcard::{
        Entry as Read, Parser,
        icalendar::{ICalendar, ICalendarComponentType, ICalendarProperty, ICalendarValue},
    };
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::id::{ActionId, MeetingId, PlanId};

    fn day(iso: &str) -> NaiveDate {
        iso.parse().unwrap()
    }

    fn entry(about: About, summary: &str) -> Entry {
        Entry {
            about,
            on: day("2018-01-31"),
            summary: summary.to_owned(),
            sequence: 2,
            since: Some(day("2017-12-07")),
        }
    }

    fn sample() -> String {
        let long = "Aviii is due – “Children’s homes, care; and \\ more”: a review of everything, in words that go on and on";
        let entries = [
            entry(About::Deadline(ActionId(3)), long),
            entry(About::Meeting(MeetingId(4)), "Two\nlines,\r\nin one"),
            entry(
                About::Response(PlanId(1), "appendix-b".to_owned(), day("2017-12-01")),
                "Executive response due",
            ),
        ];
        let links = Links::under("https://tracker.example.org/");
        let now = "2018-01-10T09:00:00Z".parse().unwrap();
        text("My actions – Children’s Services, O’Brien & Co", Of::Person, &entries, &links, now)
    }

    /// The calendar as a parser that knows nothing of how it was written reads it.
    fn read(text: &str) -> ICalendar {
        let mut parser = Parser::new(text);
        let Read::ICalendar(calendar) = parser.entry() else { panic!("no calendar: {text}") };
        assert!(matches!(parser.entry(), Read::Eof), "one calendar and nothing else");
        calendar
    }

    fn texts(
        calendar: &ICalendar,
        kind: &ICalendarComponentType,
        property: &ICalendarProperty,
    ) -> Vec<String> {
        let of = calendar.components.iter().filter(|c| c.component_type == *kind);
        of.flat_map(|component| component.entries.iter().filter(|e| e.name == *property))
            .flat_map(|entry| entry.values.iter())
            .map(|value| match value {
                ICalendarValue::Text(text) => text.clone(),
                ICalendarValue::Integer(number) => number.to_string(),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn another_parser_reads_what_was_written() {
        let calendar = read(&sample());
        let of = |property| texts(&calendar, &ICalendarComponentType::VEvent, &property);
        assert_eq!(
            of(ICalendarProperty::Summary),
            [
                "Aviii is due – “Children’s homes, care; and \\ more”: a review of everything, in words that go on and on",
                "Two lines, in one",
                "Executive response due",
            ]
        );
        assert_eq!(
            of(ICalendarProperty::Uid),
            [
                "deadline-of-action-3@tracker.example.org",
                "meeting-4@tracker.example.org",
                "response-to-plan-1-sent-2017-12-01@tracker.example.org",
            ]
        );
        assert_eq!(of(ICalendarProperty::Sequence), ["2", "2", "2"]);
        assert!(of(ICalendarProperty::Dtend).is_empty(), "an entry for the whole day has a start alone");
    }

    #[test]
    fn the_crates_own_parser_reads_it_too() {
        let calendar: Calendar = sample().parse().unwrap();
        assert_eq!(calendar.get_name(), Some("My actions – Children’s Services, O’Brien & Co"));
        assert_eq!(calendar.property_value("METHOD"), Some("PUBLISH"));
        assert_eq!(calendar.get_ttl(), Some(REFRESH));
        let events: Vec<&Event> = calendar.events().collect();
        assert_eq!(events.len(), 3);
        assert_eq!(events[0].get_start(), Some(day("2018-01-31").into()));
        assert_eq!(events[0].get_url(), Some("https://tracker.example.org/actions/3"));
        assert_eq!(events[2].get_url(), Some("https://tracker.example.org/plans/appendix-b"));
    }

    #[test]
    fn lines_are_short_and_end_as_the_standard_says() {
        let text = sample();
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "no other line ends");
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "{} bytes: {line}", line.len());
        }
        assert!(text.contains("DTSTART;VALUE=DATE:20180131\r\n"));
        assert!(text.contains("LAST-MODIFIED:20171207T000000Z\r\n"));
        assert!(text.contains("X-WR-CALNAME:"));
        assert!(text.contains("\r\n "), "a long line goes on in the next");
    }
}
