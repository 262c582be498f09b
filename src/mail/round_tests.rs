//! Tests of [`super`]: the mails of a round as their readers see them, and what holds for all of them.

use super::*;

fn day(iso: &str) -> NaiveDate {
    iso.parse().unwrap()
}

fn item(label: &str, title: &str) -> Item {
    Item {
        label: label.to_owned(),
        title: title.to_owned(),
        overdue: None,
        by_when: Some("Feb 2018".to_owned()),
        asked: None,
        rating: "Not recorded".to_owned(),
        last_update: Some("in the round 7 Dec 2017".to_owned()),
        link: format!("https://tracker.council.example/actions/{label}/updates/new"),
        by_link: false,
        instead_of: None,
    }
}

/// To a lead, of one plan, when the round is opened.
fn to_lead() -> RoundMail {
    let overdue = Item {
        overdue: Some("overdue by 98 days".to_owned()),
        by_when: Some("Sept 2017".to_owned()),
        asked: Some("March 2018 asked for, not decided".to_owned()),
        ..item("Aiii", "Three-point plan to be researched")
    };
    let undated = Item { by_when: None, last_update: None, ..item("Ei", "Sessions for parents") };
    RoundMail {
        council: "Middlesbrough Council".to_owned(),
        round: "19 Feb 2018".to_owned(),
        again: false,
        due: Some(day("2018-01-29")),
        today: day("2018-01-08"),
        asked_by: "Risk and Resilience Manager".to_owned(),
        own_list: false,
        panel: Some("the Community Safety and Leisure Scrutiny Panel on 19 February 2018".to_owned()),
        because: "you hold the post Education Safeguarding Lead".to_owned(),
        plans: vec![OfPlan { title: "Digital Safeguarding".to_owned(), items: vec![overdue, undated] }],
        my_actions: "https://tracker.council.example/my-actions".to_owned(),
        by_link: None,
    }
}

/// The same where it can be answered without signing in.
fn by_link() -> RoundMail {
    let link = format!("https://tracker.council.example/u/{}", "c0ffee".repeat(8));
    let mut mail = to_lead();
    for (n, item) in (1..).zip(&mut mail.plans[0].items) {
        item.link = format!("{link}/{n}");
        item.by_link = true;
    }
    RoundMail { by_link: Some(link), ..mail }
}

/// One of each.
fn samples() -> Vec<(&'static str, RoundMail)> {
    let instead = Item {
        instead_of: Some("nobody holds LSCB Manager".to_owned()),
        ..item("F", "The Board’s annual report")
    };
    let safe_homes =
        OfPlan { title: "Safe Homes".to_owned(), items: vec![item("B", "Visits to every home")] };
    let own = RoundMail {
        own_list: true,
        plans: vec![OfPlan { title: "Digital Safeguarding".to_owned(), items: vec![instead] }, safe_homes],
        because: "you hold the post Risk and Resilience Manager".to_owned(),
        ..to_lead()
    };
    let undated = RoundMail { due: None, panel: None, ..to_lead() };
    vec![
        ("opened", to_lead()),
        ("opened_by_link", by_link()),
        ("opened_own_list", own.clone()),
        ("opened_without_a_day", undated),
        ("reminder", RoundMail { again: true, today: day("2018-01-24"), ..to_lead() }),
        ("reminder_by_link", RoundMail { again: true, today: day("2018-01-24"), ..by_link() }),
        ("reminder_past_due", RoundMail { again: true, today: day("2018-01-31"), ..to_lead() }),
        ("reminder_own_list", RoundMail { again: true, ..own }),
    ]
}

#[test]
fn every_mail_of_a_round_reads_like_this() {
    for (name, mail) in samples() {
        insta::assert_snapshot!(name, format!("Subject: {}\n\n{}", subject(&mail), plain(&mail)));
        insta::assert_snapshot!(format!("{name}_html"), html(&mail));
    }
}

#[test]
fn the_html_says_what_the_plain_text_says() {
    for (name, mail) in samples() {
        let html = html(&mail).replace("&amp;", "&");
        for line in plain(&mail).lines().map(str::trim).filter(|line| !line.is_empty() && *line != "--") {
            let shouted = mail.plans.iter().any(|plan| plan.title.to_uppercase() == line);
            // A link stands behind its button.
            let said =
                line.split_once(": https://").map_or(line.to_owned(), |(_, to)| format!("https://{to}"));
            assert!(shouted || html.contains(&said), "{name}: {said:?} is not in {html}");
        }
        for plan in &mail.plans {
            assert!(html.contains(&plan.title), "{name}");
        }
    }
}

#[test]
fn the_subject_says_how_much_is_due_and_when_in_its_first_forty_characters_and_what_of_it_is_overdue() {
    for (name, says) in [
        ("opened", "2 updates due Mon 29 Jan (1 overdue) – Digital Safeguarding"),
        ("opened_own_list", "2 updates due Mon 29 Jan – 2 plans"),
        ("opened_without_a_day", "2 updates asked for (1 overdue) – Digital Safeguarding"),
        ("reminder_past_due", "2 updates were due Mon 29 Jan (1 overdue) – Digital Safeguarding"),
    ] {
        let (_, mail) = samples().into_iter().find(|(n, _)| *n == name).unwrap();
        assert_eq!(subject(&mail), says);
        let before = says.split(['(', '–']).next().unwrap().trim();
        assert!(before.chars().count() <= 40, "{before}");
    }
}

#[test]
fn what_people_typed_is_text_and_nothing_else() {
    let evil = "<script>alert(1)</script>".to_owned();
    let mut mail = to_lead();
    mail.plans[0].title.clone_from(&evil);
    mail.plans[0].items[0].title.clone_from(&evil);
    mail.round.clone_from(&evil);
    mail.asked_by = evil;
    assert!(!html(&mail).contains("<script>"));
}
