//! Values that cannot be invalid. A `Calories` exists only between 0 and 10 000, so nothing behind
//! the constructor has to ask again: the form, the server and the socket's decoder share one rule.
//!
//! On the wire numbers are JSON numbers, whole ones without a fraction (`350`, not `350.0`); texts and words are JSON
//! strings. Decoding checks like the constructor and fails on what it refuses.
//!
//! ```
//! use latido_protocol::values::{Calories, FoodName, Invalid, Meal};
//!
//! assert_eq!(Calories::new(10_001.0), Err(Invalid::OutOfRange { min: 0, max: 10_000 }));
//! assert_eq!(FoodName::new("  café ").unwrap().as_str(), "café");
//! assert_eq!(Meal::parse("lunch"), Ok(Meal::Lunch));
//! assert!(serde_json::from_str::<Meal>("\"brunch\"").is_err());
//! ```

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Why a value was refused. Bounds are whole numbers: formatting fractions would cost the dashboard
/// more bytes than the sentence is worth. `Display` is the sentence that goes into a field error; the dashboard
/// matches on the variant to say the same in the user's language.
#[derive(Clone, Debug, PartialEq)]
pub enum Invalid {
    /// Nothing was given where something has to be.
    Required,
    /// A text was longer than `max` characters.
    TooLong {
        /// In characters (Unicode scalar values).
        max: usize,
    },
    /// A text was shorter than `min` characters.
    TooShort {
        /// In characters (Unicode scalar values).
        min: usize,
    },
    /// A number was outside `min..=max`.
    OutOfRange {
        /// The smallest allowed value, in the unit of the value.
        min: i64,
        /// The largest allowed value, in the unit of the value.
        max: i64,
    },
    /// A number was not above zero, or above `max`.
    NotPositive {
        /// The largest allowed value, in the unit of the value.
        max: i64,
    },
    /// A value of another JSON type than the field has.
    WrongType {
        /// The type in English, `a number`. Empty if read back from a code by [`invalid`](crate::reason::invalid).
        expected: &'static str,
    },
    /// Not one of the words of a closed set.
    NotOneOf {
        /// The words as they are spelled on the wire. Empty if read back from a code by
        /// [`invalid`](crate::reason::invalid).
        words: &'static [&'static str],
    },
    /// Not RFC 3339.
    NotATime,
    /// A number of something that is counted has decimals.
    NotWhole,
    /// The diastolic pressure is not below the systolic one.
    NotBelowSystolic,
    /// A date before `first`.
    TooEarly {
        /// The earliest allowed civil date: that of birth, where it is known, else
        /// [`1900-01-01`](crate::record::FIRST_DATE).
        first: String,
    },
    /// A date after tomorrow; of birth, after today.
    TooLate,
    /// No telephone number, or one without its country code.
    NotAPhoneNumber,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("is required"),
            Self::TooLong { max } => write!(f, "must have 1 to {max} characters"),
            Self::TooShort { min } => write!(f, "must have at least {min} characters"),
            Self::OutOfRange { min, max } => write!(f, "must be between {min} and {max}"),
            Self::NotPositive { max } => write!(f, "must be above 0 and at most {max}"),
            Self::WrongType { expected } => write!(f, "must be {expected}"),
            Self::NotOneOf { words } => {
                f.write_str("must be one of ")?;
                for (place, word) in words.iter().enumerate() {
                    write!(f, "{}{word}", if place == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            Self::NotAPhoneNumber => {
                f.write_str("must be a telephone number with its country code, such as +34600123456")
            }
            Self::NotATime => f.write_str("must be an RFC 3339 time such as 2026-11-21T08:15:00.000Z"),
            Self::NotWhole => f.write_str("must be a whole number"),
            Self::NotBelowSystolic => f.write_str("must be below the systolic value"),
            Self::TooEarly { first } => write!(f, "must not be before {first}"),
            Self::TooLate => f.write_str("must not be more than 48 hours ahead"),
        }
    }
}

impl std::error::Error for Invalid {}

/// Writes whole numbers without a fraction: `350`, not `350.0`. By reference, as serde calls it.
#[allow(clippy::trivially_copy_pass_by_ref)]
pub(crate) fn write_number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    let value = *value;
    if value.fract() == 0.0 && value.abs() < 9e15 {
        serializer.serialize_i64(value as i64)
    } else {
        serializer.serialize_f64(value)
    }
}

/// A number between two bounds, both allowed.
macro_rules! bounded_number {
    ($(#[doc = $doc:literal])+ $name:ident, $min:literal, $max:literal) => {
        $(#[doc = $doc])+
        ///
        #[doc = concat!("Range: `", stringify!($min), "..=", stringify!($max), "`.")]
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// The smallest allowed number.
            pub const MIN: f64 = $min;
            /// The largest allowed number.
            pub const MAX: f64 = $max;
            /// The value of [`MIN`](Self::MIN).
            pub const LEAST: Self = Self($min);

            /// Checks a number.
            ///
            /// # Errors
            ///
            /// [`Invalid::OutOfRange`], also for NaN and the infinities.
            pub fn new(value: f64) -> Result<Self, Invalid> {
                if (Self::MIN..=Self::MAX).contains(&value) {
                    Ok(Self(value))
                } else {
                    Err(Invalid::OutOfRange { min: Self::MIN as i64, max: Self::MAX as i64 })
                }
            }
        }

        number_on_the_wire!($name);
        $crate::schema::described!([$($doc),+] $name = schema::number().minimum(Some(Self::MIN)).maximum(Some(Self::MAX)));
    };
}

/// A whole number between two bounds, both allowed. A fraction that was stored before is read as the nearest one.
macro_rules! whole_number {
    ($(#[doc = $doc:literal])+ $name:ident, $min:literal, $max:literal) => {
        $(#[doc = $doc])+
        ///
        #[doc = concat!("Range: `", stringify!($min), "..=", stringify!($max), "`, whole numbers only.")]
        /// Decoding rounds a fraction, which older records may hold, to the nearest whole number.
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// The smallest allowed number.
            pub const MIN: f64 = $min;
            /// The largest allowed number.
            pub const MAX: f64 = $max;

            /// Checks a number.
            ///
            /// # Errors
            ///
            /// [`Invalid::OutOfRange`], also for NaN and the infinities; [`Invalid::NotWhole`] for a fraction.
            pub fn new(value: f64) -> Result<Self, Invalid> {
                if !(Self::MIN..=Self::MAX).contains(&value) {
                    Err(Invalid::OutOfRange { min: Self::MIN as i64, max: Self::MAX as i64 })
                } else if value.fract() == 0.0 {
                    Ok(Self(value))
                } else {
                    Err(Invalid::NotWhole)
                }
            }

            fn stored(value: f64) -> Result<Self, Invalid> {
                Self::new(value.round())
            }
        }

        number_on_the_wire!($name, stored);
        $crate::schema::described!([$($doc),+] $name = schema::integer().minimum(Some(Self::MIN)).maximum(Some(Self::MAX)));
    };
}

/// A number above zero.
macro_rules! positive_number {
    ($(#[doc = $doc:literal])+ $name:ident, $max:literal) => {
        $(#[doc = $doc])+
        ///
        #[doc = concat!("Range: above 0, at most `", stringify!($max), "`.")]
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// The largest allowed number.
            pub const MAX: f64 = $max;

            /// Checks a number.
            ///
            /// # Errors
            ///
            /// [`Invalid::NotPositive`], also for NaN and the infinities.
            pub fn new(value: f64) -> Result<Self, Invalid> {
                if value > 0.0 && value <= Self::MAX {
                    Ok(Self(value))
                } else {
                    Err(Invalid::NotPositive { max: Self::MAX as i64 })
                }
            }
        }

        number_on_the_wire!($name);
        $crate::schema::described!([$($doc),+] $name = schema::number().exclusive_minimum(Some(0.0)).maximum(Some(Self::MAX)));
    };
}

macro_rules! number_on_the_wire {
    ($name:ident) => {
        number_on_the_wire!($name, new);
    };
    ($name:ident, $read:ident) => {
        impl $name {
            /// The number, in the unit of the type.
            pub fn get(self) -> f64 {
                self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                write_number(&self.0, serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::$read(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

/// A text that is not blank and not too long. Space around it is cut off.
macro_rules! bounded_text {
    ($(#[doc = $doc:literal])+ $name:ident, $max:expr) => {
        $(#[doc = $doc])+
        ///
        #[doc = concat!("Length: 1 to ", stringify!($max), " characters, without the space around them.")]
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The largest allowed length in characters (Unicode scalar values), not bytes.
            pub const MAX: usize = $max;

            /// Checks a text, without the space around it.
            ///
            /// # Errors
            ///
            /// [`Invalid::Required`](crate::values::Invalid::Required) for a blank text,
            /// [`Invalid::TooLong`](crate::values::Invalid::TooLong) for one above [`MAX`](Self::MAX).
            pub fn new(text: &str) -> Result<Self, $crate::values::Invalid> {
                let text = text.trim();
                if text.is_empty() {
                    Err($crate::values::Invalid::Required)
                } else if text.chars().count() > Self::MAX {
                    Err($crate::values::Invalid::TooLong { max: Self::MAX })
                } else {
                    Ok(Self(text.to_owned()))
                }
            }

            /// The text, without space around it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }

        $crate::schema::described!([$($doc),+] $name = schema::text().min_length(Some(1)).max_length(Some(Self::MAX)));
    };
}

/// A closed set of words, each with its meaning and its spelling on the wire.
macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[$meaning:meta])+ $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(
                $(#[$meaning])+
                ///
                #[doc = concat!("On the wire `", $word, "`.")]
                $variant
            ),+
        }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The words on the wire, in the order of [`ALL`](Self::ALL).
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// Parses the word on the wire, spelled exactly.
            ///
            /// # Errors
            ///
            /// [`Invalid::NotOneOf`](crate::values::Invalid::NotOneOf) with [`WORDS`](Self::WORDS).
            pub fn parse(word: &str) -> Result<Self, $crate::values::Invalid> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::values::Invalid::NotOneOf { words: Self::WORDS }),
                }
            }

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <std::borrow::Cow<str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&word).map_err(serde::de::Error::custom)
            }
        }

        $crate::schema::described!([$($doc),+] $name = schema::one_of(Self::WORDS));
    };
}

pub(crate) use {bounded_text, words};

bounded_number!(
    /// Energy in kilocalories (kcal).
    Calories, 0.0, 10_000.0
);
bounded_number!(
    /// Mass of a nutrient in grams (g).
    Grams, 0.0, 1000.0
);
bounded_number!(
    /// A distance in kilometres (km).
    Kilometres, 0.0, 1000.0
);
bounded_number!(
    /// A body height in centimetres (cm).
    HeightCm, 30.0, 300.0
);
bounded_number!(
    /// A body mass in kilograms (kg).
    WeightKg, 1.0, 700.0
);
whole_number!(
    /// A number of steps in a day.
    Steps, 0.0, 200_000.0
);
bounded_number!(
    /// A duration within a day in hours (h).
    Hours, 0.0, 24.0
);
positive_number!(
    /// A duration of exercise in minutes, at most a day.
    Minutes, 1440.0
);
bounded_text!(
    /// The name of what was eaten.
    FoodName, 200
);
bounded_text!(
    /// The name of an exercise.
    Activity, 100
);
bounded_text!(
    /// A remark of the user on a record.
    Notes, 2000
);
bounded_text!(
    /// The name under which a person is shown.
    DisplayName, 100
);
bounded_text!(
    /// The name of an IANA time zone, `Europe/Madrid`. Only the length is checked: this crate has no table of zones.
    TimeZone, 64
);

words!(
    /// The meal that a food belongs to.
    Meal {
        /// The first meal of the day.
        Breakfast = "breakfast",
        /// The midday meal.
        Lunch = "lunch",
        /// The evening meal.
        Dinner = "dinner",
        /// Anything between the meals.
        Snack = "snack",
    }
);
words!(
    /// The effort of an exercise, as the user rates it.
    Intensity {
        /// Little effort.
        Low = "low",
        /// Medium effort.
        Moderate = "moderate",
        /// Great effort.
        High = "high",
    }
);
words!(
    /// The origin of a record.
    Source {
        /// The `WhatsApp` assistant.
        Wallavi = "wallavi",
        /// A person, by hand.
        Manual = "manual",
        /// An import of a file.
        Import = "import",
    }
);
words!(
    /// The units in which values are shown to a person; the wire is always metric.
    Units {
        /// Kilograms, centimetres, kilometres, °C.
        Metric = "metric",
        /// Pounds, feet and inches, miles, °F.
        Imperial = "imperial",
    }
);
words!(
    /// The unit in which blood glucose is shown to a person; the wire is always mg/dL.
    GlucoseUnit {
        /// Milligrams a decilitre.
        MgDl = "mg/dL",
        /// Millimoles a litre; one is [`GLUCOSE_MG_DL_PER_MMOL_L`](crate::metric::GLUCOSE_MG_DL_PER_MMOL_L) mg/dL.
        MmolL = "mmol/L",
    }
);
words!(
    /// The languages of the dashboard, as ISO 639-1 codes.
    Language {
        /// Spanish.
        Es = "es",
        /// English.
        En = "en",
    }
);
words!(
    /// The sex that a person states in the profile.
    Sex {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
        /// Neither of the two.
        Other = "other",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calories_hold_their_bounds() {
        assert!(Calories::new(0.0).is_ok());
        assert!(Calories::new(10_000.0).is_ok());
        assert_eq!(Calories::new(-1.0).unwrap_err().to_string(), "must be between 0 and 10000");
        assert!(Calories::new(f64::NAN).is_err());
        assert!(Calories::new(f64::INFINITY).is_err());
    }

    #[test]
    fn minutes_are_above_zero() {
        assert!(Minutes::new(0.0).is_err());
        assert!(Minutes::new(0.5).is_ok());
    }

    #[test]
    fn steps_are_whole() {
        assert_eq!(Steps::new(8.5), Err(Invalid::NotWhole));
        assert!(Steps::new(11_665.0).is_ok());
    }

    #[test]
    fn stored_fractions_of_steps_are_still_readable() {
        assert!((serde_json::from_str::<Steps>("8000.6").unwrap().get() - 8001.0).abs() < 1e-9);
    }

    #[test]
    fn a_name_counts_characters_not_bytes() {
        assert!(FoodName::new(&"ñ".repeat(200)).is_ok());
        assert_eq!(FoodName::new(&"ñ".repeat(201)), Err(Invalid::TooLong { max: 200 }));
        assert_eq!(FoodName::new(" \n "), Err(Invalid::Required));
        assert_eq!(FoodName::new("  café ").unwrap().as_str(), "café");
    }

    #[test]
    fn whole_numbers_travel_without_a_fraction() {
        assert_eq!(serde_json::to_string(&Calories::new(350.0).unwrap()).unwrap(), "350");
        assert_eq!(serde_json::to_string(&Grams::new(12.5).unwrap()).unwrap(), "12.5");
    }

    #[test]
    fn words_are_a_closed_set() {
        assert_eq!(Meal::parse("lunch"), Ok(Meal::Lunch));
        assert_eq!(
            Meal::parse("brunch").unwrap_err().to_string(),
            "must be one of breakfast, lunch, dinner, snack"
        );
    }
}
