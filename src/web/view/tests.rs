//! What every page keeps, checked on the samples.

use std::{collections::BTreeSet, path::Path};

use maud::html;

use super::form::Inputs;
use super::kit::paragraphs;
use super::rating::{rating_tag, suggested_tag};
use super::sample::{key, samples};
use crate::domain::rating::Suggested;

/// The values of one attribute, wherever it stands.
fn values<'h>(html: &'h str, attribute: &str) -> Vec<&'h str> {
    let start = format!(" {attribute}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn classes_of_the_stylesheet() -> BTreeSet<&'static str> {
    let css = include_str!("../assets/app.css");
    let without_comments = css.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, rule)| rule));
    let name = |rest: &'static str| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(rest.len());
        &rest[..end]
    };
    without_comments
        .flat_map(|rules| rules.split('.').skip(1))
        .map(name)
        .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        .collect()
}

#[test]
fn nothing_inline_that_the_content_security_policy_would_refuse() {
    for (name, sample) in samples() {
        let html = sample.into_string();
        for refused in [" style=", "<style", "<script", " onclick=", " onload=", "javascript:", "data:"] {
            assert!(!html.contains(refused), "{name}: {refused}");
        }
    }
}

#[test]
fn ids_are_unique_and_whatever_names_one_finds_it() {
    for (name, sample) in samples() {
        let html = sample.into_string();
        let ids = values(&html, "id");
        let unique: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: {ids:?}");
        let named = ["for", "aria-describedby", "aria-labelledby"].map(|attribute| values(&html, attribute));
        let anchors = values(&html, "href").into_iter().filter_map(|href| href.strip_prefix('#'));
        for id in named.iter().flatten().flat_map(|names| names.split(' ')).chain(anchors) {
            assert!(unique.contains(id), "{name}: nothing has the id {id}");
        }
    }
}

#[test]
fn every_class_has_a_rule_and_every_rule_a_use() {
    let html: String = samples().into_iter().map(|(_, sample)| sample.into_string()).collect();
    let used: BTreeSet<_> =
        values(&html, "class").into_iter().flat_map(|classes| classes.split(' ')).collect();
    let ruled = classes_of_the_stylesheet();
    // Names that only tell parts apart.
    let apart = BTreeSet::from(["heat-none", "heat-on-plain"]);
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"));
    let unruled: Vec<_> = used.difference(&ruled).filter(|class| !apart.contains(*class)).collect();
    let unused: Vec<_> = ruled.difference(&used).filter(|class| !sources.contains(*class)).collect();
    assert!(unruled.is_empty() && unused.is_empty(), "no rule: {unruled:?}; no use: {unused:?}");
}

/// The text of all sources below a folder, tests left out.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            text += &sources(&path);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
            text += &std::fs::read_to_string(&path).expect("a source");
        }
    }
    text
}

#[test]
fn a_rating_is_never_a_link_and_always_has_its_word() {
    let key = key();
    for entry in &key {
        let tag = rating_tag(entry).into_string();
        assert!(!tag.contains("<a"), "{tag}");
        assert!(tag.contains(&entry.word), "{tag}");
    }
    for (name, sample) in samples() {
        let html = sample.into_string();
        for link in html.split("<a ").skip(1).filter_map(|rest| rest.split("</a>").next()) {
            assert!(!link.contains("class=\"tag") && !link.contains("class=\"suggested"), "{name}: {link}");
        }
    }
}

#[test]
fn a_suggestion_always_says_that_it_is_one() {
    assert_eq!(
        suggested_tag(Suggested::AtRisk).into_string(),
        "<span class=\"suggested\">Suggested: At risk</span>"
    );
}

#[test]
fn a_rejected_form_keeps_what_was_typed_and_names_its_errors_in_the_title() {
    let html = samples()
        .into_iter()
        .find(|(name, _)| *name == "update-rejected")
        .map(|(_, s)| s.into_string())
        .expect("a sample");
    assert!(html.contains("<title>Error: Add an update – Aiii – Appendix B – Scrutiny Tracker</title>"));
    assert!(html.contains("value=\"31 Feb 2018\""));
    assert!(html.contains("aria-describedby=\"later-hint later-error\" aria-invalid=\"true\""));
}

#[test]
fn what_people_typed_is_text() {
    let typed = "<script>alert(1)</script> O'Brien & \"co\" 🙂";
    let f = Inputs::new(&[]);
    let html =
        html! { (f.text("a", "A", typed)) (f.textarea("b", "B", typed)) (paragraphs(typed)) }.into_string();
    assert!(!html.contains("<script>"), "{html}");
    assert!(html.contains("🙂") && html.contains("O'Brien"), "{html}");
}

#[test]
fn a_password_is_never_written_back() {
    let html = html! { (Inputs::new(&[]).password("p", "Password", "new-password")) }.into_string();
    assert!(!html.contains("value"), "{html}");
}

#[test]
fn a_text_that_begins_with_an_empty_line_keeps_it() {
    let html = html! { (Inputs::new(&[]).textarea("t", "Text", "\nsecond")) }.into_string();
    assert!(html.contains(">\n\nsecond</textarea>"), "{html}");
}
