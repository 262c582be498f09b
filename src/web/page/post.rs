//! Posts: who holds which, from when to when, and handing one over. For managers.
//!
//! A post is never deleted and a holder never overwritten: what somebody led then stays theirs.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    command::{CommandError, post as command},
    domain::{
        id::{PersonId, PostId},
        plan::Record,
        post::{Holding, Lead, Person, Post},
        text,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        error::WebError,
        form::{Fields, LINE, Reader},
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, link_button, submit},
            form::{Choice, FieldError, Inputs, Width, post as post_form},
            kit::{Fact, Link, both_texts, day, empty, summary_list},
            table::{self, Column, Row, Table},
        },
    },
};

/// What the list of people to hand over to sends for nobody.
const VACANT: &str = "vacant";

/// A post as somebody typed it, with both fields checked.
struct Draft {
    name: String,
    body: Option<String>,
}

pub(in crate::web) async fn list(State(app): State<App>) -> Result<Sheet, WebError> {
    let posts = store::record::posts(&app.cx.store).await?;
    let records = store::record::all(&app.cx.store, Depth::Current).await?;
    let led: Vec<(&Post, usize)> = posts.iter().map(|p| (p, actions_led(&records, p.id))).collect();
    Ok(list_sheet(&led, app.cx.clock.today()))
}

pub(in crate::web) async fn new() -> Sheet {
    new_sheet(&Fields::default(), &[])
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    let draft = match parse(&fields) {
        Ok(draft) => draft,
        Err(errors) => return Ok(new_sheet(&fields, &errors).into_response()),
    };
    match command::create(&app.cx, &actor, &draft.name, draft.body.as_deref()).await {
        Ok(id) => {
            let done = format!("{} has been added. Nobody holds it yet", draft.name);
            Ok(Redirect::to(path::post(id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(new_sheet(&fields, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn edit(State(app): State<App>, Path(id): Path<i64>) -> Result<Sheet, WebError> {
    let (post, version) = find(&app, PostId(id)).await?;
    let fields = Fields::of([
        ("version", version.to_string()),
        ("name", post.name.clone()),
        ("body", post.body.clone().unwrap_or_default()),
    ]);
    Ok(edit_sheet(&post, app.cx.clock.today(), &fields, &[]))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (post, _) = find(&app, PostId(id)).await?;
    let today = app.cx.clock.today();
    let draft = match parse(&fields) {
        Ok(draft) => draft,
        Err(errors) => return Ok(edit_sheet(&post, today, &fields, &errors).into_response()),
    };
    let version = fields.raw("version").parse().unwrap_or_default();
    match command::edit(&app.cx, &actor, post.id, version, &draft.name, draft.body.as_deref()).await {
        Ok(()) => {
            let done = format!("{} saved", draft.name);
            Ok(Redirect::to(path::post(post.id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(edit_sheet(&post, today, &fields, &[FieldError::new(field, message)]).into_response())
        }
        Err(CommandError::Stale) => {
            let (saved, version) = find(&app, post.id).await?;
            let again = fields.with("version", version.to_string());
            Ok(stale_sheet(&saved, &draft, &again).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn new_handover(
    State(app): State<App>,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let (post, _) = find(&app, PostId(id)).await?;
    let people = active_people(&app).await?;
    let fields = Fields::of([("from", text::day(app.cx.clock.today()))]);
    Ok(handover_sheet(&post, &people, app.cx.clock.today(), &fields, &[]))
}

pub(in crate::web) async fn hand_over(
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
            match command::hand_over(&app.cx, &actor, post.id, to.map(|p| p.id), from, acting).await {
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
    Ok(handover_sheet(&post, &people, app.cx.clock.today(), &fields, &wrong).into_response())
}

/// A post with the number of its saved state. The number is read first: a change in between makes the form stale, and
/// never lets it overwrite what it has not shown.
async fn find(app: &App, id: PostId) -> Result<(Post, i32), WebError> {
    let version = store::post::version(&app.cx.store, id).await?.ok_or(WebError::NotFound)?;
    let posts = store::record::posts(&app.cx.store).await?;
    let post = posts.into_iter().find(|p| p.id == id).ok_or(WebError::NotFound)?;
    Ok((post, version))
}

async fn active_people(app: &App) -> Result<Vec<Person>, WebError> {
    let people = store::person::all(&app.cx.store).await?;
    Ok(people.into_iter().map(|a| a.person).filter(|p| p.active).collect())
}

fn actions_led(records: &[Record], post: PostId) -> usize {
    let leads = |lead: &Lead| matches!(lead, Lead::Post { post: p, .. } if *p == post);
    records.iter().flat_map(|r| &r.actions).filter(|a| a.leads.iter().any(leads)).count()
}

fn parse(fields: &Fields) -> Result<Draft, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let name = reader.required("name", LINE, "Enter the post’s name, for example LSCB Manager");
    let body = reader.optional("body", LINE);
    reader.finish(Draft { name, body })
}

/// Who holds a post on a day, in words: a holder whose account is deactivated leaves it vacant.
fn holder_words(post: &Post, today: NaiveDate) -> String {
    let held = |active: bool| {
        post.holdings
            .iter()
            .filter(move |h| h.covers(today) && h.person.active == active)
            .map(|h| if h.acting { format!("{} (acting)", h.person.name) } else { h.person.name.clone() })
    };
    let (active, gone): (Vec<_>, Vec<_>) = (held(true).collect(), held(false).collect());
    match (active.is_empty(), gone.is_empty()) {
        (false, _) => text::list(&active),
        (true, true) => "Vacant".to_owned(),
        (true, false) => format!("Vacant ({} is deactivated)", text::list(&gone)),
    }
}

fn list_sheet(posts: &[(&Post, usize)], today: NaiveDate) -> Sheet {
    let rows = posts.iter().map(|(post, led)| {
        let href = path::post(post.id);
        Row::new([
            html! { (Link::new(&href, &post.name)) },
            html! { (post.body.as_deref().unwrap_or("The council")) },
            html! { (holder_words(post, today)) },
            html! { (led) },
        ])
    });
    let columns = [
        Column::new("Post"),
        Column::new("Body"),
        Column::new("Holder now"),
        Column::new("Actions led").width(table::Width::Number),
    ];
    let content = html! {
        h1 { "Posts" }
        p { "Actions are led by posts. Mail goes to whoever holds the post on that day; where nobody does, the plan’s manager is asked." }
        (button_group([link_button(Link::new(Route::NewPost.path(), "Add a post"), Kind::Primary)]))
        @if posts.is_empty() {
            (empty("No posts yet", "A post, such as LSCB Manager, leads actions whoever holds it.", None))
        } @else {
            (Table::new("Posts", columns).caption_hidden().row_head(0).rows(rows))
        }
    };
    Sheet::new(["Posts"], content).wide()
}

fn form(action: &str, fields: &Fields, button: &str, f: Inputs<'_>) -> Markup {
    post_form(
        action,
        html! {
            (hidden("version", fields.raw("version")))
            (f.text("name", "Name of the post", fields.raw("name")).width(Width::W20))
            (f.text("body", "Body it belongs to", fields.raw("body")).optional().width(Width::W20)
                .hint("Only if it is not the council’s own: a school, the police, a board."))
            (button_group([submit(button, Kind::Primary), html! { (Link::new(Route::Posts.path(), "Cancel")) }]))
        },
    )
}

fn new_sheet(fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let content = html! {
        (f.summary())
        h1 { "Add a post" }
        (form(Route::NewPost.path(), fields, "Add the post", f))
    };
    Sheet::new(["Add a post", "Posts"], content)
        .crumbs([(Route::Posts.path(), "Posts")])
        .rejected(f.rejected())
}

fn edit_sheet(post: &Post, today: NaiveDate, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let content = html! {
        (f.summary())
        h1 { span class="caption" { "Post" } (post.name) }
        (summary_list([Fact::new("Holder now", holder_words(post, today))]))
        (button_group([link_button(Link::new(&path::hand_over(post.id), "Hand over"), Kind::Secondary)]))
        h2 { "Name and body" }
        (form(&path::post(post.id), fields, "Save", f))
        (history(post))
    };
    Sheet::new([post.name.as_str(), "Posts"], content)
        .crumbs([(Route::Posts.path(), "Posts")])
        .rejected(f.rejected())
}

/// Who held the post, newest first.
fn history(post: &Post) -> Markup {
    let row = |holding: &Holding| {
        Row::new([
            html! {
                (holding.person.name)
                @if holding.acting { " (acting)" }
                @if !holding.person.active { " (deactivated)" }
            },
            day(holding.from),
            holding.to.map_or_else(|| html! { "No end" }, day),
        ])
    };
    html! {
        h2 { "Who held it" }
        @if post.holdings.is_empty() {
            (empty("Nobody has held this post yet", "Hand it over to somebody, and mail for its actions reaches them.", None))
        } @else {
            (Table::new("Who held it, newest first", ["Holder", "From", "To"].map(Column::new))
                .caption_hidden().row_head(0).rows(post.holdings.iter().rev().map(row)))
        }
    }
}

fn stale_sheet(saved: &Post, typed: &Draft, fields: &Fields) -> Sheet {
    let facts = |name: &str, body: Option<&str>| {
        summary_list([Fact::new("Name", name), Fact::new("Body", body.unwrap_or("The council"))])
    };
    let errors = [FieldError::whole_form(
        "Somebody else changed this post while you were typing. Compare the two, change what has to be changed below, and save again",
    )];
    let f = Inputs::new(&errors);
    let content = html! {
        (f.summary())
        h1 { span class="caption" { "Post" } (saved.name) }
        (both_texts(
            "What is saved now", facts(&saved.name, saved.body.as_deref()),
            "What you typed", facts(&typed.name, typed.body.as_deref()),
        ))
        h2 { "Yours, to be saved" }
        (form(&path::post(saved.id), fields, "Save", f))
    };
    Sheet::new([saved.name.as_str(), "Posts"], content)
        .crumbs([(Route::Posts.path(), "Posts")])
        .rejected(true)
        .status(StatusCode::CONFLICT)
}

fn handover_sheet(
    post: &Post,
    people: &[Person],
    today: NaiveDate,
    fields: &Fields,
    errors: &[FieldError],
) -> Sheet {
    let f = Inputs::new(errors);
    let back = path::post(post.id);
    let choices = [Choice::new("", "Choose"), Choice::new(VACANT, "Nobody: it is vacant")]
        .into_iter()
        .chain(people.iter().map(|p| Choice::new(p.id.to_string(), &p.name)));
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (post.name) } "Hand over" }
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
