//! Printed references: reading them, naming their row, and the order in which people expect them.
//!
//! Owns what `Aiii`, `SR (25/26) 01` or a bare `ii` means as text. It never decides which
//! recommendation a reference belongs to, and never changes a printed reference: that is the
//! panel's own, and stays as it was written.
//!
//! # Why roman numerals are sorted under a letter
//! `i` is the ninth letter in one list and the first numeral in another, and a reference alone does
//! not tell which. So i to iv stand under the letter i, v to ix under v, and x to xxxix under x: then
//! `a b … h i j` and `i ii … iv v … ix x` both come out in their order, and so does `I ii iii J`.
//! `C`, `D`, `I` and `V` alone are thereby letters. In a run of letters a numeral is read only where
//! it is the whole run, in one case (`ii`, `XIV`), or follows a single letter (`Aiii`, `Ci`, and
//! `Mix`, which in a list of references is M's ninth).

use std::cmp::Ordering;

/// What a printed reference is at most, in characters. Longer text before a bracket is prose.
const LONGEST: usize = 24;

/// The order in which people expect references: `Ai < Aii < Aiv < Av < Aviii < B`, `9 < 10`,
/// `60.1 < 60.10`, `SR (25/26) 01 < SR (25/26) 2`, `I < I-ii < J`.
///
/// Case, spaces, punctuation and leading zeros decide only when nothing else does, by plain text
/// order (though case tells I's first, `Ii`, from the numeral `ii`). So this is a total order, and
/// `Equal` means that the texts are the same. Nothing (no reference) comes before everything, and
/// numbers before letters.
pub fn natural_cmp(a: &str, b: &str) -> Ordering {
    parts(a).cmp(&parts(b)).then_with(|| a.cmp(b))
}

/// Splits a cell such as `Aiii) That children and young people …` into the printed reference, which
/// is the text before the bracket, and the rest; both without white space around them.
///
/// `None` when the cell does not open with a reference: brackets that belong to the prose, as in
/// `Staff (all schools) are …` or `Decide a) how, and b) when`, are left in it.
pub fn split_printed(cell: &str) -> (Option<&str>, &str) {
    let cell = cell.trim();
    closing_bracket(cell)
        .map(|at| (cell[..at].trim_end(), cell[at + 1..].trim_start()))
        .filter(|(head, _)| is_reference(head))
        .map_or((None, cell), |(head, rest)| (Some(head), rest))
}

/// The reference that names a row in its whole plan: a bare sub-number takes what it is a part of
/// from the row before, whose full reference is `previous`.
///
/// After `I`, a bare `ii` is `I-ii`, and the `iii` after that `I-iii`. A list that is numbered
/// `i`, `ii`, `iii` from the start keeps its numbers, and one that began `Ai` goes on `Aii`.
/// Anything but a small roman numeral is a full reference already.
pub fn full_reference(printed: &str, previous: Option<&str>) -> String {
    let (Some(number), Some(previous)) = (small_numeral(printed), previous) else {
        return printed.to_owned();
    };
    match trailing_numeral(previous) {
        // The list goes on counting where the row before left off.
        Some((stem, before)) if before < number => format!("{stem}{printed}"),
        _ if previous.is_empty() || is_next_letter(previous, printed) => printed.to_owned(),
        // A list opens (or its first number was never printed) below the row before.
        _ => format!("{previous}-{printed}"),
    }
}

/// A reference cut into what is compared, from left to right. The derived order is the natural one:
/// variants and fields stand in the order in which they decide.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// Of any length: without leading zeros, more digits are a larger number.
    Number { digits: usize, value: String },
    /// In small letters. A roman numeral is so many steps beyond the letter it stands under.
    Letters { under: String, beyond: u8 },
}

impl Part {
    fn number(digits: &str) -> Self {
        let value = digits.trim_start_matches('0').to_owned();
        Self::Number { digits: value.len(), value }
    }

    fn letters(run: &str) -> Self {
        Self::Letters { under: run.to_lowercase(), beyond: 0 }
    }

    fn numeral(value: u8) -> Self {
        let (under, first) = match value {
            ..5 => ("i", 1),
            5..10 => ("v", 5),
            10.. => ("x", 10),
        };
        Self::Letters { under: under.to_owned(), beyond: value.saturating_sub(first) }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digit,
    Letter,
    Separator,
}

impl Kind {
    fn of(c: char) -> Self {
        match c {
            '0'..='9' => Self::Digit,
            c if c.is_alphabetic() => Self::Letter,
            _ => Self::Separator,
        }
    }
}

fn parts(reference: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = reference;
    while let Some(kind) = rest.chars().next().map(Kind::of) {
        let end = rest.find(|c| Kind::of(c) != kind).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        match kind {
            Kind::Digit => parts.push(Part::number(run)),
            Kind::Letter => push_letters(&mut parts, run),
            Kind::Separator => {}
        }
        rest = after;
    }
    parts
}

fn push_letters(parts: &mut Vec<Part>, run: &str) {
    if let Some(value) = numeral(run) {
        parts.push(Part::numeral(value));
    } else if let Some((letter, value)) = letter_and_numeral(run) {
        parts.extend([Part::letters(letter), Part::numeral(value)]);
    } else {
        parts.push(Part::letters(run));
    }
}

/// `Aiii` is A and 3.
fn letter_and_numeral(run: &str) -> Option<(&str, u8)> {
    let (letter, rest) = run.split_at_checked(1)?;
    Some((letter, numeral(rest)?))
}

/// The value of i to xxxix, or of I to XXXIX.
fn numeral(text: &str) -> Option<u8> {
    let is_capital = text.bytes().all(|b| b.is_ascii_uppercase());
    if is_capital { small_numeral(&text.to_ascii_lowercase()) } else { small_numeral(text) }
}

/// The value of i to xxxix.
fn small_numeral(text: &str) -> Option<u8> {
    const UNITS: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let after_tens = text.trim_start_matches('x');
    let tens = text.len() - after_tens.len();
    let units = UNITS.iter().position(|units| *units == after_tens)?;
    let value = u8::try_from(10 * tens + units).ok()?;
    (1..40).contains(&value).then_some(value)
}

/// What a full reference counts by, and how far it got: `I-ii` is `I-` and 2, `Aiii` is `A` and 3.
fn trailing_numeral(reference: &str) -> Option<(&str, u8)> {
    let start = reference.trim_end_matches(|c: char| c.is_ascii_lowercase()).len();
    // A small letter may stand before the numeral, as in `aiii`.
    [start, start + 1].into_iter().find_map(|at| {
        let (stem, numeral) = reference.split_at_checked(at)?;
        Some((stem, small_numeral(numeral)?))
    })
}

/// Whether `printed` may well be a letter after all, in a list of small letters: `i` after `h`.
fn is_next_letter(previous: &str, printed: &str) -> bool {
    matches!((previous, printed), ("h", "i") | ("u", "v") | ("w", "x"))
}

/// Where the first bracket closes that was not opened, as the second does in `SR (25/26) 01)`.
fn closing_bracket(cell: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, c) in cell.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return Some(at),
            ')' => open -= 1,
            _ => {}
        }
    }
    None
}

/// Letters and numerals (`Aiii`, `I-ii`, `A ii`), or words of which the last has a number (`60.10`,
/// `Rec 2`, `SR (25/26) 01`); other words are prose.
fn is_reference(head: &str) -> bool {
    let Some(last_word) = head.split_whitespace().next_back() else {
        return false;
    };
    let is_short = head.chars().count() <= LONGEST;
    let has_number = last_word.contains(|c: char| c.is_ascii_digit());
    is_short && (has_number || is_numbering(&parts(head)))
}

/// Letters and numerals only: no run of letters that would be a word.
fn is_numbering(parts: &[Part]) -> bool {
    let is_word = |part: &Part| matches!(part, Part::Letters { under, .. } if under.chars().count() > 1);
    !parts.is_empty() && !parts.iter().any(is_word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every reference of the list comes before every later one.
    fn assert_in_order(references: &[&str]) {
        for (i, a) in references.iter().enumerate() {
            for (j, b) in references.iter().enumerate() {
                assert_eq!(natural_cmp(a, b), i.cmp(&j), "{a:?} and {b:?}");
            }
        }
    }

    #[test]
    fn references_stand_in_the_order_people_expect() {
        for references in [
            // Appendix B, its two bare sub-numbers under their full reference.
            &[
                "", "Ai", "Aii", "Aiii", "Aiv", "Av", "Avi", "Avii", "Aviii", "B", "C", "D", "Ei", "Eii",
                "F", "G", "H", "I", "I-ii", "I-iii", "J", "K",
            ][..],
            &["1", "2", "9", "10", "11", "100"],
            &["1", "1a", "1b", "2", "2a", "10a"],
            &["60.1", "60.2", "60.9", "60.10", "60.10.1", "61"],
            &["SR (24/25) 12", "SR (25/26) 01", "SR (25/26) 2", "SR (25/26) 10"],
            &["Rec 2", "Rec 10", "Recommendation 1"],
            &["A", "A1", "Ai", "B1", "B2", "B10"],
            &["99999999999999999999998", "99999999999999999999999", "100000000000000000000000"],
        ] {
            assert_in_order(references);
        }
    }

    #[test]
    fn a_list_of_roman_numerals_and_a_list_of_letters_both_keep_their_order() {
        assert_in_order(&[
            "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xiv", "xix", "xx", "xxxix",
        ]);
        assert_in_order(&["I", "II", "III", "IV", "V", "VIII", "IX", "X", "XI"]);
        assert_in_order(&["a", "b", "h", "i", "j", "u", "v", "w", "x", "y"]);
        assert_in_order(&["A", "B", "C", "D", "H", "I", "J", "L", "M", "U", "V", "W", "X"]);
        assert_in_order(&["Aiv", "Aiv.2", "Av.1", "Aviii", "Aix", "Ax", "Axiv", "Axv"]);
    }

    #[test]
    fn a_capital_alone_is_a_letter_and_a_letter_may_have_numerals() {
        assert_in_order(&["B", "C", "Ci", "Cii", "D", "Di", "Dv", "Dx", "E"]);
        assert_in_order(&["M", "Mi", "Mviii", "Mix", "Mx", "N"]);
        assert_in_order(&["I", "Ii", "Iii", "Iv", "J"]);
        assert_in_order(&["V", "Vi", "Vii", "W"]);
        assert_in_order(&["I", "ii", "iii", "J"]);
    }

    #[test]
    fn case_spacing_and_leading_zeros_decide_only_when_nothing_else_does() {
        for (a, b, c) in [
            ("AI", "Ai", "Aii"),
            ("Rec 2", "rec 2", "Rec 3"),
            ("Rec 2", "Rec. 2", "REC 3"),
            ("SR (25/26) 01", "SR (25/26) 1", "sr (25/26) 2"),
            ("I-ii", "Iii", "I.iii"),
        ] {
            assert_in_order(&[a, b, c]);
        }
    }

    #[test]
    fn only_words_that_can_be_numerals_are_read_as_numerals() {
        for (text, value) in [
            ("", None),
            ("i", Some(1)),
            ("iv", Some(4)),
            ("ix", Some(9)),
            ("x", Some(10)),
            ("xxxix", Some(39)),
            ("xl", None),
            ("xxxx", None),
            ("iiii", None),
            ("vx", None),
            ("mix", None),
            ("c", None),
            ("I", None),
        ] {
            assert_eq!(small_numeral(text), value, "{text:?}");
        }
        assert_eq!(small_numeral(&"x".repeat(400)), None);
        assert_eq!(numeral("XIV"), Some(14));
        assert_eq!(numeral("xiv"), Some(14));
        assert_eq!(numeral("Xiv"), None);
    }

    #[test]
    fn the_printed_reference_is_the_text_before_the_bracket() {
        for (cell, printed, text) in [
            ("Aiii) That children", Some("Aiii"), "That children"),
            ("ii) That innovative ways", Some("ii"), "That innovative ways"),
            ("K)\u{a0}That the panel", Some("K"), "That the panel"),
            ("  B ) That  ", Some("B"), "That"),
            ("Eii)That the CEOP", Some("Eii"), "That the CEOP"),
            ("SR (25/26) 01) That", Some("SR (25/26) 01"), "That"),
            ("60.10) That", Some("60.10"), "That"),
            ("Rec 2) That", Some("Rec 2"), "That"),
            ("I-ii) That", Some("I-ii"), "That"),
            ("A ii) That", Some("A ii"), "That"),
            ("1)", Some("1"), ""),
            ("A) first; b) second", Some("A"), "first; b) second"),
        ] {
            assert_eq!(split_printed(cell), (printed, text), "{cell:?}");
        }
    }

    #[test]
    fn a_bracket_in_prose_is_no_reference() {
        for cell in [
            "",
            ")",
            ") That",
            "That children be heard",
            "That staff (in all schools) be trained",
            "That the plan (see B) and its annex) be sent",
            "Decide a) how information is given, and b) by whom",
            "Children) and young people",
            "Do a) and b)",
            "In 6 months) as agreed",
            "A (draft) reference that never closes",
            "--) That",
            "Recommendation of the panel of 2017) That",
        ] {
            assert_eq!(split_printed(cell), (None, cell), "{cell:?}");
        }
    }

    #[test]
    fn a_bare_sub_number_takes_the_reference_of_the_row_it_belongs_to() {
        for (printed, previous, full) in [
            ("Ai", None, "Ai"),
            ("Aii", Some("Ai"), "Aii"),
            ("I", Some("H"), "I"),
            ("ii", Some("I"), "I-ii"),
            ("iii", Some("I-ii"), "I-iii"),
            ("J", Some("I-iii"), "J"),
            ("ii", Some("I-ii"), "I-ii-ii"),
            ("ii", None, "ii"),
            ("ii", Some(""), "ii"),
            ("ii", Some("i"), "ii"),
            ("x", Some("ix"), "x"),
            ("ii", Some("Ai"), "Aii"),
            ("iii", Some("aii"), "aiii"),
            ("i", Some("Aii"), "Aii-i"),
            ("i", Some("H"), "H-i"),
            ("i", Some("2.1"), "2.1-i"),
            ("i", Some("Rec 2"), "Rec 2-i"),
            ("i", Some("h"), "i"),
            ("i", Some("b"), "b-i"),
            ("1.2", Some("1.1"), "1.2"),
        ] {
            assert_eq!(full_reference(printed, previous), full, "{printed} after {previous:?}");
        }
    }

    /// What references are made of, and any text at all.
    fn reference() -> impl Strategy<Value = String> {
        prop_oneof![
            "[A-DIMVXai]{0,1}[ivxIVX]{0,4}",
            "(SR|Rec|rec)?[ .(/-]{0,2}[0-9]{0,3}[.)-]?[0-2a-civx]{0,3}",
            "[a-cA-Cixv019. -]{0,4}",
            "\\PC{0,8}",
        ]
    }

    proptest! {
        #[test]
        fn natural_order_is_total(a in reference(), b in reference(), c in reference()) {
            prop_assert_eq!(natural_cmp(&a, &b), natural_cmp(&b, &a).reverse());
            prop_assert_eq!(natural_cmp(&a, &b).is_eq(), a == b);
            let mut sorted = [&a, &b, &c];
            sorted.sort_by(|a, b| natural_cmp(a, b));
            prop_assert!(natural_cmp(sorted[0], sorted[1]).is_le());
            prop_assert!(natural_cmp(sorted[1], sorted[2]).is_le());
            prop_assert!(natural_cmp(sorted[0], sorted[2]).is_le());
        }

        #[test]
        fn numbers_are_compared_as_numbers(prefix in "[A-Z]?", a: u64, b: u64) {
            let expected = a.cmp(&b);
            prop_assert_eq!(natural_cmp(&format!("{prefix}{a}"), &format!("{prefix}{b}")), expected);
        }

        #[test]
        fn splitting_a_cell_loses_nothing_but_white_space_and_the_bracket(cell in "[A-Civ1-3 .()a]{0,6}[\\PC)]{0,12}") {
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            match split_printed(&cell) {
                (Some(printed), rest) => {
                    prop_assert_eq!(squeezed(&format!("{printed}){rest}")), squeezed(&cell));
                    prop_assert_eq!(printed, printed.trim());
                }
                (None, rest) => prop_assert_eq!(rest, cell.trim()),
            }
        }

        #[test]
        fn any_reference_that_is_written_with_a_bracket_is_read_back(
            printed in "[A-Z](i|ii|iii|iv|v|vi|vii|viii|ix|x)?|[1-9][0-9]?(\\.[1-9][0-9]?)?|Rec [1-9]",
        ) {
            let cell = format!("{printed}) That (all) schools a) do, b) say");
            prop_assert_eq!(split_printed(&cell), (Some(printed.as_str()), "That (all) schools a) do, b) say"));
        }

        #[test]
        fn full_references_keep_the_printed_one_at_their_end(printed in reference(), previous in proptest::option::of(reference())) {
            prop_assert!(full_reference(&printed, previous.as_deref()).ends_with(&printed));
        }
    }
}
