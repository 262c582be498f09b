//! One's own second factor: setting it up with an app, recovery codes, switching it off.
//!
//! Recovery codes are shown on the page that answers the press, and kept nowhere.

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::confirm::{self, Sure};
use crate::{
    command::{
        CommandError,
        second_factor::{self, SetUp},
    },
    domain::{access::Actor, text},
    link::path,
    store::session::Session,
    web::{
        App,
        error::WebError,
        form::Fields,
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet, local},
        view::{
            button::{
                Confirm, Kind, button_group, confirm as question, hidden, link_button, post_button, submit,
            },
            form::{FieldError, Inputs, Width, post},
            kit::{Link, inset, warning_text},
            qr::qr_code,
        },
        visitor::{MySession, must_set_up},
    },
};

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    MySession(session): MySession,
    Sure(confirmed): Sure,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let set_up = second_factor::set_up(&app.cx, &actor, confirmed).await?;
    Ok(set_up_sheet(&app, &actor, &session, &set_up, query.raw("next"), &[]))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    MySession(session): MySession,
    fields: Fields,
) -> Result<Response, WebError> {
    let confirmed = match confirm::first(&app, &actor, &session, path::SECOND_FACTOR, &fields).await? {
        Ok(confirmed) => confirmed,
        Err(asks) => return Ok(asks.into_response()),
    };
    let next = fields.raw("next");
    let wrong = if fields.raw("code").trim().is_empty() {
        FieldError::new("code", "Enter the code that the app shows")
    } else {
        match second_factor::switch_on(&app.cx, &actor, confirmed, fields.raw("code")).await {
            Ok(codes) => {
                let goes_on = local(next).unwrap_or(path::ACCOUNT);
                return Ok(
                    codes_sheet("Your second factor is on", &app, &actor, &codes, goes_on).into_response()
                );
            }
            Err(CommandError::Refused { field, message }) => FieldError::new(field, message),
            // Pressed twice: the first press has done it, and its codes are lost with its page.
            Err(CommandError::Stale) => return Ok(Redirect::to(path::ACCOUNT).into_response()),
            Err(error) => return Err(error.into()),
        }
    };
    let set_up = second_factor::set_up(&app.cx, &actor, confirmed).await?;
    Ok(set_up_sheet(&app, &actor, &session, &set_up, next, &[wrong]).into_response())
}

pub(in crate::web) async fn new_codes(MySession(session): MySession, _sure: Sure) -> Response {
    if !session.has_second_factor {
        return Redirect::to(path::SECOND_FACTOR).into_response();
    }
    let content = html! {
        h1 { "Make new recovery codes" }
        p { "You get ten new ones. Those that you have now stop working." }
        (button_group([
            post_button(path::RECOVERY_CODES, "Make new recovery codes", Kind::Primary, &[]),
            html! { (Link::new(path::ACCOUNT, "Cancel")) },
        ]))
    };
    Sheet::new(["Make new recovery codes"], content)
        .back(path::ACCOUNT, "Back to your account")
        .into_response()
}

pub(in crate::web) async fn create_codes(
    State(app): State<App>,
    Me(actor): Me,
    MySession(session): MySession,
    fields: Fields,
) -> Result<Response, WebError> {
    let confirmed = match confirm::first(&app, &actor, &session, path::RECOVERY_CODES, &fields).await? {
        Ok(confirmed) => confirmed,
        Err(asks) => return Ok(asks.into_response()),
    };
    match second_factor::renew_codes(&app.cx, &actor, confirmed).await {
        Ok(codes) => {
            Ok(codes_sheet("Your new recovery codes", &app, &actor, &codes, path::ACCOUNT).into_response())
        }
        Err(CommandError::Stale) => Ok(Redirect::to(path::SECOND_FACTOR).into_response()),
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn new_end(MySession(session): MySession, _sure: Sure) -> Response {
    if !session.has_second_factor {
        return Redirect::to(path::ACCOUNT).into_response();
    }
    end_sheet(&[]).into_response()
}

pub(in crate::web) async fn end(
    State(app): State<App>,
    Me(actor): Me,
    MySession(session): MySession,
    fields: Fields,
) -> Result<Response, WebError> {
    let here = Route::EndSecondFactor.path();
    let confirmed = match confirm::first(&app, &actor, &session, here, &fields).await? {
        Ok(confirmed) => confirmed,
        Err(asks) => return Ok(asks.into_response()),
    };
    match second_factor::switch_off(&app.cx, &actor, confirmed).await {
        Ok(()) => {
            Ok(Redirect::to(path::ACCOUNT).saying("Your second factor is switched off").into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(end_sheet(&[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn end_sheet(errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let content = html! {
        (f.summary())
        (question(&Confirm {
            question: "Switch your second factor off?",
            consequence: "Whoever knows your password can then sign in as you. Your recovery codes stop working.",
            action: Route::EndSecondFactor.path(),
            button: "Switch it off",
            cancel: Link::new(path::ACCOUNT, "No, keep it on"),
        }, html! {}))
    };
    Sheet::new(["Switch your second factor off?"], content)
        .back(path::ACCOUNT, "Back to your account")
        .rejected(f.rejected())
}

fn set_up_sheet(
    app: &App,
    actor: &Actor,
    session: &Session,
    set_up: &SetUp,
    next: &str,
    errors: &[FieldError],
) -> Sheet {
    let f = Inputs::new(errors);
    let comes_first = must_set_up(app, actor, session);
    let title = if session.has_second_factor { "Move your second factor" } else { "Set up a second factor" };
    let content = html! {
        (f.summary())
        h1 { (title) }
        @if comes_first {
            p { "Your role here lets you change what is not only your own, so a password alone is not enough. Do this once; then you go on." }
        }
        @if session.has_second_factor {
            p { "Until you have entered a code of the new one, the one that you have goes on working. Then it stops, and so do your recovery codes: you get new ones." }
        }
        h2 { "1. Open an authenticator app" }
        p { "On your phone: Microsoft Authenticator, Google Authenticator, or another that your council uses; or a password manager on your computer." }
        h2 { "2. Scan this code with the app" }
        (qr_code("QR code for your authenticator app. The same as text stands below it.", &set_up.address))
        p { "Or, if you can’t scan it, type this key into the app. Spaces do not matter; if the app asks, it is time-based." }
        (inset(html! { p class="code" { (grouped(&set_up.secret)) } }))
        h2 { "3. Enter the code that the app shows" }
        (post(path::SECOND_FACTOR, html! {
            (hidden("next", next))
            (f.text("code", "Code", "").hint("6 digits. The app shows another one every 30 seconds.")
                .autocomplete("one-time-code").inputmode("numeric").spellcheck(false).width(Width::W10))
            (button_group([
                submit("Switch it on", Kind::Primary),
                html! { @if !comes_first { (Link::new(path::ACCOUNT, "Cancel")) } },
            ]))
        }))
    };
    let sheet = Sheet::new([title], content).rejected(f.rejected()).alone(comes_first);
    if comes_first { sheet } else { sheet.back(path::ACCOUNT, "Back to your account") }
}

/// In groups of four, so that it can be typed.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

fn codes_sheet(title: &str, app: &App, actor: &Actor, codes: &[String], goes_on: &str) -> Sheet {
    let today = app.cx.clock.in_office_time(app.cx.clock.machine_now()).date();
    let list: Markup = html! {
        ul class="codes" { @for code in codes { li class="code" { (code) } } }
    };
    let content = html! {
        h1 { (title) }
        h2 { "Keep your recovery codes" }
        p { "If you lose your phone, each of these signs you in once, in place of a code from the app." }
        (inset(list))
        // On paper it has to be told whose they are, and from an older sheet.
        p { "For " (actor.name) ", made on " (text::day(today)) ". Those made before do not work any more." }
        (warning_text("They are shown only here and now. Print this page or copy them, and keep them where your phone is not: in a locked drawer or a password manager."))
        (button_group([link_button(Link::new(goes_on, "I have kept them: go on"), Kind::Primary)]))
    };
    Sheet::new([title], content)
}
