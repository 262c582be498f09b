//! The mails of a round: opening it asks everyone once, a reminder goes to those who are awaited, and calls can be noted.

use scrutiny_tracker::{
    command::{self, person::PersonDraft, post, update},
    domain::{
        access::{Actor, Grant, Role},
        id::RoundId,
        message::{MessageKind, MessageState},
        plan::PlanDraft,
        preference::{Away, StandIn},
        update::UpdateDraft,
    },
    store::{self, outbox::Message},
};
use sea_orm::ConnectionTrait as _;

use crate::{
    steps::{add_led_action, draft_of, open_round, second_plan, work},
    support::{
        Browser, COMMUNICATIONS_MANAGER, EDUCATION_LEAD, GOVERNORS_MANAGER, LSCB_MANAGER, MANAGER,
        MAP_COORDINATOR, PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site, day, each_database,
    },
};

/// Opens the round for 19 February 2018, as somebody would.
async fn opened(browser: &Browser) -> Page {
    let page = browser.get("/rounds/new?plan=appendix-b").await.form("Plan the round").submit().await;
    page.click("Open this round").await.form("Open the round").submit().await
}

/// The mails of rounds, oldest first.
async fn round_mails(site: &Site) -> Vec<Message> {
    let mut all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 1_000).await.unwrap();
    all.retain(|m| m.kind == MessageKind::Round);
    all.reverse();
    all
}

/// To whom they went, by address.
async fn handed_to(site: &Site) -> Vec<String> {
    let sent = round_mails(site).await.into_iter().filter(|m| m.state == MessageState::Handed);
    let mut to: Vec<String> = sent.map(|m| m.to_address).collect();
    to.sort();
    to
}

/// The text of the last mail of a round to an address.
async fn plain(site: &Site, to: &str) -> String {
    let mail = round_mails(site).await.into_iter().rfind(|m| m.to_address == to).expect("a mail");
    let letter = scrutiny_tracker::mail::reading::read(mail.mime.expect("its bytes").as_bytes()).unwrap();
    format!("{}\n{}", mail.subject.unwrap_or_default(), letter.plain)
}

async fn write(site: &Site, label: &str) {
    let draft = UpdateDraft::of("The work goes on.");
    let manager = site.actor(MANAGER).await;
    update::add(&site.cx, &manager, site.action(label).await, &draft, None).await.expect("an update");
}

#[tokio::test]
async fn opening_asks_every_lead_with_an_open_action_once_with_all_of_theirs() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = opened(&browser).await;
        assert!(page.main().contains("The round is open. An email goes to 4 people"), "{}", page.main());
        work(&site).await;
        let everyone = [EDUCATION_LEAD, GOVERNORS_MANAGER, LSCB_MANAGER, MANAGER];
        assert_eq!(handed_to(&site).await, everyone);
        let mail = plain(&site, EDUCATION_LEAD).await;
        for says in [
            "2 updates due Mon 29 Jan (2 overdue) – Digital",
            "Risk and Resilience Manager, Middlesbrough Council, asks for your updates for the Community Safety and \
             Leisure Scrutiny Panel on 19 February 2018.",
            "Please write by Monday 29 January 2018.",
            "Aiii: ",
            "D: ",
            "You get this email because you hold the post Education Safeguarding Lead",
        ] {
            assert!(mail.contains(says), "{says}: {mail}");
        }
        // Leads have one date to keep.
        assert!(!mail.contains(" 7 February") && !mail.contains(" 9 February"), "{mail}");
        assert!(plain(&site, MANAGER).await.contains("Your own list as Risk and Resilience Manager"));
        // Nobody is asked a second time, whatever runs.
        work(&site).await;
        assert_eq!(handed_to(&site).await.len(), 4);
        let page = browser.get(&page.path).await;
        let sent = page.rows("table").into_iter().find(|row| row[1] == "Asked for updates").expect("the mails");
        assert_eq!((sent[0].as_str(), sent[3].as_str()), ("7 December 2017", "4 handed to the mail server"));
        assert!(sent[2].starts_with("4 people"), "{sent:?}");
    })
    .await;
}

#[tokio::test]
async fn a_round_over_two_plans_asks_a_lead_for_both_in_one_mail() {
    each_database(async |site| {
        let plan = second_plan(&site).await;
        add_led_action(&site, plan, "Education Safeguarding Lead", "Visit every home.", "June 2018").await;
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = browser.get("/rounds/new?plan=appendix-b").await.form("Plan the round");
        let page = form.tick_value("plans", &plan.to_string()).submit().await;
        let page = page.click("Open this round").await;
        let rows = page.rows("table");
        assert_eq!(rows[0], ["Education Safeguarding Lead", "Action 1, Aiii, D"]);
        page.form("Open the round").submit().await;
        work(&site).await;
        assert_eq!(handed_to(&site).await.iter().filter(|to| *to == EDUCATION_LEAD).count(), 1);
        let mail = plain(&site, EDUCATION_LEAD).await;
        assert!(mail.contains("3 updates due Mon 29 Jan (2 overdue) – 2 plans"), "{mail}");
        assert!(mail.contains("A SECOND PLAN") && mail.contains("Action 1: Visit every home"), "{mail}");
        // The opening stands in the history of both.
        for slug in ["appendix-b", "second"] {
            let history = browser.get(&format!("/plans/{slug}/history")).await.main();
            assert_eq!(history.matches("Round 19 Feb 2018 opened").count(), 1, "{slug}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_has_arrived_before_the_mail_goes_is_not_asked_for() {
    each_database(async |site| {
        // Opened on a Saturday: mail waits until Monday.
        site.go_to(day("2017-12-09"));
        opened(&site.sign_in_as(SCRUTINY_OFFICER).await).await;
        work(&site).await;
        assert!(handed_to(&site).await.is_empty(), "nothing goes out at the weekend");
        for label in ["Aiii", "G"] {
            write(&site, label).await;
        }
        site.go_to(day("2017-12-11"));
        work(&site).await;
        let mail = plain(&site, EDUCATION_LEAD).await;
        assert!(mail.contains("D: ") && !mail.contains("Aiii: "), "{mail}");
        // G is joint, and all that the Governor’s Service Manager was to be asked for: one update is enough.
        let all = round_mails(&site).await;
        let settled = all.iter().find(|m| m.to_address == GOVERNORS_MANAGER).unwrap();
        assert_eq!(settled.state, MessageState::NotSent);
        assert_eq!(
            settled.note.as_deref(),
            Some("nothing left to ask for: what was awaited has arrived, or somebody else is asked")
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_opened_in_the_evening_is_asked_for_once_the_next_morning() {
    each_database(async |site| {
        // Updates for that meeting are due on 29 January, so that the reminders of it begin on Monday the 22nd.
        site.cx.clock.move_office_to(day("2018-01-19").and_hms_opt(17, 0, 0).unwrap());
        let round = open_round(&site, "19 Feb 2018").await;
        work(&site).await;
        site.go_to(day("2018-01-22"));
        work(&site).await;
        let all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 1_000).await.unwrap();
        let theirs: Vec<_> =
            all.iter().filter(|m| m.to_address == EDUCATION_LEAD).map(|m| (m.kind, m.state)).collect();
        assert_eq!(theirs, [(MessageKind::Round, MessageState::Handed)]);
        // Whoever presses that morning asks nobody twice.
        let mailed =
            command::round::remind(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round).await.unwrap();
        assert!(mailed.now.is_empty(), "{mailed:?}");
    })
    .await;
}

#[tokio::test]
async fn what_is_opened_in_the_evening_asks_whoever_leads_in_the_morning() {
    each_database(async |site| {
        site.cx.clock.move_office_to(day("2018-02-01").and_hms_opt(17, 0, 0).unwrap());
        let manager = site.actor(MANAGER).await;
        let hands_over = async |post: &str, to: &str| {
            let post = site.record().await.posts.iter().find(|p| p.name == post).unwrap().id;
            let to = site.person(to).await;
            post::holding::hand_over(&site.cx, &manager, post, Some(to), day("2018-02-02")).await.unwrap();
        };
        // One is known when the round is opened, the other comes after it.
        hands_over("Education Safeguarding Lead", COMMUNICATIONS_MANAGER).await;
        open_round(&site, "19 Feb 2018").await;
        hands_over("LSCB Manager", MAP_COORDINATOR).await;
        site.go_to(day("2018-02-02"));
        work(&site).await;
        let handed = handed_to(&site).await;
        let asked = |who: &str| handed.iter().filter(|to| *to == who).count();
        assert_eq!(
            [COMMUNICATIONS_MANAGER, MAP_COORDINATOR, EDUCATION_LEAD, LSCB_MANAGER].map(asked),
            [1, 1, 0, 0],
            "{handed:?}"
        );
        let all = round_mails(&site).await;
        let left = all.iter().find(|m| m.to_address == LSCB_MANAGER).unwrap();
        assert_eq!(left.state, MessageState::NotSent);
        let note = left.note.as_deref().unwrap();
        assert!(note.starts_with("somebody else is asked for it by now: "), "{note}");
    })
    .await;
}

#[tokio::test]
async fn what_is_put_off_before_the_reminder_of_a_round_goes_is_not_asked_for_and_no_mail_is_empty() {
    each_database(async |site| {
        site.go_to(day("2018-01-15"));
        open_round(&site, "19 Feb 2018").await;
        work(&site).await;
        site.go_to(day("2018-01-22"));
        command::reminder::queue_today(&site.cx).await.unwrap();
        let lead = site.actor(EDUCATION_LEAD).await;
        for label in ["Aiii", "D"] {
            let action = site.action(label).await;
            command::preference::snooze(&site.cx, &lead, action, "The report comes next week").await.unwrap();
        }
        work(&site).await;
        let all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 1_000).await.unwrap();
        let digests: Vec<_> = all
            .iter()
            .filter(|m| m.kind == MessageKind::Reminder && m.office_day == day("2018-01-22"))
            .filter(|m| m.to_address == EDUCATION_LEAD)
            .collect();
        assert_eq!(digests.iter().map(|m| m.state).collect::<Vec<_>>(), [MessageState::NotSent]);
        assert_eq!(
            digests[0].note.as_deref(),
            Some("nothing left to say: what it was about is settled"),
            "{digests:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn an_answer_goes_to_whoever_stands_in_for_the_manager() {
    each_database(async |site| {
        let manager = site.actor(MANAGER).await;
        let deputy = site.person(LSCB_MANAGER).await;
        let deputy = store::person::by_id(&site.cx.store, deputy).await.unwrap().unwrap().person;
        let away =
            Away { from: day("2017-12-07"), until: day("2017-12-20"), stand_in: StandIn::Deputy(deputy) };
        command::preference::add_away(&site.cx, &manager, manager.person.unwrap(), &away).await.unwrap();
        opened(&site.sign_in_as(SCRUTINY_OFFICER).await).await;
        work(&site).await;
        let all = round_mails(&site).await;
        let mail = all.into_iter().find(|m| m.to_address == EDUCATION_LEAD).unwrap();
        let letter = scrutiny_tracker::mail::reading::read(mail.mime.unwrap().as_bytes()).unwrap();
        assert_eq!(letter.header("Reply-To").unwrap(), format!("\"LSCB Manager\" <{LSCB_MANAGER}>"));
        let asks = "LSCB Manager, Risk and Resilience Manager, Middlesbrough Council, asks for your updates";
        assert!(letter.plain.contains(asks), "{}", letter.plain);
    })
    .await;
}

#[tokio::test]
async fn the_manager_of_one_plan_of_a_round_is_told_how_it_stands_in_that_one() {
    each_database(async |site| {
        let second = second_plan(&site).await;
        let posts = site.record().await.posts;
        let post = |name: &str| posts.iter().find(|p| p.name == name).unwrap().id;
        add_led_action(&site, second, "Education Safeguarding Lead", "Visit every home.", "June 2019").await;
        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = officer.get("/rounds/new?plan=appendix-b").await.form("Plan the round");
        let page = form.tick_value("plans", &second.to_string()).submit().await;
        page.click("Open this round").await.form("Open the round").submit().await;
        let program = Actor::program("test");
        let plan = site.record_of("second").await.plan;
        let version = plan.version;
        let draft = PlanDraft { manager: post("LSCB Manager"), ..draft_of(plan) };
        command::plan::edit(&site.cx, &program, second, version, &draft).await.unwrap();
        site.go_to(day("2017-12-11"));
        work(&site).await;
        let standing = async |to: &str| {
            let all =
                store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 1_000).await.unwrap();
            let is_theirs = |m: &Message| m.kind == MessageKind::Reminder && m.to_address == to;
            let mail = all.into_iter().find(is_theirs).expect("a digest").mime.unwrap();
            let plain = scrutiny_tracker::mail::reading::read(mail.as_bytes()).unwrap().plain;
            plain.lines().find(|line| line.contains("updates in")).unwrap_or_default().trim().to_owned()
        };
        assert_eq!(standing(LSCB_MANAGER).await, "0 of 1 updates in");
        assert_eq!(standing(MANAGER).await, "0 of 10 updates in");
        assert_eq!(standing(SCRUTINY_OFFICER).await, "0 of 11 updates in");
    })
    .await;
}

#[tokio::test]
async fn the_weekly_mail_names_the_plan_the_panel_and_the_day_and_says_why_it_comes() {
    each_database(async |site| {
        open_round(&site, "19 Feb 2018").await;
        work(&site).await;
        site.go_to(day("2017-12-11"));
        work(&site).await;
        for (to, why) in
            [(SCRUTINY_OFFICER, "you are a scrutiny officer of the plan"), (MANAGER, "you manage the plan")]
        {
            let all = site.mailed(to).await;
            let stands = |(_, plain): &(String, String)| plain.contains("HOW THE ROUND STANDS");
            let (subject, plain) = all.into_iter().find(stands).expect("the weekly mail");
            assert!(subject.contains("0 of 10 updates in – Digital Safeguarding"), "{subject}");
            for says in [
                "  0 of 10 updates in\n  Plan: Digital Safeguarding",
                "  For the Community Safety and Leisure Scrutiny Panel on 19 February 2018\n",
                "Governor's Service Manager and LSCB Manager jointly (1)",
                ", by Monday 29 January 2018\n",
                format!("{why}. ").as_str(),
            ] {
                assert!(plain.contains(says), "{says}: {plain}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_helps_in_one_plan_of_a_round_does_not_read_who_was_mailed_about_another() {
    each_database(async |site| {
        let second = second_plan(&site).await;
        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        let form = officer.get("/rounds/new?plan=appendix-b").await.form("Plan the round");
        let page = form.tick_value("plans", &second.to_string()).submit().await;
        let page = page.click("Open this round").await.form("Open the round").submit().await;
        assert!(page.main().contains("LSCB Manager"), "{}", page.main());
        let somebody = PersonDraft {
            name: "Somebody".to_owned(),
            email: "somebody@example.org".to_owned(),
            grants: vec![Grant { role: Role::Manager, plan: Some(second) }],
        };
        command::person::create(&site.cx, &Actor::program("test"), &somebody).await.unwrap();
        let seen = site.sign_in_as("somebody@example.org").await.get(&page.path).await.main();
        assert!(seen.contains("Emails of this round") && !seen.contains("LSCB Manager"), "{seen}");
    })
    .await;
}

#[tokio::test]
async fn a_round_that_is_closed_before_its_mail_goes_asks_nobody() {
    let site = Site::appendix_b().await;
    site.go_to(day("2017-12-09"));
    let page = opened(&site.sign_in_as(SCRUTINY_OFFICER).await).await;
    page.click("Close this round").await.form("Close the round").tick("early").submit().await;
    site.go_to(day("2017-12-11"));
    work(&site).await;
    let all = round_mails(&site).await;
    assert_eq!(all.len(), 4);
    for mail in all {
        assert_eq!(mail.note.as_deref(), Some("nothing to ask for: the round is closed"));
    }
    // The overdue mails that it would have been are not used up.
    site.go_to(day("2017-12-12"));
    work(&site).await;
    assert!(site.mailed(EDUCATION_LEAD).await[0].0.starts_with("2 overdue"));
}

#[tokio::test]
async fn a_reminder_goes_only_to_those_who_are_awaited_and_once_a_day() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let address = opened(&browser).await.path;
        // On the day of the opening everybody has been asked.
        let page = browser.get(&address).await.click("Send a reminder").await;
        assert!(page.main().contains("There is nobody to remind"), "{}", page.main());
        assert!(page.main().contains("A reminder goes once a day at most"), "{}", page.main());
        work(&site).await;
        for label in ["Aiii", "D"] {
            write(&site, label).await;
        }
        site.go_to(day("2018-01-22"));
        let page = browser.get(&address).await.click("Send a reminder").await;
        let names: Vec<String> = page.rows("table").into_iter().map(|row| row[0].clone()).collect();
        assert_eq!(names, ["Governor's Service Manager", "LSCB Manager", "Risk and Resilience Manager"]);
        let form = page.form("Send the reminder");
        let page = form.submit().await;
        assert!(page.main().contains("A reminder goes to 3 people"), "{}", page.main());
        // A double click.
        let again = form.submit().await;
        assert_eq!((again.status, &again.path), (200, &address));
        assert!(again.main().contains("No reminder was sent: "), "{}", again.main());
        assert!(again.main().contains("once a day at most"), "{}", again.main());
        work(&site).await;
        assert_eq!(handed_to(&site).await.len(), 4 + 3);
        let mail = plain(&site, LSCB_MANAGER).await;
        assert!(mail.contains("reminds you of your update"), "{mail}");
        // Another day, another reminder.
        site.go_to(day("2018-01-23"));
        browser.get(&address).await.click("Send a reminder").await.form("Send the reminder").submit().await;
        work(&site).await;
        assert_eq!(handed_to(&site).await.len(), 4 + 3 + 3);
        let rows = browser.get(&address).await.rows("table");
        let mails: Vec<_> = rows.iter().filter(|row| row.len() == 4 && row[3].contains("handed")).collect();
        assert_eq!(mails.len(), 3, "{rows:?}");
        // That there was one tells who had not written: not for everyone’s history.
        assert!(browser.get("/history").await.main().contains("Reminder for 19 Feb 2018 to 3 people"));
        let seen = site.sign_in_as(PANEL_MEMBER).await.get("/plans/appendix-b/history").await.main();
        assert!(seen.contains("Round 19 Feb 2018 opened") && !seen.contains("Reminder for"), "{seen}");
    })
    .await;
}

/// A round that is opened on 15 January, with updates due on Monday the 29th: five working days before it the digests have
/// said so.
async fn open_and_remind(site: &Site) -> RoundId {
    site.go_to(day("2018-01-15"));
    let round = open_round(site, "19 Feb 2018").await;
    work(site).await;
    site.go_to(day("2018-01-22"));
    work(site).await;
    round
}

#[tokio::test]
async fn whom_the_days_digest_has_reminded_of_a_round_a_press_does_not_remind_again() {
    each_database(async |site| {
        let round = open_and_remind(&site).await;
        let officer = site.actor(SCRUTINY_OFFICER).await;
        let mailed = command::round::remind(&site.cx, &officer, round).await.unwrap();
        assert_eq!((mailed.now.len(), mailed.before.len()), (0, 4), "{mailed:?}");
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = browser.get(&format!("/rounds/{round}/reminder")).await;
        assert!(page.main().contains("A reminder goes once a day at most"), "{}", page.main());
        site.go_to(day("2018-01-23"));
        work(&site).await;
        let mailed = command::round::remind(&site.cx, &officer, round).await.unwrap();
        assert_eq!((mailed.now.len(), mailed.before.len()), (4, 0), "{mailed:?}");
    })
    .await;
}

#[tokio::test]
async fn the_reminder_in_a_digest_says_of_each_action_what_the_one_that_is_pressed_says() {
    each_database(async |site| {
        let round = open_and_remind(&site).await;
        let digest = async |to: &str| {
            let all = site.mailed(to).await;
            let (subject, plain) = all.into_iter().find(|(_, plain)| plain.contains("UPDATES FOR")).unwrap();
            let (_, updates) = plain.split_once("UPDATES FOR").unwrap();
            (subject, updates.to_owned())
        };
        let (subject, updates) = digest(EDUCATION_LEAD).await;
        assert!(subject.starts_with("2 overdue, 2 updates due Mon 29 Jan"), "{subject}");
        for says in ["\n  Overdue by 114 days\n  By when: Sept 2017\n  Rating: ", "\n  Last update: "] {
            assert!(updates.contains(says), "{says}: {updates}");
        }
        let (_, updates) = digest(LSCB_MANAGER).await;
        let jointly = "\n  Jointly with Governor's Service Manager: one update is enough\n";
        assert!(updates.contains(jointly), "{updates}");
        site.go_to(day("2018-01-23"));
        command::round::remind(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round).await.unwrap();
        work(&site).await;
        let pressed = plain(&site, EDUCATION_LEAD).await;
        assert!(pressed.contains("\n  Overdue by 115 days\n  By when: Sept 2017\n  Rating: "), "{pressed}");
        let jointly = "\n  Jointly with LSCB Manager: one update is enough\n";
        assert!(plain(&site, GOVERNORS_MANAGER).await.contains(jointly));
    })
    .await;
}

#[tokio::test]
async fn a_mail_of_a_round_that_reached_nobody_has_asked_for_nothing() {
    each_database(async |site| {
        let lead = site.person(EDUCATION_LEAD).await;
        // The reminders of the round begin on the day on which it is opened.
        site.go_to(day("2018-01-22"));
        command::reminder::queue_today(&site.cx).await.unwrap();
        open_round(&site, "19 Feb 2018").await;
        work(&site).await;
        let db = sea_orm::Database::connect(&site.url).await.unwrap();
        let failed = MessageState::Failed.code();
        let ends = async |state: &str, uncertain: bool| {
            let kind = MessageKind::Round.code();
            let sql = format!(
                "UPDATE outbox SET state = '{state}', uncertain = {uncertain} WHERE kind = '{kind}' AND person_id = {lead}"
            );
            db.execute_unprepared(&sql).await.unwrap();
        };
        let reminded_on = async |on: &str| {
            site.go_to(day(on));
            command::reminder::queue_today(&site.cx).await.unwrap();
            let all =
                store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 1_000).await.unwrap();
            let ids: Vec<i64> = all.iter().filter(|m| m.office_day == day(on)).map(|m| m.id).collect();
            let causes = store::outbox::round::causes(&site.cx.store, &ids).await.unwrap();
            causes.iter().any(|(_, cause)| cause.person == lead)
        };
        ends(failed, true).await;
        assert!(!reminded_on("2018-01-23").await, "the server may have it");
        ends(MessageState::Handed.code(), false).await;
        assert!(!reminded_on("2018-01-24").await);
        ends(failed, false).await;
        assert!(reminded_on("2018-01-25").await);
        db.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_reminder_with_nobody_to_remind_is_refused_in_words() {
    each_database(async |site| {
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = browser.get("/rounds/new?plan=appendix-b").await.form("Plan the round").submit().await;
        let address = format!("{}/reminder", page.path);
        let press = async || browser.post::<&str, &str>(&address, &[]).await;
        let early = press().await;
        let said = "19 Feb 2018 is not open yet: opening it asks everyone for the first time";
        assert_eq!((early.status, early.errors()), (422, vec![said.to_owned()]));
        page.click("Open this round").await.form("Open the round").submit().await;
        for label in ["Aiii", "Avii", "Aviii", "D", "Ei", "F", "G", "I-ii", "J", "K"] {
            write(&site, label).await;
        }
        let nobody = press().await;
        let said = "There is nobody to remind: every update for 19 Feb 2018 has been received";
        assert_eq!((nobody.status, nobody.errors()), (422, vec![said.to_owned()]));
        assert!(browser.get(&address).await.main().contains("Every update for this round has been received"));
        browser
            .get(&page.path)
            .await
            .click("Close this round")
            .await
            .form("Close the round")
            .tick("early")
            .submit()
            .await;
        let late = press().await;
        let said = "19 Feb 2018 is closed: nobody is awaited any more";
        assert_eq!((late.status, late.errors()), (422, vec![said.to_owned()]));
        assert_eq!(round_mails(&site).await.len(), 4, "only the opening");
    })
    .await;
}

#[tokio::test]
async fn a_mail_of_a_round_lists_what_is_overdue_and_counts_as_one_of_the_five() {
    each_database(async |site| {
        opened(&site.sign_in_as(SCRUTINY_OFFICER).await).await;
        work(&site).await;
        let reminders = async |on: &str| {
            site.go_to(day(on));
            work(&site).await;
            let all =
                store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 1_000).await.unwrap();
            let theirs = |m: &&Message| m.kind == MessageKind::Reminder && m.to_address == EDUCATION_LEAD;
            all.iter().filter(theirs).count()
        };
        // The mail of the round was the first of the five: the reminder of that day says nothing that it has not said.
        assert_eq!(reminders("2017-12-07").await, 0);
        for (on, count) in [("2017-12-14", 1), ("2017-12-21", 2), ("2017-12-28", 3), ("2018-01-04", 4)] {
            assert_eq!(reminders(on).await, count, "{on}");
        }
        assert_eq!(reminders("2018-01-11").await, 4, "five in all");
    })
    .await;
}

#[tokio::test]
async fn who_is_away_all_through_it_and_what_nobody_can_be_asked_for_is_said_before_a_round_is_opened() {
    each_database(async |site| {
        let manager = site.actor(MANAGER).await;
        let vacate = async |name: &str| {
            let post = site.record().await.posts.iter().find(|p| p.name == name).unwrap().id;
            post::holding::hand_over(&site.cx, &manager, post, None, day("2017-12-07")).await.unwrap();
        };
        vacate("Education Safeguarding Lead").await;
        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let planned = browser.get("/rounds/new?plan=appendix-b").await.form("Plan the round").submit().await;
        let page = planned.click("Open this round").await;
        let main = page.main();
        for says in [
            "Away all through this round Nobody can be reached for these, from today to 29 January 2018: \
             Education Safeguarding Lead (Aiii and D): nobody holds or covers it. Asked instead: Risk and Resilience Manager.",
            "(nobody holds Education Safeguarding Lead, so the plan’s manager is asked)",
        ] {
            assert!(main.contains(says), "{says}: {main}");
        }
        assert!(!main.contains("Nobody can be asked for these"));
        vacate("Risk and Resilience Manager").await;
        let page = planned.click("Open this round").await;
        let main = page.main();
        assert!(main.contains("Nobody can be asked for these"), "{main}");
        assert!(main.contains("Aiii: nobody holds Education Safeguarding Lead, and the plan has no manager"), "{main}");
        let page = page.form("Open the round").submit().await;
        assert!(page.main().contains("An email goes to 2 people. Nobody can be asked for Aiii, "), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn that_somebody_was_asked_by_phone_is_noted_beside_the_lead_and_once() {
    each_database(async |site| {
        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        let address = opened(&officer).await.path;
        site.go_to(day("2018-01-22"));
        let page = officer.get(&address).await;
        let row = page.rows("table").into_iter().find(|row| row[0] == "LSCB Manager").unwrap();
        assert_eq!(row[3], "Note a call to LSCB Manager");
        let form = page.click("Note a call to LSCB Manager").await.form("Note the call");
        assert_eq!(
            (form.value("asked_on"), form.value("whom").is_empty()),
            ("22 January 2018".to_owned(), false)
        );
        for (on, message) in [
            ("23 January 2018", "The day of the call can’t lie in the future"),
            ("6 December 2017", "The round was opened on 7 December 2017: enter that day or a later one"),
            ("", "Enter the day of the call"),
        ] {
            let page = form.clone().set("asked_on", on).set("note", "Back on <Monday>").submit().await;
            assert_eq!((page.status, page.errors()), (422, vec![message.to_owned()]));
            assert_eq!(page.form("Note the call").value("note"), "Back on <Monday>");
        }
        let form = form.set("note", "Writes it on Monday");
        form.submit().await;
        let page = form.submit().await;
        let noted = "Asked on 22 January 2018: Writes it on Monday (noted by ";
        assert_eq!(page.main().matches(noted).count(), 1, "{}", page.main());
        let history = officer.get("/history").await.main();
        assert_eq!(
            history.matches("Asked by phone for 19 Feb 2018: LSCB Manager, 22 January 2018").count(),
            1
        );
        // The manager of the plan notes and reads calls too; leads and panel members do not.
        let manager = site.sign_in_as(MANAGER).await.get(&address).await;
        assert!(manager.main().contains(noted));
        let form = manager.click("Note a call to Governor's Service Manager").await.form("Note the call");
        assert!(form.submit().await.main().contains("Noted: Governor's Service Manager was asked by phone"));
        for email in [LSCB_MANAGER, PANEL_MEMBER] {
            let browser = site.sign_in_as(email).await;
            let seen = browser.get(&address).await.main();
            assert!(!seen.contains("Asked on") && !seen.contains("Emails of this round"), "{email}: {seen}");
            assert_eq!(browser.get(&format!("{address}/asked-by-phone")).await.status, 403, "{email}");
        }
        let seen = site.sign_in_as(PANEL_MEMBER).await.get("/plans/appendix-b/history").await.main();
        assert!(!seen.contains("Asked by phone"), "{seen}");
    })
    .await;
}
