//! A pack as an Excel workbook (.xlsx): the cover, a sheet for every list that has rows, and the table.
//!
//! Every cell is text, and one that a spreadsheet could take for a formula says that it is none (Excel's own quote prefix), so
//! that it stays text when somebody edits it. Heads are frozen on the screen and repeat on paper, A4 landscape. A rating that
//! stands beside words has a column of its own, so that it can be sorted and filtered by: its symbol, its word and its colours.

use rust_xlsxwriter::{
    Color, DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{
    look::{HEAD, Look, SOFT, look},
    pack::{Cell, Head, List, Pack, Part, Stands},
};
use crate::domain::rating::Colour;

/// The most that a cell holds, counted as UTF-16 does.
const LONGEST: usize = 32_767;
/// What stands at the end of a text that was cut there.
const CUT: &str = " … [cut here: a cell of Excel holds no more]";
/// The most characters of a sheet's name.
const LONGEST_NAME: usize = 31;
/// The width of all columns of a list together, in characters.
const WIDTH: f64 = 170.0;
/// The width of a column of ratings.
const RATING_WIDTH: f64 = 16.0;
/// The height of a line of 10 points, and the most that a row can have, in points.
const LINE: f64 = 13.0;
const HIGHEST: f64 = 409.0;
/// The row that holds a list's heads, from 0; its title stands above.
const HEADS: u32 = 1;

/// The workbook.
///
/// # Errors
/// None that can happen with what a pack holds; the writer's signature has one.
pub fn excel(pack: &Pack) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (Stands::Draft(day) | Stands::Frozen(day) | Stands::DrawnUp(day)) = pack.stands;
    workbook.set_properties(
        &DocProperties::new().set_title(pack.title()).set_author(&pack.council).set_creation_datetime(&day),
    );
    let mut names = Vec::new();
    cover(workbook.add_worksheet(), pack, &mut names)?;
    let lists = pack.sections.iter().flat_map(|section| &section.lists).filter(|list| !list.rows.is_empty());
    for list in lists.chain(&pack.table) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&list.title, &mut names))?;
        page(sheet, pack)?;
        let columns = Columns::of(list);
        title(sheet, &pack.marked(&list.title), 14.0, &columns.widths())?;
        columns.heads(sheet, HEADS)?;
        sheet.set_freeze_panes(HEADS + 1, 0)?;
        sheet.set_repeat_rows(0, HEADS)?;
        for (row, cells) in (HEADS + 1..).zip(&list.rows) {
            columns.row(sheet, row, cells)?;
        }
    }
    workbook.save_to_buffer()
}

/// What is the same on every sheet: A4 landscape, as wide as the page, the mark above, the page's number below.
fn page(sheet: &mut Worksheet, pack: &Pack) -> Result<(), XlsxError> {
    sheet
        .set_paper_size(9)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    if let Some(mark) = pack.mark() {
        sheet.set_header(format!("&C&B{}", on_page(&mark)));
    }
    sheet.set_footer(format!("&L{}&RPage &P of &N", on_page(&pack.title())));
    Ok(())
}

/// Words for the head or foot of a page, which holds 255 characters with its codes: cut first, so that no code is.
pub fn on_page(words: &str) -> String {
    let mut left = 200;
    let fits = |c: &char| {
        let takes = c.len_utf16() * if *c == '&' { 2 } else { 1 };
        let fits = takes <= left;
        left = left.saturating_sub(takes);
        fits
    };
    words.chars().take_while(fits).collect::<String>().replace('&', "&&")
}

/// The title in the first row, over all columns of a sheet, as high as it needs.
fn title(sheet: &mut Worksheet, words: &str, size: f64, widths: &[f64]) -> Result<(), XlsxError> {
    let format = bold().set_font_size(size);
    let last = u16::try_from(widths.len()).unwrap_or(u16::MAX).saturating_sub(1);
    if last > 0 {
        sheet.merge_range(0, 0, 0, last, "", &format)?;
    }
    write_text(sheet, 0, 0, words, &format)?;
    let scale = size / 10.0;
    sheet.set_row_height(0, lines(words, widths.iter().sum::<f64>() / scale) as f64 * LINE * scale)?;
    Ok(())
}

/// Makes a row as high as the longest of its texts needs in its column: programs other than Excel do not do it by themselves.
fn fit_row<'a>(
    sheet: &mut Worksheet,
    row: u32,
    texts: impl IntoIterator<Item = (&'a str, f64)>,
) -> Result<(), XlsxError> {
    let most = texts.into_iter().map(|(words, width)| lines(words, width)).max().unwrap_or(1);
    sheet.set_row_height(row, (most as f64 * LINE + 2.5).min(HIGHEST))?;
    Ok(())
}

/// How many lines a text takes in a column so many characters wide, rather one too many.
fn lines(words: &str, width: f64) -> usize {
    let room = (width * 1.15).max(4.0) as usize;
    let wrapped = |line: &str| {
        let (mut lines, mut at) = (1, 0);
        for word in line.split(' ').map(|word| word.chars().count()) {
            if at > 0 && at + 1 + word > room {
                lines += 1;
                at = 0;
            }
            at += word + usize::from(at > 0);
            lines += at.saturating_sub(1) / room;
            at = if at > room { at % room } else { at };
        }
        lines
    };
    words.lines().map(wrapped).sum::<usize>().max(1)
}

fn cover(sheet: &mut Worksheet, pack: &Pack, names: &mut Vec<String>) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name("Cover", names))?;
    page(sheet, pack)?;
    sheet.set_column_width(0, 40)?.set_column_width(1, 100)?;
    let widths = [40.0, 100.0];
    title(sheet, &pack.title(), 16.0, &widths)?;
    let mut row = 1;
    let mut line = |sheet: &mut Worksheet, words: [&str; 2], formats: [&Format; 2]| {
        for ((column, words), format) in (0..).zip(words).zip(formats) {
            write_text(sheet, row, column, words, format)?;
        }
        fit_row(sheet, row, words.into_iter().zip(widths))?;
        row += 1;
        Ok::<_, XlsxError>(())
    };
    let (bold, plain, soft) = (bold(), plain(), plain().set_font_color(colour(SOFT)));
    if let Some(mark) = pack.mark() {
        line(sheet, [&mark, ""], [&bold, &plain])?;
    }
    for (name, words) in &pack.facts {
        line(sheet, [name, words], [&bold, &plain])?;
    }
    if !pack.sentence.is_empty() {
        line(sheet, ["How things stand", &pack.sentence], [&bold, &plain])?;
    }
    for list in &pack.cover {
        line(sheet, ["", ""], [&plain, &plain])?;
        line(sheet, [&list.title, ""], [&bold, &plain])?;
        for cells in &list.rows {
            let [first, rest @ ..] = cells.as_slice() else { continue };
            let rest: Vec<String> = rest.iter().map(|cell| words(cell, true)).collect();
            let format = match first.0.as_slice() {
                [Part::Rating { colour, .. }] => tag(*colour),
                _ => plain.clone(),
            };
            line(sheet, [&words(first, true), &rest.join(", ")], [&format, &plain])?;
        }
    }
    line(sheet, ["", ""], [&plain, &plain])?;
    for section in &pack.sections {
        let said = section.words.join(" ");
        let rows: usize = section.lists.iter().map(|list| list.rows.len()).sum();
        let count = if rows > 0 { format!("{rows} listed. {said}") } else { said };
        line(sheet, [&section.title, count.trim()], [&bold, &plain])?;
    }
    line(sheet, ["", ""], [&plain, &plain])?;
    for note in pack.notes.iter().cloned().chain(pack.check_words()) {
        line(sheet, ["", &note], [&plain, &soft])?;
    }
    Ok(())
}

/// The columns of a list on its sheet: a column whose cells hold a rating beside words is two.
struct Columns<'a> {
    list: &'a List,
    rated: Vec<bool>,
}

impl<'a> Columns<'a> {
    fn of(list: &'a List) -> Self {
        let both = |cell: &Cell| cell.0.len() > 1 && cell.0.iter().any(|p| matches!(p, Part::Rating { .. }));
        let rated = |index| list.rows.iter().any(|row| row.get(index).is_some_and(both));
        Self { list, rated: (0..list.heads.len()).map(rated).collect() }
    }

    /// The widths of the sheet's columns, in characters.
    fn widths(&self) -> Vec<f64> {
        let whole: u32 = self.list.heads.iter().map(|head| head.share).sum();
        let of = |(head, rated): (&Head, &bool)| {
            let width = WIDTH * f64::from(head.share) / f64::from(whole.max(1));
            std::iter::once(width).chain(rated.then_some(RATING_WIDTH))
        };
        self.list.heads.iter().zip(&self.rated).flat_map(of).collect()
    }

    fn heads(&self, sheet: &mut Worksheet, row: u32) -> Result<(), XlsxError> {
        let mut texts = Vec::new();
        for (of, rated) in self.list.heads.iter().zip(&self.rated) {
            texts.push(of.words.clone());
            if *rated {
                texts.push(format!("RATING {}", of.words.strip_prefix(ROUND).unwrap_or(&of.words)));
            }
        }
        let (head, widths) = (bold().set_background_color(colour(HEAD)), self.widths());
        for ((column, text), width) in (0..).zip(&texts).zip(&widths) {
            write_text(sheet, row, column, text, &head)?;
            sheet.set_column_width(column, *width)?;
        }
        fit_row(sheet, row, texts.iter().map(String::as_str).zip(widths))
    }

    fn row(&self, sheet: &mut Worksheet, row: u32, cells: &[Cell]) -> Result<(), XlsxError> {
        let mut texts = Vec::new();
        for (cell, rated) in cells.iter().zip(&self.rated) {
            let rating = cell.0.iter().find_map(|part| match part {
                Part::Rating { word, colour } => Some((format!("{} {word}", colour.symbol()), tag(*colour))),
                _ => None,
            });
            match (rating, rated) {
                (Some(alone), false) if cell.0.len() == 1 => texts.push(alone),
                (rating, rated) => {
                    texts.push((words(cell, false), plain()));
                    if *rated {
                        texts.push(rating.unwrap_or_else(|| (String::new(), plain())));
                    }
                }
            }
        }
        for (column, (text, format)) in (0..).zip(&texts) {
            write_text(sheet, row, column, text, format)?;
        }
        fit_row(sheet, row, texts.iter().map(|(text, _)| text.as_str()).zip(self.widths()))
    }
}

/// How the head of an UPDATE / RAG column begins.
const ROUND: &str = "UPDATE / RAG ";

/// A cell's words, one part under the other.
fn words(cell: &Cell, with_ratings: bool) -> String {
    fn of(parts: &[Part], with_ratings: bool) -> Vec<String> {
        let one = |part: &Part| match part {
            Part::Text(words) | Part::Strong(words) | Part::Soft(words) | Part::Flag(words) => {
                vec![words.clone()]
            }
            Part::Named(name, words) => vec![format!("{name}: {words}")],
            Part::Rating { word, colour } if with_ratings => vec![format!("{} {word}", colour.symbol())],
            Part::Rating { .. } => Vec::new(),
            Part::Suggested { words, reason } if reason.is_empty() => vec![format!("Suggested: {words}")],
            Part::Suggested { words, reason } => vec![format!("Suggested: {words} ({reason})")],
            Part::Said { parts, .. } => of(parts, with_ratings),
        };
        parts.iter().flat_map(one).collect()
    }
    of(&cell.0, with_ratings).join("\n\n")
}

/// Writes a text as a text, whatever it looks like: one that a spreadsheet would run is marked as text for good, and one too
/// long for a cell is cut and says so.
///
/// # Errors
/// Where there is no such cell.
pub fn write_text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    words: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let words = fitting(words);
    // Excel would run it if somebody only pressed Enter on it.
    let runs = words.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let quoted = runs.then(|| format.clone().set_quote_prefix());
    sheet.write_string_with_format(row, column, words, quoted.as_ref().unwrap_or(format))?;
    Ok(())
}

/// Words as a cell can hold them: not too long, and without what XML has no way to say.
fn fitting(words: &str) -> String {
    let plain = |c: &char| matches!(c, '\t' | '\n') || (*c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    let mut kept: String = words.chars().filter(plain).collect();
    if kept.encode_utf16().count() <= LONGEST {
        return kept;
    }
    let room = LONGEST - CUT.encode_utf16().count();
    let mut taken = 0;
    let end = kept.char_indices().find(|(_, c)| {
        taken += c.len_utf16();
        taken > room
    });
    kept.truncate(end.map_or(kept.len(), |(at, _)| at));
    kept + CUT
}

/// A sheet's name that Excel takes and that no other sheet has.
fn sheet_name(title: &str, names: &mut Vec<String>) -> String {
    let plain: String = title.chars().map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c }).collect();
    let plain = crate::domain::text::fold(&plain);
    let cut = |to: usize| plain.chars().take(to).collect::<String>().trim_end().to_owned();
    let taken = |name: &String| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let mut name = cut(LONGEST_NAME);
    let mut number = 2;
    while name.is_empty() || taken(&name) {
        name = format!("{} {number}", cut(LONGEST_NAME - 4));
        number += 1;
    }
    names.push(name.clone());
    name
}

fn plain() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top).set_font_name("Arial").set_font_size(10)
}

fn bold() -> Format {
    plain().set_bold()
}

fn tag(of: Colour) -> Format {
    let Look { ground, text, edge } = look(of);
    let line = if of == Colour::Plain { FormatBorder::Dashed } else { FormatBorder::Thin };
    bold()
        .set_background_color(colour(ground))
        .set_font_color(colour(text))
        .set_border(line)
        .set_border_color(colour(edge))
}

fn colour(hex: &str) -> Color {
    Color::RGB(u32::from_str_radix(hex, 16).unwrap_or_default())
}

#[cfg(test)]
mod tests;
