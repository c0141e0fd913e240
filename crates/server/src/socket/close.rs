//! How a socket ends.

use tungstenite::{Error, Utf8Bytes, error::ProtocolError, protocol::CloseFrame};

use super::metered;
use crate::hub::CloseReason;

/// Why a conversation is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nobody is there any more.
    Gone,
    /// The other side closed properly, and is to be answered properly.
    Closed,
    /// The hub said so.
    Told(CloseReason),
    TokenExpired,
    NoHello,
    Binary,
    NotUtf8,
    TooBig,
    /// What came is not WebSocket.
    NotWebSocket,
    RateLimited,
    /// More came than is read at all.
    Flooded,
    /// The event log could not be read.
    ServerError,
}

impl End {
    /// What a failure of reading or writing means.
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Capacity(_) => Self::TooBig,
            Error::Utf8(_) => Self::NotUtf8,
            Error::Io(error) if is_flooded(error) => Self::Flooded,
            // The other side went away in the middle: there is nobody to tell.
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Self::Gone,
            Error::Protocol(_) => Self::NotWebSocket,
            _ => Self::Gone,
        }
    }

    /// The frame to close with; `None` when there is nothing to say.
    pub fn frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Gone | Self::Closed => return None,
            Self::Told(CloseReason::SignedOut) => (4401, "signed out"),
            Self::TokenExpired => (4401, "token expired"),
            Self::NoHello => (4408, "no hello"),
            Self::Told(CloseReason::OneTooMany) => (4409, "too many connections"),
            Self::RateLimited | Self::Flooded => (4429, "rate limited"),
            Self::Told(CloseReason::TooSlow) => (1013, "too slow, reconnect to resume"),
            Self::Told(CloseReason::Draining) => (1012, "server is restarting"),
            Self::NotWebSocket => (1002, "not WebSocket"),
            Self::Binary => (1003, "text only"),
            Self::NotUtf8 => (1007, "not UTF-8"),
            Self::TooBig => (1009, "message too big"),
            Self::ServerError => (1011, "server error"),
        };
        Some(CloseFrame { code: code.into(), reason: Utf8Bytes::from_static(reason) })
    }
}

/// The frame with which a socket is closed that failed in this way.
pub fn refusal(error: &Error) -> Option<CloseFrame> {
    End::of(error).frame()
}

/// Whether no more is read because too much came.
fn is_flooded(error: &std::io::Error) -> bool {
    error.get_ref().and_then(|cause| cause.downcast_ref::<metered::Flooded>()).is_some()
}
