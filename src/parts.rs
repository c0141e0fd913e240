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
        connection_status::ConnectionPanel,
        header::SettingsPanel,
        lazy::{Build, Loading, NotLoaded, Part},
        outbox::RefusedNotes,
        record_dialog::RecordForm,
        undo::UndoOffer,
    },
    pages::{
        connections::Connections, conversations::Conversations, deliveries::Deliveries, equipment::Equipment,
        not_found::NotFound, overview::Overview, profile::Profile, sign_in::SignIn,
    },
    people::ViewingNote,
};

/// `name: Component in file` makes the component a part. Small ones share a file.
macro_rules! parts {
    ($($name:ident: $component:ident in $file:ident),* $(,)?) => {
        $(pub fn $name() -> Loading {
            // The boundary between two files: the one function that is called across it by name.
            #[cfg_attr(feature = "split", wasm_split_helpers::wasm_split($file, fallible))]
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
    sign_in: SignIn in sign_in,
    record_form: RecordForm in record_form,
    settings_panel: SettingsPanel in extras,
    connection_panel: ConnectionPanel in extras,
    refused_notes: RefusedNotes in extras,
    undo_offer: UndoOffer in extras,
    viewing_note: ViewingNote in extras,
    not_found: NotFound in extras,
    overview: Overview in overview,
    profile: Profile in profile,
    conversations: Conversations in conversations,
    equipment: Equipment in equipment,
    deliveries: Deliveries in deliveries,
    connections: Connections in connections,
}
