//! Spanish and English: one table of strings a language, chosen at run time.
//!
//! A change of language rebuilds the page's tree, so a component reads its strings once and holds
//! no signal for them. The compiler checks that no table misses a string.

pub mod connection;
pub mod deferred;
mod en;
mod es;
pub mod overview;
pub mod reasons;
pub mod records;
pub mod shell_notes;
mod strings;
mod units;
pub mod values;

use latido_protocol::values::Language;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::browser::{format, storage};
pub use strings::CommonStrings;

/// What was chosen in this browser.
const STORAGE_KEY: &str = "latido.language";
/// The account's last known language; used where none was chosen.
const ADOPTED_KEY: &str = "latido.language.account";

/// The strings and formats of one language.
#[derive(Clone, Copy)]
pub struct Locale {
    pub language: Language,
    pub strings: &'static CommonStrings,
}

impl Locale {
    pub fn of(language: Language) -> Self {
        let strings = match language {
            Language::Es => &es::STRINGS,
            Language::En => &en::STRINGS,
        };
        Self { language, strings }
    }

    pub fn number(self, value: f64) -> String {
        format::number(self.language, value)
    }

    /// A dash where nothing is known.
    pub fn number_or_dash(self, value: Option<f64>) -> String {
        value.map_or_else(|| "–".to_owned(), |value| self.number(value))
    }
}

/// The language that the whole tree is written in.
#[derive(Clone, Copy)]
pub struct LanguageChoice(pub RwSignal<Language>);

/// The language chosen before, else the account's, else the browser's.
pub fn preferred() -> Language {
    let known = storage::get(STORAGE_KEY).or_else(|| storage::get(ADOPTED_KEY));
    known.and_then(|known| Language::parse(&known).ok()).unwrap_or_else(of_the_browser)
}

/// The first of the browser's languages that is one of ours, else English. Without a look at what was chosen here.
pub fn of_the_browser() -> Language {
    let ours = |tag: JsValue| Language::parse(tag.as_string()?.get(..2)?).ok();
    window().navigator().languages().iter().find_map(ours).unwrap_or(Language::En)
}

/// Stores the choice and sets the document's language, for screen readers and hyphenation.
pub fn remember(language: Language) {
    storage::set(STORAGE_KEY, language.as_str());
    announce(language);
}

/// Adopts the account's language, which the user has just chosen. An earlier choice of this browser is dropped.
pub fn choose_for_account(language: Language) {
    adopt(language);
    storage::remove(STORAGE_KEY);
    announce(language);
}

/// The account's language, for a browser in which none was chosen.
pub fn adopt(language: Language) {
    storage::set(ADOPTED_KEY, language.as_str());
}

/// Forgets the account's language at sign-out.
pub fn forget_account() {
    storage::remove(ADOPTED_KEY);
}

/// Calls back when another tab chooses.
pub fn on_chosen_elsewhere(chosen: impl Fn() + 'static) {
    storage::on_change_elsewhere(STORAGE_KEY, move |_| chosen());
}

pub fn announce(language: Language) {
    if let Some(root) = document().document_element() {
        // Setting a well-named attribute cannot fail.
        let _ = root.set_attribute("lang", language.as_str());
    }
}

/// The locale of the tree this component stands in.
pub fn use_locale() -> Locale {
    use_context().unwrap_or_else(|| Locale::of(preferred()))
}
