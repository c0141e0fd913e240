//! The result of a check that failed: a promise that was not kept.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub check: &'static str,
    /// Milliseconds since the run began.
    pub at: i64,
    pub what: String,
}
