//! Looking at an update that waits: a manager reads it, and accepts it or returns it with a comment. And the list of those
//! that wait.

use axum::{extract::State, http::StatusCode, response::Response};
use maud::{Markup, Render as _, html};

use super::{found, of_update};
use crate::{
    command::{CommandError, update::review as command_review},
    domain::{
        access::{Actor, Permission, may_on},
        action::Action,
        id::UpdateId,
        plan::Record,
        text,
        update::{ReviewState, Update},
    },
    link::path,
    store::record::Depth,
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, Reader},
        guard::Me,
        page::action::{either, form_heading, form_sheet, refused, say},
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{Choice, FieldError, Inputs, post},
            kit::{self, Link, inset, notice},
        },
    },
};

/// The longest comment, in characters.
const COMMENT: usize = 4_000;
const ACCEPT: &str = "accept";
const RETURN: &str = "return";
const TITLE: &str = "Look at an update";

/// The update, and what can be said about it.
pub(in crate::web) async fn new_review(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let id = UpdateId(id);
    let (record, action) = of_update(&app, &actor, id, Permission::LookAtUpdates, Depth::Everything).await?;
    let (action, update) = found(&record, action, id)?;
    Ok(page(&app, &record, action, update, &Fields::default(), &[]))
}

/// Accepts it, or returns it.
pub(in crate::web) async fn review(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = UpdateId(id);
    let (record, action) = of_update(&app, &actor, id, Permission::LookAtUpdates, Depth::Everything).await?;
    let (action, update) = found(&record, action, id)?;
    let errors = match parse(&fields) {
        Ok(verdict) => match carry_out(&app, &actor, id, verdict).await {
            Ok(done) => {
                let done = format!("{done} on {}", action.label);
                return Ok(either(Redirect::to(path::action(action.id)).saying(done)));
            }
            Err(CommandError::Stale) => {
                vec![FieldError::whole_form("Somebody else was faster: read it again")]
            }
            Err(error) => vec![refused(error)?],
        },
        Err(errors) => errors,
    };
    if command_review::why_not(&record, action, update, app.cx.clock.today()).is_none() {
        return Ok(either(page(&app, &record, action, update, &fields, &errors)));
    }
    // Somebody was first: there is no field any more that an error could stand beside.
    let errors: Vec<FieldError> = errors.into_iter().map(|e| FieldError::whole_form(e.message)).collect();
    let sheet = page(&app, &record, action, update, &fields, &errors);
    Ok(either(sheet.status(StatusCode::CONFLICT)))
}

async fn carry_out(
    app: &App,
    actor: &Actor,
    id: UpdateId,
    verdict: Option<String>,
) -> Result<String, CommandError> {
    let Some(comment) = verdict else {
        command_review::accept(&app.cx, actor, id).await?;
        return Ok("Update accepted".to_owned());
    };
    let returned = command_review::give_back(&app.cx, actor, id, &comment).await?;
    Ok(match returned.mailed.as_slice() {
        [] => "Nobody could be mailed: tell them. Update returned".to_owned(),
        people => format!("{} will get an email. Update returned", text::list(people)),
    })
}

/// None: it is accepted. Else the comment with which it is returned.
fn parse(fields: &Fields) -> Result<Option<String>, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let choice = |code: &str| [ACCEPT, RETURN].into_iter().find(|known| *known == code);
    let missing = "Choose whether you accept it or return it";
    let verdict = reader.required_choice(command_review::FIELD, choice, missing);
    let comment = (verdict == Some(RETURN)).then(|| {
        reader.required("comment", COMMENT, "Say what has to be different: whoever wrote it reads this")
    });
    reader.finish(comment)
}

fn page(
    app: &App,
    record: &Record,
    action: &Action,
    update: &Update,
    fields: &Fields,
    errors: &[FieldError],
) -> Sheet {
    let today = app.cx.clock.today();
    let why = command_review::why_not(record, action, update, today);
    let f = Inputs::new(errors);
    let back = path::action(action.id);
    let content = html! {
        (f.summary())
        (form_heading(action, TITLE))
        (in_short(record, update))
        @if let Some(why) = &why {
            (notice("Nothing to decide", html! {
                p { (why) "." }
                @let comment = update.review.as_ref().and_then(|r| r.comment.as_deref());
                @if let Some(comment) = comment { (say::part("Comment", Some(comment))) }
                @if !fields.raw("comment").trim().is_empty() { (say::part("What you typed", Some(fields.raw("comment")))) }
            }))
            p { (Link::new(&back, "Back to the action")) }
        } @else if update.review.is_none() {
            p { "It came by email link, and counts already: this plan wants nobody to look at updates first. You can return it until its round closes." }
            (post(&path::review_update(update.id), html! {
                (hidden(command_review::FIELD, RETURN))
                (comment(f, fields))
                (button_group([submit("Return it", Kind::Primary), Link::new(&back, "Cancel").render()]))
            }))
        } @else {
            (post(&path::review_update(update.id), html! {
                (f.radios(command_review::FIELD, "What do you say to it?", fields.raw(command_review::FIELD), [
                    Choice::new(ACCEPT, "Accept it").hint(record.words.say("It counts from today, and goes into the papers for the {panel}")),
                    Choice::new(RETURN, "Return it with a comment")
                        .hint("It does not count as received until it is sent again")
                        .more(comment(f, fields)),
                ]))
                (button_group([submit("Save", Kind::Primary), Link::new(&back, "Cancel").render()]))
            }))
        }
    };
    form_sheet(record, action, TITLE, content).rejected(!errors.is_empty())
}

fn comment(f: Inputs<'_>, fields: &Fields) -> Markup {
    f.textarea("comment", "What has to be different?", fields.raw("comment"))
        .hint("Whoever wrote it, and everybody who writes on this action, reads this on the form. They are told by email that it is there.")
        .rows(4)
        .limit(COMMENT)
        .render()
}

/// The whole text, with who wrote it and when.
pub(in crate::web) fn in_short(record: &Record, update: &Update) -> Markup {
    inset(html! {
        p {
            strong { (text::initial_capital(&say::round_words(record, update))) }
            @if let Some(day) = update.written_on { ", written on " (kit::day(day)) }
            @if let Some(author) = update.author_words() { ", " (author) }
            @if let Some(whom) = &update.entered_for { ", entered " (whom) }
            " " (say::rating(&record.plan, update.reported))
        }
        (say::prose(&update.narrative))
        (say::part("What will put it right, and by when", update.put_right.as_deref()))
        @if update.outcome_not_known { p { strong { "What difference it has made:" } " not known yet" } }
        (say::part("What difference it has made, or how we will know", update.outcome.as_deref()))
        (say::part("Next steps", update.next_steps.as_deref()))
        (say::key_link(&record.plan))
    })
}

/// Every update that waits for this manager, in the order of the plans' tables.
pub(in crate::web) fn waiting<'a>(
    records: &[&'a Record],
    actor: &Actor,
    today: chrono::NaiveDate,
) -> Vec<(&'a Record, &'a Action, &'a Update)> {
    records
        .iter()
        .flat_map(|record| record.actions.iter().map(move |action| (*record, action)))
        .filter(|(record, action)| may_on(actor, Permission::LookAtUpdates, &record.plan, action).is_ok())
        .flat_map(|(record, action)| action.updates_at(today).map(move |update| (record, action, update)))
        .filter(|(.., update)| update.awaits_review())
        .collect()
}

/// They as a list, each with the way to its page.
pub(in crate::web) fn list(waiting: &[(&Record, &Action, &Update)]) -> Markup {
    let mut plans: Vec<_> = waiting.iter().map(|(record, ..)| &record.plan).collect();
    plans.dedup_by_key(|plan| plan.id);
    html! {
        ul {
            @for (record, action, update) in waiting {
                li {
                    (say::action_link(action)) ": " (say::rating(&record.plan, update.reported))
                    @if let Some(day) = update.written_on { ", written on " (kit::day(day)) }
                    @if let Some(author) = update.author_words() { ", " (author) }
                    " – " a href=(path::review_update(update.id)) {
                        "Look at it" span class="visually-hidden" { ": update on " (action.label) }
                    }
                }
            }
        }
        @for plan in plans { (say::key_link(plan)) }
    }
}

/// Where an update stands with the manager, in grey words; nothing where nobody has to look or it is accepted.
pub(in crate::web) fn state_words(update: &Update) -> Option<&'static str> {
    match update.review.as_ref()?.state {
        ReviewState::Submitted => Some("Waits for the manager’s look"),
        ReviewState::Returned => Some("Returned with a comment"),
        ReviewState::Accepted => None,
    }
}
