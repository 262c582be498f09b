//! What is held about a person, as a file: for themselves, and for answering a request that they made.
//!
//! Owns the pages and the headers. What is in the file is [`crate::store::privacy`]'s.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use maud::html;
use serde_json::Value;

use crate::{
    command::privacy,
    domain::id::PersonId,
    link::path,
    store::{self, StoreError, person::Account},
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        route::Route,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, submit},
            form::post,
            kit::Link,
        },
    },
};

/// One's own.
pub(in crate::web) async fn own(State(app): State<App>, Me(actor): Me) -> Result<Response, WebError> {
    let data = privacy::own_data(&app.cx, &actor).await?;
    file(&app, "my-data", &data)
}

/// The page before somebody else's is taken out: it says what that is.
pub(in crate::web) async fn new(State(app): State<App>, Path(id): Path<i64>) -> Result<Sheet, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let name = account.person.name.as_str();
    let back = path::person(account.person.id);
    let content = html! {
        h1 { span class="caption" { (name) } " Data held about this person" }
        p { "For answering a request by them: a file with everything that is held here about them. It has their account, the posts they held, when and how they signed in, what they wrote, the mails they got, and the history of what they did and of what was done about them." }
        p { "Look through it before you give it to them. The file leaves other people out, but what they wrote may name some. The history says that you took it out." }
        (post(&path::person_data(account.person.id), button_group([
            submit("Download the data", Kind::Primary),
            html! { (Link::new(&back, "Cancel")) },
        ])))
    };
    Ok(Sheet::new(["Data held about this person", name, "People"], content)
        .crumbs([(Route::People.path().to_owned(), "People"), (back.clone(), name)]))
}

/// Somebody else's, for those who look after people.
pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let data = privacy::data_of(&app.cx, &actor, account.person.id).await?;
    file(&app, &format!("data-of-person-{id}"), &data)
}

async fn find(app: &App, id: PersonId) -> Result<Account, WebError> {
    store::person::by_id(&app.cx.store, id).await?.ok_or(WebError::NotFound)
}

/// The file: JSON that people can read too, never shown within a page, never kept by a browser.
fn file(app: &App, name: &str, data: &Value) -> Result<Response, WebError> {
    let text = serde_json::to_string_pretty(data).map_err(|e| StoreError::File(e.into()))?;
    let name = format!("{name}-{}.json", app.cx.clock.today());
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}
