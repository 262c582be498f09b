//! round: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn list() -> Sheet {
    Sheet::new(["round list"], html! { h1 { "round list" } })
}

pub(in crate::web) async fn new() -> Sheet {
    Sheet::new(["round new"], html! { h1 { "round new" } })
}

pub(in crate::web) async fn create() -> Sheet {
    Sheet::new(["round create"], html! { h1 { "round create" } })
}

pub(in crate::web) async fn show() -> Sheet {
    Sheet::new(["round show"], html! { h1 { "round show" } })
}

pub(in crate::web) async fn edit() -> Sheet {
    Sheet::new(["round edit"], html! { h1 { "round edit" } })
}

pub(in crate::web) async fn update() -> Sheet {
    Sheet::new(["round update"], html! { h1 { "round update" } })
}

pub(in crate::web) async fn new_opening() -> Sheet {
    Sheet::new(["round new_opening"], html! { h1 { "round new_opening" } })
}

pub(in crate::web) async fn open() -> Sheet {
    Sheet::new(["round open"], html! { h1 { "round open" } })
}

pub(in crate::web) async fn new_closure() -> Sheet {
    Sheet::new(["round new_closure"], html! { h1 { "round new_closure" } })
}

pub(in crate::web) async fn close() -> Sheet {
    Sheet::new(["round close"], html! { h1 { "round close" } })
}

pub(in crate::web) async fn new_publication() -> Sheet {
    Sheet::new(["round new_publication"], html! { h1 { "round new_publication" } })
}

pub(in crate::web) async fn publish() -> Sheet {
    Sheet::new(["round publish"], html! { h1 { "round publish" } })
}
