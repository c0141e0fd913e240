//! Operations: what lets somebody run this server, and what keeps strangers from running it down.
//!
//! | file | what it holds |
//! |---|---|
//! | [`settings`] | the flags of all of this |
//! | [`client`] | who is at the other end, also behind a proxy |
//! | [`data_dir`] | the data directory: one server, one owner |
//! | [`disk`] | whether the disk takes more |
//! | [`guard`] | how often and how many at once: requests, sign-ins, connections |
//! | [`draining`] | whether the server is about to stop |
//! | [`metrics`] | what is counted, and the address where Prometheus reads it |
//! | [`logging`] | the one place that sets up the log |
//! | [`tls`] | the certificate, and a new one without a restart |

pub mod client;
pub mod data_dir;
pub mod disk;
pub mod draining;
pub mod guard;
pub mod logging;
pub mod metrics;
pub mod settings;
pub mod tls;
