//! Lists: what "live" waits for, and what must not leave the screen again.

use latido_protocol::event::Event;

use crate::{
    page::queries::Query,
    record::{Kind, Record},
    world::World,
};

impl World {
    pub fn connection_awaits(&mut self) {
        self.page.watch.awaited = self.page.queries.iter().map(|query| query.invalidated).collect();
    }

    pub(super) fn check_live(&mut self) {
        let late = self
            .page
            .queries
            .iter()
            .zip(&self.page.watch.awaited)
            .position(|(query, awaited)| *awaited > 0 && query.ended < *awaited);
        if let Some(place) = late {
            self.violated("live only when the refetches are done", || format!("list {place} is not"));
        }
    }

    /// An answer has come. A fetch that started before an event never takes it back off the screen.
    pub fn check_nothing_is_taken_back(&mut self, place: usize) {
        let Some(query) = self.page.queries.get_mut(place) else { return };
        let touched = std::mem::take(&mut query.touched);
        let rows = query.copy.rows(&latido_replica::Outbox::new());
        let back = touched.iter().find(|(id, version)| {
            let row = rows.iter().find(|row| row.id() == *id);
            match version {
                Some(version) => row.is_none_or(|row| row.version() < *version),
                None => row.is_some(),
            }
        });
        if let Some((id, version)) = back {
            let what = format!("list {place}: {id} at version {version:?}");
            self.violated("an answer takes no event back", || what);
        }
    }
}

impl Query {
    /// What the list shows of a record after an event that came while a fetch was under way: its
    /// version, or that it is gone for good. What the event moved elsewhere may come back.
    pub fn touch(&mut self, event: &Event) {
        let Some((_, change)) = Kind::of(event) else { return };
        let (id, is_deleted) = match &change {
            Ok(record) => (record.id(), false),
            Err(id) => (id.as_str(), true),
        };
        let rows = self.copy.rows(&latido_replica::Outbox::new());
        let version = rows.iter().find(|row| row.id() == id).map(Record::version);
        let known = self.touched.iter().position(|(touched, _)| touched == id);
        let was_deleted = known.is_some_and(|place| self.touched.swap_remove(place).1.is_none());
        if version.is_some() || is_deleted || was_deleted {
            self.touched.push((id.to_owned(), version));
        }
    }
}
