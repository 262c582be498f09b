//! Marking an update as not for publication, or lifting the mark.

use axum::{extract::State, response::Response};
use chrono::NaiveDate;
use maud::{Render as _, html};

use super::{found, of_update, review::in_short};
use crate::{
    command::update::exempt as command_exempt,
    domain::{
        access::Permission,
        action::Action,
        exempt::{self, PARAGRAPHS},
        id::UpdateId,
        plan::Record,
        update::Update,
    },
    link::path,
    store::record::Depth,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        page::action::{either, form_heading, form_sheet, refused},
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{Choice, FieldError, Inputs, post},
            kit::{Link, notice},
        },
    },
};

/// The choice that it is for publication.
const NONE: &str = "none";
const TITLE: &str = "Mark an update as not for publication";

/// The form, with what it is now.
pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let id = UpdateId(id);
    let (record, action) = of_update(&app, &actor, id, Permission::MarkExempt, Depth::Everything).await?;
    let (action, update) = found(&record, action, id)?;
    let now = code(update.exempt);
    let fields = Fields::of([(command_exempt::FIELD, now.as_str())]);
    Ok(page(&record, action, update, app.cx.clock.today(), &fields, &[]))
}

/// Saves it.
pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = UpdateId(id);
    let (record, action) = of_update(&app, &actor, id, Permission::MarkExempt, Depth::Everything).await?;
    let (action, update) = found(&record, action, id)?;
    let mut reader = Reader::new(&fields);
    let missing = "Choose whether it is for publication, and if not, under which paragraph";
    let chosen = reader.required_choice(command_exempt::FIELD, choice, missing);
    let seen = exempt::paragraph(fields.raw("was"));
    let errors = match reader.finish(chosen.flatten()) {
        Ok(paragraph) => match command_exempt::mark(&app.cx, &actor, id, seen, paragraph).await {
            Ok((action_id, changed)) => {
                let there = Redirect::to(path::action(action_id));
                return Ok(either(match (changed, paragraph) {
                    (false, _) => {
                        there.warning(format!("Nothing was changed for the update on {}", action.label))
                    }
                    (true, Some(p)) => {
                        there.saying(format!("Update on {} marked: {}", action.label, exempt::tag(p)))
                    }
                    (true, None) => {
                        there.saying(format!("The update on {} is for publication again", action.label))
                    }
                }));
            }
            Err(error) => vec![refused(error)?],
        },
        Err(errors) => errors,
    };
    let today = app.cx.clock.today();
    if command_exempt::why_not(&record, update, today).is_none() {
        return Ok(either(page(&record, action, update, today, &fields, &errors)));
    }
    // It has been published: there is no field any more that an error could stand beside.
    let errors: Vec<FieldError> = errors.into_iter().map(|e| FieldError::whole_form(e.message)).collect();
    Ok(either(page(&record, action, update, today, &fields, &errors)))
}

fn code(paragraph: Option<i32>) -> String {
    paragraph.map_or(NONE.to_owned(), |p| p.to_string())
}

fn choice(code: &str) -> Option<Option<i32>> {
    if code == NONE { Some(None) } else { exempt::paragraph(code).map(Some) }
}

fn page(
    record: &Record,
    action: &Action,
    update: &Update,
    today: NaiveDate,
    fields: &Fields,
    errors: &[FieldError],
) -> Sheet {
    let f = Inputs::new(errors);
    let back = path::action(action.id);
    let (published, open) = command_exempt::published(record, action, update, today);
    let choices = [Choice::new(NONE, "It is for publication")].into_iter().chain(PARAGRAPHS.iter().map(
        |(number, words)| {
            Choice::new(number.to_string(), format!("Exempt under paragraph {number}")).hint(*words)
        },
    ));
    let content = html! {
        (f.summary())
        (form_heading(action, TITLE))
        (in_short(record, update))
        @if let Some(why) = command_exempt::why_not(record, update, today) {
            (notice("It can’t be changed any more", html! {
                p { (why) "." }
                @if let Some(p) = update.exempt { p { (exempt::tag(p)) "." } }
            }))
            p { (Link::new(&back, "Back to the action")) }
        } @else {
            p {
                (record.words.say("Members of the {panel} read it all the same, and so does everybody who works on this plan. The public reads in its place:"))
                " “" (exempt::instead(update.exempt.unwrap_or(1))) "”, with the paragraph that you choose. The rating is not held back."
            }
            @if open.len() > 1 {
                p { "It has been corrected: the wordings of it that are not published yet are marked together, with their evidence." }
            }
            @if !published.is_empty() {
                p {
                    strong { "Another wording of it is published." }
                    " The public has been able to read that, and it stays readable: only what is not published yet is marked."
                }
            }
            p { "Information is exempt only as long as the public interest in maintaining the exemption outweighs the public interest in disclosing it. Ask the monitoring officer where you are not sure." }
            (post(&path::update_exemption(update.id), html! {
                (hidden("was", &code(update.exempt)))
                (f.radios(command_exempt::FIELD, "Is this update for publication?", fields.raw(command_exempt::FIELD), choices)
                    .hint("The paragraphs are those of Schedule 12A to the Local Government Act 1972"))
                (button_group([submit("Save", Kind::Primary), Link::new(&back, "Cancel").render()]))
            }))
        }
    };
    form_sheet(record, action, TITLE, content).rejected(!errors.is_empty())
}
