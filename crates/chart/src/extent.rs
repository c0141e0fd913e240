//! From the least value to the greatest.

/// An interval of values, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// The least value.
    pub low: f64,
    /// The greatest value, not below `low`.
    pub high: f64,
}

impl Extent {
    /// The nearest value within. Unlike `f64::clamp` it has no way to panic, and so does not bring
    /// along fifteen kilobytes of code that would write the two bounds into the message.
    pub fn nearest(self, value: f64) -> f64 {
        value.max(self.low).min(self.high)
    }

    /// The least extent that holds both.
    #[must_use = "the union is another extent"]
    pub fn and(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// The least extent that holds this one and a value.
    #[must_use = "the union is another extent"]
    pub fn with(self, value: f64) -> Self {
        self.and(Self { low: value, high: value })
    }

    /// The distance between the ends.
    pub fn span(self) -> f64 {
        self.high - self.low
    }

    /// An extent with at least this span around the same middle: a hundred grams must not look like a mountain.
    /// An extent that was not negative stays so, and widens upwards instead.
    #[must_use = "the wider one is another extent"]
    pub fn at_least(self, span: f64) -> Self {
        let missing = (span - self.span()).max(0.0);
        let low = self.low - missing / 2.0;
        let low = if self.low >= 0.0 { low.max(0.0) } else { low };
        Self { low, high: (low + span).max(self.high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_extent_widens_around_its_middle() {
        assert_eq!(Extent { low: 70.0, high: 71.0 }.at_least(3.0), Extent { low: 69.0, high: 72.0 });
    }

    #[test]
    fn widening_does_not_cross_zero() {
        assert_eq!(Extent { low: 0.0, high: 0.0 }.at_least(2.0), Extent { low: 0.0, high: 2.0 });
        assert_eq!(Extent { low: -1.0, high: -1.0 }.at_least(2.0), Extent { low: -2.0, high: 0.0 });
    }
}
