//! What a food, an exercise and a metric have to say about themselves, so that everything else — the
//! store, the changes, the routes — is written once for the three of them.

use latido_protocol::{
    event::{Change, Event},
    id::Id,
    record::Record,
    time::Timestamp,
    values::Source,
};

use super::fields::{Fields, text, time};
use crate::store::Stored;

/// A clock may be wrong and a time zone misunderstood, but nobody has eaten the day after tomorrow.
const AHEAD_MS: i64 = 48 * 3_600_000;

pub trait Kind: Record + Send + Sync {
    /// What lists can be narrowed to by `?kind=`; none where they cannot.
    const FACETS: &'static [&'static str] = &[];

    /// The one of [`Self::FACETS`] that this record has; empty where there are none.
    fn facet(&self) -> &'static str {
        ""
    }

    /// Makes the record of its fields. `None` means that some were refused, and `fields` knows which.
    fn build(fields: &mut Fields, stamp: &Stamp<Self>) -> Option<Self>;

    /// The stamp that this record has, with which building it again gives the same record.
    fn stamp(&self, now: Timestamp) -> Stamp<Self>;

    /// Makes this a newer version of itself.
    fn renew(&mut self, now: Timestamp);

    fn event(change: Change<Self>) -> Event;
}

impl<R: Kind> Stored for R {
    const COLLECTION: &'static str = R::NAME;

    fn id(&self) -> &str {
        Record::id(self).as_str()
    }

    fn at(&self) -> Timestamp {
        Record::at(self)
    }

    fn facet(&self) -> &'static str {
        Kind::facet(self)
    }
}

/// What a record has that does not come from its fields, and the defaults of two fields that all
/// kinds have.
pub struct Stamp<R> {
    pub id: Id<R>,
    pub now: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: u64,
    /// When it happened, if that is not said.
    pub at: Timestamp,
    /// Who wrote it, if that is not said.
    pub source: Source,
}

impl<R> Stamp<R> {
    /// The stamp of a record that is new now.
    pub fn new(now: Timestamp) -> Self {
        Self {
            id: Id::new(uuid::Uuid::now_v7().to_string()),
            now,
            created_at: now,
            updated_at: now,
            version: 1,
            at: now,
            source: Source::Manual,
        }
    }

    /// Reads the field called `name` that says when it happened.
    pub fn read_at(&self, fields: &mut Fields, name: &str) -> Option<Timestamp> {
        let at = fields.or(name, self.at, time)?;
        if at > self.now.plus_ms(AHEAD_MS) {
            return fields.refuse(name, "must not be more than 48 hours ahead");
        }
        Some(at)
    }

    pub fn read_source(&self, fields: &mut Fields) -> Option<Source> {
        fields.or("source", self.source, text(Source::parse))
    }
}
