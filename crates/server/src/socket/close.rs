//! How a socket ends.

use axum::extract::ws::{CloseFrame, Utf8Bytes};
use tungstenite::{Error, error::ProtocolError};

use crate::hub::Order;

/// Why a conversation is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Nobody is there any more.
    Gone,
    /// The other side closed properly, and is to be answered properly.
    Closed,
    /// The hub said so.
    Told(Order),
    TokenExpired,
    NoHello,
    Binary,
    NotUtf8,
    TooBig,
    /// What came is not WebSocket.
    NotWebSocket,
    RateLimited,
    /// The event log could not be read.
    ServerError,
}

impl End {
    /// What a failure of reading or writing means.
    pub fn of(error: axum::Error) -> Self {
        match error.into_inner().downcast::<Error>().map(|error| *error) {
            Ok(Error::Capacity(_)) => Self::TooBig,
            Ok(Error::Utf8(_)) => Self::NotUtf8,
            // The other side went away in the middle: there is nobody to tell.
            Ok(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => Self::Gone,
            Ok(Error::Protocol(_)) => Self::NotWebSocket,
            _ => Self::Gone,
        }
    }

    /// The frame to close with; `None` when there is nothing to say.
    pub fn frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Gone | Self::Closed => return None,
            Self::Told(Order::SignedOut) => (4401, "signed out"),
            Self::TokenExpired => (4401, "token expired"),
            Self::NoHello => (4408, "no hello"),
            Self::Told(Order::OneTooMany) => (4409, "too many connections"),
            Self::RateLimited => (4429, "rate limited"),
            Self::Told(Order::TooSlow) => (1013, "too slow, reconnect to resume"),
            Self::Told(Order::Draining) => (1012, "server is restarting"),
            Self::NotWebSocket => (1002, "not WebSocket"),
            Self::Binary => (1003, "text only"),
            Self::NotUtf8 => (1007, "not UTF-8"),
            Self::TooBig => (1009, "message too big"),
            Self::ServerError => (1011, "server error"),
        };
        Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) })
    }
}

/// The frame with which a socket is closed that failed in this way.
pub fn refusal(error: axum::Error) -> Option<CloseFrame> {
    End::of(error).frame()
}
