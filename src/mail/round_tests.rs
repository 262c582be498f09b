//! Tests of [`super`]: the mails of a round as their readers see them, and what holds for all of them.

use super::{sample::*, *};

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
fn each_says_where_to_choose_how_often_mail_comes() {
    let choose = "\nChoose how often you are mailed, or who is asked while you are away: https://tracker.council.example/account/mail";
    for (name, mail) in samples() {
        assert!(plain(&mail).ends_with(choose), "{name}");
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
fn what_is_late_is_still_accepted_whether_it_is_one_or_several() {
    let late = RoundMail { again: true, today: "2018-01-31".parse().unwrap(), ..to_lead() };
    assert!(plain(&late).contains("They will still be accepted: please write them now."));
    let mut one = RoundMail { own_list: true, ..late };
    one.plans[0].items.truncate(1);
    assert!(plain(&one).contains("Yours will still be accepted: please write it now."));
    assert!(plain(&one).contains("this update is still awaited for the Community"), "{}", plain(&one));
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
