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
//! The rules and the store's trait are in `latido-domain`, the engine in `latido-store-sqlite`.
//!
//! | floor | modules | may use |
//! |---|---|---|
//! | commands | [`cli`] | program, routes, state, services, operations, base |
//! | program | [`serve`], [`startup`], [`router`], [`shutdown`] | routes, state, services, operations, base |
//! | routes | [`http`], [`socket`] | state, services, operations, base |
//! | state | [`state`], [`static_files`], [`config`] | services, operations, base |
//! | services | [`hub`], [`links`], [`webhook`], [`auth`], [`import`], [`export`], [`demo`] | operations, base |
//! | operations | [`ops`] | base |
//! | base | [`clock`], [`etag`], [`json`], [`openapi`] | — |
//!
//! | module | what it holds |
//! |---|---|
//! | [`state`] | everything that a handler may need |
//! | [`startup`], [`router`] | the state put together; the router over all routes |
//! | [`serve`], [`shutdown`] | listening, and stopping without losing anything |
//! | [`config`] | flags, environment, limits |
//! | [`ops`] | metrics, the log, TLS, the data directory, rate limits |
//! | [`auth`] | passwords, tokens, sessions, tickets |
//! | [`hub`] | open sockets, and the way of an event to them |
//! | [`links`] | device links: the server's own connections to device sources |
//! | [`http`] | the REST routes and their layers |
//! | [`socket`] | the WebSocket |
//! | [`webhook`] | messages from and to the contacts' side, and typing |
//! | [`openapi`] | the description of the API |
//! | [`static_files`] | the dashboard's files and its Content-Security-Policy |
//! | [`import`], [`export`] | rows of an import written as records; everything of one person read for an export |
//! | [`demo`] | writes the demo account |
//! | [`cli`] | the commands besides `serve` |
//! | [`clock`], [`etag`], [`json`] | the time, what a client has already, how deep JSON may be |

pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
mod etag;
pub mod export;
pub mod http;
pub mod hub;
pub mod import;
pub mod json;
pub mod links;
pub mod openapi;
pub mod ops;
pub mod router;
pub mod serve;
pub mod shutdown;
pub mod socket;
pub mod startup;
pub mod state;
pub mod static_files;
pub mod webhook;
