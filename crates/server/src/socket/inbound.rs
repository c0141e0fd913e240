//! A client's text as a frame, if it is one. Its kind and length may be logged, never what it says.

use latido_protocol::frame::ClientFrame;
use tracing::trace;

use crate::json;

/// `None` for a text that is no frame of the contract.
pub fn read(text: &str) -> Option<ClientFrame> {
    let frame = (!json::is_too_deep(text.as_bytes())).then(|| ClientFrame::parse(text).ok()).flatten();
    trace!(kind = frame.as_ref().map_or("none", kind), bytes = text.len(), "frame in");
    frame
}

fn kind(frame: &ClientFrame) -> &'static str {
    match frame {
        ClientFrame::Hello { .. } => "hello",
        ClientFrame::Ping { .. } => "ping",
        ClientFrame::Subscribe { .. } => "subscribe",
        ClientFrame::Unsubscribe { .. } => "unsubscribe",
        ClientFrame::TypingStart { .. } => "typing:start",
        ClientFrame::TypingStop { .. } => "typing:stop",
    }
}
