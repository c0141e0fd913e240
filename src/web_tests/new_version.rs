use latido_protocol::values::Language;
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    settle, stage,
    test_app::{TestApp, en, with_the_shell},
    text_of,
};
use crate::{
    i18n::{Locale, shell_notes},
    shell::new_version::NewVersion,
};

#[wasm_bindgen_test]
async fn offers_new_version_once_found() {
    let stage = stage();
    let handle = mount_to(stage.clone(), || {
        provide_context(Locale::of(Language::En));
        view! { <NewVersion/> }
    });
    settle(20).await;
    assert!(stage.query_selector("[data-testid=new-version]").unwrap().is_none());
    let found = web_sys::Event::new("latido-new-version").unwrap();
    window().dispatch_event(&found).unwrap();
    settle(20).await;
    assert_eq!(text_of(&stage, "[role=status]"), "There is a new version of Latido.");
    assert_eq!(text_of(&stage, "button"), "Reload");
    drop(handle);
}

#[wasm_bindgen_test]
async fn reload_waits_for_typed_text() {
    with_the_shell();
    let stage = stage();
    stage.set_inner_html("<form><input name='name'><input name='q' type='search'></form>");
    let handle = mount_to(stage.clone(), || {
        provide_context(Locale::of(Language::En));
        view! { <NewVersion/> }
    });
    settle(20).await;
    window().dispatch_event(&web_sys::Event::new("latido-new-version").unwrap()).unwrap();
    settle(20).await;
    js_sys::eval(
        "for (const field of document.querySelectorAll('form input')) {
            field.value = 'Ajiaco';
            field.dispatchEvent(new Event('input', { bubbles: true }));
        }
        for (const button of document.querySelectorAll('[data-testid=new-version] button')) button.click();",
    )
    .unwrap();
    settle(20).await;
    let said = text_of(&stage, "[role=status]");
    assert!(said.contains("before you reload"), "{said}");
    let focused = document().active_element().and_then(|field| field.get_attribute("name"));
    assert_eq!(focused.as_deref(), Some("name"));
    drop(handle);
}

/// The reload is carried out as this script says.
async fn asked_to_reload(script: &str) -> TestApp {
    let before = js_sys::eval("window.latidoReload").unwrap();
    js_sys::eval(&format!("delete window.latidoReload; {script}")).unwrap();
    let mut app = TestApp::new();
    app.show(|| view! { <NewVersion/> }.into_any()).await;
    window().dispatch_event(&web_sys::Event::new("latido-new-version").unwrap()).unwrap();
    settle(20).await;
    app.click("button").await;
    js_sys::Reflect::set(&window(), &"latidoReload".into(), &before).unwrap();
    app
}

#[wasm_bindgen_test]
async fn reload_happens_once_without_message() {
    let script = "window.reloads = 0; window.latidoReload = () => { window.reloads++; return true; }";
    let app = asked_to_reload(script).await;
    assert_eq!(js_sys::eval("window.reloads").unwrap().as_f64(), Some(1.0));
    assert_eq!(app.text("[role=status]"), shell_notes::of(en().language).new_version);
}

#[wasm_bindgen_test]
async fn missing_shell_script_keeps_the_offer() {
    let app = asked_to_reload("").await;
    assert_eq!(app.text("[role=status]"), shell_notes::of(en().language).new_version);
    assert_eq!(app.count("button"), 1);
}

#[wasm_bindgen_test]
async fn a_second_newer_version_is_the_same_offer() {
    let mut app = TestApp::new();
    app.show(|| view! { <NewVersion/> }.into_any()).await;
    for _ in 0..2 {
        window().dispatch_event(&web_sys::Event::new("latido-new-version").unwrap()).unwrap();
        settle(20).await;
        assert_eq!(app.count("[data-testid=new-version]"), 1);
    }
}
