//! The words of a question, and of its answer: drafting, changing, answering.
//!
//! Two people may have the same form open: the second is shown both texts.

use axum::{extract::State, http::StatusCode, response::Response};
use maud::{Markup, Render as _, html};

use super::{Asked, LONGEST, answered_by, names};
use crate::{
    command::{self, CommandError, question::Drafted},
    domain::{
        access::{Actor, Permission},
        action::Action,
        id::ActionId,
        plan::Record,
        question::QuestionState,
    },
    link::path,
    secret,
    store::{StoreError, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        page::{
            action::{either, form_heading, form_sheet, record_for, refused, say},
            both::both,
        },
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{FieldError, Inputs, post},
            kit::{self, Link, inset, notice},
        },
    },
};

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let (record, id) = asking(&app, &actor, id).await?;
    Ok(new_sheet(&record, record.action(id).ok_or(WebError::NotFound)?, &Fields::default(), &[], &token()?))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (record, id) = asking(&app, &actor, id).await?;
    let action = record.action(id).ok_or(WebError::NotFound)?;
    let sent = Some(fields.raw("form_token")).filter(|t| !t.is_empty());
    let (errors, next) = match words(&fields, "text", "Write your question") {
        Ok(words) => match command::question::draft(&app.cx, &actor, id, &words, sent).await {
            Ok(Drafted::New(question)) => {
                let done = "Your question is saved. The scrutiny officer reads it first, and passes it on or returns it";
                return Ok(either(Redirect::to(path::question(question)).saying(done)));
            }
            Ok(Drafted::Before(question)) => {
                return Ok(either(
                    Redirect::to(path::question(question)).saying("This question was saved already"),
                ));
            }
            // A new token: saving again then asks this one too.
            Err(error) => (vec![refused(error)?], token()?),
        },
        Err(errors) => (errors, sent.map_or_else(token, |t| Ok(t.to_owned()))?),
    };
    Ok(either(new_sheet(&record, action, &fields, &errors, &next)))
}

async fn asking(app: &App, actor: &Actor, id: i64) -> Result<(Record, ActionId), WebError> {
    let id = ActionId(id);
    Ok((record_for(app, actor, id, Permission::DraftQuestion, Depth::Current).await?, id))
}

fn words(fields: &Fields, name: &'static str, missing: &str) -> Result<String, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let words = reader.required(name, LONGEST, missing);
    reader.finish(words)
}

fn token() -> Result<String, WebError> {
    secret::token().map_err(|e| WebError::Broken(StoreError::File(std::io::Error::other(e))))
}

/// Who reads what is written here, and from when.
fn readers() -> Markup {
    html! {
        p { "The scrutiny officer reads it first. Once it is passed on, everyone who may read the plan can read it, and the lead is asked to answer." }
        p { "Do not name children or families." }
    }
}

fn new_sheet(record: &Record, action: &Action, fields: &Fields, errors: &[FieldError], token: &str) -> Sheet {
    let f = Inputs::new(errors);
    let back = path::action(action.id);
    let content = html! {
        (f.summary())
        (form_heading(action, "Ask a question"))
        (inset(say::prose(&action.text)))
        (readers())
        (post(&path::new_question(action.id), html! {
            (hidden("form_token", token))
            (f.textarea("text", "What do you want to know?", fields.raw("text")).limit(LONGEST))
            (button_group([submit("Save question", Kind::Primary), Link::new(&back, "Cancel").render()]))
        }))
    };
    form_sheet(record, action, "Ask a question", content).rejected(!errors.is_empty())
}

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let asked = Asked::find_own(&app, &actor, id).await?;
    let question = asked.question()?;
    edit_sheet(&asked, &question.version.to_string(), &Fields::of([("text", &question.text)]), &[], None)
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let asked = Asked::find_own(&app, &actor, id).await?;
    let seen = fields.raw("version");
    let text = match words(&fields, "text", "Write your question") {
        Ok(text) => text,
        Err(errors) => return Ok(either(edit_sheet(&asked, seen, &fields, &errors, None)?)),
    };
    let version = seen.parse().unwrap_or(0);
    match command::question::reword(&app.cx, &actor, asked.id, version, &text).await {
        Ok(()) => {
            let done = "Your question is saved. The scrutiny officer reads it first";
            Ok(either(Redirect::to(path::question(asked.id)).saying(done)))
        }
        Err(CommandError::Stale) => {
            let asked = Asked::find_own(&app, &actor, id).await?;
            let now = asked.question()?;
            let saved = Fields::of([("text", &now.text)]);
            let both = both(&saved, &fields, &[("text", "Question")], |_, value| value.to_owned());
            let version = now.version.to_string();
            let sheet = edit_sheet(&asked, &version, &fields, &[], Some(both))?;
            Ok(either(sheet.status(StatusCode::CONFLICT)))
        }
        Err(error) => Ok(either(edit_sheet(&asked, seen, &fields, &[refused(error)?], None)?)),
    }
}

fn edit_sheet(
    asked: &Asked,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Result<Sheet, WebError> {
    let f = Inputs::new(errors);
    let (action, question) = (asked.action()?, asked.question()?);
    let back = path::question(asked.id);
    let content = html! {
        (f.summary())
        (form_heading(action, "Change the question"))
        @if let Some(both) = clash { (both) }
        @if let (QuestionState::Returned, Some(comment)) = (question.state, &question.comment) {
            (notice("Why it was returned", kit::paragraphs(comment)))
        }
        @if question.state.is_passed_on() {
            (notice("It has been passed on", "It can’t be changed any more. Ask another question instead."))
        }
        (readers())
        (post(&path::edit_question(asked.id), html! {
            (hidden("version", version))
            (f.textarea("text", "What do you want to know?", fields.raw("text")).limit(LONGEST))
            (button_group([submit("Save question", Kind::Primary), Link::new(&back, "Cancel").render()]))
        }))
    };
    Ok(asked.sheet("Change the question", content)?.rejected(!errors.is_empty()))
}

pub(in crate::web) async fn new_answer(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let asked = Asked::find_for(&app, &actor, id, Permission::AnswerQuestion).await?;
    let question = asked.question()?;
    let answer = question.answer.as_deref().unwrap_or_default();
    let (version, fields) = (question.version.to_string(), Fields::of([("answer", answer)]));
    answer_sheet(&app, &asked, &version, &fields, &[], None).await
}

pub(in crate::web) async fn answer(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let asked = Asked::find_for(&app, &actor, id, Permission::AnswerQuestion).await?;
    let seen = fields.raw("version");
    let text = match words(&fields, "answer", "Write the answer") {
        Ok(text) => text,
        Err(errors) => return Ok(either(answer_sheet(&app, &asked, seen, &fields, &errors, None).await?)),
    };
    let version = seen.parse().unwrap_or(0);
    match command::question::answer(&app.cx, &actor, asked.id, version, &text).await {
        Ok(_) => {
            let done = asked.record.words.say("The answer is saved. The {panel} can read it now");
            Ok(either(Redirect::to(path::question(asked.id)).saying(done)))
        }
        // Several may answer: whoever comes second sees both.
        Err(CommandError::Stale) => {
            let asked = Asked::find_for(&app, &actor, id, Permission::AnswerQuestion).await?;
            let now = asked.question()?;
            let saved = Fields::of([("answer", now.answer.as_deref().unwrap_or_default())]);
            let both = both(&saved, &fields, &[("answer", "Answer")], |_, value| value.to_owned());
            let version = now.version.to_string();
            let sheet = answer_sheet(&app, &asked, &version, &fields, &[], Some(both)).await?;
            Ok(either(sheet.status(StatusCode::CONFLICT)))
        }
        Err(error) => {
            let errors = [refused(error)?];
            Ok(either(answer_sheet(&app, &asked, seen, &fields, &errors, None).await?))
        }
    }
}

async fn answer_sheet(
    app: &App,
    asked: &Asked,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Result<Sheet, WebError> {
    let f = Inputs::new(errors);
    let (record, action, question) = (&asked.record, asked.action()?, asked.question()?);
    if !question.state.is_passed_on() {
        return Err(WebError::NotFound);
    }
    let names = names(app, [question]).await?;
    let back = path::question(asked.id);
    let title = record.words.say("Answer a question from the {panel}");
    let resolved = question.state == QuestionState::Resolved;
    let content = html! {
        (f.summary())
        (form_heading(action, &title))
        (inset(say::prose(&question.text)))
        @if let Some(both) = clash { (both) }
        @else if question.answer.is_some() {
            p { (answered_by(record, action, question, &names)) ". What you save here stands instead of it." }
        }
        @if resolved {
            (notice("This question is resolved", "Its answer can’t be changed any more. Write an update instead."))
        }
        // What somebody has typed stays, also where it comes too late.
        @if !resolved || f.rejected() {
            p { (record.words.say("The {panel} reads the answer as soon as it is saved, and so does everyone who may read the plan.")) }
            (post(&path::answer_question(asked.id), html! {
                (hidden("version", version))
                (f.textarea("answer", "Your answer", fields.raw("answer"))
                    .hint("Do not name children or families.")
                    .limit(LONGEST))
                (button_group([submit("Save answer", Kind::Primary), Link::new(&back, "Cancel").render()]))
            }))
        }
    };
    Ok(asked.sheet(&title, content)?.rejected(!errors.is_empty()))
}
