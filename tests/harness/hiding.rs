//! A page that nobody looks at.
//!
//! In Chromium and Firefox another tab in front hides it. `MiniBrowser` under its driver calls every tab
//! visible, so there the page is told that it is hidden, in the words in which a browser would tell it.

use thirtyfour::WindowHandle;

use crate::{browser::Browser, engine::Engine};

/// Which page was hidden, and how.
#[must_use = "it is how the page comes back"]
pub enum Hidden {
    Behind(WindowHandle),
    Told,
}

impl Browser {
    /// Until it is shown again, the page cannot be looked at here either.
    pub async fn hide(&self) -> Hidden {
        match self.engine {
            Engine::Chromium | Engine::Firefox => Hidden::Behind(self.new_tab().await),
            Engine::WebKit => {
                self.js::<()>(TELL_HIDDEN, &[]).await;
                Hidden::Told
            }
        }
    }

    pub async fn show(&self, hidden: Hidden) {
        match hidden {
            Hidden::Behind(page) => self.switch_to(&page).await,
            Hidden::Told => self.js::<()>(TELL_VISIBLE, &[]).await,
        }
    }
}

const TELL_HIDDEN: &str = "
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));";
const TELL_VISIBLE: &str = "
    delete document.visibilityState;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));";
