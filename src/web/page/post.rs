//! post: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn list() -> Sheet {
    Sheet::new(["post list"], html! { h1 { "post list" } })
}

pub(in crate::web) async fn new() -> Sheet {
    Sheet::new(["post new"], html! { h1 { "post new" } })
}

pub(in crate::web) async fn create() -> Sheet {
    Sheet::new(["post create"], html! { h1 { "post create" } })
}

pub(in crate::web) async fn edit() -> Sheet {
    Sheet::new(["post edit"], html! { h1 { "post edit" } })
}

pub(in crate::web) async fn update() -> Sheet {
    Sheet::new(["post update"], html! { h1 { "post update" } })
}

pub(in crate::web) async fn new_handover() -> Sheet {
    Sheet::new(["post new_handover"], html! { h1 { "post new_handover" } })
}

pub(in crate::web) async fn hand_over() -> Sheet {
    Sheet::new(["post hand_over"], html! { h1 { "post hand_over" } })
}
