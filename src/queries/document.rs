//! Answers that the pages beside the health records read themselves: kept as text, so that what a page does
//! not show has no reader in the wasm, and fetched by the same rules as everything else.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use latido_protocol::event::Family;
use latido_protocol::json::{self, FromJson};
use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::{
    Health, Polling, Queries,
    entry::Target,
    record::{AnyRecord, Change},
};
use crate::{
    api::error::ApiError,
    browser::{Shared, shared},
};

/// Whether an answer can be read as what its reader takes it for.
pub type Readable = fn(&str) -> bool;

/// By [`Document::read`].
pub fn reads<T: DeserializeOwned>(body: &str) -> bool {
    serde_json::from_str::<T>(body).is_ok()
}

/// By [`Document::parse`].
pub fn parses<T: FromJson>(body: &str) -> bool {
    json::parse::<T>(body).is_ok()
}

/// The first page of an answer, for as long as somebody looks at it.
#[derive(Clone)]
pub struct Document {
    /// JSON; `None` until the first answer.
    pub body: ArcRwSignal<Option<Arc<str>>>,
    pub health: ArcRwSignal<Health>,
    order: Shared<Order>,
}

/// The fetch whose answer is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fetch {
    /// What events have brought after this moment may not be in it.
    pub begun: u64,
    /// Events may have been missed before it, or the database was restored: it counts for more than what
    /// was known, however new that looked.
    pub doubted: bool,
}

impl Document {
    /// As [`read`](Self::read), for what the first page reads too.
    pub fn parse<T: FromJson>(&self) -> Option<T> {
        self.body.with(|body| json::parse(body.as_ref()?).ok())
    }

    /// Reads the answer, tracking it. `None` until there is one.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        self.body.with(|body| serde_json::from_str(body.as_ref()?).ok())
    }

    /// The fetch that brought what is shown now.
    pub fn fetch(&self) -> Fetch {
        self.order.shown.get()
    }

    /// This moment, among the starts of fetches and the other moments asked for.
    pub fn moment(&self) -> u64 {
        self.order.tick()
    }

    /// An event has brought what the answer shown may not hold: the next one is told even if it says the
    /// same. The moment is later than every fetch begun so far.
    pub fn overtaken(&self) -> u64 {
        let now = self.order.tick();
        self.order.overtaken.set(now);
        now
    }
}

impl Queries {
    /// Looks at a path for as long as the current owner lives. An event of the family fetches it again. An answer
    /// that is not `readable` is an error like any other: what was shown stays.
    pub fn document(&self, path: &str, family: Family, polling: Polling, readable: Readable) -> Document {
        let (target, health) =
            self.observe(path.to_owned(), family, polling, || DocumentTarget::new(readable));
        Document { body: target.shown.clone(), health, order: target.order.clone() }
    }
}

/// What came before what. Zero is before everything.
#[derive(Default)]
struct Order {
    last: Cell<u64>,
    /// The fetch under way, or the last one.
    begun: Cell<u64>,
    overtaken: Cell<u64>,
    doubted: Cell<u64>,
    shown: Cell<Fetch>,
}

impl Order {
    fn tick(&self) -> u64 {
        self.last.set(self.last.get() + 1);
        self.last.get()
    }
}

struct DocumentTarget {
    readable: Readable,
    shown: ArcRwSignal<Option<Arc<str>>>,
    incoming: RefCell<Option<Arc<str>>>,
    order: Shared<Order>,
}

impl DocumentTarget {
    fn new(readable: Readable) -> Self {
        let order = shared(Order::default());
        Self { readable, shown: ArcRwSignal::default(), incoming: RefCell::default(), order }
    }
}

impl Target for DocumentTarget {
    fn begin(&self) {
        self.incoming.replace(None);
        self.order.begun.set(self.order.tick());
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
        let doubted = (before.begun..begun).contains(&self.order.doubted.get());
        let is_news = doubted || self.order.overtaken.get() > before.begun;
        self.order.shown.set(Fetch { begun, doubted });
        if is_news || self.shown.with_untracked(|shown| *shown != incoming) {
            self.shown.set(incoming);
        }
    }

    fn put(&self, _: &Change) -> bool {
        false
    }

    fn find(&self, _: &str) -> Option<AnyRecord> {
        None
    }

    fn doubt(&self) {
        self.order.doubted.set(self.order.tick());
    }

    fn takes_events(&self) -> bool {
        false
    }

    fn agrees(&self) -> bool {
        self.order.overtaken.get().max(self.order.doubted.get()) <= self.order.shown.get().begun
    }

    fn show(&self) {}

    fn as_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}
