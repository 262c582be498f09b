//! demonstration: to be written.

use maud::html;

use crate::web::sheet::Sheet;

/// What the demonstration's buttons do: functions that `main` hands in.
#[derive(Clone)]
pub struct Doors {
    /// Goes on by some days, letting the worker run on each.
    pub advance: std::sync::Arc<dyn Fn(u32) -> Doing + Send + Sync>,
    /// Goes back to the first day, with a fresh seed.
    pub start_again: std::sync::Arc<dyn Fn() -> Doing + Send + Sync>,
}

/// What a door does, and how many mails went out when it has done it.
pub type Doing = std::pin::Pin<Box<dyn Future<Output = Result<usize, crate::command::CommandError>> + Send>>;

impl std::fmt::Debug for Doors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Doors")
    }
}

pub(in crate::web) async fn choose() -> Sheet {
    Sheet::new(["demonstration choose"], html! { h1 { "demonstration choose" } })
}

pub(in crate::web) async fn sign_in() -> Sheet {
    Sheet::new(["demonstration sign_in"], html! { h1 { "demonstration sign_in" } })
}

pub(in crate::web) async fn next_day() -> Sheet {
    Sheet::new(["demonstration next_day"], html! { h1 { "demonstration next_day" } })
}

pub(in crate::web) async fn next_week() -> Sheet {
    Sheet::new(["demonstration next_week"], html! { h1 { "demonstration next_week" } })
}

pub(in crate::web) async fn start_again() -> Sheet {
    Sheet::new(["demonstration start_again"], html! { h1 { "demonstration start_again" } })
}

pub(in crate::web) async fn mail() -> Sheet {
    Sheet::new(["demonstration mail"], html! { h1 { "demonstration mail" } })
}

pub(in crate::web) async fn message() -> Sheet {
    Sheet::new(["demonstration message"], html! { h1 { "demonstration message" } })
}

pub(in crate::web) async fn message_html() -> Sheet {
    Sheet::new(["demonstration message_html"], html! { h1 { "demonstration message_html" } })
}

pub(in crate::web) async fn message_source() -> Sheet {
    Sheet::new(["demonstration message_source"], html! { h1 { "demonstration message_source" } })
}
