//! Planning a round, and changing its label and dates: one form for both.
//!
//! Owns how the form is read. A date is read as people write it, and it is said how it was read.

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
        calendar::Calendar,
        deadline::{self, Certainty, Context, Span},
        id::{PlanId, RoundId},
        plan::Record,
        round::{Round, RoundDraft},
        text,
    },
    link::path,
    store::{self, record::Depth, round::RoundRow},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, Reader},
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::{Fact, Link, both_texts, summary_list},
        },
    },
};

/// Updates are due this many working days before the meeting, unless somebody says otherwise.
const DUE_BEFORE_MEETING: usize = 15;
/// The longest label: it heads a column.
const LABEL: usize = 40;

/// What a form was read as.
#[derive(Debug)]
struct Parsed {
    draft: RoundDraft,
    plans: Vec<PlanId>,
    /// How the date was read, and what was proposed, for the next page.
    said: String,
}

fn parse(fields: &Fields, known: &[PlanId], calendar: &Calendar) -> Result<Parsed, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let label = reader.required(
        "label",
        LABEL,
        "Enter a name for the round, as the column in the table should be headed",
    );
    let date = reader.required("date", LINE, "Enter the round’s date: a day or a month");
    let read = (!date.is_empty()).then(|| round_date(&date));
    let (span, how) = match read {
        Some(Ok(read)) => read,
        Some(Err(message)) => {
            reader.wrong("date", message);
            Default::default()
        }
        None => Default::default(),
    };
    let plans: Vec<PlanId> = fields
        .all("plans")
        .filter_map(|id| id.parse().ok())
        .map(PlanId)
        .filter(|p| known.contains(p))
        .collect();
    if !known.is_empty() && plans.is_empty() {
        reader.wrong("plans", "Choose the plans that this round covers");
    }
    let meeting_on = reader.day("meeting_on");
    let meeting_of = reader.optional("meeting_of", LINE);
    let stated = reader.day("updates_due_on");
    if let (Some(due), Some(meeting)) = (stated, meeting_on)
        && due > meeting
    {
        reader.wrong("updates_due_on", "Updates can’t be due after the meeting");
    }
    let proposed = meeting_on.map(|on| calendar.subtract_working_days(on, DUE_BEFORE_MEETING));
    let updates_due_on =
        stated.or_else(|| proposed.filter(|_| fields.raw("updates_due_on").trim().is_empty()));
    let mut said = format!("Its date is read as {how}");
    if let (None, Some(due)) = (stated, updates_due_on) {
        let due = text::day(due);
        said =
            format!("{said}. Updates are due by {due}, {DUE_BEFORE_MEETING} working days before the meeting");
    }
    let draft = RoundDraft { label, span: span.unwrap_or(NO_SPAN), updates_due_on, meeting_on, meeting_of };
    reader.finish(Parsed { draft, plans, said })
}

/// Stands in a draft that is never used, because its form has an error.
const NO_SPAN: Span = Span { earliest: NaiveDate::MIN, latest: NaiveDate::MIN };

/// A round's date: one day or one month, with how it was read.
fn round_date(text: &str) -> Result<(Option<Span>, String), String> {
    const HELP: &str = "Enter a day or a month with its year, for example 19 February 2018 or March 2018";
    let reading = deadline::read(text, &Context::default()).map_err(|e| e.to_string())?;
    if let (Certainty::Ambiguous, Some(one), Some(other)) =
        (reading.certainty, reading.span, reading.alternative)
    {
        return Err(format!("“{text}” can mean {one} or {other}: write it in full"));
    }
    match reading.span {
        Some(span) if span.earliest == span.latest || span.is_month() => Ok((Some(span), reading.how)),
        _ => Err(HELP.to_owned()),
    }
}

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let plans = offered(&app, &actor).await?;
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let chosen = plans.iter().filter(|r| plans.len() == 1 || r.plan.slug == query.raw("plan"));
    let mut first: Vec<(&str, String)> = chosen.clone().map(|r| ("plans", r.plan.id.to_string())).collect();
    if let Some(panel) = chosen.into_iter().find_map(|r| r.plan.panel.clone()) {
        first.push(("meeting_of", panel));
    }
    Ok(new_page(&Fields::of(first), &plans, &[]))
}

/// The plans that a round can cover: those that are still monitored.
async fn offered(app: &App, actor: &Actor) -> Result<Vec<Record>, WebError> {
    let mut plans = store::record::all(&app.cx.store, actor, Depth::Current).await?;
    plans.retain(|r| {
        r.plan.monitoring_ended_on.is_none() && may_in(actor, Permission::RunRounds, &r.plan).is_ok()
    });
    Ok(plans)
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    let plans = offered(&app, &actor).await?;
    let known: Vec<PlanId> = plans.iter().map(|r| r.plan.id).collect();
    let parsed = match parse(&fields, &known, &app.cx.calendar()) {
        Ok(parsed) => parsed,
        Err(errors) => return Ok(new_page(&fields, &plans, &errors).into_response()),
    };
    match command::round::create(&app.cx, &actor, &parsed.draft, &parsed.plans).await {
        Ok(id) => {
            let said = format!("{} is planned. {}", parsed.draft.label, parsed.said);
            Ok(Redirect::to(path::round(id)).saying(said).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(new_page(&fields, &plans, &[FieldError::new(field, message)]).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn new_page(fields: &Fields, plans: &[Record], errors: &[FieldError]) -> Sheet {
    let ids: Vec<String> = plans.iter().map(|r| r.plan.id.to_string()).collect();
    let inputs = Inputs::new(errors);
    let choices = plans.iter().zip(&ids).map(|(r, id)| Choice::new(id.as_str(), &r.plan.title));
    let content = html! {
        (inputs.summary())
        h1 { "Plan a round" }
        (post(NEW, html! {
            (name_and_date(fields, inputs))
            @if plans.is_empty() {
                p { "There is no plan yet that a round could cover. " a href=(path::PLANS) { "Go to the plans" } }
            } @else {
                (inputs.checkboxes("plans", "Which plans does it cover?", fields.all("plans"), choices))
            }
            (meeting(fields, inputs))
            (button_group([submit("Plan the round", Kind::Primary), html! { (Link::new(path::ROUNDS, "Cancel")) }]))
        }))
    };
    Sheet::new(["Plan a round", "Rounds"], content).back(path::ROUNDS, "Rounds").rejected(!errors.is_empty())
}

fn name_and_date(fields: &Fields, inputs: Inputs<'_>) -> Markup {
    let read = Some(fields.raw("date")).filter(|t| !t.trim().is_empty()).and_then(|t| round_date(t).ok());
    html! {
        (inputs.text("label", "Name of the round", fields.raw("label"))
            .hint("It heads the round’s column in the table: “Sept 2017”, “7 Dec 2017”")
            .width(Width::W20))
        (inputs.text("date", "Date", fields.raw("date"))
            .hint(html! {
                "A day or a month, as you would write it: 19 February 2018, March 2018"
                @if let Some((_, how)) = read { ". Read as " (how) }
            })
            .width(Width::W20))
    }
}

fn meeting(fields: &Fields, inputs: Inputs<'_>) -> Markup {
    html! {
        (inputs.text("meeting_on", "Day of the meeting", fields.raw("meeting_on"))
            .hint("For example 19 February 2018")
            .width(Width::W20)
            .optional())
        (inputs.text("meeting_of", "Who meets", fields.raw("meeting_of"))
            .hint("The panel, committee or board")
            .optional())
        (inputs.text("updates_due_on", "Updates are due by", fields.raw("updates_due_on"))
            .hint(html! {
                "Left empty, with a day for the meeting: " (DUE_BEFORE_MEETING) " working days before it"
            })
            .width(Width::W20)
            .optional())
    }
}

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let (row, _) = runnable(&app.cx.store, &actor, RoundId(id), Depth::Current).await?;
    if row.round.state.is_closed() {
        return Ok(Redirect::to(path::round(row.round.id)).into_response());
    }
    Ok(edit_page(&row, &as_typed(&row), &[], None).into_response())
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (row, _) = runnable(&app.cx.store, &actor, RoundId(id), Depth::Current).await?;
    let parsed = match parse(&fields, &[], &app.cx.calendar()) {
        Ok(parsed) => parsed,
        Err(errors) => return Ok(edit_page(&row, &fields, &errors, None).into_response()),
    };
    let version = fields.raw("version").parse().unwrap_or_default();
    match command::round::edit(&app.cx, &actor, row.round.id, version, &parsed.draft).await {
        Ok(()) => {
            let said = format!("{} is changed. {}", parsed.draft.label, parsed.said);
            Ok(Redirect::to(path::round(row.round.id)).saying(said).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(edit_page(&row, &fields, &[FieldError::new(field, message)], None).into_response())
        }
        Err(CommandError::Stale) => Ok(edit_page(&row, &fields, &[], Some(&parsed.draft))
            .status(StatusCode::CONFLICT)
            .into_response()),
        Err(other) => Err(other.into()),
    }
}

/// What is saved, as the form would have it.
fn as_typed(row: &RoundRow) -> Fields {
    let Round { label, span, updates_due_on, meeting_on, .. } = &row.round;
    let date = if span.is_month() { text::month(span.latest) } else { text::day(span.latest) };
    let day = |on: &Option<NaiveDate>| on.map(text::day).unwrap_or_default();
    Fields::of([
        ("label", label.clone()),
        ("date", date),
        ("meeting_on", day(meeting_on)),
        ("meeting_of", row.meeting_of.clone().unwrap_or_default()),
        ("updates_due_on", day(updates_due_on)),
    ])
}

/// The form for an existing round; `typed` where somebody else saved in between.
fn edit_page(row: &RoundRow, fields: &Fields, errors: &[FieldError], typed: Option<&RoundDraft>) -> Sheet {
    let inputs = Inputs::new(errors);
    let back = path::round(row.round.id);
    // After a clash the newest version, so that saving again is a choice; else the one that the editor saw.
    let seen = fields.raw("version");
    let version = if typed.is_some() || seen.is_empty() { row.version.to_string() } else { seen.to_owned() };
    let content = html! {
        (inputs.summary())
        h1 { span class="caption" { (row.round.label) } " Change the round" }
        @if typed.is_some() { (clash(row, fields)) }
        (post(&path::edit_round(row.round.id), html! {
            (hidden("version", &version))
            (name_and_date(fields, inputs))
            (meeting(fields, inputs))
            (button_group([submit("Save", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
    };
    Sheet::new(["Change the round", row.round.label.as_str()], content)
        .back(back.clone(), row.round.label.clone())
        .rejected(!errors.is_empty())
}

/// Both texts, where somebody else saved in between.
fn clash(row: &RoundRow, fields: &Fields) -> Markup {
    let saved = as_typed(row);
    let body = |fields: &Fields| {
        let fact = |label, name| Fact::new(label, html! { (fields.raw(name)) });
        summary_list([
            fact("Name", "label"),
            fact("Date", "date"),
            fact("Meeting", "meeting_on"),
            fact("Who meets", "meeting_of"),
            fact("Updates due", "updates_due_on"),
        ])
    };
    html! {
        p { "Somebody else changed this round after you opened the form. Nothing of yours is saved yet." }
        (both_texts("What is saved now", body(&saved), "What you typed", body(fields)))
        p { "The form holds what you typed. Save it to put it in place of what is saved now, or cancel." }
    }
}
