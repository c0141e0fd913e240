//! Lists of records. A row has a signal of its own, so that a changed record changes its row and a
//! list is only rebuilt where records come or go.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};

use latido_protocol::{exercise::ExerciseLog, food::FoodLog, metric::HealthMetric, time::Timestamp};
use latido_replica::{ListCopy, Mark};
use leptos::prelude::*;

use super::{
    Health, Polling, Queries, SharedOutbox,
    entry::Target,
    record::{AnyRecord, Change, Kind},
};
use crate::api::error::ApiError;

/// How the ids of records begin that the server has not named yet.
pub const LOCAL_ID: &str = "local-";

/// The contract's most for one page.
const PAGE_LIMIT: usize = 200;

#[derive(Clone)]
pub struct Row {
    /// Stays the same for as long as the row is there, so that its element does too: also when a record
    /// that was made here gets its id from the server.
    pub key: String,
    pub id: String,
    pub record: ArcRwSignal<AnyRecord>,
    /// A write about it waits for the server.
    pub pending: ArcRwSignal<bool>,
}

/// A list that somebody looks at.
#[derive(Clone)]
pub struct List {
    /// `None` until the first answer.
    pub rows: ArcRwSignal<Option<Vec<Row>>>,
    pub health: ArcRwSignal<Health>,
}

impl List {
    /// The records, tracking each; empty until the first answer.
    pub fn records(&self) -> Vec<AnyRecord> {
        self.rows
            .with(|rows| rows.as_deref().unwrap_or_default().iter().map(|row| row.record.get()).collect())
    }

    pub fn foods(&self) -> Vec<FoodLog> {
        self.pick(|record| if let AnyRecord::Food(food) = record { Some(food) } else { None })
    }

    pub fn exercises(&self) -> Vec<ExerciseLog> {
        self.pick(|record| if let AnyRecord::Exercise(log) = record { Some(log) } else { None })
    }

    pub fn metrics(&self) -> Vec<HealthMetric> {
        self.pick(|record| if let AnyRecord::Metric(metric) = record { Some(metric) } else { None })
    }

    fn pick<R>(&self, of: fn(AnyRecord) -> Option<R>) -> Vec<R> {
        self.records().into_iter().filter_map(of).collect()
    }
}

impl Queries {
    /// The records between two instants, newest first.
    pub fn list(&self, kind: Kind, from: Timestamp, to: Timestamp) -> List {
        let path = format!("{}?from={from}&to={to}&limit={PAGE_LIMIT}", kind.path());
        let (target, health) = self.observe(path, kind.family(), Polling::LISTS, || ListTarget {
            kind,
            rows: ArcRwSignal::new(None),
            copy: RefCell::new(ListCopy::new(kind, from, to)),
            mark: Cell::new(None),
            incoming: RefCell::default(),
            outbox: self.outbox().clone(),
        });
        List { rows: target.rows.clone(), health }
    }
}

struct ListTarget {
    kind: Kind,
    rows: ArcRwSignal<Option<Vec<Row>>>,
    copy: RefCell<ListCopy<AnyRecord>>,
    /// When the fetch under way started.
    mark: Cell<Option<Mark>>,
    incoming: RefCell<Vec<AnyRecord>>,
    outbox: SharedOutbox,
}

impl Target for ListTarget {
    fn begin(&self) {
        self.incoming.borrow_mut().clear();
        self.mark.set(Some(self.copy.borrow_mut().begin_fetch()));
    }

    fn page(&self, body: &str) -> Result<Option<String>, ApiError> {
        let (records, next) = self.kind.parse_page(body)?;
        self.incoming.borrow_mut().extend(records);
        Ok(next)
    }

    fn commit(&self) {
        if let Some(mark) = self.mark.take() {
            self.copy.borrow_mut().answer(mark, self.incoming.take());
            self.show();
        }
    }

    fn put(&self, change: &Change) -> bool {
        match change {
            Change::Put(record) => record.kind() == self.kind && self.copy.borrow_mut().put(record.clone()),
            Change::Removed { kind, id } => *kind == self.kind && self.copy.borrow_mut().remove(id),
            Change::Profile(_) => false,
        }
    }

    fn find(&self, id: &str) -> Option<AnyRecord> {
        let shown = |rows: &Option<Vec<Row>>| {
            let row = rows.as_ref()?.iter().find(|row| row.id == id)?;
            Some(row.record.get_untracked())
        };
        self.rows.with_untracked(shown)
    }

    fn doubt(&self) {
        self.copy.borrow_mut().doubt();
    }

    fn agrees(&self) -> bool {
        self.copy.borrow().agrees()
    }

    fn show(&self) {
        let copy = self.copy.borrow();
        if !copy.is_known() {
            return;
        }
        let outbox = self.outbox.borrow();
        let records = copy.rows(&outbox);
        let (rows, reordered) = self.rows.with_untracked(|rows| {
            let before = rows.as_deref().unwrap_or_default();
            let reordered = rows.is_none()
                || before.len() != records.len()
                || before.iter().zip(&records).any(|(row, record)| row.id != record.id());
            (reconcile(before, records, |id| outbox.is_pending(id)), reordered)
        });
        drop((copy, outbox));
        if reordered {
            self.rows.set(Some(rows));
        }
    }

    fn as_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}

/// Keeps the signals of rows that stay, and wakes those whose record is another.
pub(crate) fn reconcile(
    before: &[Row],
    incoming: Vec<AnyRecord>,
    is_pending: impl Fn(&str) -> bool,
) -> Vec<Row> {
    // Those that have been named by the server. Of twins each takes one.
    let is_incoming = |row: &Row| incoming.iter().any(|record| record.id() == row.id);
    let is_local = |row: &Row| row.id.starts_with(LOCAL_ID);
    let mut named: Vec<usize> =
        (0..before.len()).filter(|&place| is_local(&before[place]) && !is_incoming(&before[place])).collect();
    // Lists seldom change their order, so a row is found where the one before it was followed.
    let mut expected = 0;
    incoming
        .into_iter()
        .map(|record| {
            let is_it = |row: &Row| row.id == record.id();
            let place = if before.get(expected).is_some_and(is_it) {
                Some(expected)
            } else {
                before.iter().position(is_it).or_else(|| {
                    let taken = named.iter().position(|&place| became(&before[place], &record))?;
                    Some(named.remove(taken))
                })
            };
            let (id, pending) = (record.id().to_owned(), is_pending(record.id()));
            let Some(place) = place else {
                let key = id.clone();
                return Row { key, id, record: ArcRwSignal::new(record), pending: ArcRwSignal::new(pending) };
            };
            expected = place + 1;
            let row = &before[place];
            if row.record.with_untracked(|shown| *shown != record) {
                row.record.set(record);
            }
            if row.pending.get_untracked() != pending {
                row.pending.set(pending);
            }
            Row { id, ..row.clone() }
        })
        .collect()
}

/// Whether the row shows what was made here and has become this record of the server's.
fn became(row: &Row, record: &AnyRecord) -> bool {
    row.record.with_untracked(|made| made.is_made_into(record))
}
