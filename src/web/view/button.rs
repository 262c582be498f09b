//! What people press: buttons, links that look like them, and a button that posts by itself.
//!
//! Never changes anything by a link: whatever changes the record is a POST.

use maud::{Markup, Render, html};

use super::kit::{Link, warning_text};

/// What a button means. At most one `Primary` stands on a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// What most people came to do.
    #[default]
    Primary,
    /// Anything else.
    Secondary,
    /// What cannot be undone.
    Warning,
}

impl Kind {
    /// Its classes in the stylesheet.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button",
            Self::Secondary => "button button-secondary",
            Self::Warning => "button button-warning",
        }
    }
}

/// The button that sends the form round it.
#[must_use]
pub fn submit(label: &str, kind: Kind) -> Markup {
    html! { button class=(kind.class()) type="submit" { (label) } }
}

/// A second button of the same form, told apart by a name and a value that it sends.
#[must_use]
pub fn submit_as(name: &str, value: &str, label: &str, kind: Kind) -> Markup {
    html! { button class=(kind.class()) type="submit" name=(name) value=(value) { (label) } }
}

/// A link in a button's dress, to a page that does the asking.
#[must_use]
pub fn link_button(link: Link<'_>, kind: Kind) -> Markup {
    html! { a class=(kind.class()) href=(link.href) { (link.label) } }
}

/// A button that is a whole form: posts `values` to `action`.
#[must_use]
pub fn post_button(action: &str, label: &str, kind: Kind, values: &[(&str, &str)]) -> Markup {
    html! {
        form class="button-form" method="post" action=(action) {
            @for (name, value) in values { (hidden(name, value)) }
            (submit(label, kind))
        }
    }
}

/// A value that goes with a form unseen.
#[must_use]
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// Buttons and links in one line, which breaks where the window ends.
#[must_use]
pub fn button_group(items: impl IntoIterator<Item = Markup>) -> Markup {
    html! {
        div class="button-group" { @for item in items { (item) } }
    }
}

/// The question before something that cannot be undone: the whole content of its page.
#[derive(Clone, Copy, Debug)]
pub struct Confirm<'a> {
    /// The question, as the page's heading: "Close this action without its being done?"
    pub question: &'a str,
    /// What will follow, in a sentence or two.
    pub consequence: &'a str,
    /// Where the answer is posted.
    pub action: &'a str,
    /// The button, as a verb: "Close the action".
    pub button: &'a str,
    /// The way back: "No, keep it open".
    pub cancel: Link<'a>,
}

/// The page of a [`Confirm`]; `fields` are what has to be asked with it, or empty markup.
#[must_use]
pub fn confirm(confirm: &Confirm<'_>, fields: impl Render) -> Markup {
    html! {
        h1 { (confirm.question) }
        (warning_text(confirm.consequence))
        form method="post" action=(confirm.action) novalidate {
            (fields)
            (button_group([submit(confirm.button, Kind::Warning), confirm.cancel.render()]))
        }
    }
}
