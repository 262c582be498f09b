//! The form of an update: for the first view, for correcting, and for what was refused.

use maud::{Markup, Render as _, html};

use super::{
    Asking, Other, entered, later,
    parse::{SLOTS, Slot, put_right_field},
    readers::{panel_reads, wanted_by},
    reuse,
};
use crate::{
    domain::{
        rating::Rating,
        round::RoundState,
        text,
        update::{Promise, Update},
    },
    link::path,
    web::{
        form::{Fields, LONG_TEXT},
        page::{
            action::{form_heading, say},
            deadline::asked,
        },
        view::{
            button::{Kind, button_group, hidden, submit, submit_as},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::{self, Link, both_texts, details, inset, notice},
            rating::{key_table, rating_tag},
        },
    },
};

/// What the form does.
pub(super) fn title(asking: &Asking<'_>) -> &'static str {
    if asking.corrects.is_some() { "Correct an update" } else { "Add update" }
}

/// The form.
pub(super) fn render(
    asking: &Asking<'_>,
    fields: &Fields,
    errors: &[FieldError],
    token: &str,
    other: Option<&Other>,
) -> Markup {
    let f = Inputs::new(errors);
    let action = asking.action;
    let address = match asking.corrects {
        Some(update) => path::correct_update(update.id),
        None => path::new_update(action.id),
    };
    let back = path::action(action.id);
    html! {
        (f.summary())
        @if let Some(series) = &asking.series { (series.head()) }
        (form_heading(action, title(asking)))
        (about(asking))
        @if let Some(other) = other {
            (both_texts(&other.title, kit::paragraphs(&other.text), "What you typed now", kit::paragraphs(fields.raw("narrative"))))
        }
        @if asking.corrects.is_some() {
            (inset("The correction stands in place of the update, which is kept in the timeline and marked as corrected."))
        } @else { (last_update(asking)) }
        (returned(asking))
        (later::notice(asking))
        @if !asking.offers.is_empty() {
            p { a href="#use-again" { "You wrote a text for another body in the last 28 days: it can be used again" } }
        }
        (post(&address, html! {
            (hidden("form_token", token))
            (hidden(later::SEEN, fields.raw(later::SEEN)))
            @match asking.already {
                Some(already) => (hidden("also", &already.id.to_string())),
                None => (hidden("also", fields.raw("also"))),
            }
            @if let Some(series) = &asking.series { (hidden("series", &series.text())) }
            (promise(f, asking, fields))
            (narrative(f, asking, fields))
            (rating(f, asking, fields))
            (deadline(f, asking, fields))
            (next_steps(f, fields))
            (evidence(f, fields))
            (entered::for_other(f, asking, fields))
            (entered::cleared(f, fields))
            (inset(readers(asking)))
            (buttons(asking, &back))
            (correcting(asking, fields))
            // After the button that saves: Enter presses the first of a form.
            div id="use-again" { (reuse::offered(asking)) }
        }))
    }
}

/// What it is about, whole: some come here twice a year.
fn about(asking: &Asking<'_>) -> Markup {
    let action = asking.action;
    let recommendation = action.recommendation.and_then(|id| asking.record.recommendation(id));
    html! {
        @if action.text.trim() != action.title() { (say::prose(&action.text)) }
        @if let Some(recommendation) = recommendation {
            (details("The recommendation", say::prose(&recommendation.text)))
        }
    }
}

/// The way to put right what has been sent today with what stands in the form; a date that is asked for in it needs the form
/// of a new one.
fn correcting(asking: &Asking<'_>, fields: &Fields) -> Markup {
    let Some(already) = asking.already.filter(|_| fields.raw("deadline_right") != "no") else {
        return Markup::default();
    };
    html! {
        p {
            button class=(Kind::Secondary.class()) type="submit" formaction=(path::correct_update(already.id)) {
                "Correct the update that you have sent"
            }
        }
    }
}

/// Saving comes first: it is what Enter presses.
fn buttons(asking: &Asking<'_>, back: &str) -> Markup {
    let later = submit_as(later::BUTTON, "yes", "Save for later", Kind::Secondary);
    match &asking.series {
        Some(series) => button_group([
            submit(series.save_words(), Kind::Primary),
            later,
            Link::new(&series.onward(), "Skip for now").render(),
        ]),
        None if asking.corrects.is_some() => {
            button_group([submit("Save update", Kind::Primary), Link::new(back, "Cancel").render()])
        }
        None => {
            button_group([submit("Save update", Kind::Primary), later, Link::new(back, "Cancel").render()])
        }
    }
}

/// What the manager said who returned it.
pub(super) fn returned(asking: &Asking<'_>) -> Markup {
    let Some(review) = asking.returned.and_then(|u| u.review.as_ref()) else { return Markup::default() };
    notice(
        "Returned with a comment",
        html! {
            p {
                "The plan’s manager returned "
                @if asking.corrects.is_some() { "the correction" } @else { "the last update" }
                @if let Some(on) = review.on { " on " (kit::day(on)) }
                ". It does not count until it is sent again: its text stands below."
            }
            (kit::paragraphs(review.comment.as_deref().unwrap_or_default()))
        },
    )
}

fn last_update(asking: &Asking<'_>) -> Markup {
    let Some(last) = asking.last else {
        return html! { p class="soft" { "This is the first update on this action." } };
    };
    html! {
        h2 { "The last update" }
        (inset(html! {
            p {
                strong { (text::initial_capital(&say::round_words(asking.record, last))) }
                @if let Some(day) = last.written_on { ", written on " (kit::day(day)) }
                " " (say::rating(&asking.record.plan, last.reported))
            }
            (say::prose(&last.narrative))
        }))
    }
}

fn promise(f: Inputs<'_>, asking: &Asking<'_>, fields: &Fields) -> Markup {
    let Some(promised) = asking.promised() else { return Markup::default() };
    let answers = Promise::ALL.iter().map(|p| Choice::new(p.code(), p.word()));
    let said = html! { div { "Last time you said:" } (kit::paragraphs(promised)) };
    f.radios("promise", "Did that happen?", fields.raw("promise"), answers).hint(said).optional().render()
}

pub(super) fn narrative(f: Inputs<'_>, asking: &Asking<'_>, fields: &Fields) -> Markup {
    f.textarea("narrative", narrative_label(asking), fields.raw("narrative"))
        .hint("Do not name children or families.")
        .rows(10)
        .limit(LONG_TEXT)
        .render()
}

pub(super) fn next_steps(f: Inputs<'_>, fields: &Fields) -> Markup {
    f.textarea("next_steps", "Next steps", fields.raw("next_steps"))
        .hint("What will happen next, and by when. Next time you are asked whether it did.")
        .rows(3)
        .optional()
        .render()
}

fn narrative_label(asking: &Asking<'_>) -> String {
    let since = |last: &Update| match last.written_on {
        Some(day) => text::day(day),
        None => last
            .round
            .and_then(|id| asking.record.round(id))
            .map_or_else(|| text::day(last.known_from), |r| r.label.clone()),
    };
    match asking.last {
        None if asking.by_link => "What has happened?".to_owned(),
        Some(last) => format!("What has happened since {}?", since(last)),
        None => "What has happened so far?".to_owned(),
    }
}

/// The plan's own key, whole, so that nobody has to guess what a word means here.
pub(super) fn rating(f: Inputs<'_>, asking: &Asking<'_>, fields: &Fields) -> Markup {
    let key = &asking.record.plan.key;
    let entries = key.reportable();
    // One meaning for all is said once: it says that nobody has stated any.
    let common = entries.first().map(|e| &e.meaning).filter(|m| entries.iter().all(|e| e.meaning == **m));
    let mut choices: Vec<Choice<'_>> = entries
        .iter()
        .map(|entry| {
            let choice = Choice::new(entry.rating.code(), rating_tag(entry));
            let choice = if common.is_some() { choice } else { choice.hint(&entry.meaning) };
            match more(f, asking, fields, entry.rating) {
                Some(more) => choice.more(more),
                None => choice,
            }
        })
        .collect();
    let none = key.entry(Rating::NotRecorded);
    choices.push(Choice::new(Rating::NotRecorded.code(), rating_tag(&none)).hint("I can’t say yet"));
    let asked = f.radios("reported", "How is it going?", fields.raw("reported"), choices).hint(html! {
        @match common {
            Some(meaning) => { "What the words mean in this plan: " (meaning) ". " },
            None => { "What each word means in this plan stands below it. " },
        }
        @if !asking.by_link { a href=(path::key(&asking.record.plan.slug)) { "The plan’s key" } }
    });
    html! {
        (asked.render())
        // Whoever writes by a link may not open the plan's pages.
        @if asking.by_link { (details("What the words mean", key_table(key.entries(), key.note.as_deref()))) }
    }
}

/// What a rating asks for when it is chosen.
fn more(f: Inputs<'_>, asking: &Asking<'_>, fields: &Fields, rating: Rating) -> Option<Markup> {
    if rating == Rating::Complete {
        return Some(html! {
            p { "Say above what was done." @if asking.record.plan.panel_confirms_completion { (asking.record.words.say(" The {panel} decides whether it agrees.")) } }
            (f.textarea("outcome", "What difference has it made, or how will you know?", fields.raw("outcome")).rows(3))
            (f.checkbox("outcome_not_known", "Not known yet", fields.ticked("outcome_not_known")))
            (f.checkbox("continuing", "The work continues as business as usual", fields.ticked("continuing")))
        });
    }
    let field = put_right_field(rating)?;
    Some(f.textarea(field, "What will put it right, and by when?", fields.raw(field)).rows(3).render())
}

fn deadline(f: Inputs<'_>, asking: &Asking<'_>, fields: &Fields) -> Markup {
    if asking.corrects.is_some() {
        return Markup::default();
    }
    if let Some(asked) = asking.action.asked_at(asking.today) {
        return inset(
            html! { (asked.wording) " is asked for, not decided. Until then the deadline stays as it is." },
        );
    }
    if !asking.asks_for_date() {
        return Markup::default();
    }
    let current = asking.action.deadline_at(asking.today).map_or("", |r| r.wording.trim());
    let legend = match current {
        "" => "There is no deadline. Is that still right?".to_owned(),
        wording => format!("Is the deadline still right? It is {wording}"),
    };
    let choices = [
        Choice::new("yes", "Yes"),
        Choice::new("no", "No, ask for another date").more(asked::fields(f, fields, asking.record)),
    ];
    f.radios("deadline_right", legend, fields.raw("deadline_right"), choices).optional().render()
}

pub(super) fn evidence(f: Inputs<'_>, fields: &Fields) -> Markup {
    let filled = |(title, address, figures): &Slot| {
        [title, address, figures].iter().any(|name| !fields.raw(name).trim().is_empty())
    };
    // One piece is asked for, and one more as soon as all before it are used.
    let shown = (SLOTS.iter().rposition(filled).map_or(1, |last| last + 2)).min(SLOTS.len());
    let day = fields.raw("speaks_of");
    // Folded away until somebody needs it; open where it holds something, so that no error hides in it.
    let used = SLOTS.iter().any(filled) || !day.trim().is_empty();
    html! {
        details open[used] {
            summary { "Add evidence, or the day that this speaks of" }
            div class="details-body" {
                (f.text("speaks_of", "The day that this speaks of", day)
                    .hint("If it tells of one day, such as a conference: 29 January 2018")
                    .width(Width::W20)
                    .optional())
                @for (title, address, figures) in SLOTS.iter().take(shown) {
                (f.text(title, "Evidence: what it is", fields.raw(title)).hint("For example: Report on the conference").optional())
                (f.text(address, "Where it can be read", fields.raw(address)).hint("A web address, or where the paper is kept").optional())
                (f.textarea(figures, "Figures in it", fields.raw(figures))
                    .hint("Each on a line of its own, for example: delegates: 78")
                    .rows(3)
                    .optional())
                }
            }
        }
    }
}

/// Who reads it, and from when.
pub(super) fn readers(asking: &Asking<'_>) -> Markup {
    let round = match asking.corrects.and_then(|u| u.round).and_then(|id| asking.record.round(id)) {
        Some(own) if !own.state.is_closed() => Some(own),
        _ => asking.record.rounds.iter().rfind(|r| r.state == RoundState::Open),
    };
    let due = round.filter(|_| asking.corrects.is_none() && asking.record.is_monitored(asking.today));
    html! {
        @if let Some((round, by)) = due.and_then(|round| Some((round, wanted_by(round, asking.today)?))) {
            p { "Updates for " (round.label) " are asked for: " (by) "." }
        }
        p { (panel_reads(asking.record, round, asking.today)) }
        p { "Managers, and everyone who answers for an action of this plan, can read it at once." }
        p { "If it holds exempt information, tell the plan’s manager or a scrutiny officer: they can mark it as not for publication on the action’s page." }
        @if asking.looked_at {
            p { "The plan’s manager looks at it first. You are not asked again unless it comes back with a comment." }
        }
    }
}
