//! Asked by phone: that somebody was called about their updates, on which day, and what was said in short.

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use maud::html;

use super::load;
use crate::{
    command::{self, CommandError, round::PhoneCall},
    domain::{
        access::{Actor, Permission, may_in},
        dashboard::{Answer, Dashboard},
        id::{PlanId, RoundId},
        plan::Record,
        text,
    },
    link::path,
    store::{record::Depth, round::RoundRow},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, Reader},
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::Link,
        },
    },
};

/// Who can be called: a lead of a plan of whom something is awaited.
struct Callable {
    plan: PlanId,
    title: String,
    name: String,
    labels: Vec<String>,
}

impl Callable {
    /// What the form sends: the plan's number, a colon, and the lead's name.
    fn code(&self) -> String {
        format!("{}:{}", self.plan, self.name)
    }
}

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let (row, records) = helped(&app, &actor, id).await?;
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let fields = Fields::of([
        ("whom", format!("{}:{}", query.raw("plan"), query.raw("lead"))),
        ("asked_on", text::day(app.cx.clock.today())),
    ]);
    Ok(sheet(&app, &row, &records, &fields, &[]))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (row, records) = helped(&app, &actor, id).await?;
    let all = callable(&app, &row, &records);
    let mut reader = Reader::new(&fields);
    let one = |code: &str| all.iter().find(|callable| callable.code() == code);
    let whom = reader.required_choice("whom", one, "Choose who was asked");
    let on = reader.required_day("asked_on", "Enter the day of the call");
    let note = reader.optional("note", LINE);
    let wrong = match (reader.finish(()), whom) {
        (Err(errors), _) => errors,
        (Ok(()), None) => vec![FieldError::new("whom", "Choose who was asked")],
        (Ok(()), Some(whom)) => {
            let call = PhoneCall { plan: whom.plan, whom: whom.name.clone(), on, note };
            match command::round::note_call(&app.cx, &actor, row.round.id, &call).await {
                Ok(()) => {
                    let done = format!("Noted: {} was asked by phone on {}", whom.name, text::day(on));
                    return Ok(Redirect::to(path::round(row.round.id)).saying(done).into_response());
                }
                Err(CommandError::Refused { field, message }) => vec![FieldError::new(field, message)],
                Err(error) => return Err(error.into()),
            }
        }
    };
    Ok(sheet(&app, &row, &records, &fields, &wrong).into_response())
}

/// A round with those of its plans about which the reader may note calls.
pub(super) async fn helped(app: &App, actor: &Actor, id: i64) -> Result<(RoundRow, Vec<Record>), WebError> {
    let (row, mut records) = load(&app.cx.store, actor, RoundId(id), Depth::Current).await?;
    // Where it is none of their plans, who may is said.
    if let Some(first) = records.first() {
        let allowed = |record: &Record| may_in(actor, Permission::NoteCalls, &record.plan).is_ok();
        if !records.iter().any(allowed) {
            may_in(actor, Permission::NoteCalls, &first.plan)?;
        }
        records.retain(allowed);
    }
    Ok((row, records))
}

fn callable(app: &App, row: &RoundRow, records: &[Record]) -> Vec<Callable> {
    let today = app.cx.clock.today();
    let mut all = Vec::new();
    for record in records {
        let board = Dashboard::at(record, today, |r| r.id == row.round.id);
        for group in board.by_lead() {
            let awaited = |a| board.answer(a, &row.round) == Answer::Gap;
            let labels: Vec<String> =
                group.actions.iter().filter(|s| awaited(s.action)).map(|s| s.action.label.clone()).collect();
            if !labels.is_empty() {
                let (plan, title) = (record.plan.id, record.plan.title.clone());
                all.push(Callable { plan, title, name: group.name, labels });
            }
        }
    }
    all
}

fn sheet(app: &App, row: &RoundRow, records: &[Record], fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let back = path::round(row.round.id);
    let all = callable(app, row, records);
    let several = records.len() > 1;
    let choices = [Choice::new("", "Choose")].into_iter().chain(all.iter().map(|callable| {
        let of = if several { format!(", {}", callable.title) } else { String::new() };
        Choice::new(callable.code(), format!("{}: {}{of}", callable.name, text::list(&callable.labels)))
    }));
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (row.round.label) } " Asked by phone" }
        @if all.is_empty() {
            p { "Nobody is awaited for this round." }
            p { (Link::new(&back, "Back to the round")) }
        } @else {
            (post(&path::asked_by_phone_of(row.round.id), html! {
                (f.select("whom", "Who was asked?", fields.raw("whom"), choices))
                (f.text("asked_on", "On which day?", fields.raw("asked_on"))
                    .hint("For example 22 January 2018")
                    .width(Width::W20))
                (f.text("note", "What was said", fields.raw("note"))
                    .hint("In short. Only those who run the round or manage the plan read it")
                    .optional())
                (button_group([submit("Note the call", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
            }))
        }
    };
    Sheet::new(["Asked by phone", row.round.label.as_str()], content)
        .back(back.clone(), row.round.label.clone())
        .rejected(f.rejected())
}
