//! Updates that are not for publication: who marks them, until when, and what the public reads in their place.

use scrutiny_tracker::{
    command::{self, update::exempt},
    domain::{
        id::{RoundId, UpdateId},
        update::{Evidence, UpdateDraft},
    },
};

use crate::{
    steps::{action_page, change_plan, open_round, publish},
    support::{EDUCATION_LEAD, MANAGER, PANEL_MEMBER, SCRUTINY_OFFICER, Site, each_database},
};

const SECRET: &str = "The supplier Example Ltd has asked for 40,000 pounds.";
const INSTEAD: &str = "Not for publication: exempt information under paragraph 3 of Schedule 12A to the Local Government Act 1972";

/// An update on Aiii in an open round, with next steps and evidence that say as much.
async fn written(site: &Site) -> (RoundId, UpdateId) {
    let round = open_round(site, "19 Feb 2018").await;
    let mut draft = UpdateDraft::of(SECRET);
    draft.next_steps = Some("Pay Example Ltd.".to_owned());
    draft.evidence = vec![Evidence { title: "Example Ltd’s invoice".to_owned(), ..Evidence::default() }];
    let lead = site.actor(EDUCATION_LEAD).await;
    let action = site.action("Aiii").await;
    command::update::add(&site.cx, &lead, action, &draft, None).await.unwrap();
    (round, site.whole_action("Aiii").await.updates.pop().unwrap().id)
}

#[tokio::test]
async fn the_public_reads_the_paragraph_in_its_place_and_members_read_all_of_it() {
    each_database(async |site| {
        change_plan(&site, |plan| plan.public = true).await;
        let (round, update) = written(&site).await;
        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = action_page(&site, &officer, "Aiii").await;
        let page = page.click("Mark as not for publication: update, 19 Feb 2018").await;
        assert_eq!(page.path, format!("/updates/{update}/exemption"));
        let page = page.form("Save").set("paragraph", "3").submit().await;
        assert!(
            page.main().contains("Update on Aiii marked: Not for publication: paragraph 3"),
            "{}",
            page.main()
        );
        assert!(page.main().contains(SECRET), "who works on it reads it");
        publish(&site, round).await;
        let public = site.browser();
        for path in [
            format!("/actions/{}", site.action("Aiii").await),
            "/plans/appendix-b".to_owned(),
            "/plans/appendix-b/dashboard".to_owned(),
            "/plans/appendix-b/export.csv".to_owned(),
        ] {
            let page = public.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            let body = page.body();
            assert!(!body.contains("Example Ltd"), "{path}: {body}");
            if !path.ends_with("dashboard") {
                assert!(body.contains(INSTEAD), "{path}");
            }
        }
        let member = site.sign_in_as(PANEL_MEMBER).await;
        let page = action_page(&site, &member, "Aiii").await;
        assert!(page.main().contains(SECRET), "{}", page.main());
        assert!(page.main().contains("Not for publication: paragraph 3"));
        assert!(page.main().contains("Example Ltd’s invoice"));
    })
    .await;
}

#[tokio::test]
async fn a_mark_is_lifted_until_its_round_is_published_and_not_after() {
    each_database(async |site| {
        let (round, update) = written(&site).await;
        let manager = site.sign_in_as(MANAGER).await;
        let path = format!("/updates/{update}/exemption");
        let form = manager.get(&path).await.form("Save");
        assert_eq!(form.value("paragraph"), "none");
        form.set("paragraph", "5").submit().await;
        let form = manager.get(&path).await.form("Save");
        assert_eq!(form.value("paragraph"), "5");
        // Pressed twice, it changes nothing twice.
        let events = async || {
            let all = scrutiny_tracker::store::audit::list(
                &site.cx.store,
                scrutiny_tracker::store::audit::Of::Action(site.action("Aiii").await),
                0,
                100,
            );
            all.await.unwrap().into_iter().filter(|e| e.kind == "update.exempt").count()
        };
        let page = form.submit().await;
        assert!(page.main().contains("Nothing was changed"), "{}", page.main());
        assert_eq!(events().await, 1);
        let page = form.set("paragraph", "none").submit().await;
        assert!(page.main().contains("is for publication again"), "{}", page.main());
        assert_eq!(events().await, 2);
        let late = manager.get(&path).await.form("Save").set("paragraph", "1");
        publish(&site, round).await;
        let page = late.submit().await;
        assert_eq!(page.status, 422);
        assert!(page.errors()[0].contains("The round 19 Feb 2018 is published"), "{:?}", page.errors());
        assert_eq!(site.whole_action("Aiii").await.updates.pop().unwrap().exempt, None);
        assert!(!action_page(&site, &manager, "Aiii").await.main().contains("Mark as not for publication"));
    })
    .await;
}

#[tokio::test]
async fn of_two_who_mark_it_at_once_the_second_is_told() {
    let site = Site::appendix_b().await;
    let (_, update) = written(&site).await;
    let manager = site.actor(MANAGER).await;
    exempt::mark(&site.cx, &manager, update, None, Some(3)).await.unwrap();
    let officer = site.actor(SCRUTINY_OFFICER).await;
    let refused = exempt::mark(&site.cx, &officer, update, None, Some(1)).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Somebody else has marked it under paragraph 3 in the meantime: choose again"
    );
    assert!(exempt::mark(&site.cx, &officer, update, Some(3), Some(9)).await.is_err(), "there is no ninth");
    exempt::mark(&site.cx, &officer, update, Some(3), Some(1)).await.unwrap();
    assert_eq!(site.whole_action("Aiii").await.updates.pop().unwrap().exempt, Some(1));
}

#[tokio::test]
async fn a_correction_of_what_is_not_for_publication_is_not_either() {
    let site = Site::appendix_b().await;
    let (_, update) = written(&site).await;
    exempt::mark(&site.cx, &site.actor(MANAGER).await, update, None, Some(3)).await.unwrap();
    let mut correction = UpdateDraft::of("Example Ltd has asked for 50,000 pounds.");
    correction.supersedes = Some(update);
    let lead = site.actor(EDUCATION_LEAD).await;
    let action = site.action("Aiii").await;
    command::update::add(&site.cx, &lead, action, &correction, None).await.unwrap();
    let latest = site.whole_action("Aiii").await.updates.pop().unwrap();
    assert_eq!((latest.supersedes, latest.exempt), (Some(update), Some(3)));
}

#[tokio::test]
async fn a_lead_and_a_member_do_not_decide_what_is_published() {
    let site = Site::appendix_b().await;
    let (_, update) = written(&site).await;
    for who in [EDUCATION_LEAD, PANEL_MEMBER] {
        let browser = site.sign_in_as(who).await;
        let path = format!("/updates/{update}/exemption");
        assert_eq!(browser.get(&path).await.status, 403, "{who}");
        assert_eq!(browser.post(&path, &[("paragraph", "1")]).await.status, 403, "{who}");
    }
    assert_eq!(site.whole_action("Aiii").await.updates.pop().unwrap().exempt, None);
}

/// The lead of Aiii corrects an update.
async fn correct(site: &Site, update: UpdateId, words: &str) -> UpdateId {
    let mut correction = UpdateDraft::of(words);
    correction.supersedes = Some(update);
    let lead = site.actor(EDUCATION_LEAD).await;
    command::update::add(&site.cx, &lead, site.action("Aiii").await, &correction, None).await.unwrap();
    site.whole_action("Aiii").await.updates.iter().map(|u| u.id).max().unwrap()
}

#[tokio::test]
async fn what_was_corrected_is_marked_with_its_correction_and_its_evidence_is_held_back() {
    each_database(async |site| {
        change_plan(&site, |plan| plan.public = true).await;
        let (round, first) = written(&site).await;
        let correction = correct(&site, first, "The supplier has asked for money.").await;
        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = officer.get(&format!("/updates/{correction}/exemption")).await;
        assert!(page.main().contains("are marked together"), "{}", page.main());
        page.form("Save").set("paragraph", "3").submit().await;
        publish(&site, round).await;
        let action = format!("/actions/{}", site.action("Aiii").await);
        let body = site.browser().get(&action).await.body().to_owned();
        assert!(!body.contains("Example Ltd") && body.contains(INSTEAD), "{body}");
        assert_eq!(
            site.browser()
                .get(&format!("/rounds/{round}/pack/appendix-b"))
                .await
                .body()
                .matches("asked for money")
                .count(),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn a_correction_of_what_is_published_is_marked_and_what_was_read_stays() {
    each_database(async |site| {
        change_plan(&site, |plan| plan.public = true).await;
        let (round, first) = written(&site).await;
        publish(&site, round).await;
        let correction = correct(&site, first, "They have asked for 90,000 pounds.").await;
        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = officer.get(&format!("/updates/{correction}/exemption")).await;
        assert!(page.main().contains("Another wording of it is published."), "{}", page.main());
        let page = page.form("Save").set("paragraph", "3").submit().await;
        assert!(page.main().contains("marked: Not for publication: paragraph 3"), "{}", page.main());
        let marks: Vec<_> =
            site.whole_action("Aiii").await.updates.iter().rev().take(2).map(|u| u.exempt).collect();
        assert_eq!(marks, [Some(3), None]);
        let page = officer.get(&format!("/updates/{first}/exemption")).await;
        assert!(page.main().contains("The round 19 Feb 2018 is published"), "{}", page.main());
    })
    .await;
}
