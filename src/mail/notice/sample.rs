//! Samples of notices from the panel.

use chrono::NaiveDate;

use super::{About, AnswerBy, Item, Notice};

fn day(iso: &str) -> NaiveDate {
    iso.parse().unwrap_or_default()
}

/// One action.
pub(crate) fn item(label: &str, title: &str, lines: &[&str]) -> Item {
    Item {
        label: label.to_owned(),
        title: title.to_owned(),
        plan: "Digital safeguarding".to_owned(),
        lines: lines.iter().map(|&line| line.to_owned()).collect(),
        link: "https://tracker.council.example/actions/4".to_owned(),
        instead_of: None,
    }
}

/// A notice about that.
pub(crate) fn notice(about: About, items: Vec<Item>) -> Notice {
    Notice {
        council: "Middlesbrough Council".to_owned(),
        panel: "the Community Safety and Leisure Scrutiny Panel".to_owned(),
        about,
        items,
        manager: Some("Jane Smith, Risk and Resilience Manager,".to_owned()),
        because: "you hold the post MAP Coordinator".to_owned(),
    }
}

/// A question.
pub(crate) fn question() -> Notice {
    let answer_by = Some(AnswerBy { day: day("2018-01-29"), meeting: day("2018-02-19") });
    let asked = Item {
        link: "https://tracker.council.example/questions/7".to_owned(),
        ..item("Aiii", "Schools take up the offer of training", &[])
    };
    notice(About::Question { answer_by }, vec![asked])
}

/// What was decided.
pub(crate) fn decisions() -> Notice {
    let items = vec![
        item("Aiii", "Schools take up the offer of training", &["Completion not agreed: it is open again"]),
        item(
            "K",
            "A campaign for parents",
            &["March 2018 agreed: it is the deadline now", "The panel’s own rating: Amber"],
        ),
    ];
    notice(About::Decisions { held_on: day("2018-02-19") }, items)
}
