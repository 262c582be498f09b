//! action: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn show() -> Sheet {
    Sheet::new(["action show"], html! { h1 { "action show" } })
}
