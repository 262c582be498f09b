//! Which requests are heard: for our own address only, and forms of our own pages only; and what every answer says.

use std::{collections::HashSet, net::SocketAddr};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, StatusCode, header},
};
use scrutiny_tracker::{
    command::Cx,
    demonstration,
    link::{Links, path},
    web::{
        self, App, Front, Mode,
        route::{Access, Route},
    },
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use strum::IntoEnumIterator;
use tower::ServiceExt;

use crate::support::{ADMINISTRATOR, APPENDIX_B, HOST, MANAGER, MAP_COORDINATOR, Page, Site};

/// What a browser says of where a form comes from.
type Said<'a> = &'a [(&'static str, &'a str)];

/// Presses "Sign out" with these headers, and says what came of it.
async fn sign_out(site: &Site, said: Said<'_>) -> (Page, bool) {
    let browser = site.sign_in_as(MANAGER).await;
    let mut request = Request::post("/sign-out")
        .header(header::HOST, HOST)
        .header(header::COOKIE, format!("session={}", browser.cookie("session").unwrap()));
    for (name, value) in said {
        request = request.header(*name, *value);
    }
    let page = browser.clone().exchange("/sign-out", request.body(Body::empty()).unwrap()).await;
    (page, browser.get(path::MY_ACTIONS).await.path == path::MY_ACTIONS)
}

#[tokio::test]
async fn a_form_of_a_page_here_is_heard() {
    let site = Site::appendix_b().await;
    let same = format!("http://{HOST}");
    let capitals = format!("http://{}:80", HOST.to_uppercase());
    for said in [
        &[("sec-fetch-site", "same-origin")][..],
        // A page that the browser fetched anew by itself.
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "same-origin"), ("origin", &same)],
        &[("origin", &capitals)],
    ] {
        let (page, still_in) = sign_out(&site, said).await;
        assert_eq!((page.status, still_in), (303, false), "{said:?}");
    }
}

#[tokio::test]
async fn an_old_ipad_that_sends_only_origin_is_heard() {
    let site = Site::appendix_b().await;
    let (page, still_in) = sign_out(&site, &[("origin", "http://tracker.example.org")]).await;
    assert_eq!((page.status, still_in), (303, false));
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_and_nothing_is_done() {
    let site = Site::appendix_b().await;
    for said in [
        &[("sec-fetch-site", "cross-site")][..],
        // Another of the council's own sites is another site.
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "")],
        &[("sec-fetch-site", "same-origin, cross-site")],
        // What the browser says of itself counts, whatever else is there.
        &[("sec-fetch-site", "cross-site"), ("origin", "http://tracker.example.org")],
        &[("origin", "http://evil.example")],
        // Without TLS, somebody in between could have written that page.
        &[("origin", "https://tracker.example.org")],
        &[("origin", "http://tracker.example.org:8080")],
        &[("origin", "http://tracker.example.org.evil.example")],
        &[("origin", "http://tracker.example.org@evil.example")],
        &[("origin", "http://evil.example@tracker.example.org")],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", "tracker.example.org")],
    ] {
        let (page, still_in) = sign_out(&site, said).await;
        assert_eq!((page.status, still_in), (403, true), "{said:?}");
        assert_eq!(page.h1(), "Nothing was done");
        assert!(page.main().contains("sent from another site. Open the page here and try again"), "{said:?}");
    }
}

#[tokio::test]
async fn a_form_that_comes_from_nobody_knows_where_is_refused_and_nothing_is_done() {
    let site = Site::appendix_b().await;
    for said in [&[][..], &[("referer", "http://tracker.example.org/plans")]] {
        let (page, still_in) = sign_out(&site, said).await;
        assert_eq!((page.status, still_in), (403, true), "{said:?}");
        assert!(page.main().contains("try again with a newer browser"), "{}", page.main());
    }
}

#[tokio::test]
async fn every_way_to_change_something_is_asked_where_it_comes_from() {
    let site = Site::appendix_b().await;
    let id = site.person(MAP_COORDINATOR).await.to_string();
    for (path, body) in [
        ("/demonstration/sign-in", format!("person={id}")),
        ("/sign-in", "email=a%40example.org&password=b".to_owned()),
        ("/demonstration/start-again", String::new()),
        ("/nowhere", String::new()),
    ] {
        for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "FROBNICATE"] {
            let request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
            let browser = site.browser();
            let page = browser.exchange(path, request.body(Body::from(body.clone())).unwrap()).await;
            assert_eq!(page.status, 403, "{method} {path}");
            assert_eq!(browser.cookie("session"), None);
        }
    }
    // Nothing is open to other sites but what says so.
    assert_eq!(Route::FROM_ANYWHERE, &[Route::Unsubscribe]);
}

/// What a site answers to a request for a host.
async fn answer(app: App, path: &str, hosts: &[&str]) -> StatusCode {
    let mut request = Request::get(path);
    for host in hosts {
        request = request.header(header::HOST, *host);
    }
    web::router(app).oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
}

fn app(site: &Site, base: &str, mode: Mode) -> App {
    App::new(Cx { links: Links::under(base), ..site.cx.clone() }, mode)
}

#[tokio::test]
async fn a_host_that_is_not_ours_is_refused() {
    let site = Site::appendix_b().await;
    let asked = async |base: &str, hosts: &[&str]| {
        answer(app(&site, base, Mode::Real { secure: true }), "/sign-in", hosts).await.as_u16()
    };
    let base = "https://tracker.example.org";
    for host in ["tracker.example.org", "Tracker.Example.Org", "tracker.example.org:443"] {
        assert_eq!(asked(base, &[host]).await, 200, "{host}");
    }
    assert_eq!(asked("https://tracker.example.org:8443/", &["tracker.example.org:8443"]).await, 200);
    assert_eq!(asked("https://[2001:db8::1]", &["[2001:db8::1]"]).await, 200);
    for hosts in [
        &["evil.example"][..],
        &["tracker.example.org:80"],
        &["tracker.example.org:8443"],
        &["tracker.example.org."],
        &["x.tracker.example.org"],
        &["me@tracker.example.org"],
        &["tracker.example.org/", "x"],
        &["127.0.0.1"],
        // The program is not reached by the names of its machine: whoever does comes past the proxy.
        &["localhost"],
        &["é"],
        &[""],
        &[],
        // Two who look at one each would see two requests.
        &["tracker.example.org", "evil.example"],
        &["tracker.example.org", "tracker.example.org"],
    ] {
        assert_eq!(asked(base, hosts).await, 421, "{hosts:?}");
    }
}

#[tokio::test]
async fn an_address_that_names_another_host_is_refused_whatever_the_header_says() {
    let site = Site::appendix_b().await;
    let request = Request::get("http://evil.example/sign-in").header(header::HOST, HOST);
    let page = site.browser().exchange("/sign-in", request.body(Body::empty()).unwrap()).await;
    assert_eq!(page.status, 421);
}

#[tokio::test]
async fn whoever_comes_by_another_address_is_told_the_right_one() {
    let site = Site::appendix_b().await.real();
    let request = Request::get("/plans").header(header::HOST, "127.0.0.1:8080").body(Body::empty()).unwrap();
    let page = site.browser().exchange("/plans", request).await;
    assert_eq!((page.status, &*page.h1()), (421, "This is not our address"));
    assert_eq!(page.link("http://tracker.example.org/"), "http://tracker.example.org/");
    assert!(page.main().contains("has to pass Host on unchanged"), "{}", page.main());
    assert!(!page.body().contains("8080"), "nothing links to the host that was asked for");
}

#[tokio::test]
async fn the_demonstration_answers_to_the_names_of_its_own_machine_and_no_other() {
    let site = Site::appendix_b().await;
    let asked = async |host: &str| {
        let mode = Mode::Demonstration(demonstration::doors(&site.cx));
        answer(app(&site, "http://127.0.0.1:3000", mode), "/demonstration", &[host]).await.as_u16()
    };
    for host in ["127.0.0.1:3000", "localhost:3000", "LOCALHOST:3000", "[::1]:3000"] {
        assert_eq!(asked(host).await, 200, "{host}");
    }
    // A name that somebody points at this machine, so that their page may read ours.
    for host in ["rebound.evil.example:3000", "localhost.evil.example:3000", "localhost", "127.0.0.1:3001"] {
        assert_eq!(asked(host).await, 421, "{host}");
    }
}

#[tokio::test]
async fn what_watches_over_the_program_may_ask_by_number() {
    let site = Site::appendix_b().await;
    for path in ["/health/live", "/health/ready"] {
        for hosts in [&["10.1.2.3:8080"][..], &[]] {
            let real = Mode::Real { secure: true };
            assert_eq!(answer(app(&site, "https://tracker.example.org", real), path, hosts).await, 200);
        }
    }
}

#[tokio::test]
async fn links_in_mails_and_invitations_never_follow_the_host_that_was_asked_for() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let person = site.person(MAP_COORDINATOR).await;
    let form = browser.get(&path::person_link(person)).await.form("Show a link");
    let request = Request::post(form.action())
        .header(header::HOST, HOST)
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "ftp")
        .header("forwarded", "host=evil.example")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, format!("session={}", browser.cookie("session").unwrap()));
    let page = browser.exchange(form.action(), request.body(Body::empty()).unwrap()).await;
    assert!(page.main().contains("http://tracker.example.org/welcome/"), "{}", page.main());
    assert!(!page.body().contains("evil.example"));
}

/// The address that the session of a sign-in is kept with.
async fn address_kept(front: Front, peer: &str, forwarded: &str) -> Option<String> {
    let site = Site::appendix_b().await;
    let mode = Mode::Demonstration(demonstration::doors(&site.cx));
    let router = web::router_behind(App::new(site.cx.clone(), mode), front);
    let person = site.person(MAP_COORDINATOR).await;
    let mut request = Request::post("/demonstration/sign-in")
        .header(header::HOST, HOST)
        .header("sec-fetch-site", "same-origin")
        .header("x-forwarded-for", forwarded)
        .body(Body::from(format!("person={person}")))
        .unwrap();
    request.extensions_mut().insert(ConnectInfo(peer.parse::<SocketAddr>().unwrap()));
    assert_eq!(router.oneshot(request).await.unwrap().status(), 303);
    let connection = sea_orm::Database::connect(&site.url).await.unwrap();
    let statement = Statement::from_string(DbBackend::Sqlite, "SELECT address FROM session");
    let row = connection.query_one_raw(statement).await.unwrap();
    row.expect("the session").try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn a_session_is_kept_with_the_address_that_a_trusted_proxy_names_and_no_other() {
    let front =
        || Front { proxies: ["10.0.0.0/8".parse().unwrap()].into_iter().collect(), ..Front::default() };
    for (front, peer, forwarded, kept) in [
        (front(), "10.1.2.3:4000", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        (front(), "203.0.113.9:4000", "198.51.100.1", "203.0.113.9"),
        (Front::default(), "10.1.2.3:4000", "198.51.100.1", "10.1.2.3"),
        (Front::default(), "[::ffff:10.1.2.3]:4000", "198.51.100.1", "10.1.2.3"),
    ] {
        assert_eq!(address_kept(front, peer, forwarded).await.as_deref(), Some(kept), "{peer} {forwarded}");
    }
}

#[tokio::test]
async fn every_page_forbids_keeping_framing_guessing_and_telling_other_sites() {
    let site = Site::appendix_b().await;
    let mut shown = HashSet::new();
    for visitor in [MANAGER, ADMINISTRATOR] {
        let browser = site.sign_in_as(visitor).await;
        let stylesheet = browser.get("/my-actions").await.attributes("link[rel=stylesheet]", "href").concat();
        for route in Route::iter() {
            let path = match route {
                Route::Asset => stylesheet.clone(),
                _ => route.path().replace("{slug}", APPENDIX_B).replace("{id}", "1").replace("{token}", "x"),
            };
            for method in [Method::GET, Method::POST] {
                // These would take the session or the whole plan away.
                let ends = route == Route::SignOut || route.access() == Access::Demonstration;
                if method == Method::POST && ends {
                    continue;
                }
                let page = browser.send(method.clone(), &path, &[]).await;
                if page.status == 200 {
                    shown.insert(route);
                }
                if route != Route::Asset || page.status != 200 {
                    assert_eq!(page.header("cache-control"), Some("no-store"), "{method} {path}");
                }
                assert_eq!(page.header("referrer-policy"), Some("same-origin"), "{method} {path}");
                assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{method} {path}");
                let csp = page.header("content-security-policy").unwrap_or_default();
                assert!(csp.contains("frame-ancestors"), "{method} {path}: {csp}");
            }
        }
    }
    assert!(shown.len() > 35, "pages were seen: {shown:?}");
}

#[tokio::test]
async fn behind_tls_browsers_are_told_to_use_nothing_else_for_this_host() {
    let site = Site::appendix_b().await;
    let hsts = async |front: Front, path: &str| {
        let app = app(&site, "https://tracker.example.org", Mode::Real { secure: true });
        let request = Request::get(path).header(header::HOST, HOST).body(Body::empty()).unwrap();
        let response = web::router_behind(app, front).oneshot(request).await.unwrap();
        response.headers().get("strict-transport-security").map(|v| v.to_str().unwrap().to_owned())
    };
    let front = Front { hsts: Some("max-age=63072000".parse().unwrap()), ..Front::default() };
    for path in ["/sign-in", "/plans", "/nowhere", "/health/live"] {
        assert_eq!(hsts(front.clone(), path).await.as_deref(), Some("max-age=63072000"), "{path}");
        assert_eq!(hsts(Front::default(), path).await, None, "{path}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_in_words() {
    let site = Site::appendix_b().await;
    let request = Request::post("/sign-in")
        .header(header::HOST, HOST)
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(vec![b'a'; 2 * 1024 * 1024 + 1]))
        .unwrap();
    let page = site.browser().exchange("/sign-in", request).await;
    assert_eq!(page.status, 413);
    assert!(page.body().contains("too much at once"), "{}", page.body());
}
