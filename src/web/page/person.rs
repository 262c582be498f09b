//! People: the list, adding, changing, deactivating, and one-time links. For managers.
//!
//! Nobody is deleted.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

mod link;
mod reset;

pub(in crate::web) use link::{create as create_link, new as new_link};
pub(in crate::web) use reset::{create as reset, new as new_reset};

use super::both::both;
use crate::{
    command::{
        CommandError,
        person::{self, PersonDraft},
        session,
    },
    domain::{
        access::{Grant, Role},
        id::PersonId,
        post::Post,
        text,
        words::Words,
    },
    link::path,
    store::{self, person::Account},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, Reader},
        guard::Me,
        route::Route,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, link_button, post_button, submit},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::Link,
            table::{Column, Row, Table},
        },
    },
};

/// The form's fields by their labels.
const LABELS: [(&str, &str); 4] =
    [("name", "Name"), ("email", "Email address"), ("roles", "Roles"), ("state", "Account")];
/// The longest address that a mail server has to take, in characters.
const EMAIL: usize = 254;

pub(in crate::web) async fn list(State(app): State<App>) -> Result<Sheet, WebError> {
    let people = store::person::all(&app.cx.store).await?;
    let posts = store::record::posts(&app.cx.store).await?;
    let today = app.cx.clock.today();
    let held = |id| posts.iter().filter(|p| p.holders(today).any(|h| h.id == id)).collect();
    Ok(list_sheet(&app.cx.words(), &people.iter().map(|a| (a, held(a.person.id))).collect::<Vec<_>>()))
}

pub(in crate::web) async fn new(State(app): State<App>) -> Sheet {
    let words = &app.cx.words();
    form_sheet(words, None, "", &Fields::default(), &[], None)
}

pub(in crate::web) async fn create(
    State(app): State<App>,
    Me(actor): Me,
    fields: Fields,
) -> Result<Sheet, WebError> {
    let words = &app.cx.words();
    let draft = match parse(&fields) {
        Ok(draft) => draft,
        Err(errors) => return Ok(form_sheet(words, None, "", &fields, &errors, None)),
    };
    match person::create(&app.cx, &actor, &draft).await {
        Ok(id) => {
            let token = session::one_time_link(&app.cx, &actor, id).await?;
            let done = format!("{} has been added", draft.name);
            Ok(link::sheet(id, &done, &app.cx.links.full(&path::welcome(&token))))
        }
        Err(CommandError::Refused { field, message }) => {
            Ok(form_sheet(words, None, "", &fields, &[FieldError::new(field, message)], None))
        }
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn edit(State(app): State<App>, Path(id): Path<i64>) -> Result<Sheet, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let words = &app.cx.words();
    Ok(form_sheet(words, Some(&account), &account.version.to_string(), &fields_of(&account), &[], None))
}

pub(in crate::web) async fn update(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let account = find(&app, PersonId(id)).await?;
    let words = &app.cx.words();
    let seen = fields.raw("version");
    let draft = match parse(&fields) {
        Ok(draft) => draft,
        Err(errors) => {
            return Ok(form_sheet(words, Some(&account), seen, &fields, &errors, None).into_response());
        }
    };
    match person::edit(&app.cx, &actor, account.person.id, seen.parse().unwrap_or(0), &draft).await {
        Ok(()) => {
            let done = match (account.person.active, draft.active) {
                (true, false) => format!("{} has been deactivated", draft.name),
                (false, true) => format!("{} is active again", draft.name),
                _ => format!("{} saved", draft.name),
            };
            Ok(Redirect::to(Route::People.path()).saying(done).into_response())
        }
        Err(CommandError::Refused { field, message }) => {
            let wrong = [FieldError::new(field, message)];
            Ok(form_sheet(words, Some(&account), seen, &fields, &wrong, None).into_response())
        }
        Err(CommandError::Stale) => {
            let saved = find(&app, account.person.id).await?;
            let both = both(&fields_of(&saved), &fields, &LABELS, |name, value| said(words, name, value));
            let sheet = form_sheet(words, Some(&saved), &saved.version.to_string(), &fields, &[], Some(both));
            Ok(sheet.status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn find(app: &App, id: PersonId) -> Result<Account, WebError> {
    store::person::by_id(&app.cx.store, id).await?.ok_or(WebError::NotFound)
}

fn fields_of(account: &Account) -> Fields {
    let one = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut pairs = vec![
        one("name", &account.person.name),
        one("email", &account.person.email),
        one("state", if account.person.active { "active" } else { "deactivated" }),
    ];
    pairs.extend(account.grants.iter().map(|grant| one("roles", grant.role.code())));
    Fields::of(pairs)
}

/// What a field's value is called, where two versions are shown side by side.
fn said(words: &Words, name: &str, value: &str) -> String {
    match name {
        "roles" => Role::from_code(value).map_or(value.to_owned(), |role| role.word(words)),
        "state" => text::initial_capital(value),
        _ => value.to_owned(),
    }
}

fn parse(fields: &Fields) -> Result<PersonDraft, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let name = reader.required("name", LINE, "Enter a name: the person’s, or that of their post");
    let email = reader.required("email", EMAIL, "Enter an email address");
    if !email.is_empty() && !is_address(&email) {
        reader.wrong("email", "Enter an email address in full, like name@example.org");
    }
    let mut grants: Vec<Grant> =
        fields.all("roles").filter_map(Role::from_code).map(Grant::everywhere).collect();
    grants.sort_unstable();
    grants.dedup();
    if grants.is_empty() {
        reader.wrong("roles", "Choose at least one: what this person may do here");
    }
    let active = fields.raw("state") != "deactivated";
    reader.finish(PersonDraft { name, email, grants, active })
}

/// Whether this could be an address. Whether it is one, only a mail to it can tell.
fn is_address(text: &str) -> bool {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
    let Some((local, domain)) = text.split_once('@') else { return false };
    let labels = domain.split('.');
    plain
        && !local.is_empty()
        && !domain.contains('@')
        && domain.contains('.')
        && labels.into_iter().all(|l| !l.is_empty())
}

fn list_sheet(words: &Words, people: &[(&Account, Vec<&Post>)]) -> Sheet {
    let rows = people.iter().map(|(account, posts)| {
        let href = path::person(account.person.id);
        let posts: Vec<&str> = posts.iter().map(|p| p.name.as_str()).collect();
        Row::new([
            html! { (Link::new(&href, &account.person.name)) },
            html! { (account.person.email) },
            html! { (role_words(words, &account.roles())) },
            html! { @if posts.is_empty() { "None" } @else { (text::list(&posts)) } },
            html! { (state_words(account)) },
        ])
    });
    let content = html! {
        h1 { "People" }
        p { "Everyone who can sign in here or gets mail. Actions are led by posts: who holds which is under " (Link::new(Route::Posts.path(), "Posts")) "." }
        (button_group([link_button(Link::new(Route::NewPerson.path(), "Add a person"), Kind::Primary)]))
        (Table::new("People", ["Name", "Email address", "Roles", "Posts held", "State"].map(Column::new))
            .caption_hidden().row_head(0).rows(rows))
    };
    Sheet::new(["People"], content).wide()
}

fn role_words(words: &Words, roles: &[Role]) -> String {
    let words: Vec<String> = roles.iter().map(|r| r.word(words)).collect();
    if words.is_empty() { "Nothing".to_owned() } else { words.join(", ") }
}

fn state_words(account: &Account) -> &'static str {
    match (account.person.active, account.has_password) {
        (false, _) => "Deactivated",
        (true, false) => "No password yet",
        (true, true) => "Active",
    }
}

/// `version` is the state that the writer saw; after a clash, the one that they have now been shown.
fn form_sheet(
    words: &Words,
    account: Option<&Account>,
    version: &str,
    fields: &Fields,
    errors: &[FieldError],
    clash: Option<Markup>,
) -> Sheet {
    let f = Inputs::new(errors);
    let (title, action) = match account {
        Some(account) => (account.person.name.as_str(), path::person(account.person.id)),
        None => ("Add a person", Route::NewPerson.path().to_owned()),
    };
    let content = html! {
        (f.summary())
        h1 {
            @if account.is_some() { span class="caption" { "Person" } " " }
            (title)
        }
        @if let Some(both) = clash { (both) }
        (form(words, account, version, fields, &action, f))
        @if let Some(account) = account {
            h2 { "Signing in" }
            @if account.person.active {
                p {
                    @if account.has_password { (account.person.name) " has set a password." }
                    @else { (account.person.name) " has not set a password yet, and needs a one-time link to do so." }
                }
                (post_button(&path::person_link(account.person.id), "Make a new one-time link", Kind::Secondary, &[]))
                @if account.second_factor_since.is_some() {
                    p {
                        "There is a second factor. For somebody who has lost their phone and their recovery codes: "
                        (Link::new(&path::reset_second_factor(account.person.id), "reset the second factor")) "."
                    }
                }
            } @else {
                p { "A deactivated person can’t sign in." }
            }
        }
    };
    Sheet::new([title, "People"], content).crumbs([(Route::People.path(), "People")]).rejected(f.rejected())
}

fn form(
    words: &Words,
    account: Option<&Account>,
    version: &str,
    fields: &Fields,
    action: &str,
    f: Inputs<'_>,
) -> Markup {
    html! {
        (post(action, html! {
            (hidden("version", version))
            (f.text("name", "Name", fields.raw("name")).autocomplete("off").width(Width::W20))
            (f.email("email", "Email address", fields.raw("email")).autocomplete("off").width(Width::W20)
                .hint("To sign in with, and for reminders."))
            (f.checkboxes("roles", "What may this person do here?", fields.all("roles"),
                Role::GRANTED.iter().map(|role| Choice::new(role.code(), role.word(words)).hint(text::initial_capital(&role.meaning(words))))))
            @if account.is_some() {
                (f.radios("state", "Account", fields.raw("state"), [
                    Choice::new("active", "Active").hint("Can sign in, and gets mail."),
                    Choice::new("deactivated", "Deactivated").hint(
                        "Signs them out at once; mail to them stops; their posts show as vacant. Nothing that they wrote is deleted."),
                ]))
            }
            (button_group([
                submit(if account.is_some() { "Save" } else { "Add the person" }, Kind::Primary),
                html! { (Link::new(Route::People.path(), "Cancel")) },
            ]))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_at_and_a_dot_in_its_domain() {
        for good in ["a@b.uk", "risk-and-resilience-manager@example.org", "o'brien@example.org"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["", "a", "a@b", "@b.uk", "a@@b.uk", "a@b@c.uk", "a b@c.uk", "a@.uk", "a@b.", "A <a@b.uk>"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn a_role_ticked_twice_is_one_role() {
        let fields = Fields::of([
            ("name", "A"),
            ("email", "a@b.uk"),
            ("roles", "lead"),
            ("roles", "lead"),
            ("roles", "king"),
        ]);
        assert_eq!(parse(&fields).map(|d| d.grants), Ok(vec![Grant::everywhere(Role::Lead)]));
    }
}
