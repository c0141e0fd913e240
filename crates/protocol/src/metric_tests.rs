use super::*;

#[test]
fn blood_pressure_needs_both_numbers() {
    let refused = Reading::new(MetricKind::BloodPressure, Some(120.0), None).unwrap_err();
    assert_eq!(refused, InvalidReading { value: None, value2: Some(Invalid::Required) });
    assert!(Reading::new(MetricKind::BloodPressure, Some(120.0), Some(80.0)).is_ok());
}

#[test]
fn a_second_number_is_dropped_where_there_is_none() {
    let reading = Reading::new(MetricKind::Weight, Some(70.0), Some(1.0)).unwrap();
    assert_eq!(reading.value2(), None);
}

fn refusal(kind: MetricKind, value: f64, value2: Option<f64>) -> InvalidReading {
    Reading::new(kind, Some(value), value2).unwrap_err()
}

#[test]
fn the_systolic_value_is_the_higher_one() {
    for (systolic, diastolic) in [(72.0, 118.0), (80.0, 80.0)] {
        let refused = refusal(MetricKind::BloodPressure, systolic, Some(diastolic));
        assert_eq!(refused, InvalidReading { value: None, value2: Some(Invalid::NotBelowSystolic) });
    }
}

#[test]
fn measured_steps_are_whole() {
    assert_eq!(refusal(MetricKind::Steps, 8.5, None).value, Some(Invalid::NotWhole));
}

#[test]
fn glucose_in_the_other_unit_is_refused() {
    let refused = refusal(MetricKind::Glucose, 5.4, None);
    assert_eq!(refused.value, Some(Invalid::OutOfRange { min: 20, max: 2000 }));
}

#[test]
fn values_of_older_rules_are_still_readable() {
    let stored = r#"{"id":"1","measuredAt":"0203-11-21T08:15:00.000Z","kind":"glucose","value":5.4,"source":"manual",
        "createdAt":"2026-11-21T08:15:00.000Z","updatedAt":"2026-11-21T08:15:00.000Z"}"#;
    assert!((serde_json::from_str::<HealthMetric>(stored).unwrap().value - 5.4).abs() < 1e-9);
}

#[test]
fn slips_of_the_finger_are_far() {
    for (kind, before, value) in [
        (MetricKind::Weight, 68.9, 689.0),
        (MetricKind::Weight, 68.9, 6.9),
        (MetricKind::HeartRate, 60.0, 160.0),
        (MetricKind::Glucose, 97.0, 970.0),
        (MetricKind::Steps, 9000.0, 90_000.0),
        (MetricKind::Temperature, 36.6, 40.0),
    ] {
        assert!(kind.is_far(before, value), "{kind:?} {value}");
    }
    for (kind, before, value) in [
        (MetricKind::Weight, 68.9, 70.2),
        (MetricKind::HeartRate, 60.0, 130.0),
        (MetricKind::Glucose, 97.0, 250.0),
        (MetricKind::Steps, 300.0, 15_000.0),
        (MetricKind::Steps, 11_665.0, 8.0),
        (MetricKind::Temperature, 36.6, 39.2),
    ] {
        assert!(!kind.is_far(before, value), "{kind:?} {value}");
    }
}

#[test]
fn nobody_sleeps_twenty_five_hours() {
    let refused = Reading::new(MetricKind::Sleep, Some(25.0), None).unwrap_err();
    assert_eq!(refused.value, Some(Invalid::OutOfRange { min: 0, max: 24 }));
}
