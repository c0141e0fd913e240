//! What a food, an exercise and a metric have to say about themselves, so that everything else — the
//! store, the changes, the routes — is written once for the three of them.

use latido_protocol::{
    event::{Change, Event},
    id::Id,
    record::{Record, check_time},
    time::Timestamp,
    values::Source,
};

use crate::{
    fields::{Fields, text, time},
    store::Stored,
};

pub trait RecordKind: Record + Send + Sync {
    /// The field that says when it happened.
    const AT: &'static str;

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

impl<R: RecordKind> Stored for R {
    const COLLECTION: &'static str = R::NAME;

    fn id(&self) -> &str {
        Record::id(self).as_str()
    }

    fn at(&self) -> Timestamp {
        Record::at(self)
    }

    fn facet(&self) -> &'static str {
        RecordKind::facet(self)
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

    /// Reads the field that says when it happened. Whether it was before the person's birth is checked where the
    /// profile can be read, see [`super::change`]. What is stored already stays, so that the rest can be edited.
    pub fn read_at(&self, fields: &mut Fields) -> Option<Timestamp>
    where
        R: RecordKind,
    {
        fields.or(R::AT, self.at, |value| match time(value)? {
            at if at == self.at => Ok(at),
            at => check_time(at, None, self.now),
        })
    }

    pub fn read_source(&self, fields: &mut Fields) -> Option<Source> {
        fields.or("source", self.source, text(Source::parse))
    }
}
