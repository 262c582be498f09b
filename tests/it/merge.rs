//! Merging, closing with no further action, and opening again, through the pages.

use scrutiny_tracker::{
    command::action,
    domain::action::{Agreement, State},
};

use crate::{
    steps::{action_page, fact},
    support::{
        Browser, EDUCATION_LEAD, Form, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page, Site, each_database,
    },
};

async fn open(site: &Site, browser: &Browser, label: &str, what: &str) -> Page {
    browser.get(&format!("/actions/{}/{what}", site.action(label).await)).await
}

async fn merging(site: &Site, browser: &Browser, from: &str, into: &str) -> Form {
    let form = open(site, browser, from, "merge").await.form("Merge");
    form.set("into", &site.action(into).await.to_string()).set("reason", "The same work")
}

#[tokio::test]
async fn a_merged_action_shares_the_fate_of_its_target_and_nothing_is_deleted() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let page = merging(&site, &browser, "F", "Aiii").await.submit().await;
        assert!(page.main().contains("F merged into Aiii. “Reopen” undoes it"));
        assert!(fact(&page, "State").starts_with("Merged into Aiii"));
        assert!(fact(&page, "State").contains("Reason: The same work"));
        assert!(
            fact(&page, "What the facts say")
                .contains("Suggested: Off track merged into Aiii, which is off track")
        );
        assert!(page.select(".timeline h3").contains(&"Update for 7 Dec 2017".to_owned()));
        assert!(fact(&action_page(&site, &browser, "Aiii").await, "Merged into this").contains("F "));
    })
    .await;
}

#[tokio::test]
async fn a_circle_is_refused_with_the_chain_named() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let page = merging(&site, &browser, "Aiii", "I").await.submit().await;
        assert_eq!(page.status, 422);
        assert_eq!(
            page.errors(),
            ["I is already merged into Aiii: merging the other way round would go in a circle (I → Aiii)"]
        );
        assert_eq!(page.select("#reason"), ["The same work"]);
        assert_eq!(site.whole_action("Aiii").await.state_at(site.today()), State::Open);
    })
    .await;
}

#[tokio::test]
async fn a_chain_of_merges_names_its_end() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let page = merging(&site, &browser, "Aiii", "F").await.submit().await;
    assert!(page.main().contains("Aiii merged into F"));
    let page = action_page(&site, &browser, "I").await;
    assert!(
        fact(&page, "State").contains("That is merged too: the work goes on in F"),
        "{}",
        fact(&page, "State")
    );
    let page = merging(&site, &browser, "F", "I").await.submit().await;
    assert!(page.errors()[0].contains("(I → Aiii → F)"), "{:?}", page.errors());
}

#[tokio::test]
async fn a_merge_needs_a_target_and_a_reason_and_never_offers_itself() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let page = open(&site, &browser, "Aiii", "merge").await;
    let own = site.action("Aiii").await.to_string();
    assert!(!page.attributes("#into option", "value").contains(&own));
    assert_eq!(page.count("#into option"), 22, "the other 21, and none chosen");
    assert!(page.main().contains("Nothing is deleted"));
    let page = page.form("Merge").submit().await;
    assert_eq!(page.errors(), ["Choose the action in which the work goes on", "Say why it is merged"]);
}

#[tokio::test]
async fn closing_needs_who_agreed_and_when_and_takes_the_rating_away() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let page = open(&site, &browser, "Aiii", "closure").await;
        assert!(page.main().contains("It is not rated any more, and is counted apart."));
        let page = page.form("Close the action").set("agreed_on", "31 Feb 2018").submit().await;
        assert_eq!(
            page.errors(),
            [
                "Say why nothing more is done",
                "Say who agreed",
                "31 February 2018 is not a real date: February 2018 has 28 days",
            ]
        );
        let form =
            page.form("Close the action").set("reason", "The plan was dropped").set("agreed_by", "The panel");
        let page = form.clone().set("agreed_on", "8 Dec 2017").submit().await;
        assert_eq!(page.errors(), ["The day of the agreement can’t lie in the future"]);
        let page = form.set("agreed_on", "7 Dec 2017").set("minute", "17/42").submit().await;
        assert!(page.main().contains("Aiii closed with no further action. “Reopen” undoes it"));
        assert!(fact(&page, "State").contains("Agreed by The panel on 7 December 2017, minute 17/42"));
        assert!(fact(&page, "What the facts say").contains("Not rated"));
        assert!(!fact(&page, "By when").contains("Overdue"));
    })
    .await;
}

#[tokio::test]
async fn opening_again_undoes_a_merge_a_closure_and_a_completion() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        for label in ["I", "Ai"] {
            let page = action_page(&site, &browser, label).await.click("Reopen").await;
            let refused = page.form("Reopen").submit().await;
            assert_eq!(refused.errors(), ["Say why it is opened again"]);
            let page = refused.form("Reopen").set("reason", "There is more to do").submit().await;
            assert!(page.main().contains(&format!("{label} is open again")));
            assert!(fact(&page, "State").starts_with("Open, from 7 December 2017"));
        }
        let page = open(&site, &browser, "I", "reopening").await;
        assert!(page.main().contains("I is open."));
        assert_eq!(page.count("main form"), 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_closed_with_no_further_action_has_to_be_opened_before_it_is_merged() {
    let site = Site::appendix_b().await;
    let manager = site.actor(MANAGER).await;
    let agreed = Agreement { by: "The panel".to_owned(), on: site.today(), minute: None };
    action::close(&site.cx, &manager, site.action("Aiii").await, "Dropped", agreed).await.unwrap();
    // Its lead may merge it, but not open it again.
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let form = [("into", site.action("F").await.to_string()), ("reason", "The same work".to_owned())];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let path = format!("/actions/{}/merge", site.action("Aiii").await);
    let page = browser.post(&path, &form).await;
    assert!(page.main().contains("closed with no further action"), "{}", page.main());
    assert_eq!(site.whole_action("Aiii").await.state_at(site.today()), State::NoFurtherAction);
}

#[tokio::test]
async fn two_merges_at_once_never_end_in_a_circle() {
    each_database(async |site| {
        let manager = site.actor(MANAGER).await;
        let (f, g) = (site.action("F").await, site.action("G").await);
        let (one, other) = tokio::join!(
            action::merge(&site.cx, &manager, f, g, "The same work"),
            action::merge(&site.cx, &manager, g, f, "The same work"),
        );
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    })
    .await;
}

#[tokio::test]
async fn each_of_the_three_is_for_those_who_may() {
    let site = Site::appendix_b().await;
    let fields = [("reason", "x"), ("into", "1"), ("agreed_by", "me"), ("agreed_on", "7 Dec 2017")];
    for (who, label, what, says) in [
        (
            MAP_COORDINATOR,
            "Aiii",
            "merge",
            "Only a manager, a lead of this action or a contributor to it can do this",
        ),
        (
            PANEL_MEMBER,
            "Aiii",
            "merge",
            "Only a manager, a lead of this action or a contributor to it can do this",
        ),
        (EDUCATION_LEAD, "Aiii", "closure", "Only a manager or a scrutiny officer can do this"),
        (PANEL_MEMBER, "Aiii", "closure", "Only a manager or a scrutiny officer can do this"),
        (EDUCATION_LEAD, "I", "reopening", "Only a manager or a scrutiny officer can do this"),
    ] {
        let browser = site.sign_in_as(who).await;
        let path = format!("/actions/{}/{what}", site.action(label).await);
        for page in [browser.get(&path).await, browser.post(&path, &fields).await] {
            assert_eq!(page.status, 403, "{who} {what}");
            assert!(page.main().contains(says), "{who} {what}: {}", page.main());
        }
    }
}
