//! session: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn home() -> Sheet {
    Sheet::new(["session home"], html! { h1 { "session home" } })
}

pub(in crate::web) async fn new() -> Sheet {
    Sheet::new(["session new"], html! { h1 { "session new" } })
}

pub(in crate::web) async fn create() -> Sheet {
    Sheet::new(["session create"], html! { h1 { "session create" } })
}

pub(in crate::web) async fn end() -> Sheet {
    Sheet::new(["session end"], html! { h1 { "session end" } })
}

pub(in crate::web) async fn welcome() -> Sheet {
    Sheet::new(["session welcome"], html! { h1 { "session welcome" } })
}

pub(in crate::web) async fn set_password() -> Sheet {
    Sheet::new(["session set_password"], html! { h1 { "session set_password" } })
}
