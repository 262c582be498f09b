//! Finding words in a text as people mean them, and the piece round them that is shown.
//!
//! Capitals, curly quotes, long dashes and white space make no difference. Pure; never touches a request.

use std::ops::Range;

use crate::domain::text;

/// What is shown on either side of a find, in characters.
const ROUND: usize = 90;

/// A piece of a text: before, the find, and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) before: String,
    pub(super) found: String,
    pub(super) after: String,
}

/// A character as it counts for finding.
fn plain(c: char) -> char {
    match c {
        '’' | '‘' => '\'',
        '“' | '”' => '"',
        '–' | '—' => '-',
        // The few whose small letter is several keep their first.
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

/// The first place of the words in the text, in bytes.
fn place(text: &str, words: &str) -> Option<Range<usize>> {
    let words: Vec<char> = words.chars().map(plain).collect();
    let chars: Vec<(usize, char)> = text.char_indices().map(|(at, c)| (at, plain(c))).collect();
    let first = (!words.is_empty())
        .then(|| chars.windows(words.len()).position(|w| w.iter().map(|(_, c)| c).eq(&words)))??;
    let start = chars.get(first)?.0;
    let end = chars.get(first + words.len()).map_or(text.len(), |(at, _)| *at);
    Some(start..end)
}

/// Whether a text is exactly the words.
pub(super) fn is(text: &str, words: &str) -> bool {
    let text = text::fold(text);
    place(&text, &text::fold(words)) == Some(0..text.len())
}

/// The piece of a text round the first place of the words; none where they don't stand in it.
pub(super) fn excerpt(text: &str, words: &str) -> Option<Excerpt> {
    let text = text::fold(text);
    let Range { start, end } = place(&text, &text::fold(words))?;
    let (before, found, after) = (&text[..start], &text[start..end], &text[end..]);
    let before = match before.char_indices().rev().nth(ROUND) {
        // Cut at the next word, so that none is shown in half.
        Some((at, _)) => format!("…{}", before[at..].split_once(' ').map_or("", |(_, rest)| rest)),
        None => before.to_owned(),
    };
    let after = match after.char_indices().nth(ROUND) {
        Some((at, _)) => format!("{}…", after[..at].rsplit_once(' ').map_or("", |(head, _)| head)),
        None => after.to_owned(),
    };
    Some(Excerpt { before, found: found.to_owned(), after })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, words: &str) -> Option<String> {
        excerpt(text, words).map(|e| format!("{}[{}]{}", e.before, e.found, e.after))
    }

    #[test]
    fn words_are_found_in_capitals_or_not_and_with_any_quotes_and_dashes() {
        for (text, words, expected) in [
            ("An alert system", "ALERT", Some("An [alert] system")),
            ("Governor’s Service", "governor's", Some("[Governor’s] Service")),
            ("2 post–16 providers", "post-16", Some("2 [post–16] providers")),
            ("École ÉLAN", "élan", Some("École [ÉLAN]")),
            ("two\n\nparagraphs", "two paragraphs", Some("[two paragraphs]")),
            ("An alert", "alarm", None),
            ("An alert", "", None),
            ("", "alert", None),
            ("😀 ok 😀", "😀", Some("[😀] ok 😀")),
        ] {
            assert_eq!(shown(text, words).as_deref(), expected, "{text:?} {words:?}");
        }
    }

    #[test]
    fn long_texts_are_cut_at_words_on_both_sides() {
        let text = format!("{} needle {}", "straw ".repeat(50), "hay ".repeat(50));
        let shown = shown(&text, "needle").unwrap();
        assert!(shown.starts_with("…straw ") && shown.ends_with(" hay…"), "{shown}");
        assert!(shown.chars().count() < 2 * ROUND + 20, "{shown}");
    }

    #[test]
    fn one_endless_word_is_left_out_rather_than_cut() {
        let text = format!("{0} needle {0}", "x".repeat(500));
        assert_eq!(shown(&text, "needle").as_deref(), Some("…[needle]…"));
    }

    #[test]
    fn exactly_the_words_is_told_from_a_text_that_holds_them() {
        assert!(is("Aiii", "aiii") && is(" Aiii ", "Aiii"));
        assert!(!is("Aviii", "viii") && !is("Aiii", "Ai"));
    }
}
