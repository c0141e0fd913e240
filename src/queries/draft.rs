//! What a person says about a record, before the server has answered.
//!
//! A draft is the body of its request, as text. What the record will look like is read from that same
//! text with the reader that answers are read with, so no second set of readers has to be in the wasm,
//! and what is shown cannot differ from what is sent.

use latido_protocol::{id::Id, time::Timestamp};
use latido_replica::{Item, Revision};

use super::record::{AnyRecord, Kind};
use crate::api::error::ApiError;

/// The body of a creation, and the whole of an edit.
#[derive(Clone, PartialEq)]
pub struct Draft {
    body: String,
    /// As it will be, but for what the server gives: id, version, times.
    record: AnyRecord,
}

impl Draft {
    /// `body` is a whole JSON object with the fields of the kind's draft.
    pub fn new(kind: Kind, body: String) -> Result<Self, ApiError> {
        const WHAT_THE_SERVER_GIVES: &str =
            r#","id":"-","createdAt":"1970-01-01T00:00:00.000Z","updatedAt":"1970-01-01T00:00:00.000Z"}"#;
        let open = body.strip_suffix('}').ok_or(ApiError::Unreadable)?;
        let record = kind.parse(&format!("{open}{WHAT_THE_SERVER_GIVES}"))?;
        Ok(Self { body, record })
    }

    pub fn body(&self) -> &str {
        &self.body
    }

    /// The record that this is an edit of, as far as the edit says.
    pub fn as_record(&self, id: &str, version: u64) -> AnyRecord {
        let given = Given { id: id.to_owned(), version, ..self.record.given() };
        self.record.clone().with_given(given)
    }

    /// To fill a form with it again.
    pub fn record(&self) -> &AnyRecord {
        &self.record
    }
}

/// What the server gives to a record.
struct Given {
    id: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: u64,
}

impl AnyRecord {
    fn given(&self) -> Given {
        let (created_at, updated_at) = match self {
            Self::Food(record) => (record.created_at, record.updated_at),
            Self::Exercise(record) => (record.created_at, record.updated_at),
            Self::Metric(record) => (record.created_at, record.updated_at),
        };
        Given { id: self.id().to_owned(), created_at, updated_at, version: self.version() }
    }

    /// Whether the record is what the server made of this one.
    pub fn is_made_into(&self, record: &Self) -> bool {
        self.kind() == record.kind() && self.clone().with_given(record.given()) == *record
    }

    fn with_given(mut self, given: Given) -> Self {
        let Given { id, created_at, updated_at, version } = given;
        macro_rules! give {
            ($record:ident) => {{
                $record.id = Id::new(id);
                $record.created_at = created_at;
                $record.updated_at = updated_at;
                $record.version = version;
            }};
        }
        match &mut self {
            Self::Food(record) => give!(record),
            Self::Exercise(record) => give!(record),
            Self::Metric(record) => {
                give!(record);
                record.kind.unit().clone_into(&mut record.unit);
            }
        }
        self
    }
}

impl Item for AnyRecord {
    type Draft = Draft;
    type Kind = Kind;

    fn id(&self) -> &str {
        self.id()
    }

    fn kind(&self) -> Kind {
        self.kind()
    }

    fn at(&self) -> Timestamp {
        self.at()
    }

    fn revision(&self) -> Revision {
        Revision { version: self.version(), updated_at: self.given().updated_at }
    }

    fn provisional(id: &str, draft: &Draft, now: Timestamp) -> Self {
        let given = Given { id: id.to_owned(), created_at: now, updated_at: now, version: 0 };
        draft.record.clone().with_given(given)
    }

    fn with_draft(&self, draft: &Draft) -> Self {
        draft.record.clone().with_given(self.given())
    }

    fn says(&self, draft: &Draft) -> bool {
        self.with_draft(draft) == *self
    }

    fn belongs(draft: &Draft, list: &Kind) -> bool {
        draft.record.kind() == *list
    }
}
