//! Tables whole: whatever stands in a row, the others are read.

use latido_protocol::values::Units;
use proptest::prelude::*;
use serde_json::json;

use crate::{Identity, Options, ReadEvent, Zone, read};

fn options() -> Options {
    Options { zone: Zone::new("Europe/Madrid").unwrap(), units: Units::Metric }
}

fn found(text: &[u8]) -> Vec<ReadEvent> {
    let mut found = Vec::new();
    let mut sink = |one| {
        found.push(one);
        Ok(())
    };
    let _ = read::read("test.csv".to_owned(), std::io::Cursor::new(text), &options(), &mut sink);
    found
}

#[test]
fn every_row_is_known_by_its_line() {
    let table = "loggedAt,meal,name,calories\n\n2020-05-01,lunch,\"a\nb\",1\n2020-05-01,lunch,c,1,2\n2020-05-01,lunch,d,1\n";
    let lines: Vec<_> = found(table.as_bytes())
        .iter()
        .filter_map(|found| match found {
            ReadEvent::Row { line, .. } => Some((*line, true)),
            ReadEvent::BadRow { line, .. } => Some((*line, false)),
            _ => None,
        })
        .collect();
    assert_eq!(lines, [(3, true), (5, false), (6, true)]);
}

#[test]
fn a_mark_against_formulas_is_taken_off() {
    let table = "loggedAt,meal,name,calories\n2020-05-01T10:00:00Z,cena,'=1+1,5\n";
    let Some(ReadEvent::Row { row, .. }) = found(table.as_bytes()).pop() else { panic!("no row") };
    let record =
        json!({"loggedAt": "2020-05-01T10:00:00.000Z", "meal": "dinner", "name": "=1+1", "calories": 5.0});
    assert_eq!(serde_json::Value::Object(row.record), record);
}

/// The records of a table, in which nothing must be bad.
fn records(bytes: &[u8]) -> Vec<serde_json::Value> {
    let record = |found| match found {
        ReadEvent::Row { row, .. } => Some(serde_json::Value::Object(row.record)),
        ReadEvent::BadRow { line, reason } => panic!("line {line} {reason}"),
        _ => None,
    };
    found(bytes).into_iter().filter_map(record).collect()
}

fn values(bytes: &[u8], field: &str) -> Vec<serde_json::Value> {
    records(bytes).iter().map(|record| record[field].clone()).collect()
}

fn reasons(bytes: &[u8]) -> Vec<(u64, String)> {
    let bad = |found| match found {
        ReadEvent::BadRow { line, reason } => Some((line, reason)),
        _ => None,
    };
    found(bytes).into_iter().filter_map(bad).collect()
}

fn unread(bytes: &[u8]) -> Vec<String> {
    let unread = |found| match found {
        ReadEvent::UnreadColumns { columns } => Some(columns),
        _ => None,
    };
    found(bytes).into_iter().filter_map(unread).flatten().collect()
}

#[test]
fn a_unit_column_converts_weights() {
    let weights = include_bytes!("../../fixtures/weights.csv");
    assert_eq!(values(weights, "value"), [json!(81.83), json!(81.28)]);
    assert!(unread(weights).is_empty());
    for (table, value) in [
        ("Date,Weight (lb)\n2020-05-01,180.4\n", 81.83),
        ("Date,Weight\n2020-05-01,180.4 lb\n", 81.83),
        ("Date,Weight,Unit\n2020-05-01,11,st\n", 69.85),
        ("Fecha;Peso;Unidad\n2020-05-01;71,4;kg\n", 71.4),
        ("measuredAt,kind,value,unit\n2020-05-01,weight,160,lb\n", 72.57),
        ("measuredAt,kind,value,unit\n2020-05-01,glucose,5.4,mmol/L\n", 97.3),
        ("measuredAt,kind,value,unit\n2020-05-01,temperature,98.6,°F\n", 37.0),
        ("measuredAt,kind,value\n2020-05-01,sleep,7:30\n", 7.5),
        ("measuredAt,kind,value\n2020-05-01,spo2,98 %\n", 98.0),
    ] {
        assert_eq!(values(table.as_bytes(), "value"), [json!(value)], "{table}");
    }
}

#[test]
fn an_unknown_unit_refuses_the_row_by_name() {
    let table = "Date,Weight,Unit\n2020-05-01,180.4,slug\n2020-05-02,71,kg\n";
    let reason = "Weight: the unit \"slug\" cannot be converted to kg".to_owned();
    assert_eq!(reasons(table.as_bytes()), [(2, reason)]);
}

#[test]
fn energy_distance_and_duration_come_in_their_columns_unit() {
    let foods = "loggedAt,meal,name,Energy (kJ)\n2020-05-01,lunch,Pan,1000\n";
    assert_eq!(values(foods.as_bytes(), "calories"), [json!(239.0)]);
    let exercises = "loggedAt,activity,Duration (min),Distance (mi)\n2020-05-01,Correr,1:05:30,3.1\n";
    let record = records(exercises.as_bytes()).pop().unwrap();
    assert_eq!((&record["durationMin"], &record["distanceKm"]), (&json!(65.5), &json!(4.989)));
}

#[test]
fn a_diary_with_names_of_foods_is_understood() {
    let diary = records(include_bytes!("../../fixtures/diary.csv"));
    assert_eq!(diary.len(), 2);
    assert_eq!(
        diary[0],
        json!({"loggedAt": "2026-11-10T13:00:00.000Z", "meal": "lunch", "name": "Lentil soup", "calories": 420.0,
               "proteinG": 24.0, "carbsG": 60.0, "fatG": 8.0, "notes": "× 2"})
    );
    assert_eq!((&diary[1]["name"], &diary[1]["carbsG"]), (&json!("Bread"), &json!(30.0)));
}

#[test]
fn deleted_rows_are_skipped_and_counted() {
    let table = include_bytes!("../../fixtures/loseit-iso.csv");
    let oatmeal = records(table);
    assert_eq!(oatmeal.len(), 1);
    assert_eq!((&oatmeal[0]["name"], &oatmeal[0]["notes"]), (&json!("Oatmeal"), &json!("1 Cup")));
    let skipped = ReadEvent::Skipped { what: "rows that are marked as deleted".to_owned(), count: 1 };
    assert!(found(table).contains(&skipped));
    assert_eq!(unread(table), ["Icon"]);
    let weights = "Date,Weight,Deleted\n2020-05-01,71,false\n2020-05-02,17,true\n";
    assert_eq!(values(weights.as_bytes(), "value"), [json!(71.0)]);
    assert!(found(weights.as_bytes()).contains(&skipped));
}

#[test]
fn exercises_of_another_program_are_no_foods() {
    let exercises =
        "Date,Name,Icon,Type,Quantity,Units,Calories\n2020-05-01,Running,run,Cardio,30,Minutes,300\n";
    assert!(records(exercises.as_bytes()).is_empty());
}

#[test]
fn columns_that_are_not_read_are_named() {
    let table = "loggedAt,meal,name,calories,Fibre,Empty,source\n2020-05-01,lunch,Pan,1,5,,import\n";
    assert_eq!(unread(table.as_bytes()), ["Fibre"]);
}

#[test]
fn thousands_are_read_as_the_file_writes_them() {
    let foods = include_bytes!("../../fixtures/foods-es.csv");
    assert_eq!(values(foods, "calories"), [json!(1250.0), json!(120.0)]);
    assert_eq!(values(foods, "proteinG"), [json!(32.5), json!(4.0)]);
    let metrics = include_bytes!("../../fixtures/metrics-es.csv");
    assert_eq!(values(metrics, "value"), [json!(9840.0), json!(10_020.0), json!(71.4)]);
    let english = "loggedAt,meal,name,calories\n2020-05-01,cena,a,\"1,200\"\n2020-05-01,cena,b,12.5\n";
    assert_eq!(values(english.as_bytes(), "calories"), [json!(1200.0), json!(12.5)]);
    let tabs = "loggedAt\tmeal\tname\tcalories\n2020-05-01\tcena\ta\t1.250\n2020-05-01\tcena\tb\t0,5\n";
    assert_eq!(values(tabs.as_bytes(), "calories"), [json!(1250.0), json!(0.5)]);
}

#[test]
fn a_lone_point_between_commas_is_reported() {
    let lone = "loggedAt,meal,name,calories\n2020-05-01,cena,a,1.250\n2020-05-01,cena,b,120\n";
    let reasons = reasons(lone.as_bytes());
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert!(reasons[0].0 == 2 && reasons[0].1.starts_with("calories can be 1250 or 1.25"), "{reasons:?}");
    let decided = lone.replace("120", "120.0");
    assert_eq!(values(decided.as_bytes(), "calories"), [json!(1.25), json!(120.0)]);
}

#[test]
fn ambiguous_thousands_are_a_bad_row() {
    let table = "loggedAt\tmeal\tname\tcalories\n2020-05-01\tcena\ta\t1.250\n2020-05-01\tcena\tb\t5\n";
    let reasons = reasons(table.as_bytes());
    assert_eq!(reasons.len(), 1, "{reasons:?}");
    assert!(reasons[0].0 == 2 && reasons[0].1.starts_with("calories can be 1250 or 1.25"), "{reasons:?}");
}

#[test]
fn lone_carriage_returns_lose_no_row() {
    let mixed = include_bytes!("../../fixtures/mixed.csv");
    assert_eq!(values(mixed, "name"), ["A", "B", "C", "D"]);
    let old_mac = "loggedAt,meal,name,calories\r2020-05-01,lunch,A,1\r2020-05-01,lunch,B,2";
    assert_eq!(values(old_mac.as_bytes(), "name"), ["A", "B"]);
}

#[test]
fn utf_16_is_read_as_text() {
    let table = "\u{feff}loggedAt\tmeal\tname\tcalories\r\n2020-05-01\tcena\tJamón\t120\r\n";
    let little: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = table.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        assert_eq!(values(&bytes, "name"), ["Jamón"]);
    }
}

#[test]
fn meals_without_a_time_are_known_by_their_day() {
    let identities = |table: &str| -> Vec<_> {
        let identity = |found| match found {
            ReadEvent::Row { row, .. } => Some(row.identity),
            _ => None,
        };
        found(table.as_bytes()).into_iter().filter_map(identity).collect()
    };
    let day = |text: &str| Identity::Day(text.to_owned());
    let twice = "Date,Meal,Calories\n2020-05-01,Lunch,300\n2020-05-01,Lunch,200\n2020-05-01,Dinner,1\n";
    assert_eq!(identities(twice), [day("2020-05-01"), day("2020-05-01/1"), day("2020-05-01")]);
    let timed = "Date,Meal,Time,Calories\n2020-05-01,Lunch,2:00 PM,300\n";
    assert_eq!(identities(timed), [Identity::Content(0)]);
}

const HEADERS: [&str; 7] = [
    "loggedAt,meal,name,calories,proteinG,notes",
    "loggedAt;activity;durationMin;distanceKm",
    "measuredAt\tkind\tvalue\tvalue2",
    "Date,Meal,Time,Calories,Fat (g),Note",
    "Date,Exercise,Type,Exercise Calories,Exercise Minutes,Steps",
    "Date,Weight",
    "Day,Group,Food Name,Amount,Energy (kJ),Deleted",
];

proptest! {
    #[test]
    fn no_bytes_panic(
        header in prop::sample::select(&HEADERS),
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"\",;\t\r\n19-: ".as_slice())], 0..400),
    ) {
        found(&[header.as_bytes(), b"\n", &bytes].concat());
        found(&bytes);
    }

    /// Neighbours of one line that closes what it opens; one that does not takes nothing with it either, if
    /// no quote follows.
    #[test]
    fn good_rows_survive_bad_neighbours(lines in prop::collection::vec("[^\r\n\"]{0,40}", 1..20), quote in any::<bool>()) {
        let good = "2020-05-01,lunch,Lentejas,480";
        let rows: String = lines.iter().flat_map(|line| [line, "\n", good, "\n"]).collect();
        let opened = if quote { format!("\"{good}\n{good}\n") } else { String::new() };
        let table = format!("loggedAt,meal,name,calories\n{rows}{opened}");
        let lentils = found(table.as_bytes())
            .iter()
            .filter(|found| matches!(found, ReadEvent::Row { row, .. } if row.record.get("name") == Some(&json!("Lentejas"))))
            .count();
        prop_assert_eq!(lentils, lines.len() + usize::from(quote));
    }
}
