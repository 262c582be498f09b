//! Handing a post over, to somebody or to nobody, from a day on.
//!
//! Never overwrites a holder: what somebody led then stays theirs.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::html;

use super::{find, history, holder_words};
use crate::{
    command::{CommandError, post},
    domain::{
        id::{PersonId, PostId},
        post::{Person, Post},
        text,
    },
    link::path,
    store,
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

/// What the list of people to hand over to sends for nobody.
const VACANT: &str = "vacant";

pub(in crate::web) async fn new(State(app): State<App>, Path(id): Path<i64>) -> Result<Sheet, WebError> {
    let (post, _) = find(&app, PostId(id)).await?;
    let people = active_people(&app).await?;
    let fields = Fields::of([("from", text::day(app.cx.clock.today()))]);
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
    let choice = |code: &str| match code {
        VACANT => Some(None),
        id => {
            let id = PersonId(id.parse().ok()?);
            people.iter().find(|p| p.id == id).map(Some)
        }
    };
    let to = reader.required_choice("person", choice, "Choose who holds it from then on").flatten();
    let from = reader.required_day("from", "Enter the day from which the new holder holds it");
    let wrong = match reader.finish(()) {
        Err(errors) => errors,
        Ok(()) => {
            let acting = to.is_some() && fields.ticked("acting");
            match post::hand_over(&app.cx, &actor, post.id, to.map(|p| p.id), from, acting).await {
                Ok(()) => {
                    let done = match to {
                        Some(person) => {
                            format!("{} holds {} from {}", person.name, post.name, text::day(from))
                        }
                        None => format!("{} is vacant from {}", post.name, text::day(from)),
                    };
                    return Ok(Redirect::to(path::post(post.id)).saying(done).into_response());
                }
                Err(CommandError::Refused { field, message }) => vec![FieldError::new(field, message)],
                Err(error) => return Err(error.into()),
            }
        }
    };
    Ok(sheet(&post, &people, app.cx.clock.today(), &fields, &wrong).into_response())
}

async fn active_people(app: &App) -> Result<Vec<Person>, WebError> {
    let people = store::person::all(&app.cx.store).await?;
    Ok(people.into_iter().map(|a| a.person).filter(|p| p.active).collect())
}

fn sheet(post: &Post, people: &[Person], today: NaiveDate, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let back = path::post(post.id);
    let choices = [Choice::new("", "Choose"), Choice::new(VACANT, "Nobody: it is vacant")]
        .into_iter()
        .chain(people.iter().map(|p| Choice::new(p.id.to_string(), &p.name)));
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (post.name) } " " "Hand over" }
        (summary_list([Fact::new("Holder now", holder_words(post, today))]))
        (post_form(&path::hand_over(post.id), html! {
            (f.select("person", "Who holds it from then on?", fields.raw("person"), choices).width(Width::W20)
                .hint(html! { "Somebody who is not in the list has to be " (Link::new(Route::NewPerson.path(), "added")) " first." }))
            (f.text("from", "From which day?", fields.raw("from")).width(Width::W20)
                .hint("The first day of the new holder, for example 19 February 2018. Whoever held it until the day before stays in the record; a later day can be planned ahead."))
            (f.checkbox("acting", "Acting: they cover the post for now", fields.ticked("acting")))
            (button_group([submit("Hand over", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
        (history(post))
    };
    Sheet::new(["Hand over", &post.name, "Posts"], content)
        .crumbs([(Route::Posts.path().to_owned(), "Posts"), (back.clone(), &post.name)])
        .rejected(f.rejected())
}
