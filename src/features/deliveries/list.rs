//! The list of deliveries, newest first, merged from responses and events in any order.
//!
//! The first page is a query like any other; the pages behind it are fetched one at a time. Down to some place the
//! list is complete, because pages followed each other and no event was missed since. When events may have been
//! missed, that place moves back up to the end of the first page: what stands below stays on the screen, and is
//! refetched page by page.
//!
//! A delivery leaves "pending" once, for good. That, and when it was changed, orders its copies.

use latido_protocol::{
    delivery::{DeliveryEvent, DeliveryId, DeliveryKind, DeliveryPage, DeliveryStatus},
    time::Timestamp,
};
use serde::Deserialize;

use crate::data::queries::document::FetchMark;

/// Deleted deliveries that are remembered; of more, those deleted longest ago are forgotten.
const MOST_DELETED: usize = 1_000;

/// A delivery as an event describes it. Its start, and what was delivered, come with the next response.
#[derive(Clone, Debug, Deserialize)]
pub struct DeliveryChanged {
    pub id: DeliveryId,
    pub status: DeliveryStatus,
    #[serde(default)]
    pub delivery_latency_ms: Option<u64>,
    pub updated_at: Timestamp,
}

/// A delivery, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    pub id: DeliveryId,
    /// `None` until a response.
    pub kind: Option<DeliveryKind>,
    pub status: DeliveryStatus,
    pub latency_ms: Option<u64>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Delivery {
    /// Of two copies the one with the greater revision is the newer.
    fn revision(&self) -> (bool, Timestamp) {
        (self.status != DeliveryStatus::Pending, self.updated_at)
    }

    fn place(&self) -> ListPosition {
        ListPosition { at: self.created_at, id: self.id.clone() }
    }
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

/// What an answer did to the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// How many new ones it brought that no event had announced.
    pub created: u64,
    /// Of the pages behind the first one nothing is sure any more.
    pub begins_anew: bool,
}

/// A change worth announcing to screen readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Created,
    Failed,
}

/// Where a delivery stands in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ListPosition {
    at: Timestamp,
    id: DeliveryId,
}

impl ListPosition {
    fn is_above(&self, other: &Self) -> bool {
        (self.at, self.id.as_str()) > (other.at, other.id.as_str())
    }
}

/// A range of the list: below one place, down to another.
struct Range {
    below: Option<ListPosition>,
    /// `None` is to the very end.
    down_to: Option<ListPosition>,
}

impl Range {
    fn holds(&self, place: &ListPosition) -> bool {
        self.below.as_ref().is_none_or(|below| below.is_above(place))
            && self.down_to.as_ref().is_none_or(|last| place == last || place.is_above(last))
    }
}

struct HeldDelivery {
    delivery: Delivery,
    /// When an event last spoke of it; zero if none did.
    touched: u64,
    /// An answer has held it.
    answered: bool,
}

/// What is shown of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    pub status: Option<DeliveryStatus>,
    pub kind: Option<DeliveryKind>,
}

impl DeliveryFilter {
    fn passes(self, delivery: &Delivery) -> bool {
        self.status.is_none_or(|status| delivery.status == status)
            && self.kind.is_none_or(|kind| delivery.kind == Some(kind))
    }
}

/// The deliveries of one status, or of all.
pub struct Deliveries {
    status: Option<DeliveryStatus>,
    /// Newest first. Also some that have another status by now, so that a late answer does not bring them
    /// back.
    known: Vec<HeldDelivery>,
    deleted: Vec<(DeliveryId, u64)>,
    is_answered: bool,
    /// Down to here the list is what the backend holds; `None` is to the very end.
    sure_to: Option<ListPosition>,
    /// Leads on from there.
    cursor: Option<String>,
    /// An event spoke of a delivery that should be in the list and is not.
    misses_something: bool,
}

impl Deliveries {
    pub fn new(status: Option<DeliveryStatus>) -> Self {
        Self {
            status,
            known: Vec::new(),
            deleted: Vec::new(),
            is_answered: false,
            sure_to: None,
            cursor: None,
            misses_something: false,
        }
    }

    /// Applies the first page. `followed` is whether no event was missed since the one before.
    pub fn answer(&mut self, page: DeliveryPage, fetch: FetchMark, followed: bool) -> Answered {
        let newest = self.known.first().map(|known| known.delivery.place());
        let is_new =
            |event: &&DeliveryEvent| newest.as_ref().is_none_or(|newest| place_of(event).is_above(newest));
        let created = if self.is_answered { page.events.iter().filter(is_new).count() as u64 } else { 0 };
        let end = page.next_cursor.as_ref().and_then(|_| page.events.last()).map(place_of);
        let overlaps = page
            .events
            .iter()
            .any(|event| self.known.iter().any(|known| known.answered && known.delivery.id == event.id));
        let goes_on =
            self.is_answered && followed && !fetch.after_reset && overlaps && !self.misses_something;
        // The sure part may also end above the page's end, where much was deleted.
        let is_longer = match (&self.sure_to, &end) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(sure), Some(end)) => end.is_above(sure),
        };
        self.take(&Range { below: None, down_to: end.clone() }, page.events, fetch);
        let begins_anew = !(goes_on && is_longer);
        if begins_anew {
            self.sure_to = end;
            self.cursor = page.next_cursor;
            self.misses_something = false;
        }
        self.is_answered = true;
        Answered { created, begins_anew }
    }

    /// The page behind `cursor`, asked for at the moment `begun`.
    pub fn further(&mut self, cursor: &str, page: DeliveryPage, begun: u64) {
        if self.cursor.as_deref() != Some(cursor) {
            // The list has begun anew meanwhile.
            return;
        }
        let end = page.next_cursor.as_ref().and_then(|_| page.events.last()).map(place_of);
        let range = Range { below: self.sure_to.clone(), down_to: end.clone() };
        self.take(&range, page.events, FetchMark { begun, after_reset: false });
        self.sure_to = end;
        self.cursor = page.next_cursor;
    }

    /// `event_created` and `event_update`: each carries the delivery's current state.
    pub fn changed(&mut self, changed: DeliveryChanged, created: bool, moment: u64) -> Option<News> {
        if self.deleted.iter().any(|(id, _)| *id == changed.id) {
            return None;
        }
        if let Some(known) = self.known.iter_mut().find(|known| known.delivery.id == changed.id) {
            let delivery = &known.delivery;
            let newer = Delivery {
                status: changed.status,
                latency_ms: changed.delivery_latency_ms,
                updated_at: changed.updated_at,
                ..delivery.clone()
            };
            let has_failed = newer.status == DeliveryStatus::Failed && delivery.status != newer.status;
            if newer.revision() >= delivery.revision() {
                known.delivery = newer;
            }
            known.touched = moment;
            return has_failed.then_some(News::Failed);
        }
        if !created {
            // It stands further down than was asked for, or has just come to have this status.
            self.misses_something |= self.status.is_none_or(|status| status == changed.status);
            return (changed.status == DeliveryStatus::Failed).then_some(News::Failed);
        }
        let delivery = Delivery {
            id: changed.id,
            kind: None,
            status: changed.status,
            latency_ms: changed.delivery_latency_ms,
            created_at: changed.updated_at,
            updated_at: changed.updated_at,
        };
        self.known.push(HeldDelivery { delivery, touched: moment, answered: false });
        self.sort();
        Some(News::Created)
    }

    pub fn removed(&mut self, id: DeliveryId, moment: u64) {
        self.known.retain(|known| known.delivery.id != id);
        if self.deleted.len() == MOST_DELETED {
            self.deleted.remove(0);
        }
        self.deleted.push((id, moment));
    }

    /// What is shown: `None` until the first answer, then at most so many.
    pub fn rows(&self, filter: DeliveryFilter, wanted: usize) -> Option<Vec<Delivery>> {
        let shown = self.known.iter().map(|known| &known.delivery).filter(|delivery| filter.passes(delivery));
        self.is_answered.then(|| shown.take(wanted).cloned().collect())
    }

    /// The cursor of the page that is needed before so many can be shown, all of them sure.
    pub fn needs(&self, filter: DeliveryFilter, wanted: usize) -> Option<&str> {
        let cursor = self.cursor.as_deref()?;
        let range = Range { below: None, down_to: self.sure_to.clone() };
        let sure = self
            .known
            .iter()
            .map(|known| &known.delivery)
            .filter(|delivery| filter.passes(delivery) && range.holds(&delivery.place()));
        (sure.count() < wanted).then_some(cursor)
    }

    /// Whether there are more than so many, or may be.
    pub fn has_more(&self, filter: DeliveryFilter, wanted: usize) -> bool {
        self.cursor.is_some() || self.rows(filter, wanted + 1).is_some_and(|rows| rows.len() > wanted)
    }

    /// An answer decides about everything in its range that no event has touched since it was asked for.
    fn take(&mut self, range: &Range, events: Vec<DeliveryEvent>, fetch: FetchMark) {
        let status = self.status;
        self.known.retain(|known| {
            let is_listed = || events.iter().any(|event| event.id == known.delivery.id);
            let is_of_list = status.is_none_or(|status| known.delivery.status == status);
            known.touched > fetch.begun
                || is_listed()
                || (is_of_list && !range.holds(&known.delivery.place()))
        });
        if fetch.after_reset {
            self.deleted.retain(|(_, moment)| *moment > fetch.begun);
        }
        for event in events {
            if self.deleted.iter().any(|(id, _)| *id == event.id) {
                continue;
            }
            match self.known.iter_mut().find(|known| known.delivery.id == event.id) {
                None => {
                    let delivery = event.into();
                    self.known.push(HeldDelivery { delivery, touched: 0, answered: true });
                }
                Some(known) => known.take(event.into(), fetch),
            }
        }
        self.sort();
    }

    fn sort(&mut self) {
        self.known.sort_by(|one, other| {
            let (one, other) = (&one.delivery, &other.delivery);
            (other.created_at, other.id.as_str()).cmp(&(one.created_at, one.id.as_str()))
        });
    }
}

impl HeldDelivery {
    fn take(&mut self, answer: Delivery, fetch: FetchMark) {
        self.answered = true;
        let is_newer = answer.revision() >= self.delivery.revision();
        if is_newer || (fetch.after_reset && self.touched <= fetch.begun) {
            self.delivery = answer;
        } else {
            // Whatever has happened to it since, this stays.
            (self.delivery.kind, self.delivery.created_at) = (answer.kind, answer.created_at);
        }
    }
}

fn place_of(event: &DeliveryEvent) -> ListPosition {
    ListPosition { at: event.created_at, id: event.id.clone() }
}
