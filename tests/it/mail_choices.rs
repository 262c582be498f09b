//! What people choose about their mail: how often, days away, what is put off, and school holidays.

use std::ops::Not as _;

use scrutiny_tracker::{
    command::{CommandError, person, post, preference, privacy, retention},
    domain::{
        access::{Permission, may_on},
        installation::Section,
        preference::{Away, Frequency, Preference, StandIn},
        reminder::recipients,
    },
    link::path,
    store::{
        self,
        audit::{Event, Of},
    },
};

use crate::support::{
    ADMINISTRATOR, COMMUNICATIONS_MANAGER, EDUCATION_LEAD, LSCB_MANAGER, MANAGER, MAP_COORDINATOR,
    PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site, day, each_database,
};

async fn chosen(site: &Site, email: &str) -> Preference {
    let all = store::preference::all(&site.cx.store).await.unwrap();
    all.of.get(&site.person(email).await).cloned().unwrap_or_default()
}

async fn page(site: &Site, email: &str, path: &str) -> Page {
    site.sign_in_as(email).await.get(path).await
}

/// The newest event about somebody.
async fn newest(site: &Site, email: &str) -> Event {
    let of = Of::Person(site.person(email).await);
    store::audit::list(&site.cx.store, of, 0, 1).await.unwrap().remove(0)
}

#[tokio::test]
async fn everybody_finds_and_chooses_how_often_they_are_mailed() {
    each_database(async |site| {
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        let form = browser.get("/account").await.click("Choose how you are reminded").await.form("Save");
        assert_eq!(form.value("frequency"), "normal");
        assert!(form.is_ticked("term_time_only").not());
        let page = form.set("frequency", "weekly").tick("term_time_only").submit().await;
        let saved = "Saved. Emails: weekly only, nothing in school holidays";
        assert!(page.text().contains(saved), "{}", page.text());
        assert_eq!((page.status, page.path.as_str()), (200, path::ACCOUNT_MAIL));
        let expected =
            Preference { frequency: Frequency::Weekly, term_time_only: true, ..Preference::default() };
        assert_eq!(chosen(&site, MAP_COORDINATOR).await, expected);
        let event = newest(&site, MAP_COORDINATOR).await;
        assert_eq!(event.detail()["Emails"]["from"], "Normal");
        assert_eq!(event.detail()["Emails"]["to"], "Weekly only");
        let form = browser.get("/my-actions").await.click("Your emails").await.form("Save");
        assert_eq!(form.value("frequency"), "weekly");
        form.set("frequency", "off").untick("term_time_only").submit().await;
        assert_eq!(chosen(&site, MAP_COORDINATOR).await.frequency, Frequency::Off);
        // The records that the reminders are worked out from know it.
        let record = site.record().await;
        assert_eq!(record.preferences.frequency(site.person(MAP_COORDINATOR).await), Frequency::Off);
    })
    .await;
}

#[tokio::test]
async fn what_still_comes_is_said_and_an_answer_is_needed() {
    let site = Site::appendix_b().await;
    let words = page(&site, MAP_COORDINATOR, path::ACCOUNT_MAIL).await.main();
    for said in [
        "emails about your account",
        "10 working days, unless its plan says otherwise",
        "Your plans’ managers see",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let browser = site.sign_in_as(MAP_COORDINATOR).await;
    let page = browser.post(path::ACCOUNT_MAIL, &[("version", "0"), ("frequency", "sometimes")]).await;
    assert_eq!((page.status, page.errors()), (422, vec!["Choose one of the answers".to_owned()]));
}

#[tokio::test]
async fn a_choice_that_the_link_in_an_email_made_meanwhile_is_shown_and_not_lost() {
    each_database(async |site| {
        let form = page(&site, MAP_COORDINATOR, path::ACCOUNT_MAIL).await.form("Save");
        let link = site.unsubscribe(MAP_COORDINATOR).await;
        site.browser().get(&link).await.form("Get one email a week").submit().await;
        let page = form.tick("term_time_only").submit().await;
        assert_eq!(page.status, 409);
        assert!(page.main().contains("Weekly only"), "{}", page.main());
        page.form("Save").set("frequency", "weekly").submit().await;
        let now = chosen(&site, MAP_COORDINATOR).await;
        assert!(now.frequency == Frequency::Weekly && now.term_time_only);
    })
    .await;
}

#[tokio::test]
async fn somebody_who_goes_away_names_who_is_asked_instead() {
    each_database(async |site| {
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        let form = browser.get(path::ACCOUNT_MAIL).await.click("Say when you are away").await.form("Save");
        let offered = form.choices("deputy");
        let lscb = site.person(LSCB_MANAGER).await.to_string();
        assert!(offered.contains(&lscb), "{offered:?}");
        for nobody in [MAP_COORDINATOR, PANEL_MEMBER, ADMINISTRATOR] {
            assert!(!offered.contains(&site.person(nobody).await.to_string()), "{nobody}: {offered:?}");
        }
        let page = form
            .set("from", "11 December 2017")
            .set("until", "15/12/17")
            .set("stand_in", "deputy")
            .set("deputy", &lscb)
            .submit()
            .await;
        assert_eq!((page.status, page.path.as_str()), (200, path::ACCOUNT_MAIL), "{:?}", page.errors());
        let form = page.click("Say when you are away").await.form("Save");
        let page = form
            .set("from", "27 December 2017")
            .set("until", "2 January 2018")
            .set("stand_in", "contributors")
            .submit()
            .await;
        let rows = page.rows("table");
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0][..2], ["11 to 15 December 2017", "LSCB Manager"]);
        assert_eq!(rows[1][0], "27 December 2017 to 2 January 2018");
        let record = site.record().await;
        let id = site.person(MAP_COORDINATOR).await;
        let away = record.preferences.away(id, day("2017-12-15")).unwrap();
        let StandIn::Deputy(deputy) = &away.stand_in else { panic!("{away:?}") };
        assert_eq!((deputy.name.as_str(), deputy.active), ("LSCB Manager", true));
        assert!(record.preferences.people.contains_key(&deputy.id));
        assert!(record.preferences.away(id, day("2017-12-16")).is_none());
    })
    .await;
}

#[tokio::test]
async fn a_deputy_covers_a_post_from_the_day_on_which_whoever_is_away_holds_it() {
    each_database(async |site| {
        let posts = site.record().await.posts;
        let post = posts.iter().find(|post| post.name == "Education Safeguarding Lead").unwrap().id;
        let lscb = site.actor(LSCB_MANAGER).await;
        let id = lscb.person.unwrap();
        let manager = site.actor(MANAGER).await;
        post::holding::hand_over(&site.cx, &manager, post, Some(id), day("2017-12-18")).await.unwrap();
        let deputy = site.person(MAP_COORDINATOR).await;
        let deputy = store::person::by_id(&site.cx.store, deputy).await.unwrap().unwrap().person;
        let spell =
            Away { from: day("2017-12-11"), until: day("2017-12-22"), stand_in: StandIn::Deputy(deputy) };
        preference::add_away(&site.cx, &lscb, id, &spell).await.unwrap();
        let covers = async || -> Vec<_> {
            let record = site.record().await;
            let acting = record.post(post).unwrap().holdings.iter().filter(|h| h.acting);
            acting.map(|h| (h.from.to_string(), h.to.unwrap().to_string())).collect()
        };
        assert_eq!(covers().await, [("2017-12-18".to_owned(), "2017-12-22".to_owned())]);
        site.go_to(day("2017-12-18"));
        let record = site.record().await;
        let action = record.actions.iter().find(|action| action.label == "Aiii").unwrap();
        let asked = recipients(&record, action, day("2017-12-18")).people;
        let map = site.actor(MAP_COORDINATOR).await;
        assert_eq!(asked.iter().map(|to| Some(to.person.id)).collect::<Vec<_>>(), [map.person]);
        may_on(&map, Permission::WriteUpdate, &record.plan, action).expect("whoever is asked can write");
        preference::remove_away(&site.cx, &lscb, id, day("2017-12-11")).await.unwrap();
        assert_eq!(covers().await, []);
    })
    .await;
}

#[tokio::test]
async fn days_that_can_not_be_are_refused_with_everything_kept() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MAP_COORDINATOR).await;
    let form = async || browser.get(path::ABSENCES).await.form("Save");
    let page = form().await.set("from", "31 Feb 2018").submit().await;
    assert_eq!((page.status, page.errors().len()), (422, 3), "{:?}", page.errors());
    assert_eq!(page.form("Save").value("from"), "31 Feb 2018");
    let page =
        form().await.set("from", "9 January 2018").set("until", "8 January 2018").set("stand_in", "manager");
    assert_eq!(page.submit().await.errors(), ["The last day is before the first"]);
    let entered =
        form().await.set("from", "8 January 2018").set("until", "12 January 2018").set("stand_in", "manager");
    assert_eq!(entered.submit().await.status, 200);
    let page = form()
        .await
        .set("from", "12 January 2018")
        .set("until", "19 January 2018")
        .set("stand_in", "manager");
    assert!(page.submit().await.errors()[0].starts_with("8 to 12 January 2018 is entered already"));
    let page = form()
        .await
        .set("from", "12 February 2018")
        .set("until", "13 February 2018")
        .set("stand_in", "deputy");
    assert_eq!(page.submit().await.errors(), ["Choose somebody from the list"]);
    // Nor by hand: a deputy is somebody from the list.
    let (me, member) = (site.actor(MAP_COORDINATOR).await, site.person(PANEL_MEMBER).await);
    let member = store::person::by_id(&site.cx.store, member).await.unwrap().unwrap().person;
    let away = Away { from: day("2018-03-01"), until: day("2018-03-02"), stand_in: StandIn::Deputy(member) };
    let refused = preference::add_away(&site.cx, &me, me.person.unwrap(), &away).await;
    assert!(matches!(refused, Err(CommandError::Refused { field: "deputy", .. })), "{refused:?}");
}

#[tokio::test]
async fn days_away_are_removed_and_of_those_that_have_begun_the_past_stays() {
    each_database(async |site| {
        let me = site.actor(MAP_COORDINATOR).await;
        let away = |from, until| Away { from: day(from), until: day(until), stand_in: StandIn::Manager };
        for spell in [away("2017-12-06", "2017-12-20"), away("2018-01-08", "2018-01-12")] {
            preference::add_away(&site.cx, &me, me.person.unwrap(), &spell).await.unwrap();
        }
        let browser = site.sign_in_as(MAP_COORDINATOR).await;
        for from in ["2018-01-08", "2017-12-06", "2017-12-06", "nonsense"] {
            let page = browser.post(path::REMOVE_ABSENCE, &[("from", from)]).await;
            assert_eq!((page.status, page.path.as_str()), (200, path::ACCOUNT_MAIL));
        }
        assert_eq!(chosen(&site, MAP_COORDINATOR).await.away, [away("2017-12-06", "2017-12-06")]);
        assert_eq!(newest(&site, MAP_COORDINATOR).await.kind, "away.removed");
    })
    .await;
}

#[tokio::test]
async fn a_manager_says_for_somebody_who_is_ill_that_they_are_away() {
    each_database(async |site| {
        let id = site.person(MAP_COORDINATOR).await;
        let browser = site.sign_in_as(MANAGER).await;
        let form = browser.get(&path::person(id)).await.click("Say when they are away").await.form("Save");
        let page = form
            .set("from", "7 December 2017")
            .set("until", "5 March 2018")
            .set("stand_in", "manager")
            .submit()
            .await;
        assert_eq!(page.path, path::person(id));
        assert!(
            page.main().contains("Away until 5 March 2018: mail goes to the plan’s manager"),
            "{}",
            page.main()
        );
        let event = newest(&site, MAP_COORDINATOR).await;
        assert_eq!((event.kind.as_str(), event.who()), ("away.added", "Risk and Resilience Manager"));
        let page = browser.get("/reminders").await;
        assert!(page.main().contains("Away until 5 March 2018: mail goes to the plan’s manager"));
        // The administrator too, who sees no plan; the one concerned; and nobody else.
        let page = site.sign_in_as(ADMINISTRATOR).await.get(&path::person(id)).await;
        assert!(page.main().contains("Away until 5 March 2018"));
        let page = site.sign_in_as(MAP_COORDINATOR).await.get(path::ACCOUNT_MAIL).await;
        assert_eq!(page.rows("table")[0][0], "7 December 2017 to 5 March 2018");
        for email in [EDUCATION_LEAD, SCRUTINY_OFFICER, PANEL_MEMBER] {
            let browser = site.sign_in_as(email).await;
            assert_eq!(browser.get(&path::person_absences(id)).await.status, 403, "{email}");
            let actor = site.actor(email).await;
            let denied = preference::remove_away(&site.cx, &actor, id, day("2017-12-07")).await;
            assert!(matches!(denied, Err(CommandError::Denied(_))), "{email}");
        }
        let removed = browser.post(&path::remove_person_absence(id), &[("from", "2017-12-07")]).await;
        assert_eq!(removed.path, path::person(id));
        assert_eq!(chosen(&site, MAP_COORDINATOR).await.away, []);
    })
    .await;
}

#[tokio::test]
async fn a_lead_puts_off_reminders_for_a_week_with_a_reason() {
    each_database(async |site| {
        let action = site.action("Aiii").await;
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let form = browser.get(&path::action(action)).await.click("Put off reminders for a week").await;
        let form = form.form("Put off reminders");
        let page = form.submit().await;
        assert_eq!((page.status, page.errors().len()), (422, 1));
        let long = "x".repeat(501);
        let page = form.clone().set("reason", &long).submit().await;
        assert_eq!((page.status, page.form("Put off reminders").value("reason")), (422, long));
        let page = form.set("reason", "The report comes on Monday").submit().await;
        assert_eq!(page.path, path::action(action));
        assert!(
            page.main()
                .contains("You have put off reminders until 13 December 2017: The report comes on Monday"),
            "{}",
            page.main()
        );
        // Pressed again, it stays as it is.
        let again = browser.post(&path::snooze(action), &[("reason", "Another")]).await;
        assert_eq!((again.status, again.path), (200, path::action(action)));
        let record = site.record().await;
        assert_eq!(record.preferences.snoozes.len(), 1);
        let mine = browser.get("/my-actions").await;
        assert!(mine.main().contains("Reminders put off until 13 December 2017"), "{}", mine.main());
        // The manager reads it; the panel does not, not even in the history.
        let page = site.sign_in_as(MANAGER).await.get(&path::action(action)).await;
        assert!(
            page.main().contains("Education Safeguarding Lead has put off reminders until"),
            "{}",
            page.main()
        );
        for email in [PANEL_MEMBER, SCRUTINY_OFFICER, MAP_COORDINATOR] {
            let browser = site.sign_in_as(email).await;
            for path in [path::action(action), path::plan_history("appendix-b")] {
                let page = browser.get(&path).await.main();
                assert!(!page.contains("put off reminders"), "{email} {path}");
            }
        }
        assert!(!newest(&site, EDUCATION_LEAD).await.detail().to_string().contains("report comes"));
    })
    .await;
}

#[tokio::test]
async fn what_was_put_off_is_ended_by_a_button_or_by_itself() {
    each_database(async |site| {
        let (lead, id) = (site.actor(EDUCATION_LEAD).await, site.person(EDUCATION_LEAD).await);
        let (aiii, d) = (site.action("Aiii").await, site.action("D").await);
        for action in [aiii, d] {
            preference::snooze(&site.cx, &lead, action, "Wait").await.unwrap();
        }
        site.go_to(day("2017-12-11"));
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let page = browser.get(path::ACCOUNT_MAIL).await;
        assert_eq!(page.rows("table").len(), 2);
        let page = browser.post(&path::end_snooze(aiii), &[("", "")]).await;
        assert_eq!(page.path, path::action(aiii));
        let holds = async |action, on| site.record().await.preferences.snooze(id, action, day(on)).is_some();
        assert!(holds(aiii, "2017-12-10").await && !holds(aiii, "2017-12-11").await);
        assert!(holds(d, "2017-12-13").await && !holds(d, "2017-12-14").await);
        site.go_to(day("2017-12-14"));
        let page = site.sign_in_as(EDUCATION_LEAD).await.get(path::ACCOUNT_MAIL).await;
        assert_eq!(page.count("main table"), 0);
        // Then it can be put off again, also on the day on which it was ended.
        preference::snooze(&site.cx, &lead, d, "Still waiting").await.unwrap();
        preference::end_snooze(&site.cx, &lead, d).await.unwrap();
        assert!(!holds(d, "2017-12-14").await);
    })
    .await;
}

#[tokio::test]
async fn nobody_puts_off_what_others_are_reminded_of_or_what_nobody_is_reminded_of() {
    let site = Site::appendix_b().await;
    let (aiii, complete) = (site.action("Aiii").await, site.action("Ai").await);
    let manager = site.actor(MANAGER).await;
    let denied = preference::snooze(&site.cx, &manager, aiii, "Wait").await;
    assert!(matches!(denied, Err(CommandError::Denied(_))), "{denied:?}");
    for (email, action) in [(MAP_COORDINATOR, complete), (MANAGER, complete)] {
        let refused = preference::snooze(&site.cx, &site.actor(email).await, action, "Wait").await;
        let no = matches!(refused, Err(CommandError::Refused { .. } | CommandError::Denied(_)));
        assert!(no, "{email}: {refused:?}");
    }
    let administrator = site.actor(ADMINISTRATOR).await;
    let unknown = preference::snooze(&site.cx, &administrator, aiii, "Wait").await;
    assert!(matches!(unknown, Err(CommandError::NotFound)));
}

#[tokio::test]
async fn term_dates_are_entered_and_shown_as_they_were_read() {
    each_database(async |site| {
        let page = page(&site, MAP_COORDINATOR, path::ACCOUNT_MAIL).await;
        assert!(page.main().contains("No term dates are entered here yet"));
        let settings = site.sign_in_as(ADMINISTRATOR).await.get(&path::settings(Section::Terms)).await;
        let typed =
            "3 January 2018 to 9 February 2018, Spring term\nAutumn term 2017\n30/10/2017 to 22/12/2017";
        let page = settings.form("Save").set("terms", typed).submit().await;
        assert_eq!(page.status, 422);
        assert!(page.errors()[0].starts_with("Line 2: “Autumn term 2017” does not say on which days"));
        assert_eq!(page.form("Save").value("terms"), typed);
        let typed = typed.replace("Autumn term 2017\n", "");
        page.form("Save").set("terms", &typed).submit().await;
        let page = site.sign_in_as(ADMINISTRATOR).await.get(&path::settings(Section::Terms)).await;
        let rows = page.rows("table");
        assert_eq!(rows[0], ["30 October to 22 December 2017", "–", "31 October 2017"]);
        assert_eq!(rows[1], ["3 January to 9 February 2018", "Spring term", "4 January 2018"]);
        let calendar = site.cx.calendar();
        assert!(
            !calendar.mails_schools_on(day("2017-12-29")) && calendar.mails_schools_on(day("2018-01-04"))
        );
        let page = site.sign_in_as(MAP_COORDINATOR).await.get(path::ACCOUNT_MAIL).await;
        assert!(!page.main().contains("nothing is held back"), "{}", page.main());
        // 60 days after the last, the dates have run out: the page of settings says so, and everybody's own.
        site.go_to(day("2018-04-11"));
        let page = site.sign_in_as(ADMINISTRATOR).await.get(&path::settings(Section::Terms)).await;
        assert!(page.main().contains("These dates have run out"));
        let page = site.sign_in_as(MAP_COORDINATOR).await.get(path::ACCOUNT_MAIL).await;
        assert!(page.main().contains("end on 9 February 2018, so nothing is held back"), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn what_somebody_chose_is_in_their_data_and_goes_with_their_name() {
    each_database(async |site| {
        let (map, lscb) = (site.actor(MAP_COORDINATOR).await, site.person(EDUCATION_LEAD).await);
        let id = map.person.unwrap();
        let deputy = store::person::by_id(&site.cx.store, lscb).await.unwrap().unwrap().person;
        let spell =
            Away { from: day("2018-01-08"), until: day("2018-01-12"), stand_in: StandIn::Deputy(deputy) };
        preference::add_away(&site.cx, &map, id, &spell).await.unwrap();
        preference::choose(&site.cx, &map, 0, Frequency::Weekly, true).await.unwrap();
        let lead = site.actor(EDUCATION_LEAD).await;
        preference::snooze(&site.cx, &lead, site.action("Aiii").await, "On a course").await.unwrap();
        let data = store::privacy::about(&site.cx.store, id).await.unwrap().unwrap();
        assert_eq!(data["what they chose about emails"][0]["emails"], "Weekly only");
        assert_eq!(data["days away"][0]["asked instead"], "deputy");
        let data = store::privacy::about(&site.cx.store, lscb).await.unwrap().unwrap();
        assert_eq!(data["days for which they stand in"][0]["from"], "2018-01-08");
        assert_eq!(data["reminders put off"][0]["reason"], "On a course");
        // The deputy leaves: the manager is asked instead, and what they put off is gone.
        let administrator = site.actor(ADMINISTRATOR).await;
        person::deactivate(&site.cx, &administrator, lscb).await.unwrap();
        privacy::pseudonymise(&site.cx, &administrator, lscb).await.unwrap();
        assert_eq!(chosen(&site, MAP_COORDINATOR).await.away[0].stand_in, StandIn::Manager);
        assert!(site.record().await.preferences.snoozes.is_empty());
        person::deactivate(&site.cx, &administrator, id).await.unwrap();
        privacy::pseudonymise(&site.cx, &administrator, id).await.unwrap();
        assert_eq!(chosen(&site, COMMUNICATIONS_MANAGER).await, Preference::default());
        assert!(store::preference::all(&site.cx.store).await.unwrap().of.is_empty());
    })
    .await;
}

#[tokio::test]
async fn reasons_and_days_away_go_when_the_mails_of_their_time_do() {
    each_database(async |site| {
        let lead = site.actor(EDUCATION_LEAD).await;
        preference::snooze(&site.cx, &lead, site.action("Aiii").await, "On a course").await.unwrap();
        let spell = Away { from: day("2017-12-07"), until: day("2017-12-13"), stand_in: StandIn::Manager };
        preference::add_away(&site.cx, &lead, lead.person.unwrap(), &spell).await.unwrap();
        site.go_to(day("2018-12-13"));
        retention::keep_house(&site.cx).await.unwrap();
        assert_eq!(site.record().await.preferences.snoozes.len(), 1);
        site.go_to(day("2018-12-14"));
        assert_eq!(retention::keep_house(&site.cx).await.unwrap().unwrap().choices, 2);
        assert!(site.record().await.preferences.snoozes.is_empty());
        assert_eq!(chosen(&site, EDUCATION_LEAD).await.away, []);
    })
    .await;
}
