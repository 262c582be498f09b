//! Appendix B as data: reading `seed/appendix-b.toml`, with every name in it resolved.
//!
//! It never touches a database, reads a clock or judges anything: no day is read from a wording here, and no rating is
//! worked out. Loading the seed into a database is the commands' work, as for everything a person enters.

mod shape;

use std::collections::HashSet;

pub use shape::*;

const APPENDIX_B: &str = include_str!("../seed/appendix-b.toml");

/// The seed plan, Appendix B.
///
/// # Errors
/// As [`parse`]; the file is part of the program, so an error is a fault of this build.
pub fn appendix_b() -> Result<Seed, SeedError> {
    parse(APPENDIX_B)
}

/// Reads a seed file and checks that every post, round and action that it names is in it, once.
///
/// # Errors
/// [`SeedError`], in words that say where to look.
pub fn parse(text: &str) -> Result<Seed, SeedError> {
    let seed: Seed = toml::from_str(text)?;
    seed.check_names()?;
    Ok(seed)
}

/// Why a seed file was refused.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// Not TOML, an unknown or missing key, a value of the wrong kind, a day that does not exist.
    #[error("the seed file cannot be read")]
    Unreadable(#[from] toml::de::Error),
    /// A name that stands for nothing.
    #[error("{place} names the {kind} \"{name}\", which the seed file does not have")]
    Unknown {
        /// Where it is named, e.g. "action Av".
        place: String,
        /// "post", "round" or "action".
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A name that stands for two things.
    #[error("the seed file has the {kind} \"{name}\" twice")]
    Twice {
        /// "post", "round", "action" or "address".
        kind: &'static str,
        /// The name.
        name: String,
    },
}

impl Seed {
    fn check_names(&self) -> Result<(), SeedError> {
        let posts = Names::of("post", self.posts.iter().map(|post| &*post.id))?;
        let rounds = Names::of("round", self.rounds.iter().map(|round| &*round.label))?;
        let actions = Names::of("action", self.actions.iter().filter_map(Action::reference))?;
        Names::of("address", self.people.iter().map(|person| &*person.email))?;

        posts.check("the plan", [&self.plan.manager])?;
        for person in &self.people {
            let held = person.holds.as_ref().map(|holding| &holding.post);
            posts.check(&person.email, held)?;
        }
        for (index, action) in self.actions.iter().enumerate() {
            let place = match action.reference() {
                Some(reference) => format!("action {reference}"),
                None => format!("action {} of the table", index + 1),
            };
            posts.check(&place, &action.lead.posts)?;
            posts.check(&place, action.asked_for.as_ref().map(|asked| &asked.asked_by))?;
            rounds.check(&place, action.rounds_named())?;
            actions.check(&place, action.actions_named())?;
        }
        Ok(())
    }
}

impl Action {
    fn rounds_named(&self) -> impl Iterator<Item = &String> {
        let variations = self.recommendation.iter().flat_map(|r| &r.variations);
        let updates = self.updates.iter().map(|update| &update.round);
        updates
            .chain(variations.map(|variation| &variation.round))
            .chain(self.asked_for.iter().map(|asked| &asked.round))
            .chain(self.evidence.iter().map(|evidence| &evidence.round))
            .chain(self.cross_references.iter().map(|cross| &cross.round))
    }

    fn actions_named(&self) -> impl Iterator<Item = &String> {
        let merged_into = self.state.iter().filter_map(|change| match &change.to {
            State::MergedInto(target) => Some(target),
            State::Complete | State::CompleteContinuing => None,
        });
        merged_into.chain(self.cross_references.iter().map(|cross| &cross.to))
    }
}

/// The names of one kind that a file gives.
struct Names<'a> {
    kind: &'static str,
    known: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(kind: &'static str, names: impl IntoIterator<Item = &'a str>) -> Result<Self, SeedError> {
        let mut known = HashSet::new();
        for name in names {
            if !known.insert(name) {
                let name = name.to_owned();
                return Err(SeedError::Twice { kind, name });
            }
        }
        Ok(Self { kind, known })
    }

    fn check<'n>(&self, place: &str, names: impl IntoIterator<Item = &'n String>) -> Result<(), SeedError> {
        match names.into_iter().find(|name| !self.known.contains(name.as_str())) {
            None => Ok(()),
            Some(name) => {
                Err(SeedError::Unknown { place: place.to_owned(), kind: self.kind, name: name.clone() })
            }
        }
    }
}
