use latido_protocol::{
    metric::{HealthMetric, MetricKind},
    time::Timestamp,
    values::{GlucoseUnit, HeightCm, Invalid, Language, Units, WeightKg},
};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, stage, test_app::TestApp, text_of, trends::metric};
use crate::{
    browser::{
        clock,
        units::{self, Quantity, height_entry, height_typed, plain},
    },
    data::queries::record::{AnyRecord, RecordKind},
    features::records::record_page::RecordPage,
    i18n::Locale,
    ui::{figure::Figure, view::text},
};

/// What can be typed into a field: tenths and hundredths from the least to the most.
fn typeable(quantity: Quantity) -> impl Iterator<Item = f64> {
    let (least, most) = match quantity {
        Quantity::Weight => (3, 1543),
        Quantity::Distance => (0, 621),
        Quantity::Temperature => (68, 114),
        Quantity::Glucose(_) => (2, 111),
    };
    (least * 100..=most * 100).map(|hundredths: i32| f64::from(hundredths) / 100.0)
}

#[wasm_bindgen_test]
fn what_was_typed_reads_the_same_again() {
    for quantity in Quantity::ALL.into_iter().chain([Quantity::Glucose(GlucoseUnit::MmolL)]) {
        for value in typeable(quantity) {
            let stored = quantity.to_metric(value, Units::Imperial);
            assert_eq!(quantity.entry(stored, Units::Imperial), plain(value), "{quantity:?}");
        }
    }
    assert_eq!(plain(Quantity::Weight.to_metric(160.0, Units::Imperial)), "72.5748");
    assert_eq!(Quantity::Weight.entry(72.5748, Units::Imperial), "160");
}

#[wasm_bindgen_test]
fn feet_and_inches_round_trip() {
    for inches in 12..=117 {
        for tenth in 0..10 {
            let text = format!("{}′ {}″", inches / 12, plain(f64::from(inches % 12 * 10 + tenth) / 10.0));
            let cm = height_typed(&text, Units::Imperial, Language::En).unwrap();
            assert_eq!(height_entry(cm, Units::Imperial, Language::En), text);
            assert!(HeightCm::new(cm).is_ok(), "{text}");
        }
    }
}

#[wasm_bindgen_test]
fn parses_every_notation_of_height() {
    for text in ["5′ 6″", "5'6", "5 ft 6 in", " 5'6\" ", "66", "5,5", "5.5"] {
        assert_eq!(height_typed(text, Units::Imperial, Language::En), Some(167.64), "{text}");
    }
    for text in ["", "tall", "5 6 7", "′"] {
        assert_eq!(height_typed(text, Units::Imperial, Language::En), None, "{text}");
    }
    // Twelve inches are a foot.
    assert_eq!(height_entry(182.8, Units::Imperial, Language::En), "6′ 0″");
    assert_eq!(height_typed("168,5 cm", Units::Metric, Language::Es), Some(168.5));
    assert_eq!(height_entry(168.5, Units::Metric, Language::Es), "168,5");
}

#[wasm_bindgen_test]
fn in_metric_nothing_is_converted_or_rounded() {
    for quantity in Quantity::ALL {
        assert_eq!(quantity.entry(36.123_456, Units::Metric), "36.123456");
        assert_eq!(plain(quantity.to_metric(36.123_456, Units::Metric)), "36.123456");
    }
}

#[wasm_bindgen_test]
fn bounds_in_pounds_match_the_server() {
    let refused = WeightKg::new(0.0).unwrap_err();
    let Invalid::OutOfRange { min, max } = Quantity::Weight.refusal(refused, Units::Imperial) else {
        panic!("another refusal");
    };
    assert_eq!((min, max), (3, 1543));
    for bound in [min, max] {
        let kg = Quantity::Weight.to_metric(bound as f64, Units::Imperial);
        assert!(WeightKg::new(kg).is_ok(), "{bound} lb");
    }
}

#[wasm_bindgen_test]
fn glucose_is_shown_in_its_chosen_unit() {
    let glucose = || {
        (
            Locale::of(Language::En).measured(MetricKind::Glucose, 97.2842),
            Locale::of(Language::En).unit(MetricKind::Glucose),
        )
    };
    assert_eq!(glucose(), ("97.3".to_owned(), "mg/dL"));
    units::set_glucose(GlucoseUnit::MmolL);
    assert_eq!(glucose(), ("5.4".to_owned(), "mmol/L"));
    units::reset();
}

#[wasm_bindgen_test]
fn what_rounds_to_zero_has_no_sign() {
    for language in [Language::Es, Language::En] {
        for value in [-0.0, -0.04, 0.04] {
            assert_eq!(Locale::of(language).number(value), "0", "{value}");
        }
        assert_ne!(Locale::of(language).number(-0.05), "0");
    }
}

fn weight(kg: f64) -> AnyRecord {
    let text = format!(
        r#"{{"id":"m1","measuredAt":"2026-11-21T08:00:00Z","kind":"weight","value":{kg},"unit":"kg",
        "source":"manual","createdAt":"2026-11-21T08:00:00Z","updatedAt":"2026-11-21T08:00:00Z","version":1}}"#
    );
    AnyRecord::Metric(serde_json::from_str::<HealthMetric>(&text).unwrap())
}

/// What a form that opens on a record would send after a field was filled.
fn sent(record: &AnyRecord, fill: Option<&str>) -> serde_json::Value {
    let owner = Owner::new();
    owner.with(|| {
        let texts = RecordKind::Metric.texts(Some(record), Timestamp::from_unix_ms(0), Language::En);
        let form = crate::ui::form::Form::new(Locale::of(Language::En), texts);
        if let Some(text) = fill {
            form.set("value", text.to_owned());
        }
        let draft = RecordKind::Metric.draft(form, Some(record)).unwrap();
        serde_json::from_str(&draft.body().unwrap()).unwrap()
    })
}

#[wasm_bindgen_test]
fn untouched_weight_is_saved_unchanged() {
    units::set(Units::Imperial);
    let record = weight(72.123_456);
    assert_eq!(sent(&record, None)["value"], 72.123_456);
    assert_eq!(sent(&record, Some("160"))["value"], 72.5748);
    units::reset();
}

#[wasm_bindgen_test]
async fn what_is_on_the_screen_follows_the_units() {
    units::set(Units::Metric);
    let stage = stage();
    let handle = mount_to(stage.clone(), || {
        let locale = Locale::of(Language::En);
        let row = text(move || {
            let (amount, unit) = weight(72.5748).amount(locale);
            [amount, unit.to_owned()].join(" ")
        });
        view! { <p>{row}</p><b>{text(move || locale.unit(MetricKind::Temperature).to_owned())}</b> }
    });
    assert_eq!(text_of(&stage, "p"), "72.6 kg");
    units::set(Units::Imperial);
    settle(20).await;
    assert_eq!(text_of(&stage, "p"), "160 lb");
    assert_eq!(text_of(&stage, "b"), "°F");
    units::reset();
    drop(handle);
}

#[wasm_bindgen_test]
async fn percent_sign_follows_the_languages_spacing() {
    let AnyRecord::Metric(measured) = metric(MetricKind::Spo2, clock::wall(), 97.0, None) else { return };
    let list = serde_json::json!({ "healthMetrics": [measured], "nextCursor": null });
    for (language, in_row, in_text) in [(Language::En, "97%", "97%"), (Language::Es, "97 %", "97\u{a0}%")] {
        let mut app = TestApp::for_a("user").await;
        app.language.set(language);
        app.server.says("GET /health-metrics", 200, &list.to_string());
        app.show(|| view! { <RecordPage kind=RecordKind::Metric/> }.into_any()).await;
        settle(100).await;
        assert_eq!(app.text(".row-amount"), in_row);
        let locale = Locale::of(language);
        assert_eq!(locale.with_unit("97", "%"), in_text);
        assert_eq!(locale.with_unit("97", "kg"), "97\u{a0}kg");
        assert_eq!(Figure::decimal("%", (0.0, 100.0)).written(97.0, language), in_text);
    }
}
