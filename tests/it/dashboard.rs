//! The dashboard of Appendix B: its figures as at any day, where they lead, and who sees what.

use scrutiny_tracker::{
    command,
    domain::{
        action::Decider,
        dashboard::{Dashboard, Heat},
        rating::{Disagreement, Rating, Suggested},
        standing::Standing,
        update::{Promise, UpdateDraft},
    },
};

use crate::support::{
    APPENDIX_B, EDUCATION_LEAD, MANAGER, PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site, day, each_database,
};

const PATH: &str = "/plans/appendix-b/dashboard";

fn labels(standings: &[&Standing<'_>]) -> String {
    standings.iter().map(|s| s.action.label.as_str()).collect::<Vec<_>>().join(" ")
}

async fn write(site: &Site, label: &str, draft: &UpdateDraft) {
    let actor = site.actor(MANAGER).await;
    command::update::add(&site.cx, &actor, site.action(label).await, draft, None).await.expect("an update");
}

/// The table that stands under a caption, row by row.
fn table(page: &Page, caption: &str) -> Vec<Vec<String>> {
    let names = page.select("table > caption");
    let at =
        names.iter().position(|n| n == caption).unwrap_or_else(|| panic!("no table {caption}: {names:?}"));
    let table = page.elements("table").nth(at).expect("the table");
    let (row, cell) =
        (scraper::Selector::parse("tbody tr").unwrap(), scraper::Selector::parse("th, td").unwrap());
    let fold = |words: String| words.split_whitespace().collect::<Vec<_>>().join(" ");
    table.select(&row).map(|r| r.select(&cell).map(|c| fold(c.text().collect())).collect()).collect()
}

#[tokio::test]
async fn as_at_7_december_2017_the_figures_are_those_of_appendix_b() {
    each_database(async |site| {
        let record = site.record().await;
        let board = Dashboard::at(&record, day("2017-12-07"), |_| true);
        let suggested = |rating| labels(&board.suggested(rating));
        assert_eq!(suggested(Suggested::Complete), "Action 1 Ai Aii Aiv Av Avi B C Eii H I-iii");
        assert_eq!(suggested(Suggested::OffTrack), "Aiii Avii D I");
        assert_eq!(suggested(Suggested::AtRisk), "K");
        assert_eq!(suggested(Suggested::NothingAgainst), "Aviii Ei F G I-ii J");
        assert_eq!(labels(&board.disagreeing(Disagreement::FactsWorse)), "I");
        assert_eq!(labels(&board.disagreeing(Disagreement::LeadMoreWorried)), "");
        assert_eq!(board.having(|s| s.passed).len(), 12);
        let overdue: Vec<_> =
            board.standings.iter().filter_map(|s| Some((s.action.label.as_str(), s.overdue_days?))).collect();
        assert_eq!(overdue, [("Aiii", 68), ("Avii", 7), ("D", 7)]);
        let unknown: Vec<_> =
            board.unknown_facts().iter().map(|(s, n)| (s.action.label.as_str(), *n)).collect();
        assert_eq!(unknown, [("D", 2)]);
        assert_eq!(labels(&board.without_update()), "");
        assert_eq!(board.reported(Rating::Complete).len(), 11);
        assert_eq!(board.reported(Rating::NotRecorded).len(), 11);
    })
    .await;
}

#[tokio::test]
async fn the_heat_strip_shows_j_without_update_in_september_and_nobody_else() {
    let site = Site::appendix_b().await;
    let record = site.record().await;
    let board = Dashboard::at(&record, day("2017-12-07"), |_| true);
    let empty: Vec<_> = board
        .standings
        .iter()
        .zip(board.heat())
        .filter(|(_, cells)| cells.contains(&Heat::Empty))
        .map(|(s, cells)| (s.action.label.as_str(), cells[0]))
        .collect();
    assert_eq!(empty, [("J", Heat::Empty)]);
    let rows = table(
        &site.sign_in_as(MANAGER).await.get(PATH).await,
        "Ratings by round, Digital Safeguarding - Sexting and Youth Produced sexual Imagery",
    );
    assert_eq!(rows.len(), 22);
    let j = rows.iter().find(|r| r[0].starts_with("J ")).expect("J");
    assert_eq!(j[1..], ["No update received", "Suggested: Nothing against it", "= No change"]);
}

#[tokio::test]
async fn with_nobody_writing_actions_turn_at_risk_and_off_track_on_their_days() {
    let site = Site::appendix_b().await;
    let record = site.record().await;
    let of = |label: &str, on: &str| {
        let board = Dashboard::at(&record, day(on), |_| true);
        let found = board.standings.iter().find(|s| s.action.label == label);
        found.map(|s| s.suggestion.rating).expect("an action")
    };
    for (label, on, rating) in [
        ("Aviii", "2018-01-04", Suggested::NothingAgainst),
        ("Aviii", "2018-01-05", Suggested::AtRisk),
        ("Aviii", "2018-01-31", Suggested::AtRisk),
        ("Aviii", "2018-02-01", Suggested::OffTrack),
    ] {
        assert_eq!(of(label, on), rating, "{label} on {on}");
    }
    for label in ["Ei", "F", "I-ii", "J"] {
        for (on, rating) in [
            ("2018-01-30", Suggested::NothingAgainst),
            ("2018-01-31", Suggested::AtRisk),
            ("2018-02-28", Suggested::AtRisk),
            ("2018-03-01", Suggested::OffTrack),
        ] {
            assert_eq!(of(label, on), rating, "{label} on {on}");
        }
    }
}

#[tokio::test]
async fn the_page_begins_with_a_sentence_that_can_be_read_aloud() {
    each_database(async |site| {
        let page = site.sign_in_as(MANAGER).await.get(PATH).await;
        assert_eq!(page.status, 200);
        assert_eq!(
            page.select(".lead-sentence").concat(),
            "On 7 December 2017, 11 of 22 actions are complete by what is said and known; 4 are off track, 3 of them \
             overdue and 1 merged into an action that is overdue; 1 is at risk; nothing speaks against the other 6. \
             The panel’s agreement is recorded for none of the completions."
        );
    })
    .await;
}

#[tokio::test]
async fn where_to_look_first_names_what_it_counts() {
    let site = Site::appendix_b().await;
    let rows = table(&site.sign_in_as(MANAGER).await.get(PATH).await, "Where to look first");
    let row = |count: &str, which: &str| vec![count.to_owned(), which.to_owned()];
    assert_eq!(
        rows,
        [
            row("3 overdue of 22", "Aiii (68 days), Avii (7 days), D (7 days)"),
            row("3 overdue of 22 on the date first agreed", "Aiii (68 days), Avii (7 days), D (7 days)"),
            row(
                "12 of 22 deadlines passed, whatever became of the action",
                "Action 1, Ai, Aii, Aiii, Aiv, Av, Avi, Avii, B, D, Eii, H"
            ),
            row("0 of 22: No update received for 7 Dec 2017", "None"),
            row("0 of 22 with no date to judge by", "None"),
            row("1 of 22 where the facts are worse than the rating", "I"),
        ]
    );
}

#[tokio::test]
async fn every_count_that_is_a_link_leads_to_as_many_rows_of_the_plan() {
    let site = Site::appendix_b().await;
    site.go_to(day("2018-02-10"));
    let browser = site.sign_in_as(MANAGER).await;
    for address in [PATH.to_owned(), format!("{PATH}?as-at=2017-12-07")] {
        let page = browser.get(&address).await;
        let counts: Vec<(String, String)> = page
            .select(".count a")
            .into_iter()
            .zip(page.attributes(".count a", "href"))
            .filter(|(words, _)| !words.starts_with("0 "))
            .collect();
        assert!(counts.len() >= 6, "{counts:?}");
        for (words, href) in counts {
            let number: usize = words.split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
            let rows = browser.get(&href).await.rows("table.table-plan").len();
            assert_eq!(rows, number, "{words}: {href}");
        }
    }
}

#[tokio::test]
async fn what_changed_since_september_is_what_the_december_column_says() {
    let site = Site::appendix_b().await;
    let page = site.sign_in_as(MANAGER).await.get(PATH).await;
    let first_words = |caption: &str| {
        let rows = table(&page, caption);
        rows.iter()
            .map(|r| r[0].split(' ').next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(first_words("Worse"), "Aiii Avii D I");
    assert_eq!(first_words("Newly complete"), "Action Ai Aii Aiv Av Avi B C Eii H I-iii");
    let worse = table(&page, "Worse");
    assert_eq!(worse[0][1], "Suggested: Nothing against it");
    assert!(worse[0][2].contains("deadline passed 68 days ago, no completion stated"), "{:?}", worse[0]);
    assert_eq!(worse[0][3], "↓ Worse");
    assert!(
        page.main().contains("Since Sept 2017: 0 better, 4 worse, 11 newly complete and 7 without change."),
        "{}",
        page.main()
    );
}

#[tokio::test]
async fn direction_of_travel_is_told_from_round_to_round_and_for_each_action() {
    let site = Site::appendix_b().await;
    site.go_to(day("2018-02-01"));
    let page = site.sign_in_as(MANAGER).await.get(PATH).await;
    assert_eq!(
        table(&page, "Direction of travel, round by round"),
        [
            ["Sept 2017 to 7 Dec 2017", "0", "↓ 4", "✓ 11", "= 7", "0"],
            // Aviii and K have passed; Ei, F, I-ii and J are due within 28 days.
            ["7 Dec 2017 to 1 February 2018", "0", "↓ 6", "0", "= 16", "0"],
        ]
    );
    let went = |label: &str| {
        let rows = table(
            &page,
            "Ratings by round, Digital Safeguarding - Sexting and Youth Produced sexual Imagery",
        );
        rows.iter().find(|r| r[0].starts_with(label)).and_then(|r| r.last().cloned()).expect("a row")
    };
    assert_eq!((went("Aviii "), went("Ai ")), ("↓ Worse".to_owned(), "= No change".to_owned()));
    // The drawing has the symbol too, so that nobody needs its colours.
    assert!(page.select(".heat .heat-letter").contains(&"↓".to_owned()));
}

#[tokio::test]
async fn the_slippage_chart_has_every_date_and_says_the_same_in_a_table() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let caption =
        "Deadlines, first agreed and now, Digital Safeguarding - Sexting and Youth Produced sexual Imagery";
    let page = browser.get(PATH).await;
    let rows = table(&page, caption);
    assert_eq!(rows.len(), 22);
    let k = rows.iter().find(|r| r[0].starts_with("K ")).expect("K");
    assert_eq!(
        k[1..],
        ["Jan 2018", "Jan 2018", "As first agreed", "March 2018: 2 months later than first agreed"]
    );
    // A date that is asked for is a ring, and moves nothing.
    assert_eq!((page.count("circle.dates-wanted"), page.count("circle.dates-now")), (1, 22));
    assert_eq!(page.count("svg[aria-labelledby=dates-1-title][aria-describedby=dates-1-desc] > title"), 1);
    assert!(page.main().contains(
        "Of 22 actions with a date, none is due later than first agreed; another date is asked for and not decided for 1."
    ));

    let asked = site.whole_action("K").await.revisions.last().expect("asked for").id;
    let officer = site.actor(SCRUTINY_OFFICER).await;
    let verdict = command::deadline::Verdict {
        granted: true,
        on: site.today(),
        decider: Decider::Panel,
        by: "the panel".to_owned(),
        reason: None,
    };
    command::deadline::decide(&site.cx, &officer, asked, &verdict).await.expect("granted");
    let page = browser.get(PATH).await;
    let k = table(&page, caption).into_iter().find(|r| r[0].starts_with("K ")).expect("K");
    assert_eq!(k[1..], ["Jan 2018", "March 2018", "2 months later than first agreed", "None"]);
    assert_eq!(page.count("circle.dates-wanted"), 0);
    assert!(page.main().contains("1 is due later than first agreed, the furthest by 2 months (K)."));
    // The day before, nothing was granted yet.
    let before = browser.get(&format!("{PATH}?as-at=2017-12-06")).await;
    assert!(table(&before, caption).iter().all(|r| r[3] == "As first agreed"));
}

#[tokio::test]
async fn the_view_for_a_large_screen_says_the_same_and_leads_nowhere_but_back() {
    let site = Site::appendix_b().await;
    site.go_to(day("2018-02-10"));
    let browser = site.sign_in_as(PANEL_MEMBER).await;
    let sept = site.record().await.rounds[0].id;
    let shown = browser.get(&format!("{PATH}?as-at=2017-12-07&since={sept}")).await;
    let large = shown.click("Show it large, to be read from two metres").await;
    assert_eq!(large.status, 200);
    assert_eq!(large.select(".lead-sentence"), shown.select(".lead-sentence"));
    let words = large.main();
    for said in [
        "11 Complete of 22",
        "3 overdue of 22: Aiii (68 days), Avii (7 days) and D (7 days).",
        "Since Sept 2017: 0 better, 4 worse, 11 newly complete and 7 without change.",
        "↓ Worse: Aiii, Avii, D and I",
        "What the suggestions mean",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert_eq!(large.select("a[href]"), ["‹ Back to the dashboard"]);
    assert_eq!(
        (large.count("form"), large.count("header"), large.count("footer"), large.count("nav")),
        (0, 0, 0, 1)
    );
    let back = large.click("‹ Back to the dashboard").await;
    assert_eq!(back.path, format!("{PATH}?as-at=2017-12-07&since={sept}"));
    assert_eq!(back.select(".lead-sentence"), shown.select(".lead-sentence"));
}

#[tokio::test]
async fn changes_can_be_counted_from_an_earlier_round() {
    let site = Site::appendix_b().await;
    site.go_to(day("2018-02-01"));
    let browser = site.sign_in_as(MANAGER).await;
    let page = browser.get(PATH).await;
    assert!(page.main().contains("Between 7 Dec 2017 (7 December 2017) and 1 February 2018."));
    assert_eq!(table(&page, "Worse").iter().filter(|r| r[0].starts_with("Aviii ")).count(), 1);
    let page = page.click("Sept 2017").await;
    assert!(page.main().contains("Between Sept 2017 (30 September 2017) and 1 February 2018."));
    assert_eq!(table(&page, "Newly complete").len(), 11);
}

#[tokio::test]
async fn any_day_up_to_today_can_be_asked_for_as_people_write_it() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let form = browser.get(PATH).await.form("Show that day");
    for typed in ["31 Oct 2017", "31/10/17", "2017-10-31", " 31st October 2017 "] {
        let page = form.clone().set("as-at", typed).submit().await;
        let sentence = page.select(".lead-sentence").concat();
        // Nothing of December is known yet.
        assert!(sentence.starts_with("On 31 October 2017, none of 22 actions is complete"), "{sentence}");
        assert!(page.link("Show today").ends_with("/dashboard"));
    }
}

#[tokio::test]
async fn a_day_to_come_and_a_day_that_is_none_are_refused_in_words_with_what_was_typed() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    for (typed, message) in [
        (
            "8 Dec 2017",
            "Enter a day up to today, 7 December 2017: what the record will say later is not known",
        ),
        ("31 Feb 2017", "31 February 2017 is not a real date: February 2017 has 28 days"),
        ("soon", "Enter one day, for example 19 February 2018"),
        ("Sept 2017", "Enter one day, for example 19 February 2018"),
        ("<script>", "Enter one day, for example 19 February 2018"),
    ] {
        let page = browser.get(PATH).await.form("Show that day").set("as-at", typed).submit().await;
        assert_eq!((page.status, page.errors()), (422, vec![message.to_owned()]), "{typed}");
        assert_eq!(page.form("Show that day").value("as-at"), typed);
        assert!(page.title().starts_with("Error: "));
    }
}

#[tokio::test]
async fn the_panel_member_sees_nothing_of_what_is_not_published() {
    each_database(async |site| {
        let mut draft = UpdateDraft::of("Finished. Each alert goes to ?? schools.");
        draft.reported = Rating::Complete;
        draft.outcome_not_known = true;
        write(&site, "Aiii", &draft).await;
        let sentence = async |email| {
            let page = site.sign_in_as(email).await.get(PATH).await;
            (page.select(".lead-sentence").concat(), page.main())
        };
        for writer in [MANAGER, EDUCATION_LEAD] {
            let (words, main) = sentence(writer).await;
            // I goes with Aiii.
            assert!(words.contains("13 of 22 actions are complete"), "{writer}: {words}");
            assert!(main.contains("3 facts not known"));
        }
        let (words, main) = sentence(PANEL_MEMBER).await;
        assert!(words.contains("11 of 22 actions are complete"), "{words}");
        assert!(main.contains("2 facts not known") && main.contains("Counted from what is published."));
        assert!(!main.contains("is not known yet"));
    })
    .await;
}

#[tokio::test]
async fn the_panel_member_sees_no_round_before_it_is_published() {
    let site = Site::appendix_b().await;
    site.go_to(day("2018-02-01"));
    let record = site.record().await;
    let mut draft = scrutiny_tracker::domain::round::RoundDraft {
        label: "19 Feb 2018".to_owned(),
        span: scrutiny_tracker::domain::deadline::Span::day(day("2018-02-19")),
        updates_due_on: None,
        meeting_on: None,
        meeting_of: None,
    };
    draft.updates_due_on = Some(day("2018-02-05"));
    let id = command::round::create(&site.cx, &site.actor(SCRUTINY_OFFICER).await, &draft, &[record.plan.id])
        .await
        .unwrap();
    command::round::open(&site.cx, &site.actor(SCRUTINY_OFFICER).await, id, &[]).await.unwrap();
    let heads = async |email| {
        let page = site.sign_in_as(email).await.get(PATH).await;
        let table = page.elements(".heat table").next().expect("the strip’s table");
        table
            .select(&scraper::Selector::parse("thead th").unwrap())
            .map(|e| e.text().collect())
            .collect::<Vec<String>>()
            .join(", ")
    };
    assert_eq!(heads(MANAGER).await, "Action, Sept 2017, 7 Dec 2017, 19 Feb 2018, Since 7 Dec 2017");
    assert_eq!(heads(PANEL_MEMBER).await, "Action, Sept 2017, 7 Dec 2017, Since 7 Dec 2017");
    let main = site.sign_in_as(MANAGER).await.get(PATH).await.main();
    assert!(main.contains("10 of 22: Awaiting update for 19 Feb 2018"), "{main}");
    // Nothing is missing yet, but for J in September.
    assert!(main.contains("Empty box: awaiting update or no update received"), "{main}");
    let words = |page: Page| page.main();
    let before = words(site.sign_in_as(MANAGER).await.get("/plans/appendix-b").await);
    assert!(before.contains("10 awaiting an update in the latest round"), "{before}");
    site.go_to(day("2018-02-06"));
    let after = words(site.sign_in_as(MANAGER).await.get("/plans/appendix-b").await);
    assert!(after.contains("10 without an update in the latest round"), "{after}");
}

#[tokio::test]
async fn promises_and_what_completions_can_show_are_counted() {
    let site = Site::appendix_b().await;
    let mut promise = UpdateDraft::of("Begun.");
    promise.next_steps = Some("Meet the head teachers.".to_owned());
    write(&site, "G", &promise).await;
    let mut answer = UpdateDraft::of("Met.");
    answer.promise = Some(Promise::Kept);
    write(&site, "G", &answer).await;
    let mut done = UpdateDraft::of("Done.");
    done.reported = Rating::Complete;
    done.outcome = Some("Fewer incidents".to_owned());
    write(&site, "G", &done).await;
    let main = site.sign_in_as(MANAGER).await.get(PATH).await.main();
    // The latest of G no longer answers for the promise: what it promised has been answered before.
    assert!(main.contains("No update before the latest named next steps"), "{main}");
    assert!(main.contains("11 actions are said to be complete"), "{main}");
    assert!(main.contains("10 of 11: no outcome and no evidence"), "{main}");
}

#[tokio::test]
async fn the_counts_of_complete_are_reconciled_and_what_can_show_nothing_is_a_list() {
    let site = Site::appendix_b().await;
    let page = site.sign_in_as(MANAGER).await.get(PATH).await;
    let main = page.main();
    assert!(
        main.contains(
            "10 actions are said to be complete; by the facts 11, with Av; as their leads report 11, with I."
        ),
        "{main}"
    );
    assert!(main.contains("so these are 23 for 22 actions"), "{main}");
    let list = page.click("10 of 10").await;
    assert!(list.main().contains("10 of 22 actions shown"), "{}", list.main());
    let unknown = page.click("2 facts not known").await;
    assert!(unknown.main().contains("1 of 22 actions shown"), "{}", unknown.main());
}

#[tokio::test]
async fn by_lead_counts_every_lead_and_a_joint_action_for_both() {
    let site = Site::appendix_b().await;
    let rows = table(&site.sign_in_as(MANAGER).await.get(PATH).await, "By lead, as the facts suggest");
    let led: Vec<(&str, &str)> = rows.iter().map(|r| (r[0].as_str(), r[1].as_str())).collect();
    assert_eq!(
        led,
        [
            ("Risk and Resilience Manager", "13"),
            ("MAP Coordinator", "3"),
            ("Education Safeguarding Lead", "2"),
            ("LSCB Manager", "2"),
            ("Communications Manager", "1"),
            ("Governor's Service Manager", "1"),
            ("N/A", "1"),
        ]
    );
    assert_eq!(rows[2][2..], ["0", "2", "0", "0", "2", "0"]);
}

#[tokio::test]
async fn an_unknown_plan_has_no_dashboard_and_nobody_sees_one_without_signing_in() {
    let site = Site::appendix_b().await;
    assert_eq!(site.sign_in_as(MANAGER).await.get("/plans/no-such-plan/dashboard").await.status, 404);
    let page = site.real().browser().get(PATH).await;
    assert!(page.path.starts_with("/sign-in?next="), "{} {APPENDIX_B}", page.path);
}

#[tokio::test]
async fn the_dashboard_takes_no_more_statements_however_many_updates_there_are() {
    let (site, statements) = Site::appendix_b().await.counting();
    let browser = site.sign_in_as(MANAGER).await;
    browser.get(PATH).await;
    statements.take();
    browser.get(PATH).await;
    // The session, the fourteen of a record, and which actions have evidence.
    assert!(statements.take() <= 16);
}
