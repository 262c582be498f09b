//! A pack as data, as it is stored and as every renderer reads it.
//!
//! Owns its shape, its stored form (JSON), which of its columns are shown, and what the public edition leaves out. The words
//! in it are final: they were said when it was drawn up.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{exempt, rating::Colour, text};

/// The number of the stored form. A pack is kept for as long as the plan: a field that is added later has a default.
const FORMAT: u32 = 1;

/// A paper about one plan and one round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// The number of the stored form.
    pub format: u32,
    /// What it is.
    pub kind: Kind,
    /// The council, as its settings name it; may be empty.
    pub council: String,
    /// The plan's title.
    pub plan: String,
    /// The round's label.
    pub round: String,
    /// How final it is.
    pub stands: Stands,
    /// What stands on the cover: panel, meeting and so on, each a name and its words.
    pub facts: Vec<(String, String)>,
    /// How things stand, to be read aloud. Empty in an addendum.
    pub sentence: String,
    /// The figures and the keys.
    pub cover: Vec<List>,
    /// What comes before the table.
    pub sections: Vec<Section>,
    /// The table in the paper's columns. None in an addendum.
    pub table: Option<List>,
    /// What has to be known to read it, at the end.
    pub notes: Vec<String>,
    /// Which of its two editions it is; the stored one is neither, and holds everything.
    #[serde(skip)]
    pub edition: Option<Edition>,
    /// The record check of the history, short. It is kept beside the stored form, which the history covers.
    #[serde(skip)]
    pub record_check: Option<String>,
}

/// The two papers of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The pack.
    Pack,
    /// What was received after the papers closed.
    Addendum,
}

/// How final a pack is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    /// The round is not closed: as things stood on a day.
    Draft(NaiveDate),
    /// Frozen when the round was closed.
    Frozen(NaiveDate),
    /// Drawn up later from the record, as at the day on which the round was closed.
    DrawnUp(NaiveDate),
}

/// Who a pack is for, where texts in it are not for publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// Without them, and saying so in their place.
    Public,
    /// With them, and marked on every page.
    NotForPublication,
}

/// A heading with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// Sentences under it.
    pub words: Vec<String>,
    /// Lists; a list without rows says so in its words.
    pub lists: Vec<List>,
}

/// A list, as a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// What it lists.
    pub title: String,
    /// The heads of its columns.
    pub heads: Vec<Head>,
    /// Its rows, each with a cell for every head.
    pub rows: Vec<Vec<Cell>>,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its words.
    pub words: String,
    /// Its share of the width, against the others'.
    pub share: u32,
    /// Whether it is an UPDATE / RAG column, of which readers choose how many they want.
    #[serde(default)]
    pub round: bool,
}

/// What stands in a cell, one under the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell(pub Vec<Part>);

/// One thing in a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Words, in paragraphs separated by blank lines.
    Text(String),
    /// Words that matter: a reference, a title.
    Strong(String),
    /// Words said by the way.
    Soft(String),
    /// A short fact that must not be missed and is no rating.
    Flag(String),
    /// A name and what it is: "Next", "Publish the leaflet".
    Named(String, String),
    /// A rating that somebody reported, in the plan's word.
    Rating {
        /// The word.
        word: String,
        /// How it is drawn.
        #[serde(with = "colour")]
        colour: Colour,
    },
    /// What the facts say, and why.
    Suggested {
        /// The words for it.
        words: String,
        /// The rule, in words; may be empty.
        reason: String,
    },
    /// What somebody wrote in an update, which may be marked as not for publication.
    Said {
        /// The update's number.
        update: i64,
        /// The paragraph of Schedule 12A that exempts it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exempt: Option<i32>,
        /// The words.
        parts: Vec<Part>,
    },
}

impl Pack {
    /// A paper of this form.
    pub(super) fn new(kind: Kind, stands: Stands, council: &str, plan: &str, round: &str) -> Self {
        Self {
            format: FORMAT,
            kind,
            council: council.to_owned(),
            plan: plan.to_owned(),
            round: round.to_owned(),
            stands,
            facts: Vec::new(),
            sentence: String::new(),
            cover: Vec::new(),
            sections: Vec::new(),
            table: None,
            notes: Vec::new(),
            edition: None,
            record_check: None,
        }
    }

    /// As it is stored.
    ///
    /// # Errors
    /// None that can happen in memory.
    pub fn stored(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// A stored pack, with the record check that is kept beside it.
    ///
    /// # Errors
    /// Where it is not understood: it was written by a later program, or damaged.
    pub fn read(stored: &str, record_check: &str) -> serde_json::Result<Self> {
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let Form { format } = serde_json::from_str(stored)?;
        if format != FORMAT {
            return Err(serde::de::Error::custom(format!(
                "papers of form {format} are kept here, and this program reads form {FORMAT}: it is older than they are"
            )));
        }
        let pack: Self = serde_json::from_str(stored)?;
        Ok(Self { record_check: Some(record_check.to_owned()), ..pack })
    }

    /// What it is called: "Digital safeguarding: papers for 7 Dec 2017".
    pub fn title(&self) -> String {
        match self.kind {
            Kind::Pack => format!("{}: papers for {}", self.plan, self.round),
            Kind::Addendum => format!("{}: addendum to the papers for {}", self.plan, self.round),
        }
    }

    /// What every page of it has to say, if anything.
    pub fn mark(&self) -> Option<String> {
        let draft = match self.stands {
            Stands::Draft(on) => Some(format!("Draft, as things stood on {}", text::day(on))),
            Stands::Frozen(_) | Stands::DrawnUp(_) => None,
        };
        let exempt = (self.edition == Some(Edition::NotForPublication)).then(|| EXEMPT_MARK.to_owned());
        let marks: Vec<String> = exempt.into_iter().chain(draft).collect();
        (!marks.is_empty()).then(|| marks.join(" – "))
    }

    /// A title of it with the mark, where it has one.
    pub(super) fn marked(&self, title: &str) -> String {
        self.mark().map_or_else(|| title.to_owned(), |mark| format!("{title} ({mark})"))
    }

    /// How to tell later that the history behind it is still the same.
    pub fn check_words(&self) -> Option<String> {
        let check = self.record_check.as_ref()?;
        Some(format!(
            "Record check {check}. Keep it: whoever looks after the installation can tell from it whether the history \
             behind this paper is still as it was."
        ))
    }

    /// Whether texts in it are not for publication, so that there are two editions of it.
    pub fn has_exempt(&self) -> bool {
        self.updates().any(|(_, exempt)| exempt.is_some())
    }

    /// The updates that are quoted in it, each with the paragraph that exempts it.
    pub fn updates(&self) -> impl Iterator<Item = (i64, Option<i32>)> {
        self.cells().flat_map(|cell| &cell.0).filter_map(|part| match part {
            Part::Said { update, exempt, .. } => Some((*update, *exempt)),
            _ => None,
        })
    }

    /// Marks the updates in it as they are marked now. Says whether that changed anything.
    pub fn remark(&mut self, marks: &BTreeMap<i64, Option<i32>>) -> bool {
        let mut changed = false;
        for part in self.cells_mut().flat_map(|cell| &mut cell.0) {
            if let Part::Said { update, exempt, .. } = part
                && let Some(now) = marks.get(update).filter(|now| *now != exempt)
            {
                *exempt = *now;
                changed = true;
            }
        }
        changed
    }

    /// One of its two editions.
    #[must_use]
    pub fn edition(mut self, edition: Edition) -> Self {
        for cell in self.cells_mut() {
            let parts = std::mem::take(&mut cell.0);
            cell.0 = parts.into_iter().flat_map(|part| said(part, edition)).collect();
        }
        self.edition = Some(edition);
        self
    }

    /// With so many UPDATE / RAG columns, the latest; at least one.
    #[must_use]
    pub fn columns(mut self, wanted: usize) -> Self {
        if let Some(table) = &mut self.table {
            table.keep_latest(wanted.max(1));
        }
        self
    }

    /// How many UPDATE / RAG columns it has.
    pub fn rounds(&self) -> usize {
        self.table.iter().flat_map(|table| &table.heads).filter(|head| head.round).count()
    }

    fn lists(&self) -> impl Iterator<Item = &List> {
        self.cover.iter().chain(self.sections.iter().flat_map(|s| &s.lists)).chain(&self.table)
    }

    fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.lists().flat_map(|list| &list.rows).flatten()
    }

    fn cells_mut(&mut self) -> impl Iterator<Item = &mut Cell> {
        let sections = self.sections.iter_mut().flat_map(|s| &mut s.lists);
        let lists = self.cover.iter_mut().chain(sections).chain(&mut self.table);
        lists.flat_map(|list| &mut list.rows).flatten()
    }
}

/// The title of the list that says what the ratings mean.
pub const RATINGS_MEAN: &str = "What the ratings mean";
/// The title of the list that says what the suggestions mean.
pub const SUGGESTIONS_MEAN: &str = "What the suggestions mean";

/// What stands on every page of the second edition.
pub const EXEMPT_MARK: &str = "NOT FOR PUBLICATION";

fn said(part: Part, edition: Edition) -> Vec<Part> {
    match part {
        Part::Said { exempt: Some(paragraph), parts, .. } => match edition {
            Edition::Public => vec![Part::Soft(exempt::instead(paragraph))],
            Edition::NotForPublication => {
                let mark = Part::Flag(exempt::tag(paragraph));
                [mark].into_iter().chain(parts).collect()
            }
        },
        Part::Said { exempt: None, parts, .. } => parts,
        other => vec![other],
    }
}

impl List {
    /// A list with these columns: words and share of the width.
    pub(super) fn new<'a>(title: impl Into<String>, heads: impl IntoIterator<Item = (&'a str, u32)>) -> Self {
        let head = |(words, share): (&str, u32)| Head { words: words.to_owned(), share, round: false };
        Self { title: title.into(), heads: heads.into_iter().map(head).collect(), rows: Vec::new() }
    }

    /// With these rows.
    pub(super) fn rows(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// Whether it says what the ratings or the suggestions mean. Told by the title, which stored packs have too.
    pub(super) fn is_key(&self) -> bool {
        [RATINGS_MEAN, SUGGESTIONS_MEAN].contains(&self.title.as_str())
    }

    fn keep_latest(&mut self, wanted: usize) {
        let rounds: Vec<usize> = (0..self.heads.len()).filter(|i| self.heads[*i].round).collect();
        let dropped = &rounds[..rounds.len().saturating_sub(wanted)];
        let mut index = 0..;
        self.heads.retain(|_| index.next().is_none_or(|i| !dropped.contains(&i)));
        for row in &mut self.rows {
            let mut index = 0..;
            row.retain(|_| index.next().is_none_or(|i| !dropped.contains(&i)));
        }
    }
}

impl Cell {
    /// Words alone.
    pub fn text(words: impl Into<String>) -> Self {
        Self::of(Part::Text(words.into()))
    }

    /// Whether there is nothing to read in it.
    pub(super) fn is_blank(&self) -> bool {
        fn blank(part: &Part) -> bool {
            match part {
                Part::Text(words) | Part::Strong(words) | Part::Soft(words) | Part::Flag(words) => {
                    words.trim().is_empty()
                }
                Part::Said { parts, .. } => parts.iter().all(blank),
                Part::Named(..) | Part::Rating { .. } | Part::Suggested { .. } => false,
            }
        }
        self.0.iter().all(blank)
    }

    /// One part alone.
    pub fn of(part: Part) -> Self {
        Self(vec![part])
    }
}

/// A colour as its code.
mod colour {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::domain::rating::Colour;

    pub(super) fn serialize<S: Serializer>(colour: &Colour, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(colour.code())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Colour, D::Error> {
        let code = String::deserialize(from)?;
        Colour::from_code(&code).ok_or_else(|| de::Error::custom(format!("no colour {code:?}")))
    }
}

#[cfg(test)]
mod tests;
