//! How a plan's leads are reminded: in words for everyone who reads the plan, and the form by which its managers change it.
//!
//! The words and what is allowed are [`crate::domain::policy`]'s. `form` turns the policy into fields and back.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::{both::both, plan::record_for, reminders::ahead};
use crate::{
    command::{CommandError, policy as command, reminder::Ahead},
    domain::{
        access::{Permission, may, may_in},
        plan::Record,
        policy::Policy,
        reminder::escalation::why_no_director,
        text,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, link_button, submit, submit_as},
            form::{FieldError, Inputs, post},
            kit::{Fact, Link, day, details, empty, inset, summary_list, warning_text},
        },
    },
};

mod form;

/// How far ahead the page looks, in days.
const AHEAD: u64 = 30;
/// The button that takes the default.
const DEFAULT: &str = "default";

pub(in crate::web) async fn show(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
) -> Result<Sheet, WebError> {
    // What was sent is counted by everything that was written.
    let depth = match may(&actor, Permission::ReadMail) {
        Ok(()) => Depth::Everything,
        Err(_) => Depth::Current,
    };
    let record = store::record::by_slug(&app.cx.store, &actor, &slug, depth).await?;
    let record = record.ok_or(WebError::NotFound)?;
    let next = match may_in(&actor, Permission::ReadMail, &record.plan) {
        Ok(()) => Some(next(&app, record.clone()).await?),
        Err(_) => None,
    };
    let manages = may_in(&actor, Permission::EditPlans, &record.plan).is_ok();
    let no_director = why_no_director(&record, app.cx.clock.today()).filter(|_| manages);
    let content = html! {
        (heading(&record, "Reminders"))
        p {
            @if record.policy == Policy::default() { "This is the default, as in every new plan." }
            @else if record.policy.has_default_figures() { "The figures are as in every new plan." }
            @else { "This plan has figures of its own." }
            @if manages { " You manage it, and can change them." } @else { " Its managers can change them." }
        }
        (sentences(&record.policy_words()))
        @if let Some(why) = no_director {
            (warning_text(html! {
                "Nobody is told of what you lead yourself and leave overdue: " (why) ". "
                (Link::new(&path::edit_plan_reminders(&slug), "Choose the director’s post"))
            }))
        }
        (example(&app, "For example: ", &record.policy))
        (button_group([
            html! { @if manages { (link_button(Link::new(&path::edit_plan_reminders(&slug), "Change the reminders"), Kind::Secondary)) } },
            html! { (Link::new(path::ACCOUNT_MAIL, "What you have chosen about your own emails")) },
        ]))
        @if let Some(next) = next { (next) }
    };
    Ok(sheet(&record, "Reminders", content))
}

/// What the plan brings, day by day, for those who may read its mail.
async fn next(app: &App, record: Record) -> Result<Markup, WebError> {
    let today = app.cx.clock.today();
    let monitored = record.is_monitored(today);
    let all = Ahead::of(&app.cx, vec![record]).await?;
    let (until, mails) = ahead::play(&all, today, AHEAD);
    Ok(html! {
        h2 { "The next " (AHEAD) " days, if nobody writes" }
        @if !monitored {
            (empty("Nothing goes out", "Monitoring of this plan has ended.", None))
        } @else if mails.is_empty() {
            (empty("Nothing goes out", format!("No mail about this plan goes out until {}, as things stand now.", text::day(until)), None))
        } @else {
            p { "Until " (day(until)) ", from this plan alone: what other plans bring to the same people goes into the same mails." }
            (ahead::mails(&mails, today, all.records()))
        }
    })
}

/// A policy, sentence by sentence.
pub(super) fn sentences(words: &[(String, String)]) -> Markup {
    summary_list(words.iter().map(|(heading, text)| Fact::new(heading, text)))
}

/// What it does to a deadline four weeks from now.
fn example(app: &App, before: &str, policy: &Policy) -> Markup {
    let today = app.cx.clock.today();
    let deadline = today.checked_add_days(chrono::Days::new(28)).unwrap_or(today);
    inset(html! { p { strong { (before) } (policy.example(&app.cx.calendar(), deadline)) } })
}

fn heading(record: &Record, title: &str) -> Markup {
    html! { h1 { span class="caption" { (record.plan.title) " " } (title) } }
}

fn sheet(record: &Record, title: &str, content: Markup) -> Sheet {
    Sheet::new([title, record.plan.title.as_str()], content).crumbs([
        (path::PLANS.to_owned(), "Plans".to_owned()),
        (path::plan(&record.plan.slug), record.plan.title.clone()),
    ])
}

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
) -> Result<Sheet, WebError> {
    let record = record_for(&app, &actor, &slug, Permission::EditPlans, Depth::Current).await?;
    let version = store::policy::version(&app.cx.store, record.plan.id).await?.to_string();
    Ok(edit_sheet(&app, &record, &version, &form::fields_of(&record.policy), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response, WebError> {
    let record = record_for(&app, &actor, &slug, Permission::EditPlans, Depth::Current).await?;
    let seen = fields.raw("version");
    let refused =
        |errors: &[FieldError]| edit_sheet(&app, &record, seen, &fields, errors, None).into_response();
    let parsed = match form::parse(&fields, &record.posts) {
        // The default needs none of what was typed.
        _ if fields.ticked(DEFAULT) => Policy::default(),
        Ok(policy) => policy,
        Err(errors) => return Ok(refused(&errors)),
    };
    match command::save(&app.cx, &actor, record.plan.id, seen.parse().unwrap_or(0), &parsed).await {
        Ok(()) => {
            let done = if fields.ticked(DEFAULT) { "The default holds again" } else { "Reminders changed" };
            Ok(Redirect::to(path::plan_reminders(&slug)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => Ok(refused(&[FieldError::new(field, message)])),
        Err(CommandError::Stale) => {
            let record = record_for(&app, &actor, &slug, Permission::EditPlans, Depth::Current).await?;
            let version = store::policy::version(&app.cx.store, record.plan.id).await?.to_string();
            let words = |name: &str, value: &str| form::said(&record.posts, name, value);
            let both = both(&form::fields_of(&record.policy), &fields, &form::LABELS, words);
            let sheet = edit_sheet(&app, &record, &version, &fields, &[], Some(both));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn edit_sheet(
    app: &App,
    record: &Record,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    both: Option<Markup>,
) -> Sheet {
    let f = Inputs::new(errors);
    let slug = &record.plan.slug;
    let back = path::plan_reminders(slug);
    // What was typed, where it can be read; else what holds.
    let shown = match form::parse(fields, &record.posts) {
        Ok(typed) => example(app, "With these figures, for example: ", &typed),
        Err(_) => example(app, "As it is saved now, for example: ", &record.policy),
    };
    let content = html! {
        (f.summary())
        (heading(record, "Change the reminders"))
        @if let Some(both) = both { (both) }
        p { "What is mailed already stays as it was. From the next working day on, mail goes out as entered here." }
        (shown)
        (post(&path::edit_plan_reminders(slug), html! {
            (hidden("version", version))
            (form::inputs(&f, fields, &record.posts))
            (details("The default in words", sentences(&Policy::default().sentences(&record.words, None))))
            (button_group([
                submit("Save", Kind::Primary),
                submit_as(DEFAULT, "yes", "Use the default", Kind::Secondary),
                html! { (Link::new(&back, "Cancel")) },
            ]))
        }))
    };
    Sheet::new(["Change the reminders", record.plan.title.as_str()], content)
        .back(back.clone(), "Reminders of this plan")
        .rejected(f.rejected())
}
