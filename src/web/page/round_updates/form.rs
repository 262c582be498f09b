//! How the page looks: what is common to all of it, and a row for every action.

use maud::{Markup, Render as _, html};

use super::{Entering, Line, closed_words};
use crate::{
    domain::{rating::Rating, round::RoundState, text, text::plural},
    link::path,
    web::{
        form::Fields,
        page::{action::say, update::entered},
        view::{
            button::{Kind, button_group, hidden, submit},
            form::{Choice, FieldError, Inputs, Width, post},
            kit::{self, Link, empty, inset},
        },
    },
};

/// The page. `tokens` has for every row its token and the update that stands above its box; `gone` is what was typed for rows
/// that are not there any more.
pub(super) fn render(
    entering: &Entering<'_>,
    fields: &Fields,
    errors: &[FieldError],
    tokens: &[(String, String)],
    gone: Markup,
) -> Markup {
    let f = Inputs::new(errors);
    let id = entering.round.id;
    let back = path::round(id);
    html! {
        (f.summary())
        h1 { span class="caption" { (entering.round.label) " " } "Enter updates" }
        @if entering.round.state == RoundState::Closed { (inset(html! { p { (closed_words(entering.round, entering.today)) "." } })) }
        (gone)
        @if entering.rows.is_empty() {
            (leads(entering))
            (empty("Nobody is awaited", "Every action that was asked has an update.", Some(Link::new(&back, "Back to the round"))))
        } @else {
            p {
                (plural(entering.rows.len(), "action", "actions"))
                ". Fill the rows for which you have received something, and save once. Rows that you leave empty are left alone."
            }
            (leads(entering))
            (post(&path::enter_updates(id), html! {
                @if let Some(lead) = entering.lead { (hidden("lead", &lead.to_string())) }
                (common(entering, f, fields))
                @for (n, (line, token)) in entering.rows.iter().zip(tokens).enumerate() {
                    @let begins = n == 0 || entering.rows[n - 1].record.plan.id != line.record.plan.id;
                    @if begins { (plan(line)) }
                    (row(line, f, fields, token))
                }
                (button_group([submit("Save updates", Kind::Primary), Link::new(&back, "Cancel").render()]))
            }))
        }
    }
}

fn plan(line: &Line<'_>) -> Markup {
    let plan = &line.record.plan;
    html! {
        h2 { (plan.title) }
        (say::key_link(plan))
    }
}

/// Everybody who is awaited, as links: one lead's actions alone.
fn leads(entering: &Entering<'_>) -> Markup {
    let here = path::enter_updates(entering.round.id);
    if entering.leads.len() < 2 && entering.lead.is_none() {
        return Markup::default();
    }
    html! {
        nav aria-label="Leads" {
            ul class="in-line" {
                li { @if entering.lead.is_none() { strong { "All leads" } } @else { a href=(here) { "All leads" } } }
                @for (post, name, n) in &entering.leads {
                    li {
                        @if entering.lead == Some(*post) { strong { (name) " (" (n) ")" } }
                        @else { a href={ (here) "?lead=" (post) } { (name) " (" (n) ")" } }
                    }
                }
            }
        }
    }
}

fn common(entering: &Entering<'_>, f: Inputs<'_>, fields: &Fields) -> Markup {
    html! {
        h2 { "For all rows" }
        @if entering.rows.iter().any(|line| !line.own) {
            div class="choices-in-line" { (entered::received(f, fields)) }
        }
        (entered::cleared(f, fields))
    }
}

fn row(line: &Line<'_>, f: Inputs<'_>, fields: &Fields, (token, seen): &(String, String)) -> Markup {
    let action = line.action;
    let label = &action.label;
    let (narrative, reported) = (line.name("narrative"), line.name("reported"));
    html! {
        section class="entry" aria-labelledby=(line.name("head")) {
            h3 id=(line.name("head")) { (say::action_link(action)) }
            p class="soft small" {
                @if line.own { "Your own action: these are your own words" } @else { (lead_words(line)) }
            }
            (last(line))
            (hidden(&line.name("token"), token))
            (hidden(&line.name("seen"), seen))
            (f.textarea(&narrative, format!("Update on {label}"), fields.raw(&narrative)).rows(3))
            (f.select(&reported, format!("Rating of {label}"), fields.raw(&reported), choices(line)).width(Width::W20))
            (more(line, f, fields))
        }
    }
}

fn lead_words(line: &Line<'_>) -> String {
    match line.action.lead_wording.trim() {
        "" => "No lead named".to_owned(),
        wording => wording.to_owned(),
    }
}

/// The last text, above the box.
fn last(line: &Line<'_>) -> Markup {
    let Some(last) = line.last else {
        return html! { p class="soft" { "This is the first update on this action." } };
    };
    inset(html! {
        p {
            strong { (text::initial_capital(&say::round_words(line.record, last))) }
            @if let Some(day) = last.written_on { ", written on " (kit::day(day)) }
            @if last.by_email_link { ", by email link" }
            " " (say::rating(&line.record.plan, last.reported))
        }
        (say::prose(&last.narrative))
        (say::part("Next steps", last.next_steps.as_deref()))
    })
}

/// The plan's own words. Nothing is chosen at first.
fn choices(line: &Line<'_>) -> Vec<Choice<'static>> {
    let key = &line.record.plan.key;
    let mut choices = vec![Choice::new("", "Choose a rating")];
    for entry in key.reportable() {
        let kind = entry.rating.plain_word();
        let words =
            if entry.word == kind { entry.word } else { format!("{} ({})", entry.word, kind.to_lowercase()) };
        choices.push(Choice::new(entry.rating.code(), words));
    }
    choices.push(Choice::new(Rating::NotRecorded.code(), key.word(Rating::NotRecorded)));
    choices
}

/// What some ratings ask, and what is rarely needed; open where it holds something, so that no error hides in it.
fn more(line: &Line<'_>, f: Inputs<'_>, fields: &Fields) -> Markup {
    let label = &line.action.label;
    let [put_right, outcome, known, continuing, next, whom] =
        ["put_right", "outcome", "outcome_not_known", "continuing", "next_steps", "whom"]
            .map(|n| line.name(n));
    let lead = line.action.lead_wording.trim();
    let for_whom = if fields.pairs().any(|(name, _)| name == whom) { fields.raw(&whom) } else { lead };
    let asks = matches!(
        Rating::from_code(fields.raw(&line.name("reported"))),
        Some(Rating::Complete | Rating::AtRisk | Rating::OffTrack)
    );
    let used =
        [&put_right, &outcome, &known, &continuing, &next].iter().any(|n| !fields.raw(n).trim().is_empty())
            || for_whom.trim() != lead;
    html! {
        details open[used || asks || (f.rejected() && for_whom.trim().is_empty() && line.is_filled(fields))] {
            summary { "What complete, at risk or off track asks, and more" span class="visually-hidden" { ", on " (label) } }
            div class="details-body" {
                (f.textarea(&put_right, "What will put it right, and by when?", fields.raw(&put_right)).rows(2)
                    .hint("With at risk and off track"))
                (f.textarea(&outcome, "What difference has it made, or how will you know?", fields.raw(&outcome)).rows(2)
                    .hint("With complete"))
                (f.checkbox(&known, "Not known yet", fields.ticked(&known)))
                (f.checkbox(&continuing, "The work continues as business as usual", fields.ticked(&continuing)))
                (f.textarea(&next, "Next steps", fields.raw(&next)).rows(2).optional())
                @if !line.own {
                    (f.text(&whom, "For whom?", for_whom).hint("The post or the person who wrote or said it"))
                }
            }
        }
    }
}
