//! How the form of a round is read: for which meeting it is, by what name, and over which plans.

use chrono::NaiveDate;

use crate::{
    command::round::NewMeeting,
    domain::{
        calendar::Calendar,
        deadline::{self, Certainty, Context, Span},
        id::PlanId,
        meeting::{Dates, Meeting},
        round::{RoundDraft, proposed_label},
        text,
        words::Words,
    },
    web::{
        form::{Fields, LINE, Reader},
        page::meeting::{dates, dates_in_words},
        view::form::FieldError,
    },
};

/// What the list of meetings sends for one that is not in it.
pub(super) const NEW: &str = "new";
/// What it sends for a round without a meeting.
pub(super) const NONE: &str = "none";
/// The longest label: it heads a column.
const LABEL: usize = 40;

/// What a form was read as.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) draft: RoundDraft,
    pub(super) plans: Vec<PlanId>,
    /// A meeting that is to be made along with it.
    pub(super) new: Option<NewMeeting>,
    /// How the date was read, and what was proposed, for the next page.
    pub(super) said: String,
}

/// Reads a form, given the plans that can be chosen (none: it asks for none) and the meetings.
pub(super) fn parse(
    fields: &Fields,
    known: &[PlanId],
    meetings: &[&Meeting],
    calendar: &Calendar,
    words: &Words,
) -> Result<Parsed, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let plans: Vec<PlanId> = fields
        .all("plans")
        .filter_map(|id| id.parse().ok())
        .map(PlanId)
        .filter(|p| known.contains(p))
        .collect();
    if !known.is_empty() && plans.is_empty() {
        reader.wrong("plans", "Choose the plans that this round covers");
    }
    let chosen = fields.raw("meeting");
    let For { span, draft, new, said } = match chosen {
        NEW => for_new(&mut reader, calendar, words),
        NONE => without(&mut reader),
        "" => {
            reader.wrong("meeting", "Choose the meeting that this round is for");
            For::default()
        }
        id => match meetings.iter().find(|m| m.id.to_string() == id) {
            Some(meeting) => for_meeting(meeting),
            None => {
                reader.wrong("meeting", "Choose one of the meetings");
                For::default()
            }
        },
    };
    let label = reader.optional("label", LABEL).or_else(|| span.map(proposed_label)).unwrap_or_default();
    // A draft without a date is never used: its form has an error.
    let span = span.unwrap_or(Span { earliest: NaiveDate::MIN, latest: NaiveDate::MIN });
    let (meeting_on, meeting_of, updates_due_on) = draft;
    let draft = RoundDraft { label, span, updates_due_on, meeting_on, meeting_of };
    reader.finish(Parsed { draft, plans, new, said })
}

/// What a round is for.
#[derive(Default)]
struct For {
    span: Option<Span>,
    /// Day of the meeting, who meets, day by which updates are due.
    draft: (Option<NaiveDate>, Option<String>, Option<NaiveDate>),
    new: Option<NewMeeting>,
    said: String,
}

fn for_meeting(meeting: &Meeting) -> For {
    let due = meeting.dates.updates_due_on;
    For {
        span: Some(Span::day(meeting.held_on)),
        draft: (Some(meeting.held_on), Some(meeting.panel_name.clone()), due),
        new: None,
        said: dates_in_words(meeting.dates),
    }
}

fn for_new(reader: &mut Reader<'_>, calendar: &Calendar, words: &Words) -> For {
    let held_on = reader.required_day("meeting_on", "Enter the day of the meeting");
    let of = reader.required("meeting_of", LINE, &words.say("Enter the name of the {panel} that meets"));
    let typed = dates(reader);
    let read = held_on != NaiveDate::default();
    let dates = if read { typed.or(Dates::proposed(calendar, held_on)) } else { typed };
    if read && let Err((field, message)) = dates.check(held_on) {
        reader.wrong(field, message);
    }
    For {
        span: read.then(|| Span::day(held_on)),
        draft: (Some(held_on), Some(of.clone()), dates.updates_due_on),
        new: Some(NewMeeting { of, held_on, dates }),
        said: dates_in_words(dates),
    }
}

fn without(reader: &mut Reader<'_>) -> For {
    let date = reader.required("date", LINE, "Enter the round’s date: a day or a month");
    let due = reader.day("due_on");
    let mut read = For { draft: (None, None, due), ..For::default() };
    if date.is_empty() {
        return read;
    }
    match round_date(&date) {
        Ok((span, how)) => {
            read.span = span;
            read.said = format!("Its date is read as {how}");
        }
        Err(message) => reader.wrong("date", message),
    }
    if let (Some(due), Some(span)) = (due, read.span)
        && due > span.latest
    {
        let message = format!("Updates can’t be due after the round’s date, {}", text::day(span.latest));
        reader.wrong("due_on", message);
    }
    read
}

/// A round's date: one day or one month, with how it was read.
pub(super) fn round_date(text: &str) -> Result<(Option<Span>, String), String> {
    const HELP: &str = "Enter a day or a month with its year, for example 19 February 2018 or March 2018";
    let reading = deadline::read(text, &Context::default()).map_err(|e| e.to_string())?;
    if let (Certainty::Ambiguous, Some(one), Some(other)) =
        (reading.certainty, reading.span, reading.alternative)
    {
        return Err(format!("“{text}” can mean {one} or {other}: write it in full"));
    }
    match reading.span {
        Some(span) if span.earliest == span.latest || span.is_month() => Ok((Some(span), reading.how)),
        _ => Err(HELP.to_owned()),
    }
}
