//! People and posts: adding, changing, deactivating, handing over, and two managers who do so at once.

use chrono::TimeDelta;
use scrutiny_tracker::{
    command,
    domain::{
        access::Actor,
        id::{PersonId, PostId},
        post::Post,
    },
    link::path,
    store,
};

use crate::support::{
    ADMINISTRATOR, Browser, EDUCATION_LEAD, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page, Site, day,
    each_database,
};

const PASSWORD: &str = "three random words";
const NAME: &str = "O’Brien & <script>alert(1)</script> 🙂";

async fn post(site: &Site, name: &str) -> Post {
    let posts = store::record::posts(&site.cx.store).await.unwrap();
    posts.into_iter().find(|p| p.name == name).expect("the post")
}

async fn hand_over(browser: &Browser, id: PostId, to: Option<PersonId>, from: &str) -> Page {
    let form = browser.get(&path::hand_over(id)).await.form("Hand over");
    let person = to.map_or_else(|| "vacant".to_owned(), |p| p.to_string());
    form.set("person", &person).set("from", from).submit().await
}

/// The row of a list by the words in its first cell.
fn row(page: &Page, first: &str) -> Vec<String> {
    page.rows("table").into_iter().find(|r| r[0] == first).unwrap_or_else(|| panic!("no row {first}"))
}

#[tokio::test]
async fn a_person_is_added_and_invited_by_mail() {
    each_database(async |site| {
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let form = browser.get("/people/new").await.form("Add and invite");
        let form = form.set("name", NAME).set("email", "Head@Example.org").tick_value("roles", "lead");
        let page = form.submit().await;
        assert_eq!((page.status, page.h1()), (200, format!("Person {NAME}")));
        let done = format!("{NAME} has been added, and an invitation is on its way to head@example.org");
        assert!(page.text().contains(&done), "{}", page.text());
        let stands =
            "Invited on 7 December 2017 at 9:00am, expires on 14 December 2017 at 9:00am, not used yet.";
        assert!(page.main().contains(stands), "{}", page.main());
        let people = browser.get("/people").await;
        assert_eq!(row(&people, NAME), [NAME, "head@example.org", "Lead", "None", "Invited"]);

        let welcome = site.link_mailed("head@example.org", "/welcome/").await;
        let head = site.browser();
        let form = head.get(&welcome).await.form("Set the password and sign in");
        let page = form.set("password", PASSWORD).set("password_again", PASSWORD).submit().await;
        assert_eq!(page.path, "/my-actions");
        assert_eq!(row(&browser.get("/people").await, NAME)[4], "Active");
        let page = browser.get(&path::person(site.person("head@example.org").await)).await;
        assert!(page.main().contains("Last signed in 7 December 2017 at 9:00am"), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_sent_again_and_revoked() {
    each_database(async |site| {
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let person = path::person(site.person(MAP_COORDINATOR).await);
        let page = browser.get(&person).await;
        assert!(page.main().contains("MAP Coordinator has not been invited yet"), "{}", page.main());
        let page = page.form("Send an invitation").submit().await;
        let first = site.link_mailed(MAP_COORDINATOR, "/welcome/").await;
        let page = page.form("Send the invitation again").submit().await;
        let second = site.link_mailed(MAP_COORDINATOR, "/welcome/").await;
        assert_eq!(site.browser().get(&first).await.status, 404, "the earlier one is void");
        assert_eq!(site.browser().get(&second).await.status, 200);
        let page = page.form("Revoke the invitation").submit().await;
        assert!(page.main().contains("was revoked"), "{}", page.main());
        assert_eq!(site.browser().get(&second).await.status, 404);
        assert_eq!(row(&browser.get("/people").await, "MAP Coordinator")[4], "Invitation revoked");

        page.form("Send a new invitation").submit().await;
        site.cx.clock.move_machine_to(site.cx.clock.machine_now() + TimeDelta::days(7));
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let page = browser.get(&person).await;
        assert!(page.main().contains("without being used"), "{}", page.main());
        assert_eq!(row(&browser.get("/people").await, "MAP Coordinator")[4], "Invitation expired");
    })
    .await;
}

#[tokio::test]
async fn a_link_can_be_shown_instead_of_mailed_and_only_once() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let person = path::person(site.person(MAP_COORDINATOR).await);
    let page = browser.get(&person).await.click("Show a link instead").await;
    let form = page.form("Show a link");
    let link = async || {
        let page = form.clone().send().await;
        assert!(page.main().contains("It works once, for 7 days."), "{}", page.main());
        page.select(".inset").concat().replace("http://tracker.example.org", "")
    };
    let (first, second) = (link().await, link().await);
    assert_eq!(site.browser().get(&first).await.status, 404);
    assert_eq!(site.browser().get(&second).await.status, 200);
    assert!(!browser.get(&person).await.body().contains(second.trim_start_matches("/welcome/")));
    assert_eq!(site.mailed(MAP_COORDINATOR).await, []);
}

#[tokio::test]
async fn a_manager_invites_leads_and_contributors_and_nobody_else() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let page = browser.get("/people/new").await;
    assert_eq!(page.attributes("input[name=roles]", "value"), ["lead", "contributor"]);
    let form = page.form("Add and invite").set("name", NAME).set("email", "head@example.org");
    let fields = [("name", NAME), ("email", "head@example.org"), ("roles", "administrator")];
    let refused = browser.post("/people/new", &fields).await;
    assert_eq!(refused.errors(), ["Choose at least one: what this person may do here"]);
    let page = form.tick_value("roles", "contributor").submit().await;
    assert_eq!(page.h1(), format!("Person {NAME}"));
    page.form("Send the invitation again").submit().await;
    // What opens somebody’s account to whoever sees it, or ends their access, is for an administrator.
    let person = site.person("head@example.org").await;
    for path in [path::edit_person(person), path::person_link(person), path::deactivation(person)] {
        assert_eq!(browser.get(&path).await.status, 403, "{path}");
    }
    let panel_member = site.person(PANEL_MEMBER).await;
    let page = browser.get(&path::person(panel_member)).await;
    assert!(!page.main().contains("Send an invitation"), "{}", page.main());
    let none: [(&str, &str); 0] = [];
    let page = browser.post(&path::invitation(panel_member), &none).await;
    assert_eq!((page.status, page.main().contains("Only an administrator can do this")), (403, true));
    assert_eq!(site.mailed(PANEL_MEMBER).await, []);
}

#[tokio::test]
async fn people_are_found_by_name_address_post_and_state() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let found = async |query: &str| {
        let page = browser.get(&format!("/people?{query}")).await;
        assert_eq!(page.status, 200);
        page.rows("table").into_iter().map(|r| r[0].clone()).collect::<Vec<_>>()
    };
    let all = found("").await;
    assert!(all.len() > 7, "{all:?}");
    assert_eq!(found("q=map+COORD").await, ["MAP Coordinator"]);
    assert_eq!(found("q=lscb-manager%40").await, ["LSCB Manager"]);
    assert_eq!(found("account=active").await, ["Administrator"], "who has come in");
    assert_eq!(found("account=deactivated").await, [""; 0]);
    let page = browser.get("/people?q=%3Cscript%3E&account=invited").await;
    assert!(page.main().contains("Nobody like that"), "{}", page.main());
    assert_eq!(page.link("Show everyone"), "/people");
    assert_eq!(page.form("Apply filter").value("q"), "<script>");
}

#[tokio::test]
async fn everything_wrong_with_a_person_is_said_at_once_and_nothing_typed_is_lost() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let page =
        browser.get("/people/new").await.form("Add and invite").set("email", "head at school").send().await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.errors(),
        [
            "Enter a name: the person’s, or that of their post",
            "Enter an email address in full, like name@example.org",
            "Choose at least one: what this person may do here",
        ]
    );
    assert_eq!(page.form("Add and invite").value("email"), "head at school");

    let form = page.form("Add and invite").set("name", NAME).set("email", MAP_COORDINATOR);
    let page = form.tick_value("roles", "panel-member").send().await;
    assert_eq!(
        (page.status, page.errors()),
        (422, vec!["Somebody here has this address already".to_owned()])
    );
    let form = page.form("Add and invite");
    assert_eq!((form.value("name"), form.value("roles")), (NAME.to_owned(), "panel-member".to_owned()));
}

#[tokio::test]
async fn only_managers_and_administrators_see_people_and_posts() {
    let site = Site::appendix_b().await;
    for email in [MAP_COORDINATOR, PANEL_MEMBER] {
        let browser = site.sign_in_as(email).await;
        for path in ["/people", "/people/new", "/posts", "/posts/new", "/reminders"] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 403, "{path}");
            assert!(
                page.main().contains("Only an administrator or a manager can do this"),
                "{}",
                page.main()
            );
        }
    }
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    for path in ["/people/999", "/posts/999", "/posts/999/handover", "/people/999/one-time-link"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn two_administrators_who_change_a_person_at_once_are_both_heard() {
    each_database(async |site| {
        let (first, second) = (site.sign_in_as(ADMINISTRATOR).await, site.sign_in_as(ADMINISTRATOR).await);
        let form = path::edit_person(site.person(MAP_COORDINATOR).await);
        let late = second.get(&form).await.form("Save");
        let page = first.get(&form).await.form("Save").set("name", "MAP Lead").submit().await;
        assert!(page.text().contains("MAP Lead saved"));

        let page = late.set("name", NAME).set("email", "map@example.org").send().await;
        assert_eq!(page.status, 409);
        let texts = page.select(".both-texts > div");
        assert!(texts[0].contains("MAP Lead") && texts[0].contains(MAP_COORDINATOR), "{}", texts[0]);
        assert!(texts[1].contains(NAME) && texts[1].contains("map@example.org"), "{}", texts[1]);
        let again = page.form("Save");
        assert_eq!((again.value("name"), again.value("roles")), (NAME.to_owned(), "lead".to_owned()));
        assert_eq!(again.submit().await.status, 200);
        assert_eq!(row(&first.get("/people").await, NAME)[1], "map@example.org");
    })
    .await;
}

#[tokio::test]
async fn another_address_tells_the_old_one_and_makes_links_that_went_there_void() {
    each_database(async |site| {
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let id = site.person(MAP_COORDINATOR).await;
        browser.get(&path::person(id)).await.form("Send an invitation").submit().await;
        let welcome = site.link_mailed(MAP_COORDINATOR, "/welcome/").await;
        let form = browser.get(&path::edit_person(id)).await.form("Save");
        let page = form.set("email", "map@example.org").submit().await;
        assert!(page.main().contains("or the address has changed since"), "{}", page.main());
        assert_eq!(site.browser().get(&welcome).await.status, 404);
        // One's own is changed where both addresses are asked.
        let me = site.person(ADMINISTRATOR).await;
        let form = browser.get(&path::edit_person(me)).await.form("Save");
        let own = form.set("email", "me@example.org").send().await;
        assert_eq!(
            own.errors(),
            ["Change your own address on your account’s page: both addresses have to say yes"]
        );
        assert_eq!(
            browser.post::<&str, &str>(&path::person_link(me), &[]).await.status,
            403,
            "nor a link for oneself"
        );
        let (subject, plain) = &site.mailed(MAP_COORDINATOR).await[0];
        assert_eq!(subject, "Your address in Scrutiny Tracker was changed");
        assert!(plain.contains("Administrator has changed"), "{plain}");
        assert_eq!(site.mailed("map@example.org").await, []);
    })
    .await;
}

#[tokio::test]
async fn nobody_takes_their_own_access_away_nor_the_last_administrator_s() {
    each_database(async |site| {
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let me = site.person(ADMINISTRATOR).await;
        let own = "You can’t take your own access away: ask somebody else who looks after people to do it";
        let form = browser.get(&path::edit_person(me)).await.form("Save");
        let page = form.untick_value("roles", "administrator").tick_value("roles", "lead").send().await;
        assert_eq!(page.errors(), [own]);
        let page = browser.get(&path::deactivation(me)).await.form("Deactivate").send().await;
        assert_eq!((page.status, page.errors()), (422, vec![own.to_owned()]));

        // The program itself is no person: for it, the last one is the last one.
        let program = Actor::program("Command line");
        let last = command::person::deactivate(&site.cx, &program, me).await.unwrap_err().to_string();
        assert!(last.contains("is the last who can look after people"), "{last}");
        let form = browser.get(&path::edit_person(site.person(MANAGER).await)).await.form("Save");
        form.tick_value("roles", "administrator").submit().await;
        command::person::deactivate(&site.cx, &program, me).await.unwrap();
        assert!(!browser.get("/people").await.main().contains("Add a person"), "signed out at once");
    })
    .await;
}

#[tokio::test]
async fn deactivating_says_first_what_happens_and_posts_become_vacant_from_today() {
    each_database(async |site| {
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let id = site.person(MAP_COORDINATOR).await;
        let page = browser.get(&path::person(id)).await.click("Deactivate").await;
        assert_eq!(page.h1(), "Deactivate MAP Coordinator?");
        for says in
            ["signed out at once", "MAP Coordinator becomes vacant from today", "What they wrote stays"]
        {
            assert!(page.main().contains(says), "{says}: {}", page.main());
        }
        let page = page.form("Deactivate").submit().await;
        assert!(page.text().contains("MAP Coordinator has been deactivated"));
        assert!(page.main().contains("can’t sign in and gets no mail"), "{}", page.main());
        assert_eq!(row(&browser.get("/people").await, "MAP Coordinator")[3..], ["None", "Deactivated"]);
        let posts = browser.get("/posts").await;
        assert_eq!(row(&posts, "MAP Coordinator"), ["MAP Coordinator", "The council", "Vacant", "0"]);
        let held = post(&site, "MAP Coordinator").await;
        assert_eq!((held.holdings.len(), held.holdings[0].to), (1, Some(day("2017-12-06"))));

        let page = browser.get(&path::person(id)).await.click("Make active again").await;
        let page = page.form("Make active again").submit().await;
        assert!(page.text().contains("MAP Coordinator is active again"));
        assert_eq!(row(&browser.get("/posts").await, "MAP Coordinator")[2], "Vacant");
        assert!(store::person::by_id(&site.cx.store, id).await.unwrap().unwrap().deactivated_at.is_none());
    })
    .await;
}

#[tokio::test]
async fn an_administrator_signs_somebody_out_everywhere() {
    let site = Site::appendix_b().await;
    let (here, there) = (site.sign_in_as(MAP_COORDINATOR).await, site.sign_in_as(MAP_COORDINATOR).await);
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let page = browser.get(&path::person(site.person(MAP_COORDINATOR).await)).await;
    let page = page.form("Sign out everywhere").submit().await;
    assert!(page.text().contains("MAP Coordinator is signed out everywhere"));
    for lost in [here, there] {
        assert_eq!(lost.get("/my-actions").await.path.split('?').next(), Some("/demonstration"));
    }
    assert_eq!(browser.get("/people").await.status, 200);
}

#[tokio::test]
async fn a_post_handed_over_on_a_day_was_held_by_the_one_before_until_then() {
    each_database(async |site| {
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let (id, new) = (post(&site, "MAP Coordinator").await.id, site.person(EDUCATION_LEAD).await);
        let page = hand_over(&browser, id, Some(new), "15 January 2018").await;
        assert!(
            page.text().contains("Education Safeguarding Lead holds MAP Coordinator from 15 January 2018")
        );
        let days = page.rows("table").into_iter().map(|row| row[..3].to_vec()).collect::<Vec<_>>();
        assert_eq!(
            days,
            [
                ["Education Safeguarding Lead (planned)", "15 January 2018", "No end"],
                ["MAP Coordinator", "5 September 2017", "14 January 2018"],
            ]
        );
        assert_eq!(row(&browser.get("/posts").await, "MAP Coordinator")[2], "MAP Coordinator");
        site.go_to(day("2018-01-15"));
        assert_eq!(row(&browser.get("/posts").await, "MAP Coordinator")[2], "Education Safeguarding Lead");
        let held = post(&site, "MAP Coordinator").await;
        let on = |text| held.holders(day(text)).map(|p| p.name.as_str()).collect::<Vec<_>>();
        assert_eq!(on("2018-01-14"), ["MAP Coordinator"]);
        assert_eq!(on("2018-01-15"), ["Education Safeguarding Lead"]);
    })
    .await;
}

#[tokio::test]
async fn a_handover_that_comes_before_a_planned_one_takes_its_place() {
    each_database(async |site| {
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let id = post(&site, "MAP Coordinator").await.id;
        hand_over(&browser, id, Some(site.person(EDUCATION_LEAD).await), "1 March 2018").await;
        hand_over(&browser, id, Some(site.person(PANEL_MEMBER).await), "1 February 2018").await;
        let held = post(&site, "MAP Coordinator").await;
        for (on, by) in [
            ("2018-01-31", "MAP Coordinator"),
            ("2018-02-15", "Panel member"),
            ("2018-03-15", "Panel member"),
        ] {
            let holders: Vec<_> = held.holders(day(on)).map(|p| p.name.as_str()).collect();
            assert_eq!(holders, [by], "{on}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_handover_never_takes_out_of_the_record_who_has_held_the_post() {
    each_database(async |site| {
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let id = post(&site, "MAP Coordinator").await.id;
        let new = site.person(EDUCATION_LEAD).await;
        let page = hand_over(&browser, id, Some(new), "4 September 2017").await;
        assert_eq!(page.status, 422);
        assert_eq!(
            page.errors(),
            [
                "MAP Coordinator has held MAP Coordinator since 5 September 2017: enter a day after that, or correct the days under “Who held it”"
            ]
        );
        assert_eq!(page.form("Hand over").value("from"), "4 September 2017");
        let held = post(&site, "MAP Coordinator").await;
        assert_eq!((held.holdings.len(), held.holdings[0].to), (1, None));
    })
    .await;
}

#[tokio::test]
async fn a_handover_without_a_person_or_with_no_real_day_is_refused() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let id = post(&site, "LSCB Manager").await.id;
    let form = browser.get(&path::hand_over(id)).await.form("Hand over").set("from", "31 Feb 2018");
    let page = form.send().await;
    assert_eq!(page.status, 422);
    assert_eq!(page.errors().len(), 2, "{:?}", page.errors());
    assert_eq!(page.form("Hand over").value("from"), "31 Feb 2018");
    let holder = site.person("lscb-manager@example.org").await;
    let form = page.form("Hand over").set("person", &holder.to_string()).set("from", "7 December 2017");
    assert_eq!(form.send().await.errors(), ["LSCB Manager holds LSCB Manager on that day already"]);
    assert_eq!(post(&site, "LSCB Manager").await.holdings.len(), 1);
}

#[tokio::test]
async fn two_managers_who_change_a_post_at_once_are_both_heard() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let id = post(&site, "LSCB Manager").await.id;
    let late = browser.get(&path::post(id)).await.form("Save");
    let manager = site.actor(ADMINISTRATOR).await;
    command::post::edit(&site.cx, &manager, id, 1, "Safeguarding Manager", Some("LSCB")).await.unwrap();
    let page = late.set("name", NAME).send().await;
    assert_eq!(page.status, 409);
    let texts = page.select(".both-texts > div");
    assert!(texts[0].contains("Safeguarding Manager") && texts[1].contains(NAME), "{texts:?}");
    let page = page.form("Save").submit().await;
    assert_eq!((page.status, page.h1()), (200, format!("Post {NAME}")));
}

#[tokio::test]
async fn a_post_is_added_and_its_name_is_not_taken_twice() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let form = browser.get("/posts/new").await.form("Add the post");
    let page = form.clone().set("name", "MAP Coordinator").set("body", "A school").send().await;
    assert_eq!(page.errors(), ["There is a post with this name already"]);
    assert_eq!(page.form("Add the post").value("body"), "A school");
    let page = form.set("name", NAME).set("body", "A school").submit().await;
    assert_eq!(page.h1(), format!("Post {NAME}"));
    assert_eq!(row(&browser.get("/posts").await, NAME), [NAME, "A school", "Vacant", "0"]);
}
