//! How several measurements make the value of a day. Which rule a kind has stands in the table of [`crate::metric`].

/// The rule by which several measurements of one kind make the value of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayRule {
    /// Parts of one total.
    Sum,
    /// The newest counts.
    Last,
    /// The largest counts: of running totals the last one, whatever the order they arrive in.
    Largest,
    /// None counts more than another.
    Mean,
}
