//! The history as a table for a spreadsheet: one row an event, oldest first.
//!
//! It holds what happened in a few words, never what was there before and after: whoever takes the history out need not be
//! somebody who reads the plans. The last row's CHECK is the record check, so that the file can be compared with the
//! installation later, and with what others noted down.

use std::{collections::HashMap, io};

use chrono::SecondsFormat;

use super::{MARK, lines};
use crate::{
    domain::{id::PlanId, text},
    link::path,
    store::audit::{Content, Event},
};

/// The columns.
const HEADER: [&str; 9] =
    ["NUMBER", "TIME (UTC)", "OFFICE DAY", "WHO", "KIND", "PLAN", "ACTION", "WHAT", "CHECK"];

/// The header's line.
///
/// # Errors
/// None that can happen in memory; the CSV writer's signature has one.
pub fn header() -> io::Result<String> {
    Ok(format!("{MARK}{}", lines([HEADER.map(str::to_owned).into()], true)?))
}

/// The lines of some events; plans by their titles, actions by the paths of their pages.
///
/// # Errors
/// As [`header`].
pub fn rows(events: &[Event], plans: &HashMap<PlanId, String>) -> io::Result<String> {
    lines(events.iter().map(|event| row(event, plans)), true)
}

fn row(event: &Event, plans: &HashMap<PlanId, String>) -> Vec<String> {
    vec![
        event.number.to_string(),
        event.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        event.office_day.to_string(),
        event.who().to_owned(),
        event.kind.clone(),
        event.plan.and_then(|id| plans.get(&id)).cloned().unwrap_or_default(),
        event.action.map(path::action).unwrap_or_default(),
        match &event.content {
            Content::Kept { summary, .. } => summary.clone(),
            Content::Erased(at) => format!("Erased on {}", text::day(at.date_naive())),
        },
        event.link.clone(),
    ]
}
