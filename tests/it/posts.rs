//! Who holds and covers posts: handing over on a day, cover, changing and withdrawing what is planned, vacancies, and moving
//! everything of a post.

use std::collections::BTreeSet;

use scrutiny_tracker::{
    command::{self, CommandError, post::holding, post::reassignment::Seen},
    domain::{
        id::{HoldingId, PostId},
        post::{Lead, Post},
        reminder::recipients,
    },
    link::path,
    store::{self, audit},
};

use crate::support::{
    ADMINISTRATOR, Browser, COMMUNICATIONS_MANAGER, EDUCATION_LEAD, GOVERNORS_MANAGER, LSCB_MANAGER, MANAGER,
    MAP_COORDINATOR, Page, Site, day, each_database,
};

async fn post(site: &Site, name: &str) -> Post {
    let posts = store::record::posts(&site.cx.store).await.unwrap();
    posts.into_iter().find(|p| p.name == name).expect("the post")
}

/// Who held it when, as the post's page says it: holder, from, to.
fn held(page: &Page) -> Vec<Vec<String>> {
    page.rows("table").into_iter().map(|row| row[..3].to_vec()).collect()
}

async fn cover(browser: &Browser, site: &Site, post: PostId, who: &str, from: &str, to: &str) -> Page {
    let form = browser.get(&path::post(post)).await.click("Arrange cover").await.form("Save");
    let who = site.person(who).await.to_string();
    form.set("person", &who).set("from", from).set("to", to).submit().await
}

async fn hand_over(site: &Site, post: PostId, to: Option<&str>, from: &str) -> Result<(), CommandError> {
    let manager = site.actor(MANAGER).await;
    let to = match to {
        Some(email) => Some(site.person(email).await),
        None => None,
    };
    holding::hand_over(&site.cx, &manager, post, to, day(from)).await.map(|_| ())
}

/// To whom mail about an action goes on a day.
async fn reached(site: &Site, label: &str, on: &str) -> Vec<String> {
    let record = site.record().await;
    let action = record.actions.iter().find(|a| a.label == label).unwrap();
    recipients(&record, action, day(on)).people.iter().map(|to| to.person.name.clone()).collect()
}

async fn latest_event(site: &Site) -> String {
    audit::list(&site.cx.store, audit::Of::All, 0, 1).await.unwrap().remove(0).summary().unwrap().to_owned()
}

#[tokio::test]
async fn whoever_covers_a_post_gets_its_mail_until_the_last_day_and_then_the_holder_again() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let id = post(&site, "Education Safeguarding Lead").await.id;
        let page = cover(&browser, &site, id, MAP_COORDINATOR, "7 December 2017", "31 December 2017").await;
        assert!(page.text().contains(
            "MAP Coordinator covers Education Safeguarding Lead from 7 December 2017 to 31 December 2017"
        ));
        assert!(page.main().contains("Mail goes to MAP Coordinator"), "{}", page.main());
        assert_eq!(
            held(&page),
            [
                ["MAP Coordinator (acting)", "7 December 2017", "31 December 2017"],
                ["Education Safeguarding Lead", "5 September 2017", "No end"],
            ]
        );
        assert_eq!(reached(&site, "Aiii", "2017-12-31").await, ["MAP Coordinator"]);
        assert_eq!(reached(&site, "Aiii", "2018-01-01").await, ["Education Safeguarding Lead"]);
        // Both may write for it meanwhile.
        for email in [EDUCATION_LEAD, MAP_COORDINATOR] {
            assert!(site.actor(email).await.posts.contains(&id), "{email}");
        }
        site.go_to(day("2018-01-01"));
        assert!(!site.actor(MAP_COORDINATOR).await.posts.contains(&id));
        assert_eq!(
            latest_event(&site).await,
            "MAP Coordinator covers Education Safeguarding Lead from 7 December 2017 to 31 December 2017"
        );
    })
    .await;
}

#[tokio::test]
async fn days_that_meet_those_of_somebody_else_are_refused_in_words_and_nothing_is_done() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let id = post(&site, "Education Safeguarding Lead").await.id;
    cover(&browser, &site, id, MAP_COORDINATOR, "1 January 2018", "31 January 2018").await;
    for (how, who, from, to, why) in [
        (
            "cover",
            LSCB_MANAGER,
            "31 January 2018",
            "",
            "MAP Coordinator covers Education Safeguarding Lead from 1 January 2018 to 31 January 2018: choose other days, or change that cover first",
        ),
        (
            "cover",
            EDUCATION_LEAD,
            "1 March 2018",
            "",
            "Education Safeguarding Lead holds Education Safeguarding Lead from 5 September 2017: nobody can cover for themselves",
        ),
        (
            "holder",
            LSCB_MANAGER,
            "1 September 2017",
            "",
            "Education Safeguarding Lead holds Education Safeguarding Lead from 5 September 2017: enter a last day before 5 September 2017",
        ),
        (
            "cover",
            LSCB_MANAGER,
            "2 March 2018",
            "1 March 2018",
            "The last day, 1 March 2018, lies before the first, 2 March 2018: enter them the other way round",
        ),
    ] {
        let form = browser.get(&path::new_holding(id)).await.form("Save").set("how", how);
        let who = site.person(who).await.to_string();
        let page = form.set("person", &who).set("from", from).set("to", to).send().await;
        assert_eq!((page.status, page.errors()), (422, vec![why.to_owned()]));
        let form = page.form("Save");
        assert_eq!((form.value("how"), form.value("person"), form.value("to")), (how.into(), who, to.into()));
    }
    let empty = browser.get(&path::new_holding(id)).await.form("Save").set("from", "soon").send().await;
    assert_eq!(empty.errors().len(), 2, "{:?}", empty.errors());
    assert_eq!(post(&site, "Education Safeguarding Lead").await.holdings.len(), 2);
}

#[tokio::test]
async fn who_held_it_on_days_that_are_missing_can_be_entered_later() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let id = post(&site, "Education Safeguarding Lead").await.id;
    let form = browser.get(&format!("{}?how=holder", path::new_holding(id))).await.form("Save");
    assert_eq!(form.value("how"), "holder");
    let form = form.set("person", &site.person(LSCB_MANAGER).await.to_string());
    let page = form.set("from", "1 May 2017").set("to", "31 July 2017").submit().await;
    assert_eq!(
        held(&page),
        [
            ["Education Safeguarding Lead", "5 September 2017", "No end"],
            ["Vacant", "1 August 2017", "4 September 2017"],
            ["LSCB Manager", "1 May 2017", "31 July 2017"],
        ]
    );
}

#[tokio::test]
async fn a_post_handed_over_in_the_past_was_held_by_whoever_held_it_then() {
    each_database(async |site| {
        let id = post(&site, "Education Safeguarding Lead").await.id;
        hand_over(&site, id, Some(LSCB_MANAGER), "2017-11-01").await.unwrap();
        let record = site.record().await;
        let on = |text| record.post(id).unwrap().holder_names(day(text)).collect::<Vec<_>>();
        assert_eq!(on("2017-10-31"), ["Education Safeguarding Lead"]);
        assert_eq!(on("2017-11-01"), ["LSCB Manager"]);
        let browser = site.sign_in_as(MANAGER).await;
        let page = browser.get("/plans/appendix-b").await;
        assert!(page.main().contains("Education Safeguarding Lead LSCB Manager"), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn nobody_leaves_a_post_on_the_day_on_which_they_came() {
    let site = Site::appendix_b().await;
    let id = post(&site, "Education Safeguarding Lead").await.id;
    hand_over(&site, id, Some(LSCB_MANAGER), "2017-12-07").await.unwrap();
    let refused = hand_over(&site, id, Some(MAP_COORDINATOR), "2017-12-07").await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "LSCB Manager has held Education Safeguarding Lead since 7 December 2017: enter a day after that, or correct the days under “Who held it”"
    );
    assert_eq!(post(&site, "Education Safeguarding Lead").await.holdings.len(), 2);
    hand_over(&site, id, Some(MAP_COORDINATOR), "2017-12-08").await.unwrap();
}

#[tokio::test]
async fn a_new_holder_ends_cover_and_a_vacancy_leaves_it() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let id = post(&site, "Education Safeguarding Lead").await.id;
    cover(&browser, &site, id, MAP_COORDINATOR, "7 December 2017", "").await;
    hand_over(&site, id, None, "2018-01-01").await.unwrap();
    assert_eq!(reached(&site, "Aiii", "2018-01-15").await, ["MAP Coordinator"]);
    hand_over(&site, id, Some(LSCB_MANAGER), "2018-02-01").await.unwrap();
    assert_eq!(reached(&site, "Aiii", "2018-01-31").await, ["MAP Coordinator"]);
    assert_eq!(reached(&site, "Aiii", "2018-02-01").await, ["LSCB Manager"]);
    let refused = hand_over(&site, id, None, "2019-01-01").await;
    assert!(refused.is_ok());
    let refused = hand_over(&site, id, None, "2019-02-01").await.unwrap_err();
    assert_eq!(refused.to_string(), "Education Safeguarding Lead is vacant on that day already");
}

#[tokio::test]
async fn a_planned_handover_can_be_moved_and_no_gap_opens() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let id = post(&site, "Education Safeguarding Lead").await.id;
        hand_over(&site, id, Some(LSCB_MANAGER), "2018-03-01").await.unwrap();
        let page = browser.get(&path::post(id)).await.click("Change the days of LSCB Manager").await;
        assert!(page.main().contains("Education Safeguarding Lead holds it until the day before."), "{}", page.main());
        let page = page.form("Save the days").set("from", "1 April 2018").submit().await;
        assert_eq!(
            held(&page),
            [
                ["LSCB Manager (planned)", "1 April 2018", "No end"],
                ["Education Safeguarding Lead", "5 September 2017", "31 March 2018"],
            ]
        );
        let form = browser
            .get(&path::post(id))
            .await
            .click("Change the days of LSCB Manager")
            .await
            .form("Save the days");
        let page = form.set("from", "5 September 2017").send().await;
        assert_eq!(
            (page.status, page.errors()),
            (
                422,
                vec![
                    "Education Safeguarding Lead has held Education Safeguarding Lead since 5 September 2017: enter a day after that"
                        .to_owned()
                ]
            )
        );
        assert_eq!(page.form("Save the days").value("from"), "5 September 2017");
        let held = post(&site, "Education Safeguarding Lead").await;
        assert_eq!(held.holdings[0].to, Some(day("2018-03-31")));
    })
    .await;
}

#[tokio::test]
async fn whoever_takes_over_on_another_day_than_planned_is_told_of_that_one() {
    each_database(async |site| {
        let id = post(&site, "Education Safeguarding Lead").await.id;
        hand_over(&site, id, Some(LSCB_MANAGER), "2018-05-14").await.unwrap();
        let manager = site.actor(MANAGER).await;
        let told = async || -> BTreeSet<String> {
            let waiting = store::notice::waiting(&site.cx.store).await.unwrap();
            waiting.into_iter().map(|notice| notice.sentence).collect()
        };
        let moved = async |from: &str, to: &str| {
            let held = post(&site, "Education Safeguarding Lead").await;
            let held = held.holdings.iter().find(|h| h.from == day(from)).unwrap().id;
            let (seen, days) = ((day(from), None), (day(to), None));
            holding::change_days(&site.cx, &manager, held, seen, days).await.unwrap();
        };
        let of =
            |on: &str| BTreeSet::from([format!("It is yours from {on}, as Education Safeguarding Lead.")]);
        assert_eq!(told().await, of("14 May 2018"));
        moved("2018-05-14", "2018-05-21").await;
        assert_eq!(told().await, of("21 May 2018"));
        moved("2018-05-21", "2018-05-14").await;
        assert_eq!(told().await, of("14 May 2018"));
    })
    .await;
}

#[tokio::test]
async fn a_last_day_leaves_the_post_vacant_and_says_so() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let id = post(&site, "Education Safeguarding Lead").await.id;
    hand_over(&site, id, Some(LSCB_MANAGER), "2018-03-01").await.unwrap();
    let page =
        browser.get(&path::post(id)).await.click("Change the days of Education Safeguarding Lead").await;
    let page = page.form("Save the days").set("to", "31 January 2018").submit().await;
    assert!(page.text().contains("It is vacant from 1 February 2018 to 28 February 2018"), "{}", page.text());
    assert_eq!(held(&page)[1], ["Vacant", "1 February 2018", "28 February 2018"]);
}

#[tokio::test]
async fn what_is_planned_can_be_withdrawn_and_the_holder_goes_on() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let id = post(&site, "Education Safeguarding Lead").await.id;
        hand_over(&site, id, Some(LSCB_MANAGER), "2018-03-01").await.unwrap();
        let page = browser.get(&path::post(id)).await.click("Withdraw of LSCB Manager").await;
        let form = page.form("Withdraw");
        assert!(form.is_ticked("goes_on"));
        let page = form.submit().await;
        assert!(page.text().contains("LSCB Manager from 1 March 2018 has been withdrawn"));
        assert_eq!(held(&page), [["Education Safeguarding Lead", "5 September 2017", "No end"]]);

        hand_over(&site, id, Some(LSCB_MANAGER), "2018-03-01").await.unwrap();
        let page = browser.get(&path::post(id)).await.click("Withdraw of LSCB Manager").await;
        let page = page.form("Withdraw").untick("goes_on").submit().await;
        assert!(page.text().contains("It is vacant from 1 March 2018"), "{}", page.text());
    })
    .await;
}

#[tokio::test]
async fn what_has_begun_stays_in_the_record() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let held = post(&site, "Education Safeguarding Lead").await.holdings.remove(0);
    let page = browser.get(&path::post(post(&site, "Education Safeguarding Lead").await.id)).await;
    assert!(!page.main().contains("Withdraw"));
    let page = browser.get(&path::withdraw_holding(held.id)).await.form("Withdraw").send().await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.errors(),
        [
            "Education Safeguarding Lead has held Education Safeguarding Lead since 5 September 2017, and stays in the record: change the days instead"
        ]
    );
    assert_eq!(post(&site, "Education Safeguarding Lead").await.holdings, [held]);
}

#[tokio::test]
async fn two_who_change_the_days_at_once_are_both_heard() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let held = post(&site, "Education Safeguarding Lead").await.holdings.remove(0);
        let late = browser.get(&path::edit_holding(held.id)).await.form("Save the days");
        let other = browser.get(&path::edit_holding(held.id)).await.form("Save the days");
        assert_eq!(other.set("to", "31 January 2018").submit().await.status, 200);
        let page = late.set("to", "28 February 2018").send().await;
        assert_eq!(page.status, 409);
        let texts = page.select(".both-texts > div");
        assert!(texts[0].contains("31 January 2018") && texts[1].contains("28 February 2018"), "{texts:?}");
        assert_eq!(page.form("Save the days").submit().await.status, 200);
        let held = post(&site, "Education Safeguarding Lead").await.holdings.remove(0);
        assert_eq!(held.to, Some(day("2018-02-28")));
    })
    .await;
}

#[tokio::test]
async fn a_manager_sees_which_posts_are_vacant_and_what_they_lead() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    assert!(!browser.get("/posts").await.main().contains("vacant"));
    hand_over(&site, post(&site, "Education Safeguarding Lead").await.id, None, "2017-12-07").await.unwrap();
    let page = browser.get("/posts").await;
    assert!(page.main().contains("1 post is vacant Education Safeguarding Lead: leads"), "{}", page.main());
    assert_eq!(browser.get("/my-actions").await.click("1 post is vacant").await.path, "/posts");
    assert!(browser.get("/plans/appendix-b").await.main().contains("Education Safeguarding Lead Vacant"));
    // A vacant post that leads nothing is nobody's worry.
    let manager = site.actor(MANAGER).await;
    command::post::create(&site.cx, &manager, "Night Watch", None).await.unwrap();
    let page = browser.get("/posts").await;
    assert!(page.main().contains("1 post is vacant") && page.main().contains("Night Watch"));
}

#[tokio::test]
async fn everything_of_a_post_moves_to_another_at_once_and_nothing_else_does() {
    each_database(async |site| {
        let browser = site.sign_in_as(MANAGER).await;
        let (old, new) =
            (post(&site, "Risk and Resilience Manager").await, post(&site, "LSCB Manager").await);
        let before = site.record().await;
        let open: Vec<String> =
            before.open_actions_of(old.id, site.today()).map(|a| a.label.clone()).collect();
        assert!(open.len() > 5, "{open:?}");
        let done: Vec<_> =
            before.actions.iter().filter(|a| a.is_led_by(old.id) && !open.contains(&a.label)).collect();
        assert!(!done.is_empty());

        let page = browser.get(&path::post(old.id)).await.click("Move everything to another post").await;
        let page = browser.get(&format!("{}?to={}", page.path, new.id)).await;
        assert_eq!(page.h1(), "Risk and Resilience Manager Move everything to LSCB Manager");
        for label in &open {
            assert!(page.main().contains(&format!("{label}: ")), "{label}");
        }
        assert!(page.main().contains("The plan itself: LSCB Manager manages it"));
        let page = page.form("Move everything").submit().await;
        assert_eq!(page.path, path::post(new.id));
        let said = format!("{} open actions and 1 plan has been moved", open.len());
        assert!(page.text().contains(&said), "{}", page.text());

        let after = site.record().await;
        assert_eq!(after.plan.manager, new.id);
        for (was, is) in std::iter::zip(&before.actions, &after.actions) {
            let moved = open.contains(&was.label);
            assert_eq!(is.is_led_by(new.id), moved || was.is_led_by(new.id), "{}", was.label);
            assert_eq!(is.is_led_by(old.id), was.is_led_by(old.id) && !moved, "{}", was.label);
            assert_eq!(was.updates, is.updates, "{}", was.label);
            let wording = if moved { "LSCB Manager" } else { &was.lead_wording };
            assert_eq!(is.lead_wording, wording, "{}", was.label);
        }
        let events = audit::list(&site.cx.store, audit::Of::All, 0, 100).await.unwrap();
        let moves = events.iter().filter(|e| e.kind == "action.reassigned" && e.action.is_some()).count();
        assert_eq!(moves, open.len());
        assert!(events.iter().any(|e| e.kind == "plan.reassigned"));
    })
    .await;
}

#[tokio::test]
async fn what_is_led_jointly_stays_joint_and_names_nobody_twice() {
    let site = Site::appendix_b().await;
    let joint = async || {
        let record = site.record().await;
        record.actions.into_iter().find(|a| a.leads.len() == 2).map(|a| (a.lead_wording, a.leads))
    };
    let (wording, _) = joint().await.unwrap();
    let manager = site.actor(MANAGER).await;
    let (lscb, governors) =
        (post(&site, "LSCB Manager").await.id, post(&site, "Governor's Service Manager").await.id);
    let communications = post(&site, "Communications Manager").await.id;
    let seen = Seen::of(&[site.record().await], governors, site.today());
    let reassign = command::post::reassignment::reassign;
    reassign(&site.cx, &manager, governors, communications, &seen).await.unwrap();
    let (now, leads) = joint().await.unwrap();
    assert_eq!(now, wording.replace("Governor's Service Manager", "Communications Manager"));
    assert!(leads.contains(&Lead::Post { post: communications, named: None }), "{leads:?}");
    let seen = Seen::of(&[site.record().await], communications, site.today());
    reassign(&site.cx, &manager, communications, lscb, &seen).await.unwrap();
    assert_eq!(joint().await, None, "led by the one post that is left");
}

#[tokio::test]
async fn a_list_that_has_changed_meanwhile_is_shown_again_and_nothing_is_moved() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let (old, new) = (post(&site, "Risk and Resilience Manager").await, post(&site, "LSCB Manager").await);
    let address = format!("{}?to={}", path::reassign(old.id), new.id);
    let late = browser.get(&address).await.form("Move everything");
    let first = site.record().await.open_actions_of(old.id, site.today()).next().unwrap().clone();
    let close = path::close_action(first.id);
    let form = browser.get(&close).await.form("Close the action").set("reason", "No money");
    assert_eq!(
        form.set("agreed_by", "Executive").set("agreed_on", "7 December 2017").submit().await.status,
        200
    );
    let page = late.send().await;
    assert_eq!(page.status, 409);
    assert!(page.main().contains("The list has changed"), "{}", page.main());
    assert_eq!(site.record().await.plan.manager, old.id);
    assert_eq!(page.form("Move everything").submit().await.status, 200);
    assert_eq!(site.record().await.plan.manager, new.id);
    let page = browser.get(&path::reassign(old.id)).await;
    assert!(page.main().contains("Nothing to move"), "{}", page.main());
}

#[tokio::test]
async fn an_administrator_hands_posts_over_but_moves_no_actions() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let id = post(&site, "Education Safeguarding Lead").await.id;
    let page = browser.get(&path::post(id)).await;
    assert!(page.main().contains("Leads ") && !page.main().contains("Move everything"), "{}", page.main());
    assert_eq!(browser.get(&path::reassign(id)).await.status, 403);
    let form = browser.get(&path::hand_over(id)).await.form("Hand over");
    let person = site.person(GOVERNORS_MANAGER).await.to_string();
    assert_eq!(form.set("person", &person).set("from", "1 January 2018").submit().await.status, 200);
}

#[tokio::test]
async fn a_deactivated_person_is_given_no_post() {
    let site = Site::appendix_b().await;
    let (manager, id) = (site.actor(MANAGER).await, post(&site, "LSCB Manager").await.id);
    let gone = site.person(COMMUNICATIONS_MANAGER).await;
    crate::privacy::deactivate(&site, gone, "2026-03-01T09:00:00+00:00").await;
    let days = (day("2018-01-01"), None);
    let refused = holding::add(&site.cx, &manager, id, gone, days, true).await.unwrap_err();
    assert_eq!(refused.to_string(), "Choose somebody with an active account");
    let unknown = holding::withdraw(&site.cx, &manager, HoldingId(4711), true).await;
    assert!(matches!(unknown, Err(CommandError::NotFound)));
}
