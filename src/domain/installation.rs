//! What an administrator sets for the whole installation: its words, its time, how long things last, its two statements.
//!
//! Owns the values, their defaults and what is allowed. Where they are kept is [`crate::store::installation`]'s affair, and
//! whether a time zone is known is the clock's: here its name is text. Mail servers and addresses are no settings of this
//! kind: they belong to whoever runs the machine, and stand in the environment.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::NaiveDate;

use super::{
    calendar::Calendar,
    closure,
    code::coded,
    named_days::NamedDays,
    words::{self, Words},
};

/// Longest name of a council, in characters: it stands at the head of every page.
pub const LONGEST_COUNCIL: usize = 100;
/// How long somebody may do nothing before they have to sign in again, in minutes.
pub const IDLE_MINUTES: RangeInclusive<u32> = 15..=1440;
/// How long a session may last at all, in days.
pub const ABSOLUTE_DAYS: RangeInclusive<u32> = 1..=90;
/// For how many months names of leavers and the mail log may be kept.
pub const KEEP_MONTHS: RangeInclusive<u32> = 1..=120;
/// For how many days a browser may be known; no trace of signing in is kept for longer. Other traces go within 30.
pub const KEEP_DAYS: RangeInclusive<u32> = 30..=730;

coded! {
    /// What is set on one page.
    pub enum Section {
        /// The council's name and its words.
        Words = "words",
        /// The time zone.
        Time = "time-zone",
        /// The days on which the council is closed.
        Closures = "closure-days",
        /// The school terms.
        Terms = "term-dates",
        /// How long people stay signed in.
        Sessions = "signing-in",
        /// How long what is about people is kept.
        Retention = "retention",
        /// Whether updates can be written by a link in a mail, without signing in.
        UpdatesByLink = "updates-without-signing-in",
        /// The privacy page.
        Privacy = "privacy",
        /// The accessibility statement.
        Accessibility = "accessibility",
    }
}

impl Section {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Words => "Names and words",
            Self::Time => "Time zone",
            Self::Closures => "Closure days",
            Self::Terms => "Term dates",
            Self::Sessions => "How long people stay signed in",
            Self::Retention => "How long things are kept",
            Self::UpdatesByLink => "Updates without signing in",
            Self::Privacy => "Privacy page",
            Self::Accessibility => "Accessibility statement",
        }
    }
}

/// The installation's settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// Number of the saved state, for two people who edit at once; 0: never changed.
    pub version: i32,
    /// The council's name.
    pub council: String,
    /// Its words.
    pub words: Words,
    /// The name of its time zone: "Europe/London".
    pub zone: String,
    /// The days on which it is closed, beside bank holidays.
    pub closures: Vec<NamedDays>,
    /// The school terms, in order, without shared days.
    pub terms: Vec<NamedDays>,
    /// How long people stay signed in.
    pub sessions: Sessions,
    /// How long what is about people is kept.
    pub retention: Retention,
    /// Whether updates can be written by the link in a round's mail.
    pub updates_by_link: UpdatesByLink,
    /// What the administrator adds to the privacy page.
    pub privacy: Privacy,
    /// What the administrator adds to the accessibility statement.
    pub accessibility: Accessibility,
    /// What an administrator has looked at and saved, and as which state.
    pub saved: BTreeMap<Section, i32>,
    /// The day on which a mail server last took a test mail.
    pub mail_tested_on: Option<NaiveDate>,
}

/// How long people stay signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sessions {
    /// Minutes without a page.
    pub idle_minutes: u32,
    /// Days in all.
    pub absolute_days: u32,
}

/// How long what is about people is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Months from the day an account is deactivated until name and address are taken out.
    pub leavers_months: u32,
    /// Months for which the mail log keeps texts and addresses.
    pub mail_log_months: u32,
    /// Days for which a browser is known after somebody last signed in with it.
    pub sign_in_days: u32,
}

/// What the administrator adds to the privacy page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Privacy {
    /// Whom to ask: the data protection officer, with address.
    pub contact: Option<String>,
    /// When it was last looked through.
    pub reviewed_on: Option<NaiveDate>,
    /// What this council wants to say besides.
    pub more: Option<String>,
}

/// What the administrator adds to the accessibility statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accessibility {
    /// Whom to tell of a problem, with address.
    pub contact: Option<String>,
    /// Whether it was tested here, and what came of it.
    pub compliance: Compliance,
    /// When and how it was tested here.
    pub tested: Option<String>,
    /// What is known not to be accessible, and what will be done.
    pub problems: Option<String>,
    /// When the statement was prepared.
    pub prepared_on: Option<NaiveDate>,
    /// When it was last looked through.
    pub reviewed_on: Option<NaiveDate>,
    /// Who enforces the law here.
    pub enforcement: Enforcement,
}

coded! {
    /// How far the site keeps the Web Content Accessibility Guidelines 2.2, AA.
    #[derive(Default)]
    pub enum Compliance {
        /// Nobody has tested it here yet.
        #[default]
        NotTested = "not-tested",
        /// All of it.
        Full = "full",
        /// Most of it.
        Partial = "partial",
        /// Hardly.
        Not = "not",
    }
}

coded! {
    /// Who enforces the accessibility regulations.
    #[derive(Default)]
    pub enum Enforcement {
        /// The Equality and Human Rights Commission.
        #[default]
        GreatBritain = "great-britain",
        /// The Equality Commission for Northern Ireland.
        NorthernIreland = "northern-ireland",
    }
}

coded! {
    /// Whether people can write their updates for a round by the link in its mail, without signing in.
    #[derive(Default)]
    pub enum UpdatesByLink {
        /// Nobody has chosen: it is off.
        #[default]
        NotChosen = "not-chosen",
        /// They can.
        On = "on",
        /// They can't.
        Off = "off",
    }
}

impl UpdatesByLink {
    /// What speaks against it, in one sentence for whoever chooses.
    pub const RISK: &'static str = "Whoever gets hold of such an email can write an update in that person’s name until the round closes.";

    /// Whether links are made and work.
    pub fn is_on(self) -> bool {
        self == Self::On
    }

    /// The words in the list of settings and in the history.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotChosen => "Not chosen yet: off",
            Self::On => "On",
            Self::Off => "Off",
        }
    }
}

impl Compliance {
    /// The words of the choice.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotTested => "Not tested here yet",
            Self::Full => "Fully compliant",
            Self::Partial => "Partially compliant",
            Self::Not => "Not compliant",
        }
    }
}

impl Enforcement {
    /// Its name.
    pub fn body(self) -> &'static str {
        match self {
            Self::GreatBritain => "Equality and Human Rights Commission",
            Self::NorthernIreland => "Equality Commission for Northern Ireland",
        }
    }
}

impl Default for Installation {
    fn default() -> Self {
        Self {
            version: 0,
            council: String::new(),
            words: Words::default(),
            zone: "Europe/London".to_owned(),
            closures: Vec::new(),
            terms: Vec::new(),
            sessions: Sessions { idle_minutes: 12 * 60, absolute_days: 30 },
            retention: Retention { leavers_months: 24, mail_log_months: 12, sign_in_days: 365 },
            updates_by_link: UpdatesByLink::default(),
            privacy: Privacy::default(),
            accessibility: Accessibility::default(),
            saved: BTreeMap::new(),
            mail_tested_on: None,
        }
    }
}

/// One section's new values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The council's name and its words.
    Words(String, Words),
    /// The time zone's name.
    Time(String),
    /// The closure days.
    Closures(Vec<NamedDays>),
    /// The school terms.
    Terms(Vec<NamedDays>),
    /// How long people stay signed in.
    Sessions(Sessions),
    /// How long things are kept.
    Retention(Retention),
    /// Whether updates can be written without signing in.
    UpdatesByLink(UpdatesByLink),
    /// The privacy page.
    Privacy(Privacy),
    /// The accessibility statement.
    Accessibility(Accessibility),
}

impl Change {
    /// What it changes.
    pub fn section(&self) -> Section {
        match self {
            Self::Words(..) => Section::Words,
            Self::Time(_) => Section::Time,
            Self::Closures(_) => Section::Closures,
            Self::Terms(_) => Section::Terms,
            Self::Sessions(_) => Section::Sessions,
            Self::Retention(_) => Section::Retention,
            Self::UpdatesByLink(_) => Section::UpdatesByLink,
            Self::Privacy(_) => Section::Privacy,
            Self::Accessibility(_) => Section::Accessibility,
        }
    }

    /// All that is not allowed about it: the field, and why in words for beside it.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Words(council, words) => {
                let longest = |field| if field == "council" { LONGEST_COUNCIL } else { words::LONGEST };
                let one = |field, word: &str, what: &str| match word.trim() {
                    "" => Some((field, format!("Enter {what}"))),
                    word if word.chars().count() > longest(field) => {
                        Some((field, format!("Use at most {} characters", longest(field))))
                    }
                    _ => None,
                };
                one("council", council, "the council’s name")
                    .into_iter()
                    .chain(one("executive", &words.executive, "what it is called here"))
                    .chain(one("panel", &words.panel, "what it is called here"))
                    .chain(one("democratic_services", &words.democratic_services, "what the team is called"))
                    .collect()
            }
            Self::Sessions(sessions) => [
                outside("idle_minutes", sessions.idle_minutes, IDLE_MINUTES),
                outside("absolute_days", sessions.absolute_days, ABSOLUTE_DAYS),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Retention(retention) => [
                outside("leavers_months", retention.leavers_months, KEEP_MONTHS),
                outside("mail_log_months", retention.mail_log_months, KEEP_MONTHS),
                outside("sign_in_days", retention.sign_in_days, KEEP_DAYS),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Accessibility(statement) => {
                let tested = statement.compliance != Compliance::NotTested && statement.tested.is_none();
                let problems = matches!(statement.compliance, Compliance::Partial | Compliance::Not)
                    && statement.problems.is_none();
                let tested =
                    tested.then(|| ("tested", "Say when and how it was tested, and by whom".to_owned()));
                let problems = problems.then(|| ("problems", "Say what is not accessible".to_owned()));
                tested.into_iter().chain(problems).collect()
            }
            Self::UpdatesByLink(UpdatesByLink::NotChosen) => {
                vec![("updates_by_link", "Choose on or off".to_owned())]
            }
            Self::Time(_)
            | Self::Closures(_)
            | Self::Terms(_)
            | Self::UpdatesByLink(_)
            | Self::Privacy(_) => Vec::new(),
        }
    }
}

fn outside(field: &'static str, number: u32, allowed: RangeInclusive<u32>) -> Option<(&'static str, String)> {
    (!allowed.contains(&number))
        .then(|| (field, format!("Enter a number from {} to {}", allowed.start(), allowed.end())))
}

impl Installation {
    /// A new installation, under what the environment names.
    pub fn starting(council: &str, zone: &str) -> Self {
        Self { council: council.to_owned(), zone: zone.to_owned(), ..Self::default() }
    }

    /// The next state, with one section changed.
    pub fn with(&self, change: &Change) -> Self {
        let mut next = self.clone();
        next.version += 1;
        next.saved.insert(change.section(), next.version);
        match change.clone() {
            Change::Words(council, words) => (next.council, next.words) = (council, words),
            Change::Time(zone) => next.zone = zone,
            Change::Closures(closures) => next.closures = closures,
            Change::Terms(terms) => next.terms = terms,
            Change::Sessions(sessions) => next.sessions = sessions,
            Change::Retention(retention) => next.retention = retention,
            Change::UpdatesByLink(choice) => next.updates_by_link = choice,
            Change::Privacy(privacy) => next.privacy = privacy,
            Change::Accessibility(accessibility) => next.accessibility = accessibility,
        }
        next
    }

    /// Whether a section was saved after a state that somebody saw.
    pub fn has_changed_since(&self, version: i32, section: Section) -> bool {
        self.saved.get(&section).is_some_and(|saved| *saved > version)
    }

    /// The council's working days, and the school terms.
    pub fn calendar(&self) -> Calendar {
        Calendar::england()
            .with_closures(closure::days(&self.closures))
            .with_terms(self.terms.iter().map(|term| term.span))
    }

    /// What an administrator still has to see to before the installation is whole, without people and plans.
    pub fn unchecked(&self) -> impl Iterator<Item = Section> {
        [
            Section::Words,
            Section::Time,
            Section::Closures,
            Section::UpdatesByLink,
            Section::Privacy,
            Section::Accessibility,
        ]
        .into_iter()
        .filter(|section| !self.is_done(*section))
    }

    /// Whether a section has been seen to: looked at, and with whom to ask where the law wants that.
    pub fn is_done(&self, section: Section) -> bool {
        self.saved.contains_key(&section)
            && match section {
                Section::UpdatesByLink => self.updates_by_link != UpdatesByLink::NotChosen,
                Section::Privacy => self.privacy.contact.is_some(),
                Section::Accessibility => self.accessibility.contact.is_some(),
                _ => true,
            }
    }

    /// What is unsafe or unlawful about it, in words for `check`.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.privacy.contact.is_none() {
            warnings.push("the privacy page names nobody to ask: fill it in under Settings".to_owned());
        }
        if self.accessibility.contact.is_none() {
            warnings.push(
                "the accessibility statement names nobody to ask: fill it in under Settings".to_owned(),
            );
        }
        if self.accessibility.compliance == Compliance::NotTested {
            warnings.push(
                "the accessibility statement says that nobody has tested it here: the law wants a test"
                    .to_owned(),
            );
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_installation_has_sessions_of_30_days_that_end_after_12_idle_hours() {
        let new = Installation::default();
        assert_eq!((new.sessions.idle_minutes, new.sessions.absolute_days), (720, 30));
        assert_eq!(new.retention.leavers_months, 24);
        assert_eq!(new.zone, "Europe/London");
    }

    #[test]
    fn defaults_are_themselves_allowed() {
        let new = Installation::starting("A council", "Europe/London");
        for change in [
            Change::Words(new.council.clone(), new.words.clone()),
            Change::Sessions(new.sessions),
            Change::Retention(new.retention),
            Change::Accessibility(new.accessibility.clone()),
        ] {
            assert_eq!(change.problems(), []);
        }
    }

    #[test]
    fn numbers_outside_their_range_are_all_named() {
        let fields = |change: Change| change.problems().into_iter().map(|p| p.0).collect::<Vec<_>>();
        let sessions =
            |idle_minutes, absolute_days| Change::Sessions(Sessions { idle_minutes, absolute_days });
        assert_eq!(fields(sessions(14, 0)), ["idle_minutes", "absolute_days"]);
        assert_eq!(fields(sessions(15, 90)), [""; 0]);
        assert_eq!(fields(sessions(1441, 91)), ["idle_minutes", "absolute_days"]);
        let retention = Retention { leavers_months: 0, mail_log_months: 121, sign_in_days: 29 };
        assert_eq!(
            fields(Change::Retention(retention)),
            ["leavers_months", "mail_log_months", "sign_in_days"]
        );
    }

    #[test]
    fn words_have_to_be_there_and_short() {
        let words = Words { executive: " ".into(), panel: "p".repeat(41), ..Words::default() };
        let problems = Change::Words(String::new(), words).problems();
        let fields: Vec<_> = problems.iter().map(|p| p.0).collect();
        assert_eq!(fields, ["council", "executive", "panel"]);
    }

    #[test]
    fn a_statement_is_seen_to_once_it_names_somebody_to_ask() {
        let new = Installation::default();
        assert_eq!(new.unchecked().count(), 6);
        let saved = new.with(&Change::Privacy(Privacy::default()));
        assert!(!saved.is_done(Section::Privacy));
        let privacy = Privacy { contact: Some("dpo@council.gov.uk".into()), ..Privacy::default() };
        let saved = saved.with(&Change::Privacy(privacy));
        assert!(saved.is_done(Section::Privacy));
        assert_eq!(saved.unchecked().count(), 5);
        assert_eq!(saved.warnings().len(), new.warnings().len() - 1);
    }

    #[test]
    fn closure_days_are_no_working_days() {
        let closures = closure::read("29 to 31 December 2026").unwrap();
        let calendar = Installation::default().with(&Change::Closures(closures)).calendar();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(calendar.is_working_day(day("2026-12-24")));
        assert!(!calendar.is_working_day(day("2026-12-30")));
    }
}
