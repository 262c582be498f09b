//! A deadline on the form: how its wording is read, and which reading a person chose where there are two.
//!
//! The wording is kept as it is written. Only somebody who chooses the other of two readings has it written so that it
//! can be read in one way alone: the program never takes a second reading unasked.

use std::borrow::Cow;

use maud::{Markup, html};

use crate::{
    command::{CommandError, deadline},
    domain::{
        action::Revision,
        deadline::{Reading, Span},
        plan::Record,
        text,
    },
    web::{
        form::{Fields, LINE},
        view::{
            button::hidden,
            form::{Choice, FieldError, Inputs},
        },
    },
};

/// The field with the words, and the one with the choice.
pub(super) const FIELD: &str = "by_when";
const CHOICE: &str = "by_when_reading";
/// The words that the choice was about: a choice does not hold for words that were typed after it.
const CHOSEN_FOR: &str = "by_when_asked";
/// The value of the choice that leaves the words as they are.
const AS_WRITTEN: &str = "as_written";

/// A deadline as it came with the form.
#[derive(Clone, Debug, Default)]
pub(super) struct ByWhen {
    /// As typed, or as it was saved.
    wording: String,
    /// How that is read; none: it is as it was, and not read again.
    reading: Option<Reading>,
    /// The other reading, if somebody chose it.
    chosen: Option<Span>,
    error: Option<FieldError>,
}

impl ByWhen {
    /// Reads what was typed and chosen.
    pub(super) fn read(fields: &Fields, record: &Record) -> Self {
        let typed = fields.raw(FIELD).trim();
        let over = typed.chars().count().saturating_sub(LINE);
        if over > 0 {
            let over = text::plural(over, "character", "characters");
            return Self::wrong(format!("Shorten this by {over}: it can hold {LINE}"));
        }
        let reading = match deadline::read(record, FIELD, typed) {
            Ok(reading) => reading,
            Err(CommandError::Refused { message, .. }) => return Self::wrong(message),
            Err(_) => return Self::wrong("This can’t be read just now: try again".to_owned()),
        };
        let mut this = Self { wording: typed.to_owned(), reading: Some(reading), ..Self::default() };
        let Some(other) = this.reading.as_ref().and_then(|r| r.alternative) else { return this };
        let holds = fields.raw(CHOSEN_FOR) == typed;
        match fields.raw(CHOICE) {
            AS_WRITTEN if holds => {}
            chosen if holds && chosen == unambiguous(other) => this.chosen = Some(other),
            _ => this.error = Some(FieldError::new(CHOICE, question(typed))),
        }
        this
    }

    /// The same for an action that has a wording without a date: one that is left alone is not read again.
    pub(super) fn read_unless_same(fields: &Fields, record: &Record, original: Option<&Revision>) -> Self {
        let was = original.map_or("", |o| o.wording.as_str());
        match text::fold(fields.raw(FIELD)) == text::fold(was) {
            true => Self::kept(original),
            false => Self::read(fields, record),
        }
    }

    /// A deadline that the form doesn't touch.
    pub(super) fn kept(original: Option<&Revision>) -> Self {
        Self { wording: original.map_or("", |o| o.wording.as_str()).to_owned(), ..Self::default() }
    }

    fn wrong(message: String) -> Self {
        Self { error: Some(FieldError::new(FIELD, message)), ..Self::default() }
    }

    /// The words to save.
    pub(super) fn wording(&self) -> Cow<'_, str> {
        self.chosen.map_or(Cow::Borrowed(&self.wording), |chosen| Cow::Owned(unambiguous(chosen)))
    }

    /// What is wrong, or still to be chosen.
    pub(super) fn error(&self) -> Option<&FieldError> {
        self.error.as_ref()
    }

    /// Whether it was read anew.
    pub(super) fn is_new(&self) -> bool {
        self.reading.is_some()
    }

    /// "Deadline read as: the whole of March 2018 (1 to 31 March)".
    pub(super) fn said(&self) -> String {
        match (self.chosen, &self.reading) {
            (Some(chosen), _) => format!("Deadline read as: {chosen}"),
            (None, Some(Reading { span: Some(span), alternative: Some(_), .. })) => {
                format!("Deadline read as: {span}")
            }
            (None, Some(Reading { span: Some(_), how, .. })) => format!("Deadline read as: {how}"),
            (None, Some(Reading { span: None, alternative: Some(_), .. })) => {
                "Deadline: no date, kept as written".to_owned()
            }
            (None, Some(Reading { span: None, how, .. })) => format!("Deadline: {how}"),
            (None, None) => String::new(),
        }
    }

    /// Below the field of a form that came back: how the words are read, and the choice where there are two readings.
    pub(super) fn shown_back(&self, fields: &Fields, errors: &[FieldError]) -> Markup {
        let Some(reading) = &self.reading else { return Markup::default() };
        let Some(other) = reading.alternative else {
            return html! { p class="soft" { (self.said()) } };
        };
        let first = match reading.span {
            Some(span) => text::initial_capital(&span.to_string()),
            None => "No date: keep the words as they are".to_owned(),
        };
        let choices = [
            Choice::new(AS_WRITTEN, first),
            Choice::new(unambiguous(other), text::initial_capital(&other.to_string()))
                .hint(format!("The plan will then say “{}”", unambiguous(other))),
        ];
        html! {
            (hidden(CHOSEN_FOR, &self.wording))
            (Inputs::new(errors).radios(CHOICE, question(&self.wording), fields.raw(CHOICE), choices))
        }
    }
}

fn question(wording: &str) -> String {
    format!("What does “{wording}” mean?")
}

/// A wording that can be read in one way alone.
fn unambiguous(span: Span) -> String {
    if span.is_month() { text::month(span.latest) } else { span.to_string() }
}
