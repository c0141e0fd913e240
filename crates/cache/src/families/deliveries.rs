//! Deliveries, newest first: what became of everything that was sent to a contact.
//!
//! A delivery leaves "pending" once, for good. That, and when it was changed, orders its copies. An event says little of
//! one: what it is, and when it was queued, come with a response.

use std::cmp::Reverse;

use latido_protocol::{
    delivery::{DeliveryEvent, DeliveryId, DeliveryKind, DeliveryPage, DeliveryStatus},
    event::Event,
    time::Timestamp,
};
use serde::Deserialize;

use crate::{
    collection::{Collection, Entity, FetchMark},
    model::Model,
};

/// Rows that are kept when more come by themselves.
const MOST: usize = 10_000;

/// A delivery, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The server's id.
    pub id: DeliveryId,
    /// `None` until a response says what it is.
    pub kind: Option<DeliveryKind>,
    /// Pending, delivered or failed.
    pub status: DeliveryStatus,
    /// Milliseconds until the provider had taken it.
    pub latency_ms: Option<u64>,
    /// When it was queued; about that until a response says it.
    pub created_at: Timestamp,
    /// When the status last changed.
    pub updated_at: Timestamp,
}

impl From<DeliveryEvent> for Delivery {
    fn from(event: DeliveryEvent) -> Self {
        Self {
            id: event.id,
            kind: Some(event.kind),
            status: event.status,
            latency_ms: event.delivery_latency_ms,
            created_at: event.created_at,
            updated_at: event.updated_at,
        }
    }
}

impl Entity for Delivery {
    type SortKey = Reverse<(Timestamp, String)>;
    /// Whether it is over, and when it was changed.
    type Revision = (bool, Timestamp);
    /// The status of the list; `None` is all of them.
    type Scope = Option<DeliveryStatus>;
    type Draft = ();

    const IS_PARTIAL: bool = true;

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn sort_key(&self) -> Self::SortKey {
        Reverse((self.created_at, self.id.as_str().to_owned()))
    }

    fn revision(&self) -> (bool, Timestamp) {
        (self.status != DeliveryStatus::Pending, self.updated_at)
    }

    fn is_in(&self, status: &Option<DeliveryStatus>) -> bool {
        status.is_none_or(|status| self.status == status)
    }

    fn with_draft(&self, (): &()) -> Self {
        self.clone()
    }

    fn complete_from(&mut self, other: &Self) {
        if self.kind.is_none() {
            self.kind = other.kind;
            self.created_at =
                if other.kind.is_some() { other.created_at } else { self.created_at.min(other.created_at) };
        }
    }
}

/// A delivery as an event describes it.
#[derive(Deserialize)]
struct Changed {
    id: DeliveryId,
    status: DeliveryStatus,
    #[serde(default)]
    delivery_latency_ms: Option<u64>,
    updated_at: Timestamp,
}

impl From<Changed> for Delivery {
    fn from(changed: Changed) -> Self {
        Self {
            id: changed.id,
            kind: None,
            status: changed.status,
            latency_ms: changed.delivery_latency_ms,
            created_at: changed.updated_at,
            updated_at: changed.updated_at,
        }
    }
}

#[derive(Deserialize)]
struct Deleted {
    id: DeliveryId,
}

/// What has happened that is worth telling a screen reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// New deliveries.
    pub created: u64,
    /// Deliveries that were given up.
    pub failed: u64,
    /// So many pages behind the first were loaded, and have to be loaded again.
    pub pages_lost: u32,
}

/// The deliveries of one status, or of all.
pub struct Deliveries {
    list: Collection<Delivery>,
    /// An event spoke of a delivery that should be in the list and is not.
    misses_something: bool,
    /// Pages behind the first that came since the list was last complete no further than the first.
    further_pages: u32,
    news: News,
}

impl Deliveries {
    /// A list without a response yet.
    pub fn new(status: Option<DeliveryStatus>) -> Self {
        Self {
            list: Collection::new(status, MOST),
            misses_something: false,
            further_pages: 0,
            news: News::default(),
        }
    }

    /// What has happened since the last call.
    pub fn take_news(&mut self) -> News {
        std::mem::take(&mut self.news)
    }

    /// What is shown: `None` until the first answer, then at most so many, of this kind or of all.
    pub fn rows(&self, kind: Option<DeliveryKind>, wanted: usize) -> Option<Vec<Delivery>> {
        let shown = self.list.rows().map(|row| &**row).filter(|delivery| is_of(delivery, kind));
        self.list.is_known().then(|| shown.take(wanted).cloned().collect())
    }

    /// The cursor of the page that is needed before so many can be shown, all of them certain.
    pub fn needs(&self, kind: Option<DeliveryKind>, wanted: usize) -> Option<&str> {
        let cursor = self.list.cursor()?;
        let complete = self.list.rows().take(self.list.complete_rows());
        let certain = complete.filter(|delivery| is_of(delivery, kind)).take(wanted).count();
        (certain < wanted).then_some(cursor)
    }

    /// Whether there are more than so many, or may be.
    pub fn has_more(&self, kind: Option<DeliveryKind>, wanted: usize) -> bool {
        self.list.cursor().is_some()
            || self.list.rows().filter(|delivery| is_of(delivery, kind)).nth(wanted).is_some()
    }

    fn apply_changed(&mut self, changed: Changed, is_new: bool, settles_at: Timestamp) -> bool {
        let (id, has_failed) = (changed.id.clone(), changed.status == DeliveryStatus::Failed);
        let before = self.list.get(id.as_str()).map(|held| held.status);
        if before.is_none() && !is_new {
            // It stands further down than was asked for, or has just come to have this status.
            self.misses_something |= Delivery::from(changed).is_in(self.list.scope());
            self.news.failed += u64::from(has_failed);
            return false;
        }
        let put = self.list.put_until(changed.into(), settles_at);
        if put && self.list.is_known() {
            self.news.created += u64::from(before.is_none());
            self.news.failed +=
                u64::from(has_failed && before.is_some_and(|status| status != DeliveryStatus::Failed));
        }
        put
    }
}

fn is_of(delivery: &Delivery, kind: Option<DeliveryKind>) -> bool {
    kind.is_none_or(|kind| delivery.kind == Some(kind))
}

fn read(page: DeliveryPage) -> (Vec<Delivery>, Option<String>) {
    (page.events.into_iter().map(Delivery::from).collect(), page.next_cursor)
}

impl Model for Deliveries {
    type Page = DeliveryPage;

    fn begin_fetch(&mut self, now: Timestamp) -> FetchMark {
        self.list.begin_fetch(now)
    }

    fn apply_first_page(&mut self, mark: FetchMark, page: DeliveryPage, followed: bool) {
        let (deliveries, cursor) = read(page);
        // New ones that no event has announced.
        if self.list.is_known() {
            let newest = self.list.row_at(0).map(|newest| newest.sort_key());
            let is_new =
                |delivery: &&Delivery| newest.as_ref().is_none_or(|newest| delivery.sort_key() < *newest);
            self.news.created += deliveries.iter().filter(is_new).count() as u64;
        }
        let followed = followed && !self.misses_something;
        if self.list.apply_first_page(mark, deliveries, cursor, followed).begins_anew {
            self.misses_something = false;
            self.news.pages_lost = self.news.pages_lost.max(std::mem::take(&mut self.further_pages));
        }
    }

    fn apply_next_page(&mut self, mark: FetchMark, asked: &str, page: DeliveryPage) -> bool {
        let (deliveries, cursor) = read(page);
        let applied = self.list.apply_next_page(mark, asked, deliveries, cursor).applied;
        self.further_pages += u32::from(applied);
        applied
    }

    fn cursor(&self) -> Option<&str> {
        self.list.cursor()
    }

    fn apply_event(&mut self, event: &Event, settles_at: Timestamp) -> bool {
        if let Some(changed) = event.read("event_created") {
            self.apply_changed(changed, true, settles_at)
        } else if let Some(changed) = event.read("event_update") {
            self.apply_changed(changed, false, settles_at)
        } else if let Some(Deleted { id }) = event.read("event_deleted") {
            self.list.remove_until(id.as_str(), settles_at)
        } else {
            false
        }
    }

    fn mark_stale(&mut self) {
        self.list.mark_stale();
    }

    fn matches_last_response(&self) -> bool {
        !self.misses_something && self.list.matches_last_response()
    }
}

#[cfg(test)]
mod tests;
