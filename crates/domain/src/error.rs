//! Errors of the rules, and the version that a caller expects a record to have.

use latido_protocol::problem::FieldError;

use crate::store::StoreError;

/// Why a change was not made. Nothing has been written then.
#[derive(Debug, thiserror::Error)]
pub enum DomainError {
    #[error("some fields are not as they have to be")]
    Invalid(Vec<FieldError>),
    #[error("there is no such record")]
    NotFound,
    #[error("this needs a role that the account does not have")]
    Forbidden,
    #[error("it is under way and cannot be taken back")]
    UnderWay,
    #[error("the record is at version {current}")]
    VersionDiffers { current: u64 },
    #[error("the idempotency key was used for another request")]
    KeyReused,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which version the caller believes to be changing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    Any,
    OneOf(Vec<u64>),
}

impl Expected {
    pub fn check(&self, current: u64) -> Result<(), DomainError> {
        match self {
            Self::OneOf(versions) if !versions.contains(&current) => {
                Err(DomainError::VersionDiffers { current })
            }
            Self::Any | Self::OneOf(_) => Ok(()),
        }
    }
}
