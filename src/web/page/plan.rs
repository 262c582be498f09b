//! plan: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn list() -> Sheet {
    Sheet::new(["plan list"], html! { h1 { "plan list" } })
}

pub(in crate::web) async fn show() -> Sheet {
    Sheet::new(["plan show"], html! { h1 { "plan show" } })
}

pub(in crate::web) async fn key() -> Sheet {
    Sheet::new(["plan key"], html! { h1 { "plan key" } })
}
