//! What of the history a reader wants to see: from a day, to a day, by somebody. It lives in the address.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    domain::text::{self, plural},
    store::audit::Wanted,
    web::{
        form::{Fields, LINE, Reader},
        view::form::{FieldError, Inputs, filter_panel},
    },
};

/// The fields as they were typed, and what they mean.
pub(super) struct Filter {
    typed: Fields,
    /// Nothing of it is left out where something is wrong.
    pub(super) wanted: Wanted,
    pub(super) errors: Vec<FieldError>,
}

const FIELDS: [&str; 3] = ["from", "to", "who"];

impl Filter {
    pub(super) fn of(typed: Fields) -> Self {
        let mut reader = Reader::new(&typed);
        let (from, to) = (reader.day("from"), reader.day("to"));
        let who = reader.optional("who", LINE);
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            reader.wrong("to", format!("Enter {} or a later day", text::day(from)));
        }
        let (wanted, errors) = match reader.finish(Wanted { from, to, who }) {
            Ok(wanted) => (wanted, Vec::new()),
            Err(errors) => (Wanted::default(), errors),
        };
        Self { typed, wanted, errors }
    }

    /// Whether anything was typed.
    pub(super) fn is_used(&self) -> bool {
        FIELDS.iter().any(|name| !self.typed.raw(name).trim().is_empty())
    }

    /// The fields for an address, to be followed by more: "from=1+May+2018&".
    pub(super) fn query(&self) -> String {
        self.typed.query(&FIELDS)
    }

    /// The form, with how much it lets through.
    pub(super) fn panel(&self, here: &str, count: u64) -> Markup {
        let f = Inputs::new(&self.errors);
        let fields = html! {
            (f.text("from", "From", self.typed.raw("from")).hint("A day, for example 7 December 2017"))
            (f.text("to", "To", self.typed.raw("to")).hint("The last day to show"))
            (f.text("who", "Made by", self.typed.raw("who")).hint("A name, or part of it"))
        };
        let used = self.is_used();
        filter_panel(here, &self.showing(count), used, fields, used.then_some(here))
    }

    /// "12 changes from 1 May 2018, by Coordinator".
    fn showing(&self, count: u64) -> String {
        let Wanted { from, to, who } = &self.wanted;
        let day = |word: &str, day: &Option<NaiveDate>| day.map(|d| format!(" {word} {}", text::day(d)));
        [
            Some(plural(count, "change", "changes")),
            day("from", from),
            day("to", to),
            who.as_ref().map(|who| format!(" by “{who}”")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
