//! The account's section of the profile, and the dialog that deletes the account.

use latido_protocol::values::Language;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, test_app::TestApp};
use crate::{
    features::profile::{account::Account, strings::strings},
    i18n::Locale,
};

const OPEN: &str = "dialog[open]";
const PASSWORD: &str = "[name=leavingPassword]";

async fn leaving() -> TestApp {
    let mut app = TestApp::for_a("user").await;
    app.show(|| view! { <Account/> }.into_any()).await;
    // The browser may still be stepping back from the dialog of the test before.
    settle(150).await;
    app.location.go("/profile");
    app.click("[data-testid=leave]").await;
    assert_eq!(app.count(OPEN), 1);
    app
}

#[wasm_bindgen_test]
async fn back_closes_delete_dialog_and_keeps_page() {
    let app = leaving().await;
    app.type_into(PASSWORD, "secreto").await;
    window().history().unwrap().back().unwrap();
    settle(150).await;
    assert_eq!((app.count(OPEN), app.count(PASSWORD)), (0, 0));
    assert_eq!(window().location().pathname().unwrap(), "/profile");
    app.click("[data-testid=leave]").await;
    assert_eq!((app.count(OPEN), app.value(PASSWORD)), (1, String::new()));
    app.click(".form-end [type=button]").await;
    assert_eq!(app.count(OPEN), 0);
}

#[wasm_bindgen_test]
async fn delete_dialog_says_devices_are_left_alone() {
    for (language, said) in
        [(Language::Es, "Los dispositivos no se tocan."), (Language::En, "Devices are left alone.")]
    {
        let app = leaving().await;
        app.language.set(language);
        settle(30).await;
        app.click("[data-testid=leave]").await;
        let text = app.text(OPEN);
        assert!(text.contains(said) && text.contains(strings(Locale::of(language)).really_delete), "{text}");
    }
}
