//! Notes what somebody is to be told in their next digest, in the transaction of its cause.
//!
//! Says what may stand in a mailbox: never a question, a comment or a reason, and no names. When it goes out, and whether it
//! still holds then, is [`crate::domain::reminder`]'s.

use chrono::NaiveDate;

use super::{CommandError, Now, reminder::worker};
use crate::{
    domain::{
        access::Actor,
        action::{Action, State},
        agenda::{Put, consequence},
        decision::Outcome,
        id::{ActionId, PersonId, PostId, RevisionId},
        plan::Record,
        post::Person,
        reminder::{
            notice::About,
            recipients,
            to::{answers_for, managers, manages},
        },
        text,
    },
    store::{self, Tx, notice::NewNotice, record::Depth},
};

/// "the Community Safety and Leisure Scrutiny Panel", as a sentence says it; "the panel" where it has no name.
pub(super) fn panel_words(record: &Record) -> String {
    match &record.plan.panel {
        Some(panel) => with_article(panel),
        None => record.words.say("the {panel}"),
    }
}

/// A body's name with its article.
pub(super) fn with_article(name: &str) -> String {
    if name.to_lowercase().starts_with("the ") { name.to_owned() } else { format!("the {name}") }
}

/// Notes one thing on one action for one person. False: it was noted before.
pub(super) async fn note(
    tx: &Tx,
    about: About,
    (record, action): (&Record, &Action),
    person: &Person,
    (sentence, lines): (&str, &[String]),
    now: Now,
) -> Result<bool, CommandError> {
    let new = NewNotice {
        about,
        person: person.id,
        action: action.id,
        plan: record.plan.id,
        sentence,
        lines,
        on: now.today,
    };
    Ok(store::notice::insert(tx, &new).await?)
}

/// Notes that an action is somebody's from a day on, for all who are asked of it and were not before. Whoever did it knows.
pub(super) async fn assigned(
    tx: &Tx,
    actor: &Actor,
    action: ActionId,
    before: &[PersonId],
    now: Now,
) -> Result<(), CommandError> {
    let Some(record) = store::record::of_action(tx, &worker(), action, Depth::Current).await? else {
        return Ok(());
    };
    let Some(action) = record.action(action).filter(|a| a.state_at(now.today) == State::Open) else {
        return Ok(());
    };
    let to = recipients(&record, action, now.today);
    if to.nobody.is_some() || !record.is_monitored(now.today) {
        return Ok(());
    }
    for to in to.people.iter().filter(|to| !before.contains(&to.person.id)) {
        tell(tx, actor, (&record, action), to.person, to.post, now.today, now).await?;
    }
    Ok(())
}

/// Notes that all open actions of a post are somebody's from a day on.
pub(super) async fn took_over(
    tx: &Tx,
    actor: &Actor,
    post: PostId,
    person: &Person,
    from: NaiveDate,
    now: Now,
) -> Result<(), CommandError> {
    for record in store::record::all(tx, &worker(), Depth::Current).await? {
        let name = record.post(post).map(|post| post.name.as_str());
        if record.is_monitored(now.today) {
            for action in record.open_actions_of(post, now.today) {
                tell(tx, actor, (&record, action), person, name, from.max(now.today), now).await?;
            }
        }
    }
    Ok(())
}

/// Takes back what somebody was to be told of a post that is not theirs from that day. It was not said yet, and can be noted
/// again.
pub(super) async fn no_longer_from(
    tx: &Tx,
    post: PostId,
    person: PersonId,
    from: NaiveDate,
) -> Result<(), CommandError> {
    let records = store::record::all(tx, &worker(), Depth::Current).await?;
    let actions = records.iter().flat_map(|record| &record.actions).filter(|action| action.is_led_by(post));
    let actions: Vec<ActionId> = actions.map(|action| action.id).collect();
    Ok(store::notice::take_back_assigned(tx, person, from, &actions).await?)
}

async fn tell(
    tx: &Tx,
    actor: &Actor,
    (record, action): (&Record, &Action),
    person: &Person,
    post: Option<&str>,
    from: NaiveDate,
    now: Now,
) -> Result<(), CommandError> {
    if actor.person == Some(person.id) {
        return Ok(());
    }
    let as_post = post.map_or(String::new(), |post| format!(", as {post}"));
    let sentence = format!("It is yours from {}{as_post}.", text::day(from));
    let by_when = action.deadline_at(now.today).map(|deadline| deadline.wording.trim());
    let lines: Vec<String> = by_when
        .filter(|words| !words.is_empty())
        .map(|words| format!("By when: {words}"))
        .into_iter()
        .collect();
    note(tx, About::Assigned(from), (record, action), person, (&sentence, &lines), now).await?;
    Ok(())
}

/// Notes what was decided on a date that was asked for, for all who are asked of the action. Whoever did it knows.
pub(super) async fn date_decided(
    tx: &Tx,
    actor: &Actor,
    (record, action): (&Record, &Action),
    (revision, outcome): (RevisionId, Outcome),
    now: Now,
) -> Result<(), CommandError> {
    if !record.is_monitored(now.today) || action.state_at(now.today) != State::Open {
        return Ok(());
    }
    let line = consequence(record, Put::Extension(action.id, revision), outcome, now.today);
    let said = ("A date that was asked for has been decided on.", &[line][..]);
    let to = recipients(record, action, now.today);
    for to in to.people.iter().filter(|to| actor.person != Some(to.person.id)) {
        note(tx, About::Date(revision), (record, action), to.person, said, now).await?;
    }
    Ok(())
}

/// Notes that the mail server refuses somebody's address, for the managers of the plans in which they lead, contribute or
/// manage; where there is no other manager, for the administrators. Without their name: that stands where the address can be put
/// right.
pub(super) async fn refused(tx: &Tx, person: PersonId, now: Now) -> Result<(), CommandError> {
    let administrators = store::person::administrators(tx).await?;
    for record in store::record::all(tx, &worker(), Depth::Current).await? {
        if !record.is_monitored(now.today) {
            continue;
        }
        let mut open = record.actions.iter().filter(|action| action.state_at(now.today) == State::Open);
        let theirs = open.clone().find(|action| answers_for(&record, action, person, now.today));
        let (action, who) = match theirs {
            Some(action) => (action, "somebody who answers for this"),
            None if !manages(&record, person, now.today) => continue,
            None => match open.next() {
                Some(action) => (action, "whoever manages this plan"),
                None => continue,
            },
        };
        let sentence = format!(
            "The mail server refuses the address of {who}: they get no emails until it is put right."
        );
        let managers = managers(&record, now.today);
        let mut told: Vec<&Person> =
            managers.iter().map(|to| to.person).filter(|one| one.id != person).collect();
        if told.is_empty() {
            told.extend(administrators.iter().filter(|one| one.id != person));
        }
        for reader in told {
            note(tx, About::Refused(now.today), (&record, action), reader, (&sentence, &[]), now).await?;
        }
    }
    Ok(())
}
