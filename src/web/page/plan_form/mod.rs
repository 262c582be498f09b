//! Making and editing a plan.
//!
//! `read` turns the form into a draft, `key` is its RAG key, `end` the end of monitoring, `public` what is asked before anyone
//! can read it. Never decides who may.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, html};

use super::{both::both, plan::record_for};
use crate::{
    command::{self, CommandError},
    domain::{
        access::{Actor, Permission},
        deadline::YearBasis,
        plan::{Plan, PlanKind},
        post::Post,
        rating::RagKey,
        text,
        words::Words,
    },
    link::path,
    store::{self, record::Depth},
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
            form::{Choice, FieldError, Inputs, Width, fieldset, post},
            kit::{Link, empty, warning_text},
        },
    },
};

mod end;
mod key;
mod public;
mod read;

pub(in crate::web) use end::{end, new_end};

const FINANCIAL: &str = "financial";
const CALENDAR: &str = "calendar";

/// The fields that two people can have written differently, but for the key's.
const LABELS: [(&str, &str); 19] = [
    ("title", "Title"),
    ("slug", "Name in the address"),
    ("kind", "Kind"),
    ("panel", "{Panel}"),
    ("origin_report", "Report"),
    ("origin_on", "Date of the report"),
    ("sent_on", "Sent to the {executive} on"),
    ("agreed_by", "Agreed by"),
    ("agreed_on", "Agreed on"),
    ("director", "Accountable director"),
    ("executive_member", "{Executive} member"),
    ("manager", "Manager"),
    ("panel_grants_dates", "The {panel} grants later dates"),
    ("panel_confirms_completion", "The {panel} agrees completions"),
    ("live_to_panel", "Live to the {panel}"),
    ("manager_looks_first", "A manager looks at updates first"),
    ("public", "Public"),
    ("years", "Quarters and years"),
    ("source", "Source"),
];

pub(in crate::web) async fn new(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    let posts = store::record::posts(&app.cx.store).await?;
    let words = &app.cx.words();
    Ok(new_sheet(&posts, words, &fields_for_new(&actor), &[]))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    let posts = store::record::posts(&app.cx.store).await?;
    let words = &app.cx.words();
    let draft = match read::draft(&fields, &posts) {
        Ok(draft) => draft,
        Err(errors) => return Ok(new_sheet(&posts, words, &fields, &errors).into_response()),
    };
    match command::plan::create(&app.cx, &actor, &draft).await {
        Ok(_) => Ok(Redirect::to(path::plan(&draft.slug))
            .saying(words.say("Plan made. Next, add the {panel’s} recommendations"))
            .into_response()),
        Err(CommandError::Refused { field, message }) => {
            Ok(new_sheet(&posts, words, &fields, &[FieldError::new(field, message)]).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
) -> Result<Sheet, WebError> {
    let (plan, posts) = load(&app, &actor, &slug).await?;
    let words = &app.cx.words();
    Ok(edit_sheet(&plan, &posts, words, &plan.version.to_string(), &fields_of(&plan), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    fields: Fields,
) -> Result<Response, WebError> {
    let (plan, posts) = load(&app, &actor, &slug).await?;
    let words = &app.cx.words();
    let seen = fields.raw("version");
    if !fields.raw(public::FORM).is_empty() {
        return Ok(edit_sheet(&plan, &posts, words, seen, &fields, &[], None).into_response());
    }
    let draft = match read::draft(&fields, &posts) {
        Ok(draft) => draft,
        Err(errors) => {
            return Ok(edit_sheet(&plan, &posts, words, seen, &fields, &errors, None).into_response());
        }
    };
    if draft.public && !plan.public && !fields.ticked(public::ASKED) {
        return Ok(public::page(&app, &actor, &plan, &fields).await?.into_response());
    }
    match command::plan::edit(&app.cx, &actor, plan.id, seen.parse().unwrap_or(0), &draft).await {
        Ok(()) => Ok(Redirect::to(path::plan(&draft.slug)).saying("Plan saved").into_response()),
        Err(CommandError::Refused { field, message }) => {
            let errors = [FieldError::new(field, message)];
            Ok(edit_sheet(&plan, &posts, words, seen, &fields, &errors, None).into_response())
        }
        Err(CommandError::Stale) => {
            let (plan, posts) = load(&app, &actor, &slug).await?;
            let own = LABELS.map(|(name, label)| (name, words.say(label)));
            let mut labels: Vec<_> = own.iter().map(|(name, label)| (*name, label.as_str())).collect();
            labels.extend(key::labels());
            let both = both(&fields_of(&plan), &fields, &labels, |name, value| said(&posts, name, value));
            let version = plan.version.to_string();
            let sheet = edit_sheet(&plan, &posts, words, &version, &fields, &[], Some(both));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn load(app: &App, actor: &Actor, slug: &str) -> Result<(Plan, Arc<Vec<Post>>), WebError> {
    let record = record_for(app, actor, slug, Permission::EditPlans, Depth::Current).await?;
    Ok((record.plan, record.posts))
}

/// What a field holds, as people read it.
fn said(posts: &[Post], name: &str, value: &str) -> String {
    match name {
        "manager" => posts.iter().find(|p| p.id.to_string() == value).map_or("", |p| &p.name).to_owned(),
        "kind" => PlanKind::from_code(value).map_or("", PlanKind::words).to_owned(),
        "years" if value == CALENDAR => "January to December".to_owned(),
        "years" => "April to March".to_owned(),
        _ => value.to_owned(),
    }
}

fn fields_for_new(actor: &Actor) -> Fields {
    let mut fields = key::fields_of(&RagKey::standard());
    fields.push(("years", FINANCIAL.to_owned()));
    fields.push(("kind", PlanKind::ScrutinyReview.code().to_owned()));
    if let [only] = actor.posts.as_slice() {
        fields.push(("manager", only.to_string()));
    }
    Fields::of(fields)
}

fn fields_of(plan: &Plan) -> Fields {
    let words = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |day: Option<NaiveDate>| day.map(text::day).unwrap_or_default();
    let years = match plan.years {
        YearBasis::Financial => FINANCIAL,
        YearBasis::Calendar => CALENDAR,
    };
    let mut fields = vec![
        ("title", plan.title.clone()),
        ("slug", plan.slug.clone()),
        ("kind", plan.kind.code().to_owned()),
        ("panel", words(&plan.panel)),
        ("origin_report", words(&plan.origin_report)),
        ("origin_on", day(plan.origin_on)),
        ("agreed_by", words(&plan.agreed_by)),
        ("agreed_on", day(plan.agreed_on)),
        ("sent_on", day(plan.sent_on)),
        ("director", words(&plan.director)),
        ("executive_member", words(&plan.executive_member)),
        ("manager", plan.manager.to_string()),
        ("years", years.to_owned()),
        ("source", words(&plan.source)),
    ];
    let ticks = [
        ("panel_grants_dates", plan.panel_grants_dates),
        ("panel_confirms_completion", plan.panel_confirms_completion),
        ("live_to_panel", plan.live_to_panel),
        ("manager_looks_first", plan.manager_looks_first),
        ("public", plan.public),
    ];
    fields.extend(ticks.into_iter().filter(|(_, yes)| *yes).map(|(name, _)| (name, "yes".to_owned())));
    fields.extend(key::fields_of(&plan.key));
    Fields::of(fields)
}

fn new_sheet(posts: &[Post], words: &Words, fields: &Fields, errors: &[FieldError]) -> Sheet {
    let content = html! {
        (Inputs::new(errors).summary())
        h1 { "New plan" }
        @if posts.is_empty() {
            (empty("Add a post first", "Every plan has a post that manages it.", Some(Link::new(Route::NewPost.path(), "Add a post"))))
        } @else {
            (post(Route::NewPlan.path(), html! {
                (inputs(posts, words, fields, errors))
                (button_group([submit("Make plan", Kind::Primary), html! { (Link::new(path::PLANS, "Cancel")) }]))
            }))
        }
    };
    Sheet::new(["New plan"], content).back(path::PLANS, "Back to the plans").rejected(!errors.is_empty())
}

/// `version` is the state that the writer saw; after a clash, the one that they have now been shown.
fn edit_sheet(
    plan: &Plan,
    posts: &[Post],
    words: &Words,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Sheet {
    let back = path::plan(&plan.slug);
    let content = html! {
        (Inputs::new(errors).summary())
        h1 { span class="caption" { (plan.title) } "Edit plan" }
        @if let Some(both) = clash { (both) }
        (post(&path::edit_plan(&plan.slug), html! {
            (hidden("version", version))
            (inputs(posts, words, fields, errors))
            (button_group([submit("Save plan", Kind::Primary), html! { (Link::new(&back, "Cancel")) }]))
        }))
    };
    Sheet::new(["Edit plan", &plan.title], content)
        .back(&back, "Back to the plan")
        .rejected(!errors.is_empty())
}

fn inputs(posts: &[Post], words: &Words, fields: &Fields, errors: &[FieldError]) -> Markup {
    let f = Inputs::new(errors);
    let raw = |name| fields.raw(name);
    let choose = std::iter::once(Choice::new("", "Choose a post"));
    let posts = choose.chain(posts.iter().map(|p| Choice::new(p.id.to_string(), &p.name)));
    html! {
        (f.text("title", "Title", raw("title")))
        (f.text("slug", "Name in the address", raw("slug")).optional().width(Width::W20).spellcheck(false)
            .hint("Small letters, figures and hyphens. Leave empty to have it made from the title"))
        (f.radios("kind", "What kind of plan is it?", raw("kind"),
            PlanKind::ALL.iter().map(|k| Choice::new(k.code(), k.words()))))
        (fieldset("Where it comes from", html! {
            (f.text("panel", words.say("{Panel}"), raw("panel")).optional().hint("The panel, committee or commission that watches it"))
            (f.text("origin_report", "Report", raw("origin_report")).optional().hint("The report that the plan answers"))
            (f.text("origin_on", "Date of the report", raw("origin_on")).optional().width(Width::W20).hint("For example 19 July 2017"))
            (f.text("sent_on", words.say("Sent to the {executive} on"), raw("sent_on")).optional().width(Width::W20)
                .hint(words.say("The {executive’s} response is due two months after this day, and reminded of until it is there or the plan is agreed")))
            (f.text("agreed_by", "Agreed by", raw("agreed_by")).optional().hint("For example Executive or Cabinet"))
            (f.text("agreed_on", "Agreed on", raw("agreed_on")).optional().width(Width::W20)
                .hint("For example 5 September 2017. A deadline without a year is read as the next on or after this day"))
            (f.text("source", "Source", raw("source")).optional().hint("Where the plan’s text can be found"))
        }))
        (fieldset("Who answers for it", html! {
            (f.text("director", "Accountable director", raw("director")).optional().width(Width::W20))
            (f.text("executive_member", words.say("{Executive} member"), raw("executive_member")).optional().width(Width::W20))
            (f.select("manager", "Manager", raw("manager"), posts).width(Width::W20)
                .hint("The post that asks for updates, and is asked where nobody else can be reached"))
        }))
        (fieldset(&words.say("What the {panel} decides"), html! {
            (warning_text(words.say("Where one of these is not ticked, officers decide it without the {panel}. Agree that with the {panel} first; the change stands in the plan’s history.")))
            (f.checkbox("panel_grants_dates", words.say("The {panel} grants later dates"), fields.ticked("panel_grants_dates"))
                .hint("If not, officers may grant them"))
            (f.checkbox("panel_confirms_completion", words.say("The {panel} agrees completions"), fields.ticked("panel_confirms_completion"))
                .hint("Until then an action is “reported complete, not yet agreed”"))
        }))
        (fieldset("How it works", html! {
            (f.checkbox("live_to_panel", words.say("Live to the {panel}"), fields.ticked("live_to_panel"))
                .hint("Members read updates as soon as they are written. If not, they read them when their round is published"))
            (f.checkbox("manager_looks_first", "A manager looks at updates first", fields.ticked("manager_looks_first"))
                .hint("What a lead sends counts as received. It goes into the papers, and completes an action, once a manager has accepted it"))
            (f.checkbox("public", "Public", fields.ticked("public"))
                .hint("Anyone can read its published rounds without signing in: posts, and no names of people"))
            (f.radios("years", "What do “Q3” and “2025-26” mean?", raw("years"), [
                Choice::new(FINANCIAL, "Financial years, April to March").hint("Q3 2019 is October to December 2019"),
                Choice::new(CALENDAR, "Calendar years, January to December").hint("Q3 2019 is July to September 2019"),
            ]))
        }))
        (key::inputs(fields, errors))
    }
}
