//! Lists of records. A row has a signal of its own, so that a changed record changes its row and a
//! list is only rebuilt where records come or go.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};

use latido_cache::{
    Collection, FetchMark, Period,
    collection::{Delta, Update},
    model::Change,
};
use latido_protocol::{event::Event, time::Timestamp};
use leptos::prelude::*;

use super::{
    FetchStatus, Polling, Queries, SharedOutbox,
    entry::{CachedQuery, MOST_PAGES},
    reconcile::{RowChange, reconcile},
    record::{AnyRecord, RecordKind},
    row::RecordRow,
};
use crate::{api::error::ApiError, browser::clock};

/// The contract's most for one page.
const PAGE_LIMIT: usize = 200;

/// A list of records that is observed.
#[derive(Clone)]
pub struct List {
    /// `None` until the first answer. Notifies when rows come, go or change places.
    pub rows: ArcRwSignal<Option<Vec<RecordRow>>>,
    /// Notifies when anything changed in any row: one signal to follow instead of one a row.
    pub changes: ArcTrigger,
    /// How much of the list is there.
    pub extent: ArcRwSignal<Extent>,
    pub fetch_status: ArcRwSignal<FetchStatus>,
}

/// A long list comes in pages, and the longest ends before its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// More pages of its first answer are on their way.
    #[default]
    Coming,
    Whole,
    /// There is more than is ever asked for.
    Cut,
}

impl List {
    /// Whether the rows are the truth. An empty list is, only if a response or the cache says so; without a network
    /// nothing is known.
    pub fn is_known(&self) -> bool {
        let knows_nothing = self.fetch_status.with(FetchStatus::knows_nothing);
        self.rows.with_untracked(|rows| rows.as_ref().is_some_and(|rows| !rows.is_empty() || !knows_nothing))
    }

    /// The records, tracking all of them together; empty until the first answer.
    pub fn records(&self) -> Vec<AnyRecord> {
        let mut records = Vec::new();
        self.each(|record| records.push(record.clone()));
        records
    }

    /// Goes through the records, tracking all of them together.
    pub fn each(&self, mut visit: impl FnMut(&AnyRecord)) {
        self.changes.track();
        self.rows.with_untracked(|rows| {
            for row in rows.as_deref().unwrap_or_default() {
                row.record.with_untracked(&mut visit);
            }
        });
    }
}

impl Queries {
    /// The records between two instants, newest first: the user's own, or those of a person they follow.
    pub fn list(&self, person: Option<&str>, kind: RecordKind, from: Timestamp, to: Timestamp) -> List {
        let mut path = format!("{}?from={from}&to={to}&limit={PAGE_LIMIT}", kind.path());
        if let Some(person) = person {
            path.push_str("&person=");
            path.push_str(person);
        }
        let (query, entry) = self.observe(path, kind.family(), Polling::LISTS, || RecordListQuery {
            kind,
            is_ones_own: person.is_none(),
            rows: ArcRwSignal::new(None),
            changes: ArcTrigger::new(),
            extent: ArcRwSignal::default(),
            list: RefCell::new(Collection::new(Period { kind, from, to }, MOST_PAGES * PAGE_LIMIT)),
            mark: Cell::new(None),
            incoming: RefCell::default(),
            outbox: self.outbox().clone(),
            laid_over: Cell::new(false),
        });
        List {
            rows: query.rows.clone(),
            changes: query.changes.clone(),
            extent: query.extent.clone(),
            fetch_status: entry.fetch_status.clone(),
        }
    }
}

struct RecordListQuery {
    kind: RecordKind,
    /// Events bring only one's own records, and so does the outbox.
    is_ones_own: bool,
    rows: ArcRwSignal<Option<Vec<RecordRow>>>,
    changes: ArcTrigger,
    extent: ArcRwSignal<Extent>,
    list: RefCell<Collection<AnyRecord>>,
    /// When the fetch under way started.
    mark: Cell<Option<FetchMark>>,
    incoming: RefCell<Vec<AnyRecord>>,
    outbox: SharedOutbox,
    /// Writes lie over the rows that are shown.
    laid_over: Cell<bool>,
}

impl CachedQuery for RecordListQuery {
    fn begin(&self) {
        self.incoming.borrow_mut().clear();
        self.mark.set(Some(self.list.borrow_mut().begin_fetch(clock::wall())));
    }

    fn page(&self, body: &str) -> Result<Option<String>, ApiError> {
        let (records, next) = self.kind.parse_page(body)?;
        self.incoming.borrow_mut().extend(records);
        if next.is_some() && !self.list.borrow().is_known() {
            // The newest are on the screen while the others are on their way.
            let so_far = self.incoming.borrow().clone();
            self.show_rows(so_far, |_| false);
        }
        Ok(next)
    }

    fn commit(&self, whole: bool) {
        if let Some(mark) = self.mark.take() {
            self.list.borrow_mut().apply_response(mark, self.incoming.take());
            let extent = if whole { Extent::Whole } else { Extent::Cut };
            if self.extent.get_untracked() != extent {
                self.extent.set(extent);
            }
            self.show();
        }
    }

    fn apply_event(&self, event: &Event, settles_at: Timestamp) -> bool {
        if !self.is_ones_own {
            return false;
        }
        match self.kind.change(event) {
            Some(Change::Put(record)) => self.list.borrow_mut().put_until(record, settles_at),
            Some(Change::Removed(id)) => self.list.borrow_mut().remove_until(&id, settles_at),
            None => false,
        }
    }

    fn find(&self, id: &str) -> Option<AnyRecord> {
        let shown = |rows: &Option<Vec<RecordRow>>| {
            let row = rows.as_ref()?.iter().find(|row| row.id == id)?;
            Some(row.record.get_untracked())
        };
        self.rows.with_untracked(shown)
    }

    fn mark_stale(&self) {
        self.list.borrow_mut().mark_stale();
    }

    fn takes_events(&self) -> bool {
        self.is_ones_own
    }

    fn matches_last_response(&self) -> bool {
        self.list.borrow().matches_last_response()
    }

    fn show(&self) {
        let mut list = self.list.borrow_mut();
        if !list.is_known() {
            return;
        }
        let mut lies_over = false;
        if self.is_ones_own {
            let outbox = self.outbox.borrow();
            lies_over = !outbox.is_empty();
            list.reapply_pending_writes(&outbox);
        }
        let update = list.take_update();
        let extent = if list.is_cut() { Extent::Cut } else { self.extent.get_untracked() };
        // Whether a row waits for the server is not part of the list: with writes over it, all rows are looked at.
        let waited = self.laid_over.replace(lies_over);
        match update {
            Update::Steps(steps) if !lies_over && !waited => {
                drop(list);
                self.show_steps(steps);
            }
            Update::Steps(_) | Update::ReadAll => {
                let records = list.rows().map(|row| AnyRecord::clone(row)).collect();
                drop(list);
                let outbox = self.outbox.borrow();
                self.show_rows(records, |id| lies_over && outbox.is_pending(id));
            }
        }
        if self.extent.get_untracked() != extent {
            self.extent.set(extent);
        }
    }

    fn as_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}

impl RecordListQuery {
    /// Applies the steps to the rows, without a look at any other row. Only steps that reorder notify the list.
    fn show_steps(&self, steps: Vec<Delta<AnyRecord>>) {
        if steps.is_empty() {
            return;
        }
        let is_reordered = steps.iter().any(|step| !matches!(step, Delta::Changed { .. }));
        let mut rows = self.rows.write_untracked();
        for step in steps {
            apply_step(rows.get_or_insert_default(), step);
        }
        drop(rows);
        if is_reordered {
            self.rows.notify();
        }
        self.changes.notify();
    }

    fn show_rows(&self, records: Vec<AnyRecord>, is_pending: impl Fn(&str) -> bool) {
        let (rows, change) = self.rows.with_untracked(|rows| {
            let (after, change) = reconcile(rows.as_deref().unwrap_or_default(), records, is_pending);
            (after, if rows.is_none() { RowChange::Order } else { change })
        });
        match change {
            RowChange::None => {}
            RowChange::Content => self.changes.notify(),
            RowChange::Order => {
                self.rows.set(Some(rows));
                self.changes.notify();
            }
        }
    }
}

/// A row that stays keeps its signals, and with them its element.
fn apply_step(rows: &mut Vec<RecordRow>, step: Delta<AnyRecord>) {
    match step {
        Delta::Inserted { at, row } => rows.insert(at, RecordRow::new(AnyRecord::clone(&row), false)),
        Delta::Changed { at, row } => rows[at].record.set(AnyRecord::clone(&row)),
        Delta::Removed { at } => drop(rows.remove(at)),
        Delta::Moved { from, to, row: record } => {
            let row = rows.remove(from);
            row.record.set(AnyRecord::clone(&record));
            rows.insert(to, row);
        }
    }
}
