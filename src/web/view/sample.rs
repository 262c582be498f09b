//! Samples: every component once, in pages as people will see them.
//!
//! For tests and for looking at. To look: `SAMPLE_SHEETS=some/folder cargo test
//! write_the_sample_sheets -- --ignored`, then open the files in a browser. The words of
//! plans are Appendix B's own; nobody in them is invented.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::button::{Confirm, Kind, button_group, confirm, hidden, link_button, post_button, submit};
use super::count::{Count, counts};
use super::form::{Choice, DateParts, FieldError, Inputs, Width, fieldset, filter_panel, post};
use super::heat_strip::{HeatCell, HeatRow, HeatStrip, heat_strip};
use super::kit::{
    Fact, Link, both_texts, day, details, empty, inset, moment, month, notice, pagination, paragraphs,
    plain_text, sandbox, summary_list,
};
use super::layout::{Breadth, Demonstration, Flash, Frame, NavItem, Page, SignedIn, Way, page};
use super::rating::{flag, grey_words, key_table, rating_tag, suggested_key, suggested_tag, suggestion};
use super::slippage::{SlippageChart, SlippageRow, slippage_chart};
use super::table::{self, Column, Row, Sorted, Table, sort_links};
use super::timeline::{Entry, timeline};
use crate::domain::{
    dashboard::Direction,
    rating::{Colour, KeyEntry, Rating, Suggested},
    words::Words,
};

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
}

pub(super) fn key() -> Vec<KeyEntry> {
    [
        (Rating::OffTrack, "Red", Colour::Red, "Will miss its date, or has missed it"),
        (Rating::AtRisk, "Amber", Colour::Amber, "The date or the result may slip"),
        (Rating::OnTrack, "Green", Colour::Green, "On track for its date"),
        (Rating::Complete, "Complete", Colour::Complete, "Done, and the panel has been told what came of it"),
        (Rating::NotRecorded, "Not recorded", Colour::Plain, "Nobody gave a rating"),
    ]
    .map(|(rating, word, colour, meaning)| KeyEntry {
        rating,
        word: word.into(),
        colour,
        meaning: meaning.into(),
    })
    .into()
}

const NAV: [(&str, &str); 7] = [
    ("/", "My actions"),
    ("/plans", "Plans"),
    ("/dashboard", "Dashboard"),
    ("/people", "People"),
    ("/reminders", "Reminders"),
    ("/history", "History"),
    ("/search", "Search"),
];

const BACK: Way<'static> = Way::Back(Link { href: "/actions/4", label: "Back to Aiii" });

/// Every sample page with its name.
pub(super) fn samples() -> Vec<(&'static str, Markup)> {
    vec![
        ("plan", plan()),
        ("dashboard", dashboard()),
        ("action", action()),
        ("update", update(&[], "")),
        (
            "update-rejected",
            update(
                &[
                    FieldError::new("narrative", "Enter what has happened since 7 December 2017"),
                    FieldError::new("later", "February 2018 has no 31st day"),
                    FieldError::new("spoke_of", "Enter the day in full, for example 29 1 2018"),
                    FieldError::whole_form("This action was changed while you were writing"),
                ],
                "off_track",
            ),
        ),
        ("confirm", question()),
        ("parts", parts()),
    ]
}

/// A page in the frame that the manager sees, with `current` marked in its navigation.
fn framed(
    title: &[&str],
    current: &str,
    change: impl for<'p> FnOnce(&mut Page<'p>),
    content: Markup,
) -> Markup {
    let nav = NAV.map(|(href, label)| NavItem { link: Link::new(href, label), current: label == current });
    let frame = Frame {
        stylesheet: "app.css",
        favicon: "favicon.svg",
        home: "/",
        organisation: Some("Middlesbrough Council"),
        demonstration: Some(Demonstration {
            today: date(2017, 12, 7),
            next_day: "/demonstration/next-day",
            next_week: "/demonstration/next-week",
            start_again: "/demonstration/start-again",
            mail: "/demonstration/mail",
            sign_in: "/demonstration/people",
        }),
        signed_in: Some(SignedIn {
            name: "Risk and Resilience Manager",
            account: Some("/account"),
            sign_out: "/session/end",
        }),
        nav: &nav,
        footer: &[
            Link::new("/accessibility", "Accessibility"),
            Link::new("/about", "About this installation"),
        ],
    };
    let mut framed = Page::new(&frame, title);
    change(&mut framed);
    page(&framed, content)
}

const WORDS: [[&str; 5]; 4] = [
    [
        "Aiii",
        "That children and young people be provided with a 3 point plan of 'what to do if this happens to me'.",
        "Three- point plan to be researched, developed and circulated through Middlesbrough Achievement Partnership",
        "The UKCCIS has established a working group and is currently developing a national 3 step plan for digital resilience for children. Head Teachers and Governors have been provided with an interim updated on this and will receive further updates when the plan is fully developed.",
        "UKCCIS is now part of the Governments green paper and a change in direction will delay this indefinitely.\n\nThe Middlesbrough Digital Resilience and Safeguarding Network launched a campaign where children / young people have been invited to submit their ideas for a plan to cover 'what to do if this happens to me'. The successful suggestion as chosen by the network will be turned into a public campaign, (as outlined in action I), and will be recommended to all schools – This ensures the “Voice of the child” is heard\n\nAction left open until the competition closes and the plan is developed.",
    ],
    [
        "Aiv",
        "That teachers, parents, carers and professionals working with children and young people are provided with a quick and easy reference method on how to respond to any incidents.",
        "The Abingdon document will provide this – no further action required by the Local Authority",
        "The documents from Abingdon and Newport Primary Schools were circulated to all schools, academies and colleges through the MAP Coordinator. Both provide best practice setp by step approach.",
        "Action Complete",
    ],
    [
        "Av",
        "That due attention is given to the Local Children’s Safeguarding Board’s quarterly newsletter.",
        "Children’s Services agree with this recommendation and will ensure it is circulated to all schools, academies and colleges.",
        "A section will be included in the October 2017 briefing note to schools outlining the existence of the scrutiny report and the main recommendations",
        "This action has been reviewed and in order to reduce duplication, it has been incorporated into action Eii – The Communications Strategy",
    ],
    [
        "Avii",
        "That the 'Digital Leaders' Program is promoted in all schools across the town.",
        "The CEOP Ambassador will research and promote this to schools, academies and colleges.",
        "Work has started on this. A program and scheme of work has been written. This is to be piloted in Trinity as a Head start school.",
        "16 Young People from UCA were selected and travelled to Leeds to be Trained under the Dianna Awards Digital Ambassador / Be Strong scheme. 8 have chosen to continue with the scheme and they will be training other young people in Middlesbrough schools.",
    ],
];

fn plan() -> Markup {
    let key = key();
    let f = Inputs::new(&[]);
    let columns = [
        Column::new("Recommendation").width(table::Width::Prose).sorted(Sorted::Ascending),
        Column::new("Action").width(table::Width::Prose),
        Column::new("By when").width(table::Width::Narrow),
        Column::new("Lead").width(table::Width::Medium),
        Column::new("Resource required").width(table::Width::Narrow),
        Column::new("Update / RAG Sept 2017").width(table::Width::Prose),
        Column::new("Update / RAG 7 Dec 2017").width(table::Width::Prose),
    ];
    let rows = WORDS.iter().enumerate().map(|(index, [reference, recommendation, action, sept, dec])| {
        let tag = match index {
            0 => html! { (rating_tag(&key[0])) },
            1 => rating_tag(&key[3]),
            2 => grey_words(html! { "Merged into Eii" }),
            _ => html! { (suggestion(Suggested::OffTrack, "deadline passed 7 days ago, no completion stated")) },
        };
        Row::new([
            html! { p { a href="/actions/9" { strong { (reference) } } } p { (recommendation) } },
            html! { (action) },
            html! {
                p { @if index == 3 { "November 2017" } @else { "Sept 2017" } }
                @if index == 0 { p { (flag("Overdue by 68 days")) } p class="soft" { "March 2018 asked for" } }
            },
            html! { @if index == 0 { "Education Safeguarding Lead" } @else { "Risk and Resilience Manager" } },
            html! { "Managed within existing budget" },
            html! { p { (rating_tag(&key[[1, 2, 4, 2][index]])) } (paragraphs(sept)) },
            html! { p { (tag) } (paragraphs(dec)) },
        ])
        .id(reference)
    });
    let filter = html! {
        (f.select("lead", "Lead", "", [Choice::new("", "Everyone"), Choice::new("3", "MAP Coordinator")]))
        (f.select("rating", "Rating", "", [Choice::new("", "All ratings"), Choice::new("red", "Red")]))
        (f.select("show", "Show", "overdue", [Choice::new("", "All actions"), Choice::new("overdue", "Overdue")]))
        (f.text("q", "Words", ""))
    };
    let content = html! {
        h1 { span class="caption" { "Action plan" } "Digital Safeguarding: Sexting and Youth Produced Sexual Imagery" }
        p class="lead-sentence" { "22 actions: 11 complete, 3 overdue, 1 at risk. The panel meets on " (day(date(2018, 2, 19))) "." }
        (button_group([
            link_button(Link::new("/plans/appendix-b/actions/new", "Add an action"), Kind::Primary),
            link_button(Link::new("/plans/appendix-b/edit", "Change the plan"), Kind::Secondary),
            html! { (Link::new("/plans/appendix-b/dashboard", "Where things stand")) },
        ]))
        (filter_panel("/plans/appendix-b", "Showing 4 of 22 actions", true, filter, Some("/plans/appendix-b")))
        (sort_links([Link::new("?sort=reference", "Reference"), Link::new("?sort=by_when", "By when"), Link::new("?sort=lead", "Lead")], "Reference"))
        (Table::new("Actions, with the two latest rounds", columns).plan().caption_hidden().row_head(0).rows(rows))
        (key_table(&key, Some("The source prints no key: this one came with the plan.")))
    };
    let change = |page: &mut Page<'_>| {
        page.way = Way::Crumbs(&[Link { href: "/plans", label: "Plans" }]);
        page.breadth = Breadth::Wide;
    };
    framed(&["Digital Safeguarding"], "Plans", change, content)
}

fn dashboard() -> Markup {
    let key = key();
    let cell = |letter: char| match letter {
        'R' => HeatCell::Reported(&key[0]),
        'A' => HeatCell::Reported(&key[1]),
        'G' => HeatCell::Reported(&key[2]),
        'C' => HeatCell::Reported(&key[3]),
        'P' => HeatCell::Reported(&key[4]),
        'o' => HeatCell::Hollow(Suggested::OffTrack),
        'a' => HeatCell::Hollow(Suggested::AtRisk),
        'n' => HeatCell::Hollow(Suggested::NothingAgainst),
        '-' => HeatCell::NotApplicable,
        _ => HeatCell::Empty("No update received"),
    };
    let rows = [
        ("Action 1", "Circulate report and recommendations", "GC"),
        ("Ai", "CEOP ambassador trained staff", "GC"),
        ("Aiii", "Three-point plan", "Ao"),
        ("Av", "Quarterly newsletter", "P-"),
        ("Avii", "Digital Leaders", "AR"),
        ("Aviii", "Drama", "nn"),
        ("J", "Annual update", " a"),
        ("K", "Report to the panel", "na"),
    ]
    .map(|(label, title, cells)| HeatRow {
        label,
        title,
        href: Some("/actions/9"),
        cells: cells.chars().map(cell).collect(),
        went: Direction::ALL.into_iter().cycle().nth(label.len()),
    });
    let content = html! {
        h1 { "Where things stand" }
        p class="lead-sentence" { "11 of 22 actions are said to be complete, 3 are overdue, and on 1 the rating and the facts disagree." }
        (counts([
            Count::new("2 red of 22", 2, 22).link("?rating=red").colour(Colour::Red),
            Count::new("3 amber of 22", 3, 22).link("?rating=amber").colour(Colour::Amber),
            Count::new("6 green of 22", 6, 22).link("?rating=green").colour(Colour::Green),
            Count::new("11 complete of 22", 11, 22).link("?rating=complete").colour(Colour::Complete),
            Count::new("3 overdue of 22", 3, 22).link("?show=overdue"),
            Count::new("0 without update in the latest round", 0, 22),
        ]))
        div class="columns" {
            section {
                h2 { "Ratings by round" }
                (heat_strip(&HeatStrip {
                    id: "strip", title: "Ratings by round, Appendix B", description: "8 actions in 2 rounds; 2 complete in the latest",
                    rounds: &["Sept 2017", "7 Dec 2017"], since: Some("Sept 2017"), key: &key, rows: &rows,
                }))
            }
            section {
                h2 { "Slippage" }
                (slippage_chart(&SlippageChart {
                    id: "dates", title: "Deadlines, first agreed and now, Appendix B",
                    description: "2 actions; another date is asked for 1", day: date(2017, 12, 7),
                    rows: &[
                        SlippageRow {
                            label: "Aiii", title: "Three-point plan", href: "/actions/9", original: Some(date(2017, 9, 30)),
                            current: date(2018, 2, 28), asked: None, note: "5 months later",
                            first: "Sept 2017", now: "February 2018", later: "5 months later than first agreed", wanted: "",
                        },
                        SlippageRow {
                            label: "K", title: "Report to the panel", href: "/actions/22", original: Some(date(2018, 1, 31)),
                            current: date(2018, 1, 31), asked: Some(date(2018, 3, 31)), note: "2 months later asked for",
                            first: "Jan 2018", now: "Jan 2018", later: "as first agreed", wanted: "March 2018",
                        },
                    ],
                }))
                h2 { "Overdue" }
                (Table::new("Overdue actions", [Column::new("Action"), Column::new("By when"), Column::new("Days late").width(table::Width::Number)])
                    .caption_hidden().row_head(0)
                    .rows([("Aiii", "September 2017", "68"), ("Avii", "November 2017", "7"), ("D", "November 2017", "7")]
                        .map(|(reference, by_when, days)| Row::new([html! { a href="/actions/9" { (reference) } }, html! { (by_when) }, html! { (days) }]))))
                h2 { "Where the rating and the facts disagree" }
                p { a href="/actions/9" { "I" } " is reported " (rating_tag(&key[3])) " and merged into Aiii, which is off track. " (suggested_tag(Suggested::OffTrack)) }
                h2 { "No update received" }
                (empty("Every action had an update", "No action was left out in the round of 7 December 2017.", None))
            }
        }
    };
    framed(&["Where things stand", "Appendix B"], "Dashboard", |_| (), content)
}

fn action() -> Markup {
    let key = key();
    let [reference, recommendation, action, sept, dec] = WORDS[0];
    let content = html! {
        h1 { span class="caption" { (reference) } "Three-point plan" }
        (inset(html! { p { strong { "Recommendation " (reference) } } p { (recommendation) } }))
        (summary_list([
            Fact::new("Action", action).change("/actions/4/edit"),
            Fact::new("By when", html! { p { (month(date(2017, 9, 1))) } p { (flag("Overdue by 68 days")) } }).change("/actions/4/deadlines/new"),
            Fact::new("Lead", "Education Safeguarding Lead").change("/actions/4/leads"),
            Fact::new("Resource required", "Managed within existing budget"),
            Fact::new("Reported rating", rating_tag(&key[4])),
            Fact::new("What the facts say", suggestion(Suggested::OffTrack, "deadline passed 68 days ago, no completion stated")),
        ]))
        (button_group([
            link_button(Link::new("/actions/4/updates/new", "Add update"), Kind::Primary),
            link_button(Link::new("/actions/4/deadlines/new", "Change the deadline"), Kind::Secondary),
            link_button(Link::new("/actions/4/merge", "Merge"), Kind::Secondary),
            post_button("/actions/4/reopening", "Reopen", Kind::Secondary, &[("version", "3")]),
        ]))
        h2 { "What happened" }
        (timeline([
            Entry { heading: "March 2018 asked for", id: None, who: Some("Risk and Resilience Manager"), when: moment(date(2017, 12, 7).and_hms_opt(9, 32, 0).expect("a time of day")), tags: suggested_tag(Suggested::AtRisk), body: Markup::default() },
            Entry { heading: "Update for 7 Dec 2017", id: Some("update-8"), who: Some("Education Safeguarding Lead"), when: html! { "Day written not recorded" }, tags: rating_tag(&key[4]), body: paragraphs(dec) },
            Entry { heading: "Update for Sept 2017", id: Some("update-3"), who: Some("Education Safeguarding Lead"), when: day(date(2017, 9, 25)), tags: rating_tag(&key[2]), body: paragraphs(sept) },
            Entry { heading: "Executive agreed the plan", id: None, who: None, when: day(date(2017, 9, 5)), tags: Markup::default(), body: Markup::default() },
        ]))
    };
    let change = |page: &mut Page<'_>| {
        page.way = Way::Crumbs(&[
            Link { href: "/plans", label: "Plans" },
            Link { href: "/plans/appendix-b", label: "Digital Safeguarding" },
        ]);
        page.flash = Some(Flash::Done("The update was saved. The panel will read it from 9 February"));
    };
    framed(&["Aiii", "Appendix B"], "Plans", change, content)
}

fn update(errors: &[FieldError], rating: &str) -> Markup {
    let f = Inputs::new(errors);
    let key = key();
    let put_right = html! {
        (f.textarea("put_right", "What will put it right, and by when?", "").rows(3))
    };
    let done = html! {
        (f.textarea("done", "What difference has it made, or how will you know?", "").hint("“Not known yet” is an answer").rows(3))
    };
    let choices = [
        Choice::new("off_track", rating_tag(&key[0])).hint(&key[0].meaning).more(put_right),
        Choice::new("on_track", rating_tag(&key[2])).hint(&key[2].meaning),
        Choice::new("complete", rating_tag(&key[3])).hint(&key[3].meaning).more(done),
    ];
    let content = html! {
        (f.summary())
        h1 { span class="caption" { "Aiii, three-point plan" } "Add an update" }
        (inset(html! { p { strong { "Last time you said: " } "the competition closes in January. " strong { "Did that happen?" } } }))
        (post("/actions/4/updates", html! {
            (hidden("once", "5e1f"))
            (f.radios("happened", "Did that happen?", "", [Choice::new("yes", "Yes"), Choice::new("partly", "Partly"), Choice::new("no", "No")]))
            (f.textarea("narrative", "What has happened since 7 December 2017?", "").rows(8).limit(20_000)
                .hint("The panel will read this from 9 February. Do not name children or families."))
            (f.radios("rating", "How is it going?", rating, choices).hint("In the words of this plan's key"))
            (f.text("later", "A later date, if you need one", "31 Feb 2018").optional().width(Width::W20)
                .hint("As you would write it: 31 March 2018, March 2018, Q3 2019"))
            (f.date("spoke_of", "Which day does this speak of?", DateParts { day: "29", month: "1", year: "" }).optional())
            (fieldset("Evidence", html! {
                (f.text("link", "Address of a page or document", "").optional().inputmode("url").spellcheck(false))
                (f.text("cost", "What it cost", "").optional().width(Width::W10).prefix("£").inputmode("decimal"))
                (f.checkboxes("themes", "Themes", ["schools"], [Choice::new("schools", "Schools"), Choice::new("training", "Training")]))
                (f.select("for", "Entered for", "2", [Choice::new("1", "Myself"), Choice::new("2", "MAP Coordinator")]).width(Width::W20))
                (f.checkbox("quiet", "Do not remind me of this action until the next round", true))
            }))
            (details("Who reads this?", "The panel, once the round is published."))
            (button_group([submit("Save the update", Kind::Primary), html! { (Link::new("/actions/4", "Cancel")) }]))
        }))
    };
    let change = |page: &mut Page<'_>| {
        page.way = BACK;
        page.rejected = f.rejected();
    };
    framed(&["Add an update", "Aiii", "Appendix B"], "My actions", change, content)
}

fn question() -> Markup {
    let f = Inputs::new(&[]);
    let content = confirm(
        &Confirm {
            question: "Close this action without its being done?",
            consequence: "It stays in the plan, unrated and counted apart, and nobody is reminded of it any more.",
            action: "/actions/4/no-further-action",
            button: "Close the action",
            cancel: Link::new("/actions/4", "No, keep it open"),
        },
        f.text("agreed_by", "Who agreed to this?", "").width(Width::W20),
    );
    framed(&["Close Aiii", "Appendix B"], "Plans", |page| page.way = BACK, content)
}

fn parts() -> Markup {
    let f = Inputs::new(&[]);
    let content = html! {
        h1 { "Sign in" }
        (post("/session", html! {
            (f.email("email", "Email address", "map.coordinator@example.org").width(Width::W20))
            (f.password("password", "Password", "current-password").width(Width::W20))
            (button_group([submit("Sign in", Kind::Primary)]))
        }))
        h2 { "Someone saved this action while you were writing" }
        (both_texts("Saved by the manager", paragraphs(WORDS[0][3]), "Yours", paragraphs(WORDS[0][4])))
        (notice("This pack is frozen", "It shows what was known on 7 December 2017."))
        (empty("No actions yet", "An action says what officers will do about a recommendation.", Some(Link::new("/actions/new", "Add the first action"))))
        (key_table(&[], Some("Not stated in the source.")))
        (suggested_key(&Words::default()))
        (plain_text("3 overdue, 2 due Wed 31 Jan – Digital safeguarding\n\nAiii  Three-point plan\n"))
        (sandbox("The mail as HTML", "favicon.svg"))
        (pagination("Page 2 of 9", Some("?page=1"), Some("?page=3")))
    };
    framed(&["Sign in"], "", |_| (), content)
}

#[test]
#[ignore = "writes files to look at"]
fn write_the_sample_sheets() {
    let folder = std::env::var("SAMPLE_SHEETS").expect("SAMPLE_SHEETS names a folder");
    for (name, sample) in samples() {
        std::fs::write(format!("{folder}/{name}.html"), sample.into_string())
            .expect("the folder can be written");
    }
}
