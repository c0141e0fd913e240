//! What a page holds of the database: copies of lists, writes that the server has not answered yet,
//! and when an answer is fetched again.
//!
//! **The invariant**: once the network is quiet, what [`ListCopy::rows`] gives is what the database
//! holds, and every write was applied exactly once or is shown as refused.
//!
//! Like the connection, all of it is sans-IO: no clock (time is passed in), no storage, no requests,
//! no async. Three sources flow together in one place each:
//!
//! ```text
//! answers ──▶ ┌──────────┐
//! events  ──▶ │ ListCopy │ ──▶ rows ──▶ view
//!             └──────────┘      ▲
//! writes  ──▶   Outbox   ───────┘ (laid over the rows until the server has answered)
//! ```
//!
//! | file | idea |
//! |---|---|
//! | [`inbox`] | who was talked to last, and what is unread |
//! | [`item`] | what a record has to be able to do |
//! | [`list`] | the copy of one list, from answers and events in any order |
//! | [`outbox`] | writes on their way: saved, sent in order, confirmed or refused |
//! | [`refetch`] | when a query is fetched again |
//! | [`thread`] | one conversation: its messages, and those on their way |

pub mod inbox;
pub mod item;
pub mod list;
pub mod outbox;
pub mod refetch;
#[cfg(test)]
mod sample;
pub mod thread;

pub use item::{Item, Revision};
pub use list::{ListCopy, Mark};
pub use outbox::{
    Answer, Effect, Full, Next, Outbox,
    entry::{Entry, EntryOf, EntryState, Refusal, Write, WriteOf},
};
