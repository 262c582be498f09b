//! What a password may be: long enough, not one that would be guessed, and nothing else is asked of it.

use scrutiny_tracker::{command::link, link::path};

use crate::support::{ADMINISTRATOR, Browser, MAP_COORDINATOR, Page, Site};

async fn one_time_link(site: &Site) -> String {
    let administrator = site.actor(ADMINISTRATOR).await;
    let person = site.person(MAP_COORDINATOR).await;
    path::welcome(&link::invite(&site.cx, &administrator, person, link::By::Hand).await.unwrap())
}

async fn set(browser: &Browser, link: &str, password: &str) -> Page {
    let form = browser.get(link).await.form("Set the password and sign in");
    form.set("password", password).set("password_again", password).send().await
}

#[tokio::test]
async fn a_password_that_would_be_guessed_is_refused_with_what_to_do() {
    let site = Site::appendix_b().await;
    let (browser, link) = (site.browser(), one_time_link(&site).await);
    for (password, words) in [
        ("password1", "many people use it"),
        ("Liverpool2026!", "many people use it"),
        ("council2026", "the council’s name or this service’s words"),
        ("Middlesbrough1", "the council’s name"),
        ("MAPcoordinator!", "your name, your address"),
        ("map-coordinator@example.org", "your name, your address"),
        ("Scrutiny-Tracker", "this service’s words"),
    ] {
        let page = set(&browser, &link, password).await;
        let said = page.errors().concat();
        assert_eq!(page.status, 422, "{password}");
        assert!(
            said.contains(words) && said.contains("Use three random words instead"),
            "{password}: {said}"
        );
        assert!(!page.main().contains(password));
    }
    assert_eq!(set(&browser, &link, "purple tractor lemon").await.status, 303);
}

#[tokio::test]
async fn the_longest_password_is_whole_and_one_longer_is_refused() {
    let site = Site::appendix_b().await;
    let (browser, link) = (site.browser(), one_time_link(&site).await);
    let longest: String = "🦀🌧🧀🥁🚲🍋🎻🧵".chars().cycle().take(128).collect();
    let page = set(&browser, &link, &format!("{longest}x")).await;
    assert_eq!(page.errors(), ["Use at most 128 characters"]);
    assert_eq!(set(&browser, &link, &longest).await.status, 303);
    let sign_in = async |password: &str| {
        let form = site.browser().get(path::SIGN_IN).await.form("Sign in");
        form.set("email", MAP_COORDINATOR).set("password", password).send().await.status
    };
    let shorter: String = longest.chars().take(127).collect();
    assert_eq!((sign_in(&shorter).await, sign_in(&longest).await), (422, 303));
}

#[tokio::test]
async fn passwords_can_be_pasted_and_filled_in_by_the_browser() {
    let site = Site::appendix_b().await;
    let page = site.browser().get(&one_time_link(&site).await).await;
    assert_eq!(page.attributes("input[type=password]", "autocomplete"), ["new-password", "new-password"]);
    // Nothing cuts or stops what is pasted; that there are no scripts at all is a rule of the house.
    assert_eq!(page.count("input[type=password][maxlength], input[type=password][readonly]"), 0);
    assert!(page.main().contains("Three random words"), "{}", page.main());
    let page = site.browser().get(path::SIGN_IN).await;
    assert_eq!(page.attributes("input[type=password]", "autocomplete"), ["current-password"]);
    assert_eq!(page.attributes("#email", "autocomplete"), ["username"]);
}
