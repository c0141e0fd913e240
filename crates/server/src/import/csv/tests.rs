//! Tables whole: whatever stands in a row, the others are read.

use latido_protocol::values::Units;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::import::{Zone, read};

fn options() -> Options {
    Options { zone: Zone::new("Europe/Madrid").unwrap(), units: Units::Metric }
}

fn found(text: &[u8]) -> Vec<Found> {
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
            Found::Row { line, .. } => Some((*line, true)),
            Found::Bad { line, .. } => Some((*line, false)),
            Found::File { .. } | Found::Skipped { .. } => None,
        })
        .collect();
    assert_eq!(lines, [(3, true), (5, false), (6, true)]);
}

#[test]
fn a_mark_against_formulas_is_taken_off() {
    let table = "loggedAt,meal,name,calories\n2020-05-01T10:00:00Z,cena,'=1+1,5\n";
    let Some(Found::Row { row, .. }) = found(table.as_bytes()).pop() else { panic!("no row") };
    let record =
        json!({"loggedAt": "2020-05-01T10:00:00.000Z", "meal": "dinner", "name": "=1+1", "calories": 5.0});
    assert_eq!(serde_json::Value::Object(row.record), record);
}

const HEADERS: [&str; 6] = [
    "loggedAt,meal,name,calories,proteinG,notes",
    "loggedAt;activity;durationMin;distanceKm",
    "measuredAt\tkind\tvalue\tvalue2",
    "Date,Meal,Time,Calories,Fat (g),Note",
    "Date,Exercise,Type,Exercise Calories,Exercise Minutes,Steps",
    "Date,Weight",
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
            .filter(|found| matches!(found, Found::Row { row, .. } if row.record.get("name") == Some(&json!("Lentejas"))))
            .count();
        prop_assert_eq!(lentils, lines.len() + usize::from(quote));
    }
}
