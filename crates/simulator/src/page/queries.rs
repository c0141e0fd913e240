//! The dashboard's queries: which list is fetched when, and who waits for that.

use latido_connection::{Input, Invalidation};
use latido_protocol::{event::Event, time::Timestamp};
use latido_replica::{
    ListCopy, Mark,
    refetch::{Due, Refetch},
};

use super::{Timer, http::Ask, tab::Task};
use crate::{
    record::{DAY_MS, FIRST_DAY_MS, Kind, Record},
    story::tell,
    tally::Class,
    world::{Happening, World},
};

pub const POLL_MS: i64 = 8_000;
/// As the dashboard's.
pub const DOUBT_POLLS_MS: i64 = 300_000;

/// A list that somebody looks at.
pub struct Query {
    pub kind: Kind,
    pub from: Timestamp,
    pub to: Timestamp,
    pub schedule: Refetch,
    pub copy: ListCopy<Record>,
    mark: Option<Mark>,
    /// The last answer, which stands for its tag.
    pub etag: Option<Vec<Record>>,
    /// What events brought while a fetch was under way, for the checks.
    pub touched: Vec<(String, Option<u64>)>,
    /// Steps at which things happened, for the checks.
    pub invalidated: u64,
    pub started: u64,
    /// The start of the newest fetch that ended, well or not.
    pub ended: u64,
    /// The start of the newest fetch that ended well.
    pub succeeded: u64,
}

impl World {
    pub fn look_at_lists(&mut self) {
        let day = |number: i64| Timestamp::from_unix_ms(FIRST_DAY_MS + number * DAY_MS);
        let lists = [(Kind::Food, 0), (Kind::Food, 1), (Kind::Exercise, 0)];
        self.page.queries = lists
            .into_iter()
            .map(|(kind, number)| Query {
                kind,
                from: day(number),
                to: day(number + 1),
                schedule: Refetch::new(),
                copy: ListCopy::new(kind, day(number), day(number + 1)),
                mark: None,
                etag: None,
                touched: Vec::new(),
                invalidated: 0,
                started: 0,
                ended: 0,
                succeeded: 0,
            })
            .collect();
        self.pump();
    }

    pub fn clear_queries(&mut self) {
        self.page.requests.retain(|_, request| !matches!(request.ask, Ask::List { .. }));
        self.page.queries.clear();
        self.page.awaiting.clear();
    }

    pub fn invalidate(&mut self, invalidation: Invalidation) {
        self.step += 1;
        let (step, wall) = (self.step, self.wall());
        tell!(self, "page", "invalidates {invalidation:?}");
        for query in &mut self.page.queries {
            let concerned = match invalidation {
                Invalidation::Everything => true,
                Invalidation::Family { family, .. } | Invalidation::Confirm { family, .. } => {
                    family == query.kind.family()
                }
            };
            if invalidation == Invalidation::Everything {
                query.copy.doubt();
                query.touched.clear();
            }
            if concerned {
                match invalidation {
                    Invalidation::Everything | Invalidation::Family { .. } => query.schedule.invalidate(),
                    Invalidation::Confirm { .. } => query.schedule.confirm_later(wall),
                }
                query.invalidated = step;
                if query.started > query.ended {
                    self.tally.count(Class::FetchDoubted);
                }
            }
        }
        self.pump();
    }

    /// Puts an event's record into every list that it belongs to.
    pub fn apply(&mut self, event: &Event) {
        let Some((kind, change)) = Kind::of(event) else { return };
        for query in self.page.queries.iter_mut().filter(|query| query.kind == kind) {
            // An event that is older than what is there changes nothing, and proves nothing.
            let counts = match &change {
                Ok(record) => query.copy.put(record.clone()),
                Err(id) => {
                    query.copy.remove(id);
                    true
                }
            };
            if counts && query.started > query.ended {
                query.touch(event);
            }
        }
    }

    /// A connection waits for what is stale: a failure's pause is over.
    pub fn forgive(&mut self) {
        for query in &mut self.page.queries {
            query.schedule.forgive();
        }
        self.pump();
    }

    /// Somebody came back, or the network did.
    pub fn refresh(&mut self) {
        self.step += 1;
        for query in &mut self.page.queries {
            query.schedule.forgive();
            query.schedule.invalidate();
            query.invalidated = self.step;
        }
        self.pump();
    }

    pub fn poll_every(&mut self, every: Option<i64>) {
        if self.page.poll_every != every {
            self.page.poll_every = every;
            self.page.doubt_at = self.wall().plus_ms(DOUBT_POLLS_MS);
            self.pump();
        }
    }

    /// Starts what is due and sleeps until the next is.
    pub fn pump(&mut self) {
        let number = self.page.query_timer.number + 1;
        self.page.query_timer = Timer { at: None, number };
        let wall = self.wall();
        let poll_every = self.page.poll_every.filter(|_| self.page.visible);
        if poll_every.is_some() && wall >= self.page.doubt_at {
            self.page.doubt_at = wall.plus_ms(DOUBT_POLLS_MS);
            for query in &mut self.page.queries {
                query.copy.doubt();
                query.touched.clear();
            }
        }
        let mut next: Option<i64> = None;
        for place in 0..self.page.queries.len() {
            let schedule = &self.page.queries[place].schedule;
            let waits_to_be_seen = schedule.has_failed() && !self.page.visible;
            let due = if waits_to_be_seen { Due::Idle } else { schedule.due(wall, poll_every) };
            match due {
                Due::Now => {
                    self.step += 1;
                    let query = &mut self.page.queries[place];
                    query.schedule.started(wall);
                    query.started = self.step;
                    query.touched.clear();
                    query.mark = Some(query.copy.begin_fetch());
                    tell!(self, "page", "fetches list {place}");
                    let query = &self.page.queries[place];
                    let known = query.etag.clone().filter(|_| query.copy.agrees());
                    self.ask(Ask::List { query: place, known });
                }
                Due::At(at) => {
                    let at = at.unix_ms() - FIRST_DAY_MS;
                    next = Some(next.map_or(at, |next| next.min(at)));
                }
                Due::Idle => {}
            }
        }
        if let Some(at) = next {
            self.page.query_timer.at = Some(at);
            self.queue.push(at.max(self.now), Happening::Page(Task::Queries { number }));
        }
    }

    /// A fetch ended; `None` means that it failed, and rows that are `None` that they are as before.
    pub fn fetched(&mut self, place: usize, rows: Option<Option<Vec<Record>>>) {
        let wall = self.wall();
        let Some(query) = self.page.queries.get_mut(place) else { return };
        let worked = rows.is_some();
        query.ended = query.started;
        if worked {
            if let (Some(mark), Some(Some(rows))) = (query.mark.take(), rows) {
                query.etag = Some(rows.clone());
                query.copy.answer(mark, rows);
            }
            query.succeeded = query.started;
            query.schedule.succeeded(wall);
        } else {
            query.schedule.failed(wall);
        }
        if worked {
            self.check_nothing_is_taken_back(place);
        }
        tell!(self, "page", "list {place} {}", if worked { "is there" } else { "could not be fetched" });
        self.count(if worked { Class::Fetch } else { Class::FetchFailed });
        if worked {
            self.wake_outbox();
        }
        self.input(if worked { Input::PollSucceeded } else { Input::PollFailed });
        self.pump();
        self.check_quiet();
    }

    /// Tells the connection that its refetches are done, once no query is stale or under way.
    pub fn check_quiet(&mut self) {
        if self.page.queries.iter().all(|query| query.schedule.is_settled()) {
            for dial in std::mem::take(&mut self.page.awaiting) {
                self.input(Input::CaughtUp { dial });
            }
        }
    }
}
