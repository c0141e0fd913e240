//! What a page holds of the database: copies of lists, writes that the server has not answered yet,
//! and when an answer is fetched again.
//!
//! **The invariant**: once the network is quiet, what [`Collection::rows`] gives is what the database
//! holds, and every write was applied exactly once or is shown as refused.
//!
//! Like the connection, all of it is sans-IO: no clock (time is passed in), no storage, no requests,
//! no async. Three sources flow together in one place each:
//!
//! ```text
//! responses ──▶ ┌────────────┐
//! events    ──▶ │ Collection │ ──▶ deltas ──▶ view
//!               └────────────┘
//! writes    ──▶     Outbox ▲ (patches over the rows, until the server has answered)
//! ```
//!
//! | file | idea |
//! |---|---|
//! | `by_id` | maps by id, in the same order in every run |
//! | [`collection`] | the entities of one query, from responses and events in any order |
//! | [`families`] | one file a family: its entities, and what answers and events do to them |
//! | [`item`] | what a health record needs to be written |
//! | [`lag`] | answers that are older than an event |
//! | [`model`] | what a query holds, and how answers and events reach it |
//! | [`outbox`] | writes on their way: saved, sent in order, confirmed or refused |
//! | [`refetch`] | when a query is fetched again |

#![warn(missing_docs, clippy::missing_errors_doc, clippy::missing_panics_doc)]

mod by_id;
pub mod collection;
pub mod families;
pub mod item;
pub mod lag;
pub mod model;
pub mod outbox;
pub mod refetch;
#[cfg(test)]
mod sample;

pub use collection::{Collection, Entity, FetchMark};
pub use item::{Item, Period, Revision};
pub use outbox::{
    Answer, Effect, Full, Next, Outbox,
    entry::{Entry, EntryOf, EntryState, Refusal, Write, WriteOf},
};
