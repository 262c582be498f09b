//! The part of an address that says which thing is meant. What can't be one leads nowhere: 404, like any unknown thing.
//!
//! Owns the reading; whether there is such a thing, and whose it is to see, is asked where it is loaded.

use axum::{
    extract::{FromRequestParts, path},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::error::WebError;

/// As axum's own, but with a page of ours instead of a bare 400.
#[derive(Clone, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        #[allow(clippy::disallowed_types, reason = "this file is where an address is read")]
        let read = path::Path::from_request_parts(parts, state).await;
        read.map(|path::Path(part)| Self(part)).map_err(|_| WebError::NotFound)
    }
}
