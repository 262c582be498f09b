//! What the tests stand on: a site on each kind of database, a browser that behaves, and forms filled as a person would.
//!
//! ```ignore
//! #[tokio::test]
//! async fn lead_sees_the_update_they_wrote() {
//!     each_database(async |site| {
//!         let browser = site.sign_in_as(MAP_COORDINATOR).await;
//!         let page = browser.get("/my-actions").await;
//!         let form = browser.get(&path::new_update(site.action("Ai").await)).await.form("Save update");
//!         let page = form.set("narrative", "It’s done").submit().await;
//!         assert_eq!(page.h1(), "Ai");
//!     })
//!     .await;
//! }
//! ```
//!
//! It never reads the wall clock: every site stands at 9:00 on 7 December 2017 until a test moves it.
#![allow(dead_code, reason = "what one test does not need, another does")]

pub(crate) mod accounts;
mod browser;
mod form;
mod page;
mod postgres;
mod rules;
mod site;

pub(crate) use browser::{Browser, HOST};
pub(crate) use form::Form;
pub(crate) use page::Page;
pub(crate) use site::{Site, cx, each_database, each_empty_database};

/// Manager, and lead of thirteen actions.
pub(crate) const MANAGER: &str = "risk-and-resilience-manager@example.org";
/// Lead of three actions.
pub(crate) const MAP_COORDINATOR: &str = "map-coordinator@example.org";
/// Lead of Aiii and another.
pub(crate) const EDUCATION_LEAD: &str = "education-safeguarding-lead@example.org";
/// Lead of one action, and of another jointly.
pub(crate) const LSCB_MANAGER: &str = "lscb-manager@example.org";
/// Lead of Eii.
pub(crate) const COMMUNICATIONS_MANAGER: &str = "communications-manager@example.org";
/// Leads one action jointly with the LSCB Manager.
pub(crate) const GOVERNORS_MANAGER: &str = "governors-service-manager@example.org";
/// Runs rounds and records the panel's decisions.
pub(crate) const SCRUTINY_OFFICER: &str = "scrutiny-officer@example.org";
/// Adds people and changes settings; sees no plan.
pub(crate) const ADMINISTRATOR: &str = "administrator@example.org";
/// A councillor.
pub(crate) const PANEL_MEMBER: &str = "panel-member@example.org";
/// The seed plan's slug.
pub(crate) const APPENDIX_B: &str = "appendix-b";

/// A day from its ISO form.
pub(crate) fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day such as 2017-12-07")
}
