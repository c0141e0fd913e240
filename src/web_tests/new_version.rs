use latido_protocol::values::Language;
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en, with_the_shell},
    settle, stage, text_of,
};
use crate::{
    components::new_version::NewVersion,
    i18n::{Locale, shell_notes},
};

#[wasm_bindgen_test]
async fn a_new_version_is_offered_when_it_is_found_and_not_before() {
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
async fn what_is_typed_is_not_lost_to_a_new_version() {
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
async fn asked_to_reload(script: &str) -> House {
    let before = js_sys::eval("window.latidoReload").unwrap();
    js_sys::eval(&format!("delete window.latidoReload; {script}")).unwrap();
    let mut house = House::new();
    house.show(|| view! { <NewVersion/> }.into_any()).await;
    window().dispatch_event(&web_sys::Event::new("latido-new-version").unwrap()).unwrap();
    settle(20).await;
    house.click("button").await;
    js_sys::Reflect::set(&window(), &"latidoReload".into(), &before).unwrap();
    house
}

#[wasm_bindgen_test]
async fn a_reload_that_happens_is_asked_for_once_and_says_nothing_more() {
    let script = "window.reloads = 0; window.latidoReload = () => { window.reloads++; return true; }";
    let house = asked_to_reload(script).await;
    assert_eq!(js_sys::eval("window.reloads").unwrap().as_f64(), Some(1.0));
    assert_eq!(house.text("[role=status]"), shell_notes::of(en().language).new_version);
}

#[wasm_bindgen_test]
async fn without_the_shells_script_nothing_breaks_and_the_offer_stays() {
    let house = asked_to_reload("").await;
    assert_eq!(house.text("[role=status]"), shell_notes::of(en().language).new_version);
    assert_eq!(house.count("button"), 1);
}

#[wasm_bindgen_test]
async fn a_second_newer_version_is_the_same_offer() {
    let mut house = House::new();
    house.show(|| view! { <NewVersion/> }.into_any()).await;
    for _ in 0..2 {
        window().dispatch_event(&web_sys::Event::new("latido-new-version").unwrap()).unwrap();
        settle(20).await;
        assert_eq!(house.count("[data-testid=new-version]"), 1);
    }
}
