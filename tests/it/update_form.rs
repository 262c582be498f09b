//! Writing an update through its form: what it asks, what it refuses, and what it never loses.

use scrutiny_tracker::{
    command::update,
    domain::{
        action::State,
        rating::Rating,
        update::{ReceivedBy, UpdateDraft},
    },
};

use crate::{
    steps::{action_page, change_plan, fact, open_round, publish},
    support::{
        Browser, EDUCATION_LEAD, Form, LSCB_MANAGER, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Site, day,
        each_database,
    },
};

async fn form(site: &Site, browser: &Browser, label: &str) -> Form {
    browser.get(&format!("/actions/{}/updates/new", site.action(label).await)).await.form("Save update")
}

/// A form that would be saved as it is.
async fn filled(site: &Site, browser: &Browser, label: &str) -> Form {
    form(site, browser, label).await.set("narrative", "The plan is drafted.").set("reported", "on_track")
}

async fn updates(site: &Site, label: &str) -> usize {
    site.whole_action(label).await.updates.len()
}

#[tokio::test]
async fn people_who_write_on_one_action_at_once_are_all_kept() {
    each_database(async |site| {
        let (manager, id) = (site.actor(MANAGER).await, site.action("Aiii").await);
        let before = updates(&site, "Aiii").await;
        let write = async |words: &str| {
            let draft = UpdateDraft::of(words);
            update::add(&site.cx, &manager, id, &draft, None).await.map(|_| ())
        };
        let all = tokio::join!(write("One."), write("Two."), write("Three."), write("Four."));
        assert!(matches!(all, (Ok(()), Ok(()), Ok(()), Ok(()))), "{all:?}");
        assert_eq!(updates(&site, "Aiii").await, before + 4);
    })
    .await;
}

#[tokio::test]
async fn a_lead_writes_an_update_and_reads_it_on_the_action() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let page = filled(&site, &browser, "Aiii")
            .await
            .set("narrative", "The plan is drafted.\r\n\r\nIt’s with the schools.")
            .set("next_steps", "Print it by March.")
            .set("speaks_of", "4 December 2017")
            .submit()
            .await;
        assert!(page.main().contains("Update added to Aiii"));
        let headings = page.select(".timeline h3");
        assert_eq!(headings[0], "Update between rounds");
        assert!(
            page.main().contains(
                "Written on 7 December 2017, speaks of 4 December 2017, Education Safeguarding Lead"
            )
        );
        assert!(page.select(".timeline .prose p").contains(&"It’s with the schools.".to_owned()));
        assert!(page.main().contains("Next steps: Print it by March."));
        assert!(fact(&page, "Reported rating").starts_with("● On track"));
    })
    .await;
}

#[tokio::test]
async fn a_double_click_makes_one_update() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let form = filled(&site, &browser, "Aiii").await;
        let before = updates(&site, "Aiii").await;
        let (one, two) = tokio::join!(form.send(), form.send());
        assert_eq!((one.status, two.status), (303, 303));
        assert_eq!(updates(&site, "Aiii").await, before + 1);
        let third = form.submit().await;
        assert!(third.main().contains("This update was saved already"));
        assert_eq!(updates(&site, "Aiii").await, before + 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_words_in_a_form_fetched_anew_make_one_update() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let before = updates(&site, "Aiii").await;
        filled(&site, &browser, "Aiii").await.submit().await;
        // What a browser does on the way back: a new form, with a new token, and what was typed before.
        let page = filled(&site, &browser, "Aiii").await.submit().await;
        assert!(page.main().contains("This update was saved already"), "{}", page.main());
        assert_eq!(updates(&site, "Aiii").await, before + 1);
        // Whatever is added to it is an update again, if that is what they want.
        let page =
            filled(&site, &browser, "Aiii").await.set("next_steps", "Print it by April.").submit().await;
        assert_eq!(page.status, 422);
        let page = page.form("Save update").submit().await;
        assert!(page.main().contains("Update added to Aiii"), "{}", page.main());
        assert_eq!(updates(&site, "Aiii").await, before + 2);
    })
    .await;
}

#[tokio::test]
async fn the_back_button_with_another_text_shows_both_and_saves_both() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let form = filled(&site, &browser, "Aiii").await;
        let before = updates(&site, "Aiii").await;
        form.submit().await;
        let page = form.set("narrative", "The plan is printed.").submit().await;
        assert_eq!(page.status, 422);
        let both = page.select(".both-texts > div");
        assert_eq!(both, ["Saved before The plan is drafted.", "What you typed now The plan is printed."]);
        let page = page.form("Save update").submit().await;
        assert!(page.main().contains("Update added to Aiii"), "{}", page.main());
        assert_eq!(updates(&site, "Aiii").await, before + 2);
    })
    .await;
}

#[tokio::test]
async fn the_back_button_with_another_rating_is_not_taken_for_a_double_click() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let form = filled(&site, &browser, "Aiii").await;
    form.submit().await;
    let page = form.set("reported", "not_recorded").submit().await;
    assert_eq!(page.status, 422);
    assert!(page.errors()[0].contains("saved before, with other answers"), "{:?}", page.errors());
}

#[tokio::test]
async fn the_lead_of_another_action_and_a_panel_member_are_told_who_may() {
    let site = Site::appendix_b().await;
    let id = site.action("Aiii").await;
    let before = updates(&site, "Aiii").await;
    for who in [MAP_COORDINATOR, PANEL_MEMBER] {
        let browser = site.sign_in_as(who).await;
        let path = format!("/actions/{id}/updates/new");
        for page in [
            browser.get(&path).await,
            browser.post(&path, &[("narrative", "Mine"), ("reported", "on_track")]).await,
        ] {
            assert_eq!(page.status, 403, "{who}");
            assert!(
                page.main()
                    .contains("Only a manager, a lead of this action or a contributor to it can do this"),
                "{}",
                page.main()
            );
        }
    }
    assert_eq!(updates(&site, "Aiii").await, before);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let page = form(&site, &browser, "Aiii")
        .await
        .set("reported", "at_risk")
        .set("deadline_right", "no")
        .set("wording", "31 Feb 2018")
        .set("next_steps", "Ask “everyone” <again>")
        .set("speaks_of", "soon")
        .set("evidence_address", "https://example.org/report")
        .set("evidence_figures", "delegates: 78\nmany schools")
        .submit()
        .await;
    assert_eq!(page.status, 422);
    assert!(page.title().starts_with("Error: "));
    assert_eq!(
        page.errors(),
        [
            "Write what has happened",
            "Say what will put it right, and by when",
            "31 February 2018 is not a real date: February 2018 has 28 days",
            "Say why another date is needed",
            "Enter one day, for example 19 February 2018",
            "Say what the evidence is, for example “Report on the conference”",
            "Write each figure on a line of its own with a colon, for example “delegates: 78”: “many schools” has none",
        ]
    );
    let again = page.form("Save update").fields();
    for (name, value) in [
        ("reported", "at_risk"),
        ("deadline_right", "no"),
        ("wording", "31 Feb 2018"),
        ("next_steps", "Ask “everyone” <again>"),
        ("speaks_of", "soon"),
        ("evidence_address", "https://example.org/report"),
        ("evidence_figures", "delegates: 78\r\nmany schools"),
    ] {
        assert!(again.contains(&(name.to_owned(), value.to_owned())), "{name} in {again:?}");
    }
    assert_eq!(page.count("details[open] #speaks_of"), 1, "no error hides in what is folded away");
}

#[tokio::test]
async fn a_rating_has_to_be_chosen_and_not_recorded_is_an_answer() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let page = form(&site, &browser, "Aiii").await.set("narrative", "No change").submit().await;
    assert_eq!(page.errors(), ["Choose how it is going, or “Not recorded” if you can’t say yet"]);
    let page = page.form("Save update").set("reported", "not_recorded").submit().await;
    assert!(page.main().contains("Update added to Aiii"));
}

#[tokio::test]
async fn twenty_thousand_characters_are_taken_and_one_more_is_refused_with_everything_kept() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let long = "é".repeat(20_001);
        let page = filled(&site, &browser, "Aiii").await.set("narrative", &long).submit().await;
        assert_eq!(page.status, 422);
        assert_eq!(page.errors(), ["Shorten this by 1 character: it can hold 20000"]);
        assert_eq!(page.count("input[value=on_track][checked]"), 1);
        let kept = page.form("Save update").fields().into_iter().find(|(name, _)| name == "narrative");
        assert_eq!(kept.unwrap().1, long);
        let page = page.form("Save update").set("narrative", &"é".repeat(20_000)).submit().await;
        assert!(page.main().contains("Update added to Aiii"));
        let latest = site.whole_action("Aiii").await.updates.pop().unwrap();
        assert_eq!(latest.narrative.chars().count(), 20_000);
    })
    .await;
}

#[tokio::test]
async fn saying_complete_asks_what_difference_it_made_and_not_known_yet_is_an_answer() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let page = filled(&site, &browser, "Aiii").await.set("reported", "complete").submit().await;
        assert_eq!(
            page.errors(),
            ["Say what difference it has made or how you will know, or tick “Not known yet”"]
        );
        let page = page.form("Save update").tick("outcome_not_known").tick("continuing").submit().await;
        assert!(
            fact(&page, "State")
                .starts_with("Complete, continues as business as usual, from 7 December 2017")
        );
        assert!(fact(&page, "What the facts say").contains("reported complete, not yet agreed"));
    })
    .await;
}

#[tokio::test]
async fn saying_complete_makes_it_complete_and_at_risk_later_opens_it_again() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let complete =
            filled(&site, &browser, "Aiii").await.set("reported", "complete").set("outcome", "Fewer calls");
        let page = complete.submit().await;
        assert!(fact(&page, "State").starts_with("Complete, from 7 December 2017"));
        site.go_to(day("2017-12-11"));
        assert_eq!(site.whole_action("Aiii").await.state_at(site.today()), State::Complete);
        let at_risk = filled(&site, &browser, "Aiii").await.set("reported", "at_risk");
        let page = at_risk.set("put_right_at_risk", "A second print run by March").submit().await;
        assert!(fact(&page, "State").starts_with("Open, from 11 December 2017"), "{}", fact(&page, "State"));
        assert!(page.main().contains("What will put it right, and by when: A second print run by March"));
        assert!(page.select(".timeline h3").contains(&"Opened again".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn what_was_promised_is_asked_for_next_time_and_the_answer_is_shown() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let first = form(&site, &browser, "Aiii").await;
    assert!(!first.names().contains(&"promise".to_owned()), "nothing was promised yet");
    filled(&site, &browser, "Aiii").await.set("next_steps", "Print the plan.").submit().await;
    site.go_to(day("2017-12-08"));
    let page = browser.get(&format!("/actions/{}/updates/new", site.action("Aiii").await)).await;
    assert!(
        page.main().contains("Did that happen? (optional) Last time you said: Print the plan."),
        "{}",
        page.main()
    );
    assert!(page.main().contains("What has happened since 7 December 2017?"));
    let form = page.form("Save update").set("promise", "partly").set("narrative", "Half of it.");
    let page = form.set("reported", "on_track").submit().await;
    assert!(page.main().contains("Did what was said last time happen? Partly"));
}

#[tokio::test]
async fn another_date_is_asked_for_along_with_an_update_and_changes_nothing_yet() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let form = filled(&site, &browser, "Aiii").await.set("deadline_right", "no");
        let page =
            form.set("wording", "March 2018").set("reason", "The competition closes late").submit().await;
        assert!(page.main().contains("Update added to Aiii, and March 2018 asked for"));
        let by_when = fact(&page, "By when");
        assert!(by_when.starts_with("Sept 2017 Overdue by 68 days"), "{by_when}");
        assert!(
            by_when.contains(
                "March 2018 asked for by Education Safeguarding Lead on 7 December 2017, not decided"
            )
        );
        assert!(by_when.contains("Reason: The competition closes late"));
        let next = browser.get(&format!("/actions/{}/updates/new", site.action("Aiii").await)).await;
        assert!(next.main().contains("March 2018 is asked for, not decided"));
        assert!(!next.form("Save update").names().contains(&"wording".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_refused_date_saves_no_half_of_the_form() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let before = updates(&site, "Aiii").await;
    let form = filled(&site, &browser, "Aiii").await.set("deadline_right", "no").set("reason", "None");
    let page = form.set("wording", "September 2017").submit().await;
    assert_eq!(page.errors(), ["This is the deadline already"]);
    assert_eq!(updates(&site, "Aiii").await, before);
    let page = page.form("Save update").set("wording", "May 2018").submit().await;
    assert!(page.main().contains("May 2018 asked for"));
    assert_eq!(updates(&site, "Aiii").await, before + 1);
}

#[tokio::test]
async fn what_is_complete_needs_no_other_date() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let form = filled(&site, &browser, "Aiii").await.set("reported", "complete").tick("outcome_not_known");
    let form = form.set("deadline_right", "no").set("wording", "May 2018").set("reason", "?");
    let page = form.submit().await;
    assert_eq!(
        page.errors(),
        ["You say that it is complete, so it needs no other date: choose Yes, or another rating"]
    );
}

#[tokio::test]
async fn evidence_keeps_its_figures_and_only_a_web_address_becomes_a_link() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let form = filled(&site, &browser, "Aiii")
            .await
            .set("evidence_title", "Survey of schools")
            .set("evidence_address", "https://example.org/survey?a=1&b=2")
            .set("evidence_figures", "schools: 35\n\nratio 1:2: half\n");
        let page = form.submit().await;
        assert_eq!(page.link("Survey of schools"), "https://example.org/survey?a=1&b=2");
        assert_eq!(page.select(".timeline ul li"), ["schools: 35", "ratio 1:2: half"]);
        let form = filled(&site, &browser, "Aiii").await.set("evidence_title", "Click");
        let page = form.set("evidence_address", "javascript:alert(1)").submit().await;
        assert!(page.main().contains("Click, javascript:alert(1)"));
    })
    .await;
}

#[tokio::test]
async fn a_manager_enters_an_update_for_somebody_else_and_a_lead_cannot() {
    each_database(async |site| {
        let manager = site.sign_in_as(MANAGER).await;
        let form =
            filled(&site, &manager, "Aiii").await.tick("for_other").set("received_on", "8 December 2017");
        let page = form.submit().await;
        assert_eq!(
            page.errors(),
            [
                "Say for whom you enter this",
                "Choose how you received it",
                "The day on which you received it can’t lie in the future",
            ]
        );
        let form = page.form("Save update").set("entered_for", "the Education Safeguarding Lead");
        let form = form.set("received_by", ReceivedBy::Phone.code()).set("received_on", "4/12/17");
        let page = form.submit().await;
        assert!(page.main().contains(
            "entered by Risk and Resilience Manager for the Education Safeguarding Lead, \
             received by phone on 4 December 2017"
        ));
        let lead = site.sign_in_as(EDUCATION_LEAD).await;
        let names = self::form(&site, &lead, "Aiii").await.names();
        assert!(!names.contains(&"for_other".to_owned()), "{names:?}");
    })
    .await;
}

#[tokio::test]
async fn propose_complete_opens_the_form_with_complete_chosen() {
    let site = Site::appendix_b().await;
    let page = action_page(&site, &site.sign_in_as(EDUCATION_LEAD).await, "Aiii").await;
    let form = page.click("Propose complete").await;
    assert_eq!(form.count("input[name=reported][value=complete][checked]"), 1);
    let form = page.click("Add update").await;
    assert_eq!(form.count("input[name=reported][checked]"), 0);
}

#[tokio::test]
async fn the_form_shows_this_plans_words_and_says_who_reads_it_and_from_when() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let path = format!("/actions/{}/updates/new", site.action("Aiii").await);
    let page = browser.get(&path).await;
    assert!(page.main().contains("Do not name children or families."));
    assert!(page.main().contains("What the words mean in this plan: not stated in the source."));
    assert!(
        page.main().contains(
            "No round is open. The panel will read this with the next round, once that is published"
        )
    );
    open_round(&site, "19 Feb 2018").await;
    let page = browser.get(&path).await;
    assert!(
        page.main()
            .contains("The panel will read this from 9 February 2018, for its meeting on 19 February 2018.")
    );
    change_plan(&site, |plan| {
        plan.live_to_panel = true;
        plan.key = scrutiny_tracker::domain::rating::RagKey::standard();
    })
    .await;
    let page = browser.get(&path).await;
    assert!(page.main().contains("The panel can read this at once."));
    assert!(page.main().contains("▲ Amber at risk: a date or result may slip"), "{}", page.main());
}

#[tokio::test]
async fn joint_leads_may_both_write() {
    let site = Site::appendix_b().await;
    let page = filled(&site, &site.sign_in_as(LSCB_MANAGER).await, "G").await.submit().await;
    assert!(page.main().contains("Update added to G"));
}

#[tokio::test]
async fn a_correction_stands_beside_what_it_corrects() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let with_evidence = filled(&site, &browser, "Aiii").await.set("evidence_title", "Survey");
        let page = with_evidence.set("evidence_figures", "schools: 35").submit().await;
        let form = page.click("Correct this update, between rounds").await.form("Save update");
        let fields = form.fields();
        assert!(fields.contains(&("narrative".to_owned(), "The plan is drafted.".to_owned())), "{fields:?}");
        assert!(fields.contains(&("evidence_figures".to_owned(), "schools: 35".to_owned())), "{fields:?}");
        let page = form.set("narrative", "The plan is half drafted.").submit().await;
        assert!(page.main().contains("Update on Aiii corrected"));
        assert!(page.main().contains("This has been corrected. See the correction"));
        assert!(page.main().contains("This corrects an earlier update."));
        let action = site.whole_action("Aiii").await;
        assert_eq!(action.latest_at(site.today()).unwrap().narrative, "The plan is half drafted.");
        let old = action.updates.iter().find(|u| u.narrative == "The plan is drafted.").unwrap().id;
        let page = browser.get(&format!("/updates/{old}/correction")).await;
        assert!(page.main().contains("That update has been corrected already"));
    })
    .await;
}

#[tokio::test]
async fn correcting_an_older_update_does_not_make_it_the_latest_word() {
    each_database(async |site| {
        let manager = site.sign_in_as(MANAGER).await;
        let page = action_page(&site, &manager, "H").await;
        let form = page.click("Correct this update, Sept 2017").await.form("Save update");
        let page = form
            .set("narrative", "Put right.")
            .set("reported", "at_risk")
            .set("put_right_at_risk", "x")
            .submit()
            .await;
        assert!(
            fact(&page, "State").starts_with("Complete, from 7 December 2017"),
            "{}",
            fact(&page, "State")
        );
        assert!(fact(&page, "Reported rating").contains("Complete"));
        let my = manager.get("/my-actions").await;
        let h = my.rows("table").into_iter().find(|row| row[0].starts_with("H ")).unwrap();
        assert!(h[2].contains("Complete"), "what the short record says: {h:?}");
    })
    .await;
}

#[tokio::test]
async fn taking_back_a_completion_by_correcting_it_opens_the_action_again() {
    each_database(async |site| {
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let form =
            filled(&site, &browser, "Aiii").await.set("reported", "complete").tick("outcome_not_known");
        let page = form.submit().await;
        let form = page.click("Correct this update, between rounds").await.form("Save update");
        let page = form.set("reported", "not_recorded").submit().await;
        assert!(fact(&page, "State").starts_with("Open"), "{}", fact(&page, "State"));
    })
    .await;
}

#[tokio::test]
async fn only_those_who_may_write_on_it_can_correct_an_update() {
    let site = Site::appendix_b().await;
    let update = site.whole_action("Aiii").await.updates[0].id;
    for who in [MAP_COORDINATOR, PANEL_MEMBER] {
        let page = site.sign_in_as(who).await.get(&format!("/updates/{update}/correction")).await;
        assert_eq!(page.status, 403, "{who}");
    }
}

#[tokio::test]
async fn an_update_in_an_open_round_stands_under_its_name() {
    let site = Site::appendix_b().await;
    let round = open_round(&site, "19 Feb 2018").await;
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let page = filled(&site, &browser, "Aiii").await.submit().await;
    assert_eq!(page.select(".timeline h3")[0], "Update for 19 Feb 2018");
    publish(&site, round).await;
    let latest = site.whole_action("Aiii").await.updates.pop().unwrap();
    assert_eq!((latest.round, latest.reported), (Some(round), Rating::OnTrack));
}
