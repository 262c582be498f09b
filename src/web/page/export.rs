//! export: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn csv() -> Sheet {
    Sheet::new(["export csv"], html! { h1 { "export csv" } })
}
