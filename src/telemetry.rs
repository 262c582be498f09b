//! What the program says of itself while it runs: structured lines on standard error.
//!
//! Lines carry ids, never names, addresses or narrative.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

/// Starts logging: `SCRUTINY_LOG` filters (default `info`), `SCRUTINY_LOG_FORMAT=json` gives one JSON object a line.
pub fn start() {
    let filter = EnvFilter::try_from_env("SCRUTINY_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    if std::env::var("SCRUTINY_LOG_FORMAT").is_ok_and(|format| format == "json") {
        lines.json().init();
    } else {
        lines.compact().init();
    }
}
