//! Posts, and the people who hold them from a day to a day.
//!
//! A lead is usually a post. Mail goes to whoever holds it on that day; the record still shows who held it then.
//!
//! # Why cover is a holding of its own
//! Somebody who covers ("acting") stands beside the holder, or in place of one where the post is vacant. While they do,
//! the mail is theirs and not the absent holder's; the day after their last one it is the holder's again, without anybody
//! having to remember. Both may write for the post meanwhile. On one day a post has one holder and one cover at most.

use chrono::NaiveDate;

use super::id::{HoldingId, PersonId, PostId};

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
