//! The words that differ from council to council: executive or cabinet, panel or committee, Democratic Services.
//!
//! Owns how a sentence of ours takes them in. It never touches what people wrote: [`Words::say`] takes only sentences that
//! stand in the program.

use super::text::initial_capital;

/// The words of one installation, as they stand in the middle of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Who answers recommendations: "executive", "cabinet", "committee".
    pub executive: String,
    /// Who makes them: "panel", "committee", "commission".
    pub panel: String,
    /// The team that supports it: "Democratic Services".
    pub democratic_services: String,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            executive: EXECUTIVES[0].to_owned(),
            panel: PANELS[0].to_owned(),
            democratic_services: "Democratic Services".to_owned(),
        }
    }
}

/// What councils usually call those who answer recommendations; the first is the default.
pub const EXECUTIVES: [&str; 3] = ["executive", "cabinet", "committee"];
/// What councils usually call those who make them; the first is the default.
pub const PANELS: [&str; 3] = ["panel", "committee", "commission"];
/// The longest word, in characters: it stands in headings and on narrow screens.
pub const LONGEST: usize = 40;

impl Words {
    /// A sentence of ours in these words: what stands in braces is the default, in the form that the sentence needs.
    ///
    /// `{panel}`, `{Panel}`, `{panels}`, `{Panels}`, `{a panel}`, `{A panel}`, `{executive}`, `{Executive}`,
    /// `{an executive}`, `{Democratic Services}`; in the genitive `{panel’s}`, `{Panel’s}`, `{a panel’s}` and
    /// `{executive’s}`.
    pub fn say(&self, sentence: &'static str) -> String {
        self.fill(sentence)
    }

    /// The same for a sentence that was put together, of nothing but parts that stand in the program.
    pub(super) fn fill(&self, sentence: &str) -> String {
        let mut said = String::with_capacity(sentence.len());
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((form, after)) = after.split_once('}') else {
                rest = after;
                break;
            };
            said.push_str(&self.form(form));
            rest = after;
        }
        said.push_str(rest);
        said
    }

    fn form(&self, form: &str) -> String {
        match form {
            "panel" => self.panel.clone(),
            "Panel" => initial_capital(&self.panel),
            "panels" => plural(&self.panel),
            "Panels" => initial_capital(&plural(&self.panel)),
            "panel’s" => genitive(&self.panel),
            "Panel’s" => initial_capital(&genitive(&self.panel)),
            "a panel" => with_article(&self.panel),
            "a panel’s" => genitive(&with_article(&self.panel)),
            "A panel" => initial_capital(&with_article(&self.panel)),
            "executive" => self.executive.clone(),
            "Executive" => initial_capital(&self.executive),
            "executive’s" => genitive(&self.executive),
            "an executive" => with_article(&self.executive),
            "Democratic Services" => self.democratic_services.clone(),
            // No word of ours: as it was, so that it is seen.
            other => format!("{{{other}}}"),
        }
    }
}

/// More than one: "panels", "assemblies", "boxes".
fn plural(word: &str) -> String {
    let vowel_before_y = || word.chars().rev().nth(1).is_some_and(is_vowel);
    match word.strip_suffix('y') {
        Some(stem) if !vowel_before_y() => format!("{stem}ies"),
        _ if word.ends_with(['s', 'x']) || word.ends_with("ch") || word.ends_with("sh") => {
            format!("{word}es")
        }
        _ => format!("{word}s"),
    }
}

fn genitive(word: &str) -> String {
    if word.ends_with('s') { format!("{word}’") } else { format!("{word}’s") }
}

fn with_article(word: &str) -> String {
    let article = if word.chars().next().is_some_and(is_vowel) { "an" } else { "a" };
    format!("{article} {word}")
}

fn is_vowel(c: char) -> bool {
    "aeiou".contains(c.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(executive: &str, panel: &str) -> Words {
        Words { executive: executive.to_owned(), panel: panel.to_owned(), ..Words::default() }
    }

    #[test]
    fn sentences_read_right_in_every_councils_words() {
        let (ours, theirs) = (Words::default(), words("cabinet", "committee"));
        for (sentence, default, other) in [
            ("The {panel}’s words", "The panel’s words", "The committee’s words"),
            ("{Executive} response", "Executive response", "Cabinet response"),
            ("{A panel} asks {an executive}", "A panel asks an executive", "A committee asks a cabinet"),
            ("{Panels} and {panels}", "Panels and panels", "Committees and committees"),
            ("by the {executive’s} date", "by the executive’s date", "by the cabinet’s date"),
            ("Ask {Democratic Services}", "Ask Democratic Services", "Ask Democratic Services"),
            ("Nothing to change", "Nothing to change", "Nothing to change"),
        ] {
            assert_eq!(ours.say(sentence), default);
            assert_eq!(theirs.say(sentence), other);
        }
    }

    #[test]
    fn own_words_take_their_article_plural_and_genitive() {
        for (word, a, many, of) in [
            ("assembly", "an assembly", "assemblies", "assembly’s"),
            ("Overview board", "an Overview board", "Overview boards", "Overview board’s"),
            ("survey", "a survey", "surveys", "survey’s"),
            ("caucus", "a caucus", "caucuses", "caucus’"),
        ] {
            let words = words("executive", word);
            let said = ["{a panel}", "{panels}", "{panel’s}"].map(|s| words.say(s));
            assert_eq!(said, [a, many, of]);
        }
    }

    #[test]
    fn what_is_no_word_of_ours_stays_as_it_is() {
        for sentence in ["{nothing}", "an open { brace", "{", "}"] {
            let said = Words::default().say(sentence);
            assert_eq!(said.replace(['{', '}'], ""), sentence.replace(['{', '}'], ""));
        }
    }
}
