//! Samples of the digest.

use chrono::NaiveDate;

use super::{Digest, Item, Response};
use crate::domain::{response::Awaited, words::Words};

fn day(iso: &str) -> NaiveDate {
    iso.parse().unwrap_or_default()
}

fn item(label: &str, title: &str) -> Item {
    Item {
        label: label.to_owned(),
        title: title.to_owned(),
        plan: "Digital Safeguarding".to_owned(),
        overdue: false,
        latest: day("2018-01-31"),
        reason: "due in 14 days".to_owned(),
        by_when: "January 2018".to_owned(),
        asked: None,
        rating: "Not recorded".to_owned(),
        last_update: Some("in the round 7 Dec 2017".to_owned()),
        link: format!("https://tracker.council.example/actions/{label}/updates/new"),
        instead_of: None,
    }
}

/// To a lead: one overdue, one due.
pub(crate) fn to_lead() -> Digest {
    let overdue = Item {
        overdue: true,
        latest: day("2017-09-30"),
        reason: "overdue by 109 days".to_owned(),
        by_when: "Sept 2017".to_owned(),
        asked: Some("March 2018 asked for, not decided".to_owned()),
        last_update: None,
        ..item("Aiii", "Three-point plan to be researched with the schools that have asked for it")
    };
    Digest {
        council: "Middlesbrough Council".to_owned(),
        asked_by: "Risk and Resilience Manager".to_owned(),
        own_list: false,
        panel: Some("the Community Safety and Leisure Scrutiny Panel on 19 February 2018".to_owned()),
        because: "you hold the post Education Safeguarding Lead".to_owned(),
        items: vec![overdue, item("Ei", "Sessions for parents")],
        responses: Vec::new(),
        my_actions: "https://tracker.council.example/my-actions".to_owned(),
        words: Words::default(),
    }
}

/// One of each, by name.
pub(crate) fn samples() -> Vec<(&'static str, Digest)> {
    let instead = Item {
        instead_of: Some("nobody holds LSCB Manager".to_owned()),
        ..item("F", "The Board’s annual report")
    };
    let response = Response {
        plan: "Safe Homes".to_owned(),
        overdue: true,
        reason: "overdue by 8 days".to_owned(),
        awaited: Awaited { sent_on: day("2017-11-09"), due_on: day("2018-01-09"), recommendations: 4 },
        link: "https://tracker.council.example/plans/safe-homes".to_owned(),
    };
    let own = Digest {
        own_list: true,
        items: vec![instead],
        because: "you hold the post Risk and Resilience Manager".to_owned(),
        ..to_lead()
    };
    let awaited = Digest { items: Vec::new(), responses: vec![response.clone()], ..to_lead() };
    vec![
        ("digest", to_lead()),
        ("digest_own_list", Digest { responses: vec![response], ..own }),
        ("digest_response", awaited),
    ]
}
