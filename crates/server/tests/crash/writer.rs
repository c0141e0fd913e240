//! Somebody who writes. What is not answered is asked again in the next life, under the same key, until
//! it is known to be done; so at the end everybody's records are known for certain.

use std::collections::BTreeMap;

use fastrand::Rng;
use latido_protocol::time::Timestamp;
use latido_server::clock::{Clock, SystemClock};
use serde_json::{Value, json};

use crate::{
    stage::{Phase, Stage},
    support::rest::Rest,
};

/// A kind of record, and what a body of it looks like.
pub struct Family {
    pub path: &'static str,
    pub singular: &'static str,
    pub plural: &'static str,
    body: fn(&str, u32) -> Value,
    /// The number that edits change.
    number: &'static str,
}

pub const FAMILIES: [Family; 3] = [
    Family {
        path: "/food-logs",
        singular: "foodLog",
        plural: "foodLogs",
        body: |name, number| json!({"name": name, "meal": "snack", "calories": number}),
        number: "calories",
    },
    Family {
        path: "/exercise-logs",
        singular: "exerciseLog",
        plural: "exerciseLogs",
        body: |name, number| json!({"activity": name, "durationMin": number, "intensity": "low"}),
        number: "durationMin",
    },
    Family {
        path: "/health-metrics",
        singular: "healthMetric",
        plural: "healthMetrics",
        body: |_, number| json!({"kind": "steps", "value": number}),
        number: "value",
    },
];

/// Numbers reach from 1 to this, which every family allows.
const MAX_NUMBER: u32 = 1000;

/// What is known to have been written.
#[derive(Default)]
pub struct Written {
    /// The records that there are, as they were last answered.
    pub records: BTreeMap<String, Value>,
    /// Every change that was made: the event's name, the id, and the version if the event has one.
    pub changes: Vec<String>,
    /// How often a request got no answer.
    pub unanswered: usize,
    /// How often it turned out then that it had been done all the same.
    pub done_unanswered: usize,
}

pub fn change(event: &str, id: &str, version: Option<u64>) -> String {
    format!("{event} {id} {version:?}")
}

pub struct Writer<'a> {
    pub name: String,
    pub family: &'static Family,
    pub stage: &'a Stage,
    pub rest: Rest,
    pub rng: Rng,
    pub written: Written,
    pub count: u32,
}

impl Writer<'_> {
    pub fn write_until_the_end(mut self) -> Written {
        while self.stage.may_write() {
            self.count += 1;
            match (self.rng.u32(..10), self.any_record()) {
                (5..=7, Some(id)) => self.edit(&id),
                (8..=9, Some(id)) => self.remove(&id),
                _ => self.create(),
            }
            self.stage.acknowledge();
        }
        self.written
    }

    fn any_record(&mut self) -> Option<String> {
        let at = self.rng.usize(..self.written.records.len().max(1));
        self.written.records.keys().nth(at).cloned()
    }

    fn create(&mut self) {
        let key = format!("{}-{}", self.name, self.count);
        let body = (self.family.body)(&key, self.count % MAX_NUMBER + 1);
        let (status, answer, _) = self.ask("POST", self.family.path, Some(&key), Some(&body));
        assert_eq!(status, 201, "{answer}");
        self.keep(&answer, "Created", 1);
    }

    fn edit(&mut self, id: &str) {
        let (record, field) = (&self.written.records[id], self.family.number);
        let version = record["version"].as_u64().unwrap();
        let number = record[field].as_f64().unwrap() as u32;
        let body = json!({field: number % MAX_NUMBER + 1});
        let path = format!("{}/{id}", self.family.path);
        let (status, answer, _) = self.ask("PATCH", &path, None, Some(&body));
        assert_eq!(status, 200, "{answer}");
        // A patch that was done before the crash changes nothing when it is repeated.
        self.keep(&answer, "Updated", version + 1);
    }

    fn remove(&mut self, id: &str) {
        let (status, answer, repeated) =
            self.ask("DELETE", &format!("{}/{id}", self.family.path), None, None);
        assert!(status == 204 || (status == 404 && repeated), "{status} {answer}");
        self.written.done_unanswered += usize::from(status == 404);
        self.written.records.remove(id);
        self.written.changes.push(change(&format!("{}Deleted", self.family.singular), id, None));
    }

    fn keep(&mut self, answer: &Value, event: &str, version: u64) {
        let record = &answer[self.family.singular];
        let id = record["id"].as_str().unwrap().to_owned();
        assert_eq!(record["version"], version, "{record}");
        let event = format!("{}{event}", self.family.singular);
        self.written.changes.push(change(&event, &id, Some(version)));
        self.written.records.insert(id, record.clone());
    }

    /// Asks until there is an answer; gives also whether it had to be asked again.
    fn ask(
        &mut self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> (u16, Value, bool) {
        let (mut after, mut repeated) = (None, false);
        loop {
            let life = self.stage.life_after(after);
            let asked_at = SystemClock.now();
            if let Some((status, answer)) = self.rest.send(life.address, method, path, key, body) {
                let written_at =
                    answer[self.family.singular]["updatedAt"].as_str().and_then(Timestamp::parse);
                let before = written_at.is_some_and(|written_at| written_at < asked_at);
                self.written.done_unanswered += usize::from(repeated && before);
                return (status, answer, repeated);
            }
            assert_eq!(self.stage.phase(), Phase::Killing, "no answer, and nobody was killed");
            self.written.unanswered += 1;
            (after, repeated) = (Some(life.number), true);
        }
    }
}
