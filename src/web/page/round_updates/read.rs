//! From the fields of the page to entries. Finds everything that is wrong, in every row, at once.

use super::{Entering, Line};
use crate::{
    command::update::many::Entry,
    domain::{
        id::UpdateId,
        rating::Rating,
        update::{Cleared, EnteredFor, ReceivedBy, UpdateDraft},
    },
    web::{
        form::{Fields, LINE, LONG_TEXT, Reader},
        page::update::{NO_OUTCOME, NOT_PUT_RIGHT, entered},
        view::form::FieldError,
    },
};

/// What all rows have in common: how it was received, and who cleared it.
struct Common {
    received: Option<(ReceivedBy, chrono::NaiveDate)>,
    cleared: Option<Cleared>,
}

/// The rows that somebody filled, as entries.
pub(super) fn entries(entering: &Entering<'_>, fields: &Fields) -> Result<Vec<Entry>, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let filled: Vec<&Line<'_>> = entering.rows.iter().filter(|line| line.is_filled(fields)).collect();
    if filled.is_empty() {
        reader.wrong("", "Nothing is written yet: fill at least one row");
        return reader.finish(Vec::new());
    }
    let of_others = filled.iter().any(|line| !line.own);
    let common = Common {
        received: if of_others { entered::read_received(&mut reader, entering.today) } else { None },
        cleared: entered::read_cleared(&mut reader, entering.today),
    };
    let entries: Vec<Entry> = filled.iter().map(|line| entry(&mut reader, line, &common)).collect();
    reader.finish(entries)
}

fn entry(reader: &mut Reader<'_>, line: &Line<'_>, common: &Common) -> Entry {
    let label = &line.action.label;
    let missing = format!("{label}: write what has happened, or empty the whole row");
    let narrative = reader.required(&line.name("narrative"), LONG_TEXT, &missing);
    let mut draft = UpdateDraft::of(&narrative);
    rating(reader, line, &mut draft);
    draft.next_steps = reader.optional(&line.name("next_steps"), LONG_TEXT);
    if !line.own {
        let missing = format!("{label}: say for whom you enter this");
        let whom = reader.required(&line.name("whom"), LINE, &missing);
        draft.entered_for =
            common.received.map(|(received_by, received_on)| EnteredFor { whom, received_by, received_on });
    }
    draft.cleared.clone_from(&common.cleared);
    let token = reader.fields().raw(&line.name("token"));
    draft.form_token = Some(token.to_owned()).filter(|t| !t.is_empty());
    let seen = reader.fields().raw(&line.name("seen")).parse().ok().map(UpdateId);
    Entry { action: line.action.id, draft, seen }
}

fn rating(reader: &mut Reader<'_>, line: &Line<'_>, draft: &mut UpdateDraft) {
    let label = &line.action.label;
    let name = line.name("reported");
    let missing = format!("{label}: choose how it is going, or “Not recorded” if nobody says");
    let Some(rating) = reader.required_choice(&name, Rating::from_code, &missing) else { return };
    let key = &line.record.plan.key;
    if !key.takes(rating) {
        reader.wrong(name, format!("{label}: {}", key.refusal(rating)));
    }
    draft.reported = rating;
    match rating {
        Rating::Complete => {
            let name = line.name("outcome");
            draft.outcome = reader.optional(&name, LONG_TEXT);
            draft.outcome_not_known = reader.fields().ticked(&line.name("outcome_not_known"));
            draft.continuing = reader.fields().ticked(&line.name("continuing"));
            if draft.outcome.is_none() && !draft.outcome_not_known {
                reader.wrong(name, format!("{label}: {NO_OUTCOME}"));
            }
        }
        Rating::AtRisk | Rating::OffTrack => {
            let missing = format!("{label}: {NOT_PUT_RIGHT}");
            let text = reader.required(&line.name("put_right"), LONG_TEXT, &missing);
            draft.put_right = Some(text).filter(|t| !t.is_empty());
        }
        _ => {}
    }
}
