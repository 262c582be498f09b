//! The integration tests: one binary, so that they are linked once and share what is slow to make.
//!
//! Each file tests one part of the program through its public interface; [`support`] holds what they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may end that way")]

mod backup;
mod dashboard;
mod export;
mod history;
mod outbox;
mod reminders;
mod rounds;
mod search;
mod seed;
mod smtp;
mod smtp_server;
mod support;
mod support_tests;
