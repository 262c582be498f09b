//! A calendar feed as programs fetch it: the secret address is all that they show.
//!
//! Whatever is wrong with an address, the answer is the same: there is nothing.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    command::feed::{self as command, Opened},
    domain::{access, feed, text},
    export::calendar::{self, Of},
    store::{self, record::Depth},
    web::{App, address::Path, error::WebError},
};

pub(in crate::web) async fn show(
    State(app): State<App>,
    Path(file): Path<String>,
) -> Result<Response, WebError> {
    let token = file.strip_suffix(".ics").ok_or(WebError::NotFound)?;
    let Opened { actor, plan } = command::open(&app.cx, token).await?;
    let (store, today) = (&app.cx.store, app.cx.clock.today());
    let (name, of, entries) = match plan {
        Some(plan) => {
            let record = store::record::by_id(store, &actor, plan, Depth::Everything).await?;
            let record = record.ok_or(WebError::NotFound)?;
            let runs_rounds = feed::sees_to_papers(&record, &actor);
            let (record, _) = access::readable(&actor, record, today);
            let (_, meetings) = store::meeting::all(store).await?;
            let entries = feed::of_plan(&record, &meetings, runs_rounds, today);
            (text::short_title(&record.plan.title), Of::Plan, entries)
        }
        None => {
            let records = store::record::all(store, &actor, Depth::Everything).await?;
            let records: Vec<_> =
                records.into_iter().map(|record| access::readable(&actor, record, today).0).collect();
            let (_, meetings) = store::meeting::all(store).await?;
            ("My actions".to_owned(), Of::Person, feed::of_person(&records, &meetings, &actor, today))
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"scrutiny-tracker.ics\""),
    ];
    let now = app.cx.clock.machine_now();
    Ok((headers, calendar::text(&name, of, &entries, &app.cx.links, now)).into_response())
}
