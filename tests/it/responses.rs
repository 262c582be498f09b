//! The start of a plan: sent to the executive, the response due two months later, shown and reminded until it is there.

use scrutiny_tracker::{
    cli,
    command::{demonstration, plan as plans, reminder},
    domain::{
        action::{RecommendationDraft, Response},
        message::MessageState,
    },
    link::path,
    mail::reading,
    store::{self, outbox::Message},
};

use crate::{
    steps::{change_plan, work},
    support::{
        ADMINISTRATOR, APPENDIX_B, EDUCATION_LEAD, MANAGER, PANEL_MEMBER, SCRUTINY_OFFICER, Site, day,
        each_database,
    },
};

/// Appendix B as if it had been sent on 1 December 2017 and were not agreed yet: the response is due on 1 February 2018.
async fn sent(site: &Site) {
    change_plan(site, |plan| {
        plan.agreed_on = None;
        plan.agreed_by = None;
        plan.sent_on = Some(day("2017-12-01"));
    })
    .await;
}

async fn handed(site: &Site, to: &str) -> Vec<Message> {
    let mut all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 1_000).await.unwrap();
    all.retain(|m| m.state == MessageState::Handed && m.to_address == to);
    all.reverse();
    all
}

/// The stages of responses that a message is about.
async fn stages(site: &Site, message: &Message) -> Vec<String> {
    let causes = store::outbox::response::causes(&site.cx.store, &[message.id]).await.unwrap();
    causes.iter().map(|(_, c)| format!("{} {}", c.rule.code(), c.occurrence)).collect()
}

async fn go_and_work(site: &Site, on: &str) {
    site.go_to(day(on));
    work(site).await;
}

#[tokio::test]
async fn the_day_of_sending_is_on_the_plans_form_and_shown_with_the_day_of_the_response() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let form = browser.get(&path::edit_plan(APPENDIX_B)).await.form("Save plan");
        let page = form.set("agreed_on", "").set("sent_on", "8 December 2017").submit().await;
        // Since it was agreed, only a scrutiny officer takes that back.
        assert_eq!(page.status, 422);
        sent(&site).await;
        let form = browser.get(&path::edit_plan(APPENDIX_B)).await.form("Save plan");
        assert_eq!(form.value("sent_on"), "1 December 2017");
        let page = form.set("sent_on", "8 December 2017").submit().await;
        assert_eq!(page.errors(), ["The day on which it was sent can’t lie in the future"]);
        assert_eq!(page.form("Save plan").value("sent_on"), "8 December 2017");
        let form = page.form("Save plan").set("sent_on", "5 December 2017").set("agreed_on", "4 December 2017");
        let page = form.submit().await;
        assert_eq!(page.errors(), ["It can’t have been sent after it was agreed, on 4 December 2017"]);
        let page = page.form("Save plan").set("sent_on", "4 December 2017").set("agreed_on", "").submit().await;
        let says = "Sent to the executive on 4 December 2017, response due 4 February 2018 (in 59 days), 21 recommendations without one";
        assert!(page.main().contains(says), "{}", page.main());
        for email in [SCRUTINY_OFFICER, PANEL_MEMBER] {
            assert!(site.sign_in_as(email).await.get("/plans").await.main().contains(says), "{email}");
        }
        let history = browser.get(&path::plan_history(APPENDIX_B)).await.main();
        assert!(history.contains("Sent to the executive on"), "{history}");
        site.go_to(day("2018-02-05"));
        let page = browser.get(&path::plan(APPENDIX_B)).await;
        assert!(page.main().contains("response due 4 February 2018: overdue by 1 day"));
        change_plan(&site, |plan| plan.agreed_on = Some(day("2018-02-05"))).await;
        let page = browser.get(&path::plan(APPENDIX_B)).await;
        assert!(!page.main().contains("response due"), "agreed: nothing is awaited");
        assert!(page.main().contains("4 December 2017"), "when it was sent is still a fact of the plan");
    })
    .await;
}

#[tokio::test]
async fn the_words_are_those_of_the_installation() {
    let site = Site::appendix_b().await;
    let mut installation = (*site.cx.installation()).clone();
    installation.words.executive = "cabinet".to_owned();
    site.cx.store.take_installation(installation);
    sent(&site).await;
    let page = site.sign_in_as(MANAGER).await.get(&path::plan(APPENDIX_B)).await;
    assert!(page.main().contains("Sent to the cabinet on 1 December 2017"));
    go_and_work(&site, "2018-01-18").await;
    let officer = handed(&site, SCRUTINY_OFFICER).await;
    assert!(officer[0].subject.as_deref().unwrap().starts_with("Cabinet response due Thu 1 Feb"));
}

#[tokio::test]
async fn a_recommendation_has_the_plans_day_unless_it_has_its_own() {
    let site = Site::appendix_b().await;
    sent(&site).await;
    let record = site.record().await;
    let (ai, j) = (record.recommendations[0].clone(), record.recommendations[19].clone());
    let draft = RecommendationDraft {
        printed: j.printed.clone(),
        reference: j.reference.clone(),
        text: j.text.clone(),
        response: None,
        response_text: None,
        response_on: None,
        sent_on: Some(day("2017-11-15")),
    };
    let officer = site.actor(SCRUTINY_OFFICER).await;
    plans::edit_recommendation(&site.cx, &officer, j.id, j.version, &draft).await.unwrap();
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    let page = browser.get(&path::plan(APPENDIX_B)).await.main();
    assert!(page.contains("Sent to the executive on 15 November 2017, response due 15 January 2018 (in 39 days), 1 recommendation without one"));
    assert!(page.contains("response due 1 February 2018 (in 56 days), 20 recommendations without one"));
    assert_eq!(page.matches("Executive response due by 1 February 2018").count(), 20);
    assert_eq!(page.matches("Executive response due by 15 January 2018").count(), 1);
    let form = browser.get(&path::edit_recommendation(ai.id)).await;
    assert!(form.main().contains("Leave empty for the plan’s: 1 December 2017"));
    let page = form.form("Save recommendation").set("response", "accepted").submit().await;
    assert!(page.main().contains("19 recommendations without one"));
}

#[tokio::test]
async fn manager_and_scrutiny_officer_are_reminded_at_every_stage_and_five_times_after_it() {
    each_database(async |site| {
        sent(&site).await;
        work(&site).await;
        while site.today() < day("2018-03-15") {
            demonstration::next_day(&site.cx).await.unwrap();
            work(&site).await;
        }
        let mut said = Vec::new();
        for message in handed(&site, SCRUTINY_OFFICER).await {
            said.push(format!("{} {}", message.office_day, stages(&site, &message).await.join(", ")));
        }
        assert_eq!(
            said,
            [
                "2018-01-18 first 1",
                "2018-01-29 second 1",
                "2018-02-01 today 1",
                "2018-02-02 overdue 1",
                "2018-02-09 overdue 2",
                "2018-02-16 overdue 3",
                "2018-02-23 overdue 4",
                "2018-03-02 overdue 5",
            ]
        );
        // The manager leads actions too: one mail a day, with both.
        let manager = handed(&site, MANAGER).await;
        let mut days: Vec<_> = manager.iter().map(|m| m.office_day).collect();
        days.dedup();
        assert_eq!(days.len(), manager.len(), "at most one digest on a working day");
        let mut overdue = 0;
        for message in &manager {
            overdue += stages(&site, message).await.iter().filter(|s| s.starts_with("overdue")).count();
        }
        assert_eq!(overdue, 5, "every mail that lists it counts");
        let with_both = manager
            .iter()
            .find(|m| m.office_day == day("2018-02-01"))
            .expect("Aviii is overdue, the response due");
        assert_eq!(stages(&site, with_both).await, ["today 1"]);
        assert!(!store::outbox::causes(&site.cx.store, with_both.id).await.unwrap().is_empty());
        for other in [EDUCATION_LEAD, PANEL_MEMBER, ADMINISTRATOR] {
            for message in handed(&site, other).await {
                assert!(stages(&site, &message).await.is_empty(), "{other}");
            }
        }
        // What was sent is in the manager's log, and in the file of what is held about a person.
        let log = site.sign_in_as(MANAGER).await.get("/reminders").await.main();
        assert!(log.contains("Executive response overdue"), "{log}");
        let data = site.sign_in_as(SCRUTINY_OFFICER).await.get("/account/data").await.body();
        assert!(data.contains("\"about\": \"response\""));
    })
    .await;
}

#[tokio::test]
async fn a_plan_that_was_not_sent_or_is_agreed_brings_no_mail_about_a_response() {
    let site = Site::appendix_b().await;
    change_plan(&site, |plan| plan.sent_on = Some(day("2017-07-20"))).await;
    for on in ["2017-12-07", "2017-12-14", "2018-01-18"] {
        go_and_work(&site, on).await;
    }
    assert!(handed(&site, SCRUTINY_OFFICER).await.is_empty());
}

#[tokio::test]
async fn the_response_is_checked_again_when_the_mail_goes_out() {
    each_database(async |site| {
        sent(&site).await;
        site.go_to(day("2018-01-18"));
        assert!(reminder::queue_today(&site.cx).await.unwrap() >= 2);
        // Between queueing and sending the plan is agreed.
        change_plan(&site, |plan| plan.agreed_on = Some(day("2018-01-18"))).await;
        work(&site).await;
        assert!(handed(&site, SCRUTINY_OFFICER).await.is_empty());
        let all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 10).await.unwrap();
        let dropped = all.iter().find(|m| m.to_address == SCRUTINY_OFFICER).unwrap();
        assert_eq!(dropped.state, MessageState::NotSent);
        assert!(store::outbox::response::causes(&site.cx.store, &[dropped.id]).await.unwrap().is_empty());
        for message in handed(&site, MANAGER).await {
            assert!(stages(&site, &message).await.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn days_on_which_nothing_ran_are_caught_up_in_one_mail() {
    each_database(async |site| {
        sent(&site).await;
        // Queued, and never sent: the mail server was out of reach until after the day.
        site.go_to(day("2018-01-29"));
        reminder::queue_today(&site.cx).await.unwrap();
        go_and_work(&site, "2018-02-06").await;
        let officer = handed(&site, SCRUTINY_OFFICER).await;
        assert_eq!(officer.len(), 1);
        assert_eq!(stages(&site, &officer[0]).await, ["overdue 1"]);
    })
    .await;
}

#[tokio::test]
async fn a_mail_about_nothing_but_a_response_reads_well() {
    let site = Site::appendix_b().await;
    sent(&site).await;
    for (on, name) in [("2018-01-18", "due"), ("2018-02-02", "overdue")] {
        go_and_work(&site, on).await;
        let mail = handed(&site, SCRUTINY_OFFICER).await.pop().expect("a mail");
        let letter = reading::read(mail.mime.as_ref().unwrap().as_bytes()).unwrap();
        let subject = mail.subject.as_ref().unwrap();
        insta::assert_snapshot!(
            format!("response_{name}_plain"),
            format!("Subject: {subject}\n\n{}", letter.plain)
        );
        insta::assert_snapshot!(format!("response_{name}_html"), letter.html);
        assert!(letter.header("Reply-To").unwrap().contains(MANAGER));
    }
}

#[tokio::test]
async fn a_mail_about_actions_and_a_response_reads_well() {
    let site = Site::appendix_b().await;
    sent(&site).await;
    go_and_work(&site, "2018-02-01").await;
    let mail = handed(&site, MANAGER).await.pop().expect("a mail");
    let letter = reading::read(mail.mime.as_ref().unwrap().as_bytes()).unwrap();
    let subject = mail.subject.as_ref().unwrap();
    insta::assert_snapshot!("response_with_actions_plain", format!("Subject: {subject}\n\n{}", letter.plain));
    insta::assert_snapshot!("response_with_actions_html", letter.html);
}

#[tokio::test]
async fn the_command_and_the_page_of_reminders_show_responses_too() {
    let site = Site::appendix_b().await;
    sent(&site).await;
    let played =
        reminder::Ahead::of_all(&site.cx).await.unwrap().between(day("2018-01-18"), day("2018-01-18"));
    let lines: Vec<String> = played.iter().map(|(day, digest)| cli::play_line(*day, digest)).collect();
    assert!(
        lines.contains(&"2018-01-18\tScrutiny Officer\tExecutive response due in 14 days".to_owned()),
        "{lines:?}"
    );
    site.go_to(day("2018-01-18"));
    let page = site.sign_in_as(MANAGER).await.get("/reminders").await;
    assert!(page.main().contains("Executive response: due in 14 days"), "{}", page.main());
}

#[tokio::test]
async fn once_every_recommendation_is_answered_nothing_is_awaited() {
    let site = Site::appendix_b().await;
    sent(&site).await;
    let officer = site.actor(SCRUTINY_OFFICER).await;
    for one in site.record().await.recommendations {
        let draft = RecommendationDraft {
            printed: one.printed,
            reference: one.reference,
            text: one.text,
            response: Some(Response::Accepted),
            response_text: None,
            response_on: Some(day("2017-12-07")),
            sent_on: one.sent_on,
        };
        plans::edit_recommendation(&site.cx, &officer, one.id, one.version, &draft).await.unwrap();
    }
    let page = site.sign_in_as(MANAGER).await.get(&path::plan(APPENDIX_B)).await;
    assert!(!page.main().contains("response due"));
    go_and_work(&site, "2018-01-18").await;
    assert!(handed(&site, SCRUTINY_OFFICER).await.is_empty());
}
