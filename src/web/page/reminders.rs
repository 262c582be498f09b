//! Reminders: the schedule in words, what goes out next to whom and why, who gets nothing and why not, and the log.
//!
//! Sends nothing and decides nothing: it plays the same rules that the worker follows, as if nobody wrote anything.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::{health, plan_reminders::sentences, settings::paused};
use crate::{
    command::reminder::{Ahead, last_run},
    domain::{
        access::{Actor, Permission, may, may_in},
        asking::may_be_asked,
        id::PersonId,
        plan::Record,
        policy::Policy,
        post::Person,
        reminder::{Mail, NoMail},
        text,
        words::Words,
    },
    link::path,
    store::{self, outbox::Readable, person::Account, record::Depth},
    web::{
        App,
        error::WebError,
        form::Fields,
        guard::Me,
        sheet::Sheet,
        view::{
            form::Inputs,
            kit::{Link, day, details, empty, warning_text},
            table::{Column, Row, Table},
        },
    },
};

pub(in crate::web) mod again;
pub(super) mod ahead;
mod log;
pub(in crate::web) mod person;

use log::Log;

/// How far ahead the page looks, in days.
const AHEAD: u64 = 14;

/// What the page shows.
struct Shown<'a> {
    today: NaiveDate,
    /// The last day that is looked at.
    until: NaiveDate,
    records: &'a [Record],
    next: &'a [(NaiveDate, Mail)],
    none: &'a [NoMail],
    last_run: Option<NaiveDate>,
    /// That no mail goes out; empty where it does.
    pause: &'a Markup,
    /// Those whose address the mail server refuses, as far as that is the reader's to know.
    refused: &'a [Account],
    /// Those who have chosen something, by name, with what in words; as far as that is the reader's to know.
    choices: Vec<(Person, Vec<String>)>,
    log: &'a Log,
    words: &'a Words,
    /// What stands in the way of all mail.
    warnings: Markup,
}

/// The records of the plans whose mail somebody may read of, and which mails that makes.
pub(super) async fn in_scope(app: &App, actor: &Actor) -> Result<(Vec<Record>, Readable), WebError> {
    let mut records = store::record::all(&app.cx.store, actor, Depth::Everything).await?;
    records.retain(|record| may_in(actor, Permission::ReadMail, &record.plan).is_ok());
    // Mails about accounts are for those who look after accounts.
    let which = match may(actor, Permission::ManagePeople) {
        Ok(()) => Readable::All,
        Err(_) => Readable::OfPlans(records.iter().map(|record| record.plan.id).collect()),
    };
    Ok((records, which))
}

/// Whether what somebody has chosen, and that their address is refused, is for who reads of the mail of these plans: somebody
/// who may be asked about one of them, or was mailed about one.
pub(super) async fn are_theirs_to_know(
    app: &App,
    (records, which): (&[Record], &Readable),
    person: PersonId,
) -> Result<bool, WebError> {
    Ok(*which == Readable::All
        || records.iter().any(|record| may_be_asked(record).contains(&person))
        || store::outbox::has_mailed(&app.cx.store, which, person).await?)
}

pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let (store, today) = (&app.cx.store, app.cx.clock.today());
    let (records, which) = in_scope(&app, &actor).await?;
    let ahead = Ahead::of(&app.cx, records).await?;
    let records = ahead.records();
    let mut none = ahead.on(today).none;
    ahead::sort(&mut none, records);
    let (until, next) = ahead::play(&ahead, today, AHEAD);
    let mut refused = Vec::new();
    for account in store::person::refused(store).await? {
        if are_theirs_to_know(&app, (records, &which), account.person.id).await? {
            refused.push(account);
        }
    }
    let words = app.cx.words();
    // They stand in every record; an administrator sees none.
    let preferences = match records.first() {
        Some(record) => Arc::clone(&record.preferences),
        None => Arc::new(store::preference::all(store).await?),
    };
    let mut chosen = Vec::new();
    for somebody in preferences.people.values() {
        if !somebody.active {
            continue;
        }
        let words = person::chosen(&preferences, somebody.id, records, today);
        if !words.is_empty() && are_theirs_to_know(&app, (records, &which), somebody.id).await? {
            chosen.push((somebody.clone(), words));
        }
    }
    chosen.sort_by_cached_key(|(person, _)| person.name.clone());
    let shown = Shown {
        today,
        until,
        records,
        next: &next,
        none: &none,
        last_run: last_run(&app.cx).await?,
        pause: &paused(&app, &actor).await?,
        refused: &refused,
        choices: chosen,
        log: &Log::read(&app, &which, query).await?,
        words: &words,
        warnings: health::warnings(&app).await?,
    };
    Ok(sheet(&shown))
}

fn sheet(shown: &Shown<'_>) -> Sheet {
    let f = Inputs::new(&shown.log.errors);
    let content = html! {
        (f.summary())
        h1 { "Reminders" }
        (shown.pause)
        (shown.warnings)
        (refused(shown.refused))
        (shown.log.warning())
        @if shown.records.is_empty() {
            p { "What goes out next, and to whom, is shown to managers: for the plans that they manage. You manage none." }
        } @else {
            h2 { "What goes out next" }
            (next(shown))
            h2 { "Who gets nothing today, and why" }
            (nothing(shown))
        }
        h2 { "What people have chosen" }
        (choices(shown))
        h2 { "The schedule" }
        (schedule(shown))
        h2 { "Log" }
        (log(shown))
    };
    Sheet::new(["Reminders"], content).wide().rejected(f.rejected())
}

/// Whose address the mail server refuses, and when it did.
fn refused(people: &[Account]) -> Markup {
    if people.is_empty() {
        return Markup::default();
    }
    let they = text::plural(people.len(), "address", "addresses");
    html! {
        (warning_text(format!("The mail server refuses {they}: nothing goes there but mail about the account. Look whether each is right.")))
        ul {
            @for Account { person, refused, .. } in people {
                li {
                    (Link::new(&path::person(person.id), &person.name)) ", " (person.email)
                    @if let Some(refusal) = refused { ": refused on " (day(refusal.on)) ". " (refusal.said) }
                }
            }
        }
    }
}

/// The default policy in words, and where the plans differ from it.
fn schedule(shown: &Shown<'_>) -> Markup {
    let is_own = |record: &&Record| record.policy != Policy::default();
    let own: Vec<&Record> = shown.records.iter().filter(is_own).collect();
    let of_default = shown.records.iter().filter(|record| !is_own(record));
    let plan =
        |record: &Record| html! { (Link::new(&path::plan_reminders(&record.plan.slug), &record.plan.title)) };
    html! {
        @if !own.is_empty() {
            p { "These plans have figures of their own. Their pages say which:" }
            ul { @for record in &own { li { (plan(record)) } } }
            p { "Every other plan is as follows, unless its managers change it." }
        }
        (sentences(&Policy::default().sentences(shown.words, None)))
        @if of_default.clone().next().is_some() {
            (details("Change it for one plan", html! { ul { @for record in of_default { li { (plan(record)) } } } }))
        }
    }
}

/// What people have chosen about their mail, where it is not as for everybody.
fn choices(shown: &Shown<'_>) -> Markup {
    let rows: Vec<_> = shown
        .choices
        .iter()
        .map(|(person, choices)| {
            let href = path::person_mail(person.id);
            Row::new([html! { (Link::new(&href, &person.name)) }, html! { (choices.join(". ")) }])
        })
        .collect();
    html! {
        @if rows.is_empty() { p { "Nobody has chosen anything: everybody is reminded when something falls due." } }
        @else {
            (Table::new("What people have chosen", ["Who", "Chosen"].map(Column::new)).caption_hidden().row_head(0).rows(rows))
        }
        p { "Everybody chooses for themselves, on the page “Your emails”. For somebody who is ill you can say on their page that they are away." }
    }
}

fn next(shown: &Shown<'_>) -> Markup {
    if shown.next.is_empty() {
        let words = format!("No reminder falls due in the next {AHEAD} days, as things stand now.");
        return empty("Nothing goes out", words, None);
    }
    html! {
        p { "From today to " (day(shown.until)) ", if nobody writes anything before then." }
        (ahead::mails(shown.next, shown.today, shown.records))
    }
}

fn nothing(shown: &Shown<'_>) -> Markup {
    if shown.none.is_empty() {
        return empty(
            "Everything brings a mail today",
            "There is no action about which nobody is mailed.",
            None,
        );
    }
    let summary = format!("Show {}", text::plural(shown.none.len(), "reason", "reasons"));
    details(&summary, ahead::none(shown.none, shown.records))
}

fn log(shown: &Shown<'_>) -> Markup {
    html! {
        p {
            @match shown.last_run {
                Some(on) => { "What was due was last looked for on " (day(on)) "." }
                None => "Nobody has been reminded yet: the first reminders go out on the next working day.",
            }
        }
        (shown.log.view())
    }
}
