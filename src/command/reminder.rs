//! Queueing the day's reminders, once per day whatever runs, and rendering them from the facts when they are sent.

use chrono::NaiveDate;

use super::{CommandError, Cx};
use crate::{
    domain::{
        access::Actor,
        calendar::Calendar,
        id::{PersonId, PlanId},
        message::MessageKind,
        plan::Record,
        reminder::{
            self, Cause, Schedule,
            response::{self, Officer},
        },
        response::Awaited,
        standing::{self, Standing},
        text,
    },
    link::path,
    mail::{
        digest::{self, Digest},
        message::{List, Mailbox},
        thread,
    },
    secret,
    store::{self, StoreError, Tx, outbox::NewMessage, record::Depth},
};

/// The setting that says for which office day reminders were queued last.
pub(super) const LAST_RUN: &str = "reminders.last-run";
/// The setting that says for which office day somebody outside was last told that reminders were looked for.
const LAST_PING: &str = "reminders.last-ping";

/// Queues what is due today, unless that was done already, and says how many messages were queued. What was queued for an
/// earlier day and could not be tried (the mail server was out of reach) is weighed again with it.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses; then nothing is queued, and the next run does it.
pub async fn queue_today(cx: &Cx) -> Result<usize, CommandError> {
    let now = cx.now();
    let tx = cx.store.begin().await?;
    // Of several processes one is told yes; the unique keys of messages and causes stand behind it.
    if !store::setting::raise(&tx, LAST_RUN, &now.today.to_string()).await? {
        return Ok(0);
    }
    store::outbox::take_back_before(&tx, now.today).await?;
    let records = store::record::all(&tx, &worker(), Depth::Current).await?;
    let ledger = store::outbox::ledger(&tx).await?;
    let officers = store::person::scrutiny_officers(&tx).await?;
    let schedule = reminder::schedule(&records, &officers, &ledger, &cx.calendar(), now.today);
    let mut queued = 0;
    for digest in &schedule.digests {
        let causes: Vec<Cause> = digest.items.iter().map(|item| item.cause.clone()).collect();
        let key = format!("digest person {} day {}", digest.person.id, now.today);
        let message_id = message_id(cx)?;
        let new = NewMessage {
            unique_key: &key,
            kind: MessageKind::Reminder,
            office_day: now.today,
            person: Some(digest.person.id),
            link: None,
            to_name: &digest.person.name,
            to_address: &digest.person.email,
            message_id: &message_id,
            rendered: None,
        };
        if let Some(message) = store::outbox::queue(&tx, &new, &causes, now.at).await? {
            let responses: Vec<_> = digest.responses.iter().map(|item| item.cause.clone()).collect();
            store::outbox::response::add(&tx, message, &responses, now.today).await?;
            queued += 1;
        }
    }
    tx.commit().await?;
    tracing::info!(day = %now.today, queued, "reminders queued");
    Ok(queued)
}

/// The office day for which reminders were queued last.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn last_run(cx: &Cx) -> Result<Option<NaiveDate>, CommandError> {
    let stored = store::setting::get(&cx.store, LAST_RUN).await?;
    Ok(stored.and_then(|day| day.parse().ok()))
}

/// Today, if its reminders have been looked for and nobody outside has been told so yet.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn ping_due(cx: &Cx) -> Result<Option<NaiveDate>, CommandError> {
    let today = cx.now().today;
    let day = today.to_string();
    let stored = store::setting::several(&cx.store, &[LAST_RUN, LAST_PING]).await?;
    let run = stored.get(LAST_RUN) == Some(&day);
    let told = stored.get(LAST_PING).is_some_and(|last| *last >= day);
    Ok((run && !told).then_some(today))
}

/// Notes that somebody outside was told.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn pinged(cx: &Cx, day: NaiveDate) -> Result<(), CommandError> {
    let tx = cx.store.begin().await?;
    store::setting::raise(&tx, LAST_PING, &day.to_string()).await?;
    tx.commit().await?;
    Ok(())
}

/// Reminders are worked out from everything.
pub(super) fn worker() -> Actor {
    Actor::program("Reminders")
}

/// A Message-ID that no other message has, without angle brackets, in the sender's domain.
pub(super) fn message_id(cx: &Cx) -> Result<String, CommandError> {
    let token = secret::token().map_err(|e| StoreError::File(std::io::Error::other(e)))?;
    Ok(format!("{}@{}", token.get(..32).unwrap_or(&token), mail_domain(cx)))
}

/// The sender's domain: that of all identifiers in mail.
fn mail_domain(cx: &Cx) -> &str {
    cx.sender.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

/// The thread of a person's mail about a plan, as `References` has it.
pub(super) fn thread(cx: &Cx, plan: Option<PlanId>, person: PersonId) -> Vec<String> {
    plan.map(|plan| thread::root(plan, person, mail_domain(cx))).into_iter().collect()
}

/// The list under which everything is sent that is about plans.
pub(super) fn list(cx: &Cx) -> List {
    thread::list(&cx.installation().council, cx.links.host())
}

/// What the worker would send on a day, given what is recorded as sent.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn preview(cx: &Cx, day: NaiveDate) -> Result<Schedule, CommandError> {
    let records = store::record::all(&cx.store, &worker(), Depth::Everything).await?;
    let ledger = store::outbox::ledger(&cx.store).await?;
    let officers = store::person::scrutiny_officers(&cx.store).await?;
    Ok(reminder::schedule(&records, &officers, &ledger, &cx.calendar(), day))
}

/// Plays some days on a copy, as if nobody wrote anything.
///
/// # Errors
/// [`CommandError::Store`] if the database does not answer.
pub async fn play(
    cx: &Cx,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(NaiveDate, reminder::Digest)>, CommandError> {
    let records = store::record::all(&cx.store, &worker(), Depth::Everything).await?;
    let mut ledger = store::outbox::ledger(&cx.store).await?;
    let officers = store::person::scrutiny_officers(&cx.store).await?;
    Ok(reminder::play(&records, &officers, &mut ledger, &cx.calendar(), from, to))
}

/// A digest rendered from the facts of today: what it says, and where an answer goes.
pub(super) struct Rendered {
    pub(super) subject: String,
    pub(super) plain: String,
    pub(super) html: String,
    pub(super) reply_to: Option<Mailbox>,
    /// The (first) plan that it is about: its thread.
    pub(super) plan: Option<PlanId>,
}

/// Renders a queued digest from today's facts, after withdrawing the causes that no longer hold. None: none is left, and
/// there is nothing to send.
pub(super) async fn render(
    cx: &Cx,
    tx: &Tx,
    message: i64,
    person: PersonId,
    today: NaiveDate,
) -> Result<Option<Rendered>, CommandError> {
    let records = store::record::all(tx, &worker(), Depth::Current).await?;
    let calendar = cx.calendar();
    let mut holding = Vec::new();
    for cause in store::outbox::causes(tx, message).await? {
        if reminder::still_holds(&records, &cause, today, &calendar) {
            holding.push(cause);
        } else {
            store::outbox::withdraw(tx, &cause).await?;
        }
    }
    let items: Vec<_> =
        holding.iter().filter_map(|cause| item(cx, &calendar, &records, cause, today)).collect();
    let officers = store::person::scrutiny_officers(tx).await?;
    let mut responses = Vec::new();
    for cause in store::outbox::response::causes(tx, message).await? {
        match response::still_awaited(&records, &officers, &cause, today, &calendar) {
            Some(awaited) => responses.push((cause, awaited)),
            None => store::outbox::response::withdraw(tx, &cause).await?,
        }
    }
    let of_action = holding.first().and_then(|c| records.iter().find(|r| r.action(c.action).is_some()));
    let of_response = || responses.first().and_then(|(c, _)| records.iter().find(|r| r.plan.id == c.plan));
    let Some(first) = of_action.or_else(of_response) else { return Ok(None) };
    let manager = first.post(first.plan.manager);
    let asking = manager.and_then(|post| post.reachable(today).next());
    let manager_post = manager.map_or("The plan’s manager", |post| post.name.as_str());
    let asked_by = match asking {
        Some(person) if person.name != manager_post => format!("{}, {manager_post}", person.name),
        _ => manager_post.to_owned(),
    };
    // The next meeting that anybody knows of: it is why the panel asks.
    let meeting = first.rounds.iter().filter_map(|r| r.meeting_on).filter(|on| *on >= today).min();
    let meeting = meeting.map_or(String::new(), |on| format!(" on {}", text::day(on)));
    let digest = Digest {
        council: cx.installation().council.clone(),
        asked_by,
        own_list: asking.is_some_and(|a| a.id == person),
        panel: first.plan.panel.as_ref().map(|panel| format!("the {panel}{meeting}")),
        because: because(&records, &officers, &holding, &responses, today),
        items,
        responses: responses
            .iter()
            .filter_map(|(cause, awaited)| {
                let record = records.iter().find(|r| r.plan.id == cause.plan)?;
                Some(digest::Response {
                    plan: record.plan.title.clone(),
                    overdue: cause.rule == reminder::Rule::Overdue,
                    reason: reminder::reason(cause.rule, awaited.due_on, today, &calendar),
                    awaited: *awaited,
                    link: cx.links.full(&path::plan(&record.plan.slug)),
                })
            })
            .collect(),
        words: cx.words(),
        my_actions: cx.links.full(path::MY_ACTIONS),
    };
    Ok(Some(Rendered {
        subject: digest::subject(&digest),
        plain: digest::plain(&digest),
        html: digest::html(&digest),
        reply_to: asking.map(|a| Mailbox { name: a.name.clone(), address: a.email.clone() }),
        plan: Some(first.plan.id),
    }))
}

fn item(
    cx: &Cx,
    calendar: &Calendar,
    records: &[Record],
    cause: &Cause,
    today: NaiveDate,
) -> Option<digest::Item> {
    let record = records.iter().find(|r| r.action(cause.action).is_some())?;
    let action = record.action(cause.action)?;
    let standing = standing::stand_one(record, action, today);
    let deadline = standing.deadline?;
    let latest = deadline.latest()?;
    let last_update = last_update_words(record, &standing);
    Some(digest::Item {
        label: action.label.clone(),
        title: action.title(),
        plan: record.plan.title.clone(),
        overdue: cause.rule == reminder::Rule::Overdue,
        latest,
        reason: reminder::reason(cause.rule, latest, today, calendar),
        by_when: deadline.wording.clone(),
        asked: standing.asked.map(|a| format!("{}, not decided", a.wording)),
        rating: record.plan.key.word(standing.reported),
        last_update,
        link: cx.links.full(&path::new_update(action.id)),
        instead_of: reminder::recipients(record, action, today).instead_of,
    })
}

/// When the last update came: "7 December 2017", "in the round Sept 2017"; none: there is none.
pub(super) fn last_update_words(record: &Record, standing: &Standing<'_>) -> Option<String> {
    standing.latest.map(|u| match (u.written_on, u.round.and_then(|id| record.round(id))) {
        (Some(day), _) => text::day(day),
        (None, Some(round)) => format!("in the round {}", round.label),
        (None, None) => text::day(u.known_from),
    })
}

/// "you hold the post MAP Coordinator", or what else makes this their mail.
fn because(
    records: &[Record],
    officers: &[Officer],
    causes: &[Cause],
    responses: &[(response::Cause, Awaited)],
    today: NaiveDate,
) -> String {
    let mut posts: Vec<String> = Vec::new();
    let mut in_person = false;
    for cause in causes {
        let Some((record, action)) = records.iter().find_map(|r| r.action(cause.action).map(|a| (r, a)))
        else {
            continue;
        };
        for (person, post) in reminder::recipients(record, action, today).people {
            match post {
                Some(post) if person.id == cause.person && !posts.iter().any(|p| p == post) => {
                    posts.push(post.to_owned());
                }
                None if person.id == cause.person => in_person = true,
                _ => {}
            }
        }
    }
    let mut as_officer = false;
    for (cause, _) in responses {
        let Some(record) = records.iter().find(|r| r.plan.id == cause.plan) else { continue };
        let people = response::recipients(record, officers, today);
        match people.into_iter().find(|(person, _)| person.id == cause.person) {
            Some((_, Some(post))) if !posts.iter().any(|p| p == post) => posts.push(post.to_owned()),
            Some((_, None)) => as_officer = true,
            _ => {}
        }
    }
    let mut reasons = Vec::new();
    if !posts.is_empty() {
        reasons.push(format!("you hold the post {}", text::list(&posts)));
    } else if in_person || !causes.is_empty() {
        reasons.push("these actions name you as their lead".to_owned());
    }
    if as_officer {
        reasons.push("you are a scrutiny officer of the plan".to_owned());
    }
    text::list(&reasons)
}
