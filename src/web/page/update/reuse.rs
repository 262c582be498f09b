//! A text that the reader has written for another body in the last weeks, offered once more: most bodies ask for the same.
//!
//! Only what they wrote themselves and may still read, and nothing that is not for publication: its mark would not come along.

use chrono::Days;
use maud::{Markup, html};

use super::Asking;
use crate::{
    domain::{
        access::{Actor, readable},
        id::UpdateId,
        plan::Record,
        round::Round,
        text,
        update::Update,
    },
    store::{self, record::Depth},
    web::{
        App,
        error::WebError,
        form::Fields,
        view::{
            button::Kind,
            kit::{details, paragraphs},
        },
    },
};

/// The name of the buttons: the update whose text is wanted.
pub(super) const BUTTON: &str = "use";

/// For how many days a text is offered.
pub(super) const DAYS: u64 = 28;
/// How many are offered.
const MOST: usize = 5;

/// One text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) update: UpdateId,
    pub(super) narrative: String,
    /// "Aiii, for the Corporate Parenting Board, written on 1 December 2017".
    about: String,
}

/// What can be used again in a new update, newest first.
pub(super) async fn offers(app: &App, actor: &Actor, asking: &Asking<'_>) -> Result<Vec<Offer>, WebError> {
    let Some(me) = actor.person else { return Ok(Vec::new()) };
    let since = asking.today.checked_sub_days(Days::new(DAYS)).unwrap_or(asking.today);
    let recent = store::update::written_since(&app.cx.store, me, since).await?;
    if recent.iter().all(|(_, action)| *action == asking.action.id) {
        return Ok(Vec::new());
    }
    let here = body(asking.record, asking.record.open_round_at(asking.today));
    let records = store::record::all(&app.cx.store, actor, Depth::Current).await?;
    let records: Vec<Record> = records.into_iter().map(|r| readable(actor, r, asking.today).0).collect();
    let mut offers: Vec<Offer> = Vec::new();
    for (id, action) in recent {
        let found = records.iter().find_map(|r| {
            let action = r.action(action)?;
            let update = action.updates_at(asking.today).find(|u| u.id == id)?;
            Some((r, action, update))
        });
        let Some((record, of, update)) = found else { continue };
        let there = body(record, update.round.and_then(|id| record.round(id)));
        if there == here || update.exempt.is_some() || !is_own(update, actor) {
            continue;
        }
        let written = update.written_on.map_or(String::new(), |on| format!(", written on {}", text::day(on)));
        offers.push(Offer {
            update: id,
            narrative: update.narrative.clone(),
            about: format!("{}, for {}{written}", of.label, there.words),
        });
    }
    offers.truncate(MOST);
    Ok(offers)
}

fn is_own(update: &Update, actor: &Actor) -> bool {
    update.author == actor.person
}

/// For whom an update is written: the panel of its round's meeting, or of its plan; a plan without any is a body of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Body {
    words: String,
}

fn body(record: &Record, round: Option<&Round>) -> Body {
    let meeting = round.and_then(|r| r.meeting.as_ref()).map(|m| m.panel_name.clone());
    let words = match meeting.or_else(|| record.plan.panel.clone()) {
        Some(panel) => format!("the {panel}"),
        None => record.plan.title.clone(),
    };
    Body { words }
}

/// The texts, each with a button of the form that it stands in; nothing where there are none.
pub(super) fn offered(asking: &Asking<'_>) -> Markup {
    if asking.offers.is_empty() {
        return Markup::default();
    }
    details(
        "Use a text that you wrote for another body in the last 28 days",
        html! {
            @for offer in &asking.offers {
                p { strong { (text::initial_capital(&offer.about)) } }
                (paragraphs(&offer.narrative))
                p {
                    button class=(Kind::Secondary.class()) type="submit" name=(BUTTON) value=(offer.update) {
                        "Use this text" span class="visually-hidden" { ": " (offer.about) }
                    }
                }
            }
        },
    )
}

/// What stands in the form, with a text that is used again after it.
pub(super) fn put_in(offer: &Offer, fields: &Fields) -> Fields {
    let before = fields.raw("narrative").trim();
    let narrative =
        if before.is_empty() { offer.narrative.clone() } else { format!("{before}\n\n{}", offer.narrative) };
    fields.clone().with("narrative", &narrative)
}
