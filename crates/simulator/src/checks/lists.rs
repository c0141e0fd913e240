//! Lists: what "live" waits for, and what must not leave the screen again.

use latido_cache::{lag::is_unsettled, refetch::LATEST_MS};
use latido_protocol::time::Timestamp;

use crate::{
    page::queries::{Query, Touched},
    record::Record,
    world::World,
};

/// A burst may go on for so long after what it brought has settled.
const SLACK_MS: i64 = 5_000;

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

    /// An answer has come. A fetch that started before an event, or so soon after it that an index may not have
    /// had it, never takes it back off the screen.
    pub fn check_nothing_is_taken_back(&mut self, place: usize) {
        let Some(query) = self.page.queries.get(place) else { return };
        let back = query.touched.iter().find(|Touched { id, version, .. }| {
            let row = query.list.get(id);
            match version {
                Some(version) => row.is_none_or(|row| row.version() < *version),
                None => row.is_some(),
            }
        });
        if let Some(Touched { id, version, .. }) = back {
            let what = format!("list {place}: {id} at version {version:?}");
            self.violated("an answer takes no event back", || what);
        }
    }

    /// A hidden page may be late; from when it is shown it has its time again.
    pub(super) fn forgive_unsettled(&mut self) {
        let now = self.page.ran(self.now);
        for query in &mut self.page.queries {
            query.unsettled = query.unsettled.map(|(settles_at, _)| (settles_at, now));
        }
    }

    /// What an index may not have had yet is asked for again, late enough.
    pub(super) fn check_settled(&mut self) {
        let now = self.page.ran(self.now);
        let late = self.page.queries.iter().position(|query| {
            let is_due = query.unsettled.is_some_and(|(_, since)| now > since + LATEST_MS + SLACK_MS);
            is_due && query.started <= query.ended && !query.schedule.has_failed()
        });
        if let Some(place) = late.filter(|_| !self.page.watch.hidden) {
            self.violated("what may lag behind is asked for again", || format!("list {place} is not"));
        }
    }
}

impl Query {
    /// Remembers what the list shows of a record after an event or the answer to a write: its version, or that
    /// it is gone for good. What was moved elsewhere may come back.
    pub fn touch(&mut self, change: &Result<Record, String>, settles_at: Timestamp) {
        let (id, is_deleted) = match change {
            Ok(record) => (record.id(), false),
            Err(id) => (id.as_str(), true),
        };
        let version = self.list.get(id).map(Record::version);
        let known = self.touched.iter().position(|touched| touched.id == id);
        let was_deleted = known.is_some_and(|place| self.touched.swap_remove(place).version.is_none());
        if version.is_some() || is_deleted || was_deleted {
            self.touched.push(Touched { id: id.to_owned(), version, settles_at });
        }
    }

    /// A fetch that starts now may be answered without what an index may not have yet, and with all else.
    pub fn forget_settled(&mut self, now: Timestamp) {
        self.touched.retain(|touched| is_unsettled(now, touched.settles_at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        page::request::{Answer, Ask},
        record::{DAY_MS, Draft, FIRST_DAY_MS, Kind},
        story::Story,
    };

    fn at(day: i64) -> Timestamp {
        Timestamp::from_unix_ms(FIRST_DAY_MS + day * DAY_MS)
    }

    fn food(version: u64, day: i64) -> Record {
        let draft = Draft { kind: Kind::Food, at: at(day), amount: 100 };
        Record::new("r", &draft, at(0), at(0), version)
    }

    /// The second list is being fetched.
    fn fetching() -> (World, u32) {
        let mut world = World::new(1, false, Story::default());
        world.server.records.clear();
        world.page.signed_in = true;
        world.look_at_lists();
        let is_it = |ask: &Ask| matches!(ask, Ask::List { query: 1, .. });
        let number =
            world.page.requests.iter().find(|(_, request)| is_it(&request.ask)).map(|(number, _)| *number);
        (world, number.unwrap())
    }

    #[test]
    fn write_that_moved_a_record_away_is_remembered() {
        let (mut world, number) = fetching();
        world.apply(&food(2, 1).updated());
        // The answer to an edit: a conflict, with a newer version that is of another day.
        world.write_answered("k", latido_cache::Answer::Conflict(food(5, 0)));
        world.apply(&food(3, 1).updated());
        world.answered(number, Answer::List(Vec::new()));
        assert_eq!(world.violation, None, "it had left the list before the answer came");
    }

    #[test]
    fn answer_that_removes_a_record_is_found() {
        let (mut world, number) = fetching();
        world.apply(&food(2, 1).updated());
        let day = latido_cache::Period { kind: Kind::Food, from: at(1), to: at(2) };
        world.page.queries[1].list = latido_cache::Collection::new(day, 1_000);
        world.answered(number, Answer::List(Vec::new()));
        assert_eq!(world.violation.map(|violation| violation.check), Some("an answer takes no event back"));
    }

    #[test]
    fn record_that_a_write_removed_is_fetched_when_it_settles() {
        let (mut world, number) = fetching();
        world.server.begin_session();
        world.answered(number, Answer::List(Vec::new()));
        world.page.queries[1].succeeded = 0;
        world.learn(Kind::Food, &Err("r".to_owned()));
        world.run_until(latido_cache::lag::LAG_MS - 1);
        assert_eq!(world.page.queries[1].succeeded, 0);
        world.run_until(2 * latido_cache::lag::LAG_MS);
        assert!(world.page.queries[1].succeeded > 0);
    }
}
