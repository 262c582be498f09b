//! The accessibility statement, for everyone, in the form that the regulations of 2018 ask of public bodies.
//!
//! What the program can say of itself it says; what only a test on the spot can tell, the administrator enters.

use axum::extract::State;
use maud::{Markup, html};

use super::privacy::{council, where_to_fill_in};
use crate::{
    domain::{
        access::Actor,
        installation::{Compliance, Enforcement, Installation, Section},
    },
    web::{
        App,
        guard::Anyone,
        sheet::Sheet,
        view::kit::{Link, day, notice, paragraphs},
    },
};

pub(in crate::web) async fn show(State(app): State<App>, Anyone(actor): Anyone) -> Sheet {
    sheet(&app.cx.installation(), actor.as_ref(), &app.cx.links.full("/"))
}

fn sheet(installation: &Installation, actor: Option<&Actor>, address: &str) -> Sheet {
    let council = council(installation);
    let statement = &installation.accessibility;
    let content = html! {
        h1 { "Accessibility statement for Scrutiny Tracker" }
        p { "This statement applies to Scrutiny Tracker at " (address) ", which is run by " (in_sentence(council)) "." }
        p { "We want as many people as possible to be able to use it. You should be able to:" }
        ul {
            li { "zoom in up to 400% without text running off the screen" }
            li { "reach and use everything with a keyboard alone, and see where you are" }
            li { "use every page with a screen reader" }
            li { "tell every rating without its colour: each has its word, a symbol and a pattern, on paper too" }
            li { "use every page without scripts, and without a limit on time while you read or write" }
        }
        p { (Link::new("https://mcmw.abilitynet.org.uk/", "AbilityNet")) " has advice on making your device easier to use if you have a disability." }
        h2 { "How accessible it is" }
        (how_accessible(statement.compliance))
        h2 { "Tell us about a problem" }
        p { "If you find something that you can’t use, or need something here in another form (large print, easy read, audio, braille), tell us:" }
        @match &statement.contact {
            Some(contact) => (paragraphs(contact)),
            None => (notice("Not filled in yet", html! {
                p { (council) " has not entered a contact here yet. Until it has, use the contact that it names on its own website." }
                (where_to_fill_in(actor, Section::Accessibility))
            })),
        }
        h2 { "If you are not satisfied with our answer" }
        (enforcement(statement.enforcement))
        h2 { "Technical information about its accessibility" }
        p {
            (council) " is committed to making this website accessible, in accordance with the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018."
        }
        h3 { "Compliance status" }
        (status(statement.compliance))
        h3 { "Content that is not accessible" }
        @match &statement.problems {
            Some(problems) => (paragraphs(problems)),
            None if statement.compliance == Compliance::NotTested => p { "Not known before it has been tested here." },
            None => p { "None that we know of." },
        }
        p { "Documents that were made elsewhere and are linked from an update are not part of this website. If one of them is not accessible to you, tell us." }
        h2 { "How this statement was prepared" }
        @match statement.prepared_on {
            Some(on) => p { "This statement was prepared on " (day(on)) "." @if let Some(on) = statement.reviewed_on { " It was last reviewed on " (day(on)) "." } },
            None => p { "The date on which this statement was prepared has not been filled in yet." },
        }
        @if let Some(tested) = &statement.tested { (paragraphs(tested)) }
        @else { p { "This website has not been tested by " (in_sentence(council)) " yet." } }
        p {
            "Before a version of the program is released, its pages are tested by machine in a browser against the Web Content Accessibility Guidelines 2.2, A and AA: contrast, names and labels, headings, the keyboard, and windows 320 pixels wide. "
            "A machine finds only some problems. It does not replace a test by people."
        }
    };
    Sheet::new(["Accessibility statement"], content)
}

/// The name in the middle of a sentence.
fn in_sentence(council: &str) -> &str {
    if council == "The council" { "the council" } else { council }
}

fn how_accessible(compliance: Compliance) -> Markup {
    html! {
        p {
            @match compliance {
                Compliance::NotTested => "Nobody has tested it here yet with the browsers and aids that people use, so we can’t say how accessible it is.",
                Compliance::Full => "We know of nothing here that is not accessible.",
                Compliance::Partial => "We know that some parts are not fully accessible. They are named below, under “Content that is not accessible”.",
                Compliance::Not => "We know that most parts are not accessible. What we do about it is said below, under “Content that is not accessible”.",
            }
        }
    }
}

fn status(compliance: Compliance) -> Markup {
    let standard =
        Link::new("https://www.w3.org/TR/WCAG22/", "Web Content Accessibility Guidelines version 2.2");
    html! {
        p {
            @match compliance {
                Compliance::NotTested => { "Whether this website is compliant with the " (standard) " AA standard has not been tested yet." },
                Compliance::Full => { "This website is fully compliant with the " (standard) " AA standard." },
                Compliance::Partial => { "This website is partially compliant with the " (standard) " AA standard, due to the non-compliances listed below." },
                Compliance::Not => { "This website is not compliant with the " (standard) " AA standard. The non-compliances are listed below." },
            }
        }
    }
}

fn enforcement(enforcement: Enforcement) -> Markup {
    html! {
        p {
            "The " (enforcement.body()) " is responsible for enforcing the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018 (the “accessibility regulations”). "
            @match enforcement {
                Enforcement::GreatBritain => {
                    "If you are not happy with how we answer your complaint, contact the "
                    (Link::new("https://www.equalityadvisoryservice.com/", "Equality Advisory and Support Service")) "."
                },
                Enforcement::NorthernIreland => {
                    "If you are not happy with how we answer your complaint, contact the "
                    (Link::new("https://www.equalityni.org/", "Equality Commission for Northern Ireland")) "."
                },
            }
        }
    }
}
