//! The history: every change with who and when, and to whom it is shown.

use scrutiny_tracker::{command, domain::update::UpdateDraft};

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
            assert_eq!(page.select("main h2").remove(0), "10 January 2018");
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
        let page = form.set("label", "19 Feb 2018").set("date", "19 Feb 2018").submit().await;
        let form = page.click("Change dates").await.form("Save");
        form.set("label", "Feb <b>2018</b>").set("meeting_on", "19 Feb 2018").submit().await;
        let page = browser.get(OF_PLAN).await;
        assert_eq!(first(&page).0, "Round edited: Feb <b>2018</b>");
        assert_eq!(
            page.rows(".timeline li:first-child table"),
            [
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
        for (email, shown) in [(ADMINISTRATOR, true), (MANAGER, false), (PANEL_MEMBER, false)] {
            let browser = site.sign_in_as(email).await;
            let mut page = browser.get("/history").await;
            let mut all = page.main();
            while page.count("a[rel=next]") > 0 {
                page = browser.get(&page.attributes("a[rel=next]", "href")[0]).await;
                all.push_str(&page.main());
            }
            assert_eq!(all.contains("Panel member added"), shown, "{email}");
            assert_eq!(all.contains("Recommendation added: Ai"), email != ADMINISTRATOR, "{email}");
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
