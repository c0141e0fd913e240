//! Operations: what lets somebody run this server, and what keeps strangers from running it down.
//!
//! | file | what it holds |
//! |---|---|
//! | [`settings`] | the flags of all of this |
//! | [`client`] | who is at the other end, also behind a proxy |
//! | [`guard`] | how often and how many at once: requests, sign-ins, connections |
//! | [`health`] | whether the process lives, and whether it is ready |
//! | [`metrics`] | what is counted, and the address where Prometheus reads it |
//! | [`observe`] | a line and a count for every request |
//! | [`logging`] | the one place that sets up the log |
//! | [`tls`] | the certificate, and a new one without a restart |

pub mod client;
pub mod guard;
pub mod health;
pub mod logging;
pub mod metrics;
pub mod observe;
pub mod settings;
pub mod tls;
