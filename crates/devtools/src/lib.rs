//! Tools for trying Latido without a person or hardware. Knows the wire types, and neither server nor database.
//!
//! | module | what it holds |
//! |---|---|
//! | [`demo`] | the demo account's thirty days and conversations |
//! | [`shelly`] | a simulated Shelly device |
//! | [`terminal`] | keyboard and prompt of the chat command |

pub mod demo;
pub mod shelly;
pub mod terminal;
