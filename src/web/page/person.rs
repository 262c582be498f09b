//! person: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn list() -> Sheet {
    Sheet::new(["person list"], html! { h1 { "person list" } })
}

pub(in crate::web) async fn new() -> Sheet {
    Sheet::new(["person new"], html! { h1 { "person new" } })
}

pub(in crate::web) async fn create() -> Sheet {
    Sheet::new(["person create"], html! { h1 { "person create" } })
}

pub(in crate::web) async fn edit() -> Sheet {
    Sheet::new(["person edit"], html! { h1 { "person edit" } })
}

pub(in crate::web) async fn update() -> Sheet {
    Sheet::new(["person update"], html! { h1 { "person update" } })
}

pub(in crate::web) async fn create_link() -> Sheet {
    Sheet::new(["person create_link"], html! { h1 { "person create_link" } })
}
