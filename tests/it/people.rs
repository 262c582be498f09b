//! People and posts: adding, changing, deactivating, handing over, and two managers who do so at once.

use scrutiny_tracker::{
    command,
    domain::{
        id::{PersonId, PostId},
        post::Post,
    },
    link::path,
    store,
};

use crate::support::{
    ADMINISTRATOR, Browser, EDUCATION_LEAD, MAP_COORDINATOR, PANEL_MEMBER, Page, Site, day, each_database,
};

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
async fn a_person_is_added_and_gets_a_link_that_is_shown_once() {
    each_database(async |site| {
        let browser = site.sign_in_as(ADMINISTRATOR).await;
        let form = browser.get("/people/new").await.form("Add the person");
        let page =
            form.set("name", NAME).set("email", "Head@Example.org").tick_value("roles", "lead").send().await;
        assert_eq!((page.status, page.h1()), (200, format!("{NAME} has been added")));
        assert!(page.main().contains("This link works once, for 7 days."));
        let link = page.select(".inset").concat();
        let welcome = link.strip_prefix("http://tracker.example.org").expect("the full address").to_owned();

        let people = browser.get("/people").await;
        assert_eq!(row(&people, NAME), [NAME, "head@example.org", "Lead", "None", "No password yet"]);
        assert!(!people.body().contains(&welcome));

        let head = site.browser();
        let form = head.get(&welcome).await.form("Set the password and sign in");
        let page =
            form.set("password", "three words here").set("password_again", "three words here").submit().await;
        assert_eq!(page.path, "/my-actions");
        assert_eq!(row(&browser.get("/people").await, NAME)[4], "Active");
    })
    .await;
}

#[tokio::test]
async fn everything_wrong_with_a_person_is_said_at_once_and_nothing_typed_is_lost() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let page =
        browser.get("/people/new").await.form("Add the person").set("email", "head at school").send().await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.errors(),
        [
            "Enter a name: the person’s, or that of their post",
            "Enter an email address in full, like name@example.org",
            "Choose at least one: what this person may do here",
        ]
    );
    assert_eq!(page.form("Add the person").value("email"), "head at school");

    let form = page.form("Add the person").set("name", NAME).set("email", MAP_COORDINATOR);
    let page = form.tick_value("roles", "panel-member").send().await;
    assert_eq!(
        (page.status, page.errors()),
        (422, vec!["Somebody here has this address already".to_owned()])
    );
    let form = page.form("Add the person");
    assert_eq!((form.value("name"), form.value("roles")), (NAME.to_owned(), "panel-member".to_owned()));
}

#[tokio::test]
async fn a_new_one_time_link_makes_the_one_before_void() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let page = browser.get(&path::person(site.person(MAP_COORDINATOR).await)).await;
    let link = async |page: Page| {
        let made = page.form("Make a new one-time link").send().await;
        made.select(".inset").concat().replace("http://tracker.example.org", "")
    };
    let first = link(page.clone()).await;
    let second = link(page).await;
    assert_eq!(site.browser().get(&first).await.status, 404);
    assert_eq!(site.browser().get(&second).await.status, 200);
    // The address of the press can be opened too: it asks first.
    let page = browser.get(&path::person_link(site.person(MAP_COORDINATOR).await)).await;
    assert_eq!(page.h1(), "MAP Coordinator Make a new one-time link");
}

#[tokio::test]
async fn only_managers_see_people_and_posts() {
    let site = Site::appendix_b().await;
    for email in [MAP_COORDINATOR, PANEL_MEMBER] {
        let browser = site.sign_in_as(email).await;
        for path in ["/people", "/people/new", "/posts", "/posts/new", "/reminders"] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 403, "{path}");
            assert!(page.main().contains("Only a"), "{}", page.main());
        }
    }
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    for path in ["/people/999", "/posts/999", "/posts/999/handover", "/people/999/one-time-link"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn two_managers_who_change_a_person_at_once_are_both_heard() {
    each_database(async |site| {
        let (first, second) = (site.sign_in_as(ADMINISTRATOR).await, site.sign_in_as(ADMINISTRATOR).await);
        let person = path::person(site.person(MAP_COORDINATOR).await);
        let late = second.get(&person).await.form("Save");
        let page = first.get(&person).await.form("Save").set("name", "MAP Lead").submit().await;
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
async fn administrators_cannot_lock_themselves_out() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let form = browser.get(&path::person(site.person(ADMINISTRATOR).await)).await.form("Save");
    for form in [
        form.clone().set("state", "deactivated"),
        form.tick_value("roles", "lead").untick_value("roles", "administrator"),
    ] {
        let page = form.send().await;
        assert_eq!(
            page.errors(),
            ["You can’t take your own access away: ask another administrator to do it"]
        );
    }
}

#[tokio::test]
async fn posts_of_a_deactivated_person_show_as_vacant() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(ADMINISTRATOR).await;
    let person = path::person(site.person(MAP_COORDINATOR).await);
    let page = browser.get(&person).await.form("Save").set("state", "deactivated").submit().await;
    assert!(page.text().contains("MAP Coordinator has been deactivated"));
    assert_eq!(row(&page, "MAP Coordinator")[4], "Deactivated");
    let posts = browser.get("/posts").await;
    let vacant = ["MAP Coordinator", "The council", "Vacant (MAP Coordinator is deactivated)", "0"];
    assert_eq!(row(&posts, "MAP Coordinator"), vacant);
    assert_eq!(row(&posts, "Risk and Resilience Manager")[3], "7");
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
