//! action_form: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn new() -> Sheet {
    Sheet::new(["action_form new"], html! { h1 { "action_form new" } })
}

pub(in crate::web) async fn create() -> Sheet {
    Sheet::new(["action_form create"], html! { h1 { "action_form create" } })
}

pub(in crate::web) async fn edit() -> Sheet {
    Sheet::new(["action_form edit"], html! { h1 { "action_form edit" } })
}

pub(in crate::web) async fn update() -> Sheet {
    Sheet::new(["action_form update"], html! { h1 { "action_form update" } })
}
