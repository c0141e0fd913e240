use latido_protocol::{id::Id, session::User, values::DisplayName};
use leptos::wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::settle;
use crate::browser::{
    kept::{self, Kept},
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
async fn what_is_kept_is_found_is_its_owners_and_goes_with_them() {
    js_sys::eval(include_str!("../../public/kept.js")).unwrap();
    js_sys::eval("localStorage.setItem('latido.session', 1)").unwrap();
    kept::forget();
    kept::keep(TODAY, "nobody's");
    written().await;
    assert_eq!(kept::recall(TODAY).await, Kept::default(), "it has no owner");

    kept::own(&user("u1"));
    kept::keep(TODAY, "old");
    kept::keep(TODAY, "today");
    kept::keep(YESTERDAY, "yesterday");
    kept::keep(PROFILE, &"x".repeat(500_001));
    written().await;
    assert_eq!(kept::who().await, Some(user("u1")));
    let today = kept::recall(TODAY).await;
    assert_eq!(today.bodies, ["today"]);
    assert!(today.at.is_some());
    assert_eq!(kept::recall(WEEK).await.bodies, ["today", "yesterday"], "the week was never asked for");
    assert_eq!(kept::recall("/exercise-logs?from=2026&to=2027").await, Kept::default());
    assert_eq!(kept::recall(&format!("{WEEK}&person=u9")).await, Kept::default(), "it is of another person");
    assert_eq!(kept::recall(PROFILE).await, Kept::default(), "it is too long");

    kept::own(&user("u2"));
    assert_eq!(kept::recall(TODAY).await, Kept::default(), "it is another's");
    assert_eq!(kept::who().await, Some(user("u2")));
    kept::keep(TODAY, "theirs");
    kept::forget();
    written().await;
    assert_eq!(kept::who().await, None);
    assert_eq!(kept::recall(TODAY).await, Kept::default(), "it was forgotten before it was written");

    // Another tab has signed out while this one was writing.
    kept::own(&user("u1"));
    kept::keep(TODAY, "today");
    storage::remove("latido.session");
    written().await;
    assert_eq!(kept::recall(TODAY).await, Kept::default());
    let _ = js_sys::eval("delete window.latidoKept").unwrap_or(JsValue::NULL);
}
