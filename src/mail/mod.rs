//! Mail: what a message looks like as bytes, and how those bytes reach a mail server.
//!
//! Nothing here knows the database, the web or the office clock: every date, address and text is an argument, and the
//! outbox (who is written to, when, and how often it is tried) belongs to the floors above.

pub mod account;
pub mod bell;
pub mod digest;
mod document;
pub mod escalation;
pub mod message;
pub mod reading;
pub mod round;
pub mod sample;
pub mod settings;
pub mod smtp;
pub mod test_mail;
pub mod thread;
pub mod transport;
mod wire;
