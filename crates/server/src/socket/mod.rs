//! The socket: how it is opened, what is said on it, how it ends.
//!
//! | file | what it holds |
//! |---|---|
//! | [`upgrade`](fn@upgrade) | who may open one |
//! | [`connection`] | one socket from its first frame to its last |
//! | [`hello`] | bringing a client up to date |
//! | [`close`] | the close codes of the contract |
//! | [`inbound`] | what a client's text says |
//! | [`rate`] | how much a client may say |
//! | [`rooms`] | the conversations it has open |
//! | [`typing`] | who is typing in which |

mod close;
mod connection;
mod hello;
mod inbound;
mod rate;
mod rooms;
pub mod typing;
mod upgrade;

pub use self::close::refusal;
pub use self::upgrade::{configured, upgrade};
