//! Moving everything that a post answers for to another post: choosing it, seeing the list, confirming.
//!
//! What was confirmed is what is moved: a list that has changed meanwhile is shown again.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::{find, led};
use crate::{
    command::{
        CommandError,
        post::reassignment::{self, Seen},
    },
    domain::{
        access::Actor,
        id::{ActionId, PlanId, PostId},
        plan::Record,
        post::Post,
        text,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{Choice, FieldError, Inputs, Width, post as post_form},
            kit::{Link, empty, notice, warning_text},
        },
    },
};

/// What is said where not all of it can be moved.
const STAYS: &str = "It also answers for something in plans that you do not manage: that stays.";

/// What the pages of a move show.
struct About {
    post: Post,
    posts: Vec<Post>,
    records: Vec<Record>,
    seen: Seen,
    /// Whether the post also answers for something in plans that are not the mover's to edit.
    stays: bool,
    today: NaiveDate,
}

impl About {
    async fn find(app: &App, actor: &Actor, id: i64) -> Result<Self, WebError> {
        let today = app.cx.clock.today();
        let (post, _) = find(app, PostId(id)).await?;
        let posts = store::record::posts(&app.cx.store).await?;
        let records = store::record::all(&app.cx.store, actor, Depth::Current).await?;
        let seen = Seen::movable_by(actor, &records, post.id, today);
        let stays = led(app, post.id).await? != seen;
        Ok(Self { post, posts, records, seen, stays, today })
    }

    /// The other post that was chosen.
    fn other(&self, code: &str) -> Option<&Post> {
        let id = code.trim().parse().ok()?;
        self.posts.iter().find(|p| p.id == PostId(id) && p.id != self.post.id)
    }

    fn sheet(&self, title: &str, content: Markup) -> Sheet {
        let back = path::post(self.post.id);
        Sheet::new([title, self.post.name.as_str(), "Posts"], content)
            .crumbs([(Route::Posts.path().to_owned(), "Posts"), (back, &self.post.name)])
    }
}

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let about = About::find(&app, &actor, id).await?;
    let asked = Fields::decode(query.unwrap_or_default().as_bytes());
    let mut reader = Reader::new(&asked);
    // The first view asks nothing yet.
    if asked.raw("to").is_empty() && !asked.ticked("to") {
        return Ok(choose_sheet(&about, &asked, &[]));
    }
    let to = reader.required_choice("to", |code| about.other(code), "Choose the post that takes over");
    Ok(match (reader.finish(()), to) {
        (Ok(()), Some(to)) => confirm_sheet(&about, to, None),
        (wrong, _) => choose_sheet(&about, &asked, &wrong.err().unwrap_or_default()),
    })
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let about = About::find(&app, &actor, id).await?;
    let Some(to) = about.other(fields.raw("to")) else {
        let wrong = if about.seen.is_empty() {
            [FieldError::whole_form(format!("{} has nothing to move", about.post.name))]
        } else {
            [FieldError::new("to", "Choose the post that takes over")]
        };
        return Ok(choose_sheet(&about, &fields, &wrong).into_response());
    };
    let numbers = |name: &'static str| fields.all(name).filter_map(|n| n.parse().ok()).collect::<Vec<i64>>();
    let seen = Seen {
        actions: numbers("action").into_iter().map(ActionId).collect(),
        plans: numbers("plan").into_iter().map(PlanId).collect(),
    };
    match reassignment::reassign(&app.cx, &actor, about.post.id, to.id, &seen).await {
        Ok(()) => {
            let done = format!("{} has been moved from {} to {}", words(&seen), about.post.name, to.name);
            Ok(Redirect::to(path::post(to.id)).saying(text::initial_capital(&done)).into_response())
        }
        Err(CommandError::Refused { message, .. }) => {
            Ok(choose_sheet(&about, &fields, &[FieldError::whole_form(message)]).into_response())
        }
        Err(CommandError::Stale) => {
            let changed = notice(
                "The list has changed",
                html! {
                    p { "Somebody changed what " (about.post.name) " answers for while you were reading. Nothing has been moved: look at the list again." }
                },
            );
            Ok(confirm_sheet(&about, to, Some(changed)).status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// "3 open actions and 1 plan".
fn words(seen: &Seen) -> String {
    let actions =
        (!seen.actions.is_empty()).then(|| text::plural(seen.actions.len(), "open action", "open actions"));
    let plans = (!seen.plans.is_empty()).then(|| text::plural(seen.plans.len(), "plan", "plans"));
    text::list(&actions.into_iter().chain(plans).collect::<Vec<_>>())
}

fn choose_sheet(about: &About, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let others = about.posts.iter().filter(|p| p.id != about.post.id);
    let choices =
        [Choice::new("", "Choose")].into_iter().chain(others.map(|p| Choice::new(p.id.to_string(), &p.name)));
    let title = "Move everything to another post";
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (about.post.name) } " " (title) }
        @if about.seen.is_empty() {
            (empty("Nothing to move", "In the plans that you manage this post leads no open action, and it manages none of them.", None))
            p { (Link::new(&path::post(about.post.id), "Back to the post")) }
        } @else {
            p { "For when a post is given up and another takes its work over: " (words(&about.seen)) ". Where only the person changes, hand the post over instead." }
            @if about.stays { p { (STAYS) } }
            form method="get" action=(path::reassign(about.post.id)) novalidate {
                (f.select("to", "Which post takes over?", fields.raw("to"), choices).width(Width::W20))
                (button_group([submit("Show what would move", Kind::Primary), html! { (Link::new(&path::post(about.post.id), "Cancel")) }]))
            }
        }
    };
    about.sheet(title, content).rejected(f.rejected())
}

fn confirm_sheet(about: &About, to: &Post, changed: Option<Markup>) -> Sheet {
    let title = format!("Move everything to {}", to.name);
    let content = html! {
        h1 { span class="caption" { (about.post.name) } " " (title) }
        @if let Some(changed) = changed { (changed) }
        @if to.is_vacant(about.today) {
            p { (to.name) " is vacant: until somebody holds it, mail goes to the manager of each plan." }
        }
        p { "From " (about.post.name) " to " (to.name) ": " (words(&about.seen)) "." }
        @if about.stays { p { (STAYS) } }
        @for record in &about.records {
            @let actions: Vec<_> = record.actions.iter().filter(|a| about.seen.actions.contains(&a.id)).collect();
            @let manages = about.seen.plans.contains(&record.plan.id);
            @if manages || !actions.is_empty() {
                h2 { (record.plan.title) }
                ul {
                    @if manages { li { "The plan itself: " (to.name) " manages it" } }
                    @for action in actions {
                        li {
                            (Link::new(&path::action(action.id), &action.label)) ": " (action.title())
                            @if action.leads.len() > 1 { span class="soft" { " (jointly with others, who stay)" } }
                        }
                    }
                }
            }
        }
        (warning_text("All of it moves at once. Updates stay with those who wrote them, and what is complete, merged or closed stays where it is."))
        (post_form(&path::reassign(about.post.id), html! {
            (hidden("to", &to.id.to_string()))
            @for id in &about.seen.actions { (hidden("action", &id.to_string())) }
            @for id in &about.seen.plans { (hidden("plan", &id.to_string())) }
            (button_group([submit("Move everything", Kind::Warning), html! { (Link::new(&path::post(about.post.id), "Cancel")) }]))
        }))
    };
    about.sheet(&title, content)
}
