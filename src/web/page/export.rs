//! A plan's table as a CSV file to open in a spreadsheet.
//!
//! Owns the download: who reads what, and the headers. The table itself is [`crate::export`]'s.

use axum::{
    extract::{RawQuery, State},
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    domain::{access, round::RoundState},
    export::{self, Options},
    store::{self, StoreError, record::Depth},
    web::{
        App,
        address::Path,
        error::WebError,
        form::{Fields, one_day},
        guard::Me,
    },
};

/// Takes `as-at` (a day, in any way that names one), `ratings` and `suggested`.
pub(in crate::web) async fn csv(
    State(app): State<App>,
    Me(actor): Me,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let record = store::record::by_slug(&app.cx.store, &actor, &slug, Depth::Everything)
        .await?
        .ok_or(WebError::NotFound)?;
    let today = app.cx.clock.today();
    let (mut record, reads_all) = access::readable(&actor, record, today);
    // A column for a round that is not published would say that it was left empty.
    record.rounds.retain(|r| reads_all || r.state_at(today) == RoundState::Published);
    let query = Fields::decode(query.unwrap_or_default().as_bytes());
    let as_at = match query.raw("as-at").trim() {
        "" => None,
        // A file that silently shows another day than the one asked for would be worse than none.
        text => Some(one_day(text).map_err(|_| WebError::NotFound)?),
    };
    let options = Options {
        with_ratings: query.ticked("ratings"),
        suggested: query.ticked("suggested"),
        as_at: as_at.map(|day| day.min(today)),
        spreadsheet: true,
    };
    let table = export::csv(&record, &options, today).map_err(StoreError::File)?;
    let name = format!("{slug}-{}.csv", options.as_at.unwrap_or(today));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, table).into_response())
}
