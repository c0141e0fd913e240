//! What only a browser can tell: views, its calendar, its formats. Run by
//! `cargo xtask test wasm` in headless Chromium.

// The lint that spares tests knows only `#[test]`; here a panic is a failed test all the same.
#![allow(clippy::unwrap_used)]

mod account;
mod announcer;
mod charts;
mod connection_status;
mod connections;
mod conversation_page;
mod conversations;
mod days;
mod deliveries;
mod devices;
mod drafts;
mod equipment;
mod fake_server;
mod filter;
mod first_browser;
mod forms;
mod frame_batcher;
mod header;
mod lazy;
mod link_log;
mod lists;
mod managed_links;
mod midnight;
mod new_version;
mod not_found;
mod outbox;
mod overview;
mod own_connection;
mod people;
mod period_nav;
mod profile;
mod reasons;
mod record_dialog;
mod record_page;
mod records;
mod response_cache;
mod rows;
mod sections;
mod sign_in;
mod sockets;
mod stale;
mod status_label;
mod suggestions;
mod test_app;
mod trends;
mod undo;
mod unfinished;
mod units;
mod unread;
mod zones;

use leptos::{prelude::*, wasm_bindgen::JsCast};
use wasm_bindgen_test::wasm_bindgen_test_configure;

use crate::data::queries::{
    FetchStatus,
    list::{Extent, List},
    record::AnyRecord,
    row::RecordRow,
};

wasm_bindgen_test_configure!(run_in_browser);

/// A place in the document of its own, in a page whose script sends its requests.
fn stage() -> web_sys::HtmlElement {
    js_sys::eval(include_str!("../../public/prefetch.js")).unwrap();
    let element = document().create_element("div").unwrap();
    document().body().unwrap().append_child(&element).unwrap();
    element.unchecked_into()
}

/// Lets effects run, timers of this length fire, and the fake server answer what it was asked meanwhile.
async fn settle(ms: u32) {
    sleep(ms).await;
    while fake_server::is_answering() {
        sleep(5).await;
        // What came with the answer runs.
        sleep(0).await;
    }
}

/// Waits for what a timer of the page brings, however busy the machine is. A condition that never holds ends after ten
/// seconds, and the assertion behind it says what is there instead.
async fn until(condition: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if condition() {
            return;
        }
        sleep(10).await;
    }
}

async fn sleep(ms: u32) {
    let (done, wait) = futures::channel::oneshot::channel::<()>();
    set_timeout(move || drop(done), std::time::Duration::from_millis(ms.into()));
    let _ = wait.await;
}

fn text_of(stage: &web_sys::HtmlElement, selector: &str) -> String {
    let found = stage.query_selector(selector).unwrap();
    found.unwrap_or_else(|| panic!("no {selector}")).text_content().unwrap_or_default()
}

/// A list of these, the newest first as every list is.
fn list_of(mut records: Vec<AnyRecord>) -> List {
    records.sort_by_key(|record| std::cmp::Reverse(record.at()));
    let row = |(place, record): (usize, AnyRecord)| RecordRow {
        key: place.to_string(),
        id: record.id().to_owned(),
        record: ArcRwSignal::new(record),
        pending: ArcRwSignal::new(false),
    };
    List {
        rows: ArcRwSignal::new(Some(records.into_iter().enumerate().map(row).collect())),
        changes: ArcTrigger::new(),
        extent: ArcRwSignal::new(Extent::Whole),
        fetch_status: ArcRwSignal::new(FetchStatus::default()),
    }
}
