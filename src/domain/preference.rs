//! What people choose about their mail: how often, whom to ask while they are away, and what to leave out for a week.
//!
//! Data, and the questions that the reminders ask of it. What a choice does to a day's mail is [`super::reminder`]'s.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    code::coded,
    id::{ActionId, PersonId},
    post::Person,
};

coded! {
    /// How often somebody is mailed by the day's digest.
    #[derive(Default)]
    pub enum Frequency {
        /// Whenever something is due, at most three times a week.
        #[default]
        Normal = "normal",
        /// On the first working day of a week.
        Weekly = "weekly",
        /// Never. What they lead stays theirs, and the manager sees that they get no mail.
        Off = "off",
    }
}

/// Who is asked instead of somebody who is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StandIn {
    /// This person, for everything.
    Deputy(Person),
    /// The contributors of each action; where it has none, the plan's manager.
    Contributors,
    /// The plan's manager.
    Manager,
}

/// Days on which somebody is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// Who is asked instead.
    pub stand_in: StandIn,
}

/// One person's choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preference {
    /// How often.
    pub frequency: Frequency,
    /// In school holidays the mail is held back.
    pub term_time_only: bool,
    /// When they are away; spans do not overlap.
    pub away: Vec<Away>,
    /// The mail server refused their address on this day.
    pub refused_on: Option<NaiveDate>,
}

/// An action about which somebody is not reminded for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snooze {
    /// Who.
    pub person: PersonId,
    /// Of what.
    pub action: ActionId,
    /// The first day without.
    pub from: NaiveDate,
    /// The last day without.
    pub until: NaiveDate,
    /// Why, in their words: the manager reads it.
    pub reason: String,
}

/// For how many days a snooze lasts.
pub const SNOOZE_DAYS: u64 = 7;

/// Everybody's choices: whoever is not in it has chosen nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// By person.
    pub of: BTreeMap<PersonId, Preference>,
    /// What is left out for a while, oldest first.
    pub snoozes: Vec<Snooze>,
    /// The people who stand in for others or contribute, as far as they are named by identifier alone elsewhere.
    pub people: BTreeMap<PersonId, Person>,
}

impl Preferences {
    /// How often somebody is mailed.
    pub fn frequency(&self, person: PersonId) -> Frequency {
        self.of.get(&person).map_or(Frequency::Normal, |p| p.frequency)
    }

    /// Whether their mail is held back in school holidays.
    pub fn term_time_only(&self, person: PersonId) -> bool {
        self.of.get(&person).is_some_and(|p| p.term_time_only)
    }

    /// Whether they are away on a day, and who is asked instead.
    pub fn away(&self, person: PersonId, day: NaiveDate) -> Option<&Away> {
        self.of.get(&person)?.away.iter().find(|a| a.from <= day && day <= a.until)
    }

    /// The day on which the mail server refused their address, if it has.
    pub fn refused_on(&self, person: PersonId) -> Option<NaiveDate> {
        self.of.get(&person)?.refused_on
    }

    /// Whether somebody has put an action off on a day.
    pub fn snooze(&self, person: PersonId, action: ActionId, day: NaiveDate) -> Option<&Snooze> {
        self.snoozes
            .iter()
            .rfind(|s| (s.person, s.action) == (person, action) && s.from <= day && day <= s.until)
    }
}
