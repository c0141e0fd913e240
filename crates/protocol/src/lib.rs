//! The wire contract between the dashboard and any backend, as types.
//!
//! Both sides compile this crate, so a rule is written once: what a form refuses, the server
//! refuses, with the same words. It does no I/O, reads no clock and knows no browser. The contract in prose is
//! `docs/protocol.md`.
//!
//! | file | what it holds |
//! |---|---|
//! | [`id`] | opaque identifiers, one type a kind of record |
//! | [`time`] | instants on the wire: RFC 3339, UTC, milliseconds |
//! | [`values`] | values that cannot be invalid: [`values::Calories`], [`values::FoodName`], … |
//! | [`number`] | numbers as people write them, in either language |
//! | [`record`] | what every record has in common, and the names of its resource |
//! | [`food`], [`exercise`], [`metric`], [`profile`] | one family of records each |
//! | [`day_rule`], [`day_value`] | what several measurements make of a day: their sum, the last, the largest, the mean |
//! | [`conversation`], [`delivery`] | messages with a contact, and what became of those that were sent |
//! | [`phone`] | telephone numbers, each in one spelling |
//! | [`device`], [`link`] | equipment, and the server's own links to it |
//! | [`frame`] | what travels on the socket, in both directions |
//! | [`event`], [`opaque_event`] | what a backend says has changed; `family` and `wire_event` are parts of `event` |
//! | [`problem`] | errors over REST (RFC 9457) and the field errors inside them |
//! | [`reason`] | codes for what a person is told, with their parameters |
//! | [`session`] | signing in, who I am, tickets for the socket |

#![warn(missing_docs, clippy::missing_errors_doc, clippy::missing_panics_doc)]

pub mod conversation;
pub mod day_rule;
pub mod day_value;
pub mod delivery;
pub mod device;
pub mod event;
pub mod exercise;
mod family;
pub mod food;
pub mod frame;
pub mod id;
pub mod link;
pub mod metric;
pub mod number;
pub mod opaque_event;
pub mod phone;
pub mod problem;
pub mod profile;
pub mod reason;
pub mod record;
mod schema;
pub mod session;
pub mod time;
pub mod values;
mod wire_event;
