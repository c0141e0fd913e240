//! The rules: what a body has to hold to become a record, and what a change does to a record, its
//! version and the event log. Knows the store's transactions, but neither HTTP nor sockets.
//!
//! | file | what it holds |
//! |---|---|
//! | [`fields`] | reads a JSON object field by field and collects everything that is wrong with it |
//! | [`kind`] | what a food, an exercise and a metric have to say about themselves |
//! | [`food`], [`exercise`], [`metric`], [`profile`] | the fields of each |
//! | [`contact`], [`message`] | conversations: with whom, and what is said |
//! | [`delivery`] | what became of what was sent |
//! | [`link`] | what it takes to add a managed connection |
//! | [`viewed`] | lists of what several people have |
//! | [`account`] | who can sign in, in which tenant and role |
//! | [`scope`] | who may see what |
//! | [`change`] | create, edit, remove |
//! | [`telling`] | who is told of a change |
//! | [`leaving`] | an account is deleted, with everything |
//! | [`once`] | the same request under the same key is done once |

pub mod account;
pub mod change;
pub mod contact;
pub mod delivery;
mod exercise;
pub mod fields;
mod food;
pub mod kind;
pub mod leaving;
pub mod link;
pub mod message;
mod metric;
pub mod once;
pub mod profile;
pub mod scope;
pub mod telling;
pub mod viewed;

pub use self::{
    change::Refused,
    fields::Fields,
    kind::{Kind, Stamp},
};
