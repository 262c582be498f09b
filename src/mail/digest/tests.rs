//! The digest as its reader sees it.

use super::{sample::*, *};

fn as_read(digest: &Digest) -> String {
    format!("Subject: {}\n\n{}", subject(digest), plain(digest))
}

#[test]
fn every_section_as_its_reader_sees_it() {
    insta::assert_snapshot!("deadlines", as_read(&of_deadlines()));
    insta::assert_snapshot!("deadlines_html", html(&of_deadlines()));
    insta::assert_snapshot!("everything", as_read(&of_everything()));
    insta::assert_snapshot!("everything_html", html(&of_everything()));
}

#[test]
fn count_what_and_date_stand_first_and_no_subject_names_more_than_three_things() {
    let everything = of_everything();
    assert!(subject(&of_deadlines()).starts_with("1 overdue, 1 due Wed 31 Jan – "));
    assert_eq!(subject(&everything).matches(", ").count(), 2);
    let told = Digest { notices: everything.notices, ..empty() };
    let words = "1 question, 1 update returned, 1 new action – Digital safeguarding";
    assert_eq!(subject(&told), words);
    let standing = Digest { progress: everything.progress, ..empty() };
    assert_eq!(subject(&standing), "14 of 22 updates in – round 19 Feb 2018");
}

#[test]
fn both_forms_say_the_same() {
    for digest in [of_deadlines(), of_everything()] {
        let html = html(&digest).to_lowercase();
        for line in plain(&digest).lines().map(str::trim).filter(|line| !line.is_empty() && *line != "--") {
            // The words before a link stand on its button; in plain text headings are capitals.
            let words = line.split(": https://").next().unwrap_or(line);
            let words = if line.contains("https://") && words.starts_with("Write") {
                "write your update"
            } else {
                words
            };
            assert!(html.contains(&words.replace('&', "&amp;").to_lowercase()), "{words}");
        }
    }
}
