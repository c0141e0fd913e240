use latido_protocol::{time::Timestamp, values::Language};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::browser::{
    day::{Day, from_local_input, local_input},
    format,
};

#[wasm_bindgen_test]
fn day_spans_midnight_to_midnight() {
    let day = Day::from_input("2026-11-21").unwrap();
    assert_eq!(day.input_value(), "2026-11-21");
    assert_eq!(local_input(day.start()), "2026-11-21T00:00");
    assert_eq!(local_input(day.end()), "2026-11-22T00:00");
    assert!(day.contains(day.start()) && !day.contains(day.end()));
}

#[wasm_bindgen_test]
fn days_continue_over_months_and_leap_years() {
    assert_eq!(Day::from_input("2028-02-28").unwrap().plus(1).input_value(), "2028-02-29");
    assert_eq!(Day::from_input("2027-01-01").unwrap().plus(-1).input_value(), "2026-12-31");
}

#[wasm_bindgen_test]
fn what_is_no_time_is_refused() {
    assert_eq!(from_local_input(""), None);
    assert_eq!(from_local_input("2026-13-41T00:00"), None);
}

#[wasm_bindgen_test]
fn numbers_are_written_as_the_language_does() {
    assert_eq!(format::number(Language::Es, 1.4), "1,4");
    assert_eq!(format::number(Language::En, 10_477.0), "10,477");
    assert_eq!(format::number(Language::En, -0.0), "0");
}

#[wasm_bindgen_test]
fn days_are_written_as_the_language_does() {
    let day = Day::of(Timestamp::from_utc_date(2026, 11, 21).plus_ms(12 * 3_600_000));
    assert!(format::day(Language::Es, day).contains("noviembre"));
    assert!(format::day(Language::En, day).contains("November"));
}
