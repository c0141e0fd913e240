//! What is loaded when it is needed, rather than before the first page shows.
//!
//! With the feature `split`, which `cargo xtask build` turns on, the code that only a part uses ends up in a
//! file of its own (xtask/src/split.rs). Without it everything is in one file, and every part is there at once.
//! Either way a part is shown with [`lazy`](crate::components::lazy::lazy).
//!
//! A part takes no arguments: what it is about, it finds in its contexts.

use leptos::prelude::*;

use crate::{
    components::{
        lazy::{Build, Loading, NotLoaded, Part},
        record_dialog::RecordForm,
    },
    pages::{
        connections::Connections, conversations::Conversations, deliveries::Deliveries, equipment::Equipment,
        overview::Overview, profile::Profile,
    },
};

/// `name: Component` makes the component a part, in a file of that name.
macro_rules! parts {
    ($($name:ident: $component:ident),* $(,)?) => {
        $(pub fn $name() -> Loading {
            // The boundary between two files: the one function that is called across it by name.
            #[cfg_attr(feature = "split", wasm_split_helpers::wasm_split($name, fallible))]
            fn $name() -> Result<Build, NotLoaded> {
                Ok(|| view! { <$component/> }.into_any())
            }
            #[cfg(not(feature = "split"))]
            let loading = std::future::ready($name());
            #[cfg(feature = "split")]
            let loading = $name();
            Box::pin(loading)
        })*

        pub const ALL: &[Part] = &[$($name),*];
    };
}

parts! {
    record_form: RecordForm,
    overview: Overview,
    profile: Profile,
    conversations: Conversations,
    equipment: Equipment,
    deliveries: Deliveries,
    connections: Connections,
}
