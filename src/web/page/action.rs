//! One action: its recommendation, the facts about it, what can be done, and everything that happened to it.
//!
//! Also what the other pages about one action share: finding it, and the parts in which it is shown. Holds no rule: what
//! somebody may read or do is asked of [`crate::domain::access`].

use axum::extract::State;
use maud::{Markup, html};

use crate::{
    command::CommandError,
    domain::{
        access::{Actor, Permission, may, may_on, readable, reads_exempt},
        action::{Action, State as ActionState},
        agenda,
        id::{ActionId, PersonId},
        plan::Record,
        preference::Snooze,
        rating::Rating,
        standing::{self, Standing},
        text,
    },
    link::path,
    store::{self, audit::Of, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, link_button, post_button},
            form::FieldError,
            kit::{Link, inset},
            rating::{flag, grey_words, panel_rating_tag, suggested_tag},
        },
    },
};

use super::question::Names;

mod facts;
mod recommendation;
pub(in crate::web) mod say;
mod timeline;

/// How many events of the history are read for one action's timeline.
const EVENTS: u64 = 500;

/// The action's page.
pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let id = ActionId(id);
    let store = &app.cx.store;
    let today = app.cx.clock.today();
    let record =
        store::record::of_action(store, &actor, id, Depth::Everything).await?.ok_or(WebError::NotFound)?;
    let (record, reads_all) = readable(&actor, record, today);
    let action = record.action(id).ok_or(WebError::NotFound)?;
    let mut evidence = store::update::evidence(store, id).await?;
    if !reads_exempt(&actor, &record) {
        // What an update can show for itself is no more for publication than the update.
        for exempt in action.updates.iter().filter(|u| u.exempt.is_some()) {
            evidence.remove(&Some(exempt.id));
        }
    }
    let references = store::action::cross_references(store, id).await?;
    let events = match may(&actor, Permission::ReadHistory) {
        Ok(()) => store::audit::list(store, Of::Action(id), 0, EVENTS).await?,
        Err(_) => Vec::new(),
    };
    let asked: Vec<PersonId> =
        action.questions.iter().flat_map(|q| [q.drafted_by, q.answered_by]).flatten().collect();
    let put_off = record.preferences.snoozes.iter().filter(|s| s.action == id && s.covers(today));
    let people = action.contributors.iter().copied().chain(asked).chain(put_off.map(|s| s.person));
    let names = names(&app, people.collect()).await?;
    let contributors = action.contributors.iter().filter_map(|id| names.get(id).cloned()).collect();
    let page = ActionPage {
        standing: standing::stand_one(&record, action, today),
        record: &record,
        reads_all,
        action,
        actor: &actor,
        today,
        evidence,
        references,
        events,
        contributors,
        names,
    };
    Ok(sheet(&record, action, page.render()))
}

/// Everything that the page shows.
struct ActionPage<'a> {
    record: &'a Record,
    /// Whether the record holds what is not published too.
    reads_all: bool,
    action: &'a Action,
    standing: Standing<'a>,
    actor: &'a Actor,
    today: chrono::NaiveDate,
    evidence: timeline::EvidenceByUpdate,
    references: Vec<store::action::CrossReference>,
    events: Vec<store::audit::Event>,
    contributors: Vec<String>,
    /// Those who asked and answered questions.
    names: Names,
}

impl ActionPage<'_> {
    fn may(&self, permission: Permission) -> bool {
        may_on(self.actor, permission, &self.record.plan, self.action).is_ok()
    }

    fn render(&self) -> Markup {
        html! {
            (heading(self.action))
            (self.in_short())
            (self.buttons())
            (self.put_off())
            (recommendation::render(self.record, self.action, self.today))
            h2 { "Action" }
            (say::prose(&self.action.text))
            h2 { "Facts" }
            (self.facts())
            h2 { "What happened" }
            (self.timeline())
        }
    }

    /// Where it stands, in one line: what is reported, what the facts say, and how near the date is.
    fn in_short(&self) -> Markup {
        let state = self.standing.state;
        html! {
            p {
                (say::rating(&self.record.plan, self.standing.reported)) " "
                @if let Some(words) = self.but() { (flag(words)) " " }
                (suggested_tag(self.standing.suggestion.rating)) " "
                @if let Some(own) = self.standing.panel {
                    (panel_rating_tag(&self.record.plan.key.entry(own.rating), &self.record.words)) " "
                }
                @if state == ActionState::Open { (say::due(&self.standing, self.today)) }
                // "Complete" is said twice already.
                @else if state != ActionState::Complete { (grey_words(say::state(self.record, &self.standing))) }
            }
        }
    }

    /// Why a rating of complete is not the last word.
    fn but(&self) -> Option<String> {
        let said = self.standing.latest.filter(|update| update.reported == Rating::Complete)?;
        if said.awaits_review() {
            return Some("Waits for the manager’s look".to_owned());
        }
        let refused = agenda::refused_completion(self.record, self.action, self.today)?;
        let words = self.record.words.say("Not agreed by the {panel}");
        Some(format!("{words}, {}", text::day(refused.resolution.on)))
    }

    fn buttons(&self) -> Markup {
        let id = self.action.id;
        let state = self.standing.state;
        let mut buttons = Vec::new();
        let mut add = |permission, href: String, label, kind| {
            if self.may(permission) {
                buttons.push(link_button(Link::new(&href, label), kind));
            }
        };
        add(Permission::WriteUpdate, path::new_update(id), "Add update", Kind::Primary);
        if state == ActionState::Open {
            let complete = format!("{}?rating=complete", path::new_update(id));
            add(Permission::WriteUpdate, complete, "Propose complete", Kind::Secondary);
        }
        if state == ActionState::Open && self.standing.asked.is_none() {
            add(Permission::AskForDate, path::new_deadline(id), "Change the deadline", Kind::Secondary);
        }
        if matches!(state, ActionState::Open | ActionState::Complete | ActionState::CompleteContinuing) {
            add(Permission::WriteUpdate, path::merge(id), "Merge", Kind::Secondary);
        }
        if state == ActionState::Open {
            add(
                Permission::CloseAction,
                path::close_action(id),
                "Close (no further action)",
                Kind::Secondary,
            );
        } else {
            add(Permission::CloseAction, path::reopen_action(id), "Reopen", Kind::Secondary);
        }
        add(Permission::DraftQuestion, path::new_question(id), "Ask a question", Kind::Secondary);
        add(Permission::EditPlans, path::edit_action(id), "Edit", Kind::Secondary);
        if state == ActionState::Open && self.record.is_monitored(self.today) && self.own_snooze().is_none() {
            let href = path::snooze(id);
            if self.may(Permission::PutOffReminders) {
                buttons.push(html! { (Link::new(&href, "Put off reminders for a week")) });
            }
        }
        html! { @if !buttons.is_empty() { (button_group(buttons)) } }
    }

    /// What the reader has put off themselves.
    fn own_snooze(&self) -> Option<&Snooze> {
        self.record.preferences.snooze(self.actor.person?, self.action.id, self.today)
    }

    /// Who has put off reminders about it, and why: for those who write on it or manage it.
    fn put_off(&self) -> Markup {
        let here = self.record.preferences.snoozes.iter().filter(|s| s.action == self.action.id);
        let here: Vec<&Snooze> = here.filter(|s| s.covers(self.today)).collect();
        let name = |s: &Snooze| self.names.get(&s.person).map_or("Somebody", String::as_str).to_owned();
        html! {
            @if self.may(Permission::WriteUpdate) {
                @for snooze in here {
                    @let own = self.actor.person == Some(snooze.person);
                    (inset(html! {
                        p {
                            strong { @if own { "You have" } @else { (name(snooze)) " has" } " put off reminders until " (text::day(snooze.until)) ": " }
                            (snooze.reason)
                        }
                        @if own { (post_button(&path::end_snooze(self.action.id), "Remind me again", Kind::Secondary, &[])) }
                    }))
                }
            }
        }
    }
}

/// The heading of a page about one action: its label above its title.
fn heading(action: &Action) -> Markup {
    html! { h1 { span class="caption" { (action.label) " " } (action.title()) } }
}

/// A page about one action, with the pages above it.
fn sheet(record: &Record, action: &Action, content: Markup) -> Sheet {
    Sheet::new([format!("{} {}", action.label, action.title()), record.plan.title.clone()], content).crumbs([
        (path::PLANS.to_owned(), "Plans".to_owned()),
        (path::plan(&record.plan.slug), record.plan.title.clone()),
    ])
}

/// A form about one action, with the way back to it.
pub(super) fn form_sheet(record: &Record, action: &Action, title: &str, content: Markup) -> Sheet {
    Sheet::new([format!("{title}: {}", action.label), record.plan.title.clone()], content)
        .back(path::action(action.id), format!("Back to {}", action.label))
}

/// The heading of a form: what it does, above it what it is about.
pub(super) fn form_heading(action: &Action, what: &str) -> Markup {
    html! { h1 { span class="caption" { (action.label) " " (action.title()) " " } (what) } }
}

/// The record of the plan that an action belongs to, for somebody who may do something to it: 404 where there is no such
/// action, 403 where it is not theirs to do.
pub(super) async fn record_for(
    app: &App,
    actor: &Actor,
    id: ActionId,
    permission: Permission,
    depth: Depth,
) -> Result<Record, WebError> {
    let record =
        store::record::of_action(&app.cx.store, actor, id, depth).await?.ok_or(WebError::NotFound)?;
    let action = record.action(id).ok_or(WebError::NotFound)?;
    may_on(actor, permission, &record.plan, action)?;
    Ok(record)
}

/// What a rule said against a form, for beside its field; any other error ends the request.
pub(super) fn refused(error: CommandError) -> Result<FieldError, WebError> {
    match error {
        CommandError::Refused { field, message } => Ok(FieldError::new(field, message)),
        other => Err(other.into()),
    }
}

/// A page or a redirect.
pub(super) fn either(answer: impl axum::response::IntoResponse) -> axum::response::Response {
    answer.into_response()
}

async fn names(app: &App, people: Vec<PersonId>) -> Result<Names, WebError> {
    if people.is_empty() {
        return Ok(Names::new());
    }
    let everyone = store::person::all(&app.cx.store).await?;
    let wanted = everyone.into_iter().filter(|a| people.contains(&a.person.id));
    Ok(wanted.map(|a| (a.person.id, a.person.name)).collect())
}
