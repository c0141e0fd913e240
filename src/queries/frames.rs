//! A burst is shown once a frame.
//!
//! The first change after a quiet frame is shown at once: a single event is in the document before the
//! next frame is painted. What comes within the same frame waits for its end. Frames stop in a hidden
//! page, so there, and when much has gathered, nothing waits.

use std::{cell::Cell, rc::Rc};

use leptos::prelude::request_animation_frame;

use crate::browser::is_visible;

/// More changes than this do not wait for a frame that may be late.
const MOST_WAITING: u32 = 500;

#[derive(Clone, Default)]
pub(crate) struct Frames(Rc<State>);

#[derive(Default)]
struct State {
    /// A frame was asked for and has not begun.
    asked: Cell<bool>,
    waiting: Cell<u32>,
}

impl Frames {
    /// Something changed. `drain` shows all that has.
    pub fn request(&self, drain: impl Fn() + 'static) {
        let state = &self.0;
        state.waiting.set(state.waiting.get() + 1);
        if !state.asked.get() || !is_visible() || state.waiting.get() > MOST_WAITING {
            state.waiting.set(0);
            drain();
            self.ask(drain);
        }
    }

    fn ask(&self, drain: impl Fn() + 'static) {
        if self.0.asked.replace(true) {
            return;
        }
        let frames = self.clone();
        request_animation_frame(move || {
            frames.0.asked.set(false);
            if frames.0.waiting.replace(0) > 0 {
                drain();
                frames.ask(drain);
            }
        });
    }

    /// The page was hidden or shown: what waits for a frame is shown now.
    pub fn flush(&self, drain: impl Fn()) {
        if self.0.waiting.replace(0) > 0 {
            drain();
        }
    }
}
