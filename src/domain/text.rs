//! Text as people write it and as pages and mails say it.
//!
//! Owns paragraphs, short titles, unknown facts, plurals, lists, and how a day is written. It never
//! changes what someone wrote: everything here reads a text and gives back a new one, or a part.

use std::borrow::Borrow;
use std::fmt::Display;

use chrono::{NaiveDate, NaiveDateTime};

/// How much of a text stands as its short title, in characters.
const SHORT_TITLE: usize = 60;

/// The paragraphs of a text, which blank lines separate, without white space around them. A single
/// line break stays inside its paragraph.
pub fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.trim_start();
    std::iter::from_fn(move || {
        let end = rest.split_inclusive('\n').take_while(|line| !line.trim().is_empty()).map(str::len).sum();
        let (paragraph, after) = rest.split_at(end);
        rest = after.trim_start();
        (!paragraph.is_empty()).then(|| paragraph.trim_end())
    })
}

/// The text on one line: every run of white space, no-break spaces and line breaks among it, becomes
/// one space, and none stands at either end.
pub fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What an action is called that has no title of its own: the first 60 characters of its text, cut
/// at a word, with `…` after them where something was cut. Only a word that alone is longer is cut
/// inside.
pub fn short_title(text: &str) -> String {
    let text = fold(text);
    let Some((end, _)) = text.char_indices().nth(SHORT_TITLE) else {
        return text;
    };
    let (head, tail) = text.split_at(end);
    let whole_words = match head.rsplit_once(' ') {
        Some((whole_words, _)) if !tail.starts_with(' ') => whole_words,
        _ => head,
    };
    // A comma, a dash or an opening bracket would dangle before the ellipsis.
    let title = whole_words
        .trim_end_matches([' ', ',', ';', ':', '.', '…', '-', '–', '—', '/', '&', '(', '[', '‘', '“']);
    let title = if title.is_empty() { head } else { title };
    format!("{title}…")
}

/// How many facts a text says it does not know yet: each run of two or more question marks is one.
///
/// `really???` counts too. A doubt that is looked at in vain costs less than a gap that the panel
/// finds; a single question mark is a question.
pub fn unknown_facts(text: &str) -> usize {
    text.split(|c| c != '?').filter(|run| run.len() >= 2).count()
}

/// A count with its noun: `1 action`, `3 actions`, `0 actions`.
pub fn plural<N: Display + From<u8> + PartialEq>(n: N, one: &str, many: &str) -> String {
    let noun = if n == N::from(1) { one } else { many };
    format!("{n} {noun}")
}

/// Items as a sentence has them: `Aiii, Avii and D`; nothing for no items.
pub fn list<S: Borrow<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [only] => only.borrow().to_owned(),
        [first @ .., last] => format!("{} and {}", first.join(", "), last.borrow()),
    }
}

/// The text with a capital at its start, the rest as it was.
pub fn initial_capital(text: &str) -> String {
    let mut rest = text.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

/// `7 December 2017`
pub fn day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// `Wednesday 31 January 2018`
pub fn weekday_day(day: NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}

/// `Wed 31 Jan`, for subjects of mails, where the year is clear.
pub fn short_day(day: NaiveDate) -> String {
    day.format("%a %-d %b").to_string()
}

/// `September 2017`, for any day of that month.
pub fn month(day: NaiveDate) -> String {
    day.format("%B %Y").to_string()
}

/// `4 June 2026 at 9:32am`
pub fn moment(moment: NaiveDateTime) -> String {
    moment.format("%-d %B %Y at %-I:%M%P").to_string()
}

/// Whether this could be an email address. Whether it is one, only a mail to it can tell.
pub fn is_address(text: &str) -> bool {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
    let Some((local, domain)) = text.split_once('@') else { return false };
    let mut labels = domain.split('.');
    plain
        && !local.is_empty()
        && !domain.contains('@')
        && domain.contains('.')
        && labels.all(|l| !l.is_empty())
}

/// `10:42am`
pub fn time(moment: NaiveDateTime) -> String {
    moment.format("%-I:%M%P").to_string()
}

/// Whether a text holds a name as whole words: "for Given Family" names Given Family, "Given Familyname" does not.
pub fn says_name(text: &str, name: &str) -> bool {
    places_of(text, name).next().is_some()
}

/// The text with every such place of a name replaced.
pub fn replace_name(text: &str, name: &str, by: &str) -> String {
    let (mut new, mut done) = (String::with_capacity(text.len()), 0);
    for at in places_of(text, name) {
        new.push_str(&text[done..at]);
        new.push_str(by);
        done = at + name.len();
    }
    new.push_str(&text[done..]);
    new
}

/// Where a name stands in a text as whole words, in bytes.
fn places_of<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let at = |i: usize| {
        let before = text[..i].chars().next_back();
        let after = text[i + name.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    let found = if name.trim().is_empty() { None } else { Some(text.match_indices(name)) };
    found.into_iter().flatten().map(|(i, _)| i).filter(move |i| at(*i))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_found_as_whole_words_alone() {
        for (text, name, without) in [
            ("Communications Manager (Given Family)", "Given Family", "Communications Manager (–)"),
            ("for Given Family, received by email", "Given Family", "for –, received by email"),
            ("Given Familyname, Forgiven Family", "Given Family", "Given Familyname, Forgiven Family"),
            ("Gíven Fámily and Gíven Fámily", "Gíven Fámily", "– and –"),
            ("Éfamily", "family", "Éfamily"),
            ("anything", "", "anything"),
        ] {
            assert_eq!(replace_name(text, name, "–"), without);
            assert_eq!(says_name(text, name), text != without, "{text}");
        }
    }

    #[test]
    fn blank_lines_separate_paragraphs_and_single_line_breaks_do_not() {
        for (text, expected) in [
            ("", &[][..]),
            (" \n\n \t\n", &[]),
            ("One.", &["One."]),
            ("One,\nstill one.", &["One,\nstill one."]),
            ("One.\n\nTwo.", &["One.", "Two."]),
            ("\n\nOne.\n \t \n\n\nTwo.\n", &["One.", "Two."]),
            // As a browser sends a text area, and with a no-break space on the blank line.
            ("One.\r\n\r\nTwo,\r\nstill two.", &["One.", "Two,\r\nstill two."]),
            ("One.\n\u{a0}\nTwo.", &["One.", "Two."]),
            ("  One.  \n\n  Two.", &["One.", "Two."]),
        ] {
            assert_eq!(paragraphs(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }

    #[test]
    fn folding_leaves_single_spaces() {
        for (text, folded) in [
            ("", ""),
            (" \u{a0}\n", ""),
            ("One  two\tthree\r\n\r\nfour", "One two three four"),
            (" Action\u{a0}Complete\u{2003}now ", "Action Complete now"),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    #[test]
    fn a_short_title_is_the_first_60_characters_cut_at_a_word() {
        let sixty = "a".repeat(60);
        let cases = [
            (String::new(), String::new()),
            ("Report sent to schools.".into(), "Report sent to schools.".into()),
            (
                "Circulate report and recommendations to Schools, Academies and Colleges.".into(),
                "Circulate report and recommendations to Schools, Academies…".into(),
            ),
            (
                "The CEOP Ambassador will research and promote this to schools, academies and colleges."
                    .into(),
                "The CEOP Ambassador will research and promote this to…".into(),
            ),
            (sixty.clone(), sixty.clone()),
            (format!("{sixty} b"), format!("{sixty}…")),
            (format!("{sixty}b"), format!("{sixty}…")),
            ("a".repeat(200), format!("{sixty}…")),
            (format!("See {}", "a".repeat(200)), "See…".into()),
            (
                format!("{} {} and so on", "a".repeat(29), "b".repeat(30)),
                format!("{} {}…", "a".repeat(29), "b".repeat(30)),
            ),
            ("é".repeat(200), format!("{}…", "é".repeat(60))),
            ("One\n\ntwo  three".into(), "One two three".into()),
            ("-".repeat(61), format!("{}…", "-".repeat(60))),
        ];
        for (text, title) in cases {
            assert_eq!(short_title(&text), title, "{text:?}");
        }
    }

    #[test]
    fn a_short_title_leaves_no_punctuation_dangling_before_its_ellipsis() {
        for end in [",", ";", ":", ".", " –", " (", " &", " “", "...", ", –"] {
            let text = format!("Details will be sent to all schools in the town{end} straightforwardly");
            let title = short_title(&text);
            assert_eq!(title, "Details will be sent to all schools in the town…");
        }
        let title = short_title("Is it sent to all of the schools (in the whole town)? Afterwards, who");
        assert_eq!(title, "Is it sent to all of the schools (in the whole town)?…");
    }

    #[test]
    fn each_run_of_question_marks_is_one_unknown_fact() {
        for (text, count) in [
            ("", 0),
            ("Is it done?", 0),
            ("? ?", 0),
            (
                "Each message and alert is sent to: ?? professionals from ?? schools, academies and colleges.",
                2,
            ),
            ("??", 1),
            ("???", 1),
            ("????", 1),
            ("really???", 1),
            ("20?? or £??", 2),
            ("what?! no??", 1),
        ] {
            assert_eq!(unknown_facts(text), count, "{text:?}");
        }
    }

    #[test]
    fn only_one_is_singular() {
        assert_eq!(plural(1, "action", "actions"), "1 action");
        assert_eq!(plural(0_usize, "action", "actions"), "0 actions");
        assert_eq!(plural(3_u64, "action", "actions"), "3 actions");
        assert_eq!(plural(68_i64, "day", "days"), "68 days");
        assert_eq!(plural(21, "day", "days"), "21 days");
    }

    #[test]
    fn a_list_ends_with_and() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["Aiii"]), "Aiii");
        assert_eq!(list(&["Aiii", "D"]), "Aiii and D");
        let owned = ["Aiii", "Avii", "D"].map(String::from);
        assert_eq!(list(&owned), "Aiii, Avii and D");
    }

    #[test]
    fn a_capital_stands_at_the_start_only() {
        for (text, expected) in [
            ("", ""),
            ("due in 3 days", "Due in 3 days"),
            ("éa", "Éa"),
            ("MAP Coordinator", "MAP Coordinator"),
            ("3 overdue", "3 overdue"),
        ] {
            assert_eq!(initial_capital(text), expected);
        }
    }

    #[test]
    fn days_are_written_as_the_pages_say_them() {
        let date = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(day(date(2017, 12, 7)), "7 December 2017");
        assert_eq!(weekday_day(date(2018, 1, 31)), "Wednesday 31 January 2018");
        assert_eq!(short_day(date(2018, 1, 31)), "Wed 31 Jan");
        assert_eq!(short_day(date(2017, 9, 5)), "Tue 5 Sep");
        assert_eq!(month(date(2017, 9, 30)), "September 2017");
        let at = |h, m| moment(date(2026, 6, 4).and_hms_opt(h, m, 59).unwrap());
        assert_eq!(at(9, 32), "4 June 2026 at 9:32am");
        assert_eq!(at(16, 5), "4 June 2026 at 4:05pm");
        assert_eq!(at(0, 0), "4 June 2026 at 12:00am");
        assert_eq!(at(12, 0), "4 June 2026 at 12:00pm");
    }

    #[test]
    fn the_ends_of_time_are_written_without_a_panic() {
        for end in [NaiveDate::MIN, NaiveDate::MAX] {
            assert!(!day(end).is_empty() && !weekday_day(end).is_empty() && !month(end).is_empty());
        }
    }

    proptest! {
        #[test]
        fn paragraphs_lose_nothing_but_white_space(text in "[ab?\\. \\n\\r\\t\u{a0}é]{0,40}") {
            let joined = paragraphs(&text).collect::<Vec<_>>().join("\n\n");
            prop_assert_eq!(fold(&joined), fold(&text));
            for paragraph in paragraphs(&text) {
                prop_assert!(!paragraph.is_empty());
                prop_assert_eq!(paragraph, paragraph.trim());
                prop_assert_eq!(paragraphs(paragraph).count(), 1);
            }
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,20}[ \\n\\t\u{a0}]{0,3}\\PC{0,20}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.as_str());
            prop_assert_eq!(&once, once.trim());
        }

        #[test]
        fn a_short_title_opens_its_text_and_fits(text in "([a-zé😀,.()–-]{1,20}[ \\n]{1,2}){0,12}") {
            let folded = fold(&text);
            let title = short_title(&text);
            match title.strip_suffix('…') {
                Some(kept) if title != folded => {
                    prop_assert!(folded.starts_with(kept));
                    prop_assert!(!kept.is_empty() && kept.chars().count() <= SHORT_TITLE);
                }
                _ => prop_assert_eq!(&title, &folded),
            }
        }
    }

    #[test]
    fn an_address_has_one_at_and_a_dot_in_its_domain() {
        for good in ["a@b.uk", "risk-and-resilience-manager@example.org", "o'brien@example.org"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["", "a", "a@b", "@b.uk", "a@@b.uk", "a@b@c.uk", "a b@c.uk", "a@.uk", "a@b.", "A <a@b.uk>"]
        {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
