//! The filter of records: by word, and by meal, intensity or kind.

use leptos::prelude::*;

use crate::{
    data::queries::record::{AnyRecord, RecordKind},
    i18n::{Locale, records, use_locale},
    ui::view::{text, typed},
};

/// What a record has to be to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// In the name, or in the notes.
    pub words: String,
    /// A meal, an intensity or a kind, as on the wire.
    pub of: String,
}

impl RecordFilter {
    pub fn is_empty(&self) -> bool {
        self.words.trim().is_empty() && self.of.is_empty()
    }

    pub fn admits(&self, record: &AnyRecord, locale: Locale) -> bool {
        if !self.of.is_empty() && record.sort() != self.of {
            return false;
        }
        if self.words.trim().is_empty() {
            return true;
        }
        let (name, below) = record.describe(locale);
        let text = plain(&format!("{name} {below} {}", record.notes()));
        self.words.split_whitespace().all(|word| text.contains(&plain(word)))
    }
}

/// Without capitals and accents: who types "cafe" means "Café". The browser's tables, which are large, know how.
fn plain(text: &str) -> String {
    /// What is left of an accent when its letter was taken apart.
    const ACCENTS: std::ops::RangeInclusive<char> = '\u{300}'..='\u{36f}';
    let apart = js_sys::JsString::from(text).normalize("NFD").to_lower_case();
    String::from(apart).chars().filter(|letter| !ACCENTS.contains(letter)).collect()
}

#[component]
pub fn FilterBar(kind: RecordKind, filter: RwSignal<RecordFilter>) -> impl IntoView {
    let locale = use_locale();
    let strings = records::strings(locale);
    let option = |(value, name): (&'static str, &'static str)| {
        let selected = filter.with_untracked(|filter| filter.of == value);
        view! { <option value=value selected=selected>{name}</option> }
    };
    view! {
        <div class="filter" role="search">
            <input
                type="search"
                data-testid="search"
                aria-label=strings.search
                placeholder=strings.search
                aria-keyshortcuts="/"
                prop:value=text(move || filter.with(|filter| filter.words.clone()))
                on:input=typed(move |words| filter.update(|filter| filter.words = words))
            />
            <select
                data-testid="filter"
                aria-label=kind.any_sort(locale)
                prop:value=text(move || filter.with(|filter| filter.of.clone()))
                on:change=typed(move |of| filter.update(|filter| filter.of = of))
            >
                <option value="">{kind.any_sort(locale)}</option>
                {kind.sorts(locale).into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}
