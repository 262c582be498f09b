//! What a whole wording amounts to: one deadline, two readings, a date among other words, or none.
//!
//! It never decides what an expression means (`grammar`, `resolve`).

use super::grammar::{Grammar, Pick};
use super::lex::tokens;
use super::pieces::{Join, Piece, Unit};
use super::say::{described, names};
use super::words::{Part, Word};
use super::{Certainty, Context, DeadlineError, Reading, Span, resolve};
use crate::domain::text;

/// Reads a wording.
///
/// # Errors
/// When it holds a date that cannot be: the message is for the writer.
pub fn read(wording: &str, context: &Context) -> Result<Reading, DeadlineError> {
    let tokens = tokens(wording);
    if tokens.is_empty() {
        return Ok(no_date("nothing written: no date"));
    }
    let mut grammar = Grammar::new(&tokens, context, Pick::Likelier);
    let likelier = scan(&mut grammar, context);
    let mut other = Ok(Outcome::Nothing);
    if grammar.forked {
        other = scan(&mut Grammar::new(&tokens, context, Pick::Other), context);
    }
    let likelier = match (likelier, &other) {
        // Only the other reading is one that can be.
        (Err(_), Ok(Outcome::Dated(_))) => Outcome::Nothing,
        (likelier, _) => likelier?,
    };
    Ok(match (likelier, other) {
        (Outcome::Dated(one), Ok(Outcome::Dated(two))) if one.span != two.span => Reading {
            span: Some(one.span),
            certainty: Certainty::Ambiguous,
            alternative: Some(two.span),
            how: format!("{}; it could also mean {}", one.how, two.span),
        },
        (Outcome::Dated(one), Ok(Outcome::NoYear(two))) => Reading {
            span: Some(one.span),
            certainty: Certainty::Ambiguous,
            alternative: None,
            how: format!("{}; it could also mean {two} of a year not given", one.how),
        },
        (Outcome::NoYear(one), Ok(Outcome::Dated(two))) => Reading {
            span: None,
            certainty: Certainty::Ambiguous,
            alternative: Some(two.span),
            how: format!("{one}, but no year: say which; it could also mean {}", two.span),
        },
        // What leaves no word over is the reading.
        (Outcome::Dated(found), _) | (_, Ok(Outcome::Dated(found))) => Reading {
            span: Some(found.span),
            certainty: if found.year_assumed { Certainty::YearAssumed } else { Certainty::Stated },
            alternative: None,
            how: found.how,
        },
        (Outcome::NoYear(name), _) => no_date(&format!("{name}, but no year: say which")),
        (Outcome::Mentioned(found), _) => Reading {
            span: None,
            certainty: Certainty::Ambiguous,
            alternative: Some(found.span),
            how: format!(
                "no date taken: the words say more than a date; if the deadline is {}, write only that",
                found.name
            ),
        },
        (Outcome::Unclear, _) => no_date("no date taken: the words say more than a date"),
        (Outcome::Several, _) => no_date("several dates, and no word that says which: kept as written"),
        (Outcome::Nothing, _) => no_date("no date in these words: kept as written"),
    })
}

fn no_date(how: &str) -> Reading {
    Reading { span: None, certainty: Certainty::Stated, alternative: None, how: how.to_owned() }
}

/// What a wording amounts to in one of its readings.
enum Outcome {
    Nothing,
    /// A date that cannot stand for the deadline among the words round it.
    Unclear,
    /// More than one date, or parts that make no one period.
    Several,
    /// A date by this name, whose year nobody knows.
    NoYear(String),
    Dated(Found),
    /// One date with its year, among words that may change its meaning.
    Mentioned(Found),
}

struct Found {
    span: Span,
    /// `March 2018`
    name: String,
    /// Nothing but a year, which may belong to any other word ("Easter 2018").
    bare_year: bool,
    year_assumed: bool,
    how: String,
}

/// Goes once through the words: every date in them, and whether there is anything else.
fn scan(grammar: &mut Grammar<'_>, context: &Context) -> Result<Outcome, DeadlineError> {
    let mut outcome = Outcome::Nothing;
    let (mut slip, mut others, mut elsewhen) = (None, false, false);
    let mut i = 0;
    while let Some(word) = grammar.word(i) {
        let start = match word {
            Word::Before => grammar.skip(i + 1, &[Word::Of]),
            Word::From => i + 1,
            _ => i,
        };
        match grammar.expression(start) {
            // "From April 2018" says when something begins.
            Ok(Some(((pieces, join), end))) if word != Word::From || join == Join::Through => {
                match (outcome, outcome_of(&pieces, join, word == Word::Before, context)) {
                    (before, Err(error @ DeadlineError::Backwards { .. })) => {
                        slip = slip.or(Some(error));
                        outcome = before;
                    }
                    (_, Err(error)) => return Err(error),
                    (Outcome::Nothing, Ok(new)) => outcome = new,
                    (Outcome::Dated(a), Ok(Outcome::Dated(b))) if a.span == b.span => {
                        outcome = Outcome::Dated(a);
                    }
                    // The year is some other word's: "October half term 2017".
                    (Outcome::Dated(a), Ok(Outcome::Dated(b))) if a.bare_year || b.bare_year => {
                        outcome = Outcome::Unclear;
                    }
                    _ => outcome = Outcome::Several,
                }
                i = end;
                continue;
            }
            Ok(_) => {}
            Err(found) if found.certain => return Err(found.error),
            Err(found) => {
                slip = slip.or(Some(found.error));
                i = found.end;
                continue;
            }
        }
        match word {
            Word::Aside | Word::Open | Word::Of | Word::In | Word::To | Word::And | Word::Or => {}
            Word::Dash | Word::Slash | Word::Dot | Word::Comma => {}
            Word::Elsewhen | Word::Term => elsewhen = true,
            _ => others = true,
        }
        i += 1;
    }
    let alone = !others && !elsewhen;
    match (outcome, slip) {
        (_, Some(error)) if alone => Err(error),
        (Outcome::Nothing, Some(_)) => Ok(Outcome::Nothing),
        (_, Some(_)) => Ok(Outcome::Several),
        (Outcome::Dated(found), None) if !alone => {
            let offered = !elsewhen && !found.year_assumed && !found.bare_year;
            Ok(if offered { Outcome::Mentioned(found) } else { Outcome::Unclear })
        }
        (Outcome::NoYear(_), None) if !alone => Ok(Outcome::Unclear),
        (Outcome::Several, None) if elsewhen => Ok(Outcome::Unclear),
        (outcome, None) => Ok(outcome),
    }
}

/// One period out of the pieces, if they make one.
fn outcome_of(
    pieces: &[Piece],
    join: Join,
    before: bool,
    context: &Context,
) -> Result<Outcome, DeadlineError> {
    let Some((spans, year_assumed)) = resolve::spans(pieces, before, context)? else {
        return Ok(Outcome::NoYear(names(pieces, &[], join, context.years)));
    };
    let (Some(&first), Some(&last)) = (spans.first(), spans.last()) else {
        return Ok(Outcome::Nothing);
    };
    let mut neighbours = spans.iter().zip(spans.iter().skip(1));
    let touching = neighbours.all(|(a, b)| a.latest.succ_opt() == Some(b.earliest));
    let weeks = pieces.iter().filter(|p| p.week.is_some()).count();
    let (earliest, latest) = match join {
        Join::And if !touching || ![0, pieces.len()].contains(&weeks) => {
            return Ok(Outcome::Several);
        }
        Join::Or => spans
            .iter()
            .fold((first.earliest, first.latest), |(a, b), span| (a.min(span.earliest), b.max(span.latest))),
        _ if first.earliest > last.earliest || first.latest > last.latest => {
            return Err(DeadlineError::Backwards { from: first, to: last });
        }
        _ => (first.earliest, last.latest),
    };
    let span = Span { earliest, latest };
    let name = names(pieces, &spans, join, context.years);
    let bare_year = pieces.iter().all(|p| {
        let year = matches!(p.unit, Unit::CalendarYear | Unit::SplitYear | Unit::Years { .. });
        year && p.part.is_none()
    });
    let by_the_end = pieces.first().is_some_and(|p| p.part == Some(Part::End));
    let found = match (span.earliest.pred_opt(), context.agreed_on) {
        (Some(eve), _) if before && !by_the_end => {
            let (name, span) = (format!("before {name}"), Span::day(eve));
            let assumed = if year_assumed { ", year assumed" } else { "" };
            Found { how: format!("{name}: by {span}{assumed}"), span, name, bare_year, year_assumed }
        }
        (_, Some(agreed)) if year_assumed => {
            let yearless = names(pieces, &[], join, context.years);
            let agreed = text::day(agreed);
            let how = format!("year assumed: the next {yearless} on or after {agreed} ({span})");
            Found { span, name, bare_year, year_assumed, how }
        }
        _ => Found { how: described(pieces, span, &name), span, name, bare_year, year_assumed },
    };
    Ok(Outcome::Dated(found))
}
