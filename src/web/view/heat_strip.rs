//! The heat strip: a row per action, a column per round, and the same as a table beside it.
//!
//! Owns the drawing. Never decides a rating: a cell shows what it is given, a reported one
//! filled, a suggested one hollow. The colours come from the stylesheet, so that they and
//! the tags cannot part. Lengths are rem, so that the strip grows with the reader's text.

use maud::{Markup, html};

use super::kit::details;
use super::rating::{class, grey_words, rating_tag, suggested_tag};
use super::table::{Column, Row, Table};
use crate::domain::rating::{Colour, KeyEntry, Suggested};

/// What stands for one action in one round.
#[derive(Clone, Copy, Debug)]
pub enum HeatCell<'a> {
    /// The rating that was reported.
    Reported(&'a KeyEntry),
    /// An update without a rating: what the facts said at the round's date.
    Hollow(Suggested),
    /// No update received.
    Empty,
    /// The round did not ask: merged, closed, or not yet there.
    NotApplicable,
}

/// One action.
#[derive(Clone, Debug)]
pub struct HeatRow<'a> {
    /// Its reference, or "Action 1"; from the 17th character on it is cut in the drawing.
    pub label: &'a str,
    /// Its short title, for the table.
    pub title: &'a str,
    /// Its page.
    pub href: &'a str,
    /// One cell for each round.
    pub cells: Vec<HeatCell<'a>>,
}

/// A strip.
#[derive(Clone, Debug)]
pub struct HeatStrip<'a> {
    /// Tells this strip's patterns from another's on the same page.
    pub id: &'a str,
    /// "Ratings by round, Appendix B".
    pub title: &'a str,
    /// The strip in a sentence: "22 actions in 2 rounds; 11 complete in the latest".
    pub description: &'a str,
    /// The rounds' labels, oldest first.
    pub rounds: &'a [&'a str],
    /// The RAG key that the reported ratings come from.
    pub key: &'a [KeyEntry],
    /// The actions.
    pub rows: &'a [HeatRow<'a>],
}

/// In sixteenths of a rem: pixels, at the usual text size.
const COLUMN: usize = 60;
const ROW: usize = 32;
/// Of a row's label, in characters.
const LONGEST: usize = 16;
const LINE: usize = 15;
const CELL: (usize, usize) = (48, 26);
const STRIP: usize = 9;

/// Draws the strip, its legend and its table.
#[must_use]
pub fn heat_strip(strip: &HeatStrip<'_>) -> Markup {
    html! {
        div class="heat" {
            div class="heat-scroll" role="region" tabindex="0" aria-label=(strip.title) { (drawing(strip)) }
            (legend(strip))
            (details("The same as a table", table(strip)))
        }
    }
}

fn drawing(strip: &HeatStrip<'_>) -> Markup {
    let heads: Vec<Vec<String>> = strip.rounds.iter().map(|round| lines(round, 8, 3)).collect();
    let head = heads.iter().map(Vec::len).max().unwrap_or(0) * LINE + 8;
    let left = labels(strip.rows);
    let width = left + COLUMN * strip.rounds.len();
    let height = head + ROW * strip.rows.len();
    let (title, desc) = (format!("{}-title", strip.id), format!("{}-desc", strip.id));
    html! {
        svg role="group" aria-labelledby=(title) aria-describedby=(desc) viewBox={ "0 0 " (width) " " (height) }
            width=(rem(width)) height=(rem(height)) {
            title id=(title) { (strip.title) }
            desc id=(desc) { (strip.description) }
            defs { (patterns(strip.id)) }
            @for (column, lines) in heads.iter().enumerate() {
                @for (line, words) in lines.iter().enumerate() {
                    text class="heat-head" aria-hidden="true" x=(left + column * COLUMN)
                        y=(head - 10 - (lines.len() - 1 - line) * LINE) { (words) }
                }
            }
            @for (index, row) in strip.rows.iter().enumerate() {
                (drawn_row(strip, row, left, head + index * ROW))
            }
        }
    }
}

fn drawn_row(strip: &HeatStrip<'_>, row: &HeatRow<'_>, left: usize, top: usize) -> Markup {
    html! {
        a href=(row.href) {
            rect class="heat-ring" x="2" y=(top + 2) width=(left - 10) height=(ROW - 4) {}
            text class="heat-label" x="6" y=(top + 21) { (cut(row.label, LONGEST)) }
        }
        // Letters alone say little when read out; the table says each cell in words.
        g aria-hidden="true" {
            @for (column, cell) in row.cells.iter().enumerate() {
                (drawn_cell(strip, cell, left + column * COLUMN, top + 3))
            }
        }
    }
}

fn drawn_cell(strip: &HeatStrip<'_>, cell: &HeatCell<'_>, x: usize, y: usize) -> Markup {
    let (width, height) = CELL;
    let letter = |class: &str, at: usize, letter: &str| {
        html! { text class={ "heat-letter " (class) } x=(at) y=(y + 18) { (letter) } }
    };
    match cell {
        HeatCell::Reported(entry) => {
            let colour = class(entry.colour);
            // The dashed edge is a pattern of its own and has no strip.
            let strip_width = if entry.colour == Colour::Plain { 0 } else { STRIP };
            html! {
                rect class={ "heat-box heat-" (colour) } x=(x) y=(y) width=(width) height=(height) {}
                @if strip_width > 0 {
                    rect x=(x + 1) y=(y + 1) width=(strip_width) height=(height - 2)
                        fill={ "url(#" (strip.id) "-" (colour) ")" } {}
                }
                (letter(&format!("heat-on-{colour}"), x + (width + strip_width) / 2, &short(entry, strip.key)))
            }
        }
        HeatCell::Hollow(suggested) => html! {
            rect class="heat-box heat-hollow" x=(x) y=(y) width=(width) height=(height) rx=(height / 2) {}
            (letter("heat-on-hollow", x + width / 2, suggested_letter(*suggested)))
        },
        HeatCell::Empty => html! {
            rect class="heat-box heat-empty" x=(x) y=(y) width=(width) height=(height) {}
        },
        HeatCell::NotApplicable => letter("heat-none", x + width / 2, "·"),
    }
}

/// The strips of the tags, as fills: solid, hatched, plain, dotted.
fn patterns(id: &str) -> Markup {
    let ground = html! { rect class="heat-ground" width="6" height="6" {} };
    html! {
        pattern id={ (id) "-red" } width="6" height="6" patternUnits="userSpaceOnUse" {
            rect class="heat-ink-red" width="6" height="6" {}
        }
        pattern id={ (id) "-amber" } width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
            (ground) path class="heat-ink-amber" d="M0 0V5" stroke-width="4" {}
        }
        pattern id={ (id) "-green" } width="6" height="6" patternUnits="userSpaceOnUse" { (ground) }
        pattern id={ (id) "-complete" } width="4.5" height="5" patternUnits="userSpaceOnUse" {
            (ground) circle class="heat-ink-complete" cx="2.25" cy="2.5" r="1.4" {}
        }
    }
}

/// The letters in use with what they mean; what the strip does not show is left out.
fn legend(strip: &HeatStrip<'_>) -> Markup {
    let cells = || strip.rows.iter().flat_map(|row| &row.cells);
    let reported = strip
        .key
        .iter()
        .filter(|entry| cells().any(|cell| matches!(cell, HeatCell::Reported(one) if one == entry)));
    let suggested = Suggested::ALL
        .iter()
        .copied()
        .filter(|one| cells().any(|cell| matches!(cell, HeatCell::Hollow(hollow) if hollow == one)));
    html! {
        ul class="heat-legend" {
            @for entry in reported { li { strong { (short(entry, strip.key)) } (rating_tag(entry)) } }
            @for one in suggested { li { span { (suggested_letter(one)) } (suggested_tag(one)) } }
            @if cells().any(|cell| matches!(cell, HeatCell::Empty)) { li { "Empty box: no update received" } }
            @if cells().any(|cell| matches!(cell, HeatCell::NotApplicable)) { li { "Dot: not applicable" } }
        }
    }
}

fn table(strip: &HeatStrip<'_>) -> Markup {
    let columns =
        std::iter::once(Column::new("Action")).chain(strip.rounds.iter().map(|round| Column::new(round)));
    let rows = strip.rows.iter().map(|row| {
        let name = html! { a href=(row.href) { (row.label) } " " (row.title) };
        Row::new(std::iter::once(name).chain(row.cells.iter().map(told_cell)))
    });
    html! { (Table::new(strip.title, columns).row_head(0).rows(rows)) }
}

fn told_cell(cell: &HeatCell<'_>) -> Markup {
    match cell {
        HeatCell::Reported(entry) => rating_tag(entry),
        HeatCell::Hollow(suggested) => suggested_tag(*suggested),
        HeatCell::Empty => html! { "No update received" },
        HeatCell::NotApplicable => grey_words("Not applicable"),
    }
}

const fn suggested_letter(suggested: Suggested) -> &'static str {
    match suggested {
        Suggested::Complete => "C",
        Suggested::OffTrack => "O",
        Suggested::AtRisk => "A",
        Suggested::NothingAgainst => "N",
        Suggested::NoDate => "?",
        Suggested::NotRated => "–",
    }
}

/// A rating's letter: the first of its word; where another word of the key begins the same,
/// its initials; where those are the same too, its first two letters.
fn short(entry: &KeyEntry, key: &[KeyEntry]) -> String {
    let ways: [fn(&str) -> String; 3] = [
        |word| word.chars().take(1).collect(),
        |word| {
            word.split_whitespace().filter_map(|part| part.chars().next()).collect::<String>().to_uppercase()
        },
        |word| word.chars().take(2).collect(),
    ];
    let alone = |way: &fn(&str) -> String| {
        let mine = way(&entry.word);
        key.iter().filter(|other| other.word != entry.word).all(|other| way(&other.word) != mine)
    };
    ways.iter().find(|way| alone(way)).unwrap_or(&ways[2])(&entry.word)
}

/// The room for the rows' labels.
fn labels(rows: &[HeatRow<'_>]) -> usize {
    let longest = rows.iter().map(|row| row.label.chars().count()).max().unwrap_or(0);
    longest.clamp(5, LONGEST) * 8 + 20
}

fn cut(words: &str, room: usize) -> String {
    if words.chars().count() <= room {
        return words.to_owned();
    }
    words.chars().take(room - 1).chain(['…']).collect()
}

/// Breaks a label at its spaces into at most `most` lines of about `room` characters.
/// What does not fit ends in "…": the whole label stands in the table.
fn lines(label: &str, room: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in label.split_whitespace() {
        // The last line takes all the rest, to be cut.
        let last = lines.len() == most;
        match lines.last_mut() {
            Some(line) if last || line.chars().count() + word.chars().count() < room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|line| cut(line, room)).collect()
}

fn rem(sixteenths: usize) -> String {
    // Sixteenths have at most four decimal places, so this is exact.
    format!("{}.{:04}rem", sixteenths / 16, sixteenths % 16 * 625)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rating::Rating;

    fn key(words: &[&str]) -> Vec<KeyEntry> {
        let entry = |word: &&str| KeyEntry {
            rating: Rating::OnTrack,
            word: (*word).to_owned(),
            colour: Colour::Green,
            meaning: String::new(),
        };
        words.iter().map(entry).collect()
    }

    fn letters(words: &[&str]) -> Vec<String> {
        let key = key(words);
        key.iter().map(|entry| short(entry, &key)).collect()
    }

    #[test]
    fn a_rating_is_its_first_letter_unless_another_word_begins_the_same() {
        assert_eq!(letters(&["Red", "Amber", "Green", "Complete"]), ["R", "A", "G", "C"]);
        assert_eq!(letters(&["On track", "Off track", "At risk"]), ["On", "Of", "A"]);
        assert_eq!(letters(&["Not recorded", "Not started"]), ["NR", "NS"]);
    }

    #[test]
    fn round_labels_break_at_spaces_and_say_where_they_are_cut() {
        assert_eq!(lines("7 Dec 2017", 8, 3), ["7 Dec", "2017"]);
        assert_eq!(lines("Sept 2017", 8, 3), ["Sept", "2017"]);
        assert_eq!(lines("Extraordinary", 8, 3), ["Extraor…"]);
        assert_eq!(lines("Since the last one in 2017", 8, 2), ["Since", "the las…"]);
    }

    #[test]
    fn lengths_are_exact_in_rem() {
        assert_eq!(rem(16), "1.0000rem");
        assert_eq!(rem(25), "1.5625rem");
    }
}
