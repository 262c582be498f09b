//! Signing in and out, one-time links, and where one goes from there.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use chrono::TimeDelta;
use scrutiny_tracker::{
    command::{link, person},
    link::path,
    web::{self, App, Mode},
};
use tower::ServiceExt;

use crate::support::{
    ADMINISTRATOR, APPENDIX_B, Browser, HOST, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page, SCRUTINY_OFFICER,
    Site, each_database,
};

const PASSWORD: &str = "three random words";

/// A one-time link for somebody, as an administrator has it shown: its path.
async fn one_time_link(site: &Site, email: &str) -> String {
    let administrator = site.actor(ADMINISTRATOR).await;
    let invited = link::invite(&site.cx, &administrator, site.person(email).await, link::By::Hand).await;
    path::welcome(&invited.unwrap())
}

/// Sets a password through a one-time link, in a browser of its own.
async fn set_password(site: &Site, email: &str) {
    let page = set_password_at(&site.browser(), &one_time_link(site, email).await, PASSWORD, PASSWORD).await;
    assert_eq!(page.status, 303);
}

async fn set_password_at(browser: &Browser, link: &str, password: &str, again: &str) -> Page {
    let form = browser.get(link).await.form("Set the password and sign in");
    form.set("password", password).set("password_again", again).send().await
}

async fn sign_in(browser: &Browser, email: &str, password: &str) -> Page {
    let form = browser.get(path::SIGN_IN).await.form("Sign in");
    form.set("email", email).set("password", password).send().await
}

async fn deactivate(site: &Site, email: &str) {
    let administrator = site.actor(ADMINISTRATOR).await;
    person::deactivate(&site.cx, &administrator, site.person(email).await).await.unwrap();
}

/// Whether a browser still gets in.
async fn is_signed_in(browser: &Browser) -> bool {
    browser.get(path::HISTORY).await.path == path::HISTORY
}

/// The cookie that an answer sets under a name.
fn cookie<'a>(page: &'a Page, name: &str) -> &'a str {
    let mut cookies = page.headers.get_all(header::SET_COOKIE).iter().map(|c| c.to_str().unwrap());
    cookies.rfind(|c| c.starts_with(&format!("{name}="))).expect("the cookie")
}

#[tokio::test]
async fn the_first_page_leads_everyone_to_their_own() {
    let site = Site::appendix_b().await;
    for (browser, to) in [
        (site.browser(), "/demonstration"),
        (site.clone().real().browser(), "/sign-in"),
        (site.sign_in_as(MAP_COORDINATOR).await, "/my-actions"),
        (site.sign_in_as(MANAGER).await, "/my-actions"),
        (site.sign_in_as(SCRUTINY_OFFICER).await, "/plans"),
        (site.sign_in_as(ADMINISTRATOR).await, "/settings"),
        (site.sign_in_as(PANEL_MEMBER).await, "/plans"),
    ] {
        assert_eq!(browser.send(Method::GET, "/", &[]).await.location().as_deref(), Some(to));
    }
    // Until somebody has set the installation up.
    let administrator = site.sign_in_as(ADMINISTRATOR).await;
    administrator.get("/settings/time-zone").await.form("Save").submit().await;
    assert_eq!(administrator.send(Method::GET, "/", &[]).await.location().as_deref(), Some("/people"));
}

#[tokio::test]
async fn the_session_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let site = Site::appendix_b().await;
    let page = site.browser().get("/demonstration").await.form("Sign in as MAP Coordinator").send().await;
    let (token, attributes) = cookie(&page, "session").split_once(';').unwrap();
    assert_eq!(attributes, " Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
    assert_eq!(token.len(), "session=".len() + 64);
}

#[tokio::test]
async fn over_tls_the_session_cookie_is_bound_to_this_host() {
    let site = Site::appendix_b().await;
    let link = one_time_link(&site, MAP_COORDINATOR).await;
    let router = web::router(App::new(site.cx.clone(), Mode::Real { secure: true }));
    let request = Request::post(link)
        .header(header::HOST, HOST)
        .header("sec-fetch-site", "same-origin")
        .body(Body::from("password=three+random+words&password_again=three+random+words"))
        .unwrap();
    let response = router.oneshot(request).await.unwrap();
    let cookies: Vec<_> =
        response.headers().get_all(header::SET_COOKIE).iter().map(|c| c.to_str().unwrap()).collect();
    let session = cookies.iter().find(|c| c.starts_with("__Host-session=")).expect("the cookie");
    assert!(session.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure"), "{session}");
}

#[tokio::test]
async fn somebody_signs_in_with_address_and_password() {
    each_database(async |site| {
        set_password(&site, MAP_COORDINATOR).await;
        let browser = site.browser();
        // Addresses are the same in capitals.
        let page = sign_in(&browser, &MAP_COORDINATOR.to_uppercase(), PASSWORD).await;
        assert_eq!(page.location().as_deref(), Some("/"));
        assert!(is_signed_in(&browser).await);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let site = Site::appendix_b().await;
    set_password(&site, MAP_COORDINATOR).await;
    let mut answers = Vec::new();
    for (email, password) in [
        (MAP_COORDINATOR, "not the one<script>"),
        ("nobody@example.org", "not the one<script>"),
        // Known, but without a password.
        (PANEL_MEMBER, ""),
        (PANEL_MEMBER, "not the one<script>"),
    ] {
        let browser = site.browser();
        let page = sign_in(&browser, email, password).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.errors().len(), 1, "{:?}", page.errors());
        assert!(page.title().starts_with("Error: "), "{}", page.title());
        assert_eq!(page.form("Sign in").value("email"), email);
        assert!(!page.body().contains("not the one"), "the password came back");
        assert!(!is_signed_in(&browser).await);
        if !password.is_empty() {
            answers.push(page.errors());
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn opening_a_welcome_link_does_not_use_it_up() {
    each_database(async |site| {
        let link = one_time_link(&site, MAP_COORDINATOR).await;
        let scanner = site.browser();
        for _ in 0..3 {
            assert_eq!(scanner.get(&link).await.status, 200);
        }
        assert_eq!(scanner.cookie("session"), None);
        let browser = site.browser();
        assert_eq!(set_password_at(&browser, &link, PASSWORD, PASSWORD).await.status, 303);
        assert!(is_signed_in(&browser).await);
    })
    .await;
}

#[tokio::test]
async fn a_welcome_link_works_once() {
    each_database(async |site| {
        let link = one_time_link(&site, MAP_COORDINATOR).await;
        let open_twice = site.browser().get(&link).await.form("Set the password and sign in");
        assert_eq!(set_password_at(&site.browser(), &link, PASSWORD, PASSWORD).await.status, 303);
        let late = site.browser();
        for page in [
            late.get(&link).await,
            open_twice.set("password", "another one").set("password_again", "another one").send().await,
        ] {
            assert_eq!((page.status, &*page.h1()), (404, "This link does not work any more"));
            assert_eq!(page.link("sign in"), path::SIGN_IN);
        }
        assert_eq!(sign_in(&late, MAP_COORDINATOR, "another one").await.status, 422);
        assert_eq!(sign_in(&late, MAP_COORDINATOR, PASSWORD).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn a_welcome_link_holds_for_7_days() {
    let site = Site::appendix_b().await;
    let link = one_time_link(&site, MAP_COORDINATOR).await;
    let made = site.cx.clock.machine_now();
    site.cx.clock.move_machine_to(made + TimeDelta::days(7) - TimeDelta::seconds(1));
    assert_eq!(site.browser().get(&link).await.status, 200);
    site.cx.clock.move_machine_to(made + TimeDelta::days(7));
    assert_eq!(site.browser().get(&link).await.status, 404);
    let form = [("password", PASSWORD), ("password_again", PASSWORD)];
    assert_eq!(site.browser().post(&link, &form).await.status, 404);
}

#[tokio::test]
async fn a_password_that_is_refused_leaves_the_link_as_it_was() {
    let site = Site::appendix_b().await;
    let link = one_time_link(&site, MAP_COORDINATOR).await;
    let browser = site.browser();
    for (password, again, wrong) in [
        ("seven77", "seven77", "Use at least 8 characters: three random words are easy to remember"),
        ("three random words", "three random word", "The two passwords differ. Enter the same one twice"),
    ] {
        let page = set_password_at(&browser, &link, password, again).await;
        assert_eq!((page.status, page.errors()), (422, vec![wrong.to_owned()]));
        assert!(!page.body().contains(password));
    }
    assert_eq!(set_password_at(&browser, &link, PASSWORD, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn setting_a_password_ends_the_sessions_before_it() {
    let site = Site::appendix_b().await;
    let before = site.sign_in_as(MAP_COORDINATOR).await;
    assert!(is_signed_in(&before).await);
    set_password(&site, MAP_COORDINATOR).await;
    assert!(!is_signed_in(&before).await);
}

#[tokio::test]
async fn a_deactivated_person_is_signed_out_at_once_and_cannot_come_back() {
    each_database(async |site| {
        set_password(&site, MAP_COORDINATOR).await;
        let link = one_time_link(&site, MAP_COORDINATOR).await;
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        assert!(is_signed_in(&browser).await);
        deactivate(&site, MAP_COORDINATOR).await;
        assert!(!is_signed_in(&browser).await);
        assert_eq!(sign_in(&site.clone().real().browser(), MAP_COORDINATOR, PASSWORD).await.status, 422);
        assert_eq!(site.browser().get(&link).await.status, 404);
        let page = site.browser().get("/demonstration").await;
        assert!(!page.main().contains("MAP Coordinator"), "{}", page.main());
        let id = site.person(MAP_COORDINATOR).await.to_string();
        let browser = site.browser();
        assert_eq!(browser.post("/demonstration/sign-in", &[("person", &id)]).await.status, 404);
        assert_eq!(browser.cookie("session"), None);
    })
    .await;
}

#[tokio::test]
async fn signing_out_ends_the_session_and_not_only_the_cookie() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MAP_COORDINATOR).await;
    let token = browser.cookie("session").unwrap();
    let page = browser.get(path::PLANS).await.form("Sign out").send().await;
    assert!(cookie(&page, "session").starts_with("session=; Path=/; Max-Age=0"));
    assert_eq!(browser.cookie("session"), None);
    let thief = site.browser();
    thief.set_cookie("session", &token);
    assert!(!is_signed_in(&thief).await);
}

#[tokio::test]
async fn becoming_somebody_else_ends_the_session_before() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MAP_COORDINATOR).await;
    let before = browser.cookie("session").unwrap();
    browser.get("/demonstration").await.form("Sign in as Panel member").submit().await;
    assert_ne!(browser.cookie("session").unwrap(), before);
    let other = site.browser();
    other.set_cookie("session", &before);
    assert!(!is_signed_in(&other).await);
}

#[tokio::test]
async fn where_somebody_wanted_to_go_is_followed_inside_this_site_only() {
    let site = Site::appendix_b().await;
    set_password(&site, MAP_COORDINATOR).await;
    let plan = format!("/plans/{APPENDIX_B}?lead=3&show=overdue");
    for (wanted, to) in [
        (&*plan, &*plan),
        ("", "/"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\t/evil.example", "/"),
        // Decoded once, as the form sends them; what stays encoded stays a path here.
        ("/%2fevil.example", "/%2fevil.example"),
        ("/%5cevil.example", "/%5cevil.example"),
        ("%2f%2fevil.example", "/"),
        ("/\n/evil.example", "/"),
        ("/\u{0}/evil.example", "/"),
        ("/plans\r\nset-cookie: session=x", "/"),
        (" //evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("///evil.example", "/"),
    ] {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", wanted).finish();
        let page = site.browser().get(&format!("/demonstration?{query}")).await;
        let page = page.form("Sign in as MAP Coordinator").send().await;
        assert_eq!(page.location().as_deref(), Some(to), "{wanted:?}");
        let form = site.browser().get(&format!("/sign-in?{query}")).await.form("Sign in");
        let page = form.set("email", MAP_COORDINATOR).set("password", PASSWORD).send().await;
        assert_eq!(page.location().as_deref(), Some(to), "{wanted:?}");
    }
}
