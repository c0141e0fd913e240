//! A record is deleted at once, and can be had back for a while: asking first would be asked every time, and
//! answered without reading.

use std::time::Duration;

use latido_replica::Full;
use leptos::prelude::*;

use super::{
    icon::Icon,
    lazy::lazy_small,
    view::{click, dynamic, when},
};
use crate::{
    i18n::{records, use_locale},
    parts,
    queries::record::AnyRecord,
    writes::Writes,
};

/// Long enough to read it, see the row gone, and reach the button without a mouse.
const OFFERED_FOR: Duration = Duration::from_secs(10);

/// What was deleted last.
#[derive(Clone, Copy)]
pub struct Deleted(RwSignal<Option<AnyRecord>>);

impl Deleted {
    pub fn provide() {
        provide_context(Self(RwSignal::new(None)));
    }

    pub fn offer(self, record: AnyRecord) {
        self.0.set(Some(record));
    }
}

#[component]
pub fn UndoNote() -> impl IntoView {
    let locale = use_locale();
    let Deleted(deleted) = expect_context();
    let note = when(move || deleted.with(Option::is_some), || lazy_small(parts::undo_offer));
    view! { <div class="toast" role="status" lang=locale.language.as_str()>{note}</div> }.into_any()
}

/// What was deleted, and the way back, for each deletion anew.
#[component]
pub fn UndoOffer() -> impl IntoView {
    let Deleted(deleted) = expect_context();
    dynamic(move || match deleted.get() {
        Some(record) => view! { <Offer record/> }.into_any(),
        None => ().into_any(),
    })
}

#[component]
fn Offer(record: AnyRecord) -> impl IntoView {
    let locale = use_locale();
    let strings = records::strings(locale);
    let writes: Writes = expect_context();
    let Deleted(deleted) = expect_context();
    let name = record.describe(locale).0;
    // A record that was deleted has no way back on the server, so what is had back is made anew.
    let full = RwSignal::new(false);
    let undo = click(move || match record.copy().map(|draft| writes.create(draft)) {
        Ok(Ok(())) => deleted.set(None),
        Ok(Err(Full)) => full.set(true),
        // It was read once, so it can be written.
        Err(_) => {}
    });
    let problem = when(
        move || full.get(),
        move || view! { <span class="error" role="alert">{locale.strings.outbox_full}</span> }.into_any(),
    );
    let over = set_timeout_with_handle(move || deleted.set(None), OFFERED_FOR);
    on_cleanup(move || {
        if let Ok(over) = over {
            over.clear();
        }
    });
    view! {
        <div class="toast-body">
            <span>{(strings.deleted)(&name)}</span>
            {problem}
            <button type="button" class="button small" data-testid="undo" on:click=undo>
                <Icon name="undo"/>
                <span>{strings.undo}</span>
            </button>
        </div>
    }
    .into_any()
}
