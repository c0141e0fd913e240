//! Values that cannot be invalid. A `Calories` exists only between 0 and 10 000, so nothing behind
//! the constructor has to ask again: the form, the server and the socket's decoder share one rule.

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
    TooLong { max: usize },
    /// A number was outside `min..=max`.
    OutOfRange { min: i64, max: i64 },
    /// A number was not above zero, or above `max`.
    NotPositive { max: i64 },
    /// A value of another type than this one.
    WrongType { expected: &'static str },
    /// Not one of the words there are; they are listed.
    NotOneOf { words: &'static [&'static str] },
    /// Not RFC 3339.
    NotATime,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("is required"),
            Self::TooLong { max } => write!(f, "must have 1 to {max} characters"),
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
            Self::NotATime => f.write_str("must be an RFC 3339 time such as 2026-11-21T08:15:00.000Z"),
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
    ($(#[$doc:meta])* $name:ident, $min:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            pub const MIN: f64 = $min;
            pub const MAX: f64 = $max;
            /// The smallest there is.
            pub const LEAST: Self = Self($min);

            pub fn new(value: f64) -> Result<Self, Invalid> {
                if (Self::MIN..=Self::MAX).contains(&value) {
                    Ok(Self(value))
                } else {
                    Err(Invalid::OutOfRange { min: Self::MIN as i64, max: Self::MAX as i64 })
                }
            }
        }

        number_on_the_wire!($name);
    };
}

/// A number above zero.
macro_rules! positive_number {
    ($(#[$doc:meta])* $name:ident, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            pub const MAX: f64 = $max;

            pub fn new(value: f64) -> Result<Self, Invalid> {
                if value > 0.0 && value <= Self::MAX {
                    Ok(Self(value))
                } else {
                    Err(Invalid::NotPositive { max: Self::MAX as i64 })
                }
            }
        }

        number_on_the_wire!($name);
    };
}

macro_rules! number_on_the_wire {
    ($name:ident) => {
        impl $name {
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
                Self::new(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        impl $crate::json::FromJson for $name {
            fn read(reader: &mut $crate::json::Reader<'_>) -> Result<Self, $crate::json::Malformed> {
                Self::new(reader.number()?).map_err(|_| $crate::json::Malformed)
            }
        }
    };
}

/// A text that is not blank and not too long. Space around it is cut off.
macro_rules! bounded_text {
    ($(#[$doc:meta])* $name:ident, $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Characters (Unicode scalar values), not bytes.
            pub const MAX: usize = $max;

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

            impl $crate::json::FromJson for $name {
                fn read(reader: &mut $crate::json::Reader<'_>) -> Result<Self, $crate::json::Malformed> {
                    Self::new(&reader.string()?).map_err(|_| $crate::json::Malformed)
                }
            }
    };
}

/// A closed set of words, each with its spelling on the wire.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            pub fn parse(word: &str) -> Result<Self, $crate::values::Invalid> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::values::Invalid::NotOneOf { words: Self::WORDS }),
                }
            }

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

            impl $crate::json::FromJson for $name {
                fn read(reader: &mut $crate::json::Reader<'_>) -> Result<Self, $crate::json::Malformed> {
                    Self::parse(&reader.string()?).map_err(|_| $crate::json::Malformed)
                }
            }
    };
}

pub(crate) use {bounded_text, words};

bounded_number!(
    /// Energy in kilocalories.
    Calories, 0.0, 10_000.0
);
bounded_number!(
    /// Mass of a nutrient in grams.
    Grams, 0.0, 1000.0
);
bounded_number!(
    /// A distance in kilometres.
    Kilometres, 0.0, 1000.0
);
bounded_number!(
    /// A body height in centimetres.
    HeightCm, 30.0, 300.0
);
bounded_number!(
    /// A body mass in kilograms.
    WeightKg, 1.0, 700.0
);
bounded_number!(
    /// Steps in a day.
    Steps, 0.0, 200_000.0
);
bounded_number!(
    /// Hours of a day.
    Hours, 0.0, 24.0
);
positive_number!(
    /// How long an exercise took, in minutes; less than a day.
    Minutes, 1440.0
);
bounded_text!(
    /// What was eaten.
    FoodName, 200
);
bounded_text!(
    /// What was done.
    Activity, 100
);
bounded_text!(
    /// A remark.
    Notes, 2000
);
bounded_text!(
    /// How a person is called.
    DisplayName, 100
);
bounded_text!(
    /// An IANA time zone such as `Europe/Madrid`.
    TimeZone, 64
);

words!(
    /// Which meal a food belongs to.
    Meal { Breakfast = "breakfast", Lunch = "lunch", Dinner = "dinner", Snack = "snack" }
);
words!(
    /// How hard an exercise was.
    Intensity { Low = "low", Moderate = "moderate", High = "high" }
);
words!(
    /// Who wrote a record: the WhatsApp assistant, the user by hand, or an import.
    Source { Wallavi = "wallavi", Manual = "manual", Import = "import" }
);
words!(
    /// Which units a person reads; the wire is always metric.
    Units { Metric = "metric", Imperial = "imperial" }
);
words!(
    /// The dashboard's languages.
    Language { Es = "es", En = "en" }
);
words!(
    /// As the profile records it.
    Sex { Female = "female", Male = "male", Other = "other" }
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
