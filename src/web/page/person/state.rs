//! Deactivating an account and making it active again, each after a question; signing somebody out everywhere, and sending to an
//! address again that was refused, each at once.
//!
//! Nobody is deleted: the question says what stays.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::html;

use super::find;
use crate::{
    command::{CommandError, person},
    domain::{id::PersonId, text},
    link::path,
    store::{self, person::Account},
    web::{
        App,
        address::Path,
        error::WebError,
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

pub(in crate::web) async fn sign_out(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Redirect, WebError> {
    let person = find(&app, PersonId(id)).await?.person;
    person::sign_out_everywhere(&app.cx, &actor, person.id).await?;
    Ok(Redirect::to(path::person(person.id)).saying(format!("{} is signed out everywhere", person.name)))
}

pub(in crate::web) async fn try_address(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Redirect, WebError> {
    let person = find(&app, PersonId(id)).await?.person;
    person::try_address(&app.cx, &actor, person.id).await?;
    Ok(Redirect::to(path::person(person.id)).saying(format!("Mail goes to {} again", person.email)))
}

pub(in crate::web) async fn new_deactivation(
    State(app): State<App>,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let account = find(&app, PersonId(id)).await?;
    if !account.person.active {
        return Ok(Redirect::to(path::person(account.person.id)).into_response());
    }
    let posts = posts_of(&app, account.person.id).await?;
    Ok(deactivation_sheet(&account, &posts, months_kept(&app), &[]).into_response())
}

pub(in crate::web) async fn deactivate(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let person = &account.person;
    let posts = posts_of(&app, person.id).await?;
    match person::deactivate(&app.cx, &actor, person.id).await {
        Ok(()) => {
            let done = format!("{} has been deactivated", person.name);
            Ok(Redirect::to(path::person(person.id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            let wrong = [FieldError::new(field, message)];
            Ok(deactivation_sheet(&account, &posts, months_kept(&app), &wrong).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn new_reactivation(
    State(app): State<App>,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let account = find(&app, PersonId(id)).await?;
    if account.person.active {
        return Ok(Redirect::to(path::person(account.person.id)).into_response());
    }
    Ok(reactivation_sheet(&account, &[]).into_response())
}

pub(in crate::web) async fn reactivate(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let person = &account.person;
    match person::reactivate(&app.cx, &actor, person.id).await {
        Ok(()) => {
            let done = format!("{} is active again. Say on the posts’ pages what they hold", person.name);
            Ok(Redirect::to(path::person(person.id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(reactivation_sheet(&account, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The posts that somebody holds today, by name.
async fn posts_of(app: &App, id: PersonId) -> Result<Vec<String>, WebError> {
    let (posts, today) = (store::record::posts(&app.cx.store).await?, app.cx.clock.today());
    Ok(posts.into_iter().filter(|p| p.holders(today).any(|h| h.id == id)).map(|p| p.name).collect())
}

/// For how many months a leaver's name and address are kept.
fn months_kept(app: &App) -> usize {
    usize::try_from(app.cx.installation().retention.leavers_months).unwrap_or(usize::MAX)
}

/// `months`: how long a leaver's name and address are kept.
fn deactivation_sheet(account: &Account, posts: &[String], months: usize, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let (id, name) = (account.person.id, &account.person.name);
    let title = format!("Deactivate {name}?");
    let content = html! {
        (f.summary())
        h1 { (title) }
        (warning_text(format!("{name} is signed out at once and can’t sign in any more.")))
        ul {
            li { "Every link that was sent to them stops working, and so does all mail to them." }
            @if posts.is_empty() {
                li { "They hold no post." }
            } @else {
                li {
                    strong { (text::list(posts)) }
                    @if posts.len() == 1 { " becomes vacant from today" } @else { " become vacant from today" }
                    ", unless somebody else holds it with them. Where nobody holds the lead’s post, the plan’s manager is asked. To hand over to somebody instead, do so first, on "
                    (Link::new(Route::Posts.path(), "the pages of the posts")) "."
                }
            }
            li { "What they wrote stays, under their name." }
            li { "You can make the account active again. After " (text::plural(months, "month", "months")) " their name and address are taken out by themselves, and then you can’t." }
        }
        (post(&path::deactivation(id), button_group([
            submit("Deactivate", Kind::Warning),
            html! { (Link::new(&path::person(id), "No, go back")) },
        ])))
    };
    Sheet::new([title.as_str(), "People"], content)
        .crumbs([(Route::People.path().to_owned(), "People"), (path::person(id), name)])
        .rejected(f.rejected())
}

fn reactivation_sheet(account: &Account, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let (id, name) = (account.person.id, &account.person.name);
    let title = format!("Make {name} active again?");
    let content = html! {
        (f.summary())
        h1 { (title) }
        p { (name) " can then sign in again as before, and gets mail again. The posts that they held do not come back by themselves: say on the pages of the posts what they hold." }
        (post(&path::reactivation(id), button_group([
            submit("Make active again", Kind::Primary),
            html! { (Link::new(&path::person(id), "No, go back")) },
        ])))
    };
    Sheet::new([title.as_str(), "People"], content)
        .crumbs([(Route::People.path().to_owned(), "People"), (path::person(id), name)])
        .rejected(f.rejected())
}
