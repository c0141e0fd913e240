//! A frame batcher: renders a burst of changes once a frame.
//!
//! The first change after a quiet frame is shown at once: a single event is in the document before the
//! next frame is painted. What comes within the same frame waits for its end. Frames stop in a hidden
//! page, so there, and when much has gathered, nothing waits; and should they stop in a page that thinks
//! it is seen (a window behind others), a timer takes their place.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo_timers::callback::Timeout;
use leptos::prelude::request_animation_frame;

use crate::browser::is_visible;

/// More changes than this do not wait for a frame that may be late.
const MOST_WAITING: u32 = 500;

/// How long a frame that does not come is waited for, in milliseconds.
const LATEST_MS: u32 = 250;

#[derive(Clone, Default)]
pub(crate) struct FrameBatcher(Rc<BatchState>);

#[derive(Default)]
struct BatchState {
    /// A frame was asked for and has not begun.
    asked: Cell<bool>,
    /// Whether the page was visible when the frame was requested. A change of visibility flushes.
    visible: Cell<bool>,
    waiting: Cell<u32>,
    /// Takes the place of a frame that does not come.
    late: RefCell<Option<Timeout>>,
}

impl FrameBatcher {
    /// Something changed. `render` shows all that has.
    pub fn request(&self, render: impl Fn() + 'static) {
        let state = &self.0;
        state.waiting.set(state.waiting.get() + 1);
        if !state.asked.get() || !state.visible.get() || state.waiting.get() > MOST_WAITING {
            state.waiting.set(0);
            render();
            self.ask(Rc::new(render));
        }
    }

    fn ask(&self, render: Rc<dyn Fn()>) {
        if self.0.asked.replace(true) {
            return;
        }
        self.0.visible.set(is_visible());
        let frames = self.clone();
        // For whichever comes first. The other finds nothing, or a frame that it shows a little early.
        let show = Rc::new(move || {
            if frames.0.asked.replace(false) && frames.0.waiting.replace(0) > 0 {
                render();
                frames.ask(render.clone());
            }
        });
        let late = show.clone();
        request_animation_frame(move || show());
        self.0.late.replace(Some(Timeout::new(LATEST_MS, move || late())));
    }

    /// The page was hidden or shown: what waits for a frame is shown now.
    pub fn flush(&self, render: impl Fn()) {
        self.0.visible.set(is_visible());
        if self.0.waiting.replace(0) > 0 {
            render();
        }
    }
}
