//! The fields of each section: from the settings, to the page, and back.

use chrono::NaiveDate;
use maud::{Markup, html};

use super::say;
use crate::{
    domain::{
        closure,
        installation::{
            ABSOLUTE_DAYS, Accessibility, Change, Compliance, Enforcement, IDLE_MINUTES, Installation,
            KEEP_DAYS, KEEP_MONTHS, Privacy, Retention, Section, Sessions, UpdatesByLink,
        },
        named_days::{self, NamedDays},
        term, text,
        words::{EXECUTIVES, LONGEST, PANELS, Words},
    },
    web::{
        App,
        form::{Fields, LINE, LONG_TEXT, Reader},
        route::Route,
        view::{
            form::{Choice, FieldError, Inputs, Width},
            kit::{Link, details, inset},
        },
    },
};

/// The answer with which somebody gives a word of their own.
const OWN: &str = "own";

/// A section's fields by their labels, for two people who edit at once.
pub(super) fn labels(section: Section) -> &'static [(&'static str, &'static str)] {
    match section {
        Section::Words => &[
            ("council", "Name of the council"),
            ("executive", "Who answers recommendations"),
            ("executive_own", "Own word for them"),
            ("panel", "Who makes recommendations"),
            ("panel_own", "Own word for them"),
            ("democratic_services", "The team that supports scrutiny"),
        ],
        Section::Time => &[("zone", "Time zone")],
        Section::Closures => &[("closures", "Closure days")],
        Section::Terms => &[("terms", "Term dates")],
        Section::Sessions => &[("idle_minutes", "Minutes without a page"), ("absolute_days", "Days in all")],
        Section::Retention => &[
            ("leavers_months", "Names of leavers"),
            ("mail_log_months", "Mail log"),
            ("sign_in_days", "Known browsers"),
        ],
        Section::UpdatesByLink => &[("updates_by_link", "Updates without signing in")],
        Section::Privacy => {
            &[("contact", "Whom to ask"), ("more", "Also say"), ("reviewed_on", "Last looked through on")]
        }
        Section::Accessibility => &[
            ("contact", "Whom to tell of a problem"),
            ("compliance", "How accessible is it?"),
            ("tested", "How it was tested"),
            ("problems", "Known problems"),
            ("prepared_on", "Prepared on"),
            ("reviewed_on", "Last looked through on"),
            ("enforcement", "Where the council is"),
        ],
    }
}

/// What is saved, as the form's first view. A statement without a day gets today's to begin with.
pub(super) fn fields_of(saved: &Installation, section: Section, today: NaiveDate) -> Fields {
    let words = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |day: Option<NaiveDate>| day.map(text::day).unwrap_or_default();
    let day_or_today = |on: Option<NaiveDate>| text::day(on.unwrap_or(today));
    let pairs: Vec<(&str, String)> = match section {
        Section::Words => {
            let (executive, executive_own) = choice_of(&saved.words.executive, &EXECUTIVES);
            let (panel, panel_own) = choice_of(&saved.words.panel, &PANELS);
            vec![
                ("council", saved.council.clone()),
                ("executive", executive),
                ("executive_own", executive_own),
                ("panel", panel),
                ("panel_own", panel_own),
                ("democratic_services", saved.words.democratic_services.clone()),
            ]
        }
        Section::Time => vec![("zone", saved.zone.clone())],
        Section::Closures => vec![("closures", named_days::lines(&saved.closures))],
        Section::Terms => vec![("terms", named_days::lines(&saved.terms))],
        Section::Sessions => vec![
            ("idle_minutes", saved.sessions.idle_minutes.to_string()),
            ("absolute_days", saved.sessions.absolute_days.to_string()),
        ],
        Section::Retention => vec![
            ("leavers_months", saved.retention.leavers_months.to_string()),
            ("mail_log_months", saved.retention.mail_log_months.to_string()),
            ("sign_in_days", saved.retention.sign_in_days.to_string()),
        ],
        Section::UpdatesByLink => vec![("updates_by_link", saved.updates_by_link.code().to_owned())],
        Section::Privacy => vec![
            ("contact", words(&saved.privacy.contact)),
            ("more", words(&saved.privacy.more)),
            ("reviewed_on", day_or_today(saved.privacy.reviewed_on)),
        ],
        Section::Accessibility => {
            let statement = &saved.accessibility;
            vec![
                ("contact", words(&statement.contact)),
                ("compliance", statement.compliance.code().to_owned()),
                ("tested", words(&statement.tested)),
                ("problems", words(&statement.problems)),
                ("prepared_on", day_or_today(statement.prepared_on)),
                ("reviewed_on", day(statement.reviewed_on)),
                ("enforcement", statement.enforcement.code().to_owned()),
            ]
        }
    };
    Fields::of(pairs)
}

/// A word as the choice and the own word that the form shows for it.
fn choice_of(word: &str, usual: &[&str]) -> (String, String) {
    if usual.contains(&word) { (word.to_owned(), String::new()) } else { (OWN.to_owned(), word.to_owned()) }
}

/// The change that was typed, or everything that is wrong with it.
pub(super) fn parse(section: Section, fields: &Fields) -> Result<Change, Vec<FieldError>> {
    let mut read = Reader::new(fields);
    let change = match section {
        Section::Words => Change::Words(
            text::fold(&read.optional("council", LINE).unwrap_or_default()),
            Words {
                executive: word(&mut read, "executive", "executive_own"),
                panel: word(&mut read, "panel", "panel_own"),
                democratic_services: text::fold(
                    &read.optional("democratic_services", LINE).unwrap_or_default(),
                ),
            },
        ),
        Section::Time => {
            Change::Time(read.required("zone", LINE, "Enter a time zone, for example Europe/London"))
        }
        Section::Closures => Change::Closures(days(&mut read, "closures", closure::read)),
        Section::Terms => Change::Terms(days(&mut read, "terms", term::read)),
        Section::Sessions => Change::Sessions(Sessions {
            idle_minutes: number(&mut read, "idle_minutes"),
            absolute_days: number(&mut read, "absolute_days"),
        }),
        Section::Retention => Change::Retention(Retention {
            leavers_months: number(&mut read, "leavers_months"),
            mail_log_months: number(&mut read, "mail_log_months"),
            sign_in_days: number(&mut read, "sign_in_days"),
        }),
        Section::UpdatesByLink => {
            let known =
                |code: &str| UpdatesByLink::from_code(code).filter(|c| *c != UpdatesByLink::NotChosen);
            let chosen = read.required_choice("updates_by_link", known, "Choose on or off");
            Change::UpdatesByLink(chosen.unwrap_or_default())
        }
        Section::Privacy => Change::Privacy(Privacy {
            contact: read.optional("contact", LONG_TEXT),
            more: read.optional("more", LONG_TEXT),
            reviewed_on: read.day("reviewed_on"),
        }),
        Section::Accessibility => Change::Accessibility(Accessibility {
            contact: read.optional("contact", LONG_TEXT),
            compliance: read
                .required_choice("compliance", Compliance::from_code, "Say how accessible it is")
                .unwrap_or_default(),
            tested: read.optional("tested", LONG_TEXT),
            problems: read.optional("problems", LONG_TEXT),
            prepared_on: read.day("prepared_on"),
            reviewed_on: read.day("reviewed_on"),
            enforcement: read
                .required_choice("enforcement", Enforcement::from_code, "Say where the council is")
                .unwrap_or_default(),
        }),
    };
    // A number that could not be read has been named already, and stands as 0.
    let unread = |field: &str| {
        let raw = fields.raw(field).trim();
        ["idle_minutes", "absolute_days", "leavers_months", "mail_log_months", "sign_in_days"]
            .contains(&field)
            && raw.parse::<u32>().is_err()
    };
    for (field, message) in change.problems() {
        if !unread(field) && change != Change::UpdatesByLink(UpdatesByLink::NotChosen) {
            read.wrong(field, message);
        }
    }
    read.finish(change)
}

/// Days, one span a line; every line that is wrong is named.
fn days(
    read: &mut Reader<'_>,
    field: &'static str,
    from: fn(&str) -> Result<Vec<NamedDays>, Vec<String>>,
) -> Vec<NamedDays> {
    let typed = read.optional(field, LONG_TEXT).unwrap_or_default();
    from(&typed).unwrap_or_else(|wrong| {
        for line in wrong {
            read.wrong(field, line);
        }
        Vec::new()
    })
}

fn word(read: &mut Reader<'_>, choice: &'static str, own: &'static str) -> String {
    match read.fields().raw(choice) {
        OWN => text::fold(&read.optional(own, LINE).unwrap_or_default()),
        // A usual one, or nothing that the form offers: as if nothing was chosen.
        usual if EXECUTIVES.contains(&usual) || PANELS.contains(&usual) => usual.to_owned(),
        _ => String::new(),
    }
}

fn number(read: &mut Reader<'_>, field: &'static str) -> u32 {
    let typed = read.required(field, LINE, "Enter a number");
    if typed.is_empty() {
        return 0;
    }
    typed.parse().unwrap_or_else(|_| {
        read.wrong(field, "Enter a number in figures, without a fraction");
        0
    })
}

/// What stands above the fields: what the section does, and what follows from it.
pub(super) fn intro(app: &App, section: Section) -> Markup {
    match section {
        Section::Words => html! {
            p { "The council’s name stands on every page and in every mail; the words stand wherever a page or a mail speaks of these bodies. What people have written stays as it is." }
        },
        Section::Time => html! {
            p { "Midnight in this zone ends a day: deadlines pass then. Its 8am to 4pm is when reminders go out. It holds at once, without a restart." }
        },
        Section::Closures => html! {
            p { "On these days no reminder goes out, and they do not count as working days. Weekends and England’s bank holidays are known already." }
            (say::closures(&app.cx.installation()))
        },
        Section::Terms => html! {
            p { "Whoever has chosen to be mailed in term time only gets nothing in school holidays. What falls due in them goes out in one mail on the second school day of the next term. Others are not touched by this." }
            (say::terms(&app.cx.installation(), app.cx.clock.today()))
        },
        Section::Sessions => html! {
            p { "Shorter limits hold at once, for people who are signed in too. Signing out is always possible sooner." }
        },
        Section::Retention => html! {
            p { "The " (Link::new(Route::Privacy.path(), "privacy page")) " says what is set here. What a plan’s record needs (who wrote an update, who held a post and when) stays as long as the plan does." }
        },
        Section::UpdatesByLink => html! {
            p { "When a round is open, each of its emails to a lead can hold a link of their own. With it they write their updates for that round, and put right what they wrote with it, without signing in. It shows nothing that was written before and nothing of others." }
            (inset(UpdatesByLink::RISK))
            p { "What is written that way is recorded as “by email link”, and the plan’s manager can return it. A link stops working when the round closes, when somebody else answers for the action, when the person’s address changes or their account is deactivated, and when it is taken back on the round’s page. Switching this off stops all of them, for good." }
        },
        Section::Privacy => html! {
            p { "The " (Link::new(Route::Privacy.path(), "privacy page")) " says already what is kept about whom. Add whom to ask, and whatever your council says besides." }
        },
        Section::Accessibility => html! {
            p { "The law asks a public body for a statement in a set form. The " (Link::new(Route::Accessibility.path(), "statement")) " is written from what you enter here." }
        },
    }
}

/// The section's fields.
pub(super) fn fields(section: Section, f: &Inputs<'_>, fields: &Fields) -> Markup {
    let raw = |name: &str| fields.raw(name);
    match section {
        Section::Words => html! {
            (f.text("council", "Name of the council", raw("council")).hint("For example Example Borough Council"))
            (f.radios("executive", "Who answers recommendations?", raw("executive"), [
                Choice::new("executive", "Executive").hint("As in “Executive response”, “Executive member”"),
                Choice::new("cabinet", "Cabinet"),
                Choice::new("committee", "Committee"),
                Choice::new(OWN, "Another word").more(html! {
                    (f.text("executive_own", "Your word for them", raw("executive_own")).width(Width::W20)
                        .hint(format!("As in the middle of a sentence, up to {LONGEST} characters")))
                }),
            ]))
            (f.radios("panel", "Who makes recommendations?", raw("panel"), [
                Choice::new("panel", "Panel").hint("As in “the panel’s words”, “Panel member”"),
                Choice::new("committee", "Committee"),
                Choice::new("commission", "Commission"),
                Choice::new(OWN, "Another word").more(html! {
                    (f.text("panel_own", "Your word for them", raw("panel_own")).width(Width::W20)
                        .hint(format!("As in the middle of a sentence, up to {LONGEST} characters")))
                }),
            ]))
            (f.text("democratic_services", "The team that supports scrutiny", raw("democratic_services")).width(Width::W20)
                .hint("For example Democratic Services or Governance"))
        },
        Section::Time => html! {
            (f.text("zone", "Time zone", raw("zone")).width(Width::W20).spellcheck(false)
                .hint("Europe/London is right for the whole of the United Kingdom. Others: Europe/Jersey, Europe/Guernsey, Europe/Isle_of_Man, Europe/Gibraltar"))
        },
        Section::Closures => html! {
            (f.textarea("closures", "Closure days", raw("closures")).optional().rows(8)
                .hint("One a line, with the year. A name may follow after a comma. For example: 24 December 2026 to 1 January 2027, Christmas closure"))
        },
        Section::Terms => html! {
            (f.textarea("terms", "Term dates", raw("terms")).optional().rows(8)
                .hint("One line for each half of a term, from its first day to its last. A name may follow after a comma. For example: 3 September 2026 to 23 October 2026, Autumn term"))
        },
        Section::Sessions => html! {
            (f.text("idle_minutes", "Sign people out when they have opened no page for this many minutes", raw("idle_minutes"))
                .width(Width::W4).inputmode("numeric")
                .hint(format!("From {} to {}. 720 minutes are 12 hours", IDLE_MINUTES.start(), IDLE_MINUTES.end())))
            (f.text("absolute_days", "Ask everyone to sign in again after this many days", raw("absolute_days"))
                .width(Width::W4).inputmode("numeric")
                .hint(format!("From {} to {}, however often they come", ABSOLUTE_DAYS.start(), ABSOLUTE_DAYS.end())))
        },
        Section::Retention => {
            let months = format!("Months, from {} to {}", KEEP_MONTHS.start(), KEEP_MONTHS.end());
            html! {
                (f.text("leavers_months", "Keep the name and address of people who have left", raw("leavers_months"))
                    .width(Width::W4).inputmode("numeric")
                    .hint(format!("{months}, from the day their account was deactivated")))
                (f.text("mail_log_months", "Keep texts and addresses in the mail log", raw("mail_log_months"))
                    .width(Width::W4).inputmode("numeric").hint(format!("{months}. That there was a mail, on which day and about what, stays")))
                (f.text("sign_in_days", "Know a browser in which somebody has signed in", raw("sign_in_days"))
                    .width(Width::W4).inputmode("numeric")
                    .hint(format!("Days, from {} to {}: from the last time. Guessing passwords elsewhere does not slow such a browser down. Other traces of signing in go sooner", KEEP_DAYS.start(), KEEP_DAYS.end())))
            }
        }
        Section::UpdatesByLink => html! {
            (f.radios("updates_by_link", "Can people write updates without signing in?", raw("updates_by_link"), [
                Choice::new(UpdatesByLink::On.code(), "On").hint("Emails of a round hold a link to write updates by"),
                Choice::new(UpdatesByLink::Off.code(), "Off").hint("Everybody signs in first"),
            ]))
        },
        Section::Privacy => html! {
            (f.textarea("contact", "Whom to ask", raw("contact")).optional().rows(4)
                .hint("Usually the data protection officer: name or post, email address, telephone, postal address. Until this is filled in, the page says that it is not"))
            (f.textarea("more", "Also say", raw("more")).optional().rows(6)
                .hint("For example a link to your council’s own privacy notice. Blank lines make paragraphs"))
            (f.text("reviewed_on", "Last looked through on", raw("reviewed_on")).optional().width(Width::W20))
        },
        Section::Accessibility => html! {
            (f.textarea("contact", "Whom to tell of a problem", raw("contact")).optional().rows(4)
                .hint("Email address, telephone, postal address, and how soon people get an answer. Until this is filled in, the statement says that it is not"))
            (f.radios("compliance", "How far does it meet the Web Content Accessibility Guidelines 2.2, AA?", raw("compliance"), [
                Choice::new(Compliance::NotTested.code(), "It has not been tested here yet")
                    .hint("The law wants a test, with your browsers and your people"),
                Choice::new(Compliance::Full.code(), "Fully"),
                Choice::new(Compliance::Partial.code(), "Partially: some parts do not meet it"),
                Choice::new(Compliance::Not.code(), "Not: most parts do not meet it"),
            ]))
            (f.textarea("tested", "How it was tested", raw("tested")).optional().rows(4)
                .hint("When, by whom, which pages, with what. Needed once you say how accessible it is"))
            (f.textarea("problems", "Known problems", raw("problems")).optional().rows(6)
                .hint("What does not work, for whom, what to do instead, and by when it will be put right"))
            (f.text("prepared_on", "Statement prepared on", raw("prepared_on")).optional().width(Width::W20))
            (f.text("reviewed_on", "Last looked through on", raw("reviewed_on")).optional().width(Width::W20)
                .hint("Look through it at least once a year"))
            (f.radios("enforcement", "Where is the council?", raw("enforcement"), [
                Choice::new(Enforcement::GreatBritain.code(), "England, Scotland or Wales"),
                Choice::new(Enforcement::NorthernIreland.code(), "Northern Ireland"),
            ]))
            (details("What the statement says already", html! {
                p { "How the pages were built and what is tested by machine before every release, whom to complain to, and that the regulations of 2018 apply." }
            }))
        },
    }
}
