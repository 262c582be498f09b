//! What the tests of the renderers share: a pack with something of everything, and a file taken apart.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::pack::{Cell, Head, Kind, List, Pack, Part, Section, Stands};
use crate::domain::rating::Colour;

/// The parts of a document: their names and their texts.
pub(super) fn parts(bytes: Vec<u8>) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        parts.push((file.name().unwrap().into_owned(), text));
    }
    parts
}

/// A pack with something of everything, for the tests of the renderers.
pub(super) fn sample() -> super::Pack {
    let rating = |colour: Colour, word: &str| Part::Rating { word: word.to_owned(), colour };
    let key = Colour::ALL.iter().map(|colour| {
        vec![Cell::of(rating(*colour, colour.code())), Cell::text(format!("means {}", colour.code()))]
    });
    let said = |update, exempt, words: &str| Part::Said {
        update,
        exempt,
        parts: vec![
            Part::Text(format!("{words}\n\nA second paragraph,\nin two lines, with <b> & \u{b}.")),
            Part::Named("Next".to_owned(), "=SUM(1)".to_owned()),
        ],
    };
    let mut table = List::new("Action plan", [("RECOMMENDATION", 16), ("ACTION", 16)]);
    for label in ["Sept 2017", "7 Dec 2017"] {
        table.heads.push(Head { words: format!("UPDATE / RAG {label}"), share: 21, round: true });
    }
    let row = |reference: &str, first: Cell, second: Cell| {
        let words =
            Cell(vec![Part::Strong(format!("{reference})")), Part::Text("That it be done.".to_owned())]);
        vec![words, Cell::text("=1+1"), first, second]
    };
    let gap = Cell::of(Part::Flag("No update received".to_owned()));
    let table = table.rows([
        row(
            "Ai",
            gap,
            Cell(vec![rating(Colour::Complete, "Complete"), said(7, Some(3), "Only for those who may")]),
        ),
        row("Aii", Cell(vec![rating(Colour::Red, "Red"), said(8, None, "For everybody")]), Cell::default()),
    ]);
    Pack {
        facts: vec![("Panel".to_owned(), "Panel & Committee".to_owned())],
        sentence: "On 7 December 2017, 1 of 2 actions is complete.".to_owned(),
        cover: vec![List::new("What the ratings mean", [("Rating", 1), ("Meaning", 3)]).rows(key)],
        sections: vec![
            Section {
                title: "Completions to agree".to_owned(),
                words: vec!["None.".to_owned()],
                lists: Vec::new(),
            },
            Section {
                title: "Exceptions".to_owned(),
                words: Vec::new(),
                lists: vec![List::new("Overdue: 1 / [of] 2", [("Action", 1), ("Why", 2)]).rows([vec![
                    Cell::of(Part::Strong("Aii".to_owned())),
                    Cell::of(Part::Suggested {
                        words: "Off track".to_owned(),
                        reason: "deadline passed 7 days ago".to_owned(),
                    }),
                ]])],
            },
        ],
        table: Some(table),
        notes: vec!["A note.".to_owned()],
        ..Pack::new(
            Kind::Pack,
            Stands::Draft("2017-12-07".parse().unwrap()),
            "Council",
            "Digital safeguarding",
            "7 Dec 2017",
        )
    }
}
