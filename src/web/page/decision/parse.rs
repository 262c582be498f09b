//! From what was typed to decisions: every row that was on the page with its outcome, and whatever rating or conclusion was
//! given. All that is wrong is found at once.

use chrono::NaiveDate;

use super::form::{self, REASON};
use crate::{
    command::decision::{Concluded, Decisions, Rated, Said},
    domain::{
        agenda::Put,
        decision::{Outcome, Verdict},
        id::ResolutionId,
        plan::Record,
        rating::Rating,
    },
    store::decision::Sitting,
    web::{
        form::{Fields, LINE, LONG_TEXT, Reader},
        view::form::FieldError,
    },
};

/// The decisions, or all that is wrong with them. Rows that the page did not show are not decided.
pub(super) fn decisions(
    fields: &Fields,
    sitting: &Sitting,
    today: NaiveDate,
) -> Result<Decisions, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let text = reader.required("text", LONG_TEXT, "Enter the resolution, as the minutes will say it");
    let minute = reader.optional("minute", LINE);
    let shown = |key: &str| fields.all("item").any(|item| item == key);
    let mut decisions = Decisions {
        text,
        minute,
        seen: fields.raw("seen").parse().ok().map(ResolutionId),
        form_token: Some(fields.raw("form_token").to_owned()).filter(|t| !t.is_empty()),
        ..Decisions::default()
    };
    for (_, put) in sitting.put(today) {
        if shown(&put.key()) {
            decisions.said.extend(said(&mut reader, put));
        }
    }
    for record in &sitting.records {
        ratings(&mut reader, record, &mut decisions.ratings);
        conclusions(&mut reader, record, &mut decisions.conclusions);
    }
    if decisions.said.is_empty() && decisions.ratings.is_empty() && decisions.conclusions.is_empty() {
        reader.wrong("text", "Nothing is decided here: give a rating or a conclusion");
    }
    reader.finish(decisions)
}

fn said(reader: &mut Reader<'_>, put: Put) -> Option<Said> {
    let (outcome_name, reason_name) = (form::outcome(put), form::reason(put));
    let outcome = reader.required_choice(&outcome_name, Outcome::from_code, "Choose what was decided");
    let reason = reader.optional(&reason_name, REASON);
    let outcome = outcome?;
    if outcome == Outcome::NotAgreed && reason.is_none() {
        reader.wrong(reason_name, "Say why it was not agreed: whoever asked for it will read this");
    }
    Some(Said { put, outcome, reason })
}

fn ratings(reader: &mut Reader<'_>, record: &Record, ratings: &mut Vec<Rated>) {
    let key = &record.plan.key;
    let in_key = |code: &str| Rating::from_code(code).filter(|r| key.entries().any(|e| e.rating == *r));
    for action in &record.actions {
        let (rating_name, reason_name) = (form::rating(action.id), form::rating_reason(action.id));
        let chosen = reader.fields().raw(&rating_name).trim();
        let rating = in_key(chosen);
        if rating.is_none() && !chosen.is_empty() {
            let wrong =
                format!("Choose a rating of the key of {}: it does not have this one", record.plan.title);
            reader.wrong(rating_name.clone(), wrong);
        }
        let reason = reader.optional(&reason_name, REASON);
        match (rating, reason) {
            (Some(rating), Some(reason)) => ratings.push(Rated { action: action.id, rating, reason }),
            (Some(_), None) => {
                reader.wrong(
                    reason_name,
                    format!("Say why {} is rated so: the reason stands beside it", action.label),
                );
            }
            (None, Some(_)) if chosen.is_empty() => {
                reader.wrong(
                    rating_name,
                    format!("Choose the rating of {} that this is the reason for", action.label),
                );
            }
            (None, _) => {}
        }
    }
}

fn conclusions(reader: &mut Reader<'_>, record: &Record, conclusions: &mut Vec<Concluded>) {
    for recommendation in form::concludable(record) {
        let id = recommendation.id;
        let (name, reason_name) = (form::conclusion(id), form::conclusion_reason(id));
        let verdict = reader.choice(&name, Verdict::from_code);
        let reason = reader.optional(&reason_name, REASON);
        match verdict {
            Some(verdict) => conclusions.push(Concluded { recommendation: id, verdict, reason }),
            None if reason.is_some() && reader.fields().raw(&name).trim().is_empty() => {
                reader.wrong(name, "Choose the conclusion that this is the reason for");
            }
            None => {}
        }
    }
}
