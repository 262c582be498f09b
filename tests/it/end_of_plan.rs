//! The end of a plan: from the day on which monitoring ended there is no mail about it, and everything stays to be read.

use scrutiny_tracker::{
    command::{demonstration, plan, reminder},
    domain::message::MessageState,
    link::path,
    store,
};

use crate::{
    steps::{change_plan, open_round, work},
    support::{
        APPENDIX_B, EDUCATION_LEAD, MANAGER, PANEL_MEMBER, SCRUTINY_OFFICER, Site, day, each_database,
    },
};

async fn end(site: &Site) {
    let manager = site.actor(MANAGER).await;
    let id = site.record().await.plan.id;
    let by = "Community Safety and Leisure Scrutiny Panel (minute 17/46)";
    plan::end_monitoring(&site.cx, &manager, id, site.today(), by, "Aiii, kept by the Network")
        .await
        .unwrap();
}

async fn count(site: &Site, state: MessageState) -> u64 {
    store::outbox::count(&site.cx.store, state).await.unwrap()
}

#[tokio::test]
async fn nothing_is_mailed_any_more_neither_what_is_queued_nor_what_would_fall_due() {
    each_database(async |site| {
        open_round(&site, "19 Feb 2018").await;
        change_plan(&site, |plan| {
            (plan.agreed_on, plan.sent_on) = (None, Some(day("2017-12-01")));
        })
        .await;
        // Queued as the round was opened, with what is overdue in it; the panel meets before it goes out.
        reminder::queue_today(&site.cx).await.unwrap();
        assert!(count(&site, MessageState::Queued).await >= 2);
        end(&site).await;
        work(&site).await;
        let before = count(&site, MessageState::Handed).await;
        assert_eq!((before, count(&site, MessageState::Queued).await), (0, 0));
        while site.today() < day("2018-03-15") {
            demonstration::next_day(&site.cx).await.unwrap();
            work(&site).await;
        }
        assert_eq!(count(&site, MessageState::Handed).await, before, "three months, and not one mail");
        let all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 100).await.unwrap();
        let about_actions = all.iter().filter(|m| m.subject.as_ref().is_some_and(|s| s.contains("overdue")));
        assert_eq!(about_actions.count(), 0);
        let played =
            reminder::Ahead::of_all(&site.cx).await.unwrap().between(day("2018-03-15"), day("2018-06-30"));
        assert_eq!(played, []);
        let page = site.sign_in_as(MANAGER).await.get(&path::plan(APPENDIX_B)).await.main();
        assert!(!page.contains("response due"), "nothing is awaited any more");
    })
    .await;
}

#[tokio::test]
async fn its_pages_and_files_stay_for_everyone_who_could_read_them() {
    let site = Site::appendix_b().await;
    let action = site.action("Aiii").await;
    end(&site).await;
    site.go_to(day("2018-06-04"));
    for email in [MANAGER, SCRUTINY_OFFICER, EDUCATION_LEAD, PANEL_MEMBER] {
        let browser = site.sign_in_as(email).await;
        for address in [
            path::plan(APPENDIX_B),
            path::dashboard(APPENDIX_B),
            path::action(action),
            format!("{}/export.xlsx", path::plan(APPENDIX_B)),
        ] {
            assert_eq!(browser.get(&address).await.status, 200, "{email}: {address}");
        }
        let page = browser.get(&path::plan(APPENDIX_B)).await.main();
        assert!(page.contains("It ended on 7 December 2017, agreed by Community Safety and Leisure Scrutiny Panel (minute 17/46)"));
        assert!(page.contains("What stays open, and who keeps it Aiii, kept by the Network"), "{page}");
        assert!(browser.get("/plans").await.main().contains("Monitoring ended on 7 December 2017"));
    }
    let page = site.sign_in_as(EDUCATION_LEAD).await.get("/my-actions").await.main();
    assert!(!page.contains("Aiii: "), "it asks for nothing any more: {page}");
}

#[tokio::test]
async fn it_ends_once() {
    let site = Site::appendix_b().await;
    end(&site).await;
    let manager = site.actor(MANAGER).await;
    let id = site.record().await.plan.id;
    let again = plan::end_monitoring(&site.cx, &manager, id, site.today(), "Another", "nothing").await;
    assert!(again.unwrap_err().to_string().contains("has ended already"));
    assert_eq!(site.record().await.plan.monitoring_note.as_deref(), Some("Aiii, kept by the Network"));
}

#[tokio::test]
async fn the_end_can_be_taken_back_with_a_reason_and_lies_after_what_has_happened() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let address = format!("{}/end-of-monitoring", path::plan(APPENDIX_B));
        open_round(&site, "19 Feb 2018").await;
        let page = browser.get(&address).await;
        for said in ["A later date is asked for and not decided: ", "The round 19 Feb 2018 is open."] {
            assert!(page.main().contains(said), "{said}: {}", page.main());
        }
        let form = page.form("End monitoring").set("by", "The panel").set("note", "Nothing");
        let page = form.clone().set("on", "1 September 2017").submit().await;
        assert_eq!(page.status, 422);
        assert!(page.errors()[0].ends_with(": enter that day or a later one"), "{:?}", page.errors());
        form.submit().await;
        let page = browser.get(&path::plan(APPENDIX_B)).await.click("Take back that monitoring ended").await;
        let refused = page.form("Take it back").submit().await;
        assert_eq!(refused.errors(), ["Say why it is taken back"]);
        let page = page.form("Take it back").set("reason", "It was another plan").submit().await;
        assert!(page.main().contains("The plan is monitored again"), "{}", page.main());
        let plan = site.record().await.plan;
        assert_eq!(
            (plan.monitoring_ended_on, plan.monitoring_ended_by, plan.monitoring_note),
            (None, None, None)
        );
        let history = browser.get("/plans/appendix-b/history").await.main();
        assert!(history.contains("Taken back: monitoring did not end on 7 December 2017"), "{history}");
    })
    .await;
}
