//! Writing updates by the link in a round's mail: without signing in, one person's for one round, and nothing more.

use axum::{body::Body, http::Request};
use scrutiny_tracker::{
    command::{self, installation, person::PersonDraft, post},
    domain::{
        action::State,
        id::RoundId,
        installation::{Change, Section, UpdatesByLink},
        preference::{Away, StandIn},
        rating::Rating,
        update::{ReviewState, UpdateDraft},
    },
    link::path,
    mail::reading,
    store::{self, backup},
};
use sea_orm::{ConnectionTrait, Database};
use tower::ServiceExt as _;

use crate::{
    links::send_all,
    smtp_server::SmtpServer,
    steps::{action_page, change_plan, open_round, work},
    support::{
        ADMINISTRATOR, Browser, EDUCATION_LEAD, GOVERNORS_MANAGER, MANAGER, Page, SCRUTINY_OFFICER, Site,
        day, each_database,
    },
};

async fn switch(site: &Site, choice: UpdatesByLink) {
    let (actor, seen) = (site.actor(ADMINISTRATOR).await, site.cx.installation().version);
    installation::save(&site.cx, &actor, seen, &Change::UpdatesByLink(choice)).await.expect("it is saved");
}

/// The path of the newest link that was mailed to somebody.
async fn mailed(site: &Site, to: &str) -> String {
    site.link_mailed(to, "/u/").await
}

/// A round with its mails, and the Education Safeguarding Lead's link for it: they are asked for Aiii and D.
async fn begun(site: &Site) -> (RoundId, String) {
    switch(site, UpdatesByLink::On).await;
    let round = open_round(site, "19 Feb 2018").await;
    work(site).await;
    (round, mailed(site, EDUCATION_LEAD).await)
}

/// Another mail of the round on a day, and the link in it.
async fn reminded(site: &Site, round: RoundId, on: &str) -> String {
    site.go_to(day(on));
    command::round::remind(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round).await.expect("a reminder");
    work(site).await;
    mailed(site, EDUCATION_LEAD).await
}

async fn on(site: &Site, link: &str, label: &str) -> String {
    format!("{link}/{}", site.action(label).await)
}

/// Whether a link answers as every link does that does not work: the same words, and nothing of whose it was.
fn is_dead(page: &Page) -> bool {
    let main = page.main();
    let silent = ["Education", "Aiii", "19 Feb"].iter().all(|word| !main.contains(word));
    (page.status, page.h1().as_str()) == (404, "This link does not work any more")
        && main.contains("Sign in")
        && silent
}

async fn everything(site: &Site) -> String {
    let mut all = Vec::new();
    backup::write(&site.cx.store, &mut all).await.unwrap();
    String::from_utf8(all).unwrap()
}

/// Sends an update on Aiii.
async fn sent(site: &Site, browser: &Browser, link: &str, rating: &str) -> Page {
    let page = browser.get(&on(site, link, "Aiii").await).await;
    let form = page.form("Send update").set("narrative", "The plan is drafted.").set("reported", rating);
    let form = if rating == "complete" { form.tick("outcome_not_known") } else { form };
    form.submit().await
}

#[tokio::test]
async fn a_lead_writes_without_signing_in_and_puts_right_what_they_wrote() {
    each_database(async |site| {
        let (_, link) = begun(&site).await;
        let browser = site.browser();
        let page = browser.get(&link).await;
        assert_eq!((page.status, page.h1().as_str()), (200, "19 Feb 2018 Your updates"));
        for says in ["Aiii: ", "D: ", "By when: Sept 2017 Overdue by ", "do not forward it"] {
            assert!(page.main().contains(says), "{says}: {}", page.main());
        }
        let due = "You are asked for them as Education Safeguarding Lead. \
                   Updates for the meeting on 19 February 2018 are due by Monday 29 January 2018.";
        assert!(page.main().contains(due), "{}", page.main());
        // The questions of the ordinary form.
        let page = browser.get(&on(&site, &link, "Aiii").await).await;
        for says in ["Do not name children or families.", "By when: Sept 2017", "will read this", "can read it at once"] {
            assert!(page.main().contains(says), "{says}: {}", page.main());
        }
        let form = page.form("Send update").set("reported", "at_risk").set("next_steps", "Ask all schools.");
        let refused = form.submit().await;
        assert_eq!(refused.status, 422);
        let said = ["Write what has happened", "Say what will put it right, and by when"];
        assert_eq!(refused.errors(), said);
        let form = refused.form("Send update");
        assert_eq!((form.value("reported"), form.value("next_steps")), ("at_risk".into(), "Ask all schools.".into()));
        let form = form.set("narrative", "Two of three are done.").set("put_right_at_risk", "A third, by May.");
        let page = form.submit().await;
        assert_eq!((page.status, page.path.as_str()), (200, link.as_str()));
        assert!(page.text().contains("Your update on Aiii is sent"), "{}", page.text());
        let main = page.main();
        let (open, done) = main.split_once("Sent with this link").expect("what was sent");
        assert!(open.contains("D: ") && !open.contains("Aiii: "), "{open}");
        assert!(done.contains("Two of three are done.") && done.contains("A third, by May."), "{done}");
        // A double click, and the back button.
        assert!(form.submit().await.text().contains("was sent already"));

        let update = |n: usize| {
            let site = &site;
            async move { site.whole_action("Aiii").await.updates.into_iter().rev().nth(n).expect("it is there") }
        };
        let first = update(0).await;
        let lead = site.person(EDUCATION_LEAD).await;
        assert!(first.by_email_link && first.author == Some(lead) && first.round.is_some(), "{first:?}");
        let form = browser.get(&on(&site, &link, "Aiii").await).await.form("Send update");
        assert_eq!(form.value("narrative"), "Two of three are done.");
        let page = form.set("narrative", "All three are done.").set("reported", "on_track").submit().await;
        assert!(page.text().contains("Your update on Aiii is corrected"), "{}", page.text());
        assert!(!page.main().contains("Two of three"), "{}", page.main());
        let second = update(0).await;
        assert_eq!((second.supersedes, second.round, second.by_email_link), (Some(first.id), first.round, true));

        // No session came of it.
        assert!(browser.cookie("session").is_none(), "{:?}", browser.cookies());
        assert_eq!(browser.get("/my-actions").await.h1(), site.browser().get("/my-actions").await.h1());
    })
    .await;
}

#[tokio::test]
async fn opening_a_link_shows_nothing_that_was_written_before_or_by_others_and_no_name() {
    let site = Site::appendix_b().await;
    let before =
        UpdateDraft { next_steps: Some("A promise of old.".to_owned()), ..UpdateDraft::of("Words of old.") };
    let (manager, aiii) = (site.actor(MANAGER).await, site.action("Aiii").await);
    command::update::add(&site.cx, &manager, aiii, &before, None).await.unwrap();
    // The post for which they are asked is no name.
    let renamed = format!("UPDATE person SET name = 'Pat Example' WHERE email = '{EDUCATION_LEAD}'");
    Database::connect(&site.url).await.unwrap().execute_unprepared(&renamed).await.unwrap();
    let (_, link) = begun(&site).await;
    let joint = UpdateDraft::of("Words of another.");
    command::update::add(&site.cx, &manager, site.action("D").await, &joint, None).await.unwrap();
    let earlier = site.whole_action("Aiii").await.updates;
    for path in [link.clone(), on(&site, &link, "Aiii").await, on(&site, &link, "D").await] {
        // Whoever else is signed in in that browser.
        for browser in [site.browser(), site.sign_in_as(MANAGER).await] {
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            for hidden in
                ["of old", "of another", "Risk and Resilience", "Pat Example", "Last time", "The plan’s key"]
            {
                assert!(!page.text().contains(hidden), "{path} shows {hidden}: {}", page.text());
            }
            assert!(
                earlier.iter().all(|u| u.narrative.is_empty() || !page.text().contains(&u.narrative)),
                "{path}"
            );
            for (name, value) in [
                ("x-robots-tag", "noindex"),
                ("cache-control", "no-store"),
                ("referrer-policy", "same-origin"),
            ] {
                assert_eq!(page.header(name), Some(value), "{path}: {name}");
            }
        }
    }
    assert!(
        site.browser().get(&link).await.main().contains("An update has been received. You can add another.")
    );
}

#[tokio::test]
async fn a_mail_scanner_that_follows_every_link_twice_changes_nothing() {
    each_database(async |site| {
        let (_, link) = begun(&site).await;
        let mails = site.mailed(EDUCATION_LEAD).await;
        let base = site.cx.links.full("");
        let links: Vec<String> = mails
            .iter()
            .flat_map(|(_, plain)| plain.split_whitespace())
            .filter_map(|word| word.strip_prefix(&base))
            .map(str::to_owned)
            .collect();
        assert!(links.iter().filter(|path| path.starts_with("/u/")).count() >= 3, "{links:?}");
        let before = everything(&site).await;
        let scanner = site.browser();
        for path in links.iter().chain(&links) {
            for method in ["HEAD", "GET", "OPTIONS"] {
                let request = Request::builder().method(method).uri(path.as_str());
                let request = request
                    .header("host", "tracker.example.org")
                    .header("user-agent", "Mozilla/5.0 (compatible; MailScanner/1.0)");
                let answer = site.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
                assert!(!answer.status().is_server_error(), "{method} {path}");
            }
            // Some press buttons too: not ours, as they come from nowhere.
            let request = Request::post(path.as_str()).header("host", "tracker.example.org");
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let page = scanner
                .exchange(path, request.body(Body::from("narrative=x&reported=on_track")).unwrap())
                .await;
            assert_eq!(page.status, 403, "{path}");
        }
        assert!(everything(&site).await == before, "something was changed");
        let page = sent(&site, &site.browser(), &link, "on_track").await;
        assert!(page.text().contains("Your update on Aiii is sent"), "{}", page.text());
    })
    .await;
}

#[tokio::test]
async fn a_link_is_for_its_person_and_its_round_and_for_nothing_else() {
    each_database(async |site| {
        let (_, link) = begun(&site).await;
        let browser = site.browser();
        let others = mailed(&site, GOVERNORS_MANAGER).await;
        let form = browser.get(&on(&site, &link, "Aiii").await).await.form("Send update");
        let fields = form.set("narrative", "Not mine.").set("reported", "on_track").fields();
        let before = everything(&site).await;
        // Another’s action, one that is nobody’s to answer, one that is not there; and another’s link for this one.
        let mut paths = vec![format!("{link}/999999"), format!("{link}x"), on(&site, &others, "Aiii").await];
        for label in ["F", "K", "Ai"] {
            paths.push(on(&site, &link, label).await);
        }
        for path in paths {
            assert!(is_dead(&browser.get(&path).await), "{path}");
            if path.rsplit('/').next().is_some_and(|last| last.len() < 10) {
                let page = browser.post(&path, &fields).await;
                assert_eq!(
                    (page.status, page.h1().as_str()),
                    (404, "This link does not work any more"),
                    "{path}"
                );
                assert!(page.main().contains("Not mine."), "what was typed is not lost: {}", page.main());
            }
        }
        assert!(everything(&site).await == before, "something was changed");
        // What was written for the round by somebody signed in is not this link’s to correct.
        let (lead, d) = (site.actor(EDUCATION_LEAD).await, site.action("D").await);
        let own = UpdateDraft::of("Written when signed in.");
        let command::update::Added::New(id) =
            command::update::add(&site.cx, &lead, d, &own, None).await.unwrap()
        else {
            panic!("it is new")
        };
        let form = browser
            .get(&on(&site, &link, "D").await)
            .await
            .form("Send update")
            .set("corrects", &id.to_string());
        let page = form.set("narrative", "Mine now.").set("reported", "on_track").submit().await;
        assert_eq!(page.status, 422);
        assert!(
            page.errors()[0].contains("What you were correcting is not there any more"),
            "{:?}",
            page.errors()
        );
        assert!(!page.main().contains("Written when signed in."), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn a_link_dies_when_it_is_taken_back_and_with_address_post_setting_account_and_round() {
    each_database(async |site| {
        let (round, first) = begun(&site).await;
        let browser = site.browser();
        let dead = async |link: &str| {
            let action = on(&site, link, "Aiii").await;
            is_dead(&browser.get(link).await) && is_dead(&browser.get(&action).await)
        };
        let lives = async |link: &str| browser.get(link).await.status == 200;

        // A second mail brings a second link, and the first goes on.
        let second = reminded(&site, round, "2018-01-22").await;
        assert!(first != second && lives(&first).await && lives(&second).await);

        // A form that was open when the link was taken back loses nothing.
        let form = browser.get(&on(&site, &first, "Aiii").await).await.form("Send update");
        let manager = site.sign_in_as(MANAGER).await;
        let page = manager
            .get(&path::round(round))
            .await
            .click("Take back the link of Education Safeguarding Lead")
            .await;
        assert!(page.main().contains("stop working at once, for good"), "{}", page.main());
        let page = page.form("Take the link back").submit().await;
        assert!(
            page.text().contains("The link of Education Safeguarding Lead is taken back"),
            "{}",
            page.text()
        );
        assert!(!page.main().contains("Take back the link of Education"), "{}", page.main());
        assert!(dead(&first).await && dead(&second).await);
        let page = form.set("narrative", "A long text of mine.").set("reported", "on_track").submit().await;
        assert_eq!(page.status, 404);
        assert!(page.main().contains("A long text of mine."), "{}", page.main());
        assert!(
            manager
                .get("/history")
                .await
                .main()
                .contains("Link of Education Safeguarding Lead for 19 Feb 2018 taken back")
        );

        // The next mail brings a new one; the old ones stay dead.
        let third = reminded(&site, round, "2018-01-23").await;
        assert!(lives(&third).await && dead(&first).await);

        // Switched off, and on again.
        switch(&site, UpdatesByLink::Off).await;
        assert!(dead(&third).await);
        switch(&site, UpdatesByLink::On).await;
        assert!(dead(&third).await);

        // Another address, and back.
        let fourth = reminded(&site, round, "2018-01-24").await;
        let administrator = site.actor(ADMINISTRATOR).await;
        let lead = site.person(EDUCATION_LEAD).await;
        for address in ["another@example.org", EDUCATION_LEAD] {
            let account = store::person::by_id(&site.cx.store, lead).await.unwrap().unwrap();
            let draft =
                PersonDraft { name: account.person.name, email: address.to_owned(), grants: account.grants };
            command::person::edit(&site.cx, &administrator, lead, account.version, &draft).await.unwrap();
        }
        assert!(dead(&fourth).await);

        // Somebody else answers for the actions.
        let fifth = reminded(&site, round, "2018-01-25").await;
        assert!(lives(&fifth).await);
        let post =
            site.record().await.posts.iter().find(|p| p.name == "Education Safeguarding Lead").unwrap().id;
        let (actor, other) = (site.actor(MANAGER).await, site.person(GOVERNORS_MANAGER).await);
        post::holding::hand_over(&site.cx, &actor, post, Some(other), site.today()).await.unwrap();
        assert!(dead(&fifth).await);
        post::holding::hand_over(&site.cx, &actor, post, Some(lead), day("2018-01-26")).await.unwrap();

        // The account ends, and is used again.
        let sixth = reminded(&site, round, "2018-01-26").await;
        assert!(lives(&sixth).await);
        command::person::deactivate(&site.cx, &administrator, lead).await.unwrap();
        assert!(dead(&sixth).await);
        command::person::reactivate(&site.cx, &administrator, lead).await.unwrap();
        assert!(dead(&sixth).await);

        // The round closes.
        let others = mailed(&site, GOVERNORS_MANAGER).await;
        assert!(lives(&others).await);
        command::round::close(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round, true).await.unwrap();
        assert!(dead(&others).await);
    })
    .await;
}

#[tokio::test]
async fn an_action_that_is_reassigned_is_gone_from_the_link_and_the_others_stay() {
    let site = Site::appendix_b().await;
    let (_, link) = begun(&site).await;
    let sql = format!(
        "UPDATE assignment SET post_id = (SELECT id FROM post WHERE name = 'LSCB Manager') WHERE action_id = {}",
        site.action("Aiii").await
    );
    Database::connect(&site.url).await.unwrap().execute_unprepared(&sql).await.unwrap();
    let page = site.browser().get(&link).await;
    assert!(page.main().contains("D: ") && !page.main().contains("Aiii: "), "{}", page.main());
    assert!(is_dead(&site.browser().get(&on(&site, &link, "Aiii").await).await));
}

#[tokio::test]
async fn whoever_is_away_or_at_an_address_that_is_refused_since_can_write_by_the_link_they_have() {
    each_database(async |site| {
        let (_, link) = begun(&site).await;
        let lead = site.actor(EDUCATION_LEAD).await;
        let person = lead.person.unwrap();
        let lives = async || site.browser().get(&on(&site, &link, "Aiii").await).await.status == 200;
        let away = Away { from: site.today(), until: site.today(), stand_in: StandIn::Manager };
        command::preference::add_away(&site.cx, &lead, person, &away).await.unwrap();
        assert!(lives().await);
        command::preference::remove_away(&site.cx, &lead, person, site.today()).await.unwrap();
        let tx = site.cx.store.begin().await.unwrap();
        let _ =
            store::person::refuse_address(&tx, person, EDUCATION_LEAD, site.today(), "550 no").await.unwrap();
        tx.commit().await.unwrap();
        assert!(lives().await);
        // Whose it is no longer can't, away or not.
        let post =
            site.record().await.posts.iter().find(|p| p.name == "Education Safeguarding Lead").unwrap().id;
        let (manager, other) = (site.actor(MANAGER).await, site.person(GOVERNORS_MANAGER).await);
        post::holding::hand_over(&site.cx, &manager, post, Some(other), site.today()).await.unwrap();
        assert!(!lives().await);
    })
    .await;
}

#[tokio::test]
async fn what_came_by_a_link_says_so_wherever_it_is_shown() {
    each_database(async |site| {
        let (round, link) = begun(&site).await;
        sent(&site, &site.browser(), &link, "on_track").await;
        let manager = site.sign_in_as(MANAGER).await;
        let timeline = action_page(&site, &manager, "Aiii").await.main();
        assert!(timeline.contains("Education Safeguarding Lead, by email link"), "{timeline}");
        let history = manager.get("/plans/appendix-b/history").await.main();
        assert!(
            history.contains("Update added on Aiii for 19 Feb 2018, by email link (4 words)"),
            "{history}"
        );
        let enter = manager.get(&format!("/rounds/{round}/updates")).await.main();
        assert!(!enter.contains("Aiii"), "it is not awaited any more: {enter}");
        // What somebody writes who is signed in does not.
        let lead = site.actor(EDUCATION_LEAD).await;
        command::update::add(&site.cx, &lead, site.action("D").await, &UpdateDraft::of("More."), None)
            .await
            .unwrap();
        let timeline = action_page(&site, &manager, "D").await.main();
        assert!(!timeline.contains("by email link"), "{timeline}");
    })
    .await;
}

#[tokio::test]
async fn a_manager_can_return_it_though_the_plan_wants_nobody_to_look_first() {
    each_database(async |site| {
        let (_, link) = begun(&site).await;
        let writer = site.browser();
        sent(&site, &writer, &link, "complete").await;
        assert_eq!(site.whole_action("Aiii").await.state_at(site.today()), State::Complete);
        let manager = site.sign_in_as(MANAGER).await;
        let page = action_page(&site, &manager, "Aiii").await;
        let page = page.click("Return this update, 19 Feb 2018").await;
        assert!(page.main().contains("It came by email link, and counts already"), "{}", page.main());
        let refused = page.form("Return it").submit().await;
        assert_eq!(refused.status, 422);
        let page = refused.form("Return it").set("comment", "Which schools?").submit().await;
        assert!(page.text().contains("Education Safeguarding Lead will get an email"), "{}", page.text());
        let action = site.whole_action("Aiii").await;
        assert_eq!(action.state_at(site.today()), State::Open, "the completion is taken back with it");
        assert_eq!(
            action.updates.last().unwrap().review.as_ref().map(|r| r.state),
            Some(ReviewState::Returned)
        );
        assert_eq!(action.latest_at(site.today()).unwrap().reported, Rating::NotRecorded);

        // Whoever wrote it reads why, and can send it again the same way: from the old mail or the new one.
        work(&site).await;
        let anew = mailed(&site, EDUCATION_LEAD).await;
        assert!(anew.starts_with("/u/") && !anew.starts_with(&link), "{anew}");
        assert!(writer.get(&link).await.main().contains("Returned with a comment."));
        let page = writer.get(&anew).await;
        assert!(page.main().contains("Which schools?"), "{}", page.main());
        let form = page.form("Send update");
        assert_eq!(form.value("narrative"), "The plan is drafted.");
        let page = form.set("narrative", "The plan is drafted for all schools.").submit().await;
        assert!(page.text().contains("Your update on Aiii is sent"), "{}", page.text());
        assert_eq!(site.whole_action("Aiii").await.state_at(site.today()), State::Complete);
    })
    .await;
}

#[tokio::test]
async fn what_a_manager_sends_by_a_link_is_looked_at_like_any_other() {
    let site = Site::appendix_b().await;
    change_plan(&site, |plan| plan.manager_looks_first = true).await;
    begun(&site).await;
    let link = mailed(&site, MANAGER).await;
    let browser = site.browser();
    let page = browser.get(&link).await.click("Write your update on Avii").await;
    assert!(page.main().contains("The plan’s manager looks at it first."), "{}", page.main());
    page.form("Send update").set("narrative", "It goes on.").set("reported", "on_track").submit().await;
    let update = site.whole_action("Avii").await.updates.pop().unwrap();
    // The link shows less than a password: it does not accept for them.
    assert_eq!(update.review.map(|r| r.state), Some(ReviewState::Submitted));
    let manager = site.sign_in_as(MANAGER).await;
    let page = action_page(&site, &manager, "Avii").await.click("Look at this update, 19 Feb 2018").await;
    let page = page.form("Save").set("decision", "accept").submit().await;
    assert!(page.text().contains("Update accepted on Avii"), "{}", page.text());
}

#[tokio::test]
async fn two_windows_that_send_on_the_same_action_show_both_texts() {
    each_database(async |site| {
        let (_, link) = begun(&site).await;
        let browser = site.browser();
        let path = on(&site, &link, "Aiii").await;
        let other = browser.get(&path).await.form("Send update");
        sent(&site, &browser, &link, "on_track").await;
        let page = other.set("narrative", "Typed in the other window.").set("reported", "at_risk");
        let page = page.set("put_right_at_risk", "By May.").submit().await;
        assert_eq!(page.status, 422);
        assert!(
            page.errors()[0].contains("You have sent an update on this action in the meantime"),
            "{:?}",
            page.errors()
        );
        for text in ["The plan is drafted.", "Typed in the other window."] {
            assert!(page.main().contains(text), "{text}: {}", page.main());
        }
        let page = page.form("Send update").submit().await;
        assert!(page.text().contains("Your update on Aiii is corrected"), "{}", page.text());
        let said: Vec<String> =
            site.whole_action("Aiii").await.updates_at(site.today()).map(|u| u.narrative.clone()).collect();
        assert_eq!(said.iter().filter(|text| *text == "Typed in the other window.").count(), 1);
        assert!(!said.contains(&"The plan is drafted.".to_owned()), "{said:?}");
    })
    .await;
}

#[tokio::test]
async fn it_is_off_until_an_administrator_chooses_and_says_what_the_risk_is() {
    each_database(async |site| {
        open_round(&site, "19 Feb 2018").await;
        work(&site).await;
        let mails = site.mailed(EDUCATION_LEAD).await;
        assert!(!mails.is_empty() && mails.iter().all(|(_, plain)| !plain.contains("/u/")), "{mails:?}");
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let page = browser.get("/settings").await;
        assert!(page.main().contains("Not chosen yet: off"), "{}", page.main());
        let page = page.click("Choose whether updates can be written without signing in").await;
        assert!(page.main().contains(UpdatesByLink::RISK), "{}", page.main());
        let refused = page.form("Save").submit().await;
        assert_eq!((refused.status, refused.errors()), (422, vec!["Choose on or off".to_owned()]));
        let page = refused.form("Save").set("updates_by_link", "on").submit().await;
        assert!(page.text().contains("Updates without signing in saved"), "{}", page.text());
        assert!(site.cx.installation().is_done(Section::UpdatesByLink));
        let saved = store::installation::load(&site.cx.store).await.unwrap().unwrap();
        assert!(saved.updates_by_link.is_on());
        let history = browser.get("/history").await.main();
        assert!(history.contains("Settings changed: updates without signing in"), "{history}");
    })
    .await;
}

#[tokio::test]
async fn no_token_of_a_round_s_link_is_in_a_backup_or_in_a_mail_that_is_done_with() {
    each_database(async |site| {
        let address = "lead@tracker.internal";
        let sql = format!("UPDATE person SET email = '{address}' WHERE email = '{EDUCATION_LEAD}'");
        Database::connect(&site.url).await.unwrap().execute_unprepared(&sql).await.unwrap();
        switch(&site, UpdatesByLink::On).await;
        open_round(&site, "19 Feb 2018").await;
        let server = SmtpServer::start().await;
        send_all(&site, &server).await;
        let letter = reading::read(&server.received()[0].bytes).unwrap().plain;
        let base = site.cx.links.full("/u/");
        let token = letter.split_whitespace().find_map(|word| word.strip_prefix(&base)).expect("a link");
        assert_eq!(site.browser().get(&format!("/u/{token}")).await.status, 200);
        let kept = store::outbox::list(&site.cx.store, &store::outbox::Readable::All, 0, 50).await.unwrap();
        // Those to example addresses are written and not sent.
        assert!(kept.len() > 1 && kept.iter().all(|mail| mail.mime.is_none()), "{kept:?}");
        assert!(!everything(&site).await.contains(token));
        // One that waits is written anew after a restore.
        let second = open_waiting(&site).await;
        assert!(second.contains("/u/") && !everything(&site).await.contains("/u/"));
    })
    .await;
}

/// The bytes of a mail with a link that is kept for another try.
async fn open_waiting(site: &Site) -> String {
    let db = Database::connect(&site.url).await.unwrap();
    let link = site.cx.links.full("/u/c0ffee");
    let theirs = "FROM outbox WHERE kind = 'round'";
    for sql in [
        "UPDATE outbox SET state = 'queued' WHERE kind = 'round'".to_owned(),
        format!("DELETE FROM outbox_text WHERE outbox_id IN (SELECT id {theirs})"),
        format!("INSERT INTO outbox_text (outbox_id, mime) SELECT id, 'Write: {link}' {theirs}"),
    ] {
        db.execute_unprepared(&sql).await.unwrap();
    }
    link
}
