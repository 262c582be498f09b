//! The papers of a round: what they say, who reads which edition, and that they never change once they are published.

use std::{
    io::{Cursor, Read},
    process::Command,
};

use quick_xml::{Reader, events::Event};
use scrutiny_tracker::{
    command,
    domain::{action::ActionDraft, id::RoundId, rating::Rating, text, update::UpdateDraft},
    papers::{
        Pack,
        excel::excel,
        pack::{Edition, Stands},
        word::{Shape, word},
    },
    web::view,
};
use sea_orm::{ConnectionTrait, Database};

use crate::{
    steps::{change_plan, open_round},
    support::{EDUCATION_LEAD, MANAGER, PANEL_MEMBER, Page, SCRUTINY_OFFICER, Site, day, each_database},
};

mod memory;

const LABEL: &str = "19 Feb 2018";

/// A round's pack, as it is for everybody who may read all of it.
async fn pack(site: &Site, label: &str) -> Pack {
    let record = site.record().await;
    let round = record.rounds.iter().find(|round| round.label == label).expect("the round");
    command::pack::read(&site.cx, &record, round).await.unwrap().expect("a pack")
}

/// Every file that a pack can be had as, and the page.
fn files(pack: &Pack) -> [Vec<u8>; 3] {
    let pack = pack.clone().edition(Edition::Public);
    [word(&pack, &Shape::Whole).unwrap(), excel(&pack).unwrap(), view::pack::document(&pack).into_bytes()]
}

/// A Word document as text: a line for every paragraph, and before every cell but a row's first a tab.
fn words_of(docx: Vec<u8>) -> String {
    let mut body = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut body).unwrap();
    let mut reader = Reader::from_str(&body);
    let (mut text, mut cell) = (String::new(), 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == "w:tr" => {
                text.push_str("--\n");
                cell = 0;
            }
            Event::Start(tag) if tag.name().as_ref() == "w:tc" => {
                if cell > 0 {
                    text.push_str("  |\n");
                }
                cell += 1;
            }
            Event::Text(words) => text.push_str(&words),
            Event::GeneralRef(name) => match &*name {
                "amp" => text.push('&'),
                "lt" => text.push('<'),
                "gt" => text.push('>'),
                "quot" => text.push('"'),
                "apos" => text.push('\''),
                other => panic!("&{other};"),
            },
            Event::End(tag) if tag.name().as_ref() == "w:p" => text.push('\n'),
            Event::Empty(tag) if tag.name().as_ref() == "w:br" => text.push('\n'),
            Event::Eof => break,
            _ => {}
        }
    }
    let lines = text.lines().map(|line| line.replace('\u{a0}', " ").trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n") + "\n"
}

/// Without what differs from one database to the next: the record check.
fn without_check(mut pack: Pack) -> Pack {
    pack.record_check = None;
    pack
}

async fn write(site: &Site, by: &str, label: &str, draft: &UpdateDraft) {
    let actor = site.actor(by).await;
    command::update::add(&site.cx, &actor, site.action(label).await, draft, None).await.expect("an update");
}

async fn close(site: &Site, round: RoundId) {
    command::round::close(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round, true)
        .await
        .expect("it closes");
}

async fn publish(site: &Site, round: RoundId) {
    command::round::publish(&site.cx, &site.actor(SCRUTINY_OFFICER).await, round, true)
        .await
        .expect("it is published");
}

/// Marks every update that says something as not for publication, or takes the mark back.
async fn mark(site: &Site, says: &str, paragraph: &str) {
    let db = Database::connect(&site.url).await.unwrap();
    let sql =
        format!("UPDATE action_update SET exempt_paragraph = {paragraph} WHERE narrative LIKE '%{says}%'");
    assert_eq!(db.execute_unprepared(&sql).await.unwrap().rows_affected(), 1);
}

async fn read(site: &Site, who: &str, round: RoundId, rest: &str) -> Page {
    site.sign_in_as(who).await.get(&format!("/rounds/{round}/pack/appendix-b{rest}")).await
}

#[tokio::test]
async fn pack_of_appendix_b_at_7_december_2017_says_what_is_expected_in_word_and_on_its_page() {
    let site = Site::appendix_b().await;
    let pack = without_check(pack(&site, "7 Dec 2017").await).edition(Edition::Public);
    let words = words_of(word(&pack, &Shape::Whole).unwrap());
    if std::env::var_os("SCRUTINY_WRITE_EXPECTED").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pack/appendix-b.txt"), &words).unwrap();
    }
    let expected = include_str!("pack/appendix-b.txt");
    for (number, (said, expected)) in words.lines().zip(expected.lines()).enumerate() {
        assert_eq!(said, expected, "line {}", number + 1);
    }
    assert_eq!(words.lines().count(), expected.lines().count());
    // The page says the same, in the same order.
    let document = view::pack::document(&pack);
    let page = scraper::Html::parse_document(&document);
    let main = page.select(&scraper::Selector::parse("main").unwrap()).next().unwrap();
    let main = text::fold(&main.text().collect::<Vec<_>>().join(" "));
    let mut rest = main.as_str();
    for line in expected.lines().filter(|line| !["--", "|"].contains(line)) {
        // A name and its words are apart in a list of facts.
        for words in line.splitn(2, ": ").map(text::fold) {
            let at = rest.find(&words).unwrap_or_else(|| panic!("{words:?} in {rest:.300}"));
            rest = &rest[at + words.len()..];
        }
    }
}

#[tokio::test]
async fn expected_text_holds_what_appendix_b_must_show() {
    let expected = include_str!("pack/appendix-b.txt");
    let table = expected.split("\nAction plan\n").nth(1).expect("the table");
    assert_eq!(table.matches("\n--\n").count(), 22 - usize::from(table.starts_with("--")) + 1);
    for reference in "Ai Aii Aiii Aiv Av Avi Avii Aviii B C D Ei Eii F G H I ii iii J K".split(' ') {
        assert!(table.contains(&format!("\n{reference})\n")), "{reference}");
    }
    assert_eq!(table.matches("✓ Complete\n").count(), 11);
    assert_eq!(table.matches("No update received\n").count(), 1, "J, in September");
    assert!(expected.contains("11 of 22 actions are complete") && expected.contains("March 2018"));
    assert!(expected.contains("10 actions are said to be complete, and not yet agreed"));
    assert!(!expected.contains("@"), "posts, not accounts");
}

#[tokio::test]
async fn a_pack_that_is_frozen_never_changes_whatever_is_written_later() {
    each_database(async |site| {
        let round = open_round(&site, LABEL).await;
        site.go_to(day("2018-02-01"));
        write(&site, EDUCATION_LEAD, "Aiii", &UpdateDraft::of("Written in time")).await;
        site.go_to(day("2018-02-09"));
        close(&site, round).await;
        let frozen = pack(&site, LABEL).await;
        assert_eq!(frozen.stands, Stands::Frozen(day("2018-02-09")));
        assert_eq!(frozen.mark(), None);
        let bytes = files(&frozen);

        // Everything that can change afterwards.
        let action = site.whole_action("Aiii").await;
        let draft = ActionDraft {
            recommendation: action.recommendation,
            short_title: Some("Another title".to_owned()),
            text: "Other words".to_owned(),
            lead_wording: "Somebody else".to_owned(),
            leads: Vec::new(),
            contributors: Vec::new(),
            resource: "Millions".to_owned(),
            resource_kind: None,
            resource_pence: None,
            themes: Vec::new(),
        };
        let manager = site.actor(MANAGER).await;
        command::action::edit(&site.cx, &manager, action.id, action.version, &draft, "Sept 2017")
            .await
            .expect("it is saved");
        change_plan(&site, |plan| plan.title = "Another plan".to_owned()).await;
        write(&site, MANAGER, "Aiii", &UpdateDraft::of("Written too late")).await;
        let correction = UpdateDraft {
            supersedes: Some(site.whole_action("Aiii").await.updates[2].id),
            ..UpdateDraft::of("What should have stood there")
        };
        write(&site, MANAGER, "Aiii", &correction).await;
        let done = UpdateDraft { reported: Rating::Complete, ..UpdateDraft::of("Done") };
        write(&site, MANAGER, "Ei", &done).await;
        let same = pack(&site, LABEL).await;
        assert_eq!(same, frozen);
        publish(&site, round).await;
        site.go_to(day("2018-06-04"));
        let same = pack(&site, LABEL).await;
        assert_eq!(same, frozen);
        assert!(files(&same) == bytes, "to the byte");
        let words = words_of(word(&same, &Shape::Whole).unwrap());
        assert!(words.contains("Written in time") && !words.contains("Written too late"), "{words}");
        assert!(!words.contains("Another plan") && !words.contains("What should have stood there"));
    })
    .await;
}

/// What a plan's dashboard says first to somebody, as at a day.
async fn sentence(site: &Site, who: &str, on: &str) -> String {
    let page = site.sign_in_as(who).await.get(&format!("/plans/appendix-b/dashboard?as-at={on}")).await;
    page.select(".lead-sentence").concat()
}

/// As it was before packs were kept.
async fn forget(site: &Site, round: RoundId) {
    let db = Database::connect(&site.url).await.unwrap();
    let sql = format!("DELETE FROM pack WHERE round_id = {round}");
    assert_eq!(db.execute_unprepared(&sql).await.unwrap().rows_affected(), 1);
}

/// Something that would change every paper drawn up from now on as at today.
async fn complete(site: &Site, label: &str) {
    let draft = UpdateDraft {
        reported: Rating::Complete,
        outcome_not_known: true,
        ..UpdateDraft::of("Done after the papers were closed")
    };
    write(site, MANAGER, label, &draft).await;
}

#[tokio::test]
async fn papers_from_before_they_were_kept_are_kept_from_the_first_reader_on_and_by_publishing() {
    each_database(async |site| {
        // The seed keeps its own at once.
        let kept = pack(&site, "7 Dec 2017").await;
        assert_eq!(kept.stands, Stands::DrawnUp(day("2017-12-07")));
        assert_eq!(kept.sentence, sentence(&site, PANEL_MEMBER, "2017-12-07").await);
        let december = site.record().await.rounds[1].id;
        forget(&site, december).await;
        let page = read(&site, PANEL_MEMBER, december, "").await;
        assert!(page.main().contains(&kept.sentence), "{}", page.main());

        let round = open_round(&site, LABEL).await;
        complete(&site, "Ei").await;
        assert_ne!(sentence(&site, MANAGER, "2017-12-07").await, kept.sentence, "the record has changed");
        let same = pack(&site, "7 Dec 2017").await;
        assert_eq!(without_check(same), without_check(kept));

        close(&site, round).await;
        forget(&site, round).await;
        publish(&site, round).await;
        complete(&site, "G").await;
        let words = words_of(word(&pack(&site, LABEL).await, &Shape::Whole).unwrap());
        assert_eq!(words.matches("Done after the papers were closed").count(), 2, "Ei alone:\n{words}");
    })
    .await;
}

#[tokio::test]
async fn papers_and_dashboard_as_at_the_day_of_closing_say_the_same() {
    let site = Site::appendix_b().await;
    let round = open_round(&site, LABEL).await;
    site.go_to(day("2018-02-01"));
    complete(&site, "Ei").await;
    site.go_to(day("2018-02-09"));
    complete(&site, "G").await;
    close(&site, round).await;
    publish(&site, round).await;
    let pack = pack(&site, LABEL).await;
    // Later, on the day of the meeting and after it: neither changes.
    for on in ["2018-02-19", "2018-06-04"] {
        site.go_to(day(on));
        complete(&site, if on == "2018-02-19" { "F" } else { "D" }).await;
        for who in [PANEL_MEMBER, MANAGER] {
            assert_eq!(sentence(&site, who, "2018-02-09").await, pack.sentence, "{who} on {on}");
        }
    }
}

#[tokio::test]
async fn the_table_alone_has_the_keys_behind_it_and_no_figures() {
    let site = Site::appendix_b().await;
    let shape = Shape::TableAlone { letter: "B".to_owned() };
    let words = words_of(word(&pack(&site, "7 Dec 2017").await, &shape).unwrap());
    for title in ["What the ratings mean", "What the suggestions mean"] {
        assert!(words.contains(&format!("\n{title}\n--\n")), "{title}");
    }
    for title in ["What is reported", "Deadlines and updates"] {
        assert!(!words.contains(&format!("\n{title}\n--\n")), "{title}");
    }
}

#[tokio::test]
async fn the_history_covers_what_was_frozen() {
    let site = Site::appendix_b().await;
    let round = open_round(&site, LABEL).await;
    close(&site, round).await;
    let check = pack(&site, LABEL).await.record_check.expect("a record check");
    let noted = check.replace(' ', "");
    let verdict = scrutiny_tracker::store::audit::verify(&site.cx.store, Some(&noted)).await.unwrap();
    let scrutiny_tracker::store::audit::Verdict::Whole(whole) = verdict else { panic!("{verdict:?}") };
    assert!(whole.noted.is_some(), "{check} is a record check of this history");
}

#[tokio::test]
async fn until_the_round_is_closed_it_is_a_draft_for_those_who_read_what_is_not_published() {
    each_database(async |site| {
        let round = open_round(&site, LABEL).await;
        write(&site, EDUCATION_LEAD, "Aiii", &UpdateDraft::of("Not for the panel yet")).await;
        for who in [MANAGER, SCRUTINY_OFFICER, EDUCATION_LEAD] {
            let page = read(&site, who, round, "").await;
            assert_eq!(page.select(".pack-mark"), ["Draft, as things stood on 7 December 2017"], "{who}");
            assert!(page.main().contains("Not for the panel yet"));
        }
        for rest in ["", ".docx", ".xlsx", "?as=table", "?edition=not-for-publication"] {
            assert_eq!(read(&site, PANEL_MEMBER, round, rest).await.status, 404, "{rest}");
        }
        close(&site, round).await;
        let page = read(&site, MANAGER, round, "").await;
        assert_eq!(page.count(".pack-mark"), 0);
        assert_eq!(read(&site, PANEL_MEMBER, round, "").await.status, 404);
        publish(&site, round).await;
        let page = read(&site, PANEL_MEMBER, round, "").await;
        assert!(page.main().contains("Not for the panel yet") && page.count(".pack-mark") == 0);
    })
    .await;
}

#[tokio::test]
async fn a_plan_that_is_live_to_the_panel_shows_it_the_draft_too() {
    let site = Site::appendix_b().await;
    change_plan(&site, |plan| plan.live_to_panel = true).await;
    let round = open_round(&site, LABEL).await;
    let page = read(&site, PANEL_MEMBER, round, "").await;
    assert_eq!((page.status, page.count(".pack-mark")), (200, 1));
}

#[tokio::test]
async fn what_was_written_between_rounds_is_in_no_pack() {
    let site = Site::appendix_b().await;
    write(&site, EDUCATION_LEAD, "Aiii", &UpdateDraft::of("Between rounds")).await;
    let round = open_round(&site, LABEL).await;
    close(&site, round).await;
    let words = words_of(word(&pack(&site, LABEL).await, &Shape::Whole).unwrap());
    assert!(!words.contains("Between rounds"), "nobody has decided to publish it");
}

#[tokio::test]
async fn a_text_not_for_publication_is_in_the_second_edition_alone_even_if_marked_after_closing() {
    each_database(async |site| {
        change_plan(&site, |plan| plan.public = true).await;
        let round = open_round(&site, LABEL).await;
        write(&site, EDUCATION_LEAD, "Aiii", &UpdateDraft::of("The contract is worth a million")).await;
        write(&site, MANAGER, "G", &UpdateDraft::of("Nothing secret")).await;
        mark(&site, "Nothing secret", "1").await;
        close(&site, round).await;
        mark(&site, "contract", "3").await;
        mark(&site, "Nothing secret", "NULL").await;
        publish(&site, round).await;
        let says = "Not for publication: exempt information under paragraph 3 of Schedule 12A to the Local Government Act 1972";
        let address = format!("/rounds/{round}/pack/appendix-b");
        let public = site.browser().get(&address).await;
        for page in [&public, &read(&site, MANAGER, round, "").await] {
            assert!(page.main().contains(says) && page.main().contains("Nothing secret"), "{}", page.main());
            assert!(!page.main().contains("a million"));
        }
        assert!(!public.body().contains("not-for-publication"), "nothing leads the public there");
        let second = "?edition=not-for-publication";
        let hidden = site.browser().get(&format!("{address}{second}")).await;
        // It may be somebody’s who is not signed in yet: they are asked to.
        assert!(hidden.path != address && !hidden.body().contains("a million"), "{}", hidden.h1());
        for who in [MANAGER, SCRUTINY_OFFICER, PANEL_MEMBER] {
            let page = read(&site, who, round, second).await;
            assert_eq!(page.select(".pack-mark"), ["NOT FOR PUBLICATION"], "{who}");
            assert!(page.main().contains("The contract is worth a million"), "{who}");
        }
        // A mark that comes after publication changes nothing any more.
        mark(&site, "Nothing secret", "1").await;
        assert!(site.browser().get(&address).await.main().contains("Nothing secret"));
    })
    .await;
}

#[tokio::test]
async fn what_is_late_makes_an_addendum_for_whoever_reads_the_papers() {
    each_database(async |site| {
        let round = open_round(&site, LABEL).await;
        let addendum = format!("/rounds/{round}/addendum/appendix-b");
        let officer = site.sign_in_as(SCRUTINY_OFFICER).await;
        assert_eq!(officer.get(&addendum).await.status, 404, "it is not closed");
        site.go_to(day("2018-02-09"));
        close(&site, round).await;
        assert!(officer.get(&addendum).await.main().contains("Nothing was received late"));
        site.go_to(day("2018-02-19"));
        write(&site, EDUCATION_LEAD, "Aiii", &UpdateDraft::of("On the day of the meeting")).await;
        let panel = site.sign_in_as(PANEL_MEMBER).await;
        assert_eq!(panel.get(&addendum).await.status, 404);
        publish(&site, round).await;
        assert!(panel.get(&addendum).await.main().contains("No addendum is published"));
        let panel_reads = async |words: &str| {
            panel.get(&format!("/actions/{}", site.action("Aiii").await)).await.main().contains(words)
        };
        assert!(!panel_reads("On the day of the meeting").await);
        let page = officer.get(&addendum).await;
        assert!(page.main().contains("Not yet published"), "{}", page.main());
        let title = "Digital Safeguarding - Sexting and Youth Produced sexual Imagery";
        let page = page.click(&format!("Publish the addendum of {title}")).await;
        assert!(page.main().contains("On the day of the meeting"), "{}", page.main());
        // What comes between the question and the answer is not published with it.
        let form = page.form("Publish the addendum");
        write(&site, EDUCATION_LEAD, "Aiii", &UpdateDraft::of("One more")).await;
        assert!(form.submit().await.main().contains("The addendum is published, with 1 update"));
        assert!(panel_reads("On the day of the meeting").await && !panel_reads("One more").await);
        let papers = panel.get(&format!("/rounds/{round}/pack/appendix-b")).await;
        let there = papers.click("Addendum: received after the papers closed").await;
        assert!(there.main().contains("On the day of the meeting"), "{}", there.main());
        assert_eq!(
            panel.get(&format!("{addendum}?edition=marked")).await.status,
            404,
            "there is no such edition"
        );
        assert!(!panel.get(&addendum).await.main().contains("One more"));
        assert_eq!(panel.get(&format!("{addendum}/publication")).await.status, 403);
        site.go_to(day("2018-02-20"));
        write(&site, EDUCATION_LEAD, "D", &UpdateDraft::of("On the day after it")).await;
        assert!(!officer.get(&addendum).await.main().contains("On the day after it"));
        let page = panel.get(&addendum).await;
        let rows = page.rows("table");
        assert!(rows[0][0].starts_with("Aiii") && rows[0][2] == "19 February 2018", "{rows:?}");
        assert!(page.main().contains("On the day of the meeting"));
        assert!(!page.main().contains("On the day after it"));
        let file = panel.get(&format!("{addendum}.docx")).await;
        assert_eq!(
            file.header("content-disposition"),
            Some("attachment; filename=\"appendix-b-19-feb-2018-addendum.docx\"")
        );
        let words = words_of(word(&pack(&site, LABEL).await, &Shape::Whole).unwrap());
        assert!(!words.contains("On the day of the meeting"), "never in the papers");
    })
    .await;
}

#[tokio::test]
async fn rounds_page_leads_to_the_papers_and_they_come_in_three_formats() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(PANEL_MEMBER).await;
    let title = "Digital Safeguarding - Sexting and Youth Produced sexual Imagery";
    let page = browser.get("/rounds").await.click("7 Dec 2017").await;
    let papers = page.click(&format!("Papers of {title}")).await;
    assert_eq!(papers.h1(), format!("Middlesbrough Council {title}: papers for 7 Dec 2017"));
    for (words, kind, name) in [
        (
            "Word",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "appendix-b-7-dec-2017.docx",
        ),
        (
            "Excel",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "appendix-b-7-dec-2017.xlsx",
        ),
    ] {
        let file = page.click(&format!("{words} of {title}")).await;
        assert_eq!(file.header("content-type"), Some(kind));
        assert_eq!(file.header("content-disposition"), Some(&*format!("attachment; filename=\"{name}\"")));
        assert!(file.body().starts_with("PK"), "an archive");
    }
}

#[tokio::test]
async fn columns_and_letter_are_chosen_and_what_is_wrong_is_said_beside_the_field() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let round = site.record().await.rounds[1].id;
    let address = format!("/rounds/{round}/pack/appendix-b");
    let page = browser.get(&format!("{address}?columns=1")).await;
    let heads = page.select(".table-plan thead th");
    assert_eq!((heads.len(), heads[5].as_str()), (6, "UPDATE / RAG 7 Dec 2017"));
    for (query, error) in [
        ("columns=0", "Choose one of these numbers of columns"),
        ("columns=many", "Choose one of these numbers of columns"),
        ("as=table&letter=a+long+one", "Enter a letter or a number, for example B"),
        ("as=parchment", "Choose one of the formats"),
    ] {
        let page = browser.get(&format!("{address}?{query}")).await;
        assert_eq!((page.status, page.errors()), (422, vec![error.to_owned()]), "{query}");
    }
    let form = browser.get(&address).await.form("Show or download");
    let file = form.set("as", "table").set("letter", "B").submit().await;
    assert_eq!(file.status, 200);
    let alone =
        word(&pack(&site, "7 Dec 2017").await, &Shape::TableAlone { letter: "B".to_owned() }).unwrap();
    assert!(words_of(alone).starts_with("Appendix B\n"));
}

#[tokio::test]
async fn there_are_no_papers_of_a_round_that_is_planned_or_not_this_plans() {
    let site = Site::appendix_b().await;
    let browser = site.sign_in_as(MANAGER).await;
    let round = site.record().await.rounds[1].id;
    for address in [
        format!("/rounds/{}/pack/appendix-b", round.0 + 100),
        format!("/rounds/{round}/pack/nothing"),
        format!("/rounds/{round}/pack/appendix-b.pdf"),
        format!("/rounds/{round}/pack/appendix-b?edition=not-for-publication"),
        "/rounds/x/pack/appendix-b".to_owned(),
    ] {
        assert_eq!(browser.get(&address).await.status, 404, "{address}");
    }
}

#[tokio::test]
async fn a_pack_takes_as_many_statements_however_much_is_in_it() {
    let (site, statements) = Site::appendix_b().await.counting();
    let browser = site.sign_in_as(SCRUTINY_OFFICER).await;
    let rounds = site.record().await.rounds;
    let mut counts = Vec::new();
    for round in &rounds {
        statements.take();
        assert_eq!(browser.get(&format!("/rounds/{}/pack/appendix-b", round.id)).await.status, 200);
        counts.push(statements.take());
    }
    assert_eq!(counts[0], counts[1]);
}

#[tokio::test]
async fn command_writes_each_format_and_says_what_it_does_not_find() {
    let site = Site::appendix_b().await;
    let run = |more: &[&str]| {
        let file = site.file("papers");
        let output = Command::new(env!("CARGO_BIN_EXE_scrutiny-tracker"))
            .args(["--database", &site.url, "pack"])
            .args(more)
            .arg("--output")
            .arg(&file)
            .env_clear()
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), said, std::fs::read(file).unwrap_or_default())
    };
    for (format, begins) in [("html", "<!doctype html>"), ("docx", "PK"), ("xlsx", "PK")] {
        let (done, said, bytes) = run(&["appendix-b", "--round", "7 Dec 2017", "--format", format]);
        assert!(done && bytes.starts_with(begins.as_bytes()), "{format}: {said}");
    }
    let december = ["appendix-b", "--round", "7 Dec 2017", "--format", "docx"];
    let with = |more: &[&'static str]| [december.as_slice(), more].concat();
    let (done, said, bytes) = run(&with(&["--table-only", "--letter", "B", "--columns", "1"]));
    assert!(done, "{said}");
    assert!(words_of(bytes).starts_with("Appendix B\n"));
    for (arguments, says) in [
        (vec!["nothing", "--round", "7 Dec 2017", "--format", "docx"], "there is no plan \"nothing\""),
        (
            vec!["appendix-b", "--round", "8 Dec 2017", "--format", "docx"],
            "there is no round \"8 Dec 2017\": appendix-b has \"Sept 2017\" and \"7 Dec 2017\"",
        ),
        (vec!["appendix-b", "--round", "7 Dec 2017", "--format", "pdf"], "possible values: html, docx, xlsx"),
        (
            vec!["appendix-b", "--round", "7 Dec 2017", "--format", "xlsx", "--table-only"],
            "the table alone is for Word",
        ),
        (with(&["--not-for-publication"]), "nothing in these papers is marked as not for publication"),
        (with(&["--addendum"]), "nothing was received after the papers closed"),
        (with(&["--letter", "B"]), "--table-only"),
    ] {
        let (done, said, _) = run(&arguments);
        assert!(!done && said.contains(says), "{arguments:?}: {said}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn command_writes_a_draft_for_nobody_else_and_over_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = Site::appendix_b().await;
    open_round(&site, LABEL).await;
    let file = site.file("draft.html");
    let run = || {
        let output = Command::new(env!("CARGO_BIN_EXE_scrutiny-tracker"))
            .args(["--database", &site.url, "pack", "appendix-b", "--round", LABEL, "--format", "html"])
            .arg("--output")
            .arg(&file)
            .env_clear()
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (done, said) = run();
    assert!(done, "{said}");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0);
    let (done, said) = run();
    assert!(!done && said.contains("can’t be written"), "{said}");
}
