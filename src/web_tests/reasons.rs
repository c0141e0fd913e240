//! The sentences for a server's codes.

use latido_protocol::{
    problem::{FieldError, Problem},
    reason::{Code, Params},
    values::{Invalid, Language},
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::i18n::{
    Locale,
    reasons::{field, problem, said},
};

const ES: Language = Language::Es;
const EN: Language = Language::En;

fn params(text: &str) -> Params {
    serde_json::from_str(text).unwrap()
}

#[wasm_bindgen_test]
fn a_code_is_said_in_the_persons_language() {
    let (code, given) = (Some("asked_to_switch_on"), params(r#"{"device":"Cabina"}"#));
    let english = "Cabina was asked to switch on.";
    assert_eq!(said(Locale::of(ES), code, &given, english), "Se pidió encender Cabina.");
    assert_eq!(said(Locale::of(EN), code, &given, english), english);
}

#[wasm_bindgen_test]
fn unknown_code_falls_back_to_detail() {
    let none = Params::default();
    for code in [None, Some("of_tomorrow"), Some("asked_to_switch_on")] {
        assert_eq!(said(Locale::of(ES), code, &none, "Something else."), "Something else.", "{code:?}");
    }
}

#[wasm_bindgen_test]
fn each_code_differs_between_languages() {
    let all = r#"{"min":1,"max":9,"hours":48,"seconds":90,"count":2,"version":3,"status":403,
        "unit":"kg","first":"1990-05-17","error":-109,"device":"Cabina","says":"Ok"}"#;
    for code in Code::ALL {
        let said = |language| said(Locale::of(language), Some(code.as_str()), &params(all), "?");
        let (es, en) = (said(ES), said(EN));
        assert!(es != "?" && en != "?", "{code:?} lacks a parameter");
        assert_ne!(es, en, "{code:?}");
        assert!(!es.contains(['{', '}']) && !en.contains(['{', '}']), "{code:?}");
    }
}

#[wasm_bindgen_test]
fn a_wait_is_said_in_seconds_or_minutes() {
    let wait = |text| said(Locale::of(ES), Some("too_many_sign_ins"), &params(text), "");
    assert!(wait(r#"{"seconds":30}"#).contains("espera 30 s"));
    assert!(wait(r#"{"seconds":61}"#).contains("espera 2 min"));
}

#[wasm_bindgen_test]
fn field_error_uses_the_forms_label() {
    let error = FieldError::new("loggedAt", Code::TooFarAhead.says("must not be …").with("hours", 48.0));
    assert_eq!(field(Locale::of(ES), &error), "No puede ser dentro de más de 48 horas");
    let refused = Problem { errors: vec![error], ..Problem::of_status(422, "One field was refused.") };
    assert_eq!(problem(Locale::of(ES), &refused), "Cuándo: No puede ser dentro de más de 48 horas.");
    let bound = FieldError::new("calories", Invalid::OutOfRange { min: 0, max: 10_000 });
    assert_eq!(
        field(Locale::of(ES), &bound),
        (Locale::of(ES).deferred().invalid)(&Invalid::OutOfRange { min: 0, max: 10_000 })
    );
}
