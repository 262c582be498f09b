//! The plan's page: the living Appendix B, its filters, who reads what, and how many statements it takes.

use scrutiny_tracker::{
    command::{self, post::create as create_post},
    domain::{
        action::{ActionDraft, RecommendationDraft, Response},
        update::UpdateDraft,
    },
    link::path,
};

use crate::support::{
    APPENDIX_B, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site, day, each_database,
};

const TABLE: &str = "table.table-plan";

/// The labels of the actions shown, in the order of the page.
fn labels(page: &Page) -> Vec<String> {
    page.select(&format!("{TABLE} tbody td:nth-child(2) a strong"))
}

async fn open(site: &Site, email: &str, query: &str) -> Page {
    let page = site.sign_in_as(email).await.get(&format!("/plans/{APPENDIX_B}{query}")).await;
    assert_eq!(page.status, 200, "{query}");
    page
}

/// The row of one action.
fn row(page: &Page, label: &str) -> Vec<String> {
    let at = labels(page).iter().position(|l| l == label).unwrap_or_else(|| panic!("no row {label}"));
    page.rows(TABLE).swap_remove(at)
}

fn draft(text: &str) -> ActionDraft {
    ActionDraft {
        recommendation: None,
        short_title: None,
        text: text.to_owned(),
        lead_wording: "N/A".to_owned(),
        leads: Vec::new(),
        contributors: Vec::new(),
        resource: String::new(),
        resource_kind: None,
        resource_pence: None,
        themes: Vec::new(),
    }
}

#[tokio::test]
async fn the_plan_shows_its_22_actions_in_the_order_of_the_paper() {
    each_database(async |site| {
        let page = open(&site, MANAGER, "").await;
        assert_eq!(
            labels(&page),
            [
                "Action 1", "Ai", "Aii", "Aiii", "Aiv", "Av", "Avi", "Avii", "Aviii", "B", "C", "D", "Ei",
                "Eii", "F", "G", "H", "I", "I-ii", "I-iii", "J", "K"
            ]
        );
        let printed = page.select(&format!("{TABLE} tbody th > p:first-child strong"));
        assert_eq!(
            printed,
            [
                "Ai)", "Aii)", "Aiii)", "Aiv)", "Av)", "Avi)", "Avii)", "Aviii)", "B)", "C)", "D)", "Ei)",
                "Eii)", "F)", "G)", "H)", "I)", "ii)", "iii)", "J)", "K)"
            ]
        );
        assert_eq!(
            page.select(&format!("{TABLE} thead th")),
            [
                "Recommendation",
                "Action",
                "By when",
                "Lead",
                "Resource required",
                "Update / RAG Sept 2017",
                "Update / RAG 7 Dec 2017"
            ]
        );
        assert!(page.main().contains("22 of 22 actions shown"));
    })
    .await;
}

#[tokio::test]
async fn the_sentence_at_the_top_and_its_counts_are_those_of_7_december_2017() {
    let site = Site::appendix_b().await;
    let page = open(&site, MANAGER, "").await;
    assert_eq!(
        page.select(".lead-sentence"),
        [
            "On 7 December 2017, 11 of 22 actions are complete by what is said and known; 4 are off track, 3 of them overdue \
          and 1 merged into an action that is overdue; 1 is at risk; nothing speaks against the other 6. The panel’s \
          agreement is recorded for none of the completions."
        ]
    );
    assert_eq!(
        page.select("ul.in-line li"),
        ["3 overdue", "1 with a later date asked for", "1 where the rating and the facts disagree"]
    );
    assert_eq!(labels(&page.click("1 where the rating and the facts disagree").await), ["I"]);
    assert_eq!(labels(&page.click("1 with a later date asked for").await), ["K"]);
}

#[tokio::test]
async fn a_row_says_what_slipped_what_was_merged_and_what_nobody_wrote() {
    let site = Site::appendix_b().await;
    let page = open(&site, MANAGER, "").await;
    let aiii = row(&page, "Aiii");
    assert_eq!(aiii[2], "Sept 2017 Overdue by 68 days");
    assert!(
        aiii[1].contains("Suggested: Off track Deadline passed 68 days ago, no completion stated"),
        "{}",
        aiii[1]
    );
    assert!(row(&page, "Av")[1].contains("Merged into Eii"));
    assert!(row(&page, "I")[1].contains("The rating and the facts disagree"));
    assert!(row(&page, "K")[2].ends_with("March 2018 asked for"));
    assert_eq!(row(&page, "J")[5], "No update received");
    assert!(row(&page, "B")[1].contains("continues as business as usual"));
    assert_eq!(row(&page, "Aiv")[3], "N/A");
    assert_eq!(row(&page, "Ai")[6].split(' ').next(), Some("✓"), "a rating has its symbol");
    let f = row(&page, "F");
    assert!(f[0].contains("Varied, agreed by") && f[0].contains("Was:") && f[0].contains("Now:"), "{}", f[0]);
}

#[tokio::test]
async fn the_filter_for_a_lead_shows_the_13_actions_of_the_risk_and_resilience_manager() {
    let site = Site::appendix_b().await;
    let page = open(&site, MANAGER, "").await;
    let record = site.record().await;
    let post = record.posts.iter().find(|p| p.name == "Risk and Resilience Manager").unwrap().id.to_string();
    let page = page.form("Apply filter").set("lead", &post).submit().await;
    assert_eq!(labels(&page).len(), 13);
    assert!(page.main().contains("13 of 22 actions shown"));
    let page = page.form("Apply filter").set("lead", "none").submit().await;
    assert_eq!(labels(&page), ["Aiv"]);
    assert_eq!(labels(&page.click("Clear filter").await).len(), 22);
}

#[tokio::test]
async fn what_is_overdue_on_7_december_2017_is_aiii_avii_and_d() {
    each_database(async |site| {
        let page = open(&site, MANAGER, "").await.form("Apply filter").tick("overdue").submit().await;
        assert_eq!(labels(&page), ["Aiii", "Avii", "D"]);
        assert_eq!(labels(&open(&site, MANAGER, "?show=passed").await).len(), 12);
    })
    .await;
}

#[tokio::test]
async fn each_filter_narrows_the_table_by_itself_and_with_the_others() {
    let site = Site::appendix_b().await;
    for (query, expected) in [
        ("?rating=complete", 11),
        ("?rating=not_recorded", 11),
        ("?suggested=complete", 11),
        ("?suggested=off_track", 4),
        ("?suggested=nothing_against", 6),
        ("?state=merged", 2),
        ("?show=unknown", 1),
        ("?no-update=yes", 0),
        ("?q=CEOP+AMBASSADOR", 5),
        ("?rating=complete&suggested=off_track", 1),
        ("?suggested=off_track&q=digital+leaders", 1),
    ] {
        assert_eq!(labels(&open(&site, MANAGER, query).await).len(), expected, "{query}");
    }
    let nothing = open(&site, MANAGER, "?no-update=yes").await;
    assert!(nothing.main().contains("Nothing matches this filter"));
}

#[tokio::test]
async fn words_are_found_whatever_their_quotation_marks() {
    let site = Site::appendix_b().await;
    let page = open(&site, MANAGER, "?q=%22Voice+of+the+child%22").await;
    assert_eq!(labels(&page), ["Aiii"]);
}

#[tokio::test]
async fn sort_links_keep_the_filter_and_a_new_filter_keeps_the_order() {
    let site = Site::appendix_b().await;
    let page = open(&site, MANAGER, "?suggested=off_track&q=the").await;
    let sorted = page.click("By when").await;
    assert_eq!(sorted.path, "/plans/appendix-b?suggested=off_track&q=the&sort=deadline");
    assert_eq!(sorted.attributes(&format!("{TABLE} th[aria-sort]"), "aria-sort"), ["ascending"]);
    let again = sorted.form("Apply filter").set("q", "").submit().await;
    assert!(
        again.path.contains("sort=deadline") && again.path.contains("suggested=off_track"),
        "{}",
        again.path
    );
    assert_eq!(labels(&again), ["Aiii", "Avii", "D", "I"]);
}

#[tokio::test]
async fn the_table_stands_in_the_order_that_was_asked_for() {
    let site = Site::appendix_b().await;
    let by_date = labels(&open(&site, MANAGER, "?sort=deadline").await);
    assert_eq!(by_date.first().map(String::as_str), Some("B"), "July 2017 is the earliest");
    assert_eq!(by_date.last().map(String::as_str), Some("G"), "March 2018 is the latest");
    let by_lead = labels(&open(&site, MANAGER, "?sort=lead").await);
    assert_eq!(by_lead.first().map(String::as_str), Some("Eii"), "Communications Manager");
    let by_rating = labels(&open(&site, MANAGER, "?sort=rating").await);
    assert_eq!(by_rating[..5], ["Aiii", "Avii", "D", "I", "K"]);
}

#[tokio::test]
async fn as_at_an_earlier_day_the_plan_says_what_was_known_then() {
    let site = Site::appendix_b().await;
    let page = open(&site, MANAGER, "?as-at=1+October+2017").await;
    assert!(page.h1().ends_with("as at 1 October 2017"), "{}", page.h1());
    assert_eq!(
        page.select(&format!("{TABLE} thead th")).last().map(String::as_str),
        Some("Update / RAG Sept 2017")
    );
    assert!(!page.main().contains("Merged into"));
    assert_eq!(labels(&open(&site, MANAGER, "?as-at=2017-12-07&overdue=yes").await), ["Aiii", "Avii", "D"]);
}

#[tokio::test]
async fn a_day_that_is_none_or_has_not_come_is_refused_in_words() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    for (typed, words) in [
        ("31+Feb+2017", "31 February 2017 is not a real date: February 2017 has 28 days"),
        ("8+December+2017", "Choose a day up to 7 December 2017: what comes later is not known"),
        ("soon", "Enter one day, for example 19 February 2018"),
    ] {
        let page = browser.get(&format!("/plans/appendix-b?overdue=yes&as-at={typed}")).await;
        assert_eq!((page.status, page.errors()), (422, vec![words.to_owned()]));
        assert_eq!(labels(&page), ["Aiii", "Avii", "D"], "the rest of the filter still holds");
    }
}

#[tokio::test]
async fn the_page_takes_at_most_16_statements_for_22_and_for_200_actions() {
    each_database(async |site| {
        let manager = site.actor(MANAGER).await;
        let plan = site.record().await.plan.id;
        let (site, statements) = site.counting();
        let browser = site.sign_in_as(MANAGER).await;
        for actions in [22, 200] {
            for n in site.record().await.actions.len()..actions {
                let text = format!("Another thing to do, number {n}");
                command::action::create(&site.cx, &manager, plan, &draft(&text), "March 2018").await.unwrap();
            }
            for address in ["/plans/appendix-b", "/plans/appendix-b?rounds=all&as-at=7+Dec+2017", "/plans"] {
                statements.take();
                let page = browser.get(address).await;
                let taken = statements.take();
                // The session, and the fourteen of a record.
                assert!(taken <= 16, "{address} with {actions} actions took {taken}");
                if address != "/plans" {
                    assert_eq!(labels(&page).len(), actions);
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_panel_member_sees_nothing_of_an_update_that_is_not_published() {
    each_database(async |site| {
        let lead = site.actor(MAP_COORDINATOR).await;
        let action = site.action("G").await;
        site.go_to(day("2017-12-14"));
        let mut update = UpdateDraft::of("Half a thought about the posters");
        update.reported = scrutiny_tracker::domain::rating::Rating::Complete;
        update.outcome_not_known = true;
        let led = site.whole_action("G").await;
        let writer = if lead.answers_for(&led) { lead } else { site.actor(MANAGER).await };
        command::update::add(&site.cx, &writer, action, &update, None).await.unwrap();

        let manager = open(&site, MANAGER, "").await;
        assert_eq!(
            manager.select(&format!("{TABLE} thead th")).last().map(String::as_str),
            Some("Update / RAG since 7 December 2017")
        );
        assert!(manager.main().contains("Half a thought"));
        assert!(manager.select(".lead-sentence")[0].contains("12 of 22 actions are complete"));

        let member = open(&site, PANEL_MEMBER, "").await;
        assert!(!member.body().contains("Half a thought"));
        assert!(member.select(".lead-sentence")[0].contains("11 of 22 actions are complete"));
        assert_eq!(member.select(&format!("{TABLE} thead th")).len(), 7);
        assert!(labels(&open(&site, PANEL_MEMBER, "?q=half+a+thought").await).is_empty());
        let list = site.sign_in_as(PANEL_MEMBER).await.get("/plans").await;
        assert!(list.main().contains("11 ✓ Complete"), "{}", list.main());
    })
    .await;
}

#[tokio::test]
async fn only_those_who_may_change_a_plan_are_offered_to() {
    let site = Site::appendix_b().await;
    // Appendix B is agreed: its recommendations are the scrutiny officer’s.
    let offers: [(&str, &[&str]); 4] = [
        (MANAGER, &["Add action", "Edit plan"]),
        (SCRUTINY_OFFICER, &["Add recommendation", "Plan a round"]),
        (MAP_COORDINATOR, &[]),
        (PANEL_MEMBER, &[]),
    ];
    for (email, offered) in offers {
        let page = open(&site, email, "").await;
        let links = page.select("main a");
        for words in ["Add recommendation", "Add action", "Edit plan", "Plan a round"] {
            assert_eq!(links.iter().any(|l| l == words), offered.contains(&words), "{email}: {words}");
        }
        for words in ["Dashboard", "RAG key", "History", "CSV", "Excel", "JSON"] {
            assert!(links.iter().any(|l| l == words), "{email}: {words}");
        }
    }
}

#[tokio::test]
async fn who_holds_a_post_is_said_to_leads_and_not_to_the_panel() {
    let site = Site::appendix_b().await;
    let manager = site.actor(MANAGER).await;
    let plan = site.record().await.plan.id;
    let post = create_post(&site.cx, &manager, "Designated Safeguarding Lead", None).await.unwrap();
    let mut draft = draft("Look into it");
    draft.leads = vec![scrutiny_tracker::domain::post::Lead::Post { post, named: None }];
    draft.lead_wording = "Designated Safeguarding Lead".to_owned();
    command::action::create(&site.cx, &manager, plan, &draft, "").await.unwrap();
    assert_eq!(row(&open(&site, MANAGER, "").await, "Action 2")[3], "Designated Safeguarding Lead Vacant");
    assert_eq!(row(&open(&site, PANEL_MEMBER, "").await, "Action 2")[3], "Designated Safeguarding Lead");
    assert_eq!(row(&open(&site, MANAGER, "").await, "Action 2")[2], "No date given");
}

#[tokio::test]
async fn a_rejected_recommendation_stands_in_the_table_with_its_reason_and_without_a_rating() {
    each_database(async |site| {
        let plan = site.record().await.plan.id;
        let rejected = RecommendationDraft {
            printed: Some("L".to_owned()),
            reference: Some("L".to_owned()),
            text: "That every school bans telephones".to_owned(),
            response: Some(Response::Rejected),
            response_text: Some("It is for governors to decide".to_owned()),
            response_on: Some(day("2017-11-01")),
            sent_on: None,
        };
        command::plan::create_recommendation(&site.cx, &site.actor(SCRUTINY_OFFICER).await, plan, &rejected)
            .await
            .unwrap();
        let page = open(&site, PANEL_MEMBER, "").await;
        let rows = page.rows(TABLE);
        assert_eq!(rows.len(), 23);
        let last = rows.last().unwrap();
        assert!(
            last[0].starts_with("L) That every school bans telephones Executive response: rejected"),
            "{}",
            last[0]
        );
        assert!(last[0].ends_with("It is for governors to decide"));
        assert_eq!(last[1], "No action: not rated");
        assert!(page.main().contains("22 of 22 actions shown, and 1 recommendation without one"));
        assert!(page.select(".lead-sentence")[0].contains("of 22 actions"));
    })
    .await;
}

#[tokio::test]
async fn a_script_in_a_text_is_text() {
    let site = Site::appendix_b().await;
    let manager = site.actor(MANAGER).await;
    let hostile = "<script>alert('x')</script> & \"quotes\" 😀";
    let action = site.action("G").await;
    command::update::add(&site.cx, &manager, action, &UpdateDraft::of(hostile), None).await.unwrap();
    // The browser of the tests fails on any script in a page.
    let page = open(&site, MANAGER, "?q=%3Cscript%3E").await;
    assert_eq!(labels(&page), ["G"]);
    assert!(row(&page, "G").last().unwrap().contains(hostile));
    assert_eq!(page.form("Apply filter").value("q"), "<script>");
}

#[tokio::test]
async fn the_list_of_plans_counts_each_and_leads_to_its_pages() {
    each_database(async |site| {
        let page = site.sign_in_as(MANAGER).await.get("/plans").await;
        let rows = page.rows("main table");
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0][1], "11 – Not recorded 11 ✓ Complete");
        assert_eq!(
            rows[0][2],
            "4 Suggested: Off track 1 Suggested: At risk 6 Suggested: Nothing against it 11 Suggested: Complete"
        );
        assert_eq!((rows[0][3].as_str(), rows[0][4].as_str()), ("3", "0"));
        assert_eq!(rows[0][6], "Risk and Resilience Manager");
        let title = site.record().await.plan.title;
        assert_eq!(page.link(&title), path::plan(APPENDIX_B));
        assert_eq!(page.link(&format!("Dashboard of {title}")), path::dashboard(APPENDIX_B));
        assert_eq!(page.link("New plan"), "/plans/new");
    })
    .await;
}

#[tokio::test]
async fn the_key_page_says_what_both_kinds_of_rating_mean() {
    let site = Site::appendix_b().await;
    let page = open(&site, PANEL_MEMBER, "/key").await;
    assert_eq!(page.count("main table"), 2);
    assert!(page.main().contains("not stated in the source"));
    for words in ["Suggested: Off track", "Suggested: At risk", "Suggested: Nothing against it"] {
        assert!(page.select(".suggested").iter().any(|s| s == words), "{words}");
    }
}

#[tokio::test]
async fn a_plan_that_is_not_there_is_not_found() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    for address in
        ["/plans/appendix-c", "/plans/appendix-c/key", "/plans/appendix-c/edit", "/recommendations/999/edit"]
    {
        assert_eq!(browser.get(address).await.status, 404, "{address}");
    }
}
