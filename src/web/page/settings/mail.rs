//! How mail goes out, as whoever runs the machine has set it, and a test mail.
//!
//! Never shows a password, and never speaks to a mail server itself: `serve` and the demonstration hand in how.

use std::{pin::Pin, sync::Arc};

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use crate::{
    command::{CommandError, installation, outbox},
    domain::{
        access::{Actor, Permission, may},
        text,
    },
    store::{self, StoreError},
    web::{
        App,
        error::WebError,
        form::{Fields, LINE, Reader},
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, post_button, submit},
            form::{FieldError, Inputs, Width, post},
            kit::{Fact, Link, moment, summary_list, warning_text},
        },
    },
};

/// As much of the mail server's answer as is shown, in characters.
const ANSWER: usize = 300;

/// How mail goes out: what to show of it, and a way to try it.
#[derive(Clone)]
pub struct MailWay {
    /// What is set, in words: never a password.
    pub facts: Vec<(&'static str, String)>,
    /// Sends a test mail to an address at once, and gives the mail server's answer.
    pub send_test: Arc<dyn Fn(String) -> Sending + Send + Sync>,
}

/// A test mail on its way, and what the mail server answered.
pub type Sending = Pin<Box<dyn Future<Output = Result<String, CommandError>> + Send>>;

impl MailWay {
    /// Where nobody has handed in how.
    pub fn none() -> Self {
        Self {
            facts: vec![("Mail server", "none".to_owned())],
            send_test: Arc::new(|_| {
                Box::pin(async { Err(CommandError::refused("", "No mail server is set here")) })
            }),
        }
    }
}

impl std::fmt::Debug for MailWay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MailWay")
    }
}

pub(in crate::web) async fn show(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    sheet(&app, &actor, &Fields::default(), &[]).await
}

pub(in crate::web) async fn try_now(State(app): State<App>, Me(actor): Me) -> Result<Redirect, WebError> {
    outbox::try_now(&app.cx, &actor).await?;
    Ok(Redirect::to(Route::SettingsMail.path())
        .saying("The mail server is tried with the next mail that is due"))
}

/// That no mail goes out, why, and what to do; nothing where it does. Who can't do anything about it is told who can.
pub(in crate::web) async fn paused(app: &App, actor: &Actor) -> Result<Markup, WebError> {
    let Some(pause) = store::outbox::pause::get(&app.cx.store).await? else { return Ok(Markup::default()) };
    let since = app.cx.clock.in_office_time(pause.since);
    Ok(html! {
        (warning_text(html! {
            (pause.by.words()) ". No mail has gone out since " (moment(since)) "; what is due waits, and none is lost."
        }))
        @if may(actor, Permission::ManageSettings).is_ok() {
            p { "What was said: " (pause.why) }
            p { (pause.by.what_to_do()) }
            p { "It is tried every five minutes with one mail. Once one is taken, the others follow by themselves." }
            @match pause.tried_at {
                Some(_) => (button_group([post_button(Route::TryMail.path(), "Try now", Kind::Secondary, &[])])),
                None => p { "It is tried with the next mail that is due." },
            }
        } @else {
            p { "Administrators see here what was said, and what to do." }
        }
    })
}

pub(in crate::web) async fn send(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    let address = match parse(&fields) {
        Ok(address) => address,
        Err(errors) => return Ok(sheet(&app, &actor, &fields, &errors).await?.into_response()),
    };
    // To the end, even where the browser does not wait for it: a test that stays half sent would go out later.
    let sent = tokio::spawn((app.mail.send_test)(address)).await;
    let sent = sent.map_err(|error| StoreError::File(std::io::Error::other(error)))?;
    match sent {
        Ok(_) if app.is_demonstration() => {
            let done = "The test mail is kept on this machine: no email leaves it. Read it under “Mail that went out”";
            Ok(Redirect::to(Route::SettingsMail.path()).saying(done).into_response())
        }
        Ok(answer) => {
            installation::mail_tested(&app.cx, &actor).await?;
            let answer: String = answer.chars().take(ANSWER).collect();
            let done =
                format!("Handed to the mail server, which answered: {answer}. Look whether it has arrived");
            Ok(Redirect::to(Route::SettingsMail.path()).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(sheet(&app, &actor, &fields, &[FieldError::new(field, message)]).await?.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn parse(fields: &Fields) -> Result<String, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let address = reader.required("address", LINE, "Enter the address that the test goes to");
    let plain =
        address.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
            && !address.contains(char::is_whitespace);
    if !address.is_empty() && !plain {
        reader.wrong("address", "Enter an email address in full, like name@example.org");
    }
    reader.finish(address)
}

async fn sheet(app: &App, actor: &Actor, fields: &Fields, errors: &[FieldError]) -> Result<Sheet, WebError> {
    let pause = paused(app, actor).await?;
    let f = Inputs::new(errors);
    let content = html! {
        (f.summary())
        h1 { "Mail" }
        (pause)
        p { "This is set on the machine, in the environment or the settings file, and holds from the next start. A password is never shown." }
        (summary_list(app.mail.facts.iter().map(|(key, value)| Fact::new(key, value))))
        h2 { "Send a test mail" }
        @match app.cx.installation().mail_tested_on {
            Some(day) => p { "A mail server last took a test on " (text::day(day)) "." },
            None => p { "No mail server has taken a test from here yet." },
        }
        (post(Route::SettingsMail.path(), html! {
            (f.email("address", "To which address?", fields.raw("address")).width(Width::W20)
                .hint("Best one outside the council, and one of a lead: their mail servers are the ones that matter"))
            (button_group([submit("Send a test mail", Kind::Primary)]))
        }))
        p class="soft" { "Taken by the mail server does not mean that it was read, or that it is not in a spam folder." }
        p { (Link::new(Route::Reminders.path(), "Reminders and the mail log")) }
    };
    Ok(Sheet::new(["Mail", "Settings"], content)
        .back(Route::Settings.path(), "Settings")
        .rejected(f.rejected()))
}
