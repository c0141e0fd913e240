use latido_protocol::{
    metric::MetricKind,
    problem::{FieldError, Problem},
    time::Timestamp,
    values::{Calories, Language},
};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, stage, text_of};
use crate::{components::form::Form, i18n::Locale, queries::record::Kind};

fn form(texts: &[(&'static str, &str)]) -> Form {
    let texts = texts.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
    Form::new(Locale::of(Language::En), texts)
}

#[wasm_bindgen_test]
fn a_comma_is_a_decimal_point() {
    let owner = Owner::new();
    owner.with(|| {
        let form = form(&[("calories", " 350,5 ")]);
        assert_eq!(form.number("calories", Calories::new).map(Calories::get), Some(350.5));
    });
}

#[wasm_bindgen_test]
fn what_is_no_number_is_refused_at_its_field() {
    let owner = Owner::new();
    owner.with(|| {
        for text in ["x", "", "1 2", "10001", "-1", "NaN", "Infinity"] {
            let form = form(&[("calories", text)]);
            assert!(form.number("calories", Calories::new).is_none(), "{text}");
            assert!(form.has_errors(), "{text}");
        }
    });
}

#[wasm_bindgen_test]
fn every_wrong_field_is_told_at_once() {
    let owner = Owner::new();
    owner.with(|| {
        let form = Form::new(Locale::of(Language::En), Kind::Food.texts(None, Timestamp::from_unix_ms(0)));
        assert!(Kind::Food.draft(form, None).is_none());
        assert_ne!(form.error("name"), "");
        assert_ne!(form.error("calories"), "");
        assert_eq!(form.error("notes"), "");
    });
}

#[wasm_bindgen_test]
async fn the_servers_refusal_stands_at_its_field() {
    let stage = stage();
    let form_slot = std::rc::Rc::new(std::cell::Cell::new(None));
    let handle = mount_to(stage.clone(), {
        let form_slot = form_slot.clone();
        move || {
            let form = form(&[
                ("kind", MetricKind::Weight.as_str()),
                ("value", "1"),
                ("value2", ""),
                ("measuredAt", ""),
            ]);
            form_slot.set(Some(form));
            Kind::Metric.fields(form)
        }
    });
    let form = form_slot.get().unwrap();
    let at = |pointer: &str| Problem {
        kind: String::new(),
        title: String::new(),
        status: 422,
        detail: String::new(),
        errors: vec![FieldError { pointer: pointer.into(), detail: "must be lighter".into() }],
    };
    assert!(form.refused_by_server(&at("/value")));
    assert!(!form.refused_by_server(&at("/somewhere-else")), "it has no field here");
    settle(20).await;
    assert_eq!(text_of(&stage, "[data-error-for=value]"), "must be lighter");
    drop(handle);
}
