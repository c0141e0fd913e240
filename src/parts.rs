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
        new_version::NewVersionOffer,
        outbox::RefusedNotes,
        record_form::RecordForm,
        undo::UndoOffer,
        unread::UnreadCount,
    },
    pages::{
        connections::Connections,
        conversations::Conversations,
        deliveries::Deliveries,
        equipment::Equipment,
        not_found::NotFound,
        overview::Overview,
        profile::Profile,
        sign_in::SignIn,
        trends::{Trends, WeightTrend},
    },
    people::ViewingNote,
};

/// `name: Component in file` makes the component a part. Those that the same people open share a file: every file
/// more has its name and its hash in the script, and pieces that only some of the files share are files too.
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
    record_form: RecordForm in daily,
    settings_panel: SettingsPanel in daily,
    connection_panel: ConnectionPanel in daily,
    refused_notes: RefusedNotes in daily,
    undo_offer: UndoOffer in daily,
    unread: UnreadCount in daily,
    new_version: NewVersionOffer in daily,
    viewing_note: ViewingNote in daily,
    not_found: NotFound in daily,
    overview: Overview in overview,
    trends: Trends in overview,
    weight_trend: WeightTrend in overview,
    profile: Profile in personal,
    conversations: Conversations in personal,
    equipment: Equipment in practice,
    deliveries: Deliveries in practice,
    connections: Connections in practice,
}
