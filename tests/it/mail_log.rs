//! The mail log: looking for mails in it, and sending one again.

use scrutiny_tracker::{
    command::{again, round},
    domain::message::{MessageKind, MessageState},
    link::path,
    mail::reading,
    store::{
        self,
        outbox::{Message, Readable, log::Wanted},
    },
};
use sea_orm::{ConnectionTrait, Database};

use crate::{
    outbox::smtp,
    smtp_server::{Act, SmtpServer, Stage},
    steps::{open_round, second_plan, work},
    support::{
        ADMINISTRATOR, Browser, EDUCATION_LEAD, MANAGER, MAP_COORDINATOR, Page, SCRUTINY_OFFICER, Site, day,
        each_database,
    },
};

async fn messages(site: &Site) -> Vec<Message> {
    let mut all = store::outbox::list(&site.cx.store, &Readable::All, 0, 1_000).await.unwrap();
    all.reverse();
    all
}

async fn sql(site: &Site, statement: &str) {
    Database::connect(&site.url).await.unwrap().execute_unprepared(statement).await.unwrap();
}

/// The mails of the first day, and of the day 14 days before the January deadlines.
async fn two_days(site: &Site) {
    work(site).await;
    site.go_to(day("2018-01-17"));
    work(site).await;
}

/// How many mails a search finds.
async fn found(site: &Site, wanted: Wanted) -> u64 {
    let (store, all) = (&site.cx.store, Readable::All);
    let listed = store::outbox::log::find(store, &all, &wanted, 0, 1_000).await.unwrap().len();
    let count = store::outbox::log::count(store, &all, &wanted).await.unwrap();
    assert_eq!(listed as u64, count);
    count
}

fn who(words: &str) -> Wanted {
    Wanted { who: Some(words.to_owned()), ..Wanted::default() }
}

fn subject(words: &str) -> Wanted {
    Wanted { subject: Some(words.to_owned()), ..Wanted::default() }
}

#[tokio::test]
async fn mails_are_found_by_person_address_subject_state_and_day() {
    each_database(async |site| {
        two_days(&site).await;
        let all = messages(&site).await;
        let of = |name: &str| all.iter().filter(|m| m.to_address == name).count() as u64;
        assert!(of(EDUCATION_LEAD) > 0);
        assert_eq!(found(&site, who(EDUCATION_LEAD)).await, of(EDUCATION_LEAD));
        assert_eq!(found(&site, who("eDUCATION sAFE")).await, of(EDUCATION_LEAD));
        let overdue = all.iter().filter(|m| m.subject.as_ref().unwrap().contains("1 overdue")).count() as u64;
        assert!(overdue > 0);
        assert_eq!(found(&site, subject("1 OVERDUE")).await, overdue);
        let state = |state| Wanted { state: Some(state), ..Wanted::default() };
        assert_eq!(found(&site, state(MessageState::Handed)).await, all.len() as u64);
        assert_eq!(found(&site, state(MessageState::Failed)).await, 0);
        let days =
            |from: &str, to: &str| Wanted { from: Some(day(from)), to: Some(day(to)), ..Wanted::default() };
        let first = all.iter().filter(|m| m.office_day == day("2017-12-07")).count() as u64;
        assert_eq!(found(&site, days("2017-12-07", "2017-12-07")).await, first);
        assert_eq!(found(&site, days("2017-12-08", "2018-01-16")).await, 0);
        // What is typed is looked for, and is no pattern.
        for typed in ["%", "_", "\\", "1%overdue", "1_overdue", "'; DROP TABLE outbox; --"] {
            assert_eq!(found(&site, subject(typed)).await, 0, "{typed}");
        }
        let first = all[0].id;
        sql(&site, &format!("UPDATE outbox SET subject = '100 % of A_B done' WHERE id = {first}")).await;
        for typed in ["100 %", "a_b", "% OF a_"] {
            assert_eq!(found(&site, subject(typed)).await, 1, "{typed}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_looked_for_lives_in_the_address_and_in_the_links_to_other_pages() {
    let site = Site::appendix_b().await;
    work(&site).await;
    let template = messages(&site).await[0].id;
    for n in 0..120 {
        sql(
            &site,
            &format!(
                "INSERT INTO outbox (unique_key, kind, state, office_day, to_name, to_address, message_id, subject, attempts, \
                 uncertain, next_attempt_at, created_at) SELECT 'copy {n}', kind, state, office_day, 'Somebody', to_address, \
                 'copy-{n}', 'Copy {n}', attempts, uncertain, next_attempt_at, created_at FROM outbox WHERE id = {template}"
            ),
        )
        .await;
    }
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let form = browser.get("/reminders").await.form("Apply filter");
    let page = form.set("who", "someBODY").set("state", "handed").submit().await;
    assert!(page.main().contains("120 mails: to “someBODY”, handed to the mail server"), "{}", page.main());
    assert!(page.main().contains("Copy 119") && !page.main().contains("Copy 69,"), "{}", page.main());
    let [next] = &page.attributes(".pagination a[rel=next]", "href")[..] else { panic!("a next page") };
    assert!(next.contains("who=someBODY&state=handed&page=2"), "{next}");
    let page = browser.get(next).await;
    let [last] = &page.attributes(".pagination a[rel=next]", "href")[..] else { panic!("a last page") };
    let page = browser.get(last).await;
    assert!(page.main().contains("Copy 0"), "{}", page.main());
    assert!(
        page.attributes(".pagination a[rel=prev]", "href")[0].contains("who=someBODY&state=handed&page=2")
    );
    // Wrong words are said beside the field, and kept.
    let page = browser.get("/reminders?from=whenever&who=somebody").await;
    assert_eq!(page.status, 422);
    assert!(page.body().contains("value=\"whenever\"") && page.body().contains("value=\"somebody\""));
    let page = browser.get("/reminders?subject=nothing+like+that").await;
    assert!(page.main().contains("No mail like that"));
    assert_eq!(page.link("Show all mails"), "/reminders");
}

/// The confirmation page of a message.
async fn asked(browser: &Browser, message: &Message) -> Page {
    browser.get(&path::send_again(message.id)).await
}

async fn of(site: &Site, email: &str) -> Message {
    messages(site).await.into_iter().find(|m| m.to_address == email).unwrap()
}

#[tokio::test]
async fn a_mail_goes_again_with_the_same_text_once_for_each_press() {
    each_database(async |site| {
        work(&site).await;
        let manager = site.sign_in_as(MANAGER).await;
        let first = of(&site, EDUCATION_LEAD).await;
        site.go_to(day("2017-12-08"));
        // The way there is beside the mail.
        let log = manager.get("/reminders").await;
        assert!(log.body().contains(&path::send_again(first.id)), "{}", log.main());
        let page = asked(&manager, &first).await;
        let subject = first.subject.clone().unwrap();
        assert!(page.main().contains(&subject) && page.main().contains(&first.to_name), "{}", page.main());
        let before = messages(&site).await.len();
        let twice = page.form("Send it again");
        let page = twice.clone().submit().await;
        assert!(page.body().contains("once more"), "{}", page.body());
        let page = twice.submit().await;
        assert!(page.body().contains("sent again already"), "{}", page.body());

        let all = messages(&site).await;
        assert_eq!(all.len(), before + 1);
        work(&site).await;
        let again = messages(&site).await.pop().unwrap();
        assert_eq!((again.state, again.kind), (MessageState::Handed, MessageKind::Reminder));
        assert_eq!(again.to_address, first.to_address);
        assert_ne!(again.message_id, first.message_id);
        let read = |m: &Message| reading::read(m.mime.as_ref().unwrap().as_bytes()).unwrap();
        let (one, two) = (read(&first), read(&again));
        assert_eq!((&one.plain, &one.html), (&two.plain, &two.html));
        assert_eq!(one.header("References"), two.header("References"));
        assert_eq!(two.header("Message-ID"), Some(format!("<{}>", again.message_id).as_str()));
        assert!(two.header("Date").unwrap().starts_with("Fri, 08 Dec 2017"), "{:?}", two.header("Date"));

        // Who pressed stands in the log and in the history, and the manager sees the new one as well.
        let note = of(&site, EDUCATION_LEAD).await.note.unwrap();
        let name = site.actor(MANAGER).await.name;
        assert!(note.ends_with(&format!("Sent again by {name} on 8 December 2017")), "{note}");
        let history = manager.get("/history").await;
        assert!(
            history.main().contains(&format!("Reminder to {} sent again", first.to_name)),
            "{}",
            history.main()
        );
        let log = manager.get("/reminders").await;
        assert!(log.body().contains(&path::send_again(again.id)));
        // The row of each says so, also where somebody reads their own mail or the mail itself.
        let earlier = format!("An earlier mail, sent again by {name} on 8 December 2017");
        assert!(log.main().contains(&earlier), "{}", log.main());
        let kept = format!("Kept: no email leaves this machine. Sent again by {name} on 8 December 2017");
        assert!(log.main().contains(&kept), "{}", log.main());
        let lead = site.sign_in_as(EDUCATION_LEAD).await;
        for page in [path::OWN_MAIL.to_owned(), path::demonstration_message(again.id)] {
            let page = lead.get(&page).await.main();
            assert_eq!(page.matches(&earlier).count(), 1, "{page}");
        }
        // Another press on a new page sends it once more.
        let page = asked(&manager, &first).await;
        assert!(page.main().contains("It was sent again 1 time before"), "{}", page.main());
        page.form("Send it again").submit().await;
        assert_eq!(messages(&site).await.len(), before + 2);
    })
    .await;
}

#[tokio::test]
async fn it_goes_to_the_address_that_is_theirs_now_and_to_nobody_who_has_left() {
    each_database(async |site| {
        work(&site).await;
        let manager = site.sign_in_as(MANAGER).await;
        let first = of(&site, EDUCATION_LEAD).await;
        sql(&site, &format!("UPDATE person SET email = 'new@example.org' WHERE email = '{EDUCATION_LEAD}'"))
            .await;
        let page = asked(&manager, &first).await;
        assert!(page.main().contains("new@example.org"), "{}", page.main());
        page.form("Send it again").submit().await;
        work(&site).await;
        let again = messages(&site).await.pop().unwrap();
        assert_eq!((again.to_address.as_str(), again.state), ("new@example.org", MessageState::Handed));
        let letter = reading::read(again.mime.as_ref().unwrap().as_bytes()).unwrap();
        assert!(letter.header("To").unwrap().ends_with("<new@example.org>"));

        sql(&site, &format!("UPDATE person SET active = {} WHERE email = 'new@example.org'", "false")).await;
        let page = asked(&manager, &first).await;
        assert!(page.main().contains("deactivated"), "{}", page.main());
        let actor = site.actor(MANAGER).await;
        let refused = again::send(&site.cx, &actor, first.id, 1).await.unwrap_err();
        assert!(refused.to_string().contains("deactivated"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn what_has_lost_its_point_or_its_text_does_not_go_again() {
    let site = Site::appendix_b().await;
    let round = open_round(&site, "19 Feb 2018").await;
    work(&site).await;
    let manager = site.sign_in_as(MANAGER).await;
    let all = messages(&site).await;
    let find = |kind| all.iter().find(|m| m.kind == kind && m.mime.is_some()).unwrap();
    let (asking, digest) = (find(MessageKind::Round), find(MessageKind::Reminder));
    assert!(asked(&manager, asking).await.main().contains("The same text goes"));
    round::close(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round, true).await.unwrap();
    assert!(asked(&manager, asking).await.main().contains("The round is closed"));

    sql(&site, &format!("DELETE FROM outbox_text WHERE outbox_id = {}", digest.id)).await;
    assert!(asked(&manager, digest).await.main().contains("not kept any more"));
    assert!(
        !manager
            .get("/reminders")
            .await
            .body()
            .contains(&format!("href=\"{}\"", path::send_again(digest.id)))
    );

    // A digest of which nothing is theirs to do any more.
    let site = Site::appendix_b().await;
    work(&site).await;
    let manager = site.sign_in_as(MANAGER).await;
    let digest = of(&site, EDUCATION_LEAD).await;
    sql(&site, "UPDATE plan SET monitoring_ended_on = '2017-12-01'").await;
    assert!(
        asked(&manager, &digest).await.main().contains("Nothing in it is theirs to do any more"),
        "{}",
        asked(&manager, &digest).await.main()
    );
}

#[tokio::test]
async fn a_mail_that_failed_and_was_sent_again_needs_nobody_any_more() {
    let site = Site::appendix_b().await;
    crate::outbox::queue_two(&site).await;
    let server = SmtpServer::start().await;
    server.script([Act::reply(Stage::Rcpt, "550 5.1.1 no such person")]);
    crate::outbox::send_all(&site.cx, &smtp(&server)).await;
    let administrator = site.sign_in_as(ADMINISTRATOR).await;
    let failed = messages(&site).await.into_iter().find(|m| m.state == MessageState::Failed).unwrap();
    assert!(administrator.get("/reminders").await.main().contains("Somebody has to look at these"));
    asked(&administrator, &failed).await.form("Send it again").submit().await;
    assert!(!administrator.get("/reminders").await.main().contains("Somebody has to look at these"));
}

#[tokio::test]
async fn mails_of_other_plans_and_about_accounts_are_not_there_to_be_sent_again() {
    let site = Site::appendix_b().await;
    work(&site).await;
    second_plan(&site).await;
    let message = of(&site, EDUCATION_LEAD).await;
    let lead = site.sign_in_as(MAP_COORDINATOR).await;
    assert_eq!(asked(&lead, &message).await.status, 403);
    // Not of a plan that they manage.
    sql(
        &site,
        "UPDATE role_grant SET plan_id = (SELECT id FROM plan WHERE slug = 'second') WHERE role = 'manager'",
    )
    .await;
    let manager = site.sign_in_as(MANAGER).await;
    assert_eq!(asked(&manager, &message).await.status, 404);
    let administrator = site.sign_in_as(ADMINISTRATOR).await;
    assert_eq!(asked(&administrator, &message).await.status, 200);
    sql(&site, &format!("UPDATE outbox SET kind = 'account' WHERE id = {}", message.id)).await;
    let page = asked(&administrator, &message).await;
    assert!(page.main().contains("can be asked for"), "{}", page.main());
    assert_eq!(administrator.get("/reminders/999999/again").await.status, 404);
}
