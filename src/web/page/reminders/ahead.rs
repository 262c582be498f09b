//! What goes out next, and what does not, as tables: for the page of reminders, for one person and for one plan.
//!
//! Every kind of line that a mail can have is shown, and leads to what it is about.

use chrono::{Days, NaiveDate};
use maud::{Markup, html};

use crate::{
    command::reminder::Ahead,
    domain::{
        id::{ActionId, PlanId},
        plan::Record,
        post::Person,
        reminder::{Digest, Item, Mail, NoMail, notice::Notice, response, round},
        text,
    },
    link::path,
    web::view::{
        kit::{Link, day},
        table::{Column, Row, Table},
    },
};

/// The mails of so many days from today on, as if nobody wrote anything, and the last of these days.
pub(in crate::web::page) fn play(
    ahead: &Ahead,
    today: NaiveDate,
    days: u64,
) -> (NaiveDate, Vec<(NaiveDate, Mail)>) {
    let until = today.checked_add_days(Days::new(days)).unwrap_or(today);
    (until, ahead.between(today, until))
}

/// Mails, day by day, each with to whom it goes.
pub(in crate::web::page) fn mails(
    mails: &[(NaiveDate, Mail)],
    today: NaiveDate,
    records: &[Record],
) -> Markup {
    let rows = mails.iter().map(|(on, mail)| Row::new([when(*on, today), to(mail), about(mail, records)]));
    table(Table::new("Mails that go out next", ["When", "To", "About"].map(Column::new)).rows(rows))
}

/// The same of mails that all go to one person.
pub(super) fn mails_to_one(mails: &[(NaiveDate, Mail)], today: NaiveDate, records: &[Record]) -> Markup {
    let rows = mails.iter().map(|(on, mail)| {
        let is_copy = matches!(mail, Mail::Escalation(escalation) if escalation.is_copy());
        let what = html! {
            @if is_copy { "A copy of what the plan’s manager is told: " }
            (about(mail, records))
        };
        Row::new([when(*on, today), what])
    });
    table(Table::new("Mails that come next", ["When", "About"].map(Column::new)).rows(rows))
}

fn table(table: Table<'_>) -> Markup {
    html! { (table.caption_hidden().row_head(0)) }
}

/// What brings no mail, and why, by person, and each person's in the order of the plan.
pub(super) fn sort(none: &mut [NoMail], records: &[Record]) {
    let labels: Vec<(&str, &str)> = records
        .iter()
        .flat_map(|r| r.actions.iter().map(|a| (r.plan.title.as_str(), a.label.as_str())))
        .collect();
    let place = |n: &NoMail| labels.iter().position(|at| *at == (n.plan.as_str(), n.label.as_str()));
    none.sort_by_cached_key(|n| (n.who.clone(), n.person, place(n)));
}

/// What brings no mail today, with whose it is.
pub(super) fn none(none: &[NoMail], records: &[Record]) -> Markup {
    let rows = none.iter().map(|n| {
        let who = html! {
            @match n.person {
                Some(person) => (Link::new(&path::person_mail(person), &n.who)),
                None => (n.who),
            }
        };
        Row::new([who, what(n, records), html! { (n.why) }])
    });
    table(Table::new("Who gets nothing today", ["Who", "Action", "Why not"].map(Column::new)).rows(rows))
}

/// The same of one person.
pub(super) fn none_of_one(none: &[NoMail], records: &[Record]) -> Markup {
    let rows = none.iter().map(|n| Row::new([what(n, records), html! { (n.why) }]));
    table(Table::new("What brings no mail today", ["Action", "Why not"].map(Column::new)).rows(rows))
}

fn what(n: &NoMail, records: &[Record]) -> Markup {
    html! { (n.label) @if records.len() > 1 && !n.plan.is_empty() { " (" (n.plan) ")" } }
}

fn when(on: NaiveDate, today: NaiveDate) -> Markup {
    html! { (text::weekday_day(on)) @if on == today { " (today)" } }
}

/// Who gets it: the person, with their post where it does not say so already.
fn to(mail: &Mail) -> Markup {
    let link = |person: &Person| html! { (Link::new(&path::person_mail(person.id), &person.name)) };
    let posts = mail.addressed_as();
    html! {
        (link(mail.person()))
        @match mail {
            Mail::Escalation(escalation) if escalation.is_copy() => ", a copy",
            Mail::Escalation(escalation) => {
                @for (i, copied) in escalation.copied.iter().enumerate() {
                    @if i == 0 { ", copied to " } @else { ", " }
                    (link(copied))
                }
            }
            Mail::Digest(digest) => @if posts != digest.person.name { ", for " (posts) },
        }
    }
}

fn about(mail: &Mail, records: &[Record]) -> Markup {
    let lines = match mail {
        Mail::Digest(digest) => digest_lines(digest, records),
        Mail::Escalation(escalation) => escalation.items.iter().map(|i| item(i, records)).collect(),
    };
    html! { ul { @for line in lines { li { (line) } } } }
}

/// In the order in which the mail says it.
fn digest_lines(digest: &Digest, records: &[Record]) -> Vec<Markup> {
    let Digest { items, notices, rounds, responses, progress, escalated, .. } = digest;
    let mut lines: Vec<Markup> = items.iter().map(|i| item(i, records)).collect();
    lines.extend(notices.iter().map(|n| notice(n, records)));
    lines.extend(rounds.iter().map(due));
    lines.extend(responses.iter().map(|r| response(r, records)));
    lines.extend(progress.iter().map(standing));
    lines.extend(escalated.iter().map(|i| html! { (item(i, records)) " (for information)" }));
    lines
}

/// The action, and why it is in the mail.
fn item(item: &Item, records: &[Record]) -> Markup {
    html! {
        (action(item.cause.action, &item.label)) ": " (item.reason)
        (of_plan(item.plan, records))
        @if let Some(why) = &item.instead_of { " (" (why) ")" }
    }
}

fn action(id: ActionId, label: &str) -> Markup {
    html! { (Link::new(&path::action(id), label)) }
}

fn of_plan(plan: PlanId, records: &[Record]) -> Markup {
    let several = records.len() > 1;
    let plan = records.iter().find(|r| r.plan.id == plan).filter(|_| several);
    html! { @if let Some(record) = plan { " (" (record.plan.title) ")" } }
}

fn notice(notice: &Notice, records: &[Record]) -> Markup {
    let of = records.iter().find_map(|r| r.action(notice.action));
    html! {
        (notice.label())
        @if let Some(of) = of { ": " (action(of.id, &of.label)) }
        (of_plan(notice.plan, records))
    }
}

fn due(due: &round::Due) -> Markup {
    html! {
        (Link::new(&path::round(due.cause.round), &due.label())) " due by " (day(due.due_on)) ": " (due.labels.join(", "))
    }
}

fn standing(progress: &round::Progress) -> Markup {
    let round::RoundStanding { received, expected, .. } = progress.standing;
    html! {
        (Link::new(&path::round(progress.cause.round), &progress.label())) ": " (received) " of " (expected) " in"
    }
}

/// The plan, and why its response is in the mail.
fn response(item: &response::Item, records: &[Record]) -> Markup {
    html! {
        @match records.iter().find(|r| r.plan.id == item.cause.plan) {
            Some(record) => { (Link::new(&path::plan(&record.plan.slug), &item.label)) }
            None => (item.label),
        }
        ": " (item.reason)
        (of_plan(item.cause.plan, records))
    }
}
