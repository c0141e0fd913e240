use latido_protocol::{id::Id, session::User, values::DisplayName};
use leptos::wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::settle;
use crate::browser::{
    response_cache::{self, CachedResponses},
    storage,
};

const TODAY: &str = "/food-logs?from=2026-11-21T05:00:00.000Z&to=2026-11-22T05:00:00.000Z&limit=200";
const WEEK: &str = "/food-logs?from=2026-11-16T05:00:00.000Z&to=2026-11-23T05:00:00.000Z&limit=200";
const YESTERDAY: &str = "/food-logs?from=2026-11-20T05:00:00.000Z&to=2026-11-21T05:00:00.000Z&limit=200";
const PROFILE: &str = "/health-profile";

fn user(id: &str) -> User {
    User { id: Id::new(id), name: DisplayName::new("Lucía").unwrap(), role: "user".to_owned() }
}

/// What is kept is written after a pause.
async fn written() {
    settle(1_300).await;
}

/// One test, since there is one cache: what is kept is found, whole and by its time, is its owner's alone, and goes
/// with them.
#[wasm_bindgen_test]
async fn cache_is_per_owner_and_cleared() {
    js_sys::eval(include_str!("../../public/response-cache.js")).unwrap();
    js_sys::eval("localStorage.setItem('latido.session', 1)").unwrap();
    response_cache::clear();
    response_cache::store(TODAY, "nobody's");
    written().await;
    assert_eq!(response_cache::load(TODAY).await, CachedResponses::default(), "it has no owner");

    response_cache::set_owner(&user("u1"));
    response_cache::store(TODAY, "old");
    response_cache::store(TODAY, "today");
    response_cache::store(YESTERDAY, "yesterday");
    response_cache::store(PROFILE, &"x".repeat(500_001));
    written().await;
    assert_eq!(response_cache::owner().await, Some(user("u1")));
    let today = response_cache::load(TODAY).await;
    assert_eq!(today.bodies, ["today"]);
    assert!(today.at.is_some());
    assert_eq!(
        response_cache::load(WEEK).await.bodies,
        ["today", "yesterday"],
        "the week was never asked for"
    );
    assert_eq!(response_cache::load("/exercise-logs?from=2026&to=2027").await, CachedResponses::default());
    assert_eq!(
        response_cache::load(&format!("{WEEK}&person=u9")).await,
        CachedResponses::default(),
        "it is of another person"
    );
    assert_eq!(response_cache::load(PROFILE).await, CachedResponses::default(), "it is too long");

    response_cache::set_owner(&user("u2"));
    assert_eq!(response_cache::load(TODAY).await, CachedResponses::default(), "it is another's");
    assert_eq!(response_cache::owner().await, Some(user("u2")));
    response_cache::store(TODAY, "theirs");
    response_cache::clear();
    written().await;
    assert_eq!(response_cache::owner().await, None);
    assert_eq!(
        response_cache::load(TODAY).await,
        CachedResponses::default(),
        "it was forgotten before it was written"
    );

    // Another tab has signed out while this one was writing.
    response_cache::set_owner(&user("u1"));
    response_cache::store(TODAY, "today");
    storage::remove("latido.session");
    written().await;
    assert_eq!(response_cache::load(TODAY).await, CachedResponses::default());
    let _ = js_sys::eval("delete window.latidoResponses").unwrap_or(JsValue::NULL);
}

#[wasm_bindgen_test]
async fn hanging_cache_is_given_up_once_for_all() {
    // For this script alone: one of an earlier test may still have something to write.
    js_sys::eval(&format!(
        "window.cacheOpened = 0; ((caches) => {{ {} }})({{ open: () => new Promise(() => window.cacheOpened++) }})",
        include_str!("../../public/response-cache.js")
    ))
    .unwrap();
    let loaded = [response_cache::load(TODAY).await, response_cache::load(TODAY).await];
    js_sys::eval("delete window.latidoResponses").unwrap();
    assert_eq!(loaded, [CachedResponses::default(), CachedResponses::default()]);
    let opened = js_sys::eval("window.cacheOpened").unwrap().as_f64();
    assert_eq!(opened, Some(1.0), "the second does not wait");
}
