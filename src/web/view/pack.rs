//! The papers of a round as a page, print first: A4 landscape, heads that repeat, rows that stay together.
//!
//! Says what a [`Pack`] holds and nothing else: it was settled when the pack was drawn up. What every page of it has to say
//! (that it is a draft, or not for publication) stands above it on the screen, and at the edge of every sheet on paper.

use maud::{Markup, Render, html};

use super::{
    kit::{Fact, paragraphs, summary_list},
    rating::{flag, grey_words, outline, tag},
    table::{Column, Row, Table, Width},
};
use crate::{
    domain::text,
    papers::pack::{Cell, Head, List, Pack, Part, Section},
};

/// The paper, from its heading on.
#[must_use]
pub fn pack(pack: &Pack) -> Markup {
    let mark = pack.mark();
    html! {
        div class=(if mark.is_some() { "pack pack-marked" } else { "pack" }) {
            h1 {
                @if !pack.council.is_empty() { span class="caption" { (pack.council) } " " }
                (pack.title())
            }
            @if let Some(mark) = &mark { p class="pack-mark" { (mark) } }
            div class="pack-facts" {
                (summary_list(pack.facts.iter().map(|(name, words)| Fact::new(name, words))))
            }
            @if !pack.sentence.is_empty() { p class="lead-sentence" { (pack.sentence) } }
            @for one in &pack.cover { (list(one, false)) }
            @for one in &pack.sections { (section(one)) }
            @if let Some(table) = &pack.table {
                h2 { (table.title) }
                (list(table, true))
            }
            @for note in &pack.notes { p class="soft small" { (note) } }
            @if let Some(words) = pack.check_words() { p class="soft small" { (words) } }
        }
    }
}

/// The paper as a page of its own, to be kept as a file: with the stylesheet in it.
#[must_use]
pub fn document(paper: &Pack) -> String {
    const STYLE: &str = include_str!("../assets/app.css");
    let (title, body) = (html! { (paper.title()) }.into_string(), pack(paper).into_string());
    format!(
        "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body class=\"wide\">\n<main class=\"wrap\">\n{body}\n</main>\n</body>\n</html>\n"
    )
}

fn section(one: &Section) -> Markup {
    let Section { title, words, lists } = one;
    html! {
        h2 { (title) }
        @for sentence in words { p { (sentence) } }
        // A section's only list that is called like it needs no second heading.
        @for of in lists { (list(of, lists.len() == 1 && of.title == *title)) }
    }
}

fn list(list: &List, caption_hidden: bool) -> Markup {
    let is_paper = list.heads.iter().any(|head| head.round);
    let names = |index: usize| {
        let named = |row: &Vec<Cell>| {
            matches!(row.get(index).map(|cell| &cell.0[..]), Some([Part::Strong(_), Part::Text(_)]))
        };
        list.rows.first().is_some_and(named)
    };
    let width = |index: usize, head: &Head| match (is_paper, head.share) {
        (false, _) if names(index) => Width::Title,
        (false, _) => Width::Auto,
        (true, ..=8) => Width::Narrow,
        (true, ..=12) => Width::Medium,
        (true, _) => Width::Prose,
    };
    let columns = list.heads.iter().enumerate();
    let columns = columns.map(|(index, head)| Column::new(&head.words).width(width(index, head)));
    let rows =
        list.rows.iter().map(|row| Row::new(row.iter().map(Render::render)).may_break(list.may_break(row)));
    let mut table = Table::new(&list.title, columns).rows(rows);
    // The paper's rows are actions: some answer no recommendation.
    table = if is_paper { table.plan().row_head(1) } else { table.row_head(0) };
    if caption_hidden {
        table = table.caption_hidden();
    }
    table.render()
}

impl Render for Cell {
    fn render(&self) -> Markup {
        match self.0.as_slice() {
            // Words alone need no box round them.
            [Part::Text(words)] if !words.contains('\n') => html! { (words) },
            parts => html! { @for part in parts { (part) } },
        }
    }
}

impl Render for Part {
    fn render(&self) -> Markup {
        match self {
            Self::Text(words) => paragraphs(words),
            Self::Strong(words) => html! { p { strong { (words) } } },
            Self::Soft(words) => html! { p { (grey_words(words)) } },
            Self::Flag(words) => html! { p { (flag(words)) } },
            Self::Named(name, words) => {
                let mut paragraphs = text::paragraphs(words);
                html! {
                    p { strong { (name) ": " } (paragraphs.next().unwrap_or_default()) }
                    @for paragraph in paragraphs { p { (paragraph) } }
                }
            }
            Self::Rating { word, colour } => html! { p { (tag(word, *colour)) } },
            Self::Suggested { words, reason } => html! {
                span class="suggestion" {
                    (outline(words))
                    @if !reason.is_empty() { " " span class="suggestion-reason" { (reason) } }
                }
            },
            Self::Said { parts, .. } => html! { @for part in parts { (part) } },
        }
    }
}
