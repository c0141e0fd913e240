//! The dashboard's queries: which list is fetched when, and who waits for that.

use std::rc::Rc;

use latido_cache::{
    Collection, FetchMark, Outbox, Period,
    collection::Update,
    lag::LAG_MS,
    refetch::{Due, Refetch},
};
use latido_connection::{Backend, Input, Invalidation};
use latido_protocol::{event::Event, time::Timestamp};

use super::{Timer, request::Ask, task::Task};
use crate::{
    happening::Happening,
    record::{DAY_MS, FIRST_DAY_MS, Kind, Record},
    story::tell,
    tally::Class,
    world::World,
};

/// Rows that a list holds at most; more than a schedule ever makes.
const MOST_ROWS: usize = 1_000;

pub const POLL_MS: i64 = 8_000;
/// As the dashboard's.
pub const MARK_STALE_MS: i64 = 300_000;

/// A list that somebody looks at.
pub struct Query {
    pub kind: Kind,
    pub from: Timestamp,
    pub to: Timestamp,
    pub schedule: Refetch,
    pub list: Collection<Record>,
    /// What the screen shows, brought up to date by deltas alone.
    pub view: Vec<Rc<Record>>,
    mark: Option<FetchMark>,
    /// The last answer, which stands for its tag.
    pub etag: Option<Vec<Record>>,
    /// What events and writes brought that no answer may take back, for the checks.
    pub touched: Vec<Touched>,
    /// When an index will have the last of it, until a fetch starts then or later; and when it came, in the time
    /// for which the page ran.
    pub unsettled: Option<(Timestamp, i64)>,
    /// Steps at which things happened, for the checks.
    pub invalidated: u64,
    pub started: u64,
    /// The start of the newest fetch that ended, well or not.
    pub ended: u64,
    /// The start of the newest fetch that ended well.
    pub succeeded: u64,
}

/// A record that an event or a write's answer has changed.
pub struct Touched {
    pub id: String,
    /// What the list shows since; `None`: it is gone for good.
    pub version: Option<u64>,
    /// A fetch that starts before may be answered from before the event.
    pub settles_at: Timestamp,
}

impl Query {
    /// Shows the list with the pending writes over it.
    pub fn show(&mut self, outbox: &Outbox<Record>) {
        self.list.reapply_pending_writes(outbox);
        match self.list.take_update() {
            Update::Steps(steps) => steps.into_iter().for_each(|step| step.apply_to(&mut self.view)),
            Update::ReadAll => self.view = self.list.rows().cloned().collect(),
        }
    }
}

impl World {
    /// When what is learned now will be in every answer.
    pub fn settles_at(&self) -> Timestamp {
        match self.page.connection.backend() {
            Backend::Full => Timestamp::EPOCH,
            Backend::Unknown | Backend::Plain => self.wall().plus_ms(LAG_MS),
        }
    }

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
                list: Collection::new(Period { kind, from: day(number), to: day(number + 1) }, MOST_ROWS),
                view: Vec::new(),
                mark: None,
                etag: None,
                touched: Vec::new(),
                unsettled: None,
                invalidated: 0,
                started: 0,
                ended: 0,
                succeeded: 0,
            })
            .collect();
        self.watch_families();
        self.send_unsent(true);
        self.pump();
    }

    pub fn clear_queries(&mut self) {
        self.page.requests.retain(|_, request| {
            !matches!(
                request.ask,
                Ask::List { .. }
                    | Ask::Family { .. }
                    | Ask::Switch { .. }
                    | Ask::Say { .. }
                    | Ask::Read { .. }
            )
        });
        self.page.queries.clear();
        self.page.watched.clear();
        self.page.is_saying = false;
        self.page.awaiting.clear();
    }

    pub fn invalidate(&mut self, invalidation: Invalidation) {
        self.step += 1;
        let (step, wall, settles_at) = (self.step, self.wall(), self.settles_at());
        let ran = self.page.ran(self.now);
        tell!(self, "page", "invalidates {invalidation:?}");
        self.invalidate_families(invalidation, settles_at);
        for query in &mut self.page.queries {
            let concerned = match invalidation {
                Invalidation::Everything => true,
                Invalidation::Family { family, .. } | Invalidation::Confirm { family, .. } => {
                    family == query.kind.family()
                }
            };
            if invalidation == Invalidation::Everything {
                query.list.mark_stale();
                query.forget_settled(wall);
            }
            if concerned {
                if settles_at > Timestamp::EPOCH {
                    query.schedule.settle_by(settles_at);
                    query.unsettled = Some((settles_at, ran));
                }
                match invalidation {
                    Invalidation::Everything | Invalidation::Family { .. } => query.schedule.invalidate(),
                    Invalidation::Confirm { .. } => query.schedule.confirm_later(wall),
                }
                query.invalidated = step;
                if query.started > query.ended {
                    self.tally.count(Class::FetchInvalidated);
                }
            }
        }
        self.pump();
    }

    /// Puts an event's record into every list that it belongs to.
    pub fn apply(&mut self, event: &Event) {
        let settles_at = self.settles_at();
        self.apply_to_families(event, settles_at);
        if let Some((kind, change)) = Kind::of(event) {
            self.learn(kind, &change);
        } else if settles_at > Timestamp::EPOCH {
            self.pump();
        }
    }

    /// An event or the answer to a write says what a record is, or that it is gone.
    pub fn learn(&mut self, kind: Kind, change: &Result<Record, String>) {
        let (settles_at, ran) = (self.settles_at(), self.page.ran(self.now));
        for query in self.page.queries.iter_mut().filter(|query| query.kind == kind) {
            if settles_at > Timestamp::EPOCH {
                query.schedule.settle_by(settles_at);
                query.unsettled = Some((settles_at, ran));
            }
            // What is older than what is there changes nothing, and proves nothing.
            let counts = match change {
                Ok(record) => query.list.put_until(record.clone(), settles_at),
                Err(id) => {
                    query.list.remove_until(id, settles_at);
                    true
                }
            };
            let matters = query.started > query.ended || settles_at > Timestamp::EPOCH;
            if counts && (matters || !query.touched.is_empty()) {
                query.touch(change, settles_at);
            }
            query.show(&self.page.outbox);
        }
        if settles_at > Timestamp::EPOCH {
            self.pump();
        }
    }

    /// A connection waits for what is stale: a failure's pause is over.
    pub fn forgive(&mut self) {
        for query in &mut self.page.queries {
            query.schedule.forgive();
        }
        for watched in &mut self.page.watched {
            watched.schedule.forgive();
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
        self.refresh_families();
        self.pump();
    }

    pub fn poll_every(&mut self, every: Option<i64>) {
        if self.page.poll_every != every {
            self.page.poll_every = every;
            self.page.stale_at = self.wall().plus_ms(MARK_STALE_MS);
            self.pump();
        }
    }

    /// Starts what is due and sleeps until the next is.
    pub fn pump(&mut self) {
        let number = self.page.query_timer.number + 1;
        self.page.query_timer = Timer { at: None, number };
        let wall = self.wall();
        let poll_every = self.page.poll_every.filter(|_| self.page.visible);
        if poll_every.is_some() && wall >= self.page.stale_at {
            self.page.stale_at = wall.plus_ms(MARK_STALE_MS);
            for query in &mut self.page.queries {
                query.list.mark_stale();
                query.forget_settled(wall);
            }
            self.families_stale();
        }
        let families_next = self.pump_families(poll_every);
        let mut next: Option<i64> = families_next.map(|at| at.unix_ms() - FIRST_DAY_MS);
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
                    query.forget_settled(wall);
                    query.unsettled = query.unsettled.filter(|(settles_at, _)| wall < *settles_at);
                    query.mark = Some(query.list.begin_fetch(wall));
                    tell!(self, "page", "fetches list {place}");
                    let query = &self.page.queries[place];
                    let known = query.etag.clone().filter(|_| query.list.matches_last_response());
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
        let (wall, ran) = (self.wall(), self.page.ran(self.now));
        let Some(query) = self.page.queries.get_mut(place) else { return };
        let worked = rows.is_some();
        query.ended = query.started;
        query.unsettled = query.unsettled.map(|(settles_at, _)| (settles_at, ran));
        if worked {
            if let (Some(mark), Some(Some(rows))) = (query.mark.take(), rows) {
                query.etag = Some(rows.clone());
                query.list.apply_response(mark, rows);
                query.show(&self.page.outbox);
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
        let is_quiet = self.page.queries.iter().all(|query| query.schedule.is_settled())
            && self.page.watched.iter().all(|watched| watched.schedule.is_settled());
        if is_quiet {
            for dial in std::mem::take(&mut self.page.awaiting) {
                self.input(Input::CaughtUp { dial });
            }
        }
    }
}
