//! The form of an action, as people see it.

use maud::{Markup, html};

use super::{Offer, POSTS, by_when, by_when::ByWhen, has_date};
use crate::{
    domain::{
        action::{Action, Recommendation, ResourceKind},
        deadline::YearBasis,
        text,
    },
    link::path,
    web::{
        form::{Fields, LONG_TEXT},
        sheet::Sheet,
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{Choice, FieldError, Inputs, Width, fieldset, post},
            kit::{Link, details, inset},
        },
    },
};

/// What was typed, what is wrong with it, and how its deadline was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form<'a> {
    pub(super) fields: &'a Fields,
    pub(super) errors: &'a [FieldError],
    pub(super) by_when: Option<&'a ByWhen>,
}

/// What the form is about.
#[derive(Debug)]
pub(super) enum Subject<'a> {
    New,
    Edit {
        now: &'a Action,
        /// The state that the writer saw; after a clash, the one that they have now been shown.
        version: &'a str,
        /// Both texts, where somebody else saved in between.
        clash: Option<Markup>,
    },
}

/// The page.
pub(super) fn sheet(offer: &Offer, form: &Form<'_>, subject: Subject<'_>) -> Sheet {
    let plan = &offer.record.plan;
    let (title, action, back, button) = match &subject {
        Subject::New => {
            let back = (path::plan(&plan.slug), "Back to the plan".to_owned());
            ("Add an action".to_owned(), path::new_action(&plan.slug), back, "Add action")
        }
        Subject::Edit { now, .. } => {
            let back = (path::action(now.id), format!("Back to {}", now.label));
            (format!("Edit {}", now.label), path::edit_action(now.id), back, "Save action")
        }
    };
    let content = html! {
        (Inputs::new(form.errors).summary())
        h1 { span class="caption" { (plan.title) } (title) }
        @if let Subject::Edit { clash: Some(both), .. } = &subject { (both) }
        (post(&action, html! {
            @if let Subject::Edit { version, .. } = &subject { (hidden("version", version)) }
            (inputs(offer, form, &subject))
            (button_group([submit(button, Kind::Primary), html! { (Link::new(&back.0, "Cancel")) }]))
        }))
    };
    Sheet::new([title, plan.title.clone()], content).back(&back.0, &back.1).rejected(!form.errors.is_empty())
}

fn inputs(offer: &Offer, form: &Form<'_>, subject: &Subject<'_>) -> Markup {
    let f = Inputs::new(form.errors);
    let raw = |name| form.fields.raw(name);
    let none = std::iter::once(Choice::new("", "None"));
    let recommendations = offer.record.recommendations.iter();
    let recommendations =
        none.chain(recommendations.map(|r| Choice::new(r.id.to_string(), recommendation_label(r))));
    html! {
        (f.select("recommendation", "Recommendation that it answers", raw("recommendation"), recommendations))
        (f.textarea("text", "Action", raw("text")).rows(6).limit(LONG_TEXT).hint("What will be done, in the officers’ words"))
        (f.text("short_title", "Short title", raw("short_title")).optional()
            .hint("For lists and mails. Without one, the first words of the action stand there"))
        @match subject {
            Subject::Edit { now, .. } if has_date(now) => (dated(now)),
            _ => (by_when(offer, form)),
        }
        (leads(offer, form))
        (resource(form))
        (f.text("themes", "Themes", raw("themes")).optional().hint("Separate them with commas, for example schools, training"))
    }
}

/// A deadline with a date is a fact here.
fn dated(now: &Action) -> Markup {
    let wording = now.original().map_or("", |o| o.wording.as_str());
    inset(html! {
        p { strong { "By when: " } (wording) }
        p { "The date first agreed is never overwritten. " a href=(path::new_deadline(now.id)) { "Change the deadline" } }
    })
}

fn by_when(offer: &Offer, form: &Form<'_>) -> Markup {
    let f = Inputs::new(form.errors);
    let years = match offer.record.plan.years {
        YearBasis::Financial => "In this plan Q3 and 2025-26 are of financial years, April to March.",
        YearBasis::Calendar => "In this plan Q3 and 2025-26 are of calendar years, January to December.",
    };
    html! {
        (f.text(by_when::FIELD, "By when?", form.fields.raw(by_when::FIELD)).optional().width(Width::W20)
            .hint(format!("As you would write it: 31 March 2018, March 2018, End of July 2018, Q3 2019, Ongoing. {years}")))
        @if let Some(by_when) = form.by_when { (by_when.shown_back(form.fields, form.errors)) }
    }
}

fn leads(offer: &Offer, form: &Form<'_>) -> Markup {
    let f = Inputs::new(form.errors);
    let raw = |name| form.fields.raw(name);
    let posts = || {
        let posts = offer.record.posts.iter().map(|p| Choice::new(p.id.to_string(), &p.name));
        std::iter::once(Choice::new("", "None")).chain(posts)
    };
    // Whoever is chosen already stays on offer, or saving the form would take them away unasked.
    let contributing: Vec<&str> = form.fields.all("contributor").collect();
    let chosen = |id: &str| contributing.contains(&id) || raw("person") == id;
    let people: Vec<(String, &str)> = offer
        .people
        .iter()
        .map(|a| (a.person.id.to_string(), a))
        .filter(|(id, a)| a.person.active || chosen(id))
        .map(|(id, a)| (id, a.person.name.as_str()))
        .collect();
    let offered = || people.iter().map(|(id, name)| Choice::new(id.as_str(), name));
    let rooms = POSTS.into_iter().zip(["Post", "Second post, jointly", "Third post, jointly"]);
    fieldset(
        "Lead",
        html! {
            (f.text("lead_wording", "Lead, as the plan says it", raw("lead_wording")).optional()
                .hint("For example MAP Coordinator, or N/A. Left empty, the names below stand there"))
            @for (name, label) in rooms {
                @let field = f.select(name, label, raw(name), posts()).width(Width::W20);
                @if name == POSTS[0] { (field.hint("Mail goes to whoever holds the post on that day. One update is enough for a joint action")) }
                @else { (field.optional()) }
            }
            (f.text("named", "Person named beside the post", raw("named")).optional().width(Width::W20)
                .hint("Where the plan names one. It stays in the wording, whoever holds the post later"))
            (details("A lead without a post here", html! {
                (f.select("person", "A person", raw("person"), std::iter::once(Choice::new("", "None")).chain(offered())).width(Width::W20))
                (f.text("outside", "A body outside the council", raw("outside")).optional()
                    .hint("It has no account here: the plan’s manager is asked instead"))
            }))
            @if !people.is_empty() {
                (f.checkboxes("contributor", "Contributors", contributing.iter().copied(), offered()).optional()
                    .hint("People who can write updates for the lead"))
            }
        },
    )
}

fn resource(form: &Form<'_>) -> Markup {
    let f = Inputs::new(form.errors);
    let raw = |name| form.fields.raw(name);
    let kinds = std::iter::once(Choice::new("", "Not said"))
        .chain(ResourceKind::ALL.iter().map(|k| Choice::new(k.code(), k.words())));
    fieldset(
        "Resource required",
        html! {
            (f.text("resource", "As the plan says it", raw("resource")).optional().hint("For example Managed within existing budget"))
            (f.select("resource_kind", "Kind", raw("resource_kind"), kinds).width(Width::W20))
            (f.text("resource_amount", "Amount", raw("resource_amount")).optional().width(Width::W10).prefix("£").inputmode("decimal"))
        },
    )
}

/// "Aiii: That children and young people be…"
fn recommendation_label(one: &Recommendation) -> String {
    let words = text::short_title(&one.text);
    one.reference.as_ref().map_or_else(|| words.clone(), |reference| format!("{reference}: {words}"))
}

/// The fields that two people can have written differently.
pub(super) fn labels(now: &Action) -> Vec<(&'static str, &'static str)> {
    let mut labels = vec![
        ("recommendation", "Recommendation"),
        ("text", "Action"),
        ("short_title", "Short title"),
        ("lead_wording", "Lead"),
        (POSTS[0], "Post"),
        (POSTS[1], "Second post"),
        (POSTS[2], "Third post"),
        ("named", "Person named"),
        ("person", "Person without a post"),
        ("outside", "Body outside"),
        ("contributor", "Contributors"),
        ("resource", "Resource required"),
        ("resource_kind", "Kind of resource"),
        ("resource_amount", "Amount in pounds"),
        ("themes", "Themes"),
    ];
    if !has_date(now) {
        labels.insert(3, (by_when::FIELD, "By when"));
    }
    labels
}

/// What a field holds, as people read it.
pub(super) fn said(offer: &Offer, name: &str, value: &str) -> String {
    let post = |id: &str| offer.record.posts.iter().find(|p| p.id.to_string() == id).map(|p| p.name.clone());
    let person =
        |id: &str| offer.people.iter().find(|a| a.person.id.to_string() == id).map(|a| a.person.name.clone());
    let recommendation = |id: &str| {
        offer.record.recommendations.iter().find(|r| r.id.to_string() == id).map(recommendation_label)
    };
    let known = match name {
        "recommendation" => recommendation(value),
        name if POSTS.contains(&name) => post(value),
        "person" | "contributor" => person(value),
        "resource_kind" => ResourceKind::from_code(value).map(|k| k.words().to_owned()),
        _ => Some(value.to_owned()),
    };
    known.unwrap_or_default()
}
