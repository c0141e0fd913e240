//! A record is deleted at once, and can be had back for a while: asking first would be asked every time, and
//! answered without reading.

use std::{cell::RefCell, time::Duration};

use latido_replica::Full;
use leptos::prelude::*;

use super::{
    icon::Icon,
    lazy::lazy_small,
    view::{click, dynamic, when},
};
use crate::{i18n::use_locale, parts, queries::record::AnyRecord, writes::Writes};

/// Long enough to read it, see the row gone, and reach the button without a mouse.
const OFFERED_FOR: Duration = Duration::from_secs(10);

thread_local! {
    /// What was deleted and can still be had back, the last one last.
    static RECORDS: RefCell<Vec<AnyRecord>> = const { RefCell::new(Vec::new()) };
}

/// How many there are.
#[derive(Clone, Copy)]
pub struct Deleted(RwSignal<usize>);

impl Deleted {
    pub fn provide() {
        RECORDS.take();
        provide_context(Self(RwSignal::new(0)));
    }

    pub fn offer(self, record: AnyRecord) {
        RECORDS.with_borrow_mut(|records| records.push(record));
        self.0.update(|count| *count += 1);
    }

    fn forget(self) {
        RECORDS.take();
        self.0.set(0);
    }
}

#[component]
pub fn UndoNote() -> impl IntoView {
    let locale = use_locale();
    let Deleted(deleted) = expect_context();
    let note = when(move || deleted.get() > 0, || lazy_small(parts::undo_offer));
    view! { <div class="toast" role="status" lang=locale.language.as_str()>{note}</div> }.into_any()
}

/// What was deleted, and the way back; with each deletion it is there for its time anew.
#[component]
pub fn UndoOffer() -> impl IntoView {
    let Deleted(deleted) = expect_context();
    dynamic(move || {
        let count = deleted.get();
        let last = RECORDS.with_borrow(|records| records.last().map(|last| last.describe(use_locale()).0));
        last.map_or_else(|| ().into_any(), |name| view! { <Offer name count/> }.into_any())
    })
}

#[component]
fn Offer(name: String, count: usize) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.later();
    let writes: Writes = expect_context();
    let deleted: Deleted = expect_context();
    let said = if count == 1 { (strings.deleted)(&name) } else { (strings.deleted_many)(count) };
    let full = RwSignal::new(false);
    // A record that was deleted has no way back on the server, so what is had back is made anew.
    let have_back = move || {
        while let Some(record) = RECORDS.with_borrow_mut(Vec::pop) {
            if let Ok(Err(Full)) = record.copy().map(|draft| writes.create(draft)) {
                RECORDS.with_borrow_mut(|records| records.push(record));
                return full.set(true);
            }
        }
        deleted.forget();
    };
    let undo = click(have_back);
    let problem = when(
        move || full.get(),
        move || view! { <span class="error" role="alert">{locale.strings.outbox_full}</span> }.into_any(),
    );
    let over = set_timeout_with_handle(move || deleted.forget(), OFFERED_FOR);
    on_cleanup(move || {
        if let Ok(over) = over {
            over.clear();
        }
    });
    view! {
        <div class="toast-body">
            <span>{said}</span>
            {problem}
            <button type="button" class="button small" data-testid="undo" aria-keyshortcuts="Control+Z" on:click=undo>
                <Icon name="undo"/>
                <span>{strings.undo}</span>
            </button>
        </div>
    }
    .into_any()
}
