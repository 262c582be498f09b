//! Posts, and the people who hold them from a day to a day.
//!
//! A lead is usually a post. Mail goes to whoever holds it on that day; the record still shows who held it then.
//!
//! # Why cover is a holding of its own
//! Somebody who covers ("acting") stands beside the holder, or in place of one where the post is vacant. While they do,
//! the mail is theirs and not the absent holder's; the day after their last one it is the holder's again, without anybody
//! having to remember. Both may write for the post meanwhile. On one day a post has one holder and one cover at most.

use chrono::NaiveDate;

use super::{
    id::{HoldingId, PersonId, PostId},
    text,
};

#[cfg(test)]
mod tests;

/// A person with an account or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Identifier.
    pub id: PersonId,
    /// Name as shown. Accounts of the seed are named like their post.
    pub name: String,
    /// Address, in lower case.
    pub email: String,
    /// A deactivated person gets no mail and can't sign in; nothing of theirs is deleted.
    pub active: bool,
}

/// A post held by a person, from a day to a day (both included; no end: still held).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Identifier.
    pub id: HoldingId,
    /// Who holds it.
    pub person: Person,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Covering for somebody ("acting").
    pub acting: bool,
}

impl Holding {
    /// Whether the post is held by this person on a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// The name, and whether they only cover: "The cover (acting)".
    pub fn name(&self) -> String {
        if self.acting { format!("{} (acting)", self.person.name) } else { self.person.name.clone() }
    }

    /// "from 5 September 2017", "from 5 September 2017 to 14 January 2018", "on 5 September 2017".
    pub fn days(&self) -> String {
        match self.to {
            Some(to) if to == self.from => format!("on {}", text::day(to)),
            Some(to) => format!("from {} to {}", text::day(self.from), text::day(to)),
            None => format!("from {}", text::day(self.from)),
        }
    }
}

/// A post, e.g. "Risk and Resilience Manager", with everyone who held it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Identifier.
    pub id: PostId,
    /// Name.
    pub name: String,
    /// The body that the post belongs to, if it is not the council's own.
    pub body: Option<String>,
    /// Who held it when, oldest first.
    pub holdings: Vec<Holding>,
}

impl Post {
    /// Who holds the post on a day, and who covers it. Nobody: it is vacant.
    pub fn holders(&self, day: NaiveDate) -> impl Iterator<Item = &Person> {
        self.holdings.iter().filter(move |h| h.covers(day)).map(|h| &h.person)
    }

    /// Who can be mailed for this post on a day, active and with an address: whoever covers it, else whoever holds it.
    pub fn reachable(&self, day: NaiveDate) -> impl Iterator<Item = &Person> {
        let usable = move |h: &&Holding| h.covers(day) && h.person.active && !h.person.email.is_empty();
        let covered = self.holdings.iter().filter(usable).any(|h| h.acting);
        self.holdings.iter().filter(usable).filter(move |h| h.acting == covered).map(|h| &h.person)
    }

    /// Whether nobody with an account in use holds or covers the post on a day.
    pub fn is_vacant(&self, day: NaiveDate) -> bool {
        !self.holders(day).any(|p| p.active)
    }
}

/// Somebody who is to hold or cover a post for some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term<'a> {
    /// Who.
    pub person: &'a Person,
    /// First day.
    pub from: NaiveDate,
    /// Last day; none: until further notice.
    pub to: Option<NaiveDate>,
    /// Whether they cover.
    pub acting: bool,
}

/// What speaks against a term: the form's field, and why in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// `person`, `from` or `to`.
    pub field: &'static str,
    /// "The holder holds MAP Coordinator from 5 September 2017: ...".
    pub message: String,
}

/// Days on which nobody held a post, between its first holder and now or the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vacancy {
    /// First day.
    pub from: NaiveDate,
    /// Last day; none: still vacant.
    pub to: Option<NaiveDate>,
}

impl Post {
    /// One holding.
    pub fn holding(&self, id: HoldingId) -> Option<&Holding> {
        self.holdings.iter().find(|h| h.id == id)
    }

    /// Who holds and who covers the post on a day, by name: "The holder", "The cover (acting)".
    pub fn holder_names(&self, day: NaiveDate) -> impl Iterator<Item = String> {
        self.holdings.iter().filter(move |h| h.covers(day)).map(Holding::name)
    }

    /// Checks a term against what is recorded, leaving out the holding that it takes the place of: one holder and one
    /// cover on a day at most, and nobody as both.
    ///
    /// # Errors
    /// [`Clash`] with the first thing that is wrong.
    pub fn check(&self, term: Term<'_>, instead_of: Option<HoldingId>) -> Result<(), Clash> {
        if let Some(to) = term.to.filter(|to| *to < term.from) {
            let message = format!(
                "The last day, {}, lies before the first, {}: enter them the other way round",
                text::day(to),
                text::day(term.from)
            );
            return Err(Clash { field: "to", message });
        }
        let meets = |h: &&Holding| {
            Some(h.id) != instead_of
                && (h.acting == term.acting || h.person.id == term.person.id)
                && term.to.is_none_or(|to| h.from <= to)
                && h.to.is_none_or(|to| term.from <= to)
        };
        let Some(held) = self.holdings.iter().find(meets) else { return Ok(()) };
        let does = if held.acting { "covers" } else { "holds" };
        let what = format!("{} {does} {} {}", held.person.name, self.name, held.days());
        let (field, next) = match (held.person.id == term.person.id, held.from <= term.from) {
            (true, _) if held.acting != term.acting => {
                ("person", "nobody can cover for themselves".to_owned())
            }
            (_, true) => ("from", format!("choose other days, or change {} first", theirs(held.acting))),
            (_, false) => ("to", format!("enter a last day before {}", text::day(held.from))),
        };
        Err(Clash { field, message: format!("{what}: {next}") })
    }

    /// When nobody held or covered the post, oldest first, from the first holder on.
    pub fn vacancies(&self) -> Vec<Vacancy> {
        let mut terms: Vec<(NaiveDate, Option<NaiveDate>)> =
            self.holdings.iter().map(|h| (h.from, h.to)).collect();
        terms.sort_unstable();
        let mut gaps = Vec::new();
        // The last day up to which somebody is there; none at the end: for good.
        let Some(mut until) = terms.first().map(|(from, _)| from.pred_opt()) else { return gaps };
        for (from, to) in terms {
            let Some(last) = until else { return gaps };
            if let (Some(first), Some(end)) = (last.succ_opt(), from.pred_opt())
                && first <= end
            {
                gaps.push(Vacancy { from: first, to: Some(end) });
            }
            until = to.map(|to| to.max(last));
        }
        if let Some(from) = until.and_then(|last| last.succ_opt()) {
            gaps.push(Vacancy { from, to: None });
        }
        gaps
    }
}

fn theirs(acting: bool) -> &'static str {
    if acting { "that cover" } else { "that holding" }
}

/// A lead of one action, as the plan names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// A post, maybe with the person that the plan names beside it ("Communications Manager (Yaffa Phillips)").
    Post {
        /// The post.
        post: PostId,
        /// The name in the wording, which need not be an account here.
        named: Option<String>,
    },
    /// A person without a post.
    Person(Person),
    /// A body outside the council that has no account here.
    OutsideBody(String),
}
