//! Recording that a recommendation's words were varied: the old ones stay beside the new.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use maud::html;

use super::{named, of_recommendation};
use crate::{
    command::{self, CommandError},
    domain::{action::Recommendation, agenda, id::RecommendationId, plan::Record, text},
    link::path,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, LONG_TEXT, Reader},
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::{FieldError, Inputs, Width, post},
            kit::{Link, inset, paragraphs},
        },
    },
};

pub(in crate::web) async fn new_variation(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let id = RecommendationId(id);
    let record = of_recommendation(&app, &actor, id).await?;
    let now = record.recommendation(id).ok_or(WebError::NotFound)?;
    let words = agenda::wording(&record, now, app.cx.clock.today());
    Ok(variation_sheet(&record, now, &Fields::of([("was", words), ("now", words)]), &[]))
}

pub(in crate::web) async fn vary(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = RecommendationId(id);
    let record = of_recommendation(&app, &actor, id).await?;
    let one = record.recommendation(id).ok_or(WebError::NotFound)?;
    let mut read = Reader::new(&fields);
    let was = read.required("was", LONG_TEXT, "Enter the words as they were");
    let now = read.required("now", LONG_TEXT, "Enter the words as they are now");
    if !was.is_empty() && text::fold(&was) == text::fold(&now) {
        read.wrong("now", "Change the wording: it is the same as before");
    }
    let agreed_by = read.required("agreed_by", LINE, "Enter who agreed to it");
    let agreed_on = read.day("agreed_on");
    if let Err(errors) = read.finish(()) {
        return Ok(variation_sheet(&record, one, &fields, &errors).into_response());
    }
    let done = Redirect::to(path::plan(&record.plan.slug))
        .saying(format!("Variation of recommendation {} recorded", named(one)));
    // A double click, or the back button: the same words are not recorded twice, but where the panel has refused them since.
    let last = agenda::variations(&record, one, app.cx.clock.today()).next_back();
    if last.is_some_and(|v| v.variation.was == was && v.variation.now == now && !v.is_refused()) {
        return Ok(done.into_response());
    }
    match command::plan::vary(&app.cx, &actor, id, &was, &now, &agreed_by, agreed_on).await {
        Ok(()) => Ok(done.into_response()),
        Err(CommandError::Refused { field, message }) => {
            Ok(variation_sheet(&record, one, &fields, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn variation_sheet(record: &Record, one: &Recommendation, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let f = Inputs::new(errors);
    let plan = &record.plan;
    let back = path::plan(&plan.slug);
    let name = named(one);
    let content = html! {
        (f.summary())
        h1 { span class="caption" { (plan.title) } "Record a variation of recommendation " (name) }
        (inset(paragraphs(&one.text)))
        p { "The old wording stays in the table beside the new one. Leave in both boxes only the words that changed, if you like." }
        (post(&path::new_variation(one.id), html! {
            (f.textarea("was", "Wording as it was", fields.raw("was")).limit(LONG_TEXT))
            (f.textarea("now", "Wording as it is now", fields.raw("now")).limit(LONG_TEXT))
            (f.text("agreed_by", "Who agreed to it?", fields.raw("agreed_by")).hint("The body or the post, with the minute if there is one"))
            (f.text("agreed_on", "When?", fields.raw("agreed_on")).optional().width(Width::W20).hint("For example 7 December 2017"))
            (button_group([submit("Record variation", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
    };
    Sheet::new([format!("Variation of recommendation {name}"), plan.title.clone()], content)
        .back(&back, "Back to the plan")
        .rejected(!errors.is_empty())
}
