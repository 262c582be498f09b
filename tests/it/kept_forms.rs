//! A form that outlives its session keeps what was typed, for the same person in the same browser.

use axum::http::Method;
use chrono::TimeDelta;
use scrutiny_tracker::{
    command::{kept_form, link, session},
    domain::account::Way,
    link::path,
};
use sea_orm::{ConnectionTrait, Database, Statement};

use crate::support::{
    ADMINISTRATOR, Browser, EDUCATION_LEAD, Form, MANAGER, MAP_COORDINATOR, Page, SCRUTINY_OFFICER, Site,
    each_database,
};

const PASSWORD: &str = "three random words";
const KEPT: &str =
    "You were signed out while you were writing. What you typed is kept: sign in, and it is there";
const BACK: &str = "You were signed out while you were writing. This is what you typed. It is not saved yet";

async fn one_time_link(site: &Site, email: &str) -> String {
    let administrator = site.actor(ADMINISTRATOR).await;
    path::welcome(
        &link::invite(&site.cx, &administrator, site.person(email).await, link::By::Hand).await.unwrap(),
    )
}

/// Sets the password of somebody, who is signed in with it in this browser.
async fn with_password(site: &Site, browser: &Browser, email: &str) {
    let form = browser.get(&one_time_link(site, email).await).await.form("Set the password and sign in");
    let page = form.set("password", PASSWORD).set("password_again", PASSWORD).submit().await;
    assert_eq!(page.status, 200);
}

/// A night goes by.
fn later(site: &Site, hours: i64) {
    let now = site.cx.clock.machine_now();
    site.cx.clock.move_machine_to(now + TimeDelta::hours(hours));
}

/// The longest text that the form takes, with what could be lost on the way.
fn long_text() -> String {
    let line = "It’s \"done\" & <b>dusted</b>: O'Brien's café 🦀\r\n+100%=\\ ";
    let mut text: String = line.chars().cycle().take(19_990).collect();
    text.push_str(" the end.");
    text.trim().to_owned()
}

/// A form for an update, filled, of somebody who is signed in.
async fn filled(site: &Site, browser: &Browser, label: &str, text: &str) -> Form {
    let page = browser.get(&path::new_update(site.action(label).await)).await;
    page.form("Save update")
        .set("narrative", text)
        .set("reported", "not_recorded")
        .set("next_steps", "Nothing")
}

async fn sign_in(page: Page, email: &str) -> Page {
    page.form("Sign in").set("email", email).set("password", PASSWORD).submit().await
}

async fn rows(site: &Site) -> i64 {
    let db = Database::connect(&site.url).await.unwrap();
    let all = Statement::from_string(db.get_database_backend(), "SELECT count(*) FROM kept_form");
    db.query_one_raw(all).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// What is in the text areas as it was typed, whatever the browser makes of the ends of lines.
fn typed(form: &Form, name: &str) -> String {
    form.value(name).replace("\r\n", "\n")
}

#[tokio::test]
async fn what_was_typed_is_there_after_signing_in_again_and_one_press_saves_it() {
    each_database(async |site| {
        let site = site.real();
        let browser = site.browser();
        with_password(&site, &browser, MAP_COORDINATOR).await;
        let text = long_text();
        let form = filled(&site, &browser, "Aii", &text).await;
        let there = form.action().to_owned();
        later(&site, 13);
        let page = form.submit().await;
        assert_eq!(
            (&*page.path, &*page.h1()),
            (&*format!("/sign-in?next={}", there.replace('/', "%2F")), "Sign in")
        );
        assert!(page.select(".banner").concat().contains(KEPT), "{}", page.text());

        let page = sign_in(page, MAP_COORDINATOR).await;
        assert_eq!((page.status, &*page.path), (200, &*there));
        assert!(page.text().contains(BACK), "{}", page.text());
        assert_eq!(page.errors(), Vec::<String>::new());
        assert!(!page.title().starts_with("Error"), "{}", page.title());
        let form = page.form("Save update");
        assert_eq!(typed(&form, "narrative"), text.replace("\r\n", "\n"));
        assert_eq!((&*form.value("reported"), &*form.value("next_steps")), ("not_recorded", "Nothing"));
        // Looking at it does not use it up.
        let form = browser.get(&there).await.form("Save update");
        assert_eq!(typed(&form, "narrative"), text.replace("\r\n", "\n"));

        let page = form.submit().await;
        assert!(page.text().contains("Update added to Aii"), "{}", page.text());
        let action = site.whole_action("Aii").await;
        assert_eq!(action.updates.last().unwrap().narrative, text.replace("\r\n", "\n"));
        // It is gone.
        assert_eq!((rows(&site).await, browser.cookie("kept-form")), (0, None));
        assert_eq!(browser.get(&there).await.form("Save update").value("narrative"), "");
    })
    .await;
}

#[tokio::test]
async fn whatever_way_somebody_comes_in_by_they_go_on_where_they_were() {
    each_database(async |site| {
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        let form = filled(&site, &browser, "Aii", "It’s done.").await;
        later(&site, 13);
        form.submit().await;
        // A one-time link in another window of the same browser leads home.
        let page = browser.get(&one_time_link(&site, MAP_COORDINATOR).await).await;
        let form = page.form("Set the password and sign in");
        let page = form.set("password", PASSWORD).set("password_again", PASSWORD).submit().await;
        assert_eq!(page.form("Save update").value("narrative"), "It’s done.");
        // In another browser nothing waits.
        let (person, client) = (site.person(MAP_COORDINATOR).await, session::Client::default());
        let token = session::start(&site.cx, person, Way::Password, &client).await.unwrap();
        let other = site.browser();
        other.set_cookie("session", &token);
        assert_eq!(other.get("/").await.path, path::MY_ACTIONS);
    })
    .await;
}

#[tokio::test]
async fn nobody_else_sees_what_was_typed() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let form = filled(&site, &browser, "Aiii", "Not for everyone").await;
        let there = form.action().to_owned();
        later(&site, 13);
        let page = form.submit().await;
        // The manager may write on this action too, and sits at the same tablet.
        let page = page.form("Sign in as Risk and Resilience Manager").submit().await;
        assert_eq!(page.path, there);
        assert!(!page.body().contains("Not for everyone") && !page.text().contains(BACK));
        assert_eq!(page.form("Save update").value("narrative"), "");
        assert_eq!(browser.get("/").await.path, path::MY_ACTIONS);
        // What the manager saves there takes nothing away.
        filled(&site, &browser, "Aiii", "The manager’s own").await.submit().await;
        let page = browser.get("/demonstration").await;
        let page = page.form("Sign in as Education Safeguarding Lead").submit().await;
        assert_eq!(page.form("Save update").value("narrative"), "Not for everyone");
    })
    .await;
}

#[tokio::test]
async fn passwords_and_codes_are_never_kept_or_shown() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let there = path::new_update(site.action("Ai").await);
        let fields = [
            ("narrative", "Some words"),
            ("password", "hunter2 hunter2"),
            ("new_password", "hunter2 hunter2"),
            ("current-Password", "hunter2 hunter2"),
            ("code", "hunter2 hunter2"),
            ("recovery_code", "hunter2 hunter2"),
        ];
        later(&site, 13);
        let page = browser.post(&there, &fields).await;
        assert!(!page.body().contains("hunter2"));
        let db = Database::connect(&site.url).await.unwrap();
        let all = Statement::from_string(db.get_database_backend(), "SELECT fields FROM kept_form");
        let kept: String = db.query_one_raw(all).await.unwrap().unwrap().try_get_by_index(0).unwrap();
        assert_eq!(kept, r#"[["narrative","Some words"]]"#);
        let stranger = site.browser();
        let page = stranger.post(&there, &fields).await;
        assert!(page.body().contains("Some words") && !page.body().contains("hunter2"), "{}", page.body());
    })
    .await;
}

#[tokio::test]
async fn without_a_session_that_is_known_the_text_is_shown_to_be_sent_again() {
    each_database(async |site| {
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        let text = long_text();
        let form = filled(&site, &browser, "Aii", &text).await;
        // Signed out in another window, so it is not known whose form this is.
        browser.get(path::PLANS).await.form("Sign out").send().await;
        let page = form.submit().await;
        assert_eq!((page.status, &*page.h1()), (401, "You are signed out"));
        let again = page.form("Send it again");
        assert_eq!(typed(&again, "narrative"), text.replace("\r\n", "\n"));
        assert_eq!(again.action(), form.action());
        assert_eq!(rows(&site).await, 0, "a stranger fills no database");
        let before = site.whole_action("Aii").await.updates.len();
        // Signing in in another tab, and coming back to this one.
        let door = browser.get(&page.link("Sign in (opens in a new tab)")).await;
        door.form("Sign in as MAP Coordinator").submit().await;
        let saved = again.submit().await;
        assert!(saved.text().contains("Update added to Aii"), "{}", saved.text());
        let updates = site.whole_action("Aii").await.updates;
        assert_eq!(updates.len(), before + 1);
        assert_eq!(updates.last().unwrap().narrative, text.replace("\r\n", "\n"));
    })
    .await;
}

#[tokio::test]
async fn a_form_is_kept_also_after_the_longest_session_has_ended_and_others_have_signed_in() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MAP_COORDINATOR).await;
    let form = filled(&site, &browser, "Aii", "It’s done.").await;
    later(&site, 30 * 24 + 1);
    site.sign_in_as(EDUCATION_LEAD).await;
    let page = form.submit().await;
    assert!(page.text().contains(KEPT), "{}", page.text());
    // A session that has ended signs nobody in, kept or not.
    assert!(browser.get(path::MY_ACTIONS).await.path.starts_with("/demonstration?next="));
}

#[tokio::test]
async fn what_was_kept_can_be_thrown_away_and_goes_by_itself_after_a_day() {
    each_database(async |site| {
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        let form = filled(&site, &browser, "Aii", "It’s done.").await;
        let there = form.action().to_owned();
        later(&site, 13);
        let door = form.submit().await;
        let page = door.form("Sign in as MAP Coordinator").submit().await;
        assert!(page.main().contains("is kept for a day, or until you save it here"), "{}", page.main());
        let page = page.form("Throw it away").submit().await;
        assert_eq!((&*page.path, page.form("Save update").value("narrative")), (&*there, String::new()));
        assert_eq!((rows(&site).await, browser.cookie("kept-form")), (0, None));

        let form = filled(&site, &browser, "Aii", "Once more.").await;
        later(&site, 13);
        let door = form.submit().await;
        assert_eq!(rows(&site).await, 1);
        later(&site, 24);
        let page = door.form("Sign in as MAP Coordinator").submit().await;
        assert_eq!((&*page.path, page.form("Save update").value("narrative")), (&*there, String::new()));
        later(&site, 13);
        filled_after(&site, MAP_COORDINATOR).await;
        assert_eq!(rows(&site).await, 1, "the old one has been swept");
    })
    .await;
}

/// Somebody’s form is kept once more.
async fn filled_after(site: &Site, email: &str) {
    let browser = site.sign_in_as(email).await;
    let form = filled(site, &browser, "Aii", "Another one.").await;
    later(site, 13);
    form.submit().await;
}

#[tokio::test]
async fn only_so_much_is_kept_of_anybody() {
    each_database(async |site| {
        let person = site.person(MAP_COORDINATOR).await;
        let client = session::Client::default();
        let token = session::start(&site.cx, person, Way::Password, &client).await.unwrap();
        let keep = async |path: &str, text: String| {
            kept_form::keep(&site.cx, &token, Some(&"k".repeat(64)), path, vec![("narrative".into(), text)])
                .await
                .unwrap()
        };
        for n in 0..15 {
            // The same sent twice is one.
            for _ in 0..2 {
                assert!(keep(&format!("/actions/{n}/updates/new"), "text".into()).await.is_some());
            }
        }
        assert_eq!(rows(&site).await, i64::try_from(kept_form::MOST).unwrap());
        let at = async |n: u32| {
            kept_form::at(&site.cx, &"k".repeat(64), person, &format!("/actions/{n}/updates/new"))
                .await
                .unwrap()
        };
        assert!(at(4).await.is_none() && at(5).await.is_some() && at(14).await.is_some());
        assert_eq!(keep("/actions/1/updates/new", "x".repeat(kept_form::LARGEST)).await, None);
        let nobody = kept_form::keep(&site.cx, "no session", None, "/", vec![("a".into(), "b c".into())]);
        assert_eq!(nobody.await.unwrap(), None);
        // A text that is too large to be kept is still not lost.
        let browser = site.browser();
        browser.set_cookie("session", &token);
        later(&site, 13);
        let large = "x ".repeat(kept_form::LARGEST / 2);
        let page = browser.post("/actions/1/updates/new", &[("narrative", &large)]).await;
        assert_eq!(page.status, 401);
        assert_eq!(page.form("Send it again").value("narrative"), large);
    })
    .await;
}

#[tokio::test]
async fn a_button_without_a_form_is_not_pressed_for_anybody() {
    let site = Site::appendix_b().await;
    let record = site.record().await;
    let round = record.rounds.last().unwrap().id;
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    let there = path::publish_round(round);
    later(&site, 13);
    let page = browser.send(Method::POST, &there, &[("sure".into(), "yes".into())]).await;
    let door = browser.follow(page).await;
    let page = door.form("Sign in as Scrutiny Officer").submit().await;
    assert!(page.text().contains("Nothing was changed. Do it again"), "{}", page.text());
    assert_eq!((rows(&site).await, browser.cookie("kept-form")), (0, None));
    let before: Vec<_> = record.rounds.iter().map(|r| r.state).collect();
    let after: Vec<_> = site.record().await.rounds.iter().map(|r| r.state).collect();
    assert_eq!(before, after);
}

#[tokio::test]
async fn text_whose_form_is_not_there_any_more_can_be_copied() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MAP_COORDINATOR).await;
    let form = filled(&site, &browser, "Aii", "It’s done.").await;
    later(&site, 13);
    let door = form.submit().await;
    let db = Database::connect(&site.url).await.unwrap();
    db.execute_unprepared("DELETE FROM assignment").await.unwrap();
    let page = door.form("Sign in as MAP Coordinator").submit().await;
    assert_eq!((page.status, &*page.h1()), (403, "What you typed before you were signed out"));
    assert_eq!(page.select("textarea"), ["It’s done."]);
    let page = page.form("Throw it away").submit().await;
    assert_eq!((page.status, rows(&site).await), (403, 0));
    assert!(page.h1().contains("You can’t do this"), "{}", page.h1());
}
