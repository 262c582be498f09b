//! A backup gives the same plan back, on the same kind of database and on the other, or nothing at all.

use std::sync::atomic::{AtomicUsize, Ordering};

use scrutiny_tracker::{
    command::update,
    domain::update::{Evidence, UpdateDraft},
    export::{self, Options},
    store::{Store, StoreError, backup},
};

use crate::support::{EDUCATION_LEAD, MANAGER, Site, each_database, each_empty_database};

/// A whole backup of a site, as lines.
async fn backup_of(site: &Site) -> String {
    let mut out = Vec::new();
    let rows = backup::write(&site.cx.store, &mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.lines().count() as u64, rows + 2, "a head, a line a row, an end");
    text
}

/// Everything that an export shows, in both formats.
async fn exported(site: &Site) -> (String, String) {
    let record = site.record().await;
    let all = Options { with_ratings: true, suggested: true, ..Options::default() };
    (export::csv(&record, &all, site.today()).unwrap(), export::json(&record, &all, site.today()).unwrap())
}

/// Appendix B with an update that has everything an update can have.
async fn written_in(site: &Site) {
    let actor = site.actor(EDUCATION_LEAD).await;
    let draft = UpdateDraft {
        next_steps: Some("Ask again – and “again” 🙂".into()),
        evidence: vec![Evidence {
            title: "Minutes".into(),
            figures: vec![("schools".into(), "9135".into())],
            ..Evidence::default()
        }],
        form_token: Some("a form".into()),
        ..UpdateDraft::of("Two paragraphs,\n\nwith an apostrophe’s and a 'quote'")
    };
    update::add(&site.cx, &actor, site.action("Aiii").await, &draft, None).await.unwrap();
}

#[tokio::test]
async fn restored_plan_is_the_same_from_each_database_into_each() {
    let restored = AtomicUsize::new(0);
    each_database(async |from| {
        written_in(&from).await;
        let (text, before) = (backup_of(&from).await, exported(&from).await);
        each_empty_database(async |into| {
            let rows = backup::read(&into.cx.store, text.as_bytes()).await.unwrap();
            assert_eq!(rows + 2, text.lines().count() as u64);
            let after = exported(&into).await;
            assert_eq!(before.0, after.0);
            assert_eq!(before.1, after.1);
            assert_eq!(backup_of(&into).await, text, "a backup of the copy is the same backup");
            restored.fetch_add(1, Ordering::Relaxed);
        })
        .await;
    })
    .await;
    // Four where PostgreSQL is at hand.
    assert!(matches!(restored.into_inner(), 1 | 4));
}

#[tokio::test]
async fn work_goes_on_after_a_restore() {
    let text = backup_of(&Site::appendix_b().await).await;
    each_empty_database(async |site| {
        backup::read(&site.cx.store, text.as_bytes()).await.unwrap();
        let before = site.whole_action("Aiii").await.updates;
        // On PostgreSQL an identifier would be given twice if its counters had stayed behind.
        written_in(&site).await;
        let after = site.whole_action("Aiii").await.updates;
        assert_eq!(after.len(), before.len() + 1);
        assert!(after.last().unwrap().id > before.last().unwrap().id);
        site.sign_in_as(MANAGER).await;
    })
    .await;
}

#[tokio::test]
async fn restore_into_a_database_that_holds_something_is_refused() {
    let text = backup_of(&Site::appendix_b().await).await;
    each_database(async |site| {
        let before = exported(&site).await;
        let refused = backup::read(&site.cx.store, text.as_bytes()).await;
        assert!(says(refused, "not empty"));
        assert_eq!(exported(&site).await, before);
    })
    .await;
}

#[tokio::test]
async fn torn_file_is_refused_and_leaves_nothing_behind() {
    let text = backup_of(&Site::appendix_b().await).await;
    let whole: Vec<&str> = text.lines().collect();
    let without_end = whole[..whole.len() - 1].join("\n");
    let in_a_line = &text[..text.len() / 2];
    let a_row_short = [&whole[..10], &whole[11..]].concat().join("\n");
    each_empty_database(async |site| {
        for torn in [&*without_end, in_a_line, &a_row_short] {
            assert!(backup::read(&site.cx.store, torn.as_bytes()).await.is_err());
        }
        assert!(says(backup::read(&site.cx.store, without_end.as_bytes()).await, "cut off"));
        // Nothing of it is there: the whole file still goes in.
        backup::read(&site.cx.store, text.as_bytes()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn other_files_are_refused_in_words() {
    let site = Site::empty().await;
    let read = async |text: &str| backup::read(&site.cx.store, text.as_bytes()).await;
    assert!(says(read("").await, "empty"));
    assert!(says(read("{\"a\":1}\n").await, "no backup"));
    assert!(says(read("not json\n").await, "not whole"));
    let other = "{\"scrutiny tracker backup\":1,\"migrations\":[\"m9999\"]}\n{\"rows\":0}\n";
    assert!(says(read(other).await, "another version"));
    let text = backup_of(&Site::appendix_b().await).await;
    let stranger = text.replacen("\"table\":\"person\"", "\"table\":\"stranger\"", 1);
    assert!(says(read(&stranger).await, "stranger"));
}

#[tokio::test]
async fn restored_people_have_to_sign_in_again() {
    let from = Site::appendix_b().await;
    let browser = from.sign_in_as(MANAGER).await;
    let token = browser.cookie("session").unwrap();
    let text = backup_of(&from).await;
    assert!(!text.contains("\"session\"") && !text.contains("one_time_link"));
    let into = Site::empty().await;
    backup::read(&into.cx.store, text.as_bytes()).await.unwrap();
    let nobody = scrutiny_tracker::command::session::signed_in(&into.cx, &token).await.unwrap();
    assert_eq!(nobody, None);
}

#[tokio::test]
async fn backup_is_of_one_moment_while_others_write() {
    each_database(async |site| {
        let other = Store::open(&site.url).await.unwrap();
        let (mut out, writing) = (Vec::new(), written_in(&site));
        let (rows, ()) = tokio::join!(backup::write(&other, &mut out), writing);
        rows.unwrap();
        let into = Site::empty().await;
        backup::read(&into.cx.store, out.as_slice()).await.unwrap();
        // The update is in it whole or not at all: with its evidence, its history and its place as the latest.
        let text = String::from_utf8(out).unwrap();
        let parts = ["with an apostrophe’s", "\"Minutes\"", "\"9135\""].map(|part| text.contains(part));
        assert!(parts == [true; 3] || parts == [false; 3], "{parts:?}");
    })
    .await;
}

fn says(result: Result<u64, StoreError>, words: &str) -> bool {
    match result {
        Err(StoreError::Backup(why)) if why.contains(words) => true,
        other => panic!("{words:?} was expected, not {other:?}"),
    }
}
