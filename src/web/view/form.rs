//! Forms: fields that keep what was typed, with their errors beside them and at the top.
//!
//! Owns how a field looks and how an error finds it. Never reads a request and never
//! decides what is wrong: it shows raw strings and the [`FieldError`]s it is handed.
//!
//! # A whole form
//!
//! One function serves the first view, the edit and the rejected post. It takes the raw
//! strings and the errors, which are none at first:
//!
//! ```
//! use maud::{Markup, html};
//! use scrutiny_tracker::web::view::button::{Kind, button_group, hidden, submit};
//! use scrutiny_tracker::web::view::form::{Choice, FieldError, Inputs, Width, post};
//! use scrutiny_tracker::web::view::kit::Link;
//!
//! #[derive(Default)]
//! struct DeadlineForm { by_when: String, reason: String, asked_by: String, once: String }
//!
//! fn deadline_form(form: &DeadlineForm, errors: &[FieldError]) -> Markup {
//!     let f = Inputs::new(errors);
//!     html! {
//!         (f.summary())
//!         h1 { "Change the deadline" }
//!         (post("/actions/9/deadlines", html! {
//!             (hidden("once", &form.once))
//!             (f.text("by_when", "By when?", &form.by_when)
//!                 .hint("As you would write it: 31 March 2018, March 2018, Q3 2019")
//!                 .width(Width::W20))
//!             (f.radios("asked_by", "Who asks for it?", &form.asked_by, [
//!                 Choice::new("lead", "The lead"),
//!                 Choice::new("panel", "The panel").hint("Decided at a meeting"),
//!             ]))
//!             (f.textarea("reason", "Why?", &form.reason).limit(2_000))
//!             (button_group([
//!                 submit("Ask for this date", Kind::Primary),
//!                 html! { (Link::new("/actions/9", "Cancel")) },
//!             ]))
//!         }))
//!     }
//! }
//!
//! let first = deadline_form(&DeadlineForm::default(), &[]).into_string();
//! assert!(!first.contains("There is a problem"));
//!
//! let typed = DeadlineForm { by_when: "31 Feb 2018".into(), ..DeadlineForm::default() };
//! let wrong = [FieldError::new("by_when", "February 2018 has no 31st day")];
//! let again = deadline_form(&typed, &wrong).into_string();
//! assert!(again.contains(r##"<a href="#by_when">February 2018 has no 31st day</a>"##));
//! assert!(again.contains(r#"value="31 Feb 2018""#));
//! ```
//!
//! The page round a rejected form sets `rejected: f.rejected()`, so that its title begins
//! with "Error: ", and answers 422.
//!
//! # Rules that the kit keeps for you
//!
//! - A field's id is its name, and that is where the error summary leads. Names are
//!   therefore unique on a page. An error whose `field` is empty belongs to the whole form.
//! - Every field has a label that can be seen; hint and error are announced with it.
//! - Fields people may leave empty say "(optional)"; the others say nothing.
//! - `novalidate`: the browser's own bubbles never stand in for our words.
//! - A password is never written back into the page.
//! - [`Choice::more`] shows fields only while that choice is made, without a script. They
//!   are sent either way: when parsing, ignore what does not belong to the choice.

use std::borrow::Cow;

use maud::{Markup, Render, html};

use super::field::Control;
pub use super::field::{Choice, DateParts, Field, Width};

/// Something wrong with what was typed, in words that say how to put it right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name; empty where the form as a whole is meant.
    pub field: Cow<'static, str>,
    /// "Enter what has happened since September", no full stop.
    pub message: String,
}

impl FieldError {
    /// An error at one field.
    #[must_use]
    pub fn new(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }

    /// An error of the form as a whole.
    #[must_use]
    pub fn whole_form(message: impl Into<String>) -> Self {
        Self::new("", message)
    }
}

/// Makes the fields of one form, each with its own of these errors.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    errors: &'a [FieldError],
}

impl<'a> Inputs<'a> {
    /// The fields of a form with these errors; none for a fresh form.
    #[must_use]
    pub const fn new(errors: &'a [FieldError]) -> Self {
        Self { errors }
    }

    /// Whether the form was sent and refused.
    #[must_use]
    pub const fn rejected(self) -> bool {
        !self.errors.is_empty()
    }

    /// The error summary for the top of the page, above its heading; nothing without errors.
    ///
    /// It takes the focus when the page opens, so that it is read out and cannot be missed.
    #[must_use]
    pub fn summary(self) -> Markup {
        html! {
            @if self.rejected() {
                div class="error-summary" role="alert" tabindex="-1" autofocus {
                    h2 { "There is a problem" }
                    ul {
                        @for error in self.errors {
                            li {
                                @if error.field.is_empty() { (error.message) }
                                @else { a href={ "#" (error.field) } { (error.message) } }
                            }
                        }
                    }
                }
            }
        }
    }

    /// One line of text.
    #[must_use]
    pub fn text(self, name: &'a str, label: impl Render, value: &'a str) -> Field<'a> {
        self.field(name, label, Control::Line { value, kind: "text" })
    }

    /// A password; `purpose` is `current-password` or `new-password`. Never filled in.
    #[must_use]
    pub fn password(self, name: &'a str, label: impl Render, purpose: &'static str) -> Field<'a> {
        let control = Control::Line { value: "", kind: "password" };
        self.field(name, label, control).autocomplete(purpose)
    }

    /// An email address.
    #[must_use]
    pub fn email(self, name: &'a str, label: impl Render, value: &'a str) -> Field<'a> {
        let control = Control::Line { value, kind: "email" };
        self.field(name, label, control).autocomplete("email").spellcheck(false)
    }

    /// Several lines of text.
    #[must_use]
    pub fn textarea(self, name: &'a str, label: impl Render, value: &'a str) -> Field<'a> {
        self.field(name, label, Control::Area { value, rows: 5 })
    }

    /// One of many, in a list that opens. The choices' labels must be plain text.
    #[must_use]
    pub fn select(
        self,
        name: &'a str,
        label: impl Render,
        value: &'a str,
        choices: impl IntoIterator<Item = Choice<'a>>,
    ) -> Field<'a> {
        let choices = choices.into_iter().collect();
        self.field(name, label, Control::Select { value, choices })
    }

    /// One of few. `value` is the choice made so far, or empty.
    #[must_use]
    pub fn radios(
        self,
        name: &'a str,
        legend: impl Render,
        value: &'a str,
        choices: impl IntoIterator<Item = Choice<'a>>,
    ) -> Field<'a> {
        let choices = choices.into_iter().collect();
        self.field(name, legend, Control::Radios { value, choices })
    }

    /// Any of several. `values` are those ticked so far.
    #[must_use]
    pub fn checkboxes(
        self,
        name: &'a str,
        legend: impl Render,
        values: impl IntoIterator<Item = &'a str>,
        choices: impl IntoIterator<Item = Choice<'a>>,
    ) -> Field<'a> {
        let (values, choices) = (values.into_iter().collect(), choices.into_iter().collect());
        self.field(name, legend, Control::Checkboxes { values, choices })
    }

    /// One box by itself: `name=yes` when ticked, nothing otherwise.
    #[must_use]
    pub fn checkbox(self, name: &'a str, label: impl Render, ticked: bool) -> Field<'a> {
        self.field(name, label, Control::Checkbox { ticked })
    }

    /// A day in three boxes, sent as `{name}_day`, `{name}_month` and `{name}_year`.
    #[must_use]
    pub fn date(self, name: &'a str, legend: impl Render, parts: DateParts<'a>) -> Field<'a> {
        self.field(name, legend, Control::Date { parts })
    }

    fn field(self, name: &'a str, label: impl Render, control: Control<'a>) -> Field<'a> {
        Field::new(name, label.render(), control, self.errors)
    }
}

/// A form that posts its fields to `action`.
#[must_use]
pub fn post(action: &str, fields: impl Render) -> Markup {
    html! { form method="post" action=(action) novalidate { (fields) } }
}

/// Fields that belong together, under a heading of their own.
#[must_use]
pub fn fieldset(legend: &str, fields: impl Render) -> Markup {
    html! {
        fieldset class="group" {
            legend { (legend) }
            (fields)
        }
    }
}

/// The filter above a list: a GET form, so that the filter lives in the address.
/// `showing` says what is shown now ("3 of 22 actions: overdue"); `clear` shows everything. Its fields are one press away
/// unless they are `open`: who comes for the list sees the list.
#[must_use]
pub fn filter_panel(
    action: &str,
    showing: &str,
    open: bool,
    fields: impl Render,
    clear: Option<&str>,
) -> Markup {
    html! {
        form class="filter" method="get" action=(action) role="search" aria-label="Filter" {
            div class="filter-head" {
                h2 { "Filter" }
                p { (showing) }
                @if let Some(href) = clear { a href=(href) { "Clear filter" } }
            }
            details open[open] {
                summary { "Choose what is shown" }
                div class="filter-fields" {
                    (fields)
                    div class="button-group" { button class="button" type="submit" { "Apply filter" } }
                }
            }
        }
    }
}
