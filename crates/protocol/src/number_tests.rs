use proptest::prelude::*;

use super::{ParsedNumber::*, *};

fn spanish(text: &str) -> ParsedNumber {
    parse_number(text, DecimalMark::Comma)
}

fn english(text: &str) -> ParsedNumber {
    parse_number(text, DecimalMark::Point)
}

fn unknown(text: &str) -> ParsedNumber {
    parse_number(text, DecimalMark::Unknown)
}

const FIFTEEN_HUNDRED: ParsedNumber = Ambiguous { as_thousands: 1500.0, as_decimal: 1.5 };

#[test]
fn spanish_points_group_thousands() {
    assert_eq!(spanish("1.500"), Exact(1500.0));
    assert_eq!(spanish("2.000"), Exact(2000.0));
    assert_eq!(spanish("11.665"), Exact(11_665.0));
    assert_eq!(spanish("1.234.567"), Exact(1_234_567.0));
    assert_eq!(spanish("1.500,5"), Exact(1500.5));
    assert_eq!(spanish("1,500"), FIFTEEN_HUNDRED);
}

#[test]
fn english_commas_group_thousands() {
    assert_eq!(english("1,200"), Exact(1200.0));
    assert_eq!(english("1,200.5"), Exact(1200.5));
    assert_eq!(english("1,234,567"), Exact(1_234_567.0));
    assert_eq!(english("1.500"), FIFTEEN_HUNDRED);
}

#[test]
fn an_unknown_writer_leaves_one_group_ambiguous() {
    assert_eq!(unknown("1.500"), FIFTEEN_HUNDRED);
    assert_eq!(unknown("1,500"), FIFTEEN_HUNDRED);
    assert_eq!(unknown("1.500,5"), Exact(1500.5));
    assert_eq!(unknown("1,500.5"), Exact(1500.5));
    assert_eq!(unknown("1.500.000"), Exact(1_500_000.0));
}

#[test]
fn decimals_that_cannot_group_are_decimals_everywhere() {
    for parse in [spanish, english, unknown] {
        for (text, value) in [
            ("1.5", 1.5),
            ("1,5", 1.5),
            ("68,95", 68.95),
            ("0.500", 0.5),
            ("0,125", 0.125),
            ("1234,567", 1234.567),
            ("1,2345", 1.2345),
            (".5", 0.5),
            (",5", 0.5),
            ("5.", 5.0),
            ("007", 7.0),
            ("1500,123", 1500.123),
        ] {
            assert_eq!(parse(text), Exact(value), "{text}");
        }
    }
}

#[test]
fn spaces_and_apostrophes_group_thousands() {
    for text in ["11 665", "11\u{a0}665", "11\u{202f}665", "11\u{2009}665", "11'665", "11’665", " 11 665 "]
    {
        assert_eq!(unknown(text), Exact(11_665.0), "{text}");
    }
    assert_eq!(unknown("11 665,5"), Exact(11_665.5));
    assert_eq!(unknown("11\u{202f}665.500"), Exact(11_665.5));
    assert_eq!(unknown("1 234 567"), Exact(1_234_567.0));
}

#[test]
fn signs_and_full_width_digits_are_understood() {
    assert_eq!(spanish("-1,5"), Exact(-1.5));
    assert_eq!(spanish("\u{2212}1.500"), Exact(-1500.0));
    assert_eq!(spanish("+3"), Exact(3.0));
    assert_eq!(english("１，２００．５"), Exact(1200.5));
    let Exact(zero) = spanish("-0") else { panic!("a zero") };
    assert!(zero.is_sign_positive());
}

#[test]
fn other_texts_are_not_numbers() {
    for text in [
        "",
        " ",
        ".",
        ",",
        "-",
        "--5",
        "1e3",
        "0x1f",
        "1.2.3",
        "1,2,3",
        "1.50.000",
        "1.500.00",
        "12,34,567",
        "1 50",
        "1 5000",
        "1.500,5,5",
        "1,500.5.5",
        "1.500 000",
        "1 500'000",
        "5 6",
        "70 kg",
        "½",
        "NaN",
        "inf",
        "1..500",
        "0.500.000",
        "1_000",
        "٣",
    ] {
        assert_eq!(spanish(text), NotANumber, "{text}");
        assert_eq!(english(text), NotANumber, "{text}");
    }
    assert_eq!(spanish(&"9".repeat(400)), NotANumber);
}

#[test]
fn counted_things_have_no_decimals_to_mistake() {
    for text in ["11.665", "11,665", "11 665", "11665"] {
        assert_eq!(parse_whole(text), Exact(11_665.0), "{text}");
    }
    assert_eq!(parse_whole("8.5"), Exact(8.5));
    assert_eq!(parse_whole("0.500"), Exact(0.5));
}

#[test]
fn only_the_possible_reading_is_left() {
    assert_eq!(spanish("68,900").narrowed(|kg| kg < 700.0), Exact(68.9));
    assert_eq!(spanish("1,500").narrowed(|mg| mg > 20.0), Exact(1500.0));
    assert_eq!(spanish("1,500").narrowed(|_| true), FIFTEEN_HUNDRED);
    assert_eq!(spanish("1,500").narrowed(|_| false), FIFTEEN_HUNDRED);
}

#[test]
fn a_units_own_name_may_follow() {
    assert_eq!(without_unit("70 kg", &["kg"]), "70");
    assert_eq!(without_unit("98 %", &["%"]), "98");
    assert_eq!(without_unit("98%", &["%"]), "98");
    assert_eq!(without_unit("350\u{a0}KCAL ", &["kcal"]), "350");
    assert_eq!(without_unit("36,6 °c", &["°C"]), "36,6");
    assert_eq!(without_unit("154 lb", &["kg"]), "154 lb");
    assert_eq!(without_unit("", &["kg"]), "");
    assert_eq!(without_unit("é", &["%"]), "é");
}

#[test]
fn durations_are_written_in_many_ways() {
    let hours = |text| parse_duration(text, DecimalMark::Comma, DurationUnit::Hours);
    let minutes = |text| parse_duration(text, DecimalMark::Comma, DurationUnit::Minutes);
    for text in
        ["7:30", "07:30", "7h30", "7 h 30", "7 h 30 min", "7H30m", "7,5", "7,5 h", "7.5 horas", "450 min"]
    {
        assert_eq!(hours(text), Exact(7.5), "{text}");
    }
    for text in ["1:30", "1h30", "1 h 30", "90", "90 min", "90'", "1,5 h", "90 minutos"] {
        assert_eq!(minutes(text), Exact(90.0), "{text}");
    }
    assert_eq!(hours("7:20"), Exact(7.3333));
    assert_eq!(hours("8 h"), Exact(8.0));
    assert_eq!(minutes("1.440"), Exact(1440.0));
    for text in
        ["7:5", "7:60", "7:", ":30", "7h60", "7h3x", "h", "7x30", "7:30:15", "7 dh", "1,5h30", "-1:30"]
    {
        assert_eq!(hours(text), NotANumber, "{text}");
    }
}

#[test]
fn fields_write_the_decimals_of_their_language() {
    assert_eq!(field_text("1500.5", Language::Es), "1500,5");
    assert_eq!(field_text("1500.5", Language::En), "1500.5");
    assert_eq!(field_text("1500", Language::Es), "1500");
    assert_eq!(field_text("1.234", Language::Es), "1,2340");
    assert_eq!(field_text("0.125", Language::Es), "0,125");
}

proptest! {
    #[test]
    fn what_a_field_shows_reads_back(whole in 0_u64..1_000_000_000, decimals in 0_u64..1_000_000, places in 0_u32..=6, negative: bool) {
        let value = whole as f64 + (decimals % 10_u64.pow(places)) as f64 / 10_f64.powi(places.cast_signed());
        let value = if negative { 0.0 - value } else { value };
        for language in [Language::Es, Language::En] {
            let shown = field_text(&value.to_string(), language);
            prop_assert_eq!(parse_number(&shown, DecimalMark::of(language)), Exact(value), "{}", shown);
        }
    }

    #[test]
    fn grouped_numbers_read_as_whole_ones(value in 0_u64..1_000_000_000_000) {
        let digits = value.to_string();
        let mut grouped = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place) % 3 == 0 { grouped.push('.'); }
            grouped.push(digit);
        }
        prop_assert_eq!(parse_number(&grouped, DecimalMark::Comma), Exact(value as f64));
        prop_assert_eq!(parse_number(&grouped.replace('.', ","), DecimalMark::Point), Exact(value as f64));
        prop_assert_eq!(parse_number(&grouped.replace('.', "\u{202f}"), DecimalMark::Unknown), Exact(value as f64));
        prop_assert_eq!(parse_whole(&grouped), Exact(value as f64));
    }

    #[test]
    fn no_text_panics(text in ".{0,20}") {
        for mark in [DecimalMark::Comma, DecimalMark::Point, DecimalMark::Unknown] {
            let _ = parse_number(&text, mark);
            let _ = parse_duration(&text, mark, DurationUnit::Hours);
            let _ = without_unit(&text, &["kg", "°C", "%"]);
        }
    }

    #[test]
    fn no_likely_text_panics(text in "[0-9.,:hm '+\u{2212}%-]{0,12}") {
        for mark in [DecimalMark::Comma, DecimalMark::Point, DecimalMark::Unknown] {
            if let Exact(value) = parse_number(&text, mark) { prop_assert!(value.is_finite()); }
            let _ = parse_whole(&text);
            let _ = parse_duration(&text, mark, DurationUnit::Minutes);
        }
    }
}
