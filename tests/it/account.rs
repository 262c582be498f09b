//! One's own account: where one is signed in, the password, and confirming that it is oneself.

use scrutiny_tracker::{domain::account::Way, link::path};

use crate::support::{
    Browser, MANAGER, MAP_COORDINATOR, Site,
    accounts::{App, PASSWORD},
    each_database,
};

async fn is_in(browser: &Browser) -> bool {
    browser.get(path::PLANS).await.path == path::PLANS
}

#[tokio::test]
async fn the_name_in_the_masthead_leads_to_ones_account() {
    let site = Site::appendix_b().await;
    let (site, counter) = site.counting();
    let browser = site.sign_in_as(MAP_COORDINATOR).await;
    let page = browser.get("/plans").await.click("MAP Coordinator: your account").await;
    assert_eq!(page.h1(), "Your account");
    let facts = page.select(".summary-list dd:not(.change)");
    assert_eq!(facts[..3], ["MAP Coordinator", MAP_COORDINATOR, "None"]);
    assert!(facts[3].starts_with("Not set up."), "{facts:?}");
    assert_eq!(page.rows("table").len(), 1);
    counter.take();
    browser.get("/account").await;
    assert!(counter.take() <= 4, "the session, the person, their codes and their sessions");
}

#[tokio::test]
async fn one_sees_where_one_is_signed_in_and_ends_what_one_does_not_know() {
    each_database(async |site| {
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        site.wait(3600);
        let strange = site.come_in(MAP_COORDINATOR, Way::Password).await;
        let elsewhere = site.sign_in_as(MANAGER).await;
        let page = browser.get("/account").await;
        let rows = page.rows("table");
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert_eq!(
            rows[0],
            [
                "Firefox on Linux",
                "7 December 2017 at 9:00am with a password",
                "7 December 2017 at 9:00am",
                "Sign it out: Firefox on Linux"
            ]
        );
        assert_eq!(
            rows[1][..3],
            [
                "A browser that does not say what it is",
                "7 December 2017 at 8:00am in the demonstration",
                "Now: this is where you are"
            ]
        );
        let page = page.form("Sign it out: Firefox on Linux").submit().await;
        assert!(page.main().contains("That browser is signed out"));
        assert_eq!(page.rows("table").len(), 1);
        assert!(!is_in(&strange).await);
        assert!(is_in(&browser).await && is_in(&elsewhere).await);
    })
    .await;
}

#[tokio::test]
async fn signing_out_everywhere_else_leaves_this_browser_alone_and_other_people_too() {
    each_database(async |site| {
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        assert!(!browser.get("/account").await.body().contains("Sign out everywhere else"));
        let others =
            [site.sign_in_as(MAP_COORDINATOR).await, site.come_in(MAP_COORDINATOR, Way::Password).await];
        let elsewhere = site.sign_in_as(MANAGER).await;
        let page = browser.get("/account").await.form("Sign out everywhere else").submit().await;
        assert!(page.main().contains("You are signed out in 2 other browsers"), "{}", page.main());
        for other in others {
            assert!(!is_in(&other).await);
        }
        assert!(is_in(&browser).await && is_in(&elsewhere).await);
    })
    .await;
}

#[tokio::test]
async fn nobody_ends_somebody_elses_session() {
    let site = Site::appendix_b().await;
    let (theirs, mine) = (site.sign_in_as(MANAGER).await, site.sign_in_as(MAP_COORDINATOR).await);
    let mut answers = Vec::new();
    for id in ["1", "2", "3", "999999", "-1", "x", ""] {
        let page = mine.post("/account/sessions/end", &[("session", id)]).await;
        assert_eq!((page.status, page.h1()), (200, "Your account".to_owned()), "{id}");
        answers.push(page.main().contains("That browser is signed out"));
    }
    assert!(is_in(&theirs).await && is_in(&mine).await);
    // Which of them are there can't be told from the answer; one's own is not ended by it.
    assert_eq!(answers, [true, false, true, true, true, false, false]);
}

#[tokio::test]
async fn a_session_that_ended_or_awaits_its_code_is_not_in_the_list() {
    let site = Site::appendix_b().await.real();
    site.set_password(MAP_COORDINATOR).await;
    let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
    App::set_up(&site, &browser).await;
    site.come_in(MAP_COORDINATOR, Way::Password).await;
    assert_eq!(browser.get("/account").await.rows("table").len(), 1);
}

#[tokio::test]
async fn changing_the_password_signs_out_everywhere_else() {
    each_database(async |site| {
        site.set_password(MAP_COORDINATOR).await;
        let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
        let other = site.come_in(MAP_COORDINATOR, Way::Password).await;
        let form = browser.get("/account/password").await.form("Save the password");
        for (password, again, wrong) in [
            ("", "", "Enter a new password"),
            ("four random words", "three random words", "The two passwords differ. Enter the same one twice"),
            ("short", "short", "Use at least 8 characters: three random words are easy to remember"),
        ] {
            let page = form.clone().set("password", password).set("password_again", again).send().await;
            assert_eq!((page.status, page.errors()), (422, vec![wrong.to_owned()]));
            assert!(!page.body().contains("four random"), "the password came back");
        }
        assert!(is_in(&other).await);
        let new = "four quite random words";
        let page = form.set("password", new).set("password_again", new).submit().await;
        assert_eq!(page.path, "/account");
        assert!(page.main().contains("Your password is set. You are signed out everywhere else"));
        assert!(is_in(&browser).await && !is_in(&other).await);
        for (password, status) in [(PASSWORD, 422), (new, 303)] {
            let form = site.browser().get("/sign-in").await.form("Sign in");
            let page = form.set("email", MAP_COORDINATOR).set("password", password).send().await;
            assert_eq!(page.status, status, "{password}");
        }
    })
    .await;
}

#[tokio::test]
async fn ten_minutes_after_signing_in_one_confirms_that_it_is_oneself_first() {
    each_database(async |site| {
        site.set_password(MAP_COORDINATOR).await;
        let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
        site.wait(10 * 60 - 1);
        assert_eq!(browser.get("/account/password").await.h1(), "Change your password");
        site.wait(1);
        for guarded in [
            "/account/password",
            "/account/second-factor",
            "/account/second-factor/end",
            "/account/recovery-codes",
        ] {
            assert_eq!(browser.get(guarded).await.h1(), "Confirm that it is you", "{guarded}");
        }
        let page = browser.get("/account/password").await;
        let page = page.form("Continue").set("password", "not the one<script>").send().await;
        assert_eq!(page.errors(), ["The password is not right. You can try 4 times more"]);
        assert!(!page.body().contains("not the one"), "the password came back");
        let before = browser.cookie("session").unwrap();
        let page = page.form("Continue").set("password", PASSWORD).submit().await;
        assert_eq!((&*page.path, &*page.h1()), ("/account/password", "Change your password"));

        // Whoever had the token before has nothing now.
        let thief = site.browser();
        thief.set_cookie("session", &before);
        assert!(!is_in(&thief).await);
        assert!(is_in(&browser).await);
        site.wait(10 * 60);
        assert_eq!(browser.get("/account/password").await.h1(), "Confirm that it is you");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_changed_by_a_form_whose_confirmation_has_run_out_and_what_was_typed_goes_on() {
    let site = Site::appendix_b().await;
    site.set_password(MAP_COORDINATOR).await;
    let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
    let form = browser.get("/account/password").await.form("Save the password");
    let set_up = browser.get("/account/second-factor?next=/rounds?a=%3Cb%3E").await.form("Switch it on");
    site.wait(10 * 60);
    let new = "four quite random words";
    let page = form.set("password", new).set("password_again", new).send().await;
    assert_eq!((page.status, &*page.h1()), (403, "Confirm that it is you"));
    assert!(!page.body().contains(new), "the password came back");
    let page = page.form("Continue").set("password", PASSWORD).submit().await;
    assert_eq!(page.path, "/account/password");
    assert!(is_in(&browser).await);

    site.wait(10 * 60);
    let page = set_up.set("code", "123456").send().await;
    assert!(!page.body().contains("123456"));
    let page = page.form("Continue").set("password", "").send().await;
    assert_eq!(page.errors(), ["Enter your password"]);
    let page = page.form("Continue").set("password", PASSWORD).send().await;
    assert_eq!((page.status, &*page.h1()), (200, "Thank you"));
    let page = page.form("Go on").submit().await;
    assert_eq!((page.status, page.errors()), (422, vec!["Enter the code that the app shows".to_owned()]));
    assert_eq!(page.form("Switch it on").value("next"), "/rounds?a=<b>");
}

#[tokio::test]
async fn five_wrong_passwords_end_the_session() {
    each_database(async |site| {
        site.set_password(MAP_COORDINATOR).await;
        let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
        site.wait(10 * 60);
        let form = browser.get("/account/password").await.form("Continue").set("password", "wrong");
        for _ in 0..4 {
            assert_eq!(form.send().await.status, 422);
        }
        let page = form.send().await;
        assert_eq!((page.status, &*page.h1()), (403, "You have been signed out"));
        assert_eq!(page.count(".signed-in"), 0);
        assert!(!is_in(&browser).await);
    })
    .await;
}

#[tokio::test]
async fn somebody_without_a_password_confirms_with_a_code_once_and_can_then_set_one() {
    let site = Site::appendix_b().await.real();
    let browser = site.come_in(MAP_COORDINATOR, Way::EmailLink).await;
    let app = App::set_up(&site, &browser).await;
    site.wait(10 * 60);
    let code = site.code(&app.secret);
    let page = browser.get("/account/password").await.form("Continue").set("code", &code).submit().await;
    assert_eq!(page.h1(), "Set a password");
    let page = page.form("Save the password").set("password", PASSWORD).set("password_again", PASSWORD);
    assert_eq!(page.submit().await.select(".summary-list dd:not(.change)")[2], "Set");

    let other = site.come_in(MANAGER, Way::EmailLink).await;
    let app = App::set_up(&site, &other).await;
    site.wait(10 * 60);
    let code = site.code(&app.secret);
    assert_eq!(
        other.get("/account/password").await.form("Continue").set("code", &code).send().await.status,
        303
    );
    site.wait(20);
    let waiting = site.come_in(MANAGER, Way::EmailLink).await;
    let page = waiting.get("/sign-in/code").await.form("Sign in").set("code", &code).send().await;
    assert_eq!(page.status, 422, "it was taken by the confirmation");
}

#[tokio::test]
async fn somebody_with_neither_signs_in_again_and_comes_back() {
    let site = Site::appendix_b().await.real();
    let browser = site.come_in(MAP_COORDINATOR, Way::EmailLink).await;
    site.wait(10 * 60);
    let page = browser.get("/account/password").await;
    assert!(!page.main().contains("Continue"));
    let page = page.form("Sign out and sign in again").submit().await;
    assert_eq!((&*page.path, &*page.h1()), ("/sign-in?next=%2Faccount%2Fpassword", "Sign in"));
    assert!(!is_in(&browser).await);
}

#[tokio::test]
async fn a_confirmation_leads_on_inside_this_site_only() {
    let site = Site::appendix_b().await;
    site.set_password(MAP_COORDINATOR).await;
    for elsewhere in ["//evil.example/x", "https://evil.example/", "/\\evil.example", ""] {
        let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
        let page = browser.get(&path::confirm_account(elsewhere)).await;
        assert_eq!(page.path, "/account", "confirmed already");
        site.wait(10 * 60);
        let form = browser.get(&path::confirm_account(elsewhere)).await.form("Continue");
        let page = form.set("password", PASSWORD).send().await;
        assert_eq!(page.location().as_deref(), Some("/account"), "{elsewhere:?}");
    }
}
