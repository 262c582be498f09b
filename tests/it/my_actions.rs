//! My actions: what stands in which list, for whom.

use scrutiny_tracker::{command, domain::update::UpdateDraft};

use crate::{
    steps::{change_plan, open_round},
    support::{
        EDUCATION_LEAD, GOVERNORS_MANAGER, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page, Site, day,
        each_database,
    },
};

/// The labels of the actions in a list, by its heading.
fn list(page: &Page, heading: &str) -> Vec<String> {
    let table = page.elements("table").find(|t| {
        t.child_elements().any(|c| c.value().name() == "caption" && c.text().collect::<String>() == heading)
    });
    let Some(table) = table else { return Vec::new() };
    let label = scraper::Selector::parse("tbody th a strong").unwrap();
    table.select(&label).map(|a| a.text().collect()).collect()
}

async fn mine(site: &Site, who: &str) -> Page {
    site.sign_in_as(who).await.get("/my-actions").await
}

#[tokio::test]
async fn what_is_overdue_needs_an_update_now_and_the_rest_waits() {
    each_database(async |site| {
        let page = mine(&site, EDUCATION_LEAD).await;
        assert!(page.main().contains("2 actions need an update from you now."));
        assert_eq!(list(&page, "Needs an update now"), ["Aiii", "D"]);
        assert_eq!(list(&page, "Everything else"), Vec::<String>::new());
        let row = &page.rows("table")[0];
        assert_eq!(row[1..4], ["Sept 2017 Overdue by 68 days", "– Not recorded", "7 Dec 2017"], "{row:?}");
        assert!(page.click("Add update to Aiii").await.h1().contains("Add update"));
    })
    .await;
}

#[tokio::test]
async fn what_is_complete_or_later_is_no_trouble() {
    let site = Site::appendix_b().await;
    let page = mine(&site, MAP_COORDINATOR).await;
    assert!(page.main().contains("Nothing needs an update from you now."), "{}", page.main());
    assert_eq!(list(&page, "Everything else").len(), 3);
    let page = mine(&site, GOVERNORS_MANAGER).await;
    assert_eq!(list(&page, "Everything else"), ["G"], "led jointly");
}

#[tokio::test]
async fn an_open_round_asks_for_an_update_until_it_is_written() {
    each_database(async |site| {
        assert_eq!(list(&mine(&site, GOVERNORS_MANAGER).await, "Needs an update now"), Vec::<String>::new());
        open_round(&site, "19 Feb 2018").await;
        assert_eq!(list(&mine(&site, GOVERNORS_MANAGER).await, "Needs an update now"), ["G"]);
        let lead = site.actor(GOVERNORS_MANAGER).await;
        let action = site.action("G").await;
        command::update::add(&site.cx, &lead, action, &UpdateDraft::of("No change."), None).await.unwrap();
        assert_eq!(list(&mine(&site, GOVERNORS_MANAGER).await, "Needs an update now"), Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn it_says_which_round_asks_by_when_and_for_which_meeting() {
    each_database(async |site| {
        open_round(&site, "19 Feb 2018").await;
        let page = mine(&site, EDUCATION_LEAD).await;
        let by = "by Monday 29 January 2018, for the meeting on 19 February 2018.";
        let words = format!("The round 19 Feb 2018 asks for 2 updates: {by}");
        assert!(page.main().contains(&words), "{}", page.main());
        let form = page.click("Add update to Aiii").await;
        assert!(
            form.main().contains(&format!("Updates for 19 Feb 2018 are asked for: {by}")),
            "{}",
            form.main()
        );
        site.go_to(day("2018-01-30"));
        let page = mine(&site, EDUCATION_LEAD).await;
        assert!(
            page.main().contains("2 updates: they were due by Monday 29 January 2018"),
            "{}",
            page.main()
        );
    })
    .await;
}

#[tokio::test]
async fn once_monitoring_has_ended_nobody_is_asked_for_anything() {
    each_database(async |site| {
        let manager = site.actor(MANAGER).await;
        let plan = site.record().await.plan.id;
        command::plan::end_monitoring(&site.cx, &manager, plan, site.today(), "the panel", "nothing")
            .await
            .unwrap();
        let page = mine(&site, EDUCATION_LEAD).await;
        assert!(page.main().contains("Monitoring ended"), "{}", page.main());
        for gone in ["Overdue by", "Add\u{a0}update"] {
            assert!(!page.main().contains(gone), "{gone}: {}", page.main());
        }
        let form = format!("/actions/{}/updates/new", site.action("Aiii").await);
        let page = site.sign_in_as(EDUCATION_LEAD).await.get(&form).await;
        assert!(page.main().contains("Monitoring of this plan ended on 7 December 2017"), "{}", page.main());
        assert!(!page.main().contains("The panel will read this"));
    })
    .await;
}

#[tokio::test]
async fn what_is_due_in_14_days_needs_an_update_unless_one_was_written_lately() {
    let site = Site::appendix_b().await;
    site.go_to(day("2018-01-16"));
    assert!(!list(&mine(&site, MANAGER).await, "Needs an update now").contains(&"Aviii".to_owned()));
    site.go_to(day("2018-01-17"));
    assert!(list(&mine(&site, MANAGER).await, "Needs an update now").contains(&"Aviii".to_owned()));
    let action = site.action("Aviii").await;
    let manager = site.actor(MANAGER).await;
    command::update::add(&site.cx, &manager, action, &UpdateDraft::of("On its way."), None).await.unwrap();
    assert_eq!(list(&mine(&site, MANAGER).await, "Due in 14 days"), ["Aviii"]);
}

#[tokio::test]
async fn who_has_said_why_it_is_overdue_is_not_asked_again_at_once() {
    let site = Site::appendix_b().await;
    let action = site.action("Aiii").await;
    let lead = site.actor(EDUCATION_LEAD).await;
    command::update::add(&site.cx, &lead, action, &UpdateDraft::of("The paper is late."), None)
        .await
        .unwrap();
    let page = mine(&site, EDUCATION_LEAD).await;
    assert_eq!(list(&page, "Needs an update now"), ["D"]);
    assert!(page.main().contains("Overdue by 68 days"), "it stays overdue on every page");
    site.go_to(day("2018-01-04"));
    assert_eq!(list(&mine(&site, EDUCATION_LEAD).await, "Needs an update now"), ["D"], "the 28th day");
    site.go_to(day("2018-01-05"));
    assert_eq!(list(&mine(&site, EDUCATION_LEAD).await, "Needs an update now"), ["Aiii", "D"]);
}

#[tokio::test]
async fn a_merged_action_is_nobodys_work_here() {
    let site = Site::appendix_b().await;
    let page = mine(&site, MANAGER).await;
    let i = page.rows("table").into_iter().find(|row| row[0].starts_with("I This")).unwrap();
    assert!(i[2].contains("Merged into Aiii"), "{i:?}");
    assert!(!list(&page, "Needs an update now").contains(&"I".to_owned()));
}

#[tokio::test]
async fn a_manager_finds_dates_to_decide_and_leads_whom_nobody_can_reach() {
    each_database(async |site| {
        let page = mine(&site, MANAGER).await;
        assert!(page.main().contains("1 date asked of the panel"), "{}", page.main());
        assert!(!page.main().contains("to decide"), "it is the panel’s to grant: {}", page.main());
        change_plan(&site, |plan| plan.panel_grants_dates = false).await;
        let page = mine(&site, MANAGER).await;
        assert!(page.main().contains("1 date to decide K"), "{}", page.main());
        assert!(page.link("Decide on March 2018 for K").ends_with("/decision"));
        assert!(!page.main().contains("without a lead who can be reached"));
        let manager = site.actor(MANAGER).await;
        let post = site
            .record()
            .await
            .posts
            .iter()
            .find(|p| p.name == "Education Safeguarding Lead")
            .cloned()
            .unwrap();
        command::post::holding::hand_over(&site.cx, &manager, post.id, None, day("2017-12-01"))
            .await
            .unwrap();
        let page = mine(&site, MANAGER).await;
        assert!(page.main().contains("2 actions without a lead who can be reached"), "{}", page.main());
        assert!(page.main().contains(": nobody holds Education Safeguarding Lead"));
        assert!(!mine(&site, EDUCATION_LEAD).await.main().contains("For you as manager"));
    })
    .await;
}

#[tokio::test]
async fn somebody_who_answers_for_nothing_is_told_why_the_page_is_empty() {
    let site = Site::appendix_b().await;
    let page = mine(&site, PANEL_MEMBER).await;
    assert_eq!(page.status, 200);
    assert!(page.main().contains("You answer for no action"));
    assert_eq!(page.link("Go to the plans"), "/plans");
}

#[tokio::test]
async fn a_plan_whose_monitoring_has_ended_asks_for_nothing() {
    let site = Site::appendix_b().await;
    let manager = site.actor(MANAGER).await;
    let plan = site.record().await.plan.id;
    command::plan::end_monitoring(&site.cx, &manager, plan, day("2017-12-07"), "The panel", "All done")
        .await
        .unwrap();
    let page = mine(&site, EDUCATION_LEAD).await;
    assert_eq!(list(&page, "Needs an update now"), Vec::<String>::new());
    assert_eq!(list(&page, "Everything else"), ["Aiii", "D"]);
}
