//! How mail programs file what is sent: one list, one thread for each person and plan, and neither for account mails.

use scrutiny_tracker::{
    command::{link, session::Client},
    domain::message::MessageKind,
    mail::reading,
    store::{self, outbox::Readable},
};

use crate::{
    steps::{open_round, work},
    support::{MAP_COORDINATOR, Site, day, each_database},
};

#[tokio::test]
async fn reminders_and_round_mails_of_a_person_and_a_plan_are_one_thread_in_one_list() {
    each_database(async |site| {
        work(&site).await;
        open_round(&site, "19 Feb 2018").await;
        work(&site).await;
        site.go_to(day("2018-01-17"));
        work(&site).await;
        let plan = site.record().await.plan.id;
        let all = store::outbox::list(&site.cx.store, &Readable::All, 0, 1_000).await.unwrap();
        let mut kinds = Vec::new();
        for message in &all {
            let letter = reading::read(message.mime.as_ref().unwrap().as_bytes()).unwrap();
            let root = format!("<plan-{plan}.person-{}.thread@", message.person.unwrap());
            let references = letter.header("References").unwrap();
            assert!(references.starts_with(&root), "{references}");
            let council = &site.cx.installation().council;
            let list = format!("\"Reminders, {council}\" <reminders.tracker.example.org>");
            assert_eq!(letter.header("List-Id"), Some(list.as_str()));
            if !kinds.contains(&message.kind) {
                kinds.push(message.kind);
            }
        }
        assert!(kinds.contains(&MessageKind::Reminder) && kinds.contains(&MessageKind::Round), "{kinds:?}");
    })
    .await;
}

#[tokio::test]
async fn an_account_mail_is_in_no_list() {
    let site = Site::appendix_b().await;
    link::ask_to_sign_in(&site.cx, MAP_COORDINATOR, "", &Client::default()).await.unwrap();
    let all = store::outbox::list(&site.cx.store, &Readable::All, 0, 10).await.unwrap();
    let letter = reading::read(all[0].mime.as_ref().unwrap().as_bytes()).unwrap();
    for header in ["List-Id", "References", "List-Unsubscribe", "Cc"] {
        assert_eq!(letter.header(header), None, "{header}");
    }
}
