use latido_protocol::values::Language;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    fake_server::problem,
    settle,
    test_app::{TestApp, en, user},
};
use crate::{
    api::{error::ApiError, session::SignedIn},
    i18n::Locale,
    shell::sign_in::SignIn,
};

const ASK: &str = "POST /session";
const EMAIL: &str = "[name=email]";
const PASSWORD: &str = "[name=password]";
const SUBMIT: &str = "[type=submit]";

async fn show(app: &mut TestApp) {
    app.show(|| view! { <SignIn/> }.into_any()).await;
}

async fn door() -> TestApp {
    let mut app = TestApp::new();
    show(&mut app).await;
    app
}

/// Somebody fills in both fields and presses the button.
async fn knock(app: &TestApp) {
    app.type_into(EMAIL, "lucia@latido.local").await;
    app.type_into(PASSWORD, "secreto").await;
    app.click(SUBMIT).await;
}

/// What went wrong is said, what was typed is there, and the next attempt can begin.
fn expect_refused(app: &TestApp, why: &str) {
    assert_eq!(app.texts("[role=alert]"), [why]);
    assert_eq!(app.value(EMAIL), "lucia@latido.local");
    assert_eq!(app.value(PASSWORD), "secreto");
    assert_eq!((app.is_disabled(SUBMIT), app.text(SUBMIT)), (false, en().deferred().sign_in.to_owned()));
    assert_eq!(app.signed_in(), SignedIn::No { ended: false });
}

#[wasm_bindgen_test]
async fn at_first_it_asks_and_blames_nobody() {
    let app = door().await;
    assert_eq!(app.count("[role=alert]"), 0);
    assert_eq!((app.value(EMAIL), app.value(PASSWORD)), (String::new(), String::new()));
    assert!(!app.is_disabled(SUBMIT));
    assert_eq!(app.attribute(PASSWORD, "type"), "password");
    assert_eq!(app.attribute(EMAIL, "autocomplete"), "username", "so that password managers find it");
    assert_eq!(app.attribute(PASSWORD, "autocomplete"), "current-password");
}

#[wasm_bindgen_test]
async fn missing_credentials_are_marked_and_not_sent() {
    let app = door().await;
    for (email, password, missing) in [
        ("", "", &[EMAIL, PASSWORD][..]),
        ("lucia@latido.local", "", &[PASSWORD]),
        ("  ", "secreto", &[EMAIL]),
    ] {
        app.type_into(EMAIL, email).await;
        app.type_into(PASSWORD, password).await;
        app.one(SUBMIT).focus().unwrap();
        app.click(SUBMIT).await;
        assert_eq!(app.texts("[role=alert]"), [en().deferred().credentials_missing]);
        for field in [EMAIL, PASSWORD] {
            let is_missing = missing.contains(&field).to_string();
            assert_eq!(
                app.attribute(field, "aria-invalid"),
                is_missing,
                "{field} of {email:?}, {password:?}"
            );
        }
        assert!(app.has_focus(missing[0]));
    }
    assert!(app.server.asked(ASK).is_empty());
    knock(&app).await;
    assert_eq!(app.server.asked(ASK).len(), 1, "and then it is");
    assert_eq!(app.count("[aria-invalid=true]"), 0);
}

#[wasm_bindgen_test]
async fn sign_in_shows_progress_and_sends_once() {
    let app = door().await;
    app.server.hesitates(ASK);
    knock(&app).await;
    assert_eq!((app.is_disabled(SUBMIT), app.text(SUBMIT)), (true, en().deferred().signing_in.to_owned()));
    app.click(SUBMIT).await;
    assert_eq!(app.server.asked(ASK).len(), 1);
    app.server.lets_in(&user("user"));
    settle(40).await;
    assert_eq!(app.signed_in(), SignedIn::Yes(user("user")));
}

#[wasm_bindgen_test]
async fn email_is_sent_trimmed() {
    let app = door().await;
    app.server.lets_in(&user("coach"));
    app.type_into(EMAIL, " lucia@latido.local ").await;
    app.type_into(PASSWORD, " secreto").await;
    app.click(SUBMIT).await;
    let body = app.server.asked(ASK).remove(0).body;
    let sent: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(sent, serde_json::json!({ "email": "lucia@latido.local", "password": " secreto" }));
    assert_eq!(app.signed_in(), SignedIn::Yes(user("coach")));
}

#[wasm_bindgen_test]
async fn wrong_password_shows_error_and_allows_retry() {
    let app = door().await;
    app.server.refuses(ASK, &problem(401, "no"));
    knock(&app).await;
    expect_refused(&app, en().deferred().wrong_credentials);
}

#[wasm_bindgen_test]
async fn unreachable_server_is_not_a_wrong_password() {
    let app = door().await;
    knock(&app).await;
    expect_refused(&app, &(en().strings.error)(&ApiError::Unreachable));
}

#[wasm_bindgen_test]
async fn too_many_attempts_say_how_long_to_wait() {
    let app = door().await;
    let mut too_many = problem(429, "too many attempts");
    (too_many.code, too_many.params) =
        (Some("too_many_sign_ins".to_owned()), serde_json::from_str(r#"{"seconds":90}"#).unwrap());
    app.server.refuses(ASK, &too_many);
    knock(&app).await;
    expect_refused(&app, "Too many attempts to sign in. Nothing is locked: wait 2 min and try again.");
}

#[wasm_bindgen_test]
async fn an_answer_that_is_none_lets_nobody_in() {
    let app = door().await;
    app.server.says(ASK, 200, "<html>the hotel's own page</html>");
    knock(&app).await;
    expect_refused(&app, &(en().strings.error)(&ApiError::Unreadable));
}

#[wasm_bindgen_test]
async fn next_attempt_clears_the_previous_error() {
    let app = door().await;
    app.server.refuses(ASK, &problem(401, "no"));
    knock(&app).await;
    app.server.hesitates(ASK);
    app.click(SUBMIT).await;
    assert_eq!(app.count("[role=alert]"), 0);
    app.server.is_away(ASK);
    settle(40).await;
    expect_refused(&app, &(en().strings.error)(&ApiError::Unreachable));
}

#[wasm_bindgen_test]
async fn whose_session_is_over_is_told_so() {
    let mut app = TestApp::new();
    app.api.session().end();
    show(&mut app).await;
    assert_eq!(app.texts("[role=alert]"), [en().deferred().session_over]);
}

#[wasm_bindgen_test]
async fn sign_in_page_follows_its_language_choice() {
    let app = door().await;
    app.type_into(EMAIL, "lucia@latido.local").await;
    app.choose("[name=language]", "es").await;
    assert_eq!(app.value(EMAIL), "lucia@latido.local", "what was typed is there");
    assert_eq!(app.text(SUBMIT), Locale::of(Language::Es).deferred().sign_in);
    assert_eq!(app.value("[name=language]"), "es");
    assert!(app.has_focus("[name=language]"), "the keyboard goes on where it was");
}

#[wasm_bindgen_test]
async fn a_backend_without_our_sign_in_says_so() {
    for (status, body) in
        [(404, "<!doctype html>"), (405, "<?xml version='1.0'?>"), (404, r#"{"message":"Not Found"}"#)]
    {
        let app = door().await;
        app.server.says(ASK, status, body);
        knock(&app).await;
        expect_refused(&app, en().deferred().no_sign_in);
    }
}
