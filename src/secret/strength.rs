//! Whether a password would be guessed soon: the commonest ones, one word with something added, and this service's own words.
//!
//! Follows the NCSC's advice: no rules about kinds of characters, no expiry; what matters is whether somebody would try it
//! early. Never keeps or logs a password.
//!
//! # Why these limits
//!
//! [`crate::domain::throttle`] lets through about a hundred guesses a day at one account and some hundreds from one network.
//! Against that, a password that stands behind a million others in the order in which people guess (the limit that zxcvbn's
//! authors give for guessing that is slowed down) holds for years. Three random words are beyond it by far, written together
//! or apart. zxcvbn knows the commonest passwords, names and words, keyboard rows, dates, and letters written as digits.
//!
//! It is too kind to one word with a year and an exclamation mark, which is what people add when they have to: so the word
//! alone has to stand behind [`WORD`] others too.

use unicode_normalization::UnicodeNormalization as _;
use zxcvbn::zxcvbn;

/// A password has to stand behind so many others.
const WHOLE: u64 = 1_000_000;
/// What is left of it without what stands before and after its letters: behind so many.
const WORD: u64 = 10_000;
/// So many letters have to be left without the words that everyone here would try.
const OWN_LETTERS: usize = 4;

/// Words of the service, which a stranger would try first.
const SERVICE: [&str; 8] =
    ["scrutiny", "tracker", "council", "councillor", "committee", "panel", "action", "plan"];

/// Why a password would be guessed soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// It is among the first that anybody would try.
    Common,
    /// It is made of the person's name or address, the council's name, or the service's words.
    Own,
}

/// What speaks against a password; none: nothing. `own` are names and addresses as they are written, of the person and of
/// the council.
pub fn weakness(password: &str, own: &[&str]) -> Option<Weakness> {
    let password: String = password.nfc().collect();
    let own = words(own);
    if is_own(&password, &own) {
        return Some(Weakness::Own);
    }
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let word = password.trim_matches(|c: char| !c.is_alphabetic());
    // With more round it than in it, it is not a word with something added.
    let is_mostly_word = word.chars().count() * 2 >= password.chars().count();
    let common =
        zxcvbn(&password, &own).guesses() < WHOLE || (is_mostly_word && zxcvbn(word, &own).guesses() < WORD);
    common.then_some(Weakness::Common)
}

/// The words in names and addresses, the longest first; one or two letters are none.
fn words(own: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = own
        .iter()
        .chain(&SERVICE)
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 2)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words
}

/// Whether hardly anything is left of a password without these words.
fn is_own(password: &str, own: &[String]) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let mut rest = password.to_lowercase();
    let before = letters(&rest);
    for word in own {
        // A sign in the word's place, so that what stood round it does not make a new word.
        rest = rest.replace(word.as_str(), " ");
    }
    let left = letters(&rest);
    left < before && left < OWN_LETTERS
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: [&str; 3] = ["Middlesbrough Council", "MAP Coordinator", "map-coordinator@example.org"];

    /// The commonest of the published lists that have eight characters, and what people make of them.
    const COMMON: &str = "12345678 123456789 1234567890 11111111 00000000 87654321 88888888 12341234 11223344 \
        password password1 password12 password123 Password1 Password123 Password123! Passw0rd P@ssw0rd P@ssword1 Pa55word \
        passw0rd2026 qwertyui qwertyuiop qwerty12 qwerty123 Qwerty123! 1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4 zaq12wsx \
        asdfghjkl asdf1234 zxcvbnm, abcd1234 abc12345 a1b2c3d4 aa123456 abcdefgh iloveyou iloveyou1 iloveyou2 sunshine \
        sunshine1 princess princess1 football football1 baseball superman batman123 starwars trustno1 letmein1 letmein123 \
        welcome1 Welcome123 Welcome2026! admin123 administrator changeme changeme1 liverpool liverpool1 Liverpool1! \
        arsenal1 chelsea1 manchester manchester1 everton1 rangers1 charlie1 monkey123 dragon123 master123 michelle \
        jennifer jordan23 michael1 computer internet whatever freedom1 shadow12 Summer2026 Summer2026! Winter2025 \
        Autumn2026 Autumn26! Spring24 January2026 November21! Monday123 19041985 01012000 aaaaaaaa aaaaaaaaaaaaaaaa \
        abababab 99999999 mustang1 samantha maverick corvette mercedes cheese12 chocolate secret123 Birmingham1 newcastle1";

    #[test]
    fn the_commonest_passwords_are_refused() {
        let passed: Vec<&str> = COMMON.split_whitespace().filter(|p| weakness(p, &OWN).is_none()).collect();
        assert!(passed.is_empty(), "{passed:?}");
        assert!(COMMON.split_whitespace().count() > 100);
    }

    #[test]
    fn the_services_and_the_persons_own_words_are_refused() {
        for password in [
            "scrutiny",
            "Scrutiny2026!",
            "scrutiny-tracker",
            "ScrutinyTracker1",
            "council2026",
            "Council2026!",
            "middlesbrough",
            "Middlesbrough1",
            "MiddlesbroughCouncil",
            "mapcoordinator1",
            "Map.Coordinator",
            "map-coordinator@example.org",
            "coordinator99",
            "example.org2026",
        ] {
            assert_eq!(weakness(password, &OWN), Some(Weakness::Own), "{password}");
        }
        for password in ["Scrut1ny2026!", "M1ddlesbr0ugh2026"] {
            assert!(weakness(password, &OWN).is_some(), "{password}");
        }
        // What is somebody else's own word is a word like any other.
        assert_eq!(weakness("coordinator tulip", &OWN), None);
    }

    #[test]
    fn three_random_words_and_other_good_ones_are_taken() {
        for password in [
            "three random words",
            "coffee train fish",
            "coffeetrainfish",
            "redhousemonkeys",
            "cat dog mouse",
            "CupTeaMilkBiscuit",
            "sea lamp wool",
            "correct horse battery staple",
            // Own words do no harm among others.
            "my council has purple tractors",
            "scrutiny bicycle lemon",
            // What a password manager makes.
            "kX9#mQ2p",
            "7%4a91#3",
            "vR8!tq2Lw0zP",
            "83920571164402",
            // Other languages, and what is on the keyboard of a telephone.
            "ysgol mynydd draig",
            "зонтик трамвай арбуз",
            "🦀🌧️🧀 wheel 🥁",
        ] {
            assert_eq!(weakness(password, &OWN), None, "{password}");
        }
    }

    #[test]
    fn the_longest_password_takes_no_time_to_judge() {
        let begun = std::time::Instant::now();
        for password in ["aA1!".repeat(32), "abc123".repeat(21), "🦀".repeat(128), "19041985".repeat(16)] {
            let _ = weakness(&password, &OWN);
        }
        assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    }
}
