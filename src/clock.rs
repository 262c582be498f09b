//! The two times. Nothing else in the program asks the system what time it is (`clippy.toml` sees to that).
//!
//! *Office time* is the council's: today, deadlines, ratings, rounds, reminders, the sending window, dates on records. The
//! demonstration stands it still and moves it by hand. *Machine time* is for what is technical: sessions, one-time links,
//! leases, back-off. Each is asked once per request or tick and then handed on as an argument.
//!
//! The office's time zone is a setting of the installation: it can move while the program runs, for all clones at once.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound, Utc};
use chrono_tz::Tz;

/// Tells both times. Cheap to clone; clones share a clock that stands still, and the time zone.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: Arc<RwLock<Tz>>,
    office: Option<Arc<RwLock<NaiveDateTime>>>,
    machine: Option<Arc<RwLock<DateTime<Utc>>>>,
}

impl Clock {
    /// Real time, the office in a time zone.
    pub fn real(zone: Tz) -> Self {
        Self { zone: Arc::new(RwLock::new(zone)), office: None, machine: None }
    }

    /// Office time that stands still until it is moved; machine time is real. The demonstration's clock.
    pub fn standing(office: NaiveDateTime) -> Self {
        Self { office: Some(Arc::new(RwLock::new(office))), ..Self::real(Tz::Europe__London) }
    }

    /// Both times stand still until they are moved: for tests.
    pub fn fixed(office: NaiveDateTime, machine: DateTime<Utc>) -> Self {
        Self { machine: Some(Arc::new(RwLock::new(machine))), ..Self::standing(office) }
    }

    /// Machine time stands still until it is moved, and the office's wall follows it as in real life: for tests of its zone.
    pub fn following(machine: DateTime<Utc>, zone: Tz) -> Self {
        Self { machine: Some(Arc::new(RwLock::new(machine))), ..Self::real(zone) }
    }

    /// Office time now: a wall clock without a zone.
    #[allow(clippy::disallowed_methods, reason = "this file is where the system clock is asked")]
    pub fn office_now(&self) -> NaiveDateTime {
        match &self.office {
            Some(standing) => *standing.read().unwrap_or_else(PoisonError::into_inner),
            None => self.machine_now().with_timezone(&self.zone()).naive_local(),
        }
    }

    /// The office day.
    pub fn today(&self) -> NaiveDate {
        self.office_now().date()
    }

    /// Machine time now, cut to microseconds, which is what PostgreSQL keeps.
    #[allow(clippy::disallowed_methods, reason = "this file is where the system clock is asked")]
    pub fn machine_now(&self) -> DateTime<Utc> {
        match &self.machine {
            Some(standing) => *standing.read().unwrap_or_else(PoisonError::into_inner),
            None => Utc::now().trunc_subsecs(6),
        }
    }

    /// An instant as the office's clock shows it: where that stands still, as far from its now as the instant is from ours.
    pub fn in_office_time(&self, at: DateTime<Utc>) -> NaiveDateTime {
        match &self.office {
            Some(_) => self.office_now() + (at - self.machine_now()),
            None => at.with_timezone(&self.zone()).naive_local(),
        }
    }

    /// The instant that a mail's `Date` header names: office time, so that the demonstration's mails bear its days.
    pub fn date_of_mail(&self) -> DateTime<Utc> {
        match &self.office {
            Some(_) => {
                let local = self.office_now().and_local_timezone(self.zone());
                local.earliest().map_or_else(|| self.office_now().and_utc(), |at| at.with_timezone(&Utc))
            }
            None => self.machine_now(),
        }
    }

    /// The office's time zone.
    pub fn zone(&self) -> Tz {
        *self.zone.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the office to another time zone by its name; an unknown one changes nothing, and the answer is no.
    pub fn move_to_zone(&self, name: &str) -> bool {
        let Some(zone) = zone(name) else { return false };
        *self.zone.write().unwrap_or_else(PoisonError::into_inner) = zone;
        true
    }

    /// What a clock on the office's wall shows at a machine instant.
    pub fn on_the_wall(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.zone()).naive_local()
    }

    /// Moves office time, where it stands still; real time can't be moved, and nothing happens.
    pub fn move_office_to(&self, to: NaiveDateTime) {
        if let Some(standing) = &self.office {
            *standing.write().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }

    /// Moves machine time, where it stands still.
    pub fn move_machine_to(&self, to: DateTime<Utc>) {
        if let Some(standing) = &self.machine {
            *standing.write().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}

/// A time zone by its name in the world's list of them: "Europe/London".
pub fn zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_that_moves_takes_all_its_clocks_along() {
        let clock = Clock::real(Tz::Europe__London);
        let another = clock.clone();
        assert!(clock.move_to_zone("Pacific/Kiritimati"));
        assert_eq!(another.zone(), Tz::Pacific__Kiritimati);
        assert!(!clock.move_to_zone("Europe/Middlesbrough"));
        assert_eq!(another.zone(), Tz::Pacific__Kiritimati);
        // Kiritimati is fourteen hours ahead of machine time.
        let ahead = another.office_now() - another.machine_now().naive_utc();
        assert!((ahead.num_minutes() - 14 * 60).abs() <= 1, "{ahead}");
    }
}
