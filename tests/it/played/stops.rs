//! What becomes of a mail when its facts change between queueing and sending, or between its cause and its queueing.

use scrutiny_tracker::{
    command::{person, post, question, reminder, update::review},
    domain::{action::Agreement, id::QuestionId, message::MessageState, rating::Rating},
};

use super::{go_and_work, in_state, sent_today, write};
use crate::{
    steps::{change_plan, open_round, work},
    support::{
        ADMINISTRATOR, COMMUNICATIONS_MANAGER, EDUCATION_LEAD, LSCB_MANAGER, MANAGER, PANEL_MEMBER,
        SCRUTINY_OFFICER, Site, day, each_database,
    },
};

/// Why each message that was not sent was not.
async fn not_sent(site: &Site) -> Vec<String> {
    let all = in_state(site, MessageState::NotSent).await;
    all.into_iter().map(|message| message.note.unwrap_or_default()).collect()
}

const SETTLED: &str = "nothing left to say: what it was about is settled";

async fn passed_on(site: &Site, label: &str) -> QuestionId {
    let (member, action) = (site.actor(PANEL_MEMBER).await, site.action(label).await);
    let drafted = question::draft(&site.cx, &member, action, "How many?", None).await.unwrap();
    let question::Drafted::New(id) = drafted else { panic!("{drafted:?}") };
    question::pass_on(&site.cx, &site.actor(SCRUTINY_OFFICER).await, id, 1).await.unwrap();
    id
}

async fn hand_over(site: &Site, post_name: &str, to: &str, from: &str) {
    let post = site.record().await.posts.iter().find(|post| post.name == post_name).unwrap().id;
    let (actor, to) = (site.actor(MANAGER).await, site.person(to).await);
    post::holding::hand_over(&site.cx, &actor, post, Some(to), day(from)).await.unwrap();
}

#[tokio::test]
async fn a_question_that_is_answered_before_the_mail_goes_is_not_asked() {
    each_database(async |site| {
        // Eii’s lead has nothing else to be told.
        write(&site, "Eii", COMMUNICATIONS_MANAGER, Rating::AtRisk).await;
        let id = passed_on(&site, "Eii").await;
        assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 3);
        let lead = site.actor(COMMUNICATIONS_MANAGER).await;
        question::answer(&site.cx, &lead, id, 2, "Thirty-five.").await.unwrap();
        work(&site).await;
        assert_eq!(sent_today(&site, COMMUNICATIONS_MANAGER).await, [""; 0]);
        assert_eq!(not_sent(&site).await, [SETTLED]);
        go_and_work(&site, "2017-12-08").await;
        assert_eq!(sent_today(&site, COMMUNICATIONS_MANAGER).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn an_update_that_is_sent_again_before_the_mail_goes_is_not_asked_for() {
    each_database(async |site| {
        change_plan(&site, |plan| plan.manager_looks_first = true).await;
        open_round(&site, "19 Feb 2018").await;
        work(&site).await;
        for label in ["Aiii", "D"] {
            write(&site, label, EDUCATION_LEAD, Rating::AtRisk).await;
        }
        go_and_work(&site, "2017-12-08").await;
        let manager = site.actor(MANAGER).await;
        let update = site.whole_action("D").await.updates.last().unwrap().id;
        review::give_back(&site.cx, &manager, update, "Which schools?").await.unwrap();
        // Urgent, and on the same day: they had no digest yet.
        assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 1);
        write(&site, "D", EDUCATION_LEAD, Rating::AtRisk).await;
        work(&site).await;
        assert_eq!(sent_today(&site, EDUCATION_LEAD).await, [""; 0]);
        assert_eq!(not_sent(&site).await, [SETTLED]);
    })
    .await;
}

#[tokio::test]
async fn what_is_handed_on_twice_is_new_to_whoever_has_it_in_the_end() {
    each_database(async |site| {
        work(&site).await;
        hand_over(&site, "Education Safeguarding Lead", LSCB_MANAGER, "2017-12-08").await;
        site.go_to(day("2017-12-08"));
        assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 1);
        // Before that mail goes, the post goes back and on.
        let administrator = site.actor(ADMINISTRATOR).await;
        person::deactivate(&site.cx, &administrator, site.person(LSCB_MANAGER).await).await.unwrap();
        hand_over(&site, "Education Safeguarding Lead", COMMUNICATIONS_MANAGER, "2017-12-09").await;
        work(&site).await;
        assert_eq!(sent_today(&site, LSCB_MANAGER).await, [""; 0]);
        go_and_work(&site, "2017-12-11").await;
        let theirs = sent_today(&site, COMMUNICATIONS_MANAGER).await;
        assert_eq!(theirs.len(), 1);
        assert!(
            theirs[0].contains("Aiii overdue by 72 days; D overdue by 11 days; NEW TO YOU: Aiii ("),
            "{theirs:?}"
        );
        assert_eq!(sent_today(&site, EDUCATION_LEAD).await, [""; 0], "the old holder hears no more");
    })
    .await;
}

#[tokio::test]
async fn a_question_to_somebody_who_leaves_before_the_mail_goes_reaches_whoever_is_asked_then() {
    each_database(async |site| {
        write(&site, "Eii", COMMUNICATIONS_MANAGER, Rating::AtRisk).await;
        work(&site).await;
        passed_on(&site, "Eii").await;
        assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 1);
        let administrator = site.actor(ADMINISTRATOR).await;
        person::deactivate(&site.cx, &administrator, site.person(COMMUNICATIONS_MANAGER).await)
            .await
            .unwrap();
        work(&site).await;
        assert_eq!(sent_today(&site, COMMUNICATIONS_MANAGER).await, [""; 0]);
        assert_eq!(not_sent(&site).await, ["not sent: this account is deactivated"]);
        go_and_work(&site, "2017-12-08").await;
        let theirs = sent_today(&site, MANAGER).await;
        assert!(theirs.concat().contains("QUESTIONS FROM THE PANEL: Eii"), "{theirs:?}");
    })
    .await;
}

#[tokio::test]
async fn a_question_to_somebody_who_hands_over_before_the_mail_goes_reaches_the_new_holder() {
    each_database(async |site| {
        write(&site, "Eii", COMMUNICATIONS_MANAGER, Rating::AtRisk).await;
        work(&site).await;
        passed_on(&site, "Eii").await;
        assert_eq!(reminder::queue_today(&site.cx).await.unwrap(), 1);
        hand_over(&site, "Communications Manager", LSCB_MANAGER, "2017-12-07").await;
        work(&site).await;
        assert_eq!(sent_today(&site, COMMUNICATIONS_MANAGER).await, [""; 0]);
        go_and_work(&site, "2017-12-08").await;
        let theirs = sent_today(&site, LSCB_MANAGER).await;
        assert!(theirs.concat().contains("QUESTIONS FROM THE PANEL: Eii"), "{theirs:?}");
    })
    .await;
}

#[tokio::test]
async fn a_merge_between_queueing_and_sending_leaves_its_line_out() {
    each_database(async |site| {
        reminder::queue_today(&site.cx).await.unwrap();
        let manager = site.actor(MANAGER).await;
        let (avii, f) = (site.action("Avii").await, site.action("F").await);
        scrutiny_tracker::command::action::merge(&site.cx, &manager, avii, f, "one piece of work")
            .await
            .unwrap();
        work(&site).await;
        assert_eq!(sent_today(&site, MANAGER).await, [""; 0]);
        assert_eq!(not_sent(&site).await, [SETTLED]);
    })
    .await;
}

#[tokio::test]
async fn an_action_closed_without_being_done_between_queueing_and_sending_is_left_out() {
    each_database(async |site| {
        reminder::queue_today(&site.cx).await.unwrap();
        let officer = site.actor(SCRUTINY_OFFICER).await;
        let agreed = Agreement { by: "The panel".to_owned(), on: site.today(), minute: None };
        let d = site.action("D").await;
        scrutiny_tracker::command::action::close(&site.cx, &officer, d, "Not needed any more", agreed)
            .await
            .unwrap();
        work(&site).await;
        assert_eq!(sent_today(&site, EDUCATION_LEAD).await, ["Aiii overdue by 68 days"]);
    })
    .await;
}

#[tokio::test]
async fn a_handover_between_queueing_and_sending_leaves_the_old_holder_out_and_the_new_one_hears_the_next_day()
 {
    each_database(async |site| {
        reminder::queue_today(&site.cx).await.unwrap();
        hand_over(&site, "Education Safeguarding Lead", LSCB_MANAGER, "2017-12-07").await;
        work(&site).await;
        assert_eq!(sent_today(&site, EDUCATION_LEAD).await, [""; 0]);
        assert_eq!(not_sent(&site).await, [SETTLED]);
        go_and_work(&site, "2017-12-08").await;
        let theirs = sent_today(&site, LSCB_MANAGER).await;
        assert!(
            theirs.concat().starts_with("Aiii overdue by 69 days; D overdue by 8 days; NEW TO YOU: "),
            "{theirs:?}"
        );
    })
    .await;
}
