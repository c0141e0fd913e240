//! The outbox's storage, lock and channel: `public/outbox.js`, as Rust sees it.
//!
//! That part is JavaScript because `IndexedDB`, Web Locks and `BroadcastChannel` are promises and events all
//! the way down: forty lines there, ten kilobytes of wasm here. It stands in the page without much comment,
//! since every page load carries it:
//!
//! - a transaction is `strict`: on the disk, not on its way there, before the request is sent;
//! - the connection is closed for another version of the page that wants to change the store, and the browser
//!   may close it too; it is opened again when needed, once;
//! - the lock is held until the function that comes with it is called. Where there are none to be had (an
//!   insecure origin, forbidden storage) every tab has it; idempotency keys still keep the server from doing anything twice.

use latido_replica::EntryOf;
use wasm_bindgen::prelude::*;

use super::stored;
use crate::queries::record::AnyRecord;

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
    fn hush() -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = latidoOutbox)]
    fn tell(text: &str) -> Result<(), JsValue>;
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
            let text = stored::write(entry).ok_or(JsValue::NULL)?;
            put(user, &entry.key, &text).await.map(drop)
        }
        Task::Forget { key } => remove(user, key).await.map(drop),
    }
}

/// All that is stored. What an older version of the page stored and this one cannot read is left there.
pub async fn read(user: &str) -> Result<Vec<EntryOf<AnyRecord>>, JsValue> {
    let stored = js_sys::Array::from(&all(user).await?);
    let texts = stored.iter().filter_map(|item| {
        let text = js_sys::Reflect::get(&item, &JsValue::from_str("entry")).ok()?;
        stored::read(&text.as_string()?)
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

/// What tabs of one user tell each other.
pub enum Word {
    /// The storage holds something else now.
    Changed,
    /// This entry is done; the body of the answer, and of what path. A deletion has none.
    Done { key: String, body: Option<String> },
    /// A tab that somebody looks at wants to send.
    Wanted,
}

/// Tells the other tabs. Where there is no channel they find out from the storage.
pub fn say(word: &Word) {
    let text = match word {
        Word::Changed => "changed".to_owned(),
        Word::Done { key, body } => format!("done {key} {}", body.as_deref().unwrap_or_default()),
        Word::Wanted => "wanted".to_owned(),
    };
    let _ = tell(&text);
}

/// Hears the other tabs for as long as it lives. One at a time.
pub struct Hearing(#[expect(dead_code, reason = "called from JavaScript")] Closure<dyn Fn(String)>);

impl Drop for Hearing {
    fn drop(&mut self) {
        // Before the closure is gone: calling it then would throw.
        let _ = hush();
    }
}

/// Begins to hear the other tabs of this user.
pub fn hear(user: &str, heard: impl Fn(Word) + 'static) -> Hearing {
    let heard = Closure::<dyn Fn(String)>::new(move |text: String| {
        let mut parts = text.splitn(3, ' ');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("changed"), ..) => heard(Word::Changed),
            (Some("wanted"), ..) => heard(Word::Wanted),
            (Some("done"), Some(key), Some(body)) => {
                let body = (!body.is_empty()).then(|| body.to_owned());
                heard(Word::Done { key: key.to_owned(), body });
            }
            _ => {}
        }
    });
    let _ = listen(user, &heard);
    Hearing(heard)
}
