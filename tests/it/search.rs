//! Search: what is found, however it is typed, and what is never found.

use scrutiny_tracker::{command, domain::update::UpdateDraft};

use crate::support::{Browser, EDUCATION_LEAD, MANAGER, PANEL_MEMBER, Page, Site, each_database};

async fn search(browser: &Browser, words: &str) -> Page {
    browser.get("/search").await.form("Search").set("q", words).submit().await
}

/// The actions found, by the links' words.
fn found(page: &Page) -> Vec<String> {
    page.select("main li > a").iter().map(|a| a.split(':').next().unwrap_or_default().to_owned()).collect()
}

async fn write(site: &Site, label: &str, words: &str) {
    let actor = site.actor(MANAGER).await;
    let draft = UpdateDraft::of(words);
    command::update::add(&site.cx, &actor, site.action(label).await, &draft, None).await.expect("an update");
}

#[tokio::test]
async fn words_are_found_in_recommendations_actions_updates_and_leads() {
    each_database(async |site| {
        let browser = site.sign_in_as(PANEL_MEMBER).await;
        let page = search(&browser, "alert").await;
        assert_eq!(found(&page), ["D"]);
        let main = page.main();
        for place in ["Recommendation: ", "Action: ", "Update for 7 Dec 2017: ", "Update for Sept 2017: "] {
            assert!(main.contains(place), "{place} {main}");
        }
        assert!(page.select("mark").iter().all(|m| m.eq_ignore_ascii_case("alert")));
        let page = search(&browser, "yaffa").await;
        assert_eq!(found(&page), ["Eii"]);
        assert!(page.main().contains("Lead: "), "{}", page.main());
    })
    .await;
}

#[tokio::test]
async fn capitals_quotes_and_dashes_make_no_difference() {
    each_database(async |site| {
        write(&site, "K", "The Élan project’s ‘first’ step – 50% done_so far\\").await;
        let browser = site.sign_in_as(MANAGER).await;
        for words in [
            "élan",
            "ÉLAN",
            "project's",
            "'FIRST'",
            "step - 50%",
            "50%",
            "done_so",
            "far\\",
            "  first’  step ",
        ] {
            let page = search(&browser, words).await;
            assert_eq!(found(&page), ["K"], "{words}: {}", page.main());
        }
        // Signs of the pattern stand for themselves.
        for words in ["5%0", "done so", "done.so", "%%%"] {
            let page = search(&browser, words).await;
            assert_eq!(found(&page), Vec::<String>::new(), "{words}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_reference_finds_its_action_first() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    for reference in ["Aiii", "aviii", "I-ii", "K"] {
        let first = found(&search(&browser, reference).await).remove(0);
        assert!(first.eq_ignore_ascii_case(reference), "{reference}: {first}");
    }
    assert_eq!(found(&search(&browser, "action 1").await)[0], "Action 1");
}

#[tokio::test]
async fn nothing_unpublished_is_ever_found_by_a_panel_member() {
    each_database(async |site| {
        write(&site, "Aiii", "The zebra pilot has begun.").await;
        for (email, count) in [(MANAGER, 1), (EDUCATION_LEAD, 1), (PANEL_MEMBER, 0)] {
            let page = search(&site.sign_in_as(email).await, "ZEBRA").await;
            assert_eq!(found(&page).len(), count, "{email}: {}", page.main());
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_corrected_is_found_no_more_by_those_who_read_the_correction() {
    each_database(async |site| {
        let aiii = site.whole_action("Aiii").await;
        let published = aiii.updates.last().expect("an update");
        let words = "until the competition closes";
        let before = search(&site.sign_in_as(PANEL_MEMBER).await, words).await.main();
        let mut correction = UpdateDraft::of("Corrected.");
        correction.supersedes = Some(published.id);
        let actor = site.actor(MANAGER).await;
        command::update::add(&site.cx, &actor, aiii.id, &correction, None).await.expect("a correction");
        let after = |main: String| main.matches("Update for 7 Dec 2017").count();
        let manager = search(&site.sign_in_as(MANAGER).await, words).await.main();
        let panel = search(&site.sign_in_as(PANEL_MEMBER).await, words).await.main();
        assert_eq!(after(panel.clone()), after(before.clone()), "{panel}");
        assert_eq!(after(manager) + 1, after(before));
    })
    .await;
}

#[tokio::test]
async fn an_empty_search_shows_the_form_and_a_vain_one_says_so() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    for path in ["/search", "/search?q=", "/search?q=%20%00"] {
        let page = browser.get(path).await;
        assert_eq!((page.status, page.h1().as_str()), (200, "Search"));
        assert!(!page.main().contains("Nothing found"), "{path}");
    }
    let page = search(&browser, "<script>alert(1)</script>").await;
    assert_eq!(page.status, 200);
    assert!(page.main().contains("Nothing found for “<script>alert(1)</script>”"), "{}", page.main());
    assert_eq!(page.form("Search").value("q"), "<script>alert(1)</script>");
    let page = search(&browser, &"x".repeat(201)).await;
    assert_eq!((page.status, page.errors()), (422, vec!["Search for at most 200 characters".to_owned()]));
}

#[tokio::test]
async fn the_first_hundred_are_shown_and_it_is_said_that_there_are_more() {
    each_database(async |site| {
        for n in 0..101 {
            write(&site, "K", &format!("Needle number {n}.")).await;
        }
        let page = search(&site.sign_in_as(MANAGER).await, "needle").await;
        assert!(page.main().contains("The first 100 places that hold “needle”"), "{}", page.main());
        assert_eq!(page.count("mark"), 100);
    })
    .await;
}

#[tokio::test]
async fn a_search_takes_a_fixed_number_of_statements() {
    let (site, statements) = Site::appendix_b().await.counting();
    let browser = site.sign_in_as(MANAGER).await;
    statements.take();
    browser.get("/search?q=the").await;
    // The session, the fourteen of the records, and three that search.
    assert_eq!(statements.take(), 18);
}
