//! The privacy page and the accessibility statement: for everyone, true, and the administrator's where they have to be.

use scrutiny_tracker::{domain::installation::Section, link::path};

use crate::support::{ADMINISTRATOR, Form, MAP_COORDINATOR, Site, each_database};

async fn section(site: &Site, section: Section) -> Form {
    site.sign_in_as(ADMINISTRATOR).await.get(&path::settings(section)).await.form("Save")
}

#[tokio::test]
async fn both_are_linked_from_every_footer_signed_out_too() {
    for site in [Site::appendix_b().await, Site::appendix_b().await.real()] {
        let browser = site.browser();
        for here in ["/sign-in", "/nothing-here", "/privacy", "/accessibility"] {
            let page = browser.get(here).await;
            let links = page.attributes(".footer a", "href");
            assert_eq!(links, ["/privacy", "/accessibility"], "{here}");
        }
        let page = browser.get("/sign-in").await.click("Accessibility statement").await;
        assert_eq!(
            (page.status, page.h1()),
            (200, "Accessibility statement for Scrutiny Tracker".to_owned())
        );
        assert_eq!(page.click("Privacy").await.h1(), "Privacy");
        let page = site.sign_in_as(MAP_COORDINATOR).await.get("/my-actions").await;
        assert_eq!(page.attributes(".footer a", "href").len(), 2);
    }
}

#[tokio::test]
async fn until_somebody_is_named_to_ask_both_say_so_and_only_administrators_see_where() {
    let site = Site::appendix_b().await;
    for (here, of) in [("/privacy", Section::Privacy), ("/accessibility", Section::Accessibility)] {
        let page = site.browser().get(here).await;
        assert!(page.main().contains("Not filled in yet"), "{here}");
        assert!(!page.body().contains("/settings/"), "{here}");
        let page = site.sign_in_as(ADMINISTRATOR).await.get(here).await;
        assert_eq!(page.click("Fill it in").await.path, path::settings(of));
    }
}

#[tokio::test]
async fn the_privacy_page_says_what_the_administrator_says_and_what_is_set() {
    each_database(async |site| {
        let form = section(&site, Section::Privacy).await;
        assert_eq!(form.value("reviewed_on"), "7 December 2017");
        let form = form.set("contact", "Data Protection Officer\ndpo@council.example\n\n<b>Civic Centre</b>");
        form.set("more", "Read our corporate notice.").set("reviewed_on", "4 June 2026").submit().await;
        section(&site, Section::Retention).await.set("leavers_months", "7").submit().await;
        section(&site, Section::Sessions)
            .await
            .set("idle_minutes", "90")
            .set("absolute_days", "5")
            .submit()
            .await;

        let page = site.browser().get("/privacy").await;
        let words = page.main();
        for said in [
            "dpo@council.example",
            "<b>Civic Centre</b>",
            "More from Middlesbrough Council",
            "Read our corporate notice.",
            "Last looked through on 4 June 2026",
            "7 months after it was deactivated",
            "at most 5 days, and 90 minutes after the last page",
        ] {
            assert!(words.contains(said), "{said}: {words}");
        }
        assert!(!words.contains("Not filled in yet"));
    })
    .await;
}

#[tokio::test]
async fn the_privacy_page_names_every_cookie_that_is_set() {
    let site = Site::appendix_b().await;
    let named: Vec<String> =
        site.browser().get("/privacy").await.rows("table").iter().map(|r| r[0].clone()).collect();
    let browser = site.browser();
    let person = site.person(ADMINISTRATOR).await.to_string();
    browser.post("/demonstration/sign-in", &[("person", person.as_str())]).await;
    for cookie in browser.cookies() {
        assert!(named.contains(&cookie), "{cookie}: {named:?}");
    }
    assert!(named.contains(&"flash".to_owned()));
}

#[tokio::test]
async fn the_accessibility_statement_has_the_form_that_the_regulations_ask_for() {
    let site = Site::appendix_b().await;
    let untested = site.browser().get("/accessibility").await;
    assert!(untested.main().contains("has not been tested"), "{}", untested.main());
    let form = section(&site, Section::Accessibility).await;
    let page = form
        .set("contact", "web@council.example")
        .set("compliance", "partial")
        .set("tested", "Tested on 2 June 2026 by the web team with NVDA.")
        .set("problems", "The heat strip is small on a telephone.")
        .set("prepared_on", "3 June 2026")
        .set("reviewed_on", "4 June 2026")
        .set("enforcement", "northern-ireland")
        .submit()
        .await;
    assert_eq!(page.status, 200);
    let page = site.browser().get("/accessibility").await;
    let words = page.main();
    for said in [
        "This statement applies to Scrutiny Tracker at http://tracker.example.org/, which is run by Middlesbrough Council",
        "web@council.example",
        "Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018",
        "is partially compliant with the Web Content Accessibility Guidelines version 2.2 AA standard, due to the non-compliances listed below",
        "The heat strip is small on a telephone.",
        "prepared on 3 June 2026. It was last reviewed on 4 June 2026",
        "with NVDA",
        "Equality Commission for Northern Ireland",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(!words.contains("Equality and Human Rights Commission"));
}
