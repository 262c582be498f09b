//! Whether the program runs, and whether it can serve: for whatever watches over it.
//!
//! Asks for nobody and says nothing that a stranger could use: the reason for a "no" stands in the log.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use crate::{command::health, domain::health::Run, store::StoreError, web::App};

pub(in crate::web) async fn live() -> &'static str {
    "live"
}

pub(in crate::web) async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let (database, migrations) = match check(&app).await {
        Ok(0) => ("ok", "ok"),
        Ok(pending) => {
            tracing::error!(pending, "not ready: migrations have not been run");
            ("ok", "pending")
        }
        Err(error) => {
            tracing::error!(error = %error, "not ready: the database does not answer");
            ("unreachable", "unknown")
        }
    };
    let mut ready = (database, migrations) == ("ok", "ok");
    let mut said = json!({ "database": database, "migrations": migrations });
    // The demonstration's worker runs when somebody moves its day.
    if ready && !app.is_demonstration() {
        match health::look(&app.cx).await {
            Ok(health) => {
                ready = health.run != Run::Missing;
                said["worker"] = health.worker_words().into();
                said["reminders"] = health.run_words().into();
            }
            Err(error) => {
                tracing::error!(error = %error, "not ready: the database does not answer");
                ready = false;
                said["database"] = "unreachable".into();
            }
        }
    }
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(said))
}

/// How many migrations have not been run, from a database that answers.
async fn check(app: &App) -> Result<usize, StoreError> {
    app.cx.store.ping().await?;
    Ok(app.cx.store.pending_migrations().await?.len())
}
