//! Undo of deletions: a record is deleted at once, and can be restored for a while. A question beforehand would be
//! asked every time, and answered without reading.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use latido_cache::Full;
use leptos::prelude::*;

use crate::{
    browser::timer::while_owned,
    data::{mutations::Writes, queries::record::AnyRecord},
    i18n::use_locale,
    ui::{
        icon::Icon,
        lazy::{lazy_small, lazy_view},
        view::{click, reactive, when},
    },
};

lazy_view! { pub undo_offer: UndoOffer in daily }

/// Long enough to read it, see the row gone, and reach the button without a mouse.
pub(crate) const OFFERED_FOR_MS: u32 = 10_000;

thread_local! {
    /// What was deleted and can still be had back, the last one last.
    static RECORDS: RefCell<Vec<AnyRecord>> = const { RefCell::new(Vec::new()) };
}

/// How many there are.
#[derive(Clone, Copy)]
pub struct DeletedRecords(RwSignal<usize>);

impl DeletedRecords {
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
    let DeletedRecords(deleted) = expect_context();
    let note = when(move || deleted.get() > 0, || lazy_small(undo_offer));
    view! { <div class="toast" role="status" lang=locale.language.as_str()>{note}</div> }.into_any()
}

/// What was deleted, and the way back; with each deletion it is there for its time anew.
#[component]
pub fn UndoOffer() -> impl IntoView {
    let DeletedRecords(deleted) = expect_context();
    reactive(move || {
        let count = deleted.get();
        let last = RECORDS.with_borrow(|records| records.last().map(|last| last.describe(use_locale()).0));
        last.map_or_else(|| ().into_any(), |name| view! { <Offer name count/> }.into_any())
    })
}

#[component]
fn Offer(name: String, count: usize) -> impl IntoView {
    let locale = use_locale();
    let strings = locale.deferred();
    let writes: Writes = expect_context();
    let deleted: DeletedRecords = expect_context();
    let said = if count == 1 { (strings.deleted)(&name) } else { (strings.deleted_many)(count) };
    let full = RwSignal::new(false);
    // A record that was deleted has no way back on the server, so what is had back is made anew.
    let have_back = move || {
        while let Some(record) = RECORDS.with_borrow_mut(Vec::pop) {
            if let Err(Full) = writes.create(record.copy()) {
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
    while_owned(Timeout::new(OFFERED_FOR_MS, move || deleted.forget()));
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
