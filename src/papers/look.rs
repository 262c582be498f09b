//! How ratings look in files, and how long a row is on paper.
//!
//! The colours are those of the stylesheet, which a test compares. Never colour alone: a symbol and the word stand with it.

use super::pack::{Cell, List, Part};
use crate::domain::{rating::Colour, text};

/// The colours of one rating, as six hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) ground: &'static str,
    pub(super) text: &'static str,
    pub(super) edge: &'static str,
}

/// How a colour is drawn.
pub(super) const fn look(colour: Colour) -> Look {
    match colour {
        Colour::Red => Look { ground: "8b1a10", text: "ffffff", edge: "8b1a10" },
        Colour::Amber => Look { ground: "dd9200", text: "0b0c0c", edge: "7a4b00" },
        Colour::Green => Look { ground: "a9dfc0", text: "083d29", edge: "0b6b43" },
        Colour::Complete => Look { ground: "3f7fbf", text: "0b0c0c", edge: "12436d" },
        Colour::Plain => Look { ground: "ffffff", text: "0b0c0c", edge: "595959" },
    }
}

/// Words said by the way.
pub(super) const SOFT: &str = "50555f";
/// Behind the heads of tables.
pub(super) const HEAD: &str = "e6e7ee";

/// How many characters of a table's text go into the width of A4 landscape.
const CHARACTERS: usize = 190;
/// How many lines of it go into half of such a page.
const HALF_A_PAGE: usize = 22;

impl List {
    /// Whether a row is longer than half a page, so that it may go over to the next one. All others stay together.
    pub fn may_break(&self, row: &[Cell]) -> bool {
        let whole: u32 = self.heads.iter().map(|head| head.share).sum();
        let width = |share: u32| (CHARACTERS * share as usize / whole.max(1) as usize).max(8);
        self.heads.iter().zip(row).any(|(head, cell)| cell.lines(width(head.share)) > HALF_A_PAGE)
    }
}

impl Cell {
    /// How many lines of so many characters it takes, near enough.
    fn lines(&self, width: usize) -> usize {
        fn of(parts: &[Part], width: usize) -> usize {
            parts.iter().map(|part| lines(part, width)).sum()
        }
        fn lines(part: &Part, width: usize) -> usize {
            match part {
                Part::Text(words) | Part::Strong(words) | Part::Soft(words) | Part::Flag(words) => {
                    text::paragraphs(words)
                        .flat_map(str::lines)
                        .map(|line| line.chars().count() / width + 1)
                        .sum()
                }
                Part::Named(name, words) => (name.chars().count() + words.chars().count() + 2) / width + 1,
                Part::Rating { .. } => 1,
                Part::Suggested { words, reason } => {
                    words.chars().count() / width + reason.chars().count() / width + 2
                }
                Part::Said { parts, .. } => of(parts, width),
            }
        }
        of(&self.0, width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_stylesheet() {
        const CSS: &str = include_str!("../web/assets/app.css");
        for colour in Colour::ALL {
            let Look { ground, text, edge } = look(*colour);
            for (part, hex) in [("ground", ground), ("text", text), ("edge", edge)] {
                let rule = format!("--{}-{part}: #{hex};", colour.code());
                assert!(CSS.contains(&rule), "{rule}");
            }
        }
    }

    #[test]
    fn only_a_row_longer_than_half_a_page_may_break() {
        let list = List::new("", [("A", 1), ("B", 1)]);
        let row = |words: usize| vec![Cell::text("x"), Cell::text("seven77 ".repeat(words))];
        assert!(!list.may_break(&row(200)));
        assert!(list.may_break(&row(400)));
    }
}
