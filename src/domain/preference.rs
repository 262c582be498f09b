//! What people choose about their mail: how often, whom to ask while they are away, and what to leave out for a week.
//!
//! Data, and the questions that the reminders ask of it. What a choice does to a day's mail is [`super::reminder`]'s.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{
    code::coded,
    deadline::Span,
    id::{ActionId, PersonId},
    plan::Record,
    post::{Lead, Person},
    text::day,
};

coded! {
    /// How often somebody is mailed by the day's digest.
    #[derive(Default)]
    pub enum Frequency {
        /// Whenever something is due, at most three times a week.
        #[default]
        Normal = "normal",
        /// On the first working day of a week, for all of it.
        Weekly = "weekly",
        /// Never. What they lead stays theirs, and the manager sees that they get no mail.
        Off = "off",
    }
}

impl Frequency {
    /// The words of the choice.
    pub fn words(self) -> &'static str {
        match self {
            Self::Normal => "Normal",
            Self::Weekly => "Weekly only",
            Self::Off => "Off",
        }
    }

    /// What it means.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Normal => "When something falls due, at most one email a day and three a week",
            Self::Weekly => {
                "One email on the first working day of a week, with everything that falls due in it"
            }
            Self::Off => {
                "No reminders. Your actions stay yours, and your plan’s manager sees that you get no email"
            }
        }
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

impl StandIn {
    /// To whom mail goes: "the plan’s manager".
    pub fn words(&self) -> &str {
        match self {
            Self::Deputy(person) => &person.name,
            Self::Contributors => "whoever contributes to the action, else the plan’s manager",
            Self::Manager => "the plan’s manager",
        }
    }
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

impl Away {
    /// "Away until 5 March 2018: mail goes to the plan’s manager"; before it has begun, with its first day.
    pub fn words(&self, today: NaiveDate) -> String {
        let to = self.stand_in.words();
        match Span::new(self.from, self.until) {
            Some(span) if today < self.from => format!("Away {span}: mail goes to {to}"),
            _ => format!("Away until {}: mail goes to {to}", day(self.until)),
        }
    }

    /// What speaks against being away on these days, beside other days on which somebody is: the form's field, and why.
    pub fn problem(
        others: &[Self],
        from: NaiveDate,
        until: NaiveDate,
        today: NaiveDate,
    ) -> Option<(&'static str, String)> {
        let longest = from.checked_add_days(Days::new(LONGEST_AWAY)).unwrap_or(NaiveDate::MAX);
        let other = others.iter().find(|other| other.from <= until && from <= other.until);
        if until < from {
            Some(("until", "The last day is before the first".to_owned()))
        } else if until < today {
            Some(("until", "These days have passed: enter a last day that is to come".to_owned()))
        } else if until > longest {
            Some((
                "until",
                format!("Enter at most {LONGEST_AWAY} days. Who is away for longer hands their post over"),
            ))
        } else {
            other.map(|other| {
                let days =
                    Span::new(other.from, other.until).map(|span| span.to_string()).unwrap_or_default();
                ("from", format!("{days} is entered already. Remove that first, or choose other days"))
            })
        }
    }
}

/// The longest that somebody is away at once, in days.
const LONGEST_AWAY: u64 = 366;

/// The longest reason for putting something off, in characters.
pub const LONGEST_REASON: usize = 500;

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

impl Preference {
    /// What differs from what everybody has, in words, one for each choice that holds or will.
    pub fn words(&self, today: NaiveDate) -> Vec<String> {
        let frequency = (self.frequency != Frequency::Normal).then(|| self.frequency.words().to_owned());
        let term = self.term_time_only.then(|| "Term time only".to_owned());
        let away = self.away.iter().filter(|away| away.until >= today).map(|away| away.words(today));
        frequency.into_iter().chain(term).chain(away).collect()
    }
}

impl Snooze {
    /// An action put off from a day on.
    pub fn of(person: PersonId, action: ActionId, from: NaiveDate, reason: &str) -> Self {
        Self { person, action, from, until: Self::last_day(from), reason: reason.to_owned() }
    }

    /// The last day without reminders, where they are put off from a day on.
    pub fn last_day(from: NaiveDate) -> NaiveDate {
        from.checked_add_days(Days::new(SNOOZE_DAYS - 1)).unwrap_or(from)
    }

    /// Whether it holds on a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.until
    }
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

/// Whom somebody can name to be asked instead of them, by name: whoever holds a post that leads or manages in these plans,
/// leads there by name or contributes, and has an account in use.
pub fn deputies(records: &[Record], of: PersonId, today: NaiveDate) -> Vec<Person> {
    let mut people = BTreeMap::new();
    for record in records {
        let led = record.actions.iter().flat_map(|action| &action.leads);
        let posts = led.clone().filter_map(|lead| match lead {
            Lead::Post { post, .. } => Some(*post),
            _ => None,
        });
        let named = led.filter_map(|lead| match lead {
            Lead::Person(person) => Some(person),
            _ => None,
        });
        let posts = posts.chain([record.plan.manager]).filter_map(|post| record.post(post));
        let contribute = record.actions.iter().flat_map(|action| &action.contributors);
        let contribute = contribute.filter_map(|id| record.preferences.people.get(id));
        let all = posts.flat_map(|post| post.holders(today)).chain(named).chain(contribute);
        people.extend(all.filter(|p| p.active && p.id != of).map(|p| ((p.name.clone(), p.id), p.clone())));
    }
    people.into_values().collect()
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

    /// Whose address the mail server has refused.
    pub fn refused(&self) -> impl Iterator<Item = PersonId> {
        self.of.iter().filter(|(_, of)| of.refused_on.is_some()).map(|(person, _)| *person)
    }

    /// The day on which the mail server refused their address, if it has.
    pub fn refused_on(&self, person: PersonId) -> Option<NaiveDate> {
        self.of.get(&person)?.refused_on
    }

    /// Whether somebody has put an action off on a day.
    pub fn snooze(&self, person: PersonId, action: ActionId, day: NaiveDate) -> Option<&Snooze> {
        self.snoozes.iter().rfind(|s| (s.person, s.action) == (person, action) && s.covers(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(iso: &str) -> NaiveDate {
        iso.parse().unwrap()
    }

    fn away(from: &str, until: &str) -> Away {
        Away { from: on(from), until: on(until), stand_in: StandIn::Manager }
    }

    #[test]
    fn choices_are_said_as_long_as_they_matter() {
        let preference = Preference {
            frequency: Frequency::Weekly,
            term_time_only: true,
            away: vec![away("2018-01-02", "2018-01-05"), away("2018-03-01", "2018-03-05")],
            refused_on: None,
        };
        assert_eq!(
            preference.words(on("2018-01-05")),
            [
                "Weekly only",
                "Term time only",
                "Away until 5 January 2018: mail goes to the plan’s manager",
                "Away 1 to 5 March 2018: mail goes to the plan’s manager",
            ]
        );
        assert_eq!(preference.words(on("2018-01-06")).len(), 3);
        assert!(Preference::default().words(on("2018-01-06")).is_empty());
    }

    #[test]
    fn days_away_are_in_order_to_come_and_no_others_too() {
        let others = [away("2018-01-02", "2018-01-05")];
        let field = |from, until| {
            Away::problem(&others, on(from), on(until), on("2018-01-04")).map(|(field, _)| field)
        };
        assert_eq!(field("2018-02-02", "2018-02-01"), Some("until"));
        assert_eq!(field("2017-12-01", "2018-01-01"), Some("until"));
        assert_eq!(field("2018-01-05", "2018-01-06"), Some("from"));
        assert_eq!(field("2017-12-01", "2018-01-10"), Some("from"));
        assert_eq!(field("2018-01-06", "2018-01-06"), None);
        assert_eq!(field("2018-02-01", "2019-02-02"), None);
        assert_eq!(field("2018-02-01", "2019-02-03"), Some("until"));
    }

    #[test]
    fn a_snooze_lasts_for_seven_days_with_the_first() {
        let snooze = Snooze::of(PersonId(1), ActionId(2), on("2024-02-26"), "In hospital");
        assert_eq!(snooze.until, on("2024-03-03"));
        assert!(snooze.covers(on("2024-02-29")) && !snooze.covers(on("2024-03-04")));
    }
}
