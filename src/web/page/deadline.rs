//! Asking for another date for an action. What is decided on it stands in `deadline/decide.rs`.

use axum::{extract::State, response::Response};
use maud::{Markup, Render as _, html};

use super::action::{either, form_heading, form_sheet, record_for, refused};
use crate::{
    command::{self, update::AskedDate},
    domain::{
        access::{Actor, Permission, may_on},
        action::{Action, Revision, State as ActionState},
        id::ActionId,
        plan::Record,
        standing,
    },
    link::path,
    store::record::Depth,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::{FieldError, Inputs, post},
            kit::{Fact, Link, notice, summary_list},
        },
    },
};

pub(in crate::web) mod asked;
mod decide;
mod withdraw;

pub(in crate::web) use decide::{decide, new_decision};
pub(in crate::web) use withdraw::{new_withdrawal, withdraw};

/// The form for another date.
pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let id = ActionId(id);
    let record = record_for(&app, &actor, id, Permission::AskForDate, Depth::Current).await?;
    let action = record.action(id).ok_or(WebError::NotFound)?;
    Ok(shown(&app, &actor, &record, action, &Fields::default(), &[]))
}

/// Asks for it.
pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = ActionId(id);
    let record = record_for(&app, &actor, id, Permission::AskForDate, Depth::Current).await?;
    let action = record.action(id).ok_or(WebError::NotFound)?;
    let errors = match parse(&fields, &record) {
        Ok(asked) => match command::deadline::ask(&app.cx, &actor, id, &asked.wording, &asked.reason).await {
            Ok(_) => {
                let done = format!(
                    "{} asked for on {}. Until it is granted, the deadline stays as it is",
                    asked.wording, action.label
                );
                return Ok(either(Redirect::to(path::action(id)).saying(done)));
            }
            Err(error) => vec![refused(error)?],
        },
        Err(errors) => errors,
    };
    Ok(either(shown(&app, &actor, &record, action, &fields, &errors)))
}

fn parse(fields: &Fields, record: &Record) -> Result<AskedDate, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let asked = asked::read(&mut reader, record);
    let nothing = AskedDate { wording: String::new(), reason: String::new() };
    reader.finish(asked.unwrap_or(nothing))
}

fn shown(
    app: &App,
    actor: &Actor,
    record: &Record,
    action: &Action,
    fields: &Fields,
    errors: &[FieldError],
) -> Sheet {
    let today = app.cx.clock.today();
    let f = Inputs::new(errors);
    let back = path::action(action.id);
    let decides = may_on(actor, Permission::DecideDate, &record.plan, action).is_ok();
    let content = html! {
        (f.summary())
        (form_heading(action, "Change the deadline"))
        (summary_list(dates(action, standing::stand_one(record, action, today))))
        @if let Some(asked) = action.asked_at(today) { (pending(asked, decides)) }
        @if action.state_at(today) != ActionState::Open {
            (notice("No other date is needed", html! {
                p { (action.label) " is " (action.state_at(today).words().to_lowercase()) "." }
            }))
        }
        // What somebody has typed stays, also where it comes too late.
        @if f.rejected() || can_be_asked(action, today) {
            p { "Nothing changes until the date is granted. " (who_grants(record)) }
            (post(&path::new_deadline(action.id), html! {
                (asked::fields(f, fields, record))
                (button_group([submit("Ask for this date", Kind::Primary), Link::new(&back, "Cancel").render()]))
            }))
        }
    };
    form_sheet(record, action, "Change the deadline", content).rejected(!errors.is_empty())
}

fn can_be_asked(action: &Action, today: chrono::NaiveDate) -> bool {
    action.state_at(today) == ActionState::Open && action.asked_at(today).is_none()
}

/// The dates as they stand.
fn dates<'a>(action: &'a Action, standing: standing::Standing<'a>) -> Vec<Fact<'a>> {
    let written = |r: Option<&Revision>| match r.map(|r| r.wording.trim()).unwrap_or_default() {
        "" => "No date".to_owned(),
        wording => wording.to_owned(),
    };
    let how = standing.deadline.map_or("", |r| r.how.as_str());
    let mut facts = vec![Fact::new("By when", written(standing.deadline)), Fact::new("Read as", how)];
    if let Some(slippage) = standing.slippage {
        facts.push(Fact::new(
            "First agreed",
            html! { (written(action.original())) ", so this is " (slippage) },
        ));
    }
    facts
}

fn pending(asked: &Revision, decides: bool) -> Markup {
    notice(
        "A date is asked for already",
        html! {
            p {
                (asked.wording) " was asked for"
                @if let Some(by) = &asked.asked_by { " by " (by) }
                ". It has to be decided or withdrawn before another one can be asked for."
            }
            p { (Link::new(&path::withdraw_deadline(asked.id), "Withdraw it")) }
            @if decides { p { (Link::new(&path::decide_deadline(asked.id), "Decide on it")) } }
        },
    )
}

fn who_grants(record: &Record) -> String {
    record.words.say(if record.plan.panel_grants_dates {
        "In this plan later dates are the {panel’s} to grant; a scrutiny officer records what it decides."
    } else {
        "In this plan a manager can grant it, or record that the {panel} has."
    })
}
