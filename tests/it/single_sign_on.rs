//! Coming in through the council's directory: who gets in, and what is there when the directory is not.
//!
//! The conversation with a real directory is in `tests/browser/journeys/single-sign-on.test.js`.

use std::sync::Arc;

use axum::http::{Method, header};
use scrutiny_tracker::{
    command::{
        link::{self, By},
        person,
        session::{self, Client},
        single_sign_on,
    },
    domain::{access::Actor, account::Way},
    link::path,
    single_sign_on::{Claims, Directory, Settings},
    store,
    web::{self, App, Mode, WaysIn},
};

use crate::support::{ADMINISTRATOR, Browser, MANAGER, MAP_COORDINATOR, Page, Site, each_database};

const ISSUER: &str = "https://sign-in.council.example.org";

fn claims(subject: &str, verified_email: Option<&str>) -> Claims {
    Claims {
        issuer: ISSUER.to_owned(),
        subject: subject.to_owned(),
        verified_email: verified_email.map(str::to_owned),
    }
}

/// Whom a sign-in through the directory lets in, by name.
async fn comes_in(site: &Site, claims: &Claims) -> Option<String> {
    let token = single_sign_on::sign_in(&site.cx, claims, &Client::default()).await.unwrap()?;
    Some(session::signed_in(&site.cx, &token).await.unwrap().expect("a session").actor.name)
}

async fn is_linked(site: &Site, email: &str) -> bool {
    store::identity::is_linked(&site.cx.store, site.person(email).await, ISSUER).await.unwrap()
}

async fn change(site: &Site, email: &str, to: &str, active: bool) {
    let operator = Actor::program("Command line");
    let account = store::person::by_email(&site.cx.store, email).await.unwrap().unwrap();
    let draft =
        person::PersonDraft { name: account.person.name, email: to.to_owned(), grants: account.grants };
    person::edit(&site.cx, &operator, account.person.id, account.version, &draft).await.unwrap();
    if !active {
        person::deactivate(&site.cx, &operator, account.person.id).await.unwrap();
    }
}

#[tokio::test]
async fn first_sign_in_links_by_verified_address_and_the_next_knows_the_subject() {
    each_database(async |site| {
        let shouted = format!(" {} ", MAP_COORDINATOR.to_uppercase());
        assert_eq!(comes_in(&site, &claims("a-1", Some(&shouted))).await.as_deref(), Some("MAP Coordinator"));
        // The address has gone, at the directory and here; the account is the same.
        change(&site, MAP_COORDINATOR, "coordinator@example.org", true).await;
        for email in [None, Some(MANAGER)] {
            assert_eq!(comes_in(&site, &claims("a-1", email)).await.as_deref(), Some("MAP Coordinator"));
        }
        let reader = site.sign_in_as(ADMINISTRATOR).await;
        let said = "MAP Coordinator signed in with their council account for the first time";
        let history = reader.get(path::HISTORY).await.body().to_owned();
        assert_eq!(history.matches(said).count(), 1, "it is recorded once");
    })
    .await;
}

#[tokio::test]
async fn another_subject_with_the_address_of_somebody_linked_stays_out() {
    each_database(async |site| {
        assert!(comes_in(&site, &claims("a-1", Some(MAP_COORDINATOR))).await.is_some());
        assert_eq!(comes_in(&site, &claims("a-2", Some(MAP_COORDINATOR))).await, None);
        // The same subject at another directory is another account.
        let elsewhere = Claims { issuer: "https://elsewhere.example.org".to_owned(), ..claims("a-1", None) };
        assert_eq!(comes_in(&site, &elsewhere).await, None);
    })
    .await;
}

#[tokio::test]
async fn without_a_verified_address_of_somebody_active_nobody_comes_in_and_nothing_is_linked() {
    each_database(async |site| {
        change(&site, MAP_COORDINATOR, MAP_COORDINATOR, false).await;
        for email in [None, Some(""), Some("nobody@example.org"), Some(MAP_COORDINATOR)] {
            assert_eq!(comes_in(&site, &claims("a-1", email)).await, None, "{email:?}");
        }
        // A Kelvin sign is a k in lower case, and no part of anybody's address.
        let kelvin = MANAGER.replacen('k', "\u{212a}", 1);
        assert_eq!(kelvin.to_lowercase(), MANAGER);
        assert_eq!(comes_in(&site, &claims("a-1", Some(&kelvin))).await, None);
        assert!(!is_linked(&site, MAP_COORDINATOR).await && !is_linked(&site, MANAGER).await);
    })
    .await;
}

#[tokio::test]
async fn somebody_linked_and_then_deactivated_stays_out() {
    each_database(async |site| {
        assert!(comes_in(&site, &claims("a-1", Some(MAP_COORDINATOR))).await.is_some());
        change(&site, MAP_COORDINATOR, MAP_COORDINATOR, false).await;
        assert_eq!(comes_in(&site, &claims("a-1", Some(MAP_COORDINATOR))).await, None);
    })
    .await;
}

#[tokio::test]
async fn unlinking_signs_out_and_the_next_sign_in_links_a_new_account() {
    each_database(async |site| {
        let person = site.person(MAP_COORDINATOR).await;
        let operator = Actor::program("Command line");
        assert!(!single_sign_on::unlink(&site.cx, &operator, person).await.unwrap());
        let first = claims("a-1", Some(MAP_COORDINATOR));
        let token = single_sign_on::sign_in(&site.cx, &first, &Client::default()).await.unwrap().unwrap();
        let lead = site.actor(MAP_COORDINATOR).await;
        assert!(single_sign_on::unlink(&site.cx, &lead, person).await.is_err(), "a lead may not");
        assert!(single_sign_on::unlink(&site.cx, &operator, person).await.unwrap());
        assert!(session::signed_in(&site.cx, &token).await.unwrap().is_none());
        assert!(comes_in(&site, &claims("a-2", Some(MAP_COORDINATOR))).await.is_some());
        assert_eq!(comes_in(&site, &first).await, None);
    })
    .await;
}

#[test]
fn the_directory_has_asked_for_its_second_factor_so_none_is_asked_here() {
    assert!(!Way::SingleSignOn.asks_second_factor());
}

/// A browser at an installation whose directory does not answer: nothing listens at port 9 here.
fn browser(site: &Site, local: bool, secure: bool) -> Browser {
    let name = "Sign in with your council account";
    let settings = Settings::new("http://127.0.0.1:9", "tracker", "a secret", name, false).unwrap();
    let directory = Directory::new(settings, "http://tracker.example.org/sign-in/council/return".to_owned());
    let ways_in = WaysIn { local, directory: Some(Arc::new(directory.unwrap())) };
    let app = App::new(site.cx.clone(), Mode::Real { secure }).with_ways_in(ways_in);
    Browser::new(web::router(app))
}

#[tokio::test]
async fn until_it_is_configured_there_is_no_single_sign_on() {
    let browser = Site::appendix_b().await.real().browser();
    assert!(!browser.get(path::SIGN_IN).await.body().contains("council account"));
    for address in ["/sign-in/council", "/sign-in/council/return?code=x&state=y"] {
        let page = browser.send(Method::GET, address, &[]).await;
        assert_eq!(page.location().as_deref(), Some(path::SIGN_IN), "{address}");
    }
}

#[tokio::test]
async fn the_button_stands_first_and_remembers_where_somebody_wanted_to_go() {
    let browser = browser(&Site::appendix_b().await, true, false);
    let page = browser.get("/plans/appendix-b?lead=3").await;
    let to = page.link("Sign in with your council account");
    assert_eq!(to, "/sign-in/council?next=%2Fplans%2Fappendix-b%3Flead%3D3");
    let body = page.body();
    assert!(body.find("/sign-in/council") < body.find("type=\"password\""));
}

#[tokio::test]
async fn a_directory_that_does_not_answer_is_said_in_plain_words_with_a_way_on() {
    for local in [true, false] {
        let page = browser(&Site::appendix_b().await, local, false).get("/sign-in/council?next=/plans").await;
        assert_eq!((page.status, &*page.h1()), (503, "Your council’s sign-in can’t be reached"));
        assert_eq!(page.link("Sign in with your council account"), "/sign-in/council?next=%2Fplans");
        assert_eq!(page.body().contains("Sign in another way"), local);
        assert!(!page.body().contains("127.0.0.1"), "nothing of the error is shown");
    }
}

#[tokio::test]
async fn who_comes_back_without_having_gone_out_is_not_signed_in() {
    let browser = browser(&Site::appendix_b().await, true, false);
    // Nothing was begun here; begun with another state; and without one.
    for (cookie, address) in [
        (None, "/sign-in/council/return?code=x&state=s"),
        (Some("t.n.v."), "/sign-in/council/return?code=x&state=s"),
        (Some("t.n.v."), "/sign-in/council/return?code=x"),
        (Some(".n.v."), "/sign-in/council/return?code=x&state="),
    ] {
        if let Some(cookie) = cookie {
            browser.set_cookie("sign-in", cookie);
        }
        let page = browser.get(address).await;
        assert_eq!((page.status, &*page.h1()), (400, "Start signing in again"), "{cookie:?}");
        assert_eq!((browser.cookie("sign-in"), browser.cookie("session")), (None, None));
    }
}

#[tokio::test]
async fn what_the_directory_refuses_is_not_repeated_on_the_page() {
    let browser = browser(&Site::appendix_b().await, true, false);
    for (query, status) in [
        ("error=access_denied&error_description=Alice+has+no+licence", 403),
        ("error=Alice", 403),
        ("error=temporarily_unavailable", 503),
        ("code=x&iss=https%3A%2F%2Felsewhere.example.org", 403),
        // The directory is asked, and does not answer.
        ("code=x", 503),
    ] {
        browser.set_cookie("sign-in", "s.n.v.%2Fplans");
        let page: Page = browser.get(&format!("/sign-in/council/return?state=s&{query}")).await;
        assert_eq!(page.status, status, "{query}");
        assert!(!page.body().contains("Alice") && browser.cookie("sign-in").is_none());
        assert_eq!(page.link("Sign in with your council account"), "/sign-in/council?next=%2Fplans");
    }
}

#[tokio::test]
async fn local_sign_in_that_is_off_is_not_there_but_a_one_time_link_still_works() {
    let site = Site::appendix_b().await;
    let browser = browser(&site, false, false);
    let page = browser.get(path::SIGN_IN).await;
    assert!(!page.body().contains("password") && page.body().contains("Sign in with your council account"));
    let fields = [("email", MAP_COORDINATOR), ("password", "three random words")];
    assert_eq!(browser.post(path::SIGN_IN, &fields).await.status, 404);

    // Break glass: what the command line prints.
    let operator = Actor::program("Command line");
    let person = site.person(MAP_COORDINATOR).await;
    let link = path::welcome(&link::invite(&site.cx, &operator, person, link::By::Hand).await.unwrap());
    let form = browser.get(&link).await.form("Set the password and sign in");
    form.set("password", "three random words").set("password_again", "three random words").send().await;
    assert_eq!(browser.get(path::PLANS).await.path, path::PLANS);
}

#[tokio::test]
async fn an_invitation_by_mail_leads_to_single_sign_on_where_local_sign_in_is_off_and_is_void_afterwards() {
    let site = Site::appendix_b().await;
    let operator = Actor::program("Command line");
    let person = site.person(MAP_COORDINATOR).await;
    let token = link::invite(&site.cx, &operator, person, By::Mail).await.unwrap();
    let welcome = path::welcome(&token);
    let council_only = browser(&site, false, false);
    let page = council_only.get(&welcome).await;
    assert_eq!(page.link("Sign in with your council account"), "/sign-in/council");
    let password = "three random words";
    for fields in
        [vec![("password", password), ("password_again", password)], vec![("without_password", "yes")]]
    {
        let page = council_only.post(&welcome, &fields).await;
        assert!(page.h1().contains("Come in with your council account"), "{}", page.h1());
        assert_eq!(council_only.cookie("session"), None);
    }
    // The same link sets a password where that lets people in; not once they have come in with their account.
    let local = browser(&site, true, false);
    assert!(local.get(&welcome).await.h1().contains("Set your password"));
    assert!(comes_in(&site, &claims("a-1", Some(MAP_COORDINATOR))).await.is_some());
    assert_eq!(local.get(&welcome).await.status, 404);
}

#[tokio::test]
async fn what_lets_people_in_by_mail_or_by_hand_is_not_there_where_local_sign_in_is_off() {
    let site = Site::appendix_b().await;
    let manager = site.sign_in_as(ADMINISTRATOR).await;
    let person = site.person(MAP_COORDINATOR).await;
    let browser = browser(&site, false, false);
    browser.set_cookie("session", &manager.cookie("session").unwrap());
    let one_time_link = path::person_link(person);
    let link = "0".repeat(64);
    let (sign_in, password) = (path::sign_in_by_link(&link), path::new_password(&link));
    for address in [path::SIGN_IN_LINK, path::FORGOTTEN_PASSWORD, &one_time_link, &sign_in, &password] {
        for method in [Method::GET, Method::POST] {
            let page = browser.send(method, address, &[]).await;
            assert_eq!((page.status, &*page.h1()), (404, "Page not found"), "{address}");
        }
    }
    assert!(!browser.get(&path::person(person)).await.body().contains(&one_time_link));
}

#[tokio::test]
async fn over_tls_the_cookie_of_a_sign_in_is_bound_to_this_host_and_taken_away_on_return() {
    let browser = browser(&Site::appendix_b().await, true, true);
    browser.set_cookie("__Host-sign-in", "s.n.v.");
    let page = browser.get("/sign-in/council/return?state=other").await;
    let cookie = page.headers.get_all(header::SET_COOKIE).iter().next().unwrap().to_str().unwrap();
    assert_eq!(cookie, "__Host-sign-in=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
}
