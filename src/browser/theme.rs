//! Light, dark, or as the system has it. The choice is this browser's; its tabs share it, and
//! `first-paint.js` applies it before anything is painted.

use leptos::prelude::*;

use super::{get_maybe_tracked, storage};

const STORAGE_KEY: &str = "latido.theme";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

thread_local! {
    static CHOSEN: ArcRwSignal<Theme> =
        ArcRwSignal::new(Theme::parse(&storage::get(STORAGE_KEY).unwrap_or_default()));
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// A word that is none of ours is no choice.
    pub fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word).unwrap_or_default()
    }
}

/// The chosen theme. Tracked inside a reactive context.
pub fn chosen() -> Theme {
    CHOSEN.with(get_maybe_tracked)
}

pub fn choose(theme: Theme) {
    storage::set(STORAGE_KEY, theme.as_str());
    apply(theme);
}

/// What another tab chooses holds here as well; once a page.
pub fn follow_other_tabs() {
    storage::on_change_elsewhere(STORAGE_KEY, |word| apply(Theme::parse(&word.unwrap_or_default())));
}

fn apply(theme: Theme) {
    if let Some(root) = document().document_element() {
        // Setting a well-named attribute cannot fail.
        let _ = root.set_attribute("data-theme", theme.as_str());
    }
    CHOSEN.with(|chosen| chosen.set(theme));
}
