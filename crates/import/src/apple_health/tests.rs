//! What an export of Apple Health means, element by element.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::read;
use crate::{Identity, Options, ReadEvent, Zone};
use latido_protocol::values::Units;

fn options() -> Options {
    Options { zone: Zone::new("Europe/Madrid").unwrap(), units: Units::Metric }
}

fn found(elements: &str) -> Vec<ReadEvent> {
    let mut found = Vec::new();
    let mut sink = |one| {
        found.push(one);
        Ok(())
    };
    read(elements.as_bytes(), &options(), &mut sink).unwrap();
    found
}

/// The records of the rows, in order; there must be nothing bad.
fn records(elements: &str) -> Vec<Value> {
    let found = found(&format!("<HealthData>\n{elements}\n</HealthData>"));
    let record = |found| match found {
        ReadEvent::Row { row, .. } => Some(Value::Object(row.record)),
        ReadEvent::BadRow { line, reason } => panic!("line {line} {reason}"),
        _ => None,
    };
    found.into_iter().filter_map(record).collect()
}

fn bad(elements: &str) -> Vec<(u64, String)> {
    let bad = |found| match found {
        ReadEvent::BadRow { line, reason } => Some((line, reason)),
        _ => None,
    };
    found(elements).into_iter().filter_map(bad).collect()
}

fn sample(kind: &str, source: &str, unit: &str, value: &str, start: &str, end: &str) -> String {
    format!(
        "<Record type=\"{kind}\" sourceName=\"{source}\" unit=\"{unit}\" creationDate=\"2026-11-21 09:00:00 +0100\" \
         startDate=\"{start}\" endDate=\"{end}\" value=\"{value}\"/>\n"
    )
}

fn quantity(kind: &str, unit: &str, value: &str, at: &str) -> String {
    sample(&format!("HKQuantityTypeIdentifier{kind}"), "Reloj", unit, value, at, at)
}

const MORNING: &str = "2026-11-20 08:15:00 +0100";

#[test]
fn single_samples_come_in_the_wires_units() {
    let elements = [
        quantity("BodyMass", "lb", "160", MORNING),
        quantity("HeartRate", "count/min", "61", MORNING),
        quantity("BloodGlucose", "mmol&lt;180.1558800000541&gt;/L", "5", MORNING),
        quantity("OxygenSaturation", "%", "0.97", MORNING),
        quantity("BodyTemperature", "degF", "98.6", MORNING),
    ]
    .concat();
    let at = "2026-11-20T07:15:00.000Z";
    assert_eq!(
        records(&elements),
        [
            json!({"measuredAt": at, "kind": "weight", "value": 72.57}),
            json!({"measuredAt": at, "kind": "heartRate", "value": 61.0}),
            json!({"measuredAt": at, "kind": "glucose", "value": 90.1}),
            json!({"measuredAt": at, "kind": "spo2", "value": 97.0}),
            json!({"measuredAt": at, "kind": "temperature", "value": 37.0}),
        ]
    );
}

#[test]
fn a_days_steps_are_those_of_the_source_that_counted_most() {
    let steps = |source: &str, count: &str, at: &str| {
        sample("HKQuantityTypeIdentifierStepCount", source, "count", count, at, at)
    };
    let elements = [
        steps("iPhone", "1000", "2026-11-20 09:00:00 +0100"),
        steps("Reloj", "900", "2026-11-20 09:00:00 +0100"),
        steps("Reloj", "800", "2026-11-20 20:00:00 +0100"),
        steps("iPhone", "300", "2026-11-21 00:10:00 +0100"),
    ]
    .concat();
    assert_eq!(
        records(&elements),
        [
            json!({"measuredAt": "2026-11-20T19:00:00.000Z", "kind": "steps", "value": 1700.0}),
            json!({"measuredAt": "2026-11-20T23:10:00.000Z", "kind": "steps", "value": 300.0}),
        ]
    );
}

#[test]
fn a_nights_sleep_is_summed_once() {
    let asleep = |source: &str, stage: &str, from: &str, to: &str| {
        let value = format!("HKCategoryValueSleepAnalysis{stage}");
        sample("HKCategoryTypeIdentifierSleepAnalysis", source, "", &value, from, to)
    };
    let elements = [
        asleep("Reloj", "InBed", "2026-11-19 22:30:00 +0100", "2026-11-20 07:30:00 +0100"),
        asleep("Reloj", "AsleepCore", "2026-11-19 23:00:00 +0100", "2026-11-20 03:00:00 +0100"),
        asleep("Reloj", "AsleepREM", "2026-11-20 02:30:00 +0100", "2026-11-20 04:00:00 +0100"),
        asleep("Reloj", "Awake", "2026-11-20 04:00:00 +0100", "2026-11-20 04:30:00 +0100"),
        asleep("Reloj", "AsleepDeep", "2026-11-20 04:30:00 +0100", "2026-11-20 07:00:00 +0100"),
        asleep("Almohada", "Asleep", "2026-11-19 23:30:00 +0100", "2026-11-20 06:00:00 +0100"),
    ]
    .concat();
    let night = json!({"measuredAt": "2026-11-20T06:00:00.000Z", "kind": "sleep", "value": 7.5});
    assert_eq!(records(&elements), [night]);
}

#[test]
fn the_two_pressures_make_one_reading() {
    let systolic = quantity("BloodPressureSystolic", "mmHg", "120", MORNING);
    let diastolic = quantity("BloodPressureDiastolic", "mmHg", "80", MORNING);
    let at = "2026-11-20T07:15:00.000Z";
    let reading = json!({"measuredAt": at, "kind": "bloodPressure", "value": 120.0, "value2": 80.0});
    let together = format!(
        "<Correlation type=\"HKCorrelationTypeIdentifierBloodPressure\"><MetadataEntry key=\"a\" value=\"b\"/>\
         {systolic}{diastolic}</Correlation>"
    );
    assert_eq!(records(&together), std::slice::from_ref(&reading));
    assert_eq!(
        records(&[&*systolic, &diastolic, &together].concat()),
        std::slice::from_ref(&reading),
        "said twice"
    );
    assert_eq!(records(&[diastolic, systolic].concat()), [reading], "without a correlation");
}

#[test]
fn a_pressure_without_the_other_is_named() {
    let alone = quantity("BloodPressureSystolic", "mmHg", "120", MORNING);
    assert_eq!(
        bad(&format!("<HealthData>\n{alone}</HealthData>")),
        [(2, "has no diastolic pressure of the same time".to_owned())]
    );
}

#[test]
fn the_nutrients_of_a_food_make_one_food() {
    let nutrients = [
        quantity("DietaryEnergyConsumed", "kJ", "1464.4", MORNING),
        quantity("DietaryProtein", "g", "12", MORNING),
        quantity("DietaryWater", "mL", "200", MORNING),
    ]
    .concat();
    let food = |name: &str| {
        json!({"loggedAt": "2026-11-20T07:15:00.000Z", "meal": "breakfast", "name": name, "calories": 350.0,
               "proteinG": 12.0, "carbsG": 0.0, "fatG": 0.0})
    };
    assert_eq!(records(&nutrients), [food("Reloj")]);
    let together = format!(
        "{nutrients}<Correlation type=\"HKCorrelationTypeIdentifierFood\">\
         <MetadataEntry key=\"HKFoodType\" value=\"Avena &amp; leche\"/>{nutrients}</Correlation>"
    );
    assert_eq!(records(&together), [food("Avena & leche")]);
}

#[test]
fn workouts_of_older_and_newer_exports_are_exercises() {
    let older = "<Workout workoutActivityType=\"HKWorkoutActivityTypeTraditionalStrengthTraining\" duration=\"1800\" \
                 durationUnit=\"s\" totalDistance=\"0\" totalDistanceUnit=\"km\" totalEnergyBurned=\"836.8\" \
                 totalEnergyBurnedUnit=\"kJ\" startDate=\"2026-11-20 08:15:00 +0100\" endDate=\"\"/>";
    let newer = "<Workout workoutActivityType=\"HKWorkoutActivityTypeRunning\" duration=\"42.5\" durationUnit=\"min\" \
                 startDate=\"2026-11-20 08:15:00 +0100\"><MetadataEntry key=\"HKAverageMETs\" value=\"8.1 kcal/hr·kg\"/>\
                 <WorkoutStatistics type=\"HKQuantityTypeIdentifierActiveEnergyBurned\" sum=\"400\" unit=\"Cal\"/>\
                 <WorkoutStatistics type=\"HKQuantityTypeIdentifierDistanceWalkingRunning\" sum=\"5\" unit=\"mi\"/>\
                 </Workout>";
    let at = "2026-11-20T07:15:00.000Z";
    assert_eq!(
        records(&[older, newer].concat()),
        [
            json!({"loggedAt": at, "activity": "Traditional Strength Training", "durationMin": 30.0,
                   "intensity": "moderate", "caloriesBurned": 200.0}),
            json!({"loggedAt": at, "activity": "Running", "durationMin": 42.5, "intensity": "high",
                   "caloriesBurned": 400.0, "distanceKm": 8.047}),
        ]
    );
}

#[test]
fn bad_samples_are_named_by_line_and_the_others_are_read() {
    let document = format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData (Record*)>\n]>\n<HealthData>\n{}{}{}{}</HealthData>",
        quantity("BodyMass", "kg", "much", MORNING),
        quantity("BodyMass", "slug", "5", MORNING),
        quantity("BodyMass", "kg", "70", "yesterday"),
        quantity("BodyMass", "kg", "70", MORNING),
    );
    assert_eq!(
        found(&document).iter().filter(|found| matches!(found, ReadEvent::Row { line: 9, .. })).count(),
        1
    );
    let bad = bad(&document);
    assert_eq!(bad.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [6, 7, 8]);
    for ((_, reason), said) in bad.iter().zip(["\"much\"", "\"slug\"", "\"yesterday\""]) {
        assert!(reason.contains(said), "{reason}");
    }
}

#[test]
fn a_file_that_ends_in_the_middle_gives_what_it_has() {
    let whole = quantity("BodyMass", "kg", "70", MORNING);
    for cut in [format!("<HealthData>\n{whole}<Record type=\"HKQ"), format!("<HealthData>\n{whole}")] {
        let found = found(&cut);
        assert!(matches!(found.first(), Some(ReadEvent::Row { .. })), "{found:?}");
        assert!(matches!(found.last(), Some(ReadEvent::BadRow { line: 3, .. })), "{found:?}");
    }
}

#[test]
fn an_element_without_end_is_not_held_in_memory() {
    let endless = format!("<HealthData>\n<Record type=\"{}", "x".repeat(3 * 1024 * 1024));
    let bad = bad(&endless);
    assert!(matches!(&*bad, [(2, reason)] if reason.contains("longer than 1024 KiB")), "{bad:?}");
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
        let _ = read(&*bytes, &options(), &mut |_| Ok(()));
    }

    /// Elements as they might be, with attributes as they must not be.
    #[test]
    fn no_elements_panic(elements in proptest::collection::vec(element(), 0..30)) {
        let document = format!("<HealthData>{}</HealthData>", elements.concat());
        let _ = read(document.as_bytes(), &options(), &mut |_| Ok(()));
    }

    /// Whatever stands in the attributes of the neighbours.
    #[test]
    fn good_rows_survive_bad_neighbours(values in proptest::collection::vec("[^<>&\"]{0,20}", 1..20)) {
        let good = quantity("HeartRate", "count/min", "61", MORNING);
        let elements: String = values
            .iter()
            .map(|value| quantity("BodyMass", value, value, value) + &good)
            .collect();
        let rows = found(&format!("<HealthData>{elements}</HealthData>"))
            .iter()
            .filter(|found| matches!(found, ReadEvent::Row { row, .. } if row.record["kind"] == "heartRate"))
            .count();
        prop_assert_eq!(rows, values.len());
    }
}

fn element() -> impl Strategy<Value = String> {
    let kind = prop_oneof![
        Just("HKQuantityTypeIdentifierStepCount"),
        Just("HKCategoryTypeIdentifierSleepAnalysis"),
        Just("HKQuantityTypeIdentifierBloodPressureSystolic"),
        Just("HKQuantityTypeIdentifierDietaryEnergyConsumed"),
        Just("HKCorrelationTypeIdentifierFood"),
    ];
    let tag = prop_oneof![
        Just("Record"),
        Just("Correlation"),
        Just("Workout"),
        Just("MetadataEntry"),
        Just("/Record")
    ];
    let time = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}";
    let text = prop_oneof!["[^\"<]{0,12}", "-?[0-9]{1,12}(e[0-9]{1,3})?", time];
    (tag, kind, proptest::array::uniform5(text), any::<bool>()).prop_map(|(tag, kind, [a, b, c, d, e], empty)| {
        let end = if empty { "/" } else { "" };
        format!("<{tag} type=\"{kind}\" sourceName=\"{a}\" unit=\"{b}\" value=\"{c}\" startDate=\"{d}\" endDate=\"{e}\"{end}>")
    })
}

#[test]
fn two_equal_foods_of_two_entries_are_two() {
    let identities = |export: &str| -> Vec<_> {
        let identity = |found| match found {
            ReadEvent::Row { row, .. } => Some(row.identity),
            _ => None,
        };
        found(export).into_iter().filter_map(identity).collect()
    };
    let eggs = include_str!("../../fixtures/two-equal-foods.xml");
    assert_eq!(identities(eggs), [Identity::Content(0), Identity::Content(1)]);
    // The same entry, said twice.
    let once = eggs.replace("entry-2", "entry-1").replace("08:02:31", "08:02:10");
    assert_eq!(identities(&once), [Identity::Content(0)]);
}

#[test]
fn a_food_that_stands_alone_survives_a_correlation_of_its_instant() {
    let energy = |name: &str, kcal: u32| {
        format!(
            "<Record type=\"HKQuantityTypeIdentifierDietaryEnergyConsumed\" sourceName=\"Diary\" unit=\"kcal\" \
             startDate=\"{MORNING}\" endDate=\"{MORNING}\" value=\"{kcal}\">\
             <MetadataEntry key=\"HKFoodType\" value=\"{name}\"/></Record>"
        )
    };
    let together =
        format!("<Correlation type=\"HKCorrelationTypeIdentifierFood\">{}</Correlation>", energy("Egg", 78));
    let foods = records(&[energy("Egg", 78), energy("Coffee", 5), together].concat());
    let names: Vec<_> = foods.iter().map(|food| food["name"].clone()).collect();
    assert_eq!(names, ["Egg", "Coffee"]);
}
