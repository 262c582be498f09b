//! The vocabulary of deadlines.
//!
//! It knows spellings, never grammar: what a word means beside another one is decided in
//! `grammar`. It never fails: what it does not know is `Other`.

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
pub(super) const PHRASES: &[(&[&str], &[Word])] = &[
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
    // "Start March 2018" may say when it starts.
    (&["start", "of"], &[Word::Part(Part::Early)]),
    (&["beginning", "of"], &[Word::Part(Part::Early)]),
    (&["and", "/", "or"], &[Word::Or]),
    (&["financial", "year", "end"], &[Word::Part(Part::End), Word::FinancialYear]),
    (&["financial", "year", "-", "end"], &[Word::Part(Part::End), Word::FinancialYear]),
    (&["financial", "year"], &[Word::FinancialYear]),
    (&["fiscal", "year"], &[Word::FinancialYear]),
    (&["f", "/", "y"], &[Word::FinancialYear]),
    (&["academic", "year"], &[Word::SchoolYear]),
    (&["school", "year"], &[Word::SchoolYear]),
    (&["calendar", "year"], &[Word::Year]),
    (&["christmas", "day"], &[Word::Christmas]),
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

/// What one run of letters or one mark is.
pub(super) fn word(text: &str) -> Word {
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
        "early" => Word::Part(Part::Early),
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
