//! Errors of `SQLite` as errors of the store.

use latido_domain::store::StoreError;

pub trait EngineResult<T> {
    /// Passes an error on as [`StoreError::Engine`].
    fn engine(self) -> Result<T, StoreError>;
}

impl<T> EngineResult<T> for rusqlite::Result<T> {
    fn engine(self) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::Engine(Box::new(error)))
    }
}
