//! What a mail says, in one line, read from the bytes that went out: not from what the program meant to say.

use scrutiny_tracker::{domain::message::MessageKind, mail::reading, store::outbox::Message};

/// One thing that a mail is about: its title, and the lines under it.
#[derive(Debug, Default)]
struct Card {
    title: String,
    under: Vec<String>,
}

impl Card {
    /// "Aiii".
    fn label(&self) -> &str {
        self.title.split(": ").next().expect("a label")
    }

    /// "Aiii overdue by 68 days", with the reason where they are asked instead of somebody.
    fn stage(&self) -> String {
        let why = self.fact("Why you: ").map_or(String::new(), |why| format!(" ({why})"));
        format!("{} {}{why}", self.label(), small(&self.under[0]))
    }

    fn fact(&self, name: &str) -> Option<&str> {
        self.under.iter().find_map(|line| line.strip_prefix(name))
    }

    /// All under it, but for what every card says.
    fn said(&self) -> String {
        let every = |line: &str| {
            ["Plan: ", "Rating: ", "Last update: "].iter().any(|name| line.starts_with(name))
                || line.contains(": http")
        };
        let rest = self.under.iter().filter(|line| !every(line));
        rest.map(|line| line.trim_end_matches('.')).collect::<Vec<_>>().join(", ")
    }
}

/// With a small initial.
fn small(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// What a mail is about: what is overdue and due as "Aiii overdue by 68 days", everything else under its heading.
pub(super) fn about(message: &Message) -> String {
    let mime = message.mime.as_ref().expect("the bytes of what went out");
    let plain = reading::read(mime.as_bytes()).expect("a letter").plain;
    let parts = parts(&plain);
    assert!(!parts.is_empty(), "an empty mail: {plain}");
    match message.kind {
        MessageKind::Round => {
            let by = plain
                .lines()
                .find(|line| line.starts_with("Please write by") || line.contains("were due by"));
            let asked = if plain.contains("reminds you of") || plain.contains("still awaited") {
                "REMINDED OF THE ROUND"
            } else {
                "ASKED FOR UPDATES"
            };
            format!("{asked} ({}): {}", small(by.unwrap_or("no day").trim_end_matches('.')), labels(&parts))
        }
        MessageKind::Escalation => {
            let copy = message.subject.as_ref().is_some_and(|subject| subject.starts_with("Copy: "));
            let heading = if copy { "COPY OF WORD TO THE MANAGER" } else { "WORD TO THE MANAGER" };
            let stages: Vec<String> = parts.iter().flat_map(|(_, cards)| cards).map(Card::stage).collect();
            format!("{heading}: {}", stages.join(", "))
        }
        _ => parts.iter().map(|(heading, cards)| section(heading, cards)).collect::<Vec<_>>().join("; "),
    }
}

fn labels(parts: &[(String, Vec<Card>)]) -> String {
    parts.iter().flat_map(|(_, cards)| cards).map(Card::label).collect::<Vec<_>>().join(", ")
}

fn section(heading: &str, cards: &[Card]) -> String {
    let each = |say: fn(&Card) -> String| cards.iter().map(say).collect::<Vec<_>>();
    match heading {
        "OVERDUE" | "DUE SOON" => each(Card::stage).join("; "),
        "OVERDUE IN WHAT YOU LOOK AFTER" => format!("{heading}: {}", each(Card::stage).join(", ")),
        "HOW THE ROUND STANDS" => {
            format!("{heading}: {}", each(|c| format!("{}, {}", c.title, small(&c.said()))).join(", "))
        }
        _ if heading.starts_with("UPDATES FOR ") => {
            let when = cards[0].under.first().unwrap_or_else(|| panic!("{cards:?}"));
            let when = small(when);
            let labels: Vec<&str> = cards[1..].iter().map(Card::label).collect();
            format!("{heading} ({when}): {}", labels.join(", "))
        }
        // The sentence with the meeting is the same in all of them.
        "DECISIONS OF THE PANEL" => {
            format!("{heading}: {}", each(|c| format!("{} ({})", c.label(), c.under[1])).join(", "))
        }
        "RETURNED WITH A COMMENT" => format!("{heading}: {}", each(|c| c.label().to_owned()).join(", ")),
        // What several have in common is said once.
        _ => {
            let mut same: Vec<(String, Vec<&str>)> = Vec::new();
            for card in cards {
                match same.iter_mut().find(|(said, _)| *said == card.said()) {
                    Some((_, of)) => of.push(card.label()),
                    None => same.push((card.said(), vec![card.label()])),
                }
            }
            let said: Vec<String> =
                same.into_iter().map(|(said, of)| format!("{} ({said})", of.join(", "))).collect();
            format!("{heading}: {}", said.join(", "))
        }
    }
}

/// The sections of a plain text, each with its cards.
fn parts(plain: &str) -> Vec<(String, Vec<Card>)> {
    let body = plain.split("\n-- \n").next().expect("a body");
    let mut parts: Vec<(String, Vec<Card>)> = Vec::new();
    let lines: Vec<&str> = body.lines().collect();
    for (n, line) in lines.iter().enumerate() {
        let is_under = |line: &&str| line.starts_with("  ");
        if is_under(line) {
            let (_, cards) = parts.last_mut().expect("a section");
            if n > 0 && lines[n - 1].is_empty() {
                cards.push(Card::default());
            }
            cards.last_mut().expect("a card").under.push(line.trim().to_owned());
        } else if !line.is_empty() && lines.get(n + 1).is_some_and(is_under) {
            if parts.is_empty() {
                parts.push((String::new(), Vec::new()));
            }
            let (_, cards) = parts.last_mut().expect("a section");
            cards.push(Card { title: (*line).to_owned(), under: Vec::new() });
        } else if line.chars().any(char::is_alphabetic) && *line == line.to_uppercase() {
            parts.push(((*line).to_owned(), Vec::new()));
        }
    }
    parts.retain(|(_, cards)| !cards.is_empty());
    parts
}
