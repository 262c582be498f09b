//! Send again: what would go out once more, to whom, and then it does.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::html;

use crate::{
    command::{
        CommandError,
        again::{self, Answer, Offer},
    },
    domain::text,
    link::path,
    store::outbox::Message,
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        page::mail,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{FieldError, Inputs, post},
            kit::{Fact, Link, empty, summary_list},
        },
    },
};

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    Ok(sheet(&app, &again::offer(&app.cx, &actor, id).await?, &[]))
}

pub(in crate::web) async fn send(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    // A form without its number asks again.
    let time = fields.raw("time").parse().unwrap_or(u64::MAX);
    let there = Redirect::to(Route::Reminders.path());
    match again::send(&app.cx, &actor, id, time).await {
        Ok(Some(name)) => {
            Ok(there.saying(format!("It goes to {name} once more. It is in the log below")).into_response())
        }
        Ok(None) => {
            let words = "It was sent again already, by this form or by somebody else: look at the log below";
            Ok(there.warning(words).into_response())
        }
        Err(CommandError::Refused { message, .. }) => {
            let answer = again::offer(&app.cx, &actor, id).await?;
            Ok(sheet(&app, &answer, &[FieldError::whole_form(message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn sheet(app: &App, answer: &Answer, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let back = Route::Reminders.path();
    let content = html! {
        (f.summary())
        h1 { "Send again" }
        @match answer {
            Answer::Yes(offer) => {
                (facts(app, &offer.message))
                p { (what_happens(offer)) }
                (post(&path::send_again(offer.message.id), html! {
                    (hidden("time", &offer.times.to_string()))
                    (button_group([
                        submit("Send it again", Kind::Primary),
                        html! { (Link::new(back, "Cancel")) },
                    ]))
                }))
            }
            Answer::No(message, why) => {
                (facts(app, message))
                (empty("This mail can’t be sent again", format!("{why}."), Some(Link::new(back, "Back to the log"))))
            }
        }
    };
    Sheet::new(["Send again", "Reminders"], content).back(back, "Reminders").rejected(f.rejected())
}

fn facts(app: &App, message: &Message) -> maud::Markup {
    let demonstration = app.is_demonstration();
    let subject = message.subject.as_deref().unwrap_or_else(|| message.kind.words());
    summary_list([
        Fact::new("Subject", subject),
        Fact::new("To", mail::to_words(message)),
        Fact::new("For the day", text::day(message.office_day)),
        Fact::new("What became of it", mail::state_words(message, demonstration)),
    ])
}

fn what_happens(Offer { message, to, times }: &Offer) -> String {
    let whom = if to.address == message.to_address {
        format!("to {}", to.name)
    } else {
        format!("to {}, at the address that is theirs now: {}", to.name, to.address)
    };
    let before = match times {
        0 => String::new(),
        times => format!(
            " It was sent again {} before.",
            text::plural(usize::try_from(*times).unwrap_or(usize::MAX), "time", "times")
        ),
    };
    format!(
        "The same text goes {whom}, as it was written on its day, between 8am and 4pm on a working day.{before} Your name stands \
         in the log and in the history."
    )
}
