//! search: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn show() -> Sheet {
    Sheet::new(["search show"], html! { h1 { "search show" } })
}
