//! All posts: who holds each now, what it leads, and which of them somebody should be found for.

use axum::extract::State;
use chrono::NaiveDate;
use maud::html;

use super::{answers_for, counting, history::holder_words};
use crate::{
    command::post::reassignment::Seen,
    domain::{post::Post, text},
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        error::WebError,
        route::Route,
        sheet::Sheet,
        view::{
            button::{Kind, button_group, link_button},
            kit::{Link, empty, notice},
            table::{Column, Row, Table, Width},
        },
    },
};

pub(in crate::web) async fn list(State(app): State<App>) -> Result<Sheet, WebError> {
    let today = app.cx.clock.today();
    let posts = store::record::posts(&app.cx.store).await?;
    let records = store::record::all(&app.cx.store, &counting(), Depth::Current).await?;
    let rows: Vec<(&Post, Seen)> = posts.iter().map(|p| (p, Seen::of(&records, p.id, today))).collect();
    Ok(list_sheet(&rows, today))
}

/// Posts that somebody should be found for: vacant, and with something to do.
fn wanted<'a>(posts: &'a [(&'a Post, Seen)], today: NaiveDate) -> Vec<&'a (&'a Post, Seen)> {
    posts.iter().filter(|(post, led)| post.is_vacant(today) && !led.is_empty()).collect()
}

fn list_sheet(posts: &[(&Post, Seen)], today: NaiveDate) -> Sheet {
    let rows = posts.iter().map(|(post, led)| {
        let href = path::post(post.id);
        Row::new([
            html! { (Link::new(&href, &post.name)) },
            html! { (post.body.as_deref().unwrap_or("The council")) },
            html! { (holder_words(post, today)) },
            html! { (led.actions.len()) },
        ])
    });
    let columns = [
        Column::new("Post"),
        Column::new("Body"),
        Column::new("Holder now"),
        Column::new("Open actions").width(Width::Number),
    ];
    let vacant = wanted(posts, today);
    let content = html! {
        h1 { "Posts" }
        p { "Actions are led by posts. Mail goes to whoever holds the post on that day; where nobody does, the plan’s manager is asked." }
        (button_group([link_button(Link::new(Route::NewPost.path(), "Add a post"), Kind::Primary)]))
        @if !vacant.is_empty() {
            (notice(&vacant_words(vacant.len()), html! {
                ul {
                    @for (post, led) in vacant {
                        li { (Link::new(&path::post(post.id), &post.name)) ": " (answers_for(led)) }
                    }
                }
                p { "While a post is vacant, mail for its actions goes to the plan’s manager." }
            }))
        }
        @if posts.is_empty() {
            (empty("No posts yet", "A post, such as LSCB Manager, leads actions whoever holds it.", None))
        } @else {
            (Table::new("Posts", columns).caption_hidden().row_head(0).rows(rows))
        }
    };
    Sheet::new(["Posts"], content).wide()
}

/// "3 posts are vacant".
pub(in crate::web::page) fn vacant_words(n: usize) -> String {
    format!("{} vacant", text::plural(n, "post is", "posts are"))
}
