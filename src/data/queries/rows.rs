//! Rows with a signal each: a changed value changes its row, and the list only where rows come, go or move.

use leptos::prelude::*;

/// One row. Its element stays for as long as its key does.
pub struct Row<V> {
    pub key: String,
    pub value: ArcRwSignal<V>,
}

impl<V> Clone for Row<V> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), value: self.value.clone() }
    }
}

/// Rows as they are shown; `None` until there is something to show.
pub struct Rows<V>(ArcRwSignal<Option<Vec<Row<V>>>>);

impl<V> Clone for Rows<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V> Default for Rows<V> {
    fn default() -> Self {
        Self(ArcRwSignal::new(None))
    }
}

impl<V: Clone + PartialEq + Send + Sync + 'static> Rows<V> {
    /// All of them; notifies when rows come, go or move.
    pub fn all(&self) -> ArcReadSignal<Option<Vec<Row<V>>>> {
        self.0.read_only()
    }

    /// The row of this key, tracking it and the list.
    pub fn value_of(&self, key: &str) -> Option<V> {
        let value = self.0.with(|rows| {
            let row = rows.as_ref()?.iter().find(|row| row.key == key)?;
            Some(row.value.clone())
        });
        value.map(|value| value.get())
    }

    /// Shows these values, each with its key. Costs a look at each.
    pub fn show(&self, values: impl IntoIterator<Item = (String, V)>) {
        let before = self.0.get_untracked();
        let held = before.as_deref().unwrap_or_default();
        // Lists seldom change their order, so a row is mostly found where the one before it was followed.
        let mut expected = 0;
        let mut is_same = before.is_some();
        let mut rows = Vec::with_capacity(held.len());
        for (key, value) in values {
            let place = if held.get(expected).is_some_and(|row| row.key == key) {
                Some(expected)
            } else {
                held.iter().position(|row| row.key == key)
            };
            is_same &= place == Some(rows.len());
            let Some(place) = place else {
                rows.push(Row { key, value: ArcRwSignal::new(value) });
                continue;
            };
            expected = place + 1;
            let row = held[place].clone();
            if row.value.with_untracked(|shown| *shown != value) {
                row.value.set(value);
            }
            rows.push(row);
        }
        if !is_same || rows.len() != held.len() {
            self.0.set(Some(rows));
        }
    }
}
