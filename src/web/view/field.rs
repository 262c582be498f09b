//! One field of a form, as data: what it asks, what was typed, what helps.
//!
//! Made by [`Inputs`](super::form::Inputs), drawn by `control.rs`. Never knows what is
//! right or wrong to type.

use std::borrow::Cow;

use maud::{Markup, Render};

use super::form::FieldError;

/// One field, ready to be put into the page. The methods add what most fields do not need.
#[derive(Clone, Debug)]
pub struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) label: Markup,
    pub(super) control: Control<'a>,
    pub(super) errors: &'a [FieldError],
    pub(super) hint: Option<Markup>,
    pub(super) limit: Option<usize>,
    pub(super) optional: bool,
    pub(super) width: Option<Width>,
    pub(super) prefix: Option<&'static str>,
    pub(super) autocomplete: Option<&'static str>,
    pub(super) inputmode: Option<&'static str>,
    pub(super) spellcheck: Option<bool>,
}

impl<'a> Field<'a> {
    pub(super) const fn new(
        name: &'a str,
        label: Markup,
        control: Control<'a>,
        errors: &'a [FieldError],
    ) -> Self {
        Self {
            name,
            label,
            control,
            errors,
            hint: None,
            limit: None,
            optional: false,
            width: None,
            prefix: None,
            autocomplete: None,
            inputmode: None,
            spellcheck: None,
        }
    }

    /// Help below the label: an example, who will read it, why it is asked.
    #[must_use]
    pub fn hint(mut self, hint: impl Render) -> Self {
        self.hint = Some(hint.render());
        self
    }

    /// Says "(optional)".
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// How wide a line or list is, where its answer has a usual length.
    #[must_use]
    pub const fn width(mut self, width: Width) -> Self {
        self.width = Some(width);
        self
    }

    /// The height of a textarea, in lines.
    #[must_use]
    pub const fn rows(mut self, lines: u8) -> Self {
        if let Control::Area { rows, .. } = &mut self.control {
            *rows = lines;
        }
        self
    }

    /// Says how many characters there is room for. Says only: longer text is refused with
    /// a message, never cut off.
    #[must_use]
    pub const fn limit(mut self, characters: usize) -> Self {
        self.limit = Some(characters);
        self
    }

    /// What stands before the answer: "£".
    #[must_use]
    pub const fn prefix(mut self, prefix: &'static str) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// The field's purpose, as browsers know it: "email", "name".
    #[must_use]
    pub const fn autocomplete(mut self, purpose: &'static str) -> Self {
        self.autocomplete = Some(purpose);
        self
    }

    /// The keyboard a tablet shows: "numeric", "decimal".
    #[must_use]
    pub const fn inputmode(mut self, mode: &'static str) -> Self {
        self.inputmode = Some(mode);
        self
    }

    /// Switches the browser's spelling on or off for this field.
    #[must_use]
    pub const fn spellcheck(mut self, on: bool) -> Self {
        self.spellcheck = Some(on);
        self
    }
}

/// The usual length of an answer, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// A day or month.
    W2,
    /// A year.
    W4,
    /// An amount, a reference.
    W10,
    /// A deadline in words, a post.
    W20,
}

/// One answer among radios, checkboxes or a list.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    pub(super) value: Cow<'a, str>,
    pub(super) label: Markup,
    pub(super) hint: Option<Markup>,
    pub(super) more: Option<Markup>,
}

impl<'a> Choice<'a> {
    /// `value` is what is sent, `label` what is read (a rating's tag, for example).
    #[must_use]
    pub fn new(value: impl Into<Cow<'a, str>>, label: impl Render) -> Self {
        Self { value: value.into(), label: label.render(), hint: None, more: None }
    }

    /// What choosing it means.
    #[must_use]
    pub fn hint(mut self, hint: impl Render) -> Self {
        self.hint = Some(hint.render());
        self
    }

    /// Fields that are asked for only when this is chosen.
    #[must_use]
    pub fn more(mut self, fields: impl Render) -> Self {
        self.more = Some(fields.render());
        self
    }
}

/// A day as it was typed, in three strings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateParts<'a> {
    /// The day of the month.
    pub day: &'a str,
    /// The month, in figures or in words.
    pub month: &'a str,
    /// The year.
    pub year: &'a str,
}

/// What a field is made of.
#[derive(Clone, Debug)]
pub(super) enum Control<'a> {
    Line { value: &'a str, kind: &'static str },
    Area { value: &'a str, rows: u8 },
    Select { value: &'a str, choices: Vec<Choice<'a>> },
    Radios { value: &'a str, choices: Vec<Choice<'a>> },
    Checkboxes { values: Vec<&'a str>, choices: Vec<Choice<'a>> },
    Checkbox { ticked: bool },
    Date { parts: DateParts<'a> },
}
