//! Pages: routes, forms, views and assets.
//!
//! Owns HTTP. A handler reads through [`crate::store`] or calls one command, and answers with a [`sheet::Sheet`] or a
//! redirect. Never touches sea-orm, takes of mail only what reads a kept message apart, and holds no rule.

use std::{sync::Arc, time::Duration};

use axum::{Router, http::HeaderValue};

use self::{caller::Proxies, page::settings::MailWay};
use crate::{command::Cx, single_sign_on::Directory};

pub mod address;
pub mod asset;
pub mod caller;
mod cookie;
pub mod error;
mod flash;
pub mod form;
pub mod guard;
mod kept;
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
    /// How people come in.
    pub ways_in: WaysIn,
    /// How mail goes out.
    pub mail: MailWay,
}

/// How people come in: with what is kept here (password, email link), through the council's directory, or both.
#[derive(Clone, Debug)]
pub struct WaysIn {
    /// Whether what is kept here lets anybody in. The command line's one-time link does in any case.
    pub local: bool,
    /// The council's directory, where there is one.
    pub directory: Option<Arc<Directory>>,
}

impl Default for WaysIn {
    fn default() -> Self {
        Self { local: true, directory: None }
    }
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
    /// A site into which people come with what is kept here.
    pub fn new(cx: Cx, mode: Mode) -> Self {
        Self { cx, mode, ways_in: WaysIn::default(), mail: MailWay::none() }
    }

    /// The same with other ways in.
    pub fn with_ways_in(self, ways_in: WaysIn) -> Self {
        Self { ways_in, ..self }
    }

    /// The same with a way for mail to go out.
    pub fn with_mail(self, mail: MailWay) -> Self {
        Self { mail, ..self }
    }

    /// Whether this is the demonstration.
    pub fn is_demonstration(&self) -> bool {
        matches!(self.mode, Mode::Demonstration(_))
    }

    /// The same, from whose database can only be read.
    fn reading_only(&self) -> Self {
        let cx = Cx { store: self.cx.store.reading_only(), ..self.cx.clone() };
        Self { cx, ..self.clone() }
    }

    /// The session cookie's name.
    pub fn cookie(&self) -> &'static str {
        match self.mode {
            Mode::Real { secure: true } => "__Host-session",
            _ => "session",
        }
    }

    /// The name of the cookie that somebody has while they are at the council's directory.
    pub fn pending_cookie(&self) -> &'static str {
        match self.mode {
            Mode::Real { secure: true } => "__Host-sign-in",
            _ => "sign-in",
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
