//! Writing updates by the link in a round's mail: what is asked of its person in the round, and a form for each action.
//!
//! Shows the reader what they wrote by the link and nothing else that was ever written, and nobody's name. Opening it changes
//! nothing; whatever is wrong with a link, the answer is the same.

use std::{cmp::Reverse, collections::BTreeSet};

use axum::{
    extract::State,
    http::{HeaderName, StatusCode},
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use maud::{Markup, Render as _, html};

use super::{Asking, Other, form, parse, token as form_token, written_again};
use crate::{
    command::{
        CommandError,
        round_link::{self as command, Opened},
        update::Added,
    },
    domain::{
        id::{ActionId, UpdateId},
        reminder::recipients,
        round::Round,
        round_link::{Own, own},
        standing::stand_one,
        text,
    },
    link::path,
    web::{
        App,
        address::Path,
        error::WebError,
        form::Fields,
        page::action::{form_heading, refused, say},
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, hidden, link_button, submit},
            form::{FieldError, Inputs, post},
            kit::{self, Link, both_texts, inset},
            rating::flag,
        },
    },
};

/// The field with the update that a form corrects; empty: it adds one.
const CORRECTS: &str = "corrects";

/// What is asked of the link's person, and what they have sent by it.
pub(in crate::web) async fn list(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, WebError> {
    let Some(opened) = open(&app, &token).await? else { return Ok(void(&Fields::default())) };
    let today = app.cx.clock.today();
    let asked = own(&opened.records, &opened.round, &opened.person, today);
    if asked.is_empty() {
        return Ok(void(&Fields::default()));
    }
    let (sent, mut open): (Vec<_>, Vec<_>) = asked.iter().partition(|own| own.sent.is_some());
    // What is overdue stands first, the longest overdue before the rest.
    open.sort_by_key(|own| Reverse(overdue_days(own, today)));
    let posts = posts(&asked, &opened, today);
    let several = opened.records.len() > 1;
    let content = html! {
        h1 { span class="caption" { (opened.round.label) " " } "Your updates" }
        @if !posts.is_empty() { p { "You are asked for them as " (text::list(&posts)) "." } }
        @if let Some(words) = due_words(&opened.round, today) { p { (words) } }
        p { "You need not sign in. This link is yours alone: do not forward it. It works until the round closes; until then you can put right what you sent with it." }
        h2 { "To write" }
        @if open.is_empty() { p { "Nothing is left: thank you." } }
        @for own in &open {
            (heading(own, several))
            (by_when(&app, own))
            @if own.returned.is_some() {
                p { strong { "Returned with a comment." } " It does not count until you send it again." }
            } @else if own.received {
                p { "An update has been received. You can add another." }
            }
            (write(&token, own, if own.received { Kind::Secondary } else { Kind::Primary }, "Write your update"))
        }
        @if !sent.is_empty() { h2 { "Sent with this link" } }
        @for own in &sent {
            (heading(own, several))
            (said(own))
            (write(&token, own, Kind::Secondary, "Correct your update"))
        }
    };
    Ok(answer(Sheet::new(["Your updates", opened.round.label.as_str()], content).signed_out()))
}

fn heading(own: &Own<'_>, several: bool) -> Markup {
    html! {
        h3 { (own.action.label) ": " (own.action.title()) }
        @if several { p class="soft" { (own.record.plan.title) } }
    }
}

fn by_when(app: &App, own: &Own<'_>) -> Markup {
    let today = app.cx.clock.today();
    let deadline = own.action.deadline_at(today).map(|d| d.wording.trim());
    html! {
        p {
            "By when: " (deadline.filter(|words| !words.is_empty()).unwrap_or("no date given"))
            @if let Some(days) = overdue_days(own, today) {
                " " (flag(format!("Overdue by {}", text::plural(days, "day", "days"))))
            }
        }
    }
}

fn overdue_days(own: &Own<'_>, today: NaiveDate) -> Option<i64> {
    stand_one(own.record, own.action, today).overdue_days
}

/// The posts for which the link's person is asked, each once.
fn posts<'a>(asked: &[Own<'a>], opened: &Opened, today: NaiveDate) -> Vec<&'a str> {
    let people = asked.iter().flat_map(|own| recipients(own.record, own.action, today).people);
    let theirs = people.filter(|to| Some(to.person.id) == opened.person.person);
    theirs.filter_map(|to| to.post).collect::<BTreeSet<_>>().into_iter().collect()
}

/// By when updates for the round are due, and for which meeting; none: neither is set.
fn due_words(round: &Round, today: NaiveDate) -> Option<String> {
    let meeting = round.meeting_on.map(|on| format!(" for the meeting on {}", text::day(on)));
    match (round.updates_due_on, meeting) {
        (None, None) => None,
        (None, Some(meeting)) => Some(format!("They are wanted{meeting}.")),
        (Some(due), meeting) => {
            let verb = if due < today { "were" } else { "are" };
            let meeting = meeting.unwrap_or_default();
            Some(format!("Updates{meeting} {verb} due by {}.", text::weekday_day(due)))
        }
    }
}

/// What they sent, as they sent it.
fn said(own: &Own<'_>) -> Markup {
    let Some(update) = own.sent else { return Markup::default() };
    inset(html! {
        p {
            @if let Some(day) = update.written_on { "Written on " (kit::day(day)) " " }
            (say::rating(&own.record.plan, update.reported))
        }
        (say::prose(&update.narrative))
        (say::part("What will put it right, and by when", update.put_right.as_deref()))
        (say::part("What difference it has made, or how we will know", update.outcome.as_deref()))
        (say::part("Next steps", update.next_steps.as_deref()))
        @if own.returned.is_some() { p { strong { "Your correction was returned with a comment." } } }
    })
}

fn write(token: &str, own: &Own<'_>, kind: Kind, words: &str) -> Markup {
    let href = path::round_link_action(token, own.action.id);
    link_button(Link::new(&href, &format!("{words} on {}", own.action.label)), kind)
}

/// The form on one action: empty, or with what they sent or got back.
pub(in crate::web) async fn new(
    State(app): State<App>,
    Path((token, id)): Path<(String, i64)>,
) -> Result<Response, WebError> {
    let Some(opened) = open(&app, &token).await? else { return Ok(void(&Fields::default())) };
    let asked = own(&opened.records, &opened.round, &opened.person, app.cx.clock.today());
    let Some(own) = asked.iter().find(|own| own.action.id == ActionId(id)) else {
        return Ok(void(&Fields::default()));
    };
    let fields = match own.returned.or(own.sent) {
        Some(update) => written_again(&app, update).await?,
        None => Fields::default(),
    };
    Ok(answer(shown(&app, &token, own, &fields, &[], &form_token()?, None)))
}

/// Adds the update, or corrects it.
pub(in crate::web) async fn create(
    State(app): State<App>,
    Path((token, id)): Path<(String, i64)>,
    fields: Fields,
) -> Result<Response, WebError> {
    let today = app.cx.clock.today();
    let Some(opened) = open(&app, &token).await? else { return Ok(void(&fields)) };
    let asked = own(&opened.records, &opened.round, &opened.person, today);
    let Some(own_action) = asked.iter().find(|own| own.action.id == ActionId(id)) else {
        return Ok(void(&fields));
    };
    let sent = Some(fields.raw("form_token")).filter(|t| !t.is_empty()).map(str::to_owned);
    let same = || sent.clone().map_or_else(form_token, Ok);
    let mut draft = match parse::draft(&fields, &Asking::by_link(own_action, today)) {
        Ok((draft, _)) => draft,
        Err(errors) => {
            return Ok(answer(shown(&app, &token, own_action, &fields, &errors, &same()?, None)));
        }
    };
    draft.form_token.clone_from(&sent);
    draft.supersedes = fields.raw(CORRECTS).parse().ok().map(UpdateId);
    match command::write(&app.cx, &token, ActionId(id), &draft).await {
        Ok(added) => {
            let label = &own_action.action.label;
            let done = match (added, draft.supersedes) {
                (Added::Before(_), _) => format!("Your update on {label} was sent already"),
                (Added::New(_), Some(_)) => format!("Your update on {label} is corrected"),
                (Added::New(_), None) => format!("Your update on {label} is sent"),
            };
            Ok(answer(Redirect::to(path::round_link(&token)).saying(done)))
        }
        Err(CommandError::NotFound) => Ok(void(&fields)),
        Err(CommandError::Stale) => overtaken(&app, &token, ActionId(id), &fields).await,
        Err(error) => {
            let error = refused(error)?;
            Ok(answer(shown(&app, &token, own_action, &fields, &[error], &same()?, None)))
        }
    }
}

/// The form again where another one was sent in the meantime: both texts, and saving again corrects that one.
async fn overtaken(app: &App, token: &str, id: ActionId, typed: &Fields) -> Result<Response, WebError> {
    let Some(opened) = open(app, token).await? else { return Ok(void(typed)) };
    let asked = own(&opened.records, &opened.round, &opened.person, app.cx.clock.today());
    let Some(own) = asked.iter().find(|own| own.action.id == id) else { return Ok(void(typed)) };
    let words = match own.sent {
        Some(_) => {
            "You have sent an update on this action in the meantime: it stands above. Save again to put what you typed now in its place"
        }
        None => {
            "What you were correcting is not there any more. Save again to send what you typed as a new update"
        }
    };
    let other = own.sent.map(|u| Other { title: "What you have sent".to_owned(), text: u.narrative.clone() });
    let errors = [FieldError::new("narrative", words)];
    Ok(answer(shown(app, token, own, typed, &errors, &form_token()?, other.as_ref())))
}

fn shown(
    app: &App,
    token: &str,
    own: &Own<'_>,
    fields: &Fields,
    errors: &[FieldError],
    form_token: &str,
    other: Option<&Other>,
) -> Sheet {
    let f = Inputs::new(errors);
    let asking = Asking::by_link(own, app.cx.clock.today());
    let title = if own.sent.is_some() { "Correct your update" } else { "Write your update" };
    let back = path::round_link(token);
    // As the form was shown, unless another was sent since: then that one is in the reader's eye now.
    let corrects = match (errors, other) {
        ([_, ..], None) => fields.raw(CORRECTS).to_owned(),
        _ => own.sent.map_or(String::new(), |u| u.id.to_string()),
    };
    let content = html! {
        (f.summary())
        (form_heading(own.action, title))
        p class="soft" { (own.record.plan.title) }
        (by_when(app, own))
        @if let Some(other) = other {
            (both_texts(&other.title, kit::paragraphs(&other.text), "What you typed now", kit::paragraphs(fields.raw("narrative"))))
        }
        (form::returned(&asking))
        (post(&path::round_link_action(token, own.action.id), html! {
            (hidden("form_token", form_token))
            (hidden(CORRECTS, &corrects))
            (form::narrative(f, &asking, fields))
            (form::rating(f, &asking, fields))
            (form::next_steps(f, fields))
            (form::evidence(f, fields))
            (inset(form::readers(&asking)))
            p class="soft" { "It is recorded as sent by email link. To ask for another date, write so here, or sign in." }
            (button_group([submit("Send update", Kind::Primary), Link::new(&back, "Cancel").render()]))
        }))
    };
    Sheet::new([format!("{title}: {}", own.action.label)], content)
        .back(back.clone(), "Your updates")
        .rejected(f.rejected())
        .signed_out()
}

/// The link, if it works.
async fn open(app: &App, token: &str) -> Result<Option<Opened>, WebError> {
    match command::open(&app.cx, token).await {
        Ok(opened) => Ok(Some(opened)),
        Err(CommandError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The page of a link that does not work, or not for this: the same whatever the reason, with what was typed, so that it is not lost.
fn void(typed: &Fields) -> Response {
    const TITLE: &str = "This link does not work any more";
    let texts = || typed.pairs().filter(|(_, value)| value.trim().contains(char::is_whitespace));
    let content = html! {
        h1 { (TITLE) }
        p { "A link to write updates by works until its round closes, for the person to whom it was sent, and for the actions for which they are asked. This one was cut short when it was copied, or its round is closed, somebody else answers for the action now, it was taken back, or links are switched off here." }
        @if texts().next().is_some() {
            h2 { "What you typed" }
            p { "It was not saved. Copy it before you go on." }
            @for (_, value) in texts() { (inset(kit::paragraphs(value))) }
        }
        h2 { "How to go on" }
        ul {
            li { (Link::new(path::SIGN_IN, "Sign in")) " and write there what has happened: late updates are taken too." }
            li { "Or reply to the email in which the link came: whoever asked will enter it for you." }
        }
    };
    answer(Sheet::new([TITLE], content).status(StatusCode::NOT_FOUND).signed_out())
}

/// An answer to somebody who has shown a link and nothing else: no name stands round it, and no search engine keeps it.
///
/// # Why the house's `Referrer-Policy`
/// It is `same-origin`: no other site learns the address. `no-referrer` would take the origin from forms too, by which those of
/// older browsers are known to come from here.
fn answer(answer: impl IntoResponse) -> Response {
    const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
    ([(ROBOTS, "noindex")], answer).into_response()
}
