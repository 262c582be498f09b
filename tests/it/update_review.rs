//! An update that a manager looks at first: submitted, accepted, returned with a comment, and written again.

use scrutiny_tracker::{
    command::{self, CommandError, update::review},
    domain::{
        action::State,
        id::UpdateId,
        message::MessageState,
        rating::Rating,
        update::{ReviewState, UpdateDraft},
    },
    mail::reading,
    papers::pack::Cell,
    store::{self, outbox::Readable},
};

use crate::{
    steps::{action_page, change_plan, fact, open_round, publish, work},
    support::{
        ADMINISTRATOR, Browser, EDUCATION_LEAD, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page,
        SCRUTINY_OFFICER, Site, day, each_database,
    },
};

async fn looks_first(site: &Site) {
    change_plan(site, |plan| plan.manager_looks_first = true).await;
}

/// The lead of Aiii writes an update on it, as far as the form lets them.
async fn write(site: &Site, rating: Rating) -> UpdateId {
    let mut draft = UpdateDraft::of("The plan is drafted.");
    draft.reported = rating;
    draft.outcome_not_known = rating == Rating::Complete;
    let lead = site.actor(EDUCATION_LEAD).await;
    let action = site.action("Aiii").await;
    match command::update::add(&site.cx, &lead, action, &draft, None).await.unwrap() {
        command::update::Added::New(id) => id,
        other => panic!("{other:?}"),
    }
}

async fn state(site: &Site) -> State {
    site.whole_action("Aiii").await.state_at(site.today())
}

async fn review_page(browser: &Browser, id: UpdateId) -> Page {
    browser.get(&format!("/updates/{id}/review")).await
}

#[tokio::test]
async fn the_plan_form_says_whether_a_manager_looks_first() {
    let site = Site::appendix_b().await;
    let manager = site.sign_in_as(MANAGER).await;
    let form = manager.get("/plans/appendix-b/edit").await.form("Save plan");
    assert!(!form.is_ticked("manager_looks_first"));
    form.tick("manager_looks_first").submit().await;
    assert!(site.record().await.plan.manager_looks_first);
    assert!(manager.get("/plans/appendix-b/edit").await.form("Save plan").is_ticked("manager_looks_first"));
}

#[tokio::test]
async fn what_a_lead_sends_counts_as_received_and_completes_nothing_until_it_is_accepted() {
    each_database(async |site| {
        looks_first(&site).await;
        open_round(&site, "19 Feb 2018").await;
        let lead = site.sign_in_as(EDUCATION_LEAD).await;
        let form = lead.get(&format!("/actions/{}/updates/new", site.action("Aiii").await)).await;
        assert!(form.main().contains("The plan’s manager looks at it first."), "{}", form.main());
        let form = form.form("Save update").set("narrative", "Done.").set("reported", "complete");
        let page = form.tick("outcome_not_known").tick("continuing").submit().await;
        assert!(
            page.main().contains("The plan’s manager looks at it before it is accepted"),
            "{}",
            page.main()
        );
        let tags = "✓ Complete Waits for the manager’s look";
        assert!(page.main().contains(tags), "{}", page.main());
        assert!(page.main().contains("completion not yet accepted"), "{}", page.main());
        assert_eq!(state(&site).await, State::Open);
        // They are not asked again for it.
        let my = lead.get("/my-actions").await;
        assert!(my.main().contains("1 action needs an update from you now."), "{}", my.main());

        site.go_to(day("2017-12-11"));
        let manager = site.sign_in_as(MANAGER).await;
        let my = manager.get("/my-actions").await;
        assert!(my.main().contains("1 update to look at"), "{}", my.main());
        let page = my.click("Look at it: update on Aiii").await;
        assert!(page.main().contains("Done."));
        let page = page.form("Save").set("decision", "accept").submit().await;
        assert!(page.main().contains("Update accepted on Aiii"), "{}", page.main());
        // From the day on which it is accepted, and as it was said.
        assert!(
            fact(&page, "State")
                .starts_with("Complete, continues as business as usual, from 11 December 2017"),
            "{}",
            fact(&page, "State")
        );
        assert!(!page.main().contains("Waits for the manager’s look"));
        assert!(!manager.get("/my-actions").await.main().contains("to look at"));
    })
    .await;
}

#[tokio::test]
async fn what_is_returned_is_awaited_again_mailed_once_and_written_again_with_its_text() {
    each_database(async |site| {
        looks_first(&site).await;
        open_round(&site, "19 Feb 2018").await;
        let update = write(&site, Rating::OnTrack).await;
        let manager = site.sign_in_as(MANAGER).await;
        let page = review_page(&manager, update).await.form("Save").set("decision", "return").submit().await;
        assert_eq!(page.errors(), ["Say what has to be different: whoever wrote it reads this"]);
        let form = page.form("Save").set("comment", "Which schools?\r\n\r\nName the number.");
        let page = form.submit().await;
        assert!(
            page.main().contains("Education Safeguarding Lead will get an email. Update returned on Aiii"),
            "{}",
            page.main()
        );
        work(&site).await;
        assert!(page.main().contains("Returned with a comment"));
        assert!(page.main().contains("Name the number."));
        // Who leads other actions of the plan has read it while it counted, and does not any more.
        let other = site.sign_in_as(MAP_COORDINATOR).await;
        assert!(!action_page(&site, &other, "Aiii").await.main().contains("The plan is drafted."));
        let search = other.get("/search?q=The+plan+is+drafted").await;
        assert!(search.main().contains("Nothing found"), "{}", search.main());

        let lead = site.sign_in_as(EDUCATION_LEAD).await;
        let my = lead.get("/my-actions").await;
        assert!(my.main().contains("2 actions need an update from you now."), "{}", my.main());
        assert!(my.main().contains("Returned: Which schools?"), "{}", my.main());
        let round = site.sign_in_as(SCRUTINY_OFFICER).await.get("/rounds").await.click("19 Feb 2018").await;
        assert!(round.main().contains("(returned with a comment)"), "{}", round.main());
        let page = my.click("Add update to Aiii").await;
        assert!(page.main().contains("Which schools?"), "{}", page.main());
        let form = page.form("Save update");
        assert_eq!(form.value("narrative"), "The plan is drafted.");
        assert_eq!(form.value("reported"), "on_track");
        form.set("narrative", "The plan is drafted for 35 schools.").submit().await;
        // It has been written again: nothing is returned any more.
        let page = lead.get(&format!("/actions/{}/updates/new", site.action("Aiii").await)).await;
        assert!(!page.main().contains("Which schools?"));
        assert_eq!(page.form("Save update").value("narrative"), "");

        let mails = site.mailed(EDUCATION_LEAD).await;
        let returned: Vec<_> = mails.iter().filter(|(subject, _)| subject.contains("returned")).collect();
        assert_eq!(returned.len(), 1, "{mails:?}");
        assert!(!returned[0].1.contains("Which schools"), "no narrative and no comment stand in a mail");
    })
    .await;
}

#[tokio::test]
async fn the_mail_of_a_return_says_who_returned_what_and_where_to_read_the_comment() {
    let site = Site::appendix_b().await;
    looks_first(&site).await;
    open_round(&site, "19 Feb 2018").await;
    let update = write(&site, Rating::OnTrack).await;
    review::give_back(&site.cx, &site.actor(MANAGER).await, update, "Which schools?").await.unwrap();
    work(&site).await;
    let all = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 50).await.unwrap();
    let of_return =
        |m: &&store::outbox::Message| m.subject.as_deref().is_some_and(|s| s.contains("returned"));
    let mail = all.iter().find(of_return).unwrap();
    let letter = reading::read(mail.mime.as_ref().unwrap().as_bytes()).unwrap();
    insta::assert_snapshot!(
        "returned_plain",
        format!("Subject: {}\n\n{}", mail.subject.as_ref().unwrap(), letter.plain)
    );
    insta::assert_snapshot!("returned_html", letter.html);
    let link = letter.plain.split_whitespace().find(|w| w.contains("/updates/new")).unwrap();
    let path = link.trim_start_matches(&site.cx.links.full(""));
    let page = site.sign_in_as(EDUCATION_LEAD).await.get(&format!("/{}", path.trim_start_matches('/'))).await;
    assert!(page.main().contains("Which schools?"));
}

#[tokio::test]
async fn the_mail_of_a_return_goes_where_its_reader_is_and_not_once_they_have_sent_it_again() {
    each_database(async |site| {
        looks_first(&site).await;
        let manager = site.actor(MANAGER).await;
        let first = write(&site, Rating::OnTrack).await;
        review::give_back(&site.cx, &manager, first, "Which schools?").await.unwrap();
        let second = write(&site, Rating::OnTrack).await;
        review::give_back(&site.cx, &manager, second, "How many?").await.unwrap();
        let lead = store::person::by_email(&site.cx.store, EDUCATION_LEAD).await.unwrap().unwrap();
        let draft = command::person::PersonDraft {
            name: lead.person.name.clone(),
            email: "new-address@example.org".to_owned(),
            grants: lead.grants,
        };
        let administrator = site.actor(ADMINISTRATOR).await;
        command::person::edit(&site.cx, &administrator, lead.person.id, lead.version, &draft).await.unwrap();
        work(&site).await;
        let plans = Readable::OfPlans(vec![site.record().await.plan.id]);
        let all = store::outbox::list(&site.cx.store, &plans, 0, 50).await.unwrap();
        let theirs: Vec<_> = all.iter().filter(|m| m.to_address == "new-address@example.org").collect();
        let [mail] = theirs.as_slice() else { panic!("{all:?}") };
        assert_eq!(mail.state, MessageState::Handed);
        assert!(mail.subject.as_deref().unwrap().contains("1 update returned"), "{:?}", mail.subject);
    })
    .await;
}

#[tokio::test]
async fn an_update_is_looked_at_once_and_who_comes_second_is_told_what_became_of_it() {
    each_database(async |site| {
        looks_first(&site).await;
        let update = write(&site, Rating::OnTrack).await;
        let manager = site.sign_in_as(MANAGER).await;
        let accept = review_page(&manager, update).await.form("Save").set("decision", "accept");
        let back = review_page(&manager, update).await.form("Save").set("decision", "return");
        let back = back.set("comment", "Which schools?");
        assert_eq!(accept.send().await.status, 303);
        for form in [&accept, &back] {
            let page = form.send().await;
            assert!(matches!(page.status, 409 | 422), "{}", page.status);
            assert!(
                page.main().contains("This update was accepted already on 7 December 2017"),
                "{}",
                page.main()
            );
        }
        assert!(back.send().await.main().contains("What you typed: Which schools?"));
        let of = site.whole_action("Aiii").await;
        let review = of.updates.iter().find(|u| u.id == update).unwrap().review.clone().unwrap();
        assert_eq!((review.state, review.comment), (ReviewState::Accepted, None));
        work(&site).await;
        assert!(site.mailed(EDUCATION_LEAD).await.iter().all(|(s, _)| !s.contains("returned")));
    })
    .await;
}

#[tokio::test]
async fn a_late_update_that_a_manager_has_not_looked_at_says_so_on_the_rounds_page() {
    let site = Site::appendix_b().await;
    looks_first(&site).await;
    let round = open_round(&site, "19 Feb 2018").await;
    site.go_to(day("2018-02-09"));
    command::round::close(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round, true).await.unwrap();
    write(&site, Rating::OnTrack).await;
    let page = site.sign_in_as(MANAGER).await.get(&format!("/rounds/{round}")).await;
    let late = page.main();
    let (_, late) = late.split_once("Received after the papers closed").unwrap();
    assert!(late.contains("Aiii, 9 February 2018 (waits for the manager’s look)"), "{late}");
    // What comes by email now is entered as late.
    assert!(page.click("Enter updates").await.h1().contains("Enter updates"));
}

#[tokio::test]
async fn what_a_manager_enters_is_accepted_at_once() {
    let site = Site::appendix_b().await;
    looks_first(&site).await;
    let mut draft = UpdateDraft::of("Done.");
    draft.reported = Rating::Complete;
    draft.outcome_not_known = true;
    let action = site.action("Aiii").await;
    command::update::add(&site.cx, &site.actor(MANAGER).await, action, &draft, None).await.unwrap();
    assert_eq!(state(&site).await, State::Complete);
    let latest = site.whole_action("Aiii").await.updates.pop().unwrap();
    assert_eq!(latest.review.unwrap().state, ReviewState::Accepted);
}

#[tokio::test]
async fn a_completion_that_a_later_word_has_overtaken_is_accepted_without_completing_anything() {
    let site = Site::appendix_b().await;
    looks_first(&site).await;
    let update = write(&site, Rating::Complete).await;
    let mut later = UpdateDraft::of("It is not done after all.");
    later.reported = Rating::OnTrack;
    let action = site.action("Aiii").await;
    let manager = site.actor(MANAGER).await;
    command::update::add(&site.cx, &manager, action, &later, None).await.unwrap();
    review::accept(&site.cx, &manager, update).await.unwrap();
    assert_eq!(state(&site).await, State::Open);
}

#[tokio::test]
async fn what_was_corrected_meanwhile_is_not_accepted_but_its_correction() {
    let site = Site::appendix_b().await;
    looks_first(&site).await;
    let update = write(&site, Rating::OnTrack).await;
    let lead = site.actor(EDUCATION_LEAD).await;
    let mut correction = UpdateDraft::of("The plan is half drafted.");
    correction.supersedes = Some(update);
    let action = site.action("Aiii").await;
    command::update::add(&site.cx, &lead, action, &correction, None).await.unwrap();
    let manager = site.sign_in_as(MANAGER).await;
    assert!(review_page(&manager, update).await.main().contains("has been corrected since"));
    let my = manager.get("/my-actions").await;
    assert!(my.main().contains("1 update to look at"), "{}", my.main());
    // The correction goes back: the first text waits again, and the correction form has the comment.
    let newer = site.whole_action("Aiii").await.updates.pop().unwrap().id;
    review::give_back(&site.cx, &site.actor(MANAGER).await, newer, "Half of what?").await.unwrap();
    assert_eq!(site.whole_action("Aiii").await.latest_at(site.today()).unwrap().id, update);
    let lead = site.sign_in_as(EDUCATION_LEAD).await;
    let page = lead.get(&format!("/updates/{update}/correction")).await;
    assert!(page.main().contains("Half of what?"), "{}", page.main());
    assert_eq!(page.form("Save update").value("narrative"), "The plan is half drafted.");
}

#[tokio::test]
async fn nobody_but_a_manager_looks_at_updates() {
    let site = Site::appendix_b().await;
    looks_first(&site).await;
    let update = write(&site, Rating::OnTrack).await;
    for who in [EDUCATION_LEAD, SCRUTINY_OFFICER, PANEL_MEMBER] {
        let browser = site.sign_in_as(who).await;
        assert_eq!(review_page(&browser, update).await.status, 403, "{who}");
        let path = format!("/updates/{update}/review");
        assert_eq!(browser.post(&path, &[("decision", "accept")]).await.status, 403, "{who}");
    }
    let actor = site.actor(EDUCATION_LEAD).await;
    let refused = review::accept(&site.cx, &actor, update).await;
    assert!(matches!(refused, Err(CommandError::Denied(_))), "{refused:?}");
}

#[tokio::test]
async fn the_panel_never_reads_what_waits_or_was_returned() {
    each_database(async |site| {
        looks_first(&site).await;
        let round = open_round(&site, "19 Feb 2018").await;
        let update = write(&site, Rating::OffTrack).await;
        // Not even where the plan is live to it.
        change_plan(&site, |plan| plan.live_to_panel = true).await;
        let member = site.sign_in_as(PANEL_MEMBER).await;
        for when in ["waits", "returned", "published"] {
            let action = action_page(&site, &member, "Aiii").await;
            assert!(!action.main().contains("The plan is drafted."), "{when}: {}", action.main());
            let plan = member.get("/plans/appendix-b").await;
            assert!(!plan.main().contains("The plan is drafted."), "{when}");
            let search = member.get("/search?q=The+plan+is+drafted").await;
            assert!(search.main().contains("Nothing found"), "{when}: {}", search.main());
            match when {
                "waits" => {
                    let manager = site.actor(MANAGER).await;
                    review::give_back(&site.cx, &manager, update, "Which?").await.unwrap();
                }
                "returned" => {
                    change_plan(&site, |plan| plan.live_to_panel = false).await;
                    write(&site, Rating::OffTrack).await;
                    publish(&site, round).await;
                }
                _ => {}
            }
        }
        // The papers say that there is one, and not what it says.
        let record = site.record().await;
        let of = record.rounds.iter().find(|r| r.id == round).unwrap();
        let pack = command::pack::read(&site.cx, &record, of).await.unwrap().unwrap();
        let figures = pack.cover.iter().find(|list| list.title == "Deadlines and updates").unwrap();
        let figure = |words: &str| {
            let row = figures.rows.iter().find(|row| row[0] == Cell::text(words)).unwrap();
            row[2].clone()
        };
        assert_eq!(figure("Update received, not yet accepted"), Cell::text("Aiii"));
        let silent = format!("{:?}", figure("Without an update in this round, though one was asked for"));
        assert!(!silent.contains("Aiii"), "{silent}");
        let pack = pack.stored().unwrap();
        assert!(pack.contains("Update received, not yet accepted"));
        assert!(!pack.contains("The plan is drafted."));
        assert!(command::pack::read_addendum(&site.cx, &record, of, true).await.unwrap().is_none());
        // Accepted after all, it can be read once the addendum is published that it comes with.
        site.go_to(site.today() + chrono::Days::new(1));
        let waits = site.whole_action("Aiii").await.updates.pop().unwrap().id;
        review::accept(&site.cx, &site.actor(MANAGER).await, waits).await.unwrap();
        assert!(!action_page(&site, &member, "Aiii").await.main().contains("The plan is drafted."));
        let plan = site.record().await.plan.id;
        command::pack::publish_addendum(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round, plan, &[waits])
            .await
            .unwrap();
        assert!(action_page(&site, &member, "Aiii").await.main().contains("The plan is drafted."));
        let record = site.record().await;
        let of = record.rounds.iter().find(|r| r.id == round).unwrap();
        let pack = command::pack::read(&site.cx, &record, of).await.unwrap().unwrap().stored().unwrap();
        assert!(!pack.contains("The plan is drafted."), "what was frozen stays as it was");
        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        assert!(officer.get("/search?q=The+plan+is+drafted").await.main().contains("hold"));
    })
    .await;
}
