//! Counts: the words first ("2 red of 22"), then a thin bar. No pies.
//!
//! Never counts anything itself, and never says with the bar what the words do not say.

use maud::{Markup, Render, html};

use super::rating::class;
use crate::domain::rating::Colour;

/// One count: how it is said, what it is a part of, and where its list is.
#[derive(Clone, Debug)]
pub struct Count<'a> {
    words: &'a str,
    part: usize,
    whole: usize,
    href: Option<&'a str>,
    colour: Option<Colour>,
}

impl<'a> Count<'a> {
    /// `words` says the whole thing ("2 red of 22"); the bar shows `part` of `whole`.
    #[must_use]
    pub const fn new(words: &'a str, part: usize, whole: usize) -> Self {
        Self { words, part, whole, href: None, colour: None }
    }

    /// The page that lists what was counted.
    #[must_use]
    pub const fn link(mut self, href: &'a str) -> Self {
        self.href = Some(href);
        self
    }

    /// Draws the bar in a rating's colour; without it, in ink.
    #[must_use]
    pub const fn colour(mut self, colour: Colour) -> Self {
        self.colour = Some(colour);
        self
    }

    /// The bar's filled length in hundredths; anything at all stays visible.
    fn hundredths(&self) -> usize {
        match (self.part, self.whole) {
            (0, _) | (_, 0) => 0,
            (part, whole) => (part.min(whole) * 100 / whole).max(2),
        }
    }
}

impl Render for Count<'_> {
    fn render(&self) -> Markup {
        let part = match self.colour {
            Some(colour) => format!("bar-part bar-part-{}", class(colour)),
            None => "bar-part".to_owned(),
        };
        html! {
            span class="count" {
                @match self.href {
                    Some(href) => a href=(href) { (self.words) },
                    None => span class="count-words" { (self.words) },
                }
                svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                    rect class="bar-track" width="100" height="10" vector-effect="non-scaling-stroke" {}
                    rect class=(part) width=(self.hundredths()) height="10" {}
                }
            }
        }
    }
}

/// Several counts side by side.
#[must_use]
pub fn counts<'a>(counts: impl IntoIterator<Item = Count<'a>>) -> Markup {
    html! {
        ul class="counts" {
            @for count in counts { li { (count) } }
        }
    }
}
