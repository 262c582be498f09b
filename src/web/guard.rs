//! The guard round every route: who is asking, may they, and the frame round the page that comes back.
//!
//! One place for all of it, so that no handler can forget: a route's [`Access`] is checked before its handler runs, and
//! a [`Sheet`] becomes a whole document after it has run.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{FromRequestParts, OriginalUri, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use strum::IntoEnumIterator;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    limit::RequestBodyLimitLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    timeout::TimeoutLayer,
    trace::{DefaultOnResponse, TraceLayer},
};

use super::{
    App, Front, Mode, asset,
    error::WebError,
    flash, kept, request,
    route::{Access, Route},
    sheet::{Around, Redirect, Sheet, Way},
    view::{
        kit::Link,
        layout::{self, Demonstration, Flash, Frame, NavItem, Page, SignedIn},
    },
    visitor::Visitor,
};
use crate::{
    command::session,
    domain::access::{Actor, Permission, Role, may},
    link::path,
};

/// The most that a request may bring. A form with every field full is well below it.
const BODY_LIMIT: usize = 2 * 1024 * 1024;

/// Nothing is allowed that is not ours; nothing inline. The one exception is a mail shown in the demonstration.
const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-src 'self'; \
                   base-uri 'none'; frame-ancestors 'none'";

/// At the foot of every page, whoever reads it.
const FOOTER: [Link<'static>; 2] = [
    Link::new(Route::Privacy.path(), "Privacy"),
    Link::new(Route::Accessibility.path(), "Accessibility statement"),
];

/// Who is asking. Handlers behind anything but [`Access::Everyone`] take it as an argument.
#[derive(Clone, Debug)]
pub struct Me(pub Actor);

/// Who is asking, if anyone is signed in.
#[derive(Clone, Debug)]
pub struct Anyone(pub Option<Actor>);

impl<S: Send + Sync> FromRequestParts<S> for Me {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // The guard let nobody in who is not signed in, so this can only fail on a route that is open to everyone.
        parts.extensions.get::<Actor>().cloned().map(Self).ok_or(WebError::NotFound)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Anyone {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<Actor>().cloned()))
    }
}

/// Every route with its guard, and what goes round all of them.
pub(super) fn site(app: App, front: Front) -> Router {
    let mut router = Router::new();
    for route in Route::iter() {
        let state = (app.clone(), Some(route));
        router = router.route(route.path(), route.handlers().layer(from_fn_with_state(state, guard)));
    }
    let nowhere = axum::routing::any(|| async { WebError::NotFound });
    router = router.fallback_service(
        nowhere.layer(from_fn_with_state((app.clone(), None), guard)).with_state(app.clone()),
    );
    let id = HeaderName::from_static("x-request-id");
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    router.with_state(app).layer(
        ServiceBuilder::new()
            .layer(SetRequestIdLayer::new(id.clone(), MakeRequestUuid))
            .layer(
                TraceLayer::new_for_http()
                    .make_span_with(span)
                    .on_response(DefaultOnResponse::new().level(tracing::Level::INFO)),
            )
            .layer(PropagateRequestIdLayer::new(id))
            .layer(header("content-security-policy", CSP))
            .layer(header("x-content-type-options", "nosniff"))
            .layer(header("referrer-policy", "same-origin"))
            .layer(header("cross-origin-opener-policy", "same-origin"))
            .layer(header("cross-origin-resource-policy", "same-origin"))
            .layer(header("permissions-policy", "camera=(), geolocation=(), microphone=()"))
            .layer(header("cache-control", "no-store"))
            .layer(SetResponseHeaderLayer::if_not_present(header::STRICT_TRANSPORT_SECURITY, front.hsts))
            .layer(Extension(front.proxies))
            // Inside the headers: its words need them like any page.
            .layer(from_fn(closing_words))
            .layer(CompressionLayer::new())
            .layer(CatchPanicLayer::new())
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, front.patience))
            .layer(RequestBodyLimitLayer::new(BODY_LIMIT)),
    )
}

/// A span with ids only: never an address, a name or a text.
fn span(request: &Request<Body>) -> tracing::Span {
    let id = request
        .extensions()
        .get::<RequestId>()
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let path = without_token(request.uri().path());
    tracing::info_span!("request", %id, method = %request.method(), %path)
}

/// A path as the log may have it: where it holds the token of a link, the route instead.
fn without_token(path: &str) -> &str {
    let holds = |route: &&'static str| {
        route.split_once("{token}").is_some_and(|(before, _)| path.starts_with(before) && path != before)
    };
    // Of those that begin alike, the one that is as long.
    let parts = |path: &str| path.split('/').count();
    Route::iter()
        .map(Route::path)
        .filter(holds)
        .min_by_key(|route| parts(route).abs_diff(parts(path)))
        .unwrap_or(path)
}

/// What comes back without a body (an error of a layer) gets plain words, so that nobody sees an empty page.
async fn closing_words(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let empty =
        response.headers().get(header::CONTENT_TYPE).is_none_or(|t| t.as_bytes().starts_with(b"text/plain"));
    if !empty || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let words = match status {
        StatusCode::METHOD_NOT_ALLOWED => "This address can’t be used in that way.",
        StatusCode::PAYLOAD_TOO_LARGE => {
            "That is too much at once. Go back: your text is still in the form. Save it in parts."
        }
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => "There is nothing at this address.",
        _ => "Sorry, something went wrong here. Nothing was saved. Go back and try again in a minute.",
    };
    // What the layer said in its headers still holds: which methods there are, for one.
    let mut closing = (status, words).into_response();
    for (name, value) in response.headers() {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name) {
            closing.headers_mut().append(name, value.clone());
        }
    }
    closing
}

/// Checks a route's access, runs its handler, and puts the frame round what comes back.
async fn guard(
    State((app, route)): State<(App, Option<Route>)>,
    jar: CookieJar,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    if let Err(refusal) = request::check(&app, route, &request) {
        tracing::warn!(?refusal, "not heard");
        return framed(&app, None, uri.path(), None, refusal.sheet(&app).into_response());
    }
    let access = route.map_or(Access::Everyone, Route::access);
    let is_closed = !app.ways_in.local && route.is_some_and(|r| r.is_local_sign_in(request.method()));
    if is_closed || (access == Access::Demonstration && !app.is_demonstration()) {
        return framed(&app, None, uri.path(), None, WebError::NotFound.into_response());
    }
    // Who asks is looked up once all of it is there: what they may do must not end while it drips in.
    let mut request = match whole(request).await {
        Ok(request) => request,
        Err(error) => return framed(&app, None, uri.path(), None, error.into_response()),
    };
    // Assets and health checks ask for nobody, and must not cost a query.
    let asks_nobody = matches!(route, Some(Route::Asset | Route::HealthLive | Route::HealthReady));
    let signed = match jar.get(app.cookie()).filter(|_| !asks_nobody) {
        Some(token) => match session::signed_in(&app.cx, token.value()).await {
            Ok(signed) => signed,
            Err(error) => return framed(&app, None, uri.path(), None, WebError::from(error).into_response()),
        },
        None => None,
    };
    let visitor = Visitor::of(&app, signed);
    let here = uri.path_and_query().map_or("/", |p| p.as_str());
    if let Some(first) = visitor.goes_first(route) {
        if request.method() == Method::POST {
            let response = kept::keep(&app, &jar, first, request).await;
            return framed(&app, None, uri.path(), None, response);
        }
        return sent_to(first, request.method(), here);
    }
    let actor = visitor.actor();
    let needs = match access {
        Access::Everyone | Access::Demonstration => None,
        Access::SignedIn | Access::OnAction(_) => Some(None),
        Access::Holding(permission) => Some(Some(permission)),
        Access::Reading if actor.is_none() => None,
        Access::Reading => Some(Some(Permission::ReadPlans)),
    };
    let refused = match (needs, actor) {
        (None, _) => None,
        (Some(_), None) if request.method() == Method::POST => {
            let door = if app.is_demonstration() { Route::Demonstration.path() } else { path::SIGN_IN };
            let response = kept::keep(&app, &jar, door, request).await;
            return framed(&app, None, uri.path(), None, response);
        }
        (Some(_), None) => Some(sign_in_first(&app, request.method(), here)),
        (Some(None), Some(_)) => None,
        (Some(Some(permission)), Some(actor)) => {
            may(actor, permission).err().map(|denied| WebError::Denied(denied).into_response())
        }
    };
    // Words for somebody who is in wait until they are.
    let mut words = flash::get(request.headers()).filter(|_| !matches!(visitor, Visitor::AwaitsCode(_)));
    let response = match refused {
        Some(response) => response,
        None => {
            visitor.tell(request.extensions_mut());
            let is_public = access == Access::Reading && actor.is_none();
            if is_public {
                request.extensions_mut().insert(Actor::public());
            }
            let method = request.method().clone();
            let mut response = match (route, actor) {
                (Some(route), Some(actor)) if needs.is_some() => {
                    let (response, said) = kept::answer(&app, &jar, actor, route, request, next).await;
                    words = said.map(|words| Flash::Important(words.to_owned())).or(words);
                    response
                }
                _ => next.run(request).await,
            };
            if let Some(actor) = actor
                && (&method, response.status()) == (&Method::POST, StatusCode::SEE_OTHER)
            {
                kept::taken(&app, &jar, actor, uri.path(), &mut response).await;
            }
            // What the public may not read may be there for somebody who is signed in: nobody is told which.
            if is_public && !response.status().is_success() {
                sign_in_first(&app, &method, here)
            } else {
                response
            }
        }
    };
    log_denial(actor, route.filter(|_| needs.is_some()), &response);
    framed(&app, actor, uri.path(), words, response)
}

/// The request with its body.
async fn whole(request: Request) -> Result<Request, WebError> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.map_err(|_| WebError::TooLarge)?;
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// Every page that somebody signed in was not let to: by ids alone. What is out of somebody's scope is not found, so that is
/// written down too.
fn log_denial(actor: Option<&Actor>, route: Option<Route>, response: &Response) {
    let reason = match response.status() {
        StatusCode::FORBIDDEN => "not allowed",
        StatusCode::NOT_FOUND => "not there, or not theirs to know of",
        _ => return,
    };
    let (Some(route), Some(person)) = (route, actor.and_then(|a| a.person)) else { return };
    tracing::warn!(person = person.0, ?route, reason, "denied");
}

/// Sends somebody who is not signed in to do so, and back afterwards.
fn sign_in_first(app: &App, method: &Method, here: &str) -> Response {
    sent_to(if app.is_demonstration() { "/demonstration" } else { path::SIGN_IN }, method, here)
}

/// Sends somebody to a page that comes first, and back afterwards.
fn sent_to(door: &str, method: &Method, here: &str) -> Response {
    let back = if method == Method::GET { here } else { "/" };
    Redirect::to(onward(door, back)).into_response()
}

/// The address of a page that comes first, and from which somebody goes on to `next`.
pub(super) fn onward(door: &str, next: &str) -> String {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{door}?next={next}")
}

/// Puts the reader's frame round a sheet; anything else passes as it is.
fn framed(
    app: &App,
    actor: Option<&Actor>,
    here: &str,
    words: Option<Flash<String>>,
    mut response: Response,
) -> Response {
    let extensions = response.extensions_mut();
    let error = |error: Arc<WebError>| error.sheet(&app.cx.words());
    let Some(sheet) = extensions.remove::<Sheet>().or_else(|| extensions.remove().map(error)) else {
        return response;
    };
    let html = document(app, actor, here, words.as_ref().map(Flash::as_str), &sheet);
    let mut document = (response.status(), axum::response::Html(html)).into_response();
    for (name, value) in response.headers() {
        document.headers_mut().append(name, value.clone());
    }
    if words.is_some() {
        flash::clear(&mut document);
    }
    document
}

/// Whether a page stands under an entry of the navigation: what is in a plan stands under the plans, meetings under the rounds
/// that are for them.
fn belongs(here: &str, entry: &str) -> bool {
    let under = |of: &str| here.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let in_a_plan = ["/actions", "/recommendations", "/updates", "/deadlines"];
    let of_a_meeting = ["/meetings", "/resolutions"];
    let of_a_panel = under(path::PANELS);
    let all_of_a_panel = of_a_panel && here.ends_with("/dashboard");
    under(entry)
        || (entry == path::PLANS && (all_of_a_panel || in_a_plan.into_iter().any(under)))
        || (entry == path::ROUNDS && ((of_a_panel && !all_of_a_panel) || of_a_meeting.into_iter().any(under)))
}

fn document(
    app: &App,
    actor: Option<&Actor>,
    here: &str,
    words: Option<Flash<&str>>,
    sheet: &Sheet,
) -> String {
    let installation = app.cx.installation();
    let links = navigation(actor.filter(|_| sheet.around == Around::Everything));
    let nav: Vec<NavItem<'_>> =
        links.iter().map(|link| NavItem { link: *link, current: belongs(here, link.href) }).collect();
    let (stylesheet, mark) = (asset::stylesheet(), asset::mark());
    let demonstration = match &app.mode {
        Mode::Demonstration(_) => Some(Demonstration {
            today: app.cx.clock.today(),
            next_day: Route::DemonstrationNextDay.path(),
            next_week: Route::DemonstrationNextWeek.path(),
            start_again: Route::DemonstrationStartAgain.path(),
            mail: Route::DemonstrationMail.path(),
            sign_in: Route::Demonstration.path(),
        }),
        Mode::Real { .. } => None,
    };
    let frame = Frame {
        stylesheet: &stylesheet,
        favicon: &mark,
        home: "/",
        organisation: Some(&*installation.council).filter(|c| !c.is_empty()),
        demonstration,
        signed_in: actor.filter(|_| sheet.around != Around::Nobody).map(|a| SignedIn {
            name: &a.name,
            account: (sheet.around == Around::Everything).then_some(path::ACCOUNT),
            sign_out: Route::SignOut.path(),
        }),
        nav: &nav,
        footer: &FOOTER,
    };
    let titles: Vec<&str> = sheet.title.iter().map(String::as_str).collect();
    let crumbs: Vec<Link<'_>> = match &sheet.way {
        Way::Crumbs(crumbs) => crumbs.iter().map(|(href, label)| Link::new(href, label)).collect(),
        _ => Vec::new(),
    };
    let way = match &sheet.way {
        Way::None => layout::Way::None,
        Way::Back(href, label) => layout::Way::Back(Link::new(href, label)),
        Way::Crumbs(_) => layout::Way::Crumbs(&crumbs),
    };
    let page = Page {
        rejected: sheet.rejected,
        flash: words,
        way,
        breadth: sheet.breadth,
        ..Page::new(&frame, &titles)
    };
    layout::page(&page, sheet.content.clone()).into_string()
}

/// Whether somebody has actions of their own, or is here to have them.
pub(super) fn leads(actor: &Actor) -> bool {
    actor.is(Role::Lead) || !actor.posts.is_empty()
}

/// The pages that a person can open from everywhere.
fn navigation(actor: Option<&Actor>) -> Vec<Link<'static>> {
    let Some(actor) = actor else { return Vec::new() };
    let mut links = Vec::new();
    if leads(actor) {
        links.push(Link::new(path::MY_ACTIONS, "My actions"));
    }
    let entries = [
        (Permission::ReadPlans, path::PLANS, "Plans"),
        (Permission::ReadPlans, Route::Rounds.path(), "Rounds"),
        (Permission::ResolveQuestion, path::QUESTIONS, "Questions"),
        (Permission::ReadMail, Route::Reminders.path(), "Reminders"),
        (Permission::InviteLeads, Route::People.path(), "People"),
        (Permission::ManagePosts, Route::Posts.path(), "Posts"),
        (Permission::ReadHistory, Route::History.path(), "History"),
        (Permission::ReadPlans, Route::Search.path(), "Search"),
        (Permission::ManageSettings, Route::Settings.path(), "Settings"),
    ];
    links.extend(
        entries
            .into_iter()
            .filter(|(permission, ..)| may(actor, *permission).is_ok())
            .map(|(_, href, label)| Link::new(href, label)),
    );
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_of_a_link_reaches_the_log() {
        let mut with_token = 0;
        for route in Route::iter().map(Route::path).filter(|path| path.contains("{token}")) {
            let path = route.replace("{token}", "c0ffee");
            assert_eq!(without_token(&path), route);
            // A longer path is nobody's, but whoever mistyped it still has the token.
            assert!(!without_token(&format!("{path}/x")).contains("c0ffee"));
            with_token += 1;
        }
        assert!(with_token >= 5);
        for path in ["/", "/sign-in/link", "/account/email", "/plans/welcome", "/people/3"] {
            assert_eq!(without_token(path), path);
        }
    }
}
