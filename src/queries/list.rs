//! Lists of records. A row has a signal of its own, so that a changed record changes its row and a
//! list is only rebuilt where records come or go.

use std::{any::Any, cell::RefCell, rc::Rc};

use latido_protocol::{exercise::ExerciseLog, food::FoodLog, metric::HealthMetric, time::Timestamp};
use leptos::prelude::*;

use super::{
    Health, Queries,
    entry::Target,
    record::{AnyRecord, Kind},
};
use crate::api::error::ApiError;

/// The contract's most for one page.
const PAGE_LIMIT: usize = 200;

#[derive(Clone)]
pub struct Row {
    pub id: String,
    pub record: ArcRwSignal<AnyRecord>,
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
        let (target, health) = self.observe(path, kind.family(), || ListTarget {
            kind,
            rows: ArcRwSignal::new(None),
            incoming: RefCell::default(),
        });
        List { rows: target.rows.clone(), health }
    }
}

struct ListTarget {
    kind: Kind,
    rows: ArcRwSignal<Option<Vec<Row>>>,
    incoming: RefCell<Vec<AnyRecord>>,
}

impl Target for ListTarget {
    fn begin(&self) {
        self.incoming.borrow_mut().clear();
    }

    fn page(&self, body: &str) -> Result<Option<String>, ApiError> {
        let (records, next) = self.kind.parse_page(body)?;
        self.incoming.borrow_mut().extend(records);
        Ok(next)
    }

    fn commit(&self) {
        let incoming = self.incoming.take();
        let (rows, reordered) = self.rows.with_untracked(|rows| {
            let before = rows.as_deref().unwrap_or_default();
            let reordered = rows.is_none()
                || before.len() != incoming.len()
                || before.iter().zip(&incoming).any(|(row, record)| row.id != record.id());
            (reconcile(before, incoming), reordered)
        });
        if reordered {
            self.rows.set(Some(rows));
        }
    }

    fn as_any(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}

/// Keeps the signals of rows that stay, and wakes those whose record is another.
pub(crate) fn reconcile(before: &[Row], incoming: Vec<AnyRecord>) -> Vec<Row> {
    // Lists seldom change their order, so a row is found where the one before it was followed.
    let mut expected = 0;
    incoming
        .into_iter()
        .map(|record| {
            let is_it = |row: &Row| row.id == record.id();
            let place = if before.get(expected).is_some_and(is_it) {
                Some(expected)
            } else {
                before.iter().position(is_it)
            };
            let Some(place) = place else {
                return Row { id: record.id().to_owned(), record: ArcRwSignal::new(record) };
            };
            expected = place + 1;
            let row = &before[place];
            if row.record.with_untracked(|shown| *shown != record) {
                row.record.set(record);
            }
            row.clone()
        })
        .collect()
}
