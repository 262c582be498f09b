//! Notes what somebody is to be told in their next digest, in the transaction of its cause.
//!
//! Says what may stand in a mailbox: never a question, a comment or a reason, and no names. When it goes out, and whether it
//! still holds then, is [`crate::domain::reminder`]'s.

use super::{CommandError, Now};
use crate::{
    domain::{action::Action, plan::Record, post::Person, reminder::notice::About},
    store::{self, Tx, notice::NewNotice},
};

/// "the Community Safety and Leisure Scrutiny Panel", as a sentence says it; "the panel" where it has no name.
pub(super) fn panel_words(record: &Record) -> String {
    match &record.plan.panel {
        Some(panel) => with_article(panel),
        None => record.words.say("the {panel}"),
    }
}

/// A body's name with its article.
pub(super) fn with_article(name: &str) -> String {
    if name.to_lowercase().starts_with("the ") { name.to_owned() } else { format!("the {name}") }
}

/// Notes one thing on one action for one person. False: it was noted before.
pub(super) async fn note(
    tx: &Tx,
    about: About,
    (record, action): (&Record, &Action),
    person: &Person,
    (sentence, lines): (&str, &[String]),
    now: Now,
) -> Result<bool, CommandError> {
    let new = NewNotice {
        about,
        person: person.id,
        action: action.id,
        plan: record.plan.id,
        sentence,
        lines,
        on: now.today,
    };
    Ok(store::notice::insert(tx, &new).await?)
}
