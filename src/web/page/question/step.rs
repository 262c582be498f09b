//! A question's steps: passing it on or returning it, withdrawing it, resolving it.
//!
//! Pressing twice does nothing twice: who comes too late is shown how it stands.

use axum::{extract::State, http::StatusCode, response::Response};
use maud::{Markup, Render as _, html};

use super::{Asked, LONGEST, asked_by, names};
use crate::{
    command::{self, CommandError},
    domain::{
        access::{Actor, Permission},
        question::QuestionState,
    },
    link::path,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        page::action::{either, form_heading, refused, say},
        sheet::{Redirect, Sheet},
        view::{
            button::{Confirm, Kind, button_group, confirm, hidden, submit},
            form::{Choice, FieldError, Inputs, post},
            kit::{Link, inset, notice},
        },
    },
};

pub(in crate::web) async fn new_passing_on(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let asked = Asked::find_for(&app, &actor, id, Permission::PassOnQuestion).await?;
    let version = asked.question()?.version.to_string();
    passing_on(&app, &asked, &version, &Fields::default(), &[], None).await
}

pub(in crate::web) async fn pass_on(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let asked = Asked::find_for(&app, &actor, id, Permission::PassOnQuestion).await?;
    let seen = fields.raw("version");
    let mut reader = Reader::new(&fields);
    let passes = reader.required_choice("decision", passes_on, "Choose whether it is passed on or returned");
    let comment = reader.optional("comment", LONGEST);
    if passes == Some(false) && comment.is_none() {
        reader.wrong("comment", "Say why it is returned: the member will read this");
    }
    let passes = match reader.finish(passes) {
        Ok(passes) => passes.ok_or(WebError::NotFound)?,
        Err(errors) => return Ok(either(passing_on(&app, &asked, seen, &fields, &errors, None).await?)),
    };
    let (cx, version, id) = (&app.cx, seen.parse().unwrap_or(0), asked.id);
    let done = if passes {
        command::question::pass_on(cx, &actor, id, version)
            .await
            .map(|mailed| format!("The question is passed on. {}", mailed.words()))
    } else {
        let comment = comment.unwrap_or_default();
        command::question::give_back(cx, &actor, id, version, &comment)
            .await
            .map(|()| "The question is returned to the member".to_owned())
    };
    match done {
        Ok(done) => Ok(either(Redirect::to(path::question(id)).saying(done))),
        Err(CommandError::Stale) => {
            let asked = Asked::find_for(&app, &actor, id.0, Permission::PassOnQuestion).await?;
            let version = asked.question()?.version.to_string();
            let changed = notice(
                "The member has changed it in the meantime",
                "Nothing was done. Read the question as it is now, and decide again.",
            );
            let sheet = passing_on(&app, &asked, &version, &fields, &[], Some(changed)).await?;
            Ok(either(sheet.status(StatusCode::CONFLICT)))
        }
        Err(error) => {
            let errors = [refused(error)?];
            Ok(either(passing_on(&app, &asked, seen, &fields, &errors, None).await?))
        }
    }
}

fn passes_on(code: &str) -> Option<bool> {
    match code {
        "pass-on" => Some(true),
        "return" => Some(false),
        _ => None,
    }
}

async fn passing_on(
    app: &App,
    asked: &Asked,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    changed: Option<Markup>,
) -> Result<Sheet, WebError> {
    const TITLE: &str = "Pass on or return a question";
    let f = Inputs::new(errors);
    let (record, action, question) = (&asked.record, asked.action()?, asked.question()?);
    let names = names(app, [question]).await?;
    let back = path::question(asked.id);
    let waits = question.state == QuestionState::Draft;
    let content = html! {
        (f.summary())
        (form_heading(action, TITLE))
        @if let Some(changed) = changed { (changed) }
        (inset(say::prose(&question.text)))
        p { "Asked by " (asked_by(record, question, &names)) "." }
        @if !waits {
            (notice("There is nothing to do here", html! { p { "This question does not wait to be passed on: " (question.state.words().to_lowercase()) "." } }))
        }
        @if waits || f.rejected() {
            (post(&path::pass_on_question(asked.id), html! {
                (hidden("version", version))
                (f.radios("decision", "What do you do with it?", fields.raw("decision"), [
                    Choice::new("pass-on", "Pass it on")
                        .hint(record.words.say("Everyone who may read the plan can read it from now on. Whoever leads the action is asked by email, in the {panel’s} name, to answer. This can’t be taken back.")),
                    Choice::new("return", "Return it to the member")
                        .hint("With your comment. Nobody else learns of it."),
                ]))
                (f.textarea("comment", "Comment for the member", fields.raw("comment"))
                    .hint("Needed where it is returned")
                    .rows(3)
                    .limit(LONGEST)
                    .optional())
                (button_group([submit("Continue", Kind::Primary), Link::new(&back, "Cancel").render()]))
            }))
        }
    };
    Ok(asked.sheet(TITLE, content)?.rejected(!errors.is_empty()))
}

fn withdrawal(asked: &Asked, errors: &[FieldError]) -> Result<Sheet, WebError> {
    let back = path::question(asked.id);
    let of = Confirm {
        question: "Withdraw this question?",
        consequence: "It is not passed on, and nobody is asked. You can ask another at any time.",
        action: &path::withdraw_question(asked.id),
        button: "Withdraw the question",
        cancel: Link::new(&back, "No, keep it"),
    };
    let content = html! {
        (Inputs::new(errors).summary())
        (confirm(&of, inset(say::prose(&asked.question()?.text))))
    };
    Ok(asked.sheet(of.question, content)?.rejected(!errors.is_empty()))
}

pub(in crate::web) async fn new_withdrawal(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    withdrawal(&Asked::find_own(&app, &actor, id).await?, &[])
}

pub(in crate::web) async fn withdraw(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let asked = Asked::find_own(&app, &actor, id).await?;
    if let Err(errors) = Reader::new(&fields).finish(()) {
        return Ok(either(withdrawal(&asked, &errors)?));
    }
    match command::question::withdraw(&app.cx, &actor, asked.id).await {
        Ok(action) => Ok(either(Redirect::to(path::action(action)).saying("The question is withdrawn"))),
        Err(CommandError::Refused { message, .. }) => {
            Ok(either(withdrawal(&asked, &[FieldError::whole_form(message)])?))
        }
        Err(error) => Err(error.into()),
    }
}

fn resolution(asked: &Asked, errors: &[FieldError], changed: Option<Markup>) -> Result<Sheet, WebError> {
    let back = path::question(asked.id);
    let of = Confirm {
        question: "Resolve this question?",
        consequence: "The question and its answer stay where they are, and the answer can’t be changed any more. If the answer is not enough, ask again instead.",
        action: &path::resolve_question(asked.id),
        button: "Resolve the question",
        cancel: Link::new(&back, "No, leave it open"),
    };
    let question = asked.question()?;
    let read = html! {
        (hidden("version", &question.version.to_string()))
        (inset(say::prose(&question.text)))
        @if let Some(answer) = &question.answer { h2 { "The answer" } (inset(say::prose(answer))) }
    };
    let content = html! {
        (Inputs::new(errors).summary())
        @if let Some(changed) = changed { (changed) }
        (confirm(&of, read))
    };
    Ok(asked.sheet(of.question, content)?.rejected(!errors.is_empty()))
}

async fn to_resolve(app: &App, actor: &Actor, id: i64) -> Result<Asked, WebError> {
    let asked = Asked::find_for(app, actor, id, Permission::ResolveQuestion).await?;
    asked.question()?.may_be_resolved_by(actor, &asked.record.plan)?;
    Ok(asked)
}

pub(in crate::web) async fn new_resolution(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    resolution(&to_resolve(&app, &actor, id).await?, &[], None)
}

pub(in crate::web) async fn resolve(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let asked = to_resolve(&app, &actor, id).await?;
    if let Err(errors) = Reader::new(&fields).finish(()) {
        return Ok(either(resolution(&asked, &errors, None)?));
    }
    let version = fields.raw("version").parse().unwrap_or(0);
    match command::question::resolve(&app.cx, &actor, asked.id, version).await {
        Ok(_) => Ok(either(Redirect::to(path::question(asked.id)).saying("The question is resolved"))),
        Err(CommandError::Stale) => {
            let asked = to_resolve(&app, &actor, id).await?;
            let changed = notice(
                "The answer was changed in the meantime",
                "Nothing was done. Read the answer as it is now, and decide again.",
            );
            Ok(either(resolution(&asked, &[], Some(changed))?.status(StatusCode::CONFLICT)))
        }
        Err(CommandError::Refused { message, .. }) => {
            Ok(either(resolution(&asked, &[FieldError::whole_form(message)], None)?))
        }
        Err(error) => Err(error.into()),
    }
}
