//! The page's visibility.

/// Whether the page can be seen. Read when deciding, never cached: a cached value sticks when a page comes out of
/// the back-forward cache.
pub fn is_visible() -> bool {
    leptos::prelude::document().visibility_state() != web_sys::VisibilityState::Hidden
}
