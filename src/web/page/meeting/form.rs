//! Recording a meeting, and changing one: one form for both. Dates left empty are proposed by the calendar.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::rounds_for;
use crate::{
    command::{
        CommandError,
        meeting::{self as command, MeetingDraft},
    },
    domain::{
        calendar::Calendar,
        id::{MeetingId, PanelId, ResolutionId},
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
            button::{Confirm, Kind, button_group, confirm, hidden, submit},
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

/// Errors, with all that speaks against the meeting beside the fields that have none yet.
fn with_all(mut errors: Vec<FieldError>, wrong: Vec<(&'static str, String)>) -> Vec<FieldError> {
    for (field, message) in wrong {
        if errors.iter().all(|error| error.field != field) {
            errors.push(FieldError::new(field, message));
        }
    }
    errors
}

/// What was typed, and what is wrong with it.
fn parse(fields: &Fields, panels: &[Panel], words: &Words) -> (MeetingDraft, Vec<FieldError>) {
    let mut reader = Reader::new(fields);
    let panel = |code: &str| panels.iter().map(|p| p.id).find(|id| id.to_string() == code);
    let missing = words.say("Choose the {panel} that meets");
    let panel = reader.required_choice("panel", panel, &missing);
    let held_on = reader.required_day("held_on", "Enter the day of the meeting");
    let dates = dates(&mut reader);
    let held_already = fields.ticked("held_already");
    let draft = MeetingDraft { panel: panel.unwrap_or(PanelId(0)), held_on, dates, held_already };
    let errors = reader.finish(()).err().unwrap_or_default();
    (draft, errors)
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

/// What may be a slip about a meeting, in sentences: a day on which nobody works, dates that are over already.
pub(in crate::web::page) fn doubts(
    calendar: &Calendar,
    held_on: NaiveDate,
    dates: Dates,
    today: NaiveDate,
) -> String {
    let mut words = String::new();
    if !calendar.is_working_day(held_on) {
        words.push_str(&format!(
            ". Look at the day once more: {} is no working day",
            text::weekday_day(held_on)
        ));
    }
    let over: Vec<&str> = [
        (dates.updates_due_on, "updates were due"),
        (dates.papers_due_on, "the papers were due"),
        (dates.agenda_on, "the agenda was to be published"),
    ]
    .into_iter()
    .filter(|(on, _)| held_on >= today && on.is_some_and(|on| on < today))
    .map(|(_, what)| what)
    .collect();
    if !over.is_empty() {
        words.push_str(&format!(". The day by which {} is over already", text::list(&over)));
    }
    words
}

/// Takes a meeting out: the question, and what is done.
pub(in crate::web) async fn new_removal(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    Ok(removal(&find(&app, &actor, id).await?.meeting, &[]))
}

pub(in crate::web) async fn remove(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let meeting = find(&app, &actor, id).await?.meeting;
    match command::remove(&app.cx, &actor, meeting.id).await {
        Ok(()) => {
            let done = format!("The meeting on {} is taken out", text::day(meeting.held_on));
            Ok(Redirect::to(Route::Meetings.path()).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(removal(&meeting, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn removal(meeting: &Meeting, errors: &[FieldError]) -> Sheet {
    let back = path::meeting(meeting.id);
    let title = text::day(meeting.held_on);
    let content = html! {
        (Inputs::new(errors).summary())
        (confirm(
            &Confirm {
                question: &format!("Take out the meeting of {title}?"),
                consequence: &format!("{} does not meet on that day. A meeting that moves is changed instead.", meeting.panel_name),
                action: &path::remove_meeting(meeting.id),
                button: "Take it out",
                cancel: Link::new(&back, "No, leave it"),
            },
            html! {},
        ))
    };
    Sheet::new(["Take out the meeting", title.as_str()], content)
        .back(back.clone(), title.clone())
        .rejected(!errors.is_empty())
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
    let (panels, meetings) = store::meeting::all(&app.cx.store).await?;
    let today = app.cx.clock.today();
    let draft = match parse(&fields, &panels, &app.cx.words()) {
        (draft, errors) if errors.is_empty() => draft,
        (draft, errors) => {
            let errors = with_all(errors, command::wrong(&app.cx, &panels, &meetings, &draft, None, today));
            return Ok(new_sheet(&app, &panels, &fields, &errors).into_response());
        }
    };
    match command::create(&app.cx, &actor, &draft).await {
        Ok(id) => {
            let (_, meetings) = store::meeting::all(&app.cx.store).await?;
            let dates = meetings.iter().find(|m| m.id == id).map_or(draft.dates, |m| m.dates);
            let done = format!(
                "The meeting on {} is added. {}{}",
                text::day(draft.held_on),
                dates_in_words(dates),
                doubts(&app.cx.calendar(), draft.held_on, dates, today)
            );
            Ok(Redirect::to(path::meeting(id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            let first = vec![FieldError::new(field, message)];
            let wrong = with_all(first, command::wrong(&app.cx, &panels, &meetings, &draft, None, today));
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
        (draft, errors) if errors.is_empty() => draft,
        (_, errors) => return Ok(edit_sheet(&app, &about, &seen, &fields, &errors, None).into_response()),
    };
    let id = about.meeting.id;
    match command::edit(&app.cx, &actor, id, seen.parse().unwrap_or(0), &draft).await {
        Ok(()) => {
            let now = find(&app, &actor, id.0).await?.meeting;
            let done = format!(
                "The meeting on {} is saved. {}{}",
                text::day(now.held_on),
                dates_in_words(now.dates),
                doubts(&app.cx.calendar(), now.held_on, now.dates, app.cx.clock.today())
            );
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
    let held = meeting.held_on <= app.cx.clock.today();
    let recorded: BTreeMap<ResolutionId, &str> = records
        .iter()
        .flat_map(Record::resolutions)
        .filter(|resolution| resolution.meeting == meeting.id)
        .map(|resolution| (resolution.id, resolution.minute_words()))
        .collect();
    let recorded: Vec<(usize, &str)> = (1..).zip(recorded.into_values()).collect();
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
        }), Fact::new("Decisions", html! {
            @if held { p { a href=(path::decisions(meeting.id)) { "Record decisions" } } } @else { p { "From its day" } }
            @for (resolution, minute) in &recorded {
                p { a href={ (path::decisions(meeting.id)) "#recorded" } { "Resolution " (resolution) } ", " (minute) }
            }
        })]))
        h2 { "Day and dates" }
        @if let Some(clash) = clash { (clash) }
        (form(&path::meeting(meeting.id), version, &offered, fields, "Save", f, &app.cx.words()))
        @if rounds.is_empty() && recorded.is_empty() {
            p { a href=(path::remove_meeting(meeting.id)) { "Take this meeting out" } }
        }
    };
    Sheet::new([title.as_str(), "Meetings"], content)
        .crumbs([(path::ROUNDS, "Rounds"), (Route::Meetings.path(), "Meetings")])
        .rejected(f.rejected())
}
