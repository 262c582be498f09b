//! How much memory the files of a large plan take: a table of 2,000 rows of long texts as Excel, CSV and JSON.
//!
//! `cargo bench --bench exports` prints how large each file is, and the most that the process ever had; it fails where that is
//! more than 200 MB. Only on Linux, which says how much a process had.
#![allow(clippy::expect_used, clippy::print_stdout, reason = "a measurement may stop, and prints its result")]

use std::hint::black_box;

use chrono::NaiveDate;
use scrutiny_tracker::export::table::{Cell, Table, Width};

const ROWS: usize = 2_000;
/// The most that the process may have, in megabytes.
const LIMIT: u64 = 200;

fn main() {
    let table = table();
    let day = NaiveDate::from_ymd_opt(2017, 12, 7).expect("a day");
    let before = peak();
    println!("{ROWS} rows of {} columns; the table itself {before} MB", table.columns.len());
    let files: [(&str, usize); 3] = [
        ("Excel", black_box(table.xlsx(day).expect("a workbook")).len()),
        ("CSV", black_box(table.csv().expect("a text")).len()),
        ("JSON", black_box(table.json().expect("a text")).len()),
    ];
    for (name, bytes) in files {
        println!("{name}: {} kB", bytes / 1024);
    }
    let most = peak();
    println!("at most {most} MB");
    assert!(most < LIMIT, "{most} MB is more than {LIMIT} MB");
}

/// A plan's table as the page gives it, with texts as long as Appendix B's longest, no two the same.
fn table() -> Table {
    let mut table = Table { title: "A large plan".to_owned(), ..Table::default() };
    for head in ["Recommendation", "Reference", "Action", "Lead", "Resource required", "Why"] {
        table.column(head, Width::Medium);
    }
    table.column("Last day", Width::Narrow);
    for round in ["Sept 2017", "7 Dec 2017"] {
        table.column(&format!("Rating {round}"), Width::Narrow);
        table.column(&format!("Update / RAG {round}"), Width::Prose);
    }
    let long =
        "That the panel receives an update on what was done, by whom, and what difference it has made. ";
    table.rows = (0..ROWS)
        .map(|number| {
            let text = |times: usize| Cell::text(format!("{number}: {}", long.repeat(times)));
            let mut row = vec![text(3), text(0), text(5), text(1), text(1), text(1)];
            row.push(Cell::day(NaiveDate::from_ymd_opt(2018, 3, 31)));
            row.extend([text(0), text(20), text(0), text(20)]);
            row
        })
        .collect();
    table
}

/// The most memory that this process ever had, in megabytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux says");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kilobytes / 1024
}
