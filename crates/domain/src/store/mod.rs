//! The store: documents and the event log, behind a small trait.
//!
//! Everything that is kept is a *document* of an owner ([`document`]). Everything that happens to a user is an *event*
//! of that user's log ([`log`]), numbered in the transaction that writes the document. [`Snapshot`] and
//! [`Transaction`] are the whole vocabulary of an engine; [`Store`] runs jobs in them. What a document means is known
//! to the rules alone.
//!
//! An engine is a crate of its own and passes the suite `tests/store_contract.rs` of the server. The [`flow`] of the
//! running task says on whose account a job runs; jobs of different flows take turns. Nothing here knows HTTP or
//! sockets: committed events go to the [`EventSink`] that the engine was opened with.
//!
//! | file | what it holds |
//! |---|---|
//! | [`document`] | documents, their owners, and parts of lists |
//! | [`log`] | logged events, and how long they are kept |
//! | [`engine`] | the traits that an engine implements |
//! | [`typed`] | reading and writing with Rust types |
//! | [`flow`] | fair queueing: on whose account a job runs |
//! | [`error`] | errors of the store |

pub mod document;
pub mod engine;
pub mod error;
pub mod flow;
pub mod log;
pub mod typed;

pub use self::{
    document::{Entry, Owner, Slice, Stored},
    engine::{ReadJob, Snapshot, Store, StoreFuture, Transaction, TxOutcome, WriteJob},
    error::StoreError,
    flow::Flow,
    log::{EventSink, LoggedEvent, NullSink},
    typed::{Missed, Read, Write},
};
