//! Lists of records. A row has a signal of its own, so that a changed record changes its row and a
//! list is only rebuilt where records come or go.

use std::{any::Any, cell::RefCell, rc::Rc};

use latido_protocol::{event::Family, id::Id, record::Record, time::Timestamp};
use leptos::prelude::*;

use super::{Health, Queries, entry::Target};
use crate::api::error::ApiError;

/// The contract's most for one page.
const PAGE_LIMIT: usize = 200;

pub struct Row<R: Record> {
    pub id: Id<R>,
    pub record: ArcRwSignal<R>,
}

impl<R: Record> Clone for Row<R> {
    fn clone(&self) -> Self {
        Self { id: self.id.clone(), record: self.record.clone() }
    }
}

/// A list that somebody looks at.
pub struct List<R: Record> {
    /// `None` until the first answer.
    pub rows: ArcRwSignal<Option<Vec<Row<R>>>>,
    pub health: ArcRwSignal<Health>,
}

impl<R: Record> Clone for List<R> {
    fn clone(&self) -> Self {
        Self { rows: self.rows.clone(), health: self.health.clone() }
    }
}

impl<R: Record + Send + Sync> List<R> {
    /// The records, tracking each; empty until the first answer.
    pub fn records(&self) -> Vec<R> {
        self.rows
            .with(|rows| rows.as_deref().unwrap_or_default().iter().map(|row| row.record.get()).collect())
    }
}

/// A record that lists hold, and the family whose events speak of it.
pub trait Listed: Record + Send + Sync {
    const FAMILY: Family;
}

impl Listed for latido_protocol::food::FoodLog {
    const FAMILY: Family = Family::Food;
}

impl Listed for latido_protocol::exercise::ExerciseLog {
    const FAMILY: Family = Family::Exercise;
}

impl Listed for latido_protocol::metric::HealthMetric {
    const FAMILY: Family = Family::Metric;
}

impl Queries {
    /// The records between two instants, newest first.
    pub fn list<R: Listed>(&self, from: Timestamp, to: Timestamp) -> List<R> {
        let path = format!("{}?from={from}&to={to}&limit={PAGE_LIMIT}", R::PATH);
        let (target, health) = self.observe(path, R::FAMILY, ListTarget::<R>::default);
        List { rows: target.rows.clone(), health }
    }
}

struct ListTarget<R: Listed> {
    rows: ArcRwSignal<Option<Vec<Row<R>>>>,
    incoming: RefCell<Vec<R>>,
}

impl<R: Listed> Default for ListTarget<R> {
    fn default() -> Self {
        Self { rows: ArcRwSignal::new(None), incoming: RefCell::default() }
    }
}

impl<R: Listed> Target for ListTarget<R> {
    fn begin(&self) {
        self.incoming.borrow_mut().clear();
    }

    fn page(&self, body: &str) -> Result<Option<String>, ApiError> {
        let page: R::Page = serde_json::from_str(body).map_err(|_| ApiError::Unreadable)?;
        let (records, next) = R::from_page(page);
        self.incoming.borrow_mut().extend(records);
        Ok(next)
    }

    fn commit(&self) {
        let incoming = self.incoming.take();
        let (rows, reordered) = self.rows.with_untracked(|rows| {
            let before = rows.as_deref().unwrap_or_default();
            let reordered = rows.is_none()
                || before.len() != incoming.len()
                || before.iter().zip(&incoming).any(|(row, record)| row.id != *record.id());
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
fn reconcile<R: Listed>(before: &[Row<R>], incoming: Vec<R>) -> Vec<Row<R>> {
    let by_id: std::collections::BTreeMap<_, _> = before.iter().map(|row| (&row.id, row)).collect();
    incoming
        .into_iter()
        .map(|record| match by_id.get(record.id()) {
            Some(row) => {
                if row.record.with_untracked(|shown| *shown != record) {
                    row.record.set(record);
                }
                (*row).clone()
            }
            None => Row { id: record.id().clone(), record: ArcRwSignal::new(record) },
        })
        .collect()
}
