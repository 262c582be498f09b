//! Cuts a wording into tokens. It never fails, and never decides what one means beside another.

use super::words::{Number, PHRASES, Token, Word, word};

/// The tokens of a wording, in order. Letter case, kinds of dash, quotation mark
/// and white space, and characters without width make no difference.
pub(super) fn tokens(wording: &str) -> Vec<Token> {
    let text: String = wording
        .chars()
        // Up and then down: both cases of every letter meet in one form.
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .filter_map(plain)
        .collect();
    let lexemes = lexemes(&text);
    let mut tokens = Vec::with_capacity(lexemes.len());
    let mut rest = lexemes.as_slice();
    while let Some(first) = rest.first() {
        let mut push = |word| tokens.push(Token { word, spaced: first.spaced });
        let used = match phrase(rest) {
            Some((words, used)) => {
                words.iter().copied().for_each(push);
                used
            }
            None => {
                let (word, used) = single(rest);
                push(word);
                used
            }
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    tokens
}

fn plain(c: char) -> Option<char> {
    Some(match c {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => return None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{2bc}' | '`' | '\u{b4}' => '\'',
        '\u{2044}' | '\u{2215}' | '\u{ff0f}' | '\\' => '/',
        '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(c) - 0xff10, 10).unwrap_or(c),
        '_' => ' ',
        _ => c,
    })
}

struct Lexeme<'t> {
    text: &'t str,
    spaced: bool,
}

impl Lexeme<'_> {
    fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// Cuts the text into runs of digits, runs of letters, and single marks.
fn lexemes(text: &str) -> Vec<Lexeme<'_>> {
    let mut lexemes = Vec::new();
    let mut spaced = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same: fn(char) -> bool = if first.is_whitespace() {
            char::is_whitespace
        } else if first.is_ascii_digit() {
            |c| c.is_ascii_digit()
        } else if first.is_alphabetic() {
            char::is_alphabetic
        } else {
            |_| false
        };
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len());
        let end = end.max(first.len_utf8());
        let (run, after) = rest.split_at(end);
        if first.is_whitespace() {
            spaced = true;
        } else {
            lexemes.push(Lexeme { text: run, spaced });
            spaced = false;
        }
        rest = after;
    }
    lexemes
}

/// The phrase at the beginning of `lexemes`, and how many of them it takes.
fn phrase(lexemes: &[Lexeme<'_>]) -> Option<(&'static [Word], usize)> {
    let texts = |n: usize| lexemes.get(..n).into_iter().flatten().map(|l| l.text);
    let (phrase, words) =
        PHRASES.iter().find(|(phrase, _)| texts(phrase.len()).eq(phrase.iter().copied()))?;
    // "24/7/2018" is a date all the same.
    let goes_on = lexemes.get(phrase.len()).is_some_and(|l| l.text == "/");
    (*phrase != ["24", "/", "7"] || !goes_on).then_some((*words, phrase.len()))
}

/// The word at the beginning of `lexemes`, and how many of them it takes (at least 1).
fn single(lexemes: &[Lexeme<'_>]) -> (Word, usize) {
    if let Some(used) = time_of_day(lexemes) {
        return (Word::Aside, used);
    }
    let (Some(first), next) = (lexemes.first(), lexemes.get(1)) else {
        return (Word::Other, 1);
    };
    if first.text == "'" {
        return match next.filter(|n| n.is_number() && !n.spaced && n.text.len() == 2) {
            Some(year) => (number(year.text, false, true), 2),
            None => (Word::Aside, 1),
        };
    }
    if first.is_number() {
        // "7 th" with a space is what text taken out of a PDF gives.
        let ordinal = next.is_some_and(|n| matches!(n.text, "st" | "nd" | "rd" | "th"));
        return (number(first.text, ordinal, false), 1 + usize::from(ordinal));
    }
    (word(first.text), 1)
}

fn number(text: &str, ordinal: bool, apostrophe: bool) -> Word {
    let value = match text.len() {
        ..=9 => text.parse().unwrap_or(u32::MAX),
        _ => u32::MAX,
    };
    Word::Number(Number { value, digits: text.len(), ordinal, apostrophe })
}

/// How many lexemes a time of day takes: `17:30`, `T00:00:00Z`, `5.30pm`, `5 pm`.
fn time_of_day(lexemes: &[Lexeme<'_>]) -> Option<usize> {
    let at = |i: usize| lexemes.get(i).map_or("", |l| l.text);
    let is_number =
        |i: usize, most: usize| lexemes.get(i).is_some_and(|l| l.is_number() && l.text.len() <= most);
    let half_day = |i: usize| usize::from(matches!(at(i), "am" | "pm"));
    let start = usize::from(at(0) == "t" && lexemes.first().is_some_and(|l| !l.spaced));
    if !is_number(start, 2) {
        return None;
    }
    let mut end = start + 1;
    if at(end) == ":" && is_number(end + 1, 2) {
        end += 2;
        for mark in [":", "."] {
            if at(end) == mark && is_number(end + 1, 9) {
                end += 2;
            }
        }
        let zulu = usize::from(at(end) == "z");
        return Some(end + zulu + half_day(end));
    }
    if at(end) == "." && is_number(end + 1, 2) {
        end += 2;
    }
    (start == 0 && half_day(end) == 1).then_some(end + 1)
}
