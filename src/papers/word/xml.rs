//! XML, an element at a time: quick-xml's writer with fewer words, and the two elements that every part is made of.

use std::io::{self, Write};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

/// Attributes: names and values.
pub(super) type Attributes<'a> = [(&'a str, &'a str)];

/// A part of the document while it is written.
pub(super) struct Xml<W: Write>(Writer<W>);

impl<W: Write> Xml<W> {
    /// Begins a part with its declaration.
    pub(super) fn begin(to: W) -> io::Result<Self> {
        let mut writer = Writer::new(to);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))))?;
        Ok(Self(writer))
    }

    /// An element with what is in it.
    pub(super) fn within(
        &mut self,
        name: &str,
        attributes: &Attributes<'_>,
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.0.write_event(Event::Start(start(name, attributes)))?;
        inside(self)?;
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &str, attributes: &Attributes<'_>) -> io::Result<()> {
        self.0.write_event(Event::Empty(start(name, attributes)))
    }

    /// Words, without the characters that no XML can hold.
    pub(super) fn text(&mut self, words: &str) -> io::Result<()> {
        self.0.write_event(Event::Text(BytesText::new(&clean(words))))
    }

    /// An element that holds words alone.
    pub(super) fn words(&mut self, name: &str, attributes: &Attributes<'_>, words: &str) -> io::Result<()> {
        self.within(name, attributes, |xml| xml.text(words))
    }

    /// A paragraph of a style.
    pub(super) fn paragraph(&mut self, style: &str, words: &str) -> io::Result<()> {
        self.styled(style, |xml| xml.run(words, |_| Ok(())))
    }

    /// A paragraph of a style, of several runs.
    pub(super) fn styled(
        &mut self,
        style: &str,
        inside: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.within("w:p", &[], |xml| {
            xml.within("w:pPr", &[], |xml| xml.empty("w:pStyle", &[("w:val", style)]))?;
            inside(xml)
        })
    }

    /// A run of words with what is particular about it; their line ends stay.
    pub(super) fn run(
        &mut self,
        words: &str,
        properties: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        if words.is_empty() {
            return Ok(());
        }
        self.within("w:r", &[], |xml| {
            xml.within("w:rPr", &[], properties)?;
            for (number, line) in words.lines().enumerate() {
                if number > 0 {
                    xml.empty("w:br", &[])?;
                }
                xml.words("w:t", &[("xml:space", "preserve")], line)?;
            }
            Ok(())
        })
    }
}

fn start<'a>(name: &'a str, attributes: &'a Attributes<'_>) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, &*clean(value)));
    }
    start
}

/// Without what XML 1.0 has no way to say: most control characters.
fn clean(words: &str) -> String {
    words
        .chars()
        .filter(|c| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}')))
        .collect()
}
