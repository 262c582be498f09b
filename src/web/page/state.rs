//! state: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn new_merge() -> Sheet {
    Sheet::new(["state new_merge"], html! { h1 { "state new_merge" } })
}

pub(in crate::web) async fn merge() -> Sheet {
    Sheet::new(["state merge"], html! { h1 { "state merge" } })
}

pub(in crate::web) async fn new_closure() -> Sheet {
    Sheet::new(["state new_closure"], html! { h1 { "state new_closure" } })
}

pub(in crate::web) async fn close() -> Sheet {
    Sheet::new(["state close"], html! { h1 { "state close" } })
}

pub(in crate::web) async fn new_reopening() -> Sheet {
    Sheet::new(["state new_reopening"], html! { h1 { "state new_reopening" } })
}

pub(in crate::web) async fn reopen() -> Sheet {
    Sheet::new(["state reopen"], html! { h1 { "state reopen" } })
}
