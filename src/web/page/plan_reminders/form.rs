//! A plan's policy as the fields of a form, and back.

use std::ops::RangeInclusive;

use maud::{Markup, html};

use crate::{
    domain::{
        policy::{DAYS, Escalation, MAILS, Policy, WORKING_DAYS, whole_number},
        post::Post,
    },
    web::{
        form::{Fields, LINE, Reader},
        view::form::{Choice, FieldError, Inputs, Width, fieldset},
    },
};

/// The form's fields by their names, in its order: for what is wrong, and for two people who edit at once.
pub(super) const LABELS: [(&str, &str); 13] = [
    ("first_days", "First reminder"),
    ("second_working_days", "Second reminder"),
    ("on_the_day", "A reminder on the day"),
    ("overdue_mails", "Mails about what is overdue"),
    ("overdue_every_days", "Days between them"),
    ("quiet_days", "Quiet after an update"),
    ("round_first_working_days", "First reminder of a round"),
    ("round_second_working_days", "Second reminder of a round"),
    ("monday_mail", "Every Monday"),
    ("escalates", "Others hear of what stays overdue"),
    ("listed_working_days", "In the manager’s weekly mail after"),
    ("mailed_working_days", "A mail to the manager after"),
    ("director", "Accountable director’s post"),
];

/// What a policy looks like in the form.
pub(super) fn fields_of(policy: &Policy) -> Fields {
    let may = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default();
    let escalation = policy.escalation.clone().unwrap_or_default();
    let mut fields = vec![
        ("first_days", may(policy.first_days)),
        ("second_working_days", may(policy.second_working_days)),
        ("overdue_mails", policy.overdue_mails.to_string()),
        ("overdue_every_days", policy.overdue_every_days.to_string()),
        ("quiet_days", policy.quiet_days.to_string()),
        ("round_first_working_days", may(policy.round_first_working_days)),
        ("round_second_working_days", may(policy.round_second_working_days)),
        ("listed_working_days", escalation.listed_working_days.to_string()),
        ("mailed_working_days", escalation.mailed_working_days.to_string()),
        ("director", escalation.director.map(|post| post.to_string()).unwrap_or_default()),
    ];
    let ticks = [
        ("on_the_day", policy.on_the_day),
        ("monday_mail", policy.monday_mail),
        ("escalates", policy.escalation.is_some()),
    ];
    fields.extend(ticks.into_iter().filter(|(_, yes)| *yes).map(|(name, _)| (name, "yes".to_owned())));
    Fields::of(fields)
}

/// The policy that was typed, or everything that is wrong with it.
pub(super) fn parse(fields: &Fields, posts: &[Post]) -> Result<Policy, Vec<FieldError>> {
    let mut read = Reader::new(fields);
    // In the order of the form.
    let first_days = number(&mut read, "first_days", &DAYS);
    let second_working_days = number(&mut read, "second_working_days", &WORKING_DAYS);
    let overdue_mails = required(&mut read, "overdue_mails", &MAILS);
    let overdue_every_days = required(&mut read, "overdue_every_days", &DAYS);
    let quiet_days = required(&mut read, "quiet_days", &DAYS);
    let round_first_working_days = number(&mut read, "round_first_working_days", &WORKING_DAYS);
    let round_second_working_days = number(&mut read, "round_second_working_days", &WORKING_DAYS);
    let escalation = fields.ticked("escalates").then(|| Escalation {
        listed_working_days: required(&mut read, "listed_working_days", &WORKING_DAYS),
        mailed_working_days: required(&mut read, "mailed_working_days", &WORKING_DAYS),
        director: read
            .choice("director", |code| posts.iter().map(|post| post.id).find(|id| id.to_string() == code)),
    });
    let policy = Policy {
        first_days,
        second_working_days,
        on_the_day: fields.ticked("on_the_day"),
        overdue_every_days,
        overdue_mails,
        quiet_days,
        round_first_working_days,
        round_second_working_days,
        monday_mail: fields.ticked("monday_mail"),
        escalation,
    };
    // A number that could not be read has been named already.
    for (field, message) in policy.problems() {
        if fields.raw(field).trim().parse::<u32>().is_ok() {
            read.wrong(field, message);
        }
    }
    read.finish(policy).map_err(named)
}

/// What is wrong in the order of the form, each with the name of its field: several can be wrong in the same way.
fn named(mut errors: Vec<FieldError>) -> Vec<FieldError> {
    let place = |error: &FieldError| LABELS.iter().position(|(field, _)| *field == error.field);
    errors.sort_by_key(place);
    for error in &mut errors {
        if let Some((_, name)) = place(error).and_then(|place| LABELS.get(place).copied()) {
            error.message = format!("{name}: {}", error.message);
        }
    }
    errors
}

/// A number that may be left empty.
fn number(read: &mut Reader<'_>, field: &'static str, allowed: &RangeInclusive<u32>) -> Option<u32> {
    let typed = read.optional(field, LINE)?;
    let number = typed.parse().ok();
    if number.is_none() {
        read.wrong(field, whole_number(allowed));
    }
    number
}

/// A number that has to be there; 0 where it is not, which is noted.
fn required(read: &mut Reader<'_>, field: &'static str, allowed: &RangeInclusive<u32>) -> u32 {
    if read.fields().raw(field).trim().is_empty() {
        read.wrong(field, whole_number(allowed));
    }
    number(read, field, allowed).unwrap_or_default()
}

/// The fields.
pub(super) fn inputs<'a>(f: &Inputs<'a>, fields: &'a Fields, posts: &[Post]) -> Markup {
    let figure = |name, label: &str, hint: String| {
        f.text(name, label, fields.raw(name)).width(Width::W4).inputmode("numeric").hint(hint)
    };
    let (least_days, most_days) = (DAYS.start(), DAYS.end());
    let (least_working, most_working) = (WORKING_DAYS.start(), WORKING_DAYS.end());
    let days = format!("Days, from {least_days} to {most_days}");
    let working_days = format!("Working days, from {least_working} to {most_working}");
    let or_none = |range: &str, what: &str| format!("{range}. Leave it empty for {what}");
    let director = [Choice::new("", "Nobody")]
        .into_iter()
        .chain(posts.iter().map(|post| Choice::new(post.id.to_string(), &post.name)));
    let escalation = html! {
        (figure("listed_working_days", "In the manager’s weekly mail from this many working days after the deadline", working_days.clone()))
        (figure("mailed_working_days", "A mail of its own to the manager, the lead copied, after this many", format!("{working_days}, and not fewer than before")))
        (f.select("director", "Accountable director’s post", fields.raw("director"), director).optional().width(Width::W20)
            .hint("Where the manager leads the action, it stands in the weekly mail of whoever holds this post"))
    };
    html! {
        (fieldset("Before a deadline", html! {
            (figure("first_days", "First reminder", or_none(&days, "none")).optional())
            (figure("second_working_days", "Second reminder", or_none(&working_days, "none")).optional())
            (f.checkbox("on_the_day", "A reminder on the day of the deadline", fields.ticked("on_the_day"))
                .hint("Or on the last working day before it"))
        }))
        (fieldset("After it", html! {
            (figure("overdue_mails", "How many mails about what is overdue", format!("From {} to {}, for each lead and deadline. 0 is none", MAILS.start(), MAILS.end())))
            (figure("overdue_every_days", "Days between them", format!("At least this many, from {least_days} to {most_days}")))
            (figure("quiet_days", "Quiet after an update", format!("{days}, for which no mail about it follows")))
        }))
        (fieldset("For a round", html! {
            (figure("round_first_working_days", "First reminder before updates are due", or_none(&working_days, "none")).optional())
            (figure("round_second_working_days", "Second reminder before updates are due", or_none(&working_days, "none")).optional())
            (f.checkbox("monday_mail", "Tell the manager and the scrutiny officers every week how an open round stands", fields.ticked("monday_mail"))
                .hint("On the first working day of the week"))
        }))
        (fieldset("When something stays overdue", html! {
            (f.checkbox("escalates", "Tell others than the lead automatically", fields.ticked("escalates"))
                .hint("The manager, and the accountable director where the manager leads it; never councillors. The figures below count only where this is ticked"))
            (escalation)
        }))
    }
}

/// What a field holds, as people read it.
pub(super) fn said(posts: &[Post], name: &str, value: &str) -> String {
    match name {
        "director" => posts.iter().find(|p| p.id.to_string() == value).map_or("", |p| &p.name).to_owned(),
        _ => value.to_owned(),
    }
}
