//! The installation's settings: what is still to do, each section in a sentence, and one page to change each.
//!
//! For administrators. What is allowed is the domain's; what the environment says (the mail server) is shown and not set here.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

mod form;
mod mail;
mod say;

pub use mail::{MailWay, Sending};
pub(in crate::web) use mail::{paused, send as send_mail, show as mail, try_now as try_mail};
pub(super) use say::minutes;

use super::{both::both, health};
use crate::{
    command::{CommandError, installation as command},
    domain::{
        access::{Actor, Permission, may},
        installation::{Installation, Section},
        text,
    },
    link::path,
    store,
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{FieldError, Inputs, post},
            kit::{Fact, Link, summary_list},
            table::{Column, Row, Table},
        },
    },
};

/// One line of the list of what has to be done before the installation is whole.
struct Task {
    words: String,
    href: Option<String>,
    done: bool,
}

pub(in crate::web) async fn list(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    let people = store::person::all(&app.cx.store).await?.iter().filter(|a| a.person.active).count();
    let plans = store::plan::count(&app.cx.store).await?;
    let installation = app.cx.installation();
    let tasks = tasks(&installation, &actor, people > 1, plans > 0);
    let warnings = html! { (mail::paused(&app, &actor).await?) (health::warnings(&app).await?) };
    Ok(list_sheet(&installation, &tasks, &warnings))
}

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Path(section): Path<String>,
) -> Result<Sheet, WebError> {
    let section = Section::from_code(&section).ok_or(WebError::NotFound)?;
    let saved = app.cx.installation();
    Ok(edit_sheet(
        &app,
        section,
        saved.version,
        &form::fields_of(&saved, section, app.cx.clock.today()),
        &[],
        None,
    ))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(section): Path<String>,
    fields: Fields,
) -> Result<Response, WebError> {
    let section = Section::from_code(&section).ok_or(WebError::NotFound)?;
    let seen = fields.raw("version").parse().unwrap_or(0);
    let refused =
        |errors: &[FieldError]| edit_sheet(&app, section, seen, &fields, errors, None).into_response();
    let change = match form::parse(section, &fields) {
        Ok(change) => change,
        Err(errors) => return Ok(refused(&errors)),
    };
    match command::save(&app.cx, &actor, seen, &change).await {
        Ok(()) => {
            let done = saved_words(&app, section);
            Ok(Redirect::to(Route::Settings.path()).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => Ok(refused(&[FieldError::new(field, message)])),
        Err(CommandError::Stale) => {
            let saved = app.cx.installation();
            let now = form::fields_of(&saved, section, app.cx.clock.today());
            let both = both(&now, &fields, form::labels(section), say::value);
            let sheet = edit_sheet(&app, section, saved.version, &fields, &[], Some(both));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What was done, and how it was understood where that is not plain.
fn saved_words(app: &App, section: Section) -> String {
    match section {
        Section::Time => {
            let there = app.cx.clock.on_the_wall(app.cx.clock.machine_now());
            format!("{} saved: it is {} there", section.title(), text::moment(there))
        }
        _ => format!("{} saved", section.title()),
    }
}

/// What has to be seen to, in the order in which it is best done.
fn tasks(installation: &Installation, actor: &Actor, people: bool, plans: bool) -> Vec<Task> {
    let section = |section: Section, words: &str| Task {
        words: words.to_owned(),
        href: Some(path::settings(section)),
        done: installation.is_done(section),
    };
    // A link only where it leads somewhere for this person.
    let open = |permission, route: Route| may(actor, permission).is_ok().then(|| route.path().to_owned());
    vec![
        section(Section::Words, "Check the council’s name and the words it uses"),
        section(Section::Time, "Check the time zone"),
        section(Section::Closures, "Say on which days the council is closed"),
        section(Section::UpdatesByLink, "Choose whether updates can be written without signing in"),
        Task {
            words: "Send a test mail".to_owned(),
            href: Some(Route::SettingsMail.path().to_owned()),
            done: installation.mail_tested_on.is_some(),
        },
        section(Section::Privacy, "Fill in the privacy page: whom to ask"),
        section(Section::Accessibility, "Fill in the accessibility statement: whom to tell"),
        Task {
            words: "Invite people".to_owned(),
            href: open(Permission::ManagePeople, Route::NewPerson),
            done: people,
        },
        Task {
            words: "Make the first plan (a manager does this)".to_owned(),
            href: open(Permission::EditPlans, Route::NewPlan),
            done: plans,
        },
    ]
}

fn list_sheet(installation: &Installation, tasks: &[Task], warnings: &Markup) -> Sheet {
    let done = tasks.iter().filter(|task| task.done).count();
    let rows = tasks.iter().map(|task| {
        Row::new([
            html! {
                @match &task.href {
                    Some(href) => (Link::new(href, &task.words)),
                    None => (task.words),
                }
            },
            html! { @if task.done { "Done" } @else { strong { "To do" } } },
        ])
    });
    let facts: Vec<(Section, Markup, String)> = Section::ALL
        .iter()
        .map(|section| (*section, say::summary(installation, *section), path::settings(*section)))
        .collect();
    let content = html! {
        h1 { "Settings" }
        (warnings)
        @if done < tasks.len() {
            h2 { "Set up" }
            p { (done) " of " (tasks.len()) " done. Nothing has to be done in this order." }
            (Table::new("What to see to before people use it", [Column::new("What"), Column::new("State")])
                .caption_hidden().row_head(0).rows(rows))
            h2 { "All settings" }
        }
        (summary_list(facts.iter().map(|(section, summary, href)| Fact::new(section.title(), summary).change(href))))
        h2 { "Mail" }
        p {
            "The mail server is set by whoever runs the machine. "
            (Link::new(Route::SettingsMail.path(), "See how mail goes out, and send a test"))
            @match installation.mail_tested_on {
                Some(day) => { ". A mail server last took a test on " (text::day(day)) "." },
                None => { ". No mail server has taken a test from here yet." },
            }
        }
        p class="soft" { "Every change is in the " (Link::new(path::HISTORY, "history")) ", with who made it and what it was before." }
    };
    Sheet::new(["Settings"], content)
}

fn edit_sheet(
    app: &App,
    section: Section,
    version: i32,
    fields: &Fields,
    errors: &[FieldError],
    both: Option<Markup>,
) -> Sheet {
    let f = Inputs::new(errors);
    let version = version.to_string();
    let content = html! {
        (f.summary())
        h1 { (section.title()) }
        @if let Some(both) = both { (both) }
        (form::intro(app, section))
        (post(&path::settings(section), html! {
            (hidden("version", &version))
            (form::fields(section, &f, fields))
            (button_group([
                submit("Save", Kind::Primary),
                html! { (Link::new(Route::Settings.path(), "Cancel")) },
            ]))
        }))
    };
    Sheet::new([section.title(), "Settings"], content)
        .back(Route::Settings.path(), "Settings")
        .rejected(f.rejected())
}
