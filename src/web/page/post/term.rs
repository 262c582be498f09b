//! Entering that somebody covers a post for some days, or that they held it on days when nobody is recorded.
//!
//! Never ends anybody else's days: where they meet, it says so.

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::html;

use super::{active_people, chosen, find, history, holder_words, not_in_list, people_choices};
use crate::{
    command::{
        CommandError,
        post::holding::{self, days_words},
    },
    domain::{
        id::PostId,
        post::{Person, Post},
        text,
    },
    link::path,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::{Choice, FieldError, Inputs, Width, post as post_form},
            kit::{Fact, Link, summary_list},
        },
    },
};

/// How somebody is in the post, as the form sends it.
const COVER: &str = "cover";
const HOLDER: &str = "holder";

pub(in crate::web) async fn new(
    State(app): State<App>,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let (post, _) = find(&app, PostId(id)).await?;
    let people = active_people(&app).await?;
    let asked = Fields::decode(query.unwrap_or_default().as_bytes());
    let how = if asked.raw("how") == HOLDER { HOLDER } else { COVER };
    let fields = Fields::of([("how", how.to_owned()), ("from", text::day(app.cx.clock.today()))]);
    Ok(sheet(&post, &people, app.cx.clock.today(), &fields, &[]))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (post, _) = find(&app, PostId(id)).await?;
    let people = active_people(&app).await?;
    let mut reader = Reader::new(&fields);
    let how = |code: &str| [COVER, HOLDER].contains(&code).then(|| code == COVER);
    let acting = reader.required_choice("how", how, "Choose how they are in the post");
    let person = reader.required_choice("person", |code| chosen(&people, code), "Choose a person");
    let from = reader.required_day("from", "Enter their first day");
    let to = reader.day("to");
    let wrong = match (reader.finish(()), acting, person) {
        (Ok(()), Some(acting), Some(person)) => {
            match holding::add(&app.cx, &actor, post.id, person.id, (from, to), acting).await {
                Ok(()) => {
                    let does = if acting { "covers" } else { "holds" };
                    let done = format!("{} {does} {} {}", person.name, post.name, days_words(from, to));
                    return Ok(Redirect::to(path::post(post.id)).saying(done).into_response());
                }
                Err(CommandError::Refused { field, message }) => vec![FieldError::new(field, message)],
                Err(error) => return Err(error.into()),
            }
        }
        (wrong, _, _) => wrong.err().unwrap_or_default(),
    };
    Ok(sheet(&post, &people, app.cx.clock.today(), &fields, &wrong).into_response())
}

fn sheet(post: &Post, people: &[Person], today: NaiveDate, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let back = path::post(post.id);
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (post.name) } " " "Arrange cover" }
        (summary_list([Fact::new("Holder now", holder_words(post, today))]))
        (post_form(&path::new_holding(post.id), html! {
            (f.radios("how", "How are they in the post?", fields.raw("how"), [
                Choice::new(COVER, "They cover it (acting)").hint("They get its mail in place of the holder. Both can write updates. After the last day the mail is the holder’s again."),
                Choice::new(HOLDER, "They held it, on days that are missing from the record").hint("To hand it over from today or later, use Hand over."),
            ]))
            (f.select("person", "Who?", fields.raw("person"), people_choices([], people)).width(Width::W20).hint(not_in_list()))
            (f.text("from", "First day", fields.raw("from")).width(Width::W20).hint("For example 19 February 2018."))
            (f.text("to", "Last day", fields.raw("to")).optional().width(Width::W20).hint("Leave it empty where it is not known yet: it can be entered later."))
            (button_group([submit("Save", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
        h2 { "Who held it" }
        (history(post, today, false))
    };
    Sheet::new(["Arrange cover", &post.name, "Posts"], content)
        .crumbs([(Route::Posts.path().to_owned(), "Posts"), (back.clone(), &post.name)])
        .rejected(f.rejected())
}
