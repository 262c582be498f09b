//! Merging an action into another, closing it with no further action, and opening it again.
//!
//! Each is a form that says what follows before it happens. None deletes anything, and opening again undoes each.

use axum::{extract::State, response::Response};
use maud::{Markup, Render as _, html};

use super::action::{either, form_heading, form_sheet, record_for, refused, say};
use crate::{
    command,
    domain::{
        access::{Actor, Permission},
        action::{Action, Agreement, State as ActionState},
        id::ActionId,
        plan::Record,
    },
    link::path,
    store::record::Depth,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, Reader},
        guard::Me,
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::{Choice, Field, FieldError, Inputs, Width, post},
            kit::{Link, notice},
        },
    },
};

/// The longest reason, in characters.
const REASON: usize = 4_000;

/// The action that a form is about, with its plan and its state today.
struct About {
    record: Record,
    id: ActionId,
    today: chrono::NaiveDate,
}

impl About {
    async fn find(app: &App, actor: &Actor, id: i64, permission: Permission) -> Result<Self, WebError> {
        let id = ActionId(id);
        let record = record_for(app, actor, id, permission, Depth::Current).await?;
        Ok(Self { record, id, today: app.cx.clock.today() })
    }

    fn action(&self) -> Result<&Action, WebError> {
        self.record.action(self.id).ok_or(WebError::NotFound)
    }

    fn state(&self) -> Result<ActionState, WebError> {
        Ok(self.action()?.state_at(self.today))
    }

    fn done(&self, words: String) -> Response {
        either(Redirect::to(path::action(self.id)).saying(words))
    }

    /// The page of one of the forms.
    fn page(
        &self,
        title: &str,
        errors: &[FieldError],
        content: impl Fn(&Action) -> Markup,
    ) -> Result<Sheet, WebError> {
        let action = self.action()?;
        let content = html! {
            (Inputs::new(errors).summary())
            (form_heading(action, title))
            (content(action))
        };
        Ok(form_sheet(&self.record, action, title, content).rejected(!errors.is_empty()))
    }

    /// The form itself: its fields, its button, and the way back.
    fn form(&self, address: &str, fields: Markup, button: &str) -> Markup {
        let back = path::action(self.id);
        post(
            address,
            html! {
                (fields)
                (button_group([submit(button, Kind::Primary), Link::new(&back, "Cancel").render()]))
            },
        )
    }
}

fn reason<'a>(f: Inputs<'a>, fields: &'a Fields) -> Field<'a> {
    f.textarea("reason", "Why?", fields.raw("reason")).rows(3).limit(REASON)
}

/// The form that merges.
pub(in crate::web) async fn new_merge(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let about = About::find(&app, &actor, id, Permission::WriteUpdate).await?;
    merge_form(&about, &Fields::default(), &[])
}

/// Merges.
pub(in crate::web) async fn merge(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let about = About::find(&app, &actor, id, Permission::WriteUpdate).await?;
    let mut reader = Reader::new(&fields);
    let into = reader.required_choice(
        "into",
        |code| code.parse().ok().map(ActionId),
        "Choose the action in which the work goes on",
    );
    let reason = reader.required("reason", REASON, "Say why it is merged");
    let errors = match reader.finish(into) {
        Ok(into) => {
            let into = into.ok_or(WebError::NotFound)?;
            match command::action::merge(&app.cx, &actor, about.id, into, &reason).await {
                Ok(()) => {
                    let (label, target) = (&about.action()?.label, about.record.label(into));
                    return Ok(about.done(format!("{label} merged into {target}. “Reopen” undoes it")));
                }
                Err(error) => vec![refused(error)?],
            }
        }
        Err(errors) => errors,
    };
    Ok(either(merge_form(&about, &fields, &errors)?))
}

fn merge_form(about: &About, fields: &Fields, errors: &[FieldError]) -> Result<Sheet, WebError> {
    let f = Inputs::new(errors);
    let state = about.state()?;
    about.page("Merge this action", errors, |action| {
        let label = &action.label;
        if errors.is_empty() && state == ActionState::NoFurtherAction {
            return nothing_to_do(html! { (label) " is closed with no further action. It has to be opened again before it can be merged." });
        }
        let targets = about.record.actions.iter().filter(|a| {
            a.id != action.id && a.state_at(about.today) != ActionState::NoFurtherAction
        });
        let choices = std::iter::once(Choice::new("", "Choose an action")).chain(
            targets.map(|a| Choice::new(a.id.to_string(), format!("{}: {}", a.label, a.title()))),
        );
        html! {
            ul {
                li { "Nothing is deleted: this action stays in the table with its updates." }
                li { "The work goes on in the other action. From today this one shares its fate in every count: it is complete when that is complete, and off track when that is off track." }
                li { "No more mail is sent about this one." }
                li { "“Reopen” on the action’s page undoes it." }
            }
            @if let Some(now) = action.merged_into_at(about.today).and_then(|id| about.record.action(id)) {
                p { "It is merged into " (say::action_link(now)) " now." }
            }
            (about.form(&path::merge(action.id), html! {
                (f.select("into", "In which action does the work go on?", fields.raw("into"), choices))
                (reason(f, fields))
            }, "Merge"))
        }
    })
}

/// The form that closes.
pub(in crate::web) async fn new_closure(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let about = About::find(&app, &actor, id, Permission::CloseAction).await?;
    closure_form(&about, &Fields::default(), &[])
}

/// Closes.
pub(in crate::web) async fn close(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let about = About::find(&app, &actor, id, Permission::CloseAction).await?;
    let mut reader = Reader::new(&fields);
    let reason = reader.required("reason", REASON, "Say why nothing more is done");
    let agreed = Agreement {
        by: reader.required("agreed_by", LINE, "Say who agreed"),
        on: reader.required_day("agreed_on", "Enter the day on which it was agreed"),
        minute: reader.optional("minute", LINE),
    };
    let errors = match reader.finish(agreed) {
        Ok(agreed) => match command::action::close(&app.cx, &actor, about.id, &reason, agreed).await {
            Ok(()) => {
                let label = &about.action()?.label;
                return Ok(about.done(format!("{label} closed with no further action. “Reopen” undoes it")));
            }
            Err(error) => vec![refused(error)?],
        },
        Err(errors) => errors,
    };
    Ok(either(closure_form(&about, &fields, &errors)?))
}

fn closure_form(about: &About, fields: &Fields, errors: &[FieldError]) -> Result<Sheet, WebError> {
    let f = Inputs::new(errors);
    let state = about.state()?;
    about.page("Close with no further action", errors, |action| {
        let label = &action.label;
        if errors.is_empty() && state == ActionState::NoFurtherAction {
            return nothing_to_do(html! { (label) " is closed already." });
        }
        html! {
            p { "This is for an action that will not be done. One that is done is said to be complete in an update." }
            ul {
                li { "It stays in the table with its updates. It is not rated any more, and is counted apart." }
                li { "No more mail is sent about it." }
                li { "“Reopen” on the action’s page undoes it." }
            }
            (about.form(&path::close_action(action.id), html! {
                (reason(f, fields))
                (f.text("agreed_by", "Who agreed?", fields.raw("agreed_by")).hint(about.record.words.say("The {panel} or another body, or a post")))
                (f.text("agreed_on", "On what day?", fields.raw("agreed_on"))
                    .hint("For example 19 February 2018")
                    .width(Width::W20))
                (f.text("minute", "Minute reference", fields.raw("minute")).width(Width::W20).optional())
            }, "Close the action"))
        }
    })
}

/// The form that opens again.
pub(in crate::web) async fn new_reopening(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let about = About::find(&app, &actor, id, Permission::CloseAction).await?;
    reopening_form(&about, &Fields::default(), &[])
}

/// Opens again.
pub(in crate::web) async fn reopen(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let about = About::find(&app, &actor, id, Permission::CloseAction).await?;
    let mut reader = Reader::new(&fields);
    let reason = reader.required("reason", REASON, "Say why it is opened again");
    let errors = match reader.finish(reason) {
        Ok(reason) => match command::action::reopen(&app.cx, &actor, about.id, &reason).await {
            Ok(()) => return Ok(about.done(format!("{} is open again", about.action()?.label))),
            Err(error) => vec![refused(error)?],
        },
        Err(errors) => errors,
    };
    Ok(either(reopening_form(&about, &fields, &errors)?))
}

fn reopening_form(about: &About, fields: &Fields, errors: &[FieldError]) -> Result<Sheet, WebError> {
    let f = Inputs::new(errors);
    let state = about.state()?;
    about.page("Reopen this action", errors, |action| {
        let label = &action.label;
        if errors.is_empty() && state == ActionState::Open {
            return nothing_to_do(html! { (label) " is open." });
        }
        html! {
            p { "It is now: " strong { (state.words()) } "." }
            ul {
                li { "From today it is open: its deadline counts, updates are expected, and mail goes to its lead." }
                li { "What it was before stays in the timeline." }
            }
            (about.form(&path::reopen_action(action.id), html! { (reason(f, fields)) }, "Reopen"))
        }
    })
}

fn nothing_to_do(why: Markup) -> Markup {
    notice("There is nothing to do here", html! { p { (why) } })
}
