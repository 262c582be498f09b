//! Changing the days of one holding, and withdrawing one that has not begun.
//!
//! Never changes who it was: what is recorded wrongly as somebody's is ended, and entered for the right person.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::{find, history, vacant_from_now};
use crate::{
    command::{
        CommandError,
        post::holding::{self, before},
    },
    domain::{
        id::HoldingId,
        post::{Holding, Post},
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
        page::both::both,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{FieldError, Inputs, Width, post as post_form},
            kit::{Link, inset},
        },
    },
};

/// The form's fields by their labels.
const LABELS: [(&str, &str); 2] = [("from", "First day"), ("to", "Last day")];

/// A holding with its post, as they stand.
struct About {
    post: Post,
    held: Holding,
    today: NaiveDate,
}

impl About {
    async fn find(app: &App, id: i64) -> Result<Self, WebError> {
        let posts = store::record::posts(&app.cx.store).await?;
        let found = posts.into_iter().find_map(|p| p.holding(HoldingId(id)).cloned().map(|h| (p, h)));
        let (post, held) = found.ok_or(WebError::NotFound)?;
        Ok(Self { post, held, today: app.cx.clock.today() })
    }

    fn fields(&self) -> Fields {
        let (from, to) = (text::day(self.held.from), self.held.to.map(text::day).unwrap_or_default());
        Fields::of([("from", from), ("to", to)])
    }

    /// The days as the form carries them, to notice that somebody else changed them.
    fn seen(&self) -> String {
        format!("{}/{}", self.held.from, self.held.to.map(|to| to.to_string()).unwrap_or_default())
    }

    /// What is said once it is done, with the days on which the post is vacant now.
    async fn done(&self, app: &App, words: String) -> Result<Response, WebError> {
        let (now, _) = find(app, self.post.id).await?;
        let vacant = vacant_from_now(&now, self.today);
        Ok(Redirect::to(path::post(self.post.id)).saying(words + &vacant).into_response())
    }

    fn sheet(&self, title: &str, errors: &[FieldError], content: Markup) -> Sheet {
        let f = Inputs::new(errors);
        let back = path::post(self.post.id);
        let content = html! {
            (f.summary())
            h1 { span class="caption" { (self.post.name) ": " (self.held.name()) } " " (title) }
            (content)
        };
        Sheet::new([title, self.post.name.as_str(), "Posts"], content)
            .crumbs([(Route::Posts.path().to_owned(), "Posts"), (back, &self.post.name)])
            .rejected(f.rejected())
    }
}

pub(in crate::web) async fn edit(State(app): State<App>, Path(id): Path<i64>) -> Result<Sheet, WebError> {
    let about = About::find(&app, id).await?;
    Ok(edit_sheet(&about, &about.seen(), &about.fields(), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let about = About::find(&app, id).await?;
    let seen = fields.raw("seen");
    let mut reader = Reader::new(&fields);
    let from = reader.required_day("from", "Enter the first day");
    let to = reader.day("to");
    let wrong = match reader.finish(()) {
        Err(errors) => errors,
        Ok(()) => match holding::change_days(&app.cx, &actor, about.held.id, days(seen), (from, to)).await {
            Ok(()) => {
                let done = format!("The days of {} have been changed", about.held.name());
                return about.done(&app, done).await;
            }
            Err(CommandError::Refused { field, message }) => vec![FieldError::new(field, message)],
            Err(CommandError::Stale) => {
                let both = both(&about.fields(), &fields, &LABELS, |_, value| value.to_owned());
                let sheet = edit_sheet(&about, &about.seen(), &fields, &[], Some(both));
                return Ok(sheet.status(StatusCode::CONFLICT).into_response());
            }
            Err(error) => return Err(error.into()),
        },
    };
    Ok(edit_sheet(&about, seen, &fields, &wrong, None).into_response())
}

/// What [`About::seen`] wrote; anything else is what nobody has seen.
fn days(seen: &str) -> (NaiveDate, Option<NaiveDate>) {
    let (from, to) = seen.split_once('/').unwrap_or_default();
    (from.parse().unwrap_or_default(), to.parse().ok())
}

fn edit_sheet(
    about: &About,
    seen: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Sheet {
    let f = Inputs::new(errors);
    let back = path::post(about.post.id);
    let content = html! {
        @if let Some(both) = clash { (both) }
        @if let Some(before) = before(&about.post, &about.held) {
            (inset(html! {
                p { (before.person.name) " holds it until the day before. With another first day, that day moves with it." }
            }))
        }
        (post_form(&path::edit_holding(about.held.id), html! {
            (hidden("seen", seen))
            (f.text("from", "First day", fields.raw("from")).width(Width::W20).hint("For example 19 February 2018."))
            (f.text("to", "Last day", fields.raw("to")).optional().width(Width::W20)
                .hint(if about.held.acting {
                    "Leave it empty where it is not known yet. From the day after, the mail is the holder’s again."
                } else {
                    "Leave it empty for no end. From the day after, the post is vacant, unless somebody else is entered."
                }))
            (button_group([submit("Save the days", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
        h2 { "Who held it" }
        (history(&about.post, about.today, false))
    };
    about.sheet("Change the days", errors, content)
}

pub(in crate::web) async fn new_withdrawal(
    State(app): State<App>,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let about = About::find(&app, id).await?;
    Ok(withdrawal_sheet(&about, true, &[]))
}

pub(in crate::web) async fn withdraw(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let about = About::find(&app, id).await?;
    let goes_on = fields.ticked("goes_on");
    match holding::withdraw(&app.cx, &actor, about.held.id, goes_on).await {
        Ok(()) => {
            let done = format!("{} {} has been withdrawn", about.held.name(), about.held.days());
            about.done(&app, done).await
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(withdrawal_sheet(&about, goes_on, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn withdrawal_sheet(about: &About, goes_on: bool, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let (post, held) = (&about.post, &about.held);
    let does = if held.acting { "cover" } else { "hold" };
    let content = html! {
        p { (held.person.name) " will not " (does) " " (post.name) " " (held.days()) ". The history keeps that it was planned." }
        (post_form(&path::withdraw_holding(held.id), html! {
            @if let Some(before) = before(post, held) {
                (f.checkbox("goes_on", format!("{} goes on holding it", before.person.name), goes_on)
                    .hint("Otherwise it is vacant from then on."))
            }
            (button_group([submit("Withdraw", Kind::Warning), html! { (Link::new(&path::post(post.id), "Cancel")) }]))
        }))
    };
    about.sheet("Withdraw", errors, content)
}
