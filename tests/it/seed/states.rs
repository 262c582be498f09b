//! What the December column says of each action: rating, state, merge.

use super::*;

#[test]
fn december_says_complete_11_times_merged_only_once_open_4_times_and_nothing_6_times() {
    let seed = seed();
    let complete = ["", "Ai", "Aii", "Aiv", "Avi", "B", "C", "Eii", "H", "I", "I-iii"];
    assert_eq!(names(&seed, says_complete), complete);
    let merged_only = names(&seed, |action| is_merged(action) && !says_complete(action));
    assert_eq!(merged_only, ["Av"]);

    let open_words = [
        "Action left open",
        "Work is continuing",
        "This is currently being progressed",
        "Arrangements still need to be made",
    ];
    let says_open = |action: &Action| open_words.iter().any(|w| text(action, DEC).contains(w));
    assert_eq!(names(&seed, says_open), ["Aiii", "Aviii", "G", "J"]);

    let says_nothing = |action: &Action| !says_complete(action) && !is_merged(action) && !says_open(action);
    assert_eq!(names(&seed, says_nothing), ["Avii", "D", "Ei", "F", "I-ii", "K"]);
}

#[test]
fn rating_is_recorded_only_where_the_december_words_say_complete() {
    let seed = seed();
    for action in &seed.actions {
        for update in &action.updates {
            let words_say = update.round == DEC && update.text.to_lowercase().contains("complete");
            let expected = words_say.then_some(Rating::Complete);
            assert_eq!(update.reported, expected, "{}, {}", name(action), update.round);
        }
    }
}

#[test]
fn every_state_holds_from_7_december_2017() {
    let seed = seed();
    for change in seed.actions.iter().filter_map(|action| action.state.as_ref()) {
        assert_eq!(change.from, day("2017-12-07"));
    }
}

#[test]
fn av_is_merged_into_eii_to_reduce_duplication_and_i_into_the_open_aiii() {
    let seed = seed();
    assert_eq!(names(&seed, is_merged), ["Av", "I"]);
    let (av, i) = (action(&seed, "Av"), action(&seed, "I"));
    assert_eq!(state(av), Some(&State::MergedInto("Eii".to_owned())));
    let reason = av.state.as_ref().and_then(|change| change.reason.as_deref());
    assert_eq!(reason, Some("in order to reduce duplication"));
    assert_eq!(state(i), Some(&State::MergedInto("Aiii".to_owned())));
    assert!(text(i, DEC).ends_with("This action is marked complete and combined into Action Aiii."));
    assert!(says_complete(i));
    assert_eq!(state(action(&seed, "Aiii")), None);
}

#[test]
fn b_and_c_continue_and_the_other_eight_are_complete() {
    let seed = seed();
    let continuing = names(&seed, |a| state(a) == Some(&State::CompleteContinuing));
    assert_eq!(continuing, ["B", "C"]);
    for reference in continuing {
        assert!(text(action(&seed, reference), DEC).contains("ongoing"));
    }
    let complete = names(&seed, |a| state(a) == Some(&State::Complete));
    assert_eq!(complete, ["", "Ai", "Aii", "Aiv", "Avi", "Eii", "H", "I-iii"]);
}

#[test]
fn eii_is_complete_though_it_runs_to_october_2018() {
    let seed = seed();
    let eii = action(&seed, "Eii");
    assert_eq!(state(eii), Some(&State::Complete));
    assert!(text(eii, DEC).contains("ends in October 2018."));
}

#[test]
fn every_reason_for_a_state_is_quoted_from_its_december_update() {
    let seed = seed();
    let mut reasons = 0;
    for action in &seed.actions {
        let Some(reason) = action.state.as_ref().and_then(|change| change.reason.as_ref()) else {
            continue;
        };
        assert!(text(action, DEC).contains(&**reason), "{}", name(action));
        reasons += 1;
    }
    assert_eq!(reasons, 4);
}
