//! Through the council's directory: out to it, and back.
//!
//! Both are GET. Going out changes nothing here: whoever sends somebody out without their wish gets them signed in as
//! themselves at most, and somebody who is signed in is not sent out. A form would not do: `form-action 'self'` stops it at
//! the directory's door.
//!
//! What has to be there when somebody comes back (state, nonce, PKCE verifier, where they wanted to go) is in a cookie of
//! ten minutes, and nowhere here. It needs no signature:
//! - It binds the browser. Another browser's code, brought by a link (login CSRF), has a state that is not in this cookie;
//!   over TLS the cookie is `__Host-`, so no other site of the council's domain can plant one.
//! - Whoever changes it changes their own. A code goes with the verifier whose hash went out with it, and a token names the
//!   nonce that went out: neither can be had from what somebody else sent out. `next` is taken only as a path of ours.
//! - It is used once: coming back takes it away, whatever comes of it. A copy is worth nothing afterwards, because the
//!   directory takes a code once.

use axum::{
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use maud::{Markup, html};

use super::session::enter;
use crate::{
    command::single_sign_on,
    link::path,
    secret,
    single_sign_on::{Directory, Failure, Pending},
    web::{
        App,
        caller::Caller,
        cookie,
        error::WebError,
        form::Fields,
        guard::Anyone,
        route::Route,
        sheet::{Redirect, Sheet, local},
        view::{
            button::{Kind, button_group, link_button},
            kit::Link,
        },
    },
};

/// The longest way back that is kept: a cookie has to fit into a header.
const LONGEST_NEXT: usize = 1_000;

/// The errors that the standard has, for the log: what stands in an address can be anything.
const ERRORS: [&str; 9] = [
    "access_denied",
    "consent_required",
    "interaction_required",
    "invalid_request",
    "invalid_scope",
    "login_required",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
];

pub(in crate::web) async fn begin(
    State(app): State<App>,
    Anyone(actor): Anyone,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let next = query.raw("next");
    let Some(directory) = app.ways_in.directory.clone().filter(|_| actor.is_none()) else {
        return Redirect::wanted(next, path::SIGN_IN).into_response();
    };
    match directory.begin(app.cx.clock.machine_now()).await {
        Ok((url, pending)) => {
            let out = (StatusCode::SEE_OTHER, [(header::LOCATION, url)]);
            cookie::pending(&app, &packed(&pending, next), out)
        }
        Err(failure) => failed(&app, &directory, &failure, next).into_response(),
    }
}

pub(in crate::web) async fn finish(
    State(app): State<App>,
    Caller(client): Caller,
    jar: CookieJar,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let Some(directory) = app.ways_in.directory.clone() else {
        return Ok(Redirect::to(path::SIGN_IN).into_response());
    };
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let begun = jar.get(app.pending_cookie()).and_then(|cookie| unpacked(cookie.value()));
    // By fingerprint: the time that it takes says nothing about the state.
    let is_same = |state: &str| secret::fingerprint(state) == secret::fingerprint(query.raw("state"));
    let answer = match begun.filter(|(pending, _)| is_same(&pending.state)) {
        None => not_begun(&directory).into_response(),
        Some((pending, next)) => match came_back(&app, &directory, &query, &pending).await {
            Err(failure) => failed(&app, &directory, &failure, &next).into_response(),
            Ok(claims) => match single_sign_on::sign_in(&app.cx, &claims, &client).await? {
                Some(token) => enter(&app, &jar, &token, Redirect::wanted(&next, Route::Home.path())).await?,
                None => nobody(&app).into_response(),
            },
        },
    };
    Ok(cookie::not_pending(&app, answer))
}

/// What the directory says about whoever came back with an address of ours.
async fn came_back(
    app: &App,
    directory: &Directory,
    query: &Fields,
    pending: &Pending,
) -> Result<crate::single_sign_on::Claims, Failure> {
    // Not every directory says which it is; one that does is the one to which we sent them (RFC 9207).
    if !query.raw("iss").is_empty() && query.raw("iss") != directory.issuer() {
        return Err(Failure::Refused("it came from another directory".to_owned()));
    }
    let error = query.raw("error");
    match ERRORS.into_iter().find(|known| *known == error) {
        Some(known @ ("server_error" | "temporarily_unavailable")) => {
            Err(Failure::Unreachable(known.to_owned()))
        }
        Some(known) => Err(Failure::Refused(known.to_owned())),
        None if !error.is_empty() => Err(Failure::Refused("an error that is not in the standard".to_owned())),
        None => directory.finish(query.raw("code"), pending, app.cx.clock.machine_now()).await,
    }
}

/// Four parts with full stops between them. The first three have none in them.
fn packed(pending: &Pending, next: &str) -> String {
    let next = local(next).filter(|next| next.len() <= LONGEST_NEXT).unwrap_or_default();
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{}.{}.{}.{next}", pending.state, pending.nonce, pending.verifier)
}

/// What was packed, from the cookie's value as the jar gives it: decoded.
fn unpacked(cookie: &str) -> Option<(Pending, String)> {
    let mut parts = cookie.splitn(4, '.').map(str::to_owned);
    let pending = Pending { state: parts.next()?, nonce: parts.next()?, verifier: parts.next()? };
    let next = parts.next()?;
    let whole = ![&pending.state, &pending.nonce, &pending.verifier].into_iter().any(String::is_empty);
    whole.then_some((pending, next))
}

/// The address that begins, and leads to a page afterwards.
pub(super) fn begin_at(next: &str) -> String {
    match local(next) {
        Some(next) => {
            let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            format!("{}?next={next}", Route::SingleSignOn.path())
        }
        None => Route::SingleSignOn.path().to_owned(),
    }
}

/// The button, if there is single sign-on here.
pub(super) fn button(app: &App, next: &str) -> Option<Markup> {
    let directory = app.ways_in.directory.as_ref()?;
    Some(link_button(Link::new(&begin_at(next), directory.name()), Kind::Primary))
}

fn again(directory: &Directory, next: &str) -> Markup {
    link_button(Link::new(&begin_at(next), directory.name()), Kind::Primary)
}

fn not_begun(directory: &Directory) -> Sheet {
    let title = "Start signing in again";
    let content = html! {
        h1 { (title) }
        p {
            "Either more than 10 minutes have passed since you started, or you started in another browser, or this page was "
            "opened a second time. Nothing was done."
        }
        (again(directory, ""))
    };
    Sheet::new([title], content).status(StatusCode::BAD_REQUEST)
}

fn failed(app: &App, directory: &Directory, failure: &Failure, next: &str) -> Sheet {
    tracing::warn!(%failure, "single sign-on failed");
    let (status, title, words) = match failure {
        Failure::Unreachable(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Your council’s sign-in can’t be reached",
            "The place where council accounts sign in does not answer at the moment. Wait a few minutes, then try again.",
        ),
        Failure::Refused(_) => (
            StatusCode::FORBIDDEN,
            "Your council account did not sign you in",
            "You were not signed in. Try again. If it goes on, ask your administrator.",
        ),
    };
    let content = html! {
        h1 { (title) }
        p { (words) }
        (button_group([again(directory, next)].into_iter().chain(another_way(app))))
    };
    Sheet::new([title], content).status(status)
}

/// The same words whoever it is: they don't tell whether there is an account here, or why it is closed.
fn nobody(app: &App) -> Sheet {
    let title = "You can’t come in with this council account";
    let content = html! {
        h1 { (title) }
        p { "Ask your administrator to let you in. Tell them the email address of your council account." }
        @if let Some(way) = another_way(app) { p { (way) } }
    };
    Sheet::new([title], content).status(StatusCode::FORBIDDEN)
}

fn another_way(app: &App) -> Option<Markup> {
    app.ways_in.local.then(|| html! { (Link::new(path::SIGN_IN, "Sign in another way")) })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, header::COOKIE};
    use axum_extra::extract::CookieJar;

    use super::{Pending, begin_at, packed, unpacked};

    fn pending() -> Pending {
        Pending { state: "s-1_".into(), nonce: "n".into(), verifier: "v".repeat(43) }
    }

    fn through_a_browser(pending: &Pending, next: &str) -> Option<(Pending, String)> {
        let headers =
            HeaderMap::from_iter([(COOKIE, format!("c={}", packed(pending, next)).parse().unwrap())]);
        unpacked(CookieJar::from_headers(&headers).get("c").unwrap().value())
    }

    #[test]
    fn what_is_packed_comes_out_as_it_was() {
        for next in ["/", "/plans/appendix-b?lead=3&x=a.b;c,d%20e+f", ""] {
            assert_eq!(through_a_browser(&pending(), next), Some((pending(), next.to_owned())));
        }
    }

    #[test]
    fn only_a_short_path_of_ours_is_wanted_afterwards() {
        for next in ["//evil.example", "https://evil.example", &format!("/{}", "x".repeat(2_000))] {
            assert_eq!(through_a_browser(&pending(), next), Some((pending(), String::new())));
        }
        assert_eq!(begin_at("//evil.example"), "/sign-in/council");
        assert_eq!(begin_at("/plans?x=1"), "/sign-in/council?next=%2Fplans%3Fx%3D1");
    }

    #[test]
    fn a_cookie_that_is_not_whole_is_none() {
        for cookie in ["", "a.b.c", "..", "...", "a..c.", "a.b.", ".b.c."] {
            assert_eq!(unpacked(cookie), None, "{cookie:?}");
        }
    }
}
