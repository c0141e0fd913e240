//! What a chart can show. Every series has one place a day, without holes: the position is the day.

use crate::extent::Extent;

#[derive(Clone, Debug, PartialEq)]
pub enum Series {
    /// One value a day, or none; with the average of so many days, unless that is one.
    Line { values: Vec<Option<f64>>, window: usize },
    /// Parts of a whole, from the lowest up; each has one value a day, and zero is none.
    Stacked { parts: Vec<Vec<f64>> },
    /// From a low value to a high one.
    Ranges { values: Vec<Option<Range>> },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub low: f64,
    pub high: f64,
    /// What lies between and is worth marking, such as a mean.
    pub mid: Option<f64>,
}

/// Beyond what can be drawn: sums of such numbers stay exact enough.
const GREATEST: f64 = 1e12;

/// Nothing that is no number gets into a drawing.
pub(crate) fn sound(value: f64) -> Option<f64> {
    value.is_finite().then(|| Extent { low: -GREATEST, high: GREATEST }.nearest(value))
}

impl Range {
    /// In order, and only of numbers.
    pub(crate) fn sound(self) -> Option<Self> {
        let (one, other) = (sound(self.low)?, sound(self.high)?);
        let (low, high) = (one.min(other), one.max(other));
        let mid = self.mid.and_then(sound).map(|mid| Extent { low, high }.nearest(mid));
        Some(Self { low, high, mid })
    }
}

impl Series {
    /// How many days it spans.
    pub fn days(&self) -> usize {
        match self {
            Self::Line { values, .. } => values.len(),
            Self::Stacked { parts } => parts.iter().map(Vec::len).max().unwrap_or(0),
            Self::Ranges { values } => values.len(),
        }
    }

    pub fn value(&self, day: usize) -> Option<f64> {
        match self {
            Self::Line { values, .. } => sound((*values.get(day)?)?),
            Self::Stacked { .. } | Self::Ranges { .. } => None,
        }
    }

    /// A part of a day's whole; what is below zero takes no room.
    pub fn part(&self, part: usize, day: usize) -> f64 {
        match self {
            Self::Stacked { parts } => {
                let value = parts.get(part).and_then(|values| values.get(day).copied());
                value.and_then(sound).unwrap_or(0.0).max(0.0)
            }
            Self::Line { .. } | Self::Ranges { .. } => 0.0,
        }
    }

    pub fn parts(&self) -> usize {
        match self {
            Self::Stacked { parts } => parts.len(),
            Self::Line { .. } | Self::Ranges { .. } => 0,
        }
    }

    pub fn total(&self, day: usize) -> f64 {
        (0..self.parts()).map(|part| self.part(part, day)).sum()
    }

    pub fn range(&self, day: usize) -> Option<Range> {
        match self {
            Self::Ranges { values } => (*values.get(day)?)?.sound(),
            Self::Line { .. } | Self::Stacked { .. } => None,
        }
    }

    /// What the day reaches down and up to, if it has anything.
    pub(crate) fn extent(&self, day: usize) -> Option<Extent> {
        match self {
            Self::Line { .. } => self.value(day).map(|value| Extent { low: value, high: value }),
            Self::Stacked { .. } => {
                let total = self.total(day);
                (total > 0.0).then_some(Extent { low: 0.0, high: total })
            }
            Self::Ranges { .. } => self.range(day).map(|range| Extent { low: range.low, high: range.high }),
        }
    }
}
