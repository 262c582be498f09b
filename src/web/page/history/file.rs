//! The whole history as a file, for those who may take it out.
//!
//! Read and sent a piece at a time: a history of many years never sits in memory.

use std::collections::HashMap;

use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use futures_util::stream;

use crate::{
    domain::id::PlanId,
    export::history,
    store::{self, Store, StoreError},
    web::{App, error::WebError},
};

/// Events in one piece.
const PIECE: u64 = 1000;

/// How far the file is.
struct Progress {
    store: Store,
    plans: HashMap<PlanId, String>,
    /// The number of the last event that was sent.
    sent: i64,
    /// The number of the last event that there was when the file was asked for.
    last: i64,
}

pub(in crate::web) async fn csv(State(app): State<App>) -> Result<Response, WebError> {
    let store = &app.cx.store;
    let last = store::audit::head(store).await?.map_or(0, |head| head.events);
    let plans = store::plan::titles(store).await?;
    let header = history::header().map_err(StoreError::File)?;
    let start = Progress { store: store.clone(), plans, sent: 0, last };
    let pieces = stream::try_unfold((Some(header), start), async |(header, progress)| match header {
        Some(header) => Ok(Some((header, (None, progress)))),
        None => Ok::<_, StoreError>(piece(progress).await?.map(|(text, progress)| (text, (None, progress)))),
    });
    let name = format!("history-{}.csv", app.cx.clock.today());
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// The next piece; none: that was all. An error tears the download, so that nobody takes half a file for the whole.
async fn piece(mut progress: Progress) -> Result<Option<(String, Progress)>, StoreError> {
    let mut events = store::audit::after(&progress.store, progress.sent, PIECE).await?;
    // What came in between belongs to the next file.
    events.retain(|event| event.number <= progress.last);
    let Some(sent) = events.last().map(|event| event.number) else { return Ok(None) };
    progress.sent = sent;
    Ok(Some((history::rows(&events, &progress.plans)?, progress)))
}
