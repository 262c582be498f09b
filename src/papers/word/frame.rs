//! What surrounds a document's body: the parts that never change, its properties, and what stands on every page.

use std::io::{self, Write};

use super::{MARGIN, xml::Xml};
use crate::papers::pack::{Pack, Stands};

/// The parts that are the same in every document: their names and their texts.
pub(super) const FIXED: [(&str, &str); 5] = [
    ("[Content_Types].xml", include_str!("content-types.xml")),
    ("_rels/.rels", include_str!("relations.xml")),
    ("word/_rels/document.xml.rels", include_str!("document-relations.xml")),
    ("word/styles.xml", include_str!("styles.xml")),
    ("word/settings.xml", include_str!("settings.xml")),
];

/// The namespaces of the parts that hold words.
pub(super) const NAMESPACES: [(&str, &str); 2] = [
    ("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    ("xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
];

/// Title, language, and the day for which the pack stands: never the time at which it was written.
pub(super) fn properties<W: Write>(xml: &mut Xml<W>, pack: &Pack) -> io::Result<()> {
    let (Stands::Draft(day) | Stands::Frozen(day) | Stands::DrawnUp(day)) = pack.stands;
    let namespaces = [
        ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    xml.within("cp:coreProperties", &namespaces, |xml| {
        xml.words("dc:title", &[], &pack.title())?;
        xml.words("dc:creator", &[], &pack.council)?;
        xml.words("dc:language", &[], "en-GB")?;
        let w3c = [("xsi:type", "dcterms:W3CDTF")];
        xml.words("dcterms:created", &w3c, &format!("{day}T00:00:00Z"))?;
        xml.words("dcterms:modified", &w3c, &format!("{day}T00:00:00Z"))
    })
}

/// What stands at the head of every page: the mark, if there is one.
pub(super) fn header<W: Write>(xml: &mut Xml<W>, pack: &Pack) -> io::Result<()> {
    xml.within("w:hdr", &NAMESPACES, |xml| xml.paragraph("Header", &pack.mark().unwrap_or_default()))
}

/// What stands at the foot of every page: what it is, and which page of how many.
pub(super) fn footer<W: Write>(xml: &mut Xml<W>, pack: &Pack) -> io::Result<()> {
    let field = |xml: &mut Xml<W>, code: &str| {
        xml.within("w:fldSimple", &[("w:instr", code)], |xml| xml.run("1", |_| Ok(())))
    };
    xml.within("w:ftr", &NAMESPACES, |xml| {
        xml.styled("Footer", |xml| {
            xml.run(&format!("{} – page ", pack.title()), |_| Ok(()))?;
            field(xml, "PAGE")?;
            xml.run(" of ", |_| Ok(()))?;
            field(xml, "NUMPAGES")
        })
    })
}

/// A4 landscape, with header and footer: the body's last element.
pub(super) fn section<W: Write>(xml: &mut Xml<W>) -> io::Result<()> {
    let margin = MARGIN.to_string();
    xml.within("w:sectPr", &[], |xml| {
        xml.empty("w:headerReference", &[("w:type", "default"), ("r:id", "rId3")])?;
        xml.empty("w:footerReference", &[("w:type", "default"), ("r:id", "rId4")])?;
        xml.empty("w:pgSz", &[("w:w", "16838"), ("w:h", "11906"), ("w:orient", "landscape")])?;
        let sides = ["w:right", "w:left"].map(|side| (side, margin.as_str()));
        let rest = [
            ("w:top", "850"),
            ("w:bottom", "850"),
            ("w:header", "400"),
            ("w:footer", "400"),
            ("w:gutter", "0"),
        ];
        xml.empty("w:pgMar", &[sides.as_slice(), rest.as_slice()].concat())
    })
}
