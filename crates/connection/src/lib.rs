//! The realtime connection as a machine that owns no clock, no socket and no browser.
//!
//! **The invariant**: once the network is quiet and one heartbeat has passed, whoever follows this
//! machine's outputs shows what the database holds. Everything else here serves that sentence.
//!
//! ```text
//! loop {
//!     connection.handle(input, now);               // something happened, at this time
//!     while let Some(output) = connection.poll() { // what to do about it
//!         carry_out(output);
//!     }
//! }
//! ```
//!
//! Being sans-IO is what makes it testable: the browser's driver and the tests' virtual network
//! call the same two functions. Three rules keep it correct:
//!
//! 1. **Every dial has a number.** An input that carries another number than the current dial's is
//!    dropped, so nothing that an old socket still has to say can have an effect.
//! 2. **A timer only wakes.** Deadlines are wall-clock times, compared at every input; a tick that
//!    comes late (a throttled tab, a laptop that slept) leads to a probe, not to a verdict.
//! 3. **The database is the truth.** An event says "this changed"; a doubt about having missed one
//!    leads to a refetch, never to a new connection.
//!
//! | file | idea |
//! |---|---|
//! | [`machine`] | the states, and what each input does to them |
//! | [`state`] | the enum of states |
//! | [`status`] | what people see of it, and what went wrong last |
//! | [`backoff`] | when to dial again |
//! | [`heartbeat`] | whether the other side is still there |
//! | [`catch_up`] | position, watermark, gaps: whether an event was missed |
//! | [`close_code`] | what a close code asks of a client |
//! | [`outgoing`] | rooms and typing, which outlive a socket or do not |
//! | [`quality`] | round-trip time, uptime, counters |
//! | [`config`] | limits and intervals, and how `WS_TIMING` sets them |
//! | [`io`] | inputs and outputs |
//! | [`random`] | the generator of the jitter |

#![warn(missing_docs, clippy::missing_errors_doc, clippy::missing_panics_doc)]

pub mod backoff;
pub mod catch_up;
pub mod close_code;
pub mod config;
pub mod heartbeat;
pub mod io;
pub mod machine;
pub mod outgoing;
pub mod quality;
pub mod random;
pub mod state;
pub mod status;

pub use config::Config;
pub use io::{DialId, Input, Invalidation, Now, Output, TokenFailure};
pub use machine::Connection;
pub use state::Backend;
pub use status::{GaveUp, Status, Trouble};
