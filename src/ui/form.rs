//! Forms over the validated newtypes: a field holds text, and the newtype's constructor validates it. Errors of the
//! server are shown at the same place.

use latido_protocol::{
    number::{ParsedNumber, field_text},
    problem::Problem,
    time::Timestamp,
    values::{Invalid, Units},
};
use leptos::prelude::*;

use super::{
    figure::Figure,
    view::{derived_bool, text, typed},
};
use crate::{
    browser::{
        day, focus,
        units::{self, Quantity},
    },
    i18n::{Locale, reasons},
};

/// The fields of one form: their texts, and what is wrong with them. Fields are named as on the
/// wire, so that a server's JSON pointer finds its field.
#[derive(Clone, Copy)]
pub struct Form {
    texts: RwSignal<Vec<(&'static str, String)>>,
    errors: RwSignal<Vec<(String, String)>>,
    pub locale: Locale,
    /// Those it was opened in: what is half typed does not turn into something else.
    pub units: Units,
    /// The instant that its time field was filled from.
    at: Option<Timestamp>,
}

/// The keyboard goes to the first wrong field of the form with this test id, which is marked by the next frame.
pub fn go_to_what_is_wrong(form: &'static str) {
    request_animation_frame(move || {
        let wrong = ["[data-testid=", form, "] [aria-invalid=true]"].concat();
        focus(document().query_selector(&wrong).ok().flatten());
    });
}

impl Form {
    pub fn new(locale: Locale, texts: Vec<(&'static str, String)>) -> Self {
        let texts = RwSignal::new(texts.into_iter().collect());
        Self { texts, errors: RwSignal::default(), locale, units: units::units(), at: None }
    }

    /// Its time field shows this instant, to the minute.
    #[must_use = "it is the form, read otherwise"]
    pub fn filled_from(self, at: Timestamp) -> Self {
        Self { at: Some(at), ..self }
    }

    /// Tracks the field.
    pub fn get(self, name: &str) -> String {
        self.texts.with(|texts| find(texts, name))
    }

    pub fn get_untracked(self, name: &str) -> String {
        self.texts.with_untracked(|texts| find(texts, name))
    }

    pub fn set(self, name: &'static str, text: String) {
        self.texts.update(|texts| {
            texts.retain(|(field, _)| *field != name);
            texts.push((name, text));
        });
        if self.errors.with_untracked(|errors| errors.iter().any(|(field, _)| field == name)) {
            self.errors.update(|errors| errors.retain(|(field, _)| field != name));
        }
    }

    /// Puts other texts into some of the fields.
    pub fn fill(self, texts: impl IntoIterator<Item = (&'static str, String)>) {
        for (name, text) in texts {
            self.set(name, text);
        }
    }

    /// Empty when nothing is wrong with the field.
    pub fn error(self, name: &str) -> String {
        self.errors.with(|errors| find(errors, name))
    }

    /// The same fields, read and filled in these units.
    #[must_use = "it is the form, read otherwise"]
    pub fn in_units(self, units: Units) -> Self {
        Self { units, ..self }
    }

    /// Every field with its text. Tracks them.
    pub fn texts(self) -> Vec<(&'static str, String)> {
        self.texts.get()
    }

    pub fn refuse(self, name: &str, why: String) {
        // The form may have been closed while the server was asked.
        self.errors.try_update(|errors| errors.push((name.to_owned(), why)));
    }

    pub fn clear_errors(self) {
        self.errors.set(Vec::new());
    }

    pub fn has_errors(self) -> bool {
        self.errors.with_untracked(|errors| !errors.is_empty())
    }

    /// Puts a server's field errors at their fields; `false` if one has no field here.
    pub fn refused_by_server(self, problem: &Problem) -> bool {
        for error in &problem.errors {
            self.refuse(error.pointer.trim_start_matches('/'), reasons::field(self.locale, error));
        }
        let known = |pointer: &str| {
            let name = pointer.trim_start_matches('/');
            let known = self.texts.try_with_untracked(|texts| texts.iter().any(|(field, _)| *field == name));
            known.unwrap_or(false)
        };
        !problem.errors.is_empty() && problem.errors.iter().all(|error| known(&error.pointer))
    }

    /// A value, or the reason at its field.
    pub fn take<T>(self, name: &str, make: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<T> {
        let text = self.get_untracked(name);
        match make(&text) {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.refuse(name, (self.locale.deferred().invalid)(&invalid));
                None
            }
        }
    }

    /// A number as people write it. Where two can be meant, the field asks which.
    pub fn number<T>(
        self,
        name: &str,
        figure: Figure,
        make: impl FnOnce(f64) -> Result<T, Invalid>,
    ) -> Option<T> {
        if self.is_blank(name) {
            return self.take(name, |_| Err(Invalid::Required));
        }
        let why = match figure.parse(&self.get_untracked(name), self.locale.language) {
            ParsedNumber::Exact(number) => return self.take(name, |_| make(number)),
            ParsedNumber::Ambiguous { as_thousands, as_decimal } => {
                figure.both(as_thousands, as_decimal, self.locale)
            }
            ParsedNumber::NotANumber => self.locale.deferred().not_a_number.to_owned(),
        };
        self.refuse(name, why);
        None
    }

    /// A number in the form's units, as it is stored. An untouched field keeps the stored value exactly.
    pub fn measure<T>(
        self,
        name: &str,
        figure: Figure,
        quantity: Quantity,
        before: Option<f64>,
        make: impl FnOnce(f64) -> Result<T, Invalid>,
    ) -> Option<T> {
        let units = self.units;
        let shown = self.get_untracked(name);
        let entry = |before: f64| field_text(&quantity.entry(before, units), self.locale.language);
        let untouched = before.filter(|before| entry(*before) == shown);
        self.number(name, figure, |typed| {
            let value = untouched.unwrap_or_else(|| quantity.to_metric(typed, units));
            make(value).map_err(|invalid| quantity.refusal(invalid, units))
        })
    }

    /// As [`number`](Self::number), but may be left out.
    pub fn optional_number<T>(
        self,
        name: &str,
        figure: Figure,
        make: impl FnOnce(f64) -> Result<T, Invalid>,
    ) -> Option<Option<T>> {
        if self.is_blank(name) { Some(None) } else { self.number(name, figure, make).map(Some) }
    }

    pub fn optional<T>(self, name: &str, make: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<Option<T>> {
        if self.is_blank(name) { Some(None) } else { self.take(name, make).map(Some) }
    }

    /// The instant of the time field. An untouched field keeps the instant that it was filled from, to the
    /// millisecond: its minute may occur twice, when the clocks are set back.
    pub fn instant(self, name: &str) -> Option<Timestamp> {
        let text = self.get_untracked(name);
        if let Some(untouched) = self.at.filter(|at| day::local_input(*at) == text) {
            return Some(untouched);
        }
        self.take(name, |text| day::from_local_input(text).ok_or(Invalid::NotATime))
    }

    pub fn is_blank(self, name: &str) -> bool {
        self.get_untracked(name).trim().is_empty()
    }
}

fn find<Name: AsRef<str>>(fields: &[(Name, String)], name: &str) -> String {
    let found = fields.iter().find(|(field, _)| field.as_ref() == name);
    found.map(|(_, text)| text.clone()).unwrap_or_default()
}

/// An input with its label and its error.
#[component]
pub fn Field(
    form: Form,
    name: &'static str,
    label: &'static str,
    /// What it is counted in, where the label does not say so.
    #[prop(optional)]
    unit: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] mode: &'static str,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let error_id = format!("error-{name}");
    let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
    let optional = if optional { format!(" ({})", form.locale.deferred().optional) } else { String::new() };
    view! {
        <label class="field">
            <span>{label} {unit} <small>{optional}</small></span>
            <input
                name=name
                type=kind
                inputmode=mode
                autocomplete="off"
                aria-invalid=text(move || (!form.error(name).is_empty()).to_string())
                aria-describedby=error_id.clone()
                prop:value=text(move || form.get(name))
                on:input=typed(move |value| form.set(name, value))
            />
            <FieldError form name id=error_id/>
        </label>
    }
    .into_any()
}

/// A text of several lines, with its label and its error.
#[component]
pub fn LongField(form: Form, name: &'static str, label: &'static str) -> impl IntoView {
    let error_id = format!("error-{name}");
    view! {
        <label class="field">
            <span>{label} " " <small>"(" {form.locale.deferred().optional} ")"</small></span>
            <textarea
                name=name
                rows="2"
                autocomplete="off"
                aria-invalid=text(move || (!form.error(name).is_empty()).to_string())
                aria-describedby=error_id.clone()
                prop:value=text(move || form.get(name))
                on:input=typed(move |value| form.set(name, value))
            ></textarea>
            <FieldError form name id=error_id/>
        </label>
    }
    .into_any()
}

/// A choice with its label and its error.
#[component]
pub fn Choice(
    form: Form,
    name: &'static str,
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
    #[prop(optional)] disabled: bool,
) -> impl IntoView {
    let error_id = format!("error-{name}");
    let options = options
        .into_iter()
        .map(|(value, label)| {
            view! { <option value=value selected=derived_bool(move || form.get(name) == value)>{label}</option> }
        })
        .collect_view();
    view! {
        <label class="field">
            <span>{label}</span>
            <select
                name=name
                disabled=disabled
                aria-describedby=error_id.clone()
                prop:value=text(move || form.get(name))
                on:change=typed(move |value| form.set(name, value))
            >
                {options}
            </select>
            <FieldError form name id=error_id/>
        </label>
    }
    .into_any()
}

#[component]
fn FieldError(form: Form, name: &'static str, id: String) -> impl IntoView {
    view! {
        <span class="error" id=id data-error-for=name aria-live="polite">
            {text(move || form.error(name))}
        </span>
    }
    .into_any()
}
