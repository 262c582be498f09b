//! What a form sent: raw strings, kept whole, and a reader that finds *all* that is wrong with them.
//!
//! Nothing typed is ever lost: a field that is missing or twisted is an empty string here, never a refused request, and a
//! rejected form is shown again from the same [`Fields`].

use std::borrow::Cow;

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use chrono::NaiveDate;

use super::{error::WebError, view::form::FieldError};
use crate::domain::{
    deadline::{self, Context},
    text::{self, is_address},
};

/// The longest text that a field takes, in characters, unless the form says otherwise.
pub const LONG_TEXT: usize = 20_000;
/// The longest text of a one-line field, in characters.
pub const LINE: usize = 500;

/// The longest address that a mail server has to take, in characters.
const EMAIL: usize = 254;

/// The fields of a form in the order sent; a name can come several times (check boxes).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pairs: Vec<(String, String)>,
    only_shown: bool,
}

/// Marks a request whose form is only to be shown again, as it was typed, and not taken: see [`super::kept`].
#[derive(Clone, Copy, Debug)]
pub(super) struct OnlyShown;

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let only_shown = request.extensions().get::<OnlyShown>().is_some();
        let body = Bytes::from_request(request, state).await.map_err(|_| WebError::TooLarge)?;
        Ok(Self { only_shown, ..Self::decode(&body) })
    }
}

impl Fields {
    /// Decodes `application/x-www-form-urlencoded`, of a body or of a query.
    pub fn decode(encoded: &[u8]) -> Self {
        Self { pairs: form_urlencoded::parse(encoded).into_owned().collect(), only_shown: false }
    }

    /// Fields made by the program, for the first view of a form.
    pub fn of<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let pairs = pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
        Self { pairs, only_shown: false }
    }

    /// What was typed into a field, as it was typed; empty where it is missing.
    pub fn raw(&self, name: &str) -> &str {
        self.pairs.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// Everything sent under one name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Everything but what must not be kept anywhere: passwords and codes.
    pub(super) fn without_secrets(self) -> Vec<(String, String)> {
        self.pairs.into_iter().filter(|(name, _)| !is_secret(name)).collect()
    }

    /// Those of these fields that hold something, for an address, to be followed by more: "from=1+May+2018&".
    pub fn query(&self, names: &[&str]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(
            names.iter().map(|name| (*name, self.raw(name))).filter(|(_, v)| !v.trim().is_empty()),
        );
        let query = query.finish();
        if query.is_empty() { query } else { query + "&" }
    }

    /// Every field with its name, in the order sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same with one field set to something else.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.pairs.retain(|(known, _)| known != name);
        self.pairs.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.pairs.iter().any(|(n, _)| n == name)
    }
}

/// Whether a field of this name holds a password, a code or the like. The names of such fields say so.
pub fn is_secret(name: &str) -> bool {
    ["password", "code", "secret"].iter().any(|word| name.to_ascii_lowercase().contains(word))
}

/// Reads fields into values and collects what is wrong, in the order of the form.
#[derive(Debug)]
pub struct Reader<'a> {
    fields: &'a Fields,
    errors: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    /// A reader of some fields.
    pub fn new(fields: &'a Fields) -> Self {
        Self { fields, errors: Vec::new() }
    }

    /// Notes an error.
    pub fn wrong(&mut self, field: impl Into<Cow<'static, str>>, message: impl Into<String>) {
        self.errors.push(FieldError::new(field, message));
    }

    /// A text that has to be there, without the white space round it.
    pub fn required(&mut self, name: &str, longest: usize, missing: &str) -> String {
        match self.optional(name, longest) {
            Some(text) => text,
            None => {
                self.wrong(name.to_owned(), missing);
                String::new()
            }
        }
    }

    /// An email address that has to be there.
    pub fn address(&mut self, name: &str, missing: &str) -> String {
        let email = self.required(name, EMAIL, missing);
        if !email.is_empty() && !is_address(&email) {
            self.wrong(name.to_owned(), "Enter an email address in full, like name@example.org");
        }
        email
    }

    /// A text that may be left empty. Line ends become `\n`, whatever the browser sent.
    pub fn optional(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.fields.raw(name).replace("\r\n", "\n");
        let text = text.trim();
        let length = text.chars().count();
        if length > longest {
            let over = text::plural(length - longest, "character", "characters");
            self.wrong(name.to_owned(), format!("Shorten this by {over}: it can hold {longest}"));
        }
        // PostgreSQL can't hold NUL, and nobody types one.
        (!text.is_empty()).then(|| text.replace('\0', ""))
    }

    /// A day that may be left empty, typed in any way that names one day.
    pub fn day(&mut self, name: &str) -> Option<NaiveDate> {
        let text = self.optional(name, LINE)?;
        match one_day(&text) {
            Ok(day) => Some(day),
            Err(message) => {
                self.wrong(name.to_owned(), message);
                None
            }
        }
    }

    /// A day that has to be there.
    pub fn required_day(&mut self, name: &str, missing: &str) -> NaiveDate {
        if self.fields.raw(name).trim().is_empty() {
            self.wrong(name.to_owned(), missing);
        }
        self.day(name).unwrap_or_default()
    }

    /// One of a closed set, by its code; none where nothing was chosen.
    pub fn choice<T>(&mut self, name: &str, from_code: impl Fn(&str) -> Option<T>) -> Option<T> {
        let code = self.fields.raw(name).trim();
        if code.is_empty() {
            return None;
        }
        let value = from_code(code);
        if value.is_none() {
            self.wrong(name.to_owned(), "Choose one of the answers");
        }
        value
    }

    /// One of a closed set that has to be chosen.
    pub fn required_choice<T>(
        &mut self,
        name: &str,
        from_code: impl Fn(&str) -> Option<T>,
        missing: &str,
    ) -> Option<T> {
        if self.fields.raw(name).trim().is_empty() {
            self.wrong(name.to_owned(), missing.to_owned());
            return None;
        }
        self.choice(name, from_code)
    }

    /// The fields.
    pub fn fields(&self) -> &'a Fields {
        self.fields
    }

    /// The value if nothing was wrong, else everything that was.
    ///
    /// # Errors
    /// All errors, in the order of the form. None at all where the form is only shown again and not taken: the page then
    /// looks as at its first view, with everything typed in it.
    pub fn finish<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        match (self.fields.only_shown, self.errors.is_empty()) {
            (true, _) => Err(Vec::new()),
            (false, true) => Ok(value),
            (false, false) => Err(self.errors),
        }
    }
}

/// One day from what somebody typed: "19 February 2018", "19/2/18", "2018-02-19".
///
/// # Errors
/// Words for beside the field.
pub fn one_day(text: &str) -> Result<NaiveDate, String> {
    const HELP: &str = "Enter one day, for example 19 February 2018";
    let reading = deadline::read(text, &Context::default()).map_err(|e| e.to_string())?;
    match reading.span {
        Some(span) if span.earliest == span.latest => Ok(span.latest),
        _ => Err(HELP.to_owned()),
    }
}
