//! An answer, and what a reader finds on it.

use axum::http::{HeaderMap, header};
use scraper::{ElementRef, Html, Selector};

use super::{Browser, Form, form};

/// One answer.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// The status.
    pub(crate) status: u16,
    /// The address that gave it: after redirects, the last one.
    pub(crate) path: String,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body as it came.
    pub(crate) bytes: Vec<u8>,
    /// The body as a document; empty where it is none.
    pub(crate) html: Html,
    pub(super) browser: Browser,
}

impl Page {
    pub(super) fn new(browser: Browser, path: &str, status: u16, headers: HeaderMap, bytes: Vec<u8>) -> Self {
        let html = if is_html(&headers) {
            Html::parse_document(&String::from_utf8(bytes.clone()).expect("a page in UTF-8"))
        } else {
            Html::new_document()
        };
        Self { status, path: path.to_owned(), headers, bytes, html, browser }
    }

    /// The body as text.
    pub(crate) fn body(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Whether it is a page, and not a download or plain words.
    pub(crate) fn is_html(&self) -> bool {
        is_html(&self.headers)
    }

    /// A header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// Where it sends the browser; none: nowhere.
    pub(crate) fn location(&self) -> Option<String> {
        (300..400)
            .contains(&self.status)
            .then(|| self.header(header::LOCATION.as_str()).map(str::to_owned))
            .flatten()
    }

    /// Everything a reader sees in the page's body, white space folded.
    pub(crate) fn text(&self) -> String {
        self.select("body").concat()
    }

    /// The page's own part, without banner, navigation and footer, white space folded.
    pub(crate) fn main(&self) -> String {
        self.select("main").concat()
    }

    /// The one heading.
    pub(crate) fn h1(&self) -> String {
        self.select("h1").concat()
    }

    /// What stands in the window's title.
    pub(crate) fn title(&self) -> String {
        self.select("head > title").concat()
    }

    /// The text of every element that a CSS selector finds, white space folded, in the order of the page.
    pub(crate) fn select(&self, css: &str) -> Vec<String> {
        self.elements(css).map(text).collect()
    }

    /// How many elements a CSS selector finds.
    pub(crate) fn count(&self, css: &str) -> usize {
        self.elements(css).count()
    }

    /// An attribute of every element that a CSS selector finds and that has it.
    pub(crate) fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        self.elements(css).filter_map(|e| e.attr(name)).map(str::to_owned).collect()
    }

    /// The elements that a CSS selector finds.
    pub(crate) fn elements(&self, css: &str) -> impl Iterator<Item = ElementRef<'_>> {
        let found: Vec<_> = self.html.select(&selector(css)).collect();
        found.into_iter()
    }

    /// The rows of a table's body, each the texts of its cells.
    pub(crate) fn rows(&self, table: &str) -> Vec<Vec<String>> {
        let cells = selector("th, td");
        self.elements(&format!("{table} tbody tr"))
            .map(|row| row.select(&cells).map(text).collect())
            .collect()
    }

    /// Where a link goes, by its words.
    pub(crate) fn link(&self, words: &str) -> String {
        let mut links = self.elements("a[href]").filter(|a| text(*a) == words);
        let found = links.next().and_then(|a| a.attr("href"));
        found
            .unwrap_or_else(|| panic!("{} has no link {words:?}: {:?}", self.path, self.select("a[href]")))
            .to_owned()
    }

    /// Follows a link by its words.
    pub(crate) async fn click(&self, words: &str) -> Page {
        self.browser.get(&self.link(words)).await
    }

    /// The errors of a rejected form, as its summary lists them.
    pub(crate) fn errors(&self) -> Vec<String> {
        self.select(".error-summary li")
    }

    /// A form, by the words on one of its buttons (which then is the one pressed) or by a CSS selector.
    pub(crate) fn form(&self, button_or_css: &str) -> Form {
        form::find(self, button_or_css)
    }
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"))
}

/// Elements that stand in the line: around any other, a reader sees a gap.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup", "time", "u", "wbr",
];

/// The text of an element as it is read: white space folded, a gap between blocks.
pub(super) fn text(element: ElementRef<'_>) -> String {
    let mut read = String::new();
    read_into(element, &mut read);
    read.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read_into(element: ElementRef<'_>, read: &mut String) {
    let gap = if INLINE.contains(&element.value().name()) { "" } else { " " };
    read.push_str(gap);
    for node in element.children() {
        if let Some(child) = ElementRef::wrap(node) {
            read_into(child, read);
        } else if let Some(words) = node.value().as_text() {
            read.push_str(words);
        }
    }
    read.push_str(gap);
}

/// A CSS selector.
pub(super) fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|e| panic!("{css:?} is no selector: {e}"))
}
