//! Any interleaving of writes, faults and crashes ends with every write done once, in order, or
//! refused.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, sample::Index};

use super::{server::Server, *};

#[derive(Clone, Debug)]
enum Step {
    Create {
        bad: bool,
    },
    Edit {
        row: Index,
        bad: bool,
    },
    Delete {
        row: Index,
    },
    /// Carries out one effect, as storage does, one after the other.
    Effect,
    /// Sends what is next, if the storage is done.
    Send,
    /// A request under way reaches the server; it may come again.
    Receive {
        which: Index,
        again: bool,
    },
    /// The answer arrives; it may come again.
    Answer {
        which: Index,
        again: bool,
    },
    /// The request in flight fails for the page, lost or not.
    TimeOut,
    Lose {
        which: Index,
    },
    OthersEdit {
        which: Index,
    },
    OthersDelete {
        which: Index,
    },
    Event {
        which: Index,
    },
    Wake,
    Pass {
        ms: i64,
    },
    /// The page dies and is opened again. Its requests may still arrive.
    Reopen,
    Retry {
        which: Index,
    },
    Dismiss {
        which: Index,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    let rarely = || prop::bool::weighted(0.15);
    prop_oneof![
        4 => rarely().prop_map(|bad| Step::Create { bad }),
        4 => (index(), rarely()).prop_map(|(row, bad)| Step::Edit { row, bad }),
        2 => index().prop_map(|row| Step::Delete { row }),
        8 => Just(Step::Effect),
        6 => Just(Step::Send),
        6 => (index(), rarely()).prop_map(|(which, again)| Step::Receive { which, again }),
        6 => (index(), rarely()).prop_map(|(which, again)| Step::Answer { which, again }),
        2 => Just(Step::TimeOut),
        1 => index().prop_map(|which| Step::Lose { which }),
        1 => index().prop_map(|which| Step::OthersEdit { which }),
        1 => index().prop_map(|which| Step::OthersDelete { which }),
        3 => index().prop_map(|which| Step::Event { which }),
        1 => Just(Step::Wake),
        1 => (0..40_000_i64).prop_map(|ms| Step::Pass { ms }),
        2 => Just(Step::Reopen),
        1 => index().prop_map(|which| Step::Retry { which }),
        1 => index().prop_map(|which| Step::Dismiss { which }),
    ]
}

/// What the person was promised, by the key under which it was promised.
#[derive(Default)]
struct Promises {
    kept: BTreeMap<String, SampleWrite>,
    /// Gone before they were saved, or let go by the person.
    released: BTreeSet<String>,
    refused: BTreeSet<String>,
}

struct World {
    server: Server,
    storage: BTreeMap<String, String>,
    outbox: SampleOutbox,
    list: Collection<Sample>,
    /// The request that leaves when its save is done.
    leaving: Option<EntryOf<Sample>>,
    in_flight: Option<String>,
    requests: Vec<EntryOf<Sample>>,
    answers: Vec<(String, Answer<Sample>)>,
    promises: Promises,
    now: Timestamp,
    count: u64,
}

impl World {
    fn new() -> Self {
        Self {
            server: Server::default(),
            storage: BTreeMap::new(),
            outbox: SampleOutbox::new(),
            list: list(&[]),
            leaving: None,
            in_flight: None,
            requests: vec![],
            answers: vec![],
            promises: Promises::default(),
            now: NOW,
            count: 0,
        }
    }

    /// No two texts are equal, so a text says which write a record comes from.
    fn text(&mut self, bad: bool) -> String {
        self.count += 1;
        format!("{}{}", if bad { "bad" } else { "text" }, self.count)
    }

    fn queue(&mut self, write: SampleWrite) {
        self.count += 1;
        let key = format!("k{}", self.count);
        self.outbox.queue(write, key, self.now).unwrap();
        self.note_promises();
    }

    /// What the outbox holds after the person did something is promised; what a merge made an end
    /// of, no longer.
    fn note_promises(&mut self) {
        let held: BTreeMap<_, _> =
            self.outbox.waiting().map(|entry| (entry.key.clone(), entry.write.clone())).collect();
        let done: BTreeSet<_> = self.server.done.iter().map(|entry| entry.key.clone()).collect();
        let over = |key: &String| !held.contains_key(key) && !done.contains(key);
        let refused = &self.promises.refused;
        self.promises.kept.retain(|key, _| !over(key) || refused.contains(key));
        self.promises.kept.extend(held);
    }

    fn row(&mut self, row: Index) -> Option<Sample> {
        let rows = rows(&mut self.list, &self.outbox);
        (!rows.is_empty()).then(|| row.get(&rows).clone())
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Create { bad } => {
                let text = self.text(bad);
                let id = format!("local-{text}");
                self.queue(create(&id, &text));
            }
            Step::Edit { row, bad } => {
                if let Some(row) = self.row(row) {
                    let text = self.text(bad);
                    self.queue(edit(&row.id, row.version, &text));
                    assert!(
                        rows(&mut self.list, &self.outbox).iter().any(|row| row.draft.text == text),
                        "an edit shows at once"
                    );
                }
            }
            Step::Delete { row } => {
                if let Some(row) = self.row(row) {
                    self.queue(delete(&row.id));
                    let rows = rows(&mut self.list, &self.outbox);
                    assert!(rows.iter().all(|other| other.draft != row.draft), "so does a deletion");
                }
            }
            Step::Effect => drop(self.effect()),
            Step::Send => self.send(),
            Step::Receive { which, again } => {
                if !self.requests.is_empty() {
                    let place = which.index(self.requests.len());
                    let entry = self.requests[place].clone();
                    let answer = self.server.receive(&entry);
                    self.answers.push((entry.key, answer));
                    if !again {
                        self.requests.remove(place);
                    }
                }
            }
            Step::Answer { which, again } => {
                if !self.answers.is_empty() {
                    let place = which.index(self.answers.len());
                    let (key, answer) = self.answers[place].clone();
                    if !again {
                        self.answers.remove(place);
                    }
                    // A page hears only answers to its own request; a second copy is a late one.
                    if self.in_flight.as_ref() == Some(&key) || matches!(answer, Answer::Done(_)) {
                        self.answered(&key, answer);
                    }
                }
            }
            Step::TimeOut => {
                if let Some(key) = self.in_flight.clone() {
                    self.answered(&key, Answer::Later);
                }
            }
            Step::Lose { which } => {
                if !self.requests.is_empty() {
                    self.requests.remove(which.index(self.requests.len()));
                }
            }
            Step::OthersEdit { which } => {
                if !self.server.database.is_empty() {
                    let text = self.text(false);
                    self.server.others_edit(which.index(self.server.database.len()), &text);
                }
            }
            Step::OthersDelete { which } => {
                if !self.server.database.is_empty() {
                    self.server.others_delete(which.index(self.server.database.len()));
                }
            }
            Step::Event { which } => {
                if !self.server.events.is_empty() {
                    let event = self.server.events.remove(which.index(self.server.events.len()));
                    match event {
                        Ok(record) => drop(self.list.put(record)),
                        Err(id) => drop(self.list.remove(&id)),
                    }
                }
            }
            Step::Wake => self.outbox.wake(),
            Step::Pass { ms } => self.now = self.now.plus_ms(ms),
            Step::Reopen => self.reopen(),
            Step::Retry { which } => {
                if let Some(entry) = self.a_refused(which) {
                    self.count += 1;
                    let key = format!("k{}", self.count);
                    let id = entry.write.id();
                    let version =
                        self.server.database.iter().find(|row| row.id == id).map_or(1, |row| row.version);
                    if self.outbox.retry(&entry.key, version, key, self.now) {
                        self.promises.released.insert(entry.key);
                    }
                    self.note_promises();
                }
            }
            Step::Dismiss { which } => {
                if let Some(entry) = self.a_refused(which) {
                    self.outbox.dismiss(&entry.key);
                    self.promises.released.insert(entry.key);
                }
            }
        }
        self.no_row_is_double();
    }

    fn a_refused(&self, which: Index) -> Option<EntryOf<Sample>> {
        let refused: Vec<_> = self.outbox.refused().cloned().collect();
        (!refused.is_empty()).then(|| which.get(&refused).clone())
    }

    fn send(&mut self) {
        if let Next::Send(entry) = self.outbox.next(self.now) {
            assert!(self.in_flight.is_none(), "one in flight");
            let stored = self.storage.get(&entry.key).expect("persisted before it is sent");
            assert!(*stored == serde_json::to_string(&entry).unwrap(), "persisted as it is sent");
            self.outbox.started(&entry.key);
            self.in_flight = Some(entry.key.clone());
            self.leaving = Some(entry);
        }
    }

    fn effect(&mut self) -> bool {
        let Some(effect) = self.outbox.poll() else { return false };
        match effect {
            Effect::Save(entry) => {
                self.storage.insert(entry.key.clone(), serde_json::to_string(&entry).unwrap());
                self.outbox.saved(&entry.key, true);
                if entry.sent && self.leaving.as_ref().is_some_and(|leaving| leaving.key == entry.key) {
                    self.requests.extend(self.leaving.take());
                }
            }
            Effect::Forget { key } => drop(self.storage.remove(&key)),
            Effect::Confirmed(record) => drop(self.list.put(record)),
            Effect::Removed { id } => drop(self.list.remove(&id)),
            Effect::Refused { key } => drop(self.promises.refused.insert(key)),
        }
        true
    }

    fn answered(&mut self, key: &str, answer: Answer<Sample>) {
        self.outbox.answered(key, answer, self.now, 0);
        if self.in_flight.as_deref() == Some(key) {
            self.in_flight = None;
            self.leaving = None;
        }
    }

    fn reopen(&mut self) {
        let unsaved: BTreeSet<_> = self
            .outbox
            .entries
            .iter()
            .filter(|held| held.unsaved > 0)
            .map(|held| held.entry.key.clone())
            .collect();
        self.outbox = SampleOutbox::new();
        let stored = self.storage.values().map(|text| serde_json::from_str(text).unwrap()).collect();
        self.outbox.load(stored);
        self.leaving = None;
        self.in_flight = None;
        // What had not reached the storage is lost with the page: new writes, and merges.
        for key in unsaved {
            match self.outbox.entry(&key) {
                Some(entry) => drop(self.promises.kept.insert(key, entry.write.clone())),
                None => drop(self.promises.released.insert(key)),
            }
        }
        self.note_promises();
        for entry in self.outbox.refused() {
            self.promises.refused.insert(entry.key.clone());
        }
        self.list = list(&self.server.database);
    }

    /// No record shows twice: neither by its id, nor by what was written.
    fn no_row_is_double(&mut self) {
        let rows = rows(&mut self.list, &self.outbox);
        let ids: BTreeSet<_> = rows.iter().map(|row| &row.id).collect();
        assert_eq!(ids.len(), rows.len(), "{rows:?}");
        let texts: BTreeSet<_> = rows.iter().map(|row| &row.draft.text).collect();
        assert_eq!(texts.len(), rows.len(), "{rows:?}");
    }

    /// The network is good until nothing is left to do.
    fn become_quiet(&mut self) {
        self.outbox.wake();
        for _ in 0..1_000 {
            while self.effect() {}
            self.send();
            while self.effect() {}
            if self.in_flight.is_none() {
                break;
            }
            for entry in std::mem::take(&mut self.requests) {
                let answer = self.server.receive(&entry);
                self.answers.push((entry.key, answer));
            }
            for (key, answer) in std::mem::take(&mut self.answers) {
                self.answered(&key, answer);
            }
            if self.in_flight.is_some() {
                self.step(Step::TimeOut);
                self.outbox.wake();
            }
        }
    }

    fn every_promise_is_kept(&self) {
        assert_eq!(waiting(&self.outbox), [], "everything was sent or refused");
        let stored: BTreeSet<_> = self.storage.keys().collect();
        let held: BTreeSet<_> = self.outbox.refused().map(|entry| &entry.key).collect();
        assert_eq!(stored, held, "the storage holds what the outbox holds");

        let keys: BTreeSet<_> = self.server.done.iter().map(|entry| &entry.key).collect();
        assert_eq!(keys.len(), self.server.done.len(), "nothing was done twice: {:?}", self.server.done);
        for (key, write) in &self.promises.kept {
            let done = self.server.done.iter().find(|entry| entry.key == *key);
            match done {
                Some(done) => same_wish(&done.write, write),
                // Somebody else deleted it first.
                None if matches!(write, Write::Delete { .. }) => {}
                None => assert!(
                    self.promises.refused.contains(key) || self.promises.released.contains(key),
                    "neither done nor refused: {key} {write:?}"
                ),
            }
        }
        // Numbers begin anew with an empty outbox; keys are counted in the order of the person's writes.
        let order: Vec<u64> = self.server.done.iter().map(|entry| entry.key[1..].parse().unwrap()).collect();
        assert!(order.is_sorted(), "in order: {order:?}");
    }
}

/// The same but for ids and versions, which change on the way.
fn same_wish(done: &SampleWrite, promised: &SampleWrite) {
    match (done, promised) {
        (
            Write::Create { draft: done, .. } | Write::Edit { draft: done, .. },
            Write::Create { draft, .. } | Write::Edit { draft, .. },
        ) => assert_eq!(done, draft),
        (done, promised) => assert!(
            matches!((done, promised), (Write::Delete { .. }, Write::Delete { .. })),
            "{done:?} {promised:?}"
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_write_is_done_once_and_in_order_or_refused(steps in prop::collection::vec(step(), 0..120)) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        world.become_quiet();
        world.every_promise_is_kept();
        world.list = list(&world.server.database);
        let rows = rows(&mut world.list, &world.outbox);
        prop_assert_eq!(rows.len(), world.server.database.len());
    }
}
