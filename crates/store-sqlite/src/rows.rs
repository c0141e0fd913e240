//! Documents and events as rows. Statements are prepared once a connection and kept.

use std::sync::Arc;

use latido_protocol::{session::UserId, time::Timestamp};
use rusqlite::{Connection, OptionalExtension, Savepoint, params};

use latido_domain::store::{
    Entry, LoggedEvent, Owner, Slice, Snapshot, StoreError, Transaction,
    document::SortOrder,
    log::{KEPT_EVENTS, KEPT_MS, MOST_EVENTS},
};

use crate::error::EngineResult;

/// Pruning happens with every so many events of a user, not with each.
const PRUNE_EVERY: u64 = 100;

/// What a connection sees of the database.
pub struct SqliteSnapshot<'c>(pub &'c Connection);

impl Snapshot for SqliteSnapshot<'_> {
    fn document(&self, owner: &Owner, collection: &str, id: &str) -> Result<Option<String>, StoreError> {
        self.0
            .prepare_cached("SELECT body FROM documents WHERE owner = ?1 AND collection = ?2 AND id = ?3")
            .engine()?
            .query_row(params![owner.as_str(), collection, id], |row| row.get(0))
            .optional()
            .engine()
    }

    fn documents(&self, owner: &Owner, collection: &str, slice: &Slice) -> Result<Vec<String>, StoreError> {
        let (behind, direction, open_end) = match slice.order {
            SortOrder::NewestFirst => ("<", "DESC", (i64::MAX, "")),
            SortOrder::OldestFirst => (">", "ASC", (i64::MIN, "")),
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
        let mut statement = self.0.prepare_cached(&sql).engine()?;
        let bodies = statement
            .query_map(
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
            )
            .engine()?;
        bodies.collect::<Result<_, _>>().engine()
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
        self.0.prepare_cached(sql).engine()?.query_row(count, |row| row.get(0)).engine()
    }

    fn head(&self, user: &UserId) -> Result<u64, StoreError> {
        let head = self
            .0
            .prepare_cached("SELECT head FROM heads WHERE user_id = ?1")
            .engine()?
            .query_row([user.as_str()], |row| row.get(0))
            .optional()
            .engine()?;
        Ok(head.unwrap_or(0))
    }

    fn events_behind(&self, user: &UserId, seq: u64) -> Result<Vec<(u64, String)>, StoreError> {
        let mut statement = self
            .0
            .prepare_cached("SELECT seq, frame FROM events WHERE user_id = ?1 AND seq > ?2 ORDER BY seq")
            .engine()?;
        let events = statement
            .query_map(params![user.as_str(), seq], |row| Ok((row.get(0)?, row.get(1)?)))
            .engine()?;
        events.collect::<Result<_, _>>().engine()
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
        SqliteSnapshot(&self.savepoint).document(owner, collection, id)
    }

    fn documents(&self, owner: &Owner, collection: &str, slice: &Slice) -> Result<Vec<String>, StoreError> {
        SqliteSnapshot(&self.savepoint).documents(owner, collection, slice)
    }

    fn count(&self, owner: &Owner, collection: &str, facet: Option<&str>) -> Result<u64, StoreError> {
        SqliteSnapshot(&self.savepoint).count(owner, collection, facet)
    }

    fn head(&self, user: &UserId) -> Result<u64, StoreError> {
        SqliteSnapshot(&self.savepoint).head(user)
    }

    fn events_behind(&self, user: &UserId, seq: u64) -> Result<Vec<(u64, String)>, StoreError> {
        SqliteSnapshot(&self.savepoint).events_behind(user, seq)
    }
}

impl Transaction for Savepointed<'_> {
    fn put(&mut self, owner: &Owner, collection: &str, entry: Entry) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached(
                "INSERT INTO documents (owner, collection, id, at, facet, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (owner, collection, id)
                 DO UPDATE SET at = excluded.at, facet = excluded.facet, body = excluded.body",
            ).engine()?
            .execute(params![
                owner.as_str(),
                collection,
                entry.id,
                entry.at.unix_ms(),
                entry.facet,
                entry.body
            ]).engine()?;
        Ok(())
    }

    fn remove(&mut self, owner: &Owner, collection: &str, id: &str) -> Result<bool, StoreError> {
        let removed = self
            .savepoint
            .prepare_cached("DELETE FROM documents WHERE owner = ?1 AND collection = ?2 AND id = ?3")
            .engine()?
            .execute(params![owner.as_str(), collection, id])
            .engine()?;
        Ok(removed > 0)
    }

    fn trim(&mut self, owner: &Owner, collection: &str, before: Timestamp) -> Result<u64, StoreError> {
        let removed = self
            .savepoint
            .prepare_cached("DELETE FROM documents WHERE owner = ?1 AND collection = ?2 AND at < ?3")
            .engine()?
            .execute(params![owner.as_str(), collection, before.unix_ms()])
            .engine()?;
        Ok(removed as u64)
    }

    fn forget(&mut self, owner: &Owner) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached("DELETE FROM documents WHERE owner = ?1")
            .engine()?
            .execute([owner.as_str()])
            .engine()?;
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
            )
            .engine()?
            .query_row([user.as_str()], |row| row.get(0))
            .engine()?;
        let frame = frame(&self.epoch, seq);
        self.savepoint
            .prepare_cached("INSERT INTO events (user_id, seq, at, frame) VALUES (?1, ?2, ?3, ?4)")
            .engine()?
            .execute(params![user.as_str(), seq, at.unix_ms(), frame])
            .engine()?;
        if seq.is_multiple_of(PRUNE_EVERY) {
            self.savepoint
                .prepare_cached(
                    "DELETE FROM events WHERE user_id = ?1 AND (seq <= ?2 AND at < ?3 OR seq <= ?4)",
                )
                .engine()?
                .execute(params![
                    user.as_str(),
                    seq.saturating_sub(KEPT_EVENTS),
                    at.unix_ms() - KEPT_MS,
                    seq.saturating_sub(MOST_EVENTS)
                ])
                .engine()?;
        }
        self.events.push(Arc::new(LoggedEvent { user: user.clone(), seq, frame }));
        Ok(())
    }

    fn forget_events_where(&mut self, user: &UserId, goes: &dyn Fn(&str) -> bool) -> Result<(), StoreError> {
        let mut gone: Vec<u64> = Vec::new();
        let mut statement =
            self.savepoint.prepare_cached("SELECT seq, frame FROM events WHERE user_id = ?1").engine()?;
        let mut rows = statement.query([user.as_str()]).engine()?;
        while let Some(row) = rows.next().engine()? {
            if goes(row.get_ref(1).engine()?.as_str().unwrap_or_default()) {
                gone.push(row.get(0).engine()?);
            }
        }
        let mut delete =
            self.savepoint.prepare_cached("DELETE FROM events WHERE user_id = ?1 AND seq = ?2").engine()?;
        for seq in gone {
            delete.execute(params![user.as_str(), seq]).engine()?;
        }
        Ok(())
    }

    fn forget_events(&mut self, user: &UserId) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached("DELETE FROM events WHERE user_id = ?1")
            .engine()?
            .execute([user.as_str()])
            .engine()?;
        self.savepoint
            .prepare_cached("DELETE FROM heads WHERE user_id = ?1")
            .engine()?
            .execute([user.as_str()])
            .engine()?;
        Ok(())
    }
}
