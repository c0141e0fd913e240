//! Requests of a client about a room.

/// What a client says about a room.
pub enum InRoom {
    Subscribe(String),
    Unsubscribe(String),
    StartTyping(String),
    StopTyping(String),
}
