//! my_actions: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn list() -> Sheet {
    Sheet::new(["my_actions list"], html! { h1 { "my_actions list" } })
}
