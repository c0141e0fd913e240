//! The last good answers, kept for a start without a network, and whose they are.
//!
//! They stand in the browser's `Cache` storage, in one cache with one owner: whoever is signed in. Signing out
//! deletes it, and so does somebody else's signing in. At most sixty answers are kept, none for longer than thirty
//! days, none that is longer than half a million bytes. No token is among them.
//!
//! `public/kept.js` does the work, since it is promises throughout: one piece after the other, so that what is
//! forgotten is not written again by what was under way. Where storage is forbidden or full nothing is kept.

use js_sys::Array;
use latido_protocol::{session::User, time::Timestamp};
use wasm_bindgen::prelude::*;

mod glue {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(catch, js_namespace = latidoKept)]
        pub fn own(id: &str, name: &str, role: &str) -> Result<(), JsValue>;
        #[wasm_bindgen(catch, js_namespace = latidoKept)]
        pub async fn who() -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_namespace = latidoKept)]
        pub fn keep(path: &str, text: &str) -> Result<(), JsValue>;
        #[wasm_bindgen(catch, js_namespace = latidoKept)]
        pub async fn recall(path: &str) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_namespace = latidoKept)]
        pub fn forget() -> Result<(), JsValue>;
    }
}

const LONGEST: usize = 500_000;

/// What is kept of one query.
#[derive(Debug, Default, PartialEq)]
pub struct Kept {
    /// The age of the oldest part; `None` if there is nothing.
    pub at: Option<Timestamp>,
    /// That very answer; or all those of other days that reach into its time.
    pub bodies: Vec<String>,
}

/// From now on what is kept is this person's. What is another's is deleted.
pub fn own(user: &User) {
    let _ = glue::own(user.id.as_str(), user.name.as_str(), &user.role);
}

/// Whose answers are kept, if that person has not signed out.
pub async fn who() -> Option<User> {
    latido_protocol::json::parse(&glue::who().await.ok()?.as_string()?).ok()
}

/// Keeps the first page of an answer, a little later: in a burst only the last one is written.
pub fn keep(path: &str, body: &str) {
    // Not handed over in vain.
    if body.len() <= LONGEST {
        let _ = glue::keep(path, body);
    }
}

pub async fn recall(path: &str) -> Kept {
    let kept = glue::recall(path).await.unwrap_or_default();
    let Ok(kept) = kept.dyn_into::<Array>() else { return Kept::default() };
    let at = kept.get(0).as_f64().filter(|at| at.is_finite());
    let bodies = kept.iter().skip(1).filter_map(|body| body.as_string()).collect();
    Kept { at: at.map(|at| Timestamp::from_unix_ms(at as i64)), bodies }
}

pub fn forget() {
    let _ = glue::forget();
}
