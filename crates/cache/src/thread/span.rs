//! What pages have covered, with the gaps between.

use super::Position;

/// Everything from one message to another is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Span {
    /// `None`: from the beginning.
    pub from: Option<Position>,
    /// `None`: no message yet.
    pub to: Option<Position>,
    /// The cursor of what comes before.
    pub older: Option<String>,
}

/// Adds a span; those that touch become one.
pub(super) fn cover(spans: &mut Vec<Span>, new: Span) {
    spans.push(new);
    spans.sort_by(|one, other| one.from.cmp(&other.from));
    spans.dedup_by(|later, earlier| {
        let touch = later.from <= earlier.to;
        if touch && later.to > earlier.to {
            earlier.to = later.to.take();
        }
        touch
    });
}
