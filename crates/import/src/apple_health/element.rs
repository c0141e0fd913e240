//! Samples and correlations as the export holds them.

use latido_protocol::time::Timestamp;

use super::rows::instant;

/// A `<Record>`: one sample of one device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    pub line: u64,
    pub kind: String,
    pub source: String,
    pub unit: String,
    pub value: String,
    pub start: String,
    pub end: String,
    pub food: Food,
}

/// What metadata says about a food.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Food {
    pub name: Option<String>,
    pub meal: Option<String>,
    /// The entry's id in the program that wrote it.
    pub entry: Option<String>,
}

/// A `<Correlation>`: samples that belong together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correlation {
    pub line: u64,
    pub kind: String,
    /// When it was written. Two equal foods are told apart by it.
    pub created: String,
    pub food: Food,
    pub samples: Vec<Sample>,
}

/// When a sample was taken.
#[derive(Clone, Copy)]
pub struct Span {
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Span {
    pub fn of(sample: &Sample) -> Result<Self, String> {
        let read = |name, text: &str| {
            instant(text).ok_or_else(|| {
                format!("{name} must be a time such as 2026-11-21 08:15:00 +0100, and is {text:?}")
            })
        };
        Ok(Self { start: read("startDate", &sample.start)?, end: read("endDate", &sample.end)? })
    }
}
