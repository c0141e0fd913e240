//! The outbox's storage, lock and channel: `public/outbox.js`, as Rust sees it.
//!
//! That part is JavaScript because `IndexedDB`, Web Locks and `BroadcastChannel` are promises and events all
//! the way down: ninety lines there, ten kilobytes of wasm here. It stands in the page without much comment,
//! since every page load carries it:
//!
//! - a transaction is `strict`: on the disk, not on its way there, before the request is sent;
//! - a transaction commits right after its one request. Otherwise it waits for the page's event loop to commit it. WebKit
//!   freezes a page that is left, for the way back, so its transaction would stay open and block those of the next page;
//! - the connection is closed for another version of the page that wants to change the store, and the browser
//!   may close it too; it is opened again when needed, once;
//! - the lock is held until the function that comes with it is called. Where there are none to be had (an
//!   insecure origin, forbidden storage) every tab has it; idempotency keys still keep the server from doing anything twice.

use latido_cache::EntryOf;
use wasm_bindgen::prelude::*;

use super::write_code;
use crate::data::queries::record::AnyRecord;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = latidoOutbox)]
    async fn all(user: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = latidoOutbox)]
    async fn put(user: &str, key: &str, entry: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = latidoOutbox)]
    async fn remove(user: &str, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = latidoOutbox)]
    async fn lock(user: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = latidoOutbox)]
    fn listen(user: &str, heard: &Closure<dyn Fn(String)>) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = latidoOutbox)]
    fn close() -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = latidoOutbox, js_name = post)]
    fn post_text(text: &str) -> Result<(), JsValue>;
}

/// What has to be stored or taken out, in this order.
pub enum Task {
    Save(Box<EntryOf<AnyRecord>>),
    Forget { key: String },
}

/// Where storage is forbidden or full the write waits in this page alone: worse, but not lost yet.
pub async fn carry_out(user: &str, task: &Task) -> Result<(), JsValue> {
    match task {
        Task::Save(entry) => {
            let code = write_code::load().await.map_err(|_| JsValue::NULL)?;
            let text = (code.write)(entry).ok_or(JsValue::NULL)?;
            put(user, &entry.key, &text).await.map(drop)
        }
        Task::Forget { key } => remove(user, key).await.map(drop),
    }
}

/// Why stored entries were not read.
pub enum NotRead {
    /// The browser forbids storage, or it does not answer.
    NoStorage,
    /// The code that reads them is not there, for now.
    NoCode,
}

/// All that is stored. What an older version of the page stored and this one cannot read is left there.
pub async fn read(user: &str) -> Result<Vec<EntryOf<AnyRecord>>, NotRead> {
    let stored = js_sys::Array::from(&all(user).await.map_err(|_| NotRead::NoStorage)?);
    if stored.length() == 0 {
        return Ok(Vec::new());
    }
    let code = write_code::load().await.map_err(|_| NotRead::NoCode)?;
    let texts = stored.iter().filter_map(|item| {
        let text = js_sys::Reflect::get(&item, &JsValue::from_str("entry")).ok()?;
        (code.read)(&text.as_string()?)
    });
    Ok(texts.collect())
}

/// The lock under which one tab sends. Given back when it is dropped.
pub struct Lock(js_sys::Function);

impl Lock {
    /// Waits for its turn.
    pub async fn acquire(user: &str) -> Option<Self> {
        lock(user).await.ok()?.dyn_into().ok().map(Self)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // It only resolves a promise.
        let _ = self.0.call0(&JsValue::NULL);
    }
}

/// A message between the tabs of one user.
pub enum TabMessage {
    /// The storage holds something else now.
    StorageChanged,
    /// This entry is done; the body of the answer, and of what path. A deletion has none.
    Done { key: String, body: Option<String> },
    /// A visible tab requests the lock.
    LockWanted,
}

/// Posts a message to the other tabs. Without a channel they find the change in the storage.
pub fn post(message: &TabMessage) {
    let text = match message {
        TabMessage::StorageChanged => "changed".to_owned(),
        TabMessage::Done { key, body } => format!("done {key} {}", body.as_deref().unwrap_or_default()),
        TabMessage::LockWanted => "wanted".to_owned(),
    };
    let _ = post_text(&text);
}

/// The channel between the tabs of one user; closed on drop. At most one is open.
pub struct TabChannel(#[expect(dead_code, reason = "called from JavaScript")] Closure<dyn Fn(String)>);

impl Drop for TabChannel {
    fn drop(&mut self) {
        // Before the closure is gone: calling it then would throw.
        let _ = close();
    }
}

/// Opens the channel between the tabs of this user.
pub fn open_channel(user: &str, receive: impl Fn(TabMessage) + 'static) -> TabChannel {
    let receive = Closure::<dyn Fn(String)>::new(move |text: String| {
        let mut parts = text.splitn(3, ' ');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("changed"), ..) => receive(TabMessage::StorageChanged),
            (Some("wanted"), ..) => receive(TabMessage::LockWanted),
            (Some("done"), Some(key), Some(body)) => {
                let body = (!body.is_empty()).then(|| body.to_owned());
                receive(TabMessage::Done { key: key.to_owned(), body });
            }
            _ => {}
        }
    });
    let _ = listen(user, &receive);
    TabChannel(receive)
}
