//! The reader takes what `serde_json` takes, and makes the same of it.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{exercise::ExerciseLog, food::FoodLog, metric::HealthMetric, profile::HealthProfile};

/// Everything, as a tree.
#[derive(Debug, PartialEq)]
struct Tree(Value);

impl FromJson for Tree {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(match reader.peek() {
            Some(b'{') => {
                let mut fields = serde_json::Map::new();
                reader.object(&mut |name, reader| {
                    fields.insert(name.to_owned(), Self::read(reader)?.0);
                    Ok(())
                })?;
                Value::Object(fields)
            }
            Some(b'[') => {
                let items = Vec::<Self>::read(reader)?;
                Value::Array(items.into_iter().map(|item| item.0).collect())
            }
            Some(b'"') => Value::String(String::read(reader)?),
            Some(b't' | b'f') => Value::Bool(reader.flag()?),
            Some(b'n') if reader.null() => Value::Null,
            _ => {
                let number = reader.number()?;
                serde_json::Number::from_f64(number).map(Value::Number).ok_or(Malformed)?
            }
        }))
    }
}

/// Numbers as doubles: whole ones are kept apart by `serde_json`, and by nothing that is read here.
fn doubles(value: Value) -> Value {
    match value {
        Value::Number(number) => serde_json::json!(number.as_f64().unwrap()),
        Value::Array(items) => Value::Array(items.into_iter().map(doubles).collect()),
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(k, v)| (k, doubles(v))).collect()),
        other => other,
    }
}

/// The same, and numbers of a size that anything here can have to the last bit.
fn alike(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(ours), Value::Number(theirs)) => {
            let (ours, theirs) = (ours.as_f64().unwrap(), theirs.as_f64().unwrap());
            let is_usual = theirs == 0.0 || (1e-9..1e15).contains(&theirs.abs());
            ours.to_bits() == theirs.to_bits() || !is_usual && (ours / theirs - 1.0).abs() < 1e-14
        }
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| alike(ours, theirs))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().all(|(name, ours)| theirs.get(name).is_some_and(|theirs| alike(ours, theirs)))
        }
        (ours, theirs) => ours == theirs,
    }
}

fn agree(text: &str) {
    let theirs = serde_json::from_str::<Value>(text).ok().map(doubles);
    let ours = parse::<Tree>(text).ok().map(|tree| tree.0);
    let alike = match (&ours, &theirs) {
        (Some(ours), Some(theirs)) => alike(ours, theirs),
        (ours, theirs) => ours == theirs,
    };
    assert!(alike, "{text:?}: {ours:?} and not {theirs:?}");
    let mut reader = Reader::new(text);
    let skipped = reader.skip().and_then(|()| reader.end());
    assert_eq!(skipped.is_ok(), theirs.is_some(), "skipping {text:?}");
}

#[test]
fn what_is_hard_to_read_is_read_alike() {
    for text in [
        "",
        " ",
        "null",
        "nul",
        "true ",
        "truefalse",
        "[",
        "[]",
        "[,]",
        "[1,]",
        "[1 2]",
        "{}",
        "{\"a\"}",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "{1:2}",
        "\"\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\udc00\"",
        "\"\\x\"",
        "\"\n\"",
        "\"a\\nb\\\\\\\"\\/\\b\\f\\r\\t\"",
        "\"\\ud83d\\u0041\"",
        "0",
        "-0",
        "00",
        "01",
        "-",
        "+1",
        ".5",
        "5.",
        "1e5",
        "1E+5",
        "1e-5",
        "1e",
        "1e400",
        "1e-400",
        "123456789012345678",
        "0.1",
        "0.30000000000000004",
        "9007199254740993",
        "\"",
        "\"\\",
        "[[[[]]]]",
        "{\"é\":[{\"b\":null}]}",
        "1 1",
        "\u{a0}1",
        "nan",
        "-1.5e-3",
    ] {
        agree(text);
    }
}

#[test]
fn nesting_has_an_end() {
    for depth in [1, 100, 126, 127, 128, 500] {
        agree(&("[".repeat(depth) + &"]".repeat(depth)));
    }
}

#[test]
fn whole_numbers_are_exact_and_no_others_are_taken() {
    for number in [0, 1, EXACT - 1, EXACT, EXACT + 1, u64::MAX] {
        assert_eq!(parse::<u64>(&number.to_string()), Ok(number));
    }
    for text in ["-1", "1.0", "1e3", "18446744073709551616", "\"1\"", "null"] {
        assert_eq!(parse::<u64>(text), Err(Malformed), "{text}");
        assert!(serde_json::from_str::<u64>(text).is_err());
    }
}

fn json() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i32>().prop_map(|number| serde_json::json!(number)),
        (any::<i32>(), 0..6_u32).prop_map(|(digits, places)| {
            serde_json::json!(f64::from(digits) / 10_f64.powi(places.cast_signed()))
        }),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number,
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn record(kind: usize) -> &'static str {
    [
        r#"{"id":"a","loggedAt":"2026-11-21T08:15:00.000Z","meal":"lunch","name":"Caf\u00e9","calories":350.5,"proteinG":1,"carbsG":2,"fatG":3,"notes":null,"source":"manual","createdAt":"2026-11-21T08:15:00.000Z","updatedAt":"2026-11-21T08:15:00.000Z","version":3}"#,
        r#"{"id":"b","loggedAt":"2026-11-21T08:15:00.000Z","activity":"Run","durationMin":30,"intensity":"high","caloriesBurned":250,"source":"wallavi","createdAt":"2026-11-21T08:15:00.000Z","updatedAt":"2026-11-21T08:15:00.000Z"}"#,
        r#"{"id":"c","measuredAt":"2026-11-21T08:15:00.000Z","kind":"bloodPressure","value":120,"value2":80,"unit":"mmHg","source":"import","createdAt":"2026-11-21T08:15:00.000Z","updatedAt":"2026-11-21T08:15:00.000Z","version":1,"more":[{}]}"#,
        r#"{"displayName":"Ana","sex":"female","heightCm":165,"dailyStepGoal":9000,"units":"metric","timeZone":"Europe/Madrid","language":"es","updatedAt":"2026-11-21T08:15:00.000Z","version":9}"#,
    ][kind]
}

fn records_agree(text: &str) {
    fn both<T: FromJson + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(text: &str) {
        assert_eq!(parse::<T>(text).ok(), serde_json::from_str::<T>(text).ok(), "{text}");
    }
    both::<FoodLog>(text);
    both::<ExerciseLog>(text);
    both::<HealthMetric>(text);
    both::<HealthProfile>(text);
}

#[test]
fn records_are_what_serde_makes_of_them() {
    assert!(parse::<FoodLog>(record(0)).is_ok() && parse::<ExerciseLog>(record(1)).is_ok());
    assert!(parse::<HealthMetric>(record(2)).is_ok() && parse::<HealthProfile>(record(3)).is_ok());
    (0..4).for_each(|kind| records_agree(record(kind)));
}

proptest! {
    #[test]
    fn any_json_is_read_alike(value in json(), pretty: bool) {
        agree(&if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap());
    }

    #[test]
    fn spoilt_json_is_read_alike(value in json(), at: prop::sample::Index, byte in "[\\[\\]{}\",:0-9eE.+a-z \\\\-]") {
        let mut text = serde_json::to_string(&value).unwrap();
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let place = places[at.index(places.len())];
        let end = place + text[place..].chars().next().map_or(0, char::len_utf8);
        text.replace_range(place..end, &byte);
        // A name said twice is kept once by both, and the last one counts.
        agree(&text);
    }

    #[test]
    fn spoilt_records_are_refused_alike(kind in 0..4_usize, at: prop::sample::Index, byte in "[\\[\\]{}\",:0-9a-z \\-]") {
        let mut text = record(kind).to_owned();
        let place = at.index(text.len());
        text.replace_range(place..=place, &byte);
        // A field that is said twice is refused by serde and counts as said last here.
        prop_assume!(serde_json::from_str::<Value>(&text).is_err() || !says_twice(&text));
        records_agree(&text);
    }
}

fn says_twice(text: &str) -> bool {
    let mut names = Vec::new();
    let _ = Reader::new(text).object(&mut |name, reader| {
        names.push(name.to_owned());
        reader.skip()
    });
    let all = names.len();
    names.sort();
    names.dedup();
    names.len() < all
}
