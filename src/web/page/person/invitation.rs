//! Sending an invitation again, and taking it back.

use axum::extract::State;

use super::find;
use crate::{
    command::link::{self, By},
    domain::id::PersonId,
    link::path,
    web::{App, address::Path, error::WebError, guard::Me, sheet::Redirect},
};

pub(in crate::web) async fn invite(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Redirect, WebError> {
    let person = find(&app, PersonId(id)).await?.person;
    link::invite(&app.cx, &actor, person.id, By::Mail).await?;
    let done = format!("An invitation is on its way to {}. Only the newest one works", person.email);
    Ok(Redirect::to(path::person(person.id)).saying(done))
}

pub(in crate::web) async fn revoke(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Redirect, WebError> {
    let person = find(&app, PersonId(id)).await?.person;
    link::revoke_invitation(&app.cx, &actor, person.id).await?;
    Ok(Redirect::to(path::person(person.id))
        .saying(format!("The invitation of {} does not work any more", person.name)))
}
