//! What must hold of the families: along the way, and in the end.

use std::collections::{BTreeMap, BTreeSet};

use latido_protocol::time::Timestamp;

use super::{
    habits::written,
    held::{Held, Row},
    truth::Truth,
};
use crate::world::World;

/// How far each row had come.
pub type Before = BTreeMap<String, i64>;

impl World {
    pub fn rows_before(&self, place: usize) -> Before {
        let rows = self.page.watched[place].held.rows().unwrap_or_default();
        rows.into_iter().map(|row| (row.id, row.rank)).collect()
    }

    /// An event, or the answer to what the user does, was applied.
    pub fn check_event(&mut self, place: usize, before: &Before, settles_at: Timestamp) {
        let rows = self.page.watched[place].held.rows().unwrap_or_default();
        self.check_rows(place, &rows, before);
        let watched = &mut self.page.watched[place];
        watched.fresh.retain(|(id, _)| rows.iter().any(|row| row.id == *id));
        let new = rows.iter().filter(|row| !before.contains_key(&row.id));
        watched.fresh.extend(new.map(|row| (row.id.clone(), settles_at)));
    }

    /// An answer was applied. What events have brought since its fetch began stays.
    pub fn check_answer(&mut self, place: usize, before: &Before, anew: bool) {
        let rows = self.page.watched[place].held.rows().unwrap_or_default();
        if !anew {
            self.check_rows(place, &rows, before);
        }
        let watched = &mut self.page.watched[place];
        // A thread or a log that begins anew hides what lies below its first page, until that is read again.
        let hides = matches!(watched.held, Held::Thread(_) | Held::Log(_)) && watched.held.cursor().is_some();
        if hides {
            watched.fresh.retain(|(id, _)| rows.iter().any(|row| row.id == *id));
        }
        let gone = watched.fresh.iter().find(|(id, _)| rows.iter().all(|row| row.id != *id));
        if let Some((id, _)) = gone {
            let what = format!("{:?}: {id} is gone", watched.what);
            self.violated("an answer takes no event back", || what);
        }
    }

    /// No row is there twice, and none falls back to what it was.
    fn check_rows(&mut self, place: usize, rows: &[Row], before: &Before) {
        let watched = &self.page.watched[place];
        let mut ids = BTreeSet::new();
        if let Some(twice) = rows.iter().find(|row| !ids.insert(row.id.as_str())) {
            let what = format!("{:?}: {}", watched.what, twice.id);
            return self.violated("no row is there twice", || what);
        }
        let falls = |row: &&Row| before.get(&row.id).is_some_and(|rank| row.rank < *rank);
        if let Some(row) = rows.iter().find(falls).filter(|_| !watched.anew) {
            let what = format!("{:?}: {} was {:?}, is {row:?}", watched.what, row.id, before.get(&row.id));
            self.violated("no row falls back", || what);
        }
    }

    /// In the end each family is what the server holds: whole, or the pages that have come.
    pub fn check_families(&mut self) {
        for place in 0..self.page.watched.len() {
            let watched = &self.page.watched[place];
            let truth = self.server.families.rows(watched.what);
            let Some(shown) = watched.held.rows() else {
                let what = format!("{:?} was never fetched", watched.what);
                return self.violated("after quiet each family is there", || what);
            };
            let is_whole = watched.held.cursor().is_none();
            let shown = part_that_counts(&watched.held, shown, &truth);
            let expected = if is_whole { &truth[..] } else { &truth[..shown.len().min(truth.len())] };
            if shown != expected {
                let what = format!(
                    "{:?} shows {}\nand the server holds {}",
                    watched.what,
                    spoken(&shown),
                    spoken(expected)
                );
                return self.violated("after quiet each family is what the server holds", || what);
            }
            if watched.schedule.is_stale() || watched.succeeded < watched.invalidated {
                let what = format!("{:?}", watched.what);
                return self.violated("every invalidation is followed by a fetch", || what);
            }
        }
        self.check_devices_are_settled();
        self.check_said();
    }

    /// No switch waits for an answer any more.
    fn check_devices_are_settled(&mut self) {
        use latido_cache::families::devices::Control;
        let asked = self.page.watched.iter().find_map(|watched| match &watched.held {
            Held::Devices(devices) => devices.shown()?.find(|shown| shown.is_asked(Control::Relay)),
            _ => None,
        });
        if let Some(device) = asked {
            self.violated("after quiet no switch is on its way", || format!("{device:?}"));
        }
    }

    /// What the user has written has arrived once, in order.
    fn check_said(&mut self) {
        let messages = self.server.families.messages.iter().filter(|message| Truth::is_of_team(message));
        let numbers: Vec<u32> = messages
            .filter_map(|message| written(message.text.as_str()))
            .filter(|number| !self.page.said_late.contains(number))
            .collect();
        if !numbers.is_sorted_by(|one, other| one < other) {
            self.violated("messages arrive once and in order", || format!("{numbers:?}"));
        }
        let waits = self.page.watched.iter().find_map(|watched| match &watched.held {
            Held::Thread(thread) => thread.outgoing().first().cloned(),
            _ => None,
        });
        if let Some(waits) = waits {
            self.violated("after quiet every message is sent", || format!("{waits:?}"));
        }
    }
}

/// Rows for the story.
fn spoken(rows: &[Row]) -> String {
    rows.iter().flat_map(|row| ["\n  ", &row.shown]).collect()
}

/// Of deliveries, those below the pages that have come are shown as they were.
fn part_that_counts(held: &Held, mut shown: Vec<Row>, truth: &[Row]) -> Vec<Row> {
    if let Held::Deliveries(deliveries) = held {
        let complete = (0..=shown.len()).rev().find(|count| deliveries.needs(None, *count).is_none());
        shown.truncate(complete.unwrap_or(truth.len()));
    }
    shown
}
