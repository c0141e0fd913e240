use latido_protocol::{time::Timestamp, values::Language};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    browser::{
        day::{Day, from_local_input, local_input},
        format, zone,
    },
    features::profile::zones::likely,
};

const HOUR_MS: i64 = zone::HOUR_MS;

/// In a reader's zone, and back in the device's.
fn in_zone(name: &str, test: impl FnOnce()) {
    assert!(zone::set(name), "{name}");
    test();
    zone::reset();
}

fn day(text: &str) -> Day {
    Day::from_input(text).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn hours(day: Day) -> f64 {
    (day.end().unix_ms() - day.start().unix_ms()) as f64 / HOUR_MS as f64
}

/// A day, its length in hours, and the instant at which it begins.
fn expect_day(text: &str, length: f64, start: &str) {
    let day = day(text);
    assert_eq!((day.start(), hours(day)), (at(start), length), "{text}");
    assert_eq!(Day::of(day.start()), day, "{text}");
    assert_eq!(Day::of(day.end().plus_ms(-1)), day, "{text}");
    assert_eq!(Day::of(day.end()), day.plus(1), "{text}");
}

#[wasm_bindgen_test]
fn a_zone_is_described_in_the_readers_language() {
    let (es, en) = (Language::Es, Language::En);
    let of = |zone, language| zone::described(zone, language, at("2026-11-21T12:00:00Z")).unwrap();
    assert_ne!(of("America/Bogota", es), of("America/Bogota", en));
    assert!(of("America/Bogota", es).contains("Colombia"), "{}", of("America/Bogota", es));
    assert_eq!(zone::described("Middle/Earth", es, at("2026-11-21T12:00:00Z")), None);
}

#[wasm_bindgen_test]
fn the_likely_zones_come_first_and_once() {
    let known = ["America/Bogota", "Europe/Madrid", "Europe/London"].map(str::to_owned);
    let likely = |now, device, language| likely(now, device, language, &known).join(" ");
    assert_eq!(
        likely("Asia/Tokyo", "America/Bogota", Language::Es),
        "Asia/Tokyo America/Bogota Europe/Madrid"
    );
    assert_eq!(likely("Europe/London", "Europe/London", Language::En), "Europe/London");
}

#[wasm_bindgen_test]
fn madrid_days_vary_at_clock_changes() {
    in_zone("Europe/Madrid", || {
        expect_day("2026-03-28", 24.0, "2026-03-27T23:00:00Z");
        expect_day("2026-03-29", 23.0, "2026-03-28T23:00:00Z");
        expect_day("2026-03-30", 24.0, "2026-03-29T22:00:00Z");
        expect_day("2026-10-25", 25.0, "2026-10-24T22:00:00Z");
        expect_day("2026-10-26", 24.0, "2026-10-25T23:00:00Z");
    });
}

#[wasm_bindgen_test]
fn bogota_never_changes_its_clocks() {
    in_zone("America/Bogota", || {
        expect_day("2026-03-29", 24.0, "2026-03-29T05:00:00Z");
        expect_day("2026-10-25", 24.0, "2026-10-25T05:00:00Z");
    });
}

#[wasm_bindgen_test]
fn auckland_changes_clocks_in_southern_seasons() {
    in_zone("Pacific/Auckland", || {
        expect_day("2026-04-05", 25.0, "2026-04-04T11:00:00Z");
        expect_day("2026-04-06", 24.0, "2026-04-05T12:00:00Z");
        expect_day("2026-09-27", 23.0, "2026-09-26T12:00:00Z");
    });
}

#[wasm_bindgen_test]
fn kathmandu_has_a_quarter_hour_offset() {
    in_zone("Asia/Kathmandu", || {
        expect_day("2026-11-21", 24.0, "2026-11-20T18:15:00Z");
        assert_eq!(local_input(at("2026-11-21T12:00:30Z")), "2026-11-21T17:45");
    });
}

#[wasm_bindgen_test]
fn day_without_midnight_starts_at_first_hour() {
    in_zone("America/Havana", || {
        expect_day("2026-03-08", 23.0, "2026-03-08T05:00:00Z");
        assert_eq!(local_input(day("2026-03-08").start()), "2026-03-08T01:00");
        // And one whose midnight comes twice begins at the first.
        expect_day("2026-11-01", 25.0, "2026-11-01T04:00:00Z");
    });
}

#[wasm_bindgen_test]
fn days_have_no_gap_or_overlap() {
    let zones = [
        "Europe/Madrid",
        "America/Bogota",
        "Pacific/Auckland",
        "Asia/Kathmandu",
        "America/Havana",
        "America/Santiago",
        "America/Nuuk",
        "Asia/Beirut",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
        "UTC",
    ];
    for name in zones {
        in_zone(name, || {
            let mut day = day("2025-12-31");
            for _ in 0..740 {
                let next = day.plus(1);
                assert_eq!(day.end(), next.start(), "{name} {}", day.input_value());
                assert!((23.0..=25.0).contains(&hours(day)), "{name} {}", day.input_value());
                let noon = day.start().plus_ms(12 * HOUR_MS);
                assert!(day.contains(noon) && Day::of(noon) == day, "{name} {}", day.input_value());
                assert_eq!(from_local_input(&local_input(noon)), Some(noon), "{name} {}", day.input_value());
                day = next;
            }
        });
    }
}

#[wasm_bindgen_test]
fn skipped_time_maps_to_next_instant() {
    in_zone("Europe/Madrid", || {
        assert_eq!(from_local_input("2026-03-29T02:30"), Some(at("2026-03-29T01:30:00Z")));
        // One that comes twice is the first.
        assert_eq!(from_local_input("2026-10-25T02:30"), Some(at("2026-10-25T00:30:00Z")));
    });
}

#[wasm_bindgen_test]
fn formats_times_in_readers_zone() {
    let instant = at("2026-11-21T23:30:00Z");
    in_zone("Pacific/Auckland", || {
        assert_eq!(format::time(Language::Es, instant), "12:30");
        assert!(format::day(Language::Es, Day::of(instant)).contains("22 de noviembre"));
    });
    in_zone("America/Bogota", || {
        assert_eq!(format::time(Language::Es, instant), "18:30");
        assert!(format::day(Language::Es, Day::of(instant)).contains("21 de noviembre"));
    });
}

#[wasm_bindgen_test]
fn unknown_zone_is_ignored() {
    in_zone("Asia/Kathmandu", || {
        assert!(!zone::set("Middle-earth/Shire"));
        assert!(!zone::set(""));
        assert_eq!(zone::name(), "Asia/Kathmandu");
    });
}

#[wasm_bindgen_test]
fn the_browser_lists_its_zones() {
    let zones = zone::all();
    assert!(zones.len() > 300, "{}", zones.len());
    assert!(zones.iter().any(|zone| zone == "Europe/Madrid"));
}
