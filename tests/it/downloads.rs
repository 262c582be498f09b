//! What is on the screen as a file: the same rows in three formats, for whoever may read them, and nothing that runs.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use scrutiny_tracker::{
    command::{round, update},
    domain::{action::ActionDraft, deadline::Span, rating::Rating, round::RoundDraft, update::UpdateDraft},
};
use serde_json::Value;

use crate::{
    export::{cell, read},
    steps::change_plan,
    support::{
        EDUCATION_LEAD, MANAGER, MAP_COORDINATOR, PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site, day,
        each_database,
    },
};

const PLAN: &str = "/plans/appendix-b";
const SINCE: &str = "Update / RAG since 7 December 2017";

async fn download(site: &Site, email: &str, file: &str) -> Page {
    let page = site.sign_in_as(email).await.get(&format!("{PLAN}/export.{file}")).await;
    assert_eq!(page.status, 200, "{file}");
    page
}

/// A CSV download read back.
fn csv(page: &Page) -> (Vec<String>, Vec<Vec<String>>) {
    let body = page.body();
    read(body.strip_prefix('\u{feff}').expect("a byte order mark, so that Excel reads it as UTF-8"))
}

/// A sheet of a workbook, row by row.
fn sheet(page: &Page, name: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(page.bytes.clone())).expect("a workbook");
    let range = book.worksheet_range(name).expect("the sheet");
    range.rows().map(<[Data]>::to_vec).collect()
}

/// A part of a workbook as it is packed.
fn part(page: &Page, name: &str) -> String {
    let mut book = zip::ZipArchive::new(Cursor::new(page.bytes.clone())).expect("a package");
    let mut text = String::new();
    std::io::Read::read_to_string(&mut book.by_name(name).expect("the part"), &mut text).expect("text");
    text
}

async fn write(site: &Site, text: &str) {
    let actor = site.actor(EDUCATION_LEAD).await;
    update::add(&site.cx, &actor, site.action("Aiii").await, &UpdateDraft::of(text), None).await.unwrap();
}

#[tokio::test]
async fn csv_is_for_a_spreadsheet_and_runs_no_formula() {
    let site = Site::appendix_b().await;
    let text = "=HYPERLINK(\"http://example.org\";\"Click\")";
    write(&site, text).await;
    let page = download(&site, MANAGER, "csv").await;
    assert_eq!(page.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(
        page.header("content-disposition"),
        Some("attachment; filename=\"appendix-b-2017-12-07.csv\"")
    );
    assert_eq!(cell(&csv(&page), "Aiii)", SINCE), format!("'{text}"));
}

#[tokio::test]
async fn every_beginning_that_a_spreadsheet_runs_is_disarmed_wherever_it_stands() {
    let site = Site::appendix_b().await;
    for (number, text) in ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\u{1}=1"].into_iter().enumerate() {
        let draft = ActionDraft {
            recommendation: None,
            short_title: None,
            text: format!("{text} number {number}"),
            lead_wording: text.to_owned(),
            leads: Vec::new(),
            contributors: Vec::new(),
            resource: text.to_owned(),
            resource_kind: None,
            resource_pence: None,
            themes: Vec::new(),
        };
        let plan = site.record().await.plan.id;
        let actor = site.actor(MANAGER).await;
        scrutiny_tracker::command::action::create(&site.cx, &actor, plan, &draft, text).await.unwrap();
    }
    let page = download(&site, MANAGER, "csv").await;
    let (_, rows) = csv(&page);
    assert_eq!(rows.len(), 28);
    let mut disarmed = 0;
    for cell in rows.iter().flatten() {
        let first = cell.chars().next().unwrap_or(' ');
        assert!(!(matches!(first, '=' | '+' | '-' | '@') || first.is_control()), "{cell:?}");
        disarmed += usize::from(cell.starts_with('\''));
    }
    assert_eq!(disarmed, 6 * 4, "text, wording of the deadline, lead and resource of each");

    let sheet = sheet(&download(&site, MANAGER, "xlsx").await, "Table");
    assert!(
        sheet.iter().flatten().any(|cell| *cell == Data::String("=1+1 number 0".to_owned())),
        "as it was written"
    );
    let packed = part(&download(&site, MANAGER, "xlsx").await, "xl/worksheets/sheet1.xml");
    assert!(!packed.contains("<f>"), "a text is never a formula");
}

#[tokio::test]
async fn the_files_hold_the_rows_of_the_page_in_its_order_and_no_other() {
    each_database(async |site| {
        let post = site.record().await.posts.iter().find(|p| p.name == "MAP Coordinator").unwrap().id;
        for query in [
            String::new(),
            "?overdue=yes".to_owned(),
            format!("?lead={post}&sort=deadline"),
            "?rating=complete&sort=lead".to_owned(),
            "?q=schools&as-at=15+October+2017".to_owned(),
            "?suggested=nothing_against&sort=rating&rounds=all".to_owned(),
        ] {
            let page = site.sign_in_as(MANAGER).await.get(&format!("{PLAN}{query}")).await;
            let on_screen = page.select("table.table-plan tbody td:nth-child(2) a strong");
            assert!(!on_screen.is_empty(), "{query}");
            let heads = page.select("table.table-plan thead th");
            for words in ["CSV", "Excel", "JSON"] {
                assert!(page.link(words).ends_with(&query), "{words}: {}", page.link(words));
            }
            let (header, rows) = csv(&page.click("CSV").await);
            let column = header.iter().position(|h| h == "Reference").unwrap();
            let labels: Vec<&str> = rows.iter().map(|row| row[column].as_str()).collect();
            assert_eq!(labels, on_screen, "{query}");
            assert!(heads.iter().all(|head| header.contains(head)), "{heads:?} in {header:?}");

            let book = page.click("Excel").await;
            let table = sheet(&book, "Table");
            let labels: Vec<String> = table.iter().skip(1).map(|row| row[column].to_string()).collect();
            assert_eq!(labels, on_screen, "{query}");

            let json: Value = serde_json::from_str(&page.click("JSON").await.body()).unwrap();
            let labels: Vec<&str> = json["rows"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["Reference"].as_str().unwrap())
                .collect();
            assert_eq!(labels, on_screen, "{query}");
            assert_eq!(json["columns"].as_array().unwrap().len(), header.len());
        }
    })
    .await;
}

#[tokio::test]
async fn a_workbook_has_real_days_its_header_in_sight_and_names_the_filter() {
    let site = Site::appendix_b().await;
    let page = download(&site, MANAGER, "xlsx?overdue=yes&q=schools").await;
    assert_eq!(
        page.header("content-disposition"),
        Some("attachment; filename=\"appendix-b-2017-12-07-filtered.xlsx\"")
    );
    let table = sheet(&page, "Table");
    let at = |head: &str| table[0].iter().position(|c| *c == *head).unwrap_or_else(|| panic!("{head}"));
    let aiii = table.iter().find(|row| row[at("Reference")] == *"Aiii").expect("Aiii");
    let Data::DateTime(day_of) = &aiii[at("Last day")] else { panic!("a date: {:?}", aiii[at("Last day")]) };
    assert_eq!(day_of.as_datetime().unwrap().date(), day("2017-09-30"));
    assert_eq!(aiii[at("Days overdue")], Data::Float(68.0));
    assert_eq!(aiii[at("By when")].to_string(), "Sept 2017");
    assert_eq!(aiii[at("Rating 7 Dec 2017")].to_string(), "Not recorded");
    let about: Vec<String> =
        sheet(&page, "About this file").iter().map(|row| format!("{}: {}", row[0], row[1])).collect();
    assert!(about.contains(&"Filter: Words in the text: schools; Overdue".to_owned()), "{about:?}");
    assert!(about.contains(&"As at: 7 December 2017".to_owned()), "{about:?}");
    let packed = part(&page, "xl/worksheets/sheet1.xml");
    assert!(
        packed.contains(r#"<pane ySplit="1" topLeftCell="A2""#) && packed.contains("state=\"frozen\""),
        "frozen"
    );
    assert!(
        part(&page, "xl/workbook.xml").contains("_xlnm.Print_Titles"),
        "the header on every printed page"
    );
    assert!(part(&page, "xl/styles.xml").contains("wrapText=\"1\""));
}

#[tokio::test]
async fn a_text_longer_than_a_cell_of_excel_is_cut_and_says_so() {
    let site = Site::appendix_b().await;
    let long = format!("{} end", "😀 and more. ".repeat(1_500));
    for _ in 0..2 {
        write(&site, &long).await;
    }
    let page = download(&site, MANAGER, "xlsx").await;
    assert!(sheet(&page, "Table").iter().flatten().any(|c| c.to_string() == long), "what fits is whole");
    let table = scrutiny_tracker::export::table::Table {
        columns: vec![scrutiny_tracker::export::table::Column::new(
            "Text",
            scrutiny_tracker::export::table::Width::Prose,
        )],
        rows: vec![vec![scrutiny_tracker::export::table::Cell::text(long.repeat(2))]],
        ..Default::default()
    };
    let bytes = table.xlsx(day("2017-12-07")).unwrap();
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let cut = book.worksheet_range("Table").unwrap().get((1, 0)).unwrap().to_string();
    assert!(cut.encode_utf16().count() <= 32_767, "{}", cut.encode_utf16().count());
    assert!(cut.ends_with("[cut here: a cell of Excel holds no more]"));
}

#[tokio::test]
async fn panel_member_downloads_what_is_published_and_no_more() {
    each_database(async |site| {
        let lead = site.actor(EDUCATION_LEAD).await;
        let aiii = site.action("Aiii").await;
        let done = UpdateDraft { reported: Rating::Complete, ..UpdateDraft::of("Not for the panel yet") };
        update::add(&site.cx, &lead, aiii, &done, None).await.unwrap();
        let theirs = download(&site, PANEL_MEMBER, "csv").await;
        assert!(!theirs.body().contains("Not for the panel yet"));
        let table = csv(&theirs);
        assert!(!table.0.iter().any(|head| head == SINCE), "{:?}", table.0);
        assert_eq!(
            cell(&table, "Aiii)", "What the facts say"),
            "Off track",
            "a completion that is not published"
        );
        assert!(!download(&site, PANEL_MEMBER, "json").await.body().contains("Not for the panel yet"));
        let packed = part(&download(&site, PANEL_MEMBER, "xlsx").await, "xl/sharedStrings.xml");
        assert!(!packed.contains("Not for the panel yet") && packed.contains("That all schools"));
        assert!(download(&site, EDUCATION_LEAD, "csv").await.body().contains("Not for the panel yet"));
    })
    .await;
}

#[tokio::test]
async fn round_that_is_not_published_is_no_column_of_the_panels_download() {
    let site = Site::appendix_b().await;
    let plan = site.record().await.plan.id;
    let draft = RoundDraft {
        label: "19 Feb 2018".into(),
        span: Span::day(day("2018-02-19")),
        updates_due_on: None,
        meeting_on: None,
        meeting_of: None,
    };
    let officer = site.actor(SCRUTINY_OFFICER).await;
    let id = round::create(&site.cx, &officer, &draft, &[plan]).await.unwrap();
    round::open(&site.cx, &officer, id, &[]).await.unwrap();
    let theirs = async || download(&site, PANEL_MEMBER, "csv").await.body();
    assert!(!theirs().await.contains("19 Feb 2018"));
    round::close(&site.cx, &officer, id, true).await.unwrap();
    assert!(!theirs().await.contains("19 Feb 2018"));
    round::publish(&site.cx, &officer, id, true).await.unwrap();
    assert!(theirs().await.contains("Update / RAG 19 Feb 2018"));
}

#[tokio::test]
async fn the_public_downloads_a_public_plan_without_names_and_no_other() {
    let site = Site::appendix_b().await.real();
    for file in ["csv", "xlsx", "json"] {
        assert_eq!(
            site.browser().get(&format!("{PLAN}/export.{file}")).await.path.split('?').next(),
            Some("/sign-in"),
            "{file}"
        );
    }
    change_plan(&site, |plan| plan.public = true).await;
    let body = site.browser().get(&format!("{PLAN}/export.json")).await.body();
    assert!(body.contains("Communications Manager"));
    assert!(!body.contains("@example.org"));
}

#[tokio::test]
async fn download_of_no_plan_or_as_at_no_day_is_not_there() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MAP_COORDINATOR).await;
    for file in ["csv", "xlsx", "json"] {
        assert_eq!(browser.get(&format!("/plans/nothing/export.{file}")).await.status, 404);
        assert_eq!(browser.get(&format!("{PLAN}/export.{file}?as-at=whenever")).await.status, 404);
        assert_eq!(browser.get(&format!("{PLAN}/export.{file}?as-at=8+December+2017")).await.status, 404);
    }
    let october = browser.get(&format!("{PLAN}/export.csv?as-at=15+October+2017")).await;
    assert_eq!(october.status, 200);
    assert!(!october.body().contains("7 Dec 2017"));
}
