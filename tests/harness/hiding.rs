//! A hidden page.
//!
//! In Chromium and Firefox another tab in front hides it. `MiniBrowser` under its driver reports every tab as visible,
//! so there the page receives the event and the property that a browser would give it.

use thirtyfour::WindowHandle;

use crate::{browser::Browser, engine::Engine};

/// Which page was hidden, and how.
#[must_use = "it is how the page comes back"]
pub enum Hidden {
    Behind(WindowHandle),
    Simulated,
}

impl Browser {
    /// Until it is shown again, the page cannot be looked at here either.
    pub async fn hide(&self) -> Hidden {
        match self.engine {
            Engine::Chromium | Engine::Firefox => Hidden::Behind(self.new_tab().await),
            Engine::WebKit => {
                self.js::<()>(SIMULATE_HIDDEN, &[]).await;
                Hidden::Simulated
            }
        }
    }

    pub async fn show(&self, hidden: Hidden) {
        match hidden {
            Hidden::Behind(page) => self.switch_to(&page).await,
            Hidden::Simulated => self.js::<()>(SIMULATE_VISIBLE, &[]).await,
        }
    }
}

const SIMULATE_HIDDEN: &str = "
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));";
const SIMULATE_VISIBLE: &str = "
    delete document.visibilityState;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));";
