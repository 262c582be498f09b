//! Saves people and their roles.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use entity::{holding, person, role_grant};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::NotSet,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use super::{Source, StoreError, Tx, action::Saved, record};
use crate::domain::{
    access::{Actor, Grant, Role},
    id::{PersonId, PlanId, PostId},
    post::Person,
    reminder::response::Officer,
};

/// A person with what they may do here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The person.
    pub person: Person,
    /// Their roles, in the order of [`Role::ALL`].
    pub grants: Vec<Grant>,
    /// Whether a password is set.
    pub has_password: bool,
    /// Since when they have a second factor; none: they have none.
    pub second_factor_since: Option<DateTime<Utc>>,
    /// When they last came in, by whatever way; none: never.
    pub last_signed_in_at: Option<DateTime<Utc>>,
    /// When the account was deactivated.
    pub deactivated_at: Option<DateTime<Utc>>,
    /// What the mail server said when it refused their address; none: it did not.
    pub refused: Option<Refusal>,
    /// Number of the saved state.
    pub version: i32,
}

/// That the mail server refused somebody's address: nothing but account mail goes there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The office day.
    pub on: NaiveDate,
    /// What the server said, one line.
    pub said: String,
}

impl Account {
    /// Their roles, whether for all plans or for one.
    pub fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = self.grants.iter().map(|grant| grant.role).collect();
        roles.dedup();
        roles
    }
}

/// Adds a person. The address is kept in lower case.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where the address is taken.
pub async fn insert(
    tx: &Tx,
    name: &str,
    email: &str,
    grants: &[Grant],
    created_at: DateTime<Utc>,
) -> Result<PersonId, StoreError> {
    let row = person::ActiveModel {
        id: NotSet,
        name: Set(name.to_owned()),
        email: Set(email.to_lowercase()),
        active: Set(true),
        password_hash: Set(None),
        second_factor_secret: Set(None),
        second_factor_since: Set(None),
        second_factor_step: Set(None),
        last_signed_in_at: Set(None),
        deactivated_at: Set(None),
        pseudonymised_at: Set(None),
        address_refused_on: Set(None),
        address_refused_note: Set(None),
        version: Set(1),
        created_at: Set(created_at),
    }
    .insert(tx.on())
    .await?;
    let id = PersonId(row.id);
    grant(tx, id, grants).await?;
    Ok(id)
}

/// Changes a person's name, address and roles, if the version is still the one that the editor saw.
///
/// # Errors
/// As [`insert`].
pub async fn save(
    tx: &Tx,
    id: PersonId,
    version: i32,
    name: &str,
    email: &str,
    grants: &[Grant],
) -> Result<Saved, StoreError> {
    let another = person::Column::Email.ne(email.to_lowercase());
    let _ = forget_refusal(tx, id, another).await?;
    let done = person::Entity::update_many()
        .set(person::ActiveModel {
            name: Set(name.to_owned()),
            email: Set(email.to_lowercase()),
            version: Set(version + 1),
            ..Default::default()
        })
        .filter(person::Column::Id.eq(id.0))
        .filter(person::Column::Version.eq(version))
        .exec(tx.on())
        .await?;
    let saved = Saved::from_rows(done.rows_affected);
    if saved == Saved::Yes {
        role_grant::Entity::delete_many().filter(role_grant::Column::PersonId.eq(id.0)).exec(tx.on()).await?;
        grant(tx, id, grants).await?;
    }
    Ok(saved)
}

/// Gives a person more roles.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn grant(tx: &Tx, id: PersonId, grants: &[Grant]) -> Result<(), StoreError> {
    for grant in grants {
        role_grant::ActiveModel {
            id: NotSet,
            person_id: Set(id.0),
            role: Set(grant.role.code().to_owned()),
            plan_id: Set(grant.plan.map(|plan| plan.0)),
        }
        .insert(tx.on())
        .await?;
    }
    Ok(())
}

/// Sets a person's password hash.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn set_password(tx: &Tx, id: PersonId, hash: &str) -> Result<(), StoreError> {
    person::Entity::update_many()
        .set(person::ActiveModel { password_hash: Set(Some(hash.to_owned())), ..Default::default() })
        .filter(person::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Notes that a person has come in.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn came_in(tx: &Tx, id: PersonId, now: DateTime<Utc>) -> Result<(), StoreError> {
    person::Entity::update_many()
        .set(person::ActiveModel { last_signed_in_at: Set(Some(now)), ..Default::default() })
        .filter(person::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Deactivates an account since a moment, or makes it active again (none).
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn set_deactivated(tx: &Tx, id: PersonId, since: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    person::Entity::update_many()
        .set(person::ActiveModel {
            active: Set(since.is_none()),
            deactivated_at: Set(since),
            ..Default::default()
        })
        .col_expr(person::Column::Version, Expr::col(person::Column::Version).add(1))
        .filter(person::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Changes a person's address, which they have confirmed at both ends.
///
/// # Errors
/// [`StoreError`] if the database refuses; [`StoreError::is_duplicate`] where the address is taken.
pub async fn set_email(tx: &Tx, id: PersonId, email: &str) -> Result<(), StoreError> {
    let another = person::Column::Email.ne(email.to_lowercase());
    let _ = forget_refusal(tx, id, another).await?;
    person::Entity::update_many()
        .set(person::ActiveModel { email: Set(email.to_lowercase()), ..Default::default() })
        .col_expr(person::Column::Version, Expr::col(person::Column::Version).add(1))
        .filter(person::Column::Id.eq(id.0))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Notes that the mail server refused a person's address, if it still is theirs and was not refused before.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn refuse_address(
    tx: &Tx,
    id: PersonId,
    address: &str,
    on: NaiveDate,
    said: &str,
) -> Result<Saved, StoreError> {
    let done = person::Entity::update_many()
        .set(person::ActiveModel {
            address_refused_on: Set(Some(on)),
            address_refused_note: Set(Some(said.to_owned())),
            ..Default::default()
        })
        .filter(person::Column::Id.eq(id.0))
        .filter(person::Column::Email.eq(address))
        .filter(person::Column::AddressRefusedOn.is_null())
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

/// Takes it back: the address is right, or the mail server has taken something for it.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn accept_address(tx: &Tx, id: PersonId, address: &str) -> Result<Saved, StoreError> {
    forget_refusal(tx, id, person::Column::Email.eq(address)).await
}

async fn forget_refusal(tx: &Tx, id: PersonId, where_address: SimpleExpr) -> Result<Saved, StoreError> {
    let done = person::Entity::update_many()
        .set(person::ActiveModel {
            address_refused_on: Set(None),
            address_refused_note: Set(None),
            ..Default::default()
        })
        .filter(person::Column::Id.eq(id.0))
        .filter(where_address)
        .filter(person::Column::AddressRefusedOn.is_not_null())
        .exec(tx.on())
        .await?;
    Ok(Saved::from_rows(done.rows_affected))
}

/// Those whose address the mail server refused and whose accounts are in use, by name.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn refused(from: &impl Source) -> Result<Vec<Account>, StoreError> {
    let refused = person::Column::AddressRefusedOn.is_not_null();
    find(from, Condition::all().add(person::Column::Active.eq(true)).add(refused)).await
}

/// Replaces a person's password hash by another of the same password, unless a new password was set meanwhile.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn renew_hash(tx: &Tx, id: PersonId, old: &str, new: &str) -> Result<(), StoreError> {
    person::Entity::update_many()
        .set(person::ActiveModel { password_hash: Set(Some(new.to_owned())), ..Default::default() })
        .filter(person::Column::Id.eq(id.0))
        .filter(person::Column::PasswordHash.eq(old))
        .exec(tx.on())
        .await?;
    Ok(())
}

/// Everyone, by name.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn all(from: &impl Source) -> Result<Vec<Account>, StoreError> {
    find(from, Condition::all()).await
}

/// One person.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn by_id(from: &impl Source, id: PersonId) -> Result<Option<Account>, StoreError> {
    Ok(find(from, Condition::all().add(person::Column::Id.eq(id.0))).await?.pop())
}

/// Where a person is reached, without the rest of their account: asked for every message that goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they are still here.
    pub active: bool,
    /// Whether the mail server refuses their address.
    pub refused: bool,
}

/// Where some people are reached.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn addressees(
    from: &impl Source,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, Addressee>, StoreError> {
    type Row = (i64, String, String, bool, Option<NaiveDate>);
    let people: BTreeSet<i64> = people.into_iter().map(|person| person.0).collect();
    let rows: Vec<Row> = person::Entity::find()
        .select_only()
        .columns([
            person::Column::Id,
            person::Column::Name,
            person::Column::Email,
            person::Column::Active,
            person::Column::AddressRefusedOn,
        ])
        .filter(person::Column::Id.is_in(people))
        .into_tuple()
        .all(from.on())
        .await?;
    let addressee = |(id, name, email, active, refused): Row| {
        (PersonId(id), Addressee { name, email, active, refused: refused.is_some() })
    };
    Ok(rows.into_iter().map(addressee).collect())
}

fn refusal(row: &person::Model) -> Option<Refusal> {
    let said = row.address_refused_note.clone().unwrap_or_default();
    row.address_refused_on.map(|on| Refusal { on, said })
}

/// One person by address, whatever its case.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn by_email(from: &impl Source, email: &str) -> Result<Option<Account>, StoreError> {
    Ok(find(from, Condition::all().add(person::Column::Email.eq(email.trim().to_lowercase()))).await?.pop())
}

/// The scrutiny officers whose accounts are in use, each with the plan for which they are; one of several plans, several times.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn scrutiny_officers(from: &impl Source) -> Result<Vec<Officer>, StoreError> {
    let accounts = in_use(from, Role::ScrutinyOfficer).await?.into_iter();
    Ok(accounts
        .flat_map(|account| {
            let person = account.person;
            account.grants.into_iter().map(move |g| Officer { person: person.clone(), plan: g.plan })
        })
        .collect())
}

/// The administrators whose accounts are in use.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn administrators(from: &impl Source) -> Result<Vec<Person>, StoreError> {
    let accounts = in_use(from, Role::Administrator).await?;
    Ok(accounts.into_iter().map(|account| account.person).collect())
}

/// The accounts in use with a role, each with its grants of it.
async fn in_use(from: &impl Source, role: Role) -> Result<Vec<Account>, StoreError> {
    let theirs = role_grant::Column::Role.eq(role.code());
    find(from, Condition::all().add(person::Column::Active.eq(true)).add(theirs)).await
}

/// When a person's name and address were taken out; none: they were not.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn pseudonymised_at(from: &impl Source, id: PersonId) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = person::Entity::find_by_id(id.0).one(from.on()).await?;
    Ok(row.and_then(|r| r.pseudonymised_at))
}

async fn find(from: &impl Source, which: Condition) -> Result<Vec<Account>, StoreError> {
    let rows = person::Entity::find()
        .filter(which)
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id)
        .find_with_related(role_grant::Entity)
        .all(from.on())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(row, rows)| Account {
            has_password: row.password_hash.is_some(),
            second_factor_since: row.second_factor_since,
            last_signed_in_at: row.last_signed_in_at,
            deactivated_at: row.deactivated_at,
            version: row.version,
            refused: refusal(&row),
            grants: self::grants(rows.iter()),
            person: record::person_of(row),
        })
        .collect())
}

/// Roles from their stored codes. A code that this version does not know gives nothing: rights are never guessed.
pub(super) fn grants<'a>(stored: impl Iterator<Item = &'a role_grant::Model>) -> Vec<Grant> {
    let mut grants: Vec<Grant> = stored
        .filter_map(|row| Some(Grant { role: Role::from_code(&row.role)?, plan: row.plan_id.map(PlanId) }))
        .filter(|grant| Role::GRANTED.contains(&grant.role))
        .collect();
    grants.sort_unstable();
    grants.dedup();
    grants
}

/// A person as the actor of a command, with the posts that they hold on a day; none: unknown or deactivated.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn actor(from: &impl Source, id: PersonId, today: NaiveDate) -> Result<Option<Actor>, StoreError> {
    let Some(account) = by_id(from, id).await?.filter(|a| a.person.active) else {
        return Ok(None);
    };
    let held = holding::Entity::find()
        .filter(holding::Column::PersonId.eq(id.0))
        .filter(holding::Column::FromDay.lte(today))
        .filter(Condition::any().add(holding::Column::ToDay.is_null()).add(holding::Column::ToDay.gte(today)))
        .all(from.on())
        .await?;
    Ok(Some(Actor {
        person: Some(id),
        name: account.person.name,
        grants: account.grants,
        posts: held.into_iter().map(|h| PostId(h.post_id)).collect(),
    }))
}

/// A person's password hash by address; none: unknown, deactivated, or no password set.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn password_hash(
    from: &impl Source,
    email: &str,
) -> Result<Option<(PersonId, String)>, StoreError> {
    let row = person::Entity::find()
        .filter(person::Column::Email.eq(email.trim().to_lowercase()))
        .filter(person::Column::Active.eq(true))
        .one(from.on())
        .await?;
    Ok(row.and_then(|r| Some((PersonId(r.id), r.password_hash?))))
}

/// A person's password hash; none: unknown, or no password set.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn password_hash_of(from: &impl Source, id: PersonId) -> Result<Option<String>, StoreError> {
    let row = person::Entity::find_by_id(id.0).one(from.on()).await?;
    Ok(row.and_then(|r| r.password_hash))
}
