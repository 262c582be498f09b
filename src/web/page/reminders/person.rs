//! One person's mail: what they have chosen, what comes next, what brings nothing today and why, and what was sent.
//!
//! Everybody reads it of themselves; of others, whoever may read of the plans' mail, and only of what is about these plans.

use axum::extract::{RawQuery, State};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::{ahead, are_theirs_to_know, in_scope, log};
use crate::{
    command::reminder::Ahead,
    domain::{
        access::{Permission, may},
        id::PersonId,
        plan::Record,
        preference::Preferences,
        reminder::{Mail, NoMail},
        text,
    },
    link::path,
    store::{
        self,
        outbox::{Readable, log::Wanted},
        person::Account,
    },
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        page::{
            mail::{LogPage, log_page, state_words},
            settings::paused,
        },
        route::Route,
        sheet::Sheet,
        view::{
            kit::{Link, day, empty, warning_text},
            table::{Column, Row, Sorted, Table},
        },
    },
};

/// How far ahead the page looks, in days.
const AHEAD: u64 = 30;

/// What the page shows.
struct Shown<'a> {
    account: &'a Account,
    /// Whether it is the reader's own.
    own: bool,
    today: NaiveDate,
    /// The last day that is looked at.
    until: NaiveDate,
    /// That no mail goes out; empty where it does.
    pause: Markup,
    /// What they have chosen, in words; none: that is not the reader's to know, nor whether their address is refused.
    chosen: Option<Vec<String>>,
    /// Of which plans the reader may know what comes; none: of no plan.
    records: &'a [Record],
    next: Vec<(NaiveDate, Mail)>,
    none: Vec<NoMail>,
    log: LogPage,
    /// Whether mails about accounts are among those of the log.
    accounts: bool,
    demonstration: bool,
}

pub(in crate::web) async fn show(
    State(app): State<App>,
    me: Me,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    page(&app, me, PersonId(id), query).await
}

pub(in crate::web) async fn show_own(
    State(app): State<App>,
    me: Me,
    RawQuery(query): RawQuery,
) -> Result<Sheet, WebError> {
    let own = me.0.person.ok_or(WebError::NotFound)?;
    page(&app, me, own, query).await
}

async fn page(app: &App, Me(actor): Me, id: PersonId, query: Option<String>) -> Result<Sheet, WebError> {
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let (store, today, own) = (&app.cx.store, app.cx.clock.today(), actor.person == Some(id));
    let account = store::person::by_id(store, id).await?.ok_or(WebError::NotFound)?;
    // One's own mail is worked out from everything, as the worker does it; only what is in it is shown.
    let (ahead, which) = if own {
        (Ahead::of_all(&app.cx).await?, Readable::All)
    } else {
        let (records, which) = in_scope(app, &actor).await?;
        (Ahead::of(&app.cx, records).await?, which)
    };
    let records = ahead.records();
    let (until, mut next) = ahead::play(&ahead, today, AHEAD);
    next.retain(|(_, mail)| mail.is_to(id));
    let mut none = ahead.why_not(&account.person, today);
    ahead::sort(&mut none, records);
    let knows = own || are_theirs_to_know(app, (records, &which), id).await?;
    let preferences = store::preference::all(store).await?;
    let wanted = Wanted { person: Some(id), ..Wanted::default() };
    let shown = Shown {
        own,
        today,
        until,
        pause: paused(app, &actor).await?,
        chosen: knows.then(|| chosen(&preferences, id, records, today)),
        records,
        next,
        none,
        log: log_page(store, &which, &wanted, &query).await?,
        accounts: which == Readable::All,
        demonstration: app.is_demonstration(),
        account: &account,
    };
    let reads_log = may(&actor, Permission::ReadMail).is_ok();
    Ok(sheet(&shown, reads_log))
}

/// What somebody has chosen, in words, and what of these plans they have put off.
pub(super) fn chosen(
    preferences: &Preferences,
    person: PersonId,
    records: &[Record],
    today: NaiveDate,
) -> Vec<String> {
    let mut words = preferences.of.get(&person).map_or_else(Vec::new, |of| of.words(today));
    for snooze in preferences.snoozes.iter().filter(|s| s.person == person && s.covers(today)) {
        let action = records.iter().find_map(|record| record.action(snooze.action));
        words.extend(action.map(|action| {
            format!("{} put off until {}: {}", action.label, text::day(snooze.until), snooze.reason)
        }));
    }
    words
}

fn sheet(shown: &Shown<'_>, reads_log: bool) -> Sheet {
    let Shown { account, own, .. } = *shown;
    let person = &account.person;
    let title = if own {
        "What was sent to you, and what comes next".to_owned()
    } else {
        format!("Mail to {}", person.name)
    };
    let content = html! {
        h1 { (title) }
        (shown.pause)
        (whether_it_arrives(shown))
        @if own {
            p { "This is what the reminders do for you. How often they come, and whom to ask while you are away, you choose under " (Link::new(path::ACCOUNT_MAIL, "Your emails")) "." }
        }
        @if let Some(chosen) = &shown.chosen {
            h2 { "What " (if own { "you have" } else { "they have" }) " chosen" }
            @if chosen.is_empty() {
                p { "Nothing: mail comes when something falls due." }
            } @else {
                ul { @for words in chosen { li { (words) } } }
            }
        }
        @if shown.records.is_empty() && !own {
            h2 { "What comes next" }
            p { "What comes next, and why not, is shown to managers: for the plans that they manage. You manage none." }
        } @else {
            h2 { "What comes next" }
            (next(shown))
            h2 { "What brings no mail today, and why" }
            (none(shown))
        }
        h2 { "What was sent" }
        (sent(shown, reads_log))
    };
    let sheet = Sheet::new([title.as_str()], content).wide();
    match own {
        true => sheet.back(path::ACCOUNT_MAIL, "Your emails"),
        false => sheet.crumbs([
            (Route::People.path().to_owned(), "People".to_owned()),
            (path::person(person.id), person.name.clone()),
        ]),
    }
}

/// What keeps all mail from them, whatever falls due.
fn whether_it_arrives(shown: &Shown<'_>) -> Markup {
    let Shown { account, own, .. } = *shown;
    html! {
        @if !account.person.active {
            (warning_text("The account is not in use: nothing goes to it. Whoever manages the plan is asked instead."))
        } @else if account.person.email.is_empty() {
            (warning_text("No address is entered: nothing goes to them. Whoever manages the plan is asked instead."))
        } @else if let Some(refusal) = account.refused.as_ref().filter(|_| shown.chosen.is_some()) {
            (warning_text(html! {
                "The mail server refused " @if own { "your" } @else { "their" } " address on " (day(refusal.on)) ": " (refusal.said)
                ". Nothing goes there but mail about the account. Whoever manages the plan is asked instead."
            }))
        }
    }
}

fn next(shown: &Shown<'_>) -> Markup {
    let until = text::day(shown.until);
    if shown.next.is_empty() {
        let words = format!("Until {until} no reminder comes, as things stand now.");
        return empty("Nothing comes", words, None);
    }
    html! {
        p {
            "Until " (day(shown.until)) ", if nobody writes anything before then"
            @if !shown.own { ", from the plans that you manage" }
            "."
        }
        (ahead::mails_to_one(&shown.next, shown.today, shown.records))
    }
}

fn none(shown: &Shown<'_>) -> Markup {
    if shown.none.is_empty() {
        let words = "There is no action about which mail could come and does not.";
        return empty("Nothing is left out", words, None);
    }
    ahead::none_of_one(&shown.none, shown.records)
}

fn sent(shown: &Shown<'_>, reads_log: bool) -> Markup {
    let rows = shown.log.messages.iter().map(|message| {
        Row::new([
            log::what(message, &shown.log.again, shown.demonstration),
            day(message.office_day),
            html! {
                (state_words(message, shown.demonstration))
                @if !shown.own { (log::repeat(message)) }
            },
        ])
    });
    let columns = [
        Column::new("What"),
        Column::new("For the day").sorted(Sorted::Descending),
        Column::new("What became of it"),
    ];
    let here = match shown.own {
        true => path::OWN_MAIL.to_owned(),
        false => path::person_mail(shown.account.person.id),
    };
    html! {
        @if !shown.accounts { p { "Mails that are about the plans that you manage; those about the account are for administrators." } }
        @if shown.log.messages.is_empty() {
            (empty("No mail yet", "When a mail is queued, it stands here, with what became of it.", None))
        } @else {
            (Table::new("Mails, the newest first", columns).caption_hidden().row_head(0).rows(rows))
        }
        (shown.log.pages(&here, ""))
        @if reads_log { p { (Link::new(path::REMINDERS, "The mail log, with everybody’s")) } }
    }
}
