//! history: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn of_plan() -> Sheet {
    Sheet::new(["history of_plan"], html! { h1 { "history of_plan" } })
}

pub(in crate::web) async fn all() -> Sheet {
    Sheet::new(["history all"], html! { h1 { "history all" } })
}
