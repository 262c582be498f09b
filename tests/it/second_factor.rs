//! The second factor: setting it up, signing in with it, recovery codes, who needs one, and an administrator's reset.

use std::collections::BTreeSet;

use axum::http::Method;
use scrutiny_tracker::{
    cli::Cli,
    command::{
        CommandError,
        second_factor::{self, Entry},
        session::{self, Client},
    },
    domain::account::Way,
    link::path,
    store::{
        audit::{self, Of},
        backup, person,
    },
    web::route::{Access, Route},
};
use strum::IntoEnumIterator;

use crate::support::{
    ADMINISTRATOR, APPENDIX_B, Browser, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site,
    accounts::{App, PASSWORD, enter_code},
    each_database,
};

/// A real installation's site, where somebody is in with a password and a second factor.
async fn with_app(site: &Site, email: &str) -> (Site, Browser, App) {
    let site = site.clone().real();
    site.set_password(email).await;
    let browser = site.come_in(email, Way::Password).await;
    let app = App::set_up(&site, &browser).await;
    // Its code is taken by now; the next one is not.
    site.wait(30);
    (site, browser, app)
}

async fn is_in(browser: &Browser) -> bool {
    browser.get(path::PLANS).await.path == path::PLANS
}

async fn events(site: &Site) -> Vec<String> {
    let events = audit::list(&site.cx.store, Of::All, 0, 5).await.unwrap();
    events.into_iter().map(|e| e.summary().unwrap_or_default().to_owned()).collect()
}

/// The text of the QR code that a page draws: its path is put on paper and read as a phone would.
fn scanned(page: &Page) -> String {
    let size: usize =
        page.attributes("svg.qr", "viewBox").concat().rsplit(' ').next().unwrap().parse().unwrap();
    let mut dark = BTreeSet::new();
    for run in page.attributes("svg.qr path", "d").concat().split('M').skip(1) {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let long = rest.split('v').next().unwrap();
        let [x, y, long] = [x, y, long].map(|n| n.parse::<usize>().unwrap());
        dark.extend((x..x + long).map(|x| (x, y)));
    }
    const SCALE: usize = 4;
    let mut paper = rqrr::PreparedImage::prepare_from_bitmap(size * SCALE, size * SCALE, |x, y| {
        dark.contains(&(x / SCALE, y / SCALE))
    });
    let found = paper.detect_grids();
    assert_eq!(found.len(), 1, "one code is found");
    found[0].decode().expect("it can be read").1
}

#[tokio::test]
async fn a_second_factor_is_set_up_with_an_app_and_asked_for_from_then_on() {
    each_database(async |site| {
        let site = site.real();
        site.set_password(MAP_COORDINATOR).await;
        let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
        let page = browser.get("/account").await.click("Set up a second factor").await;
        let secret = App::secret_on(&page);
        let page = page.form("Switch it on").set("code", "000000").send().await;
        assert_eq!(page.status, 422);
        assert!(
            page.errors()[0].starts_with("This is not the code that the app shows now"),
            "{:?}",
            page.errors()
        );
        assert_eq!(App::secret_on(&page), secret);
        let page = page.form("Switch it on").set("code", &site.code(&secret)).send().await;
        assert_eq!((page.status, &*page.h1()), (200, "Your second factor is on"));
        assert_eq!(App::codes_on(&page).len(), 10);
        let page = page.click("I have kept them: go on").await;
        assert!(page.main().contains("On since 7 December 2017. 10 recovery codes left."), "{}", page.main());
        assert_eq!(events(&site).await[0], "MAP Coordinator set up a second factor");
        assert_eq!(
            site.mailed(MAP_COORDINATOR).await[0].0,
            "A second factor was set up for Scrutiny Tracker"
        );

        site.wait(30);
        let plan = format!("/plans/{APPENDIX_B}?show=overdue");
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", &plan).finish();
        let other = site.browser();
        let form = other.get(&format!("/sign-in?{query}")).await.form("Sign in");
        let page = form.set("email", MAP_COORDINATOR).set("password", PASSWORD).submit().await;
        assert_eq!((page.status, &*page.h1()), (200, "Enter your code"));
        let page = page.form("Sign in").set("code", &site.code(&secret)).submit().await;
        assert_eq!((page.status, page.path), (200, plan));
    })
    .await;
}

#[tokio::test]
async fn the_qr_code_says_to_the_app_what_the_page_says_to_the_reader() {
    let site = Site::appendix_b().await.real();
    site.set_password(MAP_COORDINATOR).await;
    let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
    let page = browser.get("/account/second-factor").await;
    assert_eq!(
        scanned(&page),
        format!(
            "otpauth://totp/Scrutiny%20Tracker%20%28Middlesbrough%20Council%29:map-coordinator%40example.org?secret={}&issuer=Scrutiny%20Tracker%20%28Middlesbrough%20Council%29",
            App::secret_on(&page)
        )
    );
    assert_eq!(page.attributes("svg.qr", "role"), ["img"]);
    assert!(page.select("svg.qr title").concat().contains("The same as text stands below it"));
}

#[tokio::test]
async fn the_secret_in_set_up_stays_and_leaves_the_one_that_holds_until_a_code_has_shown_it_works() {
    let (site, browser, app) = with_app(&Site::appendix_b().await, MAP_COORDINATOR).await;
    let page = browser.get("/account/second-factor").await;
    assert_eq!(page.h1(), "Move your second factor");
    let new = App::secret_on(&page);
    assert_ne!(new, app.secret);
    assert_eq!(App::secret_on(&browser.get("/account/second-factor").await), new, "after a reload");
    // Another browser shows another one: whoever looked over a shoulder there has nothing.
    let other = site.come_in(MAP_COORDINATOR, Way::SingleSignOn).await;
    assert_ne!(App::secret_on(&other.get("/account/second-factor").await), new);

    let waiting = site.come_in(MAP_COORDINATOR, Way::Password).await;
    assert_eq!(enter_code(&waiting, &site.code(&new)).await.status, 422);
    assert_eq!(enter_code(&waiting, &site.code(&app.secret)).await.status, 303);

    site.wait(30);
    let page = page.form("Switch it on").set("code", &site.code(&new)).send().await;
    assert_eq!(page.h1(), "Your second factor is on");
    site.wait(30);
    let waiting = site.come_in(MAP_COORDINATOR, Way::Password).await;
    assert_eq!(enter_code(&waiting, &site.code(&app.secret)).await.status, 422);
    assert_eq!(enter_code(&waiting, &app.recovery_codes[0]).await.status, 422);
    assert_eq!(enter_code(&waiting, &site.code(&new)).await.status, 303);
}

#[tokio::test]
async fn a_code_is_taken_once() {
    each_database(async |site| {
        let (site, _, app) = with_app(&site, MAP_COORDINATOR).await;
        let code = site.code(&app.secret);
        let (first, second) = (
            site.come_in(MAP_COORDINATOR, Way::Password).await,
            site.come_in(MAP_COORDINATOR, Way::Password).await,
        );
        assert_eq!(enter_code(&first, &code).await.status, 303);
        let page = enter_code(&second, &code).await;
        assert_eq!(
            page.errors(),
            ["This code is not right, or it was used already. You can try 4 times more"]
        );
        assert!(!is_in(&second).await);
        site.wait(30);
        assert_eq!(enter_code(&second, &code).await.status, 422, "a step later neither");
        assert_eq!(enter_code(&second, &site.code(&app.secret)).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn one_code_sent_twice_at_once_signs_in_once() {
    each_database(async |site| {
        let (site, _, app) = with_app(&site, MAP_COORDINATOR).await;
        let code = site.code(&app.secret);
        let mut waiting = Vec::new();
        for _ in 0..4 {
            let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
            let token = browser.cookie("session").unwrap();
            waiting.push(session::signed_in(&site.cx, &token).await.unwrap().unwrap());
        }
        let client = Client::default();
        let [a, b, c, d] =
            [0, 1, 2, 3].map(|i| second_factor::sign_in(&site.cx, &waiting[i], &code, &client));
        let (a, b, c, d) = tokio::join!(a, b, c, d);
        let entries = [a, b, c, d].map(Result::unwrap);
        let entered = entries.iter().filter(|e| matches!(e, Entry::In { .. })).count();
        assert_eq!(entered, 1, "{entries:?}");
    })
    .await;
}

#[tokio::test]
async fn after_five_wrong_codes_the_password_is_asked_for_again() {
    each_database(async |site| {
        let (site, _, app) = with_app(&site, MAP_COORDINATOR).await;
        let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
        for left in ["4 times", "3 times", "2 times", "1 time"] {
            let page = enter_code(&browser, "000000").await;
            assert_eq!(page.status, 422);
            assert!(page.errors()[0].ends_with(&format!("You can try {left} more")), "{:?}", page.errors());
        }
        let form = browser.get("/sign-in/code").await.form("Sign in");
        let page = form.clone().set("code", "2222-2222-2222").send().await;
        assert_eq!((page.status, &*page.h1()), (409, "Start signing in again"));
        assert_eq!(browser.cookie("session"), None);
        let page = form.set("code", &site.code(&app.secret)).send().await;
        assert_eq!(page.h1(), "Start signing in again");
        assert!(!is_in(&browser).await);
    })
    .await;
}

#[tokio::test]
async fn codes_that_are_tried_at_once_are_all_counted() {
    each_database(async |site| {
        let (site, _, app) = with_app(&site, MAP_COORDINATOR).await;
        let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
        let waiting =
            session::signed_in(&site.cx, &browser.cookie("session").unwrap()).await.unwrap().unwrap();
        let client = Client::default();
        let wrong = async || second_factor::sign_in(&site.cx, &waiting, "000000", &client).await;
        let (a, b, c, d) = tokio::join!(wrong(), wrong(), wrong(), wrong());
        let (e, f, g, h) = tokio::join!(wrong(), wrong(), wrong(), wrong());
        let entries = [a, b, c, d, e, f, g, h];
        let count = |is: fn(&Result<Entry, CommandError>) -> bool| entries.iter().filter(|e| is(e)).count();
        assert_eq!(count(|e| matches!(e, Ok(Entry::Wrong(_)))), 4, "{entries:?}");
        assert_eq!(count(|e| matches!(e, Ok(Entry::Ended))), 1, "{entries:?}");
        assert_eq!(count(|e| matches!(e, Err(CommandError::Wait { .. }))), 3, "{entries:?}");
        // The session has ended, and another one would have to wait.
        site.wait(30);
        let right = site.code(&app.secret);
        assert_eq!(second_factor::sign_in(&site.cx, &waiting, &right, &client).await.unwrap(), Entry::Ended);
    })
    .await;
}

#[tokio::test]
async fn whoever_has_entered_the_password_alone_is_nobody_on_every_page() {
    let (site, _, _) = with_app(&Site::appendix_b().await, MAP_COORDINATOR).await;
    let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
    for route in Route::iter() {
        // Signing out and in again are open to them, and are tested by themselves.
        if matches!(route, Route::SignInCode | Route::SignOut | Route::SignIn) {
            continue;
        }
        let address = route.path().replace("{slug}", APPENDIX_B).replace("{id}", "1");
        for method in [Method::GET, Method::POST] {
            let page = browser.send(method.clone(), &address, &[]).await;
            let is_open = matches!(route.access(), Access::Everyone | Access::Demonstration);
            if is_open && route != Route::Home {
                assert_eq!(page.count(".signed-in"), 0, "{method} {route:?}");
            } else {
                let to = page.location().unwrap_or_else(|| panic!("{method} {route:?}: {}", page.status));
                assert!(to.starts_with("/sign-in/code?next="), "{method} {route:?}: {to}");
            }
        }
    }
    let page = browser.get("/account").await.form("Sign in as somebody else").submit().await;
    assert_eq!((&*page.h1(), browser.cookie("session")), ("Sign in", None));
}

#[tokio::test]
async fn a_code_is_awaited_for_ten_minutes() {
    let (site, _, app) = with_app(&Site::appendix_b().await, MAP_COORDINATOR).await;
    let (early, late) = (
        site.come_in(MAP_COORDINATOR, Way::Password).await,
        site.come_in(MAP_COORDINATOR, Way::Password).await,
    );
    let form = late.get("/sign-in/code").await.form("Sign in");
    site.wait(10 * 60 - 1);
    assert_eq!(enter_code(&early, &site.code(&app.secret)).await.status, 303);
    site.wait(1);
    let page = form.set("code", &site.code(&app.secret)).send().await;
    assert_eq!((page.status, &*page.h1()), (409, "Start signing in again"));
    assert_eq!(late.get("/sign-in/code?next=/plans").await.path, "/sign-in?next=%2Fplans");
}

#[tokio::test]
async fn signing_in_with_a_code_gives_a_new_token_and_ends_the_one_that_waited() {
    let (site, _, app) = with_app(&Site::appendix_b().await, MAP_COORDINATOR).await;
    let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
    let waited = browser.cookie("session").unwrap();
    assert_eq!(enter_code(&browser, &site.code(&app.secret)).await.status, 303);
    assert_ne!(browser.cookie("session").unwrap(), waited);
    assert!(is_in(&browser).await);
    let thief = site.browser();
    thief.set_cookie("session", &waited);
    assert!(!is_in(&thief).await);
    assert_eq!(thief.get("/sign-in/code").await.h1(), "Sign in");
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_however_it_is_typed_and_says_how_many_are_left() {
    each_database(async |site| {
        let (site, _, app) = with_app(&site, MAP_COORDINATOR).await;
        let code = &app.recovery_codes[3];
        let browser = site.come_in(MAP_COORDINATOR, Way::Password).await;
        let page = enter_code(&browser, &code.replace('-', "").to_uppercase()).await;
        let page = browser.follow(page).await;
        assert_eq!(page.path, "/my-actions");
        assert!(page.main().contains("You have 9 recovery codes left"), "{}", page.main());
        assert_eq!(events(&site).await[0], "MAP Coordinator signed in with a recovery code");
        let (subject, plain) = &site.mailed(MAP_COORDINATOR).await[0];
        assert_eq!(subject, "A recovery code was used for Scrutiny Tracker");
        assert!(plain.contains("9 recovery codes are left."), "{plain}");
        let again = site.come_in(MAP_COORDINATOR, Way::Password).await;
        assert_eq!(enter_code(&again, code).await.status, 422);
        assert_eq!(enter_code(&again, &app.recovery_codes[4]).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn new_recovery_codes_take_the_place_of_all_the_old_ones() {
    let (site, browser, app) = with_app(&Site::appendix_b().await, MAP_COORDINATOR).await;
    let page = browser.get("/account").await.click("Make new recovery codes").await;
    let page = page.form("Make new recovery codes").send().await;
    let codes = App::codes_on(&page);
    assert_eq!(site.mailed(MAP_COORDINATOR).await[0].0, "New recovery codes were made for Scrutiny Tracker");
    let waiting = site.come_in(MAP_COORDINATOR, Way::Password).await;
    assert_eq!(enter_code(&waiting, &app.recovery_codes[0]).await.status, 422);
    assert_eq!(enter_code(&waiting, &codes[0]).await.status, 303);
}

#[tokio::test]
async fn neither_recovery_codes_nor_what_is_being_set_up_can_be_read_from_a_backup() {
    let (site, browser, app) = with_app(&Site::appendix_b().await, MAP_COORDINATOR).await;
    let in_setup = App::secret_on(&browser.get("/account/second-factor").await);
    let mut all = Vec::new();
    backup::write(&site.cx.store, &mut all).await.unwrap();
    let all = String::from_utf8(all).unwrap();
    for code in &app.recovery_codes {
        assert!(!all.contains(code.as_str()) && !all.contains(&code.replace('-', "")), "{code}");
    }
    assert!(!all.contains(&in_setup));
    let with_secret: Vec<&str> = all.lines().filter(|line| line.contains(&app.secret)).collect();
    assert_eq!(with_secret.len(), 1);
    assert!(with_secret[0].contains(r#""table":"person""#), "not in the history");
}

#[tokio::test]
async fn a_manager_without_a_second_factor_sets_one_up_before_anything_else() {
    let site = Site::appendix_b().await.real();
    site.set_password(MANAGER).await;
    let browser = site.come_in(MANAGER, Way::Password).await;
    for route in Route::iter() {
        let sets_up = matches!(route, Route::SecondFactor | Route::ConfirmAccount);
        let is_open = matches!(route.access(), Access::Everyone | Access::Demonstration);
        if sets_up || is_open {
            continue;
        }
        let address = route.path().replace("{slug}", APPENDIX_B).replace("{id}", "1");
        for method in [Method::GET, Method::POST] {
            let page = browser.send(method.clone(), &address, &[]).await;
            let to = page.location().unwrap_or_else(|| panic!("{method} {route:?}: {}", page.status));
            assert!(to.starts_with("/account/second-factor?next="), "{method} {route:?}: {to}");
        }
    }
    let page = browser.get("/people?x=1").await;
    assert_eq!(page.path, "/account/second-factor?next=%2Fpeople%3Fx%3D1");
    assert_eq!(page.count(".site-nav"), 0, "no navigation that leads back here");
    let page = page.form("Switch it on").set("code", "").send().await;
    assert_eq!(page.errors(), ["Enter the code that the app shows"]);
    let code = site.code(&App::secret_on(&page));
    let page = page.form("Switch it on").set("code", &code).send().await;
    let page = page.click("I have kept them: go on").await;
    assert_eq!((page.status, &*page.path), (200, "/people?x=1"), "set up, and on to where they wanted to go");
    for (email, needs_one) in
        [(ADMINISTRATOR, true), (SCRUTINY_OFFICER, true), (MAP_COORDINATOR, false), (PANEL_MEMBER, false)]
    {
        let page = site.come_in(email, Way::Password).await.get("/account").await;
        assert_eq!(page.path.starts_with("/account/second-factor"), needs_one, "{email}");
    }
}

#[tokio::test]
async fn no_second_factor_is_asked_for_after_single_sign_on_or_in_the_demonstration() {
    let (site, _, _) = with_app(&Site::appendix_b().await, MANAGER).await;
    assert!(is_in(&site.come_in(MANAGER, Way::SingleSignOn).await).await);
    assert!(!is_in(&site.come_in(MANAGER, Way::Password).await).await);
    assert!(!is_in(&site.come_in(MANAGER, Way::EmailLink).await).await);
    assert!(!is_in(&site.come_in(MANAGER, Way::SetPassword).await).await);

    let fresh = Site::appendix_b().await;
    let demonstration = fresh.browser();
    demonstration.get("/demonstration").await.form("Sign in as Risk and Resilience Manager").submit().await;
    assert!(is_in(&demonstration).await);
    assert!(is_in(&fresh.come_in(MANAGER, Way::Password).await).await, "nor is one required there");
    assert!(is_in(&fresh.real().come_in(MANAGER, Way::SingleSignOn).await).await);
}

#[tokio::test]
async fn it_can_be_switched_off_where_the_role_does_not_need_it() {
    let (site, browser, app) = with_app(&Site::appendix_b().await, MAP_COORDINATOR).await;
    let page = browser.get("/account").await.click("Switch it off").await;
    let page = page.form("Switch it off").submit().await;
    assert!(page.main().contains("Not set up."), "{}", page.main());
    assert!(is_in(&site.come_in(MAP_COORDINATOR, Way::Password).await).await);
    assert_eq!(events(&site).await[0], "MAP Coordinator switched their second factor off");
    let mut all = Vec::new();
    backup::write(&site.cx.store, &mut all).await.unwrap();
    let all = String::from_utf8(all).unwrap();
    assert!(!all.contains(&app.secret) && !all.contains("recovery_code\""), "nothing of it is left");

    let (site, browser, _) = with_app(&Site::appendix_b().await, MANAGER).await;
    assert!(!browser.get("/account").await.body().contains("Switch it off"));
    let page = browser.post::<&str, &str>("/account/second-factor/end", &[]).await;
    assert_eq!(page.errors(), ["Your role here needs a second factor: it can’t be switched off"]);
    assert!(!is_in(&site.come_in(MANAGER, Way::Password).await).await);
}

#[tokio::test]
async fn a_reset_is_recorded_signs_the_person_out_and_lets_the_password_alone_in_again() {
    each_database(async |site| {
        let (site, theirs, _) = with_app(&site, MAP_COORDINATOR).await;
        let administrator = site.sign_in_as(ADMINISTRATOR).await;
        let person = site.person(MAP_COORDINATOR).await;
        let page = administrator.get(&path::person(person)).await.click("Reset the second factor").await;
        assert_eq!(page.h1(), "Reset the second factor of MAP Coordinator?");
        let page = page.form("Reset the second factor").submit().await;
        assert!(page.main().contains("Second factor of MAP Coordinator reset"), "{}", page.main());
        assert_eq!(events(&site).await[0], "Second factor of MAP Coordinator reset");
        assert!(!is_in(&theirs).await);
        let (subject, plain) = &site.mailed(MAP_COORDINATOR).await[0];
        assert_eq!(subject, "Your second factor for Scrutiny Tracker was reset");
        assert!(plain.contains("Administrator has taken away"), "{plain}");
        assert!(is_in(&site.come_in(MAP_COORDINATOR, Way::Password).await).await);
        let page = administrator.post::<&str, &str>(&path::reset_second_factor(person), &[]).await;
        assert_eq!(
            (page.status, page.errors()),
            (422, vec!["MAP Coordinator has no second factor".to_owned()])
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_resets_their_own_or_without_the_right_to() {
    let (site, browser, _) = with_app(&Site::appendix_b().await, ADMINISTRATOR).await;
    let own = path::reset_second_factor(site.person(ADMINISTRATOR).await);
    assert_eq!(browser.post::<&str, &str>(&own, &[]).await.status, 422);
    for email in [MAP_COORDINATOR, MANAGER] {
        let page = site.sign_in_as(email).await.post::<&str, &str>(&own, &[]).await;
        assert_eq!(page.status, 403, "{email}");
    }
    assert_eq!(browser.get("/account").await.status, 200);
}

#[tokio::test]
async fn the_only_administrator_who_is_locked_out_is_helped_at_the_command_line() {
    use clap::Parser;
    let (site, browser, _) = with_app(&Site::appendix_b().await, MANAGER).await;
    let run = async |email: &str| {
        let line = ["scrutiny-tracker", "--database", &site.url, "user", "reset-second-factor", email];
        Cli::try_parse_from(line).unwrap().run().await
    };
    assert!(run("nobody@example.org").await.unwrap_err().to_string().contains("nobody here has the address"));
    run(&MANAGER.to_uppercase()).await.unwrap();
    assert!(!is_in(&browser).await);
    let account = person::by_email(&site.cx.store, MANAGER).await.unwrap().unwrap();
    assert_eq!(account.second_factor_since, None);
    assert_eq!(
        audit::list(&site.cx.store, Of::All, 0, 1).await.unwrap()[0].actor_name.as_deref(),
        Some("Command line")
    );
}
