//! Why a request did not work, as far as it matters to the person who made it.

use latido_protocol::problem::Problem;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// No answer: offline, or the server is down.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// Nobody is signed in any more.
    SignedOut,
    /// An answer that is not what the contract says.
    Unreadable,
    /// The server said no, and why.
    Refused(Problem),
}
