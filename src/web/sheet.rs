//! What a handler answers with: a [`Sheet`] (a page without what is the same on every page) or a [`Redirect`].
//!
//! The guard round every route ([`super::guard`]) puts the reader's frame (banner, navigation, flash) round a sheet, so no
//! handler has to know who else is looking, and axum stays out of the views.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::{
    flash,
    view::layout::{Breadth, Flash},
};

/// A page's own part.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub(super) title: Vec<String>,
    pub(super) content: Markup,
    pub(super) way: Way,
    pub(super) breadth: Breadth,
    pub(super) rejected: bool,
    pub(super) around: Around,
    status: StatusCode,
    /// When to come back, in seconds.
    retry_after: Option<u64>,
}

/// What of the reader's frame stands round a sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Around {
    #[default]
    Everything,
    /// No navigation: there is something to be done first.
    NameOnly,
    /// As for nobody: the session has just ended.
    Nobody,
}

/// The way back or up, owned.
#[derive(Clone, Debug, Default)]
pub(super) enum Way {
    #[default]
    None,
    /// Address and words.
    Back(String, String),
    Crumbs(Vec<(String, String)>),
}

impl Sheet {
    /// A page with its title, most specific first, and its content, which begins with the `h1`.
    pub fn new<T: Into<String>>(title: impl IntoIterator<Item = T>, content: Markup) -> Self {
        Self {
            title: title.into_iter().map(Into::into).collect(),
            content,
            way: Way::None,
            breadth: Breadth::Reading,
            rejected: false,
            around: Around::Everything,
            status: StatusCode::OK,
            retry_after: None,
        }
    }

    /// One step back: address, words.
    pub fn back(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.way = Way::Back(href.into(), label.into());
        self
    }

    /// The pages above this one, outermost first: address, words.
    pub fn crumbs<H: Into<String>, L: Into<String>>(
        mut self,
        crumbs: impl IntoIterator<Item = (H, L)>,
    ) -> Self {
        self.way = Way::Crumbs(crumbs.into_iter().map(|(h, l)| (h.into(), l.into())).collect());
        self
    }

    /// The whole width, and A4 landscape on paper.
    pub fn wide(mut self) -> Self {
        self.breadth = Breadth::Wide;
        self
    }

    /// In type that is read from two metres, with nothing round it but the way back.
    pub fn presented(mut self) -> Self {
        self.breadth = Breadth::Presented;
        self
    }

    /// A form that was refused: status 422 and "Error: " in the title.
    pub fn rejected(mut self, rejected: bool) -> Self {
        if rejected {
            self.rejected = true;
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self
    }

    /// Without the navigation: there is something to be done before anything else.
    pub fn alone(mut self, alone: bool) -> Self {
        if alone {
            self.around = Around::NameOnly;
        }
        self
    }

    /// As somebody sees it who is not signed in: the session has just ended.
    pub fn signed_out(mut self) -> Self {
        self.around = Around::Nobody;
        self
    }

    /// Another status than 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// More at the end of the page.
    pub(super) fn and(mut self, more: Markup) -> Self {
        self.content = html! { (self.content) (more) };
        self
    }

    /// Too much was tried: status 429, and when to come back.
    pub fn wait(self, seconds: u64) -> Self {
        self.retry_after(seconds).status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// When to come back, in seconds.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl IntoResponse for Sheet {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// 303 to another page, saying there what was done.
#[derive(Clone, Debug)]
pub struct Redirect {
    to: String,
    said: Option<Flash<String>>,
}

impl Redirect {
    /// To a path of this installation.
    pub fn to(path: impl Into<String>) -> Self {
        Self { to: path.into(), said: None }
    }

    /// To where somebody wanted to go, if that is a path of this installation; else to `otherwise`.
    pub fn wanted(wanted: &str, otherwise: &str) -> Self {
        Self::to(local(wanted).unwrap_or(otherwise))
    }

    /// What was done, for the top of the next page: "Update added to Aiii".
    pub fn saying(mut self, done: impl Into<String>) -> Self {
        self.said = Some(Flash::Done(done.into()));
        self
    }

    /// What was not done, for the top of the next page.
    pub(super) fn warning(mut self, words: impl Into<String>) -> Self {
        self.said = Some(Flash::Important(words.into()));
        self
    }
}

impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        if let Ok(to) = HeaderValue::from_str(&self.to) {
            response.headers_mut().insert(header::LOCATION, to);
        }
        if let Some(said) = self.said {
            flash::set(&mut response, said.as_str());
        }
        response
    }
}

/// A path of this installation, and nothing that a browser could take for another site: browsers read `\` as `/`, and
/// drop tabs and line ends before they look.
pub(super) fn local(path: &str) -> Option<&str> {
    let plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    (plain && path.starts_with('/') && !path.starts_with("//")).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_a_path_of_this_installation_is_local() {
        for path in ["/", "/plans", "/plans/appendix-b?lead=3#Aiii", "/search?q=%C3%A9&next=//x"] {
            assert_eq!(local(path), Some(path));
        }
        for path in [
            "",
            "plans",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/ /x",
            "/é",
        ] {
            assert_eq!(local(path), None, "{path:?}");
        }
        for path in ["https://evil.example/", "javascript:alert(1)"] {
            assert_eq!(local(path), None, "{path:?}");
        }
    }
}
