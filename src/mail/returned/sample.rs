//! A sample of a returned update.

use super::Returned;

/// One.
pub(crate) fn returned() -> Returned {
    Returned {
        council: "Middlesbrough Council".to_owned(),
        by: "Risk and Resilience Manager".to_owned(),
        post: "Risk and Resilience Manager".to_owned(),
        label: "Aiii".to_owned(),
        title: "Three-point plan to be researched".to_owned(),
        plan: "Digital Safeguarding".to_owned(),
        round: Some("19 Feb 2018".to_owned()),
        due: "2018-01-29".parse().ok(),
        link: "https://tracker.council.example/updates/9/correction".to_owned(),
    }
}
