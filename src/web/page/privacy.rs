//! The privacy page, for everyone: what is kept about whom, why, for how long, and whom to ask.
//!
//! What it says of the program has to be true of the program: a change of the tables, of the cookies or of the log is a
//! change of this page. What the council adds is the administrator's.

use axum::extract::State;
use maud::{Markup, html};

use super::settings::minutes;
use crate::{
    domain::{
        access::{Actor, Permission, may},
        installation::{Installation, Section},
        text::plural,
    },
    link::path,
    web::{
        App, flash,
        guard::Anyone,
        sheet::Sheet,
        view::{
            kit::{Link, day, notice, paragraphs},
            table::{Column, Row, Table},
        },
    },
};

pub(in crate::web) async fn show(State(app): State<App>, Anyone(actor): Anyone) -> Sheet {
    sheet(&app.cx.installation(), actor.as_ref(), app.cookie())
}

/// Beside what the council has still to fill in: where, for those who can.
pub(super) fn where_to_fill_in(actor: Option<&Actor>, section: Section) -> Markup {
    let can = actor.is_some_and(|actor| may(actor, Permission::ManageSettings).is_ok());
    let href = path::settings(section);
    html! { @if can { p { (Link::new(&href, "Fill it in")) } } }
}

/// The council by name, or as it can be called without one.
pub(super) fn council(installation: &Installation) -> &str {
    if installation.council.is_empty() { "The council" } else { &installation.council }
}

fn sheet(installation: &Installation, actor: Option<&Actor>, session: &str) -> Sheet {
    let council = council(installation);
    let (privacy, kept) = (&installation.privacy, installation.retention);
    let content = html! {
        h1 { "Privacy" }
        p {
            (council) " uses Scrutiny Tracker to follow what becomes of the recommendations of scrutiny. "
            "This page says what it keeps about people, why, and for how long. "
            (council) " is responsible for it (the “controller” in data protection law)."
        }
        h2 { "Whom to ask" }
        @match &privacy.contact {
            Some(contact) => (paragraphs(contact)),
            None => (notice("Not filled in yet", html! {
                p { (council) " has not entered a contact here yet. Until it has, ask its data protection officer: every council has one, and names them on its website." }
                (where_to_fill_in(actor, Section::Privacy))
            })),
        }
        h2 { "What is kept" }
        (Table::new("What is kept", [
            Column::new("About whom"), Column::new("What"), Column::new("How long"),
        ]).caption_hidden().row_head(0).rows([
            Row::new([
                html! { "People with an account: officers, leads and contributors in other bodies, councillors" },
                html! { "Name, work email address, what they may do here, and which posts they hold or held and when. A password only as a one-way hash; where there is a second factor, its key and hashes of its recovery codes; where the council’s own sign-in is used, their number in its directory." },
                html! { "As long as the account is used. " (plural(kept.leavers_months, "month", "months")) " after it was deactivated, name and address are taken out of it." },
            ]),
            Row::new([
                html! { "Those who write here" },
                html! { "What they wrote, with name and day: updates, evidence, requests for later dates, questions and answers, decisions, and the history of who changed what. An update that came by email or telephone also names who sent it and who entered it." },
                html! { "As long as the plan is kept: it is the council’s record of what was promised and done." },
            ]),
            Row::new([
                html! { "Those who are signed in" },
                html! { "When and how they signed in, when they last opened a page, the network address and what the browser calls itself." },
                html! { "Until they sign out; at most " (plural(installation.sessions.absolute_days, "day", "days")) ", and " (minutes(installation.sessions.idle_minutes)) " after the last page." },
            ]),
            Row::new([
                html! { "Those who sign in, or try to" },
                html! { "One-time links, links in mails to write updates by, and browsers that were used before, as hashes; how often a password was wrong, by account and network address." },
                html! { "At most " (plural(kept.sign_in_days, "day", "days")) " after they were last of use." },
            ]),
            Row::new([
                html! { "Those who get mail from here" },
                html! { "Each message with its address, its text, when it was handed to the mail server and what that answered. Nobody is told whether it was read." },
                html! { (plural(kept.mail_log_months, "month", "months")) ". Then text and address are taken out; that there was a mail, on which day, stays." },
            ]),
            Row::new([
                html! { "Those who are reminded from here" },
                html! { "What they chose: how often, in term time only, when they are away and who is asked instead, and which reminders they put off, with the reason. Their plans’ managers and administrators see it; a reason only who works on that action." },
                html! { "Days away and reasons: " (plural(kept.mail_log_months, "month", "months")) " after they have passed. The rest as long as the account is used." },
            ]),
            Row::new([
                html! { "Those whom a plan names" },
                html! { "For example its director or the responsible councillor, as in the council’s published papers." },
                html! { "As long as the plan is kept." },
            ]),
        ]))
        p {
            "It keeps nothing about children or families, and asks everyone who writes here not to name any. "
            "The technical log holds numbers and times, never names, addresses or what was written."
        }
        h2 { "Why" }
        p {
            "Overview and scrutiny is a duty that the law gives to councils. What is kept here is needed for it: the legal basis is a task carried out in the public interest "
            "(Article 6(1)(e) of the UK General Data Protection Regulation). Traces of signing in are kept to protect these records, which the law also asks for (Article 32)."
        }
        h2 { "Who sees it" }
        p {
            "People who are signed in, each as far as their task goes: who may do what is one table, the same for everyone. Councillors are shown what is published, and what is not yet only of a plan that is live to them. "
            "Where the council makes a plan public, its published updates are shown to everyone with posts instead of names."
        }
        p { "Nothing is sold, used for advertising or analysed by others, and no page loads anything from another site. No decision about a person is made by a machine." }
        h2 { "Cookies" }
        p { "Only cookies without which it would not work. That is why nobody is asked whether they agree." }
        (Table::new("Cookies", [
            Column::new("Name"), Column::new("What for"), Column::new("How long"),
        ]).caption_hidden().row_head(0).rows(
            cookies(installation, session).into_iter().map(|(name, what, long)| Row::new([html! { (name) }, html! { (what) }, html! { (long) }])),
        ))
        h2 { "Your rights" }
        p { "You can ask to see what is kept about you and get a copy of it, have mistakes put right, object, and ask for it to be restricted or erased. The council’s record of what was promised and done may have to stay; then it tells you why." }
        p {
            "If you are not satisfied with the answer, you can complain to the Information Commissioner’s Office: "
            (Link::new("https://ico.org.uk/make-a-complaint/", "ico.org.uk/make-a-complaint")) ", telephone 0303 123 1113."
        }
        @if let Some(more) = &privacy.more {
            h2 { "More from " (council) }
            (paragraphs(more))
        }
        @if let Some(on) = privacy.reviewed_on { p class="soft" { "Last looked through on " (day(on)) "." } }
    };
    Sheet::new(["Privacy"], content)
}

/// Every cookie that is ever set.
fn cookies(installation: &Installation, session: &str) -> Vec<(String, &'static str, String)> {
    // Over TLS each is bound to this host by its name.
    let bound = session.strip_suffix("session").unwrap_or_default();
    vec![
        (
            session.to_owned(),
            "Keeps you signed in. It holds a random number and nothing about you.",
            format!("{}, or until you sign out", plural(installation.sessions.absolute_days, "day", "days")),
        ),
        (
            format!("{bound}known-browser"),
            "Tells that somebody has signed in here before, so that others who guess passwords do not slow you down. It holds a random number.",
            plural(installation.retention.sign_in_days, "day", "days"),
        ),
        (
            format!("{bound}sign-in"),
            "Only where you sign in through the council’s own directory: recognises you when you come back from there.",
            "At most 10 minutes".to_owned(),
        ),
        (
            format!("{bound}kept-form"),
            "Only where you were signed out while you were writing: finds what you had typed. It holds a random number.",
            "Until you have it back, at most a day".to_owned(),
        ),
        (
            flash::NAME.to_owned(),
            "Carries one sentence, such as “Update added”, to the next page.",
            "Until the next page, at most a minute".to_owned(),
        ),
    ]
}
