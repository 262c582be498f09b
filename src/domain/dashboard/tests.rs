//! The figures of small plans; those of Appendix B are tested from its page.

use super::*;
use crate::domain::{
    action::State,
    id::{PostId, RecommendationId, UpdateId},
    post::Post,
    round::RoundState,
    sample::{
        action, agreed, change, day, decided, merged, recommendation, record, revision, round, update,
        with_revisions,
    },
};

const DAY: &str = "2017-12-07";

fn board(record: &Record) -> Dashboard<'_> {
    Dashboard::at(record, day(DAY), |_| true)
}

fn labels(standings: &[&Standing<'_>]) -> Vec<String> {
    standings.iter().map(|s| s.action.label.clone()).collect()
}

fn complete(id: i64) -> Action {
    Action { states: vec![change(State::Complete, "2017-12-01")], ..action(id, Some("2017-09-30")) }
}

fn said(id: i64, by_when: &str, updates: impl IntoIterator<Item = Update>) -> Action {
    Action { updates: updates.into_iter().collect(), ..action(id, Some(by_when)) }
}

/// Rounds on 30 September and 7 December 2017.
fn rounds() -> Vec<Round> {
    vec![
        round(1, "Sept 2017", "2017-09-30", RoundState::Published),
        round(2, "7 Dec 2017", DAY, RoundState::Closed),
    ]
}

fn in_round(id: i64, round: i64, reported: Rating) -> Update {
    update(id, Some(round), if round == 1 { "2017-09-30" } else { DAY }, reported)
}

#[test]
fn the_sentence_says_only_what_is_there() {
    let far = || action(9, Some("2019-01-01"));
    let late = |id| action(id, Some("2017-11-30"));
    for (actions, sentence) in [
        (vec![], "On 7 December 2017, this plan has no actions."),
        (
            vec![far()],
            "On 7 December 2017, none of 1 action is complete by what is said and known; nothing speaks against any of them.",
        ),
        (
            vec![complete(1), far()],
            "On 7 December 2017, 1 of 2 actions is complete by what is said and known; nothing speaks against the other one. The panel’s agreement to that completion is not recorded.",
        ),
        (
            vec![late(1), far()],
            "On 7 December 2017, none of 2 actions is complete by what is said and known; 1 is off track and overdue; nothing speaks against the other one.",
        ),
        (
            vec![late(1), late(2), merged(far(), 1, DAY), action(3, None)],
            "On 7 December 2017, none of 4 actions is complete by what is said and known; 3 are off track, 2 of them overdue and 1 merged into an action that is overdue; 1 has no date to judge by.",
        ),
        (
            vec![complete(1), complete(2)],
            "On 7 December 2017, all 2 actions are complete by what is said and known. The panel’s agreement is recorded for none of the completions.",
        ),
    ] {
        let record = record(actions);
        assert_eq!(board(&record).sentence(), sentence);
    }
}

#[test]
fn agreement_is_said_only_where_the_panel_confirms_and_only_from_its_day() {
    let confirmed = Action {
        states: vec![agreed(change(State::Complete, "2017-12-01"), "the panel", "2017-12-05")],
        ..action(1, None)
    };
    let mut record = record([confirmed, complete(2)]);
    assert!(
        board(&record).sentence().ends_with("The panel’s agreement is recorded for 1 of the 2 completions.")
    );
    let before = Dashboard::at(&record, day("2017-12-04"), |_| true);
    assert!(before.sentence().ends_with("recorded for none of the completions."));
    record.actions.truncate(1);
    assert!(board(&record).sentence().ends_with("The panel has agreed every completion."));
    record.plan.panel_confirms_completion = false;
    assert!(!board(&record).sentence().contains("panel"));
}

#[test]
fn every_action_has_one_suggestion_and_a_merged_one_its_targets() {
    let record = record([
        complete(1),
        merged(action(2, None), 1, DAY),
        action(3, None),
        action(4, Some("2017-11-30")),
    ]);
    let board = board(&record);
    let sum: usize = Suggested::ALL.iter().map(|s| board.suggested(*s).len()).sum();
    assert_eq!(sum, board.total());
    assert_eq!(labels(&board.suggested(Suggested::Complete)), ["A1", "A2"]);
    assert_eq!(labels(&board.suggested(Suggested::OffTrack)), ["A4"]);
}

#[test]
fn what_is_not_rated_is_left_out_of_the_reported_counts() {
    let closed = Action {
        states: vec![change(State::NoFurtherAction, DAY)],
        ..said(1, "2018-06-30", [in_round(1, 1, Rating::OffTrack)])
    };
    let record = record([closed, said(2, "2018-06-30", [in_round(2, 1, Rating::OffTrack)])]);
    let board = board(&record);
    assert_eq!(labels(&board.reported(Rating::OffTrack)), ["A2"]);
    assert_eq!((board.rated(), board.total()), (1, 2));
}

#[test]
fn a_gap_is_only_where_an_update_was_expected() {
    let rejected = Action { recommendation: Some(RecommendationId(1)), ..action(5, None) };
    let actions = [
        said(1, "2018-06-30", [in_round(1, 1, Rating::OnTrack)]),
        complete(2),
        merged(action(3, None), 1, "2017-12-01"),
        said(4, "2018-06-30", [in_round(2, 2, Rating::OnTrack)]),
        rejected,
        Action { added_on: Some(day("2017-12-08")), ..action(6, None) },
    ];
    let response = recommendation(1, Some(crate::domain::action::Response::Rejected), None);
    let record = Record { rounds: rounds(), recommendations: vec![response], ..record(actions) };
    assert_eq!(labels(&board(&record).without_update()), ["A1"]);
    // Added on the day after the round closed: it was not asked.
    assert_eq!(labels(&Dashboard::at(&record, day("2018-01-01"), |_| true).without_update()), ["A1"]);
}

#[test]
fn a_completion_after_a_round_closed_does_not_excuse_the_gap_in_it() {
    let later = Action { states: vec![change(State::Complete, "2017-10-15")], ..action(1, None) };
    let record = Record { rounds: rounds(), ..record([later]) };
    let gaps = |r: usize| board(&record).answer(&record.actions[0], &record.rounds[r]);
    assert_eq!((gaps(0), gaps(1)), (Answer::Gap, Answer::NotAsked));
}

#[test]
fn a_correction_stands_in_the_round_of_what_it_corrects() {
    let correction = Update { supersedes: Some(UpdateId(1)), ..in_round(2, 2, Rating::AtRisk) };
    let record = Record {
        rounds: rounds(),
        ..record([said(1, "2018-06-30", [in_round(1, 1, Rating::OnTrack), correction])])
    };
    assert_eq!(board(&record).heat(), [[Heat::Reported(Rating::AtRisk), Heat::Empty]]);
    let before = Dashboard::at(&record, day("2017-12-06"), |_| true);
    assert_eq!(before.heat(), [[Heat::Reported(Rating::OnTrack)]]);
}

#[test]
fn a_heat_cell_is_reported_or_hollow_or_empty_or_none() {
    let actions = [
        said(1, "2017-11-30", [in_round(1, 1, Rating::OnTrack), in_round(2, 2, Rating::NotRecorded)]),
        action(2, Some("2018-06-30")),
        complete(3),
    ];
    let record = Record { rounds: rounds(), ..record(actions) };
    assert_eq!(
        board(&record).heat(),
        [
            [Heat::Reported(Rating::OnTrack), Heat::Suggested(Suggested::OffTrack)],
            [Heat::Empty, Heat::Empty],
            [Heat::Empty, Heat::NotApplicable],
        ]
    );
}

#[test]
fn a_hollow_cell_says_what_the_facts_said_at_the_rounds_date() {
    let record =
        Record { rounds: rounds(), ..record([said(1, "2017-11-30", [in_round(1, 1, Rating::NotRecorded)])]) };
    assert_eq!(board(&record).heat()[0][0], Heat::Suggested(Suggested::NothingAgainst));
}

#[test]
fn rounds_that_have_not_begun_or_may_not_be_read_are_not_there() {
    let mut all = rounds();
    all.push(round(3, "19 Feb 2018", "2018-01-15", RoundState::Open));
    let record = Record { rounds: all, ..record([action(1, None)]) };
    let names = |board: &Dashboard<'_>| board.rounds.iter().map(|r| r.id.0).collect::<Vec<_>>();
    assert_eq!(names(&board(&record)), [1, 2]);
    let published = |r: &Round| r.state == RoundState::Published;
    assert_eq!(names(&Dashboard::at(&record, day("2018-02-01"), published)), [1]);
}

#[test]
fn changes_are_counted_from_the_earlier_rounds_date() {
    let completed =
        said(1, "2017-12-31", [in_round(1, 1, Rating::OnTrack), in_round(2, 2, Rating::Complete)]);
    let completed = Action { states: vec![change(State::Complete, DAY)], ..completed };
    let late = action(2, Some("2017-11-30"));
    let better = said(3, "2019-01-01", [in_round(3, 1, Rating::OffTrack), in_round(4, 2, Rating::AtRisk)]);
    // With nothing against it: that it is no longer complete is worse by itself.
    let reopened = Action {
        states: vec![change(State::Complete, "2017-09-01"), change(State::Open, "2017-11-01")],
        ..said(4, "2019-01-01", [in_round(20, 2, Rating::NotRecorded)])
    };
    let asked =
        with_revisions(action(5, Some("2019-01-01")), [revision(50, Some("2018-12-01"), "2017-10-05")]);
    let moved = decided(
        revision(60, Some("2019-06-01"), "2017-10-01"),
        true,
        "2017-11-01",
        crate::domain::action::Decider::Panel,
    );
    let moved = with_revisions(action(6, Some("2019-01-01")), [moved]);
    let added = Action { added_on: Some(day("2017-11-01")), ..action(7, Some("2017-11-15")) };
    let steady = said(8, "2019-01-01", [in_round(8, 1, Rating::OnTrack), in_round(9, 2, Rating::OnTrack)]);
    let silent = said(9, "2019-01-01", [in_round(10, 1, Rating::OnTrack)]);
    let actions = [completed, late, better, reopened, asked, moved, added, steady, silent];
    // A5 and A6 are worse by rule 6: two rounds without a word.
    let record = Record { rounds: rounds(), ..record(actions) };
    let board = board(&record);
    let changes = board.changes_since(&record.rounds[0]);
    let names = |list: &[Change<'_, '_>]| list.iter().map(|c| c.now.action.label.clone()).collect::<Vec<_>>();
    assert_eq!(names(&changes.completed), ["A1"]);
    assert_eq!(names(&changes.worse), ["A2", "A4", "A5", "A6"]);
    assert_eq!(names(&changes.better), ["A3"]);
    assert_eq!(names(&changes.moved), ["A5", "A6"]);
    assert_eq!(labels(&changes.added), ["A7"]);
    assert_eq!(labels(&changes.newly_without_update), ["A9"]);
    // Compared with the latest round itself, nobody has been asked since.
    assert!(board.changes_since(&record.rounds[1]).newly_without_update.is_empty());
    assert!(!changes.is_empty());
    assert!(changes.moved[1].deadline_moved() && changes.moved[1].newly_asked().is_none());
    assert!(!changes.moved[0].deadline_moved() && changes.moved[0].newly_asked().is_some());
}

#[test]
fn only_rounds_closed_before_the_day_can_be_compared_with() {
    let record = Record { rounds: rounds(), ..record([]) };
    let earlier = |on: &str| {
        let board = Dashboard::at(&record, day(on), |_| true);
        board.earlier_rounds().map(|r| r.id.0).collect::<Vec<_>>()
    };
    assert!(earlier("2017-09-30").is_empty());
    assert_eq!(earlier(DAY), [1]);
    assert_eq!(earlier("2017-12-08"), [1, 2]);
}

#[test]
fn unknown_facts_are_counted_in_every_text_that_stands_and_in_a_recommendation_once() {
    let unknown = |id, words: &str| Update {
        narrative: words.to_owned(),
        ..update(id, None, DAY, Rating::NotRecorded)
    };
    let correction = Update { supersedes: Some(UpdateId(1)), ..unknown(2, "78 delegates from ?? schools") };
    let of = |action: Action| Action { recommendation: Some(RecommendationId(1)), ..action };
    let actions = [
        of(said(1, "2018-06-30", [unknown(1, "?? delegates from ?? schools"), correction])),
        of(Action { text: "Ask ?? of them. Why?".to_owned(), ..action(2, None) }),
        action(3, None),
        // Another row stands between it and the others of its recommendation.
        of(action(4, None)),
    ];
    let words = |id| Recommendation { text: "That ?? be done".to_owned(), ..recommendation(id, None, None) };
    let record = Record { recommendations: vec![words(1), words(2)], ..record(actions) };
    let board = board(&record);
    let found: Vec<(i64, usize)> = board.unknown_facts().iter().map(|(s, n)| (s.action.id.0, *n)).collect();
    assert_eq!(found, [(1, 2), (2, 1)]);
    let alone = board.unknown_facts_without_action();
    assert_eq!(alone.iter().map(|(r, n)| (r.id.0, *n)).collect::<Vec<_>>(), [(2, 1)]);
}

#[test]
fn promises_are_those_of_the_update_before_the_latest() {
    let promised = |id| Update {
        next_steps: Some("Meet.".to_owned()),
        ..update(id, None, "2017-11-01", Rating::OnTrack)
    };
    let answered = |id, promise| Update { promise, ..update(id, None, "2017-12-01", Rating::OnTrack) };
    let actions = [
        said(1, "2018-06-30", [promised(1), answered(2, Some(Promise::Kept))]),
        said(2, "2018-06-30", [promised(3), answered(4, Some(Promise::Partly))]),
        said(3, "2018-06-30", [promised(5), answered(6, Some(Promise::NotKept))]),
        said(4, "2018-06-30", [promised(7), answered(8, None)]),
        // Promised in the latest: not yet "last time".
        said(5, "2018-06-30", [promised(9)]),
        // Answered, but nothing was promised.
        said(6, "2018-06-30", [answered(10, None), answered(11, Some(Promise::Kept))]),
    ];
    let record = record(actions);
    let promises = board(&record).promises();
    assert_eq!(promises, Promises { made: 4, kept: 1, partly: 1, not_kept: 1 });
    assert_eq!(
        promises.to_string(),
        "Of 4 things promised last time, 1 happened, 1 happened in part, 1 did not happen, 1 not answered for"
    );
}

#[test]
fn a_completion_shows_something_by_an_outcome_an_answer_or_evidence() {
    let done = |id, update: Update| Action { updates: vec![update], ..complete(id) };
    let plain = |id| update(id, None, DAY, Rating::Complete);
    let actions = [
        done(1, plain(1)),
        done(2, Update { outcome: Some("Fewer reports.".to_owned()), ..plain(2) }),
        done(3, Update { outcome_not_known: true, ..plain(3) }),
        done(4, plain(4)),
        action(5, None),
    ];
    let record = record(actions);
    let board = board(&record);
    assert_eq!(labels(&board.nothing_to_show(|id| id.0 == 4)), ["A1"]);
    assert_eq!(labels(&board.outcome_not_known()), ["A3"]);
}

#[test]
fn a_joint_action_is_in_the_group_of_each_lead_and_counts_once_in_each() {
    let post =
        |id, name: &str| Post { id: PostId(id), name: name.to_owned(), body: None, holdings: Vec::new() };
    let lead = |id| Lead::Post { post: PostId(id), named: None };
    let by = |id, leads: Vec<Lead>| Action { leads, ..action(id, None) };
    let actions = [
        by(1, vec![lead(1), lead(2), lead(2)]),
        by(2, vec![lead(2)]),
        by(3, vec![Lead::OutsideBody("Police".to_owned())]),
        action(4, None),
    ];
    let record =
        Record { posts: vec![post(1, "LSCB Manager"), post(2, "MAP Coordinator")].into(), ..record(actions) };
    let board = board(&record);
    let groups: Vec<_> =
        board.by_lead().iter().map(|g| (g.name.clone(), g.post, labels(&g.actions).join(" "))).collect();
    let row = |name: &str, post: Option<i64>, actions: &str| {
        (name.to_owned(), post.map(PostId), actions.to_owned())
    };
    assert_eq!(
        groups,
        [
            row("MAP Coordinator", Some(2), "A1 A2"),
            row("LSCB Manager", Some(1), "A1"),
            row("N/A", None, "A4"),
            row("Police", None, "A3"),
        ]
    );
    assert!(board.by_theme().is_empty());
}
