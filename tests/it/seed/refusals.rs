//! What the reader of the data file refuses, and in which words.

use scrutiny_tracker::seed::{self, SeedError};

const DATA: &str = include_str!("../../../seed/appendix-b.toml");

fn refusal(old: &str, new: &str) -> SeedError {
    assert!(DATA.contains(old), "{old}");
    seed::parse(&DATA.replacen(old, new, 1)).expect_err("the changed file is refused")
}

#[test]
fn names_that_stand_for_nothing_are_refused_in_words() {
    for (old, new, words) in [
        (
            r#"merged_into = "Eii""#,
            r#"merged_into = "Z""#,
            r#"action Av names the action "Z", which the seed file does not have"#,
        ),
        (
            r#"lead.posts = ["map-coordinator"]"#,
            r#"lead.posts = ["mayor"]"#,
            r#"action Aii names the post "mayor", which the seed file does not have"#,
        ),
        (
            r#"lead.posts = ["risk-and-resilience-manager"]"#,
            r#"lead.posts = ["mayor"]"#,
            r#"action 1 of the table names the post "mayor", which the seed file does not have"#,
        ),
        (
            r#"manager = "risk-and-resilience-manager""#,
            r#"manager = "mayor""#,
            r#"the plan names the post "mayor", which the seed file does not have"#,
        ),
        (
            r#"holds.post = "lscb-manager""#,
            r#"holds.post = "mayor""#,
            r#"lscb-manager@example.org names the post "mayor", which the seed file does not have"#,
        ),
        (
            r#"asked_by = "risk-and-resilience-manager""#,
            r#"asked_by = "mayor""#,
            r#"action K names the post "mayor", which the seed file does not have"#,
        ),
        (
            r#"to = "I""#,
            r#"to = "Z""#,
            r#"action Aiii names the action "Z", which the seed file does not have"#,
        ),
        (
            r#"label = "Sept 2017""#,
            r#"label = "Oct 2017""#,
            r#"action 1 of the table names the round "Sept 2017", which the seed file does not have"#,
        ),
    ] {
        assert_eq!(refusal(old, new).to_string(), words);
    }
}

#[test]
fn names_that_stand_for_two_things_are_refused_in_words() {
    for (old, new, words) in [
        (r#"reference = "Aii""#, r#"reference = "Ai""#, r#"the seed file has the action "Ai" twice"#),
        (
            r#"label = "Sept 2017""#,
            r#"label = "7 Dec 2017""#,
            r#"the seed file has the round "7 Dec 2017" twice"#,
        ),
        (
            r#"id = "map-coordinator""#,
            r#"id = "lscb-manager""#,
            r#"the seed file has the post "lscb-manager" twice"#,
        ),
        (
            r#"email = "map-coordinator@"#,
            r#"email = "lscb-manager@"#,
            r#"the seed file has the address "lscb-manager@example.org" twice"#,
        ),
    ] {
        assert_eq!(refusal(old, new).to_string(), words);
    }
}

#[test]
fn keys_and_days_that_do_not_exist_are_refused() {
    for (old, new) in [
        ("slug =", "sulg ="),
        ("by_when =", "colour = \"green\"\nby_when ="),
        ("2017-09-30", "2017-09-31"),
        ("reported = \"complete\"", "reported = \"green\""),
    ] {
        assert!(matches!(refusal(old, new), SeedError::Unreadable(_)), "{new}");
    }
}
