//! The demonstration: its doors, its mail viewer, the page of reminders, and that none of its own is there in `serve`.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use scrutiny_tracker::{
    command::Cx,
    domain::message::{MessageKind, MessageState},
    link::path,
    store::{
        self, Store,
        outbox::{
            NewMessage,
            sending::{self, Outcome},
            turn,
        },
    },
    web::{
        self, App, Mode,
        route::{Access, Route},
    },
};
use strum::IntoEnumIterator;

use crate::support::{
    ADMINISTRATOR, Browser, HOST, MANAGER, MAP_COORDINATOR, Page, Site, day, each_database,
};

/// Presses a button of the banner on a page, and says where that leads.
async fn press(browser: &Browser, button: &str, on: &str) -> Page {
    let action = browser.get("/demonstration").await.form(button).action().to_owned();
    let request = Request::post(&action)
        .header(header::HOST, HOST)
        .header(header::REFERER, format!("http://tracker.example.org{on}"))
        .header(header::COOKIE, format!("session={}", browser.cookie("session").unwrap_or_default()))
        .header("sec-fetch-site", "same-origin")
        .body(Body::empty())
        .unwrap();
    browser.exchange(&action, request).await
}

#[tokio::test]
async fn nothing_of_the_demonstration_is_there_in_the_real_program() {
    let site = Site::appendix_b().await;
    let browser = site.clone().real().browser();
    let routes: Vec<_> = Route::iter().filter(|r| r.access() == Access::Demonstration).collect();
    assert_eq!(routes.len(), 11);
    for route in routes {
        let path = route.path().replace("{id}", "1");
        for method in [Method::GET, Method::POST] {
            let page = browser.send(method, &path, &[("person".to_owned(), "1".to_owned())]).await;
            assert_eq!(page.status, 404, "{path}");
            assert!(page.headers.get(header::SET_COOKIE).is_none(), "{path}");
        }
    }
    assert_eq!(site.today(), day("2017-12-07"));
}

#[tokio::test]
async fn one_press_signs_anyone_of_the_seed_in() {
    let site = Site::appendix_b().await;
    let page = site.browser().get("/demonstration").await;
    let rows = page.rows("table");
    assert_eq!(rows.len(), 9);
    // The manager first: most of what there is to try is theirs. The administrator, who sees no plan, last.
    assert_eq!(rows[0][0], "Risk and Resilience Manager");
    for row in rows {
        let browser = site.browser();
        let page = browser.get("/demonstration").await.form(&row[2]).submit().await;
        assert_eq!(page.status, 200);
        assert_eq!(page.select(".signed-in p"), [format!("{}: your account", row[0])]);
    }
}

#[tokio::test]
async fn a_day_later_one_is_on_the_same_page_and_reads_how_many_mails_went_out() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let page = press(&browser, "Next day", "/people?x=1").await;
        assert_eq!(page.location().as_deref(), Some("/people?x=1"));
        let page = browser.follow(page).await;
        assert_eq!(
            page.select(".banner-success").concat(),
            "Done It is now 8 December 2017. 2 mails went out"
        );
        assert_eq!(site.today(), day("2017-12-08"));

        let page = browser.follow(press(&browser, "Next week", "/people").await).await;
        assert_eq!(
            page.select(".banner-success").concat(),
            "Done It is now 15 December 2017. 2 mails went out"
        );
        let page = browser.follow(press(&browser, "Next day", "/people").await).await;
        assert_eq!(
            page.select(".banner-success").concat(),
            "Done It is now 16 December 2017. No mail went out"
        );
        // Said once.
        assert_eq!(browser.get("/people").await.count(".banner-success"), 0);
    })
    .await;
}

#[tokio::test]
async fn a_press_without_a_page_to_return_to_leads_home() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    for from in ["//evil.example/x", "/\\evil.example", ""] {
        assert_eq!(press(&browser, "Next day", from).await.location().as_deref(), Some("/"), "{from}");
    }
}

#[tokio::test]
async fn two_presses_at_once_are_two_days_and_no_mail_goes_twice() {
    each_database(async |site| {
        let router = site.router();
        let press = || {
            let router = router.clone();
            let request = Request::post(Route::DemonstrationNextDay.path())
                .header(header::HOST, HOST)
                .header("sec-fetch-site", "same-origin")
                .body(Body::empty())
                .unwrap();
            async move { tower::ServiceExt::oneshot(router, request).await.unwrap().status() }
        };
        let (one, other) = tokio::join!(press(), press());
        assert_eq!((one.as_u16(), other.as_u16()), (303, 303));
        assert_eq!(site.today(), day("2017-12-09"));
        assert_eq!(
            store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 50).await.unwrap().len(),
            2
        );
    })
    .await;
}

#[tokio::test]
async fn starting_again_brings_everything_back_and_ends_every_session() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        press(&browser, "Next week", "/").await;
        let form = browser.get("/posts/new").await.form("Add the post");
        form.set("name", "A post of our own").submit().await;
        let page = browser.follow(press(&browser, "Start again", "/posts").await).await;
        assert_eq!(page.path, "/demonstration");
        assert!(page.text().contains("Everything is as it was on 7 December 2017. 2 mails went out"));
        assert_eq!(site.today(), day("2017-12-07"));
        assert!(browser.get("/posts").await.path.starts_with("/demonstration?next="));
        let browser = site.sign_in_as(MANAGER).await;
        assert!(!browser.get("/posts").await.main().contains("A post of our own"));
        assert_eq!(site.record().await.actions.len(), 22);
    })
    .await;
}

#[tokio::test]
async fn a_mail_is_read_as_its_reader_would_in_a_frame_without_rights() {
    let site = Site::appendix_b().await;
    let browser = site.browser();
    let page = browser.get("/demonstration/mail").await;
    assert!(page.main().contains("No mail yet"));
    press(&browser, "Next day", "/").await;

    let page = browser.get("/demonstration/mail").await;
    let row = page.rows("table").into_iter().find(|r| r[1] == "Education Safeguarding Lead").unwrap();
    assert!(row[0].starts_with("2 overdue"), "{row:?}");
    assert_eq!(row[2..], ["8 December 2017", "Kept: no email leaves this machine"]);

    let page = page.click(&row[0]).await;
    for header in ["From", "To", "Reply-To", "Subject", "Date", "Message-ID"] {
        assert!(page.select("dt").iter().any(|dt| dt == header), "{header}");
    }
    assert_eq!(page.attributes("iframe", "sandbox"), [""]);
    let update = path::new_update(site.action("Aiii").await);
    assert_eq!(page.link(&format!("http://tracker.example.org{update}")), update);

    let frame = browser.get(&page.attributes("iframe", "src")[0]).await;
    assert_eq!(
        frame.header("content-security-policy"),
        Some("default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'")
    );
    assert_eq!(frame.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(frame.body().contains("Aiii"));

    let source = page.click("The whole message, as it is sent").await;
    assert_eq!(source.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(source.body().contains("\r\nMessage-ID: <"), "{}", source.body());
    for none in ["/demonstration/mail/999", "/demonstration/mail/999/html", "/demonstration/mail/999/source"]
    {
        assert_eq!(browser.get(none).await.status, 404);
    }
}

#[tokio::test]
async fn the_mail_that_a_lead_gets_leads_to_their_form_by_way_of_signing_in() {
    let site = Site::appendix_b().await;
    let update = path::new_update(site.action("Aiii").await);
    let page = site.browser().get(&update).await.form("Sign in as Education Safeguarding Lead").send().await;
    assert_eq!(page.location(), Some(update));
}

#[tokio::test]
async fn reminders_say_what_goes_out_next_to_whom_and_why() {
    each_database(async |site| {
        let (site, statements) = site.counting();
        let browser = site.sign_in_as(MANAGER).await;
        statements.take();
        let page = browser.get("/reminders").await;
        let count = statements.take();
        // A record, the ledgers of the three kinds of cause and of the digests, the scrutiny officers, the notices that wait, the
        // log, who is refused, what stands in the way of mail. It does not grow with the plans or the people.
        assert!(count <= 28, "{count} statements");
        let next = page.rows("h2 + p + table");
        assert_eq!(
            next[..2],
            [
                [
                    "Thursday 7 December 2017 (today)",
                    "Education Safeguarding Lead",
                    "Aiii: overdue by 68 days D: overdue by 7 days",
                ],
                [
                    "Thursday 7 December 2017 (today)",
                    "Risk and Resilience Manager",
                    "Avii: overdue by 7 days"
                ],
            ]
        );
        assert_eq!(next.last().unwrap()[0], "Thursday 21 December 2017");
        let none = page.rows("details table");
        assert!(
            none.contains(&["MAP Coordinator", "Aii", "complete"].map(str::to_owned).to_vec()),
            "{none:?}"
        );
        let managers: Vec<_> =
            none.iter().filter(|r| r[0] == "Risk and Resilience Manager").map(|r| r[1].as_str()).collect();
        assert_eq!(
            managers,
            ["Action 1", "Ai", "Aiv", "Avi", "Aviii", "B", "Ei", "F", "H", "I", "I-ii", "J", "K"]
        );
        assert!(page.main().contains("14 days before, 3 working days before and on the day"));
        assert!(page.main().contains("No mail yet"));
    })
    .await;
}

#[tokio::test]
async fn mails_that_could_not_be_sent_stand_first_in_the_log() {
    each_database(async |site| {
        let now = site.cx.clock.machine_now();
        for (key, note) in [("a", Some("550 no such mailbox")), ("b", None)] {
            let tx = site.cx.store.begin().await.unwrap();
            let new = NewMessage {
                unique_key: key,
                kind: MessageKind::Reminder,
                office_day: site.today(),
                person: Some(site.person(MAP_COORDINATOR).await),
                link: None,
                to_name: "MAP Coordinator",
                to_address: MAP_COORDINATOR,
                message_id: key,
                rendered: Some((key, "no message at all")),
            };
            let id = store::outbox::queue(&tx, &new, &[], now).await.unwrap().unwrap();
            if let Some(note) = note {
                let next = turn::read(&tx, &[id], &[MessageKind::Reminder], now).await.unwrap();
                let failed = Outcome::Failed(note.to_owned());
                sending::conclude(&tx, &next[0].message, &failed, false, now).await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        assert_eq!(store::outbox::count(&site.cx.store, MessageState::Failed).await.unwrap(), 1);
        let browser = site.clone().real().browser();
        browser.set_cookie("session", &site.sign_in_as(ADMINISTRATOR).await.cookie("session").unwrap());
        let page = browser.get("/reminders").await;
        assert!(page.main().contains("1 mail could not be sent"));
        let log: Vec<_> = page.rows("table").into_iter().filter(|r| r.len() == 4).collect();
        assert_eq!(log[0][0], "a");
        assert!(
            log[0][3].starts_with("Not sent: somebody has to look at it. 550 no such mailbox"),
            "{log:?}"
        );
        assert_eq!((log[1][0].as_str(), log[1][3].as_str()), ("b", "Waiting to be sent"));
        // Outside the demonstration there is no viewer to lead to.
        assert_eq!(page.count("a[href^='/demonstration']"), 0);
        // What is not one of our messages is no reason to fall over.
        let viewer = site.browser();
        assert_eq!(viewer.get("/demonstration/mail/1").await.status, 200);
        assert_eq!(viewer.get("/demonstration/mail/1/html").await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn the_program_says_that_it_runs_and_that_it_can_serve() {
    each_database(async |site| {
        let site = site.real();
        let browser = site.browser();
        let page = browser.get("/health/live").await;
        assert_eq!((page.status, &*page.body()), (200, "live"));
        let page = browser.get("/health/ready").await;
        let said = r#"{"database":"ok","migrations":"ok","reminders":"ok","worker":"the worker has never been heard from"}"#;
        assert_eq!((page.status, &*page.body()), (200, said));
    })
    .await;
}

#[tokio::test]
async fn the_program_cannot_serve_while_migrations_are_missing() {
    let site = Site::empty().await;
    let url = format!("sqlite://{}", site.file("unmigrated.sqlite").display());
    let cx = Cx { store: Store::open(&url).await.unwrap(), ..site.cx.clone() };
    let router = web::router(App::new(cx, Mode::Real { secure: false }));
    let request = Request::get("/health/ready").body(Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(router, request).await.unwrap();
    assert_eq!(response.status().as_u16(), 503);
    let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
    assert_eq!(&*body, br#"{"database":"ok","migrations":"pending"}"#);
}
