use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::test_app::{TestApp, en};
use crate::shell::not_found::NotFound;

#[wasm_bindgen_test]
async fn unknown_address_links_home() {
    let mut app = TestApp::new();
    app.location.go("/nowhere");
    app.show(|| view! { <NotFound/> }.into_any()).await;
    let deferred = en().deferred();
    assert_eq!(
        (app.text("h1"), app.text("p")),
        (deferred.not_found.to_owned(), deferred.not_found_hint.to_owned())
    );
    assert_eq!(app.text("a"), deferred.to_the_overview);
    app.click("a").await;
    assert_eq!(window().location().pathname().unwrap(), "/");
}
