//! Taking out who somebody is, once they have left: what they wrote and decided stays, under the name of their post.
//!
//! Never deletes a person or anything that the council's record needs: who held a post, who wrote an update, what was agreed.

use chrono::{DateTime, Utc};
use entity::{
    action, action_update, asked_by_phone, assignment, away, deadline_revision, identity, kept_form,
    known_browser, mail_preference, one_time_link, outbox, person, plan, post, recovery_code, role_grant,
    session, snooze, state_change, update_draft, variation,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect, QueryTrait,
};

use crate::{
    domain::{
        id::PersonId,
        message::MessageState,
        text::{replace_name, says_name},
    },
    store::{Source, StoreError, Tx, audit, feed, outbox::text, preference, round_link},
};

/// What stands in an assignment's wording where a name stood.
const REMOVED: &str = "name removed";

/// Takes out a person's name, address, and all by which they came in, and puts `called` in the name's place.
///
/// Texts that name them beside a field for names are changed too; what they and others wrote is not.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn pseudonymise(tx: &Tx, id: PersonId, called: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(row) = person::Entity::find_by_id(id.0).one(tx.on()).await? else { return Ok(()) };
    let name = row.name.clone();
    let placeholder = format!("former-{id}@removed.invalid");
    sign_out(tx, id).await?;
    choices(tx, id).await?;
    let theirs = outbox::Column::PersonId.eq(id.0);
    let ids = outbox::Entity::find().select_only().column(outbox::Column::Id).filter(theirs);
    text::take_out_of(tx, ids.into_query()).await?;
    outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            to_name: Set(called.to_owned()),
            to_address: Set(placeholder.clone()),
            note: Set(None),
            ..Default::default()
        })
        .filter(outbox::Column::PersonId.eq(id.0))
        .exec(tx.on())
        .await?;
    outbox::Entity::update_many()
        .set(outbox::ActiveModel {
            state: Set(MessageState::NotSent.code().to_owned()),
            ..Default::default()
        })
        .filter(outbox::Column::PersonId.eq(id.0))
        .filter(outbox::Column::State.is_in([MessageState::Queued.code(), MessageState::Sending.code()]))
        .exec(tx.on())
        .await?;
    // An account may be named like its post: that is no name of a person, and texts that say it mean the post.
    let posts = post::Entity::find().all(tx.on()).await?;
    let mut names = audit::names_before(tx, id).await?;
    names.push(name);
    names.retain(|name| !name.trim().is_empty() && !posts.iter().any(|post| says_name(&post.name, name)));
    audit::erase_about(tx, id, now).await?;
    for name in &names {
        audit::erase_saying(tx, name, now).await?;
        leads(tx, name).await?;
        agreements(tx, id, name, called).await?;
        plans(tx, name, called).await?;
    }
    let version = row.version + 1;
    let mut person = row.into_active_model();
    person.name = Set(called.to_owned());
    person.email = Set(placeholder);
    person.active = Set(false);
    person.password_hash = Set(None);
    person.second_factor_secret = Set(None);
    person.second_factor_since = Set(None);
    person.second_factor_step = Set(None);
    person.address_refused_on = Set(None);
    person.address_refused_note = Set(None);
    person.pseudonymised_at = Set(Some(now));
    person.version = Set(version);
    person.update(tx.on()).await?;
    Ok(())
}

/// What they chose about their mail. Whoever named them to be asked instead is back to the plan's manager.
async fn choices(tx: &Tx, id: PersonId) -> Result<(), StoreError> {
    mail_preference::Entity::delete_many()
        .filter(mail_preference::Column::PersonId.eq(id.0))
        .exec(tx.on())
        .await?;
    away::Entity::delete_many().filter(away::Column::PersonId.eq(id.0)).exec(tx.on()).await?;
    snooze::Entity::delete_many().filter(snooze::Column::PersonId.eq(id.0)).exec(tx.on()).await?;
    preference::without_deputy(tx, id).await
}

/// Everything by which they came in, what they might do, and what they had begun to write.
async fn sign_out(tx: &Tx, id: PersonId) -> Result<(), StoreError> {
    session::Entity::delete_many().filter(session::Column::PersonId.eq(id.0)).exec(tx.on()).await?;
    feed::remove_all(tx, id).await?;
    round_link::remove_all(tx, id).await?;
    one_time_link::Entity::delete_many()
        .filter(one_time_link::Column::PersonId.eq(id.0))
        .exec(tx.on())
        .await?;
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::PersonId.eq(id.0))
        .exec(tx.on())
        .await?;
    identity::Entity::delete_many().filter(identity::Column::PersonId.eq(id.0)).exec(tx.on()).await?;
    kept_form::Entity::delete_many().filter(kept_form::Column::PersonId.eq(id.0)).exec(tx.on()).await?;
    update_draft::Entity::delete_many().filter(update_draft::Column::PersonId.eq(id.0)).exec(tx.on()).await?;
    known_browser::Entity::delete_many()
        .filter(known_browser::Column::PersonId.eq(id.0))
        .exec(tx.on())
        .await?;
    role_grant::Entity::delete_many().filter(role_grant::Column::PersonId.eq(id.0)).exec(tx.on()).await?;
    Ok(())
}

/// The name where a plan says who answers for it, who agreed it, or who ended its monitoring.
async fn plans(tx: &Tx, name: &str, called: &str) -> Result<(), StoreError> {
    for row in plan::Entity::find().all(tx.on()).await? {
        let new = |text: &Option<String>| text.as_deref().map(|text| replace_name(text, name, called));
        let mut changed = row.clone().into_active_model();
        changed.agreed_by.set_if_not_equals(new(&row.agreed_by));
        changed.director.set_if_not_equals(new(&row.director));
        changed.executive_member.set_if_not_equals(new(&row.executive_member));
        changed.monitoring_ended_by.set_if_not_equals(new(&row.monitoring_ended_by));
        if changed.is_changed() {
            changed.version = Set(row.version + 1);
            changed.update(tx.on()).await?;
        }
    }
    Ok(())
}

/// The name beside a post that leads an action, and in the lead's wording: "Communications Manager (name removed)".
async fn leads(tx: &Tx, name: &str) -> Result<(), StoreError> {
    let named = assignment::Entity::find().filter(assignment::Column::NamedPerson.is_not_null());
    for row in named.all(tx.on()).await? {
        if row.named_person.as_deref().is_some_and(|text| says_name(text, name)) {
            let mut row = row.into_active_model();
            row.named_person = Set(None);
            row.update(tx.on()).await?;
        }
    }
    let worded = action::Entity::find().filter(action::Column::LeadWording.contains(name));
    for row in worded.all(tx.on()).await? {
        let without = replace_name(&row.lead_wording, name, REMOVED);
        if without != row.lead_wording {
            let version = row.version + 1;
            let mut row = row.into_active_model();
            row.lead_wording = Set(without);
            row.version = Set(version);
            row.update(tx.on()).await?;
        }
    }
    Ok(())
}

/// The name where somebody asked, decided, agreed, or had something entered: the new one says as what they did.
async fn agreements(tx: &Tx, id: PersonId, name: &str, called: &str) -> Result<(), StoreError> {
    let new = |text: &Option<String>| {
        text.as_deref().filter(|t| says_name(t, name)).map(|t| Some(replace_name(t, name, called)))
    };
    let entered = action_update::Entity::find().filter(action_update::Column::EnteredFor.contains(name));
    for row in entered.all(tx.on()).await? {
        if let Some(words) = new(&row.entered_for) {
            let mut row = row.into_active_model();
            row.entered_for = Set(words);
            row.update(tx.on()).await?;
        }
    }
    let cleared = action_update::Entity::find().filter(action_update::Column::ClearedBy.contains(name));
    for row in cleared.all(tx.on()).await? {
        if let Some(words) = new(&row.cleared_by) {
            let mut row = row.into_active_model();
            row.cleared_by = Set(words);
            row.update(tx.on()).await?;
        }
    }
    let asked = deadline_revision::Column::AskedBy.contains(name);
    let decided = deadline_revision::Column::DecidedBy.contains(name);
    // Whoever asked may have had another name then.
    let theirs = deadline_revision::Column::AskedById.eq(id.0);
    let either = Condition::any().add(asked).add(decided).add(theirs);
    for row in deadline_revision::Entity::find().filter(either).all(tx.on()).await? {
        let own = (row.asked_by_id == Some(id.0)).then(|| Some(called.to_owned()));
        let (asked, decided) = (own.or_else(|| new(&row.asked_by)), new(&row.decided_by));
        let mut row = row.into_active_model();
        if let Some(words) = asked {
            row.asked_by = Set(words);
        }
        if let Some(words) = decided {
            row.decided_by = Set(words);
        }
        if row.is_changed() {
            row.update(tx.on()).await?;
        }
    }
    let whom = asked_by_phone::Column::Whom.contains(name);
    let noted = asked_by_phone::Column::Note.contains(name);
    for row in
        asked_by_phone::Entity::find().filter(Condition::any().add(whom).add(noted)).all(tx.on()).await?
    {
        let (whom, note) = (replace_name(&row.whom, name, called), new(&row.note));
        let mut row = row.into_active_model();
        row.whom.set_if_not_equals(whom);
        if let Some(words) = note {
            row.note = Set(words);
        }
        if row.is_changed() {
            row.update(tx.on()).await?;
        }
    }
    let agreed = state_change::Entity::find().filter(state_change::Column::AgreedBy.contains(name));
    for row in agreed.all(tx.on()).await? {
        if let Some(words) = new(&row.agreed_by) {
            let mut row = row.into_active_model();
            row.agreed_by = Set(words);
            row.update(tx.on()).await?;
        }
    }
    let varied = variation::Entity::find().filter(variation::Column::AgreedBy.contains(name));
    for row in varied.all(tx.on()).await? {
        if says_name(&row.agreed_by, name) {
            let words = replace_name(&row.agreed_by, name, called);
            let mut row = row.into_active_model();
            row.agreed_by = Set(words);
            row.update(tx.on()).await?;
        }
    }
    Ok(())
}
