//! What Excel reads in a workbook that was written.

use super::*;
use crate::papers::sample::{parts, sample};

#[test]
fn there_is_a_cover_a_sheet_for_each_list_and_the_table_with_heads_that_stay() {
    let parts = parts(excel(&sample()).unwrap());
    let of = |name: &str| &parts.iter().find(|(known, _)| known.ends_with(name)).unwrap().1;
    let names: Vec<&str> =
        of("workbook.xml").split("<sheet name=\"").skip(1).map(|r| r.split('"').next().unwrap()).collect();
    assert_eq!(names, ["Cover", "Overdue 1 of 2", "Action plan"]);
    for sheet in ["sheet2.xml", "sheet3.xml"] {
        assert!(of(sheet).contains("state=\"frozen\"") && of(sheet).contains("orientation=\"landscape\""));
        assert!(of(sheet).contains("Draft, as things stood on 7 December 2017"));
    }
    assert_eq!(of("workbook.xml").matches("Print_Titles").count(), 2);
}

#[test]
fn nothing_is_a_formula_and_what_looks_like_one_says_that_it_is_none() {
    let parts = parts(excel(&sample()).unwrap());
    assert!(parts.iter().all(|(_, text)| !text.contains("<f>")));
    assert!(parts.iter().any(|(_, text)| text.contains("=1+1")));
    assert!(
        parts.iter().any(|(name, text)| name.ends_with("styles.xml") && text.contains("quotePrefix=\"1\""))
    );
}

#[test]
fn ratings_are_symbol_word_and_colour_in_a_column_of_their_own() {
    let parts = parts(excel(&sample()).unwrap());
    let all: String = parts.iter().map(|(_, text)| text.as_str()).collect();
    for words in ["RATING 7 Dec 2017", "✓ Complete", "■ Red", "FF3F7FBF"] {
        assert!(all.contains(words), "{words}");
    }
}

#[test]
fn sheets_have_names_that_excel_takes_and_none_twice() {
    let mut names = Vec::new();
    let long = "Where the rating and the facts disagree, by lead";
    for (title, name) in [
        ("A/B: [c]", "A B c"),
        (long, "Where the rating and the facts"),
        (long, "Where the rating and the fa 2"),
        ("", " 2"),
    ] {
        assert_eq!(sheet_name(title, &mut names), name);
    }
}

#[test]
fn a_text_too_long_for_a_cell_is_cut_and_says_so() {
    let long = "x".repeat(40_000);
    assert!(fitting(&long).ends_with(CUT));
    assert_eq!(fitting(&long).chars().count(), LONGEST);
    // What Excel counts twice.
    let wide = fitting(&"😀".repeat(20_000));
    assert!(wide.ends_with(CUT) && (LONGEST - 1..=LONGEST).contains(&wide.encode_utf16().count()));
}

#[test]
fn the_same_pack_is_the_same_bytes() {
    assert!(excel(&sample()).unwrap() == excel(&sample()).unwrap());
}

#[test]
fn every_row_is_as_high_as_its_text_needs() {
    let parts = parts(excel(&sample()).unwrap());
    for (name, text) in parts.iter().filter(|(name, _)| name.contains("worksheets/sheet")) {
        assert_eq!(text.matches("<row ").count(), text.matches("customHeight=\"1\"").count(), "{name}");
    }
    assert_eq!(lines("", 10.0), 1);
    assert_eq!(lines("one two\n\nthree", 40.0), 3);
    assert!((8..=16).contains(&lines(&"seven77 ".repeat(100), 80.0)));
    assert!((9..=12).contains(&lines(&"x".repeat(1000), 100.0)), "a word without a break");
}

#[test]
fn what_stands_on_every_page_is_cut_before_it_is_escaped() {
    let long = on_page(&"&".repeat(300));
    assert_eq!(long, "&".repeat(200));
    assert_eq!(on_page("A & B"), "A && B");
}
