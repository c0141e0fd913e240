//! A burst is shown once a frame.
//!
//! The first change after a quiet frame is shown at once: a single event is in the document before the
//! next frame is painted. What comes within the same frame waits for its end. Frames stop in a hidden
//! page, so there, and when much has gathered, nothing waits; and should they stop in a page that thinks
//! it is seen (a window behind others), a timer takes their place.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::prelude::{request_animation_frame, set_timeout};

use crate::browser::is_visible;

/// More changes than this do not wait for a frame that may be late.
const MOST_WAITING: u32 = 500;

/// When a frame that does not come is not waited for any longer.
const LATEST: Duration = Duration::from_millis(250);

#[derive(Clone, Default)]
pub(crate) struct Frames(Rc<State>);

#[derive(Default)]
struct State {
    /// A frame was asked for and has not begun.
    asked: Cell<bool>,
    /// When it was asked for, somebody could see the page. Whoever hides or shows it flushes.
    visible: Cell<bool>,
    waiting: Cell<u32>,
}

impl Frames {
    /// Something changed. `drain` shows all that has.
    pub fn request(&self, drain: impl Fn() + 'static) {
        let state = &self.0;
        state.waiting.set(state.waiting.get() + 1);
        if !state.asked.get() || !state.visible.get() || state.waiting.get() > MOST_WAITING {
            state.waiting.set(0);
            drain();
            self.ask(Rc::new(drain));
        }
    }

    fn ask(&self, drain: Rc<dyn Fn()>) {
        if self.0.asked.replace(true) {
            return;
        }
        self.0.visible.set(is_visible());
        let frames = self.clone();
        // For whichever comes first. The other finds nothing, or a frame that it shows a little early.
        let show = Rc::new(move || {
            if frames.0.asked.replace(false) && frames.0.waiting.replace(0) > 0 {
                drain();
                frames.ask(drain.clone());
            }
        });
        let late = show.clone();
        request_animation_frame(move || show());
        set_timeout(move || late(), LATEST);
    }

    /// The page was hidden or shown: what waits for a frame is shown now.
    pub fn flush(&self, drain: impl Fn()) {
        self.0.visible.set(is_visible());
        if self.0.waiting.replace(0) > 0 {
            drain();
        }
    }
}
