//! Tests of reading deadlines: the table of cases, what is said of a reading, lateness and
//! slippage, and what must hold for any words at all.

mod cases;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a real day")
}

fn plan(letter: char) -> Context {
    let agreed = Context { agreed_on: Some(day(2017, 9, 5)), ..Context::default() };
    match letter {
        'P' => agreed,
        'N' => Context::default(),
        'M' => Context { mostly_months: true, ..agreed },
        'C' => Context { years: YearBasis::Calendar, ..agreed },
        other => panic!("no plan {other}"),
    }
}

fn how(wording: &str) -> String {
    read(wording, &plan('P')).expect(wording).how
}

/// A reading in the notation of the cases.
fn noted(result: Result<Reading, DeadlineError>) -> String {
    let days = |span: Option<Span>| span.map_or("-".to_owned(), |span| span.to_string());
    match result {
        Err(error) => format!("! {error}"),
        Ok(reading) => match (reading.certainty, reading.alternative) {
            (Certainty::Stated, None) => days(reading.span),
            (Certainty::YearAssumed, None) => format!("~ {}", days(reading.span)),
            (Certainty::Ambiguous, other) => format!("{} | {}", days(reading.span), days(other)),
            (certain, Some(other)) => format!("{certain:?} with an alternative {other}"),
        },
    }
}

#[test]
fn every_wording_of_the_table_is_read_as_the_table_says() {
    let wrong: Vec<String> = cases::CASES
        .iter()
        .filter_map(|&(wording, letter, expected)| {
            let noted = noted(read(wording, &plan(letter)));
            let line = format!("{wording:?} in {letter}: {noted}, expected {expected}");
            (noted != expected).then_some(line)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases::CASES.len() >= 120);
}

#[test]
fn the_form_is_told_how_the_words_were_read() {
    for (wording, expected) in [
        ("7 Dec 2017", "Thursday 7 December 2017"),
        ("Sept 2017", "the whole of September 2017 (1 to 30 September)"),
        ("2019", "the whole of 2019 (1 January to 31 December)"),
        ("2025-26", "financial year 2025–26 (1 April 2025 to 31 March 2026)"),
        ("Q3 2019", "quarter 3 of financial year 2019–20 (1 October to 31 December 2019)"),
        ("Q1-Q2 2019", "quarter 1 to quarter 2 of financial year 2019–20 (1 April to 30 September 2019)"),
        ("November", "year assumed: the next November on or after 5 September 2017 (1 to 30 November 2017)"),
        ("Mid June 2018", "mid-June 2018 (11 to 20 June 2018)"),
        (
            "Winter 2018",
            "winter 2018–19 (1 December 2018 to 28 February 2019: a winter is of the year of its December)",
        ),
        ("Jan/Feb 2018", "January and February 2018 (1 January to 28 February 2018)"),
        ("1-5 March 2018", "1 to 5 March 2018"),
        ("w/c 4 Sept 2017", "week commencing 4 September 2017 (4 to 10 September 2017)"),
        ("before May 2018", "before May 2018: by 30 April 2018"),
        (
            "Jul 17",
            "year assumed: the next 17 July on or after 5 September 2017 (17 July 2018); \
             it could also mean 1 to 31 July 2017",
        ),
        ("school summer holidays 2018", "no date taken: the words say more than a date"),
        ("asap", "no date in these words: kept as written"),
        ("May 2018, June 2020", "several dates, and no word that says which: kept as written"),
        (
            "May 2018 TBC",
            "no date taken: the words say more than a date; if the deadline is May 2018, write only that",
        ),
    ] {
        assert_eq!(how(wording), expected, "{wording}");
    }
    let no_year = read("17 July", &plan('N')).expect("no error").how;
    assert_eq!(no_year, "17 July, but no year: say which");
}

#[test]
fn a_month_and_two_figures_are_both_readings_whichever_comes_first() {
    let (days, months) = (read("July 17", &plan('P')), read("July 17", &plan('M')));
    let (days, months) = (days.expect("no error"), months.expect("no error"));
    assert_eq!(days.certainty, Certainty::Ambiguous);
    assert_eq!(days.span, months.alternative);
    assert_eq!(days.alternative, months.span);
}

#[test]
fn deadlines_are_mostly_months_when_more_than_half_of_the_dated_ones_are() {
    let month = Span::month(2017, 9).expect("a month");
    let one_day = Span::day(day(2017, 9, 30));
    let quarter = Span::new(day(2017, 10, 1), day(2017, 12, 31)).expect("a span");
    assert!(mostly_months(&[month, month, one_day]));
    assert!(!mostly_months(&[month, one_day]));
    assert!(!mostly_months(&[month, quarter, quarter]));
    assert!(!mostly_months(&[]));
    assert!(wordings_mostly_months(["July 17", "Sept 2017", "November", "Ongoing"]));
    assert!(!wordings_mostly_months(["July 17", "Ongoing"]));
}

#[test]
fn a_span_never_runs_backwards() {
    let (first, last) = (day(2017, 9, 1), day(2017, 9, 30));
    assert_eq!(Span::new(first, last), Span::month(2017, 9));
    assert_eq!(Span::new(first, first), Some(Span::day(first)));
    assert_eq!(Span::new(last, first), None);
    assert_eq!(Span::month(2017, 13), None);
}

#[test]
fn a_deadline_is_overdue_from_the_day_after_its_latest_day() {
    let latest = day(2017, 9, 30);
    assert_eq!(overdue_days(latest, day(2017, 9, 29)), None);
    assert_eq!(overdue_days(latest, latest), None);
    assert_eq!(overdue_days(latest, day(2017, 10, 1)), Some(1));
    assert_eq!(overdue_days(latest, day(2017, 12, 7)), Some(68));
    assert_eq!(overdue_days(NaiveDate::MAX, NaiveDate::MIN), None);
    assert!(overdue_days(NaiveDate::MIN, NaiveDate::MAX).is_some());
}

#[test]
fn slippage_is_said_in_years_months_and_days() {
    let read = |wording| {
        let reading = read(wording, &plan('P')).expect(wording);
        reading.span.expect(wording)
    };
    for (original, current, expected) in [
        ("Sept 2017", "Feb 2018", Some("5 months")),
        ("Jan 2018", "Feb 2018", Some("1 month")),
        ("30 Sept 2017", "9 Oct 2017", Some("9 days")),
        ("30 Sept 2017", "1 Oct 2017", Some("1 day")),
        ("Sept 2017", "Nov 2018", Some("1 year and 2 months")),
        ("7 Dec 2017", "7 Dec 2019", Some("2 years")),
        ("7 Dec 2017", "7 March 2018", Some("3 months")),
        ("7 Dec 2017", "10 Feb 2018", Some("2 months and 3 days")),
        ("7 Dec 2017", "8 Jan 2019", Some("1 year, 1 month and 1 day")),
        ("7 Dec 2017", "6 Jan 2018", Some("30 days")),
        ("31 Jan 2018", "28 Feb 2018", Some("1 month")),
        ("30 Jan 2018", "1 March 2018", Some("1 month and 1 day")),
        ("30 Jan 2018", "28 Feb 2018", Some("29 days")),
        ("Q3 2019", "End of March 2020", Some("3 months")),
        ("Sept 2017", "30 Sept 2017", None),
        ("Sept 2017", "July 2017", None),
    ] {
        let expected = expected.map(|amount| format!("{amount} later than first agreed"));
        assert_eq!(slippage(read(original), read(current)), expected, "{original} to {current}");
    }
    let ends = (Span::day(NaiveDate::MIN), Span::day(NaiveDate::MAX));
    assert!(slippage(ends.0, ends.1).is_some());
}

#[test]
fn twenty_thousand_characters_of_anything_are_read_in_one_go() {
    for part in [
        "a",
        "1",
        "1/",
        "1 ",
        "jan/",
        "jan ",
        "jan 17 ",
        "end of ",
        "before ",
        "between 1 and ",
        "2017-",
        "17/18/",
        "q3 ",
        "first half of ",
        "(",
        "mon ",
        "w/c ",
        "'",
        "t00:",
        "1-jan-",
        "\u{130}",
        "early/",
        "1,",
        "jan (",
        "12:",
        "24/7/",
    ] {
        let words: String = part.chars().cycle().take(20_000).collect();
        for letter in ['P', 'M'] {
            let _ = read(&words, &plan(letter));
        }
    }
}

fn contexts() -> impl Strategy<Value = Context> {
    let agreed_on = prop_oneof![
        Just(None),
        Just(Some(NaiveDate::MIN)),
        Just(Some(NaiveDate::MAX)),
        (-262_000..262_000_i32, 1..=366_u32)
            .prop_map(|(year, ordinal)| NaiveDate::from_yo_opt(year, ordinal)),
        (2010..2030_i32, 1..=365_u32).prop_map(|(year, o)| NaiveDate::from_yo_opt(year, o)),
    ];
    (agreed_on, any::<bool>(), any::<bool>()).prop_map(|(agreed_on, calendar, mostly_months)| Context {
        agreed_on,
        years: if calendar { YearBasis::Calendar } else { YearBasis::Financial },
        mostly_months,
    })
}

/// Words that nearly make deadlines, put together anyhow.
fn near_deadlines() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => (0..40_u32).prop_map(|n| n.to_string()),
        2 => (1890..2210_u32).prop_map(|n| n.to_string()),
        4 => prop::sample::select(&[
            "Jan", "February", "Sept", "December", "June", "Q3", "H", "quarter", "half", "first",
            "2nd", "mid", "end", "early", "of", "the", "term", "Spring", "winter", "FY", "year",
            "academic year", "financial year", "w/c", "week ending", "Friday", "before", "between",
            "and", "to", "or", "from", "by", "TBC", "weeks", "Christmas", "'17", "T00:00", "pm",
        ][..]).prop_map(str::to_owned),
    ];
    let between = prop::sample::select(&[" ", " ", " ", "", "/", "-", " - ", ", ", ".", " ("][..]);
    prop::collection::vec((part, between), 0..9)
        .prop_map(|parts| parts.into_iter().map(|(a, b)| a + b).collect())
}

fn any_words() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), near_deadlines()]
}

fn days_of_the_century() -> impl Strategy<Value = NaiveDate> {
    (2000..2100_i32, 1..=365_u32).prop_filter_map("a day", |(year, o)| NaiveDate::from_yo_opt(year, o))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn no_words_make_it_panic_and_no_span_runs_backwards(words in any_words(), context in contexts()) {
        if let Ok(reading) = read(&words, &context) {
            for span in [reading.span, reading.alternative].into_iter().flatten() {
                prop_assert!(span.earliest <= span.latest);
            }
            prop_assert!(!reading.how.is_empty());
            prop_assert!(reading.alternative.is_none() || reading.certainty == Certainty::Ambiguous);
            prop_assert!(reading.certainty != Certainty::YearAssumed || context.agreed_on.is_some());
        }
    }

    #[test]
    fn white_space_and_letter_case_make_no_difference(words in any_words(), context in contexts()) {
        let reading = read(&words, &context);
        let folded = words.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(&read(&folded, &context), &reading);
        prop_assert_eq!(&read(&words.to_uppercase(), &context), &reading);
        prop_assert_eq!(&read(&words.to_lowercase(), &context), &reading);
    }

    #[test]
    fn a_day_reads_back_from_every_style(date in days_of_the_century(), context in contexts()) {
        for style in [
            "%-d %B %Y", "%d/%m/%y", "%-d.%-m.%Y", "%Y-%m-%d", "%A %-d %b %Y", "%d-%b-%y",
            "by %B %-d, %Y", "%-d %b '%y",
        ] {
            let words = date.format(style).to_string();
            let reading = read(&words, &context);
            prop_assert_eq!(reading.as_ref().ok().and_then(|r| r.span), Some(Span::day(date)), "{}", words);
            prop_assert_eq!(reading.map(|r| r.certainty), Ok(Certainty::Stated));
        }
    }

    #[test]
    fn a_span_reads_back_from_its_own_words(a in days_of_the_century(), b in days_of_the_century(), context in contexts()) {
        let span = Span { earliest: a.min(b), latest: a.max(b) };
        prop_assert_eq!(read(&span.to_string(), &context).map(|r| r.span), Ok(Some(span)));
    }

    #[test]
    fn an_assumed_year_never_ends_before_the_agreement(o in 1..=365_u32, year in 2010..2030_i32, words in near_deadlines()) {
        let context = Context { agreed_on: NaiveDate::from_yo_opt(year, o), ..Context::default() };
        if let Ok(Reading { span: Some(span), certainty: Certainty::YearAssumed, .. }) = read(&words, &context) {
            prop_assert!(Some(span.latest) >= context.agreed_on, "{} is {}", words, span);
        }
    }

    #[test]
    fn slippage_is_said_exactly_when_the_end_moves_back(a in days_of_the_century(), b in days_of_the_century()) {
        prop_assert_eq!(slippage(Span::day(a), Span::day(b)).is_some(), b > a);
    }
}
