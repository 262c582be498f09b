//! update: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn new() -> Sheet {
    Sheet::new(["update new"], html! { h1 { "update new" } })
}

pub(in crate::web) async fn create() -> Sheet {
    Sheet::new(["update create"], html! { h1 { "update create" } })
}

pub(in crate::web) async fn new_correction() -> Sheet {
    Sheet::new(["update new_correction"], html! { h1 { "update new_correction" } })
}

pub(in crate::web) async fn correct() -> Sheet {
    Sheet::new(["update correct"], html! { h1 { "update correct" } })
}
