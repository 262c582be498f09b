//! Recording what was decided on a date that was asked for.

use axum::{extract::State, http::StatusCode, response::Response};
use maud::{Markup, Render as _, html};

use super::who_grants;
use crate::{
    command::{self, CommandError, deadline::Verdict},
    domain::{
        access::{Actor, Permission},
        action::{Action, DateOutcome, Decider, Revision},
        id::RevisionId,
        plan::Record,
        text,
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, LINE, Reader},
        guard::Me,
        page::action::{either, form_heading, form_sheet, record_for, refused},
        sheet::{Redirect, Sheet},
        view::{
            button::{Kind, button_group, submit},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::{self, Fact, Link, notice, summary_list},
        },
    },
};

/// The longest reason, in characters.
const REASON: usize = 4_000;

/// The form for the decision.
pub(in crate::web) async fn new_decision(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
) -> Result<Sheet, WebError> {
    let id = RevisionId(id);
    let record = asked(&app, &actor, id, Permission::DecideDate).await?;
    let (action, revision) = find(&record, id)?;
    let by = record.plan.panel.as_deref().filter(|_| record.plan.panel_grants_dates).unwrap_or_default();
    let fields = Fields::of([("by", by)]);
    Ok(shown(&app, &record, action, revision, &fields, &[]))
}

/// Records it.
pub(in crate::web) async fn decide(
    State(app): State<App>,
    Me(actor): Me,
    Path(id): Path<i64>,
    fields: Fields,
) -> Result<Response, WebError> {
    let id = RevisionId(id);
    let record = asked(&app, &actor, id, Permission::DecideDate).await?;
    let (action, revision) = find(&record, id)?;
    let errors = match parse(&fields, record.plan.panel_grants_dates) {
        Ok(verdict) => match command::deadline::decide(&app.cx, &actor, id, &verdict).await {
            Ok(_) => {
                let outcome = if verdict.granted { "granted" } else { "refused" };
                let done = format!("{} {outcome} for {}", revision.wording, action.label);
                return Ok(either(Redirect::to(path::action(action.id)).saying(done)));
            }
            // Somebody was first. What they decided stands above what was typed here.
            Err(CommandError::Stale) => return decided_meanwhile(&app, &actor, id, &fields).await,
            Err(error) => vec![refused(error)?],
        },
        Err(errors) => errors,
    };
    Ok(either(shown(&app, &record, action, revision, &fields, &errors)))
}

async fn decided_meanwhile(
    app: &App,
    actor: &Actor,
    id: RevisionId,
    fields: &Fields,
) -> Result<Response, WebError> {
    let record = asked(app, actor, id, Permission::DecideDate).await?;
    let (action, revision) = find(&record, id)?;
    Ok(either(shown(app, &record, action, revision, fields, &[]).status(StatusCode::CONFLICT)))
}

/// The record that holds a date that was asked for, for somebody who may do something about it.
pub(super) async fn asked(
    app: &App,
    actor: &Actor,
    id: RevisionId,
    permission: Permission,
) -> Result<Record, WebError> {
    let action = store::action::of_revision(&app.cx.store, id).await?.ok_or(WebError::NotFound)?;
    record_for(app, actor, action, permission, Depth::Current).await
}

/// The revision with its action. The original was never asked for, so there is nothing to decide.
pub(super) fn find(record: &Record, id: RevisionId) -> Result<(&Action, &Revision), WebError> {
    record
        .actions
        .iter()
        .find_map(|a| Some((a, a.revisions.iter().find(|r| r.id == id && !r.is_original())?)))
        .ok_or(WebError::NotFound)
}

fn parse(fields: &Fields, panel_grants: bool) -> Result<Verdict, Vec<FieldError>> {
    let mut reader = Reader::new(fields);
    let granted = reader.required_choice("decision", granted, "Choose whether it was granted or refused");
    let decider = match panel_grants {
        true => Some(Decider::Panel),
        false => reader.required_choice("decider", Decider::from_code, "Choose whose decision it was"),
    };
    let by = reader.required("by", LINE, "Say who decided: the body and its meeting, or the post");
    let on = reader.required_day("on", "Enter the day of the decision");
    let reason = reader.optional("reason", REASON);
    if granted == Some(false) && reason.is_none() {
        reader.wrong("reason", "Say why it was refused: whoever asked for it will read this");
    }
    reader.finish(Verdict {
        granted: granted.unwrap_or_default(),
        on,
        decider: decider.unwrap_or(Decider::Panel),
        by,
        reason,
    })
}

fn granted(code: &str) -> Option<bool> {
    match code {
        "granted" => Some(true),
        "refused" => Some(false),
        _ => None,
    }
}

fn shown(
    app: &App,
    record: &Record,
    action: &Action,
    revision: &Revision,
    fields: &Fields,
    errors: &[FieldError],
) -> Sheet {
    let current = action.deadline_at(app.cx.clock.today());
    let f = Inputs::new(errors);
    let back = path::action(action.id);
    let content = html! {
        (f.summary())
        (form_heading(action, "Decide on a date"))
        (summary_list(facts(current, revision)))
        @if revision.decision.is_some() {
            (decided(revision))
            (typed(fields))
            p { (Link::new(&back, "Back to the action")) }
        } @else {
            p { (who_grants(record)) }
            (post(&path::decide_deadline(revision.id), html! {
                (f.radios("decision", "What was decided?", fields.raw("decision"), [
                    Choice::new("granted", "Granted").hint(html! { "The deadline becomes " (revision.wording) }),
                    Choice::new("refused", "Refused").hint("The deadline stays as it is"),
                ]))
                @if !record.plan.panel_grants_dates {
                    (f.radios("decider", "Whose decision was it?", fields.raw("decider"), [
                        Choice::new(Decider::Panel.code(), record.words.say("The {panel’s}")),
                        Choice::new(Decider::Officer.code(), "An officer’s"),
                    ]))
                }
                (f.text("by", "Who decided?", fields.raw("by"))
                    .hint(record.words.say("The {panel} with its meeting and the minute, if there is one; or the post")))
                (f.text("on", "On what day?", fields.raw("on"))
                    .hint("The day of the meeting or of the decision, for example 19 February 2018")
                    .width(Width::W20))
                (f.textarea("reason", "Why?", fields.raw("reason"))
                    .hint("Needed where it was refused")
                    .rows(3)
                    .limit(REASON)
                    .optional())
                (button_group([submit("Record the decision", Kind::Primary), Link::new(&back, "Cancel").render()]))
            }))
        }
    };
    form_sheet(record, action, "Decide on a date", content).rejected(!errors.is_empty())
}

fn facts<'a>(current: Option<&Revision>, revision: &'a Revision) -> Vec<Fact<'a>> {
    let on = match revision.asked_on {
        Some(on) => kit::day(on),
        None => html! { "Day not recorded" },
    };
    let mut facts = vec![
        Fact::new("Asked for", html! { strong { (revision.wording) } }),
        Fact::new("Read as", &revision.how),
        Fact::new("Instead of", current.map_or("No date", |r| r.wording.as_str())),
        Fact::new("Asked by", revision.asked_by.as_deref().unwrap_or("Not recorded")),
        Fact::new("Asked on", on),
    ];
    if let Some(reason) = &revision.reason {
        facts.push(Fact::new("Reason", kit::paragraphs(reason)));
    }
    facts
}

fn decided(revision: &Revision) -> Markup {
    let Some(decision) = &revision.decision else { return Markup::default() };
    notice(
        if decision.outcome == DateOutcome::Withdrawn {
            "This date is not asked for any more"
        } else {
            "This date has been decided"
        },
        html! {
            p {
                (text::initial_capital(decision.outcome.code()))
                " by " (decision.by) " on " (kit::day(decision.on)) "."
            }
            @if let Some(reason) = &decision.reason { (kit::paragraphs(reason)) }
        },
    )
}

/// What somebody typed whose decision came second, so that it is not lost.
fn typed(fields: &Fields) -> Markup {
    let words = [fields.raw("decision"), fields.raw("by"), fields.raw("on"), fields.raw("reason")];
    html! {
        @if !fields.raw("decision").is_empty() {
            (notice("What you typed was not saved", html! {
                @for words in words.iter().filter(|w| !w.trim().is_empty()) { (kit::paragraphs(words)) }
            }))
        }
    }
}
