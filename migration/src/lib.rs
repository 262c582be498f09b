//! Scrutiny Tracker's database, as a sequence of changes, one each. See `README.md` beside this folder for how to add one.
//!
//! Owns the tables, their keys and their indexes, for SQLite and PostgreSQL alike. Never imports the entities (they
//! describe today, a migration describes a day in the past) and never holds data.
//!
//! # Conventions
//!
//! - Identifiers are 64-bit, counted by the database. Codes (states, kinds) are text, so that a new one needs no change.
//! - A *day* is an office day (Europe/London unless set otherwise); an *instant* (`..._at`) is machine time in UTC.
//! - Every foreign key has an index. Nothing that people wrote is deleted by a cascade: only join rows cascade.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::MigrationTrait;

mod m0001_people;
mod m0002_plans;
mod m0003_rounds_and_updates;
mod m0004_deadlines;
mod m0005_outbox;
mod m0006_history;
mod m0007_accounts;
mod m0008_audit_chain;
mod m0009_meetings;
mod m0010_looking_at_updates;
mod m0011_questions;
mod m0012_decisions;
mod m0013_packs;
mod m0014_feeds;
mod m0015_response_causes;
mod m0016_round_mail;
mod m0017_published_addenda;
mod m0018_mail_about;
mod m0019_round_links;
mod m0020_refused_addresses;
mod m0021_mail_choices;
mod m0022_digests;
mod m0023_sent_again;
mod m0024_outbox_texts;
mod m0025_date_notices;
mod table;

/// All migrations, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_people::Migration),
            Box::new(m0002_plans::Migration),
            Box::new(m0003_rounds_and_updates::Migration),
            Box::new(m0004_deadlines::Migration),
            Box::new(m0005_outbox::Migration),
            Box::new(m0006_history::Migration),
            Box::new(m0007_accounts::Migration),
            Box::new(m0008_audit_chain::Migration),
            Box::new(m0009_meetings::Migration),
            Box::new(m0010_looking_at_updates::Migration),
            Box::new(m0011_questions::Migration),
            Box::new(m0012_decisions::Migration),
            Box::new(m0013_packs::Migration),
            Box::new(m0014_feeds::Migration),
            Box::new(m0015_response_causes::Migration),
            Box::new(m0016_round_mail::Migration),
            Box::new(m0017_published_addenda::Migration),
            Box::new(m0018_mail_about::Migration),
            Box::new(m0019_round_links::Migration),
            Box::new(m0020_refused_addresses::Migration),
            Box::new(m0021_mail_choices::Migration),
            Box::new(m0022_digests::Migration),
            Box::new(m0023_sent_again::Migration),
            Box::new(m0024_outbox_texts::Migration),
            Box::new(m0025_date_notices::Migration),
        ]
    }
}
