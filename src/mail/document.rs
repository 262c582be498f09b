//! A mail's HTML: the document round what it says, and the styles that every mail uses.
//!
//! Mail programs read styles from the elements alone.

use maud::{DOCTYPE, Markup, html};

const BODY: &str =
    "margin:0;padding:16px;background:#ffffff;color:#0b0c0c;font:16px/1.5 Arial,Helvetica,sans-serif";
/// A link that is to be pressed.
pub(super) const BUTTON: &str = "display:inline-block;padding:11px 16px;background:#12436d;color:#ffffff;font-weight:bold;text-decoration:none";
/// Why it was sent, at its end.
pub(super) const SMALL: &str =
    "margin:24px 0 0;padding-top:12px;border-top:1px solid #b1b4b6;color:#505a5f;font-size:14px";

/// A whole document: one column with this style, readable at 320 px and in dark programs.
pub(super) fn document(subject: &str, column: &str, content: Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (subject) }
            }
            body style=(BODY) { div style=(column) { (content) } }
        }
    }
    .into_string()
}
