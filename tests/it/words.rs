//! The words of the installation: every sentence of ours takes them in, and nothing that people wrote changes.

use scrutiny_tracker::{
    command::{self, installation},
    domain::{installation::Change, plan::PlanDraft, rating::RagKey, words::Words},
    link::path,
};

use crate::support::{
    ADMINISTRATOR, Browser, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site,
    each_database,
};

/// Words that stand in no text of anybody, with the articles of the usual ones.
const PANEL: &str = "qpanel";
const EXECUTIVE: &str = "oexecutive";

async fn say(site: &Site, executive: &str, panel: &str) {
    let actor = site.actor(ADMINISTRATOR).await;
    let words = Words {
        executive: executive.to_owned(),
        panel: panel.to_owned(),
        democratic_services: "Governance".to_owned(),
    };
    let council = site.cx.installation().council.clone();
    let version = site.cx.installation().version;
    installation::save(&site.cx, &actor, version, &Change::Words(council, words)).await.unwrap();
}

/// Pages that say one of the words, by who reads them.
async fn pages(site: &Site) -> Vec<(&'static str, String)> {
    let record = site.record().await;
    let asked = site.whole_action("K").await.revisions.last().unwrap().id;
    let action = site.action("Aiii").await;
    let recommendation = record.recommendations[1].id;
    let plan = &record.plan.slug;
    let mut pages: Vec<(&str, String)> = Vec::new();
    for here in [
        path::PLANS.to_owned(),
        "/plans/new".to_owned(),
        path::plan(plan),
        path::key(plan),
        path::dashboard(plan),
        path::edit_plan(plan),
        path::plan_history(plan),
        path::MY_ACTIONS.to_owned(),
        path::action(action),
        path::new_update(action),
        path::new_deadline(action),
        path::close_action(action),
        format!("{}?q=response", path::SEARCH),
        path::WHO_MAY.to_owned(),
    ] {
        pages.push((MANAGER, here));
    }
    for here in [
        path::decide_deadline(asked),
        path::new_recommendation(plan),
        path::edit_recommendation(recommendation),
        path::new_round(plan),
    ] {
        pages.push((SCRUTINY_OFFICER, here));
    }
    for here in ["/people", "/people/new", "/plans", "/history", "/settings"] {
        pages.push((ADMINISTRATOR, here.to_owned()));
    }
    for here in [path::plan(plan), path::action(action), path::dashboard(plan), "/people".to_owned()] {
        pages.push((PANEL_MEMBER, here));
    }
    pages.push((MAP_COORDINATOR, path::MY_ACTIONS.to_owned()));
    pages
}

async fn read(site: &Site, pages: &[(&'static str, String)]) -> Vec<String> {
    let mut read = Vec::new();
    for (reader, here) in pages {
        let page = site.sign_in_as(reader).await.get(here).await;
        assert!([200, 403].contains(&page.status), "{here}: {}", page.status);
        read.push(page.text());
    }
    read
}

#[tokio::test]
async fn other_words_stand_wherever_a_page_says_the_usual_ones_and_change_nothing_else() {
    let site = Site::appendix_b().await;
    let pages = pages(&site).await;
    say(&site, "executive", "panel").await;
    // Twice: that somebody reads is to be seen on the list of people.
    read(&site, &pages).await;
    let before = read(&site, &pages).await;
    say(&site, EXECUTIVE, PANEL).await;
    let after = read(&site, &pages).await;
    let mut said = 0;
    for ((reader, here), (before, after)) in pages.iter().zip(before.iter().zip(&after)) {
        assert!(!after.contains(['{', '}']), "{here} shows a form that is no word: {after}");
        said += usize::from(before != after);
        // The history has grown by one entry: it is read by itself.
        if here.contains("history") || here == "/settings" {
            continue;
        }
        let back = after
            .replace(PANEL, "panel")
            .replace("Qpanel", "Panel")
            .replace(EXECUTIVE, "executive")
            .replace("Oexecutive", "Executive");
        assert_eq!(&back, before, "{reader} at {here}");
    }
    assert!(said >= 20, "only {said} pages say one of the words");
}

#[tokio::test]
async fn a_plan_in_which_nobody_wrote_the_usual_words_shows_none_of_them() {
    let site = Site::appendix_b().await;
    let plan = site.record().await.plan;
    let draft = PlanDraft {
        slug: "second".to_owned(),
        title: "A second plan".to_owned(),
        kind: plan.kind,
        panel: None,
        origin_report: None,
        origin_on: None,
        agreed_by: None,
        agreed_on: None,
        sent_on: None,
        director: None,
        executive_member: None,
        manager: plan.manager,
        panel_grants_dates: true,
        panel_confirms_completion: true,
        live_to_panel: true,
        manager_looks_first: false,
        public: false,
        years: plan.years,
        key: RagKey::standard(),
        source: None,
    };
    command::plan::create(&site.cx, &site.actor(MANAGER).await, &draft).await.unwrap();
    say(&site, EXECUTIVE, PANEL).await;
    let manager = site.sign_in_as(MANAGER).await;
    let usual = |page: &Page| {
        // Where a form gives examples, it names all of them.
        let words = page
            .main()
            .replace("The panel, committee or commission that watches it", "")
            // What another plan's panel is called stands in the list of meetings, as somebody wrote it.
            .replace("Community Safety and Leisure Scrutiny Panel", "")
            .replace("For example Executive or Cabinet", "")
            .replace(PANEL, "")
            .replace("Qpanel", "")
            .replace(EXECUTIVE, "")
            .replace("Oexecutive", "")
            .to_lowercase();
        let at = words.find("panel").or_else(|| words.find("executive"));
        at.map(|at| words.chars().skip(at.saturating_sub(40)).take(100).collect::<String>())
    };
    let look = async |browser: &Browser, here: &str| {
        let page = browser.get(here).await;
        assert_eq!(page.status, 200, "{here}");
        assert_eq!(usual(&page), None, "{here}");
    };
    for here in [
        "/plans/new",
        "/plans/second",
        "/plans/second/key",
        "/plans/second/dashboard",
        "/plans/second/edit",
        path::WHO_MAY,
    ] {
        look(&manager, here).await;
    }
    let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
    for here in ["/plans/second/recommendations/new", "/rounds/new?plan=second"] {
        look(&officer, here).await;
    }
    look(&site.sign_in_as(ADMINISTRATOR).await, "/people/new").await;
}

#[tokio::test]
async fn who_may_is_said_in_the_installations_words_on_a_page_that_is_refused() {
    each_database(async |site| {
        say(&site, "cabinet", "committee").await;
        let page = site.sign_in_as(ADMINISTRATOR).await.get(path::PLANS).await;
        assert_eq!(page.status, 403);
        assert!(page.main().contains("or a committee member can do this"), "{}", page.main());
        let page = site.sign_in_as(MANAGER).await.get(path::WHO_MAY).await;
        assert!(page.main().contains("Committee member"), "{}", page.main());
    })
    .await;
}
