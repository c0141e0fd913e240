//! A successful response, and JSON for the body of a request.

use serde::{Serialize, de::DeserializeOwned};

use super::error::ApiError;

/// A response with a successful status.
pub struct ApiResponse {
    pub status: u16,
    pub etag: Option<String>,
    pub body: String,
}

impl ApiResponse {
    /// Parses the body.
    ///
    /// # Errors
    /// `ApiError::Unreadable` where the body is not what the contract says.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_str(&self.body).map_err(|_| ApiError::Unreadable)
    }
}

/// Serializes the body of a request.
pub fn json(value: &impl Serialize) -> Result<String, ApiError> {
    serde_json::to_string(value).map_err(|_| ApiError::Unreadable)
}
