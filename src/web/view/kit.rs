//! The small parts of a page: words, boxes, lists, dates.
//!
//! Each is a function from plain data to markup. Never knows a route or a rule.
//! Where a parameter is `impl Render` it takes text (escaped) as well as markup.

use chrono::{NaiveDate, NaiveDateTime};
use maud::{Markup, Render, html};

use crate::domain::text;

/// A link with its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link<'a> {
    /// Where it leads.
    pub href: &'a str,
    /// What it says.
    pub label: &'a str,
}

impl<'a> Link<'a> {
    /// A link to `href` that says `label`.
    #[must_use]
    pub const fn new(href: &'a str, label: &'a str) -> Self {
        Self { href, label }
    }
}

impl Render for Link<'_> {
    fn render(&self) -> Markup {
        html! { a href=(self.href) { (self.label) } }
    }
}

/// What people wrote, in its paragraphs; line breaks inside a paragraph are kept.
#[must_use]
pub fn paragraphs(words: &str) -> Markup {
    html! {
        div class="prose" {
            @for paragraph in text::paragraphs(words) { p { (paragraph) } }
        }
    }
}

/// A day: "7 December 2017".
#[must_use]
pub fn day(day: NaiveDate) -> Markup {
    html! { time datetime=(day.format("%Y-%m-%d")) { (text::day(day)) } }
}

/// The month of a day: "September 2017".
#[must_use]
pub fn month(day: NaiveDate) -> Markup {
    html! { time datetime=(day.format("%Y-%m")) { (text::month(day)) } }
}

/// A moment in office time: "4 June 2026 at 9:32am".
#[must_use]
pub fn moment(at: NaiveDateTime) -> Markup {
    html! {
        time datetime=(at.format("%Y-%m-%dT%H:%M")) {
            (text::moment(at))
        }
    }
}

/// Someone else's words, or what the reader should have in mind here.
#[must_use]
pub fn inset(body: impl Render) -> Markup {
    html! { div class="inset" { (body) } }
}

/// Something most readers do not need, one press away.
#[must_use]
pub fn details(summary: &str, body: impl Render) -> Markup {
    html! {
        details {
            summary { (summary) }
            div class="details-body" { (body) }
        }
    }
}

/// What will follow, before it happens: "This stops all mail for the plan."
#[must_use]
pub fn warning_text(words: impl Render) -> Markup {
    html! {
        div class="warning-text" {
            span class="warning-mark" aria-hidden="true" { "!" }
            p { span class="visually-hidden" { "Warning: " } (words) }
        }
    }
}

/// What the last press did: "The update was saved."
#[must_use]
pub fn success_banner(words: impl Render) -> Markup {
    html! {
        div class="banner banner-success" role="status" {
            p class="banner-title" { "Done" }
            p { (words) }
        }
    }
}

/// What became of the last press, where it is not done: "You were signed out before that was done."
#[must_use]
pub fn important_banner(words: impl Render) -> Markup {
    html! {
        div class="banner" role="status" {
            p class="banner-title" { "Important" }
            p { (words) }
        }
    }
}

/// Something about this page that the reader must know: "Frozen on 7 December 2017."
#[must_use]
pub fn notice(title: &str, body: impl Render) -> Markup {
    html! {
        div class="banner" {
            p class="banner-title" { (title) }
            div { (body) }
        }
    }
}

/// An empty list, why it is empty, and what to do about it.
#[must_use]
pub fn empty(title: &str, explanation: impl Render, link: Option<Link<'_>>) -> Markup {
    html! {
        div class="empty" {
            p class="empty-title" { (title) }
            p { (explanation) }
            @if let Some(link) = link { p { (link) } }
        }
    }
}

/// One fact in a [`summary_list`], with where to change it.
#[derive(Clone, Debug)]
pub struct Fact<'a> {
    key: &'a str,
    value: Markup,
    change: Option<&'a str>,
}

impl<'a> Fact<'a> {
    /// `key` ("By when") and its value.
    #[must_use]
    pub fn new(key: &'a str, value: impl Render) -> Self {
        Self { key, value: value.render(), change: None }
    }

    /// Adds "Change", which screen readers hear as "Change By when".
    #[must_use]
    pub const fn change(mut self, href: &'a str) -> Self {
        self.change = Some(href);
        self
    }
}

/// Facts about one thing.
#[must_use]
pub fn summary_list<'a>(facts: impl IntoIterator<Item = Fact<'a>>) -> Markup {
    html! {
        dl class="summary-list" {
            @for fact in facts {
                div {
                    dt { (fact.key) }
                    dd { (fact.value) }
                    @if let Some(href) = fact.change {
                        dd class="change" {
                            a href=(href) {
                                "Change" span class="visually-hidden" { " " (fact.key) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Two versions of one text, side by side, for the one who has to choose.
#[must_use]
pub fn both_texts(left: &str, left_body: impl Render, right: &str, right_body: impl Render) -> Markup {
    html! {
        div class="both-texts" {
            div { h2 { (left) } (left_body) }
            div { h2 { (right) } (right_body) }
        }
    }
}

/// Text exactly as it was sent, line by line: a mail's plain text.
#[must_use]
pub fn plain_text(words: impl Render) -> Markup {
    html! { pre class="plain-text" { (words) } }
}

/// Another document inside this page, without any rights of its own: a mail's HTML.
#[must_use]
pub fn sandbox(title: &str, src: &str) -> Markup {
    html! { iframe class="sandbox" title=(title) src=(src) sandbox="" {} }
}

/// The way through a long list. `place` says where one is: "Page 2 of 9".
#[must_use]
pub fn pagination(place: &str, previous: Option<&str>, next: Option<&str>) -> Markup {
    html! {
        nav class="pagination" aria-label="Pages" {
            @if let Some(href) = previous {
                a href=(href) rel="prev" { span aria-hidden="true" { "← " } "Previous page" }
            }
            p { (place) }
            @if let Some(href) = next {
                a href=(href) rel="next" { "Next page" span aria-hidden="true" { " →" } }
            }
        }
    }
}
