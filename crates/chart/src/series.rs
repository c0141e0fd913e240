//! What a chart can show. Every series has one place a day, without holes: the position is the day.

use crate::extent::Extent;

/// The numbers of a chart, by day. Numbers that are not finite count as none; those beyond ±10¹² count as that.
#[derive(Clone, Debug, PartialEq)]
pub enum Series {
    /// One value a day, or none.
    Line {
        /// The values by day.
        values: Vec<Option<f64>>,
        /// The days of the moving average; 0 or 1: without.
        window: usize,
    },
    /// Parts of a whole, which add up.
    Stacked {
        /// The parts from the lowest up, each with its values by day. Zero or less is none.
        parts: Vec<Vec<f64>>,
    },
    /// A range a day, or none.
    Ranges {
        /// The ranges by day.
        values: Vec<Option<Range>>,
    },
}

/// The range of a day's values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The least value.
    pub low: f64,
    /// The greatest value.
    pub high: f64,
    /// A value between them that is worth marking, such as a mean.
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
    /// How many days the series has; of parts, those of the longest.
    pub fn days(&self) -> usize {
        match self {
            Self::Line { values, .. } => values.len(),
            Self::Stacked { parts } => parts.iter().map(Vec::len).max().unwrap_or(0),
            Self::Ranges { values } => values.len(),
        }
    }

    /// The value of a line on a day.
    pub fn value(&self, day: usize) -> Option<f64> {
        match self {
            Self::Line { values, .. } => sound((*values.get(day)?)?),
            Self::Stacked { .. } | Self::Ranges { .. } => None,
        }
    }

    /// A part of a day's whole, never below zero; zero if there is none.
    pub fn part(&self, part: usize, day: usize) -> f64 {
        match self {
            Self::Stacked { parts } => {
                let value = parts.get(part).and_then(|values| values.get(day).copied());
                value.and_then(sound).unwrap_or(0.0).max(0.0)
            }
            Self::Line { .. } | Self::Ranges { .. } => 0.0,
        }
    }

    /// How many parts are stacked; zero in other series.
    pub fn parts(&self) -> usize {
        match self {
            Self::Stacked { parts } => parts.len(),
            Self::Line { .. } | Self::Ranges { .. } => 0,
        }
    }

    /// The sum of a day's parts.
    pub fn total(&self, day: usize) -> f64 {
        (0..self.parts()).map(|part| self.part(part, day)).sum()
    }

    /// The range of a day, with its ends in order and its mark between them.
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
