//! Tables: caption, scopes and roles, and the labels with which a row becomes a card.
//!
//! In a narrow window the stylesheet turns each row into a card and writes the column's
//! words above each cell. That takes the table's meaning away in some browsers, so the
//! roles are said again here. Never sorts or filters: it shows the rows it is given.

use maud::{Markup, Render, html};

/// How a wide table shares its width. Only [`Table::plan`] fixes it; elsewhere the browser decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// As the browser likes it.
    #[default]
    Auto,
    /// 9 % of a plan: a date, a kind.
    Narrow,
    /// 11 % of a plan: a post.
    Medium,
    /// Texts: such columns share what the others leave; in a card each takes the whole width.
    Prose,
    /// What an action is called, in papers.
    Title,
    /// Figures, at the right edge.
    Number,
}

impl Width {
    const fn class(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::Narrow => Some("col-narrow"),
            Self::Medium => Some("col-medium"),
            Self::Prose => Some("col-prose"),
            Self::Title => Some("col-title"),
            Self::Number => Some("number"),
        }
    }
}

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorted {
    /// Smallest or earliest first.
    Ascending,
    /// Largest or latest first.
    Descending,
}

/// One column: its words, its width, and whether the rows stand in its order.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    label: &'a str,
    width: Width,
    sorted: Option<Sorted>,
}

impl<'a> Column<'a> {
    /// A column under these words.
    #[must_use]
    pub const fn new(label: &'a str) -> Self {
        Self { label, width: Width::Auto, sorted: None }
    }

    /// Sets its share of the width.
    #[must_use]
    pub const fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// Says that the rows stand in this column's order.
    #[must_use]
    pub const fn sorted(mut self, sorted: Sorted) -> Self {
        self.sorted = Some(sorted);
        self
    }
}

/// One row: its cells in the columns' order, and an id to link to.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    id: Option<&'a str>,
    may_break: bool,
    cells: Vec<Markup>,
}

impl<'a> Row<'a> {
    /// A row of these cells, one for each column.
    #[must_use]
    pub fn new(cells: impl IntoIterator<Item = Markup>) -> Self {
        Self { id: None, may_break: false, cells: cells.into_iter().collect() }
    }

    /// Lets a link jump to this row, which is then marked.
    #[must_use]
    pub const fn id(mut self, id: &'a str) -> Self {
        self.id = Some(id);
        self
    }

    /// Lets a row that is longer than half a page go over to the next one on paper; others stay together.
    #[must_use]
    pub const fn may_break(mut self, may: bool) -> Self {
        self.may_break = may;
        self
    }
}

/// A table. Build it, then put it into the page like any other markup.
#[derive(Clone, Debug)]
pub struct Table<'a> {
    caption: &'a str,
    caption_hidden: bool,
    columns: Vec<Column<'a>>,
    rows: Vec<Row<'a>>,
    row_head: Option<usize>,
    class: &'static str,
}

impl<'a> Table<'a> {
    /// An empty table under this caption.
    #[must_use]
    pub fn new(caption: &'a str, columns: impl IntoIterator<Item = Column<'a>>) -> Self {
        Self {
            caption,
            caption_hidden: false,
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
            row_head: None,
            class: "table",
        }
    }

    /// Adds rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row<'a>>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// Says which column (from 0) names its row.
    #[must_use]
    pub const fn row_head(mut self, column: usize) -> Self {
        self.row_head = Some(column);
        self
    }

    /// Keeps the caption for screen readers only: a heading just above says the same.
    #[must_use]
    pub const fn caption_hidden(mut self) -> Self {
        self.caption_hidden = true;
        self
    }

    /// As narrow as its content.
    #[must_use]
    pub const fn small(mut self) -> Self {
        self.class = "table table-small";
        self
    }

    /// The plan's table: long prose in many columns, dense, heads in sight, cards already on a tablet.
    #[must_use]
    pub const fn plan(mut self) -> Self {
        self.class = "table table-plan";
        self
    }

    fn cell(&self, index: usize, cell: &Markup) -> Markup {
        let (label, class) = match self.columns.get(index) {
            Some(column) => (column.label, column.width.class()),
            None => ("", None),
        };
        html! {
            @if self.row_head == Some(index) {
                th scope="row" role="rowheader" class=[class] { (cell) }
            } @else {
                td role="cell" class=[class] data-label=(label) { (cell) }
            }
        }
    }
}

impl Render for Table<'_> {
    fn render(&self) -> Markup {
        html! {
            table class=(self.class) role="table" {
                caption class=[self.caption_hidden.then_some("visually-hidden")] { (self.caption) }
                thead role="rowgroup" {
                    tr role="row" {
                        @for column in &self.columns {
                            th scope="col" role="columnheader" class=[column.width.class()]
                                aria-sort=[column.sorted.map(aria_sort)] { (column.label) }
                        }
                    }
                }
                tbody role="rowgroup" {
                    @for row in &self.rows {
                        tr role="row" id=[row.id] class=[row.may_break.then_some("may-break")] {
                            @for (index, cell) in row.cells.iter().enumerate() { (self.cell(index, cell)) }
                        }
                    }
                }
            }
        }
    }
}

const fn aria_sort(sorted: Sorted) -> &'static str {
    match sorted {
        Sorted::Ascending => "ascending",
        Sorted::Descending => "descending",
    }
}

/// "Sort by" as links above a table, where they are also at hand when its rows are cards.
/// `current` is the label of the order in use; it stands as words, not as a link.
#[must_use]
pub fn sort_links<'a>(links: impl IntoIterator<Item = super::kit::Link<'a>>, current: &str) -> Markup {
    html! {
        nav aria-label="Sort" {
            ul class="sort" {
                li { "Sort by" }
                @for link in links {
                    li {
                        @if link.label == current { strong aria-current="true" { (link.label) } }
                        @else { a href=(link.href) { (link.label) } }
                    }
                }
            }
        }
    }
}
