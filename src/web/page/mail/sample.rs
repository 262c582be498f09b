//! A sample of every kind of mail, in the demonstration, for whoever writes them.

use axum::response::{IntoResponse, Response};
use maud::html;

use super::framed;
use crate::{
    link::path,
    mail::sample,
    web::{
        address::Path,
        error::WebError,
        route::Route,
        sheet::Sheet,
        view::kit::{Fact, Link, details, plain_text, summary_list},
    },
};

pub(in crate::web) async fn list() -> Sheet {
    let content = html! {
        h1 { "Every kind of mail" }
        p { "One sample of each, as its reader gets it. None of this was sent." }
        @for sample in sample::all() {
            h2 id=(sample.name) { (sample.title) }
            (summary_list([Fact::new("Subject", &sample.subject)]))
            p { (Link::new(&path::mail_sample(&sample.name), &format!("{} (as HTML)", sample.title))) }
            (details("As plain text", plain_text(&sample.plain)))
        }
    };
    let list = Route::DemonstrationMail.path();
    Sheet::new(["Every kind of mail"], content).crumbs([(list, "Mail that went out")]).wide()
}

pub(in crate::web) async fn html(Path(name): Path<String>) -> Result<Response, WebError> {
    let sample = sample::all().into_iter().find(|sample| sample.name == name).ok_or(WebError::NotFound)?;
    Ok(framed(sample.html).into_response())
}
