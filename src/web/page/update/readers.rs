//! Who will read an update, and from when: said where it is written.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::domain::{paper::late_on, plan::Record, round::Round, text};

/// Who reads what is written now, and from when; `round`: the open one that it will stand in; `looked_at`: a manager looks
/// at it first.
pub(super) fn readers(record: &Record, round: Option<&Round>, today: NaiveDate, looked_at: bool) -> Markup {
    html! {
        p { (panel_reads(record, round, today)) }
        p { "Managers, and everyone who answers for an action of this plan, can read it at once." }
        @if looked_at {
            p { "The plan’s manager looks at it first. You are not asked again unless it comes back with a comment." }
        }
    }
}

/// From when the panel reads what is written now; `round`: the open one that it will stand in.
pub(super) fn panel_reads(record: &Record, round: Option<&Round>, today: NaiveDate) -> String {
    let say = |sentence| record.words.say(sentence);
    if record.plan.live_to_panel && record.plan.manager_looks_first {
        return say("The {panel} can read this as soon as it is accepted.");
    }
    if record.plan.live_to_panel {
        return say("The {panel} can read this at once.");
    }
    if let Some(round) = round {
        let meeting =
            round.meeting_on.map_or(String::new(), |on| format!(", for its meeting on {}", text::day(on)));
        let agenda = round.meeting.as_ref().and_then(|m| m.dates.agenda_on).filter(|on| *on > today);
        return match agenda {
            Some(on) => format!("{} {}{meeting}.", say("The {panel} will read this from"), text::day(on)),
            None => {
                let begins = say("The {panel} will read this once the round");
                format!("{begins} {} is published{meeting}.", round.label)
            }
        };
    }
    match late_on(record, today).and_then(|late| late.meeting_on) {
        Some(on) => format!(
            "The papers for the meeting on {} are closed. This will be marked “received after the papers closed”; {}",
            text::day(on),
            say("the {panel} will read it in the addendum."),
        ),
        None => {
            say("No round is open. The {panel} will read this with the next round, once that is published.")
        }
    }
}
