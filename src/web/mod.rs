//! Pages: routes, forms, views and assets.
//!
//! Owns HTTP. A handler reads through [`crate::store`] or calls one command, and answers with a [`sheet::Sheet`] or a
//! redirect. Never touches sea-orm, takes of mail only what reads a kept message apart, and holds no rule.

use std::time::Duration;

use axum::{Router, http::HeaderValue};

use self::caller::Proxies;
use crate::command::Cx;

pub mod address;
pub mod asset;
pub mod caller;
mod cookie;
pub mod error;
mod flash;
pub mod form;
pub mod guard;
pub mod page;
mod request;
pub mod route;
pub mod sheet;
pub mod view;
pub mod visitor;

/// What every handler can reach. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// For commands and reads.
    pub cx: Cx,
    /// Which program this is.
    pub mode: Mode,
    /// How mail goes out.
    pub mail: page::settings::MailWay,
}

/// The demonstration, or the real thing.
#[derive(Clone, Debug)]
pub enum Mode {
    /// The demonstration: its doors exist, its clock can be moved, nothing leaves the machine.
    Demonstration(page::demonstration::Doors),
    /// `serve`.
    Real {
        /// Whether people reach it over TLS: cookies are then `__Host-` and `Secure`.
        secure: bool,
    },
}

impl App {
    /// Whether this is the demonstration.
    pub fn is_demonstration(&self) -> bool {
        matches!(self.mode, Mode::Demonstration(_))
    }

    /// The session cookie's name.
    pub fn cookie(&self) -> &'static str {
        match self.mode {
            Mode::Real { secure: true } => "__Host-session",
            _ => "session",
        }
    }
}

/// How the site meets the network.
#[derive(Clone, Debug)]
pub struct Front {
    /// The proxies whose word counts.
    pub proxies: Proxies,
    /// `Strict-Transport-Security`, where TLS is spoken in front of us.
    pub hsts: Option<HeaderValue>,
    /// The longest that a request may take, from its head to its answer: its body has to be there by then.
    pub patience: Duration,
}

impl Default for Front {
    fn default() -> Self {
        Self { proxies: Proxies::default(), hsts: None, patience: Duration::from_secs(30) }
    }
}

/// The whole site, without anything in front of it.
pub fn router(app: App) -> Router {
    router_behind(app, Front::default())
}

/// The whole site.
pub fn router_behind(app: App, front: Front) -> Router {
    guard::site(app, front)
}
