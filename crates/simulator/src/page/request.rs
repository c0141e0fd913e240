//! Requests and their answers.

use latido_cache::EntryOf;
use latido_connection::DialId;

use latido_protocol::{
    conversation::{ContactId, Message, MessageText},
    device::{Device, DeviceId},
};

use crate::{families::What, record::Record};

/// What a request asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// `known` stands for the `ETag` of the last answer.
    List {
        query: usize,
        known: Option<Vec<Record>>,
    },
    Token {
        dial: DialId,
    },
    Session,
    Write {
        entry: Box<EntryOf<Record>>,
    },
    /// A page of a family: the first, or the one that a cursor leads to.
    Family {
        query: usize,
        what: What,
        asked: Option<String>,
        known: Option<String>,
    },
    Switch {
        device: DeviceId,
        on: bool,
        attempt: u32,
    },
    Say {
        key: String,
        text: MessageText,
    },
    Read {
        contact: ContactId,
    },
}

/// A request that waits for its answer until a time.
#[derive(Clone, Debug)]
pub struct Request {
    pub ask: Ask,
    pub until: i64,
}

#[derive(Debug)]
pub enum Answer {
    List(Vec<Record>),
    /// 304: the list is as its last answer was.
    Unchanged,
    Token {
        token: String,
        expires_at: i64,
    },
    Session,
    Write(latido_cache::Answer<Record>),
    /// Of a page of a family.
    Body(String),
    Switched(Box<Device>),
    Said(Box<Message>),
    /// Taken, with nothing to say about it.
    Done,
    /// 401, and refreshing did not help.
    SignedOut,
    /// Not reached, or 5xx.
    Failed,
}
