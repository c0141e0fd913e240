use latido_protocol::values::Language;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    house::{House, en, user},
    server::problem,
    settle,
};
use crate::{
    api::{error::ApiError, session::SignedIn},
    i18n::Locale,
    pages::sign_in::SignIn,
};

const ASK: &str = "POST /session";
const EMAIL: &str = "[name=email]";
const PASSWORD: &str = "[name=password]";
const SUBMIT: &str = "[type=submit]";

async fn show(house: &mut House) {
    house.show(|| view! { <SignIn/> }.into_any()).await;
}

async fn door() -> House {
    let mut house = House::new();
    show(&mut house).await;
    house
}

/// Somebody fills in both fields and presses the button.
async fn knock(house: &House) {
    house.type_into(EMAIL, "lucia@latido.local").await;
    house.type_into(PASSWORD, "secreto").await;
    house.click(SUBMIT).await;
}

/// What went wrong is said, what was typed is there, and the next attempt can begin.
fn expect_refused(house: &House, why: &str) {
    assert_eq!(house.texts("[role=alert]"), [why]);
    assert_eq!(house.value(EMAIL), "lucia@latido.local");
    assert_eq!(house.value(PASSWORD), "secreto");
    assert_eq!((house.is_disabled(SUBMIT), house.text(SUBMIT)), (false, en().later().sign_in.to_owned()));
    assert_eq!(house.signed_in(), SignedIn::No { ended: false });
}

#[wasm_bindgen_test]
async fn at_first_it_asks_and_blames_nobody() {
    let house = door().await;
    assert_eq!(house.count("[role=alert]"), 0);
    assert_eq!((house.value(EMAIL), house.value(PASSWORD)), (String::new(), String::new()));
    assert!(!house.is_disabled(SUBMIT));
    assert_eq!(house.attribute(PASSWORD, "type"), "password");
    assert_eq!(house.attribute(EMAIL, "autocomplete"), "username", "so that password managers find it");
    assert_eq!(house.attribute(PASSWORD, "autocomplete"), "current-password");
}

#[wasm_bindgen_test]
async fn what_is_missing_is_marked_and_said_and_nothing_is_sent() {
    let house = door().await;
    for (email, password, missing) in [
        ("", "", &[EMAIL, PASSWORD][..]),
        ("lucia@latido.local", "", &[PASSWORD]),
        ("  ", "secreto", &[EMAIL]),
    ] {
        house.type_into(EMAIL, email).await;
        house.type_into(PASSWORD, password).await;
        house.one(SUBMIT).focus().unwrap();
        house.click(SUBMIT).await;
        assert_eq!(house.texts("[role=alert]"), [en().later().credentials_missing]);
        for field in [EMAIL, PASSWORD] {
            let is_missing = missing.contains(&field).to_string();
            assert_eq!(
                house.attribute(field, "aria-invalid"),
                is_missing,
                "{field} of {email:?}, {password:?}"
            );
        }
        assert!(house.has_focus(missing[0]));
    }
    assert!(house.server.asked(ASK).is_empty());
    knock(&house).await;
    assert_eq!(house.server.asked(ASK).len(), 1, "and then it is");
    assert_eq!(house.count("[aria-invalid=true]"), 0);
}

#[wasm_bindgen_test]
async fn while_the_server_is_asked_it_says_so_and_asks_once() {
    let house = door().await;
    house.server.hesitates(ASK);
    knock(&house).await;
    assert_eq!((house.is_disabled(SUBMIT), house.text(SUBMIT)), (true, en().later().signing_in.to_owned()));
    house.click(SUBMIT).await;
    assert_eq!(house.server.asked(ASK).len(), 1);
    house.server.lets_in(&user("user"));
    settle(40).await;
    assert_eq!(house.signed_in(), SignedIn::Yes(user("user")));
}

#[wasm_bindgen_test]
async fn what_was_typed_is_sent_without_the_blanks_around_an_address() {
    let house = door().await;
    house.server.lets_in(&user("coach"));
    house.type_into(EMAIL, " lucia@latido.local ").await;
    house.type_into(PASSWORD, " secreto").await;
    house.click(SUBMIT).await;
    let body = house.server.asked(ASK).remove(0).body;
    let sent: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(sent, serde_json::json!({ "email": "lucia@latido.local", "password": " secreto" }));
    assert_eq!(house.signed_in(), SignedIn::Yes(user("coach")));
}

#[wasm_bindgen_test]
async fn a_wrong_password_is_told_and_can_be_mended() {
    let house = door().await;
    house.server.refuses(ASK, &problem(401, "no"));
    knock(&house).await;
    expect_refused(&house, en().later().wrong_credentials);
}

#[wasm_bindgen_test]
async fn a_server_that_is_not_reached_is_no_wrong_password() {
    let house = door().await;
    knock(&house).await;
    expect_refused(&house, &(en().strings.error)(&ApiError::Unreachable));
}

#[wasm_bindgen_test]
async fn after_too_many_attempts_the_servers_words_say_what_to_do() {
    let house = door().await;
    let too_many = problem(429, "too many attempts, wait a minute");
    house.server.refuses(ASK, &too_many);
    knock(&house).await;
    expect_refused(&house, &(en().strings.error)(&ApiError::Refused(too_many)));
}

#[wasm_bindgen_test]
async fn an_answer_that_is_none_lets_nobody_in() {
    let house = door().await;
    house.server.says(ASK, 200, "<html>the hotel's own page</html>");
    knock(&house).await;
    expect_refused(&house, &(en().strings.error)(&ApiError::Unreadable));
}

#[wasm_bindgen_test]
async fn what_went_wrong_before_is_not_said_of_the_next_attempt() {
    let house = door().await;
    house.server.refuses(ASK, &problem(401, "no"));
    knock(&house).await;
    house.server.hesitates(ASK);
    house.click(SUBMIT).await;
    assert_eq!(house.count("[role=alert]"), 0);
    house.server.is_away(ASK);
    settle(40).await;
    expect_refused(&house, &(en().strings.error)(&ApiError::Unreachable));
}

#[wasm_bindgen_test]
async fn whose_session_is_over_is_told_so() {
    let mut house = House::new();
    house.api.session().end();
    show(&mut house).await;
    assert_eq!(house.texts("[role=alert]"), [en().later().session_over]);
}

#[wasm_bindgen_test]
async fn the_door_speaks_the_language_that_is_chosen_there() {
    let house = door().await;
    house.type_into(EMAIL, "lucia@latido.local").await;
    house.choose("[name=language]", "es").await;
    assert_eq!(house.value(EMAIL), "lucia@latido.local", "what was typed is there");
    assert_eq!(house.text(SUBMIT), Locale::of(Language::Es).later().sign_in);
    assert_eq!(house.value("[name=language]"), "es");
    assert!(house.has_focus("[name=language]"), "the keyboard goes on where it was");
}
