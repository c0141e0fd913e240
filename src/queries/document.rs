//! Answers that the pages beside the health records read themselves: kept as text, so that what a page does
//! not show has no reader in the wasm, and fetched by the same rules as everything else.

use std::{any::Any, cell::RefCell, rc::Rc, sync::Arc};

use latido_protocol::event::Family;
use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::{
    Health, Polling, Queries,
    entry::Target,
    record::{AnyRecord, Change},
};
use crate::api::error::ApiError;

/// The first page of an answer, for as long as somebody looks at it.
#[derive(Clone)]
pub struct Document {
    /// JSON; `None` until the first answer.
    pub body: ArcRwSignal<Option<Arc<str>>>,
    pub health: ArcRwSignal<Health>,
}

impl Document {
    /// Reads the answer, tracking it. `None` until there is one, and for one that cannot be read.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        self.body.with(|body| serde_json::from_str(body.as_ref()?).ok())
    }
}

impl Queries {
    /// Looks at a path for as long as the current owner lives. An event of the family fetches it again.
    pub fn document(&self, path: &str, family: Family, polling: Polling) -> Document {
        let (target, health) = self.observe(path.to_owned(), family, polling, DocumentTarget::default);
        Document { body: target.shown.clone(), health }
    }
}

#[derive(Default)]
struct DocumentTarget {
    shown: ArcRwSignal<Option<Arc<str>>>,
    incoming: RefCell<Option<Arc<str>>>,
}

impl Target for DocumentTarget {
    fn begin(&self) {
        self.incoming.replace(None);
    }

    /// The pages behind the first are the reader's own business: some want none, some one at a time.
    fn page(&self, body: &str) -> Result<Option<String>, ApiError> {
        self.incoming.replace(Some(body.into()));
        Ok(None)
    }

    fn commit(&self, _: bool) {
        let incoming = self.incoming.take();
        if self.shown.with_untracked(|shown| *shown != incoming) {
            self.shown.set(incoming);
        }
    }

    fn put(&self, _: &Change) -> bool {
        false
    }

    fn find(&self, _: &str) -> Option<AnyRecord> {
        None
    }

    fn doubt(&self) {}

    fn agrees(&self) -> bool {
        true
    }

    fn show(&self) {}

    fn as_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}
