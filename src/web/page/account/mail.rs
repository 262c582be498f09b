//! One's own emails: how often, when one is away, and what one has put off.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use crate::{
    command::{CommandError, preference},
    domain::{
        access::Actor,
        plan::Record,
        preference::{Frequency, Preference, Preferences, Snooze},
        text,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        page::{absence, action::say, both::both},
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, link_button, submit},
            form::{Choice, FieldError, Inputs, post},
            kit::Link,
            table::{Column, Row, Table},
        },
    },
};

const TITLE: &str = "Your emails";
const LABELS: [(&str, &str); 2] = [("frequency", "How often"), ("term_time_only", "In term time only")];

/// What the page shows.
struct Mine {
    version: i32,
    preference: Preference,
    snoozes: Vec<Snooze>,
    records: Vec<Record>,
    /// Why term time only would do nothing now.
    no_terms: Option<String>,
}

impl Mine {
    async fn load(app: &App, actor: &Actor) -> Result<Self, WebError> {
        let me = actor.person.ok_or(WebError::NotFound)?;
        let (store, today) = (&app.cx.store, app.cx.clock.today());
        let Preferences { mut of, mut snoozes, .. } = store::preference::all(store).await?;
        let mut preference = of.remove(&me).unwrap_or_default();
        preference.away.retain(|away| away.until >= today);
        snoozes.retain(|snooze| snooze.person == me && snooze.covers(today));
        let records = match snoozes.is_empty() {
            true => Vec::new(),
            false => store::record::all(store, actor, Depth::Current).await?,
        };
        let version = store::preference::version(store, me).await?;
        Ok(Self { version, preference, snoozes, records, no_terms: no_terms(app) })
    }

    fn fields(&self) -> Fields {
        let term = self.preference.term_time_only.then_some(("term_time_only", "yes"));
        Fields::of([("frequency", self.preference.frequency.code())].into_iter().chain(term))
    }
}

/// Why term time only would do nothing: no term dates are set, or those that were have run out.
fn no_terms(app: &App) -> Option<String> {
    let (set, today) = (app.cx.installation(), app.cx.clock.today());
    let last = set.terms.last();
    match last {
        None => Some("No term dates are entered here yet, so nothing is held back. Choose it all the same: it counts from the day on which an administrator has entered them".to_owned()),
        Some(term) if term.span.latest < today && !set.calendar().knows_terms_on(today) => {
            let day = text::day(term.span.latest);
            Some(format!("The term dates that are entered here end on {day}, so nothing is held back until an administrator has entered new ones"))
        }
        Some(_) => None,
    }
}

pub(in crate::web) async fn show(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    let mine = Mine::load(&app, &actor).await?;
    Ok(sheet(&mine, mine.version, &mine.fields(), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    let mine = Mine::load(&app, &actor).await?;
    let seen = fields.raw("version").parse().unwrap_or(0);
    let mut reader = Reader::new(&fields);
    let frequency = reader.required_choice("frequency", Frequency::from_code, "Say how often");
    let frequency = match reader.finish(frequency) {
        Ok(frequency) => frequency.unwrap_or_default(),
        Err(errors) => return Ok(sheet(&mine, seen, &fields, &errors, None).into_response()),
    };
    let term_time_only = fields.ticked("term_time_only");
    match preference::choose(&app.cx, &actor, seen, frequency, term_time_only).await {
        Ok(()) => {
            let term = if term_time_only { ", nothing in school holidays" } else { "" };
            let said = format!("Saved. Emails: {}{term}", frequency.words().to_lowercase());
            Ok(Redirect::to(path::ACCOUNT_MAIL).saying(said).into_response())
        }
        Err(CommandError::Stale) => {
            let mine = Mine::load(&app, &actor).await?;
            let words = |name: &str, value: &str| match Frequency::from_code(value) {
                Some(frequency) if name == "frequency" => frequency.words().to_owned(),
                _ => value.to_owned(),
            };
            let both = both(&mine.fields(), &fields, &LABELS, words);
            let sheet = sheet(&mine, mine.version, &fields, &[], Some(both));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn sheet(mine: &Mine, version: i32, fields: &Fields, errors: &[FieldError], both: Option<Markup>) -> Sheet {
    let f = Inputs::new(errors);
    let choices = Frequency::ALL.iter().map(|f| Choice::new(f.code(), f.words()).hint(f.meaning()));
    // Grey where it would do nothing; it can be chosen all the same.
    let term =
        html! { span class=[mine.no_terms.is_some().then_some("soft")] { "Nothing in school holidays" } };
    let hint = mine.no_terms.as_deref().unwrap_or(
        "For those who work in term time only. What falls due in the holidays comes in one email on the second school day of the term",
    );
    let content = html! {
        (f.summary())
        h1 { (TITLE) }
        @if let Some(both) = both { (both) }
        p { "You are reminded of the actions that you answer for. Here you choose how. Your plans’ managers see what you have chosen." }
        p { (Link::new(path::OWN_MAIL, "What was sent to you, and what comes next")) }
        (post(path::ACCOUNT_MAIL, html! {
            (hidden("version", &version.to_string()))
            (f.radios("frequency", "How often?", fields.raw("frequency"), choices))
            (f.checkbox("term_time_only", term, fields.ticked("term_time_only")).hint(hint))
            p class="soft" { "Whatever you choose, these still come: emails about your account, what somebody sends you by pressing a button, and word of an action that stays overdue for long (10 working days, unless its plan says otherwise)." }
            (button_group([submit("Save", Kind::Primary)]))
        }))
        h2 { "When you are away" }
        @if mine.preference.away.is_empty() { p { "No days are entered. While you are away, somebody else can be asked instead." } }
        @else { (absence::table(&mine.preference.away, path::REMOVE_ABSENCE)) }
        (button_group([link_button(Link::new(path::ABSENCES, "Say when you are away"), Kind::Secondary)]))
        h2 { "What you have put off" }
        @if mine.snoozes.is_empty() { p { "Nothing. On an action’s page you can put off the reminders about it for a week." } }
        @else { (put_off(mine)) }
    };
    Sheet::new([TITLE], content).back(path::ACCOUNT, "Your account").rejected(f.rejected())
}

fn put_off(mine: &Mine) -> Markup {
    let about = |snooze: &Snooze| mine.records.iter().find_map(|record| record.action(snooze.action));
    let rows = mine.snoozes.iter().filter_map(|snooze| {
        let action = about(snooze)?;
        Some(Row::new([
            say::action_link(action),
            html! { (text::day(snooze.until)) },
            html! { (snooze.reason) },
            html! {
                form class="button-form" method="post" action=(path::end_snooze(action.id)) {
                    button class="button button-secondary" type="submit" {
                        "Remind me again" span class="visually-hidden" { " of " (action.label) }
                    }
                }
            },
        ]))
    });
    let columns = ["Action", "Until", "Why", "End"].map(Column::new);
    html! { (Table::new("What you have put off", columns).caption_hidden().row_head(0).rows(rows)) }
}
