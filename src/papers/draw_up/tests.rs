//! What belongs into a pack and what does not, on records made for one case each.

use super::*;
use crate::{
    domain::{
        action::{Action, State},
        question::{Question, QuestionState},
        round::Round,
        sample::{action, change, day, plan, record, revision, round, update, with_revisions},
        update::Update,
    },
    papers::pack::Section,
};

/// Open from 15 January, for the meeting on 19 February; the one before is published.
fn two_rounds() -> Vec<Round> {
    let before = round(1, "Dec 2017", "2017-12-07", RoundState::Published);
    let open = Round {
        opened_on: Some(day("2018-01-15")),
        updates_due_on: Some(day("2018-01-29")),
        ..round(2, "Feb 2018", "2018-02-19", RoundState::Open)
    };
    vec![before, open]
}

fn drawn(actions: Vec<Action>, on: &str) -> Pack {
    let record = Record { rounds: two_rounds(), ..record(actions) };
    draw_up(record.clone(), &record.rounds[1], "", day(on)).unwrap()
}

fn section<'a>(pack: &'a Pack, title: &str) -> &'a Section {
    pack.sections.iter().find(|s| s.title == title).unwrap_or_else(|| panic!("{title}"))
}

fn said(pack: &Pack) -> String {
    pack.stored().unwrap()
}

#[test]
fn a_round_that_is_only_planned_has_no_pack() {
    let planned = round(1, "R", "2018-02-19", RoundState::Planned);
    let record = Record { rounds: vec![planned], ..record([action(1, None)]) };
    assert_eq!(draw_up(record.clone(), &record.rounds[0], "", day("2018-02-19")), None);
}

#[test]
fn an_open_round_awaits_updates_until_they_are_due_and_misses_them_from_the_day_after() {
    for (on, words) in [("2018-01-29", "Awaiting update"), ("2018-01-30", "No update received")] {
        let pack = drawn(vec![action(1, Some("2018-06-30"))], on);
        assert!(said(&pack).contains(words), "on {on}");
        assert_eq!(pack.stands, Stands::Draft(day(on)));
    }
}

#[test]
fn changes_are_told_since_the_papers_before_were_frozen_and_not_since_their_meeting() {
    let mut rounds = two_rounds();
    rounds[0].closed_on = Some(day("2017-11-27"));
    // Between the closing of the papers and their meeting: those papers did not say it.
    let late = Update { round: Some(RoundId(2)), ..update(1, Some(2), "2017-12-04", Rating::Complete) };
    let done = Action {
        updates: vec![late],
        states: vec![change(State::Complete, "2017-12-04")],
        ..action(1, Some("2018-06-30"))
    };
    let record = Record { rounds, ..record([done]) };
    let pack = draw_up(record.clone(), &record.rounds[1], "", day("2018-01-20")).unwrap();
    let changed = section(&pack, "Changed since last time");
    assert_eq!(changed.words, ["Since Dec 2017 (27 November 2017)."]);
    assert_eq!(changed.lists[0].rows[0][0], Cell::of(Part::Strong("Newly complete".to_owned())));
    // The dashboard counts from the same day.
    let board = Dashboard::at(&record, day("2018-01-20"), |_| true);
    assert_eq!(board.changes_since(&record.rounds[0]).completed.len(), 1);
}

#[test]
fn a_draft_of_the_day_on_which_the_round_before_was_frozen_compares_with_that() {
    let mut rounds = two_rounds();
    rounds.insert(0, round(9, "Sept 2017", "2017-09-30", RoundState::Published));
    rounds[2].opened_on = Some(day("2017-12-07"));
    let record = Record { rounds, ..record([action(1, Some("2018-06-30"))]) };
    let since = |n: usize, on: &str| {
        let pack = draw_up(record.clone(), &record.rounds[n], "", day(on)).unwrap();
        section(&pack, "Changed since last time").words[0].clone()
    };
    assert_eq!(since(2, "2017-12-07"), "Since Dec 2017 (7 December 2017).");
    assert_eq!(since(1, "2017-12-07"), "Since Sept 2017 (30 September 2017).");
}

#[test]
fn what_is_still_awaited_is_not_told_as_missing() {
    let said_before = Action {
        updates: vec![update(1, Some(1), "2017-12-07", Rating::OnTrack)],
        ..action(1, Some("2018-06-30"))
    };
    for (on, missing) in [("2018-01-29", false), ("2018-01-30", true)] {
        let pack = drawn(vec![said_before.clone()], on);
        let words = said(&pack);
        assert_eq!(words.contains("Newly without an update"), missing, "on {on}");
        assert_eq!(words.contains("Without an update in this round"), missing, "on {on}");
        assert_eq!(words.contains("Awaiting update"), !missing, "on {on}");
    }
}

#[test]
fn names_of_people_and_what_is_in_no_published_round_stay_out() {
    let written = |id, round| Update {
        narrative: format!("Words number {id}"),
        author_name: Some("Jane Smith".to_owned()),
        cleared: Some(Cleared { by: "Head of Service (Jane Smith)".to_owned(), on: Some(day("2018-01-19")) }),
        ..update(id, round, "2018-01-20", Rating::AtRisk)
    };
    let pack = drawn(
        vec![Action { updates: vec![written(1, None), written(2, Some(2))], ..action(1, None) }],
        "2018-01-29",
    );
    assert!(said(&pack).contains("Words number 2"));
    assert!(!said(&pack).contains("Words number 1") && !said(&pack).contains("Jane Smith"));
    assert!(said(&pack).contains("Head of Service, 19 January 2018"), "{}", said(&pack));
}

#[test]
fn completions_to_agree_are_those_that_nobody_has_agreed_yet() {
    let complete = |id| Action { states: vec![change(State::Complete, "2018-01-20")], ..action(id, None) };
    let mut agreed = complete(2);
    agreed.states = vec![crate::domain::sample::agreed(agreed.states.remove(0), "Panel", "2018-01-21")];
    let pack = drawn(vec![complete(1), agreed, action(3, None)], "2018-01-29");
    let rows = &section(&pack, "Completions to agree").lists[0].rows;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0][0].0[0], Part::Strong("A1".to_owned()));
    let mut record = Record { rounds: two_rounds(), ..record([complete(1)]) };
    record.plan = crate::domain::plan::Plan { panel_confirms_completion: false, ..plan() };
    let pack = draw_up(record.clone(), &record.rounds[1], "", day("2018-01-29")).unwrap();
    assert!(section(&pack, "Completions to agree").lists.is_empty());
}

#[test]
fn extensions_are_those_asked_for_and_not_decided() {
    let asked =
        with_revisions(action(1, Some("2018-02-28")), [revision(7, Some("2018-03-31"), "2018-01-20")]);
    let pack = drawn(vec![asked, action(2, Some("2018-02-28"))], "2018-01-29");
    let rows = &section(&pack, "Extensions asked for").lists[0].rows;
    assert_eq!((rows.len(), &rows[0][3].0[0]), (1, &Part::Text("2018-03-31".to_owned())));
}

#[test]
fn exceptions_are_listed_by_kind_and_none_is_said() {
    let pack = drawn(vec![action(1, Some("2018-01-10")), action(2, None)], "2018-01-30");
    let titles: Vec<&str> = section(&pack, "Exceptions").lists.iter().map(|l| l.title.as_str()).collect();
    assert_eq!(titles, ["Overdue or off track", "No update received", "No date to judge by"]);
    let fine = Action {
        updates: vec![update(1, Some(2), "2018-01-20", Rating::OnTrack)],
        ..action(1, Some("2018-06-30"))
    };
    assert_eq!(section(&drawn(vec![fine], "2018-01-30"), "Exceptions").words, ["None."]);
}

#[test]
fn questions_stand_in_it_once_they_are_passed_on_and_answers_from_their_day() {
    let question = |state, passed_on: Option<&str>, answered: Option<&str>| Question {
        id: crate::domain::id::QuestionId(1),
        version: 1,
        action: crate::domain::id::ActionId(1),
        text: "Why so late?".to_owned(),
        state,
        drafted_by: None,
        drafted_on: day("2018-01-16"),
        comment: None,
        passed_on_on: passed_on.map(day),
        answer: answered.map(|_| "The snow".to_owned()),
        answered_by: None,
        answered_on: answered.map(day),
        answer_changed_on: None,
        resolved_on: None,
    };
    for (question, on, asks, answers) in [
        (question(QuestionState::Draft, None, None), "2018-01-29", false, false),
        (question(QuestionState::PassedOn, Some("2018-01-20"), None), "2018-01-19", false, false),
        (question(QuestionState::PassedOn, Some("2018-01-20"), None), "2018-01-20", true, false),
        (
            question(QuestionState::Answered, Some("2018-01-20"), Some("2018-01-25")),
            "2018-01-24",
            true,
            false,
        ),
        (question(QuestionState::Resolved, Some("2018-01-20"), Some("2018-01-25")), "2018-01-25", true, true),
    ] {
        let pack = drawn(vec![Action { questions: vec![question.clone()], ..action(1, None) }], on);
        let has = |words: &str| said(&pack).contains(words);
        assert_eq!((has("Why so late?"), has("The snow")), (asks, answers), "{question:?} on {on}");
    }
}
