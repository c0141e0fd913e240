//! The wire contract between the dashboard and any backend, as types.
//!
//! Both sides compile this crate, so a rule is written once: what a form refuses, the server
//! refuses, with the same words. It does no I/O, reads no clock and knows no browser.
//!
//! | file | what it holds |
//! |---|---|
//! | [`id`] | opaque identifiers, one type a kind of record |
//! | [`time`] | instants on the wire: RFC 3339, UTC, milliseconds |
//! | [`values`] | values that cannot be invalid: [`values::Calories`], [`values::FoodName`], … |
//! | [`record`] | what every record has in common, and the names of its resource |
//! | [`food`], [`exercise`], [`metric`], [`profile`] | one family of records each |
//! | [`conversation`], [`delivery`] | messages with a contact, and what became of those that were sent |
//! | [`device`], [`link`] | equipment, and the server's own links to it |
//! | [`frame`] | what travels on the socket, in both directions |
//! | [`event`], [`told`] | what a backend says has changed |
//! | [`json`] | how the dashboard reads all of it |
//! | [`problem`] | errors over REST (RFC 9457) and the field errors inside them |
//! | [`session`] | signing in, who I am, tickets for the socket |

pub mod conversation;
pub mod delivery;
pub mod device;
pub mod event;
pub mod exercise;
pub mod food;
pub mod frame;
pub mod id;
pub mod json;
pub mod link;
pub mod metric;
pub mod problem;
pub mod profile;
pub mod record;
pub mod session;
pub mod time;
pub mod told;
pub mod values;
