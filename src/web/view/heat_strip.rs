//! The heat strip: a row per action, a column per round, and the same as a table beside it.
//!
//! Owns the drawing. Never decides a rating: a cell shows what it is given, a reported one
//! filled, a suggested one hollow. The colours come from the stylesheet, so that they and
//! the tags cannot part. Lengths are rem, so that the strip grows with the reader's text.

use maud::{Markup, html};

use super::kit::details;
use super::rating::{class, grey_words, rating_tag, suggested_tag};
use super::table::{Column, Row, Table};
use crate::domain::{
    dashboard::Direction,
    rating::{Colour, KeyEntry, Suggested},
};

/// What stands for one action in one round.
#[derive(Clone, Copy, Debug)]
pub enum HeatCell<'a> {
    /// The rating that was reported.
    Reported(&'a KeyEntry),
    /// An update without a rating: what the facts said at the round's date.
    Hollow(Suggested),
    /// No update, though one was or is expected: "No update received".
    Empty(&'static str),
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
    /// Its page; none: nothing leads there.
    pub href: Option<&'a str>,
    /// One cell for each round.
    pub cells: Vec<HeatCell<'a>>,
    /// Where it went since the round of [`HeatStrip::since`]; only read where there is one.
    pub went: Option<Direction>,
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
    /// The earlier round from which the direction of travel is told.
    pub since: Option<&'a str>,
    /// The RAG key that the reported ratings come from.
    pub key: &'a [KeyEntry],
    /// The actions.
    pub rows: &'a [HeatRow<'a>],
}

/// In sixteenths of a rem: pixels, at the usual text size.
const COLUMN: usize = 60;
const ROW: usize = 32;
/// Of a row's label, in characters.
pub(super) const LONGEST: usize = 16;
const LINE: usize = 15;
const CELL: (usize, usize) = (48, 26);
const STRIP: usize = 9;
/// Rows of one drawing: with its heads they fit on a page of A4, and a longer plan has its heads repeated.
const ROWS: usize = 30;

/// Draws the strip, its legend and its table.
#[must_use]
pub fn heat_strip(strip: &HeatStrip<'_>) -> Markup {
    html! {
        div class="heat" {
            div class="heat-scroll" role="region" tabindex="0" aria-label=(strip.title) {
                @for (n, rows) in strip.rows.chunks(ROWS).enumerate() { (drawing(strip, n, rows)) }
            }
            (scrolls())
            (legend(strip))
            (details("The same as a table", table(strip)))
        }
    }
}

/// Said where the window may be too narrow for a drawing.
pub(super) fn scrolls() -> Markup {
    html! { p class="scrolls soft small" { "Wider than your window? Scroll it sideways. The table below it says the same." } }
}

fn drawing(strip: &HeatStrip<'_>, number: usize, rows: &[HeatRow<'_>]) -> Markup {
    let heads = strip.rounds.iter().map(|round| lines(round, 8, 3));
    let heads: Vec<Vec<String>> =
        heads.chain(strip.since.map(|since| lines(&since_words(since), 8, 3))).collect();
    let head = heads.iter().map(Vec::len).max().unwrap_or(0) * LINE + 8;
    let left = labels(strip.rows.iter().map(|row| row.label));
    let width = left + COLUMN * heads.len();
    let height = head + ROW * rows.len();
    let id = format!("{}-{}", strip.id, number + 1);
    let (title, desc) = (format!("{id}-title"), format!("{id}-desc"));
    html! {
        svg role="group" preserveAspectRatio="xMinYMin meet" aria-labelledby=(title) aria-describedby=(desc) viewBox={ "0 0 " (width) " " (height) }
            width=(rem(width)) height=(rem(height)) {
            title id=(title) {
                (strip.title)
                @if let ([first, ..], [.., last], true) = (rows, rows, strip.rows.len() > ROWS) {
                    ", " (first.label) " to " (last.label)
                }
            }
            desc id=(desc) { (strip.description) }
            defs { (patterns(&id)) }
            @for (column, lines) in heads.iter().enumerate() {
                @for (line, words) in lines.iter().enumerate() {
                    text class="heat-head" aria-hidden="true" x=(left + column * COLUMN)
                        y=(head - 10 - (lines.len() - 1 - line) * LINE) { (words) }
                }
            }
            @for (index, row) in rows.iter().enumerate() {
                (drawn_row(strip, &id, row, left, head + index * ROW))
            }
        }
    }
}

fn since_words(since: &str) -> String {
    format!("Since {since}")
}

fn drawn_row(strip: &HeatStrip<'_>, id: &str, row: &HeatRow<'_>, left: usize, top: usize) -> Markup {
    let label = html! { text class="heat-label" x="6" y=(top + 21) { (cut(row.label, LONGEST)) } };
    html! {
        @match row.href {
            Some(href) => a href=(href) {
                rect class="heat-ring" x="2" y=(top + 2) width=(left - 10) height=(ROW - 4) {}
                (label)
            },
            None => (label),
        }
        // Letters alone say little when read out; the table says each cell in words.
        g aria-hidden="true" {
            @for (column, cell) in row.cells.iter().enumerate() {
                (drawn_cell(strip, id, cell, left + column * COLUMN, top + 3))
            }
            @if let Some(went) = row.went.filter(|_| strip.since.is_some()) {
                text class="heat-letter" x=(left + row.cells.len() * COLUMN + CELL.0 / 2) y=(top + 21) { (went.symbol()) }
            }
        }
    }
}

fn drawn_cell(strip: &HeatStrip<'_>, id: &str, cell: &HeatCell<'_>, x: usize, y: usize) -> Markup {
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
                        fill={ "url(#" (id) "-" (colour) ")" } {}
                }
                (letter(&format!("heat-on-{colour}"), x + (width + strip_width) / 2, &short(entry, strip.key)))
            }
        }
        HeatCell::Hollow(suggested) => html! {
            rect class="heat-box heat-hollow" x=(x) y=(y) width=(width) height=(height) rx=(height / 2) {}
            (letter("heat-on-hollow", x + width / 2, suggested_letter(*suggested)))
        },
        HeatCell::Empty(_) => html! {
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
    let mut gaps: Vec<&str> = Vec::new();
    for cell in cells() {
        if let HeatCell::Empty(words) = cell
            && !gaps.contains(words)
        {
            gaps.push(words);
        }
    }
    let directions = Direction::ALL
        .into_iter()
        .filter(|one| strip.since.is_some() && strip.rows.iter().any(|row| row.went == Some(*one)));
    html! {
        ul class="heat-legend" {
            @if suggested.clone().next().is_some() { li { "Capital: reported. Small letter: what the facts suggest" } }
            @for entry in reported { li { strong { (short(entry, strip.key)) } (rating_tag(entry)) } }
            @for one in suggested { li { span { (suggested_letter(one)) } (suggested_tag(one)) } }
            @if !gaps.is_empty() { li { "Empty box: " (gaps.join(" or ").to_lowercase()) } }
            @if cells().any(|cell| matches!(cell, HeatCell::NotApplicable)) { li { "Dot: not applicable" } }
            @for one in directions { li { (direction(one)) } }
        }
    }
}

fn table(strip: &HeatStrip<'_>) -> Markup {
    let since = strip.since.map(since_words);
    let columns = std::iter::once(Column::new("Action"))
        .chain(strip.rounds.iter().map(|round| Column::new(round)))
        .chain(since.as_deref().map(Column::new));
    let rows = strip.rows.iter().map(|row| {
        let name = html! {
            @match row.href { Some(href) => a href=(href) { (row.label) }, None => (row.label) } " " (row.title)
        };
        let went = since.as_ref().map(|_| html! { @if let Some(went) = row.went { (direction(went)) } });
        Row::new(std::iter::once(name).chain(row.cells.iter().map(told_cell)).chain(went))
    });
    html! { (Table::new(strip.title, columns).row_head(0).rows(rows)) }
}

fn told_cell(cell: &HeatCell<'_>) -> Markup {
    match cell {
        HeatCell::Reported(entry) => rating_tag(entry),
        HeatCell::Hollow(suggested) => suggested_tag(*suggested),
        HeatCell::Empty(words) => html! { (words) },
        HeatCell::NotApplicable => grey_words("Not applicable"),
    }
}

/// A suggestion's letter: a small one, as those of reported ratings are capitals.
const fn suggested_letter(suggested: Suggested) -> &'static str {
    match suggested {
        Suggested::Complete => "c",
        Suggested::OffTrack => "o",
        Suggested::AtRisk => "a",
        Suggested::NothingAgainst => "n",
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

/// A direction of travel: its symbol and its words, never the one without the other.
#[must_use]
pub fn direction(went: Direction) -> Markup {
    html! { span class="went" { span class="went-symbol" aria-hidden="true" { (went.symbol()) } " " (went.words()) } }
}

/// The room for the rows' labels.
pub(super) fn labels<'l>(labels: impl Iterator<Item = &'l str>) -> usize {
    let longest = labels.map(|label| label.chars().count()).max().unwrap_or(0);
    longest.clamp(5, LONGEST) * 8 + 20
}

/// What of some words has room, with "…" where the rest is left out.
pub(super) fn cut(words: &str, room: usize) -> String {
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

/// Pixels at the usual text size as rem, so that a drawing grows with the reader's text.
pub(super) fn rem(sixteenths: usize) -> String {
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
    fn a_long_plan_is_drawn_in_parts_with_the_heads_on_each() {
        let labels: Vec<String> = (1..=65).map(|n| format!("A{n}")).collect();
        let row = |label: &'_ String| -> HeatRow<'static> {
            let label: &'static str = Box::leak(label.clone().into_boxed_str());
            let cells = vec![HeatCell::Empty("Awaiting update"), HeatCell::NotApplicable];
            HeatRow { label, title: "", href: None, cells, went: Some(Direction::Worse) }
        };
        let rows: Vec<HeatRow<'_>> = labels.iter().map(row).collect();
        let strip = HeatStrip {
            id: "heat",
            title: "Ratings by round",
            description: "65 actions",
            rounds: &["Sept 2017", "7 Dec 2017"],
            since: Some("Sept 2017"),
            key: &[],
            rows: &rows,
        };
        let html = heat_strip(&strip).into_string();
        assert_eq!(html.matches("<svg").count(), 3);
        for part in ["A1 to A30", "A31 to A60", "A61 to A65"] {
            assert!(html.contains(&format!("Ratings by round, {part}</title>")), "{part}");
        }
        // Each drawing names its own title, and has its own heads.
        for id in ["heat-1-title", "heat-2-title", "heat-3-title"] {
            assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
        }
        assert_eq!(html.matches(">7 Dec</text>").count(), 3);
        // The symbol in every row of the drawings, and in the key and the table with its word.
        assert_eq!(html.matches("↓").count(), 65 + 1 + 65);
        assert_eq!(html.matches("Worse").count(), 1 + 65);
    }

    #[test]
    fn lengths_are_exact_in_rem() {
        assert_eq!(rem(16), "1.0000rem");
        assert_eq!(rem(25), "1.5625rem");
    }
}
