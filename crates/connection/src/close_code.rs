//! What a close code asks of a client: the table of `docs/protocol.md` section 2.4.

/// The code a browser reports when it saw no close frame.
pub const ABNORMAL: u16 = 1006;
/// What we close with ourselves when the other side stopped answering.
pub const GOING_AWAY: u16 = 1000;

/// What a client does after a close code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It went away: back off and dial again.
    Reconnect,
    /// Dial again, but not before [`rate_limited_pause`](crate::Config::rate_limited_pause).
    ReconnectSlowly,
    /// The token is no good: fetch another one by force, once.
    RefreshToken,
    /// We are not allowed in, and asking again does not help.
    NotAllowed,
    /// This user has more connections than the server keeps, and this was the oldest.
    TooManyConnections,
}

impl Verdict {
    /// The verdict on a close code. An unknown code reconnects.
    pub fn of(code: u16) -> Self {
        match code {
            1008 | 4403 => Self::NotAllowed,
            4401 => Self::RefreshToken,
            4409 => Self::TooManyConnections,
            4429 => Self::ReconnectSlowly,
            _ => Self::Reconnect,
        }
    }
}
