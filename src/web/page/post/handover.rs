//! Handing a post over, to somebody or to nobody, from a day on.
//!
//! Never overwrites a holder: what somebody led then stays theirs.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::html;

use super::{
    active_people, chosen, find, history, holder_words, not_in_list, people_choices, vacant_from_now,
};
use crate::{
    command::{CommandError, post::holding},
    domain::{
        id::PostId,
        post::{Holding, Person, Post},
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
    let choice = |code: &str| if code == VACANT { Some(None) } else { chosen(&people, code).map(Some) };
    let to = reader.required_choice("person", choice, "Choose who holds it from then on").flatten();
    let from = reader.required_day("from", "Enter the day from which the new holder holds it");
    let wrong = match reader.finish(()) {
        Err(errors) => errors,
        Ok(()) => match holding::hand_over(&app.cx, &actor, post.id, to.map(|p| p.id), from).await {
            Ok(gave_way) => {
                let done = done(&app, &post, to, from, &gave_way).await?;
                return Ok(Redirect::to(path::post(post.id)).saying(done).into_response());
            }
            Err(CommandError::Refused { field, message }) => vec![FieldError::new(field, message)],
            Err(error) => return Err(error.into()),
        },
    };
    Ok(sheet(&post, &people, app.cx.clock.today(), &fields, &wrong).into_response())
}

/// What has been done, and what else followed from it.
async fn done(
    app: &App,
    post: &Post,
    to: Option<&Person>,
    from: NaiveDate,
    gave_way: &[Holding],
) -> Result<String, WebError> {
    let Some(person) = to else {
        return Ok(format!("{} is vacant from {}{}", post.name, text::day(from), withdrawn(gave_way)));
    };
    let (now, _) = find(app, post.id).await?;
    let vacant = vacant_from_now(&now, app.cx.clock.today());
    let said = format!("{} holds {} from {}", person.name, post.name, text::day(from));
    Ok(format!("{said}{}{vacant}", withdrawn(gave_way)))
}

fn withdrawn(gave_way: &[Holding]) -> String {
    let planned: Vec<String> = gave_way.iter().map(|h| format!("{} {}", h.name(), h.days())).collect();
    if planned.is_empty() { String::new() } else { format!(". No longer planned: {}", text::list(&planned)) }
}

fn sheet(post: &Post, people: &[Person], today: NaiveDate, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let back = path::post(post.id);
    let choices = people_choices([Choice::new(VACANT, "Nobody: it is vacant")], people);
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (post.name) } " " "Hand over" }
        (summary_list([Fact::new("Holder now", holder_words(post, today))]))
        (post_form(&path::hand_over(post.id), html! {
            (f.select("person", "Who holds it from then on?", fields.raw("person"), choices).width(Width::W20)
                .hint(not_in_list()))
            (f.text("from", "From which day?", fields.raw("from")).width(Width::W20)
                .hint("The first day of the new holder, for example 19 February 2018. Whoever held it until the day before stays in the record; a later day can be planned ahead."))
            p { "A new holder takes over from whoever covers the post too. For cover while the holder is away, " (Link::new(&path::new_holding(post.id), "arrange cover")) " instead: the post goes back to its holder by itself." }
            (button_group([submit("Hand over", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
        h2 { "Who held it" }
        (history(post, today, false))
    };
    Sheet::new(["Hand over", &post.name, "Posts"], content)
        .crumbs([(Route::Posts.path().to_owned(), "Posts"), (back.clone(), &post.name)])
        .rejected(f.rejected())
}
