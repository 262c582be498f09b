//! A policy in words, and what is allowed of its figures.

use super::*;

fn said(policy: &Policy, director: Option<&str>) -> String {
    let sentences = policy.sentences(&Words::default(), director);
    sentences.iter().map(|(heading, text)| format!("{heading}: {text}\n")).collect()
}

fn day(iso: &str) -> NaiveDate {
    iso.parse().unwrap()
}

#[test]
fn the_default_in_words_is_what_the_product_says() {
    insta::assert_snapshot!("default", said(&Policy::default(), None));
}

#[test]
fn a_policy_that_does_little_says_so() {
    let little = Policy {
        first_days: None,
        second_working_days: None,
        on_the_day: false,
        overdue_every_days: 1,
        overdue_mails: 0,
        quiet_days: 1,
        round_first_working_days: None,
        round_second_working_days: None,
        monday_mail: false,
        escalation: None,
    };
    assert_eq!(little.problems(), []);
    insta::assert_snapshot!("little", said(&little, None));
}

#[test]
fn the_directors_post_is_named_only_where_there_is_one() {
    let escalation = Escalation { director: Some(PostId(7)), ..Escalation::default() };
    let policy = Policy { escalation: Some(escalation), ..Policy::default() };
    assert!(
        said(&policy, Some("Director of Children’s Services"))
            .contains("weekly mail to Director of Children’s Services")
    );
    assert!(said(&Policy::default(), Some("Director")).contains("no accountable director’s post is named"));
}

#[test]
fn every_figure_outside_its_range_is_named() {
    let fields = |policy: &Policy| policy.problems().into_iter().map(|p| p.0).collect::<Vec<_>>();
    assert_eq!(fields(&Policy::default()), [""; 0]);
    let wrong = Policy {
        first_days: Some(0),
        second_working_days: Some(31),
        overdue_every_days: 91,
        overdue_mails: 21,
        quiet_days: 0,
        round_first_working_days: Some(0),
        round_second_working_days: Some(31),
        escalation: Some(Escalation { listed_working_days: 0, mailed_working_days: 31, director: None }),
        ..Policy::default()
    };
    assert_eq!(
        fields(&wrong),
        [
            "first_days",
            "second_working_days",
            "second_working_days",
            "overdue_every_days",
            "overdue_mails",
            "quiet_days",
            "round_first_working_days",
            "round_second_working_days",
            "round_second_working_days",
            "listed_working_days",
            "mailed_working_days",
        ]
    );
}

#[test]
fn what_comes_second_comes_later_and_what_is_mailed_was_listed() {
    let policy = Policy {
        first_days: Some(3),
        second_working_days: Some(3),
        escalation: Some(Escalation { listed_working_days: 6, mailed_working_days: 5, director: None }),
        ..Policy::default()
    };
    let problems = policy.problems();
    assert_eq!(
        problems[0],
        ("second_working_days", "enter less than 3, as it comes after the first reminder".to_owned())
    );
    assert_eq!(problems[1].0, "mailed_working_days");
    assert!(problems[1].1.starts_with("enter 6 or more"));
    // Nothing is less than 1.
    let policy =
        Policy { round_first_working_days: Some(1), round_second_working_days: Some(5), ..Policy::default() };
    let words = "leave it empty, or enter more for the first reminder, as it comes after that";
    assert_eq!(policy.problems(), [("round_second_working_days", words.to_owned())]);
    let same = Escalation { listed_working_days: 5, mailed_working_days: 5, director: None };
    assert_eq!(Policy { escalation: Some(same), ..Policy::default() }.problems(), []);
}

#[test]
fn an_example_has_the_days_on_which_mail_would_go_out() {
    let calendar = Calendar::england();
    for (deadline, said) in [
        // Wednesday 31 January 2018.
        (
            "2018-01-31",
            "a reminder on Wednesday 17 January 2018, Friday 26 January 2018 and Wednesday 31 January 2018",
        ),
        // Easter Saturday: 14 days before is a Saturday too.
        ("2018-03-31", "a reminder on Monday 19 March 2018, Monday 26 March 2018 and Thursday 29 March 2018"),
    ] {
        let example = Policy::default().example(&calendar, day(deadline));
        assert!(example.contains(said), "{example}");
    }
    // Closed from Christmas Eve to New Year: nothing moves past the deadline's own last day.
    let closed = Calendar::england().with_closures((24..=31).map(|d| day(&format!("2018-12-{d}"))));
    let only = Policy { first_days: Some(3), second_working_days: None, ..Policy::default() };
    let example = only.example(&closed, day("2018-12-31"));
    assert!(example.contains("brings a reminder on Friday 21 December 2018. If"), "{example}");
    let example = Policy::default().example(&calendar, day("2018-03-31"));
    assert!(example.contains("5 mails follow, the first on Tuesday 3 April 2018"), "{example}");
}
