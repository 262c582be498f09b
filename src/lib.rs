//! Scrutiny Tracker.

pub mod cli;
pub mod clock;
pub mod command;
pub mod config;
pub mod demonstration;
pub mod domain;
pub mod export;
pub mod link;
pub mod mail;
pub mod secret;
pub mod seed;
pub mod serve;
pub mod store;
pub mod telemetry;
pub mod web;
pub mod worker;
