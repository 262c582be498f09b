//! The tables as sea-orm entities, one file per table, primitive columns only.
//!
//! They say how a row looks, not what it means: codes stay text and days stay days until the store turns them into the
//! domain's values. The tables themselves are made by the `migration` crate.

pub mod action;
pub mod action_update;
pub mod asked_by_phone;
pub mod assignment;
pub mod audit_event;
pub mod audit_head;
pub mod away;
pub mod conclusion;
pub mod cross_reference;
pub mod deadline_revision;
pub mod decided;
pub mod evidence;
pub mod evidence_figure;
pub mod feed;
pub mod holding;
pub mod identity;
pub mod kept_form;
pub mod known_browser;
pub mod mail_policy;
pub mod mail_preference;
pub mod meeting;
pub mod notice;
pub mod one_time_link;
pub mod outbox;
pub mod outbox_about;
pub mod outbox_cause;
pub mod outbox_response_cause;
pub mod outbox_round;
pub mod outbox_round_cause;
pub mod outbox_text;
pub mod pack;
pub mod panel;
pub mod panel_rating;
pub mod person;
pub mod plan;
pub mod post;
pub mod question;
pub mod recommendation;
pub mod recovery_code;
pub mod resolution;
pub mod role_grant;
pub mod round;
pub mod round_link;
pub mod round_plan;
pub mod session;
pub mod setting;
pub mod snooze;
pub mod state_change;
pub mod throttle;
pub mod update_draft;
pub mod variation;
