//! What the journeys and the benchmark stand on: the real server, real browsers, and a page object.
//!
//! `cargo xtask test e2e` builds the server and the dashboard, finds the browsers and sets the environment; without it
//! every journey fails and explains why.
//!
//! | file | what it holds |
//! |---|---|
//! | [`environment`] | the environment set by `cargo xtask` |
//! | [`engine`] | the three browser engines: their drivers and how they are asked for a session |
//! | [`browser`] | one session of one engine, with a profile of its own |
//! | [`console`] | what a page wrote to its console, as far as each engine shows it |
//! | [`dist`] | the built dashboard: its weight, and copies of it in which something is different |
//! | [`server`] | a server with a data folder of its own: start, kill, start again |
//! | [`api`] | the REST API, spoken without a browser |
//! | [`page`] | the dashboard as a user sees and uses it |
//! | [`hiding`] | hidden pages |
//! | [`viewport`] | a page as narrow as a telephone, in every engine |
//! | [`shell`] | what a page keeps for a start without a network |
//! | [`journey`] | runs one journey in one engine, and keeps what explains a failure |
//! | [`proxy`] | stands in front of a server: writes down what is asked, and lets things go wrong |
//! | [`measure`] | what happens inside a page, from the message to the row |
//! | [`burst`] | a thousand events in a second |
//! | [`soak`] | very many events and reconnections, and what they leave behind |
//! | [`wait`] | the one way to wait |
//! | [`plug`] | a simulated plug that a server is connected to |
//! | [`process`] | children that end with their owner |
//!
//! A harness fails by panicking, with a message that shows the last state that was seen: the failure of a step is the
//! failure of the journey, and no caller could handle an error.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "this is test code: a failed step fails the test"
)]

pub mod api;
pub mod browser;
pub mod burst;
pub mod console;
pub mod contact;
pub mod dist;
pub mod engine;
pub mod environment;
pub mod hiding;
pub mod journey;
pub mod measure;
pub mod page;
pub mod plug;
pub mod process;
pub mod proxy;
mod screen;
pub mod server;
pub mod shell;
pub mod soak;
pub mod unsteady;
pub mod viewport;
pub mod wait;

/// The account that `--demo` creates.
pub const DEMO_EMAIL: &str = "demo@latido.local";
pub const DEMO_PASSWORD: &str = "latido-demo";
