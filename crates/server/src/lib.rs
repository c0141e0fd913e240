//! The bundled backend: everything the dashboard needs, in one binary.
//!
//! A change comes in over REST, is written by the store's one writer together with its event, and goes
//! out over every socket of its user. The database is the truth; an event only says that it changed.
//!
//! ```text
//! http ──► domain ──► store (writer) ──commit──► hub ──► socket, socket, …
//!                       ▲                                  │
//!                       └────────── what was missed ◄──────┘ hello
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | [`app`] | the parts put together, and the router over them |
//! | [`serve`], [`shutdown`] | listening, and going away without losing anything |
//! | [`config`] | flags, environment, limits |
//! | [`ops`] | health, metrics, the log, TLS, backups, and the guard at the door |
//! | [`auth`] | passwords, tokens, sessions, tickets |
//! | [`domain`] | what makes a record, and what a change does |
//! | [`store`] | the database: one writer, many readers, the event log |
//! | [`hub`] | who is connected, and how an event reaches them |
//! | [`links`] | managed connections: the server's own links to device sources |
//! | [`http`] | the REST routes |
//! | [`socket`] | the WebSocket |
//! | [`webhook`] | messages from and to the contacts' side |
//! | [`openapi`] | what the API says of itself |
//! | [`static_files`] | the dashboard's files and its Content-Security-Policy |
//! | [`import`], [`export`] | files of other programs, and everything of one person as files |
//! | [`demo`] | thirty believable days |
//! | [`cli`] | the commands besides `serve` |
//! | [`clock`], [`digest`], [`json`] | the time, SHA-256, how deep JSON may be |

pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod digest;
pub mod domain;
pub mod export;
pub mod http;
pub mod hub;
pub mod import;
pub mod json;
pub mod links;
pub mod openapi;
pub mod ops;
pub mod serve;
pub mod shutdown;
pub mod socket;
pub mod static_files;
pub mod store;
pub mod webhook;
