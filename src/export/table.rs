//! A table as it stands on a page, as a file: CSV, Excel or JSON.
//!
//! Plain functions from a [`Table`] to a text or bytes: what stands in it, and for whom, is decided by whoever fills it.
//! All three hold the same cells. CSV is for spreadsheets, so what one would run is disarmed; in Excel's own format a text is
//! a text, and a day a day that can be sorted.
//!
//! # How much memory it takes
//!
//! `cargo bench --bench exports` writes 2,000 rows of Appendix B's longest texts in each format, and fails where the process
//! took more than 200 MB.

use std::io;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use super::{MARK, lines};
use crate::papers::excel::{on_page, write_text};

/// A table, with what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it is of: the plan's title.
    pub title: String,
    /// What else is to be known of it: "As at", "Filter". Not in CSV, which has rows alone.
    pub about: Vec<(&'static str, String)>,
    /// The columns; no two of the same head.
    pub columns: Vec<Column>,
    /// The rows, each with one cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// How wide it is where files have widths.
    pub width: Width,
}

impl Column {
    /// A column under these words.
    pub fn new(head: impl Into<String>, width: Width) -> Self {
        Self { head: head.into(), width }
    }
}

/// How wide a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// A reference, a day, a number, a word.
    Narrow,
    /// A post, a line.
    Medium,
    /// Texts of several lines.
    Prose,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words; paragraphs are separated by blank lines.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// A whole number.
    Number(i32),
}

impl Cell {
    /// A text; none and an empty one are nothing.
    pub fn text(text: impl Into<Option<String>>) -> Self {
        text.into().filter(|t| !t.is_empty()).map_or(Self::Empty, Self::Text)
    }

    /// A day, if there is one.
    pub fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }
}

impl Table {
    /// Adds a column, under a head that no other has.
    pub fn column(&mut self, head: &str, width: Width) {
        let taken = |head: &str| self.columns.iter().any(|c| c.head == head);
        let mut own = head.to_owned();
        let mut number = 2;
        while taken(&own) {
            own = format!("{head} ({number})");
            number += 1;
        }
        self.columns.push(Column::new(own, width));
    }

    /// The header and the rows for a spreadsheet: UTF-8 with its mark, lines that end in CR LF, nothing that would run.
    ///
    /// # Errors
    /// None that can happen in memory; the CSV writer's signature has one.
    pub fn csv(&self) -> io::Result<String> {
        let header = self.columns.iter().map(|c| c.head.clone()).collect();
        let rows = self.rows.iter().map(|row| {
            let cell = |cell: &Cell| match cell {
                Cell::Empty => String::new(),
                Cell::Text(text) => text.clone(),
                Cell::Day(day) => day.to_string(),
                Cell::Number(number) => number.to_string(),
            };
            row.iter().map(cell).collect()
        });
        Ok(format!("{MARK}{}", lines(std::iter::once(header).chain(rows), true)?))
    }

    /// An object: `title`, `about`, `columns` and `rows`, each row an object by the heads of the columns, in their order. Days are
    /// `2017-12-07`; a cell with nothing in it is `null`.
    ///
    /// # Errors
    /// None that can happen in memory; the JSON writer's signature has one.
    pub fn json(&self) -> io::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// A workbook: the table on its first sheet, with its header in sight and on every printed page; what it is on the second.
    /// `made_on` is the day in its properties, so that the same table gives the same bytes.
    ///
    /// # Errors
    /// Where the table is larger than a sheet can be.
    pub fn xlsx(&self, made_on: NaiveDate) -> io::Result<Vec<u8>> {
        self.workbook(made_on).map_err(io::Error::other)
    }

    fn workbook(&self, made_on: NaiveDate) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let created =
            ExcelDateTime::from_ymd(made_on.year().try_into().unwrap_or(1900), month(made_on), day(made_on))?;
        book.set_properties(
            &DocProperties::new().set_title(self.title.as_str()).set_creation_datetime(&created),
        );
        self.fill(book.add_worksheet().set_name("Table")?)?;
        let about = book.add_worksheet().set_name("About this file")?;
        let (wrapped, bold) = (wrapped(), wrapped().set_bold());
        about.set_column_width(0, 20)?.set_column_width(1, 80)?;
        write_text(about, 0, 0, "Title", &bold)?;
        write_text(about, 0, 1, &self.title, &wrapped)?;
        for (row, (name, words)) in (1..).zip(&self.about) {
            write_text(about, row, 0, name, &bold)?;
            write_text(about, row, 1, words, &wrapped)?;
        }
        book.save_to_buffer()
    }

    fn fill(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let head = wrapped().set_bold().set_border_bottom(FormatBorder::Thin);
        let (text, date) = (wrapped(), wrapped().set_num_format("d mmmm yyyy").set_align(FormatAlign::Left));
        for (number, column) in (0..).zip(&self.columns) {
            sheet.set_column_width(
                number,
                match column.width {
                    Width::Narrow => 14,
                    Width::Medium => 24,
                    Width::Prose => 60,
                },
            )?;
            write_text(sheet, 0, number, &column.head, &head)?;
        }
        for (row, cells) in (1..).zip(&self.rows) {
            for (number, cell) in (0..).zip(cells) {
                match cell {
                    Cell::Empty => continue,
                    Cell::Text(words) => write_text(sheet, row, number, words, &text)?,
                    Cell::Day(day) => {
                        sheet.write_date_with_format(row, number, *day, &date)?;
                    }
                    Cell::Number(figure) => {
                        sheet.write_number_with_format(row, number, *figure, &text)?;
                    }
                }
            }
        }
        let last = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let right = u16::try_from(self.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        sheet.autofilter(0, 0, last, right)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        // A4, across, as many pages long as it takes.
        sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
        let said: Vec<String> = self.about.iter().map(|(name, words)| format!("{name}: {words}")).collect();
        sheet.set_header(format!("&L{}", on_page(&format!("{}. {}", self.title, said.join(". ")))));
        sheet.set_footer("&RPage &P of &N");
        Ok(())
    }
}

fn wrapped() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

fn month(day: NaiveDate) -> u8 {
    day.month().try_into().unwrap_or(1)
}

fn day(day: NaiveDate) -> u8 {
    day.day().try_into().unwrap_or(1)
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(4))?;
        map.serialize_entry("title", &self.title)?;
        map.serialize_entry("about", &Pairs(&self.about))?;
        map.serialize_entry("columns", &self.columns.iter().map(|c| &c.head).collect::<Vec<_>>())?;
        map.serialize_entry("rows", &Rows(self))?;
        map.end()
    }
}

struct Pairs<'a>(&'a [(&'static str, String)]);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, words)| (name, words)))
    }
}

struct Rows<'a>(&'a Table);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut rows = to.serialize_seq(Some(self.0.rows.len()))?;
        for row in &self.0.rows {
            rows.serialize_element(&Row(&self.0.columns, row))?;
        }
        rows.end()
    }
}

struct Row<'a>(&'a [Column], &'a [Cell]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().zip(self.1).map(|(column, cell)| (&column.head, cell)))
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Empty => to.serialize_none(),
            Self::Text(text) => to.serialize_str(text),
            Self::Day(day) => to.collect_str(day),
            Self::Number(number) => to.serialize_i32(*number),
        }
    }
}
