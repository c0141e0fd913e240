//! The response cache: the last good responses, for a start without a network, and their owner.
//!
//! They are in the browser's `Cache` storage, in one cache with one owner: the signed-in user. It is deleted at
//! sign-out and when another user signs in. It holds at most sixty responses, none older than thirty days, none larger
//! than 500,000 bytes. No token is among them.
//!
//! `public/response-cache.js` does the work, since it is promises throughout: one piece after the other, so that what is
//! forgotten is not written again by what was under way. Where storage is forbidden or full nothing is kept.

use js_sys::Array;
use latido_protocol::{session::User, time::Timestamp};
use wasm_bindgen::prelude::*;

mod glue {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(catch, js_namespace = latidoResponses, js_name = setOwner)]
        pub fn set_owner(id: &str, name: &str, role: &str) -> Result<(), JsValue>;
        #[wasm_bindgen(catch, js_namespace = latidoResponses)]
        pub async fn owner() -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_namespace = latidoResponses)]
        pub fn store(path: &str, text: &str) -> Result<(), JsValue>;
        #[wasm_bindgen(catch, js_namespace = latidoResponses)]
        pub async fn load(path: &str) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_namespace = latidoResponses)]
        pub fn clear() -> Result<(), JsValue>;
    }
}

const MAX_BYTES: usize = 500_000;

/// What is kept of one query.
#[derive(Debug, Default, PartialEq)]
pub struct CachedResponses {
    /// The age of the oldest part; `None` if there is nothing.
    pub at: Option<Timestamp>,
    /// That very answer; or all those of other days that reach into its time.
    pub bodies: Vec<String>,
}

/// From now on what is kept is this person's. What is another's is deleted.
pub fn set_owner(user: &User) {
    let _ = glue::set_owner(user.id.as_str(), user.name.as_str(), &user.role);
}

/// Whose answers are kept, if that person has not signed out.
pub async fn owner() -> Option<User> {
    serde_json::from_str(&glue::owner().await.ok()?.as_string()?).ok()
}

/// Keeps the first page of an answer, a little later: in a burst only the last one is written.
pub fn store(path: &str, body: &str) {
    // Not handed over in vain.
    if body.len() <= MAX_BYTES {
        let _ = glue::store(path, body);
    }
}

pub async fn load(path: &str) -> CachedResponses {
    let kept = glue::load(path).await.unwrap_or_default();
    let Ok(kept) = kept.dyn_into::<Array>() else { return CachedResponses::default() };
    let at = kept.get(0).as_f64().filter(|at| at.is_finite());
    let bodies = kept.iter().skip(1).filter_map(|body| body.as_string()).collect();
    CachedResponses { at: at.map(|at| Timestamp::from_unix_ms(at as i64)), bodies }
}

pub fn clear() {
    let _ = glue::clear();
}
