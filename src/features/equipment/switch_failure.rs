//! The reasons of a failed switch, as far as they change what to do next.

use crate::api::error::ApiError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwitchFailure {
    /// The request did not get through.
    Unreachable,
    /// It may have switched: unknown until the device reports its state.
    Unsure,
    SignedOut,
    NotAllowed,
    Gone,
    /// The device is not online, or has nothing to switch.
    OutOfReach,
    Busy,
    /// By the device, or its connection was lost on the way.
    Refused,
}

impl SwitchFailure {
    pub fn of(error: &ApiError) -> Self {
        match error {
            ApiError::Unreachable | ApiError::Intercepted { .. } => Self::Unreachable,
            ApiError::TimedOut | ApiError::Unreadable => Self::Unsure,
            ApiError::SignedOut => Self::SignedOut,
            ApiError::Refused(problem) => match problem.status {
                403 => Self::NotAllowed,
                404 => Self::Gone,
                409 => Self::OutOfReach,
                429 => Self::Busy,
                500 | 503 | 504 => Self::Unsure,
                _ => Self::Refused,
            },
        }
    }
}
