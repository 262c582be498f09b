//! From the fields of an update's form to a draft, and back. Finds everything that is wrong at once.

use super::{Asking, entered};
use crate::{
    command::update::AskedDate,
    domain::{
        rating::Rating,
        text,
        update::{Evidence, Promise, Update, UpdateDraft},
    },
    web::{
        form::{Fields, LINE, LONG_TEXT, Reader},
        page::deadline::asked,
        view::form::FieldError,
    },
};

/// The names of the fields for one piece of evidence: title, address, figures.
pub(super) type Slot = (&'static str, &'static str, &'static str);

/// The pieces of evidence that one form takes.
pub(super) const SLOTS: [Slot; 3] = [
    ("evidence_title", "evidence_address", "evidence_figures"),
    ("evidence_2_title", "evidence_2_address", "evidence_2_figures"),
    ("evidence_3_title", "evidence_3_address", "evidence_3_figures"),
];

/// What a form says where complete is chosen and nothing of what difference it made.
pub(in crate::web) const NO_OUTCOME: &str =
    "Say what difference it has made or how you will know, or tick “Not known yet”";
/// What a form says where at risk or off track is chosen and nothing of what puts it right.
pub(in crate::web) const NOT_PUT_RIGHT: &str = "Say what will put it right, and by when";

/// The field that asks what puts it right: one under each rating that asks it.
pub(super) const fn put_right_field(rating: Rating) -> Option<&'static str> {
    match rating {
        Rating::AtRisk => Some("put_right_at_risk"),
        Rating::OffTrack => Some("put_right_off_track"),
        _ => None,
    }
}

/// The draft, and the date that is asked for with it.
pub(super) fn draft(
    fields: &Fields,
    asking: &Asking<'_>,
) -> Result<(UpdateDraft, Option<AskedDate>), Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let promise = match asking.promised() {
        Some(_) => reader.choice("promise", Promise::from_code),
        None => None,
    };
    let narrative = reader.required("narrative", LONG_TEXT, "Write what has happened");
    let mut draft = UpdateDraft::of(&narrative);
    draft.promise = promise;
    rating(&mut reader, &mut draft, asking);
    let asked = if asking.asks_for_date() { other_date(&mut reader, asking, &draft) } else { None };
    draft.next_steps = reader.optional("next_steps", LONG_TEXT);
    draft.speaks_of = reader.day("speaks_of");
    draft.evidence = SLOTS.iter().filter_map(|slot| evidence(&mut reader, slot)).collect();
    if asking.for_others && fields.ticked("for_other") {
        draft.entered_for = entered::read_for_other(&mut reader, asking);
    }
    draft.cleared = entered::read_cleared(&mut reader, asking.today);
    reader.finish((draft, asked))
}

fn rating(reader: &mut Reader<'_>, draft: &mut UpdateDraft, asking: &Asking<'_>) {
    let missing = "Choose how it is going, or “Not recorded” if you can’t say yet";
    let Some(rating) = reader.required_choice("reported", Rating::from_code, missing) else { return };
    let key = &asking.record.plan.key;
    if !key.takes(rating) && asking.corrects.is_none_or(|u| u.reported != rating) {
        reader.wrong("reported", key.refusal(rating));
    }
    draft.reported = rating;
    if rating == Rating::Complete {
        draft.outcome = reader.optional("outcome", LONG_TEXT);
        draft.outcome_not_known = reader.fields().ticked("outcome_not_known");
        draft.continuing = reader.fields().ticked("continuing");
        if draft.outcome.is_none() && !draft.outcome_not_known {
            reader.wrong("outcome", NO_OUTCOME);
        }
    }
    if let Some(field) = put_right_field(rating) {
        draft.put_right = Some(reader.required(field, LONG_TEXT, NOT_PUT_RIGHT)).filter(|t| !t.is_empty());
    }
}

fn other_date(reader: &mut Reader<'_>, asking: &Asking<'_>, draft: &UpdateDraft) -> Option<AskedDate> {
    let right = reader.choice("deadline_right", |code| match code {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    });
    if right != Some(false) {
        return None;
    }
    if draft.reported == Rating::Complete {
        reader.wrong(
            "deadline_right",
            "You say that it is complete, so it needs no other date: choose Yes, or another rating",
        );
        return None;
    }
    asked::read(reader, asking.record)
}

/// One piece of evidence; none where nothing was typed.
fn evidence(reader: &mut Reader<'_>, (title, address, figures): &Slot) -> Option<Evidence> {
    let fields = reader.fields();
    if [title, address, figures].iter().all(|name| fields.raw(name).trim().is_empty()) {
        return None;
    }
    let piece = Evidence {
        title: reader.required(
            title,
            LINE,
            "Say what the evidence is, for example “Report on the conference”",
        ),
        address: reader.optional(address, LINE),
        figures: read_figures(reader, figures),
        ..Evidence::default()
    };
    Some(piece)
}

fn read_figures(reader: &mut Reader<'_>, name: &'static str) -> Vec<(String, String)> {
    let lines = reader.optional(name, LONG_TEXT).unwrap_or_default();
    let mut figures = Vec::new();
    for line in lines.lines().map(str::trim).filter(|l| !l.is_empty()) {
        match line.rsplit_once(':').map(|(label, value)| (label.trim(), value.trim())) {
            Some((label, value)) if !label.is_empty() && !value.is_empty() => {
                figures.push((label.to_owned(), value.to_owned()));
            }
            _ => {
                let line = text::short_title(line);
                reader.wrong(
                    name,
                    format!("Write each figure on a line of its own with a colon, for example “delegates: 78”: “{line}” has none"),
                );
            }
        }
    }
    figures
}

/// The fields as they would have been typed for an update that is there, for correcting it or sending it again.
pub(super) fn fields_of(update: &Update, evidence: &[Evidence]) -> Fields {
    let mut pairs = vec![
        ("narrative", update.narrative.clone()),
        ("reported", update.reported.code().to_owned()),
        ("next_steps", update.next_steps.clone().unwrap_or_default()),
        ("speaks_of", update.speaks_of.map(text::day).unwrap_or_default()),
        ("outcome", update.outcome.clone().unwrap_or_default()),
        ("promise", update.promise.map_or("", Promise::code).to_owned()),
    ];
    if let Some(field) = put_right_field(update.reported) {
        pairs.push((field, update.put_right.clone().unwrap_or_default()));
    }
    if update.outcome_not_known {
        pairs.push(("outcome_not_known", "yes".to_owned()));
    }
    if update.continuing {
        pairs.push(("continuing", "yes".to_owned()));
    }
    pairs.extend(entered::fields_of(update.cleared.as_ref()));
    for (piece, (title, address, figures)) in evidence.iter().zip(SLOTS) {
        let lines: Vec<String> =
            piece.figures.iter().map(|(label, value)| format!("{label}: {value}")).collect();
        pairs.push((title, piece.title.clone()));
        pairs.push((address, piece.address.clone().unwrap_or_default()));
        pairs.push((figures, lines.join("\n")));
    }
    Fields::of(pairs)
}
