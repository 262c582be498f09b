//! deadline: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn new() -> Sheet {
    Sheet::new(["deadline new"], html! { h1 { "deadline new" } })
}

pub(in crate::web) async fn create() -> Sheet {
    Sheet::new(["deadline create"], html! { h1 { "deadline create" } })
}

pub(in crate::web) async fn new_decision() -> Sheet {
    Sheet::new(["deadline new_decision"], html! { h1 { "deadline new_decision" } })
}

pub(in crate::web) async fn decide() -> Sheet {
    Sheet::new(["deadline decide"], html! { h1 { "deadline decide" } })
}
