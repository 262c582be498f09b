//! What the last press did, carried over one redirect in a cookie that the next page takes away.
//!
//! The text is ours and is escaped like any other, so a forged one can say no more than a stranger on the phone could.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use axum_extra::extract::CookieJar;

use super::view::layout::Flash;

/// The name of the cookie.
pub(super) const NAME: &str = "flash";
/// Before words that are no success.
const IMPORTANT: char = '!';

/// Sets the words for the next page.
pub(super) fn set(response: &mut Response, flash: Flash<&str>) {
    let words = match flash {
        Flash::Done(words) => words.to_owned(),
        Flash::Important(words) => format!("{IMPORTANT}{words}"),
    };
    // A jar reads percent signs back, and knows no plus for a space.
    let value = form_urlencoded::byte_serialize(words.as_bytes()).collect::<String>().replace('+', "%20");
    append(response, &format!("{NAME}={value}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"));
}

/// The words, if there are any.
pub(super) fn get(headers: &HeaderMap) -> Option<Flash<String>> {
    let jar = CookieJar::from_headers(headers);
    let words = jar.get(NAME)?.value();
    let flash = match words.strip_prefix(IMPORTANT) {
        Some(words) => Flash::Important(words.to_owned()),
        None => Flash::Done(words.to_owned()),
    };
    Some(flash).filter(|f| !f.words().is_empty())
}

/// Takes the words away.
pub(super) fn clear(response: &mut Response) {
    append(response, &format!("{NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
}

fn append(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
