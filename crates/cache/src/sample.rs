//! A small record for the tests: two kinds, a text, a time.

use latido_protocol::time::Timestamp;

use std::cmp::Reverse;

use crate::{Entity, Item, Period, Revision};

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

impl Entity for Sample {
    type SortKey = Reverse<(Timestamp, String)>;
    type Revision = Revision;
    type Scope = Period<Kind>;
    type Draft = Draft;

    fn id(&self) -> &str {
        &self.id
    }
    fn sort_key(&self) -> Self::SortKey {
        Reverse((self.draft.at, self.id.clone()))
    }
    fn revision(&self) -> Revision {
        Revision { version: self.version, updated_at: Timestamp::EPOCH }
    }
    fn is_in(&self, scope: &Period<Kind>) -> bool {
        scope.holds(&self.draft.kind, self.draft.at)
    }
    fn with_draft(&self, draft: &Draft) -> Self {
        Self { draft: draft.clone(), ..self.clone() }
    }
}

impl Item for Sample {
    type Kind = Kind;

    fn provisional(id: &str, draft: &Draft, _: Timestamp) -> Self {
        Self { id: id.to_owned(), version: 0, draft: draft.clone() }
    }
    fn says(&self, draft: &Draft) -> bool {
        self.draft == *draft
    }
    fn belongs(draft: &Draft, kind: &Kind) -> bool {
        draft.kind == *kind
    }
}

/// Every order of so many things.
pub fn orders(count: usize) -> Vec<Vec<usize>> {
    (0..count).fold(vec![Vec::new()], |orders, next| {
        let with_next = |order: Vec<usize>| {
            (0..=order.len()).map(move |place| {
                let mut longer = order.clone();
                longer.insert(place, next);
                longer
            })
        };
        orders.into_iter().flat_map(with_next).collect()
    })
}
