//! Asking for another date and deciding on it, through the pages.

use scrutiny_tracker::domain::id::RevisionId;

use crate::{
    steps::{action_page, change_plan, fact, work},
    support::{
        EDUCATION_LEAD, Form, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, SCRUTINY_OFFICER, Site, day,
        each_database,
    },
};

async fn asking(site: &Site, who: &str, label: &str) -> Form {
    let browser = site.sign_in_as(who).await;
    browser
        .get(&format!("/actions/{}/deadlines/new", site.action(label).await))
        .await
        .form("Ask for this date")
}

/// The date that K asks for.
async fn march_2018(site: &Site) -> RevisionId {
    site.whole_action("K").await.asked_at(site.today()).expect("it is asked for").id
}

async fn deciding(site: &Site) -> Form {
    let path = format!("/deadlines/{}/decision", march_2018(site).await);
    site.sign_in_as(SCRUTINY_OFFICER).await.get(&path).await.form("Record the decision")
}

#[tokio::test]
async fn a_date_that_is_asked_for_changes_nothing_until_it_is_granted() {
    each_database(async |site| {
        let form = asking(&site, EDUCATION_LEAD, "Aiii").await;
        let page =
            form.set("wording", "End of March 2018").set("reason", "The green paper is late").submit().await;
        assert!(
            page.main()
                .contains("End of March 2018 asked for on Aiii. Until it is granted, the deadline stays")
        );
        assert!(fact(&page, "By when").starts_with("Sept 2017 Overdue by 68 days"));
        assert!(
            fact(&page, "By when").contains("End of March 2018 asked for by Education Safeguarding Lead")
        );
        let again = site
            .sign_in_as(EDUCATION_LEAD)
            .await
            .get(&format!("/actions/{}/deadlines/new", site.action("Aiii").await))
            .await;
        assert!(again.main().contains("A date is asked for already"));
        assert_eq!(again.count("main form"), 0);
    })
    .await;
}

#[tokio::test]
async fn a_day_that_does_not_exist_is_an_error_in_words_with_everything_kept() {
    let site = Site::appendix_b().await;
    let page = asking(&site, EDUCATION_LEAD, "Aiii").await.set("wording", "31 Feb 2018").submit().await;
    assert_eq!(page.status, 422);
    assert_eq!(
        page.errors(),
        ["31 February 2018 is not a real date: February 2018 has 28 days", "Say why another date is needed"]
    );
    assert_eq!(page.attributes("#wording", "value"), ["31 Feb 2018"]);
    let page = asking(&site, EDUCATION_LEAD, "Aiii").await.submit().await;
    assert_eq!(page.errors(), ["Write the date that you ask for", "Say why another date is needed"]);
}

#[tokio::test]
async fn words_with_two_readings_offer_both() {
    each_database(async |site| {
        let form = asking(&site, EDUCATION_LEAD, "Aiii").await.set("reason", "Summer is busy");
        let page = form.set("wording", "July 18").submit().await;
        assert_eq!(page.errors(), ["“July 18” can be read in two ways: choose the one that you mean"]);
        let offered = page.attributes("input[name=reading]", "value");
        assert_eq!(offered, ["July 2018", "18 July 2018"]);
        let page = page.form("Ask for this date").set("reading", "18 July 2018").submit().await;
        assert!(page.main().contains("18 July 2018 asked for on Aiii"), "{}", page.main());
        let asked = site.whole_action("Aiii").await;
        assert_eq!(asked.asked_at(site.today()).unwrap().latest(), Some(day("2018-07-18")));
    })
    .await;
}

#[tokio::test]
async fn the_page_says_how_the_deadline_was_read_and_who_grants() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(EDUCATION_LEAD).await;
    let path = format!("/actions/{}/deadlines/new", site.action("Aiii").await);
    let page = browser.get(&path).await;
    assert_eq!(fact(&page, "By when"), "Sept 2017");
    assert_eq!(fact(&page, "Read as"), "the whole of September 2017 (1 to 30 September)");
    assert!(
        page.main()
            .contains("Nothing changes until the date is granted. In this plan later dates are the panel’s")
    );
    change_plan(&site, |plan| plan.panel_grants_dates = false).await;
    assert!(browser.get(&path).await.main().contains("In this plan a manager can grant it"));
}

#[tokio::test]
async fn a_complete_action_needs_no_other_date() {
    let site = Site::appendix_b().await;
    let id = site.action("Aii").await;
    let browser = site.sign_in_as(MAP_COORDINATOR).await;
    let path = format!("/actions/{id}/deadlines/new");
    let page = browser.get(&path).await;
    assert!(page.main().contains("Aii is complete."));
    let page = browser.post(&path, &[("wording", "May 2018"), ("reason", "none")]).await;
    assert_eq!(
        (page.status, page.errors()),
        (422, vec!["Aii is complete: it needs no other date".to_owned()])
    );
}

#[tokio::test]
async fn a_granted_date_is_in_force_and_the_original_is_kept_with_the_slippage() {
    each_database(async |site| {
        site.go_to(day("2018-02-20"));
        let form = deciding(&site).await;
        let by = "Community Safety and Leisure Scrutiny Panel";
        assert!(form.fields().contains(&("by".to_owned(), by.to_owned())), "{:?}", form.fields());
        let form = form.set("decision", "granted").set("on", "19 February 2018").set("reason", "Minute 12");
        let page = form.submit().await;
        assert!(page.main().contains("March 2018 granted for K"));
        let by_when = fact(&page, "By when");
        assert!(by_when.starts_with("March 2018 39 days to go"), "{by_when}");
        assert!(by_when.contains("2 months later than first agreed"), "{by_when}");
        assert!(by_when.contains("First agreed: Jan 2018"), "{by_when}");
        assert!(by_when.contains(&format!("Granted by {by} on 19 February 2018: Minute 12")), "{by_when}");
        assert!(page.select(".timeline h3").contains(&"March 2018 granted".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_needs_its_reason_and_changes_no_date() {
    each_database(async |site| {
        let form = deciding(&site).await.set("decision", "refused").set("on", "7 December 2017");
        let page = form.submit().await;
        assert_eq!(page.errors(), ["Say why it was refused: whoever asked for it will read this"]);
        let page =
            page.form("Record the decision").set("reason", "The panel meets in January").submit().await;
        let by_when = fact(&page, "By when");
        assert!(by_when.starts_with("Jan 2018 55 days to go"), "{by_when}");
        assert!(!by_when.contains("not decided"), "{by_when}");
        assert!(by_when.contains("Refused by"), "{by_when}");
    })
    .await;
}

#[tokio::test]
async fn whoever_answers_for_an_action_is_told_next_morning_what_was_decided_on_its_date_without_the_reason()
{
    each_database(async |site| {
        let decided = async |granted: &str| {
            let form = deciding(&site).await.set("decision", granted).set("on", "7 December 2017");
            form.set("reason", "Staff are on leave").submit().await;
            site.go_to(day("2017-12-08"));
            work(&site).await;
            let (subject, text) = site.mailed(MANAGER).await.remove(0);
            assert!(subject.contains("1 date decided"), "{subject}");
            assert!(!text.contains("Staff are on leave"), "{text}");
            text
        };
        let text = decided("refused").await;
        assert!(text.contains("DATES THAT WERE DECIDED ON"), "{text}");
        assert!(text.contains("March 2018 not agreed: the deadline stays Jan 2018"), "{text}");
        site.go_to(day("2017-12-11"));
        work(&site).await;
        let mailed = site.mailed(MANAGER).await;
        let told = mailed.iter().filter(|(_, text)| text.contains("March 2018 not agreed")).count();
        assert_eq!(told, 1, "{mailed:?}");
    })
    .await;
    let site = Site::appendix_b().await;
    deciding(&site).await.set("decision", "granted").set("on", "7 December 2017").submit().await;
    site.go_to(day("2017-12-08"));
    work(&site).await;
    let (_, text) = site.mailed(MANAGER).await.remove(0);
    assert!(text.contains("March 2018 agreed: it is the deadline now"), "{text}");
}

#[tokio::test]
async fn the_day_of_a_decision_lies_neither_ahead_nor_before_the_asking() {
    let site = Site::appendix_b().await;
    let form = deciding(&site).await.set("decision", "granted");
    let page = form.clone().set("on", "8 December 2017").submit().await;
    assert_eq!(page.errors(), ["The day of the decision can’t lie in the future"]);
    let page = form.clone().set("on", "1 September 2017").submit().await;
    assert_eq!(
        page.errors(),
        ["The date was asked for on 30 September 2017: it can’t have been decided before"]
    );
    let page = form.set("by", "").submit().await;
    assert_eq!(
        page.errors(),
        ["Say who decided: the body and its meeting, or the post", "Enter the day of the decision"]
    );
}

#[tokio::test]
async fn an_officer_grants_only_where_the_plan_lets_officers() {
    each_database(async |site| {
        let form = deciding(&site).await;
        assert!(!form.names().contains(&"decider".to_owned()), "the panel grants here");
        change_plan(&site, |plan| plan.panel_grants_dates = false).await;
        let form = deciding(&site)
            .await
            .set("decision", "granted")
            .set("on", "7 Dec 2017")
            .set("by", "The director");
        let page = form.submit().await;
        assert_eq!(page.errors(), ["Choose whose decision it was"]);
        let page = page.form("Record the decision").set("decider", "officer").submit().await;
        assert!(page.main().contains("March 2018 granted for K"));
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_decisions_is_shown_the_first_and_loses_no_word() {
    each_database(async |site| {
        let (one, two) = (deciding(&site).await, deciding(&site).await);
        one.set("decision", "granted").set("on", "7 Dec 2017").submit().await;
        let second = two.set("decision", "refused").set("on", "7 Dec 2017").set("reason", "Too late already");
        let page = second.submit().await;
        assert_eq!(page.status, 409);
        assert!(page.main().contains("This date has been decided"));
        assert!(page.main().contains("Granted by Community Safety and Leisure Scrutiny Panel"));
        assert!(page.main().contains("Too late already"));
    })
    .await;
}

#[tokio::test]
async fn only_those_who_may_ask_and_decide() {
    let site = Site::appendix_b().await;
    let decision = format!("/deadlines/{}/decision", march_2018(&site).await);
    let ask = format!("/actions/{}/deadlines/new", site.action("K").await);
    for who in [MAP_COORDINATOR, PANEL_MEMBER] {
        let browser = site.sign_in_as(who).await;
        let page = browser.get(&decision).await;
        assert_eq!(page.status, 403, "{who}");
        let who =
            "Only a manager, in a plan where officers may grant dates, or a scrutiny officer can do this";
        assert!(page.main().contains(who), "{}", page.main());
        assert_eq!(browser.get(&ask).await.status, 403, "{who}");
        assert_eq!(
            browser.post(&ask, &[("wording", "May 2018"), ("reason", "x")]).await.status,
            403,
            "{who}"
        );
    }
}

#[tokio::test]
async fn a_manager_decides_where_officers_may_and_else_passes_it_to_the_panel() {
    let site = Site::appendix_b().await;
    let manager = site.sign_in_as(MANAGER).await;
    let decision = format!("/deadlines/{}/decision", march_2018(&site).await);
    assert_eq!(manager.get(&decision).await.status, 403);
    change_plan(&site, |plan| plan.panel_grants_dates = false).await;
    assert_eq!(manager.get(&decision).await.status, 200);
}

#[tokio::test]
async fn the_original_deadline_is_nothing_to_decide_on() {
    let site = Site::appendix_b().await;
    let original = site.whole_action("K").await.original().unwrap().id;
    let page = site.sign_in_as(SCRUTINY_OFFICER).await.get(&format!("/deadlines/{original}/decision")).await;
    assert_eq!(page.status, 404);
}

#[tokio::test]
async fn a_lead_is_not_told_to_change_a_date_while_one_is_asked_for() {
    let site = Site::appendix_b().await;
    let page = action_page(&site, &site.sign_in_as(MANAGER).await, "K").await;
    assert!(!page.select("main .button").contains(&"Change the deadline".to_owned()));
}

#[tokio::test]
async fn a_date_that_is_asked_for_can_be_withdrawn_until_it_is_decided_and_its_words_stay() {
    each_database(async |site| {
        let form = asking(&site, EDUCATION_LEAD, "Aiii").await;
        form.set("wording", "End of March 2018").set("reason", "The green paper is late").submit().await;
        let lead = site.sign_in_as(EDUCATION_LEAD).await;
        let page = action_page(&site, &lead, "Aiii").await.click("Withdraw End of March 2018").await;
        assert!(page.main().contains("The green paper is late"), "{}", page.main());
        let form = page.form("Withdraw it");
        let page = form.submit().await;
        assert!(page.main().contains("End of March 2018 is not asked for any more"), "{}", page.main());
        assert!(page.main().contains("End of March 2018 withdrawn"), "in the timeline: {}", page.main());
        assert!(fact(&page, "By when").contains("Withdrawn by the action’s lead on 7 December 2017"));
        let action = site.whole_action("Aiii").await;
        assert_eq!(action.asked_at(site.today()), None);
        assert_eq!(action.deadline_at(site.today()).unwrap().wording, "Sept 2017");
        assert_eq!(form.submit().await.errors(), ["End of March 2018 was withdrawn already"]);
        // Another can be asked for, and one that was asked for by somebody else's action is not theirs.
        let page = asking(&site, EDUCATION_LEAD, "Aiii").await;
        page.set("wording", "April 2018").set("reason", "Later still").submit().await;
        assert!(site.whole_action("Aiii").await.asked_at(site.today()).is_some());
        let of_k = format!("/deadlines/{}/withdrawal", march_2018(&site).await);
        assert_eq!(lead.get(&of_k).await.status, 403);
        assert_eq!(site.sign_in_as(PANEL_MEMBER).await.get(&of_k).await.status, 403);
        site.sign_in_as(MANAGER).await.get(&of_k).await.form("Withdraw it").submit().await;
        assert_eq!(site.whole_action("K").await.asked_at(site.today()), None);
    })
    .await;
}
