//! When somebody is away, and who is asked instead: one's own, and, for managers and administrators, anybody's. Who is ill
//! can't enter it.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use crate::{
    command::{CommandError, preference},
    domain::{
        access::Actor,
        deadline::Span,
        id::PersonId,
        post::Person,
        preference::{Away, StandIn, deputies},
        text::initial_capital,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::Link,
            table::{Column, Row, Table},
        },
    },
};

const TITLE: &str = "Days away";
/// What the form sends for each stand-in.
const DEPUTY: &str = "deputy";
const CONTRIBUTORS: &str = "contributors";
const MANAGER: &str = "manager";

/// Whose days they are, and what there is to choose from.
struct About {
    person: Person,
    own: bool,
    away: Vec<Away>,
    deputies: Vec<Person>,
    today: NaiveDate,
}

impl About {
    async fn load(app: &App, actor: &Actor, id: PersonId) -> Result<Self, WebError> {
        let (store, today) = (&app.cx.store, app.cx.clock.today());
        let account = store::person::by_id(store, id).await?.filter(|account| account.person.active);
        let person = account.ok_or(WebError::NotFound)?.person;
        let records = store::record::all(store, actor, Depth::Current).await?;
        let mut away = store::preference::all(store).await?.of.remove(&id).unwrap_or_default().away;
        away.retain(|away| away.until >= today);
        let deputies = deputies(&records, id, today);
        Ok(Self { own: actor.person == Some(id), person, away, deputies, today })
    }

    /// Where the form is posted, and where the buttons that remove days are.
    fn paths(&self) -> (String, String) {
        let id = self.person.id;
        match self.own {
            true => (path::ABSENCES.to_owned(), path::REMOVE_ABSENCE.to_owned()),
            false => (path::person_absences(id), path::remove_person_absence(id)),
        }
    }

    /// The page that this one belongs to.
    fn back(&self) -> String {
        if self.own { path::ACCOUNT_MAIL.to_owned() } else { path::person(self.person.id) }
    }
}

fn me(actor: &Actor) -> Result<PersonId, WebError> {
    actor.person.ok_or(WebError::NotFound)
}

pub(in crate::web) async fn new_own(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    Ok(sheet(&About::load(&app, &actor, me(&actor)?).await?, &Fields::default(), &[]))
}

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    Ok(sheet(&About::load(&app, &actor, PersonId(id)).await?, &Fields::default(), &[]))
}

pub(in crate::web) async fn create_own(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    add(&app, &actor, me(&actor)?, &fields).await
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    add(&app, &actor, PersonId(id), &fields).await
}

async fn add(app: &App, actor: &Actor, id: PersonId, fields: &Fields) -> Result<Response, WebError> {
    let about = About::load(app, actor, id).await?;
    let errors = match parse(fields, &about.deputies) {
        Err(errors) => errors,
        Ok(away) => match preference::add_away(&app.cx, actor, id, &away).await {
            Ok(()) => {
                let said = away.words(about.today);
                return Ok(Redirect::to(about.back()).saying(said).into_response());
            }
            Err(CommandError::Refused { field, message }) => vec![FieldError::new(field, message)],
            Err(error) => return Err(error.into()),
        },
    };
    Ok(sheet(&about, fields, &errors).into_response())
}

pub(in crate::web) async fn remove_own(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Redirect, WebError> {
    remove_days(&app, &actor, me(&actor)?, &fields).await
}

pub(in crate::web) async fn remove(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Redirect, WebError> {
    remove_days(&app, &actor, PersonId(id), &fields).await
}

async fn remove_days(app: &App, actor: &Actor, id: PersonId, fields: &Fields) -> Result<Redirect, WebError> {
    let about = About::load(app, actor, id).await?;
    let Ok(from) = fields.raw("from").parse() else { return Ok(Redirect::to(about.back())) };
    preference::remove_away(&app.cx, actor, id, from).await?;
    Ok(Redirect::to(about.back()).saying("Those days are removed"))
}

fn parse(fields: &Fields, deputies: &[Person]) -> Result<Away, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let from = reader.required_day("from", "Enter the first day");
    let until = reader.required_day("until", "Enter the last day");
    let known = |code: &str| [DEPUTY, CONTRIBUTORS, MANAGER].into_iter().find(|known| *known == code);
    let chosen = reader.required_choice("stand_in", known, "Say who is asked instead");
    let stand_in = match chosen {
        Some(DEPUTY) => {
            let deputy = deputies.iter().find(|p| p.id.to_string() == fields.raw("deputy"));
            if deputy.is_none() {
                reader.wrong("deputy", "Choose somebody from the list");
            }
            deputy.cloned().map_or(StandIn::Manager, StandIn::Deputy)
        }
        Some(CONTRIBUTORS) => StandIn::Contributors,
        _ => StandIn::Manager,
    };
    reader.finish(Away { from, until, stand_in })
}

fn sheet(about: &About, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let (action, back) = (about.paths().0, about.back());
    let name = &about.person.name;
    let chosen = std::iter::once(Choice::new("", "Choose"))
        .chain(about.deputies.iter().map(|p| Choice::new(p.id.to_string(), &p.name)));
    let deputy = html! {
        (f.select("deputy", "Who?", fields.raw("deputy"), chosen).width(Width::W20)
            .hint("Say so to them first: they get the emails of those days. What they can’t write updates on goes to the plan’s manager"))
    };
    let mut choices = vec![
        Choice::new(CONTRIBUTORS, "Whoever contributes to each action")
            .hint("Where nobody does, the plan’s manager"),
        Choice::new(MANAGER, "The plan’s manager"),
    ];
    if !about.deputies.is_empty() {
        choices.insert(0, Choice::new(DEPUTY, "One person, for everything").more(deputy));
    }
    let content = html! {
        (f.summary())
        h1 { @if !about.own { span class="caption" { (name) " " } } (TITLE) }
        p {
            @if about.own { "While you are away, somebody else gets the emails about your actions. You get none, and they are yours again on the day after. Word of an action that is new to you goes to them too, unless that is the plan’s manager." }
            @else { "While " (name) " is away, somebody else gets the emails about their actions. They see here who entered it when they are back." }
            " The plan’s manager sees it."
        }
        @if !about.away.is_empty() {
            h2 { "Entered already" }
            (table(&about.away, &about.paths().1))
            h2 { "Other days" }
        }
        (post(&action, html! {
            (f.text("from", "First day away", fields.raw("from")).width(Width::W20).hint("For example 19 February 2018"))
            (f.text("until", "Last day away", fields.raw("until")).width(Width::W20).hint("For example 5 March 2018"))
            (f.radios("stand_in", "Who is asked instead?", fields.raw("stand_in"), choices))
            (button_group([submit("Save", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
    };
    let titles: Vec<&str> = if about.own { vec![TITLE] } else { vec![TITLE, name] };
    let label = if about.own { "Your emails".to_owned() } else { format!("Back to {name}") };
    Sheet::new(titles, content).back(back, label).rejected(f.rejected())
}

/// Days away, each with the button that removes it.
pub(super) fn table(away: &[Away], remove: &str) -> Markup {
    let rows = away.iter().map(|away| {
        let days = Span::new(away.from, away.until).map(|span| span.to_string()).unwrap_or_default();
        Row::new([
            html! { (days) },
            html! { (initial_capital(away.stand_in.words())) },
            html! {
                form class="button-form" method="post" action=(remove) {
                    input type="hidden" name="from" value=(away.from);
                    button class="button button-secondary" type="submit" {
                        "Remove" span class="visually-hidden" { ": " (days) }
                    }
                }
            },
        ])
    });
    let columns = ["Days", "Asked instead", "Remove"].map(Column::new);
    html! { (Table::new("Days away", columns).caption_hidden().row_head(0).rows(rows)) }
}
