//! Posts: which there are, who holds and held them, adding and renaming. For managers.
//!
//! A post is never deleted.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

mod handover;

pub(in crate::web) use handover::{create as hand_over, new as new_handover};

use super::both::both;
use crate::{
    command::{CommandError, post as command},
    domain::{
        access::Actor,
        id::PostId,
        plan::Record,
        post::{Holding, Lead, Post},
        text,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, Reader},
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, link_button, submit},
            form::{FieldError, Inputs, Width, post as post_form},
            kit::{Fact, Link, day, empty, summary_list},
            table::{self, Column, Row, Table},
        },
    },
};

/// The form's fields by their labels.
const LABELS: [(&str, &str); 2] = [("name", "Name of the post"), ("body", "Body it belongs to")];

/// A post as somebody typed it, with both fields checked.
struct Draft {
    name: String,
    body: Option<String>,
}

pub(in crate::web) async fn list(State(app): State<App>) -> Result<Sheet, WebError> {
    let posts = store::record::posts(&app.cx.store).await?;
    // How many actions a post leads is told to whoever looks after posts, which actions they are is not.
    let records = store::record::all(&app.cx.store, &Actor::program("Posts"), Depth::Current).await?;
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
    Ok(edit_sheet(&post, app.cx.clock.today(), &version.to_string(), &fields_of(&post), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (post, _) = find(&app, PostId(id)).await?;
    let (today, seen) = (app.cx.clock.today(), fields.raw("version"));
    let draft = match parse(&fields) {
        Ok(draft) => draft,
        Err(errors) => return Ok(edit_sheet(&post, today, seen, &fields, &errors, None).into_response()),
    };
    match command::edit(
        &app.cx,
        &actor,
        post.id,
        seen.parse().unwrap_or(0),
        &draft.name,
        draft.body.as_deref(),
    )
    .await
    {
        Ok(()) => {
            let done = format!("{} saved", draft.name);
            Ok(Redirect::to(path::post(post.id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(edit_sheet(&post, today, seen, &fields, &[FieldError::new(field, message)], None)
                .into_response())
        }
        Err(CommandError::Stale) => {
            let (saved, version) = find(&app, post.id).await?;
            let both = both(&fields_of(&saved), &fields, &LABELS, |_, value| value.to_owned());
            let sheet = edit_sheet(&saved, today, &version.to_string(), &fields, &[], Some(both));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// A post with the number of its saved state. The number is read first: a change in between makes the form stale, and
/// never lets it overwrite what it has not shown.
async fn find(app: &App, id: PostId) -> Result<(Post, i32), WebError> {
    let version = store::post::version(&app.cx.store, id).await?.ok_or(WebError::NotFound)?;
    let posts = store::record::posts(&app.cx.store).await?;
    let post = posts.into_iter().find(|p| p.id == id).ok_or(WebError::NotFound)?;
    Ok((post, version))
}

fn actions_led(records: &[Record], post: PostId) -> usize {
    let leads = |lead: &Lead| matches!(lead, Lead::Post { post: p, .. } if *p == post);
    records.iter().flat_map(|r| &r.actions).filter(|a| a.leads.iter().any(leads)).count()
}

fn fields_of(post: &Post) -> Fields {
    Fields::of([("name", post.name.clone()), ("body", post.body.clone().unwrap_or_default())])
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

fn form(action: &str, version: &str, fields: &Fields, button: &str, f: Inputs<'_>) -> Markup {
    post_form(
        action,
        html! {
            (hidden("version", version))
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
        (form(Route::NewPost.path(), "", fields, "Add the post", f))
    };
    Sheet::new(["Add a post", "Posts"], content)
        .crumbs([(Route::Posts.path(), "Posts")])
        .rejected(f.rejected())
}

/// `version` is the state that the writer saw; after a clash, the one that they have now been shown.
fn edit_sheet(
    post: &Post,
    today: NaiveDate,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Sheet {
    let f = Inputs::new(errors);
    // A post that nobody has held yet can't be handed over.
    let hand_over = if post.holdings.is_empty() { "Say who holds it" } else { "Hand over" };
    let content = html! {
        (f.summary())
        h1 { span class="caption" { "Post" } " " (post.name) }
        (summary_list([Fact::new("Holder now", holder_words(post, today))]))
        (button_group([link_button(Link::new(&path::hand_over(post.id), hand_over), Kind::Secondary)]))
        h2 { "Name and body" }
        @if let Some(both) = clash { (both) }
        (form(&path::post(post.id), version, fields, "Save", f))
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
            (empty("Nobody has held this post yet", "Say who holds it, and mail for its actions reaches them.", None))
        } @else {
            (Table::new("Who held it, newest first", ["Holder", "From", "To"].map(Column::new))
                .caption_hidden().row_head(0).rows(post.holdings.iter().rev().map(row)))
        }
    }
}
