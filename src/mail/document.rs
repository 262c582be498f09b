//! A mail's HTML: the document round what it says, and the styles that every mail uses.
//!
//! Mail programs read styles from the elements alone. Those that have a dark look of their own either turn colours round by
//! themselves or read [`DARK`], which therefore finds elements by the styles that they bear.

use maud::{DOCTYPE, Markup, PreEscaped, html};

// How a mail that lists actions looks. Colours are the palette's; nothing is said by colour only.
pub(super) const COLUMN: &str = "max-width:36em;margin:0 auto";
pub(super) const HEADING: &str = "margin:28px 0 8px;font-size:18px;line-height:1.3";
pub(super) const CARD: &str =
    "margin:0 0 16px;padding:12px 14px;border:1px solid #b1b4b6;border-left:6px solid ";
pub(super) const TITLE: &str = "margin:0 0 4px;font-size:16px;line-height:1.35";
pub(super) const FACTS: &str = "margin:0 0 10px;font-size:15px";

const BODY: &str = "margin:0;padding:16px;background:#ffffff;color:#0b0c0c;font:16px/1.5 Arial,Helvetica,sans-serif;overflow-wrap:anywhere";
/// A link that is to be pressed.
pub(super) const BUTTON: &str = "display:inline-block;padding:11px 16px;background:#12436d;color:#ffffff;font-weight:bold;text-decoration:none";
/// Why it was sent, at its end.
pub(super) const SMALL: &str =
    "margin:24px 0 0;padding-top:12px;border-top:1px solid #b1b4b6;color:#505a5f;font-size:14px";

/// The same in a dark program: every colour above has its light one here, each at least 4.5 to 1 against the ground.
const DARK: &str = concat!(
    ":root{color-scheme:light dark}",
    "@media (prefers-color-scheme: dark){",
    "body{background:#0b0c0c!important;color:#f3f2f1!important}",
    "a{color:#8fc1ef!important}",
    "a[style*=\"background:#12436d\"]{background:#8fc1ef!important;color:#0b0c0c!important}",
    "[style*=\"#b1b4b6\"]{border-color:#6f777b!important}",
    "[style*=\"solid #8b1a10\"]{border-left-color:#ff8f80!important}",
    "[style*=\"solid #7a4b00\"]{border-left-color:#e6a93c!important}",
    "[style*=\"solid #12436d\"]{border-left-color:#8fc1ef!important}",
    "[style*=\"color:#505a5f\"]{color:#b9bfc2!important}",
    "}",
);

/// A whole document: one column with this style, readable at 320 px and in dark programs.
pub(super) fn document(subject: &str, column: &str, content: Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="supported-color-schemes" content="light dark";
                style { (PreEscaped(DARK)) }
                title { (subject) }
            }
            body style=(BODY) { div style=(column) { (content) } }
        }
    }
    .into_string()
}
