//! Which requests are heard at all: those for this installation's own address, and forms that come from its own pages.
//!
//! Own code instead of tower-http's layer: that one lets a request pass that says nothing of where it comes from, compares
//! hosts without their scheme, and knows no routes. Never reads `X-Forwarded-Host`: the proxy passes `Host` on unchanged.

use axum::{
    extract::Request,
    http::{
        Method, StatusCode, Uri,
        header::{HOST, HeaderMap, ORIGIN},
        uri::Authority,
    },
};
use maud::html;

use super::{App, route::Route, sheet::Sheet, view::kit::Link};

/// Why a request is not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It asks for a host that is not ours, or for none: a name that somebody else points here, or a proxy that does not
    /// pass it on.
    OtherHost,
    /// A form that a page of another site sent.
    OtherSite,
    /// A form that came from nobody knows where.
    Unsaid,
}

/// Checks a request before anything is done with it.
pub(super) fn check(app: &App, route: Option<Route>, request: &Request) -> Result<(), Refusal> {
    let ours = Ours::of(app);
    // What watches over the program asks by number, and gets nothing but a yes or a no.
    let watched = matches!(route, Some(Route::HealthLive | Route::HealthReady));
    if !watched && !asked_for(request).is_some_and(|authority| ours.holds(&authority)) {
        return Err(Refusal::OtherHost);
    }
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
        || route.is_some_and(|route| Route::FROM_ANYWHERE.contains(&route))
    {
        return Ok(());
    }
    sent_from_here(&ours, request.headers())
}

/// Whether a form comes from a page of ours. Browsers say so themselves and let no page say it for them; those of before
/// 2023 (old iPads), and all of them without TLS, name the page's origin only.
fn sent_from_here(ours: &Ours, headers: &HeaderMap) -> Result<(), Refusal> {
    match headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
        Some(b"same-origin" | b"none") => return Ok(()),
        Some(_) => return Err(Refusal::OtherSite),
        None => {}
    }
    let origin = headers.get(ORIGIN).ok_or(Refusal::Unsaid)?;
    let origin = Uri::try_from(origin.as_bytes()).map_err(|_| Refusal::OtherSite)?;
    let (scheme, authority) = origin.scheme_str().zip(origin.authority()).ok_or(Refusal::OtherSite)?;
    if scheme == ours.scheme && ours.holds(authority) { Ok(()) } else { Err(Refusal::OtherSite) }
}

/// The host and port that a request is for: of its whole address where it has one, else of its one `Host`.
fn asked_for(request: &Request) -> Option<Authority> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = hosts.next().and_then(|host| Authority::try_from(host.as_bytes()).ok());
    if hosts.next().is_some() {
        return None;
    }
    request.uri().authority().cloned().or(host)
}

/// Where people reach this installation.
struct Ours {
    scheme: String,
    host: String,
    port: u16,
    /// The demonstration is reached under every name of this machine's own.
    loopback: bool,
}

impl Ours {
    fn of(app: &App) -> Self {
        let base = app.cx.links.full("/").parse::<Uri>().unwrap_or_default();
        let scheme = base.scheme_str().unwrap_or("http").to_owned();
        let host = base.host().unwrap_or_default().to_owned();
        Self {
            port: base.port_u16().unwrap_or(usual_port(&scheme)),
            loopback: app.is_demonstration() && is_loopback(&host),
            scheme,
            host,
        }
    }

    /// Whether this host and port are ours.
    fn holds(&self, authority: &Authority) -> bool {
        let host = authority.host();
        let named = host.eq_ignore_ascii_case(&self.host) || (self.loopback && is_loopback(host));
        // Who is named before an @ has no business here.
        let plain = !authority.as_str().contains('@');
        plain && named && authority.port_u16().unwrap_or(usual_port(&self.scheme)) == self.port
    }
}

fn usual_port(scheme: &str) -> u16 {
    if scheme == "https" { 443 } else { 80 }
}

/// The names that lead to this machine and that nobody can point elsewhere.
fn is_loopback(host: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|name| host.eq_ignore_ascii_case(name))
}

impl Refusal {
    /// The page that says so, and what to do.
    pub(super) fn sheet(self, app: &App) -> Sheet {
        let home = app.cx.links.full("/");
        let (status, title, words) = match self {
            Self::OtherHost => (
                StatusCode::MISDIRECTED_REQUEST,
                "This is not our address",
                html! {
                    p { "Scrutiny Tracker is at " (Link::new(&home, &home)) ". Nothing is shown or done under another address." }
                    @if !app.is_demonstration() {
                        p {
                            "If you look after this installation: that address is SCRUTINY_BASE_URL, and the web server \
                             in front has to pass Host on unchanged."
                        }
                    }
                },
            ),
            Self::OtherSite => (
                StatusCode::FORBIDDEN,
                "Nothing was done",
                html! {
                    p { "This form was sent from another site. Open the page here and try again." }
                    p { (Link::new(Route::Home.path(), "Go to the first page")) }
                },
            ),
            Self::Unsaid => (
                StatusCode::FORBIDDEN,
                "Nothing was done",
                html! {
                    p {
                        "Your browser did not say which page this form was sent from, and it could have been another \
                         site’s. Go back: your text is still in the form. Copy it, and try again with a newer browser."
                    }
                    p {
                        "If that does not help, tell whoever looks after this installation: what stands between your \
                         browser and it may be taking the headers Origin and Sec-Fetch-Site away."
                    }
                },
            ),
        };
        Sheet::new([title], html! { h1 { (title) } (words) }).status(status)
    }
}
