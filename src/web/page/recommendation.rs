//! recommendation: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn new() -> Sheet {
    Sheet::new(["recommendation new"], html! { h1 { "recommendation new" } })
}

pub(in crate::web) async fn create() -> Sheet {
    Sheet::new(["recommendation create"], html! { h1 { "recommendation create" } })
}

pub(in crate::web) async fn edit() -> Sheet {
    Sheet::new(["recommendation edit"], html! { h1 { "recommendation edit" } })
}

pub(in crate::web) async fn update() -> Sheet {
    Sheet::new(["recommendation update"], html! { h1 { "recommendation update" } })
}

pub(in crate::web) async fn new_variation() -> Sheet {
    Sheet::new(["recommendation new_variation"], html! { h1 { "recommendation new_variation" } })
}

pub(in crate::web) async fn vary() -> Sheet {
    Sheet::new(["recommendation vary"], html! { h1 { "recommendation vary" } })
}
