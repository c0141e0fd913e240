//! Journeys of a person through the whole product: the real server, real browsers.
//!
//! A file holds one topic; a journey is a test in every engine unless a comment explains why not. Each has its own
//! server, its own data and its own browser profile, so they depend on nothing but the machine.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed step fails the test")]

mod a_day;
mod accessible;
mod away;
mod bursts;
mod coach;
mod connections;
mod console;
mod conversations;
mod crashed;
mod deliveries;
mod equipment;
mod food_names;
mod foreign_backends;
mod forms;
mod injected;
mod instant;
mod layout;
mod lazy_views;
mod live;
mod minimal;
mod offline;
mod outbox;
mod page_size;
mod polling;
mod prefetch;
mod profile;
mod reconnecting;
mod records;
mod refusals;
mod session;
mod sign_in;
mod soak;
mod steady;
mod tabs;
mod touch;
mod versions;
mod wire;
