use latido_protocol::{
    food::FoodLog,
    id::Id,
    time::Timestamp,
    values::{Calories, FoodName, Grams, Language, Meal, Notes, Source},
};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    data::queries::record::{AnyRecord, RecordKind},
    features::records::{filter::RecordFilter, suggestions::rank},
    i18n::Locale,
    ui::window::near,
};

const DAY_MS: i64 = 86_400_000;

pub fn food(name: &str, meal: Meal, day: i64) -> FoodLog {
    let at = Timestamp::from_unix_ms(day * DAY_MS);
    FoodLog {
        id: Id::new(format!("{name}-{day}")),
        logged_at: at,
        meal,
        name: FoodName::new(name).unwrap(),
        calories: Calories::new(100.0 + day as f64).unwrap(),
        protein_g: Grams::LEAST,
        carbs_g: Grams::LEAST,
        fat_g: Grams::LEAST,
        notes: None,
        source: Source::Manual,
        created_at: at,
        updated_at: at,
        version: 1,
    }
}

fn filter(words: &str, of: &str) -> RecordFilter {
    RecordFilter { words: words.to_owned(), of: of.to_owned() }
}

#[wasm_bindgen_test]
fn a_search_knows_neither_capitals_nor_accents() {
    let locale = Locale::of(Language::Es);
    let mut log = food("Café con leche", Meal::Breakfast, 1);
    log.notes = Some(Notes::new("Sin azúcar").unwrap());
    let record = AnyRecord::Food(log);
    for words in ["cafe", "LECHE café", " azucar ", ""] {
        assert!(filter(words, "").admits(&record, locale), "{words:?}");
    }
    for words in ["jugo", "cafe negro"] {
        assert!(!filter(words, "").admits(&record, locale), "{words:?}");
    }
    assert!(filter("cafe", "breakfast").admits(&record, locale));
    assert!(!filter("cafe", "dinner").admits(&record, locale));
}

#[wasm_bindgen_test]
fn ranks_frequent_recent_records_first_once() {
    let now = Timestamp::from_unix_ms(30 * DAY_MS);
    let log = |name, day| AnyRecord::Food(food(name, Meal::Lunch, day));
    let records =
        [log("Arepa", 29), log("arepa", 28), log("Sopa", 30), log("Pan", 2), log("Pan", 3), log("Pan", 4)];
    let names = |typed: &str| {
        let offered = rank(&records, now, typed);
        offered.iter().map(|record| record.name().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["Arepa", "Sopa", "Pan"]);
    assert_eq!(names("a"), ["Arepa", "Sopa", "Pan"]);
    assert_eq!(names("so"), ["Sopa"]);
    assert_eq!(names("Sopa"), [""; 0], "what stands there already is not offered");
    let newest = &rank(&records, now, "are")[0];
    assert_eq!(newest.at(), Timestamp::from_unix_ms(29 * DAY_MS), "as it was logged last");
}

#[wasm_bindgen_test]
fn windows_only_long_lists() {
    assert_eq!(near(150, 60.0, -4_000.0, 800.0), 0..150);
    let shown = near(10_000, 60.0, 200.0, 800.0);
    assert_eq!(shown.start, 0);
    assert!((10..40).contains(&shown.end), "{shown:?}");
    let shown = near(10_000, 60.0, -300_000.0, 800.0);
    // Rows 5000 to 5014 are on the screen.
    assert!(shown.start <= 4_990 && shown.end >= 5_024 && shown.len() < 60, "{shown:?}");
    let shown = near(10_000, 60.0, -590_000.0, 12_000.0);
    assert_eq!(shown.end, 10_000);
    assert!(near(10_000, 60.0, -700_000.0, 800.0).len() < 60, "scrolled past a list that became shorter");
}

#[wasm_bindgen_test]
fn a_copy_makes_the_same_record_anew() {
    let mut log = food("Ajiaco", Meal::Dinner, 4);
    log.source = Source::Wallavi;
    log.notes = Some(Notes::new("con alcaparras").unwrap());
    let record = AnyRecord::Food(log);
    let copy = record.copy();
    let made = copy.as_record(record.id(), record.version());
    assert_eq!((made.name(), made.at(), made.source()), (record.name(), record.at(), record.source()));
    assert_eq!((made.parts(), made.notes(), made.sort()), (record.parts(), record.notes(), record.sort()));
}

#[wasm_bindgen_test]
fn every_sort_of_a_kind_can_be_chosen() {
    for language in [Language::Es, Language::En] {
        let locale = Locale::of(language);
        for kind in [RecordKind::Food, RecordKind::Exercise, RecordKind::Metric] {
            let sorts = kind.sorts(locale);
            assert!(sorts.len() > 2);
            assert!(sorts.iter().all(|(word, name)| !word.is_empty() && !name.is_empty()));
        }
    }
}
