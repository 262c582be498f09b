//! Saves and loads what people choose about their mail. Whoever has no row has chosen nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{assignment, away, mail_preference, person, snooze};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, Condition, EntityTrait,
    QueryFilter, QuerySelect, QueryTrait,
};

use super::{
    Source, StoreError, Tx,
    action::Saved,
    code,
    record::{CONTRIBUTOR, person_of},
};
use crate::domain::{
    id::{ActionId, PersonId},
    preference::{Away, Frequency, Preference, Preferences, Snooze, StandIn},
};

/// Everybody's choices, what is put off, and everybody who contributes or stands in. One statement.
///
/// # Errors
/// [`StoreError`] if the database does not answer or a row is not understood.
pub async fn all(from: &impl Source) -> Result<Preferences, StoreError> {
    let contribute = assignment::Entity::find()
        .select_only()
        .column(assignment::Column::PersonId)
        .filter(assignment::Column::Capacity.eq(CONTRIBUTOR))
        .filter(assignment::Column::PersonId.is_not_null())
        .into_query();
    let stand_in = away::Entity::find()
        .select_only()
        .column(away::Column::DeputyId)
        .filter(away::Column::DeputyId.is_not_null())
        .into_query();
    let rows = person::Entity::find()
        .find_also_related(mail_preference::Entity)
        .find_also(person::Entity, away::Entity)
        .find_also(person::Entity, snooze::Entity)
        .filter(
            Condition::any()
                .add(mail_preference::Column::Id.is_not_null())
                .add(away::Column::Id.is_not_null())
                .add(snooze::Column::Id.is_not_null())
                .add(person::Column::Id.in_subquery(contribute))
                .add(person::Column::Id.in_subquery(stand_in))
                .add(person::Column::AddressRefusedOn.is_not_null()),
        )
        .all(from.on())
        .await?;
    let mut all = Preferences::default();
    // Each comes once with each of the other.
    let (mut spells, mut put_off) = (BTreeMap::new(), BTreeMap::new());
    for (row, chosen, spell, snooze) in rows {
        let id = PersonId(row.id);
        if let Some(chosen) = chosen {
            let of = all.of.entry(id).or_default();
            let stored = Frequency::from_code(&chosen.frequency);
            of.frequency = code(stored, "mail_preference", chosen.id, &chosen.frequency)?;
            of.term_time_only = chosen.term_time_only;
        }
        if row.address_refused_on.is_some() {
            all.of.entry(id).or_default().refused_on = row.address_refused_on;
        }
        spells.extend(spell.map(|row| ((row.from_day, row.id), row)));
        put_off.extend(snooze.map(|row| (row.id, row)));
        all.people.entry(id).or_insert_with(|| person_of(row));
    }
    for spell in spells.values() {
        // Whoever stands in is among the people by now.
        let away = away_of(spell, &all)?;
        all.of.entry(PersonId(spell.person_id)).or_default().away.push(away);
    }
    all.snoozes = put_off.into_values().map(snooze_of).collect();
    Ok(all)
}

fn away_of(row: &away::Model, known: &Preferences) -> Result<Away, StoreError> {
    let stand_in = match (row.stand_in.as_str(), row.deputy_id) {
        ("deputy", Some(id)) => known.people.get(&PersonId(id)).cloned().map(StandIn::Deputy),
        ("contributors", _) => Some(StandIn::Contributors),
        ("manager", _) => Some(StandIn::Manager),
        _ => None,
    };
    let stand_in = code(stand_in, "away", row.id, &row.stand_in)?;
    Ok(Away { from: row.from_day, until: row.until_day, stand_in })
}

fn snooze_of(row: snooze::Model) -> Snooze {
    Snooze {
        person: PersonId(row.person_id),
        action: ActionId(row.action_id),
        from: row.from_day,
        until: row.until_day,
        reason: row.reason,
    }
}

/// The number of somebody's saved choice; 0: none was saved.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn version(from: &impl Source, person: PersonId) -> Result<i32, StoreError> {
    Ok(chosen(from, person).await?.map_or(0, |row| row.version))
}

async fn chosen(from: &impl Source, person: PersonId) -> Result<Option<mail_preference::Model>, StoreError> {
    let row = mail_preference::Entity::find().filter(mail_preference::Column::PersonId.eq(person.0));
    Ok(row.one(from.on()).await?)
}

/// Saves how often somebody is mailed, and whether in term time only, if the version is still the one that they saw. Days
/// away are saved apart.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn save(
    tx: &Tx,
    person: PersonId,
    version: i32,
    preference: &Preference,
) -> Result<Saved, StoreError> {
    let row = chosen(tx, person).await?;
    if row.as_ref().map_or(0, |row| row.version) != version {
        return Ok(Saved::Stale);
    }
    let new = mail_preference::ActiveModel {
        id: row.as_ref().map_or(NotSet, |row| Set(row.id)),
        person_id: Set(person.0),
        frequency: Set(preference.frequency.code().to_owned()),
        term_time_only: Set(preference.term_time_only),
        version: Set(version + 1),
    };
    if row.is_some() {
        new.update(tx.on()).await?
    } else {
        new.insert(tx.on()).await?
    };
    Ok(Saved::Yes)
}

/// Adds days on which somebody is away.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn add_away(tx: &Tx, person: PersonId, away: &Away) -> Result<(), StoreError> {
    let (stand_in, deputy) = match &away.stand_in {
        StandIn::Deputy(deputy) => ("deputy", Some(deputy.id.0)),
        StandIn::Contributors => ("contributors", None),
        StandIn::Manager => ("manager", None),
    };
    away::ActiveModel {
        id: NotSet,
        person_id: Set(person.0),
        from_day: Set(away.from),
        until_day: Set(away.until),
        stand_in: Set(stand_in.to_owned()),
        deputy_id: Set(deputy),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// Removes the days away that begin on a day.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn remove_away(tx: &Tx, person: PersonId, from: NaiveDate) -> Result<(), StoreError> {
    away::Entity::delete_many()
        .filter(away::Column::PersonId.eq(person.0))
        .filter(away::Column::FromDay.eq(from))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Puts the plan's manager in the place of a deputy who can't be asked any more.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub(super) async fn without_deputy(tx: &Tx, deputy: PersonId) -> Result<(), StoreError> {
    away::Entity::update_many()
        .set(away::ActiveModel {
            stand_in: Set("manager".to_owned()),
            deputy_id: Set(None),
            ..Default::default()
        })
        .filter(away::Column::DeputyId.eq(deputy.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Ends the days away that began on a day earlier.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn shorten_away(
    tx: &Tx,
    person: PersonId,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<(), StoreError> {
    away::Entity::update_many()
        .set(away::ActiveModel { until_day: Set(until), ..Default::default() })
        .filter(away::Column::PersonId.eq(person.0))
        .filter(away::Column::FromDay.eq(from))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Puts off what somebody is reminded of, as written down on a day.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn add_snooze(tx: &Tx, snooze: &Snooze, written_on: NaiveDate) -> Result<(), StoreError> {
    snooze::ActiveModel {
        id: NotSet,
        person_id: Set(snooze.person.0),
        action_id: Set(snooze.action.0),
        from_day: Set(snooze.from),
        until_day: Set(snooze.until),
        reason: Set(snooze.reason.clone()),
        written_on: Set(written_on),
    }
    .insert(tx.on())
    .await?;
    Ok(())
}

/// Ends what holds of somebody's on a day; the day before it is the last without reminders. One that began that day is
/// removed.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn end_snooze(
    tx: &Tx,
    person: PersonId,
    action: ActionId,
    today: NaiveDate,
) -> Result<(), StoreError> {
    let theirs = Condition::all()
        .add(snooze::Column::PersonId.eq(person.0))
        .add(snooze::Column::ActionId.eq(action.0))
        .add(snooze::Column::UntilDay.gte(today));
    let begun = theirs.clone().add(snooze::Column::FromDay.gte(today));
    snooze::Entity::delete_many().filter(begun).exec(tx.on()).await?;
    let yesterday = today.pred_opt().unwrap_or(today);
    snooze::Entity::update_many()
        .set(snooze::ActiveModel { until_day: Set(yesterday), ..Default::default() })
        .filter(theirs)
        .exec(tx.on())
        .await?;
    Ok(())
}
