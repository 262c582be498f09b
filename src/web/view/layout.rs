//! The page round every view: head, demonstration banner, masthead, navigation, footer.
//!
//! Owns what is the same on every page. Never knows a route: addresses come in with the
//! data. Never decides who may see what: the navigation it gets is the reader's own.

use chrono::NaiveDate;
use maud::{DOCTYPE, Markup, html};

use super::button::{Kind, button_group, post_button};
use super::kit::{Link, day, important_banner, success_banner};

/// The product's name, as titles and the masthead say it.
pub const PRODUCT: &str = "Scrutiny Tracker";

/// What is the same on all pages of one reader: build it once per request.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// The stylesheet's address.
    pub stylesheet: &'a str,
    /// The mark's address.
    pub favicon: &'a str,
    /// The address of the reader's first page.
    pub home: &'a str,
    /// Whose installation this is: "Middlesbrough Council".
    pub organisation: Option<&'a str>,
    /// The banner of the demonstration, and nothing else's.
    pub demonstration: Option<Demonstration<'a>>,
    /// Who is signed in.
    pub signed_in: Option<SignedIn<'a>>,
    /// The pages this reader may open.
    pub nav: &'a [NavItem<'a>],
    /// Links at the foot of the page.
    pub footer: &'a [Link<'a>],
}

/// The demonstration's day and its doors.
#[derive(Clone, Copy, Debug)]
pub struct Demonstration<'a> {
    /// The day it stands at.
    pub today: NaiveDate,
    /// Where its three buttons post to.
    pub next_day: &'a str,
    /// As above, seven days.
    pub next_week: &'a str,
    /// As above, back to the first day.
    pub start_again: &'a str,
    /// The mail viewer.
    pub mail: &'a str,
    /// The list of people to sign in as.
    pub sign_in: &'a str,
}

/// The reader.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn<'a> {
    /// Name or post, and the role where it helps.
    pub name: &'a str,
    /// The page of their account, unless something comes first.
    pub account: Option<&'a str>,
    /// Where the button posts to.
    pub sign_out: &'a str,
}

/// One entry of the navigation.
#[derive(Clone, Copy, Debug)]
pub struct NavItem<'a> {
    /// Its words and address.
    pub link: Link<'a>,
    /// Whether this page belongs to it.
    pub current: bool,
}

/// What stands between the navigation and the content.
#[derive(Clone, Copy, Debug, Default)]
pub enum Way<'a> {
    /// Nothing: a first page.
    #[default]
    None,
    /// One step back, for forms and questions.
    Back(Link<'a>),
    /// The pages above this one, outermost first.
    Crumbs(&'a [Link<'a>]),
}

/// How much of the window the content takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Breadth {
    /// Lines of a length that reads well.
    #[default]
    Reading,
    /// Everything, and A4 landscape on paper: the plan's table.
    Wide,
    /// Everything, in type that is read from two metres, and nothing of the frame but the way back.
    Presented,
}

/// What the last press did, or what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flash<T> {
    /// It is done: "Update added to Aiii".
    Done(T),
    /// It is not, and the reader must know.
    Important(T),
}

impl<T: AsRef<str>> Flash<T> {
    /// The words.
    pub fn words(&self) -> &str {
        let (Self::Done(words) | Self::Important(words)) = self;
        words.as_ref()
    }

    /// The same, borrowed.
    pub fn as_str(&self) -> Flash<&str> {
        match self {
            Self::Done(words) => Flash::Done(words.as_ref()),
            Self::Important(words) => Flash::Important(words.as_ref()),
        }
    }
}

/// One page, without its content.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// What is the same on every page.
    pub frame: &'a Frame<'a>,
    /// Most specific first, without the product: `&["Aviii", "Appendix B"]`.
    pub title: &'a [&'a str],
    /// A form on it was refused: the title then begins with "Error: ".
    pub rejected: bool,
    /// What the last press did, said once.
    pub flash: Option<Flash<&'a str>>,
    /// The way back or up.
    pub way: Way<'a>,
    /// How wide it is.
    pub breadth: Breadth,
}

impl<'a> Page<'a> {
    /// A plain page; set the other fields with struct update syntax.
    #[must_use]
    pub const fn new(frame: &'a Frame<'a>, title: &'a [&'a str]) -> Self {
        Self { frame, title, rejected: false, flash: None, way: Way::None, breadth: Breadth::Reading }
    }

    /// "Error: Aviii – Appendix B – Scrutiny Tracker".
    fn full_title(&self) -> String {
        let mut parts = self.title.to_vec();
        parts.push(PRODUCT);
        let title = parts.join(" – ");
        if self.rejected { format!("Error: {title}") } else { title }
    }
}

/// The whole document, with `content` (which begins with the page's `h1`) in its place.
#[must_use]
pub fn page(page: &Page<'_>, content: Markup) -> Markup {
    let frame = page.frame;
    let class = match page.breadth {
        Breadth::Reading => None,
        Breadth::Wide | Breadth::Presented => Some("wide"),
    };
    let presented = page.breadth == Breadth::Presented;
    html! {
        (DOCTYPE)
        html lang="en-GB" class=[presented.then_some("presented")] {
            head {
                meta charset="utf-8";
                title { (page.full_title()) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                link rel="icon" type="image/svg+xml" href=(frame.favicon);
                link rel="stylesheet" href=(frame.stylesheet);
            }
            body class=[class] {
                @if !presented {
                    a class="skip-link" href="#main" { "Skip to main content" }
                    @if let Some(demonstration) = &frame.demonstration { (banner(demonstration)) }
                    (masthead(frame))
                    @if !frame.nav.is_empty() { (navigation(frame.nav)) }
                }
                div class="wrap before-main" { (way(page.way)) }
                main id="main" tabindex="-1" {
                    div class="wrap" {
                        @match page.flash {
                            Some(Flash::Done(words)) => (success_banner(words)),
                            Some(Flash::Important(words)) => (important_banner(words)),
                            None => {}
                        }
                        (content)
                    }
                }
                @if !presented { (footer(frame)) }
            }
        }
    }
}

fn banner(demonstration: &Demonstration<'_>) -> Markup {
    html! {
        aside class="demonstration" aria-label="Demonstration" {
            div class="wrap" {
                p {
                    strong { "Demonstration." }
                    " Today is " (day(demonstration.today)) ". No email leaves this machine"
                }
                (button_group([
                    post_button(demonstration.next_day, "Next day", Kind::Secondary, &[]),
                    post_button(demonstration.next_week, "Next week", Kind::Secondary, &[]),
                    post_button(demonstration.start_again, "Start again", Kind::Secondary, &[]),
                    html! { (Link::new(demonstration.mail, "Mail that went out")) },
                    html! { (Link::new(demonstration.sign_in, "Sign in as someone else")) },
                ]))
            }
        }
    }
}

fn masthead(frame: &Frame<'_>) -> Markup {
    html! {
        header class="masthead" {
            div class="wrap" {
                a class="product" href=(frame.home) {
                    img src=(frame.favicon) alt="" width="32" height="32";
                    (PRODUCT)
                }
                @if let Some(organisation) = frame.organisation {
                    p class="organisation" { (organisation) }
                }
                @if let Some(reader) = &frame.signed_in {
                    div class="signed-in" {
                        p {
                            @match reader.account {
                                Some(href) => a href=(href) {
                                    (reader.name) span class="visually-hidden" { ": your account" }
                                },
                                None => (reader.name),
                            }
                        }
                        (post_button(reader.sign_out, "Sign out", Kind::Secondary, &[]))
                    }
                }
            }
        }
    }
}

fn navigation(items: &[NavItem<'_>]) -> Markup {
    html! {
        nav class="site-nav" aria-label="Main" {
            div class="wrap" {
                ul {
                    @for item in items {
                        li {
                            a href=(item.link.href) aria-current=[item.current.then_some("page")] { (item.link.label) }
                        }
                    }
                }
            }
        }
    }
}

fn way(way: Way<'_>) -> Markup {
    match way {
        Way::None => Markup::default(),
        Way::Back(link) => html! {
            nav aria-label="Back" {
                a class="back" href=(link.href) { span aria-hidden="true" { "‹ " } (link.label) }
            }
        },
        Way::Crumbs(links) => html! {
            nav class="crumbs" aria-label="Breadcrumb" {
                ol { @for link in links { li { (link) } } }
            }
        },
    }
}

fn footer(frame: &Frame<'_>) -> Markup {
    html! {
        footer class="footer" {
            div class="wrap" {
                @if !frame.footer.is_empty() {
                    ul { @for link in frame.footer { li { (link) } } }
                }
                p {
                    (PRODUCT)
                    @if let Some(organisation) = frame.organisation { " · " (organisation) }
                }
            }
        }
    }
}
