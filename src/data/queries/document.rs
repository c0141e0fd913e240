//! Documents: responses that pages parse themselves. They are cached as text, so that the parser of what a page does
//! not show stays out of its wasm, and fetched by the same rules as every query.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use latido_cache::lag::is_unsettled;
use latido_protocol::{event::Family, time::Timestamp};
use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::{
    FetchStatus, Polling, Queries,
    entry::CachedQuery,
    lag::Lag,
    record::{AnyRecord, DataChange},
};
use crate::{
    api::error::ApiError,
    browser::{LocalRc, clock, local_rc},
};

/// Whether an answer can be read as what its reader takes it for.
pub type Readable = fn(&str) -> bool;

/// By [`Document::read`].
pub fn reads<T: DeserializeOwned>(body: &str) -> bool {
    serde_json::from_str::<T>(body).is_ok()
}

/// The first page of a response, for as long as it is observed.
#[derive(Clone)]
pub struct Document {
    /// JSON; `None` until the first answer.
    pub body: ArcRwSignal<Option<Arc<str>>>,
    pub fetch_status: ArcRwSignal<FetchStatus>,
    order: LocalRc<Order>,
}

/// The fetch whose answer is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FetchMark {
    /// What events have brought after this moment may not be in it. Where answers lag behind events, it is
    /// before every event of that time.
    pub begun: u64,
    /// Events may have been missed before it, or the database was restored: it counts for more than what
    /// was known, however new that looked.
    pub after_reset: bool,
}

impl Document {
    /// Reads the answer, tracking it. `None` until there is one.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        self.body.with(|body| serde_json::from_str(body.as_ref()?).ok())
    }

    /// The fetch that brought what is shown now.
    pub fn fetch(&self) -> FetchMark {
        self.order.shown.get()
    }

    /// The moment at which a fetch that starts now begins; see [`Fetch::begun`](FetchMark::begun).
    pub fn moment(&self) -> u64 {
        self.order.begin()
    }

    /// Records that an event brought something that the shown response may lack: the next response notifies even if it
    /// is equal. The moment returned is later than every fetch begun so far.
    pub fn overtaken(&self) -> u64 {
        let now = self.order.tick();
        self.order.overtaken.set(now);
        let settles_at = self.order.lag.settles_at();
        if settles_at > Timestamp::EPOCH {
            self.order.unsettled.borrow_mut().push((settles_at, now));
        }
        now
    }
}

impl Queries {
    /// Looks at a path for as long as the current owner lives. An event of the family fetches it again. An answer
    /// that is not `readable` is an error like any other: what was shown stays.
    pub fn document(&self, path: &str, family: Family, polling: Polling, readable: Readable) -> Document {
        let (query, fetch_status) = self
            .observe(path.to_owned(), family, polling, || DocumentQuery::new(readable, self.0.lag.clone()));
        Document { body: query.shown.clone(), fetch_status, order: query.order.clone() }
    }
}

/// What came before what. Zero is before everything.
struct Order {
    lag: Lag,
    /// Events that answers may not hold yet: when they do, and the moment.
    unsettled: RefCell<Vec<(Timestamp, u64)>>,
    last: Cell<u64>,
    /// The fetch under way, or the last one.
    begun: Cell<u64>,
    overtaken: Cell<u64>,
    after_reset: Cell<u64>,
    shown: Cell<FetchMark>,
}

impl Order {
    fn tick(&self) -> u64 {
        self.last.set(self.last.get() + 1);
        self.last.get()
    }

    fn begin(&self) -> u64 {
        let (now, tick) = (clock::wall(), self.tick());
        let mut unsettled = self.unsettled.borrow_mut();
        unsettled.retain(|(settles_at, _)| is_unsettled(now, *settles_at));
        unsettled.first().map_or(tick, |(_, moment)| moment - 1)
    }
}

struct DocumentQuery {
    readable: Readable,
    shown: ArcRwSignal<Option<Arc<str>>>,
    incoming: RefCell<Option<Arc<str>>>,
    order: LocalRc<Order>,
}

impl DocumentQuery {
    fn new(readable: Readable, lag: Lag) -> Self {
        let order = local_rc(Order {
            lag,
            unsettled: RefCell::default(),
            last: Cell::default(),
            begun: Cell::default(),
            overtaken: Cell::default(),
            after_reset: Cell::default(),
            shown: Cell::default(),
        });
        Self { readable, shown: ArcRwSignal::default(), incoming: RefCell::default(), order }
    }
}

impl CachedQuery for DocumentQuery {
    fn begin(&self) {
        self.incoming.replace(None);
        self.order.begun.set(self.order.begin());
    }

    /// The pages behind the first are the reader's own business: some want none, some one at a time.
    fn page(&self, body: &str) -> Result<Option<String>, ApiError> {
        if !(self.readable)(body) {
            return Err(ApiError::Unreadable);
        }
        self.incoming.replace(Some(body.into()));
        Ok(None)
    }

    fn commit(&self, _: bool) {
        let incoming = self.incoming.take();
        let (before, begun) = (self.order.shown.get(), self.order.begun.get());
        let after_reset = (before.begun..begun).contains(&self.order.after_reset.get());
        let is_news = after_reset || self.order.overtaken.get() > before.begun;
        self.order.shown.set(FetchMark { begun, after_reset });
        if is_news || self.shown.with_untracked(|shown| *shown != incoming) {
            self.shown.set(incoming);
        }
    }

    fn put(&self, _: &DataChange, _: Timestamp) -> bool {
        false
    }

    fn find(&self, _: &str) -> Option<AnyRecord> {
        None
    }

    fn mark_stale(&self) {
        self.order.after_reset.set(self.order.tick());
    }

    fn takes_events(&self) -> bool {
        false
    }

    fn matches_last_response(&self) -> bool {
        self.order.overtaken.get().max(self.order.after_reset.get()) <= self.order.shown.get().begun
    }

    fn show(&self) {}

    fn as_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}
