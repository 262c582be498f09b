//! A sample of every kind of mail, for developers: the tests look at them, and the demonstration shows them.
//!
//! To add a kind: its samples in `sample.rs` beside the mail, and a line and their titles here.

use super::{account, digest, escalation, round, test_mail};

/// One mail as its reader gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// For its address: letters and underscores.
    pub name: String,
    /// What it is, in words.
    pub title: &'static str,
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub plain: String,
    /// Its HTML, a whole document.
    pub html: String,
}

fn sample(name: impl Into<String>, subject: String, plain: String, html: String) -> Sample {
    let name: String = name.into();
    Sample { title: title(&name), name, subject, plain, html }
}

fn title(name: &str) -> &'static str {
    match name {
        "digest" => "The day’s email to a lead",
        "digest_of_two_plans" => "The day’s email on two plans, each with its own manager",
        "digest_everything" => "The day’s email with a part of every kind",
        "escalation" => "Word to the manager of what stays overdue",
        "escalation_copy" => "The lead’s copy of it",
        "escalation_of_two_leads" => "Word to the manager of what two leads leave overdue",
        "round_opened" => "A round is opened: updates are asked for",
        "round_opened_by_link" => "A round is opened: updates without signing in",
        "round_opened_own_list" => "A round is opened: the manager’s own list",
        "round_opened_without_a_day" => "A round is opened for which no day is set",
        "round_reminder" => "A reminder of a round",
        "round_reminder_by_link" => "A reminder of a round: updates without signing in",
        "round_reminder_past_due" => "A reminder of a round for which updates were due",
        "round_reminder_own_list" => "A reminder of a round: the manager’s own list",
        "account_second_factor_set_up" => "A second factor was set up",
        "account_second_factor_changed" => "The second factor was changed",
        "account_second_factor_switched_off" => "The second factor was switched off",
        "account_second_factor_codes_made" => "New recovery codes were made",
        "account_second_factor_code_used" => "A recovery code was used",
        "account_second_factor_reset" => "The second factor was reset by an administrator",
        "account_invitation" => "An invitation",
        "account_invitation_password" => "An invitation where a password has to be set",
        "account_sign_in" => "A link to sign in",
        "account_sign_in_with_password" => "How to sign in where there is no link for the account",
        "account_new_password" => "A link to set a new password",
        "account_password_changed" => "The password was changed",
        "account_leave_address" => "To the old address: may it be changed?",
        "account_take_address" => "To the new address: is it theirs?",
        "account_address_wanted" => "To the owner of an address that somebody else asked for",
        "account_address_changed" => "The address was changed",
        "account_address_changed_by" => "The address was changed by an administrator",
        "test" => "The test email",
        _ => "",
    }
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
    fn each_has_an_address_and_a_title_of_its_own() {
        let names: BTreeSet<String> = all().into_iter().map(|s| s.name).collect();
        assert_eq!(names.len(), all().len());
        let titles: BTreeSet<&str> = all().into_iter().map(|s| s.title).collect();
        assert!(titles.len() == names.len() && !titles.contains(""), "{titles:?}");
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
