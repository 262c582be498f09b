//! Who will read an update, and from when: said where it is written.

use chrono::NaiveDate;

use crate::domain::{paper::late_on, plan::Record, round::Round, text};

/// By when updates for a round are wanted, and for which meeting: "by Monday 29 January 2018, for the meeting on 19 February
/// 2018". None: neither is set.
pub(in crate::web::page) fn wanted_by(round: &Round, today: NaiveDate) -> Option<String> {
    let due = round.updates_due_on.map(|due| {
        let passed = if due < today { "they were due " } else { "" };
        format!("{passed}by {}", text::weekday_day(due))
    });
    let meeting = round.meeting_on.map(|on| format!("for the meeting on {}", text::day(on)));
    let words: Vec<String> = due.into_iter().chain(meeting).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// From when the panel reads what is written on a day; `round`: the open one that it will stand in.
pub(in crate::web::page) fn panel_reads(record: &Record, round: Option<&Round>, today: NaiveDate) -> String {
    let say = |sentence| record.words.say(sentence);
    if let Some(on) = record.plan.monitoring_ended_on.filter(|on| *on <= today) {
        return format!(
            "Monitoring of this plan ended on {}: nobody is asked for updates any more. What is written now stays with the action.",
            text::day(on)
        );
    }
    if record.plan.live_to_panel {
        return say(if record.plan.manager_looks_first {
            "The {panel} can read this as soon as it is accepted."
        } else {
            "The {panel} can read this at once."
        });
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
            say("the {panel} will read it in the addendum, once that is published."),
        ),
        None => {
            say("No round is open. The {panel} will read this with the next round, once that is published.")
        }
    }
}
