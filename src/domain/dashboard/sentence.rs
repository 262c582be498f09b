//! The sentence of truth: how a plan stands on a day. Every number in it is counted, none is a guess.

use chrono::NaiveDate;

use super::Dashboard;
use crate::domain::{
    rating::Suggested,
    standing::Standing,
    text::{self, plural},
};

/// "On 7 December 2017, 11 of 22 actions are complete by what is said and known; ...".
pub(super) fn say(dashboard: &Dashboard<'_>) -> String {
    if dashboard.total() == 0 {
        return format!("On {}, this plan has no actions.", text::day(dashboard.day));
    }
    let standings: Vec<&Standing<'_>> = dashboard.standings.iter().collect();
    let sentence = of_all(dashboard.day, &standings);
    match agreed_words(dashboard, dashboard.suggested(Suggested::Complete).len()) {
        Some(agreed) => format!("{sentence} {agreed}"),
        None => sentence,
    }
}

/// How some actions stand, of one plan or of several: all but what the panel agreed.
pub(super) fn of_all(day: NaiveDate, standings: &[&Standing<'_>]) -> String {
    let total = standings.len();
    let which = |rating| -> Vec<&Standing<'_>> {
        standings.iter().copied().filter(|s| s.suggestion.rating == rating).collect()
    };
    let mut parts =
        vec![format!("On {}, {}", text::day(day), complete_words(which(Suggested::Complete).len(), total))];
    parts.extend(off_track_words(&which(Suggested::OffTrack)));
    for (rating, one, many) in [
        (Suggested::AtRisk, "is at risk", "are at risk"),
        (Suggested::NoDate, "has no date to judge by", "have no date to judge by"),
        (Suggested::NotRated, "is not rated", "are not rated"),
    ] {
        let n = which(rating).len();
        if n > 0 {
            parts.push(plural(n, one, many));
        }
    }
    let nothing = which(Suggested::NothingAgainst).len();
    if nothing > 0 {
        let rest = match nothing {
            all if all == total => "any of them".to_owned(),
            1 => "the other one".to_owned(),
            some => format!("the other {some}"),
        };
        parts.push(format!("nothing speaks against {rest}"));
    }
    format!("{}.", parts.join("; "))
}

fn complete_words(complete: usize, total: usize) -> String {
    let actions = plural(total, "action", "actions");
    match complete {
        0 => format!("none of {actions} is complete by what is said and known"),
        1 => format!("1 of {actions} is complete by what is said and known"),
        all if all == total => format!("all {actions} are complete by what is said and known"),
        some => format!("{some} of {actions} are complete by what is said and known"),
    }
}

fn off_track_words(off: &[&Standing<'_>]) -> Option<String> {
    let verb = plural(off.len(), "is off track", "are off track");
    let overdue = off.iter().filter(|s| s.overdue_days.is_some()).count();
    let merged = off.len() - overdue;
    let merged_words = match merged {
        1 => "1 merged into an action that is overdue".to_owned(),
        n => format!("{n} merged into actions that are overdue"),
    };
    match (overdue, merged) {
        (0, 0) => None,
        (1, 0) => Some(format!("{verb} and overdue")),
        (_, 0) => Some(format!("{verb}, all of them overdue")),
        (0, _) => Some(format!("{verb}: {merged_words}")),
        _ => Some(format!("{verb}, {overdue} of them overdue and {merged_words}")),
    }
}

/// Where the panel confirms completions: for how many its agreement is recorded, and how many it has refused.
fn agreed_words(dashboard: &Dashboard<'_>, complete: usize) -> Option<String> {
    let words = &dashboard.record.words;
    let refused = dashboard.refused_completions().len();
    if !dashboard.record.plan.panel_confirms_completion || complete + refused == 0 {
        return None;
    }
    let agreed = dashboard.agreed_complete();
    let said = match (agreed, complete) {
        (_, 0) => {
            let refused = plural(refused, "completion", "completions");
            return Some(format!("{} {refused}.", words.say("The {panel} did not agree")));
        }
        (0, 1) => words.say("The {panel’s} agreement to that completion is not recorded."),
        (0, _) => words.say("The {panel’s} agreement is recorded for none of the completions."),
        (all, complete) if all == complete && refused == 0 => {
            words.say("The {panel} has agreed every completion.")
        }
        (all, complete) if all == complete => {
            format!("{} {}.", words.say("The {panel} has agreed"), plural(all, "completion", "completions"))
        }
        (some, complete) => {
            let begins = words.say("The {panel’s} agreement");
            format!("{begins} is recorded for {some} of the {complete} completions.")
        }
    };
    Some(match refused {
        0 => said,
        n => format!("{said} It did not agree {}.", plural(n, "other", "others")),
    })
}
