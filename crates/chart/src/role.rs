//! The role of a shape or a number in a chart, by which the style sheet and the read-out tell them apart.

/// What a shape or a number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Measured values, as dots.
    Value,
    /// The line between the values of consecutive days.
    Line,
    /// The moving average, as a line.
    Average,
    /// A part of a whole, as a bar; 0 is the lowest.
    Part(usize),
    /// The whole of all parts. It is read out and not drawn.
    Total,
    /// The line from a range's low to its high.
    Span,
    /// The upper end of a range, as a dot.
    High,
    /// The lower end of a range, as a dot.
    Low,
    /// The marked value within a range, as a dot.
    Mid,
    /// The goal, as a level line.
    Goal,
    /// The upright line that points at the day under the cursor, where values are dots.
    Guide,
    /// The band that points at the day under the cursor, where values are bars.
    Band,
}
