//! Tests of [`super`]: every account mail as its reader sees it, and what holds for all of them.

use super::{sample::*, *};

#[test]
fn every_account_mail_reads_like_this() {
    for (name, about) in samples() {
        let letter = letter(about);
        insta::assert_snapshot!(name, format!("Subject: {}\n\n{}", subject(&letter), plain(&letter)));
    }
    let (_, about) = samples().into_iter().find(|(name, _)| *name == "invitation").unwrap();
    insta::assert_snapshot!("invitation_html", html(&letter(about)));
}

#[test]
fn the_html_says_what_the_plain_text_says() {
    for (name, about) in samples() {
        let letter = letter(about);
        let html = html(&letter).replace("&amp;", "&");
        for paragraph in plain(&letter).split("\n\n").map(|p| p.trim_start_matches("-- \n")) {
            // A button's words and its link stand apart there.
            let parts: Vec<&str> = match paragraph.split_once(": https://") {
                Some((label, link)) if !label.contains(". ") && !label.contains(", ") => vec![label, link],
                _ => vec![paragraph],
            };
            for part in parts {
                assert!(html.contains(part), "{name}: {part:?} is not in {html}");
            }
        }
    }
}

#[test]
fn every_account_mail_says_why_it_came_and_what_to_do_if_it_was_not_asked_for() {
    for (name, about) in samples() {
        let letter = letter(about);
        let (_, why) =
            plain(&letter).rsplit_once("-- \n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        assert!(why.starts_with("You get this email because "), "{name}: {why}");
        let all = plain(&letter);
        let ways = ["If it was not you", "If you do not know what this is about", "If this is not right"];
        assert!(ways.iter().any(|way| all.contains(way)), "{name}: {all}");
        assert!(subject(&letter).chars().count() <= 60, "{name}: {}", subject(&letter));
        for jargon in ["token", "URL", "click here", "authenticat", "verif", "account manager"] {
            assert!(!all.contains(jargon), "{name}: {jargon}");
        }
    }
}

#[test]
fn what_somebody_is_called_is_text_and_nothing_else() {
    let name = "O’Brien & <script>alert(1)</script>";
    let about = About::Invitation {
        by: name,
        link: "https://x.example/\"><b>",
        holds_for: "7 days",
        password_optional: true,
    };
    let html = html(&Letter { council: "", panels: "panels", name, address: ADDRESS, about });
    assert!(!html.contains("<script>") && !html.contains("\"><b>"), "{html}");
    assert!(html.contains("invites you to Scrutiny Tracker:"), "without a council’s name too");
}
