//! What Word reads in a document that was written.

use super::*;
use crate::papers::{
    pack::Edition,
    sample::{self, sample},
};

fn parts(pack: &Pack, shape: &Shape) -> Vec<(String, String)> {
    sample::parts(word(pack, shape).unwrap())
}

fn part<'a>(parts: &'a [(String, String)], name: &str) -> &'a str {
    &parts.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name}")).1
}

/// Every part is read to its end as XML.
fn is_well_formed(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{error} at {}: {text}", reader.error_position()),
        }
    }
}

#[test]
fn every_part_is_xml_and_is_named_in_the_types() {
    let parts = parts(&sample(), &Shape::Whole);
    let types = part(&parts, "[Content_Types].xml");
    for (name, text) in &parts {
        is_well_formed(text);
        assert!(
            name.ends_with(".rels") || name.starts_with('[') || types.contains(&format!("/{name}\"")),
            "{name}"
        );
    }
    let body = part(&parts, "word/document.xml");
    assert!(
        body.contains("with &lt;b&gt; &amp; .") && !body.contains('\u{b}'),
        "what XML can’t hold is left out"
    );
}

#[test]
fn heads_repeat_headings_are_real_and_the_language_is_british_english() {
    let parts = parts(&sample(), &Shape::Whole);
    let (body, styles) = (part(&parts, "word/document.xml"), part(&parts, "word/styles.xml"));
    let tables = body.matches("<w:tbl>").count();
    assert_eq!((tables, body.matches("<w:tblHeader/>").count()), (3, 3));
    for used in body.split("<w:pStyle w:val=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(styles.contains(&format!("w:styleId=\"{used}\"")), "{used} is a style");
    }
    assert!(styles.contains("<w:outlineLvl w:val=\"0\"/>") && styles.contains("w:lang w:val=\"en-GB\""));
    assert!(body.contains("w:orient=\"landscape\"") && part(&parts, "word/footer1.xml").contains("NUMPAGES"));
}

#[test]
fn rows_stay_together_unless_they_are_longer_than_half_a_page() {
    let mut pack = sample();
    let rows = |pack: &Pack| {
        let parts = parts(pack, &Shape::Whole);
        let body = part(&parts, "word/document.xml");
        (body.matches("<w:tr>").count(), body.matches("<w:cantSplit/>").count())
    };
    let (all, together) = rows(&pack);
    assert_eq!(all, together);
    pack.table.as_mut().unwrap().rows[0][0] = super::super::pack::Cell::text("word ".repeat(900));
    assert_eq!(rows(&pack), (all, all - 1));
}

#[test]
fn a_rating_is_word_symbol_and_shading_and_never_the_shading_alone() {
    let parts = parts(&sample(), &Shape::Whole);
    let body = part(&parts, "word/document.xml");
    assert!(body.contains("\u{a0}✓\u{a0}Complete\u{a0}") && body.contains("w:fill=\"3f7fbf\""));
    assert!(body.contains("w:val=\"diagStripe\"") && body.contains("w:val=\"dashed\""));
}

#[test]
fn the_mark_stands_in_the_head_of_every_page() {
    let head = |pack: &Pack| part(&parts(pack, &Shape::Whole), "word/header1.xml").to_owned();
    assert!(head(&sample()).contains("Draft, as things stood on 7 December 2017"));
    let exempt = sample().edition(Edition::NotForPublication);
    assert!(head(&exempt).contains("NOT FOR PUBLICATION"));
    let closed =
        Pack { stands: super::super::pack::Stands::Frozen("2017-12-07".parse().unwrap()), ..sample() };
    assert!(!head(&closed).contains("<w:t"));
}

#[test]
fn the_table_alone_has_its_letter_its_table_and_its_key() {
    let parts = parts(&sample(), &Shape::TableAlone { letter: "B".to_owned() });
    let body = part(&parts, "word/document.xml");
    assert!(body.contains("Appendix B") && body.contains("What the ratings mean"));
    assert!(!body.contains("Completions to agree"));
    assert_eq!(body.matches("<w:tblHeader/>").count(), 2);
}

#[test]
fn the_same_pack_is_the_same_bytes() {
    let again = || word(&sample(), &Shape::Whole).unwrap();
    assert_eq!(again(), again());
}

#[test]
fn every_cell_holds_a_paragraph_whatever_is_in_it() {
    let mut pack = sample();
    pack.table.as_mut().unwrap().rows[0][0] = super::super::pack::Cell::text(" \n");
    let parts = parts(&pack, &Shape::Whole);
    for cell in part(&parts, "word/document.xml").split("<w:tc>").skip(1) {
        assert!(
            cell.split("</w:tc>").next().unwrap().contains("<w:p>"),
            "Word refuses a cell without one: {cell}"
        );
    }
}
