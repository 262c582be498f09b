//! How guessing is slowed down: a tally of tries under a key, and how long the next has to wait.
//!
//! Owns the numbers and the arithmetic. Never knows whose key it is, never asks the clock, and saves nothing.
//!
//! # Why these numbers
//!
//! A tally counts tries *before* they are checked and gives back those that were right, so that a hundred at once cost no
//! less than a hundred one after the other. Some are free, because people mistype. Then the waits grow, and stay at the last.
//! One try is forgotten at a time, so nothing has to be unlocked by hand; and a wait is never longer than a quarter of an
//! hour (an hour for codes), so that a stranger who provokes one has not won much. What a stranger provokes is not the
//! owner's in any case: a browser in which the owner has signed in before has a tally of its own, and a link by email does
//! not ask any of these.
//!
//! | counted | free | then waits | one is forgotten every | the most in a day |
//! |---|---|---|---|---|
//! | [`Counted::Account`], [`Counted::Browser`] | 5 | 10 s, 30 s, 1, 2, 5, 10, 15 min | 2 h | about 110 passwords for one account |
//! | [`Counted::Network`] | 50 | 10 s, 30 s, 1, 2 min | 5 min | about 800 passwords for all accounts from one network |
//! | [`Counted::Code`], [`Counted::BrowserCode`] | 5 | 30 s, 1, 5, 15 min, 1 h | 2 h | about 30 of a million codes |
//! | [`Counted::Mail`], [`Counted::BrowserMail`] | 5 | 5 min | 5 min | a mail every five minutes |
//! | [`Counted::NetworkMail`] | 50 | 30 s | 30 s | links for 50 people at once, then one every 30 s |
//!
//! A whole council sits behind one network address: it has many free tries, and forgets quickly.

use chrono::{DateTime, TimeDelta, Utc};

use super::code::coded;

coded! {
    /// What is counted under a key.
    pub enum Counted {
        /// Passwords for an account, from browsers that it does not know.
        Account = "account",
        /// Passwords for an account, from a browser in which this person has signed in before.
        Browser = "browser",
        /// Passwords from a network address, whatever the account.
        Network = "network",
        /// Codes of a second factor for a person, from browsers that they have not used before.
        Code = "code",
        /// The same from a browser in which this person has signed in before.
        BrowserCode = "browser-code",
        /// Links asked for by mail, by account and kind.
        Mail = "mail",
        /// The same from a browser in which this person has signed in before.
        BrowserMail = "browser-mail",
        /// Links asked for from a network address.
        NetworkMail = "network-mail",
    }
}

/// The numbers for one kind of key.
#[derive(Clone, Copy, Debug)]
struct Rule {
    /// How many tries may be made at once.
    free: i32,
    /// How long each wait is, in seconds; the last one again and again.
    waits: &'static [i64],
    /// One try is forgotten every so many seconds.
    forgets_every: i64,
}

impl Counted {
    const fn rule(self) -> Rule {
        match self {
            Self::Account | Self::Browser => {
                Rule { free: 5, waits: &[10, 30, 60, 120, 300, 600, 900], forgets_every: 2 * 3600 }
            }
            Self::Network => Rule { free: 50, waits: &[10, 30, 60, 120], forgets_every: 300 },
            Self::Code | Self::BrowserCode => {
                Rule { free: 5, waits: &[30, 60, 300, 900, 3600], forgets_every: 2 * 3600 }
            }
            Self::Mail | Self::BrowserMail => Rule { free: 5, waits: &[300], forgets_every: 300 },
            Self::NetworkMail => Rule { free: 50, waits: &[30], forgets_every: 30 },
        }
    }

    /// How many tries may be made at once.
    pub const fn free(self) -> i32 {
        self.rule().free
    }

    /// How long nothing has to happen for everything to be forgotten.
    pub fn forgotten_after(self) -> TimeDelta {
        let rule = self.rule();
        TimeDelta::seconds(rule.forgets_every * i64::from(rule.most()))
    }
}

impl Rule {
    /// Beyond this the waits do not grow, so there is no use in counting.
    fn most(self) -> i32 {
        self.free + i32::try_from(self.waits.len()).unwrap_or(i32::MAX) - 1
    }

    fn wait(self, failures: i32) -> TimeDelta {
        let over = usize::try_from(failures - self.free).ok();
        let seconds = over.and_then(|n| self.waits.get(n.min(self.waits.len() - 1)));
        TimeDelta::seconds(seconds.copied().unwrap_or_default())
    }
}

/// What has been tried under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Tries that were not right, or are being checked, and are not forgotten.
    pub failures: i32,
    /// The moment up to which forgetting has been reckoned.
    pub last_at: DateTime<Utc>,
    /// Nothing is checked before this moment.
    pub wait_until: DateTime<Utc>,
}

impl Tally {
    /// The tally with one more try that is about to be checked.
    ///
    /// # Errors
    /// The moment until which nothing is checked; then the tally stays as it was.
    pub fn with_try(
        counted: Counted,
        before: Option<Self>,
        now: DateTime<Utc>,
    ) -> Result<Self, DateTime<Utc>> {
        let rule = counted.rule();
        let before = before.unwrap_or(Self { failures: 0, last_at: now, wait_until: now });
        if before.wait_until > now {
            return Err(before.wait_until);
        }
        // Whole steps only, and the rest of a step goes on counting.
        let steps = ((now - before.last_at).num_seconds() / rule.forgets_every).max(0);
        let left = i64::from(before.failures).saturating_sub(steps).max(0);
        let last_at = if left == 0 {
            now
        } else {
            before.last_at + TimeDelta::seconds(steps.saturating_mul(rule.forgets_every))
        };
        let failures = i32::try_from(left + 1).unwrap_or(i32::MAX).min(rule.most());
        Ok(Self { failures, last_at, wait_until: now + rule.wait(failures) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    /// The seconds at which a try is let through, when somebody tries as soon as they are allowed to.
    fn tries(counted: Counted, until: i64) -> Vec<i64> {
        let (mut tally, mut now, mut made) = (None, 0, Vec::new());
        while now <= until {
            match Tally::with_try(counted, tally, at(now)) {
                Ok(next) => {
                    tally = Some(next);
                    made.push(now);
                }
                Err(wait) => now = (wait - at(0)).num_seconds(),
            }
        }
        made
    }

    #[test]
    fn the_waits_grow_and_stay_at_the_last() {
        let made = tries(Counted::Account, 3600);
        assert_eq!(made[..5], [0; 5]);
        let gaps: Vec<i64> = made[4..].windows(2).map(|w| w[1] - w[0]).collect();
        assert_eq!(gaps[..8], [10, 30, 60, 120, 300, 600, 900, 900]);
    }

    #[test]
    fn a_day_of_guessing_gets_no_more_than_is_said_above() {
        const DAY: i64 = 24 * 3600;
        for (counted, most) in [
            (Counted::Account, 110),
            (Counted::Browser, 110),
            (Counted::Network, 800),
            (Counted::Code, 32),
            (Counted::BrowserCode, 32),
            (Counted::Mail, 294),
        ] {
            let made = tries(counted, DAY).len();
            assert!(made <= most && made * 10 >= most * 9, "{counted:?}: {made}");
        }
    }

    #[test]
    fn everything_is_forgotten_after_a_day_of_quiet() {
        for &counted in Counted::ALL {
            let made = tries(counted, 24 * 3600);
            let quiet = TimeDelta::seconds(*made.last().unwrap()) + counted.forgotten_after();
            let tally = Tally { failures: counted.rule().most(), last_at: at(0), wait_until: at(0) };
            let again = Tally::with_try(counted, Some(tally), at(0) + quiet).unwrap();
            assert_eq!(again.failures, 1, "{counted:?}");
            assert!(counted.forgotten_after() <= TimeDelta::days(1), "{counted:?}");
        }
    }

    #[test]
    fn a_council_that_mistypes_now_and_then_never_waits() {
        // A hundred and twenty mistyped passwords in eight hours, one every four minutes, day after day.
        let mut tally = None;
        for day in 0..20 {
            for n in 0..120 {
                let next = Tally::with_try(Counted::Network, tally, at(day * 24 * 3600 + n * 240));
                tally = Some(next.unwrap());
            }
        }
    }

    proptest! {
        #[test]
        fn no_more_than_the_free_tries_pass_at_once(
            failures in 0..200_i32,
            ago in 0..200_000_i64,
            kind in 0..Counted::ALL.len(),
        ) {
            let counted = Counted::ALL[kind];
            let start = at(200_000);
            let mut tally = Some(Tally { failures, last_at: start - TimeDelta::seconds(ago), wait_until: start });
            let mut passed = 0;
            while let Ok(next) = Tally::with_try(counted, tally, start) {
                tally = Some(next);
                passed += 1;
                prop_assert!(passed <= counted.free());
            }
            prop_assert!(passed >= 1, "somebody who has waited may try");
        }
    }
}
