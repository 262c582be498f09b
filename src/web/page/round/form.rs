//! Planning a round, and changing its name and what it is for: one form for both. How it is read is in `form/read.rs`.
//!
//! A round is for a meeting: one that is recorded, or one that is made along with it. Where the day of the meeting is not
//! known yet, or there is none, it has a date of its own.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::{NEW, runnable};
use crate::{
    command::{self, CommandError},
    domain::{
        access::{Actor, Permission, may_in},
        id::PlanId,
        meeting::Meeting,
        plan::Record,
        text,
        words::Words,
    },
    link::path,
    store::{self, record::Depth, round::RoundRow},
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        page::{
            both::both,
            meeting::{date_fields, dates_in_words},
        },
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::Link,
        },
    },
};

mod read;

use read::parse;

/// The form's fields by their labels, for two people who edit at once.
const LABELS: [(&str, &str); 9] = [
    ("meeting", "Meeting"),
    ("meeting_on", "Day of the meeting"),
    ("meeting_of", "Who meets"),
    ("updates_due_on", "Updates are due by"),
    ("papers_due_on", "Papers are due by"),
    ("agenda_on", "Agenda is published on"),
    ("date", "Date"),
    ("due_on", "Updates are due by"),
    ("label", "Name of the round"),
];

/// What the form offers: plans and meetings to choose from.
struct Offer {
    plans: Vec<Record>,
    meetings: Vec<Meeting>,
    today: NaiveDate,
}

impl Offer {
    /// The plans that a round can cover, those that are still monitored, and every meeting.
    async fn load(app: &App, actor: &Actor) -> Result<Self, WebError> {
        let mut plans = store::record::all(&app.cx.store, actor, Depth::Current).await?;
        plans.retain(|r| {
            r.plan.monitoring_ended_on.is_none() && may_in(actor, Permission::RunRounds, &r.plan).is_ok()
        });
        let (_, meetings) = store::meeting::all(&app.cx.store).await?;
        Ok(Self { plans, meetings, today: app.cx.clock.today() })
    }

    /// The meetings to come of the plans' panels, and one that is chosen already.
    fn meetings(&self, chosen: &str) -> Vec<&Meeting> {
        let of_plan = |m: &&Meeting| self.plans.iter().any(|r| r.plan.panel_id == Some(m.panel));
        let to_come = |m: &&Meeting| m.held_on >= self.today;
        self.meetings.iter().filter(|m| (to_come(m) && of_plan(m)) || m.id.to_string() == chosen).collect()
    }

    /// The next meeting of one of some plans' panels.
    fn next_of<'a>(&self, plans: impl Iterator<Item = &'a Record>) -> Option<&Meeting> {
        let panels: Vec<_> = plans.filter_map(|r| r.plan.panel_id).collect();
        self.meetings.iter().find(|m| m.held_on >= self.today && panels.contains(&m.panel))
    }
}

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let offer = Offer::load(&app, &actor).await?;
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let asked = offer.meetings.iter().find(|m| m.id.to_string() == query.raw("meeting"));
    let is_chosen = |r: &&Record| {
        offer.plans.len() == 1
            || r.plan.slug == query.raw("plan")
            || asked.is_some_and(|m| r.plan.panel_id == Some(m.panel))
    };
    let chosen: Vec<&Record> = offer.plans.iter().filter(is_chosen).collect();
    let mut first: Vec<(&str, String)> = chosen.iter().map(|r| ("plans", r.plan.id.to_string())).collect();
    let meeting = asked.or_else(|| offer.next_of(chosen.iter().copied()));
    first.push(("meeting", meeting.map_or(read::NEW.to_owned(), |m| m.id.to_string())));
    if let Some(panel) = chosen.iter().find_map(|r| r.plan.panel.clone()) {
        first.push(("meeting_of", panel));
    }
    Ok(new_page(&Fields::of(first), &offer, &[], &app.cx.words()))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    let offer = Offer::load(&app, &actor).await?;
    let words = app.cx.words();
    let known: Vec<PlanId> = offer.plans.iter().map(|r| r.plan.id).collect();
    let meetings = offer.meetings(fields.raw("meeting"));
    let parsed = match parse(&fields, &known, &meetings, &app.cx.calendar(), &words) {
        Ok(parsed) => parsed,
        Err(errors) => return Ok(new_page(&fields, &offer, &errors, &words).into_response()),
    };
    let done = match &parsed.new {
        Some(new) => {
            command::round::create_with_meeting(&app.cx, &actor, &parsed.draft, &parsed.plans, new).await
        }
        None => command::round::create(&app.cx, &actor, &parsed.draft, &parsed.plans).await,
    };
    match done {
        Ok(id) => {
            let said = format!("{} is planned. {}", parsed.draft.label, parsed.said);
            Ok(Redirect::to(path::round(id)).saying(said).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(new_page(&fields, &offer, &[FieldError::new(field, message)], &words).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn new_page(fields: &Fields, offer: &Offer, errors: &[FieldError], words: &Words) -> Sheet {
    let ids: Vec<String> = offer.plans.iter().map(|r| r.plan.id.to_string()).collect();
    let inputs = Inputs::new(errors);
    let choices = offer.plans.iter().zip(&ids).map(|(r, id)| Choice::new(id.as_str(), &r.plan.title));
    let content = html! {
        (inputs.summary())
        h1 { "Plan a round" }
        (post(NEW, html! {
            @if offer.plans.is_empty() {
                p { "There is no plan yet that a round could cover. " a href=(path::PLANS) { "Go to the plans" } }
            } @else {
                (inputs.checkboxes("plans", "Which plans does it cover?", fields.all("plans"), choices))
            }
            (meeting(fields, inputs, offer, words))
            (name(fields, inputs))
            (button_group([submit("Plan the round", Kind::Primary), html! { (Link::new(path::ROUNDS, "Cancel")) }]))
        }))
    };
    Sheet::new(["Plan a round", "Rounds"], content).back(path::ROUNDS, "Rounds").rejected(!errors.is_empty())
}

fn name(fields: &Fields, inputs: Inputs<'_>) -> Markup {
    html! {
        (inputs.text("label", "Name of the round", fields.raw("label"))
            .hint("As the column in the table should be headed. Left empty: its day, for example 19 Feb 2018")
            .width(Width::W20)
            .optional())
    }
}

/// "19 February 2018, Community Safety and Leisure Scrutiny Panel".
fn meeting_words(meeting: &Meeting) -> String {
    format!("{}, {}", text::day(meeting.held_on), meeting.panel_name)
}

fn meeting(fields: &Fields, inputs: Inputs<'_>, offer: &Offer, words: &Words) -> Markup {
    let chosen = fields.raw("meeting");
    let known = offer
        .meetings(chosen)
        .into_iter()
        .map(|m| Choice::new(m.id.to_string(), meeting_words(m)).hint(dates_in_words(m.dates)));
    let read =
        Some(fields.raw("date")).filter(|t| !t.trim().is_empty()).and_then(|t| read::round_date(t).ok());
    let new = html! {
        (inputs.text("meeting_on", "Day of the meeting", fields.raw("meeting_on"))
            .hint("For example 19 February 2018")
            .width(Width::W20))
        (inputs.text("meeting_of", "Who meets", fields.raw("meeting_of"))
            .hint(words.say("The {panel} by its name. One that is not here yet is added")))
        (date_fields(inputs, fields, words))
    };
    let none = html! {
        (inputs.text("date", "Date of the round", fields.raw("date"))
            .hint(html! {
                "A day or a month: 19 February 2018, March 2018"
                @if let Some((_, how)) = read { ". Read as " (how) }
            })
            .width(Width::W20))
        (inputs.text("due_on", "Updates are due by this day", fields.raw("due_on"))
            .width(Width::W20)
            .optional())
    };
    let others = [
        Choice::new(read::NEW, "Another meeting").more(new),
        Choice::new(read::NONE, "No meeting, or its day is not known yet").more(none),
    ];
    html! { (inputs.radios("meeting", "Which meeting is it for?", chosen, known.chain(others))) }
}

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let (row, offer) = changeable(&app, &actor, id).await?;
    if row.round.state.is_closed() {
        return Ok(Redirect::to(path::round(row.round.id)).into_response());
    }
    Ok(edit_page(&row, &as_typed(&row), &offer, &[], false, &app.cx.words()).into_response())
}

/// A round with the plans that it covers, and the meetings that it could be for.
async fn changeable(app: &App, actor: &Actor, id: i64) -> Result<(RoundRow, Offer), WebError> {
    let id = crate::domain::id::RoundId(id);
    let (row, plans) = runnable(&app.cx.store, actor, id, Depth::Current).await?;
    let (_, meetings) = store::meeting::all(&app.cx.store).await?;
    Ok((row, Offer { plans, meetings, today: app.cx.clock.today() }))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (row, offer) = changeable(&app, &actor, id).await?;
    let words = app.cx.words();
    let meetings = offer.meetings(fields.raw("meeting"));
    let parsed = match parse(&fields, &[], &meetings, &app.cx.calendar(), &words) {
        Ok(parsed) => parsed,
        Err(errors) => {
            return Ok(edit_page(&row, &fields, &offer, &errors, false, &words).into_response());
        }
    };
    let version = fields.raw("version").parse().unwrap_or_default();
    let (draft, new) = (&parsed.draft, parsed.new.as_ref());
    match command::round::edit(&app.cx, &actor, row.round.id, version, draft, new).await {
        Ok(()) => {
            let said = format!("{} is changed. {}", draft.label, parsed.said);
            Ok(Redirect::to(path::round(row.round.id)).saying(said).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            let wrong = [FieldError::new(field, message)];
            Ok(edit_page(&row, &fields, &offer, &wrong, false, &words).into_response())
        }
        Err(CommandError::Stale) => Ok(edit_page(&row, &fields, &offer, &[], true, &words)
            .status(StatusCode::CONFLICT)
            .into_response()),
        Err(other) => Err(other.into()),
    }
}

/// What is saved, as the form would have it.
fn as_typed(row: &RoundRow) -> Fields {
    let round = &row.round;
    let day = |on: Option<NaiveDate>| on.map(text::day).unwrap_or_default();
    let latest = round.span.latest;
    let own = match &round.meeting {
        Some(meeting) => vec![("meeting", meeting.id.to_string())],
        None => vec![
            ("meeting", read::NONE.to_owned()),
            ("date", if round.span.is_month() { text::month(latest) } else { text::day(latest) }),
            ("due_on", day(round.updates_due_on)),
        ],
    };
    Fields::of([("label", round.label.clone())].into_iter().chain(own))
}

/// The form for an existing round; `stale` where somebody else saved in between.
fn edit_page(
    row: &RoundRow,
    fields: &Fields,
    offer: &Offer,
    errors: &[FieldError],
    stale: bool,
    words: &Words,
) -> Sheet {
    let inputs = Inputs::new(errors);
    let back = path::round(row.round.id);
    // After a clash the newest version, so that saving again is a choice; else the one that the editor saw.
    let seen = fields.raw("version");
    let version = if stale || seen.is_empty() { row.version.to_string() } else { seen.to_owned() };
    let said = |name: &str, value: &str| {
        let meeting = offer.meetings.iter().find(|m| name == "meeting" && m.id.to_string() == value);
        match (meeting, name, value) {
            (Some(meeting), ..) => meeting_words(meeting),
            (None, "meeting", read::NEW) => "Another meeting".to_owned(),
            (None, "meeting", read::NONE) => "No meeting, or its day is not known yet".to_owned(),
            _ => value.to_owned(),
        }
    };
    let content = html! {
        (inputs.summary())
        h1 { span class="caption" { (row.round.label) } " Change the round" }
        @if stale { (both(&as_typed(row), fields, &LABELS, said)) }
        (post(&path::edit_round(row.round.id), html! {
            (hidden("version", &version))
            (meeting(fields, inputs, offer, words))
            (name(fields, inputs))
            (button_group([submit("Save", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
    };
    Sheet::new(["Change the round", row.round.label.as_str()], content)
        .back(back.clone(), row.round.label.clone())
        .rejected(!errors.is_empty())
}
