//! Taking out who somebody was who has left, before the time set for everyone: asked first, since it can't be undone.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::html;

use crate::{
    command::{CommandError, privacy, retention},
    domain::{id::PersonId, post::Post, text},
    link::path,
    store::{self, person::Account},
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::{FieldError, Inputs, post},
            kit::{Link, warning_text},
        },
    },
};

pub(in crate::web) async fn new(State(app): State<App>, Path(id): Path<i64>) -> Result<Sheet, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let done = store::person::pseudonymised_at(&app.cx.store, account.person.id).await?.is_some();
    let posts = store::record::posts(&app.cx.store).await?;
    Ok(sheet(&app, &account, &posts, done, &[]))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let posts = store::record::posts(&app.cx.store).await?;
    // What can't be done is said before anybody has to be sure of it.
    let wrong = if fields.ticked("sure") || account.person.active {
        match privacy::pseudonymise(&app.cx, &actor, account.person.id).await {
            Ok(()) => {
                let now = find(&app, account.person.id).await?;
                let done = format!("Name and address have been taken out: now {}", now.person.name);
                return Ok(Redirect::to(path::person(account.person.id)).saying(done).into_response());
            }
            Err(CommandError::Refused { message, .. }) => FieldError::whole_form(message),
            Err(error) => return Err(error.into()),
        }
    } else {
        FieldError::new("sure", "Confirm that it can’t be undone")
    };
    Ok(sheet(&app, &account, &posts, false, &[wrong]).into_response())
}

async fn find(app: &App, id: PersonId) -> Result<Account, WebError> {
    store::person::by_id(&app.cx.store, id).await?.ok_or(WebError::NotFound)
}

fn sheet(app: &App, account: &Account, posts: &[Post], done: bool, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let person = &account.person;
    let back = path::person(person.id);
    let months = text::plural(retention::kept(&app.cx).leavers_months, "month", "months");
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (person.name) } " Take out name and address" }
        @if done {
            p { "That has been done: nothing here says any more who this was." }
            p { (Link::new(&back, "Back to the person")) }
        } @else if person.active {
            p { (person.name) " can still sign in. Deactivate the account first: name and address are taken out by themselves " (months) " after that, or here at once." }
            p { (Link::new(&back, "Back to the person")) }
        } @else {
            p { "It happens automatically " (months) " after an account is deactivated. Here it happens at once." }
            ul {
                li { "The name becomes “" (privacy::called(account, posts, &app.cx.words())) "”, beside updates and in the list of who held a post. In the history they are somebody who has left." }
                li { "The email address, password, second factor, known browsers and everything else by which they came in are removed, and so are the text and address of mails to them." }
                li { "What they wrote stays, and so does what was decided: that is the council’s record. Where a text that somebody wrote names them, it still does." }
            }
            (warning_text("This can’t be undone. Backups made earlier still hold the name."))
            (post(&path::pseudonymisation(person.id), html! {
                (f.checkbox("sure", "I understand that this can’t be undone", false))
                (button_group([submit("Take out name and address", Kind::Warning), html! { (Link::new(&back, "Cancel")) }]))
            }))
        }
    };
    Sheet::new(["Take out name and address", person.name.as_str(), "People"], content)
        .crumbs([(Route::People.path().to_owned(), "People"), (back.clone(), person.name.as_str())])
        .rejected(f.rejected())
}
