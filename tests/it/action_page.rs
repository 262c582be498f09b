//! The page of one action: what it says, to whom, and what it keeps from whom.

use scrutiny_tracker::{
    command, domain::action::ActionDraft, domain::rating::Rating, domain::update::UpdateDraft,
};

use crate::{
    steps::{action_page, change_plan, fact, open_round, publish},
    support::{
        COMMUNICATIONS_MANAGER, EDUCATION_LEAD, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, SCRUTINY_OFFICER,
        Site, day, each_database,
    },
};

#[tokio::test]
async fn k_shows_march_2018_asked_for_while_by_when_still_says_jan_2018() {
    let site = Site::appendix_b().await;
    let page = action_page(&site, &site.sign_in_as(SCRUTINY_OFFICER).await, "K").await;
    let by_when = fact(&page, "By when");
    assert!(by_when.starts_with("Jan 2018 55 days to go"), "{by_when}");
    assert!(
        by_when
            .contains("March 2018 asked for by Risk and Resilience Manager (day not recorded), not decided"),
        "{by_when}"
    );
    assert!(by_when.contains("First agreed: Jan 2018"), "{by_when}");
    assert!(
        fact(&page, "What the facts say").starts_with("Suggested: At risk March 2018 asked for, not decided")
    );
    assert!(page.link("Decide on March 2018").ends_with("/decision"));
}

#[tokio::test]
async fn only_those_who_may_decide_are_offered_the_decision() {
    let site = Site::appendix_b().await;
    for reader in [PANEL_MEMBER, MAP_COORDINATOR] {
        let page = action_page(&site, &site.sign_in_as(reader).await, "K").await;
        assert!(fact(&page, "By when").contains("not decided"));
        assert!(!page.main().contains("Decide on"), "{reader}");
    }
}

#[tokio::test]
async fn f_shows_its_variation_and_the_figures_of_its_evidence() {
    let site = Site::appendix_b().await;
    let page = action_page(&site, &site.sign_in_as(PANEL_MEMBER).await, "F").await;
    let rows = page.rows("table");
    assert_eq!(rows[0][..2], ["bi-annual", "annual and not bi-annual"]);
    assert!(
        rows[0][2].starts_with("The Digital Resilience and Safeguarding Group, which includes the Chair")
    );
    let figures = ["delegates: 78", "schools represented: 35", "post-16 establishments: 2"];
    assert_eq!(page.select(".timeline ul li"), figures);
    assert!(page.main().contains("Day not recorded, speaks of 29 January 2018"));
}

#[tokio::test]
async fn a_post_whose_account_is_called_like_it_is_not_held_by_itself_and_what_was_read_in_says_from_what() {
    let site = Site::appendix_b().await;
    let page = action_page(&site, &site.sign_in_as(MANAGER).await, "Aiii").await;
    assert!(fact(&page, "Lead").contains("Held since"), "{}", fact(&page, "Lead"));
    assert!(!page.main().contains("is held by Education Safeguarding Lead"));
    let timeline = page.select(".timeline").concat();
    assert!(!timeline.contains("Seed"), "{timeline}");
    assert!(timeline.contains(&site.record().await.plan.source.unwrap()), "{timeline}");
}

#[tokio::test]
async fn an_overdue_action_says_by_how_many_days() {
    let site = Site::appendix_b().await;
    let page = action_page(&site, &site.sign_in_as(PANEL_MEMBER).await, "Aiii").await;
    assert!(fact(&page, "By when").contains("Overdue by 68 days"));
    assert!(fact(&page, "What the facts say").contains("deadline passed 68 days ago, no completion stated"));
}

#[tokio::test]
async fn a_merged_action_names_its_target_and_where_rating_and_facts_disagree() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(PANEL_MEMBER).await;
    let page = action_page(&site, &browser, "I").await;
    assert!(fact(&page, "State").starts_with("Merged into Aiii"));
    assert!(fact(&page, "State").contains("from 7 December 2017"));
    assert!(fact(&page, "Reported rating").contains("Complete"));
    assert!(
        fact(&page, "What the facts say")
            .contains("Suggested: Off track merged into Aiii, which is off track")
    );
    assert!(fact(&page, "What the facts say").contains("The rating and the facts disagree"));
    let target = action_page(&site, &browser, "Aiii").await;
    assert!(fact(&target, "Merged into this").starts_with("I "));
    let page = action_page(&site, &browser, "Eii").await;
    assert!(fact(&page, "Merged into this").starts_with("Av "));
}

#[tokio::test]
async fn cross_references_are_shown_both_ways() {
    let site = Site::appendix_b().await;
    let page = action_page(&site, &site.sign_in_as(PANEL_MEMBER).await, "Aiii").await;
    assert!(fact(&page, "Refers to").contains("“as outlined in action I”"));
    assert!(fact(&page, "Named by").contains("“see action Aiii”"));
}

#[tokio::test]
async fn unknown_facts_are_pointed_out_in_words() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(PANEL_MEMBER).await;
    let page = action_page(&site, &browser, "D").await;
    assert!(page.main().contains("2 unknown facts in this text (“??”)"), "{}", page.main());
    assert!(!action_page(&site, &browser, "G").await.main().contains("unknown fact"));
}

#[tokio::test]
async fn the_timeline_stands_newest_first_and_names_the_empty_round() {
    let site = Site::appendix_b().await;
    let page = action_page(&site, &site.sign_in_as(PANEL_MEMBER).await, "J").await;
    let headings = page.select(".timeline h3");
    let place =
        |words: &str| headings.iter().position(|h| h == words).unwrap_or_else(|| panic!("{headings:?}"));
    assert!(place("Update for 7 Dec 2017") < place("No update received for Sept 2017"));
    assert!(place("No update received for Sept 2017") < place("First deadline: Feb 2018"));
}

#[tokio::test]
async fn a_vacant_post_is_held_by_nobody_and_mail_goes_to_the_manager() {
    each_database(async |site| {
        let manager = site.actor(MANAGER).await;
        let post = site.record().await.posts.iter().find(|p| p.name == "MAP Coordinator").cloned().unwrap();
        command::post::holding::hand_over(&site.cx, &manager, post.id, None, day("2017-12-01"))
            .await
            .unwrap();
        let page = action_page(&site, &site.sign_in_as(MANAGER).await, "Aii").await;
        let lead = fact(&page, "Lead");
        assert!(lead.contains("Nobody holds MAP Coordinator"), "{lead}");
        assert!(lead.contains("Mail goes to the plan’s manager: nobody holds MAP Coordinator"), "{lead}");
        assert!(lead.contains("from 5 September 2017 to 30 November 2017"), "{lead}");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    for path in [
        "/actions/999999",
        "/actions/none",
        "/actions/999999/updates/new",
        "/updates/999999/correction",
        "/deadlines/999999/decision",
        "/actions/999999/merge",
        "/actions/-1/closure",
        "/actions/x/reopening",
    ] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn buttons_stand_only_for_those_who_may_press_them() {
    let site = Site::appendix_b().await;
    let id = site.action("Aiii").await;
    for (reader, buttons) in [
        (
            MANAGER,
            vec![
                "Add update",
                "Propose complete",
                "Change the deadline",
                "Merge",
                "Close (no further action)",
                "Edit",
            ],
        ),
        (EDUCATION_LEAD, vec!["Add update", "Propose complete", "Change the deadline", "Merge"]),
        (MAP_COORDINATOR, vec![]),
        (PANEL_MEMBER, vec!["Ask a question"]),
    ] {
        let page = site.sign_in_as(reader).await.get(&format!("/actions/{id}")).await;
        assert_eq!(page.select("main .button-group .button"), buttons, "{reader}");
    }
    let page = action_page(&site, &site.sign_in_as(MANAGER).await, "I").await;
    assert_eq!(page.select("main .button-group .button"), ["Add update", "Reopen", "Edit"]);
}

#[tokio::test]
async fn a_panel_member_reads_an_update_only_once_its_round_is_published() {
    each_database(async |site| {
        let round = open_round(&site, "19 Feb 2018").await;
        let lead = site.actor(EDUCATION_LEAD).await;
        let mut draft = UpdateDraft::of("The competition is judged.");
        draft.reported = Rating::Complete;
        draft.outcome_not_known = true;
        let action = site.action("Aiii").await;
        command::update::add(&site.cx, &lead, action, &draft, None).await.unwrap();

        let panel = site.sign_in_as(PANEL_MEMBER).await;
        let before = action_page(&site, &panel, "Aiii").await;
        assert!(!before.main().contains("The competition is judged."));
        assert!(!before.main().contains("19 Feb 2018"), "{}", before.main());
        assert_eq!(fact(&before, "State"), "Open");
        assert!(fact(&before, "Reported rating").contains("Not recorded"));
        let own = action_page(&site, &site.sign_in_as(MAP_COORDINATOR).await, "Aiii").await;
        assert!(own.main().contains("The competition is judged."), "those of the plan read it at once");

        publish(&site, round).await;
        let after = action_page(&site, &panel, "Aiii").await;
        assert!(after.main().contains("The competition is judged."));
        assert!(fact(&after, "State").starts_with("Complete, from 7 December 2017"));
        assert!(after.main().contains("What difference it has made: not known yet"));
    })
    .await;
}

#[tokio::test]
async fn an_empty_round_that_is_not_published_is_not_told_to_the_panel() {
    let site = Site::appendix_b().await;
    let round = open_round(&site, "19 Feb 2018").await;
    command::round::close(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round, true).await.unwrap();
    site.go_to(day("2018-02-20"));
    let gap = "No update received for 19 Feb 2018";
    let manager = action_page(&site, &site.sign_in_as(MANAGER).await, "Aiii").await;
    assert!(manager.select(".timeline h3").contains(&gap.to_owned()), "{:?}", manager.select(".timeline h3"));
    let panel = action_page(&site, &site.sign_in_as(PANEL_MEMBER).await, "Aiii").await;
    assert!(!panel.main().contains(gap));
}

#[tokio::test]
async fn a_plan_that_is_live_to_the_panel_shows_updates_at_once() {
    let site = Site::appendix_b().await;
    change_plan(&site, |plan| plan.live_to_panel = true).await;
    let lead = site.actor(COMMUNICATIONS_MANAGER).await;
    let draft = UpdateDraft::of("The poster is printed.");
    command::update::add(&site.cx, &lead, site.action("Eii").await, &draft, None).await.unwrap();
    let page = action_page(&site, &site.sign_in_as(PANEL_MEMBER).await, "Eii").await;
    assert!(page.main().contains("The poster is printed."));
}

#[tokio::test]
async fn an_edit_stands_in_the_timeline_with_the_old_words_and_the_new() {
    let site = Site::appendix_b().await;
    let action = site.whole_action("G").await;
    let draft = ActionDraft {
        recommendation: action.recommendation,
        short_title: Some("Governors’ training".to_owned()),
        text: action.text.clone(),
        lead_wording: action.lead_wording.clone(),
        leads: action.leads.clone(),
        contributors: Vec::new(),
        resource: action.resource.clone(),
        resource_kind: action.resource_kind,
        resource_pence: None,
        themes: vec!["Training".to_owned()],
    };
    let manager = site.actor(MANAGER).await;
    command::action::edit(&site.cx, &manager, action.id, action.version, &draft, "Mar 2018").await.unwrap();
    let page = action_page(&site, &site.sign_in_as(PANEL_MEMBER).await, "G").await;
    assert_eq!(page.h1(), "G Governors’ training");
    assert!(page.select(".timeline h3").contains(&"Action edited".to_owned()));
    assert!(page.rows(".timeline table").contains(&vec!["Themes".into(), String::new(), "Training".into()]));
    assert_eq!(fact(&page, "Themes"), "Training");
}

#[tokio::test]
async fn a_text_is_text_whatever_stands_in_it() {
    let site = Site::appendix_b().await;
    let lead = site.actor(EDUCATION_LEAD).await;
    let words = "<script>alert('x')</script> It’s O'Brien & co 🎉 \u{202e}";
    let draft = UpdateDraft::of(words);
    command::update::add(&site.cx, &lead, site.action("Aiii").await, &draft, None).await.unwrap();
    let page = action_page(&site, &site.sign_in_as(MANAGER).await, "Aiii").await;
    assert!(page.main().contains("<script>alert('x')</script> It’s O'Brien & co 🎉"));
    assert_eq!(page.count("script"), 0);
}

#[tokio::test]
async fn the_page_takes_as_many_statements_for_a_long_past_as_for_a_short_one() {
    let (site, statements) = Site::appendix_b().await.counting();
    let browser = site.sign_in_as(MANAGER).await;
    let id = site.action("Aiii").await;
    statements.take();
    browser.get(&format!("/actions/{id}")).await;
    let before = statements.take();
    let lead = site.actor(EDUCATION_LEAD).await;
    for n in 0..20 {
        command::update::add(&site.cx, &lead, id, &UpdateDraft::of(&format!("Step {n}")), None)
            .await
            .unwrap();
    }
    statements.take();
    browser.get(&format!("/actions/{id}")).await;
    assert_eq!(statements.take(), before);
    assert!(before <= 19, "{before}");
}
