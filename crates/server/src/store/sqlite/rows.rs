//! Documents and events as rows. Statements are prepared once a connection and kept.

use std::sync::Arc;

use latido_protocol::{session::UserId, time::Timestamp};
use rusqlite::{Connection, OptionalExtension, Savepoint, params};

use super::super::{
    Entry, LoggedEvent, Owner, Slice, Snapshot, StoreError, Transaction,
    document::Order,
    log::{KEPT_EVENTS, KEPT_MS, MOST_EVENTS},
};

/// Pruning happens with every so many events of a user, not with each.
const PRUNE_EVERY: u64 = 100;

impl Snapshot for Connection {
    fn document(&self, owner: &Owner, collection: &str, id: &str) -> Result<Option<String>, StoreError> {
        Ok(self
            .prepare_cached("SELECT body FROM documents WHERE owner = ?1 AND collection = ?2 AND id = ?3")?
            .query_row(params![owner.as_str(), collection, id], |row| row.get(0))
            .optional()?)
    }

    fn documents(&self, owner: &Owner, collection: &str, slice: &Slice) -> Result<Vec<String>, StoreError> {
        let (behind, direction, open_end) = match slice.order {
            Order::NewestFirst => ("<", "DESC", (i64::MAX, "")),
            Order::OldestFirst => (">", "ASC", (i64::MIN, "")),
        };
        let (at, id) =
            slice.behind.as_ref().map_or(open_end, |place| (place.at.unix_ms(), place.id.as_str()));
        // Two statements rather than `?7 IS NULL OR …`, so that each has its index.
        let by_facet =
            if slice.facet.is_some() { "AND facet = ?7 AND facet <> ''" } else { "AND ?7 IS NULL" };
        let sql = format!(
            "SELECT body FROM documents WHERE owner = ?1 AND collection = ?2 AND at >= ?3 AND at < ?4
             AND (at, id) {behind} (?5, ?6) {by_facet} ORDER BY at {direction}, id {direction} LIMIT ?8"
        );
        let mut statement = self.prepare_cached(&sql)?;
        let bodies = statement.query_map(
            params![
                owner.as_str(),
                collection,
                slice.from.map_or(i64::MIN, Timestamp::unix_ms),
                slice.to.map_or(i64::MAX, Timestamp::unix_ms),
                at,
                id,
                slice.facet,
                i64::try_from(slice.limit).unwrap_or(i64::MAX),
            ],
            |row| row.get(0),
        )?;
        Ok(bodies.collect::<Result<_, _>>()?)
    }

    fn count(&self, owner: &Owner, collection: &str, facet: Option<&str>) -> Result<u64, StoreError> {
        let sql = match facet {
            Some(_) => {
                "SELECT count(*) FROM documents
                 WHERE owner = ?1 AND collection = ?2 AND facet = ?3 AND facet <> ''"
            }
            None => "SELECT count(*) FROM documents WHERE owner = ?1 AND collection = ?2 AND ?3 IS NULL",
        };
        let count = params![owner.as_str(), collection, facet];
        Ok(self.prepare_cached(sql)?.query_row(count, |row| row.get(0))?)
    }

    fn head(&self, user: &UserId) -> Result<u64, StoreError> {
        let head = self
            .prepare_cached("SELECT head FROM heads WHERE user_id = ?1")?
            .query_row([user.as_str()], |row| row.get(0))
            .optional()?;
        Ok(head.unwrap_or(0))
    }

    fn events_behind(&self, user: &UserId, seq: u64) -> Result<Vec<(u64, String)>, StoreError> {
        let mut statement = self
            .prepare_cached("SELECT seq, frame FROM events WHERE user_id = ?1 AND seq > ?2 ORDER BY seq")?;
        let events =
            statement.query_map(params![user.as_str(), seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(events.collect::<Result<_, _>>()?)
    }
}

/// One job's part of a batch.
pub struct Savepointed<'t> {
    pub savepoint: Savepoint<'t>,
    pub epoch: Arc<str>,
    /// What is to be published when the batch is committed.
    pub events: Vec<Arc<LoggedEvent>>,
}

impl Snapshot for Savepointed<'_> {
    fn document(&self, owner: &Owner, collection: &str, id: &str) -> Result<Option<String>, StoreError> {
        self.savepoint.document(owner, collection, id)
    }

    fn documents(&self, owner: &Owner, collection: &str, slice: &Slice) -> Result<Vec<String>, StoreError> {
        self.savepoint.documents(owner, collection, slice)
    }

    fn count(&self, owner: &Owner, collection: &str, facet: Option<&str>) -> Result<u64, StoreError> {
        self.savepoint.count(owner, collection, facet)
    }

    fn head(&self, user: &UserId) -> Result<u64, StoreError> {
        self.savepoint.head(user)
    }

    fn events_behind(&self, user: &UserId, seq: u64) -> Result<Vec<(u64, String)>, StoreError> {
        self.savepoint.events_behind(user, seq)
    }
}

impl Transaction for Savepointed<'_> {
    fn put(&mut self, owner: &Owner, collection: &str, entry: Entry) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached(
                "INSERT INTO documents (owner, collection, id, at, facet, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (owner, collection, id)
                 DO UPDATE SET at = excluded.at, facet = excluded.facet, body = excluded.body",
            )?
            .execute(params![
                owner.as_str(),
                collection,
                entry.id,
                entry.at.unix_ms(),
                entry.facet,
                entry.body
            ])?;
        Ok(())
    }

    fn remove(&mut self, owner: &Owner, collection: &str, id: &str) -> Result<bool, StoreError> {
        let removed = self
            .savepoint
            .prepare_cached("DELETE FROM documents WHERE owner = ?1 AND collection = ?2 AND id = ?3")?
            .execute(params![owner.as_str(), collection, id])?;
        Ok(removed > 0)
    }

    fn trim(&mut self, owner: &Owner, collection: &str, before: Timestamp) -> Result<u64, StoreError> {
        let removed = self
            .savepoint
            .prepare_cached("DELETE FROM documents WHERE owner = ?1 AND collection = ?2 AND at < ?3")?
            .execute(params![owner.as_str(), collection, before.unix_ms()])?;
        Ok(removed as u64)
    }

    fn forget(&mut self, owner: &Owner) -> Result<(), StoreError> {
        self.savepoint.prepare_cached("DELETE FROM documents WHERE owner = ?1")?.execute([owner.as_str()])?;
        Ok(())
    }

    fn append(
        &mut self,
        user: &UserId,
        at: Timestamp,
        frame: &dyn Fn(&str, u64) -> String,
    ) -> Result<(), StoreError> {
        let seq: u64 = self
            .savepoint
            .prepare_cached(
                "INSERT INTO heads (user_id, head) VALUES (?1, 1)
                 ON CONFLICT (user_id) DO UPDATE SET head = head + 1 RETURNING head",
            )?
            .query_row([user.as_str()], |row| row.get(0))?;
        let frame = frame(&self.epoch, seq);
        self.savepoint
            .prepare_cached("INSERT INTO events (user_id, seq, at, frame) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![user.as_str(), seq, at.unix_ms(), frame])?;
        if seq.is_multiple_of(PRUNE_EVERY) {
            self.savepoint
                .prepare_cached(
                    "DELETE FROM events WHERE user_id = ?1 AND (seq <= ?2 AND at < ?3 OR seq <= ?4)",
                )?
                .execute(params![
                    user.as_str(),
                    seq.saturating_sub(KEPT_EVENTS),
                    at.unix_ms() - KEPT_MS,
                    seq.saturating_sub(MOST_EVENTS)
                ])?;
        }
        self.events.push(Arc::new(LoggedEvent { user: user.clone(), seq, frame }));
        Ok(())
    }

    fn forget_events_about(&mut self, user: &UserId, text: &str) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached("DELETE FROM events WHERE user_id = ?1 AND instr(frame, ?2) > 0")?
            .execute(params![user.as_str(), text])?;
        Ok(())
    }

    fn forget_events(&mut self, user: &UserId) -> Result<(), StoreError> {
        self.savepoint.prepare_cached("DELETE FROM events WHERE user_id = ?1")?.execute([user.as_str()])?;
        self.savepoint.prepare_cached("DELETE FROM heads WHERE user_id = ?1")?.execute([user.as_str()])?;
        Ok(())
    }
}
