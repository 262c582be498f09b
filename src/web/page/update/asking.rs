//! What one form of an update is about, and so what it asks.

use chrono::{NaiveDate, NaiveDateTime};

use super::{reuse::Offer, series::Series};
use crate::{
    domain::{
        access::{Actor, Permission, may_on},
        action::{Action, State as ActionState},
        id::{ActionId, DraftId, UpdateId},
        plan::Record,
        round_link::Own,
        update::Update,
    },
    web::{App, error::WebError},
};

/// What one form is about.
pub(super) struct Asking<'a> {
    pub(super) record: &'a Record,
    pub(super) action: &'a Action,
    pub(super) today: NaiveDate,
    /// The update that this one corrects.
    pub(super) corrects: Option<&'a Update>,
    /// The update before this one.
    pub(super) last: Option<&'a Update>,
    /// The one that was returned with a comment, and is to be written again.
    pub(super) returned: Option<&'a Update>,
    /// Whether it can be entered for somebody else.
    pub(super) for_others: bool,
    /// It is written by a round's link: what was written before is not shown, and no date is asked for.
    pub(super) by_link: bool,
    /// Whether a manager looks at it before it counts as accepted.
    pub(super) looked_at: bool,
    /// Where it stands among those that are written one after the other.
    pub(super) series: Option<Series>,
    /// What the reader saved for later and stands in it, and when.
    pub(super) saved: Option<(DraftId, NaiveDateTime)>,
    /// The update that the reader has sent for the same round today.
    pub(super) already: Option<&'a Update>,
    /// Texts of the reader's own for another body, that can be used again.
    pub(super) offers: Vec<Offer>,
}

impl<'a> Asking<'a> {
    pub(super) fn of(
        app: &App,
        actor: &Actor,
        record: &'a Record,
        id: ActionId,
        corrects: Option<UpdateId>,
    ) -> Result<Self, WebError> {
        let action = record.action(id).ok_or(WebError::NotFound)?;
        let today = app.cx.clock.today();
        let corrects = match corrects {
            Some(id) => Some(action.updates.iter().find(|u| u.id == id).ok_or(WebError::NotFound)?),
            None => None,
        };
        let before = |u: &&Update| corrects.is_none_or(|c| action.place(u) < action.place(c));
        let may = |permission| may_on(actor, permission, &record.plan, action).is_ok();
        Ok(Self {
            record,
            action,
            today,
            corrects,
            last: action.updates_at(today).rfind(before),
            returned: action.returned(corrects.map(|u| u.id)),
            for_others: may(Permission::EnterForOthers),
            by_link: false,
            looked_at: record.plan.manager_looks_first && !may(Permission::LookAtUpdates),
            series: None,
            saved: None,
            already: None,
            offers: Vec::new(),
        })
    }

    /// The form that somebody sees who comes by a round's link.
    pub(super) fn by_link(own: &Own<'a>, today: NaiveDate) -> Self {
        Self {
            record: own.record,
            action: own.action,
            today,
            corrects: own.sent,
            last: None,
            returned: own.returned,
            for_others: false,
            by_link: true,
            looked_at: own.record.plan.manager_looks_first,
            series: None,
            saved: None,
            already: None,
            offers: Vec::new(),
        }
    }

    /// The update that somebody has sent for the same round today, where this is a new one: going back in the browser and
    /// saving again is no second update.
    pub(super) fn sent_today(&self, actor: &Actor) -> Option<&'a Update> {
        let round = self.record.open_round_at(self.today).map(|r| r.id);
        let is_own = |u: &&Update| {
            actor.person.is_some() && u.author == actor.person && u.written_on == Some(self.today)
        };
        let mut of_today = self.action.updates_at(self.today).filter(is_own).filter(|u| u.round == round);
        of_today.next_back().filter(|_| self.corrects.is_none())
    }

    /// What was promised last time, if anything was.
    pub(super) fn promised(&self) -> Option<&'a str> {
        self.last?.next_steps.as_deref()
    }

    /// Whether to ask if the deadline is still right: only where another one could be asked for.
    pub(super) fn asks_for_date(&self) -> bool {
        !self.by_link
            && self.corrects.is_none()
            && self.action.state_at(self.today) == ActionState::Open
            && self.action.asked_at(self.today).is_none()
    }

    /// Whether the update has been corrected already, so that the newer one is the one to correct.
    pub(super) fn is_outdated(&self) -> bool {
        self.corrects.is_some_and(|c| self.action.updates_at(self.today).all(|u| u.id != c.id))
    }
}
