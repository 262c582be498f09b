//! Scrutiny Tracker.

pub mod clock;
pub mod command;
pub mod demonstration;
pub mod domain;
pub mod link;
pub mod mail;
pub mod secret;
pub mod seed;
pub mod store;
pub mod web;
pub mod worker;
