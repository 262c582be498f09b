//! One person's mail on one page: what comes next, what does not and why, and what was sent; and a plan's next 30 days.

use scrutiny_tracker::{
    command::{person, preference, update},
    domain::{
        access::{Grant, Role},
        installation::Section,
        message::MessageKind,
        preference::{Away, Frequency, StandIn},
        rating::Rating,
        update::UpdateDraft,
    },
    link::path,
    store::{
        self,
        outbox::{NewMessage, Readable},
    },
};
use sea_orm::{ConnectionTrait, Database};

use crate::{
    steps::{open_round, second_plan, work},
    support::{
        ADMINISTRATOR, EDUCATION_LEAD, LSCB_MANAGER, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page,
        SCRUTINY_OFFICER, Site, day, each_database,
    },
};

const NEXT: &str = "main h2 + p + table";
const PLAN: &str = "/plans/appendix-b/reminders";

async fn sql(site: &Site, statement: &str) {
    Database::connect(&site.url).await.unwrap().execute_unprepared(statement).await.unwrap();
}

/// The page about somebody, as somebody reads it.
async fn mail_to(site: &Site, of: &str, reader: &str) -> Page {
    let page = site.sign_in_as(reader).await.get(&path::person_mail(site.person(of).await)).await;
    assert_eq!(page.status, 200, "{}", page.main());
    page
}

async fn own(site: &Site, email: &str) -> Page {
    site.sign_in_as(email).await.get(path::OWN_MAIL).await
}

/// Why an action brings somebody no mail today, as their manager reads it and as they do.
async fn why_not(site: &Site, of: &str, label: &str) -> Vec<String> {
    let why = |page: &Page| -> Vec<String> {
        page.rows("main table")
            .into_iter()
            .filter(|r| r.len() == 2 && r[0] == label)
            .map(|mut r| r.remove(1))
            .collect()
    };
    let read = why(&mail_to(site, of, MANAGER).await);
    if of != MANAGER {
        assert_eq!(read, why(&own(site, of).await), "{of} {label}");
    }
    read
}

async fn chooses(site: &Site, email: &str, frequency: Frequency, term_time_only: bool) {
    let actor = site.actor(email).await;
    let version = store::preference::version(&site.cx.store, actor.person.unwrap()).await.unwrap();
    preference::choose(&site.cx, &actor, version, frequency, term_time_only).await.unwrap();
}

#[tokio::test]
async fn the_next_mails_to_a_person_stand_there_with_their_days_and_lines() {
    each_database(async |site| {
        let page = mail_to(&site, EDUCATION_LEAD, MANAGER).await;
        assert_eq!(page.h1(), "Mail to Education Safeguarding Lead");
        let next = page.rows(NEXT);
        assert_eq!(
            next[0],
            ["Thursday 7 December 2017 (today)", "Aiii: overdue by 68 days D: overdue by 7 days"]
        );
        assert_eq!(next[1], ["Thursday 14 December 2017", "Aiii: overdue by 75 days D: overdue by 14 days"]);
        let days: Vec<&str> = next.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(
            days[2..],
            ["Thursday 21 December 2017", "Thursday 28 December 2017", "Thursday 4 January 2018"]
        );
        assert_eq!(page.attributes("main td a", "href")[0], path::action(site.action("Aiii").await));
        // They read the same of themselves, and the way there is under “Your emails”.
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let mine =
            browser.get(path::ACCOUNT_MAIL).await.click("What was sent to you, and what comes next").await;
        assert_eq!((mine.path.as_str(), mine.rows(NEXT)), (path::OWN_MAIL, next));
        // Who leads nothing that falls due gets nothing, and the page says so.
        let page = mail_to(&site, MAP_COORDINATOR, MANAGER).await;
        assert!(page.main().contains("Until 6 January 2018 no reminder comes"), "{}", page.main());
        assert!(page.main().contains("Nothing: mail comes when something falls due."));
        assert_eq!(why_not(&site, MAP_COORDINATOR, "Aii").await, ["complete"]);
        // What has gone stands under what was sent, and comes no more.
        work(&site).await;
        let page = mail_to(&site, EDUCATION_LEAD, MANAGER).await;
        assert_eq!(page.rows(NEXT)[0][0], "Thursday 14 December 2017");
        let sent = page.rows("main table").into_iter().rfind(|row| row.len() == 3).unwrap();
        assert_eq!(sent[1], "7 December 2017");
        assert_eq!(why_not(&site, EDUCATION_LEAD, "Aiii").await, ["overdue: last mailed on 7 December 2017"]);
    })
    .await;
}

#[tokio::test]
async fn what_a_round_brings_and_what_the_panel_asks_stands_there_too() {
    each_database(async |site| {
        site.go_to(day("2018-01-22"));
        open_round(&site, "Mar 2018").await;
        let lead = mail_to(&site, EDUCATION_LEAD, MANAGER).await.rows(NEXT);
        let lines: String = lead.iter().map(|row| format!("{}: {}\n", row[0], row[1])).collect();
        assert!(lines.contains("Updates for Mar 2018 due by 29 January 2018: Aiii, D"), "{lines}");
        let log = site.sign_in_as(MANAGER).await.get("/reminders").await;
        assert!(log.main().contains("Updates for Mar 2018 due by"), "{}", log.main());
        let manager = own(&site, MANAGER).await.main();
        assert!(manager.contains("How Mar 2018 stands: 0 of "), "{manager}");
    })
    .await;
}

#[tokio::test]
async fn off_weekly_put_off_and_quiet_since_an_update_are_said() {
    each_database(async |site| {
        // The week's first working day has had its mails.
        let tx = site.cx.store.begin().await.unwrap();
        store::setting::set(&tx, "reminders.last-run", "2017-12-06").await.unwrap();
        tx.commit().await.unwrap();
        chooses(&site, EDUCATION_LEAD, Frequency::Off, false).await;
        assert_eq!(why_not(&site, EDUCATION_LEAD, "Aiii").await, ["has chosen no reminders"]);
        let page = mail_to(&site, EDUCATION_LEAD, MANAGER).await;
        assert!(page.main().contains("Nothing comes") && page.main().contains("Off"), "{}", page.main());
        // It is not said of anybody else.
        assert!(!mail_to(&site, MANAGER, MANAGER).await.main().contains("has chosen no reminders"));
        chooses(&site, EDUCATION_LEAD, Frequency::Weekly, false).await;
        let why = why_not(&site, EDUCATION_LEAD, "Aiii").await;
        assert_eq!(why, ["has chosen one mail a week: the next on Monday 11 December 2017"]);
        assert_eq!(own(&site, EDUCATION_LEAD).await.rows(NEXT)[0][0], "Monday 11 December 2017");
        chooses(&site, EDUCATION_LEAD, Frequency::Normal, false).await;
        let lead = site.actor(EDUCATION_LEAD).await;
        preference::snooze(&site.cx, &lead, site.action("Aiii").await, "On a course").await.unwrap();
        let why = why_not(&site, EDUCATION_LEAD, "Aiii").await;
        assert_eq!(why, ["put off until 13 December 2017: On a course"]);
        let page = own(&site, EDUCATION_LEAD).await;
        let put_off = "Aiii put off until 13 December 2017: On a course";
        assert!(page.main().contains(put_off), "{}", page.main());
        let all = site.sign_in_as(MANAGER).await.get("/reminders").await;
        let chosen = ["Education Safeguarding Lead", put_off];
        assert!(all.rows("main table").iter().any(|row| *row == chosen), "{}", all.main());
        let mut draft = UpdateDraft::of("Work has gone on.");
        draft.reported = Rating::AtRisk;
        update::add(&site.cx, &lead, site.action("D").await, &draft, None).await.unwrap();
        let why = why_not(&site, EDUCATION_LEAD, "D").await;
        assert!(why[0].starts_with("overdue, but updated on 7 December 2017: quiet until"), "{why:?}");
    })
    .await;
}

#[tokio::test]
async fn three_mails_this_week_days_off_and_school_holidays_are_said() {
    each_database(async |site| {
        let lead = site.person(EDUCATION_LEAD).await;
        let tx = site.cx.store.begin().await.unwrap();
        for on in ["2017-12-04", "2017-12-05", "2017-12-06"] {
            let new = NewMessage {
                unique_key: on,
                kind: MessageKind::Reminder,
                office_day: day(on),
                person: Some(lead),
                link: None,
                to_name: "Education Safeguarding Lead",
                to_address: EDUCATION_LEAD,
                message_id: on,
                rendered: None,
            };
            store::outbox::queue(&tx, &new, &[], site.cx.clock.machine_now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let why = why_not(&site, EDUCATION_LEAD, "D").await;
        assert!(why[0].starts_with("3 mails this week: it goes into the first of the next"), "{why:?}");
        assert_eq!(own(&site, EDUCATION_LEAD).await.rows(NEXT)[0][0], "Monday 11 December 2017");
        // A Saturday, and Christmas.
        for closed in ["2017-12-09", "2017-12-25"] {
            site.go_to(day(closed));
            assert_eq!(why_not(&site, EDUCATION_LEAD, "D").await, ["not a working day"], "{closed}");
        }
        let settings = site.sign_in_as(ADMINISTRATOR).await.get(&path::settings(Section::Terms)).await;
        let terms = "30/10/2017 to 15/12/2017\n3 January 2018 to 9 February 2018";
        assert_eq!(settings.form("Save").set("terms", terms).submit().await.errors(), [""; 0]);
        chooses(&site, EDUCATION_LEAD, Frequency::Normal, true).await;
        site.go_to(day("2017-12-18"));
        let why = why_not(&site, EDUCATION_LEAD, "D").await;
        assert_eq!(why, ["term time only: held back until the second school day"]);
        let page = own(&site, EDUCATION_LEAD).await;
        assert!(page.main().contains("Term time only"), "{}", page.main());
        assert_eq!(page.rows(NEXT)[0][0], "Thursday 4 January 2018");
    })
    .await;
}

#[tokio::test]
async fn whoever_is_away_or_has_no_address_in_use_reads_who_is_asked_instead() {
    each_database(async |site| {
        let lead = site.actor(EDUCATION_LEAD).await;
        let id = lead.person.unwrap();
        let lscb = site.person(LSCB_MANAGER).await;
        let deputy = store::person::by_id(&site.cx.store, lscb).await.unwrap().unwrap().person;
        let away = Away { from: day("2017-12-07"), until: day("2017-12-20"), stand_in: StandIn::Deputy(deputy) };
        preference::add_away(&site.cx, &lead, id, &away).await.unwrap();
        assert_eq!(why_not(&site, EDUCATION_LEAD, "Aiii").await, ["LSCB Manager is asked instead"]);
        let page = own(&site, EDUCATION_LEAD).await;
        assert!(page.main().contains("Away until 20 December 2017: mail goes to LSCB Manager"));
        assert_eq!(page.rows(NEXT)[0][0], "Thursday 21 December 2017");
        let stand_in = own(&site, LSCB_MANAGER).await;
        let asked = "Aiii: overdue by 68 days (Education Safeguarding Lead is away until 20 December 2017, so their deputy is asked)";
        assert!(stand_in.main().contains(asked), "{}", stand_in.main());
        preference::remove_away(&site.cx, &lead, id, day("2017-12-07")).await.unwrap();
        site.go_to(day("2017-12-08"));
        sql(
            &site,
            &format!("UPDATE person SET address_refused_on = '2017-12-08', address_refused_note = '550 no such user' WHERE id = {id}"),
        )
        .await;
        let refused = "the mail server refused the address of Education Safeguarding Lead on 8 December 2017: \
                       Risk and Resilience Manager is asked instead";
        assert_eq!(why_not(&site, EDUCATION_LEAD, "Aiii").await, [refused]);
        let page = mail_to(&site, EDUCATION_LEAD, MANAGER).await;
        assert!(page.main().contains("refused their address on 8 December 2017: 550 no such user"));
        person::deactivate(&site.cx, &site.actor(ADMINISTRATOR).await, id).await.unwrap();
        let page = mail_to(&site, EDUCATION_LEAD, MANAGER).await;
        assert!(page.main().contains("The account is not in use: nothing goes to it."), "{}", page.main());
        assert!(page.main().contains("Nothing comes"));
    })
    .await;
}

#[tokio::test]
async fn two_people_of_one_name_are_told_apart() {
    each_database(async |site| {
        let administrator = site.actor(ADMINISTRATOR).await;
        let draft = person::PersonDraft {
            name: "Education Safeguarding Lead".to_owned(),
            email: "another-lead@example.org".to_owned(),
            grants: vec![Grant::everywhere(Role::Lead)],
        };
        let other = person::create(&site.cx, &administrator, &draft).await.unwrap();
        work(&site).await;
        let page = site.sign_in_as(MANAGER).await.get(&path::person_mail(other)).await;
        assert_eq!(page.count("main table"), 0, "{}", page.main());
        assert!(mail_to(&site, EDUCATION_LEAD, MANAGER).await.count("main table") == 3);
    })
    .await;
}

#[tokio::test]
async fn managers_read_of_their_plans_administrators_of_the_log_and_everybody_of_themselves() {
    each_database(async |site| {
        work(&site).await;
        second_plan(&site).await;
        let lead = site.person(EDUCATION_LEAD).await;
        for email in [EDUCATION_LEAD, MAP_COORDINATOR, SCRUTINY_OFFICER, PANEL_MEMBER] {
            let browser = site.sign_in_as(email).await;
            assert_eq!(browser.get(&path::person_mail(lead)).await.status, 403, "{email}");
            assert_eq!(browser.get(path::OWN_MAIL).await.status, 200, "{email}");
        }
        assert!(!own(&site, MAP_COORDINATOR).await.main().contains("Aiii"));
        assert!(site.browser().get(path::OWN_MAIL).await.path.starts_with("/demonstration?next="));
        // An administrator sees no plan, but every mail.
        let page = mail_to(&site, EDUCATION_LEAD, ADMINISTRATOR).await;
        assert!(!page.main().contains("Aiii") && page.main().contains("You manage none"), "{}", page.main());
        assert_eq!(page.count("main table"), 1);
        // Its own mail says nothing of others' either.
        assert_eq!(own(&site, ADMINISTRATOR).await.count("main table"), 0);
        // Of a plan that they do not manage, managers read nothing.
        sql(
            &site,
            "UPDATE role_grant SET plan_id = (SELECT id FROM plan WHERE slug = 'second') WHERE role = 'manager'",
        )
        .await;
        let page = mail_to(&site, EDUCATION_LEAD, MANAGER).await;
        assert!(!page.main().contains("Aiii") && page.count("main table") == 0, "{}", page.main());
        let browser = site.sign_in_as(MANAGER).await;
        let page = browser.get(PLAN).await;
        assert_eq!(page.status, 200);
        assert!(!page.main().contains("if nobody writes"), "{}", page.main());
        assert_eq!(browser.get(&path::person_mail(scrutiny_tracker::domain::id::PersonId(9_999))).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_plan_shows_its_managers_the_next_30_days() {
    each_database(async |site| {
        let page = site.sign_in_as(MANAGER).await.get(PLAN).await;
        let next = page.rows("h2 + p + table");
        assert_eq!(
            next[0],
            [
                "Thursday 7 December 2017 (today)",
                "Education Safeguarding Lead",
                "Aiii: overdue by 68 days D: overdue by 7 days"
            ]
        );
        assert_eq!(next.len(), 10);
        assert_eq!(next[9][0], "Thursday 4 January 2018");
        let lead = path::person_mail(site.person(EDUCATION_LEAD).await);
        assert!(page.attributes("main td a", "href").contains(&lead));
        for email in [EDUCATION_LEAD, SCRUTINY_OFFICER, PANEL_MEMBER] {
            let page = site.sign_in_as(email).await.get(PLAN).await;
            assert!(page.status == 200 && !page.main().contains("if nobody writes"), "{email}");
        }
        second_plan(&site).await;
        let page = site.sign_in_as(MANAGER).await.get("/plans/second/reminders").await;
        assert!(page.main().contains("No mail about this plan goes out until"), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn what_is_switched_on_after_the_days_mails_were_queued_goes_out_on_the_next_working_day_as_foreseen() {
    each_database(async |site| {
        work(&site).await;
        let browser = site.sign_in_as(MANAGER).await;
        let form = browser.get(&format!("{PLAN}/edit")).await.form("Save");
        let page = form.tick("escalates").submit().await;
        assert_eq!((page.status, page.path.as_str()), (200, PLAN), "{:?}", page.errors());
        let first = |page: &Page| page.rows("h2 + p + table")[0].clone();
        let next = first(&page);
        assert_eq!(next[0], "Friday 8 December 2017", "{next:?}");
        assert_eq!(next[2], "Aiii: overdue by 69 days");
        assert_eq!(first(&browser.get("/reminders").await), next);
        assert_eq!(own(&site, MANAGER).await.rows(NEXT)[0], [&*next[0], &*next[2]]);
        // And so it does.
        site.go_to(day("2017-12-08"));
        let escalations = async || {
            let all = store::outbox::list(&site.cx.store, &Readable::All, 0, 1_000).await.unwrap();
            all.iter().filter(|m| m.kind == MessageKind::Escalation).count()
        };
        assert_eq!(escalations().await, 0);
        work(&site).await;
        assert_eq!(escalations().await, 2, "the manager’s and the copy");
    })
    .await;
}
