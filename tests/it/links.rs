//! Links by mail: asked for without telling who is here, used once by a press, void when they must be, and gone from the
//! outbox when they have been sent.

use std::time::Duration;

use axum::http::{Method, header};
use chrono::TimeDelta;
use scrutiny_tracker::{
    command::{
        link::{self, By},
        outbox, person, session,
        session::Client,
    },
    domain::{
        account::Purpose,
        message::{MessageKind, MessageState},
    },
    link::path,
    mail::{reading, transport::Session},
    store::{self, backup, outbox::Message},
    web::{self, App, Mode, WaysIn},
    worker::Worker,
};
use sea_orm::{ConnectionTrait, Database};
use tokio::sync::watch;

use crate::{
    outbox::smtp,
    smtp_server::{Act, SmtpServer, Stage},
    support::{
        ADMINISTRATOR, Browser, EDUCATION_LEAD, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page,
        SCRUTINY_OFFICER, Site, each_database,
    },
};

const PASSWORD: &str = "three random words";
const NOBODY: &str = "nobody-here@example.org";

/// Asks for a link at one of the two pages, as a browser does.
async fn ask(browser: &Browser, page: &str, email: &str) -> Page {
    browser.get(page).await.form("Send the link").set("email", email).send().await
}

/// Waits until what was asked for has been done: it comes after the answer.
async fn wait_for_mail(site: &Site, to: &str, number: usize) {
    for _ in 0..500 {
        if site.mailed(to).await.len() >= number {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no {number} mails to {to}");
}

fn later(site: &Site, by: TimeDelta) {
    site.cx.clock.move_machine_to(site.cx.clock.machine_now() + by);
}

async fn sign_in_link(site: &Site, email: &str) -> String {
    link::ask_to_sign_in(&site.cx, email, "", &Client::default()).await.unwrap();
    site.link_mailed(email, "/sign-in/link/").await
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get(path::HISTORY).await.path == path::HISTORY
}

fn is_void(page: &Page) -> bool {
    (page.status, &*page.h1()) == (404, "This link does not work any more")
}

/// Everything about an answer that somebody could compare.
fn comparable(page: &Page) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let mut headers: Vec<(String, String)> = page
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id")
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (page.status, headers, page.bytes.clone())
}

#[tokio::test]
async fn a_lead_signs_in_by_a_link_in_another_browser_than_the_one_that_asked() {
    each_database(async |site| {
        let page = site.browser().get(path::SIGN_IN).await.click("Get a link to sign in by email").await;
        let form = page.form("Send the link").set("email", &MAP_COORDINATOR.to_uppercase());
        let page = form.submit().await;
        assert!(page.main().contains("It works once, for 10 minutes"), "{}", page.main());
        wait_for_mail(&site, MAP_COORDINATOR, 1).await;
        let link = site.link_mailed(MAP_COORDINATOR, "/sign-in/link/").await;
        let tablet = site.browser();
        let page = tablet.get(&link).await;
        assert_eq!(page.h1(), "MAP Coordinator Sign in");
        assert_eq!(page.form("Sign in").submit().await.path, "/my-actions");
        assert!(is_signed_in(&tablet).await);
    })
    .await;
}

#[tokio::test]
async fn opening_a_link_does_nothing_and_a_press_works_once() {
    each_database(async |site| {
        let link = sign_in_link(&site, MAP_COORDINATOR).await;
        let scanner = site.browser();
        for _ in 0..3 {
            assert_eq!(scanner.get(&link).await.status, 200);
        }
        assert!(!is_signed_in(&scanner).await);
        let form = site.browser().get(&link).await.form("Sign in");
        assert_eq!(form.clone().send().await.status, 303);
        assert!(is_void(&form.send().await));
        assert!(is_void(&site.browser().get(&link).await));
    })
    .await;
}

#[tokio::test]
async fn two_presses_at_the_same_moment_sign_in_once() {
    each_database(async |site| {
        let token = sign_in_link(&site, MAP_COORDINATOR).await.replace("/sign-in/link/", "");
        let client = Client::default();
        let press = || link::sign_in(&site.cx, &token, Purpose::SignIn, &client);
        let (a, b, c) = tokio::join!(press(), press(), press());
        assert_eq!([a, b, c].iter().filter(|r| r.is_ok()).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn links_hold_as_long_as_their_mail_says() {
    let site = Site::appendix_b().await;
    let administrator = site.actor(ADMINISTRATOR).await;
    let me = site.person(MAP_COORDINATOR).await;
    link::invite(&site.cx, &administrator, me, By::Mail).await.unwrap();
    link::ask_to_sign_in(&site.cx, MAP_COORDINATOR, "", &Client::default()).await.unwrap();
    link::ask_for_password(&site.cx, MAP_COORDINATOR, &Client::default()).await.unwrap();
    let themselves = site.actor(MAP_COORDINATOR).await;
    site.ask_for_address(themselves.person.unwrap(), "map@example.org").await;
    let made = site.cx.clock.machine_now();
    for (to, begins, minutes) in [
        (MAP_COORDINATOR, "/sign-in/link/", 10),
        (MAP_COORDINATOR, "/forgotten-password/", 60),
        (MAP_COORDINATOR, "/account/email/old/", 24 * 60),
        ("map@example.org", "/account/email/new/", 24 * 60),
        (MAP_COORDINATOR, "/welcome/", 7 * 24 * 60),
    ] {
        let link = site.link_mailed(to, begins).await;
        site.cx.clock.move_machine_to(made + TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
        assert_eq!(site.browser().get(&link).await.status, 200, "{begins}");
        site.cx.clock.move_machine_to(made + TimeDelta::minutes(minutes));
        assert!(is_void(&site.browser().get(&link).await), "{begins}");
        let none: [(&str, &str); 0] = [];
        assert!(is_void(&site.browser().post(&link, &none).await), "{begins}");
    }
}

#[tokio::test]
async fn a_link_is_good_for_its_own_purpose_only() {
    let site = Site::appendix_b().await;
    let token = sign_in_link(&site, MAP_COORDINATOR).await.replace("/sign-in/link/", "");
    for path in
        [path::welcome(&token), path::new_password(&token), path::old_email(&token), path::new_email(&token)]
    {
        assert!(is_void(&site.browser().get(&path).await), "{path}");
        let form = [("password", PASSWORD), ("password_again", PASSWORD)];
        assert!(is_void(&site.browser().post(&path, &form).await), "{path}");
    }
    assert_eq!(site.browser().get(&path::sign_in_by_link(&token)).await.status, 200);
}

#[tokio::test]
async fn where_somebody_wanted_to_go_comes_along_with_the_link() {
    let site = Site::appendix_b().await.real();
    let wanted = path::new_update(site.action("Ai").await);
    let page = site.browser().get(&wanted).await;
    assert_eq!(page.h1(), "Sign in");
    let page = page.click("Get a link to sign in by email").await;
    page.form("Send the link").set("email", MAP_COORDINATOR).submit().await;
    wait_for_mail(&site, MAP_COORDINATOR, 1).await;
    let link = site.link_mailed(MAP_COORDINATOR, "/sign-in/link/").await;
    let page = site.browser().get(&link).await.form("Sign in").submit().await;
    assert_eq!(page.path, wanted);

    let elsewhere = [("email", MAP_COORDINATOR), ("next", "//evil.example/x")];
    site.browser().post(path::SIGN_IN_LINK, &elsewhere).await;
    wait_for_mail(&site, MAP_COORDINATOR, 2).await;
    assert!(site.mailed(MAP_COORDINATOR).await.iter().all(|(_, plain)| !plain.contains("evil")));
}

#[tokio::test]
async fn a_link_alone_opens_no_account_that_changes_plans_or_people() {
    each_database(async |site| {
        for email in [MANAGER, ADMINISTRATOR, SCRUTINY_OFFICER] {
            for _ in 0..3 {
                link::ask_to_sign_in(&site.cx, email, "", &Client::default()).await.unwrap();
            }
            let mails = site.mailed(email).await;
            let [(subject, plain)] = &mails[..] else { panic!("one mail an hour: {mails:?}") };
            assert_eq!(subject, "How to sign in to Scrutiny Tracker");
            assert!(plain.contains("http://tracker.example.org/forgotten-password\n"), "{plain}");
            assert!(!plain.contains("/sign-in/link/"), "{plain}");
        }
        // Who has become a manager since they asked can't use it either.
        let link = sign_in_link(&site, MAP_COORDINATOR).await;
        let administrator = site.actor(ADMINISTRATOR).await;
        let account = store::person::by_email(&site.cx.store, MAP_COORDINATOR).await.unwrap().unwrap();
        let manager = store::person::by_email(&site.cx.store, MANAGER).await.unwrap().unwrap();
        let draft = person::PersonDraft {
            name: account.person.name,
            email: account.person.email,
            grants: manager.grants,
        };
        let form = site.browser().get(&link).await.form("Sign in");
        person::edit(&site.cx, &administrator, account.person.id, account.version, &draft).await.unwrap();
        assert!(is_void(&site.browser().get(&link).await));
        assert!(is_void(&form.send().await));
    })
    .await;
}

#[tokio::test]
async fn nobody_learns_who_is_here_from_words_or_status() {
    each_database(async |site| {
        let administrator = site.actor(ADMINISTRATOR).await;
        person::deactivate(&site.cx, &administrator, site.person(EDUCATION_LEAD).await).await.unwrap();
        for page in [path::SIGN_IN_LINK, path::FORGOTTEN_PASSWORD] {
            let mut answers = Vec::new();
            for email in [MAP_COORDINATOR, MANAGER, NOBODY, EDUCATION_LEAD] {
                let browser = site.browser();
                let pressed = ask(&browser, page, email).await;
                assert_eq!(pressed.status, 303);
                let read = browser.get(&pressed.location().unwrap()).await;
                answers.push((comparable(&pressed), comparable(&read)));
            }
            answers.dedup();
            assert_eq!(answers.len(), 1, "{page}");
        }
        wait_for_mail(&site, MAP_COORDINATOR, 2).await;
        wait_for_mail(&site, MANAGER, 2).await;
        assert_eq!(site.mailed(NOBODY).await, []);
        assert_eq!(site.mailed(EDUCATION_LEAD).await, []);
    })
    .await;
}

#[tokio::test]
async fn an_answer_does_not_wait_for_the_address_to_be_looked_up() {
    let site = Site::appendix_b().await;
    let (site, statements) = site.counting();
    let browser = site.browser();
    for email in [MAP_COORDINATOR, NOBODY] {
        let form = browser.get(path::SIGN_IN_LINK).await.form("Send the link").set("email", email);
        statements.take();
        // On this one thread nothing that was put off can have begun when the answer is here.
        assert_eq!(form.send().await.status, 303);
        assert_eq!(statements.take(), 0, "{email}");
    }
}

#[tokio::test]
async fn an_unknown_or_deactivated_address_gets_no_mail() {
    each_database(async |site| {
        let administrator = site.actor(ADMINISTRATOR).await;
        person::deactivate(&site.cx, &administrator, site.person(EDUCATION_LEAD).await).await.unwrap();
        for email in [NOBODY, EDUCATION_LEAD, "", "%"] {
            link::ask_to_sign_in(&site.cx, email, "", &Client::default()).await.unwrap();
            link::ask_for_password(&site.cx, email, &Client::default()).await.unwrap();
        }
        assert_eq!(
            store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 10).await.unwrap(),
            []
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_keeps_asking_for_somebody_else_locks_nobody_out() {
    each_database(async |site| {
        let first = sign_in_link(&site, MAP_COORDINATOR).await;
        for _ in 0..20 {
            link::ask_to_sign_in(&site.cx, MAP_COORDINATOR, "", &Client::default()).await.unwrap();
        }
        assert_eq!(site.mailed(MAP_COORDINATOR).await.len(), 5, "the mailbox is not flooded");
        assert_eq!(site.browser().get(&first).await.status, 200, "and the first still works");
        let last = site.link_mailed(MAP_COORDINATOR, "/sign-in/link/").await;
        assert_eq!(site.browser().get(&first).await.form("Sign in").send().await.status, 303);
        assert!(is_void(&site.browser().get(&last).await), "who has come in needs no other");
        later(&site, TimeDelta::minutes(5));
        link::ask_to_sign_in(&site.cx, MAP_COORDINATOR, "", &Client::default()).await.unwrap();
        assert_eq!(site.mailed(MAP_COORDINATOR).await.len(), 6, "and can ask again");
    })
    .await;
}

#[tokio::test]
async fn an_address_that_can_be_none_is_refused_whoever_it_is() {
    let site = Site::appendix_b().await;
    for page in [path::SIGN_IN_LINK, path::FORGOTTEN_PASSWORD] {
        for (typed, wrong) in [
            ("", "Enter your email address"),
            ("map coordinator", "Enter an email address in full, like name@example.org"),
            ("<script>alert(1)</script>@x", "Enter an email address in full, like name@example.org"),
        ] {
            let answer = ask(&site.browser(), page, typed).await;
            assert_eq!((answer.status, answer.errors()), (422, vec![wrong.to_owned()]), "{page}");
            assert_eq!(answer.form("Send the link").value("email"), typed);
        }
        let long = ask(&site.browser(), page, &format!("{}@b.uk", "a".repeat(20_000))).await;
        assert_eq!(long.status, 422);
    }
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_and_ends_the_sessions_before() {
    each_database(async |site| {
        let before = site.sign_in_as(MANAGER).await;
        ask(&site.browser(), path::FORGOTTEN_PASSWORD, MANAGER).await;
        wait_for_mail(&site, MANAGER, 1).await;
        link::ask_for_password(&site.cx, MANAGER, &Client::default()).await.unwrap();
        let other = site.link_mailed(MANAGER, "/forgotten-password/").await;
        let first = reading_link(&site, MANAGER, 1).await;
        assert_ne!(first, other);
        let browser = site.browser();
        let form = browser.get(&first).await.form("Set the password and sign in");
        let page = form.clone().set("password", "a").set("password_again", "b").send().await;
        assert_eq!((page.status, page.errors().len()), (422, 1));
        let page = form.clone().set("password", PASSWORD).set("password_again", PASSWORD).submit().await;
        assert!(page.text().contains("Your password is set"), "{}", page.text());
        assert!(is_signed_in(&browser).await && !is_signed_in(&before).await);
        assert!(is_void(&form.set("password", "x").set("password_again", "x").send().await));
        assert!(is_void(&site.browser().get(&other).await), "the others are void");
        let token = session::sign_in(&site.cx, MANAGER, PASSWORD, &Client::default()).await.unwrap();
        assert!(token.is_some());
    })
    .await;
}

/// The link of one of somebody's mails, counted from the newest.
async fn reading_link(site: &Site, to: &str, number: usize) -> String {
    let mails = site.mailed(to).await;
    let word = mails[number].1.split_whitespace().find(|w| w.contains("/forgotten-password/"));
    word.expect("a link").replace("http://tracker.example.org", "")
}

#[tokio::test]
async fn a_changed_password_is_told_to_whoever_had_one() {
    let site = Site::appendix_b().await;
    let set = async || {
        link::ask_for_password(&site.cx, PANEL_MEMBER, &Client::default()).await.unwrap();
        let link = site.link_mailed(PANEL_MEMBER, "/forgotten-password/").await;
        let form = site.browser().get(&link).await.form("Set the password and sign in");
        form.set("password", PASSWORD).set("password_again", PASSWORD).submit().await
    };
    set().await;
    assert!(site.mailed(PANEL_MEMBER).await[0].0.starts_with("Set a new password"), "there was none before");
    set().await;
    assert_eq!(site.mailed(PANEL_MEMBER).await[0].0, "Your password for Scrutiny Tracker was changed");
}

#[tokio::test]
async fn a_lead_goes_on_without_a_password_and_a_manager_does_not() {
    each_database(async |site| {
        let administrator = site.actor(ADMINISTRATOR).await;
        let invite = async |email: &str| {
            let id = site.person(email).await;
            path::welcome(&link::invite(&site.cx, &administrator, id, By::Mail).await.unwrap())
        };
        let lead = invite(MAP_COORDINATOR).await;
        assert!(site.mailed(MAP_COORDINATOR).await[0].1.contains("go on without one"));
        let browser = site.browser();
        let page = browser.get(&lead).await.form("Go on without a password").submit().await;
        assert_eq!(page.path, "/my-actions");
        assert!(is_void(&site.browser().get(&lead).await));
        let account = store::person::by_email(&site.cx.store, MAP_COORDINATOR).await.unwrap().unwrap();
        assert!(!account.has_password && account.last_signed_in_at.is_some());

        let manager = invite(MANAGER).await;
        assert!(!site.mailed(MANAGER).await[0].1.contains("without one"));
        let page = site.browser().get(&manager).await;
        assert!(!page.main().contains("without a password"), "{}", page.main());
        let forced = site.browser().post(&manager, &[("without_password", "yes")]).await;
        assert!(is_void(&forced));
        assert_eq!(site.browser().get(&manager).await.status, 200, "the invitation still holds");
    })
    .await;
}

#[tokio::test]
async fn deactivating_makes_every_link_void_and_stops_mail_that_waits() {
    each_database(async |site| {
        let administrator = site.actor(ADMINISTRATOR).await;
        let me = site.person(MAP_COORDINATOR).await;
        let welcome = path::welcome(&link::invite(&site.cx, &administrator, me, By::Mail).await.unwrap());
        let sign_in = sign_in_link(&site, MAP_COORDINATOR).await;
        link::ask_for_password(&site.cx, MAP_COORDINATOR, &Client::default()).await.unwrap();
        let password = site.link_mailed(MAP_COORDINATOR, "/forgotten-password/").await;
        person::deactivate(&site.cx, &administrator, me).await.unwrap();
        for link in [&welcome, &sign_in, &password] {
            assert!(is_void(&site.browser().get(link).await), "{link}");
        }
        let server = SmtpServer::start().await;
        make_reachable(&site).await;
        send_all(&site, &server).await;
        assert!(server.received().is_empty());
        for message in account_mails(&site).await {
            assert_eq!(message.state, MessageState::NotSent);
            assert_eq!(message.note.as_deref(), Some("not sent: this account is deactivated"));
            assert_eq!(message.mime, None);
        }
        // A link does not come back to life with the account.
        person::reactivate(&site.cx, &administrator, me).await.unwrap();
        assert!(is_void(&site.browser().get(&sign_in).await));
    })
    .await;
}

#[tokio::test]
async fn an_invitation_that_was_taken_back_can_not_be_had_again_by_asking_for_a_link() {
    each_database(async |site| {
        let administrator = site.actor(ADMINISTRATOR).await;
        let me = site.person(MAP_COORDINATOR).await;
        link::invite(&site.cx, &administrator, me, By::Mail).await.unwrap();
        link::revoke_invitation(&site.cx, &administrator, me).await.unwrap();
        let before = site.mailed(MAP_COORDINATOR).await.len();
        link::ask_to_sign_in(&site.cx, MAP_COORDINATOR, "", &Client::default()).await.unwrap();
        link::ask_for_password(&site.cx, MAP_COORDINATOR, &Client::default()).await.unwrap();
        assert_eq!(site.mailed(MAP_COORDINATOR).await.len(), before);
        // Invited again, they are.
        link::invite(&site.cx, &administrator, me, By::Mail).await.unwrap();
        assert!(!is_void(&site.browser().get(&sign_in_link(&site, MAP_COORDINATOR).await).await));
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_makes_void_what_was_asked_for_before() {
    each_database(async |site| {
        let me = site.person(MAP_COORDINATOR).await;
        site.set_password(MAP_COORDINATOR).await;
        link::ask_for_password(&site.cx, MAP_COORDINATOR, &Client::default()).await.unwrap();
        let intruders = site.link_mailed(MAP_COORDINATOR, "/forgotten-password/").await;
        site.ask_for_address(me, "elsewhere@example.org").await;
        let address = site.link_mailed(MAP_COORDINATOR, "/account/email/old/").await;
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        let form = browser.get("/account/password").await.form("Save the password");
        form.set("password", "copper lantern meadow")
            .set("password_again", "copper lantern meadow")
            .submit()
            .await;
        for link in [&intruders, &address] {
            assert!(is_void(&site.browser().get(link).await), "{link}");
        }
    })
    .await;
}

#[tokio::test]
async fn somebody_who_keeps_asking_for_other_addresses_is_told_to_wait() {
    let site = Site::appendix_b().await;
    let me = site.person(MAP_COORDINATOR).await;
    for n in 0..5 {
        site.ask_for_address(me, &format!("stranger-{n}@example.org")).await;
    }
    let browser = site.sign_in_as(MAP_COORDINATOR).await;
    let form = browser.get("/account/email").await.form("Send both links");
    let page = form.set("email", "stranger-6@example.org").send().await;
    assert_eq!(
        page.errors(),
        ["You have asked for several changes just now: wait five minutes, and ask again"]
    );
}

/// Queued mail to the seed's people, who have example addresses, can only go astray: give it addresses that can be mailed.
async fn make_reachable(site: &Site) {
    let db = Database::connect(&site.url).await.unwrap();
    let sql = "UPDATE outbox SET to_address = 'somebody@tracker.internal' WHERE state = 'queued'";
    db.execute_unprepared(sql).await.unwrap();
    // Reminders go where the person is.
    let sql = "UPDATE person SET email = 'p' || id || '@tracker.internal' WHERE id IN \
               (SELECT person_id FROM outbox WHERE state = 'queued' AND kind = 'reminder')";
    db.execute_unprepared(sql).await.unwrap();
}

pub(crate) async fn send_all(site: &Site, server: &SmtpServer) {
    let (transport, mut session) = (smtp(server), Session::default());
    let kinds = MessageKind::ALL;
    while outbox::send_next(&site.cx, &transport, &mut session, kinds).await.unwrap() == outbox::Step::Done {}
}

async fn account_mails(site: &Site) -> Vec<Message> {
    let all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 50).await.unwrap();
    all.into_iter().filter(|m| m.kind == MessageKind::Account).collect()
}

#[tokio::test]
async fn no_token_is_left_in_the_outbox_once_a_mail_is_done_with() {
    each_database(async |site| {
        let server = SmtpServer::start().await;
        let token = sign_in_link(&site, MAP_COORDINATOR).await.replace("/sign-in/link/", "");
        make_reachable(&site).await;
        send_all(&site, &server).await;
        let [handed] = &account_mails(&site).await[..] else { panic!("one mail") };
        assert_eq!((handed.state, &handed.mime), (MessageState::Handed, &None));
        assert_eq!(handed.subject.as_deref(), Some("Your link to sign in to Scrutiny Tracker"));
        let letter = reading::read(&server.received()[0].bytes).unwrap();
        assert!(letter.plain.contains(&token), "the mail itself has it");

        // Refused for good.
        link::ask_for_password(&site.cx, MAP_COORDINATOR, &Client::default()).await.unwrap();
        make_reachable(&site).await;
        server.script([Act::reply(Stage::Rcpt, "550 5.1.1 no such person")]);
        send_all(&site, &server).await;
        let failed = &account_mails(&site).await[0];
        assert_eq!((failed.state, &failed.mime), (MessageState::Failed, &None));

        // To an example address: never sent.
        link::ask_for_password(&site.cx, PANEL_MEMBER, &Client::default()).await.unwrap();
        send_all(&site, &server).await;
        let kept = &account_mails(&site).await[0];
        assert_eq!((kept.state, &kept.mime), (MessageState::NotSent, &None));
        assert_eq!(kept.note.as_deref(), Some("not sent: example address"));
    })
    .await;
}

#[tokio::test]
async fn an_account_mail_that_is_refused_for_now_goes_again_with_the_same_bytes() {
    let site = Site::appendix_b().await;
    let server = SmtpServer::start().await;
    link::ask_for_password(&site.cx, MAP_COORDINATOR, &Client::default()).await.unwrap();
    make_reachable(&site).await;
    let before = account_mails(&site).await[0].mime.clone().unwrap();
    server.script([Act::reply(Stage::Rcpt, "451 4.2.0 later")]);
    send_all(&site, &server).await;
    assert_eq!(account_mails(&site).await[0].mime.as_ref(), Some(&before));
    later(&site, TimeDelta::minutes(1));
    send_all(&site, &server).await;
    let received = String::from_utf8(server.received()[0].bytes.clone()).unwrap();
    assert_eq!(received.trim_end(), before.trim_end());
}

#[tokio::test]
async fn a_link_that_has_expired_used_or_was_made_void_is_not_sent_any_more() {
    each_database(async |site| {
        let server = SmtpServer::start().await;
        let administrator = site.actor(ADMINISTRATOR).await;
        let me = site.person(MAP_COORDINATOR).await;
        link::invite(&site.cx, &administrator, me, By::Mail).await.unwrap();
        link::ask_to_sign_in(&site.cx, MAP_COORDINATOR, "", &Client::default()).await.unwrap();
        link::revoke_invitation(&site.cx, &administrator, me).await.unwrap();
        later(&site, TimeDelta::minutes(10));
        make_reachable(&site).await;
        send_all(&site, &server).await;
        assert!(server.received().is_empty());
        let mails = account_mails(&site).await;
        assert_eq!(mails.len(), 2);
        for message in mails {
            assert_eq!((message.state, &message.mime), (MessageState::NotSent, &None));
            assert_eq!(
                message.note.as_deref(),
                Some("not sent: its link has expired, was used, or was made void")
            );
        }
    })
    .await;
}

#[tokio::test]
async fn account_mail_goes_out_at_night_and_before_reminders() {
    let site = Site::appendix_b().await;
    let server = SmtpServer::start().await;
    scrutiny_tracker::command::reminder::queue_today(&site.cx).await.unwrap();
    link::ask_for_password(&site.cx, MAP_COORDINATOR, &Client::default()).await.unwrap();
    make_reachable(&site).await;
    let night = site.today().and_hms_opt(23, 30, 0).unwrap();
    site.cx.clock.move_office_to(night);
    let mut worker = Worker::new(site.cx.clone(), smtp(&server), Duration::ZERO, watch::channel(false).1);
    worker.tick().await.unwrap();
    let subjects = |server: &SmtpServer| {
        let read = |bytes: &[u8]| reading::read(bytes).unwrap().header("Subject").unwrap().to_owned();
        server.received().iter().map(|r| read(&r.bytes)).collect::<Vec<_>>()
    };
    assert_eq!(subjects(&server), ["Set a new password for Scrutiny Tracker"]);

    link::ask_for_password(&site.cx, PANEL_MEMBER, &Client::default()).await.unwrap();
    make_reachable(&site).await;
    site.cx.clock.move_office_to(site.today().and_hms_opt(9, 0, 0).unwrap());
    worker.tick().await.unwrap();
    let sent = subjects(&server);
    assert!(sent.len() > 2 && sent[1].starts_with("Set a new password"), "{sent:?}");
    // It is no digest: it neither counts as one nor keeps one back.
    let digests = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 50).await.unwrap();
    assert_eq!(digests.iter().filter(|m| m.kind == MessageKind::Reminder).count(), 2);
}

// Real time passes here: the worker rests between its rounds.
#[tokio::test]
async fn a_queued_account_mail_wakes_the_worker_of_its_process_at_once() {
    let site = Site::appendix_b().await;
    let server = SmtpServer::start().await;
    let (tell, stop) = watch::channel(false);
    let worker = Worker::new(site.cx.clone(), smtp(&server), Duration::ZERO, stop);
    let working = tokio::spawn(worker.run());
    // Its first round is over, and it rests for half a minute.
    tokio::time::sleep(Duration::from_millis(300)).await;
    link::ask_for_password(&site.cx, MAP_COORDINATOR, &Client::default()).await.unwrap();
    let mut state = MessageState::Queued;
    for _ in 0..150 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        state = account_mails(&site).await[0].state;
        if state == MessageState::NotSent {
            break;
        }
    }
    // An example address is never mailed, and that it was dealt with is enough here.
    assert_eq!(state, MessageState::NotSent);
    tell.send(true).unwrap();
    working.await.unwrap();
}

#[tokio::test]
async fn the_demonstration_still_shows_the_mail_with_its_link() {
    let site = Site::appendix_b().await;
    let link = sign_in_link(&site, MAP_COORDINATOR).await;
    scrutiny_tracker::demonstration::worker(&site.cx).tick().await.unwrap();
    let browser = site.browser();
    let page = browser.get("/demonstration/mail").await;
    let page = page.click("Your link to sign in to Scrutiny Tracker").await;
    assert!(page.main().contains("Kept: no email leaves this machine"), "{}", page.main());
    assert_eq!(page.link(&site.cx.links.full(&link)), link);
}

#[tokio::test]
async fn no_token_and_no_account_mail_is_in_a_backup() {
    each_database(async |site| {
        let token = sign_in_link(&site, MAP_COORDINATOR).await.replace("/sign-in/link/", "");
        let mut file = Vec::new();
        backup::write(&site.cx.store, &mut file).await.unwrap();
        let file = String::from_utf8(file).unwrap();
        assert!(file.contains("Your link to sign in"), "the log is");
        assert!(!file.contains(&token[..20]) && !file.contains("one_time_link"));
        assert!(!file.contains("Content-Type: multipart/alternative"), "no bytes of it are");
    })
    .await;
}

#[tokio::test]
async fn an_address_changes_when_both_ends_have_said_yes() {
    each_database(async |site| {
        let new = "new-address@example.org";
        let themselves = site.actor(MAP_COORDINATOR).await;
        for first in ["/account/email/old/", "/account/email/new/"] {
            site.ask_for_address(themselves.person.unwrap(), new).await;
            let from =
                store::person::by_id(&site.cx.store, themselves.person.unwrap()).await.unwrap().unwrap();
            let from = from.person.email;
            let old_end = site.link_mailed(&from, "/account/email/old/").await;
            let new_end = site.link_mailed(new, "/account/email/new/").await;
            let (one, two) = if first.contains("old") { (&old_end, &new_end) } else { (&new_end, &old_end) };
            let page = say_yes(&site, one).await;
            assert_eq!(page.h1(), "One of two: thank you");
            assert_eq!(site.person(MAP_COORDINATOR).await, themselves.person.unwrap(), "nothing has changed");
            let page = say_yes(&site, two).await;
            assert_eq!(page.h1(), "The email address is changed");
            assert_eq!(site.person(new).await, themselves.person.unwrap());
            assert!(is_void(&site.browser().get(two).await));
            let (subject, plain) = &site.mailed(&from).await[0];
            assert_eq!(subject, "Your address in Scrutiny Tracker was changed");
            assert!(plain.contains(&format!("from {from} to {new}")), "{plain}");
            // Back, for the other order.
            let db = Database::connect(&site.url).await.unwrap();
            let sql = format!("UPDATE person SET email = '{MAP_COORDINATOR}' WHERE email = '{new}'");
            db.execute_unprepared(&sql).await.unwrap();
        }
    })
    .await;
}

async fn say_yes(site: &Site, link: &str) -> Page {
    let page = site.browser().get(link).await;
    let button = if link.contains("/old/") { "Yes, change it" } else { "Yes, this is my address" };
    page.form(button).submit().await
}

#[tokio::test]
async fn the_old_address_can_say_no() {
    each_database(async |site| {
        let themselves = site.actor(MAP_COORDINATOR).await;
        site.ask_for_address(themselves.person.unwrap(), "thief@example.org").await;
        let old_end = site.link_mailed(MAP_COORDINATOR, "/account/email/old/").await;
        let new_end = site.link_mailed("thief@example.org", "/account/email/new/").await;
        say_yes(&site, &new_end).await;
        let page = site.browser().get(&old_end).await.form("No, leave it as it is").submit().await;
        assert_eq!(page.h1(), "The email address stays as it is");
        assert_eq!(page.link("set a new password"), path::FORGOTTEN_PASSWORD);
        assert!(is_void(&site.browser().get(&old_end).await));
        assert_eq!(site.person(MAP_COORDINATOR).await, themselves.person.unwrap());
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_taken_is_told_to_its_owner_alone() {
    each_database(async |site| {
        let themselves = site.actor(MAP_COORDINATOR).await;
        for taken in [PANEL_MEMBER, "nobody-yet@example.org"] {
            site.ask_for_address(themselves.person.unwrap(), taken).await;
        }
        let asked = site.mailed(MAP_COORDINATOR).await;
        let without_link = |plain: &str| plain.split_once("Say yes or no: ").unwrap().0.to_owned();
        assert_eq!(
            without_link(&asked[0].1),
            without_link(&asked[1].1).replace(PANEL_MEMBER, "nobody-yet@example.org")
        );
        let mails = site.mailed(PANEL_MEMBER).await;
        let [(subject, plain)] = &mails[..] else { panic!("{mails:?}") };
        assert_eq!(subject, "About your address in Scrutiny Tracker");
        assert!(plain.contains("stays so: nothing was changed"), "{plain}");

        // The old end’s yes alone moves nothing.
        site.ask_for_address(themselves.person.unwrap(), PANEL_MEMBER).await;
        let old_end = site.link_mailed(MAP_COORDINATOR, "/account/email/old/").await;
        say_yes(&site, &old_end).await;
        assert_eq!(site.person(MAP_COORDINATOR).await, themselves.person.unwrap());
        assert_eq!(site.mailed(PANEL_MEMBER).await.len(), 1, "once a day");
    })
    .await;
}

#[tokio::test]
async fn a_change_asked_for_again_makes_the_one_before_void() {
    let site = Site::appendix_b().await;
    let themselves = site.actor(MAP_COORDINATOR).await;
    site.ask_for_address(themselves.person.unwrap(), "first@example.org").await;
    let (old_end, new_end) = (
        site.link_mailed(MAP_COORDINATOR, "/account/email/old/").await,
        site.link_mailed("first@example.org", "/account/email/new/").await,
    );
    site.ask_for_address(themselves.person.unwrap(), "second@example.org").await;
    assert!(is_void(&site.browser().get(&old_end).await) && is_void(&site.browser().get(&new_end).await));
}

#[tokio::test]
async fn no_page_with_a_token_is_kept_or_told_to_others() {
    let site = Site::appendix_b().await;
    let link = sign_in_link(&site, MAP_COORDINATOR).await;
    let page = site.browser().send(Method::GET, &link, &[]).await;
    assert_eq!(page.header(header::CACHE_CONTROL.as_str()), Some("no-store"));
    assert_eq!(page.header(header::REFERRER_POLICY.as_str()), Some("same-origin"));
}

#[tokio::test]
async fn what_is_done_to_an_account_stands_in_the_history_without_a_token() {
    each_database(async |site| {
        let administrator = site.actor(ADMINISTRATOR).await;
        let me = site.person(MAP_COORDINATOR).await;
        let token = link::invite(&site.cx, &administrator, me, By::Mail).await.unwrap();
        link::revoke_invitation(&site.cx, &administrator, me).await.unwrap();
        person::sign_out_everywhere(&site.cx, &administrator, me).await.unwrap();
        person::deactivate(&site.cx, &administrator, me).await.unwrap();
        person::reactivate(&site.cx, &administrator, me).await.unwrap();
        let page = site.sign_in_as(ADMINISTRATOR).await.get("/history").await;
        for says in [
            "MAP Coordinator invited by email",
            "Invitation of MAP Coordinator revoked",
            "MAP Coordinator signed out everywhere",
            "MAP Coordinator deactivated",
            "MAP Coordinator left by its holder: without them from 7 December 2017",
            "MAP Coordinator active again",
        ] {
            assert!(page.main().contains(says), "{says}: {}", page.main());
        }
        assert!(!page.body().contains(&token));
    })
    .await;
}

#[tokio::test]
async fn changing_one_s_address_asks_first_whether_it_is_they() {
    each_database(async |site| {
        link::ask_for_password(&site.cx, MAP_COORDINATOR, &Client::default()).await.unwrap();
        let set = site.link_mailed(MAP_COORDINATOR, "/forgotten-password/").await;
        let browser = site.browser();
        let form = browser.get(&set).await.form("Set the password and sign in");
        form.set("password", PASSWORD).set("password_again", PASSWORD).submit().await;
        let form = browser.get(path::ACCOUNT_EMAIL).await.form("Send both links");
        later(&site, TimeDelta::hours(1));
        // Neither by opening the page nor by sending a form that was open.
        assert_eq!(browser.get(path::ACCOUNT_EMAIL).await.path.split('?').next(), Some("/account/confirm"));
        let page = form.set("email", "thief@example.org").send().await;
        assert_eq!((page.status, &*page.h1()), (403, "Confirm that it is you"));
        assert_eq!(site.mailed("thief@example.org").await, []);
        let page = page.form("Continue").set("password", PASSWORD).submit().await;
        let page = page.form("Go on").submit().await;
        assert_eq!(page.h1(), "Look at your email, at both addresses");
        assert_eq!(site.mailed("thief@example.org").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn where_only_the_directory_lets_people_in_no_link_does() {
    let site = Site::appendix_b().await;
    let sign_in = sign_in_link(&site, MAP_COORDINATOR).await;
    link::ask_for_password(&site.cx, MAP_COORDINATOR, &Client::default()).await.unwrap();
    let password = site.link_mailed(MAP_COORDINATOR, "/forgotten-password/").await;
    let ways_in = WaysIn { local: false, directory: None };
    let app = App::new(site.cx.clone(), Mode::Real { secure: false }).with_ways_in(ways_in);
    let browser = Browser::new(web::router(app));
    for path in [&sign_in, &password, path::SIGN_IN_LINK, path::FORGOTTEN_PASSWORD] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
        let none: [(&str, &str); 0] = [];
        assert_eq!(browser.post(path, &none).await.status, 404, "{path}");
    }
}
