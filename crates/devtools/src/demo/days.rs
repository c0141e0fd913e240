//! Thirty days of a believable person: three meals and something in between, a walk or a run on most
//! days, and what a watch and a scale measure. Weight drifts down by some 60 g a day, with the ups and
//! downs that scales have.

use latido_protocol::time::Timestamp;
use serde_json::{Map, Value, json};

use super::menu::{BREAKFASTS, DINNERS, Dish, LUNCHES, NIGHT, SNACKS, WORKOUTS};

const DAYS: u32 = 30;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 1440 * MINUTE_MS;

/// A record of the demo: the body of the request that would create it, and when it was logged.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoRecord {
    pub kind: DemoKind,
    pub body: Map<String, Value>,
    pub at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoKind {
    Food,
    Exercise,
    Metric,
}

/// The records of the last thirty days, in the order in which they were logged.
pub fn records(now: Timestamp) -> Vec<DemoRecord> {
    (0..DAYS).rev().flat_map(|ago| Day::new(now, ago).records()).collect()
}

struct Day {
    records: Vec<DemoRecord>,
    now: Timestamp,
    /// Midnight in UTC.
    start: Timestamp,
    /// How many days ago: 0 is today.
    ago: u32,
    foods: u32,
}

impl Day {
    fn new(now: Timestamp, ago: u32) -> Self {
        let (year, month, day) = now.utc_date();
        let start = Timestamp::from_utc_date(year, month, day).plus_ms(-i64::from(ago) * DAY_MS);
        Self { records: Vec::new(), now, start, ago, foods: 0 }
    }

    fn records(mut self) -> Vec<DemoRecord> {
        self.morning();
        self.food(BREAKFASTS, "breakfast", 6, 20);
        self.food(SNACKS, "snack", 10, 15);
        self.food(LUNCHES, "lunch", 12, 50);
        if self.varied(1, 3) > 0 {
            self.food(SNACKS, "snack", 16, 30);
        }
        self.workout();
        self.food(DINNERS, "dinner", 19, 40);
        self.evening();
        if self.ago == 0 && self.foods == 0 {
            // Still the small hours: a day that has hardly begun is not shown empty.
            let a_little_ago = self.now.plus_ms(-12 * MINUTE_MS).max(self.start.plus_ms(MINUTE_MS));
            self.dish(NIGHT, "snack", a_little_ago, "wallavi");
            self.measure("heartRate", a_little_ago, 58.0, None);
        }
        self.records
    }

    /// Sleep and weight on getting up, now and then blood pressure.
    fn morning(&mut self) {
        let up = self.at(5, 50);
        let sleep = 6.4 + f64::from(self.varied(2, 22)) / 10.0;
        self.measure("sleep", up, tenths(sleep), None);
        let weight = 68.6 + 0.06 * f64::from(self.ago) + f64::from(self.varied(3, 9)) / 10.0 - 0.4;
        self.measure("weight", up.plus_ms(4 * MINUTE_MS), tenths(weight), None);
        self.measure("heartRate", up.plus_ms(6 * MINUTE_MS), f64::from(56 + self.varied(4, 10)), None);
        if self.ago.is_multiple_of(3) {
            let (systolic, diastolic) =
                (f64::from(114 + self.varied(5, 13)), f64::from(71 + self.varied(6, 10)));
            self.measure("bloodPressure", up.plus_ms(9 * MINUTE_MS), systolic, Some(diastolic));
        }
    }

    fn evening(&mut self) {
        // What the watch has counted so far.
        let steps = f64::from(6200 + self.varied(7, 5600));
        let (at, counted) = if self.ago == 0 && self.at(20, 30) > self.now {
            let share = (self.now.unix_ms() - self.start.unix_ms()) as f64 / DAY_MS as f64;
            (self.now.plus_ms(-5 * MINUTE_MS), (steps * share).floor())
        } else {
            (self.at(20, 30), steps)
        };
        self.measure("steps", at, counted, None);
    }

    fn workout(&mut self) {
        if self.varied(8, 7) < 2 {
            return;
        }
        let (activity, minutes, intensity, kcal, km) = pick(WORKOUTS, self.varied(9, 1000));
        let body = json!({
            "activity": activity, "durationMin": minutes, "intensity": intensity, "caloriesBurned": kcal,
            "distanceKm": (km > 0.0).then_some(km), "source": self.source(10),
        });
        let at = self.at(17, 20);
        self.record(DemoKind::Exercise, body, "loggedAt", at);
    }

    fn food(&mut self, dishes: &[Dish], meal: &str, hour: i64, minute: i64) {
        let salt = u32::try_from(hour).unwrap_or_default() + 20;
        let dish = pick(dishes, self.varied(salt, 1000));
        let at = self.at(hour, minute).plus_ms(i64::from(self.varied(salt + 30, 35)) * MINUTE_MS);
        self.dish(dish, meal, at, self.source(salt + 60));
    }

    fn dish(&mut self, dish: Dish, meal: &str, at: Timestamp, source: &str) {
        let (name, kcal, protein, carbs, fat) = dish;
        let body = json!({
            "meal": meal, "name": name, "calories": kcal, "proteinG": protein, "carbsG": carbs, "fatG": fat,
            "source": source,
        });
        self.foods += u32::from(at <= self.now);
        self.record(DemoKind::Food, body, "loggedAt", at);
    }

    fn measure(&mut self, kind: &str, at: Timestamp, value: f64, value2: Option<f64>) {
        let source = if kind == "bloodPressure" { "manual" } else { "wallavi" };
        let body = json!({ "kind": kind, "value": value, "value2": value2, "source": source });
        self.record(DemoKind::Metric, body, "measuredAt", at);
    }

    /// Adds a record that was logged at this instant, unless it is ahead of now or before the day.
    fn record(&mut self, kind: DemoKind, mut body: Value, time: &str, at: Timestamp) {
        if at > self.now || at < self.start {
            return;
        }
        body[time] = json!(at);
        if let Value::Object(body) = body {
            self.records.push(DemoRecord { kind, body, at });
        }
    }

    fn at(&self, hour: i64, minute: i64) -> Timestamp {
        self.start.plus_ms((hour * 60 + minute) * MINUTE_MS)
    }

    /// Two in three are dictated to the assistant, the third is typed.
    fn source(&self, salt: u32) -> &'static str {
        if self.varied(salt, 3) < 2 { "wallavi" } else { "manual" }
    }

    /// A number below `below` that differs from day to day and from `salt` to `salt`, but never from
    /// one run to the next.
    fn varied(&self, salt: u32, below: u32) -> u32 {
        let mut mixed = (self.ago + 1).wrapping_mul(0x9E37_79B9) ^ salt.wrapping_mul(0x85EB_CA6B);
        mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x2C1B_3C6D);
        mixed = (mixed ^ (mixed >> 12)).wrapping_mul(0x297A_2D39);
        (mixed ^ (mixed >> 15)) % below
    }
}

fn pick<T: Copy>(of: &[T], number: u32) -> T {
    of[number as usize % of.len()]
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
