//! A modal dialog.

use leptos::{html, prelude::*};

use super::view::reactive;
use crate::browser::back::closes_on_back;

/// The node of a dialog that is shown over the page while `is_open`.
pub fn shown_while(is_open: impl Fn() -> bool + 'static) -> NodeRef<html::Dialog> {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let is_open = is_open();
        if let Some(dialog) = dialog.get() {
            if is_open && !dialog.open() {
                // Fails only for a dialog that is open already.
                let _ = dialog.show_modal();
            } else if !is_open {
                dialog.close();
            }
        }
    });
    dialog
}

/// A dialog over the page while `open` is true, named by the heading with this id. Escape and *back* close it. Its
/// content is built whenever it opens, so nothing that was typed outlives it by itself.
pub fn modal(
    open: RwSignal<bool>,
    heading: &'static str,
    content: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let dialog = shown_while(move || open.get());
    let content = reactive(move || {
        if !open.get() {
            return ().into_any();
        }
        closes_on_back(move || open.set(false));
        content()
    });
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby=heading on:close=move |_| open.set(false)>
            {content}
        </dialog>
    }
    .into_any()
}
