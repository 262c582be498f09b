//! Several updates one after the other: from My actions through the form of each to "Done", without going back in between.
//!
//! The way is in the address: the actions by number, in the order in which they are asked for. It says nothing of what
//! somebody may do: every form asks for itself.

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::readers::panel_reads;
use crate::{
    domain::{
        access::Actor,
        action::Action,
        id::ActionId,
        plan::Record,
        text::{self, plural},
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        error::WebError,
        form::Fields,
        guard::Me,
        page::{action::say, my_actions},
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, link_button},
            kit::{Link, empty},
            rating::grey_words,
        },
    },
};

/// The most that one way holds: more than anybody leads.
const MOST: usize = 200;

/// A way through several forms, and where on it this one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Series {
    actions: Vec<ActionId>,
    at: usize,
}

impl Series {
    /// From what an address or a form says; none where this action is not on the way.
    pub(super) fn read(text: &str, here: ActionId) -> Option<Self> {
        let actions = read(text);
        let at = actions.iter().position(|id| *id == here)?;
        Some(Self { actions, at })
    }

    /// As it stands in an address.
    pub(super) fn text(&self) -> String {
        written(&self.actions)
    }

    /// Where to go from here.
    pub(super) fn onward(&self) -> String {
        match self.actions.get(self.at + 1) {
            Some(next) => form_of(*next, &self.text()),
            None => format!("{}?series={}", Route::MyUpdates.path(), self.text()),
        }
    }

    /// The words on the button that saves.
    pub(super) fn save_words(&self) -> &'static str {
        if self.at + 1 < self.actions.len() { "Save and next" } else { "Save and finish" }
    }

    /// "Update 1 of 3".
    pub(super) fn head(&self) -> Markup {
        html! { p class="soft" { "Update " (self.at + 1) " of " (self.actions.len()) } }
    }
}

fn read(text: &str) -> Vec<ActionId> {
    let mut actions: Vec<ActionId> = Vec::new();
    for id in text.split('-').filter_map(|id| id.parse().ok()).map(ActionId).take(MOST) {
        if !actions.contains(&id) {
            actions.push(id);
        }
    }
    actions
}

fn written(actions: &[ActionId]) -> String {
    actions.iter().map(ToString::to_string).collect::<Vec<_>>().join("-")
}

fn form_of(action: ActionId, series: &str) -> String {
    format!("{}?series={series}", path::new_update(action))
}

/// Begins with the first action that needs an update from the reader now; with `?series=`, what has become of them.
pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let series = read(query.raw("series"));
    let store = &app.cx.store;
    let today = app.cx.clock.today();
    let records = store::record::all(store, &actor, Depth::Current).await?;
    if series.is_empty() {
        let needed = my_actions::needing(&records, &actor, today);
        return Ok(match needed.first() {
            Some(first) => Redirect::to(form_of(*first, &written(&needed))).into_response(),
            None => nothing().into_response(),
        });
    }
    let begun = match actor.person {
        Some(person) => store::update::draft::begun(store, person).await?,
        None => Vec::new(),
    };
    Ok(done(&records, &actor, &series, &begun, today).into_response())
}

fn nothing() -> Sheet {
    let content = html! {
        h1 { "Your updates" }
        (empty("Nothing needs an update from you now", "You are told by email when something does.", Some(Link::new(path::MY_ACTIONS, "My actions"))))
    };
    Sheet::new(["Your updates"], content)
}

/// What has become of them.
fn done(
    records: &[Record],
    actor: &Actor,
    series: &[ActionId],
    begun: &[ActionId],
    today: NaiveDate,
) -> Sheet {
    let find = |id: &ActionId| records.iter().find_map(|r| Some((r, r.action(*id)?)));
    let theirs: Vec<(&Record, &Action)> =
        series.iter().filter_map(find).filter(|(_, action)| actor.answers_for(action)).collect();
    let is_sent = |action: &Action| {
        let mut all = action.updates_at(today);
        all.any(|u| u.author == actor.person && u.written_on == Some(today))
    };
    let sent = theirs.iter().filter(|(_, action)| is_sent(action)).count();
    let title = match sent {
        0 => "No update sent".to_owned(),
        n => format!("Done: {} sent", plural(n, "update", "updates")),
    };
    let mut reads: Vec<String> = Vec::new();
    for (record, _) in theirs.iter().filter(|(_, action)| is_sent(action)) {
        let words = panel_reads(record, record.open_round_at(today), today);
        if !reads.contains(&words) {
            reads.push(words);
        }
    }
    let content = html! {
        h1 { (title) }
        @for words in &reads { p { (words) } }
        @if !theirs.is_empty() {
            ul {
                @for (_, action) in &theirs {
                    li {
                        (say::action_link(action)) " "
                        @if is_sent(action) { (grey_words("Sent")) }
                        @else {
                            @if begun.contains(&action.id) { (grey_words("Saved for later, not sent")) }
                            @else { (grey_words("Not written")) }
                            " – " a href=(path::new_update(action.id)) {
                                "Write it now" span class="visually-hidden" { ": " (action.label) }
                            }
                        }
                    }
                }
            }
        }
        p { (link_button(Link::new(path::MY_ACTIONS, "Go to My actions"), Kind::Secondary)) }
    };
    Sheet::new([text::initial_capital(&title)], content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_read_from_an_address_and_written_back_whatever_somebody_typed_there() {
        let way = Series::read("12-15-x-15-19", ActionId(15)).unwrap();
        assert_eq!(way.text(), "12-15-19");
        assert_eq!(way.onward(), "/actions/19/updates/new?series=12-15-19");
        assert_eq!(way.save_words(), "Save and next");
        let last = Series::read("12-15-19", ActionId(19)).unwrap();
        assert_eq!(last.onward(), "/my-actions/updates?series=12-15-19");
        assert_eq!(last.save_words(), "Save and finish");
        assert_eq!(Series::read("12-15", ActionId(19)), None);
        assert_eq!(Series::read("", ActionId(19)), None);
    }
}
