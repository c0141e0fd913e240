//! Which rows of a long list have elements: those that can be seen, and a few around them. The others are
//! room above and below, so the page is as long as the whole list and scrolls like it.
//!
//! All rows of such a list are equally high (see `.rows[data-windowed]` in the styles), so that no row has to be
//! laid out to know where another stands.

use std::ops::Range;

use leptos::{ev, html, prelude::*};

use super::view::text;

/// Shorter lists are whole: searching in the page then finds all of them.
const WHOLE_UP_TO: usize = 150;
/// Rows beyond each edge of the screen.
const BEYOND: usize = 12;
/// The window moves in steps of so many rows, not with every pixel.
const STEP: usize = 8;
/// Until a row was measured.
const GUESSED_HEIGHT: f64 = 64.0;

/// The rows near the screen. `top` is where the list begins relative to the screen's upper edge; all lengths
/// in pixels.
pub(crate) fn near(count: usize, height: f64, top: f64, screen: f64) -> Range<usize> {
    if count <= WHOLE_UP_TO || height < 1.0 {
        return 0..count;
    }
    let first = ((-top / height).max(0.0) as usize).saturating_sub(BEYOND) / STEP * STEP;
    let behind = ((screen - top) / height).max(0.0) as usize + 1 + BEYOND;
    let behind = behind.div_ceil(STEP) * STEP;
    first.min(count)..behind.clamp(first.min(count), count)
}

/// Follows the screen for as long as the current owner lives.
#[derive(Clone, Copy)]
pub struct Window {
    pub shown: Memo<Range<usize>>,
    pub is_long: Memo<bool>,
    count: Signal<usize>,
    height: RwSignal<f64>,
}

impl Window {
    pub fn over(list: NodeRef<html::Ul>, count: Signal<usize>) -> Self {
        let height = RwSignal::new(GUESSED_HEIGHT);
        let place = RwSignal::new((0.0, screen_height()));
        let look = move || {
            // A frame may come when the page has been left.
            if let Some(Some(list)) = list.try_get_untracked() {
                if let Ok(Some(row)) = list.query_selector(".row") {
                    let measured = row.get_bounding_client_rect().height();
                    if measured >= 1.0
                        && height.try_get_untracked().is_some_and(|known| (measured - known).abs() > 0.5)
                    {
                        height.set(measured);
                    }
                }
                place.set((list.get_bounding_client_rect().top(), screen_height()));
            }
        };
        let shown = Memo::new(move |_| {
            let (top, screen) = place.get();
            near(count.get(), height.get(), top, screen)
        });
        let is_long = Memo::new(move |_| count.get() > WHOLE_UP_TO);
        Effect::new(move |_| {
            if is_long.get() {
                // Its rows have just become equally high.
                request_animation_frame(look);
            }
        });
        let follow = move || {
            if is_long.get_untracked() {
                look();
            }
        };
        let scrolled = window_event_listener(ev::scroll, move |_| follow());
        let resized = window_event_listener(ev::resize, move |_| follow());
        on_cleanup(move || {
            scrolled.remove();
            resized.remove();
        });
        Self { shown, is_long, count, height }
    }

    pub fn is_windowed(self) -> Signal<String> {
        text(move || self.is_long.get().to_string())
    }

    /// The room of the rows above those that are shown.
    pub fn above(self) -> Signal<String> {
        text(move || self.room(self.shown.get().start))
    }

    pub fn below(self) -> Signal<String> {
        text(move || self.room(self.count.get().saturating_sub(self.shown.get().end)))
    }

    fn room(self, rows: usize) -> String {
        format!("{}px", (rows as f64 * self.height.get()) as u64)
    }
}

fn screen_height() -> f64 {
    window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(800.0)
}
