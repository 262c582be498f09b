//! A sample of every kind of mail, for developers: the tests look at them, and the demonstration shows them.
//!
//! To add a kind: its samples in `sample.rs` beside the mail, and a line here.

use super::{account, digest, escalation, round, test_mail};

/// One mail as its reader gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// For its address: letters and underscores.
    pub name: String,
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub plain: String,
    /// Its HTML, a whole document.
    pub html: String,
}

fn sample(name: impl Into<String>, subject: String, plain: String, html: String) -> Sample {
    Sample { name: name.into(), subject, plain, html }
}

/// One of each kind.
pub fn all() -> Vec<Sample> {
    let mut all = Vec::new();
    for (name, mail) in [
        ("digest", digest::sample::of_deadlines()),
        ("digest_of_two_plans", digest::sample::of_two_plans()),
        ("digest_everything", digest::sample::of_everything()),
    ] {
        all.push(sample(name, digest::subject(&mail), digest::plain(&mail), digest::html(&mail)));
    }
    for (name, mail) in [
        ("escalation", escalation::sample::escalation(false)),
        ("escalation_copy", escalation::sample::escalation(true)),
        ("escalation_of_two_leads", escalation::sample::of_two_leads()),
    ] {
        all.push(sample(name, escalation::subject(&mail), escalation::plain(&mail), escalation::html(&mail)));
    }
    for (name, mail) in round::sample::samples() {
        let name = format!("round_{name}");
        all.push(sample(name, round::subject(&mail), round::plain(&mail), round::html(&mail)));
    }
    for (name, about) in account::sample::samples() {
        let (name, mail) = (format!("account_{name}"), account::sample::letter(about));
        all.push(sample(name, account::subject(&mail), account::plain(&mail), account::html(&mail)));
    }
    let here = "https://tracker.council.example/";
    all.push(sample("test", test_mail::SUBJECT.to_owned(), test_mail::plain(here), test_mail::html(here)));
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_of_mail_reads_like_this() {
        let all: String = all()
            .iter()
            .map(|s| format!("=== {}\nSubject: {}\n\n{}\n\n{}\n\n", s.name, s.subject, s.plain, s.html))
            .collect();
        insta::assert_snapshot!("every_kind", all);
    }

    #[test]
    fn each_has_an_address_of_its_own() {
        let names: BTreeSet<String> = all().into_iter().map(|s| s.name).collect();
        assert_eq!(names.len(), all().len());
        assert!(
            names.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')),
            "{names:?}"
        );
    }

    #[test]
    fn each_is_a_document_that_narrow_and_dark_programs_can_show() {
        for Sample { name, html, plain, .. } in all() {
            for part in
                ["<title>", "name=\"viewport\"", "content=\"light dark\"", "prefers-color-scheme: dark"]
            {
                assert!(html.contains(part), "{name} is without {part}");
            }
            assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("url("), "{name}");
            assert!(
                plain.lines().all(|line| line == "-- " || line == line.trim_end()),
                "{name}: white space at an end"
            );
        }
    }
}
