//! Against guessing: waits that grow, that nobody is locked out by anybody else, and that nobody learns who has an account.

use std::{cell::RefCell, io::Write, net::IpAddr};

use axum::http::{Method, header};
use chrono::TimeDelta;
use scrutiny_tracker::{
    command::{
        CommandError, link,
        session::{self, Client},
        throttle,
    },
    domain::account::{Purpose, Way},
    link::path,
};
use sea_orm::{ConnectionTrait, Database};

use crate::support::{
    Browser, EDUCATION_LEAD, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site,
    accounts::{App, enter_code},
    each_database,
};

const PASSWORD: &str = "three random words";
const UNKNOWN: &str = "nobody-here@example.org";

/// The path of a one-time link for somebody.
async fn one_time_link(site: &Site, email: &str) -> String {
    let manager = site.actor(crate::support::ADMINISTRATOR).await;
    path::welcome(&link::invite(&site.cx, &manager, site.person(email).await, link::By::Hand).await.unwrap())
}

/// Sets the password of somebody in a browser, which then knows them; they are signed out again.
async fn with_password(site: &Site, browser: &Browser, email: &str) {
    let form = browser.get(&one_time_link(site, email).await).await.form("Set the password and sign in");
    assert_eq!(form.set("password", PASSWORD).set("password_again", PASSWORD).send().await.status, 303);
    assert_eq!(browser.send(Method::POST, "/sign-out", &[]).await.status, 303);
}

async fn sign_in(browser: &Browser, email: &str, password: &str) -> Page {
    let fields = [("email", email), ("password", password), ("next", "")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    browser.send(Method::POST, path::SIGN_IN, &fields).await
}

async fn sign_out(browser: &Browser) {
    assert_eq!(browser.send(Method::POST, "/sign-out", &[]).await.status, 303);
}

/// Wrong passwords from a stranger, until they have to wait.
async fn guess_until_waiting(site: &Site, email: &str) {
    let stranger = site.browser();
    for _ in 0..5 {
        assert_eq!(sign_in(&stranger, email, "a wrong guess").await.status, 422);
    }
    assert_eq!(sign_in(&stranger, email, "a wrong guess").await.status, 429);
}

fn later(site: &Site, seconds: i64) {
    let now = site.cx.clock.machine_now();
    site.cx.clock.move_machine_to(now + TimeDelta::seconds(seconds));
}

fn from(address: &str) -> Client {
    Client { address: Some(address.parse::<IpAddr>().unwrap()), ..Client::default() }
}

fn waits<T: std::fmt::Debug>(result: Result<T, CommandError>) -> u64 {
    match result {
        Err(CommandError::Wait { seconds, .. }) => seconds,
        other => panic!("nobody has to wait: {other:?}"),
    }
}

#[tokio::test]
async fn waits_grow_and_the_right_password_is_not_looked_at_meanwhile() {
    each_database(async |site| {
        with_password(&site, &site.browser(), MAP_COORDINATOR).await;
        let browser = site.browser();
        for _ in 0..5 {
            assert_eq!(sign_in(&browser, MAP_COORDINATOR, "a wrong guess").await.status, 422);
        }
        for (seconds, words) in [
            (10, "Wait 10 seconds and try again"),
            (30, "Wait 30 seconds"),
            (60, "Wait 60 seconds"),
            (120, "Wait until 10:34am"),
            (300, "Wait until 10:39am"),
            (600, "Wait until 10:49am"),
            (900, "Wait until 11:04am"),
            (900, "Wait until 11:19am"),
        ] {
            let page = sign_in(&browser, MAP_COORDINATOR, PASSWORD).await;
            assert_eq!((page.status, page.header("retry-after")), (429, Some(&*seconds.to_string())));
            let said = page.errors().concat();
            assert!(said.contains(words) && said.contains("use a link by email"), "{said}");
            assert_eq!(page.form("Sign in").value("email"), MAP_COORDINATOR);
            // The last second is still waited for.
            later(&site, seconds - 1);
            assert_eq!(sign_in(&browser, MAP_COORDINATOR, PASSWORD).await.status, 429, "{seconds}");
            later(&site, 1);
            assert_eq!(sign_in(&browser, MAP_COORDINATOR, "a wrong guess").await.status, 422, "{seconds}");
        }
        later(&site, 900);
        assert_eq!(sign_in(&browser, MAP_COORDINATOR, PASSWORD).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn a_browser_that_knows_its_owner_lets_them_in_whatever_strangers_do() {
    each_database(async |site| {
        let tablet = site.browser();
        // One browser, two people.
        with_password(&site, &tablet, MAP_COORDINATOR).await;
        with_password(&site, &tablet, EDUCATION_LEAD).await;
        for owner in [MAP_COORDINATOR, EDUCATION_LEAD] {
            guess_until_waiting(&site, owner).await;
            assert_eq!(sign_in(&site.browser(), owner, PASSWORD).await.status, 429);
            assert_eq!(sign_in(&tablet, owner, "mistyped it").await.status, 422);
            assert_eq!(sign_in(&tablet, owner, PASSWORD).await.status, 303);
            sign_out(&tablet).await;
            // What the owner does is nothing to the stranger either.
            assert_eq!(sign_in(&site.browser(), owner, PASSWORD).await.status, 429);
        }
    })
    .await;
}

#[tokio::test]
async fn a_known_browser_is_no_place_to_guess_at_and_is_known_for_its_owner_only() {
    let site = Site::appendix_b().await;
    let (tablet, other) = (site.browser(), site.browser());
    with_password(&site, &tablet, MAP_COORDINATOR).await;
    with_password(&site, &other, EDUCATION_LEAD).await;
    for _ in 0..5 {
        assert_eq!(sign_in(&tablet, MAP_COORDINATOR, "a wrong guess").await.status, 422);
    }
    assert_eq!(sign_in(&tablet, MAP_COORDINATOR, PASSWORD).await.status, 429);
    // Elsewhere nobody has guessed.
    assert_eq!(sign_in(&site.browser(), MAP_COORDINATOR, PASSWORD).await.status, 303);
    guess_until_waiting(&site, EDUCATION_LEAD).await;
    assert_eq!(sign_in(&tablet, EDUCATION_LEAD, PASSWORD).await.status, 429);
    // A year after the last time, the browser is a stranger's.
    site.cx.clock.move_machine_to(site.cx.clock.machine_now() + TimeDelta::days(366));
    guess_until_waiting(&site, EDUCATION_LEAD).await;
    assert_eq!(sign_in(&other, EDUCATION_LEAD, PASSWORD).await.status, 429);
}

#[tokio::test]
async fn a_link_lets_the_owner_in_who_has_no_known_browser() {
    each_database(async |site| {
        with_password(&site, &site.browser(), MAP_COORDINATOR).await;
        guess_until_waiting(&site, MAP_COORDINATOR).await;
        let browser = site.browser();
        let form = browser.get(&one_time_link(&site, MAP_COORDINATOR).await).await;
        let form = form.form("Set the password and sign in");
        let page = form.set("password", PASSWORD).set("password_again", PASSWORD).send().await;
        assert_eq!(page.status, 303);
        sign_out(&browser).await;
        // And from now on this browser is known.
        assert_eq!(sign_in(&browser, MAP_COORDINATOR, PASSWORD).await.status, 303);
    })
    .await;
}

/// An answer without what is different at every request.
fn answer(page: &Page, email: &str) -> (u16, Vec<(String, Vec<u8>)>, String) {
    // The address that was typed comes back, so the length tells its length and nothing more.
    let headers =
        page.headers.iter().filter(|(name, _)| *name != "x-request-id" && *name != "content-length");
    let headers = headers.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
    (page.status, headers, page.body().replace(email, "somebody"))
}

#[tokio::test]
async fn known_and_unknown_accounts_get_the_same_answers_byte_for_byte() {
    each_database(async |site| {
        let tablet = site.browser();
        with_password(&site, &tablet, MAP_COORDINATOR).await;
        // Known; known without a password; nobody; and a browser that knows somebody else.
        let (a, b, c, d) = (site.browser(), site.browser(), site.browser(), tablet);
        d.get(path::SIGN_IN).await;
        for tried in 0..9 {
            let known = answer(&sign_in(&a, MAP_COORDINATOR, "a guess").await, MAP_COORDINATOR);
            assert_eq!(known.0, if [5, 7].contains(&tried) { 429 } else { 422 }, "try {tried}");
            for (browser, email) in
                [(&b, PANEL_MEMBER), (&c, UNKNOWN), (&d, "nobody-else@example.org"), (&d, EDUCATION_LEAD)]
            {
                let other = answer(&sign_in(browser, email, "a guess").await, email);
                assert_eq!(other, known, "try {tried} at {email}");
            }
            if tried >= 5 {
                later(&site, if tried == 6 { 0 } else { 30 });
            }
        }
    })
    .await;
}

#[tokio::test]
async fn known_and_unknown_accounts_cost_the_same_statements() {
    each_database(async |site| {
        let tablet = site.browser();
        with_password(&site, &tablet, EDUCATION_LEAD).await;
        with_password(&site, &site.browser(), MAP_COORDINATOR).await;
        let token = tablet.cookie("known-browser").unwrap();
        let (site, statements) = site.counting();
        for token in [None, Some(token), Some("no such token".to_owned())] {
            let mut counts = Vec::new();
            for email in [MAP_COORDINATOR, UNKNOWN, PANEL_MEMBER] {
                let browser = site.browser();
                if let Some(token) = &token {
                    browser.set_cookie("known-browser", token);
                }
                let mut count = Vec::new();
                for _ in 0..7 {
                    statements.take();
                    sign_in(&browser, email, "a guess").await;
                    count.push(statements.take());
                }
                counts.push(count);
            }
            counts.dedup();
            assert_eq!(counts.len(), 1, "{counts:?}");
            // The tallies of one round are not those of the next.
            site.cx.clock.move_machine_to(site.cx.clock.machine_now() + TimeDelta::days(2));
        }
    })
    .await;
}

#[tokio::test]
async fn fifty_guesses_at_once_are_no_more_than_five() {
    each_database(async |site| {
        with_password(&site, &site.browser(), MAP_COORDINATOR).await;
        let guesses: Vec<_> = (0..50)
            .map(|n| {
                let cx = site.cx.clone();
                tokio::spawn(async move {
                    session::sign_in(&cx, MAP_COORDINATOR, &format!("guess {n}"), &Client::default()).await
                })
            })
            .collect();
        let (mut checked, mut waiting) = (0, 0);
        for guess in guesses {
            match guess.await.unwrap() {
                Ok(None) => checked += 1,
                Err(CommandError::Wait { .. }) => waiting += 1,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((checked, waiting), (5, 45));
    })
    .await;
}

#[tokio::test]
async fn signing_in_forgets_what_was_mistyped() {
    each_database(async |site| {
        with_password(&site, &site.browser(), MAP_COORDINATOR).await;
        for _ in 0..3 {
            let browser = site.browser();
            for _ in 0..4 {
                assert_eq!(sign_in(&browser, MAP_COORDINATOR, "mistyped it").await.status, 422);
            }
            assert_eq!(sign_in(&browser, MAP_COORDINATOR, PASSWORD).await.status, 303);
        }
    })
    .await;
}

#[tokio::test]
async fn one_network_waits_for_all_accounts_together() {
    each_database(async |site| {
        with_password(&site, &site.browser(), MAP_COORDINATOR).await;
        let cx = &site.cx;
        // Two computers of one IPv6 network are one.
        let (mine, same) = (from("2001:db8:1:2::7"), from("2001:db8:1:2:a:b:c:d"));
        for n in 0..50 {
            let client = if n % 2 == 0 { &mine } else { &same };
            let tried = session::sign_in(cx, &format!("guess-{n}@example.org"), "a guess", client).await;
            assert!(matches!(tried, Ok(None)), "{n}: {tried:?}");
        }
        assert_eq!(waits(session::sign_in(cx, UNKNOWN, "a guess", &mine).await), 10);
        assert_eq!(waits(session::sign_in(cx, MAP_COORDINATOR, PASSWORD, &same).await), 10);
        for elsewhere in [from("2001:db8:1:3::7"), from("192.0.2.7"), Client::default()] {
            assert!(session::sign_in(cx, UNKNOWN, "a guess", &elsewhere).await.unwrap().is_none());
        }
        // Whoever has an account of their own has this one try back, and no more.
        later(&site, 10);
        assert!(session::sign_in(cx, MAP_COORDINATOR, PASSWORD, &mine).await.unwrap().is_some());
        assert!(session::sign_in(cx, "guess@example.org", "a guess", &mine).await.unwrap().is_none());
        assert_eq!(waits(session::sign_in(cx, "guess-again@example.org", "a guess", &mine).await), 30);
    })
    .await;
}

#[tokio::test]
async fn a_browser_that_knows_its_owner_does_not_wait_for_its_network() {
    let site = Site::appendix_b().await;
    let tablet = site.browser();
    with_password(&site, &tablet, MAP_COORDINATOR).await;
    let stranger = from("192.0.2.7");
    for n in 0..50 {
        let email = format!("guess-{n}@example.org");
        assert!(session::sign_in(&site.cx, &email, "a guess", &stranger).await.unwrap().is_none());
    }
    let owner = Client { known: tablet.cookie("known-browser"), ..stranger.clone() };
    waits(session::sign_in(&site.cx, EDUCATION_LEAD, PASSWORD, &stranger).await);
    assert!(session::sign_in(&site.cx, MAP_COORDINATOR, PASSWORD, &owner).await.unwrap().is_some());
}

#[tokio::test]
async fn showing_that_it_is_you_is_counted_like_signing_in() {
    let site = Site::appendix_b().await;
    with_password(&site, &site.browser(), MAP_COORDINATOR).await;
    let (cx, person, client) = (&site.cx, site.person(MAP_COORDINATOR).await, Client::default());
    assert!(session::is_password_of(cx, person, PASSWORD, &client).await.unwrap());
    for _ in 0..5 {
        assert!(!session::is_password_of(cx, person, "a guess", &client).await.unwrap());
    }
    waits(session::is_password_of(cx, person, PASSWORD, &client).await);
    waits(session::sign_in(cx, MAP_COORDINATOR, PASSWORD, &client).await);
}

#[tokio::test]
async fn codes_are_counted_for_a_person_over_all_sessions_and_apart_for_their_own_browser() {
    each_database(async |site| {
        let tablet = site.browser();
        with_password(&site, &tablet, MANAGER).await;
        let (cx, person) = (&site.cx, site.person(MANAGER).await);
        let thief = Client::default();
        for _ in 0..5 {
            throttle::code(cx, person, &thief).await.unwrap().was_wrong(Some(person));
        }
        assert_eq!(waits(throttle::code(cx, person, &thief).await), 30);
        later(&site, 30);
        throttle::code(cx, person, &thief).await.unwrap().was_wrong(Some(person));
        assert_eq!(waits(throttle::code(cx, person, &thief).await), 60);
        let owner = Client { known: tablet.cookie("known-browser"), ..thief.clone() };
        throttle::code(cx, person, &owner).await.unwrap().was_right(cx).await.unwrap();
        assert_eq!(waits(throttle::code(cx, person, &thief).await), 60, "the owner’s code frees no thief");
        let somebody = site.person(EDUCATION_LEAD).await;
        throttle::code(cx, somebody, &thief).await.unwrap().was_right(cx).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn whoever_knows_a_password_waits_for_codes_in_every_session_and_keeps_nobody_out() {
    each_database(async |site| {
        let site = site.real();
        site.set_password(MAP_COORDINATOR).await;
        let app = App::set_up(&site, &site.come_in(MAP_COORDINATOR, Way::Password).await).await;
        site.wait(30);
        // The owner has signed in wholly in one browser; with the password alone it is not known.
        let tablet = site.browser();
        sign_in(&tablet, MAP_COORDINATOR, PASSWORD).await;
        assert_eq!(tablet.cookie("known-browser"), None);
        enter_code(&tablet, &site.code(&app.secret)).await;
        assert!(tablet.cookie("known-browser").is_some());
        sign_out(&tablet).await;

        site.wait(30);
        for tried in 0..5 {
            // Each in a session of its own.
            let thief = site.browser();
            assert_eq!(sign_in(&thief, MAP_COORDINATOR, PASSWORD).await.status, 303);
            assert_eq!(enter_code(&thief, "000000").await.status, 422, "{tried}");
        }
        let thief = site.browser();
        sign_in(&thief, MAP_COORDINATOR, PASSWORD).await;
        let page = enter_code(&thief, &site.code(&app.secret)).await;
        assert_eq!((page.status, page.header("retry-after")), (429, Some("30")));
        let said = page.errors().concat();
        assert!(said.starts_with("Too many wrong codes. Wait 30 seconds and try again"), "{said}");

        sign_in(&tablet, MAP_COORDINATOR, PASSWORD).await;
        assert_eq!(enter_code(&tablet, &site.code(&app.secret)).await.status, 303);
        // Without a known browser, a recovery code does not wait.
        let other = site.browser();
        sign_in(&other, MAP_COORDINATOR, PASSWORD).await;
        assert_eq!(enter_code(&other, &app.recovery_codes[0]).await.status, 303);
        assert!(other.cookie("known-browser").is_some());
    })
    .await;
}

#[tokio::test]
async fn links_by_mail_go_out_five_times_and_then_every_five_minutes() {
    each_database(async |site| {
        let tablet = site.browser();
        with_password(&site, &tablet, MAP_COORDINATOR).await;
        let (cx, person) = (&site.cx, site.person(MAP_COORDINATOR).await);
        let stranger = Client::default();
        let owner = Client { known: tablet.cookie("known-browser"), ..stranger.clone() };
        let asks = async |client: &Client| {
            throttle::mail(cx, MAP_COORDINATOR, Some(person), Purpose::SignIn, client).await.unwrap()
        };
        let nobody = async || throttle::mail(cx, UNKNOWN, None, Purpose::SignIn, &stranger).await.unwrap();
        for _ in 0..5 {
            assert!(asks(&stranger).await && nobody().await);
        }
        assert!(!asks(&stranger).await && !nobody().await);
        // Another kind of link, and the owner’s own browser, are apart.
        assert!(
            throttle::mail(cx, MAP_COORDINATOR, Some(person), Purpose::Password, &stranger).await.unwrap()
        );
        assert!(asks(&owner).await);
        // However long a stranger goes on, a link that works is never older than this.
        for _ in 0..20 {
            later(&site, 299);
            assert!(!asks(&stranger).await);
            later(&site, 1);
            assert!(asks(&stranger).await);
            assert!(!asks(&stranger).await);
        }
        assert!(Purpose::SignIn.holds_for() > TimeDelta::minutes(5));
    })
    .await;
}

#[tokio::test]
async fn whoever_asks_for_links_for_everyone_is_told_to_wait() {
    let site = Site::appendix_b().await;
    let tablet = site.browser();
    with_password(&site, &tablet, MAP_COORDINATOR).await;
    let (cx, stranger) = (&site.cx, from("192.0.2.7"));
    for n in 0..50 {
        let email = format!("somebody-{n}@example.org");
        assert!(throttle::mail(cx, &email, None, Purpose::SignIn, &stranger).await.unwrap());
    }
    let person = Some(site.person(MAP_COORDINATOR).await);
    let known = throttle::mail(cx, MAP_COORDINATOR, person, Purpose::SignIn, &stranger).await;
    let unknown = throttle::mail(cx, UNKNOWN, None, Purpose::SignIn, &stranger).await;
    assert_eq!((waits(known), waits(unknown)), (30, 30));
    let owner = Client { known: tablet.cookie("known-browser"), ..stranger };
    assert!(throttle::mail(cx, MAP_COORDINATOR, person, Purpose::SignIn, &owner).await.unwrap());
}

#[tokio::test]
async fn the_known_browsers_cookie_is_out_of_reach_of_scripts_and_outlives_the_session() {
    let site = Site::appendix_b().await.real();
    let browser = site.browser();
    let form = browser.get(&one_time_link(&site, MAP_COORDINATOR).await).await;
    let form = form.form("Set the password and sign in");
    let page = form.set("password", PASSWORD).set("password_again", PASSWORD).send().await;
    let cookies: Vec<_> =
        page.headers.get_all(header::SET_COOKIE).iter().map(|c| c.to_str().unwrap().to_owned()).collect();
    let cookie = cookies.iter().find(|c| c.starts_with("known-browser=")).expect("the cookie");
    let (value, attributes) = cookie.split_once(';').unwrap();
    assert_eq!(value.len(), "known-browser=".len() + 64);
    assert_eq!(attributes, " Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
    sign_out(&browser).await;
    let token = browser.cookie("known-browser").unwrap();
    // It signs nobody in.
    let thief = site.browser();
    thief.set_cookie("session", &token);
    assert_eq!(thief.get(path::MY_ACTIONS).await.path, "/sign-in?next=%2Fmy-actions");
    // It stays the same for the next.
    with_password(&site, &browser, EDUCATION_LEAD).await;
    assert_eq!(browser.cookie("known-browser").unwrap(), token);
}

#[tokio::test]
async fn a_browsers_token_is_ours_or_it_is_another() {
    let site = Site::appendix_b().await;
    let browser = site.browser();
    // Somebody put it there, and knows it.
    browser.set_cookie("known-browser", &"a".repeat(64));
    with_password(&site, &browser, MAP_COORDINATOR).await;
    assert_ne!(browser.cookie("known-browser").unwrap(), "a".repeat(64));
}

#[tokio::test]
async fn one_press_in_the_demonstration_makes_no_browser_known() {
    let site = Site::appendix_b().await;
    let browser = site.browser();
    browser.get("/demonstration").await.form("Sign in as MAP Coordinator").send().await;
    assert_eq!(browser.cookie("known-browser"), None);
    let client = Client::default();
    let token =
        session::start(&site.cx, site.person(MANAGER).await, Way::Demonstration, &client).await.unwrap();
    assert_eq!(throttle::remember(&site.cx, &token, None).await.unwrap(), None);
}

#[tokio::test]
async fn a_hash_made_with_less_work_is_made_anew_when_its_owner_signs_in() {
    each_database(async |site| {
        with_password(&site, &site.browser(), MAP_COORDINATOR).await;
        let db = Database::connect(&site.url).await.unwrap();
        // “three random words” with 8 MiB and one pass, as an older version might have made it.
        db.execute_unprepared(&format!(
            "UPDATE person SET password_hash = '{OLD}' WHERE email = '{MAP_COORDINATOR}'"
        ))
        .await
        .unwrap();
        let hash = async || {
            let account =
                scrutiny_tracker::store::person::password_hash(&site.cx.store, MAP_COORDINATOR).await;
            account.unwrap().unwrap().1
        };
        assert_eq!(sign_in(&site.browser(), MAP_COORDINATOR, "a guess").await.status, 422);
        assert_eq!(hash().await, OLD);
        assert_eq!(sign_in(&site.browser(), MAP_COORDINATOR, PASSWORD).await.status, 303);
        assert!(hash().await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash().await);
        assert_eq!(sign_in(&site.browser(), MAP_COORDINATOR, PASSWORD).await.status, 303);
    })
    .await;
}

const OLD: &str =
    "$argon2id$v=19$m=8192,t=1,p=1$YmXJjjdAP3gF1P8LeqjMhQ$AKxuLMnee6RUN7fpN7tdNyVKeaH2F4rB+XHnMLv2cYk";

thread_local! {
    /// What the program writes into its log while this test listens.
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Writes where the thread’s own test listens: the tests of the others write nowhere.
struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.as_mut().map(|log| log.extend_from_slice(bytes)));
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn every_denial_is_written_down_without_names_addresses_or_what_was_typed() {
    let site = Site::appendix_b().await;
    with_password(&site, &site.browser(), MAP_COORDINATOR).await;
    // One for all tests: what other threads have looked at before is looked at anew only then.
    let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_ansi(false);
    tracing::subscriber::set_global_default(lines.with_writer(|| Log).finish()).unwrap();
    LOG.set(Some(Vec::new()));
    let person = site.person(MAP_COORDINATOR).await;
    let browser = site.browser();
    for _ in 0..6 {
        sign_in(&browser, MAP_COORDINATOR, "secret guess").await;
    }
    sign_in(&browser, UNKNOWN, "secret guess").await;
    let lead = site.sign_in_as(MAP_COORDINATOR).await;
    assert_eq!(lead.get("/people").await.status, 403);
    assert_eq!(lead.get("/actions/471100/updates/new").await.status, 404);
    let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
    let aiii = site.action("Aiii").await;
    assert_eq!(officer.get(&path::new_update(aiii)).await.status, 403);
    let written = String::from_utf8(LOG.take().unwrap()).unwrap();
    let lines: Vec<&str> = written.lines().collect();
    let count = |words: &[&str]| lines.iter().filter(|l| words.iter().all(|w| l.contains(w))).count();
    assert_eq!(count(&["not let in", "wrong", &format!("person={person}")]), 5, "{written}");
    assert_eq!(count(&["not let in", "wrong"]), 6, "{written}");
    assert_eq!(count(&["not let in", "waiting", "account "]), 1, "{written}");
    assert_eq!(count(&["denied", "People", "not allowed", &format!("person={person}")]), 1, "{written}");
    assert_eq!(count(&["denied", "NewUpdate", "not theirs"]), 1, "{written}");
    assert_eq!(count(&["denied", "NewUpdate", "not allowed"]), 1, "{written}");
    for word in ["example.org", "secret guess", "Coordinator", "MAP", "nobody-here"] {
        assert!(!written.contains(word), "{word}: {written}");
    }
}
