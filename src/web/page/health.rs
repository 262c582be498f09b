//! What administrators have to see to so that mail goes out, said where they begin.

use maud::{Markup, html};

use crate::{
    command::health,
    store::StoreError,
    web::{App, view::kit::warning_text},
};

/// A warning for each thing; in the demonstration nobody waits for its worker.
pub(super) async fn warnings(app: &App) -> Result<Markup, StoreError> {
    let health = health::look(&app.cx).await?;
    let warnings = match app.is_demonstration() {
        true => health.holidays_run_out.map(health::holiday_words).into_iter().collect(),
        false => health.warnings(),
    };
    Ok(html! { @for warning in warnings { (warning_text(warning)) } })
}
