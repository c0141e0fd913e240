//! The socket: how it is opened, what is said on it, how it ends.
//!
//! | file | what it holds |
//! |---|---|
//! | [`upgrade`](fn@upgrade) | who may open one |
//! | [`switch`](fn@switch) | from HTTP to WebSocket |
//! | [`metered`] | how many frames and bytes may come in |
//! | [`connection`] | one socket from its first frame to its last |
//! | [`hello`] | bringing a client up to date |
//! | [`close`] | the close codes of the contract |
//! | [`inbound`] | what a client's text says |
//! | [`rate`] | how much a client may say |
//! | [`rooms`] | the conversations it has open |

mod close;
mod connection;
mod hello;
mod inbound;
mod metered;
mod rate;
mod room_request;
mod rooms;
mod switch;
mod upgrade;

pub use self::close::refusal;
pub use self::switch::{Socket, switch};
pub use self::upgrade::upgrade;
