//! Rounds: planned as people write dates, opened, closed and published, and who may see what meanwhile.

use scrutiny_tracker::{
    command,
    domain::{paper, round::Round, update::UpdateDraft},
    store::{self, record::Depth},
};

use crate::{
    steps::{change_plan, open_round_of, publish, second_plan},
    support::{
        APPENDIX_B, Browser, EDUCATION_LEAD, MANAGER, PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site, day,
        each_database,
    },
};

/// Plans a round for 19 February 2018, as somebody would: that is the seed's next meeting, and chosen already.
async fn planned(browser: &Browser) -> Page {
    browser.get("/rounds/new?plan=appendix-b").await.form("Plan the round").submit().await
}

/// The same, opened.
async fn opened(browser: &Browser) -> Page {
    let page = planned(browser).await;
    page.click("Open this round").await.form("Open the round").submit().await
}

async fn write(site: &Site, label: &str, words: &str) {
    let actor = site.actor(MANAGER).await;
    let draft = UpdateDraft::of(words);
    command::update::add(&site.cx, &actor, site.action(label).await, &draft, None).await.expect("an update");
}

#[tokio::test]
async fn the_list_shows_the_rounds_of_appendix_b_latest_first() {
    each_database(async |site| {
        for email in [MANAGER, EDUCATION_LEAD, PANEL_MEMBER] {
            let rows = site.sign_in_as(email).await.get("/rounds").await.rows("table");
            let title = "Digital Safeguarding - Sexting and Youth Produced sexual Imagery";
            assert_eq!(
                rows,
                [
                    ["7 Dec 2017", "7 December 2017", "Published", title, "Not set", "None"],
                    [
                        "Sept 2017",
                        "1 to 30 September 2017",
                        "Published",
                        title,
                        "Not set",
                        "1: no update received"
                    ],
                ],
                "{email}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn the_september_round_lacks_an_update_on_j() {
    let site = Site::appendix_b().await;
    let page = site.sign_in_as(PANEL_MEMBER).await.get("/rounds").await.click("Sept 2017").await;
    assert_eq!(page.h1(), "Reporting round Sept 2017");
    assert!(page.main().contains("21 of 22 updates received"), "{}", page.main());
    let rows = page.rows("table");
    assert_eq!(rows[0][0], "Risk and Resilience Manager");
    assert!(rows[0][1].starts_with("J "), "{:?}", rows[0]);
    assert!(rows[1..].iter().all(|r| r[1] == "None"));
}

#[tokio::test]
async fn a_round_is_planned_with_updates_due_15_working_days_before_the_meeting() {
    each_database(async |site| {
        let page = planned(&site.sign_in_as(SCRUTINY_OFFICER).await).await;
        assert_eq!(page.h1(), "Reporting round 19 Feb 2018");
        let main = page.main();
        assert!(
            main.contains(
                "19 Feb 2018 is planned. Updates are due by 29 January 2018, the papers by 7 February 2018 and the \
                 agenda is published on 9 February 2018"
            ),
            "{main}"
        );
        // After Thursday 7 December: 14 in December, two bank holidays left out, and 20 in January, one left out.
        assert!(main.contains("29 January 2018: 34 working days left"), "{main}");
        assert!(main.contains("19 February 2018, Community Safety and Leisure Scrutiny Panel"), "{main}");
        assert!(main.contains("Nobody is asked for an update until this round is opened"), "{main}");
    })
    .await;
}

#[tokio::test]
async fn the_form_offers_the_plan_and_its_panel() {
    let site = Site::appendix_b().await;
    let form = site
        .sign_in_as(SCRUTINY_OFFICER)
        .await
        .get("/rounds/new?plan=appendix-b")
        .await
        .form("Plan the round");
    assert!(form.is_ticked("plans"));
    assert_eq!(form.choices("meeting").len(), 3, "the meeting to come, another, none");
    assert_eq!(form.value("meeting"), form.choices("meeting")[0]);
    assert_eq!(form.value("meeting_of"), "Community Safety and Leisure Scrutiny Panel");
}

#[tokio::test]
async fn a_round_can_be_planned_along_with_its_meeting_and_its_name_is_proposed() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = browser.get("/rounds/new?plan=appendix-b").await.form("Plan the round");
        let form = form.set("meeting", "new").set("meeting_on", "26/03/18").set("papers_due_on", "15 March 2018");
        let page = form.submit().await;
        assert_eq!(page.h1(), "Reporting round 26 Mar 2018");
        let main = page.main();
        // 15 working days before Monday 26 March is Monday 5 March; 5 clear working days: out on Friday 16 March.
        for says in ["5 March 2018", "15 March 2018", "16 March 2018"] {
            assert!(main.contains(says), "{says}: {main}");
        }
        // The same meeting once more is chosen, not made again.
        let again = form.set("label", "Another name").submit().await;
        assert_eq!(again.status, 422);
        assert_eq!(
            again.errors(),
            ["Community Safety and Leisure Scrutiny Panel meets on 26 March 2018 already: choose it from the list"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_round_is_never_for_a_meeting_that_has_been_held() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    let form = browser.get("/rounds/new?plan=appendix-b").await.form("Plan the round");
    let page = form.clone().set("meeting", "new").set("meeting_on", "1 December 2017").submit().await;
    assert_eq!(page.status, 422);
    let said = "That meeting was on 1 December 2017: a round is for a meeting that is still to come";
    assert_eq!(page.errors(), [said]);
    assert_eq!(page.form("Plan the round").value("meeting_on"), "1 December 2017");
    // Planned in time and opened too late.
    let planned = form.submit().await;
    site.go_to(day("2018-02-20"));
    let page = planned.click("Open this round").await.form("Open the round").submit().await;
    assert_eq!(
        page.errors(),
        ["That meeting was on 19 February 2018: a round is for a meeting that is still to come"]
    );
    // A form that was open over night.
    let page = form.submit().await;
    assert_eq!((page.status, page.errors().len()), (422, 1));
}

#[tokio::test]
async fn a_rounds_date_is_a_day_or_a_month_and_everything_else_is_refused_with_what_was_typed() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    let form = browser.get("/rounds/new").await.form("Plan the round").set("label", "R’s <round> 😀");
    let form = form.set("meeting", "none");
    for (date, message) in [
        ("", "Enter the round’s date: a day or a month"),
        ("31 Feb 2018", "31 February 2018 is not a real date: February 2018 has 28 days"),
        ("soon", "Enter a day or a month with its year, for example 19 February 2018 or March 2018"),
        ("March", "Enter a day or a month with its year, for example 19 February 2018 or March 2018"),
        ("2018", "Enter a day or a month with its year, for example 19 February 2018 or March 2018"),
        ("Spring 2018", "Enter a day or a month with its year, for example 19 February 2018 or March 2018"),
    ] {
        let page = form.clone().set("date", date).submit().await;
        assert_eq!((page.status, page.errors()), (422, vec![message.to_owned()]), "{date}");
        let again = page.form("Plan the round");
        assert_eq!(
            (again.value("label"), again.value("date")),
            ("R’s <round> 😀".to_owned(), date.to_owned())
        );
        assert!(again.is_ticked("plans"));
    }
    for (date, read) in [("Mar 2018", "the whole of March 2018"), ("26/03/18", "Monday 26 March 2018")] {
        let page = form.clone().set("date", date).submit().await;
        assert!(page.main().contains(read), "{date}: {}", page.main());
    }
}

#[tokio::test]
async fn many_rounds_of_one_plan_push_out_no_update_of_another() {
    each_database(async |site| {
        let plan = second_plan(&site).await;
        for label in ["One", "Two", "Three"] {
            let round = open_round_of(&site, plan, label).await;
            publish(&site, round).await;
        }
        let records = store::record::all(
            &site.cx.store,
            &scrutiny_tracker::domain::access::Actor::program("test"),
            Depth::Current,
        )
        .await
        .unwrap();
        let record = records.iter().find(|r| r.plan.slug == APPENDIX_B).unwrap();
        let cells = |round: &Round| {
            let column = paper::Column::Round(round);
            record.actions.iter().filter(|a| paper::written_in(a, column, site.today()).is_some()).count()
        };
        assert_eq!(record.rounds.iter().map(cells).collect::<Vec<_>>(), [21, 22]);
    })
    .await;
}

#[tokio::test]
async fn an_update_that_was_corrected_is_taken_into_the_round_with_its_correction() {
    each_database(async |site| {
        write(&site, "F", "Written between the ronds.").await;
        let actor = site.actor(MANAGER).await;
        let first = site.whole_action("F").await.latest_at(site.today()).unwrap().id;
        let correction =
            UpdateDraft { supersedes: Some(first), ..UpdateDraft::of("Written between the rounds.") };
        let id = site.action("F").await;
        command::update::add(&site.cx, &actor, id, &correction, None).await.unwrap();
        opened(&site.sign_in_as(SCRUTINY_OFFICER).await).await;
        let record = site.record().await;
        let open = record.open_round_at(site.today()).unwrap();
        let action = record.action(id).unwrap();
        let stands = paper::written_in(action, paper::Column::Round(open), site.today());
        assert_eq!(stands.map(|u| u.narrative.as_str()), Some("Written between the rounds."));
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once() {
    let site = Site::appendix_b().await;
    let form = site.sign_in_as(SCRUTINY_OFFICER).await.get("/rounds/new").await.form("Plan the round");
    let form = form.untick("plans").set("meeting", "new").set("meeting_of", "").set("label", &"x".repeat(41));
    let page = form
        .clone()
        .set("meeting_on", "26 March 2018")
        .set("updates_due_on", "27 March 2018")
        .set("agenda_on", "31 Feb 2018")
        .submit()
        .await;
    assert_eq!(
        page.errors(),
        [
            "Choose the plans that this round covers",
            "Enter the name of the panel that meets",
            "31 February 2018 is not a real date: February 2018 has 28 days",
            "Updates can’t be due after the meeting, on 26 March 2018",
            "Shorten this by 1 character: it can hold 40",
        ]
    );
    let page = form.set("meeting_on", "").submit().await;
    assert!(page.errors().contains(&"Enter the day of the meeting".to_owned()), "{:?}", page.errors());
}

#[tokio::test]
async fn opening_takes_in_the_updates_that_are_ticked() {
    each_database(async |site| {
        site.go_to(day("2018-01-10"));
        write(&site, "Aiii", "The first three schools have it.").await;
        write(&site, "D", "Nothing new.").await;
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = planned(&browser).await.click("Open this round").await;
        assert_eq!(page.h1(), "Open 19 Feb 2018?");
        assert!(page.main().contains("10 actions of Digital Safeguarding"), "{}", page.main());
        let form = page.form("Open the round");
        let choices = form.choices("carry");
        assert_eq!(choices.len(), 2);
        let page = form.untick_value("carry", &choices[1]).submit().await;
        // Aiii was taken in, so its lead is asked for D alone.
        assert!(page.main().contains("The round is open. An email goes to 4 people"), "{}", page.main());
        assert!(page.main().contains("1 of 10 updates received"), "{}", page.main());
        let record = site.record().await;
        let round = record.rounds.last().expect("a round").id;
        let in_round = |label: &str| {
            let action = record.actions.iter().find(|a| a.label == label).expect("an action");
            action.updates.last().expect("an update").round == Some(round)
        };
        assert!(in_round("Aiii") && !in_round("D"));
    })
    .await;
}

#[tokio::test]
async fn what_no_manager_has_accepted_is_named_before_closing_and_not_counted_as_read() {
    each_database(async |site| {
        change_plan(&site, |plan| plan.manager_looks_first = true).await;
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = opened(&browser).await;
        write(&site, "D", "The manager’s own words are accepted.").await;
        let lead = site.actor(EDUCATION_LEAD).await;
        let draft = UpdateDraft::of("Nobody has looked at this.");
        command::update::add(&site.cx, &lead, site.action("Aiii").await, &draft, None).await.unwrap();
        let page = page.click("Close this round").await;
        let words = page.main();
        let left_out = words.split("Received, not yet accepted: will not be in the papers").nth(1);
        assert!(left_out.is_some_and(|after| after.trim_start().starts_with("Aiii")), "{words}");
        let page =
            page.form("Close the round").tick("early").submit().await.click("Publish this round").await;
        let words = page.main();
        assert!(words.contains("Panel members can read 1 of 10 updates"), "{words}");
        assert!(words.contains("Received, not yet accepted: can’t be read until it is"), "{words}");
    })
    .await;
}

#[tokio::test]
async fn only_what_was_written_since_the_last_round_is_offered_to_the_next() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        write(&site, "D", "Left out long ago.").await;
        let old = site.whole_action("D").await.updates.last().unwrap().id;
        let page = planned(&browser).await.click("Open this round").await;
        let page = page.form("Open the round").untick_value("carry", &old.to_string()).submit().await;
        site.go_to(day("2018-02-10"));
        let page = page.click("Close this round").await.form("Close the round").submit().await;
        assert!(page.main().contains("The round is closed"), "{}", page.main());
        write(&site, "Aiii", "Written since.").await;
        let new = site.whole_action("Aiii").await.updates.last().unwrap().id;
        let form = browser.get("/rounds/new").await.form("Plan the round");
        let page = form.set("meeting", "none").set("date", "March 2018").submit().await;
        let opening = page.click("Open this round").await;
        let form = opening.form("Open the round");
        assert_eq!(form.choices("carry"), [new.to_string()]);
        // Neither is it taken in where somebody sends it all the same.
        browser.post(&opening.path, &[("carry", old.to_string())]).await;
        assert_eq!(site.whole_action("D").await.updates.last().unwrap().round, None);
    })
    .await;
}

#[tokio::test]
async fn two_rounds_of_a_plan_have_no_one_name() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    planned(&browser).await;
    let form = browser.get("/rounds/new").await.form("Plan the round");
    let form = form.set("meeting", "none").set("date", "March 2018");
    let page = form.clone().set("label", " 19 feb  2018").submit().await;
    assert_eq!(page.status, 422);
    assert!(
        page.errors()[0].ends_with("has a round 19 feb 2018 already: give this one another name"),
        "{:?}",
        page.errors()
    );
    assert_eq!(form.submit().await.status, 200);
}

#[tokio::test]
async fn two_rounds_of_a_plan_are_never_open_at_once() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    opened(&browser).await;
    let form = browser.get("/rounds/new").await.form("Plan the round");
    let page = form.set("meeting", "none").set("label", "Mar 2018").set("date", "March 2018").submit().await;
    let page = page.click("Open this round").await.form("Open the round").submit().await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.errors(),
        [
            "19 Feb 2018 is open for Digital Safeguarding - Sexting and Youth Produced sexual Imagery: close it first"
        ]
    );
}

#[tokio::test]
async fn an_open_round_says_who_is_awaited_until_the_due_day_and_who_sent_nothing_after_it() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    let page = opened(&browser).await;
    let heads = page.select("thead th");
    assert_eq!(heads[..4], ["Lead", "Awaiting update", "Updated", "Asked by phone"]);
    let rows = page.rows("table");
    let names: Vec<&str> = rows.iter().take(4).map(|r| r[0].as_str()).collect();
    assert_eq!(
        names,
        [
            "Risk and Resilience Manager",
            "Education Safeguarding Lead",
            "LSCB Manager",
            "Governor's Service Manager"
        ]
    );
    // The scrutiny officer never writes an officer’s update; the manager does.
    assert_eq!(rows[1][1].matches("Add update").count(), 0);
    let manager = site.sign_in_as(MANAGER).await.get(&page.path).await;
    assert_eq!(manager.rows("table")[1][1].matches("Add update").count(), 2);
    site.go_to(day("2018-01-30"));
    let page = browser.get(&page.path).await;
    assert_eq!(page.select("thead th")[1], "No update received");
    assert!(page.main().contains("29 January 2018: 1 day ago"), "{}", page.main());
}

#[tokio::test]
async fn closing_says_what_is_missing_and_publishing_who_will_read_it() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = opened(&browser).await;
        let address = page.path.clone();
        write(&site, "Aiii", "A secret until it is published.").await;
        let page = page.click("Close this round").await;
        assert_eq!(page.h1(), "Close 19 Feb 2018?");
        assert!(
            page.main().contains("9 actions have no update, and “No update received” will stand in the table: Avii, Aviii, D, Ei, F, G, I-ii, J and K."),
            "{}",
            page.main()
        );
        // It is early: the box says what is meant.
        assert!(page.main().contains("Updates are due on Monday 29 January 2018: 34 working days left."), "{}", page.main());
        let page = page.form("Close the round").submit().await;
        assert_eq!(page.status, 422);
        assert_eq!(page.errors(), ["Updates are due on 29 January 2018: tick the box if you mean it"]);
        let panel = site.sign_in_as(PANEL_MEMBER).await;
        let page = page.form("Close the round").tick("early").submit().await;
        assert!(page.main().contains("The round is closed"));
        let seen = panel.get(&address).await.main();
        assert!(seen.contains("when it is published") && !seen.contains("of 10 updates"), "{seen}");
        let page = page.click("Publish this round").await;
        assert!(page.main().contains("Panel members can read 1 of 10 updates with its ratings"), "{}", page.main());
        let page = page.form("Publish the round").submit().await;
        assert_eq!(page.errors(), ["The papers are due on 7 February 2018: tick the box if you mean it"]);
        let page = page.form("Publish the round").tick("early").submit().await;
        assert!(page.main().contains("The round is published"));
        assert!(panel.get(&address).await.main().contains("1 of 10 updates received"));
    })
    .await;
}

#[tokio::test]
async fn pressing_twice_changes_nothing_twice_and_says_who_was_first() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = planned(&browser).await;
        let address = page.path.clone();
        let by = site.actor(SCRUTINY_OFFICER).await.name;
        for (step, done, date) in [
            ("Open", "opened", "2017-12-11"),
            ("Close", "closed", "2018-01-30"),
            ("Publish", "published", "2018-02-09"),
        ] {
            site.go_to(day(date));
            let page = browser.get(&address).await;
            let form = page.click(&format!("{step} this round")).await.form(&format!("{step} the round"));
            form.submit().await;
            site.go_to(day("2018-02-12"));
            let again = form.submit().await;
            assert_eq!((again.status, &again.path), (200, &address));
            let on = scrutiny_tracker::domain::text::day(day(date));
            let said = format!("19 Feb 2018 was {done} already on {on} by {by}. Nothing was done twice");
            assert!(again.main().contains(&said), "{said}: {}", again.main());
            let history = browser.get("/history").await.main();
            assert_eq!(history.matches(&format!("Round 19 Feb 2018 {done}")).count(), 1);
        }
        // The questions of steps that are over lead back to the round too.
        for step in ["opening", "closure", "publication"] {
            let page = browser.get(&format!("{address}/{step}")).await;
            assert_eq!(page.path, address, "{step}");
            assert!(page.main().contains("already on"), "{step}: {}", page.main());
        }
    })
    .await;
}

#[tokio::test]
async fn a_step_before_its_time_says_which_comes_first() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    let address = planned(&browser).await.path;
    for (step, first) in
        [("closure", "closed yet: open it first"), ("publication", "published yet: open it first")]
    {
        let page = browser.post::<&str, &str>(&format!("{address}/{step}"), &[]).await;
        assert!(page.main().contains(first), "{step}: {}", page.main());
    }
    browser.get(&format!("{address}/opening")).await.form("Open the round").submit().await;
    let page = browser.post::<&str, &str>(&format!("{address}/publication"), &[]).await;
    assert!(page.main().contains("published yet: close it first"), "{}", page.main());
}

#[tokio::test]
async fn panel_members_and_leads_can_run_no_round() {
    let site = Site::appendix_b().await;
    for email in [PANEL_MEMBER, EDUCATION_LEAD] {
        let browser = site.sign_in_as(email).await;
        assert!(!browser.get("/rounds").await.main().contains("Plan a round"));
        for path in [
            "/rounds/new",
            "/rounds/1/edit",
            "/rounds/1/opening",
            "/rounds/1/closure",
            "/rounds/1/publication",
            "/rounds/1/reminder",
            "/rounds/1/asked-by-phone",
            "/meetings",
            "/meetings/new",
            "/meetings/1",
            "/panels",
            "/panels/new",
            "/panels/1",
            "/panels/1/succession",
        ] {
            assert_eq!(browser.get(path).await.status, 403, "{email} {path}");
        }
    }
}

#[tokio::test]
async fn what_a_round_is_for_can_be_changed_until_it_is_closed_and_its_dates_are_the_meetings() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    let page = planned(&browser).await;
    let form = page.click("Change this round").await.form("Save");
    assert_eq!(
        (form.value("label"), form.value("meeting")),
        ("19 Feb 2018".into(), form.choices("meeting")[0].clone())
    );
    let meeting =
        page.click("19 February 2018, Community Safety and Leisure Scrutiny Panel").await.form("Save");
    assert_eq!(meeting.value("updates_due_on"), "29 January 2018");
    meeting.set("updates_due_on", "2 Feb 2018").submit().await;
    let changed = browser.get(&page.path).await;
    assert!(changed.main().contains("2 February 2018: 38 working days left"), "{}", changed.main());
    // Without a meeting it has a date of its own.
    let form = form.set("meeting", "none").set("date", "March 2018").set("due_on", "1 March 2018");
    let page = form.submit().await;
    assert!(page.main().contains("1 to 31 March 2018"), "{}", page.main());
    let form = page.click("Change this round").await.form("Save");
    assert_eq!((form.value("meeting"), form.value("date")), ("none".to_owned(), "March 2018".to_owned()));
    // A published round is frozen: its form leads back to it.
    assert_eq!(browser.get("/rounds/1/edit").await.path, "/rounds/1");
}

#[tokio::test]
async fn the_second_of_two_who_edit_a_round_is_shown_both_and_can_save_again() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = planned(&browser).await.click("Change this round").await.form("Save");
        form.clone().set("label", "The other’s round").submit().await;
        let page = form.set("label", "Feb’s round").submit().await;
        assert_eq!(page.status, 409);
        let main = page.main();
        assert!(main.contains("The other’s round") && main.contains("Feb’s round"), "{main}");
        let again = page.form("Save");
        assert_eq!(again.value("label"), "Feb’s round");
        assert_eq!(again.submit().await.h1(), "Reporting round Feb’s round");
    })
    .await;
}

#[tokio::test]
async fn an_unknown_round_is_not_found() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    for path in ["/rounds/999", "/rounds/999/edit", "/rounds/999/opening", "/rounds/999/closure"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}
