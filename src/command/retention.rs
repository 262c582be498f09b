//! Keeping house: once a day, what nobody needs any more is taken out, and leavers become former holders of their posts.
//!
//! Never touches what the council's record is made of, and never anything of somebody whose account is in use but traces
//! of signing in.

use chrono::{DateTime, Days, Months, NaiveDate, Utc};

use super::{CommandError, Cx, privacy::pseudonymise_within};
use crate::{
    domain::{access::Actor, installation::Retention},
    store::{self, privacy::sweep},
};

/// The setting that says on which office day it was done last.
const LAST_RUN: &str = "retention.last-run";
/// How long a tally of wrong guesses is kept once nobody guesses any more, in days.
const TALLY_DAYS: u64 = 1;
/// How long a one-time link is kept once it has run out, in days.
const LINK_DAYS: u64 = 30;
/// How long a calendar feed works for which no calendar asks any more, in months.
const FEED_MONTHS: u32 = 12;

/// How long what is about people is kept here: a setting of the installation.
pub fn kept(cx: &Cx) -> Retention {
    cx.installation().retention
}

/// What was done in a day's round of the house.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kempt {
    /// Leavers whose name and address were taken out.
    pub leavers: usize,
    /// Mails whose text and address were taken out.
    pub mails: u64,
    /// One-time links removed.
    pub links: u64,
    /// Links of rounds removed that can't work any more.
    pub round_links: u64,
    /// Known browsers removed.
    pub browsers: u64,
    /// Tallies of guesses removed.
    pub tallies: u64,
    /// Days away, and what was put off, removed with the mails of that time.
    pub choices: u64,
    /// Calendar feeds removed that no calendar follows any more.
    pub feeds: u64,
}

/// Does the day's work, unless that was done already: all or nothing. None: it was.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses; then nothing was done, and the next tick does it.
pub async fn keep_house(cx: &Cx) -> Result<Option<Kempt>, CommandError> {
    let now = cx.now();
    let today = now.today.to_string();
    // Most ticks find it done: they only read.
    if store::setting::get(&cx.store, LAST_RUN).await?.is_some_and(|last| last >= today) {
        return Ok(None);
    }
    let tx = cx.store.begin().await?;
    if !store::setting::raise(&tx, LAST_RUN, &today).await? {
        return Ok(None);
    }
    let kept = kept(cx);
    let days_ago = |days| now.at.checked_sub_days(Days::new(days)).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let months_ago =
        |months| now.at.checked_sub_months(Months::new(months)).unwrap_or(DateTime::<Utc>::MIN_UTC);
    store::session::sweep(&tx, now.at - super::session::REMEMBERED).await?;
    store::kept_form::sweep(&tx, now.at).await?;
    let mut done = Kempt {
        leavers: 0,
        mails: sweep::mails(&tx, months_ago(kept.mail_log_months)).await?,
        links: sweep::links(&tx, days_ago(LINK_DAYS)).await?,
        round_links: store::round_link::sweep(&tx, days_ago(LINK_DAYS)).await?,
        browsers: sweep::browsers(&tx, days_ago(kept.sign_in_days.into())).await?,
        tallies: sweep::tallies(&tx, days_ago(TALLY_DAYS)).await?,
        choices: sweep::choices(&tx, before(now.today, kept.mail_log_months)).await?,
        feeds: store::feed::sweep(&tx, months_ago(FEED_MONTHS)).await?,
    };
    sweep::start_time(&tx, now.at).await?;
    let actor = Actor::program("Retention");
    for id in sweep::leavers(&tx, months_ago(kept.leavers_months)).await? {
        if let Some(account) = store::person::by_id(&tx, id).await? {
            pseudonymise_within(&tx, &actor, &account, now).await?;
            done.leavers += 1;
        }
    }
    tx.commit().await?;
    tracing::info!(day = %today, ?done, "house kept");
    Ok(Some(done))
}

fn before(today: NaiveDate, months: u32) -> NaiveDate {
    today.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN)
}
