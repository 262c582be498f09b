//! The form of a person: adding, and changing name, address and roles.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::{EMAIL, find};
use crate::{
    command::{
        CommandError,
        link::grants_to_give,
        person::{self, PersonDraft},
    },
    domain::{
        access::{Actor, Grant, Role},
        id::PersonId,
        text::{self, is_address},
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
            form::{Choice, FieldError, Inputs, Width, post},
            kit::Link,
        },
    },
};

/// The form's fields by their labels.
const LABELS: [(&str, &str); 3] = [("name", "Name"), ("email", "Email address"), ("roles", "Roles")];

pub(in crate::web) async fn new(State(app): State<App>, Me(actor): Me) -> Sheet {
    sheet(&app, &actor, None, "", &Fields::default(), &[], None)
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Response, WebError> {
    let draft = match parse(&actor, &fields) {
        Ok(draft) => draft,
        Err(errors) => return Ok(sheet(&app, &actor, None, "", &fields, &errors, None).into_response()),
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
            Ok(sheet(&app, &actor, None, "", &fields, &wrong, None).into_response())
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
    Ok(sheet(&app, &actor, Some(&account), &version, &fields_of(&account), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let (id, seen) = (account.person.id, fields.raw("version"));
    let draft = match parse(&actor, &fields) {
        Ok(draft) => draft,
        Err(errors) => {
            return Ok(sheet(&app, &actor, Some(&account), seen, &fields, &errors, None).into_response());
        }
    };
    match person::edit(&app.cx, &actor, id, seen.parse().unwrap_or(0), &draft).await {
        Ok(()) => {
            let done = format!("{} saved", draft.name);
            Ok(Redirect::to(path::person(id)).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            let wrong = [FieldError::new(field, message)];
            Ok(sheet(&app, &actor, Some(&account), seen, &fields, &wrong, None).into_response())
        }
        Err(CommandError::Stale) => {
            let saved = find(&app, id).await?;
            let both =
                both(&fields_of(&saved), &fields, &LABELS, |name, value| said(&app.cx.words(), name, value));
            let version = saved.version.to_string();
            let sheet = sheet(&app, &actor, Some(&saved), &version, &fields, &[], Some(both));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn fields_of(account: &Account) -> Fields {
    let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut pairs = vec![one("name", &account.person.name), one("email", &account.person.email)];
    pairs.extend(account.grants.iter().map(|grant| one("roles", grant.role.code())));
    Fields::of(pairs)
}

/// What a field's value is called, where two versions are shown side by side.
fn said(words: &Words, name: &str, value: &str) -> String {
    match name {
        "roles" => Role::from_code(value).map_or(value.to_owned(), |role| role.word(words)),
        _ => value.to_owned(),
    }
}

fn parse(actor: &Actor, fields: &Fields) -> Result<PersonDraft, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let name = reader.required("name", LINE, "Enter a name: the person’s, or that of their post");
    let email = reader.required("email", EMAIL, "Enter an email address");
    if !email.is_empty() && !is_address(&email) {
        reader.wrong("email", "Enter an email address in full, like name@example.org");
    }
    // A role that the writer can't give is not in the list, so nobody who ticks boxes sends one.
    let ticked = |grant: &Grant| fields.all("roles").any(|code| code == grant.role.code());
    let grants: Vec<Grant> = grants_to_give(actor).into_iter().filter(ticked).collect();
    if grants.is_empty() {
        reader.wrong("roles", "Choose at least one: what this person may do here");
    }
    reader.finish(PersonDraft { name, email, grants })
}

/// `version` is the state that the writer saw; after a clash, the one that they have now been shown.
fn sheet(
    app: &App,
    actor: &Actor,
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
                (inputs(&app.cx.words(), actor, account, fields, f))
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

fn inputs(words: &Words, actor: &Actor, account: Option<&Account>, fields: &Fields, f: Inputs<'_>) -> Markup {
    let grants = grants_to_give(actor);
    let given: Vec<Role> =
        Role::GRANTED.iter().copied().filter(|role| grants.iter().any(|g| g.role == *role)).collect();
    let choices = given.iter().map(|role| {
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
        (f.checkboxes("roles", "What may this person do here?", fields.all("roles"), choices))
        @if given.len() < Role::GRANTED.len() {
            p { "For anybody who is to be something else, ask an administrator." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_ticked_twice_is_one_role() {
        let fields = Fields::of([
            ("name", "A"),
            ("email", "a@b.uk"),
            ("roles", "lead"),
            ("roles", "lead"),
            ("roles", "king"),
        ]);
        let drafted = parse(&Actor::program("A test"), &fields);
        assert_eq!(drafted.map(|d| d.grants), Ok(vec![Grant::everywhere(Role::Lead)]));
    }
}
