//! Lists of records. A row has a signal of its own, so that a changed record changes its row and a
//! list is only rebuilt where records come or go.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::Rc,
};

use latido_protocol::time::Timestamp;
use latido_replica::{ListCopy, Mark, Outbox};
use leptos::prelude::*;

use super::{
    Health, Polling, Queries, SharedOutbox,
    entry::Target,
    reconcile::{RowChange, reconcile},
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
    /// `None` until the first answer. Notifies when rows come, go or change places.
    pub rows: ArcRwSignal<Option<Vec<Row>>>,
    /// Notifies when anything changed in any row: one signal to follow instead of one a row.
    pub changes: ArcTrigger,
    /// How much of the list is there.
    pub extent: ArcRwSignal<Extent>,
    pub health: ArcRwSignal<Health>,
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
    /// Whether what the rows say is so. That there are none is so only if somebody has said it: without a network
    /// they are merely not known.
    pub fn is_known(&self) -> bool {
        let knows_nothing = self.health.with(Health::knows_nothing);
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
    /// The records between two instants, newest first: one's own, or those of somebody one follows.
    pub fn list(&self, person: Option<&str>, kind: Kind, from: Timestamp, to: Timestamp) -> List {
        let mut path = format!("{}?from={from}&to={to}&limit={PAGE_LIMIT}", kind.path());
        if let Some(person) = person {
            path.push_str("&person=");
            path.push_str(person);
        }
        let (target, health) = self.observe(path, kind.family(), Polling::LISTS, || ListTarget {
            kind,
            is_ones_own: person.is_none(),
            rows: ArcRwSignal::new(None),
            changes: ArcTrigger::new(),
            extent: ArcRwSignal::default(),
            copy: RefCell::new(ListCopy::new(kind, from, to)),
            mark: Cell::new(None),
            incoming: RefCell::default(),
            outbox: self.outbox().clone(),
            touched: RefCell::default(),
            laid_over: Cell::new(false),
        });
        List {
            rows: target.rows.clone(),
            changes: target.changes.clone(),
            extent: target.extent.clone(),
            health,
        }
    }
}

struct ListTarget {
    kind: Kind,
    /// Events bring only one's own records, and so does the outbox.
    is_ones_own: bool,
    rows: ArcRwSignal<Option<Vec<Row>>>,
    changes: ArcTrigger,
    extent: ArcRwSignal<Extent>,
    copy: RefCell<ListCopy<AnyRecord>>,
    /// When the fetch under way started.
    mark: Cell<Option<Mark>>,
    incoming: RefCell<Vec<AnyRecord>>,
    outbox: SharedOutbox,
    /// What has changed since the rows were shown.
    touched: RefCell<Touched>,
    /// Writes lie over the rows that are shown.
    laid_over: Cell<bool>,
}

/// Records that events have changed, if it is worth looking for the row of each.
#[derive(Default)]
enum Touched {
    #[default]
    Anything,
    Few(Vec<String>),
}

/// More than these are not looked for one by one.
const FEW: usize = 32;

impl Touched {
    fn add(&mut self, id: &str) {
        match self {
            Self::Few(ids) if ids.iter().any(|known| known == id) => {}
            Self::Few(ids) if ids.len() < FEW => ids.push(id.to_owned()),
            Self::Few(_) | Self::Anything => *self = Self::Anything,
        }
    }
}

impl Target for ListTarget {
    fn begin(&self) {
        self.incoming.borrow_mut().clear();
        self.mark.set(Some(self.copy.borrow_mut().begin_fetch()));
    }

    fn page(&self, body: &str) -> Result<Option<String>, ApiError> {
        let (records, next) = self.kind.parse_page(body)?;
        self.incoming.borrow_mut().extend(records);
        if next.is_some() && !self.copy.borrow().is_known() {
            // The newest are on the screen while the others are on their way.
            let so_far = self.incoming.borrow().clone();
            self.show_rows(so_far, |_| false);
        }
        Ok(next)
    }

    fn commit(&self, whole: bool) {
        if let Some(mark) = self.mark.take() {
            self.copy.borrow_mut().answer(mark, self.incoming.take());
            self.touched.replace(Touched::Anything);
            let extent = if whole { Extent::Whole } else { Extent::Cut };
            if self.extent.get_untracked() != extent {
                self.extent.set(extent);
            }
            self.show();
        }
    }

    fn put(&self, change: &Change) -> bool {
        if !self.is_ones_own {
            return false;
        }
        let (id, changes) = match change {
            Change::Put(record) if record.kind() == self.kind => {
                (record.id(), self.copy.borrow_mut().put(record.clone()))
            }
            Change::Removed { kind, id } if *kind == self.kind => {
                (&id[..], self.copy.borrow_mut().remove(id))
            }
            Change::Put(_) | Change::Removed { .. } | Change::Profile(_) => return false,
        };
        if changes {
            self.touched.borrow_mut().add(id);
        }
        changes
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

    fn takes_events(&self) -> bool {
        self.is_ones_own
    }

    fn agrees(&self) -> bool {
        self.copy.borrow().agrees()
    }

    fn show(&self) {
        let copy = self.copy.borrow();
        if !copy.is_known() {
            return;
        }
        if self.is_ones_own {
            let outbox = self.outbox.borrow();
            let touched = self.touched.replace(Touched::Few(Vec::new()));
            let lies_over = !outbox.is_empty();
            let lay_over = self.laid_over.replace(lies_over);
            if let Touched::Few(ids) = touched
                && !lies_over
                && !lay_over
                && self.show_few(&copy, &ids)
            {
                return;
            }
            let records = copy.rows(&outbox);
            drop(copy);
            self.show_rows(records, |id| outbox.is_pending(id));
        } else {
            let records = copy.rows(&Outbox::new());
            drop(copy);
            self.show_rows(records, |_| false);
        }
    }

    fn as_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}

impl ListTarget {
    /// Shows these records in the rows that they have, without a look at any other: most changes of a long list are
    /// of one that stays where it is. `false`, and nothing done, if one came, went or moved.
    fn show_few(&self, copy: &ListCopy<AnyRecord>, ids: &[String]) -> bool {
        let shown = self.rows.with_untracked(|rows| {
            let rows = rows.as_deref()?;
            let mut places = Vec::new();
            for id in ids {
                let record = copy.get(id)?;
                let newest_first = |row: &Row| {
                    row.record
                        .with_untracked(|shown| (record.at(), record.id()).cmp(&(shown.at(), shown.id())))
                };
                places.push(rows.binary_search_by(newest_first).ok()?);
            }
            for (id, place) in ids.iter().zip(places) {
                rows[place].record.set(copy.get(id)?.clone());
            }
            Some(())
        });
        if shown.is_some() {
            self.changes.notify();
        }
        shown.is_some()
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
