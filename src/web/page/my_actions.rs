//! My actions: the first page of a lead. What needs an update now, what is due soon, and everything else.
//!
//! A manager also finds what waits for a manager: dates to decide, and actions whose lead nobody can reach.

use axum::extract;
use chrono::{Days, NaiveDate};
use maud::{Markup, html};

use super::{
    action::say,
    post::vacant_words,
    update::{readers::wanted_by, review},
};
use crate::{
    command::post::reassignment::Seen,
    domain::{
        access::{Actor, Permission, Role, may, may_on},
        action::{Action, Revision, State},
        id::ActionId,
        paper,
        plan::{Plan, Record},
        question::{Question, QuestionState},
        reminder::recipients,
        round::Round,
        standing::{self, Standing, WATCH_DAYS},
        text::{self, plural},
    },
    link::path,
    store::{self, record::Depth},
    web::{
        App,
        error::WebError,
        guard::Me,
        route::Route,
        sheet::Sheet,
        view::{
            button::{Kind, link_button},
            kit::{self, Link, empty},
            rating::grey_words,
            table::{Column, Row, Table},
        },
    },
};

/// Days within which a deadline is “due soon”.
const SOON_DAYS: u64 = 14;

/// The page.
pub(in crate::web) async fn list(
    extract::State(app): extract::State<App>,
    Me(actor): Me,
) -> Result<Sheet, WebError> {
    let records = store::record::all(&app.cx.store, &actor, Depth::Current).await?;
    let today = app.cx.clock.today();
    let mine: Vec<Mine<'_>> = records
        .iter()
        .flat_map(|record| record.actions.iter().map(move |action| (record, action)))
        .filter(|(_, action)| actor.answers_for(action))
        .map(|(record, action)| Mine::of(record, action, today))
        .collect();
    let begun = match actor.person {
        Some(person) if !mine.is_empty() => store::update::draft::begun(&app.cx.store, person).await?,
        _ => Vec::new(),
    };
    let managing = html! { @if actor.is(Role::Manager) { (for_managers(&records, &actor, today)) } };
    let asked = questions(&records, |_, action| actor.answers_for(action));
    let content = html! {
        h1 { "My actions" }
        @if !asked.is_empty() { (to_answer("Questions to answer", &asked)) }
        @if mine.is_empty() { (none(&actor)) (managing) } @else { (groups(&mine, &begun, today, &managing)) }
    };
    Ok(Sheet::new(["My actions"], content))
}

/// The questions that await an answer, of actions of which something holds.
fn questions(records: &[Record], holds: impl Fn(&Record, &Action) -> bool) -> Vec<(&Action, &Question)> {
    let mut all = Vec::new();
    for record in records {
        for action in record.actions.iter().filter(|action| holds(record, action)) {
            let waiting = action.questions.iter().filter(|q| q.state == QuestionState::PassedOn);
            all.extend(waiting.map(|question| (action, question)));
        }
    }
    all
}

fn to_answer(heading: &str, asked: &[(&Action, &Question)]) -> Markup {
    html! {
        h2 { (heading) }
        ul {
            @for (action, question) in asked {
                li {
                    (say::action_link(action)) ": "
                    a href=(path::answer_question(question.id)) { (text::short_title(&question.text)) }
                    @if let Some(on) = question.passed_on_on { span class="soft small" { ", asked on " (kit::day(on)) } }
                }
            }
        }
    }
}

/// The actions that need an update from somebody now, in the order of the list.
pub(super) fn needing(records: &[Record], actor: &Actor, today: NaiveDate) -> Vec<ActionId> {
    let all = records.iter().flat_map(|record| record.actions.iter().map(move |action| (record, action)));
    all.filter(|(_, action)| actor.answers_for(action))
        .map(|(record, action)| Mine::of(record, action, today))
        .filter(|mine| mine.group == Group::Now)
        .map(|mine| mine.standing.action.id)
        .collect()
}

/// Which of the three lists an action stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Now,
    Soon,
    Else,
}

/// One action that the reader answers for.
struct Mine<'a> {
    record: &'a Record,
    standing: Standing<'a>,
    group: Group,
}

impl<'a> Mine<'a> {
    fn of(record: &'a Record, action: &'a Action, today: NaiveDate) -> Self {
        let standing = standing::stand_one(record, action, today);
        Self { record, group: group(record, &standing, today), standing }
    }
}

/// The open round for which nothing has been written.
fn silent_in<'a>(record: &'a Record, action: &Action, today: NaiveDate) -> Option<&'a Round> {
    let open = record.open_round_at(today).filter(|_| record.is_monitored(today))?;
    paper::written_in(action, paper::Column::Round(open), today).is_none().then_some(open)
}

fn group(record: &Record, standing: &Standing<'_>, today: NaiveDate) -> Group {
    if !record.is_monitored(today) || !standing.expects_updates() {
        return Group::Else;
    }
    let updates = || standing.action.updates_at(today);
    let silent_in_round = silent_in(record, standing.action, today).is_some();
    let since = today.checked_sub_days(Days::new(WATCH_DAYS)).unwrap_or(NaiveDate::MIN);
    let lately = updates().any(|u| standing.action.place(u).0 >= since);
    let soon = today.checked_add_days(Days::new(SOON_DAYS)).unwrap_or(NaiveDate::MAX);
    let latest = standing.deadline.and_then(Revision::latest);
    let is_soon = latest.is_some_and(|latest| latest <= soon);
    // As for mail: somebody who has just written why it is overdue is not asked again the next day.
    let explained = updates().any(|u| u.written_on.is_some_and(|on| on >= since && Some(on) > latest));
    let unexplained = standing.overdue_days.is_some() && !explained;
    let returned = standing.action.returned(None).is_some();
    if unexplained || silent_in_round || returned || (is_soon && standing.overdue_days.is_none() && !lately) {
        Group::Now
    } else if is_soon && standing.overdue_days.is_none() {
        Group::Soon
    } else {
        Group::Else
    }
}

/// The three lists. What waits for a manager stands before the one in which nothing waits.
fn groups(mine: &[Mine<'_>], begun: &[ActionId], today: NaiveDate, managing: &Markup) -> Markup {
    let of = |group| {
        let mut of: Vec<_> = mine.iter().filter(|m| m.group == group).collect();
        // What is done stands after what is not.
        of.sort_by_key(|m| !m.standing.expects_updates());
        of
    };
    let mut plans: Vec<&Plan> = mine.iter().map(|m| &m.record.plan).collect();
    plans.dedup_by_key(|plan| plan.id);
    let about = About { begun, today, several_plans: plans.len() > 1 };
    let table = |heading, mine: &[&Mine<'_>], nothing| table(heading, mine, about, nothing);
    let (now, soon, others) = (of(Group::Now), of(Group::Soon), of(Group::Else));
    html! {
        p class="lead-sentence" {
            @match now.len() {
                0 => { "Nothing needs an update from you now." },
                n => { (plural(n, "action needs", "actions need")) " an update from you now." },
            }
        }
        (asked_for(&now, today))
        @if !now.is_empty() {
            @let start = format!("Start: {}", plural(now.len(), "update", "updates"));
            p { (link_button(Link::new(Route::MyUpdates.path(), &start), Kind::Primary)) }
        }
        (table("Needs an update now", &now, "Nothing needs an update from you now."))
        (table("Due in 14 days", &soon, "Nothing else is due in the next 14 days."))
        (managing)
        (table("Everything else", &others, "You have no other actions."))
        (keys(&plans))
    }
}

/// Which rounds ask for them, and by when.
fn asked_for(now: &[&Mine<'_>], today: NaiveDate) -> Markup {
    let mut rounds: Vec<(&Round, usize)> = Vec::new();
    for mine in now {
        let Some(round) = silent_in(mine.record, mine.standing.action, today) else { continue };
        match rounds.iter_mut().find(|(known, _)| known.id == round.id) {
            Some((_, n)) => *n += 1,
            None => rounds.push((round, 1)),
        }
    }
    html! {
        @for (round, n) in rounds {
            p {
                "The round " (round.label) " asks for " (plural(n, "update", "updates"))
                @if let Some(by) = wanted_by(round, today) { ": " (by) }
                "."
            }
        }
    }
}

/// What every row has to know.
#[derive(Clone, Copy)]
struct About<'a> {
    /// The actions on which something is saved for later.
    begun: &'a [ActionId],
    today: NaiveDate,
    several_plans: bool,
}

fn table(heading: &str, mine: &[&Mine<'_>], about: About<'_>, nothing: &str) -> Markup {
    let columns = [
        Column::new("Action"),
        Column::new("By when"),
        Column::new("Rating"),
        Column::new("Last update"),
        Column::new("Write"),
    ];
    html! {
        h2 { (heading) }
        @if mine.is_empty() { p class="soft" { (nothing) } }
        @else {
            (Table::new(heading, columns).caption_hidden().row_head(0).rows(mine.iter().map(|m| row(m, about))))
        }
    }
}

fn row<'a>(mine: &Mine<'_>, about: About<'_>) -> Row<'a> {
    let About { begun, today, several_plans } = about;
    let Mine { record, standing, group } = mine;
    let action = standing.action;
    let is_monitored = record.is_monitored(today);
    let is_begun = begun.contains(&action.id);
    let returned = action.returned(None).and_then(|u| u.review.as_ref()).filter(|_| is_monitored);
    Row::new([
        html! {
            (say::action_link(action))
            @if several_plans { div class="soft small" { (record.plan.title) } }
            (say::part("Returned", returned.and_then(|r| r.comment.as_deref())))
        },
        html! {
            (standing.deadline.map_or("", |r| r.wording.as_str()))
            @if is_monitored { div { (say::due(standing, today)) } }
            @if let Some(asked) = standing.asked { div class="soft small" { (asked.wording) " asked for" } }
        },
        html! {
            (say::rating(&record.plan, standing.reported))
            @if !standing.expects_updates() && standing.state != State::Complete {
                div { (grey_words(say::state(record, standing))) }
            }
        },
        html! {
            @match standing.latest {
                Some(update) => {
                    @match update.written_on {
                        Some(day) => span class="tally" { (kit::day(day)) },
                        None => span class="tally" { (say::round_words(record, update)) },
                    }
                },
                None => "None yet",
            }
        },
        html! {
            @if !is_monitored { div { (grey_words("Monitoring ended")) } }
            // Where nothing is needed, a link is enough: a page full of buttons is not calm.
            @if is_monitored || is_begun { a href=(path::new_update(action.id)) class=[(*group != Group::Else).then_some("button button-secondary")] {
                "Add\u{a0}update" span class="visually-hidden" { " to " (action.label) }
            } }
            @if is_begun { div { (grey_words("Saved for later, not sent")) } }
            @if returned.is_some() { div { (grey_words("Returned with a comment")) } }
        },
    ])
}

/// The key of every plan whose ratings stand on the page.
fn keys(plans: &[&Plan]) -> Markup {
    html! {
        p class="small" {
            "What the ratings mean: "
            @for (n, plan) in plans.iter().enumerate() {
                @if n > 0 { ", " }
                a href=(path::key(&plan.slug)) { (plan.title) }
            }
        }
    }
}

fn none(actor: &Actor) -> Markup {
    let to_plans =
        may(actor, Permission::ReadPlans).is_ok().then_some(Link::new(path::PLANS, "Go to the plans"));
    empty(
        "You answer for no action",
        "Actions stand here when a post that you hold leads them, or when you write for their lead. If you expected some, ask the plan’s manager.",
        to_plans,
    )
}

/// What waits for a manager, over all plans that are still monitored.
fn for_managers(records: &[Record], actor: &Actor, today: NaiveDate) -> Markup {
    let live = || {
        records
            .iter()
            .filter(|r| actor.is_in(Role::Manager, r.plan.id))
            .filter(|r| r.plan.monitoring_ended_on.is_none_or(|on| today < on))
            .flat_map(|r| r.actions.iter().map(move |a| (r, a)))
            .filter(|(record, action)| standing::stand_one(record, action, today).expects_updates())
    };
    let asked: Vec<_> =
        live().filter_map(|(of, action)| Some((of, action, action.asked_at(today)?))).collect();
    let (to_decide, with_the_panel): (Vec<_>, Vec<_>) = asked
        .into_iter()
        .partition(|(of, action, _)| may_on(actor, Permission::DecideDate, &of.plan, action).is_ok());
    let unreachable: Vec<_> = live()
        .filter_map(|(record, action)| Some((action, recipients(record, action, today).nobody?)))
        .collect();
    let others = questions(records, |record, action| {
        actor.is_in(Role::Manager, record.plan.id) && !actor.answers_for(action)
    });
    let vacant = records.first().map_or(0, |any| {
        any.posts.iter().filter(|p| p.is_vacant(today) && !Seen::of(records, p.id, today).is_empty()).count()
    });
    let monitored: Vec<&Record> = records.iter().filter(|r| r.is_monitored(today)).collect();
    let waiting = review::waiting(&monitored, actor, today);
    html! {
        h2 { "For you as manager" }
        @if vacant > 0 {
            p { (Link::new(Route::Posts.path(), &vacant_words(vacant))) }
        }
        @if !others.is_empty() { (to_answer("Questions that wait for other leads", &others)) }
        @if to_decide.is_empty() && with_the_panel.is_empty() && unreachable.is_empty() && waiting.is_empty() {
            p class="soft" { "No date waits for a decision, and every open action has a lead who can be reached." }
        }
        @if !waiting.is_empty() {
            h3 { (plural(waiting.len(), "update", "updates")) " to look at" }
            (review::list(&waiting))
        }
        @if !to_decide.is_empty() {
            h3 { (plural(to_decide.len(), "date", "dates")) " to decide" }
            ul {
                @for (_, action, revision) in to_decide {
                    li {
                        (say::action_link(action)) ": " (revision.wording) " asked for. "
                        a href=(path::decide_deadline(revision.id)) {
                            "Decide" span class="visually-hidden" { " on " (revision.wording) " for " (action.label) }
                        }
                    }
                }
            }
        }
        @if let Some((of, ..)) = with_the_panel.first() {
            h3 { (plural(with_the_panel.len(), "date", "dates")) (of.words.say(" asked of the {panel}")) }
            p { (of.words.say("Nothing to do for you: they are the {panel’s} to grant.")) }
            ul {
                @for (_, action, revision) in &with_the_panel {
                    li { (say::action_link(action)) ": " (revision.wording) " asked for" }
                }
            }
        }
        @if !unreachable.is_empty() {
            h3 { (plural(unreachable.len(), "action", "actions")) " without a lead who can be reached" }
            ul { @for (action, why) in unreachable { li { (say::action_link(action)) ": " (why) } } }
        }
    }
}
