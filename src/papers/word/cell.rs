//! What stands in a cell of a Word table: paragraphs, and ratings as tags.

use std::io::{self, Write};

use super::xml::Xml;
use crate::{
    domain::{rating::Colour, text},
    papers::{
        look::{HEAD, Look, SOFT, look},
        pack::{Cell, Part},
    },
};

/// A table's cell of a width; it has to hold a paragraph.
pub(super) fn in_cell<W: Write>(
    xml: &mut Xml<W>,
    width: &str,
    is_head: bool,
    inside: impl FnOnce(&mut Xml<W>) -> io::Result<()>,
) -> io::Result<()> {
    xml.within("w:tc", &[], |xml| {
        xml.within("w:tcPr", &[], |xml| {
            xml.empty("w:tcW", &[("w:w", width), ("w:type", "dxa")])?;
            if is_head {
                xml.empty("w:shd", &[("w:val", "clear"), ("w:color", "auto"), ("w:fill", HEAD)])?;
            }
            Ok(())
        })?;
        inside(xml)
    })
}

/// The paragraphs of a cell.
pub(super) fn cell<W: Write>(xml: &mut Xml<W>, cell: &Cell) -> io::Result<()> {
    if cell.is_blank() {
        return xml.paragraph("TableText", "");
    }
    cell.0.iter().try_for_each(|one| part(xml, one))
}

fn part<W: Write>(xml: &mut Xml<W>, part_of: &Part) -> io::Result<()> {
    let bold = |xml: &mut Xml<W>| xml.empty("w:b", &[]);
    let soft = |xml: &mut Xml<W>| xml.empty("w:color", &[("w:val", SOFT)]);
    match part_of {
        Part::Text(words) => {
            text::paragraphs(words).try_for_each(|paragraph| xml.paragraph("TableText", paragraph))
        }
        Part::Strong(words) | Part::Flag(words) => xml.styled("TableText", |xml| xml.run(words, bold)),
        Part::Soft(words) => xml.styled("TableText", |xml| xml.run(words, soft)),
        Part::Named(name, words) => {
            let mut paragraphs = text::paragraphs(words);
            xml.styled("TableText", |xml| {
                xml.run(&format!("{name}: "), bold)?;
                xml.run(paragraphs.next().unwrap_or_default(), |_| Ok(()))
            })?;
            paragraphs.try_for_each(|paragraph| xml.paragraph("TableText", paragraph))
        }
        Part::Rating { word, colour } => xml.styled("TableText", |xml| tag(xml, word, *colour)),
        Part::Suggested { words, reason } => {
            xml.styled("TableText", |xml| {
                xml.run(&format!("\u{a0}Suggested: {words}\u{a0}"), |xml| border(xml, "single", "595959"))
            })?;
            if reason.is_empty() { Ok(()) } else { xml.styled("TableText", |xml| xml.run(reason, soft)) }
        }
        Part::Said { parts, .. } => parts.iter().try_for_each(|one| part(xml, one)),
    }
}

/// A rating: a strip with its pattern, then symbol and word on its ground.
fn tag<W: Write>(xml: &mut Xml<W>, word: &str, colour: Colour) -> io::Result<()> {
    let Look { ground, text, edge } = look(colour);
    let (pattern, line) = match colour {
        Colour::Red => ("solid", "single"),
        Colour::Amber => ("diagStripe", "single"),
        Colour::Green => ("clear", "single"),
        Colour::Complete => ("pct25", "single"),
        Colour::Plain => ("nil", "dashed"),
    };
    if pattern != "nil" {
        xml.run("\u{a0}\u{a0}", |xml| {
            border(xml, line, edge)?;
            xml.empty("w:shd", &[("w:val", pattern), ("w:color", edge), ("w:fill", "ffffff")])
        })?;
    }
    // No-break spaces keep it together, and keep the word off its edge.
    let words = format!("\u{a0}{}\u{a0}{}\u{a0}", colour.symbol(), word.replace(' ', "\u{a0}"));
    xml.run(&words, |xml| {
        xml.empty("w:b", &[])?;
        xml.empty("w:color", &[("w:val", text)])?;
        border(xml, line, edge)?;
        xml.empty("w:shd", &[("w:val", "clear"), ("w:color", "auto"), ("w:fill", ground)])
    })
}

fn border<W: Write>(xml: &mut Xml<W>, line: &str, colour: &str) -> io::Result<()> {
    xml.empty("w:bdr", &[("w:val", line), ("w:sz", "8"), ("w:space", "0"), ("w:color", colour)])
}
