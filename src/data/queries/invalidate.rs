//! What makes queries stale: events, writes, a reconnect, a user who comes back.

use latido_connection::Invalidation;
use latido_protocol::{event::Family, time::Timestamp};

use super::{
    Queries,
    record::{AnyRecord, RecordKind},
};
use crate::{api::prefetch, browser::clock};

/// A query without observers is refetched at a random time within this many milliseconds after a reconnect, so that
/// clients which were cut off together do not refetch everything at once.
const CATCH_UP_WITHIN_MS: f64 = 30_000.0;

impl Queries {
    /// What was fetched no longer holds.
    pub fn invalidate(&self, invalidation: Invalidation) {
        prefetch::close();
        let (now, settles_at) = (clock::wall(), self.0.lag.settles_at());
        for entry in self.0.entries.borrow().iter() {
            match invalidation {
                Invalidation::Everything => {
                    entry.query.mark_stale();
                    entry.invalidate(None, settles_at);
                    let later = js_sys::Math::random() * CATCH_UP_WITHIN_MS;
                    entry.catch_up_at.set(Some(now.plus_ms(later as i64)));
                }
                Invalidation::Family { family, event } if family == entry.family => {
                    entry.invalidate(Some(event), settles_at);
                }
                Invalidation::Confirm { family, event } if family == entry.family => {
                    entry.confirm_later(event, now, settles_at);
                }
                Invalidation::Family { .. } | Invalidation::Confirm { .. } => {}
            }
        }
        self.schedule_fetches();
    }

    /// Something of a person's has changed whom this one follows.
    pub fn invalidate_person(&self, person: &str, family: &str) {
        let theirs = format!("person={person}");
        for entry in self.0.entries.borrow().iter() {
            if entry.family.name() == family && entry.path.contains(&theirs) {
                entry.invalidate(None, Timestamp::EPOCH);
            }
        }
        self.schedule_fetches();
    }

    /// A write's answer has brought a record. It may be an old one: a creation that was sent again is
    /// answered as it was the first time, whatever has happened since.
    pub fn confirm(&self, record: AnyRecord) {
        let kind = record.kind();
        self.apply_event(&record.updated());
        self.refetch(kind);
    }

    /// Asks for everything of a kind again.
    pub fn refetch(&self, kind: RecordKind) {
        self.refetch_family(kind.family());
    }

    pub fn refetch_family(&self, family: Family) {
        let settles_at = self.0.lag.settles_at();
        for entry in self.0.entries.borrow().iter().filter(|entry| entry.family == family) {
            entry.invalidate(None, settles_at);
        }
        self.schedule_fetches();
    }

    /// Refetches what failed or is old, when the user or the network comes back.
    pub fn refresh(&self) {
        for entry in self.0.entries.borrow().iter() {
            entry.schedule.borrow_mut().forgive();
            entry.invalidate(None, Timestamp::EPOCH);
        }
        self.schedule_fetches();
    }
}
