//! Direction of travel: whether an action is better or worse than it was, and how a whole plan went from round to round.
//!
//! Compares what was said and known on two days; the only place that says which of two is worse.

use chrono::NaiveDate;

use super::{Answer, Dashboard, Heat};
use crate::domain::{
    action::Action,
    plan::Record,
    rating::{Rating, Suggested},
    round::Round,
    standing::{Standing, suggest},
    text,
};

/// Where an action went between two days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// What is said, or what the facts say, is worse; no longer complete is worse too.
    Worse,
    /// It is better, and not complete.
    Better,
    /// It is complete now, and was not.
    Completed,
    /// Neither.
    Same,
    /// It was not there before.
    Added,
}

impl Direction {
    /// Every direction, in the order in which they are told.
    pub const ALL: [Self; 5] = [Self::Better, Self::Worse, Self::Completed, Self::Same, Self::Added];

    /// The words on pages: "Worse".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Worse => "Worse",
            Self::Better => "Better",
            Self::Completed => "Newly complete",
            Self::Same => "No change",
            Self::Added => "Added since",
        }
    }

    /// The symbol beside the words.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Worse => "↓",
            Self::Better => "↑",
            Self::Completed => "✓",
            Self::Same => "=",
            Self::Added => "+",
        }
    }
}

/// What can be compared of an action on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    /// Whether it was there at all.
    pub(super) there: bool,
    pub(super) suggested: Suggested,
    pub(super) reported: Rating,
    /// None: the panel had given no rating of its own.
    pub(super) panel: Option<Rating>,
}

impl Judged {
    fn at(record: &Record, action: &Action, day: NaiveDate) -> Self {
        Self {
            there: action.added_on.is_none_or(|added| added <= day),
            suggested: suggest(record, action, day).rating,
            reported: action.latest_at(day).map_or(Rating::NotRecorded, |u| u.reported),
            panel: action.panel_rating_at(day).map(|p| p.rating),
        }
    }
}

impl From<&Standing<'_>> for Judged {
    fn from(standing: &Standing<'_>) -> Self {
        Self {
            there: true,
            suggested: standing.suggestion.rating,
            reported: standing.reported,
            panel: standing.panel.map(|p| p.rating),
        }
    }
}

/// Where an action went between two days. Completion is told first, then what is worse: a rating that went up while the
/// facts went down is no improvement.
pub(super) fn direction(before: Judged, now: Judged) -> Direction {
    let was_complete = before.suggested == Suggested::Complete;
    let is_complete = now.suggested == Suggested::Complete;
    let no_longer = was_complete && !is_complete && now.suggested != Suggested::NotRated;
    if !before.there {
        Direction::Added
    } else if is_complete && !was_complete {
        Direction::Completed
    } else if no_longer || parts(before, now, |before, now| now > before) {
        Direction::Worse
    } else if parts(before, now, |before, now| now < before) {
        Direction::Better
    } else {
        Direction::Same
    }
}

fn parts(before: Judged, now: Judged, how: impl Fn(u8, u8) -> bool) -> bool {
    let both = |before: Option<u8>, now: Option<u8>| matches!((before, now), (Some(b), Some(n)) if how(b, n));
    both(before.suggested.severity(), now.suggested.severity())
        || both(before.reported.severity(), now.reported.severity())
        || both(before.panel.and_then(Rating::severity), now.panel.and_then(Rating::severity))
}

/// How many actions went where between the day on which a round was frozen and the next one's, or the day itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The round from whose freezing it is counted.
    pub from: &'a Round,
    /// The round to whose freezing; none: to the day.
    pub until: Option<&'a Round>,
    /// How many, in the order of [`Direction::ALL`].
    pub counts: [usize; Direction::ALL.len()],
}

impl Step<'_> {
    /// How many went one way.
    pub fn count(&self, direction: Direction) -> usize {
        std::iter::zip(Direction::ALL, self.counts).find(|(d, _)| *d == direction).map_or(0, |(_, n)| n)
    }
}

/// "3 better, 2 worse, 11 newly complete and 6 without change": what there is of each, better and worse always.
pub fn travel_words(counts: &[usize; Direction::ALL.len()]) -> String {
    let told = std::iter::zip(Direction::ALL, counts)
        .filter(|(direction, n)| **n > 0 || matches!(direction, Direction::Better | Direction::Worse));
    let words: Vec<String> = told
        .map(|(direction, n)| match direction {
            Direction::Same => format!("{n} without change"),
            Direction::Added => format!("{n} added since"),
            other => format!("{n} {}", other.words().to_lowercase()),
        })
        .collect();
    text::list(&words)
}

/// How every action of a dashboard stood when each round was frozen, as far as that has come. Made once for everything
/// that looks back: it takes as long as all the rest of a dashboard.
#[derive(Clone, Debug)]
pub struct Past<'d, 'a> {
    dashboard: &'d Dashboard<'a>,
    /// A row per action, a cell per round.
    judged: Vec<Vec<Judged>>,
}

impl<'a> Dashboard<'a> {
    /// How things stood when the rounds were frozen, or stand where they are not.
    pub fn past(&self) -> Past<'_, 'a> {
        let days: Vec<NaiveDate> = self.rounds.iter().map(|r| r.frozen_on().min(self.day)).collect();
        let of = |s: &Standing<'a>| days.iter().map(|day| Judged::at(self.record, s.action, *day)).collect();
        Past { dashboard: self, judged: self.standings.iter().map(of).collect() }
    }
}

impl<'a> Past<'_, 'a> {
    /// The heat strip: a row per action, a cell per round.
    pub fn heat(&self) -> Vec<Vec<Heat>> {
        let cell = |(answer, judged): (&Answer<'a>, &Judged)| match answer {
            Answer::Update(update) if update.reported.is_recorded() => Heat::Reported(update.reported),
            Answer::Update(_) => Heat::Suggested(judged.suggested),
            Answer::Gap => Heat::Empty,
            Answer::NotAsked => Heat::NotApplicable,
        };
        std::iter::zip(self.dashboard.answers(), &self.judged)
            .map(|(answers, judged)| std::iter::zip(answers, judged).map(cell).collect())
            .collect()
    }

    /// From each earlier round to the next, and from the last to the day: how many actions went where.
    pub fn travel(&self) -> Vec<Step<'a>> {
        let earlier: Vec<&'a Round> = self.dashboard.earlier_rounds().collect();
        let step = |(n, from): (usize, &&'a Round)| {
            let until = earlier.get(n + 1).copied();
            let counts = self.counts(from, until)?;
            Some(Step { from, until, counts })
        };
        earlier.iter().enumerate().filter_map(step).collect()
    }

    fn counts(&self, from: &Round, until: Option<&Round>) -> Option<[usize; Direction::ALL.len()]> {
        let before = self.column(from)?;
        let after = match until {
            Some(round) => Some(self.column(round)?),
            None => None,
        };
        let mut counts = [0; Direction::ALL.len()];
        for (standing, judged) in self.dashboard.standings.iter().zip(&self.judged) {
            let now = match after {
                Some(after) => *judged.get(after)?,
                None => standing.into(),
            };
            // What was added later still has no part in it.
            if now.there {
                let went = direction(*judged.get(before)?, now);
                for (count, _) in counts.iter_mut().zip(Direction::ALL).filter(|(_, d)| *d == went) {
                    *count += 1;
                }
            }
        }
        Some(counts)
    }

    /// Where each action went since an earlier round was frozen, in the order of the table.
    pub fn directions_since(&self, round: &Round) -> Vec<Direction> {
        let column = self.column(round);
        std::iter::zip(&self.dashboard.standings, &self.judged)
            .map(|(standing, judged)| {
                let before = column.and_then(|column| judged.get(column));
                before.map_or(Direction::Added, |before| direction(*before, standing.into()))
            })
            .collect()
    }

    fn column(&self, round: &Round) -> Option<usize> {
        self.dashboard.rounds.iter().position(|r| r.id == round.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        action::State,
        round::RoundState,
        sample::{action, change, day, record, round, update},
    };

    fn judged(suggested: Suggested, reported: Rating) -> Judged {
        Judged { there: true, suggested, reported, panel: None }
    }

    #[test]
    fn the_panels_own_rating_has_a_say_and_no_rating_is_none() {
        let rated = |panel| Judged { panel, ..judged(Suggested::NothingAgainst, Rating::OnTrack) };
        let (amber, red) = (Some(Rating::AtRisk), Some(Rating::OffTrack));
        for (before, now, went) in [
            (amber, red, Direction::Worse),
            (red, amber, Direction::Better),
            (None, red, Direction::Same),
            (red, red, Direction::Same),
        ] {
            assert_eq!(direction(rated(before), rated(now)), went, "{before:?} to {now:?}");
        }
    }

    #[test]
    fn a_direction_is_told_by_what_is_said_and_by_the_facts_and_worse_comes_before_better() {
        use Rating::{AtRisk, NotRecorded, OffTrack, OnTrack};
        use Suggested::{Complete, NoDate, NotRated, NothingAgainst};
        for (before, now, went) in [
            ((NothingAgainst, NotRecorded), (Suggested::OffTrack, NotRecorded), Direction::Worse),
            ((NothingAgainst, OnTrack), (NothingAgainst, AtRisk), Direction::Worse),
            ((NothingAgainst, OffTrack), (NothingAgainst, AtRisk), Direction::Better),
            ((Suggested::OffTrack, NotRecorded), (NothingAgainst, NotRecorded), Direction::Better),
            // What is said went up, the facts went down.
            ((NothingAgainst, OffTrack), (Suggested::OffTrack, OnTrack), Direction::Worse),
            ((NothingAgainst, OnTrack), (Complete, Rating::Complete), Direction::Completed),
            ((Complete, Rating::Complete), (NothingAgainst, Rating::Complete), Direction::Worse),
            // Closed since: no further action is not worse.
            ((Complete, Rating::Complete), (NotRated, Rating::Complete), Direction::Same),
            ((Complete, Rating::Complete), (Complete, Rating::Complete), Direction::Same),
            // What can't be compared is neither.
            ((NoDate, NotRecorded), (NothingAgainst, OnTrack), Direction::Same),
        ] {
            let [before, now] = [before, now].map(|(facts, said)| judged(facts, said));
            assert_eq!(direction(before, now), went, "{before:?} to {now:?}");
        }
    }

    #[test]
    fn every_direction_has_its_own_word_and_its_own_symbol() {
        for one in Direction::ALL {
            for other in Direction::ALL.into_iter().filter(|other| *other != one) {
                assert_ne!((one.words(), one.symbol()), (other.words(), other.symbol()));
                assert!(one.words() != other.words() && one.symbol() != other.symbol());
            }
        }
    }

    #[test]
    fn the_words_say_better_and_worse_always_and_the_others_where_there_are_any() {
        assert_eq!(travel_words(&[3, 2, 0, 0, 0]), "3 better and 2 worse");
        assert_eq!(
            travel_words(&[0, 0, 11, 7, 1]),
            "0 better, 0 worse, 11 newly complete, 7 without change and 1 added since"
        );
    }

    #[test]
    fn travel_goes_from_round_to_round_and_on_to_the_day() {
        let rounds = vec![
            round(1, "Sept", "2017-09-30", RoundState::Published),
            round(2, "Dec", "2017-12-07", RoundState::Published),
            // Open: what it says is of the day, not of a round that has been.
            round(3, "Feb", "2018-02-19", RoundState::Open),
        ];
        let late = action(1, Some("2017-11-30"));
        let done =
            Action { states: vec![change(State::Complete, "2018-01-10")], ..action(2, Some("2019-01-31")) };
        let mut better = action(3, Some("2019-06-30"));
        better.updates = vec![
            update(1, Some(1), "2017-09-30", Rating::OffTrack),
            update(2, Some(2), "2017-12-07", Rating::OnTrack),
        ];
        let added = Action { added_on: Some(day("2017-12-20")), ..action(4, Some("2019-06-30")) };
        let record = Record { rounds, ..record([late, done, better, added]) };
        let board = Dashboard::at(&record, day("2018-01-15"), |_| true);
        let past = board.past();
        let steps: Vec<_> = past
            .travel()
            .into_iter()
            .map(|s| (s.from.label.clone(), s.until.map(|r| r.label.clone()), s.counts))
            .collect();
        let dec = Some("Dec".to_owned());
        // Better, worse, newly complete, the same, added. The second said nothing in two rounds, and is worse until it is
        // complete; the fourth was not there in December, and so not counted.
        assert_eq!(
            steps,
            [("Sept".to_owned(), dec, [1, 2, 0, 0, 0]), ("Dec".to_owned(), None, [0, 0, 1, 2, 1])]
        );
        assert_eq!(
            past.directions_since(&record.rounds[1]),
            [Direction::Same, Direction::Completed, Direction::Same, Direction::Added]
        );
    }

    #[test]
    fn a_plan_without_an_earlier_round_has_no_travel() {
        let record = record([action(1, None)]);
        assert!(Dashboard::at(&record, day("2018-01-15"), |_| true).past().travel().is_empty());
    }
}
