//! status: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn live() -> Sheet {
    Sheet::new(["status live"], html! { h1 { "status live" } })
}

pub(in crate::web) async fn ready() -> Sheet {
    Sheet::new(["status ready"], html! { h1 { "status ready" } })
}
