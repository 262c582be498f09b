//! The installation's settings: saved, shown, kept to at once and by every process, and what the environment still says.

use std::time::Duration;

use axum::http::header;
use chrono::TimeDelta;
use scrutiny_tracker::{
    clock::{self, Clock},
    command::{
        Cx, installation,
        session::{self, Client},
    },
    config::{Settings, Source},
    demonstration,
    domain::{
        account::Way,
        installation::{Change, Installation, Section, Sessions},
    },
    link::path,
    serve,
    store::{self, Store},
    web::page::settings::MailWay,
    worker,
};

use crate::support::{ADMINISTRATOR, MAP_COORDINATOR, PANEL_MEMBER, Page, Site, day, each_database};

const NAME: &str = "O’Brien & <script>alert(1)</script> 🙂";

async fn section(site: &Site, section: Section) -> crate::support::Form {
    site.sign_in_as(ADMINISTRATOR).await.get(&path::settings(section)).await.form("Save")
}

/// The value beside a key of the summary.
fn fact(page: &Page, key: &str) -> String {
    let (keys, values) = (page.select(".summary-list dt"), page.select(".summary-list dd:not(.change)"));
    let at = keys.iter().position(|k| k == key).unwrap_or_else(|| panic!("no {key}: {keys:?}"));
    values[at].clone()
}

#[tokio::test]
async fn words_that_are_saved_hold_at_once_and_are_in_the_history() {
    each_database(async |site| {
        let page = section(&site, Section::Words)
            .await
            .set("council", NAME)
            .set("executive", "cabinet")
            .set("panel", "own")
            .set("panel_own", " Overview  board ")
            .set("democratic_services", "Governance")
            .submit()
            .await;
        assert_eq!((page.status, page.path.as_str()), (200, "/settings"));
        assert!(page.text().contains("Names and words saved"));
        assert!(fact(&page, "Names and words").contains("Cabinet, Overview board and Governance"));
        assert_eq!(page.select(".organisation"), [NAME]);
        assert_eq!(site.cx.installation().words.panel, "Overview board");
        let saved = store::installation::load(&site.cx.store).await.unwrap().expect("saved");
        assert_eq!(saved, *site.cx.installation());

        let history = site.sign_in_as(ADMINISTRATOR).await.get("/history").await;
        assert!(history.select(".timeline h3")[0].contains("Settings changed: names and words"));
        let changed = history.select(".timeline")[0].clone();
        assert!(changed.contains("executive") && changed.contains("cabinet"), "{changed}");
    })
    .await;
}

#[tokio::test]
async fn everything_wrong_with_a_section_is_said_at_once_and_nothing_typed_is_lost() {
    let site = Site::appendix_b().await;
    for (section_of, typed, errors) in [
        (
            Section::Words,
            vec![("council", " "), ("panel", "own"), ("panel_own", ""), ("democratic_services", "")],
            vec!["Enter the council’s name", "Enter what it is called here", "Enter what the team is called"],
        ),
        (
            Section::Sessions,
            vec![("idle_minutes", "14"), ("absolute_days", "many")],
            vec!["Enter a number in figures, without a fraction", "Enter a number from 15 to 1440"],
        ),
        (
            Section::Retention,
            vec![("leavers_months", "0"), ("mail_log_months", "-1"), ("sign_in_days", "")],
            vec![
                "Enter a number in figures, without a fraction",
                "Enter a number",
                "Enter a number from 1 to 120",
            ],
        ),
        (
            Section::Time,
            vec![("zone", "Europe/Middlesbrough")],
            vec!["This is no time zone that is known. Enter it as in the hint, for example Europe/London"],
        ),
        (
            Section::Accessibility,
            vec![("compliance", "full"), ("reviewed_on", "31 Feb 2026")],
            vec![
                "31 February 2026 is not a real date: February 2026 has 28 days",
                "Say when and how it was tested, and by whom",
            ],
        ),
    ] {
        let before = site.cx.installation();
        let mut form = section(&site, section_of).await;
        for (name, value) in &typed {
            form = form.set(name, value);
        }
        let page = form.send().await;
        assert_eq!(
            (page.status, page.errors()),
            (422, errors.iter().map(|e| (*e).to_owned()).collect()),
            "{section_of:?}"
        );
        let again = page.form("Save");
        for (name, value) in typed {
            assert_eq!(again.value(name), value, "{name}");
        }
        assert_eq!(site.cx.installation(), before);
    }
}

#[tokio::test]
async fn two_administrators_who_change_a_section_at_once_are_both_heard() {
    each_database(async |site| {
        let late = section(&site, Section::Words).await;
        let other = section(&site, Section::Sessions).await;
        section(&site, Section::Words).await.set("executive", "cabinet").submit().await;

        // Another section is another thing.
        assert_eq!(other.set("idle_minutes", "60").submit().await.status, 200);
        let page = late.set("council", NAME).send().await;
        assert_eq!(page.status, 409);
        let texts = page.select(".both-texts > div");
        assert!(texts[0].contains("Middlesbrough Council") && texts[0].contains("cabinet"), "{}", texts[0]);
        assert!(texts[1].contains(NAME), "{}", texts[1]);
        assert_eq!(site.cx.installation().council, "Middlesbrough Council");
        assert_eq!(page.form("Save").submit().await.status, 200);
        assert_eq!(site.cx.installation().council, NAME);
    })
    .await;
}

#[tokio::test]
async fn only_those_who_may_manage_settings_see_or_change_them() {
    let site = Site::appendix_b().await;
    for email in [MAP_COORDINATOR, PANEL_MEMBER] {
        let browser = site.sign_in_as(email).await;
        for path in ["/settings", "/settings/words", "/settings/mail"] {
            assert_eq!(browser.get(path).await.status, 403, "{path}");
        }
        let actor = site.actor(email).await;
        let change = Change::Time("Europe/Jersey".into());
        assert!(installation::save(&site.cx, &actor, 0, &change).await.is_err());
    }
    assert_eq!(site.cx.installation().zone, "Europe/London");
    assert_eq!(site.sign_in_as(ADMINISTRATOR).await.get("/settings/weather").await.status, 404);
}

#[tokio::test]
async fn what_another_process_saves_holds_here_after_a_tick_of_the_worker() {
    each_database(async |site| {
        let store = Store::open(&site.url).await.unwrap();
        let other =
            Cx { store, clock: Clock::real(clock::zone("Europe/London").unwrap()), ..site.cx.clone() };
        installation::begin(&other, Installation::starting("Another", "Europe/London")).await.unwrap();
        let actor = site.actor(ADMINISTRATOR).await;
        installation::save(&other, &actor, 0, &Change::Time("Pacific/Auckland".into())).await.unwrap();
        assert_eq!(site.cx.installation().zone, "Europe/London");

        scrutiny_tracker::demonstration::worker(&site.cx).tick().await.unwrap();
        assert_eq!(site.cx.installation().zone, "Pacific/Auckland");
        assert_eq!(site.cx.clock.zone().name(), "Pacific/Auckland");
        assert_eq!(site.cx.installation().council, "Another");
    })
    .await;
}

#[tokio::test]
async fn pages_read_the_settings_without_a_statement() {
    let (site, statements) = Site::appendix_b().await.counting();
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    statements.take();
    for path in ["/privacy", "/accessibility", "/settings/words"] {
        assert_eq!(browser.get(path).await.status, 200);
        assert_eq!(statements.take(), 1, "{path}: the session and its person");
    }
}

#[tokio::test]
async fn the_offices_day_follows_the_time_zone_without_a_restart() {
    let site = Site::appendix_b().await;
    let clock = Clock::real(clock::zone("Europe/London").unwrap());
    let cx = Cx { clock: clock.clone(), ..site.cx.clone() };
    let actor = site.actor(ADMINISTRATOR).await;
    installation::save(&cx, &actor, 0, &Change::Time("Pacific/Kiritimati".into())).await.unwrap();
    let ahead = clock.office_now() - clock.machine_now().naive_utc();
    assert_eq!(ahead.num_minutes().clamp(14 * 60 - 1, 14 * 60 + 1), ahead.num_minutes());
}

#[tokio::test]
async fn closure_days_are_read_as_written_and_no_reminder_goes_out_on_them() {
    each_database(async |site| {
        let form = section(&site, Section::Closures).await;
        let wrong = form.clone().set("closures", "14 December 2017\nChristmas\n31 Feb 2018").send().await;
        assert_eq!(wrong.status, 422);
        let lines: Vec<String> = wrong.errors().iter().map(|e| e.chars().take(7).collect()).collect();
        assert_eq!(lines, ["Line 2:", "Line 3:"]);
        assert!(wrong.form("Save").value("closures").starts_with("14 December 2017"));

        let page = form.set("closures", "14/12/17 to 15/12/17, Move, to the annexe").submit().await;
        assert_eq!(fact(&page, "Closure days"), "14 to 15 December 2017, Move, to the annexe");
        let shown = site.sign_in_as(ADMINISTRATOR).await.get("/settings/closure-days").await;
        assert_eq!(shown.rows("table"), [["14 to 15 December 2017", "Move, to the annexe", "2"]]);
        assert_eq!(shown.form("Save").value("closures"), "14 to 15 December 2017, Move, to the annexe");
        let nine = |text: &str| day(text).and_hms_opt(9, 0, 0).unwrap();
        assert!(!worker::is_open(&site.cx.calendar(), nine("2017-12-14")));
        assert!(worker::is_open(&site.cx.calendar(), nine("2017-12-18")));
        let before = site.cx.calendar().last_working_day_on_or_before(day("2017-12-15"));
        assert_eq!(before, day("2017-12-13"));
    })
    .await;
}

#[tokio::test]
async fn an_idle_session_ends_when_the_settings_say_so_also_one_begun_before() {
    each_database(async |site| {
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let is_in = async || browser.get(path::MY_ACTIONS).await.path == path::MY_ACTIONS;
        let later = |minutes: i64| {
            site.cx.clock.move_machine_to(site.cx.clock.machine_now() + TimeDelta::minutes(minutes));
        };
        later(11 * 60);
        assert!(is_in().await);
        section(&site, Section::Sessions).await.set("idle_minutes", "15").submit().await;
        later(14);
        assert!(is_in().await);
        later(16);
        assert!(!is_in().await);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_after_the_days_that_are_set_however_often_it_is_used() {
    each_database(async |site| {
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let is_in = async || browser.get(path::MY_ACTIONS).await.path == path::MY_ACTIONS;
        let later = |hours: i64| {
            site.cx.clock.move_machine_to(site.cx.clock.machine_now() + TimeDelta::hours(hours));
        };
        for _ in 0..4 {
            later(11);
            assert!(is_in().await);
        }
        // 44 hours on: a session begun before is measured by what is set now.
        section(&site, Section::Sessions).await.set("absolute_days", "2").submit().await;
        later(3);
        assert!(is_in().await);
        later(2);
        assert!(!is_in().await);
    })
    .await;
}

#[tokio::test]
async fn the_browser_keeps_the_session_cookie_as_long_as_a_session_can_last() {
    let site = Site::appendix_b().await;
    let actor = site.actor(ADMINISTRATOR).await;
    let change = Change::Sessions(Sessions { idle_minutes: 60, absolute_days: 3 });
    installation::save(&site.cx, &actor, 0, &change).await.unwrap();
    let person = site.person(ADMINISTRATOR).await.to_string();
    let page = site
        .browser()
        .send(axum::http::Method::POST, "/demonstration/sign-in", &[("person".to_owned(), person)])
        .await;
    let cookies: Vec<&str> =
        page.headers.get_all(header::SET_COOKIE).iter().map(|c| c.to_str().unwrap()).collect();
    assert!(
        cookies.iter().any(|c| c.starts_with("session=") && c.contains("; Max-Age=259200;")),
        "{cookies:?}"
    );
    session::start(&site.cx, site.person(ADMINISTRATOR).await, Way::Password, &Client::default())
        .await
        .unwrap();
}

#[tokio::test]
async fn the_environment_fills_a_new_installation_and_after_that_the_page_has_the_last_word() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("new.sqlite").display());
    let settings = |council: &str, zone: &str| {
        let source = Source::of([
            ("SCRUTINY_BASE_URL", "https://tracker.council.gov.uk"),
            ("SCRUTINY_COUNCIL", council),
            ("SCRUTINY_TIME_ZONE", zone),
            ("SCRUTINY_MAIL_FROM", "tracker@council.gov.uk"),
            ("SCRUTINY_SMTP_HOST", "relay"),
        ]);
        Settings::from(&source).unwrap()
    };
    let first = serve::open(&url, &settings("First", "Europe/Jersey")).await.unwrap();
    assert_eq!(
        (first.installation().council.as_str(), first.clock.zone().name()),
        ("First", "Europe/Jersey")
    );
    let again = serve::open(&url, &settings("Second", "Europe/London")).await.unwrap();
    assert_eq!(
        (again.installation().council.as_str(), again.clock.zone().name()),
        ("First", "Europe/Jersey")
    );
    assert!(again.installation().saved.is_empty(), "nobody has looked at anything yet");
}

#[tokio::test]
async fn a_new_installation_leads_its_administrator_to_what_is_still_to_do() {
    let site = Site::appendix_b().await.real();
    let page = site.sign_in_as(ADMINISTRATOR).await.get("/").await;
    assert_eq!((page.status, page.path.as_str()), (200, "/settings"));
    let open: Vec<String> =
        page.rows("table").into_iter().filter(|row| row[1] == "To do").map(|row| row[0].clone()).collect();
    assert_eq!(
        open,
        [
            "Check the council’s name and the words it uses",
            "Check the time zone",
            "Say on which days the council is closed",
            "Choose whether updates can be written without signing in",
            "Send a test mail",
            "Fill in the privacy page: whom to ask",
            "Fill in the accessibility statement: whom to tell",
        ]
    );
    for section_of in [Section::Words, Section::Time, Section::Closures] {
        section(&site, section_of).await.submit().await;
    }
    section(&site, Section::UpdatesByLink).await.set("updates_by_link", "off").submit().await;
    section(&site, Section::Privacy).await.set("contact", "dpo@council.example").submit().await;
    section(&site, Section::Accessibility).await.set("contact", "web@council.example").submit().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let form = browser.get("/settings/mail").await.form("Send a test mail");
    let page = form.set("address", "somebody@example.org").submit().await;
    assert!(page.text().contains("Handed to the mail server, which answered"), "{}", page.text());
    let page = browser.get("/settings").await;
    assert_eq!(page.count("table"), 0, "nothing is left to do: {}", page.main());
}

#[tokio::test]
async fn in_the_demonstration_a_test_mail_is_kept_and_nothing_counts_as_tried() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_with_mail(ADMINISTRATOR, demonstration::mail_way(&site.cx)).await;
    let form = browser.get("/settings/mail").await.form("Send a test mail");
    let page = form.set("address", "somebody@example.org").submit().await;
    assert!(page.text().contains("The test mail is kept on this machine"), "{}", page.text());
    assert!(page.main().contains("No mail server has taken a test from here yet."), "{}", page.main());
    let kept = browser.get("/demonstration/mail").await;
    assert_eq!(kept.rows("main table")[0][1], "somebody@example.org");
    assert_eq!(site.cx.installation().mail_tested_on, None);
}

#[tokio::test]
async fn a_test_mail_that_is_not_taken_is_said_beside_the_address() {
    let site = Site::appendix_b().await;
    let mail = MailWay {
        facts: vec![("Mail server", "relay, port 587".to_owned())],
        send_test: std::sync::Arc::new(|_| {
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(1)).await;
                Err(scrutiny_tracker::command::CommandError::refused("address", "550 no such user"))
            })
        }),
    };
    let browser = site.sign_in_with_mail(ADMINISTRATOR, mail).await;
    let page = browser.get("/settings/mail").await;
    assert_eq!(fact(&page, "Mail server"), "relay, port 587");
    let page = page.form("Send a test mail").set("address", "gone@council.example").send().await;
    assert_eq!((page.status, page.errors()), (422, vec!["550 no such user".to_owned()]));
    assert_eq!(page.form("Send a test mail").value("address"), "gone@council.example");
    assert_eq!(site.cx.installation().mail_tested_on, None);
    for (typed, error) in [
        ("", "Enter the address that the test goes to"),
        ("head at school", "Enter an email address in full, like name@example.org"),
    ] {
        let page =
            browser.get("/settings/mail").await.form("Send a test mail").set("address", typed).send().await;
        assert_eq!((page.status, page.errors()), (422, vec![error.to_owned()]));
    }
}

#[tokio::test]
async fn the_password_of_the_mail_server_is_on_no_page() {
    let source = Source::of([
        ("SCRUTINY_BASE_URL", "https://tracker.council.gov.uk"),
        ("SCRUTINY_COUNCIL", "A council"),
        ("SCRUTINY_MAIL_FROM", "Tracker <tracker@council.gov.uk>"),
        ("SCRUTINY_SMTP_HOST", "relay.council.gov.uk"),
        ("SCRUTINY_SMTP_USER", "tracker"),
        ("SCRUTINY_SMTP_PASSWORD", "three-random-words"),
    ]);
    let site = Site::appendix_b().await;
    let way = serve::mail_way(&site.cx, &Settings::from(&source).unwrap());
    let page = site.sign_in_with_mail(ADMINISTRATOR, way).await.get("/settings/mail").await;
    assert_eq!(fact(&page, "Mail server"), "relay.council.gov.uk, port 587");
    assert_eq!(fact(&page, "TLS"), "required (STARTTLS)");
    assert_eq!(fact(&page, "Mail comes from"), "Tracker <tracker@council.gov.uk>");
    assert_eq!(fact(&page, "Pace"), "at most 30 messages a minute");
    assert!(page.body().contains("tracker, with a password") && !page.body().contains("three-random-words"));
}

#[tokio::test]
async fn check_warns_of_statements_that_name_nobody() {
    let warnings = Installation::default().warnings();
    assert!(warnings.iter().any(|w| w.contains("privacy page")), "{warnings:?}");
    assert!(warnings.iter().any(|w| w.contains("accessibility statement names nobody")), "{warnings:?}");
}
