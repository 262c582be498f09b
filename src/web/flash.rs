//! What the last press did, carried over one redirect in a cookie that the next page takes away.
//!
//! The text is ours and is escaped like any other, so a forged one can say no more than a stranger on the phone could.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use axum_extra::extract::CookieJar;

/// The name of the cookie.
pub(super) const NAME: &str = "flash";

/// Sets the words for the next page.
pub(super) fn set(response: &mut Response, words: &str) {
    let value: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
    append(response, &format!("{NAME}={value}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"));
}

/// The words, if there are any.
pub(super) fn get(headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let value = jar.get(NAME)?.value();
    let (words, _) = form_urlencoded::parse(value.as_bytes()).next()?;
    Some(words.into_owned()).filter(|w| !w.is_empty())
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
