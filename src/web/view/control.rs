//! How a [`Field`] is drawn: label, hint, error, control, in that order.
//!
//! Never decides what is wrong with a field; it finds its own among the form's errors.

use maud::{Markup, Render, html};

use super::field::{Choice, Control, DateParts, Field, Width};

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let wrong = self.messages().next().is_some();
        let class = if wrong { "field field-wrong" } else { "field" };
        match &self.control {
            Control::Line { .. } | Control::Area { .. } | Control::Select { .. } => html! {
                div class=(class) {
                    label class="label" for=(self.name) { (self.words()) }
                    (self.hint_and_errors())
                    (self.control(wrong))
                }
            },
            Control::Checkbox { ticked } => html! {
                div class=(class) {
                    (self.error())
                    div class="choice" {
                        input type="checkbox" id=(self.name) name=(self.name) value="yes" checked[*ticked]
                            aria-describedby=[self.described_by()];
                        label for=(self.name) { (self.words()) }
                        (self.hint_text())
                    }
                }
            },
            Control::Radios { .. } | Control::Checkboxes { .. } | Control::Date { .. } => html! {
                div class=(class) {
                    fieldset aria-describedby=[self.described_by()] {
                        legend class="legend" { (self.words()) }
                        (self.hint_and_errors())
                        (self.control(wrong))
                    }
                }
            },
        }
    }
}

impl Field<'_> {
    fn messages(&self) -> impl Iterator<Item = &str> {
        self.errors.iter().filter(|error| error.field == self.name).map(|error| error.message.as_str())
    }

    fn words(&self) -> Markup {
        html! {
            (self.label)
            @if self.optional { span class="optional" { " (optional)" } }
        }
    }

    const fn has_hint(&self) -> bool {
        self.hint.is_some() || self.limit.is_some()
    }

    fn hint_text(&self) -> Markup {
        html! {
            @if self.has_hint() {
                div class="hint" id={ (self.name) "-hint" } {
                    @if let Some(hint) = &self.hint { div { (hint) } }
                    @if let Some(limit) = self.limit {
                        div { "You can write up to " (thousands(limit)) " characters" }
                    }
                }
            }
        }
    }

    fn error(&self) -> Markup {
        html! {
            @if self.messages().next().is_some() {
                div class="error" id={ (self.name) "-error" } {
                    @for message in self.messages() {
                        div { span class="visually-hidden" { "Error: " } (message) }
                    }
                }
            }
        }
    }

    fn hint_and_errors(&self) -> Markup {
        html! { (self.hint_text()) (self.error()) }
    }

    /// The ids of the hint and the error, so that they are read out with the field.
    fn described_by(&self) -> Option<String> {
        let hint = self.has_hint().then(|| format!("{}-hint", self.name));
        let error = self.messages().next().map(|_| format!("{}-error", self.name));
        match (hint, error) {
            (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
            (hint, error) => hint.or(error),
        }
    }

    fn control(&self, wrong: bool) -> Markup {
        let class = match self.width {
            None => "input",
            Some(Width::W2) => "input w-2",
            Some(Width::W4) => "input w-4",
            Some(Width::W10) => "input w-10",
            Some(Width::W20) => "input w-20",
        };
        let invalid = wrong.then_some("true");
        let spellcheck = self.spellcheck.map(|on| if on { "true" } else { "false" });
        match &self.control {
            Control::Line { value, kind } => {
                let input = html! {
                    input class=(class) id=(self.name) name=(self.name) type=(kind)
                        value=[(*kind != "password").then_some(value)]
                        autocomplete=[self.autocomplete] inputmode=[self.inputmode] spellcheck=[spellcheck]
                        aria-describedby=[self.described_by()] aria-invalid=[invalid];
                };
                html! {
                    @if let Some(prefix) = self.prefix {
                        div class="affix" { span aria-hidden="true" { (prefix) } (input) }
                    } @else { (input) }
                }
            }
            // A parser drops the first line break of a textarea; without one of our own,
            // text that begins with an empty line would lose it at every rejected post.
            Control::Area { value, rows } => html! {
                textarea class=(class) id=(self.name) name=(self.name) rows=(rows)
                    autocomplete=[self.autocomplete] spellcheck=[spellcheck]
                    aria-describedby=[self.described_by()] aria-invalid=[invalid] { "\n" (value) }
            },
            Control::Select { value, choices } => html! {
                select class=(class) id=(self.name) name=(self.name)
                    autocomplete=[self.autocomplete]
                    aria-describedby=[self.described_by()] aria-invalid=[invalid] {
                    @for choice in choices {
                        option value=(choice.value) selected[choice.value == *value] { (choice.label) }
                    }
                }
            },
            Control::Radios { value, choices } => self.choices("radio", choices, |choice| choice == *value),
            Control::Checkboxes { values, choices } => {
                self.choices("checkbox", choices, |choice| values.contains(&choice))
            }
            Control::Date { parts } => self.date(parts, invalid),
            Control::Checkbox { .. } => Markup::default(),
        }
    }

    fn choices(&self, kind: &str, choices: &[Choice<'_>], made: impl Fn(&str) -> bool) -> Markup {
        html! {
            @for (index, choice) in choices.iter().enumerate() {
                // The first has the field's own id, where the error summary leads.
                @let id = if index == 0 { self.name.to_owned() } else { format!("{}-{}", self.name, index + 1) };
                @let hint_id = choice.hint.as_ref().map(|_| format!("{id}-says"));
                div class="choice" {
                    input type=(kind) id=(id) name=(self.name) value=(choice.value) checked[made(&choice.value)]
                        aria-describedby=[hint_id.as_deref()];
                    label for=(id) { (choice.label) }
                    @if let Some(hint) = &choice.hint {
                        div class="hint" id=[hint_id.as_deref()] { (hint) }
                    }
                }
                @if let Some(more) = &choice.more { div class="choice-more" { (more) } }
            }
        }
    }

    fn date(&self, parts: &DateParts<'_>, invalid: Option<&str>) -> Markup {
        // As above: the first box has the field's own id.
        let boxes = [
            (self.name.to_owned(), "day", "Day", parts.day, "input w-2"),
            (format!("{}_month", self.name), "month", "Month", parts.month, "input w-4"),
            (format!("{}_year", self.name), "year", "Year", parts.year, "input w-4"),
        ];
        html! {
            div class="date-parts" {
                @for (id, part, label, value, class) in boxes {
                    div {
                        label for=(id) { (label) }
                        input class=(class) id=(id) name={ (self.name) "_" (part) } type="text" value=(value)
                            inputmode=[(part != "month").then_some("numeric")] autocomplete="off"
                            aria-invalid=[invalid];
                    }
                }
            }
        }
    }
}

/// `20000` as `20,000`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut words = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_are_parted_by_commas() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(2_000), "2,000");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
