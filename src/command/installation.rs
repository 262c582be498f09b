//! The installation's settings: filling them in for a new one, saving a section, keeping up with what others saved.

use chrono::NaiveDate;

use super::{CommandError, Cx, Event, changes};
use crate::{
    domain::{
        access::{Actor, Permission, may},
        installation::{Change, Installation},
        named_days,
        text::{self, plural},
    },
    store::{self, StoreError, round_link::Which},
};

/// Takes the settings as saved; where nobody has saved any, those that a new installation begins with, and saves them.
/// So what the environment says counts once, for a new installation, and after that the pages have the last word.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn begin(cx: &Cx, new: Installation) -> Result<(), StoreError> {
    let tx = cx.store.begin().await?;
    let installation = match store::installation::load(&tx).await? {
        Some(saved) => saved,
        None => {
            store::installation::save(&tx, &new).await?;
            new
        }
    };
    tx.commit().await?;
    take(cx, installation);
    Ok(())
}

/// Takes settings as those that hold in this process, clock and all, without saving them.
pub fn take(cx: &Cx, installation: Installation) {
    if !cx.clock.move_to_zone(&installation.zone) {
        tracing::error!(zone = installation.zone, "this time zone is not known: the clock stays where it is");
    }
    cx.store.take_installation(installation);
}

/// Reads the settings anew: another process may have saved some. The worker does this on every tick, and `serve` besides.
///
/// # Errors
/// [`StoreError`] if the database does not answer; what was read before still holds.
pub async fn refresh(cx: &Cx) -> Result<(), StoreError> {
    store::installation::refresh(&cx.store).await?;
    cx.clock.move_to_zone(&cx.installation().zone);
    Ok(())
}

/// Saves one section, as somebody saw the settings at a version.
///
/// # Errors
/// [`CommandError::Refused`] where a value is not allowed; [`CommandError::Stale`] where somebody else has saved that
/// section in the meantime.
pub async fn save(cx: &Cx, actor: &Actor, version: i32, change: &Change) -> Result<(), CommandError> {
    may(actor, Permission::ManageSettings)?;
    if let Some((field, message)) = change.problems().into_iter().next() {
        return Err(CommandError::refused(field, message));
    }
    if let Change::Time(name) = change
        && crate::clock::zone(name).is_none()
    {
        return Err(CommandError::refused(
            "zone",
            "This is no time zone that is known. Enter it as in the hint, for example Europe/London",
        ));
    }
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let before = before(cx, &tx).await?;
    if before.has_changed_since(version, change.section()) {
        // The page shows both texts: it needs what the other one saved.
        tx.commit().await?;
        take(cx, before);
        return Err(CommandError::Stale);
    }
    let after = before.with(change);
    store::installation::save(&tx, &after).await?;
    if !after.updates_by_link.is_on() {
        // For good: switching it on again must not bring back what lies in mailboxes.
        store::round_link::revoke(&tx, Which::All, now.at).await?;
    }
    let detail = changes(differences(change, &before, &after));
    let differs = detail.as_object().is_some_and(|fields| !fields.is_empty());
    let event = Event {
        plan: None,
        action: None,
        kind: "settings.changed",
        summary: format!(
            "Settings {}: {}",
            if differs { "changed" } else { "confirmed" },
            change.section().title().to_lowercase()
        ),
        detail,
    };
    super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    take(cx, after);
    Ok(())
}

/// Notes that the mail server has taken a test mail.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn mail_tested(cx: &Cx, actor: &Actor) -> Result<(), CommandError> {
    may(actor, Permission::ManageSettings)?;
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let mut after = before(cx, &tx).await?;
    after.version += 1;
    after.mail_tested_on = Some(now.today);
    store::installation::save(&tx, &after).await?;
    let event = Event {
        plan: None,
        action: None,
        kind: "settings.mail-tested",
        summary: "Test mail handed to the mail server".to_owned(),
        detail: serde_json::json!({}),
    };
    super::record(&tx, now, actor, event).await?;
    tx.commit().await?;
    take(cx, after);
    Ok(())
}

/// The settings as saved; where nobody has saved any, as this process began with.
async fn before(cx: &Cx, tx: &store::Tx) -> Result<Installation, StoreError> {
    Ok(store::installation::load(tx).await?.unwrap_or_else(|| (*cx.installation()).clone()))
}

/// A section's fields, before and after, in words for the history.
fn differences(
    change: &Change,
    before: &Installation,
    after: &Installation,
) -> Vec<(&'static str, String, String)> {
    let both = |name, of: fn(&Installation) -> String| (name, of(before), of(after));
    match change {
        Change::Words(..) => vec![
            both("Council", |i| i.council.clone()),
            both("Executive", |i| i.words.executive.clone()),
            both("Panel", |i| i.words.panel.clone()),
            both("Democratic Services", |i| i.words.democratic_services.clone()),
        ],
        Change::Time(_) => vec![both("Time zone", |i| i.zone.clone())],
        Change::Closures(_) => vec![both("Closure days", |i| named_days::lines(&i.closures))],
        Change::Terms(_) => vec![both("Term dates", |i| named_days::lines(&i.terms))],
        Change::Sessions(_) => vec![
            both("Signed out when idle after", |i| plural(i.sessions.idle_minutes, "minute", "minutes")),
            both("Signed out at the latest after", |i| plural(i.sessions.absolute_days, "day", "days")),
        ],
        Change::Retention(_) => vec![
            both("Names of leavers", |i| plural(i.retention.leavers_months, "month", "months")),
            both("Mail log", |i| plural(i.retention.mail_log_months, "month", "months")),
            both("Known browsers", |i| plural(i.retention.sign_in_days, "day", "days")),
        ],
        Change::UpdatesByLink(_) => {
            vec![both("Updates without signing in", |i| i.updates_by_link.words().to_owned())]
        }
        Change::Privacy(_) => vec![
            both("Contact", |i| words(i.privacy.contact.as_deref())),
            both("Reviewed on", |i| day(i.privacy.reviewed_on)),
            both("Also said", |i| words(i.privacy.more.as_deref())),
        ],
        Change::Accessibility(_) => vec![
            both("Contact", |i| words(i.accessibility.contact.as_deref())),
            both("Compliance", |i| i.accessibility.compliance.words().to_owned()),
            both("Tested", |i| words(i.accessibility.tested.as_deref())),
            both("Known problems", |i| words(i.accessibility.problems.as_deref())),
            both("Prepared on", |i| day(i.accessibility.prepared_on)),
            both("Reviewed on", |i| day(i.accessibility.reviewed_on)),
            both("Enforced by", |i| i.accessibility.enforcement.body().to_owned()),
        ],
    }
}

fn words(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(text::day).unwrap_or_default()
}
