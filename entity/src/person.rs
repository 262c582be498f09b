//! A person with an address, and an account once a password is set.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    /// In lower case; unique.
    pub email: String,
    /// A deactivated person gets no mail and can’t sign in.
    pub active: bool,
    /// Argon2id, in PHC form; none until the one-time link was used.
    pub password_hash: Option<String>,
    /// The authenticator's shared secret, in Base32.
    pub second_factor_secret: Option<String>,
    /// Since when it holds; there is one if and only if there is a secret.
    pub second_factor_since: Option<DateTimeUtc>,
    /// The time step of the last code that was taken: none is taken twice.
    pub second_factor_step: Option<i64>,
    /// When they last came in; none: never.
    pub last_signed_in_at: Option<DateTimeUtc>,
    /// When the account was deactivated.
    pub deactivated_at: Option<DateTimeUtc>,
    /// When name and address were taken out.
    pub pseudonymised_at: Option<DateTimeUtc>,
    /// The office day on which the mail server refused the address; none: it did not.
    pub address_refused_on: Option<Date>,
    /// What it said.
    pub address_refused_note: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    #[sea_orm(has_many)]
    pub role_grants: HasMany<super::role_grant::Entity>,
    #[sea_orm(has_many)]
    pub holdings: HasMany<super::holding::Entity>,
    #[sea_orm(has_many)]
    pub mail_preferences: HasMany<super::mail_preference::Entity>,
    #[sea_orm(has_many)]
    pub aways: HasMany<super::away::Entity>,
    #[sea_orm(has_many)]
    pub snoozes: HasMany<super::snooze::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
