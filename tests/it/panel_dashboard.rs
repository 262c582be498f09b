//! What the panel said on a plan's dashboard, and all plans of a panel on one page.

use scrutiny_tracker::{
    command,
    domain::{
        action::Decider,
        deadline::Span,
        id::{PanelId, PlanId},
        rating::Rating,
        round::RoundDraft,
        update::UpdateDraft,
    },
    link::path,
};
use sea_orm::{ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, EntityTrait};

use crate::{
    steps::{change_plan, second_plan},
    support::{
        ADMINISTRATOR, APPENDIX_B, MANAGER, PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site, day, each_database,
    },
};

const PATH: &str = "/plans/appendix-b/dashboard";
const DECEMBER: &str = "as-at=2017-12-07";

async fn panel_of(site: &Site) -> PanelId {
    site.record().await.plan.panel_id.expect("the panel of Appendix B")
}

/// The panel's own rating of an action, from a day on.
async fn rate(site: &Site, label: &str, rating: &str, from: &str) {
    let row = entity::panel_rating::ActiveModel {
        id: NotSet,
        action_id: Set(site.action(label).await.0),
        rating: Set(rating.to_owned()),
        reason: Set("Nobody could say when.".to_owned()),
        from_day: Set(day(from)),
        resolution_id: Set(None),
        recorded_at: Set(site.cx.clock.machine_now()),
    };
    let db = sea_orm::Database::connect(&site.url).await.unwrap();
    row.insert(&db).await.unwrap();
    db.close().await.unwrap();
}

/// The panel's conclusion on an action's recommendation, from a day on.
async fn conclude(site: &Site, label: &str, conclusion: &str, from: &str) {
    let recommendation = site.whole_action(label).await.recommendation.expect("a recommendation");
    let row = entity::conclusion::ActiveModel {
        id: NotSet,
        recommendation_id: Set(recommendation.0),
        conclusion: Set(conclusion.to_owned()),
        reason: Set(Some("The plan is in every school.".to_owned())),
        from_day: Set(day(from)),
        resolution_id: Set(None),
        recorded_at: Set(site.cx.clock.machine_now()),
    };
    let db = sea_orm::Database::connect(&site.url).await.unwrap();
    row.insert(&db).await.unwrap();
    db.close().await.unwrap();
}

/// The rows of the table under a caption, by the first words of each.
fn row(page: &Page, caption: &str, begins: &str) -> Vec<String> {
    let place = page.select("table > caption").iter().position(|c| c == caption);
    let place = place.unwrap_or_else(|| panic!("no table {caption:?}: {:?}", page.select("table > caption")));
    let table = page.elements("table").nth(place).expect("the table");
    let [rows, cells] = ["tbody tr", "th, td"].map(|css| scraper::Selector::parse(css).unwrap());
    let fold = |words: String| words.split_whitespace().collect::<Vec<_>>().join(" ");
    let rows = table.select(&rows).map(|r| r.select(&cells).map(|c| fold(c.text().collect())).collect());
    let rows: Vec<Vec<String>> = rows.collect();
    rows.iter()
        .find(|r: &&Vec<String>| r[0].starts_with(begins))
        .cloned()
        .unwrap_or_else(|| panic!("no row {begins:?} in {rows:?}"))
}

#[tokio::test]
async fn the_page_and_its_rows_name_the_same_next_meeting_and_say_whose_plans_they_are() {
    let site = Site::appendix_b().await;
    let panel = site.record().await.plan.panel_id.expect("a panel");
    let browser = site.sign_in_as(PANEL_MEMBER).await;
    let page = browser.get(&path::panel_dashboard(panel)).await;
    assert!(page.main().contains("Next meeting: 19 February 2018."), "{}", page.main());
    assert_eq!(page.main().matches("19 February 2018").count(), 2, "{}", page.main());
    assert!(!page.main().contains("None planned"), "{}", page.main());
    let words = "These are the plans that the panel watches now, as they stood on that day.";
    assert!(!page.main().contains(words));
    let before = browser.get(&format!("{}?as-at=2017-11-30", path::panel_dashboard(panel))).await;
    assert!(before.main().contains(words), "{}", before.main());
}

#[tokio::test]
async fn the_panels_own_ratings_are_counted_beside_the_other_two_and_lead_to_what_they_count() {
    each_database(async |site| {
        let browser = site.sign_in_as(PANEL_MEMBER).await;
        let none = browser.get(PATH).await;
        assert!(none.main().contains("The panel has given no rating of its own."));
        assert_eq!(browser.get("/plans/appendix-b").await.count("select[name=panel]"), 0);

        rate(&site, "Aiii", "off_track", "2017-12-07").await;
        rate(&site, "D", "off_track", "2017-12-07").await;
        rate(&site, "D", "at_risk", "2018-01-10").await;
        site.go_to(day("2018-01-15"));
        for (address, counts) in [
            (format!("{PATH}?{DECEMBER}"), [(2, "Off track")].as_slice()),
            (PATH.to_owned(), &[(1, "Off track"), (1, "At risk")]),
            (format!("{PATH}?as-at=2017-12-06"), &[]),
        ] {
            let page = browser.get(&address).await;
            for (n, word) in counts {
                let words = format!("{n} {word} of 22");
                let hrefs = page.attributes(".count a", "href");
                let links = page.select(".count a").into_iter().zip(hrefs);
                let link = links.clone().find(|(said, href)| *said == words && href.contains("panel="));
                let (_, href) = link.unwrap_or_else(|| panic!("{words}: {:?}", links.collect::<Vec<_>>()));
                assert_eq!(browser.get(&href).await.rows("table.table-plan").len(), *n, "{href}");
            }
            let said = page.main().contains("The panel has given no rating of its own.");
            assert_eq!(said, counts.is_empty(), "{address}");
        }
        // Better than in December, by the panel's word alone.
        let since = browser.get(&format!("{PATH}?since={}", site.record().await.rounds[1].id)).await;
        let d = row(&since, "Better", "D ");
        assert!(d[1].starts_with("Panel: Off track, ") && d[2].starts_with("Panel: ▲ At risk"), "{d:?}");
    })
    .await;
}

#[tokio::test]
async fn a_recommendation_is_met_when_the_panel_says_so_and_not_before() {
    each_database(async |site| {
        let browser = site.sign_in_as(PANEL_MEMBER).await;
        let caption = "Recommendations, with what became of them";
        let page = browser.get(PATH).await;
        assert!(page.main().contains("The panel has not concluded on any of 21 recommendations."));
        let b = row(&page, caption, "B ");
        assert_eq!(b[1..], ["B", "1 of 1 action complete", "Nothing yet"]);
        assert_eq!(row(&page, caption, "Aiii ")[2], "0 of 1 action complete");

        conclude(&site, "B", "met", "2018-01-10").await;
        conclude(&site, "Aiii", "not_met", "2018-01-10").await;
        site.go_to(day("2018-01-15"));
        let page = browser.get(PATH).await;
        assert!(
            page.main().contains("The panel has concluded on 2 of 21 recommendations: 1 met and 1 not met.")
        );
        let b = row(&page, caption, "B ");
        assert_eq!(b[2], "1 of 1 action complete");
        assert_eq!(b[3], "MetThe plan is in every school.10 January 2018");
        let before = browser.get(&format!("{PATH}?as-at=2018-01-09")).await;
        assert_eq!(row(&before, caption, "B ")[3], "Nothing yet");
    })
    .await;
}

#[tokio::test]
async fn what_was_decided_by_a_day_and_entered_after_it_is_said_to_be_recorded_later() {
    each_database(async |site| {
        site.go_to(day("2018-02-10"));
        let asked = site.whole_action("K").await.revisions.last().expect("asked for").id;
        let verdict = command::deadline::Verdict {
            granted: true,
            on: day("2018-02-01"),
            decider: Decider::Panel,
            by: "the panel".to_owned(),
            reason: None,
        };
        let officer = site.actor(SCRUTINY_OFFICER).await;
        command::deadline::decide(&site.cx, &officer, asked, &verdict).await.expect("granted");
        site.go_to(day("2018-03-01"));
        let browser = site.sign_in_as(PANEL_MEMBER).await;
        for (as_at, is_later) in
            [("2018-01-31", false), ("2018-02-01", true), ("2018-02-09", true), ("2018-02-10", false)]
        {
            let page = browser.get(&format!("{PATH}?as-at={as_at}")).await;
            let said = page.select(".banner").concat();
            assert_eq!(said.contains("Recorded later") && said.contains(": K."), is_later, "{as_at}: {said}");
        }
        assert!(!browser.get(PATH).await.main().contains("Recorded later"));
    })
    .await;
}

/// A round of the second plan, closed, with an update of its one action.
async fn fill(site: &Site, plan: PlanId) {
    site.go_to(day("2018-01-15"));
    let (manager, officer) = (site.actor(MANAGER).await, site.actor(SCRUTINY_OFFICER).await);
    let mut draft = site.whole_action("B").await;
    draft.recommendation = None;
    let draft = scrutiny_tracker::domain::action::ActionDraft {
        recommendation: None,
        short_title: None,
        text: "Write to every school.".to_owned(),
        lead_wording: draft.lead_wording,
        leads: draft.leads,
        contributors: Vec::new(),
        resource: String::new(),
        resource_kind: None,
        resource_pence: None,
        themes: Vec::new(),
    };
    let action = command::action::create(&site.cx, &manager, plan, &draft, "31 December 2017")
        .await
        .expect("an action");
    let round = RoundDraft {
        label: "Feb".to_owned(),
        span: Span::day(day("2018-02-19")),
        updates_due_on: None,
        meeting_on: Some(day("2018-02-19")),
        meeting_of: None,
    };
    let round = command::round::create(&site.cx, &officer, &round, &[plan]).await.expect("a round");
    command::round::open(&site.cx, &officer, round, &[]).await.expect("open");
    let mut update = UpdateDraft::of("Every school has been written to.");
    update.reported = Rating::Complete;
    update.outcome_not_known = true;
    command::update::add(&site.cx, &manager, action, &update, None).await.expect("an update");
}

#[tokio::test]
async fn all_plans_of_a_panel_are_on_one_page_with_their_sums() {
    each_database(async |site| {
        let second = second_plan(&site).await;
        fill(&site, second).await;
        let here = path::panel_dashboard(panel_of(&site).await);
        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = officer.get("/plans").await.click("Community Safety and Leisure Scrutiny Panel").await;
        assert_eq!((page.status, page.path.as_str()), (200, here.as_str()));
        let caption = "Each plan, as the facts suggest, and the sums";
        // On 15 January: Appendix B as with nobody writing, and the second plan complete.
        let b = row(&page, caption, "Digital");
        assert!(b[0].contains("On 15 January 2018, 11 of 22 actions are complete"), "{b:?}");
        assert!(b[0].contains("Since 7 Dec 2017: 0 better"), "{b:?}");
        let figures = |row: &[String]| -> Vec<usize> {
            let number = |cell: &String| cell.split(' ').next().and_then(|n| n.parse().ok());
            row[1..9].iter().map(|cell| number(cell).expect("a number")).collect()
        };
        assert_eq!(figures(&row(&page, caption, "A second plan")), [1, 1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(row(&page, caption, "A second plan")[9], "19 February 2018");
        let sums = figures(&row(&page, caption, "All plans"));
        let parts = [figures(&b), figures(&row(&page, caption, "A second plan"))];
        for (n, sum) in sums.iter().enumerate() {
            assert_eq!(*sum, parts[0][n] + parts[1][n], "column {n}");
        }
        assert!(page.select(".lead-sentence").concat().starts_with(
            "2 plans are watched. On 15 January 2018, 12 of 23 actions are complete by what is said and known;"
        ));
        assert!(page.main().contains("Next meeting: 19 February 2018."));

        // Every number leads to as many rows of its plan.
        let links = page.elements(".table .number a").filter_map(|a| a.attr("href")).map(str::to_owned);
        let words = page.select(".table .number a");
        let links: Vec<(String, String)> = words.into_iter().zip(links.collect::<Vec<_>>()).collect();
        assert!(links.len() >= 5, "{links:?}");
        for (words, href) in links {
            let number: usize = words.split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
            assert_eq!(officer.get(&href).await.rows("table.table-plan").len(), number, "{words}: {href}");
        }

        // As at 7 December the second plan had no action, and Appendix B says what it said.
        let then = page.form("Show that day").set("as-at", "7 Dec 2017").submit().await;
        assert!(row(&then, caption, "Digital")[0].contains(
            "On 7 December 2017, 11 of 22 actions are complete by what is said and known; 4 are off track, 3 of them overdue"
        ));
        assert_eq!(figures(&row(&then, caption, "A second plan"))[0], 0);
        assert!(row(&then, caption, "Digital")[2].starts_with("11"));
        let refused = page.form("Show that day").set("as-at", "soon").submit().await;
        assert_eq!((refused.status, refused.errors().len()), (422, 1));

        // What is not published is nothing that a member could count.
        let member = site.sign_in_as(PANEL_MEMBER).await.get(&here).await;
        assert_eq!(figures(&row(&member, caption, "A second plan"))[..2], [1, 0]);
        assert!(member.main().contains("Counted from what is published."));
    })
    .await;
}

#[tokio::test]
async fn open_plans_pass_over_to_the_successor_and_ended_ones_stay_where_they_were() {
    each_database(async |site| {
        let old = panel_of(&site).await;
        second_plan(&site).await;
        let plan = site.record_of("second").await.plan;
        let manager = site.actor(MANAGER).await;
        command::plan::end_monitoring(&site.cx, &manager, plan.id, site.today(), "Minute 4", "")
            .await
            .expect("ended");
        site.go_to(day("2018-01-15"));
        let db = sea_orm::Database::connect(&site.url).await.unwrap();
        let new = entity::panel::ActiveModel {
            id: NotSet,
            name: Set("People Scrutiny Panel".to_owned()),
            ended_on: Set(None),
            version: Set(1),
            successor_id: Set(None),
        };
        let new = PanelId(new.insert(&db).await.unwrap().id);
        let mut ended: entity::panel::ActiveModel =
            entity::panel::Entity::find_by_id(old.0).one(&db).await.unwrap().unwrap().into();
        ended.ended_on = Set(Some(day("2018-01-01")));
        ended.successor_id = Set(Some(new.0));
        ended.update(&db).await.unwrap();
        db.close().await.unwrap();

        let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
        let page = browser.get(&path::panel_dashboard(new)).await;
        assert_eq!(page.h1(), "People Scrutiny Panel All plans");
        assert!(page.main().contains("1 plan is watched.") && !page.main().contains("A second plan"));
        let page = browser.get(&path::panel_dashboard(old)).await;
        assert!(page.main().contains("No plan is watched.") && page.main().contains("This panel has ended"));
        assert_eq!(page.link("A second plan"), "/plans/second/dashboard");
        assert_eq!(page.click("see where they stand now").await.path, path::panel_dashboard(new));
    })
    .await;
}

#[tokio::test]
async fn a_panel_that_is_not_there_is_not_found_and_the_public_sees_only_public_plans() {
    let site = Site::appendix_b().await;
    let here = path::panel_dashboard(panel_of(&site).await);
    let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
    for unknown in ["/panels/99/dashboard", "/panels/none/dashboard"] {
        assert_eq!(officer.get(unknown).await.status, 404);
    }
    assert_eq!(site.sign_in_as(ADMINISTRATOR).await.get(&here).await.status, 403);
    let real = site.clone().real();
    assert!(real.browser().get(&here).await.path.starts_with("/sign-in?next="));
    second_plan(&site).await;
    change_plan(&site, |draft| draft.public = true).await;
    let page = real.browser().get(&here).await;
    assert_eq!(page.status, 200, "{APPENDIX_B} is public");
    assert!(page.main().contains("1 plan is watched.") && !page.main().contains("A second plan"));
}

#[tokio::test]
async fn the_page_of_a_panel_takes_no_more_statements_however_many_plans_there_are() {
    let (site, statements) = Site::appendix_b().await.counting();
    let here = format!("{}?as-at=2017-12-01", path::panel_dashboard(panel_of(&site).await));
    let browser = site.sign_in_as(MANAGER).await;
    let asked = async || {
        browser.get(&here).await;
        statements.take();
        browser.get(&here).await;
        statements.take()
    };
    let one = asked().await;
    let second = second_plan(&site).await;
    fill(&site, second).await;
    assert_eq!(asked().await, one);
    // The session, the panels, the fourteen of the records, and what was recorded after the day.
    assert_eq!(one, 17);
}
