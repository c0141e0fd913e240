//! The rules of the server: what makes a record, who may see it, and what a change does to the record, its version and
//! the event log. Knows no HTTP, no socket and no engine: engines implement [`store::Store`].
//!
//! | floor | modules | may use |
//! |---|---|---|
//! | conversations | [`contact`], [`message`], [`reading`], [`outbox`], [`delivery`], [`settlement`], [`delete_account`] | access, records, base |
//! | records | [`change`], [`profile`], [`food`], [`exercise`], [`metric`], [`record_kind`], [`device_link`] | access, base |
//! | access | [`access`], [`account`], [`notify`], [`shared_list`], [`idempotency`] | base |
//! | base | [`store`], [`error`], [`fields`], [`digest`] | — |
//!
//! | file | what it holds |
//! |---|---|
//! | [`store`] | documents and the event log, behind a trait |
//! | [`fields`] | a JSON object read field by field; collects everything that is wrong with it |
//! | [`error`] | why a change was refused |
//! | [`record_kind`] | what the code for all kinds of records asks of one kind |
//! | [`food`], [`exercise`], [`metric`], [`profile`] | the fields of each |
//! | [`contact`], [`message`] | conversations: with whom, and the messages in them |
//! | [`reading`] | the sides of a conversation, and what each reader has read |
//! | [`outbox`], [`delivery`], [`settlement`] | messages that wait to be delivered, and their outcome |
//! | [`device_link`] | device links, their devices and their logs |
//! | [`shared_list`] | one list of the records of several people |
//! | [`account`] | who can sign in, in which tenant and role |
//! | [`access`] | who may see what |
//! | [`change`] | create, edit, remove a record |
//! | [`notify`] | which users an event of a person is published to |
//! | [`delete_account`] | deletes an account with everything it has |
//! | [`idempotency`] | runs the same request under the same key once |
//! | [`digest`] | SHA-256, for tags and stored secrets |

pub mod access;
pub mod account;
pub mod change;
pub mod contact;
pub mod delete_account;
pub mod delivery;
pub mod device_link;
pub mod digest;
pub mod error;
mod exercise;
pub mod fields;
mod food;
pub mod idempotency;
pub mod message;
mod metric;
pub mod notify;
pub mod outbox;
pub mod profile;
pub mod reading;
pub mod record_kind;
pub mod settlement;
pub mod shared_list;
pub mod store;

pub use self::{
    error::DomainError,
    fields::Fields,
    record_kind::{RecordKind, Stamp},
};
