//! A pack as a Word document (.docx): A4 landscape, real headings, heads that repeat, page numbers, British English.
//!
//! Owns which parts a document has and in what order they stand; `word/xml.rs` writes elements, `word/cell.rs` what stands in
//! a cell, `word/frame.rs` what surrounds the body (styles, header and footer, properties).
//!
//! # Why it is written by hand
//!
//! docx-rs, the library for this, knows no heads that repeat on every page (`w:tblHeader`), no document language and no
//! shading of a part of a cell, writes its styles only where one defines them all, and stores without compression: each would
//! be put right in its output with an XML writer and an archive writer, which are all that is needed to begin with. So
//! quick-xml writes straight into zip: an element at a time, so that a table of thousands of rows takes no memory of its own,
//! and with one fixed time, so that the same pack is the same bytes.

use std::io::{self, Cursor, Write};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::pack::{List, Pack, Section};

mod cell;
mod frame;
mod xml;

use xml::Xml;

/// What a document holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The whole pack.
    Whole,
    /// The table alone, to go behind a cover report, under a heading such as "Appendix B".
    TableAlone {
        /// The letter or number of the appendix; may be empty: no such heading.
        letter: String,
    },
}

/// The width between the margins, in twentieths of a point.
const WIDTH: usize = 16838 - 2 * MARGIN;
/// The margin at each side.
const MARGIN: usize = 680;

/// The document.
///
/// # Errors
/// None that can happen in memory; writers' signatures have one.
pub fn word(pack: &Pack, shape: &Shape) -> io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, text) in frame::FIXED {
        archive.start_file(name, options)?;
        archive.write_all(text.as_bytes())?;
    }
    let mut part = |name: &str, write: &dyn Fn(&mut Xml<&mut dyn Write>) -> io::Result<()>| {
        archive.start_file(name, options)?;
        write(&mut Xml::begin(&mut archive as &mut dyn Write)?)
    };
    part("docProps/core.xml", &|xml| frame::properties(xml, pack))?;
    part("word/header1.xml", &|xml| frame::header(xml, pack))?;
    part("word/footer1.xml", &|xml| frame::footer(xml, pack))?;
    part("word/document.xml", &|xml| document(xml, pack, shape))?;
    Ok(archive.finish()?.into_inner())
}

fn document<W: Write>(xml: &mut Xml<W>, pack: &Pack, shape: &Shape) -> io::Result<()> {
    xml.within("w:document", &frame::NAMESPACES, |xml| {
        xml.within("w:body", &[], |xml| {
            match shape {
                Shape::Whole => whole(xml, pack)?,
                Shape::TableAlone { letter } => table_alone(xml, pack, letter)?,
            }
            frame::section(xml)
        })
    })
}

fn whole<W: Write>(xml: &mut Xml<W>, pack: &Pack) -> io::Result<()> {
    if !pack.council.is_empty() {
        xml.paragraph("Soft", &pack.council)?;
    }
    xml.paragraph("Title", &pack.title())?;
    if let Some(mark) = pack.mark() {
        xml.paragraph("Mark", &mark)?;
    }
    for (name, words) in &pack.facts {
        xml.within("w:p", &[], |xml| {
            xml.run(&format!("{name}: "), |xml| xml.empty("w:b", &[]))?;
            xml.run(words, |_| Ok(()))
        })?;
    }
    if !pack.sentence.is_empty() {
        xml.paragraph("Lead", &pack.sentence)?;
    }
    for list in &pack.cover {
        titled(xml, "Heading2", list)?;
    }
    for Section { title, words, lists } in &pack.sections {
        xml.paragraph("Heading1", title)?;
        let style = if lists.is_empty() { "Normal" } else { "BeforeTable" };
        for sentence in words {
            xml.paragraph(style, sentence)?;
        }
        // A section's only list that is called like it needs no second heading.
        for list in lists {
            if lists.len() == 1 && list.title == *title {
                table(xml, list)?
            } else {
                titled(xml, "Heading2", list)?
            }
        }
    }
    if let Some(list) = &pack.table {
        titled(xml, "Heading1", list)?;
    }
    end(xml, pack)
}

fn table_alone<W: Write>(xml: &mut Xml<W>, pack: &Pack, letter: &str) -> io::Result<()> {
    if !letter.is_empty() {
        xml.paragraph("Title", &format!("Appendix {letter}"))?;
    }
    if let Some(mark) = pack.mark() {
        xml.paragraph("Mark", &mark)?;
    }
    if let Some(list) = &pack.table {
        xml.paragraph("Heading1", &format!("{}: {}", list.title, pack.plan))?;
        table(xml, list)?;
    }
    // Whatever shows a rating shows its key.
    for list in pack.cover.iter().filter(|list| list.is_key()) {
        titled(xml, "Heading2", list)?;
    }
    end(xml, pack)
}

fn end<W: Write>(xml: &mut Xml<W>, pack: &Pack) -> io::Result<()> {
    for note in &pack.notes {
        xml.paragraph("Soft", note)?;
    }
    match pack.check_words() {
        Some(words) => xml.paragraph("Soft", &words),
        None => Ok(()),
    }
}

fn titled<W: Write>(xml: &mut Xml<W>, style: &str, list: &List) -> io::Result<()> {
    xml.paragraph(style, &list.title)?;
    table(xml, list)
}

fn table<W: Write>(xml: &mut Xml<W>, list: &List) -> io::Result<()> {
    let whole: u32 = list.heads.iter().map(|head| head.share).sum();
    let widths: Vec<String> = list
        .heads
        .iter()
        .map(|head| (WIDTH * head.share as usize / whole.max(1) as usize).to_string())
        .collect();
    xml.within("w:tbl", &[], |xml| {
        xml.within("w:tblPr", &[], |xml| {
            xml.empty("w:tblStyle", &[("w:val", "PackTable")])?;
            xml.empty("w:tblW", &[("w:w", "5000"), ("w:type", "pct")])?;
            xml.empty("w:tblLayout", &[("w:type", "fixed")])?;
            xml.empty("w:tblLook", &[("w:val", "0020"), ("w:firstRow", "1"), ("w:noVBand", "1")])?;
            xml.empty("w:tblCaption", &[("w:val", &list.title)])
        })?;
        xml.within("w:tblGrid", &[], |xml| {
            widths.iter().try_for_each(|width| xml.empty("w:gridCol", &[("w:w", width)]))
        })?;
        xml.within("w:tr", &[], |xml| {
            xml.within("w:trPr", &[], |xml| {
                xml.empty("w:cantSplit", &[])?;
                xml.empty("w:tblHeader", &[])
            })?;
            list.heads.iter().zip(&widths).try_for_each(|(head, width)| {
                cell::in_cell(xml, width, true, |xml| xml.paragraph("TableHead", &head.words))
            })
        })?;
        for row in &list.rows {
            xml.within("w:tr", &[], |xml| {
                if !list.may_break(row) {
                    xml.within("w:trPr", &[], |xml| xml.empty("w:cantSplit", &[]))?;
                }
                row.iter().zip(&widths).try_for_each(|(cell, width)| {
                    cell::in_cell(xml, width, false, |xml| cell::cell(xml, cell))
                })
            })?;
        }
        Ok(())
    })?;
    // Two tables without a paragraph between them would be one.
    xml.paragraph("Gap", "")
}

#[cfg(test)]
mod tests;
