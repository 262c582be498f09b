//! What happened to something, newest first: who, when, what.
//!
//! Owns the look of one entry. Never orders entries and never leaves one out.

use maud::{Markup, html};

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// What happened, in a few words: "Update for 7 Dec 2017".
    pub heading: &'a str,
    /// An anchor for links to this entry.
    pub id: Option<&'a str>,
    /// Who did it, and for whom: "MAP Coordinator", "Jane Smith for MAP Coordinator".
    pub who: Option<&'a str>,
    /// When, as a time element or in words ("day not recorded").
    pub when: Markup,
    /// Ratings and states that belong to it; empty markup for none.
    pub tags: Markup,
    /// The text itself; empty markup for none.
    pub body: Markup,
}

/// The entries in the order given, each under a heading of level 3.
#[must_use]
pub fn timeline<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Markup {
    html! {
        ol class="timeline" {
            @for entry in entries {
                li id=[entry.id] {
                    div class="timeline-head" {
                        h3 { (entry.heading) }
                        (entry.tags)
                    }
                    p class="timeline-by" {
                        (entry.when)
                        @if let Some(who) = entry.who { ", " (who) }
                    }
                    (entry.body)
                }
            }
        }
    }
}
