//! A query whose responses and events a model takes: every family but health records, whose lists have an outbox.

use std::{
    any::Any,
    cell::{Cell, Ref, RefCell},
    rc::Rc,
};

use gloo_timers::future::TimeoutFuture;
use latido_cache::{FetchMark, model::Model};
use latido_protocol::{
    event::{Event, Family},
    time::Timestamp,
};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

use super::{
    FetchStatus, POLL_MS, Polling, Queries,
    entry::{CachedQuery, QueryEntry, with_cursor},
};
use crate::{
    api::{Call, error::ApiError},
    browser::{clock, local_rc, timer::timeout_ms},
};

/// A query that is observed for as long as the owner lives in which it was made.
pub struct Query<M> {
    queries: Queries,
    entry: SendWrapper<Rc<QueryEntry>>,
    model: SendWrapper<Rc<RefCell<M>>>,
    /// Notifies once a frame when what is held has changed.
    changes: ArcTrigger,
    pub fetch_status: ArcRwSignal<FetchStatus>,
}

impl<M> Clone for Query<M> {
    fn clone(&self) -> Self {
        Self {
            queries: self.queries.clone(),
            entry: self.entry.clone(),
            model: self.model.clone(),
            changes: self.changes.clone(),
            fetch_status: self.fetch_status.clone(),
        }
    }
}

impl Queries {
    /// Looks at a path for as long as the current owner lives. An event of the family fetches it again, and goes into
    /// the model.
    pub fn query<M: Model + 'static>(
        &self,
        path: &str,
        family: Family,
        polling: Polling,
        make: impl FnOnce() -> M,
    ) -> Query<M> {
        self.query_of(path, family, polling, TakesEvents::Yes, || Rc::new(RefCell::new(make())))
    }

    /// As [`query`](Self::query), with a model that somebody else holds too, or to which events do not belong.
    pub(super) fn query_of<M: Model + 'static>(
        &self,
        path: &str,
        family: Family,
        polling: Polling,
        takes_events: TakesEvents,
        model: impl FnOnce() -> Rc<RefCell<M>>,
    ) -> Query<M> {
        let is_live = self.0.is_live.clone();
        let (query, entry) = self.observe(path.to_owned(), family, polling, || ModelQuery {
            model: model(),
            takes_events: takes_events == TakesEvents::Yes,
            changes: ArcTrigger::new(),
            mark: Cell::default(),
            incoming: RefCell::default(),
            is_live,
        });
        Query {
            queries: self.clone(),
            fetch_status: entry.fetch_status.clone(),
            entry: SendWrapper::new(entry),
            model: SendWrapper::new(query.model.clone()),
            changes: query.changes.clone(),
        }
    }

    /// Looks at a path whose responses go into a model that somebody else holds too. `model` is asked only if the query
    /// is not cached; [`Query::shared`] gives the one that is used.
    pub fn query_shared<M: Model + 'static>(
        &self,
        path: &str,
        family: Family,
        polling: Polling,
        model: impl FnOnce() -> Rc<RefCell<M>>,
    ) -> Query<M> {
        self.query_of(path, family, polling, TakesEvents::Yes, model)
    }
}

/// Whether events are about what a query holds: those of a person who is followed go to that person alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TakesEvents {
    Yes,
    No,
}

impl<M: Model + 'static> Query<M> {
    /// What is held, tracking its changes.
    pub fn get(&self) -> Ref<'_, M> {
        self.changes.track();
        self.model.borrow()
    }

    /// The model itself, for somebody who holds it longer than this.
    pub fn shared(&self) -> Rc<RefCell<M>> {
        Rc::clone(&self.model)
    }

    /// Tracks the changes of what is held.
    pub fn track(&self) {
        self.changes.track();
    }

    /// Takes something out of the model that is not shown: news, once they are told.
    pub fn take<R>(&self, take: impl FnOnce(&mut M) -> R) -> R {
        take(&mut self.model.borrow_mut())
    }

    pub fn get_untracked(&self) -> Ref<'_, M> {
        self.model.borrow()
    }

    /// Changes what is held, for the user's own doing, and shows it within a frame. The change is given the time before
    /// which responses may not have it.
    pub fn update<R>(&self, change: impl FnOnce(&mut M, Timestamp) -> R) -> R {
        let settles_at = self.queries.0.lag.settles_at();
        let result = change(&mut self.model.borrow_mut(), settles_at);
        self.entry.settle_by(settles_at);
        self.queries.mark_dirty(|entry| std::ptr::eq(entry, Rc::as_ptr(&self.entry)));
        result
    }

    /// Fetches the page behind those that are held, from `path` with its cursor added. Nothing happens where there is
    /// none.
    ///
    /// # Errors
    ///
    /// If it does not come, or cannot be read.
    pub async fn load_next(&self, path: &str) -> Result<(), ApiError> {
        // Once more if the list has begun anew meanwhile.
        for _ in 0..2 {
            let Some(cursor) = self.model.borrow().cursor().map(str::to_owned) else { break };
            let mark = self.model.borrow_mut().begin_fetch(clock::wall());
            let answer = self.queries.0.api.send(Call::get(&with_cursor(path, &cursor))).await?;
            let page = answer.parse()?;
            if self.model.borrow_mut().apply_next_page(mark, &cursor, page) {
                break;
            }
        }
        self.changes.notify();
        Ok(())
    }
}

impl<M: Model + 'static> Query<M> {
    /// Loads the pages anew that are in doubt, whenever there are any, for as long as the current owner lives. A page that
    /// does not come is asked for again after a while.
    pub fn reread_doubtful(&self, path: String) {
        let (query, state) = (self.clone(), local_rc(Cell::new(Rereading::Idle)));
        let ending = state.clone();
        on_cleanup(move || ending.set(Rereading::Over));
        Effect::new(move |_| {
            if !query.get().is_in_doubt() || state.get() != Rereading::Idle {
                return;
            }
            state.set(Rereading::Loading);
            let (query, state, path) = (query.clone(), state.clone(), path.clone());
            spawn_local(async move {
                while state.get() == Rereading::Loading && query.get_untracked().is_in_doubt() {
                    if query.load_next(&path).await.is_err() {
                        TimeoutFuture::new(timeout_ms(POLL_MS)).await;
                    }
                }
                if state.get() == Rereading::Loading {
                    state.set(Rereading::Idle);
                }
            });
        });
    }
}

/// Whether pages in doubt are being loaded.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rereading {
    Idle,
    Loading,
    /// Nobody looks any more.
    Over,
}

struct ModelQuery<M: Model> {
    model: Rc<RefCell<M>>,
    takes_events: bool,
    changes: ArcTrigger,
    /// When the fetch under way started.
    mark: Cell<Option<FetchMark>>,
    incoming: RefCell<Option<M::Page>>,
    /// Whether events tell of every change now.
    is_live: Rc<Cell<bool>>,
}

impl<M: Model + 'static> CachedQuery for ModelQuery<M> {
    fn begin(&self) {
        self.incoming.replace(None);
        self.mark.set(Some(self.model.borrow_mut().begin_fetch(clock::wall())));
    }

    /// The pages behind the first are fetched on demand.
    fn page(&self, body: &str) -> Result<Option<String>, ApiError> {
        let page = serde_json::from_str(body).map_err(|_| ApiError::Unreadable)?;
        self.incoming.replace(Some(page));
        Ok(None)
    }

    fn commit(&self, _: bool) {
        if let (Some(mark), Some(page)) = (self.mark.take(), self.incoming.take()) {
            self.model.borrow_mut().apply_first_page(mark, page, self.is_live.get());
        }
        self.show();
    }

    fn apply_event(&self, event: &Event, settles_at: Timestamp) -> bool {
        self.takes_events && self.model.borrow_mut().apply_event(event, settles_at)
    }

    fn mark_stale(&self) {
        self.model.borrow_mut().mark_stale();
    }

    fn takes_events(&self) -> bool {
        self.takes_events
    }

    fn matches_last_response(&self) -> bool {
        self.model.borrow().matches_last_response()
    }

    fn show(&self) {
        self.changes.notify();
    }

    fn as_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}
