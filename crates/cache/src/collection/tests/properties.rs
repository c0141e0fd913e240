//! Any interleaving of events, fetches and answers, against a database.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    /// Writes a record of this number; of several, the version counts up.
    Write {
        id: u8,
        ms: i64,
    },
    Delete {
        id: u8,
    },
    /// Delivers one of the events that are under way, perhaps leaving it there to come again.
    Deliver {
        which: prop::sample::Index,
        again: bool,
    },
    Fetch,
    /// The server reads for a fetch under way: now, or as it was a while ago on a replica that lags.
    Read {
        which: prop::sample::Index,
        lag: usize,
    },
    Answer {
        which: prop::sample::Index,
    },
    /// The answer never comes.
    Fail {
        which: prop::sample::Index,
    },
    /// The database becomes what it was; the log and its events are lost.
    Restore {
        to: prop::sample::Index,
    },
}

fn step(lag: usize, restores: u32) -> impl Strategy<Value = Step> {
    let which = any::<prop::sample::Index>;
    prop_oneof![
        // Outside the list at both ends, at its bounds, and within.
        6 => (0..6_u8, prop::sample::select(vec![-1, 0, 1, 500, 999, 1_000]))
            .prop_map(|(id, ms)| Step::Write { id, ms }),
        3 => (0..6_u8).prop_map(|id| Step::Delete { id }),
        8 => (which(), any::<bool>()).prop_map(|(which, again)| Step::Deliver { which, again }),
        3 => Just(Step::Fetch),
        4 => (which(), 0..=lag).prop_map(|(which, lag)| Step::Read { which, lag }),
        4 => which().prop_map(|which| Step::Answer { which }),
        1 => which().prop_map(|which| Step::Fail { which }),
        restores => which().prop_map(|to| Step::Restore { to }),
    ]
}

type Database = Vec<Sample>;

struct Fetch {
    mark: FetchMark,
    read: Option<Database>,
}

struct World {
    list: Collection<Sample>,
    database: Database,
    /// What it was after every write.
    history: Vec<Database>,
    /// No two records have one id, and no id is used again, not even after a restore.
    born: u64,
    events: Vec<Result<Sample, String>>,
    fetches: Vec<Fetch>,
}

impl World {
    fn new() -> Self {
        Self {
            list: empty(),
            database: vec![],
            history: vec![vec![]],
            born: 0,
            events: vec![],
            fetches: vec![],
        }
    }

    fn place(&self, id: u8) -> Option<usize> {
        let slot = format!("{id}-");
        self.database.iter().position(|record| record.id.starts_with(&slot))
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Write { id, ms } => {
                let (id, version) = if let Some(place) = self.place(id) {
                    let before = self.database.remove(place);
                    (before.id, before.version + 1)
                } else {
                    self.born += 1;
                    (format!("{id}-{}", self.born), 1)
                };
                let record = moved(sample(&id, version, &self.history.len().to_string()), ms);
                self.database.push(record.clone());
                self.events.push(Ok(record));
                self.history.push(self.database.clone());
            }
            Step::Delete { id } => {
                if let Some(place) = self.place(id) {
                    self.events.push(Err(self.database.remove(place).id));
                    self.history.push(self.database.clone());
                }
            }
            Step::Deliver { which, again } => {
                if !self.events.is_empty() {
                    let place = which.index(self.events.len());
                    self.deliver(place, again);
                }
            }
            Step::Fetch => {
                let mark = self.list.begin_fetch(at(0));
                self.fetches.push(Fetch { mark, read: None });
            }
            Step::Read { which, lag } => {
                if !self.fetches.is_empty() {
                    let place = which.index(self.fetches.len());
                    let seen = self.history[self.history.len().saturating_sub(1 + lag)].clone();
                    self.fetches[place].read.get_or_insert(seen);
                }
            }
            Step::Answer { which } => {
                if !self.fetches.is_empty() {
                    let fetch = self.fetches.remove(which.index(self.fetches.len()));
                    self.answer(fetch);
                }
            }
            Step::Fail { which } => {
                if !self.fetches.is_empty() {
                    self.fetches.remove(which.index(self.fetches.len()));
                }
            }
            Step::Restore { to } => {
                self.database = self.history[to.index(self.history.len())].clone();
                self.history = vec![self.database.clone()];
                self.events.clear();
                self.list.mark_stale();
            }
        }
    }

    fn deliver(&mut self, place: usize, again: bool) {
        let before = rows(&self.list);
        let event = self.events[place].clone();
        let changed = match event {
            Ok(record) => self.list.put(record),
            Err(id) => self.list.remove(&id),
        };
        assert_eq!(changed, before != rows(&self.list), "says whether anything changed");
        if !again {
            drop(self.events.remove(place));
        }
    }

    fn answer(&mut self, fetch: Fetch) {
        let database = fetch.read.unwrap_or_else(|| self.database.clone());
        let listed = |record: &Sample| (FROM..TO).contains(&record.draft.at.unix_ms());
        let known = self.list.is_known();
        let before = rows(&self.list);
        let changed = self.list.apply_response(fetch.mark, database.into_iter().filter(listed).collect());
        if known {
            assert_eq!(changed, before != rows(&self.list), "says whether anything changed");
        }
    }

    fn deliver_all(&mut self) {
        while !self.events.is_empty() {
            self.deliver(0, false);
        }
    }

    fn fetch_now(&mut self) {
        let mark = self.list.begin_fetch(at(0));
        self.answer(Fetch { mark, read: None });
    }

    fn shows_the_database(&self) {
        let mut expected: Database = self.database.clone();
        expected.retain(|record| (FROM..TO).contains(&record.draft.at.unix_ms()));
        expected.sort_by(|a, b| (b.draft.at, &b.id).cmp(&(a.draft.at, &a.id)));
        assert_eq!(rows(&self.list), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Every event comes at least once, in whatever order; one answer to start from is enough.
    #[test]
    fn events_alone_lead_to_the_database(steps in prop::collection::vec(step(0, 0), 0..80)) {
        let mut world = World::new();
        world.fetch_now();
        for step in steps {
            world.step(step);
        }
        world.deliver_all();
        for fetch in std::mem::take(&mut world.fetches) {
            world.answer(fetch);
        }
        world.shows_the_database();
    }

    /// With lagging replicas, a restored database, lost events and answers in the wrong order, one
    /// answer at the end is enough.
    #[test]
    fn one_fetch_at_the_end_leads_to_the_database(steps in prop::collection::vec(step(5, 1), 0..80)) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        world.fetch_now();
        for fetch in std::mem::take(&mut world.fetches) {
            world.answer(fetch);
        }
        world.shows_the_database();
        world.deliver_all();
        world.shows_the_database();
    }
}
