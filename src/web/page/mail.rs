//! The mail viewer of the demonstration: to be written.

use crate::web::error::WebError;

pub(in crate::web) async fn list() -> WebError {
    WebError::NotFound
}
pub(in crate::web) async fn show() -> WebError {
    WebError::NotFound
}
pub(in crate::web) async fn html() -> WebError {
    WebError::NotFound
}
pub(in crate::web) async fn source() -> WebError {
    WebError::NotFound
}
