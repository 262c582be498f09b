//! The digest as its reader sees it.

use super::{sample::*, *};

fn as_read(digest: &Digest) -> String {
    format!("Subject: {}\n\n{}", subject(digest), plain(digest))
}

#[test]
fn every_section_as_its_reader_sees_it() {
    insta::assert_snapshot!("deadlines", as_read(&of_deadlines()));
    insta::assert_snapshot!("deadlines_html", html(&of_deadlines()));
    insta::assert_snapshot!("two_plans", as_read(&of_two_plans()));
    insta::assert_snapshot!("everything", as_read(&of_everything()));
    insta::assert_snapshot!("everything_html", html(&of_everything()));
}

#[test]
fn count_what_and_date_stand_first_and_no_subject_names_more_than_three_things() {
    let everything = of_everything();
    assert!(subject(&of_deadlines()).starts_with("1 overdue, 1 due Wed 31 Jan – "));
    assert_eq!(subject(&everything).matches(", ").count(), 2);
    let told = Digest { notices: everything.notices, ..empty() };
    let words = "1 question, 1 update returned, 1 new action – Digital safeguarding";
    assert_eq!(subject(&told), words);
    let standing = Digest { progress: everything.progress, ..empty() };
    assert_eq!(subject(&standing), "14 of 22 updates in – Digital safeguarding");
    let left = Digest { escalated: everything.escalated, ..empty() };
    assert_eq!(subject(&left), "1 overdue in what you look after – Digital safeguarding");
}

#[test]
fn how_a_round_stands_is_said_with_the_plan_the_panel_and_the_day() {
    let plans = vec![OfPlan { part: Part::LooksAfter, ..of_plan("Digital safeguarding") }];
    let standing = plain(&Digest { plans, progress: of_everything().progress, ..empty() });
    for says in [
        "Middlesbrough Council: how things stand in Digital safeguarding.",
        "  Plan: Digital safeguarding\n  For the Community Safety and Leisure Scrutiny Panel on 19 February 2018\n",
        "  Updates due in 5 working days, by Wednesday 24 January 2018\n",
    ] {
        assert!(standing.contains(says), "{says}: {standing}");
    }
}

#[test]
fn an_update_that_is_due_is_said_with_what_is_known_of_its_action() {
    let digest = Digest { rounds: of_everything().rounds, ..empty() };
    let facts = "Avii: Governors are trained\n  Overdue by 17 days\n  By when: Dec 2017\n  Rating: Green\n  \
                 Last update: in the round 7 Dec 2017\n  Jointly with LSCB Manager: one update is enough\n";
    assert!(plain(&digest).contains(facts), "{}", plain(&digest));
    let both = Digest { items: vec![item("Avii", "Governors are trained", true)], ..digest.clone() };
    for digest in [&digest, &both] {
        // What is listed twice is overdue once.
        assert!(subject(digest).starts_with("1 overdue, 1 update due "), "{}", subject(digest));
    }
}

#[test]
fn both_forms_say_the_same() {
    for digest in [of_deadlines(), of_two_plans(), of_everything()] {
        let html = html(&digest).to_lowercase();
        for line in plain(&digest).lines().map(str::trim).filter(|line| !line.is_empty() && *line != "--") {
            // The words before a link stand on its button; in plain text headings are capitals.
            let words = line.split(": https://").next().unwrap_or(line);
            let words = if line.contains("https://") && words.starts_with("Write") {
                "write your update"
            } else {
                words
            };
            assert!(html.contains(&words.replace('&', "&amp;").to_lowercase()), "{words}");
        }
    }
}

#[test]
fn of_which_plan_something_is_stands_on_each_card_once_there_are_several() {
    assert!(!plain(&of_deadlines()).contains("Plan: "));
    let both = plain(&of_two_plans());
    for plan in ["Digital safeguarding", "Safe homes"] {
        // One deadline and one update for the round.
        assert_eq!(both.matches(&format!("  Plan: {plan}\n")).count(), 2, "{both}");
    }
    assert!(subject(&of_two_plans()).ends_with("– 2 plans"));
}

#[test]
fn who_asks_and_who_enters_it_is_said_of_one_manager_or_of_each() {
    let enters = "Risk and Resilience Manager will enter it for you.";
    let one = plain(&of_deadlines());
    assert!(
        one.starts_with("Risk and Resilience Manager, Middlesbrough Council, asks") && one.contains(enters)
    );
    let mut two = of_two_plans();
    let several = plain(&two);
    assert!(
        several.starts_with("Middlesbrough Council: your updates are asked for on 2 plans."),
        "{several}"
    );
    let asks = "\nSafe homes: Housing Manager asks, for the Housing Scrutiny Panel on 5 March 2018.\n";
    assert!(several.contains(asks) && !several.contains("Manager will enter it"), "{several}");
    two.plans[1].own_list = true;
    assert!(plain(&two).contains("\nSafe homes: your own list as Housing Manager, for the Housing"));
    // One manager of both; the panels differ.
    (two.plans[1].manager, two.plans[1].own_list) = (two.plans[0].manager.clone(), false);
    let same = plain(&two);
    assert!(same.starts_with("Risk and Resilience Manager, Middlesbrough Council, asks for your update.\n"));
    assert!(same.contains(enters), "{same}");
    // Whoever only has something to look after in the other is asked by one.
    two.plans[1] = OfPlan { part: Part::LooksAfter, ..of_two_plans().plans.remove(1) };
    assert!(plain(&two).contains(enters));
}

#[test]
fn when_reminders_come_is_said_to_those_whom_it_is_true_of() {
    let stages = "Reminders come 14 days before, 3 working days before and on the day of a deadline and up to 5 times after it.";
    let most = "You get at most one a day and three a week.";
    let foot = |digest: &Digest| plain(digest).split("-- \n").last().unwrap_or_default().to_owned();
    assert!(foot(&of_deadlines()).contains(&format!("{stages} {most}")));
    let weekly = foot(&Digest { weekly: true, ..of_deadlines() });
    assert!(weekly.contains("You have chosen one email a week."), "{weekly}");
    assert!(!weekly.contains("Reminders come") && !weekly.contains("three a week"), "{weekly}");
    // The policies differ.
    assert!(foot(&of_two_plans()).contains("When reminders come is said on the page of each plan."));
    // An officer or a director.
    let plans = vec![OfPlan { part: Part::LooksAfter, ..of_plan("Digital safeguarding") }];
    let told = foot(&Digest { plans, progress: of_everything().progress, ..empty() });
    assert!(told.contains(most) && !told.contains("Reminders come"), "{told}");
}

#[test]
fn an_answer_is_entered_where_one_is_awaited() {
    let plans = vec![OfPlan { part: Part::Told, ..of_plan("Digital safeguarding") }];
    let told = |kind: Kind| {
        let notices = of_everything().notices.into_iter().filter(|notice| notice.kind == kind).collect();
        plain(&Digest { plans: plans.clone(), notices, ..empty() })
    };
    let enters = "You can also reply to this email; Risk and Resilience Manager will enter it for you.";
    for kind in [Kind::Question, Kind::Returned] {
        assert!(told(kind).contains(enters), "{}", told(kind));
    }
    let goes = "\nYou can reply to this email: it goes to Risk and Resilience Manager.\n";
    for kind in [Kind::Assigned, Kind::Decision, Kind::Date] {
        assert!(told(kind).contains(goes) && !told(kind).contains("enter it"), "{}", told(kind));
    }
}

#[test]
fn one_action_needs_an_update_and_several_need_one() {
    let mut digest = of_deadlines();
    digest.plans[0].own_list = true;
    assert!(plain(&digest).contains(": these actions need an update for"), "{}", plain(&digest));
    digest.items.truncate(1);
    assert!(plain(&digest).contains(": this action needs an update for"), "{}", plain(&digest));
}

#[test]
fn who_hears_of_what_a_manager_leaves_is_not_asked_to_answer_the_manager() {
    let plans = vec![OfPlan { part: Part::LooksAfter, ..of_plan("Digital safeguarding") }];
    let everything = of_everything();
    let left = Digest { plans: plans.clone(), escalated: everything.escalated, ..empty() };
    assert!(!plain(&left).contains("reply"), "{}", plain(&left));
    let stands = Digest { plans, progress: everything.progress, ..empty() };
    assert!(plain(&stands).contains("If that is not right, reply and say so."), "{}", plain(&stands));
}

#[test]
fn the_own_link_is_said_in_the_same_words_in_both_forms() {
    let one = Digest { rounds: of_everything().rounds, ..empty() };
    let mut several = one.clone();
    several.rounds[0].items.extend(of_two_plans().rounds.remove(1).items);
    let (of_one, of_several) =
        ("Write your update – no need to sign in", "Write your updates – no need to sign in");
    assert!(plain(&one).contains(&format!("1 update is awaited from you.\n  {of_one}: ")), "{}", plain(&one));
    assert!(html(&one).contains(&format!(">{of_one}</a>")), "{}", html(&one));
    assert!(plain(&several).contains(&format!("2 updates are awaited from you.\n  {of_several}: ")));
    assert!(html(&several).contains(&format!(">{of_several}</a>")), "{}", html(&several));
}

#[test]
fn no_paragraph_is_empty() {
    for digest in [of_deadlines(), of_two_plans(), of_everything()] {
        let html = html(&digest);
        assert!(!html.contains("\"></p>"), "{html}");
    }
}
