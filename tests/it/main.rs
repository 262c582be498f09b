//! The integration tests: one binary, so that they are linked once and share what is slow to make.
//!
//! Each file tests one part of the program through its public interface; [`support`] holds what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may end that way")]

mod access;
mod account;
mod action_page;
mod audit;
mod backup;
mod check;
mod connections;
mod dashboard;
mod deadlines;
mod demonstration;
mod downloads;
mod end_of_plan;
mod export;
mod feeds;
mod floors;
mod guessing;
mod history;
mod kept_forms;
mod links;
mod merge;
mod my_actions;
mod outbox;
mod passwords;
mod people;
mod plan_forms;
mod plan_page;
mod posts;
mod privacy;
mod reminders;
mod requests;
mod responses;
mod rounds;
mod schema;
mod search;
mod second_factor;
mod seed;
mod settings;
mod sign_in;
mod single_sign_on;
mod smtp;
mod smtp_server;
mod statements;
mod steps;
mod support;
mod support_tests;
mod update_form;
mod upgrade;
mod walk;
mod words;
