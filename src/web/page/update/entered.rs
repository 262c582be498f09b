//! The parts of an update's form that say whose words they are: entered for somebody else, and cleared by whom.

use maud::{Markup, Render as _, html};

use super::Asking;
use crate::{
    domain::{
        text,
        update::{Cleared, EnteredFor, ReceivedBy},
    },
    web::{
        form::{Fields, LINE, Reader},
        view::form::{Choice, Inputs, Width},
    },
};

/// Whether it is entered for somebody else, and how that was received.
pub(super) fn for_other(f: Inputs<'_>, asking: &Asking<'_>, fields: &Fields) -> Markup {
    if !asking.for_others {
        return Markup::default();
    }
    let more = html! {
        (f.text("entered_for", "For whom?", fields.raw("entered_for")).hint("The post or the person, for example: the MAP Coordinator"))
        (received(f, fields))
    };
    let ticked = fields.ticked("for_other").then_some("yes");
    f.checkboxes(
        "for_other",
        "Whose words are these?",
        ticked,
        [Choice::new("yes", "I enter this for somebody else").more(more)],
    )
    .optional()
    .render()
}

/// How something was received, and on what day.
pub(in crate::web::page) fn received(f: Inputs<'_>, fields: &Fields) -> Markup {
    let ways = ReceivedBy::ALL.iter().map(|way| Choice::new(way.code(), text::initial_capital(way.words())));
    html! {
        (f.radios("received_by", "How did you receive it?", fields.raw("received_by"), ways))
        (f.text("received_on", "On what day?", fields.raw("received_on"))
            .hint("For example 4 December 2017")
            .width(Width::W20))
    }
}

/// Reads it.
pub(super) fn read_for_other(reader: &mut Reader<'_>, asking: &Asking<'_>) -> Option<EnteredFor> {
    let whom = reader.required("entered_for", LINE, "Say for whom you enter this");
    let (received_by, received_on) = read_received(reader, asking.today)?;
    Some(EnteredFor { whom, received_by, received_on })
}

/// Reads how something was received; none where something is wrong.
pub(in crate::web::page) fn read_received(
    reader: &mut Reader<'_>,
    today: chrono::NaiveDate,
) -> Option<(ReceivedBy, chrono::NaiveDate)> {
    let missing = "Choose how you received it";
    let received_by = reader.required_choice("received_by", ReceivedBy::from_code, missing);
    let received_on = reader.required_day("received_on", "Enter the day on which you received it");
    if received_on > today {
        reader.wrong("received_on", "The day on which you received it can’t lie in the future");
    }
    Some((received_by?, received_on))
}

/// Who cleared it, where the council has its updates cleared.
pub(in crate::web::page) fn cleared(f: Inputs<'_>, fields: &Fields) -> Markup {
    let used = ["cleared_by", "cleared_on"].iter().any(|name| !fields.raw(name).trim().is_empty());
    html! {
        details open[used] {
            summary { "Say who cleared it" }
            div class="details-body" {
                (f.text("cleared_by", "Cleared by", fields.raw("cleared_by"))
                    .hint("The post, for example: Head of Service")
                    .width(Width::W20)
                    .optional())
                (f.text("cleared_on", "Cleared on", fields.raw("cleared_on"))
                    .hint("For example 4 December 2017")
                    .width(Width::W20)
                    .optional())
            }
        }
    }
}

/// Reads it.
pub(in crate::web::page) fn read_cleared(
    reader: &mut Reader<'_>,
    today: chrono::NaiveDate,
) -> Option<Cleared> {
    let by = reader.optional("cleared_by", LINE);
    let on = reader.day("cleared_on");
    if on.is_some_and(|on| on > today) {
        reader.wrong("cleared_on", "The day on which it was cleared can’t lie in the future");
    }
    if on.is_some() && by.is_none() {
        reader.wrong("cleared_by", "Enter the post that cleared it, or leave the day empty");
    }
    Some(Cleared { by: by?, on })
}

/// The fields of it.
pub(super) fn fields_of(cleared: Option<&Cleared>) -> [(&'static str, String); 2] {
    let on = cleared.and_then(|c| c.on).map(text::day).unwrap_or_default();
    [("cleared_by", cleared.map(|c| c.by.clone()).unwrap_or_default()), ("cleared_on", on)]
}
