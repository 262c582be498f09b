//! The stylesheet and the mark, part of the program, under addresses that change with their content.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

use super::{address::Path, error::WebError};
use crate::secret::fingerprint;

struct Asset {
    name: String,
    mime: &'static str,
    body: &'static str,
}

static ASSETS: LazyLock<[Asset; 2]> = LazyLock::new(|| {
    [
        asset("app", "css", "text/css; charset=utf-8", include_str!("assets/app.css")),
        asset("mark", "svg", "image/svg+xml", include_str!("assets/favicon.svg")),
    ]
});

fn asset(stem: &str, ending: &str, mime: &'static str, body: &'static str) -> Asset {
    let print = fingerprint(body);
    let short = print.get(..12).unwrap_or(&print);
    Asset { name: format!("{stem}.{short}.{ending}"), mime, body }
}

/// The stylesheet's address.
pub(super) fn stylesheet() -> String {
    format!("/assets/{}", ASSETS[0].name)
}

/// The mark's address.
pub(super) fn mark() -> String {
    format!("/assets/{}", ASSETS[1].name)
}

/// `GET /assets/{name}`: kept by browsers for a year, since another content has another name.
pub(super) async fn show(Path(name): Path<String>) -> Result<Response, WebError> {
    let asset = ASSETS.iter().find(|a| a.name == name).ok_or(WebError::NotFound)?;
    let headers =
        [(header::CONTENT_TYPE, asset.mime), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.body).into_response())
}
