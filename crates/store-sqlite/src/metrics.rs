//! Metrics of the writer, through the `metrics` facade: without a recorder they cost nothing.

use std::time::Duration;

use metrics::histogram;

pub const BATCH_WRITES: &str = "latido_batch_writes";
pub const COMMIT_SECONDS: &str = "latido_commit_seconds";

/// So many writes were committed together.
pub(crate) fn committed(writes: usize, took: Duration) {
    histogram!(BATCH_WRITES).record(writes as f64);
    histogram!(COMMIT_SECONDS).record(took);
}
