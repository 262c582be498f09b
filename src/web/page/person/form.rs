//! The form of a person: adding, and changing name, address and roles.
//!
//! Roles for all plans are boxes to tick. A role for one plan is a row of two lists, `role_1` and `plan_1`, `role_2` and
//! `plan_2` and so on; rows that are left empty are nothing.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::{find, known_plans};
use crate::{
    command::{
        CommandError,
        link::grants_to_give,
        person::{self, PersonDraft},
    },
    domain::{
        access::{Actor, Grant, Role},
        id::{PersonId, PlanId},
        text,
        words::Words,
    },
    link::path,
    store::person::Account,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, Reader},
        guard::Me,
        page::both::both,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{Choice, FieldError, Inputs, Width, fieldset, post},
            kit::Link,
        },
    },
};

/// The form's fields by their labels.
const LABELS: [(&str, &str); 4] = [
    ("name", "Name"),
    ("email", "Email address"),
    ("roles", "In all plans"),
    ("in_plan", "In one plan only"),
];

/// Rows that wait to be filled in, below those that are.
const EMPTY_ROWS: usize = 2;
/// The most rows that are read.
const MOST_ROWS: usize = 100;

/// What the writer can let somebody be.
struct Offer {
    /// For all plans.
    everywhere: Vec<Role>,
    /// For one plan.
    by_plan: Vec<Role>,
    /// Those plans, by title.
    plans: Vec<(PlanId, String)>,
}

impl Offer {
    async fn of(app: &App, actor: &Actor) -> Result<Self, WebError> {
        let given = grants_to_give(actor);
        let mut plans: Vec<_> = known_plans(app, actor).await?.into_iter().collect();
        plans.sort_by_cached_key(|(_, title)| title.to_lowercase());
        let by_plan = |role: &&Role| role.is_by_plan() && given.iter().any(|grant| grant.role == **role);
        Ok(Self {
            everywhere: given.iter().filter(|grant| grant.plan.is_none()).map(|grant| grant.role).collect(),
            by_plan: Role::GRANTED.iter().filter(by_plan).copied().collect(),
            plans,
        })
    }

    fn title(&self, id: PlanId) -> &str {
        self.plans.iter().find(|(plan, _)| *plan == id).map_or("a plan", |(_, title)| title)
    }
}

pub(in crate::web) async fn new(State(app): State<App>, Me(actor): Me) -> Result<Sheet, WebError> {
    let offer = Offer::of(&app, &actor).await?;
    Ok(sheet(&app, &offer, None, "", &Fields::default(), &[], None))
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    let offer = Offer::of(&app, &actor).await?;
    let draft = match parse(&offer, &fields) {
        Ok(draft) => draft,
        Err(errors) => return Ok(sheet(&app, &offer, None, "", &fields, &errors, None).into_response()),
    };
    let local = app.ways_in.local;
    let added = if local {
        person::add_and_invite(&app.cx, &actor, &draft).await
    } else {
        person::create(&app.cx, &actor, &draft).await
    };
    match added {
        Ok(id) => {
            let (name, email) = (&draft.name, draft.email.to_lowercase());
            let done = if local {
                format!("{name} has been added, and an invitation is on its way to {email}")
            } else {
                format!("{name} has been added, and signs in with the council account of {email}")
            };
            Ok(Redirect::to(path::person(id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            let wrong = [FieldError::new(field, message)];
            Ok(sheet(&app, &offer, None, "", &fields, &wrong, None).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn edit(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let version = account.version.to_string();
    let offer = Offer::of(&app, &actor).await?;
    Ok(sheet(&app, &offer, Some(&account), &version, &fields_of(&account), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let (id, seen) = (account.person.id, fields.raw("version"));
    let offer = Offer::of(&app, &actor).await?;
    let draft = match parse(&offer, &fields) {
        Ok(draft) => draft,
        Err(errors) => {
            return Ok(sheet(&app, &offer, Some(&account), seen, &fields, &errors, None).into_response());
        }
    };
    match person::edit(&app.cx, &actor, id, seen.parse().unwrap_or(0), &draft).await {
        Ok(()) => {
            let done = format!("{} saved", draft.name);
            Ok(Redirect::to(path::person(id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            let wrong = [FieldError::new(field, message)];
            Ok(sheet(&app, &offer, Some(&account), seen, &fields, &wrong, None).into_response())
        }
        Err(CommandError::Stale) => {
            let saved = find(&app, id).await?;
            let words = app.cx.words();
            let side = |fields: &Fields| as_read(&words, &offer, fields);
            let both = both(&side(&fields_of(&saved)), &side(&fields), &LABELS, |_, value| value.to_owned());
            let version = saved.version.to_string();
            let sheet = sheet(&app, &offer, Some(&saved), &version, &fields, &[], Some(both));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn fields_of(account: &Account) -> Fields {
    let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut pairs = vec![one("name", &account.person.name), one("email", &account.person.email)];
    let mut row = 0;
    for Grant { role, plan } in &account.grants {
        match plan {
            None => pairs.push(one("roles", role.code())),
            Some(plan) => {
                row += 1;
                pairs.push((role_at(row), role.code().to_owned()));
                pairs.push((plan_at(row), plan.to_string()));
            }
        }
    }
    Fields::of(pairs)
}

fn role_at(row: usize) -> String {
    format!("role_{row}")
}

fn plan_at(row: usize) -> String {
    format!("plan_{row}")
}

/// The rows in which anything was chosen.
fn chosen_rows(fields: &Fields) -> impl DoubleEndedIterator<Item = usize> {
    let chosen =
        |row: &usize| !(fields.raw(&role_at(*row)).is_empty() && fields.raw(&plan_at(*row)).is_empty());
    (1..=MOST_ROWS).filter(chosen)
}

/// A form as people read it, to be laid beside another.
fn as_read(words: &Words, offer: &Offer, fields: &Fields) -> Fields {
    let word = |code: &str| Role::from_code(code).map_or(code.to_owned(), |role| role.word(words));
    let mut pairs = ["name", "email"].map(|name| (name, fields.raw(name).to_owned())).to_vec();
    pairs.extend(fields.all("roles").map(|code| ("roles", word(code))));
    pairs.extend(chosen_rows(fields).map(|row| {
        let plan = fields.raw(&plan_at(row)).parse().map_or("a plan", |id| offer.title(PlanId(id)));
        ("in_plan", format!("{} of {plan}", word(fields.raw(&role_at(row)))))
    }));
    Fields::of(pairs)
}

fn parse(offer: &Offer, fields: &Fields) -> Result<PersonDraft, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let name = reader.required("name", LINE, "Enter a name: the person’s, or that of their post");
    let email = reader.address("email", "Enter an email address");
    // A role that the writer can't give is not in the lists, so nobody who chooses from them sends one.
    let ticked = |role: &Role| fields.all("roles").any(|code| code == role.code());
    let mut grants: Vec<Grant> =
        offer.everywhere.iter().copied().filter(ticked).map(Grant::everywhere).collect();
    let mut wrong = false;
    for row in chosen_rows(fields) {
        let role = offer.by_plan.iter().find(|role| role.code() == fields.raw(&role_at(row)));
        let plan = offer.plans.iter().find(|(id, _)| id.to_string() == fields.raw(&plan_at(row)));
        match (role, plan) {
            (Some(role), Some((plan, _))) => grants.push(Grant { role: *role, plan: Some(*plan) }),
            (Some(_), None) => {
                reader.wrong(plan_at(row), "Choose the plan for this role, or leave both lists empty")
            }
            (None, _) => reader.wrong(role_at(row), "Choose a role for this plan, or leave both lists empty"),
        }
        wrong |= role.is_none() || plan.is_none();
    }
    grants.sort_unstable();
    grants.dedup();
    if grants.is_empty() && !wrong {
        let first = if offer.everywhere.is_empty() { role_at(1) } else { "roles".to_owned() };
        reader.wrong(first, "Choose at least one: what this person may do here");
    }
    reader.finish(PersonDraft { name, email, grants })
}

/// `version` is the state that the writer saw; after a clash, the one that they have now been shown.
fn sheet(
    app: &App,
    offer: &Offer,
    account: Option<&Account>,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Sheet {
    let f = Inputs::new(errors);
    let content = |title: &str, action: &str, back: &str, button: &str| {
        html! {
            (f.summary())
            h1 {
                @if let Some(account) = account { span class="caption" { (account.person.name) } " " }
                (title)
            }
            @if let Some(both) = &clash { (both) }
            (post(action, html! {
                (hidden("version", version))
                (inputs(&app.cx.words(), offer, account, fields, f))
                (button_group([submit(button, Kind::Primary), html! { (Link::new(back, "Cancel")) }]))
            }))
        }
    };
    let people = Route::People.path();
    match account {
        None => {
            let content = content("Add a person", Route::NewPerson.path(), people, "Add and invite");
            Sheet::new(["Add a person", "People"], content).crumbs([(people, "People")])
        }
        Some(Account { person, .. }) => {
            let (title, back) = ("Change name, address or roles", path::person(person.id));
            let content = content(title, &path::edit_person(person.id), &back, "Save");
            Sheet::new([title, &person.name, "People"], content)
                .crumbs([(people, "People"), (back.as_str(), person.name.as_str())])
        }
    }
    .rejected(f.rejected())
}

fn inputs(words: &Words, offer: &Offer, account: Option<&Account>, fields: &Fields, f: Inputs<'_>) -> Markup {
    let choices = offer.everywhere.iter().map(|role| {
        Choice::new(role.code(), role.word(words)).hint(text::initial_capital(&role.meaning(words)))
    });
    let about_email = match account {
        None => "We send the invitation there: a link that works once, for 7 days.",
        Some(_) => {
            "To sign in with, and for mail. Where it changes, the old address is told, and links sent there stop working."
        }
    };
    html! {
        (f.text("name", "Name", fields.raw("name")).autocomplete("off").width(Width::W20))
        (f.email("email", "Email address", fields.raw("email")).autocomplete("off").width(Width::W20).hint(about_email))
        @if !offer.everywhere.is_empty() {
            (f.checkboxes("roles", "What may this person do here, in all plans?", fields.all("roles"), choices))
        }
        @if !offer.plans.is_empty() {
            (fieldset("In one plan only", rows(words, offer, fields, f)))
        }
        @if offer.by_plan.len() + 1 < Role::GRANTED.len() {
            p { "For anybody who is to be something else, ask an administrator." }
        }
    }
}

fn rows(words: &Words, offer: &Offer, fields: &Fields, f: Inputs<'_>) -> Markup {
    html! {
        @for row in 1..=(chosen_rows(fields).last().unwrap_or(0) + EMPTY_ROWS).min(MOST_ROWS) {
            @let (role, plan) = (role_at(row), plan_at(row));
            @let roles = offer.by_plan.iter().map(|role| Choice::new(role.code(), role.word(words)));
            @let plans = offer.plans.iter().map(|(id, title)| Choice::new(id.to_string(), title));
            div class="beside" {
                (f.select(&role, format!("Role {row}"), fields.raw(&role), [Choice::new("", "None")].into_iter().chain(roles)))
                (f.select(&plan, format!("Plan for role {row}"), fields.raw(&plan), [Choice::new("", "None")].into_iter().chain(plans)).width(Width::W20))
            }
        }
        p class="hint" { "For more, save these and open this page again." }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: PlanId = PlanId(7);

    fn parsed(typed: &[(&str, &str)]) -> Result<Vec<Grant>, Vec<(String, String)>> {
        let offer = Offer {
            everywhere: Role::GRANTED.to_vec(),
            by_plan: vec![Role::Lead],
            plans: vec![(PLAN, "Homes".to_owned())],
        };
        let fields =
            Fields::of([("name", "A"), ("email", "a@b.uk")].into_iter().chain(typed.iter().copied()));
        parse(&offer, &fields)
            .map(|draft| draft.grants)
            .map_err(|errors| errors.into_iter().map(|e| (e.field.into_owned(), e.message)).collect())
    }

    #[test]
    fn a_role_ticked_twice_is_one_role() {
        let typed = [("roles", "lead"), ("roles", "lead"), ("roles", "king")];
        assert_eq!(parsed(&typed), Ok(vec![Grant::everywhere(Role::Lead)]));
    }

    #[test]
    fn a_role_for_one_plan_is_not_one_for_all() {
        let typed = [("role_1", ""), ("plan_1", ""), ("role_2", "lead"), ("plan_2", "7")];
        let one = Grant { role: Role::Lead, plan: Some(PLAN) };
        assert_eq!(parsed(&typed), Ok(vec![one]));
        assert_eq!(
            parsed(&[("role_1", "lead"), ("plan_1", "7"), ("role_2", "lead"), ("plan_2", "7")]),
            Ok(vec![one])
        );
    }

    #[test]
    fn what_cannot_be_given_and_half_a_row_are_refused_where_they_stand() {
        let at = |typed: &[(&str, &str)]| parsed(typed).unwrap_err().remove(0).0;
        assert_eq!(at(&[("role_1", "lead"), ("plan_1", "")]), "plan_1");
        assert_eq!(at(&[("role_1", "lead"), ("plan_1", "8")]), "plan_1");
        assert_eq!(at(&[("role_1", ""), ("plan_1", "7")]), "role_1");
        assert_eq!(at(&[("role_3", "administrator"), ("plan_3", "7")]), "role_3");
        assert_eq!(at(&[]), "roles");
    }
}
