//! Recording a meeting, and changing one: one form for both. Dates left empty are proposed by the calendar.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::rounds_for;
use crate::{
    command::{
        CommandError,
        meeting::{self as command, MeetingDraft},
    },
    domain::{
        id::{MeetingId, PanelId},
        meeting::{AGENDA_CLEAR_DAYS, Dates, Meeting, PAPERS_DUE_BEFORE, Panel, UPDATES_DUE_BEFORE},
        plan::Record,
        text,
        words::Words,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        page::both::both,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::{Fact, Link, summary_list},
        },
    },
};

/// The form's fields by their labels.
const LABELS: [(&str, &str); 5] = [
    ("panel", "Who meets"),
    ("held_on", "Day of the meeting"),
    ("updates_due_on", "Updates are due by"),
    ("papers_due_on", "Papers are due by"),
    ("agenda_on", "Agenda is published on"),
];

fn parse(fields: &Fields, panels: &[Panel], words: &Words) -> Result<MeetingDraft, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let panel = |code: &str| panels.iter().map(|p| p.id).find(|id| id.to_string() == code);
    let missing = words.say("Choose the {panel} that meets");
    let panel = reader.required_choice("panel", panel, &missing);
    let held_on = reader.required_day("held_on", "Enter the day of the meeting");
    let dates = dates(&mut reader);
    let held_already = fields.ticked("held_already");
    reader.finish(MeetingDraft { panel: panel.unwrap_or(PanelId(0)), held_on, dates, held_already })
}

/// The three dates before a meeting, as far as they were typed.
pub(in crate::web::page) fn dates(reader: &mut Reader<'_>) -> Dates {
    Dates {
        updates_due_on: reader.day("updates_due_on"),
        papers_due_on: reader.day("papers_due_on"),
        agenda_on: reader.day("agenda_on"),
    }
}

/// Their fields.
pub(in crate::web::page) fn date_fields<'a>(f: Inputs<'a>, fields: &'a Fields, words: &Words) -> Markup {
    let proposed = |n: usize| format!("Left empty: {n} working days before the meeting");
    let papers = words.say("Papers are with {Democratic Services} by");
    html! {
        (f.text("updates_due_on", "Updates are due by", fields.raw("updates_due_on"))
            .hint(html! { (proposed(UPDATES_DUE_BEFORE)) ". It is the one date that leads are given" })
            .width(Width::W20)
            .optional())
        (f.text("papers_due_on", papers, fields.raw("papers_due_on"))
            .hint(proposed(PAPERS_DUE_BEFORE))
            .width(Width::W20)
            .optional())
        (f.text("agenda_on", "Agenda is published on", fields.raw("agenda_on"))
            .hint(format!("Left empty: {AGENDA_CLEAR_DAYS} clear working days before the meeting, counting neither that day nor the meeting’s"))
            .width(Width::W20)
            .optional())
    }
}

/// "Updates are due by 29 January 2018, the papers by 7 February 2018, and the agenda is published on 9 February 2018".
pub(in crate::web::page) fn dates_in_words(dates: Dates) -> String {
    let parts: Vec<String> = [
        dates.updates_due_on.map(|on| format!("updates are due by {}", text::day(on))),
        dates.papers_due_on.map(|on| format!("the papers by {}", text::day(on))),
        dates.agenda_on.map(|on| format!("the agenda is published on {}", text::day(on))),
    ]
    .into_iter()
    .flatten()
    .collect();
    text::initial_capital(&text::list(&parts))
}

/// A panel that still meets: those that have ended are offered only where a meeting is theirs.
fn offered(panels: &[Panel], also: Option<PanelId>) -> Vec<&Panel> {
    panels.iter().filter(|panel| panel.ended_on.is_none() || Some(panel.id) == also).collect()
}

pub(in crate::web) async fn new(State(app): State<App>) -> Result<Sheet, WebError> {
    let (panels, _) = store::meeting::all(&app.cx.store).await?;
    let only = match offered(&panels, None).as_slice() {
        [one] => one.id.to_string(),
        _ => String::new(),
    };
    Ok(new_sheet(&app, &panels, &Fields::of([("panel", only)]), &[]))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    let (panels, _) = store::meeting::all(&app.cx.store).await?;
    let draft = match parse(&fields, &panels, &app.cx.words()) {
        Ok(draft) => draft,
        Err(errors) => return Ok(new_sheet(&app, &panels, &fields, &errors).into_response()),
    };
    match command::create(&app.cx, &actor, &draft).await {
        Ok(id) => {
            let (_, meetings) = store::meeting::all(&app.cx.store).await?;
            let dates = meetings.iter().find(|m| m.id == id).map_or(draft.dates, |m| m.dates);
            let done =
                format!("The meeting on {} is added. {}", text::day(draft.held_on), dates_in_words(dates));
            Ok(Redirect::to(path::meeting(id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            let wrong = [FieldError::new(field, message)];
            Ok(new_sheet(&app, &panels, &fields, &wrong).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn new_sheet(app: &App, panels: &[Panel], fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let offered = offered(panels, None);
    let words = app.cx.words();
    let content = html! {
        (f.summary())
        h1 { "Add a meeting" }
        @if offered.is_empty() {
            p {
                (words.say("There is no {panel} yet that could meet. "))
                a href=(Route::NewPanel.path()) { (words.say("Add {a panel}")) }
            }
        } @else {
            (form(Route::NewMeeting.path(), "", &offered, fields, "Add the meeting", f, &words))
        }
    };
    Sheet::new(["Add a meeting", "Meetings"], content)
        .back(Route::Meetings.path(), "Meetings")
        .rejected(f.rejected())
}

fn form(
    action: &str,
    version: &str,
    panels: &[&Panel],
    fields: &Fields,
    button: &str,
    f: Inputs<'_>,
    words: &Words,
) -> Markup {
    let choices = [Choice::new("", "Choose")]
        .into_iter()
        .chain(panels.iter().map(|panel| Choice::new(panel.id.to_string(), &panel.name)));
    post(
        action,
        html! {
            (hidden("version", version))
            (f.select("panel", "Who meets", fields.raw("panel"), choices))
            (f.text("held_on", "Day of the meeting", fields.raw("held_on"))
                .hint("For example 19 February 2018")
                .width(Width::W20))
            (f.checkbox("held_already", "It has been held already, and I record it now", fields.ticked("held_already")))
            (date_fields(f, fields, words))
            (button_group([submit(button, Kind::Primary), html! { (Link::new(Route::Meetings.path(), "Cancel")) }]))
        },
    )
}

/// What the page of a meeting shows of it.
struct About {
    meeting: Meeting,
    panels: Vec<Panel>,
    records: Vec<Record>,
}

async fn find(app: &App, actor: &crate::domain::access::Actor, id: i64) -> Result<About, WebError> {
    let (panels, meetings) = store::meeting::all(&app.cx.store).await?;
    let meeting = meetings.into_iter().find(|m| m.id == MeetingId(id)).ok_or(WebError::NotFound)?;
    let records = store::record::all(&app.cx.store, actor, Depth::Current).await?;
    Ok(About { meeting, panels, records })
}

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let about = find(&app, &actor, id).await?;
    let version = about.meeting.version.to_string();
    Ok(edit_sheet(&app, &about, &version, &fields_of(&about.meeting), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let about = find(&app, &actor, id).await?;
    let seen = fields.raw("version").to_owned();
    let draft = match parse(&fields, &about.panels, &app.cx.words()) {
        Ok(draft) => draft,
        Err(errors) => return Ok(edit_sheet(&app, &about, &seen, &fields, &errors, None).into_response()),
    };
    let id = about.meeting.id;
    match command::edit(&app.cx, &actor, id, seen.parse().unwrap_or(0), &draft).await {
        Ok(()) => {
            let now = find(&app, &actor, id.0).await?.meeting;
            let done =
                format!("The meeting on {} is saved. {}", text::day(now.held_on), dates_in_words(now.dates));
            Ok(Redirect::to(path::meeting(id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            let wrong = [FieldError::new(field, message)];
            Ok(edit_sheet(&app, &about, &seen, &fields, &wrong, None).into_response())
        }
        Err(CommandError::Stale) => {
            let name = |field: &str, value: &str| {
                let panel = about.panels.iter().find(|p| field == "panel" && p.id.to_string() == value);
                panel.map_or_else(|| value.to_owned(), |panel| panel.name.clone())
            };
            let clash = both(&fields_of(&about.meeting), &fields, &LABELS, name);
            let version = about.meeting.version.to_string();
            let sheet = edit_sheet(&app, &about, &version, &fields, &[], Some(clash));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What is saved, as the form would have it.
fn fields_of(meeting: &Meeting) -> Fields {
    let day = |on: Option<chrono::NaiveDate>| on.map(text::day).unwrap_or_default();
    Fields::of([
        ("panel", meeting.panel.to_string()),
        ("held_on", text::day(meeting.held_on)),
        ("updates_due_on", day(meeting.dates.updates_due_on)),
        ("papers_due_on", day(meeting.dates.papers_due_on)),
        ("agenda_on", day(meeting.dates.agenda_on)),
    ])
}

fn edit_sheet(
    app: &App,
    about: &About,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Sheet {
    let f = Inputs::new(errors);
    let About { meeting, panels, records } = about;
    let title = text::day(meeting.held_on);
    let rounds = rounds_for(records, meeting);
    let to_come = meeting.held_on >= app.cx.clock.today();
    let offered = offered(panels, Some(meeting.panel));
    let new_round = path::new_round_for(meeting.id);
    let content = html! {
        (f.summary())
        h1 { span class="caption" { "Meeting of " (meeting.panel_name) } " " (title) }
        (summary_list([Fact::new("Rounds", html! {
            @if rounds.is_empty() { "None" }
            @for (n, round) in rounds.iter().enumerate() {
                @if n > 0 { br; }
                a href=(path::round(round.id)) { (round.label) } ", " (round.state.word().to_lowercase())
            }
            @if to_come { p { a href=(new_round) { "Plan a round for this meeting" } } }
        })]))
        h2 { "Day and dates" }
        @if let Some(clash) = clash { (clash) }
        (form(&path::meeting(meeting.id), version, &offered, fields, "Save", f, &app.cx.words()))
    };
    Sheet::new([title.as_str(), "Meetings"], content)
        .crumbs([(path::ROUNDS, "Rounds"), (Route::Meetings.path(), "Meetings")])
        .rejected(f.rejected())
}
