//! Adding and editing a recommendation; `variation` records that its words were varied. Never changes agreed words unasked.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response as HttpResponse},
};
use chrono::NaiveDate;
use maud::{Markup, html};

mod variation;

pub(in crate::web) use variation::{new_variation, vary};

use super::{both::both, plan::record_for};
use crate::{
    command::{self, CommandError},
    domain::{
        access::{Actor, Permission, may_in},
        action::{Recommendation, RecommendationDraft, Response},
        id::RecommendationId,
        plan::Record,
        reference,
        response::due_on,
        text,
        words::Words,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LONG_TEXT, Reader, one_day},
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{Choice, FieldError, Inputs, Width, fieldset, post},
            kit::{Link, inset},
        },
    },
};

/// The fields that two people can have written differently.
const LABELS: [(&str, &str); 7] = [
    ("printed", "Printed reference"),
    ("reference", "Full reference"),
    ("text", "Recommendation"),
    ("response", "{Executive} response"),
    ("response_text", "Reasons"),
    ("response_on", "Day of the response"),
    ("sent_on", "Sent to the {executive} on"),
];

pub(in crate::web) async fn new(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
) -> Result<Sheet, WebError> {
    let record = of_slug(&app, &actor, &slug).await?;
    Ok(add_sheet(&record, &Fields::default(), &[]))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let record = of_slug(&app, &actor, &slug).await?;
    let previous = record.recommendations.iter().rev().find_map(|r| r.reference.as_deref());
    let draft = match parse(&fields, &record.words, previous, app.cx.clock.today()) {
        Ok(draft) => draft,
        Err(errors) => return Ok(add_sheet(&record, &fields, &errors).into_response()),
    };
    match command::plan::create_recommendation(&app.cx, &actor, record.plan.id, &draft).await {
        Ok(_) => Ok(saved(&record, &draft, "added").into_response()),
        Err(CommandError::Refused { field, message }) => {
            Ok(add_sheet(&record, &fields, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let id = RecommendationId(id);
    let record = of_recommendation(&app, &actor, id).await?;
    let now = record.recommendation(id).ok_or(WebError::NotFound)?;
    Ok(edit_sheet(&record, now, &now.version.to_string(), &fields_of(now), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<HttpResponse, WebError> {
    let id = RecommendationId(id);
    let record = of_recommendation(&app, &actor, id).await?;
    let now = record.recommendation(id).ok_or(WebError::NotFound)?;
    let before = record.recommendations.iter().rev().filter(|r| r.position < now.position);
    let previous = before.map(|r| r.reference.as_deref()).find(Option::is_some).flatten();
    let seen = fields.raw("version");
    let draft = match parse(&fields, &record.words, previous, app.cx.clock.today()) {
        Ok(draft) => draft,
        Err(errors) => return Ok(edit_sheet(&record, now, seen, &fields, &errors, None).into_response()),
    };
    let version = seen.parse().unwrap_or(0);
    match command::plan::edit_recommendation(&app.cx, &actor, id, version, &draft).await {
        Ok(()) => Ok(saved(&record, &draft, "saved").into_response()),
        Err(CommandError::Refused { field, message }) => {
            let errors = [FieldError::new(field, message)];
            Ok(edit_sheet(&record, now, seen, &fields, &errors, None).into_response())
        }
        Err(CommandError::Stale) => {
            // Read again: what is saved now may be later than what was read above.
            let record = of_recommendation(&app, &actor, id).await?;
            let now = record.recommendation(id).ok_or(WebError::NotFound)?;
            let labels = LABELS.map(|(name, label)| (name, record.words.say(label)));
            let labels = labels.each_ref().map(|(name, label)| (*name, label.as_str()));
            let both = both(&fields_of(now), &fields, &labels, |name, value| match name {
                "response" => Response::from_code(value).map_or("", Response::words).to_owned(),
                _ => value.to_owned(),
            });
            let version = now.version.to_string();
            let sheet = edit_sheet(&record, now, &version, &fields, &[], Some(both));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn of_slug(app: &App, actor: &Actor, slug: &str) -> Result<Record, WebError> {
    record_for(app, actor, slug, Permission::EditRecommendations, Depth::Current).await
}

async fn of_recommendation(app: &App, actor: &Actor, id: RecommendationId) -> Result<Record, WebError> {
    let plan = store::plan::of_recommendation(&app.cx.store, id).await?.ok_or(WebError::NotFound)?;
    let record = store::record::by_id(&app.cx.store, actor, plan, Depth::Current).await?;
    let record = record.ok_or(WebError::NotFound)?;
    may_in(actor, Permission::EditRecommendations, &record.plan)?;
    Ok(record)
}

/// "Recommendation Aiii added. The executive response is due by 5 November 2017."
fn saved(record: &Record, draft: &RecommendationDraft, done: &str) -> Redirect {
    let name = draft.reference.clone().map(|r| format!(" {r}")).unwrap_or_default();
    // Once a plan is agreed, only what was sent since awaits a response.
    let sent_on = draft.sent_on.or(record.plan.sent_on.filter(|_| record.plan.agreed_on.is_none()));
    let due = match (draft.response, sent_on.and_then(due_on)) {
        (None, Some(due)) => {
            format!("{} {}", record.words.say(". The {executive} response is due by"), text::day(due))
        }
        _ => String::new(),
    };
    Redirect::to(path::plan(&record.plan.slug)).saying(format!("Recommendation{name} {done}{due}"))
}

fn fields_of(one: &Recommendation) -> Fields {
    let words = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |day: Option<NaiveDate>| day.map(text::day).unwrap_or_default();
    Fields::of([
        ("printed", words(&one.printed)),
        ("reference", words(&one.reference)),
        ("text", one.text.clone()),
        ("response", one.response.map_or("", Response::code).to_owned()),
        ("response_text", words(&one.response_text)),
        ("response_on", day(one.response_on)),
        ("sent_on", day(one.sent_on)),
    ])
}

fn parse(
    fields: &Fields,
    words: &Words,
    previous: Option<&str>,
    today: NaiveDate,
) -> Result<RecommendationDraft, Vec<FieldError>> {
    let mut read = Reader::new(fields);
    // As people copy it from a table: "Aiii)".
    let printed = read.optional("printed", 40).map(|typed| match reference::split_printed(&typed) {
        (Some(printed), "") => printed.to_owned(),
        _ => typed,
    });
    let typed = read.optional("reference", 40);
    let text = read.required("text", LONG_TEXT, &words.say("Enter the {panel’s} words"));
    let response = read.choice("response", Response::from_code);
    let response_text = read.optional("response_text", LONG_TEXT);
    if response.is_some_and(Response::is_unrated) && response_text.is_none() {
        read.wrong("response_text", "Enter the reasons: they stand in the table in place of a rating");
    }
    let response_on = read.day("response_on");
    let sent_on = read.day("sent_on");
    for (name, day) in [("response_on", response_on), ("sent_on", sent_on)] {
        if day.is_some_and(|day| day > today) {
            read.wrong(name, "This day can’t lie in the future");
        }
    }
    if let (Some(sent), Some(given)) = (sent_on, response_on)
        && given < sent
    {
        read.wrong("response_on", "The response can’t be earlier than the day on which it was asked for");
    }
    let worked_out = printed.as_deref().map(|printed| reference::full_reference(printed, previous));
    read.finish(RecommendationDraft {
        reference: typed.or(worked_out),
        printed,
        text,
        response,
        response_text,
        response_on,
        sent_on,
    })
}

fn add_sheet(record: &Record, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let plan = &record.plan;
    let back = path::plan(&plan.slug);
    let content = html! {
        (Inputs::new(errors).summary())
        h1 { span class="caption" { (plan.title) } "Add a recommendation" }
        (post(&path::new_recommendation(&plan.slug), html! {
            (inputs(record, fields, errors))
            (button_group([submit("Add recommendation", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
    };
    Sheet::new(["Add a recommendation", &plan.title], content)
        .back(&back, "Back to the plan")
        .rejected(!errors.is_empty())
}

/// `version` is the state that the writer saw; after a clash, the one that they have now been shown.
fn edit_sheet(
    record: &Record,
    now: &Recommendation,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Sheet {
    let plan = &record.plan;
    let back = path::plan(&plan.slug);
    let name = named(now);
    let content = html! {
        (Inputs::new(errors).summary())
        h1 { span class="caption" { (plan.title) } "Edit recommendation " (name) }
        @match clash {
            Some(both) => (both),
            None => (inset(html! {
                p { (record.words.say("These are the {panel’s} words. Once they are agreed, record a variation instead of changing them here: the old wording then stays beside the new.")) }
                p { a href=(path::new_variation(now.id)) { "Record a variation" } }
            })),
        }
        (post(&path::edit_recommendation(now.id), html! {
            (hidden("version", version))
            (inputs(record, fields, errors))
            (button_group([submit("Save recommendation", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
    };
    Sheet::new([format!("Edit recommendation {name}"), plan.title.clone()], content)
        .back(&back, "Back to the plan")
        .rejected(!errors.is_empty())
}

fn named(one: &Recommendation) -> String {
    one.reference.clone().unwrap_or_else(|| text::short_title(&one.text))
}

fn inputs(record: &Record, fields: &Fields, errors: &[FieldError]) -> Markup {
    let (f, words) = (Inputs::new(errors), &record.words);
    let due = one_day(fields.raw("sent_on")).ok().and_then(due_on);
    let choices = std::iter::once(Choice::new("", "None yet"))
        .chain(Response::ALL.iter().map(|r| Choice::new(r.code(), r.words())));
    html! {
        (f.text("printed", "Printed reference", fields.raw("printed")).optional().width(Width::W10).spellcheck(false)
            .hint("As the report prints it, for example Aiii or 4"))
        (f.text("reference", "Full reference", fields.raw("reference")).optional().width(Width::W10).spellcheck(false)
            .hint("Leave empty to have it worked out: a bare “ii” after “I” becomes I-ii"))
        (f.textarea("text", "Recommendation", fields.raw("text")).rows(6).limit(LONG_TEXT).hint(words.say("In the {panel’s} words")))
        (fieldset(&words.say("{Executive} response"), html! {
            (f.text("sent_on", words.say("Sent to the {executive} on"), fields.raw("sent_on")).optional().width(Width::W20)
                .hint(match due {
                    Some(due) => format!("The response is due by {}, two months after it was sent", text::day(due)),
                    None => match record.plan.sent_on {
                        Some(on) => format!("The response is due two months after this day. Leave empty for the plan’s: {}", text::day(on)),
                        None => "The response is due two months after this day".to_owned(),
                    },
                }))
            (f.select("response", "Response", fields.raw("response"), choices).width(Width::W20))
            (f.text("response_on", "Day of the response", fields.raw("response_on")).optional().width(Width::W20)
                .hint("For example 5 September 2017"))
            (f.textarea("response_text", "Reasons", fields.raw("response_text")).optional().limit(LONG_TEXT)
                .hint("Needed where it is rejected or noted: they stand in the table, and no rating does"))
        }))
    }
}
