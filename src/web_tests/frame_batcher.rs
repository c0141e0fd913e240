use std::{cell::Cell, rc::Rc};

use wasm_bindgen_test::wasm_bindgen_test;

use super::settle;
use crate::data::queries::frame_batcher::FrameBatcher;

#[wasm_bindgen_test]
async fn burst_renders_at_once_then_per_frame() {
    let (frames, shown, changes) =
        (FrameBatcher::default(), Rc::new(Cell::new((0, 0))), Rc::new(Cell::new(0)));
    let drain = {
        let (shown, changes) = (shown.clone(), changes.clone());
        move || shown.set((shown.get().0 + 1, changes.get()))
    };
    for _ in 0..100 {
        changes.set(changes.get() + 1);
        frames.request(drain.clone());
    }
    assert_eq!(shown.get(), (1, 1), "the first change does not wait");
    settle(100).await;
    assert_eq!(shown.get(), (2, 100), "the others are shown together");
}

#[wasm_bindgen_test]
fn a_page_that_is_hidden_shows_what_waits() {
    let (frames, shown) = (FrameBatcher::default(), Rc::new(Cell::new(0)));
    let drain = {
        let shown = shown.clone();
        move || shown.set(shown.get() + 1)
    };
    frames.request(drain.clone());
    frames.request(drain.clone());
    assert_eq!(shown.get(), 1);
    frames.flush(&drain);
    frames.flush(&drain);
    assert_eq!(shown.get(), 2);
}
