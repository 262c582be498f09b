//! Updates that are not sent yet: saved for later, one after the other, and texts that are used again.

use scrutiny_tracker::{
    command,
    domain::{rating::Rating, update::UpdateDraft},
};

use crate::{
    steps::{action_page, change_plan, open_round, second_plan},
    support::{EDUCATION_LEAD, Form, MANAGER, MAP_COORDINATOR, Site, day, each_database},
};

async fn path(site: &Site, label: &str) -> String {
    format!("/actions/{}/updates/new", site.action(label).await)
}

async fn later(site: &Site, who: &str) -> Form {
    site.sign_in_as(who).await.get(&path(site, "Aiii").await).await.form("Save for later")
}

#[tokio::test]
async fn what_is_saved_for_later_comes_back_and_is_nobody_elses() {
    each_database(async |site| {
        let before = site.whole_action("Aiii").await.updates.len();
        let form = later(&site, EDUCATION_LEAD)
            .await
            .set("narrative", "Half a sentence\r\n\r\nand")
            .set("reported", "at_risk");
        let page = form.set("next_steps", "Print it.").submit().await;
        assert_eq!(page.path, "/my-actions");
        assert!(page.main().contains("Saved for later: Aiii. It is not sent, and only you can read it"));
        assert!(page.main().contains("Saved for later, not sent"), "{}", page.main());
        assert_eq!(site.whole_action("Aiii").await.updates.len(), before);

        let lead = site.sign_in_as(EDUCATION_LEAD).await;
        let page = lead.get(&path(&site, "Aiii").await).await;
        assert!(
            page.main().contains("You saved this on 7 December 2017 at 9:00am and have not sent it."),
            "{}",
            page.main()
        );
        let form = page.form("Save update");
        assert_eq!(form.value("narrative"), "Half a sentence\n\nand");
        assert_eq!(form.value("reported"), "at_risk");
        assert_eq!(form.value("next_steps"), "Print it.");
        // Not even a manager, who may write there too.
        let manager = site.sign_in_as(MANAGER).await;
        let page = manager.get(&path(&site, "Aiii").await).await;
        assert!(!page.main().contains("Half a sentence"));
        assert!(!action_page(&site, &manager, "Aiii").await.main().contains("Half a sentence"));
        // Saved again it stands in place of the first; sent, it is gone.
        later(&site, EDUCATION_LEAD).await.set("narrative", "A whole sentence.").submit().await;
        let form = lead.get(&path(&site, "Aiii").await).await.form("Save update");
        assert_eq!(form.value("narrative"), "A whole sentence.");
        let page = form.set("put_right_at_risk", "More hands by May").submit().await;
        assert!(page.main().contains("Update added to Aiii"), "{}", page.main());
        let page = lead.get(&path(&site, "Aiii").await).await;
        assert!(!page.main().contains("You saved this on"));
        assert_eq!(page.form("Save update").value("narrative"), "");
    })
    .await;
}

#[tokio::test]
async fn what_was_saved_for_later_elsewhere_is_neither_deleted_nor_replaced_unseen() {
    each_database(async |site| {
        let here = path(&site, "Aiii").await;
        let lead = site.sign_in_as(EDUCATION_LEAD).await;
        // Two windows that were opened before anything was saved.
        let (one, two) = (lead.get(&here).await, lead.get(&here).await);
        let three =
            lead.get(&here).await.form("Save update").set("narrative", "Sent.").set("reported", "on_track");
        one.form("Save for later")
            .set("narrative", "On the phone")
            .set("next_steps", "Ask the schools.")
            .submit()
            .await;
        let page = two.form("Save for later").set("narrative", "At the desk").submit().await;
        assert_eq!(page.status, 422);
        for text in ["On the phone", "Ask the schools.", "At the desk"] {
            assert!(page.main().contains(text), "{text}: {}", page.main());
        }
        assert_eq!(lead.get(&here).await.form("Save update").value("narrative"), "On the phone");
        // An update that is sent from another window leaves it, and says so.
        let sent = three.submit().await;
        assert!(sent.main().contains("You also have a text saved for later on it"), "{}", sent.main());
        assert_eq!(lead.get(&here).await.form("Save update").value("narrative"), "On the phone");
        // Both were shown: now it is replaced, and what was thrown away there is not what stands here.
        let throw_away = lead.get(&here).await.form("Throw it away");
        page.form("Save for later").submit().await;
        let page = throw_away.submit().await;
        assert!(page.main().contains("Nothing is thrown away"), "{}", page.main());
        assert_eq!(page.form("Save update").value("narrative"), "At the desk");
    })
    .await;
}

#[tokio::test]
async fn who_goes_back_and_saves_again_is_offered_to_correct_what_they_have_sent() {
    each_database(async |site| {
        open_round(&site, "19 Feb 2018").await;
        let here = path(&site, "Aiii").await;
        let lead = site.sign_in_as(EDUCATION_LEAD).await;
        let write = async |text: &str| {
            let form = lead.get(&here).await.form("Save update").set("narrative", text);
            form.set("reported", "on_track").submit().await
        };
        let before = site.whole_action("Aiii").await.updates.len();
        assert!(write("Drafted.").await.main().contains("Update added to Aiii"));
        let page = write("Drafted, and printed.").await;
        assert_eq!(page.status, 422);
        assert!(
            page.errors()[0].starts_with("You have already sent an update on this action today"),
            "{:?}",
            page.errors()
        );
        assert!(page.main().contains("Drafted."), "{}", page.main());
        assert_eq!(site.whole_action("Aiii").await.updates.len(), before + 1);
        let form = page.form("Save update");
        assert_eq!(form.value("narrative"), "Drafted, and printed.");
        let correct = page.attributes("button[formaction]", "formaction").remove(0);
        let done = lead.post(&correct, &form.fields()).await;
        assert!(lead.follow(done).await.main().contains("Update on Aiii corrected"));
        // Or it is added all the same.
        let page = write("A second one.").await;
        assert!(page.form("Save update").submit().await.main().contains("Update added to Aiii"));
        assert_eq!(site.whole_action("Aiii").await.updates.len(), before + 3);
    })
    .await;
}

#[tokio::test]
async fn what_was_saved_for_later_can_be_thrown_away_once() {
    let site = Site::appendix_b().await;
    later(&site, EDUCATION_LEAD).await.set("narrative", "Half").submit().await;
    let lead = site.sign_in_as(EDUCATION_LEAD).await;
    let form = lead.get(&path(&site, "Aiii").await).await.form("Throw it away");
    let page = form.submit().await;
    assert!(page.main().contains("What you had saved is thrown away"));
    assert_eq!(page.form("Save update").value("narrative"), "");
    assert!(form.submit().await.main().contains("There was nothing saved"));
}

#[tokio::test]
async fn nothing_is_nothing_to_save_for_later() {
    let site = Site::appendix_b().await;
    let page = later(&site, EDUCATION_LEAD).await.submit().await;
    assert_eq!(page.status, 422);
    assert_eq!(page.errors(), ["Nothing is written yet, so there is nothing to save for later"]);
}

#[tokio::test]
async fn a_draft_is_in_the_persons_own_data_and_goes_with_them() {
    let site = Site::appendix_b().await;
    later(&site, EDUCATION_LEAD).await.set("narrative", "Half a sentence").submit().await;
    let person = site.person(EDUCATION_LEAD).await;
    let data = scrutiny_tracker::store::privacy::about(&site.cx.store, person).await.unwrap().unwrap();
    let drafts = data["updates saved for later"].as_array().unwrap();
    assert_eq!(drafts.len(), 1, "{data}");
    assert!(drafts[0].to_string().contains("Half a sentence"), "{drafts:?}");
    let other = site.person(MAP_COORDINATOR).await;
    let data = scrutiny_tracker::store::privacy::about(&site.cx.store, other).await.unwrap().unwrap();
    assert_eq!(data["updates saved for later"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn what_is_needed_now_is_written_one_after_the_other() {
    each_database(async |site| {
        open_round(&site, "19 Feb 2018").await;
        let lead = site.sign_in_as(EDUCATION_LEAD).await;
        let page = lead.get("/my-actions").await.click("Start: 2 updates").await;
        assert!(page.main().starts_with("Update 1 of 2"), "{}", page.main());
        assert!(page.h1().starts_with("Aiii"), "{}", page.h1());
        let form = page.form("Save and next");
        let page = form.submit().await;
        assert_eq!(page.status, 422);
        assert!(page.main().contains("Update 1 of 2"), "{}", page.main());
        let form = page.form("Save and next").set("narrative", "Drafted.").set("reported", "on_track");
        let page = form.submit().await;
        assert!(page.main().contains("Update added to Aiii"), "{}", page.main());
        assert!(page.main().contains("Update 2 of 2"));
        assert!(page.h1().starts_with("D "), "{}", page.h1());
        let done = page.click("Skip for now").await;
        assert_eq!(done.h1(), "Done: 1 update sent");
        assert!(
            done.main().contains(
                "The panel will read this from 9 February 2018, for its meeting on 19 February 2018"
            ),
            "{}",
            done.main()
        );
        assert!(done.main().contains("Sent"));
        let page = done.click("Write it now: D").await;
        let form = page.form("Save update").set("narrative", "Drafted.").set("reported", "on_track");
        form.submit().await;
        let page = lead.get("/my-actions/updates").await;
        assert!(page.main().contains("Nothing needs an update from you now"), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn a_series_of_actions_that_are_not_theirs_tells_them_nothing() {
    let site = Site::appendix_b().await;
    let lead = site.sign_in_as(MAP_COORDINATOR).await;
    let id = site.action("Aiii").await;
    let page = lead.get(&format!("/my-actions/updates?series={id}-999999-x")).await;
    assert_eq!((page.status, page.h1()), (200, "No update sent".to_owned()));
    assert!(!page.main().contains("Aiii"));
    assert_eq!(lead.get(&format!("/actions/{id}/updates/new?series={id}")).await.status, 403);
}

#[tokio::test]
async fn saving_for_later_in_a_series_goes_on_to_the_next() {
    let site = Site::appendix_b().await;
    let lead = site.sign_in_as(EDUCATION_LEAD).await;
    let page = lead.get("/my-actions/updates").await;
    let page = page.form("Save for later").set("narrative", "Half").submit().await;
    assert!(page.main().contains("Update 2 of 2"), "{}", page.main());
    let done = page.click("Skip for now").await;
    assert_eq!(done.h1(), "No update sent");
    assert!(done.main().contains("Saved for later, not sent"), "{}", done.main());
}

/// An action of a second plan, watched by another panel, led by the post that leads Aiii.
async fn elsewhere(site: &Site) -> scrutiny_tracker::domain::id::ActionId {
    let plan = second_plan(site).await;
    let like = site.whole_action("Aiii").await;
    let draft = scrutiny_tracker::domain::action::ActionDraft {
        recommendation: None,
        short_title: None,
        text: "The same, for another panel.".to_owned(),
        lead_wording: like.lead_wording,
        leads: like.leads,
        contributors: Vec::new(),
        resource: String::new(),
        resource_kind: None,
        resource_pence: None,
        themes: Vec::new(),
    };
    let manager = site.actor(MANAGER).await;
    command::action::create(&site.cx, &manager, plan, &draft, "May 2018").await.unwrap()
}

#[tokio::test]
async fn a_text_for_another_body_can_be_used_again_for_four_weeks() {
    each_database(async |site| {
        let other = elsewhere(&site).await;
        let lead = site.actor(EDUCATION_LEAD).await;
        let text = "Thirty-five schools have the plan.";
        command::update::add(&site.cx, &lead, other, &UpdateDraft::of(text), None).await.unwrap();
        let browser = site.sign_in_as(EDUCATION_LEAD).await;
        let here = path(&site, "Aiii").await;
        // The same body reads both: there is nothing to use again.
        assert!(!browser.get(&here).await.main().contains(text));
        change_plan(&site, |plan| plan.panel = Some("Another Panel".to_owned())).await;
        site.go_to(day("2018-01-04"));
        let page = browser.get(&here).await;
        assert!(page.main().contains(text), "{}", page.main());
        let of = page.attributes("details button[name='use']", "value");
        assert_eq!(of.len(), 1, "{of:?}");
        let again = async |form: Form| {
            let mut fields = form.fields();
            fields.push(("use".to_owned(), of[0].clone()));
            browser.post(&here, &fields).await
        };
        let page = again(page.form("Save update")).await;
        assert_eq!((page.status, page.form("Save update").value("narrative").as_str()), (200, text));
        // Whoever has typed something already loses nothing of it.
        let form = browser.get(&here).await.form("Save update").set("narrative", "Begun.");
        let form = form.set("reported", "at_risk").set("next_steps", "Print it.");
        let form = again(form).await.form("Save update");
        assert_eq!(form.value("narrative"), format!("Begun.\n\n{text}"));
        assert_eq!(
            (form.value("reported").as_str(), form.value("next_steps").as_str()),
            ("at_risk", "Print it.")
        );
        // The offer stands as well beside what was refused, and Enter saves.
        let page = form.submit().await;
        assert_eq!(page.status, 422);
        assert_eq!(page.count("details button[name='use']"), 1);
        // A manager has not written it, and is not offered it.
        let manager = site.sign_in_as(MANAGER).await;
        assert!(!manager.get(&here).await.main().contains(text));
        assert_eq!(manager.post(&here, &[("use", &of[0])]).await.status, 404);
        site.go_to(day("2018-01-05"));
        assert!(!browser.get(&here).await.main().contains("for another body"));
    })
    .await;
}

#[tokio::test]
async fn a_rating_that_the_key_does_not_have_is_refused_in_words() {
    let site = Site::appendix_b().await;
    change_plan(&site, |plan| plan.key = scrutiny_tracker::domain::rating::RagKey::standard()).await;
    let lead = site.sign_in_as(EDUCATION_LEAD).await;
    let fields = [("narrative", "Begun."), ("reported", "not_started")];
    let page = lead.post(&path(&site, "Aiii").await, &fields).await;
    assert_eq!(page.status, 422);
    let words = "This plan’s key has no rating for “Not started”: choose Green, Amber, Red, Complete or “Not recorded”";
    assert_eq!(page.errors(), [words]);
    let mut draft = UpdateDraft::of("Begun.");
    draft.reported = Rating::NotStarted;
    let actor = site.actor(EDUCATION_LEAD).await;
    let action = site.action("Aiii").await;
    let refused = command::update::add(&site.cx, &actor, action, &draft, None).await.unwrap_err();
    assert_eq!(refused.to_string(), words);
}

#[tokio::test]
async fn who_cleared_an_update_stands_beside_it() {
    let site = Site::appendix_b().await;
    let lead = site.sign_in_as(EDUCATION_LEAD).await;
    let form = lead.get(&path(&site, "Aiii").await).await.form("Save update");
    let form = form.set("narrative", "Drafted.").set("reported", "on_track");
    let page = form.set("cleared_on", "8 December 2017").submit().await;
    assert_eq!(
        page.errors(),
        [
            "The day on which it was cleared can’t lie in the future",
            "Enter the post that cleared it, or leave the day empty",
        ]
    );
    assert_eq!(page.count("details[open] #cleared_by"), 1);
    let form = page.form("Save update").set("cleared_by", "Head of Service").set("cleared_on", "4/12/17");
    let page = form.submit().await;
    assert!(page.main().contains("Cleared by: Head of Service, 4 December 2017"), "{}", page.main());
    // A correction keeps it in the form.
    let form = page.click("Correct this update, between rounds").await.form("Save update");
    assert_eq!(form.value("cleared_by"), "Head of Service");
}
