//! Panels: which there are, adding and renaming them. Who took over from whom is in `panels/succession.rs`.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::both::both;
use crate::{
    command::{CommandError, meeting::panel as command},
    domain::{
        access::Actor,
        id::PanelId,
        meeting::{Meeting, Panel},
        plan::Record,
        text::{self, plural},
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, Reader},
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, link_button, submit},
            form::{FieldError, Inputs, post},
            kit::{Fact, Link, day, empty, summary_list},
            table::{Column, Row, Table, Width},
        },
    },
};

mod succession;

pub(in crate::web) use succession::{new as new_succession, new_taking_back, succeed, take_back};

/// Everything about panels that a page needs.
struct All {
    panels: Vec<Panel>,
    meetings: Vec<Meeting>,
    records: Vec<Record>,
}

impl All {
    async fn load(app: &App, actor: &Actor) -> Result<Self, WebError> {
        let (panels, meetings) = store::meeting::all(&app.cx.store).await?;
        let records = store::record::all(&app.cx.store, actor, Depth::Current).await?;
        Ok(Self { panels, meetings, records })
    }

    fn find(&self, id: i64) -> Result<&Panel, WebError> {
        self.panels.iter().find(|panel| panel.id == PanelId(id)).ok_or(WebError::NotFound)
    }

    fn name(&self, id: PanelId) -> &str {
        self.panels.iter().find(|panel| panel.id == id).map_or("", |panel| panel.name.as_str())
    }

    /// The plans that a panel watches now, as far as the reader may know of them.
    fn plans(&self, panel: &Panel) -> Vec<&Record> {
        self.records.iter().filter(|record| record.plan.panel_id == Some(panel.id)).collect()
    }

    /// "succeeded by B from 5 September 2017".
    fn end(&self, panel: &Panel) -> Option<String> {
        let ended = panel.ended_on?;
        Some(match panel.successor {
            Some(next) => format!("Succeeded by {} from {}", self.name(next), text::day(ended)),
            None => format!("Ended on {}", text::day(ended)),
        })
    }
}

pub(in crate::web) async fn list(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    let all = All::load(&app, &actor).await?;
    let today = app.cx.clock.today();
    let words = app.cx.words();
    let (title, one) = (words.say("{Panels}"), words.say("{Panel}"));
    let rows = all.panels.iter().map(|panel| {
        let next = all.meetings.iter().find(|m| m.panel == panel.id && m.held_on >= today);
        Row::new([
            html! {
                a href=(path::panel(panel.id)) { (panel.name) }
                @if let Some(end) = all.end(panel) { p class="soft" { (end) } }
            },
            html! { (all.plans(panel).len()) },
            html! {
                @match next {
                    Some(meeting) => a href=(path::meeting(meeting.id)) { (day(meeting.held_on)) },
                    None => span class="grey-words" { "None planned" },
                }
            },
        ])
    });
    let columns = [Column::new(&one), Column::new("Plans").width(Width::Number), Column::new("Next meeting")];
    let (add, nothing) = (words.say("Add {a panel}"), words.say("There is no {panel} yet"));
    let content = html! {
        h1 { (title) }
        p { (words.say("Each plan is watched by {a panel}. When another takes over from it, its plans pass over, and plans whose monitoring has ended stay.")) }
        (button_group([
            link_button(Link::new(Route::NewPanel.path(), &add), Kind::Primary),
            html! { (Link::new(Route::Meetings.path(), "Meetings")) },
        ]))
        @if all.panels.is_empty() {
            (empty(&nothing, "One stands here as soon as it is added, or named by a plan.", None))
        } @else {
            (Table::new(&title, columns).caption_hidden().row_head(0).rows(rows))
        }
    };
    Ok(Sheet::new([title.as_str(), "Rounds"], content).crumbs([(path::ROUNDS, "Rounds")]))
}

pub(in crate::web) async fn new(State(app): State<App>) -> Sheet {
    new_sheet(&app, &Fields::default(), &[])
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    let name = match parse(&app, &fields) {
        Ok(name) => name,
        Err(errors) => return Ok(new_sheet(&app, &fields, &errors).into_response()),
    };
    match command::create(&app.cx, &actor, &name).await {
        Ok(id) => {
            let done = format!("{name} has been added");
            Ok(Redirect::to(path::panel(id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(new_sheet(&app, &fields, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn parse(app: &App, fields: &Fields) -> Result<String, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let missing = app.cx.words().say("Enter the {panel’s} name");
    let name = reader.required("name", LINE, &missing);
    reader.finish(name)
}

fn form(action: &str, version: &str, fields: &Fields, button: &str, f: Inputs<'_>) -> Markup {
    post(
        action,
        html! {
            (hidden("version", version))
            (f.text("name", "Name", fields.raw("name")).hint("In full, as on its agendas"))
            (button_group([submit(button, Kind::Primary), html! { (Link::new(Route::Panels.path(), "Cancel")) }]))
        },
    )
}

fn new_sheet(app: &App, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let words = app.cx.words();
    let (title, all) = (words.say("Add {a panel}"), words.say("{Panels}"));
    let content = html! {
        (f.summary())
        h1 { (title) }
        (form(Route::NewPanel.path(), "", fields, &title, f))
    };
    Sheet::new([title.as_str(), all.as_str()], content)
        .back(Route::Panels.path(), all.clone())
        .rejected(f.rejected())
}

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let all = All::load(&app, &actor).await?;
    let panel = all.find(id)?;
    let version = panel.version.to_string();
    Ok(edit_sheet(&app, &all, panel, &version, &fields_of(panel), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let all = All::load(&app, &actor).await?;
    let panel = all.find(id)?;
    let seen = fields.raw("version");
    let name = match parse(&app, &fields) {
        Ok(name) => name,
        Err(errors) => {
            return Ok(edit_sheet(&app, &all, panel, seen, &fields, &errors, None).into_response());
        }
    };
    match command::rename(&app.cx, &actor, panel.id, seen.parse().unwrap_or(0), &name).await {
        Ok(()) => Ok(Redirect::to(path::panel(panel.id)).saying(format!("{name} saved")).into_response()),
        Err(CommandError::Refused { field, message }) => {
            let wrong = [FieldError::new(field, message)];
            Ok(edit_sheet(&app, &all, panel, seen, &fields, &wrong, None).into_response())
        }
        Err(CommandError::Stale) => {
            let clash = both(&fields_of(panel), &fields, &[("name", "Name")], |_, value| value.to_owned());
            let version = panel.version.to_string();
            let sheet = edit_sheet(&app, &all, panel, &version, &fields, &[], Some(clash));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn fields_of(panel: &Panel) -> Fields {
    Fields::of([("name", panel.name.clone())])
}

fn edit_sheet(
    app: &App,
    all: &All,
    panel: &Panel,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Sheet {
    let f = Inputs::new(errors);
    let words = app.cx.words();
    let (one, title) = (words.say("{Panel}"), words.say("{Panels}"));
    let plans = all.plans(panel);
    let meetings = all.meetings.iter().filter(|m| m.panel == panel.id).count();
    let before: Vec<&str> = all
        .panels
        .iter()
        .filter(|other| other.successor == Some(panel.id))
        .map(|other| other.name.as_str())
        .collect();
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (one) } " " (panel.name) }
        (summary_list([
            Fact::new("Plans", html! {
                @if plans.is_empty() { "None" }
                @for (n, record) in plans.iter().enumerate() {
                    @if n > 0 { br; }
                    a href=(path::plan(&record.plan.slug)) { (record.plan.title) }
                }
            }),
            Fact::new("Meetings", html! { a href=(Route::Meetings.path()) { (plural(meetings, "meeting", "meetings")) } }),
            Fact::new("Took over from", if before.is_empty() { "Nobody".to_owned() } else { text::list(&before) }),
            Fact::new("Now", all.end(panel).unwrap_or_else(|| "It meets".to_owned())),
        ]))
        @if panel.successor.is_some() {
            p { a href=(path::panel_taking_back(panel.id)) { "Take the succession back" } }
        } @else {
            p { a href=(path::panel_succession(panel.id)) { "Another takes over from it" } }
        }
        h2 { "Name" }
        @if let Some(clash) = clash { (clash) }
        (form(&path::panel(panel.id), version, fields, "Save", f))
    };
    Sheet::new([panel.name.as_str(), title.as_str()], content)
        .crumbs([(path::ROUNDS, "Rounds"), (Route::Panels.path(), title.as_str())])
        .rejected(f.rejected())
}
