use latido_protocol::{
    metric::{HealthMetric, MetricKind},
    time::Timestamp,
    values::{HeightCm, Invalid, Language, Units, WeightKg},
};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{settle, stage, text_of};
use crate::{
    browser::units::{self, Quantity, height_entry, height_typed, plain, typed},
    components::view::text,
    i18n::Locale,
    queries::record::{AnyRecord, Kind},
};

/// What can be typed into a field: tenths and hundredths from the least to the most.
fn typeable(quantity: Quantity) -> impl Iterator<Item = f64> {
    let (least, most) = match quantity {
        Quantity::Weight => (3, 1543),
        Quantity::Distance => (0, 621),
        Quantity::Temperature => (68, 114),
    };
    (least * 100..=most * 100).map(|hundredths: i32| f64::from(hundredths) / 100.0)
}

#[wasm_bindgen_test]
fn what_was_typed_reads_the_same_again() {
    for quantity in Quantity::ALL {
        for value in typeable(quantity) {
            let stored = quantity.to_metric(value, Units::Imperial);
            assert_eq!(quantity.entry(stored, Units::Imperial), plain(value), "{quantity:?}");
        }
    }
    assert_eq!(plain(Quantity::Weight.to_metric(160.0, Units::Imperial)), "72.5748");
    assert_eq!(Quantity::Weight.entry(72.5748, Units::Imperial), "160");
}

#[wasm_bindgen_test]
fn what_was_typed_in_feet_and_inches_reads_the_same_again() {
    for inches in 12..=117 {
        for tenth in 0..10 {
            let text = format!("{}′ {}″", inches / 12, plain(f64::from(inches % 12 * 10 + tenth) / 10.0));
            let cm = height_typed(&text, Units::Imperial).unwrap();
            assert_eq!(height_entry(cm, Units::Imperial), text);
            assert!(HeightCm::new(cm).is_ok(), "{text}");
        }
    }
}

#[wasm_bindgen_test]
fn a_height_is_understood_in_every_way_it_is_written() {
    for text in ["5′ 6″", "5'6", "5 ft 6 in", " 5'6\" ", "66", "5,5", "5.5"] {
        assert_eq!(height_typed(text, Units::Imperial), Some(167.64), "{text}");
    }
    for text in ["", "tall", "5 6 7", "′"] {
        assert_eq!(height_typed(text, Units::Imperial), None, "{text}");
    }
    // Twelve inches are a foot.
    assert_eq!(height_entry(182.8, Units::Imperial), "6′ 0″");
}

#[wasm_bindgen_test]
fn in_metric_nothing_is_converted_or_rounded() {
    for quantity in Quantity::ALL {
        assert_eq!(quantity.entry(36.123_456, Units::Metric), "36.123456");
        assert_eq!(plain(quantity.to_metric(36.123_456, Units::Metric)), "36.123456");
    }
}

#[wasm_bindgen_test]
fn the_bounds_named_in_pounds_are_bounds_the_server_keeps() {
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
fn what_is_no_number_is_none() {
    for text in ["", " ", "x", "1 2", "12 kg", "Infinity"] {
        assert_eq!(typed(text), None, "{text}");
    }
    assert_eq!(typed(" 72,5 "), Some(72.5));
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
        let texts = Kind::Metric.texts(Some(record), Timestamp::from_unix_ms(0));
        let form = crate::components::form::Form::new(Locale::of(Language::En), texts);
        if let Some(text) = fill {
            form.set("value", text.to_owned());
        }
        serde_json::from_str(&Kind::Metric.draft(form, Some(record)).unwrap()).unwrap()
    })
}

#[wasm_bindgen_test]
fn a_weight_that_nobody_touched_is_saved_as_it_was_stored() {
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
