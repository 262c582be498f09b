//! Pages: one file per page, or per family of forms. Each holds its handlers and its view.

pub mod access;
pub mod accessibility;
pub mod action;
pub mod action_form;
mod both;
pub mod dashboard;
pub mod deadline;
pub mod demonstration;
pub mod export;
pub mod history;
pub mod mail;
pub mod my_actions;
pub mod person;
pub mod plan;
pub mod plan_form;
pub mod post;
pub mod privacy;
pub mod recommendation;
pub mod reminders;
pub mod round;
pub mod search;
pub mod session;
pub mod settings;
pub mod state;
pub mod status;
pub mod update;
