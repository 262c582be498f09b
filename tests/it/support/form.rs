//! Forms as a person fills them and a browser sends them: with everything that stood in them.

use axum::http::Method;
use scraper::ElementRef;

use super::{
    Browser, Page,
    page::{selector, text},
};

/// One form, with what is in it now.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    browser: Browser,
    page: String,
    method: Method,
    action: String,
    controls: Vec<Control>,
    /// The button that is pressed: it sends its own name and value.
    pressed: Option<(String, String)>,
}

#[derive(Clone, Debug)]
struct Control {
    name: String,
    kind: Kind,
    value: String,
    /// Whether it is sent: not a box that is not ticked.
    on: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// One line or several, or nothing to see.
    Text,
    Several,
    Hidden,
    Checkbox,
    Radio,
    /// The values to choose from.
    Select(Vec<String>),
}

pub(super) fn find(page: &Page, button_or_css: &str) -> Form {
    let forms: Vec<ElementRef<'_>> = page.elements("form").collect();
    let by_button = forms.iter().find_map(|form| {
        let button = buttons(page, *form).into_iter().find(|b| label(*b) == button_or_css)?;
        Some((*form, Some(button)))
    });
    let (form, button) =
        by_button.or_else(|| Some((by_css(page, button_or_css)?, None))).unwrap_or_else(|| {
            let labels: Vec<String> = forms.iter().flat_map(|f| buttons(page, *f)).map(label).collect();
            panic!("{} ({}) has no form {button_or_css:?}; its buttons: {labels:?}", page.path, page.status)
        });
    // Pressing Enter in a form presses its first button.
    let button = button.or_else(|| buttons(page, form).into_iter().next());
    let from_button = |name: &str| button.and_then(|b| b.attr(name));
    let method = from_button("formmethod").or(form.attr("method")).unwrap_or("get");
    let here = page.path.split('?').next().unwrap_or_default();
    let action =
        from_button("formaction").or(form.attr("action")).filter(|a| !a.is_empty()).unwrap_or(&page.path);
    Form {
        browser: page.browser.clone(),
        page: here.to_owned(),
        method: if method.eq_ignore_ascii_case("post") { Method::POST } else { Method::GET },
        action: action.to_owned(),
        controls: owned(page, form, "input, textarea, select").into_iter().flat_map(control).collect(),
        pressed: button
            .and_then(|b| Some((b.attr("name")?.to_owned(), b.attr("value").unwrap_or_default().to_owned()))),
    }
}

fn by_css<'a>(page: &'a Page, css: &str) -> Option<ElementRef<'a>> {
    let selector = scraper::Selector::parse(css).ok()?;
    let found: Vec<_> = page.html.select(&selector).collect();
    assert!(found.len() <= 1, "{} has {} forms {css:?}", page.path, found.len());
    found.into_iter().next().filter(|f| f.value().name() == "form")
}

/// What belongs to a form: what is in it, and what names it.
fn owned<'a>(page: &'a Page, form: ElementRef<'a>, css: &str) -> Vec<ElementRef<'a>> {
    let inside: Vec<_> = form.select(&selector(css)).map(|e| e.id()).collect();
    let id = form.attr("id");
    page.elements(css)
        .filter(|e| e.attr("form").map_or_else(|| inside.contains(&e.id()), |names| Some(names) == id))
        .filter(|e| !is_disabled(*e))
        .collect()
}

fn buttons<'a>(page: &'a Page, form: ElementRef<'a>) -> Vec<ElementRef<'a>> {
    owned(page, form, "button:not([type=button]):not([type=reset]), input[type=submit]")
}

fn label(button: ElementRef<'_>) -> String {
    button
        .attr("value")
        .filter(|_| button.value().name() == "input")
        .map_or_else(|| text(button), str::to_owned)
}

fn is_disabled(element: ElementRef<'_>) -> bool {
    let in_fieldset = element
        .ancestors()
        .filter_map(|n| n.value().as_element())
        .any(|e| e.name() == "fieldset" && e.attr("disabled").is_some());
    element.attr("disabled").is_some() || in_fieldset
}

fn control(element: ElementRef<'_>) -> Option<Control> {
    let name = element.attr("name")?.to_owned();
    let value = element.attr("value").unwrap_or_default().to_owned();
    let checked = element.attr("checked").is_some();
    let boxed = || element.attr("value").unwrap_or("on").to_owned();
    Some(match (element.value().name(), element.attr("type").unwrap_or("text")) {
        ("textarea", _) => {
            Control { name, kind: Kind::Several, value: element.text().collect::<String>(), on: true }
        }
        ("select", _) => {
            let options: Vec<_> = element.select(&selector("option")).collect();
            let of = |o: &ElementRef<'_>| o.attr("value").map_or_else(|| text(*o), str::to_owned);
            let chosen = options.iter().find(|o| o.attr("selected").is_some()).or(options.first());
            let value = chosen.map(of).unwrap_or_default();
            Control { name, kind: Kind::Select(options.iter().map(of).collect()), value, on: true }
        }
        (_, "submit" | "button" | "reset" | "image" | "file") => return None,
        (_, "checkbox") => Control { name, kind: Kind::Checkbox, value: boxed(), on: checked },
        (_, "radio") => Control { name, kind: Kind::Radio, value: boxed(), on: checked },
        (_, "hidden") => Control { name, kind: Kind::Hidden, value, on: true },
        _ => Control { name, kind: Kind::Text, value, on: true },
    })
}

impl Form {
    /// Types into a field, chooses from a list, or chooses a radio button by its value.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        let known = self.names();
        let page = self.page.clone();
        let mut named: Vec<&mut Control> = self.controls.iter_mut().filter(|c| c.name == name).collect();
        let no_such = |what: &str| -> ! { panic!("{page} has no {what}; its fields: {known:?}") };
        if named.iter().any(|c| c.kind == Kind::Radio) {
            if !named.iter().any(|c| c.value == value) {
                let values: Vec<_> = named.iter().map(|c| c.value.clone()).collect();
                no_such(&format!("{name} = {value:?} to choose, only {values:?}"));
            }
            for control in named {
                control.on = control.value == value;
            }
            return self;
        }
        let Some(control) = named.iter_mut().find(|c| c.kind != Kind::Checkbox) else {
            no_such(&format!("field {name:?}"));
        };
        if let Kind::Select(options) = &control.kind
            && !options.iter().any(|o| o == value)
        {
            no_such(&format!("{name} = {value:?} to choose, only {options:?}"));
        }
        control.value = value.to_owned();
        self
    }

    /// Ticks a box that stands alone under its name.
    pub(crate) fn tick(self, name: &str) -> Self {
        self.put(name, None, true)
    }

    /// Takes a tick away.
    pub(crate) fn untick(self, name: &str) -> Self {
        self.put(name, None, false)
    }

    /// Ticks one of several boxes that share a name.
    pub(crate) fn tick_value(self, name: &str, value: &str) -> Self {
        self.put(name, Some(value), true)
    }

    /// Takes the tick of one of several boxes away.
    pub(crate) fn untick_value(self, name: &str, value: &str) -> Self {
        self.put(name, Some(value), false)
    }

    fn put(mut self, name: &str, value: Option<&str>, on: bool) -> Self {
        let known = self.names();
        let mut boxes = self
            .controls
            .iter_mut()
            .filter(|c| c.kind == Kind::Checkbox && c.name == name && value.is_none_or(|v| v == c.value));
        match (boxes.next(), boxes.next()) {
            (Some(one), None) => one.on = on,
            (None, _) => panic!("{} has no box {name:?} {value:?}; its fields: {known:?}", self.page),
            _ => panic!("{} has several boxes {name:?}: say which", self.page),
        }
        self
    }

    /// What a field holds; empty where nothing is chosen.
    pub(crate) fn value(&self, name: &str) -> String {
        assert!(self.has(name), "{} has no field {name:?}; its fields: {:?}", self.page, self.names());
        self.controls.iter().find(|c| c.name == name && c.on).map(|c| c.value.clone()).unwrap_or_default()
    }

    /// Whether there is a field of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.controls.iter().any(|c| c.name == name)
    }

    /// Whether a box is ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        assert!(self.has(name), "{} has no field {name:?}; its fields: {:?}", self.page, self.names());
        self.controls.iter().any(|c| c.name == name && c.kind == Kind::Checkbox && c.on)
    }

    /// What can be chosen under a name: of radio buttons, boxes or a list.
    pub(crate) fn choices(&self, name: &str) -> Vec<String> {
        let of = self.controls.iter().filter(|c| c.name == name);
        of.flat_map(
            |c| if let Kind::Select(options) = &c.kind { options.clone() } else { vec![c.value.clone()] },
        )
        .collect()
    }

    /// The names of its fields, each once.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for control in &self.controls {
            if !names.contains(&control.name) {
                names.push(control.name.clone());
            }
        }
        names
    }

    /// Where it is sent.
    pub(crate) fn action(&self) -> &str {
        &self.action
    }

    /// What is sent, as a browser would.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        let sent = self.controls.iter().filter(|c| c.on).map(|c| {
            // In a body, a line ends with both characters, whatever stood in the page.
            let value = match c.kind {
                Kind::Several => c.value.replace("\r\n", "\n").replace('\n', "\r\n"),
                _ => c.value.clone(),
            };
            (c.name.clone(), value)
        });
        sent.chain(self.pressed.clone()).collect()
    }

    /// Presses the button, and follows redirects.
    pub(crate) async fn submit(&self) -> Page {
        let page = self.send().await;
        self.browser.follow(page).await
    }

    /// Presses the button; the answer as it comes.
    pub(crate) async fn send(&self) -> Page {
        let fields = self.fields();
        if self.method == Method::POST {
            return self.browser.send(Method::POST, &self.action, &fields).await;
        }
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let path = self.action.split(['?', '#']).next().unwrap_or_default();
        self.browser.send(Method::GET, &format!("{path}?{query}"), &[]).await
    }
}
