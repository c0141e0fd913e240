use latido_protocol::{
    metric::MetricKind,
    number::ParsedNumber,
    problem::{FieldError, Problem},
    time::Timestamp,
    values::{Calories, Language},
};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, stage, text_of};
use crate::{
    data::queries::record::RecordKind,
    i18n::Locale,
    ui::{figure::Figure, form::Form},
};

const ENERGY: Figure = Figure::decimal("kcal", (Calories::MIN, Calories::MAX));

fn form(texts: &[(&'static str, &str)]) -> Form {
    form_in(Language::En, texts)
}

fn form_in(language: Language, texts: &[(&'static str, &str)]) -> Form {
    let texts = texts.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
    Form::new(Locale::of(language), texts)
}

/// The draft that a metric's form makes of these texts, or the errors at value and value2.
fn metric(language: Language, texts: &[(&'static str, &str)]) -> Result<serde_json::Value, [String; 2]> {
    Owner::new().with(|| {
        let at = ("measuredAt", "2026-11-21T08:00");
        let form = form_in(language, &[&[at][..], texts].concat());
        let draft = RecordKind::Metric.draft(form, None);
        draft
            .map(|draft| serde_json::from_str(&draft.body().unwrap()).unwrap())
            .ok_or_else(|| ["value", "value2"].map(|name| untrack(|| form.error(name))))
    })
}

#[wasm_bindgen_test]
fn thousands_are_read_by_language() {
    for (language, text, read) in [
        (Language::Es, "1.500", Some(1500.0)),
        (Language::Es, "1.500,5 kcal", Some(1500.5)),
        (Language::Es, "1,500", None),
        (Language::En, "1,200", Some(1200.0)),
        (Language::En, "1,200.5", Some(1200.5)),
        (Language::En, "1.500", None),
    ] {
        Owner::new().with(|| {
            let form = form_in(language, &[("calories", text)]);
            assert_eq!(form.number("calories", ENERGY, Calories::new).map(Calories::get), read, "{text}");
            assert_eq!(form.has_errors(), read.is_none(), "{text}");
        });
    }
}

#[wasm_bindgen_test]
fn every_way_to_write_a_measurement_is_understood() {
    for (kind, text, value) in [
        ("steps", "11.665", 11_665.0),
        ("steps", "11,665", 11_665.0),
        ("sleep", "7:30", 7.5),
        ("sleep", "7 h 30", 7.5),
        ("spo2", "98 %", 98.0),
        ("weight", "68,900", 68.9),
        ("temperature", "36,6 °C", 36.6),
    ] {
        let draft = metric(Language::Es, &[("kind", kind), ("value", text)]).unwrap();
        assert_eq!(draft["value"], value, "{text}");
    }
    let glucose = [("kind", "glucose"), ("value", "5,4"), ("glucoseUnit", "mmol/L")];
    assert_eq!(metric(Language::Es, &glucose).unwrap()["value"], 97.2842);
}

#[wasm_bindgen_test]
fn impossible_measurements_are_refused_in_the_field() {
    let refused = |texts: &[(&'static str, &str)]| metric(Language::Es, texts).unwrap_err();
    let [value, _] = refused(&[("kind", "steps"), ("value", "8.5")]);
    assert_eq!(value, "Un número entero, sin decimales");
    let [_, value2] = refused(&[("kind", "bloodPressure"), ("value", "72"), ("value2", "118")]);
    assert_eq!(value2, "La diastólica tiene que ser menor que la sistólica");
    let [value, _] = refused(&[("kind", "glucose"), ("value", "5,4"), ("glucoseUnit", "mg/dL")]);
    assert_eq!(value, "Entre 20 y 2000");
}

#[wasm_bindgen_test]
fn an_edit_shows_what_reads_back() {
    for language in [Language::Es, Language::En] {
        for value in [0.0, 0.125, 1.234, 98.6, 999.999, 1500.0, 1500.5, 9999.125] {
            let shown = crate::ui::figure::entry(value, language);
            assert_eq!(ENERGY.parse(&shown, language), ParsedNumber::Exact(value), "{shown}");
        }
    }
    assert_eq!(crate::ui::figure::entry(1500.5, Language::Es), "1500,5");
}

#[wasm_bindgen_test]
fn a_comma_is_a_decimal_point() {
    let owner = Owner::new();
    owner.with(|| {
        let form = form(&[("calories", " 350,5 ")]);
        assert_eq!(form.number("calories", ENERGY, Calories::new).map(Calories::get), Some(350.5));
    });
}

#[wasm_bindgen_test]
fn invalid_number_shows_error_at_its_field() {
    let owner = Owner::new();
    owner.with(|| {
        for text in ["x", "", "1 2", "10001", "-1", "NaN", "Infinity"] {
            let form = form(&[("calories", text)]);
            assert!(form.number("calories", ENERGY, Calories::new).is_none(), "{text}");
            assert!(form.has_errors(), "{text}");
        }
    });
}

#[wasm_bindgen_test]
fn every_wrong_field_is_told_at_once() {
    let owner = Owner::new();
    owner.with(|| {
        let form = Form::new(
            Locale::of(Language::En),
            RecordKind::Food.texts(None, Timestamp::from_unix_ms(0), Language::En),
        );
        assert!(RecordKind::Food.draft(form, None).is_none());
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
            RecordKind::Metric.fields(form)
        }
    });
    let form = form_slot.get().unwrap();
    let at = |name: &str| Problem {
        errors: vec![FieldError::new(name, "must be lighter")],
        ..Problem::of_status(422, "")
    };
    assert!(form.refused_by_server(&at("value")));
    assert!(!form.refused_by_server(&at("somewhere-else")), "it has no field here");
    settle(20).await;
    assert_eq!(text_of(&stage, "[data-error-for=value]"), "must be lighter");
    drop(handle);
}
