//! The scroll position. The pane is laid out from its end (`column-reverse`), so it starts at the newest message,
//! stays there, and keeps its place when older ones are put before, without any help. Only messages that arrive below
//! would move a reader who has scrolled up, and that is undone here; browsers' own scroll anchoring is turned off,
//! since not all of them have it.

use leptos::{html, prelude::*, task::tick};
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

/// So near to the end counts as being there.
const AT_THE_END: i32 = 48;
/// So near to the beginning older messages are asked for.
const NEAR_THE_BEGINNING: i32 = 600;

#[derive(Clone, Copy)]
pub struct Scroll {
    pub pane: NodeRef<html::Div>,
    pub list: NodeRef<html::Ol>,
}

impl Scroll {
    pub fn new() -> Self {
        Self { pane: NodeRef::new(), list: NodeRef::new() }
    }

    fn pane(self) -> Option<web_sys::HtmlDivElement> {
        self.pane.try_get_untracked().flatten()
    }

    /// The distance from the end, in pixels. From the end upwards, browsers count below zero.
    fn away(self) -> i32 {
        self.pane().map_or(0, |pane| -pane.scroll_top())
    }

    pub fn is_at_the_end(self) -> bool {
        self.away() <= AT_THE_END
    }

    pub fn is_near_the_beginning(self) -> bool {
        self.pane().is_some_and(|pane| {
            pane.scroll_height() - pane.client_height() - self.away() <= NEAR_THE_BEGINNING
        })
    }

    pub fn go_to_the_end(self) {
        if let Some(pane) = self.pane() {
            pane.set_scroll_top(0);
        }
    }

    /// Changes the rows without moving the reader's place.
    pub fn keep(self, change: impl FnOnce()) {
        let reading = if self.is_at_the_end() { None } else { self.first_in_view() };
        change();
        let Some((row, top)) = reading else { return };
        spawn_local(async move {
            tick().await;
            if let Some(pane) = self.pane().filter(|_| row.is_connected()) {
                let moved = row.get_bounding_client_rect().top() - top;
                pane.set_scroll_top(pane.scroll_top() + moved.round() as i32);
            }
        });
    }

    /// The first row that can be seen, and where.
    fn first_in_view(self) -> Option<(Element, f64)> {
        let above = self.pane()?.get_bounding_client_rect().top();
        let mut row = self.list.try_get_untracked().flatten()?.first_element_child();
        while let Some(element) = row {
            let place = element.get_bounding_client_rect();
            if place.bottom() > above {
                return Some((element, place.top()));
            }
            row = element.next_element_sibling();
        }
        None
    }
}
