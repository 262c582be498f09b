//! Samples of the mails of a round.

use chrono::NaiveDate;

use super::{Item, OfPlan, RoundMail};

fn day(iso: &str) -> NaiveDate {
    iso.parse().unwrap_or_default()
}

/// One action that is asked for.
pub(in crate::mail) fn item(label: &str, title: &str) -> Item {
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
        jointly: None,
        instead_of: None,
    }
}

/// To a lead, of one plan, when the round is opened.
pub(crate) fn to_lead() -> RoundMail {
    let overdue = Item {
        overdue: Some("overdue by 100 days".to_owned()),
        by_when: Some("Sept 2017".to_owned()),
        asked: Some("March 2018, not decided".to_owned()),
        ..item("Aiii", "Three-point plan to be researched")
    };
    let undated = Item {
        by_when: None,
        last_update: None,
        jointly: Some("Jointly with LSCB Manager: one update is enough".to_owned()),
        ..item("Ei", "Sessions for parents")
    };
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
        choices: "https://tracker.council.example/account/mail".to_owned(),
        by_link: None,
    }
}

/// The same where it can be answered without signing in.
pub(crate) fn by_link() -> RoundMail {
    let link = format!("https://tracker.council.example/u/{}", "c0ffee".repeat(8));
    let mut mail = to_lead();
    for (n, item) in (1..).zip(mail.plans.iter_mut().flat_map(|plan| &mut plan.items)) {
        item.link = format!("{link}/{n}");
        item.by_link = true;
    }
    RoundMail { by_link: Some(link), ..mail }
}

/// A reminder on a later day.
fn reminder(iso: &str, mail: RoundMail) -> RoundMail {
    let today = day(iso);
    let mut mail = RoundMail { again: true, today, ..mail };
    let days = (today - day("2017-09-30")).num_days();
    for item in mail.plans.iter_mut().flat_map(|plan| &mut plan.items) {
        item.overdue = item.overdue.as_ref().map(|_| format!("overdue by {days} days"));
    }
    mail
}

/// One of each, by name.
pub(crate) fn samples() -> Vec<(&'static str, RoundMail)> {
    let instead = Item {
        instead_of: Some("nobody holds LSCB Manager, so the plan’s manager is asked".to_owned()),
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
        ("reminder", reminder("2018-01-24", to_lead())),
        ("reminder_by_link", reminder("2018-01-24", by_link())),
        ("reminder_past_due", reminder("2018-01-31", to_lead())),
        ("reminder_own_list", reminder("2018-01-24", own)),
    ]
}
