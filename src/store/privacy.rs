//! What the database holds about one person, and taking it out.
//!
//! [`about`] reads it all, for the person themselves; [`erase::pseudonymise`] takes out who they are once they have left,
//! and [`sweep`] what nobody needs any more. Never decides when, or who may: that is [`crate::command`]'s.
//!
//! # Why sections name tables
//! [`SECTIONS`] says for every column that refers to a person where the download shows it. A test reads the references
//! from the database's own schema and fails as soon as one of them is not in the list.

use std::collections::HashMap;

use entity::{
    action_update, asked_by_phone, assignment, audit_event, away, deadline_revision, holding, identity,
    kept_form, known_browser, mail_preference, notice, one_time_link, outbox, outbox_cause,
    outbox_response_cause, person, plan, post, question, recovery_code, resolution, role_grant, round,
    round_link, session, snooze, update_draft,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Map, Value, json};

use super::{
    Source, StoreError, feed,
    record::{self, Depth},
};
use crate::domain::{
    access::{Actor, Role},
    account::{Purpose, Way},
    action::Action,
    id::PersonId,
    message::{MessageKind, MessageState},
    preference::Frequency,
    text::says_name,
};

pub mod erase;
pub mod sweep;

/// Where the download shows what a column that refers to a person leads to: section, table, column.
pub const SECTIONS: &[(&str, &str, &str)] = &[
    ("roles", "role_grant", "person_id"),
    ("posts held", "holding", "person_id"),
    ("sessions", "session", "person_id"),
    ("one-time links", "one_time_link", "person_id"),
    ("links to write updates by", "round_link", "person_id"),
    ("recovery codes", "recovery_code", "person_id"),
    ("council sign-in", "identity", "person_id"),
    ("known browsers", "known_browser", "person_id"),
    ("forms kept until they sign in again", "kept_form", "person_id"),
    ("calendar feeds", "feed", "person_id"),
    ("what they chose about emails", "mail_preference", "person_id"),
    ("days away", "away", "person_id"),
    ("days for which they stand in", "away", "deputy_id"),
    ("reminders put off", "snooze", "person_id"),
    ("actions led or contributed to", "assignment", "person_id"),
    ("updates written", "action_update", "author_id"),
    ("updates looked at", "action_update", "reviewed_by_id"),
    ("updates saved for later", "update_draft", "person_id"),
    ("later dates asked for", "deadline_revision", "asked_by_id"),
    ("questions asked", "question", "drafted_by_id"),
    ("questions passed on", "question", "passed_on_by_id"),
    ("questions answered", "question", "answered_by_id"),
    ("decisions recorded", "resolution", "recorded_by_id"),
    ("calls noted", "asked_by_phone", "by_id"),
    ("mail", "outbox", "person_id"),
    ("reasons for mail", "outbox_cause", "person_id"),
    ("reasons for mail", "outbox_response_cause", "person_id"),
    ("reasons for mail", "outbox_round_cause", "person_id"),
    ("what they are told by mail", "notice", "person_id"),
    ("history of what they did", "audit_event", "actor_id"),
    ("history of what was done about them", "audit_event", "person_id"),
];

/// Everything that is held about a person, by section; none: there is no such person. Hashes and secrets are left out:
/// nobody can read anything from them, and they open doors. Others are named by their posts, or not at all.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn about(from: &impl Source, id: PersonId) -> Result<Option<Value>, StoreError> {
    let Some(row) = person::Entity::find_by_id(id.0).one(from.on()).await? else { return Ok(None) };
    let places = Places::load(from).await?;
    let mut data = Map::new();
    let mut put = |section: &str, value: Value| data.insert(section.to_owned(), value);
    put("person", person_json(&row));
    put("roles", roles(from, id).await?);
    put("posts held", posts(from, id).await?);
    for (section, value) in signing_in(from, id).await? {
        put(section, value);
    }
    put("calendar feeds", feeds(from, id).await?);
    for (section, value) in choices(from, id, &places).await? {
        put(section, value);
    }
    put("actions led or contributed to", assignments(from, id, &places).await?);
    let (written, entered) = updates(from, &row, &places).await?;
    put("updates written", written);
    put("updates entered for them", entered);
    put("updates looked at", looked_at(from, id, &places).await?);
    put("updates saved for later", drafts(from, id, &places).await?);
    put("later dates asked for", revisions(from, id, &places).await?);
    for (section, value) in panel(from, id, &places).await? {
        put(section, value);
    }
    put("calls noted", calls(from, id).await?);
    let (mail, reasons) = mail(from, id, &places).await?;
    put("mail", mail);
    put("reasons for mail", reasons);
    put("what they are told by mail", told(from, id, &places).await?);
    let (did, about) = history(from, id).await?;
    put("history of what they did", did);
    put("history of what was done about them", about);
    Ok(Some(Value::Object(data)))
}

/// What actions are called, and in which plan.
struct Places(HashMap<i64, Value>);

impl Places {
    async fn load(from: &impl Source) -> Result<Self, StoreError> {
        let records = record::all(from, &Actor::program("Data of a person"), Depth::Current).await?;
        let place = |plan: &str, a: &Action| json!({ "plan": plan, "action": a.label, "title": a.title() });
        Ok(Self(
            records
                .iter()
                .flat_map(|r| r.actions.iter().map(|a| (a.id.0, place(&r.plan.title, a))))
                .collect(),
        ))
    }

    fn of(&self, action: i64) -> Value {
        self.0.get(&action).cloned().unwrap_or(Value::Null)
    }
}

fn person_json(row: &person::Model) -> Value {
    json!({
        "number": row.id,
        "name": row.name,
        "email address": row.email,
        "account in use": row.active,
        "added": row.created_at,
        "deactivated": row.deactivated_at,
        "name and address taken out": row.pseudonymised_at,
        "has a password": row.password_hash.is_some(),
        "second factor since": row.second_factor_since,
        "address refused by the mail server": row.address_refused_on,
        "what the mail server said": row.address_refused_note,
    })
}

async fn roles(from: &impl Source, id: PersonId) -> Result<Value, StoreError> {
    let rows = role_grant::Entity::find()
        .filter(role_grant::Column::PersonId.eq(id.0))
        .order_by_asc(role_grant::Column::Id)
        .all(from.on())
        .await?;
    let titles = titles(from).await?;
    Ok(list(rows.into_iter().map(|r| {
        let role =
            Role::from_code(&r.role).map_or(r.role.clone(), |role| role.word(&from.installation().words));
        json!({ "role": role, "plan": r.plan_id.and_then(|id| titles.get(&id)).map_or("all", |t| t) })
    })))
}

/// What plans are called.
async fn titles(from: &impl Source) -> Result<HashMap<i64, String>, StoreError> {
    Ok(plan::Entity::find().all(from.on()).await?.into_iter().map(|p| (p.id, p.title)).collect())
}

async fn posts(from: &impl Source, id: PersonId) -> Result<Value, StoreError> {
    let rows = holding::Entity::find()
        .filter(holding::Column::PersonId.eq(id.0))
        .order_by_asc(holding::Column::FromDay)
        .order_by_asc(holding::Column::Id)
        .find_also_related(post::Entity)
        .all(from.on())
        .await?;
    Ok(list(rows.into_iter().map(|(held, post)| {
        json!({
            "post": post.map(|p| p.name), "from": held.from_day, "to": held.to_day, "as cover": held.acting,
        })
    })))
}

/// How they come in: sections by name.
async fn signing_in(from: &impl Source, id: PersonId) -> Result<[(&'static str, Value); 7], StoreError> {
    let sessions = session::Entity::find()
        .filter(session::Column::PersonId.eq(id.0))
        .order_by_asc(session::Column::Id)
        .all(from.on())
        .await?;
    let links = one_time_link::Entity::find()
        .filter(one_time_link::Column::PersonId.eq(id.0))
        .order_by_asc(one_time_link::Column::Id)
        .all(from.on())
        .await?;
    let round_links = round_link::Entity::find()
        .filter(round_link::Column::PersonId.eq(id.0))
        .order_by_asc(round_link::Column::Id)
        .find_also_related(round::Entity)
        .all(from.on())
        .await?;
    let codes = recovery_code::Entity::find()
        .filter(recovery_code::Column::PersonId.eq(id.0))
        .order_by_asc(recovery_code::Column::Id)
        .all(from.on())
        .await?;
    let identities = identity::Entity::find()
        .filter(identity::Column::PersonId.eq(id.0))
        .order_by_asc(identity::Column::Id)
        .all(from.on())
        .await?;
    let browsers = known_browser::Entity::find()
        .filter(known_browser::Column::PersonId.eq(id.0))
        .order_by_asc(known_browser::Column::Id)
        .all(from.on())
        .await?;
    let forms = kept_form::Entity::find()
        .filter(kept_form::Column::PersonId.eq(id.0))
        .order_by_asc(kept_form::Column::Id)
        .all(from.on())
        .await?;
    Ok([
        (
            "sessions",
            list(sessions.into_iter().map(|s| {
                json!({
                    "signed in": Way::from_code(&s.way).map(Way::words),
                    "begun": s.created_at, "last seen": s.last_seen_at, "ends": s.expires_at,
                    "browser": s.user_agent, "network address": s.address,
                })
            })),
        ),
        (
            "one-time links",
            list(links.into_iter().map(|l| {
                json!({
                    "for": Purpose::from_code(&l.purpose).map(purpose_words),
                    "address": l.email, "made": l.created_at, "holds until": l.expires_at,
                    "used": l.used_at, "withdrawn": l.revoked_at,
                })
            })),
        ),
        (
            "links to write updates by",
            list(round_links.into_iter().map(|(l, round)| {
                json!({ "round": round.map(|r| r.label), "made": l.created_at, "taken back": l.revoked_at })
            })),
        ),
        ("recovery codes", list(codes.into_iter().map(|c| json!({ "used": c.used_at })))),
        (
            "council sign-in",
            list(
                identities.into_iter().map(
                    |i| json!({ "directory": i.issuer, "number there": i.subject, "linked": i.linked_at }),
                ),
            ),
        ),
        (
            "known browsers",
            list(browsers.into_iter().map(|b| json!({ "since": b.created_at, "last used": b.last_used_at }))),
        ),
        (
            "forms kept until they sign in again",
            list(forms.into_iter().map(|f| {
                let typed: Value = serde_json::from_str(&f.fields).unwrap_or_default();
                json!({ "page": f.path, "typed": typed, "until": f.expires_at })
            })),
        ),
    ])
}

/// What calendars follow; not by which address: only its hash is here.
async fn feeds(from: &impl Source, id: PersonId) -> Result<Value, StoreError> {
    let feeds = feed::of_person(from, id).await?.into_iter();
    Ok(list(feeds.map(|(feed, title)| {
        json!({
            "of": title.unwrap_or_else(|| "own actions".to_owned()),
            "made": feed.created_at, "last asked for": feed.last_fetched_at,
        })
    })))
}

/// What they chose about their mail; for whom they stand in is somebody else's data.
async fn choices(
    from: &impl Source,
    id: PersonId,
    places: &Places,
) -> Result<[(&'static str, Value); 4], StoreError> {
    let chosen = mail_preference::Entity::find()
        .filter(mail_preference::Column::PersonId.eq(id.0))
        .all(from.on())
        .await?;
    let either = Condition::any().add(away::Column::PersonId.eq(id.0)).add(away::Column::DeputyId.eq(id.0));
    let spells =
        away::Entity::find().filter(either).order_by_asc(away::Column::FromDay).all(from.on()).await?;
    let put_off = snooze::Entity::find()
        .filter(snooze::Column::PersonId.eq(id.0))
        .order_by_asc(snooze::Column::Id)
        .all(from.on())
        .await?;
    let own = spells.iter().filter(|s| s.person_id == id.0);
    let stands_in = spells.iter().filter(|s| s.deputy_id == Some(id.0));
    Ok([
        (
            "what they chose about emails",
            list(chosen.into_iter().map(|c| {
                json!({
                    "emails": Frequency::from_code(&c.frequency).map(Frequency::words),
                    "term time only": c.term_time_only,
                })
            })),
        ),
        (
            "days away",
            list(
                own.map(|s| json!({ "from": s.from_day, "until": s.until_day, "asked instead": s.stand_in })),
            ),
        ),
        (
            "days for which they stand in",
            list(stands_in.map(|s| json!({ "from": s.from_day, "until": s.until_day }))),
        ),
        (
            "reminders put off",
            list(put_off.into_iter().map(|s| {
                json!({
                    "where": places.of(s.action_id), "from": s.from_day, "until": s.until_day,
                    "reason": s.reason, "written on": s.written_on,
                })
            })),
        ),
    ])
}

fn purpose_words(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Invitation => "coming in for the first time",
        Purpose::Password => "setting a new password",
        Purpose::SignIn => "signing in",
        Purpose::OldEmail | Purpose::NewEmail => "changing the email address",
    }
}

async fn assignments(from: &impl Source, id: PersonId, places: &Places) -> Result<Value, StoreError> {
    let rows = assignment::Entity::find()
        .filter(assignment::Column::PersonId.eq(id.0))
        .order_by_asc(assignment::Column::Id)
        .all(from.on())
        .await?;
    Ok(list(rows.into_iter().map(|a| json!({ "as": a.capacity, "where": places.of(a.action_id) }))))
}

/// What they wrote themselves, and what somebody entered for them by name.
async fn updates(
    from: &impl Source,
    who: &person::Model,
    places: &Places,
) -> Result<(Value, Value), StoreError> {
    let json = |u: action_update::Model| {
        json!({
            "where": places.of(u.action_id), "written on": u.written_on, "recorded": u.recorded_at,
            "text": u.narrative, "rating": u.reported, "next steps": u.next_steps,
            "what puts it right": u.put_right, "what difference it made": u.outcome,
            "entered": u.entered_for, "by email link": u.by_email_link,
        })
    };
    let written = action_update::Entity::find()
        .filter(action_update::Column::AuthorId.eq(who.id))
        .order_by_asc(action_update::Column::Id)
        .all(from.on())
        .await?;
    let entered = action_update::Entity::find()
        .filter(action_update::Column::EnteredFor.is_not_null())
        .order_by_asc(action_update::Column::Id)
        .all(from.on())
        .await?;
    let names_them = |u: &action_update::Model| {
        u.author_id != Some(who.id) && u.entered_for.as_deref().is_some_and(|text| says_name(text, &who.name))
    };
    Ok((list(written.into_iter().map(json)), list(entered.into_iter().filter(names_them).map(json))))
}

/// What they accepted or returned, with what they said to it; never the texts: those are somebody else's.
async fn looked_at(from: &impl Source, id: PersonId, places: &Places) -> Result<Value, StoreError> {
    let rows = action_update::Entity::find()
        .filter(action_update::Column::ReviewedById.eq(id.0))
        .order_by_asc(action_update::Column::Id)
        .all(from.on())
        .await?;
    Ok(list(rows.into_iter().map(|u| {
        json!({
            "where": places.of(u.action_id), "became": u.review, "on": u.reviewed_on,
            "comment": u.review_comment,
        })
    })))
}

async fn drafts(from: &impl Source, id: PersonId, places: &Places) -> Result<Value, StoreError> {
    let rows = update_draft::Entity::find()
        .filter(update_draft::Column::PersonId.eq(id.0))
        .order_by_asc(update_draft::Column::Id)
        .all(from.on())
        .await?;
    Ok(list(rows.into_iter().map(|d| {
        let typed: Value = serde_json::from_str(&d.fields).unwrap_or_default();
        json!({ "where": places.of(d.action_id), "typed": typed, "saved": d.saved_at })
    })))
}

async fn revisions(from: &impl Source, id: PersonId, places: &Places) -> Result<Value, StoreError> {
    let rows = deadline_revision::Entity::find()
        .filter(deadline_revision::Column::AskedById.eq(id.0))
        .order_by_asc(deadline_revision::Column::Id)
        .all(from.on())
        .await?;
    Ok(list(rows.into_iter().map(|r| {
        json!({
            "where": places.of(r.action_id), "asked for": r.wording, "reason": r.reason, "on": r.asked_on,
            "decided": r.decision, "decided on": r.decided_on, "reason given": r.decision_reason,
        })
    })))
}

/// Their part in the panel's questions and decisions: sections by name. Another's words are not told.
async fn panel(
    from: &impl Source,
    id: PersonId,
    places: &Places,
) -> Result<[(&'static str, Value); 4], StoreError> {
    let either = Condition::any()
        .add(question::Column::DraftedById.eq(id.0))
        .add(question::Column::PassedOnById.eq(id.0))
        .add(question::Column::AnsweredById.eq(id.0));
    let rows =
        question::Entity::find().filter(either).order_by_asc(question::Column::Id).all(from.on()).await?;
    let is_theirs = |by: Option<i64>| by == Some(id.0);
    let asked = rows.iter().filter(|q| is_theirs(q.drafted_by_id)).map(|q| {
        json!({
            "where": places.of(q.action_id), "question": q.text, "on": q.drafted_on, "state": q.state,
        })
    });
    let passed_on = rows
        .iter()
        .filter(|q| is_theirs(q.passed_on_by_id))
        .map(|q| json!({ "where": places.of(q.action_id), "on": q.passed_on_on }));
    let answered = rows
        .iter()
        .filter(|q| is_theirs(q.answered_by_id))
        .map(|q| json!({ "where": places.of(q.action_id), "answer": q.answer, "on": q.answered_on }));
    let recorded = resolution::Entity::find()
        .filter(resolution::Column::RecordedById.eq(id.0))
        .order_by_asc(resolution::Column::Id)
        .all(from.on())
        .await?;
    Ok([
        ("questions asked", list(asked)),
        ("questions passed on", list(passed_on)),
        ("questions answered", list(answered)),
        (
            "decisions recorded",
            list(recorded.into_iter().map(
                |r| json!({ "meeting of": r.decided_on, "resolution": r.text, "recorded": r.recorded_at }),
            )),
        ),
    ])
}

/// The calls that they noted, without saying to whom: that is somebody else's data.
async fn calls(from: &impl Source, id: PersonId) -> Result<Value, StoreError> {
    let rows = asked_by_phone::Entity::find()
        .filter(asked_by_phone::Column::ById.eq(id.0))
        .order_by_asc(asked_by_phone::Column::Id)
        .all(from.on())
        .await?;
    Ok(list(rows.into_iter().map(|c| json!({ "on": c.asked_on, "note": c.note, "recorded": c.recorded_at }))))
}

/// What they were to be told in their emails, and whether they were.
async fn told(from: &impl Source, id: PersonId, places: &Places) -> Result<Value, StoreError> {
    let rows = notice::Entity::find()
        .filter(notice::Column::PersonId.eq(id.0))
        .order_by_asc(notice::Column::Id)
        .all(from.on())
        .await?;
    Ok(list(rows.into_iter().map(|n| {
        json!({
            "where": n.action_id.map_or(Value::Null, |action| places.of(action)), "said": n.sentence, "besides": n.lines,
            "on": n.noted_on, "in an email": n.outbox_id.is_some(), "why not": n.settled,
        })
    })))
}

/// The mails to them, without their text, and why each was sent.
async fn mail(from: &impl Source, id: PersonId, places: &Places) -> Result<(Value, Value), StoreError> {
    let mails = outbox::Entity::find()
        .filter(outbox::Column::PersonId.eq(id.0))
        .order_by_asc(outbox::Column::Id)
        .all(from.on())
        .await?;
    let causes = outbox_cause::Entity::find()
        .filter(outbox_cause::Column::PersonId.eq(id.0))
        .order_by_asc(outbox_cause::Column::Id)
        .all(from.on())
        .await?;
    let responses = outbox_response_cause::Entity::find()
        .filter(outbox_response_cause::Column::PersonId.eq(id.0))
        .order_by_asc(outbox_response_cause::Column::Id)
        .all(from.on())
        .await?;
    let titles = titles(from).await?;
    let of_plan = |id: i64| titles.get(&id).map_or(Value::Null, |title| json!({ "plan": title }));
    Ok((
        list(mails.into_iter().map(|m| {
            json!({
                "kind": MessageKind::from_code(&m.kind).map(MessageKind::words),
                "subject": m.subject, "name": m.to_name, "address": m.to_address, "for": m.office_day,
                "queued": m.created_at, "handed over": m.handed_at,
                "state": MessageState::from_code(&m.state).map(MessageState::words),
            })
        })),
        list(
            causes
                .into_iter()
                .map(|c| json!({ "where": places.of(c.action_id), "rule": c.rule, "for": c.office_day }))
                .chain(responses.into_iter().map(|c| {
                    json!({ "where": of_plan(c.plan_id), "about": "response", "rule": c.rule, "for": c.office_day })
                })),
        ),
    ))
}

/// What they did, and what was done about them. What they did to others is told without saying to whom, and who did
/// something about them is not told: both are somebody else's data.
async fn history(from: &impl Source, id: PersonId) -> Result<(Value, Value), StoreError> {
    let did = audit_event::Entity::find()
        .filter(audit_event::Column::ActorId.eq(id.0))
        .order_by_asc(audit_event::Column::Id)
        .all(from.on())
        .await?;
    let about = audit_event::Entity::find()
        .filter(audit_event::Column::PersonId.eq(id.0))
        .order_by_asc(audit_event::Column::Id)
        .all(from.on())
        .await?;
    let did = did.into_iter().map(|row| {
        let about_others = row.person_id.is_some_and(|of| of != id.0);
        json!({ "at": row.at, "what": row.kind, "said": (!about_others).then_some(row.summary) })
    });
    let about = about
        .into_iter()
        .map(|row| json!({ "at": row.at, "what": row.kind, "said": row.summary, "in detail": row.detail }));
    Ok((list(did), list(about)))
}

fn list(rows: impl Iterator<Item = Value>) -> Value {
    Value::Array(rows.collect())
}
