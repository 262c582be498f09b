//! The paper table given back: the same cells as the source, and what happened since in its place.

use scrutiny_tracker::{
    command::{deadline, plan, round, update},
    domain::{
        action::{Decider, RecommendationDraft, Response},
        deadline::Span,
        rating::Rating,
        round::RoundDraft,
        update::UpdateDraft,
    },
    export::{self, Options},
};
use serde_json::Value;

use crate::{
    seed::source::{fold, printed_rows, tabbed_lines},
    support::{EDUCATION_LEAD, MANAGER, SCRUTINY_OFFICER, Site, day, each_database},
};

const SINCE: &str = "UPDATE / RAG since 7 December 2017";

/// A CSV read back: the header, and the rows.
pub(crate) fn read(csv: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (header, reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect())
}

async fn table(site: &Site, options: &Options) -> (Vec<String>, Vec<Vec<String>>) {
    read(&export::csv(&site.record().await, options, site.today()).unwrap())
}

async fn json(site: &Site, options: &Options) -> Value {
    serde_json::from_str(&export::json(&site.record().await, options, site.today()).unwrap()).unwrap()
}

/// The cell of an action's row, found by the beginning of its first cell, under a head.
pub(crate) fn cell<'a>(
    (header, rows): &'a (Vec<String>, Vec<Vec<String>>),
    row: &str,
    head: &str,
) -> &'a str {
    let column = header.iter().position(|h| h == head).unwrap_or_else(|| panic!("{head} in {header:?}"));
    &rows.iter().find(|r| r[0].starts_with(row)).unwrap_or_else(|| panic!("a row {row}"))[column]
}

#[tokio::test]
async fn seeded_plan_equals_the_source_cell_by_cell() {
    each_database(async |site| {
        let (header, rows) = table(&site, &Options::default()).await;
        let printed_header: Vec<String> = tabbed_lines()[0].iter().map(|cell| cell.join(" ")).collect();
        assert_eq!(header, printed_header);
        let printed = printed_rows();
        assert_eq!((header.len(), rows.len(), printed.len()), (7, 22, 22));
        for (number, (row, printed)) in rows.iter().zip(&printed).enumerate() {
            let (row, printed): (Vec<_>, Vec<_>) =
                (row.iter().map(|c| fold(c)).collect(), printed.iter().map(|c| fold(c)).collect());
            assert_eq!(row, printed, "row {number}");
        }
        assert!(rows[1][0].starts_with("Ai) That all schools"));
        assert_eq!(rows[0][0], "");
    })
    .await;
}

#[tokio::test]
async fn paragraphs_are_kept_apart_by_blank_lines() {
    let site = Site::appendix_b().await;
    let (_, rows) = table(&site, &Options::default()).await;
    assert_eq!(rows, printed_rows(), "the source’s paragraphs, word for word");
}

#[tokio::test]
async fn ratings_and_suggestions_are_columns_of_their_own() {
    let site = Site::appendix_b().await;
    let all = Options { with_ratings: true, suggested: true, ..Options::default() };
    let table = table(&site, &all).await;
    let tail = [
        "UPDATE / RAG Sept 2017",
        "RATING Sept 2017",
        "UPDATE / RAG 7 Dec 2017",
        "RATING 7 Dec 2017",
        "SUGGESTED",
    ];
    assert_eq!(table.0[5..], tail);
    assert_eq!(cell(&table, "Ai)", "RATING 7 Dec 2017"), "Complete");
    assert_eq!(cell(&table, "Aiii)", "RATING 7 Dec 2017"), "Not recorded");
    // J said nothing for September: there is nothing to rate.
    assert_eq!(cell(&table, "J)", "RATING Sept 2017"), "");
    assert_eq!(
        cell(&table, "Aiii)", "SUGGESTED"),
        "Off track: deadline passed 68 days ago, no completion stated"
    );
    let complete = table.1.iter().filter(|r| r[8] == "Complete").count();
    let suggested = |word: &str| table.1.iter().filter(|r| r[9].starts_with(word)).count();
    assert_eq!(complete, 11);
    let counts = ["Complete", "Off track", "At risk", "Nothing against it"].map(suggested);
    assert_eq!(counts, [11, 4, 1, 6]);
}

#[tokio::test]
async fn as_at_october_2017_there_is_one_round_and_one_column_for_it() {
    let site = Site::appendix_b().await;
    let (header, rows) =
        table(&site, &Options { as_at: Some(day("2017-10-15")), ..Options::default() }).await;
    assert_eq!(header[5..], ["UPDATE / RAG Sept 2017"]);
    assert_eq!(rows.len(), 22);
}

#[tokio::test]
async fn update_written_after_the_last_round_has_a_column_since() {
    each_database(async |site| {
        let actor = site.actor(EDUCATION_LEAD).await;
        let aiii = site.action("Aiii").await;
        // The demonstration’s first day is the day of the last round.
        for text in ["First", "Second"] {
            update::add(&site.cx, &actor, aiii, &UpdateDraft::of(text), None).await.unwrap();
        }
        let table = table(&site, &Options::default()).await;
        assert_eq!(table.0[7..], [SINCE]);
        assert_eq!(cell(&table, "Aiii)", SINCE), "Second", "the latest stands in the table");
        assert_eq!(table.1.iter().filter(|r| !r[7].is_empty()).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn correction_stands_in_the_place_of_what_it_corrects() {
    each_database(async |site| {
        let actor = site.actor(MANAGER).await;
        let ai = site.whole_action("Ai").await;
        let frozen = ai.updates.last().unwrap();
        let correction = UpdateDraft {
            supersedes: Some(frozen.id),
            reported: Rating::Complete,
            ..UpdateDraft::of("What should have stood there")
        };
        update::add(&site.cx, &actor, ai.id, &correction, None).await.unwrap();
        let table = table(&site, &Options::default()).await;
        assert_eq!(table.0.len(), 7, "no column for a correction");
        assert_eq!(cell(&table, "Ai)", "UPDATE / RAG 7 Dec 2017"), "What should have stood there");
        let json = json(&site, &Options::default()).await;
        let updates = json["actions"][1]["updates"].as_array().unwrap();
        assert_eq!(updates.len(), 3, "what was corrected is not lost");
        assert_eq!(updates[2]["supersedes"], updates[1]["id"]);
    })
    .await;
}

#[tokio::test]
async fn date_that_is_granted_stands_with_the_one_first_agreed_and_one_asked_for_changes_nothing() {
    each_database(async |site| {
        assert_eq!(cell(&table(&site, &Options::default()).await, "K)", "BY WHEN"), "Jan 2018");
        let asked = site.whole_action("K").await.revisions.last().unwrap().id;
        let verdict = deadline::Verdict {
            granted: true,
            on: site.today(),
            decider: Decider::Panel,
            by: "Community Safety and Leisure Scrutiny Panel".into(),
            reason: None,
        };
        deadline::decide(&site.cx, &site.actor(SCRUTINY_OFFICER).await, asked, &verdict).await.unwrap();
        let table = table(&site, &Options::default()).await;
        assert_eq!(cell(&table, "K)", "BY WHEN"), "March 2018 (first agreed: Jan 2018)");
    })
    .await;
}

#[tokio::test]
async fn open_round_has_a_column_and_a_planned_one_has_none() {
    let site = Site::appendix_b().await;
    let manager = site.actor(MANAGER).await;
    let plan = site.record().await.plan.id;
    let draft = RoundDraft {
        label: "19 Feb 2018".into(),
        span: Span::day(day("2018-02-19")),
        updates_due_on: None,
        meeting_on: None,
        meeting_of: None,
    };
    let id = round::create(&site.cx, &site.actor(SCRUTINY_OFFICER).await, &draft, &[plan]).await.unwrap();
    assert_eq!(table(&site, &Options::default()).await.0.len(), 7);
    update::add(&site.cx, &manager, site.action("D").await, &UpdateDraft::of("Between"), None).await.unwrap();
    site.go_to(day("2018-01-15"));
    round::open(&site.cx, &site.actor(SCRUTINY_OFFICER).await, id, &[]).await.unwrap();
    let (header, _) = table(&site, &Options::default()).await;
    assert_eq!(header[7..], [SINCE, "UPDATE / RAG 19 Feb 2018"]);
}

#[tokio::test]
async fn recommendation_without_an_action_has_a_row_with_the_response() {
    let site = Site::appendix_b().await;
    let plan = site.record().await.plan.id;
    let draft = RecommendationDraft {
        printed: Some("L".into()),
        reference: Some("L".into()),
        text: "That it be done twice.".into(),
        response: Some(Response::Rejected),
        response_text: Some("once is enough".into()),
        response_on: Some(site.today()),
        sent_on: None,
    };
    plan::create_recommendation(&site.cx, &site.actor(SCRUTINY_OFFICER).await, plan, &draft).await.unwrap();
    let (_, rows) = table(&site, &Options::default()).await;
    assert_eq!(rows.len(), 23);
    assert_eq!(rows[22][..2], ["L) That it be done twice.", "Rejected: once is enough"]);
}

#[tokio::test]
async fn json_is_the_whole_plan_with_every_date_and_no_address() {
    each_database(async |site| {
        let json = json(&site, &Options::default()).await;
        let actions = json["actions"].as_array().unwrap();
        assert_eq!((actions.len(), json["recommendations"].as_array().unwrap().len()), (22, 21));
        assert_eq!(actions.iter().map(|a| a["updates"].as_array().unwrap().len()).sum::<usize>(), 43);
        assert_eq!(
            (&json["as_at"], &json["plan"]["agreed_on"]),
            (&"2017-12-07".into(), &"2017-09-05".into())
        );
        let k = actions.iter().find(|a| a["label"] == "K").unwrap();
        let (original, asked) = (&k["deadlines"][0], &k["deadlines"][1]);
        assert_eq!(
            (&original["earliest"], &original["latest"]),
            (&"2018-01-01".into(), &"2018-01-31".into())
        );
        assert_eq!((&asked["latest"], &asked["decision"]), (&"2018-03-31".into(), &Value::Null));
        assert_eq!((&k["standing"]["deadline"], &k["standing"]["suggested"]), (&0.into(), &"at_risk".into()));
        let i = actions.iter().find(|a| a["label"] == "I").unwrap();
        let aiii = actions.iter().find(|a| a["label"] == "Aiii").unwrap();
        assert_eq!(i["standing"]["merged_into"], aiii["id"]);
        assert_eq!(aiii["updates"][1]["written_on"], Value::Null, "nobody knows");
        assert!(!json.to_string().contains("@example.org"));
        for (of, nothing) in [(&aiii["panel_ratings"], "ratings"), (&aiii["questions"], "questions")] {
            assert_eq!(*of, Value::Array(Vec::new()), "{nothing}");
        }
        assert_eq!(json["recommendations"][0]["conclusions"], Value::Array(Vec::new()));
        assert_eq!(json["resolutions"], Value::Array(Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn json_as_at_an_earlier_day_does_not_know_what_came_later() {
    let site = Site::appendix_b().await;
    let json = json(&site, &Options { as_at: Some(day("2017-10-15")), ..Options::default() }).await;
    let actions = json["actions"].as_array().unwrap();
    assert_eq!(actions.iter().map(|a| a["updates"].as_array().unwrap().len()).sum::<usize>(), 21);
    assert!(actions.iter().all(|a| a["standing"]["state"] == "open" && a["states"] == Value::Array(vec![])));
    assert_eq!(
        (&json["rounds"][0]["state"], &json["rounds"][1]["state"]),
        (&"published".into(), &"planned".into())
    );
}

#[tokio::test]
async fn words_for_a_program_are_as_they_were_written() {
    let site = Site::appendix_b().await;
    let text = "=HYPERLINK(\"http://example.org\";\"Click\")";
    let actor = site.actor(EDUCATION_LEAD).await;
    update::add(&site.cx, &actor, site.action("Aiii").await, &UpdateDraft::of(text), None).await.unwrap();
    assert_eq!(cell(&table(&site, &Options::default()).await, "Aiii)", SINCE), text);
}
