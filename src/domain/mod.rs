//! The rules, pure: deadlines, ratings, rounds, merges, reminders, access.
//!
//! Nothing here is async, does I/O, asks a clock or knows the database: time is always an argument, and it is office
//! time. Allowed: `std`, `chrono`, and `thiserror` for errors in words.

pub mod access;
pub mod account;
pub mod action;
pub mod agenda;
pub mod asking;
pub mod calendar;
pub mod closure;
mod code;
pub mod dashboard;
pub mod deadline;
pub mod decision;
pub mod exempt;
pub mod feed;
pub mod health;
pub mod id;
pub mod installation;
pub mod meeting;
pub mod merge;
pub mod message;
pub mod named_days;
pub mod paper;
pub mod plan;
pub mod policy;
pub mod post;
pub mod preference;
pub mod progress;
pub mod question;
pub mod rating;
pub mod reference;
pub mod reminder;
pub mod response;
pub mod round;
pub mod round_link;
pub mod standing;
pub mod term;
pub mod text;
pub mod throttle;
pub mod update;
pub mod words;

#[cfg(test)]
pub(crate) mod sample;
