//! The demonstration's own state: the mark on its database, and the day at which its office clock stands.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{CommandError, Cx, seed};
use crate::{
    domain::installation::Installation,
    seed::{Seed, appendix_b},
    store::{self, Store, StoreError, Tx},
};

/// The setting that marks a database as a demonstration's and holds the day at which it stands.
const DAY: &str = "demonstration.day";
/// The hour at which the clock stands.
const HOUR: u32 = 9;

/// The first day: that of Appendix B's last round.
pub const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2017, 12, 7) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The settings with which it begins: nobody has saved any.
pub fn installation() -> Installation {
    Installation::starting("Middlesbrough Council", "Europe/London")
}

/// Nine o'clock on a day.
pub fn nine_on(day: NaiveDate) -> NaiveDateTime {
    day.and_time(NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or(NaiveTime::MIN))
}

/// The day at which a demonstration's database stands; none: it is not a demonstration's.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn day(store: &Store) -> Result<Option<NaiveDate>, StoreError> {
    let stored = store::setting::get(store, DAY).await?;
    Ok(stored.and_then(|text| text.parse().ok()))
}

/// Whether a database holds nothing yet: only such a one may become a demonstration's.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn is_new(store: &Store) -> Result<bool, StoreError> {
    Ok(store::plan::count(store).await? == 0 && store::person::all(store).await?.is_empty())
}

/// Marks a new database as a demonstration's, and loads Appendix B.
///
/// # Errors
/// [`CommandError`] if the seed can't be loaded.
pub async fn begin(cx: &Cx) -> Result<(), CommandError> {
    seed::load(cx, &seed_file()?).await?;
    let tx = cx.store.begin().await?;
    stand_at(&tx, FIRST_DAY).await?;
    tx.commit().await?;
    cx.clock.move_office_to(nine_on(FIRST_DAY));
    Ok(())
}

/// Goes back to the first day: everything is emptied and loaded anew.
///
/// # Errors
/// [`CommandError`] if the database refuses.
pub async fn start_again(cx: &Cx) -> Result<(), CommandError> {
    let tx = cx.store.begin().await?;
    store::backup::wipe(&tx).await?;
    // The mark stays, whatever happens next: a demonstration's database never becomes a real one.
    stand_at(&tx, FIRST_DAY).await?;
    tx.commit().await?;
    super::installation::take(cx, installation());
    cx.clock.move_office_to(nine_on(FIRST_DAY));
    begin(cx).await
}

/// Goes to nine o'clock of the next day.
///
/// # Errors
/// [`CommandError`] if the database refuses.
pub async fn next_day(cx: &Cx) -> Result<NaiveDate, CommandError> {
    let next = cx.clock.today().succ_opt().ok_or(CommandError::NotFound)?;
    let tx = cx.store.begin().await?;
    stand_at(&tx, next).await?;
    tx.commit().await?;
    cx.clock.move_office_to(nine_on(next));
    Ok(next)
}

async fn stand_at(tx: &Tx, day: NaiveDate) -> Result<(), StoreError> {
    store::setting::set(tx, DAY, &day.to_string()).await
}

fn seed_file() -> Result<Seed, CommandError> {
    appendix_b().map_err(|e| StoreError::File(std::io::Error::other(e)).into())
}
