//! How much memory a pack of 2,000 rows takes: drawn up and written in a process of its own, which says its peak.

use std::process::Command;

use scrutiny_tracker::{
    domain::{
        id::{ActionId, RecommendationId},
        plan::Record,
    },
    papers::{
        draw_up,
        excel::excel,
        pack::Edition,
        word::{Shape, word},
    },
};

use crate::support::Site;

/// What issue and machine allow, in kilobytes: 200 MB.
const MOST: u64 = 200 * 1024;
const ROWS: usize = 2_000;
/// Names the format to the process that writes it.
const FORMAT: &str = "SCRUTINY_TEST_PACK_FORMAT";

/// Appendix B so many times over.
fn large(mut record: Record) -> Record {
    let (actions, recommendations) = (record.actions.clone(), record.recommendations.clone());
    for time in (1..).take_while(|time| usize::try_from(*time).unwrap() * actions.len() < ROWS) {
        let by = time * 1_000;
        record.recommendations.extend(recommendations.iter().cloned().map(|mut one| {
            one.id = RecommendationId(one.id.0 + by);
            one.position += i32::try_from(by).unwrap();
            one
        }));
        record.actions.extend(actions.iter().cloned().map(|mut one| {
            one.id = ActionId(one.id.0 + by);
            one.recommendation = one.recommendation.map(|id| RecommendationId(id.0 + by));
            one.position += i32::try_from(by).unwrap();
            for change in &mut one.states {
                change.into = change.into.map(|into| ActionId(into.0 + by));
            }
            one
        }));
    }
    record
}

/// Only for the test below, which starts it as a process.
#[tokio::test]
#[ignore = "it is a part of another test"]
async fn writes_a_pack_of_2000_rows() {
    let Ok(format) = std::env::var(FORMAT) else { return };
    let record = large(Site::appendix_b().await.record().await);
    let round = record.rounds[1].clone();
    let pack = draw_up(record, &round, "", "2018-01-01".parse().unwrap()).unwrap().edition(Edition::Public);
    assert!(pack.table.as_ref().unwrap().rows.len() >= ROWS);
    let bytes = match format.as_str() {
        "docx" => word(&pack, &Shape::Whole).unwrap(),
        _ => excel(&pack).unwrap(),
    };
    assert!(bytes.len() > 10_000);
}

#[cfg(target_os = "linux")]
#[test]
fn a_pack_of_2000_rows_takes_less_than_200_mb_in_word_and_in_excel() {
    for format in ["docx", "xlsx"] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "pack::memory::writes_a_pack_of_2000_rows", "--ignored", "--nocapture"])
            .env(FORMAT, format)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // The system forgets a process's peak with the process: it is asked for as long as there is one.
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        let ended = loop {
            let said = std::fs::read_to_string(&status).unwrap_or_default();
            let line = said.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let now = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
            peak = peak.max(now.unwrap_or(0));
            match child.try_wait().unwrap() {
                Some(ended) => break ended,
                None => std::thread::sleep(std::time::Duration::from_millis(5)),
            }
        };
        assert!(ended.success(), "{format}");
        println!("{format}: {} MB at its peak", peak / 1024);
        assert!(peak > 0 && peak < MOST, "{format}: {peak} kB");
    }
}
