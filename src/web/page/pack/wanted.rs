//! What of a paper somebody wants: which format, how many columns, which edition; and the form that asks for it.

use maud::{Markup, html};

use super::Errors;
use crate::{
    papers::{
        Pack,
        pack::{Edition, Kind},
    },
    web::{
        form::Fields,
        view::{
            button::{Kind as Button, button_group, submit},
            form::{Choice, FieldError, Inputs, Width},
            kit::details,
        },
    },
};

/// The values of the two editions in addresses.
const PUBLIC: &str = "public";
pub(super) const NOT_FOR_PUBLICATION: &str = "not-for-publication";
/// The longest name of an appendix: "B", "10", "B2".
const LONGEST_LETTER: usize = 3;

/// A file that a paper can be had as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Word, the whole paper.
    Word,
    /// Word, the table alone.
    Table,
    /// Excel.
    Excel,
}

impl Format {
    /// The plan's name in an address, and the format that its ending asks for.
    pub(super) fn in_address(file: &str) -> (&str, Option<Self>) {
        [Self::Word, Self::Excel]
            .into_iter()
            .find_map(|format| Some((file.strip_suffix(format.ending())?.strip_suffix('.')?, Some(format))))
            .unwrap_or((file, None))
    }

    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Word | Self::Table => "docx",
            Self::Excel => "xlsx",
        }
    }

    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::Word | Self::Table => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            }
            Self::Excel => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// What somebody wants.
pub(super) struct Wanted {
    /// None: the page.
    pub(super) format: Option<Format>,
    pub(super) edition: Edition,
    /// The letter of the table alone.
    pub(super) letter: String,
    columns: Option<usize>,
    typed: Fields,
}

impl Wanted {
    /// Reads an address; what is not understood is said, and then it is the page that is shown. None: there is no such edition.
    pub(super) fn read(query: &str, format: Option<Format>, rounds: usize) -> Option<(Self, Errors)> {
        let typed = Fields::decode(query.as_bytes());
        let mut errors = Vec::new();
        let format = match typed.raw("as") {
            "" => format,
            "page" => None,
            "word" => Some(Format::Word),
            "table" => Some(Format::Table),
            "excel" => Some(Format::Excel),
            _ => {
                errors.push(FieldError::new("as", "Choose one of the formats"));
                None
            }
        };
        let columns = match typed.raw("columns") {
            "" => None,
            text => match text.parse() {
                Ok(number) if (1..=rounds.max(1)).contains(&number) => Some(number),
                _ => {
                    errors.push(FieldError::new("columns", "Choose one of these numbers of columns"));
                    None
                }
            },
        };
        let letter = typed.raw("letter").trim().to_owned();
        if letter.chars().count() > LONGEST_LETTER || !letter.chars().all(char::is_alphanumeric) {
            errors.push(FieldError::new("letter", "Enter a letter or a number, for example B"));
        }
        let edition = match typed.raw("edition") {
            "" | PUBLIC => Edition::Public,
            NOT_FOR_PUBLICATION => Edition::NotForPublication,
            _ => return None,
        };
        Some((Self { format, edition, letter, columns, typed }, errors))
    }

    /// That of a paper.
    pub(super) fn of(&self, paper: Pack) -> Pack {
        let paper = paper.edition(self.edition);
        match self.columns {
            Some(columns) => paper.columns(columns),
            None => paper,
        }
    }
}

/// The form above the paper, and the links to its other edition. None of it is printed.
pub(super) fn panel(
    address: &str,
    wanted: &Wanted,
    editions: &[Edition],
    (kind, rounds): (Kind, usize),
    errors: &[FieldError],
) -> Markup {
    let f = Inputs::new(errors);
    let mut formats = vec![Choice::new("page", "A page to read and print"), Choice::new("word", "Word")];
    if kind == Kind::Pack {
        formats.push(Choice::new("table", "Word, the table alone"));
        formats.push(Choice::new("excel", "Excel"));
    }
    let number = |n: usize| match n {
        1 => "The latest".to_owned(),
        n => format!("The latest {n}"),
    };
    let columns = [Choice::new("", format!("All {rounds}"))]
        .into_iter()
        .chain((1..rounds).rev().map(|n| Choice::new(n.to_string(), number(n))));
    let chosen = match wanted.typed.raw("as") {
        "" => "page",
        other => other,
    };
    let edition = match wanted.edition {
        Edition::Public => PUBLIC,
        Edition::NotForPublication => NOT_FOR_PUBLICATION,
    };
    let form = html! {
        form method="get" action=(address) novalidate {
            (f.radios("as", "Format", chosen, formats))
            @if editions.len() > 1 {
                (f.radios("edition", "Edition", edition, [
                    Choice::new(PUBLIC, "For the public").hint("Without the texts that are not for publication"),
                    Choice::new(NOT_FOR_PUBLICATION, "Not for publication").hint("With them, and marked on every page"),
                ]))
            }
            @if rounds > 1 {
                (f.select("columns", "UPDATE / RAG columns", wanted.typed.raw("columns"), columns))
            }
            @if kind == Kind::Pack {
                (f.text("letter", "Letter of the table alone", wanted.typed.raw("letter"))
                    .optional()
                    .hint("B makes the heading “Appendix B”")
                    .width(Width::W4))
            }
            (button_group([submit("Show or download", Button::Primary)]))
        }
    };
    html! {
        div class="no-print" {
            // Whatever is wrong must be seen.
            @if errors.is_empty() { (details("Choose format and columns", form)) } @else { (form) }
            @if editions.len() > 1 {
                p {
                    @match wanted.edition {
                        Edition::Public => {
                            "Some texts are not for publication. "
                            a href={ (address) "?edition=" (NOT_FOR_PUBLICATION) } { "Read the edition that holds them" }
                        }
                        Edition::NotForPublication => a href=(address) { "Read the edition for the public" },
                    }
                }
            }
        }
    }
}
