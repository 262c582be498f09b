//! The test mail: what somebody gets who asks whether mail arrives. Never says anything about a plan.

use maud::html;

use super::document::{COLUMN, document};

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
    document(SUBJECT, COLUMN, html! { p style="margin:0" { (plain(address)) } })
}
