//! Entering the updates of a round: every action that is awaited (or those of one lead) on one page with one button, for
//! whoever enters what came by email, by phone or in a meeting.
//!
//! A row that is left empty is left alone. As long as one row is wrong nothing is saved, and everything typed stays.

use std::collections::HashSet;

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use crate::{
    command::{
        CommandError,
        update::many::{Against, Entered, add_many, why_not},
    },
    domain::{
        access::{Actor, Permission, may_in, may_on},
        action::Action,
        dashboard::{Answer, answer},
        id::{ActionId, PostId, RoundId},
        paper,
        plan::Record,
        post::Lead,
        round::Round,
        text::plural,
        update::Update,
    },
    link::path,
    secret,
    store::{self, StoreError, record::Depth, round::RoundRow},
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        page::action::refused,
        sheet::{Redirect, Sheet},
        view::{
            form::FieldError,
            kit::{self, inset},
        },
    },
};

mod form;
mod read;

/// Everything that the page is made of.
struct Entering<'a> {
    round: &'a Round,
    rows: Vec<Line<'a>>,
    /// The leads who are awaited, each with how many of their actions are.
    leads: Vec<(PostId, &'a str, usize)>,
    /// Whose rows alone are shown.
    lead: Option<PostId>,
    today: chrono::NaiveDate,
}

/// One action.
struct Line<'a> {
    record: &'a Record,
    action: &'a Action,
    /// The last update, which stands above the box.
    last: Option<&'a Update>,
    /// Whether whoever enters answers for it themselves: then it is their own word.
    own: bool,
}

impl Line<'_> {
    /// The name of a field of this row.
    fn name(&self, field: &str) -> String {
        format!("a{}_{field}", self.action.id)
    }

    /// Whether anything was typed or chosen in this row.
    fn is_filled(&self, fields: &Fields) -> bool {
        TYPED.iter().any(|field| !fields.raw(&self.name(field)).trim().is_empty())
    }
}

/// The fields of a row that somebody fills.
const TYPED: [&str; 7] =
    ["narrative", "reported", "put_right", "outcome", "outcome_not_known", "continuing", "next_steps"];

impl<'a> Entering<'a> {
    /// The rows: whoever is awaited, and whatever was typed for others.
    fn of(
        round: &'a Round,
        records: &'a [Record],
        actor: &Actor,
        fields: &Fields,
        today: chrono::NaiveDate,
    ) -> Self {
        let lead = fields.raw("lead").parse().ok().map(PostId);
        let all = records
            .iter()
            .flat_map(|record| record.actions.iter().map(move |action| (record, action)))
            .filter(|(record, action)| {
                may_on(actor, Permission::EnterForOthers, &record.plan, action).is_ok()
            });
        let lines: Vec<(Line<'_>, bool)> = all
            .map(|(record, action)| {
                let last = action.latest_at(today);
                let is_late = |u: &Update| paper::late_for(record, u).is_some_and(|of| of.id == round.id);
                let awaited = answer(record, action, round, today) == Answer::Gap
                    && !action.updates_at(today).any(is_late);
                (Line { record, action, last, own: actor.answers_for(action) }, awaited)
            })
            .collect();
        let awaited = || lines.iter().filter(|(_, awaited)| *awaited).map(|(line, _)| line);
        let mut leads: Vec<(PostId, &str, usize)> = Vec::new();
        for line in awaited() {
            for post in line.action.leads.iter().filter_map(post_of) {
                match leads.iter_mut().find(|(id, ..)| *id == post) {
                    Some((.., n)) => *n += 1,
                    None => leads.push((post, line.record.post(post).map_or("", |p| p.name.as_str()), 1)),
                }
            }
        }
        leads.sort_by_key(|(_, name, _)| *name);
        let shown = |line: &Line<'_>| lead.is_none_or(|lead| line.action.is_led_by(lead));
        let rows = lines
            .into_iter()
            .filter(|(line, awaited)| (*awaited && shown(line)) || line.is_filled(fields))
            .map(|(line, _)| line)
            .collect();
        Self { round, rows, leads, lead, today }
    }
}

fn post_of(lead: &Lead) -> Option<PostId> {
    match lead {
        Lead::Post { post, .. } => Some(*post),
        Lead::Person(_) | Lead::OutsideBody(_) => None,
    }
}

/// The page; `?lead=` shows the actions of one post.
pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let (row, records) = load(&app, &actor, RoundId(id)).await?;
    if why_not(&row.round).is_some() {
        let there = Redirect::to(path::round(row.round.id));
        return Ok(there.saying("Nobody is awaited for this round now").into_response());
    }
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let today = app.cx.clock.today();
    let fields = Fields::of([("lead", query.raw("lead").to_owned()), ("received_on", text_day(today))]);
    let entering = Entering::of(&row.round, &records, &actor, &fields, today);
    Ok(page(&entering, &fields, &[], &HashSet::new())?.into_response())
}

/// Saves all of it, or nothing. Whatever has happened meanwhile, everything typed is shown again.
pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (row, records) = load(&app, &actor, RoundId(id)).await?;
    let today = app.cx.clock.today();
    let entering = Entering::of(&row.round, &records, &actor, &fields, today);
    let entries = match read::entries(&entering, &fields) {
        Ok(entries) => entries,
        Err(errors) => return Ok(page(&entering, &fields, &errors, &HashSet::new())?.into_response()),
    };
    let entered = match add_many(&app.cx, &actor, row.round.id, &entries).await {
        Err(error @ CommandError::Refused { .. }) => {
            return Ok(page(&entering, &fields, &[refused(error)?], &HashSet::new())?.into_response());
        }
        entered => entered?,
    };
    match entered {
        Entered::All { added, before, closed } => {
            let mut done = match added {
                0 => "Nothing new to save".to_owned(),
                n => format!("{} entered", plural(n, "update", "updates")),
            };
            if before > 0 {
                let were = plural(before, "was saved before", "were saved before");
                done = format!("{done}. {}", were);
            }
            if closed && added > 0 {
                done = format!("{done}. {}", closed_words(&row.round, today));
            }
            Ok(Redirect::to(path::round(row.round.id)).saying(done).into_response())
        }
        Entered::Nothing(against) => {
            // What was read has changed: the newest stands above the box, and saving again adds this one too.
            let (row, records) = load(&app, &actor, RoundId(id)).await?;
            let entering = Entering::of(&row.round, &records, &actor, &fields, today);
            let errors = errors_of(&entering, &against);
            let anew = against.iter().map(|a| a.action).collect();
            Ok(page(&entering, &fields, &errors, &anew)?.into_response())
        }
    }
}

fn errors_of(entering: &Entering<'_>, against: &[Against]) -> Vec<FieldError> {
    let line = |id: ActionId| entering.rows.iter().find(|line| line.action.id == id);
    let error = |a: &Against| match line(a.action) {
        Some(line) => FieldError::new(line.name(a.field), format!("{}: {}", line.action.label, a.message)),
        None => FieldError::whole_form(a.message.clone()),
    };
    against.iter().map(error).collect()
}

/// The round with the records of its plans, for somebody who may enter updates in one of them at least.
async fn load(app: &App, actor: &Actor, id: RoundId) -> Result<(RoundRow, Vec<Record>), WebError> {
    let row = store::round::by_id(&app.cx.store, id).await?.ok_or(WebError::NotFound)?;
    let mut records = store::record::all(&app.cx.store, actor, Depth::Current).await?;
    records.retain(|record| row.plans.contains(&record.plan.id));
    let first = records.first().ok_or(WebError::NotFound)?;
    let may = |record: &Record| may_in(actor, Permission::EnterForOthers, &record.plan);
    if records.iter().all(|record| may(record).is_err()) {
        may(first)?;
    }
    Ok((row, records))
}

/// What becomes of an update that is entered once the papers are closed.
fn closed_words(round: &Round, today: chrono::NaiveDate) -> &'static str {
    if round.meeting_on.is_some_and(|meeting| today <= meeting) {
        "The papers are closed: what is entered now is marked “received after the papers closed” and stands in their addendum"
    } else {
        "The papers are closed: what is entered now stands between the rounds"
    }
}

/// What was typed for actions that are not in the table any more: it is shown once, to be copied.
fn gone(entering: &Entering<'_>, fields: &Fields) -> Markup {
    let typed = fields.pairs().filter_map(|(name, text)| {
        let id = name.strip_prefix('a')?.strip_suffix("_narrative")?.parse().map(ActionId).ok()?;
        let is_gone = entering.rows.iter().all(|line| line.action.id != id);
        (is_gone && !text.trim().is_empty()).then_some(text)
    });
    let typed: Vec<&str> = typed.collect();
    if typed.is_empty() {
        return Markup::default();
    }
    inset(html! {
        p { "You also wrote this, on actions that are not in this round any more, or not yours to enter for. It is not saved: copy what you need." }
        @for text in typed { (kit::paragraphs(text)) }
    })
}

fn text_day(day: chrono::NaiveDate) -> String {
    crate::domain::text::day(day)
}

/// The page. Rows in `anew` get a new token and the update that is the last now, so that they can be saved again.
fn page(
    entering: &Entering<'_>,
    fields: &Fields,
    errors: &[FieldError],
    anew: &HashSet<ActionId>,
) -> Result<Sheet, WebError> {
    let mut hidden = Vec::with_capacity(entering.rows.len());
    for line in &entering.rows {
        let (token, seen) = (fields.raw(&line.name("token")), fields.raw(&line.name("seen")));
        let is_fresh = token.is_empty() || anew.contains(&line.action.id);
        hidden.push(if is_fresh {
            let token = secret::token().map_err(|e| StoreError::File(std::io::Error::other(e)))?;
            (token, line.last.map_or(String::new(), |u| u.id.to_string()))
        } else {
            (token.to_owned(), seen.to_owned())
        });
    }
    let content = form::render(entering, fields, errors, &hidden, gone(entering, fields));
    let label = entering.round.label.as_str();
    Ok(Sheet::new(["Enter updates", label], content)
        .back(path::round(entering.round.id), format!("Back to {label}"))
        .rejected(!errors.is_empty()))
}
