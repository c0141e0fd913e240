//! The time by which sessions expire. A wall clock jumps: it is set, it starts in 1970 until a network is
//! there. What has expired must not be good again because it was put back, and nothing must be deleted because
//! it was put ahead for a moment.
//!
//! So besides the wall clock there is a time that it *surely* is: what is remembered from the last run, and
//! what has passed since. A wall clock that went on for a day without a jump is believed. What expires is
//! refused by the later of both; what is deleted, is deleted by the sure one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use latido_domain::store::{Owner, Store, StoreError, Stored, Write};
use latido_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;

const BELIEVED_AFTER_MS: i64 = 24 * 3_600_000;
/// Clocks are corrected by that much without having jumped.
const TOLERANCE_MS: i64 = 5 * 60_000;
/// It is written down this often.
const REMEMBERED_EVERY_MS: i64 = 3_600_000;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Remembered {
    at: Timestamp,
}

impl Stored for Remembered {
    const COLLECTION: &'static str = "sureTime";

    /// There is one.
    fn id(&self) -> &'static str {
        "sureTime"
    }

    fn at(&self) -> Timestamp {
        self.at
    }
}

/// One instant on both clocks, in milliseconds.
#[derive(Clone, Copy)]
struct Instant {
    wall: i64,
    steady: i64,
}

struct State {
    /// What time it surely was, and when.
    sure: Instant,
    /// Since when the wall clock has not jumped.
    steady_since: Instant,
    remembered: i64,
}

pub struct SessionTime {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

impl SessionTime {
    /// Goes on from what is remembered. The first run believes the wall clock.
    pub async fn open(clock: Arc<dyn Clock>, store: &dyn Store) -> Result<Self, StoreError> {
        let found = store.read(|read| read.get::<Remembered>(&Owner::server(), "sureTime")).await?;
        Ok(Self::from(clock, found.map(|found| found.at)))
    }

    fn from(clock: Arc<dyn Clock>, remembered: Option<Timestamp>) -> Self {
        let now = Instant { wall: clock.now().unix_ms(), steady: clock.steady_ms() };
        let sure = remembered.map_or(now.wall, Timestamp::unix_ms);
        let state = State {
            sure: Instant { wall: sure, ..now },
            steady_since: now,
            remembered: remembered.map_or(0, Timestamp::unix_ms),
        };
        Self { clock, state: Mutex::new(state) }
    }

    /// By which something is refused that has expired.
    pub fn now(&self) -> Timestamp {
        self.clock.now().max(self.sure())
    }

    /// By which something may be deleted that has expired.
    pub fn sure(&self) -> Timestamp {
        let now = Instant { wall: self.clock.now().unix_ms(), steady: self.clock.steady_ms() };
        let mut state = self.state();
        let expected = state.steady_since.wall + (now.steady - state.steady_since.steady);
        if (now.wall - expected).abs() > TOLERANCE_MS {
            state.steady_since = now;
        }
        let mut sure = state.sure.wall + (now.steady - state.sure.steady);
        if now.steady - state.steady_since.steady >= BELIEVED_AFTER_MS {
            sure = sure.max(now.wall);
        }
        state.sure = Instant { wall: sure, steady: now.steady };
        Timestamp::from_unix_ms(sure)
    }

    /// Whether it should be written down again.
    pub fn is_due(&self) -> bool {
        self.sure().unix_ms() - self.state().remembered >= REMEMBERED_EVERY_MS
    }

    /// Writes it down, if that was not done for a while.
    pub fn remember(&self, write: &mut Write) -> Result<(), StoreError> {
        if self.is_due() {
            let at = self.sure();
            write.put(&Owner::server(), &Remembered { at })?;
            self.state().remembered = at.unix_ms();
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    const HOUR: i64 = 3_600_000;
    const YEAR: i64 = 366 * 24 * HOUR;

    fn start() -> (Arc<ManualClock>, SessionTime, Timestamp) {
        let now = Timestamp::from_unix_ms(1_795_248_900_000);
        let clock = Arc::new(ManualClock::at(now));
        (clock.clone(), SessionTime::from(clock, Some(now)), now)
    }

    #[test]
    fn time_passes() {
        let (clock, time, start) = start();
        clock.advance_ms(HOUR);
        assert_eq!((time.now(), time.sure()), (start.plus_ms(HOUR), start.plus_ms(HOUR)));
    }

    #[test]
    fn a_clock_put_back_does_not_go_back() {
        let (clock, time, start) = start();
        clock.jump_ms(-YEAR);
        clock.advance_ms(HOUR);
        assert_eq!(time.now(), start.plus_ms(HOUR));
    }

    #[test]
    fn a_clock_put_ahead_counts_for_refusing_only() {
        let (clock, time, start) = start();
        clock.jump_ms(YEAR);
        assert_eq!((time.now(), time.sure()), (start.plus_ms(YEAR), start));
        clock.jump_ms(-YEAR);
        assert_eq!((time.now(), time.sure()), (start, start), "as if it had not been");
    }

    #[test]
    fn a_clock_that_goes_on_for_a_day_is_believed() {
        let (clock, time, start) = start();
        clock.jump_ms(YEAR);
        assert_eq!(time.sure(), start);
        clock.advance_ms(24 * HOUR);
        assert_eq!(time.sure(), start.plus_ms(YEAR + 24 * HOUR));
    }

    #[test]
    fn a_run_that_begins_in_1970_goes_on_from_the_last_one() {
        let last = Timestamp::from_unix_ms(1_795_248_900_000);
        let clock = Arc::new(ManualClock::at(Timestamp::from_unix_ms(0)));
        assert_eq!(SessionTime::from(clock, Some(last)).now(), last);
    }
}
