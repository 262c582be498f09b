//! The rules of the house for every page, checked whenever a test opens one: a rule that has to be asked for is forgotten.
//!
//! It looks at what a machine can see in one document. What has to be seen drawn (contrast, reflow, focus) is the browser
//! journeys' work.

use std::collections::HashSet;

use scraper::ElementRef;
use scrutiny_tracker::web::{form::is_secret, route::Route};
use strum::IntoEnumIterator;

use super::{Page, page::text};

/// Checks an answer, and says everything that is wrong with it at once.
pub(super) fn check(page: &Page) {
    let wrong = broken(page);
    assert!(
        wrong.is_empty(),
        "{} ({}) breaks rules of the house:\n- {}",
        page.path,
        page.status,
        wrong.join("\n- ")
    );
}

/// The rules that an answer breaks, in words.
fn broken(page: &Page) -> Vec<String> {
    let mut wrong = Vec::new();
    headers(page, &mut wrong);
    if page.is_html() && !is_message(page) {
        document(page, &mut wrong);
        scripts(page, &mut wrong);
        ids(page, &mut wrong);
        headings(page, &mut wrong);
        controls(page, &mut wrong);
        links(page, &mut wrong);
        tables(page, &mut wrong);
    }
    wrong
}

/// A mail's own HTML, shown in a frame: it is written for mail programs, not for this site.
fn is_message(page: &Page) -> bool {
    let sent = page.path.starts_with("/demonstration/mail/") && page.path.ends_with("/html");
    sent || page.path.starts_with("/demonstration/mails/")
}

fn headers(page: &Page, wrong: &mut Vec<String>) {
    let csp = page.header("content-security-policy").unwrap_or_default();
    if !csp.contains("default-src 'none'") || csp.contains("unsafe") && !is_message(page) {
        wrong.push(format!("its content security policy is {csp:?}"));
    }
    if page.header("x-content-type-options") != Some("nosniff") {
        wrong.push("browsers may guess its type".to_owned());
    }
    if page.status == 500 {
        wrong.push("something is broken behind it".to_owned());
    }
}

fn document(page: &Page, wrong: &mut Vec<String>) {
    if page.attributes("html", "lang").iter().all(String::is_empty) {
        wrong.push("it does not say its language".to_owned());
    }
    if page.title().is_empty() {
        wrong.push("it has no title".to_owned());
    }
    if page.count("main") != 1 {
        wrong.push("it has no main part, or several".to_owned());
    }
}

fn scripts(page: &Page, wrong: &mut Vec<String>) {
    for element in page.elements("script, style, [style], iframe[srcdoc]") {
        wrong.push(format!("it has an inline style or a script: {}", start(element)));
    }
    for element in page.elements("*") {
        if element.value().attrs().any(|(name, _)| name.starts_with("on")) {
            wrong.push(format!("it has an inline handler: {}", start(element)));
        }
    }
}

fn ids(page: &Page, wrong: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for id in page.attributes("[id]", "id") {
        if id.is_empty() || id.contains(char::is_whitespace) {
            wrong.push(format!("the id {id:?} is none"));
        }
        if !seen.insert(id.clone()) {
            wrong.push(format!("the id {id:?} is there twice"));
        }
    }
    for name in ["for", "aria-describedby", "aria-labelledby", "aria-controls", "headers", "form"] {
        for element in page.elements(&format!("[{name}]")) {
            let named = element.attr(name).unwrap_or_default();
            if named.split_whitespace().any(|id| !seen.contains(id)) {
                wrong.push(format!("{name}={named:?} leads nowhere: {}", start(element)));
            }
        }
    }
    for to in page.attributes("a[href^='#']", "href") {
        if !seen.contains(&to[1..]) {
            wrong.push(format!("the link {to:?} leads nowhere"));
        }
    }
}

fn headings(page: &Page, wrong: &mut Vec<String>) {
    if page.count("h1") != 1 {
        wrong.push(format!(
            "it has {} headings of the first level: {:?}",
            page.count("h1"),
            page.select("h1")
        ));
    }
    let mut last = 1;
    for heading in page.elements("main h1, main h2, main h3, main h4, main h5, main h6") {
        let level: u8 = heading.value().name()[1..].parse().expect("h1 to h6");
        // The error summary stands above the heading of its page.
        if level > last + 1 {
            wrong.push(format!("the heading {:?} skips a level", text(heading)));
        }
        if text(heading).is_empty() {
            wrong.push(format!("a heading is empty: {}", start(heading)));
        }
        last = level;
    }
}

fn controls(page: &Page, wrong: &mut Vec<String>) {
    let labelled: HashSet<String> = page.attributes("label[for]", "for").into_iter().collect();
    for control in page.elements("input, select, textarea") {
        let kind = control.attr("type").unwrap_or_default();
        if matches!(kind, "hidden" | "submit" | "button") {
            continue;
        }
        // What was typed into a form can be kept for its person: never these, and their names are how they are told.
        let secret = kind == "password" || control.attr("autocomplete") == Some("one-time-code");
        if secret && !is_secret(control.attr("name").unwrap_or_default()) {
            wrong.push(format!("the name of a password or a code does not say so: {}", start(control)));
        }
        let inside = control.ancestors().filter_map(|n| n.value().as_element()).any(|e| e.name() == "label");
        let named = control.attr("id").is_some_and(|id| labelled.contains(id)) || inside;
        if !named && control.attr("aria-label").or(control.attr("aria-labelledby")).is_none() {
            wrong.push(format!("a control has no label: {}", start(control)));
        }
    }
    for element in page.elements("button, a[href], label, legend, summary, th, caption") {
        let words = element.attr("aria-label").map_or_else(|| text(element), str::to_owned);
        let is_corner = element.value().name() == "th" && element.attr("scope").is_none();
        if words.is_empty() && !is_corner {
            wrong.push(format!("nothing can be read on {}", start(element)));
        }
    }
    for fieldset in page.elements("fieldset") {
        if !fieldset.child_elements().any(|e| e.value().name() == "legend") {
            wrong.push(format!("a group of controls has no legend: {}", start(fieldset)));
        }
    }
    for form in page.elements("form") {
        let method = form.attr("method").unwrap_or("get").to_ascii_lowercase();
        if method != "get" && method != "post" {
            wrong.push(format!("a form is sent by {method}"));
        }
    }
}

fn links(page: &Page, wrong: &mut Vec<String>) {
    let ours = page.elements("[href], [src], form[action]");
    for element in ours {
        let Some(to) = ["href", "src", "action"].iter().find_map(|name| element.attr(name)) else { continue };
        let path = to.split(['?', '#']).next().unwrap_or_default();
        if path.starts_with('/') && !Route::iter().any(|route| fits(route.path(), path)) {
            wrong.push(format!("{to:?} is no page of this site: {}", start(element)));
        }
        if to.trim_start().to_ascii_lowercase().starts_with("javascript:") {
            wrong.push(format!("a link holds a script: {to:?}"));
        }
    }
}

/// Whether a path is one of a route's.
fn fits(route: &str, path: &str) -> bool {
    let (mut route, mut path) = (route.split('/'), path.split('/'));
    loop {
        match (route.next(), path.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part == given || part.starts_with('{') && !given.is_empty() => {}
            _ => return false,
        }
    }
}

fn tables(page: &Page, wrong: &mut Vec<String>) {
    for table in page.elements("table") {
        let caption = table.child_elements().find(|e| e.value().name() == "caption");
        if caption.is_none_or(|c| text(c).is_empty()) {
            wrong.push(format!("a table has no caption: {}", start(table)));
        }
    }
    for head in page.elements("th") {
        if head.attr("scope").is_none() {
            wrong.push(format!("a table’s heading does not say whose it is: {}", start(head)));
        }
    }
}

/// The beginning of an element, to find it by.
fn start(element: ElementRef<'_>) -> String {
    element.html().chars().take(160).collect()
}

#[test]
fn every_rule_finds_what_breaks_it() {
    use crate::support::Browser;
    let of = |csp: &'static str, html: &str| {
        let mut headers = axum::http::HeaderMap::new();
        for (name, value) in [
            ("content-type", "text/html"),
            ("content-security-policy", csp),
            ("x-content-type-options", "nosniff"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        broken(&Page::new(Browser::new(axum::Router::new()), "/x", 200, headers, html.as_bytes().to_vec()))
    };
    let page = |body: &str| format!("<html lang=en-GB><title>t</title><main>{body}</main>");
    let good = "<h1>One</h1><h2>Two</h2><label for=a>A</label><input id=a name=a><a href=/plans/x#y>Plan</a>\
                <table><caption>C</caption><tr><th scope=col>H</table>";
    const CSP: &str = "default-src 'none'";
    assert_eq!(of(CSP, &page(good)), Vec::<String>::new());
    assert_eq!(of("default-src 'none'; style-src 'unsafe-inline'", &page(good)).len(), 1);
    assert_eq!(of(CSP, &format!("<main>{good}</main>")).len(), 2, "no language, no title");
    for bad in [
        "<h1>Another</h1>",
        "<h4>Too deep</h4>",
        "<script>1</script>",
        "<p style='color:red'>x",
        "<p onclick=x>x",
        "<p id=a>x",
        "<label for=nothing>x</label>",
        "<a href='#nothing'>x</a>",
        "<a href=/nowhere/at/all>x</a>",
        "<a href=/plans></a>",
        "<input name=b>",
        "<input type=password name=b aria-label=b>",
        "<input autocomplete=one-time-code name=b aria-label=b>",
        "<fieldset><input aria-label=x></fieldset>",
        "<table><tr><td>x</table>",
        "<table><caption>c</caption><tr><th>h</table>",
    ] {
        assert!(!of(CSP, &page(&format!("{good}{bad}"))).is_empty(), "{bad}");
    }
}
