//! How far somebody is in: not at all, with their password alone, without the second factor that they need, or in.
//!
//! Owns where somebody has to go first, and what handlers learn of the session. Who may open a page once they are in is the
//! guard's.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{
    App,
    error::WebError,
    route::{Access, Route},
};
use crate::{
    domain::{access::Actor, account::second_factor_required},
    store::session::{Session, Signed},
};

/// The session of this request. Handlers behind anything but [`Access::Everyone`] take it as an argument.
#[derive(Clone, Debug)]
pub struct MySession(pub Session);

/// The session that awaits its second factor, if this request has one.
#[derive(Clone, Debug)]
pub struct Waiting(pub Option<Signed>);

/// As extension, so that it can't be taken for somebody who is in.
#[derive(Clone, Debug)]
struct AwaitsCode(Signed);

impl<S: Send + Sync> FromRequestParts<S> for MySession {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Session>().cloned().map(Self).ok_or(WebError::NotFound)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Waiting {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<AwaitsCode>().cloned().map(|waiting| waiting.0)))
    }
}

/// Whether somebody's role needs a second factor that they do not have. Never in the demonstration, where anyone can be
/// anybody; nor after single sign-on, where the directory has asked for its own.
pub(super) fn must_set_up(app: &App, actor: &Actor, session: &Session) -> bool {
    let needs = session.way.asks_second_factor() && second_factor_required(&actor.grants);
    needs && !session.has_second_factor && !app.is_demonstration()
}

/// How far somebody is in.
#[derive(Clone, Debug)]
pub(super) enum Visitor {
    /// Not at all.
    Nobody,
    /// The password was right, the second factor is still to come: for every page but one they are nobody.
    AwaitsCode(Signed),
    /// In, but their role needs a second factor and they have none: they set it up first.
    SetsUp(Signed),
    /// In.
    In(Signed),
}

impl Visitor {
    pub(super) fn of(app: &App, signed: Option<Signed>) -> Self {
        let Some(signed) = signed else { return Self::Nobody };
        if signed.session.awaits_second_factor {
            Self::AwaitsCode(signed)
        } else if must_set_up(app, &signed.actor, &signed.session) {
            Self::SetsUp(signed)
        } else {
            Self::In(signed)
        }
    }

    /// Who is in.
    pub(super) fn actor(&self) -> Option<&Actor> {
        match self {
            Self::Nobody | Self::AwaitsCode(_) => None,
            Self::SetsUp(signed) | Self::In(signed) => Some(&signed.actor),
        }
    }

    /// The page to which they have to go before this one; none: they may go on.
    pub(super) fn goes_first(&self, route: Option<Route>) -> Option<&'static str> {
        let route = route?;
        // The first page leads on to one’s own.
        let is_open =
            matches!(route.access(), Access::Everyone | Access::Demonstration) && route != Route::Home;
        match self {
            Self::AwaitsCode(_) if !is_open => Some(Route::SignInCode.path()),
            Self::SetsUp(_) if !is_open => {
                let sets_up = matches!(route, Route::SecondFactor | Route::ConfirmAccount);
                (!sets_up).then_some(Route::SecondFactor.path())
            }
            _ => None,
        }
    }

    /// Tells the handler who asks, and in which session.
    pub(super) fn tell(&self, extensions: &mut axum::http::Extensions) {
        match self {
            Self::Nobody => {}
            Self::AwaitsCode(signed) => {
                extensions.insert(AwaitsCode(signed.clone()));
            }
            Self::SetsUp(signed) | Self::In(signed) => {
                extensions.insert(signed.actor.clone());
                extensions.insert(signed.session.clone());
            }
        }
    }
}
