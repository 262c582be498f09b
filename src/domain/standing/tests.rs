//! The suggested rating, rule by rule in their order, and what else a standing says.

use super::*;
use crate::domain::{
    id::{RecommendationId, UpdateId},
    plan::Record,
    round::RoundState,
    sample::{
        action, agreed, change, day, decided, merged, recommendation, record, revision, round, update,
        with_revisions,
    },
};

/// What the facts suggest of the first action, with the reason.
fn suggested(record: &Record, on: &str) -> (Suggested, String) {
    let Suggestion { rating, reason } = suggest(record, &record.actions[0], day(on));
    (rating, reason)
}

fn is(record: &Record, on: &str, rating: Suggested, reason: &str) {
    assert_eq!(suggested(record, on), (rating, reason.to_owned()), "on {on}");
}

fn with_states(action: Action, states: impl IntoIterator<Item = StateChange>) -> Action {
    Action { states: states.into_iter().collect(), ..action }
}

fn with_updates(action: Action, updates: impl IntoIterator<Item = Update>) -> Action {
    Action { updates: updates.into_iter().collect(), ..action }
}

fn said(on: &str) -> Update {
    update(1, None, on, Rating::NotRecorded)
}

fn said_in(id: i64, round: i64, on: &str) -> Update {
    update(id, Some(round), on, Rating::NotRecorded)
}

#[test]
fn rule_0_no_further_action_is_not_rated_however_late_it_is() {
    let closed = with_states(action(1, Some("2017-09-30")), [change(State::NoFurtherAction, "2017-12-07")]);
    let record = record([closed]);
    is(&record, "2018-06-01", Suggested::NotRated, "closed with no further action");
    is(&record, "2017-12-06", Suggested::OffTrack, "deadline passed 67 days ago, no completion stated");
}

#[test]
fn rule_0_actions_of_a_rejected_or_noted_recommendation_are_not_rated_from_the_day_of_the_response() {
    for (response, on, rated, reason) in [
        (Response::Rejected, None, false, "the recommendation was rejected"),
        (Response::Noted, None, false, "the recommendation was noted"),
        (Response::Rejected, Some("2017-12-07"), false, "the recommendation was rejected"),
        (Response::Rejected, Some("2017-12-08"), true, "deadline passed 68 days ago, no completion stated"),
        (Response::InPrinciple, None, true, "deadline passed 68 days ago, no completion stated"),
        (Response::PartiallyAccepted, None, true, "deadline passed 68 days ago, no completion stated"),
    ] {
        let of = Action { recommendation: Some(RecommendationId(1)), ..action(1, Some("2017-09-30")) };
        let record = Record { recommendations: vec![recommendation(1, Some(response), on)], ..record([of]) };
        let rating = if rated { Suggested::OffTrack } else { Suggested::NotRated };
        is(&record, "2017-12-07", rating, reason);
    }
}

#[test]
fn rule_0_goes_before_rule_1() {
    let of = Action { recommendation: Some(RecommendationId(1)), ..action(1, None) };
    let rejected = recommendation(1, Some(Response::Rejected), None);
    let actions = [merged(of, 2, "2017-01-01"), action(2, Some("2017-09-30"))];
    let record = Record { recommendations: vec![rejected], ..record(actions) };
    is(&record, "2017-12-07", Suggested::NotRated, "the recommendation was rejected");
}

#[test]
fn rule_1_a_merged_action_shares_its_targets_fate_and_names_it() {
    let late = action(2, Some("2017-09-30"));
    let complete = with_states(late.clone(), [change(State::Complete, "2017-12-01")]);
    let closed = with_states(late.clone(), [change(State::NoFurtherAction, "2017-12-01")]);
    let asked =
        with_revisions(action(2, Some("2018-06-30")), [revision(9, Some("2018-12-31"), "2017-12-01")]);
    for (target, rating, reason) in [
        (late, Suggested::OffTrack, "merged into A2, which is off track"),
        (complete, Suggested::Complete, "merged into A2, which is complete"),
        (closed, Suggested::NotRated, "merged into A2, which is not rated"),
        (asked, Suggested::AtRisk, "merged into A2, which is at risk"),
        (action(2, None), Suggested::NoDate, "merged into A2, which is without a date to judge by"),
        (
            action(2, Some("2018-06-30")),
            Suggested::NothingAgainst,
            "merged into A2, which is open with nothing against it",
        ),
    ] {
        // Its own date is long past: that no longer counts.
        let record = record([merged(action(1, Some("2017-07-31")), 2, "2017-12-01"), target]);
        is(&record, "2017-12-07", rating, reason);
    }
}

#[test]
fn rule_1_a_chain_of_merges_names_its_end() {
    let actions = [
        merged(action(1, None), 2, "2017-12-01"),
        merged(action(2, None), 3, "2017-12-01"),
        action(3, Some("2017-09-30")),
    ];
    is(&record(actions), "2017-12-07", Suggested::OffTrack, "merged into A3, which is off track");
}

#[test]
fn rule_2_complete_says_whether_it_is_agreed_and_whether_it_goes_on() {
    let reported = change(State::Complete, "2017-12-07");
    let continuing = change(State::CompleteContinuing, "2017-12-07");
    let by_panel = agreed(reported.clone(), "the Panel", "2018-02-19");
    for (state, confirms, on, reason) in [
        (reported.clone(), true, "2018-03-01", "reported complete, not yet agreed"),
        (reported, false, "2018-03-01", "reported complete"),
        (
            continuing.clone(),
            true,
            "2018-03-01",
            "reported complete, not yet agreed, continues as business as usual",
        ),
        (continuing, false, "2018-03-01", "reported complete, continues as business as usual"),
        (by_panel.clone(), true, "2018-02-18", "reported complete, not yet agreed"),
        (by_panel, true, "2018-02-19", "agreed complete by the Panel on 19 February 2018"),
    ] {
        // Past its date: completion goes before rule 3.
        let mut record = record([with_states(action(1, Some("2017-09-30")), [state])]);
        record.plan.panel_confirms_completion = confirms;
        is(&record, on, Suggested::Complete, reason);
    }
}

#[test]
fn rule_3_off_track_from_the_day_after_the_deadline() {
    let record = record([with_updates(action(1, Some("2017-11-30")), [said("2017-11-30")])]);
    is(&record, "2017-11-30", Suggested::NothingAgainst, "due today");
    is(&record, "2017-12-01", Suggested::OffTrack, "deadline passed 1 day ago, no completion stated");
    is(&record, "2017-12-07", Suggested::OffTrack, "deadline passed 7 days ago, no completion stated");
}

#[test]
fn rule_3_a_date_that_is_only_asked_for_does_not_stop_the_clock() {
    let asked =
        with_revisions(action(1, Some("2017-11-30")), [revision(9, Some("2018-03-31"), "2017-11-01")]);
    is(
        &record([asked]),
        "2017-12-07",
        Suggested::OffTrack,
        "deadline passed 7 days ago, no completion stated",
    );
}

#[test]
fn rule_4_at_risk_while_a_later_date_is_asked_for_and_not_decided() {
    let current = || action(1, Some("2018-06-30"));
    let asked = |by_when| revision(9, by_when, "2017-12-07");
    let nothing = (Suggested::NothingAgainst, "205 days to go");
    for (revision, expected) in [
        (asked(Some("2018-07-31")), (Suggested::AtRisk, "2018-07-31 asked for, not decided")),
        (asked(None), (Suggested::AtRisk, "TBC asked for, not decided")),
        (asked(Some("2018-05-31")), nothing),
        (decided(asked(Some("2018-07-31")), false, "2017-12-07", Decider::Panel), nothing),
        (revision(9, Some("2018-07-31"), "2017-12-08"), nothing),
    ] {
        let record = record([with_revisions(current(), [revision])]);
        is(&record, "2017-12-07", expected.0, expected.1);
    }
}

#[test]
fn rule_4_a_date_asked_for_where_there_was_none_is_no_risk() {
    let asked = with_revisions(action(1, None), [revision(9, Some("2018-07-31"), "2017-12-01")]);
    is(&record([asked]), "2017-12-07", Suggested::NoDate, "“TBC” is no date");
}

#[test]
fn rule_4_one_extension_by_the_panel_is_slippage_and_a_second_is_a_risk() {
    let granted = |id, by_when, on, decider| decided(revision(id, Some(by_when), on), true, on, decider);
    let once = granted(8, "2018-07-31", "2017-10-01", Decider::Panel);
    let twice = granted(9, "2018-12-31", "2017-11-01", Decider::Panel);
    let record = record([with_revisions(action(1, Some("2018-02-28")), [once, twice])]);
    is(&record, "2017-10-31", Suggested::NothingAgainst, "273 days to go");
    let standing = stand_one(&record, &record.actions[0], day("2017-10-31"));
    assert_eq!(standing.slippage.as_deref(), Some("5 months later than first agreed"));
    is(&record, "2017-11-01", Suggested::AtRisk, "the deadline was moved 2 times");
}

#[test]
fn rule_4_moved_by_an_officer_is_a_risk_only_where_the_panel_grants() {
    let moved = decided(revision(9, Some("2018-07-31"), "2017-10-01"), true, "2017-10-01", Decider::Officer);
    let mut record = record([with_revisions(action(1, Some("2018-02-28")), [moved])]);
    is(&record, "2017-12-07", Suggested::AtRisk, "the deadline was moved without the panel’s agreement");
    record.plan.panel_grants_dates = false;
    is(&record, "2017-12-07", Suggested::NothingAgainst, "236 days to go");
}

#[test]
fn rule_5_at_risk_from_28_days_before_the_deadline_without_an_update_in_the_last_28() {
    let silent = record([action(1, Some("2018-01-31"))]);
    is(&silent, "2018-01-02", Suggested::NothingAgainst, "29 days to go");
    is(&silent, "2018-01-03", Suggested::AtRisk, "28 days to go, no update in the last 28 days");
    is(&silent, "2018-01-31", Suggested::AtRisk, "due today, no update in the last 28 days");
}

#[test]
fn rule_5_the_28th_day_after_an_update_is_included() {
    let record = record([with_updates(action(1, Some("2018-01-31")), [said("2017-12-07")])]);
    is(&record, "2018-01-04", Suggested::NothingAgainst, "27 days to go");
    is(&record, "2018-01-05", Suggested::AtRisk, "26 days to go, no update in the last 28 days");
}

#[test]
fn rule_5_while_a_round_is_open_only_its_own_updates_count() {
    let open = round(1, "19 Feb 2018", "2018-01-15", RoundState::Open);
    let late = with_updates(action(1, Some("2018-01-31")), [said("2018-01-14")]);
    let answered = with_updates(action(1, Some("2018-01-31")), [said_in(1, 1, "2018-01-15")]);
    let with = |action| Record { rounds: vec![open.clone()], ..record([action]) };
    let reason = "16 days to go, no update in the open round (19 Feb 2018)";
    is(&with(late.clone()), "2018-01-15", Suggested::AtRisk, reason);
    is(&with(late), "2018-01-14", Suggested::NothingAgainst, "17 days to go");
    is(&with(answered), "2018-01-15", Suggested::NothingAgainst, "16 days to go");
}

/// Two closed rounds, and an action with a date far off.
fn two_rounds(action: Action) -> Record {
    let rounds = vec![
        round(1, "Sept 2017", "2017-09-30", RoundState::Closed),
        round(2, "7 Dec 2017", "2017-12-07", RoundState::Closed),
    ];
    Record { rounds, ..record([action]) }
}

#[test]
fn rule_6_at_risk_after_two_closed_rounds_without_a_word() {
    let far = || action(1, Some("2019-12-31"));
    let silent = two_rounds(far());
    is(&silent, "2017-12-06", Suggested::NothingAgainst, "755 days to go");
    is(&silent, "2017-12-07", Suggested::AtRisk, "no update in the last two rounds (Sept 2017, 7 Dec 2017)");
    for update in [said_in(1, 1, "2017-09-30"), said_in(1, 2, "2017-12-07"), said("2017-10-15")] {
        let record = two_rounds(with_updates(far(), [update]));
        is(&record, "2017-12-07", Suggested::NothingAgainst, "754 days to go");
    }
}

#[test]
fn rule_6_asks_nothing_of_a_round_before_the_action_was_there() {
    let added = Action { added_on: Some(day("2017-10-01")), ..action(1, Some("2019-12-31")) };
    is(&two_rounds(added), "2017-12-07", Suggested::NothingAgainst, "754 days to go");
}

#[test]
fn rule_6_goes_before_rule_7() {
    let reason = "no update in the last two rounds (Sept 2017, 7 Dec 2017)";
    is(&two_rounds(action(1, None)), "2017-12-07", Suggested::AtRisk, reason);
}

#[test]
fn rule_7_no_date_to_judge_by_says_what_stands_there_instead() {
    let mut blank = action(1, None);
    blank.revisions[0].wording = "  ".to_owned();
    let none = Action { revisions: Vec::new(), ..action(1, None) };
    for (action, reason) in [
        (action(1, None), "“TBC” is no date"),
        (blank, "no deadline is given"),
        (none, "no deadline is given"),
    ] {
        is(&record([action]), "2017-12-07", Suggested::NoDate, reason);
    }
}

#[test]
fn rule_8_nothing_against_it_whatever_the_lead_reports() {
    for reported in Rating::ALL.iter().filter(|r| **r != Rating::Complete) {
        let rated = with_updates(action(1, Some("2018-01-31")), [update(1, None, "2017-12-07", *reported)]);
        is(&record([rated]), "2017-12-07", Suggested::NothingAgainst, "55 days to go");
    }
}

#[test]
fn a_record_is_read_as_it_stood_at_the_end_of_the_day() {
    let reopened = with_states(
        action(1, Some("2017-11-30")),
        [change(State::Complete, "2017-12-07"), change(State::Open, "2018-02-19")],
    );
    let record = record([reopened]);
    for (on, state, overdue) in [
        ("2017-11-30", State::Open, None),
        ("2017-12-06", State::Open, Some(6)),
        ("2017-12-07", State::Complete, None),
        ("2018-02-18", State::Complete, None),
        ("2018-02-19", State::Open, Some(81)),
    ] {
        let standing = stand_one(&record, &record.actions[0], day(on));
        assert_eq!((standing.state, standing.overdue_days), (state, overdue), "on {on}");
    }
}

#[test]
fn a_granted_date_counts_from_the_day_of_the_decision() {
    let granted = decided(revision(9, Some("2018-03-31"), "2017-11-15"), true, "2018-02-19", Decider::Panel);
    let record = record([with_revisions(action(1, Some("2017-11-30")), [granted])]);
    for (on, overdue, on_original, asked) in [
        ("2018-02-18", Some(80), Some(80), true),
        ("2018-02-19", None, Some(81), false),
        ("2018-04-01", Some(1), Some(122), false),
    ] {
        let standing = stand_one(&record, &record.actions[0], day(on));
        let found = (standing.overdue_days, standing.overdue_on_original_days, standing.asked.is_some());
        assert_eq!(found, (overdue, on_original, asked), "on {on}");
    }
}

#[test]
fn passed_deadlines_count_all_and_overdue_only_what_is_open() {
    let late = || action(1, Some("2017-09-30"));
    for (action, overdue) in [
        (late(), true),
        (with_states(late(), [change(State::Complete, "2017-12-01")]), false),
        (with_states(late(), [change(State::CompleteContinuing, "2017-12-01")]), false),
        (with_states(late(), [change(State::NoFurtherAction, "2017-12-01")]), false),
        (merged(late(), 1, "2017-12-01"), false),
    ] {
        let record = record([action]);
        let standing = stand_one(&record, &record.actions[0], day("2017-12-07"));
        assert!(standing.passed);
        assert_eq!(standing.overdue_days.is_some(), overdue, "{:?}", standing.state);
    }
}

#[test]
fn the_latest_update_is_the_last_one_known_that_day_without_what_was_corrected() {
    let correction = Update {
        supersedes: Some(crate::domain::id::UpdateId(2)),
        ..update(3, None, "2017-12-20", Rating::OnTrack)
    };
    let updates = [
        update(1, None, "2017-11-01", Rating::AtRisk),
        update(2, None, "2017-12-07", Rating::OffTrack),
        correction,
    ];
    let record = record([with_updates(action(1, Some("2018-06-30")), updates)]);
    for (on, reported) in [
        ("2017-10-31", Rating::NotRecorded),
        ("2017-11-01", Rating::AtRisk),
        ("2017-12-07", Rating::OffTrack),
        ("2017-12-20", Rating::OnTrack),
    ] {
        assert_eq!(stand_one(&record, &record.actions[0], day(on)).reported, reported, "on {on}");
    }
}

#[test]
fn an_action_stands_nowhere_before_it_was_added() {
    let added = Action { added_on: Some(day("2018-01-10")), ..action(2, None) };
    let record = record([action(1, None), added]);
    assert_eq!(stand(&record, day("2018-01-09")).len(), 1);
    assert_eq!(stand(&record, day("2018-01-10")).len(), 2);
}

/// Puts an earlier update right, on a day, whatever round was open.
fn correcting(id: i64, older: i64, round: Option<i64>, on: &str) -> Update {
    Update { supersedes: Some(UpdateId(older)), ..update(id, round, on, Rating::NotRecorded) }
}

#[test]
fn a_correction_is_an_update_of_the_round_that_it_corrects_and_of_no_other() {
    // Said for September, and put right while the next round was open or none was.
    for round in [Some(2), None] {
        let updates = [said_in(1, 1, "2017-09-30"), correcting(2, 1, round, "2017-12-01")];
        let record = two_rounds(with_updates(action(1, Some("2019-12-31")), updates));
        is(&record, "2017-12-07", Suggested::NothingAgainst, "754 days to go");
    }
    let open = round(3, "19 Feb 2018", "2018-01-15", RoundState::Open);
    let updates = [said_in(1, 2, "2017-12-07"), correcting(2, 1, Some(3), "2018-01-16")];
    let mut record = two_rounds(with_updates(action(1, Some("2018-01-31")), updates));
    record.rounds.push(open);
    let reason = "15 days to go, no update in the open round (19 Feb 2018)";
    is(&record, "2018-01-16", Suggested::AtRisk, reason);
}

#[test]
fn rule_5_putting_an_old_update_right_is_no_new_word() {
    let updates = [said("2017-10-01"), correcting(2, 1, None, "2018-01-10")];
    let record = record([with_updates(action(1, Some("2018-01-31")), updates)]);
    is(&record, "2018-01-15", Suggested::AtRisk, "16 days to go, no update in the last 28 days");
}

#[test]
fn whoever_sees_only_what_is_published_sees_a_completion_from_the_day_on_which_that_says_it() {
    let complete = |id, round, on| update(id, round, on, Rating::Complete);
    let reported = StateChange { update: Some(UpdateId(1)), ..change(State::Complete, "2017-10-10") };
    let with = |updates: Vec<Update>| {
        let mut record =
            two_rounds(with_states(with_updates(action(1, Some("2017-11-30")), updates), [reported.clone()]));
        for round in &mut record.rounds {
            (round.state, round.published_on) = (RoundState::Published, round.closed_on);
        }
        record.published_at(day("2017-12-07"))
    };
    // Between two rounds, and taken into none.
    let held_back = complete(1, None, "2017-10-10");
    let reason = "deadline passed 7 days ago, no completion stated";
    is(&with(vec![held_back.clone()]), "2017-12-07", Suggested::OffTrack, reason);
    let again = with(vec![held_back, complete(2, Some(2), "2017-12-01")]);
    is(&again, "2017-12-07", Suggested::Complete, "reported complete, not yet agreed");
    is(&again, "2017-11-30", Suggested::AtRisk, "due today, no update in the last 28 days");
}
