//! What a path names.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use latido_domain::error::DomainError;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// An id in the path, or several. One that cannot be read is the id of nothing.
pub struct PathId<T = String>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id)).map_err(|_| DomainError::NotFound.into())
    }
}
