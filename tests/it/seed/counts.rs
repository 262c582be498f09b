//! How many of what: references, wordings, leads, resources, rounds, cells.

use std::collections::BTreeMap;

use scrutiny_tracker::seed::ResourceKind;

use super::*;

fn count<'a>(values: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

#[test]
fn twenty_two_actions_stand_under_21_references_in_the_printed_order() {
    let seed = seed();
    let printed: Vec<_> = seed
        .actions
        .iter()
        .map(|action| action.recommendation.as_ref().map_or("", |r| &*r.reference))
        .collect();
    let expected = [
        "", "Ai", "Aii", "Aiii", "Aiv", "Av", "Avi", "Avii", "Aviii", "B", "C", "D", "Ei", "Eii", "F", "G",
        "H", "I", "ii", "iii", "J", "K",
    ];
    assert_eq!(printed, expected);
    let lettered = printed.iter().filter(|r| r.starts_with(char::is_uppercase));
    assert_eq!(lettered.count(), 19);
}

#[test]
fn two_bare_sub_numbers_are_i_s_and_every_other_reference_is_full() {
    let seed = seed();
    let differing: Vec<_> = seed
        .actions
        .iter()
        .filter_map(|action| action.recommendation.as_ref())
        .filter_map(|r| Some((&*r.reference, r.full_reference.as_deref()?)))
        .collect();
    assert_eq!(differing, [("ii", "I-ii"), ("iii", "I-iii")]);
}

#[test]
fn only_the_first_action_has_no_recommendation() {
    let seed = seed();
    let without: Vec<_> = seed.actions.iter().map(|a| a.recommendation.is_none()).collect();
    assert_eq!(without.iter().position(|&none| none), Some(0));
    assert_eq!(without.iter().filter(|&&none| none).count(), 1);
}

#[test]
fn by_when_has_seven_wordings() {
    let seed = seed();
    let counts = count(seed.actions.iter().map(|action| &*action.by_when));
    let expected = BTreeMap::from([
        ("July 17", 1),
        ("Sept 2017", 7),
        ("November 2017", 1),
        ("Nov 2017", 3),
        ("Jan 2018", 3),
        ("Feb 2018", 6),
        ("Mar 2018", 1),
    ]);
    assert_eq!(counts, expected);
}

#[test]
fn leads_are_counted_as_printed() {
    let seed = seed();
    let counts = count(seed.actions.iter().map(|action| &*action.lead.wording));
    let expected = BTreeMap::from([
        (RISK, 13),
        ("MAP Coordinator", 3),
        ("Education Safeguarding Lead", 2),
        ("LSCB Manager", 1),
        ("Communications Manager (Yaffa Phillips)", 1),
        ("LSCB Manager/ Governor's Service Manager", 1),
        ("N/A", 1),
    ]);
    assert_eq!(counts, expected);
}

#[test]
fn resources_are_counted_by_wording_and_kind() {
    let seed = seed();
    let counts = count(seed.actions.iter().map(|action| &*action.resource.wording));
    let sought = "Financial support to be sought from Middlesbrough Achievement Partnership";
    let expected = BTreeMap::from([("Managed within existing budget", 20), ("None", 1), (sought, 1)]);
    assert_eq!(counts, expected);
    for action in &seed.actions {
        let kind = match name(action) {
            "" => ResourceKind::None,
            "F" => ResourceKind::FundingSought,
            _ => ResourceKind::ExistingBudget,
        };
        assert_eq!(action.resource.kind, kind, "{}", name(action));
    }
}

#[test]
fn rounds_are_a_month_and_a_day_and_both_are_published() {
    let rounds: Vec<_> = seed()
        .rounds
        .into_iter()
        .map(|round| (round.label, round.earliest, round.latest, round.published))
        .collect();
    let sept = (SEPT.to_owned(), day("2017-09-01"), day("2017-09-30"), true);
    let dec = (DEC.to_owned(), day("2017-12-07"), day("2017-12-07"), true);
    assert_eq!(rounds, [sept, dec]);
}

#[test]
fn forty_three_of_44_update_cells_are_filled_and_j_has_none_for_september() {
    let seed = seed();
    assert_eq!(seed.actions.len() * seed.rounds.len(), 44);
    assert_eq!(seed.actions.iter().map(|a| a.updates.len()).sum::<usize>(), 43);
    assert_eq!(names(&seed, |action| action.update(SEPT).is_none()), ["J"]);
    assert!(names(&seed, |action| action.update(DEC).is_none()).is_empty());
    assert!(every_text(&seed).iter().all(|(_, text)| !text.trim().is_empty()));
}
