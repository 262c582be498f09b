//! Posts: which there are, who holds and held them, adding and renaming.
//!
//! A post is never deleted: one that leads nothing any more just leads nothing.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

mod handover;
mod history;
mod holding;
mod list;
mod reassignment;
mod term;

pub(in crate::web) use handover::{create as hand_over, new as new_handover};
pub(in crate::web) use holding::{
    edit as edit_holding, new_withdrawal, update as update_holding, withdraw as withdraw_holding,
};
pub(in crate::web) use list::list;
pub(in crate::web::page) use list::vacant_words;
pub(in crate::web) use reassignment::{create as reassign, new as new_reassignment};
pub(in crate::web) use term::{create as create_holding, new as new_holding};

use super::both::both;
use crate::{
    command::{
        CommandError,
        post::{self as command, reassignment::Seen},
    },
    domain::{
        access::{Actor, Permission, may},
        id::{PersonId, PostId},
        post::{Person, Post},
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
            form::{Choice, FieldError, Inputs, Width, post as post_form},
            kit::{Fact, Link, summary_list},
        },
    },
};
use history::{history, holder_words, mail_words, vacant_from_now};

/// The form's fields by their labels.
const LABELS: [(&str, &str); 2] = [("name", "Name of the post"), ("body", "Body it belongs to")];

/// A post as somebody typed it, with both fields checked.
struct Draft {
    name: String,
    body: Option<String>,
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

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let (post, version) = find(&app, PostId(id)).await?;
    let led = led(&app, post.id).await?;
    let about = About::of(&app, &actor, &post, &led);
    Ok(edit_sheet(&about, &version.to_string(), &fields_of(&post), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (post, _) = find(&app, PostId(id)).await?;
    let seen = fields.raw("version");
    let led = led(&app, post.id).await?;
    let about = About::of(&app, &actor, &post, &led);
    let draft = match parse(&fields) {
        Ok(draft) => draft,
        Err(errors) => return Ok(edit_sheet(&about, seen, &fields, &errors, None).into_response()),
    };
    let (name, body) = (&draft.name, draft.body.as_deref());
    match command::edit(&app.cx, &actor, post.id, seen.parse().unwrap_or(0), name, body).await {
        Ok(()) => {
            let done = format!("{} saved", draft.name);
            Ok(Redirect::to(path::post(post.id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            let wrong = [FieldError::new(field, message)];
            Ok(edit_sheet(&about, seen, &fields, &wrong, None).into_response())
        }
        Err(CommandError::Stale) => {
            let (saved, version) = find(&app, post.id).await?;
            let both = both(&fields_of(&saved), &fields, &LABELS, |_, value| value.to_owned());
            let about = About { post: &saved, ..about };
            let sheet = edit_sheet(&about, &version.to_string(), &fields, &[], Some(both));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// In whose eyes is counted what posts answer for: whoever hands them over has to know how much there is, in plans too that
/// they may not read.
fn counting() -> Actor {
    Actor::program("Posts")
}

/// What a post answers for today.
async fn led(app: &App, id: PostId) -> Result<Seen, WebError> {
    let records = store::record::all(&app.cx.store, &counting(), Depth::Current).await?;
    Ok(Seen::of(&records, id, app.cx.clock.today()))
}

/// A post with the number of its saved state. The number is read first: a change in between makes the form stale, and
/// never lets it overwrite what it has not shown.
async fn find(app: &App, id: PostId) -> Result<(Post, i32), WebError> {
    let version = store::post::version(&app.cx.store, id).await?.ok_or(WebError::NotFound)?;
    let posts = store::record::posts(&app.cx.store).await?;
    let post = posts.into_iter().find(|p| p.id == id).ok_or(WebError::NotFound)?;
    Ok((post, version))
}

/// Those who can be given a post, by name.
async fn active_people(app: &App) -> Result<Vec<Person>, WebError> {
    let people = store::person::all(&app.cx.store).await?;
    Ok(people.into_iter().map(|a| a.person).filter(|p| p.active).collect())
}

/// The list to choose from: nobody chosen, then what else there is, then everyone.
fn people_choices<'a>(
    first: impl IntoIterator<Item = Choice<'a>>,
    people: &'a [Person],
) -> impl Iterator<Item = Choice<'a>> {
    [Choice::new("", "Choose")]
        .into_iter()
        .chain(first)
        .chain(people.iter().map(|p| Choice::new(p.id.to_string(), &p.name)))
}

/// One of them, by what the form sent.
fn chosen<'a>(people: &'a [Person], code: &str) -> Option<&'a Person> {
    let id = PersonId(code.trim().parse().ok()?);
    people.iter().find(|p| p.id == id)
}

/// What the list of people says about those who are not in it.
fn not_in_list() -> Markup {
    html! { "Somebody who is not in the list has to be " (Link::new(Route::NewPerson.path(), "added")) " first." }
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

/// "5 open actions, manages 1 plan".
fn answers_for(led: &Seen) -> String {
    let actions = (!led.actions.is_empty())
        .then(|| format!("leads {}", text::plural(led.actions.len(), "open action", "open actions")));
    let plans = (!led.plans.is_empty())
        .then(|| format!("manages {}", text::plural(led.plans.len(), "plan", "plans")));
    let words: Vec<String> = actions.into_iter().chain(plans).collect();
    if words.is_empty() { "nothing now".to_owned() } else { text::list(&words) }
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

/// What a page about a post shows of it.
struct About<'a> {
    post: &'a Post,
    led: &'a Seen,
    today: NaiveDate,
    /// Whether the reader may move its actions.
    moves: bool,
}

impl<'a> About<'a> {
    fn of(app: &App, actor: &Actor, post: &'a Post, led: &'a Seen) -> Self {
        let moves = may(actor, Permission::EditPlans).is_ok();
        Self { post, led, today: app.cx.clock.today(), moves }
    }
}

/// `version` is the state that the writer saw; after a clash, the one that they have now been shown.
fn edit_sheet(
    about: &About<'_>,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Sheet {
    let About { post, led, today, moves } = *about;
    let f = Inputs::new(errors);
    // A post that nobody has held yet can't be handed over.
    let hand_over = if post.holdings.is_empty() { "Say who holds it" } else { "Hand over" };
    let content = html! {
        (f.summary())
        h1 { span class="caption" { "Post" } " " (post.name) }
        (summary_list([
            Fact::new("Holder now", holder_words(post, today)),
            Fact::new("Mail goes to", mail_words(post, today)),
            Fact::new("Answers for", text::initial_capital(&answers_for(led))),
        ]))
        (button_group([
            link_button(Link::new(&path::hand_over(post.id), hand_over), Kind::Secondary),
            link_button(Link::new(&path::new_holding(post.id), "Arrange cover"), Kind::Secondary),
        ]))
        @if moves && !led.is_empty() {
            p { (Link::new(&path::reassign(post.id), "Move everything to another post")) }
        }
        h2 { "Who held it" }
        (history(post, today, true))
        h2 { "Name and body" }
        @if let Some(both) = clash { (both) }
        (form(&path::post(post.id), version, fields, "Save", f))
    };
    Sheet::new([post.name.as_str(), "Posts"], content)
        .crumbs([(Route::Posts.path(), "Posts")])
        .rejected(f.rejected())
}
