//! A small record for the tests: two kinds, a text, a time.

use latido_protocol::time::Timestamp;

use crate::{Item, Revision};

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    Food,
    Metric,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Draft {
    pub kind: Kind,
    pub at: Timestamp,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub id: String,
    pub version: u64,
    pub draft: Draft,
}

/// An instant within the day that the tests' lists show.
pub fn at(ms: i64) -> Timestamp {
    Timestamp::from_unix_ms(ms)
}

pub fn draft(text: &str) -> Draft {
    Draft { kind: Kind::Food, at: at(100), text: text.to_owned() }
}

pub fn sample(id: &str, version: u64, text: &str) -> Sample {
    Sample { id: id.to_owned(), version, draft: draft(text) }
}

impl Item for Sample {
    type Draft = Draft;
    type Kind = Kind;

    fn id(&self) -> &str {
        &self.id
    }
    fn kind(&self) -> Kind {
        self.draft.kind
    }
    fn at(&self) -> Timestamp {
        self.draft.at
    }
    fn revision(&self) -> Revision {
        Revision { version: self.version, updated_at: Timestamp::EPOCH }
    }
    fn provisional(id: &str, draft: &Draft, _: Timestamp) -> Self {
        Self { id: id.to_owned(), version: 0, draft: draft.clone() }
    }
    fn with_draft(&self, draft: &Draft) -> Self {
        Self { draft: draft.clone(), ..self.clone() }
    }
    fn says(&self, draft: &Draft) -> bool {
        self.draft == *draft
    }
    fn belongs(draft: &Draft, list: &Kind) -> bool {
        draft.kind == *list
    }
}
