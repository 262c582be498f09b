//! Panels and meetings: adding and changing them, the dates before a meeting, and one panel taking over from another.

use scrutiny_tracker::{
    command::{self, CommandError, meeting::MeetingDraft, person::PersonDraft},
    domain::{
        access::{Actor, Grant, Role},
        deadline::Span,
        id::{MeetingId, PanelId},
        meeting::Dates,
    },
    store,
};

use crate::{
    steps::{open_round, publish, second_plan},
    support::{MANAGER, PANEL_MEMBER, SCRUTINY_OFFICER, Site, day, each_database},
};

const PANEL: &str = "Community Safety and Leisure Scrutiny Panel";

async fn panel(site: &Site, name: &str) -> PanelId {
    let (panels, _) = store::meeting::all(&site.cx.store).await.unwrap();
    panels.into_iter().find(|p| p.name == name).unwrap_or_else(|| panic!("there is no {name}")).id
}

/// The panel that watches Appendix B now.
async fn watching(site: &Site) -> String {
    site.record().await.plan.panel.expect("a panel")
}

#[tokio::test]
async fn the_seeds_next_meeting_is_there_with_its_three_dates() {
    each_database(async |site| {
        let page = site.sign_in_as(SCRUTINY_OFFICER).await.get("/rounds").await.click("Meetings").await;
        assert_eq!(
            page.rows("table"),
            [[
                "19 February 2018",
                PANEL,
                "29 January 2018",
                "7 February 2018",
                "9 February 2018",
                "None",
                "From its day"
            ]]
        );
    })
    .await;
}

#[tokio::test]
async fn the_dates_of_a_meeting_are_proposed_and_can_be_changed() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = browser.get("/meetings/new").await.form("Add the meeting");
        let page = form.set("held_on", "26 March 2018").submit().await;
        assert_eq!(page.h1(), format!("Meeting of {PANEL} 26 March 2018"));
        let form = page.form("Save");
        let dates = ["updates_due_on", "papers_due_on", "agenda_on"].map(|name| form.value(name));
        assert_eq!(dates, ["5 March 2018", "14 March 2018", "16 March 2018"]);
        let page = form.set("papers_due_on", "15 March 2018").set("agenda_on", "").submit().await;
        let form = page.form("Save");
        let dates = ["updates_due_on", "papers_due_on", "agenda_on"].map(|name| form.value(name));
        assert_eq!(dates, ["5 March 2018", "15 March 2018", "16 March 2018"], "left empty: proposed again");
        // A meeting that moves takes the dates that it is given with it.
        let page = form.set("held_on", "9 April 2018").submit().await;
        assert!(page.main().contains("The meeting on 9 April 2018 is saved"), "{}", page.main());
        assert!(
            browser.get("/history").await.main().contains(&format!("Meeting changed: {PANEL}, 9 April 2018"))
        );
    })
    .await;
}

#[tokio::test]
async fn dates_in_the_wrong_order_and_two_meetings_on_one_day_are_explained_beside_the_field() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = browser.get("/meetings/new").await.form("Add the meeting").set("held_on", "26 March 2018");
        for (name, value, message) in [
            ("updates_due_on", "27 March 2018", "Updates can’t be due after the meeting, on 26 March 2018"),
            ("updates_due_on", "15 March 2018", "Updates can’t be due after the papers are due, on 14 March 2018"),
            (
                "papers_due_on",
                "19 March 2018",
                "The papers can’t be due after the agenda is published, on 16 March 2018",
            ),
            ("agenda_on", "27 March 2018", "The agenda can’t be published after the meeting, on 26 March 2018"),
            ("agenda_on", "31 Feb 2018", "31 February 2018 is not a real date: February 2018 has 28 days"),
            ("held_on", "", "Enter the day of the meeting"),
            ("held_on", "March 2018", "Enter one day, for example 19 February 2018"),
            (
                "held_on",
                "19 February 2018",
                "Community Safety and Leisure Scrutiny Panel meets on 19 February 2018 already: that meeting is recorded",
            ),
            (
                "held_on",
                "6 December 2017",
                "6 December 2017 is in the past: if the meeting has been held and you record it now, tick the box below",
            ),
        ] {
            let page = form.clone().set(name, value).submit().await;
            assert_eq!((page.status, page.errors()), (422, vec![message.to_owned()]), "{name} {value}");
            let again = page.form("Add the meeting");
            assert_eq!(again.value(name), value);
        }
        let (_, meetings) = store::meeting::all(&site.cx.store).await.unwrap();
        assert_eq!(meetings.len(), 1, "nothing was half done");
        // Recording one that has been held is meant, where somebody says so.
        let page = form.set("held_on", "6 November 2017").tick("held_already").submit().await;
        assert_eq!(page.status, 200);
        let held = browser.get("/meetings").await;
        assert_eq!(held.select("caption"), ["Meetings to come", "Meetings held"]);
        assert!(!page.main().contains("Plan a round for this meeting"), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_who_edit_a_meeting_is_shown_both() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = browser.get("/meetings/1").await.form("Save");
        form.clone().set("updates_due_on", "30 January 2018").submit().await;
        let page = form.set("updates_due_on", "31 January 2018").submit().await;
        assert_eq!(page.status, 409);
        let main = page.main();
        assert!(main.contains("30 January 2018") && main.contains("31 January 2018"), "{main}");
        let page = page.form("Save").submit().await;
        assert_eq!(page.form("Save").value("updates_due_on"), "31 January 2018");
    })
    .await;
}

#[tokio::test]
async fn when_a_round_is_closed_the_day_its_updates_were_due_stays_and_the_meeting_may_move() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = browser.get("/meetings/1").await.click("Plan a round for this meeting").await;
        let form = page.form("Plan the round");
        assert!(form.is_ticked("plans"));
        let page = form.submit().await.click("Open this round").await.form("Open the round").submit().await;
        page.click("Close this round").await.form("Close the round").tick("early").submit().await;
        let form = browser.get("/meetings/1").await.form("Save");
        let wrong = form.clone().set("updates_due_on", "30 January 2018").submit().await;
        assert_eq!(
            wrong.errors(),
            ["The round 19 Feb 2018 is closed: the day by which its updates were due stays"]
        );
        let moved = form.set("held_on", "26 February 2018").submit().await;
        assert!(moved.main().contains("The meeting on 26 February 2018 is saved"), "{}", moved.main());
        // Whoever asks who changed the date finds it with the plan.
        let history = site.sign_in_as(MANAGER).await.get("/plans/appendix-b/history").await.main();
        assert!(history.contains(&format!("Meeting changed: {PANEL}, 26 February 2018")), "{history}");
    })
    .await;
}

#[tokio::test]
async fn a_panel_is_added_and_renamed_and_no_two_have_one_name() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = browser.get("/panels").await.click("Add a panel").await.form("Add a panel");
        assert_eq!(form.submit().await.errors(), ["Enter the panel’s name"]);
        let taken = form.clone().set("name", " community safety  and leisure scrutiny PANEL").submit().await;
        assert_eq!(taken.errors(), ["There is a panel with this name already"]);
        let page = form.set("name", "People Scrutiny Panel").submit().await;
        assert_eq!(page.h1(), "Panel People Scrutiny Panel");
        let form = page.form("Save");
        let page = form.clone().set("name", "Children’s Scrutiny Panel").submit().await;
        assert_eq!(page.h1(), "Panel Children’s Scrutiny Panel");
        assert_eq!(form.set("name", "Something else").submit().await.status, 409);
        // The plan is shown under its panel’s new name.
        let id = panel(&site, PANEL).await;
        let page = browser
            .get(&format!("/panels/{id}"))
            .await
            .form("Save")
            .set("name", "Safety Panel")
            .submit()
            .await;
        assert!(page.main().contains("Digital Safeguarding"), "{}", page.main());
        assert_eq!(watching(&site).await, "Safety Panel");
    })
    .await;
}

#[tokio::test]
async fn open_plans_pass_over_to_the_successor_and_those_that_have_ended_stay() {
    each_database(async |site| {
        let ended = second_plan(&site).await;
        let manager = site.actor(MANAGER).await;
        let (on, by) = (day("2017-12-06"), "Panel, minute 17/42");
        command::plan::end_monitoring(&site.cx, &manager, ended, on, by, "").await.unwrap();
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = browser.get("/panels/new").await.form("Add a panel");
        form.set("name", "People Scrutiny Panel").submit().await;
        let (old, new) = (panel(&site, PANEL).await, panel(&site, "People Scrutiny Panel").await);
        let page = browser.get(&format!("/panels/{old}")).await.click("Another takes over from it").await;
        let form = page.form("Save").set("successor", &new.to_string());
        // It still has a meeting to come.
        let page = form.clone().submit().await;
        assert_eq!(
            page.errors(),
            [format!(
                "{PANEL} has a meeting on 19 February 2018 to come: tick the box if they pass over too"
            )]
        );
        let future = form.clone().set("from", "8 December 2017").submit().await;
        assert_eq!(future.errors(), ["Plans pass over at once: enter today or an earlier day"]);
        let page = form.tick("with_meetings").submit().await;
        let (_, meetings) = store::meeting::all(&site.cx.store).await.unwrap();
        assert_eq!(meetings[0].panel, new);
        assert!(
            page.main().contains("Succeeded by People Scrutiny Panel from 7 December 2017"),
            "{}",
            page.main()
        );
        assert_eq!(watching(&site).await, "People Scrutiny Panel");
        let stayed = site.record_of("second").await.plan.panel;
        assert_eq!(stayed.as_deref(), Some(PANEL));
        // The old one meets no more.
        let form = browser.get("/meetings/new").await.form("Add the meeting");
        assert!(!form.choices("panel").contains(&old.to_string()));
        // Neither twice nor in a circle.
        let page = browser
            .post(
                &format!("/panels/{old}/succession"),
                &[("successor", new.to_string().as_str()), ("from", "7 December 2017")],
            )
            .await;
        assert_eq!(page.errors(), [format!("{PANEL} has been succeeded by People Scrutiny Panel already")]);
        let page = browser
            .post(
                &format!("/panels/{new}/succession"),
                &[("successor", old.to_string().as_str()), ("from", "7 December 2017")],
            )
            .await;
        assert_eq!(
            page.errors(),
            [format!(
                "{PANEL} was itself succeeded by People Scrutiny Panel: that would go round in a circle"
            )]
        );
        // Who corrects something else of the plan meanwhile does not bind it to the new panel.
        let manages = site.sign_in_as(MANAGER).await;
        manages
            .get("/plans/appendix-b/edit")
            .await
            .form("Save plan")
            .set("source", "Corrected")
            .submit()
            .await;
        assert_eq!(site.record().await.plan.source.as_deref(), Some("Corrected"));
        // Nothing hangs on it yet.
        let page = browser.get(&format!("/panels/{old}")).await.click("Take the succession back").await;
        page.form("Take it back").submit().await;
        assert_eq!(watching(&site).await, PANEL);
    })
    .await;
}

#[tokio::test]
async fn a_succession_stays_once_a_round_hangs_on_it() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        browser
            .get("/panels/new")
            .await
            .form("Add a panel")
            .set("name", "People Scrutiny Panel")
            .submit()
            .await;
        let (old, new) = (panel(&site, PANEL).await, panel(&site, "People Scrutiny Panel").await);
        browser.get("/meetings/1").await.form("Save").set("panel", &new.to_string()).submit().await;
        let form = browser.get(&format!("/panels/{old}/succession")).await.form("Save");
        form.set("successor", &new.to_string()).submit().await;
        let asking = browser.get(&format!("/panels/{old}/succession/taking-back")).await.form("Take it back");
        browser.get("/rounds/new?plan=appendix-b").await.form("Plan the round").submit().await;
        let page = asking.submit().await;
        assert_eq!(page.status, 422);
        assert!(
            page.errors()[0].contains("has the round 19 Feb 2018 for a meeting held since"),
            "{:?}",
            page.errors()
        );
        assert_eq!(watching(&site).await, "People Scrutiny Panel");
    })
    .await;
}

/// Somebody who is a scrutiny officer of a second plan alone.
async fn officer_of_one(site: &Site) -> Actor {
    let second = second_plan(site).await;
    let somebody = PersonDraft {
        name: "Somebody".to_owned(),
        email: "somebody@example.org".to_owned(),
        grants: vec![Grant { role: Role::ScrutinyOfficer, plan: Some(second) }],
    };
    command::person::create(&site.cx, &Actor::program("test"), &somebody).await.unwrap();
    site.actor("somebody@example.org").await
}

#[tokio::test]
async fn a_panel_is_renamed_and_succeeded_by_who_runs_rounds_in_all_of_its_plans() {
    each_database(async |site| {
        let somebody = officer_of_one(&site).await;
        let officer = site.actor(SCRUTINY_OFFICER).await;
        let old = panel(&site, PANEL).await;
        let new =
            command::meeting::panel::create(&site.cx, &somebody, "People Scrutiny Panel").await.unwrap();
        let browser = site.sign_in_as("somebody@example.org").await;
        let page =
            browser.get(&format!("/panels/{old}")).await.form("Save").set("name", "Mine").submit().await;
        assert_eq!(page.status, 403);
        let who = "Only a scrutiny officer of every plan that this panel watches";
        assert!(page.main().contains(who), "{}", page.main());
        let on = site.today();
        let denied = command::meeting::panel::succeed(&site.cx, &somebody, old, new, on, false).await;
        assert!(matches!(denied, Err(CommandError::Denied(_))), "{denied:?}");
        let moved = MeetingDraft {
            panel: new,
            held_on: day("2018-02-19"),
            dates: Dates::default(),
            held_already: false,
        };
        command::meeting::edit(&site.cx, &officer, MeetingId(1), 1, &moved).await.unwrap();
        command::meeting::panel::succeed(&site.cx, &officer, old, new, on, false).await.unwrap();
        let denied = command::meeting::panel::take_back(&site.cx, &somebody, old).await;
        assert!(matches!(denied, Err(CommandError::Denied(_))), "{denied:?}");
        // What is nobody's plan is anybody's who runs rounds.
        let third = command::meeting::panel::create(&site.cx, &somebody, "Third").await.unwrap();
        command::meeting::panel::rename(&site.cx, &somebody, third, 1, "Fourth").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_succession_along_the_way_stays_once_a_round_hangs_on_it() {
    each_database(async |site| {
        let officer = site.actor(SCRUTINY_OFFICER).await;
        let make = async |name| command::meeting::panel::create(&site.cx, &officer, name).await.unwrap();
        let (a, b, c) = (panel(&site, PANEL).await, make("B").await, make("C").await);
        let at_c = MeetingDraft {
            panel: c,
            held_on: day("2018-02-19"),
            dates: Dates::default(),
            held_already: false,
        };
        command::meeting::edit(&site.cx, &officer, MeetingId(1), 1, &at_c).await.unwrap();
        for (old, new) in [(a, b), (b, c)] {
            command::meeting::panel::succeed(&site.cx, &officer, old, new, site.today(), false)
                .await
                .unwrap();
        }
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        browser.get("/rounds/new?plan=appendix-b").await.form("Plan the round").submit().await;
        let refused = command::meeting::panel::take_back(&site.cx, &officer, b).await;
        assert!(matches!(refused, Err(CommandError::Refused { .. })), "{refused:?}");
        assert_eq!(watching(&site).await, "C");
    })
    .await;
}

#[tokio::test]
async fn a_meeting_that_moves_takes_its_rounds_along_and_stays_once_it_was_decided_or_published() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = browser.get("/meetings/1").await.click("Plan a round for this meeting").await;
        let round = page.form("Plan the round").submit().await.path;
        browser.get("/meetings/1").await.form("Save").set("held_on", "26 February 2018").submit().await;
        let page = browser.get(&round).await;
        assert!(page.h1().contains("26 Feb 2018"), "{}", page.h1());
        let of = site.record().await.rounds.pop().unwrap();
        assert_eq!((of.span, of.meeting_on), (Span::day(day("2018-02-26")), Some(day("2018-02-26"))));
        let edit = page.click("Change this round").await.form("Save");
        edit.set("label", "Winter").submit().await;
        browser.get("/meetings/1").await.form("Save").set("held_on", "19 February 2018").submit().await;
        let of = site.record().await.rounds.pop().unwrap();
        assert_eq!(
            (of.label.as_str(), of.span),
            ("Winter", Span::day(day("2018-02-19"))),
            "a name of its own stays"
        );

        command::round::open(&site.cx, &site.actor(SCRUTINY_OFFICER).await, of.id, &[]).await.unwrap();
        publish(&site, of.id).await;
        let officer = site.actor(SCRUTINY_OFFICER).await;
        let other =
            command::meeting::panel::create(&site.cx, &officer, "People Scrutiny Panel").await.unwrap();
        let form = browser.get("/meetings/1").await.form("Save");
        let page = form.clone().set("panel", &other.to_string()).submit().await;
        let said = format!("The round Winter is published for this meeting: it stays {PANEL}’s");
        assert_eq!((page.status, page.errors()), (422, vec![said]));

        site.go_to(day("2018-02-20"));
        let page = browser.get("/meetings/1/decisions").await;
        let page = page.form("Continue").set("text", "That it be noted.").submit().await;
        page.form("Record these decisions").submit().await;
        let page = form.set("held_on", "21 February 2018").submit().await;
        let said = format!("Decisions of this meeting are recorded: it stays {PANEL}’s of 19 February 2018");
        assert_eq!((page.status, page.errors()), (422, vec![said]));
    })
    .await;
}

#[tokio::test]
async fn a_meeting_and_a_planned_round_are_taken_out_until_something_hangs_on_them() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let round = browser.get("/rounds/new?plan=appendix-b").await.form("Plan the round").submit().await;
        let page = browser.post::<&str, &str>("/meetings/1/removal", &[]).await;
        let said = "The round 19 Feb 2018 is for this meeting: it can’t be taken out";
        assert_eq!((page.status, page.errors()), (422, vec![said.to_owned()]));
        let page = round.click("Take this round out").await.form("Take it out").submit().await;
        assert!(page.main().contains("19 Feb 2018 is taken out"), "{}", page.main());
        let page = browser.get("/meetings/1").await.click("Take this meeting out").await;
        let page = page.form("Take it out").submit().await;
        assert!(page.main().contains("The meeting on 19 February 2018 is taken out"), "{}", page.main());
        assert_eq!(store::meeting::all(&site.cx.store).await.unwrap().1, []);
        let history = browser.get("/history").await.main();
        assert!(history.contains("Round taken out: 19 Feb 2018"), "{history}");
        assert!(history.contains(&format!("Meeting taken out: {PANEL}, 19 February 2018")), "{history}");
        // One that has been opened stays.
        let open = open_round(&site, "March").await;
        let page = browser.post::<&str, &str>(&format!("/rounds/{open}/removal"), &[]).await;
        assert_eq!(page.errors(), ["This round has been opened: it can’t be taken out any more"]);
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_meeting_is_said_at_once_and_a_doubtful_day_after_saving() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    let form = browser.get("/meetings/new").await.form("Add the meeting");
    let page =
        form.clone().set("held_on", "6 December 2017").set("agenda_on", "7 December 2017").submit().await;
    assert_eq!(page.errors().len(), 2, "{:?}", page.errors());
    let page = form.set("held_on", "16 December 2017").submit().await;
    let words = page.main();
    assert!(words.contains("Saturday 16 December 2017 is no working day"), "{words}");
    assert!(
        words.contains("The day by which updates were due and the papers were due is over already"),
        "{words}"
    );
}

#[tokio::test]
async fn the_next_meeting_stands_with_the_plan_before_any_round_is_planned() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(PANEL_MEMBER).await;
    let row = browser.get("/plans").await.rows("table").remove(0);
    assert!(row.iter().any(|cell| cell == "19 February 2018"), "{row:?}");
    let page = browser.get("/plans/appendix-b").await;
    assert!(page.main().contains("Next meeting 19 February 2018"), "{}", page.main());
    site.go_to(day("2018-02-20"));
    let row = browser.get("/plans").await.rows("table").remove(0);
    assert!(row.iter().any(|cell| cell == "None planned"), "{row:?}");
}
