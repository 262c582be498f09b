//! The history: every change with who and when, and to whom it is shown.

use scrutiny_tracker::{command, domain::update::UpdateDraft, store};

use crate::support::{
    ADMINISTRATOR, EDUCATION_LEAD, MANAGER, PANEL_MEMBER, SCRUTINY_OFFICER, Site, day, each_database,
};

const OF_PLAN: &str = "/plans/appendix-b/history";

async fn write(site: &Site, label: &str, words: &str) {
    let actor = site.actor(MANAGER).await;
    let draft = UpdateDraft::of(words);
    command::update::add(&site.cx, &actor, site.action(label).await, &draft, None).await.expect("an update");
}

/// The first entry: what, and who with when.
fn first(page: &crate::support::Page) -> (String, String) {
    (page.select(".timeline h3").remove(0), page.select(".timeline-by").remove(0))
}

#[tokio::test]
async fn a_change_stands_first_with_who_and_when() {
    each_database(async |site| {
        site.go_to(day("2018-01-10"));
        write(&site, "Aiii", "Three words here.").await;
        let browser = site.sign_in_as(MANAGER).await;
        for path in ["/history", OF_PLAN] {
            let page = browser.get(path).await;
            assert_eq!(page.select("main h2").remove(1), "10 January 2018");
            let (what, by) = first(&page);
            assert_eq!(what, "Update added on Aiii (3 words)");
            // Machine time is another: the office day leads, and the clock time says its own day.
            assert_eq!(by, "Recorded 2 March 2026 at 10:30am, Risk and Resilience Manager");
            assert!(!page.main().contains("Three words here"), "the history never holds a narrative");
            assert_eq!(page.link("Aiii"), format!("/actions/{}", site.action("Aiii").await));
        }
    })
    .await;
}

#[tokio::test]
async fn clock_times_are_londons_and_stand_alone_on_the_office_day_itself() {
    let site = Site::appendix_b().await;
    site.go_to(day("2026-06-04"));
    site.cx.clock.move_machine_to("2026-06-04T08:32:00Z".parse().unwrap());
    write(&site, "Aiii", "Done.").await;
    let page = site.sign_in_as(MANAGER).await.get(OF_PLAN).await;
    assert_eq!(first(&page).1, "4 June 2026 at 9:32am, Risk and Resilience Manager");
}

#[tokio::test]
async fn an_edit_shows_what_was_there_before_and_what_is_there_now() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = browser.get("/rounds/new").await.form("Plan the round");
        let page = form.set("meeting", "none").set("date", "19 Feb 2018").submit().await;
        let form = page.click("Change this round").await.form("Save");
        let meeting = form.choices("meeting")[0].clone();
        form.set("label", "Feb <b>2018</b>").set("meeting", &meeting).submit().await;
        let page = browser.get(OF_PLAN).await;
        assert_eq!(first(&page).0, "Round edited: Feb <b>2018</b>");
        assert_eq!(
            page.rows(".timeline li:first-child table"),
            [
                ["Body that meets", "Empty", "Community Safety and Leisure Scrutiny Panel"],
                ["Label", "19 Feb 2018", "Feb <b>2018</b>"],
                ["Meeting", "Empty", "19 February 2018"],
                ["Updates due", "Empty", "29 January 2018"],
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn reasons_are_shown_with_what_they_explain() {
    let site = Site::appendix_b().await;
    let main = site.sign_in_as(PANEL_MEMBER).await.get(OF_PLAN).await.main();
    assert!(main.contains("Av merged into Eii"), "{main}");
    assert!(main.contains("Reason: in order to reduce duplication"), "{main}");
    assert!(main.contains("March 2018 asked for on K instead of Jan 2018"), "{main}");
}

#[tokio::test]
async fn who_may_not_read_unpublished_updates_is_not_told_that_there_is_one() {
    each_database(async |site| {
        write(&site, "Aiii", "Done.").await;
        for path in ["/history", OF_PLAN] {
            for (email, told) in [(MANAGER, true), (EDUCATION_LEAD, true), (PANEL_MEMBER, false)] {
                let main = site.sign_in_as(email).await.get(path).await.main();
                assert_eq!(main.contains("Update added on Aiii"), told, "{email} {path}");
                assert!(main.contains("I merged into Aiii"), "{email} {path}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn people_and_posts_are_in_the_history_of_those_who_manage_them() {
    each_database(async |site| {
        // Who, and whether they see people, posts and plans.
        for (email, people, posts, plans) in [
            (ADMINISTRATOR, true, true, false),
            (MANAGER, false, true, true),
            (EDUCATION_LEAD, false, false, true),
            (PANEL_MEMBER, false, false, true),
        ] {
            let browser = site.sign_in_as(email).await;
            let mut page = browser.get("/history").await;
            let mut all = page.main();
            while page.count("a[rel=next]") > 0 {
                page = browser.get(&page.attributes("a[rel=next]", "href")[0]).await;
                all.push_str(&page.main());
            }
            assert_eq!(all.contains("Panel member added"), people, "{email}");
            assert_eq!(all.contains("Post made: MAP Coordinator"), posts, "{email}");
            assert_eq!(all.contains("Recommendation added: Ai"), plans, "{email}");
        }
    })
    .await;
}

#[tokio::test]
async fn pages_hold_fifty_changes_and_lead_to_each_other() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let page = browser.get("/history").await;
    assert_eq!(page.count(".timeline > li"), 50);
    let place = page.select(".pagination p").concat();
    assert!(place.starts_with("Page 1 of "), "{place}");
    let pages: u64 = place.rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a number");
    let second = browser.get(&page.attributes("a[rel=next]", "href")[0]).await;
    assert_eq!(second.attributes("a[rel=prev]", "href"), ["/history?page=1"]);
    let last = browser.get(&format!("/history?page={pages}")).await;
    assert_eq!((last.status, last.count("a[rel=next]")), (200, 0));
    assert!((1..=50).contains(&last.count(".timeline > li")));
    assert_eq!(browser.get(&format!("/history?page={}", pages + 1)).await.status, 404);
    for page in ["0", "-1", "x", "99999999999999999999"] {
        let status = browser.get(&format!("/history?page={page}")).await.status;
        assert_eq!(status, 200, "{page}");
    }
}

#[tokio::test]
async fn an_unknown_plan_has_no_history() {
    let site = Site::appendix_b().await;
    assert_eq!(site.sign_in_as(MANAGER).await.get("/plans/no-such-plan/history").await.status, 404);
}

#[tokio::test]
async fn changes_are_found_by_their_days_and_by_who_made_them() {
    each_database(async |site| {
        for (on, label) in [("2018-01-09", "Aiii"), ("2018-01-10", "B"), ("2018-01-11", "C")] {
            site.go_to(day(on));
            write(&site, label, "Three words here.").await;
        }
        let browser = site.sign_in_as(MANAGER).await;
        let days = async |query: &str| {
            let page = browser.get(&format!("{OF_PLAN}?{query}")).await;
            (page.select("main h2"), page.select(".filter-head p").concat())
        };
        let (found, showing) = days("from=10+Jan+2018&to=2018-01-10&who=").await;
        assert_eq!(found, ["Filter", "10 January 2018"]);
        assert_eq!(showing, "1 change from 10 January 2018 to 10 January 2018");
        assert_eq!(days("from=10/1/18").await.0, ["Filter", "11 January 2018", "10 January 2018"]);
        assert!(days("to=9+Jan+2018").await.0.starts_with(&["Filter".into(), "9 January 2018".into()]));
        let (found, showing) = days("from=9+Jan+2018&who=RESILIENCE").await;
        assert_eq!((found.len(), showing.as_str()), (4, "3 changes from 9 January 2018 by “RESILIENCE”"));
        assert_eq!(days("from=9+Jan+2018&who=Nobody%25").await.0, ["Filter"]);
        let page = browser.get(&format!("{OF_PLAN}?who=Nobody")).await;
        assert!(page.main().contains("No changes found"));
        assert_eq!(page.link("Clear filter"), OF_PLAN);
    })
    .await;
}

#[tokio::test]
async fn filter_stays_from_page_to_page_and_says_what_is_wrong_with_it() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let form = browser.get("/history").await.form("Apply filter");
    let page = form.set("from", "1 Jan 2017").submit().await;
    assert_eq!(page.attributes("a[rel=next]", "href"), ["/history?from=1+Jan+2017&page=2"]);
    let form = browser.get("/history").await.form("Apply filter");
    let page = form.set("from", "some day").set("who", "<b>O’Neill</b>").submit().await;
    assert_eq!((page.status, page.errors().len()), (422, 1));
    assert_eq!(page.attributes("#from", "value"), ["some day"]);
    assert_eq!(page.attributes("#who", "value"), ["<b>O’Neill</b>"]);
    let page = browser.get("/history?from=2+May+2018&to=1+May+2018").await;
    assert!(page.errors()[0].contains("Enter 2 May 2018 or a later day"), "{:?}", page.errors());
}

#[tokio::test]
async fn record_check_stands_on_the_pages_and_changes_with_every_change() {
    each_database(async |site| {
        let browser = site.sign_in_as(PANEL_MEMBER).await;
        let before = store::audit::head(&site.cx.store).await.unwrap().expect("a head").short();
        for path in ["/history", OF_PLAN] {
            let main = browser.get(path).await.main();
            assert!(main.contains(&format!("Record check {before}.")), "{main}");
        }
        write(&site, "Aiii", "Three words here.").await;
        let main = browser.get(OF_PLAN).await.main();
        assert!(main.contains("Record check ") && !main.contains(&before), "{main}");
    })
    .await;
}

/// The history's file, as its rows, without the header.
async fn file(site: &Site) -> Vec<csv::StringRecord> {
    let page = site.sign_in_as(ADMINISTRATOR).await.get("/history.csv").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(page.header("content-disposition"), Some("attachment; filename=\"history-2017-12-07.csv\""));
    let body = page.body();
    let text = body.strip_prefix('\u{feff}').expect("a byte order mark, so that Excel reads it as UTF-8");
    assert!(text.starts_with("NUMBER,TIME (UTC),OFFICE DAY,WHO,KIND,PLAN,ACTION,WHAT,CHECK\r\n"));
    csv::Reader::from_reader(text.as_bytes()).into_records().map(Result::unwrap).collect()
}

#[tokio::test]
async fn administrators_take_the_whole_history_out_as_a_file() {
    each_database(async |site| {
        write(&site, "Aiii", "Three words here.").await;
        let rows = file(&site).await;
        let head = store::audit::head(&site.cx.store).await.unwrap().expect("a head");
        assert_eq!(rows.len() as i64, head.events);
        let action = format!("/actions/{}", site.action("Aiii").await);
        let title = site.record().await.plan.title;
        let expected = [
            &*head.events.to_string(),
            "2026-03-02T10:30:00.000000Z",
            "2017-12-07",
            "Risk and Resilience Manager",
            "update.added",
            &title,
            &action,
            "Update added on Aiii (3 words)",
            &head.link,
        ];
        assert_eq!(rows.last().unwrap().iter().collect::<Vec<_>>(), expected);
        assert!(rows.iter().all(|row| !row.iter().any(|cell| cell.contains("Three words here"))));
    })
    .await;
    let site = Site::appendix_b().await;
    let page = site.sign_in_as(ADMINISTRATOR).await.get("/history").await;
    assert_eq!(page.link("Download the whole history (CSV)"), "/history.csv");
    let page = site.sign_in_as(MANAGER).await.get("/history").await;
    assert!(!page.main().contains("Download the whole history"));
}

/// Events as commands write them, many of them quickly.
async fn record(site: &Site, count: usize, summary: &str) {
    let tx = site.cx.store.begin().await.unwrap();
    let event = store::audit::NewEvent {
        at: site.cx.clock.machine_now(),
        office_day: site.today(),
        actor: None,
        actor_name: "@SUM(1)".into(),
        plan: None,
        action: None,
        kind: "setting.edited".into(),
        summary: summary.into(),
        detail: serde_json::json!({}),
    };
    for _ in 0..count {
        store::audit::insert(&tx, &event).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn nothing_in_the_file_runs_in_a_spreadsheet() {
    let site = Site::appendix_b().await;
    record(&site, 1, "=HYPERLINK(\"http://example.org\")").await;
    let rows = file(&site).await;
    let last = rows.last().unwrap();
    assert_eq!((&last[3], &last[7]), ("'@SUM(1)", "'=HYPERLINK(\"http://example.org\")"));
}

#[tokio::test]
async fn history_of_thousands_of_events_is_sent_whole() {
    each_database(async |site| {
        record(&site, 2100, "One of many").await;
        let rows = file(&site).await;
        assert!(rows.len() > 2100);
        assert!(rows.iter().zip(1..).all(|(row, number)| row[0] == number.to_string()));
    })
    .await;
}
