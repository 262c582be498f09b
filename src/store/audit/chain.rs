//! What the history's links say: pure functions from an event to its digests and its link. Never reads a database.
//!
//! # The encoding, so that anybody can work it out again
//!
//! Everything is SHA-256, in small hexadecimal letters, over a JSON array without spaces, in UTF-8; an array of texts,
//! whole numbers and nulls can be read in one way only. Nothing but `"`, `\` and control characters is escaped.
//!
//! - *name digest*: `[name salt, actor's name]`
//! - *content digest*: `[content salt, summary, detail]`
//! - *link*: `[link of the event before, number, instant, office day, actor, person, plan, action, kind, name digest,
//!   content digest]`
//!
//! The event before the first one has the link `""`. Instants are in UTC with six decimals (`2027-05-03T09:32:00.000000Z`:
//! what both databases keep), days are `2027-05-03`, and people, plans and actions are their numbers or `null`. Of the
//! detail the keys are sorted and whole numbers have no decimals: PostgreSQL keeps neither order nor spelling.
//!
//! # Why two digests, each with a salt
//!
//! What an event says, and the name of who did it, can be erased: the digests stay, and the chain still holds. Without a
//! salt a short text could be guessed from its digest by trying; the salts are erased with the texts. A link covers the
//! digests and not the texts, and each text has a digest of its own, so that a leaver's name goes from all that they did
//! while what was done stays.

use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use entity::audit_event;
use serde_json::{Map, Number, Value, json};

use crate::secret::fingerprint;

/// The link before the first event's.
pub(super) const BEFORE_THE_FIRST: &str = "";

/// An instant as precisely as both databases keep it.
pub(super) fn kept(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// The digest of an actor's name.
pub(super) fn name_digest(salt: &str, name: &str) -> String {
    fingerprint(&json!([salt, name]).to_string())
}

/// The digest of what an event says.
pub(super) fn content_digest(salt: &str, summary: &str, detail: &Value) -> String {
    fingerprint(&json!([salt, summary, canonical(detail)]).to_string())
}

/// The link of an event, had it this number and did it follow an event with the link `previous`.
pub(super) fn link(previous: &str, number: i64, event: &audit_event::Model) -> String {
    let instant = event.at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let parts = json!([
        previous,
        number,
        instant,
        event.office_day.to_string(),
        event.actor_id,
        event.person_id,
        event.plan_id,
        event.action_id,
        event.kind,
        event.name_digest,
        event.content_digest,
    ]);
    fingerprint(&parts.to_string())
}

/// A value in the one form that survives both databases.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_unstable_by_key(|(key, _)| *key);
            sorted
                .into_iter()
                .map(|(key, value)| (key.clone(), canonical(value)))
                .collect::<Map<_, _>>()
                .into()
        }
        Value::Array(values) => values.iter().map(canonical).collect(),
        Value::Number(number) => Value::Number(whole(number)),
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

/// `1e3` and `1000.0` as 1000: what a float is after PostgreSQL had it. Others stay.
fn whole(number: &Number) -> Number {
    // Every whole number up to 2⁵³ is a float too; beyond, no float is known to be meant.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        #[allow(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT => {
            (float as i64).into()
        }
        _ => number.clone(),
    }
}

/// The beginning of a link, for people to note down and compare: "3f9a 12c4"; "none yet" before the first event.
pub fn short(link: &str) -> String {
    match (link.get(..4), link.get(4..8)) {
        (Some(a), Some(b)) => format!("{a} {b}"),
        _ => "none yet".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detail_has_one_form_whatever_the_order_of_its_keys_and_the_spelling_of_its_numbers() {
        let one: Value = serde_json::from_str(r#"{"b":[1e3,-0.0,1.5,{"z":1,"a":2}],"a":"x"}"#).unwrap();
        let other: Value = serde_json::from_str(r#"{"a":"x","b":[1000,0,1.5,{"a":2,"z":1.0}]}"#).unwrap();
        assert_eq!(canonical(&one).to_string(), r#"{"a":"x","b":[1000,0,1.5,{"a":2,"z":1}]}"#);
        assert_eq!(content_digest("s", "t", &one), content_digest("s", "t", &other));
    }

    #[test]
    fn texts_can_not_flow_into_each_other() {
        let empty = json!({});
        assert_ne!(content_digest("a", "bc", &empty), content_digest("ab", "c", &empty));
        assert_ne!(name_digest("a", "\",\"b"), name_digest("a\",\"", "b"));
    }

    #[test]
    fn short_link_is_two_groups_of_four() {
        assert_eq!(short("3f9a12c4ffff"), "3f9a 12c4");
        assert_eq!(short(""), "none yet");
    }
}
