//! Reconciliation of shown rows with new ones: a row that stays keeps its signals, and with them its elements.

use leptos::prelude::*;

use super::{
    record::AnyRecord,
    row::{LOCAL_ID, RecordRow},
};

/// What has become of the rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RowChange {
    None,
    /// A row shows another record than before.
    Content,
    /// Rows came or went, or one is of another time.
    Order,
}

/// Keeps the signals of rows that stay, and wakes those whose record is another.
pub(crate) fn reconcile(
    before: &[RecordRow],
    incoming: Vec<AnyRecord>,
    is_pending: impl Fn(&str) -> bool,
) -> (Vec<RecordRow>, RowChange) {
    let mut change = if before.len() == incoming.len() { RowChange::None } else { RowChange::Order };
    // Those that have been named by the server. Of twins each takes one.
    let is_incoming = |row: &RecordRow| incoming.iter().any(|record| record.id() == row.id);
    let is_local = |row: &RecordRow| row.id.starts_with(LOCAL_ID);
    let mut named: Vec<usize> =
        (0..before.len()).filter(|&place| is_local(&before[place]) && !is_incoming(&before[place])).collect();
    // Lists seldom change their order, so a row is found where the one before it was followed.
    let mut expected = 0;
    let after = incoming
        .into_iter()
        .enumerate()
        .map(|(position, record)| {
            let is_it = |row: &RecordRow| row.id == record.id();
            let place = if before.get(expected).is_some_and(is_it) {
                Some(expected)
            } else {
                before.iter().position(is_it).or_else(|| {
                    let taken = named.iter().position(|&place| became(&before[place], &record))?;
                    Some(named.remove(taken))
                })
            };
            let pending = is_pending(record.id());
            if place != Some(position) {
                change = RowChange::Order;
            }
            let Some(place) = place else {
                return RecordRow::new(record, pending);
            };
            expected = place + 1;
            let mut row = before[place].clone();
            if row.id != record.id() {
                record.id().clone_into(&mut row.id);
                change = RowChange::Order;
            }
            let (differs, moved) =
                row.record.with_untracked(|shown| (*shown != record, shown.at() != record.at()));
            if differs {
                row.record.set(record);
                change = change.max(if moved { RowChange::Order } else { RowChange::Content });
            }
            if row.pending.get_untracked() != pending {
                row.pending.set(pending);
            }
            row
        })
        .collect();
    (after, change)
}

/// Whether the row shows what was made here and has become this record of the server's.
fn became(row: &RecordRow, record: &AnyRecord) -> bool {
    row.record.with_untracked(|made| made.is_made_into(record))
}
