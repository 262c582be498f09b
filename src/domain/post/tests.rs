//! Who holds and covers a post on which day, and what speaks against a term.

use super::*;
use crate::domain::sample::day;

fn person(id: i64, name: &str) -> Person {
    Person { id: PersonId(id), name: name.to_owned(), email: format!("{id}@example.org"), active: true }
}

fn held(id: i64, who: i64, name: &str, from: &str, to: Option<&str>, acting: bool) -> Holding {
    Holding { id: HoldingId(id), person: person(who, name), from: day(from), to: to.map(day), acting }
}

/// Jane holds it from 2017-09-05, Ann covers her in March 2018.
fn post() -> Post {
    Post {
        id: PostId(1),
        name: "LSCB Manager".to_owned(),
        body: None,
        holdings: vec![
            held(1, 1, "The holder", "2017-09-05", None, false),
            held(2, 2, "The cover", "2018-03-01", Some("2018-03-31"), true),
        ],
    }
}

fn reached(post: &Post, on: &str) -> Vec<String> {
    post.reachable(day(on)).map(|p| p.name.clone()).collect()
}

fn check(post: &Post, who: &Person, from: &str, to: Option<&str>, acting: bool) -> Result<(), String> {
    let term = Term { person: who, from: day(from), to: to.map(day), acting };
    post.check(term, None).map_err(|clash| format!("{}: {}", clash.field, clash.message))
}

#[test]
fn mail_goes_to_whoever_covers_and_back_to_the_holder_the_day_after() {
    let post = post();
    for (on, to) in [
        ("2018-02-28", "The holder"),
        ("2018-03-01", "The cover"),
        ("2018-03-31", "The cover"),
        ("2018-04-01", "The holder"),
    ] {
        assert_eq!(reached(&post, on), [to], "{on}");
    }
    assert_eq!(
        post.holder_names(day("2018-03-15")).collect::<Vec<_>>(),
        ["The holder", "The cover (acting)"]
    );
}

#[test]
fn mail_goes_to_the_holder_where_the_one_who_covers_cannot_be_reached() {
    let mut post = post();
    post.holdings[1].person.active = false;
    assert_eq!(reached(&post, "2018-03-15"), ["The holder"]);
    post.holdings[0].person.email.clear();
    assert!(reached(&post, "2018-03-15").is_empty());
}

#[test]
fn a_post_is_vacant_where_nobody_with_an_account_in_use_holds_or_covers_it() {
    let mut post = post();
    post.holdings[0].to = Some(day("2018-02-28"));
    assert!(post.is_vacant(day("2017-09-04")));
    assert!(!post.is_vacant(day("2018-02-28")));
    assert!(!post.is_vacant(day("2018-03-15")), "covered");
    assert!(post.is_vacant(day("2018-04-01")));
    post.holdings[1].person.active = false;
    assert!(post.is_vacant(day("2018-03-15")));
}

#[test]
fn one_holder_and_one_cover_on_a_day_at_most_and_nobody_for_themselves() {
    let (post, jane, bob) = (post(), person(1, "The holder"), person(3, "Somebody else"));
    assert_eq!(check(&post, &bob, "2018-04-01", None, true), Ok(()));
    assert_eq!(check(&post, &bob, "2017-01-01", Some("2017-09-04"), false), Ok(()));
    for (who, from, to, acting, why) in [
        (
            &bob,
            "2018-01-01",
            None,
            false,
            "from: The holder holds LSCB Manager from 5 September 2017: choose other days, or change that holding first",
        ),
        (
            &bob,
            "2017-01-01",
            Some("2017-09-05"),
            false,
            "to: The holder holds LSCB Manager from 5 September 2017: enter a last day before 5 September 2017",
        ),
        (
            &bob,
            "2018-03-31",
            None,
            true,
            "from: The cover covers LSCB Manager from 1 March 2018 to 31 March 2018: choose other days, or change that cover first",
        ),
        (
            &jane,
            "2018-05-01",
            None,
            true,
            "person: The holder holds LSCB Manager from 5 September 2017: nobody can cover for themselves",
        ),
        (
            &bob,
            "2018-05-02",
            Some("2018-05-01"),
            true,
            "to: The last day, 1 May 2018, lies before the first, 2 May 2018: enter them the other way round",
        ),
    ] {
        assert_eq!(check(&post, who, from, to, acting), Err(why.to_owned()));
    }
}

#[test]
fn a_holding_does_not_clash_with_itself() {
    let post = post();
    let ann = person(2, "The cover");
    let term = Term { person: &ann, from: day("2018-03-02"), to: None, acting: true };
    assert!(post.check(term, None).is_err());
    assert_eq!(post.check(term, Some(HoldingId(2))), Ok(()));
}

#[test]
fn the_days_on_which_nobody_was_there_are_found() {
    let mut post = post();
    assert!(post.vacancies().is_empty(), "nothing after a holder without an end");
    post.holdings = vec![
        held(1, 1, "The holder", "2017-01-01", Some("2017-03-31"), false),
        held(2, 2, "The cover", "2017-03-01", Some("2017-04-30"), true),
        held(3, 3, "Somebody else", "2017-05-01", Some("2017-05-01"), false),
        held(4, 1, "The holder", "2017-06-01", Some("2017-06-30"), false),
    ];
    let gap = |from, to: Option<&str>| Vacancy { from: day(from), to: to.map(day) };
    assert_eq!(post.vacancies(), [gap("2017-05-02", Some("2017-05-31")), gap("2017-07-01", None)]);
    post.holdings.clear();
    assert!(post.vacancies().is_empty());
}

#[test]
fn days_are_said_in_words() {
    let of = |from, to| held(1, 1, "The holder", from, to, true).days();
    assert_eq!(of("2018-03-01", None), "from 1 March 2018");
    assert_eq!(of("2018-03-01", Some("2018-03-31")), "from 1 March 2018 to 31 March 2018");
    assert_eq!(of("2018-03-01", Some("2018-03-01")), "on 1 March 2018");
}
