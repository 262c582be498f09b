//! The forms of plans, recommendations, variations and actions, filled as a person would.

use scrutiny_tracker::{
    command,
    domain::{action::State, post::Lead},
    link::path,
};

use crate::steps::change_plan;
use crate::support::{
    APPENDIX_B, Form, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, SCRUTINY_OFFICER, Site, day, each_database,
    each_empty_database,
};

/// The ready-made values of a new action, but for its deadline.
fn action(form: Form) -> Form {
    form.set("text", "Ask every governor’s board").set("lead_wording", "N/A")
}

#[tokio::test]
async fn a_plan_is_made_from_nothing_and_gets_a_recommendation_and_an_action() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let form = browser.get("/plans").await.click("New plan").await.form("Make plan");
        assert_eq!(form.value("on_track"), "Green", "a new plan starts with the standard key");
        assert_eq!(form.value("off_track_colour"), "red");
        let form = form
            .set("title", "Children’s homes: O'Brien review")
            .set("kind", "case_review")
            .set("panel", "Children and Young People’s Learning Scrutiny Panel")
            .tick("panel_grants_dates")
            .set("closed", "Stopped")
            .set("closed_colour", "plain")
            .set("closed_meaning", "no longer needed");
        // A panel is its officers' to add; in other capitals it is the same one.
        let refused = form.submit().await;
        assert_eq!(
            refused.errors(),
            ["There is no panel with this name, and only a scrutiny officer can add one. There is Community Safety and Leisure Scrutiny Panel"]
        );
        let officer = site.actor(SCRUTINY_OFFICER).await;
        let name = "Children and young people’s Learning Scrutiny Panel";
        let panel = command::meeting::panel::create(&site.cx, &officer, name).await.unwrap();
        let page = form.submit().await;
        assert_eq!(site.record_of("childrens-homes-obrien-review").await.plan.panel_id, Some(panel));
        assert_eq!(page.path, "/plans/childrens-homes-obrien-review");
        assert!(page.main().contains("Plan made"));
        assert!(page.main().contains("This plan is still empty"));

        let form = page.click("Add the first recommendation").await.form("Add recommendation");
        let page = form
            .set("printed", "1)")
            .set("text", "That every child is asked")
            .set("sent_on", "6 December 2017")
            .submit()
            .await;
        assert!(
            page.main().contains("Recommendation 1 added. The executive response is due by 6 February 2018"),
            "{}",
            page.main()
        );
        assert!(page.main().contains("No action yet"));

        // Until it is agreed, its manager puts the recommendations in.
        let form = page.click("Edit plan").await.form("Save plan");
        let page = form.set("agreed_on", "6 December 2017").submit().await;
        assert!(!page.select("main a").contains(&"Add recommendation".to_owned()));

        let form = page.click("Add an action to 1").await.form("Add action");
        let page = action(form)
            .set("by_when", "End of March 2018")
            .set("resource_amount", "£1,200.50")
            .set("themes", "homes, voice")
            .submit()
            .await;
        assert!(
            page.text().contains("Action added. Deadline read as: end of March 2018 (21 to 31 March 2018)"),
            "{}",
            page.text()
        );
        let record = site.record_of("childrens-homes-obrien-review").await;
        assert_eq!(record.plan.agreed_on, Some(day("2017-12-06")));
        assert!(record.plan.panel_grants_dates && !record.plan.live_to_panel);
        assert_eq!(record.plan.key.entries().count(), 5);
        let made = &record.actions[0];
        assert_eq!((made.label.as_str(), made.resource_pence), ("1", Some(120_050)));
        assert_eq!(made.themes, ["homes", "voice"]);
        assert_eq!(made.recommendation, Some(record.recommendations[0].id));
    })
    .await;
}

#[tokio::test]
async fn without_a_post_no_plan_can_be_made_and_the_form_says_where_to_begin() {
    each_empty_database(async |site| {
        let draft = scrutiny_tracker::command::person::PersonDraft {
            name: "Manager".to_owned(),
            email: "manager@example.org".to_owned(),
            grants: vec![scrutiny_tracker::domain::access::Grant::everywhere(
                scrutiny_tracker::domain::access::Role::Manager,
            )],
        };
        scrutiny_tracker::command::person::create(
            &site.cx,
            &scrutiny_tracker::domain::access::Actor::program("test"),
            &draft,
        )
        .await
        .unwrap();
        let browser = site.sign_in_as("manager@example.org").await;
        let page = browser.get("/plans").await;
        assert!(page.main().contains("No plans yet"));
        let page = page.click("Make the first plan").await;
        assert!(page.main().contains("Add a post first"));
        assert_eq!(page.link("Add a post"), "/posts/new");
    })
    .await;
}

#[tokio::test]
async fn a_plan_that_is_refused_keeps_everything_typed_and_says_all_that_is_wrong() {
    let site = Site::appendix_b().await;
    let form = site.sign_in_as(MANAGER).await.get("/plans/new").await.form("Make plan");
    let page = form
        .set("panel", "Panel <b>of</b> O'Brien")
        .set("slug", "Appendix B!")
        .set("origin_on", "31 Feb 2018")
        .set("manager", "")
        .set("at_risk_meaning", "")
        .set("not_started_meaning", "waiting")
        .set("off_track", "Green")
        .tick("live_to_panel")
        .submit()
        .await;
    assert_eq!(page.status, 422);
    assert!(page.title().starts_with("Error: "));
    assert_eq!(
        page.errors(),
        [
            "Enter the plan’s title",
            "Use small letters, figures and hyphens, for example digital-safeguarding",
            "31 February 2018 is not a real date: February 2018 has 28 days",
            "Choose the post that manages the plan",
            "Enter this plan’s word for it, or clear its meaning",
            "Enter what “Amber” means in this plan",
            "“Green” stands for another kind already: give each its own word",
        ]
    );
    let form = page.form("Make plan");
    for (name, typed) in [
        ("panel", "Panel <b>of</b> O'Brien"),
        ("slug", "Appendix B!"),
        ("origin_on", "31 Feb 2018"),
        ("off_track", "Green"),
    ] {
        assert_eq!(form.value(name), typed);
    }
    assert!(form.is_ticked("live_to_panel"));
}

#[tokio::test]
async fn a_name_in_the_address_that_is_taken_is_refused_beside_its_field() {
    each_database(async |site| {
        let form = site.sign_in_as(MANAGER).await.get("/plans/new").await.form("Make plan");
        let page = form.set("title", "Another").set("slug", APPENDIX_B).submit().await;
        assert_eq!(page.status, 422);
        assert_eq!(page.errors(), ["Another plan has this name in its address: choose another"]);
        assert_eq!(page.form("Make plan").value("title"), "Another");
    })
    .await;
}

#[tokio::test]
async fn two_people_who_save_the_same_plan_are_shown_both_texts() {
    each_database(async |site| {
        let address = path::edit_plan(APPENDIX_B);
        let first = site.sign_in_as(MANAGER).await.get(&address).await.form("Save plan");
        let second = site.sign_in_as(MANAGER).await.get(&address).await.form("Save plan");
        assert_eq!(first.set("director", "Director of Education").submit().await.status, 200);
        let page = second.set("director", "Director O'Neill").send().await;
        assert_eq!(page.status, 409);
        let both = page.select(".both-texts").concat();
        assert!(both.contains("Director of Education") && both.contains("Director O'Neill"), "{both}");
        assert!(!both.contains("Panel"), "only what differs: {both}");
        // Saved again by somebody who has seen both, it holds.
        let page = page.form("Save plan").submit().await;
        assert_eq!(page.status, 200);
        assert_eq!(site.record().await.plan.director.as_deref(), Some("Director O'Neill"));
    })
    .await;
}

#[tokio::test]
async fn two_people_who_save_the_same_recommendation_or_action_are_shown_both_texts() {
    let site = Site::appendix_b().await;
    let record = site.record().await;
    let recommendation =
        record.recommendations.iter().find(|r| r.reference.as_deref() == Some("J")).unwrap().id;
    let action = site.action("J").await;
    for (who, address, button) in [
        (SCRUTINY_OFFICER, path::edit_recommendation(recommendation), "Save recommendation"),
        (MANAGER, path::edit_action(action), "Save action"),
    ] {
        let browser = site.sign_in_as(who).await;
        let (first, second) = (browser.get(&address).await, browser.get(&address).await);
        let page = first.form(button).set("text", "What the first one wrote").submit().await;
        assert_eq!(page.status, 200, "{address}");
        let rejected = second.form(button).set("text", "").send().await;
        assert_eq!(rejected.status, 422);
        // A form that was refused still knows which state its writer saw.
        let page = rejected.form(button).set("text", "What the second one wrote").send().await;
        assert_eq!(page.status, 409, "{address}");
        let both = page.select(".both-texts").concat();
        assert!(
            both.contains("What the first one wrote") && both.contains("What the second one wrote"),
            "{both}"
        );
        assert_eq!(page.form(button).value("text"), "What the second one wrote");
        assert_eq!(page.form(button).submit().await.status, 200, "{address}");
    }
    assert_eq!(site.whole_action("J").await.text, "What the second one wrote");
}

#[tokio::test]
async fn the_end_of_monitoring_is_asked_for_with_its_day_its_meeting_and_who_keeps_what() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let page = browser.get(&path::plan(APPENDIX_B)).await.click("End the monitoring of this plan").await;
        assert!(
            page.main().contains(
                "All mail about this plan stops, and no round asks for it any more. Its pages stay"
            )
        );
        let page =
            page.form("End monitoring").set("on", "8 December 2017").set("by", "The panel").submit().await;
        assert_eq!(page.errors(), ["Enter what stays open and who keeps it, or “nothing”"]);
        let page = page.form("End monitoring").set("note", "Aiii, kept by the Network").submit().await;
        assert_eq!(page.errors(), ["The day on which monitoring ended can’t lie in the future"]);
        assert!(page.main().contains("10 actions are still open"), "{}", page.main());
        assert!(page.main().contains("(Education Safeguarding Lead)"));
        let form = page.form("End monitoring").set("on", "7 December 2017").set("minute", "17/46");
        let page = form.submit().await;
        assert!(page.main().contains("Monitoring has ended"));
        assert!(page.main().contains("agreed by The panel (minute 17/46)"));
        assert!(page.main().contains("Aiii, kept by the Network"));
        assert_eq!(site.record().await.plan.monitoring_ended_on, Some(day("2017-12-07")));
        let page = browser.get("/plans/appendix-b/end-of-monitoring").await;
        assert_eq!((page.status, page.select("main button")), (200, vec!["Take it back".to_owned()]));
    })
    .await;
}

#[tokio::test]
async fn a_bare_number_gets_its_full_reference_from_the_recommendation_before() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    let address = path::new_recommendation(APPENDIX_B);
    for (printed, expected) in [("L", "L"), ("i", "L-i"), ("ii)", "L-ii")] {
        let form = browser.get(&address).await.form("Add recommendation");
        let page = form.set("printed", printed).set("text", "That it is done").submit().await;
        assert!(page.main().contains(&format!("Recommendation {expected} added")), "{printed}");
    }
    let form = browser.get(&address).await.form("Add recommendation");
    let page = form.set("printed", "Ai").set("text", "Again").submit().await;
    assert_eq!(page.errors(), ["Another recommendation of this plan has this reference"]);
}

#[tokio::test]
async fn a_rejected_recommendation_needs_its_reasons() {
    let site = Site::appendix_b().await;
    let form = site.sign_in_as(SCRUTINY_OFFICER).await.get(&path::new_recommendation(APPENDIX_B)).await;
    let page = form
        .form("Add recommendation")
        .set("text", "That it is done")
        .set("response", "rejected")
        .set("response_on", "1 October 2017")
        .set("sent_on", "2 October 2017")
        .submit()
        .await;
    assert_eq!(
        page.errors(),
        [
            "Enter the reasons: they stand in the table in place of a rating",
            "The response can’t be earlier than the day on which it was asked for",
        ]
    );
    assert!(page.main().contains("The response is due by 2 December 2017"));
}

#[tokio::test]
async fn a_variation_keeps_the_old_wording_beside_the_new_and_is_recorded_once() {
    each_database(async |site| {
        let record = site.record().await;
        let id = record.recommendations.iter().find(|r| r.reference.as_deref() == Some("G")).unwrap().id;
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = browser.get(&path::edit_recommendation(id)).await.click("Record a variation").await;
        let form = page.form("Record variation");
        let was = form.value("was");
        let page = form.submit().await;
        assert_eq!(page.errors(), ["Change the wording: it is the same as before", "Enter who agreed to it"]);
        let form =
            page.form("Record variation").set("now", "Once a year").set("agreed_by", "The Panel’s Chair");
        let page = form.submit().await;
        assert!(page.main().contains("Varied, agreed by The Panel’s Chair"));
        form.submit().await;
        let record = site.record().await;
        let varied = record.recommendation(id).unwrap();
        assert_eq!(varied.variations.len(), 1, "a double click records it once");
        assert_eq!(
            varied.text.split_whitespace().collect::<Vec<_>>(),
            was.split_whitespace().collect::<Vec<_>>()
        );
    })
    .await;
}

#[tokio::test]
async fn a_day_that_does_not_exist_is_refused_in_words_and_everything_typed_stays() {
    each_database(async |site| {
        let form = site.sign_in_as(MANAGER).await.get(&path::new_action(APPENDIX_B)).await.form("Add action");
        let long = "An apostrophe’s text, 😀, <script>alert(1)</script>. ".repeat(300);
        let contributor = site.person(MAP_COORDINATOR).await.to_string();
        let page = form
            .set("text", &long)
            .set("by_when", "31 Feb 2018")
            .set("named", "Siobhán O'Neill")
            .set("resource_amount", "a lot")
            .tick_value("contributor", &contributor)
            .submit()
            .await;
        assert_eq!(page.status, 422);
        assert_eq!(
            page.errors(),
            [
                "31 February 2018 is not a real date: February 2018 has 28 days",
                "Choose the post that this person is named beside",
                "Enter an amount in pounds, for example 1,200 or 1,200.50",
            ]
        );
        let form = page.form("Add action");
        assert_eq!(form.value("text").trim(), long.trim());
        assert_eq!(form.value("by_when"), "31 Feb 2018");
        assert_eq!(form.value("named"), "Siobhán O'Neill");
        assert_eq!(form.value("contributor"), contributor);
        let record = site.record().await;
        let post = record.posts[0].id.to_string();
        let page =
            form.set("by_when", "28 Feb 2018").set("post_1", &post).set("resource_amount", "").submit().await;
        assert_eq!(page.status, 200, "{:?}", page.errors());
        let made = site.whole_action("Action 2").await;
        assert_eq!(made.text, long.trim());
        assert_eq!(made.contributors.len(), 1);
        assert_eq!(
            made.leads,
            [Lead::Post { post: record.posts[0].id, named: Some("Siobhán O'Neill".to_owned()) }]
        );
        assert_eq!(made.lead_wording, format!("{} (Siobhán O'Neill)", record.posts[0].name));
    })
    .await;
}

#[tokio::test]
async fn a_text_of_more_than_20_000_characters_is_refused_and_kept() {
    let site = Site::appendix_b().await;
    let form = site.sign_in_as(MANAGER).await.get(&path::new_action(APPENDIX_B)).await.form("Add action");
    let page = form.set("text", &"é".repeat(20_001)).submit().await;
    assert_eq!(page.errors(), ["Shorten this by 1 character: it can hold 20000"]);
    let form = page.form("Add action");
    assert_eq!(form.value("text").trim().chars().count(), 20_001);
    assert_eq!(form.set("text", &"é".repeat(20_000)).submit().await.status, 200);
}

#[tokio::test]
async fn of_two_readings_of_a_deadline_a_person_chooses_one() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let form = || async { action(browser.get(&path::new_action(APPENDIX_B)).await.form("Add action")) };
        let asked = form().await.set("by_when", "July 18").submit().await;
        assert_eq!((asked.status, asked.errors()), (422, vec!["What does “July 18” mean?".to_owned()]));
        let choice = asked.form("Add action");
        let choices = choice.choices("by_when_reading");
        assert_eq!(choices.len(), 2);
        assert!(asked.main().contains("1 to 31 July 2018"), "{}", asked.main());

        // As written: the wording stays, read as a month because most of the plan's deadlines are months.
        let page = choice.clone().set("by_when_reading", &choices[0]).submit().await;
        assert!(page.text().contains("Deadline read as: 1 to 31 July 2018"), "{}", page.text());
        let kept = site.whole_action("Action 2").await;
        let original = kept.original().unwrap();
        assert_eq!((original.wording.as_str(), original.latest()), ("July 18", Some(day("2018-07-31"))));

        // The other: the wording is what can only be read so.
        let page = choice.clone().set("by_when_reading", &choices[1]).submit().await;
        assert_eq!(page.status, 200);
        let other = site.whole_action("Action 3").await;
        let original = other.original().unwrap();
        assert_eq!((original.wording.as_str(), original.latest()), ("18 July 2018", Some(day("2018-07-18"))));

        // A choice does not hold for other words typed after it.
        let page = choice.set("by_when_reading", &choices[1]).set("by_when", "July 19").submit().await;
        assert_eq!(page.errors(), ["What does “July 19” mean?"]);
    })
    .await;
}

#[tokio::test]
async fn a_choice_of_reading_stays_when_something_else_is_wrong() {
    let site = Site::appendix_b().await;
    let form = site.sign_in_as(MANAGER).await.get(&path::new_action(APPENDIX_B)).await.form("Add action");
    let choice = action(form).set("by_when", "July 18").submit().await.form("Add action");
    let choices = choice.choices("by_when_reading");
    let page = choice.set("by_when_reading", &choices[1]).set("text", "").submit().await;
    assert_eq!(page.errors(), ["Enter what will be done"]);
    let form = page.form("Add action");
    assert_eq!(form.value("by_when_reading"), choices[1]);
    assert_eq!(form.set("text", "It").submit().await.status, 200);
}

#[tokio::test]
async fn the_date_of_an_action_is_a_fact_on_its_form_and_changed_elsewhere() {
    let site = Site::appendix_b().await;
    let aiii = site.action("Aiii").await;
    let browser = site.sign_in_as(MANAGER).await;
    let page = browser.get(&path::edit_action(aiii)).await;
    assert!(page.main().contains("By when: Sept 2017"));
    assert_eq!(page.link("Change the deadline"), path::new_deadline(aiii));
    let form = page.form("Save action");
    assert!(!form.has("by_when"));
    let page = form.set("short_title", "Three-point plan").submit().await;
    assert!(page.text().contains("Aiii saved"));
    let after = site.whole_action("Aiii").await;
    assert_eq!(after.original().unwrap().wording, "Sept 2017");
    assert_eq!(after.short_title.as_deref(), Some("Three-point plan"));
    assert_eq!((after.leads.len(), after.state_at(site.today())), (1, State::Open));
}

#[tokio::test]
async fn an_action_without_a_date_gets_one_from_its_form() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let form = action(browser.get(&path::new_action(APPENDIX_B)).await.form("Add action"));
        let page = form.set("by_when", "Ongoing").submit().await;
        assert!(page.text().contains("Action added. Deadline:"), "{}", page.text());
        let id = site.action("Action 2").await;
        let form = browser.get(&path::edit_action(id)).await.form("Save action");
        let page = form.set("by_when", "Q3 2018").submit().await;
        assert!(page.text().contains("Action 2 saved. Deadline read as:"), "{}", page.text());
        let latest = site.whole_action("Action 2").await.original().unwrap().latest();
        assert_eq!(latest, Some(day("2018-12-31")), "the third quarter of a financial year");
    })
    .await;
}

#[tokio::test]
async fn editing_an_action_loses_nothing_that_it_holds() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        for label in ["Action 1", "Aiv", "Eii", "H", "F", "K"] {
            let before = site.whole_action(label).await;
            let page = browser.get(&path::edit_action(before.id)).await.form("Save action").submit().await;
            assert_eq!(page.status, 200, "{label}");
            let mut after = site.whole_action(label).await;
            assert_eq!(after.version, before.version + 1);
            after.version = before.version;
            assert_eq!(after, before, "{label}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_first_action_of_a_recommendation_stands_in_its_place() {
    each_database(async |site| {
        let (officer, browser) = (site.sign_in_as(SCRUTINY_OFFICER).await, site.sign_in_as(MANAGER).await);
        let address = path::new_recommendation(APPENDIX_B);
        for printed in ["L", "M"] {
            let form = officer.get(&address).await.form("Add recommendation");
            form.set("printed", printed).set("text", "That it is done").submit().await;
        }
        for reference in ["M", "L"] {
            let record = site.record().await;
            let of =
                record.recommendations.iter().find(|r| r.reference.as_deref() == Some(reference)).unwrap();
            let form = browser.get(&path::new_action(APPENDIX_B)).await.form("Add action");
            action(form).set("recommendation", &of.id.to_string()).submit().await;
        }
        let labels: Vec<String> = site.record().await.actions.into_iter().map(|a| a.label).collect();
        assert_eq!(labels[21..], ["K", "L", "M"]);
    })
    .await;
}

#[tokio::test]
async fn nobody_comes_to_these_forms_but_those_who_may() {
    let site = Site::appendix_b().await;
    let aiii = site.action("Aiii").await;
    for email in [MAP_COORDINATOR, PANEL_MEMBER] {
        let browser = site.sign_in_as(email).await;
        for address in [
            "/plans/new".to_owned(),
            path::edit_plan(APPENDIX_B),
            path::new_recommendation(APPENDIX_B),
            path::new_action(APPENDIX_B),
            path::edit_action(aiii),
        ] {
            let page = browser.get(&address).await;
            assert_eq!(page.status, 403, "{email}: {address}");
            assert!(page.main().contains("Only a manager"), "{}", page.main());
        }
    }
}

#[tokio::test]
async fn before_a_plan_is_public_it_is_said_what_anyone_can_read_and_nothing_typed_is_lost() {
    let site = Site::appendix_b().await;
    let manager = site.sign_in_as(MANAGER).await;
    let form = manager.get("/plans/appendix-b/edit").await.form("Save plan").set("director", "Director of X");
    let page = form.tick("public").submit().await;
    assert!(page.h1().starts_with("Make Digital Safeguarding"), "{}", page.h1());
    for words in ["2 rounds are published: Sept 2017 and 7 Dec 2017", "may hold names", "decisions"] {
        assert!(page.main().contains(words), "{words}: {}", page.main());
    }
    assert!(!site.record().await.plan.public);
    let page = page.form("Make the plan public").submit().await;
    assert!(page.main().contains("Plan saved"), "{}", page.main());
    let plan = site.record().await.plan;
    assert!(plan.public);
    assert_eq!(plan.director.as_deref(), Some("Director of X"));
    // Once it is, and to take it back, nothing is asked.
    let form = manager.get("/plans/appendix-b/edit").await.form("Save plan");
    assert!(form.submit().await.main().contains("Plan saved"));
    change_plan(&site, |plan| plan.public = false).await;
    assert!(!site.record().await.plan.public);
}
