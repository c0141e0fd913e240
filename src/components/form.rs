//! Forms over the validated newtypes: a field holds text, and the newtype's constructor says
//! whether it will do. What the server refuses is shown at the same place.

use std::collections::BTreeMap;

use latido_protocol::{problem::Problem, time::Timestamp, values::Invalid};
use leptos::prelude::*;

use crate::{browser::day, i18n::Locale};

/// The fields of one form: their texts, and what is wrong with them. Fields are named as on the
/// wire, so that a server's JSON pointer finds its field.
#[derive(Clone, Copy)]
pub struct Form {
    texts: RwSignal<BTreeMap<&'static str, String>>,
    errors: RwSignal<BTreeMap<String, String>>,
    pub locale: Locale,
}

impl Form {
    pub fn new(locale: Locale, texts: Vec<(&'static str, String)>) -> Self {
        Self { texts: RwSignal::new(texts.into_iter().collect()), errors: RwSignal::default(), locale }
    }

    /// Tracks the field.
    pub fn get(self, name: &str) -> String {
        self.texts.with(|texts| texts.get(name).cloned().unwrap_or_default())
    }

    fn set(self, name: &'static str, text: String) {
        self.texts.update(|texts| {
            texts.insert(name, text);
        });
        if self.errors.with_untracked(|errors| errors.contains_key(name)) {
            self.errors.update(|errors| {
                errors.remove(name);
            });
        }
    }

    fn error(self, name: &str) -> Option<String> {
        self.errors.with(|errors| errors.get(name).cloned())
    }

    pub fn refuse(self, name: &str, why: String) {
        self.errors.update(|errors| {
            errors.insert(name.to_owned(), why);
        });
    }

    pub fn clear_errors(self) {
        self.errors.set(BTreeMap::new());
    }

    pub fn has_errors(self) -> bool {
        self.errors.with_untracked(|errors| !errors.is_empty())
    }

    /// Puts a server's field errors at their fields; `false` if one has no field here.
    pub fn refused_by_server(self, problem: &Problem) -> bool {
        for error in &problem.errors {
            self.refuse(error.pointer.trim_start_matches('/'), error.detail.clone());
        }
        let known = |pointer: &str| {
            self.texts.with_untracked(|texts| texts.contains_key(pointer.trim_start_matches('/')))
        };
        !problem.errors.is_empty() && problem.errors.iter().all(|error| known(&error.pointer))
    }

    /// A value, or the reason at its field.
    pub fn take<T>(self, name: &str, make: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<T> {
        let text = self.texts.with_untracked(|texts| texts.get(name).cloned().unwrap_or_default());
        match make(&text) {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.refuse(name, (self.locale.strings.invalid)(&invalid));
                None
            }
        }
    }

    /// A number written with a point or a comma.
    pub fn number<T>(self, name: &str, make: impl FnOnce(f64) -> Result<T, Invalid>) -> Option<T> {
        let text = self.texts.with_untracked(|texts| texts.get(name).cloned().unwrap_or_default());
        let text = text.trim().replace(',', ".");
        if text.is_empty() {
            return self.take(name, |_| Err(Invalid::Required));
        }
        // The browser's own reading of numbers costs no bytes; it takes no blank and no unit.
        let number = js_sys::Number::from(wasm_bindgen::JsValue::from_str(&text)).value_of();
        if number.is_nan() {
            self.refuse(name, self.locale.strings.not_a_number.to_owned());
            return None;
        }
        self.take(name, |_| make(number))
    }

    /// As [`number`](Self::number), but may be left out.
    pub fn optional_number<T>(
        self,
        name: &str,
        make: impl FnOnce(f64) -> Result<T, Invalid>,
    ) -> Option<Option<T>> {
        if self.is_blank(name) { Some(None) } else { self.number(name, make).map(Some) }
    }

    pub fn optional<T>(self, name: &str, make: impl FnOnce(&str) -> Result<T, Invalid>) -> Option<Option<T>> {
        if self.is_blank(name) { Some(None) } else { self.take(name, make).map(Some) }
    }

    pub fn instant(self, name: &str) -> Option<Timestamp> {
        self.take(name, |text| day::from_local_input(text).ok_or(Invalid::NotATime))
    }

    fn is_blank(self, name: &str) -> bool {
        self.texts.with_untracked(|texts| texts.get(name).is_none_or(|text| text.trim().is_empty()))
    }
}

/// An input with its label and its error.
#[component]
pub fn Field(
    form: Form,
    name: &'static str,
    label: &'static str,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] mode: &'static str,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let error_id = format!("error-{name}");
    view! {
        <label class="field">
            <span>
                {label}
                {optional.then(|| view! { <small>" (" {form.locale.strings.optional} ")"</small> })}
            </span>
            <input
                name=name
                type=kind
                inputmode=mode
                autocomplete="off"
                aria-invalid=move || form.error(name).is_some().to_string()
                aria-describedby=error_id.clone()
                prop:value=move || form.get(name)
                on:input=move |event| form.set(name, event_target_value(&event))
            />
            <FieldError form name id=error_id/>
        </label>
    }
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
            view! { <option value=value selected=move || form.get(name) == value>{label}</option> }
        })
        .collect_view();
    view! {
        <label class="field">
            <span>{label}</span>
            <select
                name=name
                disabled=disabled
                aria-describedby=error_id.clone()
                on:change=move |event| form.set(name, event_target_value(&event))
            >
                {options}
            </select>
            <FieldError form name id=error_id/>
        </label>
    }
}

#[component]
fn FieldError(form: Form, name: &'static str, id: String) -> impl IntoView {
    view! {
        <span class="error" id=id data-error-for=name aria-live="polite">{move || form.error(name)}</span>
    }
}
