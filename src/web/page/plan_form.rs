//! plan_form: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn new() -> Sheet {
    Sheet::new(["plan_form new"], html! { h1 { "plan_form new" } })
}

pub(in crate::web) async fn create() -> Sheet {
    Sheet::new(["plan_form create"], html! { h1 { "plan_form create" } })
}

pub(in crate::web) async fn edit() -> Sheet {
    Sheet::new(["plan_form edit"], html! { h1 { "plan_form edit" } })
}

pub(in crate::web) async fn update() -> Sheet {
    Sheet::new(["plan_form update"], html! { h1 { "plan_form update" } })
}

pub(in crate::web) async fn new_end() -> Sheet {
    Sheet::new(["plan_form new_end"], html! { h1 { "plan_form new_end" } })
}

pub(in crate::web) async fn end() -> Sheet {
    Sheet::new(["plan_form end"], html! { h1 { "plan_form end" } })
}
