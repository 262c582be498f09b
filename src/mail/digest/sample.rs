//! Samples of the digest, of Wednesday 17 January 2018.

use chrono::NaiveDate;

use super::*;

/// A day from its ISO form.
pub(crate) fn day(iso: &str) -> NaiveDate {
    iso.parse().unwrap_or_default()
}

/// One action.
pub(crate) fn item(label: &str, title: &str, overdue: bool) -> Item {
    Item {
        label: label.to_owned(),
        title: title.to_owned(),
        plan: "Digital safeguarding".to_owned(),
        overdue,
        latest: day(if overdue { "2017-11-30" } else { "2018-01-31" }),
        reason: if overdue { "overdue by 48 days" } else { "due in 14 days" }.to_owned(),
        by_when: if overdue { "November 2017" } else { "Jan 2018" }.to_owned(),
        asked: (!overdue).then(|| "March 2018, not decided".to_owned()),
        rating: "Not recorded".to_owned(),
        last_update: overdue.then(|| "in the round 7 Dec 2017".to_owned()),
        lead: None,
        link: format!("https://tracker.council.example/actions/{label}/updates/new"),
        jointly: None,
        instead_of: None,
    }
}

/// One notice on an action.
fn notice(kind: Kind, (label, title): (&str, &str), sentence: &str, lines: &[&str]) -> Notice {
    Notice {
        kind,
        label: label.to_owned(),
        title: title.to_owned(),
        plan: "Digital safeguarding".to_owned(),
        sentence: sentence.to_owned(),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        link: "https://tracker.council.example/actions/4".to_owned(),
    }
}

/// A plan in which the reader is asked for updates.
pub(crate) fn of_plan(title: &str) -> OfPlan {
    let policy = crate::domain::policy::Policy::default();
    OfPlan {
        title: title.to_owned(),
        part: Part::Asked,
        manager: "Risk and Resilience Manager".to_owned(),
        own_list: false,
        panel: Some("the Community Safety and Leisure Scrutiny Panel on 19 February 2018".to_owned()),
        before: policy.before_words(),
        overdue_mails: policy.overdue_mails,
    }
}

/// Nothing but its frame.
pub(crate) fn empty() -> Digest {
    Digest {
        council: "Middlesbrough Council".to_owned(),
        plans: vec![of_plan("Digital safeguarding")],
        because: "you hold the post MAP Coordinator".to_owned(),
        weekly: false,
        items: Vec::new(),
        notices: Vec::new(),
        rounds: Vec::new(),
        responses: Vec::new(),
        progress: Vec::new(),
        escalated: Vec::new(),
        my_actions: "https://tracker.council.example/my-actions".to_owned(),
        choices: "https://tracker.council.example/account/mail".to_owned(),
        words: Words::default(),
    }
}

/// Deadlines alone.
pub(crate) fn of_deadlines() -> Digest {
    let stands_in = Item {
        instead_of: Some("LSCB Manager is away until 26 January 2018, so their deputy is asked".to_owned()),
        ..item("K", "A campaign for parents", false)
    };
    Digest {
        items: vec![item("Aiii", "Schools take up the offer of training", true), stands_in],
        because: "you hold the post MAP Coordinator and you stand in for somebody who is away".to_owned(),
        ..empty()
    }
}

/// Two plans, each with a manager, a panel and a policy of its own.
pub(crate) fn of_two_plans() -> Digest {
    let homes = OfPlan {
        manager: "Housing Manager".to_owned(),
        panel: Some("the Housing Scrutiny Panel on 5 March 2018".to_owned()),
        overdue_mails: 3,
        ..of_plan("Safe homes")
    };
    let visits = Item { plan: "Safe homes".to_owned(), ..item("B", "Visits to every home", false) };
    Digest {
        plans: vec![of_plan("Digital safeguarding"), homes],
        items: vec![item("Aiii", "Schools take up the offer of training", true), visits],
        rounds: vec![
            round(),
            Due {
                name: "5 March 2018".to_owned(),
                items: vec![wanted("C", "A register of landlords", "Safe homes")],
                ..round()
            },
        ],
        ..empty()
    }
}

/// An action for which an update is due for a round, by the reader's own link.
fn wanted(label: &str, title: &str, plan: &str) -> Wanted {
    let item = round::Item {
        rating: "Green".to_owned(),
        link: format!("https://tracker.council.example/u/TOKEN/{label}"),
        by_link: true,
        ..round::sample::item(label, title)
    };
    Wanted { plan: plan.to_owned(), item }
}

/// One that is overdue, and has two leads.
fn late_and_joint() -> Wanted {
    let wanted = wanted("Avii", "Governors are trained", "Digital safeguarding");
    let item = round::Item {
        overdue: Some("overdue by 17 days".to_owned()),
        by_when: Some("Dec 2017".to_owned()),
        jointly: Some("Jointly with LSCB Manager: one update is enough".to_owned()),
        ..wanted.item
    };
    Wanted { item, ..wanted }
}

/// A round for which one update is due.
fn round() -> Due {
    Due {
        name: "19 Feb 2018".to_owned(),
        due_on: day("2018-01-24"),
        reason: "due in 5 working days".to_owned(),
        items: vec![late_and_joint()],
        link: Some("https://tracker.council.example/u/TOKEN".to_owned()),
    }
}

/// A part of every kind.
pub(crate) fn of_everything() -> Digest {
    let panel = "The Community Safety and Leisure Scrutiny Panel";
    let question = format!(
        "{panel} asks a question. Please answer by Monday 29 January 2018, for the meeting on 19 February 2018."
    );
    let returned = "The update for 19 Feb 2018 was returned with a comment. Until it is sent again it does not count as received: read the comment, change the text, which is still there, and send it again by Wednesday 24 January 2018.";
    let decided = format!("{panel} met on Monday 15 January 2018 and decided:");
    Digest {
        notices: vec![
            notice(Kind::Question, ("Aiii", "Schools take up the offer of training"), &question, &[]),
            notice(Kind::Returned, ("Avii", "Governors are trained"), returned, &[]),
            notice(
                Kind::Assigned,
                ("J", "Figures of every school"),
                "It is yours from 17 January 2018, as MAP Coordinator.",
                &["By when: March 2018", "Rating: Not recorded", "Last update: none yet"],
            ),
            notice(
                Kind::Decision,
                ("C", "A page for parents"),
                &decided,
                &["March 2018 agreed: it is the deadline now"],
            ),
            notice(
                Kind::Date,
                ("Ei", "Sessions for parents"),
                "A date that was asked for has been decided on.",
                &["April 2018 not agreed: the deadline stays Feb 2018"],
            ),
            notice(
                Kind::Refused,
                ("D", "A drama for schools"),
                "The mail server refuses the address of somebody who answers for this: they get no emails until it is put right.",
                &[],
            ),
        ],
        rounds: vec![round()],
        responses: vec![Response {
            plan: "Another review".to_owned(),
            overdue: false,
            reason: "due in 3 working days".to_owned(),
            awaited: Awaited { sent_on: day("2017-11-22"), due_on: day("2018-01-22"), recommendations: 3 },
            link: "https://tracker.council.example/plans/another-review".to_owned(),
        }],
        progress: vec![Progress {
            standing: RoundStanding {
                name: "19 Feb 2018".to_owned(),
                received: 14,
                expected: 22,
                missing: vec![("MAP Coordinator".to_owned(), 5), ("LSCB Manager".to_owned(), 3)],
                due: Some("updates due in 5 working days, by Wednesday 24 January 2018".to_owned()),
            },
            plans: vec!["Digital safeguarding".to_owned()],
            panel: of_plan("Digital safeguarding").panel,
            link: "https://tracker.council.example/rounds/3".to_owned(),
        }],
        escalated: vec![Item {
            lead: Some("Education Safeguarding Lead".to_owned()),
            link: "https://tracker.council.example/actions/D".to_owned(),
            ..item("D", "A drama for schools", true)
        }],
        because:
            "you hold the post MAP Coordinator, you stand in for somebody who is away and you manage the plan"
                .to_owned(),
        plans: vec![
            OfPlan { own_list: true, ..of_plan("Digital safeguarding") },
            OfPlan { own_list: true, part: Part::Response, ..of_plan("Another review") },
        ],
        ..of_deadlines()
    }
}
