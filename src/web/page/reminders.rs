//! reminders: to be written.

use maud::html;

use crate::web::sheet::Sheet;

pub(in crate::web) async fn show() -> Sheet {
    Sheet::new(["reminders show"], html! { h1 { "reminders show" } })
}
