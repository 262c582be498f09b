//! What of a plan is shown: the filter, the order and the day, exactly as they stand in the address.
//!
//! Owns reading and writing that part of the address, so that a link which changes one thing keeps all others. Never
//! looks at a plan.

use chrono::NaiveDate;

use crate::{
    domain::{
        action::State,
        id::PostId,
        rating::{Rating, Suggested},
        text,
    },
    link::path,
    web::form::{Fields, one_day},
};

/// What a box that is ticked sends.
const YES: &str = "yes";

/// Whose actions are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LedBy {
    Post(PostId),
    /// "N/A", or a lead without a post.
    NoPost,
}

/// What the list can be narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Show {
    Passed,
    OverdueFirst,
    Asked,
    Disagree,
    FactsWorse,
    NotKnown,
    Unproven,
    Unknown,
    Question,
}

impl Show {
    pub(super) const ALL: [Self; 9] = [
        Self::Passed,
        Self::OverdueFirst,
        Self::Asked,
        Self::Disagree,
        Self::FactsWorse,
        Self::NotKnown,
        Self::Unproven,
        Self::Unknown,
        Self::Question,
    ];

    /// As it stands in the address.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::OverdueFirst => "overdue-first",
            Self::Asked => "asked",
            Self::Disagree => "disagree",
            Self::FactsWorse => "facts-worse",
            Self::NotKnown => "outcome-not-known",
            Self::Unproven => "nothing-to-show",
            Self::Unknown => "unknown",
            Self::Question => "question",
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Passed => "Deadline passed, done or not",
            Self::OverdueFirst => "Overdue on the date first agreed",
            Self::Asked => "A later date asked for",
            Self::Disagree => "Rating and facts disagree",
            Self::FactsWorse => "Facts worse than the rating",
            Self::NotKnown => "Complete, difference made not known",
            Self::Unproven => "Said to be complete, nothing to show it",
            Self::Unknown => "Unknown facts (??)",
            Self::Question => "A question awaiting an answer",
        }
    }
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sort {
    #[default]
    Table,
    Deadline,
    Lead,
    Rating,
}

impl Sort {
    pub(super) const ALL: [Self; 4] = [Self::Table, Self::Deadline, Self::Lead, Self::Rating];

    /// As it stands in the address.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Table => "",
            Self::Deadline => "deadline",
            Self::Lead => "lead",
            Self::Rating => "rating",
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Table => "Order of the plan",
            Self::Deadline => "By when",
            Self::Lead => "Lead",
            Self::Rating => "Rating, worst first",
        }
    }
}

/// The whole of it. What the address says and this version does not know is passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lens {
    pub(super) lead: Option<LedBy>,
    pub(super) rating: Option<Rating>,
    pub(super) suggested: Option<Suggested>,
    /// The panel's own rating.
    pub(super) panel: Option<Rating>,
    pub(super) state: Option<State>,
    pub(super) theme: String,
    pub(super) overdue: bool,
    /// In the latest round.
    pub(super) no_update: bool,
    pub(super) show: Option<Show>,
    pub(super) words: String,
    pub(super) sort: Sort,
    pub(super) all_rounds: bool,
    /// As typed; empty for today.
    pub(super) as_at: String,
}

impl Lens {
    pub(super) fn read(query: &str) -> Self {
        let fields = Fields::decode(query.as_bytes());
        let raw = |name: &str| fields.raw(name).trim();
        Self {
            lead: match raw("lead") {
                "none" => Some(LedBy::NoPost),
                id => id.parse().ok().map(|id| LedBy::Post(PostId(id))),
            },
            rating: Rating::from_code(raw("rating")),
            suggested: Suggested::from_code(raw("suggested")),
            panel: Rating::from_code(raw("panel")),
            state: State::from_code(raw("state")),
            theme: raw("theme").to_owned(),
            overdue: raw("overdue") == YES,
            no_update: raw("no-update") == YES,
            show: Show::ALL.into_iter().find(|s| s.code() == raw("show")),
            words: raw("q").to_owned(),
            sort: Sort::ALL.into_iter().find(|s| s.code() == raw("sort")).unwrap_or_default(),
            all_rounds: raw("rounds") == "all",
            as_at: raw("as-at").to_owned(),
        }
    }

    /// The lead as it stands in the address.
    pub(super) fn lead_code(&self) -> String {
        match self.lead {
            Some(LedBy::Post(id)) => id.to_string(),
            Some(LedBy::NoPost) => "none".to_owned(),
            None => String::new(),
        }
    }

    /// The address of a plan seen so.
    pub(super) fn address(&self, slug: &str) -> String {
        format!("{}{}", path::plan(slug), self.query())
    }

    /// It as it stands at the end of an address, with the question mark; empty for a plan as it comes.
    pub(super) fn query(&self) -> String {
        let lead = self.lead_code();
        let mut query = form_urlencoded::Serializer::new(String::new());
        let pairs = [
            ("lead", lead.as_str()),
            ("rating", self.rating.map_or("", Rating::code)),
            ("suggested", self.suggested.map_or("", Suggested::code)),
            ("panel", self.panel.map_or("", Rating::code)),
            ("state", self.state.map_or("", State::code)),
            ("theme", &self.theme),
            ("overdue", if self.overdue { YES } else { "" }),
            ("no-update", if self.no_update { YES } else { "" }),
            ("show", self.show.map_or("", Show::code)),
            ("q", &self.words),
            ("as-at", &self.as_at),
            ("sort", self.sort.code()),
            ("rounds", if self.all_rounds { "all" } else { "" }),
        ];
        query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
        match query.finish() {
            query if query.is_empty() => query,
            query => format!("?{query}"),
        }
    }

    /// The same with something else: `lens.with(|l| l.sort = Sort::Lead)`.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut lens = self.clone();
        change(&mut lens);
        lens
    }

    /// Whether any row may be left out.
    pub(super) fn is_filtered(&self) -> bool {
        self.narrows_actions() || !self.words.is_empty()
    }

    /// Whether it asks for something that only an action can have.
    pub(super) fn narrows_actions(&self) -> bool {
        self.lead.is_some()
            || self.rating.is_some()
            || self.suggested.is_some()
            || self.panel.is_some()
            || self.state.is_some()
            || self.show.is_some()
            || self.overdue
            || self.no_update
            || !self.theme.is_empty()
    }

    /// The day at whose end the plan is shown; none: today.
    ///
    /// # Errors
    /// Words for beside the field: no day, or one that has not come.
    pub(super) fn day(&self, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
        if self.as_at.is_empty() {
            return Ok(None);
        }
        let day = one_day(&self.as_at)?;
        if day > today {
            return Err(format!("Choose a day up to {}: what comes later is not known", text::day(today)));
        }
        Ok(Some(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_again_what_was_read_from_it() {
        let query = "lead=3&rating=complete&suggested=off_track&panel=at_risk&state=open&theme=schools&overdue=yes&no-update=yes&show=asked\
                     &q=head+teachers&as-at=7+December+2017&sort=deadline&rounds=all";
        let lens = Lens::read(query);
        assert_eq!(lens.address("appendix-b"), format!("/plans/appendix-b?{query}"));
        assert_eq!(Lens::read("").address("appendix-b"), "/plans/appendix-b");
    }

    #[test]
    fn what_is_not_known_is_passed_over() {
        assert_eq!(Lens::read("lead=everyone&show=all&sort=colour&rating=red"), Lens::default());
    }

    #[test]
    fn a_link_that_changes_one_thing_keeps_the_others() {
        let lens = Lens::read("lead=3&q=it%27s+%3Cb%3E");
        let sorted = lens.with(|l| l.sort = Sort::Lead).address("p");
        assert_eq!(sorted, "/plans/p?lead=3&q=it%27s+%3Cb%3E&sort=lead");
    }

    #[test]
    fn the_day_is_typed_in_words_or_figures_and_never_lies_ahead() {
        let today = NaiveDate::from_ymd_opt(2017, 12, 7).expect("a day");
        for typed in ["2017-12-07", "7 December 2017", "7/12/17"] {
            let lens = Lens { as_at: typed.to_owned(), ..Lens::default() };
            assert_eq!(lens.day(today), Ok(Some(today)), "{typed}");
        }
        for (typed, part) in [
            ("8 December 2017", "up to 7 December 2017"),
            ("soon", "Enter one day"),
            ("31 Feb 2017", "28 days"),
        ] {
            let lens = Lens { as_at: typed.to_owned(), ..Lens::default() };
            let words = lens.day(today).expect_err(typed);
            assert!(words.contains(part), "{typed}: {words}");
        }
    }
}
