//! Spanish and English: one table of strings a language, chosen at run time.
//!
//! A change of language rebuilds the page's tree, so a component reads its strings once and holds
//! no signal for them. The compiler checks that no table misses a string.

mod en;
mod es;
pub mod later;
pub mod overview;
pub mod records;
pub mod shell_notes;
mod strings;

use latido_protocol::values::Language;
use leptos::prelude::*;

use crate::browser::{format, storage};
pub use strings::Strings;

/// What was chosen in this browser.
const STORAGE_KEY: &str = "latido.language";
/// What the account said last; it counts where nothing was chosen.
const ADOPTED_KEY: &str = "latido.language.account";

/// The strings and formats of one language.
#[derive(Clone, Copy)]
pub struct Locale {
    pub language: Language,
    pub strings: &'static Strings,
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

/// What was chosen before, else what the account said, else what the browser prefers, else Spanish.
pub fn preferred() -> Language {
    let known = storage::get(STORAGE_KEY).or_else(|| storage::get(ADOPTED_KEY));
    let wanted = known.or_else(|| window().navigator().language()).unwrap_or_default();
    if wanted.starts_with("en") { Language::En } else { Language::Es }
}

/// Remembers the choice and tells the document, for screen readers and hyphenation.
pub fn remember(language: Language) {
    storage::set(STORAGE_KEY, language.as_str());
    announce(language);
}

/// The account's language, for a browser in which none was chosen.
pub fn adopt(language: Language) {
    storage::set(ADOPTED_KEY, language.as_str());
}

/// Nobody's account says anything any more.
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
    use_context().unwrap_or_else(|| Locale::of(Language::Es))
}
