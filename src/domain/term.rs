//! The school terms of the council's area, as an administrator writes them down: one a line, with a name after a comma.

use super::named_days::{self, NamedDays};

/// The longest term, in days: what is longer is a slip (a whole year, or a wrong one).
const LONGEST: i64 = 140;

/// Reads one term a line, in order of their days; blank lines are passed over.
///
/// # Errors
/// A message for every line that is not understood, which names it; for two terms that share days.
pub fn read(text: &str) -> Result<Vec<NamedDays>, Vec<String>> {
    let example = "the first and the last day with the year, for example 3 September 2026 to 23 October 2026";
    let terms =
        named_days::read(text, example, |span, shown| match (span.latest - span.earliest).num_days() {
            // "Autumn term 2026" is a guess at the days, and mail must not go out by a guess.
            _ if !shown.chars().any(|c| c.is_ascii_digit()) || span.is_month() || names_no_days(shown) => {
                Err(format!("“{shown}” does not say on which days. Write {example}"))
            }
            0 => Err(format!("“{shown}” is one day. Write {example}")),
            LONGEST.. => {
                Err(format!("“{shown}” is longer than {LONGEST} days. Write each term on a line of its own"))
            }
            _ => Ok(()),
        })?;
    let shared = terms.windows(2).filter_map(|pair| match pair {
        [one, next] if next.span.earliest <= one.span.latest => {
            Some(format!("{} and {} share days", one.span, next.span))
        }
        _ => None,
    });
    let wrong: Vec<String> = shared.collect();
    if wrong.is_empty() { Ok(terms) } else { Err(wrong) }
}

/// Whether the words name a season or a term, and leave its days to be known.
fn names_no_days(words: &str) -> bool {
    let words = words.to_lowercase();
    ["term", "spring", "summer", "autumn", "winter"].iter().any(|word| words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::named_days::lines;

    #[test]
    fn terms_are_read_from_their_first_day_to_their_last() {
        let terms = read(
            "2 November 2026 to 18 December 2026, Autumn term, second half\n\n03/09/2026 to 23/10/2026, Autumn term",
        );
        assert_eq!(
            lines(&terms.unwrap()),
            "3 September to 23 October 2026, Autumn term\n2 November to 18 December 2026, Autumn term, second half"
        );
    }

    #[test]
    fn what_is_shown_is_read_as_the_same() {
        for line in [
            "4 January to 12 February 2027",
            "14 December 2026 to 8 January 2027, Winter",
            "3 to 21 May 2027",
        ] {
            assert_eq!(lines(&read(line).unwrap()), line);
        }
    }

    #[test]
    fn a_term_whose_days_are_not_said_is_refused() {
        for line in [
            "Autumn term 2026",
            "September 2026",
            "3 September 2026",
            "2026",
            "Autumn",
            "3 September to 23 October",
            "5 September 2026 to 3 September 2026",
        ] {
            let wrong = read(line).unwrap_err();
            assert!(wrong.len() == 1 && wrong[0].starts_with("Line 1: "), "{line}: {wrong:?}");
        }
        let year = read("3 September 2026 to 20 July 2027").unwrap_err();
        assert!(year[0].contains("longer than 140 days"), "{year:?}");
    }

    #[test]
    fn two_terms_that_share_days_are_refused() {
        let wrong =
            read("2 November 2026 to 18 December 2026\n3 September 2026 to 2 November 2026").unwrap_err();
        assert_eq!(wrong, ["3 September to 2 November 2026 and 2 November to 18 December 2026 share days"]);
    }
}
