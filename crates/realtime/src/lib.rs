//! A realtime connection for any Leptos app.
//!
//! [`RealtimeProvider`] opens one socket for a page and keeps it: it dials again with growing delays, pings,
//! notices what was missed, replaces the socket before its token runs out, and rests while the page is hidden. The
//! rules are those of [`latido_connection`], a machine without clock or socket; this crate is its browser half.
//!
//! ```no_run
//! use latido_realtime::{RealtimeProvider, use_realtime};
//! use leptos::prelude::*;
//!
//! # async fn fetch_foods() -> Vec<String> { Vec::new() }
//! #[component]
//! fn App(token: Signal<Option<String>>) -> impl IntoView {
//!     let foods = LocalResource::new(fetch_foods);
//!     view! {
//!         <RealtimeProvider url="/ws" token on_refetch=move |()| foods.refetch()>
//!             <Badge/>
//!             <p>{move || foods.get().map(|foods| foods.len())}</p>
//!         </RealtimeProvider>
//!     }
//! }
//!
//! #[component]
//! fn Badge() -> impl IntoView {
//!     let status = use_realtime().status();
//!     view! { <p>{move || status.get().name()}</p> }
//! }
//! ```
//!
//! A component below it calls [`use_realtime`] for the status, subscriptions, rooms and manual control. An app that
//! keeps more than a list, as the dashboard does, implements [`RealtimeHost`] instead of passing closures.
//!
//! Only `driver` touches `WebSocket` and the page's connection events.
//!
//! | floor | modules | may use |
//! |---|---|---|
//! | provider | `provider`, `simple_host` | client, subscriptions, base |
//! | client | `client` | driver, subscriptions, base |
//! | subscriptions | `subscriptions` | driver |
//! | driver | `driver` | base |
//! | base | `host`, `token`, `options`, `history`, `status`, `clock`, `console`, `page` | — |

#![warn(missing_docs, clippy::missing_errors_doc, clippy::missing_panics_doc)]

mod client;
pub mod clock;
pub mod console;
mod driver;
pub mod history;
mod host;
mod options;
pub mod page;
mod provider;
mod simple_host;
pub mod status;
mod subscriptions;
mod token;

pub use client::Realtime;
pub use host::{RealtimeHost, TokenFuture};
pub use latido_connection::{Invalidation, Status, TokenFailure};
pub use options::{RealtimeOptions, SocketAuth};
pub use provider::{RealtimeProvider, provide_realtime, use_realtime, use_realtime_optional};
pub use subscriptions::{Message, Room, Subscription};
pub use token::TokenSource;
