//! Errors of requests, as far as they matter to the user.

use latido_protocol::problem::Problem;

#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    /// No answer: offline, or the server is down.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// No user is signed in any more.
    SignedOut,
    /// The response does not match the contract.
    Unreadable,
    /// The server refused, with its problem.
    Refused(Problem),
    /// An HTML page instead of JSON: a proxy, a firewall or a captive portal has responded.
    Intercepted { status: u16 },
}

/// The `kind` of a refusal that came as JSON of another shape.
pub const OTHER_JSON: &str = "latido:other-json";
/// The `kind` of a refusal that came without a word that could be read.
pub const NO_REASON: &str = "latido:no-reason";
