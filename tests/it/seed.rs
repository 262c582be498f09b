//! Holds the seed to its source: every cell against the printed table, and every count, date and irregularity of
//! Appendix B that can be seen in the data alone.
//!
//! It never loads a database: what the program makes of the seed (deadlines, suggested ratings, mails) is tested there.
#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot read its own data has failed")]

mod counts;
mod irregularities;
mod people;
mod refusals;
pub(crate) mod source;
mod states;

use chrono::NaiveDate;
use scrutiny_tracker::seed::{self, Action, Rating, Seed, State};

const SOURCE: &str = include_str!("../../seed/appendix-b.source.md");
const SEPT: &str = "Sept 2017";
const DEC: &str = "7 Dec 2017";
const RISK: &str = "Risk and Resilience Manager";

fn seed() -> Seed {
    seed::appendix_b().expect("the seed file is read")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// The full reference, or "" for the first action.
fn name(action: &Action) -> &str {
    action.reference().unwrap_or_default()
}

fn names(seed: &Seed, which: impl Fn(&Action) -> bool) -> Vec<&str> {
    seed.actions.iter().filter(|action| which(action)).map(name).collect()
}

fn action<'a>(seed: &'a Seed, reference: &str) -> &'a Action {
    seed.actions.iter().find(|action| name(action) == reference).expect("an action with this reference")
}

fn text<'a>(action: &'a Action, round: &str) -> &'a str {
    action.update(round).map_or("", |update| &update.text)
}

fn state(action: &Action) -> Option<&State> {
    action.state.as_ref().map(|change| &change.to)
}

fn is_merged(action: &Action) -> bool {
    matches!(state(action), Some(State::MergedInto(_)))
}

fn says_complete(action: &Action) -> bool {
    action.update(DEC).and_then(|update| update.reported) == Some(Rating::Complete)
}

fn every_text(seed: &Seed) -> Vec<(&str, &str)> {
    let mut texts = Vec::new();
    for action in &seed.actions {
        texts.extend(action.recommendation.iter().map(|r| (name(action), &*r.text)));
        texts.push((name(action), &*action.text));
        texts.extend(action.updates.iter().map(|update| (name(action), &*update.text)));
    }
    texts
}
