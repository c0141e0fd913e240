//! What is stored and sent is metric; what is read and typed is in the reader's units. This is the one place
//! that turns one into the other.
//!
//! Nothing stored changes by being read: a field that was not touched gives back the very number it was
//! filled from, and what was typed in pounds reads the same pounds again. Glucose stays in mg/dL, which is
//! what people read where pounds are used as well as in Spain and Latin America.

use latido_protocol::{
    metric::MetricKind,
    values::{Invalid, Units},
};
use leptos::prelude::*;

use super::{storage, tracked};
use crate::i18n::Locale;

const STORAGE_KEY: &str = "latido.units";

const KG_PER_LB: f64 = 0.453_592_37;
const KM_PER_MILE: f64 = 1.609_344;
const CM_PER_INCH: f64 = 2.54;

thread_local! {
    static UNITS: ArcRwSignal<Units> = ArcRwSignal::new(
        storage::get(STORAGE_KEY).and_then(|word| Units::parse(&word).ok()).unwrap_or(Units::Metric),
    );
}

/// Whoever asks while being followed is asked again when they change.
pub fn units() -> Units {
    UNITS.with(tracked)
}

/// Remembered, so that the next page has them before the profile is there.
pub fn set(units: Units) {
    storage::set(STORAGE_KEY, units.as_str());
    UNITS.with(|now| {
        if now.with_untracked(|now| *now != units) {
            now.set(units);
        }
    });
}

/// Nobody's profile says any more.
pub fn reset() {
    set(Units::Metric);
    storage::remove(STORAGE_KEY);
}

/// What people read in different units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Weight,
    Distance,
    Temperature,
}

impl Quantity {
    pub const ALL: [Self; 3] = [Self::Weight, Self::Distance, Self::Temperature];

    /// `None` for what everybody reads alike.
    pub fn of(kind: MetricKind) -> Option<Self> {
        match kind {
            MetricKind::Weight => Some(Self::Weight),
            MetricKind::Temperature => Some(Self::Temperature),
            MetricKind::HeartRate
            | MetricKind::BloodPressure
            | MetricKind::Glucose
            | MetricKind::Sleep
            | MetricKind::Steps
            | MetricKind::Spo2 => None,
        }
    }

    pub fn unit(self, units: Units) -> &'static str {
        match (self, units) {
            (Self::Weight, Units::Metric) => "kg",
            (Self::Weight, Units::Imperial) => "lb",
            (Self::Distance, Units::Metric) => "km",
            (Self::Distance, Units::Imperial) => "mi",
            (Self::Temperature, Units::Metric) => "°C",
            (Self::Temperature, Units::Imperial) => "°F",
        }
    }

    pub fn from_metric(self, value: f64, units: Units) -> f64 {
        match (self, units) {
            (_, Units::Metric) => value,
            (Self::Weight, Units::Imperial) => value / KG_PER_LB,
            (Self::Distance, Units::Imperial) => value / KM_PER_MILE,
            (Self::Temperature, Units::Imperial) => value * 1.8 + 32.0,
        }
    }

    /// To the gram, the decimetre and the ten-thousandth of a degree: finer than anybody types.
    pub fn to_metric(self, value: f64, units: Units) -> f64 {
        match (self, units) {
            (_, Units::Metric) => value,
            (Self::Weight, Units::Imperial) => rounded(value * KG_PER_LB, 1e4),
            (Self::Distance, Units::Imperial) => rounded(value * KM_PER_MILE, 1e4),
            (Self::Temperature, Units::Imperial) => rounded((value - 32.0) / 1.8, 1e4),
        }
    }

    /// What a field shows of a stored value: whole in the units it is stored in, else to the hundredth.
    pub fn entry(self, value: f64, units: Units) -> String {
        plain(match units {
            Units::Metric => value,
            Units::Imperial => rounded(self.from_metric(value, units), 100.0),
        })
    }

    /// A refusal in the words of these units: bounds are whole, and none allows what the server would not.
    pub fn refusal(self, invalid: Invalid, units: Units) -> Invalid {
        let read = |bound: i64| self.from_metric(bound as f64, units);
        match invalid {
            Invalid::OutOfRange { min, max } => {
                Invalid::OutOfRange { min: read(min).ceil() as i64, max: read(max).floor() as i64 }
            }
            other => other,
        }
    }
}

/// A number in a field: no grouping, a point, nothing superfluous. Written by the browser, whose way is free.
pub fn plain(value: f64) -> String {
    String::from(js_sys::Number::from(value).to_js_string())
}

/// A number as people type it, with a point or a comma. The browser's own reading costs no bytes; it takes no
/// blank and no unit.
pub fn typed(text: &str) -> Option<f64> {
    let text = text.trim().replace(',', ".");
    // `1e3` and `0x1f` are numbers to a browser, and slips of the finger to people.
    if text.contains(|letter: char| letter.is_ascii_alphabetic()) {
        return None;
    }
    let number = js_sys::Number::from(wasm_bindgen::JsValue::from_str(&text)).value_of();
    (!text.is_empty() && number.is_finite()).then_some(number)
}

/// `168` in centimetres, `5′ 6.1″` in feet and inches.
pub fn height_entry(cm: f64, units: Units) -> String {
    match units {
        Units::Metric => plain(cm),
        Units::Imperial => {
            // In tenths of an inch first, so that no twelve inches are left over.
            let tenths = (cm / CM_PER_INCH * 10.0).round();
            let feet = (tenths / 120.0).floor();
            let mut text = plain(feet);
            text.push_str("′ ");
            text.push_str(&plain((tenths - feet * 120.0) / 10.0));
            text.push('″');
            text
        }
    }
}

/// Centimetres; or feet and inches in any of the ways they are written: `5′ 6″`, `5'6`, `5 ft 6 in`, `66`.
pub fn height_typed(text: &str, units: Units) -> Option<f64> {
    /// The tallest height that is not taken for inches.
    const MOST_FEET: f64 = 9.0;
    match units {
        Units::Metric => typed(text),
        Units::Imperial => {
            let mut parts = text
                .split(|sign: char| !sign.is_ascii_digit() && sign != '.' && sign != ',')
                .filter(|part| !part.is_empty());
            let first = typed(parts.next()?)?;
            let inches = match (parts.next(), parts.next()) {
                (Some(inches), None) => first * 12.0 + typed(inches)?,
                (None, _) if first <= MOST_FEET => first * 12.0,
                (None, _) => first,
                (Some(_), Some(_)) => return None,
            };
            Some(rounded(inches * CM_PER_INCH, 1e4))
        }
    }
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}

/// Read aloud in the reader's language and units.
impl Locale {
    /// The number alone, for where the unit stands beside it.
    pub fn measured(self, kind: MetricKind, value: f64) -> String {
        self.number(self.read(kind, value))
    }

    /// A metric's value in the reader's units, to be counted with or written.
    pub fn read(self, kind: MetricKind, value: f64) -> f64 {
        Quantity::of(kind).map_or(value, |quantity| quantity.from_metric(value, units()))
    }

    /// The unit of a metric as people write it.
    pub fn unit(self, kind: MetricKind) -> &'static str {
        self.unit_in(kind, units())
    }

    /// For a form, which stays in the units that it was opened in.
    pub fn unit_in(self, kind: MetricKind, units: Units) -> &'static str {
        match (Quantity::of(kind), kind) {
            (Some(quantity), _) => quantity.unit(units),
            (None, MetricKind::Steps) => self.strings.steps_unit,
            (None, _) => kind.unit(),
        }
    }

    pub fn distance(self, km: f64) -> String {
        self.quantity(Quantity::Distance, km)
    }

    pub fn temperature(self, celsius: f64) -> String {
        self.quantity(Quantity::Temperature, celsius)
    }

    fn quantity(self, quantity: Quantity, value: f64) -> String {
        let units = units();
        let mut text = self.number(quantity.from_metric(value, units));
        text.push('\u{a0}');
        text.push_str(quantity.unit(units));
        text
    }
}
