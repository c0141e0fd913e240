//! A store in memory. It proves that the trait asks for nothing but what it says: what passes the suite
//! twice, in two ways that have nothing in common, is the contract and not `SQLite`'s habits.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

use latido_domain::store::{
    Entry, EventSink, LoggedEvent, Owner, ReadJob, Slice, Snapshot, Store, StoreError, StoreFuture,
    Transaction, TxOutcome, WriteJob, document::SortOrder,
};
use latido_protocol::{session::UserId, time::Timestamp};

#[derive(Clone, Default)]
struct State {
    epoch: String,
    documents: BTreeMap<(Owner, String, String), Document>,
    heads: BTreeMap<UserId, u64>,
    events: BTreeMap<(UserId, u64), String>,
}

#[derive(Clone)]
struct Document {
    at: Timestamp,
    facet: String,
    body: String,
}

pub struct MemoryStore {
    epoch: String,
    outlet: Arc<dyn EventSink>,
    /// `None` once it is closed.
    state: Mutex<Option<State>>,
}

impl MemoryStore {
    pub fn open(outlet: Arc<dyn EventSink>) -> Arc<dyn Store> {
        let epoch = uuid::Uuid::now_v7().to_string();
        let state = State { epoch: epoch.clone(), ..State::default() };
        Arc::new(Self { epoch, outlet, state: Mutex::new(Some(state)) })
    }
}

impl Store for MemoryStore {
    fn epoch(&self) -> &str {
        &self.epoch
    }

    fn run_read(&self, job: ReadJob) -> StoreFuture<'_> {
        Box::pin(async move {
            let state = self.state.lock().unwrap_or_else(PoisonError::into_inner).clone();
            job(&state.ok_or(StoreError::Unavailable)?);
            Ok(())
        })
    }

    fn run_write(&self, job: WriteJob) -> StoreFuture<'_> {
        Box::pin(async move {
            let mut kept = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let state = kept.clone().ok_or(StoreError::Unavailable)?;
            let mut copy = Copied { state, events: Vec::new() };
            match catch_unwind(AssertUnwindSafe(|| job(&mut copy))) {
                Ok(TxOutcome::Commit) => {
                    *kept = Some(copy.state);
                    for event in &copy.events {
                        self.outlet.publish(event);
                    }
                    Ok(())
                }
                Ok(TxOutcome::Rollback) => Ok(()),
                Err(_) => Err(StoreError::Unavailable),
            }
        })
    }

    /// There is no disk.
    fn purge(&self) -> StoreFuture<'_> {
        Box::pin(async { Ok(()) })
    }

    fn close(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Snapshot for State {
    fn document(&self, owner: &Owner, collection: &str, id: &str) -> Result<Option<String>, StoreError> {
        let key = (owner.clone(), collection.to_owned(), id.to_owned());
        Ok(self.documents.get(&key).map(|document| document.body.clone()))
    }

    fn documents(&self, owner: &Owner, collection: &str, slice: &Slice) -> Result<Vec<String>, StoreError> {
        let mut found: Vec<_> = self
            .documents
            .iter()
            .filter(|((of, kind, _), _)| of == owner && kind == collection)
            .filter(|(_, document)| slice.from.is_none_or(|from| document.at >= from))
            .filter(|(_, document)| slice.to.is_none_or(|to| document.at < to))
            .filter(|(_, document)| slice.facet.is_none_or(|facet| document.facet == facet))
            .map(|((_, _, id), document)| ((document.at, id.as_str()), &document.body))
            .collect();
        found.sort_by_key(|(place, _)| *place);
        if slice.order == SortOrder::NewestFirst {
            found.reverse();
        }
        let behind = slice.behind.as_ref().map(|place| (place.at, place.id.as_str()));
        let is_behind = |place| match (behind, slice.order) {
            (None, _) => true,
            (Some(behind), SortOrder::NewestFirst) => place < behind,
            (Some(behind), SortOrder::OldestFirst) => place > behind,
        };
        let bodies = found.into_iter().filter(|(place, _)| is_behind(*place)).map(|(_, body)| body.clone());
        Ok(bodies.take(slice.limit).collect())
    }

    fn count(&self, owner: &Owner, collection: &str, facet: Option<&str>) -> Result<u64, StoreError> {
        let of_them = self.documents.iter().filter(|((of, kind, _), document)| {
            of == owner && kind == collection && facet.is_none_or(|facet| document.facet == facet)
        });
        Ok(of_them.count() as u64)
    }

    fn head(&self, user: &UserId) -> Result<u64, StoreError> {
        Ok(self.heads.get(user).copied().unwrap_or(0))
    }

    fn events_behind(&self, user: &UserId, seq: u64) -> Result<Vec<(u64, String)>, StoreError> {
        let events = self.events.range((user.clone(), seq + 1)..=(user.clone(), u64::MAX));
        Ok(events.map(|((_, seq), frame)| (*seq, frame.clone())).collect())
    }
}

/// A transaction works on a copy, which takes the place of the original when it is committed.
struct Copied {
    state: State,
    events: Vec<Arc<LoggedEvent>>,
}

impl Snapshot for Copied {
    fn document(&self, owner: &Owner, collection: &str, id: &str) -> Result<Option<String>, StoreError> {
        self.state.document(owner, collection, id)
    }

    fn documents(&self, owner: &Owner, collection: &str, slice: &Slice) -> Result<Vec<String>, StoreError> {
        self.state.documents(owner, collection, slice)
    }

    fn count(&self, owner: &Owner, collection: &str, facet: Option<&str>) -> Result<u64, StoreError> {
        self.state.count(owner, collection, facet)
    }

    fn head(&self, user: &UserId) -> Result<u64, StoreError> {
        self.state.head(user)
    }

    fn events_behind(&self, user: &UserId, seq: u64) -> Result<Vec<(u64, String)>, StoreError> {
        self.state.events_behind(user, seq)
    }
}

impl Transaction for Copied {
    fn put(&mut self, owner: &Owner, collection: &str, entry: Entry) -> Result<(), StoreError> {
        let key = (owner.clone(), collection.to_owned(), entry.id.to_owned());
        let document = Document { at: entry.at, facet: entry.facet.to_owned(), body: entry.body.to_owned() };
        self.state.documents.insert(key, document);
        Ok(())
    }

    fn remove(&mut self, owner: &Owner, collection: &str, id: &str) -> Result<bool, StoreError> {
        let key = (owner.clone(), collection.to_owned(), id.to_owned());
        Ok(self.state.documents.remove(&key).is_some())
    }

    fn trim(&mut self, owner: &Owner, collection: &str, before: Timestamp) -> Result<u64, StoreError> {
        let count = self.state.documents.len();
        self.state
            .documents
            .retain(|(of, kind, _), document| of != owner || kind != collection || document.at >= before);
        Ok((count - self.state.documents.len()) as u64)
    }

    fn forget(&mut self, owner: &Owner) -> Result<(), StoreError> {
        self.state.documents.retain(|(of, _, _), _| of != owner);
        Ok(())
    }

    fn append(
        &mut self,
        user: &UserId,
        _: Timestamp,
        frame: &dyn Fn(&str, u64) -> String,
    ) -> Result<(), StoreError> {
        let head = self.state.heads.entry(user.clone()).or_default();
        *head += 1;
        let (seq, frame) = (*head, frame(&self.state.epoch, *head));
        self.state.events.insert((user.clone(), seq), frame.clone());
        self.events.push(Arc::new(LoggedEvent { user: user.clone(), seq, frame }));
        Ok(())
    }

    fn forget_events_where(&mut self, user: &UserId, goes: &dyn Fn(&str) -> bool) -> Result<(), StoreError> {
        self.state.events.retain(|(of, _), frame| of != user || !goes(frame));
        Ok(())
    }

    fn forget_events(&mut self, user: &UserId) -> Result<(), StoreError> {
        self.state.heads.remove(user);
        self.state.events.retain(|(of, _), _| of != user);
        Ok(())
    }
}
