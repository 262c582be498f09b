//! That no mail goes out at all, since when and why: one for the whole installation, whichever process found out.

use chrono::{DateTime, Utc};
use entity::setting;
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use super::super::{Source, StoreError, Tx};
use crate::{domain::message::Hindrance, store};

const NAME: &str = "mail.paused";

/// Why the queue stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Since when.
    pub since: DateTime<Utc>,
    /// What is in the way.
    pub by: Hindrance,
    /// What the mail server said, or what became of the line; one line, for administrators.
    pub why: String,
    /// When it was last tried; none: not since somebody asked for that.
    pub tried_at: Option<DateTime<Utc>>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    since: DateTime<Utc>,
    by: String,
    why: String,
    tried_at: Option<DateTime<Utc>>,
}

/// Why nothing goes out; none: it does.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn get(from: &impl Source) -> Result<Option<Pause>, StoreError> {
    let stored = store::setting::get(from, NAME).await?;
    // What this version does not understand must not keep mail back.
    let stored = stored.and_then(|text| serde_json::from_str::<Stored>(&text).ok());
    Ok(stored.and_then(|Stored { since, by, why, tried_at }| {
        Some(Pause { since, by: Hindrance::from_code(&by)?, why, tried_at })
    }))
}

/// Notes why nothing goes out.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn set(tx: &Tx, pause: &Pause) -> Result<(), StoreError> {
    let Pause { since, by, why, tried_at } = pause.clone();
    let stored = serde_json::json!(Stored { since, by: by.code().to_owned(), why, tried_at });
    store::setting::set(tx, NAME, &stored.to_string()).await
}

/// Notes that mail goes out again. True: it had not.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn lift(tx: &Tx) -> Result<bool, StoreError> {
    let done = setting::Entity::delete_by_id(NAME.to_owned()).exec(tx.on()).await?;
    Ok(done.rows_affected > 0)
}
