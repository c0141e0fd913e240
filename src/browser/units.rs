//! Conversion of units: what is stored and sent is metric; what is read and typed is in the reader's units. This is
//! the one place that converts.
//!
//! Nothing stored changes by being read: a field that was not touched gives back the very number it was
//! filled from, and what was typed in pounds reads the same pounds again. Glucose has a unit of its own: mg/dL is
//! read in both systems, and so is mmol/L.

use latido_protocol::{
    metric::{GLUCOSE_MG_DL_PER_MMOL_L, MetricKind},
    number::{DecimalMark, ParsedNumber, field_text, parse_number, without_unit},
    values::{GlucoseUnit, HeightCm, Invalid, Language, Units},
};
use leptos::prelude::*;

use super::{get_maybe_tracked, storage};

const STORAGE_KEY: &str = "latido.units";
const GLUCOSE_KEY: &str = "latido.units.glucose";

const KG_PER_LB: f64 = 0.453_592_37;
const KM_PER_MILE: f64 = 1.609_344;
const CM_PER_INCH: f64 = 2.54;

thread_local! {
    static UNITS: ArcRwSignal<Units> = ArcRwSignal::new(
        storage::get(STORAGE_KEY).and_then(|word| Units::parse(&word).ok()).unwrap_or(Units::Metric),
    );
    static GLUCOSE: ArcRwSignal<GlucoseUnit> = ArcRwSignal::new(
        storage::get(GLUCOSE_KEY).and_then(|word| GlucoseUnit::parse(&word).ok()).unwrap_or(GlucoseUnit::MgDl),
    );
}

/// The units. Tracked inside a reactive context.
pub fn units() -> Units {
    UNITS.with(get_maybe_tracked)
}

/// As [`units`].
pub fn glucose() -> GlucoseUnit {
    GLUCOSE.with(get_maybe_tracked)
}

/// For a page that is made anew when any unit changes.
pub fn follow() {
    units();
    glucose();
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

/// As [`set`].
pub fn set_glucose(unit: GlucoseUnit) {
    storage::set(GLUCOSE_KEY, unit.as_str());
    GLUCOSE.with(|now| {
        if now.with_untracked(|now| *now != unit) {
            now.set(unit);
        }
    });
}

/// Those of the region that the browser's first language names: `en-US` reads pounds and miles.
pub fn of_the_browser() -> Units {
    let tag = window().navigator().language().unwrap_or_default();
    let region = tag.rsplit('-').next().unwrap_or_default().to_owned();
    if matches!(region.as_str(), "US" | "LR" | "MM") { Units::Imperial } else { Units::Metric }
}

/// Resets the units at sign-out, when no profile sets them.
pub fn reset() {
    set(Units::Metric);
    set_glucose(GlucoseUnit::MgDl);
    storage::remove(STORAGE_KEY);
    storage::remove(GLUCOSE_KEY);
}

/// What people read in different units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Weight,
    Distance,
    Temperature,
    /// Whatever the system, in the unit that was chosen for it.
    Glucose(GlucoseUnit),
}

impl Quantity {
    pub const ALL: [Self; 3] = [Self::Weight, Self::Distance, Self::Temperature];

    /// `None` for what everybody reads alike. Tracks the unit of glucose.
    pub fn of(kind: MetricKind) -> Option<Self> {
        match kind {
            MetricKind::Weight => Some(Self::Weight),
            MetricKind::Temperature => Some(Self::Temperature),
            MetricKind::Glucose => Some(Self::Glucose(glucose())),
            MetricKind::HeartRate
            | MetricKind::BloodPressure
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
            (Self::Glucose(unit), _) => unit.as_str(),
        }
    }

    pub fn from_metric(self, value: f64, units: Units) -> f64 {
        match (self, units) {
            (Self::Glucose(GlucoseUnit::MmolL), _) => value / GLUCOSE_MG_DL_PER_MMOL_L,
            (Self::Glucose(GlucoseUnit::MgDl), _) | (_, Units::Metric) => value,
            (Self::Weight, Units::Imperial) => value / KG_PER_LB,
            (Self::Distance, Units::Imperial) => value / KM_PER_MILE,
            (Self::Temperature, Units::Imperial) => value * 1.8 + 32.0,
        }
    }

    /// To the gram, the decimetre and the ten-thousandth of a degree or a mg/dL: finer than anything typed.
    pub fn to_metric(self, value: f64, units: Units) -> f64 {
        match (self, units) {
            (Self::Glucose(GlucoseUnit::MmolL), _) => rounded(value * GLUCOSE_MG_DL_PER_MMOL_L, 1e4),
            (Self::Glucose(GlucoseUnit::MgDl), _) | (_, Units::Metric) => value,
            (Self::Weight, Units::Imperial) => rounded(value * KG_PER_LB, 1e4),
            (Self::Distance, Units::Imperial) => rounded(value * KM_PER_MILE, 1e4),
            (Self::Temperature, Units::Imperial) => rounded((value - 32.0) / 1.8, 1e4),
        }
    }

    /// What a field shows of a stored value: whole in the units it is stored in, else to the hundredth.
    pub fn entry(self, value: f64, units: Units) -> String {
        plain(match (self, units) {
            (Self::Glucose(GlucoseUnit::MgDl), _)
            | (Self::Weight | Self::Distance | Self::Temperature, Units::Metric) => value,
            _ => rounded(self.from_metric(value, units), 100.0),
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

/// `168` in centimetres, `5′ 6.1″` in feet and inches, with the decimals of the language.
pub fn height_entry(cm: f64, units: Units, language: Language) -> String {
    match units {
        Units::Metric => field_text(&plain(cm), language),
        Units::Imperial => {
            // In tenths of an inch first, so that no twelve inches are left over.
            let tenths = (cm / CM_PER_INCH * 10.0).round();
            let feet = (tenths / 120.0).floor();
            let mut text = plain(feet);
            text.push_str("′ ");
            text.push_str(&field_text(&plain((tenths - feet * 120.0) / 10.0), language));
            text.push('″');
            text
        }
    }
}

/// Centimetres; or feet and inches in any of the ways they are written: `5′ 6″`, `5'6`, `5 ft 6 in`, `66`.
pub fn height_typed(text: &str, units: Units, language: Language) -> Option<f64> {
    /// The tallest height that is not taken for inches.
    const MOST_FEET: f64 = 9.0;
    let typed = |text: &str, most: f64| {
        let parsed = parse_number(text, DecimalMark::of(language)).narrowed(|value| value <= most);
        if let ParsedNumber::Exact(value) = parsed { Some(value) } else { None }
    };
    match units {
        Units::Metric => typed(without_unit(text, &["cm"]), HeightCm::MAX),
        Units::Imperial => {
            let typed = |text| typed(text, HeightCm::MAX / CM_PER_INCH);
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
