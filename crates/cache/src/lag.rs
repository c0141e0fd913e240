//! Answers from an index that lags behind its database.
//!
//! What an event brings *settles* [`LAG_MS`] after it: a fetch that starts before that may be answered from
//! before the event. An event of a backend whose answers do not lag settles at the epoch.

use latido_protocol::time::Timestamp;

/// The answers of a backend without numbers may be older than an event by this: 1.5 s were measured of a
/// secondary index of `DynamoDB`, and as much again is a margin.
pub const LAG_MS: i64 = 3_000;

/// Whether a fetch that starts at `start` may be answered from before what settles at `settles_at`.
pub fn is_unsettled(start: Timestamp, settles_at: Timestamp) -> bool {
    // For no longer than the lag: a clock that was set back would hold everything for hours.
    start < settles_at && settles_at <= start.plus_ms(LAG_MS)
}
