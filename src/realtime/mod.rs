//! The one connection of a page.
//!
//! | file | what it does |
//! |---|---|
//! | [`driver`] | the only file that touches `WebSocket` and the browser's events |
//! | [`provider`] | the only file that turns the machine's outputs into signals |
//! | [`history`] | what the connection has been through since the page was opened |
//! | [`console`] | what the browser's console is promised, and how much of it |

pub mod console;
mod driver;
pub mod history;
pub mod provider;

pub use provider::{Realtime, Room, Subscription, provide_realtime, use_realtime, use_realtime_optional};
