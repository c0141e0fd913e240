//! How a query is doing.

use latido_protocol::time::Timestamp;

use crate::api::error::ApiError;

/// The outcome of the last fetch of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchStatus {
    /// Why the last fetch failed, if it did; the data shown may be old.
    pub error: Option<ApiError>,
    /// When the data shown was current; `None` if it still is.
    pub as_of: Option<Timestamp>,
}

impl FetchStatus {
    /// There is neither a response nor a cached one.
    pub fn knows_nothing(&self) -> bool {
        self.error.is_some() && self.as_of.is_none()
    }
}
