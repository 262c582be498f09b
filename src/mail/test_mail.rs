//! The test mail: what somebody gets who asks whether mail arrives. Never says anything about a plan.

use maud::{DOCTYPE, html};

/// Its subject.
pub const SUBJECT: &str = "Test from Scrutiny Tracker";

/// Its plain text, for an installation at an address.
pub fn plain(address: &str) -> String {
    format!(
        "This is a test from Scrutiny Tracker at {address}. If you can read it, reminders can reach this address."
    )
}

/// The same as HTML.
pub fn html(address: &str) -> String {
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head { meta charset="utf-8"; title { (SUBJECT) } }
            body { p { (plain(address)) } }
        }
    }
    .into_string()
}
