//! Whether reminders run: what `/health/ready`, administrators and `check` are told.
//!
//! Sends nothing and puts nothing right. What is late here was not swallowed: the next run catches up.

use chrono::{DateTime, NaiveDate, Utc};

use super::{CommandError, Cx, reminder};
use crate::{
    domain::{
        calendar,
        health::{self, Run},
        text,
    },
    store::{self, StoreError},
};

/// The setting that says when a worker last began or went on, in machine time.
const LAST_TICK: &str = "worker.last-tick";
/// The setting that says from which office day on reminders are expected to run here.
const EXPECTED_SINCE: &str = "reminders.expected-since";
/// Minutes without a sign of a worker after which it is said: longer than any delivery takes, or a rest.
const SILENCE_MINUTES: i64 = 15;

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// The office day of the last run; none: there was none.
    pub last_run: Option<NaiveDate>,
    /// Whether the run that is due has happened.
    pub run: Run,
    /// Minutes since a worker was last heard from; none: it never was.
    pub silent_minutes: Option<i64>,
    /// The last day whose bank holidays are known, where that is near or past.
    pub holidays_run_out: Option<NaiveDate>,
}

impl Health {
    /// About the runs, in words: "ok" where there is nothing to say.
    pub fn run_words(&self) -> String {
        match (self.run, self.last_run) {
            (Run::OnTime, _) => "ok".to_owned(),
            (_, Some(day)) => format!("no reminder run since {}", text::weekday_day(day)),
            (_, None) => "no reminder run yet".to_owned(),
        }
    }

    /// About the worker, in words: "ok" where there is nothing to say.
    pub fn worker_words(&self) -> String {
        match self.silent_minutes {
            Some(minutes) if minutes <= SILENCE_MINUTES => "ok".to_owned(),
            Some(minutes) if minutes < 120 => {
                format!("the worker has not been heard from for {minutes} minutes")
            }
            Some(minutes) => format!("the worker has not been heard from for {} hours", minutes / 60),
            None => "the worker has never been heard from".to_owned(),
        }
    }

    /// What administrators have to see to, a sentence each.
    pub fn warnings(&self) -> Vec<String> {
        let (run, worker) = (self.run_words(), self.worker_words());
        let mut warnings = Vec::new();
        if run != "ok" {
            let mut words = text::initial_capital(&run);
            if worker != "ok" {
                words.push_str(&format!(", and {worker}"));
            }
            words.push_str(
                ". Whoever runs the machine has to look whether the program runs, and what its log says. \
                 What is due is not lost: the next run catches up",
            );
            warnings.push(words);
        } else if worker != "ok" {
            let worker = text::initial_capital(&worker);
            warnings.push(format!(
                "{worker}: no mail goes out, not even invitations or sign-in links. Whoever runs the machine has to look \
                 whether it runs"
            ));
        }
        warnings.extend(self.holidays_run_out.map(holiday_words));
        warnings
    }
}

/// That bank holidays are known up to a day only, in a sentence.
pub fn holiday_words(until: NaiveDate) -> String {
    format!(
        "Bank holidays are known up to {}. After that a holiday that is moved or added is taken for a working day: install \
         a newer version before then, or enter such days under Settings, Closure days",
        text::day(until)
    )
}

/// How it stands now.
///
/// # Errors
/// [`StoreError`] if the database does not answer.
pub async fn look(cx: &Cx) -> Result<Health, StoreError> {
    let now = cx.now();
    let names = [reminder::LAST_RUN, EXPECTED_SINCE, LAST_TICK];
    let stored = store::setting::several(&cx.store, &names).await?;
    let day = |name: &str| stored.get(name).and_then(|day| day.parse::<NaiveDate>().ok());
    let last_run = day(reminder::LAST_RUN);
    let ticked = stored.get(LAST_TICK).and_then(|at| at.parse::<DateTime<Utc>>().ok());
    let since = last_run.max(day(EXPECTED_SINCE));
    Ok(Health {
        last_run,
        run: since.map_or(Run::OnTime, |since| health::run(&cx.calendar(), since, cx.clock.office_now())),
        silent_minutes: ticked.map(|at| (now.at - at).num_minutes()),
        holidays_run_out: calendar::runs_out(now.today),
    })
}

/// Notes that reminders are expected from now on, where that was not noted before.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn expect(cx: &Cx) -> Result<(), StoreError> {
    let tx = cx.store.begin().await?;
    if store::setting::get(&tx, EXPECTED_SINCE).await?.is_none() {
        store::setting::set(&tx, EXPECTED_SINCE, &cx.now().today.to_string()).await?;
    }
    tx.commit().await
}

/// Notes that a worker is at work.
///
/// # Errors
/// [`CommandError::Store`] if the database refuses.
pub async fn beat(cx: &Cx) -> Result<(), CommandError> {
    let tx = cx.store.begin().await?;
    store::setting::set(&tx, LAST_TICK, &cx.now().at.to_rfc3339()).await?;
    tx.commit().await?;
    Ok(())
}
