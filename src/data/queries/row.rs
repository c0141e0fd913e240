//! A row of a list of records.

use leptos::prelude::ArcRwSignal;

use super::record::AnyRecord;

/// The prefix of the ids of records that were made here and have no id of the server yet.
pub const LOCAL_ID: &str = "local-";

#[derive(Clone)]
pub struct RecordRow {
    /// Stays the same for as long as the row is there, so that its element does too: also when a record
    /// that was made here gets its id from the server.
    pub key: String,
    pub id: String,
    pub record: ArcRwSignal<AnyRecord>,
    /// A write about it waits for the server.
    pub pending: ArcRwSignal<bool>,
}

impl RecordRow {
    pub(super) fn new(record: AnyRecord, pending: bool) -> Self {
        let id = record.id().to_owned();
        Self { key: id.clone(), id, record: ArcRwSignal::new(record), pending: ArcRwSignal::new(pending) }
    }
}
