//! The vocabulary of deadlines: turns a wording into tokens.
//!
//! It knows spellings, never grammar: what a token means beside another one is
//! decided in `grammar`. It never fails: what it does not know is `Other`.

use chrono::Weekday;

/// One word, number or mark, and whether white space stands before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) word: Word,
    pub(super) spaced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Number(Number),
    Month(u32),
    Weekday(Weekday),
    Part(Part),
    Season(Season),
    Term,
    Quarter,
    /// "half", as in "first half of".
    Half,
    /// "H", as in "H1 2019".
    HalfYear,
    /// "first" to "fourth".
    Nth(u32),
    FinancialYear,
    SchoolYear,
    /// "year" or "calendar year".
    Year,
    Christmas,
    Week(Week),
    Dash,
    Slash,
    Dot,
    Comma,
    To,
    And,
    Or,
    Between,
    From,
    Before,
    /// "of", "the".
    Of,
    In,
    /// An opening bracket.
    Open,
    /// Changes nothing: "by", "no later than", brackets, a time of day.
    Aside,
    /// Tied to a date, but not to the deadline's own: "after", "within", "weeks".
    Elsewhen,
    Other,
}

/// A run of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// `u32::MAX` when there are more than nine digits.
    pub(super) value: u32,
    pub(super) digits: usize,
    /// Written `7th`.
    pub(super) ordinal: bool,
    /// Written `'17`.
    pub(super) apostrophe: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Early,
    Mid,
    End,
    FirstHalf,
    SecondHalf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Week {
    Commencing,
    Ending,
}

/// Wordings of several words, the longer before the shorter that they begin with.
const PHRASES: &[(&[&str], &[Word])] = &[
    (&["w", "/", "c"], &[Word::Week(Week::Commencing)]),
    (&["w", "/", "b"], &[Word::Week(Week::Commencing)]),
    (&["w", "/", "e"], &[Word::Week(Week::Ending)]),
    (&["week", "commencing"], &[Word::Week(Week::Commencing)]),
    (&["week", "beginning"], &[Word::Week(Week::Commencing)]),
    (&["week", "starting"], &[Word::Week(Week::Commencing)]),
    (&["week", "ending"], &[Word::Week(Week::Ending)]),
    (&["no", "later", "than"], &[Word::Aside]),
    (&["not", "later", "than"], &[Word::Aside]),
    (&["at", "the", "latest"], &[Word::Aside]),
    (&["on", "or", "before"], &[Word::Aside]),
    (&["up", "to"], &[Word::Aside]),
    (&["to", "be", "complete", "by"], &[Word::Aside]),
    (&["to", "be", "completed", "by"], &[Word::Aside]),
    (&["for", "completion", "by"], &[Word::Aside]),
    (&["complete", "by"], &[Word::Aside]),
    (&["completed", "by"], &[Word::Aside]),
    (&["completion", "by"], &[Word::Aside]),
    (&["completion", "date"], &[Word::Aside]),
    (&["close", "of", "play"], &[Word::Aside]),
    (&["close", "of", "business"], &[Word::Aside]),
    (&["end", "of", "play"], &[Word::Aside]),
    (&["end", "of", "day"], &[Word::Aside]),
    (&["and", "/", "or"], &[Word::Or]),
    (&["financial", "year", "end"], &[Word::Part(Part::End), Word::FinancialYear]),
    (&["financial", "year"], &[Word::FinancialYear]),
    (&["fiscal", "year"], &[Word::FinancialYear]),
    (&["f", "/", "y"], &[Word::FinancialYear]),
    (&["academic", "year"], &[Word::SchoolYear]),
    (&["school", "year"], &[Word::SchoolYear]),
    (&["calendar", "year"], &[Word::Year]),
    (&["year", "end"], &[Word::Part(Part::End), Word::Year]),
    (&["year", "-", "end"], &[Word::Part(Part::End), Word::Year]),
    // A municipal year begins at each council's own annual meeting in May.
    (&["municipal", "year"], &[Word::Elsewhen]),
    (&["civic", "year"], &[Word::Elsewhen]),
    (&["council", "year"], &[Word::Elsewhen]),
    (&["half", "term"], &[Word::Elsewhen]),
    (&["half", "-", "term"], &[Word::Elsewhen]),
    // "At all times", not the 24th of July.
    (&["24", "/", "7"], &[Word::Other]),
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

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
        let (words, used) = longest(rest);
        tokens.extend(words.as_slice().iter().map(|&word| Token { word, spaced: first.spaced }));
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

/// One or two words: no phrase stands for more.
enum Words {
    One([Word; 1]),
    Many(&'static [Word]),
}

impl Words {
    fn as_slice(&self) -> &[Word] {
        match self {
            Words::One(word) => word,
            Words::Many(words) => words,
        }
    }
}

/// The words at the beginning of `lexemes`, and how many lexemes they take (at least 1).
fn longest(lexemes: &[Lexeme<'_>]) -> (Words, usize) {
    for (phrase, words) in PHRASES {
        let found = lexemes.len() >= phrase.len() && phrase.iter().zip(lexemes).all(|(a, b)| *a == b.text);
        // "24/7/2018" is a date all the same.
        let goes_on =
            || matches!(phrase, ["24", ..]) && lexemes.get(phrase.len()).is_some_and(|l| l.text == "/");
        if found && !goes_on() {
            return (Words::Many(words), phrase.len());
        }
    }
    if let Some(used) = time_of_day(lexemes) {
        return (Words::One([Word::Aside]), used);
    }
    let text = lexemes.first().map_or("", |l| l.text);
    let next = lexemes.get(1);
    if text == "'" {
        return match next.filter(|n| n.is_number() && !n.spaced && n.text.len() == 2) {
            Some(year) => (Words::One([number(year.text, false, true)]), 2),
            None => (Words::One([Word::Aside]), 1),
        };
    }
    if lexemes.first().is_some_and(Lexeme::is_number) {
        // "7 th" with a space is what text taken out of a PDF gives.
        let ordinal = next.is_some_and(|n| matches!(n.text, "st" | "nd" | "rd" | "th"));
        return (Words::One([number(text, ordinal, false)]), 1 + usize::from(ordinal));
    }
    (Words::One([word(text)]), 1)
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

fn word(text: &str) -> Word {
    if let Some(month) = month(text) {
        return Word::Month(month);
    }
    match text {
        "-" => Word::Dash,
        "/" => Word::Slash,
        "." => Word::Dot,
        "," => Word::Comma,
        "monday" | "mon" => Word::Weekday(Weekday::Mon),
        "tuesday" | "tue" | "tues" => Word::Weekday(Weekday::Tue),
        "wednesday" | "wed" | "weds" => Word::Weekday(Weekday::Wed),
        "thursday" | "thu" | "thur" | "thurs" => Word::Weekday(Weekday::Thu),
        "friday" | "fri" => Word::Weekday(Weekday::Fri),
        "saturday" | "sat" => Word::Weekday(Weekday::Sat),
        "sunday" | "sun" => Word::Weekday(Weekday::Sun),
        "early" | "beginning" | "start" => Word::Part(Part::Early),
        "mid" | "middle" => Word::Part(Part::Mid),
        "end" | "late" => Word::Part(Part::End),
        "spring" => Word::Season(Season::Spring),
        "summer" => Word::Season(Season::Summer),
        "autumn" => Word::Season(Season::Autumn),
        "winter" => Word::Season(Season::Winter),
        "term" | "terms" => Word::Term,
        "q" | "qtr" | "quarter" => Word::Quarter,
        "half" => Word::Half,
        "h" => Word::HalfYear,
        "first" | "one" => Word::Nth(1),
        "second" | "two" => Word::Nth(2),
        "third" | "three" => Word::Nth(3),
        "fourth" | "four" => Word::Nth(4),
        "fy" => Word::FinancialYear,
        "year" => Word::Year,
        "christmas" | "xmas" => Word::Christmas,
        "wc" => Word::Week(Week::Commencing),
        "to" | "until" | "till" | "through" => Word::To,
        "and" | "&" => Word::And,
        "or" => Word::Or,
        "between" => Word::Between,
        "from" => Word::From,
        "before" => Word::Before,
        "of" | "the" => Word::Of,
        "(" | "[" => Word::Open,
        "in" | "during" | "throughout" => Word::In,
        "by" | "on" | "due" | "date" | "deadline" | "target" | "latest" | "at" | "for" | "is"
        | "timescale" | "noon" | "midday" | "midnight" | "cop" | "cob" | "eod" | ")" | "]" | ":" | ";"
        | "\"" | "\u{201c}" | "\u{201d}" | "*" | "\u{2022}" => Word::Aside,
        "after" | "since" | "following" | "within" | "post" | "pre" | "not" | "month" | "months" | "week"
        | "weeks" | "day" | "days" | "years" | "fortnight" | "hours" => Word::Elsewhen,
        _ => Word::Other,
    }
}

/// A month's name, its first three or more letters, or its name with one slip of the keyboard.
fn month(text: &str) -> Option<u32> {
    if text.len() < 3 {
        return None;
    }
    let begins = MONTHS.iter().position(|name| name.starts_with(text));
    let index = begins.or_else(|| {
        MONTHS.iter().position(|name| {
            // Short names are too near to other words: "match" is not March.
            name.len() >= 5 && *name != "march" && one_slip(name.as_bytes(), text.as_bytes())
        })
    })?;
    u32::try_from(index + 1).ok()
}

/// One letter wrong, missing, too many, or two exchanged, between the right first and last letter.
fn one_slip(name: &[u8], text: &[u8]) -> bool {
    if name.first() != text.first() || name.last() != text.last() {
        return false;
    }
    let prefix = name.iter().zip(text).take_while(|(a, b)| a == b).count();
    let (name, text) = (&name[prefix..], &text[prefix..]);
    let same_end = |(a, b): &(&u8, &u8)| a == b;
    let suffix = name.iter().rev().zip(text.iter().rev()).take_while(same_end).count();
    match (&name[..name.len() - suffix], &text[..text.len() - suffix]) {
        ([_], [_] | []) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}
