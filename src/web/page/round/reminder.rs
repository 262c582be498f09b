//! Send a reminder: who will get it, and then it goes to those who are awaited, at most once a day.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::{runnable, step::asked_people};
use crate::{
    command::{self, CommandError, round::Mailed},
    domain::{
        access::Actor,
        asking::{Asking, asking},
        id::RoundId,
        round::RoundState,
        text::{self, plural},
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::{FieldError, Inputs, post},
            kit::{Link, empty},
        },
    },
};

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    Ok(sheet(&app, &actor, RoundId(id), &[]).await?.into_response())
}

pub(in crate::web) async fn send(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let id = RoundId(id);
    match command::round::remind(&app.cx, &actor, id).await {
        Ok(mailed) => {
            let there = Redirect::to(path::round(id));
            Ok(match mailed.now.len() {
                0 => there.warning(already(&mailed)),
                n => there.saying(sent(n, &mailed)),
            }
            .into_response())
        }
        Err(CommandError::Refused { message, .. }) => {
            Ok(sheet(&app, &actor, id, &[FieldError::whole_form(message)]).await?.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn sent(n: usize, mailed: &Mailed) -> String {
    let to = plural(n, "person", "people");
    let left = match mailed.before.as_slice() {
        [] => String::new(),
        before => format!(". Mailed today already, and not again: {}", text::list(before)),
    };
    format!("A reminder goes to {to}{left}{}", nobody(mailed))
}

/// Nobody was mailed now.
fn already(mailed: &Mailed) -> String {
    let today = match mailed.before.as_slice() {
        [] => String::new(),
        before => format!(
            ": {} {} been mailed about this round today already, and a reminder goes once a day at most",
            text::list(before),
            if before.len() == 1 { "has" } else { "have" },
        ),
    };
    format!("No reminder was sent{today}{}", nobody(mailed))
}

fn nobody(mailed: &Mailed) -> String {
    match mailed.nobody.as_slice() {
        [] => String::new(),
        labels => format!(". Nobody can be mailed about {}", text::list(labels)),
    }
}

async fn sheet(app: &App, actor: &Actor, id: RoundId, errors: &[FieldError]) -> Result<Sheet, WebError> {
    let (row, records) = runnable(&app.cx.store, actor, id, Depth::Current).await?;
    let (round, today) = (&row.round, app.cx.clock.today());
    let awaited = match round.state {
        RoundState::Open => asking(&records, round, today),
        _ => Asking::default(),
    };
    let asked_today = store::round_mail::asked_since(&app.cx.store, id, today).await?;
    let (before, now): (Vec<_>, Vec<_>) =
        awaited.people.iter().partition(|asked| asked_today.contains(&asked.person.id));
    let f = Inputs::new(errors);
    let back = path::round(id);
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (round.label) } " Send a reminder" }
        @if now.is_empty() {
            (nothing_to_send(round.state, &awaited, before.len()))
            p { (Link::new(&back, "Back to the round")) }
        } @else {
            p {
                @if now.len() == 1 { "One email to one person" } @else { "One email to each of " (now.len()) " people" }
                ", with what is still awaited from them and nothing else. Emails go out between 8am and 4pm on working days."
            }
            (asked_people("Who gets a reminder", &now))
            @if !before.is_empty() {
                h2 { "Mailed about this round today already, and not again" }
                (asked_people("Mailed today already", &before))
            }
            (super::step::unasked(&awaited))
            (post(&path::remind_round(id), button_group([
                submit("Send the reminder", Kind::Primary),
                html! { (Link::new(&back, "Cancel")) },
            ])))
        }
    };
    Ok(Sheet::new(["Send a reminder", round.label.as_str()], content)
        .back(back.clone(), round.label.clone())
        .rejected(f.rejected()))
}

fn nothing_to_send(state: RoundState, awaited: &Asking<'_>, before: usize) -> Markup {
    let why = match state {
        RoundState::Planned => "This round is not open yet: opening it asks everyone for the first time.",
        RoundState::Closed | RoundState::Published => "This round is closed: nobody is awaited any more.",
        RoundState::Open if awaited.is_empty() => "Every update for this round has been received.",
        RoundState::Open if before > 0 => {
            "Everyone who is awaited has been mailed about this round today. A reminder goes once a day at most."
        }
        RoundState::Open => "Nobody can be reached for what is awaited.",
    };
    html! {
        (empty("There is nobody to remind", why, None))
        (super::step::unasked(awaited))
    }
}
