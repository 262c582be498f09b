//! What a whole wording amounts to: one deadline, two readings, a date among other words, or none.
//!
//! It never decides what an expression means (`grammar`, `resolve`).

use super::grammar::{Grammar, Join, Pick, Piece, Unit};
use super::say::{described, names};
use super::words::{Part, Token, Word, tokens};
use super::{Certainty, Context, DeadlineError, Reading, Span, in_words, resolve};

/// Reads a wording.
///
/// # Errors
/// When it holds a date that cannot be: the message is for the writer.
pub fn read(wording: &str, context: &Context) -> Result<Reading, DeadlineError> {
    let tokens = tokens(wording);
    if tokens.is_empty() {
        return Ok(no_date("nothing written: no date"));
    }
    let (likelier, forked) = scan(&tokens, context, Pick::Likelier)?;
    let other = match forked {
        true => scan(&tokens, context, Pick::Other).map(|(outcome, _)| outcome),
        false => Ok(Outcome::Nothing),
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
        (Outcome::Dated(found), _) | (Outcome::Nothing | Outcome::Several, Ok(Outcome::Dated(found))) => {
            Reading {
                span: Some(found.span),
                certainty: match found.year_assumed {
                    true => Certainty::YearAssumed,
                    false => Certainty::Stated,
                },
                alternative: None,
                how: found.how,
            }
        }
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

fn scan(tokens: &[Token], context: &Context, pick: Pick) -> Result<(Outcome, bool), DeadlineError> {
    let mut grammar = Grammar::new(tokens, context, pick);
    let mut outcome = Outcome::Nothing;
    let (mut slip, mut others, mut elsewhen) = (None, false, false);
    let mut i = 0;
    while let Some(token) = tokens.get(i) {
        let before = token.word == Word::Before;
        let from = token.word == Word::From;
        let mut start = i + usize::from(before || from);
        while tokens.get(start).is_some_and(|t| before && t.word == Word::Of) {
            start += 1;
        }
        match grammar.expression(start) {
            // "From April 2018" says when something begins.
            Ok(Some(((pieces, join), end))) if !from || join == Join::Through => {
                let new = outcome_of(&pieces, join, before, context)?;
                outcome = match (outcome, new) {
                    (Outcome::Nothing, new) => new,
                    (Outcome::Dated(a), Outcome::Dated(b)) if a.span == b.span => Outcome::Dated(a),
                    _ => Outcome::Several,
                };
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
        match token.word {
            Word::Aside
            | Word::Open
            | Word::Of
            | Word::In
            | Word::To
            | Word::And
            | Word::Or
            | Word::Dash
            | Word::Slash
            | Word::Dot
            | Word::Comma => {}
            Word::Elsewhen | Word::Term => elsewhen = true,
            _ => others = true,
        }
        i += 1;
    }
    let outcome = match (outcome, slip) {
        (_, Some(error)) if !others && !elsewhen => return Err(error),
        (Outcome::Dated(_) | Outcome::NoYear(_), Some(_)) => Outcome::Several,
        (Outcome::Dated(found), None) if others && !elsewhen && !found.year_assumed && !found.bare_year => {
            Outcome::Mentioned(found)
        }
        (Outcome::Dated(_) | Outcome::NoYear(_), None) if others || elsewhen => Outcome::Unclear,
        (Outcome::Several, None) if elsewhen => Outcome::Unclear,
        (outcome, _) => outcome,
    };
    Ok((outcome, grammar.forked))
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
    let touching = spans.windows(2).all(|pair| match pair {
        [a, b] => a.latest.succ_opt() == Some(b.earliest),
        _ => true,
    });
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
    let mut span = Span { earliest, latest };
    let name = |spans: &[Span]| names(pieces, spans, join, context.years);
    let by_the_end = pieces.first().is_some_and(|p| p.part == Some(Part::End));
    let how = match (before && !by_the_end, span.earliest.pred_opt(), context.agreed_on) {
        (true, Some(eve), _) => {
            span = Span::day(eve);
            let assumed = if year_assumed { ", year assumed" } else { "" };
            format!("before {}: by {span}{assumed}", name(&spans))
        }
        (_, _, Some(agreed)) if year_assumed => {
            format!("year assumed: the next {} on or after {} ({span})", name(&[]), in_words(agreed))
        }
        _ => described(pieces, span, &name(&spans)),
    };
    Ok(Outcome::Dated(Found {
        span,
        name: name(&spans),
        bare_year: pieces.iter().all(|p| {
            let year = matches!(p.unit, Unit::CalendarYear | Unit::SplitYear | Unit::Years { .. });
            year && p.part.is_none()
        }),
        year_assumed,
        how,
    }))
}
