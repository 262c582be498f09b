//! Ratings: what people report, the key that says what a plan's words mean, and what the facts suggest.
//!
//! Three ratings never overwrite one another: *reported* (the lead), *suggested* (the facts), *panel* (the members).
//! This file holds their vocabulary; [`crate::domain::standing`] holds the rules that suggest one.

use super::{code::coded, words::Words};

coded! {
    /// The kinds of a plan's RAG key: what a reported rating can be. There is no common meaning of colours between
    /// councils, so a plan's key ([`RagKey`]) gives each kind its word, colour and meaning.
    pub enum Rating {
        /// Nobody said. A gap, never a guess.
        NotRecorded = "not_recorded",
        /// Work has not begun.
        NotStarted = "not_started",
        /// On track for its date. Only a person can say so.
        OnTrack = "on_track",
        /// A date or result may slip.
        AtRisk = "at_risk",
        /// Will miss, or has missed.
        OffTrack = "off_track",
        /// Said to be done.
        Complete = "complete",
        /// Closed without being done.
        Closed = "closed",
    }
}

impl Rating {
    /// Whether somebody said something.
    pub fn is_recorded(self) -> bool {
        self != Self::NotRecorded
    }

    /// The plain name of the kind, for a plan whose key has no word of its own for it.
    pub fn plain_word(self) -> &'static str {
        match self {
            Self::NotRecorded => "Not recorded",
            Self::NotStarted => "Not started",
            Self::OnTrack => "On track",
            Self::AtRisk => "At risk",
            Self::OffTrack => "Off track",
            Self::Complete => "Complete",
            Self::Closed => "Closed",
        }
    }

    /// How bad it is, for comparing: 0 fine, 1 at risk, 2 off track; nothing for what can't be compared.
    pub(super) fn severity(self) -> Option<u8> {
        match self {
            Self::NotStarted | Self::OnTrack | Self::Complete => Some(0),
            Self::AtRisk => Some(1),
            Self::OffTrack => Some(2),
            Self::NotRecorded | Self::Closed => None,
        }
    }
}

coded! {
    /// The states of the palette: the ways a rating can be drawn.
    pub enum Colour {
        /// Red: ■, solid.
        Red = "red",
        /// Amber: ▲, diagonal hatch.
        Amber = "amber",
        /// Green: ●, plain.
        Green = "green",
        /// Blue: ✓, dots.
        Complete = "complete",
        /// White: –, dashed edge.
        Plain = "plain",
    }
}

impl Colour {
    /// The symbol that stands with it everywhere, so that it is never colour alone.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Red => "■",
            Self::Amber => "▲",
            Self::Green => "●",
            Self::Complete => "✓",
            Self::Plain => "–",
        }
    }
}

/// One line of a plan's RAG key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyEntry {
    /// The kind it stands for.
    pub rating: Rating,
    /// The plan's word for it, e.g. "Green" or "On track".
    pub word: String,
    /// How it is drawn.
    pub colour: Colour,
    /// What it means in this plan.
    pub meaning: String,
}

/// A plan's RAG key: at most one entry per kind, in the order in which it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RagKey {
    entries: Vec<KeyEntry>,
    not_recorded: KeyEntry,
    /// Where the key comes from, or that the source prints none.
    pub note: Option<String>,
}

impl RagKey {
    /// A key of these entries. A kind that is not among them is drawn plain with its plain word.
    pub fn new(entries: Vec<KeyEntry>, note: Option<String>) -> Self {
        let not_recorded = entries
            .iter()
            .find(|e| e.rating == Rating::NotRecorded)
            .cloned()
            .unwrap_or_else(|| plain_entry(Rating::NotRecorded, "nobody has said"));
        Self { entries, not_recorded, note }
    }

    /// The key that a new plan starts with.
    pub fn standard() -> Self {
        let entry = |rating, word: &str, colour, meaning: &str| KeyEntry {
            rating,
            word: word.to_owned(),
            colour,
            meaning: meaning.to_owned(),
        };
        Self::new(
            vec![
                entry(Rating::OnTrack, "Green", Colour::Green, "on track for its date"),
                entry(Rating::AtRisk, "Amber", Colour::Amber, "at risk: a date or result may slip"),
                entry(Rating::OffTrack, "Red", Colour::Red, "off track: will miss, or has missed"),
                entry(Rating::Complete, "Complete", Colour::Complete, "done"),
            ],
            None,
        )
    }

    /// The lines a person can choose from and read, in print order (without "not recorded").
    pub fn entries(&self) -> impl Iterator<Item = &KeyEntry> {
        self.entries.iter().filter(|e| e.rating.is_recorded())
    }

    /// The line for one kind. A kind outside the key is drawn like "not recorded" but keeps its own plain word
    /// in [`Rating::plain_word`]; callers that print a word use [`RagKey::word`].
    pub fn entry(&self, rating: Rating) -> KeyEntry {
        self.entries.iter().find(|e| e.rating == rating).cloned().unwrap_or_else(|| match rating {
            Rating::NotRecorded => self.not_recorded.clone(),
            other => plain_entry(other, "not in this plan's key"),
        })
    }

    /// The plan's word for one kind.
    pub fn word(&self, rating: Rating) -> String {
        self.entry(rating).word
    }

    /// The lines that an update can report: those of the key, and always complete. Closing without being done is a decision
    /// of its own, and not a way that work is going.
    pub fn reportable(&self) -> Vec<KeyEntry> {
        let mut entries: Vec<KeyEntry> =
            self.entries().filter(|e| e.rating != Rating::Closed).cloned().collect();
        if entries.iter().all(|e| e.rating != Rating::Complete) {
            entries.push(self.entry(Rating::Complete));
        }
        entries
    }

    /// Whether an update can report a kind. That nothing can be said yet, always can.
    pub fn takes(&self, rating: Rating) -> bool {
        !rating.is_recorded() || self.reportable().iter().any(|e| e.rating == rating)
    }

    /// Why an update can't report a kind, and what it can.
    pub fn refusal(&self, rating: Rating) -> String {
        let words: Vec<String> = self.reportable().into_iter().map(|e| e.word).collect();
        format!(
            "This plan’s key has no rating for “{}”: choose {} or “{}”",
            rating.plain_word(),
            words.join(", "),
            self.word(Rating::NotRecorded)
        )
    }
}

fn plain_entry(rating: Rating, meaning: &str) -> KeyEntry {
    KeyEntry {
        rating,
        word: rating.plain_word().to_owned(),
        colour: Colour::Plain,
        meaning: meaning.to_owned(),
    }
}

coded! {
    /// What the facts say. A vocabulary and a look of its own (drawn as an outline), so that it is never taken for
    /// something a person said. It has no green: only a person can say "on track".
    pub enum Suggested {
        /// The deadline has passed and no completion is stated.
        OffTrack = "off_track",
        /// The facts give cause to ask.
        AtRisk = "at_risk",
        /// There is no date to judge by.
        NoDate = "no_date",
        /// Nothing against it. Not the same as on track.
        NothingAgainst = "nothing_against",
        /// Said or agreed to be complete.
        Complete = "complete",
        /// No further action, or an action of a rejected recommendation.
        NotRated = "not_rated",
    }
}

impl Suggested {
    /// The words on every page and paper.
    pub fn words(self) -> &'static str {
        match self {
            Self::OffTrack => "Off track",
            Self::AtRisk => "At risk",
            Self::NoDate => "No date to judge by",
            Self::NothingAgainst => "Nothing against it",
            Self::Complete => "Complete",
            Self::NotRated => "Not rated",
        }
    }

    /// How many it is suggested of: "4 Off track of 22", "6 of 22 with nothing against it".
    pub fn counted(self, n: usize, total: usize) -> String {
        match self {
            Self::NothingAgainst => format!("{n} of {total} with nothing against it"),
            Self::NoDate => format!("{n} of {total} with no date to judge by"),
            one => format!("{n} {} of {total}", one.words()),
        }
    }

    /// What it means, for the key of suggested ratings that every page with one shows or links.
    pub fn meaning(self, words: &Words) -> String {
        words.say(match self {
            Self::OffTrack => "the deadline has passed and no completion is stated",
            Self::AtRisk => {
                "a later date is asked for, the date was moved more than once or without the {panel}, or it is due soon or rounds have passed without an update"
            }
            Self::NoDate => "the action has no date that could pass",
            Self::NothingAgainst => {
                "the date has not come and no rule speaks against it; only a person can say that it is on track"
            }
            Self::Complete => "it is said or agreed to be complete",
            Self::NotRated => "no further action, or the recommendation was rejected or noted",
        })
    }

    /// How bad it is, on the same scale as a reported rating.
    pub(super) fn severity(self) -> Option<u8> {
        match self {
            Self::Complete | Self::NothingAgainst => Some(0),
            Self::AtRisk => Some(1),
            Self::OffTrack => Some(2),
            Self::NoDate | Self::NotRated => None,
        }
    }
}

/// A suggested rating with the rule that gave it, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What the facts say.
    pub rating: Suggested,
    /// Why, in words that a councillor can read out: "deadline passed 68 days ago, no completion stated".
    pub reason: String,
}

/// How a recorded rating and the facts part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disagreement {
    /// The facts are worse than what is said.
    FactsWorse,
    /// The lead is more worried than the facts.
    LeadMoreWorried,
}

/// Whether a reported rating and the suggested one part. "Not recorded" is a gap, not a disagreement.
pub fn disagreement(reported: Rating, suggested: Suggested) -> Option<Disagreement> {
    match reported.severity()?.cmp(&suggested.severity()?) {
        std::cmp::Ordering::Less => Some(Disagreement::FactsWorse),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(Disagreement::LeadMoreWorried),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rating_and_facts_disagree_only_where_a_person_said_something() {
        use Disagreement::*;
        for (reported, suggested, expected) in [
            (Rating::Complete, Suggested::OffTrack, Some(FactsWorse)),
            (Rating::OnTrack, Suggested::AtRisk, Some(FactsWorse)),
            (Rating::AtRisk, Suggested::OffTrack, Some(FactsWorse)),
            (Rating::OffTrack, Suggested::NothingAgainst, Some(LeadMoreWorried)),
            (Rating::AtRisk, Suggested::NothingAgainst, Some(LeadMoreWorried)),
            (Rating::OnTrack, Suggested::NothingAgainst, None),
            (Rating::Complete, Suggested::Complete, None),
            (Rating::NotRecorded, Suggested::OffTrack, None),
            (Rating::OffTrack, Suggested::NoDate, None),
            (Rating::Closed, Suggested::OffTrack, None),
        ] {
            assert_eq!(disagreement(reported, suggested), expected, "{reported:?} / {suggested:?}");
        }
    }

    #[test]
    fn no_suggested_rating_is_called_green_or_on_track() {
        for s in Suggested::ALL {
            assert!(!s.words().to_lowercase().contains("green"), "{s:?}");
            assert_ne!(s.words(), Rating::OnTrack.plain_word());
        }
    }

    #[test]
    fn a_kind_outside_the_key_keeps_its_plain_word_and_is_drawn_plain() {
        let key = RagKey::standard();
        let entry = key.entry(Rating::NotStarted);
        assert_eq!((entry.word.as_str(), entry.colour), ("Not started", Colour::Plain));
        assert_eq!(key.word(Rating::OnTrack), "Green");
    }

    #[test]
    fn an_update_reports_what_the_key_has_or_that_it_is_complete_or_that_nothing_can_be_said() {
        let key = RagKey::standard();
        for (rating, takes) in [
            (Rating::NotRecorded, true),
            (Rating::OnTrack, true),
            (Rating::Complete, true),
            (Rating::NotStarted, false),
            (Rating::Closed, false),
        ] {
            assert_eq!(key.takes(rating), takes, "{rating:?}");
        }
        assert!(RagKey::new(Vec::new(), None).takes(Rating::Complete));
        assert_eq!(
            key.refusal(Rating::NotStarted),
            "This plan’s key has no rating for “Not started”: choose Green, Amber, Red, Complete or “Not recorded”"
        );
    }
}
