//! Foods, exercises and metrics. They are stored alike: the record as JSON, beside it what lists are
//! sorted and narrowed by.

use latido_protocol::{id::Id, session::UserId, time::Timestamp};
use rusqlite::{OptionalExtension, params};

use super::{Read, StoreError, Write};
use crate::domain::Kind;

/// A place in a list: the time and the id of the last record that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub at: Timestamp,
    pub id: String,
}

/// Which part of a list is wanted, newest first.
#[derive(Clone, Debug)]
pub struct Slice {
    /// From this instant on, inclusive.
    pub from: Option<Timestamp>,
    /// Up to this instant, exclusive.
    pub to: Option<Timestamp>,
    /// Only records with this facet.
    pub facet: Option<&'static str>,
    /// Only what comes behind this place.
    pub behind: Option<Place>,
    pub limit: usize,
}

impl Read<'_> {
    pub fn record<R: Kind>(&self, user: &UserId, id: &Id<R>) -> Result<Option<R>, StoreError> {
        let body: Option<String> = self
            .connection
            .prepare_cached("SELECT body FROM records WHERE user_id = ?1 AND collection = ?2 AND id = ?3")?
            .query_row(params![user.as_str(), R::NAME, id.as_str()], |row| row.get(0))
            .optional()?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }

    pub fn records<R: Kind>(&self, user: &UserId, slice: &Slice) -> Result<Vec<R>, StoreError> {
        let (at, id) = match &slice.behind {
            Some(place) => (place.at.unix_ms(), place.id.as_str()),
            None => (i64::MAX, ""),
        };
        // Two statements rather than `?7 IS NULL OR …`, so that each has its index.
        let by_facet = if slice.facet.is_some() { "AND facet = ?7" } else { "AND ?7 IS NULL" };
        let sql = format!(
            "SELECT body FROM records WHERE user_id = ?1 AND collection = ?2 AND at >= ?3 AND at < ?4
             AND (at, id) < (?5, ?6) {by_facet} ORDER BY at DESC, id DESC LIMIT ?8"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let bodies = statement.query_map(
            params![
                user.as_str(),
                R::NAME,
                slice.from.map_or(i64::MIN, Timestamp::unix_ms),
                slice.to.map_or(i64::MAX, Timestamp::unix_ms),
                at,
                id,
                slice.facet,
                i64::try_from(slice.limit).unwrap_or(i64::MAX),
            ],
            |row| row.get::<_, String>(0),
        )?;
        bodies.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
    }
}

impl Write<'_> {
    /// Writes the record, over an older version of itself if there is one.
    pub fn put_record<R: Kind>(&mut self, user: &UserId, record: &R) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached(
                "INSERT INTO records (user_id, collection, id, at, facet, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (user_id, collection, id)
                 DO UPDATE SET at = excluded.at, facet = excluded.facet, body = excluded.body",
            )?
            .execute(params![
                user.as_str(),
                R::NAME,
                record.id().as_str(),
                record.at().unix_ms(),
                record.facet(),
                serde_json::to_string(record)?,
            ])?;
        Ok(())
    }

    pub fn delete_record<R: Kind>(&mut self, user: &UserId, id: &Id<R>) -> Result<(), StoreError> {
        self.savepoint
            .prepare_cached("DELETE FROM records WHERE user_id = ?1 AND collection = ?2 AND id = ?3")?
            .execute(params![user.as_str(), R::NAME, id.as_str()])?;
        Ok(())
    }
}
