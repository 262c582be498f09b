//! The program: see the library for how it is built.

use scrutiny_tracker::demonstration;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::var("DEMO_PORT").ok().and_then(|p| p.parse().ok());
    let url = std::env::var("DEMO_DATABASE").unwrap_or_else(|_| demonstration::DATABASE.to_owned());
    demonstration::run(&url, port).await
}
