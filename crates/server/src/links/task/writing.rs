//! How what a link has changed gets into the database, and its log does not grow for ever.

use std::{sync::Arc, time::Duration};

use latido_domain::{device_link, store::StoreError};
use tracing::warn;

use super::{LinkStats, Task};

/// When the database takes nothing, it is asked again after this.
const RETRY_AFTER: Duration = Duration::from_secs(1);
const CLEANED_EVERY: Duration = Duration::from_hours(1);
/// After so many rows the log is cleaned before its time.
const CLEANED_AFTER: usize = 500;

impl Task<'_> {
    /// Writes what is due. `Ok(false)`: the link is no more.
    pub(super) async fn flush(&mut self) -> Result<bool, StoreError> {
        let now = self.now();
        // First, so that who hears of a change and then looks sees it.
        self.show();
        if now.instant < self.write_from {
            return Err(StoreError::Unavailable);
        }
        if self.link.changes_due(now.instant).is_none_or(|due| due > now.instant) {
            return Ok(true);
        }
        let changes = Arc::new(self.link.take_changes(now));
        self.rows_since_cleaned += changes.rows.len();
        let (tenant, id, written) = (self.stored.tenant.clone(), self.id().clone(), Arc::clone(&changes));
        let saved = self
            .environment
            .store
            .write(move |write| device_link::save(write, &tenant, &id, &written, now.at))
            .await;
        if let Err(error) = &saved {
            warn!(link = %self.id(), %error, "what a link has changed could not be written; it is tried again");
            self.write_from = now.instant + RETRY_AFTER;
            self.link.put_back(Arc::unwrap_or_clone(changes));
        }
        saved
    }

    /// Cleans the log, when it is time.
    pub(super) async fn clean(&mut self) {
        let now = self.now();
        if now.instant < self.clean_at && self.rows_since_cleaned < CLEANED_AFTER {
            return;
        }
        (self.clean_at, self.rows_since_cleaned) = (now.instant + CLEANED_EVERY, 0);
        let settings = &self.environment.settings;
        let (id, before, rows) = (self.id().clone(), now.at.plus_ms(-settings.log_ms), settings.log_rows);
        let cleaned = self.environment.store.write(move |write| device_link::clean(write, &id, before, rows));
        if let Err(error) = cleaned.await {
            warn!(link = %self.id(), %error, "a link's log could not be cleaned; it is tried again in an hour");
        }
    }

    fn show(&self) {
        self.stats.send_replace(Some(LinkStats {
            status: self.link.status(),
            last_heard_at: self.link.connection().last_ping_at,
            figures: self.link.figures(),
        }));
    }
}
