//! The data file against the printed table, cell by cell.
//!
//! It reads the table for itself, by the rule that the data file states; it never trusts the data file for that.

use super::*;

/// Splits a cell into paragraphs: two spaces or `</p>` end one; `<b>`, `<p>` are dropped and white space is folded.
fn paragraphs(cell: &str) -> Vec<String> {
    cell.replace("<b>", "")
        .replace("</b>", "")
        .replace("<p>", "")
        .replace("</p>", "  ")
        .split("  ")
        .map(fold)
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}

pub(crate) fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) fn tabbed_lines() -> Vec<Vec<Vec<String>>> {
    SOURCE
        .lines()
        .filter(|line| line.contains('\t'))
        .map(|line| line.split('\t').map(paragraphs).collect())
        .collect()
}

/// A row that a page break tore off has no "by when" of its own.
fn is_fragment(row: &[Vec<String>]) -> bool {
    row[2].is_empty()
}

/// The 22 rows of seven cells, fragments joined to the row before them with one space, paragraphs by blank lines.
pub(crate) fn printed_rows() -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<Vec<String>>> = Vec::new();
    for row in tabbed_lines().into_iter().skip(1) {
        if !is_fragment(&row) {
            rows.push(row);
            continue;
        }
        let torn = rows.last_mut().expect("a row before the fragment");
        for (cell, rest) in torn.iter_mut().zip(row) {
            let mut rest = rest.into_iter();
            if let (Some(last), Some(first)) = (cell.last_mut(), rest.next()) {
                last.push(' ');
                last.push_str(&first);
            }
            cell.extend(rest);
        }
    }
    rows.iter().map(|row| row.iter().map(|cell| cell.join("\n\n")).collect()).collect()
}

#[test]
fn source_table_is_28_tabbed_lines_of_seven_cells() {
    let lines = tabbed_lines();
    assert_eq!(lines.len(), 28);
    assert!(lines.iter().all(|line| line.len() == 7));
    assert!(SOURCE.starts_with("## APPENDIX B:\n\n### ACTION PLAN – "));
    assert!(SOURCE.ends_with("scrutiny Panel on 19 February 2018</p>\n"));
}

#[test]
fn source_table_has_five_fragments_after_aiii_avi_aviii_d_and_i() {
    let mut torn = Vec::new();
    let mut before = String::new();
    for row in tabbed_lines().iter().skip(1) {
        if is_fragment(row) {
            torn.push(before.clone());
        } else {
            before = row[0].join(" ");
        }
    }
    let references: Vec<_> =
        torn.iter().filter_map(|cell| cell.split_once(')').map(|(reference, _)| reference)).collect();
    assert_eq!(references, ["Aiii", "Avi", "Aviii", "D", "I"]);
}

#[test]
fn header_is_the_five_columns_and_one_per_round() {
    let header: Vec<String> = tabbed_lines()[0].iter().map(|cell| cell.join(" ")).collect();
    let fixed = ["RECOMMENDATION", "ACTION", "BY WHEN", "LEAD", "RESOURCE REQUIRED"];
    assert_eq!(header[..5], fixed);
    let columns: Vec<_> = seed().rounds.into_iter().map(|round| round.column).collect();
    assert_eq!(header[5..], columns[..]);
    assert_eq!(columns, ["UPDATE / RAG Sept 2017", "UPDATE / RAG 7 Dec 2017"]);
}

#[test]
fn every_cell_equals_the_source_word_for_word() {
    let seed = seed();
    let rows = printed_rows();
    assert_eq!(rows.len(), 22);
    assert_eq!(seed.actions.len(), 22);
    for (row, action) in rows.iter().zip(&seed.actions) {
        let recommendation =
            action.recommendation.as_ref().map_or(String::new(), |r| format!("{}) {}", r.reference, r.text));
        let cells = [
            &*recommendation,
            &*action.text,
            &*action.by_when,
            &*action.lead.wording,
            &*action.resource.wording,
            text(action, SEPT),
            text(action, DEC),
        ];
        for (column, (printed, held)) in row.iter().zip(cells).enumerate() {
            assert_eq!(printed, held, "action {}, column {column}", name(action));
        }
    }
}

#[test]
fn heading_is_the_printed_one_and_holds_the_title() {
    let plan = seed().plan;
    assert!(SOURCE.contains(&format!("### {}\n", plan.heading)));
    assert!(plan.heading.contains(&plan.title));
    assert!(plan.heading.contains(&plan.origin_report));
}
