//! Views in few types. Every closure in a `view!` is a type of its own, and each brings its own
//! copy of the code that builds, updates and drops it: some two kilobytes of wasm. These wrappers
//! give the many closures of the app a handful of types to share.

use std::sync::Arc;

use leptos::{
    ev::MouseEvent,
    prelude::*,
    reactive::graph::{AnySource, Source},
};

/// A view that is rebuilt when a signal that it reads changes.
pub fn reactive(build: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let build: Box<dyn Fn() -> AnyView + Send> = Box::new(build);
    build.into_any()
}

/// A view that is present while the condition holds.
pub fn when(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    build: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let condition = Memo::new(move |_| condition());
    reactive(move || if condition.get() { build() } else { ().into_any() })
}

/// When the current owner goes, these forget who followed them: a signal keeps a note of everyone who ever did, until it
/// changes (`reactive_graph` 0.2), and what is shown comes and goes by the thousand while what it shows stays.
pub fn forget_followers(sources: Vec<AnySource>) {
    on_cleanup(move || {
        for source in sources {
            source.clear_subscribers();
        }
    });
}

/// A text that changes.
pub fn text(read: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(read)
}

/// A yes or no that changes.
pub fn derived_bool(read: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(read)
}

/// What a click does.
pub fn click(handle: impl Fn() + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(move |_| handle())
}

/// What an input or a choice does with its new value.
pub fn typed(handle: impl Fn(String) + 'static) -> Box<dyn FnMut(leptos::ev::Event)> {
    Box::new(move |event| handle(event_target_value(&event)))
}

/// Follows a `<details>`, reading the element itself: browsers merge the events of two quick changes.
pub fn toggled(open: RwSignal<bool>) -> Box<dyn FnMut(leptos::ev::Event)> {
    Box::new(move |event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open")))
}

/// An element of a list, which stays for as long as its key is there.
#[derive(Clone)]
pub struct Keyed {
    pub key: String,
    pub build: Arc<dyn Fn() -> AnyView + Send + Sync>,
}

/// A list that is only changed where elements come or go.
pub fn keyed(items: impl Fn() -> Vec<Keyed> + Send + Sync + 'static) -> AnyView {
    let items: Box<dyn Fn() -> Vec<Keyed> + Send + Sync> = Box::new(items);
    let build = |item: Keyed| (item.build)();
    view! { <For each=items key=|item| item.key.clone() children=build/> }.into_any()
}
