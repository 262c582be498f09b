//! What no tidy plan would have, and this one has.

use std::collections::HashMap;

use super::*;

#[test]
fn ei_s_recommendation_is_a_finding_and_all_others_begin_with_that() {
    let seed = seed();
    let findings =
        names(&seed, |action| action.recommendation.as_ref().is_some_and(|r| !r.text.starts_with("That ")));
    assert_eq!(findings, ["Ei"]);
}

#[test]
fn b_was_due_in_july_2017_before_the_plan_was_agreed() {
    let seed = seed();
    assert_eq!(names(&seed, |action| action.by_when == "July 17"), ["B"]);
    assert!(seed.plan.agreed_on > day("2017-07-31"));
}

#[test]
fn leads_are_a_post_a_post_with_a_person_two_posts_or_nobody() {
    let seed = seed();
    let post_names: HashMap<_, _> = seed.posts.iter().map(|p| (&*p.id, &*p.name)).collect();
    for action in &seed.actions {
        let lead = &action.lead;
        let posts: Vec<_> = lead.posts.iter().map(|id| post_names[&**id]).collect();
        let expected: &[&str] = match name(action) {
            "Aiv" => &[],
            "Eii" => &["Communications Manager"],
            "G" => &["LSCB Manager", "Governor's Service Manager"],
            _ => &[&lead.wording],
        };
        assert_eq!(posts, expected, "{}", name(action));
    }
    assert_eq!(action(&seed, "Aiv").lead.wording, "N/A");
}

#[test]
fn eii_s_lead_names_yaffa_phillips_and_its_december_update_debbie_robinson() {
    let seed = seed();
    assert_eq!(names(&seed, |action| action.lead.named_person.is_some()), ["Eii"]);
    let eii = action(&seed, "Eii");
    assert_eq!(eii.lead.named_person.as_deref(), Some("Yaffa Phillips"));
    assert!(eii.lead.wording.contains("Yaffa Phillips"));
    assert!(text(eii, DEC).starts_with("Debbie Robinson"));
    assert!(!text(eii, DEC).contains("Phillips"));
}

#[test]
fn unknown_facts_are_two_and_both_in_d() {
    let seed = seed();
    let found: Vec<_> = every_text(&seed)
        .into_iter()
        .flat_map(|(name, text)| text.matches("??").map(move |_| name))
        .collect();
    assert_eq!(found, ["D", "D"]);
    assert_eq!(text(action(&seed, "D"), DEC).matches("??").count(), 2);
}

#[test]
fn k_asks_for_march_2018_in_september_and_its_by_when_still_says_jan_2018() {
    let seed = seed();
    assert_eq!(names(&seed, |action| action.asked_for.is_some()), ["K"]);
    let k = action(&seed, "K");
    assert_eq!(k.by_when, "Jan 2018");
    let asked = k.asked_for.as_ref().expect("K asks for a date");
    assert_eq!((&*asked.by_when, &*asked.round), ("March 2018", SEPT));
    assert_eq!(k.lead.posts, std::slice::from_ref(&asked.asked_by));
    assert!(text(k, SEPT).contains(&*asked.by_when) && text(k, SEPT).contains(&*asked.reason));
}

#[test]
fn f_was_varied_to_annual_by_the_group_that_includes_the_chair() {
    let seed = seed();
    let varied =
        names(&seed, |action| action.recommendation.as_ref().is_some_and(|r| !r.variations.is_empty()));
    assert_eq!(varied, ["F"]);
    let f = action(&seed, "F");
    let recommendation = f.recommendation.as_ref().expect("F has a recommendation");
    let [variation] = &recommendation.variations[..] else {
        panic!("F has one variation");
    };
    assert_eq!((&*variation.old, &*variation.new), ("bi-annual", "annual and not bi-annual"));
    assert_eq!(
        variation.agreed_by,
        "The Digital Resilience and Safeguarding Group, which includes the Chair of the scrutiny panel"
    );
    assert_eq!(variation.round, SEPT);
    assert!(recommendation.text.contains(&*variation.old));
    for quoted in [&variation.new, &variation.agreed_by] {
        assert!(text(f, SEPT).contains(&**quoted), "{quoted}");
    }
}

#[test]
fn conference_report_is_evidence_for_f_with_78_delegates_35_schools_and_2_post_16() {
    let seed = seed();
    assert_eq!(names(&seed, |action| !action.evidence.is_empty()), ["F"]);
    let [report] = &action(&seed, "F").evidence[..] else {
        panic!("F has one piece of evidence");
    };
    assert_eq!(report.title, "Overview of Digital Resilience and Safeguarding Conference");
    assert_eq!((report.dated, &*report.round), (day("2018-01-29"), DEC));
    let figures: Vec<_> = report.figures.iter().map(|f| (&*f.name, f.value)).collect();
    let expected = [("delegates", 78), ("schools represented", 35), ("post-16 establishments", 2)];
    assert_eq!(figures, expected);
    for (_, value) in figures {
        assert!(report.words.contains(&format!(" {value} ")), "{value}");
    }
}

#[test]
fn december_column_speaks_of_29_january_2018_as_past_in_four_places() {
    let seed = seed();
    let mut spoken = Vec::new();
    for action in &seed.actions {
        for update in &action.updates {
            spoken.extend(update.speaks_of.map(|day| (name(action), &*update.round, day)));
        }
    }
    let (letter, conference) = (day("2017-09-25"), day("2018-01-29"));
    let expected = [
        ("", SEPT, letter),
        ("Ai", SEPT, letter),
        ("Aviii", DEC, conference),
        ("F", DEC, conference),
        ("I", DEC, conference),
        ("I-ii", DEC, conference),
    ];
    assert_eq!(spoken, expected);
    for (reference, round, day) in spoken {
        let text = text(action(&seed, reference), round);
        let written = [day.format("%-d %B %Y").to_string(), day.format("%d/%m/%Y").to_string()];
        assert!(written.iter().any(|w| text.contains(&**w)), "{reference}");
    }
    assert!(text(action(&seed, "J"), DEC).contains("to be held on 29 January 2018"));
}

#[test]
fn cross_references_are_quoted_from_the_december_updates() {
    let seed = seed();
    let mut found = Vec::new();
    for action in &seed.actions {
        for cross in &action.cross_references {
            assert!(text(action, &cross.round).contains(&*cross.words), "{}", cross.words);
            found.push((name(action), &*cross.to, &*cross.words));
        }
    }
    let expected = [
        ("Aiii", "I", "as outlined in action I"),
        ("Av", "Eii", "incorporated into action Eii"),
        ("I", "Aiii", "see action Aiii"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn texts_of_several_paragraphs_stay_so() {
    let seed = seed();
    let several: Vec<_> = every_text(&seed)
        .into_iter()
        .map(|(name, text)| (name, text.split("\n\n").count()))
        .filter(|&(_, paragraphs)| paragraphs > 1)
        .collect();
    let expected = [
        ("Ai", 2),
        ("Aii", 2),
        ("Aiii", 3),
        ("Avii", 2),
        ("Avii", 2),
        ("Aviii", 3),
        ("B", 2),
        ("B", 2),
        ("C", 2),
        ("D", 2),
        ("Ei", 2),
        ("F", 2),
        ("G", 3),
        ("G", 2),
        ("H", 2),
        ("I", 2),
        ("I-iii", 3),
        ("J", 2),
    ];
    assert_eq!(several, expected);
}

#[test]
fn curly_quotes_and_en_dashes_are_kept_as_printed() {
    let seed = seed();
    for mark in ['‘', '’', '“', '”', '–'] {
        let held = every_text(&seed).iter().map(|(_, text)| text.matches(mark).count()).sum::<usize>();
        let heading = seed.plan.heading.matches(mark).count();
        assert_eq!(held + heading, SOURCE.matches(mark).count(), "{mark}");
        assert!(held > 0, "{mark}");
    }
    assert!(text(action(&seed, "Aiii"), DEC).contains("“Voice of the child”"));
    assert!(action(&seed, "Avi").text.contains("‘Toot Toot’"));
}
