//! How wide a chart is, in its own units.
//!
//! The style sheet makes every plot 15 rem high and the drawing calls that 240, so a unit is a
//! sixteenth of a rem: type and strokes keep their size at any width, and grow with the reader's type.

use leptos::{html::Div, prelude::*};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::ResizeObserver;

pub const HEIGHT: u32 = 240;

/// Follows the element's width. Zero until it is known, which is before anything is painted.
pub fn follow(plot: NodeRef<Div>) -> ReadSignal<u32> {
    let (width, set_width) = signal(0);
    Effect::new(move |_| {
        let Some(element) = plot.get() else { return };
        let measured = element.clone();
        let measure = Closure::<dyn FnMut()>::new(move || {
            let units = (scale(&measured) * f64::from(measured.client_width())) as u32;
            // Hidden, it has no size; what was drawn for the last one stays.
            if units > 0 && width.try_get_untracked() != Some(units) {
                set_width.try_set(units);
            }
        });
        if let Ok(observer) = ResizeObserver::new(measure.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let kept = SendWrapper::new((observer, measure));
            on_cleanup(move || kept.0.disconnect());
        }
    });
    width
}

/// Units a pixel.
pub fn scale(plot: &web_sys::Element) -> f64 {
    match plot.client_height() {
        0 => 0.0,
        height => f64::from(HEIGHT) / f64::from(height),
    }
}
